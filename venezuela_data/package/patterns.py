"""The patterns of a package on disk: whether they can be run in linear time, and which cells they do not match.

Each is measured first, and what the engine of linear time does not know, such as looking around, is refused. Python's own
engine never gets one. May import whatever stands before `package`, and `files` and `bounds`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from ..findings import Finding, shown
from ..patterns import MAX_STEPS, engine, steps
from ..syntax import CsvFile, Pointer
from .bounds import MAX_PATTERN_WORK, MAX_STEPS_OF_ALL, at_most
from .files import PackageFiles, missing_values

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator


def _patterns(package: PackageFiles) -> Iterator[tuple[Pointer, str, str, dict[str, Any], list[CsvFile | None]]]:
    """Yield every pattern of a schema: its place, the pattern, the column, the schema, and the tables that it is for."""
    for pointer, schema, tables in package.schemas():
        for index, column in enumerate(schema["fields"] if isinstance(schema.get("fields"), list) else ()):
            constraints = column.get("constraints") if isinstance(column, dict) else None
            pattern = constraints.get("pattern") if isinstance(constraints, dict) else None
            if isinstance(pattern, str):
                at = (*pointer, "schema", "fields", index, "constraints", "pattern")
                yield at, pattern, str(column.get("name")), schema, tables


def check_patterns(package: PackageFiles) -> None:
    """Find the patterns that cannot be run in linear time, or over tables that are not read here."""
    assert package.descriptor is not None
    code = "patterns-run-in-linear-time"
    total = 0
    for at, pattern, name, _, tables in _patterns(package):
        taken = steps(pattern)
        total += taken
        characters = sum(_characters(table, name) for table in tables if table is not None)
        too_much = taken > MAX_STEPS or total > MAX_STEPS_OF_ALL or taken * characters > MAX_PATTERN_WORK
        if too_much and not package.own:
            message = f"the pattern {shown(pattern)} asks for too much work"
            package.findings.append(package.descriptor.at(at, code, message, "repeat less, or write a shorter one"))
            if total > MAX_STEPS_OF_ALL:
                return
        elif engine(pattern) is None:
            message = f"the pattern {shown(pattern)} cannot be run in linear time"
            advice = "write it without looking around and without references back"
            package.findings.append(package.descriptor.at(at, code, message, advice))
        elif None in tables and not package.findings:
            message = f"the pattern {shown(pattern)} is for a table that is no plain CSV file"
            package.findings.append(package.descriptor.at(at, code, message, "write the table as CSV of RFC 4180"))


def _characters(table: CsvFile, name: str) -> int:
    if name not in table.header:
        return 0
    column = table.header.index(name)
    return sum(len(row[column]) for row in table.rows)


def unmatched_cells(package: PackageFiles) -> Iterator[Finding]:
    """Hold cells against the patterns of another's schemas."""
    for _, pattern, name, schema, tables in _patterns(package):
        empty = missing_values(schema)
        run = engine(pattern)
        assert run is not None
        for table in tables:
            if table is not None and name in table.header:
                yield from at_most(_unmatched(table, table.header.index(name), run, pattern, empty))


def _unmatched(table: CsvFile, column: int, run: SchemaValidator, pattern: str, empty: Collection[object]) -> Iterator[Finding]:
    for number, row in enumerate(table.rows):
        if row[column] not in empty and not run.isinstance_python(row[column]):
            message = f"constraint-error: {shown(row[column])} does not match the pattern {shown(pattern)}"
            advice = "correct the cell, or the Table Schema"
            yield table.at(number, column, "tables-conform-to-their-schemas", message, advice)
