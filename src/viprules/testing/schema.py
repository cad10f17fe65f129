"""The JSON Schema of a policy test file (2020-12); `schemas/test.json` is generated from it.

It checks the shape. Names of tiers, metrics, benefits and events belong to the policy under test and
are checked against that.
"""

from __future__ import annotations

from typing import Any

__all__ = ["policy_test_schema"]

DAY_TEXT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MOMENT_TEXT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?([+-][0-9]{2}:[0-9]{2}|Z)?)?$"
SPAN_TEXT = "^[1-9][0-9]{0,5} (day|week|month|quarter|year)s?$"
LARGEST = 100_000

EACH = {"properties": {"each": {"type": "string", "description": "the case's value of this name"}}}
"""`{each: amount}` may stand where a value stands in a test with `cases` or `matrix`."""


def _value(doc: str, *types: str, **more: Any) -> dict[str, Any]:
    """A value that may also be `{each: name}`."""
    return {"type": [*types, "object"], "description": doc, **EACH, "additionalProperties": False, **more}


def _map(doc: str, inner: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "description": doc, "additionalProperties": inner, **more}


def _list(doc: str, inner: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "description": doc, "items": inner, **more}


def _closed(doc: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "description": doc, "properties": properties, "additionalProperties": False, **more}


TEXT = {"type": "string", "minLength": 1}
WORD = {"type": ["string", "object"], "minLength": 1, **EACH, "additionalProperties": False}
"""An item of a list of words; `{each: …}` of a list stands for its items, of nothing for none."""
ANY = {"type": ["string", "null", "array", "object"]}
"""A fact's or field's value, as text: the policy knows its type."""

EVENT = {
    "type": "object",
    "description": "an event: its type, when it happened, and its fields",
    "properties": {
        "type": _value("the event's type", "string"),
        "at": _value("a day, or a time such as `2026-03-01T18:30`", "string", pattern=MOMENT_TEXT),
        "id": _value("the event's id; unsaid, one is made up", "string"),
        "times": _value("how often it happened", "integer", minimum=0, maximum=LARGEST),
        "every": _value(
            "how far the repetitions lie apart (`7 days`); unsaid, all on one day", "string", pattern=SPAN_TEXT
        ),
    },
    "required": ["type", "at"],
    "additionalProperties": ANY,
}
PERSON = {
    "facts": _map("facts by name", ANY),
    "metrics": _map("ready-made metrics by name", ANY),
    "events": _list("what happened", {"$ref": "#/$defs/event"}),
    "membership": {
        "type": ["object", "array"],
        "description": "what was held before: `{tier, since, valid_until, recorded}`, several for several tier sets",
        "additionalProperties": ANY,
        "items": {"type": "object", "additionalProperties": ANY},
    },
    "overrides": _list("orders given by hand: `{kind, tier, from, until, reason, by}`", _map("an order", ANY)),
}
PER_SET = "; by tier set where there are several: `{contribution: core}`"


def _standing(doc: str, *types: str, **more: Any) -> dict[str, Any]:
    inner: dict[str, Any] = {"type": [*types, "object"], **EACH, "additionalProperties": False}
    return {"type": [*types, "object"], "description": doc + PER_SET, "additionalProperties": inner, **more}


def _day(doc: str) -> dict[str, Any]:
    return _standing(f"{doc} (empty: none)", "string", "null", pattern=DAY_TEXT)


ROW = _map("the parts of a row that are asserted", {"type": ["string", "null", "object"], **EACH})
EXPECT = _closed(
    "what must come out; what is not listed is not asserted, an empty list says `none`",
    {
        "tier": _standing("the tier held (empty: none)", "string", "null"),
        "change": _standing("`upgrade`, `downgrade`, `renew`, `grace` or `none`", "string"),
        "since": _day("first day of the present holding"),
        "valid_until": _day("last valid day"),
        "next_change": _value(
            "first day on which the answer may differ by itself (empty: none)", "string", "null", pattern=DAY_TEXT
        ),
        "benefits": _list(
            "benefits in force, by id or kind; with parameters to assert those too: `{cake: {quota_left: 1}}`",
            {
                "type": ["string", "object"],
                "minProperties": 1,
                "maxProperties": 1,
                **EACH,
                "additionalProperties": _map("parameters", ANY),
            },
        ),
        "no_benefits": _list("benefits that must not be in force", WORD, minItems=1),
        "missing": _map(
            "for a tier, what is missing and how much: `{gold: {annual_spend: 0.01}}` (empty: whatever the amount)",
            _map("how much is missing, by name", {"type": ["string", "null", "object"], **EACH}, minProperties=1),
            minProperties=1,
        ),
        "because": _list("names of metrics, facts, ways or raises that gave the tier", WORD, minItems=1),
        "values": _map("what a metric measured", {"type": ["string", "null", "object"], **EACH}, minProperties=1),
        "unknown": _list("what was missing so that something could not be judged", WORD),
        "problems": _list("the codes of the decision's problems", WORD),
        "grants": _list("rows that the decision adds to the ledger", ROW),
        "bounds": _list("rows that end or take back, which the decision adds", ROW),
        "proposals": _list("what waits for approval or was refused", ROW),
        "refused": _list("the data are refused with these codes", WORD, minItems=1),
    },
    minProperties=1,
)
TEST = _closed(
    "one test",
    {
        "name": {**TEXT, "description": "one sentence: what is true"},
        "as_of": _value("the day asked for; it stands still", "string", pattern=MOMENT_TEXT),
        "given": {
            "type": ["string", "array"],
            "description": "a fixture, or several that are put together",
            "items": TEXT,
            "minItems": 1,
        },
        **PERSON,
        "cases": _list(
            "the test is run once for each; `{each: amount}` stands for the case's value",
            _map("values by name", {"type": ["string", "null", "array"]}, minProperties=1),
            minItems=1,
        ),
        "matrix": _map(
            "the test is run for every combination of these values",
            _list("values", {"type": "string"}, minItems=1),
            minProperties=1,
        ),
        "expect": {"$ref": "#/$defs/expect"},
        "expect_on": _map(
            "for several days, what must come out on each", EXPECT, minProperties=1, propertyNames={"pattern": DAY_TEXT}
        ),
    },
    required=["name"],
)


def policy_test_schema() -> dict[str, Any]:
    """The schema of a policy test file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "viprules policy test",
        **_closed(
            "tests of a policy",
            {
                "policy": {**TEXT, "description": "the policy under test, relative to this file"},
                "defaults": _closed(
                    "what every test has that does not say otherwise",
                    {"as_of": TEST["properties"]["as_of"], **PERSON},
                ),
                "fixtures": _map("customers to start from, by name", _closed("a customer", PERSON)),
                "tests": _list("the tests", TEST, minItems=1),
            },
            required=["policy", "tests"],
        ),
        "$defs": {"event": EVENT, "expect": EXPECT},
    }
