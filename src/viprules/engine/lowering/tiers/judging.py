"""Expiry and review: the highest grant that ends with the day is judged; the result counts from the next day."""

from __future__ import annotations

from viprules.engine.days import FOREVER
from viprules.engine.lowering.making import FALSE, TOMORROW, ZERO, all_of, any_of, case, later_of, shift
from viprules.engine.lowering.tiers.draft import DOWNGRADE, RENEW, VALIDITY, Draft, known
from viprules.engine.lowering.tiers.landing import held_on_end, landing_end, lands_on, too_soon
from viprules.engine.lowering.tiers.lanes import Lane
from viprules.engine.lowering.tiers.reviewing import is_review, stays
from viprules.engine.lowering.tiers.rising import rises_tomorrow
from viprules.engine.policy.model import Downgrade, Renew, SpanForm
from viprules.engine.tree.nodes import TODAY, All, Arith, Case, Certain, Cmp, Lit, Node, Not

__all__ = ["GRACE", "HELD_ON", "LANDED", "PROVISIONAL", "RENEWED", "judge"]

RENEWED, PROVISIONAL, HELD_ON, GRACE, LANDED = 1, 2, 3, 4, 5
"""What the judgement of a grant that ends came to, as `verdict`; 0 when there was none."""


def judge(draft: Draft) -> None:
    """Bind `verdict` with what it rests on, and `next.<lane>`, the lanes from the next day on."""
    kept: dict[str, Node] = {}
    for lane in draft.lanes:
        now = draft.ref(f"now.{lane.key}")
        kept[lane.key] = now if lane.way else draft.bind(f"kept.{lane.key}", _kept(draft, lane, now))
    held, beneath = draft.ref("held"), draft.bind("beneath", draft.highest(kept, TOMORROW))
    draft.bind("judged_on", Case(((All(_missed(draft, held)), draft.ref("missed")),), TODAY))
    draft.bind("stays", draft.by_rank(held, lambda rank: stays(draft, rank), FALSE))
    target = draft.bind("land_on", draft.by_rank(held, lambda rank: _lands_on(draft, rank, beneath), beneath))
    for rank in draft.ranks:
        draft.bind(f"landing.{rank}", landing_end(draft, rank, held, TOMORROW))
    draft.bind("landing_end", draft.by_rank(target, lambda rank: draft.ref(f"landing.{rank}")))
    draft.bind("verdict", Case(((Cmp(">", held, beneath), _verdict(draft, held)),), ZERO))
    for lane in draft.lanes:
        after = kept[lane.key] if lane.way else _after(draft, lane.rank, kept[lane.key], target)
        draft.bind(f"next.{lane.key}", after)


# --- what ends with the day ---------------------------------------------------------------------------


def _kept(draft: Draft, lane: Lane, now: Node) -> Node:
    """A review ends what was earned, renewed or landed; so does a missed judgement that is asked again."""
    held, here = draft.ref("held"), Lit(lane.rank)
    cuts: list[Node] = [All((*_missed(draft, here), Cmp("==", held, here), Cmp("==", now, Lit(FOREVER))))]
    review = draft.pick(lane.rank, RENEW, lambda one: is_review(draft, lane.rank) if one.at == "review" else FALSE)
    if review != FALSE:
        cuts.append(all_of([review, Not(draft.in_grace(lane.rank))]))
    return Case(((any_of(cuts), Arith("lowest", (now, TODAY))),), now)


def _missed(draft: Draft, rank: Node) -> tuple[Node, Node]:
    """Does a judgement of the tier wait for what was not known?"""
    return Cmp(">", draft.ref("missed"), ZERO), Cmp("==", draft.ref("missed_tier"), rank)


def _lands_on(draft: Draft, rank: int, beneath: Node) -> Node:
    return draft.pick(rank, DOWNGRADE, lambda rule: lands_on(draft, rank, rule, beneath, lambda one: stays(draft, one)))


# --- the verdict --------------------------------------------------------------------------------------


def _verdict(draft: Draft, held: Node) -> Node:
    """Renewed while `stay` holds, what `downgrade` says while it surely does not; else it waits."""

    def renews(rank: int) -> Node:
        return _sure(_renewed_end(draft, rank), RENEWED)

    def falls(rank: int) -> Node:
        return draft.pick(rank, DOWNGRADE, lambda rule: _falls(draft, rank, rule))

    met = draft.ref("stays")
    return Case(
        (
            (Certain(met), draft.by_rank(held, renews)),
            (Certain(met, truth=False), draft.by_rank(held, falls)),
        ),
        Lit(PROVISIONAL),
    )


def _falls(draft: Draft, rank: int, rule: Downgrade) -> Node:
    branches: list[tuple[Node, Node]] = []
    if rule.not_again_within:
        end = held_on_end(draft, rank, TOMORROW)
        branches.append((too_soon(draft, rule, TOMORROW), _sure(end, HELD_ON)))
    if rule.grace:
        over = All((Cmp("==", draft.ref("grace_tier"), Lit(rank)), Cmp("==", draft.ref("grace"), TODAY)))
        branches.append((Not(over), _sure(_grace_end(draft, rank), GRACE)))
    return case(*branches, otherwise=_sure(draft.ref("landing_end"), LANDED))


def _sure(end: Node, verdict: int) -> Node:
    """A verdict whose end is known; else it waits for what is missing."""
    unsure = known(end)
    return Case(((unsure[0], Lit(verdict)),), Lit(PROVISIONAL)) if unsure else Lit(verdict)


# --- the lanes from the next day on -------------------------------------------------------------------


def _after(draft: Draft, rank: int, kept: Node, target: Node) -> Node:
    mine, landing = Cmp("==", draft.ref("held"), Lit(rank)), draft.ref(f"landing.{rank}")

    def comes_to(verdict: int, *more: Node) -> Node:
        return All((Cmp("==", draft.ref("verdict"), Lit(verdict)), *more))

    lands = comes_to(LANDED, Cmp("==", target, Lit(rank)), Cmp(">", target, draft.ref("beneath")))
    branches: list[tuple[Node, Node]] = [
        (comes_to(RENEWED, mine), later_of(kept, _renewed_end(draft, rank))),
        (comes_to(PROVISIONAL, mine), Lit(FOREVER)),
        (lands, later_of(kept, landing)),
    ]
    rules = [rule for _, rule in draft.settings(rank, DOWNGRADE)]
    if any(rule.not_again_within for rule in rules):
        branches.append((comes_to(HELD_ON, mine), held_on_end(draft, rank, TOMORROW)))
    if any(rule.grace for rule in rules):
        branches.append((comes_to(GRACE, mine), _grace_end(draft, rank)))
    rises = rises_tomorrow(draft, rank)
    if rises != FALSE:
        end = draft.pick(rank, VALIDITY, lambda one: draft.scope.ends(one, TOMORROW))
        branches.append((all_of([rises, *known(end)]), later_of(kept, end)))
    return Case(tuple(branches), kept)


def _renewed_end(draft: Draft, rank: int) -> Node:
    """A renewal counts from the day after the judged one, also where it was judged late."""
    judged_on = draft.ref("judged_on")

    def ends(validity: SpanForm) -> Node:
        on_time = draft.scope.ends(validity, TOMORROW)
        late = draft.scope.ends(validity, shift(judged_on, 1), on=judged_on)
        return case((Cmp(">", late, TODAY), late), otherwise=on_time)

    def by_renew(renew: Renew) -> Node:
        return ends(renew.validity) if renew.validity is not None else draft.pick(rank, VALIDITY, ends)

    return draft.pick(rank, RENEW, by_renew)


def _grace_end(draft: Draft, rank: int) -> Node:
    return draft.pick(rank, DOWNGRADE, lambda rule: draft.scope.ends(rule.grace, TOMORROW) if rule.grace else TODAY)
