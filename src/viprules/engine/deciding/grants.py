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
    "folded",
    "rows_between",
    "standing_of",
]

ALWAYS = 1
"""The `since` of who has never held anything else."""
EARNED, IMPORTED = "earned", "imported"
CAUSES = {RENEWED: "renewed", PROVISIONAL: "provisional", HELD_ON: "extended", GRACE: "grace", LANDED: "landed"}
KEPT = ("tier", "since", "grant_from", "best", "landed", "grace", "grace_tier", "missed", "missed_tier")


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
    """A row that lowers: grants of the tier and cause decided before it end on the eve of `first`."""

    tier_set: str
    tier: str
    cause: str
    kind: str
    first: int
    decided_on: int
    reason: str = ""

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
    """By the names of `machine`: `tier since grant_from best landed grace … entered.<rank>`."""

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


def folded(machine: Machine, membership: Membership) -> State:
    """The state that the rows and the last standing amount to."""
    name, state = machine.tier_set.name, blank_state(machine)
    standing = membership.decided.get(name)
    if standing is not None:
        state |= {f"{name}.{key}": value for key, value in standing.values.items()}
    bounds = [one for one in membership.bounds if one.tier_set == name]
    lanes = {one.key: one for one in machine.lanes}
    for grant in membership.grants:
        lane = _lane_of(lanes, grant)
        if grant.tier_set != name or lane is None:
            continue
        ends = [
            one.first - 1
            for one in bounds
            if (one.tier, one.cause) == (grant.tier, lane.cause) and grant.decided_on < one.decided_on
        ]
        until = min([FOREVER if grant.until is None else grant.until, *ends])
        state[f"{name}.until.{lane.key}"] = max(state[f"{name}.until.{lane.key}"], until)
    return state


def _lane_of(lanes: Mapping[str, Lane], grant: Grant) -> Lane | None:
    """The lane of a grant: that of its way, else the tier's own."""
    return lanes.get(f"{grant.tier}/{grant.cause}") or lanes.get(grant.tier)


def standing_of(machine: Machine, state: State, through: int) -> Standing:
    """What to keep of a state beside the rows."""
    name = machine.tier_set.name
    entered = [f"entered.{rank}" for rank in range(machine.base + 1, len(machine.tier_set.tiers) + 1)]
    moments = [f"moment.{lane.key}" for lane in machine.lanes if lane.moment]
    return Standing(through=through, values={key: state[f"{name}.{key}"] for key in (*KEPT, *entered, *moments)})


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


def _cause(name: str, lane: Lane, after: Mapping[str, Any], now: int, new: int) -> str:
    if after[f"{name}.fell"] > lane.rank and now == new and after.get(f"{name}.fall_to") == lane.rank:
        return "landed"
    if new == now:
        return EARNED
    verdict = after[f"{name}.verdict"]
    target = after[f"{name}.land_on"] if verdict == LANDED else after[f"{name}.held"]
    return CAUSES[verdict] if verdict and target == lane.rank else EARNED
