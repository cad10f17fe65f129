"""Types of expressions, and constants turned exactly into the numbers that are compared.

Amounts and numbers are whole multiples of 10^-decimals; what does not fit (1.2 as a factor) is an
exact fraction. Dates are days, words of a scale and tiers their rank.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from attrs import evolve, frozen

from viprules.engine.days import iso
from viprules.engine.tree.currencies import CURRENCIES
from viprules.engine.tree.nodes import Arith, Lit, Node, Scalar

__all__ = [
    "DATE",
    "NUMBER",
    "TEXT",
    "TRUTH",
    "Type",
    "Typed",
    "aligned",
    "currency_decimals",
    "exact",
    "is_percent",
    "money",
    "scaled",
    "shown",
]

LIMIT: Final = 10**15
"""No amount or number may reach this in its smallest unit."""


@frozen(kw_only=True)
class Type:
    """What kind of value an expression gives.

    `kind` is `number money text date true_false span`, `scale` or `tier`; `options` are the words of
    a scale or the ids of a tier set in order (rank 0 is the first word, rank 1 the first tier).
    """

    kind: str
    decimals: int = 0
    options: tuple[str, ...] = ()
    many: bool = False
    dated: bool = False
    """A history: every value with its day."""

    @property
    def numeric(self) -> bool:
        """Can it be computed with?"""
        return self.kind in ("number", "money") and not self.plural

    @property
    def ordered(self) -> bool:
        """Can it be compared with `at_least`?"""
        return self.kind in ("number", "money", "date", "scale", "tier") and not self.plural

    @property
    def plural(self) -> bool:
        """Is it several values rather than one?"""
        return self.many or self.dated

    @property
    def word(self) -> str:
        """What a message calls it."""
        return "list" if self.plural else self.kind

    def fits(self, wanted: Type) -> bool:
        """May a value of this type stand where the other is wanted?"""
        if self.numeric or wanted.numeric:
            return self.numeric and wanted.numeric
        ranked = wanted.kind in ("scale", "tier")
        same = (self.kind, self.many, self.dated) == (wanted.kind, wanted.many, wanted.dated)
        return same and (not ranked or self.options == wanted.options)


NUMBER: Final = Type(kind="number")
TEXT: Final = Type(kind="text")
DATE: Final = Type(kind="date")
TRUTH: Final = Type(kind="true_false")


@frozen(kw_only=True)
class Typed:
    """An expression with its type; what the explanation and the bounds need besides."""

    node: Node
    type: Type
    window: tuple[Node, Node] | None = None
    grown: Node | None = None
    """The measure over what is on record, where the window reaches before the history: more can only come."""
    growing: bool = False


def money(currency: str) -> Type:
    """The type of an amount in a currency (ISO 4217 minor units)."""
    return Type(kind="money", decimals=currency_decimals(currency))


def currency_decimals(currency: str) -> int:
    """Decimal places of a currency; 2 for one that ISO 4217 does not know."""
    return CURRENCIES.get(currency, 2)


def exact(value: Fraction | int) -> int | Fraction:
    """A whole number where it is one."""
    return value.numerator if value.denominator == 1 else value


def scaled(value: int | Decimal | Fraction, decimals: int) -> int | Fraction:
    """A number in units of 10^-decimals, exactly."""
    return exact(Fraction(value) * 10**decimals)


def is_percent(text: str) -> bool:
    """Is it written as a percentage?"""
    return text.endswith("%") and text[:-1].replace(".", "", 1).isdigit()


def aligned(typed: Typed, decimals: int) -> Node:
    """The node in units of 10^-decimals."""
    shift = decimals - typed.type.decimals
    if shift == 0:
        return typed.node
    if isinstance(typed.node, Lit):
        value = typed.node.value
        if isinstance(value, int | Fraction):
            return Lit(exact(Fraction(value) * Fraction(10) ** shift))
        return typed.node
    if shift > 0:
        return Arith("product", (typed.node, Lit(10**shift)))
    return Arith("quotient", (typed.node, Lit(10**-shift)))


def with_decimals(typed: Typed, decimals: int) -> Typed:
    """The same value in another unit."""
    return evolve(typed, node=aligned(typed, decimals), type=evolve(typed.type, decimals=decimals))


def shown(value: Scalar, kind: Type) -> str:  # noqa: PLR0911 -- a table of kinds
    """A value as people write it; what has no end in decimals with 28 digits."""
    if value is None:
        return "?"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(shown(one, evolve(kind, many=False)) for one in value)
    if kind.kind in ("scale", "tier") and isinstance(value, int):
        rank = value - (1 if kind.kind == "tier" else 0)
        return kind.options[rank] if 0 <= rank < len(kind.options) else "-"
    if isinstance(value, str):
        return value
    if kind.kind == "date":
        return iso(int(value))
    return _number(Fraction(value), kind.decimals)


def _number(value: Fraction, decimals: int) -> str:
    """In major units, without needless zeros beyond the declared places."""
    major = value / 10**decimals
    text = f"{Decimal(major.numerator) / Decimal(major.denominator):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text
