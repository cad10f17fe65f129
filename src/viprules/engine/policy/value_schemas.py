"""The schemas of what is asked and computed: values, conditions, tests of a name, types of facts and fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from viprules.engine.policy.fragments import DATE, closed_map, fragment, list_of, one_of, ref, text
from viprules.engine.policy.names import Names, Vocabulary

__all__ = ["BOUNDS", "value_schemas"]

PERCENT = "^(top )?[0-9]{1,3}(\\.[0-9]{1,4})?%$"
SCALARS = ["string", "integer", "number", "boolean"]
BOUNDS = ("at_least", "more_than", "at_most", "less_than")


def value_schemas(catalogue: Vocabulary, names: Names) -> dict[str, Any]:
    """The definitions for a catalogue's terms and a file's names."""
    return {
        "value": _value(catalogue),
        "condition": _condition(catalogue, names),
        "where": _condition(catalogue, names, names.event_fields or ("",)),
        "test": _test(),
        "field_type": _field_type(names),
    }


def _value(catalogue: Vocabulary) -> dict[str, Any]:
    """A constant, a name, a dated table or a term."""
    properties: dict[str, Any] = {}
    for term in catalogue.terms.values():
        if term.head:
            properties |= fragment(term.parameters)["properties"]
        else:
            properties[term.name] = fragment(term.parameters) | {"description": term.doc}
    return {
        "type": ["string", "integer", "number", "boolean", "object"],
        "description": "a constant, a name, a dated table or a term",
        "x-what": "a value",
        "properties": properties,
        "patternProperties": {DATE: ref("value")},
        "additionalProperties": False,
        "minProperties": 1,
    }


def _condition(catalogue: Vocabulary, names: Names, extra: Iterable[str] = ()) -> dict[str, Any]:
    """`everyone`, or a map of tests that must all hold."""
    here = ref("where" if extra else "condition")
    properties: dict[str, Any] = {name: ref("test") for name in (*names.asked, *extra)}
    properties |= {
        "all": list_of(here, "all of these hold"),
        "any": list_of(here, "at least one of these holds"),
        "not": here | {"description": "this does not hold"},
        "at_least_of": closed_map(
            {"n": {"type": "integer", "minimum": 1}, "of": list_of(here)}, "so many of these hold", ["n", "of"]
        ),
        "tier": ref("test") | {"description": "the tier held at the moment asked"},
        "date": {
            "type": ["string", "object"],
            "description": "the day asked: `birthday_month`, `birthday`, or between two days of the year",
            "properties": {"between": list_of({"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"})},
            "additionalProperties": False,
        },
    }
    for term in catalogue.terms.values():
        if term.kind == "criterion":
            properties[term.name] = fragment(term.parameters) | {"description": term.doc}
    schema = {
        "type": ["object", "string"],
        "description": "a map of tests that must all hold, or `everyone`",
        "x-what": "a condition",
        "examples": ["{annual_spend: {at_least: 1000}}"],
        "properties": properties,
        "minProperties": 1,
        "pattern": "^everyone$",
    }
    return schema | {"additionalProperties": ref("test") if names.open else False}


def _test() -> dict[str, Any]:
    value = ref("value")
    properties = {bound: value | {"description": f"{bound.replace('_', ' ')} this value"} for bound in BOUNDS}
    properties |= {
        "between": list_of(value, "from the first to the second, both included"),
        "in": list_of({"type": SCALARS}, "one of these"),
        "has_all": list_of({"type": SCALARS}, "the list holds all of these"),
        "known": {"type": "boolean", "description": "whether a value is there at all"},
        "within": text(PERCENT, "so near to `of`, as a share of it", **{"x-what": "a percentage", "examples": ["10%"]}),
        "of": closed_map({"previous": ref("period_name")}, "what `within` compares with", ["previous"]),
    }
    return {
        "type": [*SCALARS, "object"],
        "description": "a value to equal, or what is asked of it",
        "x-what": "a test",
        "examples": ["{at_least: 1000}"],
        "properties": properties,
        "additionalProperties": False,
        "minProperties": 1,
        "dependentRequired": {"within": ["of"], "of": ["within"]},
    }


def _field_type(names: Names) -> dict[str, Any]:
    kinds = ["number", "money", "text", "date", "true_false", "tier", *names.scales]
    kind: dict[str, Any] = {"type": "string"} if names.open else one_of(kinds, "a type", **{"x-what": "a type"})
    item = {"type": ["string", "array"], "items": kind, "minItems": 1, "maxItems": 1, "x-what": "a type"}
    properties = {
        "type": item,
        "decimals": {
            "type": "integer",
            "minimum": 0,
            "maximum": 9,
            "description": "decimal places of a number; unsaid whole",
        },
        "in": list_of({"type": "string"}, "the texts that are allowed"),
        "if_missing": {"type": SCALARS, "description": "what holds where no value is given"},
        "value": ref("value") | {"description": "computed once per event"},
        "per": {"type": "string", "description": "one value per year or per tier"},
        "set_by": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "minProperties": 1,
            "description": "dated: the last value of an event's field",
        },
    }
    return {
        "type": ["string", "array", "object"],
        "description": "a type, a list of one type, or a type with details",
        "x-what": "a type",
        "examples": ["money"],
        "items": kind,
        "minItems": 1,
        "maxItems": 1,
        "properties": properties,
        "additionalProperties": False,
        "required": ["type"],
    }
