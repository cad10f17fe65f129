"""Places given out in order: a pure function of decisions.

A decision says who may have an offer; who gets a place is known only when everybody was decided. The same decisions
give the same allocation, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

__all__ = ["KIND", "Allocation", "allocated"]

KIND = "partner_offer"


@frozen(kw_only=True)
class Allocation:
    """Who has an offer, and who waits for a place, each in order."""

    offer: str
    """The benefit's id."""
    partner: str
    places: int | None
    """None: there is one for everybody."""
    given: tuple[str, ...]
    waiting: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "offer": self.offer,
            "partner": self.partner,
            "places": self.places,
            "given": list(self.given),
            "waiting": list(self.waiting),
        }


def allocated(decisions: Iterable[Mapping[str, Any]], ranks: Mapping[str, int]) -> list[Allocation]:
    """The allocation of every offer that has an id.

    `decisions` are rows as `viprules decide --output decisions.jsonl` writes them (`Decision.as_dict`); `ranks` gives
    for each tier its rank, the highest the greatest. Raises ValueError where decisions differ about an offer.
    """
    offers: dict[str, dict[str, Any]] = {}
    wanting: dict[str, list[tuple[Any, str]]] = {}
    for row in decisions:
        for one in row.get("benefits", ()):
            if one["kind"] == KIND and one["id"]:
                told = {name: one["parameters"].get(name) for name in ("partner", "places", "order")}
                if offers.setdefault(one["id"], told) != told:
                    raise ValueError(f"`{one['id']}` stands for different offers: give each its own id")
                wanting.setdefault(one["id"], []).append((_place(row, told, ranks), str(row["customer"])))
    return [_allocation(name, offers[name], sorted(wanting[name])) for name in sorted(offers)]


def _place(row: Mapping[str, Any], told: Mapping[str, Any], ranks: Mapping[str, int]) -> tuple[Any, ...]:
    """What puts a customer before another; equal ones go by their id."""
    keys = {
        "tier": -ranks.get(row["tier"] or "", 0),
        "since": row["since"] or "9999-12-31",
        "customer": str(row["customer"]),
    }
    return tuple(keys[one] for one in told["order"])


def _allocation(name: str, told: Mapping[str, Any], wanting: list[tuple[Any, str]]) -> Allocation:
    customers = [customer for _, customer in wanting]
    places = None if told["places"] is None else int(told["places"])
    cut = len(customers) if places is None else places
    return Allocation(
        offer=name,
        partner=told["partner"],
        places=places,
        given=tuple(customers[:cut]),
        waiting=tuple(customers[cut:]),
    )
