"""Patterns that others wrote, run so that none of them can run away.

A pattern is first measured, with its repetitions written out, and then run by an engine whose time is linear in the length of
the text; what that engine does not know, such as looking around, is refused. It opens no file and imports nothing of ours; the
engine, which is Pydantic's, is loaded when the first pattern needs it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator

MAX_PATTERN = 1_000
"""Characters of a pattern at most."""
MAX_STEPS = 10_000
"""Steps of a pattern at most, with its repetitions written out."""

_PIECE = re.compile(
    r"\\(?:[pPxu]\{[^}]*\}|.)|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?P<least>[0-9]*)(?P<upto>,?(?P<most>[0-9]*))\}|[()|?*+]|.",
    re.DOTALL,
)
_WIDE = re.compile(r"\\[pPwWdDsS]|\[\^|\.")
"""Classes that hold much of Unicode: each is some hundred ranges of bytes to an engine that reads UTF-8."""
_WIDTH = 50


def engine(pattern: str) -> SchemaValidator | None:
    """Make an engine that holds whole texts against a pattern in linear time, if there can be one."""
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    try:
        # A pattern that is none by itself could else close the group around it and open another.
        SchemaValidator(core_schema.str_schema(pattern=pattern))
        return SchemaValidator(core_schema.str_schema(pattern=f"^(?:{pattern})$"))
    except SchemaError:
        return None


def steps(pattern: str) -> int:
    """Estimate the steps of a pattern with its repetitions written out; what is beyond the bound is one more than it."""
    if len(pattern) > MAX_PATTERN:
        return MAX_STEPS + 1
    groups = [[0]]
    for match in _PIECE.finditer(pattern):
        piece = match.group()
        if piece == "(":
            groups.append([0])
        elif piece == ")":
            inner = sum(groups.pop()) if len(groups) > 1 else 0
            groups[-1].append(inner + 1)
        elif match["least"] is not None and len(piece) > 2:
            # A number of seven digits is beyond the bound, and nobody needs to know by how much.
            groups[-1][-1] *= max(1, int(match["least"][:7] or 0), int(match["most"][:7] or 0))
        elif piece not in "|?*+":
            groups[-1].append(_WIDTH if _WIDE.search(piece) else 1)
        if sum(groups[-1]) > MAX_STEPS:
            return MAX_STEPS + 1
    return min(sum(map(sum, groups)), MAX_STEPS + 1)
