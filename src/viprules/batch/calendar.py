"""Days, months and periods in SQL, number for number what `engine.days` computes.

A day is a whole number as there. Month arithmetic is DuckDB's own, which counts from the original
day and clamps to the month's end as ours does; the ends of the calendar are ours.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlglot import exp

from viprules.batch.numbers import whole
from viprules.batch.space import Expr
from viprules.engine.days import FOREVER, Span

__all__ = ["MONTHS_A_YEAR", "Calendar"]

LAST_YEAR = date(date.max.year, 1, 1).toordinal()
MONTHS_A_YEAR = 12
FAR = 4_000_000
"""More periods than the calendar holds: added before a division, so that it never meets a negative number."""
MINUTES_A_DAY = 1440


def _op(kind: type[exp.Binary], left: Expr, right: Expr | int) -> Expr:
    return exp.Paren(this=kind(this=left, expression=whole(right) if isinstance(right, int) else right))


def _call(name: str, *arguments: Expr) -> Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _when(*branches: tuple[Expr, Expr], otherwise: Expr) -> Expr:
    return exp.Case(ifs=[exp.If(this=when, true=then) for when, then in branches], default=otherwise)


class Calendar:
    """Day arithmetic whose intermediate steps become columns."""

    def __init__(self, bind: Callable[[Expr], Expr]) -> None:
        """`bind` gives an expression a name."""
        self.bind = bind

    def date(self, day: Expr) -> Expr:
        """The date of a day."""
        first = exp.cast(exp.Literal.string("0001-01-01"), "DATE")
        return self.bind(_op(exp.Add, first, exp.cast(_op(exp.Sub, day, 1), "INT")))

    def day(self, moment: Expr) -> Expr:
        """The day of a date."""
        first = exp.cast(exp.Literal.string("0001-01-01"), "DATE")
        return self.bind(_op(exp.Add, _op(exp.Sub, exp.cast(moment, "DATE"), first), 1))

    def add_months(self, day: Expr, months: Expr) -> Expr:
        """The same day of a later month, clamped."""
        moved = self.day(_op(exp.Add, self.date(day), _call("to_months", exp.cast(months, "INT"))))
        return self.bind(
            _when(
                (_op(exp.GTE, moved, LAST_YEAR), whole(FOREVER)), (_op(exp.LT, moved, 1), whole(1)), otherwise=moved
            )
        )  # fmt: skip

    def add_span(self, day: Expr, span: Span, times: Expr) -> Expr:
        """A day plus so many spans."""
        if span.months:
            return self.add_months(day, _op(exp.Mul, times, span.months))
        days = span.days or -(-span.minutes // MINUTES_A_DAY)
        moved = self.bind(_op(exp.Add, day, _op(exp.Mul, times, days)))
        return self.bind(
            _when((_op(exp.GT, moved, FOREVER), whole(FOREVER)), (_op(exp.LT, moved, 1), whole(1)), otherwise=moved)
        )

    def shifted(self, day: Expr, span: Span, times: int, *, last: bool) -> Expr:
        """A day moved by a span, or the last day of a span that begins with it; an open end stays open."""
        day = self.bind(day)
        end = self.add_span(day, span, whole(1 if last else times))
        if last and span.months:
            same = _op(exp.EQ, _call("day", self.date(end)), _call("day", self.date(day)))
            eve = _when((_op(exp.EQ, end, FOREVER), end), (same, _op(exp.Sub, end, 1)), otherwise=end)
        elif last:
            eve = _when((_op(exp.EQ, end, FOREVER), end), otherwise=_op(exp.Sub, end, 1))
        else:
            eve = end
        unknown = exp.Is(this=day, expression=exp.null())
        return _when((unknown, exp.null()), (_op(exp.EQ, day, FOREVER), whole(FOREVER)), otherwise=eve)

    def months_between(self, since: Expr, until: Expr) -> Expr:
        """Whole months from one day to another."""
        since, until = self.bind(since), self.bind(until)
        a, b = self.date(since), self.date(until)
        years = _op(exp.Mul, _op(exp.Sub, _call("year", b), _call("year", a)), MONTHS_A_YEAR)
        count = self.bind(_op(exp.Add, years, _op(exp.Sub, _call("month", b), _call("month", a))))
        come = _op(exp.LTE, self.add_months(since, count), until)
        return self.bind(_when((come, count), otherwise=_op(exp.Sub, count, 1)))

    def floor(self, number: Expr, by: int) -> Expr:
        """A division that rounds down, below zero too."""
        up = _op(exp.Add, number, FAR * by)
        return self.bind(_op(exp.Sub, exp.Paren(this=exp.IntDiv(this=up, expression=whole(by))), FAR))

    def period_day(self, length: Span, anchor: Expr, day: Expr, offset: int) -> Expr:
        """First day of the period that lies `offset` periods from the one that holds a day."""
        anchor, day = self.bind(anchor), self.bind(day)
        if length.months:
            number = self.floor(self.months_between(anchor, day), length.months)
        else:
            number = self.floor(_op(exp.Sub, day, anchor), length.days)
        return self.add_span(anchor, length, _op(exp.Add, number, offset))
