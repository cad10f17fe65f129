"""Kept records, tables of present tiers and manual orders, as a caller states them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from viprules.engine.days import FOREVER, iso
from viprules.engine.deciding.grants import IMPORTED, Bound, Grant, Membership, Override, Standing
from viprules.engine.deciding.moments import as_day
from viprules.engine.deciding.values import Values, told
from viprules.engine.lowering.tiers.machine import Machine
from viprules.engine.reading.faults import nearest
from viprules.errors import UsageError

__all__ = ["membership_of", "override_of"]

OVERRIDES = ("floor", "ceiling", "pin", "exclude")
RANKS = ("tier", "best", "grace_tier", "missed_tier")
UNKNOWN = ("since", "grant_from", "entered")
"""What of a standing may be unknown."""


def override_of(values: Values, raw: Mapping[str, Any]) -> Override | None:
    """A manual order with its days, reason and author."""
    kind, tier_set = told(raw.get("kind", "")), told(raw.get("tier_set") or values.plan.policy.tier_sets[0].name)
    if kind not in OVERRIDES:
        values.refuse("unknown-override", name=kind, nearest=nearest(kind, OVERRIDES))
        return None
    tier = told(raw.get("tier", ""))
    if kind != "exclude" and not _is_tier(values, tier_set, tier):
        return None
    first, until = values.day(raw, "from") or 1, values.day(raw, "until") or FOREVER
    if first > until:
        values.refuse("ends-before", name=kind, first=iso(first), until=iso(until))
    return Override(
        kind=kind,
        tier=tier,
        tier_set=tier_set,
        first=first,
        until=until,
        reason=told(raw.get("reason", "")),
        by=told(raw.get("by", "")),
    )


def _is_tier(values: Values, tier_set: str, tier: str) -> bool:
    ids = [t.id for one in values.plan.policy.tier_sets if one.name == tier_set for t in one.tiers]
    if tier not in ids:
        values.refuse("undeclared-tier", name=tier, nearest=nearest(tier, ids))
    return tier in ids


def membership_of(values: Values, raw: Any) -> Membership | None:
    """The kept record, or a row of a plain table of present tiers (`tier valid_until since recorded`)."""
    if raw is None or isinstance(raw, Membership):
        return raw
    if isinstance(raw, Mapping) and "decided" in raw:
        return _record(values, raw)
    grants, decided = [], {}
    for row in values.maps("membership", [raw] if isinstance(raw, Mapping) else raw):
        tier_set = told(row.get("tier_set") or values.plan.policy.tier_sets[0].name)
        tier = told(row.get("tier", ""))
        if not _is_tier(values, tier_set, tier):
            continue
        machine = next(one for one in values.plan.machines if one.tier_set.name == tier_set)
        grant, decided[tier_set] = _imported(values, machine, tier, row)
        if grant:
            grants.append(grant)
    return Membership(grants=tuple(grants), decided=decided, imported=True)


def _imported(values: Values, machine: Machine, tier: str, row: Mapping[str, Any]) -> tuple[Grant | None, Standing]:
    since, until, recorded = (values.day(row, name) for name in ("since", "valid_until", "recorded"))
    rank = machine.tier_set.rank(tier)
    kept: dict[str, int | None] = dict.fromkeys(("landed", "grace", "grace_tier", "missed", "missed_tier"), 0)
    kept |= {"tier": rank, "best": rank, "since": since if rank > machine.base else None, "grant_from": since}
    kept |= {
        f"entered.{one}": (since or recorded) if one <= rank else None
        for one in range(machine.base + 1, len(machine.tier_set.tiers) + 1)
    }
    standing = Standing(through=recorded or 0, values=kept)
    if rank <= machine.base:
        return None, standing
    first = since or recorded or until or 1
    grant = Grant(
        tier_set=machine.tier_set.name,
        tier=tier,
        first=first,
        until=until,
        cause=IMPORTED,
        decided_on=recorded or first,
    )
    return grant, standing


# --- the record of the last decision ----------------------------------------------------------------------


def _record(values: Values, raw: Mapping[str, Any]) -> Membership:
    """A record given back; whatever was changed in it so that it cannot be read is a problem."""
    machines = {one.tier_set.name: one for one in values.plan.machines}
    try:
        grants = tuple(_grant(row) for row in raw.get("grants", ()))
        bounds = tuple(_bound(row) for row in raw.get("bounds", ()))
        decided = {name: _standing(machines.get(name), one) for name, one in raw["decided"].items()}
    except (KeyError, UsageError, TypeError, AttributeError) as wrong:
        values.refuse("broken-record", text=str(wrong))
        return Membership()
    rows: tuple[Grant | Bound, ...] = (*grants, *bounds)
    for row in rows:
        _is_tier(values, row.tier_set, row.tier)
    return Membership(grants=grants, bounds=bounds, decided=decided)


def _grant(row: Mapping[str, Any]) -> Grant:
    return Grant(
        tier_set=_text(row, "tier_set"),
        tier=_text(row, "tier"),
        first=as_day(row["from"]),
        until=as_day(row["until"]) if row.get("until") else None,
        cause=_text(row, "cause"),
        decided_on=as_day(row["decided_on"]),
        policy=_text(row, "policy", ""),
    )


def _bound(row: Mapping[str, Any]) -> Bound:
    after = row.get("after")
    return Bound(
        tier_set=_text(row, "tier_set"),
        tier=_text(row, "tier"),
        cause=_text(row, "cause", ""),
        kind=_text(row, "kind"),
        first=as_day(row["from"]),
        decided_on=as_day(row["decided_on"]),
        reason=_text(row, "reason", ""),
        after=None if after is None else _whole("after", after, range(FOREVER)),
    )


def _standing(machine: Machine | None, row: Mapping[str, Any]) -> Standing:
    """The standing in a tier set; in one that the policy no longer has nothing is asked of it."""
    kept = {key: value for key, value in row.items() if key != "through"}
    if machine is not None:
        for key, value in kept.items():
            name = key.removeprefix("before.")
            if value is not None or not name.startswith(UNKNOWN):
                _whole(key, value, _range(machine, name))
    return Standing(through=as_day(row["through"]), values=kept)


def _range(machine: Machine, name: str) -> range:
    """Which whole numbers a value of a standing may be: a rank, a day, a fingerprint."""
    if name == "seen":
        return range(10**18)
    return range(len(machine.tier_set.tiers) + 1) if name in RANKS else range(name.startswith(UNKNOWN), FOREVER + 1)


def _text(row: Mapping[str, Any], key: str, missing: str | None = None) -> str:
    found = row[key] if missing is None else row.get(key, missing)
    if not isinstance(found, str):
        raise UsageError(f"{key}: {told(found)}")
    return found


def _whole(key: str, value: Any, known: range) -> int:
    if type(value) is not int or value not in known:
        raise UsageError(f"{key}: {told(value)}")
    return value
