"""Data packages as they lie on disk: what a descriptor promises, and frictionless as a second judge of its tables.

Each file is read once and checked as bytes; frictionless then gets copies of just those bytes in a folder of its own, because
by itself it follows links out of a package, fetches addresses and hangs on some patterns. What it does not enforce (unique
keys, the hash, the length) is checked here. May import `findings`, `syntax` and `store`.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .findings import Finding, shown
from .store import Tree, UnreadableError, write_files
from .syntax import CsvFile, JsonFile, Pointer, decode, json_bytes, read_csv, read_json

MAX_RESOURCES = 200
"""Resources of a package at most."""

RULES = {
    "descriptor-stays-in-its-folder": (
        "A descriptor names files below its own folder, and no address outside it.\n\n"
        "A path that leaves the folder, or an address, would make the validator read or fetch what nobody gave it."
    ),
    "descriptor-keeps-its-promises": (
        "Every file has the length and the hash that the descriptor gives for it, and every resource has a name of its own.\n\n"
        "They are how a reader knows that the file at hand is the file that was published."
    ),
    "patterns-run-in-linear-time": (
        "No pattern of a descriptor repeats a group.\n\n"
        "Some engines need time that doubles with every character for such patterns, so that one cell stops the check."
    ),
    "tables-conform-to-their-schemas": (
        "Every table is what its Table Schema says: types, required cells, keys, references, terms, patterns.\n\n"
        "Frictionless, the reference reader of data packages, is the judge."
    ),
    "unique-keys-are-unique": (
        "No two rows agree in all columns that the Table Schema lists together under `uniqueKeys`.\n\n"
        "Frictionless reads this property and does not check it."
    ),
}
"""What holds for a data package, by the code of the rule."""


class MissingLibraryError(Exception):
    """A layer cannot run because the library that it needs is not installed."""

    def __init__(self, library: str, layer: str, extra: str) -> None:
        super().__init__(
            f"the layer {layer} needs {library}, which is not installed: "
            f"pip install 'venezuela-data[{extra}]', or leave the layer out with --skip {layer}"
        )


@dataclass(slots=True)
class PackageFiles:
    """A data package as it was read: its descriptor, its tables, and the bytes of every file."""

    descriptor: JsonFile | None = None
    tables: dict[str, CsvFile] = field(default_factory=dict)
    """The CSV files that could be read, by path from the root."""
    files: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(len(table.rows) for table in self.tables.values())


def read_package(tree: Tree, path: str) -> PackageFiles:
    """Read a descriptor and every file that it names, each once, without leaving its folder.

    Args:
        tree: the folder that no path may leave.
        path: the descriptor, from the root of the tree.
    """
    package = PackageFiles()
    data = _read(tree, path, package)
    if data is None:
        return package
    descriptor, findings = read_json(data, path)
    package.findings += findings
    if descriptor is None:
        return package
    package.descriptor = descriptor
    if not isinstance(descriptor.value, dict):
        message = f"expected an object, not {shown(descriptor.value)}"
        package.findings.append(descriptor.at((), "descriptor-keeps-its-promises", message, "describe the package"))
        return package
    folder = path.rpartition("/")[0]
    for pointer, resource in _resources(descriptor, package):
        _check_strings(descriptor, pointer, resource, package)
        _read_resource(tree, folder, descriptor, pointer, resource, package)
    rest = {name: value for name, value in descriptor.value.items() if name != "resources"}
    _check_strings(descriptor, (), rest, package)
    return package


def _read(tree: Tree, path: str, package: PackageFiles) -> bytes | None:
    try:
        data = tree.read(path)
    except UnreadableError as error:
        package.findings.append(error.finding)
        return None
    package.files[path] = data
    return data


def _resources(descriptor: JsonFile, package: PackageFiles) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    code = "descriptor-keeps-its-promises"
    resources = descriptor.value.get("resources")
    if not isinstance(resources, list) or not resources:
        package.findings.append(descriptor.at((), code, "the descriptor has no list of resources", "add 'resources'"))
        return
    if len(resources) > MAX_RESOURCES:
        message = f"{len(resources)} resources, more than {MAX_RESOURCES}"
        package.findings.append(descriptor.at(("resources",), code, message, "split the package"))
        return
    names = set()
    for index, resource in enumerate(resources):
        pointer: Pointer = ("resources", index)
        if not isinstance(resource, dict):
            message = f"expected an object, not {shown(resource)}"
            package.findings.append(descriptor.at(pointer, code, message, "describe the resource"))
            continue
        name = resource.get("name")
        if not isinstance(name, str) or name in names:
            message = f"the resource has the name {shown(name)}"
            package.findings.append(descriptor.at((*pointer, "name"), code, message, "give it a name of its own"))
        names.add(name if isinstance(name, str) else "")
        yield pointer, resource


_NOT_STANDARD = ("extrapaths", "compression", "innerpath", "scheme", "control")
"""Fields of a resource that only frictionless knows, and follows."""
_ADDRESSED = ("schema", "dialect", "profile", "path", "$ref")
_KNOWN_PROFILES = re.compile(r"https://(datapackage\.org/profiles|specs\.frictionlessdata\.io/schemas)/[A-Za-z0-9./-]+")
_REPEATED_GROUP = re.compile(r"\)[*+{]")


def _check_strings(descriptor: JsonFile, pointer: Pointer, node: Any, package: PackageFiles) -> None:
    """Find addresses that a reader would fetch, and patterns that could run for ever, anywhere in a descriptor."""
    todo: list[tuple[Pointer, Any]] = [(pointer, node)]
    while todo:
        at, one = todo.pop()
        if isinstance(one, list):
            todo.extend(((*at, index), item) for index, item in enumerate(one))
        if not isinstance(one, dict):
            continue
        inside_sources = any(part in ("sources", "licenses", "contributors", "data") for part in at)
        for name, value in one.items():
            todo.append(((*at, name), value))
            if not inside_sources:
                _check_named(descriptor, (*at, name), name, value, package)


def _check_named(descriptor: JsonFile, at: Pointer, key: str, given: Any, package: PackageFiles) -> None:
    listed = [((*at, index), one) for index, one in enumerate(given)] if isinstance(given, list) else [(at, given)]
    for here, value in listed:
        if isinstance(value, str):
            fetched = key in _ADDRESSED or key == "$schema"
            known = key in ("$schema", "profile") and (_KNOWN_PROFILES.fullmatch(value) or re.fullmatch("[a-z-]+", value))
            leaves = ":" in value or value.startswith(("/", "\\", "~")) or ".." in value.split("/") or "\\" in value
            if fetched and leaves and not known:
                message = f"{key!r} is {shown(value)}"
                advice = "name a file below the folder of the descriptor"
                package.findings.append(descriptor.at(here, "descriptor-stays-in-its-folder", message, advice))
            if key == "pattern" and _REPEATED_GROUP.search(value):
                message = f"the pattern {shown(value)} repeats a group"
                package.findings.append(
                    descriptor.at(here, "patterns-run-in-linear-time", message, "write it without repeating a group")
                )


def _read_resource(
    tree: Tree, folder: str, descriptor: JsonFile, pointer: Pointer, resource: Mapping[str, Any], package: PackageFiles
) -> None:
    for name in _NOT_STANDARD:
        if name in resource:
            message = f"{name!r} makes some readers open what 'path' does not name"
            advice = "leave it out, and name plain files under 'path'"
            package.findings.append(
                descriptor.at((*pointer, name), "descriptor-stays-in-its-folder", message, advice, key=True)
            )
    paths = resource.get("path")
    listed = paths if isinstance(paths, list) else [paths]
    for index, path in enumerate(listed):
        at = (*pointer, "path", index) if isinstance(paths, list) else (*pointer, "path")
        if not isinstance(path, str):
            if "data" not in resource:
                message = f"the resource has the path {shown(path)}"
                advice = "name its file"
                package.findings.append(descriptor.at(at, "descriptor-keeps-its-promises", message, advice))
            continue
        if any(finding.rule == "descriptor-stays-in-its-folder" for finding in package.findings):
            continue
        full = f"{folder}/{path}" if folder else path
        data = _read(tree, full, package)
        if data is None:
            continue
        if len(listed) == 1:
            _check_promises(descriptor, pointer, resource, data, package)
        form = _format(resource, path)
        if "schema" in resource and form not in ("csv", "tsv"):
            message = "the resource has a schema, and its file is no CSV file: nobody holds the one against the other"
            advice = "write the table as CSV"
            package.findings.append(
                descriptor.at((*pointer, "schema"), "tables-conform-to-their-schemas", message, advice, key=True)
            )
        if form == "csv":
            _read_table(full, data, resource, package)
        elif path.endswith(".json"):
            package.findings += read_json(data, full)[1]
    for key in ("schema", "dialect"):
        named = resource.get(key)
        if isinstance(named, str) and not any(f.rule == "descriptor-stays-in-its-folder" for f in package.findings):
            path = f"{folder}/{named}" if folder else named
            data = _read(tree, path, package)
            file, findings = read_json(data, path) if data is not None else (None, [])
            package.findings += findings
            if file is not None:
                _check_strings(file, (), file.value, package)


def _format(resource: Mapping[str, Any], path: str) -> str:
    """Give the format of a file: that of its name, and where its name has none that is known, the one that is given."""
    named = path.rpartition(".")[2].lower()
    return named if named in ("csv", "tsv", "json") else str(resource.get("format")).lower()


def _read_table(path: str, data: bytes, resource: Mapping[str, Any], package: PackageFiles) -> None:
    dialect = resource.get("dialect")
    encoding = str(resource.get("encoding", "utf-8")).lower().replace("_", "-")
    if encoding not in ("utf-8", "utf8"):
        message = f"the descriptor gives the encoding {shown(encoding)}"
        package.findings.append(Finding(path, 0, 0, "text-is-utf-8", message, "save the file as UTF-8"))
    elif dialect:
        # Another dialect is frictionless's to read; here only the encoding is checked.
        package.findings += decode(data, path)[1]
    else:
        table, findings = read_csv(data, path)
        package.findings += findings
        if table is not None:
            package.tables[path] = table


def _check_promises(
    descriptor: JsonFile, pointer: Pointer, resource: Mapping[str, Any], data: bytes, package: PackageFiles
) -> None:
    code = "descriptor-keeps-its-promises"
    length, given = resource.get("bytes"), resource.get("hash")
    if length is not None and length != len(data):
        message = f"the file has {len(data)} bytes, not {shown(length)}"
        package.findings.append(descriptor.at((*pointer, "bytes"), code, message, "build the descriptor again"))
    if given is None:
        return
    algorithm, _, digest = given.rpartition(":") if isinstance(given, str) else ("", "", "")
    if (algorithm or "md5") not in ("md5", "sha1", "sha256", "sha512"):
        message = f"the hash {shown(given)} is of no kind that can be checked"
        package.findings.append(descriptor.at((*pointer, "hash"), code, message, "give sha256: and the digest"))
    elif hashlib.new(algorithm or "md5", data, usedforsecurity=False).hexdigest() != digest:
        message = "the file does not have the hash that the descriptor gives"
        package.findings.append(descriptor.at((*pointer, "hash"), code, message, "see which of the two was changed"))


def check_package(package: PackageFiles) -> Iterator[Finding]:
    """Hold the tables of a package, read without a finding, against its Table Schemas.

    Raises:
        MissingLibraryError: frictionless is not installed.
    """
    assert package.descriptor is not None
    yield from _unique_keys(package)
    yield from _frictionless(package)


def _unique_keys(package: PackageFiles) -> Iterator[Finding]:
    assert package.descriptor is not None
    folder = package.descriptor.path.rpartition("/")[0]
    for resource in package.descriptor.value["resources"]:
        schema, path = resource.get("schema"), resource.get("path")
        table = package.tables.get(f"{folder}/{path}" if folder else str(path))
        if not isinstance(schema, dict) or table is None:
            continue
        keys = schema.get("uniqueKeys")
        for key in keys if isinstance(keys, list) else ():
            names = [key] if isinstance(key, str) else key
            if not isinstance(names, list) or not names or not all(name in table.header for name in names):
                continue
            columns = [table.header.index(name) for name in names]
            seen: dict[tuple[str, ...], int] = {}
            for number, row in enumerate(table.rows):
                first = seen.setdefault(tuple(row[column] for column in columns), number)
                if first != number:
                    line = table.source.place(table.starts[first + 1])[0]
                    message = f"the row agrees with line {line} in {', '.join(map(str, names))}"
                    yield table.at(number, columns[0], "unique-keys-are-unique", message, "keep one of the two")


def _frictionless(package: PackageFiles) -> Iterator[Finding]:
    try:
        import frictionless
    except ImportError:
        raise MissingLibraryError("frictionless", "package", "validate") from None
    assert package.descriptor is not None
    handed = json_bytes(_handed(package.descriptor.value))
    with tempfile.TemporaryDirectory(prefix="venezuela-data-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what frictionless plans to change is not about the data
        write_files(Path(folder), {**package.files, package.descriptor.path: handed})
        place = Path(folder) / package.descriptor.path
        try:
            report = frictionless.Package(place).validate()
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
        path = f"{base}/{named}" if base else named
        for fault in task.errors:
            yield _table_finding(package, path, fault)


def _handed(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """Give the descriptor that frictionless gets: each resource with its kind, and without data that is no table.

    Left to guess, it takes any JSON that looks like a descriptor for one, and follows the addresses in it.
    """
    handed = []
    for resource in descriptor["resources"]:
        if "path" in resource:
            paths = resource["path"] if isinstance(resource["path"], list) else [resource["path"]]
            form = _format(resource, str(paths[0]) if paths else "")
            kind = {"type": "table", "format": form} if form in ("csv", "tsv") else {"type": "file"}
            handed.append({**resource, **kind})
        elif isinstance(resource.get("data"), list):
            handed.append({**resource, "type": "table"})
    return {**descriptor, "resources": handed}


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
