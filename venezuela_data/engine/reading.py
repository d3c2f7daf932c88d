"""Reads tables exactly: every record with its number, its physical line and its cells as they stand, however odd they are.

Ragged and blank rows, line breaks in quotes, byte order marks, bytes of no character and quotes that never close are all read
on, and said with the record that has them. A file is opened without following links, and must be the same at the end as at the
beginning. Holds one record at a time. May import whatever stands before `engine`, and `codes`, `lexical`, `plan`, `verdict`.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import os
import stat
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from itertools import chain
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from .codes import CSV, ENCODING, JSON, LABELS, LONG
from .lexical import MARK, MAX_SIMPLE
from .plan import Field, Table
from .verdict import EngineError

MAX_RECORD = 2_000_000
"""Characters of a record at most. Beyond it a quote that never closes would swallow whatever follows."""

_BAD = "\udcff"
"""What stands for a byte of no character while a record is read; no decoder yields it by itself."""


class Record(NamedTuple):
    """A record of a file."""

    row: int
    """Its number, the header being one."""
    line: int
    """The physical line on which it begins; 0 in a file that has no lines."""
    cells: list[str | None] | None
    """Its cells, `None` for one that is not there; `None` altogether where it could not be read at all."""
    faults: tuple[str, ...] = ()
    """The codes of what is wrong with it as a record."""


class Columns(NamedTuple):
    """What the columns of one file are: a field for each, and what is wrong with the header."""

    fields: tuple[Field, ...]
    """The field of each column; for a column that the schema does not know, one without any condition."""
    known: frozenset[str]
    """The names of the schema's fields that have a column."""
    faults: tuple[tuple[str, str], ...] = ()
    """What is wrong: the field, or the label where there is none, and the label as it stands."""


def columns_of(table: Table, labels: Sequence[str] | None) -> Columns:
    """Say which field each column of a file is.

    The rules are those of `fieldsMatch` in Data Package 2: `exact` by position, all others by name.

    Args:
        table: the resource.
        labels: the header, or nothing where the file has none.
    """
    if not labels:
        blank = (("", ""),) if labels is not None and table.fields else ()
        return Columns(table.fields, frozenset(one.name for one in table.fields), blank)
    known = {one.name: one for one in table.fields}
    match = table.match if table.schema else "subset"
    faults: list[tuple[str, str]] = []
    found: list[Field | None] = []
    if match == "exact":
        for number, label in enumerate(labels):
            field = table.fields[number] if number < len(table.fields) else None
            found.append(field)
            if field is None or label != field.name or label in labels[:number]:
                faults.append((field.name if field else label, label))
        faults += [(one.name, "") for one in table.fields[len(labels) :]]
    else:
        for number, label in enumerate(labels):
            first = label not in labels[:number]
            found.append(known.get(label) if first else None)
            if not first or not label or (label not in known and match not in ("subset", "partial")):
                faults.append((label, label))
        needed = [one for one in table.fields if one.name not in labels]
        if match in ("superset", "partial"):
            needed = [one for one in needed if one.required or one.name in table.primary]
        faults += [(one.name, "") for one in needed]
        if match == "partial" and table.fields and not any(found):
            faults.append(("", labels[0]))
    named = {one.name for one in found if one is not None}
    fields = []
    for label, field in zip(labels, found, strict=True):
        name, count = label, 2
        while field is None and name in named:
            name, count = f"{label}{count}", count + 1
        named.add(name)
        fields.append(field or Field(name))
    return Columns(tuple(fields), frozenset(one.name for one in found if one is not None), tuple(faults))


# Opening -----------------------------------------------------------------------------------------------------------------


def opened(folder: Path, path: str) -> IO[bytes]:
    """Open a regular file below a folder, one part of its path after the other, without following a link.

    Raises:
        EngineError: there is none, or it cannot be opened.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        parts = path.split("/")
        for number, part in enumerate(parts):
            kind = os.O_DIRECTORY if number < len(parts) - 1 else os.O_NONBLOCK
            inner = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | kind, dir_fd=handle)
            os.close(handle)
            handle = inner
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise EngineError(f"{path}: no regular file")
        return os.fdopen(handle, "rb")
    except OSError as error:
        os.close(handle)
        reason = "a link, which is not followed" if error.errno in _OF_LINKS else error.strerror
        raise EngineError(f"{path}: cannot be read: {reason}") from None
    except EngineError:
        os.close(handle)
        raise


_OF_LINKS = (40, 62)
"""The error numbers of a link that is not followed, on Linux and elsewhere."""


def mark_of(file: IO[bytes]) -> tuple[int, int, int, int]:
    """Give what changes when a file does."""
    told = os.fstat(file.fileno())
    return told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns


@contextmanager
def unpacked(folder: Path, path: str, packed: str) -> Iterator[IO[bytes]]:
    """Open a file and unpack it while it is read; it must not change meanwhile.

    Raises:
        EngineError: it cannot be read or unpacked, ends too early, or changes.
    """
    with opened(folder, path) as file:
        before = mark_of(file)
        try:
            yield _unpacking(file, packed)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise EngineError(f"{path}: cannot be unpacked: {error}") from None
        except OSError as error:
            raise EngineError(f"{path}: cannot be read: {error.strerror or error}") from None
        if mark_of(file) != before:
            raise EngineError(f"{path}: the file changed while it was read")


def _unpacking(file: IO[bytes], packed: str) -> IO[bytes]:
    if packed == "gz":
        return cast(IO[bytes], gzip.GzipFile(fileobj=file))
    if packed != "zst":
        return file
    try:
        import pyarrow
    except ImportError:
        from ..findings import MissingLibraryError

        raise MissingLibraryError("unpacking Zstandard", "pyarrow", "scale") from None
    # Its streams are files to Python, and raise OSError where the bytes are no Zstandard or end too early.
    stream: IO[bytes] = pyarrow.CompressedInputStream(file, "zstd")
    return stream


# CSV ---------------------------------------------------------------------------------------------------------------------


class _Marker:
    """Stands in for bytes of no character, and remembers that there were some."""

    def __init__(self) -> None:
        self.seen = False

    def __call__(self, error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        self.seen = True
        return _BAD, error.end


class _Lines:
    """The physical lines of a text, counted, with those of the record that is being read."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self.read = stream.readline
        self.number = 0
        self.held: list[str] = []
        self.size = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.read(MAX_RECORD + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.size += len(line)
        if self.size > MAX_RECORD:
            raise _EndlessError
        self.held.append(line)
        return line


class _EndlessError(Exception):
    pass


def csv_records(stream: IO[bytes], table: Table) -> Iterator[Record]:
    """Read the records of a CSV file, the header and what stands before it among them.

    Cells are what the `csv` module makes of them. A record whose quotes are wrong is read as that module reads it by default,
    and has the code of that; a record without end is the last one and has no cells.
    """
    marker = _Marker()
    codecs.register_error(f"venezuela-data-{id(marker)}", marker)
    encoding = "utf-8-sig" if table.encoding == "utf-8" else table.encoding
    text = io.TextIOWrapper(stream, encoding, errors=f"venezuela-data-{id(marker)}", newline="")
    lines = _Lines(text)
    csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD))
    dialect = table.dialect
    options: dict[str, Any] = {
        "delimiter": dialect.delimiter,
        "quotechar": dialect.quote or None,
        "quoting": csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        "escapechar": dialect.escape or None,
        "doublequote": not dialect.escape,
        "skipinitialspace": dialect.skip_initial_space,
    }
    strict = csv.reader(lines, strict=True, **options)
    row = 0
    try:
        while True:
            row += 1
            line = lines.number + 1
            lines.held.clear()
            lines.size = 0
            faults: tuple[str, ...] = ()
            try:
                cells = next(strict)
            except StopIteration:
                break
            except csv.Error:
                cells = next(csv.reader(chain(list(lines.held), lines), **options))
                faults = (CSV,)
            if marker.seen and any(_BAD in cell for cell in cells):
                cells = [cell.replace(_BAD, "\ufffd") for cell in cells]
                faults += (ENCODING,)
            yield Record(row, line, cells, faults)  # type: ignore[arg-type]  # a list of texts is one of texts or nothing
    except _EndlessError:
        yield Record(row, line, None, (CSV,))
    finally:
        if not stream.closed:  # else whoever reads has given up already
            text.detach()


def header_of(records: Iterator[Record], table: Table) -> tuple[list[str] | None, Record | None]:
    """Read up to the header: its labels, and its record; what stands before it is passed over.

    The labels are `None` where the file has no header, and empty where it has no record in its place.
    """
    if not table.dialect.header:
        return None, None
    for record in records:
        if record.row == table.dialect.header:
            return [cell or "" for cell in record.cells or ()], record
    return [], None


def content(records: Iterator[Record], table: Table) -> Iterator[Record]:
    """Leave out the records that are comments."""
    mark, rows = table.dialect.comment_char, frozenset(table.dialect.comment_rows)
    if not mark and not rows:
        yield from records
        return
    for record in records:
        is_comment = record.cells and record.cells[0] and mark and record.cells[0].startswith(mark)
        if not is_comment and record.row not in rows:
            yield record


# JSON Lines --------------------------------------------------------------------------------------------------------------


class _Number(str):
    """A number of a JSON text, as it is written there."""

    __slots__ = ()


def _refuse(word: str) -> Any:
    raise ValueError(word)


def json_records(stream: IO[bytes], table: Table) -> Iterator[Record]:
    """Read the records of a JSON Lines file: a cell for each field of the schema, written as a cell of CSV would be.

    A value of a kind that its field cannot have begins with `lexical.MARK`, so that it is no value of any type.
    """
    read = stream.readline
    row = 0
    while data := read(4 * MAX_RECORD + 1):
        row += 1
        if len(data) > 4 * MAX_RECORD:
            yield Record(row, row, None, (JSON,))
            return
        try:
            text = data.decode("utf-8" if row > 1 else "utf-8-sig")
        except UnicodeDecodeError:
            yield Record(row, row, None, (ENCODING,))
            continue
        if not text.strip():
            yield Record(row, row, [None] * len(table.fields))
            continue
        try:
            value = json.loads(text, parse_int=_Number, parse_float=_Number, parse_constant=_refuse, object_pairs_hook=_object)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            yield Record(row, row, None, (JSON,))
            continue
        known = {one.name for one in table.fields}
        faults = (LONG,) if table.schema and not value.keys() <= known else ()
        yield Record(row, row, [_cell(value.get(one.name), one) for one in table.fields], faults)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands there twice")
    return made


def _cell(value: Any, field: Field) -> str | None:
    kind, writing = field.kind, field.writing
    if value is None:
        return None
    if isinstance(value, bool):
        if kind == "boolean":
            return next(iter(writing.true if value else writing.false), MARK)
        return json.dumps(value) if kind == "any" else MARK + json.dumps(value)
    if isinstance(value, _Number):
        return _number_cell(str(value), field)
    if isinstance(value, str):
        return value
    if kind == "list" and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return writing.delimiter.join(value)
    if kind == "geopoint" and isinstance(value, list) and writing.form == "default":
        return ",".join(map(str, value))
    text = _dumped(value)
    fitting = ("any", "array") if isinstance(value, list) else ("any", "object", "geojson")
    if kind in fitting or (kind == "geopoint" and writing.form != "default"):
        return text
    return MARK + text


def _number_cell(text: str, field: Field) -> str:
    if text in field.missing or field.kind == "any":
        return text
    if field.kind == "number":
        return text.replace(".", field.writing.decimal)
    if field.kind in ("integer", "year"):
        try:
            number = Decimal(text)
        except InvalidOperation:
            return MARK + text
        if number.adjusted() < MAX_SIMPLE and number == number.to_integral_value():
            return str(int(number)).zfill(4 if field.kind == "year" else 1)
    return MARK + text


def _dumped(value: Any) -> str:
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_dumped(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_dumped, value)) + "]"
    return json.dumps(value)


# A file ------------------------------------------------------------------------------------------------------------------


class Reading(NamedTuple):
    """A file that is being read: its columns, and its records one after the other."""

    columns: Columns
    header: Record | None
    records: Iterator[Record]


@contextmanager
def reading(folder: Path, table: Table, number: int) -> Iterator[Reading]:
    """Read a file of a table exactly, unless it is Parquet, which `duck` reads.

    Args:
        folder: that of the descriptor.
        table: the resource.
        number: which of its files.

    Raises:
        EngineError: the file cannot be read, or changes.
    """
    path = table.paths[number]
    with unpacked(folder, path, table.packed[number]) as stream:
        if table.format == "jsonl":
            yield Reading(columns_of(table._replace(match="exact"), None), None, json_records(stream, table))
            return
        records = csv_records(stream, table)
        labels, header = header_of(records, table)
        columns = columns_of(table, labels)
        if labels == [] and header is None:
            columns = columns._replace(faults=(("", ""),))
        yield Reading(columns, header, content(records, table))


def header_faults(columns: Columns, header: Record | None) -> Iterator[tuple[int, int, str, str, str]]:
    """Give what is wrong with the header of a file: row, line, field, label and code."""
    row, line = (header.row, header.line) if header else (0, 0)
    for name, label in columns.faults:
        yield row, line, name, label, LABELS
    for code in header.faults if header else ():
        yield row, line, "", "", code
