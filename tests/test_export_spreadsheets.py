"""Holds the exports to SQLite and to spreadsheets against their own tools: sqlite3, Datasette, and Python's csv.

The published data and tables made up of odd cells. Files are made in memory or in a temporary folder.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import SomeTables

import venezuela_data as vd
from venezuela_data.export import excel, export
from venezuela_data.export.losses import Account
from venezuela_data.tabular import Rows
from venezuela_data.text import runs_as_formula


@pytest.fixture(scope="module")
def data(root: Path) -> vd.Dataset:
    return vd.load(root)


@pytest.fixture(scope="module")
def database(data: vd.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("sqlite") / "data.sqlite"
    assert not export(data, "sqlite", path)
    opened = sqlite3.connect(path)
    yield opened
    opened.close()


# SQLite ------------------------------------------------------------------------------------------------------------------


def test_every_foreign_key_of_the_package_is_one_of_the_database(data: vd.Dataset, database: sqlite3.Connection) -> None:
    count = 0
    for name in data.tables:
        given_ = data.table(name).schema.get("foreignKeys", [])
        keys = database.execute(f'PRAGMA foreign_key_list("{name}")').fetchall()
        assert len({key[0] for key in keys}) == len(given_)
        count += len(given_)
    assert count > 20
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_reference_to_nothing_is_refused(database: sqlite3.Connection) -> None:
    copy = sqlite3.connect(":memory:")
    copy.deserialize(database.serialize())
    copy.execute("PRAGMA foreign_keys = ON")
    copy.execute("UPDATE claims SET source_id = 'nothing' WHERE id = (SELECT min(id) FROM claims)")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        copy.commit()
    copy.close()


def test_joins_are_found_by_an_index(database: sqlite3.Connection) -> None:
    asked = (
        "EXPLAIN QUERY PLAN SELECT * FROM events JOIN event_participants AS p ON p.event_id = events.id WHERE p.actor_id = ?"
    )
    plan = " ".join(row[3] for row in database.execute(asked, ("nicolas-maduro",)))
    assert "SCAN" not in plan
    assert "INDEX of_event_participants_actor_id" in plan


def test_texts_are_found_by_their_words_without_accents(database: sqlite3.Connection) -> None:
    asked = "SELECT n.name FROM actor_names_fts AS f JOIN actor_names AS n ON n.rowid = f.rowid WHERE actor_names_fts MATCH ?"
    assert {name for (name,) in database.execute(asked, ("nicolas",))} >= {"Nicolás Maduro"}
    asked = "SELECT c.id FROM claims_fts AS f JOIN claims AS c ON c.rowid = f.rowid WHERE claims_fts MATCH ? ORDER BY c.id"
    found = [one for (one,) in database.execute(asked, ("designation",))]
    words = "SELECT id FROM claims WHERE ' ' || replace(lower(text), ',', ' ') || ' ' LIKE '% designation %'"
    assert {one for (one,) in database.execute(words)} <= set(found)
    assert found


def test_the_database_says_which_data_it_has(data: vd.Dataset, database: sqlite3.Connection) -> None:
    about = dict(database.execute("SELECT name, value FROM _package"))
    assert (about["name"], about["version"], about["view"]) == ("venezuela-data", data.version, "")


def test_datasette_serves_the_database_with_its_metadata(data: vd.Dataset, tmp_path: Path) -> None:
    datasette = pytest.importorskip("datasette.app", reason="skipped: what Datasette serves, as it is not installed")
    import asyncio

    export(data, "sqlite", tmp_path / "data.sqlite")
    metadata = json.loads((tmp_path / "data.metadata.json").read_text("utf-8"))
    served = datasette.Datasette([str(tmp_path / "data.sqlite")], metadata=metadata)

    async def ask() -> tuple[str, dict[str, object]]:
        await served.invoke_startup()
        page = await served.client.get("/data/actors")
        rows = await served.client.get("/data/claims.json?_search=designation&_shape=objects&_size=5")
        return page.text, rows.json()

    page, answer = asyncio.run(ask())
    assert "Who acts" in page or data.table("actors").description[:40] in page
    assert answer["rows"]


# Spreadsheets ------------------------------------------------------------------------------------------------------------


def one_column(texts: list[str]) -> SomeTables:
    schema = {"fields": [{"name": "id", "type": "string"}]}
    return SomeTables({"odd": Rows("odd", "", {"id": "string"}, [{"id": text} for text in texts], lambda: schema)})


class TestNoLiveFormula:
    """No cell of the spreadsheets' CSV runs as a formula, and one that is changed for that is in the loss report."""

    @given(
        texts=st.lists(
            st.one_of(
                st.sampled_from(("=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "＝1", "'=1", "-", "safe")),
                st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1),
            ),
            max_size=6,
        )
    )
    def test_no_cell_runs(self, texts: list[str]) -> None:
        account = Account(one_column(texts))
        (written,) = excel.render(account, "").values()
        assert written.startswith("\ufeff".encode())
        with io.StringIO(written.decode("utf-8-sig"), newline="") as file:
            header, *rows = csv.reader(file)
        assert header == ["id"]
        assert len(rows) == len(texts)
        changed = [(one.value, one.how) for one in account.losses(excel.REASONS)]
        assert changed == [(text, "narrowed") for text in texts if runs_as_formula(text)]
        for (cell,), text in zip(rows, texts, strict=True):
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or not any(
                one.isalpha() or one in "=@|!" for one in cell
            )
            assert cell == ("'" + text if runs_as_formula(text) else text)


def test_a_text_that_is_too_long_for_a_spreadsheet_is_cut_and_listed() -> None:
    account = Account(one_column(["a" * (excel.MAX_CELL + 1)]))
    (written,) = excel.render(account, "").values()
    assert written.decode("utf-8-sig").splitlines()[1] == "a" * excel.MAX_CELL
    (loss,) = account.losses(excel.REASONS)
    assert (loss.how, loss.field) == ("narrowed", "id")


def test_the_published_tables_open_in_a_spreadsheet_as_they_are(data: vd.Dataset, tmp_path: Path) -> None:
    report = export(data, "excel-csv", tmp_path)
    assert not report
    for name in data.tables:
        rows = list(csv.reader(io.StringIO((tmp_path / f"{name}.csv").read_bytes().decode("utf-8-sig"), newline="")))
        assert rows[0] == data.table(name).columns
        assert len(rows) == len(data.table(name)) + 1
