"""Tables out: CSV, JSONL or Parquet by the file's ending, whole or not at all.

A file is written beside its place under another name and renamed when it is complete, so an
interrupted run leaves the old file or none, never half a file.
"""

from __future__ import annotations

import csv
import errno
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from viprules.errors import DataError, Language, Problem, problem
from viprules.tables.reading import ENDINGS, raw_rows, rows
from viprules.tables.rejects import Reject, Rejects

if TYPE_CHECKING:
    from viprules.tables.table import Table

__all__ = ["Put", "csv_cell", "replaced", "unwritable", "writable", "write_rejects", "writing"]

Put = Callable[[Mapping[str, Any]], None]
"""Takes one row; keys that are no columns are refused, absent ones stay empty."""

PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
FORMULA = re.compile(r"'*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]")
"""What a spreadsheet may run: the four signs, their full-width forms, a leading tab or return."""


def csv_cell(value: Any) -> Any:
    """The cell as a spreadsheet may safely open it.

    Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers, signed ones
    too, stay what they are. Lists and maps become JSON.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal | date):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    text = value if isinstance(value, str) else as_json(value)
    guarded = FORMULA.match(text) is not None and PLAIN_NUMBER.fullmatch(text) is None
    return f"'{text}" if guarded else text


def as_json(value: Any) -> str:
    """One line of JSON; exact numbers are written as they are."""
    return json.dumps(value, ensure_ascii=False, default=_json_value)


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else format(value, "f")
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return list(value)


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of `path` when the block ends well."""
    made = _beside(path)
    try:
        yield made
        made.chmod(0o666 & ~_umask())
        made.replace(path)
    except BrokenPipeError:  # of standard output: a file breaks no pipe
        raise
    except OSError as error:
        raise DataError([unwritable(path, error)]) from error
    finally:
        with suppress(FileNotFoundError):
            made.unlink()


def _beside(path: Path) -> Path:
    """An empty file in the same folder; raises DataError."""
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    except OSError as error:
        raise DataError([unwritable(path, error)]) from error
    os.close(handle)
    return Path(name)


def _umask() -> int:
    """The permissions that a plain `open` would withhold; mkstemp makes private files."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def unwritable(path: Path, error: OSError) -> Problem:
    """The problem of a file that the operating system refuses to write."""
    return problem("file-unwritable", None, file=str(path), reason=error.strerror or str(error))


def writing(path: Path, columns: Sequence[str]) -> AbstractContextManager[Put]:
    """A writer for rows of these columns; raises DataError for an ending that nobody knows."""
    return _maker(path)(path, tuple(columns))


def writable(path: Path) -> None:
    """Raise DataError if a table cannot be written there."""
    if _maker(path) is _parquet:
        _duckdb(path)
    _beside(path).unlink()


def _maker(path: Path) -> Callable[[Path, tuple[str, ...]], AbstractContextManager[Put]]:
    make = WRITERS.get(path.suffix.lower())
    if make is None:
        raise DataError([problem("file-ending", None, file=str(path), endings="\n".join(ENDINGS))])
    return make


def _duckdb(path: Path) -> Any:
    try:
        import duckdb
    except ImportError as error:
        raise DataError([problem("file-parquet-extra", None, file=str(path))]) from error
    return duckdb


@contextmanager
def _csv(path: Path, columns: tuple[str, ...]) -> Iterator[Put]:
    with replaced(path) as made, made.open("w", encoding="utf-8", newline="") as stream:
        yield csv_rows(stream, columns, "\t" if path.suffix.lower() == ".tsv" else ",")


def csv_rows(stream: IO[str], columns: Sequence[str], delimiter: str = ",") -> Put:
    """A writer of CSV rows to an open stream; the header is written at once."""
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(csv_cell(one) for one in columns)

    def put(row: Mapping[str, Any]) -> None:
        writer.writerow([csv_cell(row.get(one)) for one in columns])

    return put


@contextmanager
def _jsonl(path: Path, _columns: tuple[str, ...]) -> Iterator[Put]:
    with replaced(path) as made, made.open("w", encoding="utf-8", newline="\n") as stream:
        yield json_rows(stream)


def json_rows(stream: IO[str]) -> Put:
    """A writer of one JSON object a line to an open stream."""

    def put(row: Mapping[str, Any]) -> None:
        stream.write(as_json(dict(row)) + "\n")

    return put


@contextmanager
def _parquet(path: Path, columns: tuple[str, ...]) -> Iterator[Put]:
    """Rows go to a text table first: DuckDB turns that into Parquet in one go."""
    duckdb = _duckdb(path)
    with replaced(path) as made, tempfile.TemporaryDirectory(prefix="viprules-") as folder:
        lines = Path(folder) / "rows.jsonl"
        with lines.open("w", encoding="utf-8", newline="\n") as stream:
            yield lambda row: _put_text(stream, row, columns)
        types = ", ".join(f"{_quoted(one)}: 'VARCHAR'" for one in columns)
        listed = ", ".join(_typed(one) for one in columns)
        rows_of = f"read_json('{lines}', format = 'newline_delimited', columns = {{{types}}})"
        target = str(made).replace("'", "''")
        with duckdb.connect() as connection:
            # Names are quoted and both paths are of our own making: nothing of the data is run as SQL.
            connection.execute(f"copy (select {listed} from {rows_of}) to '{target}' (format parquet)")  # noqa: S608


DAYS = ("as_of", "since", "valid_until", "next_change")
TYPES = dict.fromkeys(DAYS, "date") | {"rows_set_aside": "bigint", "line": "bigint"}
"""Columns of a typed file that are no text; of several ladders each has its own."""


def _typed(name: str) -> str:
    kind = TYPES.get(name.rpartition(".")[2])
    return _quoted(name) if kind is None else f"cast({_quoted(name)} as {kind}) as {_quoted(name)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _put_text(stream: IO[str], row: Mapping[str, Any], columns: Sequence[str]) -> None:
    found = {one: row.get(one) for one in columns}
    text = {
        one: value if value is None or isinstance(value, str) else _plain_text(value) for one, value in found.items()
    }
    stream.write(as_json(text) + "\n")


def _plain_text(value: Any) -> str:
    return (
        value.isoformat()
        if isinstance(value, date)
        else str(value)
        if isinstance(value, int | Decimal)
        else as_json(value)
    )


WRITERS: dict[str, Callable[[Path, tuple[str, ...]], AbstractContextManager[Put]]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".parquet": _parquet,
}


# --- rejects -----------------------------------------------------------------------------------------

REJECT_COLUMNS = ("file", "line", "column", "code", "message", "hint", "row")


def write_rejects(path: Path, rejects: Rejects, language: Language = "en") -> int:
    """Write every row that was set aside, as it stands in its file; gives their number.

    Rows that are good in themselves and belong to an event with a bad row are among them.
    """
    count = 0
    with writing(path, REJECT_COLUMNS) as put:
        for table in sorted({one.table for one in rejects.rows}, key=lambda one: one.name):
            for row in _rejected(table, rejects, language):
                put(row)
                count += 1
    return count


def _rejected(table: Table, rejects: Rejects, language: Language) -> Iterator[dict[str, Any]]:
    wanted: dict[int, list[Reject]] = {}
    for one in rejects.rows:
        if one.table == table:
            wanted.setdefault(one.line, []).append(one)
    companions = _companions(table, rejects)
    for line, text in raw_rows(table):
        for reject in wanted.get(line, ()):
            yield _row(reject, text, language)
        if line not in wanted and line in companions:
            code, name, key = companions[line]
            yield _row(Reject(table=table, line=line, code=code, column=name, values={"text": key}), text, language)


def _companions(table: Table, rejects: Rejects) -> dict[int, tuple[str, str, str]]:
    """The lines of events that have a bad row among theirs."""
    found: dict[int, tuple[str, str, str]] = {}
    for (owner, column), keys in rejects.groups.items():
        if owner != table:
            continue
        for line, (key,) in rows(table, (column,), Rejects(), lambda *_: None):
            if str(key) in keys:
                found[line] = ("row-of-a-bad-event", column, str(key))
    return found


def _row(reject: Reject, text: str, language: Language) -> dict[str, Any]:
    said = reject.problem
    message, hint = said.text(language)
    return {
        "file": reject.table.name,
        "line": reject.line,
        "column": reject.column,
        "code": reject.code,
        "message": message,
        "hint": hint,
        "row": text.encode("utf-8", "replace").decode(),
    }
