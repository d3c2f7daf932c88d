"""Judges tables with DuckDB, embedded: one pass over each file that keeps what is wrong and the keys, then questions to that.

A file goes the fast way only if `proof` says that the reader passed over nothing. Any other is read exactly and judged by the
same SQL. The engine opens no file but those named, keeps to its memory, and leaves nothing behind, however it ends. May import
whatever stands before `engine`, and the modules beside it.
"""

# ruff: noqa: S608  # every name in a statement is made here, and every text of a package is a literal of the dialect

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from ..findings import MissingLibraryError
from .codes import DENSE, FILLED, ORDERED, PRIMARY, REFERENCES
from .judging import judge, runs_backwards
from .memory import keys_of
from .parquet import parquet_records, parquet_source
from .plan import Field, Plan, Table
from .proof import Count, start_of
from .reading import Columns, Reading, Record, header_faults, mark_of, opened, reading
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
    repeated_sql,
    resolved_sql,
    rows_sql,
)
from .verdict import SHOWN_VALUE, EngineError, Problem, Progress, Verdict, cut

LEAST_MEMORY = 100
"""Megabytes that the engine needs at least for itself."""
OWN_MEMORY = 150
"""Megabytes that Python and the engine's code take besides what the engine counts itself."""
_CHUNK = 50_000
"""Rows that are read exactly before they go to the engine."""
_ASKED = 10_000
"""Distinct cells that Python judges at a time."""
_ABSENT = "\ufdd1"
"""What stands for a cell that is not there, in what is handed to the engine: a noncharacter, which no text may exchange."""
_NEVER = "\ufdd2"
"""What the reader is to take for a cell that is not there, in files where every cell is."""
_KEY = 3_000_000
"""What is added to the number of a key of a table, to tell it from a field."""
_PLAIN_PATH = frozenset("*?[]{}'")
"""Characters by which the engine would look for several files."""


def _library() -> Any:
    try:
        import duckdb
    except ImportError:
        raise MissingLibraryError("the engine duckdb", "duckdb", "scale") from None
    return duckdb


@contextmanager
def _scratch() -> Iterator[Path]:
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
        least = max(LEAST_MEMORY, memory // 1_000_000 - max(OWN_MEMORY, memory // 8_000_000))
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
    root = folder.resolve()
    files = [root / path for table in plan.tables for path in table.paths]
    with _scratch() as scratch, _written(findings_out) as out:
        connection = connect(scratch, [*files, *([out] if out else [])], [], memory)
        try:
            verdict = _Run(plan, root, scratch, connection, progress).verdict(reason, limit, out)
        except duckdb.Error as error:
            raise EngineError(_told(error, root)) from None
        except OSError as error:
            raise EngineError(f"cannot write what does not fit into memory: {error.strerror or error}") from None
        finally:
            connection.close()
    return replace(verdict, findings_path=findings_out)


@contextmanager
def _written(path: Path | None) -> Iterator[Path | None]:
    """Give a temporary name beside a file that takes its place when all went well, and is removed when not."""
    if path is None:
        yield None
        return
    made = path.resolve().with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield made
        made.replace(path)
    except OSError as error:
        raise EngineError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        made.unlink(missing_ok=True)


def _told(error: Exception, folder: Path) -> str:
    first = str(error).strip().splitlines()[0]
    return f"duckdb: {first.replace(f'{folder}/', '')}"


@contextmanager
def parquet_reading(folder: Path, table: Table, part: int) -> Iterator[Reading]:
    """Read a Parquet file exactly, record by record.

    Raises:
        EngineError: it cannot be read.
    """
    path = folder.resolve() / table.paths[part]
    with opened(folder, table.paths[part]), _scratch() as scratch:
        connection = connect(scratch, [path], [], None)
        try:
            columns, source = parquet_source(connection, table, path)
            yield Reading(columns, None, parquet_records(connection, source, columns.fields))
        except _library().Error as error:
            raise EngineError(_told(error, folder.resolve())) from None
        finally:
            connection.close()


def write_parquet(path: Path, problems: Iterable[Sequence[object]]) -> None:
    """Write findings that are in memory as a Parquet file.

    Raises:
        MissingLibraryError: duckdb is not installed.
    """
    kinds = dict.fromkeys(("resource", "file", "row", "line", "field", "value", "rule"), "VARCHAR")
    with _scratch() as scratch:
        rows = scratch / "findings.csv"
        with rows.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(problems)
        connection = connect(scratch, [path], [], None)
        try:
            read = _plain_csv(rows, {**kinds, "row": "BIGINT", "line": "BIGINT"}, 0)
            connection.execute(f"COPY (SELECT * FROM {read}) TO {DUCKDB.text(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        finally:
            connection.close()


@dataclass(slots=True)
class _Part:
    """A file that was judged: its rows are in a table of the engine."""

    columns: Columns
    first_row: int
    """The number of its first record of content."""
    first_line: int
    """The line on which that begins; 0 where rows have no lines."""
    exact: bool
    """Whether each row has its number and its line with it."""


class _Run:
    """One check of a package: its tables one after the other, then what concerns several.

    In the engine are, by the number `t` of the table and `p` of the file: `k_t_p`, the rows of a file with their keys and what
    is wrong with each; `b_t`, what is wrong with cells and rows; `j_t`, what Python said of cells; `problems`, the outcome.
    """

    def __init__(self, plan: Plan, folder: Path, scratch: Path, connection: Any, progress: Progress | None) -> None:
        self.plan, self.folder, self.scratch, self.connection, self.progress = plan, folder, scratch, connection, progress
        self.start = time.monotonic()
        self.parts: dict[tuple[int, int], _Part] = {}
        self.notes: list[str] = []
        self.names: dict[tuple[int, int, int], tuple[str, int]] = {}
        """What a problem names, and its place among the fields, by table, file (or -1 for all) and number."""
        self.found = 0
        self.wanted: dict[str, set[str]] = {table.name: set() for table in plan.tables}
        for table in plan.tables:
            for reference in table.references:
                self.wanted[reference.resource].update(reference.to)

    def run(self, statement: str, values: Sequence[object] = ()) -> Any:
        return self.connection.execute(statement, values) if values else self.connection.execute(statement)

    def verdict(self, reason: str, limit: int, findings_out: Path | None) -> Verdict:
        self.run("CREATE TABLE problems (t INTEGER, part INTEGER, r BIGINT, f INTEGER, code INTEGER, v VARCHAR, line BIGINT)")
        self.run(f"CREATE TABLE codes AS SELECT * FROM (VALUES {_listed(enumerate(BIT.values()))}) AS v (code, bit)")
        rows = {}
        for number, table in enumerate(self.plan.tables):
            self.run(f"CREATE TABLE b_{number} (part INTEGER, r BIGINT, f INTEGER, s BIGINT, v VARCHAR)")
            self.run(f"CREATE TABLE j_{number} (f INTEGER, v VARCHAR, s BIGINT, key VARCHAR)")
            for n, one in enumerate(table.fields):
                self.names[number, -1, n] = one.name, n
            rows[table.name] = sum(self._judge_file(number, part) for part in range(len(table.paths)))
            self._ask(number)
            self._note_broken(number)
        for number in range(len(self.plan.tables)):
            self._check_keys(number)
        return self._told_of(reason, rows, limit, findings_out)

    # One file ------------------------------------------------------------------------------------------------------------

    def _judge_file(self, number: int, part: int) -> int:
        table = self.plan.tables[number]
        with opened(self.folder, table.paths[part]) as file:
            before = mark_of(file)
            if table.format == "parquet":
                self._judge_parquet(number, part)
            elif not self._judge_fast(number, part):
                self._judge_exactly(number, part)
            if mark_of(file) != before:
                raise EngineError(f"{table.paths[part]}: the file changed while it was read")
        count: int = self.run(f"SELECT count(*) FROM k_{number}_{part}").fetchone()[0]
        self.run(f"INSERT INTO b_{number} {DUCKDB.exploded(self._rows(number, part), 'part, r')}")
        known = {one.name for one in table.fields}
        for n, one in enumerate(self.parts[number, part].columns.fields):
            if one.name not in known:
                self.names[number, part, UNKNOWN + n] = one.name, -1
        self.found += self.run(f"SELECT count(*) FROM b_{number} WHERE part = {part}").fetchone()[0]
        self._report(table.paths[part], count)
        return count

    def _report(self, path: str, rows: int) -> None:
        if self.progress is not None:
            self.progress(path, rows, self.found, time.monotonic() - self.start)

    def _rows(self, number: int, part: int) -> str:
        """Give the judged rows of a file as a relation with `part` and the number of the record `r`."""
        one = self.parts[number, part]
        row = "_row" if one.exact else f"rowid + {one.first_row}"
        return f"(SELECT {part} AS part, {row} AS r, * FROM k_{number}_{part})"

    def _note_header(self, number: int, part: int, columns: Columns, header: Record | None) -> None:
        known = {one.name: n for n, one in enumerate(self.plan.tables[number].fields)}
        for n, (row, line, name, label, code) in enumerate(header_faults(columns, header)):
            f = known.get(name, UNKNOWN * 4 + n) if name else WHOLE_ROW
            self.names.setdefault((number, part, f), (name, -1)) if f >= UNKNOWN else None
            values = [number, part, row, f, CODES.index(code), cut(label), line]
            self.run("INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def _keys(self, number: int) -> tuple[str, ...]:
        table = self.plan.tables[number]
        return key_fields(table, self.wanted[table.name])

    def _named(self, path: str) -> Path:
        """Give a path by which the engine sees one file: a link in the scratch folder where the name looks like several."""
        whole = self.folder / path
        if not _PLAIN_PATH & set(str(whole)):
            return whole
        link = self.scratch / f"{len(list(self.scratch.iterdir()))}.link"
        link.symlink_to(whole)
        return link

    def _judge_parquet(self, number: int, part: int) -> None:
        table = self.plan.tables[number]
        path = table.paths[part]
        try:
            columns, source = parquet_source(self.connection, table, self._named(path))
        except _library().Error as error:
            raise EngineError(
                f"{path}: cannot be read as Parquet: {_told(error, self.folder).removeprefix('duckdb: ')}"
            ) from None
        query = rows_sql(table, columns, self._keys(number), source, DUCKDB)
        self._watched(f"CREATE TABLE k_{number}_{part} AS {query}", path, 0)
        self.parts[number, part] = _Part(columns, 1, 0, exact=False)
        self._note_header(number, part, columns, None)

    def _judge_fast(self, number: int, part: int) -> bool:
        """Judge a CSV file as the engine reads it; say whether it is proved that this is what stands there."""
        table = self.plan.tables[number]
        path, dialect = table.paths[part], table.dialect
        if table.format != "csv" or table.encoding not in ("utf-8", "ascii") or not dialect.is_plain:
            return False
        start = start_of(self.folder, table, part)
        if start is None or (table.encoding == "ascii" and start.size < 0):
            return False
        cells = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(start.columns.fields)))
        packed = {"gz": "gzip", "zst": "zstd", "": "none"}[table.packed[part]]
        text = DUCKDB.text
        relation = (
            f"read_csv({text(str(self._named(path)))}, columns = {{{cells}}}, auto_detect = false, "
            f"header = {'true' if dialect.header else 'false'}, delim = {text(dialect.delimiter)}, {_QUOTED}, "
            f"nullstr = {text(_NEVER)}, strict_mode = true, store_rejects = true, rejects_limit = 1, compression = '{packed}', "
            "max_line_size = 2000000, encoding = 'utf-8')"
        )
        query = rows_sql(table, start.columns, self._keys(number), Source(relation, accounts=True), DUCKDB)
        name = f"k_{number}_{part}"
        try:
            with Count(self.folder, table, part, start.size) as count:
                self._watched(f"CREATE TABLE {name} AS {query}", path, count.size)
            sums = "coalesce(sum(_bytes), 0), coalesce(sum(_quotes), 0), count(*)"
            size, quotes, rows = self.run(f"SELECT {sums} FROM {name}").fetchone()
            rejected = self.run("SELECT count(*) FROM reject_errors").fetchone()[0]
            proved = not rejected and count.accounts_for(start, rows, size, quotes)
        except _library().InvalidInputException:
            proved = False  # The reader gave up, and has nothing to say about the file as a whole.
        for one in ("reject_errors", "reject_scans", *(() if proved else (name,))):
            self.run(f"DROP TABLE IF EXISTS {one}")
        if not proved:
            self.notes.append(f"{path}: read in the exact way, as it is not plain CSV throughout")
            return False
        self.parts[number, part] = _Part(start.columns, dialect.header + 1, start.first_line, exact=False)
        self._note_header(number, part, start.columns, start.header)
        return True

    def _judge_exactly(self, number: int, part: int) -> None:
        """Judge a file as it is read exactly: in chunks that are written out plainly for the engine."""
        table = self.plan.tables[number]
        path = table.paths[part]
        name = f"k_{number}_{part}"
        with reading(self.folder, table, part) as file:
            columns = file.columns
            width = len(columns.fields)
            # A table without any column still has rows, each of which is blank.
            judged = columns if width else replace(columns, fields=(Field(""),))
            self.parts[number, part] = _Part(columns, 0, 0, exact=True)
            self._note_header(number, part, columns, file.header)
            rows, is_first = 0, True
            while (chunk := list(islice(file.records, _CHUNK))) or is_first:
                relation = self._handed(_cells_of(chunk, width), len(judged.fields))
                query = rows_sql(table, judged, self._keys(number), Source(relation, exact=True, marked=True), DUCKDB)
                self.run(f"{f'CREATE TABLE {name} AS' if is_first else f'INSERT INTO {name}'} {query}")
                is_first = False
                rows += len(chunk)
                self._report(path, rows)

    def _handed(self, rows: Iterable[Sequence[object]], width: int) -> str:
        """Write rows where the engine reads them, and give the relation: four numbers and the cells of each."""
        path = self.scratch / "chunk.csv"
        longest = 0
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            write = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
            for row in rows:
                longest = max(longest, write(row))
        kinds = {"_row": "BIGINT", "_line": "BIGINT", "_width": "BIGINT", "_faults": "BIGINT"}
        kinds |= {f"c{n}": "VARCHAR" for n in range(width)}
        return _plain_csv(path, kinds, 4 * longest)

    def _watched(self, statement: str, path: str, _: int) -> None:
        """Run a statement that takes long, and report now and then how far it is."""
        if self.progress is None:
            self.run(statement)
            return
        done = threading.Event()

        def tell() -> None:
            while not done.wait(0.5):
                self._report(f"{path} {max(0.0, self.connection.query_progress()):.0f} %", 0)

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        try:
            self.run(statement)
        finally:
            done.set()
            teller.join()

    # What SQL cannot tell ------------------------------------------------------------------------------------------------

    def _ask(self, number: int) -> None:
        """Judge in Python, over distinct values, the cells that SQL cannot."""
        table = self.plan.tables[number]
        asked = self.connection.cursor().execute(f"SELECT DISTINCT f, v FROM b_{number} WHERE s = {ASK}")
        kinds = {"f": "INTEGER", "v": "VARCHAR", "s": "BIGINT", "key": "VARCHAR"}
        path = self.scratch / "answers.csv"
        while several := asked.fetchmany(_ASKED):
            longest = 0
            with path.open("w", encoding="utf-8", newline="") as file:
                write = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
                for f, cell in several:
                    longest = max(longest, write([f, cell, *_answer(table, f, cell)]))
            self.run(f"INSERT INTO j_{number} SELECT * FROM {_plain_csv(path, kinds, 4 * longest)}")

    def _note_broken(self, number: int) -> None:
        table = self.plan.tables[number]
        later = [next(n for n, one in enumerate(table.fields) if one.name == name) for _, name in table.ordered]
        field, value = "f", "v"
        if later:
            cases = " ".join(f"WHEN f = {PAIR + n} THEN {one}" for n, one in enumerate(later))
            field, value = f"CASE {cases} ELSE f END", f"CASE WHEN f >= {PAIR} THEN split_part(v, {_BETWEEN}, 2) ELSE v END"
        broken = broken_sql(f"b_{number}", f"j_{number}", "codes", DUCKDB)
        self.run(f"INSERT INTO problems SELECT {number}, part, r, {field}, code, {value}, NULL FROM ({broken}) AS b")

    # Keys ----------------------------------------------------------------------------------------------------------------

    def _key_rows(self, number: int, names: Sequence[str], *, known: bool) -> str | None:
        """Give the values of some fields of a table as a relation: `part`, `r` and `k_N`; nothing where no file has them.

        Args:
            number: the table.
            names: the fields.
            known: whether files that lack one of them are left out; else they have no value there.
        """
        table = self.plan.tables[number]
        numbers = [next(n for n, one in enumerate(table.fields) if one.name == name) for name in names]
        parts = []
        for part in range(len(table.paths)):
            has = self.parts[number, part].columns.known
            if known and not has.issuperset(names):
                continue
            cells = [f"k_{n}" if name in has else f"NULL AS k_{n}" for n, name in zip(numbers, names, strict=True)]
            read = " WHERE _width >= 0" if self.parts[number, part].exact else ""
            parts.append(f"SELECT part, r, {', '.join(cells)} FROM {self._rows(number, part)}{read}")
        if not parts:
            return None
        told = f"s = {ASK} OR s % {2 * BIT['cells-have-their-type']} = 1"
        doubted = {f for (f,) in self.run(f"SELECT DISTINCT f FROM b_{number} WHERE {told}").fetchall()} & {*numbers}
        rows = f"({' UNION ALL '.join(parts)})"
        return f"({resolved_sql(rows, numbers, doubted, f'b_{number}', f'j_{number}')})" if doubted else rows

    def _check_keys(self, number: int) -> None:
        table = self.plan.tables[number]
        place = {one.name: n for n, one in enumerate(table.fields)}
        asked: list[tuple[str, tuple[str, ...]]] = list(keys_of(table, frozenset(place)))
        for n, (code, names) in enumerate(asked):
            if (rows := self._key_rows(number, names, known=True)) is not None:
                columns = [f"k_{place[name]}" for name in names]
                self._note_keys(number, n, code, names, repeated_sql(rows, columns, DUCKDB, whole=code != PRIMARY))
                if code == PRIMARY:
                    empty = f"SELECT part, r FROM {rows} AS k WHERE {' AND '.join(f'{one} IS NULL' for one in columns)}"
                    self._note_keys(number, n, FILLED, names, empty)
        for n, reference in enumerate(table.references, len(asked)):
            other = next(m for m, one in enumerate(self.plan.tables) if one.name == reference.resource)
            there = {one.name: m for m, one in enumerate(self.plan.tables[other].fields)}
            if (rows := self._key_rows(number, reference.fields, known=True)) is not None:
                columns = [f"k_{place[name]}" for name in reference.fields]
                to = [f"k_{there[name]}" for name in reference.to]
                held = self._key_rows(other, reference.to, known=False)
                if not reference.comparable:
                    held = f"(SELECT {', '.join(f'NULL AS {one}' for one in to)} WHERE FALSE)"
                query = dangling_sql(rows, columns, f"{held} AS held", to, DUCKDB)
                self._note_keys(number, n, REFERENCES, reference.fields, query)
        for n, dense in enumerate(table.dense, len(asked) + len(table.references)):
            names = tuple(dict.fromkeys((*dense.within, dense.position)))
            if (rows := self._key_rows(number, names, known=False)) is not None:
                query = gaps_sql(rows, [f"k_{place[name]}" for name in dense.within], f"k_{place[dense.position]}")
                self._note_keys(number, n, DENSE, (dense.position,), query, "v")

    def _note_keys(self, number: int, n: int, code: str, names: tuple[str, ...], query: str, value: str = "''") -> None:
        self.names[number, -1, _KEY + n] = (
            ",".join(names),
            next(place for place, one in enumerate(self.plan.tables[number].fields) if one.name == names[0]),
        )
        made = f"{number}, part, r, {_KEY + n}, {CODES.index(code)}, {value}, NULL"
        self.run(f"INSERT INTO problems SELECT {made} FROM ({query}) AS q")

    # The outcome ---------------------------------------------------------------------------------------------------------

    def _find_lines(self) -> str:
        """Give the problems with their physical lines, as a relation."""
        self.run("CREATE TABLE starts (t INTEGER, part INTEGER, kind INTEGER, row BIGINT, line BIGINT)")
        self.run("CREATE TABLE lines (t INTEGER, part INTEGER, r BIGINT, n BIGINT)")
        for (number, part), one in self.parts.items():
            name = f"k_{number}_{part}"
            kind = 2 if one.exact else 1 if one.first_line else 0
            self.run("INSERT INTO starts VALUES (?, ?, ?, ?, ?)", [number, part, kind, one.first_row, one.first_line])
            if one.exact:
                bad = f"SELECT DISTINCT r FROM problems WHERE t = {number} AND part = {part} AND line IS NULL"
                self.run(f"INSERT INTO lines SELECT {number}, {part}, _row, _line FROM {name} JOIN ({bad}) AS b ON b.r = _row")
            elif kind:
                # A row stands as many lines further down as there are line breaks in cells before it.
                breaks = "sum(_breaks) OVER (ORDER BY rowid ROWS UNBOUNDED PRECEDING)"
                told = f"SELECT rowid + {one.first_row + 1} AS r, {breaks} AS n FROM {name} WHERE _breaks > 0"
                self.run(f"INSERT INTO lines SELECT {number}, {part}, r, n FROM ({told}) AS b")
        line = (
            "CASE WHEN p.line IS NOT NULL THEN p.line WHEN s.kind = 0 THEN 0 WHEN s.kind = 2 THEN coalesce(l.n, 0) "
            "ELSE s.line + p.r - s.row + coalesce(l.n, 0) END"
        )
        return (
            f"(SELECT p.t, p.part, p.r, p.f, p.code, p.v, {line} AS line FROM problems AS p "
            "JOIN starts AS s ON s.t = p.t AND s.part = p.part "
            "ASOF LEFT JOIN lines AS l ON l.t = p.t AND l.part = p.part AND p.r >= l.r)"
        )

    def _told_of(self, reason: str, rows: Mapping[str, int], limit: int, out: Path | None) -> Verdict:
        counts = {}
        for code, count in self.run("SELECT code, count(*) FROM problems GROUP BY code").fetchall():
            counts[CODES[code]] = count
        if not counts and out is None:
            return Verdict("duckdb", reason, rows, {}, (), None, tuple(self.notes))
        text = DUCKDB.text
        files = [
            (t, part, text(one.name), text(path))
            for t, one in enumerate(self.plan.tables)
            for part, path in enumerate(one.paths)
        ]
        self.run("CREATE TABLE files (t INTEGER, part INTEGER, resource VARCHAR, file VARCHAR)")
        self.run(f"INSERT INTO files VALUES {_listed(files)}")
        self.run("CREATE TABLE names (t INTEGER, part INTEGER, f INTEGER, field VARCHAR, place INTEGER)")
        named = [(t, part, f, text(name), place) for (t, part, f), (name, place) in self.names.items()]
        if named:
            self.run(f"INSERT INTO names VALUES {_listed(named)}")
        rules = _listed((n, text(code)) for n, code in enumerate(CODES))
        cut_short = f"CASE WHEN length(p.v) > {SHOWN_VALUE} THEN concat(left(p.v, {SHOWN_VALUE - 1}), '\u2026') ELSE p.v END"
        query = (
            "SELECT f.resource, f.file, p.r AS row, p.line, coalesce(n.field, '') AS field, "
            f"coalesce({cut_short}, '') AS value, c.rule FROM {self._find_lines()} AS p "
            "JOIN files AS f ON f.t = p.t AND f.part = p.part "
            f"JOIN (VALUES {rules}) AS c (code, rule) ON c.code = p.code "
            "LEFT JOIN names AS n ON n.t = p.t AND n.f = p.f AND (n.part = -1 OR n.part = p.part) "
            "ORDER BY p.t, p.part, p.r, coalesce(n.place, -1), c.rule, n.field, p.v"
        )
        if out is not None:
            form = "FORMAT parquet, COMPRESSION zstd" if out.suffix == ".parquet" else "FORMAT csv, HEADER"
            self.run(f"COPY ({query}) TO {text(str(out))} ({form})")
        problems = tuple(Problem(*one) for one in self.run(f"{query} LIMIT {int(limit)}").fetchall())
        return Verdict("duckdb", reason, rows, dict(sorted(counts.items())), problems, None, tuple(self.notes))


_BETWEEN = DUCKDB.text(BETWEEN)
_QUOTED = "quote = '\"', escape = '\"'"


def _listed(rows: Iterable[Iterable[object]]) -> str:
    return ", ".join(f"({', '.join(map(str, row))})" for row in rows)


def _plain_csv(path: Path, kinds: Mapping[str, str], longest: int) -> str:
    """Give a CSV file that was written here as a relation."""
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in kinds.items())
    return (
        f"read_csv({DUCKDB.text(str(path))}, columns = {{{columns}}}, auto_detect = false, header = false, delim = ',', "
        f"{_QUOTED}, nullstr = {DUCKDB.text(_ABSENT)}, allow_quoted_nulls = true, new_line = '\\n', parallel = false, "
        "compression = 'none', "
        f"max_line_size = {max(longest, 2_000_000)}, buffer_size = {max(2 * longest, 16_000_000)})"
    )


def _cells_of(records: Iterable[Record], width: int) -> Iterator[list[object]]:
    """Give records as rows of plain text: four numbers, and as many cells as there are columns."""
    for row, line, cells, faults in records:
        given = cells if cells is not None else []
        kept = [_ABSENT if cell is None else _ABSENT * 2 if cell == _ABSENT else cell for cell in given[:width]]
        kept += [_ABSENT] * (max(width, 1) - len(kept))
        count = -1 if cells is None else len(cells) if width else 1
        yield [row, line, count, sum(BIT[code] for code in set(faults)), *kept]


def _answer(table: Table, f: int, cell: str) -> tuple[int, str]:
    """Judge a cell, or a pair of dates: the bits of what it breaks, and the key of its value."""
    if f >= PAIR:
        return (BIT[ORDERED] if runs_backwards(*cell.split(BETWEEN, 1)) else 0), _ABSENT
    codes, key = judge(table.fields[f], cell)
    return sum(BIT[code] for code in codes), _ABSENT if key is None else key
