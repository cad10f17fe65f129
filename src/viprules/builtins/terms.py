"""The built-in terms: measures of events, values that depend on something, arithmetic, streaks.

Written against `viprules.api` alone, as a plug-in is.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

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
    exact,
    hookimpl,
    key,
    nodes,
)

__all__ = ["viprules_terms"]

WHERE = {"$ref": "#/$defs/where"}
DAYS = {"$ref": "#/$defs/day_or_days"}
GROWING = ("sum", "max", "count", "count_days", "distinct")
RoundMode = Literal["down", "up", "half_up", "half_even"]


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


def _split(path: str, scope: Scope) -> tuple[Scope, Typed] | None:
    """The scope of the event and the field of a path such as `purchase.amount`."""
    event_name, _, field_name = path.partition(".")
    event = scope.event_type(event_name, None)
    if event is None:
        return None
    if field_name not in event.fields:
        scope.problem(
            "unknown-field",
            None,
            name=field_name,
            event=event_name,
            nearest=scope.nearest(field_name, event.fields),
            fields=", ".join(f"`{n}`" for n in event.fields),
        )
        return None
    inside = evolve(scope.within_event(event), want=None)
    return inside, inside.field(event, field_name)


def _of_field(how: Any, parameters: OfField, scope: Scope) -> Typed:
    found = _split(parameters.of, scope)
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
    asked = [nodes.AtDay(typed.node, scope.day(one)) for one in days]
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
    kind = scope.fact(parameters.of).type
    if not scope.policy.facts[parameters.of].set_by:
        scope.problem("not-dated", scope.policy.facts[parameters.of].source, name=parameters.of)
    return _asked_at(
        Typed(node=nodes.DailyAverage(parameters.of, first, last), type=kind, window=(first, last)),
        parameters.as_of,
        scope,
    )


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
    if scope.policy.program.history_from is not None:
        # The periods that surely meet it are enough, whatever was before the events begin.
        grown = nodes.Streak(length, anchor, nodes.Certain(condition), counts_first=False)
    return Typed(node=nodes.Streak(length, anchor, condition, parameters.counts_first), type=NUMBER, grown=grown)


@frozen(kw_only=True)
class Credit:
    """A head start or bonus: a value in the windows that hold the day on which it was given."""

    value: Value = key("how much, as of the day it was given", examples=["10"])
    given: DayForm = key("the day", examples=["joined"])
    window: WindowForm | None = key("in which windows it counts", default=None, examples=["{this: year}"])


def credit(parameters: Credit, scope: Scope) -> Typed:
    """The value on that day where the window holds it, else 0."""
    first, last, _ = scope.window(parameters.window)
    given, value = scope.day(parameters.given), scope.value(parameters.value, scope.want)
    inside = nodes.All((nodes.Cmp(">=", given, first), nodes.Cmp("<=", given, last)))
    return evolve(value, node=nodes.Case(((inside, nodes.AtDay(value.node, given)),), nodes.Lit(0)), window=None)


@frozen(kw_only=True)
class Surplus:
    """What exceeds the highest of several marks that is reached."""

    of: Value = key("a measure", examples=["nights"])
    above: tuple[Value, ...] = key("the marks, lowest first", examples=["[25, 50]"])
    as_of: tuple[DayForm, ...] = key("other days to ask at; the highest result counts", factory=tuple, schema=DAYS)


def surplus(parameters: Surplus, scope: Scope) -> Typed:
    """None of the marks reached: 0."""
    of = scope.value(parameters.of)
    marks = [aligned(scope.value(one, of.type), of.type.decimals) for one in parameters.above]
    branches = tuple(
        (nodes.Cmp(">=", of.node, one), nodes.Arith("subtract", (of.node, one))) for one in reversed(marks)
    )
    known = nodes.Case(((nodes.Known(of.node), nodes.Case(branches, nodes.Lit(0))),), nodes.Lit(None))
    return _asked_at(Typed(node=known, type=of.type), parameters.as_of, scope)


# --- values that depend on something -----------------------------------------------------------------


@frozen(kw_only=True)
class By:
    """A value by another value: a table of exact values, or of steps."""

    by: Value = key("what it depends on", examples=["tier"])
    values: Mapping[str, Value] = key("a value for each", factory=dict)
    steps: Mapping[str, Value] = key("from which number on; the largest key not above it counts", factory=dict)
    otherwise: Value | None = key("what holds where nothing matches", default=None)


def by(parameters: By, scope: Scope) -> Typed:
    """No match and no `otherwise` makes the value unknown."""
    subject = scope.value(parameters.by)
    table: list[tuple[nodes.Node, Value]] = []
    for name, one in parameters.values.items():
        table.append(
            (
                nodes.Cmp("==", subject.node, nodes.Lit(scope.constant(_key(name, subject.type), subject.type, None))),
                one,
            )
        )
    steps = ((scope.constant(_key(name, NUMBER), subject.type, None), one) for name, one in parameters.steps.items())
    known = [(Fraction(mark), one) for mark, one in steps if isinstance(mark, int | Fraction)]
    marks = sorted(((exact(mark), one) for mark, one in known), key=lambda step: step[0])
    table.extend((nodes.Cmp(">=", subject.node, nodes.Lit(mark)), one) for mark, one in reversed(marks))
    return _cases(table, parameters.otherwise, scope)


def _key(name: str, kind: Type) -> Any:
    """A key of a table as the subject's type reads it."""
    if kind.numeric:
        return Decimal(name) if name.replace(".", "", 1).isdigit() else name
    return {"true": True, "false": False}.get(name, name) if kind.kind == "true_false" else name


def _cases(table: list[tuple[nodes.Node, Value]], otherwise: Value | None, scope: Scope) -> Typed:
    """One type and unit for all branches."""
    typed = [scope.value(one, scope.want) for _, one in table]
    rest = scope.value(otherwise, scope.want) if otherwise is not None else None
    every = [*typed, rest] if rest else typed
    decimals = max(one.type.decimals for one in every)
    branches = tuple((when, aligned(one, decimals)) for (when, _), one in zip(table, typed, strict=True))
    node = nodes.Case(branches, aligned(rest, decimals) if rest else nodes.Lit(None), strict=True)
    return Typed(node=node, type=evolve(every[0].type, decimals=decimals))


@frozen(kw_only=True)
class When:
    """One value while a condition holds, else another."""

    when: Condition = key("the condition")
    then: Value = key("what holds if it is met")
    otherwise: Value | None = key("what holds if it is not", default=None)


def when(parameters: When, scope: Scope) -> Typed:
    """Unknown while the condition is."""
    return _cases([(scope.condition(parameters.when), parameters.then)], parameters.otherwise, scope)


# --- arithmetic -----------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Rounding:
    """How a computed value is rounded; unsaid it is exact."""

    round: RoundMode | None = key("`down`, `up`, `half_up` or `half_even`", default=None)
    to: Decimal = key("the unit to round to", default=Decimal(1), schema={"exclusiveMinimum": 0})


@frozen(kw_only=True)
class Add(Rounding):
    """A sum of values."""

    add: tuple[Value, ...] = key("the values")


@frozen(kw_only=True)
class Product(Rounding):
    """A product of values."""

    product: tuple[Value, ...] = key("the values")


@frozen(kw_only=True)
class LowestOf(Rounding):
    """The lowest of several values."""

    lowest_of: tuple[Value, ...] = key("the values")


@frozen(kw_only=True)
class HighestOf(Rounding):
    """The highest of several values."""

    highest_of: tuple[Value, ...] = key("the values")


@frozen(kw_only=True)
class FirstKnownOf(Rounding):
    """The first of several values that is known."""

    first_known: tuple[Value, ...] = key("the values, the preferred one first")


@frozen(kw_only=True)
class Subtract(Rounding):
    """The first value less the second."""

    subtract: tuple[Value, ...] = key("two values", schema={"minItems": 2, "maxItems": 2})


@frozen(kw_only=True)
class Quotient(Rounding):
    """The first value divided by the second."""

    quotient: tuple[Value, ...] = key("two values", schema={"minItems": 2, "maxItems": 2})


def _items(values: tuple[Value, ...], scope: Scope) -> list[Typed]:
    found = [scope.value(one) for one in values]
    for one in found:
        if not one.type.numeric and one.type != DATE:
            scope.problem("not-a-number", None, name=one.type.kind, how="arithmetic")
    return found


def _same_unit(op: Any, items: list[Typed], rounding: Rounding) -> Typed:
    """Sums, differences, the highest and the lowest: all in the finest unit."""
    decimals = max(one.type.decimals for one in items)
    kind = next((one.type for one in items if one.type.kind != "number"), NUMBER)
    node = nodes.Arith(op, tuple(aligned(one, decimals) for one in items))
    return _rounded(Typed(node=node, type=evolve(kind, decimals=decimals)), rounding)


def _rounded(typed: Typed, rounding: Rounding) -> Typed:
    if rounding.round is None:
        return typed
    unit = Fraction(rounding.to) * 10**typed.type.decimals
    return evolve(typed, node=nodes.Round(typed.node, rounding.round, unit))


def add(parameters: Add, scope: Scope) -> Typed:
    """Unknown if a part is."""
    return _same_unit("add", _items(parameters.add, scope), parameters)


def subtract(parameters: Subtract, scope: Scope) -> Typed:
    """Unknown if a part is."""
    return _same_unit("subtract", _items(parameters.subtract, scope), parameters)


def lowest_of(parameters: LowestOf, scope: Scope) -> Typed:
    """Unknown if a part is."""
    return _same_unit("lowest", _items(parameters.lowest_of, scope), parameters)


def highest_of(parameters: HighestOf, scope: Scope) -> Typed:
    """Unknown if a part is."""
    return _same_unit("highest", _items(parameters.highest_of, scope), parameters)


def first_known(parameters: FirstKnownOf, scope: Scope) -> Typed:
    """Unknown only if all parts are."""
    items = [scope.value(one, scope.want) for one in parameters.first_known]
    decimals = max(one.type.decimals for one in items)
    node = nodes.FirstKnown(tuple(aligned(one, decimals) for one in items))
    return _rounded(Typed(node=node, type=evolve(items[0].type, decimals=decimals)), parameters)


def product(parameters: Product, scope: Scope) -> Typed:
    """The unit is that of the amount; factors are plain numbers."""
    items = _items(parameters.product, scope)
    kind = next((one.type for one in items if one.type.kind == "money"), NUMBER)
    decimals = sum(one.type.decimals for one in items)
    node = nodes.Arith("product", tuple(one.node for one in items))
    return _rounded(Typed(node=node, type=evolve(kind, decimals=decimals)), parameters)


def quotient(parameters: Quotient, scope: Scope) -> Typed:
    """Exact, never rounded unless written; unknown where the divisor is 0."""
    over, under = _items(parameters.quotient, scope)
    kind = NUMBER if under.type.kind == "money" else over.type
    divided = nodes.Arith("quotient", (over.node, aligned(under, under.type.decimals)))
    scale = under.type.decimals
    node: nodes.Node = nodes.Arith("product", (divided, nodes.Lit(10**scale))) if scale else divided
    return _rounded(Typed(node=node, type=evolve(kind, decimals=over.type.decimals)), parameters)


# --- the offer ------------------------------------------------------------------------------------------

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
OTHERS: list[tuple[str, type, Any, str, str, bool]] = [
    (
        "average_daily",
        AverageDaily,
        average_daily,
        "the average of a dated fact over every day",
        "{average_daily: {of: balance, window: {this: month}}}",
        False,
    ),
    (
        "since_last",
        SinceLast,
        since_last,
        "the age of the last event, for comparison with a duration",
        "{since_last: {of: purchase}}",
        False,
    ),
    ("tenure", Tenure, tenure, "how long something has lasted", "{tenure: {since: joined, in: years}}", False),
    (
        "streak",
        StreakOf,
        streak,
        "how many complete periods in a row meet a condition",
        "{streak: {of: year, while: {orders: {at_least: 1}}}}",
        False,
    ),
    (
        "credit",
        Credit,
        credit,
        "a head start, in the windows that hold the day it was given",
        "{credit: {value: 10, given: joined, window: {this: year}}}",
        False,
    ),
    (
        "surplus",
        Surplus,
        surplus,
        "what exceeds the highest mark that is reached",
        "{surplus: {of: orders, above: [20, 50]}}",
        False,
    ),
    ("by", By, by, "a value by another value", "{by: tier, values: {gold: 1.2}, otherwise: 1}", True),
    (
        "when",
        When,
        when,
        "one value while a condition holds, else another",
        "{when: {orders: {at_least: 1}}, then: 5, otherwise: 0}",
        True,
    ),
    ("add", Add, add, "a sum of values", "{add: [orders, 10]}", True),
    ("subtract", Subtract, subtract, "a difference of two values", "{subtract: [orders, 10]}", True),
    ("product", Product, product, "a product of values", "{product: [orders, 1.2], round: down}", True),
    ("quotient", Quotient, quotient, "a quotient of two values", "{quotient: [spend, orders]}", True),
    ("lowest_of", LowestOf, lowest_of, "the lowest of several values", "{lowest_of: [orders, 10]}", True),
    ("highest_of", HighestOf, highest_of, "the highest of several values", "{highest_of: [orders, 10]}", True),
    (
        "first_known",
        FirstKnownOf,
        first_known,
        "the first of several values that is known",
        "{first_known: [orders, 0]}",
        True,
    ),
]


@hookimpl
def viprules_terms() -> list[TermType]:
    """The terms that every policy can use."""
    of_field = [
        TermType(
            name=name,
            parameters=OfField,
            doc=doc,
            examples=(Example(yaml=f"{{{name}: {{of: purchase.amount, window: {{this: year}}}}}}"),),
            compile=lambda parameters, scope, name=name: _of_field(name, parameters, scope),
        )
        for name, doc in FIELD_MEASURES.items()
    ]
    of_event = [
        TermType(
            name=name,
            parameters=OfEvent,
            doc=doc,
            examples=(Example(yaml=f"{{{name}: {{of: purchase, window: {{last: 12 months}}}}}}"),),
            compile=lambda parameters, scope, name=name: _of_event(name, parameters, scope),
        )
        for name, doc in EVENT_MEASURES.items()
    ]
    others = [
        TermType(name=name, parameters=parameters, compile=make, doc=doc, examples=(Example(yaml=example),), head=head)
        for name, parameters, make, doc, example, head in OTHERS
    ]
    return [*of_field, *of_event, *others]
