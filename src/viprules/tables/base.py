"""The customer base: customers, events and memberships put together, one person at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from viprules.errors import DataError, Problem, problem
from viprules.tables.events import Kept, as_event, place_of, read_events
from viprules.tables.mapping import (
    Cell,
    CustomerTable,
    Declared,
    EventTable,
    FileForm,
    MembershipTable,
    TableMapping,
    undeclared,
)
from viprules.tables.people import Person, read_customers, read_memberships
from viprules.tables.reading import Reading, Watch, header
from viprules.tables.rejects import Place, Reject, Rejects
from viprules.tables.table import Table

__all__ = ["Base", "Declared", "Door", "Sources", "input_files", "read_base"]


Door = Callable[..., Any]
"""What takes a person's `id`, `facts`, `events` and `membership`: `program.customer`; raises DataError."""


@frozen(kw_only=True)
class Sources:
    """The files named by a caller; the mapping may name further ones."""

    customers: Path | None = None
    events: tuple[Path, ...] = ()
    memberships: Path | None = None


@frozen(kw_only=True, eq=False)
class Base:
    """A customer base in memory, in the order of the customers' file, then of the events."""

    people: Mapping[str, Person]
    rejects: Rejects
    warnings: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        """How many customers there are."""
        return len(self.people)

    def customers(self, door: Door) -> Iterator[tuple[Person, Any, tuple[Problem, ...]]]:
        """Each person with what the door made of it, or None with the problems that forbade it."""
        for person in self.people.values():
            yield person, *self.customer(person, door)

    def customer(self, person: Person, door: Door) -> tuple[Any, tuple[Problem, ...]]:
        """What the door makes of a person, or None with the problems that forbid it.

        Events that the door refuses are set aside; the person is then taken without them. Without the own facts or
        membership nobody is taken: a customer must not lose a tier to a misprint.
        """
        problems: Sequence[Problem] = ()
        if not person.refused:
            try:
                return _through(door, person, person.events()), ()
            except DataError as error:
                problems = error.problems
        bad = self._set_aside(door, person)
        if person.refused or not bad:
            return None, tuple(person.refused or problems)
        try:
            return _through(door, person, person.events()), ()
        except DataError as still:
            return None, tuple(still.problems)

    def _set_aside(self, door: Door, person: Person) -> list[Reject]:
        """Find the rows that the door refuses and take them away from the person."""
        found: list[Reject] = []
        for find in (_bad_rows, _contradictions):
            bad = find(door, person)
            gone = {(one.table, one.line): one for one in bad}
            person.kept = [one for one in person.kept if (one[1].table, one[0]) not in gone]
            own = [gone.get((one.table, one.line)) for one in (person.told_at, person.member_at) if one is not None]
            person.refused += [one.problem for one in own if one is not None]
            found += bad
        if person.refused:
            person.told_at = person.member_at = None  # each row is told once
        self.rejects.refuse(found)
        return found


def _through(door: Door, person: Person, events: Sequence[Mapping[str, Any]], **changed: Any) -> Any:
    given = {"facts": person.facts, "membership": person.membership, **changed}
    return door(id=person.id, events=events, **given)


def _bad_rows(door: Door, person: Person) -> list[Reject]:
    """Each row alone through the door: those that it refuses."""
    trials: list[tuple[Place | None, dict[str, Any], list[dict[str, Any]]]] = [
        (person.told_at, {"membership": None}, []),
        (person.member_at, {"facts": {}}, []),
        *((place_of(one), {"facts": {}, "membership": None}, [as_event(one)]) for one in person.kept),
    ]
    found = []
    for place, changed, events in trials:
        if place is None:
            continue
        try:
            _through(door, person, events, **changed)
        except DataError as error:
            found.append(place.refused(error.problems[0], person.id))
    return found


def _contradictions(_door: Door, person: Person) -> list[Reject]:
    """Events of one id that say different things: none of them can be believed."""
    bodies: dict[str, list[Kept]] = defaultdict(list)
    for kept in person.kept:
        bodies[kept[2]].append(kept)
    found = []
    for mark, same in bodies.items():
        if all(as_event(one) == as_event(same[0]) for one in same):
            continue
        values = {"id": mark, "lines": "\n".join(str(one[0]) for one in same)}
        found += [
            Reject(table=one[1].table, line=one[0], code="event-contradicted", values=values, customer=person.id)
            for one in same
        ]
    return found


# --- reading -----------------------------------------------------------------------------------------


def _unwatched(_file: str, _done: int, _total: int) -> None:
    """Nobody looks on."""


def read_base(sources: Sources, mapping: TableMapping, declared: Declared, watch: Watch = _unwatched) -> Base:
    """The base in the files; raises DataError for a file that cannot be used at all."""
    if unknown := undeclared(mapping, declared):
        raise DataError(unknown)
    people: dict[str, Person] = {}
    reading = Reading(mapping=mapping, declared=declared, rejects=Rejects(), watch=watch)
    warnings: list[Problem] = []
    for table, spec in _customer_files(sources, mapping):
        read_customers(people, table, spec, reading)
        warnings += _unused(table, spec.facts, ("customer", *declared.facts))
    for table, feed in _event_files(sources, mapping):
        warnings += _unused(table, feed.fields, (*feed.places, *declared.fields))
        for customer, kept in read_events(table, feed, reading):
            person = people.get(customer)
            if person is None:
                person = people[customer] = Person(id=customer)
            person.kept.append(kept)
    for table, members in _membership_files(sources, mapping):
        read_memberships(people, table, members, reading)
    for one in reading.rejects.rows:
        if one.customer is not None:  # whose rows are all bad is still somebody
            people.setdefault(one.customer, Person(id=one.customer))
    return Base(people=people, rejects=reading.rejects, warnings=tuple(warnings))


def input_files(sources: Sources, mapping: TableMapping) -> list[Path]:
    """The files that a base would be read from."""
    groups = (_customer_files, _event_files, _membership_files)
    return [table.path for files in groups for table, _ in files(sources, mapping)]


def _table(path: Path, form: FileForm) -> Table:
    return Table(path=path, name=str(path), encoding=form.encoding, delimiter=form.delimiter)


def _placed(mapping: TableMapping, form: FileForm, given: Iterable[Path]) -> list[Path]:
    """The files of one table: those the caller names, else the one that the mapping names."""
    named = list(given)
    return named or ([mapping.folder / form.file] if form.file is not None else [])


def _customer_files(sources: Sources, mapping: TableMapping) -> Iterator[tuple[Table, CustomerTable]]:
    spec = mapping.customers or CustomerTable()
    for path in _placed(mapping, spec.form, [sources.customers] if sources.customers else []):
        yield _table(path, spec.form), spec


def _event_files(sources: Sources, mapping: TableMapping) -> Iterator[tuple[Table, EventTable]]:
    """Every feed with its files: one that names its file among several reads that file only."""
    specs = mapping.events or (EventTable(),)
    for spec in specs:
        given = () if spec.form.file is not None and len(specs) > 1 else sources.events
        for path in _placed(mapping, spec.form, given):
            yield _table(path, spec.form), spec


def _membership_files(sources: Sources, mapping: TableMapping) -> Iterator[tuple[Table, MembershipTable]]:
    spec = mapping.memberships or MembershipTable()
    for path in _placed(mapping, spec.form, [sources.memberships] if sources.memberships else []):
        yield _table(path, spec.form), spec


def _unused(table: Table, mapped: Mapping[str, Cell] | None, known: Sequence[str]) -> list[Problem]:
    """Columns of an unmapped file that nobody asks for: perhaps a misspelt name."""
    names = (header(table) or ()) if mapped is None else ()
    spoken = "\n".join(known)
    return [
        problem("column-unused", None, file=table.name, name=one, known=spoken) for one in names if one not in known
    ]
