"""The JSON Schema of a policy, composed from the descriptions and closed with the file's own names.

Every choice is a single-key map (`properties` and `additionalProperties: false`), so errors have
exact paths and no alternative has to be guessed; `anyOf`, `oneOf`, `allOf` do not occur.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, NewType, Protocol, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, field, frozen

from viprules.engine.days import Span
from viprules.engine.policy.describing import BenefitType, TermType, described, key_name
from viprules.engine.policy.model import (
    Approved,
    Condition,
    DayForm,
    Money,
    Program,
    Returns,
    SpanForm,
    Texts,
    WindowForm,
    Written,
)

__all__ = ["EventName", "FactName", "FieldPath", "Names", "PeriodName", "fragment", "policy_schema"]

EventName = NewType("EventName", str)
FieldPath = NewType("FieldPath", str)
FactName = NewType("FactName", str)
PeriodName = NewType("PeriodName", str)

BUILT_IN_PERIODS = ("year", "half_year", "quarter", "month", "week")
DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
DURATION = "^[1-9][0-9]{0,5} (minute|hour|day|week|month|quarter|year)s?$"
PERCENT = "^(top )?[0-9]{1,3}(\\.[0-9]{1,4})?%$"
IDENTIFIER = "^[A-Za-z0-9_.-]{1,64}$"
ZONE = "^[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,3}$"
NAME = "^[A-Za-z_][A-Za-z0-9_]{0,63}$"
SCALARS = ["string", "integer", "number", "boolean"]
MOST_TIERS = 200
"""Lowering a ladder takes time and memory with the square of its tiers."""
MODES = ["down", "up", "half_up", "half_even"]
BOUNDS = ("at_least", "more_than", "at_most", "less_than")
WORDS = ("all", "any", "not", "at_least_of", "tier", "date")


class Vocabulary(Protocol):
    """What a catalogue offers to the schema."""

    @property
    def terms(self) -> Mapping[str, TermType]: ...
    @property
    def benefits(self) -> Mapping[str, BenefitType]: ...


@frozen(kw_only=True)
class Names:
    """The names that a file declares; the schema is closed with them."""

    metrics: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    event_fields: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    tier_sets: tuple[str, ...] = ()
    scales: tuple[str, ...] = field(default=())
    open: bool = False
    """For the published schema: any name is allowed where a declared one is wanted."""

    @property
    def asked(self) -> tuple[str, ...]:
        """Every name that a condition may ask."""
        return (*self.metrics, *self.facts, *self.segments, *self.tier_sets)


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _map(properties: Mapping[str, Any], doc: str = "", required: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    """A closed map."""
    schema: dict[str, Any] = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    if doc:
        schema["description"] = doc
    return schema | more


def _one_of(options: Iterable[str], doc: str = "", **more: Any) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "enum": list(options)}
    return schema | ({"description": doc} if doc else {}) | more


def _names(options: Iterable[str], what: str, *, opened: bool) -> dict[str, Any]:
    if opened:
        return {"type": "string", "description": what, "x-what": what}
    return _one_of(options, what, **{"x-what": what, "x-code": "unknown-name"})


def _text(pattern: str, doc: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern, "description": doc} | more


def _short_id() -> dict[str, Any]:
    return _text(IDENTIFIER, "a short id", **{"x-what": "a short id", "examples": ["gold"]})


def _list(item: Mapping[str, Any], doc: str = "", least: int = 1) -> dict[str, Any]:
    schema = {"type": "array", "items": dict(item), "minItems": least, "maxItems": 10_000}
    return schema | ({"description": doc} if doc else {})


SHAPES: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "number"},
    Condition: _ref("condition"),
    WindowForm: _ref("window"),
    SpanForm: _ref("span"),
    DayForm: _ref("day"),
    Span: _ref("duration"),
    Texts: _ref("texts"),
    EventName: _ref("event_name"),
    FieldPath: _ref("field_path"),
    FactName: _ref("fact_name"),
    PeriodName: _ref("period_name"),
    NoneType: {"type": "null"},
}


def shape_of(annotation: Any) -> dict[str, Any]:  # noqa: PLR0911 -- a table of types
    """The schema of an annotated type; raises KeyError for a type that no policy can hold."""
    if Written in get_args(annotation):
        return dict(_ref("value"))
    origin = get_origin(annotation)
    if origin is Literal:
        return _one_of(get_args(annotation))
    if origin in (Union, UnionType):
        return shape_of(next(one for one in get_args(annotation) if one is not NoneType))
    if origin is tuple:
        return _list(shape_of(get_args(annotation)[0]))
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
            about["default"] = _plain(one.default)
        properties[key_name(one)] = shape | about
        if one.default is NOTHING:
            required.append(key_name(one))
    doc = (record.__doc__ or "").strip().partition("\n")[0]
    return _map(properties, doc, required)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value if isinstance(value, str | int | bool) else str(value)


# --- forms ------------------------------------------------------------------------------------------


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
        "patternProperties": {DATE: _ref("value")},
        "additionalProperties": False,
        "minProperties": 1,
    }


def _condition(catalogue: Vocabulary, names: Names, extra: Iterable[str] = ()) -> dict[str, Any]:
    """`everyone`, or a map of tests that must all hold."""
    here = _ref("where" if extra else "condition")
    properties: dict[str, Any] = {name: _ref("test") for name in (*names.asked, *extra)}
    properties |= {
        "all": _list(here, "all of these hold"),
        "any": _list(here, "at least one of these holds"),
        "not": here | {"description": "this does not hold"},
        "at_least_of": _map(
            {"n": {"type": "integer", "minimum": 1}, "of": _list(here)}, "so many of these hold", ["n", "of"]
        ),
        "tier": _ref("test") | {"description": "the tier held at the moment asked"},
        "date": {
            "type": ["string", "object"],
            "description": "the day asked: `birthday_month`, `birthday`, or between two days of the year",
            "enum": ["birthday", "birthday_month"],
            "properties": {"between": _list({"type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$"})},
            "additionalProperties": False,
        },
    }
    properties["date"].pop("enum")
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
    return schema | {"additionalProperties": _ref("test") if names.open else False}


def _test() -> dict[str, Any]:
    value = _ref("value")
    properties = {bound: value | {"description": f"{bound.replace('_', ' ')} this value"} for bound in BOUNDS}
    properties |= {
        "between": _list(value, "from the first to the second, both included"),
        "in": _list({"type": SCALARS}, "one of these"),
        "has_all": _list({"type": SCALARS}, "the list holds all of these"),
        "known": {"type": "boolean", "description": "whether a value is there at all"},
        "within": _text(
            PERCENT, "so near to `of`, as a share of it", **{"x-what": "a percentage", "examples": ["10%"]}
        ),
        "of": _map({"previous": _ref("period_name")}, "what `within` compares with", ["previous"]),
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


def _forms(names: Names) -> dict[str, Any]:
    period, duration, day = _ref("period_name"), _ref("duration"), _ref("day")
    edge = _map({"this": period, "next": period, "previous": period}, minProperties=1, maxProperties=1)
    count = {"type": "integer", "minimum": 1, "maximum": 1000}
    day_keys = {
        "first_day_of": edge,
        "last_day_of": edge,
        "date": {"type": "string"},
        "plus": duration,
        "minus": duration,
    }
    window = {
        "this": period,
        "and_previous": count,
        "previous": period,
        "count": count,
        "last": duration,
        "since": {"type": ["string", "object"], "properties": day_keys, "additionalProperties": False},
    }
    span = {
        "for": {
            "type": ["string", "object"],
            "pattern": DURATION,
            "properties": _head_keys(),
            "additionalProperties": False,
        },
        "after": {"type": "string", "pattern": DURATION},
        "through": edge | {"description": "to the end of this or the next period"},
        "until": day,
        "plus": duration,
        "to_end_of": period,
        "from": _one_of(["current_end"], "append to the grant that runs"),
    }
    return {
        "duration": _text(
            DURATION,
            "a length of time such as `12 months` or `90 days`",
            **{"x-what": "a duration", "examples": ["12 months"]},
        ),
        "texts": {
            "type": ["string", "object"],
            "description": "a text, or texts by language",
            "x-what": "a text, or texts by language",
            "examples": ["{zh: 金卡, en: Gold}"],
            "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
            "additionalProperties": False,
            "minProperties": 1,
        },
        "day": {
            "type": ["string", "object"],
            "description": "a date, `MM-DD`, a date fact or a day of a period",
            "x-what": "a day",
            "examples": ["12-31"],
            "properties": day_keys,
            "additionalProperties": False,
            "minProperties": 1,
        },
        "window": {
            "type": ["string", "object"],
            "description": "which days a measure looks at",
            "x-what": "a window",
            "examples": ["{this: year}"],
            "properties": window,
            "additionalProperties": False,
            "minProperties": 1,
            "pattern": "^lifetime$",
        },
        "span": {
            "type": ["string", "object"],
            "description": "how long something lasts",
            "x-what": "a span",
            "examples": ["{for: 12 months}"],
            "properties": span,
            "additionalProperties": False,
            "minProperties": 1,
            "pattern": "^(while_it_holds|forever)$",
        },
        "period_name": _names([*BUILT_IN_PERIODS, "grant", *names.periods], "a period", opened=names.open),
        "event_name": _names(names.events, "an event type", opened=names.open),
        "field_path": {"type": "string", "description": "an event's field, as `event.field`"},
        "fact_name": _names(names.facts, "a fact", opened=names.open),
        "tier_name": _names(names.tiers, "a tier", opened=names.open),
    }


def _head_keys() -> dict[str, Any]:
    choice = {"type": "object", "additionalProperties": {"type": "string", "pattern": DURATION}}
    return {
        "by": {"type": "string"},
        "values": choice,
        "steps": choice,
        "otherwise": {"type": "string", "pattern": DURATION},
    }


def _field_type(names: Names) -> dict[str, Any]:
    kinds = ["number", "money", "text", "date", "true_false", "tier", *names.scales]
    kind: dict[str, Any] = {"type": "string"} if names.open else _one_of(kinds, "a type", **{"x-what": "a type"})
    item = {"type": ["string", "array"], "items": kind, "minItems": 1, "maxItems": 1, "x-what": "a type"}
    properties = {
        "type": item,
        "decimals": {
            "type": "integer",
            "minimum": 0,
            "maximum": 9,
            "description": "decimal places of a number; unsaid whole",
        },
        "in": _list({"type": "string"}, "the texts that are allowed"),
        "if_missing": {"type": SCALARS, "description": "what holds where no value is given"},
        "value": _ref("value") | {"description": "computed once per event"},
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


def _transition_keys() -> dict[str, Any]:
    levels = {"type": "integer", "minimum": 1, "maximum": 100}
    target = {
        "type": ["string", "object"],
        "description": "where a customer lands",
        "pattern": "^(beneath|supported|one_level|never)$",
        "properties": {"levels": levels, "tier": _ref("tier_name")},
        "additionalProperties": False,
        "minProperties": 1,
    }
    day_or_days = _ref("day_or_days")
    return {
        "validity": _ref("span"),
        "renew": _map(
            {"at": _one_of(["once", "expiry", "review"]), "as_of": day_or_days, "validity": _ref("span")},
            "when a running grant is judged again",
        ),
        "review": _map({"first_day_of": _ref("period_name")}, "the day of the review", ["first_day_of"]),
        "upgrade": _map(
            {"at": _one_of(["once", "review", "next_period"]), "step": _one_of(["any", "one"])},
            "when and how far a customer rises",
        ),
        "downgrade": _map(
            {
                "to": target,
                "at_least": _ref("tier_name"),
                "validity": _ref("span"),
                "grace": _ref("span"),
                "after": _text("^[1-9][0-9]? reviews?$", "only after so many failed reviews", examples=["3 reviews"]),
                "not_again_within": _ref("duration"),
                "warn": _ref("duration"),
            },
            "what happens when a tier is not renewed",
        ),
        "requires": _ref("condition"),
    }


def _day_properties() -> dict[str, Any]:
    edge = _map({name: _ref("period_name") for name in ("this", "next", "previous")}, minProperties=1, maxProperties=1)
    return {
        "first_day_of": edge,
        "last_day_of": edge,
        "date": {"type": "string"},
        "plus": _ref("duration"),
        "minus": _ref("duration"),
    }


def _tier_set() -> dict[str, Any]:
    way = {
        "cause": _text(NAME, "a short name carried by its grants"),
        "when": _ref("condition"),
        "upon": _ref("event_name"),
        "tier": _ref("value"),
        "validity": _ref("span"),
        "approval": _ref("approval"),
    }
    return {
        "way": _map(way, "another way to a tier", ["cause"]),
        "tier": _map(
            {
                "id": _short_id(),
                "name": _ref("texts"),
                "enter": _ref("condition"),
                "stay": _ref("condition"),
                "reenter": _ref("condition"),
                "lifetime": _ref("condition"),
                "also": _list(_ref("way"), "other ways to this tier"),
                "benefits": _list(_ref("benefit"), "what this tier gives"),
                "inherit": {"type": "boolean", "description": "whether the benefits of the tiers below hold as well"},
                **_transition_keys(),
            },
            "one level",
            ["id"],
        ),
        "set": _map(_set_keys(), "one ladder", ["tiers"]),
    }


def _set_keys() -> dict[str, Any]:
    layer: dict[str, Any] = {"id": _short_id(), "when": _ref("condition")}
    block = _map({"when": _ref("condition"), **_transition_keys()}, "how customers move")
    date = {"type": "string", "pattern": DATE}
    blocks = {k: v for k, v in block.items() if k != "type"} | {"type": ["object", "array"], "items": dict(block)}
    return {
        "tiers": _list(_ref("tier"), "the levels, lowest first") | {"maxItems": MOST_TIERS},
        "transitions": blocks,
        "also": _list(_ref("way"), "other ways, each of which says the tier that it leads to"),
        "raises": _list(
            _map(layer | {"by": {"type": "integer", "minimum": 1, "maximum": 100}}, "", ["id", "when", "by"]),
            "so many levels above the highest other grant while a condition holds",
        ),
        "caps": _list(
            _map(layer | {"at_most": _ref("tier_name")}, "", ["id", "when", "at_most"]),
            "no higher than a tier while a condition holds",
        ),
        "floors": _list(
            _map(layer | {"at_least": _ref("tier_name")}, "", ["id", "when", "at_least"]),
            "no lower than a tier while a condition holds",
        ),
        "extensions": _list(
            _map({"held": date, "until_at_least": date}, "", ["held", "until_at_least"]),
            "whoever held a tier on a day keeps it at least until another one",
        ),
    }


def _benefit(catalogue: Vocabulary) -> dict[str, Any]:
    common = {
        "when": _ref("condition"),
        "quota": _map(
            {"times": _ref("value"), "per": _ref("period_name"), "carry_over": {"type": "boolean"}},
            "how often it may be used",
            ["times"],
        ),
        "valid": _ref("span"),
        "group": {
            "type": "string",
            "pattern": NAME,
            "description": "in one group only the benefit of the highest tier counts",
        },
    }
    kinds = {}
    for kind in catalogue.benefits.values():
        own = fragment(kind.parameters)
        properties = {"id": _short_id()} | own["properties"] | common
        kinds[kind.name] = _map(properties, kind.doc, own.get("required", ()))
    return _map(kinds, "one benefit", minProperties=1, maxProperties=1)


def policy_schema(catalogue: Vocabulary, names: Names) -> dict[str, Any]:
    """The whole schema of a policy file: JSON Schema 2020-12."""
    field_type = _ref("field_type")
    period = _map(
        {
            "every": _ref("duration"),
            "from": {
                "type": ["string", "object"],
                "properties": {"entered": _ref("tier_name")},
                "additionalProperties": False,
            },
            "back_to": _one_of(["month", "quarter", "year", "week"]),
        },
        "a period of one's own",
        ["every", "from"],
    )
    event_keys = {"returns": {"type": "string", "description": "the sale that this event takes back"}}
    roles = _list({"type": "string"})
    approval = _map(
        {
            "requested_by": roles,
            "approved_by": roles,
            "needs": {"type": "object", "additionalProperties": _ref("condition")},
        },
        fragment(Approved)["description"],
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "viprules policy",
        "type": "object",
        "additionalProperties": False,
        "required": ["viprules", "program"],
        "properties": {
            "viprules": {"type": "integer", "enum": [1], "description": "the version of the policy language"},
            "program": _program(),
            "scales": _named(_list({"type": "string"}), "ordered lists of words, lowest first"),
            "facts": _named(field_type, "what is known of a customer"),
            "events": _named(
                {
                    "type": "object",
                    "properties": event_keys,
                    "additionalProperties": field_type,
                    "description": "an event and its fields",
                },
                "what happens",
            ),
            "returns": fragment(Returns),
            "periods": _named(period, "periods of one's own"),
            "metrics": _named(_ref("value"), "named values"),
            "segments": _named(_ref("condition"), "named conditions"),
            "tier_sets": _named(_ref("set"), "several ladders in one programme"),
            "approval": _ref("approval"),
            **_set_keys(),
        },
        "$defs": {
            "value": _value(catalogue),
            "condition": _condition(catalogue, names),
            "where": _condition(catalogue, names, names.event_fields or ("",)),
            "test": _test(),
            "field_type": _field_type(names),
            "benefit": _benefit(catalogue),
            "approval": approval,
            **_tier_set(),
            **_forms(names),
            "day_or_days": {
                "type": ["string", "object", "array"],
                "properties": _day_properties(),
                "additionalProperties": False,
                "items": _ref("day"),
            },
        },
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
        "id": _short_id(),
        # Longer names than any zone has would send the look-up through as many folders.
        "timezone": _text(ZONE, "an IANA name", **{"x-what": "a time zone", "examples": ["Asia/Shanghai"]}),
        "currency": _text("^[A-Z]{3}$", "an ISO 4217 code", examples=["CNY"]),
        "history_from": _text(DATE, "the day from which the events are complete", examples=["2026-01-01"]),
        "day_starts": _text(
            "^([01][0-9]|2[0-3]):[0-5][0-9]$", "the time at which a day begins, quoted", examples=['"06:00"']
        ),
        "year_starts": _text("^[0-9]{2}-[0-9]{2}$", "the month and day at which a year begins", examples=["04-01"]),
        "money": _map(
            {"round": _one_of(MODES), "to": {"type": "number", "exclusiveMinimum": 0}}, fragment(Money)["description"]
        ),
    }
    return own
