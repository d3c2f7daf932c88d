"""Judges tables with DuckDB, embedded: one pass over each file that keeps what is wrong and the keys, then questions to that.

A file goes the fast way only if `proof` says that the reader passed over nothing. Any other is read exactly and judged by the
same SQL. The engine opens no file but those named, keeps to its memory, and leaves nothing behind, however it ends. May import
whatever stands before `engine`, and the modules beside it.
"""

# ruff: noqa: S608  # every name in a statement is made here, and every text of a package is a literal of the dialect

from __future__ import annotations

import csv
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .parquet import parquet_records, parquet_source
from .plan import Plan, Table
from .proof import Start
from .reading import Reading, opened
from .run import Run, library, plain_csv, told
from .sql import DUCKDB, Source, key_sql, rows_sql
from .verdict import EngineError, Progress, Verdict, written

LEAST_MEMORY = 100
"""Megabytes that the engine needs at least for itself."""
OWN_MEMORY = 150
"""Megabytes that Python and the engine's code take besides what the engine counts itself."""
_FETCHED = 10_000
"""Rows that are taken from the engine at a time."""


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make a folder for temporary files that is removed whatever happens: by a process of its own even after a kill."""
    folder = Path(tempfile.mkdtemp(prefix="venezuela-data-engine-"))
    # It waits for the end of its input, which comes with the end of this process, however that ends.
    guard = subprocess.Popen(  # noqa: S603  # what runs is fixed, and the folder was made here
        ["/bin/sh", "-c", 'cat >/dev/null; rm -rf -- "$1"', "sh", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        assert guard.stdin is not None
        guard.stdin.close()
        guard.wait()


def connect(scratch: Path, files: Sequence[Path], folders: Sequence[Path], memory: int | None) -> Any:
    """Open an engine that reaches the files and folders that are named and no other, and keeps to its memory.

    Args:
        scratch: where it may put what does not fit into memory.
        files: what it may open.
        folders: where it may open any file.
        memory: the bytes that the process may take; without it, as much as the engine takes by itself.
    """
    connection = library().connect(":memory:")
    text = DUCKDB.text
    allowed = ", ".join(text(str(one)) for one in files)
    settings = [
        f"SET temp_directory = {text(str(scratch))}",
        # An engine that turns a list of literals into a join would lose the order of rows, by which they are numbered.
        "SET disabled_optimizers = 'in_clause'",
        "SET preserve_insertion_order = true",
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET TimeZone = 'UTC'",
        f"SET allowed_paths = [{allowed}]",
        f"SET allowed_directories = [{', '.join(text(f'{one}/') for one in (scratch, *folders))}]",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ]
    if memory is not None:
        least = max(LEAST_MEMORY, memory // 1_000_000 - max(OWN_MEMORY, memory // 5_000_000))
        settings.insert(0, f"SET memory_limit = '{least}MB'")
    for one in settings:
        connection.execute(one)
    return connection


def check_in_duckdb(
    plan: Plan,
    folder: Path,
    *,
    reason: str = "it was asked for",
    memory: int | None = None,
    limit: int = 1_000,
    findings_out: Path | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Judge the tables of a plan.

    Args:
        plan: what the tables must be.
        folder: that of the descriptor.
        reason: why this engine was taken.
        memory: the bytes that the process may take, about.
        limit: how many problems the verdict holds at most.
        findings_out: where to write all of them, as CSV or, by its name, Parquet.
        progress: called now and then.

    Raises:
        EngineError: a file cannot be read, the disk is full, or the memory does not suffice.
    """
    duckdb = library()
    root = folder.resolve()
    files = [root / path for table in plan.tables for path in table.paths]
    with scratch_folder() as scratch, written(findings_out) as out:
        connection = connect(scratch, [*files, *([out] if out else [])], [], memory)
        try:
            verdict = _Run(plan, root, scratch, connection, progress).verdict(reason, limit, out)
        except duckdb.Error as error:
            raise EngineError(f"duckdb: {told(error, root)}") from None
        except OSError as error:
            raise EngineError(f"cannot write what does not fit into memory: {error.strerror or error}") from None
        finally:
            connection.close()
    return verdict._replace(findings_path=findings_out)


@contextmanager
def parquet_reading(folder: Path, table: Table, part: int) -> Iterator[Reading]:
    """Read a Parquet file exactly, record by record.

    Raises:
        EngineError: it cannot be read.
    """
    path = folder.resolve() / table.paths[part]
    with opened(folder, table.paths[part]), scratch_folder() as scratch:
        connection = connect(scratch, [path], [], None)
        try:
            columns, source = parquet_source(connection, table, path)
            yield Reading(columns, None, parquet_records(connection, source, columns.fields))
        except library().Error as error:
            raise EngineError(f"{table.paths[part]}: cannot be read as Parquet: {told(error, folder.resolve())}") from None
        finally:
            connection.close()


def write_parquet(path: Path, problems: Iterable[Sequence[object]]) -> None:
    """Write findings that are in memory as a Parquet file.

    Raises:
        MissingLibraryError: duckdb is not installed.
        EngineError: it cannot be written.
    """
    kinds = dict.fromkeys(("resource", "file", "row", "line", "field", "value", "rule"), "VARCHAR")
    with scratch_folder() as scratch:
        rows = scratch / "findings.csv"
        with rows.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(problems)
        connection = connect(scratch, [path], [], None)
        try:
            read = plain_csv(rows, {**kinds, "row": "BIGINT", "line": "BIGINT"}, 0)
            connection.execute(f"COPY (SELECT * FROM {read}) TO {DUCKDB.text(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        except library().Error as error:
            raise EngineError(f"the findings cannot be written: {told(error, path.parent)}") from None
        finally:
            connection.close()


class _Run(Run):
    """A check in which DuckDB judges."""

    engine = "duckdb"
    dialect = DUCKDB

    def finish_file(self, number: int, part: int, *, marked: bool) -> None:
        """They are judged already."""

    def keep(self, name: str, query: str) -> None:
        self.run(f"CREATE TABLE {name} AS {query}")

    def asked(self, query: str) -> Iterator[tuple[Any, ...]]:
        found = self.connection.cursor().execute(query)
        while several := found.fetchmany(_FETCHED):
            yield from several

    def note(self, query: str) -> None:
        self.run(f"INSERT INTO problems {query}")

    def surely_differ(self, relation: str, columns: Sequence[str]) -> bool:
        # As many different hashes as keys leave no two keys that are the same; it takes half the time and less memory.
        keys = f"SELECT {key_sql(columns, DUCKDB)} AS k FROM {relation}"
        asked = f"SELECT count(*) = count(DISTINCT hash(k)) FROM ({keys}) AS keys WHERE k IS NOT NULL"
        differ: bool = self.run(asked).fetchone()[0]
        return differ

    def share(self, name: str) -> None:
        """It has it already."""

    def gather(self) -> None:
        """It has them already."""

    def judge_parquet(self, number: int, part: int, source: Source) -> None:
        query = rows_sql(self.plan.tables[number], self.columns(number, part), self.keys(number), source, DUCKDB)
        self.watched(f"CREATE TABLE k_{number}_{part} AS {query}", self.plan.tables[number].paths[part])

    def judge_plain(self, number: int, part: int, start: Start, relation: str) -> tuple[int, int, int]:
        table, name = self.plan.tables[number], f"k_{number}_{part}"
        query = rows_sql(
            table, start.columns, self.keys(number), Source(relation, accounts=True, returns=start.returns), DUCKDB
        )
        self.watched(f"CREATE TABLE {name} AS {query}", table.paths[part])
        return self.sums(name)

    def judge_records(self, number: int, part: int, relation: str, count: int) -> None:
        name, source = f"k_{number}_{part}", Source(relation, exact=True, marked=True)
        query = rows_sql(self.plan.tables[number], self.columns(number, part), self.keys(number), source, DUCKDB)
        self.run(f"INSERT INTO {name} {query}" if count else f"CREATE OR REPLACE TABLE {name} AS {query}")
