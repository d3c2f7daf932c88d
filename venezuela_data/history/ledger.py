"""The ledger of all releases, as it stands in `releases.csv` and `changes.csv`: read, replayed, proved, and added to.

The first release adds every row, and every later one says what changed, so that a version is replayed forward from nothing and
hangs on no model of today. What is rebuilt is held against the hashes that its release stated: those of the tables, and that of
`changes.csv` itself up to then, which vouches for schemas, causes and notes. What was once written is never changed. Nothing
here opens a file. May import `findings` and `syntax`.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ..findings import shown
from ..syntax import CsvFile, csv_bytes, read_csv
from .demands import parsed_version
from .states import (
    ADD,
    CHANGES,
    CHANGES_HEADER,
    DEL,
    MOD,
    RELEASES,
    RELEASES_HEADER,
    Change,
    HistoryError,
    Published,
    Replay,
    Row,
    State,
    UnknownReleaseError,
    changes,
)

# The ledger --------------------------------------------------------------------------------------------------------------


class Entry(NamedTuple):
    """A change, and why it was made."""

    change: Change
    cause: str
    note: str


@dataclass(frozen=True)
class Release:
    """One release of the ledger."""

    version: str
    date: str
    """The day, as `YYYY-MM-DD`."""
    schema_version: str
    """The release that last changed any schema."""
    tables: Mapping[str, Published]
    """What it states of each of its tables, and of the ledger's own `changes` up to and with this release."""
    entries: tuple[Entry, ...]
    """What changed since the release before it."""


class Ledger:
    """All releases, oldest first. `read_ledger` makes one from the bytes of its two tables."""

    def __init__(self, releases: Sequence[Release], written: tuple[bytes, bytes]) -> None:
        self.releases = tuple(releases)
        self.release = {one.version: one for one in releases}
        """The releases by version."""
        self.written = written
        """The bytes of `releases.csv` and `changes.csv`; empty before the first release."""

    @cached_property
    def is_as_written(self) -> bool:
        """Whether `changes.csv` is by hash what the last release says that it wrote; whether that was whole, `verify` tells."""
        if not self.releases:
            return True
        stated = self.releases[-1].tables.get(CHANGES)
        return stated is not None and hashlib.sha256(self.written[1]).hexdigest() == stated.sha256

    @cached_property
    def _prefixes(self) -> dict[str, Published]:
        """What `changes.csv` was up to and with each release."""
        hashing, count, made = hashlib.sha256(csv_bytes([CHANGES_HEADER])), 0, {}
        for one in self.releases:
            hashing.update(csv_bytes([(one.version, *change, cause, note) for change, cause, note in one.entries]))
            count += len(one.entries)
            made[one.version] = Published(count, hashing.copy().hexdigest())
        return made

    @property
    def versions(self) -> tuple[str, ...]:
        """All versions, oldest first."""
        return tuple(self.release)

    @property
    def dates(self) -> dict[str, str]:
        """The day of each version."""
        return {one.version: one.date for one in self.releases}

    def known_on(self, date: str | datetime.date) -> str:
        """Give the last version that was released on a day or before it.

        Raises:
            ValueError: the text is no day of the form `YYYY-MM-DD`.
            UnknownReleaseError: nothing was released yet.
        """
        day = date.isoformat()[:10] if isinstance(date, datetime.date) else date
        if not _is_day(day):
            raise ValueError(f"{shown(day)} is no day of the form YYYY-MM-DD")
        known = [one.version for one in self.releases if one.date <= day]
        if not known:
            first = f"; the first release is of {self.releases[0].date}" if self.releases else ""
            raise UnknownReleaseError(f"nothing was released by {day}{first}")
        return known[-1]

    def state(self, version: str) -> State:
        """Rebuild a version from nothing, and prove it: every table, and all changes that led to it, by rows and SHA-256.

        Raises:
            UnknownReleaseError: there is no such version.
            HistoryError: what is rebuilt is not what was released; it names the table and the version.
        """
        if version not in self.release:
            known = ", ".join(self.versions[-10:]) or "none"
            raise UnknownReleaseError(f"there is no version {shown(version)}; the last ones are: {known}")
        replay = Replay()
        for one in self.releases:
            _replayed(replay, one)
            if one.version == version:
                break
        for fault in self._faults(self.release[version], {name: table.published() for name, table in replay.tables.items()}):
            raise fault
        return replay.state()

    def verify(self) -> tuple[HistoryError, ...]:
        """Rebuild and prove every version, one from the other; of what a release did not change, only the hash is compared.

        A table that is wrong once is not looked at again. Nothing after a release that cannot be applied is looked at.
        """
        try:
            _read_rows(CHANGES, CHANGES_HEADER, self.written[1] or csv_bytes([CHANGES_HEADER]))
        except HistoryError as error:
            return (error,)
        faults: dict[str, HistoryError] = {}
        published: dict[str, Published] = {}
        schema_version = ""
        replay = Replay()
        for one in self.releases:
            try:
                touched = _replayed(replay, one)
            except HistoryError as error:
                return (*faults.values(), error)
            published = {
                name: table.published() if name in touched else published[name] for name, table in replay.tables.items()
            }
            if any(not entry.change.id for entry in one.entries):
                schema_version = one.version
            found = list(self._faults(one, published))
            if one.schema_version != schema_version:
                message = f"{shown(one.schema_version)} did not last change a schema, but {shown(schema_version)}"
                found.append(HistoryError(RELEASES, message, one.version))
            for fault in found:
                faults.setdefault(fault.table, fault)
        return tuple(faults.values())

    def _faults(self, release: Release, found: Mapping[str, Published]) -> Iterator[HistoryError]:
        """Hold what was rebuilt against what was stated. The tables come before the changes, as they tell more."""
        found = {**dict(sorted(found.items())), CHANGES: self._prefixes[release.version]}
        for name, published in found.items():
            stated = release.tables.get(name)
            if stated is None:
                yield HistoryError(name, "its release does not state its hash", release.version)
            elif stated.rows != published.rows:
                message = f"{published.rows} rows where its release states {stated.rows}"
                yield HistoryError(name, message, release.version)
            elif stated.sha256 != published.sha256:
                message = "its hash is not the one that its release states: what is rebuilt is not what was released"
                yield HistoryError(name, message, release.version)
        for name in sorted(release.tables.keys() - found.keys()):
            yield HistoryError(name, "the release states it and it is not there", release.version)

    def appended(self, version: str, date: str, new: State, causes: Mapping[Change, tuple[str, str]]) -> tuple[bytes, bytes]:
        """Give the bytes of `releases.csv` and `changes.csv` with one more release; what was there stands first, unchanged.

        Args:
            version: the new version, above the last one.
            date: the day of the release, not before the last one.
            new: the tables as they are released.
            causes: the cause and a note, which may be empty, for each change since the last release.

        Raises:
            ValueError: version or date do not follow on the last ones, nothing changed, a change has no cause, or a table is
                one of the ledger's own.
            HistoryError: the last version cannot be rebuilt, or a table of the new one cannot be tracked.
        """
        last = self.releases[-1] if self.releases else None
        if not _is_day(date) or (last is not None and date < last.date):
            raise ValueError(f"{shown(date)} is no day, or before the last release")
        if parsed_version(version) <= (parsed_version(last.version) if last is not None else (-1, 0, 0)):
            raise ValueError(f"version {version} is not above the last one")
        if not new.sheets.keys().isdisjoint((RELEASES, CHANGES)):
            raise ValueError("the tables of the ledger do not keep a history of themselves")
        made = changes(self.state(last.version) if last is not None else State(), new)
        if not made:
            raise ValueError("nothing changed since the last release")
        for change in made:
            if not causes.get(change, ("", ""))[0]:
                raise ValueError(f"no cause for a change of {shown(change.id or 'schema')} in {shown(change.table)}")
        rows = [(version, *change, *causes[change]) for change in made]
        old_releases, old_changes = self.written
        new_changes = (old_changes or csv_bytes([CHANGES_HEADER])) + csv_bytes(rows)
        before = self._prefixes[last.version].rows if last is not None else 0
        stated = {name: Published(len(one.rows), new.sha256(name)) for name, one in new.sheets.items()}
        stated[CHANGES] = Published(before + len(rows), hashlib.sha256(new_changes).hexdigest())
        schema_version = version if last is None or any(not one.id for one in made) else last.schema_version
        lines = [(version, date, schema_version, name, str(n), sha256) for name, (n, sha256) in sorted(stated.items())]
        new_releases = (old_releases or csv_bytes([RELEASES_HEADER])) + csv_bytes(lines)
        _read_rows(CHANGES, CHANGES_HEADER, new_changes)
        read_ledger(new_releases, new_changes).state(version)  # Nothing is released that nobody could go back to.
        return new_releases, new_changes


def _replayed(replay: Replay, release: Release) -> set[str]:
    try:
        return replay.apply(entry.change for entry in release.entries)
    except HistoryError as error:
        raise HistoryError(error.table, error.message, release.version) from None


NO_HISTORY = Ledger((), (b"", b""))
"""The ledger before the first release."""


def read_ledger(releases: bytes | None, changes: bytes | None) -> Ledger:
    """Read the ledger from the bytes of `releases.csv` and `changes.csv`, or from neither before the first release.

    Whether the versions can be rebuilt is not looked at here: `Ledger.state` and `Ledger.verify` do that.

    Raises:
        HistoryError: the files are not what releases write; it names `releases` or `changes`, and the line.
    """
    if releases is None and changes is None:
        return NO_HISTORY
    if releases is None or changes is None:
        raise HistoryError(RELEASES if releases is None else CHANGES, "the file is missing, and the other one is there")
    stated = _read_releases(_read_rows(RELEASES, RELEASES_HEADER, releases), releases)
    last = next(reversed(stated.values()))[2].get(CHANGES) if stated else None
    rows = _proved_rows(changes) if last is not None and hashlib.sha256(changes).hexdigest() == last.sha256 else None
    told = _read_changes(rows or _read_rows(CHANGES, CHANGES_HEADER, changes), changes)
    if list(told) != [version for version in stated if version in told]:
        raise HistoryError(CHANGES, "its releases are not those of releases.csv, in their order")
    made = []
    for version, (date, schema_version, tables) in stated.items():
        entries = tuple(Entry(Change(*row[1:7]), *row[7:]) for row in told.get(version, ()))
        made.append(Release(version, date, schema_version, tables, entries))
    return Ledger(made, (releases, changes))


def _proved_rows(data: bytes) -> list[list[str]] | None:
    """Read a file that is by hash what the last release wrote: a quick reader is enough then. What it cannot read is None."""
    try:
        header, *rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    except (ValueError, csv.Error):
        return None
    return rows if tuple(header) == CHANGES_HEADER and all(len(row) == len(CHANGES_HEADER) for row in rows) else None


def _read_rows(table: str, header: Row, data: bytes) -> list[list[str]]:
    file = _read_file(table, data)
    if tuple(file.header) != header:
        raise HistoryError(table, f"its columns are not {', '.join(header)}")
    if csv_bytes([header, *file.rows]) != data:
        raise HistoryError(table, "the file is not in the normal form of CSV")
    return file.rows


def _read_file(table: str, data: bytes) -> CsvFile:
    file, findings = read_csv(data, f"{table}.csv")
    if file is None:
        raise HistoryError(table, f"line {findings[0].line}: {findings[0].message}")
    return file


def _fault_at(table: str, data: bytes, row: int, message: str) -> HistoryError:
    return HistoryError(table, f"line {_read_file(table, data).at(row, 0, '', '').line}: {message}")


_COUNT = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def _read_releases(lines: Sequence[Sequence[str]], data: bytes) -> dict[str, tuple[str, str, dict[str, Published]]]:
    """Give date, schema version and tables of each version, in order."""
    made: dict[str, tuple[str, str, dict[str, Published]]] = {}
    last: tuple[str, str] = ("", "")
    for at, (version, date, schema_version, table, rows, sha256) in enumerate(lines):
        if version not in made:
            try:
                if made and parsed_version(version) <= parsed_version(last[0]):
                    raise ValueError(f"version {shown(version)} is not above the one before it")
                parsed_version(version)
            except ValueError as error:
                raise _fault_at(RELEASES, data, at, str(error)) from None
            if not _is_day(date) or date < last[1]:
                raise _fault_at(RELEASES, data, at, f"{shown(date)} is no day, or before that of the release before it")
            if schema_version != version and schema_version not in made:
                raise _fault_at(RELEASES, data, at, f"there is no schema version {shown(schema_version)} up to here")
            made[version] = date, schema_version, {}
            last = version, date
        elif version != last[0] or made[version][:2] != (date, schema_version):
            raise _fault_at(RELEASES, data, at, "the rows of a release stand together, with one date and schema version")
        elif table <= next(reversed(made[version][2])):
            raise _fault_at(RELEASES, data, at, "the tables of a release are sorted, each once")
        if not table or not _COUNT.fullmatch(rows) or not _SHA256.fullmatch(sha256):
            raise _fault_at(RELEASES, data, at, "a table has a name, a number of rows and a SHA-256")
        made[version][2][table] = Published(int(rows), sha256)
    return made


def _read_changes(rows: Sequence[Sequence[str]], data: bytes) -> dict[str, list[Sequence[str]]]:
    """Give the rows of each release, in order."""
    made: dict[str, list[Sequence[str]]] = {}
    before: tuple[str, ...] = ()
    for at, row in enumerate(rows):
        release, table, id_, op, field_, old, new, cause, _ = row
        if op not in (ADD, MOD, DEL):
            raise _fault_at(CHANGES, data, at, f"{shown(op)} is none of {ADD}, {MOD} and {DEL}")
        if not table or not cause:
            raise _fault_at(CHANGES, data, at, "a change has a table and a cause")
        order = (release, table, id_, field_, op, old, new)
        if before and before[0] == release and order <= before:
            raise _fault_at(CHANGES, data, at, "the changes of a release are sorted, each once")
        if not before or before[0] != release:
            if release in made:
                raise _fault_at(CHANGES, data, at, "the rows of a release stand together")
            made[release] = []
        made[release].append(row)
        before = order
    return made
