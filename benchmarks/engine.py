"""Measures the engines against a raw scan of the same files and against other validators, and writes the tables of ENGINE.md.

Every subject is a process of its own, run in turn with the others, and a ratio is the median of the ratios of the rounds. The
events are invented and the same for the same number of rows. Nothing in the checkout is changed but, on request, ENGINE.md.
Needs the extra `scale`; of the peers, and of Spark, those that are installed are measured and the others named.
"""

# every text in a statement is of this file

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
PAGE = HERE / "ENGINE.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
ACTORS = 50_000
KINDS = 15
"""Ways in which a row is made wrong, one after the other."""
NEEDED = {
    **dict.fromkeys(("raw", "ours-duckdb", "ours-duckdb-400MB", "ours-duckdb-1300MB", "ours-duckdb-findings"), "duckdb"),
    "ours-spark": "pyspark",
    "ours-sail": "pysail",
    "frictionless": "frictionless",
    "pydantic": "pydantic",
    "jsonschema-rs": "jsonschema_rs",
    "dataframely": "dataframely",
    "pandera": "pandera",
}
LIBRARIES = (
    *("venezuela-data", "duckdb", "frictionless", "pydantic", "jsonschema-rs", "dataframely", "pandera", "polars"),
    *("pyspark", "pyspark-client", "pysail"),
)
PEERS = ("ours-memory", "dataframely", "pandera", "pydantic", "jsonschema-rs")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one subject took."""

    seconds: float
    """From the package on disk to the verdict, with the libraries loaded."""
    cpu: float
    memory: float
    """The largest memory of the process, and of those that it started, in mebibytes."""
    found: int


# Data --------------------------------------------------------------------------------------------------------------------


def _field(name: str, kind: str = "string", form: str = "", **constraints: object) -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        **({"format": form} if form else {}),
        **({"constraints": constraints} if constraints else {}),
    }


EVENTS = [
    _field("id", pattern="EVT-[0-9]{9}", required=True),
    _field("date", "date", minimum="1900-01-01", maximum="2030-01-01"),
    _field("kind", enum=["protest", "strike", "statement", "sanction", "negotiation", "movement", "claim", "other"]),
    _field("title", required=True, maxLength=120),
    _field("description"),
    _field("lat", "number", minimum=-90, maximum=90),
    _field("lon", "number", minimum=-180, maximum=180),
    _field("url", form="uri", unique=True),
    _field("actor_id", required=True),
    _field("fatalities", "integer", minimum=0),
    {"name": "confirmed", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
    _field("recorded", "datetime"),
]
PEOPLE = [
    *(_field("id", required=True), _field("name"), _field("kind"), _field("country"), _field("note")),
    *(_field("since", "year"), _field("url", form="uri"), _field("active", "boolean")),
]

_PEOPLE = """
SELECT printf('ACT-%06d', i) AS id, 'Actor ' || i AS name, ['person', 'state', 'agency', 'party'][1 + i % 4] AS kind,
  printf('%c%c', 65 + i % 26, 65 + (i * 7) % 26) AS country, 'note ' || i AS note, (1900 + i % 120)::VARCHAR AS since,
  'https://example.org/a/' || i AS url, i % 2 = 0 AS active
FROM range({actors}) AS t (i)
"""
_EVENTS = """
SELECT CASE k WHEN 0 THEN 'evt-' || i WHEN 1 THEN printf('EVT-%09d', i - 2) ELSE printf('EVT-%09d', i) END AS id,
  CASE k WHEN 2 THEN '2025/01/02' WHEN 3 THEN '1899-01-01'
    ELSE strftime(DATE '2000-01-01' + (i % 9000)::INT, '%Y-%m-%d') END AS date,
  CASE k WHEN 4 THEN 'dance' ELSE ['protest', 'strike', 'statement', 'sanction', 'negotiation', 'movement', 'claim',
    'other'][1 + i % 8] END AS kind,
  CASE k WHEN 5 THEN '' ELSE 'Event number ' || i || ' in the city of ' || (i % 977) END AS title,
  CASE WHEN i % 50 = 0 THEN 'A line' || chr(10) || 'and "another", with é and ü number ' || i
    ELSE 'Some words that describe the event number ' || i || ', which are as long as such words are, and then more for '
    || (i % 1013) END AS description,
  CASE k WHEN 6 THEN '91.5' ELSE (((i * 37) % 18000) / 100.0 - 90)::DECIMAL(8, 2)::VARCHAR END AS lat,
  CASE k WHEN 7 THEN 'x' ELSE (((i * 53) % 36000) / 100.0 - 180)::DECIMAL(8, 2)::VARCHAR END AS lon,
  CASE k WHEN 8 THEN 'no url ' || i ELSE 'https://example.org/reports/2025/' || i || '?source=' || (i % 91) END AS url,
  CASE k WHEN 9 THEN 'ACT-999999' ELSE printf('ACT-%06d', (i * 31) % {actors}) END AS actor_id,
  CASE k WHEN 10 THEN '-1' WHEN 11 THEN '12.5' ELSE (i % 300)::VARCHAR END AS fatalities,
  CASE WHEN k = 12 THEN 'maybe' WHEN i % 2 = 0 THEN 'yes' ELSE 'no' END AS confirmed,
  CASE k WHEN 13 THEN '2025-01-02' WHEN 14 THEN '2025-13-02T00:00:00Z'
    ELSE strftime(TIMESTAMP '2020-01-01' + INTERVAL (i % 100000000) SECOND, '%Y-%m-%dT%H:%M:%SZ') END AS recorded
FROM (SELECT i, {wrong} AS k FROM range({rows}) AS t (i))
"""


def write(folder: Path, rows: int, every: int, form: str = "csv", actors: int = ACTORS) -> int:
    """Write a package of so many events.

    Args:
        folder: where to.
        rows: how many events.
        every: each of how many rows is wrong in one cell; 0 for none.
        form: `csv` or `parquet`.
        actors: how many actors they refer to.

    Returns:
        How many rows are wrong.
    """
    import duckdb

    folder.mkdir(parents=True)
    wrong = f"CASE WHEN i >= 2 AND i % {every} = {every - 1} THEN (i // {every}) % {KINDS} ELSE -1 END" if every else "-1"
    tail = "(HEADER)" if form == "csv" else "(FORMAT parquet)"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({_PEOPLE.format(actors=actors)}) TO '{folder / f'actors.{form}'}' {tail}")
        query = _EVENTS.format(actors=actors, wrong=wrong, rows=rows)
        connection.execute(f"COPY ({query}) TO '{folder / f'events.{form}'}' {tail}")
    reference = {"resource": "actors", "fields": "id"}
    schemas = {
        "events": {"fields": EVENTS, "primaryKey": "id", "foreignKeys": [{"fields": "actor_id", "reference": reference}]},
        "actors": {"fields": PEOPLE, "primaryKey": "id"},
    }
    resources = [{"name": name, "type": "table", "path": f"{name}.{form}", "schema": one} for name, one in schemas.items()]
    (folder / "datapackage.json").write_text(json.dumps({"name": "events", "resources": resources}), "utf-8")
    return sum(1 for i in range(every - 1, rows, every) if i >= 2) if every else 0


# Measuring ---------------------------------------------------------------------------------------------------------------


def _tree_memory(root: int) -> float:
    """Give the memory that a process and those that it started hold now, in mebibytes."""
    parents: dict[int, int] = {}
    held: dict[int, int] = {}
    for entry in Path("/proc").iterdir() if Path("/proc").is_dir() else ():
        if entry.name.isdigit():
            try:
                told = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)], held[int(entry.name)] = int(told[1]), int(told[21]) * os.sysconf("SC_PAGE_SIZE")
    below, total = {root}, held.get(root, 0)
    for _ in range(4):
        more = {one for one, parent in parents.items() if parent in below} - below
        total += sum(held[one] for one in more)
        below |= more
    return total / 2**20


def taken_by(subject: str, folder: Path) -> Taken:
    """Run a subject to its end.

    Raises:
        RuntimeError: it did not end well.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-W", "ignore", str(HERE / "engine_peers.py"), subject, str(folder)]
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            peak[0] = max(peak[0], _tree_memory(process.pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    assert process.stdout is not None
    assert process.stderr is not None
    errors: list[bytes] = []
    reader = threading.Thread(target=lambda: errors.append(process.stderr.read()), daemon=True)  # type: ignore[union-attr]
    reader.start()
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    done.set()
    watcher.join()
    reader.join()
    if process.returncode:
        raise RuntimeError(f"{subject}: {errors[0].decode().strip().splitlines()[-1]}")
    told = json.loads(out)
    own = usage.ru_maxrss / 1024
    return Taken(told["seconds"], usage.ru_utime + usage.ru_stime, max(own, peak[0]), told["found"])


def alternated(subjects: Sequence[str], folder: Path, rounds: int, expected: int) -> dict[str, list[Taken]]:
    """Run subjects in turn, so many times after a first round that is not counted.

    Raises:
        RuntimeError: one of ours does not find what is wrong.
    """
    found: dict[str, list[Taken]] = {name: [] for name in subjects}
    for number in range(rounds + 1):
        for name in subjects:
            taken = taken_by(name, folder)
            _say(f"  {name}: {taken.seconds:.2f} s, {taken.memory:.0f} MiB, {taken.found:,} found")
            if name.startswith("ours") and taken.found != expected:
                raise RuntimeError(f"{name} found {taken.found} of {expected}")
            if number:
                found[name].append(taken)
    return found


def start_over(command: Sequence[str], rounds: int) -> tuple[float, float]:
    """Give the milliseconds that a process takes beyond the start of Python: the least and the median."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def wall(one: Sequence[str]) -> float:
        begun = time.perf_counter()
        subprocess.run(one, env=environment, stdout=subprocess.DEVNULL, check=True)  # noqa: S603  # our own list
        return 1000 * (time.perf_counter() - begun)

    wall(command)
    taken = [-wall([sys.executable, "-c", "pass"]) + wall(command) for _ in range(rounds)]
    return min(taken), median(taken)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def installed(subject: str) -> bool:
    """Say whether what a subject needs is there."""
    library = NEEDED.get(subject)
    return library is None or find_spec(library) is not None


# Telling -----------------------------------------------------------------------------------------------------------------

LABELS = {
    "raw": "raw DuckDB scan, which judges nothing",
    "ours-duckdb": "**ours, DuckDB**",
    "ours-duckdb-400MB": "**ours, DuckDB**, `--memory 400MB`",
    "ours-duckdb-1300MB": "**ours, DuckDB**, `--memory 1.3GB`",
    "ours-duckdb-findings": "**ours, DuckDB**, `--memory 400MB`, findings to Parquet",
    "ours-memory": "**ours, memory** (plain Python)",
    "ours-spark": "**ours, Spark**, local, with its start",
    "ours-sail": "**ours, Spark Connect** to pysail",
    "pydantic": "pydantic, a TypedDict row by row",
    "jsonschema-rs": "jsonschema-rs, an object row by row",
    "pandera": "pandera on polars, with casts and keys by hand",
    "dataframely": "dataframely, with casts and keys by hand",
}


def told(found: Mapping[str, Sequence[Taken]], rows: int, goals: Mapping[str, float]) -> Iterator[str]:
    """Yield the lines of a table of subjects; ratios are to the first."""
    yield "| | seconds | rows a second | times the raw scan | goal | processor | memory | found |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    first = next(iter(found))
    for name, runs in found.items():
        seconds, cpu = median(one.seconds for one in runs), median(one.cpu for one in runs)
        ratio = median(one.seconds / other.seconds for one, other in zip(runs, found[first], strict=False))
        goal = f"{goals[name]:.1f}" if name in goals else ""
        memory, count = max(one.memory for one in runs), runs[0].found
        label = LABELS.get(name, name)
        figures = f"{seconds:.2f} | {rows / seconds:,.0f} | {ratio:.2f} | {goal} | {cpu:.2f} | {memory:.0f} MiB"
        yield f"| {label} | {figures} | {count:,} |" if name != first else f"| {label} | {figures} | |"


def sections(rows: int, rounds: int, big: Sequence[int], keep: Path, peers: bool) -> Iterator[str]:
    """Measure, and yield the lines of the page."""
    many = rows + ACTORS
    left_out = [name for name in NEEDED if not installed(name)]
    for title, every, goal in (("no cell is wrong", 0, 2.5), ("one row in a thousand is wrong in a cell", 1_000, 3.0)):
        folder = keep / f"csv-{every}"
        expected = write(folder, rows, every)
        found = alternated(["raw", "ours-duckdb", "ours-duckdb-400MB"], folder, rounds, expected)
        if every and peers:
            for name in (*PEERS, "ours-sail", "ours-spark", "frictionless"):
                if name not in left_out:
                    try:
                        found[name] = [taken_by(name, folder)]
                    except RuntimeError as error:
                        _say(f"  left out: {error}")
                        left_out.append(name)
                        continue
                    _say(f"  {name}: {found[name][0].seconds:.2f} s, {found[name][0].found:,} found")
        yield from ("", f"### {rows:,} events in CSV, {title}", "", *told(found, many, {"ours-duckdb": goal}))
        shutil.rmtree(folder)
    folder = keep / "csv-1"
    expected = write(folder, rows, 1)
    found = alternated(["raw", "ours-duckdb-findings"], folder, 1, expected)
    yield from ("", f"### {rows:,} events in CSV, every row is wrong in a cell", "", *told(found, many, {}))
    shutil.rmtree(folder)
    folder = keep / "parquet"
    expected = write(folder, rows, 1_000, "parquet")
    found = alternated(["raw", "ours-duckdb"], folder, rounds, expected)
    yield from ("", f"### {rows:,} events in Parquet, one row in a thousand is wrong in a cell", "")
    yield from told(found, many, {"ours-duckdb": 2.5})
    shutil.rmtree(folder)
    yield from ("", "### 200 events and 50 actors, whole processes beyond the start of Python", "")
    yield from _small(keep, max(rounds, 9))
    if big:
        yield from ("", "### Many rows of CSV, one in a thousand wrong in a cell", "")
        yield from _large(big, keep, left_out)
    if left_out:
        yield from ("", f"Not installed, or not with a version that fits, and so left out: {', '.join(left_out)}.")


def _small(keep: Path, rounds: int) -> Iterator[str]:
    folder = keep / "small"
    write(folder, 200, 0, actors=50)
    yield "| | least | median |"
    yield "|---|---:|---:|"
    code = "import sys; from venezuela_data import engine; assert engine.check(sys.argv[1]).ok"
    commands = {"**ours** (`auto`, which takes plain Python)": [sys.executable, "-c", code, str(folder)]}
    if installed("frictionless"):
        command = [sys.executable, "-m", "frictionless", "validate", str(folder / "datapackage.json")]
        commands["`frictionless validate`"] = command
    for name, command in commands.items():
        least, middle = start_over(command, rounds)
        yield f"| {name} | {least:.0f} ms | {middle:.0f} ms |"
    shutil.rmtree(folder)


def _large(sizes: Sequence[int], keep: Path, left_out: Sequence[str]) -> Iterator[str]:
    yield "| events | | seconds | microseconds a row | times the raw scan | memory | found |"
    yield "|---:|---|---:|---:|---:|---:|---:|"
    for size in sizes:
        folder = keep / f"big-{size}"
        expected = write(folder, size, 1_000)
        subjects = ["raw", "ours-duckdb-1300MB" if size > 20_000_000 else "ours-duckdb-400MB"]
        if size <= 10_000_000:
            subjects += [name for name in ("ours-sail", "ours-spark") if name not in left_out]
        scan = 0.0
        for name in subjects:
            taken = taken_by(name, folder)
            _say(f"  {size:,} {name}: {taken.seconds:.2f} s, {taken.memory:.0f} MiB")
            if name.startswith("ours") and taken.found != expected:
                raise RuntimeError(f"{name} found {taken.found} of {expected}")
            scan = scan or taken.seconds
            figures = f"{taken.seconds:.1f} | {1e6 * taken.seconds / size:.2f} | {taken.seconds / scan:.1f}"
            yield f"| {size:,} | {LABELS.get(name, name)} | {figures} | {taken.memory:.0f} MiB | {taken.found:,} |"
        shutil.rmtree(folder)


def machine() -> str:
    """Say on what was measured, and with what."""
    versions = []
    for name in LIBRARIES:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    model = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line)
        if Path("/proc/cpuinfo").is_file()
        else iter(()),
        platform.processor(),
    )
    where = f"{os.cpu_count()} cores ({model}), {platform.system()}, Python {platform.python_version()}"
    return f"Measured on {where}; {', '.join(versions)}."


def main() -> None:
    """Measure, print the page's tables, and write them on request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="events in the tables that compare")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of the pairs, after one that is not counted")
    parser.add_argument("--big", type=int, nargs="*", default=[], metavar="ROWS", help="sizes for the table of many rows")
    parser.add_argument("--no-peers", action="store_true", help="leave the other validators and Spark out")
    parser.add_argument("--write", action="store_true", help="put the tables into ENGINE.md")
    parser.add_argument("--folder", type=Path, help="where the data is written, and removed in the end; 400 bytes for a row")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="venezuela-data-benchmark-", dir=given.folder) as name:
        lines = [machine(), *sections(given.rows, given.rounds, given.big, Path(name), not given.no_peers), ""]
    text = "\n".join(lines)
    sys.stdout.write(text)
    if given.write:
        page = PAGE.read_text("utf-8")
        before, after = page.partition(BEGIN)[0], page.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
