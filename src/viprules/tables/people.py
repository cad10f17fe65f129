"""Customers with their facts, and the memberships that they bring along."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from attrs import define, field, frozen

from viprules.errors import DataError, Problem
from viprules.tables.cells import CellError, Convert, identifier, plain, translated
from viprules.tables.events import Kept, as_event
from viprules.tables.mapping import Cell, CustomerTable, MembershipTable, TableMapping
from viprules.tables.reading import Reading, check_columns, header, rows
from viprules.tables.rejects import Place, Reject
from viprules.tables.table import Table

__all__ = ["Person", "read_customers", "read_memberships"]

ROW_KEYS = ("tier", "tier_set", "since", "valid_until", "recorded")
RECORD_KEYS = ("grants", "bounds", "decided")
RECORD = "membership"


@define(kw_only=True, eq=False)
class Person:
    """Everything that the files say about one customer."""

    id: str
    facts: dict[str, Any] = field(factory=dict)
    kept: list[Kept] = field(factory=list)
    memberships: list[Any] = field(factory=list)
    told_at: Place | None = None
    """The row of the customers' file."""
    member_at: Place | None = None
    """The first row of the memberships' file."""
    refused: list[Problem] = field(factory=list)
    """Why the customer cannot be decided: what is wrong with the own facts or membership."""

    def events(self) -> list[dict[str, Any]]:
        """The events as the engine's door takes them."""
        return [as_event(one) for one in self.kept]

    @property
    def membership(self) -> Any:
        """A record, a row, several rows (one a tier set), or None."""
        if not self.memberships:
            return None
        return self.memberships[0] if len(self.memberships) == 1 else list(self.memberships)


@frozen(kw_only=True, eq=False)
class Columns:
    """The columns of a table with how each cell is read."""

    table: Table
    names: tuple[str, ...]
    numbers: Mapping[str, int]
    id: Cell
    cells: Mapping[str, Cell]
    converters: Mapping[str, Convert]

    def place(self, line: int) -> Place:
        """A row of this table."""
        named = {name: cell.column for name, cell in self.cells.items() if cell.column is not None}
        return Place(table=self.table, line=line, columns=named, numbers=self.numbers)

    def identity(self, values: Mapping[str, Any]) -> str:
        """The customer's id; raises RefusedError."""
        return str(self._read(self.id, identifier, values))

    def value(self, name: str, values: Mapping[str, Any]) -> Any:
        """One value; raises RefusedError with the cell's column."""
        return self._read(self.cells[name], self.converters[name], values)

    def _read(self, cell: Cell, convert: Convert, values: Mapping[str, Any]) -> Any:
        try:
            return cell.constant if cell.column is None else convert(values[cell.column])
        except CellError as bad:
            raise RefusedError(cell.column or "", bad) from bad


class RefusedError(Exception):
    """A cell that cannot be used, with its column."""

    def __init__(self, column: str, bad: CellError) -> None:
        super().__init__(bad.code)
        self.column = column
        self.bad = bad


def _columns(
    table: Table, identity: Cell, cells: Mapping[str, Cell], reading: Reading, numbers: frozenset[str]
) -> Columns:
    wanted = [one.column for one in (identity, *cells.values()) if one.column is not None]
    names, present = tuple(dict.fromkeys(wanted)), header(table)
    check_columns(table, present, names)
    return Columns(
        table=table,
        names=names,
        numbers={name: number for number, name in enumerate(present or names, 1)},
        id=identity,
        cells=cells,
        converters={name: _converter(cell, reading.mapping, number=name in numbers) for name, cell in cells.items()},
    )


def _converter(cell: Cell, mapping: TableMapping, *, number: bool) -> Convert:
    convert = plain(float_cents=mapping.float_cents, split=cell.split, number=number)
    return convert if cell.values is None else translated(cell.values, convert)


def _each(
    people: dict[str, Person],
    columns: Columns,
    reading: Reading,
    take: Callable[[int, Person, Mapping[str, Any]], None],
) -> None:
    """Every row with its person to `take`; what cannot be used is set aside, and the person knows of it."""
    for line, cells in rows(columns.table, columns.names, reading.rejects, reading.watch):
        values = dict(zip(columns.names, cells, strict=True))
        person = None
        try:
            customer = columns.identity(values)
            person = people.setdefault(customer, Person(id=customer))
            take(line, person, values)
        except RefusedError as refused:
            bad = _reject(columns, line, None if person is None else person.id, refused)
            reading.rejects.refuse([bad])
            if person is not None:
                person.refused.append(bad.problem)


def _reject(columns: Columns, line: int, customer: str | None, refused: RefusedError) -> Reject:
    return Reject(
        table=columns.table,
        line=line,
        code=refused.bad.code,
        column=refused.column,
        number=columns.numbers.get(refused.column, 1),
        values=refused.bad.values,
        customer=customer,
    )


# --- customers ---------------------------------------------------------------------------------------


def read_customers(people: dict[str, Person], table: Table, spec: CustomerTable, reading: Reading) -> None:
    """Add the customers of a file. A customer named again with other facts is a bad row."""
    present = header(table)
    named = [one for one in reading.declared.facts if present is None or one in present]
    cells = spec.facts if spec.facts is not None else {one: Cell(column=one) for one in named}
    columns = _columns(table, spec.id, cells, reading, reading.declared.numbers)

    def take(line: int, person: Person, values: Mapping[str, Any]) -> None:
        told = {name: columns.value(name, values) for name in cells}
        told = {name: value for name, value in told.items() if value is not None}
        if person.told_at is None:
            person.facts, person.told_at = told, columns.place(line)
        elif person.facts != told:
            raise RefusedError(
                spec.id.column or "", CellError("customer-twice", id=person.id, first=str(person.told_at.line))
            )

    _each(people, columns, reading, take)


# --- memberships -------------------------------------------------------------------------------------


def read_memberships(people: dict[str, Person], table: Table, spec: MembershipTable, reading: Reading) -> None:
    """Add the memberships of a file: rows of a plain table, or records that a run has written.

    Raises DataError if a line is no row: nobody can say whose membership was lost, and to decide its customer without
    it could take a tier away.
    """
    cells, kept = _membership_cells(table, spec)
    columns = _columns(table, spec.customer, cells, reading, frozenset())

    def take(line: int, person: Person, values: Mapping[str, Any]) -> None:
        try:
            record = _membership(columns, values)
        except RefusedError:
            person.memberships.append(_as_it_came(columns, values))
            raise
        if record in person.memberships:
            return
        before = [one.get("tier_set") for one in person.memberships if isinstance(one, dict)]
        person.memberships.append(record)
        if person.member_at is None:
            person.member_at = columns.place(line)
        elif kept or record.get("tier_set") in before:
            first = str(person.member_at.line)
            raise RefusedError(spec.customer.column or "", CellError("membership-twice", id=person.id, first=first))

    _each(people, columns, reading, take)
    lost = [one.problem for one in reading.rejects.rows if one.table == table and one.torn]
    if lost:
        raise DataError(lost)


def _membership_cells(table: Table, spec: MembershipTable) -> tuple[Mapping[str, Cell], bool]:
    """The cells of a membership, and whether they are a run's own records."""
    if spec.keys is not None:
        return spec.keys, False
    present = header(table)
    if present is None:
        return {name: Cell(column=name) for name in (RECORD, *RECORD_KEYS, *ROW_KEYS)}, False
    if RECORD in present:
        return {RECORD: Cell(column=RECORD)}, True
    check_columns(table, present, ["tier"])
    return {name: Cell(column=name) for name in ROW_KEYS if name in present}, False


def _membership(columns: Columns, values: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a plain table, or the record in it; raises RefusedError."""
    found = {name: columns.value(name, values) for name in columns.cells}
    found = {name: value for name, value in found.items() if value is not None}
    column = columns.cells[RECORD].column if RECORD in columns.cells else None
    record = found.get(RECORD)
    if record is None:
        return found
    if isinstance(record, str):
        try:
            record = json.loads(record, parse_float=Decimal)
        except ValueError as error:
            raise RefusedError(column or RECORD, CellError("cell-no-record")) from error
    if not isinstance(record, dict):
        raise RefusedError(column or RECORD, CellError("cell-no-record"))
    return record


def _as_it_came(columns: Columns, values: Mapping[str, Any]) -> Any:
    """A row that cannot be read, to be handed on unchanged: the next run refuses it too, until it is repaired."""
    raw = {name: cell.constant if cell.column is None else values[cell.column] for name, cell in columns.cells.items()}
    raw = {name: value for name, value in raw.items() if value is not None}
    return raw.get(RECORD, raw)
