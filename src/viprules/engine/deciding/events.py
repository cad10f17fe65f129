"""Events as a caller states them: each once, typed, in their total order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from viprules.engine.days import YEARS, parse_day
from viprules.engine.deciding.history import Event
from viprules.engine.deciding.values import Values, told
from viprules.engine.policy.model import EventType
from viprules.engine.reading.faults import nearest

__all__ = ["events_of"]

EVENT_KEYS = ("type", "at", "id", "sale", "sale_day", "times")
LARGEST = 10**6


def events_of(values: Values, stated: Any) -> tuple[Event, ...]:
    """All events, each once, in their total order."""
    by_id: dict[str, Event] = {}
    places = {name: place for place, name in enumerate(values.plan.events)}
    for raw in values.maps("events", stated):
        one = _event(values, raw, places)
        if one is None:
            continue
        known = by_id.get(one.id)
        if known is not None and known != one:
            values.refuse("event-differs", id=one.id)
        by_id.setdefault(one.id, one)
    if len(by_id) > LARGEST:
        values.refuse("too-many-events", count=str(len(by_id)))
    return tuple(sorted(by_id.values(), key=lambda one: one.order))


def _event(values: Values, raw: Mapping[str, Any], places: Mapping[str, int]) -> Event | None:
    """One event, or None with its problems noted; `places` is the order of the event types."""
    name = told(raw.get("type", ""))
    declared = values.plan.events.get(name)
    if declared is None:
        values.refuse("undeclared-event", name=name, nearest=nearest(name, values.plan.events))
        return None
    identity = raw.get("id")
    if identity is None or identity == "":
        values.refuse("event-without-id", type=name)
        return None
    fields, moment = _fields(values, declared, raw), _moment(values, raw.get("at"), told(identity))
    sale = told(raw["sale"]) if raw.get("sale") not in (None, "") else None
    if declared.returns is not None and sale is None and raw.get("sale_day") in (None, ""):
        values.refuse("return-without-sale", id=told(identity), sale=declared.returns)
    if moment is None:
        return None
    instant, day = moment
    return Event(
        id=told(identity),
        type=name,
        day=day,
        instant=instant,
        order=(instant, places[name], told(identity)),
        fields=fields,
        sale=sale,
        sale_day=values.day(raw, "sale_day"),
    )


def _fields(values: Values, declared: EventType, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The typed fields that are stated; one that the policy computes is none of them."""
    found = {}
    for key, value in raw.items():
        if key in declared.fields and declared.fields[key].value is None:
            name = f"{declared.name}.{key}"
            found[key] = values.value(value, values.plan.types[name], name)
        elif key not in EVENT_KEYS:
            code = "computed-field" if key in declared.fields else "undeclared-field"
            values.refuse(code, name=told(key), event=declared.name, nearest=nearest(told(key), declared.fields))
    return {name: value for name, value in found.items() if value is not None}


def _moment(values: Values, at: Any, identity: str) -> tuple[int, int] | None:
    """Instant and programme day; a bare date is the start of its day."""
    zone = values.plan.zone
    if isinstance(at, str):
        day = parse_day(at)
        if day is None:
            try:
                at = datetime.fromisoformat(at) if len(at) > len("2026-12-31") else None
            except ValueError:
                at = None
        else:
            at = date.fromordinal(day)
    if isinstance(at, datetime) and at.year in YEARS:
        instant = zone.instant(at)
        return instant, zone.day_of(instant)
    if isinstance(at, date) and not isinstance(at, datetime) and at.year in YEARS:
        return zone.start_of(at.toordinal()), at.toordinal()
    values.refuse("event-without-time", id=identity)
    return None
