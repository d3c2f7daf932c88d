"""The data as Python objects: `load()` and the typed tables that it gives.

A table is read when it is first used, and every record is an instance of its Pydantic model. Nothing is written, and nothing
is fetched from a network. May import whatever stands before `dataset` in the order of modules.
"""

from __future__ import annotations

import datetime
import json
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from . import models, store
from .findings import DataError, sorted_report
from .history import State
from .lifecycle import Redirect, Tombstone
from .models import Record
from .records import KIND, KINDS
from .store import Tree
from .syntax import read_csv
from .tables import LEDGER, TABLE, TABLES, Cell, Table, cell_of, rows_of
from .unfolding import typed, unfolded
from .validation import UsageError, data_root, find_place

R = TypeVar("R", bound=Record)


class RedirectWarning(UserWarning):
    """A record was asked for by an id that is no longer used, and the one that took its place was given."""


class Records(Generic[R]):
    """The records of one kind, in the order of their ids.

    Iterating gives the records; `table["some-id"]` gives one, and `table.get("some-id")` gives one or `None`. An id of a record
    that was merged into another gives that one, with a `RedirectWarning`.
    """

    def __init__(
        self, name: str, records: dict[str, R], path: Path | None, ended: Mapping[str, list[Redirect | Tombstone]] | None = None
    ) -> None:
        self.name = name
        self.path = path
        """The CSV file of the table, one row for each record; None for an earlier version, which is in no file of its own."""
        self._records = records
        self._ended = ended or {}
        """What became of the records that are no longer used, by id."""

    def __iter__(self) -> Iterator[R]:
        return iter(self._records.values())

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, record_id: object) -> bool:
        return record_id in self._records

    def __getitem__(self, record_id: str) -> R:
        """Give the record with this id, or the one into which it was merged.

        Raises:
            KeyError: there is none; the message names the close matches, the candidates where the record was split, or the
                reason why it is gone.
        """
        found = self.get(record_id)
        if found is None:
            raise KeyError(self._missing(record_id))
        return found

    def get(self, record_id: str) -> R | None:
        """Give the record with this id, or the one into which it was merged, or `None`."""
        ended = self._ended.get(record_id, [])
        if len(ended) == 1 and isinstance(ended[0], Redirect) and ended[0].kind == "merge":
            target = ended[0].target_id
            warnings.warn(f"{self.name} has {target!r} in the place of {record_id!r}", RedirectWarning, stacklevel=2)
            return self._records.get(target)
        return self._records.get(record_id)

    def _missing(self, record_id: str) -> str:
        ended = self._ended.get(record_id, [])
        targets = sorted(one.target_id for one in ended if isinstance(one, Redirect))
        if targets:
            return f"{record_id!r} of {self.name} was split; one of these took its place: {', '.join(targets)}"
        if ended and isinstance(ended[0], Tombstone):
            return f"{record_id!r} of {self.name} was taken out on {ended[0].date} ({ended[0].cause}): {ended[0].note}"
        return _no_such(record_id, self._records, f"{self.name} has no")

    @property
    def ids(self) -> list[str]:
        """The ids of all records, in order."""
        return list(self._records)

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self)} records>"


class Rows:
    """A table as it is published: rows of cells, each a dictionary from column to value."""

    def __init__(self, table: Table, rows: list[dict[str, Cell]], path: Path | None, columns: list[str] | None = None) -> None:
        self.name = table.name
        self.description = table.description
        self.columns = columns if columns is not None else [column.name for column in table.columns]
        self.path = path
        """The CSV file of the table; None for an earlier version, which is in no file of its own."""
        self._rows = rows

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, number: int) -> dict[str, Cell]:
        return self._rows[number]

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self)} rows of {len(self.columns)} columns>"


class Dataset:
    """All data of one place, as it stands or as a version that was released. Tables are read when they are first used."""

    def __init__(self, tree: Tree, version: str | None = None, state: State | None = None) -> None:
        self._tree = tree
        self._version = version
        self._state = state
        self._read: dict[str, dict[str, Record]] = {}

    @property
    def version(self) -> str:
        """The version of the data. `+unreleased` marks data that have changed since that release."""
        if self._version is None:
            self._version = data_version(self._tree)
        return self._version

    def _records(self, kind: str) -> dict[str, Record]:
        if self._state is not None and not self._read:
            sheets = self._state.sheets
            rows = {name: [dict(zip(one.columns, row, strict=True)) for row in one.rows] for name, one in sheets.items()}
            self._read = {name: dict(found) for name, found in typed(unfolded(rows)).items()}
        if self._state is not None:
            return self._read.get(kind, {})
        if kind not in self._read:
            corpus = store.read_datasets(self._tree, [KIND[kind]])
            if corpus.findings:
                raise DataError(sorted_report(corpus.findings))
            self._read[kind] = corpus.records[kind]
        return self._read[kind]

    @property
    def records(self) -> dict[str, dict[str, Record]]:
        """All records, by kind and id."""
        return {kind.name: self._records(kind.name) for kind in KINDS if kind.published}

    def _table(self, model: type[R]) -> Records[R]:
        kind = next(kind.name for kind in KINDS if kind.model is model)
        records = {one.id: one for one in self._records(kind).values() if isinstance(one, model)}
        return Records(kind, records, self._path(kind), self._ended.get(kind))

    @cached_property
    def _ended(self) -> dict[str, dict[str, list[Redirect | Tombstone]]]:
        made: dict[str, dict[str, list[Redirect | Tombstone]]] = {}
        for kind in ("redirects", "tombstones"):
            for one in self._records(kind).values():
                assert isinstance(one, Redirect | Tombstone)
                made.setdefault(one.table, {}).setdefault(one.record_id, []).append(one)
        return made

    def _path(self, table: str) -> Path | None:
        return self._tree.root / _ANY_TABLE[table].path if self._state is None and self._tree.members is None else None

    @cached_property
    def actors(self) -> Records[models.Actor]:
        """Who acts: persons, states, agencies, parties, media, collectives, anonymous sources."""
        return self._table(models.Actor)

    @cached_property
    def events(self) -> Records[models.Event]:
        """What happened, or was claimed, threatened, offered, demanded, refused or imagined."""
        return self._table(models.Event)

    @cached_property
    def designations(self) -> Records[models.Designation]:
        """Which legal act applies to whom, since when."""
        return self._table(models.Designation)

    @cached_property
    def statements(self) -> Records[models.Statement]:
        """Who said which words, as a document prints them."""
        return self._table(models.Statement)

    @cached_property
    def claims(self) -> Records[models.Claim]:
        """What documents assert, one assertion each."""
        return self._table(models.Claim)

    @cached_property
    def errata(self) -> Records[models.Erratum]:
        """Where documents are wrong, ambiguous or at odds with themselves."""
        return self._table(models.Erratum)

    @cached_property
    def assessments(self) -> Records[models.Assessment]:
        """What one document says about a claim or erratum of another."""
        return self._table(models.Assessment)

    @cached_property
    def sources(self) -> Records[models.Source]:
        """The documents."""
        return self._table(models.Source)

    @cached_property
    def programs(self) -> Records[models.Program]:
        """The legal regimes."""
        return self._table(models.Program)

    @cached_property
    def instruments(self) -> Records[models.Instrument]:
        """The legal acts."""
        return self._table(models.Instrument)

    @cached_property
    def places(self) -> Records[models.Place]:
        """The places."""
        return self._table(models.Place)

    @cached_property
    def vocabularies(self) -> Records[models.Vocabulary]:
        """The controlled terms, by vocabulary."""
        return self._table(models.Vocabulary)

    @cached_property
    def redirects(self) -> Records[Redirect]:
        """What took the place of records that were merged or split."""
        return self._table(Redirect)

    @cached_property
    def tombstones(self) -> Records[Tombstone]:
        """Why records are no longer there."""
        return self._table(Tombstone)

    def table(self, name: str) -> Rows:
        """Give any table as it is published, those of parts of records included.

        Raises:
            KeyError: there is no such table; the message names the close matches.
        """
        if name not in self.tables:
            raise KeyError(_no_such(name, dict.fromkeys(self.tables), "there is no table"))
        if self._state is not None:
            one = self._state.sheets[name]
            kinds = [str(given.get("type", "string")) for given in one.schema["fields"]]
            known = _ANY_TABLE.get(name) or Table(name, name, "", tuple, lambda _: iter(()), lambda _: 0)
            return Rows(known, [_cells(one.columns, kinds, row) for row in one.rows], None, list(one.columns))
        if name not in TABLE:
            return self._of_ledger(_ANY_TABLE[name])
        everything = {kind.name: self._records(kind.name) for kind in KINDS if kind.published}
        return Rows(TABLE[name], rows_of(TABLE[name], everything), self._path(name))

    def _of_ledger(self, table: Table) -> Rows:
        """Give a table of the history as it is on file; a version that was released has none, as it is a part of it."""
        file, findings = read_csv(self._tree.read(table.path), table.path)
        if file is None:
            raise DataError(sorted_report(findings))
        kinds = [column.type for column in table.columns]
        return Rows(table, [_cells(file.header, kinds, row) for row in file.rows], self._path(table.name))

    @property
    def tables(self) -> list[str]:
        """The names of all tables, those that most people come for first."""
        if self._state is not None:
            return [name for name in dict.fromkeys([*TABLE, *self._state.sheets]) if name in self._state.sheets]
        return [*TABLE, *(table.name for table in LEDGER if self._tree.has(table.path))]

    def __repr__(self) -> str:
        return f"<venezuela-data {self.version}: {len(self.tables)} tables>"


def data_version(tree: Tree) -> str:
    """Give the version of the data of a tree, as its descriptor has it."""
    try:
        found = json.loads(tree.read("datasets/datapackage.json"))
    except (store.UnreadableError, ValueError):
        return "unknown"
    return str(found.get("version", "unknown")) if isinstance(found, dict) else "unknown"


_ANY_TABLE = {table.name: table for table in (*TABLES, *LEDGER)}


def _cells(columns: Sequence[str], kinds: Sequence[str], row: Sequence[str]) -> dict[str, Cell]:
    return {name: cell_of(kind, text) for name, kind, text in zip(columns, kinds, row, strict=True)}


def load(
    path: str | os.PathLike[str] | None = None,
    *,
    version: str | None = None,
    known_on: str | datetime.date | None = None,
) -> Dataset:
    """Load the data: that of the installed package, or of a checkout, a folder of built data or a release zip.

    Any version that was released can be loaded from any later one, without a network: it is rebuilt from the history, and
    proved by the SHA-256 of each of its tables before anything of it is given.

    Args:
        path: a checkout, or what holds `datasets/`; without it, the data of the installed package.
        version: the version of the data; without it, the data as they stand.
        known_on: a day; the last version that was released on it or before. Not together with `version`.

    Raises:
        FileNotFoundError: the path holds no data of ours.
        UnknownReleaseError: there is no such version, or nothing was released yet on that day.
        HistoryError: what is rebuilt is not what was released; it names the table.
        ValueError: version and day are both given, or the day is none.
        DataError: on first use of a table whose file is not what it should be; `report` has every finding.
    """
    if version is not None and known_on is not None:
        raise ValueError("give the version or the day on which it was known, not both")
    try:
        place = find_place(data_root() if path is None else path)
    except UsageError as error:
        raise FileNotFoundError(str(error)) from None
    if place.kind == "package":
        raise FileNotFoundError(f"{str(path)!r} is a data package, but not one of venezuela-data")
    tree = place.tree
    if version is None and known_on is None:
        return Dataset(tree)
    ledger = store.read_history(tree)
    wanted = version if version is not None else ledger.known_on(known_on or "")
    return Dataset(tree, wanted, ledger.state(wanted))


def _no_such(given: str, known: object, what: str) -> str:
    names = [str(name) for name in known] if isinstance(known, dict) else []
    close = get_close_matches(str(given), names, n=3)
    return f"{what} {given!r}" + (f"; did you mean {' or '.join(map(repr, close))}?" if close else "")
