"""The tables: which there are, which columns they have, and that nothing of a record is lost on the way in or out.

The columns that the design promises are typed in here by hand; what comes later is listed as such. Records are generated
for every kind, and the seed files of the checkout are read as they stand. Nothing is written outside memory.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import DOCUMENTS, TERMS, Document

from venezuela_data import store
from venezuela_data.dates import Edtf
from venezuela_data.models import Part, Record
from venezuela_data.records import KIND, KINDS, Kind, lists_of, plain, references_of
from venezuela_data.syntax import csv_bytes, json_bytes, read_csv, read_json
from venezuela_data.tables import LEDGER, TABLE, TABLES, Cell, Table, cell_of, cell_text, columns_of, rows_of

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").rglob("*.json"))
SHIPPED = sorted((ROOT / "datasets").rglob("*.csv"))

# The tables and columns of the design, section 3, one row of its list after the other.
PROMISED = {
    "actors": "id kind name description country extent existence wikidata status",
    "events": (
        "id kind actuality title description date date_earliest date_latest date_basis place_id part_of plover_event status"
    ),
    "designations": "id target_id authority_id program_id legal_status announced signed published effective ended status",
    "statements": (
        "id source_id speaker_id text language function fidelity date date_earliest date_latest addressee_id event_id "
        "start end sha256 status"
    ),
    "claims": (
        "id source_id text kind polarity certainty actuality claimant_id statement_id start end sha256 quantity_value "
        "quantity_high quantity_comparator quantity_unit quantity_of quantity_verbal origins_supporting "
        "origins_contradicting standing status"
    ),
    "errata": "id source_id kind start end sha256 as_written should_read decision confidence note status",
    "assessments": "id source_id target_table target_id stance value note",
    "sources": (
        "id kind title publisher publisher_id author published published_earliest published_latest url language "
        "translated_from access rights text_sha256 text_length status"
    ),
    "source_paragraphs": "source_id n start end sha256",
    "source_citations": "source_id cited_id basis",
    "attributions": "table record_id position voice actor_id document_id basis",
    "evidence": "table record_id field source_id claim_id start end sha256",
    "about": "claim_id table record_id",
    "claim_links": "claim_id relation object_id",
    "actor_names": "actor_id name language kind source_id erratum_id",
    "actor_identifiers": "actor_id scheme value match checked_on basis",
    "actor_roles": "actor_id office organization_id since until source_id",
    "event_participants": "event_id actor_id role",
    "event_links": "event_id relation object_id",
    "programs": "id title issuer_id legal_basis",
    "instruments": "id kind title citation issuer_id signed published effective url",
    "designation_history": "designation_id position stage date instrument_id source_id",
    "places": "id name kind country latitude longitude uncertainty_m geonames wikidata",
    "vocabularies": "scheme position term label definition broader plover acled ftm",
    "vocabulary_schemes": "scheme title description status",
    "redirects": "id table record_id kind target_id note status",
    "tombstones": "id table record_id cause date note status",
    "changes": "release table id op field old new cause note",
    "releases": "version date schema_version table rows sha256",
}
HISTORY = {table.name: table for table in LEDGER}

# Fields that reach no column of that name, and why.
ELSEWHERE = {
    ("errata", "basis"): "a list of documents: rows of `evidence`, for the field `should_read`",
    ("vocabularies", "id"): "the column `scheme` of its row and of each of its terms",
}

# Columns that are reckoned from other records as well, and from which.
DERIVED = {
    ("events", "plover_event"): "the vocabulary of kinds of events",
    ("claims", "origins_supporting"): "the assessments, with the documents and actors to which they are traced",
    ("claims", "origins_contradicting"): "the assessments, with the documents and actors to which they are traced",
    ("claims", "standing"): "the two numbers of origins",
    ("assessments", "published"): "the document that speaks",
}

PUBLISHED = [kind for kind in KINDS if kind.published]
MAIN = {table.kind: table for table in TABLES if table.kind and not table.field}
"""The table of each kind of record that has one row for each record."""


# Which tables there are --------------------------------------------------------------------------------------------------


def test_the_tables_are_those_of_the_design() -> None:
    assert [table.name for table in TABLES] == list(TABLE)
    assert {*TABLE, *HISTORY} == set(PROMISED)


def test_every_published_kind_has_one_table_of_its_own_and_no_other_kind_has_any() -> None:
    assert [table.kind for table in TABLES if table.kind and not table.field] == list(MAIN)
    assert set(MAIN) == {kind.name for kind in PUBLISHED}
    assert {kind.name for kind in KINDS} - set(MAIN) == {"causes"}
    assert {kind for kind, table in MAIN.items() if table.name != kind} == {"vocabularies"}


def test_the_tables_of_the_history_stand_beside_the_others() -> None:
    apart = {table.path for table in (*TABLES, *LEDGER) if table.path != f"datasets/csv/{table.name}.csv"}
    assert apart == {f"datasets/{name}.csv" for name in ("redirects", "tombstones", "changes", "releases")}


@pytest.mark.parametrize("name", PROMISED)
def test_a_table_has_the_columns_of_the_design(name: str) -> None:
    assert set(PROMISED[name].split()) <= {column.name for column in {**TABLE, **HISTORY}[name].columns}


def test_the_four_tables_that_people_come_for_stand_first() -> None:
    assert [table.name for table in TABLES[:4]] == ["actors", "events", "designations", "statements"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_rows_are_told_apart_by_columns_of_the_table(table: Table) -> None:
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert bool(table.key) != bool(table.unique)
    assert set(table.key or table.unique) <= set(names)
    assert all(column.required for column in table.columns if column.name in table.key)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_and_its_columns_are_described(table: Table) -> None:
    assert table.title[0].isupper()
    for text in (table.description, *(column.description for column in table.columns)):
        assert text.endswith(".")
        assert "\n" not in text
        assert "  " not in text


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_references_lead_to_tables_with_an_id(table: Table) -> None:
    for column in table.columns:
        if column.refers is not None:
            assert TABLE[column.refers].key == (("scheme",) if column.refers == "vocabulary_schemes" else ("id",))
            assert column.type == "string"


@pytest.mark.parametrize("kind", PUBLISHED, ids=lambda kind: kind.name)
def test_references_of_records_are_references_of_tables(kind: Kind) -> None:
    for path, target in references_of(kind.model):
        assert target in KIND
        tables = tables_of(kind, path[0]) if "*" in path else [MAIN[kind.name]]
        if (kind.name, path[0]) not in ELSEWHERE:
            assert any(column.refers == target for table in tables for column in table.columns if column.name == path[-1])


def tables_of(kind: Kind, field: str) -> list[Table]:
    """Give the tables that a list of a kind of record fills."""
    return [table for table in TABLES if table.field == field and table.kind in ("", kind.name)]


def part_of(model: type[Part], field: str) -> type[Part] | None:
    todo: list[Any] = [model.model_fields[field].annotation]
    while todo:
        one = todo.pop()
        if isinstance(one, type) and issubclass(one, Part):
            return one
        todo.extend(getattr(one, "__args__", ()))
    return None


@pytest.mark.parametrize("kind", PUBLISHED, ids=lambda kind: kind.name)
def test_every_field_of_a_model_reaches_a_table(kind: Kind) -> None:
    columns = {column.name for column in MAIN[kind.name].columns}
    lists = lists_of(kind.model)
    for name in (*kind.model.model_fields, *kind.model.model_computed_fields):
        if (kind.name, name) in ELSEWHERE:
            continue
        inner = part_of(kind.model, name) if name in kind.model.model_fields else None
        if name in lists:
            assert inner is not None
            (table,) = tables_of(kind, name)
            assert set(inner.model_fields) <= {column.name for column in table.columns}, name
        elif inner is not None:
            assert {f"{name}_{one}" for one in inner.model_fields} <= columns
        else:
            assert name in columns, name


@pytest.mark.parametrize("kind", PUBLISHED, ids=lambda kind: kind.name)
def test_every_column_of_the_table_of_a_kind_is_described_by_its_model(kind: Kind) -> None:
    known = columns_of(kind.model)
    for column in MAIN[kind.name].columns:
        if column.name == "scheme" and kind.name == "vocabularies":
            column = replace(column, name="id")
        assert (kind.name, column.name) in DERIVED or known[column.name] == column


def test_what_takes_more_than_the_record_itself_is_a_column_of_its_table_and_of_no_model() -> None:
    for kind, name in DERIVED:
        assert name in {column.name for column in TABLE[kind].columns}
        assert name not in columns_of(KIND[kind].model)


# Cells and rows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("", ""),
        ("a", "a"),
        (" a ", " a "),
        ("001", "001"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-7, "-7"),
        (2**53 - 1, "9007199254740991"),
        (1.0, "1"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (-66.9036, "-66.9036"),
        (1e15, "1000000000000000"),
        (9007199254740991.0, "9007199254740991"),
        (1e-7, "1e-07"),
        (date(2025, 11, 24), "2025-11-24"),
        (date(1, 2, 3), "0001-02-03"),
        (Edtf("2025-11~"), "2025-11~"),
    ],
)
def test_a_cell_has_one_normal_form(value: Cell, expected: str) -> None:
    assert cell_text(value) == expected


def records_with(kind: Kind, records: list[Record]) -> dict[str, dict[str, Record]]:
    return {one.name: {record.id: record for record in records} if one is kind else {} for one in KINDS}


def made(kind: Kind, document: Document) -> Record:
    return kind.model.model_validate(document, context={"vocabularies": TERMS})


def order(cell: Cell) -> tuple[int, float, str]:
    """Say where a cell stands: an empty one first, numbers by size, everything else by its code points."""
    if cell is None:
        return 0, 0, ""
    return (1, cell, "") if isinstance(cell, int | float) else (2, 0, cell_text(cell))


class TestRows:
    """Rows stand in one order, whatever the order of records and of what a record keeps in no order."""

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
    @settings(deadline=None, max_examples=25)
    @given(st.data())
    def test_they_are_sorted_by_key(self, kind: Kind, data: st.DataObject) -> None:
        drawn = data.draw(st.lists(DOCUMENTS[kind.name], max_size=4, unique_by=lambda document: document["id"]))
        chance = random.Random(data.draw(st.integers(0, 2**32)))  # noqa: S311 (an order, not a secret)
        records = records_with(kind, [made(kind, document) for document in drawn])
        chance.shuffle(drawn)
        shuffled = records_with(kind, [made(kind, shuffled_lists(kind.model, one, chance)) for one in drawn])
        for table in TABLES:
            rows = rows_of(table, records)
            assert rows == rows_of(table, shuffled)
            key = table.key or table.unique
            keys = [tuple(order(row[name]) for name in _in_order(table, key)) for row in rows]
            assert keys == sorted(keys)
            assert all(set(row) == {column.name for column in table.columns} for row in rows)


def _in_order(table: Table, key: tuple[str, ...]) -> list[str]:
    return [column.name for column in table.columns if column.name in key]


def shuffled_lists(model: type[Part], document: Document, chance: random.Random) -> Document:
    """Give a record with what it keeps in no order in another one."""
    ordered = lists_of(model)
    return {
        name: chance.sample(value, len(value)) if isinstance(value, list) and not ordered[name] else value
        for name, value in document.items()
    }


class TestCells:
    """Every value of a record reaches a cell of some table, as it stands."""

    @pytest.mark.parametrize("kind", PUBLISHED, ids=lambda kind: kind.name)
    @settings(deadline=None, max_examples=25)
    @given(st.data())
    def test_none_is_lost(self, kind: Kind, data: st.DataObject) -> None:
        record = made(kind, data.draw(DOCUMENTS[kind.name]))
        records = records_with(kind, [record])
        cells = {cell_text(cell) for table in TABLES for row in rows_of(table, records) for cell in row.values()}
        document = {name: value for name, value in plain(record).items() if (kind.name, name) not in ELSEWHERE}
        assert set(map(cell_text, leaves(document))) <= cells
        if kind.name == "errata":
            assert set(plain(record).get("basis", ())) <= cells


def leaves(value: Any) -> Iterator[Cell]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    else:
        yield value


def test_the_documents_on_which_an_erratum_rests_are_evidence_for_its_correction() -> None:
    document = {
        "id": "a/e01",
        "kind": TERMS["erratum_kind"][0],
        "as_written": "A",
        "decision": TERMS["decision"][0],
        "confidence": TERMS["confidence"][0],
        "start": 3,
        "end": 4,
        "sha256": "0" * 64,
        "basis": ["c", "b"],
    }
    rows = rows_of(TABLE["evidence"], records_with(KIND["errata"], [made(KIND["errata"], document)]))
    empty = {"claim_id": None, "start": None, "end": None, "sha256": None}
    own = {"table": "errata", "record_id": "a/e01", "field": "should_read"}
    assert rows == [{**own, "source_id": "b", **empty}, {**own, "source_id": "c", **empty}]


# Writing and reading -----------------------------------------------------------------------------------------------------


def in_one_order(value: Any) -> Any:
    """Give a record with what it keeps in no order sorted by its text, for comparison."""
    if isinstance(value, Part):
        ordered = lists_of(type(value))
        held = {}
        for name in type(value).model_fields:
            one = getattr(value, name)
            items = [in_one_order(item) for item in one] if isinstance(one, tuple) else in_one_order(one)
            held[name] = sorted(items, key=repr) if isinstance(one, tuple) and not ordered[name] else items
        return type(value).__name__, held
    # A number is the same with and without a fraction of nothing.
    return value + 0.0 if isinstance(value, float) else value


class TestRoundTrip:
    """Write then read gives the same records, and read then write the same bytes."""

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
    @settings(deadline=None)
    @given(st.data())
    def test_what_is_written_is_read_again(self, kind: Kind, data: st.DataObject) -> None:
        record = made(kind, data.draw(DOCUMENTS[kind.name]))
        written = json_bytes(plain(record))
        file, findings = read_json(written, "a.json")
        assert findings == []
        assert file is not None
        read = made(kind, file.value)
        assert in_one_order(read) == in_one_order(record)
        assert json_bytes(plain(read)) == written

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
    @settings(deadline=None, max_examples=25)
    @given(st.data())
    def test_the_order_of_what_has_none_is_not_written(self, kind: Kind, data: st.DataObject) -> None:
        document = data.draw(DOCUMENTS[kind.name])
        chance = random.Random(data.draw(st.integers(0, 2**32)))  # noqa: S311 (an order, not a secret)
        names = chance.sample(list(document), len(document))
        shuffled = {name: shuffled_lists(kind.model, document, chance)[name] for name in names}
        assert json_bytes(plain(made(kind, shuffled))) == json_bytes(plain(made(kind, document)))

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
    @settings(deadline=None, max_examples=25)
    @given(st.data())
    def test_a_table_is_read_as_it_is_written(self, kind: Kind, data: st.DataObject) -> None:
        records = records_with(kind, [made(kind, data.draw(DOCUMENTS[kind.name]))])
        for table in TABLES:
            header = [column.name for column in table.columns]
            rows = [[cell_text(row[name]) for name in header] for row in rows_of(table, records)]
            written = csv_bytes([header, *rows])
            file, findings = read_csv(written, "a.csv")
            assert findings == []
            assert file is not None
            assert (file.header, file.rows) == (header, rows)
            assert csv_bytes([file.header, *file.rows]) == written


@cache
def corpus() -> store.Corpus:
    return store.read_seeds(ROOT)


def test_every_seed_file_is_written_as_it_was_read() -> None:
    assert corpus().findings == []
    files = store.seed_files(corpus())
    assert set(files) == {path.relative_to(ROOT).as_posix() for path in SEEDS}
    for path, data in files.items():
        assert (ROOT / path).read_bytes() == data, path


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_table_is_written_as_it_was_read(path: Path) -> None:
    data = path.read_bytes()
    file, findings = read_csv(data, path.name)
    assert findings == []
    assert file is not None
    assert csv_bytes([file.header, *file.rows]) == data


def parsed(text: str, type_: str) -> Cell:
    if not text:
        return None
    if type_ == "integer":
        return int(text)
    if type_ == "number":
        return float(text)
    if type_ == "boolean":
        return {"true": True, "false": False}[text]
    return date.fromisoformat(text) if type_ == "date" else text


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_cell_is_in_the_normal_form_of_its_type(path: Path) -> None:
    file, _ = read_csv(path.read_bytes(), path.name)
    assert file is not None
    table = {**TABLE, **HISTORY}[path.stem]
    assert ROOT / table.path == path
    assert file.header == [column.name for column in table.columns]
    for row in file.rows:
        for column, text in zip(table.columns, row, strict=True):
            value = parsed(text, column.type)
            assert cell_text(value) == text
            assert cell_of(column.type, text) == value
            assert text or not column.required


def test_every_table_is_shipped() -> None:
    assert {path.stem for path in SHIPPED} == {*TABLE, *HISTORY}
