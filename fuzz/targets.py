"""What is fuzzed: one function for each reader, which takes any bytes and fails where the reader breaks its word.

The word is everywhere the same: records or findings, nothing else. No exception but the one that is announced leaves a reader,
every finding lies in its file, what is printed is printable, and what was accepted is what another reader reads. The drivers
beside this file hand these functions to atheris, and `tests/test_fuzz.py` hands them to Hypothesis. Nothing here knows either,
writes outside a temporary folder, or fetches.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import pickle
import tempfile
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from venezuela_data.archive import read_archive
from venezuela_data.dates import Edtf
from venezuela_data.findings import Finding, sorted_report
from venezuela_data.package import check_package, read_package
from venezuela_data.store import Tree, read_seeds, seed_files
from venezuela_data.syntax import Pointer, read_csv, read_json
from venezuela_data.text import find, paragraphs, span_hash, splits_a_character

# What a reader gives ------------------------------------------------------------------------------------------------------


def hold(findings: Iterable[Finding], files: Mapping[str, bytes]) -> None:
    """Hold findings to their word: each lies in its file, and prints as one line without a control character."""
    report = sorted_report(findings)
    for finding in report.findings:
        lines = files.get(finding.path, b"").decode("utf-8", "replace").split("\n")
        if finding.line:
            assert 1 <= finding.line <= len(lines), finding
            assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1, finding
        else:
            assert finding.column == 0, finding
        assert finding.rule
        assert finding.message
    for form in ("text", "json"):
        printed = report.render(form)
        assert printed.endswith("\n")
        assert all(line.isprintable() for line in printed.split("\n"))


def pointers(value: Any) -> Iterator[Pointer]:
    """Yield the place of every node of a JSON value."""
    todo: list[tuple[Pointer, Any]] = [((), value)]
    while todo:
        at, node = todo.pop()
        yield at
        if isinstance(node, dict):
            todo.extend(((*at, name), one) for name, one in node.items())
        elif isinstance(node, list):
            todo.extend(((*at, index), one) for index, one in enumerate(node))


# Bytes as they come -------------------------------------------------------------------------------------------------------


def json_reader(data: bytes) -> None:
    """Any bytes are a JSON document, which the standard reader reads alike, or findings in it."""
    file, findings = read_json(data, "any.json")
    assert (file is None) == bool(findings)
    hold(findings, {"any.json": data})
    if file is not None:
        assert repr(file.value) == repr(json.loads(data))
        for pointer in pointers(file.value):
            hold([file.at(pointer, "rule", "message"), file.at(pointer, "rule", "message", key=True)], {"any.json": data})


def csv_reader(data: bytes) -> None:
    """Any bytes are a CSV table, which the standard reader reads alike, or findings in it."""
    table, findings = read_csv(data, "any.csv")
    assert (table is None) == bool(findings)
    hold(findings, {"any.csv": data})
    if table is not None:
        csv.field_size_limit(10**9)
        # The standard reader takes an empty line for a row without cells, and RFC 4180 for one empty cell.
        read = [row or [""] for row in csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)]
        assert [table.header, *table.rows] == read
        cells = ((row, column) for row in range(-1, len(table.rows)) for column in range(len(table.header)))
        hold((table.at(row, column, "rule", "message") for row, column in cells), {"any.csv": data})


def edtf(data: bytes) -> None:
    """Any text is a date whose bounds ascend and that others can be held against, or a `ValueError`."""
    dates = [date for text in data.decode("utf-8", "replace").split("|") if (date := _dated(text)) is not None]
    for one in dates:
        assert one.earliest is None or one.latest is None or one.earliest <= one.latest
        assert Edtf(str(one)) == one == pickle.loads(pickle.dumps(one))  # noqa: S301  # it was written on the same line
        for other in dates:
            assert one.before(other) is other.after(one)
            assert not (one.before(other) and other.before(one))
            assert not (one.before(other) and one.within(other))


def _dated(text: str) -> Edtf | None:
    try:
        return Edtf(text)
    except ValueError:
        return None


def anchor(data: bytes) -> None:
    """Any words are found in any text where they stand and nowhere else, and so is every paragraph."""
    words, _, text = data.decode("utf-8", "replace").partition("|")
    found = list(find(text, words))
    assert all(text[one.start : one.end] == one.words == words for one in found)
    assert [one.start for one in found] == [at for at in range(len(text)) if words and text.startswith(words, at)]
    passages = list(paragraphs(text))
    for passage in passages:
        assert text[passage.start : passage.end] == passage.words == passage.words.strip() != ""
        assert passage.start in [one.start for one in find(text, passage.words)]
        assert len(span_hash("0" * 64, passage.start, passage.end, passage.words)) == 64
    assert all(one.end < other.start for one, other in pairwise(passages))
    assert "".join("".join(one.words.split()) for one in passages) == "".join(text.split())
    for at in range(-1, len(text) + 2):
        if splits_a_character(text, at):
            assert 0 < at < len(text)
            assert text[at - 1 : at + 1] == "\r\n" or not text[at - 1 : at + 1].isascii()


# Bytes as choices ---------------------------------------------------------------------------------------------------------

# Few random bytes are a descriptor or a record, so these bytes choose what becomes of a good one.


class Choices:
    """Bytes as a supply of choices, which ends in zeros."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def byte(self) -> int:
        """Give the next byte."""
        self.at += 1
        return self.data[self.at - 1] if self.at <= len(self.data) else 0

    def of(self, number: int) -> int:
        """Choose one of so many."""
        return self.byte() % number

    def text(self) -> str:
        """Give a few bytes as text."""
        length = self.of(24)
        self.at += length
        return self.data[self.at - length : self.at].decode("utf-8", "replace")


NUMBERS = (0, 1, -1, 2, 64, 2025, 100_000, 2**31, 2**53 - 1, 2**53, -(2**63), 0.5, 1e300, float("nan"), float("inf"))


def grown(choices: Choices, words: tuple[str, ...], depth: int = 0) -> Any:
    """Grow a JSON value from choices, out of these words and others."""
    form = choices.of(8 if depth < 6 else 5)
    if form < 2:
        return words[choices.of(len(words))]
    if form == 2:
        return NUMBERS[choices.of(len(NUMBERS))]
    if form == 3:
        return choices.text()
    if form == 4:
        return (None, True, False, "", [], {})[choices.of(6)]
    if form == 5:
        return [grown(choices, words, depth + 1) for _ in range(choices.of(4))]
    return {words[choices.of(len(words))]: grown(choices, words, depth + 1) for _ in range(choices.of(4))}


def mutated(value: Any, choices: Choices, words: tuple[str, ...]) -> Any:
    """Change a JSON value in a few places, as the choices say."""
    value = copy.deepcopy(value)
    for _ in range(1 + choices.of(4)):
        node: Any = {"": value}
        key: Any = ""
        while isinstance(node[key], dict | list) and node[key] and choices.of(8):
            node = node[key]
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            key = keys[choices.of(len(keys))]
        change = choices.of(4)
        if change == 0 and key != "":
            del node[key]
        elif change == 1 and isinstance(node[key], dict):
            node[key][words[choices.of(len(words))]] = grown(choices, words)
        elif change == 1 and isinstance(node[key], list):
            node[key].append(grown(choices, words))
        elif change == 2 and key != "":
            node[key] = node[list(node)[choices.of(len(node))]] if isinstance(node, dict) else node[choices.of(len(node))]
        else:
            node[key] = grown(choices, words)
        if key == "":
            value = node[key]
    return value


DESCRIPTOR: dict[str, Any] = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "harbor",
    "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
    "resources": [
        {
            "name": "boats",
            "path": "boats.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": 49,
            "schema": {
                "fields": [
                    {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "^[a-z]+$", "maxLength": 9}},
                    {"name": "length", "type": "integer", "constraints": {"minimum": 1, "maximum": 90, "enum": [7, 12]}},
                    {"name": "seen", "type": "date", "format": "default"},
                    {"name": "of", "type": "string"},
                ],
                "primaryKey": ["id"],
                "uniqueKeys": [["length", "seen"]],
                "foreignKeys": [{"fields": ["of"], "reference": {"resource": "", "fields": ["id"]}}],
                "missingValues": [""],
            },
        },
        {"name": "crews", "path": "crews.csv", "schema": "schema.json", "dialect": {"delimiter": ",", "header": True}},
    ],
}
"""A good descriptor of two invented tables."""

TABLES = {
    "boats.csv": b"id,length,seen,of\nada,12,2025-11-01,ada\nbea,7,,ada\n",
    "crews.csv": b"name,boat\nIris,ada\n",
    "schema.json": b'{"fields": [{"name": "name", "type": "string"}, {"name": "boat", "type": "string"}]}\n',
}

NAMES_IN_DESCRIPTORS = tuple(
    """
    resources name path schema fields type string integer number boolean date datetime array object any year constraints
    required unique pattern enum minimum maximum minLength maxLength primaryKey uniqueKeys foreignKeys reference resource
    fieldsMatch missingValues dialect delimiter quoteChar doubleQuote header headerRows lineTerminator encoding utf-8
    latin-1 utf-7 format csv tsv json bytes hash sha256: md5: extrapaths compression innerpath scheme control profile
    profiles $schema $ref sources licenses data id length seen of boats crews boats.csv crews.csv schema.json ../secret.csv
    /etc/hostname http://localhost:9/x.csv inner inner/boats.csv link link.csv ^(a+)+$ (?=x) [ (a{1000}){1000} \\d \\p{L}
    commentChar skipInitialSpace , ; " 2025-11-01 ada
    """.split()
)


def descriptor(data: bytes) -> None:
    """Any descriptor, beside good tables or bad, is a package that frictionless can judge, or findings in its files."""
    choices = Choices(data)
    files = dict(TABLES)
    if choices.of(4):
        given = mutated(DESCRIPTOR, choices, NAMES_IN_DESCRIPTORS)
        files["datapackage.json"] = json.dumps(given, ensure_ascii=choices.of(2) == 0).encode("utf-8", "replace")
    else:
        files["datapackage.json"] = data[1:]
    if choices.of(4) == 1:
        files[("boats.csv", "crews.csv", "schema.json")[choices.of(3)]] = data[choices.at :]
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        package = read_package(_tree(Path(folder), files), "datapackage.json")
    hold(package.findings, files)
    assert package.files.items() <= files.items(), "a file was read that is not one of the package"
    if not package.findings:
        assert package.descriptor is not None
        hold(check_package(package), files)


def _tree(folder: Path, files: Mapping[str, bytes]) -> Tree:
    """Write a package beside what no descriptor may reach: a folder of its own, and links that lead out of it."""
    root = folder / "package"
    (root / "inner").mkdir(parents=True)
    (folder / "secret.csv").write_bytes(b"id\nsecret\n")
    (root / "link.csv").symlink_to(folder / "secret.csv")
    (root / "link").symlink_to(folder)
    for name, content in files.items():
        (root / name).write_bytes(content)
    return Tree(root)


def archive(data: bytes) -> None:
    """Any archive is plain files within bounds, as they were packed if nothing was changed, or a finding about it."""
    choices = Choices(data)
    packed = bytearray(data[1:] if choices.of(4) == 0 else _packed(choices))
    for _ in range(choices.of(6)):
        # The directory of an archive stands at its end, and says most of what can be untrue.
        at = choices.byte() * 256 + choices.byte()
        if at < len(packed):
            packed[-at] = choices.byte()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / "package.zip"
        path.write_bytes(packed)
        read = read_archive(path)
        assert [one.name for one in Path(folder).iterdir()] == ["package.zip"]
    hold(read.findings, {})
    assert not (read.findings and read.members)
    assert all(name and not name.startswith(("/", ".")) and ".." not in name.split("/") for name in read.members)


def _packed(choices: Choices) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packing, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The same name twice is what is meant.
        for _ in range(choices.of(4)):
            name = ("boats.csv", "in/boats.csv", "in/crews.csv", "in/", "../x", "/x", "BOATS.CSV", choices.text() or "x")[
                choices.of(8)
            ]
            member = zipfile.ZipInfo(name)
            member.external_attr = (0, 0o100644, 0o120777, 0o040755)[choices.of(4)] << 16
            member.compress_type = (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)[choices.of(2)]
            packing.writestr(member, b"" if name.endswith("/") else choices.text().encode() * (1, 50, 9000)[choices.of(3)])
    return made.getvalue()


EVENT: dict[str, Any] = {
    "$schema": "../../schema/event.schema.json",
    "id": "harbor-talks",
    "kind": "meeting",
    "actuality": "occurred",
    "title": "Harbor talks",
    "description": "The port authority says that talks were held.",
    "date": "2025-11-01/2025-11-03",
    "date_basis": "stated",
    "participants": [{"actor_id": "port-authority", "role": "party"}],
    "links": [{"relation": "follows", "object_id": "harbor-dispute"}],
    "attribution": [{"voice": "named", "actor_id": "port-authority", "document_id": "port-post", "basis": "explicit"}],
    "evidence": [{"source_id": "port-post", "field": "date", "start": 0, "end": 9, "sha256": "0" * 64}],
    "status": "active",
}
"""A good record of an invented event."""

NAMES_IN_RECORDS = tuple(
    """
    $schema id kind actuality title description date date_basis place_id part_of participants links attribution evidence
    status actor_id role relation object_id voice document_id basis source_id field claim_id start end sha256 events claims
    harbor-talks port-post/c001 port-post/s01 meeting occurred party follows named explicit active 2025 2025-11 2025-02-30
    2025-11-03/2025-11-01 [..2025] [2025,2024] ../.. 2025-11-24~ Harbor-Talks harbor--talks -1 null
    ../../schema/event.schema.json
    """.split()
)

TERMS = {"event_kind": ["meeting"], "actuality": ["occurred"], "date_basis": ["stated"], "record_status": ["active"]}


def seed_file(data: bytes) -> None:
    """Any seed file is a record that can be written again, or findings in the file."""
    choices = Choices(data)
    path = "seeds/events/harbor-talks.json"
    text = json.dumps(mutated(EVENT, choices, NAMES_IN_RECORDS)).encode() if choices.of(4) else data[1:]
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        file = Path(folder) / path
        file.parent.mkdir(parents=True)
        file.write_bytes(text)
        corpus = read_seeds(Path(folder), vocabularies=TERMS)
        hold(corpus.findings, {path: text})
        assert bool(corpus.findings) or len(corpus.entries["events"]) == 1
        if not corpus.findings:
            written = seed_files(corpus)
            assert list(written) == [path]
            file.write_bytes(written[path])
            assert seed_files(read_seeds(Path(folder), vocabularies=TERMS)) == written
