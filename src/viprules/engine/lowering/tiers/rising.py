"""Rises: on the day itself, or with the next review or period; one level at a time, or any."""

from __future__ import annotations

from viprules.engine.lowering.making import FALSE, TOMORROW, TRUE, all_of
from viprules.engine.lowering.tiers.draft import UPGRADE, VALIDITY, Draft
from viprules.engine.lowering.tiers.reviewing import is_review
from viprules.engine.policy.model import SpanForm, Upgrade
from viprules.engine.tree.nodes import Certain, Cmp, Lit, Node, PeriodDay

__all__ = ["rises_today", "rises_tomorrow"]


def rises_today(draft: Draft, rank: int) -> Node:
    """May a rise to the tier take effect on the day itself?"""

    def by_rule(rule: Upgrade) -> Node:
        return _step(draft, rank, rule, "top") if rule.at == "once" else FALSE

    return draft.pick(rank, UPGRADE, by_rule)


def rises_tomorrow(draft: Draft, rank: int) -> Node:
    """Does a rise take effect tomorrow that waited for the first day of a review or period?"""

    def by_rule(rule: Upgrade) -> Node:
        if rule.at == "once":
            return FALSE
        first = is_review(draft, rank) if rule.at == "review" else _next_period(draft, rank)
        met, above = Certain(draft.ref(f"enter.{rank}")), Cmp("<", draft.ref("held"), Lit(rank))
        return all_of([first, _step(draft, rank, rule, "held"), met, above])

    return draft.pick(rank, UPGRADE, by_rule)


def _step(draft: Draft, rank: int, rule: Upgrade, held: str) -> Node:
    """One level at a time: is the tier below held?"""
    return Cmp("<=", Lit(rank - 1), draft.ref(held)) if rule.step == "one" else TRUE


def _next_period(draft: Draft, rank: int) -> Node:
    """Is tomorrow the first day of a period of the tier's validity, else of a month?"""

    def first_day(validity: SpanForm) -> Node:
        period = validity.period if validity.kind == "through" else "month"
        length, anchor = draft.scope.period(period, draft.tier_set.source)
        return Cmp("==", PeriodDay(length, anchor, TOMORROW), TOMORROW)

    return draft.pick(rank, VALIDITY, first_day)
