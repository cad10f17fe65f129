"""The built-in values that depend on something: on another value, on a condition.

Written against `viprules.api` alone, as a plug-in is.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from attrs import frozen

from viprules.api import (
    NUMBER,
    Condition,
    Example,
    Scope,
    TermType,
    Type,
    Typed,
    Value,
    exact,
    hookimpl,
    key,
    nodes,
)

__all__ = ["viprules_terms"]


NEEDS: Final = """
events: {purchase: {}}
metrics: {orders: {count: {of: purchase, window: {this: year}}}}
tiers: [{id: silver, enter: everyone}, {id: gold, enter: {orders: {at_least: 2}}}]
"""


@frozen(kw_only=True)
class By:
    """A value by another value: a table of exact values, or of steps."""

    by: Value = key("what it depends on", examples=["tier"])
    values: Mapping[str, Value] = key("a value for each", factory=dict)
    steps: Mapping[str, Value] = key("from which number on; the largest key not above it counts", factory=dict)
    otherwise: Value | None = key("what holds where nothing matches", default=None)


def by(parameters: By, scope: Scope) -> Typed:
    """No match and no `otherwise` makes the value unknown."""
    subject = scope.of_kind(parameters.by, NUMBER) if parameters.steps else scope.value(parameters.by)
    if not parameters.values and not parameters.steps:
        scope.problem("missing-key", None, key="values", beside="by")
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
    values = [one for _, one in table] + ([] if otherwise is None else [otherwise])
    found, kind = scope.alike(values, scope.want)
    branches = tuple(zip([when for when, _ in table], found, strict=False))
    rest = nodes.Lit(None) if otherwise is None else found[-1]
    return Typed(node=nodes.Case(branches, rest, strict=True), type=kind)


@frozen(kw_only=True)
class When:
    """One value while a condition holds, else another."""

    when: Condition = key("the condition")
    then: Value = key("what holds if it is met")
    otherwise: Value | None = key("what holds if it is not", default=None)


def when(parameters: When, scope: Scope) -> Typed:
    """Unknown while the condition is."""
    return _cases([(scope.condition(parameters.when), parameters.then)], parameters.otherwise, scope)


TERMS = (
    TermType(
        name="by",
        parameters=By,
        compile=by,
        doc="a value by another value",
        examples=(Example(yaml="{by: tier, values: {gold: 1.2}, otherwise: 1}", needs=NEEDS),),
        head=True,
    ),
    TermType(
        name="when",
        parameters=When,
        compile=when,
        doc="one value while a condition holds, else another",
        examples=(Example(yaml="{when: {orders: {at_least: 1}}, then: 5, otherwise: 0}", needs=NEEDS),),
        head=True,
    ),
)


@hookimpl
def viprules_terms() -> tuple[TermType, ...]:
    """The values that every policy can use."""
    return TERMS
