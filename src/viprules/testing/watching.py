"""Watching what a plug-in does while it is compiled and asked: clocks, chance, the network, its failures."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from random import Random
from types import CodeType, FrameType
from typing import Any, Final
from unittest.mock import patch

from viprules.engine.tree.calling import Function

__all__ = ["failures", "impurities"]

ASKED: Final = {
    "time": frozenset(
        "ctime gmtime localtime monotonic monotonic_ns perf_counter perf_counter_ns time time_ns".split()
    ),
    "posix": frozenset({"getrandom", "urandom"}),
    "nt": frozenset({"urandom"}),
    "_socket": frozenset({"getaddrinfo", "gethostbyname"}),
}
TODAY: Final = frozenset({"now", "today", "utcnow"})
CHANCE: Final = frozenset({"getrandbits", "random"})


@contextmanager
def impurities(homes: frozenset[str], end: CodeType) -> Iterator[list[str]]:
    """The calls by which code of these packages asks what no policy says, in the order of their first time.

    `end` is the function that watches: who called that is not looked at.
    """
    found: list[str] = []

    def look(frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and _is_asked(called) and _is_ours(frame, homes, end):
            name = getattr(called, "__qualname__", str(called))
            if name not in found:
                found.append(name)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(before)


def _is_asked(called: Any) -> bool:
    name, owner = getattr(called, "__name__", ""), getattr(called, "__self__", None)
    if name in TODAY:
        return isinstance(owner, type) and issubclass(owner, date)
    if name in CHANCE and isinstance(owner, Random):
        return True
    return name in ASKED.get(str(getattr(called, "__module__", "")), ())


def _is_ours(frame: FrameType | None, homes: frozenset[str], end: CodeType) -> bool:
    """Whether a function of the packages has led to a call."""
    while frame is not None and frame.f_code is not end:
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] in homes:
            return True
        frame = frame.f_back
    return False


@contextmanager
def failures() -> Iterator[list[str]]:
    """What functions of plug-ins raise, or give that does not fit, while the policy takes it for unknown."""
    found: list[str] = []
    inner = Function.tried

    def tried(self: Function, *values: Any) -> tuple[Any, str]:
        value, reason = inner(self, *values)
        if reason not in ("", "no value"):
            found.append(f"`{self.name}`: {reason}")
        return value, reason

    with patch.object(Function, "tried", tried):
        yield found
