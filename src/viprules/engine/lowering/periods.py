"""Days, periods, windows and spans of the file as days that are computed."""

from __future__ import annotations

from attrs import frozen

from viprules.engine.days import FOREVER, Span, parse_day
from viprules.engine.lowering.making import shift
from viprules.engine.lowering.names import UNKNOWN
from viprules.engine.lowering.values import Values
from viprules.engine.policy.model import DayForm, SpanForm, WindowForm
from viprules.engine.tree.kinds import DATE, Type
from viprules.engine.tree.nodes import TODAY, Arith, Lit, Node, PeriodDay, Ref, Shift
from viprules.errors import Source

__all__ = ["JANUARY", "LENGTHS", "Periods"]

LENGTHS = {
    "year": Span(months=12),
    "half_year": Span(months=6),
    "quarter": Span(months=3),
    "month": Span(months=1),
    "week": Span(days=7),
}
MONDAY = 730_122  # 2000-01-03
JANUARY = 730_120  # 2000-01-01


@frozen(kw_only=True)
class Periods(Values):
    """Adds what days and lengths of time mean."""

    def period(self, name: str, source: Source | None = None) -> tuple[Span, Node]:
        """Length and anchor of a period of the calendar or of the file."""
        if name in LENGTHS:
            if name == "week":
                return LENGTHS[name], Lit(MONDAY)
            start = "01-01" if name == "month" else self.policy.program.year_starts
            return LENGTHS[name], Lit(parse_day(f"2000-{start}"))
        form = self.policy.periods.get(name)
        if form is None:
            code = "grant-window" if name == "grant" else "unknown-name"
            self.problem(code, source, name=name, nearest=self.nearest(name, [*LENGTHS, *self.policy.periods]))
            return LENGTHS["year"], Lit(JANUARY)
        anchor: Node = self.entered(form.entered, form.source) if form.entered else self.day(form.anchor)  # type: ignore[arg-type]  # one of both is there
        if form.back_to:
            length, start_of = self.period(form.back_to, form.source)
            anchor = PeriodDay(length, start_of, anchor)
        return form.every, anchor

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
            nearest=self.nearest(tier, [t.id for s in self.policy.tier_sets for t in s.tiers]),
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
        if found is not UNKNOWN and found.type != DATE:
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
            return self.state("grant_from", form.source), TODAY, 0
        length, anchor = self.period(form.period, form.source)
        first = PeriodDay(length, anchor, TODAY, -form.count)
        last = TODAY if form.kind == "this" else shift(PeriodDay(length, anchor, TODAY), -1)
        return first, last, 0

    def _since(self, form: WindowForm) -> Node:
        if isinstance(form.since, DayForm):
            return self.day(form.since)
        return self.state("since", form.source)

    def state(self, what: str, source: Source | None) -> Node:
        """A part of the state of the ladder at hand, such as `grant_from`."""
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
