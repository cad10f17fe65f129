"""Measures of nothing: what is unknown takes nobody's tier away, so a bound on such a measure never lowers."""

from __future__ import annotations

from collections.abc import Iterator

from viprules.engine.lowering.plan import Plan
from viprules.engine.policy.asking import plain_tests
from viprules.engine.policy.model import Tier, TierSet
from viprules.engine.tree.nodes import Aggregate, Arith, AtDay, Case, FirstKnown, Lit, Node, Ref, Round
from viprules.errors import Problem, problem

__all__ = ["never_lowering"]

EMPTY = ("max", "min", "average", "first", "last")
"""Measures that are unknown without events."""
RISING = ("at_least", "more_than", "between")


def never_lowering(plan: Plan) -> Iterator[Problem]:
    """Bounds under which a tier is never lost by who does nothing any more."""
    for ladder in plan.policy.tier_sets:
        for tier in ladder.tiers:
            for test in plain_tests(tier.stay or tier.enter) if _ends(tier, ladder) else ():
                typed = plan.metrics.get(test.name)
                rises = any(op in RISING for op, _ in test.checks)
                if rises and typed is not None and _is_empty(typed.node, plan):
                    yield problem("never-lowers", test.source, name=test.name, tier=tier.id)


def _ends(tier: Tier, ladder: TierSet) -> bool:
    """Is the tier meant to be lost by who does not meet its condition?"""
    stated = [tier.transitions.validity] if tier.transitions.validity else [one.validity for one in ladder.blocks]
    return any(one is None or one.kind != "forever" for one in stated)


def _is_empty(node: Node, plan: Plan) -> bool:
    """May the value be unknown because a window holds no event?"""
    if isinstance(node, Aggregate):
        return node.how in EMPTY and not isinstance(node.first, Lit)
    if isinstance(node, FirstKnown):
        return all(_is_empty(one, plan) for one in node.items)
    return any(_is_empty(one, plan) for one in _parts(node, plan))


def _parts(node: Node, plan: Plan) -> tuple[Node, ...]:
    """What the value is made of."""
    match node:
        case Ref() if node.name in plan.definitions:
            return (plan.definitions[node.name],)
        case Case():
            return (*(value for _, value in node.branches), node.otherwise)
        case Arith():
            return node.items
        case AtDay() | Round():
            return (node.value,)
        case _:
            return ()
