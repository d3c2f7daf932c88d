"""Perspectives: named filters of the data, each of a policy of plain data whose hash goes into what it produces.

A perspective hides and never recounts: what is reckoned over all data, such as the standing of a claim, stays what it is. It
never hides half: whatever a record that is kept refers to is kept as well, and a link is kept where both of its ends are. That
a record is in a view does not say that it is so. Nothing here reads a file. May import whatever stands before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from typing import Any, Literal, TypeVar, get_args

from . import models
from .dates import Edtf
from .lifecycle import Redirect
from .models import Record
from .origins import STATE_ORGANS
from .records import KIND, Records, references_of
from .tables import TABLE, Cell

R = TypeVar("R", bound=Record)

SEMANTICS = 1
"""The version of what the fields of a policy mean; whoever changes that raises it, and every hash changes."""

OFFICIAL = ("court", "law", "official")
"""The kinds of document that a public body issues."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a perspective admits, as plain data; what is empty admits anything. All that is given has to hold."""

    documents: tuple[str, ...] = ()
    """Kinds of document: a claim has to be made, relayed or supported by one of these; a statement made or relayed."""
    voices: tuple[str, ...] = ()
    """Voices: every hop of the chain has to have one of these."""
    speaker_country: str = ""
    """A country: whoever speaks at the end of the chain has to be, or to hold an office of, a body of it (`speaker_kinds`)."""
    speaker_kinds: tuple[str, ...] = ()
    """Kinds of actor that speak for the country."""
    claim_kinds: tuple[str, ...] = ()
    """Kinds of claim. A statement, which has none, is then kept only where a claim that is kept lies in its words."""
    standings: tuple[str, ...] = ()
    """Standings of a claim, as they are reckoned over all data. A statement, which has none, is kept as with claim_kinds."""
    statuses: tuple[str, ...] = ("active",)
    """Statuses of records: others are kept only where a record that is kept refers to them."""
    legal_acts: Literal["all", "own", "named"] = "named"
    """Designations, programs and instruments: all, those of the authorities that speak for the country, or those only that
    a record that is kept refers to."""
    everything: bool = False
    """Whether all records are kept, whatever else is given."""


ViewName = Literal[
    "official-record",
    "named-sources",
    "us-government",
    "venezuelan-government",
    "corroborated",
    "everything-flagged",
]
"""The names of the perspectives, for editors and type checkers."""


@dataclass(frozen=True)
class Perspective:
    """A named filter of the data."""

    name: str
    description: str
    """What it keeps, in published words."""
    policy: Policy

    @cached_property
    def hash(self) -> str:
        """The SHA-256 of the policy in canonical JSON with the version of its semantics: equal hashes filter alike."""
        told = {"policy": asdict(self.policy), "semantics": SEMANTICS}
        return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    @property
    def view_name(self) -> str:
        """The name with the first 12 digits of the hash, as it stands in what a view produces."""
        return f"{self.name}@{self.hash[:12]}"


def _of_state(name: str, adjective: str, country: str) -> Perspective:
    told = (
        f"What the {adjective} state says as documents relay it: claims and statements at the end of whose chain stands a body "
        "of that state or a person with an office of it on record, with the legal acts of its authorities. Whoever speaks for "
        "it without a name is not among them."
    )
    policy = Policy(speaker_country=country, speaker_kinds=tuple(sorted(STATE_ORGANS)), legal_acts="own")
    return Perspective(name, told, policy)


PERSPECTIVES: Mapping[str, Perspective] = {
    one.name: one
    for one in (
        Perspective(
            "official-record",
            "What is on the record of public bodies: all legal acts, and the claims that a law, a court document or a document "
            "of a public body makes, relays or supports. That a public body says so does not make it so.",
            Policy(documents=OFFICIAL, legal_acts="all"),
        ),
        Perspective(
            "named-sources",
            "Claims and statements in whose chain everybody has a name: no anonymous source, no unlisted people such as "
            "analysts, no 'it is reported'. All legal acts are in it, and the quoted words in which a claim lies.",
            Policy(voices=("named",), legal_acts="all"),
        ),
        _of_state("us-government", "U.S.", "US"),
        _of_state("venezuelan-government", "Venezuelan", "VE"),
        Perspective(
            "corroborated",
            "Claims that at least one independent origin supports and none contradicts, as it is reckoned over all data. "
            "Nobody weighs who is right.",
            Policy(standings=("corroborated",)),
        ),
        Perspective(
            "everything-flagged",
            "All data, with a flag for whatever a careful reader should know of a record: see FLAGS.",
            Policy(statuses=(), legal_acts="all", everything=True),
        ),
    )
}
"""The perspectives, by name."""

Kept = Mapping[str, frozenset[str]]
"""The ids of the records that a view keeps, by kind."""

_LINKS = {("claims", "links"), ("events", "links"), ("sources", "cites")}
"""Lists of a record that lead to others of its kind: an item is kept where its other end is, and keeps nothing itself."""
_ASSERTIONS = ("claims", "statements")
"""Kinds of which nothing is kept but what the policy admits, and the statements in whose words a claim lies."""


def kept_by(policy: Policy, records: Records, standings: Mapping[str, Cell]) -> Kept:
    """Say which records a policy keeps.

    These are the claims, statements and legal acts that it admits; what other documents say for and against these claims,
    whoever says it; the errata that bear on what is kept; and whatever any of them refers to, so that no reference leads
    nowhere. Vocabularies and tombstones are kept, and redirects to what is kept.

    Args:
        policy: what is admitted.
        records: all records, by kind and id.
        standings: the standing of each claim, by its id.
    """
    if policy.everything:
        return {kind: frozenset(found) for kind, found in records.items()}
    choice = _Choice(policy, records, standings)
    kept: dict[str, set[str]] = {kind: set() for kind in records}
    kept["claims"] |= {one.id for one in choice.claims()}
    kept["statements"] |= {one.id for one in choice.statements()}
    kept["statements"] |= {
        one.statement_id for one in _each(records, "claims", models.Claim) if one.id in kept["claims"] and one.statement_id
    }
    todo = [(kind, one) for kind in _ASSERTIONS for one in kept[kind]]

    def keep(kind: str, record_id: str) -> None:
        if record_id in records.get(kind, ()) and record_id not in kept[kind]:
            kept[kind].add(record_id)
            todo.append((kind, record_id))

    for kind, record_id in choice.legal_acts():
        keep(kind, record_id)
    while todo:
        while todo:
            kind, record_id = todo.pop()
            for other, other_id in _needed(kind, records[kind][record_id], kept):
                keep(other, other_id)
        for erratum in _each(records, "errata", models.Erratum):
            hidden = erratum.table in _ASSERTIONS and erratum.record_id not in kept[erratum.table]
            if not hidden and any(one in kept[kind] for kind, one in choice.touched(erratum)):
                keep("errata", erratum.id)
        for report in _each(records, "assessments", models.Assessment):
            if report.status in policy.statuses and report.target_id in kept.get(report.target_table, ()):
                keep("assessments", report.id)
    kept["vocabularies"] = set(records["vocabularies"])
    kept["tombstones"] = set(records["tombstones"])
    redirects = _each(records, "redirects", Redirect)
    kept["redirects"] = {one.id for one in redirects if one.target_id in kept.get(one.table, ())}
    return {kind: frozenset(found) for kind, found in kept.items()}


class _Choice:
    """What a policy admits of a set of records, before anything that this refers to."""

    def __init__(self, policy: Policy, records: Records, standings: Mapping[str, Cell]) -> None:
        self.policy = policy
        self.records = records
        self.standings = standings
        self._touched = touched_by_errata(records)
        self._supporting: dict[str, list[str]] = {}
        for one in _each(records, "assessments", models.Assessment):
            if (one.target_table, one.stance, one.status) == ("claims", "supports", "active"):
                self._supporting.setdefault(one.target_id, []).append(one.source_id)

    def claims(self) -> Iterator[models.Claim]:
        policy = self.policy
        for one in _each(self.records, "claims", models.Claim):
            of_kind = not policy.claim_kinds or one.kind in policy.claim_kinds
            standing = not policy.standings or self.standings.get(one.id) in policy.standings
            if of_kind and standing and self._admits(one, self._supporting.get(one.id, ())):
                yield one

    def statements(self) -> Iterator[models.Statement]:
        if not self.policy.claim_kinds and not self.policy.standings:
            yield from (one for one in _each(self.records, "statements", models.Statement) if self._admits(one, ()))

    def legal_acts(self) -> Iterator[tuple[str, str]]:
        """Yield the kind and id of each legal act that is admitted."""
        for kind, field in (("designations", "authority_id"), ("programs", "issuer_id"), ("instruments", "issuer_id")):
            for one in self.records[kind].values():
                if self.policy.legal_acts == "named" or one.status not in self.policy.statuses:
                    continue
                if self.policy.legal_acts == "all" or self._speaks(getattr(one, field)):
                    yield kind, one.id

    def touched(self, erratum: models.Erratum) -> list[tuple[str, str]]:
        """Give the kind and id of each record on which an erratum bears."""
        return self._touched.get(erratum.id, [])

    def _admits(self, one: models.Claim | models.Statement, supporting: Iterable[str]) -> bool:
        policy = self.policy
        if one.status not in policy.statuses:
            return False
        documents = (one.source_id, *(hop.document_id or "" for hop in one.attribution), *supporting)
        sources = (self.records["sources"].get(document) for document in documents)
        kinds = {source.kind for source in sources if isinstance(source, models.Source)}
        return (
            (not policy.documents or not kinds.isdisjoint(policy.documents))
            and (not policy.voices or all(hop.voice in policy.voices for hop in one.attribution))
            and (not policy.speaker_country or self._speaks(one.attribution[-1].actor_id))
        )

    def _speaks(self, actor_id: str | None) -> bool:
        """Say whether an actor is a body of the country or holds an office of one; so `origins` takes the word of a state."""
        actor = self.records["actors"].get(actor_id or "")
        if not isinstance(actor, models.Actor):
            return False
        offices = (self.records["actors"].get(role.organization_id or "") for role in actor.roles)
        bodies = (one for one in (actor, *offices) if isinstance(one, models.Actor))
        return any(one.kind in self.policy.speaker_kinds and one.country == self.policy.speaker_country for one in bodies)


def _needed(kind: str, record: Record, kept: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Yield the kind and id of each record that has to be kept because one is that refers to it."""
    if isinstance(record, models.OfSource):
        yield "sources", record.source_id
    for name in type(record).model_fields:
        value = getattr(record, name)
        if (kind, name) in _LINKS:
            continue
        if isinstance(value, tuple):
            for part in value:
                refers = list(references_in(kind, name, part))
                if all(one in kept[other] for other, one in refers if other in _ASSERTIONS):
                    yield from ((other, one) for other, one in refers if other not in _ASSERTIONS)
        else:
            yield from references_in(kind, name, value)
    for table, record_id in (("table", "record_id"), ("target_table", "target_id")):
        other = getattr(record, table, None)
        if other in KIND and other not in _ASSERTIONS:
            yield other, getattr(record, record_id)


def references_in(kind: str, name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the kind and id of each record to which a value of a field refers: a plain value, a part, or an item of a list."""
    if isinstance(value, models.About):
        if value.table in KIND:
            yield value.table, value.record_id
        return
    for inner, other in _paths(kind, name):
        found = value
        for step in inner:
            found = getattr(found, step, None)
        if isinstance(found, str):
            yield other, found


@cache
def _paths(kind: str, name: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Give the references in a field: the path in its value or in an item of its list, and the kind."""
    return tuple(
        (tuple(step for step in path[1:] if step != "*"), other)
        for path, other in references_of(KIND[kind].model)
        if path[0] == name
    )


def narrowed(kind: str, record: Record, kept: Kept) -> Record:
    """Give a record without the parts that refer to what is hidden."""
    changed: dict[str, Any] = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, tuple):
            left = tuple(one for one in value if all(of in kept[other] for other, of in references_in(kind, name, one)))
            if len(left) < len(value):
                changed[name] = left
    return record.model_copy(update=changed) if changed else record


def keeps_row(table: str, row: Mapping[str, Cell], kept: Kept) -> bool:
    """Say whether a row of a table is kept: its record has to be, and for a row of a part all records to which it refers."""
    known = TABLE.get(table)
    if known is None:
        return False
    if known.kind and not known.field:
        return row.get(known.key[0]) in kept[known.kind]
    if known.kind and row.get(known.columns[0].name) not in kept[known.kind]:
        return False
    if "record_id" in row and row["record_id"] not in kept.get(str(row["table"]), ()):
        return False
    named = ((column.refers, row.get(column.name)) for column in known.columns if column.refers in kept)
    return all(value is None or value in kept[kind] for kind, value in named if kind is not None)


# Flags -------------------------------------------------------------------------------------------------------------------

Flag = Literal[
    "erratum",
    "contested",
    "contradicted",
    "anonymous_source",
    "back_translated",
    "uncertain_date",
    "existence_not_established",
    "not_active",
]

FLAGS: Mapping[str, str] = dict(
    zip(
        get_args(Flag),
        (
            "An erratum bears on the record: it names it, or has words of it. Basis: the erratum.",
            "A claim that some independent origin supports and some contradicts. Basis: an assessment that contradicts it.",
            "A claim that no independent origin supports and some contradicts. Basis: an assessment that contradicts it.",
            "Somebody without a name stands in the chain of attribution. Basis: the anonymous source.",
            "The words went through at least two translations: they are not the speaker's. Basis: the cell.",
            "A date that is not one certain day: a month, a year, an interval, a bound, or a day in doubt. Basis: the cell.",
            "Documents differ on whether there is such an actor, or one alone says so. Basis: the cell.",
            "The record was replaced, taken back or taken out. Basis: the cell.",
        ),
        strict=True,
    )
)
"""What a careful reader should know of a record, by the name of the flag."""

FLAG_COLUMNS: Mapping[str, str] = dict.fromkeys(("table", "record_id", "flag", "basis"), "string")


def flags_of(records: Records, standings: Mapping[str, Cell]) -> list[dict[str, Cell]]:
    """List what a careful reader should know of records, in the order of table, id, flag and basis.

    Args:
        records: all records, by kind and id.
        standings: the standing of each claim, by its id.

    Returns:
        Rows of table, record_id, flag (see `FLAGS`) and basis: the id of the record on which the flag rests, or `field=value`.
    """
    found: set[tuple[str, str, str, str]] = set()
    for erratum_id, touched in touched_by_errata(records).items():
        found |= {(kind, record_id, "erratum", erratum_id) for kind, record_id in touched}
    for one in _each(records, "assessments", models.Assessment):
        standing = str(standings.get(one.target_id))
        if one.target_table == "claims" and one.stance == "contradicts" and one.status == "active":
            found |= {("claims", one.target_id, standing, one.id)} if standing in ("contested", "contradicted") else set()
    for kind, several in records.items():
        for record in several.values():
            found |= {(kind, record.id, flag, basis) for flag, basis in _own_flags(record)}
    return [dict(zip(FLAG_COLUMNS, one, strict=True)) for one in sorted(found)]


def _own_flags(record: Record) -> Iterator[tuple[str, str]]:
    for hop in getattr(record, "attribution", ()):
        if hop.voice == "anonymous":
            yield "anonymous_source", hop.actor_id or "voice=anonymous"
    if getattr(record, "fidelity", "") == "back_translated":
        yield "back_translated", "fidelity=back_translated"
    if (existence := getattr(record, "existence", "established")) != "established":
        yield "existence_not_established", f"existence={existence}"
    if record.status != "active":
        yield "not_active", f"status={record.status}"
    for name in type(record).model_fields:
        value = getattr(record, name)
        for part in value if isinstance(value, tuple) else ():
            for inner in type(part).model_fields if isinstance(part, models.Part) else ():
                yield from _date_flags(f"{name}.{inner}", getattr(part, inner))
        yield from _date_flags(name, value)


def _date_flags(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Edtf) and (value.earliest != value.latest or value.is_uncertain or value.is_approximate):
        yield "uncertain_date", f"{name}={value}"


def touched_by_errata(records: Records) -> dict[str, list[tuple[str, str]]]:
    """Give the kind and id of each record on which an erratum bears, by the id of the erratum.

    It bears on the record that it names, and on the claims and statements of its document that share words with it.
    """
    words: dict[str, list[tuple[str, models.Claim | models.Statement]]] = {}
    for kind in _ASSERTIONS:
        for one in records[kind].values():
            if isinstance(one, models.Claim | models.Statement):
                words.setdefault(one.source_id, []).append((kind, one))
    made: dict[str, list[tuple[str, str]]] = {}
    for erratum in _each(records, "errata", models.Erratum):
        found = made[erratum.id] = []
        table, record_id = erratum.table or "", erratum.record_id or ""
        if record_id in records.get(table, ()):
            found.append((table, record_id))
        for kind, one in words.get(erratum.source_id, ()):
            if one.start < erratum.end and erratum.start < one.end:
                found.append((kind, one.id))
    return made


def _each(records: Records, kind: str, model: type[R]) -> Iterator[R]:
    return (one for one in records[kind].values() if isinstance(one, model))
