"""Tests of conditions: what is asked of one name, as a three-valued node that the explanation can tell of."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any as Anything
from typing import Final

from attrs import evolve

from viprules.engine.days import Span, parse_day, parse_span
from viprules.engine.lowering.making import ZERO, shift
from viprules.engine.lowering.periods import JANUARY, Periods
from viprules.engine.policy.model import Test, Value, Written
from viprules.engine.tree.kinds import DATE, Typed, aligned, exact
from viprules.engine.tree.nodes import (
    TODAY,
    All,
    Any,
    Arith,
    AtDay,
    Cmp,
    CmpOp,
    Elapsed,
    HasAll,
    In,
    Known,
    Lit,
    Node,
    Not,
    PeriodDay,
    Shift,
    Told,
)

__all__ = ["compared", "date_test"]

OPS: Final[dict[str, CmpOp]] = {
    "at_least": ">=",
    "more_than": ">",
    "at_most": "<=",
    "less_than": "<",
    "equals": "==",
}
GROWING: Final = ("at_least", "more_than")
BIRTHDAYS: Final = ("birthday", "birthday_month")


def compared(test: Test, subject: Typed, op: str, operand: Anything, scope: Periods) -> Node:
    """One check of a test; a problem and an unknown where the subject cannot be asked that."""
    if op == "within":
        percent, period = operand
        return _told(test, subject, "within", _within(test, subject, percent, period, scope))
    if op == "known":
        known = Known(subject.node)
        return _told(test, subject, "known", known if operand else Not(known), bound=Lit(operand))
    if op in ("in", "has_all") or (op == "equals" and subject.type.many):
        return _among(test, subject, op, operand, scope)
    if op == "between":
        return _between(test, subject, operand, scope)
    return _against(test, subject, op, operand, scope)


def _told(
    test: Test, subject: Typed, kind: str, node: Node, *, bound: Node | None = None, upper: Node | None = None
) -> Told:
    return Told(
        node,
        test.name,
        kind=kind,
        source=test.source,
        window=subject.window,
        measured=subject.node,
        decimals=subject.type.decimals,
        unit=subject.type.kind,
        bound=bound,
        upper=upper,
    )


def _among(test: Test, subject: Typed, op: str, operand: Written, scope: Periods) -> Node:
    """Constants: the value, or one of a list, is among them; or all of them are on the list."""
    raw = operand.value if isinstance(operand.value, tuple) else (operand.value,)
    options = tuple(scope.constant(one, evolve(subject.type, many=False), operand.source) for one in raw)
    if op != "in":
        return _told(test, subject, "has_all", HasAll(subject.node, options), bound=Lit(options))
    on_list = Any(tuple(HasAll(subject.node, (one,)) for one in options))
    return _told(test, subject, "in", on_list if subject.type.many else In(subject.node, options), bound=Lit(options))


def _between(test: Test, subject: Typed, operand: tuple[Value, Value], scope: Periods) -> Node:
    if not _is_ordered(test, subject, scope):
        return Lit(None)
    low, high = (_bound(test, subject, one, scope) for one in operand)
    node = All((Cmp(">=", subject.node, low), Cmp("<=", subject.node, high)))
    return _told(test, subject, "between", node, bound=low, upper=high)


def _is_ordered(test: Test, subject: Typed, scope: Periods) -> bool:
    """Can it be asked for more and less?"""
    if not subject.type.ordered:
        scope.problem("not-ordered", test.source, name=test.name, kind=subject.type.word)
    return subject.type.ordered


def _against(test: Test, subject: Typed, op: str, operand: Value, scope: Periods) -> Node:
    """A comparison with one value; a date against a duration asks for its age."""
    kind = subject.type
    span = _age(operand.value) if kind == DATE and isinstance(operand, Written) else None
    if span is not None:
        anniversary = Shift(subject.node, span)
        return _told(test, subject, f"age_{op}", Cmp(OPS[op], TODAY, anniversary), bound=anniversary)
    if op != "equals" and not _is_ordered(test, subject, scope):
        return Lit(None)
    bound = _bound(test, subject, operand, scope)
    if kind.kind == "true_false" and isinstance(bound, Lit) and isinstance(bound.value, bool):
        holds = subject.node if bound.value else Not(subject.node)
        if scope.is_segment(test.name):
            return Told(holds, test.name, source=test.source, kind="segment" if bound.value else "not")
        return _told(test, subject, "equals", holds, bound=bound)
    compare: Node = Cmp(OPS[op], subject.node, bound)
    if subject.grown is not None and op in GROWING:
        # More can only come, so a bound that is already passed is met whatever is not on record.
        compare = Any((Cmp(OPS[op], subject.grown, bound), compare))
    return _told(test, subject, op, compare, bound=bound)


def _age(raw: Anything) -> Span | None:
    """A duration that a date is compared with; a whole number means days."""
    if isinstance(raw, int) and not isinstance(raw, bool) and raw > 0:
        return Span(days=raw)
    return parse_span(raw) if isinstance(raw, str) else None


def _bound(test: Test, subject: Typed, operand: Value, scope: Periods) -> Node:
    found = scope.value(operand, subject.type)
    if not found.type.fits(subject.type):
        scope.problem("other-kind", test.source, name=test.name, kind=subject.type.word, other=found.type.word)
        return Lit(None)
    return aligned(found, subject.type.decimals)


def _within(test: Test, subject: Typed, percent: str, period: str, scope: Periods) -> Node:
    """Not farther from what it was at the end of the period before than so many percent of that."""
    if not subject.type.numeric:
        scope.problem("not-ordered", test.source, name=test.name, kind=subject.type.word)
        return Lit(None)
    length, anchor = scope.period(period, test.source)
    now, before = subject.node, AtDay(subject.node, shift(PeriodDay(length, anchor, TODAY), -1))
    share = Lit(exact(Fraction(Decimal(percent[:-1])) / 100))
    distance = Arith("highest", (Arith("subtract", (now, before)), Arith("subtract", (before, now))))
    size = Arith("highest", (before, Arith("subtract", (ZERO, before))))
    return All((Cmp("!=", before, ZERO), Cmp("<=", distance, Arith("product", (size, share)))))


# --- the day itself -----------------------------------------------------------------------------------


def date_test(test: Test, scope: Periods) -> Node:
    """`birthday`, `birthday_month`, or between two days of the year (over New Year if need be)."""
    op, operand = test.checks[0]
    if op == "between":
        node = _between_days(test, operand, scope)
    else:
        node = _birthday(test, operand.value if isinstance(operand, Written) else "", scope)
    return node if node == Lit(None) else Told(node, "date", source=test.source, kind="date")


def _between_days(test: Test, operand: Anything, scope: Periods) -> Node:
    first, last = (parse_day(f"2000-{one.value}") for one in operand)
    if first is None or last is None:
        scope.problem("no-such-date", test.source, text=", ".join(str(one.value) for one in operand))
        return Lit(None)
    year = Span(months=12)
    return Cmp(">", PeriodDay(year, Lit(first), TODAY), PeriodDay(year, Lit(last), shift(TODAY, -1)))


def _birthday(test: Test, word: Anything, scope: Periods) -> Node:
    if word not in BIRTHDAYS or "birthday" not in scope.policy.facts:
        code = "no-birthday" if word in BIRTHDAYS else "unknown-name"
        scope.problem(code, test.source, name=str(word), nearest=scope.nearest(str(word), BIRTHDAYS))
        return Lit(None)
    birth = scope.fact("birthday").node
    if word == "birthday":
        return Cmp("!=", Elapsed(birth, TODAY, "years"), Elapsed(birth, shift(TODAY, -1), "years"))
    month = PeriodDay(Span(months=1), Lit(JANUARY), birth)
    years = Arith("product", (Elapsed(month, TODAY, "years"), Lit(12)))
    return Cmp("==", Elapsed(month, TODAY, "months"), years)
