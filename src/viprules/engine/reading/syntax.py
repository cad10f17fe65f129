"""What the YAML parser could not read, in the words of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from viprules.engine.reading.punctuation import colon_lines, every
from viprules.engine.reading.text import MAX_DEPTH, Lines
from viprules.errors import Problem, Source, problem

__all__ = ["broken"]

QUOTED_OR_COMMENT = re.compile(r"'(?:[^'\n]|'')*'|\"(?:[^\"\\\n]|\\.)*\"|(?<!\S)#.*")
ASCII_KEY = re.compile(r"^\s*(?:- +)*([\w.-]+)$")
TIGHT_KEY = re.compile(r"^\s*(?:- +)*(([A-Za-z_][\w.-]*):(\S.*))$")
CLOSING = {"[": "]", "{": "}"}


def broken(error: Any, lines: Lines, opened: Source | None) -> list[Problem]:
    """The problems behind a parser error: full-width marks that explain it, else the error itself.

    `opened` is the place of the bracket that was open when the parser gave up.
    """
    place = _offset(error.problem_mark, lines)
    around = _offset(error.context_mark, lines) if error.context_mark else place
    marks = _marks(error, lines, around, place)
    if not marks and opened and "node content" in str(error.problem) and not lines.text[place:].strip():
        around = lines.starts[opened.line - 1] + opened.column - 1
        return [_bracket(error, lines, around, place)]
    return marks or [_explained(error, lines, around, place)]


def _offset(mark: Any, lines: Lines) -> int:
    if mark.line >= len(lines.starts):  # libyaml counts a line after the last one
        return len(lines.text)
    return int(min(lines.starts[mark.line] + mark.column, len(lines.text)))


def _blanked(text: str) -> str:
    """The text with spaces for what stands in quotes and in comments."""
    return QUOTED_OR_COMMENT.sub(lambda found: " " * len(found[0]), text)


def _marks(error: Any, lines: Lines, around: int, place: int) -> list[Problem]:
    """Full-width colons after a key anywhere, and every other mark on the lines of the error."""
    text = _blanked(lines.text)
    first = lines.source(around if re.search("flow|simple key", str(error.context)) else place).line
    last = lines.source(place).line
    start, end = lines.starts[first - 1], lines.starts[last - 1] + len(lines.line(last))
    found = {one.offset: one for one in colon_lines(text, any_word=False)}
    found |= {one.offset + start: one for one in colon_lines(text[start:end], any_word=True)}
    if "quoted scalar" not in str(error.context):
        found |= {one.offset + start: one for one in every(text[start:end])}
    return [problem(one.code, lines.source(at, one.length), **one.values) for at, one in sorted(found.items())]


def _explained(error: Any, lines: Lines, around: int, place: int) -> Problem:
    said = f"{error.context}; {error.problem}"
    for pattern, explain in EXPLANATIONS:
        if re.search(pattern, said):
            return explain(error, lines, around, place)
    return _other(error, lines, around, place)


def _deep(_error: Any, lines: Lines, _around: int, place: int) -> Problem:
    return problem("too-deep", lines.source(place), limit=MAX_DEPTH)


Explain = Callable[[Any, Lines, int, int], Problem]


def _other(error: Any, lines: Lines, _around: int, place: int) -> Problem:
    return problem("yaml-syntax", lines.source(place), reason=str(error.problem or error))


def _escape(_error: Any, lines: Lines, _around: int, place: int) -> Problem:
    at = lines.text.rfind("\\", 0, place + 1)
    return problem("wrong-escape", lines.source(max(at, 0), 2))


def _quote(_error: Any, lines: Lines, around: int, _place: int) -> Problem:
    return problem("quote-open", lines.source(around), quote=lines.text[around : around + 1])


def _bracket(_error: Any, lines: Lines, around: int, _place: int) -> Problem:
    bracket = lines.text[around : around + 1]
    return problem("bracket-open", lines.source(around), bracket=bracket, write=CLOSING.get(bracket, "}"))


def _content(_error: Any, lines: Lines, _around: int, place: int) -> Problem:
    return problem("bracket-stray", lines.source(place), bracket=lines.text[place : place + 1])


def _token(_error: Any, lines: Lines, _around: int, place: int) -> Problem:
    mark = lines.text[place : place + 1]
    if mark == "\t":
        return problem("tab-indentation", lines.source(place))
    return problem("reserved-character", lines.source(place), character=mark)


def _colon(_error: Any, lines: Lines, _around: int, place: int) -> Problem:
    """A colon after something that cannot be a key: mostly the line above lacks its own."""
    at = lines.source(place)
    before = lines.line(at.line)[: at.column - 1]
    if not ASCII_KEY.match(before):
        return problem("stray-colon", at)
    above = next((n for n in range(at.line - 1, 0, -1) if _blanked(lines.line(n)).strip()), 0)
    return _no_colon(lines, above) or _indentation(_error, lines, 0, place - len(before.strip()))


def _no_colon(lines: Lines, number: int) -> Problem | None:
    """The line has no colon, or one without a space after it."""
    line = lines.line(number).rstrip()
    written = len(line) - len(line.lstrip())
    source = Source(file=lines.file, line=number, column=written + 1, length=max(len(line) - written, 1))
    tight = TIGHT_KEY.match(line)
    if tight:
        return problem("colon-without-space", source, text=tight[1], write=f"{tight[2]}: {tight[3]}")
    if line and ":" not in line:
        return problem("missing-colon", source, text=line.strip())
    return None


def _expected_colon(error: Any, lines: Lines, around: int, place: int) -> Problem:
    return _no_colon(lines, lines.source(around).line) or _other(error, lines, around, place)


def _indentation(_error: Any, lines: Lines, _around: int, place: int) -> Problem:
    at = lines.source(place)
    before = lines.line(at.line)[: at.column - 1].rstrip()
    if before.endswith(("'", '"')):
        return problem("quote-followed", at)
    if before and lines.text[place : place + 1] in CLOSING.values():
        return problem("bracket-stray", at, bracket=lines.text[place])
    return problem("wrong-indentation", at)


EXPLANATIONS: tuple[tuple[str, Explain], ...] = (
    ("nesting depth", _deep),  # libyaml looks a thousand brackets ahead
    ("escape|hexdecimal", _escape),
    ("quoted scalar; found unexpected", _quote),
    ("flow (sequence|mapping); .*expected ','", _bracket),
    ("flow (sequence|mapping); .*expected", _bracket),
    ("node content", _content),
    ("cannot start any token|tab character", _token),
    ("mapping values are not allowed", _colon),
    ("expected ':'", _expected_colon),
    ("block (mapping|collection)", _indentation),
)
"""By the parser's own words, which libyaml and pure Python put a little differently."""
