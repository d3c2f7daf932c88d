"""SQLite: one database with types, keys, indexes and full-text search, and a file of metadata for Datasette beside it.

Tables are strict: what is not of a column's type is no part of them. Dates are texts of the form YYYY-MM-DD, truth values 0 and
1. The text of claims, statements and names can be searched without accents; a name of kind erroneous is one that a document has
by mistake. The file has the version of SQLite in it, so that its bytes are the same only where that is. Nothing is lost. May
import `build`, `tables` and whatever stands before them.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from ..records import DATA_NAME
from ..syntax import json_bytes
from ..tables import Cell
from .losses import Account

REASONS: Mapping[str, str] = {}
"""A database carries every cell."""

TYPES = {"string": "TEXT", "date": "TEXT", "integer": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
SEARCHED = {"claims": ("text",), "statements": ("text",), "actor_names": ("name",)}
"""The columns of which there is an index for full-text search, in a table with `_fts` after its name."""
ABOUT = "_package"
"""The table that says which data these are: its name, version, view and license."""


def render(account: Account, name: str) -> dict[str, bytes]:
    """Give the database, and the metadata for Datasette under the same name with `.metadata.json`."""
    database = sqlite3.connect(":memory:")
    try:
        database.execute("PRAGMA foreign_keys = ON")
        with database:
            for statement in _statements(account):
                database.execute(statement)
            for table in account.dataset.tables:
                columns = account.dataset.table(table).columns
                marks = ", ".join("?" * len(columns))
                rows = ([_value(row.take(column)) for column in columns] for row in account.rows(table))
                database.executemany(f"INSERT INTO {_quoted(table)} VALUES ({marks})", rows)  # noqa: S608  # our own names
            database.executemany(f"INSERT INTO {ABOUT} VALUES (?, ?)", sorted(_about(account).items()))  # noqa: S608  # as above
            for table in _searched(account):
                database.execute(f"INSERT INTO {table}_fts ({table}_fts) VALUES ('rebuild')")  # noqa: S608  # as above
        database.execute("ANALYZE")
        database.execute("VACUUM")
        data = database.serialize()
    finally:
        database.close()
    stem = PurePath(name).stem
    return {name: data, f"{stem}.metadata.json": json_bytes(_metadata(account, stem))}


def _statements(account: Account) -> Iterator[str]:
    for table in account.dataset.tables:
        schema = account.dataset.table(table).schema
        lines = [_column(field) for field in schema["fields"]]
        if "primaryKey" in schema:
            lines.append(f"PRIMARY KEY ({_listed(_names(schema['primaryKey']))})")
        for key in schema.get("foreignKeys", ()):
            other = key["reference"]["resource"] or table
            lines.append(
                f"FOREIGN KEY ({_listed(_names(key['fields']))}) "
                f"REFERENCES {_quoted(other)} ({_listed(_names(key['reference']['fields']))}) "
                # A row may refer to one that comes after it: whether all references hold is seen when everything is in.
                "DEFERRABLE INITIALLY DEFERRED"
            )
        yield f"CREATE TABLE {_quoted(table)} (\n  " + ",\n  ".join(lines) + "\n) STRICT"
        names = {field["name"] for field in schema["fields"]}
        indexed = [_names(key["fields"]) for key in schema.get("foreignKeys", ())]
        indexed += [list(pair) for pair in (("table", "record_id"), ("target_table", "target_id")) if set(pair) <= names]
        first = _names(schema.get("primaryKey", ()))
        for columns in indexed:
            if first[: len(columns)] != columns:
                yield f"CREATE INDEX {_quoted('_'.join(['of', table, *columns]))} ON {_quoted(table)} ({_listed(columns)})"
    yield f"CREATE TABLE {ABOUT} (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"
    for table in _searched(account):
        yield (
            f"CREATE VIRTUAL TABLE {table}_fts USING fts5 ({', '.join(SEARCHED[table])}, content='{table}', "
            "tokenize='unicode61 remove_diacritics 2')"
        )


def _column(field: Mapping[str, Any]) -> str:
    name, constraints = _quoted(field["name"]), field.get("constraints", {})
    made = f"{name} {TYPES[field['type']]}" + (" NOT NULL" if constraints.get("required") else "")
    if field["type"] == "boolean":
        made += f" CHECK ({name} IN (0, 1))"
    if constraints.get("enum"):
        made += f" CHECK ({name} IN ({', '.join(_text(one) for one in constraints['enum'])}))"
    return made


def _names(given: str | Sequence[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(_quoted, names))


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'" if isinstance(value, str) else json.dumps(value)


def _value(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return int(cell)
    return cell.isoformat() if isinstance(cell, datetime.date) else cell


def _searched(account: Account) -> list[str]:
    there = account.dataset.tables
    return [
        table for table, columns in SEARCHED.items() if table in there and {*columns} <= {*account.dataset.table(table).columns}
    ]


def _about(account: Account) -> dict[str, str]:
    return {
        "name": DATA_NAME,
        "version": account.dataset.version,
        "view": account.dataset.view_name,
        "license": "CC-BY-4.0; quotations stay their owners'",
    }


def _metadata(account: Account, stem: str) -> dict[str, Any]:
    """Give what Datasette shows beside the tables, and by what it filters and searches them."""
    tables: dict[str, Any] = {}
    for name in account.dataset.tables:
        told = account.dataset.table(name)
        fields = told.schema["fields"]
        one: dict[str, Any] = {
            "description": told.description,
            "columns": {field["name"]: field["description"] for field in fields if field.get("description")},
            "facets": [field["name"] for field in fields if field.get("constraints", {}).get("enum")][:4],
        }
        label = next((column for column in ("name", "title", "text") if column in told.columns), None)
        if label is not None:
            one["label_column"] = label
        if name in _searched(account):
            one["fts_table"], one["fts_pk"] = f"{name}_fts", "rowid"
        tables[name] = one
    about = _about(account)
    return {
        "title": f"{DATA_NAME} {about['version']}" + (f", view {about['view']}" if about["view"] else ""),
        "description": "What documents say, not what is so. A name of kind erroneous is one that a document has by mistake; it "
        "is recorded with its erratum, and is the name of nobody here.",
        "license": "CC BY 4.0; quotations stay their owners'",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
        "databases": {stem: {"tables": tables}},
    }
