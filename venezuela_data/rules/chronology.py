"""Rules on dates: what comes later is not dated earlier.

Only what the bounds of two dates rule out is found; a date is never guessed, and none is compared with today. May import
whatever stands before `rules` in the order of modules.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from .. import models
from ..dates import Edtf
from ..findings import Finding, shown
from ..store import Corpus, Entry
from ..syntax import Pointer

BEFORE = {
    "published": ("signed",),
    "effective": ("signed",),
    "ended": ("announced", "signed", "published", "designated", "effective", "amended"),
}
"""The stages of a designation that lie before another, wherever they stand in its history."""


def dates_are_ordered(corpus: Corpus) -> Iterator[Finding]:
    """What comes later in a designation, an instrument or an office is not dated earlier.

    The stages of a designation stand in the order of their dates, and it is signed before it is published, takes effect or
    ends; an instrument is signed before it is published; an office begins before it ends. Only what the bounds of two dates
    rule out is found, and dates that are approximate are passed over.
    """
    for _, entry in corpus.all():
        record = entry.record
        if isinstance(record, models.Designation):
            for (n, one), (m, other) in combinations(enumerate(record.history), 2):
                if other.stage in BEFORE.get(one.stage, ()):
                    # The later stage is listed first, so the order of the list alone would hide what the law rules out.
                    yield from _reversed(entry, ("history", n, "date"), one.stage, one.date, other.stage, other.date)
                yield from _reversed(entry, ("history", m, "date"), other.stage, other.date, one.stage, one.date)
        elif isinstance(record, models.Instrument):
            yield from _reversed(entry, ("published",), "published", record.published, "signed", record.signed)
            yield from _reversed(entry, ("effective",), "effective", record.effective, "signed", record.signed)
        elif isinstance(record, models.Actor):
            for index, role in enumerate(record.roles):
                yield from _reversed(entry, ("roles", index, "until"), "until", role.until, "since", role.since)


def _is_before(one: Edtf, other: Edtf) -> bool:
    return one.before(other) is True and not (one.is_approximate or other.is_approximate)


def _reversed(entry: Entry, at: Pointer, later: str, late: Edtf | None, earlier: str, early: Edtf | None) -> Iterator[Finding]:
    if late is not None and early is not None and _is_before(late, early):
        message = f"{later!r} {late} is before {earlier!r} {early}"
        yield entry.finding(at, "dates-are-ordered", message, "see which of the two the document gives otherwise")


def documents_cite_earlier_ones(corpus: Corpus) -> Iterator[Finding]:
    """No document cites one that was published after it.

    Where it seems to, one of the two dates is wrong, or the wrong document is named.
    """
    for source, entry in corpus.each(models.Source):
        for index, citation in enumerate(source.cites):
            cited = corpus.source(citation.cited_id)
            dates = (source.published, cited.published if cited is not None else None)
            if dates[0] is not None and dates[1] is not None and dates[0].before(dates[1]):
                message = f"published {dates[0]}, it cites {shown(citation.cited_id)} of {dates[1]}"
                at = ("cites", index, "cited_id")
                yield entry.finding(at, "documents-cite-earlier-ones", message, "see which of the two dates is wrong")


def events_lie_within_their_parents(corpus: Corpus) -> Iterator[Finding]:
    """An event that is part of another lies within its dates.

    Only what the bounds of the two dates rule out is found.
    """
    code = "events-lie-within-their-parents"
    for event, entry in corpus.each(models.Event):
        linked = [link.object_id for link in event.links if link.relation == "part_of"]
        for parent_id in (event.part_of, *linked):
            parent = corpus.entries["events"].get(parent_id or "")
            whole = parent.record.date if parent is not None and isinstance(parent.record, models.Event) else None
            if event.date is not None and whole is not None and event.date.within(whole) is False:
                message = f"{event.date} lies outside {shown(parent_id)}, which is dated {whole}"
                advice = "see which of the two dates is wrong, or link the events otherwise"
                yield entry.finding(("date",), code, message, advice)


def dates_say_where_they_come_from(corpus: Corpus) -> Iterator[Finding]:
    """An event has a date and the basis of that date, or neither; and some evidence carries the date.

    A date without a basis cannot be weighed against another.
    """
    code = "dates-say-where-they-come-from"
    for event, entry in corpus.each(models.Event):
        if (event.date is None) != (event.date_basis is None):
            at = ("date",) if event.date is not None else ("date_basis",)
            yield entry.finding(at, code, "'date' and 'date_basis' come together", "add the other one")
        elif event.date is not None and not any(evidence.field == "date" for evidence in event.evidence):
            advice = "add evidence whose field is 'date'"
            yield entry.finding(("date",), code, "no evidence carries the date", advice)
