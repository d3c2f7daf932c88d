"""A release: whether the checkout is ready for one, what it changes and why, and the files that it writes.

A release appends to the ledger and takes up the causes that wait among the seeds; nothing that an earlier one wrote is changed.
Whatever stands in its way is a finding, and then nothing is written at all. `prepared` only reads, and says what has to be
written; the command line writes it. May import whatever stands before `releasing` in the order of modules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from . import store
from .build import artefacts, state_of
from .findings import Finding, shown
from .history import ADD, DEL, Change, Ledger, State, changes, demanded, next_version, parsed_version, read_ledger
from .lifecycle import Cause, Redirect, Tombstone
from .records import KIND
from .store import Corpus, Tree
from .tables import TABLE, columns_of
from .versions import Causes

RULES = {
    "releases-follow-on-each-other": (
        "The version of a release is the bump of the last one that its changes demand.\n\n"
        "MAJOR where a table or field is altered or gone, MINOR for new or gone records and where a meaning is turned round, "
        "PATCH for every other correction: so a version number tells whoever cites the data whether to look again."
    ),
    "changes-have-a-cause": (
        "Every record that differs from the last release is named by a cause in `seeds/causes/`.\n\n"
        "The history says not only what changed but why, and nothing is changed silently."
    ),
    "changelog-has-an-entry": (
        "CHANGELOG.md has an entry for the release, with its date and the parts Data and Code.\n\n"
        "People read it before they take a new version. Its date is the date of the release, on whatever day it is made."
    ),
    "versions-agree": (
        "The version in pyproject.toml and CITATION.cff is that of the release.\n\n"
        "One release has one number, wherever it stands."
    ),
}
"""What holds for a checkout that is released, by the code of the rule."""

FIRST_NOTE = "First release."
_RECKONED = "Reckoned anew from other records."
_SCHEMA = "The form of the table or its records changed; the changelog says how."
_HEADING = re.compile(r"## (?P<version>[0-9]+\.[0-9]+\.[0-9]+) - (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a release would do, or what stands in its way."""

    findings: tuple[Finding, ...] = ()
    day: date | None = None
    """The day of the release, as the changelog has it."""
    level: str = ""
    """What the changes demand: major, minor, patch, or first; empty where the version is out already."""
    because: str = ""
    """Which change demands it."""
    changes: int = 0
    """How many rows the history gains."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """What to write, by path from the root."""
    taken: tuple[str, ...] = ()
    """The causes that are in the history now, by path: to be removed."""


def prepared(root: Path, version: str) -> Prepared:
    """Look whether a checkout can be released as a version. Its files are valid, as whoever asks has seen.

    Raises:
        HistoryError: the ledger cannot be read, or is not what was released.
        ValueError: that is no version, or one that is not above the last one.
    """
    corpus = store.read_seeds(root)
    ledger = store.read_history(Tree(root))
    parsed_version(version)
    built = artefacts(corpus.records, ledger)
    new = state_of(built)
    last = ledger.releases[-1] if ledger.releases else None
    findings = list(_disagreements(root, version))
    day = _changelog_day(root, version, findings)
    if last is not None and last.version == version:
        if changes(ledger.state(version), new):
            raise ValueError(f"version {version} is out, and the records have changed since: choose the next version")
        return Prepared(tuple(findings), day)
    old = ledger.state(last.version) if last is not None else State()
    found = changes(old, new)
    level, because = "first", ""
    if last is not None:
        demand = demanded(found, old, new)
        if demand is None:
            raise ValueError(f"nothing has changed since version {last.version}")
        level, because = demand.level, str(demand)
        if version != (due := next_version(last.version, level)):
            message = f"version {shown(version)} after {last.version}, where the changes demand a {level} one: {because}"
            findings.append(Finding("CHANGELOG.md", 0, 0, "releases-follow-on-each-other", message, f"release it as {due}"))
    causes = _Causes(corpus, first=last is None)
    told = {change: causes.of(change, old) for change in found}
    findings += causes.missing(change for change, cause in told.items() if cause is None)
    if findings or day is None:
        return Prepared(tuple(findings), day, level, because)
    given = {change: cause for change, cause in told.items() if cause is not None}
    releases, rows = ledger.appended(version, day.isoformat(), new, given)
    taken = tuple(entry.file.path for _, entry in corpus.each(Cause))
    files = artefacts(corpus.records, read_ledger(releases, rows))
    return Prepared((), day, level, because, len(found), files, taken)


def causes_between(ledger: Ledger, old: str, new: str) -> Causes:
    """Say why records changed between two versions, in either order; up to the last one, where the other is no version.

    Raises:
        HistoryError: the later of the two cannot be rebuilt as it was released, so that what is said of it proves nothing.
    """
    versions = list(ledger.versions)
    if old not in versions and new not in versions:
        return {}
    ends = sorted(versions.index(one) if one in versions else len(versions) - 1 for one in (old, new))
    ledger.state(versions[ends[1]])
    found: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
    for release in ledger.releases[ends[0] + 1 : ends[1] + 1]:
        for change, cause, note in release.entries:
            if change.id:
                found.setdefault((kind_of(change), change.id), {})[cause, note] = None
    return {key: tuple(told) for key, told in found.items()}


def kind_of(change: Change) -> str:
    """Give the kind of the record to which a row of the history belongs."""
    table = TABLE.get(change.table)
    if change.table in KIND or table is None:
        return change.table
    return table.kind or str(json.loads(change.new or change.old)["table"])


class _Causes:
    """Why records changed: what the seeds say of them."""

    def __init__(self, corpus: Corpus, *, first: bool) -> None:
        self.first = first
        self.corpus = corpus
        self.named: dict[tuple[str, str | None], tuple[str, str]] = {}
        for cause, _ in corpus.each(Cause):
            self.named.update({(one.table, one.record_id): (cause.cause, cause.note) for one in cause.records})
        for redirect, _ in corpus.each(Redirect):
            self.named.setdefault((redirect.table, redirect.record_id), ("identity", redirect.note))
            self.named.setdefault(("redirects", redirect.id), ("identity", redirect.note))
        for stone, _ in corpus.each(Tombstone):
            self.named.setdefault((stone.table, stone.record_id), (stone.cause, stone.note))
            self.named.setdefault(("tombstones", stone.id), (stone.cause, stone.note))

    def of(self, change: Change, old: State) -> tuple[str, str] | None:
        """Give the cause of a change and a note, or nothing where nobody says why."""
        if self.first:
            return "new_evidence", FIRST_NOTE
        if not change.id:
            return "schema", _SCHEMA
        kind = kind_of(change)
        found = self.named.get((kind, change.id))
        if found is None and change.field and change.field not in columns_of(KIND[kind].model):
            return "recoding", _RECKONED
        if found is None and not _had(old, kind, change.id):
            return self.named.get((kind, None))
        return found

    def missing(self, found: Iterator[Change]) -> Iterator[Finding]:
        """Find every record of which nobody says why it changed, once."""
        seen = set()
        for change in found:
            kind = kind_of(change)
            if (kind, change.id) in seen:
                continue
            seen.add((kind, change.id))
            what = {ADD: "is new", DEL: "is gone"}.get(change.op, f"has another {change.field}") if change.table == kind else ""
            message = f"{shown(change.id)} of {kind} {what or f'has other {change.table}'}, and nothing says why"
            path = store.home_of(KIND[kind], change.id)
            yield Finding(path, 0, 0, "changes-have-a-cause", message, "name it in a file of seeds/causes/")


def _had(old: State, kind: str, record_id: str) -> bool:
    sheet = old.sheets.get(kind)
    return sheet is not None and any(row[0] == record_id for row in sheet.rows)


def _disagreements(root: Path, version: str) -> Iterator[Finding]:
    """Find where the checkout calls itself another version."""
    code, advice = "versions-agree", f"write {version}"
    for path, pattern in (("pyproject.toml", r'version = "(.*)"'), ("CITATION.cff", r'version: "?([^"]*)"?')):
        if not (root / path).is_file():
            continue
        for number, line in enumerate((root / path).read_text("utf-8").splitlines(), 1):
            match = re.fullmatch(pattern, line)
            if match and match[1] != version:
                yield Finding(path, number, match.start(1) + 1, code, f"the version is {shown(match[1])}", advice, line)


def _changelog_day(root: Path, version: str, findings: list[Finding]) -> date | None:
    """Give the day of a version from its heading in the changelog; what is wrong with the entry is found."""
    path, code = "CHANGELOG.md", "changelog-has-an-entry"
    lines = (root / path).read_text("utf-8").splitlines() if (root / path).is_file() else []
    headings = [(at, match) for at, line in enumerate(lines) if (match := _HEADING.fullmatch(line))]
    for number, (at, match) in enumerate(headings):
        if match["version"] != version:
            continue
        end = headings[number + 1][0] if number + 1 < len(headings) else len(lines)
        for part in ("Data", "Code"):
            body = "\n".join(lines[at + 1 : end]).partition(f"### {part}\n")[2].partition("\n### ")[0]
            if not body.strip():
                message = f"the entry of {version} has no part '### {part}', or nothing in it"
                findings.append(Finding(path, at + 1, 1, code, message, "say what changed, or that nothing did", lines[at]))
        try:
            return date.fromisoformat(match["date"])
        except ValueError:
            findings.append(Finding(path, at + 1, match.start("date") + 1, code, "no such day", "write the day", lines[at]))
            return None
    message = f"no entry of the form '## {version} - YYYY-MM-DD'"
    findings.append(Finding(path, 0, 0, code, message, "add one, with the parts '### Data' and '### Code'"))
    return None
