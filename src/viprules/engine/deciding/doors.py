"""The door for data: what a caller states about a customer becomes typed, exact and ordered, or problems.

Nothing behind this door checks again. Numbers are whole numbers, decimals or text in major units;
floating-point numbers are refused unless the caller names the door for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from sys import intern
from typing import Any

from attrs import define, evolve, field

from viprules.engine.days import FOREVER, parse_day, period_number, period_start
from viprules.engine.deciding.grants import (
    IMPORTED,
    Bound,
    Grant,
    Membership,
    Override,
    Standing,
    blank_state,
    folded,
    situated,
)
from viprules.engine.deciding.history import Customer, Event, Money, dated_facts, entries_of
from viprules.engine.lowering.periods import JANUARY, LENGTHS
from viprules.engine.lowering.plan import Plan
from viprules.engine.policy.model import FieldType
from viprules.engine.reading.faults import nearest
from viprules.engine.tree.kinds import LIMIT, Type
from viprules.errors import DataError, Problem, UsageError, problem

__all__ = ["admit", "as_day", "as_moment"]

NUMBER_TEXT = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?", re.ASCII)
OVERRIDES = ("floor", "ceiling", "pin", "exclude")
EVENT_KEYS = ("type", "at", "id", "sale", "sale_day", "times")
YEARS = range(1000, 9000)
"""The years of events and of the day asked: far from where the calendar ends, so that no window falls off it."""
LARGEST = 10**6


def as_day(value: object) -> int:
    """A programme day from a date or ISO text; raises UsageError for anything else."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.toordinal()
    found = parse_day(value) if isinstance(value, str) else None
    if found is None:
        raise UsageError(f"`{value}` is no day; give a date such as `2026-12-31`")
    return found


def as_moment(value: object) -> int | datetime:
    """A programme day or an instant; raises UsageError for anything else."""
    found = _day_or_instant(value)
    year = found.year if isinstance(found, datetime) else date.fromordinal(found).year
    if year not in YEARS:
        raise UsageError(f"`{value}` is out of range: years go from {YEARS[0]} to {YEARS[-1]}")
    return found


def _day_or_instant(value: object) -> int | datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and len(value) > len("2026-12-31"):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise UsageError(
                f"`{value}` is no day and no time; give `2026-12-31` or `2026-12-31T18:00:00+08:00`"
            ) from None
    return as_day(value)


def admit(plan: Plan, stated: Mapping[str, Any]) -> Customer:
    """A customer from what a caller states: `id facts events membership metrics overrides amounts`.

    Raises DataError with every problem found.
    """
    door = _Door(plan=plan, floats=stated.get("amounts", "exact") == "float-cents")
    unknown = set(stated) - {"id", "facts", "events", "membership", "metrics", "overrides", "amounts"}
    for name in sorted(unknown):
        door.refuse("unknown-key-of-customer", name=name)
    facts = {name: door.fact(name, value) for name, value in (stated.get("facts") or {}).items()}
    metrics = {name: door.metric(name, value) for name, value in (stated.get("metrics") or {}).items()}
    events = door.events(stated.get("events") or ())
    overrides = tuple(one for raw in stated.get("overrides") or () if (one := door.override(raw)))
    membership = door.membership(stated.get("membership"))
    if door.problems:
        raise DataError(door.problems)
    more = events or overrides or (membership and membership.begun)
    state = {} if more else _folded(plan, membership)
    through = membership.decided_through if membership else 0
    ignore = plan.policy.returns.lower_tier == "never"
    return Customer(
        id=str(stated.get("id", "")),
        facts={n: v for n, v in facts.items() if v is not None},
        metrics={n: v for n, v in metrics.items() if v is not None},
        events=events,
        membership=membership,
        overrides=overrides,
        entries=entries_of(plan.policy, events, ignore_returns=ignore),
        dated=dated_facts(plan.policy, events),
        state=tuple(state.values()),
        through=through,
        key=_key(plan, state, through) if state else "",
    )


def _folded(plan: Plan, membership: Membership | None) -> dict[str, Any]:
    """The state of a kept record, or of nobody."""
    state: dict[str, Any] = {}
    for one in plan.machines:
        state |= folded(one, membership) if membership else blank_state(one)
    return state


def _key(plan: Plan, state: Mapping[str, Any], through: int) -> str:
    """Equal for records that a judgement finds in the same situation on every day."""
    return intern(f"{through} {[tuple(situated(one, state).values()) for one in plan.machines]}")


@define(kw_only=True)
class _Door:
    plan: Plan
    floats: bool
    problems: list[Problem] = field(factory=list)

    def refuse(self, code: str, **values: str) -> None:
        self.problems.append(problem(code, None, **values))

    # --- values -------------------------------------------------------------------------------------

    def fact(self, name: str, value: Any) -> Any:
        declared = self.plan.policy.facts.get(name)
        if declared is None:
            self.refuse("undeclared-fact", name=str(name), nearest=nearest(str(name), self.plan.policy.facts))
            return None
        kind = self.plan.types[name]
        if declared.per and isinstance(value, Mapping):
            return {self._per(declared, key): self.value(one, kind, name) for key, one in value.items()}
        return self.value(value, kind, name)

    def _per(self, declared: FieldType, key: Any) -> Any:
        """The key of a fact by year or tier, as the engine counts it."""
        for one in self.plan.policy.tier_sets:
            ids = [tier.id for tier in one.tiers]
            if str(key) in ids:
                return ids.index(str(key)) + 1
        text = str(key)
        day = parse_day(text) or parse_day(f"{text}-12-31") or parse_day(f"{text}-01")
        if day is None:
            self.refuse("no-such-date", text=text)
            return None
        length = LENGTHS.get(declared.per or "", LENGTHS["year"])
        anchor = parse_day(f"2000-{self.plan.policy.program.year_starts}") or JANUARY
        return period_start(anchor, length, period_number(anchor, length, day))

    def metric(self, name: str, value: Any) -> Any:
        typed = self.plan.metrics.get(name)
        if typed is None:
            self.refuse("undeclared-metric", name=str(name), nearest=nearest(str(name), self.plan.metrics))
            return None
        return self.value(value, typed.type, name)

    def value(self, value: Any, kind: Type, name: str) -> Any:
        """A value as the engine counts it, or None with a problem noted; None and empty text are missing."""
        if value is None or value == "":
            return None
        if kind.many:
            many = value if isinstance(value, list | tuple | set | frozenset) else str(value).split("|")
            one = evolve(kind, many=False)
            return tuple(self.value(item, one, name) for item in many)
        readers: dict[str, Callable[[Any, Type], Any]] = {
            "number": self._number,
            "money": self._number,
            "date": self._date,
            "true_false": _truth,
            "scale": _word,
            "tier": _word,
            "text": _word,
        }
        found = readers[kind.kind](value, kind)
        if found is None:
            self._explain(value, kind, name)
        return found

    def _explain(self, value: Any, kind: Type, name: str) -> None:
        text = str(value)
        if isinstance(value, float):
            self.refuse("float", name=name, value=text)
        elif kind.numeric and isinstance(value, int | str | Decimal) and _plain(text):
            code = "too-large" if abs(Decimal(text)) * 10**kind.decimals >= LIMIT else "too-fine"
            self.refuse(code, name=name, value=text, decimals=str(kind.decimals))
        else:
            options = ", ".join(f"`{one}`" for one in kind.options)
            self.refuse(
                "wrong-value",
                name=name,
                value=text,
                wanted=kind.kind,
                options=options,
                nearest=nearest(text, kind.options),
            )

    def _number(self, value: Any, kind: Type) -> int | None:
        if isinstance(value, Money):
            return int(value.units) if value.in_minor_units else self._number(value.units, kind)
        if isinstance(value, bool):
            return None
        if isinstance(value, float):
            return self._cents(value, kind) if self.floats else None
        if isinstance(value, str):
            return self._digits(value, kind)
        if isinstance(value, int):
            scaled = value * 10**kind.decimals
            return scaled if abs(scaled) < LIMIT else None
        return self._digits(f"{value:f}", kind) if isinstance(value, Decimal) and value.is_finite() else None

    def _digits(self, text: str, kind: Type) -> int | None:
        if not _plain(text):
            return None
        size = Fraction(text) * 10**kind.decimals
        return size.numerator if size.denominator == 1 and abs(size) < LIMIT else None

    def _cents(self, value: float, kind: Type) -> int | None:
        """A float that means whole minor units, as the caller's door says."""
        if not -float(LIMIT) < value < float(LIMIT):
            return None
        scaled = value * 10**kind.decimals
        whole = round(scaled)
        return whole if abs(scaled - whole) < 0.01 else None  # noqa: PLR2004 -- a hundredth of the smallest unit is noise

    def _date(self, value: Any, kind: Type) -> int | None:
        del kind
        if isinstance(value, datetime):
            return self.plan.zone.day_of(self.plan.zone.instant(value))
        if isinstance(value, date):
            return value.toordinal()
        return parse_day(value) if isinstance(value, str) else None

    # --- events -------------------------------------------------------------------------------------

    def events(self, stated: Iterable[Mapping[str, Any]]) -> tuple[Event, ...]:
        """All events, each once, in their total order."""
        by_id: dict[str, Event] = {}
        places = {name: place for place, name in enumerate(self.plan.events)}
        for raw in stated:
            one = self.event(raw, places)
            if one is None:
                continue
            known = by_id.get(one.id)
            if known is not None and known != one:
                self.refuse("event-differs", id=one.id)
            by_id.setdefault(one.id, one)
        if len(by_id) > LARGEST:
            self.refuse("too-many-events", count=str(len(by_id)))
        return tuple(sorted(by_id.values(), key=lambda one: one.order))

    def event(self, raw: Mapping[str, Any], places: Mapping[str, int]) -> Event | None:
        """One event, or None with its problems noted; `places` is the order of the event types."""
        name = str(raw.get("type", ""))
        declared = self.plan.events.get(name)
        if declared is None:
            self.refuse("undeclared-event", name=name, nearest=nearest(name, self.plan.events))
            return None
        identity = raw.get("id")
        if identity is None or identity == "":
            self.refuse("event-without-id", type=name)
            return None
        moment = self._moment(raw.get("at"), str(identity))
        if moment is None:
            return None
        instant, day = moment
        fields = {}
        for key, value in raw.items():
            if key in declared.fields and declared.fields[key].value is None:
                fields[key] = self.value(value, self.plan.types[f"{name}.{key}"], f"{name}.{key}")
            elif key not in EVENT_KEYS:
                code = "computed-field" if key in declared.fields else "undeclared-field"
                self.refuse(code, name=str(key), event=name, nearest=nearest(str(key), declared.fields))
        sale_day = (
            self._date(raw["sale_day"], self.plan.types.get("", Type(kind="date"))) if raw.get("sale_day") else None
        )
        return Event(
            id=str(identity),
            type=name,
            day=day,
            instant=instant,
            order=(instant, places[name], str(identity)),
            fields={n: v for n, v in fields.items() if v is not None},
            sale=str(raw["sale"]) if raw.get("sale") not in (None, "") else None,
            sale_day=sale_day,
        )

    def _moment(self, at: Any, identity: str) -> tuple[int, int] | None:
        """Instant and programme day; a bare date is the start of its day."""
        zone = self.plan.zone
        if isinstance(at, str):
            day = parse_day(at)
            if day is None:
                try:
                    at = datetime.fromisoformat(at) if len(at) > len("2026-12-31") else None
                except ValueError:
                    at = None
            else:
                at = date.fromordinal(day)
        if isinstance(at, datetime) and at.year in YEARS:
            instant = zone.instant(at)
            return instant, zone.day_of(instant)
        if isinstance(at, date) and not isinstance(at, datetime) and at.year in YEARS:
            return zone.start_of(at.toordinal()), at.toordinal()
        self.refuse("event-without-time", id=identity)
        return None

    # --- overrides and membership ---------------------------------------------------------------------

    def override(self, raw: Mapping[str, Any]) -> Override | None:
        """A manual order with its days, reason and author."""
        kind, tier_set = str(raw.get("kind", "")), str(raw.get("tier_set") or self.plan.policy.tier_sets[0].name)
        if kind not in OVERRIDES:
            self.refuse("unknown-override", name=kind, nearest=nearest(kind, OVERRIDES))
            return None
        tier = str(raw.get("tier", ""))
        if kind != "exclude" and not self._is_tier(tier_set, tier):
            return None
        first, until = (self._date(raw[one], Type(kind="date")) if raw.get(one) else None for one in ("from", "until"))
        return Override(
            kind=kind,
            tier=tier,
            tier_set=tier_set,
            first=first or 1,
            until=until or FOREVER,
            reason=str(raw.get("reason", "")),
            by=str(raw.get("by", "")),
        )

    def _is_tier(self, tier_set: str, tier: str) -> bool:
        ids = [t.id for one in self.plan.policy.tier_sets if one.name == tier_set for t in one.tiers]
        if tier not in ids:
            self.refuse("undeclared-tier", name=tier, nearest=nearest(tier, ids))
        return tier in ids

    def membership(self, raw: Any) -> Membership | None:
        """The kept record, or a row of a plain table of present tiers (`tier valid_until since recorded`)."""
        if raw is None or isinstance(raw, Membership):
            return raw
        if "decided" in raw:
            return self._record(raw)
        rows = raw if isinstance(raw, list | tuple) else [raw]
        grants, decided = [], {}
        for row in rows:
            tier_set = str(row.get("tier_set") or self.plan.policy.tier_sets[0].name)
            tier = str(row.get("tier", ""))
            if not self._is_tier(tier_set, tier):
                continue
            grant, standing = self._imported(tier_set, tier, row)
            decided[tier_set] = standing
            if grant:
                grants.append(grant)
        return Membership(grants=tuple(grants), decided=decided, imported=True)

    def _imported(self, tier_set: str, tier: str, row: Mapping[str, Any]) -> tuple[Grant | None, Standing]:
        since, until, recorded = (
            self._date(row[n], Type(kind="date")) if row.get(n) else None for n in ("since", "valid_until", "recorded")
        )
        for name, found in (("since", since), ("valid_until", until), ("recorded", recorded)):
            if row.get(name) and found is None:
                self.refuse("wrong-value", name=name, value=str(row[name]), wanted="date", options="", nearest="")
        machine = next(one for one in self.plan.machines if one.tier_set.name == tier_set)
        rank = machine.tier_set.rank(tier)
        values: dict[str, int | None] = dict.fromkeys(("landed", "grace", "grace_tier", "missed", "missed_tier"), 0)
        values |= {"tier": rank, "best": rank, "since": since if rank > machine.base else None, "grant_from": since}
        values |= {
            f"entered.{one}": (since or recorded) if one <= rank else None
            for one in range(machine.base + 1, len(machine.tier_set.tiers) + 1)
        }
        standing = Standing(through=recorded or 0, values=values)
        if rank <= machine.base:
            return None, standing
        first = since or recorded or until or 1
        return Grant(
            tier_set=tier_set, tier=tier, first=first, until=until, cause=IMPORTED, decided_on=recorded or first
        ), standing

    def _record(self, raw: Mapping[str, Any]) -> Membership:
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
            self.refuse("broken-record", text=str(wrong))
            return Membership()
        for tier_set, tier in [(g.tier_set, g.tier) for g in grants] + [(b.tier_set, b.tier) for b in bounds]:
            self._is_tier(tier_set, tier)
        return Membership(grants=grants, bounds=bounds, decided=decided)


def _plain(text: str) -> bool:
    return NUMBER_TEXT.fullmatch(text) is not None


def _truth(value: Any, kind: Type) -> bool | None:
    del kind
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None


def _word(value: Any, kind: Type) -> Any:
    """A text, or the rank of a word of a scale or of a tier."""
    if isinstance(value, float | bool) or not isinstance(value, str | int | Decimal):
        return None
    text = str(value)
    if kind.kind == "text":
        return text if not kind.options or text in kind.options else None
    return kind.options.index(text) + (kind.kind == "tier") if text in kind.options else None
