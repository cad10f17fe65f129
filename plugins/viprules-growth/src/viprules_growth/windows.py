"""The arithmetic of a growth value with windows: pure functions of dates and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

__all__ = ["Earned", "Number", "Windows", "growth_on"]

Number = int | Decimal | Fraction
Earned = Sequence[tuple[date, Number]]


@frozen(kw_only=True)
class Windows:
    """How windows open, how long they are, and what is wanted in each."""

    opens_at: Number
    keep: Number
    deduct: Number
    days: int


def growth_on(today: date, earned: Earned, windows: Windows) -> Fraction:
    """The balance at the end of a day.

    The first window opens on the day on which the balance first reaches `opens_at`, and the next one begins when one
    has ended. When one has ended and less than `keep` was earned in it, `deduct` is taken away, never below 0.
    """
    opened = _opened(today, earned, Fraction(windows.opens_at))
    if opened is None:
        return _sum(earned, date.min, today)
    balance, first = _sum(earned, date.min, _later(opened, -1)), opened
    while (today - first).days >= windows.days:
        inside = _sum(earned, first, _later(first, windows.days - 1))
        missed = inside < windows.keep
        balance = max(Fraction(0), balance + inside - (Fraction(windows.deduct) if missed else 0))
        first = _later(first, windows.days)
    return balance + _sum(earned, first, today)


def _later(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def _opened(today: date, earned: Earned, opens_at: Fraction) -> date | None:
    """The day on which the sum first reaches an amount."""
    total = Fraction(0)
    for day, amount in earned:
        total += Fraction(amount)
        if total >= opens_at and day <= today:
            return day
    return None


def _sum(earned: Earned, first: date, last: date) -> Fraction:
    return sum((Fraction(amount) for day, amount in earned if first <= day <= last), Fraction(0))
