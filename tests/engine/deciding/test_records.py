"""Kept records, tables of present tiers and manual orders that cannot be read are told, and nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest

import viprules
from tests.support.deciding import customer, decided, program
from viprules.engine.deciding.grants import Membership
from viprules.engine.program import Program

DAY, NEXT = "2026-06-30", "2026-07-01"


@pytest.fixture(scope="module")
def club() -> Program:
    """Gold by 100 until the end of the next year, held for a while where it is not renewed."""
    return program(
        """
facts: {spend: money}
tiers: [{id: guest, enter: everyone}, {id: gold, enter: {spend: {at_least: 100}}}]
transitions: {validity: {through: {next: year}}, downgrade: {grace: {for: 30 days}}}
"""
    )


def problems(club: Program, **stated: Any) -> list[str]:
    """The problems of a customer, as they are written."""
    with pytest.raises(viprules.DataError) as caught:
        club.customer(**stated)
    return [f"{one.code}: {one.message}" for one in caught.value.problems]


@pytest.mark.parametrize("name", ["since", "valid_until", "recorded"])
def test_a_row_whose_days_cannot_be_read_is_refused(club: Program, name: str) -> None:
    """A day that is written in another way is no missing day."""
    row = {"tier": "gold", name: "31.12.2026"}
    assert [f"wrong-value: `31.12.2026` for `{name}` is not a date"] == problems(club, membership=row)


@pytest.mark.parametrize("name", ["from", "until"])
def test_an_order_whose_days_cannot_be_read_is_refused(club: Program, name: str) -> None:
    """An order until a day that is none does not hold for ever."""
    order = {"kind": "floor", "tier": "gold", name: "31.12.2026"}
    assert [f"wrong-value: `31.12.2026` for `{name}` is not a date"] == problems(club, overrides=[order])


def test_an_order_needs_a_kind_and_a_tier(club: Program) -> None:
    """An exclusion needs no tier; every other kind names one of the policy."""
    orders = [{"kind": "flor", "tier": "gold"}, {"kind": "floor", "tier": "goldd"}, {"kind": "pin"}]
    assert [
        "unknown-override: `flor` is no kind of override",
        "undeclared-tier: the policy has no tier `goldd`",
        "undeclared-tier: the policy has no tier ``",
    ] == problems(club, overrides=orders)
    excluded = decided(club, DAY, facts={"spend": 100}, overrides=[{"kind": "exclude"}])
    assert "guest" == excluded.tier


def test_an_order_ends_after_it_begins(club: Program) -> None:
    """One that would hold on no day is refused; one for a single day is not."""
    order = {"kind": "floor", "tier": "gold", "from": DAY, "until": "2026-06-29"}
    assert ["ends-before: the override `floor` ends on 2026-06-29, before it begins on 2026-06-30"] == problems(
        club, overrides=[order]
    )
    assert "gold" == decided(club, DAY, overrides=[order | {"until": DAY}]).tier


def test_a_row_of_everyones_tier_is_no_grant(club: Program) -> None:
    """Who is taken over with the lowest tier has nothing that could end."""
    found = customer(club, membership=[{"tier": "guest", "since": "2026-01-01"}]).membership
    assert found is not None
    assert ((), True) == (found.grants, found.imported)


def test_a_record_is_taken_as_a_value_as_well(club: Program) -> None:
    """What `decision.membership` is can be given back without being written out."""
    first = club.decide({"facts": {"spend": 100}}, as_of=DAY)
    again = club.decide({"facts": {"spend": 100}, "membership": first.membership}, as_of=NEXT)
    written = club.decide({"facts": {"spend": 100}, "membership": first.membership.as_dict()}, as_of=NEXT)
    assert isinstance(first.membership, Membership)
    assert again.as_dict() == written.as_dict()


@pytest.fixture(scope="module")
def record(club: Program) -> dict[str, Any]:
    """A record with a grant and a bound: gold is brought back on a day asked again."""
    given = club.decide({"facts": {"spend": 100}}, as_of=DAY).membership.as_dict()
    ended = {"tier_set": "tier", "tier": "gold", "from": NEXT, "kind": "ended", "decided_on": NEXT}
    return given | {"bounds": [ended | {"tier_set": given["grants"][0]["tier_set"]}]}


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("grants", {"tier": 5}),
        ("grants", {"tier_set": None}),
        ("grants", {"from": "soon"}),
        ("grants", {"until": 5}),
        ("grants", {"cause": ["earned"]}),
        ("grants", {"decided_on": 10**5000}),
        ("grants", {"policy": 5}),
        ("bounds", {"cause": 5}),
        ("bounds", {"kind": None}),
        ("bounds", {"reason": 5}),
        ("bounds", {"after": "1"}),
        ("bounds", {"after": -1}),
    ],
)
def test_a_row_of_a_record_that_was_changed_is_refused(
    club: Program, record: dict[str, Any], part: str, change: dict[str, Any]
) -> None:
    """A text where a number stood, a number where a text stood, a day that is none."""
    changed = record | {part: [record[part][0] | change]}
    assert ["broken-record"] == [one.partition(":")[0] for one in problems(club, membership=changed)]


@pytest.mark.parametrize(
    "change",
    [
        {"through": None},
        {"tier": None},
        {"tier": "2"},
        {"tier": 3},
        {"tier": True},
        {"best": -1},
        {"since": 0},
        {"since": "2026-01-01"},
        {"grant_from": 1.5},
        {"entered.2": 10**5000},
        {"grace": None},
        {"landed": 10**9},
        {"missed_tier": 7},
        {"seen": None},
        {"before.tier": 9},
        {5: 5},
    ],
)
def test_a_standing_that_was_changed_is_refused(club: Program, record: dict[str, Any], change: dict[Any, Any]) -> None:
    """A rank that the ladder does not have, a day beyond the calendar, an unknown where there is none."""
    ((name, kept),) = record["decided"].items()
    changed = record | {"decided": {name: kept | change}}
    assert ["broken-record"] == [one.partition(":")[0] for one in problems(club, membership=changed)]


@pytest.mark.parametrize(
    "change", [{"grants": 5}, {"grants": [5]}, {"bounds": {"a": 1}}, {"decided": []}, {"decided": {"tier": 5}}]
)
def test_a_record_of_another_shape_is_refused(club: Program, record: dict[str, Any], change: dict[str, Any]) -> None:
    """Lists and maps stand where the last decision put them."""
    assert ["broken-record"] == [one.partition(":")[0] for one in problems(club, membership=record | change)]


def test_the_message_says_what_was_changed(club: Program, record: dict[str, Any]) -> None:
    """The key and the value that stands there."""
    changed = record | {"grants": [record["grants"][0] | {"tier": 5}]}
    assert ["broken-record: the membership record cannot be read: `tier: 5`"] == problems(club, membership=changed)


def test_a_record_of_tiers_that_are_gone_is_told(club: Program, record: dict[str, Any]) -> None:
    """A grant of a tier that the policy no longer has is a problem; the standing of a ladder that is gone is none."""
    gone = record | {"grants": [record["grants"][0] | {"tier": "goldd"}]}
    assert ["undeclared-tier: the policy has no tier `goldd`"] == problems(club, membership=gone)
    more = record | {"decided": record["decided"] | {"seats": {"through": DAY, "tier": "window"}}}
    assert "gold" == club.decide({"facts": {"spend": 100}, "membership": more}, as_of=DAY).tier
