"""Turns what an engine says into a report, so that it is printed in every format in which findings are.

A problem becomes a finding at its file and line; what is not listed is counted in the notes, by rule. Judges nothing and opens
no file. May import `findings`, and `codes` and `verdict` beside it.
"""

from __future__ import annotations

import os
from pathlib import Path

from ..findings import Finding, Report, counted, escaped, shown
from .codes import (
    BLANK,
    CSV,
    DENSE,
    ENCODING,
    ENUM,
    FILLED,
    JSON,
    LABELS,
    LENGTH,
    LONG,
    NORMAL,
    ORDERED,
    PATTERN,
    PRIMARY,
    RANGE,
    REFERENCES,
    REQUIRED,
    RULES,
    SHORT,
    TYPE,
    UNIQUE,
    UNIQUE_KEYS,
)
from .verdict import Problem, Verdict

_SAID = {
    TYPE: ("{value} in {field} is not written as its type", "write it as the type and format of the field in the schema say"),
    REQUIRED: ("{field} is empty", "give it a value"),
    PATTERN: ("{value} in {field} does not match the pattern", "write it as the pattern of the field says"),
    ENUM: ("{value} in {field} is none of the values that are listed", "use one of those in the schema"),
    RANGE: ("{value} in {field} is out of bounds", "keep to the minimum and maximum of the field"),
    LENGTH: ("{value} in {field} is too short or too long", "keep to the lengths of the field"),
    NORMAL: ("{value} in {field} is not in the normal form of its type", "write it in the normal form"),
    UNIQUE: ("{field} has a value that stands in a row before", "make it unique, or remove one of the rows"),
    PRIMARY: ("the primary key {field} stands in a row before", "give the row a key of its own, or remove one of the rows"),
    FILLED: ("the primary key {field} is empty", "give the row a key"),
    UNIQUE_KEYS: ("the unique key {field} stands in a row before", "make it unique, or remove one of the rows"),
    REFERENCES: ("{field} refers to a row that does not exist", "correct the key, or add the row that it refers to"),
    ORDERED: ("{field} is dated before the stage that precedes it: {value}", "correct one of the two dates"),
    DENSE: ("{field} leaves a gap or repeats: {value}", "number the rows of the group 0, 1, 2 and so on"),
    SHORT: ("the row has no cell for {field}", "write a delimiter for every column, also before empty cells"),
    LONG: (
        "the row has more cells than the header has columns",
        "quote cells that hold a delimiter, or remove what is too much",
    ),
    BLANK: ("the row is blank", "remove it"),
    LABELS: ("the header does not name the fields", "name the columns as the schema names its fields"),
    CSV: ("the row is no well-formed CSV", "close quotes, and double those within a quoted cell"),
    JSON: ("the line is no JSON object", "write one object on each line"),
    ENCODING: ("the row has bytes of no character", "save the file in the encoding that is declared"),
}


def advice_on(code: str) -> str:
    """Say what to do about a breach of a rule."""
    return _SAID[code][1]


def report_of(verdict: Verdict, folder: Path) -> Report:
    """Make a report of a verdict.

    Args:
        verdict: what an engine says.
        folder: the folder of the descriptor, at which the paths of findings begin.
    """
    total = sum(verdict.counts.values())
    notes = [f"checked by the engine {verdict.engine}: {verdict.reason}", *verdict.notes]
    if total > len(verdict.problems):
        told = "; ".join(f"{rule}: {count:,}" for rule, count in verdict.counts.items())
        notes.append(f"{counted(total, 'finding')}, of which the first {len(verdict.problems):,} are listed: {told}")
    if verdict.findings_path is not None:
        notes.append(f"all findings are in {escaped(str(verdict.findings_path))}")
    return Report(
        tuple(_finding(one) for one in verdict.problems),
        {"table": len(verdict.rows), "row": sum(verdict.rows.values())},
        ("tables",),
        tuple(notes),
        RULES,
        os.path.realpath(folder),
    )


def _finding(problem: Problem) -> Finding:
    said, advice = _SAID[problem.rule]
    if problem.rule == LABELS:
        message = _label(problem.field, problem.value) if problem.row else "there is no header"
    else:
        message = said.format(field=shown(problem.field) if problem.field else "the row", value=shown(problem.value))
    place = f" (row {problem.row:,})" if problem.row != problem.line else ""
    return Finding(problem.file, problem.line, 1 if problem.line else 0, problem.rule, message + place, advice)


def _label(field: str, label: str) -> str:
    """Say what is wrong with a header, by the field that a column was to be and the label that it has."""
    if not label:
        return f"the header does not name {shown(field)}" if field else "a column has no label"
    if not field:
        return f"no label is a field: they begin with {shown(label)}"
    if field == label:
        return f"{shown(label)} is no field, or named twice"
    return f"{shown(label)} stands where {shown(field)} must"
