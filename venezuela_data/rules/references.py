"""Rules on ids and references: every record stands where its id says, and every id that it gives leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .. import models
from ..findings import Finding, shown
from ..models import Record
from ..store import Corpus, Entry, did_you_mean, home_of
from ..syntax import Pointer
from ..tables import KIND, TABLES, references_of


def ids_are_unique(corpus: Corpus) -> Iterator[Finding]:
    """No two records of a kind have the same id.

    An id is how others cite a record; with two records under it, nobody knows which is meant.
    """
    for kind, entry in corpus.repeated:
        first = corpus.entries[kind][entry.record.id]
        place = first.finding(("id",), "", "").place
        yield entry.finding(("id",), "ids-are-unique", f"{shown(entry.record.id)} is already at {place}", "choose another")


def ids_match_their_files(corpus: Corpus) -> Iterator[Finding]:
    """A record stands in the file that its id names.

    So an error names the file to open, two contributions rarely touch the same file, and a file's history is a record's.
    """
    for kind, entry in corpus.all():
        home = home_of(KIND[kind], entry.record.id)
        if entry.file.path.startswith("seeds/") and entry.file.path != home:
            message = f"{shown(entry.record.id)} does not belong in this file"
            yield entry.finding(("id",), "ids-match-their-files", message, f"rename the id, or move the record to {home}")


def references_resolve(corpus: Corpus) -> Iterator[Finding]:
    """Every id that a record gives for another is the id of a record.

    A dangling reference is a fact that nobody can follow up.
    """
    for _, entry in corpus.all():
        for path, kind in references_of(type(entry.record)):
            for at, given in _values_at(entry, path):
                if given not in corpus.entries[kind] and not corpus.is_faulty(kind, given):
                    yield _dangling(corpus, entry, at, kind, str(given))
        for at, table, given in _free_references(entry.record):
            if table not in KIND:
                message = f"no table {shown(table)} has records"
                yield entry.finding(at, "references-resolve", message, did_you_mean(table, KIND, "tables"))
            elif given not in corpus.entries[table] and not corpus.is_faulty(table, given):
                yield _dangling(corpus, entry, at, table, given)


def _dangling(corpus: Corpus, entry: Entry, at: Pointer, kind: str, given: str) -> Finding:
    advice = did_you_mean(given, corpus.entries[kind], "ids") if corpus.entries[kind] else f"add it, or leave {at[-1]} out"
    return entry.finding(at, "references-resolve", f"{kind} has no {shown(given)}", advice)


def _values_at(entry: Entry, path: Sequence[str]) -> Iterator[tuple[Pointer, Any]]:
    """Yield what stands at a path of the file's own value, with the place of each, following `*` into lists."""
    node: Any = entry.file.value
    for step in entry.pointer:
        node = node[step]
    found: list[tuple[Pointer, Any]] = [((), node)]
    for step in path:
        inner: list[tuple[Pointer, Any]] = []
        for at, one in found:
            if step == "*":
                inner.extend(((*at, index), item) for index, item in enumerate(one))
            elif one.get(step) is not None:
                inner.append(((*at, step), one[step]))
        found = inner
    yield from found


def _free_references(record: Record) -> Iterator[tuple[Pointer, str, str]]:
    """Yield references whose table stands in a field of its own."""
    if isinstance(record, models.Claim):
        for index, about in enumerate(record.about):
            yield ("about", index, "record_id"), about.table, about.record_id
    if isinstance(record, models.Assessment):
        yield ("target_id",), record.target_table, record.target_id
    if isinstance(record, models.Erratum) and record.table is not None and record.record_id is not None:
        yield ("record_id",), record.table, record.record_id


def items_are_told_apart(corpus: Corpus) -> Iterator[Finding]:
    """No list of a record has the same item twice, by the columns that tell rows of its table apart.

    The same participant in the same role, or the same name from the same document, would be counted twice.
    """
    for kind, entry in corpus.all():
        for table in TABLES:
            if not table.apart or table.kind not in ("", kind):
                continue
            seen: dict[tuple[Any, ...], int] = {}
            for index, item in enumerate(getattr(entry.record, table.field, ())):
                key = tuple(getattr(item, name) for name in table.apart)
                if seen.setdefault(key, index) != index:
                    message = f"the item says the same as item {seen[key] + 1} of the list"
                    yield entry.finding((table.field, index), "items-are-told-apart", message, "keep one of the two")


def fields_of_evidence_exist(corpus: Corpus) -> Iterator[Finding]:
    """The field that evidence or an erratum speaks of is a field of that record.

    Otherwise the words would be said to carry a cell that there is not.
    """
    for kind, entry in corpus.all():
        for index, evidence in enumerate(getattr(entry.record, "evidence", ())):
            if evidence.field is not None and evidence.field not in KIND[kind].model.model_fields:
                yield _no_field(entry, ("evidence", index, "field"), kind, evidence.field)
        erratum = entry.record
        if isinstance(erratum, models.Erratum) and erratum.table in KIND and erratum.field is not None:
            assert erratum.table is not None
            if erratum.field not in KIND[erratum.table].model.model_fields:
                yield _no_field(entry, ("field",), erratum.table, erratum.field)


def _no_field(entry: Entry, at: Pointer, kind: str, given: str) -> Finding:
    advice = did_you_mean(given, KIND[kind].model.model_fields, "fields")
    return entry.finding(at, "fields-of-evidence-exist", f"records of {kind} have no field {shown(given)}", advice)
