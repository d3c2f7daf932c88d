"""Unique keys: no two rows of a resource agree in all columns that its Table Schema lists together.

Frictionless reads `uniqueKeys` and checks none. Here they are held against all parts of a resource together, against data that
stands in the descriptor, and a key that no column has is a finding. May import whatever stands before `package` in the order of
modules, and `files` and `bounds`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ..findings import Finding, shown
from ..syntax import CsvFile, Pointer
from .bounds import at_most
from .files import PackageFiles

_CODE = "unique-keys-are-unique"
_ADVICE = "keep one of the two"


def repeated_keys(package: PackageFiles) -> Iterator[Finding]:
    """Find the rows that agree in a unique key, and the keys that say nothing."""
    assert package.descriptor is not None
    code = "tables-conform-to-their-schemas"
    for pointer, schema, tables in package.schemas():
        keys = schema.get("uniqueKeys", [])
        if not isinstance(keys, list):
            message = f"'uniqueKeys' is {shown(keys)}"
            yield package.descriptor.at((*pointer, "schema", "uniqueKeys"), code, message, "list lists of columns")
            continue
        known = _columns(schema).union(*(table.header for table in tables if table is not None))
        judged = set()
        for index, key in enumerate(keys):
            names = [key] if isinstance(key, str) else key
            at = (*pointer, "schema", "uniqueKeys", index)
            if not isinstance(names, list) or not names or not all(isinstance(one, str) for one in names):
                yield package.descriptor.at(at, code, f"a unique key is {shown(key)}", "list the names of its columns")
            elif unknown := [one for one in names if one not in known]:
                message = f"a unique key has the column {shown(unknown[0])}, which the table does not have"
                yield package.descriptor.at(at, code, message, "name columns of the Table Schema")
            elif tuple(names) not in judged:
                judged.add(tuple(names))
                yield from at_most(_repeated([one for one in tables if one is not None], names))
                yield from at_most(_repeated_inline(package, pointer, names))


def _columns(schema: dict[str, Any]) -> set[str]:
    fields = schema.get("fields")
    named = [one.get("name") for one in fields if isinstance(one, dict)] if isinstance(fields, list) else []
    return {one for one in named if isinstance(one, str)}


def _repeated(tables: Sequence[CsvFile], names: Sequence[str]) -> Iterator[Finding]:
    """Find the rows of all parts of a resource that agree in these columns with one before them."""
    seen: dict[tuple[str, ...], tuple[CsvFile, int]] = {}
    for table in tables:
        if not set(names) <= set(table.header):
            continue
        columns = [table.header.index(name) for name in names]
        for number, row in enumerate(table.rows):
            here = (table, number)
            first, other = seen.setdefault(tuple(row[column] for column in columns), here)
            if first is not table or other != number:
                line = first.source.place(first.starts[other + 1])[0]
                where = f"line {line}" if first is table else f"line {line} of {shown(first.source.path)}"
                message = f"the row agrees with {where} in {', '.join(names)}"
                yield table.at(number, columns[0], _CODE, message, _ADVICE)


def _repeated_inline(package: PackageFiles, pointer: Pointer, names: Sequence[str]) -> Iterator[Finding]:
    """Find the rows of data in the descriptor that agree in these columns with one before them."""
    assert package.descriptor is not None
    resource = package.descriptor.value["resources"][pointer[1]]
    data = resource.get("data")
    if not isinstance(data, list) or not data:
        return
    header = data[0] if isinstance(data[0], list) else None
    seen: dict[str, int] = {}
    for number, row in enumerate(data):
        if isinstance(row, dict):
            cells = [row.get(name) for name in names]
        elif header is not None and isinstance(row, list) and number and set(names) <= {str(one) for one in header}:
            at = [[str(one) for one in header].index(name) for name in names]
            cells = [row[one] if one < len(row) else None for one in at]
        else:
            continue
        # Numbers and texts stay apart, as 1 and "1" are written differently.
        first = seen.setdefault(json.dumps(cells), number)
        if first != number:
            message = f"the row agrees with row {first} in {', '.join(names)}"
            yield package.descriptor.at((*pointer, "data", number), _CODE, message, _ADVICE)
