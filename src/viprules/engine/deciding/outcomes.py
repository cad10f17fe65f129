"""From the outputs of a step to the answer: tiers, changes, benefits, proposals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from attrs import evolve

from viprules.engine.days import FOREVER
from viprules.engine.deciding.decision import BenefitInForce, Outcome, Proposal
from viprules.engine.deciding.driving import Course
from viprules.engine.deciding.executing import Walker
from viprules.engine.deciding.walking import Walk
from viprules.engine.lowering.benefits import Benefit
from viprules.engine.lowering.plan import Plan
from viprules.engine.lowering.tiers.lanes import Lane
from viprules.engine.lowering.tiers.machine import Machine
from viprules.engine.tree.kinds import Typed, shown
from viprules.engine.tree.nodes import Ref

__all__ = ["after", "days_of", "next_change_of", "outcome_of", "proposals_of"]

LOOK_AHEAD = 367
"""So many days ahead a benefit is looked for that may come or go on any day: what turns, turns within a year."""


def after(course: Course) -> Walk:
    """A walk over the customer as the decision left them: `tier` is the new tier."""
    inputs = dict(course.state)
    for one in course.plan.machines:
        name = one.tier_set.name
        inputs[f"{name}.tier"] = inputs[f"{name}.out"] = course.outputs[f"{name}.out"]
    return Walker(plan=course.plan).walk(
        course.customer, course.today, inputs | course.overrides(course.today), course.tiers
    )


def outcome_of(course: Course) -> Outcome:
    """The finite part of the answer."""
    plan = course.plan
    ranks = [course.outputs[f"{one.tier_set.name}.out"] for one in plan.machines]
    return Outcome(
        tier_sets=tuple(one.tier_set.name for one in plan.machines),
        tiers=tuple(tier_id(one, rank) for one, rank in zip(plan.machines, ranks, strict=True)),
        names=tuple(
            one.tier_set.tiers[rank - 1].name if rank else {} for one, rank in zip(plan.machines, ranks, strict=True)
        ),
        changes=tuple(course.change(one) for one in plan.machines),
        benefits=tuple(benefits_of(plan, ranks, after(course))),
        warned=tuple(course.outputs[f"{one.tier_set.name}.warn"] is True for one in plan.machines),
    )


def days_of(course: Course) -> tuple[int | None, ...]:
    """`since` and `valid_until` of each tier set; everyone's tier has neither."""
    found: list[int | None] = []
    for one in course.plan.machines:
        name = one.tier_set.name
        granted = course.outputs[f"{name}.out"] > one.base
        found += [
            course.outputs[f"{name}.since'"] if granted else None,
            course.outputs[f"{name}.valid_until"] if granted else None,
        ]
    return tuple(found)


def tier_id(one: Machine, rank: int) -> str | None:
    """The tier of a rank, None for no tier."""
    return one.tier_set.tiers[rank - 1].id if rank else None


def benefits_of(plan: Plan, ranks: list[int], walk: Walk) -> Iterator[BenefitInForce]:
    """The benefits in force, tier set by tier set, from the lowest tier that gives one."""
    for one, rank in zip(plan.machines, ranks, strict=True):
        for benefit in plan.benefits[one.tier_set.name][rank - 1] if rank else ():
            if benefit.when is None or walk.value(benefit.when, walk.today) is True:
                found = _in_force(benefit, one, walk)
                if found.valid_until is None or found.valid_until.toordinal() >= walk.today:
                    yield found


def next_change_of(course: Course) -> int | None:
    """The first day after the day asked on which the answer may differ by itself: the tiers, or their benefits."""
    plan, walk, day = course.plan, after(course), course.day
    ranks = [course.outputs[f"{one.tier_set.name}.out"] for one in plan.machines]
    now = list(benefits_of(plan, ranks, walk))
    ends = [one.valid_until.toordinal() + 1 for one in now if one.valid_until]
    found = min([course.next_change or FOREVER, *ends])
    if plan.benefits_turn:
        ahead = range(day + 1, min(found, day + LOOK_AHEAD))
        then = (one for one in ahead if list(benefits_of(plan, ranks, evolve(walk, today=one))) != now)
        found = next(then, found)
    return found if found < FOREVER else None


def _in_force(benefit: Benefit, one: Machine, walk: Walk) -> BenefitInForce:
    until = None if benefit.until is None else walk.value(benefit.until, walk.today)
    return BenefitInForce(
        kind=benefit.use.kind,
        id=benefit.use.id,
        tier=one.tier_set.tiers[benefit.rank - 1].id,
        parameters={name: _parameter(value, walk) for name, value in benefit.parameters.items() if value is not None},
        quota_left=None if benefit.left is None else walk.value(benefit.left, walk.today),
        valid_until=None if until in (None, FOREVER) else date.fromordinal(until),
    )


def _parameter(value: Any, walk: Walk) -> Any:
    """A parameter as people write it; texts by language stay as they are."""
    if isinstance(value, Typed):
        return shown(walk.value(value.node, walk.today), value.type)
    return dict(value) if isinstance(value, Mapping) else value


def proposals_of(course: Course) -> tuple[Proposal, ...]:
    """What ways under approval propose, and how far each has come."""
    walk = Walker(plan=course.plan).walk(
        course.customer, course.today, course.before | course.overrides(course.today), course.tiers
    )
    return tuple(
        found
        for one in course.plan.machines
        for lane in one.lanes
        if (found := _proposal(course.plan, one, lane, walk))
    )


def _proposal(plan: Plan, one: Machine, lane: Lane, walk: Walk) -> Proposal | None:
    name = one.tier_set.name
    if f"{name}.approved.{lane.key}" not in plan.definitions or walk.of(f"{name}.asked.{lane.key}") is not True:
        return None
    prefix = f"{name}.need.{lane.key}."
    lacking = [key[len(prefix) :] for key in plan.definitions if key.startswith(prefix) and walk.of(key) is not True]
    refused = walk.value(Ref(f"{name}.refused.{lane.key}"), walk.today)
    approved = walk.value(Ref(f"{name}.approved.{lane.key}"), walk.today)
    by = tuple(lacking)
    if refused is not None and (approved is None or refused > approved):
        by = ("refused",)
    elif not lacking and walk.of(f"{name}.requested.{lane.key}") is not True:
        by = ("requested_by",)
    if approved is not None and not by:
        return None
    return Proposal(tier_set=name, tier=lane.tier, cause=lane.cause, status="refused" if by else "pending", by=by)
