"""Rules on the life of records: no id is used again, what is gone leaves a trace, and what was taken back carries nothing.

They compare records with each other and with the ids that earlier releases had; which those are is told by the corpus. They
never look at what a record says. May import whatever stands before `rules` in the order of modules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from .. import models
from ..findings import Finding, did_you_mean, shown
from ..lifecycle import Redirect, Tombstone
from ..models import Record
from ..records import KIND
from ..store import Corpus, Entry, home_of

_TRACES = ("redirects", "tombstones", "causes")
"""Kinds that speak of the life of records and have none of their own."""


def nothing_disappears(corpus: Corpus) -> Iterator[Finding]:
    """Every record that a release had is still here, or has a redirect or a tombstone.

    Whoever cited it is led to what took its place, or is told why there is nothing.
    """
    traced = {(one.table, one.record_id) for one, _ in _traces(corpus)}
    for kind in KIND:
        if kind in _TRACES:
            continue
        for record_id in sorted(corpus.released[kind] | corpus.gone[kind]):
            if record_id in corpus.entries[kind] or (kind, record_id) in traced or corpus.is_faulty(kind, record_id):
                continue
            message = f"a release had {shown(record_id)}, and nothing says what became of it"
            advice = "put it back, or add a tombstone or a redirect for it"
            yield Finding(home_of(KIND[kind], record_id), 0, 0, "nothing-disappears", message, advice)


def ids_are_never_reused(corpus: Corpus) -> Iterator[Finding]:
    """No record has the id of one that is gone.

    An old citation would then lead to something that its author never saw.
    """
    code = "ids-are-never-reused"
    for kind, entry in corpus.all():
        record_id = entry.record.id
        if kind not in _TRACES and record_id in corpus.gone[kind] and record_id not in corpus.released[kind]:
            message = f"an earlier release had another record under {shown(record_id)}"
            yield entry.finding(("id",), code, message, "choose an id that was never used")
    seen: dict[tuple[str, str, str], Entry] = {}
    for trace, entry in _traces(corpus):
        there = corpus.entries.get(trace.table, {}).get(trace.record_id)
        target = trace.target_id if isinstance(trace, Redirect) else ""
        if there is not None and not (isinstance(trace, Redirect) and there.record.status == "deprecated"):
            message = f"{shown(trace.record_id)} is still a record of {trace.table}"
            stays = "take the record out, or set its status to deprecated" if target else "take the record out"
            yield entry.finding(("record_id",), code, message, f"{stays}, or remove this file")
        if trace.table not in KIND or trace.table in _TRACES:
            message = f"no table {shown(trace.table)} has records that can be gone"
            yield entry.finding(("table",), code, message, did_you_mean(trace.table, set(KIND) - set(_TRACES), "tables"))
        first = seen.setdefault((trace.table, trace.record_id, target), entry)
        if first is not entry:
            message = f"{first.file.path} says already what became of {shown(trace.record_id)}"
            yield entry.finding(("record_id",), code, message, "keep one of the two")


def redirects_are_one_step(corpus: Corpus) -> Iterator[Finding]:
    """A redirect leads to an active record of the same table, one that is merged to a single one, one that is split to several.

    So whoever follows one arrives, and nobody has to choose but where there is a choice. A record that is deprecated has one.
    """
    code = "redirects-are-one-step"
    ways: defaultdict[tuple[str, str], list[tuple[Redirect, Entry]]] = defaultdict(list)
    for redirect, entry in corpus.each(Redirect):
        ways[redirect.table, redirect.record_id].append((redirect, entry))
    for found in ways.values():
        for redirect, entry in found:
            if redirect.table not in KIND:
                continue
            known = corpus.entries[redirect.table]
            target = known.get(redirect.target_id)
            if (redirect.table, redirect.target_id) in ways:
                further = ways[redirect.table, redirect.target_id][0][0].target_id
                message = f"{shown(redirect.target_id)} is itself redirected"
                yield entry.finding(("target_id",), code, message, f"lead to {further} at once")
            elif target is None and not corpus.is_faulty(redirect.table, redirect.target_id):
                message = f"{redirect.table} has no {shown(redirect.target_id)}"
                yield entry.finding(("target_id",), code, message, did_you_mean(redirect.target_id, known, "ids"))
            elif target is not None and target.record.status != "active":
                message = f"{shown(redirect.target_id)} is {target.record.status}"
                yield entry.finding(("target_id",), code, message, "lead to a record that is in use")
            if (redirect.kind == "split") != (len(found) > 1):
                several = f"{len(found)} records take the place of {shown(redirect.record_id)}"
                message = several if len(found) > 1 else f"one record takes the place of {shown(redirect.record_id)}"
                advice = "write 'split'" if len(found) > 1 else "write 'merge', or add the other candidates"
                yield entry.finding(("kind",), code, message, advice)
    for kind, entry in corpus.all():
        if entry.record.status == "deprecated" and (kind, entry.record.id) not in ways:
            message = f"{shown(entry.record.id)} is deprecated, and nothing says what took its place"
            yield entry.finding(("status",), code, message, "add a redirect in seeds/redirects/")


def support_is_not_retracted(corpus: Corpus) -> Iterator[Finding]:
    """Every active record rests on a document that is neither retracted nor withdrawn.

    When a document is taken back, each record that it alone carries is found, so that none goes on as if nothing had happened.
    """
    taken_back = {one.id: one.status for one, _ in corpus.each(models.Source) if one.status in ("retracted", "withdrawn")}
    if not taken_back:
        return
    for kind, entry in corpus.all():
        documents = _documents_of(entry.record)
        if entry.record.status == "active" and kind != "sources" and documents and documents <= taken_back.keys():
            last = min(documents)
            message = f"its last support, {shown(last)}, is {taken_back[last]}"
            advice = "retract the record as well, or add evidence from another document"
            yield entry.finding(("id",), "support-is-not-retracted", message, advice)


def _documents_of(record: Record) -> set[str]:
    if isinstance(record, models.OfSource):
        return {record.source_id}
    return {one.source_id for one in getattr(record, "evidence", ())}


def _traces(corpus: Corpus) -> Iterator[tuple[Redirect | Tombstone, Entry]]:
    yield from corpus.each(Redirect)
    yield from corpus.each(Tombstone)
