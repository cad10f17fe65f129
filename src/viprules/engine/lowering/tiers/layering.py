"""What holds for the day only: raises above the highest grant, caps, floors, overrides."""

from __future__ import annotations

from viprules.engine.lowering.making import case
from viprules.engine.lowering.tiers.draft import Draft
from viprules.engine.policy.model import Condition
from viprules.engine.tree.nodes import All, Arith, Case, Certain, Cmp, Lit, Node

__all__ = ["layer"]


def layer(draft: Draft) -> None:
    """Bind `out`, the rank of the day."""
    out = _raised(draft)
    before, top = draft.ref("tier"), draft.ref("top")
    for cap in draft.tier_set.caps:
        most = Lit(draft.rank(cap.tier))
        limit = Arith("lowest", (out, most))
        capped = All((Cmp("==", before, most), Cmp(">", top, before)))  # a grant above it was held all the same
        unknown = Case(((capped, limit),), out)
        out = draft.bind(f"capped.{cap.id}", _layer(draft, f"cap.{cap.id}", cap.when, (limit, out, unknown)))
    for floor in draft.tier_set.floors:
        bottom = Lit(draft.rank(floor.tier))
        least = Arith("highest", (out, bottom))
        lifted = All((Cmp("==", before, bottom), Cmp("<", top, before)))  # no grant gave it
        unknown = Case(((lifted, least),), out)
        out = draft.bind(f"floored.{floor.id}", _layer(draft, f"floor.{floor.id}", floor.when, (least, out, unknown)))
    draft.bind("out", Arith("lowest", (Arith("highest", (out, draft.ref("floor"))), draft.ref("ceiling"))))


def _raised(draft: Draft) -> Node:
    """So many levels above the highest grant; who holds only everyone's tier is not lifted."""
    held, before, top = draft.ref("held"), draft.ref("tier"), Lit(len(draft.tier_set.tiers))
    raised: list[Node] = [held]
    for one in draft.tier_set.raises:
        up = Arith("lowest", (Arith("add", (held, Lit(one.by))), top))
        unknown = Arith("highest", (held, Arith("lowest", (up, before))))
        lifted = _layer(draft, f"raise.{one.id}", one.when, (up, held, unknown))
        raised.append(Case(((Cmp(">", held, Lit(draft.base)), lifted),), held))
    return draft.bind("raised", raised[0] if len(raised) == 1 else Arith("highest", tuple(raised)))


def _layer(draft: Draft, name: str, when: Condition, ranks: tuple[Node, Node, Node]) -> Node:
    """The rank while the condition holds, while it does not, and while that is unknown: who had its effect keeps it."""
    asked, (met, plain, unknown) = draft.bind(name, draft.scope.condition(when)), ranks
    return case((Certain(asked), met), (Certain(asked, truth=False), plain), otherwise=unknown)
