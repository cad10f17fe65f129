"""The walk: evaluates the tree node by node, obviously right; the reference for every other executor.

Names are looked up lazily and remembered per day, so a metric or a condition can be asked at any
day, with what is known today: net of the returns up to today, without what is still to come. Unknown is None and is
three-valued through and through.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any as Anything

from attrs import define, field

from viprules.engine.days import (
    FOREVER,
    MINUTE,
    NEVER,
    Zone,
    add_span,
    elapsed_months,
    end_of_span,
    period_number,
    period_start,
)
from viprules.engine.deciding.history import Customer, Entry
from viprules.engine.tree import nodes as n
from viprules.engine.tree.kinds import exact

__all__ = ["Walk", "arithmetic", "compare", "elapsed", "measure", "period_day", "rounded", "shifted"]

COMPARE: dict[str, Callable[[Anything, Anything], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
MONTHS_A_YEAR = 12
LONGEST_STREAK = 1200


@define(kw_only=True)
class Walk:
    """One customer asked as of one day: definitions by name, inputs by name, and what is known so far."""

    definitions: Mapping[str, n.Node]
    """Metrics and bindings: names with the nodes they stand for."""
    fields: Mapping[tuple[str, str], n.Node]
    """Computed fields, by event type and name."""
    customer: Customer
    today: int
    inputs: Mapping[str, Anything]
    zone: Zone
    tiers: Mapping[str, Mapping[str, Anything]] = field(factory=dict)
    """What `tier` was just before each event."""
    known: dict[tuple[str, int], Anything] = field(factory=dict)
    entry: Entry | None = None
    part: Mapping[str, Anything] | None = None
    """The fields of the entry at hand: as they are, or as they were before a return."""

    def of(self, name: str, day: int | None = None) -> Anything:
        """The value of a name, as of today or another day."""
        return self.value(n.Ref(name), self.today if day is None else day)

    def value(self, node: n.Node, day: int) -> Anything:
        """The value of a node as of a day."""
        return getattr(self, f"_{type(node).__name__.lower()}")(node, day)

    def values(self, items: Iterable[n.Node], day: int) -> list[Anything]:
        """The values of several nodes."""
        return [self.value(one, day) for one in items]

    # --- leaves ---------------------------------------------------------------------------------------

    def _lit(self, node: n.Lit, day: int) -> Anything:
        del day
        return node.value

    def _ref(self, node: n.Ref, day: int) -> Anything:
        name = node.name
        if name == "day":
            return day
        if self.entry is not None and name in self.tiers.get(self.entry.event, {}):
            return self.tiers[self.entry.event][name]
        if name in self.inputs:
            return self.inputs[name]
        given = self.customer.metrics
        if given and name[7:] in given and name.startswith("metric."):
            return given[name[7:]] if day == self.today else None
        at = (name, day)
        if at not in self.known:
            outside, self.entry, part, self.part = self.entry, None, self.part, None
            self.known[at] = self.value(self.definitions[name], day)
            self.entry, self.part = outside, part
        return self.known[at]

    def _fact(self, node: n.Fact, day: int) -> Anything:
        per = None if node.per is None else self.value(node.per, day)
        return self.customer.fact(node.name, min(day, self.today), per)

    def _field(self, node: n.Field, day: int) -> Anything:
        del day
        entry, fields = self.entry, self.part
        if entry is None or fields is None:  # pragma: no cover -- the lowering puts fields into events only
            return None
        computed = self.fields.get((entry.type, node.name))
        return fields.get(node.name) if computed is None else self.value(computed, entry.day)

    # --- numbers --------------------------------------------------------------------------------------

    def _arith(self, node: n.Arith, day: int) -> Anything:
        return arithmetic(node.op, self.values(node.items, day))

    def _round(self, node: n.Round, day: int) -> Anything:
        value = self.value(node.value, day)
        return None if value is None else rounded(value, node.mode, node.unit)

    # --- truth ----------------------------------------------------------------------------------------

    def _cmp(self, node: n.Cmp, day: int) -> Anything:
        return compare(node.op, self.value(node.left, day), self.value(node.right, day))

    def _in(self, node: n.In, day: int) -> Anything:
        value = self.value(node.value, day)
        return None if value is None else value in node.options

    def _hasall(self, node: n.HasAll, day: int) -> Anything:
        value = self.value(node.value, day)
        if value is None:
            return None
        held = value if isinstance(value, tuple) else (value,)
        return all(one in held for one in node.options)

    def _all(self, node: n.All, day: int) -> Anything:
        found = self.values(node.items, day)
        return False if False in found else None if None in found else True

    def _any(self, node: n.Any, day: int) -> Anything:
        found = self.values(node.items, day)
        return True if True in found else None if None in found else False

    def _not(self, node: n.Not, day: int) -> Anything:
        value = self.value(node.item, day)
        return None if value is None else not value

    def _atleast(self, node: n.AtLeast, day: int) -> Anything:
        found = self.values(node.items, day)
        surely = sum(one is True for one in found)
        maybe = surely + sum(one is None for one in found)
        return True if surely >= node.count else None if maybe >= node.count else False

    def _certain(self, node: n.Certain, day: int) -> Anything:
        return self.value(node.item, day) is node.truth

    def _known(self, node: n.Known, day: int) -> Anything:
        return self.value(node.value, day) is not None

    # --- choice ---------------------------------------------------------------------------------------

    def _case(self, node: n.Case, day: int) -> Anything:
        for when, then in node.branches:
            truth = self.value(when, day)
            if truth is True:
                return self.value(then, day)
            if truth is None and node.strict:
                return None
        return self.value(node.otherwise, day)

    def _firstknown(self, node: n.FirstKnown, day: int) -> Anything:
        return next((one for one in self.values(node.items, day) if one is not None), None)

    def _call(self, node: n.Call, day: int) -> Anything:
        items = self.values(node.items, day)
        return None if None in items else node.function(*items)

    def _told(self, node: n.Told, day: int) -> Anything:
        return self.value(node.item, day)

    # --- days -----------------------------------------------------------------------------------------

    def _shift(self, node: n.Shift, day: int) -> Anything:
        return shifted(self.value(node.day, day), node)

    def _periodday(self, node: n.PeriodDay, day: int) -> Anything:
        return period_day(node, self.value(node.anchor, day), self.value(node.day, day))

    def _elapsed(self, node: n.Elapsed, day: int) -> Anything:
        return elapsed(node, self.value(node.since, day), self.value(node.until, day))

    def _atday(self, node: n.AtDay, day: int) -> Anything:
        other = self.value(node.day, day)
        return None if other is None else self.value(node.value, other)

    # --- measures -------------------------------------------------------------------------------------

    def _aggregate(self, node: n.Aggregate, day: int) -> Anything:
        first, last = self.value(node.first, day), self.value(node.last, day)
        if first is None or last is None:
            return None
        return measure(node.how, list(self._counted(node, day, first, last)))

    def _counted(self, node: n.Aggregate, day: int, first: int, last: int) -> Iterator[tuple[Entry, Anything]]:
        """The entries in the window that are known today and surely meet `where`, with their value."""
        after = self.window_start(node, day)
        plain = node.how in ("sum", "count")
        for entry in self.customer.entries.get(node.event, ()):
            here = first <= entry.day <= last and entry.known <= self.today < entry.gone
            if not here or (after is not None and entry.instant < after) or (entry.minus is not None and not plain):
                continue
            yield from ((entry, value) for value in self.counted(node, entry))

    def counted(self, node: n.Aggregate, entry: Entry) -> tuple[Anything, ...]:
        """What an entry adds to a measure: a value (unknown perhaps), or nothing."""
        if entry.minus is None:
            return self._added(node, entry, entry.fields)
        after = self._added(node, entry, entry.fields) if entry.weight == 0 else ()
        before = self._added(node, entry, entry.minus)
        return (None if None in after + before else sum(after) - sum(before),)

    def _added(self, node: n.Aggregate, entry: Entry, fields: Mapping[str, Anything]) -> tuple[Anything, ...]:
        outside, part = self.entry, self.part
        self.entry, self.part = entry, fields
        counts = node.where is None or self.value(node.where, entry.day) is True
        found = () if not counts else (1,) if node.value is None else (self.value(node.value, entry.day),)
        self.entry, self.part = outside, part
        return found

    def window_start(self, node: n.Aggregate, day: int) -> int | None:
        """The first instant of a window of minutes, which ends with the day or with the instant asked."""
        if not node.minutes:
            return None
        instant = self.inputs.get("instant") if day == self.today else None
        end = self.zone.start_of(day + 1) if instant is None else instant + 1
        return int(end - node.minutes * MINUTE)

    def _streak(self, node: n.Streak, day: int) -> Anything:
        anchor, begun = self.value(node.anchor, day), self.customer.first_day
        if anchor is None:
            return None
        number = period_number(anchor, node.length, day + 1) - 1
        count = 0
        while count < LONGEST_STREAK:
            end = period_start(anchor, node.length, number + 1) - 1
            if end < begun:
                return count
            truth = self.value(node.condition, end)
            if truth is None:
                return None
            if not truth:
                return count + (1 if node.counts_first else 0)
            count += 1
            number -= 1
        return count

    def _dailyaverage(self, node: n.DailyAverage, day: int) -> Anything:
        first, last = self.value(node.first, day), self.value(node.last, day)
        if first is None or last is None or last < first:
            return None
        found = [self.customer.fact(node.fact, min(one, self.today)) for one in range(first, last + 1)]
        return None if None in found else exact(Fraction(sum(found)) / len(found))


# --- what every executor computes alike ----------------------------------------------------------------


def compare(op: str, left: Anything, right: Anything) -> bool | None:
    """A comparison; unknown if a side is."""
    return None if left is None or right is None else COMPARE[op](left, right)


def arithmetic(op: str, values: list[Anything]) -> Anything:  # noqa: PLR0911 -- a table of operations
    """Exact arithmetic; unknown if an item is, or by division by zero."""
    if None in values:
        return None
    if op == "add":
        return exact(sum(values))
    if op == "highest":
        return max(values)
    if op == "lowest":
        return min(values)
    if op == "product":
        total: Anything = 1
        for one in values:
            total = total * one
        return exact(total)
    left, right = values
    if op == "subtract":
        return exact(left - right)
    return None if right == 0 else exact(Fraction(left) / Fraction(right))


def rounded(value: int | Fraction, mode: str, unit: Fraction) -> int | Fraction:
    """Rounded to whole multiples of `unit`; `down` is towards zero, halves by the mode."""
    size = abs(Fraction(value)) / unit
    low, rest = floor(size), size - floor(size)
    half = Fraction(1, 2)
    if mode == "down":
        whole = low
    elif mode == "up":
        whole = ceil(size)
    elif rest == half:
        whole = low + 1 if mode == "half_up" or low % 2 else low
    else:
        whole = low + (rest > half)
    return exact((whole if value >= 0 else -whole) * unit)


def shifted(start: int | None, node: n.Shift) -> int | None:
    """A day moved by a span; an open end stays open, and what never was stays so."""
    if start in (None, NEVER, FOREVER):
        return start
    return end_of_span(start, node.span) if node.last else add_span(start, node.span, node.times)


def period_day(node: n.PeriodDay, anchor: int | None, day: int | None) -> int | None:
    """First day of the period that lies `offset` periods from the one holding the day."""
    if anchor is None or day is None:
        return None
    return period_start(anchor, node.length, period_number(anchor, node.length, day) + node.offset)


def elapsed(node: n.Elapsed, since: int | None, until: int | None) -> int | None:
    """Whole units, or with `started` the unit that runs."""
    if since is None or until is None:
        return None
    if node.unit == "days":
        return until - since + node.started
    months = elapsed_months(since, until)
    return (months if node.unit == "months" else months // MONTHS_A_YEAR) + node.started


def measure(how: str, counted: list[tuple[Entry, Anything]]) -> Anything:  # noqa: PLR0911 -- a table of measures
    """A measure over the entries of a window; an empty sum is 0, an empty max unknown."""
    values = [value for _, value in counted]
    if None in values:
        return None
    if how in ("sum", "count"):
        return exact(sum(values))
    if how == "each":
        return tuple((entry.day, value) for entry, value in counted)
    if how == "distinct":
        return len(set(values))
    if how == "count_days":
        return len({entry.day for entry, _ in counted})
    if not counted:
        return None
    if how in ("max", "min"):
        return max(values) if how == "max" else min(values)
    if how == "average":
        return exact(Fraction(sum(values)) / len(values))
    entry, value = counted[0] if how in ("first", "first_day") else counted[-1]
    return entry.day if how.endswith("_day") else value
