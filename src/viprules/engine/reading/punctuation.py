"""Full-width punctuation, curly quotes and odd spaces where the syntax of YAML was meant.

To YAML these are letters like any other: `tiers：` makes a whole file one text. Who types Chinese writes
them without noticing, so each has its own message. They stay allowed inside texts for people: what is
reported here either cannot be a text, or was refused by the parser or the schema.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ANY", "Finding", "colon_lines", "every", "in_key", "in_value", "repaired"]

# ruff: noqa: RUF001 -- full-width marks are what this module is about

COLON = "：\ufe55"
COMMAS = "，、"
QUOTES = {"“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"'}
BRACKETS = {"【": "[", "】": "]", "［": "[", "］": "]", "｛": "{", "｝": "}", "（": "(", "）": ")"}
SPACES = {"\u3000": "ideographic space", "\u00a0": "no-break space"}
OTHERS = {chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *map(ord, "－＃％．＂＇｜＞＿"))}
CODES: dict[str, str] = (
    dict.fromkeys(COLON, "full-width-colon")
    | dict.fromkeys(COMMAS, "full-width-comma")
    | dict.fromkeys(QUOTES, "curly-quote")
    | dict.fromkeys(BRACKETS, "full-width-bracket")
    | dict.fromkeys(SPACES, "full-width-space")
    | dict.fromkeys(OTHERS, "full-width-character")
)
ANY = re.compile(f"[{''.join(CODES)}]")
EDGE_SPACE = re.compile("^[\u3000\u00a0]+|[\u3000\u00a0]+$")
QUOTED = re.compile("^[“”‘’「].*[“”‘’」]$", re.DOTALL)
BRACED = re.compile("^｛.*｝$", re.DOTALL)
KEY_LINE = re.compile("^[ \t\u3000\u00a0]*(?:[-－][ \u3000])*([A-Za-z_][\\w.-]*)[ \u3000]*([：\ufe55])", re.MULTILINE)
"""A line that begins like `key：`; the key of a policy is an ASCII word."""
ANY_KEY_LINE = re.compile("^[ \t\u3000]*(?:[-－][ \u3000])*([^\\s:#：\"'\\[{]+)[ \u3000]*([：\ufe55])", re.MULTILINE)


class Finding(NamedTuple):
    """A mark that should be another one: where it is in the text looked at, and what to say of it."""

    code: str
    offset: int
    values: dict[str, str]
    length: int = 1


def _finding(text: str, offset: int) -> Finding:
    mark = text[offset]
    if mark in COLON:
        return Finding(CODES[mark], offset, {"write": _pair(text, offset)})
    if mark in SPACES:
        return Finding(CODES[mark], offset, {"space": SPACES[mark]})
    if mark in QUOTES:
        end = text.find(_partner(mark) or "\n", offset + 1)
        inner = text[offset + 1 : end] if end > 0 else ""
        values = {"character": mark + _partner(mark), "write": f"{QUOTES[mark]}{inner}{QUOTES[mark]}"}
        return Finding(CODES[mark], offset, values, len(inner) + 2 if inner else 1)
    write = BRACKETS.get(mark) or OTHERS.get(mark) or ","
    return Finding(CODES[mark], offset, {"character": mark, "write": write})


def _partner(quote: str) -> str:
    return {"“": "”", "”": "", "‘": "’", "’": "", "「": "」", "」": ""}[quote]


def _pair(text: str, offset: int) -> str:
    """What to write for the key and the value around a full-width colon."""
    key = re.split("[\\s,{\\[]", text[:offset].rstrip())[-1].strip("".join(QUOTES))
    value = re.split("[\n,}\\]]", text[offset + 1 :])[0].strip().strip("".join(QUOTES))
    return f"{key}: {value}".rstrip()


def every(text: str) -> Iterator[Finding]:
    """Every mark of the text, a pair of quotes as one, and spaces in a row as one."""
    closing = ""
    for found in ANY.finditer(text):
        if found[0] == closing:
            closing = ""
            continue
        if found[0] in SPACES and text[: found.start()].endswith(found[0]):
            continue
        closing = _partner(found[0]) if found[0] in QUOTES else closing
        yield _finding(text, found.start())


def in_key(text: str) -> list[Finding]:
    """The marks of an unquoted key: none of them belongs there; what follows a colon is no key any more."""
    findings = []
    for one in every(text):
        findings.append(one)
        if one.code == "full-width-colon":
            break
    return findings


def repaired(key: str) -> tuple[str, bool]:
    """The key that was meant, or nothing; and whether a value was swallowed with it."""
    name, *rest = re.split("[：\ufe55]|:(?=[\u3000\u00a0])", key, maxsplit=1)
    name = name.strip("".join((*QUOTES, *SPACES, " ")))
    return ("" if ANY.search(name) else name), bool(rest)


def in_value(text: str, *, flow: bool, item: bool) -> list[Finding]:
    """The marks of an unquoted value that can only be mistakes, by where it stands."""
    spaces = [_finding(text, found.start()) for found in EDGE_SPACE.finditer(text)]
    if spaces:
        return spaces
    if QUOTED.match(text) or BRACED.match(text):
        return [_finding(text, 0)]
    if flow:
        end = len(text.rstrip()) - 1
        at = [n for n, mark in enumerate(text) if mark in COMMAS and (item or n == end)]
        if at:
            return [_finding(text, n) for n in at]
    swallowed = [one for one in KEY_LINE.finditer(text) if "\n" in text[: one.start(1)]]
    return [_finding(text, one.start(2)) for one in swallowed]


def colon_lines(text: str, *, any_word: bool) -> list[Finding]:
    """Every line that begins like `key：`, for a text that the parser could make nothing of."""
    pattern = ANY_KEY_LINE if any_word else KEY_LINE
    return [_finding(text, found.start(2)) for found in pattern.finditer(text)]
