"""The tables that a policy's statement reads: which there are, and what their columns are called.

One row for each customer (facts, and the state before the day), one table for each event type (what
measures count), and one for each fact that has several values, dated or by year or tier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from viprules.engine.deciding.grants import blank_state
from viprules.engine.lowering.plan import Plan
from viprules.engine.tree.kinds import Type

__all__ = ["CUSTOMERS", "Layout", "Table", "dated", "keyed", "layout", "state_names"]

CUSTOMERS = ""
WHOLE, TEXT, TRUTH = "BIGINT", "TEXT", "BOOLEAN"
ENTRY = dict.fromkeys(("owner", "place", "day", "instant", "known", "gone"), WHOLE) | {"differs": TRUTH, "left": TRUTH}


@frozen(kw_only=True)
class Table:
    """A table and its columns under names of ours."""

    name: str
    columns: Mapping[str, str]
    """What a column holds, and its name."""
    types: Mapping[str, str]
    """What a column holds, and its type in DuckDB."""
    many: frozenset[str] = frozenset()
    """The columns that hold lists."""


Layout = Mapping[str, Table]


def dated(fact: str) -> str:
    """The table of a dated fact's values."""
    return f"dated {fact}"


def keyed(fact: str) -> str:
    """The table of a fact's values by year or tier."""
    return f"keyed {fact}"


def state_names(plan: Plan) -> list[str]:
    """What the machines read of the state before the day."""
    found = [name for one in plan.machines for name in blank_state(one)]
    return found + [f"{one.tier_set.name}.{key}" for one in plan.machines for key in ("floor", "ceiling")]


def layout(plan: Plan, fresh: Iterator[str]) -> Layout:
    """The tables of a policy; `fresh` names them."""
    facts = {name: plan.types[name] for name in plan.policy.facts}
    customers = {"id": WHOLE, "first_day": WHOLE} | {f"state {name}": WHOLE for name in state_names(plan)}
    customers |= {f"fact {name}": _type(one) for name, one in facts.items()}
    customers |= {f"given {name}": _type(one.type) for name, one in plan.metrics.items()}
    found = {CUSTOMERS: _table(fresh, customers)}
    for event, declared in plan.events.items():
        stated = [name for name, one in declared.fields.items() if one.value is None]
        columns = {f"field {name}": _type(plan.types[f"{event}.{name}"]) for name in stated}
        columns |= {f"minus {name}": _type(plan.types[f"{event}.{name}"]) for name in stated}
        found[event] = _table(fresh, ENTRY | columns)
    for name, fact in plan.policy.facts.items():
        if fact.set_by:
            found[dated(name)] = _table(fresh, ENTRY | {"field value": _type(facts[name])})
        if fact.per is not None:
            found[keyed(name)] = _table(fresh, ENTRY | {"field value": _type(facts[name])})
    return found


def _table(fresh: Iterator[str], types: Mapping[str, str]) -> Table:
    many = frozenset(name for name, one in types.items() if one.endswith("[]"))
    return Table(name=next(fresh), columns={name: next(fresh) for name in types}, types=types, many=many)


def _type(kind: Type) -> str:
    plain = {"text": TEXT, "true_false": TRUTH}.get(kind.kind, WHOLE)
    return f"{plain}[]" if kind.many else plain
