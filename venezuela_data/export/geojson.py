"""GeoJSON (RFC 7946): the places, and what is said to have happened at them, for maps.

A feature is a place, or an event that has one, with longitude and latitude as they are published; nothing is placed that no
document places, and what has no point has no geometry. A map takes a date for a day, so that it gets no other: of an
uncertain one it gets the bounds. Nothing here needs a library. May import `tables`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ..tables import Cell, cell_text
from .losses import Account, Row

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLACE = "id name kind country uncertainty_m geonames wikidata basis status"
_EVENT = "id kind actuality title description date_earliest date_latest date_basis place_id part_of plover_event status"

_NOT_A_DAY = "a map takes a date for a day; what is less exact, uncertain or open stands as date_earliest and date_latest"
_NO_FEATURE = "a map has places and what has a place; this is neither"
_NO_PLACE = "no document gives the event a place, and a map has no other events"

REASONS: Mapping[str, str] = {
    **dict.fromkeys(
        "designations statements claims errata assessments sources source_paragraphs source_citations about "
        "claim_links actor_names actor_identifiers actor_roles programs instruments designation_history".split(),
        _NO_FEATURE,
    ),
    "actors": "of who took part in an event at a place, a map has id, name and role; of others nothing",
    "events": _NO_PLACE,
    "event_participants": _NO_PLACE,
    "event_links": "a feature is tied to no other feature",
    "attributions": "a feature has no chain of who says so; the description says in words who does",
    "evidence": "a feature has no documents behind it",
    "places.latitude": "a point takes latitude and longitude together",
    "places.longitude": "a point takes latitude and longitude together",
    **dict.fromkeys(("vocabularies", "vocabulary_schemes"), "a map has terms, and no definitions of them"),
    **dict.fromkeys(("redirects", "tombstones", "releases", "changes"), "a map has no history of the data"),
}
"""Why a map cannot carry a cell."""


def render(account: Account, name: str) -> dict[str, bytes]:
    """Make one collection of features: the places by their ids, then the events by theirs.

    The id of a feature is its table and id (`events/aviation-exhibition`), and `table` is among its properties, so that a map
    can show either. Properties are named as the columns are; one without a value is left out. The collection has the version
    of the data, and the view with its hash, as its name: GIS programs call the layer by it.

    Args:
        account: all cells; those that are written are taken from it.
        name: the name of the file.
    """
    actors = {row.owner: row for row in account.rows("actors")}
    geometry: dict[str, dict[str, Any] | None] = {}
    features = []
    for row in account.rows("places"):
        geometry[row.owner] = _point(row)
        features.append(_feature("places", _properties(row, _PLACE), geometry[row.owner]))
    for row in account.rows("events"):
        place = cell_text(row.peek("place_id"))
        if not place:
            continue
        properties = _properties(row, _EVENT)
        if _DAY.fullmatch(cell_text(row.peek("date"))):
            properties["date"] = row.text("date")
        elif row.peek("date") is not None:
            row.narrow("date", _NOT_A_DAY)
        people = [_participant(one, actors) for one in account.of("event_participants", row.owner)]
        features.append(_feature("events", {**properties, "participants": people}, geometry.get(place)))
    title = f"venezuela-data {account.dataset.version} {account.dataset.view_name}".strip()
    collection = {"type": "FeatureCollection", "name": title, "features": features}
    return {name: (json.dumps(collection, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()}


def _feature(table: str, properties: dict[str, Any], geometry: dict[str, Any] | None) -> dict[str, Any]:
    own = {"table": table, **properties}
    return {"type": "Feature", "id": f"{table}/{properties['id']}", "geometry": geometry, "properties": own}


def _properties(row: Row, columns: str) -> dict[str, Any]:
    return {name: _json(row.take(name)) for name in columns.split() if row.peek(name) is not None}


def _json(value: Cell) -> str | int | float:
    return value if isinstance(value, int | float) else cell_text(value)


def _point(place: Row) -> dict[str, Any] | None:
    if place.peek("longitude") is None or place.peek("latitude") is None:
        return None
    return {"type": "Point", "coordinates": [place.take("longitude"), place.take("latitude")]}


def _participant(row: Row, actors: Mapping[str, Row]) -> dict[str, str]:
    row.take("event_id")
    actor = actors.get(cell_text(row.peek("actor_id")))
    shown = {"name": actor.text("name")} if actor is not None else {}
    return {"actor_id": row.text("actor_id"), **shown, "role": row.text("role")}
