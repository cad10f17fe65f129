"""Growth values (成长值) for viprules: windows with a deduction, daily accrual, and sums that fade."""

from __future__ import annotations

from datetime import date

from attrs import evolve, frozen

from viprules.api import (
    DATE,
    DayForm,
    Example,
    FactName,
    FieldPath,
    Scope,
    TermType,
    Typed,
    Value,
    aligned,
    call,
    event_field,
    history,
    hookimpl,
    key,
    nodes,
    shift,
)
from viprules_growth.windows import Earned, Number, Windows, growth_on

__all__ = ["VIPRULES_CONTRACT", "viprules_terms"]

VIPRULES_CONTRACT = 1
NEEDS = """
facts: {joined: date, growth_a_day: {type: number, set_by: {plan: rate}}}
events: {order: {growth: number}, plan: {rate: number}}
"""
TODAY = Typed(node=nodes.TODAY, type=DATE)


@frozen(kw_only=True)
class Growth:
    """A balance of what was earned, with windows in which so much must be earned again."""

    of: FieldPath = key("what is earned, as `event.field`", examples=["order.growth"])
    opens_at: Value = key("the balance at which the first window opens", examples=["2000"])
    keep: Value = key("what must be earned in each window", examples=["1000"])
    deduct: Value = key("what is taken away after a window in which less was earned", examples=["800"])
    days: int = key("the length of a window", default=365, schema={"minimum": 1, "maximum": 3660})
    next_day: bool = key("what is earned on a day counts from the next one", default=False)


@frozen(kw_only=True)
class DailyGrowth:
    """A balance that grows every day at the rate that holds on that day."""

    rate: FactName = key("the fact with the rate of a day, which events set; below 0 while it decays")
    since: DayForm = key("the first day that counts", examples=["joined"])
    least: Value = key("the balance is never shown below this", default=None, examples=["0"])
    most: Value = key("the balance is never shown above this", default=None, examples=["10000"])


@frozen(kw_only=True)
class FadingSum:
    """A sum in which every event counts less each day, and nothing any more after some days."""

    of: FieldPath = key("the field, as `event.field`", examples=["order.growth"])
    days: int = key("after so many days it counts nothing", examples=["180"], schema={"minimum": 2, "maximum": 3660})


def growth(parameters: Growth, scope: Scope) -> Typed:
    """A function of every event: what a window takes away depends on the ones before it."""
    days, late = parameters.days, int(parameters.next_day)

    def balance(today: date, earned: Earned, opens_at: Number, keep: Number, deduct: Number) -> Number:
        windows = Windows(opens_at=opens_at, keep=keep, deduct=deduct, days=days)
        return growth_on(date.fromordinal(today.toordinal() - late), earned, windows)

    earned = history(parameters.of, scope)
    plain = evolve(earned.type, dated=False)
    bounds = [scope.value(one, plain) for one in (parameters.opens_at, parameters.keep, parameters.deduct)]
    return call("growth", balance, TODAY, earned, *bounds, gives=plain)


def daily_growth(parameters: DailyGrowth, scope: Scope) -> Typed:
    """The average rate of the days times their number: a day counts when it is over."""
    rate, since = scope.fact(parameters.rate), scope.day(parameters.since)
    yesterday = shift(nodes.TODAY, -1)
    total = nodes.Arith(
        "product",
        (nodes.DailyAverage(parameters.rate, since, yesterday), nodes.Elapsed(since, nodes.TODAY, "days")),
    )
    node: nodes.Node = nodes.Case(((nodes.Cmp(">=", since, nodes.TODAY), nodes.Lit(0)),), total)
    for op, bound in (("highest", parameters.least), ("lowest", parameters.most)):
        if bound is not None:
            node = nodes.Arith(op, (node, aligned(scope.value(bound, rate.type), rate.type.decimals)))  # type: ignore[arg-type]  # a table of operators
    return Typed(node=node, type=rate.type)


def fading_sum(parameters: FadingSum, scope: Scope) -> Typed:
    """Two sums: of the amounts, and of the amounts times their days, so that no event is looked at one by one.

    amount * (days - age) / days, summed, is (sum(amount * day) - (today - days) * sum(amount)) / days.
    """
    found = event_field(parameters.of, scope)
    if found is None:
        return Typed(node=nodes.Lit(None), type=DATE)
    _, field = found
    event, first = parameters.of.partition(".")[0], shift(nodes.TODAY, 1 - parameters.days)

    def summed(node: nodes.Node) -> nodes.Node:
        return nodes.Aggregate("sum", event, node, None, first, nodes.TODAY)

    weighted = summed(nodes.Arith("product", (field.node, nodes.TODAY)))  # in an event the day is its own
    start = shift(nodes.TODAY, -parameters.days)
    rest = nodes.Arith("subtract", (weighted, nodes.Arith("product", (start, summed(field.node)))))
    return Typed(node=nodes.Arith("quotient", (rest, nodes.Lit(parameters.days))), type=field.type)


@hookimpl
def viprules_terms() -> list[TermType]:
    """Offer the words."""
    return [
        TermType(
            name="growth",
            parameters=Growth,
            compile=growth,
            doc="a growth value (成长值): what was earned, less a deduction for each window in which too little was",
            examples=(
                Example(yaml="{growth: {of: order.growth, opens_at: 2000, keep: 1000, deduct: 800}}", needs=NEEDS),
            ),
        ),
        TermType(
            name="daily_growth",
            parameters=DailyGrowth,
            compile=daily_growth,
            doc="a growth value that accrues every day at a rate that events set",
            examples=(Example(yaml="{daily_growth: {rate: growth_a_day, since: joined, least: 0}}", needs=NEEDS),),
        ),
        TermType(
            name="fading_sum",
            parameters=FadingSum,
            compile=fading_sum,
            doc="a sum in which every event counts less each day",
            examples=(Example(yaml="{fading_sum: {of: order.growth, days: 180}}", needs=NEEDS),),
        ),
    ]
