"""Quotas and ends of benefits by the day."""

from __future__ import annotations

from typing import Any

from tests.support.deciding import buy, decided, program


def left(quota: str, as_of: str, *uses: str, valid: str = "forever") -> list[int | None]:
    """What is left of a quota after some uses, for who is gold since the first of January 2025."""
    policy = program(
        "metrics: {spend: {sum: {of: purchase.amount, window: {this: year}}}}\n"
        "tiers:\n  - {id: guest, enter: everyone}\n  - id: gold\n    enter: {spend: {at_least: 100}}\n"
        f"    benefits: [{{service: {{id: lounge, name: lounge, quota: {{{quota}}}, valid: {valid}}}}}]\n"
        "transitions: {validity: {through: {this: year}}}\n"
    )
    events: list[dict[str, Any]] = [buy("2025-01-01", 100), buy("2026-03-01", 100)]
    events += [{"type": "benefit_used", "at": day, "benefit": "lounge"} for day in uses]
    return [one.quota_left for one in decided(policy, as_of, events).benefits]


def test_a_quota_without_a_period() -> None:
    """Every use counts, however long ago, and never below nothing."""
    assert [2] == left("times: 3", "2026-04-01", "2025-02-01")
    assert [0] == left("times: 1", "2026-04-01", "2025-02-01", "2026-03-05")


def test_a_quota_of_the_present_grant() -> None:
    """Uses before the first day of the grant that runs do not count; those on that day do."""
    assert [2] == left("times: 2, per: grant", "2026-04-01", "2025-02-01", "2025-12-31")
    assert [1] == left("times: 2, per: grant", "2026-04-01", "2026-03-01")


def test_what_was_left_over_counts_only_for_who_had_it() -> None:
    """In the first month of the tier nothing is carried, in the next what was left."""
    assert [2] == left("times: 2, per: month, carry_over: true", "2026-03-31")
    assert [3] == left("times: 2, per: month, carry_over: true", "2026-04-01", "2026-03-15")


def test_the_tier_of_everyone_always_had_it() -> None:
    """Nobody entered it, so what the month before left over is there."""
    policy = program(
        "tiers:\n  - id: guest\n    enter: everyone\n"
        "    benefits: [{service: {id: lounge, name: lounge, quota: {times: 2, per: month, carry_over: true}}}]\n"
    )
    used = {"type": "benefit_used", "at": "2026-01-05", "benefit": "lounge"}
    assert [3] == [one.quota_left for one in decided(policy, "2026-02-01", [used]).benefits]


def test_a_benefit_ends_counted_from_the_tier() -> None:
    """For thirty days from the day on which the tier was entered."""
    assert [1] == left("times: 1", "2026-03-30", valid="{for: 30 days}")
    assert [] == left("times: 1", "2026-03-31", valid="{for: 30 days}")
