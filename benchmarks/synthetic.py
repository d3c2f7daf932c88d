"""Writes a tree of invented records, as many as are asked for, to measure how time and memory grow with their number.

Every word, name and document in it is made up from syllables, and says nothing about anybody. The tree is sound: validating
it finds nothing, so that what is measured is the reading and not the reporting. The same number gives the same bytes.
Only the vocabularies are taken over from the checkout, as the terms of every record come from them.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from random import Random
from typing import Any

from venezuela_data.records import KIND
from venezuela_data.store import home_of, seed_bytes
from venezuela_data.text import fingerprint, paragraphs, span_hash

SYLLABLES = [consonant + vowel for consonant in "bdfklmnprstv" for vowel in "aeo"]
PARAGRAPHS = 30
WORDS = 14
"""Words of a paragraph."""
ACTORS, EVENTS, PLACES, STATEMENTS, ERRATA = 8, 8, 2, 8, 4
"""Records that every document brings with it."""
LEAST = 1 + ACTORS + EVENTS + PLACES + STATEMENTS + ERRATA
"""Those, with the document itself."""
MOST = 160
"""Records of a document at most: the rest of them are claims and, from the second document on, assessments."""
ASSESSMENTS = 29

Raw = dict[str, Any]


def write(folder: Path, count: int, vocabularies: Path) -> None:
    """Write the seeds of so many invented records below a folder.

    Args:
        folder: an empty folder, or one that is not there yet.
        count: how many records, the terms of the vocabularies not counted; 31 at least.
        vocabularies: the folder of vocabularies of a checkout.
    """
    if count < LEAST:
        raise ValueError(f"{count} records are too few for one document and what belongs to it")
    shutil.copytree(vocabularies, folder / "seeds" / "vocabularies")
    left, number = count, 0
    while left:
        here = min(MOST, left)
        if 0 < left - here < LEAST:
            here = left - LEAST  # so that enough is left for the last one
        for kind, records in _Document(number).records(here).items():
            _write(folder, kind, records)
        left, number = left - here, number + 1


def _write(folder: Path, kind_name: str, records: list[Raw]) -> None:
    kind = KIND[kind_name]
    files: dict[str, list[Any]] = {}
    for raw in records:
        files.setdefault(home_of(kind, raw["id"]), []).append(kind.model.model_validate(raw))
    for path, found in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(seed_bytes(kind, path, found))


class _Document:
    """One invented document, with the records that rest on it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.random = Random(number)  # noqa: S311  # it makes up words, and no secret
        self.id = self._id("gazette", number)
        self.text = "\n\n".join(" ".join(self._words(WORDS)).capitalize() for _ in range(PARAGRAPHS))
        self.sha256 = fingerprint(self.text)
        self.passages = list(paragraphs(self.text))

    def _id(self, what: str, number: int, part: int | None = None) -> str:
        return f"invented-{what}-{number:05d}" + ("" if part is None else f"-{part}")

    def _words(self, count: int) -> list[str]:
        return ["".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4))) for _ in range(count)]

    def _sentence(self, count: int) -> str:
        return " ".join(self._words(count)).capitalize() + "."

    def _span(self, paragraph: int, first: int, last: int) -> tuple[Raw, str]:
        """Give the span of some words of a paragraph, and the words."""
        passage = self.passages[paragraph % PARAGRAPHS]
        words = passage.words.split(" ")
        start = passage.start + len(" ".join(words[:first])) + bool(first)
        held = " ".join(words[first:last])
        end = start + len(held)
        return {"start": start, "end": end, "sha256": span_hash(self.sha256, start, end, held)}, held

    def _chain(self) -> list[Raw]:
        publisher = {"actor_id": self._id("actor", self.number, 0), "document_id": self.id}
        return [{"voice": "named", **publisher, "basis": "explicit"}]

    def records(self, count: int) -> dict[str, list[Raw]]:
        """Give so many records of the document, by kind: those that every document has, and claims and assessments."""
        spoken = min(ASSESSMENTS, count - LEAST) if self.number else 0  # The first has none before it to speak of.
        return {
            "sources": [self._source()],
            "actors": [self._actor(number) for number in range(ACTORS)],
            "places": [self._place(number) for number in range(PLACES)],
            "events": [self._event(number) for number in range(EVENTS)],
            "statements": [self._statement(number) for number in range(STATEMENTS)],
            "errata": [self._erratum(number) for number in range(ERRATA)],
            "assessments": [self._assessment(number) for number in range(spoken)],
            "claims": [self._claim(number) for number in range(count - LEAST - spoken)],
        }

    def _source(self) -> Raw:
        held = [
            {"n": n, "start": one.start, "end": one.end, "sha256": span_hash(self.sha256, one.start, one.end, one.words)}
            for n, one in enumerate(self.passages, 1)
        ]
        earlier = [{"cited_id": self._id("gazette", self.number - 1), "basis": "explicit"}] if self.number % 4 else []
        return {
            "id": self.id,
            "kind": "newspaper",
            "title": f"Invented page {self.number}",
            "publisher": f"Invented gazette {self.number}",
            "publisher_id": self._id("actor", self.number, 0),
            "published": f"2031-{self.number % 12 + 1:02d}" if not earlier else None,
            "language": "en",
            "access": "held",
            "rights": "Nobody's: it was made up.",
            "text_sha256": self.sha256,
            "text_length": len(self.text),
            "cites": earlier,
            "paragraphs": held,
        }

    def _actor(self, number: int) -> Raw:
        span, name = self._span(number, 2, 4)
        kind = ("medium", "person", "agency", "organization")[number % 4]
        return {
            "id": self._id("actor", self.number, number),
            "kind": kind,
            "name": name,
            "description": self._sentence(12),
            "names": [{"name": name, "language": "en", "kind": "as_written", "source_id": self.id, **span}],
            "evidence": [{"source_id": self.id, **span}],
        }

    def _place(self, number: int) -> Raw:
        span, name = self._span(number + ACTORS, 1, 2)
        return {
            "id": self._id("place", self.number, number),
            "kind": "city",
            "name": name,
            "evidence": [{"source_id": self.id, **span}],
        }

    def _event(self, number: int) -> Raw:
        span, _ = self._span(number, 0, 6)
        actors = [self._id("actor", self.number, at % ACTORS) for at in (number, number + 1)]
        return {
            "id": self._id("event", self.number, number),
            "kind": "meeting",
            "actuality": "occurred",
            "title": self._sentence(5),
            "description": self._sentence(25),
            "date": f"2031-{number % 12 + 1:02d}-{self.number % 28 + 1:02d}",
            "date_basis": "stated",
            "place_id": self._id("place", self.number, number % PLACES),
            "participants": [{"actor_id": actor, "role": "participant"} for actor in actors],
            "links": [{"relation": "follows", "object_id": self._id("event", self.number, number - 1)}] if number else [],
            "attribution": self._chain(),
            "evidence": [{"source_id": self.id, **span}, {"source_id": self.id, "field": "date", **span}],
        }

    def _statement(self, number: int) -> Raw:
        span, words = self._span(number, 5, 10)
        return {
            "id": f"{self.id}/s{number + 1:02d}",
            "text": words,
            "language": "en",
            "function": "fragment",
            "fidelity": "verbatim",
            "event_id": self._id("event", self.number, number % EVENTS),
            "attribution": self._chain(),
            **span,
        }

    def _claim(self, number: int) -> Raw:
        span, _ = self._span(number, number % 4, 8 + number % 6)
        counted = number % 10 == 9
        return {
            "id": f"{self.id}/c{number + 1:03d}",
            "text": self._sentence(16),
            "kind": "quantity" if counted else "fact",
            "polarity": "affirmed",
            "certainty": "certain",
            "actuality": "occurred",
            "quantity": {"value": number, "unit": "vessel"} if counted else None,
            "about": [{"table": "events", "record_id": self._id("event", self.number, number % EVENTS)}],
            "links": [{"relation": "qualifies", "object_id": f"{self.id}/c{number:03d}"}] if number % 3 == 2 else [],
            "attribution": self._chain(),
            **span,
        }

    def _erratum(self, number: int) -> Raw:
        span, word = self._span(number + 10, 3, 4)
        return {
            "id": f"{self.id}/e{number + 1:02d}",
            "kind": "name",
            "as_written": word,
            "decision": "flagged",
            "confidence": "low",
            "note": self._sentence(10),
            **span,
        }

    def _assessment(self, number: int) -> Raw:
        return {
            "id": f"{self.id}/a{number + 1:02d}",
            "target_table": "claims",
            "target_id": f"{self._id('gazette', self.number - 1)}/c{number + 1:03d}",
            "stance": ("supports", "refines", "contradicts")[number % 3],
            "note": self._sentence(8),
        }


def main() -> None:
    """Write a tree from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    given = parser.parse_args()
    write(given.folder, given.count, Path(__file__).resolve().parent.parent / "seeds" / "vocabularies")


if __name__ == "__main__":
    main()
