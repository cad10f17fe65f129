"""What ended by itself: tiers that follow their condition end with it, and the landing counts from the day itself."""

from __future__ import annotations

from viprules.engine.days import FOREVER
from viprules.engine.lowering.making import FALSE, TRUE, ZERO, all_of, any_of, case, later_of
from viprules.engine.lowering.tiers.draft import DOWNGRADE, VALIDITY, WHILE, Draft, known
from viprules.engine.lowering.tiers.landing import held_on_end, landing_end, lands_on, too_soon
from viprules.engine.lowering.tiers.lanes import Lane
from viprules.engine.policy.model import Downgrade
from viprules.engine.tree.nodes import TODAY, All, Case, Cmp, Lit, Node

__all__ = ["fall", "follows"]


def fall(draft: Draft) -> None:
    """Bind `fell`, the rank that ended or 0, `now.<lane>`, the lanes after it, and `held`, the rank in force today."""
    now: dict[str, Node] = {one.key: draft.ref(f"in.{one.key}") for one in draft.lanes}
    if any(follows(draft, one) for one in draft.lanes):
        rest = draft.bind("rest", draft.highest(now, TODAY))
        fell = draft.bind("fell", Case(((Cmp(">", draft.ref("top"), rest), draft.ref("top")),), ZERO))
        target = draft.bind("fall_to", draft.by_rank(fell, lambda rank: _falls_to(draft, rank, rest), rest))
        now |= {one.key: _fallen(draft, one, now[one.key], target) for one in draft.lanes if not one.way}
    else:
        draft.bind("fell", ZERO)
    for one in draft.lanes:
        draft.bind(f"now.{one.key}", now[one.key])
    draft.bind("held", draft.highest({one.key: draft.ref(f"now.{one.key}") for one in draft.lanes}, TODAY))


def follows(draft: Draft, lane: Lane) -> bool:
    """May a grant of the lane end with its condition?"""
    if lane.way and (lane.way.validity or lane.cause == "lifetime"):
        return lane.way.validity is not None and lane.way.validity.kind == WHILE
    return any(one.kind == WHILE for _, one in draft.settings(lane.rank, VALIDITY))


def _falls_to(draft: Draft, rank: int, rest: Node) -> Node:
    def by_rule(rule: Downgrade) -> Node:
        lower = lands_on(draft, rank, rule, rest, lambda one: draft.ref(f"stay.{one}"))
        return case((_is_held_on(draft, rule), Lit(rank)), otherwise=lower)

    return draft.pick(rank, DOWNGRADE, by_rule)


def _fallen(draft: Draft, lane: Lane, after: Node, target: Node) -> Node:
    """What a fall leaves of a lane: a landing, or the tier itself where it is held on for a while."""
    rest, fell, here = draft.ref("rest"), draft.ref("fell"), Lit(lane.rank)
    lands = All((Cmp(">", fell, ZERO), Cmp("==", target, here), Cmp("<", rest, here)))
    held_on = draft.pick(lane.rank, DOWNGRADE, lambda one: _held_on(draft, lane.rank, one))
    end = case((Cmp("==", fell, here), held_on), otherwise=landing_end(draft, lane.rank, fell, TODAY))
    return Case(((all_of([lands, *known(end)]), later_of(after, end)),), after)


def _is_held_on(draft: Draft, rule: Downgrade) -> Node:
    """A landing would come too soon, or a grace comes first."""
    return any_of([too_soon(draft, rule, TODAY), TRUE if rule.grace else FALSE])


def _held_on(draft: Draft, rank: int, rule: Downgrade) -> Node:
    """How long a tier that fell is held on."""
    grace = draft.scope.ends(rule.grace, TODAY) if rule.grace else Lit(FOREVER)
    return case((too_soon(draft, rule, TODAY), held_on_end(draft, rank, TODAY)), otherwise=grace)
