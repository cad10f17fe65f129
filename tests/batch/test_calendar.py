"""Day arithmetic in SQL."""

from __future__ import annotations

from datetime import date
from itertools import count, product
from typing import Any

import pytest
from sqlglot import exp

from viprules.batch.calendar import Calendar
from viprules.batch.deciding import connected
from viprules.batch.numbers import whole
from viprules.batch.space import Expr, Space
from viprules.engine.days import FOREVER, Span, add_span, elapsed_months, end_of_span, period_number, period_start

DAYS = [
    date(*one).toordinal()
    for one in [
        (1, 1, 1), (1999, 12, 31), (2000, 2, 29), (2024, 2, 29), (2025, 1, 31), (2025, 2, 28), (2025, 8, 31),
        (2025, 11, 30), (2026, 3, 30), (2026, 3, 31), (9998, 12, 31),
    ]
]  # fmt: skip
SPANS = [
    Span(months=1),
    Span(months=3),
    Span(months=13),
    Span(months=48),
    Span(days=1),
    Span(days=45),
    Span(minutes=3000),
]


def asked(make: Any) -> list[int]:
    """What an expression over every two days comes to, in SQL."""
    space = Space(fresh=(f"x{number}" for number in count()))
    left, right = space.take("pairs", "a"), space.take("pairs", "b")
    result: Expr = space.bind(make(Calendar(space.bind), left, right))
    query = space.select([result.name], lambda query: query.from_(exp.to_table("pairs")))
    with connected() as connection:
        pairs = list(product(DAYS, DAYS))
        connection.execute(
            "CREATE TABLE pairs AS SELECT unnest($a) AS a, unnest($b) AS b",
            {"a": [a for a, _ in pairs], "b": [b for _, b in pairs]},
        )
        return [row[0] for row in connection.execute(query.sql(dialect="duckdb")).fetchall()]


@pytest.mark.parametrize("span", SPANS, ids=str)
@pytest.mark.parametrize("times", [1, -1])
def test_a_day_is_moved_as_the_engine_moves_it(span: Span, times: int) -> None:
    """Months clamp to the month's end, and nothing leaves the calendar."""
    expected = [add_span(a, span, times) for a, _ in product(DAYS, DAYS)]
    assert expected == asked(lambda calendar, a, _: calendar.shifted(a, span, times, last=False))


@pytest.mark.parametrize("span", SPANS, ids=str)
def test_a_span_ends_where_the_engine_ends_it(span: Span) -> None:
    """On the eve of the anniversary, or on the month's last day where there is none."""
    expected = [end_of_span(a, span) for a, _ in product(DAYS, DAYS)]
    assert expected == asked(lambda calendar, a, _: calendar.shifted(a, span, 1, last=True))


def test_months_are_counted_as_the_engine_counts_them() -> None:
    """An anniversary counts when its clamped day comes, forwards and backwards."""
    expected = [elapsed_months(a, b) for a, b in product(DAYS, DAYS)]
    assert expected == asked(lambda calendar, a, b: calendar.months_between(a, b))


@pytest.mark.parametrize("length", [Span(months=1), Span(months=3), Span(months=12), Span(days=7)], ids=str)
@pytest.mark.parametrize("offset", [-2, 0, 1])
def test_periods_begin_where_the_engine_begins_them(length: Span, offset: int) -> None:
    """A period is the anchor plus whole lengths, whatever the anchor and the day."""
    expected = [period_start(a, length, period_number(a, length, b) + offset) for a, b in product(DAYS, DAYS)]
    assert expected == asked(lambda calendar, a, b: calendar.period_day(length, a, b, offset))


def test_an_open_end_stays_open() -> None:
    """What has no end has none after a span either."""
    assert {FOREVER} == set(
        asked(lambda calendar, _a, _b: calendar.shifted(whole(FOREVER), Span(days=3), 1, last=False))
    )
