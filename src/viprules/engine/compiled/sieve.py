"""Many conditions on few values, judged at once.

A condition that compares values with constants holds on an interval of each value. So the constants
that a value is compared with are sorted, and for each place among them it is noted, as the bits of a
whole number, which conditions the value lets through. To ask a thousand conditions is then to find
one place a value, and what all values let through is met.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from viprules.engine.tree import nodes as n

__all__ = ["Layer", "comparisons", "layers"]

Comparisons = tuple[n.Cmp, ...]
OPERATORS = frozenset({"<", "<=", "==", ">=", ">"})


@frozen
class Layer:
    """What one value lets through.

    The place of a value is `bisect_left` plus `bisect_right` of it in `bounds`: even between two bounds, odd
    on one. `through[place]` has the bit of each condition that the value does not exclude.
    """

    value: n.Node
    bounds: tuple[int, ...]
    through: tuple[int, ...]


def comparisons(node: n.Node) -> Comparisons | None:
    """The comparisons of facts and metrics with whole numbers that a condition consists of; None for any other."""
    if isinstance(node, n.Told) or (isinstance(node, n.Certain) and node.truth):
        return comparisons(node.item)
    if isinstance(node, n.All):
        parts = [comparisons(one) for one in node.items]
        known = [one for one in parts if one is not None]
        return tuple(one for part in known for one in part) if len(known) == len(parts) else None
    if not isinstance(node, n.Cmp) or node.op not in OPERATORS or not isinstance(node.right, n.Lit):
        return None
    given = (isinstance(node.left, n.Fact) and node.left.per is None) or (
        isinstance(node.left, n.Ref) and node.left.name.startswith("metric.")
    )
    return (node,) if given and type(node.right.value) is int else None


def layers(conditions: Sequence[Comparisons]) -> list[Layer]:
    """One layer for each value that the conditions ask."""
    values = dict.fromkeys(one.left for many in conditions for one in many)
    return [_layer(value, [[one for one in many if one.left == value] for many in conditions]) for value in values]


def _layer(value: n.Node, conditions: Sequence[Sequence[n.Cmp]]) -> Layer:
    bounds = sorted({_bound(one) for many in conditions for one in many})
    on = {bound: 2 * at + 1 for at, bound in enumerate(bounds)}
    places = 2 * len(bounds) + 1
    begin, end = [0] * (places + 1), [0] * (places + 1)
    for number, many in enumerate(conditions):
        first, after = _interval(many, on, places)
        if first < after:
            begin[first] |= 1 << number
            end[after] |= 1 << number
    through, here = [], 0
    for place in range(places):
        here = here & ~end[place] | begin[place]
        through.append(here)
    return Layer(value, tuple(bounds), tuple(through))


def _interval(many: Sequence[n.Cmp], on: dict[int, int], places: int) -> tuple[int, int]:
    """The first place at which all comparisons hold, and the first after it at which they no longer do."""
    first, after = 0, places
    for one in many:
        place = on[_bound(one)]
        if one.op in (">=", ">", "=="):
            first = max(first, place + (one.op == ">"))
        if one.op in ("<=", "<", "=="):
            after = min(after, place + (one.op != "<"))
    return first, after


def _bound(one: n.Cmp) -> int:
    bound = one.right.value if isinstance(one.right, n.Lit) else None
    assert isinstance(bound, int)  # noqa: S101 -- `comparisons` lets no other through
    return bound
