"""Values that a caller states become typed and exact, or a problem that names them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

import viprules
from tests.support.deciding import program
from viprules.engine.program import Program

DAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def shop() -> Program:
    """One fact of every type; a metric; two tiers."""
    return program(
        """
scales: {chance: [low, high]}
facts:
  spend: money
  pieces: {type: number, decimals: 1}
  joined: date
  vip: true_false
  city: {type: text, in: [north, south]}
  note: text
  tags: [text]
  risk: chance
  yearly: {type: number, per: year}
  monthly: {type: number, per: month}
  by_tier: {type: number, per: tier}
metrics: {spent: {sum: {of: purchase.amount}}}
tiers: [{id: guest, enter: everyone}, {id: gold, enter: {spend: {at_least: 100}}}]
"""
    )


def codes(shop: Program, **stated: Any) -> list[str]:
    """The codes of the problems of a customer, in their order."""
    with pytest.raises(viprules.DataError) as caught:
        shop.customer(**stated)
    return [one.code for one in caught.value.problems]


def text(shop: Program, **stated: Any) -> str:
    """The one problem of a customer, as it is written."""
    with pytest.raises(viprules.DataError) as caught:
        shop.customer(**stated)
    (found,) = caught.value.problems
    return str(found)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("spend", 12, 1200),
        ("spend", "12.34", 1234),
        ("spend", "-0.5", -50),
        ("spend", Decimal("12.30"), 1230),
        ("spend", viprules.Money(units=12), 1200),
        ("spend", viprules.Money(units=Decimal("1.5")), 150),
        ("spend", viprules.Money.minor(1234), 1234),
        ("pieces", "2.5", 25),
        ("joined", DAY, DAY.toordinal()),
        ("joined", "2026-06-30", DAY.toordinal()),
        ("joined", datetime(2026, 6, 29, 16, tzinfo=UTC), DAY.toordinal()),
        ("vip", False, False),
        ("vip", "true", True),
        ("city", "north", "north"),
        ("note", 12, "12"),
        ("tags", "x|y", ("x", "y")),
        ("tags", ["x"], ("x",)),
        ("risk", "high", 1),
        ("yearly", 3, 3),
        ("yearly", {"2026": 3, 2025: 2}, {date(2026, 1, 1).toordinal(): 3, date(2025, 1, 1).toordinal(): 2}),
        ("yearly", {"2026-05": 3, "2025-05-31": 2}, {date(2026, 1, 1).toordinal(): 3, date(2025, 1, 1).toordinal(): 2}),
        ("monthly", {"2026-05": 3}, {date(2026, 5, 1).toordinal(): 3}),
        ("by_tier", {"gold": 3}, {2: 3}),
    ],
)
def test_a_value_is_counted_in_the_smallest_unit(shop: Program, name: str, value: Any, expected: Any) -> None:
    """Amounts are whole smallest units, dates are days, words of a scale their place, periods their first day."""
    assert {name: expected} == shop.customer(facts={name: value}).facts


@pytest.mark.parametrize("value", [None, ""])
def test_no_value_is_a_missing_one(shop: Program, value: Any) -> None:
    """None and an empty text state nothing."""
    customer = shop.customer(facts={"spend": value}, metrics={"spent": value})
    assert ({}, {}) == (customer.facts, customer.metrics)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("spend", 1.5, "float"),
        ("spend", float("nan"), "float"),
        ("spend", True, "wrong-value"),
        ("spend", "12.345", "too-fine"),
        ("spend", Decimal("0.001"), "too-fine"),
        ("spend", viprules.Money.minor(10**15), "too-large"),
        ("spend", viprules.Money(units=Decimal("1.5"), in_minor_units=True), "too-fine"),
        ("spend", 10**15, "too-large"),
        ("spend", "99999999999999", "too-large"),
        ("spend", Decimal("NaN"), "wrong-value"),
        ("spend", "1e3", "wrong-value"),
        ("spend", "\uff11\uff12", "wrong-value"),
        ("spend", "9" * 5000, "wrong-value"),
        pytest.param("spend", 10**5000, "wrong-value", id="huge"),
        ("joined", "2026-02-30", "wrong-value"),
        ("joined", 20260630, "wrong-value"),
        ("joined", datetime(1, 1, 1, tzinfo=UTC), "wrong-value"),
        ("vip", 1, "wrong-value"),
        ("vip", "yes", "wrong-value"),
        ("city", "nort", "wrong-value"),
        ("note", True, "wrong-value"),
        ("note", 1.5, "float"),
        ("note", b"x", "wrong-value"),
        ("note", {"a": 1}, "wrong-value"),
        ("tags", [1.5], "float"),
        ("risk", "middle", "wrong-value"),
        ("yearly", {"soon": 1}, "no-such-date"),
        ("yearly", {"2026": "many"}, "wrong-value"),
        ("unheard", 1, "undeclared-fact"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(shop: Program, name: str, value: Any, code: str) -> None:
    """What is not exactly of the declared type is a problem, and nothing else of the customer is."""
    assert [code] == codes(shop, facts={name: value, "vip": True} if name != "vip" else {name: value})


def test_the_problem_names_what_was_meant(shop: Program) -> None:
    """The nearest word is told, else all that would do."""
    assert text(shop, facts={"city": "nort"}).startswith(
        "error: `nort` for `city` is not a text (write `north`) [wrong-value]"
    )
    assert "(it is one of `north`, `south`)" in text(shop, facts={"city": "x"})
    assert "(write `spend`)" in text(shop, facts={"spendd": 1})
    assert "(write `spent`)" in text(shop, metrics={"spentt": 1})


def test_floats_of_whole_cents_come_in_through_their_own_door(shop: Program) -> None:
    """`amounts="float-cents"` admits 0.1 + 0.2, and neither half a cent nor what is no amount."""
    assert {"spend": 30} == shop.customer(facts={"spend": 0.1 + 0.2}, amounts="float-cents").facts
    for value in (0.005, 1e300, float("inf"), float("nan")):
        assert ["float"] == codes(shop, facts={"spend": value}, amounts="float-cents")


def test_a_float_is_admitted_nowhere_but_there(shop: Program) -> None:
    """The same 0.3 is refused without the door's name."""
    assert ["float"] == codes(shop, facts={"spend": 0.3})


def test_every_problem_is_found_at_once(shop: Program) -> None:
    """Facts, metrics, events, overrides, the membership and unknown keys are all told in one error."""
    stated = {
        "facts": {"spend": 1.5, "unheard": 1},
        "metrics": {"unheard": 1},
        "events": [{"type": "unheard"}],
        "overrides": [{"kind": "unheard"}],
        "membership": {"tier": "unheard"},
        "mood": "fine",
    }
    with pytest.raises(viprules.DataError) as caught:
        shop.decide(stated, as_of=DAY)
    assert [
        "unknown-key-of-customer",
        "float",
        "undeclared-fact",
        "undeclared-metric",
        "undeclared-event",
        "unknown-override",
        "undeclared-tier",
    ] == [one.code for one in caught.value.problems]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"facts": ["spend"]}, "error: `['spend']` for `facts` is not a map"),
        ({"metrics": "spent"}, "error: `spent` for `metrics` is not a map"),
        ({"events": 5}, "error: `5` for `events` is not a list"),
        ({"events": {"type": "purchase"}}, "error: `{'type': 'purchase'}` for `events` is not a list"),
        ({"events": ["purchase"]}, "error: `purchase` for `events` is not a map"),
        ({"overrides": "floor"}, "error: `floor` for `overrides` is not a list"),
        ({"overrides": [None]}, "error: `None` for `overrides` is not a map"),
        ({"membership": "gold"}, "error: `gold` for `membership` is not a list"),
        ({"membership": ["gold"]}, "error: `gold` for `membership` is not a map"),
    ],
)
def test_what_has_another_shape_is_refused(shop: Program, stated: Mapping[str, Any], expected: str) -> None:
    """A list where names and values are wanted, or the other way round, is a problem that says so."""
    assert text(shop, **stated).startswith(expected)


def test_a_number_that_cannot_be_written_has_a_name_all_the_same(shop: Program) -> None:
    """A whole number of thousands of digits as an id, a name or a value is no reason to fail."""
    huge = 10**5000
    assert "…" == shop.customer(id=huge).id  # type: ignore[arg-type]  # as data has it
    assert "`…` for `spend`" in text(shop, facts={"spend": huge})
    assert "no fact `…`" in text(shop, facts={huge: 1})
