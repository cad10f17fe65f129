"""When a tier is reviewed, and as of which days its `stay` is asked."""

from __future__ import annotations

from viprules.engine.lowering.making import FALSE, TOMORROW, any_of, shift
from viprules.engine.lowering.tiers.draft import DOWNGRADE, RENEW, REVIEW, Draft
from viprules.engine.policy.model import Renew
from viprules.engine.tree.nodes import TODAY, AtDay, Case, Cmp, Node, PeriodDay

__all__ = ["is_review", "stays"]


def is_review(draft: Draft, rank: int) -> Node:
    """Is tomorrow a review day of the tier? What comes of it is in force from that day."""

    def first_day(period: str | None) -> Node:
        if period is None:
            return FALSE
        length, anchor = draft.scope.period(period, draft.tier_set.source)
        return Cmp("==", PeriodDay(length, anchor, TOMORROW), TOMORROW)

    return draft.pick(rank, REVIEW, first_day)


def stays(draft: Draft, rank: int) -> Node:
    """`stay` as of the judged day, of the other days asked, or of the last reviews."""
    stay, judged_on = draft.ref(f"stay.{rank}"), draft.ref("judged_on")

    def by_renew(renew: Renew) -> Node:
        if renew.as_of:
            return any_of([AtDay(stay, AtDay(draft.scope.day(day), judged_on)) for day in renew.as_of])
        return draft.pick(rank, DOWNGRADE, lambda rule: _at_reviews(draft, rank, rule.after))

    return draft.pick(rank, RENEW, by_renew)


def _at_reviews(draft: Draft, rank: int, count: int) -> Node:
    """`stay` as of the judged day, or of one of the reviews before it, `count` in all."""
    stay, judged_on = draft.ref(f"stay.{rank}"), draft.ref("judged_on")
    now = Case(((Cmp("==", judged_on, TODAY), stay),), AtDay(stay, judged_on))

    def earlier(period: str | None) -> Node:
        if period is None:
            return FALSE
        length, anchor = draft.scope.period(period, draft.tier_set.source)
        eves = [shift(PeriodDay(length, anchor, shift(judged_on, 1), -back), -1) for back in range(1, count)]
        return any_of([AtDay(stay, eve) for eve in eves])

    return any_of([now, draft.pick(rank, REVIEW, earlier)])
