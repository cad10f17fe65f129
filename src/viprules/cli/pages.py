"""The pages of the error codes as a terminal shows them: in one language, without the signs of Markdown."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from viprules.cli.shipped import shipped

if TYPE_CHECKING:
    from viprules.cli.words import Language

__all__ = ["error_page"]

CODE = re.compile("`[^`]*`")
CHINESE = re.compile("[\u4e00-\u9fff]")
SAID = re.compile("(错误|警告)：")
FILE = re.compile(r"(?:# |<!-- )file: (?P<name>\S+).*")
FENCE = "```"
BLOCK = re.compile(rf"(?:(<!-- .*? -->)\n)?{FENCE}(\w*)\n((?:.*\n)*?){FENCE}\n")


def error_page(code: str, language: Language) -> tuple[str, str]:
    """What the problem is, and what its page shows: a file that has it, what is said of it, the file mended."""
    page = (shipped("docs/errors") / f"{code}.md").read_text(encoding="utf-8")
    _, _found_where, rest = page.split("\n\n", 2)
    doc, *parts = filter(None, _parts(rest, language))
    return doc, "\n\n".join(parts)


def _parts(page: str, language: Language) -> Iterator[str]:
    """Paragraphs and blocks in their order, those of the other language left out."""
    end = 0
    for block in BLOCK.finditer(page):
        yield from _paragraphs(page[end : block.start()], language)
        yield _block(block[1] or "", block[2], block[3], language)
        end = block.end()
    yield from _paragraphs(page[end:], language)


def _paragraphs(text: str, language: Language) -> Iterator[str]:
    for one in filter(None, text.split("\n\n")):
        english, _, chinese = one.strip().partition(" · ")
        if chinese:  # a heading in both languages
            yield (chinese if language == "zh" else f"{english}:").strip()
        elif (CHINESE.search(CODE.sub("", one)) is not None) == (language == "zh"):
            yield one.strip()


def _block(comment: str, kind: str, text: str, language: Language) -> str:
    """A file under its name, or what is said of it."""
    said = kind == "text" and comment in ("", "<!-- says -->")
    if said and (SAID.search(text) is not None) != (language == "zh"):
        return ""
    first, _, rest = text.partition("\n")
    above, inside = FILE.fullmatch(comment), FILE.fullmatch(first)
    shown = textwrap.indent((rest if inside else text).rstrip(), "  ")
    named = above or inside
    return f"{named['name']}:\n{shown}" if named else shown
