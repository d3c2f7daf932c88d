"""Rules on drafts: what a file was begun with is replaced before it is published.

They look for the marks that `venezuela-data new` leaves and never judge what was written in their place. May import whatever
stands before `rules` in the order of modules.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding, shown
from ..lifecycle import Cause, Redirect, Tombstone
from ..models import Part
from ..store import Corpus
from ..syntax import Pointer
from .names import in_files

PLACEHOLDER = "Replace this:"
"""How every text begins that stands in a new file for one that is still to be written."""
PLACEHOLDER_ID = "replace-this"
"""The id that stands there for one of another record; no record has it, so that it leads nowhere."""
PLACEHOLDER_DATE = "0001-01-01"
"""The date that stands there for one; no document here tells of that day."""


def placeholders_are_replaced(corpus: Corpus) -> Iterator[Finding]:
    """No text or date of a record is the example with which `venezuela-data new` began it.

    Such a text says what belongs in the field, not what is known of the record, and readers would take it for data. Ids of
    new files lead to no record, which `references-resolve` finds. Terms look like any other value: only a reader can tell.
    """
    code = "placeholders-are-replaced"
    marks = (PLACEHOLDER, PLACEHOLDER_DATE, PLACEHOLDER_ID, "\\u")
    for entry in in_files(corpus, lambda file: any(one in file.text for one in marks)):
        for at, text in _texts(entry.record, ()):
            message = f"{shown(at[-1])} still has its example"
            if text.startswith(PLACEHOLDER):
                yield entry.finding(at, code, message, "write the text that it asks for")
            elif text == PLACEHOLDER_DATE:
                yield entry.finding(at, code, message, "write the date that a document gives")
            elif text == PLACEHOLDER_ID and isinstance(entry.record, Redirect | Tombstone | Cause) and at[-1] == "record_id":
                # What is gone leads to no record either, so that no other rule would find it.
                yield entry.finding(at, code, message, "write the id that belongs there")


def _texts(part: Part, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    """Yield every string of a record, those of its parts included, with its place."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        items = enumerate(value) if isinstance(value, tuple) else [(None, value)]
        for index, item in items:
            place = (*at, name) if index is None else (*at, name, index)
            if isinstance(item, str):
                yield place, item
            elif isinstance(item, Part):
                yield from _texts(item, place)
