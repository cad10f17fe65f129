"""What the installed distributions announce, read from their metadata without importing them.

Each word is an entry point of the group `viprules`: its name is the word, its value the module that
offers it. So a policy's words say which modules to import, and listing imports none.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Final

from attrs import frozen

from viprules.plugins.opening import Owner

__all__ = ["GROUP", "Announced", "announced"]

GROUP: Final = "viprules"


@frozen(kw_only=True)
class Announced:
    """A word that a distribution announces."""

    word: str
    module: str
    owner: Owner


def announced() -> tuple[Announced, ...]:
    """Every word that is announced, in the order of words and distributions."""
    found = []
    for one in entry_points(group=GROUP):
        distribution = one.dist
        owner = Owner(
            name=one.value,
            distribution="" if distribution is None else str(distribution.name),
            version="" if distribution is None else str(distribution.version),
        )
        found.append(Announced(word=one.name, module=one.value, owner=owner))
    return tuple(sorted(found, key=lambda each: (each.word, each.owner.distribution)))
