"""Streaks in SQL: as many periods are asked as the largest bound that a streak is compared with."""

from __future__ import annotations

from collections.abc import Mapping

from viprules.engine.nodes import (
    TODAY,
    Arith,
    AtDay,
    Case,
    Cmp,
    Known,
    Lit,
    Node,
    Not,
    PeriodDay,
    Ref,
    Streak,
    Told,
    children,
)
from viprules.engine.plan import Plan

__all__ = ["bounds", "unrolled"]

MOST = 40


def bounds(plan: Plan) -> dict[Streak, int]:
    """For each streak how many periods have to be asked; none for one whose exact length is used."""
    found: dict[Streak, int] = {}
    open_ended: set[Streak] = set()
    for node in (*plan.definitions.values(), *plan.fields.values()):
        named = _streak(node, {})
        for part in children(named) if named else (node,):
            _look(part, plan.definitions, found, open_ended)
    return {one: most for one, most in found.items() if one not in open_ended and most <= MOST}


def _streak(node: Node, definitions: Mapping[str, Node]) -> Streak | None:
    while isinstance(node, Told | Ref):
        following = node.item if isinstance(node, Told) else definitions.get(node.name)
        if following is None:
            return None
        node = following
    return node if isinstance(node, Streak) else None


def _look(node: Node, definitions: Mapping[str, Node], found: dict[Streak, int], open_ended: set[Streak]) -> None:
    """Collect what streaks are compared with, and which are used in another way."""
    own = _streak(node, definitions)
    if own is not None:
        open_ended.add(own)
    if isinstance(node, Told):
        return _look(node.item, definitions, found, open_ended)
    for one in children(node):
        streak = _streak(one, definitions)
        others = [other.value for other in children(node) if isinstance(other, Lit)]
        if isinstance(node, Cmp) and streak is not None and len(others) == 1 and isinstance(others[0], int):
            found[streak] = max(found.get(streak, 0), others[0] + 2)
        else:
            _look(one, definitions, found, open_ended)
    return None


def unrolled(node: Streak, most: int) -> Node:
    """The length of a streak as one case, up to a length that nothing distinguishes from a longer one."""
    branches: list[tuple[Node, Node]] = []
    tomorrow = Arith("add", (TODAY, Lit(1)))
    for back in range(most):
        end = Arith("add", (PeriodDay(node.length, node.anchor, tomorrow, -back), Lit(-1)))
        truth = AtDay(node.condition, end)
        branches += [
            (Cmp("<", end, Ref("first_day")), Lit(back)), (Not(Known(truth)), Lit(None)),
            (Not(truth), Lit(back + int(node.counts_first))),
        ]  # fmt: skip
    return Case(tuple(branches), Lit(most))
