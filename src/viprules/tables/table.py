"""A file of rows, with what has to be known to read it."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

__all__ = ["Table"]


@frozen(kw_only=True)
class Table:
    """A file of rows."""

    path: Path
    name: str
    """The name that messages use."""
    encoding: str = "utf-8-sig"
    delimiter: str | None = None
    """What stands between two cells; None: what the file's ending says."""
