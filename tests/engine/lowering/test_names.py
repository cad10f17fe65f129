"""What names stand for, and names that cannot stand for anything."""

from __future__ import annotations

import pytest

from tests.support.deciding import decided, program, standing, told


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("segments: {a: {b: true}, b: {a: true}}", "a → b → a"),
        ("segments: {a: {not: {a: true}}}", "a → a"),
        ("segments: {a: {m: 1}}\nmetrics: {m: {when: {a: true}, then: 1, otherwise: 0}}", "m → a → m"),
        ("facts: {a: {type: date, per: p}}\nperiods: {p: {every: 12 months, from: a}}", "a → a"),
    ],
)
def test_a_circle_is_told_of_once(body: str, names: str) -> None:
    """Segments, metrics and periods that need themselves are refused, each circle once."""
    assert [f"circle: these names need each other: `{names}`"] == told(
        f"{body}\ntiers: [{{id: gold, enter: {{a: {{known: true}}}}}}]\n"
    )


def test_a_circle_of_computed_fields() -> None:
    """A field cannot be computed from itself, and what is computed from it is told of once."""
    events = "events: {purchase: {a: {type: number, value: b}, b: {type: number, value: {add: [a, 1]}}}}\n"
    found = told("tiers: [{id: gold, enter: everyone}]\n", events=events)
    assert ["circle: these names need each other: `purchase.a → purchase.b → purchase.a`"] == found


def test_a_type_that_nobody_declared() -> None:
    """Types are the plain kinds, scales and tier sets; one that is meant is offered."""
    (found,) = told("facts: {n: numer}\ntiers: [{id: gold, enter: everyone}]\n")
    assert "unknown-type: there is no type `numer`" == found


LADDERS = """
facts: {before: club, days: {type: number, per: tier, if_missing: 0}, held: {type: number, per: club}}
tier_sets:
  club:
    tiers: [{id: silver, enter: everyone}, {id: gold, enter: {before: {at_least: gold}}}]
  circle:
    tiers: [{id: none, enter: everyone}, {id: inner, enter: {club: gold, days: {at_least: 2}}}]
"""


def test_a_fact_that_is_a_tier() -> None:
    """A fact may have a tier set for its type; its words are the tiers."""
    policy = program(LADDERS)
    assert "gold" == decided(policy, "2026-02-01", facts={"before": "gold"}).standings["club"].tier
    assert "silver" == decided(policy, "2026-02-01", facts={"before": "silver"}).standings["club"].tier


def test_a_fact_by_tier_of_the_ladder_at_hand() -> None:
    """`per: tier` is asked for the tier held before the day, of the ladder in which it is asked."""
    stated = {"before": "gold", "days": {"none": 2, "inner": 2, "silver": 9}}
    assert "inner" == decided(program(LADDERS), "2026-02-01", facts=stated).standings["circle"].tier
    assert "none" == decided(program(LADDERS), "2026-02-01", facts={"before": "gold"}).standings["circle"].tier


def test_tier_is_that_of_the_first_ladder_outside_of_any() -> None:
    """In a metric, which belongs to no ladder, `tier` is that of the first."""
    policy = program(
        LADDERS.replace("tier_sets:", "metrics: {m: {by: tier, values: {gold: 1}, otherwise: 0}}\ntier_sets:")
    )
    assert policy.plan.metrics["m"].type.kind == "number"
    assert standing(decided(policy, "2026-02-01"), "club")[0] == "silver"


def test_a_policy_without_tiers() -> None:
    """Without tiers nothing can be asked of them; what asks is told of where it stands."""
    found = told("metrics: {since: {count: {of: purchase, window: {since: last_change}}}}\n")
    assert "no-tiers: this needs tiers, and the policy has none" in found
