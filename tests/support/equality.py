"""Comparing the executors on one random policy and its random customers.

`compare(seed)` is all that a failure needs: the same seed gives the same policy and the same customers.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from attrs import field, frozen

import viprules
from tests.support.generate import as_of, facts, history, policy
from viprules.batch import NotStatic, last_steps
from viprules.engine.deciding.driving import Course
from viprules.engine.deciding.history import Customer
from viprules.engine.program import At, Program
from viprules.engine.tree.kinds import Type
from viprules.errors import PolicyError

__all__ = ["Report", "compare", "customers", "ready_made"]

HISTORIES = 20
RECORDS = 4


@frozen(kw_only=True)
class Report:
    """What came of comparing one policy."""

    seed: int
    pairs: int
    static: bool
    """Could the step be lowered to a statement?"""
    compiled: dict[str, Any] = field(factory=dict)
    """By customer: what the walk gives, and what the compiled evaluator gives instead."""
    ready: dict[str, Any] = field(factory=dict)
    """The same of customers with a record and ready-made values, for whom there is a faster door."""
    batch: dict[str, Any] = field(factory=dict)
    """By customer: the outputs of the last step that differ, walked and by the statement."""


def compare(seed: int) -> Report:
    """Decide a policy's customers three times; no pairs where the policy means something that is refused."""
    try:
        program = viprules.loads(policy(seed))
    except PolicyError:
        return Report(seed=seed, pairs=0, static=False)
    day = as_of(seed)
    at, people = program.at(day), customers(program, seed, day)
    walked = [at.walked(one) for one in people]
    compiled, ready = _compiled(at, people, walked), _ready(at, ready_made(program, seed, day))
    try:
        batch = _batch(program, walked)
    except NotStatic:
        return Report(seed=seed, pairs=len(people), static=False, compiled=compiled, ready=ready)
    return Report(seed=seed, pairs=len(people), static=True, compiled=compiled, ready=ready, batch=batch)


def customers(program: Program, seed: int, day: date) -> list[Customer]:
    """The customers of a seed; every fifth has been decided before and brings the record of that."""
    days = 45 if program.plan.daily else 240
    tiers = [one.id for one in program.tier_sets[0].tiers]
    found = []
    for number in range(seed * HISTORIES, (seed + 1) * HISTORIES):
        stated = history(number, until=day, days=days, tiers=tiers)
        if number % 5 == 0 and "membership" not in stated:
            before = day - timedelta(days=number % 37 + 1)
            stated["membership"] = program.at(before).decide(program.customer(**stated)).membership.as_dict()
        found.append(program.customer(**stated))
    return found


def ready_made(program: Program, seed: int, day: date) -> list[Customer]:
    """Customers of a seed with ready-made metrics and without events; many of them share few records.

    A record is none, a row of a table of present tiers, what was decided on the eve, or a row with the tier and its
    end as they are decided for the day asked, so that some tiers end no later than they would.
    """
    r, eve = Random(seed), day - timedelta(days=1)  # noqa: S311 -- not for secrets
    rows = [_present(program, r, eve) for _ in range(RECORDS)]
    before = [program.customer(**_made(program, r, None)) for _ in range(RECORDS)]
    records = [None, *rows, *(program.at(eve).decide(one).membership for one in before)]
    for record in records[:]:
        found = program.at(day).decide(program.customer(**_made(program, r, record)))
        row = {"tier": found.tier or "", "since": found.since, "valid_until": found.valid_until, "recorded": eve}
        records.append(row)
    kept = [one for one in records if not isinstance(one, dict) or one["tier"]]
    return [program.customer(id=f"r{at}", **_made(program, r, r.choice(kept))) for at in range(4 * HISTORIES)]


def _present(program: Program, r: Random, eve: date) -> dict[str, Any]:
    """A row of a plain table of present tiers, up to the eve of the day asked."""
    ends = [eve, eve + timedelta(days=1), date(2026, 6, 30), date(2026, 12, 31), date(2027, 3, 31), date(2027, 12, 31)]
    return {
        "tier": r.choice(program.tier_sets[0].tiers).id,
        "valid_until": r.choice([*ends, None]),
        "recorded": r.choice([None, eve]),
        "since": r.choice([None, date(2026, 1, 1), date(2025, 4, 1)]),
    }


def _made(program: Program, r: Random, record: Any) -> dict[str, Any]:
    """A customer, as `program.customer` takes one, with ready-made metrics."""
    metrics = {name: _value(r, one.type) for name, one in program.plan.metrics.items()}
    return {"facts": facts(r), "metrics": metrics, "membership": record}


def _value(r: Random, kind: Type) -> Any:
    """A value of a metric; seldom none."""
    if r.random() < 0.02:
        return None
    if kind.kind == "true_false":
        return r.random() < 0.5
    if kind.kind == "date":
        return date(2026, 3, 1) + timedelta(days=r.randrange(-300, 40))
    return r.choice([0, 1, 2, 3, 5, 10, 40, 60, 100, 120, 200, 400])


def _ready(at: At, people: list[Customer]) -> dict[str, Any]:
    for one in people:
        at.decide(one)  # what is met for the first time opens the door for the next one
    different = {}
    for one in people:
        expected, given = at.walk(one), at.decide(one)
        if (expected, expected.as_dict()) != (given, given.as_dict()):
            different[one.id] = (str(expected), str(given))
    return different


def _compiled(at: At, people: list[Customer], walked: list[Course]) -> dict[str, Any]:
    different = {}
    for one, reference in zip(people, walked, strict=True):
        course = at._run(one, at.program.compiled)
        expected, given = at.decision(one, reference), at.decision(one, course)
        if (expected, at.result(reference)) != (given, at.result(course)):
            different[one.id] = (expected, given, at.result(reference), at.result(course))
    return {name: tuple(map(str, parts)) for name, parts in different.items()}


def _batch(program: Program, walked: list[Course]) -> dict[str, Any]:
    different = {}
    for reference, given in zip(walked, last_steps(program.plan, walked), strict=True):
        expected = reference.outputs
        if expected != given:
            names = [name for name, value in expected.items() if value != given[name]]
            different[reference.customer.id] = {name: (expected[name], given[name]) for name in names}
    return different
