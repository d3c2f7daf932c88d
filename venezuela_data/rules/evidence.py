"""Rules on evidence: every record is carried by words or documents, and every span verifies words and place.

A text is read where it is at hand and never kept, and no finding prints words of it but the line that was changed. May import
whatever stands before `rules` in the order of modules.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate

from .. import models
from ..findings import Finding, shown
from ..store import Corpus, Entry
from ..syntax import Pointer
from ..text import fingerprint, only_differs_in, paragraphs, span_hash, splits_a_character


def records_have_evidence(corpus: Corpus) -> Iterator[Finding]:
    """Every actor, place, event and legal record names the words or documents that carry it.

    So does a document that is known only because another cites it. A record that nothing carries is somebody's
    knowledge, and nobody can check it.
    """
    for _, entry in corpus.all():
        record = entry.record
        needs = hasattr(record, "evidence") and (not isinstance(record, models.Source) or record.access == "cited")
        if needs and not getattr(record, "evidence"):  # noqa: B009  # only some kinds of record have the field
            yield entry.finding((), "records-have-evidence", "nothing carries the record", "add evidence")


def _spans(entry: Entry) -> Iterator[tuple[Pointer, str, int | None, int | None, str | None, str | None]]:
    """Yield every span of a record: place, document, start, end, hash, and the words where the record has them."""
    record = entry.record
    if isinstance(record, models.Statement | models.Claim | models.Erratum):
        words = {models.Statement: "text", models.Erratum: "as_written"}.get(type(record))
        held = getattr(record, words) if words is not None else None
        yield (), record.source_id, record.start, record.end, record.sha256, held
    for index, evidence in enumerate(getattr(record, "evidence", ())):
        yield ("evidence", index), evidence.source_id, evidence.start, evidence.end, evidence.sha256, None
    if isinstance(record, models.Actor):
        for index, name in enumerate(record.names):
            yield ("names", index), name.source_id, name.start, name.end, name.sha256, name.name


def spans_come_from_held_texts(corpus: Corpus) -> Iterator[Finding]:
    """A span is whole, and only a document whose text was read has spans; it alone has a fingerprint and paragraphs.

    Offsets into a text that nobody fingerprinted cannot be verified by anyone.
    """
    code = "spans-come-from-held-texts"
    for source, entry in corpus.each(models.Source):
        for name in ("text_sha256", "text_length", "paragraphs"):
            if bool(getattr(source, name)) != (source.access == "held"):
                given = "has no" if source.access == "held" else "has"
                message = f"a document whose access is {source.access} {given} {name!r}"
                yield entry.finding((name,), code, message, "a held document has all three, any other none")
    for _, entry in corpus.all():
        for at, source_id, *span in _spans(entry):
            source_record = corpus.source(source_id)
            if len({one is None for one in span[:3]}) > 1:
                message = "the span is not whole"
                yield entry.finding(at, code, message, "start, end and sha256 come together")
            elif source_record is not None and source_record.access != "held" and span[0] is not None:
                message = f"a span into {shown(source_id)}, whose text is not held"
                yield entry.finding((*at, "start"), code, message, "leave the span out")
            elif source_record is not None and source_record.access == "held" and at[:1] == ("evidence",) and span[0] is None:
                message = f"evidence from {shown(source_id)} without the words that carry the record"
                yield entry.finding(at, code, message, "add start, end and sha256")


def paragraphs_follow_each_other(corpus: Corpus) -> Iterator[Finding]:
    """The paragraphs of a document are numbered from 1, do not overlap, and end within its text.

    They are what lets a reader find a span, and what coverage is reckoned over.
    """
    code = "paragraphs-follow-each-other"
    for source, entry in corpus.each(models.Source):
        last = 0
        for index, paragraph in enumerate(source.paragraphs):
            at: Pointer = ("paragraphs", index)
            if paragraph.n != index + 1:
                yield entry.finding((*at, "n"), code, f"paragraph {index + 1} has the number {paragraph.n}", "renumber")
            if paragraph.start < last or paragraph.end <= paragraph.start:
                message = f"it runs from {paragraph.start} to {paragraph.end}, after {last}"
                yield entry.finding((*at, "start"), code, message, "read the offsets from the text again")
            last = max(last, paragraph.end)
        if source.text_length is not None and last > source.text_length:
            message = f"the text has {source.text_length} characters, and its paragraphs end at {last}"
            yield entry.finding(("text_length",), code, message, "read the offsets from the text again")


def spans_lie_in_one_paragraph(corpus: Corpus) -> Iterator[Finding]:
    """Every span has words, and lies inside one paragraph of its document.

    A span over several paragraphs carries too much to say which words carry the record.
    """
    reaches: dict[str, _Reach] = {}
    for _, entry in corpus.all():
        for at, source_id, start, end, *_rest in _spans(entry):
            source = corpus.source(source_id)
            if source is None or start is None or end is None or not source.paragraphs:
                continue
            if source_id not in reaches:
                reaches[source_id] = _reach(source)
            if not _holds(reaches[source_id], start, end):
                message = f"{start} to {end} lies inside no paragraph of {shown(source_id)}"
                advice = "take the offsets from `venezuela-data anchor`"
                yield entry.finding((*at, "start"), "spans-lie-in-one-paragraph", message, advice)


_Reach = tuple[list[int], list[int]]
"""Where the paragraphs of a document start, in order, and how far those that start there or before reach."""


def _reach(source: models.Source) -> _Reach:
    ranges = sorted((one.start, one.end) for one in source.paragraphs)
    return [start for start, _ in ranges], list(accumulate((end for _, end in ranges), max))


def _holds(reach: _Reach, start: int, end: int) -> bool:
    """Say whether one of the paragraphs holds a span; a document may have thousands of both."""
    starts, ends = reach
    before = bisect_right(starts, start)
    return start < end and before > 0 and end <= ends[before - 1]


def words_match_their_spans(corpus: Corpus) -> Iterator[Finding]:
    """Where a record has the words of its span, the hash is that of the words, the place and the document.

    So a quotation, a name and what an erratum has as written can be verified without the document's text.
    """
    for _, entry in corpus.all():
        for at, source_id, start, end, sha256, words in _spans(entry):
            source = corpus.source(source_id)
            text_sha256 = source.text_sha256 if source is not None else None
            if text_sha256 is None or start is None or end is None or words is None:
                continue
            if span_hash(text_sha256, start, end, words) != sha256:
                message = f"the hash is not that of {shown(words)} at {start} to {end}"
                advice = "copy the words from the document as they stand; take the span from `venezuela-data anchor`"
                yield entry.finding((*at, "sha256"), "words-match-their-spans", message, advice)


def spans_match_the_text(corpus: Corpus) -> Iterator[Finding]:
    """Where the document's text is at hand, it is the text of the fingerprint, and every span has the hash of its words there.

    This is what lets anybody who has the text verify every cell, offline. A span neither begins nor ends inside what a reader
    takes for one character.
    """
    code = "spans-match-the-text"
    if not corpus.texts:
        return
    moved: dict[str, dict[int, int]] = {}
    for source, entry in corpus.each(models.Source):
        text = corpus.texts.get(source.id)
        if text is None or source.text_sha256 is None:
            continue
        moved[source.id] = _moved(source, text.text)
        if fingerprint(text.text) != source.text_sha256:
            message = "the text does not have the fingerprint of the document"
            only = only_differs_in(text.text, source.text_sha256)
            advice = f"it differs only in {only}: save it as it was read" if only else "compare it with the text as it was read"
            yield entry.finding(("text_sha256",), code, message, f"{text.path}: {advice}")
            for index, offset in _changed(source, text.text):
                message = f"paragraph {index + 1} of {shown(source.id)} reads otherwise here"
                yield text.finding(offset, code, message, "see what was changed in the text")
        elif len(text.text) != source.text_length or len(moved[source.id]) != len(list(paragraphs(text.text))):
            message = f"the text has {len(text.text)} characters in {len(list(paragraphs(text.text)))} paragraphs"
            yield entry.finding(("text_length",), code, message, "read the length and the paragraphs from the text again")
    for _, entry in corpus.all():
        for at, source_id, start, end, sha256, _words in _spans(entry):
            source_record, text = corpus.source(source_id), corpus.texts.get(source_id)
            if source_record is None or text is None or source_record.text_sha256 is None or start is None or end is None:
                continue
            if _stands(source_record, text.text, start, end, sha256, moved[source_id]):
                continue
            message = f"the words at {start} to {end} of {shown(source_id)} are not those of the span"
            yield entry.finding((*at, "sha256"), code, message, "take the span from `venezuela-data anchor`")


def _moved(source: models.Source, text: str) -> dict[int, int]:
    """Say, for each paragraph whose words stand in the text, by its start: how far they have moved."""
    there = list(paragraphs(text))
    found = {}
    for index, one in enumerate(source.paragraphs):
        for passage in there[max(0, index - 3) : index + 4]:
            if span_hash(source.text_sha256 or "", one.start, one.end, passage.words) == one.sha256:
                found[one.start] = passage.start - one.start
    return found


def _changed(source: models.Source, text: str) -> Iterator[tuple[int, int]]:
    """Yield the number from 0 of each paragraph whose words do not stand in the text, and where they would begin."""
    shift, known = 0, _moved(source, text)
    for index, one in enumerate(source.paragraphs):
        if one.start in known:
            shift = known[one.start]
        else:
            yield index, max(0, min(one.start + shift, len(text)))


def _stands(source: models.Source, text: str, start: int, end: int, sha256: str | None, moved: Mapping[int, int]) -> bool:
    """Say whether the words of a span stand in the text: at their place, or where a change before them has moved them."""
    home = max((one.start for one in source.paragraphs if one.start <= start), default=0)
    shifts = sorted({0, moved.get(home, 0), *moved.values()}, key=abs) if home not in moved else [moved[home]]
    for shift in shifts:
        first, last = start + shift, end + shift
        if span_hash(source.text_sha256 or "", start, end, text[max(0, first) : max(0, last)]) == sha256:
            return not (splits_a_character(text, first) or splits_a_character(text, last))
    return False
