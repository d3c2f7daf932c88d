"""Rules on ids and references: every record stands where its id says, and every id that it gives leads somewhere.

They look at ids and places alone, never at what a record says. May import whatever stands before `rules` in the order of
modules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .. import models
from ..findings import Finding, did_you_mean, shown
from ..models import Record
from ..records import KIND, lists_of, references_of
from ..store import Corpus, Entry, home_of
from ..syntax import Pointer
from ..tables import TABLES
from .drafts import PLACEHOLDER_ID


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

    A record of a document has that document beside it, and an assessment bears on a claim or an erratum. A dangling
    reference is a fact that nobody can follow up.
    """
    advised: dict[tuple[str, str], str] = {}
    for _, entry in corpus.all():
        record = entry.record
        if isinstance(record, models.OfSource) and not _is_there(corpus, "sources", record.source_id):
            yield _dangling(corpus, entry, ("id",), "sources", record.source_id, advised)
        value = _value_of(entry)
        for path, kind in references_of(type(entry.record)):
            for at, given in _values_at(value, path):
                if not _is_there(corpus, kind, given):
                    yield _dangling(corpus, entry, at, kind, str(given), advised)
        for at, table, given in _free_references(entry.record):
            known = ("claims", "errata") if isinstance(record, models.Assessment) else tuple(KIND)
            if table not in known:
                message = f"no table {shown(table)} has records that can stand here"
                yield entry.finding(at, "references-resolve", message, did_you_mean(table, known, "tables"))
            elif not _is_there(corpus, table, given):
                yield _dangling(corpus, entry, at, table, given, advised)


def _is_there(corpus: Corpus, kind: str, given: str) -> bool:
    return given in corpus.entries[kind] or corpus.is_faulty(kind, given)


SUGGESTED = 100
"""Unknown ids for which the nearest known ones are looked for in one run: that takes a while where there are many of both."""


def _dangling(corpus: Corpus, entry: Entry, at: Pointer, kind: str, given: str, advised: dict[tuple[str, str], str]) -> Finding:
    if not corpus.entries[kind]:
        advice = f"add it, or leave {at[-1]} out"
    elif (kind, given) in advised or len(advised) < SUGGESTED:
        if (kind, given) not in advised:
            near = did_you_mean(given, corpus.entries[kind], "ids")
            advised[kind, given] = "write the id that belongs there" if given == PLACEHOLDER_ID else near
        advice = advised[kind, given]
    else:
        advice = "add it, or correct the id"
    return entry.finding(at, "references-resolve", f"{kind} has no {shown(given)}", advice)


def _value_of(entry: Entry) -> Any:
    """Give a record as it stands in its file."""
    node: Any = entry.file.value
    for step in entry.pointer:
        node = node[step]
    return node


def _values_at(value: Any, path: Sequence[str]) -> Iterator[tuple[Pointer, Any]]:
    """Yield what stands at a path of a record as it stands in its file, with the place of each, following `*` into lists."""
    found: list[tuple[Pointer, Any]] = [((), value)]
    for step in path:
        inner: list[tuple[Pointer, Any]] = []
        for at, one in found:
            if step == "*":
                inner.extend(((*at, index), item) for index, item in enumerate(one))
            elif one.get(step) is not None:
                inner.append(((*at, step), one[step]))
        if not inner:
            return
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
    apart = {kind: [table for table in TABLES if table.apart and table.kind in ("", kind)] for kind in KIND}
    for kind, entry in corpus.all():
        for table in apart[kind]:
            seen: dict[tuple[Any, ...], int] = {}
            items = getattr(entry.record, table.field, ())
            for index, item in enumerate(items if len(items) > 1 else ()):
                key = tuple(getattr(item, name) for name in table.apart)
                if seen.setdefault(key, index) != index:
                    yield _repeated(entry, (table.field, index), seen[key])
        for name in lists_of(type(entry.record)):
            values = getattr(entry.record, name)
            first: dict[str, int] = {}
            for index, value in enumerate(values if len(values) > 1 else ()):
                if isinstance(value, str) and first.setdefault(value, index) != index:
                    yield _repeated(entry, (name, index), first[value])


def _repeated(entry: Entry, at: Pointer, first: int) -> Finding:
    message = f"the item says the same as item {first + 1} of the list"
    return entry.finding(at, "items-are-told-apart", message, "keep one of the two")


def fields_of_evidence_exist(corpus: Corpus) -> Iterator[Finding]:
    """The field that evidence or an erratum speaks of is a field of that record.

    Otherwise the words would be said to carry a cell that there is not.
    """
    for kind, entry in corpus.all():
        for index, evidence in enumerate(getattr(entry.record, "evidence", ())):
            if evidence.field is not None and evidence.field not in KIND[kind].model.model_fields:
                yield _no_field(entry, ("evidence", index, "field"), kind, evidence.field)
        erratum = entry.record
        if not isinstance(erratum, models.Erratum):
            continue
        if (erratum.table is None) != (erratum.record_id is None) or (erratum.table is None and erratum.field is not None):
            message = "'table' and 'record_id' come together, and 'field' with them"
            advice = "name table and record, or leave all three out"
            at: Pointer = ("table",) if erratum.table is not None else ("record_id",) if erratum.record_id else ("field",)
            yield entry.finding(at, "fields-of-evidence-exist", message, advice)
        if erratum.table in KIND and erratum.field is not None:
            assert erratum.table is not None
            if erratum.field not in KIND[erratum.table].model.model_fields:
                yield _no_field(entry, ("field",), erratum.table, erratum.field)


def _no_field(entry: Entry, at: Pointer, kind: str, given: str) -> Finding:
    advice = did_you_mean(given, KIND[kind].model.model_fields, "fields")
    return entry.finding(at, "fields-of-evidence-exist", f"records of {kind} have no field {shown(given)}", advice)
