"""Returns: what the history gives without them and not with them is taken back."""

from __future__ import annotations

from typing import Any

from viprules.engine.days import FOREVER
from viprules.engine.deciding.executing import Walker
from viprules.engine.deciding.grants import EARNED, Bound, Grant, blank_state
from viprules.engine.deciding.stepping import Steps
from viprules.engine.deciding.walking import Walk
from viprules.engine.lowering.tiers.lanes import Lane
from viprules.engine.lowering.tiers.machine import Machine
from viprules.engine.tree.nodes import Aggregate, AtDay, Node, Ref, Streak, children

__all__ = ["revoke"]

CARRIED = ("landed", "grace", "grace_tier", "missed", "missed_tier", "grant_from")


def revoke(course: Steps, gross: Steps, net: Steps, *, first: int, reason: str) -> None:
    """From a day on let the net history hold in place of the gross one; both have come to the eve of that day.

    Where the customer stands as the gross history says, they stand as the net one says from now on. Where something
    else counts too (a table taken over, the rules of an older policy, a history that is not complete) each grant is
    lowered to what the net history gives.
    """
    for one in course.plan.machines:
        keys = [key for key in course.state if key.startswith(f"{one.tier_set.name}.")]
        complete = course.plan.policy.program.history_from is None
        if complete and all(_here(course, key, first) == _here(gross, key, first) for key in keys):
            for lane in one.lanes:
                _settle(course, lane, f"{one.tier_set.name}.until.{lane.key}", net, first=first, reason=reason)
            course.state |= {key: net.state[key] for key in keys}
        else:
            _lower(course, one, gross, net, first=first, reason=reason)


def _here(course: Steps, key: str, first: int) -> Any:
    """A value of the state; grants that ended before the day are alike."""
    value = course.state[key]
    return max(value, first - 1) if ".until." in key else value


def _settle(course: Steps, lane: Lane, key: str, net: Steps, *, first: int, reason: str) -> None:
    """Write what changes in a lane."""
    tier_set, decided_on = key.partition(".")[0], course.today or course.start
    old, new = _here(course, key, first), _here(net, key, first)
    if new < old:
        course.write(_revoked(tier_set, lane, new + 1, decided_on, reason))
    elif new > old:
        course.write(
            Grant(
                tier_set=tier_set,
                tier=lane.tier,
                first=first,
                until=None if new == FOREVER else new,
                cause=lane.cause or EARNED,
                decided_on=decided_on,
                policy=course.digest,
            )
        )


def _revoked(tier_set: str, lane: Lane, first: int, decided_on: int, reason: str) -> Bound:
    return Bound(
        tier_set=tier_set,
        tier=lane.tier,
        cause=lane.cause,
        kind="revoked",
        first=first,
        decided_on=decided_on,
        reason=reason,
    )


def _lower(course: Steps, one: Machine, gross: Steps, net: Steps, *, first: int, reason: str) -> None:
    """Lower every lane to what the net history gives; nothing where that is not known."""
    name, changed = one.tier_set.name, False
    for lane in one.lanes:
        key = f"{name}.until.{lane.key}"
        given, left = gross.state[key], _here(net, key, first)
        if (
            net.state[key] < given
            and given >= first
            and course.state[key] > left
            and not _unknown(one, lane, gross, net)
        ):
            course.state[key], changed = left, True
            course.write(_revoked(name, lane, left + 1, course.today or course.start, reason))
    if changed:
        course.state |= {f"{name}.{key}": net.state[f"{name}.{key}"] for key in CARRIED}


def _unknown(one: Machine, lane: Lane, gross: Steps, net: Steps) -> bool:
    """Is what gave a lane its grants unknown for want of events, on one of the days that gave them?

    What is unknown for another reason does not give a tier to who never bought, so it does not keep one either.
    """
    name, begins = one.tier_set.name, gross.plan.policy.program.history_from
    if begins is None:
        return False
    asked = [f"way.{lane.key}"] if lane.way else [f"enter.{lane.rank}", f"stay.{lane.rank}"]
    days = {
        row.decided_on for row in gross.rows if isinstance(row, Grant) and (row.tier_set, row.tier) == (name, lane.tier)
    }
    inputs = blank_state(one) | net.overrides(gross.day)
    walks = [Walker(plan=gross.plan).walk(net.customer, day, inputs, net.tiers) for day in days]
    names = [Ref(f"{name}.{what}") for what in asked]
    return any(
        walk.of(ref.name) is None and _looks_back(ref, walk, walk.today, begins) for walk in walks for ref in names
    )


def _looks_back(node: Node, walk: Walk, day: int, begins: int) -> bool:
    """Does a measure look further back than the events go?"""
    if isinstance(node, Ref) and node.name in walk.definitions:
        return _looks_back(walk.definitions[node.name], walk, day, begins)
    if isinstance(node, AtDay):
        other = walk.value(node.day, day)
        return other is None or _looks_back(node.value, walk, other, begins)
    if isinstance(node, Aggregate):
        first = walk.value(node.first, day)
        return first is None or first < begins
    return isinstance(node, Streak) or any(_looks_back(one, walk, day, begins) for one in children(node))
