"""The catalogue: every code has texts in two languages that follow the grammar of messages, and a page."""

import re
from pathlib import Path

import pytest

from viprules.errors import problem
from viprules.messages import CATALOGUE, STAGES, Entry, placeholders, said, visible
from viprules.messages.words import WORDS

SOURCES = sorted(Path(__file__).parents[1].glob("src/viprules/**/*.py"))
CHINESE = re.compile("[\u4e00-\u9fff]")
PYTHON = re.compile(r"\b(str|int|dict|bool|NoneType|Decimal|Traceback|None|True|False)\b")
CODES = sorted(CATALOGUE)


def texts(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the texts of a message or a hint."""
    return (text,) if isinstance(text, str) else text


def every(entry: Entry) -> list[str]:
    """Return all texts of an entry."""
    return [one for text in (entry.en, entry.zh) for part in text for one in texts(part)]


def test_a_code_stands_in_one_stage() -> None:
    """No stage hides what another one says."""
    assert len(CATALOGUE) == sum(map(len, STAGES.values()))


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_said_in_two_languages(code: str) -> None:
    """Message and hint, in English without Chinese, in Chinese with it, from the same values."""
    entry = CATALOGUE[code]
    for english, chinese in zip(entry.en, entry.zh, strict=True):
        assert len(texts(english)) == len(texts(chinese))
        for one, other in zip(texts(english), texts(chinese), strict=True):
            assert placeholders(one) == placeholders(other)
            assert bool(one) == bool(CHINESE.search(other))
    assert texts(entry.en.message)[0]


@pytest.mark.parametrize("code", CODES)
def test_a_text_follows_the_grammar(code: str) -> None:
    """One line, no full stop, no capital, no name of a Python type; back-ticks in pairs."""
    for text in every(CATALOGUE[code]):
        assert "\n" not in text
        assert not text.endswith((".", "。"))
        assert text[:1] == text[:1].lower()
        assert not PYTHON.search(text.replace("NaN", ""))
        assert text.count("`") % 2 == 0


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_a_page(code: str, root: Path) -> None:
    """`docs/errors/` explains it, with the code as its heading."""
    page = root / "docs" / "errors" / f"{code}.md"
    assert page.read_text(encoding="utf-8").startswith(f"# `{code}`\n")


def test_every_page_explains_a_code(root: Path) -> None:
    """No page outlives its code."""
    pages = {path.stem for path in (root / "docs" / "errors").glob("*.md")} - {"index", "README"}
    assert sorted(pages - set(CODES)) == []


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_used(code: str) -> None:
    """Some module says it; the catalogue keeps nothing that nobody says."""
    assert any(f'"{code}"' in path.read_text(encoding="utf-8") for path in SOURCES if "messages" not in path.parts)


@pytest.mark.parametrize("word", sorted(WORDS))
def test_a_word_has_two_languages(word: str) -> None:
    """What fills a message is translated with it."""
    english, chinese = WORDS[word]
    assert english
    assert not CHINESE.search(english)
    assert CHINESE.search(chinese)


def test_the_first_complete_text_counts() -> None:
    """A text whose values are missing or empty gives way to the next; a hint to nothing."""
    assert ("`a` is not known here", "write `b`") == said("unknown-key", {"key": "a", "nearest": "b"}, "en")
    assert ("`a` is not known here", "remove it") == said("unknown-key", {"key": "a", "nearest": ""}, "en")
    assert "" == said("wrong-type", {}, "en")[1]


def test_a_gap_is_shown() -> None:
    """A value that is missing everywhere is a question mark, so that a message never fails."""
    assert "`?` is written twice: first on line ?" == said("duplicate-key", {}, "en")[0]


def test_lists_and_words_are_said_in_the_language() -> None:
    """Names are joined as the language does it, words are translated, unknown words stay."""
    made = problem("not-one-of", text="x", options="a\nb")
    assert ("`x` is not one of `a`, `b`", "`x` 不在可选值 `a`、`b` 之中") == (made.message, made.text("zh")[0])
    made = problem("wrong-type", wanted="number\nmap\nan odd thing", text="x")
    assert "a number or a map or an odd thing is wanted here, not `x`" == made.message
    assert "这里应当是数字或一组 `键: 值`或an odd thing，而不是 `x`" == made.text("zh")[0]


def test_a_long_list_is_cut() -> None:
    """Twelve names, then dots."""
    made = problem("not-one-of", text="x", options="\n".join(f"n{n}" for n in range(20)))
    assert made.message.endswith("`n10`, `n11`, …")


def test_user_text_cannot_forge_a_message() -> None:
    """Line breaks and invisible characters are written out, braces stay, long texts are cut."""
    made = problem("unknown-key", key="a\x1b[31m\n\u202e{0.__class__}" + "x" * 100)
    assert made.message.startswith("`a\\u001b[31m\\u000a\\u202e{0.__class__}xxx")
    assert "…`" in made.message
    assert "金\\ud800" == visible("金\ud800")
