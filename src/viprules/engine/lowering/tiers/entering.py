"""Ways in: every one that is met grants its tier from the day."""

from __future__ import annotations

from typing import Final

from viprules.engine.days import FOREVER
from viprules.engine.lowering.making import all_of, any_of, case, later_of, shift
from viprules.engine.lowering.tiers.draft import RENEW, VALIDITY, WHILE, Draft, known
from viprules.engine.lowering.tiers.lanes import Lane
from viprules.engine.lowering.tiers.rising import rises_today
from viprules.engine.policy.model import Renew, SpanForm
from viprules.engine.tree.nodes import TODAY, Aggregate, All, Any, Arith, Case, Certain, Cmp, Lit, Node

__all__ = ["enter"]

MOST_A_DAY: Final = 5
"""So many moments of one day append; what is paid more often on a day is a mistake of somebody's system."""


def enter(draft: Draft) -> None:
    """Bind `in.<lane>`, the lanes after the ways in, and `top`, the highest tier that is held and has not ended today.

    A way that follows its condition ends on the day on which that is not met, and from then on nothing is held by it:
    the ways come first, so that what a tier's own condition gives takes its place on the same day.
    """
    for lane in draft.lanes:
        if lane.way:
            draft.bind(f"in.{lane.key}", _by_way(draft, lane))
    before: dict[str, Node] = {one.key: draft.ref(f"until.{one.key}") for one in draft.lanes}
    left = {one.key: Arith("lowest", (before[one.key], draft.ref(f"in.{one.key}"))) for one in draft.lanes if one.way}
    draft.bind("top", draft.highest(before | left, TODAY))
    for lane in draft.lanes:
        if not lane.way:
            draft.bind(f"in.{lane.key}", _by_condition(draft, lane.rank))


def _granted(draft: Draft, validity: SpanForm, met: Node, until: Node, *, moment: bool = False) -> Node:
    """The lane's last valid day after its condition was asked."""
    if validity.kind == WHILE:
        ends = All((Cmp("==", until, Lit(FOREVER)), Certain(met, truth=False)))
        return Case(((Certain(met), Lit(FOREVER)), (ends, shift(TODAY, -1))), until)
    end = draft.scope.ends(validity, TODAY, until)
    # A state that holds on appends once, when the grant that runs comes to its end; a moment at once.
    due = [Cmp("<=", until, TODAY)] if validity.append and not moment else []
    return Case(((all_of([Certain(met), *known(end), *due]), later_of(until, end)),), until)


# --- the ways of `also` and `lifetime` ----------------------------------------------------------------


def _by_way(draft: Draft, lane: Lane) -> Node:
    met, until = draft.ref(f"way.{lane.key}"), draft.ref(f"until.{lane.key}")
    own = lane.way.validity if lane.way else None
    if own is not None and lane.moment:
        last = draft.ref(f"moment.{lane.key}")
        draft.bind(f"moment.{lane.key}'", case((Certain(met), TODAY), otherwise=last))
        return _appended(draft, lane, own, all_of([Cmp("<", last, TODAY), met]))
    if own is not None:
        return _granted(draft, own, met, until)
    if lane.cause == "lifetime":
        return _granted(draft, SpanForm(kind="forever"), met, until)
    return draft.pick(lane.rank, VALIDITY, lambda one: _granted(draft, one, met, until))


def _appended(draft: Draft, lane: Lane, validity: SpanForm, met: Node) -> Node:
    """The lane after the day's moments: each of them appends to what the ones before it have given."""
    event = lane.way.upon if lane.way else None
    count = Aggregate("count", event or "", None, None, TODAY, TODAY)
    until = _granted(draft, validity, met, draft.ref(f"until.{lane.key}"), moment=True)
    for number in range(2, MOST_A_DAY + 1):
        before = draft.bind(f"appended.{lane.key}.{number - 1}", until)
        end = draft.scope.ends(validity, TODAY, before)
        again = all_of([Certain(met), Cmp(">=", count, Lit(number)), *known(end)])
        until = Case(((again, later_of(before, end)),), before)
    return until


# --- the tier's own `enter` and `stay` ----------------------------------------------------------------


def _by_condition(draft: Draft, rank: int) -> Node:
    return draft.pick(rank, RENEW, lambda one: _by_mode(draft, rank, one))


def _by_mode(draft: Draft, rank: int, renew: Renew) -> Node:
    """`once` grants on every day on which it is met; what is judged later grants only what is above."""
    until, top = draft.ref(f"until.{draft.tier(rank).id}"), draft.ref("top")
    met, stays = draft.ref(f"enter.{rank}"), draft.ref(f"stay.{rank}")
    rises = rises_today(draft, rank)
    holder = any_of([Cmp(">=", draft.ref(f"until.{one.key}"), TODAY) for one in draft.lanes if one.rank == rank])
    daily = any_of([all_of([rises, met]), all_of([holder, stays])])
    above = all_of([rises, Cmp("<", top, Lit(rank)), met])
    judged = any_of([above, All((draft.in_grace(rank), Any((met, stays))))])

    def granted(validity: SpanForm) -> Node:
        # What follows its condition is asked every day, however the rest of the ladder is renewed.
        follows = renew.at == "once" or validity.kind == WHILE
        return _granted(draft, validity, daily if follows else judged, until)

    return draft.pick(rank, VALIDITY, granted)
