"""Scores over a base: ranks, shares, ties, dates, and the command that computes cut-offs."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import viprules
import viprules_rfm
from viprules.plugins import catalogue_of
from viprules_rfm.command import main
from viprules_rfm.cutoffs import Base, Better, by_rank, by_share, score

CATALOGUE = catalogue_of(viprules_rfm)
POLICY = """\
viprules: 1
program: {id: club, timezone: Asia/Shanghai, currency: CNY}
facts: {spend: money, last: date}
metrics:
  idle: {tenure: {since: last, in: days}}
  m: {rfm_score: {of: spend, cutoffs: {"2026-01-01": [100, 300.50, 800, 2000], "2026-04-01": [200, 300, 800, 2000]}}}
  r: {rfm_score: {of: idle, better: lower, cutoffs: {"2026-01-01": [90, 30]}}}
tiers:
  - {id: rest, enter: everyone}
  - {id: core, enter: {m: {at_least: 5}}}
transitions: {validity: while_it_holds}
"""
PROGRAM = viprules.loads(POLICY, plugins=CATALOGUE)


def metric(name: str, day: str = "2026-02-01", **facts: Any) -> str | None:
    """Return a score, the decision being the explained one."""
    customer = PROGRAM.customer(facts=facts)
    found = PROGRAM.explain(customer, as_of=day)
    assert PROGRAM.decide(customer, as_of=day) == found.decision
    return found.metrics[name]


@pytest.mark.parametrize(
    ("spend", "expected"),
    [
        ("0", "1"),
        ("99.99", "1"),
        ("100", "2"),
        ("300.49", "2"),
        ("300.50", "3"),
        ("1999.99", "4"),
        ("2000", "5"),
        ("9999", "5"),
    ],
)
def test_a_value_is_looked_up(spend: str, expected: str) -> None:
    """Exactly the cut-off is in the better score, a cent below is not."""
    assert expected == metric("m", spend=spend)


@pytest.mark.parametrize(
    ("last", "expected"), [("2025-11-02", "1"), ("2025-11-03", "2"), ("2026-01-01", "2"), ("2026-01-02", "3")]
)
def test_less_is_better_for_recency(last: str, expected: str) -> None:
    """91, 90, 31 and 30 days since the last purchase."""
    assert expected == metric("r", last=last)


def test_the_cutoffs_of_the_day_hold() -> None:
    """From their date on; before the first one the score is unknown."""
    days = ("2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01")
    assert [None, "2", "2", "1"] == [metric("m", day, spend="150") for day in days]


def test_an_unknown_value_has_no_score() -> None:
    """Nobody is put into the lowest score for want of data."""
    assert metric("m") is None


def test_the_score_decides_and_is_part_of_the_statement() -> None:
    """It is made of comparisons, so nothing is row-only."""
    assert ("core", ()) == (PROGRAM.decide({"facts": {"spend": 2000}}, as_of="2026-02-01").tier, PROGRAM.warnings)


@pytest.mark.parametrize(
    ("cutoffs", "told"),
    [
        ('{"2026-01-01": [30, 90]}', "do not go from that of score 2 to that of the best score"),
        ('{"2026-02-30": [100]}', "ValueError"),
        ('{"soon": [100]}', "ValueError"),
        ("{}", "too-few"),
        ('{"2026-01-01": []}', "too-few"),
        ('{"2026-01-01": [a]}', "wrong-type"),
    ],
)
def test_wrong_cutoffs_are_told(cutoffs: str, told: str) -> None:
    """With the policy's line."""
    text = POLICY.replace('{"2026-01-01": [90, 30]}', cutoffs)
    with pytest.raises(viprules.PolicyError) as caught:
        viprules.loads(text, plugins=CATALOGUE)
    assert told in str(caught.value)
    assert {7} == {getattr(one.source, "line", 0) for one in caught.value.problems}


def fractions(*values: int) -> list[Fraction]:
    """Return exact values."""
    return [Fraction(one) for one in values]


def test_quintiles_of_ten() -> None:
    """Two customers in each score, whatever the order they come in."""
    cutoffs = by_rank(Base.of(fractions(5, 3, 9, 1, 7, 10, 2, 8, 4, 6), "higher"), 5)
    assert fractions(3, 5, 7, 9) == list(cutoffs.values)


def test_a_share_of_the_sum() -> None:
    """60 of 100 is the first to reach a half; with 25 more it is four fifths."""
    assert fractions(25, 60) == list(
        by_share(Base.of(fractions(60, 25, 10, 5), "higher"), [Fraction(1, 2), Fraction(4, 5)]).values
    )


@pytest.mark.parametrize(("values", "better"), [([-1, 5], "higher"), ([0, 0], "higher"), ([1, 2], "lower")])
def test_what_cannot_be_shared_is_refused(values: list[int], better: Better) -> None:
    """Sums with returns below 0, nothing at all, and recency."""
    with pytest.raises(ValueError, match="shares want values"):
        by_share(Base.of(fractions(*values), better), [Fraction(1, 2)])


BASES = st.lists(st.integers(0, 20), min_size=1, max_size=60)


@settings(derandomize=True, deadline=None)
@given(BASES, st.sampled_from(["higher", "lower"]), st.integers(2, 7))
def test_the_best_part_is_at_least_its_share(values: list[int], better: Better, scores: int) -> None:
    """Each best part holds its share of the base or more, and without its tied last value less; equal values, equal scores."""
    base = Base.of(fractions(*values), better)
    cutoffs = by_rank(base, scores)
    assert list(cutoffs.values) == sorted(cutoffs.values, reverse=better == "lower")
    for number, cutoff in enumerate(cutoffs.values, 2):
        share = Fraction(scores - number + 1, scores)
        inside = [one for one in base.values if score(one, cutoffs) >= number]
        assert len(inside) >= share * len(values)
        assert len([one for one in inside if one != cutoff]) < share * len(values)


@settings(derandomize=True, deadline=None)
@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=60).filter(any), st.fractions(Fraction(1, 100), Fraction(99, 100))
)
def test_a_share_is_reached_and_only_just(values: list[int], share: Fraction) -> None:
    """Those above the cut-off make less than the share; with its ties they make it."""
    base = Base.of(fractions(*values), "higher")
    (cutoff,) = by_share(base, [share]).values
    assert sum(one for one in values if one >= cutoff) >= share * sum(values)
    assert sum(one for one in values if one > cutoff) < share * sum(values)


# --- the command -------------------------------------------------------------------------------------


@pytest.fixture
def table(tmp_path: Path) -> str:
    """Return a table of customers."""
    path = tmp_path / "metrics.csv"
    path.write_text("customer,spend,bad\na,10,1\nb,0,x\nc,30.50,\nd,,\ne,40,\n", encoding="utf-8")
    return str(path)


def test_the_command_prints_what_a_policy_holds(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A comment that declares base, ties and day, and the line itself."""
    assert 0 == main([table, "--column", "spend", "--as-of", "2026-01-01", "--scores", "2"])
    comment, line = capsys.readouterr().out.splitlines()
    assert '"2026-01-01": [30.5]' == line
    assert "4 customers with a value are the base, 1 are not" in comment
    assert 0 == main([table, "--column", "spend", "--as-of", "2026-01-01", "--shares", "40,80", "--positive"])
    comment, line = capsys.readouterr().out.splitlines()
    assert '"2026-01-01": [30.5, 40]' == line
    assert "3 customers with a value above 0 are the base, 2 are not" in comment


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--column", "spent"], "has no column `spent`; it has `customer`, `spend`, `bad`"),
        (["--column", "bad"], "line 3: `x` is no number"),
        (["--column", "spend", "--scores", "1"], "2 to 100 scores"),
        (["--column", "spend", "--shares", "120"], "between 0 and 100"),
    ],
)
def test_data_that_cannot_be_used_are_told(
    table: str, more: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """On one line, with exit code 1."""
    assert 1 == main([table, "--as-of", "2026-01-01", *more])
    assert told in capsys.readouterr().err


def test_an_empty_base_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table without a value has no cut-offs."""
    path = tmp_path / "empty.csv"
    path.write_text("spend\n", encoding="utf-8")
    assert 1 == main([str(path), "--column", "spend", "--as-of", "2026-01-01"])
    assert "the base is empty" in capsys.readouterr().err


def test_a_day_that_is_none_is_a_wrong_call(table: str) -> None:
    """As the call of the command line."""
    with pytest.raises(SystemExit) as caught:
        main([table, "--column", "spend", "--as-of", "1.1.2026"])
    assert 2 == caught.value.code
