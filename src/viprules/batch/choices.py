"""Days that are one of few: each can be asked as a constant, so windows stay the same for everybody.

The day of a judgement is such a one: today, or the day whose judgement is asked again.
"""

from __future__ import annotations

from typing import Protocol

from attrs import evolve
from sqlglot import exp

from viprules.batch import numbers
from viprules.batch.numbers import Cell
from viprules.batch.places import Shared
from viprules.batch.space import Expr
from viprules.engine.tree import nodes as n

__all__ = ["Choices", "few_days"]

Choices = list[tuple[Expr, int | None]]
"""Days with the condition of each; the first whose condition is true holds."""


class Lowers(Protocol):
    """What is needed of a lowering."""

    shared: Shared

    def lower(self, node: n.Node, day: n.Lit | Cell) -> n.Lit | Cell: ...
    def truth(self, node: n.Node, day: n.Lit | Cell) -> Expr: ...


def few_days(place: Lowers, node: n.Node, day: n.Lit | Cell) -> Choices | None:
    """The few days that a node may mean; None where they cannot be listed."""
    found = place.lower(node, day)
    if isinstance(found, n.Lit):
        return [(exp.true(), found.value)]  # type: ignore[list-item]  # the node is a day
    if isinstance(node, n.Told):
        return few_days(place, node.item, day)
    if isinstance(node, n.Ref):
        missed = place.shared.missed(node.name)
        if missed:
            return [(exp.EQ(this=found.of, expression=numbers.whole(one)), one) for one in missed]
        definition = place.shared.plan.definitions.get(node.name)
        return None if definition is None else few_days(place, definition, day)
    if isinstance(node, n.Case):
        return _of_case(place, node, day)
    return _at_days(place, node, day) if isinstance(node, n.AtDay) else _computed(place, node, day)


def _of_case(place: Lowers, node: n.Case, day: n.Lit | Cell) -> Choices | None:
    few: Choices = []
    for when, then in [*node.branches, (n.Lit(value=True), node.otherwise)]:
        own = few_days(place, then, day)
        if own is None or node.strict:
            return None
        few += [(exp.and_(place.truth(when, day), also, copy=False), one) for also, one in own]
    return few


def _at_days(place: Lowers, node: n.AtDay, day: n.Lit | Cell) -> Choices | None:
    few: Choices = []
    inner = few_days(place, node.day, day)
    if inner is None:
        return None
    for when, one in inner:
        own = few_days(place, node.value, n.Lit(one))
        if own is None:
            return None
        few += [(exp.and_(when, also, copy=False), other) for also, other in own]
    return few


def _computed(place: Lowers, node: n.Node, day: n.Lit | Cell) -> Choices | None:
    """What is computed of one item that may mean few days means as few."""
    moving = [one for one in n.children(node) if isinstance(place.lower(one, day), Cell)]
    if not isinstance(node, n.Arith | n.PeriodDay | n.Shift) or len(moving) != 1:
        return None
    few: Choices = []
    for when, one in few_days(place, moving[0], day) or ():
        found = place.lower(_with(node, moving[0], n.Lit(one)), day)
        if not isinstance(found, n.Lit):
            return None
        few.append((when, found.value))  # type: ignore[arg-type]  # the node is a day
    return few or None


def _with(node: n.Arith | n.PeriodDay | n.Shift, old: n.Node, new: n.Node) -> n.Node:
    """The node with one of its items replaced."""
    if isinstance(node, n.Arith):
        return evolve(node, items=tuple(new if one is old else one for one in node.items))
    changes = {one: new for one in ("day", "anchor") if getattr(node, one, None) is old}
    return evolve(node, **changes)  # type: ignore[arg-type]  # both are nodes
