"""Three executors, one answer: the walk is the reference, the compiled evaluator and the statement of SQL equal it.

A failure names a seed, with which `tests.support.equality.compare` does it again. `make equal-long`
asks 100,000 pairs of a policy and a history.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.support.equality import HISTORIES, Report, compare

pytestmark = pytest.mark.equal

PAIRS = int(os.environ.get("VIPRULES_PAIRS", "2000"))
POLICIES = PAIRS // HISTORIES
SPARE = POLICIES // 20 + 1
"""The generator may write a policy that is refused; this many of them give way to others."""
WATCHED = 4
"""So many policies are compared in this process, where coverage is measured and a debugger works."""


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    """What came of comparing every policy; two processes share the work."""
    seeds = range(POLICIES + SPARE)
    here = [compare(seed) for seed in seeds[:WATCHED]]
    with ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn")) as pool:
        return [*here, *pool.map(compare, seeds[WATCHED:], chunksize=4)]


def test_there_are_enough_pairs(reports: list[Report]) -> None:
    """As many pairs are compared as are asked for, at least half of them of static policies."""
    assert sum(one.pairs for one in reports) >= PAIRS
    assert sum(one.pairs for one in reports if one.static) >= PAIRS / 2


def test_compiled_equals_walked(reports: list[Report]) -> None:
    """The compiled evaluator gives the decision of the walk, with every grant, bound, date, proposal and problem."""
    assert {} == {one.seed: one.compiled for one in reports if one.compiled}


def test_the_fast_door_equals_the_walk(reports: list[Report]) -> None:
    """Who has ready-made values and a record gets the decision of the walk from the functions made for their situation."""
    assert {} == {one.seed: one.ready for one in reports if one.ready}


def test_the_statement_equals_the_walk(reports: list[Report]) -> None:
    """One statement for each static policy leaves behind what the walk's last step does."""
    assert {} == {one.seed: one.batch for one in reports if one.batch}
