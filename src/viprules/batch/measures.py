"""Measures over events in SQL: a grouped SELECT where all have the same window, else one for each customer."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve, frozen
from sqlglot import exp

from viprules.batch import numbers
from viprules.batch.numbers import Cell
from viprules.batch.places import Group, Place
from viprules.batch.space import Expr
from viprules.engine.days import MINUTE
from viprules.engine.tree.nodes import Aggregate

__all__ = ["Measured"]

Within = Callable[[Expr], Expr]


@frozen(kw_only=True)
class Measured:
    """A measure over the entries of a place, with its window as of a day and as known on the day asked."""

    node: Aggregate
    inside: Place
    first: Expr
    last: Expr
    day: Expr
    ends: int | None = None
    """The day at whose end a window of minutes ends."""
    where: Expr | None = None
    """Which entries count, never unknown."""
    value: Cell | None = None
    """What an entry adds; None where it is the entry itself that counts."""

    def for_all(self, outer: Place, group: Group) -> Cell:
        """The measure where the window is the same for everybody: a column of the grouped SELECT."""
        here = self.inside.space.bind(exp.and_(*self._tests(), copy=False))
        cell = self._measure(lambda one: exp.Filter(this=one, expression=exp.Where(this=here)))

        def seen(expression: Expr) -> Expr:
            if expression not in group.columns:
                group.columns[expression] = next(outer.shared.fresh)
            return outer.space.take(group.name, group.columns[expression])

        return _mapped(cell, seen)

    def for_each(self, outer: Place) -> Cell:
        """The measure where the window is each customer's own: a SELECT that names the customer."""
        tests = [*self._tests(), exp.EQ(this=self.inside.customer("id"), expression=outer.customer("id"))]

        def asked(expression: Expr) -> Expr:
            rows = self.inside.rows([*tests, expression])
            query = exp.Select(expressions=[expression.copy()]).from_(rows, copy=False)
            return outer.space.bind(exp.Subquery(this=query.where(*(one.copy() for one in tests), copy=False)))

        return _mapped(self._measure(lambda one: one), asked)

    def _tests(self) -> list[Expr]:
        """Which entries count: in the window, known on the day, and surely meeting the condition."""
        entry = self.inside.entry
        tests: list[Expr] = [
            exp.GTE(this=entry("day"), expression=self.first), exp.LTE(this=entry("day"), expression=self.last),
            exp.LTE(this=entry("known"), expression=self.day), exp.GT(this=entry("gone"), expression=self.day),
        ]  # fmt: skip
        if self.ends is not None:
            after = self.inside.shared.plan.zone.start_of(self.ends + 1) - self.node.minutes * MINUTE
            tests.append(exp.GTE(this=entry("instant"), expression=numbers.whole(after)))
        if self.node.how not in ("sum", "count"):
            tests.append(exp.Not(this=entry("differs")))
        return [*tests, *([self.where] if self.where is not None else [])]

    def _measure(self, within: Within) -> Cell:
        """Unknown as soon as one value is, which no aggregate of SQL says by itself."""
        how, value = self.node.how, self.value
        of = numbers.whole(1) if value is None else value.of
        per = None if value is None or how == "distinct" else value.per
        if numbers.constant(per) is None:
            self.inside.shared.refuse("a measure of fractions whose denominators differ")
        found = self._aggregate(of, within)
        if value is not None:
            known = exp.EQ(this=within(exp.Count(this=exp.Star())), expression=within(exp.Count(this=of)))
            found = exp.Case(ifs=[exp.If(this=known, true=found)])
        if how == "average":
            count = within(exp.Count(this=of))
            per = count if per is None else exp.Mul(this=count, expression=per)
        return Cell(of=found, per=per, many=how in ("first", "last") and value is not None and value.many)

    def _aggregate(self, of: Expr, within: Within) -> Expr:
        entry = self.inside.entry
        edge = [of, entry("place")]
        found: dict[str, Callable[[], Expr]] = {
            "average": lambda: exp.Sum(this=of), "max": lambda: exp.Max(this=of), "min": lambda: exp.Min(this=of),
            "distinct": lambda: exp.Count(this=exp.Distinct(expressions=[of])),
            "count_days": lambda: exp.Count(this=exp.Distinct(expressions=[entry("day")])),
            "first_day": lambda: exp.Min(this=entry("day")), "last_day": lambda: exp.Max(this=entry("day")),
            "first": lambda: exp.Anonymous(this="arg_min", expressions=edge),
            "last": lambda: exp.Anonymous(this="arg_max", expressions=edge),
        }  # fmt: skip
        if self.node.how in ("sum", "count"):
            return exp.Coalesce(this=within(exp.Sum(this=of)), expressions=[numbers.whole(0)])
        return within(found[self.node.how]())


def _mapped(cell: Cell, make: Within) -> Cell:
    """The value, and its denominator unless that is constant, as columns of another place."""
    return evolve(
        cell, of=make(cell.of), per=cell.per if cell.per is None or numbers.constant(cell.per) else make(cell.per)
    )
