"""Problems for people and for programs: text with the line and a caret, or JSON; English or Chinese."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from viprules.messages import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from viprules.errors import Language, Problem, Source

__all__ = ["as_data", "as_json", "as_text"]

BIGGEST = 4 * 1024 * 1024
"""Bytes of a file that is read again to show a line of it."""
WIDEST = 100
"""Columns of a source line that are shown."""
COLOURS = {"error": "31", "warning": "33", "place": "1", "hint": "36", "faint": "2"}
WORDS = {
    "en": {"error": "error", "warning": "warning", "hint": "hint"},
    "zh": {"error": "错误", "warning": "警告", "hint": "修改建议"},
}
BREAK = re.compile("\r\n|\r|\n")


def as_text(
    problems: Iterable[Problem],
    texts: Mapping[str, str] | None = None,
    *,
    language: Language = "en",
    colour: bool = False,
) -> str:
    """All problems, one below the other, each with its line; empty if there are none.

    `texts` are the contents of the files by name; files that are not there are read again, and where
    that does not work the problem stands without its line.
    """
    lines = _Lines({file: BREAK.split(text) for file, text in (texts or {}).items()})
    paint = _painted if colour else _unpainted
    return "\n\n".join(_block(one, lines, language, paint) for one in problems)


class _Lines(dict[str, list[str]]):
    """The lines of the files that problems lie in."""

    def __missing__(self, file: str) -> list[str]:
        self[file] = lines = _lines_of(Path(file))
        return lines


def _lines_of(path: Path) -> list[str]:
    """The lines of a YAML file of moderate size; none if it cannot be read, and none of tables.

    In a table a place is a row and a cell, not a character.
    """
    try:
        if path.suffix not in (".yaml", ".yml") or not path.is_file() or path.stat().st_size > BIGGEST:
            return []
        return BREAK.split(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError):  # gone, closed to us, of another encoding, or no name that a file can have
        return []


def _painted(text: str, role: str) -> str:
    return f"\x1b[{COLOURS[role]}m{text}\x1b[0m"


def _unpainted(text: str, _role: str) -> str:
    return text


def _block(one: Problem, lines: _Lines, language: Language, paint: Any) -> str:
    words, (message, hint) = WORDS[language], one.text(language)
    colon = ": " if language == "en" else "："
    place = f"{paint(visible(str(one.source), 300), 'place')}: " if one.source else ""
    rows = [f"{place}{paint(words[one.severity], one.severity)}{colon}{message} {paint(f'[{one.code}]', 'faint')}"]
    if one.source is not None:
        rows += _excerpt(one.source, lines[one.source.file], lambda text: paint(text, one.severity))
    if hint:
        rows.append(f"  {paint(words['hint'], 'hint')}{colon}{hint}")
    return "\n".join(rows)


def _excerpt(source: Source, lines: list[str], paint: Any) -> list[str]:
    """The line of a problem with a caret under what is meant."""
    if not 1 <= source.line <= len(lines):
        return []
    line = lines[source.line - 1]
    start = source.column - 1
    first = max(0, start - WIDEST // 2) if len(line) > WIDEST else 0
    shown = [_seen(character) for character in line[first : first + WIDEST]]
    before = "".join(shown[: start - first])
    meant = "".join(shown[start - first : start - first + source.length])
    caret = " " * _width(before) + "^" * max(1, _width(meant))
    number = str(source.line)
    left, right = "…" if first else "", "…" if first + WIDEST < len(line) else ""
    pad = " " * len(left)
    return [
        f"  {number} | {left}{''.join(shown)}{right}".rstrip(),
        f"  {' ' * len(number)} | {pad}{paint(caret)}",
    ]


def _seen(character: str) -> str:
    return " " if character == "\t" else visible(character)


def _width(text: str) -> int:
    """Columns in a terminal: Chinese characters take two."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def as_data(problems: Iterable[Problem], language: Language = "en") -> list[dict[str, Any]]:
    """Problems as plain data, for JSON."""
    return [_data(one, language) for one in problems]


def _data(one: Problem, language: Language) -> dict[str, Any]:
    message, hint = one.text(language)
    at = one.source
    place = {"file": at.file, "line": at.line, "column": at.column, "length": at.length} if at else {}
    return {"code": one.code, "severity": one.severity, **place, "message": message, "hint": hint}


def as_json(problems: Iterable[Problem], language: Language = "en") -> str:
    """The same data as a JSON text: `{"problems": [...], "errors": n, "warnings": n}`."""
    every = list(problems)
    errors = sum(one.severity == "error" for one in every)
    data = {"problems": as_data(every, language), "errors": errors, "warnings": len(every) - errors}
    return json.dumps(data, ensure_ascii=False, indent=2)
