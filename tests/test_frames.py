"""Holds tables handed over to other tools against the published CSV files: same cells, same types, and null for nothing else.

polars, pandas, DuckDB, pyarrow and narwhals are the judges. Reads the shipped data and tables made up of odd cells.
"""

from __future__ import annotations

import csv
import datetime
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import venezuela_data as vd
from venezuela_data.frames import CAUTION, SHOWN_CELL, SHOWN_ROWS
from venezuela_data.tables import LEDGER, TABLE, TABLES, Cell, cell_text
from venezuela_data.tabular import Rows, Tabular

Table = list[dict[str, Any]]

ODD = (
    "NA",
    "N/A",
    "null",
    "None",
    "nan",
    "NaN",
    "",
    " ",
    "true",
    "007",
    "1e3",
    "=1+1",
    "é\u0301",
    "汉字",
    "\U0001f1fb",
    "a\x00b",
)
TYPES = {"text": "string", "whole": "integer", "real": "number", "yes": "boolean", "day": "date"}


@pytest.fixture(scope="module")
def data(root: Path) -> vd.Dataset:
    return vd.load(root)


def by_polars(table: Tabular) -> Table:
    pytest.importorskip("polars", reason="skipped: what polars makes of a table, as polars is not installed")
    return table.to_polars().to_dicts()


def by_polars_itself(table: Tabular) -> Table:
    polars = pytest.importorskip("polars", reason="skipped: what polars makes of a table, as polars is not installed")
    made: Table = polars.DataFrame(table).to_dicts()
    return made


def by_pyarrow(table: Tabular) -> Table:
    pytest.importorskip("pyarrow", reason="skipped: what pyarrow makes of a table, as pyarrow is not installed")
    made: Table = table.to_arrow().to_pylist()
    return made


def by_pyarrow_itself(table: Tabular) -> Table:
    pyarrow = pytest.importorskip("pyarrow", reason="skipped: what pyarrow makes of a table, as pyarrow is not installed")
    arrow = pyarrow.table(table)
    arrow.validate(full=True)
    made: Table = arrow.to_pylist()
    return made


def by_duckdb(table: Tabular) -> Table:
    duckdb = pytest.importorskip("duckdb", reason="skipped: what DuckDB makes of a table, as duckdb is not installed")
    handed = table  # noqa: F841  # DuckDB finds a table by the name of its variable
    found = duckdb.sql("from handed")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def by_narwhals(table: Tabular) -> Table:
    narwhals = pytest.importorskip("narwhals", reason="skipped: what narwhals makes of a table, as narwhals is not installed")
    pytest.importorskip("polars", reason="skipped: what narwhals makes of a table, as polars is not installed")
    return list(narwhals.from_arrow(table, backend="polars").rows(named=True))


def by_pandas(table: Tabular) -> Table:
    pandas = pytest.importorskip("pandas", reason="skipped: what pandas makes of a table, as pandas is not installed")

    def plain(value: Any) -> Any:
        if value is pandas.NA or value is pandas.NaT:
            return None
        return value.date() if isinstance(value, pandas.Timestamp) else getattr(value, "item", lambda: value)()

    frame = table.to_pandas()
    columns = {name: [plain(value) for value in frame[name]] for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


READERS = [by_polars, by_polars_itself, by_pyarrow, by_pyarrow_itself, by_duckdb, by_narwhals, by_pandas]
readers = pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)


@readers
def test_each_tool_has_the_cells_of_the_published_csv(data: vd.Dataset, read: Callable[[Tabular], Table]) -> None:
    for table in (*TABLES, *LEDGER):
        rows = data.table(table.name)
        assert rows.path is not None
        with rows.path.open(encoding="utf-8", newline="") as file:
            published = list(csv.DictReader(file))
        found = read(rows)
        assert [{name: cell_text(cell) for name, cell in row.items()} for row in found] == published


def odd_tables() -> st.SearchStrategy[Rows]:
    """Tables of every type with empty cells, odd texts, and the ends of what a type holds."""
    cells: dict[str, st.SearchStrategy[Cell]] = {
        "text": st.one_of(st.none(), st.sampled_from(ODD), st.text(st.characters(codec="utf-8"))),
        "whole": st.one_of(st.none(), st.sampled_from((0, -1, 2**53 - 1, -(2**53) + 1)), st.integers(-(2**63), 2**63 - 1)),
        "real": st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
        "yes": st.one_of(st.none(), st.booleans()),
        "day": st.one_of(st.none(), st.sampled_from((datetime.date.min, datetime.date.max)), st.dates()),
    }
    rows = st.lists(st.fixed_dictionaries(cells), max_size=8)
    return rows.map(lambda made: Rows("odd", "", TYPES, made, dict))


class TestOddCells:
    """Whatever the cells are, a tool has the same values and types, and a null where a cell is empty and nowhere else."""

    @readers
    @given(table=odd_tables())
    def test_values_and_types_come_through(self, read: Callable[[Tabular], Table], table: Rows) -> None:
        found = read(table)
        assert found == list(table)
        for row, cells in zip(found, table, strict=True):
            assert {name: type(cell) for name, cell in row.items()} == {name: type(cell) for name, cell in cells.items()}
            assert list(row) == table.columns


def test_types_are_those_of_the_table_schema_even_of_an_empty_table() -> None:
    polars = pytest.importorskip("polars", reason="skipped: the types that polars sees, as polars is not installed")
    pandas = pytest.importorskip("pandas", reason="skipped: the types that pandas sees, as pandas is not installed")
    pyarrow = pytest.importorskip("pyarrow", reason="skipped: the types that pyarrow sees, as pyarrow is not installed")
    empty = Rows("odd", "", TYPES, [], dict)
    expected = {"text": "string", "whole": "int64", "real": "double", "yes": "bool", "day": "date32[day]"}
    for schema in (pyarrow.schema(empty), pyarrow.table(empty).schema, empty.to_arrow().schema):
        assert {field.name: str(field.type) for field in schema} == expected
    expected_of_polars = {
        "text": polars.String,
        "whole": polars.Int64,
        "real": polars.Float64,
        "yes": polars.Boolean,
        "day": polars.Date,
    }
    assert dict(empty.to_polars().schema) == dict(polars.DataFrame(empty).schema) == expected_of_polars
    frame = empty.to_pandas()
    assert [str(kind) for kind in frame.dtypes] == ["string", "Int64", "Float64", "boolean", "datetime64[s]"]
    assert isinstance(frame, pandas.DataFrame)


def test_namibia_stays_a_country_and_whole_numbers_with_gaps_stay_whole() -> None:
    pytest.importorskip("pandas", reason="skipped: what pandas makes of NA, as pandas is not installed")
    rows = Rows(
        "odd", "", {"country": "string", "n": "integer"}, [{"country": "NA", "n": 1}, {"country": None, "n": None}], dict
    )
    frame = rows.to_pandas()
    assert frame["country"].isna().tolist() == [False, True]
    assert str(frame["n"].dtype) == "Int64"


def test_records_hand_over_their_table_and_some_of_them_their_rows_in_their_order(data: vd.Dataset) -> None:
    pytest.importorskip("polars", reason="skipped: what polars makes of records, as polars is not installed")
    assert data.events.to_polars()["id"].to_list() == data.events.ids
    timeline = data.timeline(since="2025-11")
    assert timeline.to_polars()["id"].to_list() == timeline.ids != sorted(timeline.ids)
    assert data.claims.about("nicolas-maduro").to_polars()["id"].to_list() == data.claims.about("nicolas-maduro").ids
    assert data.vocabularies.to_polars().columns == data.table("vocabulary_schemes").columns


def test_another_schema_that_is_asked_for_is_left_to_the_one_who_asks(data: vd.Dataset) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="skipped: a schema that pyarrow asks for, as pyarrow is not installed")
    wanted = pyarrow.schema([(name, pyarrow.large_string()) for name in data.table("about").columns])
    capsule = wanted.__arrow_c_schema__()
    assert data.table("about").__arrow_c_stream__(capsule) is not None


@pytest.mark.parametrize(
    ("library", "extra", "ask"),
    [
        ("nanoarrow", "arrow", lambda table: table.__arrow_c_stream__()),
        ("nanoarrow", "arrow", lambda table: table.__arrow_c_schema__()),
        ("polars", "polars", lambda table: table.to_polars()),
        ("pandas", "pandas", lambda table: table.to_pandas()),
        ("pyarrow", "parquet", lambda table: table.to_arrow()),
    ],
)
def test_a_missing_library_is_an_error_that_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, library: str, extra: str, ask: Callable[[Tabular], object]
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(
        vd.MissingLibraryError, match=rf"needs {library}, which is not installed: pip install 'venezuela-data\[{extra}\]'"
    ):
        ask(Rows("odd", "", TYPES, [], dict))


def test_the_schema_of_a_table_is_the_published_one(data: vd.Dataset, root: Path) -> None:
    import json

    for name in data.tables:
        published = json.loads((root / "schema" / "tables" / f"{name}.json").read_text("utf-8"))
        assert data.table(name).schema == published
        assert {field["name"]: field["type"] for field in published["fields"]} == data.table(name).types
    assert data.events.schema == data.table("events").schema
    changed = data.events.schema
    changed["fields"].clear()
    assert data.events.schema["fields"]


def test_an_earlier_version_has_the_schema_and_the_types_with_which_it_was_released(root: Path) -> None:
    pytest.importorskip("polars", reason="skipped: what polars makes of an earlier version, as polars is not installed")
    first = vd.load(root, version="0.1.0")
    for name in first.tables:
        rows = first.table(name)
        assert [field["name"] for field in rows.schema["fields"]] == rows.columns
        assert rows.to_polars().columns == rows.columns
    assert "date" in set(first.events.rows.types.values())
    assert set(first.tables) == set(TABLE)


class TestHtml:
    """What a notebook shows is short, escaped, and says that claims are claims."""

    def test_a_table_shows_few_rows_and_short_cells_in_the_order_of_its_columns(self, data: vd.Dataset) -> None:
        shown = data.events._repr_html_()
        assert shown.count("<tr>") == SHOWN_ROWS + 1
        assert f"and {len(data.events) - SHOWN_ROWS} rows more" in shown
        assert CAUTION in shown
        first = data.events.rows[0]
        cells = shown.split("<tbody><tr><td>")[1].split("</td></tr>")[0].split("</td><td>")
        assert [cell for cell in cells if cell] and len(cells) == len(data.events.rows.columns)  # noqa: PT018
        assert cells[list(data.events.rows.columns).index("status")] == first["status"]
        assert all(len(cell) <= SHOWN_CELL for cell in cells if "&" not in cell)

    @given(text=st.one_of(st.sampled_from(("<script>alert(1)</script>", "a\u202eb", "&amp;", '"><img src=x>')), st.text()))
    def test_no_text_is_markup_or_hides_anything(self, text: str) -> None:
        from html.parser import HTMLParser

        tags: list[str] = []
        parser = HTMLParser()
        parser.handle_starttag = lambda tag, attrs: tags.append(tag)  # type: ignore[method-assign]  # noqa: ARG005  # it is called so
        rows = Rows("odd", "", {"a": "string"}, [{"a": text}], dict)
        shown = rows._repr_html_()
        parser.feed(shown)
        assert tags == ["div", "p", "strong", "table", "thead", "tr", "th", "tbody", "tr", "td", "p", "small"]
        assert shown.isprintable()

    def test_datasets_views_and_records_have_one_too(self, data: vd.Dataset) -> None:
        assert "<td>events</td><td>76</td>" in data._repr_html_()
        assert "view official-record@" in data.view("official-record")._repr_html_()
        shown = data.actors["nicolas-maduro"]._repr_html_()  # type: ignore[attr-defined]
        assert "<strong>Actor nicolas-maduro</strong>" in shown
        assert "<td>name</td><td>Nicolás Maduro</td>" in shown
        assert CAUTION in shown
