"""Event rows become events, strictly, and each bad row is named."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.tables.conftest import Load
from viprules.engine.program import Program
from viprules.errors import DataError
from viprules.tables import Base, Sources, write_rejects

HEAD = "customer,type,at,id,amount\n"


def events_of(base: Base, customer: str) -> list[dict[str, Any]]:
    """Return the events of a customer as the engine's door takes them."""
    return base.people[customer].events()


def faults(base: Base) -> list[tuple[str, int, str | None]]:
    """Return code, line and column of every bad row."""
    return [(one.code, one.line, one.column) for one in base.rejects.sorted()]


def test_columns_are_found_by_their_names(load: Load) -> None:
    """Without a mapping each column feeds what is named like it, and text stays text."""
    base = load(events_csv=HEAD + "C1,purchase,2026-03-01,E1,12.50\n")
    assert [{"type": "purchase", "at": date(2026, 3, 1), "id": "E1", "amount": "12.50"}] == events_of(base, "C1")


def test_an_empty_cell_is_a_missing_value(load: Load) -> None:
    """A field without text in its cell is not stated at all."""
    base = load(events_csv=HEAD + "C1,purchase,2026-03-01,E1,\n")
    assert [{"type": "purchase", "at": date(2026, 3, 1), "id": "E1"}] == events_of(base, "C1")


def test_the_zone_of_naive_times_is_taken_from_the_mapping(load: Load) -> None:
    """`times_in` belongs to timestamps without a zone; others keep theirs, and days are no instants."""
    rows = (
        "C1,purchase,2026-03-01 18:30:00,E1,1\nC1,purchase,2026-03-01T18:30+08:00,E2,1\nC1,purchase,2026-03-01,E3,1\n"
    )
    found = [one["at"] for one in events_of(load("mapping: 1\ntimes_in: UTC", events_csv=HEAD + rows), "C1")]
    assert datetime(2026, 3, 1, 18, 30, tzinfo=UTC) == found[0]
    assert datetime(2026, 3, 1, 10, 30, tzinfo=UTC) == found[1]
    assert date(2026, 3, 1) == found[2]


def test_times_of_another_spelling_are_read_by_their_pattern(load: Load) -> None:
    """`times_like` says how a file writes its times."""
    mapping = 'mapping: 1\ntimes_like: "%d/%m/%Y %H:%M"'
    base = load(mapping, events_csv=HEAD + "C1,purchase,31/12/2026 18:30,E1,1\n")
    assert datetime.fromisoformat("2026-12-31T18:30") == events_of(base, "C1")[0]["at"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",purchase,2026-03-01,E1,1", ("cell-empty", 2, "customer")),
        ("C1,,2026-03-01,E1,1", ("cell-empty", 2, "type")),
        ("C1,purchase,,E1,1", ("cell-empty", 2, "at")),
        ("C1,purchase,2026-02-30,E1,1", ("cell-no-time", 2, "at")),
        ("C1,purchase,20260301,E1,1", ("cell-no-time", 2, "at")),
        ("C1,purchase,1 March,E1,1", ("cell-no-time", 2, "at")),
        ("C1,purchase,2026-03-01,,1", ("cell-empty", 2, "id")),
        (" C1,purchase,2026-03-01,E1,1", ("cell-no-id", 2, "customer")),
        ("C1,purchase,2026-03-01,E1", ("row-cells", 2, None)),
        ('C1,purchase,2026-03-01,"E1"x,1', ("row-quotes", 2, None)),
    ],
)
def test_a_bad_row_is_named_and_set_aside(load: Load, row: str, fault: tuple[str, int, str | None]) -> None:
    """Line and column of what cannot be used are told, and the rows around it are used."""
    base = load(events_csv=f"{HEAD}{row}\nC2,purchase,2026-03-01,E2,1\n")
    assert [fault] == faults(base)
    assert 1 == len(events_of(base, "C2"))


def test_a_quote_that_never_ends_loses_no_earlier_row(load: Load) -> None:
    """A file that ends inside quotes gives every row before."""
    base = load(events_csv=HEAD + 'C1,purchase,2026-03-01,E1,1\nC1,purchase,2026-03-01,"E2,1\n')
    assert [("row-quotes", 3, None)] == faults(base)
    assert 1 == len(events_of(base, "C1"))


@pytest.mark.parametrize("after", [2, 40_000])
def test_a_quote_that_never_ends_loses_no_later_row(load: Load, tmp_path: Path, after: int) -> None:
    """Its line is bad; the lines that it would swallow are read again, and only bad lines are kept aside."""
    lines = ['C1,purchase,2026-03-01,"E0,1', *(f"C1,purchase,2026-03-01,E{n},1" for n in range(1, after + 1)), '"']
    base = load(events_csv=HEAD + "\n".join(lines) + "\n")
    assert [("row-quotes", 2, None), ("row-quotes", after + 3, None)] == faults(base)
    assert after == len(events_of(base, "C1"))
    assert 2 == write_rejects(tmp_path / "bad.jsonl", base.rejects)
    assert lines[0] == json.loads((tmp_path / "bad.jsonl").read_text(encoding="utf-8").splitlines()[0])["row"]


def test_a_cell_that_is_too_long_is_named_so(load: Load) -> None:
    """It is no matter of quotes."""
    base = load(events_csv=HEAD + f"C1,purchase,2026-03-01,{'E' * 200_000},1\nC1,purchase,2026-03-01,E1,1\n")
    assert [("row-too-long", 2, None)] == faults(base)
    assert 1 == len(events_of(base, "C1"))


def test_a_cell_over_several_lines_keeps_the_count(load: Load) -> None:
    """A row is named by its first line even after cells with line breaks."""
    base = load(
        "mapping: 1\nevents: [{type: purchase, id: id, fields: {}}]",
        events_csv='customer,at,id,note\nC1,2026-03-01,E1,"a\nb"\nC1,nonsense,E2,c\n',
    )
    assert [("cell-no-time", 4, "at")] == faults(base)


def test_ids_are_derived_from_what_a_row_says(load: Load) -> None:
    """Without an id column the same rows have the same ids in any order, and equal rows are two events."""
    rows = ["C1,purchase,2026-03-01,5", "C1,purchase,2026-03-01,5", "C1,purchase,2026-03-02,5"]
    head = "customer,type,at,amount\n"
    one, other = (load(events_csv=head + "\n".join(each) + "\n") for each in (rows, rows[::-1]))
    ids = sorted(event["id"] for event in events_of(one, "C1"))
    assert 3 == len(set(ids))
    assert ids == sorted(event["id"] for event in events_of(other, "C1"))


GROUPED = """
mapping: 1
events:
  - type: purchase
    customer: household
    at: time
    one_event_per: basket
    fields: {amount: {sum: value}, pieces: {count: rows}}
"""


def test_the_rows_of_a_basket_are_one_event(load: Load) -> None:
    """`one_event_per` adds up exactly, takes the earliest time, and the key is the id."""
    text = "household,basket,time,value\n7,B1,2026-03-01T10:01,0.10\n7,B2,2026-03-02,1\n7,B1,2026-03-01T10:00,0.20\n"
    basket, other = events_of(load(GROUPED, events_csv=text), "7")
    expected = {
        "type": "purchase",
        "id": "B1",
        "at": datetime.fromisoformat("2026-03-01T10:00"),
        "amount": Decimal("0.30"),
        "pieces": 2,
    }
    assert expected == basket
    assert ("B2", 1) == (other["id"], other["pieces"])


def test_half_a_basket_is_no_basket(load: Load) -> None:
    """With one bad line the whole event is set aside; other events are not."""
    text = "household,basket,time,value\n7,B1,2026-03-01,1\n7,B1,2026-03-01,x\n7,B2,2026-03-02,1\n"
    base = load(GROUPED, events_csv=text)
    assert [("cell-no-number", 3, "value")] == faults(base)
    assert ["B2"] == [one["id"] for one in events_of(base, "7")]


@pytest.mark.parametrize(
    ("second", "code"),
    [("8,B1,2026-03-01,1", "rows-differ"), ("7,B1,2026-03-01T10:00+08:00,1", "times-differ")],
)
def test_rows_of_an_event_must_agree(load: Load, second: str, code: str) -> None:
    """An event of two customers, or of times that cannot be compared, is set aside."""
    text = f"household,basket,time,value\n7,B1,2026-03-01T10:00,1\n{second}\n"
    base = load(GROUPED, events_csv=text)
    assert [(code, 3, "basket")] == faults(base)
    assert [] == [event for person in base.people for event in events_of(base, person)]


FLOATS = "mapping: 1\namounts: float-cents\nevents: [{type: purchase, id: id, fields: {amount: amount}}]"


@pytest.mark.parametrize(
    ("amount", "cents"), [("1.1", "1.10"), ("1.776357e-15", "0.00"), ("3.3000000000000003", "3.30"), ("-0.1", "-0.10")]
)
def test_printed_floats_of_whole_cents_are_exact(load: Load, amount: str, cents: str) -> None:
    """Under `float-cents` a printed binary float becomes the cents that it means."""
    base = load(FLOATS, events_csv=f"customer,at,id,amount\nC1,2026-03-01,E1,{amount}\n")
    assert Decimal(cents) == Decimal(events_of(base, "C1")[0]["amount"])


@pytest.mark.parametrize("amount", ["1.005", "nan", "inf", "1e400", "1,5", "\uff11\uff12", "1_000", "", " 1"])
def test_what_is_no_amount_of_cents_is_refused(load: Load, amount: str) -> None:
    """Fractions of cents, NaN, infinity and other spellings are bad rows where rows are added up."""
    mapping = GROUPED.replace("mapping: 1", "mapping: 1\namounts: float-cents")
    base = load(mapping, events_csv=f'household,basket,time,value\n7,B1,2026-03-01,"{amount}"\n')
    assert 1 == len(base.rejects)
    assert [] == events_of(base, "7")


def test_words_of_a_file_are_translated(load: Load) -> None:
    """`values` maps the file's words; another word is a bad row; `only` chooses the rows of a feed."""
    mapping = """
mapping: 1
events:
  - type: {column: kind, values: {S: purchase, R: return}}
    id: id
    only: {state: [done]}
    fields: {amount: amount}
"""
    text = (
        "customer,kind,at,id,amount,state\nC1,S,2026-03-01,E1,1,done\n"
        "C1,X,2026-03-01,E2,1,done\nC1,S,2026-03-01,E3,1,open\n"
    )
    base = load(mapping, events_csv=text)
    assert [("cell-unknown-word", 3, "kind")] == faults(base)
    assert ["E1"] == [one["id"] for one in events_of(base, "C1")]


def test_jsonl_numbers_are_exact(load: Load) -> None:
    """A JSON number is read as written, not as a binary float."""
    line = '{"customer": 7, "type": "purchase", "at": "2026-03-01", "id": 1, "amount": 0.1}\n'
    event = events_of(load(events_jsonl=line), "7")[0]
    assert (Decimal("0.1"), "1") == (event["amount"], event["id"])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("[1]", "row-json"),
        ('{"a": NaN}', "row-json"),
        ('{"customer": 1, "customer": 2}', "row-key-twice"),
        ("{", "row-json"),
        ("[" * 100_000, "row-json"),
        ('{"a": "' + "x" * (1 << 20) + '"}', "row-too-long"),
        ('{"a": "\\ud800"}', "cell-empty"),
        ('{"customer": 1.5, "type": "purchase", "at": "2026-03-01"}', "cell-no-id"),
    ],
)
def test_a_bad_line_of_json_is_named(load: Load, line: str, code: str) -> None:
    """What is no object, or hides a key, is set aside, and the next line is read."""
    good = '{"customer": "C1", "type": "purchase", "at": "2026-03-01", "id": "E1"}'
    base = load(events_jsonl=f"{line}\n\n{good}\n")
    assert [(code, 1)] == [(one.code, one.line) for one in base.rejects.sorted()]
    assert "C1" in base.people


def test_a_file_of_another_encoding_is_named_and_read(load: Load) -> None:
    """Chinese text in GB 18030 is refused as UTF-8 row by row, and read when the mapping says so."""
    text = "customer,type,at,id\n张三,purchase,2026-03-01,E1\n".encode("gb18030")
    assert ["row-encoding"] == [one.code for one in load(events_csv=text).rejects.sorted()]
    mapping = "mapping: 1\nevents: [{encoding: gb18030, type: {column: type}, id: id, fields: {}}]"
    assert ["张三"] == list(load(mapping, events_csv=text).people)


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"events_csv": ""}, "file-empty"),
        ({"events_csv": "a,a\n"}, "column-twice"),
        ({"events_csv": "customer,type\n"}, "column-missing"),
        ({"events_xlsx": ""}, "file-ending"),
        ({"events_parquet": "no parquet"}, "file-parquet"),
        ({"events_csv": "会员,type\n".encode("gb18030")}, "file-encoding"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(load: Load, files: dict[str, Any], code: str) -> None:
    """A file without a usable header stops the run with a problem."""
    with pytest.raises(DataError) as caught:
        load(**files)
    assert code in [one.code for one in caught.value.problems]


def test_a_file_that_is_not_there_is_named() -> None:
    """A path without a file is a problem, not a traceback."""
    from viprules.tables import Declared, TableMapping, read_base

    with pytest.raises(DataError) as caught:
        read_base(Sources(events=(Path("nowhere.csv"),)), TableMapping(), Declared())
    assert ["file-unreadable"] == [one.code for one in caught.value.problems]


def test_the_door_names_the_row_and_the_column(load: Load, program: Program) -> None:
    """What the engine refuses is told with the line and the column that it came from."""
    base = load(events_csv=HEAD + "C1,purchase,2026-03-01,E1,100\nC1,purchase,2026-03-02,E2,many\n")
    ((person, customer, problems),) = base.customers(program.customer)
    assert ((), "gold") == (problems, program.decide(customer, as_of="2026-12-31").tier)
    said = base.rejects.sorted()[0]
    assert ("C1", 3, "amount", 5) == (
        person.id,
        said.line,
        said.column,
        said.problem.source and said.problem.source.column,
    )


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("C1,purchase,0001-01-01T00:00:00,E1,1", "at"),
        ("C1,purchase,9999-12-31,E1,1", "at"),
        ("C1,buy,2026-03-01,E1,1", "type"),
    ],
)
def test_the_door_names_type_and_time_too(load: Load, program: Program, row: str, column: str) -> None:
    """An undeclared type, and a year beyond the calendar's safe middle, are told with their column."""
    base = load(events_csv=f"{HEAD}{row}\n")
    ((person, customer, _),) = base.customers(program.customer)
    assert ("C1", 0) == (person.id, len(customer.events))
    assert [column] == [one.column for one in base.rejects.sorted()]


def test_a_return_without_its_sale_is_a_bad_row(load: Load, program: Program) -> None:
    """It is set aside and told with the column that lacks the sale, so that nobody is overstated in silence."""
    base = load(events_csv=HEAD.replace("\n", ",sale\n") + "C1,return,2026-03-01,R1,100,\n")
    list(base.customers(program.customer))
    assert [("return-without-sale", 2, "sale")] == [(one.code, one.line, one.column) for one in base.rejects.sorted()]


def test_contradicting_events_are_all_set_aside(load: Load, program: Program) -> None:
    """The same id with another body is believed in neither form; the same row twice is one event."""
    rows = (
        "C1,purchase,2026-03-01,E1,100\nC1,purchase,2026-03-01,E1,200\n"
        "C1,purchase,2026-03-01,E2,7\nC1,purchase,2026-03-01,E2,7\n"
    )
    base = load(events_csv=HEAD + rows)
    ((_, customer, _),) = base.customers(program.customer)
    assert [("event-contradicted", 2), ("event-contradicted", 3)] == [(o.code, o.line) for o in base.rejects.sorted()]
    assert 1 == len(customer.events)


def test_a_column_that_nobody_asks_for_is_a_warning(load: Load) -> None:
    """A misspelt column of an unmapped file is told, for it would silently feed nothing."""
    base = load(customers_csv="customer,brithday\nC1,2000-01-01\n")
    assert ["column-unused"] == [one.code for one in base.warnings]


def test_a_column_of_events_that_nobody_declares_is_a_warning(load: Load, program: Program) -> None:
    """An extra column spoils no row: it is named and left alone, as in the file of customers."""
    base = load(events_csv="customer,type,at,id,amount,till\nC1,purchase,2026-03-01,E1,100,7\n")
    assert ["till"] == [one.values["name"] for one in base.warnings]
    ((_, customer, _),) = base.customers(program.customer)
    assert "gold" == program.decide(customer, as_of="2026-12-31").tier


def test_bad_rows_and_contradictions_are_found_together(load: Load, program: Program) -> None:
    """What is left after both are set aside is decided."""
    rows = ("C1,purchase,2026-03-01,E1,100", "C1,purchase,2026-03-01,E2,1", "C1,purchase,2026-03-01,E2,2")
    base = load(events_csv="\n".join(("customer,type,at,id,amount", *rows, "C1,purchase,2026-03-01,E3,many")))
    ((_, customer, _),) = base.customers(program.customer)
    assert "gold" == program.decide(customer, as_of="2026-12-31").tier
    assert [3, 4, 5] == [one.line for one in base.rejects.sorted()]


def test_truth_values_are_words_as_the_file_writes_them(load: Load) -> None:
    """`true` of a typed file is chosen, translated and told as `true`."""
    mapping = """
mapping: 1
events:
  - {type: {column: sold, values: {true: purchase}}, id: id, only: {paid: [true]}, fields: {amount: amount}}
"""
    rows = (
        {"customer": "C1", "at": "2026-03-01", "id": "E1", "amount": 1, "sold": True, "paid": True},
        {"customer": "C1", "at": "2026-03-01", "id": "E2", "amount": 2, "sold": True, "paid": False},
        {"customer": True, "at": "2026-03-01", "id": "E3", "amount": 3, "sold": True, "paid": True},
    )
    base = load(mapping, events_jsonl="\n".join(json.dumps(one) for one in rows))
    assert ["E1"] == [one["id"] for one in events_of(base, "C1")]
    assert ["`true` in `customer` is no id"] == [one.problem.message for one in base.rejects.sorted()]


@pytest.mark.parametrize("data", [b"a,b\n1,2\n", "customer,at,x\n".encode("utf-16") + b"\x00\xd8\x41\x00"])
def test_a_file_that_its_encoding_cannot_read_is_refused_whole(load: Load, data: bytes) -> None:
    """Where the encoding cannot go on after a byte that it does not know, there is no next row."""
    mapping = "mapping: 1\nevents: [{type: purchase, encoding: utf-16, fields: {}}]"
    with pytest.raises(DataError) as caught:
        load(mapping, events_csv=data)
    assert ["file-encoding"] == [one.code for one in caught.value.problems]
