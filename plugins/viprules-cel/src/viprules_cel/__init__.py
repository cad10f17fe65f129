"""A criterion for viprules whose condition is an expression of CEL, the Common Expression Language."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from viprules.api import DATE, TRUTH, Example, Scope, TermType, Typed, call, hookimpl, key, nodes
from viprules_cel.expressions import LONGEST, Expression

__all__ = ["VIPRULES_CONTRACT", "viprules_terms"]

VIPRULES_CONTRACT = 1
TODAY = "day"
NEEDS = """
facts: {city: text}
events: {purchase: {amount: money}}
metrics: {spend: {sum: {of: purchase.amount}}}
"""


@frozen(kw_only=True)
class Cel:
    """A condition in CEL about facts, metrics, segments, the tier, and `day`."""

    expression: str = key(
        "true or false; amounts in major units, dates as timestamps at midnight UTC, tiers and scales as text",
        examples=["spend >= 100.0 && city in ['Shanghai', 'Beijing']"],
        schema={"minLength": 1, "maxLength": LONGEST},
    )


def compiled(parameters: Cel, scope: Scope) -> Typed:
    """A function of the names in the expression; what is unknown of them makes it unknown."""
    expression = Expression.of(parameters.expression)
    arguments = [Typed(node=nodes.TODAY, type=DATE) if n == TODAY else scope.name(n) for n in expression.names]

    def holds(*values: Any) -> bool | None:
        return expression.holds(dict(zip(expression.names, values, strict=True)))

    return call("cel", holds, *arguments, gives=TRUTH)


@hookimpl
def viprules_terms() -> list[TermType]:
    """Offer the word."""
    example = """{cel: {expression: "spend >= 100.0 && city in ['Shanghai', 'Beijing']"}}"""
    return [
        TermType(
            name="cel",
            kind="criterion",
            parameters=Cel,
            compile=compiled,
            doc="a condition as a CEL expression, for teams that have such rules",
            examples=(Example(yaml=example, needs=NEEDS),),
            words={"en": "{expression}", "zh": "{expression}"},
        )
    ]
