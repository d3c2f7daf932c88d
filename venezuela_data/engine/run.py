"""One check of a package in SQL, whichever engine runs it: what is asked, in which order, and how the outcome is told.

Rows are judged file by file; then come the cells that Python must judge, the keys, and the outcome, which DuckDB sorts and
writes for every engine. An engine says how it judges a file, keeps a relation and notes problems. May import whatever stands
before `engine`, and the modules beside it except `memory`, `duck` and `spark`.
"""

# ruff: noqa: S608  # every name in a statement is made here, and every text of a package is a literal of the dialect

from __future__ import annotations

import csv
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ..findings import MissingLibraryError
from .codes import DENSE, FILLED, ORDERED, PRIMARY, REFERENCES
from .judging import judge, keys_of, runs_backwards
from .parquet import parquet_source
from .plan import Field, Plan, Table
from .proof import Count, Start, start_of
from .reading import Columns, Record, header_faults, mark_of, opened, reading
from .sql import (
    ASK,
    BETWEEN,
    BIT,
    CODES,
    DUCKDB,
    PAIR,
    UNKNOWN,
    WHOLE_ROW,
    Dialect,
    Source,
    broken_sql,
    dangling_sql,
    gaps_sql,
    key_fields,
    repeated_sql,
    resolved_sql,
)
from .verdict import SHOWN_VALUE, EngineError, Problem, Progress, Verdict, cut

_ASKED = 10_000
"""Distinct cells that Python judges at a time."""
_ABSENT = "\ufdd1"
"""What stands for a cell that is not there, in what is handed to an engine: a noncharacter, which no text may exchange."""
_NEVER = "\ufdd2"
"""What the reader is to take for a cell that is not there, in files where every cell is."""
_CHUNK = 50_000
"""Rows that are read exactly before they go to an engine."""
_PLAIN_PATH = frozenset("*?[]{}'")
"""Characters by which DuckDB would look for several files."""
_KEY = 3_000_000
"""What is added to the number of a key of a table, to tell it from a field."""
_NUMBERS = {"_row": "BIGINT", "_line": "BIGINT", "_width": "BIGINT", "_faults": "BIGINT"}
QUOTED = "quote = '\"', escape = '\"'"
"""How cells are quoted, in the options of DuckDB's reader."""


def library() -> Any:
    """Give DuckDB.

    Raises:
        MissingLibraryError: it is not installed.
    """
    try:
        import duckdb
    except ImportError:
        raise MissingLibraryError("the engine duckdb", "duckdb", "scale") from None
    return duckdb


def told(error: Exception, folder: Path) -> str:
    """Give what an engine says of an error, in one line and without the folder's path."""
    return str(error).strip().splitlines()[0].replace(f"{folder}/", "")


@dataclass(slots=True)
class Part:
    """A file that was judged: its rows are in a relation of the engine."""

    columns: Columns
    first_row: int
    """The number of its first record of content."""
    first_line: int
    """The line on which that begins; 0 where rows have no lines."""
    exact: bool
    """Whether each row has its number and its line with it."""


class Run(ABC):
    """One check of a package: its tables one after the other, then what concerns several.

    By the number `t` of the table and `p` of the file there are these relations: `k_t_p`, the rows of a file with their keys
    and what is wrong with each; `b_t`, what is wrong with cells and rows; `j_t`, what Python said of cells.
    """

    engine = ""
    """The name of the engine."""
    dialect: Dialect

    def __init__(self, plan: Plan, folder: Path, scratch: Path, connection: Any, progress: Progress | None) -> None:
        """Begin a check.

        Args:
            plan: what the tables must be.
            folder: that of the descriptor.
            scratch: a folder for temporary files.
            connection: DuckDB, which reads and sorts whatever engine judges.
            progress: called now and then.
        """
        self.plan, self.folder, self.scratch, self.connection, self.progress = plan, folder, scratch, connection, progress
        self.start = time.monotonic()
        self.parts: dict[tuple[int, int], Part] = {}
        self.notes: list[str] = []
        self.names: dict[tuple[int, int, int], tuple[str, int]] = {}
        """What a problem names, and its place among the fields, by table, file (or -1 for all) and number."""
        self.found = 0
        self.wanted: dict[str, set[str]] = {table.name: set() for table in plan.tables}
        for table in plan.tables:
            for reference in table.references:
                self.wanted[reference.resource].update(reference.to)

    # What engines do each in their own way -------------------------------------------------------------------------------

    numbers_rows = False
    """Whether the rows of every file have their number and line with them, so that they can be spread over machines."""

    @abstractmethod
    def judge_parquet(self, number: int, part: int, source: Source) -> None:
        """Judge the rows of a Parquet file, which DuckDB sees as texts, and keep `k_t_p`."""

    @abstractmethod
    def judge_plain(self, number: int, part: int, start: Start, relation: str) -> tuple[int, int, int]:
        """Judge the rows of a CSV file as DuckDB reads it, and keep `k_t_p`; give the sums by which that is proved."""

    @abstractmethod
    def judge_records(self, number: int, part: int, relation: str, count: int) -> None:
        """Judge some records that were read exactly, and add them to `k_t_p`; `count` is how often that was done before."""

    @abstractmethod
    def finish_file(self, number: int, part: int, *, marked: bool) -> None:
        """Judge the rows of a file that were only numbered so far; `marked` is whether cells can begin with `lexical.MARK`."""

    @abstractmethod
    def keep(self, name: str, query: str) -> None:
        """Keep what a query gives, as a relation."""

    @abstractmethod
    def asked(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Give the rows of a query, one after the other."""

    @abstractmethod
    def note(self, query: str) -> None:
        """Note the problems that a query gives: `t`, `part`, `r`, `f`, `code`, `v` and `line`."""

    def surely_differ(self, relation: str, columns: Sequence[str]) -> bool:  # noqa: ARG002  # an engine may know a quick way
        """Say whether no key stands in a relation twice; where that is not sure, it is looked for."""
        return False

    @abstractmethod
    def share(self, name: str) -> None:
        """Let the engine see a table of DuckDB."""

    @abstractmethod
    def gather(self) -> None:
        """Bring what was noted to DuckDB, with the rows `k_t_p` that have their line with them."""

    # The order of things -------------------------------------------------------------------------------------------------

    def run(self, statement: str, values: Sequence[object] = ()) -> Any:
        """Run a statement in DuckDB."""
        return self.connection.execute(statement, values) if values else self.connection.execute(statement)

    def verdict(self, reason: str, limit: int, findings_out: Path | None) -> Verdict:
        """Check the package.

        Args:
            reason: why this engine was taken.
            limit: how many problems the verdict holds at most.
            findings_out: where to write all of them.
        """
        self.run("CREATE TABLE problems (t INTEGER, part INTEGER, r BIGINT, f INTEGER, code INTEGER, v VARCHAR, line BIGINT)")
        self.run(f"CREATE TABLE codes AS SELECT * FROM (VALUES {_listed(enumerate(BIT.values()))}) AS v (code, bit)")
        self.share("codes")
        rows = {}
        for number, table in enumerate(self.plan.tables):
            for n, one in enumerate(table.fields):
                self.names[number, -1, n] = one.name, n
            rows[table.name] = sum(self._judge_file(number, part) for part in range(len(table.paths)))
            parts = (self.dialect.exploded(self._rows(number, part), "part, r") for part in range(len(table.paths)))
            self.keep(f"b_{number}", " UNION ALL ".join(parts))
            self.found += next(self.asked(f"SELECT count(*) FROM b_{number}"))[0]
            self._ask(number)
            self._note_broken(number)
        for number in range(len(self.plan.tables)):
            self._check_keys(number)
        self.gather()
        return self._told_of(reason, rows, limit, findings_out)

    def _judge_file(self, number: int, part: int) -> int:
        table = self.plan.tables[number]
        with opened(self.folder, table.paths[part]) as file:
            before = mark_of(file)
            if table.format == "parquet":
                self._read_parquet(number, part)
            elif not self._read_plain(number, part):
                self._read_exactly(number, part)
            if mark_of(file) != before:
                raise EngineError(f"{table.paths[part]}: the file changed while it was read")
        count: int = next(self.asked(f"SELECT count(*) FROM k_{number}_{part}"))[0]
        known = {one.name for one in table.fields}
        for n, one in enumerate(self.parts[number, part].columns.fields):
            if one.name not in known:
                self.names[number, part, UNKNOWN + n] = one.name, -1
        self.report(table.paths[part], count)
        return count

    # One file ------------------------------------------------------------------------------------------------------------

    def _named(self, path: str) -> Path:
        """Give a path by which DuckDB sees one file: a link in the scratch folder where the name looks like several."""
        whole = self.folder / path
        if not _PLAIN_PATH & set(str(whole)):
            return whole
        link = self.scratch / f"{len(list(self.scratch.iterdir()))}.link"
        link.symlink_to(whole)
        return link

    def _read_parquet(self, number: int, part: int) -> None:
        table = self.plan.tables[number]
        path = table.paths[part]
        try:
            columns, source = parquet_source(self.connection, table, self._named(path))
        except library().Error as error:
            raise EngineError(f"{path}: cannot be read as Parquet: {told(error, self.folder)}") from None
        self.parts[number, part] = Part(columns, 1, 0, exact=self.numbers_rows)
        self.judge_parquet(number, part, source)
        self.finish_file(number, part, marked=source.marked)
        self._note_header(number, part, columns, None)

    def _read_plain(self, number: int, part: int) -> bool:
        """Judge a CSV file as DuckDB reads it; say whether it is proved that this is what stands there."""
        table = self.plan.tables[number]
        path, dialect = table.paths[part], table.dialect
        if table.format != "csv" or table.encoding != "utf-8" or not dialect.is_plain:
            return False
        start = start_of(self.folder, table, part)
        if start is None:
            return False
        cells = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(start.columns.fields)))
        packed = {"gz": "gzip", "zst": "zstd", "": "none"}[table.packed[part]]
        text = DUCKDB.text
        relation = (
            f"read_csv({text(str(self._named(path)))}, columns = {{{cells}}}, auto_detect = false, "
            f"header = {'true' if dialect.header else 'false'}, delim = {text(dialect.delimiter)}, {QUOTED}, "
            f"nullstr = {text(_NEVER)}, strict_mode = true, store_rejects = true, rejects_limit = 1, compression = '{packed}', "
            "max_line_size = 2000000, encoding = 'utf-8')"
        )
        self.parts[number, part] = Part(start.columns, dialect.header + 1, start.first_line, exact=self.numbers_rows)
        try:
            with Count(self.folder, table, part, start.size) as count:
                rows, size, quotes = self.judge_plain(number, part, start, relation)
            rejected = self.run("SELECT count(*) FROM reject_errors").fetchone()[0]
            proved = not rejected and count.accounts_for(start, rows, size, quotes)
        except library().InvalidInputException:
            proved = False  # The reader gave up, and has nothing to say about the file as a whole.
        for one in ("reject_errors", "reject_scans"):
            self.run(f"DROP TABLE IF EXISTS {one}")
        if not proved:
            self.notes.append(f"{path}: read in the exact way, as it is not plain CSV throughout")
            return False
        self.finish_file(number, part, marked=False)
        self._note_header(number, part, start.columns, start.header)
        return True

    def _read_exactly(self, number: int, part: int) -> None:
        """Judge a file as it is read exactly: in chunks that are written out plainly for DuckDB."""
        table = self.plan.tables[number]
        path = table.paths[part]
        with reading(self.folder, table, part) as file:
            columns = file.columns
            width = len(columns.fields)
            self.parts[number, part] = Part(columns, 0, 0, exact=True)
            self._note_header(number, part, columns, file.header)
            rows = count = 0
            while (chunk := list(islice(file.records, _CHUNK))) or not count:
                relation = self.handed(_cells_of(chunk, width), _record_kinds(width), "chunk.csv")
                self.judge_records(number, part, relation, count)
                count += 1
                rows += len(chunk)
                self.report(path, rows)
            self.finish_file(number, part, marked=True)

    def sums(self, relation: str) -> tuple[int, int, int]:
        """Give by what a file is proved: how many rows a relation has, the bytes of their cells, and the quotes in them."""
        told = "SELECT count(*), coalesce(sum(_bytes), 0)::BIGINT, coalesce(sum(_quotes), 0)::BIGINT"
        rows, size, quotes = self.run(f"{told} FROM {relation}").fetchone()
        return rows, size, quotes

    def watched(self, statement: str, path: str) -> None:
        """Run a statement of DuckDB that takes long, and report now and then how far it is."""
        if self.progress is None:
            self.run(statement)
            return
        done = threading.Event()

        def tell() -> None:
            while not done.wait(0.5):
                self.report(f"{path} {max(0.0, self.connection.query_progress()):.0f} %", 0)

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        try:
            self.run(statement)
        finally:
            done.set()
            teller.join()

    def report(self, path: str, rows: int) -> None:
        """Tell how far the check is."""
        if self.progress is not None:
            self.progress(path, rows, self.found, time.monotonic() - self.start)

    def columns(self, number: int, part: int) -> Columns:
        """Give the columns of a file; a table without any still has rows, each of which is blank."""
        columns = self.parts[number, part].columns
        return columns if columns.fields else columns._replace(fields=(Field(""),))

    def keys(self, number: int) -> tuple[str, ...]:
        """Give the fields of a table whose values are needed for keys."""
        table = self.plan.tables[number]
        return key_fields(table, self.wanted[table.name])

    def _note_header(self, number: int, part: int, columns: Columns, header: Record | None) -> None:
        """Note what is wrong with the header of a file."""
        known = {one.name: n for n, one in enumerate(self.plan.tables[number].fields)}
        for n, (row, line, name, label, code) in enumerate(header_faults(columns, header)):
            f = known.get(name, UNKNOWN * 4 + n) if name else WHOLE_ROW
            self.names.setdefault((number, part, f), (name, -1)) if f >= UNKNOWN else None
            values = [number, part, row, f, CODES.index(code), cut(label), line]
            self.run("INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def handed(self, rows: Iterable[Sequence[object]], kinds: Mapping[str, str], name: str) -> str:
        """Write rows where DuckDB reads them, and give the relation.

        Args:
            rows: their values.
            kinds: the type of each column, by its name.
            name: what the temporary file is called.
        """
        path = self.scratch / name
        longest = 0
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            write = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
            for row in rows:
                longest = max(longest, write(row))
        return plain_csv(path, kinds, 4 * longest)

    def _rows(self, number: int, part: int) -> str:
        """Give the judged rows of a file as a relation with `part` and the number of the record `r`."""
        one = self.parts[number, part]
        row = "_row" if one.exact else f"rowid + {one.first_row}"
        return f"(SELECT {part} AS part, {row} AS r, * FROM k_{number}_{part}) AS k"

    # What SQL cannot tell ------------------------------------------------------------------------------------------------

    def _ask(self, number: int) -> None:
        """Judge in Python, over distinct values, the cells that SQL cannot."""
        table = self.plan.tables[number]
        kinds = {"f": "INTEGER", "v": "VARCHAR", "s": "BIGINT", "key": "VARCHAR"}
        self.run(f"CREATE TABLE j_{number} ({', '.join(f'{name} {kind}' for name, kind in kinds.items())})")
        asked = self.asked(f"SELECT DISTINCT f, v FROM b_{number} WHERE s = {ASK}")
        while several := list(islice(asked, _ASKED)):
            answers = ([f, cell, *_answer(table, f, cell)] for f, cell in several)
            self.run(f"INSERT INTO j_{number} SELECT * FROM {self.handed(answers, kinds, 'answers.csv')}")
        self.share(f"j_{number}")

    def _note_broken(self, number: int) -> None:
        table = self.plan.tables[number]
        later = [next(n for n, one in enumerate(table.fields) if one.name == name) for _, name in table.ordered]
        field, value = "f", "v"
        if later:
            cases = " ".join(f"WHEN f = {PAIR + n} THEN {one}" for n, one in enumerate(later))
            second = f"split_part(v, {self.dialect.text(BETWEEN)}, 2)"
            field, value = f"CASE {cases} ELSE f END", f"CASE WHEN f >= {PAIR} THEN {second} ELSE v END"
        broken = broken_sql(f"b_{number}", f"j_{number}", "codes", self.dialect)
        self._note(number, broken, field, "code", value)

    def _note(self, number: int, query: str, field: object, code: object, value: str) -> None:
        columns = f"{number} AS t, part, r, {field} AS f, {code} AS code, {value} AS v"
        self.note(f"SELECT {columns}, CAST(NULL AS BIGINT) AS line FROM ({query}) AS q")

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
        nothing = f"CAST(NULL AS {self.dialect.text_type})"
        parts = []
        for part in range(len(table.paths)):
            has = self.parts[number, part].columns.known
            if known and not has.issuperset(names):
                continue
            cells = [f"k_{n}" if name in has else f"{nothing} AS k_{n}" for n, name in zip(numbers, names, strict=True)]
            read = " WHERE _width >= 0" if self.parts[number, part].exact else ""
            parts.append(f"SELECT part, r, {', '.join(cells)} FROM {self._rows(number, part)}{read}")
        if not parts:
            return None
        told = f"s = {ASK} OR s % {2 * BIT['cells-have-their-type']} = 1"
        doubted = {f for (f,) in self.asked(f"SELECT DISTINCT f FROM b_{number} WHERE {told}")} & {*numbers}
        rows = f"({' UNION ALL '.join(parts)})"
        return f"({resolved_sql(rows, numbers, doubted, f'b_{number}', f'j_{number}')})" if doubted else rows

    def _check_keys(self, number: int) -> None:
        table, dialect = self.plan.tables[number], self.dialect
        place = {one.name: n for n, one in enumerate(table.fields)}
        asked: list[tuple[str, tuple[str, ...]]] = list(keys_of(table, frozenset(place)))
        for n, (code, names) in enumerate(asked):
            if (rows := self._key_rows(number, names, known=True)) is not None:
                columns = [f"k_{place[name]}" for name in names]
                if not self.surely_differ(f"{rows} AS k", columns):
                    query = repeated_sql(f"{rows} AS k", columns, dialect, whole=code != PRIMARY)
                    self._note_keys(number, n, code, names, query)
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
                    held = f"(SELECT {', '.join(f'CAST(NULL AS {dialect.text_type}) AS {one}' for one in to)} WHERE FALSE)"
                query = dangling_sql(f"{rows} AS k", columns, f"{held} AS held", to, dialect)
                self._note_keys(number, n, REFERENCES, reference.fields, query)
        for n, dense in enumerate(table.dense, len(asked) + len(table.references)):
            names = tuple(dict.fromkeys((*dense.within, dense.position)))
            if (rows := self._key_rows(number, names, known=False)) is not None:
                within = [f"k_{place[name]}" for name in dense.within]
                query = gaps_sql(f"{rows} AS k", within, f"k_{place[dense.position]}", dialect)
                self._note_keys(number, n, DENSE, (dense.position,), query, "v")

    def _note_keys(self, number: int, n: int, code: str, names: tuple[str, ...], query: str, value: str = "''") -> None:
        self.names[number, -1, _KEY + n] = (
            ",".join(names),
            next(place for place, one in enumerate(self.plan.tables[number].fields) if one.name == names[0]),
        )
        self._note(number, query, _KEY + n, CODES.index(code), value)

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
            return Verdict(self.engine, reason, rows, {}, (), None, tuple(self.notes))
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
            "ORDER BY p.t, p.part, p.r, coalesce(n.place, -1), c.rule, coalesce(n.field, ''), p.v"
        )
        if out is not None:
            form = "FORMAT parquet, COMPRESSION zstd" if out.suffix == ".parquet" else "FORMAT csv, HEADER"
            self.run(f"COPY ({query}) TO {text(str(out))} ({form})")
        problems = tuple(Problem(*one) for one in self.run(f"{query} LIMIT {int(limit)}").fetchall())
        return Verdict(self.engine, reason, rows, dict(sorted(counts.items())), problems, None, tuple(self.notes))


def _listed(rows: Iterable[Iterable[object]]) -> str:
    return ", ".join(f"({', '.join(map(str, row))})" for row in rows)


def plain_csv(path: Path, kinds: Mapping[str, str], longest: int) -> str:
    """Give a CSV file that was written here as a relation of DuckDB.

    Args:
        path: the file.
        kinds: the type of each column, by its name.
        longest: the bytes of its longest row at most.
    """
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in kinds.items())
    return (
        f"read_csv({DUCKDB.text(str(path))}, columns = {{{columns}}}, auto_detect = false, header = false, delim = ',', "
        f"{QUOTED}, nullstr = {DUCKDB.text(_ABSENT)}, allow_quoted_nulls = true, new_line = '\\n', parallel = false, "
        "compression = 'none', "
        f"max_line_size = {max(longest, 2_000_000)}, buffer_size = {max(2 * longest, 16_000_000)})"
    )


def _record_kinds(width: int) -> dict[str, str]:
    """Give the columns of records that are handed to an engine, with their types: four numbers, and as many cells."""
    return _NUMBERS | {f"c{n}": "VARCHAR" for n in range(max(width, 1))}


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
