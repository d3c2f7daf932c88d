"""A zip file as a tree: its members read into memory, each bounded, none of them ever written to a disk.

What the archive says of itself (sizes, names, counts) is checked before the first member is read, and what is read is counted,
because an archive can say anything. Whatever is odd about one is a finding and its members are not used at all. Opens the one
file that it is given, without following a link. May import `findings` and `store`.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from . import store
from .findings import Finding, shown
from .store import UnreadableError

MAX_MEMBERS = 5_000
"""Members of an archive at most."""
MAX_ARCHIVE = 200_000_000
"""Bytes of all members together at most, as they are when inflated."""
MAX_RATIO = 100
"""Bytes that one packed byte may inflate to; text seldom reaches twenty."""
SMALL = 65_536
"""Bytes below which the ratio says nothing: a short table of equal rows packs better than a long one."""

RULES = {
    "archives-are-bounded": (
        f"A zip file has at most {MAX_MEMBERS:,} members, which inflate to at most {MAX_ARCHIVE:,} bytes and "
        f"{MAX_RATIO} times their packed size.\n\n"
        "A few kilobytes can inflate to more than any memory holds, and what an archive says of its own sizes can be untrue."
    ),
    "archives-are-plain": (
        "A zip file holds plain files that are whole, each once, under plain names below its top, and nothing beside them.\n\n"
        "Two members of one name, a link, a name that leads outside or a damaged member are read differently by every program, "
        "so that one archive says two things."
    ),
}
"""What holds for zip files, by the code of the rule."""

_PLAIN = "archives-are-plain"
_BOUNDED = "archives-are-bounded"
_CHUNK = 1 << 20
_HEADER = 30
"""Bytes of a member's own header at least, before its name."""
_ENTRY = re.compile(b"PK\x01\x02")
_AGAIN = "pack the files again"


@dataclass(slots=True)
class Archive:
    """A zip file that was read: its members by path, or what is wrong with it."""

    members: dict[str, bytes] = field(default_factory=dict)
    """The bytes of each file by its path; empty where there is a finding."""
    findings: list[Finding] = field(default_factory=list)


class _RefusedError(Exception):
    """The archive cannot be used."""

    def __init__(self, rule: str, message: str, advice: str = _AGAIN) -> None:
        self.told = (rule, message, advice)
        super().__init__(message)


def read_archive(path: Path) -> Archive:
    """Read every member of a zip file into memory, or find why it is not one to be read.

    Where all members lie in one folder, paths are given from that folder on.

    Args:
        path: the zip file.

    Returns:
        The archive. Its findings carry the name of the file as their path.
    """
    name = path.name
    try:
        members = _members(store.read_named(path))
    except _RefusedError as error:
        return Archive(findings=[Finding(name[: store.MAX_PATH], 0, 0, *error.told)])
    except UnreadableError as error:
        return Archive(findings=[error.finding])
    return Archive(_from_top(members))


def _members(data: bytes) -> dict[str, bytes]:
    # The directory of an archive is read whole by the library, so its entries are counted first.
    if sum(1 for _ in _ENTRY.finditer(data)) > MAX_MEMBERS * 2:
        raise _RefusedError(_BOUNDED, f"more than {MAX_MEMBERS:,} members", "split it")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_MEMBERS:
                raise _RefusedError(_BOUNDED, f"{len(infos):,} members, more than {MAX_MEMBERS:,}", "split it")
            files = _checked(infos)
            _check_sizes(files, len(data))
            _check_bytes(data, archive, infos)
            return _inflated(archive, files)
    except _FAULTS as error:
        # The library words some faults with the names of members, which `shown` makes harmless.
        raise _RefusedError(_PLAIN, f"no whole zip file: {shown(str(error))}") from None


_FAULTS = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError),
    *(NotImplementedError, ValueError, OverflowError, RuntimeError),
)
"""What the library raises over an archive that is none."""


def _checked(infos: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Give the members that are files, after a look at everything that the directory says of each."""
    seen: dict[str, str] = {}
    files = []
    for info in infos:
        name = info.orig_filename
        mode = info.external_attr >> 16
        kind = stat.S_IFMT(mode)
        if name.endswith("/"):
            store.check_path(name[:-1])
            if info.file_size or kind not in (0, stat.S_IFDIR):
                raise _RefusedError(_PLAIN, f"{shown(name)} is a folder that holds bytes")
            continue
        store.check_path(name)
        if kind not in (0, stat.S_IFREG):
            raise _RefusedError(_PLAIN, f"{shown(name)} is a link or no regular file", "pack the file itself")
        if info.flag_bits & 0x41:
            raise _RefusedError(_PLAIN, f"{shown(name)} is encrypted", "pack it without a password")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _RefusedError(_PLAIN, f"{shown(name)} is packed by method {info.compress_type}", "pack it with deflate")
        folded = name.lower()
        if folded in seen:
            other = "a second time" if seen[folded] == name else f"beside {shown(seen[folded])}"
            raise _RefusedError(_PLAIN, f"{shown(name)} is here {other}", "give each file a name of its own")
        seen[folded] = name
        files.append(info)
    inside = next((name for name in seen if any(folder in seen for folder in _folders(name))), None)
    if inside is not None:
        raise _RefusedError(_PLAIN, f"{shown(seen[inside])} lies in what is a file itself")
    return files


def _folders(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _check_sizes(files: list[zipfile.ZipInfo], length: int) -> None:
    """Refuse what is too large by its own account; what it really is, is counted when it is read."""
    if sum(info.file_size for info in files) > MAX_ARCHIVE:
        raise _RefusedError(_BOUNDED, f"its members inflate to more than {MAX_ARCHIVE:,} bytes", "split it")
    end = 0
    for info in sorted(files, key=lambda one: one.header_offset):
        if info.header_offset < end or info.header_offset + info.compress_size > length:
            raise _RefusedError(_PLAIN, f"{shown(info.orig_filename)} overlaps with another member, or with the end")
        end = info.header_offset + _HEADER + len(info.orig_filename) + info.compress_size
        if info.file_size > store.MAX_FILE:
            raise _RefusedError(
                _BOUNDED, f"{shown(info.orig_filename)} inflates to more than {store.MAX_FILE:,} bytes", "split it"
            )
        if info.file_size > max(SMALL, info.compress_size * MAX_RATIO):
            raise _RefusedError(
                _BOUNDED, f"{shown(info.orig_filename)} inflates to more than {MAX_RATIO} times its size", _AGAIN
            )


def _check_bytes(data: bytes, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive with bytes before, between or after what belongs to it: a second archive could lie there.

    Which of two joined archives is read is up to the reader, so that one file would say two things.
    """
    end, streamed = 0, False
    for info in sorted(infos, key=lambda one: one.header_offset):
        # After a member that was packed as a stream, its sizes follow, with or without a mark and in one of two widths.
        if info.header_offset != end and not (streamed and info.header_offset - end in _SIZES_AFTER):
            raise _RefusedError(_PLAIN, f"other bytes stand before {shown(info.orig_filename)}")
        name, extra = struct.unpack_from("<HH", data, info.header_offset + _HEADER - 4)
        end = info.header_offset + _HEADER + name + extra + info.compress_size
        streamed = bool(info.flag_bits & 8)
    if archive.start_dir != end and not (streamed and archive.start_dir - end in _SIZES_AFTER):
        raise _RefusedError(_PLAIN, "other bytes stand before its list of members")
    tail = data[len(data) - _END - len(archive.comment) :]
    (size,) = struct.unpack_from("<I", tail, 12)
    gap = len(data) - len(tail) - archive.start_dir - size
    if tail[:4] != b"PK\x05\x06" or gap not in (0, _END_OF_LARGE):
        raise _RefusedError(_PLAIN, "other bytes stand after its list of members")


_SIZES_AFTER = (12, 16, 20, 24)
_END = 22
"""Bytes of the record that ends an archive, before its comment."""
_END_OF_LARGE = 76
"""Bytes of the records that come before that one in an archive with fields of 64 bits."""


def _inflated(archive: zipfile.ZipFile, files: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    members = {}
    total = 0
    for info in files:
        pieces = []
        size = 0
        with archive.open(info) as member:
            # One chunk at a time, so that a member that is larger than it says is left before it fills the memory. At its
            # end the library holds it against its checksum.
            while piece := member.read(_CHUNK):
                size += len(piece)
                total += len(piece)
                if size > info.file_size or total > MAX_ARCHIVE:
                    raise _RefusedError(_BOUNDED, f"{shown(info.orig_filename)} is larger than the archive says")
                pieces.append(piece)
        if size != info.file_size:
            raise _RefusedError(_PLAIN, f"{shown(info.orig_filename)} is shorter than the archive says")
        members[info.orig_filename] = b"".join(pieces)
    return members


def _from_top(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give the members from the one folder on that all of them lie in, if there is one and it is not a part of a package."""
    tops = {name.partition("/")[0] for name in members}
    if len(tops) == 1 and all("/" in name for name in members) and tops.isdisjoint({"datasets", "schema", "seeds"}):
        return {name.partition("/")[2]: data for name, data in members.items()}
    return dict(members)
