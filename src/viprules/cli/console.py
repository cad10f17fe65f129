"""What the commands say: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from typing import IO, TYPE_CHECKING, Any

from viprules.cli.words import Language, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from viprules.errors import Problem

__all__ = ["Console"]


class Console:
    """The streams of one call, with its language and format."""

    def __init__(self, language: Language, *, json_wanted: bool = False) -> None:
        self.language = language
        self.json_wanted = json_wanted
        self.out: IO[str] = sys.stdout
        self.err: IO[str] = sys.stderr

    def say(self, key: str, /, **values: object) -> str:
        """The text of a key in the language of this call."""
        return say(key, self.language, **values)

    def counted(self, key: str, number: int) -> str:
        """A number with its noun: `1 file`, `3 files`."""
        return self.say(key if number == 1 else f"{key}s", n=f"{number:,}")

    def print(self, text: str = "") -> None:
        """A line of the result."""
        self.out.write(f"{text}\n")

    def json(self, data: Any) -> None:
        """The result as JSON."""
        json.dump(data, self.out, ensure_ascii=False, indent=2, default=str)
        self.out.write("\n")

    def note(self, text: str = "") -> None:
        """A line beside the result."""
        self.err.write(f"{text}\n")

    def colours(self, stream: IO[str]) -> bool:
        """Whether a stream shows colours: a terminal, unless NO_COLOR says otherwise."""
        return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def painted(self, text: str, colour: str, stream: IO[str] | None = None) -> str:
        """The text in a colour where colours are shown."""
        return f"\033[{COLOURS[colour]}m{text}\033[0m" if self.colours(stream or self.out) else text

    def problems(self, found: Iterable[Problem], stream: IO[str] | None = None) -> None:
        """Problems with their lines, for people."""
        from viprules.rendering import as_text

        where = self.out if stream is None else stream
        text = as_text(found, language=self.language, colour=self.colours(where))
        if text:
            where.write(text.rstrip("\n") + "\n")

    def table(
        self, rows: Sequence[Sequence[str]], *, numbers: Iterable[int] = (), stream: IO[str] | None = None
    ) -> None:
        """Rows in columns, the first as heading; `numbers` are aligned to the right."""
        right, where = set(numbers), stream or self.out
        widths = [max(width(row[place]) for row in rows) for place in range(len(rows[0]))]
        for row in rows:
            cells = []
            for place, (cell, wide) in enumerate(zip(row, widths, strict=True)):
                space = " " * (wide - width(cell))
                cells.append(space + cell if place in right else cell + space)
            where.write("  " + "  ".join(cells).rstrip() + "\n")


COLOURS = {"red": "31", "green": "32", "yellow": "33", "bold": "1"}


def width(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese characters take two."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )
