"""The message catalogue: what is said of each code, in English and Chinese.

One module per stage holds the texts, as data; here they are put together and filled in. Each code has a
page in `docs/errors/`.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING, Any, Literal

from viprules.messages.data import DATA
from viprules.messages.entry import Entry, Text
from viprules.messages.meaning import MEANING
from viprules.messages.plugins import PLUGINS
from viprules.messages.reading import READING
from viprules.messages.shape import SHAPE
from viprules.messages.tables import TABLES
from viprules.messages.testing import TESTING
from viprules.messages.words import REFUSALS, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["CATALOGUE", "STAGES", "Entry", "Text", "placeholders", "said", "visible"]

STAGES: Mapping[str, Mapping[str, Entry]] = {
    "reading": READING,
    "shape": SHAPE,
    "plugins": PLUGINS,
    "meaning": MEANING,
    "data": DATA,
    "tables": TABLES,
    "testing": TESTING,
}
CATALOGUE: Mapping[str, Entry] = {code: entry for stage in STAGES.values() for code, entry in stage.items()}

LONGEST = 80
"""Characters of a user's text that a message repeats."""
LONGEST_REASON = 400
"""Characters of somebody else's explanation that a message repeats."""
MOST = 12
"""Names that a message lists."""
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\uffff]"
)


def visible(text: str, longest: int = LONGEST) -> str:
    """The text on one line, with characters that nobody sees written out, and shortened."""
    shown = UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text[: longest + 1])
    return shown if len(text) <= longest else f"{shown[:longest]}…"


def said(code: str, values: Mapping[str, str], language: Literal["en", "zh"]) -> tuple[str, str]:
    """The message and the hint of a code; raises KeyError for an unknown one."""
    entry = CATALOGUE[code]
    text = entry.zh if language == "zh" else entry.en
    speak = _Speaker(language)
    if language == "zh":  # what somebody else said in both languages: `reason`, and `reason_zh`
        values = {name: values.get(f"{name}_zh", REFUSALS.get(value, value)) for name, value in values.items()}
    return speak.first(text.message, values, must=True), speak.first(text.hint, values, must=False)


def placeholders(text: str) -> set[str]:
    """The names of the values that a text needs."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


class _Speaker(Formatter):
    """Fills one language's texts."""

    def __init__(self, language: Literal["en", "zh"]) -> None:
        self.language = language

    def first(self, texts: str | tuple[str, ...], values: Mapping[str, str], *, must: bool) -> str:
        """The first text whose values are all there; else the last one with gaps, or nothing."""
        options = (texts,) if isinstance(texts, str) else texts
        for text in options:
            if all(values.get(name) for name in placeholders(text)):
                return self.vformat(text, (), values)
        return self.vformat(options[-1], (), _Gaps(values)) if must else ""

    def format_field(self, value: Any, format_spec: str) -> str:
        """A value as the text asks for it."""
        if format_spec == "list":
            return self._joined(f"`{visible(one)}`" for one in value.split("\n"))
        if format_spec == "long":
            return visible(value, LONGEST_REASON)
        if format_spec == "words":
            return (" or " if self.language == "en" else "或").join(map(self._word, value.split("\n")))
        return visible(value)

    def _joined(self, names: Iterable[str]) -> str:
        every = list(names)
        shown = every if len(every) <= MOST else [*every[:MOST], "…"]
        return (", " if self.language == "en" else "、").join(shown)

    def _word(self, word: str) -> str:
        entry = WORDS.get(word)
        return visible(word) if entry is None else entry[self.language == "zh"]


class _Gaps(dict[str, str]):
    """Values of which some are missing."""

    def __missing__(self, key: str) -> str:
        return "?"
