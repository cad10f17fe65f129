"""How a tier is kept, lost and won back: lines 8 and 25 to 31 of what real programmes demand, key by key."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.deciding import buy, decided, nightly, program, replayed, standing, states
from viprules.engine.program import Program

YEAR = "{sum: {of: purchase.amount, window: {this: year}}}"
ROLLING = "{sum: {of: purchase.amount, window: {last: 12 months}}}"


def ladder(transitions: str, *, spend: str = YEAR, stay: bool = False, more: str = "", **keys: str) -> Program:
    """Silver, gold and diamond from 100, 200 and 300; with `stay`, 80, 160 and 240 are enough to keep them."""
    tiers = "\n".join(
        f"  - {{id: {tier}, enter: {{spend: {{at_least: {bound}}}}}"
        + (f", stay: {{spend: {{at_least: {bound * 8 // 10}}}}}" if stay else "")
        + "}"
        for tier, bound in (("silver", 100), ("gold", 200), ("diamond", 300))
    )
    return program(
        f"""
metrics: {{spend: {spend}}}
tiers:
  - {{id: guest, enter: everyone}}
{tiers}
transitions: {transitions}
{more}
""",
        **keys,
    )


@pytest.mark.parametrize(
    ("validity", "earned", "until"),
    [
        ("{through: {this: year}}", "2026-05-10", "2026-12-31"),
        ("{through: {next: year}}", "2026-05-10", "2027-12-31"),
        ("{through: {next: year}}", "2026-12-31", "2027-12-31"),
        ("{through: {next: year}, plus: 1 month}", "2026-05-10", "2028-01-31"),
        ("{through: {next: year}, plus: 2 months}", "2026-05-10", "2028-02-29"),
        ("{through: {next: year}, plus: 2 months}", "2025-05-10", "2027-02-28"),
        ("{through: {next: year}, plus: 3 months}", "2026-05-10", "2028-03-31"),
        ("{through: {next: year}, plus: 4 months}", "2026-05-10", "2028-04-30"),
        ("{through: {this: month}}", "2028-02-03", "2028-02-29"),
        ("{for: 12 months}", "2026-05-10", "2027-05-09"),
        ("{for: 12 months}", "2024-02-29", "2025-02-28"),
        ("{for: 12 months}", "2024-03-01", "2025-02-28"),
        ("{for: 1 month}", "2026-01-31", "2026-02-28"),
        ("{for: 1 month}", "2026-01-30", "2026-02-28"),
        ("{for: 1 month}", "2026-01-29", "2026-02-28"),
        ("{for: 1 month}", "2026-01-28", "2026-02-27"),
        ("{for: 24 months}", "2026-01-01", "2027-12-31"),
        ("{for: 365 days}", "2027-03-01", "2028-02-28"),
        ("{for: 2 days}", "2026-05-10", "2026-05-11"),
        ("{after: 18 months}", "2026-05-10", "2027-11-10"),
        ("{after: 1 month}", "2026-01-31", "2026-02-28"),
        ("{until: 2027-02-28}", "2026-05-10", "2027-02-28"),
        ("{until: 01-31}", "2026-01-30", "2026-01-31"),
        ("{until: 01-31}", "2026-02-01", "2027-01-31"),
        ("{for: 12 months, to_end_of: quarter}", "2026-05-10", "2027-06-30"),
        ("{for: 12 months, to_end_of: month}", "2027-03-01", "2028-02-29"),
        ("forever", "2026-05-10", "None"),
        ("while_it_holds", "2026-05-10", "None"),
    ],
)
def test_how_long_a_tier_lasts(validity: str, earned: str, until: str) -> None:
    """Every formula of validity, from the day on which the tier is earned."""
    policy = ladder(f"{{validity: {validity}, renew: {{at: expiry}}}}")
    decision = decided(policy, earned, [buy(earned, 100)])
    assert ("silver", until) == (decision.tier, str(decision.valid_until))


def test_the_first_and_the_last_day_are_valid() -> None:
    """Held on the day it is earned and on the last valid day; not on the day before or after."""
    policy = ladder("{validity: {for: 12 months}, renew: {at: expiry}}")
    days = ["2026-05-09", "2026-05-10", "2027-05-09", "2027-05-10"]
    expected = ["guest until -", "silver until 2027-05-09", "silver until 2027-05-09", "guest until -"]
    assert expected == states(policy, days, [buy("2026-05-10", 100)])


def test_entering_asks_more_than_staying() -> None:
    """80 keep what 100 were needed for; 79.99 do not."""
    policy = ladder("{validity: {through: {next: year}}, renew: {at: expiry}}", stay=True)
    earned = buy("2025-05-10", 100)
    assert "silver" == decided(policy, "2027-01-01", [earned, buy("2026-05-01", 80)]).tier
    assert "guest" == decided(policy, "2027-01-01", [earned, buy("2026-05-01", "79.99")]).tier
    assert "guest" == decided(policy, "2026-05-01", [buy("2026-05-01", 80)]).tier


# --- renew ------------------------------------------------------------------------------------------------


def test_renew_once_extends_every_time_the_way_in_is_met() -> None:
    """Reaching silver again in the next year holds it a year longer at once."""
    policy = ladder("{validity: {through: {next: year}}}")
    events = [buy("2025-05-10", 100), buy("2026-07-01", 100)]
    expected = ["silver until 2026-12-31", "silver until 2026-12-31", "silver until 2027-12-31", "guest until -"]
    assert expected == states(policy, ["2025-05-10", "2026-06-30", "2026-07-01", "2028-01-01"], events)


def test_renew_once_lets_a_holder_stay_by_the_easier_condition() -> None:
    """For who holds silver, 80 are a way in as well."""
    policy = ladder("{validity: {through: {next: year}}}", stay=True)
    events = [buy("2025-05-10", 100), buy("2026-07-01", 80)]
    expected = ["silver until 2026-12-31", "silver until 2027-12-31", "silver until 2027-12-31"]
    assert expected == states(policy, ["2026-06-30", "2026-07-01", "2027-12-31"], events)
    assert "guest" == decided(policy, "2027-07-01", [buy("2025-05-10", 100), buy("2027-07-01", 80)]).tier


def test_a_lower_status_earned_later_waits_beneath() -> None:
    """Diamond of 2025 runs through 2026; silver earned in 2026 waits beneath and shows in 2027."""
    policy = ladder("{validity: {through: {next: year}}}")
    events = [buy("2025-05-10", 300), buy("2026-08-01", 100)]
    expected = ["diamond until 2026-12-31", "silver until 2027-12-31", "guest until -"]
    assert expected == states(policy, ["2026-12-31", "2027-01-01", "2028-01-01"], events)
    assert [("2025-05-10", "diamond"), ("2027-01-01", "silver"), ("2028-01-01", "guest")] == replayed(
        policy, "2028-02-01", events
    )


def test_under_expiry_only_higher_tiers_are_judged_while_a_grant_runs() -> None:
    """Silver reached again below a running gold gives nothing; gold reached again extends nothing."""
    policy = ladder("{validity: {for: 12 months}, renew: {at: expiry}}")
    events = [buy("2025-05-10", 200), buy("2026-02-01", 200)]
    assert ["gold until 2026-05-09"] == states(policy, ["2026-02-01"], events)
    assert (
        "diamond until 2027-01-31"
        == states(policy, ["2026-02-01"], [buy("2025-05-10", 200), buy("2026-02-01", 300)])[0]
    )


def test_under_expiry_staying_is_judged_as_of_the_last_valid_day() -> None:
    """31 December is judged with the year that ends, not with the empty one that begins."""
    policy = ladder("{validity: {through: {next: year}}, renew: {at: expiry}}")
    events = [buy("2025-05-10", 100), buy("2026-12-31", 100)]
    assert ("silver", "renew", "2025-05-10", "2027-12-31") == standing(
        decided(
            policy, "2026-12-31", events[:2], membership=decided(policy, "2026-12-30", events[:1]).membership.as_dict()
        )
    )
    expected = ["silver until 2026-12-31", "silver until 2027-12-31", "silver until 2027-12-31", "guest until -"]
    assert expected == states(policy, ["2026-12-30", "2026-12-31", "2027-01-01", "2028-01-01"], events)


def test_a_renewal_counts_from_the_day_after_the_last() -> None:
    """Twelve months to 9 May 2026 are followed by twelve months from 10 May."""
    policy = ladder("{validity: {for: 12 months}, renew: {at: expiry}}", spend=ROLLING)
    events = [buy("2025-05-10", 100), buy("2026-05-09", 20)]
    assert ["silver until 2027-05-09"] == states(policy, ["2026-05-10"], events)


def test_a_renewal_may_last_differently() -> None:
    """First until the end of next year, then six months at a time."""
    policy = ladder("{validity: {through: {next: year}}, renew: {at: expiry, validity: {for: 6 months}}}")
    events = [buy("2025-05-10", 100), buy("2026-03-01", 100)]
    assert ["silver until 2027-06-30", "guest until -"] == states(policy, ["2027-01-01", "2027-07-01"], events)


def test_until_a_day_of_the_year_renews_to_the_next_one() -> None:
    """Who is renewed on 31 January holds the tier until the next 31 January."""
    policy = ladder("{validity: {until: 01-31}, renew: {at: expiry}}", spend=ROLLING)
    events = [buy("2026-05-10", 100), buy("2026-12-01", 20)]
    expected = ["silver until 2027-01-31", "silver until 2028-01-31", "guest until -"]
    assert expected == states(policy, ["2027-01-30", "2027-01-31", "2028-02-01"], events)


def test_a_review_judges_everybody_on_one_day() -> None:
    """On 1 April everybody is judged as of 31 March; what was earned since lasts to that day at most."""
    policy = ladder("{validity: forever, renew: {at: review}, review: {first_day_of: year}}", year_starts='"04-01"')
    events = [buy("2025-05-10", 200)]
    expected = ["gold until -", "gold until -", "guest until -"]
    assert expected == states(policy, ["2026-03-30", "2026-03-31", "2027-04-01"], events)
    assert ["gold until -"] == states(policy, ["2026-04-01"], events)
    assert "gold" == decided(policy, "2027-03-31", events).tier


def test_the_result_of_a_review_is_in_force_on_the_review_day() -> None:
    """On the eve the old tier still holds."""
    policy = ladder(
        "{validity: forever, renew: {at: review}, review: {first_day_of: quarter}, downgrade: {to: supported}}",
        spend="{sum: {of: purchase.amount, window: {this: quarter}}}",
    )
    events = [buy("2026-01-10", 300), buy("2026-05-01", 100)]
    assert ["diamond", "diamond", "silver", "guest"] == [
        decided(policy, day, events).tier for day in ("2026-04-01", "2026-06-30", "2026-07-01", "2026-10-01")
    ]


# --- upgrade ----------------------------------------------------------------------------------------------


def test_a_rise_waits_for_the_review() -> None:
    """What is reached in May counts from the first of June."""
    policy = ladder("{validity: {through: {next: year}}, upgrade: {at: review}, review: {first_day_of: month}}")
    assert ["guest", "guest", "silver"] == [
        decided(policy, day, [buy("2026-05-10", 100)]).tier for day in ("2026-05-10", "2026-05-31", "2026-06-01")
    ]


def test_a_rise_waits_for_the_next_period() -> None:
    """What is reached this year counts from 1 January, to the end of the validity that the eve gives."""
    policy = ladder("{validity: {through: {next: year}}, upgrade: {at: next_period}}")
    expected = ["guest until -", "silver until 2027-12-31"]
    assert expected == states(policy, ["2026-12-30", "2027-01-01"], [buy("2026-05-10", 100)])


def test_one_step_at_a_time() -> None:
    """Enough for diamond on one day: silver, the next day gold, then diamond."""
    policy = ladder("{validity: {through: {next: year}}, upgrade: {step: one}}")
    history = replayed(policy, "2026-12-31", [buy("2026-05-10", 300)])
    assert [("2026-05-10", "silver"), ("2026-05-11", "gold"), ("2026-05-12", "diamond")] == history


def test_levels_are_skipped_upwards() -> None:
    """Enough for diamond at once makes diamond at once."""
    assert ("diamond", "upgrade", "2026-05-10", "2027-12-31") == standing(
        decided(ladder("{validity: {through: {next: year}}}"), "2026-05-10", [buy("2026-05-10", 300)])
    )


# --- downgrade --------------------------------------------------------------------------------------------


def falls(downgrade: str, spent: int = 0, *, more: str = "") -> list[tuple[str, str | None]]:
    """Diamond of 2025, judged at the end of 2026 with what was spent then."""
    policy = ladder(f"{{validity: {{through: {{next: year}}}}, renew: {{at: expiry}}, downgrade: {downgrade}{more}}}")
    events = [buy("2025-05-10", 300)] + ([buy("2026-05-10", spent)] if spent else [])
    return replayed(policy, "2029-06-01", events)[1:]


@pytest.mark.parametrize(
    ("downgrade", "spent", "history"),
    [
        ("{}", 299, [("2027-01-01", "guest")]),
        ("{to: beneath}", 299, [("2027-01-01", "guest")]),
        ("{to: supported}", 299, [("2027-01-01", "gold"), ("2028-01-01", "guest")]),
        ("{to: supported}", 199, [("2027-01-01", "silver"), ("2028-01-01", "guest")]),
        ("{to: supported}", 99, [("2027-01-01", "guest")]),
        ("{to: one_level}", 0, [("2027-01-01", "gold"), ("2028-01-01", "silver"), ("2029-01-01", "guest")]),
        ("{to: {levels: 2}}", 0, [("2027-01-01", "silver"), ("2028-01-01", "guest")]),
        ("{to: {levels: 3}}", 0, [("2027-01-01", "guest")]),
        ("{to: {tier: silver}}", 0, [("2027-01-01", "silver"), ("2028-01-01", "guest")]),
        ("{to: never}", 0, []),
        ("{to: one_level, at_least: silver}", 0, [("2027-01-01", "gold"), ("2028-01-01", "silver")]),
        ("{to: beneath, at_least: gold}", 0, [("2027-01-01", "gold")]),
        ("{to: one_level, validity: {for: 3 months}}", 0, [("2027-01-01", "gold"), ("2027-04-01", "silver"), ("2027-07-01", "guest")]),
    ],
)  # fmt: skip
def test_where_a_customer_lands(downgrade: str, spent: int, history: list[tuple[str, str]]) -> None:
    """Every target of a downgrade, with what was spent in the year judged."""
    assert history == falls(downgrade, spent)


def test_the_last_valid_day_still_has_the_old_tier() -> None:
    """The landing is in force from the next day, and the ledger says why."""
    policy = ladder("{validity: {through: {next: year}}, renew: {at: expiry}, downgrade: {to: one_level}}")
    events = [buy("2025-05-10", 300)]
    decision = decided(policy, "2026-12-31", events)
    assert ("diamond", "upgrade", "2025-05-10", "2026-12-31") == standing(decision)
    assert [("diamond", "earned"), ("gold", "landed")] == [(one.tier, one.cause) for one in decision.membership.grants][
        -2:
    ]
    assert ("gold", "upgrade", "2027-01-01", "2027-12-31") == standing(decided(policy, "2027-01-01", events))


def test_the_tier_landed_on_says_how_long() -> None:
    """The landing takes the tier's own validity before that of the downgrade."""
    policy = program(
        f"""
metrics: {{spend: {YEAR}}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: silver, enter: {{spend: {{at_least: 100}}}}, validity: {{for: 1 month}}}}
  - {{id: gold, enter: {{spend: {{at_least: 200}}}}}}
transitions: {{validity: {{through: {{next: year}}}}, renew: {{at: expiry}}, downgrade: {{to: one_level, validity: {{for: 3 months}}}}}}
"""
    )
    assert ["silver until 2027-01-31"] == states(policy, ["2027-01-01"], [buy("2025-05-10", 200)])


def test_a_landing_counts_only_when_it_is_higher_than_what_waits_beneath() -> None:
    """One level down from diamond is gold; gold earned beneath runs longer than the landing would."""
    policy = ladder("{validity: {through: {next: year}}, downgrade: {to: one_level, validity: {for: 1 month}}}")
    events = [buy("2025-05-10", 300), buy("2026-05-10", 200)]
    assert ["gold until 2027-12-31"] == states(policy, ["2027-01-01"], events)
    assert ["gold until 2027-01-31", "silver until 2027-12-31"] == states(
        policy, ["2027-01-31", "2027-02-01"], [buy("2025-05-10", 300), buy("2026-05-10", 100)]
    )


def test_tiers_that_differ_in_style() -> None:
    """Diamond falls one level, gold falls to what is beneath, silver never falls."""
    policy = program(
        f"""
metrics: {{spend: {YEAR}}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: silver, enter: {{spend: {{at_least: 100}}}}, downgrade: {{to: never}}}}
  - {{id: gold, enter: {{spend: {{at_least: 200}}}}}}
  - {{id: diamond, enter: {{spend: {{at_least: 300}}}}, downgrade: {{to: one_level}}}}
transitions: {{validity: {{through: {{next: year}}}}, renew: {{at: expiry}}}}
"""
    )
    assert [("2025-05-10", "diamond"), ("2027-01-01", "gold"), ("2028-01-01", "guest")] == replayed(
        policy, "2030-01-01", [buy("2025-05-10", 300)]
    )
    assert [("2025-05-10", "silver")] == replayed(policy, "2030-01-01", [buy("2025-05-10", 100)])


# --- grace ------------------------------------------------------------------------------------------------

GRACE = "{validity: {through: {next: year}}, renew: {at: expiry}, downgrade: {to: one_level, grace: {for: 30 days}}}"


def test_grace_comes_before_the_landing_and_only_once() -> None:
    """Thirty days from 1 January the tier is kept; then one level, with a grace of its own at its own end."""
    expected = [("2025-05-10", "gold"), ("2027-01-31", "silver"), ("2029-01-31", "guest")]
    assert expected == replayed(ladder(GRACE), "2029-06-01", [buy("2025-05-10", 200)])
    decision = decided(ladder(GRACE), "2027-01-30", [buy("2025-05-10", 200)])
    assert ("gold", "2027-01-30") == (decision.tier, str(decision.valid_until))


def test_the_change_that_begins_a_grace_is_told() -> None:
    """On the last valid day the change is `grace`, and the last day of it is the new last valid day."""
    policy, events = ladder(GRACE), [buy("2025-05-10", 200)]
    record = decided(policy, "2026-12-30", events).membership.as_dict()
    assert ("gold", "grace", "2025-05-10", "2027-01-30") == standing(
        decided(policy, "2026-12-31", events, membership=record)
    )


@pytest.mark.parametrize(
    ("bought", "expected"),
    [
        ("2027-01-01", "2025-05-10"),
        ("2027-01-30", "2025-05-10"),
        ("2027-01-31", "2025-05-10"),
        ("2027-02-01", "2027-02-01"),
    ],
)
def test_within_the_grace_a_met_condition_makes_a_full_grant(bought: str, expected: str) -> None:
    """From that very day; entered again on the day after the grace the tier is unbroken, a day later it is not."""
    policy, events = ladder(GRACE), [buy("2025-05-10", 200), buy(bought, 200)]
    decision = decided(policy, "2027-02-15", events)
    assert ("gold", expected, "2028-12-31") == (decision.tier, str(decision.since), str(decision.valid_until))


def test_a_full_grant_ends_the_grace() -> None:
    """Twelve months count from the day it was met, not from the last day of the grace."""
    policy = ladder(
        "{validity: {for: 12 months}, renew: {at: expiry}, downgrade: {grace: {for: 30 days}}}",
        spend="{sum: {of: purchase.amount, window: {last: 3 months}}}",
    )
    decision = decided(policy, "2027-03-01", [buy("2026-01-01", 100), buy("2027-01-10", 100)])
    assert ("silver", "2028-01-09") == (decision.tier, str(decision.valid_until))


def test_grace_of_a_tier_that_follows_its_condition() -> None:
    """When 100 in 30 days are no longer there, silver is kept ten more days, and fully again if they come back."""
    policy = ladder(
        "{validity: while_it_holds, downgrade: {grace: {for: 10 days}}}",
        spend="{sum: {of: purchase.amount, window: {last: 30 days}}}",
    )
    events = [buy("2026-01-01", 100)]
    expected = ["silver until -", "silver until 2026-02-09", "silver until 2026-02-09", "guest until -"]
    assert expected == states(policy, ["2026-01-30", "2026-01-31", "2026-02-09", "2026-02-10"], events)
    assert ["silver until -"] == states(policy, ["2026-02-09"], [*events, buy("2026-02-09", 100)])


# --- after, not_again_within, warn ------------------------------------------------------------------------

MONTHLY = "{sum: {of: purchase.amount, window: {this: month}}}"


def test_only_after_three_failed_reviews() -> None:
    """January holds; February, March and April fail: lost on 1 May. A good March starts the count anew."""
    policy = ladder(
        "{validity: forever, renew: {at: review}, review: {first_day_of: month}, downgrade: {after: 3 reviews}}",
        spend=MONTHLY,
    )
    assert [("2026-01-10", "silver"), ("2026-05-01", "guest")] == replayed(
        policy, "2026-12-31", [buy("2026-01-10", 100)]
    )
    again = [buy("2026-01-10", 100), buy("2026-03-31", 100)]
    assert [("2026-01-10", "silver"), ("2026-07-01", "guest")] == replayed(policy, "2026-12-31", again)


def test_one_level_at_most_once_in_six_months() -> None:
    """Monthly reviews; after a landing on 1 February the next waits until 1 August."""
    policy = ladder(
        "{validity: forever, renew: {at: review}, review: {first_day_of: month}, downgrade: {to: one_level, not_again_within: 6 months}}",
        spend=MONTHLY,
    )
    expected = [("2026-01-10", "diamond"), ("2026-03-01", "gold"), ("2026-09-01", "silver"), ("2027-03-01", "guest")]
    assert expected == replayed(policy, "2027-06-01", [buy("2026-01-10", 300)])


def test_without_reviews_the_next_landing_waits_for_the_span() -> None:
    """Landed on 1 January for one month; the next landing is allowed six months after the last."""
    policy = ladder(
        "{validity: {through: {next: year}}, renew: {at: expiry}, downgrade: {to: one_level, validity: {for: 1 month}, not_again_within: 6 months}}"
    )
    expected = [("2025-05-10", "diamond"), ("2027-01-01", "gold"), ("2027-07-01", "silver"), ("2028-01-01", "guest")]
    assert expected == replayed(policy, "2029-01-01", [buy("2025-05-10", 300)])


def test_deciding_twice_on_the_day_of_a_landing_changes_nothing() -> None:
    """The second decision of a day, with the record of the first, tells the same."""
    policy = ladder(
        "{validity: {through: {next: year}}, renew: {at: expiry}, downgrade: {to: one_level, not_again_within: 6 months}}"
    )
    once = decided(policy, "2026-12-31", [buy("2025-05-10", 300)])
    twice = decided(policy, "2026-12-31", [buy("2025-05-10", 300)], membership=once.membership.as_dict())
    assert ((), ()) == (twice.grants, twice.bounds)
    assert once.membership.as_dict()["decided"] == twice.membership.as_dict()["decided"]


@pytest.mark.parametrize(("day", "warned"), [("2026-12-16", False), ("2026-12-17", True), ("2026-12-31", False)])
def test_a_warning_from_fourteen_days_before_the_end(day: str, warned: bool) -> None:  # noqa: FBT001 -- the expected value
    """From 17 December the decision says that staying is not met; on the last day it is decided."""
    policy = ladder(
        "{validity: {through: {next: year}}, renew: {at: expiry}, downgrade: {warn: 14 days, grace: {for: 30 days}}}"
    )
    decision = decided(policy, day, [buy("2025-05-10", 100)])
    assert warned == decision.standings["tier"].warned
    assert not decided(policy, day, [buy("2025-05-10", 100), buy("2026-11-11", 100)]).standings["tier"].warned


# --- reenter, requires, blocks -----------------------------------------------------------------------------


def test_coming_back_may_be_easier() -> None:
    """Who has held gold and lost it comes back with 150; a newcomer needs 200."""
    policy = program(
        f"""
metrics: {{spend: {YEAR}}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: gold, enter: {{spend: {{at_least: 200}}}}, reenter: {{spend: {{at_least: 150}}}}}}
transitions: {{validity: {{through: {{this: year}}}}, renew: {{at: expiry}}}}
"""
    )
    events = [buy("2025-05-10", 200), buy("2026-03-01", 150)]
    assert ["gold", "guest", "gold"] == [
        decided(policy, day, events).tier for day in ("2025-12-31", "2026-01-01", "2026-03-01")
    ]
    assert "guest" == decided(policy, "2026-03-01", events[1:]).tier
    assert "guest" == decided(policy, "2026-03-01", [events[0], buy("2026-03-01", "149.99")]).tier


REQUIRES = """
facts: {active: true_false}
metrics:
  spend: {sum: {of: purchase.amount, window: {this: year}}}
  ever: {sum: {of: purchase.amount, window: lifetime}}
tiers:
  - {id: guest, enter: everyone}
  - {id: silver, enter: {spend: {at_least: 100}}, lifetime: {ever: {at_least: 1000}}}
transitions: {validity: {through: {next: year}}, renew: {at: expiry}, requires: {active: true}}
"""


def test_a_gate_is_asked_of_every_entry_and_stay_but_not_of_lifetime() -> None:
    """An inactive account enters nothing and keeps nothing; a lifetime tier is never asked again."""
    policy = program(REQUIRES)
    spent = [buy("2025-05-10", 100), buy("2026-05-10", 100)]
    assert "silver" == decided(policy, "2027-06-01", spent, facts={"active": True}).tier
    assert "guest" == decided(policy, "2027-06-01", spent, facts={"active": False}).tier
    assert "silver" == decided(policy, "2027-06-01", [buy("2025-05-10", 1000)], facts={"active": False}).tier


def test_blocks_of_transitions_by_a_condition() -> None:
    """Staff hold for good, everybody else to the end of the next year: the first block that applies."""
    policy = program(
        f"""
facts: {{staff: {{type: true_false, if_missing: false}}}}
metrics: {{spend: {YEAR}}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: silver, enter: {{spend: {{at_least: 100}}}}}}
transitions:
  - {{when: {{staff: true}}, validity: forever}}
  - {{validity: {{through: {{next: year}}}}}}
"""
    )
    assert ["silver until -"] == states(policy, ["2026-05-10"], [buy("2026-05-10", 100)], facts={"staff": True})
    assert ["silver until 2027-12-31"] == states(policy, ["2026-05-10"], [buy("2026-05-10", 100)])


# --- raises, caps, floors, extensions, overrides -------------------------------------------------------------

LAYERS = """
raises: [{id: loyal, when: {loyal: true}, by: 1}]
caps: [{id: suspended, when: {suspensions: {at_least: 3}}, at_most: silver}]
floors: [{id: partner, when: {partner: true}, at_least: silver}]
facts: {loyal: {type: true_false, if_missing: false}, partner: {type: true_false, if_missing: false}, suspensions: {type: number, if_missing: 0}}
"""


@pytest.mark.parametrize(
    ("spent", "facts", "tier"),
    [
        (100, {"loyal": True}, "gold"),
        (300, {"loyal": True}, "diamond"),
        (0, {"loyal": True}, "guest"),
        (300, {"suspensions": 2}, "diamond"),
        (300, {"suspensions": 3}, "silver"),
        (0, {"suspensions": 3}, "guest"),
        (0, {"partner": True}, "silver"),
        (200, {"partner": True}, "gold"),
        (100, {"loyal": True, "suspensions": 3}, "silver"),
        (0, {"loyal": True, "partner": True}, "silver"),
    ],
)
def test_raises_then_caps_then_floors(spent: int, facts: dict[str, Any], tier: str) -> None:
    """One level above the grants, never above the top, not for who holds everyone's tier; then caps; then floors."""
    policy = ladder("{validity: {through: {next: year}}}", more=LAYERS)
    assert tier == decided(policy, "2026-05-10", [buy("2026-05-10", spent)] if spent else [], facts=facts).tier


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([("floor", "gold")], "gold"),
        ([("floor", "guest")], "silver"),
        ([("ceiling", "guest")], "guest"),
        ([("ceiling", "gold")], "silver"),
        ([("pin", "diamond")], "diamond"),
        ([("pin", "guest")], "guest"),
        ([("exclude", "")], "guest"),
        ([("floor", "gold"), ("ceiling", "silver")], "silver"),
    ],
)
def test_overrides_come_last(overrides: list[tuple[str, str]], expected: str) -> None:
    """A manual floor, ceiling, pin or exclusion, on a customer who has earned silver."""
    policy = ladder("{validity: {through: {next: year}}}")
    orders = [
        {
            "kind": kind,
            "tier": tier,
            "from": "2026-06-01",
            "until": "2026-06-30",
            "reason": "a complaint",
            "by": "manager",
        }
        for kind, tier in overrides
    ]
    events = [buy("2026-05-10", 100)]
    tiers = [
        decided(policy, day, events, overrides=orders).tier
        for day in ("2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01")
    ]
    assert ["silver", expected, expected, "silver"] == tiers


def test_a_one_off_extension_for_all_who_held_a_status_on_a_day() -> None:
    """Who held on 5 May 2026 holds at least to 31 January 2027; who lost it the day before does not."""
    policy = ladder(
        "{validity: {for: 12 months}, renew: {at: expiry}}",
        more="extensions: [{held: 2026-05-05, until_at_least: 2027-01-31}]",
    )
    assert [("2025-05-06", "silver"), ("2027-02-01", "guest")] == replayed(
        policy, "2027-06-01", [buy("2025-05-06", 100)]
    )
    assert [("2025-05-05", "silver"), ("2026-05-05", "guest")] == replayed(
        policy, "2027-06-01", [buy("2025-05-05", 100)]
    )
    assert ["silver until 2027-05-04"] == states(policy, ["2026-06-01"], [buy("2026-05-05", 100)])
    assert ["silver until 2027-05-05"] == states(policy, ["2026-06-01"], [buy("2026-05-06", 100)])
    assert ["silver until 2027-01-31"] == states(policy, ["2026-05-05"], [buy("2025-05-10", 100)])


# --- several days ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "transitions",
    [
        "{validity: {through: {next: year}}}",
        "{validity: {for: 6 months}, renew: {at: expiry}, downgrade: {to: one_level, grace: {for: 30 days}, warn: 14 days}}",
        "{validity: forever, renew: {at: review}, review: {first_day_of: quarter}, downgrade: {to: supported, after: 2 reviews}}",
        "{validity: while_it_holds, downgrade: {to: one_level, validity: {for: 20 days}}}",
        "{validity: {for: 3 months}, renew: {at: expiry}, downgrade: {to: one_level, not_again_within: 4 months}}",
    ],
)
def test_every_night_with_the_kept_record_as_once_from_the_events(transitions: str) -> None:
    """The record of the last night is all that the next one needs."""
    policy = ladder(transitions, spend="{sum: {of: purchase.amount, window: {last: 3 months}}}", stay=True)
    events = [buy("2026-01-10", 300), buy("2026-05-20", 170), buy("2026-09-01", 90), buy("2026-09-30", 120)]
    for day in ("2026-07-15", "2026-12-31"):
        once, last = decided(policy, day, events), nightly(policy, "2026-01-10", day, events)
        assert standing(once)[::2] == standing(last)[::2]
        assert once.valid_until == last.valid_until


def test_what_the_change_compares_with() -> None:
    """With a record the tier of the last decided day, without one the lowest tier."""
    policy, events = ladder("{validity: {through: {next: year}}}"), [buy("2026-05-10", 100), buy("2026-06-10", 100)]
    record = decided(policy, "2026-05-31", events).membership.as_dict()
    assert "upgrade" == decided(policy, "2026-05-31", events).change
    assert "none" == decided(policy, "2026-06-09", events, membership=record).change
    assert ("gold", "upgrade", "2026-06-10", "2027-12-31") == standing(
        decided(policy, "2026-06-30", events, membership=record)
    )
    fallen = decided(policy, "2028-01-01", events, membership=record)
    assert ("guest", "downgrade", None, None) == standing(fallen)


def test_next_change_is_the_day_after_the_last_valid_one_or_earlier() -> None:
    """The answer of any later day up to it is the same."""
    policy = ladder("{validity: {through: {next: year}}}")
    decision = decided(policy, "2026-05-10", [buy("2026-05-10", 100)])
    assert decision.next_change is not None
    assert "2026-05-10" < str(decision.next_change) <= "2028-01-01"


LAYERED = """\
facts: {asleep: true_false, partner: true_false}
metrics: {spend: {sum: {of: purchase.amount, window: lifetime}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: silver, enter: {spend: {at_least: 100}}}
  - {id: gold, enter: {spend: {at_least: 1000}}}
caps: [{id: asleep, when: {asleep: true}, at_most: silver}]
floors: [{id: partner, when: {partner: true}, at_least: silver}]
transitions: {validity: {through: {this: year}}}
"""


def test_an_unknown_layer_moves_nobody_and_is_reported() -> None:
    """Who stood at the cap stays there; who did not is judged without it; floors likewise."""
    made = program(LAYERED)
    events = [buy("2026-03-01", 1000)]
    new = decided(made, "2026-03-05", events, facts={"partner": False})
    assert "gold" == new.tier
    assert {("asleep.cap", "asleep")} == {(one.values["name"], one.values["missing"]) for one in new.problems}
    capped = decided(made, "2026-03-05", events, facts={"asleep": True, "partner": False})
    later = decided(made, "2026-03-06", events, facts={"partner": False}, membership=capped.membership)
    assert ("silver", "silver") == (capped.tier, later.tier)
    lifted = decided(made, "2026-03-05", facts={"asleep": False, "partner": True})
    kept = decided(made, "2026-03-06", facts={"asleep": False}, membership=lifted.membership)
    assert ("silver", "silver", "guest") == (
        lifted.tier,
        kept.tier,
        decided(made, "2026-03-06", facts={"asleep": False}).tier,
    )
