"""CSV for spreadsheets: with the byte order mark by which they know UTF-8, CRLF line ends, and no cell that runs as a formula.

A cell that a spreadsheet would run begins with an apostrophe here, and one that is longer than a cell of theirs can be is cut;
both are listed. What a spreadsheet makes of a text such as 2025-11 when it opens the file is its own affair: `parquet` and
`sqlite` say what is a date and what is not. May import `tables`, `text` and whatever stands before them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from ..tables import cell_text
from ..text import runs_as_formula
from .losses import Account, Row

REASONS: Mapping[str, str] = {}
"""Every cell is there, if only in part."""

MAX_CELL = 32_767
"""Characters of a cell at most, as Excel's specifications and limits give them."""


def render(account: Account, name: str) -> dict[str, bytes]:  # noqa: ARG001  # a folder has no name of its own
    """Give a file for each table."""
    made = {}
    for table in account.dataset.tables:
        columns = account.dataset.table(table).columns
        written = io.StringIO()
        writer = csv.writer(written, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([_safe(row, column) for column in columns] for row in account.rows(table))
        made[f"{table}.csv"] = written.getvalue().encode("utf-8-sig")
    return made


def _safe(row: Row, column: str) -> str:
    value = row.peek(column)
    text = cell_text(value)
    if isinstance(value, str) and runs_as_formula(text):
        row.narrow(column, "a spreadsheet would run it as a formula, so that an apostrophe stands before it")
        text = "'" + text
    elif len(text) <= MAX_CELL:
        row.take(column)
    if len(text) > MAX_CELL:
        row.narrow(column, f"a cell of a spreadsheet has at most {MAX_CELL:,} characters")
        text = text[:MAX_CELL]
    return text
