"""What is refused in a plug-in before a policy author meets it."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import evolve, frozen

from viprules.api import TRUTH, BenefitType, ChannelType, Example, Scope, TermType, Typed, Value, key, nodes
from viprules.plugins import builtin_catalogue
from viprules.plugins.vetting import faults_of, lint


@frozen(kw_only=True)
class Early:
    """Whether the day asked lies early in its month."""

    until: int = key("the last day that is early", examples=["10"], schema={"minimum": 1})
    than: Value | None = key("a value", default=None)


def compiled(_parameters: Early, _scope: Scope) -> Typed:
    """Return a truth."""
    return Typed(node=nodes.Lit(value=True), type=TRUTH)


GOOD = TermType(
    name="early",
    kind="criterion",
    parameters=Early,
    compile=compiled,
    doc="early in the month",
    examples=(Example(yaml="{early: {until: 10}}"),),
    words={"en": "up to {until}", "zh": "至 {until} 日"},
)
BENEFIT = BenefitType(
    name="lounge",
    parameters=Early,
    doc="a lounge",
    examples=(Example(yaml="{lounge: {until: 3}}"),),
    words={"en": "a lounge", "zh": "贵宾室"},
)
CHANNEL = ChannelType(
    name="pigeon", settings=Early, send=lambda *_: None, doc="a pigeon", examples=(Example(yaml="{until: 3}"),)
)


def faults(offer: Any) -> list[str]:
    """Return what is wrong with an offer."""
    own = builtin_catalogue()
    terms = {**own.terms, offer.name: offer} if isinstance(offer, TermType) else own.terms
    benefits = {**own.benefits, offer.name: offer} if isinstance(offer, BenefitType) else own.benefits
    return faults_of(offer, SimpleNamespace(terms=terms, benefits=benefits, channels=own.channels))


@pytest.mark.parametrize("offer", [GOOD, BENEFIT, CHANNEL], ids=lambda one: one.name)
def test_a_good_offer_has_no_fault(offer: Any) -> None:
    """A term, a benefit and a channel that are described."""
    assert [] == faults(offer)


@pytest.mark.parametrize("offer", [*builtin_catalogue().terms.values(), *builtin_catalogue().benefits.values()])
def test_what_is_built_in_is_held_to_the_same(offer: Any) -> None:
    """Our own terms and benefits would pass as a plug-in's."""
    assert [] == faults(offer)


@pytest.mark.parametrize("channel", builtin_catalogue().channels.values(), ids=lambda one: one.name)
def test_built_in_channels_too(channel: ChannelType) -> None:
    """And our own channels."""
    assert [] == faults(channel)


class Plain:
    """No attrs class."""


@frozen(kw_only=True)
class Odd:
    """A class with a field that no policy can write."""

    when: complex = key("a complex number")


@frozen(kw_only=True)
class Hidden:
    """A class with a field that is not described."""

    until: int = key("a day", examples=["1"])
    more: int = 3


def described(**schema: Any) -> type:
    """Return a class whose key has further keywords."""

    @frozen(kw_only=True)
    class Made:
        """A class made for a test."""

        until: int = key("a day", schema=schema)

    return Made


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"name": "Early"}, "`Early` is no name for a word"),
        ({"name": "all"}, "`all` is no name for a word"),
        ({"name": 7}, "`7` is no name for a word"),
        ({"doc": " "}, "`early`: it has no `doc`"),
        ({"examples": ()}, "`early`: it has no example"),
        ({"words": {"en": "early"}}, "`early`: its `words` for explanations are missing"),
        ({"words": {"en": "{till}", "zh": "早"}}, "`early`: its words in `en` use `{till}`, which is no key"),
        ({"parameters": Plain}, "`early`: its parameters are no attrs class"),
        ({"parameters": Odd}, "`early`: its parameters have a type that no policy can hold"),
        ({"parameters": Hidden}, "`early`: `more` is not described: make it with `key(…)`"),
        (
            {"examples": (Example(yaml="{early: {untill: 10}}"),)},
            "`early`: its example `{early: {untill: 10}}` is wrong",
        ),
        ({"examples": (Example(yaml="{early: {until: 0}}"),)}, "is wrong: the number must be at least `1`"),
        ({"examples": (Example(yaml="{early: {"),)}, "is wrong"),
        ({"parameters": described(examples=["x"])}, "`early`: `until`: its example `x` is wrong"),
        ({"parameters": described(additional_properties=False)}, "did you mean `additionalProperties`?"),
        ({"parameters": described(oneOf=[])}, "`early`: `until`: `oneOf` is not allowed"),
    ],
)
def test_a_bad_term_is_told_what_is_wrong(changed: Mapping[str, Any], fault: str) -> None:
    """Name, texts, parameters, examples: each fault in a sentence that says what to write."""
    found = faults(evolve(GOOD, **changed))
    assert found
    assert fault in found[0]


@pytest.mark.parametrize(
    ("schema", "fault"),
    [
        (
            {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": False},
            "`a` has no desc",
        ),
        ({"type": "object"}, "a map takes any key: say `additionalProperties`"),
        ({"type": ["string", "object"], "additionalProperties": True}, "a map takes any key"),
        ({"$ref": "#/$defs/nothing"}, "`#/$defs/nothing` is no part of the language"),
        ({"$ref": "https://example.com/schema"}, "is no part of the language"),
        ({"type": "array", "items": {"anyOf": []}}, "`items`: `anyOf` is not allowed"),
        (
            {"type": "object", "additionalProperties": {"colour": "red"}},
            "`additionalProperties`: `colour` is no keyword",
        ),
    ],
)
def test_a_loose_fragment_is_told(schema: Mapping[str, Any], fault: str) -> None:
    """Open maps, alternatives, unknown keywords, missing descriptions, references that lead elsewhere."""
    assert fault in next(lint(schema))


def test_a_tight_fragment_passes() -> None:
    """Bounds, choices and parts of the language are what parameters are made of."""
    inner = {"type": "integer", "minimum": 1, "description": "a number"}
    schema = {"type": "object", "properties": {"a": inner}, "additionalProperties": False, "required": ["a"]}
    assert [] == [*lint(schema), *lint({"$ref": "#/$defs/window"})]
