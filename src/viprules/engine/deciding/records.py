"""Kept records, tables of present tiers and manual orders, as a caller states them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from viprules.engine.days import FOREVER
from viprules.engine.deciding.grants import IMPORTED, Bound, Grant, Membership, Override, Standing
from viprules.engine.deciding.moments import as_day
from viprules.engine.deciding.values import Values
from viprules.engine.reading.faults import nearest
from viprules.errors import UsageError

__all__ = ["membership_of", "override_of"]

OVERRIDES = ("floor", "ceiling", "pin", "exclude")


def override_of(values: Values, raw: Mapping[str, Any]) -> Override | None:
    """A manual order with its days, reason and author."""
    kind, tier_set = str(raw.get("kind", "")), str(raw.get("tier_set") or values.plan.policy.tier_sets[0].name)
    if kind not in OVERRIDES:
        values.refuse("unknown-override", name=kind, nearest=nearest(kind, OVERRIDES))
        return None
    tier = str(raw.get("tier", ""))
    if kind != "exclude" and not _is_tier(values, tier_set, tier):
        return None
    first, until = (values.date(raw[one]) if raw.get(one) else None for one in ("from", "until"))
    return Override(
        kind=kind,
        tier=tier,
        tier_set=tier_set,
        first=first or 1,
        until=until or FOREVER,
        reason=str(raw.get("reason", "")),
        by=str(raw.get("by", "")),
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
    if "decided" in raw:
        return _record(values, raw)
    rows = raw if isinstance(raw, list | tuple) else [raw]
    grants, decided = [], {}
    for row in rows:
        tier_set = str(row.get("tier_set") or values.plan.policy.tier_sets[0].name)
        tier = str(row.get("tier", ""))
        if not _is_tier(values, tier_set, tier):
            continue
        grant, standing = _imported(values, tier_set, tier, row)
        decided[tier_set] = standing
        if grant:
            grants.append(grant)
    return Membership(grants=tuple(grants), decided=decided, imported=True)


def _imported(values: Values, tier_set: str, tier: str, row: Mapping[str, Any]) -> tuple[Grant | None, Standing]:
    since, until, recorded = (values.date(row[n]) if row.get(n) else None for n in ("since", "valid_until", "recorded"))
    for name, found in (("since", since), ("valid_until", until), ("recorded", recorded)):
        if row.get(name) and found is None:
            values.refuse("wrong-value", name=name, value=str(row[name]), wanted="date", options="", nearest="")
    machine = next(one for one in values.plan.machines if one.tier_set.name == tier_set)
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
    return Grant(
        tier_set=tier_set, tier=tier, first=first, until=until, cause=IMPORTED, decided_on=recorded or first
    ), standing


def _record(values: Values, raw: Mapping[str, Any]) -> Membership:
    try:
        grants = tuple(
            Grant(
                tier_set=r["tier_set"],
                tier=r["tier"],
                first=as_day(r["from"]),
                until=as_day(r["until"]) if r.get("until") else None,
                cause=r["cause"],
                decided_on=as_day(r["decided_on"]),
                policy=r.get("policy", ""),
            )
            for r in raw.get("grants", ())
        )
        bounds = tuple(
            Bound(
                tier_set=r["tier_set"],
                tier=r["tier"],
                cause=r.get("cause", ""),
                kind=r["kind"],
                first=as_day(r["from"]),
                decided_on=as_day(r["decided_on"]),
                reason=r.get("reason", ""),
                after=r.get("after"),
            )
            for r in raw.get("bounds", ())
        )
        decided = {
            name: Standing(through=as_day(one["through"]), values={k: v for k, v in one.items() if k != "through"})
            for name, one in raw["decided"].items()
        }
    except (KeyError, UsageError, TypeError, AttributeError) as wrong:
        values.refuse("broken-record", text=str(wrong))
        return Membership()
    for tier_set, tier in [(g.tier_set, g.tier) for g in grants] + [(b.tier_set, b.tier) for b in bounds]:
        _is_tier(values, tier_set, tier)
    return Membership(grants=grants, bounds=bounds, decided=decided)
