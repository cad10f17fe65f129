"""Event rows, grouped per customer.

What is kept of a row is a tuple (line, feed, id, type, at, field values…): small enough to hold two
million of them, and turned into the mapping that the engine's door takes only when its customer's
turn comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from attrs import define, field, frozen

from viprules.tables.cells import CellError, Convert, as_number, as_time, identifier, plain, shown, translated
from viprules.tables.mapping import Cell, EventTable, TableMapping
from viprules.tables.reading import Reading, Row, check_columns, header, rows
from viprules.tables.rejects import Place, Reject, Rejects
from viprules.tables.table import Table

__all__ = ["Feed", "Kept", "as_event", "place_of", "read_events"]

Kept = tuple[Any, ...]
"""(line, feed, id, type, at, field values…)"""
HEAD = 5
CUSTOMER, TYPE, AT, ID, GROUP = range(5)


@frozen(kw_only=True, eq=False)
class Feed:
    """An event table made ready: its columns in order, and a converter for each cell."""

    table: Table
    columns: tuple[str, ...]
    """The columns that are read."""
    numbers: Mapping[str, int]
    """Each column's place in the file, from 1."""
    heads: tuple[Reader, ...]
    """How to read customer, type, at, id and group."""
    names: tuple[str, ...]
    """The event's fields."""
    fields: tuple[Reader, ...]
    only: tuple[tuple[int, frozenset[str]], ...]
    group: str | None
    named: bool
    """Whether the event's id stands in the file."""


@frozen(kw_only=True, eq=False)
class Reader:
    """Reads one value out of a row's cells."""

    column: str | None
    index: int | None
    convert: Convert
    constant: Any = None
    combine: str = "same"

    def __call__(self, cells: Sequence[Any]) -> Any:
        """The value; raises CellError."""
        return self.constant if self.index is None else self.convert(cells[self.index])


def read_events(table: Table, spec: EventTable, reading: Reading) -> Iterator[tuple[str, Kept]]:
    """Customers' ids with their events, in the order of the file.

    Raises DataError if the file lacks a column that the mapping names.
    """
    feed = make_feed(table, spec, reading)
    found = rows(table, feed.columns, reading.rejects, reading.watch)
    if feed.only:
        found = _chosen(feed, found)
    yield from (_single if feed.group is None else _grouped)(feed, found, reading.rejects)


def place_of(kept: Kept) -> Place:
    """The row that an event came from; of several the first."""
    feed = kept[1]
    readers = {"type": feed.heads[TYPE], "at": feed.heads[AT], **dict(zip(feed.names, feed.fields, strict=True))}
    columns = {name: read.column for name, read in readers.items() if read.column is not None}
    return Place(table=feed.table, line=kept[0], columns=columns, numbers=feed.numbers)


def as_event(kept: Kept) -> dict[str, Any]:
    """The mapping that the engine's door takes; missing values are left out."""
    feed = kept[1]
    event = {"type": kept[3], "at": kept[4], "id": kept[2]}
    event.update((name, value) for name, value in zip(feed.names, kept[HEAD:], strict=True) if value is not None)
    return event


# --- making a feed -----------------------------------------------------------------------------------


def make_feed(table: Table, spec: EventTable, reading: Reading) -> Feed:
    """The feed of an event table, checked against the columns that the file has."""
    mapping, declared, present = reading.mapping, reading.declared, header(table)
    fields = spec.fields if spec.fields is not None else _by_name(present, spec, declared.fields)
    named = spec.id or (Cell(column="id") if spec.fields is None and (present is None or "id" in present) else None)
    heads = {"customer": spec.customer, "type": spec.type, "at": spec.at}
    cells = [*heads.values(), *fields.values(), *([named] if named else ())]
    wanted = [one.column for one in cells if one.column is not None]
    wanted += [*spec.only, *([spec.one_event_per] if spec.one_event_per else ())]
    columns = tuple(dict.fromkeys(wanted))
    check_columns(table, present, columns)
    place = {name: number for number, name in enumerate(present or columns, 1)}
    time = as_time(zone=mapping.zone, pattern=mapping.time_pattern)

    def reader(cell: Cell, convert: Convert) -> Reader:
        return _reader(cell, convert, columns)

    group = Cell(column=spec.one_event_per) if spec.one_event_per else Cell()
    return Feed(
        table=table,
        columns=columns,
        numbers=place,
        heads=(
            reader(spec.customer, identifier),
            reader(spec.type, identifier),
            reader(spec.at, time),
            reader(named or Cell(), identifier),
            reader(group, identifier),
        ),
        names=tuple(fields),
        fields=tuple(
            reader(one, _converter(one, mapping, number=name in declared.numbers)) for name, one in fields.items()
        ),
        only=tuple((columns.index(name), frozenset(words)) for name, words in spec.only.items()),
        group=spec.one_event_per,
        named=named is not None,
    )


def _reader(cell: Cell, convert: Convert, columns: Sequence[str]) -> Reader:
    return Reader(
        column=cell.column,
        index=None if cell.column is None else columns.index(cell.column),
        convert=convert if cell.values is None else translated(cell.values, convert),
        constant=cell.constant,
        combine=cell.combine,
    )


def _by_name(present: Sequence[str] | None, spec: EventTable, known: Sequence[str]) -> dict[str, Cell]:
    """Without a mapping, each declared field is the column of its name."""
    taken = spec.places
    return {name: Cell(column=name) for name in known if name not in taken and (present is None or name in present)}


def _converter(cell: Cell, mapping: TableMapping, *, number: bool) -> Convert:
    if cell.combine in ("sum", "min", "max"):
        return as_number(float_cents=mapping.float_cents)
    return plain(float_cents=mapping.float_cents, split=cell.split, number=number)


def _chosen(feed: Feed, found: Iterator[Row]) -> Iterator[Row]:
    for line, cells in found:
        if all(shown(cells[index]) in words for index, words in feed.only):
            yield line, cells


# --- one row, one event --------------------------------------------------------------------------------


def _single(feed: Feed, found: Iterator[Row], rejects: Rejects) -> Iterator[tuple[str, Kept]]:
    customer_of, type_of, at_of, id_of, _ = feed.heads
    readers, derived = feed.fields, None if feed.named else Derived()
    for line, cells in found:
        try:
            customer = customer_of(cells)
            values = [read(cells) for read in readers]
            kind, at = type_of(cells), at_of(cells)
            mark = id_of(cells) if derived is None else derived(customer, kind, at, values)
        except CellError as bad:
            rejects.refuse([_refused(feed, line, cells, bad)])
        else:
            yield customer, (line, feed, mark, kind, at, *values)


def _refused(feed: Feed, line: int, cells: Sequence[Any], bad: CellError) -> Reject:
    """The reject of a row, with the column of the first bad cell."""
    column = None
    for reader in (*feed.heads, *feed.fields):
        try:
            reader(cells)
        except CellError as again:
            column, bad = reader.column, again
            break
    return Reject(
        table=feed.table,
        line=line,
        code=bad.code,
        column=column,
        number=feed.numbers.get(column or "", 1),
        values=bad.values,
        customer=_whose(feed, cells),
    )


def _whose(feed: Feed, cells: Sequence[Any]) -> str | None:
    try:
        return str(feed.heads[CUSTOMER](cells))
    except CellError:
        return None


class Derived:
    """Ids for rows that have none: what the row says, and which of its equals it is.

    The same file gives the same ids in any order of its lines; two equal lines are two events.
    """

    def __init__(self) -> None:
        self.seen: dict[bytes, int] = {}

    def __call__(self, customer: str, kind: str, at: Any, values: Sequence[Any]) -> str:
        """The id of a row."""
        text = "\x1f".join((customer, kind, str(at), *map(str, values)))
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()
        number = self.seen.get(digest, 0) + 1
        self.seen[digest] = number
        return digest.hex() if number == 1 else f"{digest.hex()}.{number}"


# --- several rows, one event ---------------------------------------------------------------------------


@define(kw_only=True, eq=False)
class Basket:
    """An event in the making."""

    line: int
    customer: str
    kind: str
    key: str
    held: list[Any] = field(factory=list)
    """The time, then the values so far."""


def _grouped(feed: Feed, found: Iterator[Row], rejects: Rejects) -> Iterator[tuple[str, Kept]]:
    baskets: dict[Any, Basket] = {}
    bad_ones: set[Any] = set()
    index = feed.heads[GROUP].index
    add = _adder(feed)
    for line, cells in found:
        raw = cells[index]  # type: ignore[index]  # a grouped feed has the column
        try:
            basket = baskets.get(raw)
            if basket is None:
                baskets[raw] = _first(feed, line, cells)
            else:
                add(basket, cells)
        except CellError as bad:
            rejects.refuse([_group_refused(feed, line, cells, bad)])
            bad_ones.add(raw)
    for raw in bad_ones:
        gone = baskets.pop(raw, None)
        if gone is not None and feed.group is not None:
            rejects.group(feed.table, feed.group, str(raw))
    for one in baskets.values():
        yield one.customer, (one.line, feed, one.key, one.kind, *one.held)


def _first(feed: Feed, line: int, cells: Sequence[Any]) -> Basket:
    customer_of, type_of, at_of, id_of, group_of = feed.heads
    key = group_of(cells)
    mark = id_of(cells) if feed.named else key
    return Basket(
        line=line,
        customer=customer_of(cells),
        kind=type_of(cells),
        key=mark,
        held=[at_of(cells), *(1 if one.combine == "count" else one(cells) for one in feed.fields)],
    )


def _adder(feed: Feed) -> Callable[[Basket, Sequence[Any]], None]:
    """The function that takes one more row into its event; raises CellError where they disagree."""
    customer_of, type_of, at_of = feed.heads[:3]
    steps = [(place, one, COMBINE[one.combine]) for place, one in enumerate(feed.fields, 1)]

    def add(basket: Basket, cells: Sequence[Any]) -> None:
        if customer_of(cells) != basket.customer or type_of(cells) != basket.kind:
            raise CellError("rows-differ", first=str(basket.line), text=basket.key)
        held, at = basket.held, at_of(cells)
        basket.held = [
            at if at == held[0] else _earlier(at, held[0]),
            *[combine(held[place], read, cells) for place, read, combine in steps],
        ]

    return add


def _earlier(one: Any, other: Any) -> Any:
    try:
        return min(one, other)
    except TypeError as error:
        raise CellError("times-differ", text=str(other)) from error


def _same(held: Any, read: Reader, cells: Sequence[Any]) -> Any:
    if read(cells) != held:
        raise CellError("cells-differ", text=str(held))
    return held


COMBINE: dict[str, Callable[[Any, Reader, Sequence[Any]], Any]] = {
    "same": _same,
    "sum": lambda held, read, cells: held + read(cells),
    "count": lambda held, _read, _cells: held + 1,
    "min": lambda held, read, cells: min(held, read(cells)),
    "max": lambda held, read, cells: max(held, read(cells)),
}


def _group_refused(feed: Feed, line: int, cells: Sequence[Any], bad: CellError) -> Reject:
    """A bad row of an event: its own bad cell, or the disagreement with the event's first row."""
    if not bad.code.endswith("-differ"):
        return _refused(feed, line, cells, bad)
    return Reject(
        table=feed.table,
        line=line,
        code=bad.code,
        column=feed.group,
        number=feed.numbers.get(feed.group or "", 1),
        values=bad.values,
        customer=_whose(feed, cells),
    )
