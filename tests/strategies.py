"""Hypothesis strategies shared by the tests. They build what is valid from plain Python values, without the code under test."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import NamedTuple

from hypothesis import strategies as st

QUALIFIERS = ("", "", "?", "~", "%")
MOST_MEMBERS = 6

# Characters of the profile, the blanks that some readers skip, and digits that are not ASCII.
DATE_CHARACTERS = "0123456789-/.,[]?~% \n\r\t\u00a0\u0663\uff15XYTZ{}+"


class Dated(NamedTuple):
    """A text of the date profile, and the first and last day of which it was built."""

    text: str
    earliest: date | None
    latest: date | None


class Stretch(NamedTuple):
    first: date
    last: date
    text: str


def _stretch(day: date, precision: int) -> Stretch:
    text = day.isoformat()[:precision]
    if precision == 4:
        return Stretch(date(day.year, 1, 1), date(day.year, 12, 31), text)
    if precision == 7:
        return Stretch(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]), text)
    return Stretch(day, day, text)


def days() -> st.SearchStrategy[date]:
    """Any day of the calendar, those of the story and those at the ends of months more often."""
    recent = st.dates(date(1990, 1, 1), date(2026, 12, 31))
    month_ends = st.builds(lambda day: _stretch(day, 7).last, recent)
    return st.one_of(recent, month_ends, st.dates())


def stretches() -> st.SearchStrategy[Stretch]:
    """A year, a month or a day."""
    return st.builds(_stretch, days(), st.sampled_from((4, 7, 10)))


@st.composite
def dated_texts(draw: st.DrawFn) -> Dated:
    """A valid date of any form of the profile, with its bounds."""
    form = draw(st.sampled_from(("single", "interval", "until", "since", "before", "after", "set")))
    mark, other_mark = draw(st.sampled_from(QUALIFIERS)), draw(st.sampled_from(QUALIFIERS))
    one = draw(stretches())
    if form == "single":
        return Dated(one.text + mark, one.first, one.last)
    if form == "until":
        return Dated(f"../{one.text}{mark}", None, one.last)
    if form == "since":
        return Dated(f"{one.text}{mark}/..", one.first, None)
    if form == "before":
        return Dated(f"[..{one.text}]", None, one.last)
    if form == "after":
        return Dated(f"[{one.text}..]", one.first, None)
    if form == "interval":
        start, end = one, draw(stretches())
        if start.first > end.last:
            start, end = end, start
        return Dated(f"{start.text}{mark}/{end.text}{other_mark}", start.first, end.last)
    members = sorted(draw(st.lists(stretches(), min_size=2, max_size=MOST_MEMBERS, unique_by=lambda s: (s.first, s.last))))
    return Dated(
        "[" + ",".join(member.text for member in members) + "]", members[0].first, max(member.last for member in members)
    )


def edtf_texts() -> st.SearchStrategy[str]:
    """A valid date of any form of the profile."""
    return dated_texts().map(lambda dated: dated.text)


@st.composite
def edited_edtf_texts(draw: st.DrawFn) -> str:
    """A valid date with one character replaced, put in or left out: most often no date any more."""
    text = draw(edtf_texts())
    at = draw(st.integers(0, len(text)))
    width = draw(st.integers(0, 1))
    return text[:at] + draw(st.one_of(st.just(""), st.sampled_from(DATE_CHARACTERS))) + text[at + width :]


def any_texts() -> st.SearchStrategy[str]:
    """Any text at all, lone surrogates included, those that look like dates more often."""
    return st.one_of(st.text(st.characters()), st.text(DATE_CHARACTERS), edited_edtf_texts())
