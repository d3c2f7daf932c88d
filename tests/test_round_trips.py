"""Holds that what is written in a format that carries everything is read back as it was, by readers that are not ours.

Python's csv, json and sqlite3, DuckDB, polars and pyarrow read; the tables are made up of odd cells, of generated records of
every kind, and of all that is published. Files are made in memory or in a temporary folder.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import DOCUMENTS, TERMS, SomeTables

import venezuela_data as vd
from venezuela_data.build import table_schema
from venezuela_data.export.losses import Account
from venezuela_data.models import Record
from venezuela_data.records import KIND, KINDS, plain
from venezuela_data.syntax import csv_bytes, json_bytes
from venezuela_data.tables import TABLE, TABLES, Cell, cell_text, rows_of
from venezuela_data.tabular import Rows
from venezuela_data.unfolding import typed, unfolded

ROOT = Path(__file__).parent.parent
Tables = SomeTables | vd.Dataset
PUBLISHED = [kind.name for kind in KINDS if kind.published]

Read = Callable[[Mapping[str, bytes], str, Mapping[str, str]], list[dict[str, Any]]]
"""Reads a table out of the files of a format, with or without its types, and gives its rows."""


# Readers -----------------------------------------------------------------------------------------------------------------


def by_csv(files: Mapping[str, bytes], table: str, _: Mapping[str, str]) -> list[dict[str, Any]]:
    with io.StringIO(files[f"{table}.csv"].decode("utf-8"), newline="") as text:
        return list(csv.DictReader(text))


def by_polars(files: Mapping[str, bytes], table: str, types: Mapping[str, str]) -> list[dict[str, Any]]:
    polars = pytest.importorskip("polars", reason="skipped: what polars reads of a CSV, as polars is not installed")
    schema = dict.fromkeys(types, polars.String)
    return list(polars.read_csv(files[f"{table}.csv"], schema=schema).to_dicts())


def by_json(files: Mapping[str, bytes], table: str, _: Mapping[str, str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[f"{table}.jsonl"].decode("utf-8").split("\n")[:-1]]


def by_sqlite(files: Mapping[str, bytes], table: str, _: Mapping[str, str]) -> list[dict[str, Any]]:
    database = sqlite3.connect(":memory:")
    try:
        database.deserialize(files["out.sqlite"])
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        found = database.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # a name of ours
        return [dict(zip([one[0] for one in found.description], row, strict=True)) for row in found]
    finally:
        database.close()


def by_pyarrow(files: Mapping[str, bytes], table: str, _: Mapping[str, str]) -> list[dict[str, Any]]:
    parquet = pytest.importorskip("pyarrow.parquet", reason="skipped: what pyarrow reads of Parquet, as it is not installed")
    return list(parquet.read_table(io.BytesIO(files[f"{table}.parquet"])).to_pylist())


def by_duckdb(files: Mapping[str, bytes], table: str, _: Mapping[str, str]) -> list[dict[str, Any]]:
    duckdb = pytest.importorskip("duckdb", reason="skipped: what DuckDB reads of Parquet, as duckdb is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        path.write_bytes(files[f"{table}.parquet"])
        found = duckdb.sql(f"FROM '{path}'")
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def written_as_csv(account: Account, _: str) -> dict[str, bytes]:
    """Write tables as the build does."""
    made = {}
    for name in account.dataset.tables:
        columns = account.dataset.table(name).columns
        rows = [[cell_text(row.take(one)) for one in columns] for row in account.rows(name)]
        made[f"{name}.csv"] = csv_bytes([columns, *rows])
    return made


def read_back(read: Read, tables: Tables) -> dict[str, list[dict[str, Any]]]:
    """Write tables in the format of a reader, and let it read them."""
    form = FORMAT_OF[read]
    if form == "columnar":
        pytest.importorskip("pyarrow", reason="skipped: Parquet files, as pyarrow, which writes them, is not installed")
    render = written_as_csv if form == "csv" else import_module(f"venezuela_data.export.{form}").render
    files = render(Account(tables), "out.sqlite")
    return {name: read(files, name, tables.table(name).types) for name in tables.tables}


FORMAT_OF: dict[Read, str] = {
    by_csv: "csv",
    by_polars: "csv",
    by_json: "lines",
    by_sqlite: "sqlite",
    by_pyarrow: "columnar",
    by_duckdb: "columnar",
}
readers = pytest.mark.parametrize("read", FORMAT_OF, ids=lambda read: read.__name__)


def texts_of(tables: Tables, found: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, str]]]:
    """Give what a reader found as published texts."""
    made = {}
    for table, rows in found.items():
        types = tables.table(table).types
        assert all(list(row) == list(types) for row in rows)
        made[table] = [{name: as_text(cell, types[name]) for name, cell in row.items()} for row in rows]
    return made


def as_text(cell: object, kind: str) -> str:
    """Write a cell as it is published; a database has truth values as 0 and 1."""
    value = bool(cell) if kind == "boolean" and type(cell) is int else cell
    assert value is None or isinstance(value, str | int | float | bool | datetime.date)
    return cell_text(value)


def published(tables: Tables) -> dict[str, list[dict[str, str]]]:
    """Give tables as they are published: as texts."""
    return {name: [{key: cell_text(cell) for key, cell in row.items()} for row in tables.table(name)] for name in tables.tables}


# Promises ----------------------------------------------------------------------------------------------------------------

ODD = (
    "NA",
    "N/A",
    "null",
    "None",
    "nan",
    "NaN",
    " ",
    "true",
    "007",
    "1e3",
    "=1+1",
    "e\u0301",
    "汉字",
    "\U0001f1fb",
    "a\nb",
    '"',
    ",",
)
NAMES = ("a", "A_b", "order", "rowid", "table", "é", "a b", "a'b", "1")


@st.composite
def odd_tables(draw: st.DrawFn) -> SomeTables:
    """A table of columns of any type and odd names, with odd texts, empty cells and the ends of what a type holds."""
    free = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), min_size=1)
    cells: dict[str, st.SearchStrategy[Cell]] = {
        "string": st.one_of(st.none(), st.sampled_from(ODD), free),
        "integer": st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
        "number": st.one_of(st.none(), st.floats(-1e15, 1e15, allow_nan=False)),
        "boolean": st.one_of(st.none(), st.booleans()),
        "date": st.one_of(st.none(), st.dates()),
    }
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique_by=str.lower))
    types = {name: draw(st.sampled_from(sorted(cells))) for name in names}
    rows = draw(st.lists(st.fixed_dictionaries({name: cells[kind] for name, kind in types.items()}), max_size=6))
    schema = {"fields": [{"name": name, "type": kind} for name, kind in types.items()]}
    return SomeTables({"odd": Rows("odd", "", types, rows, lambda: schema)})


class TestOddTables:
    """Whatever the names of the columns and the cells are, every reader gives them back, and an empty cell as no value."""

    @readers
    @given(tables=odd_tables())
    def test_the_cells_come_back(self, read: Read, tables: SomeTables) -> None:
        assert texts_of(tables, read_back(read, tables)) == published(tables)

    @pytest.mark.parametrize("read", [one for one, form in FORMAT_OF.items() if form != "csv"], ids=lambda read: read.__name__)
    @given(tables=odd_tables())
    def test_they_come_back_with_their_types(self, read: Read, tables: SomeTables) -> None:
        for row, old in zip(read_back(read, tables)["odd"], tables.table("odd"), strict=True):
            for name, cell in row.items():
                known = old[name]
                if isinstance(known, datetime.date) and FORMAT_OF[read] in ("lines", "sqlite"):
                    known = known.isoformat()
                assert cell == known
                assert type(cell) is type(known) or (type(cell), type(known), FORMAT_OF[read]) == (int, bool, "sqlite")


class TestGeneratedRecords:
    """Records of every kind, with lists, parts and dates of every precision, come back from the tables of every format."""

    @readers
    @given(data=st.data())
    def test_the_records_come_back(self, read: Read, data: st.DataObject) -> None:
        records = data.draw(some_records())
        tables = tables_of(records)
        found = texts_of(tables, read_back(read, tables))
        assert unfolded(found) == {
            kind: {one: plain(record) for one, record in sorted(records[kind].items())} for kind in records
        }

    @given(data=st.data())
    def test_the_records_come_back_from_json(self, data: st.DataObject) -> None:
        for kind, found in data.draw(some_records()).items():
            written = [plain(one) for one in found.values()]
            read = [
                KIND[kind].model.model_validate(one, context={"vocabularies": TERMS}) for one in json.loads(json_bytes(written))
            ]
            assert [plain(one) for one in read] == written


@st.composite
def some_records(draw: st.DrawFn) -> dict[str, dict[str, Record]]:
    """A few records of one kind, as a whole package holds them."""
    kind = draw(st.sampled_from(PUBLISHED))
    drawn = draw(st.lists(DOCUMENTS[kind], min_size=1, max_size=2, unique_by=lambda document: document["id"]))
    made = [KIND[kind].model.model_validate(in_rule(one), context={"vocabularies": TERMS}) for one in drawn]
    return {one.name: {record.id: record for record in made if one.name == kind} for one in KINDS}


def in_rule(document: dict[str, Any]) -> dict[str, Any]:
    """Number the paragraphs, and leave out a quantity that says nothing: rules hold every published record to both."""
    if "paragraphs" in document:
        numbered = [{**one, "n": number} for number, one in enumerate(document["paragraphs"], 1)]
        document = {**document, "paragraphs": numbered}
    if document.get("quantity") is not None and all(value is None for value in document["quantity"].values()):
        document = {**document, "quantity": None}
    return document


def tables_of(records: Mapping[str, Mapping[str, Record]]) -> SomeTables:
    """Give the tables that have rows of some records."""
    found = {table.name: rows_of(table, records) for table in TABLES}
    return SomeTables({name: unkeyed(name, rows) for name, rows in found.items() if rows})


@cache
def schema_of(table: str) -> dict[str, Any]:
    """Give the schema of a table without its keys: generated records refer to what is not there, and repeat what is."""
    full = table_schema(TABLE[table], TERMS)
    return {"fields": [{key: field[key] for key in ("name", "type")} for field in full["fields"]]}


def unkeyed(table: str, cells: list[dict[str, Cell]]) -> Rows:
    types = {field["name"]: field["type"] for field in schema_of(table)["fields"]}
    return Rows(table, "", types, [{name: row[name] for name in types} for row in cells], lambda: schema_of(table))


class TestPublishedTables:
    """Every published table, today's and that of each release, comes back from every format as its CSV file has it."""

    @readers
    def test_the_data_of_today(self, read: Read) -> None:
        data = vd.load(ROOT)
        found = texts_of(data, read_back(read, data))
        assert found == published(data)
        assert len(found) > 20
        records = typed(unfolded({table.name: found[table.name] for table in TABLES}))
        assert records == {kind: data.records.get(kind, {}) for kind in records}

    @readers
    @pytest.mark.parametrize("take", [lambda: vd.load(ROOT, version="0.1.0"), lambda: vd.load(ROOT).view("official-record")])
    def test_a_release_and_a_view(self, read: Read, take: Callable[[], vd.Dataset]) -> None:
        data = take()
        assert texts_of(data, read_back(read, data)) == published(data)


def test_the_published_json_files_hold_the_rows_of_the_published_csv_files() -> None:
    files = {kind.name: ROOT / "datasets" / "json" / f"{kind.name}.json" for kind in KINDS if kind.published}
    documents = {kind: json.loads(path.read_text("utf-8"))[kind] for kind, path in files.items()}
    records = typed({kind: {one["id"]: one for one in found} for kind, found in documents.items()})
    for table in TABLES:
        with (ROOT / table.path).open(encoding="utf-8", newline="") as file:
            read = list(csv.DictReader(file))
        rows = rows_of(table, records)
        assert read == [{column.name: cell_text(row[column.name]) for column in table.columns} for row in rows]
