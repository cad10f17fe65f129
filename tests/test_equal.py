"""Three executors, one answer: the walk is the reference, the compiled one and the statement of SQL equal it.

A failure names a seed. `make equal-long` asks 100,000 pairs of a policy and a history.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import Any

import pytest
from attrs import field, frozen

import viprules
from tests.support.generate import as_of, history, policy
from viprules.batch import statement, step_all, why_not
from viprules.engine.decision import Decision, Result
from viprules.engine.driving import Course
from viprules.engine.history import Customer
from viprules.engine.program import At, Program
from viprules.errors import PolicyError

pytestmark = pytest.mark.equal

HISTORIES = 20
POLICIES = int(os.environ.get("VIPRULES_PAIRS", "2000")) // HISTORIES
SHARE_OF_STATIC = 0.5


@frozen(kw_only=True)
class Case:
    """A policy with its customers, walked."""

    seed: int
    program: Program
    day: date
    people: tuple[Customer, ...]
    walked: tuple[Course, ...] = field(repr=False)

    @property
    def at(self) -> At:
        """The program with the day bound."""
        return self.program.at(self.day)


def case_of(seed: int) -> Case | None:
    """The case of a seed; None where the policy means something that is refused."""
    try:
        program = viprules.loads(policy(seed))
    except PolicyError:
        return None
    day = as_of(seed)
    people = tuple(customer(program, seed * HISTORIES + number, day) for number in range(HISTORIES))
    at = program.at(day)
    return Case(seed=seed, program=program, day=day, people=people, walked=tuple(course(at, one) for one in people))


def customer(program: Program, seed: int, day: date) -> Customer:
    """A customer; every fifth has been decided before and brings the record."""
    days = 60 if program.plan.daily else 400
    tiers = [one.id for one in program.tier_sets[0].tiers]
    stated = history(seed, until=day, days=days, tiers=tiers)
    if seed % 5 == 0 and "membership" not in stated:
        before = day - timedelta(days=seed % 37 + 1)
        record = program.at(before).decide(program.customer(**stated)).membership
        stated["membership"] = record.as_dict()
    return program.customer(**stated)


def course(at: At, one: Customer) -> Course:
    """The course of a customer, walked step by step."""
    return at._run(one, at.program.walker)


def told(at: At, one: Customer, result: Course) -> tuple[Decision, Result]:
    """All that a course amounts to."""
    return at.decision(one, result), at.result(result)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """As many cases as are asked for; a seed whose policy is refused gives way to the next one."""
    found: list[Case] = []
    seed = 0
    while len(found) < POLICIES:
        one = case_of(seed)
        found += [one] if one else []
        seed += 1
    assert seed < 1.2 * POLICIES + 10, "the generator writes too many policies that are refused"
    return found


def test_compiled_equals_walked(cases: list[Case]) -> None:
    """The compiled evaluator gives the decision of the walk, with every grant, bound, date, proposal and problem."""
    different: dict[str, Any] = {}
    for case in cases:
        for one, walked in zip(case.people, case.walked, strict=True):
            fast = case.at.decide(one)
            compiled = case.at._run(one, case.program.compiled)
            if (fast, *told(case.at, one, compiled)) != (fast, *told(case.at, one, walked)) or fast != case.at.decision(
                one, walked
            ):
                different[f"{case.seed}: {one.id}"] = (case.at.decision(one, walked).as_dict(), fast.as_dict())
    assert {} == different


def test_the_statement_equals_the_walk(cases: list[Case]) -> None:
    """One statement for each static policy leaves behind what the walk's last step does; most policies are static."""
    different: dict[str, Any] = {}
    static = [case for case in cases if not why_not(case.program.plan)]
    assert len(static) >= SHARE_OF_STATIC * len(cases)
    for case in static:
        asked = step_all(case.program, case.people, case.day)
        for one, walked, found in zip(case.people, case.walked, asked, strict=True):
            if walked.outputs != found.outputs:
                names = [name for name, value in walked.outputs.items() if value != found.outputs[name]]
                different[f"{case.seed}: {one.id}"] = {n: (walked.outputs[n], found.outputs[n]) for n in names}
    assert {} == different


def test_a_statement_holds_no_text_of_its_policy(cases: list[Case]) -> None:
    """Names in the statement are ours and texts are parameters, so nothing in a policy can become SQL."""
    words = {"purchase", "city", "north", "channel", "--", "card_year", "random", "t1"}
    for case in cases[:20]:
        if not why_not(case.program.plan):
            sql = statement(case.program.plan, case.day.toordinal()).sql.lower()
            assert set() == {word for word in words - {"t1"} if word in sql}
