"""Driving: which days are stepped, and what the steps leave behind.

An executor knows one step of one day. A course takes a customer from the last decided day to the
day asked: it steps every day on which something can change, keeps the state, and writes the rows
of the ledger.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any, Protocol

from attrs import define, evolve, field

from viprules.engine.days import FOREVER, NEVER, add_span, period_number, period_start
from viprules.engine.deciding.grants import (
    Bound,
    Grant,
    Membership,
    State,
    blank_state,
    corrections,
    folded,
    rows_between,
    standing_of,
)
from viprules.engine.deciding.history import Customer, Entry, Event, dated_facts, entries_of, net_entries
from viprules.engine.deciding.walking import Walk
from viprules.engine.lowering.plan import Plan
from viprules.engine.lowering.tiers.judging import GRACE, HELD_ON, PROVISIONAL, RENEWED
from viprules.engine.lowering.tiers.lanes import Lane
from viprules.engine.lowering.tiers.machine import Machine
from viprules.engine.tree.nodes import Lit, Shift

__all__ = ["Course", "Executor", "Outputs", "Walker", "cut", "wanted"]

Outputs = Mapping[str, Any]
MOST_STEPS = 200_000
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


@define(kw_only=True)
class Course:
    """One customer on the way from the last decided day to the day asked."""

    plan: Plan
    executor: Executor
    customer: Customer
    day: int
    instant: int | None = None
    """An instant of `day` up to which events count; None means the whole day."""
    digest: str = ""
    state: State = field(factory=dict)
    before: State = field(factory=dict)
    """The state at the start of the last step, when returns have taken back."""
    opened: State = field(factory=dict)
    """The state at the start of the last step."""
    outputs: Outputs = field(factory=dict)
    rows: list[Grant | Bound] = field(factory=list)
    tiers: dict[str, dict[str, Any]] = field(factory=dict)
    start: int = 0
    compared: dict[str, Any] = field(factory=dict)
    """The tier of each set that `change` compares with: that of the last decided day."""
    ends: dict[str, int] = field(factory=dict)
    """When that tier was to end."""
    verdicts: dict[str, set[int]] = field(factory=dict)
    """What judgements came to since then."""
    turns: list[int] = field(factory=list)
    settling: bool = False
    """A replay of net history, which takes nothing back itself."""
    open_day: bool = False
    """The day asked has not ended: ways in only on that day."""
    entries_only: bool = False
    """Ways in only: what an imported or late-corrected record adds."""
    every_day: bool = False
    again: bool = False
    """The first day has been judged before, and is now judged with what has become known since."""
    today: int = 0
    """The day of the last step."""

    # --- running ------------------------------------------------------------------------------------

    def run(self) -> Course:
        """Step every due day up to and including the day asked."""
        for _ in self.steps():
            pass
        return self

    def steps(self) -> Iterator[Course]:
        """Run, stopping after each step."""
        self._begin()
        record, at = self.customer.membership, self.start
        while at < self.day:
            at = at + 1 if at == self.start and self._goes_on(record) else self.next_due(at)
            self._step(min(at, self.day))
            yield self

    def _goes_on(self, record: Membership | None) -> bool:
        """Is the first day due in any case: imported, judged a second time, or waiting for what may be known now?"""
        return self.again or self._waits() or (record is not None and record.imported)

    def _begin(self) -> None:
        record = self.customer.membership
        first = self.customer.first_day
        if record is None:
            self.start = min(first, self.day) - 1
            for one in self.plan.machines:
                self.state |= blank_state(one)
        else:
            self.start = min(record.decided_through or self.day - 1, self.day - 1)
            self.again = not record.imported and record.decided_through + record.begun == self.start + 1
            for one in self.plan.machines:
                self.state |= folded(one, record)
        self.compare_here()
        if record is not None and self.again:
            for one in self.plan.machines:
                self.state |= folded(one, record, through=self.start)
        turns = self.customer.cache.get("turns")
        if turns is None:
            turns = self.customer.cache["turns"] = sorted(set(self._turns()))
        self.turns = turns
        late = record is not None and self._late(record)
        if late:
            self._take_back(self.start, self.customer.events, "")
        if record is not None and (record.imported or late):
            self._add_entries()

    def _late(self, record: Membership) -> bool:
        """Do the events up to the last decided day differ from those it was decided with?"""
        values = next((one.values for one in record.decided.values()), {})
        seen = values.get("seen")
        if self.again:
            seen = values.get("before.seen", seen)
        return seen is not None and seen != self.seen(self.start)

    def seen(self, day: int) -> int:
        """A fingerprint of the events up to a day, whatever their order."""
        found = self.customer.cache.get("seen")
        if found is None:
            marks = accumulate(zlib.crc32(one.id.encode()) for one in self.customer.events)
            found = self.customer.cache["seen"] = ([one.day for one in self.customer.events], [0, *marks])
        days, sums = found
        return int(sums[bisect_right(days, day)])

    def _add_entries(self) -> None:
        """Grants that the events up to the last decided day give besides; none falls by it."""
        if self.customer.first_day > self.start:
            return
        customer = evolve(self.customer, membership=None, cache={})
        if self.plan.policy.returns.lower_tier == "undo":
            customer = evolve(customer, entries=net_entries(self.plan.policy, self.customer.events))
        entries = self._aside(customer, self.start, entries_only=True)
        for one in self.plan.machines:
            for lane in one.lanes:
                key = f"{one.tier_set.name}.until.{lane.key}"
                if entries.state[key] > max(self.state[key], self.start):
                    self.state[key] = entries.state[key]
                    self._write(
                        Grant(
                            tier_set=one.tier_set.name,
                            tier=lane.tier,
                            first=self.start,
                            until=None if entries.state[key] == FOREVER else entries.state[key],
                            cause=lane.cause or "earned",
                            decided_on=self.start,
                            policy=self.digest,
                        )
                    )

    def _aside(self, customer: Customer, through: int, *, entries_only: bool = False, open_day: bool = False) -> Course:
        """Another course of the same customer from the beginning, which takes nothing back itself."""
        return Course(
            plan=self.plan,
            executor=self.executor,
            customer=customer,
            day=through,
            digest=self.digest,
            entries_only=entries_only,
            open_day=open_day,
            settling=True,
            every_day=self.every_day,
        ).run()

    def _step(self, day: int) -> None:
        last = day == self.day
        self.today, self.opened, written = day, dict(self.state), len(self.rows)
        customer = self.customer
        if last and self.instant is not None:
            customer = cut(customer, self.plan, self.instant, day)
        elif not last and customer.metrics:
            # Ready-made values speak of the day asked; what they were on a day before is not known.
            customer = evolve(customer, metrics=dict.fromkeys(customer.metrics))
        if not self.settling:
            self._take_back_on(day, customer)
        if self.plan.sequential:
            self._tiers_before(day, customer)
        self.before = dict(self.state)
        self.outputs = self._outputs(customer, day)
        if self.entries_only or (last and (self.open_day or self.instant is not None)):
            self.outputs = self._ways_in_only(self.outputs)
        for one in self.plan.machines:
            for row in rows_between(one, self.before, self.outputs, day, self.digest):
                self._write(row)
            self._keep(one)
        if self.again and day == self.start + 1:
            self._correct(day, written)

    def _write(self, row: Grant | Bound) -> None:
        """Add a row to the ledger; a bound ends what stands before it."""
        self.rows.append(evolve(row, after=len(self._ledger().grants)) if isinstance(row, Bound) else row)

    def _ledger(self) -> Membership:
        """All rows, those kept and those that the steps added."""
        record = self.customer.membership or Membership()
        return Membership(grants=(*record.grants, *self.grants), bounds=(*record.bounds, *self.bounds))

    def _correct(self, day: int, written: int) -> None:
        """Of the rows of a day that is judged a second time leave those that change what the ledger says."""
        rows, self.rows[written:] = self.rows[written:], []
        said, reason = self._ledger(), self._returned(day)
        for one in self.plan.machines:
            for row in corrections(one, folded(one, said), self.state, rows, day, self.digest, reason):
                self._write(row)

    def _returned(self, day: int) -> str:
        """The returns of a day that has been stepped, where they take back."""
        undo = self.plan.policy.returns.lower_tier == "undo"
        back = [one.id for one in self.customer.events if one.day == day and self.plan.events[one.type].returns]
        return ", ".join(back) if undo else ""

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

    # --- the tier before an event -------------------------------------------------------------------------

    def _tiers_before(self, day: int, customer: Customer) -> None:
        """What `tier` was just before each event up to the day: ways in asked with what came before it."""
        names = [f"{one.tier_set.name}.tier" for one in self.plan.machines]
        for event in customer.events:
            if event.type not in self.plan.sequential or event.id in self.tiers or event.day > day:
                continue
            state = self.state if event.day == day else self._state_before(event.day)
            earlier = cut(self.customer, self.plan, event.instant, event.day, before=event.order)
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

    # --- returns ----------------------------------------------------------------------------------------

    def _take_back_on(self, day: int, customer: Customer) -> None:
        """What the net history does not give is revoked from the day of a return."""
        if not any(one.returns for one in self.plan.events.values()):
            return
        events = tuple(one for one in customer.events if one.day <= day)
        today = [one for one in events if one.day == day and self.plan.events[one.type].returns]
        if today:
            self._take_back(day, events, ", ".join(one.id for one in today))

    def _take_back(self, day: int, events: tuple[Event, ...], reason: str) -> None:
        """Revoke what the events give without the returns of a day (of all days: no reason), and not with them."""
        policy, first = self.plan.policy, day if reason else day + 1
        events = tuple(one for one in events if one.day <= day)
        back = {one.id for one in events if self.plan.events[one.type].returns and (one.day == day or not reason)}
        if policy.returns.lower_tier != "undo" or not back:
            return
        plain = evolve(self.customer, events=events, membership=None, cache={})
        kept = tuple(one for one in events if one.id not in back)
        given, left = net_entries(policy, kept), net_entries(policy, events)
        gross = self._aside(evolve(plain, events=kept, entries=given, cache={}), day, open_day=True)
        net = self._aside(evolve(plain, entries=left, cache={}), day, open_day=True)
        for one in self.plan.machines:
            changed = [self._revoke(one, lane, gross, net, first=first, reason=reason) for lane in one.lanes]
            if any(changed):
                name = one.tier_set.name
                self.state |= {
                    f"{name}.{key}": net.state[f"{name}.{key}"]
                    for key in ("landed", "grace", "grace_tier", "missed", "missed_tier", "grant_from")
                }

    def _revoke(self, one: Machine, lane: Lane, gross: Course, net: Course, *, first: int, reason: str) -> bool:
        """Lower a lane to what the net history gives; nothing where that is unknown."""
        key = f"{one.tier_set.name}.until.{lane.key}"
        given, left = gross.state[key], max(net.state[key], first - 1)
        if not (net.state[key] < given and given >= first and self.state[key] > left):
            return False
        if gross.unknown_in(one, lane, net):
            return False
        self.state[key] = left
        self._write(
            Bound(
                tier_set=one.tier_set.name,
                tier=lane.tier,
                cause=lane.cause,
                kind="revoked",
                first=left + 1,
                decided_on=self.today or self.start,
                reason=reason,
            )
        )
        return True

    def unknown_in(self, one: Machine, lane: Lane, other: Course) -> bool:
        """Was what gave a lane its grants here unknown in another course, on one of the days that gave them?"""
        name = one.tier_set.name
        asked = [f"way.{lane.key}"] if lane.way else [f"enter.{lane.rank}", f"stay.{lane.rank}"]
        days = {
            row.decided_on
            for row in self.rows
            if isinstance(row, Grant) and (row.tier_set, row.tier) == (name, lane.tier)
        }
        inputs = blank_state(one) | other.overrides(self.day)
        walks = [Walker(plan=self.plan).walk(other.customer, day, inputs, other.tiers) for day in days]
        return any(walk.of(f"{name}.{what}") is None for walk in walks for what in asked)

    # --- due days ---------------------------------------------------------------------------------------

    def next_due(self, day: int) -> int:
        """The first day after `day` that has to be stepped; beyond the calendar if there is none."""
        if self.plan.daily or self.every_day or self._stirred() or self._waits():
            return day + 1
        at = bisect_right(self.turns, day)
        found = [self.turns[at]] if at < len(self.turns) else [FOREVER]
        for one in self.plan.machines:
            for lane in one.lanes:
                until = self.state[f"{one.tier_set.name}.until.{lane.key}"]
                found.extend(turn for turn in (until, until + 1) if day < turn and until < FOREVER)
        found.extend(turn for turn in self._boundaries(day) if turn > day)
        return min(found)

    def _waits(self) -> bool:
        """Is there a judgement that could not be made? What was missing may be there on any day."""
        return any(self.state[f"{one.tier_set.name}.missed"] for one in self.plan.machines)

    def _stirred(self) -> bool:
        """Did the last step change a tier that a condition asks for? That may turn on the next day."""
        asked = self.before and any(one.asks_standing for one in self.plan.machines)
        held = [f"{one.tier_set.name}.{key}" for one in self.plan.machines for key in ("tier", "best")]
        return bool(asked) and any(self.before[key] != self.state[key] for key in held)

    def _turns(self) -> Iterator[int]:
        """Days known beforehand: of events and facts, of what leaves a window, of overrides and dated values."""
        moments = {lane.way.upon for one in self.plan.machines for lane in one.lanes if lane.way}
        drifts = any(one.drifts for one in self.plan.machines)
        for event in self.customer.events:
            yield event.day
            if drifts:  # an event may end what was met up to its eve
                yield event.day - 1
            if event.type in moments:
                yield event.day + 1
        for days, _ in self.customer.dated.values():
            yield from days
        for order in self.customer.overrides:
            yield from (order.first, order.until, order.until + 1)
        for turn in self.plan.dated_days:
            yield from (turn - 1, turn, turn + 1)
        for event_type, shift in self.plan.rolling:
            for entry in self.customer.entries.get(event_type, ()):
                leaves = leaving_day(entry, shift)
                yield from (leaves - 1, leaves, leaves + 1)

    def _boundaries(self, day: int) -> Iterator[int]:
        """The eve and the first day of the next period of every length that the policy uses."""
        walk = None
        for length, anchor in self.plan.periods:
            if isinstance(anchor, Lit):
                start = anchor.value
            else:
                walk = walk or Walker(plan=self.plan).walk(
                    self.customer, day, self.state | self.overrides(day), self.tiers
                )
                start = walk.value(anchor, day)
            if isinstance(start, int):
                first = period_start(start, length, period_number(start, length, day) + 1)
                yield from (first - 1, first)
                if first == day + 1:  # the eve is today, so the next eve may be the next due day but one
                    yield period_start(start, length, period_number(start, length, first) + 1) - 1

    # --- what is told -----------------------------------------------------------------------------------

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The rows that the steps added."""
        return tuple(one for one in self.rows if isinstance(one, Grant))

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """The rows that the steps added."""
        return tuple(one for one in self.rows if isinstance(one, Bound))

    @property
    def membership(self) -> Membership:
        """The record after the course."""
        through = self.day - 1 if self.instant is not None else self.day
        decided = {}
        for one in self.plan.machines:
            standing = standing_of(one, self.state, self.opened, through, is_open=self.instant is not None)
            seen = {"seen": self.seen(through)} | self._seen_before(through)
            decided[one.tier_set.name] = evolve(standing, values={**standing.values, **seen})
        return evolve(self._ledger(), decided=decided)

    def _seen_before(self, through: int) -> dict[str, int]:
        eve = self.seen(self.day - 1)
        return {} if eve == self.seen(through) else {"before.seen": eve}

    @property
    def next_change(self) -> int | None:
        """The first day after the day asked on which the answer may differ by itself."""
        found = self.next_due(self.day)
        return found if found < FOREVER else None

    def change(self, one: Machine) -> str:
        """What changed in a tier set against the last decided day."""
        name = one.tier_set.name
        before, now = self.compared[name], self.outputs[f"{name}.out"]
        if now != before:
            return "upgrade" if now > before else "downgrade"
        if now <= one.base:
            return "none"
        if GRACE in self.verdicts.get(name, set()):
            return "grace"
        return "renew" if self._moved(one) else "none"

    def _moved(self, one: Machine) -> bool:
        """Does the tier end later than it did, for another reason than a pending judgement?"""
        name = one.tier_set.name
        until, before = self.outputs[f"{name}.valid_until"], self.ends[name]
        verdicts = self.verdicts.get(name, set())
        if until is None or {PROVISIONAL, HELD_ON} & verdicts:
            return False
        return NEVER < before < until or (before == FOREVER and RENEWED in verdicts)

    def compare_here(self) -> None:
        """Let `change` speak of what comes from here on: for a history told step by step."""
        self.compared = {one.tier_set.name: self.state[f"{one.tier_set.name}.tier"] for one in self.plan.machines}
        self.ends = {one.tier_set.name: self._end(one) for one in self.plan.machines}
        self.verdicts = {}

    def _end(self, one: Machine) -> int:
        """The last valid day of the tier held."""
        name = one.tier_set.name
        lanes = [lane.key for lane in one.lanes if lane.rank == self.state[f"{name}.tier"]]
        return max((self.state[f"{name}.until.{key}"] for key in lanes), default=NEVER)


def cut(customer: Customer, plan: Plan, instant: int, day: int, before: tuple[int, int, str] | None = None) -> Customer:
    """The customer as of an instant, or just before an event."""
    events = tuple(
        one for one in customer.events if one.day < day or (one.order < before if before else one.instant <= instant)
    )
    ignore = plan.policy.returns.lower_tier == "never"
    entries = entries_of(plan.policy, events, ignore_returns=ignore)
    return evolve(customer, events=events, entries=entries, dated=dated_facts(plan.policy, events), cache={})


def leaving_day(entry: Entry, shift: Shift) -> int:
    """The first day whose rolling window no longer holds the entry."""
    day = add_span(entry.day, shift.span)
    while add_span(day, shift.span, -1) + 1 <= entry.day:
        day += 1
    return day
