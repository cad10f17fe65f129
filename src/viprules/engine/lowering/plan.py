"""The plan: a policy lowered whole, ready for any executor.

Metrics, computed fields, the machines of the tier sets and the benefits, all as nodes of one tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import evolve, field, frozen

from viprules.engine.days import Span, Zone
from viprules.engine.lowering.making import shift
from viprules.engine.lowering.scope import Scope
from viprules.engine.lowering.tiers.machine import Machine, machine
from viprules.engine.lowering.turning import dated_days, periods, rolling, turns_daily
from viprules.engine.policy.describing import described, key_name
from viprules.engine.policy.model import BenefitUse, EventType, FieldType, Policy, Value, Written
from viprules.engine.policy.model import Dated as DatedValue
from viprules.engine.policy.model import Term as TermValue
from viprules.engine.policy.names import Vocabulary
from viprules.engine.tree.kinds import NUMBER, Type, Typed
from viprules.engine.tree.nodes import (
    TODAY,
    Aggregate,
    Arith,
    AtDay,
    Case,
    Certain,
    Cmp,
    Field,
    Lit,
    Node,
    PeriodDay,
    Ref,
    Shift,
    walk_nodes,
)
from viprules.errors import Problem

__all__ = ["ANSWERS", "BUILT_IN_EVENTS", "Benefit", "Plan", "lowered"]

ANSWERS = ("requested", "approved", "refused")
_TEXT = FieldType(kind="text")
BUILT_IN_EVENTS: Mapping[str, EventType] = {
    **{name: EventType(name=name, fields=dict.fromkeys(("cause", "tier", "by", "role"), _TEXT)) for name in ANSWERS},
    "benefit_used": EventType(name="benefit_used", fields={"benefit": _TEXT}),
}
"""Events that every programme has: requests and answers for ways under approval, and uses of benefits."""


@frozen(kw_only=True)
class Benefit:
    """A benefit of one tier, lowered."""

    use: BenefitUse
    rank: int
    when: Node | None
    left: Node | None
    """How often it may still be used in the present period."""
    until: Node | None
    parameters: Mapping[str, Typed | Any]


@frozen(kw_only=True)
class Plan:
    """Everything an executor needs of a policy."""

    policy: Policy
    zone: Zone
    machines: tuple[Machine, ...]
    definitions: Mapping[str, Node]
    """Metrics and the machines' bindings, by name."""
    metrics: Mapping[str, Typed]
    fields: Mapping[tuple[str, str], Node]
    benefits: Mapping[str, tuple[tuple[Benefit, ...], ...]]
    """By tier set: for each rank (from 1) the benefits that its holder has."""
    benefit_words: Mapping[str, Mapping[str, str]]
    """What an explanation says of a kind of benefit, by language, with its parameters as `{fields}`."""
    events: Mapping[str, EventType]
    types: Mapping[str, Type]
    """The types of facts (by name) and of event fields (as `event.field`)."""
    sequential: frozenset[str] = field(factory=frozenset)
    """Event types with a field that depends on the tier before the event."""
    daily: bool = False
    """Some answer may turn on any day, so every day is asked."""
    rolling: tuple[tuple[str, Shift], ...] = ()
    """Event types with the rolling windows in which they are measured."""
    periods: tuple[tuple[Span, Node], ...] = ()
    """The periods that the policy counts in: length and anchor."""
    dated_days: frozenset[int] = field(factory=frozenset)
    """Days of the policy on which something changes by itself."""
    benefits_turn: bool = False
    """A benefit may come or go on any day, as those of a birthday do."""

    @property
    def currency(self) -> str:
        """The programme's currency."""
        return self.policy.program.currency


def lowered(policy: Policy, catalogue: Vocabulary) -> tuple[Plan | None, list[Problem]]:
    """Lower a policy; whatever in it means nothing comes back as problems."""
    everything = {**policy.events, **{n: e for n, e in BUILT_IN_EVENTS.items() if n not in policy.events}}
    scope = Scope(policy=_with_events(policy, everything), catalogue=catalogue)
    zone = _zone(scope)
    types = _types(scope, everything)
    _declarations(scope)
    for name in policy.metrics:
        scope.metric(name)
    for event in policy.events.values():
        for name, declared in event.fields.items():
            if declared.value is not None:
                scope.within_event(event).field(event, name)
    for segment in policy.segments.values():
        scope.condition(segment)
    machines = tuple(machine(one, scope) for one in policy.tier_sets)
    benefits = {one.tier_set.name: _benefits(one, scope) for one in machines}
    if scope.problems or zone is None:
        return None, scope.problems
    definitions = {f"metric.{name}": one.node for name, one in scope.metrics.items()}
    definitions |= {one.name: one.node for m in machines for one in m.bindings}
    fields = {at: one.node for at, one in scope.fields.items()}
    given = [node for one in machines for node in _nodes_of(benefits[one.tier_set.name])]
    regular = [node for node in given if not turns_daily([node])]
    nodes = [one for node in (*definitions.values(), *fields.values(), *regular) for one in walk_nodes(node)]
    plan = Plan(
        policy=policy,
        zone=zone,
        machines=machines,
        definitions=definitions,
        metrics=dict(scope.metrics),
        fields=fields,
        benefits=benefits,
        benefit_words={
            each.use.kind: catalogue.benefits[each.use.kind].words
            for ranks in benefits.values()
            for each in chain.from_iterable(ranks)
        },
        events=everything,
        types=types,
        sequential=frozenset(event for (event, _), node in fields.items() if _asks_tier(node, machines)),
        daily=turns_daily([*definitions.values(), *fields.values()]),
        rolling=rolling(nodes),
        periods=periods(nodes),
        dated_days=dated_days(nodes),
        benefits_turn=turns_daily(given),
    )
    return plan, []


def _declarations(scope: Scope) -> None:
    """What declarations name must be declared itself."""
    policy = scope.policy
    if not policy.tier_sets:
        scope.problem("no-tiers", policy.sources.get("program.timezone"))
    for event in policy.events.values():
        if event.returns is not None:
            scope.event_type(event.returns, event.source)
    fields = [one for event in policy.events.values() for one in event.fields.values()]
    for declared in (*policy.facts.values(), *fields):
        if declared.if_missing is not None:
            scope.constant(declared.if_missing, scope.type_of(declared), declared.source)
    for fact in policy.facts.values():
        for name, field_name in fact.set_by:
            setter = scope.event_type(name, fact.source)
            if setter is not None and field_name not in setter.fields:
                names = ", ".join(f"`{one}`" for one in setter.fields)
                near = scope.nearest(field_name, setter.fields)
                scope.problem("unknown-field", fact.source, name=field_name, event=name, nearest=near, fields=names)


def _with_events(policy: Policy, events: Mapping[str, EventType]) -> Policy:
    return evolve(policy, events=events)


def _zone(scope: Scope) -> Zone | None:
    program = scope.policy.program
    try:
        return Zone(info=ZoneInfo(program.timezone), day_starts=program.day_starts)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        scope.problem("no-zone", scope.policy.sources.get("program.timezone"), name=program.timezone)
        return None


def _types(scope: Scope, events: Mapping[str, EventType]) -> dict[str, Type]:
    found = {name: scope.type_of(one) for name, one in scope.policy.facts.items()}
    for event in events.values():
        found |= {f"{event.name}.{name}": scope.type_of(one) for name, one in event.fields.items()}
    return found


def _asks_tier(node: Node, machines: tuple[Machine, ...]) -> bool:
    state = {f"{one.tier_set.name}.tier" for one in machines}
    return any(isinstance(one, Ref) and one.name in state for one in walk_nodes(node))


# --- benefits -------------------------------------------------------------------------------------------


def _benefits(one: Machine, scope: Scope) -> tuple[tuple[Benefit, ...], ...]:
    """For each rank what its holder has: its own, what the tiers below give, the best of each group."""
    here = scope.for_set(one.tier_set)
    own = [[_benefit(use, rank, here) for use in tier.benefits] for rank, tier in enumerate(one.tier_set.tiers, 1)]
    found: list[tuple[Benefit, ...]] = []
    for rank, tier in enumerate(one.tier_set.tiers, 1):
        below = list(found[-1]) if found and tier.inherit else []
        mine = {b.use.group for b in own[rank - 1] if b.use.group}
        found.append((*(b for b in below if b.use.group not in mine), *own[rank - 1]))
    return tuple(found)


def _benefit(use: BenefitUse, rank: int, scope: Scope) -> Benefit:
    parameters = {}
    for one in described(type(use.parameters)):
        raw = getattr(use.parameters, one.name)
        parameters[key_name(one)] = (
            scope.value(raw, _wanted(raw)) if isinstance(raw, Written | TermValue | DatedValue) else raw
        )
    return Benefit(
        use=use,
        rank=rank,
        when=Certain(scope.condition(use.when)) if use.when else None,
        left=_left(use, rank, scope) if use.quota_times is not None else None,
        until=_until(use, rank, scope),
        parameters=parameters,
    )


def _nodes_of(benefits: tuple[tuple[Benefit, ...], ...]) -> Iterator[Node]:
    """What the benefits of a tier set are asked with."""
    for one in {id(one): one for many in benefits for one in many}.values():
        yield from (node for node in (one.when, one.left, one.until) if node is not None)
        yield from (value.node for value in one.parameters.values() if isinstance(value, Typed))


def _wanted(raw: Value) -> Type | None:
    """Parameters of benefits are numbers unless they are plainly text."""
    return NUMBER if not isinstance(raw, Written) or not isinstance(raw.value, str) else None


def _until(use: BenefitUse, rank: int, scope: Scope) -> Node | None:
    """The last valid day: counted from the day on which the tier that gives it was entered, else from today."""
    if use.valid is None:
        return None
    end, entered = scope.ends(use.valid, TODAY), scope.since_rank(rank)
    return end if entered is None else AtDay(end, entered)


def _left(use: BenefitUse, rank: int, scope: Scope) -> Node:
    """The quota less the uses of the present period, with what the one before left over if that carries."""
    times = scope.value(use.quota_times, NUMBER).node  # type: ignore[arg-type]  # asked only where there is a quota
    mine = Cmp("==", Field("benefit"), Lit(use.id))
    if use.quota_per is None:
        used: Node = Aggregate("count", "benefit_used", None, mine, Lit(1), TODAY)
        return Arith("highest", (Lit(0), Arith("subtract", (times, used))))
    if use.quota_per == "grant":
        first: Node = scope.state("grant_from", use.source)  # the one period that is a state
        used = Aggregate("count", "benefit_used", None, mine, first, TODAY)
        return Arith("highest", (Lit(0), Arith("subtract", (times, used))))
    length, anchor = scope.period(use.quota_per, use.source)
    first = PeriodDay(length, anchor, TODAY)
    used = Aggregate("count", "benefit_used", None, mine, first, TODAY)
    if use.carry_over:
        before = Aggregate("count", "benefit_used", None, mine, PeriodDay(length, anchor, TODAY, -1), shift(first, -1))
        saved: Node = Arith("highest", (Lit(0), Arith("subtract", (times, before))))
        entered = scope.since_rank(rank)
        if entered is not None:  # who did not have it then has nothing left over
            saved = Case(((Cmp("<", entered, first), saved),), Lit(0))
        times = Arith("add", (times, saved))
    return Arith("highest", (Lit(0), Arith("subtract", (times, used))))
