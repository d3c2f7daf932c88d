"""Patterns that others wrote, run so that none of them can run away.

A pattern is first measured, with its repetitions written out, and then run by an engine whose time is linear in the length of
the text; what that engine does not know, such as looking around, is refused. Python's own engine, which can need time that
doubles with every character, never gets one. May import whatever stands before `package`, and `files` and `bounds`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from pydantic_core import SchemaError, SchemaValidator, core_schema

from ..findings import Finding, shown
from ..syntax import CsvFile, Pointer
from .bounds import MAX_PATTERN_WORK, MAX_STEPS_OF_ALL, at_most
from .files import PackageFiles, missing_values

MAX_PATTERN = 1_000
"""Characters of a pattern at most."""
MAX_STEPS = 10_000
"""Steps of a pattern at most, with its repetitions written out."""

_PIECE = re.compile(
    r"\\(?:[pPxu]\{[^}]*\}|.)|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?P<least>[0-9]*)(?P<upto>,?(?P<most>[0-9]*))\}|[()|?*+]|.",
    re.DOTALL,
)
_WIDE = re.compile(r"\\[pPwWdDsS]|\[\^|\.")
"""Classes that hold much of Unicode: each is some hundred ranges of bytes to an engine that reads UTF-8."""
_WIDTH = 50


def engine(pattern: str) -> SchemaValidator | None:
    """Make an engine that holds whole texts against a pattern in linear time, if there can be one."""
    try:
        # A pattern that is none by itself could else close the group around it and open another.
        SchemaValidator(core_schema.str_schema(pattern=pattern))
        return SchemaValidator(core_schema.str_schema(pattern=f"^(?:{pattern})$"))
    except SchemaError:
        return None


def steps(pattern: str) -> int:
    """Estimate the steps of a pattern with its repetitions written out; what is beyond the bound is one more than it."""
    if len(pattern) > MAX_PATTERN:
        return MAX_STEPS + 1
    groups = [[0]]
    for match in _PIECE.finditer(pattern):
        piece = match.group()
        if piece == "(":
            groups.append([0])
        elif piece == ")":
            inner = sum(groups.pop()) if len(groups) > 1 else 0
            groups[-1].append(inner + 1)
        elif match["least"] is not None and len(piece) > 2:
            # A number of seven digits is beyond the bound, and nobody needs to know by how much.
            groups[-1][-1] *= max(1, int(match["least"][:7] or 0), int(match["most"][:7] or 0))
        elif piece not in "|?*+":
            groups[-1].append(_WIDTH if _WIDE.search(piece) else 1)
        if sum(groups[-1]) > MAX_STEPS:
            return MAX_STEPS + 1
    return min(sum(map(sum, groups)), MAX_STEPS + 1)


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
