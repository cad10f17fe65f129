"""The names that a policy's schema is closed with, and the kinds of names that parameters can want."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NewType, Protocol

from attrs import frozen

from viprules.engine.policy.describing import BenefitType, ChannelType, TermType

__all__ = ["BUILT_IN_PERIODS", "WORDS", "EventName", "FactName", "FieldPath", "Names", "PeriodName", "Vocabulary"]

EventName = NewType("EventName", str)
FieldPath = NewType("FieldPath", str)
FactName = NewType("FactName", str)
PeriodName = NewType("PeriodName", str)

BUILT_IN_PERIODS = ("year", "half_year", "quarter", "month", "week")
WORDS = ("all", "any", "not", "at_least_of", "tier", "date")
"""What every condition can say, whatever the file declares."""


class Vocabulary(Protocol):
    """What a catalogue offers to the schema."""

    @property
    def terms(self) -> Mapping[str, TermType]:
        """Terms by name."""

    @property
    def benefits(self) -> Mapping[str, BenefitType]:
        """Kinds of benefits by name."""

    @property
    def channels(self) -> Mapping[str, ChannelType]:
        """Channels by name."""


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
    scales: tuple[str, ...] = ()
    open: bool = False
    """For the published schema: any name is allowed where a declared one is wanted."""

    @property
    def asked(self) -> tuple[str, ...]:
        """Every name that a condition may ask."""
        return (*self.metrics, *self.facts, *self.segments, *self.tier_sets)
