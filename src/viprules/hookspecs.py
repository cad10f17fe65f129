"""The hooks: what a plug-in can offer while a catalogue is built, and what it can be told of afterwards.

No hook is called inside an evaluation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from viprules.engine.deciding.decision import Decision
    from viprules.engine.deciding.messages import Receipt
    from viprules.engine.policy.describing import BenefitType, ChannelType, TermType
    from viprules.engine.program import Program

__all__ = [
    "CONTRACT", "OBSERVERS", "PROJECT", "hookimpl", "hookspec", "viprules_channels", "viprules_decided",
    "viprules_delivered", "viprules_effects", "viprules_policy_loaded", "viprules_terms",
]  # fmt: skip

PROJECT = "viprules"
CONTRACT = 1
"""The version of what plug-ins and viprules expect of each other; a plug-in states it as `VIPRULES_CONTRACT`."""
OBSERVERS = ("viprules_policy_loaded", "viprules_decided", "viprules_delivered")
"""The hooks that are told what happened; none of them can change it."""
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


@hookspec
def viprules_channels() -> Iterable[ChannelType]:  # type: ignore[empty-body]  # as above
    """Offer channels: ways for messages to reach customers.

    Parameters: none.
    Returns: a list of descriptions, each with a name of its own; an empty one offers nothing.
    Called: once for each plug-in that is imported, while a catalogue is built; never during a decision.
    If it raises: none of the plug-in's words can be used; a policy that uses one is refused with its line.
    Since: 1.
    """


@hookspec
def viprules_policy_loaded(program: Program) -> None:
    """Be told of a policy that was loaded.

    Parameters: program, the policy ready to decide, with its digest and its warnings.
    Returns: nothing.
    Called: once for each policy that a command line call or an integrator's `Observers` loads, for observers that the
    settings name.
    If it raises: the plug-in is named once and not told anything more; nothing else changes.
    Since: 1.
    """


@hookspec
def viprules_decided(program: Program, decision: Decision) -> None:
    """Be told of a decision.

    Parameters: program, the policy that decided; decision, with its customer.
    Returns: nothing.
    Called: after each decision of a base, for observers that the settings name; never inside `decide`.
    If it raises: the plug-in is named once and not told anything more; nothing else changes.
    Since: 1.
    """


@hookspec
def viprules_delivered(receipt: Receipt) -> None:
    """Be told what came of a message.

    Parameters: receipt, with the message's id, the channel, the status and the reason.
    Returns: nothing.
    Called: after each attempt to deliver a message, for observers that the settings name.
    If it raises: the plug-in is named once and not told anything more; nothing else changes.
    Since: 1.
    """
