"""Lowering a plan to SQL: each kind of node has one rule, as in the walk.

Whatever depends on the day alone is worked out here, with the walk's own functions, and stands in
the statement as a constant: windows, ends of validities, dated values. The rest becomes columns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import define, evolve, field
from sqlglot import exp

from viprules.batch import numbers
from viprules.batch.calendar import MONTHS_A_YEAR, Calendar
from viprules.batch.choices import few_days
from viprules.batch.layout import CUSTOMERS, dated, keyed
from viprules.batch.measures import Measured
from viprules.batch.numbers import Cell
from viprules.batch.places import Group, Place
from viprules.batch.space import Expr, Space
from viprules.batch.streaks import periods_between, unrolled
from viprules.engine.deciding import walking
from viprules.engine.tree import nodes as n

__all__ = ["Lowered", "Lowering"]

Lowered = n.Lit | Cell
UNKNOWN = n.Lit(None)
LONGEST = 130
"""Periods of a streak: ten years of months."""


@define(kw_only=True, eq=False)
class Lowering(Place):
    """Lowering at one place."""

    minus: bool = False
    """Do fields mean what they were before a return?"""
    memo: dict[tuple[int, Any, bool], tuple[n.Node, Lowered]] = field(factory=dict)
    named: dict[tuple[str, Any], Lowered] = field(factory=dict)
    inner: dict[str, Lowering] = field(factory=dict)
    """The places of the groups, by event type."""

    def lower(self, node: n.Node, day: Lowered) -> Lowered:
        """A node as of a day: a constant, or SQL."""
        key = (id(node), _key(day), self.minus)
        if key not in self.memo:
            rule: Callable[[Any, Lowered], Lowered] = getattr(self, f"_{type(node).__name__.lower()}")
            self.memo[key] = (node, rule(node, day))
        return self.memo[key][1]

    def cell(self, value: Lowered) -> Cell:
        """A value as SQL."""
        return value if isinstance(value, Cell) else self._constant(value.value)

    def _constant(self, value: n.Scalar) -> Cell:
        if value is None:
            return Cell(of=exp.null())
        if isinstance(value, bool):
            return Cell(of=exp.true() if value else exp.false())
        if isinstance(value, str):
            return Cell(of=self.shared.text(value))
        if isinstance(value, tuple):
            return Cell(of=exp.Array(expressions=[self._constant(one).of for one in value]), many=True)
        return numbers.number(value)

    def truth(self, node: n.Node, day: Lowered) -> Expr:
        """A condition as SQL, three-valued."""
        return self.cell(self.lower(node, day)).of

    def tied(self, value: Lowered) -> Cell:
        """A value as SQL that may be used more than once."""
        cell = self.cell(value)
        per = None if cell.per is None else self.space.bind(cell.per)
        return evolve(cell, of=self.space.bind(cell.of), per=per)

    @property
    def _calendar(self) -> Calendar:
        return Calendar(self.space.bind)

    # --- leaves ---------------------------------------------------------------------------------------

    def _lit(self, node: n.Lit, day: Lowered) -> Lowered:
        del day
        return node

    def _ref(self, node: n.Ref, day: Lowered) -> Lowered:
        name, shared = node.name, self.shared
        if name == "day":
            return day
        if name == "first_day":
            return self._of_customer(name)
        if f"state {name}" in shared.layout[CUSTOMERS].columns:
            if name.endswith(".missed") and not shared.missed(name):
                return n.Lit(0)
            if self.event in shared.plan.sequential and name.endswith(".tier"):
                return shared.refuse(f"`{self.event}` has a field that depends on the tier before the event")
            return self._of_customer(f"state {name}")
        at = (name, _key(day))
        if at not in self.named:
            found = self._or_given(name, self.lower(shared.plan.definitions[name], day), day)
            self.named[at] = found if isinstance(found, n.Lit) else self.tied(found)
        return self.named[at]

    def _or_given(self, name: str, found: Lowered, day: Lowered) -> Lowered:
        """A metric, unless the customer brings it ready-made: that speaks of the day asked alone."""
        metric = name.removeprefix("metric.")
        if metric == name or metric not in self.shared.premises.given:
            return found
        own = self._of_customer(f"given {metric}")
        there = exp.Not(this=exp.Paren(this=exp.Is(this=own.of, expression=exp.null())))
        return numbers.case([(there, own if day == n.Lit(self.shared.day) else self.cell(UNKNOWN))], self.cell(found))

    def _of_customer(self, what: str) -> Cell:
        return Cell(of=self.customer(what), many=what in self.shared.layout[CUSTOMERS].many)

    def _fact(self, node: n.Fact, day: Lowered) -> Lowered:
        declared, value = self.shared.plan.policy.facts[node.name], n.Field("value")
        found = [self._of_customer(f"fact {node.name}")]
        if node.per is not None:
            entry = n.Aggregate("last", keyed(node.name), value, None, node.per, node.per)
            found.insert(0, self.cell(self.lower(entry, day)))
        if declared.set_by:
            entry = n.Aggregate("last", dated(node.name), value, None, n.Lit(1), n.TODAY)
            found.insert(0, self.cell(self.lower(entry, day)))
        first, *rest = [one.of for one in found]
        return Cell(of=exp.Coalesce(this=first, expressions=rest) if rest else first, many=found[-1].many)

    def _field(self, node: n.Field, day: Lowered) -> Lowered:
        event = self.event or ""
        computed = self.shared.plan.fields.get((event, node.name))
        if computed is not None:
            return self.lower(computed, day)
        what = f"{'minus' if self.minus else 'field'} {node.name}"
        return Cell(of=self.entry(what), many=what in self.shared.layout[event].many)

    # --- numbers --------------------------------------------------------------------------------------

    def _arith(self, node: n.Arith, day: Lowered) -> Lowered:
        items = [self.lower(one, day) for one in node.items]
        if all(isinstance(one, n.Lit) for one in items):
            return n.Lit(walking.arithmetic(node.op, [one.value for one in items if isinstance(one, n.Lit)]))
        if UNKNOWN in items:
            return UNKNOWN
        return numbers.arithmetic(node.op, [self.cell(one) for one in items], self.space.bind)

    def _round(self, node: n.Round, day: Lowered) -> Lowered:
        value = self.lower(node.value, day)
        if isinstance(value, Cell):
            return numbers.rounded(self.tied(value), node.mode, node.unit, self.space.bind)
        return UNKNOWN if value == UNKNOWN else n.Lit(walking.rounded(value.value, node.mode, node.unit))  # type: ignore[arg-type]  # numbers are rounded

    # --- truth ----------------------------------------------------------------------------------------

    def _cmp(self, node: n.Cmp, day: Lowered) -> Lowered:
        left, right = self.lower(node.left, day), self.lower(node.right, day)
        if isinstance(left, n.Lit) and isinstance(right, n.Lit):
            return n.Lit(walking.compare(node.op, left.value, right.value))
        if UNKNOWN in (left, right):
            return UNKNOWN
        return Cell(of=numbers.compare(node.op, self.cell(left), self.cell(right)))

    def _in(self, node: n.In, day: Lowered) -> Lowered:
        items = tuple(n.Cmp("==", node.value, n.Lit(one)) for one in node.options)
        return self.lower(n.Any(items), day)

    def _hasall(self, node: n.HasAll, day: Lowered) -> Lowered:
        value = self.cell(self.lower(node.value, day))
        if not value.many:
            items = tuple(n.Cmp("==", node.value, n.Lit(one)) for one in node.options)
            return self.lower(n.All(items), day)
        options = self._constant(node.options).of
        return Cell(of=exp.Anonymous(this="list_has_all", expressions=[value.of, options]))

    def _all(self, node: n.All | n.Any, day: Lowered) -> Lowered:
        decides = isinstance(node, n.Any)
        items = [self.lower(one, day) for one in node.items]
        rest = [one for one in items if one != n.Lit(not decides)]
        if n.Lit(decides) in rest:
            return n.Lit(decides)
        if all(isinstance(one, n.Lit) for one in rest):
            return UNKNOWN if rest else n.Lit(not decides)
        sides = [self.cell(one).of for one in rest]
        return Cell(of=exp.Paren(this=(exp.or_ if decides else exp.and_)(*sides, copy=False)))

    _any = _all

    def _not(self, node: n.Not, day: Lowered) -> Lowered:
        item = self.lower(node.item, day)
        if isinstance(item, n.Lit):
            return UNKNOWN if item == UNKNOWN else n.Lit(not item.value)
        return Cell(of=exp.Paren(this=exp.Not(this=exp.Paren(this=item.of))))

    def _atleast(self, node: n.AtLeast, day: Lowered) -> Lowered:
        items = [self.tied(self.lower(one, day)).of for one in node.items]

        one, none = numbers.whole(1), numbers.whole(0)

        def counted(test: Callable[[Expr], Expr]) -> Expr:
            ones = [exp.Case(ifs=[exp.If(this=test(item), true=one)], default=none) for item in items]
            total = numbers.arithmetic("add", [Cell(of=item) for item in ones], lambda item: item)
            return exp.GTE(this=total.of, expression=numbers.whole(node.count))

        maybe = counted(lambda item: exp.Not(this=exp.Paren(this=exp.Is(this=item, expression=exp.false()))))
        return numbers.case(
            [(counted(lambda item: item), Cell(of=exp.true())), (maybe, Cell(of=exp.null()))], Cell(of=exp.false())
        )

    def _certain(self, node: n.Certain, day: Lowered) -> Lowered:
        item = self.lower(node.item, day)
        if isinstance(item, n.Lit):
            return n.Lit(item.value is node.truth)
        wanted = exp.true() if node.truth else exp.false()
        return Cell(of=exp.Paren(this=exp.Is(this=exp.Paren(this=item.of), expression=wanted)))

    def _known(self, node: n.Known, day: Lowered) -> Lowered:
        value = self.lower(node.value, day)
        if isinstance(value, n.Lit):
            return n.Lit(value != UNKNOWN)
        unknown = exp.Is(this=exp.Paren(this=value.of), expression=exp.null())
        return Cell(of=exp.Paren(this=exp.Not(this=exp.Paren(this=unknown))))

    # --- choice ---------------------------------------------------------------------------------------

    def _case(self, node: n.Case, day: Lowered) -> Lowered:
        branches: list[tuple[Expr, Lowered]] = []
        otherwise: n.Node = node.otherwise
        for when, then in node.branches:
            truth = self.lower(when, day)
            if isinstance(truth, Cell):
                truth = self.tied(truth)
                if node.strict:
                    branches.append((exp.Is(this=truth.of, expression=exp.null()), UNKNOWN))
                branches.append((truth.of, self.lower(then, day)))
            elif truth.value is True or (truth == UNKNOWN and node.strict):
                otherwise = then if truth.value is True else UNKNOWN
                break
        last = self.lower(otherwise, day)
        if not branches or (
            all(one == last for _, one in branches if isinstance(last, n.Lit)) and isinstance(last, n.Lit)
        ):
            return last
        return numbers.case([(when, self.cell(one)) for when, one in branches], self.cell(last))

    def _firstknown(self, node: n.FirstKnown, day: Lowered) -> Lowered:
        first, *rest = node.items
        return self.lower(n.Case(((n.Known(first), first),), n.FirstKnown(tuple(rest))) if rest else first, day)

    def _call(self, node: n.Call, day: Lowered) -> Lowered:
        del day
        return self.shared.refuse(f"`{node.function.name}` runs a plug-in's own function")  # type: ignore[attr-defined]  # a `Function`

    def _told(self, node: n.Told, day: Lowered) -> Lowered:
        return self.lower(node.item, day)

    # --- days -----------------------------------------------------------------------------------------

    def _shift(self, node: n.Shift, day: Lowered) -> Lowered:
        start = self.lower(node.day, day)
        if isinstance(start, n.Lit):
            return n.Lit(walking.shifted(start.value, node))  # type: ignore[arg-type]  # only days are shifted
        return Cell(of=self._calendar.shifted(start.of, node.span, node.times, last=node.last))

    def _periodday(self, node: n.PeriodDay, day: Lowered) -> Lowered:
        anchor, here = self.lower(node.anchor, day), self.lower(node.day, day)
        if isinstance(anchor, n.Lit) and isinstance(here, n.Lit):
            return n.Lit(walking.period_day(node, anchor.value, here.value))  # type: ignore[arg-type]  # days
        if UNKNOWN in (anchor, here):
            return UNKNOWN
        sides = self.cell(anchor).of, self.cell(here).of
        return Cell(of=self._calendar.period_day(node.length, *sides, node.offset))

    def _elapsed(self, node: n.Elapsed, day: Lowered) -> Lowered:
        since, until = self.lower(node.since, day), self.lower(node.until, day)
        if isinstance(since, n.Lit) and isinstance(until, n.Lit):
            return n.Lit(walking.elapsed(node, since.value, until.value))  # type: ignore[arg-type]  # days
        if UNKNOWN in (since, until):
            return UNKNOWN
        a, b = self.cell(since).of, self.cell(until).of
        found: Expr = exp.Paren(this=exp.Sub(this=b, expression=a))
        if node.unit != "days":
            found = self._calendar.months_between(a, b)
        if node.unit == "years":
            found = self._calendar.floor(found, MONTHS_A_YEAR)
        return Cell(of=exp.Paren(this=exp.Add(this=found, expression=numbers.whole(int(node.started)))))

    def _atday(self, node: n.AtDay, day: Lowered) -> Lowered:
        other = self.lower(node.day, day)
        if isinstance(other, n.Lit):
            return UNKNOWN if other == UNKNOWN else self.lower(node.value, other)
        few = few_days(self, node.day, day)
        if few is not None:
            cells = [(when, self.cell(self.lower(n.AtDay(node.value, n.Lit(one)), day))) for when, one in few]
            return numbers.case(cells, Cell(of=exp.null()))
        other = self.tied(other)
        unknown = exp.Is(this=other.of, expression=exp.null())
        return numbers.case([(unknown, Cell(of=exp.null()))], self.cell(self.lower(node.value, other)))

    # --- measures -------------------------------------------------------------------------------------

    def _aggregate(self, node: n.Aggregate, day: Lowered) -> Lowered:
        if node.how == "each":
            return self.shared.refuse(f"every `{node.event}` is looked at one by one")
        first, last = self.lower(node.first, day), self.lower(node.last, day)
        if UNKNOWN in (first, last):
            return UNKNOWN
        if node.minutes and not isinstance(day, n.Lit):
            return self.shared.refuse("a window of hours is asked for at a day of each customer's own")
        fixed = all(isinstance(one, n.Lit) for one in (first, last, day)) and self.event is None
        inside = self._inside(node.event, shared=fixed)
        where, value = inside.counted(node)
        found = Measured(
            node=node,
            inside=inside,
            first=self.tied(first).of,
            last=self.tied(last).of,
            day=numbers.whole(self.shared.day),
            ends=day.value if node.minutes and isinstance(day, n.Lit) else None,  # type: ignore[arg-type]  # a day
            where=where,
            value=value,
        )
        if fixed:
            return found.for_all(self, self.shared.groups[node.event])
        unsure = [exp.Is(this=one, expression=exp.null()) for one in (found.first, found.last)]
        return numbers.case([(one, Cell(of=exp.null())) for one in unsure], found.for_each(self))

    def counted(self, node: n.Aggregate) -> tuple[Expr | None, Cell | None]:
        """Which entries count, and what each adds to a measure."""
        plan = self.shared.plan
        back = {one.returns for one in plan.policy.events.values()}
        where, value = self._added(node)
        if node.how not in ("sum", "count") or node.event not in back or plan.policy.returns.count_on != "own_day":
            return where, value
        # A difference on its own day: what is left of the sale less what there was, each if it counts.
        self.minus = True
        where_before, before = self._added(node)
        self.minus = False
        differs, nothing = self.entry("differs"), Cell(of=numbers.whole(0))
        now = exp.and_(self.entry("left"), *([] if where is None else [where]), copy=False)
        then = exp.and_(differs, *([] if where_before is None else [where_before]), copy=False)
        one = Cell(of=numbers.whole(1))
        sides = [numbers.case([(now, value or one)], nothing), numbers.case([(then, before or one)], nothing)]
        less = self.tied(numbers.arithmetic("subtract", sides, self.space.bind))
        return None if where is None else exp.Paren(this=exp.or_(differs, where, copy=False)), less

    def _added(self, node: n.Aggregate) -> tuple[Expr | None, Cell | None]:
        day = Cell(of=self.entry("day"))
        where = None
        if node.where is not None:
            where = self.tied(self.lower(n.Certain(node.where), day)).of
        return where, None if node.value is None else self.tied(self.lower(node.value, day))

    def _inside(self, event: str, *, shared: bool) -> Lowering:
        """The place over the events of a type: one for all that is measured in fixed windows, else a new one."""
        if shared and event in self.inner:
            return self.inner[event]
        inside = Lowering(shared=self.shared, space=Space(fresh=self.shared.fresh), event=event)
        if shared:
            fresh = self.shared.fresh
            self.inner[event] = inside
            self.shared.groups[event] = Group(inside=inside, name=next(fresh), owner=next(fresh))
        return inside

    def _streak(self, node: n.Streak, day: Lowered) -> Lowered:
        since = self.shared.premises.since
        if since is None:
            return self.shared.refuse("how far the events go back has to be known for a streak")
        if not isinstance(day, n.Lit):
            return self.shared.refuse("a streak is asked for at a day of each customer's own")
        most = periods_between(node.length, since, day.value)  # type: ignore[arg-type]  # a day
        if most > LONGEST:
            return self.shared.refuse(f"a streak over more than {LONGEST} periods of history")
        return self.lower(unrolled(node, most), day)

    def _dailyaverage(self, node: n.DailyAverage, day: Lowered) -> Lowered:
        del day
        return self.shared.refuse(f"the daily average of `{node.fact}`")


def _key(day: Lowered) -> Any:
    return day.value if isinstance(day, n.Lit) else day.of.name
