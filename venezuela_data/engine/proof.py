"""Proves that what a quick reader gave is what stands in a file: by its bytes, each of which must be accounted for.

DuckDB's reader of CSV skips blank lines, drops blanks around quotes and takes extra empty cells in silence. All of these leave
bytes over. So its reading counts only where the bytes of the cells, of the delimiters and line ends between them, and of the
quotes around them are together those of the file; two quoted pieces that it makes one cell of leave none, and are looked for.
May import `lexical`, `plan`, `reading` and `verdict` beside it.
"""

from __future__ import annotations

import io
import re
import threading
from dataclasses import dataclass
from pathlib import Path

from .plan import Table
from .reading import Columns, Record, columns_of, csv_records, header_of, unpacked
from .verdict import EngineError

_HEAD = 1 << 16
"""Bytes in which the header must end."""
_PIECE = 1 << 22
"""Bytes that are counted at a time."""
_NONCHARACTERS = b"\xef\xb7"
"""What the noncharacters that have a meaning here begin with in UTF-8; few others do."""
_LONGEST_CELL = 1 << 23
"""Bytes of a cell at most; DuckDB takes fewer."""
_RARE = _NONCHARACTERS[:1]
_JOINED = re.compile(rb'" +"')
"""Maybe a quote that ends a cell, blanks, and a quote, of which DuckDB makes one cell without a byte left over."""
_CELL = rb'(?:"(?:[^"]++|"")*+"|[^"\r\n%s]*+)'
"""A cell as it must be, by the delimiter. What is matched is never given back, so that it takes linear time."""


@dataclass(frozen=True, slots=True)
class Start:
    """How a plain CSV file begins."""

    columns: Columns
    header: Record | None
    size: int
    """Bytes of the header with its line end, and of a byte order mark."""
    newline: int
    """Bytes of a line end: 1 or 2."""
    first_line: int
    """The line of the first row."""
    returns: bool = True
    """Whether there may be carriage returns; where there is none in the first bytes, the rest is held to that."""


def start_of(folder: Path, table: Table, part: int) -> Start | None:
    """Read how a file begins; nothing where that is not plain.

    Raises:
        EngineError: the file cannot be read.
    """
    with unpacked(folder, table.paths[part], table.packed[part]) as stream:
        head = stream.read(_HEAD)
    line = head.partition(b"\n")[0]
    if b"\n" not in head or b"\r" in line[:-1] or line.count(b'"') % 2:
        return None
    returns = b"\r" in head
    mark = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    newline = 2 if line.endswith(b"\r") else 1
    if not table.dialect.header:
        return Start(columns_of(table, None), None, mark, newline, 1, returns) if table.fields else None
    labels, header = header_of(csv_records(io.BytesIO(line + b"\n"), table), table)
    columns = columns_of(table, labels)
    if not columns.fields or header is None or header.faults or not labels:
        return None
    return Start(columns, header, len(line) + 1, newline, 2, returns)


class Count:
    """Counts the bytes of a file, unpacked, while something else reads it: their number, and the quotes."""

    def __init__(self, folder: Path, table: Table, part: int, skipped: int) -> None:
        self._of = (folder, table.paths[part], table.packed[part])
        self._delimiter = re.escape(table.dialect.delimiter.encode())
        self._skipped = skipped
        self.size = 0
        """All bytes."""
        self.quotes = 0
        """The quotes after the header."""
        self.ends_line = True
        """Whether the last byte is a line end."""
        self.returns = False
        """Whether there is a carriage return."""
        self.is_odd = False
        """Whether there may be a noncharacter that has a meaning here, or two quoted pieces that were read as one cell."""
        self._is_doubtful = False
        """Whether it takes a second look to know how cells are quoted."""
        self._error: EngineError | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Count:
        self._thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._stopped = reason[0] is not None
        self._thread.join()
        if self._error is not None and not self._stopped:
            raise self._error

    def _run(self) -> None:
        last = b""
        try:
            with unpacked(*self._of) as stream:
                while not self._stopped and (piece := stream.read(_PIECE)):
                    if not self.size:
                        self.quotes -= piece.count(b'"', 0, self._skipped)
                    self.size += len(piece)
                    self.quotes += piece.count(b'"')
                    self.returns = self.returns or b"\r" in piece
                    # Looking for one byte first takes a twentieth of the time.
                    if _NONCHARACTERS in last[-1:] + piece[:1] or (_RARE in piece and _NONCHARACTERS in piece):
                        self.is_odd = True
                    if not self._is_doubtful:
                        ends = last.rstrip(b" ")
                        goes_on = ends != last or piece.startswith(b" ")
                        self._is_doubtful = bool(_JOINED.search(piece)) or (goes_on and ends[-1:] in (b'"', b""))
                    last = piece
            if self._is_doubtful and not self.is_odd:
                self.is_odd = not self._is_well_quoted()
        except EngineError as error:
            self._error = error
        self.ends_line = last.endswith(b"\n")

    def _is_well_quoted(self) -> bool:
        """Say whether each quoted cell ends where its quotes do."""
        cell = _CELL % self._delimiter
        cells = re.compile(rb"(?:%s(?:%s|\r?\n))*+" % (cell, self._delimiter))
        with unpacked(*self._of) as stream:
            stream.read(self._skipped)
            rest = b""
            while not self._stopped and len(rest) <= _LONGEST_CELL and (piece := stream.read(_PIECE)):
                rest += piece
                found = cells.match(rest)
                rest = rest[found.end() if found else 0 :]
        return len(rest) <= _LONGEST_CELL and re.fullmatch(cell, rest) is not None

    def accounts_for(self, start: Start, rows: int, size: int, quotes: int) -> bool:
        """Say whether rows that were read are all that stands in the file.

        Args:
            start: how the file begins.
            rows: how many there are.
            size: the bytes of all their cells.
            quotes: the quotes within them.
        """
        told = start.size + size + rows * (len(start.columns.fields) - 1 + start.newline) + self.quotes - quotes
        if rows and not self.ends_line:
            told -= start.newline
        return not self.is_odd and (start.returns or not self.returns) and told == self.size
