"""Tests the GeoJSON export: valid features at the published points, nothing placed by us, and what is listed as lost.

The tables are read again from the published CSV files. Never changes the shipped data.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import venezuela_data as vd
from venezuela_data.export import geojson
from venezuela_data.export.losses import Account, Loss

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(root: Path, table: str) -> list[dict[str, str]]:
    with (root / "datasets" / "csv" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made(root: Path) -> tuple[bytes, tuple[Loss, ...]]:
    account = Account(vd.load(root))
    files = geojson.render(account, "places.geojson")
    assert list(files) == ["places.geojson"]
    return files["places.geojson"], account.losses(geojson.REASONS)


@pytest.fixture(scope="module")
def features(made: tuple[bytes, tuple[Loss, ...]]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in json.loads(made[0])["features"]}


@pytest.fixture(scope="module")
def losses(made: tuple[bytes, tuple[Loss, ...]]) -> tuple[Loss, ...]:
    return made[1]


def test_the_file_is_a_feature_collection_to_the_models_of_the_standard(made: tuple[bytes, tuple[Loss, ...]]) -> None:
    judge = pytest.importorskip(
        "geojson_pydantic", reason="skipped: whether the map is GeoJSON, as geojson-pydantic is not installed"
    )
    collection = judge.FeatureCollection.model_validate_json(made[0])
    assert len(collection.features) == len(json.loads(made[0])["features"])


def test_features_are_all_places_and_the_events_that_have_one(root: Path, features: dict[str, dict[str, Any]]) -> None:
    places = [f"places/{row['id']}" for row in read(root, "places")]
    events = [f"events/{row['id']}" for row in read(root, "events") if row["place_id"]]
    assert list(features) == places + events


def test_a_point_is_longitude_then_latitude_exactly_as_published(made: tuple[bytes, tuple[Loss, ...]], root: Path) -> None:
    found = {one["id"]: one["geometry"] for one in json.loads(made[0], parse_float=str)["features"]}
    for row in read(root, "places"):
        point = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]} if row["latitude"] else None
        assert found[f"places/{row['id']}"] == point
    assert found["places/maracaibo"] == {"type": "Point", "coordinates": ["-71.65998", "10.72998"]}
    assert None in found.values()


def test_an_event_lies_where_its_place_does(root: Path, features: dict[str, dict[str, Any]]) -> None:
    for row in read(root, "events"):
        if row["place_id"]:
            assert features[f"events/{row['id']}"]["geometry"] == features[f"places/{row['place_id']}"]["geometry"]


def test_how_surely_a_place_is_placed_stands_beside_it(features: dict[str, dict[str, Any]]) -> None:
    assert features["places/maracaibo"]["properties"]["uncertainty_m"] == 9000


def test_an_event_has_its_actuality_its_bounds_and_a_date_only_if_that_is_a_day(
    root: Path, features: dict[str, dict[str, Any]]
) -> None:
    for row in read(root, "events"):
        if row["place_id"]:
            given = features[f"events/{row['id']}"]["properties"]
            assert (given["title"], given["actuality"], given["kind"]) == (row["title"], row["actuality"], row["kind"])
            assert given.get("date", "") == (row["date"] if DAY.fullmatch(row["date"]) else "")
            assert [given.get(name, "") for name in ("date_earliest", "date_latest")] == [
                row["date_earliest"],
                row["date_latest"],
            ]


def test_who_took_part_stands_with_the_event_and_no_wrong_name_anywhere(
    root: Path, made: tuple[bytes, tuple[Loss, ...]], features: dict[str, dict[str, Any]]
) -> None:
    placed = {row["id"] for row in read(root, "events") if row["place_id"]}
    wanted = Counter(
        (r["event_id"], r["actor_id"], r["role"]) for r in read(root, "event_participants") if r["event_id"] in placed
    )
    found = Counter(
        (one["properties"]["id"], actor["actor_id"], actor["role"])
        for one in features.values()
        for actor in one["properties"].get("participants", [])
    )
    assert found == wanted
    shown = {actor["name"] for one in features.values() for actor in one["properties"].get("participants", [])}
    assert not shown & {row["name"] for row in read(root, "actor_names") if row["kind"] == "erroneous"}


@pytest.mark.parametrize(
    ("table", "column"), [("events", "date"), ("statements", "date"), ("sources", "published")], ids=".".join
)
def test_every_uncertain_date_is_listed_as_lost(root: Path, losses: tuple[Loss, ...], table: str, column: str) -> None:
    found = {one.record_id for one in losses if one.table == table and one.field in (column, "*")}
    uncertain = {row["id"] for row in read(root, table) if row[column] and not DAY.fullmatch(row[column])}
    assert uncertain
    assert uncertain <= found


def test_an_uncertain_date_of_an_event_on_the_map_is_listed_as_narrowed_to_its_bounds(
    root: Path, losses: tuple[Loss, ...]
) -> None:
    uncertain = {
        r["id"]: r["date"] for r in read(root, "events") if r["place_id"] and r["date"] and not DAY.fullmatch(r["date"])
    }
    assert uncertain
    assert {one.record_id: one.value for one in losses if one.table == "events" and one.how == "narrowed"} == uncertain


def test_every_hop_of_every_chain_is_listed_as_lost(root: Path, losses: tuple[Loss, ...]) -> None:
    rows = Counter(row["record_id"] for row in read(root, "attributions"))
    assert Counter(one.record_id for one in losses if one.table == "attributions") == rows


def test_every_event_without_a_place_is_listed_as_left_out(root: Path, losses: tuple[Loss, ...]) -> None:
    elsewhere = {row["id"] for row in read(root, "events") if not row["place_id"]}
    assert {one.record_id for one in losses if one.table == "events" and one.field == "*"} == elsewhere


def test_a_view_names_itself_with_its_hash_in_the_file(root: Path) -> None:
    view = vd.load(root).view("official-record")
    account = Account(view)
    name = json.loads(geojson.render(account, "x")["x"])["name"]
    account.losses(geojson.REASONS)  # fails if a cell has vanished without a reason
    assert view.view_name in name
    assert view.version in name
