"""Handing a table of typed cells over to other tools: Arrow, polars, pandas, pyarrow, and HTML for a notebook.

Each column has the type that its Table Schema gives it: string, int64, double, bool or date32. An empty cell is null and
nothing else is, so that Namibia's `NA` stays a text and whole numbers with gaps stay whole. Nothing is read, written or
guessed; each library is imported when it is asked for. May import `findings`, `models`, `records` and `tables`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .findings import MissingLibraryError, counted, escaped
from .models import Record
from .records import plain
from .tables import Cell, cell_text

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

SHOWN_ROWS = 10
"""Rows that a table in a notebook shows at most."""
SHOWN_CELL = 60
"""Characters of a cell that it shows at most."""
CAUTION = "Claims are claims of those who make them. That something is here does not say that it is so."
"""What stands under every table in a notebook."""

Types = Mapping[str, str]
"""The columns of a table in order, each with its type in Table Schema."""
Cells = Sequence[Mapping[str, Cell]]
"""The rows of a table."""


def library(name: str, what: str, extra: str) -> Any:
    """Import a library that an extra installs.

    Args:
        name: the library.
        what: what needs it, to begin a message with.
        extra: the extra of this package.

    Raises:
        MissingLibraryError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        raise MissingLibraryError(what, name.partition(".")[0], extra) from None


def arrow_schema(types: Types) -> object:
    """Give the columns as an `ArrowSchema` capsule.

    Raises:
        MissingLibraryError: nanoarrow is not installed.
    """
    return _schema(_nanoarrow(), types).__arrow_c_schema__()


def arrow_stream(types: Types, rows: Cells) -> object:
    """Give a table as an `ArrowArrayStream` capsule of one batch.

    Raises:
        MissingLibraryError: nanoarrow is not installed.
    """
    nanoarrow = _nanoarrow()
    schema = nanoarrow.c_schema(_schema(nanoarrow, types))
    columns = [_array(nanoarrow, kind, _column(kind, name, rows)) for name, kind in types.items()]
    batch = nanoarrow.c_array_from_buffers(schema, len(rows), [None], children=columns)
    stream = import_module("nanoarrow.c_array_stream").CArrayStream.from_c_arrays([batch], schema)
    return stream.__arrow_c_stream__()


def _nanoarrow() -> Any:
    return library("nanoarrow", "handing a table over as Arrow", "arrow")


def _schema(nanoarrow: Any, types: Types) -> Any:
    return nanoarrow.struct({name: _ARROW[kind](nanoarrow) for name, kind in types.items()})


_ARROW = {
    "string": lambda arrow: arrow.string(),
    "integer": lambda arrow: arrow.int64(),
    "number": lambda arrow: arrow.float64(),
    "boolean": lambda arrow: arrow.bool_(),
    "date": lambda arrow: arrow.date32(),
}
"""The Arrow type of each type of Table Schema; nanoarrow and pyarrow call them alike."""

_EPOCH = 719_163
"""The day from which Arrow counts, 1 January 1970, as Python counts days."""


def _array(nanoarrow: Any, kind: str, values: list[Any]) -> Any:
    if kind != "date":
        return nanoarrow.c_array(values, _ARROW[kind](nanoarrow))
    # nanoarrow takes no dates from Python: they are counted here, and the same bytes are then said to be days.
    days = nanoarrow.c_array([None if day is None else day.toordinal() - _EPOCH for day in values], nanoarrow.int32())
    return nanoarrow.c_array_from_buffers(nanoarrow.date32(), len(values), [days.view().buffer(0), days.view().buffer(1)])


def _column(kind: str, name: str, rows: Cells) -> list[Any]:
    # An uncertain date is a text of a type of its own, which not every library takes for a text.
    if kind == "string":
        return [None if row[name] is None else str(row[name]) for row in rows]
    return [row[name] for row in rows]


def to_arrow(types: Types, rows: Cells) -> pyarrow.Table:
    """Give a table of pyarrow.

    Raises:
        MissingLibraryError: pyarrow is not installed.
    """
    arrow = library("pyarrow", "a table of pyarrow", "parquet")
    made: pyarrow.Table = arrow.table(
        {name: arrow.array(_column(kind, name, rows), _ARROW[kind](arrow)) for name, kind in types.items()}
    )
    return made


def to_polars(types: Types, rows: Cells) -> polars.DataFrame:
    """Give a data frame of polars.

    Raises:
        MissingLibraryError: polars is not installed.
    """
    frames = library("polars", "a data frame of polars", "polars")
    schema = {name: getattr(frames, _POLARS[kind]) for name, kind in types.items()}
    made: polars.DataFrame = frames.DataFrame({name: _column(kind, name, rows) for name, kind in types.items()}, schema=schema)
    return made


_POLARS = {"string": "String", "integer": "Int64", "number": "Float64", "boolean": "Boolean", "date": "Date"}


def to_pandas(types: Types, rows: Cells) -> pandas.DataFrame:
    """Give a data frame of pandas, of types that have a null of their own: whole numbers with gaps stay whole.

    Days are `datetime64[s]`, the only type of pandas itself for them that reaches from the year 1 to 9999.

    Raises:
        MissingLibraryError: pandas is not installed.
    """
    frames = library("pandas", "a data frame of pandas", "pandas")
    columns = {name: frames.array(_column(kind, name, rows), dtype=_PANDAS[kind]) for name, kind in types.items()}
    made: pandas.DataFrame = frames.DataFrame(columns, index=frames.RangeIndex(len(rows)), columns=list(types))
    return made


_PANDAS = {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean", "date": "datetime64[s]"}


# For notebooks -----------------------------------------------------------------------------------------------------------


def html_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], more: int = 0) -> str:
    """Write a table as HTML, every text of it escaped and cut short, with a line of caution below.

    Args:
        title: what the table is.
        columns: its header; none for a table without.
        rows: the cells of the rows that are shown.
        more: how many rows there are beside them.
    """
    head = f"<thead><tr>{''.join(f'<th>{_html(name)}</th>' for name in columns)}</tr></thead>" if columns else ""
    body = "".join(f"<tr>{''.join(f'<td>{_html(cell_text(cell))}</td>' for cell in row)}</tr>" for row in rows)
    rest = f"<p>and {counted(more, 'row')} more</p>" if more else ""
    return (
        f"<div><p><strong>{_html(title, None)}</strong></p><table>{head}<tbody>{body}</tbody></table>{rest}"
        f"<p><small>{_html(CAUTION, None)}</small></p></div>"
    )


def html_of_record(record: Record) -> str:
    """Write a record as HTML: its fields one below the other, and how many parts each of its lists has."""
    rows: list[tuple[str, str]] = []
    for name, value in plain(record).items():
        if isinstance(value, list):
            rows.append((name, ", ".join(value) if value and isinstance(value[0], str) else counted(len(value), "item")))
        elif isinstance(value, dict):
            rows.append((name, ", ".join(f"{key}: {one}" for key, one in value.items())))
        else:
            rows.append((name, cell_text(value)))
    return html_table(f"{type(record).__name__} {record.id}", (), rows)


def _html(text: str, limit: int | None = SHOWN_CELL) -> str:
    from html import escape

    return escape(escaped(text, limit))


# A notebook asks an object for this by its name. The models stand far above in the order and know nothing of HTML.
Record._repr_html_ = html_of_record  # type: ignore[attr-defined]
