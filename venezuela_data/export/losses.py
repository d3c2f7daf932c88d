"""What a format cannot carry: an account of every cell, and the report of those that an export leaves out.

An exporter takes the cells that it writes from an `Account`. Whatever it did not take is listed as lost, so that nothing
vanishes in silence, and a cell without a reason is a fault of the exporter. Nothing here reads or writes a file. May import
`findings` and `tables`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from ..findings import counted, escaped
from ..tables import Cell, cell_text

SHOWN_VALUE = 80
"""Characters of a lost value that a report shows at most."""

WHOLE_ROW = "*"
"""Stands for the field of a row of which nothing is carried."""


class Tables(Protocol):
    """What an account is made of: named tables of cells, as a `Dataset` or a view of one has them."""

    @property
    def tables(self) -> list[str]:
        """The names of the tables."""

    @property
    def version(self) -> str:
        """The version of the data."""

    @property
    def view_name(self) -> str:
        """The perspective and its hash; empty for all data."""

    def table(self, name: str) -> Rows:
        """Give a table."""


class Rows(Protocol):
    """A table: its columns, and rows from column to value."""

    columns: list[str]
    description: str

    @property
    def schema(self) -> dict[str, Any]:
        """Its Table Schema."""

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        """Give the rows."""


@dataclass(frozen=True)
class Loss:
    """A cell, or a whole row, that an export does not carry as it is."""

    table: str
    record_id: str
    """The record, or the one to which the row belongs."""
    field: str
    """The column; `*` where nothing of the row is carried."""
    how: Literal["dropped", "narrowed"]
    """dropped: it is not there. narrowed: a part of it is there, or less exactly."""
    value: str
    """What is lost, cut short; of a whole row its cells."""
    reason: str
    """Why the format cannot carry it, and what stands in its place if anything does."""


class Row:
    """A row whose cells are taken one by one."""

    __slots__ = ("_cells", "_narrowed", "_taken", "owner", "table")

    def __init__(self, table: str, owner: str, cells: dict[str, Cell]) -> None:
        self.table = table
        self.owner = owner
        """The record, or the one to which the row belongs."""
        self._cells = cells
        self._taken: set[str] = set()
        self._narrowed: dict[str, str] = {}

    def peek(self, column: str) -> Cell:
        """Give a cell that is not written itself, such as one that decides where the row goes."""
        return self._cells[column]

    def take(self, column: str) -> Cell:
        """Give a cell that is written as it is, from which a reader can have the value back."""
        self._taken.add(column)
        return self._cells[column]

    def text(self, column: str) -> str:
        """Give a cell that is written as it is, as text; empty for no value."""
        return cell_text(self.take(column))

    def narrow(self, column: str, reason: str) -> Cell:
        """Give a cell of which only a part is written, and say what of it is lost."""
        self._narrowed[column] = reason
        return self._cells[column]

    def losses(self, reasons: Mapping[str, str]) -> Iterator[Loss]:
        """List what of the row was not taken, with the reasons that the format has for it."""
        left = [name for name, value in self._cells.items() if value is not None and name not in self._taken]
        if left and not self._taken and not self._narrowed:
            whole = " ".join(f"{name}={cell_text(self._cells[name])}" for name in left)
            yield self._loss(WHOLE_ROW, "dropped", whole, _reason(reasons, self.table, WHOLE_ROW))
            return
        for name in left:
            value = cell_text(self._cells[name])
            if name in self._narrowed:
                yield self._loss(name, "narrowed", value, self._narrowed[name])
            else:
                yield self._loss(name, "dropped", value, _reason(reasons, self.table, name))

    def _loss(self, field: str, how: Literal["dropped", "narrowed"], value: str, reason: str) -> Loss:
        return Loss(self.table, self.owner, field, how, value, reason)


def _reason(reasons: Mapping[str, str], table: str, field: str) -> str:
    """Find the reason for a cell: that of its column, of its table, or of every table's column of that name."""
    for name in (f"{table}.{field}", table, f"*.{field}"):
        if name in reasons:
            return reasons[name]
    raise AssertionError(f"no reason is given for the loss of {table}.{field}")


class Account:
    """All cells of a dataset, of which an exporter takes those that it writes."""

    def __init__(self, dataset: Tables) -> None:
        self.dataset = dataset
        self._rows: dict[str, list[Row]] = {}
        self._of: dict[str, dict[str, list[Row]]] = {}
        for name in dataset.tables:
            table = dataset.table(name)
            owner = "record_id" if table.columns[:2] == ["table", "record_id"] else table.columns[0]
            self._rows[name] = [Row(name, cell_text(cells[owner]), cells) for cells in table]

    def rows(self, table: str) -> list[Row]:
        """Give the rows of a table; none where the dataset has no such table."""
        return self._rows.get(table, [])

    def of(self, table: str, owner: str, kind: str | None = None) -> list[Row]:
        """Give the rows of a table that belong to a record; `kind` is its table, where rows of several kinds lie together."""
        if table not in self._of:
            found = self._of[table] = {}
            for row in self.rows(table):
                found.setdefault(row.owner, []).append(row)
        return [row for row in self._of[table].get(owner, ()) if kind is None or row.peek("table") == kind]

    def losses(self, reasons: Mapping[str, str]) -> tuple[Loss, ...]:
        """List everything that was not taken, in the order of the tables and their rows.

        Args:
            reasons: why the format cannot carry a cell, by `table.column`, `table` or `*.column`.

        Raises:
            AssertionError: a cell that has a value was not taken, and no reason is given: a fault of the exporter.
        """
        return tuple(loss for rows in self._rows.values() for row in rows for loss in row.losses(reasons))

    @property
    def cells(self) -> int:
        """How many cells have a value."""
        return sum(value is not None for rows in self._rows.values() for row in rows for value in row._cells.values())


@dataclass(frozen=True)
class LossReport:
    """What an export could not carry."""

    format: str
    version: str
    """The version of the data."""
    view: str
    """The perspective and its hash; empty for all data."""
    rows: int
    """How many rows the data have."""
    losses: tuple[Loss, ...]

    def __bool__(self) -> bool:
        """Say whether anything is lost."""
        return bool(self.losses)

    def render(self, form: str = "text") -> str:
        """Give the report as `text` (counted by table, column and reason), or whole as `json` or `jsonl`.

        Raises:
            ValueError: there is no such form.
        """
        if form == "text":
            return "".join(line + "\n" for line in self._lines())
        told = [loss.__dict__ for loss in self.losses]
        if form == "jsonl":
            return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in told)
        if form == "json":
            head = {"format": self.format, "version": self.version, "view": self.view, "rows": self.rows}
            return json.dumps({**head, "losses": told}, ensure_ascii=False, indent=1) + "\n"
        raise ValueError(f"there is no form {form!r} of a loss report: text, json or jsonl")

    def _lines(self) -> Iterator[str]:
        if not self.losses:
            yield f"{self.format}: nothing is lost: {counted(self.rows, 'row')}"
            return
        whole = sum(loss.field == WHOLE_ROW for loss in self.losses)
        cells = len(self.losses) - whole
        yield f"{self.format}: of {counted(self.rows, 'row')}, {whole:,} are left out, and of others {counted(cells, 'cell')}:"
        groups = Counter((loss.table, loss.field, loss.how, loss.reason) for loss in self.losses)
        for (table, field, how, reason), number in groups.items():
            what = f"{table}" if field == WHOLE_ROW else f"{table}.{field}"
            yield f"  {escaped(what)}: {number:,} {'rows ' if field == WHOLE_ROW else ''}{how}: {escaped(reason)}"
