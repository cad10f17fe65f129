"""What is left behind: the state from the next day on, and what the decision tells."""

from __future__ import annotations

from viprules.engine.days import FOREVER, Span
from viprules.engine.lowering.making import FALSE, TOMORROW, ZERO, any_of, case, shift
from viprules.engine.lowering.tiers.draft import DOWNGRADE, Draft
from viprules.engine.lowering.tiers.falling import follows
from viprules.engine.lowering.tiers.judging import GRACE, LANDED, PROVISIONAL, RENEWED
from viprules.engine.tree.nodes import TODAY, All, Arith, Case, Certain, Cmp, Known, Lit, Node, Not, Shift

__all__ = ["keep"]


def keep(draft: Draft) -> None:
    """Bind each part of the state under its name with a prime, then `valid_until` and `warn`."""
    out, tier = draft.ref("out"), draft.ref("tier")
    draft.bind("since'", Case(((Cmp("==", out, tier), draft.ref("since")),), TODAY))
    _lanes(draft)
    for rank in draft.ranks:
        entered = draft.ref(f"entered.{rank}")
        first = case((Cmp("<", out, Lit(rank)), Lit(None)), (Known(entered), entered), otherwise=TODAY)
        draft.bind(f"entered.{rank}'", first)
    draft.bind("best'", Arith("highest", (draft.ref("best"), out)))
    _landed(draft)
    _grace(draft)
    _missed(draft)
    draft.bind("valid_until", draft.by_rank(out, lambda rank: _valid_until(draft, rank), Lit(None)))
    draft.bind("warn", _warning(draft))


def _lanes(draft: Draft) -> None:
    """The lanes, with the one-off extensions for all who held a status on a day."""
    for lane in draft.lanes:
        ends: list[Node] = [draft.ref(f"next.{lane.key}")]
        for one in draft.tier_set.extensions if lane.way is None else ():
            holds = All(
                (
                    Cmp("==", draft.ref("out"), Lit(lane.rank)),
                    Cmp("<=", Lit(one.held), TODAY),
                    Cmp("<=", draft.ref("since'"), Lit(one.held)),
                    Cmp("<=", TODAY, Lit(one.until_at_least)),
                )
            )
            ends.append(Case(((holds, Lit(one.until_at_least)),), ZERO))
        draft.bind(f"until.{lane.key}'", ends[0] if len(ends) == 1 else Arith("highest", tuple(ends)))


def _landed(draft: Draft) -> None:
    held = draft.ref("held")
    lands = All((Cmp("==", draft.ref("verdict"), Lit(LANDED)), Cmp("<", draft.ref("land_on"), held)))
    fell = Cmp(">", draft.ref("fell"), held)
    draft.bind("landed'", case((lands, TOMORROW), (fell, TODAY), otherwise=draft.ref("landed")))


def _grace(draft: Draft) -> None:
    """How long a grace runs (a full grant ends it), and the first day of the present grant."""
    held, verdict, running = draft.ref("held"), draft.ref("verdict"), draft.ref("grace")
    own = draft.by_rank(held, lambda rank: draft.ref(f"now.{draft.tier(rank).id}"))
    begins = any_of([_begins_by_itself(draft, own), Cmp("==", verdict, Lit(GRACE))])
    end = draft.by_rank(held, lambda rank: draft.ref(f"next.{draft.tier(rank).id}"))
    full = All((Cmp(">=", running, TODAY), Cmp("==", draft.ref("grace_tier"), held), Cmp(">", own, running)))
    ends = any_of([full, Cmp("<=", running, TODAY)])
    draft.bind("grace'", case((begins, end), (ends, ZERO), otherwise=running))
    draft.bind("grace_tier'", case((begins, held), otherwise=draft.ref("grace_tier")))
    changed = any_of([Cmp("!=", held, draft.ref("top")), _begins_by_itself(draft, own), full])
    ended = All((Cmp(">", verdict, ZERO), Cmp("!=", verdict, Lit(PROVISIONAL))))
    draft.bind(
        "grant_from'",
        case(
            (Cmp("==", verdict, Lit(RENEWED)), shift(draft.ref("judged_on"), 1)),
            (ended, TOMORROW),
            (changed, TODAY),
            otherwise=draft.ref("grant_from"),
        ),
    )


def _begins_by_itself(draft: Draft, own: Node) -> Node:
    """Does a grace begin with the day itself, as the tier's condition ended?"""
    graces = any(rule.grace for rank in draft.ranks for _, rule in draft.settings(rank, DOWNGRADE))
    if not (graces and any(follows(draft, one) for one in draft.lanes)):
        return FALSE
    fell = draft.ref("fell")
    return All((Cmp(">", fell, ZERO), Cmp("==", fell, draft.ref("held")), Cmp("<", own, Lit(FOREVER))))


def _missed(draft: Draft) -> None:
    """The day whose `stay` could not be judged, and its rank; it is asked again when that tier comes to the top."""
    held, missed, rank = draft.ref("held"), draft.ref("missed"), draft.ref("missed_tier")
    misses = Cmp("==", draft.ref("verdict"), Lit(PROVISIONAL))
    waits = All((Cmp(">", missed, ZERO), Cmp(">", held, rank)))
    draft.bind("missed'", case((misses, draft.ref("judged_on")), (waits, missed), otherwise=ZERO))
    draft.bind("missed_tier'", case((misses, held), (waits, rank), otherwise=ZERO))


# --- what the decision tells --------------------------------------------------------------------------


def _valid_until(draft: Draft, rank: int) -> Node:
    """The gap-free end of holding the tier; none for a raise or an open end."""
    ends = [draft.ref(f"until.{one.key}'") for one in draft.lanes if one.rank == rank]
    last = ends[0] if len(ends) == 1 else Arith("highest", tuple(ends))
    granted = All((Cmp("==", draft.ref("held"), Lit(rank)), Cmp("<", last, Lit(FOREVER))))
    return Case(((granted, last),), Lit(None))


def _warning(draft: Draft) -> Node:
    """Does the end come near while `stay` does not hold?"""

    def by_rank(rank: int) -> Node:
        return draft.pick(rank, DOWNGRADE, lambda rule: _warns(draft, rank, rule.warn))

    return draft.by_rank(draft.ref("out"), by_rank, FALSE)


def _warns(draft: Draft, rank: int, ahead: Span | None) -> Node:
    if ahead is None:
        return FALSE
    end = draft.ref("valid_until")
    near = Cmp(">=", TODAY, Shift(end, ahead, -1))
    return All((Known(end), near, Not(Certain(draft.ref(f"stay.{rank}")))))
