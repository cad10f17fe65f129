"""Rows that could not be used: named, counted, kept apart, never lost.

Only positions are held while the files are read; the rows themselves are fetched by a second
pass over the files that have rejects, when the rejects file is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from attrs import evolve, field, frozen

from viprules.errors import Problem, Source, problem
from viprules.tables.table import Table

__all__ = ["Place", "Reject", "Rejects"]


ABOUT = {"event-without-time": "at", "undeclared-event": "type", "return-without-sale": "sale"}
"""What a problem of the engine's door is about, where it is no field of the event."""


@frozen(kw_only=True, eq=False)
class Place:
    """A row of a file, with the columns that its values came from."""

    table: Table
    line: int
    columns: Mapping[str, str] = field(factory=dict)
    """For each fact or field its column."""
    numbers: Mapping[str, int] = field(factory=dict)
    """For each column its place in the file, from 1."""

    def refused(self, said: Problem, customer: str) -> Reject:
        """The reject of this row for what the engine's door said."""
        named = ABOUT.get(said.code) or said.values.get("name", "").rpartition(".")[2]
        column = self.columns.get(named)
        return Reject(
            table=self.table,
            line=self.line,
            code=said.code,
            column=column,
            number=self.numbers.get(column or "", 1),
            said=said,
            customer=customer,
        )


@frozen(kw_only=True)
class Reject:
    """One row that was set aside."""

    table: Table
    line: int
    code: str
    column: str | None = None
    number: int = 1
    """The column's place in the file, counted from 1."""
    values: Mapping[str, str] = field(factory=dict)
    customer: str | None = None
    said: Problem | None = None
    """What the engine's door said, where it was the door that refused the row."""

    @property
    def torn(self) -> bool:
        """Whether the line is no row, so that nobody knows whose it is."""
        return self.customer is None and self.column is None

    @property
    def problem(self) -> Problem:
        """The same as a problem with its place, for printing."""
        source = Source(file=self.table.name, line=self.line, column=self.number)
        if self.said is not None:
            return evolve(self.said, source=source)
        more = {"name": self.column} if self.column is not None else {}
        return problem(self.code, source, **{**more, **self.values})


class Rejects:
    """Collects rejects while files are read."""

    def __init__(self) -> None:
        self.rows: list[Reject] = []
        self.customers: Counter[str] = Counter()
        """How many bad rows each customer has, as far as a row says whose it is."""
        self.groups: dict[tuple[Table, str], set[str]] = {}
        """Per table and column of `one_event_per`: the events of which some row was bad."""

    def __len__(self) -> int:
        """How many rows are bad in themselves."""
        return len(self.rows)

    def add(self, table: Table, line: int, code: str, /, **values: str) -> None:
        """Set a whole row aside."""
        self.rows.append(Reject(table=table, line=line, code=code, values=values))

    def refuse(self, rows: Iterable[Reject]) -> None:
        """Set rows aside because of what is in them."""
        for one in rows:
            self.rows.append(one)
            if one.customer is not None:
                self.customers[one.customer] += 1

    def group(self, table: Table, column: str, key: str) -> None:
        """Set an event aside of which one row is bad: half a basket is no basket."""
        self.groups.setdefault((table, column), set()).add(key)

    def sorted(self) -> list[Reject]:
        """All of them, file by file, in the order of the lines."""
        return sorted(self.rows, key=lambda one: (one.table.name, one.line, one.number))

    def by_file(self) -> dict[str, int]:
        """How many rows of each file are bad in themselves."""
        return dict(Counter(one.table.name for one in self.rows))
