"""`viprules explain`: why one customer is in a tier, and how far the next one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viprules.cli.data import base_of, data_options, day_of, progress_of
from viprules.cli.enabled import settings_of
from viprules.cli.parser import BadCallError, Parser

if TYPE_CHECKING:
    import argparse

    from viprules.cli.console import Console
    from viprules.tables import Base, Person

__all__ = ["options", "run"]


def options(parser: Parser) -> None:
    """Add what the command takes."""
    data_options(parser)
    parser.option("--customer", "explain.customer", metavar="ID")


def run(given: argparse.Namespace, console: Console) -> int:
    """Explain one customer."""
    import viprules
    from viprules.errors import DataError

    day = day_of(given.as_of, console)
    program = viprules.load(given.policy, plugins=settings_of(given))
    base = base_of(given, program, console, progress_of(given, console))
    person = _chosen(given.customer, base, console)
    customer, problems = base.customer(person, program.customer)
    bad = [one.problem for one in base.rejects.sorted() if one.customer == person.id]
    if customer is None:
        raise DataError([*bad, *(one for one in problems if one not in bad)])
    console.problems(bad, console.err)
    explanation = program.explain(customer, as_of=day)
    if console.json_wanted:
        console.json(explanation.as_dict())
    else:
        console.print(explanation.text(console.language))
    return 0


def _chosen(asked: str | None, base: Base, console: Console) -> Person:
    """The person asked for, or the only one there is."""
    if asked is not None:
        if asked not in base.people:
            raise BadCallError(console.say("explain.unknown", id=asked))
        return base.people[asked]
    if len(base) != 1:
        raise BadCallError(console.say("explain.which", n=f"{len(base):,}"))
    return next(iter(base.people.values()))
