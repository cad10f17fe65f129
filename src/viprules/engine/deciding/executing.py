"""One step of one day: what evaluates it, and what of it a course reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from attrs import define

from viprules.engine.deciding.history import Customer
from viprules.engine.deciding.walking import Walk
from viprules.engine.lowering.plan import Plan
from viprules.engine.lowering.tiers.machine import Machine

__all__ = ["Executor", "Outputs", "Walker", "wanted"]

Outputs = Mapping[str, Any]
PRIMED = ("since'", "best'", "landed'", "grace'", "grace_tier'", "missed'", "missed_tier'", "grant_from'")
TOLD = ("out", "held", "verdict", "fell", "land_on", "valid_until", "warn")


class Executor(Protocol):
    """Evaluates one step of one day."""

    def step(self, customer: Customer, day: int, inputs: Mapping[str, Any], tiers: Mapping[str, Any]) -> Outputs:
        """The outputs of every machine (see `wanted`) as of the end of a day."""


def wanted(one: Machine) -> tuple[str, ...]:
    """The bindings of a machine that a course reads."""
    name = one.tier_set.name
    lanes = [f"{name}.{stage}" for lane in one.lanes for stage in (f"now.{lane.key}", f"until.{lane.key}'")]
    ranks = [f"{name}.entered.{rank}'" for rank in range(one.base + 1, len(one.tier_set.tiers) + 1)]
    bound = {binding.name for binding in one.bindings}
    falls = [f"{name}.fall_to"] if f"{name}.fall_to" in bound else []
    moments = [f"{name}.moment.{lane.key}'" for lane in one.lanes if lane.moment]
    return (*lanes, *ranks, *falls, *moments, *(f"{name}.{key}" for key in (*PRIMED, *TOLD)))


@define(kw_only=True)
class Walker:
    """The reference executor: walks the tree."""

    plan: Plan

    def walk(self, customer: Customer, day: int, inputs: Mapping[str, Any], tiers: Mapping[str, Any]) -> Walk:
        """A walk over one customer as of one day."""
        return Walk(
            definitions=self.plan.definitions,
            fields=self.plan.fields,
            customer=customer,
            today=day,
            inputs=inputs,
            zone=self.plan.zone,
            tiers=tiers,
        )

    def step(self, customer: Customer, day: int, inputs: Mapping[str, Any], tiers: Mapping[str, Any]) -> Outputs:
        """One step, node by node."""
        walk = self.walk(customer, day, inputs, tiers)
        return {name: walk.of(name) for one in self.plan.machines for name in wanted(one)}
