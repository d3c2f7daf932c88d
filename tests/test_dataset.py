"""Tests `load()` and what it gives: typed records by id, tables as published, and errors that say what is near.

Works on copies of the shipped data; never changes it.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

import venezuela_data as vd
from venezuela_data.records import PUBLISHED
from venezuela_data.tables import LEDGER, TABLES, cell_text


@pytest.fixture(scope="module")
def data(root: Path) -> vd.Dataset:
    return vd.load(root)


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    shutil.copytree(root / "datasets", tmp_path / "datasets")
    return tmp_path


def test_every_kind_of_record_is_an_attribute(data: vd.Dataset) -> None:
    for kind in PUBLISHED:
        table = getattr(data, kind.name)
        assert all(isinstance(record, kind.model) for record in table)
        assert [record.id for record in table] == table.ids == sorted(table.ids)


def test_get_gives_none_and_brackets_name_the_close_matches(data: vd.Dataset) -> None:
    assert data.actors.get("nobody") is None
    assert "nobody" not in data.actors
    with pytest.raises(KeyError, match="actors has no 'nicolas-madura'; did you mean 'nicolas-maduro'"):
        data.actors["nicolas-madura"]
    assert data.actors["nicolas-maduro"] is data.actors.get("nicolas-maduro")


@pytest.mark.parametrize("table", [*TABLES, *LEDGER], ids=lambda table: table.name)
def test_every_table_has_the_rows_of_its_csv(data: vd.Dataset, table: object) -> None:
    name = getattr(table, "name", "")
    rows = data.table(name)
    assert rows.path is not None
    with rows.path.open(encoding="utf-8", newline="") as file:
        published = list(csv.DictReader(file))
    assert [{column: cell_text(cell) for column, cell in row.items()} for row in rows] == published
    assert len(rows) == len(published)
    assert all(list(row) == rows.columns for row in rows)


def test_an_unknown_table_names_the_close_matches(data: vd.Dataset) -> None:
    with pytest.raises(KeyError, match="there is no table 'actor_name'; did you mean 'actor_names'"):
        data.table("actor_name")
    assert "actor_names" in data.tables


def test_reprs_are_short(data: vd.Dataset) -> None:
    assert repr(data) == f"<venezuela-data {data.version}: {len(data.tables)} tables>"
    assert repr(data.actors) == f"<actors: {len(data.actors)} records>"
    assert "columns>" in repr(data.table("evidence"))


def test_a_place_without_data_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no seeds, no datasets"):
        vd.load(tmp_path)


def test_another_data_package_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text('{"name": "other", "resources": []}', "utf-8")
    with pytest.raises(FileNotFoundError, match="not one of venezuela-data"):
        vd.load(tmp_path)


def test_a_damaged_table_is_an_error_with_every_finding_and_others_still_load(copy: Path) -> None:
    file = copy / "datasets" / "json" / "places.json"
    file.write_text(file.read_text("utf-8").replace('"kind": "city"', '"knid": "city"'), "utf-8")
    data = vd.load(copy)
    with pytest.raises(vd.DataError) as caught:
        data.places  # noqa: B018  # reading it is the test
    rules = {finding.rule for finding in caught.value.report.findings}
    assert rules == {"fields-are-known", "required-fields-are-present"}
    assert "datasets/json/places.json:" in str(caught.value)
    assert len(data.actors) > 0


def test_load_without_a_path_gives_the_installed_data() -> None:
    assert vd.load().events["trump-maduro-call"].kind == "call"
