"""Where a tier that is not renewed lands, or how long it is held on nevertheless."""

from __future__ import annotations

from collections.abc import Callable

from viprules.engine.days import FOREVER, Span
from viprules.engine.lowering.making import FALSE, ZERO, case, shift
from viprules.engine.lowering.tiers.draft import DOWNGRADE, REVIEW, VALIDITY, WHILE, Draft
from viprules.engine.policy.model import Downgrade, SpanForm
from viprules.engine.tree.nodes import All, Any, Arith, Case, Certain, Cmp, Lit, Node, PeriodDay, Shift

__all__ = ["held_on_end", "landing_end", "lands_on", "too_soon"]


def lands_on(draft: Draft, rank: int, rule: Downgrade, beneath: Node, stay: Callable[[int], Node]) -> Node:
    """The rank on which a tier that falls lands; `beneath`, what is still in force, where nothing else is said."""
    target: Node = beneath
    match rule.to:
        case "never":
            return Lit(rank)
        case "one_level":
            target = Lit(rank - 1)
        case "supported":
            lower = ((Certain(stay(one)), Lit(one)) for one in reversed(draft.ranks) if one < rank)
            target = case(*lower, otherwise=Lit(draft.base))
        case ("levels", number):
            target = Lit(max(rank - int(number), draft.base))
        case ("tier", name):
            target = Lit(min(draft.rank(str(name)), rank - 1))
    if rule.at_least:
        target = Arith("highest", (target, Lit(min(draft.rank(rule.at_least), rank))))
    return target


def landing_end(draft: Draft, rank: int, falling: Node, first: Node) -> Node:
    """The last valid day of a landing: by the tier landed on, else by the rule of the one falling, else by the set."""
    unsaid = draft.pick(rank, VALIDITY, lambda one: _landed(draft, rank, one, first))

    def by_rule(rule: Downgrade) -> Node:
        return unsaid if rule.validity is None else _landed(draft, rank, rule.validity, first)

    own = draft.tier(rank).transitions.validity is not None
    lands = unsaid if own else draft.pick_by(falling, DOWNGRADE, by_rule)
    return case((Cmp("==", falling, Lit(rank)), Lit(FOREVER)), otherwise=lands)


def _landed(draft: Draft, rank: int, validity: SpanForm, first: Node) -> Node:
    """What follows its condition is landed on only where that holds."""
    if validity.kind != WHILE:
        return draft.scope.ends(validity, first)
    holds = Any((draft.ref(f"enter.{rank}"), draft.ref(f"stay.{rank}")))
    return Case(((Certain(holds), Lit(FOREVER)),), ZERO)


# --- held on ------------------------------------------------------------------------------------------


def too_soon(draft: Draft, rule: Downgrade, first: Node) -> Node:
    """Is a landing on `first` too soon after the last one?"""
    if rule.not_again_within is None:
        return FALSE
    landed = draft.ref("landed")
    return All((Cmp(">", landed, ZERO), Cmp("<", landed, first), Cmp(">", Shift(landed, rule.not_again_within), first)))


def held_on_end(draft: Draft, rank: int, first: Node) -> Node:
    """To the eve of the next review, or until the next landing is allowed."""

    def by_review(period: str | None) -> Node:
        if period is not None:
            length, anchor = draft.scope.period(period, draft.tier_set.source)
            return shift(PeriodDay(length, anchor, first, 1), -1)
        return draft.pick(rank, DOWNGRADE, allowed)

    def allowed(rule: Downgrade) -> Node:
        return shift(Shift(draft.ref("landed"), rule.not_again_within or Span(days=1)), -1)

    return draft.pick(rank, REVIEW, by_review)
