"""The membership: a ledger of grants and bounds, and the state that folds out of it.

Rows are never edited. A grant raises (tier, from, until, cause); a bound lowers (an early end, a
revocation). The state that the machine reads is the last valid day of every lane, folded from the
rows, and what was last decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

from viprules.engine.days import FOREVER, NEVER, iso
from viprules.engine.lowering.tiers.judging import GRACE, HELD_ON, LANDED, PROVISIONAL, RENEWED
from viprules.engine.lowering.tiers.lanes import Lane
from viprules.engine.lowering.tiers.machine import Machine

__all__ = [
    "Bound",
    "Grant",
    "Membership",
    "Override",
    "Standing",
    "blank_state",
    "corrections",
    "folded",
    "rows_between",
    "situated",
    "standing_of",
    "state_names",
]

ALWAYS = 1
"""The `since` of who has never held anything else."""
EARNED, IMPORTED = "earned", "imported"
CAUSES = {RENEWED: "renewed", PROVISIONAL: "provisional", HELD_ON: "extended", GRACE: "grace", LANDED: "landed"}
KEPT = ("tier", "since", "grant_from", "best", "landed", "grace", "grace_tier", "missed", "missed_tier")
SITUATED = ("tier", "grace", "grace_tier", "missed", "missed_tier")


@frozen(kw_only=True)
class Grant:
    """A row that raises: `tier` from `first` to `until` (both included; None: no end) for a cause."""

    tier_set: str
    tier: str
    first: int
    until: int | None
    cause: str
    decided_on: int
    policy: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The row as plain data, days as ISO text."""
        return {
            "tier_set": self.tier_set,
            "tier": self.tier,
            "from": iso(self.first),
            "until": None if self.until is None else iso(self.until),
            "cause": self.cause,
            "decided_on": iso(self.decided_on),
            "policy": self.policy,
        }


@frozen(kw_only=True)
class Bound:
    """A row that lowers: grants of the tier and cause that stand before it end on the eve of `first`."""

    tier_set: str
    tier: str
    cause: str
    kind: str
    first: int
    decided_on: int
    reason: str = ""
    after: int | None = None
    """So many grants of the ledger stand before it; None in rows written without it: those decided on earlier days."""

    def ends(self, grant: Grant, number: int) -> bool:
        """Does a grant, the so-manieth of the ledger, stand before it?"""
        return grant.decided_on < self.decided_on if self.after is None else number < self.after

    def as_dict(self) -> dict[str, Any]:
        """The row as plain data, days as ISO text."""
        return {
            "tier_set": self.tier_set,
            "tier": self.tier,
            "cause": self.cause,
            "kind": self.kind,
            "from": iso(self.first),
            "decided_on": iso(self.decided_on),
            "reason": self.reason,
            "after": self.after,
        }


@frozen(kw_only=True)
class Override:
    """A manual order: `floor`, `ceiling`, `pin` or `exclude`, from day to day, with its reason and author."""

    kind: str
    tier: str
    tier_set: str
    first: int
    until: int
    reason: str = ""
    by: str = ""


@frozen(kw_only=True)
class Standing:
    """Where a customer stood in a tier set at the end of `through`: what the rows alone do not tell."""

    through: int
    values: Mapping[str, int | None]
    """By the names of `machine`: `tier since grant_from best landed grace … entered.<rank>`.

    `open` says that the day after `through` has begun; `before.<name>` what was another value at the start of the last
    day judged, so that this day can be judged a second time; `seen` is a fingerprint of the events up to `through`.
    """

    def as_dict(self) -> dict[str, Any]:
        """Plain data: whole numbers, as the machine reads them."""
        return {"through": iso(self.through), **self.values}


@frozen(kw_only=True)
class Membership:
    """The record kept between two decisions: grants, bounds, and what was decided last."""

    grants: tuple[Grant, ...] = ()
    bounds: tuple[Bound, ...] = ()
    decided: Mapping[str, Standing] = field(factory=dict)
    imported: bool = False
    """Taken over from a plain table: what events give besides has still to be added."""

    @property
    def decided_through(self) -> int:
        """The last day that every tier set has been decided for."""
        return min((one.through for one in self.decided.values()), default=0)

    @property
    def begun(self) -> bool:
        """Has the day after the last decided one been asked before it ended?"""
        return any(one.values.get("open") for one in self.decided.values())

    def as_dict(self) -> dict[str, Any]:
        """The record as plain data, as `program.customer(membership=…)` takes it back."""
        return {
            "grants": [one.as_dict() for one in self.grants],
            "bounds": [one.as_dict() for one in self.bounds],
            "decided": {name: one.as_dict() for name, one in self.decided.items()},
        }


State = dict[str, Any]


def blank_state(machine: Machine) -> State:
    """The state of somebody who never held anything."""
    name, base = machine.tier_set.name, machine.base
    state: State = {f"{name}.{one}": 0 for one in KEPT}
    state |= {f"{name}.tier": base, f"{name}.best": base, f"{name}.since": ALWAYS, f"{name}.grant_from": None}
    state |= {f"{name}.until.{lane.key}": NEVER for lane in machine.lanes}
    state |= {f"{name}.moment.{lane.key}": NEVER for lane in machine.lanes if lane.moment}
    state |= {f"{name}.entered.{rank}": None for rank in range(1, len(machine.tier_set.tiers) + 1)}
    return state


def folded(machine: Machine, membership: Membership, *, through: int | None = None) -> State:
    """The state that the rows and the last standing amount to; with `through` the state at the end of that day.

    The day after `through` is then the last one judged, or no standing is kept.
    """
    name, state = machine.tier_set.name, blank_state(machine)
    standing = membership.decided.get(name)
    if standing is not None:
        values = dict(standing.values)
        if through is not None:
            values |= {key.removeprefix("before."): one for key, one in values.items() if key.startswith("before.")}
        state |= {at: one for key, one in values.items() if (at := f"{name}.{key}") in state}
    kept = [one for one in membership.bounds if one.tier_set == name and _stands(one, through)]
    lanes = {one.key: one for one in machine.lanes}
    for number, grant in enumerate(membership.grants):
        lane = _lane_of(lanes, grant)
        if grant.tier_set != name or lane is None or not _stands(grant, through):
            continue
        mine = [one for one in kept if (one.tier, one.cause) == (grant.tier, lane.cause)]
        ends = [one.first - 1 for one in mine if one.ends(grant, number)]
        until = min([FOREVER if grant.until is None else grant.until, *ends])
        state[f"{name}.until.{lane.key}"] = max(state[f"{name}.until.{lane.key}"], until)
    return state


def state_names(machines: Iterable[Machine]) -> tuple[str, ...]:
    """The names of a state in their order."""
    return tuple(name for one in machines for name in blank_state(one))


def situated(machine: Machine, state: Mapping[str, Any]) -> dict[str, Any]:
    """What of a state a judgement turns on; all else in it is only carried along, or read when it is asked for."""
    name = machine.tier_set.name
    turning = [*SITUATED, *(f"until.{lane.key}" for lane in machine.lanes)]
    return {f"{name}.{key}": state[f"{name}.{key}"] for key in turning}


def _stands(row: Grant | Bound, through: int | None) -> bool:
    """Was a row there at the end of a day? What was taken over is there from its first day on."""
    if through is None or row.decided_on <= through:
        return True
    return isinstance(row, Grant) and row.cause == IMPORTED and row.first <= through + 1


def _lane_of(lanes: Mapping[str, Lane], row: Grant | Bound) -> Lane | None:
    """The lane of a row: that of its way, else the tier's own."""
    return lanes.get(f"{row.tier}/{row.cause}") or lanes.get(row.tier)


def standing_of(machine: Machine, state: State, before: State, through: int, *, is_open: bool) -> Standing:
    """What to keep beside the rows of a state, and of the state before the last day judged."""
    name = machine.tier_set.name
    entered = [f"entered.{rank}" for rank in range(machine.base + 1, len(machine.tier_set.tiers) + 1)]
    moments = [f"moment.{lane.key}" for lane in machine.lanes if lane.moment]
    keys = (*KEPT, *entered, *moments)
    values = {key: state[f"{name}.{key}"] for key in keys}
    earlier = {key: before[f"{name}.{key}"] for key in keys}
    values |= {f"before.{key}": one for key, one in earlier.items() if one != values[key]}
    return Standing(through=through, values=values | ({"open": 1} if is_open else {}))


def rows_between(
    machine: Machine, before: State, after: Mapping[str, Any], day: int, policy: str
) -> Iterable[Grant | Bound]:
    """The rows that lead from one state to the next: what one step adds to the ledger."""
    name = machine.tier_set.name
    for lane in machine.lanes:
        key = f"{name}.until.{lane.key}"
        old, now, new = before[key], after[f"{name}.now.{lane.key}"], after[f"{key}'"]
        old = old if old >= day - 1 else NEVER
        if new > old and new >= day:
            yield Grant(
                tier_set=name,
                tier=lane.tier,
                first=day if now > old or (old == NEVER and now >= day) else day + 1,
                until=None if new == FOREVER else new,
                cause=lane.cause or _cause(name, lane, after, now, new),
                decided_on=day,
                policy=policy,
            )
        elif new < old:
            yield Bound(tier_set=name, tier=lane.tier, cause=lane.cause, kind="ended", first=new + 1, decided_on=day)


def corrections(  # noqa: PLR0917 -- a ledger, a state, and what lies between them
    machine: Machine, said: State, state: State, rows: Iterable[Grant | Bound], day: int, policy: str, reason: str
) -> Iterable[Grant | Bound]:
    """What a day that is judged a second time adds to a ledger, so that it says the state: as few rows as are needed.

    `rows` are those that the judgement wrote, `reason` names the returns of the day.
    """
    name, lanes = machine.tier_set.name, {one.key: one for one in machine.lanes}
    for lane in machine.lanes:
        old, new = (max(one[f"{name}.until.{lane.key}"], day - 1) for one in (said, state))
        mine = [one for one in rows if one.tier_set == name and _lane_of(lanes, one) == lane]
        if new > old:
            until = None if new == FOREVER else new
            grants = [one for one in mine if isinstance(one, Grant) and one.until == until]
            cause = lane.cause or EARNED
            yield (
                grants[-1]
                if grants
                else Grant(
                    tier_set=name, tier=lane.tier, first=day, until=until, cause=cause, decided_on=day, policy=policy
                )
            )
        elif new < old:
            bounds = [one for one in mine if isinstance(one, Bound) and one.first == new + 1]
            yield (
                bounds[-1]
                if bounds
                else Bound(
                    tier_set=name,
                    tier=lane.tier,
                    cause=lane.cause,
                    kind="revoked" if reason else "ended",
                    first=new + 1,
                    decided_on=day,
                    reason=reason,
                )
            )


def _cause(name: str, lane: Lane, after: Mapping[str, Any], now: int, new: int) -> str:
    if after[f"{name}.fell"] > lane.rank and now == new and after.get(f"{name}.fall_to") == lane.rank:
        return "landed"
    if new == now:
        return EARNED
    verdict = after[f"{name}.verdict"]
    target = after[f"{name}.land_on"] if verdict == LANDED else after[f"{name}.held"]
    return CAUSES[verdict] if verdict and target == lane.rank else EARNED
