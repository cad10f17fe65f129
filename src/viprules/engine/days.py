"""Days, months, periods and time zones: the only place where dates are computed.

A *day* is a whole number (`datetime.date.toordinal`). Month arithmetic always starts from the
original anchor and clamps to the month's end (31 January plus one month is 28 February, plus two
months 31 March), so a chain of periods never drifts.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from attrs import field, frozen

__all__ = [
    "FOREVER",
    "NEVER",
    "YEARS",
    "Span",
    "Zone",
    "add_span",
    "elapsed_months",
    "end_of_span",
    "iso",
    "parse_day",
    "parse_span",
    "period_number",
    "period_start",
]

NEVER: Final = 0
"""The last valid day of something that was never given."""
FOREVER: Final = date.max.toordinal()
"""The last valid day of something without an end (9999-12-31)."""
YEARS: Final = range(1000, 9000)
"""The years of events and of the day asked: far from where the calendar ends, so that no window falls off it."""
MONTHS_IN: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
DAYS_IN: Final = {"day": 1, "week": 7}
HOURS_IN_DAY: Final = 24
MINUTE: Final = 60_000_000
MONTHS_IN_YEAR: Final = 12
REMEMBERED_DAYS: Final = 65_536

_SPAN = re.compile(r"([1-9][0-9]{0,5}) (minute|hour|day|week|month|quarter|year)s?", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


@frozen(kw_only=True)
class Span:
    """A length of time as people write it: months, days or minutes, never mixed."""

    months: int = 0
    days: int = 0
    minutes: int = 0


def parse_span(text: str) -> Span | None:
    """Read `12 months`, `90 days`, `72 hours`; None where the text is no duration."""
    found = _SPAN.fullmatch(text)
    if not found:
        return None
    count, unit = int(found[1]), found[2]
    if unit in MONTHS_IN:
        return Span(months=count * MONTHS_IN[unit])
    if unit in DAYS_IN:
        return Span(days=count * DAYS_IN[unit])
    return Span(minutes=count * (60 if unit == "hour" else 1))


def parse_day(text: str) -> int | None:
    """Read `2026-12-31` into a day; None where the text is no date of the calendar."""
    found = _DAY.fullmatch(text)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).toordinal()
    except ValueError:
        return None


def iso(day: int) -> str:
    """Write a day as `2026-12-31`."""
    return date.fromordinal(day).isoformat()


@lru_cache(maxsize=REMEMBERED_DAYS)
def add_months(day: int, months: int) -> int:
    """The same day of the month, `months` later, clamped to the month's end."""
    start = date.fromordinal(day)
    number = start.year * MONTHS_IN_YEAR + start.month - 1 + months
    year, month = divmod(number, MONTHS_IN_YEAR)
    if year >= date.max.year:
        return FOREVER
    if year < 1:
        return 1
    month += 1
    return date(year, month, min(start.day, monthrange(year, month)[1])).toordinal()


def add_span(day: int, span: Span, times: int = 1) -> int:
    """`day` plus `times` spans, counted from `day` itself; never beyond the calendar."""
    if span.months:
        return add_months(day, span.months * times)
    whole_days = span.days or -(-span.minutes // (60 * HOURS_IN_DAY))
    return min(max(day + whole_days * times, 1), FOREVER)


def end_of_span(first: int, span: Span) -> int:
    """Last day of a span whose first day counts: the eve of the anniversary.

    Where the anniversary does not exist (29 February in a common year) it is the month's last day.
    """
    end = add_span(first, span)
    if end == FOREVER:
        return end
    exists = not span.months or date.fromordinal(end).day == date.fromordinal(first).day
    return end - 1 if exists else end


def elapsed_months(since: int, until: int) -> int:
    """Whole months from `since` to `until`, an anniversary counted when its (clamped) day comes."""
    a, b = date.fromordinal(since), date.fromordinal(until)
    count = (b.year - a.year) * MONTHS_IN_YEAR + b.month - a.month
    return count if add_months(since, count) <= until else count - 1


def period_number(anchor: int, length: Span, day: int) -> int:
    """Which period of `length`, counted from `anchor` (number 0), holds `day`; may be negative."""
    if length.months:
        return elapsed_months(anchor, day) // length.months
    return (day - anchor) // length.days


def period_start(anchor: int, length: Span, number: int) -> int:
    """First day of period `number`: always `anchor` plus whole lengths, clamped."""
    return add_span(anchor, length, number)


@frozen(kw_only=True)
class Zone:
    """The programme's time zone and the hour at which its day starts.

    Instants are microseconds since 1970 in UTC. In the autumn hour that comes twice a local time
    without zone means the first; in the spring hour that does not exist, the first instant after it.
    """

    info: ZoneInfo
    day_starts: int = 0
    """Minutes after midnight at which a programme day begins."""
    _starts: dict[int, int] = field(factory=dict, init=False, eq=False, repr=False)
    """The days whose begin was asked already: a history asks for the same ones again and again."""

    def instant(self, moment: datetime) -> int:
        """Microseconds since 1970 of `moment`; a naive one is local programme time."""
        if moment.tzinfo is None:
            moment = self._existing(moment.replace(tzinfo=self.info, fold=0))
        since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        return since // timedelta(microseconds=1)

    def _existing(self, moment: datetime) -> datetime:
        """A local time that the clocks skip becomes the first instant after the gap."""
        if moment.astimezone(UTC).astimezone(self.info).replace(tzinfo=None) == moment.replace(tzinfo=None):
            return moment
        before, after = sorted([moment.astimezone(UTC), moment.replace(fold=1).astimezone(UTC)])
        offset = before.astimezone(self.info).utcoffset()
        while after - before > timedelta(seconds=1):
            middle = before + (after - before) // 2
            if middle.astimezone(self.info).utcoffset() == offset:
                before = middle
            else:
                after = middle
        return after.replace(microsecond=0)

    def day_of(self, instant: int) -> int:
        """The programme day that holds an instant."""
        moment = datetime.fromtimestamp(0, tz=UTC) + timedelta(microseconds=instant)
        local = moment.astimezone(self.info).replace(tzinfo=None) - timedelta(minutes=self.day_starts)
        return local.toordinal()

    def start_of(self, day: int) -> int:
        """The instant at which a programme day begins."""
        found = self._starts.get(day)
        if found is None:
            if len(self._starts) >= REMEMBERED_DAYS:
                self._starts.clear()
            midnight = datetime.combine(date.fromordinal(day), time())
            found = self._starts[day] = self.instant(midnight + timedelta(minutes=self.day_starts))
        return found
