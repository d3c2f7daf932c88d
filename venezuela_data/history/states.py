"""Tables of text as they are at one version, what changed from one version to another, and changes applied and reversed.

A table is its Table Schema and its rows; of the main table of a kind of record the JSON Schema of these belongs to it, too.
Rows whose key is an `id` change cell by cell; others are parts of records and only come and go as a whole. What does not fit
is an error that names the table, never a guess. Nothing here opens a file. May import `findings` and `syntax`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from ..findings import shown
from ..syntax import MAX_NUMBER_LENGTH, csv_bytes, read_json

RELEASES, CHANGES = "releases", "changes"
"""The two tables of the ledger."""
RELEASES_HEADER = ("version", "date", "schema_version", "table", "rows", "sha256")
CHANGES_HEADER = ("release", "table", "id", "op", "field", "old", "new", "cause", "note")
ADD, MOD, DEL = "ADD", "MOD", "DEL"
MODEL = "model"
"""In a row without an id: the field that stands for the JSON Schema of a table's records, and not for its Table Schema."""

Schema = Mapping[str, Any]
Row = tuple[str, ...]


class HistoryError(Exception):
    """A history contradicts itself, or a change does not fit what it is applied to."""

    def __init__(self, table: str, message: str, version: str = "") -> None:
        self.table = table
        """The table in which it shows; `releases` or `changes` where the ledger itself cannot be read."""
        self.message = message
        self.version = version
        """The version at which it shows, where it shows at one."""
        at = f" at version {shown(version)}" if version else ""
        super().__init__(f"the history of the table {shown(table)}{at}: {message}")


class UnknownReleaseError(LookupError):
    """There is no such version, or nothing was released yet on that day."""


class Published(NamedTuple):
    """What a release states of a table: how many rows it has, and the SHA-256 of its CSV file."""

    rows: int
    sha256: str


# Schemas and states ------------------------------------------------------------------------------------------------------

_NAMES_BELOW = ("properties", "$defs", "patternProperties", "dependentSchemas")
_VALUES_BELOW = ("enum", "const", "default", "examples")


def compact(schema: Schema) -> dict[str, Any]:
    """Give a Table Schema or JSON Schema without titles and descriptions; a property, field or value of that name stays."""
    return {
        key: value if key in _VALUES_BELOW else _compact_below(key, value)
        for key, value in schema.items()
        if key not in ("title", "description")
    }


def _compact_below(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _compact_below("", one) for name, one in value.items()} if key in _NAMES_BELOW else compact(value)
    return [_compact_below("", one) for one in value] if isinstance(value, (list, tuple)) else value


def json_text(value: Any) -> str:
    """Write a value as JSON in the one way in which it stands in a cell of the ledger."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def columns_of(schema: Schema) -> Row:
    return tuple(field["name"] for field in schema["fields"])


def keyed_by_id(schema: Schema) -> bool:
    """Say whether a row of the table is a record with an id of its own; else it is part of one, and only whole rows change."""
    return list(schema.get("primaryKey", ())) == ["id"]


def _owner_column(schema: Schema) -> str:
    """Give the column that names the record of a row: the first, or the second where the first names the record's table."""
    columns = columns_of(schema)
    if keyed_by_id(schema):
        return "id"
    return columns[1] if columns[0] == "table" and len(columns) > 1 else columns[0]


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)


def _order_of(kind: str, cell: str) -> tuple[int, float, str]:
    # No value comes first, numbers sort by what they are worth, and everything else, even a number that is none, by its text.
    if not cell:
        return (0, 0, "")
    if kind == "boolean" and cell in ("false", "true"):
        return (1, cell == "true", "")
    if kind in ("integer", "number") and len(cell) <= MAX_NUMBER_LENGTH and (match := _NUMBER.fullmatch(cell)):
        return (1, float(cell) if match[1] or match[2] else int(cell), cell)
    return (2, 0, cell)


@dataclass(frozen=True, slots=True)
class _Form:
    """What a Table Schema says about the form of rows."""

    columns: Row
    key: tuple[int, ...]
    """The columns by which rows are sorted, those that tell them apart first."""
    kinds: Row

    def order(self, row: Row) -> tuple[tuple[int, float, str], ...]:
        return tuple(_order_of(self.kinds[at], row[at]) for at in self.key)


def _form(schema: Schema) -> _Form:
    columns = columns_of(schema)
    told_apart = schema.get("primaryKey") or next(iter(schema.get("uniqueKeys", ())), ())
    first = [at for at, name in enumerate(columns) if name in told_apart]
    rest = [at for at, name in enumerate(columns) if name not in told_apart]
    return _Form(columns, (*first, *rest), tuple(field.get("type", "string") for field in schema["fields"]))


@dataclass(frozen=True)
class Sheet:
    """A table of one version. Make one with `sheet`, which sees to the normal form."""

    schema: Schema
    """Its Table Schema, without titles and descriptions."""
    rows: tuple[Row, ...]
    """The texts of the cells, in the order of the header and the normal order of rows; no text is no value."""
    model: Schema | None = None
    """The JSON Schema of the records of which it is the main table, without titles and descriptions."""

    @property
    def columns(self) -> Row:
        """The names of the columns."""
        return columns_of(self.schema)


def sheet(schema: Schema, rows: Iterable[Sequence[str]], model: Schema | None = None) -> Sheet:
    """Make the table of a version from its rows in any order: they are sorted, and its schemas lose titles and descriptions.

    Raises:
        ValueError: a row has more or fewer cells than the schema has fields.
    """
    schema = json.loads(json_text(compact(schema)))
    form = _form(schema)
    made = [tuple(row) for row in rows]
    if any(len(row) != len(form.columns) for row in made):
        raise ValueError(f"a row has not the {len(form.columns)} cells that the Table Schema has fields")
    told = None if model is None else json.loads(json_text(compact(model)))
    return Sheet(schema, tuple(sorted(made, key=form.order)), told)


@dataclass(frozen=True)
class State:
    """The tables of one version."""

    sheets: Mapping[str, Sheet] = field(default_factory=dict)

    def csv(self, table: str) -> bytes:
        """Give the CSV file of a table as it is published.

        Raises:
            KeyError: there is no such table in this version.
        """
        one = self.sheets[table]
        return csv_bytes([one.columns, *one.rows])

    def sha256(self, table: str) -> str:
        """Give the SHA-256 of the CSV file of a table.

        Raises:
            KeyError: there is no such table in this version.
        """
        return hashlib.sha256(self.csv(table)).hexdigest()


# Changes -----------------------------------------------------------------------------------------------------------------


class Change(NamedTuple):
    """One thing that is otherwise in a later version; a row of the ledger without its release, cause and note."""

    table: str
    id: str
    """The record; empty where a schema changes."""
    op: str
    """`ADD`, `MOD` or `DEL`."""
    field: str = ""
    """The column whose cell changes; empty where a whole row is added or taken out, or for a Table Schema."""
    old: str = ""
    new: str = ""


in_order = attrgetter("table", "id", "field", "op", "old", "new")
"""By what the changes of one release are sorted."""


def changes(old: State, new: State) -> tuple[Change, ...]:
    """Give what changed from one state to another, in normal order; nothing for states that say the same.

    Raises:
        HistoryError: two rows of a table are alike or share an id, or a row names no record.
    """
    found: list[Change] = []
    for name in old.sheets.keys() | new.sheets.keys():
        sheets = before, after = old.sheets.get(name), new.sheets.get(name)
        for schema in ("", MODEL):
            texts = [_schema_text(one, schema) for one in sheets]
            if texts[0] != texts[1]:
                op = MOD if all(texts) else ADD if texts[1] else DEL
                found.append(Change(name, "", op, schema, *texts))
        by_id = all(keyed_by_id(one.schema) for one in sheets if one)
        gone, come = (_records(name, one, by_id) if one else {} for one in sheets)
        for key, cells in gone.items():
            if key not in come:
                assert before is not None
                found.append(Change(name, cells[_owner_column(before.schema)], DEL, old=json_text(cells)))
            elif (others := come[key]) != cells:
                for column in cells.keys() | others.keys():
                    values = cells.get(column, ""), others.get(column, "")
                    if values[0] != values[1]:
                        found.append(Change(name, key, MOD, column, *values))
        for key, cells in come.items():
            if key not in gone:
                assert after is not None
                found.append(Change(name, cells[_owner_column(after.schema)], ADD, new=json_text(cells)))
    return tuple(sorted(found, key=in_order))


def reversed_changes(given: Iterable[Change]) -> tuple[Change, ...]:
    """Give the changes back from the later state to the earlier one, in normal order."""
    back = {ADD: DEL, DEL: ADD, MOD: MOD}
    return tuple(sorted((one._replace(op=back[one.op], old=one.new, new=one.old) for one in given), key=in_order))


def applied(state: State, given: Iterable[Change]) -> State:
    """Apply changes, in any order, to the state from which they were taken; the state itself is left as it is.

    Raises:
        HistoryError: a change does not fit: what it takes out or changes is not there as it says, what it adds is there
            already, a column is not in the schema, the table is unknown.
    """
    replay = Replay()
    for name, one in state.sheets.items():
        replay.tables[name] = _Table.of(name, one)
    replay.apply(given)
    return replay.state()


def _schema_text(one: Sheet | None, schema: str) -> str:
    found = None if one is None else one.model if schema == MODEL else one.schema
    return "" if found is None else json_text(found)


def _records(name: str, one: Sheet, by_id: bool) -> dict[str, dict[str, str]]:
    """Give the rows of a table as the cells that have a value, by id or else by all that they say."""
    made: dict[str, dict[str, str]] = {}
    owner = _owner_column(one.schema)
    for row in one.rows:
        cells = {column: cell for column, cell in zip(one.columns, row, strict=True) if cell}
        if owner not in cells:
            raise HistoryError(name, f"a row has no {shown(owner)}, so that it belongs to no record")
        key = cells["id"] if by_id else json_text(cells)
        if key in made:
            raise HistoryError(name, f"two rows are alike or share an id, of {shown(cells[owner])}")
        made[key] = cells
    return made


class _Table:
    """A table while changes are applied to it. Rows are kept as written, so that only what changed is written again."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.schemas = {"": "", MODEL: ""}
        self.records: dict[str, dict[str, str]] = {}
        self.schema: Schema | None = None
        self._form = _Form((), (), ())
        self._made: dict[str, tuple[Any, Row, bytes]] = {}

    @classmethod
    def of(cls, name: str, one: Sheet) -> _Table:
        made = cls(name)
        made.schemas = {which: _schema_text(one, which) for which in made.schemas}
        made.schema, made._form = one.schema, _form(one.schema)
        made.records = _records(name, one, keyed_by_id(one.schema))
        return made

    def fault(self, change: Change, message: str) -> HistoryError:
        return HistoryError(self.name, f"{change.op} of {shown(change.id or change.field or 'schema')}: {message}")

    def apply(self, given: Sequence[Change]) -> None:
        """Apply all that changes in the table: schemas first, then what goes, what changes and what comes."""
        before, columns = self.schema, self._form.columns
        for change in given:
            if not change.id:
                self._change_schema(change)
        by_id = all(keyed_by_id(one) for one in (before, self.schema) if one is not None)
        if by_id != (before is not None and keyed_by_id(before)):
            self.records = {cells["id"] if by_id else json_text(cells): cells for cells in self.records.values()}
            self._made = {}
        for op in (DEL, MOD, ADD):
            for change in given:
                if change.id and change.op == op:
                    schema = self.schema if op == ADD else before
                    if schema is None:
                        raise self.fault(change, "the table is not there")
                    self._change_row(change, by_id, schema)
        if self.schema is not None and by_id != keyed_by_id(self.schema):
            self.records = _records(self.name, Sheet(self.schema, self._rows()), not by_id)
            self._made = {}
        gone = set(columns) - set(self._form.columns)
        if gone and any(not gone.isdisjoint(cells) for cells in self.records.values()):
            raise HistoryError(self.name, "a cell is left of a column or table that is gone")

    def _change_schema(self, change: Change) -> None:
        if change.field not in self.schemas:
            raise self.fault(change, f"{shown(change.field)} is no schema")
        if self.schemas[change.field] != change.old:
            raise self.fault(change, "the schema before it is another one")
        if (change.op == ADD, change.op == DEL) != (not change.old, not change.new) or change.old == change.new:
            raise self.fault(change, "old and new do not agree with what is done")
        self.schemas[change.field] = change.new
        value = _read(change.new) if change.new else None
        if change.new and (not isinstance(value, dict) or json_text(value) != change.new):
            raise self.fault(change, "the new schema is no JSON object in its normal form")
        if not change.field:
            if value is not None and not _has_fields(value):
                raise self.fault(change, "a Table Schema has a list of named fields")
            form = _form(value) if value is not None else _Form((), (), ())
            if form != self._form:
                self._made = {}
            self.schema, self._form = value, form

    def _change_row(self, change: Change, by_id: bool, schema: Schema) -> None:
        key = change.id
        if change.op == MOD:
            if not by_id or key not in self.records:
                raise self.fault(change, "no such record is there")
            if change.field in ("", "id") or change.old == change.new:
                raise self.fault(change, "it changes nothing that may change")
            cells = dict(self.records[key])
            if cells.pop(change.field, "") != change.old:
                raise self.fault(change, f"{shown(change.field)} is not {shown(change.old)} before it")
            if change.new:
                self._expect_columns(change, (change.field,))
                cells[change.field] = change.new
            self.records[key] = cells
        else:
            text, other = (change.new, change.old) if change.op == ADD else (change.old, change.new)
            cells = _read(text)
            if other or change.field or not _is_row(cells) or json_text(cells) != text:
                raise self.fault(change, "a whole row is one object of texts in its normal form, and nothing else")
            if cells.get(_owner_column(schema)) != change.id:
                raise self.fault(change, "the row belongs to another record")
            key = key if by_id else text
            if change.op == DEL:
                if self.records.pop(key, None) != cells:
                    raise self.fault(change, "no such row is there")
            else:
                if key in self.records:
                    raise self.fault(change, "it is there already")
                self._expect_columns(change, cells)
                self.records[key] = cells
        self._made.pop(key, None)

    def _expect_columns(self, change: Change, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._form.columns:
                raise self.fault(change, f"the schema has no column {shown(name)}")

    def _row(self, cells: Mapping[str, str]) -> Row:
        return tuple(cells.get(name, "") for name in self._form.columns)

    def _rows(self) -> tuple[Row, ...]:
        return tuple(self._row(cells) for cells in self.records.values())

    def _sorted(self) -> list[tuple[Any, Row, bytes]]:
        for key, cells in self.records.items():
            if key not in self._made:
                row = self._row(cells)
                self._made[key] = self._form.order(row), row, csv_bytes([row])
        return sorted(self._made.values(), key=lambda one: one[0])

    def sheet(self) -> Sheet:
        assert self.schema is not None
        model = _read(self.schemas[MODEL]) if self.schemas[MODEL] else None
        return Sheet(self.schema, tuple(row for _, row, _ in self._sorted()), model)

    def published(self) -> Published:
        """Give the number of rows, and the hash of the table's CSV file."""
        data = csv_bytes([self._form.columns]) + b"".join(line for _, _, line in self._sorted())
        return Published(len(self.records), hashlib.sha256(data).hexdigest())


class Replay:
    """The tables of the ledger while one release after the other is applied to them."""

    def __init__(self) -> None:
        self.tables: dict[str, _Table] = {}

    def apply(self, given: Iterable[Change]) -> set[str]:
        """Apply the changes of one release, and give the names of the tables in which something changed."""
        touched = set()
        for name, group in groupby(sorted(given, key=in_order), key=lambda change: change.table):
            table = self.tables.setdefault(name, _Table(name))
            table.apply(list(group))
            touched.add(name)
            if table.schema is None:
                if table.records or table.schemas[MODEL]:
                    raise HistoryError(name, "rows or a model are left of a table that is gone")
                del self.tables[name]
        return touched

    def state(self) -> State:
        return State({name: self.tables[name].sheet() for name in sorted(self.tables)})


def _read(text: str) -> Any:
    """Read JSON from a cell; what is none is None."""
    file, _ = read_json(text.encode("utf-8", "surrogatepass"), "")
    return None if file is None else file.value


def _is_row(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(cell, str) and cell for cell in value.values())


def _has_fields(schema: Mapping[str, Any]) -> bool:
    """Say whether a Table Schema says enough about columns and keys that rows can be told apart and sorted by it."""
    fields, unique = schema.get("fields"), schema.get("uniqueKeys", [])
    if not isinstance(fields, list) or not isinstance(unique, list):
        return False
    names = [one.get("name") if isinstance(one, dict) else None for one in fields]
    keys = [schema.get("primaryKey", []), *unique]
    return (
        bool(names)
        and all(isinstance(name, str) and name for name in names)
        and len(set(names)) == len(names)
        and all(isinstance(key, list) and all(name in names for name in key) for key in keys)
    )
