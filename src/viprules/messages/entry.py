"""The form of an entry of the catalogue."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["Entry", "Text"]


class Text(NamedTuple):
    """A message and a hint.

    `{name}` stands for a value of the problem; `{name:list}` for names with line breaks between them;
    `{name:words}` for words that the catalogue translates; `{name:long}` for a longer text. Where several
    texts are given, the first one counts of which every value is there and not empty.
    """

    message: str | tuple[str, ...]
    hint: str | tuple[str, ...] = ""


class Entry(NamedTuple):
    """What is said of one code."""

    en: Text
    zh: Text
    severity: Literal["error", "warning"] = "error"
