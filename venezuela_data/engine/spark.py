"""Judges tables with Spark, on one machine or many: the same plan and the same SQL, on rows that have their numbers with them.

Files are read, numbered and proved here first, and written as Parquet. Spark's own reader of CSV is not used: where a file is
split, it takes every line break in a quoted cell for the end of a row. What Python must judge comes back here, over distinct
values, and so does the outcome, which DuckDB sorts and writes. May import whatever stands before `engine`, and the modules
beside it.
"""

# ruff: noqa: S608  # every name in a statement is made here, and every text of a package is a literal of the dialect

from __future__ import annotations

import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ..findings import MissingLibraryError
from .duck import connect, scratch_folder
from .plan import Plan
from .proof import Start
from .run import Run, library, told
from .sql import DUCKDB, SPARK, Source, numbered_sql, rows_sql
from .verdict import EngineError, Progress, Verdict, written

_SPLIT = 8_000_000
"""Bytes of a numbered file that one task takes at most: cells pack well, and a task is to have work for a second or so."""
_TOGETHER = 20
"""Questions about keys that are put to Spark as one."""


def check_in_spark(
    plan: Plan,
    folder: Path,
    *,
    reason: str = "it was asked for",
    memory: int | None = None,
    limit: int = 1_000,
    findings_out: Path | None = None,
    progress: Progress | None = None,
    remote: str | None = None,
    shared: Path | None = None,
) -> Verdict:
    """Judge the tables of a plan.

    Without `remote` it takes the session of the script in which it runs, as under `spark-submit`, or else starts Spark on this
    machine, which needs Java 17 or later.

    Args:
        plan: what the tables must be.
        folder: that of the descriptor.
        reason: why this engine was taken.
        memory: the bytes that this process may take, about; Spark has its own settings.
        limit: how many problems the verdict holds at most.
        findings_out: where to write all of them, as CSV or, by its name, Parquet.
        progress: called now and then.
        remote: the address of a Spark Connect server, as `sc://localhost:15002`.
        shared: a folder that all machines of a cluster see by the same path; on one machine none is needed.

    Raises:
        MissingLibraryError: pyspark is not installed.
        EngineError: a file cannot be read, the disk is full, or Spark cannot be reached or gives up.
    """
    duckdb = library()
    root = folder.resolve()
    files = [root / path for table in plan.tables for path in table.paths]
    with scratch_folder() as scratch, _shared_folder(shared, scratch) as common, written(findings_out) as out:
        connection = connect(scratch, [*files, *([out] if out else [])], [common], memory)
        try:
            with _session(remote, scratch) as spark:
                verdict = _Run(plan, root, scratch, common, connection, spark, progress).verdict(reason, limit, out)
        except duckdb.Error as error:
            raise EngineError(f"duckdb: {told(error, root)}") from None
        except OSError as error:
            raise EngineError(f"cannot write what is handed to Spark: {error.strerror or error}") from None
        finally:
            connection.close()
    return verdict._replace(findings_path=findings_out)


@contextmanager
def _shared_folder(shared: Path | None, scratch: Path) -> Iterator[Path]:
    """Make a folder for what Spark reads and writes, which is removed in the end."""
    if shared is None:
        yield scratch
        return
    try:
        made = Path(tempfile.mkdtemp(prefix="venezuela-data-engine-", dir=shared.resolve()))
    except OSError as error:
        raise EngineError(f"{shared}: cannot be written: {error.strerror or error}") from None
    # The workers of a cluster may run as another user.
    made.chmod(0o777)  # what stands there is removed in the end, and names nobody
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _session(remote: str | None, scratch: Path) -> Iterator[Any]:
    """Give a session of its own, with the settings on which the SQL relies.

    Raises:
        MissingLibraryError: pyspark is not installed.
        EngineError: Spark cannot be started or reached, or a statement fails.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession

        if remote:
            import grpc  # noqa: F401  # without it Spark Connect is not there, and says so only when it is used
    except ImportError:
        raise MissingLibraryError("the engine spark", "pyspark", "spark") from None
    found = None if remote else SparkSession.getActiveSession()
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    builder: Any = SparkSession.builder
    if remote:
        _greet(remote)
        builder = builder.remote(remote)
    elif found is None and not submitted:
        if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
            raise EngineError("the engine spark needs Java 17 or later, which is not found: install it, or give --remote")
        settings = {
            "spark.master": "local[*]",
            "spark.app.name": "venezuela-data",
            "spark.ui.enabled": "false",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.local.dir": str(scratch),
            "spark.sql.warehouse.dir": str(scratch / "warehouse"),
            "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
        }
        for name, value in settings.items():
            builder = builder.config(name, value)
    try:
        with _quiet(scratch / "spark.log"):
            first = found or (builder.create() if remote and not remote.startswith("local") else builder.getOrCreate())
        spark = first if remote else first.newSession()
        try:
            for name, value in _SETTINGS.items():
                spark.conf.set(name, value)
            yield spark
        finally:
            if found is None:
                # Whoever was cut off from Spark cannot take leave of it either.
                with suppress(Exception):
                    first.stop()
    except EngineError:
        raise
    except Exception as error:
        if not (isinstance(error, PySparkException) or type(error).__module__.startswith(("py4j", "grpc"))):
            raise
        raise EngineError(f"spark: {str(error).strip().splitlines()[0][:300]}") from None


def _greet(remote: str) -> None:
    """See that somebody listens at the address of a server; the client would try for minutes before it says that nobody does.

    Raises:
        EngineError: nobody does, or it is no such address.
    """
    if remote.startswith("local"):
        return
    found = _ADDRESS.match(remote)
    if found is None:
        raise EngineError(f"{remote!r} is no address of a Spark Connect server: write sc://HOST or sc://HOST:PORT")
    try:
        socket.create_connection((found[1].strip("[]"), int(found[2] or 15_002)), timeout=10).close()
    except (OSError, OverflowError) as error:
        raise EngineError(
            f"{remote}: no Spark Connect server answers: {error.strerror if isinstance(error, OSError) else error}"
        ) from None


_ADDRESS = re.compile(r"sc://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?(?:/.*)?$")
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.files.maxPartitionBytes": str(_SPLIT),
}
"""What must be the same wherever the SQL runs."""


@contextmanager
def _quiet(log: Path) -> Iterator[None]:
    """Send what a process that is started here says on standard error to a file: Spark talks much when it starts."""
    kept = os.dup(2)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


class _Run(Run):
    """A check in which Spark judges."""

    engine = "spark"
    dialect = SPARK
    numbers_rows = True

    def __init__(
        self,
        plan: Plan,
        folder: Path,
        scratch: Path,
        common: Path,
        connection: Any,
        spark: Any,
        progress: Progress | None,
    ) -> None:
        super().__init__(plan, folder, scratch, connection, progress)
        self.common, self.spark = common, spark
        self.noted: list[str] = []

    def judge_parquet(self, number: int, part: int, source: Source) -> None:
        width = len(self.columns(number, part).fields)
        cells = "".join(f", c{n}" for n in range(width))
        rows = (
            f"SELECT row_number() OVER () AS _row, 0::BIGINT AS _line, {width}::BIGINT AS _width, 0::BIGINT AS _faults{cells}"
        )
        path = self._numbered(number, part) / "0.parquet"
        self.watched(_copy(f"{rows} FROM {source.relation}", path), self.plan.tables[number].paths[part])

    def judge_plain(self, number: int, part: int, start: Start, relation: str) -> tuple[int, int, int]:
        table = self.plan.tables[number]
        path = self._numbered(number, part) / "0.parquet"
        rows = numbered_sql(len(start.columns.fields), relation, table.dialect.header + 1, start.first_line, DUCKDB)
        self.watched(_copy(rows, path), table.paths[part])
        return self.sums(f"read_parquet({DUCKDB.text(str(path))})")

    def judge_records(self, number: int, part: int, relation: str, count: int) -> None:
        folder = self._numbered(number, part)
        if not count:
            # What stands there from the quick way is not proved.
            shutil.rmtree(folder)
        self.run(_copy(f"SELECT * FROM {relation}", self._numbered(number, part) / f"{count}.parquet"))

    def _numbered(self, number: int, part: int) -> Path:
        folder = self.common / f"n_{number}_{part}"
        folder.mkdir(exist_ok=True)
        return folder

    def finish_file(self, number: int, part: int, *, marked: bool) -> None:
        columns = self.columns(number, part)
        folder = self._numbered(number, part)
        self.spark.read.parquet(str(folder)).createOrReplaceTempView(folder.name)
        source = Source(folder.name, exact=True, marked=marked)
        self.keep(f"k_{number}_{part}", rows_sql(self.plan.tables[number], columns, self.keys(number), source, SPARK))
        shutil.rmtree(folder)

    def keep(self, name: str, query: str) -> None:
        if not name.startswith("k_"):
            self.spark.sql(query).createOrReplaceTempView(name)
            return
        self._written(name, query).createOrReplaceTempView(name)

    def _written(self, name: str, query: str) -> Any:
        made = self.spark.sql(query)
        path = str(self.common / name)
        made.write.mode("overwrite").parquet(path)
        return self.spark.read.schema(made.schema).parquet(path)

    def asked(self, query: str) -> Iterator[tuple[Any, ...]]:
        yield from self.spark.sql(query).toLocalIterator()

    def note(self, query: str) -> None:
        self.noted.append(query)

    def share(self, name: str) -> None:
        path = self.common / f"{name}.parquet"
        self.run(_copy(f"SELECT * FROM {name}", path))
        self.spark.read.parquet(str(path)).createOrReplaceTempView(name)

    def gather(self) -> None:
        for at in range(0, len(self.noted), _TOGETHER):
            name = f"problems_{at}"
            written = self._written(name, " UNION ALL ".join(self.noted[at : at + _TOGETHER])).count()
            seen = 0
            if files := self._files(name):
                problems = f"SELECT t, part, r, f, code, v, line FROM read_parquet({files})"
                (seen,) = self.run(f"INSERT INTO problems {problems}").fetchone()
            if seen != written:
                raise EngineError("what Spark wrote is not all seen here: give --shared a folder that all machines see")
        for number, part in self.parts:
            name = f"k_{number}_{part}"
            files = self._files(name)
            rows = f"SELECT _row, _line FROM read_parquet({files})" if files else "SELECT 0 AS _row, 0 AS _line WHERE FALSE"
            self.run(f"CREATE VIEW {name} AS {rows}")

    def _files(self, name: str) -> str:
        """List the files that Spark wrote, for DuckDB; nothing where there is none."""
        files = sorted((self.common / name).glob("*.parquet"))
        return f"[{', '.join(DUCKDB.text(str(one)) for one in files)}]" if files else ""


def _copy(query: str, path: Path) -> str:
    return f"COPY ({query}) TO {DUCKDB.text(str(path))} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 100_000)"
