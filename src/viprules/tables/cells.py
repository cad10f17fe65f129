"""Cells to values, strictly: what is not plainly a number, a time or an id is refused by name.

Text stays text where the engine's own door converts it; only what a table has to compute with
(the sum of a basket's lines, a time in a stated zone, floats of whole cents) is converted here.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

__all__ = ["CellError", "Convert", "amount", "as_number", "as_time", "identifier", "plain", "shown", "translated"]

Convert = Callable[[Any], Any]

NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,9})?", re.ASCII)
CENTS = re.compile(r"[+-]?[0-9]{1,13}(?:\.[0-9]{1,2})?", re.ASCII)
FLOAT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
"""How programs print binary floats: `1.776357e-15`, `2.3000000000000003`."""
TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?",
    re.ASCII,
)
DAY_LENGTH = len("2026-12-31")
WHOLE_CENTS = 1e-6
"""A float this near to whole cents is meant as whole cents; sums of cents drift by far less."""
LARGEST_FLOAT = 1e13
"""Beyond this a float no longer tells one cent from the next."""
ID_LENGTH = 256
REMEMBERED = 65_536


class CellError(Exception):
    """A cell that cannot be used; carries the code of the problem and the values of its text."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def shown(cell: Any) -> str:
    """A cell as its file writes it: `true`, `{"a": 1}`."""
    if isinstance(cell, bool | list | dict):
        return json.dumps(cell, ensure_ascii=False, default=str)
    return str(cell)


def identifier(cell: Any) -> str:
    """An id of a customer or an event: text as it stands, or a whole number."""
    if type(cell) is str:
        text = cell
    elif type(cell) is int:
        text = str(cell)
    elif cell is None:
        text = ""
    else:
        raise CellError("cell-no-id", text=shown(cell))
    if not text:
        raise CellError("cell-empty")
    if len(text) > ID_LENGTH or text != text.strip() or not text.isprintable():
        raise CellError("cell-no-id", text=text)
    return text


def _cents(cell: float) -> Decimal:
    if not math.isfinite(cell) or abs(cell) > LARGEST_FLOAT:
        raise CellError("cell-no-number", text=shown(cell))
    cents = round(cell * 100)
    if abs(cents / 100 - cell) > WHOLE_CENTS:
        raise CellError("cell-not-cents", text=shown(cell))
    return Decimal(cents).scaleb(-2)


def as_number(*, float_cents: bool) -> Convert:
    """A converter to an exact number; a float only under `amounts: float-cents`."""
    seen: dict[Any, Decimal] = {}

    def number(cell: Any) -> Decimal:
        known = seen.get(cell)
        if known is not None:
            return known
        value = _number(cell, float_cents=float_cents)
        if len(seen) >= REMEMBERED:
            seen.clear()
        if type(cell) is not bool:
            seen[cell] = value
        return value

    return number


def _number(cell: Any, *, float_cents: bool) -> Decimal:
    kind = type(cell)
    if kind is str:
        if (CENTS if float_cents else NUMBER).fullmatch(cell) is not None:
            return Decimal(cell)
        if float_cents and FLOAT.fullmatch(cell) is not None:
            return _cents(float(cell))
        raise CellError("cell-no-number" if cell else "cell-empty", text=shown(cell))
    if kind is float:
        return amount(cell, float_cents=float_cents)
    if kind is int or (kind is Decimal and cell.is_finite()):
        return Decimal(cell)
    raise CellError("cell-empty" if cell is None else "cell-no-number", text=shown(cell))


def amount(cell: float, *, float_cents: bool) -> Decimal:
    """A float as an exact number of cents, if the mapping says that floats are whole cents."""
    if not float_cents:
        raise CellError("cell-float", text=shown(cell))
    return _cents(cell)


def plain(*, float_cents: bool, split: str | None = None, number: bool = False) -> Convert:
    """A converter for a field that the engine's door will check: text stays text.

    An empty cell is a missing value (None). `split` cuts text into a list at that separator.
    `number` says that the field is declared as one: then printed floats of whole cents are taken too.
    """
    exact = as_number(float_cents=float_cents) if number and float_cents else None

    def convert(cell: Any) -> Any:
        kind = type(cell)
        if kind is str:
            if not cell:
                return None
            if exact is not None:
                return exact(cell)
            return cell.split(split) if split is not None else cell
        if kind is float:
            return amount(cell, float_cents=float_cents)
        return cell

    return convert


def translated(words: Mapping[str, str], convert: Convert) -> Convert:
    """A converter for a column whose words mean others in the policy; an unknown word is refused."""

    def translate(cell: Any) -> Any:
        if cell is None or cell == "":
            return convert(cell)
        found = words.get(shown(cell))
        if found is None:
            raise CellError("cell-unknown-word", text=shown(cell), words="\n".join(words))
        return convert(found)

    return translate


def as_time(*, zone: tzinfo | None, pattern: str | None = None) -> Convert:
    """A converter to a date or an instant.

    `zone` belongs to timestamps that carry none (unsaid: they are local programme time and stay
    naive). `pattern` is a `strptime` pattern for files that do not write ISO dates.
    """

    def convert(cell: Any) -> date | datetime:
        value = _parsed(cell, pattern) if type(cell) is str else cell
        if isinstance(value, datetime):
            return value.replace(tzinfo=zone) if zone is not None and value.tzinfo is None else value
        if isinstance(value, date):
            return value
        raise CellError("cell-empty" if cell is None else "cell-no-time", text=shown(cell))

    return convert


def _parsed(cell: str, pattern: str | None) -> date | datetime:
    if not cell:
        raise CellError("cell-empty")
    try:
        if pattern is not None:
            found = datetime.strptime(cell, pattern)  # noqa: DTZ007 -- the zone is attached by the caller
            return found if "%H" in pattern or "%I" in pattern else found.date()
        if TIME.fullmatch(cell) is None:
            raise CellError("cell-no-time", text=shown(cell))
        return date.fromisoformat(cell) if len(cell) == DAY_LENGTH else datetime.fromisoformat(cell)
    except ValueError as error:
        raise CellError("cell-no-time", text=shown(cell)) from error
