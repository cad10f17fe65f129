"""Nodes put together: what is constant is left out, so that what is lowered stays small and readable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from viprules.engine.days import FOREVER
from viprules.engine.tree.nodes import TODAY, All, Any, Arith, Case, Lit, Node

__all__ = ["FALSE", "TOMORROW", "TRUE", "ZERO", "all_of", "any_of", "case", "later_of", "shift"]

TRUE: Final = Lit(value=True)
FALSE: Final = Lit(value=False)
ZERO: Final = Lit(0)


def shift(node: Node, days: int) -> Node:
    """A day so many days later."""
    match node:
        case Lit(int(day)):
            return Lit(day + days)
        case Arith("add", (inner, Lit(int(moved)))):
            return shift(inner, moved + days)
    return Arith("add", (node, Lit(days))) if days else node


TOMORROW: Final = shift(TODAY, 1)


def case(*branches: tuple[Node, Node], otherwise: Node) -> Node:
    """The first branch whose condition is surely true; no case at all where the answer is always the same."""
    found: list[tuple[Node, Node]] = []
    for when, node in branches:
        if when == TRUE:  # what follows is never asked
            otherwise = node
            break
        if when != FALSE:
            found.append((when, node))
    return otherwise if all(one == otherwise for _, one in found) else Case(tuple(found), otherwise)


def all_of(items: Sequence[Node]) -> Node:
    """And, without the parts that are always true."""
    rest = [one for one in items if one != TRUE]
    if FALSE in rest:
        return FALSE
    return rest[0] if len(rest) == 1 else All(tuple(rest))


def any_of(items: Sequence[Node]) -> Node:
    """Or, without the parts that are always false."""
    rest = [one for one in items if one != FALSE]
    if not rest:
        return FALSE
    return rest[0] if len(rest) == 1 else Any(tuple(rest))


def later_of(left: Node, right: Node) -> Node:
    """The later of two days."""
    return right if right == Lit(FOREVER) else Arith("highest", (left, right))
