"""Cut-offs over a base: the values that separate one score from the next. Pure functions of exact numbers.

A cut-off is the value of a customer, never something in between, and whoever has that value is in the better score:
ties are never torn apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import Literal

from attrs import frozen

__all__ = ["Base", "Better", "Cutoffs", "by_rank", "by_share", "score"]

Better = Literal["higher", "lower"]


@frozen(kw_only=True)
class Base:
    """The customers that cut-offs are computed over: their values, the best first."""

    values: tuple[Fraction, ...]
    better: Better

    @classmethod
    def of(cls, values: Sequence[Fraction], better: Better) -> Base:
        """The base of these values; raises ValueError where there are none."""
        if not values:
            raise ValueError("the base is empty: no customer has a value")
        return cls(values=tuple(sorted(values, reverse=better == "higher")), better=better)


@frozen(kw_only=True)
class Cutoffs:
    """The values from which each score counts, the lowest score's (2) first."""

    values: tuple[Fraction, ...]
    better: Better


def by_rank(base: Base, scores: int) -> Cutoffs:
    """Equal parts of the base: with 5 scores quintiles; the cut-off is that of the customer at rank ceil(share * N)."""
    shares = [Fraction(scores - number, scores) for number in range(1, scores)]
    ranks = [max(1, ceil(share * len(base.values))) for share in shares]
    return Cutoffs(values=tuple(base.values[rank - 1] for rank in ranks), better=base.better)


def by_share(base: Base, shares: Sequence[Fraction]) -> Cutoffs:
    """Parts of the sum: with 1/2 and 4/5 those who together make half of it, then those who make four fifths.

    Raises ValueError where the values cannot be shared: below 0, a sum of 0, or where lower is better.
    """
    total = sum(base.values, Fraction(0))
    if base.better != "higher" or base.values[-1] < 0 or total <= 0:
        raise ValueError("shares want values of which more is better, none below 0, and not all of them 0")
    found = []
    for share in sorted(shares, reverse=True):
        reached = Fraction(0)
        for value in base.values:
            reached += value
            if reached >= share * total:
                found.append(value)
                break
    return Cutoffs(values=tuple(found), better=base.better)


def score(value: Fraction, cutoffs: Cutoffs) -> int:
    """1 and one more for every cut-off that the value reaches."""
    if cutoffs.better == "higher":
        return 1 + sum(value >= one for one in cutoffs.values)
    return 1 + sum(value <= one for one in cutoffs.values)
