"""Streaks in SQL: one case that asks every period back to the first event on record."""

from __future__ import annotations

from viprules.engine.days import Span
from viprules.engine.tree.nodes import TODAY, Arith, AtDay, Case, Cmp, Known, Lit, Node, Not, PeriodDay, Ref, Streak

__all__ = ["periods_between", "unrolled"]

SHORTEST_MONTH = 28


def periods_between(length: Span, since: int, day: int) -> int:
    """So many periods, whatever their anchor, that the last of them surely ended before `since`."""
    days = length.months * SHORTEST_MONTH or length.days
    return max(day - since, 0) // days + 2


def unrolled(node: Streak, most: int) -> Node:
    """The length of a streak, asked of `most` periods, of which the last ended before the customer's first event."""
    branches: list[tuple[Node, Node]] = []
    tomorrow = Arith("add", (TODAY, Lit(1)))
    for back in range(most):
        end = Arith("add", (PeriodDay(node.length, node.anchor, tomorrow, -back), Lit(-1)))
        truth = AtDay(node.condition, end)
        branches += [
            (Cmp("<", end, Ref("first_day")), Lit(back)),
            (Not(Known(truth)), Lit(None)),
            (Not(truth), Lit(back + int(node.counts_first))),
        ]
    return Case(tuple(branches), Lit(None))
