"""Reading: what of YAML is taken, what is refused and where, and that nothing else comes out."""

import copy
import pickle
from typing import Any

import pytest
import yaml

from viprules.engine.reading import source
from viprules.engine.reading.source import Map, Seq, Text, key_source, read, source_of
from viprules.engine.reading.text import LOST
from viprules.errors import Problem, Source


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let both parsers read, the one in C and the one in Python."""
    monkeypatch.setattr(source, "LOADER", getattr(yaml, request.param))
    return str(request.param)


def told(problems: list[Problem]) -> list[str]:
    """Return `line:column code` of each problem."""
    return [f"{one.source.line}:{one.source.column} {one.code}" if one.source else one.code for one in problems]


def mistakes(text: str | bytes) -> list[str]:
    """Return what is wrong with a text."""
    return told(read(text, "policy.yaml")[1])


@pytest.mark.usefixtures("loader")
def test_everything_stays_text() -> None:
    """No scalar becomes anything else than what is written."""
    words = ["no", "on", "08", "1_000", "12:30", "1e3", ".nan", "2026-01-01", "~", "true", "0x1F", "1.50", "NO"]
    document, problems = read(f"a: [{', '.join(words)}]", "policy.yaml")
    assert ({"a": words}, []) == (document, problems)


@pytest.mark.usefixtures("loader")
def test_everything_knows_its_place() -> None:
    """Keys, values, maps, lists and items know their line and column, in characters, and their length."""
    document, _ = read("名: 'x y'\nb:\n  - c: {d: e}\n  - |\n    f\n", "p.yaml")
    assert isinstance(document, Map)
    assert Source(file="p.yaml", line=1, column=1) == document.source
    assert Source(file="p.yaml", line=1, column=1) == key_source(document, "名")
    assert Source(file="p.yaml", line=1, column=4, length=5) == source_of(document, "名")
    items = document["b"]
    assert isinstance(items, Seq)
    assert Source(file="p.yaml", line=3, column=3) == source_of(document, "b") == items.source
    assert Source(file="p.yaml", line=3, column=5) == source_of(items, 0)
    assert Source(file="p.yaml", line=4, column=5) == source_of(items, 1)
    assert Source(file="p.yaml", line=3, column=8) == source_of(items[0], "c")
    assert ("e", "p.yaml:3:12") == (items[0]["c"]["d"], str(items[0]["c"]["d"].source))


def test_a_place_is_found_for_what_is_not_there() -> None:
    """A key or an item that is missing has the place of its parent; plain data has none."""
    document, _ = read("a: [b]", "p.yaml")
    assert isinstance(document, Map)
    assert document.source == source_of(document, "z") == key_source(document, "z")
    assert document["a"].source == source_of(document["a"], 7) == source_of(document["a"], "x")
    assert (None, None) == (source_of({}, "a"), key_source({}, "a"))
    assert document["a"].source == key_source(document["a"], "x")


def test_quotes_are_known() -> None:
    """A text knows whether it stands without quotes."""
    document, _ = read("a: x\nb: 'x'\nc: \"x\"\nd: |-\n  x\n", "p.yaml")
    assert document is not None
    assert [True, False, False, False] == [document[key].plain for key in "abcd"]


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])  # noqa: S301 -- our own
def test_a_text_is_copied_with_its_place(again: Any) -> None:
    """Copies and pickles keep what a text knows."""
    text = Text("x", Source(file="p.yaml", line=2, column=3), plain=True)
    assert (text, text.source, True) == (again(text), again(text).source, again(text).plain)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2", ["2:1 duplicate-key"]),
        ("a: 1\n'a': 2\n\"a\": 3", ["2:1 duplicate-key", "3:1 duplicate-key"]),
        ("x: {a: 1, b: 2, a: 3}", ["1:17 duplicate-key"]),
        ("x:\n  - y:\n      z: {k: 1, k: 1}", ["3:17 duplicate-key"]),
        ("x: [{a: 1, a: {b: 1, b: 2}}]", ["1:12 duplicate-key", "1:22 duplicate-key"]),
        ("1: a\n1: b", ["2:1 duplicate-key"]),
        ("a: &x 1", ["1:4 anchor"]),
        ("a: *x", ["1:4 alias"]),
        ("a: &x [b]\nc: *x", ["1:4 anchor", "2:4 alias"]),
        ("*x : 1", ["1:1 alias"]),
        ("&x a: 1", ["1:1 anchor"]),
        ("a:\n  <<: {b: 1}", ["2:3 merge-key"]),
        ("a: !!python/object:os.system 'x'", ["1:4 tag"]),
        ("a: !!str x", ["1:4 tag"]),
        ("a: ! x", ["1:4 tag"]),
        ("a: !x {b: 1}", ["1:4 tag"]),
        ("!!map a: 1", ["1:1 tag"]),
        ("%YAML 1.1\n---\na: b", ["1:1 directive"]),
        ("%TAG ! tag:x,2026:\n---\na: b", ["1:1 directive"]),
        ("[a]: b", ["1:1 key-not-text"]),
        ("? {a: b}\n: c", ["1:3 key-not-text"]),
        ("? [[a], b]\n: c", ["1:3 key-not-text"]),
        ("~: 1", ["1:1 key-not-text"]),
        ('"a\\n": 1', ["1:1 key-not-text"]),
        ('"a\\tb": 1', ["1:1 key-not-text"]),
        ("null: 1", ["1:1 key-not-text"]),
        ("? \n: 1", ["1:2 key-not-text"]),
        ("a: b\n---\nc: d\n---\ne: f", ["2:1 several-documents"]),
        ("- a", ["1:1 not-a-map"]),
        ("just a text", ["1:1 not-a-map"]),
        ("''", ["1:1 not-a-map"]),
        ("", ["1:1 nothing-written"]),
        ("# a comment\n\n", ["1:1 nothing-written"]),
        ("---\n...", ["1:1 nothing-written"]),
    ],
)
def test_what_policies_do_not_use_is_refused(text: str, expected: list[str]) -> None:
    """Duplicate keys, anchors, aliases, tags, directives, odd keys and further documents, each at its place."""
    assert expected == mistakes(text)


@pytest.mark.usefixtures("loader")
def test_reading_goes_on_after_what_it_refuses() -> None:
    """All of it is found in one run, and the rest is there for the later stages."""
    text = "a: 1\na: 2\nb: *x\nc: !!int 3\n<<: *y\n[k]: v\nd: {e: 1, e: 2}\n---\nf: 1\n"
    document, problems = read(text, "policy.yaml")
    assert {"a": "1", "b": LOST, "c": "3", "d": {"e": "1"}} == document
    assert [
        "2:1 duplicate-key",
        "3:4 alias",
        "4:4 tag",
        "5:1 merge-key",
        "5:5 alias",
        "6:1 key-not-text",
        "7:11 duplicate-key",
        "8:1 several-documents",
    ] == told(problems)


def test_a_duplicate_names_the_first_line() -> None:
    """The message says where the key stands first."""
    _, problems = read("a: 1\nb: 2\na: 3", "policy.yaml")
    assert ["`a` is written twice: first on line 1"] == [one.message for one in problems]


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("depth", [65, 1_000, 60_000, 500_000])
@pytest.mark.parametrize("bracket", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused(bracket: str, depth: int) -> None:
    """The 65th level is refused, however many follow; the process lives."""
    text = (bracket * depth)[:900_000]
    document, problems = read(text, "policy.yaml")
    assert (None, "too-deep") == (document, problems[0].code)
    # libyaml looks ahead by a thousand brackets that may be keys, and has a bound of its own.
    assert told(problems)[0].partition(" ")[0] in {f"1:{64 * len(bracket) + 1}", "1:1001"}


def test_the_64th_level_is_read() -> None:
    """As deep as allowed is no problem."""
    document, problems = read("a: " + "[" * 63 + "]" * 63, "policy.yaml")
    assert ([], True) == (problems, document is not None)


def test_a_file_of_the_greatest_size_is_read() -> None:
    """One mebibyte is read, one byte more is not, in bytes as in text, Chinese or not."""
    text = "a: b\n" + "# 金\n" * 50_000
    full = text + "#" * (1024 * 1024 - len(text.encode()))
    assert ({"a": "b"}, []) == read(full, "p.yaml") == read(full.encode(), "p.yaml")
    assert ["1:1 file-too-big"] == mistakes(full + "#") == mistakes(f"{full}#".encode())
    assert ["1:1 file-too-big"] == mistakes("金" * 400_000)


def test_a_file_has_bounded_nodes() -> None:
    """50,000 keys, values, maps and lists are read, one more is not."""
    document, problems = read("a: [" + "b, " * 49_997 + "]", "p.yaml")
    assert ([], 49_997) == (problems, len(document["a"]) if document else 0)
    assert ["1:149996 too-many-nodes"] == mistakes("a: [" + "b, " * 49_998 + "]")


def test_a_text_has_bounded_length() -> None:
    """64 KiB are read, one byte more is refused, and reading goes on."""
    assert [] == mistakes(f"a: {'x' * 65_536}")
    assert ["1:4 text-too-long", "2:1 duplicate-key"] == mistakes(f"a: {'x' * 65_537}\na: 1")
    assert ["1:4 text-too-long"] == mistakes(f"a: {'金' * 21_846}")


@pytest.mark.parametrize("levels", range(1, 21))
def test_alias_bombs_do_nothing(levels: int) -> None:
    """Every alias is refused as it comes; nothing is multiplied."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels + 1)]
    document, problems = read("\n".join(lines), "policy.yaml")
    assert {"anchor", "alias"} >= {one.code for one in problems} - {"too-many-problems"}
    assert document is None or all(set(document[f"a{n}"]) == {LOST} for n in range(1, levels + 1))


def test_more_problems_than_anybody_reads_are_cut() -> None:
    """A hundred problems are kept, and a last one says that there are more."""
    found = mistakes("a: 1\n" * 1_000)
    assert (101, "102:1 too-many-problems") == (len(found), found[-1])
    found = mistakes("\x01" * 1_000)
    assert (101, "1:101 too-many-problems") == (len(found), found[-1])
    found = mistakes("键：值\n" * 1_000)
    assert (101, "101:2 too-many-problems") == (len(found), found[-1])


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    "written", [r"\x00", r"\u0007", r"\u202e", r"\u2066", r"\ufeff", r"\ufffd", r"\u200b", r"\x85", r"\u2028"]
)
def test_unseen_characters_do_not_enter_as_escapes(written: str) -> None:
    """An escape that stands for an invisible character is refused like the character itself."""
    document, problems = read(f'a: "x{written}"', "policy.yaml")
    assert ({"a": LOST}, ["1:4 unseen-character"]) == (document, told(problems))


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("written", [r"\ud800", r"\U00110000", r"\Uffffffff", r"\q"])
def test_characters_that_do_not_exist_are_refused(written: str) -> None:
    """Surrogates and numbers beyond Unicode end in a problem, whatever the parser makes of them."""
    assert mistakes(f'a: ["x{written}"]')[0].partition(" ")[2] in {"wrong-escape", "unseen-character"}
    assert mistakes(f'"x{written}"')[0].partition(" ")[2] in {"wrong-escape", "unseen-character"}


@pytest.mark.parametrize(
    "character", ["\x00", "\x07", "\x7f", "\x85", "\u2028", "\u202e", "\ufeff", "\ud800", "\ufffe"]
)
def test_an_unseen_character_has_its_place(character: str) -> None:
    """Wherever it stands, in comments too, and each of them; the value it stands in is lost."""
    document, problems = read(f"a: x{character}y\nb: 1 # {character}\n", "policy.yaml")
    assert ({"a": LOST, "b": "1"}, ["1:5 unseen-character", "2:8 unseen-character"]) == (document, told(problems))
    assert f"U+{ord(character):04X}" in problems[0].message


def test_a_key_with_an_unseen_character_is_left_out() -> None:
    """No later stage speaks about it again."""
    assert {"b": "1"} == read("a\u200b: 1\nb: 1", "policy.yaml")[0]


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "document", "expected"),
    [
        ("tiers：\n  - id：gold", None, ["1:6 full-width-colon", "2:7 full-width-colon"]),
        ("等级：金", None, ["1:3 full-width-colon"]),
        ("a: {zh：金, en: Gold}", {"a": {"zh": LOST, "en": "Gold"}}, ["1:7 full-width-colon"]),
        ("“a”: 1", {"a": "1"}, ["1:1 curly-quote"]),
        ("　　a: 1\nb: 1", None, ["1:1 full-width-space"]),
        ("【a: 1", {}, ["1:1 full-width-bracket"]),
        ("a: “gold”", {"a": LOST}, ["1:4 curly-quote"]),
        ("a: VA　", {"a": LOST}, ["1:6 full-width-space"]),
        ("{a:　VA, b: 1}", {"a": LOST, "b": "1"}, ["1:4 full-width-space"]),
        ("a: [b，c]", {"a": [LOST]}, ["1:6 full-width-comma"]),
        ("a: {b: 1，}", {"a": {"b": LOST}}, ["1:9 full-width-comma"]),
        ("a: {b: 1，c: 2}", None, ["1:9 full-width-comma"]),
        ("a: 您好，欢迎", {"a": "您好，欢迎"}, []),
        ("a: {b: 您好，欢迎}", {"a": {"b": "您好，欢迎"}}, []),
        ("a: 【尊享】“金”卡：贵宾　专用（限）", {"a": "【尊享】“金”卡：贵宾　专用（限）"}, []),
        ("'a：': “ok”的", {"a：": "“ok”的"}, []),
    ],
)
def test_full_width_marks(text: str, document: Any, expected: list[str]) -> None:
    """Each is reported where syntax was meant, and left alone in texts for people."""
    assert (document, expected) == (read(text, "policy.yaml")[0], mistakes(text))


def test_a_swallowed_line_is_found() -> None:
    """A `key：` on the second line of a text ends in a problem at that line."""
    assert ["2:8 full-width-colon"] == mistakes("a: gold\n   name：金卡\nb: 1")
    assert ["3:9 full-width-colon"] == mistakes("tiers:\n  - id: gold\n    name：金卡\n    enter: everyone\n")


def test_the_parser_in_c_is_used() -> None:
    """Where libyaml is there it reads; its constructor, which runs code, is never used."""
    assert yaml.CSafeLoader is source.LOADER
