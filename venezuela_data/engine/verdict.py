"""What an engine says: which rows break which rule, how many of them, and which engine it was and why.

A problem names its resource, file, row, physical line, field and rule, and shows a value only cut short. Rows are counted as
records of their file, the header being one, so that in a plain file the row is the line. Nothing here reads data. Imports
nothing of ours.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

SHOWN_VALUE = 80
"""Characters of a value that a problem holds at most."""


class EngineError(Exception):
    """The data cannot be judged: a file that cannot be read, a full disk, too little memory. Not a finding."""


class Problem(NamedTuple):
    """One breach of a rule."""

    resource: str
    file: str
    """The path as the descriptor gives it."""
    row: int
    """The record in its file, counted from 1 with the header; 0 where the file as a whole is meant."""
    line: int
    """The physical line on which the record begins, counted from 1; 0 in a file that has no lines."""
    field: str
    """The field, or those of a key joined with commas, or nothing where the whole row is meant."""
    value: str
    """The cell, cut short; nothing for keys and rows."""
    rule: str


class Verdict(NamedTuple):
    """The outcome of a check."""

    engine: str
    """`memory`, `duckdb` or `spark`."""
    reason: str
    """Why this engine was taken, in words."""
    rows: Mapping[str, int]
    """How many rows each resource has."""
    counts: Mapping[str, int]
    """How many problems there are by rule, all of them; rules without one are left out."""
    problems: tuple[Problem, ...]
    """The first of them, in the order of resources, files, rows and fields."""
    findings_path: Path | None = None
    """The file that holds all of them, where one was asked for."""
    notes: tuple[str, ...] = ()
    """What is worth knowing of the way that was taken, such as files that had to be read in the exact way."""

    @property
    def ok(self) -> bool:
        """Whether there is no problem."""
        return not self.counts


Progress = Callable[[str, int, int, float], None]
"""Called now and then with the file, its rows so far, the problems so far, and the seconds since the start."""


def cut(value: str | None) -> str:
    """Cut a value short; what is cut ends with an ellipsis."""
    text = value or ""
    return text if len(text) <= SHOWN_VALUE else text[: SHOWN_VALUE - 1] + "…"


@contextmanager
def written(path: Path | None) -> Iterator[Path | None]:
    """Give a temporary name beside a file that takes its place when all went well, and is removed when not.

    Raises:
        EngineError: it cannot be written, which is said before the work that goes into it.
    """
    if path is None:
        yield None
        return
    made = path.resolve().with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        made.touch()
        made.unlink()
        yield made
        made.replace(path)
    except OSError as error:
        raise EngineError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            made.unlink()
