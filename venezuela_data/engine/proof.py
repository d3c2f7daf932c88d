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
_RUN = 1 << 16
"""Quotes and blanks in a row that are followed from one piece into the next."""
_QUOTE = ord('"')
_NONCHARACTERS = b"\xef\xb7"
"""What the noncharacters that have a meaning here begin with in UTF-8; few others do."""
_RARE = _NONCHARACTERS[:1]
_JOINED = re.compile(rb'" +(?=")')
"""A quote, blanks and another quote."""


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
        self._skipped = skipped
        self._before_cell = (b"", b"\r", b"\n", table.dialect.delimiter.encode()[-1:])
        self.size = 0
        """All bytes."""
        self.quotes = 0
        """The quotes after the header."""
        self.ends_line = True
        """Whether the last byte is a line end."""
        self.returns = False
        """Whether there is a carriage return."""
        self.is_odd = False
        """Whether there may be a noncharacter that has a meaning here, or two cells that were read as one."""
        self._before = b""
        """The quotes and blanks at the end of what was looked at, and the character before them."""
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
                    self.is_odd = self.is_odd or self._is_odd(piece, last)
                    last = piece
        except EngineError as error:
            self._error = error
        self.ends_line = last.endswith(b"\n")

    def _is_odd(self, piece: bytes, last: bytes) -> bool:
        """Say whether a piece of the file holds what its bytes do not tell, or ends the piece before so."""
        # Looking for one byte first takes a twentieth of the time.
        if (_RARE in piece and _NONCHARACTERS in piece) or _NONCHARACTERS in last[-1:] + piece[:1]:
            return True
        # Quotes and blanks at the end of a piece may go on in the next.
        begun = len(piece) - len(piece.lstrip(b'" '))
        self._before += piece[:begun]
        if len(self._before) > _RUN or self._joins(self._before, 0) or self._joins(piece, begun):
            return True
        if begun < len(piece):
            self._before = piece[len(piece.rstrip(b'" ')) - 1 :]
        return False

    def _joins(self, piece: bytes, start: int) -> bool:
        """Say whether a quote that ends a cell may be followed by blanks and another quote.

        DuckDB makes one cell of that, without a byte left over. Quotes within a cell stand in pairs, and only behind what may
        begin a cell are pairs in doubt; so two words side by side that are in quotes are no such case.
        """
        for found in _JOINED.finditer(piece, start):
            first = found.start()
            while first and piece[first - 1] == _QUOTE:
                first -= 1
            if (found.start() - first) % 2 == 0 or piece[max(first - 1, 0) : first] in self._before_cell:
                return True
        return False

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
