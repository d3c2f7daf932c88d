"""Parquet files as tables of texts: each value written as the cell of a CSV file would be that says the same.

A value of a type that its field cannot have begins with `lexical.MARK`, so that it is no value of any type; what has no value
is missing. Runs in DuckDB. May import `plan`, `lexical`, `reading`, `sql` and `verdict` beside it.
"""

# ruff: noqa: S608  # every name in a statement is made here, and every text of a package is a literal of the dialect

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .lexical import MARK
from .plan import Field, Table
from .reading import Columns, Record, columns_of
from .sql import DUCKDB, Source

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")
_TEXTS = ("any", "string")


def parquet_source(connection: Any, table: Table, path: Path) -> tuple[Columns, Source]:
    """Give a Parquet file as a relation of texts, and which field each column is."""
    file = f"read_parquet({DUCKDB.text(str(path))})"
    described = connection.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()
    columns = columns_of(table, [name for name, *_ in described])
    made, marked = [], False
    for number, ((name, kind, *_), field) in enumerate(zip(described, columns.fields, strict=True)):
        quoted = '"' + name.replace('"', '""') + '"'
        text = _text(quoted, kind, field)
        marked = marked or kind == "VARCHAR" or MARK in text
        made.append(f"{text} AS c{number}")
    relation = f"(SELECT {', '.join(made)} FROM {file})"
    return columns, Source(relation, marked=marked, absent=True)


def _text(column: str, kind: str, field: Field) -> str:
    """Write a column of a type of DuckDB as the text of a cell of a field."""
    text = f"CAST({column} AS VARCHAR)"
    wanted, writing = field.kind, field.writing
    marked = f"CASE WHEN {column} IS NULL THEN NULL ELSE concat({DUCKDB.text(MARK)}, {text}) END"
    if kind == "VARCHAR":
        return column
    if wanted == "any":
        return text
    if kind == "BOOLEAN":
        yes, no = (DUCKDB.text(next(iter(one), MARK)) for one in (writing.true, writing.false))
        return f"CASE WHEN {column} THEN {yes} WHEN NOT {column} THEN {no} END" if wanted == "boolean" else marked
    if kind in _WHOLE:
        if wanted == "year":
            return f"CASE WHEN {column} BETWEEN 0 AND 9999 THEN lpad({text}, 4, '0') ELSE {text} END"
        return text if wanted in ("integer", "number") else marked
    if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        if wanted == "number":
            plain = f"replace({text}, '.', {DUCKDB.text(writing.decimal)})" if writing.decimal != "." else text
            named = f"WHEN {text} = 'nan' THEN 'NaN' WHEN {text} = 'inf' THEN 'INF' WHEN {text} = '-inf' THEN '-INF'"
            return f"CASE {named} ELSE {plain} END"
        if wanted in ("integer", "year"):
            whole = f"abs({column}) < 1e15 AND {column} = trunc({column})"
            pad = 4 if wanted == "year" else 1
            return f"CASE WHEN {whole} THEN lpad(CAST(CAST({column} AS BIGINT) AS VARCHAR), {pad}, '0') ELSE {marked} END"
        return marked
    if kind == "DATE":
        return text if wanted == "date" else marked
    if kind in ("TIME", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"):
        fitting = "time" if kind == "TIME" else "datetime"
        return f"replace({text}, ' ', 'T')" if wanted == fitting else marked
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"concat(replace(CAST(timezone('UTC', {column}) AS VARCHAR), ' ', 'T'), 'Z')" if wanted == "datetime" else marked
    if kind == "VARCHAR[]" and wanted == "list":
        return f"array_to_string({column}, {DUCKDB.text(writing.delimiter)})"
    if wanted in ("array", "list") and kind.endswith("]"):
        return f"CAST(to_json({column}) AS VARCHAR)"
    if wanted in ("object", "geojson") and kind.startswith(("STRUCT", "MAP")):
        return f"CAST(to_json({column}) AS VARCHAR)"
    return marked


def parquet_records(connection: Any, source: Source, fields: Sequence[Field]) -> Iterator[Record]:
    """Read the rows of a Parquet file as records, one after the other."""
    cells = ", ".join(f"c{number}" for number in range(len(fields)))
    found = connection.execute(f"SELECT {cells} FROM {source.relation}")
    row = 0
    while several := found.fetchmany(2_000):
        for cell in several:
            row += 1
            yield Record(row, 0, list(cell))
