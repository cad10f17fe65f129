"""The hooks: what a plug-in can offer. Each is called once, while a catalogue is built."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from viprules.engine.policy.describing import BenefitType, TermType

__all__ = ["CONTRACT", "PROJECT", "hookimpl", "hookspec", "viprules_effects", "viprules_terms"]

PROJECT = "viprules"
CONTRACT = 1
"""The version of what plug-ins and viprules expect of each other; a plug-in states it as `VIPRULES_CONTRACT`."""
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def viprules_terms() -> Iterable[TermType]:  # type: ignore[empty-body]  # a specification has no body
    """Offer terms: measures, values and criteria that policies may use.

    Parameters: none.
    Returns: a list of descriptions, each with a name of its own; an empty one offers nothing.
    Called: once for each plug-in that is imported, while a catalogue is built; never during a decision.
    If it raises: none of the plug-in's words can be used; a policy that uses one is refused with its line.
    Since: 1.
    """


@hookspec
def viprules_effects() -> Iterable[BenefitType]:  # type: ignore[empty-body]  # as above
    """Offer effects: kinds of benefits that a tier may give.

    Parameters: none.
    Returns: a list of descriptions, each with a name of its own; an empty one offers nothing.
    Called: once for each plug-in that is imported, while a catalogue is built; never during a decision.
    If it raises: none of the plug-in's words can be used; a policy that uses one is refused with its line.
    Since: 1.
    """
