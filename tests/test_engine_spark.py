"""Spark gives the verdict of the other engines, on this machine and over Spark Connect."""

from __future__ import annotations

import json
import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from judges import on_disk, package
from published_packages import PACKAGES
from test_engine_agreement import ALIKE, CELLS, DIFFERENT, KINDS, RIGHT, WRONG
from test_engine_published import FAULTS, broken

from venezuela_data.engine import EngineError, Verdict, check

pytest.importorskip("duckdb", reason="skipped: the engine spark, as duckdb is not installed, which numbers its rows")
pyspark = pytest.importorskip("pyspark", reason="skipped: the engine spark, as pyspark is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # what pyspark and its own libraries say to each other


@pytest.fixture(scope="module", params=["local", "sail"])
def remote(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Start Spark on this machine, or a server that speaks Spark Connect without Java, once for all tests."""
    if request.param == "sail":
        server_of = pytest.importorskip("pysail.spark", reason="skipped: Spark Connect, as pysail is not installed")
        server = server_of.SparkConnectServer("127.0.0.1", 0)
        server.start(background=True)
        port = server.listening_address[1]
        patience = time.monotonic() + 30
        with socket.socket() as asked:
            while asked.connect_ex(("127.0.0.1", port)) and time.monotonic() < patience:
                time.sleep(0.1)
        address = f"sc://127.0.0.1:{port}"
        try:
            with on_disk(PACKAGES["words"]()) as folder:
                check(folder, engine="spark", remote=address)
        except EngineError as error:
            if "unsupported PySpark version" not in str(error):
                raise
            pytest.skip(f"skipped: Spark Connect by pysail, which says: {error}")
        yield address
        server.stop()
        return
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        pytest.skip("skipped: Spark on this machine, as there is no Java")
    try:
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    except Exception as error:  # a client alone has no Spark to start, and says so in many ways
        pytest.skip(f"skipped: Spark on this machine, which does not start: {type(error).__name__}")
    session.sparkContext.setLogLevel("OFF")
    yield None
    session.stop()


def _same(folder: Path, remote: str | None) -> Verdict:
    """See that Spark and plain Python say the same, problem by problem and in the same order."""
    one, other = check(folder, engine="spark", remote=remote), check(folder, engine="memory")
    assert (one.rows, one.counts, one.problems) == (other.rows, other.counts, other.problems)
    assert one.engine == "spark"
    return one


@pytest.mark.parametrize("name", PACKAGES)
def test_packages_that_are_right(name: str, remote: str | None) -> None:
    with on_disk(PACKAGES[name]()) as folder:
        assert _same(folder, remote).ok


@pytest.mark.parametrize(("name", "path", "old", "new"), [one[:4] for one in FAULTS][::4])
def test_packages_that_are_broken(name: str, path: str, old: bytes, new: bytes, remote: str | None) -> None:
    with on_disk(broken(name, path, old, new)) as folder:
        _same(folder, remote)


def test_every_cell_of_every_type(remote: str | None) -> None:
    fields = [{"name": f"f{n}", "type": kind, **({"format": form} if form else {})} for n, (kind, form) in enumerate(KINDS)]
    lines = [",".join('"' + cell.replace('"', '""') + '"' for _ in KINDS) for cell in CELLS]
    text = "\n".join([",".join(field["name"] for field in fields), *lines, ""])
    with on_disk(package(fields, text.encode())) as folder:
        assert not _same(folder, remote).ok


def test_conditions_keys_and_ragged_rows(remote: str | None) -> None:
    fields: list[dict[str, Any]] = [
        {"name": "text", "type": "string", "constraints": {"pattern": "[a-z0-9]*", "maxLength": 3, "unique": True}},
        {"name": "evil", "type": "string", "constraints": {"pattern": "(a+)+b"}},
        {"name": "day", "type": "date", "constraints": {"minimum": "2021-01-01"}},
        {"name": "count", "type": "integer", "constraints": {"minimum": 0, "required": True}},
        {"name": "other", "type": "number"},
    ]
    rows = [
        f"{text},,{RIGHT['date'][n % 4]},{RIGHT['integer'][n % 8]},{n % 5}.0" for n, text in enumerate(RIGHT["string"][1:4] * 3)
    ]
    rows += [f"x{n},{'a' * 900}c,{WRONG['date'][n]},{WRONG['integer'][n]},1e0" for n in range(4)]
    rows += ["", "a,b", "a,b,,1,2,3", f"{'é' * 2_000},{'b' * 2_000},9999-12-31,5,", "a'b\\c,,,,"]
    text = "\n".join(["text,evil,day,count,other", *rows, ""])
    keys = [{"fields": ["other"], "reference": {"resource": "", "fields": ["count"]}}]
    with on_disk(package(fields, text.encode(), primaryKey=["text", "count"], foreignKeys=keys)) as folder:
        assert len(_same(folder, remote).counts) > 8


@pytest.mark.parametrize("name", ["a label too few", "an empty file", "blank lines", "mixed line ends", "extra empty cells"])
def test_what_is_odd(name: str, remote: str | None) -> None:
    with on_disk(ALIKE[name]) as folder:
        _same(folder, remote)


@pytest.mark.parametrize("name", ["unique keys", "a quote that is never closed", "a byte of no character"])
def test_what_frictionless_passes_over(name: str, remote: str | None) -> None:
    with on_disk(DIFFERENT[name][0]) as folder:
        assert not _same(folder, remote).ok


def test_lines_behind_quoted_line_breaks(remote: str | None) -> None:
    # Spark's own reader would take each of these for the end of a row.
    text = "id,text\n" + "".join(f'{n},"one\ntwo, ""three"""\n' if n % 3 else f"x{n},plain\n" for n in range(3_000))
    with on_disk(package([{"name": "id", "type": "integer"}, {"name": "text"}], text.encode())) as folder:
        verdict = _same(folder, remote)
    assert verdict.problems[1].row == 5
    assert verdict.problems[1].line == 7


def test_findings_go_to_a_file_and_nothing_else_stays(remote: str | None, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    out = tmp_path / "findings.csv"
    with on_disk(package([{"name": "a", "type": "integer"}], b"a\n" + b"x\n" * 50)) as folder:
        verdict = check(folder, engine="spark", remote=remote, shared=shared, findings_out=out, limit=5)
    assert (verdict.counts, len(verdict.problems)) == ({"cells-have-their-type": 50}, 5)
    assert out.read_text("utf-8").count("\n") == 51
    assert not list(shared.iterdir())


def test_a_file_that_cannot_be_read_is_said(remote: str | None) -> None:
    made = package([{"name": "a"}], b"a\n")
    with on_disk({"datapackage.json": made["datapackage.json"]}) as folder, pytest.raises(EngineError, match=r"^rows\.csv: "):
        check(folder, engine="spark", remote=remote)
    assert json.loads(made["datapackage.json"])["resources"][0]["path"] == "rows.csv"
