"""The data as Python objects: `load()` and the typed tables that it gives.

A table is read when it is first used, and every record is an instance of its Pydantic model. Nothing is written, and nothing
is fetched from a network. May import whatever stands before `dataset` in the order of modules.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from . import models, relations, store
from .findings import DataError, sorted_report
from .history import State
from .lifecycle import Redirect, Tombstone
from .models import Record
from .perspectives import FLAG_COLUMNS, PERSPECTIVES, Kept, Perspective, ViewName, flags_of, keeps_row, kept_by, narrowed
from .place import UsageError, data_root, find_place
from .records import KIND, KINDS
from .store import Tree
from .syntax import read_csv
from .tables import LEDGER, TABLE, TABLES, Cell, Table, cell_of, rows_of
from .tabular import Assessments, Claims, Records, RedirectWarning, Rows, Statements, TableName, no_such
from .unfolding import typed, unfolded

if TYPE_CHECKING:
    import networkx

    from .search import Match

__all__ = ["Dataset", "Records", "RedirectWarning", "Rows", "View", "data_version", "load"]

R = TypeVar("R", bound=Record)


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

    def records_of(self, kind: str) -> Mapping[str, Record]:
        """Give the records of one kind, by id."""
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
    def records(self) -> Mapping[str, Mapping[str, Record]]:
        """All records, by kind and id."""
        return {kind.name: self.records_of(kind.name) for kind in KINDS if kind.published}

    def _table(self, model: type[R]) -> Records[R]:
        return Records(*self._of(model))

    def _of(self, model: type[R]) -> tuple[str, dict[str, R], Dataset, Path | None, Mapping[str, Any] | None]:
        """Give what a table of records is made of."""
        kind = next(kind.name for kind in KINDS if kind.model is model)
        main = next(table.name for table in TABLES if table.kind == kind and not table.field)
        records = {one.id: one for one in self.records_of(kind).values() if isinstance(one, model)}
        return kind, records, self, self._path(main), self._ended.get(kind)

    @cached_property
    def _ended(self) -> dict[str, dict[str, list[Redirect | Tombstone]]]:
        made: dict[str, dict[str, list[Redirect | Tombstone]]] = {}
        for kind in ("redirects", "tombstones"):
            for one in self.records_of(kind).values():
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
    def statements(self) -> Statements:
        """Who said which words, as a document prints them."""
        return Statements(*self._of(models.Statement))

    @cached_property
    def claims(self) -> Claims:
        """What documents assert, one assertion each."""
        return Claims(*self._of(models.Claim))

    @cached_property
    def errata(self) -> Records[models.Erratum]:
        """Where documents are wrong, ambiguous or at odds with themselves."""
        return self._table(models.Erratum)

    @cached_property
    def assessments(self) -> Assessments:
        """What one document says about a claim or erratum of another; call it with a record for those that bear on that."""
        return Assessments(*self._of(models.Assessment))

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

    def table(self, name: TableName | str) -> Rows:
        """Give any table as it is published, those of parts of records included.

        Raises:
            KeyError: there is no such table; the message names the close matches.
        """
        if name not in self.tables:
            raise KeyError(no_such(name, self.tables, "there is no table"))
        if self._state is not None:
            one = self._state.sheets[name]
            types = {str(given["name"]): str(given.get("type", "string")) for given in one.schema["fields"]}
            described = _ANY_TABLE[name].description if name in _ANY_TABLE else ""
            return Rows(name, described, types, _cells(types, one.rows), lambda: deepcopy(dict(one.schema)))
        table = _ANY_TABLE[name]
        types = {column.name: column.type for column in table.columns}
        cells = rows_of(table, self.records) if name in TABLE else self._of_ledger(table)
        cells = [{column: row[column] for column in types} for row in cells]
        return Rows(name, table.description, types, cells, lambda: self._schema(table), self._path(name))

    def _schema(self, table: Table) -> dict[str, Any]:
        from .build import table_schema, terms_of

        return table_schema(table, terms_of({"vocabularies": self.records_of("vocabularies")}))

    def _of_ledger(self, table: Table) -> list[dict[str, Cell]]:
        """Give a table of the history as it is on file; a version that was released has none, as it is a part of it."""
        file, findings = read_csv(self._tree.read(table.path), table.path)
        if file is None:
            raise DataError(sorted_report(findings))
        types = {column.name: column.type for column in table.columns}
        return _cells({name: types[name] for name in file.header}, file.rows)

    @property
    def tables(self) -> list[str]:
        """The names of all tables, those that most people come for first."""
        if self._state is not None:
            return [name for name in dict.fromkeys([*TABLE, *self._state.sheets]) if name in self._state.sheets]
        return [*TABLE, *(table.name for table in LEDGER if self._tree.has(table.path))]

    # What bears on a record ---------------------------------------------------------------------------------------------

    def find(self, record: str | Record) -> Record:
        """Give the record of an id in whichever table; a record stands for itself.

        Raises:
            KeyError: no table has this id, and the message names the close matches; or several have, and it names them.
        """
        if isinstance(record, Record):
            return record
        found = {kind: records[record] for kind, records in self.records.items() if record in records}
        if len(found) > 1:
            raise KeyError(f"{record!r} is in {' and in '.join(found)}: give the record itself")
        if not found:
            raise KeyError(no_such(record, [one for records in self.records.values() for one in records], "there is no record"))
        return next(iter(found.values()))

    def search(self, text: str) -> list[Match[Record]]:
        """Find the records that hold a text in their id, their names or their words, whatever its case and accents.

        A name that a document gives by mistake leads to the erratum that says so, with `erroneous` set, never to a person.

        Returns:
            The matches: exact ones first, then those that begin with the text, have it as whole words, or hold it.
        """
        from .search import matches

        return matches(text, self.records, self.records_of("errata"))

    def timeline(
        self, since: str | datetime.date | None = None, until: str | datetime.date | None = None
    ) -> Records[models.Event]:
        """Give the events in the order in which they can lie: by first day, then last day, then id.

        A date that is open towards the past comes first. Events without a date come at the end, and only where no day is
        asked for.

        Args:
            since: a day or an EDTF date; events that can only lie before its first day are left out.
            until: a day or an EDTF date; events that can only lie after its last day are left out.

        Raises:
            ValueError: a text is no date of the EDTF profile, or `since` lies after `until`.
        """
        return self.events.some(one.id for one in relations.in_time(self.events, since, until))

    def chain(self, record: str | Record) -> tuple[relations.ChainLink, ...]:
        """Give the chain of a statement, claim or event: the document first, the one who speaks last.

        It is empty for a record that has none.

        Raises:
            KeyError: see `find`.
        """
        return relations.chain_of(self.records, self.find(record))

    def evidence(self, record: str | Record) -> tuple[relations.Passage, ...]:
        """Give the passages of documents that carry a record, or one field of it.

        Of a statement, claim or erratum these are its own words; of an erratum also the documents on which it rests.

        Raises:
            KeyError: see `find`.
        """
        return relations.passages_of(self.records, self.find(record))

    def origins(self, claim: str | models.Claim) -> relations.Backed:
        """Weigh a claim: how many independent origins support and contradict it, and the reports that do.

        Raises:
            KeyError: there is no claim with this id.
        """
        return relations.backing_of(self.records, self.claims[claim] if isinstance(claim, str) else claim)

    def graph(self) -> networkx.MultiDiGraph[str]:
        """Make a network of the actors and events; see `relations.network_of` for its nodes and edges.

        Raises:
            MissingLibraryError: networkx is not installed; the extra `graph` installs it.
        """
        return relations.network_of(self.records)

    # Perspectives -------------------------------------------------------------------------------------------------------

    perspective: Perspective | None = None
    """The perspective of a view; None for all data."""

    @property
    def view_name(self) -> str:
        """The name of the perspective and the first 12 digits of its hash, as `official-record@0123456789ab`; empty for all."""
        return self.perspective.view_name if self.perspective is not None else ""

    @property
    def views(self) -> Mapping[str, Perspective]:
        """The perspectives that there are, by name, each with the description of what it keeps."""
        return PERSPECTIVES

    def view(self, name: ViewName | str) -> View:
        """Give the data as a perspective has them: with what it admits, and whatever that refers to.

        Raises:
            KeyError: there is no such perspective; the message names the close matches.
            ValueError: this is a view already; views are taken of all data, as that of a view would depend on the order.
        """
        if name not in PERSPECTIVES:
            raise KeyError(no_such(name, PERSPECTIVES, "there is no view"))
        return View(self, PERSPECTIVES[name])

    @cached_property
    def _standings(self) -> dict[str, Cell]:
        """The standing of each claim as its table has it, which for an older version is what was released."""
        return {str(row["id"]): row.get("standing") for row in self.table("claims")}

    @property
    def flags(self) -> Rows:
        """What a careful reader should know of records: rows of `table`, `record_id`, `flag` and `basis`.

        `perspectives.FLAGS` says what each flag means. The basis is the id of the record on which it rests, or `field=value`.
        """
        told = "What a careful reader should know of a record, and on what that rests."
        fields = [{"name": name, "type": kind} for name, kind in FLAG_COLUMNS.items()]
        key = list(FLAG_COLUMNS)
        cells = flags_of(self.records, self._standings)
        return Rows("flags", told, FLAG_COLUMNS, cells, lambda: deepcopy({"fields": fields, "primaryKey": key}))

    def __repr__(self) -> str:
        view = f", view {self.view_name}" if self.view_name else ""
        return f"<venezuela-data {self.version}{view}: {len(self.tables)} tables>"

    def _repr_html_(self) -> str:
        from .frames import html_table

        rows = [(kind, len(records)) for kind, records in self.records.items()]
        return html_table(repr(self).strip("<>"), ("records", "number"), rows)


class View(Dataset):
    """The data as a perspective has them. What is reckoned over all data stays what it is: a view hides, and never recounts."""

    perspective: Perspective

    def __init__(self, whole: Dataset, perspective: Perspective) -> None:
        """Make a view; `Dataset.view` does."""
        super().__init__(whole._tree, whole._version, whole._state)
        self.whole = whole
        """All data, of which this is a view."""
        self.perspective = perspective

    @cached_property
    def _kept(self) -> Kept:
        return kept_by(self.perspective.policy, self.whole.records, self.whole._standings)

    def records_of(self, kind: str) -> Mapping[str, Record]:
        """Give the records of one kind that are kept, by id, each without the parts that refer to what is hidden."""
        whole = self.whole.records_of(kind)
        if self.perspective.policy.everything:
            return whole
        if kind not in self._read:
            kept = self._kept[kind]
            self._read[kind] = {one: narrowed(kind, record, self._kept) for one, record in whole.items() if one in kept}
        return self._read[kind]

    def table(self, name: TableName | str) -> Rows:
        """Give any table with the rows that are kept. The tables of the history, which tell of all data, are left out.

        Raises:
            KeyError: there is no such table; the message names the close matches.
        """
        if name not in self.tables:
            raise KeyError(no_such(name, self.tables, "there is no table"))
        rows = self.whole.table(name)
        everything = self.perspective.policy.everything
        return rows if everything else rows.where(lambda row: keeps_row(name, row, self._kept))

    def _path(self, table: str) -> Path | None:
        return self.whole._path(table) if self.perspective.policy.everything else None

    @property
    def tables(self) -> list[str]:
        """The names of all tables, without those of the history where anything is hidden."""
        return [name for name in self.whole.tables if self.perspective.policy.everything or name in TABLE]

    def origins(self, claim: str | models.Claim) -> relations.Backed:
        """Weigh a claim over all data: how many independent origins support and contradict it, and the reports that do.

        Raises:
            KeyError: there is no claim with this id in the view.
        """
        return self.whole.origins(self.claims[claim] if isinstance(claim, str) else claim)

    def view(self, name: ViewName | str) -> View:
        """Refuse: a view is taken of all data.

        Raises:
            ValueError: always; take the view of `whole`.
        """
        raise ValueError(f"this is the view {self.view_name} already; take the view {name!r} of its `whole`, which is all data")


def data_version(tree: Tree) -> str:
    """Give the version of the data of a tree, as its descriptor has it."""
    try:
        found = json.loads(tree.read("datasets/datapackage.json"))
    except (store.UnreadableError, ValueError):
        return "unknown"
    return str(found.get("version", "unknown")) if isinstance(found, dict) else "unknown"


_ANY_TABLE = {table.name: table for table in (*TABLES, *LEDGER)}


def _cells(types: Mapping[str, str], rows: Iterable[Sequence[str]]) -> list[dict[str, Cell]]:
    """Read the texts of rows by the types of their columns."""
    given = tuple(types.items())
    return [{name: cell_of(kind, text) for (name, kind), text in zip(given, row, strict=True)} for row in rows]


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
