"""Columns over a relation, written as one nested SELECT for each level of dependency.

A flat SELECT whose columns use each other would be inlined by DuckDB again and again, which grows
exponentially. Here an expression that is used more than once becomes a column of its own level, and
a level passes on only what a later one still needs. All names are made here: `v0`, `v1`, …
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import TYPE_CHECKING

from attrs import define, field
from sqlglot import exp

__all__ = ["Expr", "Space", "column", "names"]

if TYPE_CHECKING:
    from sqlglot.expressions import Expr
else:
    Expr = exp.Expression  # what all versions of SQLGlot have


def names() -> Iterator[str]:
    """Names that hold no text of a policy."""
    return (f"v{number}" for number in count())


def column(name: str, table: str | None = None) -> exp.Column:
    """A column by a name of ours."""
    return exp.column(name, table=table)


@define(kw_only=True, eq=False)
class Space:
    """The columns that are computed over one relation."""

    fresh: Iterator[str]
    taken: dict[tuple[str, str], str] = field(factory=dict)
    """Columns of the relation itself: table and column, and the name they have here."""
    bound: dict[Expr, str] = field(factory=dict)
    levels: dict[str, int] = field(factory=dict)

    def take(self, table: str, name: str) -> exp.Column:
        """A column of the relation."""
        at = (table, name)
        if at not in self.taken:
            self.taken[at] = next(self.fresh)
            self.levels[self.taken[at]] = 0
        return column(self.taken[at])

    def bind(self, expression: Expr) -> Expr:
        """A name for an expression, so that it may be used more than once; constants stay as they are."""
        if isinstance(expression, exp.Column | exp.Literal | exp.Boolean | exp.Null | exp.Parameter):
            return expression
        if expression not in self.bound:
            name = self.bound[expression] = next(self.fresh)
            self.levels[name] = 1 + max((self.levels.get(one, 0) for one in _used(expression)), default=0)
        return column(self.bound[expression])

    def select(self, wanted: Iterable[str], base: Callable[[exp.Select], exp.Select]) -> exp.Select:
        """The nested SELECTs that end in the wanted columns; `base` adds the relation to the innermost one."""
        alive, layers = set(wanted), []
        by_level: dict[int, list[tuple[str, Expr]]] = {}
        for expression, name in self.bound.items():
            by_level.setdefault(self.levels[name], []).append((name, expression))
        for level in sorted(by_level, reverse=True):
            new = [(name, expression) for name, expression in by_level[level] if name in alive]
            if not new:
                continue
            alive -= {name for name, _ in new}
            layers.append((sorted(alive, key=_number), new))
            alive |= {one for _, expression in new for one in _used(expression) if one in self.levels}
        own = [column(of, table).as_(name) for (table, of), name in self.taken.items() if name in alive]
        query = base(exp.Select(expressions=own or [exp.Literal.number(1).as_(next(self.fresh))]))
        for kept, new in reversed(layers):
            here = [column(one) for one in kept if one in self.levels]
            here += [expression.as_(name) for name, expression in new]  # type: ignore[misc]  # an alias is an expression
            query = exp.Select(expressions=here).from_(query.subquery(next(self.fresh), copy=False), copy=False)
        return query


def _used(expression: Expr) -> set[str]:
    return {one.name for one in expression.find_all(exp.Column)}


def _number(name: str) -> int:
    return int(name[1:])
