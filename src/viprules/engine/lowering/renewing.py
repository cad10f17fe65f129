"""Renewals that end on the day on which they are judged: what a policy says and what then does nothing."""

from __future__ import annotations

from collections.abc import Iterator

from viprules.engine.policy.model import Block, SpanForm, Tier, TierSet
from viprules.errors import Problem, Source, problem

__all__ = ["void_renewals"]

WITHOUT_GRANT = ("beneath", "never")
"""Where a downgrade leads without a grant of its own."""


def void_renewals(ladder: TierSet) -> Iterator[Problem]:
    """A warning for each `{through: {this: p}}` beside words that ask for renewals or landings.

    A tier that runs to the end of its period is judged on the period's last day, in whose calendar `this`
    is the period that ends: the renewal would be over before its first day.
    """
    spans = [one.validity for one in (*ladder.blocks, *(tier.transitions for tier in ladder.tiers)) if one.validity]
    alike = all(map(_ends_when_judged, spans))
    found: dict[Source | None, tuple[str, str]] = {}
    for tier in ladder.tiers:
        for block in ladder.blocks:
            validity = tier.transitions.validity or block.validity
            key = _asking(tier, block)
            ends = validity is not None and _ends_when_judged(validity)
            # Where other tiers and ways have other days, a landing or a renewal may fall on them.
            own_days = any(way.validity for way in (*tier.also, *ladder.also)) or not (alike or key == "stay")
            if validity and key and ends and not own_days:
                found.setdefault(validity.source, (key, validity.period))
    for source, (key, period) in found.items():
        yield problem("renewed-for-nothing", source, key=key, period=period)


def _ends_when_judged(validity: SpanForm) -> bool:
    plain = not (validity.plus or validity.to_end_of or validity.append)
    return validity.kind == "through" and validity.offset == 0 and plain


def _asking(tier: Tier, block: Block) -> str:
    """The word that asks for a renewal or a landing of this tier; nothing where none does, or where it lasts."""
    own = tier.transitions
    renew, downgrade = own.renew or block.renew, own.downgrade or block.downgrade
    if tier.everyone or (renew and (renew.validity or renew.at == "review")):
        return ""
    if renew and renew.at == "expiry":
        return "renew"
    lands = downgrade and downgrade.to not in WITHOUT_GRANT and not downgrade.validity
    return "stay" if tier.stay else "downgrade" if lands else ""
