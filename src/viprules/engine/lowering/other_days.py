"""Values asked as of another day than the one at hand."""

from __future__ import annotations

from collections.abc import Iterator

from viprules.engine.lowering.scope import Scope
from viprules.engine.tree.nodes import AtDay, Node, Ref, walk_nodes

__all__ = ["as_of"]


def as_of(value: Node, day: Node, scope: Scope) -> Node:
    """The value as it was at the end of another day.

    The tier is not kept for every day, only for the one asked: where a value depends on it, it would be today's, so
    that is a problem and no answer.
    """
    if any(_is_tier(name) for name in _names(value, scope, set())):
        scope.problem("tier-of-another-day", None)
    return AtDay(value, day)


def _names(node: Node, scope: Scope, seen: set[str]) -> Iterator[str]:
    """The names under a node, those of its metrics too."""
    for one in walk_nodes(node):
        if isinstance(one, Ref) and one.name not in seen:
            seen.add(one.name)
            yield one.name
            metric = scope.metrics.get(one.name.removeprefix("metric."))
            if metric is not None and one.name.startswith("metric."):
                yield from _names(metric.node, scope, seen)


def _is_tier(name: str) -> bool:
    return name.endswith((".tier", ".out"))
