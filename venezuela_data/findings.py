"""Findings: what is wrong, where, by which rule, and what to do; and the report that holds them.

Facts stay on the finding and are worded for a reader in one place, here. Every value that comes from data passes
`escaped` before it is printed, so that no terminal control, line break or invisible character reaches the output, and no
record is printed whole. Nothing here reads a file or knows a rule. Imports nothing of ours.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

SHOWN_VALUE = 80
"""Characters of a value that a message shows at most."""
SHOWN_LINE = 160
"""Characters of an offending line that the text format shows at most."""
KEPT_COLUMN = 2000
"""Column up to which a finding holds the offending line: else a long line with many faults is held as many times."""
SHOWN_FINDINGS = 1000
"""Findings that the text format shows at most; all are counted."""
SHOWN_MESSAGE = 500
"""Characters of a message at most."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong.

    `path` is relative to the place that was validated, with forward slashes; that of a document's text is as it was given.
    `line` and `column` count from 1, columns in Unicode code points; 0 means that the finding is about the file as a whole.
    """

    path: str
    line: int
    column: int
    rule: str
    message: str
    advice: str = ""
    excerpt: str = field(default="", compare=False)
    """The offending line as it stands in the file, as far as it is shown."""

    @property
    def place(self) -> str:
        """The place as `path:line:column`, escaped for printing."""
        return f"{escaped(self.path)}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a validation: all findings in order, and what was looked at."""

    findings: tuple[Finding, ...] = ()
    checked: Mapping[str, int] = field(default_factory=dict)
    """What was looked at, as counts: layers, files, records, tables, rows, rules, spans."""
    layers: tuple[str, ...] = ()
    """The layers that ran, in order."""
    notes: tuple[str, ...] = ()
    """What a reader should know beside the findings: what was skipped, and why."""

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def render(self, form: str = "text") -> str:
        """Render the report as `text` (for people) or `json` (for programs), with a line feed at the end.

        Raises:
            ValueError: no such format.
        """
        if form == "text":
            return _as_text(self)
        if form == "json":
            return _as_json(self)
        raise ValueError(f"unknown format {form!r}; known: json, text")


class DataError(Exception):
    """Data cannot be read as what it says it is; `report` holds every finding."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(report.render("text").rstrip("\n"))


def sorted_report(
    findings: Iterable[Finding],
    *,
    checked: Mapping[str, int] | None = None,
    layers: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Report:
    """Make a report whose findings stand in order of path, line, column and rule, each once."""
    return Report(tuple(sorted(set(findings))), checked or {}, layers, notes)


def escaped(text: str, limit: int | None = None) -> str:
    """Make a text safe to print: one line, no control, format, private, unassigned or surrogate character.

    What is refused is written as `\\u{...}`; what would be longer than `limit` characters is cut, with an ellipsis at its end.
    """
    if text.isascii() and text.isprintable():
        return text if limit is None or len(text) <= limit else text[: limit - 1] + "…"
    # Only as much is escaped as can be shown, so that a text without bound costs nothing.
    pieces = [one if one.isprintable() else f"\\u{{{ord(one):x}}}" for one in (text if limit is None else text[: limit + 1])]
    if limit is None or sum(map(len, pieces)) <= limit:
        return "".join(pieces)
    ends = [end for end in accumulate(map(len, pieces)) if end < limit]
    return "".join(pieces[: len(ends)]) + "…"


def shown(value: object) -> str:
    """Quote a value for a message: shortened, escaped, and never a whole record."""
    if isinstance(value, str):
        return "'" + escaped(value, SHOWN_VALUE) + "'"
    if isinstance(value, Mapping):
        return f"an object with {len(value)} fields"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return escaped(str(value), SHOWN_VALUE)


def counted(number: int, noun: str) -> str:
    """Write a count with its noun: `1 table`, `2,100 tables`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _as_text(report: Report) -> str:
    lines: list[str] = []
    for finding in report.findings[:SHOWN_FINDINGS]:
        advice = f"; {finding.advice}" if finding.advice else ""
        message = escaped(finding.message + advice, SHOWN_MESSAGE)
        lines.append(f"{finding.place}: {escaped(finding.rule)}: {message}")
        lines.extend(_excerpt(finding))
    if len(report.findings) > SHOWN_FINDINGS:
        lines.append(f"... and {counted(len(report.findings) - SHOWN_FINDINGS, 'finding')} more; --format json lists all")
    lines.extend(f"note: {escaped(note, SHOWN_MESSAGE)}" for note in report.notes)
    looked_at = escaped(", ".join(counted(number, noun) for noun, number in report.checked.items()))
    layers = escaped(f" ({', '.join(report.layers)})") if report.layers else ""
    if report.ok:
        lines.append(f"ok: {looked_at}{layers}")
    else:
        lines.append(f"failed: {counted(len(report.findings), 'finding')}; {looked_at}{layers}")
    return "\n".join(lines) + "\n"


def _excerpt(finding: Finding) -> list[str]:
    if finding.line < 1 or not 1 <= finding.column <= len(finding.excerpt) + 1 or not finding.excerpt.strip():
        return []
    # A long line is shown from a little before the column, so that the caret stays in view.
    start = max(0, finding.column - 1 - SHOWN_LINE // 2) if len(finding.excerpt) > SHOWN_LINE else 0
    before = escaped(finding.excerpt[start : finding.column - 1])
    after = escaped(finding.excerpt[finding.column - 1 : start + SHOWN_LINE])
    return [f"    {before}{after}".rstrip(), "    " + " " * _columns(before) + "^"]


def _columns(text: str) -> int:
    """Count the terminal columns of a text: wide characters take two, marks on the character before them none."""
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(c) in ("W", "F") else 1
        for c in text
    )


def _as_json(report: Report) -> str:
    return (
        json.dumps(
            {
                "ok": report.ok,
                "layers": list(report.layers),
                "checked": dict(report.checked),
                "notes": list(report.notes),
                "findings": [
                    {
                        "path": finding.path,
                        "line": finding.line,
                        "column": finding.column,
                        "rule": finding.rule,
                        "message": finding.message,
                        "advice": finding.advice,
                    }
                    for finding in report.findings
                ],
            },
            # ASCII alone leaves no control, bidi or surrogate character that a terminal would act on.
            ensure_ascii=True,
            indent=2,
        )
        + "\n"
    )
