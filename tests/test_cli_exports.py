"""The commands `export` and `cite`, and views in `cat`: what they print, what they refuse, and what is left on disk."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

import venezuela_data as vd
from venezuela_data.export import FORMATS
from venezuela_data.perspectives import PERSPECTIVES

ROOT = Path(__file__).parent.parent
Run = Callable[..., tuple[int, str, str]]


def test_a_format_is_written_and_its_losses_are_counted_and_listed(run: Run, tmp_path: Path) -> None:
    code, out, err = run("export", "geojson", tmp_path / "places.geojson", "--losses", tmp_path / "losses.jsonl", cwd=ROOT)
    assert (code, err) == (0, "")
    assert json.loads((tmp_path / "places.geojson").read_bytes())["type"] == "FeatureCollection"
    losses = [json.loads(line) for line in (tmp_path / "losses.jsonl").read_text("utf-8").splitlines()]
    rows = sum(one["field"] == "*" for one in losses)
    assert f"{rows:,} are left out, and of others {len(losses) - rows:,} cells" in out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["losses.jsonl", "places.geojson"]


def test_a_view_is_exported_with_its_hash(run: Run, tmp_path: Path) -> None:
    code, _, err = run("export", "sqlite", tmp_path / "v.sqlite", "--view", "official-record", cwd=ROOT)
    assert code == 0
    assert PERSPECTIVES["official-record"].view_name in err
    with sqlite3.connect(tmp_path / "v.sqlite") as database:
        (claims,) = database.execute("select count(*) from claims").fetchone()
    assert 0 < claims < len(vd.load(ROOT).claims)


def test_an_older_version_is_exported(run: Run, tmp_path: Path) -> None:
    code, *_ = run("export", "jsonl", tmp_path / "old", "--version", "0.1.0", cwd=ROOT)
    assert code == 0
    lines = (tmp_path / "old" / "claims.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == len(vd.load(ROOT, version="0.1.0").claims)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("export", "sqlight", "x"), "sqlight"),
        (("export", "geojson", "x", "--view", "official"), "did you mean official-record?"),
        (("export", "geojson", "x", "--version", "9.9.9"), "there is no version '9.9.9'"),
        (("export", "geojson", "x", "--losses", "x.csv"), "a loss report is a .json or .jsonl file"),
        (("cat", "events", "--view", "unknown"), "no view 'unknown'"),
        (("cite", "trump-maduro-cal"), "trump-maduro-call"),
        (("cite", "trump-maduro-call", "--format", "word"), "word"),
    ],
)
def test_what_does_not_exist_is_a_complaint_that_names_what_does(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    code, out, err = run(*arguments, cwd=tmp_path)
    assert (code, out) == (2, "")
    assert told in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", FORMATS)
def test_a_place_that_cannot_be_written_is_a_complaint(run: Run, tmp_path: Path, form: str) -> None:
    (tmp_path / "file").write_bytes(b"not a folder")
    code, out, err = run("export", form, tmp_path / "file" / "out", cwd=ROOT)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert (tmp_path / "file").read_bytes() == b"not a folder"


def test_a_table_is_printed_as_a_view_has_it(run: Run) -> None:
    code, out, err = run("cat", "claims", "--view", "named-sources", cwd=ROOT)
    assert code == 0
    assert PERSPECTIVES["named-sources"].view_name in err
    printed = [row["id"] for row in csv.DictReader(io.StringIO(out))]
    assert printed == vd.load(ROOT).view("named-sources").claims.ids
    assert 0 < len(printed) < len(vd.load(ROOT).claims)


def test_a_view_of_everything_prints_the_table_as_it_is(run: Run) -> None:
    assert run("cat", "claims", "--view", "everything-flagged", cwd=ROOT)[1] == run("cat", "claims", cwd=ROOT)[1]


@pytest.mark.parametrize("form", ["text", "bibtex", "ris", "csl-json"])
def test_a_citation_has_the_version_and_for_a_record_its_id(run: Run, form: str) -> None:
    version = vd.load(ROOT).version
    for arguments in ((), ("trump-maduro-call",)):
        code, out, err = run("cite", *arguments, "--format", form, cwd=ROOT)
        assert (code, err) == (0, "")
        assert version in out
        assert all(one in out for one in arguments)
