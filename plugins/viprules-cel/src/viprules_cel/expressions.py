"""CEL expressions within limits: only pure functions, and a cost that is bounded before anything is evaluated.

The library that evaluates has no limit of its own, and nested comprehensions take time with the power of their depth
(three of them over 300 items: 18 seconds), so an expression may hold one comprehension and no more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import cel
from attrs import frozen

__all__ = ["LONGEST", "BadExpressionError", "Expression"]

LONGEST: Final = 2000
"""Characters of an expression."""
TEXT: Final = re.compile(r"""[rRbB]{0,2}('{3}.*?'{3}|"{3}.*?"{3}|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")""", re.DOTALL)
COMPREHENSION: Final = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(\s*([A-Za-z_]\w*)\s*,")
PURE: Final = frozenset(
    "!_ -_ @in @not_strictly_false _!=_ _%_ _&&_ _*_ _+_ _-_ _/_ _<=_ _<_ _==_ _>=_ _>_ _?_:_ _[_] _||_ contains double"
    " duration endsWith getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds getMinutes"
    " getMonth getSeconds has int matches max min size startsWith string timestamp uint".split()
)
"""What an expression may call. `now` and everything that an installation may have added is not among it."""


class BadExpressionError(ValueError):
    """An expression that is none, or that may cost too much."""


@frozen(kw_only=True)
class Expression:
    """An expression that was compiled and found to be within the limits."""

    program: Any
    names: tuple[str, ...]
    """The names that it wants values for."""

    @classmethod
    def of(cls, text: str) -> Expression:
        """Compile; raises BadExpressionError."""
        if len(text) > LONGEST:
            raise BadExpressionError(f"it has more than {LONGEST} characters")
        try:
            program = cel.compile(text)
        except Exception as error:
            raise BadExpressionError(str(error).partition("\n")[0]) from error
        told = program.references()
        if strange := sorted(set(told["functions"]) - PURE):
            raise BadExpressionError(f"`{strange[0]}` is no function that may be called here")
        bound = COMPREHENSION.findall(TEXT.sub("''", text))
        if len(bound) > 1:
            raise BadExpressionError("it holds more than one of `all`, `exists`, `exists_one`, `map`, `filter`")
        return cls(program=program, names=tuple(one for one in told["variables"] if one not in bound))

    def holds(self, values: Mapping[str, Any]) -> bool | None:
        """Whether it is true of these values; raises what CEL raises, and TypeError where it gives no truth."""
        found = self.program.execute({name: _given(value) for name, value in values.items()})
        if not isinstance(found, bool):
            raise TypeError(f"the expression gives a {type(found).__name__}, not true or false")
        return found


def _given(value: Any) -> Any:
    """A value as CEL has it: dates are timestamps at midnight UTC, numbers with a fraction are doubles."""
    if isinstance(value, tuple):
        return [_given(one) for one in value]
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return float(value) if isinstance(value, Decimal | Fraction) else value
