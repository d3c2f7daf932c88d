"""Words in the texts of documents: the one place where they stand, or why there is none.

A text is only used if it has the fingerprint of the document. Words are looked up as they are given: nothing is normalised,
and no text is kept. Messages name the places or the nearest words, so that whoever gave the words can choose. May import
whatever stands before `authoring` in the order of modules.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import islice
from typing import Any
from unicodedata import normalize

from ..findings import did_you_mean, escaped, shown
from ..models import Source
from ..place import UsageError
from ..store import Corpus
from ..syntax import TextFile
from ..text import Passage, find, fingerprint, only_differs_in, paragraphs, span_hash, splits_a_character

MAX_PLACES = 1000
"""Places of the same words that are looked at."""
SHOWN_PLACES = 10
"""Places of the same words that a message lists."""
NEAREST_WORDS = 12
"""Words for which the nearest ones are looked for: the first ones of what was given."""
NEAREST_LETTERS = 200
"""Characters of them, and of the runs that they are compared with."""
NEAREST_RUNS = 2000
"""Runs of words that are compared letter by letter."""

_NOT_THERE = "spans-match-the-text"


class WordsError(UsageError):
    """Words have no one place in the text of a document; as a finding it stands where the words were given."""

    def __init__(self, rule: str, message: str, advice: str, choices: Iterable[str] = ()) -> None:
        self.rule = rule
        self.message = message
        self.advice = advice
        self.choices = tuple(choices)
        """Where the words stand, if they do more than once, in the order of `nth`: fit to print, one a line."""
        super().__init__(f"{message}; {advice}")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place of words in a text: the number of the paragraph, and the code points `start` to `end` (exclusive)."""

    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class HeldText:
    """The text of a document, known to be the one that was read. `held_text` makes it."""

    source: Source
    text: str
    passages: tuple[Passage, ...]
    _starts: tuple[int, ...] = field(repr=False)

    def paragraph_of(self, start: int, end: int) -> int | None:
        """Give the number of the paragraph in which all of a span lies, if there is one and the span has words."""
        number = bisect_right(self._starts, start)
        return number if number and start < end <= self.passages[number - 1].end else None

    def is_sound(self, start: int, end: int) -> bool:
        """Say whether a span has words, lies in one paragraph, and neither begins nor ends inside a character."""
        whole = not (splits_a_character(self.text, start) or splits_a_character(self.text, end))
        return whole and self.paragraph_of(start, end) is not None

    def hash_of(self, start: int, end: int) -> str:
        """Give the hash of the span with these offsets."""
        return span_hash(self.source.text_sha256 or "", start, end, self.text[start:end])

    def span(self, found: Occurrence) -> dict[str, Any]:
        """Give a span as a record holds it: start, end, sha256."""
        return {"start": found.start, "end": found.end, "sha256": self.hash_of(found.start, found.end)}

    def locate(self, words: str, nth: int | None = None, within: str | None = None) -> Occurrence:
        """Find the one place of these exact words.

        Args:
            words: the words as they stand in the text, in one paragraph.
            nth: which of their places is meant, from 1; of those in `within` if that is given.
            within: a longer passage that stands in the text once, and holds the words.

        Raises:
            WordsError: there is no such place or more than one, or it begins or ends inside a character.
        """
        name = shown(self.source.id)
        start, end = 0, len(self.text)
        if within is not None:
            around = self._places(within)
            if not around:
                raise self._nowhere(within)
            if len(around) > 1:
                message = f"the longer passage {shown(within)} occurs {_times(around)} in {name}"
                raise WordsError(_NOT_THERE, message, "give one that occurs once", self._choices(around))
            start, end = around[0].start, around[0].end
        places = self._places(words, start, end)
        if not places and within is not None:
            raise WordsError(_NOT_THERE, f"{shown(words)} does not stand in {shown(within)}", "give a passage that holds it")
        if not places:
            raise self._nowhere(words)
        if nth is None and len(places) > 1:
            message = f"{shown(words)} occurs {_times(places)} in {name}"
            advice = "say which with nth, or give within, a longer passage that occurs once"
            raise WordsError(_NOT_THERE, message, advice, self._choices(places))
        if nth is not None and not 1 <= nth <= len(places):
            message = (
                f"{shown(words)} occurs {_times(places)} in {shown(within) if within is not None else name}, and nth is {nth}"
            )
            raise WordsError(_NOT_THERE, message, f"write 1 to {len(places)}", self._choices(places))
        found = places[(nth or 1) - 1]
        if not self.is_sound(found.start, found.end):
            message = f"{shown(words)} begins or ends inside a character of the text"
            raise WordsError(_NOT_THERE, message, "take the whole character, with its marks")
        return found

    def _places(self, words: str, start: int = 0, end: int | None = None) -> list[Occurrence]:
        found = []
        for one in islice(find(self.text[start:end], words), MAX_PLACES):
            number = self.paragraph_of(start + one.start, start + one.end)
            if number is not None:
                found.append(Occurrence(number, start + one.start, start + one.end))
        return found

    def _choices(self, places: Iterable[Occurrence]) -> Iterator[str]:
        for n, one in enumerate(islice(places, SHOWN_PLACES), 1):
            around = self.text[max(0, one.start - 30) : one.end + 30].replace("\n", " ")
            yield f"nth {n}: paragraph {one.paragraph}: ...{escaped(around, 200)}..."

    def _nowhere(self, words: str) -> WordsError:
        message = f"{shown(words)} does not stand in one paragraph of {shown(self.source.id)}"
        if words.strip() and words in self.text:
            advice = "it runs over the end of one: give the words of one paragraph, without the space around them"
            return WordsError("spans-lie-in-one-paragraph", message, advice)
        pieces = words.split()
        for form in ("NFC", "NFD"):
            if normalize(form, words) in normalize(form, self.text) and pieces:
                advice = "its accents are encoded otherwise there: copy the words from the file of the text itself"
                return WordsError(_NOT_THERE, message, advice)
        pattern = r"\s+".join(map(re.escape, pieces))
        loose = [one.group() for one in islice(re.finditer(pattern, self.text), MAX_PLACES)] if pieces else []
        spaced = next((one for one in loose if "\n" not in one), None)
        if spaced is not None:
            return WordsError(_NOT_THERE, message, f"the spaces in them are others there: write {shown(spaced)}")
        if loose:
            advice = "a paragraph ends between them: give the words of one paragraph"
            return WordsError("spans-lie-in-one-paragraph", message, advice)
        nearest = nearest_words(words, self.passages)
        advice = f"nearest: {shown(nearest)}; copy the words as they stand" if nearest else "copy the words as they stand"
        return WordsError(_NOT_THERE, message, advice)


def _times(places: list[Occurrence]) -> str:
    return f"{len(places)} times" if len(places) < MAX_PLACES else f"{MAX_PLACES:,} times or more"


def held_text(corpus: Corpus, texts: Mapping[str, TextFile], source_id: str) -> HeldText:
    """Give the text of a document, if the document is held and the text at hand has its fingerprint.

    Raises:
        WordsError: there is no such document, it is not held, or its text is not among `texts` or is another one.
    """
    name, source = shown(source_id), corpus.source(source_id)
    if source is None:
        if corpus.is_faulty("sources", source_id):
            raise WordsError("references-resolve", f"the document {name} could not be read", "see `venezuela-data validate`")
        advice = did_you_mean(source_id, corpus.entries["sources"], "documents")
        raise WordsError("references-resolve", f"no document {name}", advice)
    if source.access != "held" or source.text_sha256 is None:
        message = f"the text of {name} is not held: records have no span into it"
        raise WordsError("spans-come-from-held-texts", message, "leave the words out")
    text = texts.get(source_id)
    if text is None:
        raise WordsError(_NOT_THERE, f"the text of {name} is not at hand", "give the folder that holds it with --source-text")
    if fingerprint(text.text) != source.text_sha256:
        message = f"{shown(text.path)} is not the text of {name} as it was read: its fingerprint differs"
        only = only_differs_in(text.text, source.text_sha256)
        raise WordsError(
            _NOT_THERE,
            message,
            f"it differs only in {only}: save it as it was read" if only else "give the text as it was read",
        )
    passages = tuple(paragraphs(text.text))
    return HeldText(source, text.text, passages, tuple(one.start for one in passages))


def nearest_words(words: str, among: Iterable[Passage]) -> str:
    """Give the run of words of a text that is most like these words, as it stands there; empty if the text has no words."""
    wanted = words.lower().split()[:NEAREST_WORDS]
    length, known, target = max(1, len(wanted)), set(wanted), " ".join(wanted)[:NEAREST_LETTERS]
    runs: dict[str, int] = {}
    for passage in among:
        pieces = list(re.finditer(r"\S+", passage.words))
        shared = [one.group().lower() in known for one in pieces]
        for first in range(max(1, len(pieces) - length + 1)):
            last = min(first + length, len(pieces)) - 1
            runs.setdefault(passage.words[pieces[first].start() : pieces[last].end()], sum(shared[first : last + 1]))
    best, score = "", -1.0
    # Runs that share whole words are looked at first: a text may be long, and comparing letters takes its time.
    for run in sorted(runs, key=lambda one: -runs[one])[:NEAREST_RUNS]:
        matcher = SequenceMatcher(None, target, run.lower()[:NEAREST_LETTERS], autojunk=False)
        if matcher.real_quick_ratio() > score and matcher.quick_ratio() > score and matcher.ratio() > score:
            best, score = run, matcher.ratio()
    return best
