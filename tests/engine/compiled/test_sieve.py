"""Many conditions judged at once are met exactly when each of them, asked alone, is."""

from __future__ import annotations

import random
from bisect import bisect_right
from fractions import Fraction
from typing import Any

import pytest

import viprules
from viprules.engine.compiled.sieve import comparisons, layers
from viprules.engine.deciding.walking import compare
from viprules.engine.tree import nodes as n

SPEND, VISITS = n.Fact("spend"), n.Ref("metric.visits")
OPERATORS: tuple[Any, ...] = ("<", "<=", "==", ">=", ">")


def test_what_is_sifted_equals_what_is_asked() -> None:
    """At every bound and one unit beside it, and with several comparisons of one value."""
    chance = random.Random(8)  # noqa: S311 -- examples, not secrets
    conditions = [
        tuple(
            n.Cmp(chance.choice(OPERATORS), chance.choice([SPEND, VISITS]), n.Lit(chance.randrange(-5, 6)))
            for _ in range(chance.randrange(1, 4))
        )
        for _ in range(200)
    ]
    found = layers(conditions)
    for spend in range(-7, 8):
        for visits in (-6, -5, 0, 1, 5, 6):
            values: dict[n.Node, Any] = {SPEND: spend, VISITS: visits}
            met = (1 << len(conditions)) - 1
            for one in found:
                met &= one.through[bisect_right(one.bounds, values[one.value])]
            asked = [
                all(compare(one.op, values[one.left], one.right.value) for one in many if isinstance(one.right, n.Lit))
                for many in conditions
            ]
            assert asked == [bool(met >> number & 1) for number in range(len(conditions))]


@pytest.mark.parametrize(
    "node",
    [
        n.Cmp("!=", SPEND, n.Lit(1)),
        n.Cmp(">=", SPEND, VISITS),
        n.Cmp(">=", SPEND, n.Lit(Fraction(1, 2))),
        n.Cmp("==", n.Fact("vip"), n.Lit(value=True)),
        n.Cmp(">=", n.Fact("spend", n.Lit(1)), n.Lit(1)),
        n.Cmp(">=", n.Ref("tier.since"), n.Lit(1)),
        n.Certain(n.Cmp(">=", SPEND, n.Lit(1)), truth=False),
        n.All((n.Cmp(">=", SPEND, n.Lit(1)), n.Known(SPEND))),
        n.Any((n.Cmp(">=", SPEND, n.Lit(1)),)),
    ],
)
def test_other_conditions_are_left_alone(node: n.Node) -> None:
    """What does not compare a fact or metric with a whole number is asked as it is written."""
    assert None is comparisons(node)


def test_a_condition_is_looked_into() -> None:
    """What explanations tell of, and what is surely met, is the condition inside."""
    one, other = n.Cmp(">=", SPEND, n.Lit(1)), n.Cmp("<", VISITS, n.Lit(2))
    node = n.Certain(n.Told(n.All((n.Told(one, label=""), other)), label=""))
    assert (one, other) == comparisons(node)


@pytest.mark.parametrize("record", [None, {"tier": "silver", "since": "2026-01-01"}])
def test_a_tier_with_many_benefits_gives_what_the_walk_gives(record: Any) -> None:
    """Benefits with conditions of their own, sifted or not, are those of the walk; a missing fact is left to it."""
    lines = [
        f"{{gift: {{item: g{at}, when: {{spend: {{at_least: {at}}}, orders: {{less_than: {20 - at}}}}}}}}}"
        for at in range(20)
    ]
    lines.append("{gift: {item: other, when: {any: [{spend: 3}, {orders: 4}]}}}")
    program = viprules.loads(
        "viprules: 1\nprogram: {id: p, timezone: UTC}\nfacts: {spend: number, orders: number}\ntiers:\n"
        f"  - {{id: guest, enter: everyone, benefits: [{', '.join(lines)}]}}\n"
        "  - {id: silver, enter: {spend: {at_least: 15}}}\ntransitions: {validity: while_it_holds}\n"
    )
    at = program.at("2026-06-30")
    people = [
        program.customer(facts=facts, membership=record)
        for spend in range(-1, 21)
        for facts in ({"spend": spend, "orders": 20 - spend}, {"spend": spend, "orders": 4}, {"spend": spend})
    ]
    for _ in range(3):
        assert [at.walk(one).as_dict() for one in people] == [at.decide(one).as_dict() for one in people]
