"""Tests JSON-LD: rdflib loads it offline, SPARQL finds in it what the tables have, and nothing contested is said as ours.

Works on the shipped data; writes into temporary folders alone.
"""

from __future__ import annotations

import datetime
import json
import socket
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import venezuela_data as vd
from venezuela_data.export import export, jsonld
from venezuela_data.export.losses import Account
from venezuela_data.tables import TABLE, Cell, cell_text
from venezuela_data.tabular import Rows

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.query import Result

rdflib = pytest.importorskip("rdflib", reason="skipped: whether rdflib loads the linked data; it is not installed")

PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in jsonld._PREFIXES.items())
WRITTEN_AS_TIES = ("about", "claim_links", "event_links")
"""The tables whose rows are no nodes, but triples between records."""

SCHEMA = "https://schema.org/"
VD = "urn:x-venezuela-data:terms:"


@pytest.fixture(scope="module")
def data(root: Path) -> vd.Dataset:
    return vd.load(root)


@pytest.fixture(scope="module")
def document(data: vd.Dataset) -> bytes:
    return jsonld.render(Account(data), "x.jsonld")["x.jsonld"]


@pytest.fixture(scope="module")
def graph(document: bytes) -> Iterator[Graph]:
    """The document as rdflib loads it, where no connection can be made."""
    with pytest.MonkeyPatch.context() as patch:

        def refuse(*_: object) -> None:
            raise AssertionError("a connection was asked for")

        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's reader uses what rdflib itself has left behind
            yield rdflib.Graph().parse(data=document, format="json-ld")


def ask(graph: Graph, query: str) -> Result:
    return graph.query(PREFIXES + query)


def texts(found: Result) -> list[tuple[str, ...]]:
    return [tuple("" if one is None else str(one) for one in row) for row in found]  # type: ignore[union-attr]


def record(table: str, record_id: str) -> str:
    return f"{jsonld.NAMESPACE}{table}:{record_id}"


# The document ------------------------------------------------------------------------------------------------------------


def test_the_context_stands_in_the_document(document: bytes) -> None:
    told = json.loads(document)
    assert set(told) == {"@context", "@graph"}
    assert all(isinstance(iri, str) for iri in told["@context"].values())
    assert len({node["@id"] for node in told["@graph"]}) == len(told["@graph"])


def test_every_term_is_an_absolute_iri(graph: Graph) -> None:
    """What a context lacks is read as an address beside the document, or dropped: neither happens."""
    namespaces = tuple(iri for name, iri in jsonld._PREFIXES.items() if name != "edtf")
    assert all(str(predicate).startswith(namespaces) for predicate in graph.predicates())
    nodes = {one for triple in graph for one in triple if isinstance(one, rdflib.URIRef)}
    assert all(str(one).startswith(namespaces) or str(one).startswith(jsonld.NAMESPACE) for one in nodes)


def test_the_same_data_give_the_same_bytes(data: vd.Dataset, document: bytes) -> None:
    assert jsonld.render(Account(data), "x.jsonld") == {"x.jsonld": document}


def test_the_file_is_written_with_a_report_of_what_is_lost(data: vd.Dataset, document: bytes, tmp_path: Path) -> None:
    report = export(data, "jsonld", tmp_path / "x.jsonld")
    assert (tmp_path / "x.jsonld").read_bytes() == document
    assert Counter((loss.table, loss.field) for loss in report.losses) == {("changes", "*"): len(data.table("changes"))}


def test_a_view_and_an_older_version_are_named_in_the_document(root: Path, data: vd.Dataset) -> None:
    view = data.view("official-record")
    (node,) = (one for one in json.loads(jsonld.render(Account(view), "x")["x"])["@graph"] if "schema:Dataset" in one["@type"])
    assert (node["schema:version"], node["vd:view"]) == (data.version, view.view_name)
    first = vd.load(root, version="0.1.0")
    (node,) = (one for one in json.loads(jsonld.render(Account(first), "x")["x"])["@graph"] if "schema:Dataset" in one["@type"])
    assert node["schema:version"] == "0.1.0"


# Every cell is there -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [name for name in TABLE if name not in WRITTEN_AS_TIES])
def test_every_row_is_a_node_of_its_class(data: vd.Dataset, graph: Graph, table: str) -> None:
    for name in jsonld._CLASSES[table][:1]:
        ((number,),) = texts(ask(graph, f"SELECT (COUNT(DISTINCT ?node) AS ?number) {{ ?node a {name} }}"))
        assert int(number) == len(data.table(table))


@pytest.mark.parametrize(("table", "subject"), [("claim_links", "claims"), ("event_links", "events")])
def test_every_link_is_a_triple(data: vd.Dataset, graph: Graph, table: str, subject: str) -> None:
    relation = "urn:x-venezuela-data:relations:"
    found = ask(
        graph, f'SELECT ?a ?r ?b {{ ?a ?r ?b FILTER(STRSTARTS(STR(?r), "{relation}")) ?a a {jsonld._CLASSES[subject][0]} }}'
    )
    wanted = set()
    for row in data.table(table):
        first, *rest = str(row["relation"]).split("_")
        name = relation + first + "".join(one.capitalize() for one in rest)
        wanted.add((record(subject, str(next(iter(row.values())))), name, record(subject, str(row["object_id"]))))
    assert set(texts(found)) == wanted


def test_what_claims_are_about_are_triples(data: vd.Dataset, graph: Graph) -> None:
    found = set(texts(ask(graph, "SELECT ?claim ?record { ?claim a schema:Claim ; schema:about ?record }")))
    rows = data.table("about")
    assert found == {(record("claims", str(one["claim_id"])), record(str(one["table"]), str(one["record_id"]))) for one in rows}


class Few:
    """A few rows of each table of the data, of which one cell may be another."""

    view_name = ""

    def __init__(self, data: vd.Dataset, tables: dict[str, list[dict[str, Cell]]]) -> None:
        self.version = data.version
        self.tables = list(tables)
        self._data, self._cells = data, tables

    def table(self, name: str) -> Rows:
        rows = self._data.table(name)
        return Rows(name, rows.description, rows.types, self._cells[name], lambda: rows.schema)


def another(value: Cell) -> Cell:
    """Give another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime.date):
        return value + datetime.timedelta(days=1)
    return value + 1 if isinstance(value, int | float) else f"{value}x"


def few_of(data: vd.Dataset) -> dict[str, list[dict[str, Cell]]]:
    """Give of each table, for each column, the first rows that have a value there."""
    tables: dict[str, list[dict[str, Cell]]] = {}
    for name in data.tables:
        if name != "changes":
            rows = data.table(name)
            chosen = [next((at for at, row in enumerate(rows) if row[one] is not None), None) for one in rows.columns]
            tables[name] = [rows[at] for at in sorted({at for at in chosen if at is not None})]
    erroneous = next(row for row in data.table("actor_names") if row["kind"] == "erroneous")
    tables["actor_names"] += [] if erroneous in tables["actor_names"] else [erroneous]
    return tables


@pytest.mark.parametrize("table", [*TABLE, "releases"])
def test_a_cell_that_is_another_makes_another_document(data: vd.Dataset, table: str) -> None:
    tables = few_of(data)
    account = Account(Few(data, tables))
    written = jsonld.render(account, "x")["x"]
    assert not account.losses(jsonld.REASONS)
    for at, row in enumerate(tables[table]):
        for column, value in row.items():
            if value is not None:
                changed = [*tables[table][:at], {**row, column: another(value)}, *tables[table][at + 1 :]]
                assert jsonld.render(Account(Few(data, {**tables, table: changed})), "x")["x"] != written, (table, column)


# Provenance and passages -------------------------------------------------------------------------------------------------


def test_every_chain_has_its_hops_in_order(data: vd.Dataset, graph: Graph) -> None:
    # Without SPARQL: its OPTIONAL takes rdflib minutes here.
    prov, own = rdflib.Namespace(jsonld._PREFIXES["prov"]), rdflib.Namespace(jsonld._PREFIXES["vd"])
    found = [
        tuple(
            "" if one is None else str(one)
            for one in (of, graph.value(hop, own.position), graph.value(hop, prov.agent), graph.value(hop, own.document))
        )
        for of, hop in graph.subject_objects(prov.qualifiedAttribution)
    ]
    wanted = [
        (
            record(str(row["table"]), str(row["record_id"])),
            str(row["position"]),
            record("actors", str(row["actor_id"])) if row["actor_id"] else "",
            record("sources", str(row["document_id"])) if row["document_id"] else "",
        )
        for row in data.table("attributions")
    ]
    assert sorted(found) == sorted(wanted)


def test_a_claim_derives_from_its_document_and_a_statement_is_quoted_from_it(data: vd.Dataset, graph: Graph) -> None:
    for table, name in (("claims", "prov:wasDerivedFrom"), ("statements", "prov:wasQuotedFrom")):
        found = set(texts(ask(graph, f"SELECT ?a ?b {{ ?a a {jsonld._CLASSES[table][0]} ; {name} ?b }}")))
        assert found == {(record(table, str(row["id"])), record("sources", str(row["source_id"]))) for row in data.table(table)}


@pytest.mark.parametrize("table", ["claims", "statements", "errata"])
def test_every_passage_is_an_annotation_with_its_place_and_hash(data: vd.Dataset, graph: Graph, table: str) -> None:
    own, oa = rdflib.Namespace(jsonld._PREFIXES["vd"]), rdflib.Namespace(jsonld._PREFIXES["oa"])
    found = set()
    for annotation, body in graph.subject_objects(oa.hasBody):
        for target in graph.objects(annotation, oa.hasTarget):
            for selector in graph.objects(target, oa.hasSelector):
                if (selector, rdflib.RDF.type, oa.TextPositionSelector) in graph and str(body).startswith(record(table, "")):
                    assert (annotation, rdflib.RDF.type, oa.Annotation) in graph
                    assert (target, rdflib.RDF.type, oa.SpecificResource) in graph
                    place = [graph.value(selector, one) for one in (oa.start, oa.end)]
                    found.add(
                        tuple(map(str, (body, graph.value(target, oa.hasSource), *place, graph.value(target, own.sha256))))
                    )
    wanted = {
        (record(table, str(row["id"])), record("sources", str(row["source_id"])), *(str(row[one]) for one in jsonld._SPAN))
        for row in data.table(table)
    }
    assert found == wanted


def test_only_the_words_of_statements_are_quoted(data: vd.Dataset, graph: Graph) -> None:
    found = ask(
        graph,
        "SELECT ?body ?words { ?annotation oa:hasBody ?body ; oa:hasTarget/oa:hasSelector ?selector . "
        "?selector a oa:TextQuoteSelector ; oa:exact ?words }",
    )
    assert sorted(texts(found)) == sorted((record("statements", one.id), one.text) for one in data.statements)
    assert len(list(graph.triples((None, rdflib.URIRef("http://www.w3.org/ns/oa#exact"), None)))) == len(data.statements)


def test_evidence_leads_from_a_record_to_its_document(data: vd.Dataset, graph: Graph) -> None:
    own, oa = rdflib.Namespace(jsonld._PREFIXES["vd"]), rdflib.Namespace(jsonld._PREFIXES["oa"])
    found = []
    for evidence in graph.subjects(rdflib.RDF.type, own.Evidence):
        target = graph.value(evidence, oa.hasTarget)
        found.append((str(graph.value(evidence, oa.hasBody)), str(graph.value(target, oa.hasSource) or target)))
    rows = data.table("evidence")
    wanted = [(record(str(one["table"]), str(one["record_id"])), record("sources", str(one["source_id"]))) for one in rows]
    assert Counter(found) == Counter(wanted)


def test_a_translated_document_derives_from_an_original_in_the_other_language(data: vd.Dataset, graph: Graph) -> None:
    prov, schema = rdflib.Namespace(jsonld._PREFIXES["prov"]), rdflib.Namespace(SCHEMA)
    documents = [rdflib.URIRef(record("sources", one.id)) for one in data.sources]
    originals = {one: graph.value(one, prov.wasDerivedFrom) for one in documents}
    found = {(str(one), str(graph.value(original, schema.inLanguage))) for one, original in originals.items() if original}
    assert all((original, rdflib.RDF.type, prov.Entity) in graph for original in originals.values() if original)
    wanted = {(record("sources", one.id), one.translated_from) for one in data.sources if one.translated_from}
    assert wanted
    assert found == wanted


def test_uncertain_dates_are_typed_as_edtf_and_their_bounds_as_days(data: vd.Dataset, graph: Graph) -> None:
    dates = {str(one.id): one for one in data.events if one.date is not None}
    for name, datatype, field in (
        ("vd:date", jsonld.EDTF, "date"),
        ("vd:dateEarliest", str(rdflib.XSD.date), "date_earliest"),
        ("vd:dateLatest", str(rdflib.XSD.date), "date_latest"),
    ):
        found = ask(graph, f"SELECT ?event ?date (DATATYPE(?date) AS ?type) {{ ?event a vd:Event ; {name} ?date }}")
        wanted = {
            (record("events", one), cell_text(getattr(event, field)), datatype)
            for one, event in dates.items()
            if getattr(event, field) is not None
        }
        assert set(texts(found)) == wanted


# Nothing contested is said as ours ---------------------------------------------------------------------------------------


def test_no_triple_says_of_an_actor_more_than_its_own_row_and_names(graph: Graph) -> None:
    """Who did what, holds which office or is designated is said by nodes with their documents, never of the actor itself."""
    found = ask(graph, "SELECT DISTINCT ?property { ?actor a vd:Actor ; ?property ?value }")
    own = {f"{VD}{one}" for one in ("kind", "country", "extent", "existence", "wikidata", "status")}
    general = {f"{SCHEMA}{one}" for one in ("name", "alternateName", "description", "sameAs")}
    assert {one for (one,) in texts(found)} <= {*own, *general, str(rdflib.RDF.type)}


def test_no_triple_has_what_a_claim_says(data: vd.Dataset, graph: Graph) -> None:
    """The words of a claim are on the claim alone."""
    told: dict[str, set[str]] = {}
    for subject, value in graph.subject_objects(rdflib.URIRef(f"{SCHEMA}text")):
        told.setdefault(str(value), set()).add(str(subject))
    for claim in data.claims:
        assert told[claim.text] <= {record("claims", one.id) for one in data.claims if one.text == claim.text}


def test_an_actor_of_disputed_existence_has_no_class_that_settles_what_it_is(data: vd.Dataset, graph: Graph) -> None:
    disputed = {one.id for one in data.actors if one.existence != "established"}
    assert "cartel-de-los-soles" in disputed
    for one in disputed:
        classes = {str(found) for found in graph.objects(rdflib.URIRef(record("actors", one)), rdflib.RDF.type)}
        assert classes == {f"{VD}Actor"}


def test_only_what_is_told_as_having_occurred_is_an_event_of_schema_org(data: vd.Dataset, graph: Graph) -> None:
    found = {one for (one,) in texts(ask(graph, "SELECT ?event { ?event a schema:Event }"))}
    assert found == {record("events", one.id) for one in data.events if one.actuality == "occurred"}
    assert 0 < len(found) < len(data.events)


def test_an_erroneous_name_stands_on_its_erratum_and_is_no_name_of_anybody(data: vd.Dataset, graph: Graph) -> None:
    wrong = [row for row in data.table("actor_names") if row["kind"] == "erroneous"]
    assert wrong
    found = ask(graph, "SELECT ?erratum ?name { ?erratum a vd:Erratum ; vd:erroneousName ?name }")
    assert set(texts(found)) == {(record("errata", str(one["erratum_id"])), str(one["name"])) for one in wrong}
    right = {str(row["name"]) for row in data.table("actor_names") if row["kind"] != "erroneous"}
    for name in {str(one["name"]) for one in wrong} - right:
        at = {str(predicate) for _, predicate, value in graph if isinstance(value, rdflib.Literal) and str(value) == name}
        assert at <= {f"{VD}{one}" for one in ("erroneousName", "asWritten")}


def test_a_name_with_an_erratum_is_no_alternate_name(data: vd.Dataset, graph: Graph) -> None:
    found = set(texts(ask(graph, "SELECT ?actor ?name { ?actor a vd:Actor ; schema:alternateName ?name }")))
    wanted = {
        (record("actors", actor.id), one.name)
        for actor in data.actors
        for one in actor.names
        if one.erratum_id is None and one.kind in ("preferred", "alias", "former", "acronym") and one.name != actor.name
    }
    assert found == wanted


def test_an_anonymous_source_is_no_person(data: vd.Dataset, graph: Graph) -> None:
    people: Any = texts(ask(graph, "SELECT ?who { ?who a schema:Person }"))
    assert {one for (one,) in people} == {record("actors", one.id) for one in data.actors if one.kind == "person"}
