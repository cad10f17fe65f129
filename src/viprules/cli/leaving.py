"""How the process ends: stopped by a signal, with nobody reading any more, with the disk full."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["flushed", "silence", "stoppable", "streams_open"]

STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals that ask a process to end."""


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """A stop by signal is a KeyboardInterrupt inside, so that unfinished files are removed; a second one is ignored.

    Signals that whoever started the process has switched off (`nohup`) stay off. After a stop the process is meant to
    end, so the signals are not given back then.
    """
    given = {}
    with contextlib.suppress(ValueError):  # another thread than the main one cannot set them
        for one in STOPPING:
            if signal.getsignal(one) in (signal.SIG_DFL, signal.default_int_handler):
                given[one] = signal.signal(one, _stop)
    try:
        yield
    finally:
        for one, handler in given.items():
            if signal.getsignal(one) is _stop:
                signal.signal(one, handler)


def _stop(_signal: int, _frame: object) -> NoReturn:
    for one in STOPPING:
        signal.signal(one, signal.SIG_IGN)
    raise KeyboardInterrupt


def streams_open() -> None:
    """Make both streams usable: closed ones lead nowhere, and Chinese does not fail where the locale is plain ASCII."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us, as `>&-` does
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123  # open to the end
        with contextlib.suppress(AttributeError, ValueError):  # a replaced stream may lack it
            getattr(sys, name).reconfigure(errors="replace")


def flushed(code: int) -> int:
    """The exit code, after everything said has left the process; raises OSError where it cannot."""
    sys.stdout.flush()
    return code


def silence() -> None:
    """Throw away what is left to be said: else Python complains once more while it shuts down."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
