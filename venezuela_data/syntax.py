"""Strict JSON, JSON Lines and CSV with places, and the one normal form in which JSON and CSV are written.

The readers take bytes and give values or findings, never an exception: what other readers pass over in silence (a repeated
key, NaN, a number out of range, half a surrogate pair, an open quote, a short row) is a finding at its line and column.
Neither recurses, so no nesting can exhaust the stack. Nothing here opens a file or knows a record. May import `findings`.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from pydantic_core import to_json

from .findings import KEPT_COLUMN, SHOWN_LINE, Finding, shown

MAX_DEPTH = 64
"""Nesting of arrays and objects at most."""
MAX_NUMBER_LENGTH = 32
"""Characters of a number at most."""
MAX_INTEGER = 2**53 - 1
"""Integers beyond this lose digits in some JSON readers (RFC 8259, section 6)."""
MAX_CELL = 256_000
"""Characters of a CSV cell at most."""
MAX_COLUMNS = 200
"""Columns of a CSV file at most."""
MAX_LINE = 1_000_000
"""Characters of a record of CSV or a line of JSON Lines at most."""
MAX_VALUES = 1_000_000
"""Values of a JSON document at most: so many take some seconds to read, and places for all of them fit into memory."""
MAX_CELLS = 5_000_000
"""Cells of a table at most."""
SMALL_DOCUMENT = 10_000
"""Values of a JSON document whose places are kept once they are known."""
MAX_FAULTS = 1000
"""Faults of one file that are found in one run: after so many, reading it further tells nobody more."""

Pointer = tuple[str | int, ...]
"""Where a node is in a JSON document: keys and indices from the root."""

RULES = {
    "text-is-utf-8": (
        "Every file is UTF-8 without a byte-order mark.\n\n"
        "Anything else would be guessed, and two readers may guess differently, so that one file says two things."
    ),
    "json-is-well-formed": (
        "Every JSON file follows RFC 8259 to the letter.\n\n"
        "Comments, trailing commas and single quotes are read by some programs and refused by others."
    ),
    "keys-are-unique": (
        "No object of a JSON file has the same key twice.\n\n"
        "Most readers keep the last value and drop the first without a word, which loses data."
    ),
    "numbers-are-in-range": (
        "Every number is finite and survives every JSON reader.\n\n"
        "NaN, Infinity and 1e999 have no meaning in JSON, and integers beyond 2^53 - 1, and more digits than a number of "
        "double precision has, are lost in many readers."
    ),
    "strings-are-unicode": (
        "Every string of a JSON file is Unicode text.\n\n"
        "Half of a surrogate pair cannot be written as UTF-8, so a program that prints it fails later and elsewhere."
    ),
    "nesting-is-bounded": (
        f"No JSON file nests deeper than {MAX_DEPTH} levels.\n\n"
        "Deeper files exhaust the stack of common readers; no record here needs more than six."
    ),
    "lines-are-json": (
        f"Every line of a JSON Lines file is one object of JSON, of at most {MAX_LINE:,} characters.\n\n"
        "An empty line, a list or a bare value is passed over by some readers and ends the file for others."
    ),
    "files-are-bounded": (
        f"A JSON document has at most {MAX_VALUES:,} values, and a table {MAX_COLUMNS} columns, {MAX_CELLS:,} cells, and "
        f"{MAX_LINE:,} characters in a line.\n\n"
        "A few megabytes of brackets or commas can take a reader gigabytes of memory and minutes of time."
    ),
    "csv-is-well-formed": (
        "Every CSV file follows RFC 4180, with one header and rows of its width.\n\n"
        "Common readers swallow the rest of a file after an open quote, drop a repeated column and fill up short rows, "
        "all without a word."
    ),
}
"""What holds for the bytes of a file, by the code of the rule."""


class TextFile:
    """A text with its path, which turns an offset into a place."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] | None = None

    def place(self, offset: int) -> tuple[int, int]:
        """Give line and column of an offset, both from 1, the column in code points."""
        if self._starts is None:
            self._starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def finding(self, offset: int, rule: str, message: str, advice: str = "") -> Finding:
        """Make a finding at an offset, with the line that stands there."""
        line, column = self.place(offset)
        start = offset - column + 1 if column <= KEPT_COLUMN else offset + SHOWN_LINE
        excerpt = self.text[start : offset + SHOWN_LINE].partition("\n")[0]
        return Finding(self.path, line, column, rule, message, advice, excerpt)


class JsonFile(TextFile):
    """A JSON document that was read without a finding: its value, and where each node of it stands."""

    def __init__(self, path: str, text: str, value: Any) -> None:
        super().__init__(path, text)
        self.value = value
        self._offsets: dict[Pointer, tuple[int, int]] | None = None

    def at(self, pointer: Pointer, rule: str, message: str, advice: str = "", *, key: bool = False) -> Finding:
        """Make a finding at a node, or at its key; where the node is missing, at the nearest node above it."""
        # Places are only worked out for files that have a finding: reading is then about twice as fast.
        offsets = self._offsets if self._offsets is not None else _offsets_of(self.text)
        if len(offsets) <= SMALL_DOCUMENT:
            self._offsets = offsets
        while pointer not in offsets:
            pointer, key = pointer[:-1], False
        value_at, key_at = offsets[pointer]
        return self.finding(key_at if key else value_at, rule, message, advice)


@lru_cache(maxsize=1)
def _offsets_of(text: str) -> dict[Pointer, tuple[int, int]]:
    """Work out where each node stands. Of large documents only the last is kept, as a hundred of them would fill the memory."""
    offsets: dict[Pointer, tuple[int, int]] = {}
    _Scanner(text, offsets).scan()
    return offsets


@dataclass(slots=True)
class CsvFile:
    """A CSV file that was read without a finding: its header, its rows, and where each cell stands."""

    source: TextFile
    header: list[str]
    rows: list[list[str]]
    starts: list[int] = field(repr=False)
    """Offset of each row."""
    delimiter: str = field(default=",", kw_only=True)

    def at(self, row: int, column: int, rule: str, message: str, advice: str = "") -> Finding:
        """Make a finding at a cell, both counted from 0; row -1 is the header."""
        offset = self.starts[row + 1]
        cell = _cell(self.delimiter)
        for _ in range(column):
            match = cell.match(self.source.text, offset)
            offset = (match.end() if match else offset) + 1
        return self.source.finding(offset, rule, message, advice)


@dataclass(slots=True)
class LinesFile:
    """A JSON Lines file that was read without a finding: its objects, and where each line starts."""

    source: TextFile
    records: list[dict[str, Any]]
    starts: list[int] = field(repr=False)

    def at(self, record: int, key: str | None, rule: str, message: str, advice: str = "") -> Finding:
        """Make a finding at the value of a key of a record, or at the record."""
        start = self.starts[record]
        offsets: dict[Pointer, tuple[int, int]] = {}
        text = self.source.text
        end = text.find("\n", start)
        _Scanner(text[start : len(text) if end < 0 else end], offsets).scan()
        inside = offsets.get(() if key is None else (key,), (0, 0))[0]
        return self.source.finding(start + inside, rule, message, advice)


def decode(data: bytes, path: str) -> tuple[str, list[Finding]]:
    """Decode bytes as UTF-8 without a byte-order mark."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8")
        at = TextFile(path, good + "\n").place(len(good))
        message = f"byte 0x{data[error.start]:02X} is not UTF-8 ({error.reason})"
        return "", [Finding(path, *at, "text-is-utf-8", message, "save the file as UTF-8")]
    if text.startswith("\ufeff"):
        return "", [
            Finding(path, 1, 1, "text-is-utf-8", "the file starts with a byte-order mark", "save it as UTF-8 without BOM")
        ]
    return text, []


def read_json(data: bytes, path: str) -> tuple[JsonFile | None, list[Finding]]:
    """Read a JSON document; the file is `None` where there is a finding."""
    text, findings = decode(data, path)
    if findings:
        return None, findings
    if _count_values(text) > MAX_VALUES:
        message = f"more than {MAX_VALUES:,} values in one document"
        return None, [Finding(path, 0, 0, "files-are-bounded", message, "split it")]
    with suppress(ValueError, RecursionError):
        return JsonFile(path, text, _read_plain(text)), []
    scanner = _Scanner(text, None)
    value = scanner.scan()
    if scanner.faults:
        place = TextFile(path, text)
        return None, [place.finding(*fault) for fault in scanner.faults]
    return JsonFile(path, text, value), []


def _read_plain(text: str) -> Any:
    """Read a JSON text in which nothing can be wrong, many times as fast as `_Scanner`; else this is a `ValueError`."""
    if "\\u" in text:
        raise ValueError("perhaps half a surrogate pair")
    value = _PLAIN_READER.decode(text)
    level: list[Any] = [[value]]
    for _ in range(MAX_DEPTH + 1):
        inner = [one for outer in level for one in (outer.values() if type(outer) is dict else outer)]
        level = [one for one in inner if type(one) is dict or type(one) is list]
        if not level:
            return value
    raise ValueError("nested too deep")


def _plain_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(made := dict(pairs)) == len(pairs):
        return made
    raise ValueError("a repeated key")


def _plain_number(lexeme: str) -> int | float:
    if len(lexeme) > 15 or not _PLAIN_NUMBER.fullmatch(lexeme):
        raise ValueError("a number that may be out of range, or none")
    return float(lexeme) if "." in lexeme else int(lexeme)


_PLAIN_NUMBER = re.compile(r"-?[0-9.]+")
_PLAIN_READER = json.JSONDecoder(
    object_pairs_hook=_plain_object, parse_int=_plain_number, parse_float=_plain_number, parse_constant=_plain_number
)


def _count_values(text: str) -> int:
    """Give a number that the values of a JSON text do not exceed, and exactly it where that is near the bound."""
    count = text.count(",") + text.count("[") + text.count("{") + 1
    if count > MAX_VALUES:
        # Now it matters that commas in strings are none.
        bare = _STRINGS.sub("", text)
        count = bare.count(",") + bare.count("[") + bare.count("{") + 1
    return count


_STRINGS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)


def read_json_lines(data: bytes, path: str) -> tuple[LinesFile | None, list[Finding]]:
    """Read a JSON Lines file, one object in each line; the file is `None` where there is a finding."""
    text, findings = decode(data, path)
    if findings:
        return None, findings
    code = "lines-are-json"
    source = TextFile(path, text)
    if text.count(",") + text.count("{") + text.count("[") > MAX_CELLS:
        return None, [Finding(path, 0, 0, "files-are-bounded", f"more than {MAX_CELLS:,} values", "split it")]
    file = LinesFile(source, [], [])
    at, number = 0, 0
    while at < len(text) and len(findings) < MAX_FAULTS:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if end - at > MAX_LINE:
            message = f"a line of {end - at} characters, more than {MAX_LINE}"
            findings.append(source.finding(at, "files-are-bounded", message, "split it"))
        elif not text[at:end].strip():
            findings.append(source.finding(at, code, "an empty line", "remove it"))
        else:
            scanner = _Scanner(text[at:end], None, lines_before=number)
            value = scanner.scan()
            findings += [source.finding(at + offset, *told) for offset, *told in scanner.faults]
            if not scanner.faults and not isinstance(value, dict):
                findings.append(source.finding(at, code, f"{shown(value)} is no object", "write one object in each line"))
            elif not scanner.faults:
                file.records.append(value)
                file.starts.append(at)
        at, number = end + 1, number + 1
    if not file.records and not findings:
        return None, [Finding(path, 1, 1, code, "the file is empty", "it needs one object at least")]
    return (None, findings) if findings else (file, [])


class _StopError(Exception):
    """The text cannot be read any further."""


_SPACE = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
# Nearly every key and string is plain, and one match of the whole is much faster than its parts.
_MEMBER = re.compile(r'"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*')
_STRING = re.compile(r'"([^"\\\x00-\x1f]*)"[ \t\n\r]*')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_TOKEN = re.compile(r"[^\s,\]}:\[{\"]{1,20}")
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS = {"true": True, "false": False, "null": None}
_NOT_FINITE = ("NaN", "Infinity", "-Infinity")


class _Scanner:
    """Reads one JSON text from left to right, with a stack of its own in place of recursion."""

    def __init__(self, text: str, offsets: dict[Pointer, tuple[int, int]] | None, lines_before: int = 0) -> None:
        self.text = text
        self.lines_before = lines_before
        self.offsets = offsets
        self.faults: list[tuple[int, str, str, str]] = []

    def scan(self) -> Any:
        try:
            return self._document()
        except _StopError:
            return None

    def _fault(self, offset: int, rule: str, message: str, advice: str = "") -> None:
        self.faults.append((offset, rule, message, advice))
        if len(self.faults) == MAX_FAULTS:
            raise _StopError

    def _stop(self, offset: int, message: str, advice: str = "") -> _StopError:
        self._fault(offset, "json-is-well-formed", message, advice)
        return _StopError()

    def _space(self, offset: int) -> int:
        return _SPACE.match(self.text, offset).end()  # type: ignore[union-attr]  # it matches nothing at all, too

    def _document(self) -> Any:
        text = self.text
        containers: list[Any] = []
        openings: list[int] = []
        path: list[str | int] = []
        at = self._space(0)
        while True:
            # A value starts here.
            start = at
            if self.offsets is not None:
                key_at = self.offsets.get(tuple(path), (start, start))[1]
                self.offsets[tuple(path)] = (start, key_at)
            opener = text[start : start + 1]
            value: Any
            if opener in ("{", "["):
                if len(containers) == MAX_DEPTH:
                    self._fault(start, "nesting-is-bounded", f"nested deeper than {MAX_DEPTH} levels", "flatten it")
                    raise _StopError
                at = self._space(start + 1)
                value = {} if opener == "{" else []
                if text[at : at + 1] == ("}" if opener == "{" else "]"):
                    at += 1
                else:
                    containers.append(value)
                    openings.append(start)
                    path.append(0)
                    if opener == "{":
                        at = self._key(at, containers[-1], path)
                    continue
            elif opener == '"':
                match = _STRING.match(text, start)
                value, at = (match.group(1), match.end()) if match else self._string(start)
            else:
                value, at = self._scalar(start)
            # A value ends here: put it where it belongs, and close whatever closes with it.
            while True:
                if text[at : at + 1] <= " ":
                    at = self._space(at)
                if not containers:
                    if at != len(text):
                        raise self._stop(at, "text after the end of the document", "remove it")
                    return value
                container = containers[-1]
                if isinstance(container, dict):
                    container[path[-1]] = value
                else:
                    container.append(value)
                mark = text[at : at + 1]
                closing = "}" if isinstance(container, dict) else "]"
                if mark == ",":
                    at = self._space(at + 1)
                    if text[at : at + 1] == closing:
                        raise self._stop(at, f"a comma stands before the closing {closing}", "remove the comma")
                    if isinstance(container, dict):
                        at = self._key(at, container, path)
                    else:
                        path[-1] = len(container)
                    break
                if mark != closing:
                    line, column = TextFile("", text).place(openings[-1])
                    opened = f"to close what opens at line {self.lines_before + line}, column {column}"
                    raise self._stop(at, f"expected a comma, or {closing} {opened}, not {self._seen(at)}")
                value = containers.pop()
                openings.pop()
                path.pop()
                at += 1

    def _key(self, at: int, container: dict[str, Any], path: list[str | int]) -> int:
        member = _MEMBER.match(self.text, at)
        if member:
            key, after = member.group(1), member.end()
        elif self.text[at : at + 1] == '"':
            key, after = self._string(at)
        else:
            raise self._stop(at, f"expected a key in double quotes, not {self._seen(at)}")
        if key in container:
            self._fault(at, "keys-are-unique", f"the key {shown(key)} stands here a second time", "keep one of the two")
        path[-1] = key
        if self.offsets is not None:
            self.offsets[tuple(path)] = (at, at)
        if member:
            return after
        after = self._space(after)
        if self.text[after : after + 1] != ":":
            raise self._stop(after, f"expected a colon after the key {shown(key)}, not {self._seen(after)}")
        return self._space(after + 1)

    def _string(self, start: int) -> tuple[str, int]:
        parts: list[str] = []
        at = start + 1
        while True:
            match = _PLAIN.match(self.text, at)
            assert match is not None
            parts.append(match.group())
            at = match.end()
            mark = self.text[at : at + 1]
            if mark == '"':
                return "".join(parts), at + 1
            if mark != "\\":
                if not mark:
                    raise self._stop(start, "the string that opens here does not end", "close it with a double quote")
                raise self._stop(at, f"the control character U+{ord(mark):04X} in a string", "write it as an escape")
            piece, at = self._escape(at)
            parts.append(piece)

    def _escape(self, at: int) -> tuple[str, int]:
        letter = self.text[at + 1 : at + 2]
        if letter in _ESCAPES:
            return _ESCAPES[letter], at + 2
        unit = self._unit(at)
        if unit is None:
            raise self._stop(at, "no escape that JSON knows", 'it knows \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX')
        after = at + 6
        if 0xD800 <= unit < 0xDC00:
            low = self._unit(after)
            if low is not None and 0xDC00 <= low < 0xE000:
                return chr(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)), after + 6
        if 0xD800 <= unit < 0xE000:
            message = f"\\u{unit:04x} is half of a surrogate pair"
            self._fault(at, "strings-are-unicode", message, "write the character itself")
            return "\ufffd", after
        return chr(unit), after

    def _unit(self, at: int) -> int | None:
        if self.text[at : at + 2] != "\\u":
            return None
        match = _HEX.match(self.text, at + 2)
        return int(match.group(), 16) if match else None

    def _scalar(self, start: int) -> tuple[Any, int]:
        match = _NUMBER.match(self.text, start)
        if match:
            token = _TOKEN.match(self.text, start)
            if token and len(token.group()) < 20 and token.end() != match.end() and token.group() != "-Infinity":
                raise self._stop(start, f"{shown(token.group())} is no number that JSON knows")
            return self._number(start, match), match.end()
        token = _TOKEN.match(self.text, start)
        word = token.group() if token else ""
        if word in _WORDS:
            return _WORDS[word], start + len(word)
        if word in _NOT_FINITE:
            self._fault(start, "numbers-are-in-range", f"{word} is no number that JSON knows", "leave the field out")
            return None, start + len(word)
        raise self._stop(start, f"expected a value, not {self._seen(start)}")

    def _number(self, start: int, match: re.Match[str]) -> int | float | None:
        lexeme = match.group()
        if len(lexeme) > MAX_NUMBER_LENGTH:
            self._fault(start, "numbers-are-in-range", f"a number of {len(lexeme)} characters", "shorten it")
            return None
        number = float(lexeme)
        if abs(number) > MAX_INTEGER:
            message = f"{lexeme} is beyond 2^53 - 1 and not exact in every JSON reader"
            self._fault(start, "numbers-are-in-range", message, "write it as text, or smaller")
            return None
        if not (match.group(1) or match.group(2)):
            return int(lexeme)
        if Decimal(lexeme) != Decimal(repr(number)):
            message = f"{lexeme} would be read and written again as {number!r}"
            self._fault(start, "numbers-are-in-range", message, "write no more digits than that, or text")
            return None
        return number

    def _seen(self, at: int) -> str:
        token = _TOKEN.match(self.text, at)
        piece = token.group() if token else self.text[at : at + 1]
        return shown(piece) if piece else "the end of the file"


# CSV ---------------------------------------------------------------------------------------------------------------------


@cache
def _cell(delimiter: str) -> re.Pattern[str]:
    return re.compile(r'"[^"]*+(?:""[^"]*+)*+"|[^"\r\n' + re.escape(delimiter) + "]*")


_QUOTED = re.compile('"[^"]*+"?')
_SPECIAL = re.compile('[",\r\n]')
_CSV = "csv-is-well-formed"


def read_csv(data: bytes, path: str, delimiter: str = ",") -> tuple[CsvFile | None, list[Finding]]:
    """Read a CSV file by RFC 4180, with LF or CRLF line ends; the file is `None` where there is a finding.

    Args:
        data: the bytes.
        path: how findings call the file.
        delimiter: the one character between cells; nothing is guessed.
    """
    text, findings = decode(data, path)
    if findings:
        return None, findings
    source = TextFile(path, text)
    bare = text if text.count(delimiter) + text.count("\n") <= MAX_CELLS else _QUOTED.sub("", text)
    if bare.count(delimiter) + bare.count("\n") > MAX_CELLS:
        return None, [Finding(path, 0, 0, "files-are-bounded", f"more than {MAX_CELLS:,} cells", "split it")]
    table = CsvFile(source, [], [], [], delimiter=delimiter)
    at = 0
    while at < len(text):
        table.starts.append(at)
        row, at, fault = _record(text, at, delimiter)
        if not fault and at - table.starts[-1] > MAX_LINE:
            message = f"a record of {at - table.starts[-1]} characters, more than {MAX_LINE}"
            fault = (table.starts[-1], "files-are-bounded", message, "shorten it")
        if fault:
            return None, [*findings, source.finding(*fault)]
        if len(table.starts) == 1:
            table.header = row
            findings += _header_faults(table)
            if len(row) > MAX_COLUMNS:
                return None, findings
            continue
        table.rows.append(row)
        if len(row) != len(table.header):
            message = f"the row has {len(row)} cells where the header has {len(table.header)}"
            findings.append(source.finding(table.starts[-1], _CSV, message, "give every row one cell for each column"))
            if len(findings) == MAX_FAULTS:
                break
    if not table.starts:
        return None, [Finding(path, 1, 1, _CSV, "the file is empty", "it needs a header row")]
    return (None, findings) if findings else (table, [])


def _header_faults(table: CsvFile) -> list[Finding]:
    header = table.header
    if len(header) > MAX_COLUMNS:
        message = f"{len(header)} columns, more than {MAX_COLUMNS}"
        return [table.at(-1, 0, "files-are-bounded", message, "split the table")]
    faults = []
    for column, name in enumerate(header):
        if not name.strip():
            faults.append(table.at(-1, column, _CSV, "a column without a name", "name it"))
        elif name in header[:column]:
            faults.append(table.at(-1, column, _CSV, f"the column {shown(name)} stands here a second time", "keep one"))
    return faults


def _record(text: str, at: int, delimiter: str) -> tuple[list[str], int, tuple[int, str, str, str] | None]:
    """Read one record: its cells, the offset after it, and what is wrong where it cannot be read."""
    row: list[str] = []
    pattern = _cell(delimiter)
    while True:
        match = pattern.match(text, at)
        assert match is not None
        cell = match.group()
        if text[at : at + 1] == '"' and not cell:
            return (
                row,
                at,
                (at, _CSV, "the quote that opens here does not close", "close it, or double a quote in a cell"),
            )
        if len(cell) > MAX_CELL:
            return row, at, (at, _CSV, f"a cell of {len(cell)} characters, more than {MAX_CELL}", "shorten it")
        if "\x00" in cell:
            return row, at, (at, _CSV, "a NUL character in a cell", "remove it")
        row.append(cell[1:-1].replace('""', '"') if cell.startswith('"') else cell)
        at = match.end()
        mark = text[at : at + 1]
        if mark == delimiter:
            at += 1
        elif not mark:
            return row, at, None
        elif mark == "\n":
            return row, at + 1, None
        elif text[at : at + 2] == "\r\n":
            return row, at + 2, None
        elif mark == "\r":
            return row, at, (at, _CSV, "a carriage return without a line feed", "end lines with LF")
        else:
            where = "after a closing quote" if cell.startswith('"') else "inside a cell without quotes"
            return row, at, (at, _CSV, f"{shown(mark)} {where}", "quote the whole cell, and double a quote inside it")


# Writing -----------------------------------------------------------------------------------------------------------------


def json_bytes(value: Any) -> bytes:
    """Write a value in the normal form of JSON: two spaces of indent, the characters themselves, one closing line feed.

    Raises:
        ValueError: a number is not finite, which JSON cannot say.
    """
    made = to_json(value, indent=2, inf_nan_mode="constants")
    if b"NaN" in made or b"Infinity" in made:
        json.dumps(value, allow_nan=False)  # The word stands in a text, or this raises the error.
    return made + b"\n"


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows, the header first, in the normal form of CSV: RFC 4180 with LF, and quotes only where they are needed."""
    # The standard writer quotes a lone carriage return in newer versions of Python only, and these bytes must not vary.
    return "".join(f"{_line(row)}\n" for row in rows).encode("utf-8")


def _line(row: Sequence[str]) -> str:
    if _SPECIAL.search("".join(row)):
        return ",".join(map(_quoted, row))
    return ",".join(row) if list(row) != [""] else '""'


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _SPECIAL.search(cell) else cell
