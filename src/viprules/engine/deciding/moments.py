"""The day asked: from a date, a datetime or a text to a programme day or an instant."""

from __future__ import annotations

from datetime import date, datetime

from viprules.engine.days import YEARS, parse_day
from viprules.engine.deciding.values import told
from viprules.errors import UsageError

__all__ = ["as_day", "as_moment"]


def as_day(value: object) -> int:
    """A programme day from a date or ISO text; raises UsageError for anything else."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.toordinal()
    found = parse_day(value) if isinstance(value, str) else None
    if found is None:
        raise UsageError(f"`{told(value)}` is no day; give a date such as `2026-12-31`")
    return found


def as_moment(value: object) -> int | datetime:
    """A programme day or an instant; raises UsageError for anything else."""
    found = _day_or_instant(value)
    year = found.year if isinstance(found, datetime) else date.fromordinal(found).year
    if year not in YEARS:
        raise UsageError(f"`{value}` is out of range: years go from {YEARS[0]} to {YEARS[-1]}")
    return found


def _day_or_instant(value: object) -> int | datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and len(value) > len("2026-12-31"):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise UsageError(
                f"`{value}` is no day and no time; give `2026-12-31` or `2026-12-31T18:00:00+08:00`"
            ) from None
    return as_day(value)
