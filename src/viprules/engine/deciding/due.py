"""Due days: those on which something can change, so that they have to be stepped."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from viprules.engine.days import FOREVER, add_span, period_number, period_start
from viprules.engine.deciding.executing import Walker
from viprules.engine.deciding.history import Customer
from viprules.engine.deciding.stepping import Steps
from viprules.engine.lowering.plan import Plan
from viprules.engine.tree.nodes import Lit, Shift

__all__ = ["next_due", "waits"]


def next_due(course: Steps, day: int) -> int:
    """The first day after `day` that has to be stepped; beyond the calendar if there is none."""
    if course.plan.daily or course.every_day or _stirred(course) or waits(course):
        return day + 1
    turns = _known_turns(course)
    at = bisect_right(turns, day)
    found = [turns[at]] if at < len(turns) else [FOREVER]
    for one in course.plan.machines:
        for lane in one.lanes:
            until = course.state[f"{one.tier_set.name}.until.{lane.key}"]
            found.extend(turn for turn in (until, until + 1) if day < turn and until < FOREVER)
    found.extend(turn for turn in _boundaries(course, day) if turn > day)
    return min(found)


def waits(course: Steps) -> bool:
    """Is there a judgement that could not be made? What was missing may be there on any day."""
    return any(course.state[f"{one.tier_set.name}.missed"] for one in course.plan.machines)


def _stirred(course: Steps) -> bool:
    """Did the last step change a tier that a condition asks for? That may turn on the next day."""
    asked = course.before and any(one.asks_standing for one in course.plan.machines)
    held = [f"{one.tier_set.name}.{key}" for one in course.plan.machines for key in ("tier", "best")]
    return bool(asked) and any(course.before[key] != course.state[key] for key in held)


def _known_turns(course: Steps) -> list[int]:
    """The days known beforehand, in order; worked out once for a customer and a policy."""
    key = ("turns", course.digest)
    found: list[int] | None = course.customer.cache.get(key)
    if found is None:
        found = course.customer.cache[key] = sorted(set(_turns(course.plan, course.customer)))
    return found


def _turns(plan: Plan, customer: Customer) -> Iterator[int]:
    """Days known beforehand: of events and facts, of what leaves a window, of overrides and dated values."""
    moments = {lane.way.upon for one in plan.machines for lane in one.lanes if lane.way}
    drifts = any(one.drifts for one in plan.machines)
    for event in customer.events:
        yield event.day
        if drifts:  # an event may end what was met up to its eve
            yield event.day - 1
        if event.type in moments:
            yield event.day + 1
    for days, _ in customer.dated.values():
        yield from days
    for order in customer.overrides:
        yield from (order.first, order.until, order.until + 1)
    for turn in plan.dated_days:
        yield from (turn - 1, turn, turn + 1)
    for event_type, shift in plan.rolling:
        for day in {entry.day for entry in customer.entries.get(event_type, ())}:
            leaves = _leaving_day(day, shift)
            yield from (leaves - 1, leaves, leaves + 1)


def _boundaries(course: Steps, day: int) -> Iterator[int]:
    """The eve and the first day of the next period of every length that the policy uses."""
    walk = None
    for length, anchor in course.plan.periods:
        if isinstance(anchor, Lit):
            start = anchor.value
        else:
            walk = walk or Walker(plan=course.plan).walk(
                course.customer, day, course.state | course.overrides(day), course.tiers
            )
            start = walk.value(anchor, day)
        if isinstance(start, int):
            first = period_start(start, length, period_number(start, length, day) + 1)
            yield from (first - 1, first)
            if first == day + 1:  # the eve is today, so the next eve may be the next due day but one
                yield period_start(start, length, period_number(start, length, first) + 1) - 1


def _leaving_day(day: int, shift: Shift) -> int:
    """The first day whose rolling window no longer holds what was on a day."""
    leaves = add_span(day, shift.span)
    while add_span(leaves, shift.span, -1) + 1 <= day:
        leaves += 1
    return leaves
