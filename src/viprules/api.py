"""The plug-in author's door: what a plug-in may import, and nothing else.

A word is an attrs class whose fields are made by `key`. `criterion`, `measure` and `benefit` describe one from the
class; what it means is its method `compile`, which gives nodes of the closed tree from its own values and a `Scope`.
Hook implementations are marked with `hookimpl`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, Protocol

from viprules.engine.days import Span
from viprules.engine.deciding.messages import Message, Receipt
from viprules.engine.lowering.histories import event_field, history
from viprules.engine.lowering.making import shift
from viprules.engine.lowering.other_days import as_of
from viprules.engine.lowering.scope import Scope
from viprules.engine.policy.describing import BenefitType, ChannelType, Example, ParameterError, TermType, key
from viprules.engine.policy.model import Condition, DayForm, Texts, Value, WindowForm, Written
from viprules.engine.policy.names import EventName, FactName, FieldPath, PeriodName
from viprules.engine.tree import nodes
from viprules.engine.tree.calling import call
from viprules.engine.tree.kinds import DATE, NUMBER, TEXT, TRUTH, Type, Typed, aligned, exact, with_decimals
from viprules.hookspecs import hookimpl

__all__ = [
    "DATE", "NUMBER", "TEXT", "TODAY", "TRUTH", "BenefitType", "ChannelType", "Condition", "DayForm", "EventName",
    "Example", "FactName", "FieldPath", "Message", "ParameterError", "PeriodName", "Receipt", "Scope", "Span",
    "TermType", "Texts", "Type", "Typed", "Value", "WindowForm", "Written", "aligned", "as_of", "benefit", "call",
    "compared", "criterion", "event_field", "exact", "history", "hookimpl", "key", "measure", "nodes", "shift",
    "with_decimals",
]  # fmt: skip

TODAY: Final = Typed(node=nodes.TODAY, type=DATE)
"""The day asked, as a value."""


class Compiles(Protocol):
    """A parameter class that says what it means."""

    def compile(self, scope: Scope, /) -> nodes.Node | Typed:
        """The expression; it runs once for each use in a policy, when the policy is loaded."""


def criterion(
    parameters: type[Compiles], *, words: Mapping[str, str], examples: Iterable[Example | str], name: str = ""
) -> TermType:
    """A condition that stands alone, described by its class.

    The word is the class's name in small letters (`OnWeekday` is `on_weekday`) unless `name` says another, what it is
    the first line of its docstring. `words` say it in an explanation, by language, with `{key}` for its parameters.
    `compile` may give a bare node: it is true or false.
    """
    return _term(parameters, "criterion", words=words, examples=examples, name=name)


def measure(
    parameters: type[Compiles],
    *,
    examples: Iterable[Example | str],
    name: str = "",
    words: Mapping[str, str] = MappingProxyType({}),
) -> TermType:
    """A value that stands where a number, an amount, a day or a text may stand; else as `criterion`.

    `compile` gives a `Typed`, which says what kind of value it is.
    """
    return _term(parameters, "value", words=words, examples=examples, name=name)


def benefit(
    parameters: type, *, words: Mapping[str, str], examples: Iterable[Example | str], name: str = ""
) -> BenefitType:
    """A kind of benefit, described by its class: its parameters are data that the decision hands on."""
    return BenefitType(
        name=name or _word(parameters), parameters=parameters, doc=_doc(parameters), words=words,
        examples=tuple(map(_example, examples)),
    )  # fmt: skip


def compared(op: nodes.CmpOp, left: Typed, right: Typed) -> nodes.Node:
    """One value compared with another, in the finer unit of the two: 3 with 2.50 is 300 with 250."""
    decimals = max(left.type.decimals, right.type.decimals)
    return nodes.Cmp(op, aligned(left, decimals), aligned(right, decimals))


def _term(
    parameters: type[Compiles], kind: Any, *, examples: Iterable[Example | str], name: str, words: Mapping[str, str]
) -> TermType:
    def compiled(own: Compiles, scope: Scope) -> Any:
        found = own.compile(scope)
        return Typed(node=found, type=TRUTH) if kind == "criterion" and isinstance(found, nodes.Node) else found

    return TermType(
        name=name or _word(parameters), parameters=parameters, compile=compiled, doc=_doc(parameters), kind=kind,
        examples=tuple(map(_example, examples)), words=words,
    )  # fmt: skip


def _word(parameters: type) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", parameters.__name__).lower()


def _doc(parameters: type) -> str:
    """The first line of the docstring, as it stands within a sentence."""
    first = (parameters.__doc__ or "").strip().partition("\n")[0].removesuffix(".")
    return first[:1].lower() + first[1:]


def _example(one: Example | str) -> Example:
    return one if isinstance(one, Example) else Example(yaml=one)
