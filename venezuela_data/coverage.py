"""Coverage: how much of a document the spans of its claims account for, and which words they leave.

A document is read whole only if every word of it lies in the span of some claim, save phrases that merely say who speaks,
which the chains of attribution carry. Without the text, coverage is reckoned in characters over the offsets of its
paragraphs; with it, the words that are left can be named. Nothing here reads or writes a file. May import `text` and `models`.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .models import Claim, Paragraph, Source
from .text import WORD

REPORTING_PHRASES = frozenset(
    {
        "according to one official",
        "according to the sources",
        "a source said that",
        "analysts say that",
        "experts point out that",
        "he claimed that",
        "he said that",
        "it is reported that",
        "the source added that",
        "trump said that",
    }
)
"""What may be left: whole phrases, in lower case, that say who speaks and nothing else."""

Spans = Sequence[tuple[int, int]]
"""Spans that neither overlap nor touch, in order: start, and end (exclusive), in code points."""


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of one paragraph is accounted for."""

    n: int
    """The number of the paragraph, from 1."""
    characters: int
    """Its code points."""
    covered: int
    """Those of them that some claim carries."""
    level: int | None
    """The level that the data holds: so many characters are carried at least."""
    left: tuple[str, ...] | None = None
    """The runs of words that no claim carries, reporting phrases left out; None where the text is not at hand."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How much of one document is accounted for."""

    source_id: str
    paragraphs: tuple[Covered, ...]

    @property
    def summary(self) -> str:
        """Say it in one line."""
        covered = sum(one.covered for one in self.paragraphs)
        characters = sum(one.characters for one in self.paragraphs)
        line = f"{covered:,} of {characters:,} characters in {len(self.paragraphs)} paragraphs are carried by claims"
        if any(one.left is None for one in self.paragraphs):
            return f"{line}; give the text to see which words are left"
        runs = sum(len(one.left or ()) for one in self.paragraphs)
        left = f"{runs} run{'s' * (runs > 1)} of words" if runs else "nothing"
        return f"{line}; left outside the listed reporting phrases: {left}"


def read_through(source: Source, claims: Iterable[Claim], text: str | None = None) -> Reading:
    """Lay the spans of a document's active claims over its paragraphs, and over the words of its text if that is at hand."""
    spans = united((one.start, one.end) for one in claims if one.source_id == source.id and one.status == "active")
    return Reading(source.id, tuple(_covered(paragraph, spans, text) for paragraph in source.paragraphs))


def united(spans: Iterable[tuple[int, int]]) -> Spans:
    """Unite spans that overlap or touch, in order; spans without a character are dropped."""
    made: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        elif start < end:
            made.append((start, end))
    return made


def _covered(paragraph: Paragraph, spans: Spans, text: str | None) -> Covered:
    first = max(0, bisect_right(spans, (paragraph.start, sys.maxsize)) - 1)
    near = spans[first : bisect_right(spans, (paragraph.end, 0))]
    inside = sum(max(0, min(end, paragraph.end) - max(start, paragraph.start)) for start, end in near)
    left = None if text is None else tuple(_words_left(text, paragraph, spans))
    return Covered(paragraph.n, paragraph.end - paragraph.start, inside, paragraph.covered, left)


def _words_left(text: str, paragraph: Paragraph, spans: Spans) -> Iterator[str]:
    """Yield the runs of words of a paragraph that lie in no span whole, but for reporting phrases."""
    run: list[re.Match[str]] = []
    for word in (*WORD.finditer(text, paragraph.start, paragraph.end), None):
        if word is not None and not _lies_in(spans, word.start(), word.end()):
            run.append(word)
        elif run:
            if " ".join(one.group() for one in run).lower() not in REPORTING_PHRASES:
                yield text[run[0].start() : run[-1].end()]
            run = []


def _lies_in(spans: Spans, start: int, end: int) -> bool:
    at = bisect_right(spans, (start, sys.maxsize)) - 1
    return at >= 0 and spans[at][0] <= start and end <= spans[at][1]
