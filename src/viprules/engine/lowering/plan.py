"""The plan: a policy lowered whole, ready for any executor.

Metrics, computed fields, the machines of the tier sets and the benefits, all as nodes of one tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import evolve, field, frozen

from viprules.engine.days import Span, Zone
from viprules.engine.lowering.benefits import Benefit, benefits_of, nodes_of
from viprules.engine.lowering.scope import Scope
from viprules.engine.lowering.tiers.machine import Machine, machine
from viprules.engine.lowering.turning import dated_days, periods, rolling, turns_daily
from viprules.engine.policy.model import EventType, FieldType, Policy
from viprules.engine.policy.names import Vocabulary
from viprules.engine.tree.kinds import Type, Typed
from viprules.engine.tree.nodes import Node, Ref, Shift, Told, walk_nodes
from viprules.errors import Problem

__all__ = ["ANSWERS", "BUILT_IN_EVENTS", "Plan", "lowered"]

ANSWERS = ("requested", "approved", "refused")
_TEXT = FieldType(kind="text")
BUILT_IN_EVENTS: Mapping[str, EventType] = {
    **{name: EventType(name=name, fields=dict.fromkeys(("cause", "tier", "by", "role"), _TEXT)) for name in ANSWERS},
    "benefit_used": EventType(name="benefit_used", fields={"benefit": _TEXT}),
}
"""Events that every programme has: requests and answers for ways under approval, and uses of benefits."""


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


def lowered(policy: Policy, catalogue: Vocabulary) -> tuple[Plan | None, list[Problem]]:
    """Lower a policy; whatever in it means nothing comes back as problems."""
    events = {**policy.events, **{name: one for name, one in BUILT_IN_EVENTS.items() if name not in policy.events}}
    scope = Scope(policy=evolve(policy, events=events), catalogue=catalogue)
    zone, types = _zone(scope), _types(scope)
    _declarations(scope)
    _names(policy, scope)
    machines = tuple(machine(one, scope) for one in policy.tier_sets)
    benefits = {one.tier_set.name: benefits_of(one, scope) for one in machines}
    given = [node for ranks in benefits.values() for node in nodes_of(ranks)]
    _measure([*(one.node for each in machines for one in each.bindings), *given], scope)
    if scope.problems or zone is None:
        return None, scope.problems
    definitions = {f"metric.{name}": one.node for name, one in scope.metrics.items()}
    definitions |= {one.name: one.node for m in machines for one in m.bindings}
    fields = {at: one.node for at, one in scope.fields.items()}
    lasting = [*definitions.values(), *fields.values()]
    nodes = [one for node in (*lasting, *(one for one in given if not turns_daily([one]))) for one in walk_nodes(node)]
    plan = Plan(
        policy=policy,
        zone=zone,
        machines=machines,
        definitions=definitions,
        metrics=dict(scope.metrics),
        fields=fields,
        benefits=benefits,
        benefit_words={kind: catalogue.benefits[kind].words for kind in _kinds(benefits)},
        events=events,
        types=types,
        sequential=frozenset(event for (event, _), node in fields.items() if _asks_tier(node, machines)),
        daily=turns_daily(lasting, [one.node for one in scope.metrics.values()]),
        rolling=rolling(nodes),
        periods=periods(nodes),
        dated_days=dated_days(nodes),
        benefits_turn=turns_daily(given),
    )
    return plan, []


def _names(policy: Policy, scope: Scope) -> None:
    """Lower what has a name, whether anything asks it or not."""
    for name in policy.metrics:
        scope.metric(name)
    for event in policy.events.values():
        for name, declared in event.fields.items():
            if declared.value is not None:
                scope.within_event(event).field(event, name)
    for name in policy.segments:
        scope.segment(name)


def _measure(nodes: Iterable[Node], scope: Scope) -> None:
    """Nothing stands on names that stand on others too deep."""
    for node in nodes:
        told = (one.source for one in walk_nodes(node) if isinstance(one, Told) and one.source)
        scope.measure(node, next(told, None))


def _kinds(benefits: Mapping[str, tuple[tuple[Benefit, ...], ...]]) -> list[str]:
    return [each.use.kind for ranks in benefits.values() for given in ranks for each in given]


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
        for setter, name in fact.set_by:
            _setter(fact, setter, name, scope)


def _setter(fact: FieldType, event_name: str, name: str, scope: Scope) -> None:
    """What sets a fact must be a declared field of its type."""
    event = scope.event_type(event_name, fact.source)
    if event is None:
        return
    if name not in event.fields:
        fields, near = "\n".join(event.fields), scope.nearest(name, event.fields)
        scope.problem("unknown-field", fact.source, name=name, event=event_name, nearest=near, fields=fields)
    elif not scope.type_of(event.fields[name]).fits(wanted := scope.type_of(fact)):
        scope.problem("wrong-constant", fact.source, name=f"{event_name}.{name}", wanted=wanted.word, nearest="")


def _zone(scope: Scope) -> Zone | None:
    program = scope.policy.program
    try:
        return Zone(info=ZoneInfo(program.timezone), day_starts=program.day_starts)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        scope.problem("no-zone", scope.policy.sources.get("program.timezone"), name=program.timezone)
        return None


def _types(scope: Scope) -> dict[str, Type]:
    found = {name: scope.type_of(one) for name, one in scope.policy.facts.items()}
    for event in scope.policy.events.values():
        found |= {f"{event.name}.{name}": scope.type_of(one) for name, one in event.fields.items()}
    return found


def _asks_tier(node: Node, machines: tuple[Machine, ...]) -> bool:
    state = {f"{one.tier_set.name}.tier" for one in machines}
    return any(isinstance(one, Ref) and one.name in state for one in walk_nodes(node))
