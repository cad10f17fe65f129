"""The door for data: what a caller states about a customer becomes typed, exact and ordered, or problems.

Nothing behind this door checks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from sys import intern
from typing import Any

from viprules.engine.deciding.events import events_of
from viprules.engine.deciding.grants import Membership, blank_state, folded, situated
from viprules.engine.deciding.history import Customer, dated_facts, entries_of
from viprules.engine.deciding.records import membership_of, override_of
from viprules.engine.deciding.values import Values, told
from viprules.engine.lowering.plan import Plan
from viprules.errors import DataError

__all__ = ["admit"]

STATED = {"id", "facts", "events", "membership", "metrics", "overrides", "amounts"}


def admit(plan: Plan, stated: Mapping[str, Any]) -> Customer:
    """A customer from what a caller states: `id facts events membership metrics overrides amounts`.

    Raises DataError with every problem found.
    """
    values = Values(plan=plan, floats=stated.get("amounts", "exact") == "float-cents")
    unknown = set(stated) - STATED
    for name in sorted(map(told, unknown)):
        values.refuse("unknown-key-of-customer", name=name)
    facts = {name: values.fact(name, value) for name, value in values.pairs("facts", stated.get("facts"))}
    metrics = {name: values.metric(name, value) for name, value in values.pairs("metrics", stated.get("metrics"))}
    events = events_of(values, stated.get("events"))
    orders = values.maps("overrides", stated.get("overrides"))
    overrides = tuple(one for raw in orders if (one := override_of(values, raw)))
    membership = membership_of(values, stated.get("membership"))
    if values.problems:
        raise DataError(values.problems)
    more = events or overrides or (membership and membership.begun)
    state = {} if more else _folded(plan, membership)
    through = membership.decided_through if membership else 0
    ignore = plan.policy.returns.lower_tier == "never"
    return Customer(
        id=told(stated.get("id", "")),
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
