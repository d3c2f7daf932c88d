"""Uncertain dates: what is accepted, what each form can mean, and what a comparison admits not to know."""

from __future__ import annotations

import copy
import math
import pickle
import re
from datetime import date
from typing import Any

import edtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from strategies import Dated, any_texts, dated_texts, edited_edtf_texts, edtf_texts

from venezuela_data.dates import EDTF_MAX_LENGTH, EDTF_PATTERN, Edtf

ACCEPTED = [
    # text, first day, last day
    ("2025", date(2025, 1, 1), date(2025, 12, 31)),
    ("2025-11", date(2025, 11, 1), date(2025, 11, 30)),
    ("2025-11-24", date(2025, 11, 24), date(2025, 11, 24)),
    ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ("2025-02", date(2025, 2, 1), date(2025, 2, 28)),
    ("1900-02", date(1900, 2, 1), date(1900, 2, 28)),
    ("2000-02-29", date(2000, 2, 29), date(2000, 2, 29)),
    ("0001", date(1, 1, 1), date(1, 12, 31)),
    ("9999-12-31", date(9999, 12, 31), date(9999, 12, 31)),
    ("1991?", date(1991, 1, 1), date(1991, 12, 31)),
    ("1990~", date(1990, 1, 1), date(1990, 12, 31)),
    ("2025-11-21%", date(2025, 11, 21), date(2025, 11, 21)),
    ("2025-09-01/2025-11-30", date(2025, 9, 1), date(2025, 11, 30)),
    ("2024/2025-11", date(2024, 1, 1), date(2025, 11, 30)),
    ("2025-11-24/2025", date(2025, 11, 24), date(2025, 12, 31)),
    ("2025/2025", date(2025, 1, 1), date(2025, 12, 31)),
    ("1990~/2007-01?", date(1990, 1, 1), date(2007, 1, 31)),
    ("2025-09-01/..", date(2025, 9, 1), None),
    ("2025~/..", date(2025, 1, 1), None),
    ("../2025-11", None, date(2025, 11, 30)),
    ("[..2025-11-30]", None, date(2025, 11, 30)),
    ("[..2025]", None, date(2025, 12, 31)),
    ("[2025-11..]", date(2025, 11, 1), None),
    ("[2025-11-21,2025-11-23]", date(2025, 11, 21), date(2025, 11, 23)),
    ("[2025-11-21,2025-11-23,2025-12]", date(2025, 11, 21), date(2025, 12, 31)),
    ("[2025,2025-03]", date(2025, 1, 1), date(2025, 12, 31)),
    ("[2025-01,2025]", date(2025, 1, 1), date(2025, 12, 31)),
]

REFUSED = [
    # why, text
    ("empty", ""),
    ("no such day", "2025-02-29"),
    ("no such day", "1900-02-29"),
    ("no such day", "2025-04-31"),
    ("no such day", "2025-11-31"),
    ("no such day", "2025-02-30?"),
    ("no such day", "2025-02-01/2025-02-29"),
    ("no such day", "2025-02-29/.."),
    ("no such day", "[..2025-02-29]"),
    ("no such day", "[2025-02-28,2025-02-29]"),
    ("no such day", "2025-11-00"),
    ("no such day", "2025-11-32"),
    ("no such month", "2025-00"),
    ("no such month", "2025-13"),
    ("no such year", "0000"),
    ("no such year", "0000-01-01"),
    ("no such year", "../0000"),
    ("no such year", "[..0000]"),
    ("runs backwards", "2026/2025"),
    ("runs backwards", "2025-06/2025-03"),
    ("runs backwards", "2025-11-24/2025-11-23"),
    ("runs backwards", "2025-11-24~/2025-11-23~"),
    ("runs backwards", "2025-11/2024"),
    ("set descends", "[2026,2025]"),
    ("set descends", "[2025-11-23,2025-11-21]"),
    ("set descends", "[2025-03,2025]"),
    ("set descends", "[2025,2025-01]"),
    ("set repeats", "[2025,2025]"),
    ("set repeats", "[2025-11-21,2025-11-21,2025-11-23]"),
    ("set of one", "[2025]"),
    ("set of none", "[]"),
    ("set without end", "[2025,]"),
    ("set without bounds", "[..]"),
    ("qualifier in a set", "[2025?,2026]"),
    ("qualifier in a set", "[..2025~]"),
    ("qualifier after a set", "[2025,2026]?"),
    ("qualifier twice", "2025?~"),
    ("qualifier twice", "2025%?"),
    ("qualifier in front", "?2025"),
    ("qualifier in front", "2025-~11"),
    ("qualifier inside", "2025?-11"),
    ("qualifier on an open end", "2025/..?"),
    ("open at both ends", "../.."),
    ("end left out", "2025/"),
    ("end left out", "/2025"),
    ("three ends", "2024/2025/2026"),
    ("blank in front", " 2025"),
    ("blank behind", "2025 "),
    ("blank inside", "2025 -11"),
    ("blank inside", "[2025, 2026]"),
    ("blank inside", "2025 / 2026"),
    ("blank that is not a space", "\u00a02025"),
    ("line feed behind", "2025\n"),
    ("line feed behind", "2025-11-24\n"),
    ("line feed behind", "[2025,2026]\n"),
    ("carriage return behind", "2025\r"),
    ("NUL behind", "2025\x00"),
    ("digits that are not ASCII", "\u0662\u0660\u0662\u0665"),
    ("digits that are not ASCII", "\uff12\uff10\uff12\uff15"),
    ("digits that are not ASCII", "2025-1\uff11"),
    ("dashes that are not ASCII", "2025\u201311\u201324"),
    ("too few digits", "25"),
    ("too few digits", "2025-1-1"),
    ("too few digits", "199"),
    ("too many digits", "12025"),
    ("no dashes", "20251124"),
    ("sign", "-0044"),
    ("sign", "+2025"),
    ("season", "2025-21"),
    ("unspecified digit", "202X"),
    ("unspecified digit", "2025-XX"),
    ("time of day", "2025-11-24T10:00:00Z"),
    ("long year", "Y17000"),
    ("all of a set", "{2025,2026}"),
    ("words", "November 2025"),
    ("too long", "[" + ",".join(f"20{n:02d}-01-01" for n in range(12)) + "]"),
]

# What the `edtf` package accepts though ISO 8601-2 gives it no meaning.
FAULTS_OF_EDTF = [
    ("a day that the year does not have", "2025-02-29"),
    ("a day that the year does not have", "1900-02-29"),
    ("a day that the year does not have", "2025-02-29?"),
    ("a day that the year does not have", "2025-02-29/2025-03-01"),
    ("a day that the year does not have", "2025-02-29/.."),
    ("a day that the year does not have", "../2025-02-29"),
    ("a day that the year does not have", "[..2025-02-29]"),
    ("a day that the year does not have", "[2025-02-28,2025-02-29]"),
    ("an interval that runs backwards", "2026/2025"),
    ("an interval that runs backwards", "2025-06/2025-03"),
    ("an interval that runs backwards", "2025-03-02~/2025-03-01~"),
    ("a blank", " 2025"),
    ("a blank", "2025 "),
    ("a blank", "2025 /2026"),
    ("a blank", "[2025, 2026]"),
    ("a line end", "2025\n"),
    ("a line end", "2025\r\n"),
]

# Where it fails with a TypeError, from inside, instead of refusing.
FAILURES_OF_EDTF = ["../", "../000", "../[2025]"]

COMPARED = [
    # one, other, before, after, within
    ("2025-11-16", "2025-11-24", True, False, False),
    ("2025-11-24", "2025-11-16", False, True, False),
    ("2025-11-24", "2025-11-24", False, False, True),
    ("2025-11-24", "2025-11", None, None, True),
    ("2025-11", "2025-11-24", None, None, None),
    ("2025-11-01", "2025-11", None, False, True),
    ("2025-11-30", "2025-11", False, None, True),
    ("2025-10", "2025-11", True, False, False),
    ("2025-11", "2025-11", None, None, True),
    ("2025", "2026-01-01", True, False, False),
    ("2025", "2025-12-31", None, False, None),
    ("1990~", "1991?", True, False, False),
    ("2025-09-01/..", "2025-08", False, True, False),
    ("2025-09-01/..", "2025-11", None, None, None),
    ("2025-09-01/..", "2025-01-01/..", None, None, True),
    ("2025-09-01/..", "2026-01-01/..", None, None, None),
    ("../2024", "2025", True, False, False),
    ("../2025", "../2025", None, None, True),
    ("../2025-01-01", "2025/..", None, False, None),
    ("2025/..", "../2025-01-01", False, None, None),
    ("[..2025-11-30]", "[2025-12..]", True, False, False),
    ("[2025-11-21,2025-11-23]", "2025-11", None, None, True),
    ("[2025-11-21,2025-11-23]", "2025-11-22", None, None, None),
]


@pytest.mark.parametrize(("text", "earliest", "latest"), ACCEPTED)
def test_a_date_of_the_profile_has_these_bounds(text: str, earliest: date | None, latest: date | None) -> None:
    assert (Edtf(text).earliest, Edtf(text).latest) == (earliest, latest)


@pytest.mark.parametrize("text", [text for text, _, _ in ACCEPTED])
def test_a_date_is_the_text_it_was_made_of(text: str) -> None:
    made = Edtf(text)
    assert made == text
    assert type(str(made)) is str
    assert hash(made) == hash(text)
    assert repr(made) == f"Edtf({text!r})"


@pytest.mark.parametrize(("reason", "text"), REFUSED)
def test_what_is_no_date_of_the_profile_is_refused(reason: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"EDTF profile|the calendar has no|before it starts|members of a set ascend"):
        Edtf(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2025-02-29", "the calendar has no 2025-02-29"),
        ("0000", "the calendar has no 0000-01-01"),
        ("../0000", "the calendar has no 0000-12-31"),
        ("2025-06/2025-03", "the interval ends on 2025-03-31 before it starts on 2025-06-01"),
        ("[2026,2025]", "the members of a set ascend and each stands there once"),
        ("24.11.2025", "write YYYY, YYYY-MM or YYYY-MM-DD"),
    ],
)
def test_a_refusal_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Edtf(text)


def test_a_refusal_of_a_long_text_is_short() -> None:
    with pytest.raises(ValueError, match="EDTF profile") as refusal:
        Edtf("2025" * 100_000)
    assert len(str(refusal.value)) < 300


def test_a_set_may_be_as_long_as_the_stated_length_and_no_longer() -> None:
    fits = "[" + ",".join(str(year) for year in range(2001, 2020)) + ",2020-01,2021-01,2022-01]"
    over = "[" + ",".join(str(year) for year in range(2001, 2025)) + "]"
    assert (len(fits), len(over)) == (EDTF_MAX_LENGTH, EDTF_MAX_LENGTH + 1)
    assert (Edtf(fits).earliest, Edtf(fits).latest) == (date(2001, 1, 1), date(2022, 1, 31))
    with pytest.raises(ValueError, match="EDTF profile"):
        Edtf(over)


@pytest.mark.parametrize(
    ("text", "uncertain", "approximate"),
    [
        ("2025", False, False),
        ("2025?", True, False),
        ("2025~", False, True),
        ("2025%", True, True),
        ("2025?/2026~", True, True),
        ("2025/2026?", True, False),
        ("../2025~", False, True),
        ("[2025,2026]", False, False),
    ],
)
def test_a_qualifier_says_how_sure_a_date_is(text: str, uncertain: bool, approximate: bool) -> None:
    assert (Edtf(text).is_uncertain, Edtf(text).is_approximate) == (uncertain, approximate)


@pytest.mark.parametrize(("one", "other", "before", "after", "within"), COMPARED)
def test_a_comparison_says_yes_no_or_open(
    one: str, other: str, before: bool | None, after: bool | None, within: bool | None
) -> None:
    assert Edtf(one).before(Edtf(other)) is before
    assert Edtf(one).after(Edtf(other)) is after
    assert Edtf(one).within(Edtf(other)) is within


def test_every_outcome_of_every_comparison_is_tested() -> None:
    for column in (2, 3, 4):
        assert {row[column] for row in COMPARED} == {True, False, None}


def test_making_a_date_of_a_date_changes_nothing() -> None:
    once = Edtf("2025-11~/..")
    twice = Edtf(once)
    assert (twice, twice.earliest, twice.latest) == (once, once.earliest, once.latest)


def test_a_pickle_of_what_is_no_date_is_refused() -> None:
    forged = pickle.dumps(Edtf("2025-02-28"), 0).replace(b"2025-02-28", b"2025-02-30")
    with pytest.raises(ValueError, match="the calendar has no 2025-02-30"):
        pickle.loads(forged)  # noqa: S301  # bytes of our own


@pytest.mark.parametrize(("fault", "text"), FAULTS_OF_EDTF)
def test_a_listed_fault_of_the_edtf_package_is_one(fault: str, text: str) -> None:
    assert edtf.parse_edtf(text) is not None
    with pytest.raises(ValueError, match=r"EDTF profile|the calendar has no|before it starts"):
        Edtf(text)


@pytest.mark.parametrize("text", FAILURES_OF_EDTF)
def test_a_listed_failure_of_the_edtf_package_is_one(text: str) -> None:
    with pytest.raises(TypeError):
        edtf.parse_edtf(text)
    with pytest.raises(ValueError, match="EDTF profile"):
        Edtf(text)


class TestBounds:
    """The bounds of a date are the first and last day of which it was built, in this order."""

    @given(dated_texts())
    def test_they_are_the_days_of_which_it_was_built(self, dated: Dated) -> None:
        assert (Edtf(dated.text).earliest, Edtf(dated.text).latest) == (dated.earliest, dated.latest)

    @given(edtf_texts())
    def test_the_first_is_never_after_the_last(self, text: str) -> None:
        made = Edtf(text)
        assert made.earliest is None or made.latest is None or made.earliest <= made.latest

    @given(edtf_texts())
    def test_at_least_one_is_known(self, text: str) -> None:
        made = Edtf(text)
        assert made.earliest is not None or made.latest is not None

    @given(st.dates(), st.sampled_from((4, 7, 10)), st.sampled_from("?~%"))
    def test_a_qualifier_does_not_move_them(self, day: date, precision: int, mark: str) -> None:
        plain, marked = Edtf(day.isoformat()[:precision]), Edtf(day.isoformat()[:precision] + mark)
        assert (plain.earliest, plain.latest) == (marked.earliest, marked.latest)


class TestAgreementWithEdtf:
    """The bounds are those that the `edtf` package gives, and what it refuses is refused, outside its listed faults."""

    @settings(deadline=None)
    @given(edtf_texts())
    def test_bounds_are_the_same(self, text: str) -> None:
        made, theirs = Edtf(text), edtf.parse_edtf(text)
        assert _triple(made.earliest, -math.inf) == _triple(theirs.lower_strict(), -math.inf)
        assert _triple(made.latest, math.inf) == _triple(theirs.upper_strict(), math.inf)

    @settings(deadline=None)
    @given(edited_edtf_texts())
    def test_what_the_package_refuses_is_refused(self, text: str) -> None:
        try:
            edtf.parse_edtf(text)
        except (edtf.EDTFParseException, TypeError):
            assert _date_or_none(text) is None


class TestComparison:
    """A comparison never contradicts the bounds, says yes to one order at most, and is open only where both can be."""

    @given(dated_texts(), dated_texts(), st.data())
    def test_no_pair_of_days_contradicts_it(self, one: Dated, other: Dated, data: st.DataObject) -> None:
        day, other_day = data.draw(_days_of(one)), data.draw(_days_of(other))
        outcome = Edtf(one.text).before(Edtf(other.text))
        assert outcome is None or outcome is (day < other_day)
        outcome = Edtf(one.text).after(Edtf(other.text))
        assert outcome is None or outcome is (day > other_day)

    @given(dated_texts(), dated_texts(), st.data())
    def test_no_day_contradicts_within(self, one: Dated, other: Dated, data: st.DataObject) -> None:
        day = data.draw(_days_of(one))
        inside = (other.earliest is None or other.earliest <= day) and (other.latest is None or day <= other.latest)
        outcome = Edtf(one.text).within(Edtf(other.text))
        assert outcome is None or outcome is inside

    @given(dated_texts(), dated_texts())
    def test_it_is_open_only_where_both_can_be(self, one: Dated, other: Dated) -> None:
        first, last = _ordinals(one)
        other_first, other_last = _ordinals(other)
        can_be_before, can_be_not_before = first < other_last, last >= other_first
        assert (Edtf(one.text).before(Edtf(other.text)) is None) == (can_be_before and can_be_not_before)
        some_inside = first <= other_last and other_first <= last
        some_outside = first < other_first or last > other_last
        assert (Edtf(one.text).within(Edtf(other.text)) is None) == (some_inside and some_outside)

    @given(edtf_texts(), edtf_texts())
    def test_it_is_antisymmetric(self, one: str, other: str) -> None:
        a, b = Edtf(one), Edtf(other)
        assert not (a.before(b) is True and b.before(a) is True)
        assert a.after(b) is b.before(a)
        if a.before(b) is True:
            assert a.after(b) is False
            assert a.within(b) is False

    @given(edtf_texts())
    def test_a_date_is_neither_before_nor_after_itself(self, text: str) -> None:
        made = Edtf(text)
        assert made.before(made) is not True
        assert made.after(made) is not True
        assert made.within(made) is True

    @given(edtf_texts(), edtf_texts(), edtf_texts())
    def test_before_and_within_are_transitive(self, one: str, other: str, third: str) -> None:
        a, b, c = Edtf(one), Edtf(other), Edtf(third)
        if a.before(b) is True and b.before(c) is True:
            assert a.before(c) is True
        if a.within(b) is True and b.within(c) is True:
            assert a.within(c) is True


class TestAnyText:
    """Any text at all is a date of the profile or a ValueError, and nothing else, to Pydantic too."""

    @given(any_texts())
    def test_it_is_a_date_or_a_value_error(self, text: str) -> None:
        made = _date_or_none(text)
        if made is not None:
            assert str(made) == text
            assert re.fullmatch(EDTF_PATTERN[1:-1], text)
            assert len(text) <= EDTF_MAX_LENGTH

    @given(any_texts())
    def test_pydantic_says_the_same(self, text: str) -> None:
        try:
            read = ADAPTER.validate_python(text)
        except ValidationError:
            assert _date_or_none(text) is None
        else:
            assert type(read) is Edtf
            assert read == text

    @given(st.one_of(st.none(), st.integers(), st.floats(), st.binary(), st.dates(), st.booleans()))
    def test_pydantic_converts_nothing(self, value: Any) -> None:
        with pytest.raises(ValidationError):
            ADAPTER.validate_python(value)


class TestCopies:
    """A copied or pickled date is the same date, with the same bounds."""

    @given(edtf_texts(), st.integers(0, pickle.HIGHEST_PROTOCOL))
    def test_a_pickled_date_comes_back(self, text: str, protocol: int) -> None:
        _assert_same(pickle.loads(pickle.dumps(Edtf(text), protocol)), Edtf(text))  # noqa: S301  # bytes of our own

    @given(edtf_texts())
    def test_a_copied_date_is_the_same(self, text: str) -> None:
        _assert_same(copy.copy(Edtf(text)), Edtf(text))
        _assert_same(copy.deepcopy([Edtf(text)])[0], Edtf(text))


ADAPTER: TypeAdapter[Edtf] = TypeAdapter(Edtf)


def _date_or_none(text: str) -> Edtf | None:
    try:
        return Edtf(text)
    except ValueError:
        return None


def _assert_same(one: object, other: Edtf) -> None:
    assert type(one) is Edtf
    assert (str(one), one.earliest, one.latest) == (str(other), other.earliest, other.latest)


def _triple(bound: Any, infinity: float) -> object:
    if bound is None:
        return infinity
    return tuple(bound.timetuple()[:3]) if isinstance(bound, date) else bound if isinstance(bound, float) else bound[:3]


def _ordinals(dated: Dated) -> tuple[float, float]:
    return (
        -math.inf if dated.earliest is None else dated.earliest.toordinal(),
        math.inf if dated.latest is None else dated.latest.toordinal(),
    )


def _days_of(dated: Dated) -> st.SearchStrategy[date]:
    return st.dates(dated.earliest or date.min, dated.latest or date.max)
