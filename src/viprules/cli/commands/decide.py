"""`viprules decide`: a whole customer base as of a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from viprules.cli.data import base_of, data_options, day_of, progress_of
from viprules.cli.decisions import Tally, decision_columns, decision_row, moved, summary, undecided_row
from viprules.cli.enabled import settings_of
from viprules.cli.parser import BadCallError
from viprules.cli.telling import Telling
from viprules.cli.words import Language
from viprules.engine.program import Program
from viprules.tables import Base

if TYPE_CHECKING:
    import argparse

    from viprules.cli.console import Console
    from viprules.cli.parser import Parser
    from viprules.engine.deciding.decision import Decision
    from viprules.tables import Person

__all__ = ["Days", "Outputs", "Run", "decide_base", "opened", "options", "report", "run", "write_rejects"]

Put = Callable[[Mapping[str, Any]], None]
SHOWN = 20
"""Bad rows that are printed; all of them are in the file of rejects."""
EVERY = 200
NESTED = (".jsonl", ".ndjson")


def options(parser: Parser) -> None:
    """Add what the command takes."""
    data_options(parser)
    parser.option("--output", "decide.output")
    parser.option("--memberships-out", "decide.memberships-out")
    parser.option("--rejects", "decide.rejects")
    parser.option("--moved-since", "decide.moved-since", metavar="DAY")
    parser.switch("--strict", "decide.strict")
    parser.switch("--deliver", "decide.deliver")
    parser.option("--receipts", "decide.receipts")


def run(given: argparse.Namespace, console: Console) -> int:
    """Decide everybody, write what was asked for, and sum up."""
    import viprules

    day = day_of(given.as_of, console)
    before = day_of(given.moved_since, console) if given.moved_since else None
    if before is not None and (given.memberships or before >= day):
        raise BadCallError(console.say("decide.moved-how"))
    if given.deliver and before is not None:
        raise BadCallError(console.say("decide.deliver-how"))
    settings = settings_of(given)
    program = viprules.load(given.policy, plugins=settings)
    telling = Telling.of(program, settings, console, deliver=given.deliver)
    progress = progress_of(given, console)
    outputs_asked = (given.output, given.memberships_out, rejects_file(given.rejects, given.output))
    base = base_of(given, program, console, progress, [Path(one) for one in outputs_asked if one is not None])

    def deciding(done: int, total: int) -> None:
        progress(console.say("progress.deciding"), done, total)

    with opened(given.output, given.memberships_out, program, console) as outputs:
        tally = decide_base(base, program, Days(day=day, before=before), outputs, deciding, told=telling.decided)
    kept = write_rejects(given.rejects, given.output, base, console.language)
    report(console, Run(program=program, base=base, tally=tally, day=day, outputs=outputs, kept=kept))
    if before is not None and not console.json_wanted:
        moved(tally, program, console, (before, day), stream=console.err if outputs.printed else console.out)
    failed = telling.deliver(Path(given.receipts or "receipts.jsonl"), progress)
    return int(bool(tally.undecided) or failed or (given.strict and len(base.rejects) > 0))


# --- where to ----------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Outputs:
    """Where decisions and memberships go."""

    files: tuple[str, ...] = ()
    """The files that are written."""
    decisions: Put
    memberships: Put | None
    """None: nobody wants them."""
    nested: bool = False
    """Decisions go as whole objects, not as rows of a table."""
    nested_memberships: bool = False
    language: Language = "en"
    printed: bool = False
    """Decisions go to standard output, so the summary goes beside it."""


@contextmanager
def opened(output: str | None, memberships: str | None, program: Program, console: Console) -> Iterator[Outputs]:
    """The outputs, complete when the block ends well and absent when it does not."""
    from viprules.tables import csv_rows, json_rows, writing

    columns = decision_columns(program)
    with ExitStack() as stack:
        if output is not None:
            put = stack.enter_context(writing(Path(output), columns))
        else:
            put = json_rows(console.out) if console.json_wanted else csv_rows(console.out, columns)
        keep: Put | None = None
        if memberships is not None:
            keep = stack.enter_context(writing(Path(memberships), ("customer", "membership")))
        yield Outputs(
            files=tuple(one for one in (output, memberships) if one is not None),
            decisions=put,
            memberships=keep,
            nested=console.json_wanted if output is None else _nested(output),
            nested_memberships=memberships is not None and _nested(memberships),
            language=console.language,
            printed=output is None,
        )


def _nested(path: str) -> bool:
    return Path(path).suffix.lower() in NESTED


# --- deciding ----------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Days:
    """The day decided for, and an earlier one that the answers are compared with."""

    day: date
    before: date | None = None


def decide_base(
    base: Base,
    program: Program,
    days: Days,
    outputs: Outputs,
    watch: Callable[[int, int], None],
    *,
    told: Callable[[Decision], None] | None = None,
) -> Tally:
    """Decide every person of a base and write the answers.

    `watch` is told how many are done, `told` every decision.
    """
    tally, at, language = Tally(), program.at(days.day), outputs.language
    earlier = None if days.before is None else program.at(days.before)
    for number, (person, customer, problems) in enumerate(base.customers(program.customer), 1):
        aside = base.rejects.customers[person.id]
        if customer is None:
            tally.undecided += 1
            outputs.decisions(undecided_row(person.id, problems, language, aside))
            _keep_old(person, outputs)
        else:
            before = None if earlier is None else earlier.decide(customer)
            start = customer if before is None else evolve(customer, membership=before.membership, cache={})
            decision = at.decide(start)
            tally.add(person.id, decision, before)
            if told is not None:
                told(decision)
            outputs.decisions(_answer(decision, person.id, language, aside, nested=outputs.nested))
            if outputs.memberships is not None:
                _keep(person.id, decision.membership.as_dict(), outputs)
        if number % EVERY == 0 or number == len(base):
            watch(number, len(base))
    return tally


def _answer(decision: Decision, customer: str, language: Language, aside: int, *, nested: bool) -> Mapping[str, Any]:
    if not nested:
        return decision_row(decision, customer, language, aside)
    return {**decision.as_dict(), "customer": customer, "rows_set_aside": aside}


def _keep(customer: str, record: Any, outputs: Outputs) -> None:
    """Keep a record; one that is no record at all stays as it came, to be refused again until it is repaired."""
    if outputs.memberships is not None:
        nested = outputs.nested_memberships and isinstance(record, Mapping)
        outputs.memberships({"customer": customer, **(record if nested else {"membership": record})})


def _keep_old(person: Person, outputs: Outputs) -> None:
    """Who could not be decided keeps what was brought along."""
    for record in person.memberships:
        _keep(person.id, record, outputs)


# --- what is said ------------------------------------------------------------------------------------


def rejects_file(asked: str | None, output: str | None) -> str | None:
    """Where rows that cannot be used are kept; None where nobody said."""
    return asked or (str(Path(output).with_suffix(".rejects.csv")) if output else None)


def write_rejects(asked: str | None, output: str | None, base: Base, language: Language) -> str | None:
    """Write the rows that could not be used; gives the file, None if there is none to write."""
    from viprules.tables import write_rejects as write

    kept = rejects_file(asked, output)
    if kept is None or not (asked or len(base.rejects) or Path(kept).exists()):
        return None
    write(Path(kept), base.rejects, language)
    return kept


@frozen(kw_only=True)
class Run:
    """A run that is over."""

    program: Program
    base: Base
    tally: Tally
    day: date
    outputs: Outputs
    kept: str | None
    """The file of rejects."""


def report(console: Console, run: Run) -> None:
    """Sum a run up: for people beside the decisions or in their place, for programs as JSON."""
    base, tally, outputs = run.base, run.tally, run.outputs
    if console.json_wanted and not outputs.printed:
        from viprules.rendering import as_data

        console.json(
            {
                "program": run.program.id,
                "as_of": run.day.isoformat(),
                **tally.as_dict(),
                "warnings": as_data(base.warnings, console.language),
                "rows_set_aside": base.rejects.by_file(),
                "files": [*outputs.files, *([run.kept] if run.kept else [])],
            }
        )
        return
    stream = console.err if outputs.printed else console.out
    console.problems(base.warnings, console.err)
    stream.write(console.say("decide.as-of", program=run.program.id, day=run.day) + "\n")
    summary(tally, run.program, console, stream=stream)
    for number, key in ((tally.undecided, "decide.undecided"), (tally.with_problems, "decide.problems")):
        if number:
            stream.write(console.painted(console.say(key, n=f"{number:,}"), "yellow", stream) + "\n")
    _rejected(console, base, run.kept)
    for file in outputs.files:
        stream.write(console.say("decide.wrote", file=file) + "\n")


def _rejected(console: Console, base: Base, kept: str | None) -> None:
    """Name the rows that could not be used, file by file."""
    if not len(base.rejects):
        return
    rejects = base.rejects.sorted()
    console.note(console.painted(console.say("decide.rejected", n=f"{len(rejects):,}"), "yellow", console.err))
    for one in rejects[:SHOWN]:
        said = one.problem
        message, hint = said.text(console.language)
        console.note(f"  {said.source}: {message}" + (f" ({hint})" if hint else ""))
    if len(rejects) > SHOWN:
        console.note(f"  {console.say('decide.more', n=f'{len(rejects) - SHOWN:,}')}")
    for file, number in base.rejects.by_file().items():
        console.note("  " + console.say("decide.rejected-in", file=file, n=f"{number:,}"))
    if kept is not None:
        console.note(console.say("decide.kept", file=kept))
