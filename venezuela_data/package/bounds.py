"""How much another's package may ask for: resources, files, bytes, cells, keys, lists and patterns.

What exceeds a bound is found before the work that the bound is for begins. What we built ourselves has none of these, as it
asks only for what there is. Opens nothing. May import whatever stands before `package` in the order of modules, and `files`.
"""

from __future__ import annotations

import sys
from typing import Any

from ..findings import shown
from ..syntax import MAX_CELLS, MAX_COLUMNS
from .files import PackageFiles

MAX_RESOURCES = 200
"""Resources of a package at most."""
MAX_PACKAGE = 200_000_000
"""Bytes of all files of a package together at most."""
MAX_PACKAGE_FILES = 5_000
"""Files of a package at most."""
MAX_HELD = 400_000_000
"""Bytes of memory that the texts of all tables take at most: one character outside the usual ones can take four for each."""
MAX_LISTED = 1_000
"""Items of a list in a schema or dialect at most: keys, missing values, terms."""
MAX_KEY_WORK = 50_000_000
"""Rows of a package times the keys of its schemas, at most."""
MAX_STEPS_OF_ALL = 200_000
"""Steps of all patterns of a package at most."""
MAX_PATTERN_WORK = 5_000_000_000
"""Steps of a pattern times characters that it is held against, at most."""
MAX_SECONDS = 60.0
"""Seconds that frictionless gets for the tables of another's package."""


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
    tables = [table for paths in package.paths() for table in map(package.tables.get, paths) if table is not None]
    cells = sum(len(table.rows) * len(table.header) for table in tables)
    held = sum(sys.getsizeof(table.source.text) for table in package.tables.values())
    keys = sum(len(schema[name]) for _, schema, _ in package.schemas() for name in _KEYS if isinstance(schema.get(name), list))
    work = keys * sum(len(table.rows) for table in tables)
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


_KEYS = ("uniqueKeys", "foreignKeys")
