"""What the conditions of a policy ask, without their groups."""

from __future__ import annotations

from collections.abc import Iterator

from viprules.engine.policy.model import Condition, Group, Test

__all__ = ["POSITIVE", "plain_tests"]

POSITIVE = ("all", "any", "at_least_of")
"""Groups in which a test that is met does no harm."""


def plain_tests(condition: Condition | None, groups: tuple[str, ...] = POSITIVE) -> Iterator[Test]:
    """The tests of a condition, also those inside groups of these kinds."""
    for clause in condition.clauses if condition else ():
        if isinstance(clause, Test):
            yield clause
        elif isinstance(clause, Group) and clause.kind in groups:
            for one in clause.items:
                yield from plain_tests(one, groups)
