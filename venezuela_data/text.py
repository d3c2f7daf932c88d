"""Texts of documents without the texts: fingerprints, paragraphs, and spans that verify words and place.

A document's text is never kept. What is kept can be checked by whoever has the text: its SHA-256, where its paragraphs
lie, and for each span a hash over the document's fingerprint, the two offsets and the words. Offsets count Unicode code
points from 0 and are end-exclusive. Nothing here changes a text: no normalisation, no trimming. Imports nothing of ours.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
"""One word: letters and digits, with an apostrophe inside."""

OWN_WORDS = 12
"""So many consecutive words of a text, or more, in our own prose count as repeating it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words in a text: code points `start` to `end` (exclusive), and the words between them."""

    start: int
    end: int
    words: str


def fingerprint(text: str) -> str:
    """Give the SHA-256 of a text as UTF-8, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def only_differs_in(text: str, text_sha256: str) -> str:
    """Say in what alone a text differs from the one that has this fingerprint, in words; empty if that is not known.

    Line ends, a line feed at the end and the form of Unicode change when a text is copied or saved, and are not seen.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    ends = {"\n": lines, "\r\n": lines.replace("\n", "\r\n")}
    for form in ("", "NFC", "NFD"):
        for end, whole in ends.items():
            bare = whole.rstrip("\r\n")
            for last in (whole, bare, bare + end, whole + end):
                changed = unicodedata.normalize(form, last) if form else last  # type: ignore[arg-type]
                if changed != text and fingerprint(changed) == text_sha256:
                    said = ["its line ends"] * (whole != text) + ["a line feed at its end"] * (last != whole)
                    return " and ".join([*said, *["how its accents are encoded"] * (changed != last)])
    return ""


def span_hash(text_sha256: str, start: int, end: int, words: str) -> str:
    """Give the hash of a span: SHA-256 over `text_sha256:start:end:words` as UTF-8.

    It binds the words to their place. A hash of the words alone could be reversed by trying ("85%" has a hundred
    likely values) and would say nothing about where they stand.
    """
    return hashlib.sha256(f"{text_sha256}:{start}:{end}:{words}".encode()).hexdigest()


def paragraphs(text: str) -> Iterator[Passage]:
    """Yield the paragraphs of a text: the lines that hold more than white space, without white space at their ends."""
    start = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            begin = start + line.index(stripped)
            yield Passage(begin, begin + len(stripped), stripped)
        start += len(line) + 1


def find(text: str, words: str) -> Iterator[Passage]:
    """Yield every place where these exact words stand in a text, overlapping ones included."""
    at = text.find(words)
    while words and at >= 0:
        yield Passage(at, at + len(words), words)
        at = text.find(words, at + 1)


def splits_a_character(text: str, offset: int) -> bool:
    """Say whether an offset falls inside what a reader takes for one character.

    That is: between a letter and a mark, joiner, selector or part of a syllable that belongs to it, between the two
    halves of a flag, or inside a line end.
    """
    if not 0 < offset < len(text):
        return False
    follower = text[offset]
    return (
        unicodedata.category(follower) in ("Mn", "Me", "Mc")
        or _EXTENDER.match(follower) is not None
        or text[offset - 1] == "\u200d"
        or text[offset - 1 : offset + 1] == "\r\n"
        or (_FLAG_HALF.match(follower) is not None and _flag_halves_before(text, offset) % 2 == 1)
    )


_EXTENDER = re.compile("[\u1160-\u11ff\u200c\u200d\ud7b0-\ud7fb\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
"""What belongs to the character before it though it is no mark: Hangul vowels and finals, joiners, skin tones, tags."""

_FLAG_HALF = re.compile("[\U0001f1e6-\U0001f1ff]")


def _flag_halves_before(text: str, offset: int) -> int:
    start = offset
    while start > 0 and _FLAG_HALF.match(text[start - 1]):
        start -= 1
    return offset - start


def words_of(text: str) -> list[str]:
    """Give the words of a text in order, lower case."""
    return [word.lower() for word in WORD.findall(text)]


def word_runs(text: str, length: int = OWN_WORDS) -> set[tuple[str, ...]]:
    """Give every run of so many consecutive words outside straight quotation marks."""
    runs: set[tuple[str, ...]] = set()
    for passage in re.split(r'"[^"\n]*"', text):
        words = words_of(passage)
        runs.update(tuple(words[i : i + length]) for i in range(len(words) - length + 1))
    return runs


_FORMULA = re.compile("[=+@\uff1d\uff0b\uff0d\uff20\t\r-]")
"""The characters, full-width forms included, by which spreadsheets tell a formula at the beginning of a cell."""

_HARMLESS = re.compile(r"[+-]?[0-9][0-9.,:/ %?~X-]*(?:[eE][+-]?[0-9]+)?|[-+=@]+")
"""Numbers, dates and telephone numbers with a sign before them, and cells that are nothing but signs."""

_BROKEN_OUT = re.compile("[;\t\r\n][\"']?[=\uff1d]")
"""Where a cell would begin if a spreadsheet took a semicolon, a tab or a line end in it for the end of the one before."""


def runs_as_formula(cell: str) -> bool:
    """Say whether a spreadsheet that opens a table would run this cell, or a piece of it, as a formula.

    Negative numbers, dates and telephone numbers are no formulas, and neither is a cell that is only a dash.
    """
    if _FORMULA.match(cell) and not _HARMLESS.fullmatch(cell):
        return True
    return _BROKEN_OUT.search(cell) is not None
