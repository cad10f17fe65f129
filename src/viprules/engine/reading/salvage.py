"""What is left of a document without the items that hold mistakes, so that the rest is checked as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from viprules.engine.reading.source import Map, Seq, source_of
from viprules.errors import Problem

__all__ = ["salvaged"]

SECTIONS = (
    "scales", "facts", "events", "periods", "metrics", "segments", "tier_sets", "tiers",
    "also", "raises", "caps", "floors", "extensions", "program", "transitions", "returns", "messages",
)  # fmt: skip
LISTS = ("tiers", "also", "raises", "caps", "floors", "extensions")
Place = tuple[int, int]


def salvaged(document: Map, problems: Iterable[Problem]) -> Map | None:
    """The document without the items in which a problem lies; None where nothing can be judged alone."""
    places = sorted((one.source.line, one.source.column) for one in problems if one.source)
    starts = sorted((at.line, at.column) for at in document.keys_at.values())
    kept = Map(document.source)
    kept.keys_at, kept.values_at = document.keys_at, document.values_at
    for name, value in document.items():
        at = document.keys_at.get(name)
        if at is None:
            return None
        begin = (at.line, at.column)
        end = next((one for one in starts if one > begin), (10**9, 0))
        inside = [one for one in places if begin <= one < end]
        if not inside:
            kept[name] = value
        elif isinstance(value, Map | Seq) and isinstance(value, _kinds(name)):
            kept[name] = _without(value, inside, end)
    return kept if _enough(kept) else None


def _kinds(name: str) -> tuple[type, ...]:
    """What a section must be so that its items can be judged alone."""
    if name == "transitions":
        return Map, Seq
    return (Seq,) if name in LISTS else (Map,) if name in SECTIONS else ()


def _without(section: Map | Seq, places: list[Place], end: Place) -> Map | Seq:
    """The section without the items that hold one of the places."""
    keys: list[Any] = list(section) if isinstance(section, Map) else list(range(len(section)))
    starts = [_start(section, key) for key in keys]
    ends = [*starts[1:], end][: len(keys)]  # an empty section has no end of its own
    good = [key for key, a, b in zip(keys, starts, ends, strict=True) if not any(a <= one < b for one in places)]
    if isinstance(section, Map):
        left = Map(section.source, ((key, section[key]) for key in good))
        left.keys_at, left.values_at = section.keys_at, section.values_at
        return left
    items = Seq(section.source, (section[key] for key in good))
    items.items_at = [section.items_at[key] for key in good]
    return items


def _start(section: Map | Seq, key: Any) -> Place:
    at = section.keys_at[key] if isinstance(section, Map) else source_of(section, key)
    return (at.line, at.column) if at else (0, 0)


def _enough(document: Mapping[str, Any]) -> bool:
    """A programme and at least one tier are needed to judge anything."""
    program = document.get("program", {})
    return "id" in program and "timezone" in program and bool(document.get("tiers") or document.get("tier_sets"))
