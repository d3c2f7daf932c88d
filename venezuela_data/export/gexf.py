"""GEXF 1.3: actors and events as a network, for Gephi.

Nodes are all actors and events, each with the cells of its row; edges are who took part as what, how events are tied, who
held an office where, and whom an authority designates. What has a date lies on the time line between its bounds. The file has
no day on which it was made, so that the same data give the same bytes. May import `dates` and `tables`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from ..dates import Edtf
from ..tables import cell_text
from .losses import Account, Row

NAMESPACE = "http://gexf.net/1.3"

_NODES = {
    "actors": "kind description country extent existence wikidata status",
    "events": "kind actuality description date date_earliest date_latest date_basis place_id plover_event status",
}
"""The tables whose rows are nodes, with the columns that are attributes of them, beside id and label."""

_LABEL = {"actors": "name", "events": "title"}

_EDGES = {
    "event_participants": ("actors", "actor_id", "events", "event_id", "role", ""),
    "event_links": ("events", "event_id", "events", "object_id", "relation", ""),
    "events": ("events", "id", "events", "part_of", "part_of", ""),
    "actor_roles": ("actors", "actor_id", "actors", "organization_id", "office", "since until source_id"),
    "designations": (
        *("actors", "authority_id", "actors", "target_id", "designates"),
        "id program_id legal_status announced signed published effective ended description status",
    ),
}
"""The tables whose rows are edges: kind and column of both ends, the column of the label (or the label), and the attributes."""

_SPELLS = {"actor_roles": ("since", "until"), "designations": ("effective", "ended")}
"""The columns from which on, and up to which, an edge holds."""

_NOT_HERE = "the network is that of actors and events; this ties no two of them"
_NO_CHAIN = "an edge of the network has two ends, and a chain of who says so has more"

REASONS: Mapping[str, str] = {
    **dict.fromkeys(
        "statements claims errata assessments sources source_paragraphs source_citations evidence about claim_links "
        "actor_names actor_identifiers programs instruments designation_history places".split(),
        _NOT_HERE,
    ),
    "attributions": _NO_CHAIN,
    "events.part_of": "the larger event is not in the view",
    **dict.fromkeys(
        ("event_participants", "event_links", "actor_roles", "designations"), "one of its two ends is not in the network"
    ),
    **dict.fromkeys(("vocabularies", "vocabulary_schemes"), "the network has terms, and no definitions of them"),
    **dict.fromkeys(("redirects", "tombstones", "releases", "changes"), "the network has no history of the data"),
}
"""Why the network cannot carry a cell."""


def render(account: Account, name: str) -> dict[str, bytes]:
    """Make the network: directed, with parallel edges, ids of nodes such as `actors/nicolas-maduro`, edges in order.

    Dates stand as they are published (EDTF) among the attributes; `start` and `end` of a node or edge are computed bounds.

    Args:
        account: all cells; those that are written are taken from it.
        name: the name of the file.
    """
    root = ET.Element("gexf", {"xmlns": NAMESPACE, "version": "1.3"})
    title = f"venezuela-data {account.dataset.version} {account.dataset.view_name}".strip()
    ET.SubElement(ET.SubElement(root, "meta"), "description").text = title
    shape = {"defaultedgetype": "directed", "mode": "dynamic", "timeformat": "date"}
    graph = ET.SubElement(root, "graph", shape)
    _declare(graph, "node", "table", *_NODES.values())
    _declare(graph, "edge", "table", *(attributes for *_, attributes in _EDGES.values()))
    nodes = ET.SubElement(graph, "nodes")
    known = set()
    for table, columns in _NODES.items():
        for row in account.rows(table):
            known.add((table, row.owner))
            node = ET.SubElement(nodes, "node", {"id": f"{table}/{row.text('id')}", "label": row.text(_LABEL[table])})
            if table == "events":
                _limit(node, cell_text(row.peek("date_earliest")), cell_text(row.peek("date_latest")))
            _describe(node, table, row, columns)
    edges = ET.SubElement(graph, "edges")
    for number, (row, ends, label) in enumerate(_ties(account, known)):
        source, target = ("/".join(end) for end in ends)
        edge = ET.SubElement(edges, "edge", {"id": str(number), "source": source, "target": target, "label": label})
        since, until = _SPELLS.get(row.table, ("", ""))
        if since:
            _limit(edge, _bound(row, since, "earliest"), _bound(row, until, "latest"))
        _describe(edge, row.table, row, _EDGES[row.table][-1])
    ET.indent(root)
    return {name: ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"}


def _ties(account: Account, known: set[tuple[str, str]]) -> Iterator[tuple[Row, list[tuple[str, str]], str]]:
    """Find the rows whose two ends are nodes; those of others stay out of the file."""
    for table, (subject, subject_id, other, other_id, label, _) in _EDGES.items():
        for row in account.rows(table):
            ends = [(subject, cell_text(row.peek(subject_id))), (other, cell_text(row.peek(other_id)))]
            if known.issuperset(ends):
                row.take(subject_id)
                row.take(other_id)
                yield row, ends, row.text(label) if label in ("role", "relation", "office") else label


def _declare(graph: ET.Element, kind: str, *columns: str) -> None:
    """Name the attributes of nodes or edges; all are texts, as their cells are."""
    declared = ET.SubElement(graph, "attributes", {"class": kind, "mode": "static"})
    for name in dict.fromkeys(" ".join(columns).split()):
        ET.SubElement(declared, "attribute", {"id": name, "title": name, "type": "string"})


def _describe(element: ET.Element, table: str, row: Row, columns: str) -> None:
    values = ET.SubElement(element, "attvalues")
    ET.SubElement(values, "attvalue", {"for": "table", "value": table})
    for name in columns.split():
        if row.peek(name) is not None:
            ET.SubElement(values, "attvalue", {"for": name, "value": row.text(name)})


def _limit(element: ET.Element, start: str, end: str) -> None:
    """Say between which days it lies; a side that is open is left out."""
    for name, day in (("start", start), ("end", end)):
        if day:
            element.set(name, day)


def _bound(row: Row, column: str, side: str) -> str:
    text = cell_text(row.peek(column))
    return cell_text(getattr(Edtf(text), side)) if text else ""
