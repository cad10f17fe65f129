"""Progress on standard error: a bar where a terminal and tqdm are there, else now and then a line."""

from __future__ import annotations

import time
from typing import IO, Any

__all__ = ["Progress"]

EVERY = 2.0
"""Seconds between two lines."""


class Progress:
    """The progress of one task after the other; silent unless wanted."""

    def __init__(self, stream: IO[str], *, wanted: bool) -> None:
        self.stream = stream
        self.wanted = wanted or stream.isatty()
        self.bar: Any = None
        self.task = ""
        self.last = 0.0

    def __call__(self, task: str, done: int, total: int) -> None:
        """Say how far a task is."""
        if not self.wanted:
            return
        if task != self.task:
            self.close()
            self.task, self.bar, self.last = task, self._bar(task, total), time.monotonic()
        if self.bar is not None:
            self.bar.update(done - self.bar.n)
        elif done >= total or time.monotonic() - self.last >= EVERY:
            self.last = time.monotonic()
            percent = 100 * done // total if total else 100
            self.stream.write(f"{task}: {percent} %\n")
            self.stream.flush()
        if done >= total:
            self.close()

    def close(self) -> None:
        """End the task at hand."""
        if self.bar is not None:
            self.bar.close()
        self.bar, self.task = None, ""

    def _bar(self, task: str, total: int) -> Any:
        if not self.stream.isatty():
            return None
        try:
            from tqdm import tqdm
        except ImportError:
            return None
        return tqdm(total=total, desc=task, file=self.stream, unit_scale=True, leave=True)
