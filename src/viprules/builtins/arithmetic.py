"""The built-in arithmetic: exact, and rounded only where it is written.

Written against `viprules.api` alone, as a plug-in is.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal

from attrs import evolve, frozen

from viprules.api import DATE, NUMBER, Example, Scope, TermType, Typed, Value, aligned, hookimpl, key, nodes

__all__ = ["viprules_terms"]

NEEDS: Final = """
events: {purchase: {amount: money}}
metrics:
  orders: {count: {of: purchase, window: {this: year}}}
  spend: {sum: {of: purchase.amount, window: {this: year}}}
"""
RoundMode = Literal["down", "up", "half_up", "half_even"]


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
    items, kind = scope.alike(parameters.first_known, scope.want)
    return _rounded(Typed(node=nodes.FirstKnown(tuple(items)), type=kind), parameters)


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


TERMS = (
    TermType(
        name="add",
        parameters=Add,
        compile=add,
        doc="a sum of values",
        examples=(Example(yaml="{add: [orders, 10]}", needs=NEEDS),),
        head=True,
    ),
    TermType(
        name="subtract",
        parameters=Subtract,
        compile=subtract,
        doc="a difference of two values",
        examples=(Example(yaml="{subtract: [orders, 10]}", needs=NEEDS),),
        head=True,
    ),
    TermType(
        name="product",
        parameters=Product,
        compile=product,
        doc="a product of values",
        examples=(Example(yaml="{product: [orders, 1.2], round: down}", needs=NEEDS),),
        head=True,
    ),
    TermType(
        name="quotient",
        parameters=Quotient,
        compile=quotient,
        doc="a quotient of two values",
        examples=(Example(yaml="{quotient: [spend, orders]}", needs=NEEDS),),
        head=True,
    ),
    TermType(
        name="lowest_of",
        parameters=LowestOf,
        compile=lowest_of,
        doc="the lowest of several values",
        examples=(Example(yaml="{lowest_of: [orders, 10]}", needs=NEEDS),),
        head=True,
    ),
    TermType(
        name="highest_of",
        parameters=HighestOf,
        compile=highest_of,
        doc="the highest of several values",
        examples=(Example(yaml="{highest_of: [orders, 10]}", needs=NEEDS),),
        head=True,
    ),
    TermType(
        name="first_known",
        parameters=FirstKnownOf,
        compile=first_known,
        doc="the first of several values that is known",
        examples=(Example(yaml="{first_known: [orders, 0]}", needs=NEEDS),),
        head=True,
    ),
)


@hookimpl
def viprules_terms() -> tuple[TermType, ...]:
    """The arithmetic that every policy can use."""
    return TERMS
