"""What helps people to write: new files to fill in, spans found from their words, and mending what has one right answer.

Everything here gives bytes, findings or sentences. Nothing writes a file, guesses what a document says, or changes what a
record says. Each room of it says what it does: `examples` new files, `words` places in texts, `drafts` files without spans,
`mending` what can be put right. May import whatever stands before `authoring` in the order of modules.
"""

from __future__ import annotations

from .drafts import anchored
from .examples import NEW, new_record, new_source
from .mending import Fixes, fixed
from .words import HeldText, Occurrence, WordsError, held_text, nearest_words

__all__ = [
    "NEW",
    "Fixes",
    "HeldText",
    "Occurrence",
    "WordsError",
    "anchored",
    "fixed",
    "held_text",
    "nearest_words",
    "new_record",
    "new_source",
]
