"""What a data package is once it is read: its descriptor, its tables, its bytes, and what was wrong on the way.

It knows which schema is for which table and which paths a resource names; it reads nothing and judges nothing. May import
whatever stands before `package` in the order of modules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..findings import Finding
from ..syntax import CsvFile, JsonFile, LinesFile, Pointer

AS_CSV = ".as-a-table.csv"
"""What the name of a JSON Lines file ends in when frictionless gets it as CSV. No file of a package may have such a name."""


@dataclass(slots=True)
class PackageFiles:
    """A data package as it was read: its descriptor, its tables, and the bytes of every file."""

    descriptor: JsonFile | None = None
    tables: dict[str, CsvFile] = field(default_factory=dict)
    """The CSV files that could be read, by path from the root."""
    files: dict[str, bytes] = field(default_factory=dict)
    lines: dict[str, LinesFile] = field(default_factory=dict)
    """The JSON Lines files that could be read; `tables` has them too, as their schemas see them."""
    named: dict[str, Any] = field(default_factory=dict)
    """What the schemas and dialects that are files of their own hold, by path from the root."""
    findings: list[Finding] = field(default_factory=list)
    own: bool = False
    """Whether the descriptor was made by us."""
    values: int = 0
    """About how many values the JSON Lines hold that were read."""
    full_up: bool = False
    """Whether so much was read that nothing more is."""

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(len(table.rows) for table in self.tables.values())

    @property
    def cells(self) -> int:
        """The cells of the tables, counted as often as resources name them, and those that stand in the descriptor."""
        assert self.descriptor is not None
        found = [table for paths in self.paths() for table in map(self.tables.get, paths) if table is not None]
        listed = self.descriptor.value.get("resources")
        inline = [one.get("data") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        rows = (row for data in inline if isinstance(data, list) for row in data)
        inside = sum(len(row) if isinstance(row, (list, dict)) else 1 for row in rows)
        return inside + sum(len(table.rows) * len(table.header) for table in found)

    def full(self, path: object) -> str:
        """Give the path from the root of what a descriptor names from its own folder."""
        assert self.descriptor is not None
        folder = self.descriptor.path.rpartition("/")[0]
        return f"{folder}/{path}" if folder else str(path)

    def paths(self) -> Iterator[list[str]]:
        """Yield for each resource of a descriptor the paths of its files, from the root."""
        assert self.descriptor is not None
        listed = self.descriptor.value.get("resources")
        for resource in listed if isinstance(listed, list) else ():
            paths = resource.get("path") if isinstance(resource, dict) else None
            yield [self.full(one) for one in (paths if isinstance(paths, list) else [paths])]

    def described(self) -> Iterator[tuple[Pointer, str, Any]]:
        """Yield every schema and dialect of the resources, whether it stands in the descriptor or in a file of its own."""
        assert self.descriptor is not None
        listed = self.descriptor.value.get("resources")
        for index, resource in enumerate(listed if isinstance(listed, list) else ()):
            for key in ("schema", "dialect"):
                given = resource.get(key) if isinstance(resource, dict) else None
                found = self.named.get(self.full(given)) if isinstance(given, str) else given
                if found is not None:
                    yield ("resources", index), key, found

    def schemas(self) -> Iterator[tuple[Pointer, dict[str, Any], list[CsvFile | None]]]:
        """Yield each Table Schema with the resource that has it, and the tables that it describes as far as they were read."""
        assert self.descriptor is not None
        listed = self.descriptor.value.get("resources")
        for index, resource in enumerate(listed if isinstance(listed, list) else ()):
            if not isinstance(resource, dict):
                continue
            schema, path = resource.get("schema"), resource.get("path")
            found = self.named.get(self.full(schema)) if isinstance(schema, str) else schema
            if isinstance(found, dict):
                paths = path if isinstance(path, list) else [path]
                yield ("resources", index), found, [self.tables.get(self.full(one)) for one in paths]


def format_of(resource: Mapping[str, Any], path: str) -> str:
    """Give the format of a file: that of its name, and where its name has none that is known, the one that is given."""
    named = path.rpartition(".")[2].lower()
    form = named if named in ("csv", "tsv", "json", *LINES, *PACKED) else str(resource.get("format")).lower()
    return "jsonl" if form in LINES else form


def missing_values(described: Mapping[str, Any]) -> frozenset[str]:
    """Give the cells that stand for no value, by a Table Schema or by the description of one of its columns."""
    given = described.get("missingValues", [""])
    listed = [one.get("value") if isinstance(one, dict) else one for one in given] if isinstance(given, list) else [""]
    return frozenset(one for one in listed if isinstance(one, str))


LINES = ("jsonl", "ndjson")
PACKED = ("zip", "gz", "bz2", "xz", "zst", "7z", "tgz", "tar")
"""Endings that some readers unpack by; here such a file is no table, whatever its descriptor says."""
