"""Reads a data package without leaving its folder: the descriptor, and once each every file that it names.

What a reader would fetch or look for elsewhere is a finding and is not looked for. The bytes that are read are those that are
held against the lengths and hashes of the descriptor. May import whatever stands before `package`, and the modules beside it
except `judging`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..findings import Finding, shown
from ..store import Tree, UnreadableError
from ..syntax import MAX_FAULTS, JsonFile, Pointer, read_csv, read_json, read_json_lines
from .bounds import MAX_NAMED, MAX_PACKAGE, MAX_PACKAGE_FILES, MAX_RESOURCES, exceeded, overfull
from .files import AS_CSV, LINES, PACKED, PackageFiles, format_of
from .lines import table_of_lines
from .patterns import check_patterns


def read_package(tree: Tree, path: str, *, own: bool = False) -> PackageFiles:
    """Read a descriptor and every file that it names, each once, without leaving its folder.

    Args:
        tree: the folder that no path may leave.
        path: the descriptor, from the root of the tree.
        own: whether the descriptor was made by us, so that what it asks for is bounded by what there is.
    """
    package = PackageFiles(own=own)
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
    listed = descriptor.value.get("resources")
    if isinstance(listed, list) and len(listed) > MAX_RESOURCES:
        message = f"{len(listed)} resources, more than {MAX_RESOURCES}"
        package.findings.append(descriptor.at(("resources",), "descriptor-is-bounded", message, "split the package"))
        return package
    for pointer, resource in _resources(descriptor, package):
        _check_addresses(descriptor, pointer, resource, package)
        _read_resource(tree, folder, descriptor, pointer, resource, package)
        if package.full_up:
            return package
    rest = {name: value for name, value in descriptor.value.items() if name != "resources"}
    _check_addresses(descriptor, (), rest, package)
    if not exceeded(package):
        _see_lines_as_tables(package)
        check_patterns(package)
    return package


def _see_lines_as_tables(package: PackageFiles) -> None:
    """Make a table of every JSON Lines file, with the columns of its schema where it has one."""
    schemas = {pointer: schema for pointer, schema, _ in package.schemas()}
    for index, paths in enumerate(package.paths()):
        schema = schemas.get(("resources", index), {})
        fields = schema.get("fields")
        named = [one for one in fields if isinstance(one, dict)] if isinstance(fields, list) else []
        missing = schema.get("missingValues", [""])
        null = str(missing[0]) if isinstance(missing, list) and missing and "" not in missing else ""
        for path in paths:
            if path in package.lines and path not in package.tables:
                known = [one for one in named if isinstance(one.get("name"), str)]
                package.tables[path], findings = table_of_lines(package.lines[path], known, null)
                package.findings += findings


def _read(tree: Tree, path: str, package: PackageFiles) -> bytes | None:
    if path in package.files:
        return package.files[path]
    if len(package.files) >= MAX_PACKAGE_FILES and not package.own:
        _refuse_all(package, f"it names more than {MAX_PACKAGE_FILES:,} files")
        return None
    try:
        data = tree.read(path)
    except UnreadableError as error:
        package.findings.append(error.finding)
        return None
    if sum(map(len, package.files.values())) + len(data) > MAX_PACKAGE and not package.own:
        _refuse_all(package, f"its files have more than {MAX_PACKAGE:,} bytes")
        return None
    package.files[path] = data
    return data


def _refuse_all(package: PackageFiles, message: str) -> None:
    assert package.descriptor is not None
    finding = package.descriptor.at((), "descriptor-is-bounded", message, "split the package")
    if finding not in package.findings:
        package.findings.append(finding)


def _resources(descriptor: JsonFile, package: PackageFiles) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    code = "descriptor-keeps-its-promises"
    resources = descriptor.value.get("resources")
    if not isinstance(resources, list) or not resources:
        package.findings.append(descriptor.at((), code, "the descriptor has no list of resources", "add 'resources'"))
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
    _read_named(tree, folder, resource, package)
    if "data" in resource and "schema" in resource and not isinstance(resource["data"], list):
        message = (
            f"the resource has a schema, and its data is {shown(resource['data'])}: nobody holds the one against the other"
        )
        package.findings.append(
            descriptor.at((*pointer, "data"), "tables-conform-to-their-schemas", message, "write the data as a list of rows")
        )
    paths = resource.get("path")
    listed = paths if isinstance(paths, list) else [paths]
    for index, path in enumerate(listed):
        if len(package.findings) > MAX_FAULTS:
            return
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
        form = format_of(resource, path)
        if "schema" in resource and form not in ("csv", "tsv", "jsonl"):
            message = "the resource has a schema, and its file is no table: nobody holds the one against the other"
            advice = "write the table as CSV"
            package.findings.append(
                descriptor.at((*pointer, "schema"), "tables-conform-to-their-schemas", message, advice, key=True)
            )
        if form in PACKED and (
            resource.get("type") == "table" or str(resource.get("format")).lower() in ("csv", "tsv", *LINES)
        ):
            message = f"{shown(path)} is packed, and is said to be a table: only some readers would unpack it"
            package.findings.append(descriptor.at(at, "descriptor-keeps-its-promises", message, "name the table itself"))
        if full.endswith(AS_CSV) or (form == "jsonl" and len(listed) > 1):
            message = f"{shown(path)} is JSON Lines in parts, or has a name that is kept for them"
            package.findings.append(descriptor.at(at, "descriptor-keeps-its-promises", message, "give each file a resource"))
            continue
        if form in ("csv", "tsv", "jsonl"):
            _read_table(full, data, form, resource, package)
            if package.full_up:
                return
        elif path.endswith(".json"):
            package.findings += read_json(data, full)[1]


def _read_named(tree: Tree, folder: str, resource: Mapping[str, Any], package: PackageFiles) -> None:
    """Read the schema and the dialect of a resource, where they are files of their own."""
    for key in ("schema", "dialect"):
        named = resource.get(key)
        if isinstance(named, str) and not _leaves(named):
            path = f"{folder}/{named}" if folder else named
            data = _read(tree, path, package) if path not in package.named else None
            if data is not None and sum(len(package.files[one]) for one in package.named) + len(data) > MAX_NAMED:
                _refuse_all(package, f"its schemas and dialects have more than {MAX_NAMED:,} bytes")
                package.full_up = True
                return
            file, findings = read_json(data, path) if data is not None else (None, [])
            package.findings += findings
            if file is not None:
                _check_addresses(file, (), file.value, package)
                package.named[path] = file.value


def _read_table(path: str, data: bytes, form: str, resource: Mapping[str, Any], package: PackageFiles) -> None:
    """Read a table of CSV, or of JSON Lines, as its resource describes it; what nobody here reads is refused."""
    code = "tables-conform-to-their-schemas"
    encoding = str(resource.get("encoding", "utf-8")).lower().replace("_", "-")
    if encoding not in ("utf-8", "utf8"):
        message = f"the descriptor gives the encoding {shown(encoding)}"
        package.findings.append(Finding(path, 0, 0, "text-is-utf-8", message, "save the file as UTF-8"))
        return
    dialect = resource.get("dialect")
    if isinstance(dialect, str):
        dialect = package.named.get(package.full(dialect), {})
    delimiter = "\t" if form == "tsv" else ","
    if isinstance(dialect, dict) and form != "jsonl":
        delimiter = dialect.get("delimiter", delimiter)
    for name in _unsupported(dialect):
        message = f"the dialect has {name}, by which no table is read here"
        package.findings.append(Finding(path, 0, 0, code, message, "write the table as CSV of RFC 4180"))
        return
    known = package.tables.get(path)
    if known is not None or path in package.lines:
        if (form == "jsonl") != (path in package.lines) or (known is not None and known.delimiter != delimiter):
            message = "another resource reads the file in another way, so that it says two things"
            package.findings.append(Finding(path, 0, 0, code, message, "describe it alike, or name it once"))
        return
    if told := overfull(package, data, "," if form == "jsonl" else delimiter):
        _refuse_all(package, f"with {shown(path)} its tables have more than {told}")
        package.full_up = True
        return
    if form == "jsonl":
        lines, findings = read_json_lines(data, path)
        if lines is not None:
            package.lines[path] = lines
            package.values += data.count(b",") + data.count(b"\n")
    else:
        table, findings = read_csv(data, path, delimiter)
        if table is not None:
            package.tables[path] = table
    package.findings += findings


_PLAIN: Mapping[str, tuple[object, ...]] = {
    "quoteChar": ('"',),
    "doubleQuote": (True,),
    "header": (True,),
    "headerRows": ([1],),
    "commentRows": ([],),
    "skipInitialSpace": (False,),
    "lineTerminator": ("\n", "\r\n"),
    "type": ("delimited",),
}
"""What a dialect may say: what RFC 4180 says, with one header row. Only the delimiter may be another."""
_NAMING = ("$schema", "name", "title", "description")


def _unsupported(dialect: object) -> Iterator[str]:
    """Yield what a dialect says that is not supported, in words."""
    if dialect is None:
        return
    if not isinstance(dialect, dict):
        yield shown(dialect)
        return
    for name, value in dialect.items():
        if name == "delimiter":
            if not isinstance(value, str) or not _DELIMITER.fullmatch(value):
                yield f"the delimiter {shown(value)}"
        elif name not in _NAMING and not any(type(value) is type(one) and value == one for one in _PLAIN.get(name, ())):
            yield f"{shown(name)} as {shown(value)}" if name in _PLAIN else shown(name)


_DELIMITER = re.compile("[\t!#$%&'()*+,./:;<=>?@^_`{|}~-]")


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
