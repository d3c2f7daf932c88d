"""Uncertain dates: a profile of the Extended Date/Time Format (EDTF, ISO 8601-2:2019).

`Edtf` is a string that is known to be well formed, with the first and last day that it can mean and a comparison that
admits not knowing. It refuses what the calendar does not have and intervals that run backwards, which the general
libraries accept. It never guesses a date, never widens one and never reads the clock. It imports nothing of ours.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema

_DAY = "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
_QUALIFIED = _DAY + "[?~%]?"

EDTF_PATTERN = (
    f"^({_QUALIFIED}|{_QUALIFIED}/{_QUALIFIED}|{_QUALIFIED}/\\.\\.|\\.\\./{_QUALIFIED}"
    f"|\\[\\.\\.{_DAY}\\]|\\[{_DAY}\\.\\.\\]|\\[{_DAY}(,{_DAY})+\\])$"
)
"""The forms of the profile, in the regular-expression syntax that JSON Schema engines agree on.

A pattern cannot know the calendar or the order of two dates; `Edtf` checks both as well.
"""

EDTF_MAX_LENGTH = 120

_FORM = re.compile(EDTF_PATTERN[1:-1])


class Edtf(str):
    """A date in the EDTF profile of this package.

    Accepted: a year, month or day (`2025`, `2025-11`, `2025-11-24`), each with at most one trailing `?` (uncertain),
    `~` (approximate) or `%` (both); an interval `a/b`, open at one end with `..`; one of a set, `[a,b]`; on or before,
    `[..b]`; on or after, `[a..]`. A qualifier says how sure the date is and does not widen its bounds.

    Raises:
        ValueError: the text is not in the profile, names a day that the calendar does not have, or runs backwards.
    """

    __slots__ = ("earliest", "latest")

    earliest: date | None
    """First day that the date can mean; `None` where it is open towards the past."""
    latest: date | None
    """Last day that the date can mean; `None` where it is open towards the future."""

    def __new__(cls, text: str) -> Self:
        self = super().__new__(cls, text)
        self.earliest, self.latest = _bounds(text)
        return self

    def __reduce__(self) -> tuple[type[Edtf], tuple[str]]:
        return type(self), (str(self),)

    def __repr__(self) -> str:
        return f"Edtf({str(self)!r})"

    @property
    def is_uncertain(self) -> bool:
        """Whether a `?` or `%` marks the date, or one end of the interval, as doubtful."""
        return "?" in self or "%" in self

    @property
    def is_approximate(self) -> bool:
        """Whether a `~` or `%` marks the date, or one end of the interval, as an estimate."""
        return "~" in self or "%" in self

    def before(self, other: Edtf) -> bool | None:
        """Say whether this date lies wholly before another: yes, no, or `None` where the bounds leave it open."""
        if self.latest is not None and other.earliest is not None and self.latest < other.earliest:
            return True
        if self.earliest is not None and other.latest is not None and self.earliest >= other.latest:
            return False
        return None

    def after(self, other: Edtf) -> bool | None:
        """Say whether this date lies wholly after another: yes, no, or `None` where the bounds leave it open."""
        return other.before(self)

    def within(self, other: Edtf) -> bool | None:
        """Say whether every day that this date can mean lies inside the bounds of another.

        `False` only where no day of this date can lie inside; `None` where some can and some cannot.
        """
        if self.before(other) is True or other.before(self) is True:
            return False
        starts = other.earliest is None or (self.earliest is not None and self.earliest >= other.earliest)
        ends = other.latest is None or (self.latest is not None and self.latest <= other.latest)
        return True if starts and ends else None

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(
            cls,
            core_schema.str_schema(strict=True, pattern=EDTF_PATTERN, max_length=EDTF_MAX_LENGTH),
            serialization=core_schema.plain_serializer_function_ser_schema(
                str, return_schema=core_schema.str_schema(pattern=EDTF_PATTERN, max_length=EDTF_MAX_LENGTH)
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        # A dollar sign matches before a closing line feed in some engines, so the line feed is refused beside it.
        return {"type": "string", "pattern": EDTF_PATTERN, "maxLength": EDTF_MAX_LENGTH, "not": {"pattern": "[\\n]"}}


def _bounds(text: str) -> tuple[date | None, date | None]:
    if len(text) > EDTF_MAX_LENGTH or not _FORM.fullmatch(text):
        raise ValueError(
            "not a date in the EDTF profile: write YYYY, YYYY-MM or YYYY-MM-DD with at most one of ? ~ %, "
            "an interval a/b, or a set such as [a,b], [..b] or [a..]"
        )
    if "/" in text:
        start, end = text.split("/")
        earliest, latest = _first_day(start), _last_day(end)
        if earliest is not None and latest is not None and earliest > latest:
            raise ValueError(f"the interval ends on {latest} before it starts on {earliest}")
        return earliest, latest
    if text.startswith("["):
        members = text[1:-1].split(",")
        if len(members) == 1:
            start, end = text[1:-1].split("..")
            return (_first_day(start) if start else None), (_last_day(end) if end else None)
        days = [(_first_day(member), _last_day(member)) for member in members]
        for one, other in pairwise(days):
            if one >= other:  # members of a set are never open
                raise ValueError("the members of a set ascend and each stands there once")
        return days[0][0], max(last for _, last in days if last is not None)
    return _first_day(text), _last_day(text)


def _first_day(text: str) -> date | None:
    if text == "..":
        return None
    parts = [int(part) for part in text.rstrip("?~%").split("-")]
    return _day(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)


def _last_day(text: str) -> date | None:
    if text == "..":
        return None
    parts = [int(part) for part in text.rstrip("?~%").split("-")]
    if len(parts) == 3:
        return _day(*parts)
    month = parts[1] if len(parts) > 1 else 12
    return _day(parts[0], month, monthrange(max(parts[0], 1), month)[1])


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"the calendar has no {year:04d}-{month:02d}-{day:02d}") from None
