"""The pieces of which schemas are made, and the schema of a parameter class from its description."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING

from viprules.engine.days import Span
from viprules.engine.policy.describing import described, key_name
from viprules.engine.policy.model import Condition, DayForm, SpanForm, Texts, WindowForm, Written
from viprules.engine.policy.names import EventName, FactName, FieldPath, PeriodName

__all__ = [
    "DATE", "NAME", "closed_map", "fragment", "list_of", "name_of", "one_of", "ref", "shape_of", "short_id", "text",
]  # fmt: skip

DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
IDENTIFIER = "^[A-Za-z0-9_.-]{1,64}$"
NAME = "^[A-Za-z_][A-Za-z0-9_]{0,63}$"


def ref(name: str) -> dict[str, Any]:
    """What is defined under this name."""
    return {"$ref": f"#/$defs/{name}"}


def closed_map(
    properties: Mapping[str, Any], doc: str = "", required: Iterable[str] = (), **more: Any
) -> dict[str, Any]:
    """A map with these keys and no others."""
    schema: dict[str, Any] = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    if doc:
        schema["description"] = doc
    return schema | more


def one_of(options: Iterable[str], doc: str = "", **more: Any) -> dict[str, Any]:
    """One of several words."""
    schema: dict[str, Any] = {"type": "string", "enum": list(options)}
    return schema | ({"description": doc} if doc else {}) | more


def name_of(options: Iterable[str], what: str, *, opened: bool) -> dict[str, Any]:
    """A name that the file declares; `opened` allows any, for the published schema."""
    if opened:
        return {"type": "string", "description": what, "x-what": what}
    return one_of(options, what, **{"x-what": what, "x-code": "unknown-name"})


def text(pattern: str, doc: str, **more: Any) -> dict[str, Any]:
    """A text of a form."""
    return {"type": "string", "pattern": pattern, "description": doc} | more


def short_id() -> dict[str, Any]:
    """What tiers, benefits and layers are called."""
    return text(IDENTIFIER, "a short id", **{"x-what": "a short id", "examples": ["gold"]})


def list_of(item: Mapping[str, Any], doc: str = "") -> dict[str, Any]:
    """One of an item or more, and not so many that reading them takes long."""
    schema = {"type": "array", "items": dict(item), "minItems": 1, "maxItems": 10_000}
    return schema | ({"description": doc} if doc else {})


SHAPES: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "number"},
    Condition: ref("condition"),
    WindowForm: ref("window"),
    SpanForm: ref("span"),
    DayForm: ref("day"),
    Span: ref("duration"),
    Texts: ref("texts"),
    EventName: ref("event_name"),
    FieldPath: ref("field_path"),
    FactName: ref("fact_name"),
    PeriodName: ref("period_name"),
    NoneType: {"type": "null"},
}


def shape_of(annotation: Any) -> dict[str, Any]:  # noqa: PLR0911 -- a table of types
    """The schema of an annotated type; raises KeyError for a type that no policy can hold."""
    if Written in get_args(annotation):
        return dict(ref("value"))
    origin = get_origin(annotation)
    if origin is Literal:
        return one_of(get_args(annotation))
    if origin in (Union, UnionType):
        kinds = [one for one in get_args(annotation) if one is not NoneType]
        if len(kinds) > 1:
            raise KeyError(annotation)
        return shape_of(kinds[0])
    if origin is tuple:
        return list_of(shape_of(get_args(annotation)[0]))
    if annotation not in SHAPES and origin is not None:
        return {"type": "object", "additionalProperties": shape_of(get_args(annotation)[1])}
    if annotation not in SHAPES and hasattr(annotation, "__attrs_attrs__"):
        return fragment(annotation)
    return dict(SHAPES[annotation])


def fragment(record: type) -> dict[str, Any]:
    """The closed schema of a parameter class, from its described fields."""
    hints = get_type_hints(record)
    properties, required = {}, []
    for one in described(record):
        own = one.metadata["schema"]
        shape = {} if "$ref" in own else shape_of(hints[one.name])
        about = {"description": one.metadata["doc"]} | dict(own)
        if one.metadata["examples"]:
            about["examples"] = list(one.metadata["examples"])
        if isinstance(one.default, str | int | Decimal):
            about["default"] = str(one.default) if isinstance(one.default, Decimal) else one.default
        properties[key_name(one)] = shape | about
        if one.default is NOTHING:
            required.append(key_name(one))
    doc = (record.__doc__ or "").strip().partition("\n")[0]
    return closed_map(properties, doc, required)
