"""Judges tables with DuckDB, embedded: one parallel pass over each file that keeps what is wrong and the keys, then questions to that.

A file goes the fast way only if it is proved that the reader passed over nothing: no row rejected, and the bytes of all cells,
delimiters and quotes are those of the file. Any other is read exactly and judged by the same SQL. The engine opens no file but
those named, keeps to its memory, and leaves nothing behind. May import whatever stands before `engine`, and the modules beside it.
"""

# ruff: noqa: S608  # every name in a statement is made here, and every text of a package is a literal of the dialect

from __future__ import annotations

import contextlib
import csv
import io
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

from .codes import DENSE, FILLED, ORDERED, PRIMARY, REFERENCES, UNIQUE, UNIQUE_KEYS
from .judging import judge, runs_backwards
from .lexical import MARK
from .memory import keys_of
from .plan import Field, Plan, Table
from .reading import Columns, Reading, Record, columns_of, content, csv_records, header_faults, header_of, mark_of, opened, reading, unpacked
from .sql import (
    ASK,
    BETWEEN,
    BIT,
    CODES,
    DUCKDB,
    PAIR,
    UNKNOWN,
    WHOLE_ROW,
    Source,
    broken_sql,
    dangling_sql,
    gaps_sql,
    key_fields,
    key_sql,
    repeated_sql,
    resolved_sql,
    rows_sql,
)
from .verdict import EngineError, MissingLibraryError, Problem, Progress, Verdict, cut

LEAST_MEMORY = 128
"""Megabytes that the engine needs at least."""
_OWN_MEMORY = 150
"""Megabytes that Python and the engine's code take besides what the engine counts itself."""
_CHUNK = 50_000
"""Rows that are read exactly before they go to the engine."""
_ASKED = 10_000
"""Distinct cells that Python judges at a time."""
_ABSENT = "\\ufdd1"
"""What stands for a cell that is not there, in what is handed to the engine: a noncharacter, which no text may exchange."""
_NEVER = "\\ufdd2"
"""What the reader is to take for a cell that is not there, in files where every cell is."""
"""What a Parquet column may be, by the type of its field; a string may be anything that is written as one."""


def _library() -> Any:
    try:
        import duckdb
    except ImportError:
        raise MissingLibraryError("duckdb", "scale", "the engine duckdb") from None
    return duckdb


@dataclass(slots=True)
class _Part:
    """A file that was judged."""

    columns: Columns
    first_row: int
    """The number of its first record of content."""
    first_line: int
    """The line on which that begins."""
    exact: bool
    doubted: set[int] = field(default_factory=set)
    """The numbers of the key fields of which some cell has no value, or was judged in Python."""


@contextmanager
def _scratch() -> Iterator[Path]:
    """Make a folder for temporary files that is removed whatever happens: by a process of its own even after a kill."""
    folder = Path(tempfile.mkdtemp(prefix="venezuela-data-engine-"))
    # It waits for the end of its input, which comes with the end of this process, however that ends.
    guard = subprocess.Popen(
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
    connection = _library().connect(":memory:")
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
        least = max(LEAST_MEMORY, memory // 1_000_000 - max(_OWN_MEMORY, memory // 8_000_000))
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
    duckdb = _library()
    files = [folder / path for table in plan.tables for path in table.paths]
    with _scratch() as scratch:
        connection = connect(scratch, files, [], memory)
        run = _Run(plan, folder.resolve(), scratch, connection, progress)
        try:
            return run.verdict(reason, limit, findings_out)
        except duckdb.Error as error:
            raise EngineError(_told(error, folder)) from None
        finally:
            connection.close()


def _told(error: Exception, folder: Path) -> str:
    first = str(error).strip().splitlines()[0]
    return f"duckdb: {first.replace(str(folder.resolve()) + '/', '')}"


class _Run:
    """One check of a package: its tables one after the other, then what concerns several."""

    def __init__(self, plan: Plan, folder: Path, scratch: Path, connection: Any, progress: Progress | None) -> None:
        self.plan, self.folder, self.scratch, self.connection, self.progress = plan, folder, scratch, connection, progress
        self.start = time.monotonic()
        self.parts: dict[tuple[int, int], _Part] = {}
        self.notes: list[str] = []
        self.rows: dict[str, int] = {}
        self.wanted: dict[str, set[str]] = {table.name: set() for table in plan.tables}
        for table in plan.tables:
            for reference in table.references:
                self.wanted[reference.resource].update(reference.to)

    def run(self, statement: str) -> Any:
        return self.connection.execute(statement)

    def verdict(self, reason: str, limit: int, findings_out: Path | None) -> Verdict:
        self.run("CREATE TABLE problems (t INTEGER, part INTEGER, r BIGINT, f INTEGER, code INTEGER, v VARCHAR, line BIGINT)")
        bits = ", ".join(f"({number}, {BIT[code]})" for number, code in enumerate(CODES))
        self.run(f"CREATE TABLE codes AS SELECT * FROM (VALUES {bits}) AS v (code, bit)")
        for number, table in enumerate(self.plan.tables):
            self.run(f"CREATE TABLE b_{number} (part INTEGER, r BIGINT, f INTEGER, s BIGINT, v VARCHAR)")
            self.run(f"CREATE TABLE j_{number} (f INTEGER, v VARCHAR, s BIGINT, key VARCHAR)")
            self.rows[table.name] = sum(self._judge_file(number, part) for part in range(len(table.paths)))
            self._ask(number)
            self._note_broken(number)
        for number in range(len(self.plan.tables)):
            self._check_keys(number)
        self._find_lines()
        return self._verdict(reason, limit, findings_out)

    # One file

    def _judge_file(self, number: int, part: int) -> int:
        table = self.plan.tables[number]
        if table.format == "parquet":
            self._judge_parquet(number, part)
        elif not self._judge_fast(number, part):
            self._judge_exactly(number, part)
        count: int = self.run(f"SELECT count(*) FROM k_{number}_{part}").fetchone()[0]
        view = self._rows(number, part)
        self.run(f"INSERT INTO b_{number} {DUCKDB.exploded(view, 'part, r')}")
        self._report(table.paths[part], count)
        return count

    def _report(self, path: str, rows: int) -> None:
        if self.progress is not None:
            found = sum(self.run(f"SELECT count(*) FROM b_{n}").fetchone()[0] for n in range(len(self.rows) + 1))
            self.progress(path, rows, found, time.monotonic() - self.start)

    def _rows(self, number: int, part: int) -> str:
        """Give the judged rows of a file as a relation with `part` and the number of the record `r`."""
        one = self.parts[number, part]
        row = "_row" if one.exact else f"rowid + {one.first_row}"
        return f"(SELECT {part} AS part, {row} AS r, * FROM k_{number}_{part})"

    def _note_header(self, number: int, part: int, columns: Columns, header: Record | None) -> None:
        table = self.plan.tables[number]
        numbers = {one.name: n for n, one in enumerate(table.fields)}
        labels = {one.name: n for n, one in enumerate(columns.fields)}
        for row, line, name, label, code in header_faults(columns, header):
            f = numbers.get(name, UNKNOWN + labels.get(name, 0)) if name else WHOLE_ROW
            self.connection.execute(
                "INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?, ?)", [number, part, row, f, CODES.index(code), cut(label), line]
            )

    def _keys(self, number: int) -> tuple[str, ...]:
        table = self.plan.tables[number]
        return key_fields(table, self.wanted[table.name])

    def _judge_fast(self, number: int, part: int) -> bool:
        """Judge a CSV file as the engine reads it; say whether it is proved that this is what stands there."""
        table = self.plan.tables[number]
        path = table.paths[part]
        dialect = table.dialect
        if table.format != "csv" or table.encoding not in ("utf-8", "ascii") or not dialect.is_plain:
            return False
        with opened(self.folder, path) as file:
            before = mark_of(file)
            start = _start_of(self.folder, table, part)
            if start is None:
                return False
            columns, header, newline, header_bytes, first_line = start
            counted = _Counted(self.folder, path, table.packed[part])
            counted.start()
            cells = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(columns.fields)))
            text = DUCKDB.text
            packed = {"gz": "gzip", "zst": "zstd", "": "none"}[table.packed[part]]
            relation = (
                f"read_csv({text(str(self.folder / path))}, columns = {{{cells}}}, auto_detect = false, "
                f"header = {'true' if dialect.header else 'false'}, delim = {text(dialect.delimiter)}, quote = '\"', escape = '\"', "
                f"nullstr = {text(_NEVER)}, strict_mode = true, store_rejects = true, compression = '{packed}', "
                f"max_line_size = 2000000, encoding = 'utf-8')"
            )
            query = rows_sql(table, columns, self._keys(number), Source(relation, accounts=True), DUCKDB)
            ok = True
            try:
                self._watched(f"CREATE TABLE k_{number}_{part} AS {query}", path)
                bytes_, quotes, rows = self.run(
                    f"SELECT coalesce(sum(_bytes), 0), coalesce(sum(_quotes), 0), count(*) FROM k_{number}_{part}"
                ).fetchone()
                rejected = self.run("SELECT count(*) FROM reject_errors").fetchone()[0]
            except _library().InvalidInputException:
                # The reader gave up, and has nothing to say about the file as a whole.
                ok = False
            finally:
                counted.join()
            if counted.error is not None:
                raise counted.error
            if mark_of(file) != before:
                raise EngineError(f"{path}: the file changed while it was read")
        if ok:
            told = bytes_ + rows * (len(columns.fields) - 1 + len(newline)) + counted.quotes - quotes
            rest = counted.size - header_bytes - told
            ok = rejected == 0 and rest in ((0,) if counted.ends_line or not rows else (-len(newline),))
        self.run("DELETE FROM reject_errors") if False else None
        if not ok:
            self.run(f"DROP TABLE IF EXISTS k_{number}_{part}")
            self.run("DROP TABLE IF EXISTS reject_errors")
            self.run("DROP TABLE IF EXISTS reject_scans")
            self.notes.append(f"{path}: read in the exact way, as it is not plain CSV throughout")
            return False
        self.parts[number, part] = _Part(columns, dialect.header + 1, first_line, exact=False)
        self._note_header(number, part, columns, header)
        return True
