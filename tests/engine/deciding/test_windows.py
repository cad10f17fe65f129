"""Which days a measure looks at: lines 1 to 4, 6, 7, 9 and 10 of what real programmes demand."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.support.deciding import buy, decided, program
from viprules.engine.program import Program

SET_BY = "events: {purchase: {amount: money}}\nfacts: {joined: date, promoted: date}\n"


def spending(window: str, *, more: str = "", **keys: str) -> Program:
    """Gold from 100 spent in a window, held while that holds."""
    return program(
        f"""
metrics: {{spend: {{sum: {{of: purchase.amount, window: {window}}}}}}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: gold, enter: {{spend: {{at_least: 100}}}}}}
transitions: {{validity: while_it_holds}}
{more}
""",
        events=SET_BY,
        **keys,
    )


def tier(policy: Program, as_of: str | datetime, *days: str, **stated: object) -> str | None:
    """The tier with one purchase of 100 for each day, or of 50 where the day is marked with `/2`."""
    events = [buy(day.removesuffix("/2"), 50 if day.endswith("/2") else 100) for day in days]
    return decided(policy, as_of, events, **stated).tier


@pytest.mark.parametrize(
    ("bought", "as_of", "expected"),
    [
        ("2026-01-01", "2026-12-31", "gold"),
        ("2025-12-31", "2026-01-01", "guest"),
        ("2026-01-01", "2027-01-01", "guest"),
        ("2025-12-31", "2025-12-31", "gold"),
    ],
)
def test_a_calendar_year_has_both_its_end_days(bought: str, as_of: str, expected: str) -> None:
    """1 January and 31 December belong to the same year, their neighbours do not."""
    assert expected == tier(spending("{this: year}"), as_of, bought)


def test_the_bound_of_an_amount_is_exact() -> None:
    """100.00 reaches 100, 99.99 does not."""
    policy = spending("{this: year}")
    assert "gold" == decided(policy, "2026-05-01", [buy("2026-05-01", "99.99"), buy("2026-05-01", "0.01")]).tier
    assert "guest" == decided(policy, "2026-05-01", [buy("2026-05-01", "99.99")]).tier


@pytest.mark.parametrize(
    ("bought", "as_of", "expected"),
    [
        ("2026-01-01", "2026-03-31", "gold"),
        ("2026-03-31", "2026-04-01", "guest"),
        ("2026-04-01", "2026-06-30", "gold"),
    ],
)
def test_a_calendar_quarter(bought: str, as_of: str, expected: str) -> None:
    """A quarter ends with its last day."""
    assert expected == tier(spending("{this: quarter}"), as_of, bought)


@pytest.mark.parametrize(
    ("starts", "bought", "as_of", "expected"),
    [
        ("03-01", "2023-03-01", "2024-02-29", "gold"),
        ("03-01", "2024-02-29", "2024-03-01", "guest"),
        ("03-01", "2023-02-28", "2024-02-29", "guest"),
        ("04-01", "2026-04-01", "2027-03-31", "gold"),
        ("04-01", "2026-03-31", "2026-04-01", "guest"),
    ],
)
def test_a_shifted_year(starts: str, bought: str, as_of: str, expected: str) -> None:
    """1 March to the end of February, leap day included; 1 April to 31 March."""
    assert expected == tier(spending("{this: year}", year_starts=f'"{starts}"'), as_of, bought)


@pytest.mark.parametrize(
    ("joined", "bought", "as_of", "expected"),
    [
        ("2025-05-17", "2026-05-17", "2027-05-16", "gold"),
        ("2025-05-17", "2026-05-16", "2026-05-17", "guest"),
        ("2024-02-29", "2026-02-28", "2027-02-27", "gold"),
        ("2024-02-29", "2026-02-28", "2027-02-28", "guest"),
        ("2024-02-29", "2027-02-28", "2028-02-28", "gold"),
        ("2024-02-29", "2028-02-28", "2028-02-29", "guest"),
    ],
)
def test_a_card_year_from_the_join_day(joined: str, bought: str, as_of: str, expected: str) -> None:
    """Years are counted from the join day itself; a join on 29 February never drifts to the 28th for good."""
    policy = spending("{this: card}", more="periods: {card: {every: 12 months, from: joined}}")
    assert expected == tier(policy, as_of, bought, facts={"joined": joined})


@pytest.mark.parametrize(
    ("bought", "as_of", "expected"),
    [("2026-05-01", "2027-04-30", "gold"), ("2026-04-30", "2026-05-01", "guest")],
)
def test_a_card_year_from_the_first_day_of_the_join_month(bought: str, as_of: str, expected: str) -> None:
    """`back_to: month` starts the years on the first of the join month."""
    policy = spending("{this: card}", more="periods: {card: {every: 12 months, from: joined, back_to: month}}")
    assert expected == tier(policy, as_of, bought, facts={"joined": "2025-05-17"})


def test_a_period_from_the_promotion_counts_its_first_day() -> None:
    """A period from entering a tier starts on the first day held, purchases of that day included."""
    policy = program(
        """
periods: {gold_year: {every: 12 months, from: {entered: gold}}}
metrics:
  ever: {sum: {of: purchase.amount, window: lifetime}}
  since: {sum: {of: purchase.amount, window: {this: gold_year}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {ever: {at_least: 100}}}
  - {id: diamond, enter: {since: {at_least: 150}}}
transitions: {validity: forever}
"""
    )
    before, first, later = buy("2026-03-09", 90), buy("2026-03-10", 100), buy("2026-03-20", 50)
    assert "gold" == decided(policy, "2026-03-19", [before, first, later]).tier
    assert "diamond" == decided(policy, "2026-03-20", [before, first, later]).tier
    assert "gold" == decided(policy, "2027-03-10", [before, first, buy("2027-03-10", 149)]).tier


@pytest.mark.parametrize(
    ("bought", "as_of", "expected"),
    [
        ("2025-07-11", "2026-07-10", "gold"),
        ("2025-07-10", "2026-07-10", "guest"),
        ("2025-03-01", "2026-02-28", "gold"),
        ("2025-02-28", "2026-02-28", "guest"),
        ("2023-03-01", "2024-02-29", "gold"),
        ("2023-02-28", "2024-02-29", "guest"),
    ],
)
def test_rolling_months_to_the_day(bought: str, as_of: str, expected: str) -> None:
    """The last 12 months begin the day after the same day a year ago, clamped to the month's end."""
    assert expected == tier(spending("{last: 12 months}"), as_of, bought)


@pytest.mark.parametrize(
    ("bought", "as_of", "expected"),
    [("2026-01-31", "2026-02-28", "gold"), ("2026-01-31", "2026-03-01", "guest"), ("2026-01-29", "2026-02-28", "gold")],
)
def test_a_rolling_month_over_a_short_one(bought: str, as_of: str, expected: str) -> None:
    """One month before 28 February is 28 January; a purchase of 31 January is out of sight on 1 March."""
    assert expected == tier(spending("{last: 1 month}"), as_of, bought)


@pytest.mark.parametrize(
    ("bought", "as_of", "expected"), [("2026-03-01", "2026-03-30", "gold"), ("2026-03-01", "2026-03-31", "guest")]
)
def test_rolling_days_count_the_day_asked(bought: str, as_of: str, expected: str) -> None:
    """30 days are the day asked and the 29 before it."""
    assert expected == tier(spending("{last: 30 days}"), as_of, bought)


@pytest.mark.parametrize(
    ("bought", "as_of", "expected"),
    [
        ("2026-02-01", "2026-04-30", "gold"),
        ("2026-01-31", "2026-04-30", "guest"),
        ("2026-02-28", "2026-05-01", "guest"),
        ("2026-03-01", "2026-05-01", "gold"),
    ],
)
def test_rolling_whole_calendar_months(bought: str, as_of: str, expected: str) -> None:
    """A window of the month so far and two whole ones before."""
    assert expected == tier(spending("{this: month, and_previous: 2}"), as_of, bought)


@pytest.mark.parametrize(
    ("bought", "as_of", "expected"),
    [("2026-03-31", "2026-04-01", "gold"), ("2026-04-01", "2026-04-01", "guest"), ("2026-01-01", "2026-04-30", "gold"), ("2025-12-31", "2026-04-30", "guest")],
)  # fmt: skip
def test_whole_periods_before_this_one(bought: str, as_of: str, expected: str) -> None:
    """Three whole months before this one: what is bought now does not count yet."""
    assert expected == tier(spending("{previous: month, count: 3}"), as_of, bought)


@pytest.mark.parametrize(
    ("bought", "as_of", "expected"),
    [
        ("2026-06-08T00:00", "2026-06-10", "gold"),
        ("2026-06-07T23:59", "2026-06-10", "guest"),
        ("2026-06-07T18:00:01", "2026-06-10T18:00+08:00", "gold"),
        ("2026-06-07T18:00", "2026-06-10T18:00+08:00", "guest"),
    ],
)
def test_hours_end_with_the_day_or_at_the_instant_asked(bought: str, as_of: str, expected: str) -> None:
    """72 hours before the end of a day, or before an instant, which itself counts."""
    assert expected == tier(spending("{last: 72 hours}"), as_of, bought)


def test_hours_are_real_ones_when_the_clocks_change() -> None:
    """24 hours before the end of a day of 25 hours begin an hour after its midnight."""
    policy = spending("{last: 24 hours}", timezone="America/New_York")
    assert "guest" == tier(policy, "2026-11-01", "2026-11-01T00:30")
    assert "gold" == tier(policy, "2026-11-01", "2026-11-01T01:00")
    assert "gold" == tier(policy, "2026-03-08", "2026-03-07T23:00")
    assert "guest" == tier(policy, "2026-03-08", "2026-03-07T22:59")


def test_a_retention_window_that_ends_before_the_expiry_month() -> None:
    """Gold to 31 December is renewed by what was spent from January to November; December counts for nothing."""
    policy = program(
        """
metrics: {spend: {sum: {of: purchase.amount, window: {this: year}}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {spend: {at_least: 1000}}, stay: {spend: {at_least: 100}}}
transitions:
  validity: {through: {next: year}}
  renew: {at: expiry, as_of: {last_day_of: {this: year}, minus: 1 month}}
"""
    )
    earned = buy("2025-06-01", 1000)
    in_november, in_december = buy("2026-11-30", 100), buy("2026-12-01", 100)
    assert "gold" == decided(policy, "2027-01-01", [earned, in_november]).tier
    assert "guest" == decided(policy, "2027-01-01", [earned, in_december]).tier
    assert "gold" == decided(policy, "2026-12-31", [earned, in_december]).tier


def test_the_best_of_several_windows() -> None:
    """The calendar year's last day, or today's last 12 months: whichever is higher counts."""
    policy = program(
        """
metrics:
  rolling: {sum: {of: purchase.amount, window: {last: 12 months}}}
  calendar: {sum: {of: purchase.amount, window: {this: year}, as_of: {last_day_of: {previous: year}}}}
  best: {highest_of: [rolling, calendar]}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {best: {at_least: 100}}}
transitions: {validity: while_it_holds}
"""
    )
    assert "gold" == decided(policy, "2026-12-31", [buy("2025-01-01", 100)]).tier
    assert "guest" == decided(policy, "2027-01-01", [buy("2025-01-01", 100)]).tier
    assert "guest" == decided(policy, "2026-02-01", [buy("2024-12-31", 50), buy("2025-12-31", 50)]).tier
    assert "gold" == decided(policy, "2026-02-01", [buy("2025-06-01", 50), buy("2026-01-31", 50)]).tier


def test_the_best_of_several_days() -> None:
    """A list of days asks the measure at each; the highest known result counts."""
    policy = spending(
        "{this: quarter}, as_of: [{last_day_of: {previous: quarter}}, {first_day_of: {this: quarter}, plus: 10 days}]"
    )
    assert "gold" == tier(policy, "2026-05-01", "2026-02-01")
    assert "gold" == tier(policy, "2026-05-01", "2026-04-11")
    assert "guest" == tier(policy, "2026-05-01", "2026-04-12")
    assert "guest" == tier(policy, "2026-05-01", "2026-03-31/2", "2026-04-01/2")


def test_a_lifetime_tier_is_a_floor() -> None:
    """Ten years after 1,000 in total, gold is still held when diamond ends."""
    policy = program(
        """
metrics:
  year: {sum: {of: purchase.amount, window: {this: year}}}
  ever: {sum: {of: purchase.amount, window: lifetime}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {year: {at_least: 500}}, lifetime: {ever: {at_least: 1000}}}
  - {id: diamond, enter: {year: {at_least: 1000}}}
transitions: {validity: {through: {next: year}}}
"""
    )
    events = [buy("2020-05-01", 1000)]
    assert ("diamond", "2021-12-31") == until(decided(policy, "2021-12-31", events))
    assert ("gold", "None") == until(decided(policy, "2022-01-01", events))
    assert ("gold", "None") == until(decided(policy, "2031-01-01", events))
    assert ("guest", "None") == until(decided(policy, "2022-01-01", [buy("2020-05-01", "999.99")]))


def until(decision: object) -> tuple[str, str]:
    """Tier and last valid day."""
    return str(decision.tier), str(decision.valid_until)  # type: ignore[attr-defined]  # a decision


@pytest.mark.parametrize(
    ("zone", "at", "as_of", "expected"),
    [
        ("Asia/Shanghai", "2025-12-31T16:00:00+00:00", "2026-12-31", "gold"),
        ("Asia/Shanghai", "2025-12-31T15:59:59+00:00", "2026-12-31", "guest"),
        ("America/New_York", "2026-01-01T04:59:59Z", "2026-12-31", "guest"),
        ("America/New_York", "2026-01-01T05:00:00Z", "2026-12-31", "gold"),
        ("Asia/Shanghai", "2025-12-31T23:59:59", "2026-12-31", "guest"),
    ],
)
def test_the_local_day_of_the_programme_decides(zone: str, at: str, as_of: str, expected: str) -> None:
    """An instant belongs to the day of the programme's zone; a time without zone is local."""
    assert expected == tier(spending("{this: year}", timezone=zone), as_of, at)


@pytest.mark.parametrize(
    ("at", "expected"), [("2026-01-01T05:59", "guest"), ("2026-01-01T06:00", "gold"), ("2026-01-01", "gold")]
)
def test_a_business_day_that_starts_at_six(at: str, expected: str) -> None:
    """Until six in the morning it is still yesterday; a bare date is the programme's day."""
    assert expected == tier(spending("{this: year}", day_starts='"06:00"'), "2026-12-31", at)


def test_the_hour_that_comes_twice_is_the_first_and_the_skipped_one_moves_on() -> None:
    """Local times without zone order as the clocks show them."""
    policy = program(
        """
metrics: {last_amount: {last: {of: purchase.amount}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {last_amount: 2}}
transitions: {validity: while_it_holds}
""",
        timezone="America/New_York",
    )
    first_half_past_one = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"))
    second = first_half_past_one.replace(fold=1)
    assert "gold" == decided(policy, "2026-11-01", [buy("2026-11-01T01:30", 1), {**buy("", 2), "at": second}]).tier
    assert (
        "guest"
        == decided(policy, "2026-11-01", [buy("2026-11-01T01:31", 1), {**buy("", 2), "at": first_half_past_one}]).tier
    )
    assert "gold" == decided(policy, "2026-03-08", [buy("2026-03-08T01:59", 1), buy("2026-03-08T02:30", 2)]).tier


def test_a_year_that_starts_on_29_february() -> None:
    """In a common year it starts on 28 February, and in the next leap year on the 29th again."""
    policy = spending("{this: card}", more="periods: {card: {every: 12 months, from: 2024-02-29}}")
    assert "gold" == tier(policy, "2028-02-28", "2027-02-28")
    assert "guest" == tier(policy, "2028-02-29", "2028-02-28")


@pytest.mark.parametrize(
    ("window", "as_of", "expected"),
    [
        ("{since: 2026-03-15}", "2026-12-31", "gold"),
        ("{since: 2026-03-16}", "2026-12-31", "guest"),
        ("{since: 03-15}", "2027-03-14", "gold"),
        ("{since: 03-15}", "2027-03-15", "guest"),
        ("{since: joined}", "2026-03-15", "gold"),
        ("{since: {date: joined, plus: 1 day}}", "2026-03-16", "guest"),
        ("{since: {first_day_of: {previous: month}}}", "2026-04-30", "gold"),
        ("{since: {first_day_of: {previous: month}}}", "2026-05-01", "guest"),
    ],
)
def test_a_window_since_a_day(window: str, as_of: str, expected: str) -> None:
    """Since a date, a day of the year, a fact, a day of a period."""
    assert expected == tier(spending(window), as_of, "2026-03-15", facts={"joined": "2026-03-15"})


def test_a_window_since_the_tier_was_entered() -> None:
    """Points for the next tier are counted from the day this one was entered; a guest's count from the beginning."""
    policy = program(
        """
metrics: {spend: {sum: {of: purchase.amount, window: {since: tier_entry}}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: silver, enter: {spend: {at_least: 100}}}
  - {id: gold, enter: {spend: {at_least: 200}}}
transitions: {validity: forever, upgrade: {step: one}}
"""
    )
    events = [buy("2026-01-01", 90), buy("2026-02-01", 150), buy("2026-03-01", 49)]
    assert "silver" == decided(policy, "2026-03-01", events).tier
    assert "gold" == decided(policy, "2026-03-02", [*events, buy("2026-03-02", 1)]).tier
