"""Typed tables: the records of one kind, and rows of cells as they are published.

Both hand themselves over to other tools (see `frames`), with the types that their Table Schemas give. Nothing here reads or
writes a file: what a table holds is given to it. May import whatever stands before `tabular` in the order of modules.
"""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, Self, TypeVar

from . import frames, models
from .lifecycle import Redirect, Tombstone
from .models import Record
from .records import KINDS
from .tables import TABLES, Cell

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from .search import Match

TableName = Literal[
    "actors",
    "events",
    "designations",
    "statements",
    "claims",
    "errata",
    "assessments",
    "sources",
    "source_paragraphs",
    "source_citations",
    "attributions",
    "evidence",
    "about",
    "claim_links",
    "actor_names",
    "actor_identifiers",
    "actor_roles",
    "event_participants",
    "event_links",
    "programs",
    "instruments",
    "designation_history",
    "places",
    "vocabularies",
    "vocabulary_schemes",
    "redirects",
    "tombstones",
    "releases",
    "changes",
]
"""The names of the tables, for editors and type checkers; `TABLES` and `LEDGER` are what they are."""

R = TypeVar("R", bound=Record)


class RedirectWarning(UserWarning):
    """A record was asked for by an id that is no longer used, and the one that took its place was given."""


class Tabular(ABC):
    """What every table has in common: rows, a schema, and the ways in which other tools take it.

    Any tool that takes the Arrow PyCapsule interface takes a table as it is: `polars.DataFrame(table)`, `pyarrow.table(table)`,
    `narwhals.from_arrow(table, backend=...)`; and DuckDB by the name of a variable, `duckdb.sql("from events")`.
    """

    @property
    @abstractmethod
    def rows(self) -> Rows:
        """The table as rows of cells."""

    @property
    def schema(self) -> dict[str, Any]:
        """The Table Schema: `fields` with their types, `primaryKey`, `foreignKeys`. It is a copy, which you may change."""
        return self.rows.schema

    def __arrow_c_schema__(self) -> object:
        """Give the columns as an `ArrowSchema` capsule: string, int64, double, bool and date32.

        Raises:
            MissingLibraryError: nanoarrow is not installed; the extra `arrow` installs it.
        """
        return frames.arrow_schema(self.rows.types)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the table as an `ArrowArrayStream` capsule, an empty cell as null.

        Another schema that is asked for is left to the one who asks: the types of the Table Schema are given, always.

        Raises:
            MissingLibraryError: nanoarrow is not installed; the extra `arrow` installs it.
        """
        rows = self.rows
        return frames.arrow_stream(rows.types, rows.cells)

    def to_arrow(self) -> pyarrow.Table:
        """Give a table of pyarrow: string, int64, double, bool and date32, an empty cell as null.

        Raises:
            MissingLibraryError: pyarrow is not installed.
        """
        rows = self.rows
        return frames.to_arrow(rows.types, rows.cells)

    def to_polars(self) -> polars.DataFrame:
        """Give a data frame of polars: String, Int64, Float64, Boolean and Date, an empty cell as null.

        Raises:
            MissingLibraryError: polars is not installed.
        """
        rows = self.rows
        return frames.to_polars(rows.types, rows.cells)

    def to_pandas(self) -> pandas.DataFrame:
        """Give a data frame of pandas: string, Int64, Float64, boolean and datetime64, an empty cell as missing.

        Raises:
            MissingLibraryError: pandas is not installed.
        """
        rows = self.rows
        return frames.to_pandas(rows.types, rows.cells)

    def _repr_html_(self) -> str:
        rows = self.rows
        shown = [[row[name] for name in rows.columns] for row in islice(rows, frames.SHOWN_ROWS)]
        return frames.html_table(repr(self).strip("<>"), rows.columns, shown, len(rows) - len(shown))


class Rows(Tabular):
    """A table as it is published: rows of cells, each a dictionary from column to value."""

    def __init__(
        self,
        name: str,
        description: str,
        types: Mapping[str, str],
        cells: list[dict[str, Cell]],
        schema: Callable[[], dict[str, Any]],
        path: Path | None = None,
    ) -> None:
        self.name = name
        self.description = description
        self.types = dict(types)
        """The type of each column in Table Schema: string, integer, number, boolean or date."""
        self.columns = list(types)
        self.cells = cells
        """The rows as a list."""
        self.path = path
        """The CSV file of the table; None for an earlier version or a view, which is in no file of its own."""
        self._schema = schema

    @property
    def rows(self) -> Rows:
        """The table itself."""
        return self

    @property
    def schema(self) -> dict[str, Any]:
        """The Table Schema: `fields` with their types, `primaryKey`, `foreignKeys`. It is a copy, which you may change."""
        return self._schema()

    def where(self, keep: Callable[[dict[str, Cell]], bool]) -> Rows:
        """Give the same table with only the rows that are to be kept; it is in no file of its own."""
        return Rows(self.name, self.description, self.types, [row for row in self.cells if keep(row)], self._schema)

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)

    def __getitem__(self, number: int) -> dict[str, Cell]:
        return self.cells[number]

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self)} rows of {len(self.columns)} columns>"


class Home(Protocol):
    """What a table of records asks of the data of which it is a part."""

    def records_of(self, kind: str) -> Mapping[str, Record]:
        """Give the records of one kind, by id."""

    @property
    def records(self) -> Mapping[str, Mapping[str, Record]]:
        """All records, by kind and id."""

    def table(self, name: str) -> Rows:
        """Give a table as it is published."""


class Records(Tabular, Generic[R]):
    """The records of one kind, in the order of their ids.

    Iterating gives the records; `table["some-id"]` gives one, and `table.get("some-id")` gives one or `None`. An id of a record
    that was merged into another gives that one, with a `RedirectWarning`.
    """

    def __init__(
        self,
        name: str,
        records: Mapping[str, R],
        home: Home,
        path: Path | None = None,
        ended: Mapping[str, list[Redirect | Tombstone]] | None = None,
        *,
        is_part: bool = False,
    ) -> None:
        self.name = name
        self.path = path
        """The CSV file of the table, one row for each record; None for what is in no file of its own, such as a view."""
        self._records = records
        self._home = home
        self._ended = ended or {}
        """What became of the records that are no longer used, by id."""
        self._is_part = is_part
        """Whether these are some of the records of the table, in an order of their own."""

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
        return no_such(record_id, self._records, f"{self.name} has no")

    @property
    def ids(self) -> list[str]:
        """The ids of all records, in order."""
        return list(self._records)

    @property
    def rows(self) -> Rows:
        """The rows of these records as they are published: one for each, without its parts."""
        main = next(table for table in TABLES if table.kind == self.name and not table.field)
        rows = self._home.table(main.name)
        if not self._is_part:
            return rows
        (key,) = main.key
        by_id = {row[key]: row for row in rows}
        chosen = [by_id[one] for one in self._records if one in by_id]
        return Rows(rows.name, rows.description, rows.types, chosen, lambda: rows.schema)

    def search(self, text: str) -> list[Match[R | models.Erratum]]:
        """Find the records that hold a text in their id, their names or their words, whatever its case and accents.

        A name that a document gives by mistake leads to the erratum that says so, with `erroneous` set, never to a person.

        Returns:
            The matches: exact ones first, then those that begin with the text, have it as whole words, or hold it.
        """
        from . import search

        found: list[Any] = search.matches(text, {self.name: self._records}, self._home.records_of("errata"))
        return found

    def some(self, ids: Iterable[str]) -> Self:
        """Give some of the records, in the order in which their ids are given; ids that are not there are left out."""
        chosen = {one: self._records[one] for one in ids if one in self._records}
        return type(self)(self.name, chosen, self._home, None, self._ended, is_part=True)

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self)} records>"


class Claims(Records[models.Claim]):
    """The claims: what documents assert."""

    def about(self, record: str | Record) -> Claims:
        """Give the claims that are about a record.

        Args:
            record: the record, or its id in whichever table.

        Raises:
            KeyError: there is no record with this id; the message names the close matches.
        """
        found = self.some(one.id for one in self if _is_about(one, record))
        if not found and isinstance(record, str):
            _check_known(record, self._home.records)
        return found


class Statements(Records[models.Statement]):
    """The statements: words in quotation marks."""

    def by(self, actor: str | models.Actor) -> Statements:
        """Give the statements at the end of whose chain an actor speaks.

        Args:
            actor: the actor, or its id.

        Raises:
            KeyError: there is no actor with this id; the message names the close matches.
        """
        wanted = actor if isinstance(actor, str) else actor.id
        known = self._home.records_of("actors")
        if wanted not in known:
            raise KeyError(no_such(wanted, known, "actors has no"))
        return self.some(one.id for one in self if one.speaker_id == wanted)


class Assessments(Records[models.Assessment]):
    """The assessments: what one document says about a claim or erratum of another."""

    def __call__(self, record: str | Record) -> Assessments:
        """Give what other documents say of a claim or an erratum, or of the claims and errata of another record.

        Those of another record are the claims about it and the errata that name it.

        Raises:
            KeyError: there is no record with this id; the message names the close matches.
        """
        records = self._home.records
        wanted = record if isinstance(record, str) else record.id
        _check_known(wanted, records)
        targets = {wanted}
        if wanted not in records["claims"] and wanted not in records["errata"]:
            for one in (*records["claims"].values(), *records["errata"].values()):
                if isinstance(one, models.Claim | models.Erratum) and _is_about(one, record):
                    targets.add(one.id)
        return self.some(one.id for one in self if one.target_id in targets)


def _is_about(one: models.Claim | models.Erratum, record: str | Record) -> bool:
    """Say whether a claim is about a record, or an erratum names it; an id alone may be of any table."""
    wanted = record if isinstance(record, str) else record.id
    table = None if isinstance(record, str) else kind_of(record)
    named = one.about if isinstance(one, models.Claim) else (one,)
    return any(about.record_id == wanted and table in (None, about.table) for about in named)


def _check_known(record_id: str, records: Mapping[str, Mapping[str, Record]]) -> None:
    known = [one for found in records.values() for one in found]
    if record_id not in known:
        raise KeyError(no_such(record_id, known, "there is no record"))


def kind_of(record: Record) -> str:
    """Give the kind of a record: the name of the table in which it is."""
    return next(kind.name for kind in KINDS if isinstance(record, kind.model))


def no_such(given: str, known: Collection[str], what: str) -> str:
    """Say that something is not there, with the names most like it."""
    from difflib import get_close_matches

    close = get_close_matches(str(given), list(known), n=3)
    return f"{what} {given!r}" + (f"; did you mean {' or '.join(map(repr, close))}?" if close else "")
