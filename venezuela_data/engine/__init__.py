"""The engine: holds the tables of any data package against its Table Schemas, few rows or hundreds of millions.

One compiled plan, and several engines that read it with the same verdict, problem by problem: `memory` for small tables, which
is also the reference, `duckdb` above that, and `spark` beyond one machine. Which cells are right is said once, in `judging`;
the SQL of the engines is written once, in `sql`. `check` chooses. Nothing is fetched. May import whatever stands before it.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, get_args

from .codes import RULES
from .plan import Plan, PlanError, compile_plan
from .reading import opened
from .verdict import EngineError, Problem, Progress, Verdict, written

__all__ = [
    "ENGINES",
    "MAX_SMALL",
    "RULES",
    "EngineError",
    "EngineName",
    "Plan",
    "PlanError",
    "Problem",
    "Progress",
    "Verdict",
    "check",
    "compile_plan",
    "is_large",
    "read_plan",
]

EngineName = Literal["auto", "memory", "duckdb", "spark"]
ENGINES: tuple[str, ...] = get_args(EngineName)

MAX_SMALL = 15_000
"""Rows up to which plain Python is quicker than an engine with its start; from `benchmarks/`."""
_ROW_BYTES = 120
"""Bytes of a row where nothing is known of a file but its size: a row of a dozen short cells."""
_MAX_DESCRIPTOR = 20_000_000


def read_plan(source: str | os.PathLike[str]) -> tuple[Plan, Path]:
    """Read a descriptor, with the schemas and dialects that are files of their own, and compile it.

    Args:
        source: a `datapackage.json`, or a folder with one in it or in `datasets/`.

    Returns:
        The plan, and the folder to which its paths belong.

    Raises:
        PlanError: the descriptor is none, or asks for what no plan can express.
        EngineError: it cannot be read.
    """
    path = Path(source)
    if path.is_dir():
        inner = [path / "datapackage.json", path / "datasets" / "datapackage.json"]
        path = next((one for one in inner if one.is_file()), inner[0])
    descriptor = _read_json(path.parent, path.name)
    named: dict[str, Any] = {}
    listed = descriptor.get("resources") if isinstance(descriptor, dict) else None
    for n, resource in enumerate(listed if isinstance(listed, list) else ()):
        for key in ("schema", "dialect"):
            at = resource.get(key) if isinstance(resource, dict) else None
            if isinstance(at, str) and at not in named:
                if ":" in at or at.startswith(("/", "~")) or ".." in at.split("/"):
                    raise PlanError(
                        ("resources", n, key), f"{at!r}, which is not below the folder of the descriptor", path.name
                    )
                named[at] = _read_json(path.parent, at)
    return compile_plan(descriptor, named=named, path=path.name), path.parent


def _read_json(folder: Path, path: str) -> Any:
    try:
        with opened(folder, path) as file:
            data = file.read(_MAX_DESCRIPTOR + 1)
        if len(data) > _MAX_DESCRIPTOR:
            raise EngineError(f"{path}: more than {_MAX_DESCRIPTOR:,} bytes")
        return json.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise EngineError(f"{path}: cannot be read: {error.strerror or error}") from None
    except RecursionError:
        raise PlanError((), "JSON that is nested too deep", path) from None
    except ValueError as error:
        raise PlanError((), f"no JSON: {error}", path) from None


def check(
    source: str | os.PathLike[str],
    *,
    engine: EngineName | str = "auto",
    memory: int | None = None,
    findings_out: str | os.PathLike[str] | None = None,
    limit: int = 1_000,
    progress: Progress | None = None,
    remote: str | None = None,
    shared: str | os.PathLike[str] | None = None,
) -> Verdict:
    """Hold the tables of a data package against its schemas.

    Args:
        source: a `datapackage.json`, or a folder with one in it or in `datasets/`.
        engine: `memory`, `duckdb` or `spark`; `auto` takes memory up to about 15,000 rows, and DuckDB above that.
        memory: bytes that the process may take, about, for `duckdb` and what it does for `spark`; the rest goes to disk.
        findings_out: a file for all findings: CSV, or Parquet where its name ends so. It replaces one that is there.
        limit: how many findings the verdict holds; all are counted.
        progress: called now and then with the file, its rows so far, the findings so far and the seconds since the start.
        remote: the address of a Spark Connect server, for `spark`.
        shared: a folder that all machines of a cluster see by the same path, for `spark`.

    Raises:
        PlanError: the package asks for what cannot be checked, which is said before any row is read.
        EngineError: a file cannot be read, the disk is full, or the memory does not suffice.
        MissingLibraryError: the engine is not installed; the message names the extra.
        ValueError: there is no such engine.
    """
    if engine not in ENGINES:
        raise ValueError(f"there is no engine {engine!r}: {', '.join(ENGINES)}")
    plan, folder = read_plan(source)
    out = None if findings_out is None else Path(findings_out)
    reason = "it was asked for"
    if engine == "auto":
        engine, reason = _chosen(plan, folder)
    if engine == "spark":
        from .spark import check_in_spark

        common = None if shared is None else Path(shared)
        return check_in_spark(
            plan,
            folder,
            reason=reason,
            memory=memory,
            limit=limit,
            findings_out=out,
            progress=progress,
            remote=remote,
            shared=common,
        )
    if engine == "duckdb":
        from .duck import check_in_duckdb

        return check_in_duckdb(plan, folder, reason=reason, memory=memory, limit=limit, findings_out=out, progress=progress)

    from .memory import check_in_memory

    with written(out) as made:
        verdict, problems = check_in_memory(plan, folder, reason=reason, limit=limit, progress=progress)
        if made is not None:
            _write(made, problems)
    return verdict._replace(findings_path=out)


def is_large(descriptor: Path) -> bool:
    """Say whether a package has so many rows that an engine is the way; what cannot be told is not."""
    try:
        told = _read_json(descriptor.parent, descriptor.name)
        listed = [one for one in told["resources"] if isinstance(one, dict)]
        paths = [path for one in listed for path in (one["path"] if isinstance(one.get("path"), list) else [one.get("path")])]
        return (
            sum(_rows(descriptor.parent, str(path), _packed(str(path))) for path in paths if _is_table(str(path))) > MAX_SMALL
        )
    except (EngineError, PlanError, KeyError, TypeError, OSError, ValueError):
        return False


def _is_table(path: str) -> bool:
    return path.lower().removesuffix(".gz").removesuffix(".zst").endswith((".csv", ".tsv", ".jsonl", ".ndjson", ".parquet"))


def _packed(path: str) -> str:
    ending = path.lower().rpartition(".")[2]
    return ending if ending in ("gz", "zst") else ""


def _chosen(plan: Plan, folder: Path) -> tuple[str, str]:
    """Choose an engine by about how many rows there are, which is told from the bytes of the files and of their first rows."""
    rows = sum(
        _rows(folder, path, packed) for table in plan.tables for path, packed in zip(table.paths, table.packed, strict=True)
    )
    about = f"about {rows:,.0f} rows"
    needs = any(table.format == "parquet" for table in plan.tables)
    if rows <= MAX_SMALL and not needs:
        return "memory", f"{about}, not more than {MAX_SMALL:,}"
    if find_spec("duckdb") is None and not needs:
        return "memory", f"{about}, and duckdb is not installed: pip install 'venezuela-data[scale]'"
    return "duckdb", "there is a Parquet file" if rows <= MAX_SMALL else f"{about}, more than {MAX_SMALL:,}"


def _rows(folder: Path, path: str, packed: str) -> float:
    with opened(folder, path) as file:
        size = os.fstat(file.fileno()).st_size
        head = b"" if packed or path.lower().endswith(".parquet") else file.read(1 << 16)
    if packed:
        return size * 5 / _ROW_BYTES  # texts of tables become about a fifth
    return size * head.count(b"\n") / len(head) if head else size / _ROW_BYTES


def _write(path: Path, problems: Iterable[Problem]) -> None:
    """Write findings as CSV, or as Parquet by the name of the file."""
    columns = ("resource", "file", "row", "line", "field", "value", "rule")
    rows = ([getattr(one, name) for name in columns] for one in problems)
    if path.suffix == ".parquet":
        from .duck import write_parquet

        write_parquet(path, rows)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
