"""Plain scalars become numbers and truth values where the schema of a document wants them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from viprules.engine.reading.source import Map, Seq, Text

__all__ = ["MAX_DIGITS", "NUMERIC", "Schema", "is_long", "linked", "resolved", "shaped", "typed", "types_of"]

Schema = Mapping[str, Any]

MAX_DIGITS = 18
INTEGER = re.compile(r"0|-?[1-9][0-9]*")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
DIGITS = re.compile(r"-?[0-9]+(\.[0-9]+)?")
NUMERIC = frozenset({"integer", "number"})


def typed(document: Any, schema: Schema) -> Any:
    """A copy of the document in which plain scalars have the types that the schema allows for them."""
    return shaped(document, linked(schema))


def shaped(document: Any, schema: Schema) -> Any:
    """The same along a schema that is linked already."""
    return _Typing().node(document, schema)


class _Typing:
    """Walks a document and its linked schema side by side."""

    def node(self, value: Any, schema: Schema) -> Any:
        """A node of the document, converted."""
        if isinstance(value, Map):
            return self.map(value, schema)
        if isinstance(value, Seq):
            inner = schema.get("items") or {}
            made = Seq(value.source, (self.node(item, inner) for item in value))
            made.items_at = value.items_at
            return made
        return self.scalar(value, types_of(schema)) if isinstance(value, Text) and value.plain else value

    def map(self, value: Map, schema: Schema) -> Map:
        """A map, each value by the schema of its key."""
        made = Map(value.source)
        made.keys_at, made.values_at = value.keys_at, value.values_at
        properties = schema.get("properties", {})
        patterns = schema.get("patternProperties", {})
        others = schema.get("additionalProperties") or {}
        others = others if isinstance(others, Mapping) else {}
        for key, item in value.items():
            inner = properties.get(key)
            if inner is None:
                inner = next((found for pattern, found in patterns.items() if re.search(pattern, key)), others)
            made[key] = self.node(item, inner)
        return made

    @staticmethod
    def scalar(value: Text, types: frozenset[str]) -> Any:
        """A plain scalar as the first type it can be."""
        if types & NUMERIC and not is_long(value):
            if INTEGER.fullmatch(value):
                return int(value)
            if "number" in types and DECIMAL.fullmatch(value):
                return Decimal(value)
        if "boolean" in types and value in ("true", "false"):
            return value == "true"
        return None if value in ("", "~", "null") else value


def linked(schema: Schema) -> dict[str, Any]:
    """The schema with each of its references replaced by what it points at; a reference's own keywords win.

    To look a reference up anew for every value takes longer than to judge it. What comes back may
    hold itself, as a condition holds conditions.
    """
    made: dict[int, dict[str, Any]] = {}

    def link(node: Any) -> Any:
        if isinstance(node, list):
            return [link(one) for one in node]
        if not isinstance(node, Mapping):
            return node
        local = str(node.get("$ref", "")).startswith("#")
        if local and len(node) == 1:
            return link(_target(node, schema))
        known = made.get(id(node))
        if known is None:
            known = made[id(node)] = {}
            known |= {key: link(value) for key, value in (resolved(node, schema) if local else node).items()}
        return known

    whole: dict[str, Any] = link(schema)
    return whole


def resolved(schema: Schema, root: Schema) -> Schema:
    """The schema with what its reference points at; its own keywords win."""
    while "$ref" in schema:
        schema = {**_target(schema, root), **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def _target(schema: Schema, root: Schema) -> Schema:
    """What a reference points at."""
    target: Any = root
    for step in str(schema["$ref"]).removeprefix("#").strip("/").split("/"):
        target = target[step] if step else target
    found: Schema = target
    return found


def is_long(text: str) -> bool:
    """Whether a number has more digits than every part of the engine computes with."""
    return len(text) > MAX_DIGITS and sum(map(str.isdecimal, text)) > MAX_DIGITS and bool(DIGITS.fullmatch(text))


def types_of(schema: Schema) -> frozenset[str]:
    """The types that a schema allows."""
    types = schema.get("type", ())
    return frozenset((types,) if isinstance(types, str) else types)
