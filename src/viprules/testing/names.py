"""The names in a test against those of its policy: a test that names what does not exist fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from viprules.engine.reading.faults import nearest
from viprules.engine.reading.source import Map, key_source, source_of
from viprules.errors import Problem, Source, problem

if TYPE_CHECKING:
    from viprules.engine.program import Program

__all__ = ["Vocabulary", "faults_of"]

CHANGES = ("upgrade", "downgrade", "renew", "grace", "none")
PER_SET = ("tier", "change", "since", "valid_until")
GIVEN = ("earned", "renewed", "provisional", "extended", "grace", "landed", "imported", "raised", "floor", "lifetime")
"""Causes of grants that need no way of their own."""


class Vocabulary:
    """The names that tests of a program may use."""

    def __init__(self, program: Program) -> None:
        policy = program.policy
        self.sets = {one.name: tuple(tier.id for tier in one.tiers) for one in policy.tier_sets}
        self.tiers = tuple(dict.fromkeys(tier for tiers in self.sets.values() for tier in tiers))
        self.metrics = tuple(policy.metrics)
        uses = [use for one in policy.tier_sets for tier in one.tiers for use in tier.benefits]
        self.benefits = tuple(dict.fromkeys(name for use in uses for name in (use.id, use.kind) if name))
        ways = [way for one in policy.tier_sets for way in (*one.also, *(w for tier in one.tiers for w in tier.also))]
        layers = [one.id for each in policy.tier_sets for one in each.raises]
        layers += [one.id for each in policy.tier_sets for one in (*each.caps, *each.floors)]
        self.measured = (*self.metrics, *policy.facts, *policy.segments, *self.sets, "tier")
        self.reasons = tuple(dict.fromkeys((*self.measured, *(way.cause for way in ways), *layers, *GIVEN)))


def faults_of(expect: Map, names: Vocabulary) -> Iterator[Problem]:
    """What an expectation names that its policy does not have."""
    yield from _standings(expect, names)
    for key in ("benefits", "no_benefits"):
        for place, one in enumerate(expect.get(key, [])):
            name = next(iter(one)) if isinstance(one, Mapping) else one
            yield from _unknown(name, names.benefits, "a benefit", source_of(expect[key], place))
    for tier, gaps in expect.get("missing", {}).items():
        yield from _unknown(tier, names.tiers, "a tier", key_source(expect["missing"], tier))
        yield from _keys(gaps, names.measured, "a metric")
    yield from _keys(expect.get("values", {}), names.measured, "a metric")
    yield from _items(expect, "because", names.reasons, "a reason")
    yield from _items(expect, "unknown", names.measured, "a fact")
    for key in ("grants", "bounds", "proposals"):
        for row in expect.get(key, []):
            if "tier" in row:
                yield from _unknown(str(row["tier"]), names.tiers, "a tier", source_of(row, "tier"))
    yield from _codes(expect)


def _standings(expect: Map, names: Vocabulary) -> Iterator[Problem]:
    for key in PER_SET:
        told = expect.get(key)
        if isinstance(told, Mapping):
            yield from _keys(told, tuple(names.sets), "a tier set")
            for name, value in told.items():
                options = names.sets.get(name, ()) if key == "tier" else CHANGES
                yield from _word(key, value, options, source_of(told, name))
        elif key in expect:
            yield from _word(
                key, told, next(iter(names.sets.values())) if key == "tier" else CHANGES, source_of(expect, key)
            )


def _word(key: str, value: Any, options: Iterable[str], source: Source | None) -> Iterator[Problem]:
    if key in ("tier", "change") and value is not None:
        yield from _unknown(str(value), tuple(options), "a tier" if key == "tier" else "", source)


def _codes(expect: Map) -> Iterator[Problem]:
    from viprules.messages import CATALOGUE

    yield from _items(expect, "problems", tuple(CATALOGUE), "an error code")
    yield from _items(expect, "refused", tuple(CATALOGUE), "an error code")


def _items(expect: Map, key: str, options: tuple[str, ...], what: str) -> Iterator[Problem]:
    for place, name in enumerate(expect.get(key, [])):
        yield from _unknown(str(name), options, what, source_of(expect[key], place))


def _keys(told: Mapping[str, Any], options: tuple[str, ...], what: str) -> Iterator[Problem]:
    for name in told:
        yield from _unknown(name, options, what, key_source(told, name))


def _unknown(name: str, options: tuple[str, ...], what: str, source: Source | None) -> Iterator[Problem]:
    if name in options:
        return
    told = {"options": "\n".join(options) if len(options) <= 12 else "", "nearest": nearest(name, options)}  # noqa: PLR2004 -- as many as one reads
    if what:
        yield problem("unknown-name", source, name=name, what=what, **told)
    else:
        yield problem("not-one-of", source, text=name, **told)
