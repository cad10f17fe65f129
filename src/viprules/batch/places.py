"""Places: over the customers, or over the events of a type; and what all places of a statement share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from attrs import define, field, frozen
from sqlglot import exp

from viprules.batch.layout import CUSTOMERS, Layout
from viprules.batch.space import Expr, Space, column
from viprules.engine.lowering.plan import Plan
from viprules.engine.tree.nodes import Lit

__all__ = ["Group", "Place", "Premises", "Shared"]


@frozen(kw_only=True)
class Premises:
    """What a statement takes for granted of the customers whom it is to decide."""

    missed: Mapping[str, tuple[int, ...]] = field(factory=dict)
    """By tier set the days whose judgement is asked again for somebody, because a fact was missing."""
    given: frozenset[str] = frozenset()
    """The metrics of which somebody brings a ready-made value."""
    since: int | None = None
    """The day of the first event of all; a streak cannot be asked without."""


@define(kw_only=True, eq=False)
class Shared:
    """What all places of a statement have in common."""

    plan: Plan
    layout: Layout
    fresh: Iterator[str]
    day: int
    premises: Premises
    refused: dict[str, None] = field(factory=dict)
    """Why the policy is not static."""
    values: dict[str, str] = field(factory=dict)
    """Texts of the policy, by the name of the parameter that carries them."""
    groups: dict[str, Group] = field(factory=dict)
    """By event type what is measured in windows that are the same for everybody."""

    def missed(self, name: str) -> tuple[int, ...]:
        """The days that a state such as `tier.missed` is for somebody; none for any other name."""
        tier_set, _, what = name.rpartition(".")
        return self.premises.missed.get(tier_set, ()) if what == "missed" else ()

    def refuse(self, reason: str) -> Lit:
        """Note why a policy is not static; a harmless value goes on in its place."""
        self.refused[reason] = None
        return Lit(None)

    def text(self, value: str) -> Expr:
        """A text, carried by a parameter."""
        name = f"t{len(self.values)}"
        self.values[name] = value
        return exp.Parameter(this=exp.Var(this=name))


@define(kw_only=True, eq=False)
class Place:
    """Where something is lowered: the columns at hand."""

    shared: Shared
    space: Space
    event: str | None = None
    """The event type whose entry is at hand; None over the customers."""

    def entry(self, what: str) -> Expr:
        """A column of the entry at hand."""
        table = self.shared.layout[self.event or ""]
        return self.space.take(table.name, table.columns[what])

    def customer(self, what: str) -> exp.Column:
        """A column of the customer whose row it is."""
        table = self.shared.layout[CUSTOMERS]
        return self.space.take(table.name, table.columns[what])

    def rows(self, expressions: list[Expr]) -> exp.Subquery:
        """The entries with the columns that the expressions use; who has no event has one empty row."""
        used = {one.name for part in expressions for one in part.find_all(exp.Column)}
        query = self.space.select(used & set(self.space.levels), self._events())
        return query.subquery(next(self.shared.fresh), copy=False)

    def _events(self) -> Callable[[exp.Select], exp.Select]:
        table, customers = self.shared.layout[self.event or ""], self.shared.layout[CUSTOMERS]
        same = exp.EQ(
            this=column(table.columns["owner"], table.name), expression=column(customers.columns["id"], customers.name)
        )

        def base(query: exp.Select) -> exp.Select:
            query = query.from_(exp.to_table(customers.name), copy=False)
            return query.join(exp.to_table(table.name), on=same, join_type="left", copy=False)

        return base


@define(kw_only=True, eq=False)
class Group:
    """What is measured over the events of one type in fixed windows: one row for each customer."""

    inside: Place
    name: str
    owner: str
    columns: dict[Expr, str] = field(factory=dict)
    """Each measure and the name that it has outside."""

    def select(self) -> exp.Subquery:
        """The grouped SELECT."""
        mine = self.inside.customer("id")
        rows = self.inside.rows([*self.columns, mine])
        outputs = [mine.as_(self.owner), *(exp.alias_(one, name, copy=False) for one, name in self.columns.items())]
        query = exp.Select(expressions=outputs).from_(rows, copy=False)
        return query.group_by(mine, copy=False).subquery(self.name, copy=False)
