"""Tests the GEXF export: what networkx reads from it, that any text survives XML, and what is listed as lost.

The tables are read again from the published CSV files. Never changes the shipped data.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import wordings

import venezuela_data as vd
from venezuela_data.export import gexf
from venezuela_data.export.losses import Account, Loss, Rows
from venezuela_data.tables import TABLE, Cell

G = f"{{{gexf.NAMESPACE}}}"


def parsed(network: bytes) -> ET.Element:
    return ET.fromstring(network)  # noqa: S314  # it is our own output


def read(root: Path, table: str) -> list[dict[str, str]]:
    with (root / "datasets" / "csv" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made(root: Path) -> tuple[bytes, tuple[Loss, ...]]:
    account = Account(vd.load(root))
    files = gexf.render(account, "network.gexf")
    assert list(files) == ["network.gexf"]
    return files["network.gexf"], account.losses(gexf.REASONS)


@pytest.fixture(scope="module")
def graph(made: tuple[bytes, tuple[Loss, ...]]) -> Any:
    networkx = pytest.importorskip(
        "networkx", reason="skipped: what networkx reads from the network, as networkx is not installed"
    )
    return networkx.read_gexf(io.BytesIO(made[0]))


def test_networkx_reads_every_actor_and_event_with_its_cells(root: Path, graph: Any) -> None:
    wanted = {f"{table}/{row['id']}": row for table in ("actors", "events") for row in read(root, table)}
    assert set(graph) == set(wanted)
    for key, row in wanted.items():
        node = graph.nodes[key]
        assert node["label"] == row.get("name", row.get("title"))
        for column in row.keys() - {"id", "name", "title", "part_of"}:
            assert node.get(column, "") == row[column], (key, column)


def test_networkx_reads_an_edge_for_each_row_that_ties_two_nodes(root: Path, graph: Any) -> None:
    wanted = Counter(
        [(f"actors/{r['actor_id']}", f"events/{r['event_id']}", r["role"]) for r in read(root, "event_participants")]
        + [(f"events/{r['event_id']}", f"events/{r['object_id']}", r["relation"]) for r in read(root, "event_links")]
        + [(f"events/{r['id']}", f"events/{r['part_of']}", "part_of") for r in read(root, "events") if r["part_of"]]
        + [
            (f"actors/{r['actor_id']}", f"actors/{r['organization_id']}", r["office"])
            for r in read(root, "actor_roles")
            if r["organization_id"]
        ]
        + [(f"actors/{r['authority_id']}", f"actors/{r['target_id']}", "designates") for r in read(root, "designations")]
    )
    assert Counter((start, end, told["label"]) for start, end, told in graph.edges(data=True)) == wanted
    assert graph.is_directed()
    assert graph.is_multigraph()


def test_an_event_lies_on_the_time_line_between_its_bounds_and_keeps_its_date_as_published(root: Path, graph: Any) -> None:
    for row in read(root, "events"):
        node = graph.nodes[f"events/{row['id']}"]
        assert [node.get(name) or "" for name in ("start", "end", "date")] == [
            row["date_earliest"],
            row["date_latest"],
            row["date"],
        ]


def test_an_office_and_a_designation_hold_between_the_days_that_are_known(made: tuple[bytes, tuple[Loss, ...]]) -> None:
    edges = parsed(made[0]).iter(f"{G}edge")
    found = {(e.get("source"), e.get("label"), e.get("start"), e.get("end")) for e in edges}
    assert ("actors/daniel-ortega", "President", None, "1990-04-25") in found
    assert ("actors/daniel-ortega", "President", "2007-01-10", None) in found
    assert ("actors/us-department-of-state", "designates", "2025-11-24", None) in found


def test_the_file_says_its_version_and_view_and_no_day_on_which_it_was_made(
    root: Path, made: tuple[bytes, tuple[Loss, ...]]
) -> None:
    data = vd.load(root)
    view = data.view("official-record")
    account = Account(view)
    meta = parsed(gexf.render(account, "x")["x"]).find(f"{G}meta")
    account.losses(gexf.REASONS)  # fails if a cell has vanished without a reason
    assert meta is not None
    assert not meta.attrib
    assert meta.findtext(f"{G}description") == f"venezuela-data {view.version} {view.view_name}"
    assert gexf.render(Account(data), "x") == {"x": made[0]}


def test_no_cell_of_an_actor_or_event_is_lost_and_every_hop_of_every_chain_is_listed(
    root: Path, made: tuple[bytes, tuple[Loss, ...]]
) -> None:
    losses = made[1]
    assert not {"actors", "events", "event_participants", "event_links", "designations"} & {one.table for one in losses}
    assert sum(one.table == "attributions" for one in losses) == len(read(root, "attributions"))


def test_an_edge_whose_end_is_not_in_the_data_is_listed_and_not_drawn() -> None:
    account = Account(Sheets({"event_participants": [{"event_id": "gone", "actor_id": "nobody", "role": "target"}]}))
    network = parsed(gexf.render(account, "x")["x"])
    assert not list(network.iter(f"{G}edge"))
    assert [(one.table, one.field, one.record_id) for one in account.losses(gexf.REASONS)] == [
        ("event_participants", "*", "gone")
    ]


class Sheet:
    """A table of rows that a test makes; a column that is not given is empty."""

    description = ""
    schema: ClassVar[dict[str, Any]] = {}

    def __init__(self, name: str, rows: list[dict[str, Cell]]) -> None:
        self.columns = [column.name for column in TABLE[name].columns]
        self._rows = [{**dict.fromkeys(self.columns), **row} for row in rows]

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        return iter(self._rows)


class Sheets:
    """Some tables that a test makes."""

    version = "0.0.0"
    view_name = ""

    def __init__(self, sheets: dict[str, list[dict[str, Cell]]]) -> None:
        self._sheets = {name: Sheet(name, rows) for name, rows in sheets.items()}
        self.tables = list(self._sheets)

    def table(self, name: str) -> Rows:
        return self._sheets[name]


class TestAnyTextOfARecordComesBackFromTheXml:
    """Whatever text a record may hold, an XML parser gives it back as it was."""

    @given(title=wordings(200), description=wordings(300), day=st.dates())
    def test_label_description_and_days(self, title: str, description: str, day: date) -> None:
        event: dict[str, Cell] = {"id": "an-event", "title": title, "description": description, "date_earliest": day}
        network = parsed(gexf.render(Account(Sheets({"events": [event]})), "x")["x"])
        (node,) = network.iter(f"{G}node")
        cells = {one.get("for"): one.get("value") for one in node.iter(f"{G}attvalue")}
        assert node.attrib == {"id": "events/an-event", "label": title, "start": day.isoformat()}
        assert cells == {"table": "events", "description": description, "date_earliest": day.isoformat()}
