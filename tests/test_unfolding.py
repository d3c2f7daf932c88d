"""Unfolding: that nothing of a record is lost in the tables, and that what no longer fits the models is refused in words.

The real records are unfolded whole and in part, and records of every kind are generated, odd ones and long ones among them.
Works in memory alone.
"""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import DOCUMENTS, TERMS, Document

from venezuela_data import store
from venezuela_data.models import Record
from venezuela_data.records import KIND, KINDS, Records, plain
from venezuela_data.tables import TABLE, TABLES, cell_text, rows_of
from venezuela_data.unfolding import typed, unfolded

ROOT = Path(__file__).parent.parent

Rows = dict[str, list[dict[str, str]]]
Plain = dict[str, dict[str, Document]]

PUBLISHED = [kind.name for kind in KINDS if kind.published]


def rows(records: Records) -> Rows:
    """Give the rows of all tables as their files hold them."""
    return {
        table.name: [{name: cell_text(cell) for name, cell in row.items()} for row in rows_of(table, records)]
        for table in TABLES
    }


def plain_records(records: Records) -> Plain:
    """Give the records that tables hold as plain values, in the order of their ids."""
    return {kind.name: {id_: plain(one) for id_, one in sorted(records[kind.name].items()) if kind.published} for kind in KINDS}


@cache
def real() -> Records:
    corpus = store.read_seeds(ROOT)
    assert corpus.findings == []
    return corpus.records


@cache
def real_rows() -> Rows:
    return rows(real())


def without(table: str) -> Rows:
    return {name: found for name, found in real_rows().items() if name != table}


def with_cell(table: str, number: int, /, **cells: str) -> Rows:
    """Give the real rows with cells of one row changed, or added to it."""
    changed = list(real_rows()[table])
    changed[number] = {**changed[number], **cells}
    return {**real_rows(), table: changed}


# What comes back ---------------------------------------------------------------------------------------------------------


def test_the_real_records_come_back_as_they_were() -> None:
    found = unfolded(real_rows())
    assert found == plain_records(real())
    assert sum(map(len, found.values())) > 1000


def test_they_come_back_as_they_are_written_with_ids_and_fields_in_their_normal_order() -> None:
    chance = random.Random(5)  # noqa: S311 (an order, not a secret)
    assert json.dumps(unfolded(shuffled(real_rows(), chance))) == json.dumps(plain_records(real()))


def test_the_real_records_fit_their_models_again() -> None:
    records = typed(unfolded(real_rows()))
    assert plain_records(records) == plain_records(real())
    assert all(type(one) is KIND[kind].model for kind, found in records.items() for one in found.values())


class TestLossless:
    """Records, folded into the rows of all tables, are unfolded from them exactly, whatever the order of the rows."""

    @given(data=st.data())
    def test_any_of_the_real_records(self, data: st.DataObject) -> None:
        chance = random.Random(data.draw(st.integers(0, 2**32)))  # noqa: S311 (a choice, not a secret)
        share = data.draw(st.sampled_from((0.0, 0.02, 0.2)))
        records = {kind: {id_: one for id_, one in all_.items() if chance.random() < share} for kind, all_ in real().items()}
        assert unfolded(shuffled(rows(records), chance)) == plain_records(records)

    @pytest.mark.parametrize("kind", PUBLISHED)
    @given(data=st.data())
    def test_generated_records(self, kind: str, data: st.DataObject) -> None:
        drawn = data.draw(st.lists(DOCUMENTS[kind], max_size=3, unique_by=lambda document: document["id"]))
        records = of_kind(kind, [in_rule(document) for document in drawn])
        chance = random.Random(data.draw(st.integers(0, 2**32)))  # noqa: S311 (an order, not a secret)
        found = unfolded(shuffled(rows(records), chance))
        assert found == plain_records(records)
        assert plain_records(typed(found)) == found


def of_kind(name: str, documents: list[Document]) -> dict[str, dict[str, Record]]:
    made = [KIND[name].model.model_validate(one, context={"vocabularies": TERMS}) for one in documents]
    return {kind.name: {one.id: one for one in made if kind.name == name} for kind in KINDS}


def in_rule(document: Document) -> Document:
    """Number the paragraphs, and leave out a quantity that says nothing: rules hold every published record to both."""
    if "paragraphs" in document:
        numbered = [{**one, "n": number} for number, one in enumerate(document["paragraphs"], 1)]
        document = {**document, "paragraphs": numbered}
    if document.get("quantity") is not None and all(value is None for value in document["quantity"].values()):
        document = {**document, "quantity": None}
    return document


def shuffled(tables: Rows, chance: random.Random) -> Rows:
    return {name: chance.sample(found, len(found)) for name, found in chance.sample(list(tables.items()), len(tables))}


# What is left aside ------------------------------------------------------------------------------------------------------

RECKONED = {
    "actors": "wikidata",
    "events": "date_earliest date_latest plover_event",
    "designations": "legal_status announced signed published effective ended",
    "statements": "source_id speaker_id date_earliest date_latest",
    "claims": "source_id claimant_id origins_supporting origins_contradicting standing",
    "errata": "source_id",
    "assessments": "source_id published",
    "sources": "published_earliest published_latest",
}


@pytest.mark.parametrize("table", RECKONED)
def test_what_is_reckoned_is_left_aside(table: str) -> None:
    cells = dict.fromkeys(RECKONED[table].split(), "anything at all")
    assert cells.keys() <= {column.name for column in TABLE[table].columns}
    assert unfolded({table: [{**row, **cells} for row in real_rows()[table]]}) == unfolded({table: real_rows()[table]})


def test_every_kind_is_there_where_there_are_no_rows() -> None:
    empty: Plain = {kind.name: {} for kind in KINDS}
    assert unfolded({}) == unfolded({"actors": []}) == empty
    assert {kind: dict(found) for kind, found in typed({}).items()} == {kind.name: {} for kind in KINDS}


def test_a_list_without_rows_is_left_out() -> None:
    assert all("names" not in actor for actor in unfolded(without("actor_names"))["actors"].values())


def test_an_older_version_may_lack_a_table_and_a_column() -> None:
    older = without("event_links")
    older["places"] = [{name: text for name, text in row.items() if name != "uncertainty_m"} for row in older["places"]]
    found = typed(unfolded(older))
    assert found["events"].keys() == real()["events"].keys()
    assert all("uncertainty_m" not in plain(place) for place in found["places"].values())


# What does not fit -------------------------------------------------------------------------------------------------------


def test_rows_of_an_unknown_table_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^there are rows of a table 'ships', which does not exist today$"):
        unfolded({**real_rows(), "ships": [{"id": "a"}]})
    assert unfolded({**real_rows(), "ships": []}) == unfolded(real_rows())


def test_records_of_an_unknown_kind_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^there are records of a kind 'ships', which does not exist today$"):
        typed({"ships": {}})


@pytest.mark.parametrize(
    ("table", "cells", "message"),
    [
        ("actor_names", {"actor_id": "nobody"}, "actor_names has rows of 'nobody', which is not in 'actors'"),
        ("evidence", {"record_id": "nobody"}, r"evidence has rows of 'nobody', which is not in '\w+'"),
        ("attributions", {"table": "ships"}, "attributions has rows of '[^']+', which is not in 'ships'"),
        ("vocabularies", {"scheme": "colour"}, "vocabularies has rows of 'colour', which is not in 'vocabularies'"),
    ],
)
def test_rows_of_a_record_that_is_not_there_are_refused(table: str, cells: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        unfolded(with_cell(table, 0, **cells))


@pytest.mark.parametrize(
    ("table", "cells", "kind", "field", "kept"),
    [
        ("actors", {"colour": "red"}, "actors", "colour", "red"),
        ("places", {"latitude": "1_0"}, "places", "latitude", "1_0"),
        ("places", {"latitude": "north"}, "places", "latitude", "north"),
        ("places", {"uncertainty_m": " 5"}, "places", "uncertainty_m", " 5"),
        ("claims", {"start": "5.0"}, "claims", "start", "5.0"),
        ("claims", {"quantity_value": "+5"}, "claims", "quantity.value", "+5"),
        ("events", {"date": "2025-02-30"}, "events", "date", "2025-02-30"),
    ],
)
def test_what_no_longer_fits_is_kept_and_refused_by_kind_id_and_field(
    table: str, cells: dict[str, str], kind: str, field: str, kept: str
) -> None:
    changed = with_cell(table, 0, **cells)
    record_id = changed[table][0]["id"]
    found = unfolded(changed)
    value: Any = found[kind][record_id]
    for step in field.split("."):
        value = value[step]
    assert value == kept
    with pytest.raises(ValueError, match=f"^'{record_id}' of {kind} does not fit the models of today: '{field}': ") as caught:
        typed(found)
    assert len(str(caught.value)) < 400
    assert found[kind][record_id].get("description", "no such text") not in str(caught.value)


def test_what_no_longer_fits_in_a_part_is_named_by_its_place() -> None:
    changed = with_cell("actor_names", 0, colour="red")
    record_id = changed["actor_names"][0]["actor_id"]
    with pytest.raises(ValueError, match=rf"^'{record_id}' of actors does not fit the models of today: 'names\.\d+\.colour': "):
        typed(unfolded(changed))


def test_a_message_prints_nothing_that_a_terminal_would_obey() -> None:
    changed = with_cell("actors", 0, **{"colour\x1b[31m": "red"})
    with pytest.raises(ValueError, match=r"colour\\u\{1b\}") as caught:
        typed(unfolded(changed))
    assert "\x1b" not in str(caught.value)
