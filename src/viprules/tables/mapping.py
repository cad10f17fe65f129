"""The mapping: which column feeds which fact, event, field or membership.

It is a small file beside the data, checked like a policy: closed, with positions. Without one the
columns are taken by their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import evolve, field, frozen

from viprules.engine.reading import faults, source
from viprules.errors import DataError, Problem, Source, in_order, problem
from viprules.tables.mapping_schema import mapping_schema

__all__ = [
    "Cell",
    "CustomerTable",
    "Declared",
    "EventTable",
    "FileForm",
    "MembershipTable",
    "TableMapping",
    "read_mapping",
    "undeclared",
]

Combine = Literal["same", "sum", "count", "min", "max"]


@frozen(kw_only=True)
class Cell:
    """Where one value comes from."""

    column: str | None = None
    constant: str | None = None
    values: Mapping[str, str] | None = None
    """The file's words and what they mean here; another word is a bad row."""
    split: str | None = None
    combine: Combine = "same"
    """How the rows of one event are put together."""
    source: Source | None = field(default=None, eq=False)
    """Where the mapping says so."""


@frozen(kw_only=True)
class FileForm:
    """How a file is written."""

    file: str | None = None
    """Relative to the mapping; unsaid: the file named on the command line."""
    encoding: str = "utf-8-sig"
    delimiter: str | None = None


@frozen(kw_only=True)
class CustomerTable:
    """The customers with their facts."""

    form: FileForm = field(factory=FileForm)
    id: Cell = field(factory=lambda: Cell(column="customer"))
    facts: Mapping[str, Cell] | None = None
    """None: every column that is named like a fact."""


@frozen(kw_only=True)
class EventTable:
    """One feed of events."""

    form: FileForm = field(factory=FileForm)
    customer: Cell = field(factory=lambda: Cell(column="customer"))
    type: Cell = field(factory=lambda: Cell(column="type"))
    at: Cell = field(factory=lambda: Cell(column="at"))
    id: Cell | None = None
    """None: the event's id is derived from what is in the row."""
    fields: Mapping[str, Cell] | None = None
    """None: every other column that is named like a field."""
    one_event_per: str | None = None
    only: Mapping[str, tuple[str, ...]] = field(factory=dict)
    """Columns and the words that a row must have there to belong to this feed."""

    @property
    def places(self) -> tuple[str, ...]:
        """The columns that are no fields."""
        heads = [self.customer.column, self.type.column, self.at.column]
        heads += [self.id.column if self.id is not None else "id", self.one_event_per, *self.only]
        return tuple(one for one in heads if one is not None)


@frozen(kw_only=True)
class MembershipTable:
    """The present memberships: a plain table, or the records that the last run gave."""

    form: FileForm = field(factory=FileForm)
    customer: Cell = field(factory=lambda: Cell(column="customer"))
    keys: Mapping[str, Cell] | None = None


@frozen(kw_only=True)
class TableMapping:
    """A whole mapping file."""

    folder: Path = field(factory=Path)
    zone: tzinfo | None = None
    """The zone of timestamps that carry none; None: they are local time of the programme."""
    time_pattern: str | None = None
    float_cents: bool = False
    customers: CustomerTable | None = None
    events: tuple[EventTable, ...] = ()
    memberships: MembershipTable | None = None


@frozen(kw_only=True)
class Declared:
    """The names that a policy declares, so that columns can be found without a mapping."""

    facts: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    """The fields of all its events."""
    numbers: frozenset[str] = frozenset()
    """Facts and fields that are amounts or numbers."""
    events: Mapping[str, frozenset[str]] = field(factory=dict)
    """The types of events with their fields; empty: nobody knows them."""


def read_mapping(path: Path | str) -> TableMapping:
    """The mapping in a file; raises DataError with every problem of it."""
    path = Path(path)
    try:
        text = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError([problem("file-unreadable", None, file=str(path), reason=reason)]) from error
    return parse_mapping(text, str(path), path.parent)


def parse_mapping(text: str | bytes, file: str, folder: Path | None = None) -> TableMapping:
    """The mapping in a text; raises DataError with every problem of it."""
    document, problems = source.read(text, file)
    if document is None or problems:
        raise DataError(problems)
    schema = mapping_schema()
    typed = faults.typed(document, schema)
    problems = faults.judge(typed, schema) or _meaning(typed)
    if problems:
        raise DataError(problems)
    return _structured(typed, folder or Path())


def undeclared(mapping: TableMapping, declared: Declared) -> list[Problem]:
    """Names that the mapping feeds and the policy does not have: told once, in place of on every row."""
    facts = (mapping.customers and mapping.customers.facts) or {}
    found = [
        problem("undeclared-fact", cell.source, name=name, nearest=faults.nearest(name, declared.facts))
        for name, cell in facts.items()
        if name not in declared.facts
    ]
    for feed in mapping.events if declared.events else ():
        kind, at = feed.type.constant, feed.type.source
        fields = declared.events.get(kind or "")
        if kind is not None and fields is None:
            found.append(problem("undeclared-event", at, name=kind, nearest=faults.nearest(kind, declared.events)))
        found += [
            problem("undeclared-field", cell.source, event=str(kind), name=name, nearest=faults.nearest(name, fields))
            for name, cell in (feed.fields or {}).items()
            if fields is not None and name not in fields
        ]
    return in_order(found)


def _meaning(data: Any) -> list[Problem]:
    """What the schema cannot see: zones and encodings that do not exist, a column that is no source."""
    found = []
    if "times_in" in data and _zone(data["times_in"]) is None:
        found.append(problem("mapping-zone", source.source_of(data, "times_in"), name=str(data["times_in"])))
    for table in (data.get("customers", {}), *data.get("events", ()), data.get("memberships", {})):
        if "encoding" in table and not _known_encoding(table["encoding"]):
            at = source.source_of(table, "encoding")
            found.append(problem("no-such-encoding", at, name=str(table["encoding"])))
        grouped = "one_event_per" in table
        for owner, names in ((table, PLACED), (table.get("fields", {}), None), (table.get("facts", {}), None)):
            for name in owner if names is None else names & owner.keys():
                faults = _cell_faults(owner[name], grouped=grouped)
                found += [problem(code, source.source_of(owner, name), name=str(name)) for code in faults]
    return in_order(found)


PLACED = frozenset({"type", "tier", "tier_set", "since", "valid_until", "recorded"})
"""Keys of a table whose values say where something comes from."""


def _cell_faults(cell: Any, *, grouped: bool) -> list[str]:
    if not isinstance(cell, Mapping):
        return []
    combining = [one for one in COMBINING if one in cell]
    if len(combining) + ("column" in cell) + ("constant" in cell) != 1:
        return ["cell-one-source"]
    return ["cell-not-grouped"] if combining and not grouped else []


COMBINING: tuple[Combine, ...] = ("sum", "count", "min", "max")


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _known_encoding(name: str) -> bool:
    """Whether text can be read with it: some codecs turn bytes into bytes, or nothing into anything."""
    try:
        return "a,1\n".encode(name).decode(name, "surrogateescape") == "a,1\n"
    except (LookupError, ValueError):
        return False


def _structured(data: Any, folder: Path) -> TableMapping:
    customers, memberships = data.get("customers"), data.get("memberships")
    return TableMapping(
        folder=folder,
        zone=_zone(data["times_in"]) if "times_in" in data else None,
        time_pattern=_text(data.get("times_like")),
        float_cents=data.get("amounts") == "float-cents",
        customers=None if customers is None else _customer_table(customers),
        events=tuple(_event_table(one) for one in data.get("events", ())),
        memberships=None if memberships is None else _membership_table(memberships),
    )


def _customer_table(data: Any) -> CustomerTable:
    return CustomerTable(form=_form(data), id=_cell(data.get("id", "customer")), facts=_cells(data.get("facts")))


def _event_table(data: Any) -> EventTable:
    return EventTable(
        form=_form(data),
        customer=_cell(data.get("customer", "customer")),
        type=_type_cell(data),
        at=_cell(data.get("at", "at")),
        id=_cell(data["id"]) if "id" in data else None,
        fields=_cells(data.get("fields")),
        one_event_per=_text(data.get("one_event_per")),
        only={str(name): tuple(str(one) for one in words) for name, words in data.get("only", {}).items()},
    )


def _membership_table(data: Any) -> MembershipTable:
    keys = {name: data[name] for name in ("tier", "tier_set", "since", "valid_until", "recorded") if name in data}
    return MembershipTable(
        form=_form(data), customer=_cell(data.get("customer", "customer")), keys=_cells(keys) or None
    )


def _form(data: Any) -> FileForm:
    encoding = str(data.get("encoding", "utf-8-sig"))
    plain = encoding.lower().replace("_", "-") in ("utf-8", "utf8")
    return FileForm(
        file=_text(data.get("file")),
        encoding="utf-8-sig" if plain else encoding,
        delimiter=_text(data.get("delimiter")),
    )


def _cells(data: Any) -> dict[str, Cell] | None:
    if data is None:
        return None
    return {str(name): evolve(_cell(one), source=source.source_of(data, name)) for name, one in data.items()}


def _type_cell(data: Any) -> Cell:
    if "type" not in data:
        return Cell(column="type")
    said = data["type"]
    cell = Cell(constant=str(said)) if isinstance(said, str) else _cell(said)
    return evolve(cell, source=source.source_of(data, "type"))


def _cell(data: Any) -> Cell:
    if isinstance(data, str):
        return Cell(column=str(data))
    for combine in COMBINING:
        if combine in data:
            return Cell(column=None if combine == "count" else str(data[combine]), combine=combine)
    values = data.get("values")
    return Cell(
        column=_text(data.get("column")),
        constant=_text(data.get("constant")),
        values=None if values is None else {str(word): str(one) for word, one in values.items()},
        split=_text(data.get("split")),
    )


def _text(data: Any) -> str | None:
    return None if data is None else str(data)
