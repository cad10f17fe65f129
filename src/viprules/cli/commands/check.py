"""`viprules check`: every problem of policies and policy tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from viprules.cli.enabled import plugin_options, settings_of
from viprules.cli.parser import BadCallError, Parser

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from viprules.cli.console import Console

__all__ = ["options", "run"]

POLICY_MARK = b"viprules:"


def options(parser: Parser) -> None:
    """Add what the command takes."""
    parser.place("paths", "check.paths", nargs="+", metavar="PATH")
    plugin_options(parser)


def run(given: argparse.Namespace, console: Console) -> int:
    """Check every file; 1 if any has an error."""
    from viprules import check, testing

    files = list(dict.fromkeys(_files(given.paths)))
    if not files:
        raise BadCallError(console.say("check.nothing", paths=", ".join(given.paths)))
    plugins = settings_of(given)
    found = [
        one for path in files for one in (testing.check if testing.is_test(path) else check)(path, plugins=plugins)
    ]
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


def _files(paths: Sequence[str]) -> Iterator[Path]:
    """The files named, and those of folders that are policies or policy tests."""
    for one in paths:
        path = Path(one)
        if not path.is_dir():
            yield path
            continue
        for inner in sorted([*path.rglob("*.yaml"), *path.rglob("*.yml")]):
            if inner.is_file() and (inner.name.endswith((".test.yaml", ".test.yml")) or _is_policy(inner)):
                yield inner


def _is_policy(path: Path) -> bool:
    """Whether a line of the file begins like a policy; other YAML files of a folder are not ours."""
    with path.open("rb") as stream:
        return any(line.startswith(POLICY_MARK) for line in stream)
