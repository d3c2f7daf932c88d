"""Parquet: a file for each table, with dates as dates, whole numbers as such, and the description of every column.

The files carry the version of the data and the view in their metadata, and the version of pyarrow, which writes them: their
bytes are the same only where that is. Nothing is lost. May import `frames`, `tables` and whatever stands before them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping

from ..frames import library
from .losses import Account

REASONS: Mapping[str, str] = {}
"""Parquet carries every cell."""


def render(account: Account, name: str) -> dict[str, bytes]:  # noqa: ARG001  # a folder has no name of its own
    """Give a file for each table.

    Raises:
        MissingLibraryError: pyarrow is not installed.
    """
    pyarrow = library("pyarrow", "the format parquet", "parquet")
    parquet = library("pyarrow.parquet", "the format parquet", "parquet")
    types = {
        "string": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "date": pyarrow.date32(),
    }
    made = {}
    for table in account.dataset.tables:
        told = account.dataset.table(table)
        fields = [
            pyarrow.field(field["name"], types[field["type"]], metadata={"description": field.get("description", "")})
            for field in told.schema["fields"]
        ]
        schema = pyarrow.schema(fields, metadata=_metadata(account, table))
        rows = account.rows(table)
        columns = [pyarrow.array([row.take(field.name) for row in rows], field.type) for field in fields]
        written = io.BytesIO()
        parquet.write_table(pyarrow.Table.from_arrays(columns, schema=schema), written, compression="zstd")
        made[f"{table}.parquet"] = written.getvalue()
    return made


def _metadata(account: Account, table: str) -> dict[str, str]:
    told = account.dataset.table(table)
    key = {name: told.schema[name] for name in ("primaryKey", "uniqueKeys", "foreignKeys") if name in told.schema}
    return {
        "title": f"{table} of venezuela-data",
        "description": told.description,
        "version": account.dataset.version,
        "view": account.dataset.view_name,
        "keys": json.dumps(key, sort_keys=True),
    }
