"""Functions of plug-ins in the tree: values go out as people know them, and come back exact or not at all.

Such a function is opaque: it is walked row by row, it has no SQL, and it is trusted to depend on its arguments alone.
Whatever it raises, and whatever does not fit the type that it promised, is unknown, and unknown changes nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from viprules.engine.days import FOREVER
from viprules.engine.tree.kinds import LIMIT, Type, Typed, scaled
from viprules.engine.tree.nodes import Call, Scalar

__all__ = ["Function", "call"]


def call(name: str, run: Callable[..., Any], *arguments: Typed, gives: Type) -> Typed:
    """The value of a plug-in's own function of these arguments, by place.

    It is called with dates as `datetime.date`, amounts and numbers as `int`, or `Decimal` in major units, or `Fraction`
    where no decimal is exact, words of a scale and tiers as text, and gives a value of the same kind: of type `gives`,
    never a float. None says that the value is unknown. It is not called while an argument is unknown.
    """
    function = Function(name=name, run=run, takes=tuple(one.type for one in arguments), gives=gives)
    return Typed(node=Call(function, tuple(one.node for one in arguments)), type=gives)


@frozen(kw_only=True)
class Function:
    """A plug-in's function between the tree's values and those that people know."""

    name: str
    run: Callable[..., Any]
    takes: tuple[Type, ...]
    gives: Type

    def __call__(self, *values: Scalar) -> Scalar:
        """The value; None, which is unknown, where it fails."""
        return self.tried(*values)[0]

    def tried(self, *values: Scalar) -> tuple[Scalar, str]:
        """The value, or why there is none."""
        try:
            found = self.run(*map(_outward, values, self.takes))
        except (KeyboardInterrupt, MemoryError):
            raise
        except BaseException as error:  # noqa: BLE001 -- a plug-in may raise anything, `SystemExit` too
            return None, f"{type(error).__name__}: {error}"
        if found is None:
            return None, "no value"
        value = _inward(found, self.gives)
        return value, "" if value is not None else f"`{found!r}` is no {self.gives.kind}"


def _outward(value: Scalar, kind: Type) -> Any:
    """A value of the tree as people know it."""
    if kind.dated and isinstance(value, tuple):
        plain = evolve(kind, dated=False)
        pairs: Any = value
        return tuple((_day(day), _outward(one, plain)) for day, one in pairs)
    if isinstance(value, tuple):
        return tuple(_outward(one, evolve(kind, many=False)) for one in value)
    if kind.kind == "date" and isinstance(value, int):
        return _day(value)
    if kind.kind in ("scale", "tier") and isinstance(value, int):
        rank = value - (kind.kind == "tier")
        return kind.options[rank] if rank >= 0 else ""
    if kind.numeric and isinstance(value, int | Fraction):
        return _major(Fraction(value) / 10**kind.decimals, plain=kind.kind == "number" and not kind.decimals)
    return value


def _day(day: Any) -> date:
    return date.fromordinal(min(max(day, 1), FOREVER))


def _major(value: Fraction, *, plain: bool) -> int | Decimal | Fraction:
    if plain and value.denominator == 1:
        return value.numerator
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return value if rest > 1 else Decimal(value.numerator) / Decimal(value.denominator)


def _inward(value: Any, kind: Type) -> Scalar:
    """What a function gave as a value of the tree; None where it does not fit."""
    if kind.many:
        found = (
            tuple(_inward(one, evolve(kind, many=False)) for one in value) if isinstance(value, list | tuple) else None
        )
        return None if found is None or None in found else found
    if kind.kind == "true_false":
        return value if isinstance(value, bool) else None
    if kind.kind == "date":
        return value.toordinal() if isinstance(value, date) and not isinstance(value, datetime) else None
    if kind.kind in ("scale", "tier"):
        return kind.options.index(value) + (kind.kind == "tier") if value in kind.options else None
    if kind.numeric:
        return _number(value, kind.decimals)
    return value if isinstance(value, str) else None


def _number(value: Any, decimals: int) -> Scalar:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        return None
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    found = scaled(value, decimals)
    return found if -LIMIT < found < LIMIT else None
