"""`viprules test`: the tests beside the policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viprules.cli.enabled import plugin_options, settings_of
from viprules.cli.parser import BadCallError

if TYPE_CHECKING:
    import argparse

    from viprules.cli.console import Console
    from viprules.cli.parser import Parser
    from viprules.testing import CaseResult, Run

__all__ = ["options", "run"]


def options(parser: Parser) -> None:
    """Add what the command takes."""
    parser.place("paths", "test.paths", nargs="*", metavar="PATH")
    parser.option("--only", "test.only", metavar="TEXT")
    parser.switch("--verbose", "test.verbose")
    plugin_options(parser)


def run(given: argparse.Namespace, console: Console) -> int:
    """Run the tests; 1 if one failed or none was found."""
    from pathlib import Path

    from viprules import testing

    paths = given.paths or ["."]
    lost = [one for one in paths if not Path(one).exists()]
    if lost:
        raise BadCallError(console.say("test.none", paths=console.say("list").join(lost)))
    found = testing.run(paths, only=given.only or "", plugins=settings_of(given))
    if console.json_wanted:
        console.json(_as_dict(found, console))
    else:
        _print(found, paths, console, verbose=given.verbose)
    return int(not found.passed)


def _print(found: Run, paths: list[str], console: Console, *, verbose: bool) -> None:
    console.problems(found.problems)
    for one in found.results:
        if verbose or not one.passed:
            _print_case(one, console)
    if not found.results and not found.problems:
        console.print(console.painted(console.say("test.none", paths=console.say("list").join(paths)), "red"))
        return
    counts = console.say("test.counts", passed=f"{len(found.results) - found.failed:,}", failed=f"{found.failed:,}")
    console.print(console.painted(counts, "green" if found.passed else "red"))


def _print_case(one: CaseResult, console: Console) -> None:
    place = f"{one.source.file}:{one.source.line}: " if one.source else ""
    word = console.painted(
        console.say("test.passed" if one.passed else "test.failed"), "green" if one.passed else "red"
    )
    console.print(f"{place}{word}  {one.name}")
    for failure in one.failures:
        line = f" [{failure.source.file}:{failure.source.line}]" if failure.source else ""
        console.print("    " + console.say("test.expected", what=failure.what, expected=failure.expected) + line)
        console.print("    " + console.say("test.actual", actual=failure.actual))
    console.problems(one.problems)


def _as_dict(found: Run, console: Console) -> dict[str, Any]:
    from viprules.rendering import as_data

    return {
        "passed": found.passed,
        "files": list(found.files),
        "problems": as_data(found.problems, console.language),
        "tests": [
            {
                "name": one.name,
                "passed": one.passed,
                "line": f"{one.source.file}:{one.source.line}" if one.source else None,
                "failures": [failure.as_dict() for failure in one.failures],
                "problems": as_data(one.problems, console.language),
            }
            for one in found.results
        ],
    }
