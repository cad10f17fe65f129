"""Exact numbers in SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from sqlglot import exp

from viprules.batch import numbers
from viprules.batch.deciding import connected
from viprules.batch.numbers import Cell
from viprules.engine.deciding import walking

SMALL: list[int | Fraction] = [0, 1, -1, 7, -12, Fraction(1, 3), Fraction(-5, 2), Fraction(7, 2)]
VALUES = [*SMALL, 10**18, Fraction(10**15, 7)]


def same(expression: Any) -> Any:
    """No name for it."""
    return expression


@pytest.fixture(scope="module")
def asked() -> Iterator[Callable[[Cell], Any]]:
    """What a cell comes to in the database."""
    with connected() as connection:

        def ask(cell: Cell) -> Any:
            parts = exp.Select(expressions=[cell.of.as_("a"), (cell.per or numbers.whole(1)).as_("b")])
            row = connection.execute(parts.sql(dialect="duckdb")).fetchone()
            assert row
            return row[0] if row[0] is None or isinstance(row[0], bool) else Fraction(row[0], row[1])

        yield ask


@pytest.mark.parametrize(("left", "right"), list(product(VALUES, SMALL)))
def test_arithmetic_is_that_of_the_walk(asked: Callable[[Cell], Any], left: Any, right: Any) -> None:
    """Sums, products, quotients and comparisons are exact, signs and division by zero included."""
    cells = [numbers.number(left), numbers.number(right)]
    for op in ("add", "subtract", "product", "quotient", "highest", "lowest"):
        assert walking.arithmetic(op, [left, right]) == asked(numbers.arithmetic(op, cells, same)), op
    for op in ("<", "<=", "==", "!=", ">=", ">"):
        assert walking.compare(op, left, right) == asked(Cell(of=numbers.compare(op, *cells))), op


@pytest.mark.parametrize("mode", ["down", "up", "half_up", "half_even"])
@pytest.mark.parametrize("unit", [Fraction(1), Fraction(5), Fraction(1, 10), Fraction(3, 2)])
def test_rounding_is_that_of_the_walk(asked: Callable[[Cell], Any], mode: str, unit: Fraction) -> None:
    """Every mode rounds halves and negative numbers as the walk does."""
    for value in [*VALUES, Fraction(1, 20), Fraction(3, 20), Fraction(-3, 4), Fraction(5, 2), Fraction(15, 2)]:
        assert walking.rounded(value, mode, unit) == asked(numbers.rounded(numbers.number(value), mode, unit, same))
