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
from ..syntax import MAX_FAULTS, JsonFile, Pointer, decode, read_csv, read_json, read_json_lines, table_of_lines
from .bounds import MAX_PACKAGE, MAX_PACKAGE_FILES, MAX_RESOURCES, exceeded
from .files import AS_CSV, LINES, PACKED, PackageFiles, format_of
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
        if full in package.tables or full in package.lines:
            continue
        if form in PACKED and (
            resource.get("type") == "table" or str(resource.get("format")).lower() in ("csv", "tsv", *LINES)
        ):
            message = f"{shown(path)} is packed, and is said to be a table: only some readers would unpack it"
            package.findings.append(descriptor.at(at, "descriptor-keeps-its-promises", message, "name the table itself"))
        if full.endswith(AS_CSV) or (form == "jsonl" and len(listed) > 1):
            message = f"{shown(path)} is JSON Lines in parts, or has a name that is kept for them"
            package.findings.append(descriptor.at(at, "descriptor-keeps-its-promises", message, "give each file a resource"))
            continue
        if form == "csv":
            _read_table(full, data, resource, package)
        elif form == "jsonl":
            lines, findings = read_json_lines(data, full)
            package.findings += findings
            if lines is not None:
                package.lines[full] = lines
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
