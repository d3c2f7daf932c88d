"""Findings: what is wrong, where, by which rule, and what to do; and the report that holds them, in six formats.

Facts stay on the finding and are worded for a reader in one place, here. Every value that comes from data passes
`escaped` before it is printed, so that no terminal control, line break or invisible character reaches the output, and then
the quoting of the format, so that no data becomes a workflow command, markup or a link. No record is printed whole.
Nothing here reads a file or knows a rule. Imports nothing of ours.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from heapq import nsmallest
from itertools import accumulate

FORMATS = ("text", "json", "github", "sarif", "junit", "markdown")
"""The formats of a report: for people, for programs, for workflow logs, code scanning, test viewers, and summaries."""

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
SHOWN_ANNOTATIONS = 10
"""Errors, and as many warnings, that GitHub shows for one step; it drops the rest without a word."""
SUMMARY_BYTES = 1024 * 1024
"""Bytes of a step summary at most; GitHub shows nothing of a longer one."""

MANY_NAMES = 2_000
"""Names of which the nearest to one are looked for at most."""
LISTED_FINDINGS = 10_000
"""Findings that the formats for programs list at most; all are counted. GitHub takes 25,000 of them in one file."""

_TOOL = "venezuela-data"
_HIDDEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0d\uffa0\U000e0100-\U000e01ef]")
"""What counts as printable and shows nothing: fillers, blanks, and selectors other than those of emoji."""


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
    rules: Mapping[str, str] = field(default_factory=dict)
    """The rules that were held against the data, most telling first: the code of each, with what holds and why."""
    root: str = ""
    """The folder that paths of findings begin at, as an absolute path; empty where that is no folder."""
    texts: frozenset[str] = frozenset()
    """The paths of findings that are as they were given, and do not begin at the root: those of texts of documents."""

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def render(self, form: str = "text", *, color: bool = False, workspace: str = "") -> str:
        """Render the report in one of `FORMATS`, with a line feed at the end.

        Args:
            form: the format.
            color: for text on a terminal.
            workspace: for `github` and `sarif`, the absolute path of the folder from which files are looked up. Where the
                root lies below it, paths begin there.

        Raises:
            ValueError: no such format.
        """
        if form == "text":
            return _as_text(self, color)
        if form not in FORMATS:
            raise ValueError(f"unknown format {form!r}; known: {', '.join(sorted(FORMATS))}")
        if form == "github":
            return _as_github(self, workspace)
        return _as_sarif(_seen_from(self, workspace)) if form == "sarif" else _PRINTERS[form](self)


def _seen_from(report: Report, workspace: str) -> Report:
    """Give a report whose paths begin at a folder above its root; the same one if that is not above it."""
    below = report.root.removeprefix(workspace.rstrip("/") + "/")
    if not workspace or below in ("", report.root):
        return report
    findings = (
        one if one.path in report.texts or one.path.startswith("/") else replace(one, path=f"{below}/{one.path}".rstrip("/"))
        for one in report.findings
    )
    return replace(report, findings=tuple(findings))


class DataError(Exception):
    """Data cannot be read as what it says it is; `report` holds every finding."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(report.render("text").rstrip("\n"))


class MissingLibraryError(ImportError):
    """Something needs a library that is not installed; the message names the extra that installs it.

    In a validation, `report` has what the layers found that could run.
    """

    def __init__(self, what: str, library: str, extra: str, instead: str = "") -> None:
        self.report = Report()
        rest = f", or {instead}" if instead else ""
        super().__init__(f"{what} needs {library}, which is not installed: pip install 'venezuela-data[{extra}]'{rest}")


def sorted_report(
    findings: Iterable[Finding],
    *,
    checked: Mapping[str, int] | None = None,
    layers: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    rules: Mapping[str, str] | None = None,
) -> Report:
    """Make a report whose findings stand in order of path, line, column and rule, each once."""
    return Report(tuple(sorted(set(findings))), checked or {}, layers, notes, rules or {})


def github_summary(report: Report) -> str:
    """Give what belongs in the summary of a workflow step: the report as Markdown, with as many findings as GitHub shows."""
    return _as_markdown(report, len(report.findings), SUMMARY_BYTES)


def escaped(text: str, limit: int | None = None) -> str:
    """Make a text safe to print: one line, no control, format, private, unassigned, surrogate or hidden character.

    What is refused is written as `\\u{...}`; what would be longer than `limit` characters is cut, with an ellipsis at its end.
    """
    if text.isascii() and text.isprintable():
        return text if limit is None or len(text) <= limit else text[: limit - 1] + "…"
    # Only as much is escaped as can be shown, so that a text without bound costs nothing.
    pieces = [
        one if one.isprintable() and not _HIDDEN.match(one) else f"\\u{{{ord(one):x}}}"
        for one in (text if limit is None else text[: limit + 1])
    ]
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


def did_you_mean(given: str, known: Iterable[str], noun: str) -> str:
    """Advise on an unknown name: the nearest known ones, or the first of all that are known."""
    choices = list(known)
    # Each comparison takes its time, so that among very many names only those that begin alike are looked at.
    near = choices if len(choices) <= MANY_NAMES else [one for one in choices if one[:3] == given[:3]][:MANY_NAMES]
    close = get_close_matches(given[:SHOWN_LINE], near, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(close) + "?"
    return f"known {noun}: " + ", ".join(nsmallest(20, choices)) + (" ..." if len(choices) > 20 else "")


def counted(number: int, noun: str) -> str:
    """Write a count with its noun: `1 table`, `2,100 tables`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _said(finding: Finding) -> str:
    """Give what is wrong and what to do, on one line and safe to print."""
    return escaped(finding.message + (f"; {finding.advice}" if finding.advice else ""), SHOWN_MESSAGE)


def _where(finding: Finding) -> str:
    """Give the place as people write it: without line and column where the finding is about a file as a whole."""
    return finding.place if finding.line > 0 else escaped(finding.path)


def _looked_at(report: Report) -> str:
    return escaped(", ".join(counted(number, noun) for noun, number in report.checked.items()))


def _more(number: int, known: int = 0) -> str:
    """Say how many findings are not listed, of how many there are."""
    listed = f"lists {LISTED_FINDINGS:,}" if known > LISTED_FINDINGS else "lists all"
    return f"... and {counted(number, 'finding')} more; --format json {listed}"


def _unlisted(report: Report) -> list[str]:
    """Say what a format for programs leaves out, where it does."""
    left = len(report.findings) - LISTED_FINDINGS
    return [f"{counted(left, 'finding')} more: mend these first"] if left > 0 else []


_BOLD, _RED, _GREEN, _YELLOW = "1", "31", "32", "33"


def _colored(text: str, code: str, color: bool) -> str:
    """Color a text of ours, or one that is escaped: the codes around it are then the only ones that a terminal gets."""
    return f"\x1b[{code}m{text}\x1b[0m" if color and text else text


def _as_text(report: Report, color: bool = False) -> str:
    return "\n".join(_text_lines(report, color)) + "\n"


def _text_lines(report: Report, color: bool = False) -> Iterator[str]:
    for finding in report.findings[:SHOWN_FINDINGS]:
        yield from _finding_lines(finding, color)
    if len(report.findings) > SHOWN_FINDINGS:
        yield _more(len(report.findings) - SHOWN_FINDINGS, len(report.findings))
    for note in report.notes:
        yield f"note: {escaped(note, SHOWN_MESSAGE)}"
    layers = escaped(f" ({', '.join(report.layers)})") if report.layers else ""
    if report.ok:
        yield f"{_colored('ok', _GREEN, color)}: {_looked_at(report)}{layers}"
    else:
        failed = _colored("failed", _RED, color)
        yield f"{failed}: {counted(len(report.findings), 'finding')}; {_looked_at(report)}{layers}"


def _finding_lines(finding: Finding, color: bool = False) -> Iterator[str]:
    path = _colored(escaped(finding.path), _BOLD, color)
    rule = _colored(escaped(finding.rule), _YELLOW, color)
    yield f"{path}:{finding.line}:{finding.column}: {rule}: {_said(finding)}"
    if finding.line < 1 or not 1 <= finding.column <= len(finding.excerpt) + 1 or not finding.excerpt.strip():
        return
    # A long line is shown from a little before the column, so that the caret stays in view.
    start = max(0, finding.column - 1 - SHOWN_LINE // 2) if len(finding.excerpt) > SHOWN_LINE else 0
    before = escaped(finding.excerpt[start : finding.column - 1])
    after = escaped(finding.excerpt[finding.column - 1 : start + SHOWN_LINE])
    yield f"    {before}{after}".rstrip()
    yield _colored("    " + " " * _columns(before) + "^", _GREEN, color)


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
                "notes": [*report.notes, *_unlisted(report)],
                "findings": [
                    {
                        "path": finding.path,
                        "line": finding.line,
                        "column": finding.column,
                        "rule": finding.rule,
                        "message": finding.message,
                        "advice": finding.advice,
                    }
                    for finding in report.findings[:LISTED_FINDINGS]
                ],
                **({"more": len(report.findings) - LISTED_FINDINGS} if _unlisted(report) else {}),
            },
            # ASCII alone leaves no control, bidi or surrogate character that a terminal would act on.
            ensure_ascii=True,
            indent=2,
        )
        + "\n"
    )


_COMMAND = re.compile(r"^( *):(?=:)|#(?=#\[)")
"""Where a runner would take a line for a command: two colons at its start, however indented, or `##[` anywhere."""


def _without_commands(line: str) -> str:
    return _COMMAND.sub(lambda found: f"{found[1] or ''}\\u{{{ord(found[0][-1]):x}}}", line)


def without_commands(text: str, form: str = "text") -> str:
    """Take from an output that a runner reads along what it would take for a command, so that no data becomes one.

    JSON says the same afterwards. What the format `github` gives is no input for this: its commands are meant.
    """
    if form in ("json", "jsonl", "sarif"):
        return text.replace("##[", "#\\u0023[")  # Two signs and a bracket stand in strings alone.
    return _ANY_COMMAND.sub(lambda found: f"{found[1] or ''}\\u{{{ord(found[0][-1]):x}}}", text)


_ANY_COMMAND = re.compile(r"(?:^|(?<=[\r\n]))([^\S\r\n]*):(?=:)|#(?=#\[)")
"""The same in a text of many lines, whatever spaces and line ends it has."""


def _command(name: str, message: str, /, **properties: object) -> str:
    """Write one workflow command. The runner undoes the percent signs last, so they are written first."""
    data = _without_commands(message).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    values = {
        key: _without_commands(escaped(str(value))).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
        for key, value in properties.items()
    }
    stated = ",".join(f"{key}={value}" for key, value in values.items())
    return f"::{name} {stated}::{data}" if stated else f"::{name}::{data}"


def _ranked(report: Report) -> list[Finding]:
    """Give the findings with those of the most telling rules first, so that what GitHub shows is what matters most."""
    rank = {code: place for place, code in enumerate(report.rules)}
    return sorted(report.findings, key=lambda finding: (rank.get(finding.rule, len(rank)), finding))


def _as_github(report: Report, workspace: str = "") -> str:
    lines = []
    for number, finding in enumerate(_ranked(_seen_from(report, workspace))[: 2 * SHOWN_ANNOTATIONS]):
        place: dict[str, object] = {"file": finding.path} if finding.path else {}
        if finding.line > 0:
            place["line"] = finding.line
            if finding.column > 0:
                place["col"] = finding.column
        message = escaped(finding.message, SHOWN_MESSAGE) + "\n" * bool(finding.advice) + escaped(finding.advice, SHOWN_MESSAGE)
        name = "error" if number < SHOWN_ANNOTATIONS else "warning"
        lines.append(_command(name, message, **place, title=finding.rule))
    if len(report.findings) > 2 * SHOWN_ANNOTATIONS:
        more = counted(len(report.findings) - 2 * SHOWN_ANNOTATIONS, "finding")
        lines.append(_command("notice", f"{more} more: the whole list is in the summary of this step and in its log"))
    # Commands are off while the plain report is printed. What turns them on again hangs on all of the report, so that no
    # part of it can hold it.
    plain = [_without_commands(line) for line in _text_lines(report)]
    token = hashlib.sha256("\n".join((*lines, *plain)).encode()).hexdigest()[:32]
    return "\n".join((*lines, f"::stop-commands::{token}", *plain, f"::{token}::")) + "\n"


_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
"""The name under which viewers look for the folder that paths begin at."""


def _sarif_text(text: str) -> dict[str, str]:
    """Write a message of SARIF from escaped text: a brace is doubled, as else it is a placeholder, and no link is left."""
    unlinked = text.replace("](", "]\\u{28}")
    return {"text": unlinked.replace("{", "{{").replace("}", "}}") or "-"}


def _sarif_location(finding: Finding) -> dict[str, object]:
    from urllib.parse import quote

    try:
        name = finding.path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        name = finding.path.encode("utf-8", "surrogatepass")
    # A path is absolute only where a document's text was given so; it then hangs on no folder.
    absolute = finding.path.startswith("/")
    file = {"uri": f"file://{quote(name)}"} if absolute else {"uri": quote(name) or ".", "uriBaseId": _ROOT}
    place: dict[str, object] = {"artifactLocation": file}
    if finding.line > 0:
        column = {"startColumn": finding.column} if finding.column > 0 else {}
        place["region"] = {"startLine": finding.line, **column}
    return {"physicalLocation": place}


def _sarif_rule(code: str, text: str) -> dict[str, object]:
    paragraphs = [escaped(" ".join(one.split())) for one in re.split(r"\n\s*\n", text.strip())]
    first, dot, _ = paragraphs[0].partition(". ")
    whole = "\n\n".join(paragraphs)
    return {
        "id": code,
        "shortDescription": _sarif_text((first + dot).rstrip() or code),
        "fullDescription": _sarif_text(whole or code),
        "help": _sarif_text(f"{whole}\n\n{_TOOL} explain {code} shows a bad and a good example.".lstrip()),
        "defaultConfiguration": {"level": "error"},
    }


def _as_sarif(report: Report) -> str:
    from importlib.metadata import PackageNotFoundError, version

    driver: dict[str, object] = {"name": _TOOL}
    # From a tree that was never installed, the version is not known.
    with suppress(PackageNotFoundError):
        driver["version"] = version(_TOOL)
    rules = {escaped(code): text for code, text in report.rules.items()}
    for finding in report.findings:
        rules.setdefault(escaped(finding.rule), "")
    driver["rules"] = [_sarif_rule(code, text) for code, text in rules.items()]
    index = {code: place for place, code in enumerate(rules)}
    results = []
    for finding in report.findings[:LISTED_FINDINGS]:
        same = json.dumps([finding.path, finding.rule, finding.message])
        results.append(
            {
                "ruleId": escaped(finding.rule),
                "ruleIndex": index[escaped(finding.rule)],
                "level": "error",
                "message": _sarif_text(_said(finding)),
                "locations": [_sarif_location(finding)],
                # Without the line, so that a finding that only moved is known as the same.
                "partialFingerprints": {"pathRuleMessage/v1": hashlib.sha256(same.encode()).hexdigest()},
            }
        )
    notes = [
        {"level": "note", "message": _sarif_text(escaped(note, SHOWN_MESSAGE))} for note in (*report.notes, *_unlisted(report))
    ]
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that paths begin at."}}},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {"layers": list(report.layers), "checked": dict(report.checked)},
    }
    return json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=True, indent=2) + "\n"


_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"})


def _tag(name: str, /, **attributes: object) -> str:
    """Write an opening tag. What is left after `escaped` may all stand in XML 1.0, and only five characters mean something."""
    return f"<{name}" + "".join(f' {key}="{escaped(str(value)).translate(_XML)}"' for key, value in attributes.items()) + ">"


def _as_junit(report: Report) -> str:
    """Write one suite for each rule: a rule that holds is one test that passed, and each finding one that failed."""
    by_rule: dict[str, list[Finding]] = {code: [] for code in report.rules}
    for finding in report.findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    # Some viewers take a file without tests for a fault.
    suites = by_rule or {_TOOL: []}
    tests = sum(max(1, len(found)) for found in suites.values())
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(_tag("testsuites", name=_TOOL, tests=tests, failures=len(report.findings), errors=0))
    said = [escaped(note, SHOWN_MESSAGE) for note in (*report.notes, *_unlisted(report))] + [_looked_at(report)]
    left = LISTED_FINDINGS
    for rule, found in suites.items():
        count = max(1, len(found))
        lines.append("  " + _tag("testsuite", name=rule, tests=count, failures=len(found), errors=0, skipped=0, time=0))
        if not found:
            lines.append("    " + _tag("testcase", classname=rule, name=rule, time=0) + "</testcase>")
        # What is beyond the bound is counted by the suites and not listed.
        listed, left = found[: max(0, left)], left - len(found)
        for finding in listed:
            place = {"file": finding.path, **({"line": finding.line} if finding.line > 0 else {})}
            name = f"{_where(finding)}: {escaped(finding.message, SHOWN_MESSAGE)}"
            lines.append("    " + _tag("testcase", classname=rule, name=name, **place, time=0))
            failure = _tag("failure", type=rule, message=_said(finding))
            lines.append(f"      {failure}{chr(10).join(_finding_lines(finding)).translate(_XML)}</failure>")
            lines.append("    </testcase>")
        if said:
            lines.append(f"    <system-out>{chr(10).join(said).translate(_XML)}</system-out>")
            said = []
        lines.append("  </testsuite>")
    return "\n".join((*lines, "</testsuites>")) + "\n"


def _code(text: str) -> str:
    """Write escaped text as code: there it is neither markup nor link, mention, reference, emoji or formula to any viewer.

    A bar would end the cell of a table wherever it stands, so it is written as what is refused elsewhere.
    """
    if not text.strip():
        return ""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    # One space at each end is no part of the code; it keeps backticks of the text from those around it.
    pad = " " if "`" in text or text[0] == text[-1] == " " else ""
    return fence + pad + text.replace("|", "\\u{7c}") + pad + fence


def _as_markdown(report: Report, shown_findings: int = SHOWN_FINDINGS, size: int | None = None) -> str:
    outcome = "ok" if report.ok else counted(len(report.findings), "finding")
    lines = [f"## {_TOOL}: {outcome}", ""]
    looked_at = [_code(one) for one in (_looked_at(report), escaped(", ".join(report.layers))) if one.strip()]
    if looked_at:
        lines += [f"Looked at {' in '.join(looked_at)}.", ""]
    notes = [f"- {_code(escaped(note, SHOWN_MESSAGE))}" for note in report.notes if note.strip()]
    lines += [*notes, ""] if notes else []
    rows = []
    for finding in report.findings[:shown_findings]:
        said = (escaped(one, SHOWN_MESSAGE) for one in (finding.message, finding.advice))
        rows.append(f"| {' | '.join(map(_code, (_where(finding), escaped(finding.rule), *said)))} |")
    if size is not None:
        # What is left for rows, after the lines above them, the head of the table and the line below it.
        left = size - sum(len(line.encode()) + 1 for line in lines) - 300
        rows = rows[: sum(end <= left for end in accumulate(len(row.encode()) + 1 for row in rows))]
    if rows:
        lines += ["| place | rule | what is wrong | what to do |", "| --- | --- | --- | --- |", *rows, ""]
    if len(rows) < len(report.findings):
        lines += [
            f"{_more(len(report.findings) - len(rows), len(report.findings)).replace('--format json', '`--format json`')}.",
            "",
        ]
    return "\n".join(lines[:-1]) + "\n"


_PRINTERS = {"json": _as_json, "junit": _as_junit, "markdown": _as_markdown}
