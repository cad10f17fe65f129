"""Every fault said once, at its place, with what to write."""

import socket
import time
from typing import Any

import pytest

from viprules.engine.reading.faults import judge, nearest
from viprules.engine.reading.shaping import typed
from viprules.engine.reading.source import Map, read
from viprules.errors import Problem

# ruff: noqa: RUF001 -- full-width digits and marks are among the cases


def document_of(text: str) -> Map:
    """Return the map in a text that has no problems."""
    document, problems = read(text, "policy.yaml")
    assert [] == problems
    assert document is not None
    return document


def one_field(shape: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a map with the one key `a`."""
    return {"type": "object", "properties": {"a": shape}, "additionalProperties": False}


def judged(text: str, schema: dict[str, Any], **more: Any) -> list[Problem]:
    """Return the faults of a text."""
    return judge(typed(document_of(text), schema), schema, **more)


def told(problems: list[Problem]) -> list[str]:
    """Return `line:column code: message (hint)` of each problem."""
    return [str(one).removeprefix("policy.yaml:").replace(f" [{one.code}]", "") for one in problems]


# --- keys --------------------------------------------------------------------------------------------

KEYS = {
    "type": "object",
    "properties": {"nights": {"type": "integer"}, "within": {"type": "string"}, "id": {"type": "string"}},
    "required": ["nights", "id"],
    "dependentRequired": {"within": ["of"]},
    "additionalProperties": False,
}


def test_a_misspelt_key_is_one_problem() -> None:
    """A missing and an unknown key that are the same word are told once, at the key that is there."""
    assert ["1:1: error: `nigths` is not known here (write `nights`)"] == told(judged("nigths: 3\nid: x", KEYS))


def test_every_unknown_and_missing_key_is_told() -> None:
    """Each unknown key where it stands, each missing one where the map is."""
    assert [
        "1:1: error: `nights` is missing here (add `nights:`)",
        "1:1: error: `id` is missing here (add `id:`)",
        "1:1: error: `of` is missing: it must stand beside `within` (add `of:`)",
        "2:1: error: `colour` is not known here (known here: `id`, `nights`)",
    ] == told(judged("within: x\ncolour: red", KEYS))


def test_a_missing_key_is_told_at_the_name_of_its_map() -> None:
    """Not at the first key inside, which may be lines below."""
    nested = one_field({"type": "array", "items": KEYS | {"x-what": "a tier"}})
    assert ["1:5: error: `id` is missing in a tier (add `id:`)"] == told(judged("a: [{nights: 1}]", nested))
    named = one_field(KEYS)
    assert ["1:1: error: `id` is missing here (add `id:`)"] == told(judged("a:\n  nights: 1", named))


def test_what_stands_under_a_misspelt_key_is_judged_too() -> None:
    """As if the key were the one that is meant, at any depth: one run tells all of it, and plain scalars have types."""
    nested = {"type": "object", "properties": {"stay": KEYS}, "additionalProperties": False}
    assert [
        "1:1: error: `staay` is not known here (write `stay`)",
        "2:3: error: `nihgts` is not known here (write `nights`)",
        "2:11: error: a whole number is wanted here, not `many`",
        "3:3: error: `ld` is not known here (write `id`)",
    ] == told(judged("staay:\n  nihgts: many\n  ld: x", nested))
    assert ["1:1: error: `nigths` is not known here (write `nights`)"] == told(judged("nigths: 3\nid: x", KEYS))


def test_what_stands_under_a_strange_key_is_let_be() -> None:
    """Where nothing looks like the key there is nothing to judge by."""
    assert ["2:1: error: `colour` is not known here (known here: `within`)"] == told(
        judged("{id: x, nights: 1,\ncolour: {nights: many}}", KEYS)
    )
    assert ["error: `nigths` is not known here (write `nights`)"] == told(judge({"nigths": "x", "id": "x"}, KEYS))


def test_a_long_list_of_known_keys_is_not_told() -> None:
    """More than twelve names help nobody."""
    many = {"type": "object", "properties": {f"k{n}0000": {} for n in range(13)}, "additionalProperties": False}
    assert ["1:1: error: `zzz` is not known here (remove it)"] == told(judged("zzz: 1", many))


def test_keys_by_pattern_are_known() -> None:
    """A key that fits a pattern is no stranger."""
    schema = {"patternProperties": {"^[0-9]+$": {"type": "integer"}}, "additionalProperties": False}
    assert ["1:8: error: `x` is not known here (remove it)"] == told(judged("{1: 2, x: 3}", schema))


def test_a_name_has_its_form() -> None:
    """A key that cannot be a name is told at the key, each of them."""
    schema = one_field({"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}})
    assert ["2:3: error: `A b` cannot be a name here", "3:3: error: `c-d` cannot be a name here"] == [
        one.partition(" (")[0] for one in told(judged("a:\n  A b: 1\n  c-d: 2\n  e: 3", schema))
    ]


# --- values ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shape", "expected"),
    [
        ("x", {"type": "integer"}, "a whole number is wanted here, not `x`"),
        ("08", {"type": "integer"}, "a whole number is wanted here, not `08`"),
        ("[1]", {"type": "number"}, "a number is wanted here, not a list"),
        ("{b: 1}", {"type": "string"}, "a text is wanted here, not a map"),
        ("", {"type": "string"}, "a text is wanted here, not nothing"),
        ("no", {"type": "boolean"}, "`true` or `false` is wanted here, not `no`"),
        ("x", {"type": ["integer", "number", "object"]}, "a number or a map is wanted here, not `x`"),
        ("x", {"type": "array", "examples": ["[a]"]}, "a list is wanted here, not `x` (such as `[a]`)"),
        ("x", {"type": "integer", "x-what": "a tier"}, "a tier is wanted here, not `x`"),
        ("1234567890123456789", {"type": "integer"}, "the number has more than 18 digits (write a shorter number)"),
        (
            "1234567890123456789",
            {"type": ["string", "number"]},
            "the number has more than 18 digits (write a shorter number)",
        ),
        ("1234567890123456789", {"type": "boolean"}, "`true` or `false` is wanted here, not `1234567890123456789`"),
        ("'1234567890123456789x'", {"type": "integer"}, "a whole number is wanted here, not `1234567890123456789x`"),
        ("at_least:3", {"type": "object"}, "`at_least:3` has no space after the colon (write `at_least: 3`)"),
        ("http://x", {"type": "object"}, "a map is wanted here, not `http://x`"),
        ("[a]", {"enum": ["b"]}, "a text is wanted here, not a list"),
        ("a", {"enum": ["b", ["a"], {"a": 1}]}, "`a` is not one of `b` (write one of these)"),
        ("annual", {"enum": ["anual", "x"]}, "`annual` is not one of `anual`, `x` (write `anual`)"),
        ("true", {"type": "boolean", "enum": [False]}, "`true` is not one of `false` (write one of these)"),
        ("2", {"type": "integer", "const": 1}, "`2` is not one of `1` (write one of these)"),
        (
            "purchse",
            {"enum": ["purchase"], "x-code": "unknown-name"},
            "nothing here is called `purchse` (write `purchase`)",
        ),
        ("12", {"pattern": "^[a-z]+$"}, "`12` is not written as it must be here"),
        (
            "12",
            {"pattern": "^[a-z]+$", "x-what": "a short id", "examples": ["gold"]},
            "`12` is not a short id (write it like `gold`)",
        ),
        (r'"ab\n"', {"pattern": "^[a-z]+$"}, r"`ab\u000a` is not written as it must be here"),
        ("ab", {"pattern": "^b"}, "`ab` is not written as it must be here"),
        ("2026-02-30", {"type": "string", "format": "date"}, "`2026-02-30` is not written as it must be here"),
        ("-1", {"type": "integer", "minimum": 0}, "the number must be at least `0`, not `-1` (write another number)"),
        ("7", {"type": "integer", "maximum": 5}, "the number must be at most `5`, not `7` (write another number)"),
        (
            "0",
            {"type": "number", "exclusiveMinimum": 0},
            "the number must be more than `0`, not `0` (write another number)",
        ),
        (
            "1.0",
            {"type": "number", "exclusiveMaximum": 1},
            "the number must be less than `1`, not `1.0` (write another number)",
        ),
        (
            "3",
            {"type": "integer", "multipleOf": 2},
            "the number must be a multiple of `2`, not `3` (write another number)",
        ),
        ("[]", {"type": "array", "minItems": 1}, "at least 1 must stand here, not 0 (add what is missing)"),
        ("{}", {"type": "object", "minProperties": 1}, "at least 1 must stand here, not 0 (add what is missing)"),
        ("[a, b]", {"type": "array", "maxItems": 1}, "at most 1 may stand here, not 2 (remove what is too much)"),
        (
            "{b: 1, c: 2}",
            {"type": "object", "maxProperties": 1},
            "`b`, `c` stand together where at most 1 may (remove what is too much)",
        ),
        ("[a, b, a]", {"type": "array", "uniqueItems": True}, "`a` stands twice in this list (keep one of the two)"),
        ("x", {"not": {}}, "what stands here is not allowed here (see the reference for what may stand here)"),
    ],
)
def test_a_value_is_told_in_the_words_of_policies(written: str, shape: dict[str, Any], expected: str) -> None:
    """One sentence a fault, without a word of JSON Schema or Python."""
    found = [one.partition("error: ")[2] for one in told(judged(f"a: {written}", one_field(shape)))]
    assert [expected] == found


def test_one_value_has_one_fault() -> None:
    """The type comes before everything else that is wrong with the same value."""
    shape = {"minimum": 5, "pattern": "^b", "enum": ["b"], "type": "integer"}
    assert ["wrong-type"] == [one.code for one in judged("a: x", one_field(shape))]
    shape = {"type": "integer", "minimum": 5, "multipleOf": 7}
    assert ["out-of-range"] == [one.code for one in judged("a: 4", one_field(shape))]


def test_a_repeated_item_is_told_where_it_stands_again() -> None:
    """At the second of the two."""
    assert ["1:11: error"] == [
        one.partition(": `")[0] for one in told(judged("a: [a, b, a]", one_field({"uniqueItems": True})))
    ]


@pytest.mark.parametrize(
    ("written", "shape", "expected"),
    [
        ("１２", {"type": "integer"}, ["1:4 full-width-character"]),
        ("gold，", {"enum": ["gold"]}, ["1:8 full-width-comma"]),
        ("【a】", {"type": "array"}, ["1:4 full-width-bracket"]),
        ("id：gold", {"type": "object"}, ["1:6 full-width-colon"]),
        ("10％", {"pattern": "^[0-9]+%$"}, ["1:6 full-width-character"]),
        ("1：3，4", {"type": "number"}, ["1:5 full-width-colon", "1:7 full-width-comma"]),
        ("'１２'", {"type": "integer"}, ["1:4 wrong-type"]),
        ("１\n  ２", {"type": "integer"}, ["1:4 full-width-character"]),
    ],
)
def test_full_width_marks_explain_a_value(written: str, shape: dict[str, Any], expected: list[str]) -> None:
    """A plain value that does not fit is told by the marks in it, the first of each kind."""
    found = judged(f"a: {written}", one_field(shape))
    assert expected == [f"{one.source.line}:{one.source.column} {one.code}" for one in found if one.source]


def test_what_was_refused_before_is_not_told_again() -> None:
    """Where reading left a gap the schema is silent."""
    document, problems = read("a: *x\nb: [*y]\n", "policy.yaml")
    assert ["alias", "alias"] == [one.code for one in problems]
    schema = {"properties": {"a": {"type": "integer"}, "b": {"items": {"enum": ["c"]}}}}
    assert [] == judge(typed(document, schema), schema)


def test_plain_data_can_be_judged() -> None:
    """Data that never was a text has no places."""
    assert [None] == [one.source for one in judge({"b": 1}, one_field({}))]
    assert [None] == [one.source for one in judge({"a": "x"}, one_field({"type": "integer"}))]


def test_faults_are_told_in_the_order_of_the_file() -> None:
    """By line, then by column, whatever order the schema has."""
    schema = {"type": "object", "properties": {key: {"type": "integer"} for key in "cba"}, "required": ["d"]}
    found = judged("a: x\nb: {c: 1}\nc: [y]", schema)
    assert ["1:1", "1:4", "2:4", "3:4"] == [f"{one.source.line}:{one.source.column}" for one in found if one.source]


def test_more_faults_than_anybody_reads_are_cut() -> None:
    """Two hundred are told, by place; that there are more is said with them, also of what stands under misspelt keys."""
    schema = one_field({"type": "array", "items": {"type": "integer"}})
    found = judged(f"a: [{'x, ' * 500}]", schema)
    assert (201, 1) == (len(found), sum(one.code == "too-many-problems" for one in found))
    found = judged("aa: [" + "{b: 1, b1: 2, b2: 3}, " * 100 + "]", one_field({"items": one_field({"properties": {}})}))
    assert ("1:1: error: `aa` is not known here (write `a`)", 201) == (told(found)[0], len(found))


def test_judging_is_as_deep_as_reading() -> None:
    """A recursive schema and the deepest document that is read need no more stack than there is."""
    schema = {
        "$ref": "#/$defs/c",
        "$defs": {"c": {"type": "object", "properties": {"all": {"type": "array", "items": {"$ref": "#/$defs/c"}}}}},
    }
    text = "{all: [" * 32 + "]}" * 32
    assert [] == judged(f"all: [{text[7:-2]}]", schema)


def test_ten_thousand_tiers_are_judged_quickly() -> None:
    """Time grows with the size of a file and not with its square."""
    schema = one_field({"type": "array", "maxItems": 10_000, "items": KEYS})
    text = "a:\n" + "- {id: x, nights: 1}\n" * 9_000
    before = time.process_time()
    assert [] == judged(text, schema)
    assert time.process_time() - before < 3


def test_no_reference_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reference to somewhere else fails without a connection."""
    asked: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *where: asked.append(where))
    schema = one_field({"$ref": "http://127.0.0.1:9/schema.json"})
    with pytest.raises(Exception, match="Unresolvable"):
        judge(document_of("a: x"), schema)
    assert [] == asked


@pytest.mark.parametrize(
    ("word", "options", "expected"),
    [
        ("sun", ["sum", "max"], "sum"),
        ("lowr", ["as_lower", "upper"], ""),
        ("anual_spend", ["annual_spend", "annual_orders"], "annual_spend"),
        ("colour", ["size"], ""),
        ("x", [], ""),
    ],
)
def test_the_nearest_name_is_near(word: str, options: list[str], expected: str) -> None:
    """A suggestion is a likely slip of the pen, never a guess."""
    assert expected == nearest(word, options)
