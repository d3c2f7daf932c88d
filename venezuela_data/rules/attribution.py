"""Rules on who says so: chains of attribution, anonymous sources, and what a legal record may rest on.

They never weigh whether what is said is so, and treat no speaker otherwise than another. May import whatever stands before
`rules` in the order of modules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .. import models
from ..findings import Finding, shown
from ..models import Hop
from ..store import Corpus, Entry
from ..syntax import Pointer

OFFICIAL = ("official", "law", "court")
"""The kinds of document that can carry a legal record."""


def _chains(corpus: Corpus) -> Iterator[tuple[Sequence[Hop], Entry]]:
    for _, entry in corpus.all():
        chain = getattr(entry.record, "attribution", None)
        if chain is not None:
            yield chain, entry


def chains_begin_at_the_document(corpus: Corpus) -> Iterator[Finding]:
    """The first hop of a chain of attribution is the document itself: one whose words carry the record.

    A chain says who tells whom; it starts with the document that we have in hand, not with what that document cites.
    """
    code = "chains-begin-at-the-document"
    for chain, entry in _chains(corpus):
        if not chain:
            yield entry.finding((), code, "the record has no chain of attribution", "add one, the document first")
            continue
        record = entry.record
        carrying = (
            {record.source_id}
            if isinstance(record, models.OfSource)
            else {evidence.source_id for evidence in getattr(record, "evidence", ())}
        )
        if carrying and chain[0].document_id not in carrying:
            given = f"it is {shown(chain[0].document_id)}" if chain[0].document_id else "it names no document"
            advice = "put the document that carries the record first: " + " or ".join(sorted(carrying)[:3])
            at = ("attribution", 0, "document_id")
            yield entry.finding(at, code, f"the first hop is not the document; {given}", advice)


def chain_ends_in_a_speaker(corpus: Corpus) -> Iterator[Finding]:
    """The last hop of a chain of attribution is somebody who speaks, or a voice that the document leaves impersonal.

    Without the one at its end, a chain does not say whose word the record is.
    """
    for chain, entry in _chains(corpus):
        if chain and chain[-1].actor_id is None and chain[-1].voice != "impersonal":
            message = "the last hop names nobody who speaks"
            at = ("attribution", len(chain) - 1)
            yield entry.finding(at, "chain-ends-in-a-speaker", message, "give it an actor_id, or the voice impersonal")


def voices_match_their_actors(corpus: Corpus) -> Iterator[Finding]:
    """The voice of a hop fits the actor that it names.

    Anonymous is an anonymous source, collective is a collective, impersonal is nobody, and named is any other actor.
    """
    code = "voices-match-their-actors"
    for chain, entry in _chains(corpus):
        for index, hop in enumerate(chain):
            at: Pointer = ("attribution", index, "voice")
            actor = corpus.actor(hop.actor_id)
            if hop.actor_id is None and index == len(chain) - 1:
                continue  # Whoever is missing at the end is found by `chain_ends_in_a_speaker`.
            if (hop.voice == "impersonal") != (hop.actor_id is None):
                message = f"the voice is {hop.voice}, and the hop names {'nobody' if hop.actor_id is None else 'an actor'}"
                yield entry.finding(at, code, message, "an impersonal voice names nobody, every other one an actor")
            elif actor is not None:
                kinds = {"anonymous_source": "anonymous", "collective": "collective"}
                expected = kinds.get(actor.kind, "named")
                if hop.voice != expected:
                    message = f"the voice is {hop.voice}, and {shown(hop.actor_id)} is of the kind {actor.kind}"
                    yield entry.finding(at, code, message, f"write {expected}, or name another actor")


def anonymous_sources_stay_anonymous(corpus: Corpus) -> Iterator[Finding]:
    """An anonymous source has nothing that could help to identify it, and belongs to one document alone.

    No country, identifier or office; no name but the description of the one document that speaks of it. Sources were promised
    anonymity, and putting two descriptions together can break that promise.
    """
    code = "anonymous-sources-stay-anonymous"
    for actor, entry in corpus.each(models.Actor):
        if actor.kind != "anonymous_source":
            continue
        for name in ("country", "extent", "identifiers", "roles"):
            if getattr(actor, name):
                yield entry.finding((name,), code, f"an anonymous source has {name!r}", "remove it", key=True)
        documents = sorted({one.source_id for one in actor.evidence} | {one.source_id for one in actor.names})
        if len(documents) > 1:
            message = f"two documents describe it: {shown(documents[0])} and {shown(documents[1])}"
            advice = "make an anonymous source for each document, and do not merge them"
            yield entry.finding((), code, message, advice)
        for index, name_row in enumerate(actor.names):
            if name_row.kind != "descriptor":
                message = f"an anonymous source has a name of the kind {name_row.kind}"
                yield entry.finding(("names", index, "kind"), code, message, "only a descriptor is allowed")
    for chain, entry in _chains(corpus):
        document = chain[0].document_id if chain else None
        for index, hop in enumerate(chain):
            speaker = corpus.actor(hop.actor_id)
            if speaker is None or speaker.kind != "anonymous_source" or document is None:
                continue
            if document not in {one.source_id for one in speaker.evidence}:
                message = f"{shown(document)} does not describe {shown(speaker.id)}"
                advice = "make an anonymous source for each document, and do not merge them"
                yield entry.finding(("attribution", index, "actor_id"), code, message, advice)


def legal_tables_cite_official_sources(corpus: Corpus) -> Iterator[Finding]:
    """Designations, instruments and programs rest on official documents alone: laws, notices, releases, court records.

    What an article or an analyst says about the law is a claim. Legal dates from the press are often those of another act.
    """
    code = "legal-tables-cite-official-sources"
    for _, entry in corpus.all():
        record = entry.record
        cited: list[tuple[Pointer, str]] = []
        if isinstance(record, models.Designation | models.Instrument | models.Program):
            cited += [(("evidence", n, "source_id"), one.source_id) for n, one in enumerate(record.evidence)]
        if isinstance(record, models.Designation):
            cited += [(("history", n, "source_id"), one.source_id) for n, one in enumerate(record.history)]
        for at, source_id in cited:
            source = corpus.source(source_id)
            if source is not None and source.kind not in OFFICIAL:
                message = f"{shown(source_id)} is of the kind {source.kind}"
                advice = "cite the official document, or record the statement as a claim"
                yield entry.finding(at, code, message, advice)
