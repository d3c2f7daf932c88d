"""What cannot be judged is said in one line with exit code 2, and nothing is left behind, however a check ends."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import Run
from judges import on_disk, package

from venezuela_data.engine import EngineError, check

HAS_DUCKDB = find_spec("duckdb") is not None
NEEDS_DUCKDB = pytest.mark.skipif(not HAS_DUCKDB, reason="skipped: the engine duckdb, as it is not installed")
ENGINES = ["memory", pytest.param("duckdb", marks=NEEDS_DUCKDB)]
FIELDS = [{"name": "id", "type": "string"}, {"name": "n", "type": "integer"}]
ROWS = b"id,n\n" + b"".join(b"key-%06d,%d\n" % (n, n) for n in range(6_000))


def _refused(run: Run, folder: Path, engine: str, said: str) -> None:
    """See that a package cannot be judged: one line, exit code 2, no traceback."""
    with pytest.raises(EngineError, match=said):
        check(folder, engine=engine)
    code, out, error = run("validate", folder, "--engine", engine)
    assert (code, out) == (2, "")
    assert error.startswith("error: ")
    assert error.count("\n") == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_a_gzip_that_ends_too_early(run: Run, engine: str) -> None:
    packed = gzip.compress(ROWS)
    made = package(FIELDS, packed[: len(packed) // 2], resource={"path": "rows.csv.gz"})
    with on_disk(made) as folder:
        _refused(run, folder, engine, "rows.csv.gz: cannot be unpacked")


@pytest.mark.parametrize("engine", ENGINES)
def test_what_only_calls_itself_gzip(run: Run, engine: str) -> None:
    with on_disk(package(FIELDS, ROWS, resource={"path": "rows.csv.gz"})) as folder:
        _refused(run, folder, engine, "rows.csv.gz: cannot be unpacked")


@NEEDS_DUCKDB
@pytest.mark.parametrize("engine", ["memory", "duckdb"])
@pytest.mark.parametrize("change", [lambda data: data[:-9], lambda data: data[:-4] + b"nope", lambda _: b"", lambda _: b"PAR1"])
def test_a_parquet_file_with_a_wrong_footer(run: Run, change: Callable[[bytes], bytes], engine: str, tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "rows.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 'a' AS id, 1 AS n) TO '{path}' (FORMAT parquet)")
    with on_disk(package(FIELDS, change(path.read_bytes()), resource={"path": "rows.parquet"})) as folder:
        _refused(run, folder, engine, "rows.parquet: cannot be read as Parquet")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_file_that_is_not_there(run: Run, engine: str) -> None:
    made = package(FIELDS, ROWS)
    with on_disk({"datapackage.json": made["datapackage.json"]}) as folder:
        _refused(run, folder, engine, "rows.csv: cannot be read")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_link_is_not_followed(run: Run, engine: str, tmp_path: Path) -> None:
    made = package(FIELDS, ROWS)
    outside = tmp_path / "outside.csv"
    outside.write_bytes(ROWS)
    with on_disk({"datapackage.json": made["datapackage.json"]}) as folder:
        (folder / "rows.csv").symlink_to(outside)
        _refused(run, folder, engine, "rows.csv: cannot be read: a link, which is not followed")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_file_that_changes_while_it_is_read(engine: str) -> None:
    # A blank line makes every engine read record by record, and tell of it in between.
    with on_disk(package(FIELDS, ROWS + b"\n")) as folder:

        def change(*_: object) -> None:
            with (folder / "rows.csv").open("ab") as file:
                file.write(b"more,1\n")

        with pytest.raises(EngineError, match=r"rows\.csv: the file changed while it was read"):
            check(folder, engine=engine, progress=change)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("place", ["no folder/findings.csv", "no folder/findings.parquet", "a file/findings.csv", "a folder"])
def test_findings_that_cannot_be_written(run: Run, engine: str, place: str, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    (tmp_path / "a folder").mkdir()
    out = tmp_path / place
    with on_disk(package(FIELDS, ROWS)) as folder:
        with pytest.raises(EngineError, match="cannot be written"):
            check(folder, engine=engine, findings_out=out)
        code, _, error = run("validate", folder, "--engine", engine, "--findings-out", out)
    assert (code, error.count("\n")) == (2, 1)
    assert error.startswith("error: ")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a file", "a folder"]


@pytest.mark.parametrize("engine", ENGINES)
def test_findings_from_before_stay_where_a_check_fails(engine: str, tmp_path: Path) -> None:
    out = tmp_path / "findings.csv"
    out.write_text("before")
    made = package(FIELDS, gzip.compress(ROWS)[:-20], resource={"path": "rows.csv.gz"})
    with on_disk(made) as folder, pytest.raises(EngineError):
        check(folder, engine=engine, findings_out=out)
    assert out.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["findings.csv"]


@NEEDS_DUCKDB
def test_too_little_memory_is_said() -> None:
    with on_disk(package(FIELDS, ROWS)) as folder:
        # What is asked for is less than the engine needs: it takes the least with which it runs.
        assert check(folder, engine="duckdb", memory=1_000_000).ok


WIDE = [{"name": f"k{n}", "type": "string", "constraints": {"unique": True}} for n in range(4)]


def _write_wide(folder: Path, rows: int) -> None:
    for path, data in package(WIDE, b"").items():
        (folder / path).write_bytes(data)
    with (folder / "rows.csv").open("w", encoding="ascii") as file:
        file.write("k0,k1,k2,k3\n")
        for n in range(rows):
            cells = (f"{n * factor % 1_000_003:0>60}" for factor in (1, 7, 11, 13))
            file.write(",".join(cells) + "\n")


def _started(folder: Path, scratch: Path, *before: str) -> subprocess.Popen[bytes]:
    code = f"import sys\n{';'.join(before)}\nfrom venezuela_data.__main__ import main\nmain()"
    arguments = ["validate", str(folder), "--engine", "duckdb", "--memory", "250MB"]
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | {"TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _spilled(scratch: Path) -> int:
    total = 0
    for path in scratch.glob("venezuela-data-engine-*/*"):
        try:
            total += path.stat().st_size
        except OSError:
            continue  # It went away between the two looks.
    return total


@NEEDS_DUCKDB
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_kill_during_a_spill_leaves_nothing(sign: signal.Signals, tmp_path: Path) -> None:
    folder, scratch = tmp_path / "data", tmp_path / "scratch"
    folder.mkdir()
    scratch.mkdir()
    _write_wide(folder, 400_000)
    with _started(folder, scratch) as process:
        while process.poll() is None and not _spilled(scratch):
            time.sleep(0.01)
        assert process.poll() is None, "it ended before anything was put on disk"
        process.send_signal(sign)
        process.wait(60)
    patience = time.monotonic() + 20
    while list(scratch.iterdir()) and time.monotonic() < patience:
        time.sleep(0.05)
    assert not list(scratch.iterdir())
    assert sorted(path.name for path in folder.iterdir()) == ["datapackage.json", "rows.csv"]


@NEEDS_DUCKDB
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    folder, scratch = tmp_path / "data", tmp_path / "scratch"
    folder.mkdir()
    scratch.mkdir()
    _write_wide(folder, 400_000)
    # A file that may not grow is to a process what a full disk is.
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)"
    with _started(folder, scratch, limit, "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))") as process:
        out, said = process.communicate(timeout=120)
    assert process.returncode == 2
    assert said.startswith(b"error: ")
    assert said.count(b"\n") == 1
    assert not out
    assert not list(scratch.iterdir())
