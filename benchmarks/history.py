"""Measures what it takes to go back to earlier versions of the data, and prints a Markdown table.

The cost is to grow with what changed, and not with the number of releases. Three invented histories of the same 10,000
records in 20 tables: many releases of a few changes, a few releases with as many changes in all, and a few releases with ten
times as many. Each version is rebuilt and proved by hash in a process of its own, which says how long that took and how much
memory it held. Nothing is written but in a temporary folder.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from run import machine

from venezuela_data.history import (
    CHANGES,
    CHANGES_HEADER,
    MOD,
    RELEASES_HEADER,
    Change,
    Published,
    State,
    changes,
    read_ledger,
    sheet,
)
from venezuela_data.history.states import Replay
from venezuela_data.syntax import csv_bytes

TABLES, RECORDS = 20, 10_000
COLUMNS = 10
HISTORIES = ((1_000, 10_000), (10, 10_000), (10, 100_000))
"""How many releases, and how many cells they change in all after the first one, which adds every record."""
SCHEMA = {
    "fields": [{"name": "id", "type": "string"}, *({"name": f"column_{n}", "type": "string"} for n in range(1, COLUMNS))],
    "primaryKey": ["id"],
}


def first_state() -> State:
    """Invent the records of the first release."""
    rows = [
        (f"record-{row:05}", *(f"{row} {n} of invented words" for n in range(1, COLUMNS))) for row in range(RECORDS // TABLES)
    ]
    return State({f"table_{table:02}": sheet(SCHEMA, rows) for table in range(TABLES)})


def groups(releases: int, changed: int) -> Iterator[list[Change]]:
    """Yield what each release changes: every record first, then single cells here and there, as often as was asked for."""
    state = first_state()
    yield list(changes(State(), state))
    cells = {(name, row[0]): dict(zip(one.columns, row, strict=True)) for name, one in state.sheets.items() for row in one.rows}
    chance = random.Random(0)  # noqa: S311  # the same history on every run
    keys = sorted(cells)
    for release in range(1, releases):
        many = changed * release // (releases - 1) - changed * (release - 1) // (releases - 1)
        spots = [(name, record, chance.randrange(1, COLUMNS)) for name, record in chance.choices(keys, k=2 * many)]
        group = []
        for name, record, column in list(dict.fromkeys(spots))[:many]:
            record_cells, field = cells[name, record], f"column_{column}"
            new = f"{release} is what release says"
            group.append(Change(name, record, MOD, field, record_cells[field], new))
            record_cells[field] = new
        yield sorted(group, key=lambda one: (one.table, one.id, one.field))


def write(folder: Path, releases: int, changed: int) -> None:
    """Write the two tables of an invented history, with the hashes that its versions have."""
    replay, stated = Replay(), {}
    told, rows, lines = [csv_bytes([CHANGES_HEADER])], 0, [RELEASES_HEADER]
    hashing = hashlib.sha256(told[0])
    for number, group in enumerate(groups(releases, changed)):
        version = f"0.{number}.0"
        stated |= {name: replay.tables[name].published() for name in replay.apply(group)}
        told.append(csv_bytes([(version, *change, "editorial", "") for change in group]))
        hashing.update(told[-1])
        rows += len(group)
        stated[CHANGES] = Published(rows, hashing.hexdigest())
        lines += [(version, "2026-01-01", "0.0.0", name, str(n), sha256) for name, (n, sha256) in sorted(stated.items())]
    folder.mkdir()
    (folder / "releases.csv").write_bytes(csv_bytes(lines))
    (folder / "changes.csv").write_bytes(b"".join(told))


def go_back(folder: Path, version: str) -> None:
    """Rebuild and prove one version, and print how long reading and rebuilding took, and the most memory that was held."""
    start = time.perf_counter()
    ledger = read_ledger((folder / "releases.csv").read_bytes(), (folder / "changes.csv").read_bytes())
    read = time.perf_counter()
    state = ledger.state(version)
    done = time.perf_counter()
    assert sum(len(one.rows) for one in state.sheets.values()) == RECORDS
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    print(read - start, done - read, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)  # noqa: T201


def table(rounds: int) -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| releases | cells changed after the first | back to | ledger read | version rebuilt and proved | memory |"
    yield "|---:|---:|---|---:|---:|---:|"
    with tempfile.TemporaryDirectory(prefix="venezuela-data-") as folder:
        asked = []
        for releases, changed in HISTORIES:
            place = Path(folder) / f"{releases}-{changed}"
            write(place, releases, changed)
            asked += [
                (place, releases, changed, name, f"0.{number}.0")
                for name, number in (("the first", 0), ("the middle", releases // 2), ("the last", releases - 1))
            ]
        found: dict[int, list[list[float]]] = {at: [] for at in range(len(asked))}
        for _ in range(rounds):  # in turn, so that a machine that slows down for a while slows all alike
            for at, (place, *_, version) in enumerate(asked):
                command = (sys.executable, __file__, "--go-back", str(place), version)
                told = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603  # this file
                found[at].append([float(one) for one in told.split()])
    for at, (_, releases, changed, name, _) in enumerate(asked):
        read, rebuilt, memory = (median(values) for values in zip(*found[at], strict=True))
        yield f"| {releases:,} | {changed:,} | {name} | {read:.2f} s | {rebuilt:.2f} s | {memory:.0f} MiB |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each version is rebuilt")
    parser.add_argument("--go-back", nargs=2, metavar=("FOLDER", "VERSION"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.go_back:
        go_back(Path(given.go_back[0]), given.go_back[1])
        return
    print(f"Measured on {machine()}; median of {given.rounds} rounds; {RECORDS:,} records in {TABLES} tables.\n")  # noqa: T201
    for line in table(given.rounds):
        print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
