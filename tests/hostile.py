"""Makes hostile files: everything that a stranger could put into a pull request or a data package, by category.

`python tests/hostile.py FOLDER` writes them all, to look at or to give to other programs. Each case is a folder with what to
validate in it; beside all of them lies a file that nobody may read. Sparse files are large only by name, and nothing is longer
than a few megabytes. This module makes files and judges nothing.
"""

from __future__ import annotations

import io
import json
import os
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CANARY = "CANARY-THAT-NOBODY-MAY-READ"
"""What the file beside the cases holds. No output may repeat it."""

Make = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile folder: how to make it, what in it to validate, and whether it may be refused without a finding."""

    category: str
    name: str
    make: Make
    argument: str = "."
    unusable: bool = False
    """Whether there is nothing that could be validated, so that the answer is a complaint (exit 2) and no finding (exit 1)."""

    @property
    def id(self) -> str:
        """The name of its folder."""
        return f"{self.category}-{self.name}"


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass") + b"\n"


def files(contents: Mapping[str, bytes]) -> Make:
    """Make a folder of these files."""

    def make(folder: Path) -> None:
        for path, data in contents.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)

    return make


def package(descriptor: object, **tables: bytes) -> Make:
    """Make a data package; the names of tables have two underscores for the dot."""
    raw = descriptor if isinstance(descriptor, bytes) else as_json(descriptor)
    return files({"datapackage.json": raw, **{name.replace("__", "."): data for name, data in tables.items()}})


def resource(path: Any = "a.csv", **rest: Any) -> dict[str, Any]:
    """A descriptor with one resource."""
    return {"name": "harbor", "resources": [{"name": "a", "path": path, **rest}]}


def schema(*fields: Mapping[str, Any], **rest: Any) -> dict[str, Any]:
    return {"fields": list(fields), **rest}


def table(data: bytes, **rest: Any) -> Make:
    return package(resource(**rest), a__csv=data)


def lines(data: bytes, **rest: Any) -> Make:
    return package(resource("a.jsonl", **rest), a__jsonl=data)


# Seeds -------------------------------------------------------------------------------------------------------------------

SOURCE = {
    "$schema": "../../../schema/source.schema.json",
    "id": "harbor-gazette-2031",
    "kind": "newspaper",
    "title": "New pier opens",
    "publisher": "Harbor Gazette",
    "language": "en",
    "access": "consulted",
    "rights": "An invented document.",
    "status": "active",
}
ACTOR = {
    "$schema": "../../schema/actor.schema.json",
    "id": "mayor-of-port-example",
    "kind": "person",
    "name": "Mayor of Port Example",
    "description": "The invented mayor of an invented town.",
    "existence": "established",
    "evidence": [{"source_id": "harbor-gazette-2031"}],
    "status": "active",
}
SOURCE_FILE = "seeds/sources/harbor-gazette-2031/source.json"
ACTOR_FILE = "seeds/actors/mayor-of-port-example.json"


def seeds(actor: object = ACTOR, source: object = SOURCE, **others: bytes) -> Make:
    """Make a tree of seeds with one document and one actor; the names of others have two underscores for the dot."""
    made = {SOURCE_FILE: source, ACTOR_FILE: actor}
    tree = {
        path: one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"
        for path, one in made.items()
    }
    return files({**tree, **{f"seeds/{name.replace('__', '.')}": data for name, data in others.items()}})


# Archives ----------------------------------------------------------------------------------------------------------------

Member = tuple[zipfile.ZipInfo | str, bytes]
PACKED: tuple[Member, ...] = (("datapackage.json", as_json(resource())), ("a.csv", b"id\n1\n"))


def zipped(*members: Member, whole: bool = True) -> bytes:
    """Pack members, after a sound package unless told otherwise."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (*(PACKED if whole else ()), *members):
            archive.writestr(name, data)
    return packed.getvalue()


def info(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo("x", (1980, 1, 1, 0, 0, 0))
    made.filename = made.orig_filename = name
    made.create_system = 3
    made.external_attr = mode << 16
    return made


def archive(data: bytes) -> Make:
    return files({"x.zip": data})


def patched(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    assert len(old) == len(new)
    return data.replace(old, new)


def encrypted() -> bytes:
    """Give an archive whose members are marked as encrypted, in both of their headers."""
    data = bytearray(zipped())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def lying(size: int) -> bytes:
    """Give an archive whose last member is said to have another size than it has."""
    data = bytearray(zipped(("b.csv", b"id\n" + b"1\n" * 50_000)))
    struct.pack_into("<I", data, data.rfind(b"PK\x01\x02") + 24, size)
    return bytes(data)


def overlapping() -> bytes:
    """Give an archive with a hundred names for one and the same piece of packed data."""
    raw = b"id\n" + b"".join(b"%d\n" % (number * number) for number in range(10_000))
    body = zlib.compress(raw)[2:-4]
    told = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, zlib.crc32(raw), len(body), len(raw))
    local = b"PK\x03\x04" + told + struct.pack("<HH", 5, 0) + b"a.csv" + body
    names = [f"a{number:03}.csv".encode() for number in range(100)]
    entries = b"".join(
        b"PK\x01\x02" + b"\x14\x03" + told + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0o100644 << 16, 0) + name
        for name in names
    )
    return local + entries + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 100, 100, len(entries), len(local), 0)


def gapped() -> bytes:
    """Give an archive with bytes between its last member and its list of members, which says where it is itself."""
    data = zipped()
    at = data.find(b"PK\x01\x02")
    made = bytearray(data[:at] + b"x" * 50 + data[at:])
    struct.pack_into("<I", made, len(made) - 6, at + 50)
    return bytes(made)


ZIPS: dict[str, bytes] = {
    "parent": zipped((info("../outside.csv"), b"x")),
    "parent-inside": zipped((info("data/../../outside.csv"), b"x")),
    "absolute": zipped((info("/etc/outside.csv"), b"x")),
    "backslash": zipped((info("..\\outside.csv"), b"x")),
    "drive": zipped((info("C:/outside.csv"), b"x")),
    "unc": zipped((info("//host/share.csv"), b"x")),
    "twice": patched(zipped((info("b.csv"), b"x")), b"b.csv", b"a.csv"),
    "equal-but-for-case": zipped((info("A.CSV"), b"x")),
    "file-as-folder": zipped((info("a.csv/b.csv"), b"x")),
    "folder-with-bytes": zipped((info("folder/", 0o40755), b"x")),
    "symbolic-link": zipped((info("link.csv", 0o120777), b"../secret.txt")),
    "pipe": zipped((info("pipe.csv", 0o010644), b"")),
    "device": zipped((info("zero.csv", 0o020644), b"")),
    "escape-in-name": zipped((info("\x1b[2Jx.csv"), b"x")),
    "line-in-name": zipped((info("x\n::error::PWNED.csv"), b"x")),
    "nul-in-name": patched(zipped((info("aXb.csv"), b"x")), b"aXb.csv", b"a\0b.csv"),
    "name-that-no-file-has": zipped((info("é.csv"), b"x")),
    "bidi-in-name": zipped((info("\u202evsc.a"), b"x")),
    "hidden": zipped((info(".git/config"), b"x")),
    "long-name": zipped((info("a/" * 150 + "b.csv"), b"x")),
    "bomb": zipped(("b.csv", b"id\n" + b"1\n" * 5_000_000)),
    "bomb-of-zeros": zipped(("b.csv", b"\0" * 20_000_000)),
    "many-members": zipped(*((f"m{number}.csv", b"") for number in range(5_001))),
    "lies-small": lying(10),
    "lies-large": lying(4_000_000_000),
    "overlap": overlapping(),
    "encrypted": encrypted(),
    "damaged": zipped()[:40] + b"\xff\xff\xff" + zipped()[43:],
    "wrong-checksum": patched(zipped(), struct.pack("<I", zlib.crc32(b"id\n1\n")), b"\0\0\0\0"),
    "cut-short": zipped()[:-10],
    "empty": b"",
    "two-joined": zipped() + zipped(),
    "bytes-before": b"x" * 100 + zipped(),
    "bytes-after": zipped() + b"x" * 100,
    "bytes-between": gapped(),
    "no-zip": b"PK\x03\x04 and nothing else",
    "other-name-inside": patched(zipped()[:200], b"a.csv", b"b.csv") + zipped()[200:],
    "zip-in-zip": zipped(("datapackage.json", as_json(resource("b.zip", format="csv"))), ("b.zip", zipped()), whole=False),
    "bad-package": zipped(("datapackage.json", as_json(resource("../a.csv"))), whole=False),
}


def zip_cases() -> Iterator[Case]:
    for name, data in ZIPS.items():
        yield Case("zip", name, archive(data), "x.zip")
    yield Case("zip", "nothing-of-use", archive(zipped(("readme.txt", b"x"), whole=False)), "x.zip", unusable=True)
    lzma = io.BytesIO()
    with zipfile.ZipFile(lzma, "w", zipfile.ZIP_LZMA) as packed:
        for path, data in PACKED:
            packed.writestr(path, data)
    yield Case("zip", "other-method", archive(lzma.getvalue()), "x.zip")
    yield Case("zip", "sparse", sparse("x.zip"), "x.zip")
    yield Case("zip", "link-to-archive", linked("x.zip", zipped()), "x.zip")


# Bytes -------------------------------------------------------------------------------------------------------------------

JSONS: dict[str, bytes] = {
    "empty": b"",
    "nul": b"\0",
    "bom": b"\xef\xbb\xbf" + as_json(resource()),
    "utf-16": as_json(resource()).decode().encode("utf-16"),
    "utf-32": as_json(resource()).decode().encode("utf-32"),
    "utf-7": b'{"name": "+AHg-", "resources": "+AFs-"}',
    "latin-1": '{"name": "año"}'.encode("latin-1"),
    "overlong": b'{"name": "\xc0\xaf"}',
    "surrogate-bytes": b'{"name": "\xed\xa0\x80"}',
    "half-a-pair": b'{"name": "\\ud800", "resources": []}',
    "key-twice": b'{"name": "a", "resources": [], "resources": [{"path": "../x"}]}',
    "key-twice-escaped": b'{"name": "a", "n\\u0061me": "b", "resources": []}',
    "nan": b'{"name": NaN, "resources": [Infinity, -Infinity]}',
    "comment": b'{"name": "a" /* x */}',
    "trailing-comma": b'{"name": "a",}',
    "single-quotes": b"{'name': 'a'}",
    "two-documents": b"{}{}",
    "open-string": b'{"name": "a',
    "open-string-of-a-megabyte": b'{"name": "' + b"a" * 1_000_000,
    "control-in-string": b'{"name": "a\x1b[2J"}',
    "control-as-key": b'{"\\u001b[2J\\r\\n::error::PWNED": 1}',
    "not-an-object": b"[]",
    "null": b"null",
    "string": b'"datapackage"',
    "proto": b'{"__proto__": {"path": "../x"}, "constructor": 1}',
    "yaml": b"name: !!python/object/apply:os.system ['id']\n",
    "xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
}
DEEP: dict[str, bytes] = {
    "lists": b"[" * 200_000,
    "objects": b'{"a":' * 200_000,
    "closed": b"[" * 100_000 + b"]" * 100_000,
    "in-a-descriptor": as_json(resource()).replace(b'"harbor"', b'{"a":' * 100 + b"1" + b"}" * 100),
    "sixty-five": b"[" * 65 + b"]" * 65,
}
NUMBERS: dict[str, bytes] = {
    "digits": b'{"name": ' + b"9" * 100_000 + b"}",
    "exponent": b'{"name": 1e999999999}',
    "infinity-by-exponent": b'{"name": 1e400, "resources": [-1e400]}',
    "beyond-2-53": b'{"name": 9007199254740993}',
    "leading-zero": b'{"name": 0123}',
    "hexadecimal": b'{"name": 0x10}',
    "plus": b'{"name": +1}',
    "too-small": b'{"name": 1e-400}',
    "more-digits-than-are-kept": b'{"name": 10.123456789012345678901}',
    "arabic-digits": '{"name": ٣}'.encode(),
    "fraction": b'{"name": 0.' + b"1" * 1_000 + b"}",
    "bytes-in-the-descriptor": as_json(resource(bytes=-1, hash=5)),
}


def quoted(cell: str) -> bytes:
    return ('"' + cell.replace('"', '""') + '"').encode("utf-8", "surrogatepass")


CSVS: dict[str, bytes] = {
    "empty": b"",
    "open-quote": b'id,name\n1,"a\n' + b"2,b\n" * 100_000,
    "quote-inside": b'id,name\n1,a"b\n',
    "text-after-quote": b'id,name\n1,"a"b\n',
    "short-row": b"id,name\n1\n",
    "long-row": b"id,name\n1,2,3\n",
    "all-rows-short": b"id,name\n" + b"1\n" * 20_000,
    "header-twice": b"id,id\n1,2\n",
    "header-empty": b"id,\n1,2\n",
    "header-of-spaces": b"id,\xc2\xa0\n1,2\n",
    "cr-only": b"id,name\r1,2\r",
    "nul": b"id,name\n1,a\x00b\n",
    "bom": b"\xef\xbb\xbfid\n1\n",
    "utf-16": "id\n1\n".encode("utf-16"),
    "latin-1": "id,name\n1,año\n".encode("latin-1"),
    "wide": b",".join(b"c%d" % number for number in range(10_000)) + b"\n" + b",".join([b"x"] * 10_000) + b"\n",
    "huge-cell": b"id\n" + b"x" * 300_000 + b"\n",
    "huge-record": b",".join(b"c%d" % n for n in range(100)) + b"\n" + b",".join([b"x" * 20_000] * 100) + b"\n",
    "commas": b"," * 6_000_000,
    "line-feeds": b"\n" * 6_000_000,
    "quotes": b'"' * 2_000_001,
    "semicolons-for-sniffers": b"a\n" + quoted("," * 100_000 + ";") + b"\n1,2\n",
    "is-a-zip": zipped(),
    "is-a-gzip": b"\x1f\x8b\x08" + b"\0" * 100,
}
TABS: dict[str, bytes] = {
    "open-quote": b'a\tb\n1\t"x\n2\ty\n',
    "nul": b"a\tb\n1\t2\x00\n",
    "bom": b"\xef\xbb\xbfa\tb\n1\t2\n",
    "latin-1": "a\tb\n1\ta\u00f1o\n".encode("latin-1"),
    "short-row": b"a\tb\n1\n",
    "formula": b"a\tb\n1\t=cmd|x\n",
    "wide": b"\t".join(b"c%d" % number for number in range(30_000)) + b"\n",
}
DIALECTS: dict[str, Any] = {
    "no-header": {"header": False},
    "later-header": {"headerRows": [2]},
    "comments": {"commentChar": "#"},
    "escapes": {"escapeChar": "\\"},
    "other-quote": {"quoteChar": "'"},
    "no-quote": {"quoteChar": None},
    "single-quote": {"doubleQuote": False},
    "spaces-skipped": {"skipInitialSpace": True},
    "null": {"nullSequence": "\\N"},
    "long-delimiter": {"delimiter": "::"},
    "letter-as-delimiter": {"delimiter": "a"},
    "quote-as-delimiter": {"delimiter": '"'},
    "line-feed-as-delimiter": {"delimiter": "\n"},
    "number-as-delimiter": {"delimiter": 5},
    "of-frictionless": {"csv": {"delimiter": ";"}},
    "of-a-spreadsheet": {"sheetName": "x"},
    "a-list": [5],
    "a-number": 5,
}
ODD_CELLS: dict[str, tuple[str, ...]] = {
    "integer": ("integer", "1_000", " 5", "5 ", "+5", "007", "\u0663"),
    "number": ("number", "1_0.5", "+1.5", " 1.5", "01.5", ".5", "5.", "Infinity", "nan"),
    "date": ("date", "2010-1-1", "2010-01-1", "\u0662010-01-01"),
    "datetime": ("datetime", "2010-01-01 10:00:00", "2010-W01-1T10:00:00"),
    "yearmonth": ("yearmonth", "2010-1", " 2010-01"),
    "year": ("year", "+2010", "2_010"),
}
LINES: dict[str, bytes] = {
    "empty": b"",
    "empty-line": b'{"a": 1}\n\n{"a": 2}\n',
    "list": b'{"a": 1}\n[1]\n',
    "bare-value": b'{"a": 1}\n5\n',
    "two-in-a-line": b'{"a": 1} {"a": 2}\n',
    "over-two-lines": b'{"a":\n1}\n',
    "key-twice": b'{"a": 1, "a": 2}\n',
    "nan": b'{"a": NaN}\n',
    "deep": b'{"a": ' + b"[" * 100_000 + b"\n",
    "long-line": b'{"a": "' + b"x" * 1_100_000 + b'"}\n',
    "record-separators": b'\x1e{"a": 1}\n',
    "line-separator": '{"a": 1}\u2028{"a": 2}\n'.encode(),
    "cr-only": b'{"a": 1}\r{"a": 2}\r',
    "bom": b'\xef\xbb\xbf{"a": 1}\n',
    "half-a-pair": b'{"a": "\\udc00"}\n',
    "many-keys": as_json({f"k{number}": number for number in range(300)}).replace(b"\n", b"") + b"\n",
    "all-bad": b"x\n" * 50_000,
    "formula": b'{"a": "=1+1"}\n',
}


def byte_cases() -> Iterator[Case]:
    for category, raws in (("json", JSONS), ("deep", DEEP), ("numbers", NUMBERS)):
        for name, data in raws.items():
            yield Case(category, name, package(data, a__csv=b"id\n1\n"))
            if category != "json":
                yield Case(category, f"{name}-as-a-seed", seeds(actor=data))
    for name, data in CSVS.items():
        yield Case("csv", name, table(data))
    for name, data in LINES.items():
        yield Case("jsonl", name, lines(data))
    columns = schema({"name": "a", "type": "integer"}, {"name": "b", "type": "string"})
    for name, data in {
        "wrong-type": b'{"a": "x", "b": "y"}\n',
        "number-as-string": b'{"a": 1, "b": 2}\n',
        "unknown-key": b'{"a": 1, "c": "y"}\n',
        "object-as-string": b'{"a": 1, "b": {"c": 1}}\n',
    }.items():
        yield Case("jsonl", name, lines(data, schema=columns))
    for name, data in TABS.items():
        yield Case("tsv", name, package(resource("a.tsv"), a__tsv=data))
        yield Case("tsv", f"{name}-by-semicolons", table(data.replace(b"\t", b";"), dialect={"delimiter": ";"}))
    for encoding in ("utf-16", "utf-7", "idna"):
        yield Case("tsv", f"in-{encoding}", package(resource("a.tsv", encoding=encoding), a__tsv=b"a\tb\n1\t+AD0-1\n"))
    for name, value in DIALECTS.items():
        yield Case("dialect", name, table(b"id,name\n1,a\n", dialect=value))
    yield Case("dialect", "in-a-file", package(resource(dialect="d.json"), a__csv=b'a,b\n1,"x\n2,y\n', d__json=b"{}"))
    two = [{"name": "a", "path": "a.csv"}, {"name": "b", "path": "a.csv", "dialect": {"delimiter": ";"}}]
    yield Case("dialect", "two-for-one-file", package({"name": "harbor", "resources": two}, a__csv=b"a;b\n1;2\n"))
    for name, cells in ODD_CELLS.items():
        kind, *rest = cells
        for number, cell in enumerate(rest):
            column = schema({"name": "id", "type": kind})
            yield Case("cells", f"{name}-{number}", table(b"id\n" + quoted(cell) + b"\n", schema=column))
    dashes = schema({"name": "id", "type": "integer", "bareNumber": False})
    yield Case("cells", "dashes-without-end", table(b"id\n1" + b"-" * 200_000 + b"\n", schema=dashes))
    yield Case("csv", "binary", table(bytes(range(256)) * 100))
    yield Case("csv", "other-encoding", table(b"id\n1\n", encoding="utf-7"))
    yield Case("csv", "encoding-that-runs", table(b"id\n1\n", encoding="unicode_escape"))
    yield Case("json", "values-by-the-million", package(b"[" + b"0," * 2_000_000 + b"0]"))
    yield Case("json", "objects-by-the-million", package(b"[" + b'{"a":0},' * 1_000_000 + b"{}]"))


# Places ------------------------------------------------------------------------------------------------------------------


def sparse(name: str, around: Make | None = None) -> Make:
    """Make a file of 64 GB that takes no room."""

    def make(folder: Path) -> None:
        if around is not None:
            around(folder)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("wb") as file:
            file.truncate(64 << 30)

    return make


def piped(name: str, around: Make) -> Make:
    def make(folder: Path) -> None:
        around(folder)
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)

    return make


def linked(name: str, data: bytes | None = None, to: str = "../secret.txt", around: Make | None = None) -> Make:
    """Make a link out of the folder, to the secret or to a file made for it."""

    def make(folder: Path) -> None:
        if around is not None:
            around(folder)
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_file():
            target.unlink()
        if data is not None:
            (folder / "real").write_bytes(data)
        target.symlink_to("real" if data is not None else to)

    return make


PATHS = {
    "parent": "../secret.txt",
    "parent-inside": "data/../../secret.txt",
    "absolute": "/etc/passwd",
    "home": "~/secret.txt",
    "variable": "$HOME/secret.txt",
    "percent": "%2e%2e/secret.txt",
    "backslash": "..\\secret.txt",
    "drive": "C:secret.txt",
    "unc": "\\\\host\\secret.txt",
    "two-slashes": "//localhost/secret.txt",
    "http": "http://127.0.0.1:9/a.csv",
    "upper-case-scheme": "HTTP://127.0.0.1:9/a.csv",
    "decimal-address": "http://2130706433:9/a.csv",
    "credentials": "ftp://a:b@127.0.0.1:9/a.csv",
    "file-scheme": "file:///etc/passwd",
    "s3": "s3://bucket/a.csv",
    "device": "/dev/zero",
    "proc": "/proc/self/environ",
    "nul": "a\0.csv",
    "line": "a\n::error::PWNED.csv",
    "escape": "\x1b[2J.csv",
    "bidi": "\u202evsc.a",
    "long": "a" * 100_000,
    "many-folders": "a/" * 10_000 + "b.csv",
    "empty": "",
    "dot": ".",
    "a-number": 5,
    "nothing": None,
    "an-object": {"path": "a.csv"},
    "a-list-with-an-address": ["a.csv", "http://127.0.0.1:9/a.csv"],
    "not-there": "none.csv",
}


def place_cases() -> Iterator[Case]:
    for name, path in PATHS.items():
        yield Case("paths", name, package(resource(path), a__csv=b"id\n1\n"))
    for key, value in {
        "schema": "http://127.0.0.1:9/s.json",
        "dialect": "http://127.0.0.1:9/d.json",
        "profile": "http://127.0.0.1:9/p.json",
        "extrapaths": ["http://127.0.0.1:9/a.csv"],
        "compression": "zip",
        "innerpath": "../x",
        "scheme": "http",
        "control": {"newline": ""},
    }.items():
        yield Case("paths", f"by-{key}", table(b"id\n1\n", **{key: value}))
    yield Case("paths", "by-reference", table(b"id\n1\n", schema={"$ref": "http://127.0.0.1:9/s.json"}))
    yield Case("paths", "gzip-as-a-table", package(resource("a.csv.gz", format="csv", schema=schema({"name": "id"}))))
    sound = table(b"id\n1\n")
    yield Case("links", "table", linked("a.csv", around=sound))
    yield Case("links", "descriptor", linked("datapackage.json"))
    yield Case("links", "descriptor-within", linked("datapackage.json", as_json(resource()), around=sound))
    yield Case("links", "folder", linked("data", to="..", around=package(resource("data/secret.txt", format="csv"))))
    yield Case("links", "loop", linked("a.csv", to="a.csv", around=sound))
    yield Case("links", "device", linked("a.csv", to="/dev/zero", around=sound))
    yield Case("links", "schema", linked("s.json", around=table(b"id\n1\n", schema="s.json")))
    yield Case("links", "seed", linked(ACTOR_FILE, to="../../../secret.txt", around=seeds()))
    yield Case("links", "folder-of-seeds", linked("seeds/events", to="../..", around=seeds()))
    yield Case("links", "vocabularies", linked("seeds/vocabularies", to="../..", around=seeds()))
    yield Case("pipes", "table", piped("a.csv", sound))
    yield Case("pipes", "descriptor", piped("datapackage.json", sound), unusable=True)
    yield Case("pipes", "seed", piped(ACTOR_FILE, seeds()))
    yield Case("pipes", "schema", piped("s.json", table(b"id\n1\n", schema="s.json")))
    yield Case("sparse", "table", sparse("a.csv", sound))
    yield Case("sparse", "descriptor", sparse("datapackage.json"))
    yield Case("sparse", "seed", sparse(ACTOR_FILE, seeds()))


# Text --------------------------------------------------------------------------------------------------------------------

CELLS = {
    "bidi": "\u202eevil\u2066\u2069",
    "escape": "a\x1b[2Jb",
    "c1": "\u009b2Jb",
    "zero-width": "Ma\u200bduro",
    "joiner": "Ma\u200dduro",
    "soft-hyphen": "Ma\u00adduro",
    "line-separator": "a\u2028::error::PWNED",
    "next-line": "a\u0085b",
}
HIDDEN = {
    "variation-selector": "Mayor\ufe0f of Port",
    "hangul-filler": "Mayor\u3164of Port",
    "half-width-filler": "Mayor\uffa0of Port",
    "jamo-filler": "Mayor\u115fof Port",
    "tags": "Mayor\U000e0041\U000e0042 of Port",
    "selector-supplement": "Mayor\U000e0100 of Port",
    "grapheme-joiner": "May\u034for of Port",
    "mongolian-separator": "Mayor\u180eof Port",
    "shaping": "Mayor\u206a of Port",
    "annotation": "Mayor\ufff9 of Port",
    "braille-blank": "Mayor\u2800 of Port",
    "private": "Mayor\ue000 of Port",
    "private-beyond": "Mayor\U00100000 of Port",
    "no-character": "Mayor\ufffe of Port",
    "no-character-beyond": "Mayor\U0002ffff of Port",
    "arabic-number-sign": "Mayor\u0600 of Port",
    "hieroglyph-joiner": "Mayor\U00013430 of Port",
    "null-notehead": "Mayor\U0001d159 of Port",
    "musical": "Mayor\U0001d173 of Port",
}
CONFUSABLE = {
    "cyrillic-in-latin": "Mаyor of Port",
    "greek-in-latin": "Mayοr of Port",
    "armenian-in-latin": "Mayոr of Port",
    "cherokee-in-latin": "Ꮇayor of Port",
    "latin-in-cyrillic": "Мэp of Port",
    "whole-word": "Mayor of Роrt Сора",
    "mathematical": "𝐌ayor of Port",
    "full-width": "Ｍayor of Port",
    "roman-numeral": "Ⅿayor of Port",
    "ligature": "Oﬃcer of Port",
    "decomposed": "Alcaldi\u0301a of Port",
}
MARKUP = {
    "rich": "[/foo][red]x[/red]",
    "rich-link": "[link=http://127.0.0.1]x[/link]",
    "html": "<script>alert(1)</script>",
    "markdown": "](http://127.0.0.1) ![x](http://127.0.0.1/y.png) `x` | y",
    "xml": "]]><x/>&amp;&#0;",
    "percent": "%s %n %(x)s {0} {x.__class__}",
    "template": "{{ 7*7 }} {% x %} ${{ secrets.X }}",
}
COMMANDS = {
    "error": "::error file=README.md,line=1::PWNED",
    "indented": "   ::set-env name=PWNED::x",
    "mask": "::add-mask::PWNED",
    "stop": "::stop-commands::PWNED",
    "old-form": "a ##[error]PWNED",
    "percent": "%0A::error::PWNED",
    "upper-case": "::ERROR::PWNED",
}
FORMULAS = {
    "equals": "=1+1",
    "hyperlink": '=HYPERLINK("http://127.0.0.1:9/"&A1)',
    "command": "=cmd|' /C calc'!A0",
    "plus": "+A1+cmd",
    "minus": "-A1+cmd",
    "at": "@SUM(1)",
    "tab": "\t=1",
    "full-width": "＝1+1",
    "after-semicolon": "a;=1+1",
    "after-line": "a\n=1+1",
}


def text_cases() -> Iterator[Case]:
    for name, text in CELLS.items():
        yield Case("bidi", f"{name}-in-a-name", seeds({**ACTOR, "name": text}))
        yield Case(
            "bidi",
            f"{name}-in-a-bad-cell",
            table(b"id\n" + quoted(text) + b"\n", schema=schema({"name": "id", "type": "integer"})),
        )
        yield Case("bidi", f"{name}-as-a-key", package(as_json({text: 1, "resources": [{"name": text, "path": text}]})))
    for name, text in HIDDEN.items():
        yield Case("hidden", name, seeds({**ACTOR, "name": text}))
    for name, text in CONFUSABLE.items():
        yield Case("confusable", name, seeds({**ACTOR, "name": text}))
    twin = {**ACTOR, "id": "mayor-two", "name": "Mayor\u00a0of Port\u2003Example"}
    yield Case("confusable", "spaces", seeds(**{"actors/mayor-two__json": as_json(twin)}))
    yield Case("confusable", "id", seeds({**ACTOR, "id": "mаyor-of-port-example"}))
    for category, texts in (("markup", MARKUP), ("commands", COMMANDS)):
        for name, text in texts.items():
            yield Case(category, f"{name}-as-a-term", seeds({**ACTOR, "kind": text}))
            yield Case(category, f"{name}-as-a-field", seeds({**ACTOR, text: text}))
            bad = schema({"name": text, "type": "integer"})
            yield Case(category, f"{name}-in-a-cell", table(quoted(text) + b"\n" + quoted(text) + b"\n", schema=bad))
            yield Case(category, f"{name}-as-a-name", package({"name": text, "resources": [{"name": text, "path": text}]}))
    for name, text in FORMULAS.items():
        yield Case("formulas", f"{name}-in-a-cell", table(b"id\n" + quoted(text) + b"\n"))
        yield Case("formulas", f"{name}-in-a-seed", seeds({**ACTOR, "description": text}))
    yield Case("formulas", "header", table(b"=1+1\n1\n"))


# Work --------------------------------------------------------------------------------------------------------------------

PATTERNS = {
    "backreference": r"(a+)\1",
    "look-ahead": r"(?=a)a",
    "look-behind": r"(?<=a)b",
    "no-pattern": "(",
    "closes-its-group": "a)|(?:b",
    "counts-in-counts": "(a{1000}){1000}",
    "large-count": "a{9999999}",
    "wide-count": r"\w{1000}",
    "long": "a?" * 2_000,
    "deep": "(" * 5_000 + ")" * 5_000,
    "many-counts": "(((a{30}){30}){30}){30}",
}
SLOW = {
    "nested": "^(a+)+$",
    "alternatives": "(a|aa)+$",
    "overlapping": "(x+x+)+y",
    "mail": r"^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}x$",
}


def work_cases() -> Iterator[Case]:
    for name, pattern in PATTERNS.items():
        column = {"name": "id", "type": "string", "constraints": {"pattern": pattern}}
        yield Case("patterns", name, table(b"id\naa\n", schema=schema(column)))
    for name, pattern in SLOW.items():
        column = {"name": "id", "type": "string", "constraints": {"pattern": pattern}}
        yield Case("patterns", f"{name}-that-runs-away", table(b"id\n" + (b"a" * 200_000 + b"!\n") * 5, schema=schema(column)))
    many = [{"name": f"c{number}", "constraints": {"pattern": r"\w{150}"}} for number in range(150)]
    yield Case("patterns", "many", table(b"id\n1\n", schema=schema(*many)))
    yield Case(
        "counts", "resources", package({"name": "a", "resources": [{"name": f"r{n}", "path": "a.csv"} for n in range(20_000)]})
    )
    yield Case("counts", "paths", package(resource(["a.csv"] * 100_000), a__csv=b"id\n1\n" * 10_000))
    yield Case("counts", "paths-to-nothing", package(resource([f"a{number}.csv" for number in range(20_000)])))
    yield Case("counts", "names", package({"name": "a", "resources": [5] * 150}))
    yield Case("counts", "fields", table(b"id\n1\n", schema=schema(*({"name": f"c{n}"} for n in range(20_000)))))
    yield Case(
        "counts",
        "enum",
        table(
            b"id\n" + b"x\n" * 20_000, schema=schema({"name": "id", "constraints": {"enum": [str(n) for n in range(20_000)]}})
        ),
    )
    yield Case(
        "counts",
        "missing-values",
        table(b"id\n1\n", schema=schema({"name": "id"}, missingValues=[str(n) for n in range(20_000)])),
    )
    yield Case(
        "counts", "unique-keys", table(b"id\n" + b"1\n" * 60_000, schema=schema({"name": "id"}, uniqueKeys=[["id"]] * 900))
    )
    keys = [{"fields": ["id"], "reference": {"resource": "", "fields": ["id"]}}] * 900
    yield Case("counts", "foreign-keys", table(b"id\n" + b"1\n" * 60_000, schema=schema({"name": "id"}, foreignKeys=keys)))
    yield Case(
        "counts",
        "one-table-many-times",
        package(
            {"name": "a", "resources": [{"name": f"r{n}", "path": "a.csv"} for n in range(200)]},
            a__csv=b"a,b,c\n" + b"1,2,3\n" * 20_000,
        ),
    )
    yield Case("counts", "bad-cells", table(b"id\n" + b"x\n" * 30_000, schema=schema({"name": "id", "type": "integer"})))
    column = schema({"name": "id", "constraints": {"pattern": "b"}}, uniqueKeys=[["id"], ["id"], ["id", "id"]])
    yield Case("counts", "faults", table(b"id\n" + b"1\n" * 300_000, schema=column))
    hundred = b",".join(b"c%d" % number for number in range(100)) + b"\n" + (b",".join([b"ab"] * 100) + b"\n") * 9_000
    yield Case(
        "counts",
        "cells-of-tables",
        package(
            {"name": "a", "resources": [{"name": f"r{n}", "path": f"a{n}.csv"} for n in range(9)]},
            **{f"a{number}__csv": hundred for number in range(9)},
        ),
    )
    astral = b"id\n" + ("\U0001f600" + "x" * 240 + "\n").encode() * 40_000
    yield Case(
        "counts",
        "characters-of-tables",
        package(
            {"name": "a", "resources": [{"name": f"r{n}", "path": f"a{n}.csv"} for n in range(6)]},
            **{f"a{number}__csv": astral for number in range(6)},
        ),
    )
    id_key = {"uniqueKeys": [["id"]]}
    yield Case(
        "keys",
        "in-two-parts",
        package(resource(["a.csv", "b.csv"], schema=schema({"name": "id"}, **id_key)), a__csv=b"id\n1\n", b__csv=b"id\n1\n"),
    )
    inline = {"name": "a", "data": [{"id": 1}, {"id": 1}], "schema": schema({"name": "id", "type": "integer"}, **id_key)}
    yield Case("keys", "inline", package({"name": "harbor", "resources": [inline]}))
    yield Case("keys", "inline-lists", package({"name": "harbor", "resources": [{**inline, "data": [["id"], [1], [1]]}]}))
    yield Case("keys", "unknown-column", table(b"id\n1\n", schema=schema({"name": "id"}, uniqueKeys=[["no"]])))
    for name, data in {"text": "id\nx\n", "object": {"id": "x"}, "nothing": None}.items():
        yield Case("keys", f"inline-{name}-with-a-schema", package({"name": "harbor", "resources": [{**inline, "data": data}]}))
    yield Case("counts", "formulas", table(b"id\n" + b"=1\n" * 30_000))
    yield Case("counts", "header-rows", table(b"id\n1\n", dialect={"headerRows": list(range(1, 50_000))}))


SEEDS: dict[str, Make] = {
    "not-an-object": seeds(actor=[ACTOR]),
    "every-type-wrong": seeds(actor=dict.fromkeys(ACTOR, 5)),
    "id-as-a-path": seeds({**ACTOR, "id": "../../../secret"}),
    "reference-as-a-path": seeds({**ACTOR, "evidence": [{"source_id": "../../secret"}]}),
    "schema-elsewhere": seeds({**ACTOR, "$schema": "http://127.0.0.1:9/s.json"}),
    "script-address": seeds(source={**SOURCE, "url": "javascript:alert(1)"}),
    "file-address": seeds(source={**SOURCE, "url": "file:///etc/passwd"}),
    "text-of-a-megabyte": seeds({**ACTOR, "description": "a" * 1_000_000}),
    "evidence-by-the-thousand": seeds({**ACTOR, "evidence": [{"source_id": "no-such"}] * 20_000}),
    "fields-by-the-thousand": seeds({**ACTOR, **{f"field_{number}": 1 for number in range(20_000)}}),
    "impossible-day": seeds(source={**SOURCE, "published": "2031-02-30"}),
    "endless-date": seeds(source={**SOURCE, "published": "9" * 100_000}),
    "nested-date": seeds(source={**SOURCE, "published": "[" * 10_000 + "]" * 10_000}),
    "crlf": seeds(actor=as_json(ACTOR).replace(b"\n", b"\r\n")),
    "one-id-twice": seeds(**{"actors/another__json": as_json(ACTOR)}),
    "executable": seeds(**{"actors/evil__py": b"raise SystemExit(0)\n"}),
    "yaml": seeds(**{"actors/evil__yaml": b"a: &a [*a]\n"}),
    "hidden-folder": seeds(**{"__git/config": b"x"}),
    "odd-name": seeds(**{"actors/a\x1b[2J\n__json": b"{}"}),
    "name-of-bytes": seeds(**{"actors/a\udcff__json": b"{}"}),
    "long-name": seeds(**{f"actors/{'a' * 240}__json": b"{}"}),
    "deep-folders": seeds(**{"a/" * 300 + "b__json": b"{}"}),
    "vocabulary-of-one": seeds(**{"vocabularies/actor_kind__json": b'{"id": "actor_kind", "terms": [5, {"term": {}}]}'}),
    "vocabulary-not-a-list": seeds(**{"vocabularies/actor_kind__json": b'{"id": 7, "terms": "person"}'}),
    "claims-without-end": seeds(**{"sources/harbor-gazette-2031/claims__json": as_json({"claims": [{}] * 20_000})}),
    "claims-by-the-hundred-thousand": seeds(
        **{"sources/harbor-gazette-2031/claims__json": b'{"claims": [' + b",".join([b"{}"] * 200_000) + b"]}"}
    ),
    "values-of-files": seeds(**{f"actors/a{number}__json": b"[" + b",".join([b"[]"] * 450_000) + b"]" for number in range(7)}),
    "fields-of-files": seeds(
        **{
            f"actors/a{n}__json": as_json({**ACTOR, "id": f"a{n}", **dict.fromkeys(map("f{}".format, range(900)), 1)})
            for n in range(40)
        }
    ),
    "command-in-a-line": seeds(actor=b"{\n::error file=README.md,line=1::PWNED\n##[error]PWNED\n}\n"),
    "claims-of-claims": seeds(**{"sources/harbor-gazette-2031/claims__json": as_json({"claims": {"claims": []}})}),
    "offsets-beyond": seeds(
        {**ACTOR, "evidence": [{"source_id": "harbor-gazette-2031", "start": 10**15, "end": -1, "sha256": "x"}]}
    ),
}


def seed_cases() -> Iterator[Case]:
    for name, make in SEEDS.items():
        yield Case("seeds", name, make)
    terms = as_json({"id": "actor_kind", "title": "x", "terms": [{"term": "person", "label": "Person", "definition": "=1"}]})
    yield Case("vocabularies", "formula-as-a-definition", seeds(**{"vocabularies/actor_kind__json": terms}))
    circle = [
        {"term": "a", "label": "A", "definition": "A.", "broader": "b"},
        {"term": "b", "label": "B", "definition": "B.", "broader": "a"},
    ]
    yield Case(
        "vocabularies",
        "circle",
        seeds(**{"vocabularies/actor_kind__json": as_json({"id": "actor_kind", "title": "x", "terms": circle})}),
    )
    many = [{"term": f"t{number}", "label": "T", "definition": "T."} for number in range(5_000)]
    yield Case(
        "vocabularies",
        "many",
        seeds(**{"vocabularies/actor_kind__json": as_json({"id": "actor_kind", "title": "x", "terms": many})}),
    )
    yield Case("built", "nothing-but-a-descriptor", files({"datasets/datapackage.json": b"{}"}))
    yield Case(
        "built",
        "json-of-lists",
        files({"datasets/datapackage.json": b"{}", "datasets/json/actors.json": b'{"actors": [[], 5]}'}),
    )
    yield Case("place", "empty-folder", files({"readme.txt": b"x"}), unusable=True)
    yield Case("place", "text-file", files({"readme.txt": b"x"}), "readme.txt", unusable=True)
    yield Case("place", "not-there", files({"readme.txt": b"x"}), "none.json", unusable=True)
    yield Case("place", "odd-argument", files({"readme.txt": b"x"}), "\x1b[2J\n::error::PWNED", unusable=True)


SOUND = (
    Case("sound", "seeds", seeds()),
    Case("sound", "table", table(b"id\n1\n")),
    Case("sound", "signed-cells", table(b"id,at\n-5,-0500-01\n+58 212,-\n", schema=schema({"name": "id"}, {"name": "at"}))),
    Case("sound", "semicolons-in-cells", table(b"id,note\n1,the 'x' said;'y';'z';\n2,so 'x';'y';'z'\n")),
    Case("sound", "a-cell-that-stops-sniffers", table(b"a\n" + quoted("," * 100_000) + b"\n")),
    Case("sound", "tabs", package(resource("a.tsv", encoding="UTF-8"), a__tsv=b'a\tb\n1\t"x, y"\n')),
    Case("sound", "semicolons", table(b"a;b\n1;2,5\n", dialect={"delimiter": ";", "header": True})),
    Case("sound", "lines", lines(b'{"a": 1}\n{"a": -2}\n')),
    Case("sound", "archive", archive(zipped()), "x.zip"),
    Case("sound", "names-of-the-world", seeds({**ACTOR, "name": "T恤 Ñáñez Мэр Łódź 観察者网"})),
)
"""What the hostile ones are made from, and what they resemble: these are in order."""


def cases() -> list[Case]:
    """Give every hostile case."""
    found = [*zip_cases(), *byte_cases(), *place_cases(), *text_cases(), *work_cases(), *seed_cases()]
    assert len({case.id for case in found}) == len(found)
    return found


def write(folder: Path) -> None:
    """Write every case below a folder, and beside them the file that nobody may read."""
    for case in cases():
        (folder / case.id).mkdir(parents=True)
        case.make(folder / case.id)
    (folder / "secret.txt").write_text(f"{CANARY}\n", "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
    sys.stdout.write(f"{len(cases())} cases in {sys.argv[1]}\n")
