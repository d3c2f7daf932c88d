"""FollowTheMoney: people, bodies, events, sanctions and documents as entities, one JSON object on each line, sorted by id.

Controlled terms decide the schema, by the counterpart in FollowTheMoney that the vocabularies give them; the others stand as
keywords, `column:term`. A claim is a note that says who asserts it and where, never a property of a person. An unnamed
source, a collective and whoever is only described become no entity, and a name with an erratum stands nowhere. Nothing here
needs the library. May import `dates` and `tables`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from ..tables import cell_text
from .losses import Account, Row

_PLAIN_DATE = re.compile("[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")

_UNCERTAIN = "FollowTheMoney has no date that is uncertain, a set, or open at one end"
_BOUNDED = f"{_UNCERTAIN}; the days between which it lies stand in startDate and endDate"
_SPAN = "FollowTheMoney has no place inside the text of a document"
_ISSUER = "the name of the issuer stands there; FollowTheMoney does not refer to one"
_SPEAKER = "the name of who speaks stands in the text of the note, which does not refer to them"
_SHOWN = "the name is the one under which the actor is shown, and stands there as such, whatever kind of name it is"
_NO_BOUND = "FollowTheMoney has no bound of the day on which a document was published"
_TERMS = "FollowTheMoney has terms of its own, and the definitions of ours are no part of it"
_NO_ENTITY = (
    "FollowTheMoney compares names between data sets, and an unnamed source, a collective or one who is only described has "
    "none, so that they are no entity"
)
_STAGES = (
    "a sanction of FollowTheMoney has a day of listing, of start and of end, none of them uncertain, and no other stage; "
    "start and end are taken from the designation"
)

REASONS: Mapping[str, str] = {
    "actors.*": _NO_ENTITY,
    "actor_names.*": "FollowTheMoney compares names between data sets; a description, a name with an erratum, and that of "
    "an actor who is no entity must match nobody",
    "actors.wikidata": "it is computed from the identifiers of the actor, which stand there",
    "actor_names.language": "FollowTheMoney has no language of a name",
    "actor_names.source_id": "FollowTheMoney has the document of a name only where it is as that document prints it",
    "actor_identifiers.*": "FollowTheMoney has no property for a number of this register, for that of a broader or narrower "
    "thing, or for that of an actor who is no entity",
    "actor_identifiers.checked_on": "FollowTheMoney has no day on which an identifier was looked up",
    "actor_identifiers.basis": "FollowTheMoney has no property for where an identifier was seen",
    "actor_roles.*": "an occupancy of FollowTheMoney is held by a person who is an entity",
    "actor_roles.since": _UNCERTAIN,
    "actor_roles.until": _UNCERTAIN,
    "event_participants.*": _NO_ENTITY,
    "designations.*": _NO_ENTITY,
    "designations.announced": "FollowTheMoney has no day on which a sanction was announced",
    "designations.signed": "FollowTheMoney has no day on which a sanction was signed",
    "designations.published": "FollowTheMoney has no day on which a sanction was published",
    "designations.effective": _UNCERTAIN,
    "designations.ended": _UNCERTAIN,
    "designation_history.*": _STAGES,
    "designation_history.position": "FollowTheMoney has no order of stages",
    "designation_history.instrument_id": "FollowTheMoney has no property for the legal act behind a sanction",
    "designation_history.source_id": "FollowTheMoney has the documents behind a sanction together, not one for each stage",
    "programs": "FollowTheMoney has of a program its id and name alone, in the sanctions under it",
    "instruments.signed": _UNCERTAIN,
    "instruments.published": _UNCERTAIN,
    "instruments.effective": "FollowTheMoney has no day on which a document took effect",
    "sources.publisher_id": "FollowTheMoney names the publisher of a document, and does not refer to it",
    "sources.published": _UNCERTAIN,
    "sources.published_earliest": _NO_BOUND,
    "sources.published_latest": _NO_BOUND,
    "sources.rights": "FollowTheMoney has no property for the rights in a document",
    "sources.text_sha256": "FollowTheMoney has the checksum of a file (SHA-1), not that of a text",
    "sources.text_length": "FollowTheMoney has no length of a text",
    "source_paragraphs.*": _SPAN,
    "source_citations.basis": "FollowTheMoney does not tell what is explicit from what is inferred",
    "attributions.*": "FollowTheMoney has no property for who says so at second hand; of a chain, a note names its "
    "document and the last who speaks",
    "evidence.*": "FollowTheMoney documents things, and this record is none there",
    "evidence.claim_id": "FollowTheMoney ties a document to an entity, and no third record to both",
    "evidence.field": "FollowTheMoney has the documents behind a sanction together, not one for each property",
    "statements.addressee_id": "a note of FollowTheMoney has nobody to whom it is addressed",
    "statements.date": "a note of FollowTheMoney has no date",
    "statements.date_earliest": "a note of FollowTheMoney has no date",
    "statements.date_latest": "a note of FollowTheMoney has no date",
    "claims.statement_id": "a note of FollowTheMoney does not refer to another",
    "about.*": "a note that hangs on a person or body would read as a remark of ours about them; on a sanction none can hang",
    "errata.*": "FollowTheMoney has no place in a text for what is wrong there, and wrong names would be found and matched",
    "assessments.*": "FollowTheMoney has no stance of a document on another; the number of origins on each side stands there",
    "vocabularies.*": _TERMS,
    "vocabulary_schemes.*": _TERMS,
    "*.start": _SPAN,
    "*.end": _SPAN,
    "*.sha256": _SPAN,
    "designations.status": "FollowTheMoney has one status of a sanction, and the legal one stands there",
    **dict.fromkeys(("redirects", "tombstones", "releases", "changes"), "FollowTheMoney has no history of a data set"),
    **dict.fromkeys(
        (f"claims.quantity_{part}" for part in ("value", "high", "comparator", "unit", "of", "verbal")),
        "FollowTheMoney has no number with comparator and unit; the text of the note says it in words",
    ),
    **dict.fromkeys(
        "*.* *.source_id *.cited_id *.object_id *.organization_id *.place_id *.part_of *.event_id *.actor_id".split(),
        "a record to which it refers is not among the entities",
    ),
}
"""Why FollowTheMoney cannot carry a cell."""

_LANGUAGES = dict(
    zip(
        "ar de en es fa fr he it ja ko nl pl pt ru tr uk zh".split(),
        "ara deu eng spa fas fra heb ita jpn kor nld pol por rus tur ukr zho".split(),
        strict=True,
    )
)
"""Languages by their codes of two letters, as FollowTheMoney writes them (ISO 639-3)."""

_NAME_PROPERTY = {"preferred": "name", "alias": "alias", "former": "previousName", "acronym": "abbreviation"}
"""The property for a kind of name. A descriptor and an erroneous name have none, by intention."""

_REGISTER_OF = {"ofac_sdn_uid": "us-treasury-ofac"}
"""The authority that gives the numbers of a register to what it sanctions: there they stand, in `authorityId`."""


def render(account: Account, name: str) -> dict[str, bytes]:
    """Make the entities, one on each line, in the order of their ids.

    Args:
        account: all cells; those that are written are taken from it.
        name: the name of the file.
    """
    return {name: "".join(f"{line}\n" for line in _Entities(account).lines()).encode()}


def entity_id(table: str, record_id: str) -> str:
    """Give the id of the entity that a record becomes: `vd-events-trump-maduro-call`. It stays while the record's id does."""
    return f"vd-{table}-{record_id}".replace("_", "-").replace("/", "-")


def _part_id(table: str, *key: str) -> str:
    """Give the id of an entity made of a part of a record: it is as stable as the key of the part."""
    digest = hashlib.sha256("\n".join(key[1:]).encode()).hexdigest()
    return f"{entity_id(table, key[0])}-{digest[:12]}"


class _Entities:
    """The entities that an account makes, by their ids."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._made: dict[str, tuple[str, dict[str, set[str]]]] = {}
        self._counterpart = {
            (cell_text(row.peek("scheme")), cell_text(row.peek("term"))): cell_text(row.peek("ftm"))
            for row in account.rows("vocabularies")
        }
        """What FollowTheMoney has for a term, such as `Person` or `Event:involved`; empty where it has nothing."""
        self._sanctions: dict[tuple[str, str], list[str]] = {}
        """The sanctions by authority and target."""
        for make in (
            *(self._sources, self._actors, self._names, self._roles, self._places, self._events, self._participants),
            *(self._instruments, self._designations, self._identifiers, self._statements, self._claims, self._evidence),
        ):
            make()

    def lines(self) -> list[str]:
        """Give the entities as JSON, in the order of their ids."""
        return [
            json.dumps(
                {"id": key, "schema": schema, "properties": {name: sorted(found) for name, found in sorted(values.items())}},
                ensure_ascii=False,
            )
            for key, (schema, values) in sorted(self._made.items())
        ]

    # What all have in common ---------------------------------------------------------------------------------------------

    def _make(self, schema: str, key: str) -> str:
        self._made[key] = (schema, {})
        return key

    def _put(self, key: str, name: str, value: str) -> None:
        if value:
            self._made[key][1].setdefault(name, set()).add(value)

    def _schema(self, table: str, record_id: str) -> str:
        """Give the schema of the entity that a record has become; empty if it is none."""
        return self._made.get(entity_id(table, record_id), ("", {}))[0]

    def _take(self, key: str, row: Row, properties: Mapping[str, str]) -> None:
        """Write cells as they are, each under the property that is given for its column."""
        for column, name in properties.items():
            self._put(key, name, row.text(column))

    def _tag(self, key: str, row: Row, columns: str) -> None:
        """Write terms as keywords, from which a reader can have column and term back."""
        for column in columns.split():
            if row.peek(column) is not None:
                self._put(key, "keywords", f"{column}:{row.text(column)}")

    def _take_date(self, key: str, row: Row, column: str, name: str) -> bool:
        """Write a date if FollowTheMoney can say it: a year, a month or a day, with no doubt about it."""
        if not _PLAIN_DATE.fullmatch(cell_text(row.peek(column))):
            return False
        self._put(key, name, row.text(column))
        return True

    def _refer(self, key: str, row: Row, column: str, name: str, table: str) -> None:
        """Write a reference to a record that is an entity; to another it stays out."""
        if row.peek(column) is not None and self._schema(table, cell_text(row.peek(column))):
            self._put(key, name, entity_id(table, row.text(column)))

    def _link(self, row: Row, subject: tuple[str, str], other: tuple[str, str], role: str) -> None:
        """Write a row that ties two records as a link between their entities; each is given as table and column.

        Where one of them is no entity the row stays out. `role` is the column that says how they are tied, or the word itself.
        """
        ends = [(table, cell_text(row.peek(column))) for table, column in (subject, other)]
        if all(self._schema(*end) for end in ends):
            how = row.text(role) if role in ("role", "relation") else role
            key = self._make("UnknownLink", _part_id(row.table, ends[0][1], ends[1][1], how))
            self._refer(key, row, subject[1], "subject", subject[0])
            self._refer(key, row, other[1], "object", other[0])
            self._put(key, "role", how)

    def _cell(self, table: str, record_id: str, column: str) -> str:
        """Look up a cell of another record that a reader needs beside a reference; empty where it has none."""
        return next((cell_text(row.peek(column)) for row in self.account.of(table, record_id)), "")

    def _document(self, row: Row) -> str:
        """Name the document that makes a record, for a reader."""
        source = cell_text(row.peek("source_id"))
        return f"“{self._cell('sources', source, 'title')}” ({self._cell('sources', source, 'publisher')})"

    # Documents -----------------------------------------------------------------------------------------------------------

    def _sources(self) -> None:
        for row in self.account.rows("sources"):
            kind = cell_text(row.peek("kind"))
            key = self._make(self._counterpart.get(("source_kind", kind)) or "Document", entity_id("sources", row.text("id")))
            if self._made[key][0] == "Document":
                self._put(key, "fileName", row.text("title"))  # the schema requires one, and calls the document by it
            properties = {"title": "title", "publisher": "publisher", "author": "author", "url": "sourceUrl", "note": "notes"}
            self._take(key, row, properties)
            self._tag(key, row, "kind language translated_from access status")
            self._put(key, "language", _LANGUAGES.get(cell_text(row.peek("language")).partition("-")[0], ""))
            self._take_date(key, row, "published", "publishedAt")
            earliest, latest = row.peek("published_earliest"), row.peek("published_latest")
            if earliest is not None and earliest == latest:
                self._take(key, row, {"published_earliest": "date", "published_latest": "date"})
        for row in self.account.rows("source_citations"):
            self._link(row, ("sources", "source_id"), ("sources", "cited_id"), "cites")

    def _instruments(self) -> None:
        for row in self.account.rows("instruments"):
            key = self._make("Document", entity_id("instruments", row.text("id")))
            self._put(key, "fileName", row.text("title"))
            self._take(key, row, {"title": "title", "citation": "alias", "url": "sourceUrl", "note": "notes"})
            self._tag(key, row, "kind status")
            self._take_date(key, row, "signed", "authoredAt")
            self._take_date(key, row, "published", "publishedAt")
            if row.peek("issuer_id") is not None:
                self._put(key, "author", self._cell("actors", cell_text(row.narrow("issuer_id", _ISSUER)), "name"))

    def _evidence(self) -> None:
        for row in self.account.rows("evidence"):
            table, record_id = cell_text(row.peek("table")), cell_text(row.peek("record_id"))
            schema = self._schema(table, record_id)
            if schema == "Sanction":  # Documentation is of things, and a sanction is an interval
                source = [
                    cell_text(row.narrow(name, REASONS["evidence.field"])) for name in ("table", "record_id", "source_id")
                ]
                self._put(entity_id(table, record_id), "proof", entity_id("sources", source[-1]))
            elif schema and self._schema("sources", cell_text(row.peek("source_id"))):
                cells = ("field", "source_id", "claim_id", "start", "end")
                parts = (table, *(cell_text(row.peek(name)) for name in cells))
                key = self._make("Documentation", _part_id("evidence", record_id, *parts))
                self._put(key, "entity", entity_id(row.text("table"), row.text("record_id")))
                self._refer(key, row, "source_id", "document", "sources")
                self._take(key, row, {"field": "role"})

    # Actors --------------------------------------------------------------------------------------------------------------

    def _actors(self) -> None:
        for row in self.account.rows("actors"):
            schema = self._counterpart.get(("actor_kind", cell_text(row.peek("kind"))))
            names = [cell_text(one.peek("kind")) for one in self.account.of("actor_names", row.owner)]
            if not schema or (names and {"descriptor", "erroneous"}.issuperset(names)):
                continue
            key = self._make(schema, entity_id("actors", row.text("id")))
            self._take(key, row, {"name": "name", "description": "description"})
            self._put(key, "country", row.text("country").lower())
            self._tag(key, row, "kind extent existence status")

    def _names(self) -> None:
        for row in self.account.rows("actor_names"):
            actor, kind = cell_text(row.peek("actor_id")), cell_text(row.peek("kind"))
            if row.peek("erratum_id") is not None or not self._schema("actors", actor):
                continue
            if kind == "as_written":
                parts = [cell_text(row.peek(name)) for name in ("name", "language", "source_id")]
                key = self._make("Mention", _part_id("actor_names", actor, *parts))
                self._take(key, row, {"name": "name"})
                self._refer(key, row, "source_id", "document", "sources")
                self._refer(key, row, "actor_id", "resolved", "actors")
                row.take("kind")
            elif kind in _NAME_PROPERTY:
                self._take(entity_id("actors", actor), row, {"name": _NAME_PROPERTY[kind]})
                if row.peek("name") == self._cell("actors", actor, "name"):
                    for column in ("kind", "actor_id"):
                        row.narrow(column, _SHOWN)
                else:
                    row.take("kind")
                    row.take("actor_id")

    def _identifiers(self) -> None:
        for row in self.account.rows("actor_identifiers"):
            actor, scheme = cell_text(row.peek("actor_id")), cell_text(row.peek("scheme"))
            if row.peek("match") != "exact" or not self._schema("actors", actor):
                continue
            if self._counterpart.get(("identifier_scheme", scheme)) == "Thing:wikidataId":
                name, entities = "wikidataId", [entity_id("actors", actor)]
            else:
                name, entities = "authorityId", self._sanctions.get((_REGISTER_OF.get(scheme, ""), actor), [])
            for key in entities:
                self._put(key, name, row.text("value"))
                for column in ("actor_id", "scheme", "match"):
                    row.take(column)

    def _roles(self) -> None:
        for row in self.account.rows("actor_roles"):
            actor, organization = cell_text(row.peek("actor_id")), cell_text(row.peek("organization_id"))
            if self._schema("actors", actor) != "Person":
                continue
            post = self._make("Position", _part_id("offices", organization or "none", row.text("office")))
            self._put(post, "name", row.text("office"))
            if self._schema("actors", organization) in ("Organization", "PublicBody"):
                self._refer(post, row, "organization_id", "organization", "actors")
            elif organization:
                reason = "a position of FollowTheMoney is in an organization; of a state it has the country alone"
                row.narrow("organization_id", reason)
                self._put(post, "country", self._cell("actors", organization, "country").lower())
            parts = [cell_text(row.peek(name)) for name in ("office", "organization_id", "since", "source_id")]
            key = self._make("Occupancy", _part_id("actor_roles", actor, *parts))
            self._refer(key, row, "actor_id", "holder", "actors")
            self._put(key, "post", post)
            self._refer(key, row, "source_id", "proof", "sources")
            self._take_date(key, row, "since", "startDate")
            self._take_date(key, row, "until", "endDate")

    # Events and law ------------------------------------------------------------------------------------------------------

    def _places(self) -> None:
        for row in self.account.rows("places"):
            key = self._make("Address", entity_id("places", row.text("id")))
            properties = {"name": "full", "latitude": "latitude", "longitude": "longitude"}
            self._take(key, row, {**properties, "wikidata": "wikidataId", "basis": "notes"})
            self._put(key, "country", row.text("country").lower())
            self._tag(key, row, "kind geonames status")
            if row.peek("uncertainty_m") is not None:
                self._put(key, "remarks", f"The place lies within {row.text('uncertainty_m')} m of the point.")

    def _events(self) -> None:
        for row in self.account.rows("events"):
            key = self._make("Event", entity_id("events", row.text("id")))
            actuality = cell_text(row.peek("actuality"))
            # A list shows the name alone, and a threat must not look like an attack in it.
            self._put(key, "name", row.text("title") + ("" if actuality == "occurred" else f" ({actuality})"))
            self._take(key, row, {"description": "description", "date_earliest": "startDate", "date_latest": "endDate"})
            self._tag(key, row, "kind actuality date_basis plover_event status")
            if row.peek("date") is not None and not self._take_date(key, row, "date", "date"):
                row.narrow("date", _BOUNDED)
            self._refer(key, row, "place_id", "addressEntity", "places")
        for row in self.account.rows("events"):
            if row.peek("part_of") is not None:
                self._link(row, ("events", "id"), ("events", "part_of"), "part_of")
        for row in self.account.rows("event_links"):
            self._link(row, ("events", "event_id"), ("events", "object_id"), "relation")

    def _participants(self) -> None:
        for row in self.account.rows("event_participants"):
            schema, _, name = self._counterpart.get(("role", cell_text(row.peek("role"))), "").partition(":")
            event = entity_id("events", cell_text(row.peek("event_id")))
            if schema == "Event" and event in self._made and self._schema("actors", cell_text(row.peek("actor_id"))):
                self._refer(event, row, "actor_id", name, "actors")
                row.take("event_id")
                row.take("role")
            else:
                self._link(row, ("actors", "actor_id"), ("events", "event_id"), "role")

    def _designations(self) -> None:
        programs = {row.owner: row for row in self.account.rows("programs")}
        for row in self.account.rows("designations"):
            target, authority = cell_text(row.peek("target_id")), cell_text(row.peek("authority_id"))
            if not self._schema("actors", target):
                continue
            key = self._make("Sanction", entity_id("designations", row.text("id")))
            self._sanctions.setdefault((authority, target), []).append(key)
            self._refer(key, row, "target_id", "entity", "actors")
            self._put(key, "authority", self._cell("actors", cell_text(row.narrow("authority_id", _ISSUER)), "name"))
            self._take(key, row, {"program_id": "programId", "legal_status": "status", "description": "description"})
            if (program := programs.get(cell_text(row.peek("program_id")))) is not None:
                program.take("id")
                self._put(key, "program", program.text("title"))
            self._take_date(key, row, "effective", "startDate")
            self._take_date(key, row, "ended", "endDate")
        for row in self.account.rows("designation_history"):
            key = entity_id("designations", cell_text(row.peek("designation_id")))
            listed = self._counterpart.get(("stage", cell_text(row.peek("stage")))) == "Sanction:listingDate"
            if listed and key in self._made and self._take_date(key, row, "date", "listingDate"):
                row.take("designation_id")
                row.take("stage")

    # What documents say --------------------------------------------------------------------------------------------------

    def _statements(self) -> None:
        for row in self.account.rows("statements"):
            key = self._make("Note", entity_id("statements", row.text("id")))
            self._put(
                key, "description", f"Words that {self._document(row)} {self._by(row, 'speaker_id')}: “{row.text('text')}”"
            )
            self._take(key, row, {"note": "notes"})
            self._tag(key, row, "language function fidelity status")
            self._refer(key, row, "source_id", "proof", "sources")
            self._refer(key, row, "event_id", "entity", "events")

    def _claims(self) -> None:
        for row in self.account.rows("claims"):
            key = self._make("Note", entity_id("claims", row.text("id")))
            said = f"Assertion that {self._document(row)} {self._by(row, 'claimant_id')}: {row.text('text')}"
            self._put(key, "description", said)
            self._tag(key, row, "kind polarity certainty actuality origins_supporting origins_contradicting standing status")
            self._refer(key, row, "source_id", "proof", "sources")
        for row in self.account.rows("claim_links"):
            self._link(row, ("claims", "claim_id"), ("claims", "object_id"), "relation")
        for row in self.account.rows("about"):
            table, record_id = cell_text(row.peek("table")), cell_text(row.peek("record_id"))
            key = entity_id("claims", cell_text(row.peek("claim_id")))
            if table in ("events", "places", "sources", "instruments") and self._schema(table, record_id) and key in self._made:
                self._put(key, "entity", entity_id(row.text("table"), row.text("record_id")))
                row.take("claim_id")

    def _by(self, row: Row, column: str) -> str:
        """Say to whom a document gives what it passes on; the name stands in the text, and nothing refers to its bearer."""
        if row.peek(column) is None:
            return "attributes to nobody"
        return f"attributes to {self._cell('actors', cell_text(row.narrow(column, _SPEAKER)), 'name')}"
