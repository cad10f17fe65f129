"""The compiled executor: a policy as straight-line Python, made once, bound to a day at a time.

It answers for complete input and hands everything unusual to the walk, so the two never differ.
Measures are taken from an index of the customer's entries.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any

from attrs import define, field

from viprules.engine.compiled.emitting import Emitter, UnknownValue, made
from viprules.engine.days import FOREVER
from viprules.engine.deciding.executing import Outputs, Walker, wanted
from viprules.engine.deciding.history import Customer, Entry
from viprules.engine.deciding.walking import Walk, measure
from viprules.engine.lowering.plan import Plan
from viprules.engine.tree import nodes as n

__all__ = ["Compiled"]

REMEMBERED_DAYS = 4096


@define(kw_only=True)
class Compiled(Walker):
    """Evaluates a step with generated code; what that cannot answer, the walk does."""

    names: tuple[str, ...] = ()
    factory: Callable[..., Callable[..., tuple[Any, ...]]] | None = None
    day_nodes: tuple[n.Node, ...] = ()
    leaves: tuple[n.Node, ...] = ()
    bound: dict[int, Callable[..., tuple[Any, ...]]] = field(factory=dict, eq=False, repr=False)
    indexed: frozenset[n.Node] = frozenset()

    @classmethod
    def of(cls, plan: Plan) -> Compiled:
        """Generate and compile the step of a plan."""
        names = tuple(name for one in plan.machines for name in wanted(one))
        emitter = Emitter(definitions=plan.definitions, given_only=False)
        live = _live(plan, names)
        for one in plan.machines:
            for binding in one.bindings:
                if binding.name in live:
                    emitter.value(n.Ref(binding.name), nullable=True)
        results = [emitter.value(n.Ref(name), nullable=True) for name in names]
        emitter.line(f"return ({', '.join(results)},)")
        factory = made(emitter, "m, c, s, leaf")
        indexed = frozenset(one for one in _aggregates(plan) if not _reads(one, plan))
        return cls(
            plan=plan,
            names=names,
            factory=factory,
            day_nodes=tuple(emitter.day_nodes),
            leaves=tuple(emitter.leaves),
            indexed=indexed,
        )

    def step(self, customer: Customer, day: int, inputs: Mapping[str, Any], tiers: Mapping[str, Any]) -> Outputs:
        """One step by the generated code, or by the walk where something is unknown."""
        if None in customer.metrics.values():
            return Walker.step(self, customer, day, inputs, tiers)
        walk = _QuickWalk(
            definitions=self.plan.definitions,
            fields=self.plan.fields,
            customer=customer,
            today=day,
            inputs=inputs,
            zone=self.plan.zone,
            tiers=tiers,
            indexed=self.indexed,
        )
        leaves = self.leaves
        try:
            values = self._at_day(day)(customer.metrics, customer, inputs, lambda k: walk.value(leaves[k], day))
        except (UnknownValue, KeyError, TypeError):
            return {name: walk.of(name) for name in self.names}
        return dict(zip(self.names, values, strict=True))

    def _at_day(self, day: int) -> Callable[..., tuple[Any, ...]]:
        found = self.bound.get(day)
        if found is None:
            if len(self.bound) >= REMEMBERED_DAYS:
                self.bound.clear()
            assert self.factory is not None  # noqa: S101 -- `of` always makes one
            found = self.bound[day] = self.factory(day, *day_values(self.plan, self.day_nodes, day))
        return found


def day_values(plan: Plan, nodes: tuple[n.Node, ...], day: int) -> list[Any]:
    """What depends on the day alone, worked out by the walk."""
    nobody = Customer(id="", facts={}, metrics={}, events=(), membership=None, overrides=(), entries={}, dated={})
    walk = Walk(definitions={}, fields={}, customer=nobody, today=day, inputs={}, zone=plan.zone)
    return [walk.value(one, day) for one in nodes]


# --- measures from an index -----------------------------------------------------------------------------


def _aggregates(plan: Plan) -> set[n.Aggregate]:
    every = [
        *plan.definitions.values(),
        *(b.left for tiers in plan.benefits.values() for ones in tiers for b in ones if b.left),
    ]
    return {one for node in every for one in n.walk_nodes(node) if isinstance(one, n.Aggregate)}


def _live(plan: Plan, names: tuple[str, ...]) -> set[str]:
    """The names that the outputs need."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and name in plan.definitions:
            found.add(name)
            waiting.extend(one.name for one in n.walk_nodes(plan.definitions[name]) if isinstance(one, n.Ref))
    return found


def _reads(node: n.Node, plan: Plan, event: str | None = None) -> bool:
    """Does what is measured depend on anything but the entry and dated facts?"""
    if isinstance(node, n.Aggregate) and event is None:
        return any(_reads(one, plan, node.event) for one in (node.value, node.where) if one is not None)
    if isinstance(node, n.Aggregate | n.AtDay) or (isinstance(node, n.Ref) and node.name != "day"):
        return True
    if isinstance(node, n.Field) and (event or "", node.name) in plan.fields:
        return _reads(plan.fields[event or "", node.name], plan, event)
    return any(_reads(one, plan, event) for one in n.children(node))


@define(kw_only=True)
class _Index:
    """The values that a measure counts, in the order of days."""

    entries: list[Entry]
    values: list[Any]
    days: list[int]
    sums: list[Any] | None
    """Running sums, where every entry counts from its day on and has a value."""

    def answer(self, node: n.Aggregate, first: int, last: int, today: int, after: int | None) -> Any:
        """The measure over a window as known today."""
        low, high = (
            bisect_left(self.days, first),
            bisect_right(self.days, min(last, today) if self.sums is not None else last),
        )
        if self.sums is not None and after is None and node.how in ("sum", "count"):
            return self.sums[high] - self.sums[low] if high > low else 0
        plain = node.how in ("sum", "count")
        counted = [
            (entry, value)
            for entry, value in zip(self.entries[low:high], self.values[low:high], strict=True)
            if entry.known <= today < entry.gone
            and (after is None or entry.instant >= after)
            and (plain or entry.minus is None)
        ]
        return measure(node.how, counted)


@define(kw_only=True)
class _QuickWalk(Walk):
    """A walk that takes measures from an index of the customer's entries."""

    indexed: frozenset[n.Node]

    def _aggregate(self, node: n.Aggregate, day: int) -> Any:
        if node not in self.indexed:
            return Walk._aggregate(self, node, day)  # noqa: SLF001 -- slotted classes cannot say super() here
        first, last = self.value(node.first, day), self.value(node.last, day)
        if first is None or last is None:
            return None
        return self._index(node).answer(node, first, last, self.today, self.window_start(node, day))

    def _index(self, node: n.Aggregate) -> _Index:
        key = (node.how in ("sum", "count"), node.event, node.value, node.where)
        found: _Index | None = self.customer.cache.get(key)
        if found is None:
            found = self.customer.cache[key] = self._indexed(node)
        return found

    def _indexed(self, node: n.Aggregate) -> _Index:
        entries, values = [], []
        plain = node.how in ("sum", "count")
        for entry in self.customer.entries.get(node.event, ()):
            if entry.minus is not None and not plain:
                continue
            for value in self.counted(node, entry):
                entries.append(entry)
                values.append(value)
        simple = all(one.known == one.day and one.gone == FOREVER for one in entries) and None not in values
        summed = simple and not any(isinstance(one, str | tuple) for one in values)
        return _Index(
            entries=entries,
            values=values,
            days=[one.day for one in entries],
            sums=[0, *accumulate(values)] if summed else None,
        )
