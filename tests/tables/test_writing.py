"""Tables are written whole, safely for spreadsheets, and rejects are never lost."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.tables.conftest import Load
from viprules.errors import DataError
from viprules.tables import write_rejects, writing
from viprules.tables.writing import csv_cell


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")', "-", "--5", "+", "-1e5",
        "\uff1d1+1", "\uff0b1+1", "\uff0d1+1", "\uff20x", "'=1", "-5.00元", "=", "@", "-5-5", "+1 2",
    ],
)  # fmt: skip
def test_a_formula_is_made_inert(text: str) -> None:
    """Text that a spreadsheet would run begins with an apostrophe."""
    assert f"'{text}" == csv_cell(text)


@pytest.mark.parametrize("text", ["-5", "+5.00", "-1234.56", "5", "2026-12-31", "gold", "O'Brien", "", "a=b", "会员"])
def test_plain_numbers_and_words_stay_as_they_are(text: str) -> None:
    """A signed number is a number, not a formula."""
    assert text == csv_cell(text)


@pytest.mark.parametrize("amount", ["-0.01", "-12345.67", "1E+3", "0.10"])
def test_signed_money_round_trips(amount: str) -> None:
    """An exact amount is written in full, without exponent or guard."""
    assert Decimal(amount) == Decimal(csv_cell(Decimal(amount)))
    assert "E" not in csv_cell(Decimal(amount))


def test_an_interrupted_file_is_not_there(tmp_path: Path) -> None:
    """What was there before stays when a run breaks off, and nothing else is left."""
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")

    def broken_off() -> None:
        with writing(path, ("a",)) as put:
            put({"a": 1})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert "old" == path.read_text(encoding="utf-8")
    assert ["out.csv"] == [one.name for one in tmp_path.iterdir()]


def test_a_finished_file_has_ordinary_permissions(tmp_path: Path) -> None:
    """A written file is as readable as any other new file."""
    (tmp_path / "other").touch()
    with writing(tmp_path / "out.csv", ("a",)) as put:
        put({"a": None})
    assert (tmp_path / "other").stat().st_mode == (tmp_path / "out.csv").stat().st_mode
    assert 'a\n""\n' == (tmp_path / "out.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["out.txt", "out"])
def test_an_unknown_ending_is_refused(tmp_path: Path, name: str) -> None:
    """The format goes by the file's ending."""
    with pytest.raises(DataError):
        writing(tmp_path / name, ("a",))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Output that cannot be written is a problem, told before anything is decided."""
    with pytest.raises(DataError) as caught, writing(tmp_path / "no" / "out.csv", ("a",)):
        pass
    assert ["file-unwritable"] == [one.code for one in caught.value.problems]


def test_parquet_holds_days_as_days(tmp_path: Path) -> None:
    """The columns of days are dates; everything else is text."""
    import duckdb

    path = tmp_path / "o'ut.parquet"
    with writing(path, ("customer", "since")) as put:
        put({"customer": "=1", "since": "2026-03-01"})
        put({"customer": 'C"2', "since": None})
    with duckdb.connect() as connection:
        found = connection.execute("select customer, since::varchar from read_parquet(?)", [str(path)]).fetchall()
    assert [("=1", "2026-03-01"), ('C"2', None)] == found


def test_rejected_rows_are_kept_as_they_stand(load: Load, tmp_path: Path) -> None:
    """The file of rejects has every bad row in full with its reason, and the good rows of a bad event."""
    mapping = """
mapping: 1
events:
  - {type: purchase, customer: c, at: t, one_event_per: b, fields: {amount: {sum: v}}}
"""
    text = 'c,b,t,v,note\n1,B1,2026-03-01,1,"a\nb"\n1,B1,2026-03-01,x,=evil\n1,B2,2026-03-01,1,\n1,B3\n'
    base = load(mapping, events_csv=text)
    path = tmp_path / "rejects.csv"
    assert 3 == write_rejects(path, base.rejects)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [(row["line"], row["code"], row["row"]) for row in csv.DictReader(stream)]
    assert [
        ("2", "row-of-a-bad-event", '1,B1,2026-03-01,1,"a\nb"'),
        ("4", "cell-no-number", "1,B1,2026-03-01,x,=evil"),
        ("6", "row-cells", "1,B3"),
    ] == rows


def test_parquet_types_hold_for_every_ladder(tmp_path: Path) -> None:
    """Days are days and counts are numbers, also where a ladder's name stands before them."""
    import duckdb

    path = tmp_path / "out.parquet"
    columns = ("customer", "value.since", "activity.valid_until", "rows_set_aside")
    with writing(path, columns) as put:
        put(dict(zip(columns, ("C1", date(2026, 3, 1), None, 2), strict=True)))
    with duckdb.connect() as connection:
        found = connection.execute("select * from read_parquet(?)", [str(path)])
        assert ["VARCHAR", "DATE", "DATE", "BIGINT"] == [str(one[1]) for one in found.description]
        assert [("C1", date(2026, 3, 1), None, 2)] == found.fetchall()
