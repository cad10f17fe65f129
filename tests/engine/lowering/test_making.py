"""Nodes put together: nothing constant is left in them."""

from __future__ import annotations

from fractions import Fraction

from viprules.engine.days import FOREVER
from viprules.engine.lowering.making import FALSE, TOMORROW, TRUE, ZERO, all_of, any_of, case, later_of, shift
from viprules.engine.tree.nodes import TODAY, All, Any, Arith, Case, Lit, Ref

A, B = Ref("a"), Ref("b")


def test_days_are_shifted_once() -> None:
    """A constant day is moved itself, a shifted one by the sum, and one that comes back is the day again."""
    assert Lit(12) == shift(Lit(10), 2)
    assert Arith("add", (TODAY, Lit(3))) == shift(shift(TODAY, 1), 2)
    assert TODAY == shift(TOMORROW, -1)


def test_other_sums_are_left_alone() -> None:
    """Only a sum of a day and a number of days is taken apart."""
    three = Arith("add", (A, B, Lit(1)))
    assert Arith("add", (three, Lit(2))) == shift(three, 2)
    half = Arith("add", (A, Lit(Fraction(1, 2))))
    assert Arith("add", (half, Lit(2))) == shift(half, 2)


def test_a_case_ends_at_what_is_always_true() -> None:
    """What stands behind it is never asked, and what is never true not at all."""
    assert Case(((A, Lit(1)),), Lit(2)) == case(
        (FALSE, Lit(0)), (A, Lit(1)), (TRUE, Lit(2)), (B, Lit(3)), otherwise=ZERO
    )


def test_a_case_of_one_answer_is_the_answer() -> None:
    """Where all branches agree, nothing is asked."""
    assert Lit(1) == case((A, Lit(1)), (B, Lit(1)), otherwise=Lit(1))
    assert ZERO == case(otherwise=ZERO)


def test_and() -> None:
    """Without what is always true; false with what never is; of nothing true."""
    assert All((A, B)) == all_of([A, TRUE, B])
    assert A == all_of([TRUE, A])
    assert FALSE == all_of([A, FALSE])
    assert All(()) == all_of([TRUE])


def test_or() -> None:
    """Without what is never true; of nothing false."""
    assert Any((A, B)) == any_of([A, FALSE, B])
    assert A == any_of([FALSE, A])
    assert FALSE == any_of([FALSE])


def test_nothing_is_later_than_forever() -> None:
    """The later of two days is a comparison, unless one has no end."""
    assert Arith("highest", (A, B)) == later_of(A, B)
    assert Lit(FOREVER) == later_of(A, Lit(FOREVER))
