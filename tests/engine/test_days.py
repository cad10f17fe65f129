"""Days, months, periods and zones at the ends of the calendar and of what is remembered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from viprules.engine import days
from viprules.engine.days import FOREVER, Span, Zone, add_span, end_of_span, parse_day, parse_span, period_number


def day(text: str) -> int:
    """A day from ISO text."""
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("start", "span", "times", "expected"),
    [
        ("2026-01-31", Span(months=1), 1, "2026-02-28"),
        ("2026-01-31", Span(months=1), 2, "2026-03-31"),
        ("2024-02-29", Span(months=12), 1, "2025-02-28"),
        ("2026-03-31", Span(months=1), -1, "2026-02-28"),
        ("2026-03-01", Span(days=7), -1, "2026-02-22"),
        ("2026-03-01", Span(minutes=60 * 25), 1, "2026-03-03"),
        ("9990-01-01", Span(months=120), 1, "9999-12-31"),
        ("9999-12-30", Span(days=7), 1, "9999-12-31"),
        ("0002-01-01", Span(months=24), -1, "0001-01-01"),
        ("0001-01-03", Span(days=7), -1, "0001-01-01"),
    ],
)
def test_a_span_is_counted_from_its_start_and_never_beyond_the_calendar(
    start: str, span: Span, times: int, expected: str
) -> None:
    """Months clamp to the month's end, and both ends of the calendar hold."""
    assert day(expected) == add_span(day(start), span, times)


@pytest.mark.parametrize(
    ("first", "expected"),
    [("2026-01-01", "2026-12-31"), ("2024-02-29", "2025-02-28"), ("9999-01-01", "9999-12-31")],
)
def test_a_year_ends_on_the_eve_of_its_anniversary(first: str, expected: str) -> None:
    """Or on the last of February where there is no anniversary, or never."""
    assert day(expected) == end_of_span(day(first), Span(months=12))


def test_periods_of_days_are_numbered_from_their_anchor() -> None:
    """Weeks from a Monday: its Sunday is in the same, the eve in the one before."""
    monday = day("2026-06-29")
    assert [-1, 0, 0, 1] == [period_number(monday, Span(days=7), monday + n) for n in (-1, 0, 6, 7)]


def test_what_is_no_span_and_no_day_is_not_read() -> None:
    """A day has ten characters and is one of the calendar; a span has a number and a unit."""
    assert [None] * 5 == [parse_day(one) for one in ("", "2026-6-30", "2026-02-30", "２０２６-06-30", "2026-06-30 ")]  # noqa: RUF001 -- full-width digits
    assert [None] * 3 == [parse_span(one) for one in ("12", "0 days", "a year")]
    spans = [Span(months=12), Span(months=3), Span(days=14), Span(minutes=180), Span(minutes=5)]
    assert spans == [parse_span(one) for one in ("1 year", "1 quarter", "2 weeks", "3 hours", "5 minutes")]


def test_a_day_begins_at_the_same_instant_however_often_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """More days than are remembered are worked out again; each begins where the one before ends."""
    monkeypatch.setattr(days, "REMEMBERED_DAYS", 3)
    zone, first = Zone(info=ZoneInfo("Europe/Berlin"), day_starts=240), day("2026-03-27")
    starts = [zone.start_of(first + n) for n in range(5)]
    assert starts == [zone.start_of(first + n) for n in range(5)]
    assert [first + n for n in range(5)] == [zone.day_of(start) for start in starts]
    assert [first + n - 1 for n in range(5)] == [zone.day_of(start - 1) for start in starts]
    assert [24, 23, 24, 24] == [(after - before) // 3_600_000_000 for before, after in pairwise(starts)]


def test_zones_are_equal_by_what_they_say() -> None:
    """What a zone remembers is no part of it."""
    one, other = (Zone(info=ZoneInfo("Asia/Shanghai")) for _ in range(2))
    one.start_of(day("2026-06-30"))
    assert (one, hash(one)) == (other, hash(other))


def test_the_hour_that_the_clocks_skip() -> None:
    """A local time that does not exist is the first instant after the gap; FOREVER is the last day of all."""
    zone = Zone(info=ZoneInfo("Europe/Berlin"))
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=zone.instant(datetime(2026, 3, 29, 2, 30)))  # noqa: DTZ001 -- a local time
    assert datetime(2026, 3, 29, 1, tzinfo=UTC) == moment
    assert date.max.toordinal() == FOREVER
