"""The bytes of a file as text: bounded, strictly UTF-8, without characters that nobody sees."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice

from viprules.errors import Problem, Source, problem

__all__ = ["LOST", "MAX_BYTES", "MAX_DEPTH", "Lines", "decoded", "is_unseen", "without_unseen"]

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
LOST = "\ufffd"
"""Stands for what was refused already, so that later stages do not speak about it again."""

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff]"
)
BREAK = re.compile("\r\n|\r|\n")
BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
UTF_8_BOM = b"\xef\xbb\xbf"


class Lines:
    """Where the lines of a text begin."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.text = text
        lengths = [found.end() for found in BREAK.finditer(text)]
        self.starts = [0, *lengths]

    def source(self, offset: int, length: int = 1) -> Source:
        """The place of the character at an offset."""
        line = bisect_right(self.starts, offset)
        return Source(file=self.file, line=line, column=offset - self.starts[line - 1] + 1, length=length)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its break; empty beyond the last one."""
        if not 1 <= number <= len(self.starts):
            return ""
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : end].rstrip("\r\n")


def decoded(text: str | bytes, file: str) -> tuple[str, list[Problem]]:
    """The text of a file; empty with a problem where it is too big or not UTF-8."""
    start = Source(file=file, line=1, column=1)
    if len(text) > MAX_BYTES:
        return "", [problem("file-too-big", start, limit=MAX_BYTES)]
    if isinstance(text, str):
        # A lone surrogate takes three bytes as well, and is refused later on, with its place.
        if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            return "", [problem("file-too-big", start, limit=MAX_BYTES)]
        return text.removeprefix("\ufeff"), []
    wide = next((encoding for bom, encoding in BOMS if text.startswith(bom)), "")
    if not wide and b"\x00" in text[:2]:
        wide = "UTF-16"  # without a mark; every other byte of plain English is zero, which UTF-8 allows
    if wide:
        return "", [problem("not-utf-8", start, encoding=wide)]
    # Editors on Windows put the mark there unasked, and it says nothing but "UTF-8".
    body = text.removeprefix(UTF_8_BOM)
    try:
        return body.decode("utf-8"), []
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8")
        place = Lines(before, file).source(len(before))
        return "", [problem("not-utf-8", place, encoding=_guess(body), byte=f"0x{body[error.start]:02X}")]


def _guess(body: bytes) -> str:
    """The encoding in which Chinese texts come, if the bytes fit it."""
    try:
        body.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GBK"


def is_unseen(text: str) -> str:
    """The first character of the text that nobody sees, or nothing."""
    found = UNSEEN.search(text)
    return found[0] if found else ""


def without_unseen(text: str, file: str, most: int) -> tuple[str, list[Problem]]:
    """The text with `LOST` for each invisible character, and a problem for each of the first `most`."""
    if not UNSEEN.search(text):
        return text, []
    lines = Lines(text, file)
    problems = [
        problem("unseen-character", lines.source(found.start()), character=f"U+{ord(found[0]):04X}")
        for found in islice(UNSEEN.finditer(text), most)
    ]
    return UNSEEN.sub(LOST, text), problems
