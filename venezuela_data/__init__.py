"""Contested events of the U.S.-Venezuela crisis of 2025 as checked open data, with the validator for it.

`load()` gives the data as typed tables, `validate()` a report. Importing the package loads nothing heavy: each name is
fetched from its module when it is first used. Nothing here ever reaches a network.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .citing import cite as cite
    from .dataset import Dataset as Dataset
    from .dataset import RedirectWarning as RedirectWarning
    from .dataset import View as View
    from .dataset import load as load
    from .dates import Edtf as Edtf
    from .findings import DataError as DataError
    from .findings import Finding as Finding
    from .findings import MissingLibraryError as MissingLibraryError
    from .findings import Report as Report
    from .history import HistoryError as HistoryError
    from .history import UnknownReleaseError as UnknownReleaseError
    from .place import UsageError as UsageError
    from .search import Match as Match
    from .validation import validate as validate

_HOMES = {
    "DataError": "findings",
    "Dataset": "dataset",
    "Edtf": "dates",
    "Finding": "findings",
    "HistoryError": "history",
    "Match": "search",
    "MissingLibraryError": "findings",
    "RedirectWarning": "dataset",
    "Report": "findings",
    "UnknownReleaseError": "history",
    "UsageError": "place",
    "View": "dataset",
    "cite": "citing",
    "load": "dataset",
    "validate": "validation",
}

__all__ = [
    "DataError",
    "Dataset",
    "Edtf",
    "Finding",
    "HistoryError",
    "Match",
    "MissingLibraryError",
    "RedirectWarning",
    "Report",
    "UnknownReleaseError",
    "UsageError",
    "View",
    "cite",
    "load",
    "validate",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
