"""How deep names stand on names: bounds that no programme comes near, so that a hostile file stays harmless.

Whoever evaluates the tree goes down it, and has no more than the stack of its thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from viprules.engine.tree.nodes import Aggregate, Field, Node, Ref, children

__all__ = ["MOST_CONDITIONS", "MOST_LEVELS", "height"]

MOST_LEVELS: Final = 80
"""So many nodes may stand under each other, those of the names that they ask counted too."""
MOST_CONDITIONS: Final = 50_000
"""So many conditions there may be with every segment written out where it is asked."""


def height(node: Node, known: Mapping[str, int], event: str = "") -> int:
    """How many nodes stand under each other; `known` are the heights of metrics and of fields (as `event.field`)."""
    deepest, rest = 0, [(node, 1, event)]
    while rest:
        one, level, inside = rest.pop()
        name = one.name if isinstance(one, Ref) else f"{inside}.{one.name}" if isinstance(one, Field) else ""
        deepest = max(deepest, level + known.get(name, 0))
        within = one.event if isinstance(one, Aggregate) else inside
        rest.extend((child, level + 1, within) for child in children(one))
    return deepest
