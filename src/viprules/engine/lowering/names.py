"""What names stand for: types, metrics, facts, fields of events, segments and tiers.

`Names` is the first of the layers of a `Scope`, with which everything is lowered: `names`, `values`, `periods`,
`scope`. It collects problems instead of raising, and gives a harmless node where something is wrong, so that one
run finds everything.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any as Anything
from typing import Self

from attrs import evolve, field, frozen

from viprules.engine.days import Span
from viprules.engine.lowering.constants import constant
from viprules.engine.lowering.depth import MOST_LEVELS, height
from viprules.engine.policy.model import Condition, EventType, FieldType, Policy, TierSet, Value
from viprules.engine.policy.names import Vocabulary
from viprules.engine.reading.faults import nearest
from viprules.engine.tree.kinds import NUMBER, TEXT, TRUTH, Type, Typed, aligned, exact, money
from viprules.engine.tree.nodes import TODAY, Case, Fact, Field, Known, Lit, Node, PeriodDay, Ref, Scalar
from viprules.errors import Problem, Source, problem

__all__ = ["UNKNOWN", "Names", "tier_type"]

PLAIN_KINDS = ("number", "money", "text", "date", "true_false")
UNKNOWN = Typed(node=Lit(None), type=NUMBER)
"""What is lowered where something is wrong; the problem says what."""


@frozen(kw_only=True)
class Names(ABC):
    """The policy's names, and the event or tier set at hand."""

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
    """The names that are being lowered, each for the one before it."""
    circles: set[str] = field(factory=set)
    """Names that need themselves; each circle is told of once."""
    depth: int = 0
    """How many names, values and conditions this stands in."""
    heights: dict[str, int] = field(factory=dict)
    """Of metrics and computed fields: how many nodes stand under each other."""
    at: Source | None = None
    """Where the term being compiled stands, for its problems."""

    def problem(self, code: str, source: Source | None, **values: str) -> None:
        """Note a problem; a description that lowers to a problem is not an exception."""
        found = problem(code, source or self.at, **values)
        if found not in self.problems:
            self.problems.append(found)

    def _once(self, code: str, source: Source | None, **values: str) -> None:
        """Note a problem unless there is one of that code already."""
        if all(one.code != code for one in self.problems):
            self.problem(code, source, **values)

    def too_deep(self, source: Source | None) -> bool:
        """Does this stand in more names, values and conditions than may stand in each other?"""
        if self.depth < MOST_LEVELS:
            return False
        self._once("too-entangled", source, limit=str(MOST_LEVELS))
        return True

    def measure(self, node: Node, source: Source | None, *, name: str = "", event: str = "") -> None:
        """How high a node is, kept under a name; one problem for the first that is too high."""
        found = height(node, self.heights, event)
        if found > MOST_LEVELS:
            self._once("too-entangled", source, limit=str(MOST_LEVELS))
        if name:
            self.heights[name] = found if found <= MOST_LEVELS else 0

    def within_event(self, event: EventType) -> Self:
        """The scope in which the fields of an event are names too."""
        return evolve(self, event=event)

    def for_set(self, tier_set: TierSet) -> Self:
        """The scope in which `tier` is that of a tier set."""
        return evolve(self, tier_set=tier_set)

    def nearest(self, word: str, options: Iterable[str]) -> str:
        """The option that looks most like a word, or nothing: for hints."""
        return nearest(word, list(options))

    @property
    def ladder(self) -> TierSet | None:
        """The tier set that `tier` means here: the one at hand, else the first."""
        return self.tier_set or next(iter(self.policy.tier_sets), None)

    # --- types and constants ----------------------------------------------------------------------------

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
            self.problem(
                "unknown-type", declared.source, name=declared.kind, nearest=self.nearest(declared.kind, names)
            )
            return TEXT
        options = declared.options if declared.kind == "text" else ()
        return Type(kind=declared.kind, decimals=declared.decimals, options=options, many=many)

    def constant(self, raw: Anything, want: Type | None, source: Source | None) -> Scalar:
        """A constant as the wanted type counts it; a problem where it is none of that type."""
        if want is None:
            return exact(Fraction(raw)) if isinstance(raw, Decimal) else raw
        found = constant(raw, want)
        if found is None:
            code = "unknown-name" if want.options else "wrong-constant"
            name = str(raw).lower() if isinstance(raw, bool) else str(raw)
            self.problem(code, source, name=name, wanted=want.kind, nearest=self.nearest(name, want.options))
        return found

    # --- what the later layers add ----------------------------------------------------------------------

    @abstractmethod
    def value(self, value: Value, want: Type | None = None) -> Typed:
        """A value lowered; a constant takes the wanted type, a name its own."""

    @abstractmethod
    def of_kind(self, value: Value, want: Type) -> Typed:
        """A value that has to be of a kind, in its own unit; a problem where it is of another."""

    @abstractmethod
    def period(self, name: str, source: Source | None = None) -> tuple[Span, Node]:
        """Length and anchor of a period of the calendar or of the file."""

    @abstractmethod
    def condition(self, condition: Condition) -> Node:
        """A condition as a three-valued node that the explanation can tell of."""

    # --- names ------------------------------------------------------------------------------------------

    def names(self) -> tuple[str, ...]:
        """All names that may stand here."""
        own = tuple(self.event.fields) if self.event else ()
        policy = self.policy
        ladders = ("tier", *(one.name for one in policy.tier_sets)) if policy.tier_sets else ()
        return (*own, *policy.metrics, *policy.facts, *policy.segments, *ladders)

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
            return self.segment(name, source)
        for one in self.policy.tier_sets:
            if name == one.name:
                return Typed(node=Ref(self._tier_of(one)), type=tier_type(one))
        if name == "tier" and self.ladder is not None:
            return Typed(node=Ref(f"{self.ladder.name}.tier"), type=tier_type(self.ladder))
        self.problem("unknown-name", source, name=name, nearest=self.nearest(name, self.names()))
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

    def _circle(self, name: str, source: Source | None) -> bool:
        """Does the name need itself?"""
        if name not in self.running:
            return False
        if name not in self.circles:
            circle = self.running[self.running.index(name) :]
            self.circles.update(circle)
            self.problem("circle", source, names=" → ".join([*circle, name]))
        return True

    def segment(self, name: str, source: Source | None = None) -> Typed:
        """A named condition, as it means here; a circle of them is a problem."""
        if self._circle(name, source):
            return UNKNOWN
        own = evolve(self, running=[*self.running, name], depth=self.depth + 1)
        return Typed(node=own.condition(self.policy.segments[name]), type=TRUTH)

    def metric(self, name: str, source: Source | None = None) -> Typed:
        """A metric by name, lowered when first asked; a circle of metrics is a problem."""
        if self._circle(name, source or self.policy.sources.get(f"metrics.{name}")):
            return UNKNOWN
        if name not in self.metrics:
            own = evolve(self, event=None, tier_set=None, running=[*self.running, name], depth=self.depth + 1)
            self.metrics[name] = own.value(self.policy.metrics[name])
            self.measure(self.metrics[name].node, self.policy.sources.get(f"metrics.{name}"), name=f"metric.{name}")
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
            if self._circle(name, declared.source):
                return UNKNOWN
            length, anchor = evolve(self, running=[*self.running, name]).period(declared.per, declared.source)
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
            path = f"{event.name}.{name}"
            if self._circle(path, declared.source):
                return Typed(node=Lit(None), type=kind)
            own = evolve(self, event=event, running=[*self.running, path], depth=self.depth + 1)
            found = own.of_kind(declared.value, kind)
            self.fields[at] = evolve(found, node=aligned(found, kind.decimals), type=kind)
            self.measure(self.fields[at].node, declared.source, name=path, event=event.name)
        return Typed(node=Field(name), type=kind)

    def event_type(self, name: str, source: Source | None) -> EventType | None:
        """A declared event type, or a problem."""
        found = self.policy.events.get(name)
        if found is None:
            self.problem("unknown-name", source, name=name, nearest=self.nearest(name, self.policy.events))
        return found


def tier_type(tier_set: TierSet) -> Type:
    """The type of a rank in a tier set: 1 for the lowest tier, 0 for none."""
    return Type(kind="tier", options=tuple(one.id for one in tier_set.tiers))
