"""The JSON Schema of a mapping file (2020-12); `schemas/mapping.json` is generated from it."""

from __future__ import annotations

from typing import Any

__all__ = ["mapping_schema"]

TEXT = {"type": "string", "minLength": 1}


def _said(doc: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {**(schema or TEXT), "description": doc}


def _closed(doc: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "description": doc, "properties": properties, "additionalProperties": False, **more}


WORDS = {"type": "object", "additionalProperties": TEXT, "minProperties": 1}

PLACES = {
    "column": _said("the column"),
    "constant": _said("a value that is the same for every row"),
    "values": _said("the file's words and what they mean in the policy; another word is a bad row", WORDS),
    "split": _said("the text between the items, where a cell holds a list"),
}
COMBINING = {
    "sum": _said("the column whose values are added up over the rows of one event"),
    "count": _said("how many rows the event has", {"type": "string", "enum": ["rows"]}),
    "min": _said("the column of which the least value counts"),
    "max": _said("the column of which the greatest value counts"),
}


def _place(doc: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": ["string", "object"],
        "description": doc,
        "minLength": 1,
        "minProperties": 1,
        "properties": properties,
        "additionalProperties": False,
    }


def _map(doc: str, inner: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "description": doc, "additionalProperties": inner}


FILE = {
    "file": _said("the file, relative to this mapping; unsaid, the one named on the command line"),
    "encoding": _said("how text is written, as `gb18030`; unsaid, UTF-8"),
    "delimiter": _said(
        "what stands between two cells; unsaid, a comma", {"type": "string", "minLength": 1, "maxLength": 1}
    ),
}

EVENTS = _closed(
    "one feed of events",
    {
        **FILE,
        "type": _place(
            "the event's type in the policy, or the column that tells it", {k: PLACES[k] for k in ("column", "values")}
        ),
        "customer": _said("the column of the customer's id"),
        "id": _said("the column of the event's id; unsaid, it is derived from the row"),
        "at": _said("the column of the day or the time"),
        "one_event_per": _said("the column whose value is the same on all rows of one event"),
        "only": _map(
            "the rows that belong to this feed: columns and the words they must hold",
            {"type": "array", "items": TEXT, "minItems": 1},
        ),
        "fields": _map(
            "the fields of the event", _place("a column, or how the value is found", {**PLACES, **COMBINING})
        ),
    },
)


def mapping_schema() -> dict[str, Any]:
    """The schema of a mapping file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "viprules mapping",
        **_closed(
            "which column feeds which fact, event, field or membership",
            {
                "mapping": _said("the version of this format", {"type": "integer", "enum": [1]}),
                "times_in": _said("the zone of timestamps that carry none; unsaid, the programme's own"),
                "times_like": _said("how times are written (as in `%d/%m/%Y %H:%M`); unsaid, ISO 8601"),
                "amounts": _said(
                    "`exact`, or `float-cents` where amounts are binary floats of whole cents",
                    {"type": "string", "enum": ["exact", "float-cents"]},
                ),
                "customers": _closed(
                    "the customers and their facts",
                    {
                        **FILE,
                        "id": _said("the column of the customer's id"),
                        "facts": _map("the facts", _place("a column, or how the value is found", PLACES)),
                    },
                ),
                "events": _said("the feeds of events", {"type": "array", "items": EVENTS}),
                "memberships": _closed(
                    "the present memberships",
                    {
                        **FILE,
                        "customer": _said("the column of the customer's id"),
                        "tier": _place("the column of the tier", PLACES),
                        "tier_set": _place("the column of the tier set, where there are several", PLACES),
                        "since": _place("the column of the first day", PLACES),
                        "valid_until": _place("the column of the last valid day", PLACES),
                        "recorded": _place("the column of the day on which the row was true", PLACES),
                    },
                ),
            },
            required=["mapping"],
        ),
    }
