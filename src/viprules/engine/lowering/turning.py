"""On which days an answer may turn by itself: every day, or those of windows, periods and dated values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from viprules.engine.days import FOREVER, NEVER, Span, add_span
from viprules.engine.lowering.making import shift
from viprules.engine.tree.nodes import (
    TODAY,
    Aggregate,
    Arith,
    AtDay,
    Call,
    Cmp,
    DailyAverage,
    Elapsed,
    HasAll,
    In,
    Lit,
    Node,
    PeriodDay,
    Ref,
    Shift,
    Streak,
    children,
    walk_nodes,
)

__all__ = ["dated_days", "periods", "rolling", "turns_daily"]

SHORTEST: Final = 3
"""By so many days February is shorter than the longest month."""


def turns_daily(definitions: list[Node], values: Iterable[Node] = ()) -> bool:
    """Is there anything that may turn on any day, rather than where a window or a period has its bounds?

    `values` are compared elsewhere, such as metrics. What a plug-in's own function makes of a day is not known, so
    where there is one every day is asked.
    """
    if any(map(_drifts, values)):
        return True
    every = [one for node in definitions for one in walk_nodes(node)]
    if any(isinstance(one, Call) or (isinstance(one, Cmp) and _compares_day(one)) for one in every):
        return True
    if any(isinstance(one, In | HasAll) and _drifts(one.value) for one in every):
        return True
    return any(_grows_daily(one) for node in definitions for one in _outside_measures(node))


def _outside_measures(node: Node) -> Iterator[Node]:
    yield node
    if not isinstance(node, Aggregate | AtDay | Streak):
        for one in children(node):
            yield from _outside_measures(one)


def _grows_daily(node: Node) -> bool:
    """A count of days, and an average up to the day asked, are others on every day."""
    if isinstance(node, Elapsed):
        return _drifts(node.until) and not _is_anniversary(node)
    return isinstance(node, DailyAverage) and _drifts(node.last)


def _is_anniversary(node: Elapsed) -> bool:
    """Does it turn once in a month or a year, on the day of the month that it counts from?"""
    return node.unit != "days" and not node.started and node.until == TODAY


def _drifts(node: Node) -> bool:
    """Does the day asked itself enter, so that each day gives another value?"""
    if isinstance(
        node, Aggregate | AtDay | Streak | PeriodDay | Elapsed | Cmp
    ):  # comparisons are looked at by themselves
        return isinstance(node, Elapsed) and not _is_anniversary(node)
    return node == TODAY or any(_drifts(one) for one in children(node))


def _compares_day(node: Cmp) -> bool:
    return any(_moves(side) for side in (node.left, node.right)) and not _of_the_machine(node)


def _moves(node: Node) -> bool:
    """Does the value move with the day outside of measures?"""
    if isinstance(node, Aggregate | AtDay | Streak):
        return False
    if isinstance(node, DailyAverage | Elapsed):
        return True
    return node == TODAY or any(_moves(one) for one in children(node))


def _of_the_machine(node: Cmp) -> bool:
    """Comparisons of the day with grants, reviews and dated values: their days are known otherwise."""
    sides = [node.left, node.right]
    if any(isinstance(one, Lit) for one in sides):
        return bool(_crossed(node)) or not any(map(_drifts, sides))
    if any(isinstance(one, PeriodDay) for one in sides):
        return all(one in (TODAY, shift(TODAY, 1)) or isinstance(one, PeriodDay) for one in sides) and not _free(node)
    state = (".until.", ".in.", ".now.", ".kept.", ".grace", ".landed", ".judged_on", ".since'")
    return any(
        isinstance(one, Ref) and any(word in one.name for word in state) for side in sides for one in walk_nodes(side)
    )


def _free(node: Cmp) -> bool:
    """Two periods compared with each other: a date test, which may turn on any day."""
    return isinstance(node.left, PeriodDay) and isinstance(node.right, PeriodDay)


def rolling(nodes: list[Node]) -> tuple[tuple[str, Shift], ...]:
    """Event types with the rolling windows in which they are measured."""
    found: list[tuple[str, Shift]] = []
    for node in nodes:
        if isinstance(node, Aggregate):
            found.extend((node.event, shift) for one in walk_nodes(node.first) for shift in _back(one))
    return tuple(dict.fromkeys(found))


def _back(node: Node) -> Iterator[Shift]:
    """How far a day lies before another, where it does."""
    match node:
        case Shift(times=times) if times < 0:
            yield node
        case Arith("add", (inner, Lit(int(days)))) if inner == TODAY and days < 0:
            yield Shift(TODAY, Span(days=-days), -1)


def periods(nodes: list[Node]) -> tuple[tuple[Span, Node], ...]:
    """The periods that the policy counts in, length and anchor; those of elapsed months and years too."""
    own = [(one.length, one.anchor) for one in nodes if isinstance(one, PeriodDay | Streak)]
    elapsed = [one for one in nodes if isinstance(one, Elapsed) and _is_anniversary(one)]
    own += [(Span(months=12 if one.unit == "years" else 1), one.since) for one in elapsed]
    return tuple(dict.fromkeys(own))


def dated_days(nodes: list[Node]) -> frozenset[int]:
    """Days of the policy that the day asked, or one at a fixed distance from it, is compared with."""
    crossed = [day for one in nodes if isinstance(one, Cmp) for day in _crossed(one)]
    return frozenset(day for day in crossed if NEVER < day < FOREVER)


def _crossed(node: Cmp) -> tuple[int, ...]:
    """The days asked near which a comparison with a constant day turns; none where it is none such."""
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(other, Lit) and isinstance(other.value, int):
            return _asked_when(one, other.value)
    return ()


def _asked_when(node: Node, day: int) -> tuple[int, ...]:
    """The days asked for which the node is this day: one, or a few where months end on different days."""
    match node:
        case _ if node == TODAY:
            return (day,)
        case Arith("add", (inner, Lit(int(moved)))):
            return _asked_when(inner, day - moved)
        case Shift(inner, span, times, False) if NEVER < day < FOREVER:
            around = range(-SHORTEST, SHORTEST + 1) if span.months else (0,)
            return tuple(one for by in around for one in _asked_when(inner, add_span(day, span, -times) + by))
        case _:
            return ()
