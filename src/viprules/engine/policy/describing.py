"""Descriptions: what a term, a benefit or a key is, said once for everybody who needs it.

An attrs class with `key(...)` fields is turned into a JSON Schema fragment (editor, validation),
a strict structuring rule, a reference page and the words of an explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from attrs import NOTHING, Attribute, field, fields, frozen

__all__ = ["BenefitType", "ChannelType", "Example", "ParameterError", "TermType", "described", "key", "key_name"]


def key(
    doc: str,
    *,
    name: str | None = None,
    default: Any = NOTHING,
    factory: Callable[[], Any] | None = None,
    examples: Iterable[str] = (),
    schema: Mapping[str, Any] | None = None,
) -> Any:
    """A described field of a parameter class.

    `doc` is one sentence for authors, `name` the key in the file where Python has another word for
    it, `schema` further JSON Schema keywords (bounds, a closed set), `examples` YAML values.
    """
    about = {"doc": doc, "name": name, "examples": tuple(examples), "schema": dict(schema or {})}
    if factory is not None:
        return field(factory=factory, metadata=about)
    return field(default=default, metadata=about)


def key_name(attribute: Attribute[Any]) -> str:
    """The key as the file writes it."""
    return str(attribute.metadata.get("name") or attribute.name)


def described(record: type) -> tuple[Attribute[Any], ...]:
    """The fields of a class that stand in a file: those made by `key`."""
    return tuple(one for one in fields(record) if "doc" in one.metadata)


class ParameterError(Exception):
    """Parameters that do not go together: raised by a parameter class, or by `compile`, for the policy's author.

    `en` and `zh` say what is wrong and what to write instead, as part of a sentence: "`until` lies before `since`".
    """

    def __init__(self, en: str, zh: str = "") -> None:
        super().__init__(en)
        self.texts = {"reason": en, "reason_zh": zh or en}


@frozen(kw_only=True)
class Example:
    """A value in YAML that the tests structure and compile."""

    yaml: str
    says: str = ""
    needs: str = ""
    """The sections of a policy on which it stands, as YAML: `facts: {joined: date}`."""


@frozen(kw_only=True)
class TermType:
    """A term that policies may use: a measure, a value or a truth.

    `compile(parameters, scope)` returns a typed expression; it runs once, when a policy is lowered.
    `kind` is `value` for what stands where a number may stand, `criterion` for what stands alone as
    a condition. `words` are the phrases of an explanation by language, with `{parameter}` fields.
    """

    name: str
    parameters: type
    compile: Callable[..., Any]
    doc: str
    kind: Literal["value", "criterion"] = "value"
    examples: tuple[Example, ...] = ()
    words: Mapping[str, str] = field(factory=dict)
    head: bool = False
    """The keys of the parameters stand beside the name (`{by: x, values: …}`), not under it."""

    def said(self, parameters: Any) -> tuple[tuple[str, str], ...]:
        """Its words by language, filled with parameters."""
        plain = {key_name(one): _plain(getattr(parameters, one.name)) for one in described(self.parameters)}
        return tuple((language, text.format_map(plain)) for language, text in self.words.items())


def _plain(value: Any) -> str:
    """A parameter as its author wrote it, as near as may be."""
    written = getattr(value, "value", value)
    if isinstance(written, tuple | list):
        return ", ".join(map(_plain, written))
    return str(written).lower() if isinstance(written, bool) else "" if written is None else str(written)


@frozen(kw_only=True)
class BenefitType:
    """A kind of benefit: its parameters are data that the decision hands on."""

    name: str
    parameters: type
    doc: str
    examples: tuple[Example, ...] = ()
    words: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class ChannelType:
    """A channel: a way for a message to reach somebody.

    `settings` is the parameter class of what an installation says about it (an address, a key); a key named
    `to` is the fact that holds the customer's address. `send(settings, message)` delivers one message and
    returns what the other side calls it, or nothing; whatever it raises makes the delivery a failed one.
    It is called outside of every evaluation, once for each message, and may be called again for a message
    of which it did not become known that it arrived: the message's `id` stays the same.
    """

    name: str
    settings: type
    send: Callable[..., str | None]
    doc: str
    examples: tuple[Example, ...] = ()
    """Settings as an installation writes them, in YAML."""

    @property
    def parameters(self) -> type:
        """The settings, under the name that terms and benefits have for what is written about them."""
        return self.settings
