"""Bytes to text: one encoding, bounded, every place counted as an editor counts."""

import pytest

from viprules.engine.reading.text import Lines, decoded, is_unseen
from viprules.errors import Source


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("a: 金".encode("utf-16"), "UTF-16"),
        ("a: 金".encode("utf-16-be"), "UTF-16"),
        ("a: b".encode("utf-16-le"), "UTF-16"),
        ("a: 金".encode("utf-32"), "UTF-32"),
        ("\ufeffa: b".encode("utf-32-be"), "UTF-32"),
        ("a: 金卡".encode("gb18030"), "GBK"),
    ],
)
def test_another_encoding_is_named(data: bytes, encoding: str) -> None:
    """The message says what the file is written in, where that can be told."""
    text, problems = decoded(data, "p.yaml")
    assert ("", ["not-utf-8"]) == (text, [one.code for one in problems])
    assert encoding in problems[0].message


def test_a_byte_that_is_not_utf_8_has_its_place() -> None:
    """Line and column of the first one, in characters, and the byte itself."""
    _, problems = decoded("a: 金\nb: 金".encode() + b"\xff\x00", "p.yaml")
    assert Source(file="p.yaml", line=2, column=5) == problems[0].source
    assert "the byte 0xFF here is not UTF-8" == problems[0].message


@pytest.mark.parametrize("text", ["\ufeffa: b", b"\xef\xbb\xbfa: b"], ids=["text", "bytes"])
def test_the_mark_of_utf_8_is_taken_off(text: str | bytes) -> None:
    """Editors on Windows put it there unasked, and it says nothing."""
    assert ("a: b", []) == decoded(text, "p.yaml")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts(end: str) -> None:
    """Lines are those of an editor, whatever ends them."""
    lines = Lines(end.join(["a", "金b", ""]), "p.yaml")
    assert ["a", "金b", "", "", ""] == [lines.line(number) for number in (1, 2, 3, 4, 0)]
    assert Source(file="p.yaml", line=2, column=2, length=3) == lines.source(lines.text.index("b"), 3)
    assert Source(file="p.yaml", line=1, column=1) == lines.source(0)


def test_the_first_unseen_character_is_given() -> None:
    """Tabs and line ends are seen, joiners of emoji and Persian are needed."""
    assert ("\x07", "") == (is_unseen("a\x07\x08"), is_unseen("a\t\r\n👨\u200d👩 \u200c"))
