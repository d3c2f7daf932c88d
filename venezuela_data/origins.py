"""Independent origins: how many stand behind a claim and against it, and the standing that follows.

Ten relays of one story are one origin. A report is traced to all from whom it can stem: the document, its publisher, the
documents that it cites, the speaker on whose word it or one of these rests, and the state whose organ or office-holder one of
them is. The number of independent origins is the smallest number of these that would account for every report, so one more
relay, a longer chain or the same report twice never raises it. Nobody weighs who is right. May import `models` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .models import Actor, Assessment, Claim, Record, Source

STATE_ORGANS = ("state", "government", "agency", "military_body")
"""The kinds of actor whose word is that of their state."""

MAX_STEPS = 20_000
"""Steps of the search for the smallest number of origins of a group of reports that hang together; past them it counts as 1."""
MAX_GROUP = 300
"""Reports of such a group, after what changes nothing is left out; a larger group counts as 1."""

STANDINGS = ("corroborated", "contested", "contradicted", "uncorroborated")
"""The standings of a claim; the vocabulary `standing` defines them."""

Traces = frozenset[str]
"""All from whom a report can stem, as keys such as `actor:miami-herald`, `document:ltn-20251201` and `state:US`."""


@dataclass(frozen=True, slots=True)
class Weight:
    """How many independent origins support a claim, how many contradict it, and the standing that follows."""

    supporting: int
    contradicting: int

    @property
    def standing(self) -> str:
        """Give the standing: `corroborated`, `contradicted`, `contested` (both) or `uncorroborated` (neither)."""
        if self.supporting:
            return "contested" if self.contradicting else "corroborated"
        return "contradicted" if self.contradicting else "uncorroborated"


class Origins:
    """The documents, actors and assessments of a set of records, indexed so that each claim is weighed in its turn."""

    def __init__(self, records: Mapping[str, Mapping[str, Record]]) -> None:
        """Index records by kind and id, as `Corpus.records` and `tables.Records` have them."""
        self._sources = {one.id: one for one in records["sources"].values() if isinstance(one, Source)}
        self._actors = {one.id: one for one in records["actors"].values() if isinstance(one, Actor)}
        self._reports: dict[str, dict[str, list[Assessment]]] = {}
        """By claim, then by the document that reports."""
        self._traces: dict[str, Traces] = {}
        for one in records["assessments"].values():
            if isinstance(one, Assessment) and one.target_table == "claims" and one.status == "active":
                self._reports.setdefault(one.target_id, {}).setdefault(one.source_id, []).append(one)

    def weigh(self, claim: Claim) -> Weight:
        """Count the independent origins of the reports that support a claim and of those that contradict it.

        A supporting report counts only if it shares nothing with the claim's own chain: a relay of the same story, or the
        same speaker once more, is no second origin. A contradicting one always counts, for whoever takes back their own word
        contradicts it. Reports that refine count for neither.
        """
        own = self.of_claim(claim)
        reports = [one for found in self._reports.get(claim.id, {}).values() for one in found]
        traced = [(one.stance, self.of_report(one)) for one in reports]
        return Weight(
            fewest(traces for stance, traces in traced if stance == "supports" and not traces & own),
            fewest(traces for stance, traces in traced if stance == "contradicts"),
        )

    def of_claim(self, claim: Claim) -> Traces:
        """Trace a claim: the document that makes it, without what else that cites, and every hop of its chain."""
        found = self._of_publisher(self._sources.get(claim.source_id)) | {f"document:{claim.source_id}"}
        for hop in claim.attribution:
            if hop.actor_id is not None:
                found |= self._of_actor(hop.actor_id)
            if hop.document_id is not None and hop.document_id != claim.source_id:
                found |= self._of_document(hop.document_id)
        return frozenset(found)

    def of_report(self, assessment: Assessment) -> Traces:
        """Trace a report: its document with all that this cites, directly or not, and the speaker on whose word it rests.

        Where a document that it cites reports on the same target on somebody's word, it rests on that word too.
        """
        traces = self._of_document(assessment.source_id)
        reports = self._reports.get(assessment.target_id, {})
        documents = (key.removeprefix("document:") for key in traces if key.startswith("document:"))
        cited = (one for document in documents if document != assessment.source_id for one in reports.get(document, ()))
        spoken = {one.speaker_id for one in (assessment, *cited) if one.speaker_id is not None}
        return traces.union(*map(self._of_actor, spoken))

    def shared(self, claim: Claim, assessment: Assessment) -> list[str]:
        """List what a report has in common with a claim's own chain, in order; empty if it is independent of it."""
        return sorted(self.of_claim(claim) & self.of_report(assessment))

    def _of_document(self, document: str) -> Traces:
        if document not in self._traces:
            found: set[str] = set()
            todo, seen = [document], {document}
            while todo:
                one = todo.pop()
                found.add(f"document:{one}")
                source = self._sources.get(one)
                found |= self._of_publisher(source)
                cited = [citation.cited_id for citation in source.cites] if source is not None else []
                todo += [other for other in cited if other not in seen]
                seen.update(cited)
            self._traces[document] = frozenset(found)
        return self._traces[document]

    def _of_publisher(self, source: Source | None) -> Traces:
        if source is None:
            return frozenset()
        named = frozenset({f"publisher:{source.publisher.casefold()}"})
        return named | self._of_actor(source.publisher_id) if source.publisher_id is not None else named

    def _of_actor(self, actor_id: str) -> Traces:
        actor = self._actors.get(actor_id)
        if actor is None:
            return frozenset({f"actor:{actor_id}"})
        offices = (self._actors.get(role.organization_id or "") for role in actor.roles)
        states = {f"state:{one.country}" for one in (actor, *offices) if one is not None and _speaks_for_a_state(one)}
        return frozenset({f"actor:{actor_id}", *states})


def _speaks_for_a_state(actor: Actor) -> bool:
    return actor.kind in STATE_ORGANS and actor.country is not None


def fewest(reports: Iterable[Traces]) -> int:
    """Give the smallest number of origins that account for every report: one of the traces of each.

    That is a smallest hitting set. What can be left out without changing the answer is left out first, which nearly always
    leaves a handful; a search bounded in steps settles the rest. A group past the bounds counts as 1, which is never more.
    """
    sets = _reduced(set(reports))
    return sum(_smallest(group) for group in _groups(sets))


def _reduced(sets: set[Traces]) -> set[Traces]:
    """Drop what changes nothing: a report whose traces include all of another's, and a trace that another one outdoes."""
    while True:
        kept = _smallest_of_all(sets)
        where = _where(kept)
        needless: set[str] = set()
        for key, found in sorted(where.items()):
            rivals = (other for other in sorted(next(iter(found))) if other != key and other not in needless)
            if any(found <= where[other] for other in rivals):
                needless.add(key)
        smaller = {one - needless for one in kept}
        if smaller == sets:
            return smaller
        sets = smaller


def _smallest_of_all(sets: set[Traces]) -> set[Traces]:
    """Keep the sets that include no other one. Each is filed under its rarest trace, so that few have to be compared."""
    where = _where(sets)
    filed: dict[str, list[Traces]] = {}
    kept: set[Traces] = set()
    for one in sorted(sets, key=len):
        if not any(other < one for key in one for other in filed.get(key, ())):
            kept.add(one)
            filed.setdefault(min(one, key=lambda key: (len(where[key]), key), default=""), []).append(one)
    return kept


def _where(sets: set[Traces]) -> dict[str, set[Traces]]:
    """Give the sets in which each trace is."""
    where: dict[str, set[Traces]] = {}
    for one in sets:
        for key in one:
            where.setdefault(key, set()).add(one)
    return where


def _groups(sets: set[Traces]) -> Iterator[list[Traces]]:
    """Part reports into groups that share nothing."""
    where = _where(sets)
    left = set(sets)
    for first in sorted(sets, key=sorted):
        if first not in left:
            continue
        left.remove(first)
        group, todo = [first], [first]
        while todo:
            near = {other for key in todo.pop() for other in where.pop(key, ())} & left
            left -= near
            group += near
            todo += near
        yield sorted(group, key=sorted)


def _smallest(group: list[Traces]) -> int:
    """Give the smallest number of origins of one group, or 1 if that takes too long."""
    steps = 0
    best = len(group)
    if best > MAX_GROUP:
        return 1

    def search(sets: list[Traces], used: int) -> None:
        nonlocal steps, best
        steps += 1
        if not sets:
            best = min(best, used)
        elif used + 1 < best and steps <= MAX_STEPS:
            smallest = min((len(one), sorted(one)) for one in sets)[1]
            for key in smallest:
                search([one for one in sets if key not in one], used + 1)

    search(group, 0)
    return best if steps <= MAX_STEPS else 1
