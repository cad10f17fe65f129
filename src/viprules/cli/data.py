"""The data that a command reads: files, mapping, day, and the base that they make."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from viprules.cli.enabled import plugin_options
from viprules.cli.parser import BadCallError, Parser
from viprules.cli.progress import Progress

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from viprules.cli.console import Console
    from viprules.engine.program import Program
    from viprules.tables import Base, Declared

__all__ = ["apart", "base_of", "data_options", "day_of", "declared_by", "progress_of"]


def data_options(parser: Parser) -> None:
    """Add the options that name the data."""
    parser.place("policy", "policy")
    parser.option("--customers", "data.customers")
    parser.option("--events", "data.events", many=True)
    parser.option("--memberships", "data.memberships")
    parser.option("--mapping", "data.mapping")
    parser.option("--as-of", "data.as-of", metavar="DAY", required=True)
    parser.switch("--progress", "progress")
    plugin_options(parser)


def day_of(text: str, console: Console) -> date:
    """The day asked for; raises BadCallError."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise BadCallError(console.say("no-day", text=text))
    return found


def progress_of(given: argparse.Namespace, console: Console) -> Progress:
    """The progress of a call."""
    return Progress(console.err, wanted=given.progress)


def declared_by(program: Program) -> Declared:
    """The names of a policy under which columns are found."""
    from viprules.tables import Declared

    policy = program.policy
    events = program.plan.events.values()  # those that need no declaration too
    given = {name: kind for event in events for name, kind in event.fields.items() if kind.value is None}
    numbers = {name for name, kind in {**policy.facts, **given}.items() if kind.kind in ("money", "number")}
    links = ("sale", "sale_day") if any(event.returns for event in events) else ()
    return Declared(
        facts=tuple(policy.facts),
        fields=(*given, *links),
        numbers=frozenset(numbers),
        events={one.name: frozenset((*one.fields, *(links if one.returns else ()))) for one in events},
    )


def base_of(
    given: argparse.Namespace, program: Program, console: Console, progress: Progress, outputs: Sequence[Path] = ()
) -> Base:
    """The base that the call names; raises BadCallError where it names no data, or `outputs` that it cannot write."""
    from viprules.tables import Sources, TableMapping, input_files, read_base, read_mapping

    mapping = read_mapping(given.mapping) if given.mapping else TableMapping()
    sources = Sources(
        customers=Path(given.customers) if given.customers else None,
        events=tuple(Path(one) for one in given.events or ()),
        memberships=Path(given.memberships) if given.memberships else None,
    )
    tables = (mapping.customers, *mapping.events, mapping.memberships)
    named = any(one is not None and one.form.file is not None for one in tables)
    if not named and not (sources.customers or sources.events or sources.memberships):
        raise BadCallError(console.say("data.nothing"))
    apart(outputs, input_files(sources, mapping), console)

    def watch(file: str, done: int, total: int) -> None:
        progress(console.say("progress.reading", file=Path(file).name), done, total)

    return read_base(sources, mapping, declared_by(program), watch)


def apart(outputs: Sequence[Path], inputs: Iterable[Path], console: Console) -> None:
    """See before any work that each output can be written and is no other file of the call.

    Raises BadCallError for one that is read or written under another option too, DataError for one that cannot be
    written.
    """
    from viprules.tables import writable

    taken = {one.resolve(): "data.read-too" for one in inputs}
    for one in outputs:
        place = one.resolve()
        if place in taken:
            raise BadCallError(console.say(taken[place], file=str(one)))
        taken[place] = "data.written-twice"
        writable(one)
