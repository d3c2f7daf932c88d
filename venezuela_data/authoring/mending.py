"""Mending: what has one right answer in the seed files of a checkout.

Form, hashes whose words and place are known, and levels of coverage; nothing else of a record is changed, and what a person
has to decide is left as a finding. Nothing is written. May import whatever stands before `authoring` in the order of modules,
and `words` and `drafts` beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .. import store
from ..build import terms_of
from ..coverage import read_through
from ..findings import escaped, shown
from ..models import Claim, Paragraph, Part, Record, Source
from ..place import Place, UsageError
from ..records import lists_of
from ..store import Corpus, Entry, kind_of
from ..syntax import TextFile, read_json
from ..text import find
from ..validation import SPAN
from .drafts import OWN_WORDS, records_of
from .words import HeldText, WordsError, held_text


@dataclass(frozen=True, slots=True)
class Fixes:
    """What can be mended: the files as they are and as they should be, and what was done to each."""

    files: Mapping[str, tuple[bytes, bytes]] = field(default_factory=dict)
    mended: tuple[str, ...] = ()
    """One sentence for each thing that was mended, as `path: what`, fit to print."""


def fixed(place: Place, corpus: Corpus, texts: Mapping[str, TextFile]) -> Fixes:
    """Mend what has one right answer, and nothing that a person has to decide.

    That is: a byte-order mark and the normal form; the hash of a span whose place is proved, where the text is at hand; and
    the levels of coverage, which are raised to what claims reach and never lowered. A place is proved where the record has the
    words of its own, they stand there, and the hash is not that of another place of the same words; for a paragraph, by its
    number; and where there is no hash, as nothing speaks against the offsets. Of a claim or evidence with a wrong hash, the
    offsets may as well be what is wrong: that is for a person. No other field of a record changes. A file with any finding of
    reading or shape is left as it is, but for a byte-order mark.

    Raises:
        UsageError: the place has no seeds.
    """
    if place.kind != "checkout":
        raise UsageError(f"{shown(str(place.root))} has no seeds to mend")
    whole, marked = _without_marks(place, corpus)
    told: dict[str, list[str]] = {path: ["the byte-order mark was removed"] for path in marked}
    old = {entry.file.path: entry.file.text.encode("utf-8") for _, entry in whole.all()}
    old.update({path: data for path, (data, _) in marked.items()})
    formed = store.seed_files(whole)
    for path, data in formed.items():
        if data != marked.get(path, (b"", old[path]))[1]:
            told.setdefault(path, []).append("written in the normal form")
    hashes = _Hashes(whole, texts)

    def mended(entry: Entry) -> Record:
        record, sentences = hashes.mended(entry.record)
        if isinstance(record, Source):
            record, raised = _raised(whole, record, hashes.doubtful)
            sentences += raised
        if sentences:
            told.setdefault(entry.file.path, []).extend(sentences)
        return record

    new = {path: data for path, (_, data) in marked.items()} | store.seed_files(_mapped(whole, mended))
    files = {path: (old[path], new[path]) for path in sorted(new) if new[path] != old[path] and place.only in ("", path)}
    return Fixes(files, tuple(f"{escaped(path)}: {one}" for path in files for one in told[path]))


def _mapped(corpus: Corpus, change: Callable[[Entry], Record]) -> Corpus:
    """Copy a corpus with every record changed; what is in it is not."""

    def changed(entry: Entry) -> Entry:
        return Entry(change(entry), entry.file, entry.pointer)

    entries = {kind: {name: changed(entry) for name, entry in found.items()} for kind, found in corpus.entries.items()}
    repeated = [(kind, changed(entry)) for kind, entry in corpus.repeated]
    return replace(corpus, entries=entries, repeated=repeated, findings=list(corpus.findings), faulty=set(corpus.faulty))


_MARK = b"\xef\xbb\xbf"


def _without_marks(place: Place, corpus: Corpus) -> tuple[Corpus, dict[str, tuple[bytes, bytes]]]:
    """Read the files that begin with a byte-order mark, as if they did not: the corpus with them, and their bytes."""
    whole = _mapped(corpus, lambda entry: entry.record)
    marked: dict[str, tuple[bytes, bytes]] = {}
    terms = terms_of(corpus.records)
    for path in sorted({one.path for one in corpus.findings if one.rule == "text-is-utf-8"}):
        kind = kind_of(path)
        try:
            data = bare = store.read_bytes(place.root, path)
        except store.UnreadableError:
            continue
        while bare.startswith(_MARK):
            bare = bare.removeprefix(_MARK)
        if kind is None or bare == data:
            continue
        marked[path] = data, bare
        file, _ = read_json(bare, path)
        records = records_of(kind, path, file.value, terms) if file is not None else None
        if file is None or records is None or any(one.id in whole.entries[kind.name] for _, one in records):
            continue
        whole.entries[kind.name].update({one.id: Entry(one, file, at) for at, one in records})
        whole.findings = [one for one in whole.findings if one.path != path]
        whole.faulty.discard((kind.name, path.split("/")[2].removesuffix(".json") + "/" * kind.many))
    return whole, marked


class _Hashes:
    """The hashes of all spans into texts that are at hand: which are right, and which can only be wrong themselves."""

    def __init__(self, corpus: Corpus, texts: Mapping[str, TextFile]) -> None:
        self._held: dict[str, HeldText] = {}
        for source_id in texts:
            try:
                self._held[source_id] = held_text(corpus, texts, source_id)
            except WordsError:
                continue  # A span cannot be judged by a text that is not the one that was read.
        self.doubtful = {
            held.source.id
            for _, entry in corpus.all()
            for held, part, *_ in self._spans(entry.record)
            if isinstance(part, Claim) and part.sha256 != held.hash_of(part.start, part.end)
        }
        """The documents of which some claim has a span that is wrong."""

    def mended(self, record: Record) -> tuple[Record, list[str]]:
        """Give a record with the hashes that have one right answer, and a sentence for each that was changed."""
        changes: dict[str, Any] = {}
        sentences: list[str] = []
        for held, part, name, index in self._spans(record):
            right = held.hash_of(part.start, part.end)
            if part.sha256 == right or not self._has_its_place(held, part):
                continue
            if name:
                items = list(changes.get(name, getattr(record, name)))
                items[index] = part.model_copy(update={"sha256": right})
                changes[name] = tuple(items)
            else:
                changes["sha256"] = right
            where = f"{name} {index + 1} of {record.id}" if name else record.id
            sentences.append(f"the hash of {where} is again that of its words, {part.start} to {part.end}")
        return (record.model_copy(update=changes) if changes else record), sentences

    def _spans(self, record: Record) -> Iterator[tuple[HeldText, Any, str, int]]:
        """Yield every span into a text at hand: the text, the record or part that has the span, and the place of a part."""
        parts: list[tuple[Any, str, int]] = [(record, "", 0)]
        for name in lists_of(type(record)):
            parts += [(part, name, index) for index, part in enumerate(getattr(record, name)) if isinstance(part, Part)]
        for part, name, index in parts:
            if set(SPAN) <= type(part).model_fields.keys() and part.start is not None and part.end is not None:
                held = self._held.get(getattr(part, "source_id", record.id))
                if held is not None:
                    yield held, part, name, index

    def _has_its_place(self, held: HeldText, part: Any) -> bool:
        """Say whether the offsets of a span are proved to be right although its hash is not."""
        if not held.is_sound(part.start, part.end):
            return False
        if isinstance(part, Paragraph):
            there = held.passages[part.n - 1 : part.n]
            return [(part.start, part.end)] == [(one.start, one.end) for one in there]
        if type(part) in OWN_WORDS:
            words = getattr(part, OWN_WORDS[type(part)])
            others = (one for one in find(held.text, words) if one.start != part.start)
            stands = held.text[part.start : part.end] == words
            return stands and all(held.hash_of(one.start, one.end) != part.sha256 for one in others)
        return part.sha256 is None


def _raised(corpus: Corpus, source: Source, doubtful: set[str]) -> tuple[Source, list[str]]:
    """Raise the levels of a document's paragraphs to what its claims reach, if all its claims are known."""
    if (
        source.id in doubtful
        or not corpus.is_whole("claims", source.id)
        or all(one.covered is None for one in source.paragraphs)
    ):
        return source, []
    reached = read_through(source, (claim for claim, _ in corpus.each(Claim))).paragraphs
    kept: list[Paragraph] = []
    sentences: list[str] = []
    for paragraph, one in zip(source.paragraphs, reached, strict=True):
        raise_it = one.level is not None and one.covered > one.level
        kept.append(paragraph.model_copy(update={"covered": one.covered}) if raise_it else paragraph)
        if raise_it:
            sentences.append(f"the level of paragraph {one.n} was raised from {one.level} to {one.covered}")
    return source.model_copy(update={"paragraphs": tuple(kept)}), sentences
