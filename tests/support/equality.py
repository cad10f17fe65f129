"""Comparing the executors on one random policy and its random customers.

`compare(seed)` is all that a failure needs: the same seed gives the same policy and the same customers.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from attrs import field, frozen

import viprules
from tests.support.generate import as_of, history, policy
from viprules.batch import NotStatic, last_steps
from viprules.engine.deciding.driving import Course
from viprules.engine.deciding.history import Customer
from viprules.engine.program import At, Program
from viprules.errors import PolicyError

__all__ = ["Report", "compare", "customers"]

HISTORIES = 20


@frozen(kw_only=True)
class Report:
    """What came of comparing one policy."""

    seed: int
    pairs: int
    static: bool
    """Could the step be lowered to a statement?"""
    compiled: dict[str, Any] = field(factory=dict)
    """By customer: what the walk gives, and what the compiled evaluator gives instead."""
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
    compiled = _compiled(at, people, walked)
    try:
        batch = _batch(program, walked)
    except NotStatic:
        return Report(seed=seed, pairs=len(people), static=False, compiled=compiled)
    return Report(seed=seed, pairs=len(people), static=True, compiled=compiled, batch=batch)


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


def _compiled(at: At, people: list[Customer], walked: list[Course]) -> dict[str, Any]:
    different = {}
    for one, reference in zip(people, walked, strict=True):
        course = at._run(one, at.program.compiled)
        expected, given = at.decision(one, reference), at.decision(one, course)
        if one.key:  # nothing but a record and ready-made values: there is a faster door still
            given = at.decide(one)
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
