"""The scope: what the parts of a policy, and the terms of the catalogue, are lowered with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from attrs import evolve, field, frozen

from viprules.engine.lowering.comparisons import compared, date_test
from viprules.engine.lowering.depth import MOST_CONDITIONS
from viprules.engine.lowering.names import UNKNOWN
from viprules.engine.lowering.periods import Periods
from viprules.engine.policy.model import Condition, Group, Term, Test
from viprules.engine.tree.nodes import All, Any, AtLeast, Lit, Node, Not, Told
from viprules.errors import Source

__all__ = ["Scope"]


@frozen(kw_only=True)
class Scope(Periods):
    """The place where something is lowered; the last layer adds what conditions mean.

    Terms ask it for a `value`, a `condition`, a `window`, a `day`, a `period`, a `fact`, an `event_type` and its
    `field`, and tell it a `problem`.
    """

    conditions: Iterator[int] = field(factory=count)
    """Numbers of the conditions of a policy."""

    def condition(self, condition: Condition) -> Node:
        """A condition as a three-valued node that the explanation can tell of."""
        if self.too_deep(condition.source) or self._too_many(condition.source):
            return Lit(None)
        inner = evolve(self, depth=self.depth + 1)
        items = tuple(inner._clause(one) for one in condition.clauses)  # noqa: SLF001 -- the same class
        return items[0] if len(items) == 1 else Told(All(items), "all", source=condition.source, kind="all")

    def _too_many(self, source: Source | None) -> bool:
        """Are there more conditions than a policy may come to?"""
        if next(self.conditions) < MOST_CONDITIONS:
            return False
        self._once("too-much-asked", source, limit=str(MOST_CONDITIONS))
        return True

    def _clause(self, clause: Test | Group | Term) -> Node:
        if isinstance(clause, Test):
            return self._test(clause)
        if isinstance(clause, Term):
            words = self.catalogue.terms[clause.name].said(clause.parameters)
            return Told(self.value(clause).node, clause.name, source=clause.source, kind="criterion", words=words)
        items = tuple(self.condition(one) for one in clause.items)
        groups: dict[str, Callable[[], Node]] = {
            "all": lambda: All(items),
            "any": lambda: Any(items),
            "not": lambda: Not(items[0]),
            "at_least_of": lambda: AtLeast(clause.count, items),
            "everyone": lambda: Lit(value=True),
        }
        return Told(groups[clause.kind](), clause.kind, source=clause.source, kind=clause.kind)

    def _test(self, test: Test) -> Node:
        if test.name == "date" and not self.knows("date"):
            return date_test(test, self)
        subject = self.name(test.name, test.source)
        if subject is UNKNOWN:
            return Lit(None)
        nodes = [compared(test, subject, op, operand, self) for op, operand in test.checks]
        return nodes[0] if len(nodes) == 1 else Told(All(tuple(nodes)), "all", source=test.source, kind="all")
