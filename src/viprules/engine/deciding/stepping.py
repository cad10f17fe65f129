"""Steps: a customer's state taken from one day to the next, with the rows that this writes."""

from __future__ import annotations

from typing import Any

from attrs import define, evolve, field

from viprules.engine.days import FOREVER
from viprules.engine.deciding.executing import Executor, Outputs
from viprules.engine.deciding.grants import Bound, Grant, Membership, State, folded, rows_between
from viprules.engine.deciding.history import Customer, cut
from viprules.engine.lowering.plan import Plan
from viprules.engine.lowering.tiers.machine import Machine

__all__ = ["Steps"]


@define(kw_only=True)
class Steps:
    """The state of one customer, on the way to the day asked."""

    plan: Plan
    executor: Executor
    customer: Customer
    day: int
    instant: int | None = None
    """An instant of `day` up to which events count; None means the whole day."""
    digest: str = ""
    """The policy's short name in rows."""
    state: State = field(factory=dict)
    before: State = field(factory=dict)
    """The state at the start of the last step, when returns have taken back."""
    opened: State = field(factory=dict)
    """The state at the start of the last step."""
    outputs: Outputs = field(factory=dict)
    rows: list[Grant | Bound] = field(factory=list)
    """What the steps add to the ledger."""
    tiers: dict[str, dict[str, Any]] = field(factory=dict)
    """What each tier was just before an event, by its id, where a policy asks for it."""
    verdicts: dict[str, set[int]] = field(factory=dict)
    """What judgements came to since the last decided day."""
    open_day: bool = False
    """The day asked has not ended: ways in only on that day."""
    entries_only: bool = False
    """Ways in only: what an imported or late-corrected record adds."""
    every_day: bool = False
    start: int = 0
    """The last decided day."""
    again: bool = False
    """The first day has been judged before, and is now judged with what has become known since."""
    today: int = 0
    """The day of the last step."""

    def begin_day(self, day: int) -> None:
        """Begin a day."""
        self.today, self.opened = day, dict(self.state)

    def step(self, day: int, customer: Customer) -> None:
        """One step of a day, of the customer as they are known on it."""
        if self.plan.sequential:
            self._tiers_before(day, customer)
        self.before = dict(self.state)
        self.outputs = self._outputs(customer, day)
        if self.entries_only or (day == self.day and (self.open_day or self.instant is not None)):
            self.outputs = self._ways_in_only(self.outputs)
        for one in self.plan.machines:
            for row in rows_between(one, self.before, self.outputs, day, self.digest):
                self.write(row)
            self._keep(one)

    def write(self, row: Grant | Bound) -> None:
        """Add a row to the ledger; a bound ends what stands before it."""
        self.rows.append(evolve(row, after=len(self.ledger().grants)) if isinstance(row, Bound) else row)

    def ledger(self) -> Membership:
        """All rows, those kept and those that the steps added."""
        record = self.customer.membership or Membership()
        return Membership(grants=(*record.grants, *self.grants), bounds=(*record.bounds, *self.bounds))

    def _outputs(self, customer: Customer, day: int) -> Outputs:
        inputs = self.state | self.overrides(day)
        if self.instant is not None and day == self.day:
            inputs["instant"] = self.instant
        return self.executor.step(customer, day, inputs, self.tiers)

    def _ways_in_only(self, outputs: Outputs) -> Outputs:
        """The day has not ended: expiry and review are not judged."""
        found = dict(outputs)
        for one in self.plan.machines:
            name = one.tier_set.name
            found |= {f"{name}.until.{lane.key}'": outputs[f"{name}.now.{lane.key}"] for lane in one.lanes}
            found |= {
                f"{name}.{key}'": self.state[f"{name}.{key}"]
                for key in ("missed", "missed_tier", "grace", "grace_tier", "landed")
            }
            if outputs[f"{name}.verdict"]:
                found |= {f"{name}.verdict": 0, f"{name}.grant_from'": self.state[f"{name}.grant_from"]}
            ends = [outputs[f"{name}.now.{lane.key}"] for lane in one.lanes if lane.rank == outputs[f"{name}.out"]]
            held = outputs[f"{name}.held"] == outputs[f"{name}.out"]
            found[f"{name}.valid_until"] = max(ends) if ends and held and max(ends) < FOREVER else None
        return found

    def _keep(self, one: Machine) -> None:
        name, outputs = one.tier_set.name, self.outputs
        self.verdicts.setdefault(name, set()).add(outputs[f"{name}.verdict"])
        for key in list(self.state):
            primed = f"{key}'"
            if primed in outputs:
                self.state[key] = outputs[primed]
        self.state[f"{name}.tier"] = outputs[f"{name}.out"]

    def overrides(self, day: int) -> dict[str, int]:
        """Floor and ceiling of each tier set on a day, from the overrides in force."""
        found: dict[str, int] = {}
        for one in self.plan.machines:
            name, floor, ceiling = one.tier_set.name, one.base, len(one.tier_set.tiers)
            for order in self.customer.overrides:
                if order.tier_set != name or not order.first <= day <= order.until:
                    continue
                rank = one.base if order.kind == "exclude" else one.tier_set.rank(order.tier)
                floor = max(floor, rank) if order.kind in ("floor", "pin") else floor
                ceiling = min(ceiling, rank) if order.kind in ("ceiling", "pin", "exclude") else ceiling
            found |= {f"{name}.floor": floor, f"{name}.ceiling": ceiling}
        return found

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The rows that the steps added."""
        return tuple(one for one in self.rows if isinstance(one, Grant))

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """The rows that the steps added."""
        return tuple(one for one in self.rows if isinstance(one, Bound))

    # --- the tier before an event -------------------------------------------------------------------------

    def _tiers_before(self, day: int, customer: Customer) -> None:
        """What `tier` was just before each event up to the day: ways in asked with what came before it."""
        names = [f"{one.tier_set.name}.tier" for one in self.plan.machines]
        for event in customer.events:
            if event.type not in self.plan.sequential or event.id in self.tiers or event.day > day:
                continue
            state = self.state if event.day == day else self._state_before(event.day)
            earlier = cut(self.customer, self.plan.policy, event.instant, event.day, before=event.order)
            outputs = self.executor.step(earlier, event.day, state | self.overrides(event.day), self.tiers)
            self.tiers[event.id] = {name: outputs[f"{name[: -len('tier')]}out"] for name in names}

    def _state_before(self, day: int) -> State:
        """The state at the start of a day that was decided long ago, as far as the ledger tells."""
        found: State = {}
        record = self.customer.membership or Membership()
        for one in self.plan.machines:
            state = folded(one, evolve(record, decided={}), through=day - 1)
            held = [lane.rank for lane in one.lanes if state[f"{one.tier_set.name}.until.{lane.key}"] >= day]
            found |= state | {f"{one.tier_set.name}.tier": max(held, default=one.base)}
        return found
