"""Finding records by what they are called or say, whatever the case, the accents and the ligatures.

A name that a document gives by mistake leads to the erratum that says so, marked as erroneous, and never to a person. Nothing
is guessed: what is found holds the words that were asked for. Nothing here reads a file. May import `findings` and `models`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar, get_args

from . import models
from .findings import shown
from .models import Record

Rank = Literal["exact", "prefix", "word", "inside"]
"""How well a text fits, the best first: it is what was asked for, begins with it, has it as whole words, or holds it.

A text that holds each word of what was asked for, in any order, is `inside` as well.
"""

RANKS: tuple[Rank, ...] = get_args(Rank)

SEARCHED: Mapping[str, tuple[str, ...]] = {
    "actors": ("name",),
    "events": ("title", "description"),
    "designations": ("description",),
    "statements": ("text",),
    "claims": ("text",),
    "errata": ("as_written", "should_read"),
    "assessments": ("value", "note"),
    "sources": ("title", "publisher", "author"),
    "programs": ("title",),
    "instruments": ("title", "citation"),
    "places": ("name",),
    "vocabularies": ("title",),
}
"""The fields of each kind of record that are searched, beside its id and the names of an actor."""

R_co = TypeVar("R_co", bound=Record, covariant=True)


@dataclass(frozen=True, slots=True, repr=False)
class Match(Generic[R_co]):
    """A record that a search found."""

    table: str
    """The table of the record."""
    id: str
    record: R_co
    text: str
    """The name or text that fits."""
    rank: Rank
    """How well it fits."""
    erroneous: bool = False
    """Whether the text is what a document has by mistake; the record is then the erratum that says so."""
    erratum_id: str | None = None
    """The erratum, for a text that is erroneous."""

    def __repr__(self) -> str:
        return f"<{self.table} {self.id}: {shown(self.text)}, {self.rank}{', erroneous' if self.erroneous else ''}>"


def fold(text: str) -> str:
    """Write a text without what a search passes over: case, accents, ligatures, width, and spaces more than one.

    `Flóres` and `FLORES` are `flores`, `Straße` is `strasse`. Only accents on letters are dropped: scripts in which a mark
    makes another letter of it, and Chinese, stay as they are. What is folded stays the same if it is folded again.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    import unicodedata

    last = ""
    while text != last:  # folding a letter can bring forth another one that can be folded, such as that of a trade mark
        last = text
        apart = unicodedata.normalize("NFKD", text.casefold())
        bare = "".join(letter for letter in apart if not _FIRST_ACCENT <= letter <= _LAST_ACCENT)
        text = unicodedata.normalize("NFC", bare).translate(_WITHOUT_ACCENT)
    return " ".join(text.split())


_FIRST_ACCENT, _LAST_ACCENT = "\u0300", "\u036f"
_WITHOUT_ACCENT = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "’": "'"})
"""Letters that Unicode does not take apart, by what people type in their place."""


def matches(
    text: str, records: Mapping[str, Mapping[str, models.Record]], errata: Mapping[str, Record]
) -> list[Match[models.Record]]:
    """Find the records that hold a text in their id, name or words: each once, by the text that fits best.

    Args:
        text: what is looked for; nothing is found by an empty one.
        records: the records to search, by kind and id.
        errata: all errata, to which erroneous names lead.

    Returns:
        The matches by rank, then in the order of the tables, the shorter text first, then by id.
    """
    wanted = fold(text)
    best: dict[tuple[str, str], Match[Record]] = {}
    for table, found in records.items() if wanted else ():
        for record in found.values():
            for words, erratum_id in _texts(table, record):
                rank = _rank(wanted, fold(words))
                if rank is None:
                    continue
                match = Match(table, record.id, record, words, rank)
                if erratum_id is not None:
                    if erratum_id not in errata:
                        continue
                    match = Match("errata", erratum_id, errata[erratum_id], words, rank, True, erratum_id)
                known = best.get((match.table, match.id))
                if known is None or RANKS.index(rank) < RANKS.index(known.rank):
                    best[match.table, match.id] = match
    order = {table: at for at, table in enumerate(SEARCHED)}
    return sorted(
        best.values(), key=lambda one: (RANKS.index(one.rank), order.get(one.table, len(order)), len(one.text), one.id)
    )


def _texts(table: str, record: Record) -> Iterator[tuple[str, str | None]]:
    """Yield what a record is called or says; beside what a document has by mistake, the erratum."""
    yield record.id, None
    for field in SEARCHED.get(table, ()):
        if (value := getattr(record, field)) is not None:
            yield value, record.id if field == "as_written" else None
    if isinstance(record, models.Actor):
        for one in record.names:
            if one.kind != "erroneous":
                yield one.name, None
            elif one.erratum_id is not None:
                yield one.name, one.erratum_id


def _rank(wanted: str, text: str) -> Rank | None:
    if wanted not in text:
        return "inside" if all(word in text for word in wanted.split()) else None
    if wanted == text:
        return "exact"
    if text.startswith(wanted):
        return "prefix"
    at = text.find(wanted)
    while at >= 0:
        if not text[at - 1].isalnum() and not text[at + len(wanted) : at + len(wanted) + 1].isalnum():
            return "word"
        at = text.find(wanted, at + 1)
    return "inside"
