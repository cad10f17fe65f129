"""`viprules check`: every problem of policies, policy tests and mappings, each judged as what it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from viprules.cli.enabled import plugin_options, settings_of
from viprules.cli.parser import BadCallError, Parser

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from viprules.cli.console import Console
    from viprules.errors import Problem
    from viprules.plugins import PluginSettings

__all__ = ["options", "run"]

MARKS = {"policy": {b"viprules:"}, "test": {b"policy:", b"tests:"}, "mapping": {b"mapping: "}}
"""How lines of a file of each kind begin."""


def options(parser: Parser) -> None:
    """Add what the command takes."""
    parser.place("paths", "check.paths", nargs="+", metavar="PATH")
    plugin_options(parser)


def run(given: argparse.Namespace, console: Console) -> int:
    """Check every file; 1 if any has an error."""
    files = dict(_files(given.paths))
    if not files:
        raise BadCallError(console.say("check.nothing", paths=console.say("list").join(given.paths)))
    plugins = settings_of(given)
    found = [one for path, kind in files.items() for one in _problems(path, kind, plugins)]
    errors = sum(one.severity == "error" for one in found)
    if console.json_wanted:
        from viprules.rendering import as_data

        console.json({"files": len(files), "errors": errors, "problems": as_data(found, console.language)})
    else:
        console.problems(found)
        console.print(_counts(console, len(files), errors, len(found) - errors))
    return int(errors > 0)


def _counts(console: Console, files: int, errors: int, warnings: int) -> str:
    colour = "red" if errors else "yellow" if warnings else "green"
    text = console.say(
        "check.counts",
        files=console.counted("file", files),
        errors=console.counted("error", errors),
        warnings=console.counted("warning", warnings),
    )
    return console.painted(text, colour)


def _files(paths: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """The files named, and those of folders that are ours, each with its kind."""
    for one in paths:
        path = Path(one)
        if not path.is_dir():
            yield path, _kind(path) or _kind_by_name(path) or "policy"
            continue
        for inner in sorted([*path.rglob("*.yaml"), *path.rglob("*.yml")]):
            kind = _kind(inner)
            if kind:  # other YAML files of a folder are not ours
                yield inner, kind


def _kind(path: Path) -> str:
    """What a file is: a test by its name, else by how lines of it begin; nothing for other files."""
    from viprules import testing

    if testing.is_test(path):
        return "test"
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        found = {mark for line in stream for marks in MARKS.values() for mark in marks if line.startswith(mark)}
    return next((kind for kind, marks in MARKS.items() if marks <= found), "")


def _kind_by_name(path: Path) -> str:
    return "mapping" if path.name.endswith(("mapping.yaml", "mapping.yml")) else ""


def _problems(path: Path, kind: str, plugins: PluginSettings) -> Sequence[Problem]:
    """What is wrong with a file of that kind."""
    from viprules import check, tables, testing
    from viprules.errors import DataError

    if kind != "mapping":
        return (testing.check if kind == "test" else check)(path, plugins=plugins)
    try:
        tables.read_mapping(path)
    except DataError as error:
        return error.problems
    return ()
