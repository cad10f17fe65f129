"""What of the machine is settled in a situation: nodes evaluated as far as the situation tells.

Bound to a day, a record is in one of few situations: which lanes run on, which end today, what was
held. In a situation the whole machine folds away: what is left open are the policy's own conditions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import define, field, frozen

from viprules.engine.days import FOREVER, NEVER
from viprules.engine.deciding.grants import situated
from viprules.engine.deciding.walking import Walk, arithmetic, compare
from viprules.engine.lowering.tiers.machine import Machine
from viprules.engine.tree import nodes as n

__all__ = ["Folding", "Open", "Situation", "situation"]


@frozen(kw_only=True)
class Situation:
    """What of a state is fixed, and in which range the rest lies."""

    fixed: tuple[tuple[str, Any], ...]
    ranges: tuple[tuple[str, tuple[int, int]], ...]


def situation(machine: Machine, state: Mapping[str, Any], day: int) -> Situation | None:
    """The situation of a folded state on a day; None where something unusual is going on."""
    fixed, ranges, name = situated(machine, state), {}, machine.tier_set.name
    if fixed[f"{name}.grace"] or fixed[f"{name}.missed"]:
        return None
    fixed |= {f"{name}.floor": machine.base, f"{name}.ceiling": len(machine.tier_set.tiers)}
    for lane in machine.lanes:
        key = f"{name}.until.{lane.key}"
        until = fixed.pop(key)
        if day < until < FOREVER:
            ranges[key] = (day + 1, FOREVER - 1)
        else:
            fixed[key] = until if until >= day - 1 else NEVER
    return Situation(fixed=tuple(fixed.items()), ranges=tuple(ranges.items()))


class Open(Exception):  # noqa: N818 -- a signal inside this module
    """A condition has to be asked before more can be said."""

    def __init__(self, atom: n.Node) -> None:
        super().__init__()
        self.atom = atom


@define(kw_only=True)
class Folding:
    """Evaluates nodes as far as a situation tells; asks for a condition where it has to."""

    definitions: Mapping[str, n.Node]
    opaque: Mapping[str, str]
    """Names of the policy's own conditions, which are asked and never looked into; of equal ones the first is asked."""
    fixed: Mapping[str, Any]
    ranges: Mapping[str, tuple[int, int]]
    walk: Walk
    answers: dict[n.Node, bool]
    seen: dict[n.Node, n.Node] = field(factory=dict)

    def met(self, atom: n.Node) -> Folding:
        """The same where a condition is met; here it is not, once that is noted in `answers`."""
        return Folding(
            definitions=self.definitions,
            opaque=self.opaque,
            fixed=self.fixed,
            ranges=self.ranges,
            walk=self.walk,
            answers=self.answers | {atom: True},
            seen=dict(self.seen),
        )

    def value(self, node: n.Node) -> n.Node:
        """A constant, or what is left of the node: a state that passes through, arithmetic over it."""
        if isinstance(node, n.Lit):
            return node
        found = self.seen.get(node)
        if found is None:
            make = getattr(self, f"_{type(node).__name__.lower()}", None)
            found = self._rest(node) if make is None else make(node)
            self.seen[node] = found
        return found

    def truth(self, node: n.Node) -> bool:
        """The truth of a condition; raises Open for one that has to be asked."""
        found = self.value(node)
        if isinstance(found, n.Lit):
            return found.value is True
        if found not in self.answers:
            raise Open(found)
        return self.answers[found]

    def _ref(self, node: n.Ref) -> n.Node:
        if node.name == "day":
            return n.Lit(self.walk.today)
        if node.name in self.fixed:
            return n.Lit(self.fixed[node.name])
        if node.name in self.opaque:
            return n.Ref(self.opaque[node.name])
        if node.name not in self.definitions or node.name.startswith("metric."):
            return node
        return self.value(self.definitions[node.name])

    def _told(self, node: n.Told) -> n.Node:
        return node

    def _certain(self, node: n.Certain) -> n.Node:
        return n.Lit(self.truth(node.item) is node.truth)

    def _not(self, node: n.Not) -> n.Node:
        return n.Lit(not self.truth(node.item))

    def _all(self, node: n.All) -> n.Node:
        return n.Lit(all(self.truth(one) for one in node.items))

    def _any(self, node: n.Any) -> n.Node:
        return n.Lit(any(self.truth(one) for one in node.items))

    def _known(self, node: n.Known) -> n.Node:
        found = self.value(node.value)
        return n.Lit(found.value is not None) if isinstance(found, n.Lit) else n.Known(found)

    def _case(self, node: n.Case) -> n.Node:
        for when, then in node.branches:
            if self.truth(when):
                return self.value(then)
        return self.value(node.otherwise)

    def _cmp(self, node: n.Cmp) -> n.Node:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(left, n.Lit) and isinstance(right, n.Lit):
            return n.Lit(compare(node.op, left.value, right.value))
        decided = self._by_range(node.op, left, right)
        return n.Cmp(node.op, left, right) if decided is None else n.Lit(decided)

    def _by_range(self, op: str, left: n.Node, right: n.Node) -> bool | None:
        """A comparison that the ranges decide."""
        one, other = self._range(left), self._range(right)
        if one is None or other is None:
            return None
        found = {compare(op, a, b) for a in one for b in other}
        overlap = one[0] <= other[1] and other[0] <= one[1]
        if op in ("==", "!="):
            return None if overlap else op == "!="
        return found.pop() if len(found) == 1 else None

    def _range(self, node: n.Node) -> tuple[int, int] | None:
        if isinstance(node, n.Lit) and isinstance(node.value, int):
            return (node.value, node.value)
        if isinstance(node, n.Ref):
            return self.ranges.get(node.name)
        if isinstance(node, n.Arith) and node.op == "highest":
            parts = [self._range(one) for one in node.items]
            known = [one for one in parts if one is not None]
            return (max(one[0] for one in known), max(one[1] for one in known)) if len(known) == len(parts) else None
        return None

    def _arith(self, node: n.Arith) -> n.Node:
        items = tuple(self.value(one) for one in node.items)
        if all(isinstance(one, n.Lit) for one in items):
            return n.Lit(arithmetic(node.op, [one.value for one in items if isinstance(one, n.Lit)]))
        return n.Arith(node.op, items)

    def _rest(self, node: n.Node) -> n.Node:
        """Days and periods: worked out where they depend on the day alone, else left as they are."""
        parts = [one for one in n.walk_nodes(node) if isinstance(one, n.Ref | n.Fact | n.Aggregate | n.Streak | n.Told)]
        if all(isinstance(one, n.Ref) and (one.name == "day" or one.name in self.fixed) for one in parts):
            return n.Lit(self.walk.value(node, self.walk.today))
        return node
