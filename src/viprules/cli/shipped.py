"""Where the files lie that come along with the package: programmes and the pages of the error codes."""

from __future__ import annotations

from pathlib import Path

__all__ = ["shipped"]


def shipped(folder: str) -> Path:
    """A folder such as `policies` or `docs/errors`: in the installed package, or beside the checkout's `src`."""
    import viprules

    package = Path(viprules.__file__).parent
    inside = package / folder
    return inside if inside.is_dir() else package.parents[1] / folder
