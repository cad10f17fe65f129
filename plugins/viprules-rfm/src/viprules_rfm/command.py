"""`viprules-rfm`: cut-offs over a base, as the lines that a policy holds."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from viprules_rfm.cutoffs import Base, Cutoffs, by_rank, by_share

__all__ = ["main"]

EXAMPLE = """example:
  viprules-rfm metrics.csv --column spend --as-of 2026-01-01 --scores 5
  viprules-rfm metrics.csv --column spend --as-of 2026-01-01 --shares 50,80 --positive"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the cut-offs; 1 where the data cannot be used, 2 for a wrong call."""
    given = _parser().parse_args(arguments)
    try:
        values, empty = _values(Path(given.file), given.column, positive=given.positive)
        cutoffs = _cutoffs(Base.of(values, given.better), given)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"viprules-rfm: {error}\n")
        return 1
    told = "with a value above 0" if given.positive else "with a value"
    ties = f"{given.better} is better, ties in the better score"
    sys.stdout.write(
        f"# {given.column} as of {given.as_of}:"
        f" {len(values):,} customers {told} are the base, {empty:,} are not; {ties}\n"
        f'"{given.as_of}": [{", ".join(map(_plain, cutoffs.values))}]\n'
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="viprules-rfm",
        description="Cut-offs of a score over a whole base, to be stored in a policy under `rfm_score`.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="a CSV file with one line for each customer")
    parser.add_argument("--column", required=True, help="the column with the value that is scored")
    parser.add_argument("--as-of", required=True, type=_day, metavar="DAY", help="the day of the values, as 2026-01-01")
    parser.add_argument("--scores", type=int, default=5, metavar="N", help="so many equal parts of the base (5)")
    parser.add_argument("--shares", metavar="P,P", help="parts of the sum instead, in percent: 50,80")
    parser.add_argument("--better", choices=("higher", "lower"), default="higher", help="which values are better")
    parser.add_argument("--positive", action="store_true", help="the base is who has a value above 0")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{text}` is no date; write it like 2026-01-01") from None


def _values(path: Path, column: str, *, positive: bool) -> tuple[list[Fraction], int]:
    """The values of the base, and how many customers are not in it."""
    found, empty = [], 0
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        if column not in (rows.fieldnames or ()):
            raise ValueError(
                f"`{path}` has no column `{column}`; it has {', '.join(f'`{n}`' for n in rows.fieldnames or ())}"
            )
        for row in rows:
            text = (row[column] or "").strip()
            value = _number(text, path, rows.line_num) if text else None
            if value is None or (positive and value <= 0):
                empty += 1
            else:
                found.append(value)
    return found, empty


def _number(text: str, path: Path, line: int) -> Fraction:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise ValueError(f"`{path}`, line {line}: `{text}` is no number")
    return Fraction(found)


def _cutoffs(base: Base, given: argparse.Namespace) -> Cutoffs:
    if given.shares:
        shares = [Fraction(Decimal(one)) / 100 for one in given.shares.split(",")]
        if not all(0 < one < 1 for one in shares):
            raise ValueError("shares lie between 0 and 100 percent")
        return by_share(base, shares)
    if not 2 <= given.scores <= 100:  # noqa: PLR2004 -- a score is for people to read
        raise ValueError("there are 2 to 100 scores")
    return by_rank(base, given.scores)


def _plain(value: Fraction) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
