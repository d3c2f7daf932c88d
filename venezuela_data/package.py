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
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic_core import SchemaError, SchemaValidator, core_schema

from .findings import Finding, Report, shown
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
        "Every pattern of another's descriptor is one that an engine of linear time can run.\n\n"
        "Python's own engine can need time that doubles with every character of a cell. Such patterns are run by an engine "
        "that cannot, and what it does not know, such as looking around, is refused."
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
    """A layer cannot run because the library that it needs is not installed; `report` has what the others found."""

    def __init__(self, library: str, layer: str, extra: str) -> None:
        self.report = Report()
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
    named: dict[str, Any] = field(default_factory=dict)
    """What the schemas and dialects that are files of their own hold, by path from the root."""
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
        _check_addresses(descriptor, pointer, resource, package)
        _read_resource(tree, folder, descriptor, pointer, resource, package)
    rest = {name: value for name, value in descriptor.value.items() if name != "resources"}
    _check_addresses(descriptor, (), rest, package)
    _check_patterns(package)
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
_ADDRESSED = ("$schema", "schema", "dialect", "profile", "profiles", "path", "$ref")
_NAMED_PROFILES = re.compile(r"[a-z-]+|https://(datapackage\.org|specs\.frictionlessdata\.io)/[A-Za-z0-9./-]+")


def _leaves(path: str) -> bool:
    return ":" in path or "\\" in path or path.startswith(("/", "~")) or ".." in path.split("/")


def _check_addresses(descriptor: JsonFile, pointer: Pointer, node: Any, package: PackageFiles) -> None:
    """Find whatever a reader would fetch, or look for outside, anywhere in a descriptor."""
    todo: list[tuple[Pointer, Any]] = [(pointer, node)]
    while todo:
        at, one = todo.pop()
        if isinstance(one, list):
            todo.extend(((*at, index), item) for index, item in enumerate(one))
        elif isinstance(one, dict):
            if not any(part in ("sources", "licenses", "contributors", "data") for part in at):
                todo.extend(((*at, name), value) for name, value in one.items())
        elif isinstance(one, str):
            key = next((part for part in reversed(at) if isinstance(part, str)), "")
            profile = key in ("$schema", "profile", "profiles") and _NAMED_PROFILES.fullmatch(one)
            if key in _ADDRESSED and _leaves(one) and not profile:
                message = f"{key!r} is {shown(one)}"
                advice = "name a file below the folder of the descriptor"
                package.findings.append(descriptor.at(at, "descriptor-stays-in-its-folder", message, advice))


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
        if _leaves(path):
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
        if isinstance(named, str) and not _leaves(named):
            path = f"{folder}/{named}" if folder else named
            data = _read(tree, path, package)
            file, findings = read_json(data, path) if data is not None else (None, [])
            package.findings += findings
            if file is not None:
                _check_addresses(file, (), file.value, package)
                package.named[path] = file.value


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
    elif not _is_plain(dialect):
        # Another dialect is frictionless's to read; here only the encoding is checked.
        package.findings += decode(data, path)[1]
    else:
        table, findings = read_csv(data, path)
        package.findings += findings
        if table is not None:
            package.tables[path] = table


_PLAIN = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True, "headerRows": [1]}


def _is_plain(dialect: object) -> bool:
    """Say whether a dialect is that of RFC 4180 with one header row, with whatever line end it names."""
    if not isinstance(dialect, dict):
        return dialect is None
    return all(name in ("$schema", "lineTerminator") or _PLAIN.get(name) == value for name, value in dialect.items())


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
    algorithm, _, digest = given.lower().rpartition(":") if isinstance(given, str) else ("", "", "")
    if (algorithm or "md5") not in ("md5", "sha1", "sha256", "sha512"):
        message = f"the hash {shown(given)} is of no kind that can be checked"
        package.findings.append(descriptor.at((*pointer, "hash"), code, message, "give sha256: and the digest"))
    elif hashlib.new(algorithm or "md5", data, usedforsecurity=False).hexdigest() != digest:
        message = "the file does not have the hash that the descriptor gives"
        package.findings.append(descriptor.at((*pointer, "hash"), code, message, "see which of the two was changed"))


def check_package(package: PackageFiles, *, own: bool = False) -> Iterator[Finding]:
    """Hold the tables of a package, read without a finding, against its Table Schemas.

    Args:
        package: the package.
        own: whether the descriptor was made by us, so that its patterns are known to be harmless.

    Raises:
        MissingLibraryError: frictionless is not installed.
    """
    yield from _unique_keys(package)
    if not own:
        yield from _unmatched_cells(package)
    yield from _frictionless(package, own)


def _schemas(package: PackageFiles) -> Iterator[tuple[Pointer, dict[str, Any], list[CsvFile | None]]]:
    """Yield each Table Schema with the resource that has it, and the tables that it describes as far as they were read."""
    assert package.descriptor is not None
    folder = package.descriptor.path.rpartition("/")[0]

    def full(path: object) -> str:
        return f"{folder}/{path}" if folder else str(path)

    listed = package.descriptor.value.get("resources")
    for index, resource in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(resource, dict):
            continue
        schema, path = resource.get("schema"), resource.get("path")
        found = package.named.get(full(schema)) if isinstance(schema, str) else schema
        if isinstance(found, dict):
            paths = path if isinstance(path, list) else [path]
            yield ("resources", index), found, [package.tables.get(full(one)) for one in paths]


def _unique_keys(package: PackageFiles) -> Iterator[Finding]:
    for _, schema, tables in _schemas(package):
        keys = schema.get("uniqueKeys")
        for key in keys if isinstance(keys, list) else ():
            names = [key] if isinstance(key, str) else key
            for table in tables:
                if table is None or not isinstance(names, list) or not names or not set(map(str, names)) <= set(table.header):
                    continue
                columns = [table.header.index(name) for name in names]
                seen: dict[tuple[str, ...], int] = {}
                for number, row in enumerate(table.rows):
                    first = seen.setdefault(tuple(row[column] for column in columns), number)
                    if first != number:
                        line = table.source.place(table.starts[first + 1])[0]
                        message = f"the row agrees with line {line} in {', '.join(map(str, names))}"
                        yield table.at(number, columns[0], "unique-keys-are-unique", message, "keep one of the two")


def _patterns(package: PackageFiles) -> Iterator[tuple[Pointer, str, str, dict[str, Any], list[CsvFile | None]]]:
    """Yield every pattern of a schema: its place, the pattern, the column, the schema, and the tables that it is for."""
    for pointer, schema, tables in _schemas(package):
        for index, column in enumerate(schema["fields"] if isinstance(schema.get("fields"), list) else ()):
            constraints = column.get("constraints") if isinstance(column, dict) else None
            pattern = constraints.get("pattern") if isinstance(constraints, dict) else None
            if isinstance(pattern, str):
                at = (*pointer, "schema", "fields", index, "constraints", "pattern")
                yield at, pattern, str(column.get("name")), schema, tables


def _engine(pattern: str) -> SchemaValidator | None:
    """Make an engine for a pattern whose time is linear in the length of the text, if there can be one."""
    try:
        return SchemaValidator(core_schema.str_schema(pattern=f"^(?:{pattern})$"))
    except SchemaError:
        return None


def _check_patterns(package: PackageFiles) -> None:
    """Find the patterns that cannot be run in linear time, or over tables that are not read here."""
    assert package.descriptor is not None
    code = "patterns-run-in-linear-time"
    for at, pattern, _, _, tables in _patterns(package):
        if _engine(pattern) is None:
            message = f"the pattern {shown(pattern)} cannot be run in linear time"
            advice = "write it without looking around and without references back"
            package.findings.append(package.descriptor.at(at, code, message, advice))
        elif None in tables and not package.findings:
            message = f"the pattern {shown(pattern)} is for a table that is no plain CSV file"
            package.findings.append(package.descriptor.at(at, code, message, "write the table as CSV of RFC 4180"))


def _unmatched_cells(package: PackageFiles) -> Iterator[Finding]:
    """Hold cells against the patterns of another's schemas."""
    for _, pattern, name, schema, tables in _patterns(package):
        missing = schema.get("missingValues", [""])
        empty = {one.get("value") if isinstance(one, dict) else one for one in missing} if isinstance(missing, list) else {""}
        engine = _engine(pattern)
        assert engine is not None
        for table in tables:
            if table is not None and name in table.header:
                yield from _unmatched(table, table.header.index(name), engine, pattern, empty)


def _unmatched(
    table: CsvFile, column: int, engine: SchemaValidator, pattern: str, empty: Collection[object]
) -> Iterator[Finding]:
    for number, row in enumerate(table.rows):
        if row[column] not in empty and not engine.isinstance_python(row[column]):
            message = f"constraint-error: {shown(row[column])} does not match the pattern {shown(pattern)}"
            advice = "correct the cell, or the Table Schema"
            yield table.at(number, column, "tables-conform-to-their-schemas", message, advice)


def _frictionless(package: PackageFiles, own: bool) -> Iterator[Finding]:
    try:
        import frictionless
    except ImportError:
        raise MissingLibraryError("frictionless", "package", "validate") from None
    assert package.descriptor is not None
    named = {path: json_bytes(_without(value, _kept_back(own))) for path, value in package.named.items()}
    handed = {**package.files, **named, package.descriptor.path: json_bytes(_handed(package.descriptor.value, own))}
    with tempfile.TemporaryDirectory(prefix="venezuela-data-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what frictionless plans to change is not about the data
        write_files(Path(folder), handed)
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


def _handed(descriptor: Mapping[str, Any], own: bool) -> dict[str, Any]:
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
