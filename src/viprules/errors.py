"""What went wrong: problems as values, and the three exceptions that leave the library.

A `Problem` is found in what somebody wrote (a policy, a row of data) and is collected with others; its
texts come from `viprules.messages`, in English and Chinese. An exception carries such problems, or tells
a programmer about a bad call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from attrs import field, frozen

__all__ = [
    "DataError",
    "PolicyError",
    "Problem",
    "Source",
    "UsageError",
    "ViprulesError",
    "in_order",
    "problem",
]

Language = Literal["en", "zh"]


@frozen(kw_only=True)
class Source:
    """A place in a file: line and column are counted from 1, in characters; `length` characters are meant."""

    file: str
    line: int
    column: int
    length: int = 1

    def __str__(self) -> str:
        """`file:line:column`, which editors and terminals can jump to."""
        return f"{self.file}:{self.line}:{self.column}"


@frozen(kw_only=True)
class Problem:
    """One thing that is wrong, with its place and what to write instead; made by `problem`."""

    code: str
    message: str
    hint: str = ""
    source: Source | None = None
    severity: Literal["error", "warning"] = "error"
    values: Mapping[str, str] = field(factory=dict, hash=False)
    """What the texts were filled with, so that they can be said in another language."""

    def text(self, language: Language = "en") -> tuple[str, str]:
        """The message and the hint in a language."""
        from viprules.messages import said

        return said(self.code, self.values, language)

    def __str__(self) -> str:
        """All on one line, in English."""
        place = f"{self.source}: " if self.source else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.severity}: {self.message}{hint} [{self.code}]"


def problem(code: str, source: Source | None = None, /, **values: object) -> Problem:
    """The problem of that code; raises KeyError for a code that is not in the catalogue.

    `values` fill the texts. A list of names is given as one text with line breaks between them.
    """
    from viprules.messages import CATALOGUE, said

    told = {name: str(value) for name, value in values.items()}
    message, hint = said(code, told, "en")
    severity = CATALOGUE[code].severity
    return Problem(code=code, message=message, hint=hint, source=source, severity=severity, values=told)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By file and place, those without a place first; of equals only one."""

    def place(one: Problem) -> tuple[str, int, int, str]:
        at = one.source
        return (at.file, at.line, at.column, one.code) if at else ("", 0, 0, one.code)

    seen: dict[tuple[Source | None, str, str], Problem] = {}
    for one in problems:
        seen.setdefault((one.source, one.code, one.message), one)
    return sorted(seen.values(), key=place)


class ViprulesError(Exception):
    """The root of everything that the library raises on purpose."""


class _ProblemsError(ViprulesError):
    """An exception that carries problems."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """One problem per line, in English; `viprules.rendering` shows more."""
        return "\n".join(map(str, self.problems))


class PolicyError(_ProblemsError):
    """A policy that cannot be used; `problems` holds everything that was found, in the order of the file."""


class DataError(_ProblemsError):
    """Facts, events or a membership that do not fit the policy; nothing was decided."""


class UsageError(ViprulesError, ValueError, TypeError):
    """A call that no input could make right, such as an unknown argument: a mistake of the calling program."""
