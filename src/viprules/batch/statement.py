"""One statement of SQL for one step of one day over all customers."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen
from sqlglot import exp

from viprules.batch.layout import CUSTOMERS, Layout, layout
from viprules.batch.lowering import Lowered, Lowering
from viprules.batch.numbers import Cell
from viprules.batch.places import Premises, Shared
from viprules.batch.space import Space, column, names
from viprules.engine.deciding.executing import wanted
from viprules.engine.lowering.plan import Plan
from viprules.engine.tree.nodes import Lit, Ref

__all__ = ["NotStatic", "Premises", "Statement", "statement", "why_not"]


class NotStatic(Exception):  # noqa: N818 -- an answer, not a mistake
    """A policy needs what this lowering does not do; `reasons` says what."""

    def __init__(self, reasons: list[str]) -> None:
        """`reasons` are sentences for the policy's author."""
        super().__init__("; ".join(reasons))
        self.reasons = reasons


@frozen(kw_only=True)
class Statement:
    """The statement, the texts that it takes as parameters, and where its outputs are."""

    query: exp.Select
    values: Mapping[str, str]
    layout: Layout
    outputs: Mapping[str, str | Lit]
    """Each output of the machines: the column that holds it, or what it always is."""
    owner: str
    """The column that holds the customer's number."""

    @property
    def sql(self) -> str:
        """The statement as DuckDB reads it."""
        return self.query.sql(dialect="duckdb")


def statement(plan: Plan, day: int, premises: Premises | None = None) -> Statement:
    """The step of `day` as one statement over the tables of `layout`, for customers of whom the premises are true.

    Raises NotStatic.
    """
    shared, place, outputs = _lowered(plan, day, premises or Premises())
    if shared.refused:
        raise NotStatic(list(shared.refused))
    named = {name: one if isinstance(one, Lit) else _name(one) for name, one in outputs.items()}
    mine = place.customer("id").name
    used = {mine, *(one for one in named.values() if isinstance(one, str))}
    query = place.space.select(used, lambda query: _base(query, shared))
    rows = exp.Select(expressions=[column(one) for one in sorted(used)]).from_(query.subquery(next(shared.fresh)))
    carried = {one.name for one in rows.find_all(exp.Parameter)}
    values = {name: text for name, text in shared.values.items() if name in carried}
    return Statement(query=rows, values=values, layout=shared.layout, outputs=named, owner=mine)


def why_not(plan: Plan) -> list[str]:
    """What keeps a policy from being one statement; empty for a static one."""
    day = plan.zone.day_of(0)
    shared, _, _ = _lowered(plan, day, Premises(since=day))
    return list(shared.refused)


def _lowered(plan: Plan, day: int, premises: Premises) -> tuple[Shared, Lowering, dict[str, Lowered]]:
    fresh = names()
    shared = Shared(plan=plan, layout=layout(plan, fresh), fresh=fresh, day=day, premises=premises)
    place = Lowering(shared=shared, space=Space(fresh=shared.fresh))
    outputs = {name: place.lower(Ref(name), Lit(day)) for one in plan.machines for name in wanted(one)}
    return shared, place, outputs


def _name(cell: Cell) -> str:
    assert isinstance(cell.of, exp.Column)  # noqa: S101 -- a named value is a column
    return cell.of.name


def _base(query: exp.Select, shared: Shared) -> exp.Select:
    """The customers, with what was measured for each of them."""
    customers = shared.layout[CUSTOMERS]
    query = query.from_(exp.to_table(customers.name), copy=False)
    mine = column(customers.columns["id"], customers.name)
    for group in shared.groups.values():
        same = exp.EQ(this=column(group.owner, group.name), expression=mine)
        query = query.join(group.select(), on=same, copy=False)
    return query
