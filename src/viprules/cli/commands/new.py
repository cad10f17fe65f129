"""`viprules new`: a folder to start from, with everything that a programme needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from viprules.cli.commands.schema import KINDS, schema_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from viprules.cli.console import Console
    from viprules.cli.parser import Parser

__all__ = ["options", "run"]

FILES = {
    "policy.yaml": "policy.yaml",
    "policy.test.yaml": "policy.test.yaml",
    "mapping.yaml": "mapping.yaml",
    "members.csv": "data/members.csv",
    "orders.csv": "data/orders.csv",
}
NEXT = (
    "viprules check .",
    "viprules test",
    "viprules decide policy.yaml --mapping mapping.yaml --as-of 2026-12-31 --output decisions.csv",
    "viprules explain policy.yaml --mapping mapping.yaml --as-of 2026-12-31 --customer M002",
)


def options(parser: Parser) -> None:
    """Add what the command takes."""
    parser.place("folder", "new.folder")


def run(given: argparse.Namespace, console: Console) -> int:
    """Write the starter; files that are there already stay as they are."""
    folder = Path(given.folder)
    wrote, left = [], []
    for name, text in _contents():
        path = folder / name
        if path.exists():
            left.append(str(path))
            continue
        _write(path, text)
        wrote.append(str(path))
    if console.json_wanted:
        console.json({"wrote": wrote, "left": left})
        return 0
    for file in wrote:
        console.print(console.say("decide.wrote", file=file))
    for file in left:
        console.print(console.say("new.left", file=file))
    console.print(console.say("new.next"))
    for line in (f"cd {given.folder}", *NEXT):
        console.print(f"  {line}")
    return 0


def _write(path: Path, text: str) -> None:
    from viprules.errors import DataError
    from viprules.tables.writing import replaced, unwritable

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError([unwritable(path.parent, error)]) from error
    with replaced(path) as made:
        made.write_text(text, encoding="utf-8")


def _contents() -> Iterator[tuple[str, str]]:
    """The files of a starter with their texts."""
    from importlib.resources import files

    source = files("viprules.cli") / "starter"
    for name, target in FILES.items():
        yield target, (source / name).read_text(encoding="utf-8")
    from viprules.plugins import PluginSettings, catalogue_for

    catalogue = catalogue_for(None, PluginSettings.of_environment())
    for kind in KINDS:
        yield f"schemas/{kind}.json", json.dumps(schema_of(kind, catalogue), ensure_ascii=False, indent=2) + "\n"
