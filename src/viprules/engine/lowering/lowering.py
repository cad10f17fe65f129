"""Lowering: names, values, conditions, windows, days and spans become nodes of the closed tree.

A `Scope` is what the terms of the catalogue compile with. It knows the policy's names and types,
collects problems instead of raising, and gives a harmless node where something is wrong, so that
one run finds everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from typing import Any as Anything

from attrs import evolve, field, frozen

from viprules.engine.days import FOREVER, Span, parse_day, parse_span
from viprules.engine.policy.model import (
    Condition,
    Dated,
    DayForm,
    EventType,
    FieldType,
    Group,
    Policy,
    SpanForm,
    Term,
    Test,
    TierSet,
    Value,
    WindowForm,
    Written,
)
from viprules.engine.policy.names import Vocabulary
from viprules.engine.reading.faults import nearest
from viprules.engine.tree.kinds import (
    DATE,
    NUMBER,
    TEXT,
    TRUTH,
    Type,
    Typed,
    aligned,
    exact,
    is_percent,
    money,
    scaled,
)
from viprules.engine.tree.nodes import (
    TODAY,
    All,
    Any,
    Arith,
    AtDay,
    AtLeast,
    Case,
    Cmp,
    Elapsed,
    Fact,
    Field,
    HasAll,
    In,
    Known,
    Lit,
    Node,
    Not,
    PeriodDay,
    Ref,
    Scalar,
    Shift,
    Told,
)
from viprules.errors import Problem, Source, problem

__all__ = ["Scope"]

LENGTHS = {
    "year": Span(months=12),
    "half_year": Span(months=6),
    "quarter": Span(months=3),
    "month": Span(months=1),
    "week": Span(days=7),
}
MONDAY = 730_122  # 2000-01-03
JANUARY = 730_120  # 2000-01-01
OPS = {"at_least": ">=", "more_than": ">", "at_most": "<=", "less_than": "<", "equals": "=="}
NAME = re.compile(r"[^\W\d]\w*")
PLAIN_KINDS = ("number", "money", "text", "date", "true_false")
UNKNOWN = Typed(node=Lit(None), type=NUMBER)


def shift(node: Node, days: int) -> Node:
    """A day so many days later."""
    if isinstance(node, Lit) and isinstance(node.value, int):
        return Lit(node.value + days)
    if isinstance(node, Arith) and node.op == "add" and isinstance(node.items[-1], Lit):
        inner, moved = node.items[0], node.items[-1].value
        return shift(inner, moved + days) if isinstance(moved, int) else Arith("add", (node, Lit(days)))
    return Arith("add", (node, Lit(days))) if days else node


@frozen(kw_only=True)
class Scope:
    """The place where something is lowered: the policy's names, and the event or tier set at hand."""

    policy: Policy
    catalogue: Vocabulary
    problems: list[Problem] = field(factory=list)
    event: EventType | None = None
    tier_set: TierSet | None = None
    metrics: dict[str, Typed] = field(factory=dict)
    """The metrics lowered so far, shared by all scopes of a policy."""
    fields: dict[tuple[str, str], Typed] = field(factory=dict)
    """The computed fields lowered so far."""
    running: list[str] = field(factory=list)
    spans: list[Callable[[Span], Node]] = field(factory=list)
    at: Source | None = None
    """Where the term being compiled stands, for its problems."""
    want: Type | None = None
    """The type wanted of the term being compiled, for its constants."""

    def problem(self, code: str, source: Source | None, **values: str) -> None:
        """Note a problem; a description that lowers to a problem is not an exception."""
        found = problem(code, source or self.at, **values)
        if found not in self.problems:
            self.problems.append(found)

    def within_event(self, event: EventType) -> Scope:
        """The scope in which the fields of an event are names too."""
        return evolve(self, event=event)

    def for_set(self, tier_set: TierSet) -> Scope:
        """The scope in which `tier` is that of a tier set."""
        return evolve(self, tier_set=tier_set)

    def nearest(self, word: str, options: Iterable[str]) -> str:
        """The option that looks most like a word, or nothing: for hints."""
        return nearest(word, list(options))

    @property
    def ladder(self) -> TierSet | None:
        """The tier set that `tier` means here: the one at hand, else the first."""
        return self.tier_set or next(iter(self.policy.tier_sets), None)

    # --- types --------------------------------------------------------------------------------------

    def type_of(self, declared: FieldType) -> Type:
        """The type that a declaration means."""
        many = declared.many
        if declared.kind == "money":
            return evolve(money(self.policy.program.currency), many=many)
        if declared.kind in self.policy.scales:
            return Type(kind="scale", options=self.policy.scales[declared.kind], many=many)
        for one in self.policy.tier_sets:
            if declared.kind == one.name:
                return evolve(tier_type(one), many=many)
        if declared.kind not in PLAIN_KINDS:
            names = [*PLAIN_KINDS, *self.policy.scales, *(one.name for one in self.policy.tier_sets)]
            self.problem("unknown-type", declared.source, name=declared.kind, nearest=nearest(declared.kind, names))
            return TEXT
        options = declared.options if declared.kind == "text" else ()
        return Type(kind=declared.kind, decimals=declared.decimals, options=options, many=many)

    # --- values -------------------------------------------------------------------------------------

    def value(self, value: Value, want: Type | None = None) -> Typed:
        """A value lowered; a constant takes the wanted type, a name its own."""
        if isinstance(value, Term):
            return self._term(value, want)
        if isinstance(value, Dated):
            return self._dated(value, want)
        return self._written(value, want)

    def _term(self, value: Term, want: Type | None = None) -> Typed:
        kind = self.catalogue.terms[value.name]
        found: Typed = kind.compile(value.parameters, evolve(self, want=want, at=value.source or self.at))
        return found

    def _dated(self, value: Dated, want: Type | None) -> Typed:
        steps = [(day, self.value(one, want)) for day, one in value.steps]
        decimals = max(one.type.decimals for _, one in steps)
        branches = tuple((Cmp(">=", TODAY, Lit(day)), aligned(one, decimals)) for day, one in reversed(steps))
        return Typed(node=Case(branches, Lit(None)), type=evolve(steps[0][1].type, decimals=decimals))

    def _written(self, value: Written, want: Type | None) -> Typed:
        raw = value.value
        if isinstance(raw, str):
            found = self._named_or_text(raw, want, value.source)
            if found is not None:
                return found
        return Typed(node=Lit(self.constant(raw, want, value.source)), type=want or _own_type(raw))

    def _named_or_text(  # noqa: PLR0911 -- a table of what a text may be
        self, raw: str, want: Type | None, source: Source | None
    ) -> Typed | None:
        """A name, unless the text is a constant of the wanted type."""
        if want is not None and want.kind == "span":
            return self._span_constant(raw, source)
        if want is not None and raw in want.options:
            return None
        if self.knows(raw):
            return self.name(raw, source)
        if is_percent(raw) and (want is None or want.numeric):
            share = Fraction(Decimal(raw[:-1])) / 100
            return Typed(node=Lit(exact(share)), type=evolve(want or NUMBER, decimals=0))
        if (want is None or want.numeric) and not NAME.fullmatch(raw):
            self.problem("no-number", source, text=raw)
            return UNKNOWN if want is None else Typed(node=Lit(None), type=want)
        if want is None or want.numeric or want.kind == "true_false":
            self.problem("unknown-name", source, name=raw, nearest=nearest(raw, self.names()))
            return UNKNOWN if want is None else Typed(node=Lit(None), type=want)
        return None

    def _span_constant(self, raw: str, source: Source | None) -> Typed | None:
        span = parse_span(raw)
        if span is None:
            self.problem("no-duration", source, text=raw)
            return UNKNOWN
        return Typed(node=self.spans[-1](span), type=DATE)

    def constant(self, raw: Anything, want: Type | None, source: Source | None) -> Scalar:
        """A constant as the wanted type counts it; a problem where it is none of that type."""
        if want is None:
            return exact(Fraction(raw)) if isinstance(raw, Decimal) else raw
        if isinstance(raw, tuple):
            return tuple(self.constant(one, evolve(want, many=False), source) for one in raw)
        found = _constant(raw, want)
        if found is None:
            code = "unknown-name" if want.options else "wrong-constant"
            name = str(raw).lower() if isinstance(raw, bool) else str(raw)
            self.problem(code, source, name=name, wanted=want.kind, nearest=nearest(name, want.options))
        return found

    def names(self) -> tuple[str, ...]:
        """All names that may stand here."""
        own = tuple(self.event.fields) if self.event else ()
        policy = self.policy
        return (*own, *policy.metrics, *policy.facts, *policy.segments, "tier", *(one.name for one in policy.tier_sets))

    def knows(self, name: str) -> bool:
        """Is it a name here?"""
        return name in self.names()

    def name(self, name: str, source: Source | None = None) -> Typed:  # noqa: PLR0911 -- a table of what names stand for
        """What a name stands for: a field of the event at hand, a metric, a fact, a segment, a tier."""
        if self.event is not None and name in self.event.fields:
            return self.field(self.event, name)
        if name in self.policy.metrics:
            return self.metric(name, source)
        if name in self.policy.facts:
            return self.fact(name)
        if name in self.policy.segments:
            return Typed(node=self.condition(self.policy.segments[name]), type=TRUTH)
        for one in self.policy.tier_sets:
            if name == one.name:
                return Typed(node=Ref(self._tier_of(one)), type=tier_type(one))
        if name == "tier" and self.ladder is not None:
            return Typed(node=Ref(f"{self.ladder.name}.tier"), type=tier_type(self.ladder))
        self.problem("unknown-name", source, name=name, nearest=nearest(name, self.names()))
        return UNKNOWN

    def is_segment(self, name: str) -> bool:
        """Does the name stand for a named condition here?"""
        other = (self.event is not None and name in self.event.fields) or name in (
            *self.policy.metrics,
            *self.policy.facts,
        )
        return name in self.policy.segments and not other

    def _tier_of(self, other: TierSet) -> str:
        """The tier of another ladder: of the same day if it stands before this one, else of before the day."""
        order = [one.name for one in self.policy.tier_sets]
        same_day = self.tier_set is not None and order.index(other.name) < order.index(self.tier_set.name)
        return f"{other.name}.out" if same_day else f"{other.name}.tier"

    def metric(self, name: str, source: Source | None = None) -> Typed:
        """A metric by name, lowered when first asked; a circle of metrics is a problem."""
        if name in self.running:
            self.problem(
                "circle", source or self.policy.sources.get(f"metrics.{name}"), names=" → ".join([*self.running, name])
            )
            return UNKNOWN
        if name not in self.metrics:
            own = evolve(self, event=None, tier_set=None, running=[*self.running, name])
            self.metrics[name] = own.value(self.policy.metrics[name])
        found = self.metrics[name]
        return evolve(found, node=Ref(f"metric.{name}"))

    def fact(self, name: str) -> Typed:
        """A fact by name."""
        declared = self.policy.facts[name]
        kind = self.type_of(declared)
        if declared.per is None:
            return Typed(node=self._filled(Fact(name), declared, kind), type=kind)
        if declared.per in ("tier", *(one.name for one in self.policy.tier_sets)) and self.ladder:
            per: Node = Ref(f"{self.ladder.name}.tier")
        else:
            length, anchor = self.period(declared.per, declared.source)
            per = PeriodDay(length, anchor, TODAY)
        return Typed(node=self._filled(Fact(name, per), declared, kind), type=kind)

    def _filled(self, node: Node, declared: FieldType, kind: Type) -> Node:
        if declared.if_missing is None:
            return node
        return Case(((Known(node), node),), Lit(self.constant(declared.if_missing, kind, declared.source)))

    def field(self, event: EventType, name: str) -> Typed:
        """A field of an event: as stated, or computed from the event."""
        declared = event.fields[name]
        kind = self.type_of(declared)
        if declared.value is None:
            return Typed(node=self._filled(Field(name), declared, kind), type=kind)
        at = (event.name, name)
        if at not in self.fields:
            if f"{event.name}.{name}" in self.running:
                self.problem("circle", declared.source, names=f"{event.name}.{name}")
                return Typed(node=Lit(None), type=kind)
            own = evolve(self.within_event(event), running=[*self.running, f"{event.name}.{name}"])
            found = own.value(declared.value, kind)
            self.fields[at] = evolve(found, node=aligned(found, kind.decimals), type=kind)
        return Typed(node=Field(name), type=kind)

    def event_type(self, name: str, source: Source | None) -> EventType | None:
        """A declared event type, or a problem."""
        found = self.policy.events.get(name)
        if found is None:
            self.problem("unknown-name", source, name=name, nearest=nearest(name, self.policy.events))
        return found

    # --- conditions -----------------------------------------------------------------------------------

    def condition(self, condition: Condition) -> Node:
        """A condition as a three-valued node that the explanation can tell of."""
        items = tuple(self._clause(one) for one in condition.clauses)
        return items[0] if len(items) == 1 else Told(All(items), "all", source=condition.source, kind="all")

    def _clause(self, clause: Test | Group | Term) -> Node:
        if isinstance(clause, Test):
            return self._test(clause)
        if isinstance(clause, Term):
            typed = self._term(clause)
            words = self.catalogue.terms[clause.name].said(clause.parameters)
            return Told(typed.node, clause.name, source=clause.source, kind="criterion", words=words)
        items = tuple(self.condition(one) for one in clause.items)
        groups: dict[str, Callable[[], Node]] = {
            "all": lambda: All(items),
            "any": lambda: Any(items),
            "not": lambda: Not(items[0]),
            "at_least_of": lambda: AtLeast(clause.count, items),
            "everyone": lambda: Lit(value=True),
        }
        return Told(groups[clause.kind](), clause.kind, source=clause.source, kind=clause.kind)

    def _test(self, test: Test) -> Node:
        if test.name == "date" and not self.knows("date"):
            return self._date_test(test)
        subject = self.name(test.name, test.source)
        if subject is UNKNOWN:
            return Lit(None)
        nodes = [self._check(test, subject, op, operand) for op, operand in test.checks]
        return nodes[0] if len(nodes) == 1 else Told(All(tuple(nodes)), "all", source=test.source, kind="all")

    def _check(self, test: Test, subject: Typed, op: str, operand: Anything) -> Node:  # noqa: PLR0911 -- a table of tests
        kind = subject.type
        told: dict[str, Anything] = {
            "source": test.source,
            "window": subject.window,
            "decimals": kind.decimals,
            "measured": subject.node,
            "unit": kind.kind,
        }
        if op == "known":
            return Told(Known(subject.node) if operand else Not(Known(subject.node)), test.name, kind="known", **told)
        if op in ("in", "has_all"):
            options = self.constant(operand.value, evolve(kind, many=False), operand.source)
            node: Node = (In if op == "in" else HasAll)(subject.node, options)  # type: ignore[arg-type]  # a tuple gives a tuple
            return Told(node, test.name, kind=op, bound=Lit(options), **told)
        if op == "within":
            percent, period = operand
            return Told(self._within(subject, percent, period, test), test.name, kind="within", **told)
        if op == "between":
            low, high = (self._bound(test, subject, one) for one in operand)
            node = All((Cmp(">=", subject.node, low), Cmp("<=", subject.node, high)))
            return Told(node, test.name, kind="between", bound=low, upper=high, **told)
        if kind.kind == "date" and isinstance(operand, Written):
            span = _age(operand.value)
            if span is not None:
                node = Cmp(OPS[op], TODAY, Shift(subject.node, span))  # type: ignore[arg-type]  # a table of operators
                return Told(node, test.name, kind=f"age_{op}", bound=Shift(subject.node, span), **told)
        if op != "equals" and not kind.ordered:
            self.problem("not-ordered", test.source, name=test.name, kind=kind.kind)
            return Lit(None)
        return self._compared(test, subject, op, operand, told)

    def _compared(self, test: Test, subject: Typed, op: str, operand: Value, told: dict[str, Anything]) -> Node:
        bound = self._bound(test, subject, operand)
        if subject.type.kind == "true_false" and isinstance(bound, Lit) and isinstance(bound.value, bool):
            if self.is_segment(test.name):
                kind, node = ("segment", subject.node) if bound.value else ("not", Not(subject.node))
                return Told(node, test.name, source=test.source, kind=kind)
            return Told(
                subject.node if bound.value else Not(subject.node), test.name, kind="equals", bound=bound, **told
            )
        if op == "equals" and subject.type.many:
            return Told(
                HasAll(subject.node, (bound.value,) if isinstance(bound, Lit) else ()),
                test.name,
                kind="has_all",
                bound=bound,
                **told,
            )
        compare: Node = Cmp(OPS[op], subject.node, bound)  # type: ignore[arg-type]  # a table of operators
        if subject.grown is not None and op in ("at_least", "more_than"):
            # More can only come, so a bound that is already passed is met whatever is not on record.
            compare = Any((Cmp(OPS[op], subject.grown, bound), compare))  # type: ignore[arg-type]  # as above
        return Told(compare, test.name, kind=op, bound=bound, **told)

    def _bound(self, test: Test, subject: Typed, operand: Value) -> Node:
        want = evolve(subject.type, many=False)
        found = self.value(operand, want)
        if found.type.kind != want.kind and not (found.type.numeric and want.numeric):
            self.problem("other-kind", test.source, name=test.name, kind=want.kind, other=found.type.kind)
            return Lit(None)
        return aligned(found, want.decimals)

    def _within(self, subject: Typed, percent: str, period: str, test: Test) -> Node:
        if not subject.type.numeric:
            self.problem("not-ordered", test.source, name=test.name, kind=subject.type.kind)
            return Lit(None)
        length, anchor = self.period(period, test.source)
        before = AtDay(subject.node, shift(PeriodDay(length, anchor, TODAY), -1))
        share = Lit(exact(Fraction(Decimal(percent[:-1])) / 100))
        distance = Arith(
            "highest", (Arith("subtract", (subject.node, before)), Arith("subtract", (before, subject.node)))
        )
        size = Arith("highest", (before, Arith("subtract", (Lit(0), before))))
        return All((Cmp("!=", before, Lit(0)), Cmp("<=", distance, Arith("product", (size, share)))))

    def _date_test(self, test: Test) -> Node:
        """`birthday`, `birthday_month`, or between two days of the year (over New Year if need be)."""
        (op, operand), months = test.checks[0], Span(months=12)
        if op == "between":
            first, last = (parse_day(f"2000-{str(one)[:5]}") for one in operand)
            if first is None or last is None:
                self.problem("no-such-date", test.source, text=", ".join(map(str, operand)))
                return Lit(None)
            begun = PeriodDay(months, Lit(first), TODAY)
            over = PeriodDay(months, Lit(last), shift(TODAY, -1))
            return Told(Cmp(">", begun, over), "date", source=test.source, kind="date")
        word = operand.value if isinstance(operand, Written) else ""
        if word not in ("birthday", "birthday_month") or "birthday" not in self.policy.facts:
            self.problem(
                "no-birthday" if word in ("birthday", "birthday_month") else "unknown-name",
                test.source,
                name=str(word),
                nearest=nearest(str(word), ("birthday", "birthday_month")),
            )
            return Lit(None)
        birth = self.fact("birthday").node
        if word == "birthday":
            node: Node = Cmp("!=", Elapsed(birth, TODAY, "years"), Elapsed(birth, shift(TODAY, -1), "years"))
        else:
            month = PeriodDay(Span(months=1), Lit(JANUARY), birth)
            node = Cmp(
                "==", Elapsed(month, TODAY, "months"), Arith("product", (Elapsed(month, TODAY, "years"), Lit(12)))
            )
        return Told(node, "date", source=test.source, kind="date")

    # --- days, periods, windows, spans ------------------------------------------------------------------

    def period(self, name: str, source: Source | None) -> tuple[Span, Node]:
        """Length and anchor of a period of the calendar or of the file."""
        if name in LENGTHS:
            if name == "week":
                return LENGTHS[name], Lit(MONDAY)
            start = "01-01" if name == "month" else self.policy.program.year_starts
            return LENGTHS[name], Lit(parse_day(f"2000-{start}"))
        form = self.policy.periods.get(name)
        if form is None:
            code = "grant-window" if name == "grant" else "unknown-name"
            self.problem(code, source, name=name, nearest=nearest(name, [*LENGTHS, *self.policy.periods]))
            return LENGTHS["year"], Lit(JANUARY)
        anchor: Node = self.entered(form.entered, form.source) if form.entered else self.day(form.anchor)  # type: ignore[arg-type]  # one of both is there
        if form.back_to:
            length, start_of = self.period(form.back_to, form.source)
            anchor = PeriodDay(length, start_of, anchor)
        return form.every, anchor

    def since_rank(self, rank: int) -> Node | None:
        """First day of the present holding at or above a rank of the tier set at hand; None for everyone's tier."""
        ladder = self.ladder
        if ladder is None or (rank == 1 and ladder.tiers[0].everyone):
            return None
        return Ref(f"{ladder.name}.entered.{rank}")

    def entered(self, tier: str, source: Source | None) -> Node:
        """First day of the present unbroken holding at or above a tier."""
        for one in self.policy.tier_sets:
            for rank, level in enumerate(one.tiers, 1):
                if level.id == tier:
                    return Ref(f"{one.name}.entered.{rank}")
        self.problem(
            "unknown-name",
            source,
            name=tier,
            nearest=nearest(tier, [t.id for s in self.policy.tier_sets for t in s.tiers]),
        )
        return Lit(None)

    def day(self, form: DayForm, *, ahead: Node | None = None) -> Node:
        """A day; `MM-DD` is the last such day up to the day asked, or the next one from the day `ahead`."""
        node = self._day(form, ahead=ahead)
        if form.plus:
            span, times = form.plus
            node = Shift(node, span, times)
        return node

    def _day(self, form: DayForm, *, ahead: Node | None) -> Node:
        if form.date is not None:
            return Lit(form.date)
        if form.month_day is not None:
            anchor, year = Lit(parse_day(f"2000-{form.month_day}")), Span(months=12)
            return PeriodDay(year, anchor, shift(ahead, -1), 1) if ahead else PeriodDay(year, anchor, TODAY)
        if form.edge is not None:
            length, anchor_node = self.period(form.period, form.source)
            first = PeriodDay(length, anchor_node, TODAY, form.offset + (form.edge == "last"))
            return shift(first, -1) if form.edge == "last" else first
        name = form.fact or ""
        found = self.name(name, form.source)
        if found is not UNKNOWN and found.type.kind != "date":
            self.problem("no-date", form.source, name=name)
        return found.node

    def window(self, form: WindowForm | None) -> tuple[Node, Node, int]:
        """First and last day of a window, and its length in minutes where it is shorter than days say."""
        if form is None or form.kind == "lifetime":
            return Lit(1), TODAY, 0
        if form.kind == "last" and form.span:
            minutes = form.span.minutes
            begin = Shift(TODAY, Span(days=-(-minutes // 1440) + 1) if minutes else form.span, -1)
            return shift(begin, 1), TODAY, minutes
        if form.kind == "since":
            return self._since(form), TODAY, 0
        if form.period == "grant":
            return self._state("grant_from", form.source), TODAY, 0
        length, anchor = self.period(form.period, form.source)
        first = PeriodDay(length, anchor, TODAY, -form.count)
        last = TODAY if form.kind == "this" else shift(PeriodDay(length, anchor, TODAY), -1)
        return first, last, 0

    def _since(self, form: WindowForm) -> Node:
        if isinstance(form.since, DayForm):
            return self.day(form.since)
        return self._state("since", form.source)

    def _state(self, what: str, source: Source | None) -> Node:
        ladder = self.ladder
        if ladder is None:
            self.problem("no-tiers", source)
            return Lit(None)
        return Ref(f"{ladder.name}.{what}")

    def ends(self, form: SpanForm, first: Node, current_end: Node | None = None, *, on: Node = TODAY) -> Node:
        """Last valid day of a span whose first day in force is `first`; `through` reads the judged day, `on`."""
        if form.kind in ("forever", "while_it_holds"):
            return Lit(FOREVER)
        if form.append and current_end is not None:
            first = Arith("highest", (first, shift(current_end, 1)))
        end = self._end(form, first, on)
        if form.to_end_of:
            length, anchor = self.period(form.to_end_of, form.source)
            end = shift(PeriodDay(length, anchor, end, 1), -1)
        return end

    def _end(self, form: SpanForm, first: Node, on: Node) -> Node:
        if form.kind == "until" and form.until:
            return self.day(form.until, ahead=first)
        if form.kind == "through":
            length, anchor = self.period(form.period, form.source)
            after: Node = PeriodDay(length, anchor, on, form.offset + 1)
            if form.plus:
                after = Shift(after, form.plus)
            return shift(after, -1)
        whole = form.kind == "for"
        if form.span is not None:
            return Shift(first, form.span, last=whole)
        with self._span_from(lambda span: Shift(first, span, last=whole)):
            return self.value(form.value, Type(kind="span")).node  # type: ignore[arg-type]  # `for` has a span or a value

    @contextmanager
    def _span_from(self, make: Callable[[Span], Node]) -> Iterator[None]:
        self.spans.append(make)
        try:
            yield
        finally:
            self.spans.pop()


def tier_type(tier_set: TierSet) -> Type:
    """The type of a rank in a tier set: 1 for the lowest tier, 0 for none."""
    return Type(kind="tier", options=tuple(one.id for one in tier_set.tiers))


def _age(raw: Anything) -> Span | None:
    """A duration that a date is compared with; a whole number means days."""
    if isinstance(raw, int) and not isinstance(raw, bool) and raw > 0:
        return Span(days=raw)
    return parse_span(raw) if isinstance(raw, str) else None


def _own_type(raw: Anything) -> Type:
    if isinstance(raw, bool):
        return TRUTH
    return TEXT if isinstance(raw, str) else NUMBER


def _constant(raw: Anything, want: Type) -> Scalar:
    """The constant in the wanted type, or None where it is none."""
    if want.numeric and isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        return scaled(raw, want.decimals)
    if want.kind == "true_false" and isinstance(raw, bool):
        return raw
    if want.kind == "date" and isinstance(raw, str):
        return parse_day(raw)
    text = str(raw).lower() if isinstance(raw, bool) else str(raw)
    if want.kind in ("scale", "tier"):
        return want.options.index(text) + (want.kind == "tier") if text in want.options else None
    if want.kind == "text" and (not want.options or text in want.options):
        return text
    return None
