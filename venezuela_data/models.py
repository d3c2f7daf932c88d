"""What a record is: one Pydantic model for each kind of record that people write.

The docstrings and field descriptions are published text: they become the JSON Schemas, the Table Schemas and the data
dictionary, so they are written for the reader of a CSV. A model checks what can be seen in one field alone; whatever takes
two fields or two records is a rule (see `rules`). Values are never repaired or converted. May import `dates` and `values`.
"""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, computed_field

from .dates import Edtf
from .values import (
    GEONAMES_PATTERN,
    MAX_OFFSET,
    SHA256_PATTERN,
    WIKIDATA_PATTERN,
    AnyId,
    AssessmentId,
    ClaimId,
    Country,
    Day,
    ErratumId,
    Form,
    Label,
    Language,
    Name,
    Number,
    Offset,
    Ordered,
    Quotation,
    Refers,
    Sha256,
    Slug,
    StatementId,
    TermOf,
    Text,
    Unordered,
    Url,
)


class Part(BaseModel):
    """What every record and every part of one has in common: nothing unknown, nothing converted, nothing changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=False)


class Record(Part):
    """What every record has in common: an id that is never used again, and a status."""

    id: AnyId
    status: Annotated[str, TermOf("record_status")] = Field(
        default="active", description="Where the record stands in its life: active, or taken out of use and how."
    )


# Evidence and attribution ------------------------------------------------------------------------------------------------


# A span is a run of words of a document whose text was read, kept without the words.

Start = Annotated[
    int,
    Field(ge=0, le=MAX_OFFSET, description="First character of the words: code points from the start of the text."),
]
End = Annotated[int, Field(ge=0, le=MAX_OFFSET, description="First character after the words, counted in the same way.")]
SpanHash = Annotated[
    str,
    Form(SHA256_PATTERN, 64),
    Field(description="SHA-256 of text_sha256:start:end:words as UTF-8: whoever has the text can verify words and place."),
]


class Evidence(Part):
    """What in which document carries a record, or one cell of it."""

    source_id: Annotated[Slug, Refers("sources")] = Field(description="The document.")
    field: Name | None = Field(
        default=None,
        description="The field of the record that this carries; empty where it carries the record as such.",
    )
    claim_id: Annotated[ClaimId, Refers("claims")] | None = Field(
        default=None, description="The claim of the document in which the words lie, where it is recorded."
    )
    start: Offset | None = Field(
        default=None, description="First character of the words; empty where the document's text is not held."
    )
    end: Offset | None = Field(default=None, description="First character after the words.")
    sha256: Sha256 | None = Field(default=None, description="SHA-256 of text_sha256:start:end:words as UTF-8.")


class Hop(Part):
    """One hop of a chain of attribution: from the document (the first hop) to the one who speaks (the last)."""

    voice: Annotated[str, TermOf("voice")] = Field(
        description="How the hop is identified: by name, as an anonymous source, as a collective, or impersonally."
    )
    actor_id: Annotated[Slug, Refers("actors")] | None = Field(
        default=None, description="Who speaks or relays at this hop; empty for an impersonal voice ('it is reported')."
    )
    document_id: Annotated[Slug, Refers("sources")] | None = Field(
        default=None, description="The document in which the hop speaks, where it is one."
    )
    basis: Annotated[str, TermOf("attribution_basis")] = Field(
        description="Whether the document names this hop at that very spot, or it is inferred."
    )


# Documents ---------------------------------------------------------------------------------------------------------------


class Paragraph(Part):
    """A paragraph of a document whose text was read."""

    n: Annotated[int, Field(ge=1, le=100_000)] = Field(description="Number of the paragraph, from 1.")
    start: Start
    end: End
    sha256: SpanHash
    covered: Offset | None = Field(
        default=None, description="How many of its characters claims carry, at least; empty where no level is held."
    )


class Citation(Part):
    """Another document that a document cites."""

    cited_id: Annotated[Slug, Refers("sources")] = Field(description="The document that is cited.")
    basis: Annotated[str, TermOf("attribution_basis")] = Field(
        description="Whether the citing document names it, or it is inferred."
    )


class Source(Record):
    """A document: an article, a law, a notice, a reference work.

    Its text belongs to its publisher and is not here. Where the text was read (`access` is `held`) its fingerprint is, so
    that whoever has the text can verify every span.
    """

    id: Slug = Field(description="Id of the document.")
    kind: Annotated[str, TermOf("source_kind")] = Field(description="What kind of document it is.")
    title: Label = Field(description="Its title; where the title was not seen, what it is, with that said in brackets.")
    publisher: Label = Field(description="Who published it, with the carrier where a copy or relay was read.")
    publisher_id: Annotated[Slug, Refers("actors")] | None = Field(
        default=None, description="The publisher as an actor, where it is one here."
    )
    author: Label | None = Field(default=None, description="Its author, as the document gives the name.")
    published: Edtf | None = Field(default=None, description="When it was published (EDTF); empty where no date was seen.")
    url: Url | None = Field(default=None, description="The address at which it was read, or which it gives for itself.")
    language: Language = Field(description="The language in which it was read (BCP 47).")
    translated_from: Language | None = Field(
        default=None, description="The language from which what was read had been translated (BCP 47)."
    )
    access: Annotated[str, TermOf("access")] = Field(
        description="How well it is known: its text was read and fingerprinted, it was consulted, or others cite it."
    )
    rights: Label = Field(description="Who holds the rights, and what may be done with the text.")
    text_sha256: Sha256 | None = Field(default=None, description="SHA-256 of the text as read, as UTF-8.")
    text_length: Offset | None = Field(default=None, description="Length of the text as read, in Unicode code points.")
    note: Text | None = Field(default=None, description="What else a reader should know about the document.")
    cites: Unordered[Citation] = Field(default=(), description="The documents that it cites.")
    paragraphs: Ordered[Paragraph] = Field(default=(), description="Its paragraphs, where its text was read.")
    evidence: Unordered[Evidence] = Field(
        default=(), description="Where other documents name it, for a document that is known only so."
    )

    @computed_field(description="First day on which it can have been published.")  # type: ignore[prop-decorator]
    @property
    def published_earliest(self) -> datetime.date | None:
        return self.published.earliest if self.published is not None else None

    @computed_field(description="Last day on which it can have been published.")  # type: ignore[prop-decorator]
    @property
    def published_latest(self) -> datetime.date | None:
        return self.published.latest if self.published is not None else None


class OfSource(Record):
    """What every record that one document makes has in common: its id begins with the id of the document."""

    @computed_field(description="The document.", json_schema_extra={"x-refers": "sources"})  # type: ignore[prop-decorator]
    @property
    def source_id(self) -> str:
        return self.id.partition("/")[0]


class Statement(OfSource):
    """Words in quotation marks, as one document prints them.

    The words are the document's. Where they went through translations they are not what the speaker said word for word;
    `fidelity` says so.
    """

    id: StatementId = Field(description="Id of the statement: the document's id, then s and a number.")
    text: Quotation = Field(description="The words inside the quotation marks, exactly as the document prints them.")
    language: Language = Field(description="The language in which the document prints them (BCP 47).")
    function: Annotated[str, TermOf("statement_function")] = Field(
        description="What the quotation marks are for: speech, a fragment of it, distance, a term, or a title."
    )
    fidelity: Annotated[str, TermOf("fidelity")] = Field(
        description="How close the printed words are to what was said or written."
    )
    date: Edtf | None = Field(default=None, description="When it was said or written (EDTF), where a document tells.")
    addressee_id: Annotated[Slug, Refers("actors")] | None = Field(default=None, description="To whom it was said.")
    event_id: Annotated[Slug, Refers("events")] | None = Field(
        default=None, description="The event in which it was said, or that it is about where it was said in none."
    )
    note: Text | None = Field(default=None, description="What a reader should know about these words.")
    attribution: Ordered[Hop] = Field(
        min_length=1, description="The chain of who says so: the document first, the one who speaks last."
    )
    start: Start
    end: End
    sha256: SpanHash

    @computed_field(  # type: ignore[prop-decorator]
        description="Who speaks, at the end of the chain; empty for an impersonal voice.",
        json_schema_extra={"x-refers": "actors"},
    )
    @property
    def speaker_id(self) -> str | None:
        return self.attribution[-1].actor_id

    @computed_field(description="First day on which it can have been said.")  # type: ignore[prop-decorator]
    @property
    def date_earliest(self) -> datetime.date | None:
        return self.date.earliest if self.date is not None else None

    @computed_field(description="Last day on which it can have been said.")  # type: ignore[prop-decorator]
    @property
    def date_latest(self) -> datetime.date | None:
        return self.date.latest if self.date is not None else None


class Quantity(Part):
    """A number that a document gives, or words that stand for one."""

    value: Number | None = Field(default=None, description="The number; the lower one of a range.")
    high: Number | None = Field(default=None, description="The higher number of a range.")
    comparator: Annotated[str, TermOf("comparator")] | None = Field(
        default=None,
        description="How the true number lies to the value: lt, le, ge, gt, or approximate; empty if equal.",
    )
    unit: Label | None = Field(default=None, description="What one of it is, such as person, vessel, % or year.")
    of: Label | None = Field(default=None, description="What is counted, or what a percentage is taken of.")
    verbal: Label | None = Field(default=None, description="The words for it, where they give no number, or no exact one.")


class About(Part):
    """A record that a claim is about."""

    table: Name = Field(description="The table in which the record is.")
    record_id: AnyId = Field(description="The record.")


class ClaimLink(Part):
    """How a claim relates to another."""

    relation: Annotated[str, TermOf("claim_relation")] = Field(description="How the claim relates to the other one.")
    object_id: Annotated[ClaimId, Refers("claims")] = Field(description="The other claim.")


class Claim(OfSource):
    """One atomic assertion of one document, in our own words. That it is recorded does not say that it is so."""

    id: ClaimId = Field(description="Id of the claim: the document's id, then c and a number.")
    text: Text = Field(description="The assertion in our own words, a negation included, without who makes it.")
    kind: Annotated[str, TermOf("claim_kind")] = Field(description="What kind of assertion it is.")
    polarity: Annotated[str, TermOf("polarity")] = Field(
        description="Whether it says that something is so (affirmed), or that something is not so (denied)."
    )
    certainty: Annotated[str, TermOf("certainty")] = Field(
        description="How surely the one who speaks puts it; it is not our judgement."
    )
    actuality: Annotated[str, TermOf("actuality")] = Field(
        description="Whether what is asserted is said to have happened, to be threatened, offered, demanded and so on."
    )
    statement_id: Annotated[StatementId, Refers("statements")] | None = Field(
        default=None, description="The statement in whose words the assertion lies."
    )
    quantity: Quantity | None = Field(default=None, description="The number in it, where there is one.")
    about: Unordered[About] = Field(default=(), description="The records that it is about.")
    links: Unordered[ClaimLink] = Field(default=(), description="How it relates to other claims.")
    attribution: Ordered[Hop] = Field(
        min_length=1, description="The chain of who says so: the document first, the one who speaks last."
    )
    start: Start
    end: End
    sha256: SpanHash

    @computed_field(  # type: ignore[prop-decorator]
        description="Who asserts it, at the end of the chain; empty for an impersonal voice.",
        json_schema_extra={"x-refers": "actors"},
    )
    @property
    def claimant_id(self) -> str | None:
        return self.attribution[-1].actor_id


class Erratum(OfSource):
    """A place where a document is wrong, ambiguous or at odds with itself or with other documents."""

    id: ErratumId = Field(description="Id of the erratum: the document's id, then e and a number.")
    kind: Annotated[str, TermOf("erratum_kind")] = Field(description="What kind of fault it is.")
    as_written: Quotation = Field(description="The word or few words at fault, as the document has them.")
    should_read: Text | None = Field(default=None, description="What was probably meant, or what the basis has instead.")
    decision: Annotated[str, TermOf("decision")] = Field(
        description="Whether a listed document corrects it, it is only flagged, or it is left as it is."
    )
    confidence: Annotated[str, TermOf("confidence")] = Field(description="How sure the finding is.")
    note: Text | None = Field(default=None, description="Why, in a sentence.")
    table: Name | None = Field(default=None, description="The table in which the faulty value stands as the document has it.")
    record_id: AnyId | None = Field(default=None, description="The record in which it stands.")
    field: Name | None = Field(default=None, description="The field of that record.")
    basis: Unordered[Annotated[Slug, Refers("sources")]] = Field(
        default=(), description="The documents on which the correction rests."
    )
    start: Start
    end: End
    sha256: SpanHash


class Assessment(OfSource):
    """What one document says about a claim or an erratum of another. It counts as one report, whoever is right."""

    id: AssessmentId = Field(description="Id of the assessment: the id of the document that speaks, then a and a number.")
    target_table: Name = Field(description="Whether the target is in claims or in errata.")
    target_id: AnyId = Field(description="The claim or erratum that the document bears on.")
    stance: Annotated[str, TermOf("stance")] = Field(description="Whether it supports, refines or contradicts the target.")
    speaker_id: Annotated[Slug, Refers("actors")] | None = Field(
        default=None,
        description="On whose word the document says so, where it only passes that on; empty where it says so itself.",
    )
    value: Text | None = Field(default=None, description="The value that this document gives for what the target says.")
    quantity: Quantity | None = Field(default=None, description="That value as a number, where the target has one.")
    note: Text | None = Field(default=None, description="What it says, in our own words.")


# Actors and places -------------------------------------------------------------------------------------------------------


class ActorName(Part):
    """A name of an actor, as some document or register gives it."""

    name: Label = Field(description="The name as that document writes it.")
    language: Language = Field(description="The language of the name (BCP 47); und where it belongs to none.")
    kind: Annotated[str, TermOf("name_kind")] = Field(description="What kind of name it is.")
    source_id: Annotated[Slug, Refers("sources")] = Field(description="The document or register that gives it.")
    erratum_id: Annotated[ErratumId, Refers("errata")] | None = Field(
        default=None, description="For an erroneous name: the erratum that says so."
    )
    start: Offset | None = Field(
        default=None, description="First character of a place where the name stands; empty if the text is not held."
    )
    end: Offset | None = Field(default=None, description="First character after it.")
    sha256: Sha256 | None = Field(default=None, description="SHA-256 of text_sha256:start:end:name as UTF-8.")


class ActorIdentifier(Part):
    """An identifier of an actor in some register. It is an attribute, never a key."""

    scheme: Annotated[str, TermOf("identifier_scheme")] = Field(description="The register.")
    value: Label = Field(description="The identifier in that register.")
    match: Annotated[str, TermOf("match")] = Field(description="How what the register describes relates to this actor.")
    checked_on: Day | None = Field(default=None, description="When it was last looked up; empty where that is not known.")
    basis: Text = Field(description="Where the identifier was seen.")


class ActorRole(Part):
    """An office that an actor holds or held, as a document gives it."""

    office: Label = Field(description="The plain name of the office.")
    organization_id: Annotated[Slug, Refers("actors")] | None = Field(
        default=None, description="The state, agency or organization in which the office is."
    )
    since: Edtf | None = Field(default=None, description="Since when (EDTF); empty where the document does not tell.")
    until: Edtf | None = Field(
        default=None,
        description="Until when (EDTF); empty where the document does not tell, or the office was still held.",
    )
    source_id: Annotated[Slug, Refers("sources")] = Field(description="The document that gives the office to the actor.")


class Actor(Record):
    """A person, state, government, agency, organization, party, military body, armed group, medium, collective or source.

    Living people are public office-holders or authors with a byline. An anonymous source is minted for each document that
    describes one, and never identified.
    """

    id: Slug = Field(description="Id of the actor.")
    kind: Annotated[str, TermOf("actor_kind")] = Field(description="What kind of actor it is.")
    name: Label = Field(description="The name under which it is shown here.")
    description: Text = Field(description="Who or what it is, in a sentence, with attribution where that is contested.")
    country: Country | None = Field(
        default=None,
        description="The country to which it belongs (ISO 3166-1 alpha-2); empty where it belongs to none.",
    )
    extent: Annotated[str, TermOf("extent")] | None = Field(
        default=None, description="For a collective: whether its members are listed, open, or left undefined."
    )
    existence: Annotated[str, TermOf("existence")] = Field(
        default="established", description="Whether it is agreed that there is such an actor."
    )
    names: Unordered[ActorName] = Field(default=(), description="Its names, each with the document that gives it.")
    identifiers: Unordered[ActorIdentifier] = Field(default=(), description="Its identifiers in registers.")
    roles: Unordered[ActorRole] = Field(default=(), description="The offices that it holds or held.")
    evidence: Unordered[Evidence] = Field(default=(), description="The words that carry the record or one field of it.")

    @computed_field(description="The Wikidata item that is exactly this actor, where one is known.")  # type: ignore[prop-decorator]
    @property
    def wikidata(self) -> str | None:
        found = [i.value for i in self.identifiers if i.scheme == "wikidata" and i.match == "exact"]
        return min(found, default=None)  # the order of identifiers means nothing


class Place(Record):
    """A place, with how surely it is placed."""

    id: Slug = Field(description="Id of the place.")
    name: Label = Field(description="Its name in English, or the local one where English has none.")
    kind: Annotated[str, TermOf("place_kind")] = Field(description="What kind of place it is.")
    country: Country | None = Field(default=None, description="The country in which it lies (ISO 3166-1 alpha-2).")
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = Field(
        default=None, description="Latitude of a point in it, in decimal degrees north (WGS 84)."
    )
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = Field(
        default=None, description="Longitude of that point, in decimal degrees east (WGS 84)."
    )
    uncertainty_m: Annotated[int, Field(ge=1, le=20_000_000)] | None = Field(
        default=None, description="Distance from that point, in metres, within which the place lies."
    )
    geonames: Annotated[str, Form(GEONAMES_PATTERN, 10)] | None = Field(default=None, description="Its number in GeoNames.")
    wikidata: Annotated[str, Form(WIKIDATA_PATTERN, 13)] | None = Field(default=None, description="Its item in Wikidata.")
    basis: Text | None = Field(
        default=None, description="Where coordinates and numbers were seen, and what the uncertainty is."
    )
    evidence: Unordered[Evidence] = Field(default=(), description="The words that carry the record or one field of it.")


# Events ------------------------------------------------------------------------------------------------------------------


class Participant(Part):
    """Who took part in an event, and as what."""

    actor_id: Annotated[Slug, Refers("actors")] = Field(description="Who took part, or is said to have.")
    role: Annotated[str, TermOf("role")] = Field(description="As what.")


class EventLink(Part):
    """How an event relates to another."""

    relation: Annotated[str, TermOf("event_relation")] = Field(description="How the event relates to the other one.")
    object_id: Annotated[Slug, Refers("events")] = Field(description="The other event.")


class Event(Record):
    """Something that happened, or was claimed, announced, threatened, offered, demanded, refused or imagined.

    `actuality` tells which. That an event is recorded does not say that it took place.
    """

    id: Slug = Field(description="Id of the event.")
    kind: Annotated[str, TermOf("event_kind")] = Field(description="What kind of event it is.")
    actuality: Annotated[str, TermOf("actuality")] = Field(
        description="Whether it is said to have occurred, or was threatened, offered, demanded, refused and so on."
    )
    title: Label = Field(description="What it is, in a few words of our own.")
    description: Text = Field(description="What it is, in our own words, with who says so.")
    date: Edtf | None = Field(default=None, description="When (EDTF); empty where no listed document tells.")
    date_basis: Annotated[str, TermOf("date_basis")] | None = Field(
        default=None, description="Where the date comes from: stated, computed, bounded, or from an official record."
    )
    place_id: Annotated[Slug, Refers("places")] | None = Field(default=None, description="Where.")
    part_of: Annotated[Slug, Refers("events")] | None = Field(default=None, description="The larger event of which it is part.")
    participants: Unordered[Participant] = Field(default=(), description="Who took part, as what.")
    links: Unordered[EventLink] = Field(default=(), description="How it relates to other events.")
    attribution: Ordered[Hop] = Field(
        default=(), description="The chain of who says so: the document first, the one who speaks last."
    )
    evidence: Unordered[Evidence] = Field(default=(), description="The words that carry the record or one field of it.")

    @computed_field(description="First day on which it can lie.")  # type: ignore[prop-decorator]
    @property
    def date_earliest(self) -> datetime.date | None:
        return self.date.earliest if self.date is not None else None

    @computed_field(description="Last day on which it can lie.")  # type: ignore[prop-decorator]
    @property
    def date_latest(self) -> datetime.date | None:
        return self.date.latest if self.date is not None else None


# Law ---------------------------------------------------------------------------------------------------------------------


class Instrument(Record):
    """A statute, order, notice or other legal act. Rests on official documents alone."""

    id: Slug = Field(description="Id of the instrument.")
    kind: Annotated[str, TermOf("instrument_kind")] = Field(description="What kind of legal act it is.")
    title: Label = Field(description="Its title, or what it is.")
    citation: Label | None = Field(default=None, description="How it is cited, such as 90 FR 53045.")
    issuer_id: Annotated[Slug, Refers("actors")] | None = Field(default=None, description="Who issued it.")
    signed: Edtf | None = Field(default=None, description="When it was signed, approved or determined (EDTF).")
    published: Edtf | None = Field(default=None, description="When it was published (EDTF).")
    effective: Edtf | None = Field(default=None, description="When it took effect (EDTF).")
    url: Url | None = Field(default=None, description="An address at which its text was read.")
    note: Text | None = Field(default=None, description="What else a reader should know about it.")
    evidence: Unordered[Evidence] = Field(default=(), description="The official documents that carry it.")


class Program(Record):
    """A legal regime under which an authority designates. Rests on official documents alone."""

    id: Slug = Field(description="Id of the program.")
    title: Label = Field(description="Its name.")
    issuer_id: Annotated[Slug, Refers("actors")] = Field(description="The authority that runs it.")
    legal_basis: Annotated[Slug, Refers("instruments")] = Field(description="The instrument on which it rests.")
    note: Text | None = Field(default=None, description="What else a reader should know about it.")
    evidence: Unordered[Evidence] = Field(default=(), description="The official documents that carry it.")


class Stage(Part):
    """A dated stage of a designation."""

    stage: Annotated[str, TermOf("stage")] = Field(description="What was reached.")
    date: Edtf = Field(description="When (EDTF).")
    instrument_id: Annotated[Slug, Refers("instruments")] | None = Field(
        default=None, description="The legal act by which it was reached."
    )
    source_id: Annotated[Slug, Refers("sources")] = Field(description="The official document that says so.")


class Designation(Record):
    """A legal designation of a target by an authority under a program. Rests on official documents alone.

    The designation is the authority's act. It does not say that what the authority alleges is so.
    """

    id: Slug = Field(description="Id of the designation.")
    target_id: Annotated[Slug, Refers("actors")] = Field(description="Who or what is designated.")
    authority_id: Annotated[Slug, Refers("actors")] = Field(description="The authority that designates.")
    program_id: Annotated[Slug, Refers("programs")] = Field(description="The program under which it does.")
    description: Text = Field(description="What the act does and as what it lists the target, in our own words.")
    history: Ordered[Stage] = Field(min_length=1, description="Its dated stages, the earliest first.")
    evidence: Unordered[Evidence] = Field(default=(), description="The official documents that carry it.")

    @computed_field(  # type: ignore[prop-decorator]
        description="What the newest stage makes of it.", json_schema_extra={"x-vocabulary": "legal_status"}
    )
    @property
    def legal_status(self) -> str:
        return _STATUS_AFTER.get(self.history[-1].stage, self.history[-1].stage)

    @computed_field(description="When it was announced (EDTF).")  # type: ignore[prop-decorator]
    @property
    def announced(self) -> Edtf | None:
        return self._date_of("announced")

    @computed_field(description="When it was signed or determined (EDTF).")  # type: ignore[prop-decorator]
    @property
    def signed(self) -> Edtf | None:
        return self._date_of("signed")

    @computed_field(description="When it was published (EDTF).")  # type: ignore[prop-decorator]
    @property
    def published(self) -> Edtf | None:
        return self._date_of("published")

    @computed_field(description="When it took effect (EDTF).")  # type: ignore[prop-decorator]
    @property
    def effective(self) -> Edtf | None:
        return self._date_of("effective")

    @computed_field(description="When it ended (EDTF).")  # type: ignore[prop-decorator]
    @property
    def ended(self) -> Edtf | None:
        return self._date_of("ended")

    def _date_of(self, stage: str) -> Edtf | None:
        return next((one.date for one in self.history if one.stage == stage), None)


_STATUS_AFTER = {"designated": "in_force", "effective": "in_force", "amended": "in_force"}


# Controlled terms --------------------------------------------------------------------------------------------------------


class VocabularyTerm(Part):
    """A controlled term, with our own definition of it."""

    term: Name = Field(description="The term as the data uses it.")
    label: Label = Field(description="The term as people read it.")
    definition: Text = Field(description="What it means here, in our own words.")
    broader: Name | None = Field(default=None, description="The wider term of the same vocabulary.")
    plover: Label | None = Field(default=None, description="Its counterpart in PLOVER, the ontology of political events.")
    plover_match: Annotated[str, TermOf("match")] = Field(
        description="How near that is: exact, close, broad (the other is wider), narrow, or no_match."
    )
    acled: Label | None = Field(default=None, description="Its counterpart in the event and actor types of ACLED.")
    acled_match: Annotated[str, TermOf("match")] = Field(
        description="How near that is: exact, close, broad (the other is wider), narrow, or no_match."
    )
    ftm: Label | None = Field(
        default=None, description="Its counterpart in FollowTheMoney, the model of OpenSanctions and Aleph."
    )
    ftm_match: Annotated[str, TermOf("match")] = Field(
        description="How near that is: exact, close, broad (the other is wider), narrow, or no_match."
    )


class Vocabulary(Record):
    """A controlled vocabulary: the terms that a field of the data may hold."""

    id: Name = Field(description="Name of the vocabulary.")
    title: Label = Field(description="What it is for, in a few words.")
    description: Text = Field(description="What its terms tell apart, and where they come from.")
    terms: Ordered[VocabularyTerm] = Field(min_length=1, description="The terms.")
