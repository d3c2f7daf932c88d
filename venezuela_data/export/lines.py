"""JSON Lines: a file for each table, a row on each line, with numbers, truth values and null as JSON has them.

Every row has every column, so that readers that guess a schema from the first rows guess the right one; dates are texts of the
form YYYY-MM-DD. Nothing is lost. May import `tables`.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping

from ..tables import Cell
from .losses import Account

REASONS: Mapping[str, str] = {}
"""JSON Lines carry every cell."""


def render(account: Account, name: str) -> dict[str, bytes]:  # noqa: ARG001  # a folder has no name of its own
    """Give a file for each table."""
    made = {}
    for table in account.dataset.tables:
        columns = account.dataset.table(table).columns
        lines = ({column: _value(row.take(column)) for column in columns} for row in account.rows(table))
        made[f"{table}.jsonl"] = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode("utf-8")
    return made


def _value(cell: Cell) -> object:
    return cell.isoformat() if isinstance(cell, datetime.date) else cell
