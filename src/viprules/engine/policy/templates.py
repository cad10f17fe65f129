"""Texts with names in braces: what a message may say of its customer. Names only: no attributes, no formats."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["filled", "names_in", "stray_brace"]

PART = re.compile(r"\{\{|\}\}|\{(?P<name>[A-Za-z_][A-Za-z0-9_]{0,63})\}|(?P<stray>[{}])")
"""A doubled brace, which stands for one; a name; or a brace that is neither."""


def names_in(text: str) -> tuple[str, ...]:
    """The names that a text wants, each once."""
    return tuple(dict.fromkeys(found["name"] for found in PART.finditer(text) if found["name"]))


def stray_brace(text: str) -> str:
    """The text from the first brace that belongs to no name, at most some words of it; nothing for a sound text."""
    found = next((one for one in PART.finditer(text) if one["stray"]), None)
    return "" if found is None else text[found.start() : found.start() + 20]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its names replaced; raises KeyError for a name without a value."""
    return PART.sub(lambda found: values[found["name"]] if found["name"] else found[0][0], text)
