"""Many conditions on few values, judged at once.

A condition that compares values with constants holds on an interval of each. So the ends of these
intervals are sorted, and for each place between them it is noted, as the bits of a whole number,
which conditions the value lets through. To ask a thousand conditions is then to find one place a
value, and what all values let through is met. The values are whole numbers: facts and ready-made
metrics are nothing else behind the door for data.
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

    The place of a value is the number of `bounds` up to it: `bisect_right`. `through[place]` has the bit of
    each condition that the value does not exclude.
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
    intervals = [_interval(many) for many in conditions]
    bounds = sorted({one for interval in intervals for one in interval if one is not None})
    place = {bound: at for at, bound in enumerate(bounds, 1)}
    begin, end = [0] * (len(bounds) + 2), [0] * (len(bounds) + 2)
    for number, (first, after) in enumerate(intervals):
        if first is None or after is None or first < after:
            begin[0 if first is None else place[first]] |= 1 << number
            end[len(bounds) + 1 if after is None else place[after]] |= 1 << number
    through, here = [], 0
    for at in range(len(bounds) + 1):
        here = here & ~end[at] | begin[at]
        through.append(here)
    return Layer(value, tuple(bounds), tuple(through))


def _interval(many: Sequence[n.Cmp]) -> tuple[int | None, int | None]:
    """The first whole number for which all comparisons hold, and the first after it for which they no longer do."""
    least = [_bound(one) + (one.op == ">") for one in many if one.op in (">=", ">", "==")]
    beyond = [_bound(one) + (one.op != "<") for one in many if one.op in ("<=", "<", "==")]
    return max(least, default=None), min(beyond, default=None)


def _bound(one: n.Cmp) -> int:
    bound = one.right.value if isinstance(one.right, n.Lit) else None
    assert isinstance(bound, int)  # noqa: S101 -- `comparisons` lets no other through
    return bound
