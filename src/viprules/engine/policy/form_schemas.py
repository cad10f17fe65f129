"""The schemas of the small forms that stand all over a policy: days, windows, spans, texts and declared names."""

from __future__ import annotations

from typing import Any

from viprules.engine.policy.fragments import closed_map, name_of, one_of, ref, text
from viprules.engine.policy.names import BUILT_IN_PERIODS, Names

__all__ = ["form_schemas"]

DURATION = "^[1-9][0-9]{0,5} (minute|hour|day|week|month|quarter|year)s?$"


def form_schemas(names: Names) -> dict[str, Any]:
    """The definitions for a file's names."""
    return {
        "duration": text(
            DURATION,
            "a length of time such as `12 months` or `90 days`",
            **{"x-what": "a duration", "examples": ["12 months"]},
        ),
        "texts": _texts(),
        "day": _day(),
        "window": _window(),
        "span": _span(),
        "period_name": name_of([*BUILT_IN_PERIODS, "grant", *names.periods], "a period", opened=names.open),
        "event_name": name_of(names.events, "an event type", opened=names.open),
        "field_path": {"type": "string", "description": "an event's field, as `event.field`"},
        "fact_name": name_of(names.facts, "a fact", opened=names.open),
        "tier_name": name_of(names.tiers, "a tier", opened=names.open),
        "day_or_days": {
            "type": ["string", "object", "array"],
            "properties": _day_keys(),
            "additionalProperties": False,
            "items": ref("day"),
        },
    }


def _texts() -> dict[str, Any]:
    return {
        "type": ["string", "object"],
        "description": "a text, or texts by language",
        "x-what": "a text, or texts by language",
        "examples": ["{zh: 金卡, en: Gold}"],
        "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
        "additionalProperties": False,
        "minProperties": 1,
    }


def _edge() -> dict[str, Any]:
    """One of the periods beside or around the day asked."""
    period = ref("period_name")
    return closed_map({"this": period, "next": period, "previous": period}, minProperties=1, maxProperties=1)


def _day_keys() -> dict[str, Any]:
    return {
        "first_day_of": _edge(),
        "last_day_of": _edge(),
        "date": {"type": "string"},
        "plus": ref("duration"),
        "minus": ref("duration"),
    }


def _day() -> dict[str, Any]:
    return {
        "type": ["string", "object"],
        "description": "a date, `MM-DD`, a date fact or a day of a period",
        "x-what": "a day",
        "examples": ["12-31"],
        "properties": _day_keys(),
        "additionalProperties": False,
        "minProperties": 1,
    }


def _window() -> dict[str, Any]:
    count = {"type": "integer", "minimum": 1, "maximum": 1000}
    return {
        "type": ["string", "object"],
        "description": "which days a measure looks at",
        "x-what": "a window",
        "examples": ["{this: year}"],
        "properties": {
            "this": ref("period_name"),
            "and_previous": count,
            "previous": ref("period_name"),
            "count": count,
            "last": ref("duration"),
            "since": {"type": ["string", "object"], "properties": _day_keys(), "additionalProperties": False},
        },
        "additionalProperties": False,
        "minProperties": 1,
        "pattern": "^lifetime$",
    }


def _span() -> dict[str, Any]:
    properties = {
        "for": {
            "type": ["string", "object"],
            "pattern": DURATION,
            "properties": _length_by_value(),
            "additionalProperties": False,
        },
        "after": {"type": "string", "pattern": DURATION},
        "through": _edge() | {"description": "to the end of this or the next period"},
        "until": ref("day"),
        "plus": ref("duration"),
        "to_end_of": ref("period_name"),
        "from": one_of(["current_end"], "append to the grant that runs"),
    }
    return {
        "type": ["string", "object"],
        "description": "how long something lasts",
        "x-what": "a span",
        "examples": ["{for: 12 months}"],
        "properties": properties,
        "additionalProperties": False,
        "minProperties": 1,
        "pattern": "^(while_it_holds|forever)$",
    }


def _length_by_value() -> dict[str, Any]:
    """A length that depends on another value: `{by: tier, values: {gold: 24 months}}`."""
    choice = {"type": "object", "additionalProperties": {"type": "string", "pattern": DURATION}}
    return {
        "by": {"type": "string"},
        "values": choice,
        "steps": choice,
        "otherwise": {"type": "string", "pattern": DURATION},
    }
