"""Mutations of meaning: records whose every field is well formed, and that cannot all be true together.

Dates, chains of attribution, spans, quotations, wording, numbers, and what documents say of each other. Each draws where, and
says where it is found. Nothing here writes a file or runs a rule.
"""

from __future__ import annotations

import json
from typing import Any

from mutations import (
    ANY,
    NORMAL,
    Draw,
    Mutation,
    Place,
    Seeds,
    Spot,
    at_node,
    at_of,
    below,
    dangling,
    is_marked,
    kind,
    place_in,
    with_text,
)

from venezuela_data.models import ActorName, Erratum, Instrument, Program, Source, Statement
from venezuela_data.syntax import Pointer, json_bytes
from venezuela_data.values import Wording

# Dates -------------------------------------------------------------------------------------------------------------------


def _is_exact(date: object) -> bool:
    return isinstance(date, str) and not set("~%.") & set(date)


@kind
def dates_reversed(seeds: Seeds, draw: Draw) -> Mutation:
    """What came later in a designation, an instrument or an office is dated long before what came first."""
    later: list[Spot] = []
    for one in seeds.parts:
        if one.kind == "designations" and one.at == one.record:
            stages = one.value["history"]
            later += [below(one, "history", n, "date") for n in range(1, len(stages)) if _is_exact(stages[n - 1]["date"])]
        if one.kind == "instruments" and one.at == one.record and _is_exact(one.value.get("signed")):
            later += [below(one, name) for name in ("published", "effective") if name in one.value]
        if one.at[-2:-1] == ("roles",) and _is_exact(one.value.get("since")):
            later.append(below(one, "until"))
    spot = draw.of(later)
    files = seeds.set(spot, draw.of(["1700", "1700-01-01", "1699/1700"]))
    return at_node(files, spot, "dates-are-ordered", (NORMAL, spot.path))


@kind
def an_event_outside_its_parent(seeds: Seeds, draw: Draw) -> Mutation:
    """An event is dated long before the event of which it is part; so are then the parts of its own."""
    events = seeds.by_id("events")
    dated = {name for name, one in events.items() if "date" in one.value}
    spot = draw.of([one for name, one in events.items() if name in dated and one.value.get("part_of") in dated])
    rule = "events-lie-within-their-parents"
    parts = [events[name].path for name, wholes in _wholes(events).items() if spot.value["id"] in wholes.values()]
    files = seeds.set(below(spot, "date"), "1700-01-01")
    return at_node(files, below(spot, "date"), rule, *((rule, path) for path in parts))


@kind
def a_date_without_its_basis(seeds: Seeds, draw: Draw) -> Mutation:
    """An event has a date and does not say where it comes from, or the other way round."""
    spot = draw.of(seeds.records("events", lambda event: "date" in event))
    gone, left = draw.of([("date", "date_basis"), ("date_basis", "date")])
    files = seeds.edited(spot, lambda event: event.pop(gone))
    return at_node(files, below(spot, left), "dates-say-where-they-come-from")


@kind
def a_citation_of_a_later_document(seeds: Seeds, draw: Draw) -> Mutation:
    """A document is dated long before those that it cites."""
    # A date that is open towards the past comes after no other.
    closed = {one.value["id"] for one in seeds.records("sources", lambda source: ".." not in source.get("published", ".."))}
    later = {
        source_id: [n for n, citation in enumerate(one.value.get("cites", ())) if citation["cited_id"] in closed]
        for source_id, one in seeds.by_id("sources").items()
        if "published" in one.value
    }
    source_id = draw.of([one for one, places in later.items() if places])
    spot = seeds.by_id("sources")[source_id]
    files = seeds.set(below(spot, "published"), "1700")
    rule = "documents-cite-earlier-ones"
    return Mutation(files, {place_in(files, spot.path, ("cites", n, "cited_id"), rule) for n in later[source_id]})


def _wholes(events: dict[str, Spot]) -> dict[str, dict[Pointer, str]]:
    """Give for each event the events of which it is part, by the place that says so."""
    found: dict[str, dict[Pointer, str]] = {}
    for name, one in events.items():
        links = [(n, link) for n, link in enumerate(one.value.get("links", ())) if link["relation"] == "part_of"]
        found[name] = {("links", n, "object_id"): link["object_id"] for n, link in links}
        if "part_of" in one.value:
            found[name][("part_of",)] = one.value["part_of"]
    return found


@kind
def an_event_in_a_circle(seeds: Seeds, draw: Draw) -> Mutation:
    """An event is part of its own part, or of itself: every link of every circle that this makes is found."""
    events = seeds.by_id("events")
    wholes = _wholes(events)
    inner = draw.of([name for name, found in wholes.items() if ("part_of",) in found])
    outer = draw.of([wholes[inner]["part_of",], inner])
    wholes[outer]["part_of",] = inner
    files = seeds.set(below(events[outer], "part_of"), inner)
    reached: dict[str, set[str]] = {}
    for start in events:
        todo, reached[start] = [start], {start}
        while todo:
            beyond = set(wholes[todo.pop()].values()) - reached[start]
            reached[start] |= beyond
            todo.extend(beyond)
    there = {one.path: seeds.files[one.path].text.encode() for one in events.values()} | files
    places = {
        place_in(there, events[part].path, at, "event-links-have-no-circle")
        for part, found in wholes.items()
        for at, whole in found.items()
        if part in reached[whole]
    }
    # The outer event now has a parent, which may be dated; and its key stands at the end of the record.
    explained = {(NORMAL, events[outer].path), ("events-lie-within-their-parents", events[outer].path)}
    return Mutation(files, places, explained)


# Chains of attribution ---------------------------------------------------------------------------------------------------


def _hops(seeds: Seeds) -> list[Spot]:
    return [one for one in seeds.parts if one.at[-2:-1] == ("attribution",)]


def _is_last(seeds: Seeds, hop: Spot) -> bool:
    return bool(hop.at[-1] == len(at_of(seeds.files[hop.path].value, hop.at[:-1])) - 1)


@kind
def a_chain_that_ends_in_nobody(seeds: Seeds, draw: Draw) -> Mutation:
    """The last hop of a chain no longer says who speaks."""
    hop = draw.of([one for one in _hops(seeds) if "actor_id" in one.value and _is_last(seeds, one)])
    return at_node(seeds.edited(hop, lambda node: node.pop("actor_id")), hop, "chain-ends-in-a-speaker")


@kind
def a_chain_that_begins_elsewhere(seeds: Seeds, draw: Draw) -> Mutation:
    """The first hop of a chain is a document that does not carry the record."""
    hop = draw.of([one for one in _hops(seeds) if one.at[-1] == 0])
    record = at_of(seeds.files[hop.path].value, hop.record)
    carrying = {one["source_id"] for one in record.get("evidence", ())} | {record["id"].partition("/")[0]}
    spot = below(hop, "document_id")
    files = seeds.set(spot, draw.of([one for one in seeds.by_id("sources") if one not in carrying]))
    # An anonymous source further down the chain is not described in that document either.
    explained = [(NORMAL, hop.path), ("anonymous-sources-stay-anonymous", hop.path)]
    return at_node(files, spot, "chains-begin-at-the-document", *explained)


@kind
def a_wrong_voice(seeds: Seeds, draw: Draw) -> Mutation:
    """A hop is said to speak otherwise than its actor does."""
    hop = draw.of([one for one in _hops(seeds) if "actor_id" in one.value])
    voices = ["named", "anonymous", "collective", "impersonal"]
    files = seeds.set(below(hop, "voice"), draw.of([one for one in voices if one != hop.value["voice"]]))
    return at_node(files, below(hop, "voice"), "voices-match-their-actors")


@kind
def an_anonymous_source_with_a_country(seeds: Seeds, draw: Draw) -> Mutation:
    """An anonymous source has something that could help to identify it."""
    spot = draw.of(seeds.records("actors", lambda actor: actor["kind"] == "anonymous_source"))
    name, value = draw.of([("country", "VE"), ("extent", "open")])
    files = seeds.edited(spot, lambda actor: actor.update({name: value}))
    return at_node(files, below(spot, name), "anonymous-sources-stay-anonymous", (NORMAL, spot.path), key=True)


@kind
def an_anonymous_source_in_two_documents(seeds: Seeds, draw: Draw) -> Mutation:
    """A second document is said to describe an anonymous source."""
    spot = draw.of(seeds.records("actors", lambda actor: actor["kind"] == "anonymous_source"))
    known = {one["source_id"] for one in spot.value["evidence"]}
    other = draw.of(sorted(set(seeds.by_id("sources")) - known))
    files = seeds.edited(spot, lambda actor: actor["evidence"].append({"source_id": other}))
    return at_node(files, spot, "anonymous-sources-stay-anonymous", (NORMAL, spot.path))


@kind
def a_legal_record_on_a_newspaper(seeds: Seeds, draw: Draw) -> Mutation:
    """What only an official document can carry is said to rest on the press."""
    legal = ("designations", "instruments", "programs")
    spot = draw.of([one for one in seeds.fields if one.kind in legal and one.name == "source_id"])
    press = seeds.records("sources", lambda one: one["kind"] == "newspaper" and one["access"] != "held")
    files = seeds.set(spot, draw.of([one.value["id"] for one in press]))
    return at_node(files, spot, "legal-tables-cite-official-sources", (NORMAL, spot.path))


# Evidence and spans ------------------------------------------------------------------------------------------------------


def _spans(seeds: Seeds) -> list[Spot]:
    """Every span of words, the paragraphs of documents left out."""
    return [one for one in seeds.parts if "sha256" in one.value and "paragraphs" not in one.at]


def _has_words(span: Spot) -> bool:
    return span.model in (Statement, Erratum, ActorName)


def _document(seeds: Seeds, span: Spot) -> Spot:
    source_id = span.value["source_id"] if "source_id" in span.value else span.value["id"].partition("/")[0]
    return seeds.by_id("sources")[source_id]


def _paragraph(seeds: Seeds, span: Spot) -> int:
    paragraphs = _document(seeds, span).value["paragraphs"]
    return next(n for n, one in enumerate(paragraphs) if one["start"] <= span.value["start"] < one["end"])


def _moved(seeds: Seeds, span: Spot, start: int, end: int) -> dict[str, bytes]:
    return seeds.edited(span, lambda node: node.update(start=start, end=end))


def _beside(seeds: Seeds, span: Spot) -> list[tuple[str, str]]:
    """Explain what a span that has moved may do to what lies under it and over it."""
    source = _document(seeds, span)
    folder = source.path.rpartition("/")[0]
    return [
        (NORMAL, span.path),
        ("claims-lie-in-their-statements", f"{folder}/claims.json"),
        ("coverage-is-kept", source.path),
    ]


@kind
def a_record_that_nothing_carries(seeds: Seeds, draw: Draw) -> Mutation:
    """A record has no evidence; a date, a chain or an anonymous voice may have rested on it."""
    spot = draw.of([one for one in seeds.parts if one.at == one.record and one.value.get("evidence") and one.kind != "sources"])
    files = seeds.edited(spot, lambda record: record.pop("evidence"))
    explained = [("dates-say-where-they-come-from", spot.path), ("anonymous-sources-stay-anonymous", ANY)]
    return at_node(files, spot, "records-have-evidence", *explained)


@kind
def a_span_shifted_by_one(seeds: Seeds, draw: Draw) -> Mutation:
    """A span whose words the record has begins and ends one character further on, or back."""
    span = draw.of([one for one in _spans(seeds) if _has_words(one) and one.value["start"] > 0])
    by = draw.of([-1, 1])
    files = _moved(seeds, span, span.value["start"] + by, span.value["end"] + by)
    explained = [*_beside(seeds, span), ("spans-lie-in-one-paragraph", span.path)]
    return at_node(files, below(span, "sha256"), "words-match-their-spans", *explained)


@with_text
def any_span_shifted_by_one(seeds: Seeds, draw: Draw) -> Mutation:
    """Any span begins or ends one character further on, or back, and the text is at hand."""
    span = draw.of([one for one in _spans(seeds) if one.value["end"] - one.value["start"] > 1 and one.value["start"] > 0])
    first, last = draw.of([(-1, 0), (1, 0), (0, -1), (0, 1), (1, 1), (-1, -1)])
    files = _moved(seeds, span, span.value["start"] + first, span.value["end"] + last)
    explained = [*_beside(seeds, span), ("spans-lie-in-one-paragraph", span.path), ("words-match-their-spans", span.path)]
    return at_node(files, below(span, "sha256"), "spans-match-the-text", *explained)


def _other_digit(draw: Draw, digest: str) -> str:
    at = draw.below(len(digest))
    return digest[:at] + ("1" if digest[at] == "0" else "0") + digest[at + 1 :]


@kind
def a_hash_changed(seeds: Seeds, draw: Draw) -> Mutation:
    """One digit of the hash of a span is another, and the record has the words."""
    spot = below(draw.of([one for one in _spans(seeds) if _has_words(one)]), "sha256")
    files = seeds.set(spot, _other_digit(draw, at_of(seeds.files[spot.path].value, spot.at)))
    return at_node(files, spot, "words-match-their-spans")


@with_text
def any_hash_changed(seeds: Seeds, draw: Draw) -> Mutation:
    """One digit of the hash of any span is another, and the text is at hand."""
    span = draw.of(_spans(seeds))
    files = seeds.set(below(span, "sha256"), _other_digit(draw, span.value["sha256"]))
    return at_node(files, below(span, "sha256"), "spans-match-the-text", ("words-match-their-spans", span.path))


@kind
def a_span_over_two_paragraphs(seeds: Seeds, draw: Draw) -> Mutation:
    """A span ends in the paragraph after the one in which it begins."""
    spans = [one for one in _spans(seeds) if _paragraph(seeds, one) + 1 < len(_document(seeds, one).value["paragraphs"])]
    span = draw.of(spans)
    after = _document(seeds, span).value["paragraphs"][_paragraph(seeds, span) + 1]
    files = _moved(seeds, span, span.value["start"], after["start"] + 1 + draw.below(after["end"] - after["start"]))
    explained = [(NORMAL, span.path), ("words-match-their-spans", span.path)]
    return at_node(files, below(span, "start"), "spans-lie-in-one-paragraph", *explained)


@kind
def a_span_without_its_hash(seeds: Seeds, draw: Draw) -> Mutation:
    """A span of evidence, or of a name, lacks one of its three parts."""
    span = draw.of([one for one in _spans(seeds) if "source_id" in one.value])
    gone = draw.of(["start", "end", "sha256"])
    return at_node(seeds.edited(span, lambda node: node.pop(gone)), span, "spans-come-from-held-texts", (NORMAL, span.path))


@kind
def a_span_into_a_text_that_nobody_holds(seeds: Seeds, draw: Draw) -> Mutation:
    """Evidence gives words of a document that was not fingerprinted."""
    held = {one.value["id"] for one in seeds.records("sources", lambda source: source["access"] == "held")}
    loose = [one for one in seeds.parts if one.at[-2:-1] == ("evidence",) and one.value["source_id"] not in held]
    span = draw.of(loose)
    files = seeds.edited(span, lambda node: node.update(start=0, end=5, sha256="0" * 64))
    return at_node(files, below(span, "start"), "spans-come-from-held-texts", (NORMAL, span.path))


def _left_bare(seeds: Seeds, files: dict[str, bytes], source: Spot, claims: list[Any]) -> set[Place]:
    """Find the paragraphs that keep fewer characters under these claims than the document's record holds."""
    under = {at for one in claims for at in range(one["start"], one["end"]) if one["status"] == "active"}
    there = {source.path: seeds.files[source.path].text.encode()} | files
    return {
        place_in(there, source.path, ("paragraphs", n, "covered"), "coverage-is-kept")
        for n, one in enumerate(source.value["paragraphs"])
        if "covered" in one and len(under & set(range(one["start"], one["end"]))) < one["covered"]
    }


@kind
def a_claim_removed(seeds: Seeds, draw: Draw) -> Mutation:
    """A claim is gone: what named it leads nowhere, what it presupposed rests under nothing, its words are carried by none."""
    claim = draw.of(seeds.records("claims"))
    claims = json.loads(seeds.files[claim.path].text)
    del claims["claims"][claim.at[-1]]
    files = {claim.path: json_bytes(claims)}
    mutation = Mutation(files, _left_bare(seeds, files, _document(seeds, claim), claims["claims"]))
    for one in seeds.leading_to("claims", claim.value["id"]):
        if one.path != claim.path:
            mutation.found |= dangling(seeds, files, [one])
        elif one.at[1] != claim.at[1]:
            # Those in the same file have moved up by one, if they stood behind it.
            _, index, *rest = one.at
            assert isinstance(index, int)
            assert isinstance(claim.at[1], int)
            moved = ("claims", index - (index > claim.at[1]), *rest)
            mutation.found.add(place_in(files, claim.path, moved, "references-resolve"))
    mutation.explained.add(("presuppositions-are-presupposed", claim.path))
    return mutation


@kind
def a_claim_narrowed(seeds: Seeds, draw: Draw) -> Mutation:
    """The span of a claim that alone carried some words is cut to its first character."""
    claim = draw.of(seeds.records("claims"))
    source = _document(seeds, claim)
    others = [one.value for one in seeds.records("claims") if one != claim]
    claims = [*others, {**claim.value, "end": claim.value["start"] + 1}]
    files = _moved(seeds, claim, claim.value["start"], claim.value["start"] + 1)
    folder = source.path.rpartition("/")[0]
    return Mutation(
        files, _left_bare(seeds, files, source, claims), {("claims-lie-in-their-statements", f"{folder}/claims.json")}
    )


# Words -------------------------------------------------------------------------------------------------------------------


@kind
def a_quotation_too_long(seeds: Seeds, draw: Draw) -> Mutation:
    """A statement has more words than a quotation may."""
    spot = draw.of(seeds.records("statements"))
    files = seeds.set(below(spot, "text"), "boat " * draw.of([60, 80, 119]) + "boat")
    explained = [("words-match-their-spans", spot.path), ("quotations-are-short", _document(seeds, spot).path)]
    return at_node(files, below(spot, "text"), "quotations-are-short", *explained)


@kind
def a_quotation_outside_its_statement(seeds: Seeds, draw: Draw) -> Mutation:
    """A text of ours repeats what somebody said."""
    quoted = draw.of([one.value["text"] for one in seeds.records("statements") if len(one.value["text"].split()) > 12])
    # The words are put into a text for a while only: in memory, and never printed.
    spot = draw.of([one for one in seeds.fields if one.name == "description" and one.kind == "events"])
    files = seeds.set(spot, f"It says {quoted}.")
    return at_node(files, spot, "quotations-stay-in-statements", ("wording-is-neutral", spot.path))


@kind
def a_loaded_term(seeds: Seeds, draw: Draw) -> Mutation:
    """A text of ours takes a side in one word."""
    theirs = {(Statement, "text"), (Erratum, "as_written"), (ActorName, "name"), (Source, "title"), (Source, "publisher")}
    theirs |= {(Instrument, "title"), (Program, "title")}
    ours = [one for one in seeds.fields if is_marked(one, Wording) and isinstance(one.value, str)]
    # With another unit a claim cannot be compared any more, which is a mutation of its own.
    spot = draw.of([one for one in ours if (one.model, one.name) not in theirs and one.name not in ("unit", "value")])
    files = seeds.set(spot, draw.of(["The regime", "A dictatorship's end", "Terrorists and thugs", "“Boats” of the usurper"]))
    return at_node(files, spot, "wording-is-neutral", (NORMAL, spot.path))


# Numbers and claims ------------------------------------------------------------------------------------------------------


def _assessing(seeds: Seeds, claim: Spot) -> list[tuple[str, str]]:
    """Explain that a number no longer lies where the assessments of its claim have it."""
    bearing = seeds.records("assessments", lambda one: one["target_id"] == claim.value["id"])
    return [("values-match-the-claim", one.path) for one in bearing]


@kind
def a_range_reversed(seeds: Seeds, draw: Draw) -> Mutation:
    """A range of numbers ends below where it begins."""
    claim = draw.of(seeds.records("claims", lambda one: "value" in one.get("quantity", {})))
    spot = below(claim, "quantity", "high")
    files = seeds.set(spot, claim.value["quantity"]["value"] - draw.of([0, 1, 0.5, 1000]))
    return at_node(files, spot, "quantities-are-whole", (NORMAL, claim.path), *_assessing(seeds, claim))


@kind
def a_claim_of_a_number_without_one(seeds: Seeds, draw: Draw) -> Mutation:
    """A claim of the kind quantity has none."""
    claim = draw.of(seeds.records("claims", lambda one: one["kind"] == "quantity"))
    files = seeds.edited(claim, lambda node: node.pop("quantity"))
    return at_node(files, below(claim, "kind"), "quantities-are-whole", *_assessing(seeds, claim))


@kind
def a_number_outside_its_stance(seeds: Seeds, draw: Draw) -> Mutation:
    """A document supports a claim with a number that the claim rules out."""
    claims = seeds.by_id("claims")
    found = []
    for one in seeds.records("assessments", lambda one: one["stance"] == "supports" and "quantity" in one):
        claimed = claims[one.value["target_id"]].value["quantity"]
        if "value" in claimed and claimed.get("comparator") != "approximate":
            found.append((one, 10**6 if claimed.get("comparator") in ("lt", "le") else -(10**6), claimed.get("unit")))
    spot, number, unit = found[draw.below(len(found))]
    given = {"value": number} if unit is None else {"value": number, "unit": unit}
    return at_node(seeds.set(below(spot, "quantity"), given), below(spot, "stance"), "values-match-the-claim")


@kind
def a_unit_that_is_not_the_claims(seeds: Seeds, draw: Draw) -> Mutation:
    """A document counts something else than the claim that it bears on."""
    spot = draw.of(seeds.records("assessments", lambda one: "quantity" in one))
    files = seeds.edited(spot, lambda node: node["quantity"].update(unit="lighthouse"))
    return at_node(files, below(spot, "quantity"), "values-match-the-claim", (NORMAL, spot.path))


@kind
def a_presupposition_orphaned(seeds: Seeds, draw: Draw) -> Mutation:
    """What a wording took for granted is presupposed by no claim any more."""
    claim = draw.of(seeds.records("claims", lambda one: one["kind"] == "presupposition"))
    value = json.loads(seeds.files[claim.path].text)
    for one in value["claims"]:
        if "links" in one:
            kept = [
                link for link in one["links"] if (link["relation"], link["object_id"]) != ("presupposes", claim.value["id"])
            ]
            one.update(links=kept) if kept else one.pop("links")
    return at_node({claim.path: json_bytes(value)}, below(claim, "kind"), "presuppositions-are-presupposed")


@kind
def a_claim_linked_to_itself(seeds: Seeds, draw: Draw) -> Mutation:
    """A claim is said to contradict, restate or presuppose itself."""
    claim = draw.of(seeds.records("claims", lambda one: "links" in one))
    n = draw.below(len(claim.value["links"]))
    files = seeds.set(below(claim, "links", n, "object_id"), claim.value["id"])
    explained = [(NORMAL, claim.path), ("presuppositions-are-presupposed", claim.path)]
    return at_node(files, below(claim, "links", n, "object_id"), "claim-links-are-sound", *explained)


@kind
def a_claim_outside_its_statement(seeds: Seeds, draw: Draw) -> Mutation:
    """A claim names a statement in whose words it does not lie."""
    claim = draw.of(seeds.records("claims"))
    apart = [
        one.value["id"]
        for one in seeds.records("statements")
        if one.value["end"] <= claim.value["start"] or claim.value["end"] <= one.value["start"]
    ]
    files = seeds.set(below(claim, "statement_id"), draw.of(apart))
    return at_node(files, below(claim, "statement_id"), "claims-lie-in-their-statements", (NORMAL, claim.path))


# What documents say of each other ----------------------------------------------------------------------------------------


@kind
def an_assessment_of_itself(seeds: Seeds, draw: Draw) -> Mutation:
    """A document bears witness for its own claim."""
    claim = draw.of(seeds.records("claims"))
    source_id = claim.value["id"].partition("/")[0]
    path = f"seeds/sources/{source_id}/assessments.json"
    assert path not in seeds.files
    record = {"id": f"{source_id}/a01", "target_table": "claims", "target_id": claim.value["id"], "stance": "supports"}
    value = {"$schema": "../../../schema/assessments.schema.json", "assessments": [{**record, "status": "active"}]}
    files = {path: json_bytes(value)}
    return Mutation(files, {place_in(files, path, ("assessments", 0, "target_id"), "assessments-come-from-others")})


@kind
def both_sides_of_a_claim(seeds: Seeds, draw: Draw) -> Mutation:
    """A document says the contrary of what it said, of the same claim on the same word."""
    spot = draw.of(seeds.records("assessments", lambda one: one["stance"] == "supports"))
    value = json.loads(seeds.files[spot.path].text)
    number = len(value["assessments"])
    second = {
        **spot.value,
        "id": spot.value["id"].partition("/")[0] + "/a9999",
        "stance": "contradicts",
        "note": "It does not.",
    }
    value["assessments"].append(second)
    files = {spot.path: json_bytes(value)}
    at = ("assessments", number, "stance")
    # A number on the side of what it supports is on the wrong side of what it contradicts.
    explained = {("values-match-the-claim", spot.path), (NORMAL, spot.path)}
    return Mutation(files, {place_in(files, spot.path, at, "assessments-come-from-others")}, explained)


@kind
def an_erroneous_name_without_its_erratum(seeds: Seeds, draw: Draw) -> Mutation:
    """A name is said to be wrong, and no erratum says so."""
    spot = draw.of([one for one in seeds.parts if one.model is ActorName and one.value["kind"] == "erroneous"])
    files = seeds.edited(spot, lambda name: name.pop("erratum_id"))
    return at_node(files, spot, "erroneous-names-have-an-erratum", (NORMAL, spot.path))


@kind
def an_erroneous_name_of_somebody_else(seeds: Seeds, draw: Draw) -> Mutation:
    """A wrong name becomes the name of another actor; it is found where it is said to be wrong."""
    wrong = draw.of([one for one in seeds.parts if one.model is ActorName and one.value["kind"] == "erroneous"])
    other = draw.of([one for one in seeds.records("actors") if one.path != wrong.path])
    files = seeds.set(below(other, "name"), wrong.value["name"])
    there = {wrong.path: seeds.files[wrong.path].text.encode()} | files
    return Mutation(files, {place_in(there, wrong.path, (*wrong.at, "name"), "erroneous-names-have-an-erratum")})


@kind
def a_correction_without_its_basis(seeds: Seeds, draw: Draw) -> Mutation:
    """An erratum is decided as corrected, and no document, or no reading, is given for it."""
    spot = draw.of(seeds.records("errata", lambda one: one["decision"] == "corrected"))
    gone = draw.of(["basis", "should_read"])
    files = seeds.edited(spot, lambda erratum: erratum.pop(gone))
    return at_node(files, below(spot, "decision"), "errata-have-a-basis")


# Actors, places, terms ---------------------------------------------------------------------------------------------------


@kind
def a_collective_without_extent(seeds: Seeds, draw: Draw) -> Mutation:
    """A collective does not say whether its members are listed."""
    spot = draw.of(seeds.records("actors", lambda actor: actor["kind"] == "collective"))
    return at_node(seeds.edited(spot, lambda actor: actor.pop("extent")), below(spot, "kind"), "collectives-have-an-extent")


@kind
def coordinates_half_given(seeds: Seeds, draw: Draw) -> Mutation:
    """A point on the map lacks a coordinate, its uncertainty or its source."""
    spot = draw.of(seeds.records("places", lambda place: "latitude" in place))
    gone = draw.of(["latitude", "longitude", "uncertainty_m", "basis"])
    files = seeds.edited(spot, lambda place: place.pop(gone))
    first = "longitude" if gone == "latitude" else "latitude"
    return at_node(files, below(spot, first), "coordinates-come-together")


@kind
def a_malformed_identifier(seeds: Seeds, draw: Draw) -> Mutation:
    """A number of a register is not written as that register writes it."""
    known = ("wikidata", "ofac_sdn_uid", "iso3166_1_alpha_3", "federal_register_document")
    spot = draw.of([one for one in seeds.parts if one.at[-2:-1] == ("identifiers",) and one.value["scheme"] in known])
    files = seeds.set(below(spot, "value"), draw.of(["q717", "12 34", "0x1", "VEN!"]))
    return at_node(files, below(spot, "value"), "identifiers-have-their-form", (NORMAL, spot.path))


@kind
def a_term_wider_than_itself(seeds: Seeds, draw: Draw) -> Mutation:
    """The wider term of a term is itself, or none of its vocabulary."""
    spot = draw.of([one for one in seeds.parts if one.at[-2:-1] == ("terms",)])
    files = seeds.set(below(spot, "broader"), draw.of([spot.value["term"], "no_such_term"]))
    return at_node(files, below(spot, "broader"), "vocabularies-are-sound", (NORMAL, spot.path))
