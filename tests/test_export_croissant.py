"""Holds the Croissant description against mlcroissant, its reference reader, and against the files that it describes.

The published data and a view of them, written to a temporary folder. Nothing is fetched.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import pytest

import venezuela_data as vd
from venezuela_data.export import export


@pytest.fixture(scope="module")
def data(root: Path) -> vd.Dataset:
    return vd.load(root)


@pytest.fixture(scope="module", params=["", "official-record"])
def folder(
    request: pytest.FixtureRequest, data: vd.Dataset, tmp_path_factory: pytest.TempPathFactory
) -> tuple[vd.Dataset, Path]:
    chosen = data.view(request.param) if request.param else data
    made = tmp_path_factory.mktemp("croissant")
    assert not export(chosen, "croissant", made)
    return chosen, made


@pytest.fixture(scope="module")
def described(folder: tuple[vd.Dataset, Path]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((folder[1] / "croissant.json").read_text("utf-8"))
    return made


@pytest.mark.filterwarnings("ignore")
def test_mlcroissant_accepts_it_without_a_warning_and_reads_every_row(
    folder: tuple[vd.Dataset, Path], caplog: pytest.LogCaptureFixture
) -> None:
    croissant = pytest.importorskip("mlcroissant", reason="skipped: what mlcroissant reads, as it is not installed")
    chosen, made = folder
    with caplog.at_level(logging.WARNING):
        dataset = croissant.Dataset(made / "croissant.json")
    assert [*dataset.metadata.ctx.issues.errors, *dataset.metadata.ctx.issues.warnings] == []
    sets = {one.uuid: one for one in dataset.metadata.record_sets}
    assert set(sets) == set(chosen.tables)
    for name in chosen.tables:
        rows = list(dataset.records(name))
        assert len(rows) == len(chosen.table(name))
    first = next(iter(dataset.records("actors")))
    assert first["actors/id"] == chosen.table("actors")[0]["id"].encode()  # type: ignore[union-attr]  # an id is a text


def test_it_conforms_to_1_1_and_says_whose_words_and_which_version_these_are(
    folder: tuple[vd.Dataset, Path], described: dict[str, Any]
) -> None:
    assert described["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert described["version"] == folder[0].version
    assert folder[0].view_name in json.dumps(described)
    assert described["license"]


def test_each_file_has_the_hash_that_the_description_gives(folder: tuple[vd.Dataset, Path], described: dict[str, Any]) -> None:
    files = {one["contentUrl"]: one["sha256"] for one in described["distribution"]}
    assert set(files) == {f"csv/{name}.csv" for name in folder[0].tables}
    for path, told in files.items():
        assert hashlib.sha256((folder[1] / path).read_bytes()).hexdigest() == told


def test_each_field_has_the_meaning_of_its_column_and_refers_to_what_its_foreign_key_does(
    folder: tuple[vd.Dataset, Path], described: dict[str, Any]
) -> None:
    references = 0
    for one in described["recordSet"]:
        schema = folder[0].table(one["@id"]).schema
        assert [field["@id"] for field in one["field"]] == [f"{one['@id']}/{field['name']}" for field in schema["fields"]]
        assert [field["description"] for field in one["field"]] == [field["description"] for field in schema["fields"]]
        references += sum("references" in field for field in one["field"])
    assert references > 20
