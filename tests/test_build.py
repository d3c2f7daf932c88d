"""The build: pure, the same everywhere, described as Data Package v2 wants it, and guarded against any later change.

Changes are made in a copy of the built tree, which each example puts back. `frictionless` is the second judge of the tables;
where it cannot see what the models see, the case is listed in `DISAGREEMENTS`. The checkout is read and never written.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import math
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import frictionless
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from strategies import DOCUMENTS, OTHER_VALUES, TERMS, Document, in_the_calendar

from venezuela_data import store
from venezuela_data.build import artefacts, table_schema, terms_of
from venezuela_data.dates import EDTF_PATTERN
from venezuela_data.history import Ledger
from venezuela_data.models import Part, Record, Vocabulary
from venezuela_data.records import KIND, KINDS, Kind, lists_of, plain
from venezuela_data.syntax import csv_bytes, read_csv
from venezuela_data.tables import LEDGER, TABLE, TABLES, Column, Table, cell_text, rows_of
from venezuela_data.validation import _stale, validate
from venezuela_data.values import DAY_PATTERN, MAX_NUMBER, SPACES, UNSAFE_CHARACTERS

ROOT = Path(__file__).parent.parent
DESCRIPTOR = "datasets/datapackage.json"


@cache
def seeds() -> dict[str, dict[str, Record]]:
    corpus = store.read_seeds(ROOT)
    assert corpus.findings == []
    return corpus.records


@cache
def history() -> Ledger:
    return store.read_history(store.Tree(ROOT))


@cache
def built() -> dict[str, bytes]:
    return artefacts(seeds(), history())


@cache
def descriptor() -> Document:
    made: Document = json.loads(built()[DESCRIPTOR])
    return made


# Pure and the same everywhere --------------------------------------------------------------------------------------------


def test_the_published_files_are_what_the_seeds_build() -> None:
    published = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in ("datasets", "schema")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert published.keys() == built().keys()
    assert [path for path, data in built().items() if published[path] != data] == []


def test_a_build_changes_nothing_that_it_is_given() -> None:
    before = {kind: dict(records) for kind, records in seeds().items()}
    once, twice = artefacts(seeds(), history()), artefacts(seeds(), history())
    assert once == twice == built()
    assert list(once) == sorted(once)
    assert seeds() == before


def test_every_file_of_a_build_is_text_with_one_closing_line_end() -> None:
    for path, data in built().items():
        text = data.decode("utf-8")
        assert "\r" not in text, path
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert not text.startswith("\ufeff"), path


def test_a_build_without_records_has_the_same_files_but_for_the_terms() -> None:
    empty = artefacts({kind.name: {} for kind in KINDS}, history())
    assert empty.keys() == {path for path in built() if not path.startswith("schema/vocabularies/")}
    for table in TABLES:
        assert empty[table.path].count(b"\n") == 1


def _shuffled(model: type[Part], value: Any, chance: random.Random) -> Any:
    """Give a record with its fields, and the lists that it keeps in no order, in another order."""
    ordered = lists_of(model)
    names = chance.sample(list(value), len(value))
    return {
        name: chance.sample(value[name], len(value[name]))
        if isinstance(value[name], list) and not ordered[name]
        else value[name]
        for name in names
    }


class TestOrder:
    """The build ignores the order of kinds, of records, of fields, and of what a record keeps in no order."""

    @settings(deadline=None, max_examples=12)
    @given(st.integers(0, 2**32))
    def test_it_gives_the_same_bytes(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 (an order, not a secret)
        records: dict[str, dict[str, Record]] = {}
        for kind in chance.sample(KINDS, len(KINDS)):
            documents = [_shuffled(kind.model, plain(record), chance) for record in seeds()[kind.name].values()]
            chance.shuffle(documents)
            records[kind.name] = {one["id"]: kind.model.model_validate(one) for one in documents}
        made = artefacts(records, history())
        assert [path for path in made.keys() | built().keys() if made.get(path) != built().get(path)] == []


_HASH = """
import hashlib, pathlib, sys
from venezuela_data.build import artefacts
from venezuela_data.store import Tree, read_history, read_seeds
made = hashlib.sha256()
root = pathlib.Path(sys.argv[1])
for path, data in artefacts(read_seeds(root).records, read_history(Tree(root))).items():
    made.update(path.encode() + b"\\0" + data + b"\\0")
print(made.hexdigest())
"""


def test_neither_locale_nor_time_zone_nor_hash_seed_nor_folder_changes_a_byte(tmp_path: Path) -> None:
    places = [
        # hash seed, locale, time zone, folder
        ("0", "C", "UTC", ROOT),
        ("1", "C.UTF-8", "America/Caracas", tmp_path),
        ("random", "C", "America/Caracas", tmp_path),
        ("random", "C.UTF-8", "UTC", ROOT),
    ]
    runs = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", _HASH, str(ROOT)],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "LANG": locale, "TZ": zone, "PYTHONUTF8": "0"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, locale, zone, folder in places
    ]
    outputs = [run.communicate()[0].strip() for run in runs]
    made = hashlib.sha256()
    for path, data in built().items():
        made.update(path.encode() + b"\0" + data + b"\0")
    assert [run.returncode for run in runs] == [0] * len(places)
    assert outputs == [made.hexdigest()] * len(places)


# The descriptor ----------------------------------------------------------------------------------------------------------


def test_the_descriptor_is_a_data_package_of_version_2() -> None:
    package = descriptor()
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert package["name"] == "venezuela-data"
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", package["version"])
    assert package["title"]
    assert package["description"].endswith(".")
    assert [one["name"] for one in package["licenses"]] == ["CC-BY-4.0"]
    assert all(one["title"] and one["roles"] for one in package["contributors"])
    assert package["contributors"]
    assert "created" not in package  # A date of the build would make two builds of the same records differ.


def test_every_document_is_a_source_of_the_package() -> None:
    titles = [one["title"] for one in descriptor()["sources"]]
    assert len(titles) == len(seeds()["sources"])
    for source in seeds()["sources"].values():
        document = plain(source)
        expected = {"title": f"{document['publisher']}: {document['title']}"}
        expected |= {"path": document["url"]} if "url" in document else {}
        assert expected in descriptor()["sources"]


def test_the_data_dictionary_describes_every_field_and_term() -> None:
    text = built()["datasets/README.md"].decode("utf-8")
    for table in TABLES:
        section = text.partition(f"\n## {table.name}\n")[2].partition("\n## ")[0]
        named = re.findall(r"^\| `([a-z0-9_]+)` \| (\w+) \| (.+) \|$", section, re.MULTILINE)
        assert [(name, kind) for name, kind, _ in named] == [(column.name, column.type) for column in table.columns]
        # What a cell says in Markdown is what the model says, once the escapes are taken away.
        for (_, _, said), column in zip(named, table.columns, strict=True):
            assert re.sub(r"\\(.)", r"\1", said).startswith(column.description)
    for vocabulary in seeds()["vocabularies"].values():
        assert isinstance(vocabulary, Vocabulary)
        section = text.partition(f"\n### {vocabulary.id}\n")[2].partition("\n### ")[0]
        assert re.findall("^- `([a-z0-9_]+)`: ", section, re.MULTILINE) == [term.term for term in vocabulary.terms]


def test_every_file_of_data_is_a_resource_with_its_length_and_hash() -> None:
    resources = descriptor()["resources"]
    names = [one["name"] for one in resources]
    assert len(set(names)) == len(names)
    assert names == [*TABLE, *(table.name for table in LEDGER), *(f"{kind.name}-json" for kind in KINDS if kind.published)]
    assert {f"datasets/{one['path']}" for one in resources} | {DESCRIPTOR, "datasets/README.md"} == {
        path for path in built() if path.startswith("datasets/")
    }
    for resource in resources:
        data = (ROOT / "datasets" / resource["path"]).read_bytes()
        assert resource["$schema"] == "https://datapackage.org/profiles/2.0/dataresource.json"
        assert resource["bytes"] == len(data), resource["name"]
        assert resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest(), resource["name"]
        assert re.fullmatch("[a-z0-9._-]+", resource["name"])
        assert resource["description"].endswith(".")
        assert resource["title"]
        assert resource["encoding"] == "utf-8"
        assert resource["path"].endswith("." + resource["format"])
        assert resource["mediatype"] == {"csv": "text/csv", "json": "application/json"}[resource["format"]]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_a_schema_of_version_2(table: Table) -> None:
    (resource,) = (one for one in descriptor()["resources"] if one["name"] == table.name)
    schema = resource["schema"]
    assert json.loads(built()[f"schema/tables/{table.name}.json"]) == schema
    assert resource["type"] == "table"
    assert schema["$schema"] == "https://datapackage.org/profiles/2.0/tableschema.json"
    assert schema["fieldsMatch"] == "exact"
    assert schema["missingValues"] == [""]
    assert ("primaryKey" in schema) != ("uniqueKeys" in schema)
    names = [field["name"] for field in schema["fields"]]
    assert set(schema.get("primaryKey", ())) <= set(names)
    assert all(set(key) <= set(names) for key in schema.get("uniqueKeys", ()))
    for field in schema["fields"]:
        assert field["type"] in ("string", "integer", "number", "boolean", "date")
        assert field["description"].endswith(".")
    header = built()[table.path].split(b"\n", 1)[0].decode()
    assert header.split(",") == names


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_column_of_terms_lists_those_of_its_vocabulary(table: Table) -> None:
    schema = table_schema(table, terms_of(seeds()))
    for column, field in zip(table.columns, schema["fields"], strict=True):
        if column.scheme is not None:
            assert field["constraints"]["enum"] == TERMS[column.scheme]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_column_of_ids_is_a_foreign_key(table: Table) -> None:
    schema = table_schema(table, terms_of(seeds()))
    found = {key["fields"][0]: key["reference"]["resource"] for key in schema.get("foreignKeys", ())}
    expected = {one.name: one.refers for one in table.columns if one.refers}
    assert found == {name: "" if target == table.name else target for name, target in expected.items()}
    for key in schema.get("foreignKeys", ()):
        of_vocabularies = key["reference"]["resource"] == "vocabulary_schemes"
        assert key["reference"]["fields"] == (["scheme"] if of_vocabularies else ["id"])


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the seeds build, in a folder of its own."""
    root = tmp_path_factory.mktemp("built")
    store.write_files(root, built())
    return root


def test_the_built_package_is_valid_for_frictionless(tree: Path) -> None:
    report = frictionless.Package(tree / DESCRIPTOR).validate()
    assert report.flatten(["type", "note"]) == []
    assert report.valid
    assert report.stats["tasks"] == len(TABLES) + len(LEDGER) + sum(kind.published for kind in KINDS)


# Changes of what was built -----------------------------------------------------------------------------------------------

TABLE_FILES = sorted(table.path for table in TABLES)
CHANGES = ("", " ", "0", "a", '"', ",", "\u200b", "é", "1.0", "2025-11-24", "active", "nicolas-maduro")


@st.composite
def changed_tables(draw: st.DrawFn) -> tuple[str, bytes]:
    """A table with one cell changed, its header's included, and still well formed."""
    path = draw(st.sampled_from(TABLE_FILES))
    table, _ = read_csv(built()[path], path)
    assert table is not None
    rows = [table.header, *(list(row) for row in table.rows)]
    row = draw(st.integers(0, len(rows) - 1))
    column = draw(st.integers(0, len(table.header) - 1))
    old = rows[row][column]
    other = draw(st.one_of(st.sampled_from(CHANGES), st.sampled_from(rows).map(lambda one: one[column])))
    at = draw(st.integers(0, len(old)))
    new = draw(st.sampled_from((other, old[:at] + other + old[at + 1 :], old[:at] + old[at + 1 :], old.swapcase())))
    assume(new != old)
    rows[row] = [*rows[row][:column], new, *rows[row][column + 1 :]]
    return path, csv_bytes(rows)


@st.composite
def changed_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """A JSON file with one character changed, put in or left out."""
    path = draw(st.sampled_from([path for path in built() if path not in TABLE_FILES]))
    text = built()[path].decode("utf-8")
    at = draw(st.integers(0, len(text)))
    new = draw(st.sampled_from(("", "", "a", "0", "9", " ", "\n", '"', "{", "}", ",", "-", "é", "\ufeff", "\x00")))
    made = text[:at] + new + text[at + draw(st.integers(0, 1)) :]
    assume(made != text)
    return path, made.encode("utf-8")


def noticed(tree: Path, path: str, data: bytes, *, whole: bool) -> list[tuple[str, str]]:
    """Change one file of the tree, see what is found, and put it back."""
    try:
        (tree / path).write_bytes(data)
        found = validate(tree, skip=["package"]).findings if whole else tuple(_stale(store.Tree(tree), built()))
    finally:
        (tree / path).write_bytes(built()[path])
    return [(finding.path, finding.rule) for finding in found]


class TestChanges:
    """Any change of one cell of the shipped data, or of one character of a file, is noticed."""

    @settings(deadline=None)
    @given(change=changed_tables())
    def test_one_cell(self, tree: Path, change: tuple[str, bytes]) -> None:
        path, data = change
        assert noticed(tree, path, data, whole=False) == [(path, "datasets-are-current")]

    @settings(deadline=None)
    @given(change=changed_files())
    def test_one_character(self, tree: Path, change: tuple[str, bytes]) -> None:
        path, data = change
        assert noticed(tree, path, data, whole=False) == [(path, "datasets-are-current")]

    @settings(deadline=None, max_examples=8)
    @given(change=changed_tables())
    def test_one_cell_where_there_are_no_seeds(self, tree: Path, change: tuple[str, bytes]) -> None:
        path, data = change
        assert noticed(tree, path, data, whole=True) == [(path, "datasets-are-current")]

    @settings(deadline=None, max_examples=12)
    @given(change=changed_files())
    def test_one_character_where_there_are_no_seeds(self, tree: Path, change: tuple[str, bytes]) -> None:
        path, data = change
        found = noticed(tree, path, data, whole=True)
        # A changed record is what the other files are built from: at least the hash in the descriptor tells.
        assert found
        assert path.startswith("datasets/json/") or (path, "datasets-are-current") in found


def test_the_copy_is_as_it_was_built(tree: Path) -> None:
    assert validate(tree, skip=["package"]).findings == ()
    assert list(_stale(store.Tree(tree), built())) == []


@pytest.mark.parametrize("path", [DESCRIPTOR, "datasets/csv/events.csv", "schema/actor.schema.json"])
def test_a_missing_file_is_noticed(tree: Path, path: str) -> None:
    try:
        (tree / path).unlink()
        assert [(one.path, one.message) for one in _stale(store.Tree(tree), built())] == [(path, "the file is missing")]
    finally:
        (tree / path).write_bytes(built()[path])


def test_a_file_too_many_is_noticed(tree: Path) -> None:
    extra = tree / "datasets" / "csv" / "more.csv"
    try:
        extra.write_bytes(b"id\n")
        found = [(one.path, one.message) for one in _stale(store.Tree(tree), built())]
        assert found == [("datasets/csv/more.csv", "the records build no such file")]
    finally:
        extra.unlink()


# Frictionless and the models ---------------------------------------------------------------------------------------------

STRICT = ConfigDict(strict=True)
PARENTS = {
    # table of parts: kind of record, its list
    "source_paragraphs": ("sources", "paragraphs"),
    "actor_identifiers": ("actors", "identifiers"),
    "actor_roles": ("actors", "roles"),
    "event_participants": ("events", "participants"),
    "designation_history": ("designations", "history"),
}
JUDGED = ("places", "instruments", "sources", *PARENTS)
"""Tables that between them have every type, pattern, bound, enum and kind of key."""

CALENDAR = "no constraint of Table Schema knows the calendar or compares two dates in one cell"
CONTROL = "Table Schema has no way to say which characters a text may not hold"
FEED = "frictionless matches a pattern up to a closing line feed"
UNIQUE = "frictionless reads `uniqueKeys` and does not check it; the package layer does"

DISAGREEMENTS = [
    # reason, table, column, cell that frictionless accepts and the model refuses
    (CALENDAR, "instruments", "signed", "2025-02-30"),
    (CALENDAR, "instruments", "signed", "2025-11/2025-10"),
    (CALENDAR, "instruments", "signed", "[2025-11,2025-10]"),
    (CALENDAR, "actor_identifiers", "checked_on", "2025-02-29"),
    (CONTROL, "places", "name", " a"),
    (CONTROL, "places", "name", "a\u3000"),
    (CONTROL, "places", "name", "a\u202eb"),
    (CONTROL, "places", "name", "a\nb"),
    (FEED, "places", "wikidata", "Q1\n"),
]

_UNSAFE = re.compile(f"{UNSAFE_CHARACTERS}|^{SPACES}|{SPACES}$")


def is_listed(column: Column, text: str) -> bool:
    """Say whether a cell is one that frictionless accepts for a reason of `DISAGREEMENTS`."""
    if column.type != "string" or column.scheme or column.choices or len(text) > (column.max_length or len(text)):
        return False
    if column.pattern is None:
        return _UNSAFE.search(text) is not None
    if not re.search(column.pattern, text):
        return False
    return text.endswith("\n") or (column.pattern in (EDTF_PATTERN, DAY_PATTERN) and not in_the_calendar(text))


@cache
def field_of(table_name: str, column: str) -> TypeAdapter[Any]:
    """Give the type of the field that fills a column."""
    kind, part = PARENTS.get(table_name, (table_name, ""))
    model: type[Part] = KIND[kind].model
    if column == "position":
        return TypeAdapter(Annotated[int, Field(ge=0)], config=STRICT)
    if part and column == TABLE[table_name].columns[0].name:
        column = "id"
    elif part:
        (model,) = (one for one in _inner(model.model_fields[part].annotation) if issubclass(one, Part))
    if column in model.model_computed_fields:
        return TypeAdapter(model.model_computed_fields[column].return_type, config=STRICT)
    field = model.model_fields[column]
    return TypeAdapter(_annotated(field), config=STRICT)


def _annotated(field: Any) -> Any:
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def _inner(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and not getattr(annotation, "__args__", ()):
        yield annotation
    for one in getattr(annotation, "__args__", ()):
        yield from _inner(one)


def value_of(text: str, type_: str) -> Any:
    """Read a cell by the type of its column; what cannot be read stays a text, which no such field takes."""
    if not text:
        return None
    if type_ == "integer" and re.fullmatch("-?[0-9]+", text, re.ASCII):
        return int(text)
    if type_ == "number" and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", text, re.ASCII):
        return float(text)
    if type_ == "date":
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            return text
    return text


def models_accept(table: Table, column: Column, text: str) -> bool:
    try:
        field_of(table.name, column.name).validate_python(value_of(text, column.type), context={"vocabularies": TERMS})
    except ValidationError:
        return False
    return True


Texts = list[list[str]]
Ids = dict[str, set[str]]


def expected_to_pass(table: Table, rows: Texts, ids: Ids) -> bool:
    """Say whether rows are good by the models, by the key of the table, and by the ids that there are."""
    names = [column.name for column in table.columns]
    keys = [tuple(row[names.index(name)] for name in table.key) for row in rows]
    if table.key and len(set(keys)) < len(keys):
        return False
    for row in rows:
        for column, text in zip(table.columns, row, strict=True):
            if not models_accept(table, column, text) and not is_listed(column, text):
                return False
            if text and column.refers and text not in ids[column.refers]:
                return False
    return True


def frictionless_accepts(folder: Path, table: Table, rows: Texts, ids: Ids) -> bool:
    """Ask frictionless about a table, with the tables to which it refers reduced to their ids."""
    header = [column.name for column in table.columns]
    (folder / "table.csv").write_bytes(csv_bytes([header, *rows]))
    resources = [resource(table.name, "table.csv", table_schema(table, TERMS))]
    plain_schema = {"fields": [{"name": "id", "type": "string"}], "missingValues": [""]}
    for name, known in ids.items():
        (folder / f"{name}.csv").write_bytes(csv_bytes([["id"], *([one] for one in sorted(known))]))
        resources.append(resource(f"{name}-ids" if name == table.name else name, f"{name}.csv", plain_schema))
    package = frictionless.Package.from_descriptor({"name": "a", "resources": resources}, basepath=str(folder))
    valid: bool = package.validate().valid
    return valid


def rows_with_bad_cells(folder: Path, table: Table, rows: Texts) -> list[int]:
    """Ask frictionless which rows of a table have a cell that is bad by itself, keys and references left aside."""
    (folder / "table.csv").write_bytes(csv_bytes([[column.name for column in table.columns], *rows]))
    schema = {name: value for name, value in table_schema(table, TERMS).items() if name != "foreignKeys"}
    one = frictionless.Resource.from_descriptor(resource(table.name, "table.csv", schema), basepath=str(folder))
    errors: list[Any] = one.validate(limit_errors=len(rows) * 10).tasks[0].errors
    # Frictionless counts the header as the first row.
    return sorted({error.row_number - 2 for error in errors if error.type in ("type-error", "constraint-error")})


def resource(name: str, path: str, schema: Document) -> Document:
    return {"name": name, "type": "table", "path": path, "format": "csv", "encoding": "utf-8", "schema": schema}


# Cells of every kind that stand in the normal form of every type, and texts that are of no type but text.
CELLS = sorted({cell_text(value) for value in OTHER_VALUES if isinstance(value, str | int | float) and value == value})
CELLS += ["NaN", "INF", "-INF", "Infinity", "true", "2025-02-30", "2025-11-24", "0001-01-01", "-1", "-90.5", "Q1\n", "1e-07"]
CELLS += [str(MAX_NUMBER), "null", "None", "N/A", "-"]


def is_normal(column: Column, text: str) -> bool:
    """Say whether a cell is in the normal form of its column's type, or of no form of that type at all."""
    if column.type == "date":
        parts = re.fullmatch("([0-9]+)-([0-9]+)-([0-9]+)", text)
        return parts is None or tuple(map(len, parts.groups())) == (4, 2, 2)
    readers: dict[str, type[int] | type[float]] = {"integer": int, "number": float}
    reader = readers.get(column.type)
    try:
        value = reader(text) if reader is not None and text else None
    except ValueError:
        return True
    return value is None or (math.isfinite(value) and cell_text(value) == text)


def edges_of(column: Column) -> list[str]:
    """Give the cells just inside and just outside the bounds of a column."""
    edges = [bound + step for bound in (column.minimum, column.maximum) if bound is not None for step in (-1, 0, 1)]
    longest = [length + step for length in (column.max_length,) if length is not None for step in (0, 1)]
    return [cell_text(edge) for edge in edges] + ["a" * length for length in longest] or [""]


def rows_from(table: Table, records: list[Record]) -> Texts:
    kind, _ = PARENTS.get(table.name, (table.name, ""))
    by_kind = {one.name: {record.id: record for record in records} if one.name == kind else {} for one in KINDS}
    return [[cell_text(row[column.name]) for column in table.columns] for row in rows_of(table, by_kind)]


def ids_in(table: Table, rows: Texts) -> Ids:
    found: Ids = {column.refers: {"other"} for column in table.columns if column.refers}
    for row in rows:
        for column, text in zip(table.columns, row, strict=True):
            if column.refers and text:
                found[column.refers].add(text)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


def judged_kind(name: str) -> Kind:
    return KIND[PARENTS.get(name, (name, ""))[0]]


class TestFrictionless:
    """Pydantic and frictionless agree on tables in normal form, outside the listed disagreements."""

    @pytest.mark.parametrize("name", JUDGED)
    def test_both_say_the_same_of_each_cell_at_and_beyond_each_bound(self, folder: Path, name: str) -> None:
        table = TABLE[name]
        cells = [
            (at, text)
            for at, column in enumerate(table.columns)
            for text in sorted({*CELLS, *edges_of(column)})
            if is_normal(column, text)
        ]
        least = least_row(table)
        rows = [[*least[:at], text, *least[at + 1 :]] for at, text in cells]
        expected = [
            number
            for number, (at, text) in enumerate(cells)
            if not models_accept(table, table.columns[at], text) and not is_listed(table.columns[at], text)
        ]
        found = rows_with_bad_cells(folder, table, rows)
        apart = set(found) ^ set(expected)
        assert [(table.columns[cells[number][0]].name, cells[number][1]) for number in sorted(apart)] == []
        assert 0 < len(found) < len(rows)

    @pytest.mark.parametrize("name", JUDGED)
    @settings(deadline=None, max_examples=25)
    @given(data=st.data())
    def test_both_say_the_same(self, folder: Path, name: str, data: st.DataObject) -> None:
        table, kind = TABLE[name], judged_kind(name)
        documents = data.draw(st.lists(DOCUMENTS[kind.name], min_size=2, max_size=3, unique_by=lambda one: one["id"]))
        rows = rows_from(table, [kind.model.model_validate(one) for one in documents])
        ids = ids_in(table, rows)
        change = data.draw(st.sampled_from(("none", "cell", "cell", "cell", "cell", "row")))
        if rows and change == "row":
            rows.append(list(data.draw(st.sampled_from(rows))))
        if rows and change == "cell":
            row = data.draw(st.integers(0, len(rows) - 1))
            at = data.draw(st.integers(0, len(table.columns) - 1))
            old = rows[row][at]
            near = [old.upper(), old + "a", old + old, old[1:], "", *edges_of(table.columns[at])]
            normal = [text for text in (*CELLS, *near * 4) if is_normal(table.columns[at], text)]
            text = data.draw(st.sampled_from(normal))
            rows[row][at] = text
        assert frictionless_accepts(folder, table, rows, ids) == expected_to_pass(table, rows, ids)


def least_row(table: Table) -> list[str]:
    """Give a row of which every cell is good."""
    samples = {"integer": "1", "number": "1", "date": "2025-11-24"}
    patterns = {EDTF_PATTERN: "2025", DAY_PATTERN: "2025-11-24"}
    row = []
    for column in table.columns:
        text = TERMS[column.scheme][0] if column.scheme else samples.get(column.type, patterns.get(column.pattern or "", "a"))
        good = models_accept(table, column, text)
        row.append(text if good else "en" if column.name == "language" else "0" * 64 if column.required else "")
    return row


@pytest.mark.parametrize(("reason", "name", "column", "text"), DISAGREEMENTS)
def test_a_listed_disagreement_is_one(folder: Path, reason: str, name: str, column: str, text: str) -> None:
    table = TABLE[name]
    at = [one.name for one in table.columns].index(column)
    row = least_row(table)
    ids = ids_in(table, [row])
    assert expected_to_pass(table, [row], ids)
    assert frictionless_accepts(folder, table, [row], ids)
    row[at] = text
    assert not models_accept(table, table.columns[at], text)
    assert is_listed(table.columns[at], text)
    assert frictionless_accepts(folder, table, [row], ids), reason


@pytest.mark.parametrize(
    ("name", "column", "text"),
    [("source_paragraphs", "n", text) for text in ("1_000", " 5", "+5", "007", "\uff12", "\u0663")]
    + [("places", "latitude", text) for text in ("1_0", " 5", "+5", "\uff15", "5.", "5.0", "1e1")]
    + [("sources", "published_earliest", "2025-1-1")],
)
def test_a_cell_in_another_form_is_accepted_by_frictionless_and_never_built(
    folder: Path, name: str, column: str, text: str
) -> None:
    table = TABLE[name]
    row = least_row(table)
    at = [one.name for one in table.columns].index(column)
    row[at] = text
    assert frictionless_accepts(folder, table, [row], ids_in(table, [row]))
    assert not is_normal(table.columns[at], text)


def test_frictionless_does_not_check_unique_keys(folder: Path) -> None:
    table = TABLE["actor_roles"]
    row = least_row(table)
    assert table.unique
    assert frictionless_accepts(folder, table, [row, row], ids_in(table, [row])), UNIQUE


def test_frictionless_does_check_primary_keys(folder: Path) -> None:
    table = TABLE["source_paragraphs"]
    row = least_row(table)
    assert not frictionless_accepts(folder, table, [row, row], ids_in(table, [row]))


@pytest.mark.parametrize("name", JUDGED)
def test_the_type_of_a_column_is_that_of_its_field(name: str) -> None:
    table = TABLE[name]
    for column in table.columns:
        good = {"integer": 1, "number": 1.5, "date": datetime.date(2025, 1, 1)}.get(column.type)
        if good is not None:
            field_of(name, column.name).validate_python(good)
