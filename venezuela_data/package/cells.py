"""Cells of others that frictionless would read as what they do not say, or take for ever over.

It reads numbers and dates as Python does: with spaces around them, underscores and digits of any script. Here they are to be as
Table Schema writes them. And it reads some kinds of value with patterns whose time is the square of the length, so those are
kept short. May import whatever stands before `package` in the order of modules, and `files` and `bounds`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ..findings import Finding, shown
from ..syntax import CsvFile
from .bounds import at_most
from .files import PackageFiles, missing_values

MAX_SIMPLE = 1_000
"""Characters of a number, date or truth value at most."""
MAX_FORMED = 10_000
"""Characters of an address, a shape or another text that has a form at most."""

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
NORMAL = {
    "integer": re.compile("-?(?:0|[1-9][0-9]*)"),
    "number": re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|NaN|-?INF"),
    "date": re.compile(_DAY),
    "time": re.compile(_CLOCK),
    "datetime": re.compile(f"{_DAY}T{_CLOCK}"),
    "year": re.compile("-?[0-9]{4,}"),
    "yearmonth": re.compile("-?[0-9]{4,}-[0-9]{2}"),
}
"""How Table Schema writes the values of a type where nothing else is said."""
_SIMPLE = {*NORMAL, "boolean", "duration", "geopoint"}
_FORMED = ("email", "uri", "uuid", "wkt")
_SAYS_ELSE = ("groupChar", "decimalChar", "bareNumber")


def odd_cells(package: PackageFiles) -> Iterator[Finding]:
    """Find the cells that are too long for their type, or not in its normal form though some readers take them for it."""
    for _, schema, tables in package.schemas():
        fields = schema.get("fields")
        for field in fields if isinstance(fields, list) else ():
            if not isinstance(field, dict) or not isinstance(field.get("name"), str):
                continue
            empty = missing_values(schema) | (missing_values(field) if "missingValues" in field else frozenset())
            for table in tables:
                if table is not None and field["name"] in table.header:
                    yield from at_most(_odd(table, table.header.index(field["name"]), field, empty))


def _odd(table: CsvFile, column: int, field: Mapping[str, Any], empty: frozenset[str]) -> Iterator[Finding]:
    kind, form = str(field.get("type", "any")), str(field.get("format", "default"))
    most = MAX_SIMPLE if kind in _SIMPLE else MAX_FORMED if kind == "geojson" or form in _FORMED else None
    normal = NORMAL.get(kind) if form == "default" and not any(name in field for name in _SAYS_ELSE) else None
    if most is None:
        return
    code = "tables-conform-to-their-schemas"
    for number, row in enumerate(table.rows):
        cell = row[column]
        if len(cell) > most:
            message = f"a cell of {len(cell):,} characters, more than {most:,} for the type {kind}"
            yield table.at(number, column, "files-are-bounded", message, "shorten it")
        elif normal is not None and cell not in empty and not normal.fullmatch(cell) and _passes_elsewhere(cell, kind):
            message = f"type-error: {shown(cell)} is not how Table Schema writes the type {kind}"
            yield table.at(number, column, code, message, "write plain digits, without spaces or leading zeros")


def _passes_elsewhere(cell: str, kind: str) -> bool:
    """Say whether Python reads a cell as a value of its type, as frictionless then does too."""
    try:
        if kind in ("integer", "year"):
            int(cell)
        elif kind == "number":
            Decimal(cell.strip())
        elif kind == "date":
            datetime.strptime(cell, "%Y-%m-%d")  # noqa: DTZ007  # only whether it can be read is asked
        elif kind == "yearmonth":
            for part in cell.split("-"):
                int(part)
        else:
            datetime.fromisoformat(cell if kind == "datetime" else f"2000-01-01T{cell}")
    except (ValueError, InvalidOperation):
        return False
    return True
