"""JSON Lines seen as tables: a column for each key, and the text of each value as a cell.

So one and the same judge holds them against their Table Schemas, and a fault is still found at its value. Opens nothing. May
import whatever stands before `package` in the order of modules.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..findings import Finding, shown
from ..syntax import MAX_COLUMNS, MAX_FAULTS, CsvFile, LinesFile


@dataclass(slots=True)
class LinesTable(CsvFile):
    """A JSON Lines file seen as a table: a column for each key, and the text of each value."""

    lines: LinesFile

    def at(self, row: int, column: int, rule: str, message: str, advice: str = "") -> Finding:
        """Make a finding at a value, both counted from 0; row -1 stands for the file's first line."""
        return self.lines.at(max(row, 0), self.header[column] if row >= 0 else None, rule, message, advice)


def table_of_lines(lines: LinesFile, fields: Sequence[Mapping[str, Any]], null: str = "") -> tuple[LinesTable, list[Finding]]:
    """See a JSON Lines file as the table that a Table Schema describes, and find what cannot be a cell of it.

    Args:
        lines: the file.
        fields: the descriptions of the columns, each with a name; without one, the columns are the keys in order of appearance.
        null: the text that stands for a value that is not there.
    """
    code = "tables-conform-to-their-schemas"
    kinds = {field["name"]: field for field in fields} or {key: {} for record in lines.records for key in record}
    header = list(kinds)
    table = LinesTable(lines.source, header, [], [0, *lines.starts], lines)
    findings: list[Finding] = []
    if len(header) > MAX_COLUMNS:
        return table, [
            lines.at(0, None, "files-are-bounded", f"{len(header)} keys, more than {MAX_COLUMNS}", "split the table")
        ]
    for number, record in enumerate(lines.records):
        for key, value in record.items():
            kind = kinds.get(key, {}).get("type", "any")
            if key not in kinds:
                message = f"extra-cell: no field {shown(key)} in the Table Schema"
            elif isinstance(value, (dict, list)) and kind not in ("any", "object", "array", "list", "geojson", "geopoint"):
                message = f"type-error: {shown(value)} where the type is {shown(kind)}"
            elif kind == "string" and not isinstance(value, str | None):
                message = f"type-error: {shown(value)} is no string"
            else:
                continue
            findings.append(lines.at(number, key, code, message, "correct the value, or the Table Schema"))
        if len(findings) >= MAX_FAULTS:
            break
        table.rows.append([_cell_of(record.get(key), kinds[key], null) for key in header])
    return table, findings


def _cell_of(value: Any, kind: Mapping[str, Any], null: str) -> str:
    """Write a JSON value as the cell of a table with the same meaning."""
    if value is None:
        return null
    if isinstance(value, bool):
        given = kind.get("trueValues" if value else "falseValues")
        return str(given[0]) if isinstance(given, list) and given else json.dumps(value)
    if isinstance(value, (int, float)):
        return str(value).replace(".", str(kind.get("decimalChar", ".")))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
