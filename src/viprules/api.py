"""The plug-in author's door: what a plug-in may import, and nothing else.

Terms are described (`TermType`, `key`), compiled against a `Scope`, and made of the nodes of the
closed tree. Hook implementations are marked with `hookimpl`.
"""

from __future__ import annotations

from viprules.engine.days import Span
from viprules.engine.deciding.messages import Message, Receipt
from viprules.engine.lowering.histories import event_field, history
from viprules.engine.lowering.making import shift
from viprules.engine.lowering.scope import Scope
from viprules.engine.policy.describing import BenefitType, ChannelType, Example, TermType, key
from viprules.engine.policy.model import Condition, DayForm, Texts, Value, WindowForm, Written
from viprules.engine.policy.names import EventName, FactName, FieldPath, PeriodName
from viprules.engine.tree import nodes
from viprules.engine.tree.calling import call
from viprules.engine.tree.kinds import DATE, NUMBER, TEXT, TRUTH, Type, Typed, aligned, exact, with_decimals
from viprules.hookspecs import hookimpl

__all__ = [
    "DATE", "NUMBER", "TEXT", "TRUTH", "BenefitType", "ChannelType", "Condition", "DayForm", "EventName", "Example",
    "FactName", "FieldPath", "Message", "PeriodName", "Receipt", "Scope", "Span", "TermType", "Texts", "Type", "Typed",
    "Value", "WindowForm", "Written", "aligned", "call", "event_field", "exact",
    "history", "hookimpl", "key", "nodes", "shift", "with_decimals",
]  # fmt: skip
