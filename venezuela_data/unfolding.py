"""From the rows of tables back to the records of which they were made: the inverse of `rows_of`.

`unfolded` gives plain JSON values and judges nothing, so that the rows of an older version can be read whatever has become of
the models since; `typed` holds those values against the models of today. What is reckoned from other cells or records is left
aside. Nothing here reads or writes a file. May import `findings`, `models`, `records` and `tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from .findings import escaped, shown
from .models import Part, Record
from .records import KIND, KINDS, fields_in_order, part_of, scalar, sort_key
from .tables import TABLE, TABLES, Table, cell_of, cell_text, columns_of

Row = Mapping[str, str]
"""A row of a table: the text of each cell by the name of its column."""
Plain = dict[str, Any]
"""A record or part as plain JSON values."""


def unfolded(rows: Mapping[str, Iterable[Row]]) -> dict[str, dict[str, Plain]]:
    """Make records again from the rows of all tables.

    A column that no table has today is kept under its name, and a cell that is no value of its column's type as it stands:
    no model takes either, and `typed` says so. An object without any field leaves no trace in a row, and so is not made again.

    Args:
        rows: the rows of each table, by its name, in any order.

    Returns:
        Every record by kind and id, as `plain` gives it.

    Raises:
        ValueError: there are rows of a table that does not exist today, or of a record that is not there.
    """
    given = {name: found for name, several in rows.items() if (found := list(several))}
    for name in sorted(given.keys() - TABLE.keys()):
        raise ValueError(f"there are rows of a table {shown(name)}, which does not exist today")
    made: dict[str, dict[str, Plain]] = {kind.name: {} for kind in KINDS}
    for table in TABLES:
        if not table.field:
            model = KIND[table.kind].model
            (key,) = table.key
            read = _reader(table, model, table.key)
            by_id = {row.get(key, ""): {"id": row.get(key, ""), **read(row)} for row in given.get(table.name, ())}
            made[table.kind] = {record_id: by_id[record_id] for record_id in sorted(by_id)}
    for table in TABLES:
        if table.field:
            for (kind, record_id), items in _lists(table, given.get(table.name, ())):
                if record_id not in made.get(kind, {}):
                    raise ValueError(f"{table.name} has rows of {shown(record_id)}, which is not in {shown(kind)}")
                if (kind, table.name) == ("errata", "evidence"):  # `rows_of` puts the basis of an erratum among the evidence.
                    made[kind][record_id]["basis"] = [item.get("source_id", "") for item in items]
                else:
                    made[kind][record_id][table.field] = items
    return {
        name: {record_id: _in_order(KIND[name].model, values) for record_id, values in records.items()}
        for name, records in made.items()
    }


def typed(plain: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, dict[str, Record]]:
    """Make typed records of plain ones, such as `unfolded` gives.

    Terms are held to their form alone: of which vocabulary they are was judged when the version was released.

    Args:
        plain: every record by kind and id.

    Returns:
        Every record by kind and id, with every kind that exists today.

    Raises:
        ValueError: a record is not what its model takes today; kind, id and field are named.
    """
    for name in sorted(plain.keys() - KIND.keys()):
        raise ValueError(f"there are records of a kind {shown(name)}, which does not exist today")
    made: dict[str, dict[str, Record]] = {kind.name: {} for kind in KINDS}
    for name, records in plain.items():
        for record_id, values in records.items():
            try:
                made[name][record_id] = KIND[name].model.model_validate(values)
            except ValidationError as error:
                first = error.errors(include_url=False, include_context=False, include_input=False)[0]
                field = ".".join(map(str, first["loc"]))
                told = f"{shown(record_id)} of {name} does not fit the models of today: {shown(field)}"
                raise ValueError(f"{told}: {escaped(first['msg'], 200)}") from None
    return made


def _lists(table: Table, rows: Iterable[Row]) -> Iterator[tuple[tuple[str, str], list[Plain]]]:
    """Yield the list of each record, by its kind and id, of which the rows of a table of parts are the items."""
    owner = (table.columns[0].name,) if table.kind else ("table", "record_id")
    record = KIND[table.kind].model if table.kind else next(k.model for k in KINDS if table.field in k.model.model_fields)
    model = part_of(record, table.field)
    read = _reader(table, model, owner)
    found: dict[tuple[str, ...], list[Plain]] = {}
    for row in rows:
        found.setdefault(tuple(row.get(name, "") for name in owner), []).append(_in_order(model, read(row)))
    # A list whose order means something has a column for it, or its items are numbered in their first field, as paragraphs are.
    by = (_POSITION,) if _has_position(table) else ()
    for of, items in found.items():
        items.sort(key=lambda item: sort_key({name: item[name] for name in by or item if name in item}))
        for item in items:
            if _has_position(table):
                item.pop(_POSITION, None)
        yield ((table.kind, of[0]) if table.kind else (of[0], of[1])), items


_POSITION = "position"


def _has_position(table: Table) -> bool:
    return any(column.name == _POSITION for column in table.columns)


def _reader(table: Table, model: type[Part], owner: tuple[str, ...]) -> Callable[[Row], Plain]:
    """Give what makes the values of a record or part from a row; the columns of its owner are no values of its own."""
    known = {column.name for column in table.columns}
    places = [(column.name, column.type, _place(model, column.name)) for column in table.columns if column.name not in owner]

    def read(row: Row) -> Plain:
        made: Plain = {}
        for name, type_, place in places:
            if place and (text := row.get(name)):
                inner = made
                for step in place[:-1]:
                    inner = inner.setdefault(step, {})
                inner[place[-1]] = _value(type_, text)
        made.update((name, text) for name, text in row.items() if text and name not in known)
        return made

    return read


def _place(model: type[Part], column: str) -> tuple[str, ...]:
    """Give the path to the field that fills a column; it is empty for a column that is reckoned."""
    if column in model.model_fields or column == _POSITION:
        return (column,)
    if column in model.model_computed_fields or column not in columns_of(model):
        return ()
    name = next(name for name in model.model_fields if column.startswith(name + "_"))
    return (name, *_place(part_of(model, name), column[len(name) + 1 :]))


def _value(type_: str, text: str) -> Any:
    """Read a cell; one that is no value of its type, or not as it is written, stays the text that it is."""
    try:
        value = cell_of(type_, text)
    except (ValueError, KeyError):
        return text
    return scalar(value) if cell_text(value) == text else text


def _in_order(model: type[Part], values: Plain) -> Plain:
    """Put the fields of a record or part in their normal order, and what the model does not have after them."""
    return {**{name: values[name] for name, _ in fields_in_order(model) if name in values}, **values}
