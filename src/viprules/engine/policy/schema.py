"""The JSON Schema of a policy, composed from the descriptions and closed with the file's own names.

Every choice is a single-key map (`properties` and `additionalProperties: false`), so errors have
exact paths and no alternative has to be guessed; `anyOf`, `oneOf`, `allOf` do not occur.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from viprules.engine.policy.form_schemas import form_schemas
from viprules.engine.policy.fragments import DATE, NAME, closed_map, fragment, list_of, one_of, ref, short_id, text
from viprules.engine.policy.ladder_schemas import ladder_keys, ladder_schemas
from viprules.engine.policy.message_schemas import message_schema
from viprules.engine.policy.model import Money, Program, Returns
from viprules.engine.policy.names import Names, Vocabulary
from viprules.engine.policy.value_schemas import value_schemas

__all__ = ["policy_schema"]

ZONE = "^[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,3}$"
MODES = ["down", "up", "half_up", "half_even"]


def policy_schema(catalogue: Vocabulary, names: Names) -> dict[str, Any]:
    """The whole schema of a policy file: JSON Schema 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "viprules policy",
        "type": "object",
        "additionalProperties": False,
        "required": ["viprules", "program"],
        "properties": {
            "viprules": {"type": "integer", "enum": [1], "description": "the version of the policy language"},
            "program": _program(),
            "scales": _named(list_of({"type": "string"}), "ordered lists of words, lowest first"),
            "facts": _named(ref("field_type"), "what is known of a customer"),
            "events": _named(_event(), "what happens"),
            "returns": fragment(Returns),
            "periods": _named(_period(), "periods of one's own"),
            "metrics": _named(ref("value"), "named values"),
            "segments": _named(ref("condition"), "named conditions"),
            "tier_sets": _named(ref("set"), "several ladders in one programme"),
            "approval": ref("approval"),
            "messages": _named(message_schema(catalogue, names), "what customers are told, and when"),
            **ladder_keys(),
        },
        "$defs": {**value_schemas(catalogue, names), **ladder_schemas(catalogue), **form_schemas(names)},
    }


def _named(item: Mapping[str, Any], doc: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": doc,
        "additionalProperties": dict(item),
        "propertyNames": {"pattern": NAME},
    }


def _program() -> dict[str, Any]:
    own = fragment(Program)
    own["properties"] |= {
        "id": short_id(),
        # Longer names than any zone has would send the look-up through as many folders.
        "timezone": text(ZONE, "an IANA name", **{"x-what": "a time zone", "examples": ["Asia/Shanghai"]}),
        "currency": text("^[A-Z]{3}$", "an ISO 4217 code", examples=["CNY"]),
        "history_from": text(DATE, "the day from which the events are complete", examples=["2026-01-01"]),
        "day_starts": text(
            "^([01][0-9]|2[0-3]):[0-5][0-9]$", "the time at which a day begins, quoted", examples=['"06:00"']
        ),
        "year_starts": text("^[0-9]{2}-[0-9]{2}$", "the month and day at which a year begins", examples=["04-01"]),
        "money": closed_map(
            {"round": one_of(MODES), "to": {"type": "number", "exclusiveMinimum": 0}}, fragment(Money)["description"]
        ),
    }
    return own


def _event() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"returns": {"type": "string", "description": "the sale that this event takes back"}},
        "additionalProperties": ref("field_type"),
        "description": "an event and its fields",
    }


def _period() -> dict[str, Any]:
    start = {
        "type": ["string", "object"],
        "properties": {"entered": ref("tier_name")},
        "additionalProperties": False,
    }
    return closed_map(
        {"every": ref("duration"), "from": start, "back_to": one_of(["month", "quarter", "year", "week"])},
        "a period of one's own",
        ["every", "from"],
    )
