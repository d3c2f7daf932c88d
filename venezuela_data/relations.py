"""How records hang together: chains, passages, reports and their origins, the order in time, and the network.

What stands in a record as ids is given here as the records themselves, in small typed objects. Nothing is judged, guessed or
changed, and nothing here reads a file. May import `dates`, `models`, `origins`, `records` and `frames`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from . import models
from .dates import Edtf
from .frames import library
from .models import Record
from .origins import Origins, Weight
from .records import Records

if TYPE_CHECKING:
    import networkx

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, repr=False)
class ChainLink:
    """One hop of a chain of attribution, with the records that it names."""

    position: int
    """Its place: 0 is the document, the last one speaks."""
    voice: str
    """How it is identified: by name, as an anonymous source, as a collective, or impersonally."""
    basis: str
    """Whether the document names it at that very spot, or it is inferred."""
    actor: models.Actor | None
    """Who speaks or relays; None for an impersonal voice."""
    document: models.Source | None
    """The document in which it speaks, where it is one."""

    @property
    def name(self) -> str:
        """The name under which whoever speaks or relays is shown here; for an impersonal voice, that it is one."""
        return self.actor.name if self.actor is not None else f"({self.voice})"

    def __repr__(self) -> str:
        who = self.actor.id if self.actor is not None else "nobody"
        where = f" in {self.document.id}" if self.document is not None else ""
        return f"<{self.position}: {who}{where}, {self.voice}, {self.basis}>"


@dataclass(frozen=True, slots=True, repr=False)
class Passage:
    """What in which document carries a record, or one field of it."""

    source: models.Source
    field: str | None
    """The field that it carries; None where it carries the record as such."""
    claim: models.Claim | None
    """The claim in which the words lie, where it is recorded."""
    start: int | None
    """First character of the words, in code points; None where the text of the document is not held."""
    end: int | None
    """First character after the words."""
    sha256: str | None
    """SHA-256 of text_sha256:start:end:words as UTF-8."""

    def __repr__(self) -> str:
        where = f" {self.start}-{self.end}" if self.start is not None else ""
        field = f" for {self.field}" if self.field is not None else ""
        return f"<passage of {self.source.id}{where}{field}>"


@dataclass(frozen=True, slots=True, repr=False)
class Backing:
    """What one document says of a claim, and whether it counts as an origin of its own."""

    assessment: models.Assessment
    source: models.Source | None
    shared: tuple[str, ...]
    """What it has in common with the claim's own chain, such as `publisher:...`; a report that supports and shares anything
    is no independent origin."""

    def __repr__(self) -> str:
        return f"<{self.assessment.id} {self.assessment.stance}" + (", not independent>" if self.shared else ">")


@dataclass(frozen=True, slots=True)
class Backed(Weight):
    """The weight of a claim (`supporting`, `contradicting`, `standing`) with the reports from which it is reckoned."""

    supports: tuple[Backing, ...]
    contradicts: tuple[Backing, ...]
    refines: tuple[Backing, ...]
    """Reports that refine: they count for neither."""


def chain_of(records: Records, record: Record) -> tuple[ChainLink, ...]:
    """Give the hops of a statement, claim or event, from the document to the one who speaks; none where it has no chain."""
    hops: tuple[models.Hop, ...] = getattr(record, "attribution", ())
    return tuple(
        ChainLink(
            at,
            hop.voice,
            hop.basis,
            _one(records, "actors", models.Actor, hop.actor_id),
            _one(records, "sources", models.Source, hop.document_id),
        )
        for at, hop in enumerate(hops)
    )


def passages_of(records: Records, record: Record) -> tuple[Passage, ...]:
    """Give the passages that carry a record.

    Of a statement, claim or erratum these are its own words; of an erratum also the documents on which it rests, for
    `should_read`; of an assessment the document that speaks.
    """
    found: list[Passage] = []

    def add(source_id: str, field: str | None, claim_id: str | None, words: Any) -> None:
        source = _one(records, "sources", models.Source, source_id)
        if source is not None:
            claim = _one(records, "claims", models.Claim, claim_id)
            span = (getattr(words, "start", None), getattr(words, "end", None), getattr(words, "sha256", None))
            found.append(Passage(source, field, claim, *span))

    if isinstance(record, models.OfSource):
        add(record.source_id, None, None, record)
    for one in getattr(record, "evidence", ()):
        add(one.source_id, one.field, one.claim_id, one)
    for source_id in record.basis if isinstance(record, models.Erratum) else ():
        add(source_id, "should_read", None, None)
    return tuple(found)


def backing_of(records: Records, claim: models.Claim) -> Backed:
    """Weigh a claim, and give the active reports that support, contradict and refine it."""
    origins = Origins(records)
    weight = origins.weigh(claim)
    by_stance: dict[str, list[Backing]] = {}
    for one in records["assessments"].values():
        if not isinstance(one, models.Assessment) or one.status != "active":
            continue
        if (one.target_table, one.target_id) == ("claims", claim.id):
            source = _one(records, "sources", models.Source, one.source_id)
            by_stance.setdefault(one.stance, []).append(Backing(one, source, tuple(origins.shared(claim, one))))
    supports, contradicts, refines = (tuple(by_stance.get(name, ())) for name in ("supports", "contradicts", "refines"))
    return Backed(weight.supporting, weight.contradicting, supports, contradicts, refines)


def in_time(
    events: Iterable[models.Event], since: str | datetime.date | None = None, until: str | datetime.date | None = None
) -> list[models.Event]:
    """Put events in the order in which they can lie: by first day, then last day, then id.

    A date that is open towards the past comes first, and one that is open towards the future last among those that begin on
    the same day. Events without a date come at the end, and only where no day is asked for.

    Args:
        events: the events.
        since: a day or an EDTF date; events that can only lie before its first day are left out.
        until: a day or an EDTF date; events that can only lie after its last day are left out.

    Raises:
        ValueError: a text is no date of the EDTF profile, or all of `since` lies after `until`.
    """
    events = list(events)
    first = _date(since).earliest if since is not None else None
    last = _date(until).latest if until is not None else None
    if first is not None and last is not None and first > last:
        raise ValueError(f"no day lies since {first} and until {last}: the first is after the second")
    dated = [
        one
        for one in events
        if one.date is not None
        and (first is None or one.date.latest is None or one.date.latest >= first)
        and (last is None or one.date.earliest is None or one.date.earliest <= last)
    ]
    dated.sort(key=lambda one: (one.date_earliest or datetime.date.min, one.date_latest or datetime.date.max, one.id))
    undated = [one for one in events if one.date is None] if since is None and until is None else []
    return [*dated, *sorted(undated, key=lambda one: one.id)]


def _date(given: str | datetime.date) -> Edtf:
    return Edtf(given if isinstance(given, str) else f"{given:%Y-%m-%d}".zfill(10))


def network_of(records: Records) -> networkx.MultiDiGraph[str]:
    """Make a network of the actors and events.

    A node is named by its table and id, `actors:nicolas-maduro`, and has `table`, `label`, `kind`, and where there are any
    `country`, `actuality`, `date`, `date_earliest` and `date_latest`. An edge has a `relation`: `participant` (an actor in an
    event, with its `role`), `office` (an actor in an organization, with `office`, `since`, `until`), `part_of` or what the link
    of two events says. All attributes are texts. Labels are the names under which actors are shown, never erroneous ones.

    Raises:
        MissingLibraryError: networkx is not installed; the extra `graph` installs it.
    """
    graph: networkx.MultiDiGraph[str] = library("networkx", "a network", "graph").MultiDiGraph()
    for actor in _each(records, "actors", models.Actor):
        graph.add_node(f"actors:{actor.id}", **_given(table="actors", label=actor.name, kind=actor.kind, country=actor.country))
    for event in _each(records, "events", models.Event):
        dates = {"date": event.date, "date_earliest": event.date_earliest, "date_latest": event.date_latest}
        told = _given(table="events", label=event.title, kind=event.kind, actuality=event.actuality, **dates)
        graph.add_node(f"events:{event.id}", **told)
    for start, end, told in _edges(records):
        if start in graph and end in graph:
            graph.add_edge(start, end, key=":".join(told.values()), **told)
    return graph


def _edges(records: Records) -> Iterator[tuple[str, str, dict[str, str]]]:
    for actor in _each(records, "actors", models.Actor):
        for role in actor.roles:
            told = _given(relation="office", office=role.office, since=role.since, until=role.until)
            yield f"actors:{actor.id}", f"actors:{role.organization_id}", told
    for event in _each(records, "events", models.Event):
        for one in event.participants:
            yield f"actors:{one.actor_id}", f"events:{event.id}", {"relation": "participant", "role": one.role}
        for link in event.links:
            yield f"events:{event.id}", f"events:{link.object_id}", {"relation": link.relation}
        if event.part_of is not None:
            yield f"events:{event.id}", f"events:{event.part_of}", {"relation": "part_of"}


def _given(**values: object) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value is not None}


def _one(records: Records, kind: str, model: type[R], record_id: str | None) -> R | None:
    found = records[kind].get(record_id) if record_id is not None else None
    return found if isinstance(found, model) else None


def _each(records: Records, kind: str, model: type[R]) -> Iterator[R]:
    return (one for one in records[kind].values() if isinstance(one, model))
