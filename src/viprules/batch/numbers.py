"""Exact numbers in SQL: whole numbers, and fractions as a numerator over a positive denominator.

Unknown is NULL in the numerator, whatever the denominator. Products and comparisons are done in
HUGEINT; what does not fit there is an error of the database, never another number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from math import lcm

from attrs import frozen
from sqlglot import exp

from viprules.batch.space import Expr

__all__ = ["Cell", "arithmetic", "case", "compare", "constant", "number", "rounded", "whole"]

Bind = Callable[[Expr], Expr]
COMPARE: dict[str, type[exp.Binary]] = {
    "<": exp.LT, "<=": exp.LTE, "==": exp.EQ, "!=": exp.NEQ, ">=": exp.GTE, ">": exp.GT,
}  # fmt: skip


@frozen(kw_only=True)
class Cell:
    """A value in SQL."""

    of: Expr
    """The value itself, or the numerator."""
    per: Expr | None = None
    """The denominator, where it may be other than 1."""
    many: bool = False
    """Is it a list?"""


def whole(value: int) -> Expr:
    """A whole number as SQL."""
    return exp.Literal.number(str(value)) if value >= 0 else exp.Paren(this=exp.Neg(this=exp.Literal.number(-value)))


def number(value: int | Fraction) -> Cell:
    """A number as SQL."""
    if isinstance(value, Fraction):
        return Cell(of=whole(value.numerator), per=whole(value.denominator))
    return Cell(of=whole(value))


def constant(expression: Expr | None) -> int | None:
    """The whole number that an expression always is; no denominator is 1."""
    if expression is None:
        return 1
    inner = expression.this if isinstance(expression, exp.Paren) else expression
    sign, inner = (-1, inner.this) if isinstance(inner, exp.Neg) else (1, inner)
    return sign * int(inner.this) if isinstance(inner, exp.Literal) and not inner.is_string else None


def _times(left: Expr, right: Expr | None) -> Expr:
    a, b = constant(left), constant(right)
    if right is None or b == 1:
        return left
    if a is not None and b is not None:
        return whole(a * b)
    return exp.Paren(this=exp.Mul(this=exp.cast(left, "HUGEINT"), expression=right))


def _per(cell: Cell) -> Expr:
    return cell.per or whole(1)


def compare(op: str, left: Cell, right: Cell) -> Expr:
    """A comparison, crosswise where there are fractions; NULL if a side is."""
    return exp.Paren(this=COMPARE[op](this=_times(left.of, right.per), expression=_times(right.of, left.per)))


def case(branches: Sequence[tuple[Expr, Cell]], otherwise: Cell) -> Cell:
    """The first branch whose condition is true."""
    cells = [otherwise, *(one for _, one in branches)]
    many = any(one.many for one in cells)
    pers = [constant(one.per) for one in cells]
    common = lcm(*(one for one in pers if one is not None))
    if common != 1 and None not in pers:
        branches = [(when, _over(one, common)) for when, one in branches]
        otherwise = _over(otherwise, common)
    value = _case([(when, one.of) for when, one in branches], otherwise.of)
    if None not in pers:
        return Cell(of=value, per=None if common == 1 else whole(common), many=many)
    return Cell(of=value, per=_case([(when, _per(one)) for when, one in branches], _per(otherwise)), many=many)


def _over(cell: Cell, common: int) -> Cell:
    """The same value over a multiple of its constant denominator."""
    of = cell.of if isinstance(cell.of, exp.Null) else _times(cell.of, whole(common // (constant(cell.per) or 1)))
    return Cell(of=of, per=whole(common))


def _case(branches: Sequence[tuple[Expr, Expr]], otherwise: Expr) -> Expr:
    return exp.Case(ifs=[exp.If(this=when, true=one) for when, one in branches], default=otherwise)


def arithmetic(op: str, cells: Sequence[Cell], bind: Bind) -> Cell:
    """Exact arithmetic; NULL if an item is, or by division by zero."""
    tied = [Cell(of=bind(one.of), per=None if one.per is None else bind(one.per)) for one in cells]
    if op in ("highest", "lowest"):
        return reduce(lambda left, right: _better(op, left, right, bind), tied)
    if op == "product":
        return reduce(_product, tied)
    if op == "quotient":
        return _quotient(tied[0], tied[1])
    return reduce(lambda left, right: _sum(left, right, exp.Add if op == "add" else exp.Sub), tied)


def _better(op: str, left: Cell, right: Cell, bind: Bind) -> Cell:
    """No GREATEST: that one passes over NULL."""
    first = compare(">=" if op == "highest" else "<=", left, right)
    last = compare("<" if op == "highest" else ">", left, right)
    found = case([(first, left), (last, right)], Cell(of=exp.null()))
    return Cell(of=bind(found.of), per=None if found.per is None else bind(found.per))


def _product(left: Cell, right: Cell) -> Cell:
    per = None if left.per is None and right.per is None else _times(_per(left), right.per)
    return Cell(of=_times(left.of, right.of), per=per)


def _quotient(left: Cell, right: Cell) -> Cell:
    """The sign goes to the numerator, so that denominators stay positive."""
    divisor = constant(right.of)
    if divisor is not None and divisor > 0:
        return Cell(of=_times(left.of, right.per), per=_times(_per(left), right.of))
    over, under = _times(left.of, right.per), _times(_per(left), right.of)
    below, above = (COMPARE[op](this=right.of, expression=whole(0)) for op in ("<", ">"))
    return case(
        [(above, Cell(of=over, per=under)), (below, Cell(of=exp.Neg(this=over), per=exp.Neg(this=under)))],
        Cell(of=exp.null()),
    )


def _sum(left: Cell, right: Cell, kind: type[exp.Binary]) -> Cell:
    if left.per == right.per:
        return Cell(of=exp.Paren(this=kind(this=left.of, expression=right.of)), per=left.per)
    sides = kind(this=_times(left.of, right.per), expression=_times(right.of, left.per))
    return Cell(of=exp.Paren(this=sides), per=_times(_per(left), right.per))


def rounded(cell: Cell, mode: str, unit: Fraction, bind: Bind) -> Cell:
    """Rounded to whole multiples of `unit`: its size in units, whole part and rest apart, then the sign."""
    size = bind(_times(exp.Abs(this=cell.of), whole(unit.denominator)))
    units = bind(_times(_per(cell), whole(unit.numerator)))
    low = bind(exp.IntDiv(this=size, expression=units))
    rest = bind(exp.Paren(this=exp.Sub(this=size, expression=_times(low, units))))
    up = exp.Paren(this=exp.Add(this=low, expression=whole(1)))
    twice = exp.Paren(this=exp.Mul(this=rest, expression=whole(2)))
    more = exp.GT(this=twice, expression=units)
    odd = exp.EQ(this=exp.Mod(this=low, expression=whole(2)), expression=whole(1))
    half = exp.EQ(this=twice, expression=units)
    rise: dict[str, Expr] = {
        "down": exp.false(), "up": exp.GT(this=rest, expression=whole(0)),
        "half_up": exp.Or(this=more, expression=half),
        "half_even": exp.Or(this=more, expression=exp.And(this=half, expression=odd)),
    }  # fmt: skip
    many = bind(_case([(rise[mode], up)], low))
    signed = _case([(exp.LT(this=cell.of, expression=whole(0)), exp.Neg(this=many))], many)
    per = None if unit.denominator == 1 else whole(unit.denominator)
    return Cell(of=_times(signed, whole(unit.numerator)), per=per)
