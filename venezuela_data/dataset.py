"""The data as Python objects: `load()` and the typed tables that it gives.

A table is read when it is first used, and every record is an instance of its Pydantic model. Nothing is written, and nothing
is fetched from a network. May import whatever stands before `dataset` in the order of modules.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from . import models, store
from .findings import DataError, sorted_report
from .models import Record
from .store import Tree
from .tables import KIND, KINDS, TABLE, TABLES, Cell, Table, rows_of
from .validation import UsageError, data_root, find_place

R = TypeVar("R", bound=Record)


class Records(Generic[R]):
    """The records of one kind, in the order of their ids.

    Iterating gives the records; `table["some-id"]` gives one, and `table.get("some-id")` gives one or `None`.
    """

    def __init__(self, name: str, records: dict[str, R], path: Path) -> None:
        self.name = name
        self.path = path
        """The CSV file of the table, one row for each record."""
        self._records = records

    def __iter__(self) -> Iterator[R]:
        return iter(self._records.values())

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, record_id: object) -> bool:
        return record_id in self._records

    def __getitem__(self, record_id: str) -> R:
        """Give the record with this id.

        Raises:
            KeyError: there is none; the message names the close matches.
        """
        try:
            return self._records[record_id]
        except KeyError:
            raise KeyError(_no_such(record_id, self._records, f"{self.name} has no")) from None

    def get(self, record_id: str) -> R | None:
        """Give the record with this id, or `None`."""
        return self._records.get(record_id)

    @property
    def ids(self) -> list[str]:
        """The ids of all records, in order."""
        return list(self._records)

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self)} records>"


class Rows:
    """A table as it is published: rows of cells, each a dictionary from column to value."""

    def __init__(self, table: Table, rows: list[dict[str, Cell]], path: Path) -> None:
        self.name = table.name
        self.description = table.description
        self.columns = [column.name for column in table.columns]
        self.path = path
        """The CSV file of the table."""
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
    """All data of one place. The tables are read when they are first used."""

    def __init__(self, root: Path) -> None:
        self._tree = Tree(root)
        self._read: dict[str, dict[str, Record]] = {}

    def _records(self, kind: str) -> dict[str, Record]:
        if kind not in self._read:
            corpus = store.read_datasets(self._tree, [KIND[kind]])
            if corpus.findings:
                raise DataError(sorted_report(corpus.findings))
            self._read[kind] = corpus.records[kind]
        return self._read[kind]

    def _table(self, model: type[R]) -> Records[R]:
        kind = next(kind.name for kind in KINDS if kind.model is model)
        records = {one.id: one for one in self._records(kind).values() if isinstance(one, model)}
        return Records(kind, records, self._path(kind))

    def _path(self, table: str) -> Path:
        return self._tree.root / "datasets" / "csv" / f"{table}.csv"

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

    def table(self, name: str) -> Rows:
        """Give any table as it is published, those of parts of records included.

        Raises:
            KeyError: there is no such table; the message names the close matches.
        """
        if name not in TABLE:
            raise KeyError(_no_such(name, TABLE, "there is no table"))
        everything = {kind.name: self._records(kind.name) for kind in KINDS}
        return Rows(TABLE[name], rows_of(TABLE[name], everything), self._path(name))

    @property
    def tables(self) -> list[str]:
        """The names of all tables, those that most people come for first."""
        return [table.name for table in TABLES]

    def __repr__(self) -> str:
        return f"<venezuela-data: {len(TABLES)} tables>"


def load(path: str | os.PathLike[str] | None = None) -> Dataset:
    """Load the data: that of the installed package, or of a checkout or folder of built data.

    Args:
        path: a checkout, or a folder that holds `datasets/`; without it, the data of the installed package.

    Raises:
        FileNotFoundError: the path holds no data of ours.
        DataError: on first use of a table whose file is not what it should be; `report` has every finding.
    """
    try:
        place = find_place(data_root() if path is None else path)
    except UsageError as error:
        raise FileNotFoundError(str(error)) from None
    if place.kind == "package":
        raise FileNotFoundError(f"{str(path)!r} is a data package, but not one of venezuela-data")
    return Dataset(place.root)


def _no_such(given: str, known: object, what: str) -> str:
    names = [str(name) for name in known] if isinstance(known, dict) else []
    close = get_close_matches(str(given), names, n=3)
    return f"{what} {given!r}" + (f"; did you mean {' or '.join(map(repr, close))}?" if close else "")
