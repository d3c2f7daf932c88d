"""JSON-LD: the data as linked data, by PROV-O, Web Annotation, SKOS and schema.org, with terms of our own for the rest.

One document of nodes, one on each line, whose context stands in it, so that nothing is fetched to read it. What a document
claims is a node, and never a statement of ours: no triple says of a person, body or event what a claim says of it. What is
disputed, not said to have occurred, or a name with an erratum gets no class and no property of schema.org that would make it
look settled. May import `values`, `tables`, `citing` and whatever stands before them.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ..citing import Publication, publication
from ..tables import LEDGER, TABLES, Cell, Column, cell_text
from .losses import Account, Row

REASONS: Mapping[str, str] = {
    "changes": "a graph says what holds, and has no place for what the data said before; the table of changes has it",
}
"""Why JSON-LD cannot carry a cell."""

NAMESPACE = "urn:x-venezuela-data:"
"""What the ids of records and of our own terms begin with. It needs no host, so that none has to exist."""

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
"""The datatype of uncertain dates, by the Library of Congress."""

_PREFIXES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dataset": f"{NAMESPACE}dataset:",
    "vd": f"{NAMESPACE}terms:",
    "rel": f"{NAMESPACE}relations:",
    "wikidata": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_CLASSES: Mapping[str, tuple[str, ...]] = {
    "actors": ("vd:Actor",),
    "events": ("vd:Event",),
    "designations": ("vd:Designation",),
    "statements": ("vd:Statement", "schema:Quotation", "prov:Entity"),
    "claims": ("vd:Claim", "schema:Claim", "prov:Entity"),
    "errata": ("vd:Erratum", "prov:Entity"),
    "assessments": ("vd:Assessment", "prov:Entity"),
    "sources": ("vd:Source", "prov:Entity"),
    "source_paragraphs": ("vd:Paragraph", "oa:SpecificResource"),
    "source_citations": ("vd:Citation",),
    "attributions": ("vd:Attribution", "prov:Attribution"),
    "evidence": ("vd:Evidence", "oa:Annotation"),
    "actor_names": ("vd:ActorName",),
    "actor_identifiers": ("vd:ActorIdentifier",),
    "actor_roles": ("vd:ActorRole",),
    "event_participants": ("vd:Participation",),
    "programs": ("vd:Program",),
    "instruments": ("vd:Instrument", "schema:Legislation", "prov:Entity"),
    "designation_history": ("vd:Stage",),
    "places": ("vd:Place", "schema:Place"),
    "vocabularies": ("skos:Concept",),
    "vocabulary_schemes": ("skos:ConceptScheme",),
    "redirects": ("vd:Redirect",),
    "tombstones": ("vd:Tombstone",),
    "releases": ("vd:Release",),
}
"""The classes of the nodes that the rows of a table become."""

_ACTOR_CLASSES = {
    "person": "schema:Person",
    "state": "schema:Country",
    "government": "schema:GovernmentOrganization",
    "agency": "schema:GovernmentOrganization",
    "party": "schema:PoliticalParty",
    **dict.fromkeys(("organization", "military_body", "armed_group", "medium"), "schema:Organization"),
}
"""The class of schema.org for a kind of actor. A collective or an anonymous source is nothing that schema.org knows."""

_DOCUMENT_CLASSES = {"newspaper": "schema:NewsArticle", "wire": "schema:NewsArticle", "law": "schema:Legislation"}
"""The class of schema.org for a kind of document; any other is a creative work."""

_PROPERTIES = {
    "actors.name": "schema:name",
    "places.name": "schema:name",
    "events.title": "schema:name",
    "sources.title": "schema:name",
    "programs.title": "schema:name",
    "instruments.title": "schema:name",
    "vocabulary_schemes.title": "skos:prefLabel",
    "vocabulary_schemes.description": "skos:definition",
    "*.description": "schema:description",
    "*.url": "schema:url",
    "*.language": "schema:inLanguage",
    "claims.text": "schema:text",
    "claims.source_id": "prov:wasDerivedFrom",
    "statements.text": "schema:text",
    "statements.source_id": "prov:wasQuotedFrom",
    "errata.source_id": "prov:wasDerivedFrom",
    "assessments.source_id": "prov:wasDerivedFrom",
    "sources.publisher": "dc:publisher",
    "sources.publisher_id": "schema:publisher",
    "sources.author": "dc:creator",
    "sources.rights": "dc:rights",
    "attributions.actor_id": "prov:agent",
    "instruments.citation": "schema:legislationIdentifier",
    "places.latitude": "schema:latitude",
    "places.longitude": "schema:longitude",
    "vocabularies.scheme": "skos:inScheme",
    "vocabularies.term": "skos:notation",
    "vocabularies.label": "skos:prefLabel",
    "vocabularies.definition": "skos:definition",
    "vocabularies.broader": "skos:broader",
}
"""The property for a column, by `table.column` or `*.column`; any other is `vd:` and the name of the column."""

_DATES = frozenset("date published since until announced signed effective ended".split())
"""The columns of texts that are dates in EDTF."""

_SPAN = ("start", "end", "sha256")

_MOTIVATIONS = {"claims": "oa:describing", "statements": "oa:linking", "errata": "oa:assessing", "actor_names": "oa:linking"}
"""The tables whose rows have a passage of their own, with what ties the row to it."""

_OF_PASSAGES = frozenset((*_MOTIVATIONS, "evidence", "source_paragraphs"))

_ALTERNATE = frozenset(("preferred", "alias", "former", "acronym"))
"""The kinds of names that an actor has, apart from what documents call it by mistake or describe it as."""

Node = dict[str, Any]


def render(account: Account, name: str) -> dict[str, bytes]:
    """Make the document: the context, then the nodes in the order of the tables, one on each line.

    Args:
        account: all cells; those that are written are taken from it.
        name: the name of the file.
    """
    nodes = _Graph(account).nodes
    prefixes = {**_PREFIXES, **{table: f"{NAMESPACE}{table}:" for table in (*account.dataset.tables, "annotations")}}
    head = json.dumps(prefixes, ensure_ascii=False, indent=1)
    lines = ",\n".join(json.dumps(node, ensure_ascii=False) for node in nodes.values())
    return {name: f'{{"@context": {head},\n"@graph": [\n{lines}\n]}}\n'.encode()}


def _camel(column: str) -> str:
    first, *rest = column.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _iri(table: str, *key: str) -> str:
    """Give the id of a node: that of a record ends with its id, that of a part with the cells of its key."""
    return f"{table}:" + (quote(key[0], safe="/") if len(key) == 1 else "/".join(quote(one, safe="") for one in key))


def concept(scheme: str, term: str) -> str:
    """Give the id of a controlled term."""
    return _iri("vocabularies", scheme, term)


class _Graph:
    """The nodes that an account makes, by their ids."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.nodes: dict[str, Node] = {}
        self._columns: dict[str, list[str]] = {name: account.dataset.table(name).columns for name in account.dataset.tables}
        self._described = {table.name: {column.name: column for column in table.columns} for table in (*TABLES, *LEDGER)}
        self._keys = {table.name: table.key or table.unique for table in (*TABLES, *LEDGER)}
        self._dataset(publication(account.dataset))
        ties = {"about": self._about, "claim_links": self._link, "event_links": self._link}
        for table in self._columns:
            if table not in REASONS:
                for row in account.rows(table):
                    ties.get(table, self._row)(row)

    def _dataset(self, data: Publication) -> None:
        node = self._node(f"dataset:{quote(data.version)}{'/' + quote(data.view) if data.view else ''}", "schema:Dataset")
        node["schema:name"] = data.name
        node["schema:alternateName"] = data.title
        node["schema:description"] = data.description
        node["schema:version"] = data.version
        node["schema:creator"] = [{"@type": "schema:Organization", "schema:name": one} for one in data.creators]
        if data.license_url:
            node["schema:license"] = {"@value": data.license_url, "@type": "xsd:anyURI"}
        if data.is_released:
            node["schema:datePublished"] = _literal(datetime.date.fromisoformat(data.released))
        if data.view:
            node["vd:view"] = data.view

    def _node(self, iri: str, *classes: str) -> Node:
        """Give the node with an id, which may be made by what refers to it before its own row comes."""
        node = self.nodes.setdefault(iri, {"@id": iri})
        if classes:
            node["@type"] = list(classes)
        return node

    # Rows as nodes -------------------------------------------------------------------------------------------------------

    def _row(self, row: Row) -> None:
        table, columns = row.table, self._columns[row.table]
        key = [column for column in self._keys.get(table, ()) if column in columns] or columns
        iri = _iri(table, *(cell_text(row.peek(column)) for column in key))
        node = self._node(iri, *_CLASSES.get(table, (f"vd:{_camel('_' + table)}",)), *_further_classes(row))
        told = {"id"} | {self._table_column(row, one) for one in columns} | {*(_SPAN if table in _OF_PASSAGES else ())}
        for column in columns:
            value = row.take(column)
            if value is not None and column not in told:
                self._put(node, self._property(row, column), self._value(row, column, value))
        _SPECIAL.get(table, _nothing)(self, row, node)
        if table in _MOTIVATIONS and _has_passage(row):
            self._annotate(row, node)

    def _table_column(self, row: Row, column: str) -> str:
        """Give the column that tells in which table the record is to which a column refers; empty where none does."""
        columns = self._columns[row.table]
        if column not in ("record_id", "target_id") or row.peek(column) is None:
            return ""
        given = "target_table" if column == "target_id" and "target_table" in columns else "table"
        return given if given in columns and row.peek(given) is not None else ""

    def _property(self, row: Row, column: str) -> str:
        if row.table == "actor_names" and cell_text(row.peek("kind")) == "erroneous" and column in ("actor_id", "name"):
            # Whoever looks for the names of a person must not come upon one that is wrong.
            return {"actor_id": "vd:meantActor", "name": "vd:erroneousName"}[column]
        given = _PROPERTIES.get(f"{row.table}.{column}") or _PROPERTIES.get(f"*.{column}")
        return given or f"vd:{_camel(column.removesuffix('_id'))}"

    def _value(self, row: Row, column: str, value: Cell) -> Any:
        described = self._described.get(row.table, {}).get(column, _PLAIN)
        if home := self._table_column(row, column):
            return {"@id": _iri(cell_text(row.peek(home)), cell_text(value))}
        if row.table == "vocabularies" and column == "broader":
            return {"@id": concept(cell_text(row.peek("scheme")), cell_text(value))}
        if described.refers:
            return {"@id": _iri(described.refers, cell_text(value))}
        if described.scheme:
            return {"@id": concept(described.scheme, cell_text(value))}
        if column in _DATES and isinstance(value, str):
            return {"@value": str(value), "@type": "edtf:EDTF"}
        if column == "url":
            return {"@value": str(value), "@type": "xsd:anyURI"}
        if row.table in ("statements", "actor_names") and column in ("text", "name") and row.peek("language") is not None:
            return {"@value": str(value), "@language": cell_text(row.peek("language"))}
        return _literal(value)

    @staticmethod
    def _put(node: Node, name: str, value: Any) -> None:
        if name not in node:
            node[name] = value
        elif value not in (given := node[name] if isinstance(node[name], list) else [node[name]]):
            node[name] = [*given, value]

    # Ties between records ------------------------------------------------------------------------------------------------

    def _about(self, row: Row) -> None:
        claim = self._node(_iri("claims", row.text("claim_id")))
        self._put(claim, "schema:about", {"@id": _iri(row.text("table"), row.text("record_id"))})

    def _link(self, row: Row) -> None:
        table, column = ("claims", "claim_id") if row.table == "claim_links" else ("events", "event_id")
        node = self._node(_iri(table, row.text(column)))
        self._put(node, f"rel:{_camel(row.text('relation'))}", {"@id": _iri(table, row.text("object_id"))})

    # Passages ------------------------------------------------------------------------------------------------------------

    def _annotate(self, row: Row, node: Node) -> None:
        """Tie a row to the words of its document by an annotation."""
        annotation = self._node(f"annotations:{node['@id'].replace(':', '/', 1)}", "oa:Annotation")
        annotation["oa:motivatedBy"] = {"@id": _MOTIVATIONS[row.table]}
        annotation["oa:hasBody"] = {"@id": node["@id"]}
        quoted = row.peek("text") if row.table == "statements" else None
        annotation["oa:hasTarget"] = {"@type": "oa:SpecificResource", **_passage(row, quoted)}

    def erroneous_name(self, row: Row, node: Node) -> None:
        """Give a name of an actor to the actor; give one with an erratum to the erratum alone."""
        if row.peek("erratum_id") is not None and "vd:erroneousName" in node:
            erratum = self._node(_iri("errata", cell_text(row.peek("erratum_id"))))
            self._put(erratum, "vd:erroneousName", node["vd:erroneousName"])
        elif row.peek("erratum_id") is None and cell_text(row.peek("kind")) in _ALTERNATE:
            actor = self._node(_iri("actors", cell_text(row.peek("actor_id"))))
            if row.peek("name") != actor.get("schema:name"):
                self._put(actor, "schema:alternateName", node["vd:name"])

    def same_as(self, row: Row, _: Node) -> None:
        """Tie an actor to the Wikidata item that is exactly this actor."""
        if (cell_text(row.peek("scheme")), cell_text(row.peek("match"))) == ("wikidata", "exact"):
            actor = self._node(_iri("actors", cell_text(row.peek("actor_id"))))
            self._put(actor, "schema:sameAs", {"@id": f"wikidata:{quote(cell_text(row.peek('value')))}"})

    def chain(self, row: Row, node: Node) -> None:
        """Give a record the hops of its chain; `vd:position` has their order."""
        record = self._node(_iri(cell_text(row.peek("table")), cell_text(row.peek("record_id"))))
        self._put(record, "prov:qualifiedAttribution", {"@id": node["@id"]})

    def cited(self, row: Row, _: Node) -> None:
        """Say that a document cites another."""
        document = self._node(_iri("sources", cell_text(row.peek("source_id"))))
        self._put(document, "schema:citation", {"@id": _iri("sources", cell_text(row.peek("cited_id")))})

    def original(self, row: Row, node: Node) -> None:
        """Say that what was read had been translated, from an original that was not seen."""
        if row.peek("translated_from") is not None:
            original = {"@id": f"{node['@id']}/original", "@type": ["schema:CreativeWork", "prov:Entity"]}
            node["schema:translationOfWork"] = {**original, "schema:inLanguage": cell_text(row.peek("translated_from"))}
            node["prov:wasDerivedFrom"] = {"@id": original["@id"]}

    def evidence(self, row: Row, node: Node) -> None:
        """Make an annotation of a row that says which document, or which words of it, carry a record."""
        node["oa:motivatedBy"] = {"@id": "oa:linking"}
        node["oa:hasBody"] = node.pop("vd:record")
        source = node.pop("vd:source")
        node["oa:hasTarget"] = {"@type": "oa:SpecificResource", **_passage(row)} if _has_passage(row) else source

    def paragraph(self, row: Row, node: Node) -> None:
        """Say where in the document a paragraph lies."""
        del node["vd:source"]
        node.update(_passage(row))


_SPECIAL = {
    "actor_names": _Graph.erroneous_name,
    "actor_identifiers": _Graph.same_as,
    "attributions": _Graph.chain,
    "evidence": _Graph.evidence,
    "source_citations": _Graph.cited,
    "source_paragraphs": _Graph.paragraph,
    "sources": _Graph.original,
}
"""What else the rows of a table give."""

_PLAIN = Column("", "string", "")
"""A column of which nothing is known, as an older version of the data may have one."""


def _nothing(_graph: _Graph, _row: Row, _node: Node) -> None:
    """Add nothing."""


def _further_classes(row: Row) -> tuple[str, ...]:
    """Give the classes that schema.org and PROV-O have for a row, where they say no more than the data do."""
    kind = cell_text(row.peek("kind")) if row.table in ("actors", "sources") else ""
    if row.table == "actors" and cell_text(row.peek("existence")) == "established":
        return "prov:Agent", *((_ACTOR_CLASSES[kind],) if kind in _ACTOR_CLASSES else ())
    if row.table == "events" and cell_text(row.peek("actuality")) == "occurred":
        return ("schema:Event",)
    return (_DOCUMENT_CLASSES.get(kind, "schema:CreativeWork"),) if row.table == "sources" else ()


def _has_passage(row: Row) -> bool:
    return any(row.peek(column) is not None for column in _SPAN)


def _passage(row: Row, quoted: Cell = None) -> Node:
    """Give the words of a document by their place in its text, in code points as the standard counts, and by their hash."""
    selector = {"@type": "oa:TextPositionSelector"}
    selector |= {f"oa:{end}": _counted(row.peek(end)) for end in ("start", "end") if row.peek(end) is not None}
    exact = {"@type": "oa:TextQuoteSelector", "oa:exact": quoted}
    hashed = {"vd:sha256": row.peek("sha256")} if row.peek("sha256") is not None else {}
    source = {"@id": _iri("sources", cell_text(row.peek("source_id")))}
    return {"oa:hasSource": source, "oa:hasSelector": [selector, exact] if quoted is not None else selector, **hashed}


def _counted(value: Cell) -> Any:
    return {"@value": cell_text(value), "@type": "xsd:nonNegativeInteger"}


def _literal(value: Cell) -> Any:
    """Write a value with its type. A number with a fraction is told as text: JSON-LD reads 20.0 as the integer 20."""
    if isinstance(value, datetime.date):
        return {"@value": value.isoformat(), "@type": "xsd:date"}
    if isinstance(value, float):
        return {"@value": cell_text(value), "@type": "xsd:double"}
    return str(value) if isinstance(value, str) else value
