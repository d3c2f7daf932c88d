"""History: the versions of tables of text, as an append-only ledger from which each of them is rebuilt and proved.

`states` says what a version is and what changed between two, `ledger` keeps them all and gives each one back, `demands` tells
the version number that changes demand. It knows no kind of record and reads no file: the bytes of the two tables of the
ledger come in, and those with one more release go out. May import `findings` and `syntax`.
"""

from __future__ import annotations

from .demands import (
    LEVELS,
    SAYS_WHICH,
    SAYS_WHO,
    Break,
    Demand,
    Version,
    breaks_of_model,
    breaks_of_table,
    bump,
    demanded,
    next_version,
    parsed_version,
)
from .ledger import NO_HISTORY, Entry, Ledger, Release, read_ledger
from .states import (
    ADD,
    CHANGES,
    CHANGES_HEADER,
    DEL,
    MOD,
    MODEL,
    RELEASES,
    RELEASES_HEADER,
    Change,
    HistoryError,
    Published,
    Sheet,
    State,
    UnknownReleaseError,
    applied,
    changes,
    compact,
    json_text,
    reversed_changes,
    sheet,
)

__all__ = [
    "ADD",
    "CHANGES",
    "CHANGES_HEADER",
    "DEL",
    "LEVELS",
    "MOD",
    "MODEL",
    "NO_HISTORY",
    "RELEASES",
    "RELEASES_HEADER",
    "SAYS_WHICH",
    "SAYS_WHO",
    "Break",
    "Change",
    "Demand",
    "Entry",
    "HistoryError",
    "Ledger",
    "Published",
    "Release",
    "Sheet",
    "State",
    "UnknownReleaseError",
    "Version",
    "applied",
    "breaks_of_model",
    "breaks_of_table",
    "bump",
    "changes",
    "compact",
    "demanded",
    "json_text",
    "next_version",
    "parsed_version",
    "read_ledger",
    "reversed_changes",
    "sheet",
]
