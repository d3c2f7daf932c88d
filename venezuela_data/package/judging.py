"""Holds the tables of a package against its Table Schemas, with frictionless as a second judge.

It gets copies of just the bytes that were read, in a folder of its own, because by itself it follows links out of a package,
fetches addresses, guesses delimiters and hangs on some patterns. What it does not enforce (unique keys, normal form, patterns
of others, formulas) is checked here. May import whatever stands before `package`, and the modules beside it except `reading`.
"""

from __future__ import annotations

import csv
import tempfile
import threading
import time
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

from ..findings import Finding, MissingLibraryError, shown
from ..store import write_files
from ..syntax import MAX_FAULTS, csv_bytes, json_bytes
from ..text import runs_as_formula
from .bounds import MAX_SECONDS, SECONDS_OF_A_MILLION, at_most
from .cells import odd_cells
from .files import AS_CSV, PackageFiles, format_of
from .keys import repeated_keys
from .patterns import unmatched_cells


def check_package(package: PackageFiles, *, own: bool = False) -> Iterator[Finding]:
    """Hold the tables of a package, read without a finding, against its Table Schemas.

    Args:
        package: the package.
        own: whether the descriptor was made by us, so that its patterns are known to be harmless.

    Raises:
        MissingLibraryError: frictionless is not installed.
    """
    if own:
        yield from repeated_keys(package)
        yield from _frictionless(package, own)
        return
    count, endless = 0, False
    for check in (repeated_keys, unmatched_cells, odd_cells, _formulas):
        for finding in check(package):
            yield finding
            count += 1
            endless = endless or finding.rule == "files-are-bounded"
    # A second judge tells nobody more where so much is wrong, and would not come back from a cell that is too long.
    if count < MAX_FAULTS and not endless:
        yield from _frictionless(package, own)


def _formulas(package: PackageFiles) -> Iterator[Finding]:
    """Find the cells that a spreadsheet would run. In our own tables the records are judged, and what is quoted may stay."""
    for table in package.tables.values():
        yield from at_most(
            table.at(number, column, "cells-are-not-formulas", f"a spreadsheet would run {shown(cell)}", "begin it with a word")
            for number, row in enumerate((table.header, *table.rows), -1)
            for column, cell in enumerate(row)
            if not cell.isalnum() and runs_as_formula(cell)
        )


def _frictionless(package: PackageFiles, own: bool) -> Iterator[Finding]:
    try:
        import frictionless
    except ImportError:
        instead = "leave the layer out with --skip package"
        raise MissingLibraryError("the layer package", "frictionless", "validate", instead) from None
    assert package.descriptor is not None
    named = {path: json_bytes(_without(value, _kept_back(own))) for path, value in package.named.items()}
    handed = {**package.files, **named, package.descriptor.path: json_bytes(_handed(package, own))}
    for path in package.lines:
        table = package.tables[path]
        handed[path + AS_CSV] = csv_bytes([table.header, *table.rows])
    with tempfile.TemporaryDirectory(prefix="venezuela-data-") as folder, warnings.catch_warnings(), _nothing_sniffed():
        warnings.simplefilter("ignore")  # what frictionless plans to change is not about the data
        write_files(Path(folder), handed)
        place = Path(folder) / package.descriptor.path
        try:
            report = frictionless.Package(place).validate(None if own else _deadline(frictionless, package))
        except Exception as error:  # for many a faulty descriptor it has no finding of its own, and fails somewhere inside
            told = error.error.note if isinstance(error, frictionless.FrictionlessException) else f"not readable: {error}"
            note = " ".join(str(told).replace(folder, "").split())
            yield package.descriptor.at((), "tables-conform-to-their-schemas", note, "mend the descriptor")
            return
    base = package.descriptor.path.rpartition("/")[0]
    for fault in report.errors:
        note = " ".join(fault.note.replace(folder, "").split())
        yield package.descriptor.at((), "tables-conform-to-their-schemas", note, "mend the descriptor")
    for task in report.tasks:
        named = task.place.removesuffix(" (multipart)")
        path = (f"{base}/{named}" if base else named).removesuffix(AS_CSV)
        for fault in task.errors:
            yield _table_finding(package, path, fault)


_OF_LINES = ("bytes", "hash", "dialect", "encoding", "mediatype")
"""What a descriptor says of a JSON Lines file itself, and not of it as a table."""
_AS_CSV = {"type": "table", "format": "csv", "encoding": "utf-8"}
"""What is said in the place of that."""


@contextmanager
def _nothing_sniffed() -> Iterator[None]:
    """Keep frictionless from guessing how a table is written, so that it reads what was read and checked here.

    It asks the standard library's sniffer about every table. That one takes a semicolon in a cell for a delimiter, and hours
    over some cells. Where the sniffer gives up, frictionless falls back on RFC 4180 and what the descriptor says.
    """
    parser: Any = import_module("frictionless.formats.csv.parser")

    class Sniffer:
        def sniff(self, *_: object) -> None:
            raise csv.Error

    with _SNIFFING:
        kept = parser.csv
        parser.csv = SimpleNamespace(**{**vars(csv), "Sniffer": Sniffer})
        try:
            yield
        finally:
            parser.csv = kept


_SNIFFING = threading.RLock()


def _deadline(frictionless: Any, package: PackageFiles) -> Any:
    """Make a checklist by which frictionless stops at the first row after its time is up: so much for each cell, and some."""
    given = MAX_SECONDS + SECONDS_OF_A_MILLION * package.cells / 1e6
    end = time.monotonic() + given

    class Deadline(frictionless.Check):  # type: ignore[misc]  # the class is known only once the library is loaded
        type = "deadline"
        Errors: ClassVar[list[Any]] = []

        def validate_row(self, row: Any) -> Iterator[Any]:  # noqa: ARG002  # the library gives it
            if time.monotonic() > end:
                raise TimeoutError(f"its tables take longer than {given:.0f} seconds to judge")
            yield from ()

    return frictionless.Checklist(checks=[Deadline()])


def _handed(package: PackageFiles, own: bool) -> dict[str, Any]:
    """Give the descriptor that frictionless gets: each resource with its kind, and without data that is no table.

    Left to guess, it takes any JSON that looks like a descriptor for one, and follows the addresses in it.
    """
    assert package.descriptor is not None
    descriptor = package.descriptor.value
    handed = []
    for resource in descriptor["resources"]:
        if "path" in resource:
            paths = resource["path"] if isinstance(resource["path"], list) else [resource["path"]]
            form = format_of(resource, str(paths[0]) if paths else "")
            if form == "jsonl":
                rest = {name: one for name, one in resource.items() if name not in _OF_LINES}
                handed.append({**rest, "path": f"{paths[0]}{AS_CSV}", **_AS_CSV})
                continue
            is_table = form in ("csv", "tsv")
            kind = {"type": "table", "format": form, "encoding": "utf-8"} if is_table else {"type": "file"}
            handed.append({**resource, **kind})
        elif isinstance(resource.get("data"), list):
            handed.append({**resource, "type": "table"})
    made: dict[str, Any] = _without({**descriptor, "resources": handed}, _kept_back(own))
    return made


def _kept_back(own: bool) -> tuple[str, ...]:
    """Name the fields that frictionless does not get: profiles, which it would fetch, and the patterns of others."""
    return ("profile", "profiles") if own else ("profile", "profiles", "pattern")


def _without(node: Any, names: Collection[str]) -> Any:
    if isinstance(node, list):
        return [_without(one, names) for one in node]
    if isinstance(node, dict):
        return {name: one if name == "data" else _without(one, names) for name, one in node.items() if name not in names}
    return node


def _table_finding(package: PackageFiles, path: str, error: Any) -> Finding:
    code = "tables-conform-to-their-schemas"
    message = f"{error.type}: {' '.join(error.note.split())}"
    advice = "correct the cell, or the Table Schema"
    table = package.tables.get(path)
    # Frictionless counts records with the header as the first, not lines.
    row, number = getattr(error, "row_number", None), getattr(error, "field_number", None)
    if row is None and number is not None:
        row = 1  # what is wrong with a name of the header
    if table is None or row is None or row - 2 >= len(table.rows):
        return Finding(path, 0, 0, code, message, advice)
    column = min(number or 1, len(table.header)) - 1
    names = getattr(error, "field_names", None)
    if names and names[0] in table.header:
        column = table.header.index(names[0])
    return table.at(row - 2, column, code, message, advice)
