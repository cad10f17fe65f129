"""The built-in measures: of events, of dated facts, of time, and of what other measures came to.

Written against `viprules.api` alone, as a plug-in is.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from attrs import evolve, frozen

from viprules.api import (
    DATE,
    NUMBER,
    Condition,
    DayForm,
    EventName,
    Example,
    FactName,
    FieldPath,
    PeriodName,
    Scope,
    TermType,
    Type,
    Typed,
    Value,
    WindowForm,
    aligned,
    as_of,
    event_field,
    hookimpl,
    key,
    nodes,
)

__all__ = ["viprules_terms"]

NEEDS: Final = """
facts: {joined: date, balance: {type: money, set_by: {statement: balance}}}
events: {purchase: {amount: money}, statement: {balance: money}}
metrics: {orders: {count: {of: purchase, window: {this: year}}}}
"""
WHERE = {"$ref": "#/$defs/where"}
DAYS = {"$ref": "#/$defs/day_or_days"}
GROWING = ("sum", "max", "count", "count_days", "distinct")


@frozen(kw_only=True)
class OfField:
    """A measure of one field of the events in a window."""

    of: FieldPath = key("the field, as `event.field`", examples=["purchase.amount"])
    where: Condition | None = key("which of the events count", default=None, schema=WHERE)
    window: WindowForm | None = key("which days count; unsaid all", default=None, examples=["{this: year}"])
    as_of: tuple[DayForm, ...] = key("other days to ask at; the highest result counts", factory=tuple, schema=DAYS)


@frozen(kw_only=True)
class OfEvent:
    """A measure of the events in a window."""

    of: EventName = key("the event type", examples=["purchase"])
    where: Condition | None = key("which of the events count", default=None, schema=WHERE)
    window: WindowForm | None = key("which days count; unsaid all", default=None, examples=["{last: 12 months}"])
    as_of: tuple[DayForm, ...] = key("other days to ask at; the highest result counts", factory=tuple, schema=DAYS)


def _of_field(how: Any, parameters: OfField, scope: Scope) -> Typed:
    found = event_field(parameters.of, scope)
    if found is None:
        return Typed(node=nodes.Lit(None), type=NUMBER)
    inside, typed = found
    if how in ("sum", "average") and not typed.type.numeric:
        scope.problem("not-a-number", None, name=parameters.of, how=how)
    kind = NUMBER if how == "distinct" else typed.type
    return _aggregate(how, parameters.of.partition(".")[0], typed.node, kind, parameters, inside, scope)


def _of_event(how: Any, parameters: OfEvent, scope: Scope) -> Typed:
    event = scope.event_type(parameters.of, None)
    if event is None:
        return Typed(node=nodes.Lit(None), type=NUMBER)
    kind = DATE if how.endswith("_day") else NUMBER
    return _aggregate(how, event.name, None, kind, parameters, scope.within_event(event), scope)


def _aggregate(  # noqa: PLR0917 -- the parts of a measure
    how: Any, event: str, value: nodes.Node | None, kind: Type, parameters: Any, inside: Scope, scope: Scope
) -> Typed:
    first, last, minutes = scope.window(parameters.window)
    where = inside.condition(parameters.where) if parameters.where else None
    node: nodes.Node = nodes.Aggregate(how, event, value, where, first, last, minutes)
    grown = None
    begins = scope.policy.program.history_from
    if begins is not None:
        grown = node if how in GROWING else None
        node = nodes.Case(((nodes.Cmp("<", first, nodes.Lit(begins)), nodes.Lit(None)),), node)
    typed = Typed(node=node, type=kind, window=(first, last), grown=grown, growing=how in GROWING)
    return _asked_at(typed, parameters.as_of, scope)


def _asked_at(typed: Typed, days: tuple[DayForm, ...], scope: Scope) -> Typed:
    """The value as of other days; of several the highest that is known."""
    if not days:
        return typed
    asked = [as_of(typed.node, scope.day(one), scope) for one in days]
    node = asked[0] if len(asked) == 1 else nodes.Arith("highest", tuple(asked))
    return evolve(typed, node=node, window=None, grown=None)


@frozen(kw_only=True)
class AverageDaily:
    """The average of a dated fact over every real day of a window."""

    of: FactName = key("a fact that events set", examples=["balance"])
    window: WindowForm = key("which days count", examples=["{this: month}"])
    as_of: tuple[DayForm, ...] = key("other days to ask at; the highest result counts", factory=tuple, schema=DAYS)


def average_daily(parameters: AverageDaily, scope: Scope) -> Typed:
    """Unknown if a day of the window has no value."""
    first, last, _ = scope.window(parameters.window)
    declared = scope.policy.facts.get(parameters.of)
    if declared is None:  # its own line is broken
        scope.problem(
            "unknown-name", None, name=parameters.of, nearest=scope.nearest(parameters.of, scope.policy.facts)
        )
        return Typed(node=nodes.Lit(None), type=NUMBER)
    if not declared.set_by:
        scope.problem("not-dated", declared.source, name=parameters.of)
    node = nodes.DailyAverage(parameters.of, first, last)
    typed = Typed(node=node, type=scope.fact(parameters.of).type, window=(first, last))
    return _asked_at(typed, parameters.as_of, scope)


@frozen(kw_only=True)
class SinceLast:
    """How long ago the last event was: compare it with a duration."""

    of: EventName = key("the event type", examples=["purchase"])
    where: Condition | None = key("which of the events count", default=None, schema=WHERE)


def since_last(parameters: SinceLast, scope: Scope) -> Typed:
    """The day of the last event; a date compared with a duration asks for its age."""
    asked = OfEvent(of=parameters.of, where=parameters.where, window=None)
    return evolve(_of_event("last_day", asked, scope), window=None)


@frozen(kw_only=True)
class Tenure:
    """How long something has lasted."""

    since: DayForm = key("the day it began", examples=["joined"])
    unit: Literal["days", "months", "years"] = key("the unit", name="in", default="years")
    counting: Literal["full", "started"] = key("whole units, or the one that runs as well", default="full")


def tenure(parameters: Tenure, scope: Scope) -> Typed:
    """Whole or started units since a day."""
    node = nodes.Elapsed(scope.day(parameters.since), nodes.TODAY, parameters.unit, parameters.counting == "started")
    return Typed(node=node, type=NUMBER)


@frozen(kw_only=True)
class StreakOf:
    """How many complete periods in a row meet a condition."""

    of: PeriodName = key("the period", examples=["year"])
    condition: Condition = key("asked as at the last day of each period", name="while")
    counts_first: bool = key("count the period that the run starts from as well", default=False)


def streak(parameters: StreakOf, scope: Scope) -> Typed:
    """Going back from the last complete period; none before the first event."""
    length, anchor = scope.period(parameters.of, None)
    condition = scope.condition(parameters.condition)
    grown = None
    if scope.policy.program.history_from is not None or _asks_a_fact(condition, scope):
        # The periods that surely meet it are enough, whatever was before the events begin or a fact was stated.
        grown = nodes.Streak(length, anchor, nodes.Certain(condition), counts_first=False)
    return Typed(node=nodes.Streak(length, anchor, condition, parameters.counts_first), type=NUMBER, grown=grown)


def _asks_a_fact(node: nodes.Node, scope: Scope) -> bool:
    """Facts are what is mostly unknown; to ask each streak twice for a field that is missing would cost all of them."""
    for one in nodes.walk_nodes(node):
        if isinstance(one, nodes.Fact | nodes.DailyAverage):
            return True
        metric = scope.metrics.get(one.name.removeprefix("metric.")) if isinstance(one, nodes.Ref) else None
        if metric is not None and _asks_a_fact(metric.node, scope):
            return True
    return False


@frozen(kw_only=True)
class Credit:
    """A head start or bonus: a value in the windows that hold the day on which it was given."""

    value: Value = key("how much, as of the day it was given", examples=["10"])
    given: DayForm = key("the day", examples=["joined"])
    window: WindowForm | None = key("in which windows it counts", default=None, examples=["{this: year}"])


def credit(parameters: Credit, scope: Scope) -> Typed:
    """The value on that day where the window holds it, else 0; unknown where the day is."""
    first, last, _ = scope.window(parameters.window)
    given, value = scope.day(parameters.given), scope.value(parameters.value, scope.want)
    inside = nodes.All((nodes.Cmp(">=", given, first), nodes.Cmp("<=", given, last)))
    node = nodes.Case(((inside, as_of(value.node, given, scope)),), nodes.Lit(0), strict=True)
    return evolve(value, node=node, window=None)


@frozen(kw_only=True)
class Surplus:
    """What exceeds the highest of several marks that is reached."""

    of: Value = key("a measure", examples=["nights"])
    above: tuple[Value, ...] = key("the marks, lowest first", examples=["[25, 50]"])
    as_of: tuple[DayForm, ...] = key("other days to ask at; the highest result counts", factory=tuple, schema=DAYS)


def surplus(parameters: Surplus, scope: Scope) -> Typed:
    """None of the marks reached: 0."""
    of = scope.value(parameters.of)
    marks = [aligned(scope.of_kind(one, of.type), of.type.decimals) for one in parameters.above]
    branches = tuple(
        (nodes.Cmp(">=", of.node, one), nodes.Arith("subtract", (of.node, one))) for one in reversed(marks)
    )
    known = nodes.Case(((nodes.Known(of.node), nodes.Case(branches, nodes.Lit(0))),), nodes.Lit(None))
    return _asked_at(Typed(node=known, type=of.type), parameters.as_of, scope)


FIELD_MEASURES = {
    "sum": "the sum of a field; 0 without events",
    "max": "the highest value of a field",
    "min": "the lowest value of a field",
    "average": "the exact average of a field",
    "first": "the first value of a field",
    "last": "the last value of a field",
    "distinct": "how many different values a field has",
}
EVENT_MEASURES = {"count": "how many events there are", "count_days": "on how many days there are events"}
OTHERS = (
    TermType(
        name="average_daily",
        parameters=AverageDaily,
        compile=average_daily,
        doc="the average of a dated fact over every day",
        examples=(Example(yaml="{average_daily: {of: balance, window: {this: month}}}", needs=NEEDS),),
    ),
    TermType(
        name="since_last",
        parameters=SinceLast,
        compile=since_last,
        doc="the age of the last event, for comparison with a duration",
        examples=(Example(yaml="{since_last: {of: purchase}}", needs=NEEDS),),
    ),
    TermType(
        name="tenure",
        parameters=Tenure,
        compile=tenure,
        doc="how long something has lasted",
        examples=(Example(yaml="{tenure: {since: joined, in: years}}", needs=NEEDS),),
    ),
    TermType(
        name="streak",
        parameters=StreakOf,
        compile=streak,
        doc="how many complete periods in a row meet a condition",
        examples=(Example(yaml="{streak: {of: year, while: {orders: {at_least: 1}}}}", needs=NEEDS),),
    ),
    TermType(
        name="credit",
        parameters=Credit,
        compile=credit,
        doc="a head start, in the windows that hold the day it was given",
        examples=(Example(yaml="{credit: {value: 10, given: joined, window: {this: year}}}", needs=NEEDS),),
    ),
    TermType(
        name="surplus",
        parameters=Surplus,
        compile=surplus,
        doc="what exceeds the highest mark that is reached",
        examples=(Example(yaml="{surplus: {of: orders, above: [20, 50]}}", needs=NEEDS),),
    ),
)


@hookimpl
def viprules_terms() -> list[TermType]:
    """The measures that every policy can use."""
    of_field = [
        TermType(
            name=name,
            parameters=OfField,
            doc=doc,
            examples=(Example(yaml=f"{{{name}: {{of: purchase.amount, window: {{this: year}}}}}}", needs=NEEDS),),
            compile=lambda parameters, scope, name=name: _of_field(name, parameters, scope),
        )
        for name, doc in FIELD_MEASURES.items()
    ]
    of_event = [
        TermType(
            name=name,
            parameters=OfEvent,
            doc=doc,
            examples=(Example(yaml=f"{{{name}: {{of: purchase, window: {{last: 12 months}}}}}}", needs=NEEDS),),
            compile=lambda parameters, scope, name=name: _of_event(name, parameters, scope),
        )
        for name, doc in EVENT_MEASURES.items()
    ]
    return [*of_field, *of_event, *OTHERS]
