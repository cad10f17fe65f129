"""Rows out of a file: CSV, JSONL or Parquet, as pairs of a line number and the chosen cells.

Every format gives the same: `header()` names the columns where the file declares them, `rows`
yields the cells of the columns asked for. What is not a row is reported and skipped.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from attrs import frozen

from viprules.errors import DataError, problem
from viprules.tables.mapping import Declared, TableMapping
from viprules.tables.rejects import Rejects

if TYPE_CHECKING:
    from viprules.tables.table import Table

__all__ = ["ENDINGS", "Reading", "Row", "Watch", "check_columns", "header", "raw_rows", "rows"]

Row = tuple[int, Sequence[Any]]
Watch = Callable[[str, int, int], None]
"""Called now and then while a file is read: its name, how much is done, how much there is."""

ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
EVERY = 20_000
GUARDED = frozenset("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
LONGEST_LINE = 1 << 20


class Format(Protocol):
    """What a file format can do."""

    def header(self, table: Table) -> tuple[str, ...] | None: ...
    def rows(self, table: Table, columns: Sequence[str], rejects: Rejects, watch: Watch) -> Iterator[Row]: ...
    def raw(self, table: Table) -> Iterator[tuple[int, str]]: ...


def _format(table: Table) -> Format:
    """The format goes by the file's ending."""
    found = FORMATS.get(table.path.suffix.lower())
    if found is None:
        raise DataError([problem("file-ending", None, file=table.name, endings="\n".join(ENDINGS))])
    return found


def header(table: Table) -> tuple[str, ...] | None:
    """The columns that the file declares; None where rows name their own (JSONL).

    Raises DataError for a file that cannot be read or has no header.
    """
    with _readable(table):
        return _format(table).header(table)


def check_columns(table: Table, present: Sequence[str] | None, columns: Sequence[str]) -> None:
    """Raise DataError for columns that a file should have and has not."""
    missing = [] if present is None else [one for one in columns if one not in present]
    if missing and present is not None:
        shown = "\n".join(present)
        raise DataError([problem("column-missing", None, file=table.name, name=one, columns=shown) for one in missing])


@frozen(kw_only=True, eq=False)
class Reading:
    """What every reader needs beside its file."""

    mapping: TableMapping
    declared: Declared
    rejects: Rejects
    watch: Watch


def rows(table: Table, columns: Sequence[str], rejects: Rejects, watch: Watch) -> Iterator[Row]:
    """The cells of the named columns, row by row; an absent one is None."""
    with _readable(table):
        yield from _format(table).rows(table, columns, rejects, watch)


def raw_rows(table: Table) -> Iterator[tuple[int, str]]:
    """Line numbers with the row as the file has it, for the file of rejected rows."""
    with _readable(table):
        yield from _format(table).raw(table)


@contextmanager
def _readable(table: Table) -> Iterator[None]:
    """Turn an operating system's refusal into a problem that names the file."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError([problem("file-unreadable", None, file=table.name, reason=reason)]) from error
    except UnicodeError as error:  # of an encoding that cannot go on after bytes that it does not know
        raise DataError([problem("file-encoding", None, file=table.name, encoding=_spoken(table.encoding))]) from error


def _picker(indices: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    if len(indices) == 1:
        only = indices[0]
        return lambda row: (row[only],)
    return itemgetter(*indices) if indices else lambda _: ()


class Csv:
    """Comma-separated text with a header line; quoting as spreadsheets write it."""

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter

    def _open(self, table: Table) -> tuple[BinaryIO, io.TextIOWrapper]:
        stream = table.path.open("rb")
        text = io.TextIOWrapper(stream, encoding=table.encoding, errors="surrogateescape", newline="")
        return stream, text

    def _reader(self, table: Table, lines: Iterable[str]) -> Any:
        return csv.reader(lines, delimiter=table.delimiter or self.delimiter, strict=True)

    def header(self, table: Table) -> tuple[str, ...]:
        """The names in the first line."""
        _, text = self._open(table)
        with text:
            try:
                names: list[str] = next(self._reader(table, text), [])
            except csv.Error:
                names = []
        if not names or not any(names):
            raise DataError([problem("file-empty", None, file=table.name)])
        if not _clean("".join(names)):
            raise DataError([problem("file-encoding", None, file=table.name, encoding=_spoken(table.encoding))])
        twice = sorted({one for one in names if names.count(one) > 1})
        if twice:
            raise DataError([problem("column-twice", None, file=table.name, name=twice[0])])
        return tuple(names)

    def rows(self, table: Table, columns: Sequence[str], rejects: Rejects, watch: Watch) -> Iterator[Row]:
        """Rows with as many cells as the header; others are reported."""
        names = self.header(table)
        pick, width = _picker([names.index(one) for one in columns]), len(names)
        total = table.path.stat().st_size
        stream, text = self._open(table)
        with text:
            records = self._records(table, text)
            next(records)
            for count, (line, row, taken) in enumerate(records, 1):
                if row is None:
                    rejects.add(table, line, _why_no_row(taken), most=f"{csv.field_size_limit():,}")
                elif len(row) == width:
                    cells = pick(row)
                    joined = "".join(cells)
                    if _clean(joined):
                        yield line, cells if "'" not in joined else [_unguarded(one) for one in cells]
                    else:
                        rejects.add(table, line, "row-encoding", encoding=_spoken(table.encoding))
                elif row:
                    rejects.add(table, line, "row-cells", found=str(len(row)), wanted=str(width))
                if count % EVERY == 0:
                    watch(table.name, stream.tell(), total)
        watch(table.name, total, total)

    def _records(self, table: Table, text: Iterable[str]) -> Iterator[tuple[int, list[str] | None, list[str]]]:
        """The header and each row, with the first line's number and the lines; None where the quotes do not match.

        Such a row has swallowed lines after its own: it is one bad line, and they are read again.
        """
        rest, again, taken, line, width = iter(text), list[str](), list[str](), 1, 0

        def lines() -> Iterator[str]:
            while again:
                taken.append(again.pop())
                yield taken[-1]
            for one in rest:
                taken.append(one)
                yield one

        while True:
            with suppress(csv.Error):
                for row in self._reader(table, lines()):
                    width = width or len(row)
                    if len(row) != width and len(taken) > 1:
                        break
                    yield line, row, taken
                    line += len(taken)
                    taken.clear()
                else:
                    return
            again.extend(reversed(taken[1:]))
            del taken[1:]
            yield line, None, taken
            line += 1
            taken.clear()

    def raw(self, table: Table) -> Iterator[tuple[int, str]]:
        """Each row's own text, also over several lines."""
        _, text = self._open(table)
        with text:
            for line, _, taken in self._records(table, text):
                yield line, "".join(taken).rstrip("\r\n")


def _why_no_row(taken: Sequence[str]) -> str:
    """The code of a line that is no row: a cell that is too long is no matter of quotes."""
    return "row-too-long" if len(taken[0]) > csv.field_size_limit() else "row-quotes"


def _unguarded(text: str) -> str:
    """The cell without a spreadsheet guard, so that what this package wrote reads back as it was.

    The guard is an apostrophe before a sign that spreadsheets take for a formula.
    """
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in GUARDED else text


def _clean(text: str) -> bool:
    """Whether every byte was of the declared encoding."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _spoken(encoding: str) -> str:
    return "utf-8" if encoding == "utf-8-sig" else encoding


class _TwiceError(ValueError):
    """A key that occurs twice in one object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _TwiceError
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(word)


DECODE = json.JSONDecoder(object_pairs_hook=_object, parse_float=Decimal, parse_constant=_no_constant).decode


class Jsonl:
    """One JSON object a line; numbers are read exactly."""

    def header(self, table: Table) -> None:
        """Rows name their own columns; still the file must be there."""
        with table.path.open("rb"):
            return

    def rows(self, table: Table, columns: Sequence[str], rejects: Rejects, watch: Watch) -> Iterator[Row]:
        """The objects' values under the names asked for; `*` alone asks for the whole object."""
        whole = tuple(columns) == ("*",)
        names, total = tuple(columns), table.path.stat().st_size
        for line, text, done in self._lines(table):
            try:
                found = self._decoded(text, table.encoding)
            except _LineError as error:
                rejects.add(table, line, error.code, encoding=_spoken(table.encoding), most=f"{LONGEST_LINE:,}")
            else:
                if found is not None:
                    yield line, (found,) if whole else tuple(map(found.get, names))
            if line % EVERY == 0:
                watch(table.name, done, total)
        watch(table.name, total, total)

    def _decoded(self, text: bytes, encoding: str) -> dict[str, Any] | None:
        if len(text) > LONGEST_LINE:
            raise _LineError("row-too-long")
        try:
            plain = text.decode(encoding).strip()
        except UnicodeDecodeError as error:
            raise _LineError("row-encoding") from error
        if not plain:
            return None
        try:
            found = DECODE(plain)
        except _TwiceError as error:
            raise _LineError("row-key-twice") from error
        except (ValueError, RecursionError, ArithmeticError) as error:
            raise _LineError("row-json") from error
        if not isinstance(found, dict) or not _clean(plain):
            raise _LineError("row-json")
        return found

    def _lines(self, table: Table) -> Iterator[tuple[int, bytes, int]]:
        with table.path.open("rb") as stream:
            line = done = 0
            while text := stream.readline(LONGEST_LINE + 1):
                line += 1
                done += len(text)
                if len(text) > LONGEST_LINE and not text.endswith(b"\n"):
                    done += _skip_line(stream)
                yield line, text, done

    def raw(self, table: Table) -> Iterator[tuple[int, str]]:
        """Each line as it stands."""
        for line, text, _ in self._lines(table):
            yield line, text.decode(table.encoding, errors="surrogateescape").rstrip("\r\n")


class _LineError(Exception):
    """A line that is no row; carries the code of the problem."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _skip_line(stream: BinaryIO) -> int:
    """Read on to the end of an overlong line without keeping it."""
    skipped = 0
    while part := stream.readline(LONGEST_LINE):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


class Parquet:
    """Columnar files, read through DuckDB (the batch extra)."""

    def _query(self, table: Table, columns: Sequence[str], *, quoted: bool = True) -> Any:
        try:
            import duckdb
        except ImportError as error:
            raise DataError([problem("file-parquet-extra", None, file=table.name)]) from error
        listed = ", ".join('"' + one.replace('"', '""') + '"' if quoted else one for one in columns) or "*"
        with table.path.open("rb"):
            connection = duckdb.connect()
        # The file's name is bound, the columns' names are quoted: nothing of either is run as SQL.
        try:
            return connection.execute(f"select {listed} from read_parquet(?)", [str(table.path)])  # noqa: S608
        except duckdb.Error as error:
            raise DataError([problem("file-parquet", None, file=table.name)]) from error

    def header(self, table: Table) -> tuple[str, ...]:
        """The columns of the file."""
        return tuple(one[0] for one in self._query(table, ()).description)

    def rows(self, table: Table, columns: Sequence[str], rejects: Rejects, watch: Watch) -> Iterator[Row]:
        """The rows in the file's order; a row number stands for a line."""
        del rejects  # a row of a Parquet file is always a row
        total = self._query(table, ("count(*)",), quoted=False).fetchone()[0]
        cursor, line = self._query(table, columns), 0
        while batch := cursor.fetchmany(EVERY):
            for row in batch:
                line += 1
                yield line, row
            watch(table.name, line, total)

    def raw(self, table: Table) -> Iterator[tuple[int, str]]:
        """Each row as a JSON object."""
        names = self.header(table)
        cursor, line = self._query(table, names), 0
        while batch := cursor.fetchmany(EVERY):
            for row in batch:
                line += 1
                yield line, json.dumps(dict(zip(names, row, strict=True)), default=str, ensure_ascii=False)


FORMATS: dict[str, Format] = {
    ".csv": Csv(","),
    ".tsv": Csv("\t"),
    ".jsonl": Jsonl(),
    ".ndjson": Jsonl(),
    ".parquet": Parquet(),
}
