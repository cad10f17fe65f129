"""Driving: from the last decided day to the day asked, and what that leaves behind.

A course steps every day on which something can change, keeps the state, and writes the rows of the ledger.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from attrs import define, evolve, field

from viprules.engine.days import FOREVER, NEVER
from viprules.engine.deciding.due import next_due, waits
from viprules.engine.deciding.grants import Grant, Membership, blank_state, corrections, folded, standing_of
from viprules.engine.deciding.history import Customer, Event, cut, net_entries
from viprules.engine.deciding.returning import revoke
from viprules.engine.deciding.stepping import Steps
from viprules.engine.lowering.tiers.judging import GRACE, HELD_ON, PROVISIONAL, RENEWED
from viprules.engine.lowering.tiers.machine import Machine

__all__ = ["Course"]


@define(kw_only=True)
class Course(Steps):
    """One customer on the way from the last decided day to the day asked."""

    compared: dict[str, Any] = field(factory=dict)
    """The tier of each set that `change` compares with: that of the last decided day."""
    ends: dict[str, int] = field(factory=dict)
    """When that tier was to end."""
    settling: bool = False
    """A replay of net history, which takes nothing back itself."""

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
            at = min(at + 1 if at == self.start and self._goes_on(record) else next_due(self, at), self.day)
            customer, written = self._known_on(at), len(self.rows)
            self.begin_day(at)
            if not self.settling:
                self._take_back_on(at, customer)
            self.step(at, customer)
            if self.again and at == self.start + 1:
                self._correct(at, written)
            yield self

    def _goes_on(self, record: Membership | None) -> bool:
        """Is the first day due in any case: imported, judged a second time, or waiting for what may be known now?"""
        return self.again or waits(self) or (record is not None and record.imported)

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
        late = record is not None and self._late(record)
        if late:
            self._take_back(self.start, self.customer.events, "")
        if record is not None and (record.imported or late):
            self._add_entries()

    def _known_on(self, day: int) -> Customer:
        """The customer as they are known on a day."""
        if day == self.day:
            known = self.customer
            return known if self.instant is None else cut(known, self.plan.policy, self.instant, day)
        # Ready-made values speak of the day asked; what they were on a day before is not known.
        metrics = self.customer.metrics
        return evolve(self.customer, metrics=dict.fromkeys(metrics)) if metrics else self.customer

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
            marks = accumulate(zlib.crc32(one.id.encode(errors="surrogatepass")) for one in self.customer.events)
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
                    self.write(
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

    def _correct(self, day: int, written: int) -> None:
        """Of the rows of a day that is judged a second time leave those that change what the ledger says."""
        rows, self.rows[written:] = self.rows[written:], []
        said, reason = self.ledger(), self._returned(day)
        for one in self.plan.machines:
            for row in corrections(one, folded(one, said), self.state, rows, day, self.digest, reason):
                self.write(row)

    def _returned(self, day: int) -> str:
        """The returns of a day that has been stepped, where they take back."""
        undo = self.plan.policy.returns.lower_tier == "undo"
        back = [one.id for one in self.customer.events if one.day == day and self.plan.events[one.type].returns]
        return ", ".join(back) if undo else ""

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
        unsaid = dict.fromkeys(self.customer.metrics)
        plain = evolve(self.customer, events=events, membership=None, metrics=unsaid, cache={})
        kept = tuple(one for one in events if one.id not in back)
        given, left = net_entries(policy, kept), net_entries(policy, events)
        gross = self._aside(evolve(plain, events=kept, entries=given, cache={}), first - 1)
        net = self._aside(evolve(plain, entries=left, cache={}), first - 1)
        revoke(self, gross, net, first=first, reason=reason)

    # --- what is told -----------------------------------------------------------------------------------

    @property
    def membership(self) -> Membership:
        """The record after the course."""
        through = self.day - 1 if self.instant is not None else self.day
        decided = {}
        for one in self.plan.machines:
            standing = standing_of(one, self.state, self.opened, through, is_open=self.instant is not None)
            seen = {"seen": self.seen(through)} | self._seen_before(through)
            decided[one.tier_set.name] = evolve(standing, values={**standing.values, **seen})
        return evolve(self.ledger(), decided=decided)

    def _seen_before(self, through: int) -> dict[str, int]:
        eve = self.seen(self.day - 1)
        return {} if eve == self.seen(through) else {"before.seen": eve}

    @property
    def next_change(self) -> int | None:
        """The first day after the day asked on which the answer may differ by itself."""
        found = next_due(self, self.day)
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
