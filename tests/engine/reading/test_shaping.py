"""Typing along the schema: what is no plain number, `true` or `false` stays the text that it is."""

from decimal import Decimal
from typing import Any

import pytest

from viprules.engine.reading.shaping import typed
from viprules.engine.reading.source import Map, read

# ruff: noqa: RUF001 -- full-width digits are among the cases

WORDS = (
    "no on yes off NO On y n 08 010 0o10 1_000 12:30 12:30:45 1e3 1E3 1.5e3 .nan .inf -.inf NaN inf Infinity"
    " 2026-01-01 0x1F 0b1 +5 1. .5 -0 00 0.0.1 1,5 １２ １.５ TRUE True FALSE t 1-1 -- 1/2 50% 12months ٣ ² 1٫5"
).split()


def document_of(text: str) -> Map:
    """Return the map in a text that has no problems."""
    document, problems = read(text, "policy.yaml")
    assert [] == problems
    assert document is not None
    return document


def one_field(shape: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a map with the one key `a`."""
    return {"type": "object", "properties": {"a": shape}, "additionalProperties": False}


def value_of(written: str, *types: str) -> Any:
    """Return what a scalar becomes where these types are allowed."""
    schema = one_field({"type": list(types)})
    return typed(document_of(f"a: {written}"), schema)["a"]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("kind", ["string", "integer", "number", "boolean", "null"])
def test_a_word_surprises_nobody(word: str, kind: str) -> None:
    """What is no plain number, `true` or `false` stays the text that it is, whatever is wanted."""
    assert word == value_of(word, kind)


@pytest.mark.parametrize(
    ("written", "types", "expected"),
    [
        ("10", ["string"], "10"),
        ("10", ["integer"], 10),
        ("10", ["number"], 10),
        ("10", ["string", "integer"], 10),
        ("-7", ["integer"], -7),
        ("0", ["integer"], 0),
        ("12.50", ["number"], Decimal("12.50")),
        ("12.50", ["integer"], "12.50"),
        ("-0.5", ["number"], Decimal("-0.5")),
        ("999999999999999999", ["integer"], 999_999_999_999_999_999),
        ("9999999999999999999", ["integer"], "9999999999999999999"),
        ("0.1234567890123456789", ["number"], "0.1234567890123456789"),
        ("true", ["boolean"], True),
        ("false", ["string", "boolean"], False),
        ("true", ["string"], "true"),
        ("", ["string"], None),
        ("~", ["null"], None),
        ("null", ["string"], None),
        ("'10'", ["integer"], "10"),
        ("'true'", ["boolean"], "true"),
        ("''", ["string"], ""),
        ("'~'", ["string"], "~"),
    ],
)
def test_a_scalar_becomes_what_the_schema_wants(written: str, types: list[str], expected: Any) -> None:
    """Plain scalars are converted where the type is allowed; quoted ones never."""
    value = value_of(written, *types)
    assert (expected, type(expected)) == (value, bool if isinstance(value, bool) else type(expected))
    assert isinstance(value, type(expected))


def test_typing_goes_along_the_schema() -> None:
    """References, items, properties, patterns and other keys are followed; places stay."""
    schema = {
        "$ref": "#/$defs/root",
        "$defs": {
            "root": {
                "properties": {"n": {"$ref": "#/$defs/whole", "description": "n"}, "l": {"items": {"type": "integer"}}}
            },
            "whole": {"type": "integer"},
        },
        "patternProperties": {"^d": {"type": "boolean"}},
        "additionalProperties": {"$ref": "#/$defs/whole"},
    }
    document = document_of("n: 1\nl: [2, x]\nd1: true\no: 3\n")
    made = typed(document, schema)
    assert {"n": 1, "l": [2, "x"], "d1": True, "o": 3} == made
    assert (document.keys_at, document["l"].items_at) == (made.keys_at, made["l"].items_at)
    assert {"n": "1", "l": ["2", "x"], "d1": "true", "o": "3"} == document


def test_what_the_schema_does_not_know_stays_text() -> None:
    """Beneath an unknown key, or a list that is none, nothing is converted."""
    made = typed(document_of("x: {y: 1}\na: [1]\nb: 1"), one_field({"type": "integer"}))
    assert {"x": {"y": "1"}, "a": ["1"], "b": "1"} == made
