"""Coverage: it agrees with a reckoning character by character, and no claim can be dropped from it unseen.

Paragraphs, words and spans are generated, odd spans included: empty ones, ones that overlap or touch, ones over several
paragraphs. The reckoning beside the code finds words by itself and shares no step with it. The command runs in a copy of an
invented tree of `tests/broken`, with its invented text.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import Run
from hypothesis import example, given
from hypothesis import strategies as st

from venezuela_data.coverage import REPORTING_PHRASES, Covered, read_through, united
from venezuela_data.models import Claim, Hop, Paragraph, Source
from venezuela_data.syntax import json_bytes

DOCUMENT = "harbor-gazette-2031"
BROKEN = Path(__file__).parent / "broken"
WORDS = ("he", "said", "that", "He", "SAID", "pier", "mayor's", "it’s", "été", "85", "a_b", "rock-n-roll", "…", "'", "ⅷ", "海")
GAPS = (" ", "\n", "\n\n", ", ", "_", "' ", '."\n')

Span = tuple[int, int]


class Read(NamedTuple):
    """A document with its text, and the spans of its claims."""

    text: str
    source: Source
    spans: list[Span]

    @property
    def claims(self) -> list[Claim]:
        return [claim(number, *span) for number, span in enumerate(self.spans, 1)]


def claim(number: int, start: int, end: int, document: str = DOCUMENT) -> Claim:
    return Claim(
        id=f"{document}/c{number:03d}",
        text="A pier was opened.",
        kind="fact",
        polarity="affirmed",
        certainty="certain",
        actuality="occurred",
        attribution=(Hop(voice="impersonal", document_id=document, basis="explicit"),),
        start=start,
        end=end,
        sha256="0" * 64,
    )


def document_of(*paragraphs: Span, levels: dict[int, int] | None = None) -> Source:
    return Source(
        id=DOCUMENT,
        kind="newspaper",
        title="New pier opens",
        publisher="Harbor Gazette",
        language="en",
        access="held",
        rights="An invented document.",
        paragraphs=tuple(
            Paragraph(n=n, start=start, end=end, sha256="0" * 64, covered=(levels or {}).get(n))
            for n, (start, end) in enumerate(paragraphs, 1)
        ),
    )


def spans_in(length: int) -> st.SearchStrategy[list[Span]]:
    """Spans into a text of this length: mostly short, some empty, some over all of it."""
    anywhere = st.integers(0, length)
    spans = st.tuples(anywhere, anywhere).map(lambda one: (min(one), max(one)))
    short = st.builds(lambda start, size: (start, min(start + size, length)), anywhere, st.integers(0, 12))
    return st.lists(short | short | spans, max_size=8)


@st.composite
def readings(draw: st.DrawFn) -> Read:
    """A text of odd words in up to four paragraphs, with spans that keep to no word and no paragraph."""
    words = st.sampled_from(WORDS) | st.sampled_from(sorted(REPORTING_PHRASES))
    text = "".join(draw(st.lists(words | st.sampled_from(GAPS), max_size=24)))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    paragraphs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return Read(text, document_of(*paragraphs), draw(spans_in(len(text))))


# The reckoning beside the code -------------------------------------------------------------------------------------------


def characters_of(spans: list[Span]) -> set[int]:
    return {place for start, end in spans for place in range(start, end)}


def words_between(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the words between two places: letters and digits, with one apostrophe between two of them."""
    place = start
    while place < end:
        first = place
        while place < end and text[place].isalnum():
            place += 1
        if place == first:
            place += 1
            continue
        if place + 1 < end and text[place] in "'’" and text[place + 1].isalnum():
            place += 1
            while place < end and text[place].isalnum():
                place += 1
        yield first, place


def left_in(read: Read, paragraph: Paragraph) -> list[str]:
    """Give the runs of words of a paragraph of which some character lies in no span, reporting phrases left out."""
    carried = characters_of(read.spans)
    runs: list[list[Span]] = [[]]
    for start, end in words_between(read.text, paragraph.start, paragraph.end):
        if carried.issuperset(range(start, end)):
            runs.append([])
        else:
            runs[-1].append((start, end))
    told = [run for run in runs if run and " ".join(read.text[a:b] for a, b in run).lower() not in REPORTING_PHRASES]
    return [read.text[run[0][0] : run[-1][1]] for run in told]


class TestReckoning:
    """Coverage is what counting character by character gives."""

    @given(readings())
    def test_characters_and_words_are_those_of_the_count(self, read: Read) -> None:
        carried = characters_of(read.spans)
        found = read_through(read.source, read.claims, read.text)
        assert found.source_id == DOCUMENT
        for one, paragraph in zip(found.paragraphs, read.source.paragraphs, strict=True):
            places = set(range(paragraph.start, paragraph.end))
            expected = Covered(paragraph.n, len(places), len(places & carried), None, tuple(left_in(read, paragraph)))
            assert one == expected

    @given(readings())
    def test_without_the_text_the_characters_are_the_same_and_no_words_are_named(self, read: Read) -> None:
        with_text = read_through(read.source, read.claims, read.text)
        without = read_through(read.source, read.claims)
        assert [one.left for one in without.paragraphs] == [None] * len(read.source.paragraphs)
        assert [asdict(one) | {"left": 0} for one in without.paragraphs] == [
            asdict(one) | {"left": 0} for one in with_text.paragraphs
        ]

    @given(readings(), st.randoms(use_true_random=False))
    def test_the_order_of_claims_and_those_of_other_documents_change_nothing(self, read: Read, chance: random.Random) -> None:
        others = [claim(number, 0, len(read.text), "harbor-almanac-2032") for number in range(2)]
        shuffled = chance.sample([*read.claims, *others], len(read.spans) + 2)
        assert read_through(read.source, iter(shuffled), read.text) == read_through(read.source, read.claims, read.text)

    @example([(0, 3), (3, 5)])
    @example([(0, 9), (2, 4), (4, 4), (12, 12)])
    @given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda one: (min(one), max(one))), max_size=9))
    def test_united_spans_hold_the_same_characters_apart_and_in_order(self, spans: list[Span]) -> None:
        made = united(spans)
        assert characters_of(list(made)) == characters_of(spans)
        assert all(start < end for start, end in made)
        assert all(one[1] < other[0] for one, other in pairwise(made))
        assert united(reversed(spans)) == united(made) == made

    def test_a_span_that_runs_backwards_holds_nothing(self) -> None:
        assert united([(5, 2)]) == []
        assert united([(0, 3), (9, 1)]) == [(0, 3)] == united([(0, 3), (2, 1)])


class TestRemoval:
    """Removing a claim lowers the coverage, or every character of it is carried by the other claims."""

    @given(readings().filter(lambda read: bool(read.spans)), st.data())
    def test_no_claim_goes_unseen(self, read: Read, data: st.DataObject) -> None:
        gone = data.draw(st.integers(0, len(read.spans) - 1))
        others = read.spans[:gone] + read.spans[gone + 1 :]
        before = read_through(read.source, read.claims).paragraphs
        after = read_through(read.source, read._replace(spans=others).claims).paragraphs
        lone = characters_of([read.spans[gone]]) - characters_of(others)
        for paragraph, old, new in zip(read.source.paragraphs, before, after, strict=True):
            assert old.covered - new.covered == len(lone & set(range(paragraph.start, paragraph.end)))

    @given(readings(), st.data())
    def test_one_more_claim_leaves_no_new_words_and_carries_no_fewer_characters(self, read: Read, data: st.DataObject) -> None:
        more = read._replace(spans=[*read.spans, *data.draw(spans_in(len(read.text)))])
        before = read_through(read.source, read.claims, read.text).paragraphs
        after = read_through(more.source, more.claims, more.text).paragraphs
        assert all(new.covered >= old.covered for old, new in zip(before, after, strict=True))


class TestWordsLeft:
    """Words that no claim carries whole are named, and phrases that only say who speaks are not."""

    TEXT = "He said that the old pier wasn't there. The mayor came."

    def left(self, *carried: str, text: str = TEXT) -> list[str]:
        spans = [(text.index(words), text.index(words) + len(words)) for words in carried]
        read = Read(text, document_of((0, len(text))), spans)
        (paragraph,) = read_through(read.source, read.claims, text).paragraphs
        assert paragraph.left is not None
        return list(paragraph.left)

    def test_all_words_of_a_document_without_claims_are_one_run(self) -> None:
        assert self.left() == ["He said that the old pier wasn't there. The mayor came"]

    def test_a_run_ends_where_a_claim_begins(self) -> None:
        assert self.left("old pier") == ["He said that the", "wasn't there. The mayor came"]

    def test_words_that_claims_carry_are_not_named_whatever_stands_between(self) -> None:
        assert self.left("He said that the old pier wasn't there", "The mayor came") == []

    @pytest.mark.parametrize("phrase", sorted(REPORTING_PHRASES))
    @pytest.mark.parametrize("written", [str, str.upper, str.capitalize], ids=["lower", "upper", "capital"])
    def test_a_reporting_phrase_is_not_named(self, phrase: str, written: type[str]) -> None:
        assert self.left("a pier was opened", text=f"{written(phrase)}, a pier was opened.") == []

    @pytest.mark.parametrize("phrase", sorted(REPORTING_PHRASES))
    def test_a_reporting_phrase_with_one_word_more_or_less_is_named(self, phrase: str) -> None:
        for other in (f"{phrase} all", f"surely {phrase}", phrase.rpartition(" ")[0]):
            if other not in REPORTING_PHRASES:
                assert self.left("a pier was opened", text=f"{other} a pier was opened") == [other]

    @pytest.mark.parametrize("carried", ["He said that the old pi", "the old pier wasn", "er wasn't there. The mayor came"])
    def test_a_word_cut_in_half_is_left(self, carried: str) -> None:
        start = self.TEXT.index(carried)
        cut = {"He said that the old pi": "pier", "the old pier wasn": "wasn't", "er wasn't there. The mayor came": "pier"}
        read = Read(self.TEXT, document_of((0, len(self.TEXT))), [(start, start + len(carried))])
        (paragraph,) = read_through(read.source, read.claims, read.text).paragraphs
        assert cut[carried] in " ".join(paragraph.left or ()).split()

    def test_a_word_in_two_halves_of_two_claims_is_carried(self) -> None:
        assert self.left("He said that the old pi", "er wasn't there", "The mayor came") == []

    def test_a_phrase_over_two_paragraphs_is_no_phrase(self) -> None:
        source = document_of((0, 7), (8, 12))
        assert [one.left for one in read_through(source, [], "He said that").paragraphs] == [("He said",), ("that",)]


class TestSummary:
    """The summary says how much is carried, and whether words are left or the text is needed to know."""

    def test_without_the_text_it_asks_for_it(self) -> None:
        found = read_through(document_of((0, 1200), (1201, 1300)), [claim(1, 0, 1100)])
        line = "1,100 of 1,299 characters in 2 paragraphs are carried by claims"
        assert found.summary == f"{line}; give the text to see which words are left"

    def test_with_the_text_it_counts_the_runs(self) -> None:
        text = "a pier\nthe crane"
        source = document_of((0, 6), (7, 16))
        assert read_through(source, [], text).summary.endswith("; left outside the listed reporting phrases: 2 runs of words")
        assert read_through(source, [claim(1, 0, 16)], text).summary.endswith(
            "; left outside the listed reporting phrases: nothing"
        )

    def test_the_level_that_the_record_holds_is_told(self) -> None:
        found = read_through(document_of((0, 10), (11, 20), levels={2: 5}), [])
        assert [one.level for one in found.paragraphs] == [None, 5]


# The command -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of an invented tree of one document that was read and one that was not, with the folder of its text."""
    made = Path(shutil.copytree(BROKEN / "coverage-is-kept", tmp_path / "tree"))
    shutil.copytree(BROKEN / "spans-match-the-text" / "texts", tmp_path / "texts")
    almanac = {"id": "harbor-almanac-2032", "kind": "newspaper", "title": "Almanac", "publisher": "Bay Press", "language": "en"}
    folder = made / "seeds" / "sources" / "harbor-almanac-2032"
    folder.mkdir()
    rest = {"access": "consulted", "rights": "An invented document.", "status": "active"}
    (folder / "source.json").write_bytes(json_bytes({"$schema": "../../../schema/source.schema.json", **almanac, **rest}))
    return made


class TestCommand:
    """The command shows what the library reckons, for one document or for all that were read."""

    CARRIED = "  105 of 277 characters in 3 paragraphs are carried by claims"

    def test_without_the_text_it_shows_characters_alone(self, run: Run, tree: Path) -> None:
        code, out, err = run("coverage", DOCUMENT, cwd=tree)
        assert (code, err) == (0, "")
        assert out.splitlines() == [
            DOCUMENT,
            "  paragraph   1      69 of     80 characters, below the level of 80",
            "  paragraph   2       0 of     76 characters, below the level of 60",
            "  paragraph   3      36 of    121 characters",
            f"{self.CARRIED}; give the text to see which words are left",
        ]

    def test_with_the_text_it_names_the_words_that_are_left(self, run: Run, tree: Path) -> None:
        code, out, err = run("coverage", DOCUMENT, "--source-text", tree.parent / "texts", cwd=tree)
        assert (code, err) == (0, "")
        assert out.splitlines() == [
            DOCUMENT,
            "  paragraph   1      69 of     80 characters  1 left, below the level of 80",
            "    to see it",
            "  paragraph   2       0 of     76 characters  1 left, below the level of 60",
            "    The mayor cut a green ribbon while a brass band played beside the old crane",
            "  paragraph   3      36 of    121 characters  1 left",
            "    the mayor said, and then invited all the guests to take soup in the customs house",
            f"{self.CARRIED}; left outside the listed reporting phrases: 3 runs of words",
        ]

    def test_a_paragraph_that_claims_carry_whole_has_nothing_left(self, run: Run, tree: Path) -> None:
        path = tree / "seeds" / "sources" / DOCUMENT / "claims.json"
        value = json.loads(path.read_text("utf-8"))
        value["claims"][0] |= {"start": 0, "end": 80}
        path.write_bytes(json_bytes(value))
        out = run("coverage", DOCUMENT, "--source-text", tree.parent / "texts", cwd=tree)[1]
        assert out.splitlines()[1] == "  paragraph   1      80 of     80 characters  nothing left"

    @pytest.mark.parametrize("with_text", [False, True])
    def test_json_gives_the_same_numbers_and_words(self, run: Run, tree: Path, with_text: bool) -> None:
        options = ("--source-text", tree.parent / "texts") if with_text else ()
        code, out, err = run("coverage", DOCUMENT, "--format", "json", *options, cwd=tree)
        assert (code, err) == (0, "")
        (whole,) = json.loads(out)
        assert whole["source_id"] == DOCUMENT
        numbers = [(one["n"], one["characters"], one["covered"], one["level"]) for one in whole["paragraphs"]]
        assert numbers == [(1, 80, 69, 80), (2, 76, 0, 60), (3, 121, 36, 36)]
        assert [one["left"] for one in whole["paragraphs"]] == [
            [words] if with_text else None
            for words in (
                "to see it",
                "The mayor cut a green ribbon while a brass band played beside the old crane",
                "the mayor said, and then invited all the guests to take soup in the customs house",
            )
        ]

    def test_without_a_document_it_shows_those_that_were_read(self, run: Run, tree: Path) -> None:
        assert run("coverage", cwd=tree) == run("coverage", DOCUMENT, cwd=tree)

    @pytest.mark.parametrize(
        ("asked", "complaint"),
        [
            ("harbor-gazete-2031", "error: no document 'harbor-gazete-2031'; did you mean harbor-gazette-2031"),
            ("harbor-almanac-2032", "error: the text of 'harbor-almanac-2032' is not held: no claim has a span into it"),
        ],
    )
    def test_a_document_that_is_unknown_or_was_not_read_is_refused(
        self, run: Run, tree: Path, asked: str, complaint: str
    ) -> None:
        code, out, err = run("coverage", asked, cwd=tree)
        assert (code, out) == (2, "")
        assert err.startswith(complaint)

    @pytest.mark.parametrize("form", ["text", "json"])
    def test_a_text_that_was_changed_is_refused(self, run: Run, tree: Path, form: str) -> None:
        (text,) = (tree.parent / "texts").glob("*.txt")
        text.write_text(text.read_text("utf-8").replace("green", "red"), "utf-8")
        code, out, err = run("coverage", DOCUMENT, "--format", form, "--source-text", "../texts", cwd=tree)
        assert (code, out) == (2, "")
        assert err == "error: '../texts/harbor-gazette-2031.txt' is not the text of 'harbor-gazette-2031' as it was read\n"

    @pytest.mark.parametrize(("folder", "complaint"), [("nowhere", "is no folder"), ("seeds", "holds no .txt file")])
    def test_a_folder_without_texts_is_refused(self, run: Run, tree: Path, folder: str, complaint: str) -> None:
        code, out, err = run("coverage", DOCUMENT, "--source-text", folder, cwd=tree)
        assert (code, out) == (2, "")
        assert err == f"error: '{folder}' {complaint}\n"

    def test_records_that_cannot_be_read_are_found_and_nothing_is_reckoned(self, run: Run, tree: Path) -> None:
        path = tree / "seeds" / "sources" / DOCUMENT / "claims.json"
        path.write_text(path.read_text("utf-8").replace('"fact"', '"fcat"', 1), "utf-8")
        code, out, _ = run("coverage", DOCUMENT, cwd=tree)
        assert code == 1
        assert "terms-are-defined" in out
        assert "characters" not in out
