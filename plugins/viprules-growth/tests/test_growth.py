"""Growth values at their boundaries: windows, deductions, daily accrual, fading."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import viprules
import viprules_growth
from viprules.plugins import catalogue_of
from viprules_growth.windows import Windows, growth_on

CATALOGUE = catalogue_of(viprules_growth)
POLICY = """\
viprules: 1
program: {id: club, timezone: Asia/Shanghai, currency: CNY}
facts: {joined: date, growth_a_day: {type: number, set_by: {plan: rate}}}
events: {order: {growth: {type: number, decimals: 1}}, plan: {rate: number}}
metrics: {value: METRIC}
tiers:
  - {id: member, enter: everyone}
  - {id: gold, enter: {value: {at_least: 2000}}}
transitions: {validity: while_it_holds}
"""
GROWTH = "{growth: {of: order.growth, opens_at: 2000, keep: 1000, deduct: 800, days: 365}}"
D = date.fromisoformat


def program(metric: str) -> viprules.Program:
    """Return a policy with a metric."""
    return viprules.loads(POLICY.replace("METRIC", metric), plugins=CATALOGUE)


def value(made: viprules.Program, day: str, customer: Any) -> str | None:
    """Return the metric on a day; the decision is the explained one."""
    found = made.explain(customer, as_of=day)
    assert made.decide(customer, as_of=day) == found.decision
    return found.metrics["value"]


def orders(*earned: tuple[str, Any]) -> list[dict[str, Any]]:
    """Return orders with what they earn."""
    return [{"id": str(n), "type": "order", "at": day, "growth": amount} for n, (day, amount) in enumerate(earned)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-03-01", "1999"),
        ("2026-03-02", "2000"),
        ("2027-03-01", "2998"),  # the last day of the first window
        ("2027-03-02", "2198"),  # 999 were earned in it, so 800 are gone
        ("2028-02-29", "2198"),
        ("2028-03-01", "1398"),  # and again after the second one, which has 365 days
        ("2029-03-01", "598"),
        ("2030-03-01", "0"),
    ],
)
def test_a_window_opens_when_the_amount_is_reached(day: str, expected: str) -> None:
    """365 days from that day; too little in it, and the deduction is made on the day after its last."""
    customer = {"events": orders(("2026-03-01", 1999), ("2026-03-02", 1), ("2027-03-01", 998))}
    assert expected == value(program(GROWTH), day, customer)


def test_enough_in_the_window_keeps_the_balance() -> None:
    """Exactly `keep`, the opening day's own amount among it."""
    customer = {"events": orders(("2026-03-01", 1999), ("2026-03-02", 1), ("2027-03-01", 999))}
    assert "2999" == value(program(GROWTH), "2027-03-02", customer)


def windows(opens_at: int, keep: int) -> Windows:
    """Return windows of a year with a large deduction."""
    return Windows(opens_at=opens_at, keep=keep, deduct=800, days=365)


def test_a_deduction_stops_at_zero() -> None:
    """What is not there is not owed."""
    assert 0 == growth_on(D("2028-01-01"), [(D("2026-01-01"), 5)], windows(5, 10))


def test_before_the_amount_nothing_is_deducted() -> None:
    """However long it takes: no window is open."""
    assert "1999" == value(program(GROWTH), "2040-01-01", {"events": orders(("2026-03-01", 1999))})


def test_the_next_day_is_when_it_counts() -> None:
    """With `next_day`, what is earned today is there tomorrow."""
    made = program(GROWTH.replace("days: 365", "days: 365, next_day: true"))
    customer = {"events": orders(("2026-03-01", 5))}
    assert ["0", "5"] == [value(made, day, customer) for day in ("2026-03-01", "2026-03-02")]


def test_growth_is_exact() -> None:
    """Tenths are tenths."""
    assert Fraction(3, 10) == growth_on(D("2026-01-02"), [(D("2026-01-01"), Decimal("0.1"))] * 3, windows(9, 1))
    assert "0.3" == value(program(GROWTH), "2026-03-01", {"events": orders(*[("2026-03-01", "0.1")] * 3)})


DAILY = "{daily_growth: {rate: growth_a_day, since: joined, least: 0, most: 3000}}"


def plans(*rates: tuple[str, int]) -> dict[str, Any]:
    """Return a customer whose rate changes on days."""
    events = [{"id": day, "type": "plan", "at": day, "rate": rate} for day, rate in rates]
    return {"facts": {"joined": "2026-01-01"}, "events": events}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-01-01", "0"),
        ("2026-01-02", "10"),
        ("2026-01-11", "100"),
        ("2026-01-12", "115"),  # a boost from the 11th on
        ("2026-01-21", "250"),
        ("2026-01-22", "245"),  # decay from the 21st on
        ("2026-03-12", "0"),
        ("2026-12-31", "0"),
    ],
)
def test_growth_accrues_every_day(day: str, expected: str) -> None:
    """A day counts when it is over; a boost and a decay are other rates; never shown below 0."""
    customer = plans(("2026-01-01", 10), ("2026-01-11", 15), ("2026-01-21", -5))
    assert expected == value(program(DAILY), day, customer)


def test_growth_has_its_most() -> None:
    """What is above is not shown."""
    assert "3000" == value(program(DAILY), "2026-12-31", plans(("2026-01-01", 10)))


def test_a_day_without_a_rate_is_unknown() -> None:
    """Nobody guesses what holds before the first rate."""
    assert value(program(DAILY), "2026-02-01", plans(("2026-01-02", 10))) is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-01-01", "100"),
        ("2026-01-02", "90"),
        ("2026-01-06", "100"),
        ("2026-01-10", "40"),
        ("2026-01-11", "25"),
        ("2026-01-16", "0"),
    ],
)
def test_a_sum_fades(day: str, expected: str) -> None:
    """A tenth less each day with ten days; the second order comes on the 6th."""
    customer = {"events": orders(("2026-01-01", 100), ("2026-01-06", 50))}
    assert expected == value(program("{fading_sum: {of: order.growth, days: 10}}"), day, customer)


def test_only_the_windows_are_row_only() -> None:
    """Daily accrual and fading are expressions of the language."""
    assert ["growth"] == [one.values["name"] for one in program(GROWTH).warnings]
    assert [()] * 2 == [program(one).warnings for one in (DAILY, "{fading_sum: {of: order.growth, days: 10}}")]


@pytest.mark.parametrize(
    ("metric", "code"),
    [
        ("{growth: {of: order.grow, opens_at: 1, keep: 1, deduct: 1}}", "unknown-field"),
        ("{growth: {of: order.growth, opens_at: 1, keep: 1}}", "missing-key"),
        ("{growth: {of: order.growth, opens_at: x, keep: 1, deduct: 1}}", "unknown-name"),
        ("{fading_sum: {of: order.growth, days: 1}}", "out-of-range"),
        ("{fading_sum: {of: nothing.growth, days: 10}}", "unknown-name"),
        ("{daily_growth: {rate: nothing, since: joined}}", "unknown-name"),
    ],
)
def test_a_wrong_parameter_is_told(metric: str, code: str) -> None:
    """At the metric's line, as for any word."""
    with pytest.raises(viprules.PolicyError) as caught:
        program(metric)
    assert [(code, 5)] == [(one.code, getattr(one.source, "line", 0)) for one in caught.value.problems]
