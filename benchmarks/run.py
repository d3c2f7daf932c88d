"""Measures whole processes against each other, in one run, and prints a table of the ratios with the goal of each.

Each round runs every command once, one after the other, so that a machine that slows down slows all of them; a ratio is the
median of the ratios of the rounds. The first round warms the caches and is not counted. Processor time and the largest
memory come from the operating system's account of the child. Nothing in the checkout is changed but, on request, the table
in README.md. Needs frictionless and pandas beside the package.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

import synthetic

ROOT = Path(__file__).resolve().parent.parent
README = Path(__file__).resolve().parent / "README.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
LIBRARIES = ("venezuela-data", "frictionless", "pydantic", "click", "pandas")

OURS = (sys.executable, "-m", "venezuela_data")
LOAD = "import venezuela_data as vd; data = vd.load(); len(data.events); len(data.claims); len(data.table('claims'))"
CHANGED = "seeds/events/trump-maduro-call.json"

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "frictionless validate datasets/datapackage.json": (
        *(sys.executable, "-m", "frictionless"),
        *("validate", "datasets/datapackage.json"),
    ),
    "venezuela-data validate": (*OURS, "validate"),
    "venezuela-data validate --skip package": (*OURS, "validate", "--skip", "package"),
    f"venezuela-data validate {CHANGED}": (*OURS, "validate", CHANGED),
    "import pandas": (sys.executable, "-c", "import pandas"),
    "import venezuela_data, load(), read events and claims": (sys.executable, "-c", LOAD),
}
FRICTIONLESS, WHOLE, WITHOUT, ONE, PANDAS, LOADED = COMMANDS

GOALS = ((WHOLE, FRICTIONLESS, 1.5), (WITHOUT, FRICTIONLESS, 1 / 3), (ONE, FRICTIONLESS, 0.2), (LOADED, PANDAS, 1.0))
"""What is measured, against what, and how large the ratio may be."""

SIZES = (10_000, 20_000, 100_000)
GROWTH = ((20_000, 2.3), (100_000, 12.0))
"""How many times as long as the smallest tree a larger one may take."""
MEMORY = 1024
"""Mebibytes that validating the largest tree may take."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one process took."""

    wall: float
    cpu: float
    memory: float
    """The largest memory that it held, in mebibytes."""


def taken_by(command: Sequence[str], folder: Path) -> Taken:
    """Run a command to its end in a folder, and say what it took.

    Raises:
        RuntimeError: it did not end well, so that its time means nothing.
    """
    # Where Python is told to write no byte code, every start would translate what an installed package has ready.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603  # our own list
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Taken(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def compared(rounds: int) -> dict[str, list[Taken]]:
    """Run every command so many times, in turn."""
    found: dict[str, list[Taken]] = {name: [] for name in COMMANDS}
    for number in range(rounds + 1):
        for name, command in COMMANDS.items():
            taken = taken_by(command, ROOT)
            if number:
                found[name].append(taken)
    return found


def scaled(rounds: int) -> dict[int, list[Taken]]:
    """Validate invented trees of growing size, each so many times, through the layers that read records."""
    found: dict[int, list[Taken]] = {size: [] for size in SIZES}
    with tempfile.TemporaryDirectory(prefix="venezuela-data-") as folder:
        for size in SIZES:
            synthetic.write(Path(folder) / str(size), size, ROOT / "seeds" / "vocabularies")
        for _ in range(rounds):
            for size in SIZES:
                command = (*OURS, "validate", "--skip", "package", "--skip", "freshness", str(size))
                found[size].append(taken_by(command, Path(folder)))
    return found


def ratio(found: Sequence[Taken], reference: Sequence[Taken]) -> float:
    """Give the median of the ratios of the rounds."""
    return median(one.wall / other.wall for one, other in zip(found, reference, strict=True))


def table(found: Mapping[str, Sequence[Taken]]) -> Iterator[str]:
    """Yield the lines of the table of commands."""
    yield "| whole process | wall, least | wall, median | processor, median | memory | ratio | goal |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    goals = {name: (reference, goal) for name, reference, goal in GOALS}
    for name, runs in found.items():
        said = "| |"
        if name in goals:
            reference, goal = goals[name]
            said = f"{ratio(runs, found[reference]):.2f} | {goal:.2f} |"
        walls = [one.wall for one in runs]
        cpu, memory = median(one.cpu for one in runs), max(one.memory for one in runs)
        yield f"| {name} | {min(walls):.2f} s | {median(walls):.2f} s | {cpu:.2f} s | {memory:.0f} MiB | {said}"


def growth(found: Mapping[int, Sequence[Taken]]) -> Iterator[str]:
    """Yield the lines of the table of sizes."""
    yield "| invented records | wall, least | times the smallest | goal | memory | goal |"
    yield "|---:|---:|---:|---:|---:|---:|"
    goals = dict(GROWTH)
    for size, runs in found.items():
        told = f"{ratio(runs, found[SIZES[0]]):.1f} | {goals[size]:.1f}" if size in goals else " | "
        bound = f"{MEMORY} MiB" if size == SIZES[-1] else ""
        least, memory = min(one.wall for one in runs), max(one.memory for one in runs)
        yield f"| {size:,} | {least:.1f} s | {told} | {memory:.0f} MiB | {bound} |"


def missed(found: Mapping[str, Sequence[Taken]], sizes: Mapping[int, Sequence[Taken]]) -> Iterator[str]:
    """Yield what misses its goal."""
    for name, reference, goal in GOALS:
        if (given := ratio(found[name], found[reference])) > goal:
            yield f"{name}: {given:.2f} times {reference}, more than {goal:.2f}"
    for size, goal in GROWTH if sizes else ():
        if (given := ratio(sizes[size], sizes[SIZES[0]])) > goal:
            yield f"{size:,} records: {given:.1f} times the smallest tree, more than {goal:.1f}"
    if sizes and (memory := max(one.memory for one in sizes[SIZES[-1]])) > MEMORY:
        yield f"{SIZES[-1]:,} records: {memory:.0f} MiB, more than {MEMORY}"


def machine() -> str:
    """Describe the machine in general terms, and the versions of what was run."""
    cpu = ""
    if Path("/proc/cpuinfo").is_file():
        named = (line for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines() if line.startswith("model name"))
        cpu = next(named, "").partition(":")[2].strip()
    about = f"{os.cpu_count()} cores ({cpu or platform.machine()}), {platform.system()}, Python {platform.python_version()}"
    return f"{about}; " + ", ".join(f"{name} {_version_of(name)}" for name in LIBRARIES)


def _version_of(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "missing"


def main() -> None:
    """Measure, print, and end with 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11, help="how often each command runs")
    parser.add_argument("--sizes", type=int, default=2, help="how often each invented tree is validated; 0 leaves it out")
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    given = parser.parse_args()
    absent = [name for name in LIBRARIES if _version_of(name) == "missing"]
    if absent:
        parser.error(f"not installed: {', '.join(absent)}")
    compileall.compile_dir(ROOT / "venezuela_data", quiet=1)
    found = compared(given.rounds)
    sizes = scaled(given.sizes) if given.sizes else {}
    lines = [f"Measured on {machine()}; {given.rounds} rounds.", "", *table(found)]
    if sizes:
        lines += ["", *growth(sizes)]
    text = "\n".join(lines) + "\n"
    print(text)  # noqa: T201  # the table is what the program is for
    if given.write:
        before, _, rest = README.read_text("utf-8").partition(BEGIN)
        README.write_text(before + BEGIN + "\n" + text + "\n" + END + rest.partition(END)[2], "utf-8")
    faults = list(missed(found, sizes))
    for one in faults:
        print("missed:", one, file=sys.stderr)  # noqa: T201
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
