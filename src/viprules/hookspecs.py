"""The hooks: what a plug-in can offer. Each is called once, while a catalogue is built."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from viprules.engine.policy.describing import BenefitType, TermType

__all__ = ["PROJECT", "hookimpl", "hookspec", "viprules_effects", "viprules_terms"]

PROJECT = "viprules"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def viprules_terms() -> Iterable[TermType]:  # type: ignore[empty-body]  # a specification has no body
    """Offer terms: measures, values and criteria that policies may use.

    Parameters: none.
    Returns: descriptions, each with a name of its own; None or an empty list offers nothing.
    Called: once for each plug-in, while a catalogue is built; never during a decision.
    If it raises: the plug-in is named and the catalogue is not built.
    Since: 1.
    """


@hookspec
def viprules_effects() -> Iterable[BenefitType]:  # type: ignore[empty-body]  # as above
    """Offer effects: kinds of benefits that a tier may give.

    Parameters: none.
    Returns: descriptions, each with a name of its own; None or an empty list offers nothing.
    Called: once for each plug-in, while a catalogue is built; never during a decision.
    If it raises: the plug-in is named and the catalogue is not built.
    Since: 1.
    """
