"""What a decision is as a value, and through which doors it comes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import viprules
from tests.support.deciding import buy, customer, decided, program
from viprules.engine.deciding.decision import Decision
from viprules.engine.program import Program

EVE, DAY = "2026-06-29", "2026-06-30"


@pytest.fixture(scope="module")
def card() -> Program:
    """Gold by 100, with a benefit that depends on the customer."""
    return program(
        """
facts: {spend: money, vip: {type: true_false, if_missing: false}}
tiers:
  - {id: guest, enter: everyone}
  - id: gold
    enter: {spend: {at_least: 100}}
    benefits: [{discount: {percent: {when: {vip: true}, then: 10, otherwise: 5}, group: price}}]
transitions: {validity: {through: {next: year}}}
"""
    )


def test_a_decision_cannot_be_changed(card: Program) -> None:
    """Nothing that a decision has by a public name can be set, deleted or added."""
    decision = card.decide({"facts": {"spend": 100}}, as_of=DAY)
    names = [name for name in dir(decision) if not name.startswith("_")]
    assert {"answer", "customer", "tier", "benefits"} < set(names)
    for name in (*names, "note"):
        with pytest.raises(AttributeError):
            setattr(decision, name, None)
        with pytest.raises(AttributeError):
            delattr(decision, name)


def test_decisions_are_equal_by_their_answer(card: Program) -> None:
    """Two customers with the same answer have equal decisions with one hash; who they are stays apart."""
    one, other = (card.decide({"id": name, "facts": {"spend": 100}}, as_of=DAY) for name in "ab")
    third = card.decide({"id": "a", "facts": {"spend": 100, "vip": True}}, as_of=DAY)
    assert (one, hash(one)) == (other, hash(other))
    assert {one, third} == {other, third}
    assert one != third
    assert ["a", "b"] == [one.customer.id, other.customer.id]


def test_a_mapping_goes_through_the_same_door(card: Program) -> None:
    """Plain data and an admitted customer share one outcome, made once."""
    at, stated = card.at(DAY), {"facts": {"spend": 250}, "membership": {"tier": "gold", "recorded": EVE}}
    for _ in range(2):
        at.decide(stated)
    assert at.decide(stated).outcome is at.decide(card.customer(**stated)).outcome  # type: ignore[arg-type]  # as a caller writes it


@pytest.mark.parametrize("wrong", ["gold", 3, None, [], object()])
def test_only_a_customer_or_a_mapping_is_decided_about(card: Program, wrong: Any) -> None:
    """Anything else is refused with the two that would do."""
    with pytest.raises(viprules.UsageError, match="or a mapping of its arguments"):
        card.decide(wrong, as_of=DAY)


def test_a_day_is_bound_once(card: Program) -> None:
    """A date and a text are bound once each; what follows them is the same."""
    assert card.at(DAY) is card.at(DAY)
    assert card.at(date(2026, 6, 30)) is card.at(date(2026, 6, 30))
    assert card.at(DAY).day == card.at(date(2026, 6, 30)).day


def test_more_days_than_are_remembered_are_bound_all_the_same(card: Program) -> None:
    """The hundredth day answers like the first."""
    days = [date(2026, 1, 1 + n % 28).replace(month=1 + n // 28) for n in range(100)]
    assert ["gold"] * 100 == [card.decide({"facts": {"spend": 100}}, as_of=day).tier for day in days]


def test_the_hour_that_comes_twice_is_two_instants() -> None:
    """At the second 02:30 of the night in which the clocks go back, a purchase between the two is known."""
    policy = program(
        """
metrics: {bought: {count: {of: purchase}}}
tiers: [{id: guest, enter: everyone}, {id: gold, enter: {bought: {at_least: 1}}}]
""",
        timezone="Europe/Berlin",
    )
    one = customer(policy, [buy("2026-10-25T02:45+02:00")])
    first, second = (datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold) for fold in (0, 1))
    assert first == second
    assert ["guest", "gold"] == [policy.decide(one, as_of=at).tier for at in (first, second)]


def test_a_customer_of_another_program_does_not_go_through_the_door(card: Program) -> None:
    """A customer admitted before a policy got a tier more is judged by the new one."""
    other = program(
        """
facts: {spend: money}
tiers:
  - {id: guest, enter: everyone}
  - {id: silver, enter: {spend: {at_least: 50}}}
  - {id: gold, enter: {spend: {at_least: 100}}}
"""
    )
    one = card.customer(facts={"spend": 60})
    assert ["silver", "silver"] == [other.decide(one, as_of=DAY).tier for _ in range(2)]
    assert "guest" == card.decide(one, as_of=DAY).tier


def test_two_decisions_of_one_customer_are_one_value(card: Program) -> None:
    """The second decision, made by the fast door, is the first."""
    found: list[Decision] = [decided(card, DAY, facts={"spend": 100}) for _ in range(3)]
    assert found[0] == found[1] == found[2]


def test_who_keeps_a_tier_shares_the_answer_and_has_days_of_their_own() -> None:
    """Customers who go on holding gold have one answer, made once; since when and until when is each one's own."""
    policy = program(
        """
facts: {spend: money}
tiers: [{id: guest, enter: everyone}, {id: gold, enter: {spend: {at_least: 100}}}]
transitions: {validity: {for: 12 months}, renew: {at: expiry}}
"""
    )
    at = policy.at(DAY)
    days = [("2026-01-01", "2026-12-31"), ("2025-03-01", "2026-12-31"), ("2025-03-01", "2027-02-28")]
    rows = [{"tier": "gold", "since": since, "valid_until": until, "recorded": EVE} for since, until in days]
    people = [policy.customer(facts={"spend": 250}, membership=row) for row in rows]
    for _ in range(3):
        found = [at.decide(one) for one in people]
    assert found[0].answer is found[1].answer is found[2].answer
    assert days == [(str(one.since), str(one.valid_until)) for one in found]
    assert 3 == len(set(found)) == len({hash(one) for one in found})
    assert [at.walk(one).as_dict() for one in people] == [one.as_dict() for one in found]
    assert found[0] != "gold"
