"""How much another's package may ask for: resources, files, bytes, cells, keys, lists and patterns.

What exceeds a bound is found before the work that the bound is for begins. What we built ourselves has none of these, as it
asks only for what there is. Opens nothing. May import whatever stands before `package` in the order of modules, and `files`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

from ..findings import Finding, shown
from ..syntax import MAX_CELLS, MAX_COLUMNS, MAX_FAULTS
from .files import PackageFiles

MAX_RESOURCES = 200
"""Resources of a package at most."""
MAX_PACKAGE = 200_000_000
"""Bytes of all files of a package together at most."""
MAX_PACKAGE_FILES = 5_000
"""Files of a package at most."""
MAX_HELD = 150_000_000
"""Bytes of memory that the texts of all tables take at most: one character outside the usual ones can take four for each.

Their cells take as much again, and their files too.
"""
MAX_NAMED = 10_000_000
"""Bytes of the schemas and dialects that are files of their own, together at most."""
MAX_LISTED = 1_000
"""Items of a list in a schema or dialect at most: keys, missing values, terms."""
MAX_KEY_WORK = 10_000_000
"""Rows of a package times the keys of its schemas, at most."""
MAX_STEPS_OF_ALL = 200_000
"""Steps of all patterns of a package at most."""
MAX_PATTERN_WORK = 5_000_000_000
"""Steps of a pattern times characters that it is held against, at most."""
MAX_SECONDS = 5.0
"""Seconds that frictionless gets for the tables of another's package, however small they are."""
SECONDS_OF_A_MILLION = 20.0
"""Seconds that it gets besides for a million cells, which is several times what it needs."""


def exceeded(package: PackageFiles) -> bool:
    """Find what a descriptor asks for that nobody should work through; say whether there is anything."""
    assert package.descriptor is not None
    if package.own:
        return False
    code = "descriptor-is-bounded"
    found = []
    for pointer, key, described in package.described():
        todo: list[tuple[str, Any]] = [(key, described)]
        while todo:
            name, one = todo.pop()
            most = MAX_COLUMNS if name == "fields" else MAX_LISTED
            if isinstance(one, (dict, list)) and len(one) > most:
                message = f"{shown(name)} has {len(one):,} items, more than {most:,}"
                found.append(package.descriptor.at((*pointer, key), code, message, "shorten it", key=True))
            elif isinstance(one, (dict, list)):
                todo.extend(one.items() if isinstance(one, dict) else ((f"an item of {name}", item) for item in one))
    cells = package.cells
    held = sum(sys.getsizeof(table.source.text) for table in package.tables.values())
    keys = sum(len(schema[name]) for _, schema, _ in package.schemas() for name in _KEYS if isinstance(schema.get(name), list))
    rows = sum(len(table.rows) for paths in package.paths() for table in map(package.tables.get, paths) if table is not None)
    work = keys * rows
    for asked, most, what in (
        (cells, MAX_CELLS, "cells to judge"),
        (held, MAX_HELD, "bytes of tables to hold in memory"),
        (work, MAX_KEY_WORK, "rows to hold against keys"),
    ):
        if asked > most:
            message = f"{asked:,} {what}, more than {most:,}"
            found.append(package.descriptor.at((), code, message, "split the package"))
    package.findings += found
    return bool(found)


def overfull(package: PackageFiles, data: bytes, delimiter: str) -> str:
    """Say what a package would have too much of with the table that these bytes are, before anything is made of them."""
    if package.own:
        return ""
    # A table that two resources name is read once and judged twice; `exceeded` counts that.
    cells = package.values + sum(len(table.rows) * len(table.header) for table in package.tables.values())
    mark = delimiter.encode()
    added = data.count(mark) + data.count(b"\n")
    if cells + added > MAX_CELLS:
        # Now it matters that delimiters in quotes are none.
        bare = _QUOTED.sub(b"", data)
        added = bare.count(mark) + bare.count(b"\n")
    held = sum(sys.getsizeof(one.source.text) for one in package.tables.values())
    held += sum(sys.getsizeof(one.source.text) for one in package.lines.values())
    # The first of four bytes begins a character beyond the usual ones, and a text with one takes four for each.
    width = 1 if data.isascii() else 4 if _ASTRAL.search(data) else 2
    if cells + added > MAX_CELLS:
        return f"{MAX_CELLS:,} cells to judge"
    if held + width * len(data.translate(None, _CONTINUED)) > MAX_HELD:
        return f"{MAX_HELD:,} bytes of tables to hold in memory"
    return ""


_QUOTED = re.compile(rb'"[^"]*+"?')
_CONTINUED = bytes(range(0x80, 0xC0))
_ASTRAL = re.compile(rb"[\xf0-\xff]")


def at_most(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield findings of one table by one rule until there are enough of them, and then one that says that there are more."""
    for count, finding in enumerate(findings):
        if count == MAX_FAULTS:
            message = f"more than {MAX_FAULTS:,} findings of this rule: the rest of the table was not held against it"
            yield Finding(finding.path, finding.line, finding.column, finding.rule, message, "mend the others first")
            return
        yield finding


_KEYS = ("uniqueKeys", "foreignKeys")
