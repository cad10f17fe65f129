"""What the parser could not read, said so that one knows what to write."""

import pytest
import yaml

from viprules.engine.reading import source
from viprules.engine.reading.source import read

CASES = [
    ("a: b: c", "1:5 stray-colon"),
    ("a: x\n  b: 2", "2:3 wrong-indentation"),
    ("x:\n  a: 1\n   b: 2", "3:4 wrong-indentation"),
    ("x:\n  a: 1\n b: 2", "3:2 wrong-indentation"),
    ("- a\nb: 1", "2:1 wrong-indentation"),
    ("viprules 1\nprogram: x", "1:1 missing-colon"),
    ("a: 1\nviprules 1", "2:1 missing-colon"),
    ("a: 1\n\n# c\n  viprules 1\n\n# d\nprogram: x", "4:3 wrong-indentation"),
    ("viprules:1\nprogram: x", "1:1 colon-without-space"),
    ("a: 1\nprogram:x", "2:1 colon-without-space"),
    ("b: x\n'a' c", "2:1 missing-colon"),
    ("a: [1, 2", "1:4 bracket-open"),
    ("a: [1, 2,", "1:4 bracket-open"),
    ("a: [\n", "1:4 bracket-open"),
    ("a: {b: 1\nc: 2\n", "1:4 bracket-open"),
    ("k: {a: b: c}", "1:4 bracket-open"),
    ("k: [a] b]", "1:8 wrong-indentation"),
    ("k: [a]]", "1:7 bracket-stray"),
    ("a: ]", "1:4 bracket-stray"),
    ("a: [}", "1:5 bracket-stray"),
    ("a: ,", "1:4 bracket-stray"),
    ("a: 'x", "1:4 quote-open"),
    ('a: "x\nb: c', "1:4 quote-open"),
    ('a: "x\\q"', "1:6 wrong-escape"),
    ('a: "\\x9"', "1:5 wrong-escape"),
    ("a: 'b'c", "1:7 quote-followed"),
    ("\ta: 1", "1:1 tab-indentation"),
    ("a:\n\t- b", "2:1 tab-indentation"),
    ("k: >\n\t\n x", "2:1 tab-indentation"),
    ("a: @x", "1:4 reserved-character"),
    ("a: `x`", "1:4 reserved-character"),
    ("a: %", "1:4 reserved-character"),
    ("a: |x\n b", "1:5 yaml-syntax"),
    ("a: !<x", "1:7 yaml-syntax"),
]


@pytest.mark.parametrize("parser", ["CSafeLoader", "SafeLoader"])
@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_a_broken_text_has_one_problem(text: str, expected: str, parser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers end in the same code at the same place."""
    monkeypatch.setattr(source, "LOADER", getattr(yaml, parser))
    document, problems = read(text, "policy.yaml")
    found = [f"{one.source.line}:{one.source.column} {one.code}" for one in problems if one.source]
    assert (None, [expected]) == (document, found)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("viprules:1\nprogram: x", "write `viprules: 1`"),
        ("  - id:gold\n    name: x", "write `id: gold`"),
        ("viprules 1\nprogram: x", "write `viprules 1:` or `- viprules 1`"),
        ("a: [1", "close it with `]`"),
        ("a: {b: 1", "close it with `}`"),
        ("a: 'x", "close it with `'`"),
    ],
)
def test_a_hint_says_what_to_write(text: str, hint: str) -> None:
    """The hint holds the author's own words."""
    assert [hint] == [one.hint for one in read(text, "policy.yaml")[1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nid：x\nb: [", ["2:3 full-width-colon"]),
        ("a: 1\n名：x\nb: 2", ["2:2 full-width-colon"]),
        ("n: '您好，'\nb: {x: 1，y: 2}", ["2:9 full-width-comma"]),
        ("n: 1 # 您好，\nb: {x: 1\n", ["2:4 bracket-open"]),
        ("n: 您好，\nb: {x: 1\n", ["2:4 bracket-open"]),
        ("a: {\n  b: 1，\n  c: 2，\n  d: 3\n}", ["2:7 full-width-comma", "3:7 full-width-comma"]),
        ("a: “x” y: 1", ["1:4 curly-quote"]),
        ("a: '“x”\n", ["1:4 quote-open"]),
        ("a: ｛b: 1｝\nid：2", ["1:4 full-width-bracket", "1:9 full-width-bracket", "2:3 full-width-colon"]),  # noqa: RUF001 -- the mark is the case
    ],
)
def test_full_width_marks_explain_a_broken_text(text: str, expected: list[str]) -> None:
    """Where one stands on the line of the error it is named instead; a `key：` anywhere."""
    problems = read(text, "policy.yaml")[1]
    assert expected == [f"{one.source.line}:{one.source.column} {one.code}" for one in problems if one.source]
