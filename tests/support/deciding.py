"""Small policies and histories, written so that a case reads like the sentence it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from viprules.engine.deciding.decision import Decision
from viprules.engine.deciding.driving import Course
from viprules.engine.deciding.history import Customer
from viprules.engine.program import Program
from viprules.loader import check_text, loads

__all__ = ["buy", "customer", "decided", "nightly", "program", "refund", "replayed", "standing", "states", "told"]

Row = Mapping[str, Any]
Standing = tuple[str | None, str, str | None, str | None]
SHOP = "events: {purchase: {amount: money}, return: {returns: purchase, amount: money}}\n"


def program(body: str, *, events: str = SHOP, **keys: str) -> Program:
    """A program of a policy's body: `tiers`, `metrics`, …; `keys` go to `program:`, `events` is the events part."""
    about = {"id": "test", "timezone": "Asia/Shanghai", "currency": "CNY"} | keys
    head = ", ".join(f"{name}: {value}" for name, value in about.items())
    return loads(f"viprules: 1\nprogram: {{{head}}}\n{events}{body}")


def told(body: str, *, events: str = SHOP) -> list[str]:
    """What is told of a policy that is refused or doubted: code and message of each problem."""
    problems = check_text(f"viprules: 1\nprogram: {{id: test, timezone: Asia/Shanghai, currency: CNY}}\n{events}{body}")
    return [f"{one.code}: {one.message}" for one in problems]


def buy(at: str, amount: Any = 10, **more: Any) -> dict[str, Any]:
    """A purchase."""
    return {"type": "purchase", "at": at, "amount": amount} | more


def refund(at: str, sale: str, amount: Any = None) -> Row:
    """A return of a sale, whole without an amount."""
    return {"type": "return", "at": at, "sale": sale} | ({} if amount is None else {"amount": amount})


def customer(program: Program, events: Iterable[Row] = (), **stated: Any) -> Customer:
    """A customer; events without an id are numbered."""
    numbered = [{"id": f"e{number}"} | dict(one) for number, one in enumerate(events)]
    return program.customer(events=numbered, **stated)


def decided(program: Program, as_of: str | datetime, events: Iterable[Row] = (), **stated: Any) -> Decision:
    """The decision, which the walk and the compiled evaluator give alike."""
    one = customer(program, events, **stated)
    decision, walked = program.decide(one, as_of=as_of), program.at(as_of).walk(one)
    assert walked.as_dict() | {"at": 0} == decision.as_dict() | {"at": 0}
    return decision


def standing(decision: Decision, tier_set: str | None = None) -> Standing:
    """Tier, change, since and valid_until, days as ISO text."""
    one = decision.standings[tier_set] if tier_set else next(iter(decision.standings.values()))
    return one.tier, one.change, _text(one.since), _text(one.valid_until)


def states(program: Program, days: Iterable[str], events: Iterable[Row] = (), **stated: Any) -> list[str]:
    """For each day `tier until valid_until`, decided from nothing: what was known on that day."""
    found = []
    for day in days:
        one = decided(program, day, events, **stated)
        found.append(f"{one.tier} until {_text(one.valid_until) or '-'}")
    return found


def replayed(program: Program, as_of: str, events: Iterable[Row] = (), **stated: Any) -> list[tuple[str, str | None]]:
    """The membership history as (day, tier), one entry for each change of the tier."""
    found: list[tuple[str, str | None]] = []
    for one in program.replay(customer(program, events, **stated), as_of=as_of):
        if not found or found[-1][1] != one.tier:
            found.append((one.as_of.isoformat(), one.tier))
    return found


def nightly(program: Program, first: str, as_of: str, events: Iterable[Row] = (), **stated: Any) -> Decision:
    """The decision of the last of many nights, each of which had the record of the one before, as plain data."""
    day, last, record = date.fromisoformat(first), date.fromisoformat(as_of), None
    rows = [dict(one) for one in events]
    while True:
        known = [one for one in rows if date.fromisoformat(str(one["at"])[:10]) <= day]
        decision = decided(program, day.isoformat(), known, membership=record, **stated)
        if day >= last:
            return decision
        record = decision.membership.as_dict()
        day += timedelta(days=1)


def course(program: Program, one: Customer, day: str, *, every_day: bool = False) -> Course:
    """A finished course by the reference walk."""
    return Course(
        plan=program.plan,
        executor=program.walker,
        customer=one,
        day=date.fromisoformat(day).toordinal(),
        every_day=every_day,
    ).run()


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
