"""What is refused in a plug-in before a policy author meets it: loose shapes, missing words, bad examples.

The rules keep the promises of the policy file: whatever a plug-in adds is closed, described, told in two
languages, and its mistakes have one place and one message.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from string import Formatter
from typing import Any, Final

from attrs import fields_dict, has

from viprules.engine.policy.describing import BenefitType, ChannelType, described, key_name
from viprules.engine.policy.fragments import fragment
from viprules.engine.policy.names import WORDS, Names
from viprules.engine.policy.schema import policy_schema
from viprules.engine.reading.faults import judge, nearest, typed
from viprules.engine.reading.source import Map, read

__all__ = ["faults_of", "lint"]

NAME: Final = re.compile("[a-z_][a-z0-9_]{0,63}")
PARTS: Final = frozenset(
    "condition day day_or_days duration event_name fact_name field_path period_name span texts tier_name value where"
    " window".split()
)
KEYWORDS: Final = frozenset(
    "$ref additionalProperties const default description enum examples exclusiveMaximum exclusiveMinimum format items"
    " maxItems maxLength maxProperties maximum minItems minLength minProperties minimum multipleOf pattern"
    " properties required title type uniqueItems x-what".split()
)
ALTERNATIVES: Final = frozenset("anyOf oneOf allOf not if then else".split())
LANGUAGES: Final = ("en", "zh")


def faults_of(term: Any, vocabulary: Any) -> list[str]:
    """What is wrong with a term, a benefit or a channel that is offered, each in one sentence; none for a good one.

    `vocabulary` holds the words that its examples may use, its own among them.
    """
    whose = f"`{term.name}`"
    named = isinstance(term.name, str) and NAME.fullmatch(term.name) and term.name not in WORDS
    if not named:
        return [f"{whose} is no name for a word: write small letters, digits and `_`, and none of the language's own"]
    if not inspect.isclass(term.parameters) or not has(term.parameters):
        return [f"{whose}: its parameters are no attrs class"]
    try:
        shape = fragment(term.parameters)
    except (KeyError, NameError, TypeError, AttributeError, StopIteration) as error:
        return [f"{whose}: its parameters have a type that no policy can hold: {error}"]
    found = [f"{whose}: {one}" for one in (*_told(term), *_fields(term.parameters), *lint(shape))]
    return found or [f"{whose}: {one}" for one in _examples(term, shape, vocabulary)]


def _told(term: Any) -> Iterator[str]:
    """Texts that are missing or that name what is not there."""
    if not isinstance(term.doc, str) or not term.doc.strip():
        yield "it has no `doc`"
    if not term.examples:
        yield "it has no example"
    words = getattr(term, "words", {})
    spoken = isinstance(term, BenefitType) or getattr(term, "kind", "") == "criterion"
    if spoken and any(not words.get(one) for one in LANGUAGES):
        yield 'its `words` for explanations are missing: `words={"en": …, "zh": …}`'
    keys = {key_name(one) for one in described(term.parameters)}
    for language, text in words.items():
        for name in sorted({field for _, field, _, _ in Formatter().parse(text) if field} - keys):
            yield f"its words in `{language}` use `{{{name}}}`, which is no key of its parameters"


def _fields(record: type) -> Iterator[str]:
    """Fields of the class that no policy can write, although they must be given."""
    hidden = set(fields_dict(record)) - {one.name for one in described(record)}
    for name in sorted(hidden):
        yield f"`{name}` is not described: make it with `key(…)`"


def lint(schema: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """What is loose in a fragment of JSON Schema, with the path of the part."""
    where = f"`{path}`: " if path else ""
    for word in sorted(schema.keys() - KEYWORDS):
        if word in ALTERNATIVES:
            yield f"{where}`{word}` is not allowed: a mistake in one of several shapes cannot be told; use single keys"
        else:
            near = nearest(word.replace("_", "").lower(), [one.lower() for one in KEYWORDS])
            meant = next((one for one in KEYWORDS if one.lower() == near), "")
            yield f"{where}`{word}` is no keyword of a parameter" + (f": did you mean `{meant}`?" if meant else "")
    target = schema.get("$ref")
    if target is not None and str(target).removeprefix("#/$defs/") not in PARTS:
        yield f"{where}`{target}` is no part of the language: it has {', '.join(f'`{one}`' for one in sorted(PARTS))}"
    if "object" in _types(schema) and schema.get("additionalProperties", True) is True:
        yield f"{where}a map takes any key: say `additionalProperties`"
    yield from _inner(schema, path)


def _types(schema: Mapping[str, Any]) -> Iterable[str]:
    stated = schema.get("type", ())
    return (stated,) if isinstance(stated, str) else stated


def _inner(schema: Mapping[str, Any], path: str) -> Iterator[str]:
    for name, one in schema.get("properties", {}).items():
        below = f"{path}.{name}".lstrip(".")
        if not str(one.get("description", "")).strip():
            yield f"`{below}` has no description"
        yield from lint(one, below)
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), Mapping):
            yield from lint(schema[name], f"{path}.{name}".lstrip("."))


def _examples(term: Any, shape: Mapping[str, Any], vocabulary: Any) -> Iterator[str]:
    """Examples that the composed schema refuses: of the word and of each key."""
    parts = policy_schema(vocabulary, Names(open=True))["$defs"]
    for one in term.examples:
        yield from _judged(one.yaml, shape if isinstance(term, ChannelType) else _home(term), parts)
    for name, inner in shape["properties"].items():
        for text in inner.get("examples", ()):
            yield from (f"`{name}`: {one}" for one in _judged(str(text), inner, parts))


def _home(term: Any) -> dict[str, str]:
    """Where in a policy the word stands."""
    home = "benefit" if isinstance(term, BenefitType) else "condition" if term.kind == "criterion" else "value"
    return {"$ref": f"#/$defs/{home}"}


def _judged(text: str, shape: Mapping[str, Any], parts: Mapping[str, Any]) -> Iterator[str]:
    document, problems = read(f"example: {text}", "example")
    if isinstance(document, Map) and not problems:
        schema = {"type": "object", "properties": {"example": dict(shape)}, "$defs": dict(parts)}
        problems = judge(typed(document, schema), schema)
    for one in problems:
        yield f"its example `{text}` is wrong: {one.message}" + (f" ({one.hint})" if one.hint else "")
