"""The schemas of ladders: tiers, the ways to them, how customers move, and what tiers give."""

from __future__ import annotations

from typing import Any

from viprules.engine.policy.fragments import DATE, NAME, closed_map, fragment, list_of, one_of, ref, short_id, text
from viprules.engine.policy.model import Approved
from viprules.engine.policy.names import Vocabulary

__all__ = ["ladder_keys", "ladder_schemas"]

MOST_TIERS = 200
"""Lowering a ladder takes time and memory with the square of its tiers."""


def ladder_schemas(catalogue: Vocabulary) -> dict[str, Any]:
    """The definitions for a catalogue's benefits."""
    return {
        "benefit": _benefit(catalogue),
        "approval": _approval(),
        "way": _way(),
        "tier": _tier(),
        "set": closed_map(ladder_keys(), "one ladder", ["tiers"]),
    }


def ladder_keys() -> dict[str, Any]:
    """The keys of a tier set, which may also stand at the top of the file."""
    layer: dict[str, Any] = {"id": short_id(), "when": ref("condition")}
    block = closed_map({"when": ref("condition"), **_transition_keys()}, "how customers move")
    date = {"type": "string", "pattern": DATE}
    blocks = {k: v for k, v in block.items() if k != "type"} | {"type": ["object", "array"], "items": dict(block)}
    return {
        "tiers": list_of(ref("tier"), "the levels, lowest first") | {"maxItems": MOST_TIERS},
        "transitions": blocks,
        "also": list_of(ref("way"), "other ways, each of which says the tier that it leads to"),
        "raises": list_of(
            closed_map(layer | {"by": {"type": "integer", "minimum": 1, "maximum": 100}}, "", ["id", "when", "by"]),
            "so many levels above the highest other grant while a condition holds",
        ),
        "caps": list_of(
            closed_map(layer | {"at_most": ref("tier_name")}, "", ["id", "when", "at_most"]),
            "no higher than a tier while a condition holds",
        ),
        "floors": list_of(
            closed_map(layer | {"at_least": ref("tier_name")}, "", ["id", "when", "at_least"]),
            "no lower than a tier while a condition holds",
        ),
        "extensions": list_of(
            closed_map({"held": date, "until_at_least": date}, "", ["held", "until_at_least"]),
            "whoever held a tier on a day keeps it at least until another one",
        ),
    }


def _approval() -> dict[str, Any]:
    roles = list_of({"type": "string"})
    return closed_map(
        {
            "requested_by": roles,
            "approved_by": roles,
            "needs": {"type": "object", "additionalProperties": ref("condition")},
        },
        fragment(Approved)["description"],
    )


def _way() -> dict[str, Any]:
    keys = {
        "cause": text(NAME, "a short name carried by its grants"),
        "when": ref("condition"),
        "upon": ref("event_name"),
        "tier": ref("value"),
        "validity": ref("span"),
        "approval": ref("approval"),
    }
    return closed_map(keys, "another way to a tier", ["cause"])


def _tier() -> dict[str, Any]:
    keys = {
        "id": short_id(),
        "name": ref("texts"),
        "enter": ref("condition"),
        "stay": ref("condition"),
        "reenter": ref("condition"),
        "lifetime": ref("condition"),
        "also": list_of(ref("way"), "other ways to this tier"),
        "benefits": list_of(ref("benefit"), "what this tier gives"),
        "inherit": {"type": "boolean", "description": "whether the benefits of the tiers below hold as well"},
        **_transition_keys(),
    }
    return closed_map(keys, "one level", ["id"])


def _transition_keys() -> dict[str, Any]:
    levels = {"type": "integer", "minimum": 1, "maximum": 100}
    target = {
        "type": ["string", "object"],
        "description": "where a customer lands",
        "pattern": "^(beneath|supported|one_level|never)$",
        "properties": {"levels": levels, "tier": ref("tier_name")},
        "additionalProperties": False,
        "minProperties": 1,
    }
    day_or_days = ref("day_or_days")
    return {
        "validity": ref("span"),
        "renew": closed_map(
            {"at": one_of(["once", "expiry", "review"]), "as_of": day_or_days, "validity": ref("span")},
            "when a running grant is judged again",
        ),
        "review": closed_map({"first_day_of": ref("period_name")}, "the day of the review", ["first_day_of"]),
        "upgrade": closed_map(
            {"at": one_of(["once", "review", "next_period"]), "step": one_of(["any", "one"])},
            "when and how far a customer rises",
        ),
        "downgrade": closed_map(
            {
                "to": target,
                "at_least": ref("tier_name"),
                "validity": ref("span"),
                "grace": ref("span"),
                "after": text("^[1-9][0-9]? reviews?$", "only after so many failed reviews", examples=["3 reviews"]),
                "not_again_within": ref("duration"),
                "warn": ref("duration"),
            },
            "what happens when a tier is not renewed",
        ),
        "requires": ref("condition"),
    }


def _benefit(catalogue: Vocabulary) -> dict[str, Any]:
    common = {
        "when": ref("condition"),
        "quota": closed_map(
            {"times": ref("value"), "per": ref("period_name"), "carry_over": {"type": "boolean"}},
            "how often it may be used",
            ["times"],
        ),
        "valid": ref("span"),
        "group": {
            "type": "string",
            "pattern": NAME,
            "description": "in one group only the benefit of the highest tier counts",
        },
    }
    kinds = {}
    for kind in catalogue.benefits.values():
        own = fragment(kind.parameters)
        properties = {"id": short_id()} | own["properties"] | common
        kinds[kind.name] = closed_map(properties, kind.doc, own.get("required", ()))
    return closed_map(kinds, "one benefit", minProperties=1, maxProperties=1)
