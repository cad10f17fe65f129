"""Conditions that nobody can ever meet, or only who has met them already: warnings, for the policy works."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from attrs import frozen

from viprules.engine.lowering.benefits import nodes_of
from viprules.engine.lowering.plan import Plan
from viprules.engine.policy.asking import plain_tests
from viprules.engine.policy.model import Test, TierSet, Written
from viprules.engine.tree.kinds import Type, shown
from viprules.engine.tree.nodes import All, Cmp, Lit, Node, Told, walk_nodes
from viprules.errors import Problem, problem

__all__ = ["contradictions", "self_supporting"]

LOWER = ("at_least", "more_than")
UPPER = ("at_most", "less_than")
STRICT = ("more_than", "less_than")
SHOWN = ("number", "money", "date", "text")
"""Units whose values can be said without the words of the policy."""


@frozen
class _Bound:
    """One end of what a test admits."""

    told: Told
    op: str
    value: int | Fraction


def contradictions(plan: Plan) -> Iterator[Problem]:
    """Bounds of one value that can never be met together."""
    for node in _conditions(plan):
        for one in walk_nodes(node):
            if isinstance(one, Told) and one.kind == "between":
                yield from _clashes([one])
            elif isinstance(one, All):
                yield from _together(one)


def _conditions(plan: Plan) -> Iterator[Node]:
    """What the policy asks, without the machine around it."""
    for one in plan.machines:
        machinery = tuple(f"{one.tier_set.name}.{word}." for word in ("raise", "cap", "floor"))
        yield from (binding.node for binding in one.asked)
        yield from (node for name, node in plan.definitions.items() if name.startswith(machinery))
    yield from (typed.node for typed in plan.metrics.values())
    yield from plan.fields.values()
    for ranks in plan.benefits.values():
        yield from nodes_of(ranks)


def _together(every: All) -> Iterator[Problem]:
    """The tests of an *and*, by what they measure."""
    asked: dict[Node | None, list[Told]] = {}
    for told in _parts(every):
        asked.setdefault(told.measured, []).append(told)
    for tests in asked.values():
        yield from _clashes(tests) if len(tests) > 1 else ()


def _parts(node: Node) -> Iterator[Told]:
    if isinstance(node, All):
        for one in node.items:
            yield from _parts(one)
    elif isinstance(node, Told) and node.kind == "all":
        yield from _parts(node.item)
    elif isinstance(node, Told) and node.measured is not None:
        yield node


def _clashes(tests: list[Told]) -> Iterator[Problem]:
    """The first pair of ends between which nothing lies; of values that have no more and no less, two that differ."""
    ends = [end for one in tests for end in _ends(one)]
    lower = [one for one in ends if one.op not in UPPER]
    upper = [one for one in ends if one.op not in LOWER]
    for low, high in product(lower, upper):
        strict = low.op in STRICT or high.op in STRICT
        if low.value > high.value or (low.value == high.value and strict):
            yield _never(low, high)
            return
    words = [one for one in tests if _is_word(one)]
    other = next((one for one in words if one.bound != words[0].bound), None)
    if other is not None:
        yield problem("never-met", other.source, name=other.label)


def _ends(one: Told) -> Iterator[_Bound]:
    both = one.kind == "between"
    for op, node in (("at_least" if both else one.kind, one.bound), ("at_most" if both else "", one.upper)):
        value = node.value if isinstance(node, Lit) else None
        if op in (*LOWER, *UPPER, "equals") and isinstance(value, int | Fraction) and not isinstance(value, bool):
            yield _Bound(one, op, value)


def _is_word(one: Told) -> bool:
    return isinstance(one.item, Cmp) and isinstance(one.bound, Lit) and isinstance(one.bound.value, str)


def _never(low: _Bound, high: _Bound) -> Problem:
    told = high.told
    said = {}
    if told.unit in SHOWN:
        kind = Type(kind=told.unit, decimals=told.decimals)
        said = {"low": shown(low.value, kind), "high": shown(high.value, kind)}
        said |= {"swapped": f"{said['high']}, {said['low']}"} if told.kind == low.told.kind == "between" else {}
    return problem(
        "never-met",
        told.source,
        name=told.label,
        lower=low.op.replace("_", " "),
        upper=high.op.replace("_", " "),
        **said,
    )


# --- tiers that hold themselves up --------------------------------------------------------------------


def self_supporting(plan: Plan) -> Iterator[Problem]:
    """Tiers that only who holds them can enter."""
    for ladder in plan.policy.tier_sets:
        for tier in ladder.tiers:
            ways = tier.also or ladder.also or ladder.raises or ladder.floors or tier.lifetime
            for one in () if ways else plain_tests(tier.enter, ("all",)):
                if one.name in ("tier", ladder.name) and _asks_itself(one, tier.id, ladder):
                    yield problem("needs-itself", one.source, tier=tier.id)


def _asks_itself(test: Test, tier: str, ladder: TierSet) -> bool:
    """Does the test ask for the tier or a higher one?"""
    higher = [one.id for one in ladder.tiers[ladder.rank(tier) - 1 :]]
    return any(
        op in ("at_least", "equals") and isinstance(asked, Written) and asked.value in higher
        for op, asked in test.checks
    )
