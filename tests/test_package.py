"""Gives the validator the data packages of others: sound ones, faulty ones, and ones made to read, fetch or hang.

Each package is written to a temporary folder. No test reaches a network: a socket that opens fails the test. Frictionless runs
where it is the judge; where reading finds something it must not run at all.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import shutil
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import CSV_PIECES, csv_rows, edited_files, edited_json, json_values

from venezuela_data import package as packages
from venezuela_data.findings import MissingLibraryError, Report
from venezuela_data.package import MAX_RESOURCES
from venezuela_data.patterns import MAX_STEPS, engine, steps
from venezuela_data.store import Tree
from venezuela_data.syntax import csv_bytes, json_bytes
from venezuela_data.validation import CODES, validate

STAY = "descriptor-stays-in-its-folder"
PATHS = "paths-stay-in-the-tree"
REGULAR = "files-are-regular"
PROMISES = "descriptor-keeps-its-promises"
BOUNDED = "descriptor-is-bounded"
FORMULAS = "cells-are-not-formulas"
LINEAR = "patterns-run-in-linear-time"
CONFORM = "tables-conform-to-their-schemas"
UNIQUE = "unique-keys-are-unique"
CSV = "csv-is-well-formed"
JSON = "json-is-well-formed"
UTF_8 = "text-is-utf-8"

PEOPLE = b'id,name,boss\n1,Ada,\n2,"Ben, ""B""\nBo",1\n3,Cy,2\n'
VISITS = b"person,day\n1,2025-01-31\n3,2025-02-28\n"
FILES = {"people.csv": PEOPLE, "data/visits.csv": VISITS}
DESCRIPTOR: dict[str, Any] = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "others",
    "licenses": [{"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}],
    "sources": [{"title": "A page", "path": "http://localhost/page"}],
    "resources": [
        {
            "name": "people",
            "type": "table",
            "path": "people.csv",
            "bytes": len(PEOPLE),
            "hash": "sha256:" + hashlib.sha256(PEOPLE).hexdigest(),
            "schema": {
                "fields": [
                    {"name": "id", "type": "integer", "constraints": {"required": True}},
                    {"name": "name", "type": "string", "constraints": {"pattern": "[A-Z][^;]*"}},
                    {"name": "boss", "type": "integer"},
                ],
                "primaryKey": ["id"],
                "uniqueKeys": [["name", "boss"]],
                "foreignKeys": [{"fields": ["boss"], "reference": {"resource": "", "fields": ["id"]}}],
            },
        },
        {
            "name": "visits",
            "path": "data/visits.csv",
            "schema": {
                "fields": [{"name": "person", "type": "integer"}, {"name": "day", "type": "date"}],
                "foreignKeys": [{"fields": ["person"], "reference": {"resource": "people", "fields": ["id"]}}],
            },
        },
    ],
}

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail the test if a socket opens, even where the error is caught on its way."""
    opened: list[object] = []

    def refuse(*given: object, **_: object) -> NoReturn:
        opened.append(given)
        raise OSError("the tests reach no network")

    # The class stays a class, as modules that are imported later derive their own from it.
    monkeypatch.setattr(socket.socket, "__init__", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield
    assert opened == []


def write(folder: Path, descriptor: object, files: Mapping[str, bytes] = FILES) -> Path:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    raw = descriptor if isinstance(descriptor, bytes) else json_bytes(descriptor)
    (folder / "datapackage.json").write_bytes(raw)
    return folder


def changed(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The descriptor with another value at one place."""
    made = copy.deepcopy(DESCRIPTOR)
    node: Any = made
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return made


def promised(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The descriptor with the length and the hash of another table of people."""
    made = changed(("resources", 0, "bytes"), len(files["people.csv"]))
    made["resources"][0]["hash"] = "sha256:" + hashlib.sha256(files["people.csv"]).hexdigest()
    return made


def places(report: Report) -> list[tuple[str, int, int, str]]:
    return [(one.path, one.line, one.column, one.rule) for one in report.findings]


def line_of(descriptor: object, words: str) -> int:
    """The line of the written descriptor on which some words stand, the first of them."""
    lines = json_bytes(descriptor).decode("utf-8").split("\n")
    return next(number for number, line in enumerate(lines, 1) if words in line)


# Sound packages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["", "datapackage.json"])
def test_a_sound_package_is_ok(tmp_path: Path, asked: str) -> None:
    report = validate(write(tmp_path, DESCRIPTOR) / asked)
    assert report.ok, report.render()
    assert report.layers == ("reading", "package")
    assert report.checked == {"file": 3, "table": 2, "row": 5}


def test_a_package_is_judged_without_frictionless_if_that_layer_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "frictionless", None)
    report = validate(write(tmp_path, DESCRIPTOR), skip=["package"])
    assert report.ok
    assert report.layers == ("reading",)


def test_without_frictionless_the_error_names_the_extra_and_the_way_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "frictionless", None)
    with pytest.raises(MissingLibraryError, match=r"venezuela-data\[validate\].*--skip package"):
        validate(write(tmp_path, DESCRIPTOR))


def test_schemas_and_dialects_may_stand_in_files_of_their_own(tmp_path: Path) -> None:
    made = changed(("resources", 1, "schema"), "visits.schema.json")
    made["resources"][1]["dialect"] = "dialect.json"
    schema = DESCRIPTOR["resources"][1]["schema"]
    files = {**FILES, "visits.schema.json": json_bytes(schema), "dialect.json": b'{"delimiter": ","}'}
    assert validate(write(tmp_path, made, files)).ok


def test_a_package_may_hold_files_that_are_no_tables(tmp_path: Path) -> None:
    made = copy.deepcopy(DESCRIPTOR)
    made["resources"] += [{"name": "notes", "path": "notes.txt"}, {"name": "tree", "path": "tree.json"}]
    assert validate(write(tmp_path, made, {**FILES, "notes.txt": b"\xff", "tree.json": b'{"a": 1}'})).ok


def test_our_own_data_is_sound_as_a_package(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "datasets", tmp_path / "copy")
    package = packages.read_package(Tree(tmp_path / "copy"), "datapackage.json")
    assert {one.rule for one in package.findings} <= {LINEAR}
    package.findings = []
    assert list(packages.check_package(package)) == []


# Refusals ----------------------------------------------------------------------------------------------------------------

NAMED: list[tuple[tuple[str | int, ...], object]] = [
    *((("resources", 0, "path"), path) for path in ("../people.csv", "data/../../people.csv", "/etc/passwd", "~/people.csv")),
    *((("resources", 0, "path"), path) for path in ("data\\people.csv", "C:people.csv", "http://localhost/people.csv")),
    *(
        (("resources", 0, "path"), path)
        for path in ("HTTP://2130706433/people.csv", "ftp://a:b@localhost/x.csv", "file:///x.csv")
    ),
    *(
        (("resources", 0, "path"), path)
        for path in ("//localhost/people.csv", "\\\\localhost\\people.csv", "s3://bucket/x.csv")
    ),
    (("resources", 0, "path"), ["people.csv", "http://localhost/people.csv"]),
    (("resources", 0, "path"), ["people.csv", "../people.csv"]),
    (("resources", 0, "schema"), "http://localhost/schema.json"),
    (("resources", 0, "schema"), "../schema.json"),
    (("resources", 0, "schema", "$ref"), "http://localhost/schema.json"),
    (("resources", 0, "schema", "fields", 0, "$ref"), "http://localhost/schema.json"),
    (("resources", 0, "schema", "$schema"), "http://localhost/schema.json"),
    (("resources", 0, "dialect"), "http://localhost/dialect.json"),
    (("resources", 0, "profile"), "http://localhost/profile.json"),
    (("resources", 0, "profile"), "https://datapackage.org.localhost/profiles/x.json"),
    (("resources", 0, "$schema"), "http://localhost/profile.json"),
    (("profile",), "http://localhost/profile.json"),
    (("$schema",), "http://localhost/profile.json"),
]


def without_frictionless(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise AssertionError("frictionless was called")

    monkeypatch.setattr("venezuela_data.package.judging._frictionless", fail)
    monkeypatch.setattr("frictionless.Package.__init__", fail)


@pytest.mark.parametrize(("path", "value"), NAMED, ids=[f"{path[-1]}-{value}" for path, value in NAMED])
def test_a_name_outside_the_folder_is_refused_in_the_descriptor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: tuple[str | int, ...], value: object
) -> None:
    without_frictionless(monkeypatch)
    made = changed(path, value)
    name = value if isinstance(value, str) else str(value[-1])  # type: ignore[index]  # a list of names
    (tmp_path / "people.csv").write_bytes(b"SECRET")
    report = validate(write(tmp_path / "package", made))
    ((where, line, _, rule),) = places(report)
    assert (where, rule) == ("datapackage.json", STAY)
    assert line == line_of(made, json.dumps(name))
    assert "the layer package did not run" in report.notes[0]
    assert "SECRET" not in report.render()


@pytest.mark.parametrize("name", ["extrapaths", "compression", "innerpath", "scheme", "control"])
def test_what_only_frictionless_would_follow_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    without_frictionless(monkeypatch)
    made = changed(("resources", 0, name), ["http://localhost/people.csv"])
    assert places(validate(write(tmp_path, made))) == [("datapackage.json", line_of(made, f'"{name}"'), 7, STAY)]


@pytest.mark.parametrize(
    "resource",
    [
        {"path": "inner/datapackage.json"},
        {"path": "inner.json"},
        {"path": "inner.json", "type": "package"},
        {"path": "inner.json", "type": "table", "format": "json"},
        {"path": "inner.txt", "format": "json"},
        {"path": "inner.yaml"},
        {"path": "resource.json"},
        {"data": {"name": "inner", "resources": [{"name": "a", "path": "http://localhost/a.csv"}]}},
        {"data": {"path": "http://localhost/a.csv"}, "type": "resource"},
        {"data": "http://localhost/a.csv"},
        {"data": [{"path": "http://localhost/a.csv"}]},
    ],
    ids=json.dumps,
)
def test_a_package_inside_a_package_is_not_followed(tmp_path: Path, resource: dict[str, Any]) -> None:
    inner = json_bytes({"name": "inner", "resources": [{"name": "a", "path": "http://localhost/a.csv"}]})
    one = json_bytes({"name": "a", "path": "http://localhost/a.csv"})
    files = {
        "inner/datapackage.json": inner,
        "inner.json": inner,
        "inner.txt": inner,
        "inner.yaml": inner,
        "resource.json": one,
    }
    made = copy.deepcopy(DESCRIPTOR)
    made["resources"].append({"name": "inner", **resource})
    # A socket that opens fails the test.
    report = validate(write(tmp_path, made, {**FILES, **files}))
    assert "localhost" not in report.render()


def test_a_schema_in_a_file_of_its_own_is_held_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_frictionless(monkeypatch)
    made = changed(("resources", 1, "schema"), "s.json")
    for data, expected in [
        (
            b'{"fields": [{"name": "a", "constraints": {"pattern": "(?=a)b"}}]}',
            ("datapackage.json", line_of(made, '"schema": "s.json"'), 17, LINEAR),
        ),
        (b'{"$ref": "http://localhost/"}', ("s.json", 1, 10, STAY)),
        (b'{"fields": [], "fields": []}', ("s.json", 1, 16, "keys-are-unique")),
        (b"fields:\n- name: a\n", ("s.json", 1, 1, JSON)),
    ]:
        assert places(validate(write(tmp_path, made, {**FILES, "s.json": data}))) == [expected]


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("none.csv", REGULAR),
        ("link.csv", PATHS),
        ("linked/visits.csv", PATHS),
        ("pipe.csv", REGULAR),
        ("data", REGULAR),
        ("", PATHS),
        ("data/", PATHS),
        ("%2e%2e/x.csv", PATHS),
        ("$HOME/x.csv", PATHS),
        ("people.csv ", PATHS),
        ("x" * 5000, PATHS),
    ],
)
def test_a_file_that_is_not_there_as_a_plain_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, rule: str
) -> None:
    without_frictionless(monkeypatch)
    folder = write(tmp_path, changed(("resources", 1, "path"), path))
    (folder / "link.csv").symlink_to("people.csv")
    (folder / "linked").symlink_to("data", target_is_directory=True)
    os.mkfifo(folder / "pipe.csv")
    assert places(validate(folder)) == [(path[:200], 0, 0, rule)]


HASH = "hash"
PROMISED: list[tuple[tuple[str | int, ...], object, str, str]] = [
    (("resources", 0, "bytes"), 7, '"bytes"', PROMISES),
    (("resources", 0, "bytes"), "7", '"bytes"', PROMISES),
    (("resources", 0, HASH), "sha256:" + "0" * 64, '"hash"', PROMISES),
    (("resources", 0, HASH), "0" * 32, '"hash"', PROMISES),
    (("resources", 0, HASH), "crc32:0", '"hash"', PROMISES),
    (("resources", 0, HASH), 7, '"hash"', PROMISES),
    (("resources", 1, "name"), "people", '"name": "people"', PROMISES),
    (("resources", 1, "name"), 7, '"name": 7', PROMISES),
    (("resources", 1), 7, "    7", PROMISES),
    (("resources", 1, "path"), 7, '"path": 7', PROMISES),
    (("resources", 1, "path"), None, '"path": null', PROMISES),
    (("resources",), [], "{", PROMISES),
    (("resources",), {}, "{", PROMISES),
    (("resources",), [{"name": f"r{n}"} for n in range(MAX_RESOURCES + 1)], '"resources"', BOUNDED),
    (("resources", 0, "schema", "fields", 1, "constraints", "pattern"), "(?=a)b", '"pattern"', LINEAR),
    (("resources", 0, "schema", "fields", 1, "constraints", "pattern"), "(a)\\1", '"pattern"', LINEAR),
    (("resources", 0, "schema", "fields", 1, "constraints", "pattern"), "[", '"pattern"', LINEAR),
]


@pytest.mark.parametrize(
    ("path", "value", "words", "rule"), PROMISED, ids=[f"{one[0][-1]}-{str(one[1])[:30]}" for one in PROMISED]
)
def test_a_fault_of_the_descriptor_is_found_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: tuple[str | int, ...], value: object, words: str, rule: str
) -> None:
    without_frictionless(monkeypatch)
    made = changed(path, value)
    line = line_of(made, words)
    if words == '"name": "people"':
        line = max(number for number, text in enumerate(json_bytes(made).decode().split("\n"), 1) if words in text)
    found = places(validate(write(tmp_path, made)))
    assert [(where, at, code) for where, at, _, code in found] == [("datapackage.json", line, rule)]


@pytest.mark.parametrize("raw", [b"[]", b"7", b"null", b'"x"', b"{}", b'{"resources": [[]]}'])
def test_what_is_no_descriptor_is_one_finding(tmp_path: Path, raw: bytes) -> None:
    (finding,) = validate(write(tmp_path, raw)).findings
    assert finding.rule == PROMISES


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b'id,name,boss\n1,"Ada,\n2,Ben,\n', (2, 3)),
        (b"id,name,boss\n1,Ada\n", (2, 1)),
        (b"id,name,name\n1,Ada,\n", (1, 9)),
        (b'id,name,boss\n1,"A"da,\n', (2, 6)),
        (b"id,name,boss\n1,A\x00a,\n", (2, 3)),
    ],
)
@pytest.mark.parametrize("name", ["people.csv", "people.CSV", "people.txt"])
def test_a_table_that_other_readers_would_mend_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, place: tuple[int, int], name: str
) -> None:
    without_frictionless(monkeypatch)
    made = promised({"people.csv": data})
    made["resources"][0].update({"path": name, "format": "csv"})
    assert places(validate(write(tmp_path, made, {**FILES, name: data}))) == [(name, *place, CSV)]


def test_another_encoding_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_frictionless(monkeypatch)
    for encoding in ("utf-7", "latin-1", "idna", "", 7):
        report = validate(write(tmp_path, changed(("resources", 1, "encoding"), encoding)))
        assert places(report) == [("data/visits.csv", 0, 0, UTF_8)]


def test_a_table_whose_format_nobody_reads_here_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_frictionless(monkeypatch)
    made = changed(("resources", 1, "path"), "visits.xlsx")
    report = validate(write(tmp_path, made, {**FILES, "visits.xlsx": b"PK"}))
    assert [rule for *_, rule in places(report)] == [CONFORM]


# Tables ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "place"),
    [
        (b"id,name,boss\n1,Ada,x\n", ("people.csv", 2, 7, CONFORM)),
        (b'id,name,boss\n1,"Ada\nLo\n",\n2,Ben,1\nx,Cy,\n', ("people.csv", 6, 1, CONFORM)),
        (b'id,name,boss\r\n1,"Ada\r\nLo",x\r\n', ("people.csv", 3, 5, CONFORM)),
        ('id,name,boss\n1,"A\n\U0001f600é",x\n'.encode(), ("people.csv", 3, 5, CONFORM)),
        (b"id,name,boss\n1,ada,\n", ("people.csv", 2, 3, CONFORM)),
        (b"id,name,boss\n,Ada,\n", ("people.csv", 2, 1, CONFORM)),
        (b"id,name,boss\n1,Ada,\n1,Ben,\n", ("people.csv", 3, 1, CONFORM)),
        (b"id,name,boss\n1,Ada,7\n", ("people.csv", 2, 7, CONFORM)),
        (b"id,nmae,boss\n1,Ada,\n", ("people.csv", 1, 4, CONFORM)),
        (b'id,name,boss\n1,"A\nda",1\n2,Ben,1\n3,Ben,1\n', ("people.csv", 5, 3, UNIQUE)),
    ],
)
def test_a_fault_of_a_table_is_found_at_its_cell(tmp_path: Path, people: bytes, place: tuple[str, int, int, str]) -> None:
    files = {"people.csv": people, "data/visits.csv": b"person,day\n"}
    assert place in places(validate(write(tmp_path, promised(files), files)))


def test_a_reference_to_another_table_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    files = {**FILES, "data/visits.csv": b"person,day\n1,2025-01-31\n9,2025-02-28\n"}
    assert places(validate(write(tmp_path, DESCRIPTOR, files))) == [("data/visits.csv", 3, 1, CONFORM)]


def test_a_message_has_no_path_of_the_folder_in_which_frictionless_works(tmp_path: Path) -> None:
    for path, value in [
        (("resources", 0, "schema", "fields"), 7),
        (("resources", 0, "schema", "foreignKeys"), 7),
        (("resources", 1, "dialect"), {"headerRows": ["a"]}),
        (("contributors"), 7),
    ]:
        report = validate(write(tmp_path, changed(path if isinstance(path, tuple) else (path,), value)))
        assert {one.rule for one in report.findings} == {CONFORM}
        assert tempfile.gettempdir() not in report.render()


@pytest.mark.parametrize("keys", [None, 7, "id", [], [[]], [None], [{}], [["none"]], ["id"], {"id": 1}, [["id", 7]]])
def test_keys_of_any_shape_are_read(tmp_path: Path, keys: object) -> None:
    report = validate(write(tmp_path, changed(("resources", 0, "schema", "uniqueKeys"), keys)))
    assert {one.rule for one in report.findings} <= {CONFORM}


def test_what_was_read_is_not_written_to(tmp_path: Path) -> None:
    folder = write(tmp_path, DESCRIPTOR)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    validate(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


# Any packages ------------------------------------------------------------------------------------------------------------

RUNS_FRICTIONLESS = settings(max_examples=max(1, settings.default.max_examples // 2) if settings.default else 25)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        yield Path(place)


class TestAnyPackages:
    """Any bytes at all given as a descriptor or a CSV give findings or an ok report, and nothing else."""

    @given(st.one_of(st.binary(), json_values().map(json_bytes), edited_files(st.just(json_bytes(DESCRIPTOR)))))
    @example(b"[]")
    @example(b'{"resources":[{}]}')
    def test_any_descriptor(self, folder: Path, data: bytes) -> None:
        self.check(validate(write(folder, data)))

    @RUNS_FRICTIONLESS
    @given(edited_json(st.just(DESCRIPTOR)))
    @example(changed(("resources", 0, "schema", "foreignKeys"), 7))
    @example(changed(("resources", 0, "dialect"), {"headerRows": ["a"]}))
    def test_a_descriptor_with_a_changed_value(self, folder: Path, descriptor: Any) -> None:
        self.check(validate(write(folder, descriptor)))

    @RUNS_FRICTIONLESS
    @given(
        st.one_of(st.binary(), edited_files(st.just(PEOPLE), CSV_PIECES), csv_rows().map(csv_bytes)),
        st.sampled_from(({}, {"delimiter": ";"}, {"header": False}, {"quoteChar": "'"}, {"commentChar": "#"})),
    )
    def test_any_table(self, folder: Path, data: bytes, dialect: dict[str, Any]) -> None:
        made = promised({"people.csv": data})
        made["resources"][0]["dialect"] = dialect
        self.check(validate(write(folder, made, {**FILES, "people.csv": data})))

    def check(self, report: Report) -> None:
        for finding in report.findings:
            assert finding.rule in CODES
            assert finding.line >= 0
            assert (finding.line == 0) == (finding.column == 0)
            assert len(finding.path) <= 200
        assert report.ok == (report.layers == ("reading", "package") and not report.findings)
        assert report.render("text")
        assert json.loads(report.render("json"))["ok"] == report.ok


def test_a_pattern_that_backtracks_for_ever_elsewhere_is_run_and_ends(tmp_path: Path) -> None:
    files = {**FILES, "people.csv": b"id,name,born\n1," + b"a" * 2000 + b"!,1990\n"}
    for pattern in ("(a+)+", "(a|aa)*", ".*.*.*.*.*.*.*.*=", "a*a*a*a*a*a*a*a*b"):
        made = promised(files)
        made["resources"][0]["schema"]["fields"][1]["constraints"]["pattern"] = pattern
        assert ("people.csv", 2, 3, CONFORM) in places(validate(write(tmp_path, made, files)))


@pytest.mark.parametrize("where", [(), ("resources", 0), ("resources", 0, "schema")], ids=str)
@pytest.mark.parametrize("profile", ["fiscal-data-package", "secret", "https://datapackage.org/profiles/1.0/datapackage.json"])
def test_a_profile_is_neither_fetched_nor_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: tuple[str | int, ...], profile: str
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text('{"required": ["nothing"]}', "utf-8")
    folder = write(tmp_path, changed((*where, "profile"), profile))
    assert validate(folder).ok


# JSON Lines, formulas, bounds --------------------------------------------------------------------------------------------

LINES_SCHEMA = {
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"required": True}},
        {"name": "day", "type": "date"},
        {"name": "name", "type": "string", "constraints": {"pattern": "[A-Z].*"}},
    ],
    "primaryKey": ["id"],
    "uniqueKeys": [["name"]],
}


def lines_package(folder: Path, data: bytes, **rest: object) -> Path:
    descriptor = {"name": "others", "resources": [{"name": "a", "path": "a.jsonl", "schema": LINES_SCHEMA, **rest}]}
    return write(folder, descriptor, {"a.jsonl": data})


@pytest.mark.parametrize("rest", [{}, {"format": "jsonl"}, {"format": "ndjson", "mediatype": "application/x-ndjson"}])
def test_json_lines_are_held_against_their_table_schema(tmp_path: Path, rest: dict[str, object]) -> None:
    data = b'{"name": "Ada", "id": 1, "day": "2025-01-31"}\n{"id": 2}\n{"id": "3", "name": "Cy", "day": null}\n'
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    report = validate(lines_package(tmp_path, data, bytes=len(data), hash=digest, **rest))
    assert report.ok, report.render()
    assert report.checked == {"file": 2, "table": 1, "row": 3}


@pytest.mark.parametrize(
    ("line", "column", "rule", "words"),
    [
        (b'{"id": "x"}', 8, CONFORM, "type-error"),
        (b'{"id": 1}', 8, CONFORM, "primary-key"),
        (b'{"day": "2025-01-31"}', 1, CONFORM, "constraint-error"),
        (b'{"id": 2, "day": "2025-02-30"}', 18, CONFORM, "type-error"),
        (b'{"id": 2, "name": "ben"}', 19, CONFORM, "does not match"),
        (b'{"id": 2, "name": 5}', 19, CONFORM, "no string"),
        (b'{"id": 2, "boss": 1}', 19, CONFORM, "no field 'boss'"),
        (b'{"id": 2, "name": "Ada"}', 19, UNIQUE, "agrees with line 1"),
        (b'{"id": 2, "day": "=1+1"}', 18, FORMULAS, "a spreadsheet"),
    ],
)
def test_a_fault_in_json_lines_is_found_at_its_value(tmp_path: Path, line: bytes, column: int, rule: str, words: str) -> None:
    report = validate(lines_package(tmp_path, b'{"id": 1, "name": "Ada"}\n' + line + b"\n"))
    fitting = [one for one in report.findings if words in one.message]
    assert [(one.path, one.line, one.column, one.rule) for one in fitting][:1] == [("a.jsonl", 2, column, rule)], (
        report.render()
    )


def test_json_lines_in_parts_are_refused(tmp_path: Path) -> None:
    descriptor = {"name": "others", "resources": [{"name": "a", "path": ["a.jsonl", "b.jsonl"]}]}
    report = validate(write(tmp_path, descriptor, {"a.jsonl": b'{"a": 1}\n', "b.jsonl": b'{"a": 1}\n'}))
    assert {one.rule for one in report.findings} == {PROMISES}


def test_formulas_are_found_in_tables_of_others_header_included(tmp_path: Path) -> None:
    descriptor = {"name": "others", "resources": [{"name": "a", "path": "a.csv"}]}
    report = validate(write(tmp_path, descriptor, {"a.csv": b'id,=b\n-5,"=1,2"\n+1,@x()\n'}))
    assert [one for one in places(report) if one[3] == FORMULAS] == [
        *(("a.csv", 1, 4, FORMULAS), ("a.csv", 2, 4, FORMULAS), ("a.csv", 3, 4, FORMULAS)),
    ]


@pytest.mark.parametrize(
    ("name", "most", "words"),
    [
        ("reading.MAX_PACKAGE", 1_980, "more than 1,980 bytes"),
        ("reading.MAX_PACKAGE_FILES", 2, "more than 2 files"),
        ("bounds.MAX_CELLS", 5, "cells to judge"),
        ("bounds.MAX_HELD", 5, "bytes of tables"),
        ("bounds.MAX_KEY_WORK", 5, "rows to hold against keys"),
        ("bounds.MAX_COLUMNS", 2, "'fields' has 3 items"),
        ("bounds.MAX_LISTED", 1, "more than 1"),
    ],
)
def test_what_a_package_asks_for_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int, words: str
) -> None:
    without_frictionless(monkeypatch)
    monkeypatch.setattr(f"venezuela_data.package.{name}", most)
    report = validate(write(tmp_path, DESCRIPTOR))
    assert {one.rule for one in report.findings} == {BOUNDED}
    assert words in report.render()


def test_what_we_built_has_no_bound_but_those_of_its_files(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("reading.MAX_PACKAGE", "bounds.MAX_CELLS", "bounds.MAX_HELD", "bounds.MAX_KEY_WORK"):
        monkeypatch.setattr(f"venezuela_data.package.{name}", 1)
    assert packages.read_package(Tree(root), "datasets/datapackage.json", own=True).findings == []


def one_table(folder: Path, data: bytes, **rest: Any) -> Report:
    descriptor = {"name": "others", "resources": [{"name": "a", "path": "a.csv", **rest}]}
    return validate(write(folder, descriptor, {"a.csv": data}))


def test_nothing_is_sniffed_and_the_sniffer_is_left_as_it_was(tmp_path: Path) -> None:
    import csv
    from importlib import import_module

    fields = [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]
    report = one_table(tmp_path, b"a;b\n1;x\n", schema={"fields": fields})
    assert {one.rule for one in report.findings} == {CONFORM}
    assert import_module("frictionless.formats.csv.parser").csv is csv
    assert one_table(tmp_path, b"a,b\n1,the 'x';'y';'z'\n2,so 'x';'y';'z'\n", schema={"fields": fields}).ok
    assert one_table(tmp_path, "a,b\n1,Ã±Ã©Ã­\n".encode(), schema={"fields": fields}).ok


def test_a_flood_of_faults_of_a_table_ends_with_a_finding_that_there_are_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_frictionless(monkeypatch)
    column = {"name": "a", "type": "string", "constraints": {"pattern": "b"}}
    report = one_table(tmp_path, b"a\n" + b"=1\n" * 3_000, schema={"fields": [column], "uniqueKeys": [["a"], ["a"]]})
    counted = Counter(one.rule for one in report.findings)
    assert counted == {UNIQUE: 1_001, CONFORM: 1_001, FORMULAS: 1_001}
    assert sum("more than 1,000 findings of this rule" in one.message for one in report.findings) == 3


def test_a_cell_that_frictionless_would_not_come_back_from_is_found_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_frictionless(monkeypatch)
    column = {"name": "a", "type": "integer", "bareNumber": False}
    report = one_table(tmp_path, b"a\n1" + b"-" * 5_000 + b"\n", schema={"fields": [column]})
    assert ("a.csv", 2, 1, "files-are-bounded") in places(report)


@pytest.mark.parametrize(
    ("kind", "cell"), [("integer", "-12"), ("number", "1.50e+3"), ("number", "NaN"), ("date", "2010-01-01")]
)
def test_a_value_as_table_schema_writes_it_is_in_order(tmp_path: Path, kind: str, cell: str) -> None:
    assert one_table(tmp_path, f"a\n{cell}\n".encode(), schema={"fields": [{"name": "a", "type": kind}]}).ok


@pytest.mark.parametrize("rest", [{"type": "number", "groupChar": "_"}, {"type": "integer", "missingValues": ["1_000"]}])
def test_what_the_schema_says_of_a_column_comes_before_the_usual_form(tmp_path: Path, rest: dict[str, Any]) -> None:
    fields = [{"name": "a", **rest}, {"name": "b", "type": "string"}]
    assert one_table(tmp_path, b"a,b\n1_000,x\n", schema={"fields": fields}).ok


@pytest.mark.parametrize("dialect", [{"delimiter": ";"}, {"delimiter": "|", "header": True, "quoteChar": '"'}, "d.json"])
def test_a_table_of_another_delimiter_is_judged_like_any(tmp_path: Path, dialect: Any) -> None:
    mark = dialect["delimiter"] if isinstance(dialect, dict) else "\t"
    (tmp_path / "d.json").write_bytes(b'{"delimiter": "\\t"}')
    schema = {"fields": [{"name": "a", "type": "integer"}, {"name": "b"}], "uniqueKeys": [["a"]]}
    sound = "a,b\n1,x\n2,y\n".replace(",", mark).encode()
    assert one_table(tmp_path, sound, schema=schema, dialect=dialect).ok
    twice = one_table(tmp_path, sound.replace(b"2", b"1"), schema=schema, dialect=dialect)
    assert places(twice) == [("a.csv", 3, 1, UNIQUE)]
    wrong = one_table(tmp_path, sound.replace(b"2", b"z"), schema=schema, dialect=dialect)
    assert places(wrong) == [("a.csv", 3, 1, CONFORM)]


def test_frictionless_stops_when_its_time_is_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("venezuela_data.package.judging.MAX_SECONDS", -9.0)
    (finding,) = validate(write(tmp_path, DESCRIPTOR)).findings
    assert (finding.rule, "take longer than" in finding.message) == (CONFORM, True)


def test_a_packed_table_is_refused_even_where_its_bytes_would_pass(tmp_path: Path) -> None:
    descriptor = {"name": "others", "resources": [{"name": "a", "path": "a.csv.gz", "format": "csv"}]}
    assert places(validate(write(tmp_path, descriptor, {"a.csv.gz": b"id\n1\n"})))[0][3] == PROMISES


# Patterns ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "most"),
    [
        *(("", 0), ("abc", 3), ("a{3}", 3), ("a{2,5}", 5), ("a{2,}", 2), ("(ab){10}", 30), ("((a{3}){3}){3}", 39), ("a|b*", 2)),
        *((r"\{3}", 3), ("[a-z]{4}-[0-9]{2}", 7), (r"[\]{9}]x", 2), (r"\w{2}", 100), ("[^a]", 50), (r"\p{L}{3}", 150)),
    ],
)
def test_the_steps_of_a_pattern_are_counted_with_its_repetitions(pattern: str, most: int) -> None:
    assert steps(pattern) == most


@pytest.mark.parametrize("pattern", ["a{9999999999}", "(a{1000}){1000}", "(((a{30}){30}){30}){30}", "a" * 1_001, r"\w{1000}"])
def test_a_pattern_beyond_the_bound_is_one_more_than_it(pattern: str) -> None:
    assert steps(pattern) == MAX_STEPS + 1


@given(st.text("a(){}[]|?*+.\\^,019pPwL", max_size=60))
def test_any_pattern_has_a_number_of_steps_and_an_engine_or_none(pattern: str) -> None:
    assert 0 <= steps(pattern) <= MAX_STEPS + 1
    if steps(pattern) <= MAX_STEPS:
        engine(pattern)


@pytest.mark.parametrize(
    ("pattern", "data"),
    [
        ("(a{1000}){1000}", b"id\na\n"),
        ("[01]*1[01]{900}", b"id\n" + b"01" * 120_000 + b"\n" + (b"0" * 240_000 + b"\n") * 30),
    ],
)
def test_a_pattern_that_asks_for_too_much_work_is_refused(tmp_path: Path, pattern: str, data: bytes) -> None:
    schema = {"fields": [{"name": "id", "type": "string", "constraints": {"pattern": pattern}}]}
    descriptor = {"name": "others", "resources": [{"name": "a", "path": "a.csv", "schema": schema}]}
    assert [one.rule for one in validate(write(tmp_path, descriptor, {"a.csv": data})).findings] == [LINEAR]
