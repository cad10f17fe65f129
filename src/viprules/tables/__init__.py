"""Tables of customers, events and memberships: read strictly, row by row, and written whole.

`read_base` puts the files of a customer base together; what cannot be read is named by file, line
and column, and set aside. The engine's own door has the last word on every value.
"""

from viprules.tables.base import Base, Door, Sources, input_files, read_base
from viprules.tables.mapping import Declared, TableMapping, parse_mapping, read_mapping
from viprules.tables.people import Person
from viprules.tables.rejects import Reject, Rejects
from viprules.tables.writing import csv_rows, json_rows, writable, write_rejects, writing

__all__ = [
    "Base",
    "Declared",
    "Door",
    "Person",
    "Reject",
    "Rejects",
    "Sources",
    "TableMapping",
    "csv_rows",
    "input_files",
    "json_rows",
    "parse_mapping",
    "read_base",
    "read_mapping",
    "writable",
    "write_rejects",
    "writing",
]
