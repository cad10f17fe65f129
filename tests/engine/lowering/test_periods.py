"""Days and periods as they are counted, and names that are none."""

from __future__ import annotations

from tests.support.deciding import buy, decided, program, told
from viprules.loader import check_text

COUNTS = "metrics: {{orders: {{count: {{of: purchase, window: {{this: {period}}}}}}}}}\n"
GOLD = "tiers: [{id: gold, enter: {orders: {at_least: 1}}}]\n"


def test_weeks_begin_on_monday() -> None:
    """Monday the 2nd is another week than Sunday the 1st."""
    policy = program(COUNTS.format(period="week") + GOLD)
    found = [decided(policy, day, [buy("2026-01-26")]).tier for day in ("2026-02-01", "2026-02-02")]
    assert ["gold", None] == found


def test_a_period_from_the_entry_of_a_tier_that_nobody_declared() -> None:
    """The tier from whose entry a period counts is one of the policy."""
    body = "periods: {round: {every: 12 months, from: {entered: diamond}}}\n"
    assert ["unknown-name: `diamond` is not a tier of this policy"] == told(body + COUNTS.format(period="round") + GOLD)


def test_a_day_of_the_year_that_does_not_exist() -> None:
    """29 February is one, 30 February is none."""
    body = "tiers: [{{id: gold, enter: {{date: {{between: [{first}, 03-01]}}}}}}]\n"
    assert [] == told(body.format(first="02-29"))
    assert ["no-such-date: `02-30, 03-01` is no day of the calendar"] == told(body.format(first="02-30"))


def test_the_present_grant_needs_tiers() -> None:
    """Without tiers there is no grant, nor a last change, from which a window could count."""
    for window in ("{this: grant}", "{since: last_change}"):
        body = f"metrics: {{orders: {{count: {{of: purchase, window: {window}}}}}}}\n"
        assert {"no-tiers: this needs tiers, and the policy has none"} == set(told(body))


def test_without_tiers_tier_is_no_name() -> None:
    """It is told of as any other name that nobody declared."""
    found = told("metrics: {m: {add: [tier, 1]}}\n")
    assert "unknown-name: nothing here is called `tier`" in found


def test_a_period_from_the_entry_of_a_tier_of_the_second_ladder() -> None:
    """The tier is looked for in every ladder; before it is entered the window is not known."""
    policy = program(
        "periods: {round: {every: 12 months, from: {entered: inner}}}\n"
        + COUNTS.format(period="round")
        + "tier_sets:\n  club: {tiers: [{id: silver, enter: {orders: {at_least: 2}}}]}\n"
        "  circle: {tiers: [{id: inner, also: [{cause: fee, upon: fee, validity: forever}]}]}\n",
        events="events: {purchase: {amount: money}, fee: {}}\n",
    )
    bought = [buy("2026-01-09"), buy("2026-01-10"), buy("2026-01-11")]
    entered = [*bought, {"type": "fee", "at": "2026-01-10"}]
    assert None is decided(policy, "2026-01-11", bought).standings["club"].tier
    assert "silver" == decided(policy, "2026-01-11", entered).standings["club"].tier


def test_a_zone_that_nobody_keeps() -> None:
    """The zone is an IANA name."""
    found = check_text("viprules: 1\nprogram: {id: t, timezone: Mars/Base}\ntiers: [{id: gold, enter: everyone}]\n")
    assert ["no-zone"] == [one.code for one in found]
