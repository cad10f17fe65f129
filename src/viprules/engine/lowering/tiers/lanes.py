"""Lanes: for every tier one for what `enter` and `stay` give, and one for each other way to it."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen

from viprules.engine.policy.model import TierSet, Way

__all__ = ["Lane", "lanes"]


@frozen(kw_only=True)
class Lane:
    """Where grants of one tier and one origin are kept: the tier's own lane, or that of a way."""

    rank: int
    tier: str
    cause: str = ""
    """The way's cause; empty for the tier's own lane."""
    way: Way | None = field(default=None, eq=False)

    @property
    def moment(self) -> bool:
        """Does each moment append to the grant that runs, so that the last one has to be kept in mind?"""
        way = self.way
        return way is not None and way.upon is not None and way.validity is not None and way.validity.append

    @property
    def key(self) -> str:
        """The lane's name in the state."""
        return f"{self.tier}/{self.cause}" if self.cause else self.tier


def lanes(tier_set: TierSet) -> Iterator[Lane]:
    """The lanes of the tiers that can be granted, lowest first: each tier's own, then those of its ways."""
    for rank, tier in enumerate(tier_set.tiers, 1):
        if rank == 1 and tier.everyone:
            continue
        yield Lane(rank=rank, tier=tier.id)
        if tier.lifetime:
            way = Way(cause="lifetime", when=tier.lifetime, source=tier.source)
            yield Lane(rank=rank, tier=tier.id, cause="lifetime", way=way)
        for way in (*tier.also, *tier_set.also):
            yield Lane(rank=rank, tier=tier.id, cause=way.cause, way=way)
