"""Texts without the texts: fingerprints, paragraphs, places of words, and spans that verify words and place."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from venezuela_data.text import (
    OWN_WORDS,
    Passage,
    find,
    fingerprint,
    paragraphs,
    span_hash,
    splits_a_character,
    word_runs,
    words_of,
)

# The SHA-256 of the empty text and of "abc", as FIPS 180-4 and every other implementation give them.
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

GRAVE = "\u0300"
ZWJ = "\u200d"
FLAG_OF_VENEZUELA = "\U0001f1fb\U0001f1ea"
FLAG_OF_BRAZIL = "\U0001f1e7\U0001f1f7"
FAMILY = f"\U0001f468{ZWJ}\U0001f469{ZWJ}\U0001f467"
WAVE_WITH_SKIN_TONE = "\U0001f44b\U0001f3fd"
FLAG_OF_SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
RED_HEART = "\u2764\ufe0f"
HANGUL_IN_PARTS = "\u1112\u1161\u11ab"


@pytest.mark.parametrize(("text", "expected"), [("", EMPTY), ("abc", ABC)])
def test_a_fingerprint_is_the_sha_256_of_the_text_as_utf_8(text: str, expected: str) -> None:
    assert fingerprint(text) == expected


def test_a_fingerprint_tells_composed_from_decomposed_letters() -> None:
    assert fingerprint("Nicolás") != fingerprint(unicodedata.normalize("NFD", "Nicolás"))


def test_a_span_hash_is_the_sha_256_of_fingerprint_offsets_and_words() -> None:
    by_hand = hashlib.sha256(ABC.encode("ascii") + b":1:3:" + b"bc").hexdigest()
    assert span_hash(ABC, 1, 3, "bc") == by_hand
    assert by_hand == "960502d9f3d03c69b1ec7d1b6321ab141edd712d771c4f4f138334d94bfeb887"


def test_a_span_hash_takes_words_as_utf_8() -> None:
    assert span_hash(ABC, 0, 2, "é%") == hashlib.sha256(ABC.encode("ascii") + b":0:2:\xc3\xa9%").hexdigest()


def test_a_span_hash_is_not_the_hash_of_the_words() -> None:
    assert span_hash(ABC, 0, 3, "85%") != fingerprint("85%")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n", []),
        (" \t\n\u00a0\n\u3000\n", []),
        ("one", [(0, 3, "one")]),
        ("one\n", [(0, 3, "one")]),
        ("one\ntwo", [(0, 3, "one"), (4, 7, "two")]),
        ("one\n\n\ntwo\n", [(0, 3, "one"), (6, 9, "two")]),
        ("  one  \n\ttwo words\t\n", [(2, 5, "one"), (9, 18, "two words")]),
        ("one\r\ntwo\r\n", [(0, 3, "one"), (5, 8, "two")]),
        ("\u3000one\u00a0", [(1, 4, "one")]),
        ("a  a", [(0, 4, "a  a")]),
        (" a\n a", [(1, 2, "a"), (4, 5, "a")]),
        ("one\u2028two", [(0, 7, "one\u2028two")]),
        ("\U0001f1fb\U0001f1ea\nlá", [(0, 2, FLAG_OF_VENEZUELA), (3, 5, "lá")]),
    ],
)
def test_paragraphs_are_lines_without_the_white_space_at_their_ends(text: str, expected: list[tuple[int, int, str]]) -> None:
    assert list(paragraphs(text)) == [Passage(*each) for each in expected]


@pytest.mark.parametrize(
    ("text", "words", "starts"),
    [
        ("", "a", []),
        ("abc", "", []),
        ("", "", []),
        ("abc", "d", []),
        ("abc", "abcd", []),
        ("abc", "abc", [0]),
        ("aaaa", "aa", [0, 1, 2]),
        ("ananas", "ana", [0, 2]),
        ("to be or not to be", "to be", [0, 13]),
        ("Maduro maduro", "maduro", [7]),
        ("a.c abc", "a.c", [0]),
        ("é e\u0301", "é", [0]),
        ("\U0001f1fb\U0001f1ea x", "x", [3]),
    ],
)
def test_find_yields_every_place_of_the_exact_words(text: str, words: str, starts: list[int]) -> None:
    assert list(find(text, words)) == [Passage(start, start + len(words), words) for start in starts]


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("e" + GRAVE, 1),
        ("e" + GRAVE + "\u0323", 2),
        ("क\u093f", 1),
        ("1\u20dd", 1),
        (RED_HEART, 1),
        (FAMILY, 1),
        (FAMILY, 2),
        (FAMILY, 3),
        (FAMILY, 4),
        (WAVE_WITH_SKIN_TONE, 1),
        (FLAG_OF_VENEZUELA, 1),
        (FLAG_OF_VENEZUELA + FLAG_OF_BRAZIL, 1),
        (FLAG_OF_VENEZUELA + FLAG_OF_BRAZIL, 3),
        (FLAG_OF_SCOTLAND, 1),
        (FLAG_OF_SCOTLAND, 6),
        (HANGUL_IN_PARTS, 1),
        (HANGUL_IN_PARTS, 2),
        ("\uff76\uff9e", 1),
        ("a\r\nb", 2),
    ],
)
def test_an_offset_inside_a_character_splits_it(text: str, offset: int) -> None:
    assert splits_a_character(text, offset)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0),
        ("ab", 1),
        ("ab", 0),
        ("ab", 2),
        ("ab", 3),
        ("ab", -1),
        ("é1", 1),
        ("e" + GRAVE + "f", 2),
        (GRAVE + "e", 0),
        ("e" + GRAVE, 0),
        ("e" + GRAVE, 2),
        ("a\r\nb", 1),
        ("a\r\nb", 3),
        ("\n\r", 1),
        ("\r\r\n", 1),
        (FAMILY, 5),
        (FAMILY + "a", 5),
        (FLAG_OF_VENEZUELA + FLAG_OF_BRAZIL, 2),
        ("a" + FLAG_OF_VENEZUELA, 1),
        (FLAG_OF_VENEZUELA + "a", 2),
        (FLAG_OF_SCOTLAND + "a", 7),
        ("\ud55c\uad6d", 1),
        ("\u89c2\u5bdf", 1),
        ("85%", 2),
    ],
)
def test_an_offset_between_characters_splits_none(text: str, offset: int) -> None:
    assert not splits_a_character(text, offset)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Maduro's two conditions.", ["maduro's", "two", "conditions"]),
        ("Maduro’s 85% — and 20!", ["maduro’s", "85", "and", "20"]),
        ("snake_case and-dashes", ["snake", "case", "and", "dashes"]),
        ("'quoted'", ["quoted"]),
        ("López 观察者网", ["lópez", "观察者网"]),
    ],
)
def test_words_are_letters_and_digits_in_lower_case(text: str, expected: list[str]) -> None:
    assert words_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", set()),
        ("one two", set()),
        ("One two three", {("one", "two", "three")}),
        ("one two three four", {("one", "two", "three"), ("two", "three", "four")}),
        ("one, two;\nthree", {("one", "two", "three")}),
        ("one two three one two three", {("one", "two", "three"), ("two", "three", "one"), ("three", "one", "two")}),
        ('"one two three"', set()),
        ('one "two three four" five', set()),
        ('one two "inside" three four', set()),
        ('a b c "one two three" d e f', {("a", "b", "c"), ("d", "e", "f")}),
        ('one two " three', {("one", "two", "three")}),
        ('one " two\nthree " four', {("one", "two", "three"), ("two", "three", "four")}),
        ("“one two three”", {("one", "two", "three")}),
    ],
)
def test_word_runs_lie_outside_straight_quotation_marks(text: str, expected: set[tuple[str, ...]]) -> None:
    assert word_runs(text, 3) == expected


def test_a_word_run_is_twelve_words_long_unless_told_otherwise() -> None:
    words = tuple(f"w{n}" for n in range(OWN_WORDS))
    assert OWN_WORDS == 12
    assert word_runs(" ".join(words)) == {words}
    assert word_runs(" ".join(words[1:])) == set()


TEXTS = st.text(min_size=1, max_size=60)


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


def _hash(text: str, start: int, end: int) -> str:
    return span_hash(fingerprint(text), start, end, text[start:end])


class TestSpanHash:
    """The hash of a span changes with any character of its words, with its place and with the text around it."""

    @given(spans(), st.data())
    def test_another_character_inside_changes_it(self, span: tuple[str, int, int], data: st.DataObject) -> None:
        text, start, end = span
        at = data.draw(st.integers(start, end - 1))
        other = data.draw(st.characters(codec="utf-8"))
        assume(other != text[at])
        words = text[start:at] + other + text[at + 1 : end]
        assert span_hash(fingerprint(text), start, end, words) != _hash(text, start, end)

    @given(spans(), st.sampled_from((-1, 1)))
    def test_a_shift_by_one_changes_it(self, span: tuple[str, int, int], shift: int) -> None:
        text, start, end = span
        moved = span_hash(fingerprint(text), start + shift, end + shift, text[start:end])
        assert moved != _hash(text, start, end)

    @given(st.integers(0, 30), st.integers(1, 20))
    def test_a_shift_changes_it_where_the_same_words_follow(self, start: int, width: int) -> None:
        text = "a" * 60
        assert _hash(text, start, start + width) != _hash(text, start + 1, start + 1 + width)

    @given(spans(), st.sampled_from(((-1, 0), (1, 0), (0, -1), (0, 1))))
    def test_another_offset_changes_it(self, span: tuple[str, int, int], move: tuple[int, int]) -> None:
        text, start, end = span
        moved = span_hash(fingerprint(text), start + move[0], end + move[1], text[start:end])
        assert moved != _hash(text, start, end)

    @given(spans(), TEXTS)
    def test_another_text_around_the_words_changes_it(self, span: tuple[str, int, int], more: str) -> None:
        text, start, end = span
        assert _hash(text + more, start, end) != _hash(text, start, end)


class TestPassages:
    """A passage holds exactly the words that stand between its offsets."""

    @given(st.text(st.sampled_from("ab \t\r\n\u00a0\u3000\u2028\U0001f1fb")))
    def test_paragraphs_hold_all_but_white_space(self, text: str) -> None:
        found = list(paragraphs(text))
        assert all(text[each.start : each.end] == each.words == each.words.strip() != "" for each in found)
        assert all("\n" not in each.words for each in found)
        ends = [0, *(each.end for each in found)]
        starts = [*(each.start for each in found), len(text)]
        between = [text[end:start] for end, start in zip(ends, starts, strict=True)]
        assert all(not each.strip() for each in between)
        assert all("\n" in each for each in between[1:-1])

    @given(st.text(st.sampled_from("ab"), max_size=30), st.text(st.sampled_from("ab"), min_size=1, max_size=3))
    def test_find_leaves_no_place_out(self, text: str, words: str) -> None:
        assert list(find(text, words)) == [
            Passage(at, at + len(words), words) for at in range(len(text)) if text[at : at + len(words)] == words
        ]


class TestSplitsACharacter:
    """No offset of a text of plain letters splits a character, and every offset before a mark does."""

    @given(st.text(st.characters(codec="ascii", exclude_characters="\r")), st.integers(-2, 70))
    def test_plain_text_has_no_such_offset(self, text: str, offset: int) -> None:
        assert not splits_a_character(text, offset)

    @given(st.text(min_size=1, max_size=20), st.characters(categories=("Mn", "Mc", "Me")))
    def test_a_mark_belongs_to_what_stands_before_it(self, text: str, mark: str) -> None:
        assert splits_a_character(text + mark, len(text))

    @given(st.integers(1, 12))
    def test_flags_are_split_at_odd_offsets_alone(self, count: int) -> None:
        text = FLAG_OF_VENEZUELA * count
        assert [at for at in range(len(text) + 1) if splits_a_character(text, at)] == list(range(1, len(text), 2))


class TestWordRuns:
    """Every run of words is as long as asked, and stands in the text outside quotation marks."""

    @given(st.text(st.sampled_from('ab" \n.')), st.integers(1, 4))
    def test_runs_have_the_length_asked_for(self, text: str, length: int) -> None:
        assert all(len(run) == length for run in word_runs(text, length))

    @given(st.lists(st.sampled_from(("one", "two", "three")), max_size=12), st.integers(1, 4))
    def test_unquoted_words_give_every_run(self, words: list[str], length: int) -> None:
        expected = {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}
        assert word_runs(" ".join(words), length) == expected

    @given(st.lists(st.sampled_from(("one", "two", "three")), max_size=12))
    def test_quoted_words_give_none(self, words: list[str]) -> None:
        assert word_runs('"' + " ".join(words) + '"', 1) == set()
