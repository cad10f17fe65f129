"""What is asked of every tier on the day: `enter`, `stay`, and the other ways with their approvals.

Three-valued: what is not known makes neither a grant nor a fall.
"""

from __future__ import annotations

from viprules.engine.lowering.making import FALSE, TRUE, ZERO, all_of
from viprules.engine.lowering.names import tier_type
from viprules.engine.lowering.tiers.draft import REQUIRES, Draft
from viprules.engine.lowering.tiers.lanes import Lane
from viprules.engine.policy.model import Approved, Value, Way
from viprules.engine.tree.nodes import (
    TODAY,
    Aggregate,
    All,
    Any,
    Case,
    Certain,
    Cmp,
    Field,
    In,
    Known,
    Lit,
    Node,
    Not,
    Told,
)

__all__ = ["ask"]


def ask(draft: Draft) -> None:
    """Bind `block.<n>`, `enter.<rank>`, `stay.<rank>` and `way.<lane>`."""
    for number, block in enumerate(draft.tier_set.blocks):
        if block.when:
            draft.bind(f"block.{number}", Certain(draft.scope.condition(block.when)))
    for rank in draft.ranks:
        _tier(draft, rank)
    for lane in draft.lanes:
        if lane.way:
            draft.bind(f"way.{lane.key}", _way(draft, lane, lane.way))


def _tier(draft: Draft, rank: int) -> None:
    scope, tier = draft.scope, draft.tier(rank)
    requires = draft.pick(rank, REQUIRES, lambda one: scope.condition(one) if one else TRUE)
    enter = scope.condition(tier.enter) if tier.enter else FALSE
    stay = scope.condition(tier.stay) if tier.stay else enter
    if tier.reenter:
        back = All((Cmp(">=", draft.ref("best"), Lit(rank)), Cmp("<", draft.ref("tier"), Lit(rank))))
        enter = Case(((back, scope.condition(tier.reenter)),), enter)
    draft.bind(f"enter.{rank}", all_of([requires, enter]))
    draft.bind(f"stay.{rank}", all_of([requires, stay]))


# --- ways ---------------------------------------------------------------------------------------------


def _way(draft: Draft, lane: Lane, way: Way) -> Node:
    approval = way.approval or draft.scope.policy.approval
    parts: list[Node] = []
    if way.when:
        parts.append(draft.scope.condition(way.when))
    if way.upon and draft.scope.event_type(way.upon, way.source):
        parts.append(_moment(way, way.upon, approval))
    if way.tier is not None:
        parts.append(_names_tier(draft, lane, way, way.tier))
    asked = draft.bind(f"asked.{lane.key}", all_of(parts))
    return asked if approval is None else _approved(draft, lane, way, approval, asked)


def _moment(way: Way, event: str, approval: Approved | None) -> Node:
    """Did the event happen today? What waits for an approval stays asked for; that is then the moment that counts."""
    count = Aggregate("count", event, None, None, Lit(1) if approval else TODAY, TODAY)
    asks = Cmp(">=", count, Lit(1))
    return Told(asks, event, kind="upon", bound=Lit(1), measured=count, source=way.source, unit="number")


def _names_tier(draft: Draft, lane: Lane, way: Way, tier: Value) -> Node:
    """A way of the tier set leads to the tier that its value names."""
    named, here = draft.scope.of_kind(tier, tier_type(draft.tier_set)).node, Lit(lane.rank)
    asks = Cmp("==", named, here)
    return Told(asks, draft.tier_set.name, kind="equals", bound=here, measured=named, source=way.source, unit="tier")


# --- approvals ----------------------------------------------------------------------------------------


def _approved(draft: Draft, lane: Lane, way: Way, approval: Approved, asked: Node) -> Node:
    needs = [draft.bind(f"need.{lane.key}.{name}", draft.scope.condition(one)) for name, one in approval.needs.items()]
    for word in ("approved", "refused"):
        draft.bind(f"{word}.{lane.key}", _answered(word, lane, way.cause, approval.approved_by))
    draft.bind(f"requested.{lane.key}", _requested(way.cause, approval.requested_by))
    approved, refused = draft.ref(f"approved.{lane.key}"), draft.ref(f"refused.{lane.key}")
    answered = Cmp("==", approved, TODAY) if way.upon else Known(approved)
    not_refused_since = Any((Not(Known(refused)), Cmp(">=", approved, refused)))
    parts = (answered, not_refused_since, draft.ref(f"requested.{lane.key}"))
    return all_of([asked, *needs, Told(All(parts), "approval", source=way.source, kind="approval")])


def _answered(word: str, lane: Lane, cause: str, roles: tuple[str, ...]) -> Node:
    """The last day on which a listed role, not who asked, gave this answer; unknown if never."""
    asker = Aggregate("last", "requested", Field("by"), Cmp("==", Field("cause"), Lit(cause)), Lit(1), TODAY)
    here = [
        Cmp("==", Field("cause"), Lit(cause)),
        Any((Not(Known(Field("tier"))), Cmp("==", Field("tier"), Lit(lane.tier)))),
    ]
    if roles:
        here.append(In(Field("role"), roles))
    stranger = Not(Certain(Cmp("==", Field("by"), asker)))
    return Aggregate("last_day", word, None, All((*here, stranger)), Lit(1), TODAY)


def _requested(cause: str, roles: tuple[str, ...]) -> Node:
    """Nobody asked, or a listed role did."""
    mine = Cmp("==", Field("cause"), Lit(cause))
    if not roles:
        return TRUE
    asked = Aggregate("count", "requested", None, mine, Lit(1), TODAY)
    rightly = Aggregate("count", "requested", None, All((mine, In(Field("role"), roles))), Lit(1), TODAY)
    return Any((Cmp("==", asked, ZERO), Cmp(">", rightly, ZERO)))
