"""What a tier gives, how often, and to whom: lines 34, 36, 39 to 41 as far as they are benefits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.deciding import buy, customer, decided, program
from viprules.engine.program import Program

GIVES = """
facts: {birthday: date, city: {type: text, in: [north, south], if_missing: north}}
metrics: {spend: {sum: {of: purchase.amount, window: {this: year}}}, orders: {count: {of: purchase}}}
tiers:
  - id: guest
    enter: everyone
    benefits: [{discount: {percent: 5, group: price, when: {orders: {at_least: 2}}}}]
  - id: gold
    enter: {spend: {at_least: 100}}
    benefits:
      - {discount: {percent: {by: city, values: {south: 12.5}, otherwise: 10}, group: price}}
      - {gift: {id: cake, item: {zh: 蛋糕, en: cake}, when: {date: birthday_month}, quota: {times: 1, per: year}}}
      - {service: {id: lounge, name: lounge, quota: {times: 2, per: month, carry_over: true}}}
  - id: diamond
    enter: {spend: {at_least: 300}}
    benefits: [{points_multiplier: {times: 1.5}}, {discount: {percent: 20, group: price}}]
  - id: private
    enter: {spend: {at_least: 1000}}
    inherit: false
    benefits: [{service: {name: adviser}}]
transitions: {validity: {through: {next: year}}}
"""


def given(as_of: str, *events: Any, policy: Program | None = None, **stated: Any) -> list[tuple[str, Any, int | None]]:
    """Each benefit in force: its kind, what it gives, and what is left of its quota."""
    decision = decided(policy or program(GIVES), as_of, events, **stated)
    found = []
    for one in decision.benefits:
        plain = one.parameters
        what = plain.get("percent") or plain.get("times") or one.id or plain.get("name")
        found.append((one.kind, dict(what) if isinstance(what, Mapping) else what, one.quota_left))
    return found


def used(at: str, benefit: str) -> dict[str, str]:
    """One use of a benefit."""
    return {"type": "benefit_used", "at": at, "benefit": benefit}


def test_a_benefit_with_a_condition_of_its_own() -> None:
    """Five per cent from the second purchase."""
    assert [] == given("2026-05-01", buy("2026-05-01", 1))
    assert [("discount", "5", None)] == given("2026-05-01", buy("2026-05-01", 1), buy("2026-05-01", 1))


def test_of_a_group_the_highest_tier_counts_and_the_rest_is_inherited() -> None:
    """Diamond has the cake and the lounge of gold, its own discount, and not the one of gold."""
    found = given("2026-05-01", buy("2026-05-01", 300))
    assert [("service", "lounge", 2), ("points_multiplier", "1.5", None), ("discount", "20", None)] == found


def test_a_tier_that_inherits_nothing() -> None:
    """Only what it states itself."""
    assert ["service"] == [kind for kind, _, _ in given("2026-05-01", buy("2026-05-01", 1000))]


def test_a_parameter_may_be_any_value() -> None:
    """Twelve and a half per cent in the south."""
    bought = buy("2026-05-01", 100)
    assert ("discount", "12.5", None) in given("2026-05-01", bought, facts={"city": "south"})
    assert ("discount", "10", None) in given("2026-05-01", bought)


def test_a_quota_per_year() -> None:
    """One cake in the month of the birthday; used, it is 0; in the next year it is 1 again."""
    bought, facts = buy("2026-02-01", 100), {"birthday": "1990-05-17"}
    assert ("gift", "cake", 1) in given("2026-05-01", bought, facts=facts)
    assert ("gift", "cake", 0) in given("2026-05-31", bought, used("2026-05-02", "cake"), facts=facts)
    assert ("gift", "cake", 1) in given("2027-05-01", bought, used("2026-05-02", "cake"), facts=facts)
    assert "gift" not in [kind for kind, _, _ in given("2026-06-01", bought, facts=facts)]
    assert "gift" not in [kind for kind, _, _ in given("2026-05-01", bought)]


def test_a_quota_that_carries_over() -> None:
    """Two visits a month; what the month before left is added, and no more than that."""
    bought = buy("2026-02-10", 100)
    assert ("service", "lounge", 4) in given("2026-05-01", bought)
    assert ("service", "lounge", 3) in given("2026-05-01", bought, used("2026-04-03", "lounge"))
    assert ("service", "lounge", 1) in given(
        "2026-05-20", bought, used("2026-04-03", "lounge"), used("2026-05-02", "lounge"), used("2026-05-03", "lounge")
    )
    assert ("service", "lounge", 2) in given("2026-02-10", bought)


def test_a_quota_never_falls_below_nothing() -> None:
    """More uses than allowed leave 0."""
    uses = [used("2026-02-11", "lounge") for _ in range(5)]
    assert ("service", "lounge", 0) in given("2026-02-12", buy("2026-02-10", 100), *uses)


def test_a_benefit_that_ends_before_the_tier() -> None:
    """A welcome gift within thirty days of entering the tier."""
    policy = program(
        """
metrics: {spend: {sum: {of: purchase.amount}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {spend: {at_least: 100}}, benefits: [{gift: {item: {en: welcome}, valid: {for: 30 days}}}]}
transitions: {validity: {for: 12 months}, renew: {at: expiry}}
"""
    )
    events = [buy("2026-03-01", 100)]
    assert ["2026-03-30"] == [str(one.valid_until) for one in decided(policy, "2026-03-01", events).benefits]
    assert ["2026-03-30"] == [str(one.valid_until) for one in decided(policy, "2026-03-30", events).benefits]
    assert [] == [str(one.valid_until) for one in decided(policy, "2026-03-31", events).benefits]


@pytest.mark.parametrize(
    ("benefit", "expected"),
    [
        ("service: {name: lounge, valid: {for: 1 month}}", "2026-04-10"),
        ("gift: {id: g, item: cake, quota: {times: 2, per: quarter}}", "2026-03-31"),
        ("gift: {id: g, item: cake, when: {date: birthday_month}}", "2026-07-01"),
        ("gift: {id: g, item: cake, when: {date: {between: [06-05, 06-07]}}}", "2026-06-05"),
        ("discount: {percent: {2025-01-01: 5, 2026-05-01: 7}}", "2026-04-30"),
        ("discount: {percent: 5}", "2026-12-31"),
    ],
)
def test_the_next_change_may_be_that_of_a_benefit(benefit: str, expected: str) -> None:
    """What a benefit ends, begins, or is counted anew with is a change of the answer; the days are those to ask again."""
    policy = program(
        f"""
facts: {{birthday: date}}
metrics: {{spend: {{sum: {{of: purchase.amount, window: {{this: year}}}}}}}}
tiers: [{{id: guest, enter: everyone}}, {{id: silver, enter: {{spend: {{at_least: 10}}}}, benefits: [{{{benefit}}}]}}]
transitions: {{validity: {{through: {{next: year}}}}}}
"""
    )
    decision = decided(policy, "2026-03-11", [buy("2026-03-10")], facts={"birthday": "1990-07-15"})
    assert expected == str(decision.next_change)


def test_an_explanation_says_benefits_in_their_own_words() -> None:
    """What a kind of benefit says of itself stands in the explanation, in both languages, with its parameters."""
    policy = program(GIVES)
    one = customer(policy, [buy("2026-03-01", 100)], facts={"city": "south", "birthday": "1990-03-08"})
    told = policy.explain(one, as_of="2026-03-08")
    english, chinese = told.text("en"), told.text("zh")
    assert "  - discount: 12.5 % off\n  - gift: cake, 1 left\n  - service: lounge, 2 left\n" in english
    assert "  - discount：优惠 12.5%\n  - gift：蛋糕，剩余 1 次\n" in chinese
