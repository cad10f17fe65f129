"""A customer as the engine sees one: facts, events net of returns, membership, overrides.

Everything here is admitted: typed, exact, in order. The door that admits is `doors`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Any

from attrs import evolve, field, frozen

from viprules.engine.days import FOREVER
from viprules.engine.deciding.grants import Membership, Override
from viprules.engine.policy.model import Policy

__all__ = ["Customer", "Entry", "Event", "Money", "cut", "dated_facts", "entries_of", "net_entries"]


@frozen(kw_only=True)
class Money:
    """An amount as a caller states it, where a plain number would be in doubt."""

    units: Decimal | int
    in_minor_units: bool = False

    @classmethod
    def minor(cls, units: int) -> Money:
        """An amount in the currency's smallest unit: `Money.minor(12345)` is 123.45."""
        return cls(units=units, in_minor_units=True)


@frozen(kw_only=True)
class Event:
    """Something that happened: a type, an instant, a programme day and typed fields.

    `order` is the total order inside a history: instant, then type in the order of the policy, then
    id. `sale` names the sale that a return takes back, by id, or by its day.
    """

    id: str
    type: str
    day: int
    instant: int
    order: tuple[int, int, str]
    fields: Mapping[str, Any]
    sale: str | None = None
    sale_day: int | None = None


@frozen(kw_only=True)
class Entry:
    """What measures count: an event as it is known from one day until another.

    A returned sale has one entry for each stage of what is left of it; a return counted on its own
    day has an entry with the difference (`weight` is what it adds to a count).
    """

    event: str
    type: str
    day: int
    instant: int
    fields: Mapping[str, Any]
    known: int
    gone: int = FOREVER
    weight: int = 1
    minus: Mapping[str, Any] | None = None
    """For a difference: the fields before; a measure is that of `fields` less that of `minus`."""


@frozen(kw_only=True)
class Customer:
    """An admitted customer; made by `program.customer(…)`.

    `facts` and `metrics` hold typed values; `dated` the days and values of facts that events set;
    `entries` what measures count, by event type, in order.
    """

    id: str
    facts: Mapping[str, Any]
    metrics: Mapping[str, Any]
    events: tuple[Event, ...]
    membership: Membership | None
    overrides: tuple[Override, ...]
    entries: Mapping[str, tuple[Entry, ...]] = field(eq=False, repr=False)
    dated: Mapping[str, tuple[tuple[int, ...], tuple[Any, ...]]] = field(eq=False, repr=False)
    state: tuple[Any, ...] = field(default=(), eq=False, repr=False)
    """The membership folded, where there is no more than that: what a single step starts from, by `state_names`."""
    through: int = field(default=0, eq=False, repr=False)
    """The last decided day, 0 if none is on record."""
    key: str = field(default="", eq=False, repr=False)
    """Equal for records that are in one situation on every day; empty where there are events or overrides."""
    cache: dict[Any, Any] = field(factory=dict, eq=False, repr=False)
    """What executors work out once per customer; never part of the value."""

    @property
    def first_day(self) -> int:
        """The day of the first event; FOREVER without any."""
        return self.events[0].day if self.events else FOREVER

    def fact(self, name: str, day: int, per: Any = None) -> Any:
        """A fact as known at the end of a day; None if unknown."""
        series = self.dated.get(name)
        if series is not None:
            at = bisect_right(series[0], day)
            if at:
                return series[1][at - 1]
        value = self.facts.get(name)
        return value.get(per) if isinstance(value, Mapping) else value


def cut(
    customer: Customer, policy: Policy, instant: int, day: int, before: tuple[int, int, str] | None = None
) -> Customer:
    """The customer as of an instant, or just before an event."""
    events = tuple(
        one for one in customer.events if one.day < day or (one.order < before if before else one.instant <= instant)
    )
    ignore = policy.returns.lower_tier == "never"
    entries = entries_of(policy, events, ignore_returns=ignore)
    return evolve(customer, events=events, entries=entries, dated=dated_facts(policy, events), cache={})


def dated_facts(policy: Policy, events: Iterable[Event]) -> dict[str, tuple[tuple[int, ...], tuple[Any, ...]]]:
    """For each dated fact its days and values: the last value stated on a day is that of its end."""
    found: dict[str, dict[int, Any]] = {}
    setters: dict[str, list[tuple[str, str]]] = {}
    for name, declared in policy.facts.items():
        for event, source in declared.set_by:
            setters.setdefault(event, []).append((name, source))
    for one in events:
        for name, source in setters.get(one.type, ()):
            value = one.fields.get(source)
            if value is not None:
                found.setdefault(name, {})[one.day] = value
    return {name: (tuple(days), tuple(days.values())) for name, days in found.items()}


def net_entries(policy: Policy, events: Iterable[Event]) -> dict[str, tuple[Entry, ...]]:
    """What measures count as if every sale had been no more than its returns leave of it, from the beginning."""
    return {
        name: tuple(evolve(one, known=one.day) for one in many if one.gone == FOREVER)
        for name, many in entries_of(policy, events).items()
    }


def entries_of(
    policy: Policy, events: Iterable[Event], *, ignore_returns: bool = False
) -> dict[str, tuple[Entry, ...]]:
    """What measures count, by event type: sales net of their returns, everything else as it is."""
    returns = {name: one.returns for name, one in policy.events.items() if one.returns}
    found: dict[str, list[Entry]] = {}
    back = {} if ignore_returns else _returns_by_sale(policy, events, returns)
    for one in events:
        stages = list(_stages(policy, one, back.get(one.id, [])))
        found.setdefault(one.type, []).extend(stages)
    order = attrgetter("day", "instant", "event", "known")
    return {name: tuple(sorted(many, key=order)) for name, many in found.items()}


def _returns_by_sale(
    policy: Policy, events: Iterable[Event], returns: Mapping[str, str]
) -> dict[str, list[tuple[Event, Mapping[str, Any]]]]:
    """For each sale its returns in order, with what each of them takes back."""
    found: dict[str, list[tuple[Event, Mapping[str, Any]]]] = {}
    sales = [one for one in events if one.type in set(returns.values())]
    by_id = {one.id: one for one in sales}
    left = {one.id: _measures(policy, one) for one in sales}
    for one in events:
        if one.type not in returns:
            continue
        named = [by_id[one.sale]] if one.sale in by_id else []
        if one.sale is None and one.sale_day is not None:
            named = [s for s in sales if s.day == one.sale_day and s.type == returns[one.type]]
        taken = _measures(policy, one)
        for sale in named:
            part = _part(left[sale.id], taken)
            left[sale.id] = {n: v - part[n] for n, v in left[sale.id].items()}
            taken = {n: v - part.get(n, 0) for n, v in taken.items()}
            found.setdefault(sale.id, []).append((one, part))
    return found


def _part(left: Mapping[str, Any], taken: Mapping[str, Any]) -> dict[str, Any]:
    """What a return takes of what is left: never more; what it does not state goes with the last of what it does."""
    stated = {name: min(value, taken[name]) for name, value in left.items() if name in taken}
    whole = all(left[name] == value for name, value in stated.items())
    return {name: stated.get(name, value if whole else 0) for name, value in left.items()}


def _measures(policy: Policy, event: Event) -> dict[str, Any]:
    """The stated numbers of an event: what a return takes back."""
    declared = policy.events[event.type].fields
    return {
        name: event.fields[name]
        for name, one in declared.items()
        if one.kind in ("money", "number") and one.value is None and event.fields.get(name) is not None
    }


def _stages(policy: Policy, event: Event, back: list[tuple[Event, Mapping[str, Any]]]) -> Iterable[Entry]:
    """The sale as sold, and what is left of it after each return."""
    if policy.returns.count_on == "own_day":
        return _differences(event, back)
    return _versions(event, back)


def _versions(event: Event, back: list[tuple[Event, Mapping[str, Any]]]) -> Iterable[Entry]:
    """Counted on the day of the sale: one entry for each stage, known from its return on."""
    fields, known, alive = event.fields, event.day, True
    for returned, part in back:
        day = max(returned.day, event.day)
        if alive and day > known:
            yield _entry(event, fields, known=known, gone=day)
        fields = _less(fields, part)
        known, alive = day, any(fields[name] for name in part)
    if alive:
        yield _entry(event, fields, known=known)


def _differences(event: Event, back: list[tuple[Event, Mapping[str, Any]]]) -> Iterable[Entry]:
    """Counted on the day of the return: the sale stays, the difference comes on its own."""
    yield _entry(event, event.fields, known=event.day)
    fields, alive = event.fields, True
    for returned, part in back:
        before, fields = fields, _less(fields, part)
        left = any(fields[name] for name in part)
        if alive:
            late = returned if returned.day > event.day else event
            yield evolve(
                _entry(event, fields, known=late.day),
                day=late.day,
                instant=max(returned.instant, event.instant),
                minus=before,
                weight=0 if left else -1,
            )
        alive = left


def _less(fields: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**fields, **{name: fields[name] - gone for name, gone in part.items()}}


def _entry(event: Event, fields: Mapping[str, Any], *, known: int, gone: int = FOREVER) -> Entry:
    return Entry(
        event=event.id,
        type=event.type,
        day=event.day,
        instant=event.instant,
        fields=fields,
        known=known,
        gone=gone,
    )
