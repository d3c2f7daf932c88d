"""Tests the FollowTheMoney export: what its library makes of the entities, whom they never name, and what is listed as lost.

The tables are read again from the published CSV files to count what must be listed. Never changes the shipped data.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import venezuela_data as vd
from venezuela_data.export import followthemoney
from venezuela_data.export.losses import Account, Loss
from venezuela_data.values import COUNTRIES

Entities = dict[str, dict[str, Any]]
PLAIN = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def read(root: Path, table: str) -> list[dict[str, str]]:
    with (root / "datasets" / "csv" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made(root: Path) -> tuple[bytes, tuple[Loss, ...]]:
    account = Account(vd.load(root))
    files = followthemoney.render(account, "entities.jsonl")
    assert list(files) == ["entities.jsonl"]
    return files["entities.jsonl"], account.losses(followthemoney.REASONS)


@pytest.fixture(scope="module")
def entities(made: tuple[bytes, tuple[Loss, ...]]) -> Entities:
    return {one["id"]: one for one in map(json.loads, made[0].splitlines())}


@pytest.fixture(scope="module")
def losses(made: tuple[bytes, tuple[Loss, ...]]) -> tuple[Loss, ...]:
    return made[1]


@pytest.fixture(scope="module")
def model() -> Any:
    library = pytest.importorskip(
        "followthemoney", reason="skipped: what FollowTheMoney makes of the entities, as followthemoney is not installed"
    )
    return library.model


def values(entities: Entities, schema: str, name: str) -> list[str]:
    return [text for one in entities.values() if one["schema"] == schema for text in one["properties"].get(name, [])]


# What the library makes of it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cleaned", [True, False], ids=["as given", "cleaned"])
def test_the_library_takes_every_entity_and_drops_no_value(model: Any, entities: Entities, cleaned: bool) -> None:
    for one in entities.values():
        proxy = model.get_proxy(one, cleaned=cleaned)
        told = proxy.to_dict()
        proxy.schema.validate(told)
        assert {name: sorted(found) for name, found in told["properties"].items()} == one["properties"], one["id"]


def test_every_entity_has_what_its_schema_requires(model: Any, entities: Entities) -> None:
    for one in entities.values():
        schema = model.get(one["schema"])
        assert not schema.abstract
        assert set(schema.required) <= set(one["properties"]), one["id"]


def test_every_reference_is_to_an_entity_of_the_kind_that_the_property_takes(model: Any, entities: Entities) -> None:
    for one in entities.values():
        for name, found in one["properties"].items():
            wanted = model.get(one["schema"]).get(name).range
            for other in found if wanted is not None else ():
                assert model.get(entities[other]["schema"]).is_a(wanted), (one["id"], name, other)


def test_every_entity_has_something_by_which_a_reader_calls_it(model: Any, entities: Entities) -> None:
    for one in entities.values():
        schema = model.get(one["schema"])
        captions = [name for name in schema.caption if name in one["properties"]]
        assert captions or schema.edge or schema.is_a(model.get("Interval")), one["id"]


def test_the_library_knows_every_country_that_a_record_may_have(model: Any) -> None:
    registry = import_module("followthemoney.types").registry
    assert {code for code in COUNTRIES if registry.country.clean(code) != code.lower()} == set()


def test_the_library_knows_every_language_code_that_is_written() -> None:
    pytest.importorskip("followthemoney", reason="skipped: the languages of FollowTheMoney, as followthemoney is not installed")
    registry = import_module("followthemoney.types").registry
    written = followthemoney._LANGUAGES
    assert {two: registry.language.clean(two) for two in written} == written


def test_lines_are_in_the_order_of_their_ids_and_the_same_each_time(root: Path, made: tuple[bytes, tuple[Loss, ...]]) -> None:
    ids = [json.loads(line)["id"] for line in made[0].splitlines()]
    assert ids == sorted(ids)
    assert len(ids) == len(set(ids))
    assert followthemoney.render(Account(vd.load(root)), "x") == {"x": made[0]}


# People ------------------------------------------------------------------------------------------------------------------


def test_a_wrong_name_stands_nowhere_as_a_name(root: Path, entities: Entities) -> None:
    rows = read(root, "actor_names")
    wrong = {row["name"] for row in rows if row["erratum_id"]}
    assert {"Carvajal", "Esper", "Silvia Flores", "Lopez"} <= wrong
    for one in entities.values():
        for name in ("name", "alias", "weakAlias", "previousName", "abbreviation", "namesMentioned", "peopleMentioned"):
            assert not wrong.intersection(one["properties"].get(name, [])), one["id"]


def test_neither_an_unnamed_source_nor_a_collective_becomes_an_entity(root: Path, entities: Entities) -> None:
    actors = read(root, "actors")
    absent = {row["id"] for row in actors if row["kind"] in ("anonymous_source", "collective")}
    assert absent
    assert not {f"vd-actors-{record}" for record in absent} & set(entities)


def test_one_who_is_only_described_becomes_no_person(entities: Entities) -> None:
    assert "vd-actors-maduro-son" not in entities
    assert "A son of Nicolás Maduro" not in values(entities, "Person", "name")


def test_kinds_of_actors_become_the_schemata_that_the_vocabulary_gives_them(root: Path, entities: Entities) -> None:
    schema = {row["term"]: row["ftm"] for row in read(root, "vocabularies") if row["scheme"] == "actor_kind"}
    for row in read(root, "actors"):
        if (one := entities.get(f"vd-actors-{row['id']}")) is not None:
            assert one["schema"] == schema[row["kind"]]
            assert row["name"] in one["properties"]["name"]
            assert f"existence:{row['existence']}" in one["properties"]["keywords"]


def test_no_claim_is_a_property_of_a_person_or_body_and_each_begins_with_who_says_it(root: Path, entities: Entities) -> None:
    titles = {row["id"]: row["title"] for row in read(root, "sources")}
    for row in read(root, "claims"):
        one = entities[followthemoney.entity_id("claims", row["id"])]
        (description,) = one["properties"]["description"]
        assert description.startswith(f"Assertion that “{titles[row['source_id']]}” (")
        assert description.endswith(row["text"])
        assert {f"certainty:{row['certainty']}", f"standing:{row['standing']}"} <= set(one["properties"]["keywords"])
        hung = {entities[other]["schema"] for other in one["properties"].get("entity", [])}
        assert hung <= {"Event", "Address", "Article", "Document"}


# Dates, events and law ---------------------------------------------------------------------------------------------------


def test_an_event_has_its_computed_bounds_and_its_date_only_if_that_is_plain(root: Path, entities: Entities) -> None:
    for row in read(root, "events"):
        given = entities[f"vd-events-{row['id']}"]["properties"]
        for column, name in (("date_earliest", "startDate"), ("date_latest", "endDate")):
            assert given.get(name, []) == ([row[column]] if row[column] else [])
        assert given.get("date", []) == ([row["date"]] if PLAIN.fullmatch(row["date"]) else [])


def test_what_did_not_occur_says_so_in_its_name(root: Path, entities: Entities) -> None:
    for row in read(root, "events"):
        (name,) = entities[f"vd-events-{row['id']}"]["properties"]["name"]
        assert name == (row["title"] if row["actuality"] == "occurred" else f"{row['title']} ({row['actuality']})")


def test_a_designation_is_a_sanction_with_authority_program_dates_and_attribution(entities: Entities) -> None:
    given = entities["vd-designations-state-fto-cartel-de-los-soles"]["properties"]
    assert given["entity"] == ["vd-actors-cartel-de-los-soles"]
    assert given["authority"] == ["U.S. Department of State"]
    assert given["program"] == ["Foreign Terrorist Organizations (FTO)"]
    assert given["startDate"] == ["2025-11-24"]
    assert given["status"] == ["in_force"]
    assert "does not establish what it alleges" in given["description"][0]
    assert given["proof"]


def test_an_uncertain_day_of_listing_is_not_made_certain(root: Path, entities: Entities) -> None:
    history = [row for row in read(root, "designation_history") if row["stage"] == "designated"]
    assert sorted(values(entities, "Sanction", "listingDate")) == sorted(
        r["date"] for r in history if PLAIN.fullmatch(r["date"])
    )
    assert any(not PLAIN.fullmatch(row["date"]) for row in history)


def test_an_office_is_an_occupancy_of_a_position_with_the_document_that_gives_it(root: Path, entities: Entities) -> None:
    found = Counter(
        (
            one["properties"]["holder"][0],
            entities[one["properties"]["post"][0]]["properties"]["name"][0],
            *one["properties"]["proof"],
        )
        for one in entities.values()
        if one["schema"] == "Occupancy"
    )
    rows = read(root, "actor_roles")
    assert found == Counter((f"vd-actors-{r['actor_id']}", r["office"], f"vd-sources-{r['source_id']}") for r in rows)


def test_the_number_on_a_list_stands_on_the_sanctions_of_who_keeps_the_list_alone(root: Path, entities: Entities) -> None:
    uid = {row["actor_id"]: row["value"] for row in read(root, "actor_identifiers") if row["scheme"] == "ofac_sdn_uid"}
    for row in read(root, "designations"):
        given = entities[f"vd-designations-{row['id']}"]["properties"].get("authorityId", [])
        assert given == (
            [uid[row["target_id"]]] if row["authority_id"] == "us-treasury-ofac" and row["target_id"] in uid else []
        )


# What is lost ------------------------------------------------------------------------------------------------------------


def listed(losses: tuple[Loss, ...], table: str, record: str, column: str) -> bool:
    return any((one.table, one.record_id) == (table, record) and one.field in (column, "*") for one in losses)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *(("events", "date"), ("statements", "date"), ("sources", "published"), ("assessments", "published")),
        *(("designation_history", "date"), ("designations", "effective"), ("instruments", "signed"), ("actor_roles", "since")),
    ],
    ids=".".join,
)
def test_every_uncertain_date_is_listed_as_lost(root: Path, losses: tuple[Loss, ...], table: str, column: str) -> None:
    rows = read(root, table)
    uncertain = [next(iter(row.values())) for row in rows if row[column] and not PLAIN.fullmatch(row[column])]
    assert all(listed(losses, table, record, column) for record in uncertain)
    assert uncertain or table in ("designations", "instruments", "actor_roles")


def test_the_uncertain_dates_of_events_that_are_lost_are_exactly_those_that_the_table_has(
    root: Path, losses: tuple[Loss, ...]
) -> None:
    uncertain = {row["id"] for row in read(root, "events") if row["date"] and not PLAIN.fullmatch(row["date"])}
    assert {one.record_id for one in losses if one.table == "events" and one.field == "date"} == uncertain
    assert {one.how for one in losses if one.table == "events"} == {"narrowed"}


def test_every_hop_of_every_chain_is_listed_as_lost(root: Path, losses: tuple[Loss, ...]) -> None:
    rows = Counter(row["record_id"] for row in read(root, "attributions"))
    assert Counter(one.record_id for one in losses if one.table == "attributions") == rows
    assert {one.field for one in losses if one.table == "attributions"} == {"*"}


def test_every_wrong_name_is_listed_as_lost(root: Path, losses: tuple[Loss, ...]) -> None:
    wrong = Counter(row["actor_id"] for row in read(root, "actor_names") if row["erratum_id"])
    left_out = Counter(one.record_id for one in losses if one.table == "actor_names" and one.field == "*")
    assert wrong <= left_out


@pytest.mark.parametrize("view", ["official-record", "named-sources", "venezuelan-government"])
def test_a_view_becomes_entities_that_refer_to_nothing_outside_it(root: Path, model: Any, view: str) -> None:
    account = Account(vd.load(root).view(view))
    lines = followthemoney.render(account, "x")["x"].splitlines()
    account.losses(followthemoney.REASONS)  # fails if a cell has vanished without a reason
    found = {one["id"]: one for one in map(json.loads, lines)}
    for one in found.values():
        for name, texts in one["properties"].items():
            if model.get(one["schema"]).get(name).range is not None:
                assert set(texts) <= set(found), one["id"]
