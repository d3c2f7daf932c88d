"""One subject of the benchmark of engines, in a process of its own: it judges the invented events and prints what it took.

`python engine_peers.py SUBJECT FOLDER` prints the seconds from a package on disk to a verdict, with the libraries loaded
already, and how many breaches were found. Each peer is used as its documentation says, with the glue that keys across rows
and tables need; none sees how the others work. Measures nothing but itself.
"""

# ruff: noqa: S608  # every text in a statement is of this file

from __future__ import annotations

import csv
import json
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

KINDS = ("protest", "strike", "statement", "sanction", "negotiation", "movement", "claim", "other")
ID, URL, MOMENT = "EVT-[0-9]{9}", r"https?://[^\s]+", r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
COLUMNS = "id date kind title description lat lon url actor_id fatalities confirmed recorded".split()


class Keys:
    """The keys of the events, for peers that see one row at a time."""

    def __init__(self, folder: Path) -> None:
        with (folder / "actors.csv").open(encoding="utf-8", newline="") as file:
            self.actors = {row["id"] for row in csv.DictReader(file)}
        self.ids: set[str] = set()
        self.urls: set[str] = set()

    def breaches(self, row: dict[str, str]) -> int:
        found = (row["id"] in self.ids) + (row["url"] in self.urls) + (row["actor_id"] not in self.actors)
        self.ids.add(row["id"])
        self.urls.add(row["url"])
        return found


def _by_rows(folder: Path, judge: Callable[[dict[str, str]], int]) -> int:
    keys = Keys(folder)
    with (folder / "events.csv").open(encoding="utf-8", newline="") as file:
        return sum(judge(row) + keys.breaches(row) for row in csv.DictReader(file))


def raw(folder: Path) -> Callable[[], int]:
    """Scan both files with DuckDB, every cell as text and every column counted: what reading alone takes.

    Of Parquet the bytes of all cells are summed up, since DuckDB counts the cells without reading them.
    """
    import duckdb

    def run() -> int:
        connection = duckdb.connect()
        for name in ("events", "actors"):
            file = folder / f"{name}.parquet"
            if file.is_file():
                relation = f"read_parquet('{file}')"
            else:
                relation = f"read_csv('{folder / name}.csv', all_varchar = true, header = true)"
            columns = [one[0] for one in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]
            count = "sum(strlen({}::VARCHAR))" if file.is_file() else "count({})"
            connection.execute(f"SELECT {', '.join(map(count.format, columns))} FROM {relation}").fetchall()
        return 0

    return run


def _ours(engine: str, **options: Any) -> Callable[[Path], Callable[[], int]]:
    def prepared(folder: Path) -> Callable[[], int]:
        from venezuela_data import engine as engines

        if engine != "memory":
            import duckdb  # noqa: F401  # the libraries of the others are loaded before the clock starts, too
        return lambda: sum(engines.check(folder, engine=engine, **options).counts.values())

    return prepared


def sail(folder: Path) -> Callable[[], int]:
    """Ask the engine spark on a server that speaks Spark Connect without Java, in this process."""
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    port = server.listening_address[1]
    for _ in range(100):
        with socket.socket() as asked:
            if not asked.connect_ex(("127.0.0.1", port)):
                break
        time.sleep(0.1)
    return _ours("spark", remote=f"sc://127.0.0.1:{port}")(folder)


def frictionless(folder: Path) -> Callable[[], int]:
    """Validate as `frictionless validate` does, without its bound on errors."""
    import frictionless as library

    def run() -> int:
        report = library.Package(str(folder / "datapackage.json")).validate(limit_errors=1_000_000_000)
        return sum(len(task.errors) for task in report.tasks)

    return run


def pydantic(folder: Path) -> Callable[[], int]:
    """Validate a TypedDict row by row."""
    from datetime import date, datetime
    from typing import Annotated, Literal

    from pydantic import Field, TypeAdapter, ValidationError
    from typing_extensions import TypedDict

    class Event(TypedDict):
        id: Annotated[str, Field(pattern=f"^{ID}$")]
        date: Annotated[date, Field(ge=date(1900, 1, 1), le=date(2030, 1, 1))]
        kind: Literal["protest", "strike", "statement", "sanction", "negotiation", "movement", "claim", "other"]
        title: Annotated[str, Field(min_length=1, max_length=120)]
        description: str
        lat: Annotated[float, Field(ge=-90, le=90)]
        lon: Annotated[float, Field(ge=-180, le=180)]
        url: Annotated[str, Field(pattern=f"^{URL}$")]
        actor_id: Annotated[str, Field(min_length=1)]
        fatalities: Annotated[int, Field(ge=0)]
        confirmed: Literal["yes", "no"]
        recorded: Annotated[str, Field(pattern=f"^{MOMENT}$")]

    validate = TypeAdapter(Event).validate_python

    def judge(row: dict[str, str]) -> int:
        try:
            validate(row)
            datetime.fromisoformat(row["recorded"])
        except ValidationError as error:
            return error.error_count()
        except ValueError:
            return 1
        return 0

    return lambda: _by_rows(folder, judge)


def jsonschema_rs(folder: Path) -> Callable[[], int]:
    """Validate an object row by row; numbers are read by Python first, as JSON Schema does not read them in texts."""
    import jsonschema_rs as library

    text = {"type": "string"}
    schema = {
        "type": "object",
        "properties": {
            "id": {**text, "pattern": f"^{ID}$"},
            "date": {**text, "format": "date"},
            "kind": {"enum": list(KINDS)},
            "title": {**text, "minLength": 1, "maxLength": 120},
            "lat": {"type": "number", "minimum": -90, "maximum": 90},
            "lon": {"type": "number", "minimum": -180, "maximum": 180},
            "url": {**text, "format": "uri"},
            "fatalities": {"type": "integer", "minimum": 0},
            "confirmed": {"enum": ["yes", "no"]},
            "recorded": {**text, "format": "date-time"},
        },
    }
    validator = library.Draft202012Validator(schema, validate_formats=True)

    def read(cell: str, kind: Callable[[str], object]) -> object:
        try:
            return kind(cell)
        except ValueError:
            return cell

    def judge(row: dict[str, str]) -> int:
        values = row | {
            "lat": read(row["lat"], float),
            "lon": read(row["lon"], float),
            "fatalities": read(row["fatalities"], int),
        }
        early = not "1900-01-01" <= row["date"] <= "2030-01-01"
        if validator.is_valid(values):
            return early
        return max(1, sum(1 for _ in validator.iter_errors(values)))

    return lambda: _by_rows(folder, judge)


def _typed(folder: Path, polars: Any) -> tuple[Any, Any, int]:
    """Read the events with polars, cast them, and count the cells that no cast takes."""
    events = polars.read_csv(folder / "events.csv", infer_schema=False, empty_string_is_null=False)
    actors = polars.read_csv(folder / "actors.csv", infer_schema=False)
    casts = {
        "date": polars.col("date").str.to_date("%Y-%m-%d", strict=False),
        "lat": polars.col("lat").cast(polars.Float64, strict=False),
        "lon": polars.col("lon").cast(polars.Float64, strict=False),
        "fatalities": polars.col("fatalities").cast(polars.Int64, strict=False),
        "confirmed": polars.col("confirmed").replace_strict({"yes": True, "no": False}, default=None),
        "recorded": polars.col("recorded").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", strict=False),
    }
    typed = events.with_columns(**casts)
    wrong = sum(typed.select(polars.col(name).is_null().sum() for name in casts).row(0))
    dangling = events.join(actors, left_on="actor_id", right_on="id", how="anti").height
    return typed, events, wrong + dangling


def dataframely(folder: Path) -> Callable[[], int]:
    """Filter a typed frame by a schema; casts and the foreign key are ours to do."""
    import datetime as dt

    import dataframely as dy
    import polars

    class Event(dy.Schema):
        id = dy.String(regex=f"^{ID}$", primary_key=True)
        date = dy.Date(nullable=True, min=dt.date(1900, 1, 1), max=dt.date(2030, 1, 1))
        kind = dy.String(check=lambda column: column.is_in(KINDS))
        title = dy.String(min_length=1, max_length=120)
        description = dy.String()
        lat = dy.Float64(nullable=True, min=-90, max=90)
        lon = dy.Float64(nullable=True, min=-180, max=180)
        url = dy.String(regex=f"^{URL}$")
        actor_id = dy.String(min_length=1)
        fatalities = dy.Int64(nullable=True, min=0)
        confirmed = dy.Bool(nullable=True)
        recorded = dy.Datetime(nullable=True)

    def run() -> int:
        typed, events, found = _typed(folder, polars)
        _, failed = Event.filter(typed)
        # Both rows of a repeated key fail; only the second is a breach.
        repeated = events["id"].is_duplicated().sum() - (events.height - events["id"].n_unique())
        return int(found + sum(failed.counts().values()) - repeated + events["url"].len() - events["url"].n_unique())

    return run


def pandera(folder: Path) -> Callable[[], int]:
    """Validate a polars frame lazily; casts and the foreign key are ours to do."""
    import datetime as dt

    import pandera.polars as pa
    import polars

    def column(kind: Any, *checks: Any, **more: Any) -> Any:
        return pa.Column(kind, list(checks), nullable=True, **more)

    schema = pa.DataFrameSchema(
        {
            "id": column(str, pa.Check.str_matches(f"^{ID}$")),
            "date": column(polars.Date, pa.Check.in_range(dt.date(1900, 1, 1), dt.date(2030, 1, 1))),
            "kind": column(str, pa.Check.isin(KINDS)),
            "title": column(str, pa.Check.str_length(1, 120)),
            "lat": column(float, pa.Check.in_range(-90, 90)),
            "lon": column(float, pa.Check.in_range(-180, 180)),
            "url": column(str, pa.Check.str_matches(f"^{URL}$")),
            "fatalities": column(int, pa.Check.ge(0)),
        }
    )

    def run() -> int:
        typed, events, found = _typed(folder, polars)
        try:
            schema.validate(typed, lazy=True)
        except pa.errors.SchemaErrors as error:
            found += error.failure_cases.height
        return int(found + 2 * events.height - events["id"].n_unique() - events["url"].n_unique())

    return run


SUBJECTS: dict[str, Callable[[Path], Callable[[], int]]] = {
    "raw": raw,
    "ours-duckdb": _ours("duckdb"),
    "ours-duckdb-400MB": _ours("duckdb", memory=400_000_000),
    "ours-duckdb-1300MB": _ours("duckdb", memory=1_300_000_000),
    "ours-duckdb-findings": _ours("duckdb", memory=400_000_000, findings_out="findings.parquet"),
    "ours-memory": _ours("memory"),
    "ours-spark": _ours("spark"),
    "ours-sail": sail,
    "frictionless": frictionless,
    "pydantic": pydantic,
    "jsonschema-rs": jsonschema_rs,
    "dataframely": dataframely,
    "pandera": pandera,
}
"""What judges, by its name; the first scans and judges nothing."""


def main() -> None:
    """Run one subject."""
    name, folder = sys.argv[1:]
    run = SUBJECTS[name](Path(folder))
    begun = time.perf_counter()
    found = run()
    sys.stdout.write(json.dumps({"seconds": time.perf_counter() - begun, "found": found}) + "\n")


if __name__ == "__main__":
    main()
