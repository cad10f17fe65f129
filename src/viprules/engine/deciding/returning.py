"""Returns: what the history gives without them and not with them is taken back."""

from __future__ import annotations

from viprules.engine.deciding.executing import Walker
from viprules.engine.deciding.grants import Bound, Grant, blank_state
from viprules.engine.deciding.stepping import Steps
from viprules.engine.lowering.tiers.lanes import Lane
from viprules.engine.lowering.tiers.machine import Machine

__all__ = ["revoke"]

CARRIED = ("landed", "grace", "grace_tier", "missed", "missed_tier", "grant_from")


def revoke(course: Steps, gross: Steps, net: Steps, *, first: int, reason: str) -> None:
    """Lower every lane to what the net history gives, from a day on; nothing where that is unknown."""
    for one in course.plan.machines:
        changed = [_revoke(course, one, lane, gross, net, first=first, reason=reason) for lane in one.lanes]
        if any(changed):
            name = one.tier_set.name
            course.state |= {f"{name}.{key}": net.state[f"{name}.{key}"] for key in CARRIED}


def _revoke(course: Steps, one: Machine, lane: Lane, gross: Steps, net: Steps, *, first: int, reason: str) -> bool:
    """Lower a lane to what the net history gives; nothing where that is unknown."""
    key = f"{one.tier_set.name}.until.{lane.key}"
    given, left = gross.state[key], max(net.state[key], first - 1)
    if not (net.state[key] < given and given >= first and course.state[key] > left):
        return False
    if _unknown(one, lane, gross, net):
        return False
    course.state[key] = left
    course.write(
        Bound(
            tier_set=one.tier_set.name,
            tier=lane.tier,
            cause=lane.cause,
            kind="revoked",
            first=left + 1,
            decided_on=course.today or course.start,
            reason=reason,
        )
    )
    return True


def _unknown(one: Machine, lane: Lane, gross: Steps, net: Steps) -> bool:
    """Is what gave a lane its grants unknown in the net history, on one of the days that gave them?"""
    name = one.tier_set.name
    asked = [f"way.{lane.key}"] if lane.way else [f"enter.{lane.rank}", f"stay.{lane.rank}"]
    days = {
        row.decided_on for row in gross.rows if isinstance(row, Grant) and (row.tier_set, row.tier) == (name, lane.tier)
    }
    inputs = blank_state(one) | net.overrides(gross.day)
    walks = [Walker(plan=gross.plan).walk(net.customer, day, inputs, net.tiers) for day in days]
    return any(walk.of(f"{name}.{what}") is None for walk in walks for what in asked)
