"""One verdict, whoever judges: every engine says the same, and the same as frictionless but where that is wrong or laxer.

Each difference to frictionless stands in a table here with its reason; a new one fails. No engine is ever laxer.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judges import Breach, breaches, frictionless_breaches, on_disk, package

from venezuela_data.engine import check
from venezuela_data.engine.codes import CSV, ENCODING, PATTERN, RANGE, REFERENCES, TYPE, UNIQUE_KEYS

ENGINES = ("memory", "duckdb") if find_spec("duckdb") else ("memory",)

CELLS = (
    *("0", "1", "-1", "+1", "01", "1.0", "1.", "1.5", ".5", "-0", "-0.0", "00", "1e3", "1E3", "1e", "1e400", "0x10", "1_000"),
    *("1,000", "1.000,5", "\u0661\u0662", "\uff11", "\u0663.\u0665", " 1", "1 ", " ", "NaN", "nan", "INF", "-INF", "inf"),
    *(
        "Infinity",
        "infinity",
        "1d",
        "1f",
        "99999999999999999999",
        "0.1000",
        "true",
        "True",
        "TRUE",
        "TrUe",
        "yes",
        "t",
        "false",
    ),
    *(
        "2021-01-02",
        "2021-1-2",
        "2021/01/02",
        "21-01-02",
        "2021-02-30",
        "2020-02-29",
        "10000-01-01",
        "0000-01-01",
        "0001-01-01",
    ),
    *(" 2021-01-02", "2021-01-02T00:00:00", "2021-01-02T00:00:00Z", "2021-01-02T24:00:00Z", "2021-01-02T00:00"),
    *("2021-01-02 00:00:00", "2021-01-02T00:00:00.5Z", "2021-01-02T00:00:00.123456789Z", "2021-01-02T00:00:00+01:00"),
    *(
        "2021-01-02T00:00:00+0100",
        "2021-01-02T00:00:60Z",
        "2021-01-02t00:00:00z",
        "2021-W01-1",
        "20210102",
        "epoch",
        "10:00:00",
    ),
    *("10:00", "10:00:00Z", "10:00:00.5", "24:00:00", "10:00:00+01:00", "100000", "2021", "02021", "-2021", "21", "2021-13"),
    *("2021-01", "2021-1", "P1Y", "P", "PT", "P1Y2M3DT4H5M6S", "P1W", "PT0.5S", "P0.5Y", "-P1D", "p1y", "P1S", "1,2", "1, 2"),
    *("181,0", "180,90", "180,91", "1;2", "(1,2)", "[1,2]", "[1, 2]", "{}", "[]", '{"a": 1}', '{"lon": 1, "lat": 2}'),
    *'{"type": "Point", "coordinates": [1, 2]}|{"type": "Point"}|null|"a"|{a: 1}|[1,]|[NaN]'.split("|"),
    *("a@b", "a@b.c", "a@b.org", "a b@c.org", "a.@b.org", '"a"@b.org', "\u00e4@b.org", "a@\u00e4.org", "http://a"),
    *("http://a.org/b c", "http://\u00e4.org", "urn:x", "x:", "://a", "http://", "mailto:a@b.org", "http://a.org/%zz", "/a"),
    *("00000000-0000-4000-8000-000000000000", "{00000000-0000-4000-8000-000000000000}", "00000000000040008000000000000000"),
    *(
        "0000000G-0000-4000-8000-000000000000",
        "AAAA",
        "QQ==",
        "Q",
        "QQ=",
        "a b",
        "a",
        "ab\n",
        "\u00e9",
        "e\u0301",
        "\U0001d11e",
    ),
    *("\u200b", "a,b", 'a"b', "a\nb", "a\r\nb", "'", "-", "NA", "None"),
)
"""Cells that are right for some type, nearly right, or right for one engine's cast and no other's."""

KINDS: tuple[tuple[str, str], ...] = (
    *(("string", form) for form in ("", "email", "uri", "uuid", "binary")),
    *((kind, "") for kind in "integer number boolean date time datetime year yearmonth duration geojson object array".split()),
    *(("list", ""), ("any", ""), ("geopoint", ""), ("geopoint", "array"), ("geopoint", "object")),
    *(("date", "%d.%m.%Y"), ("datetime", "%Y-%m-%dT%H:%M:%S%z"), ("time", "%H:%M")),
)

DIGITS = "XML Schema has ASCII digits alone, without underscores and without blanks around them"
STRICTER: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("string", "email"): {
        **dict.fromkeys(('"a"@b.org',), "quoted local parts, which RFC 5321 advises against, are not taken"),
        **dict.fromkeys(("\u00e4@b.org", "a@\u00e4.org"), "RFC 5322 has ASCII alone"),
    },
    ("string", "uri"): dict.fromkeys(
        ("http://a.org/b c", "http://\u00e4.org", "http://", "http://a.org/%zz"), "no URI by the grammar of RFC 3986"
    ),
    ("string", "uuid"): dict.fromkeys(
        ("{00000000-0000-4000-8000-000000000000}", "00000000000040008000000000000000"), "RFC 9562 writes hyphens and no braces"
    ),
    ("integer", ""): dict.fromkeys(("1_000", "\u0661\u0662", "\uff11", " 1", "1 "), DIGITS),
    ("number", ""): {
        **dict.fromkeys(("1_000", "\u0661\u0662", "\uff11", "\u0663.\u0665", " 1", "1 "), DIGITS),
        **dict.fromkeys(("nan", "inf", "Infinity", "infinity"), "the standard has NaN, INF and -INF"),
    },
    ("date", ""): {"2021-1-2": "ISO 8601 has two digits"},
    ("time", ""): {"24:00:00": "XML Schema 1.1 has it as 00:00:00 of another day, which is no time of this one"},
    ("datetime", ""): dict.fromkeys(
        ("2021-01-02T24:00:00Z", "2021-01-02 00:00:00", "2021-01-02T00:00:00+0100", "2021-01-02t00:00:00z"),
        "XML Schema writes a T, a colon in the zone, and hours up to 23",
    ),
    ("yearmonth", ""): {"2021-1": "XML Schema has two digits"},
    ("duration", ""): {"PT": "XML Schema asks for a part after T", "P0.5Y": "XML Schema has fractions in seconds alone"},
    ("array", ""): {"[NaN]": "JSON has no NaN"},
}
"""What frictionless takes and we do not, by type and format, each with the reason."""


def _column(kind: str, form: str) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([["n", "cell"], *enumerate(CELLS)])
    return written.getvalue().encode()


@pytest.mark.parametrize(("kind", "form"), KINDS)
def test_every_cell_has_one_verdict(kind: str, form: str) -> None:
    field = {"name": "cell", "type": kind, **({"format": form} if form else {})}
    with on_disk(package([{"name": "n", "type": "integer"}, field], _column(kind, form))) as folder:
        ours, *others = (breaches(folder, engine) for engine in ENGINES)
        theirs = frictionless_breaches(folder)
    assert all(other == ours for other in others)
    assert {one.rule for one in ours | theirs} <= {TYPE}
    assert theirs <= ours, "laxer than frictionless"
    if (kind, form) == ("string", "binary"):
        # Python's decoder passes over whatever is not of its alphabet.
        assert {CELLS[one.row - 2] for one in theirs} >= {"Q", "QQ="}
        return
    assert {CELLS[one.row - 2] for one in ours - theirs} == {*STRICTER.get((kind, form), {})}


# Whole packages ----------------------------------------------------------------------------------------------------------

RIGHT: Mapping[str, tuple[str, ...]] = {
    "string": ("", "a", "b", "NA", "\u00e9", "a,b;|c", 'say "so"', "two\nlines", "two\r\nlines", " a ", "01"),
    "integer": ("", "1", "01", "+1", "-2", "0", "-0", "12345678901234567890"),
    "number": ("", "1", "1.0", "1e0", "-.5", "0.1", "-0.0", "100000000000000000.25"),
    "boolean": ("", "true", "false", "1", "0"),
    "date": ("", "2020-02-29", "2021-01-02", "0001-01-01", "9999-12-31"),
    "datetime": ("", "2021-01-02T00:00:00Z", "2021-01-02T01:00:00+01:00", "2021-01-02T00:00:00.000Z", "1999-12-31T23:59:59"),
    "year": ("", "2021", "1900", "0001"),
}
WRONG: Mapping[str, tuple[str, ...]] = {
    "string": ("x" * 40,),
    "integer": ("1.5", "1e3", "x", "0x10"),
    "number": ("1d", "x", "1,5"),
    "boolean": ("yes", "TrUe", "2"),
    "date": ("2021-02-30", "2021/01/02", "infinity", "2021-01-02T00:00:00"),
    "datetime": ("2021-01-02", "epoch", "2021-13-02T00:00:00Z"),
    "year": ("21", "02021", "20211"),
}
BOUNDS: Mapping[str, tuple[object, ...]] = {
    "integer": (0, 1),
    "number": (0, 1),
    "date": ("2021-01-02", "2020-01-01"),
    "year": (1900, 2021),
}


@st.composite
def some_fields(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Fields with the conditions that their types may have."""
    made = []
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(list(RIGHT)))
        conditions: dict[str, Any] = {}
        if draw(st.integers(0, 3)) == 0:
            conditions["required"] = True
        if draw(st.integers(0, 3)) == 0:
            conditions["unique"] = True
        if draw(st.integers(0, 3)) == 0:
            listed = draw(st.lists(st.sampled_from(RIGHT[kind][1:]), min_size=1, max_size=3, unique=True))
            conditions["enum"] = listed
        if kind == "string":
            if draw(st.integers(0, 3)) == 0:
                conditions["maxLength"] = draw(st.integers(1, 12))
            if draw(st.integers(0, 3)) == 0:
                conditions["pattern"] = draw(
                    st.sampled_from(("[a-z]+", "(?:a|b)", "[^,]*", ".*a.*", "\\d+", "(?:a|b)?[0-9]{0,2}"))
                )
        elif kind in BOUNDS and draw(st.booleans()):
            conditions[draw(st.sampled_from(("minimum", "maximum")))] = draw(st.sampled_from(BOUNDS[kind]))
        made.append({"name": f"f{number}", "type": kind, **({"constraints": conditions} if conditions else {})})
    return made


@st.composite
def some_package(draw: st.DrawFn) -> dict[str, bytes]:
    """A package of one table, with keys, odd cells, ragged and blank rows, and ways to write a file."""
    fields = draw(some_fields())
    names = [field["name"] for field in fields]
    more: dict[str, Any] = {}
    if draw(st.booleans()):
        more["primaryKey"] = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    if draw(st.integers(0, 2)) == 0:
        here = draw(st.sampled_from(fields))
        # Python takes false for 0, and with it frictionless: see DIFFERENT.
        fitting = [one["name"] for one in fields if (one["type"] == "boolean") == (here["type"] == "boolean")]
        here, there = here["name"], draw(st.sampled_from(fitting))
        more["foreignKeys"] = [{"fields": [here], "reference": {"resource": "", "fields": [there]}}]
    if draw(st.integers(0, 3)) == 0:
        more["missingValues"] = ["", "NA"]
    rows: list[list[str]] = []
    for _ in range(draw(st.integers(0, 7))):
        row = [draw(st.sampled_from(RIGHT[one["type"]] + RIGHT[one["type"]] + WRONG[one["type"]])) for one in fields]
        shape = draw(st.integers(0, 19))
        row = row[:-1] if shape == 0 else [*row, draw(st.sampled_from(("", "more")))] if shape == 1 else row
        rows.append([] if shape == 2 else row)
    if len(rows) > 1 and draw(st.booleans()):
        rows.append(rows[draw(st.integers(0, len(rows) - 1))])
    delimiter, newline = draw(st.sampled_from(",;|\t")), draw(st.sampled_from(("\n", "\r\n")))
    written = io.StringIO()
    quoting: Any = draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
    csv.writer(written, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows([names, *rows])
    text = written.getvalue()
    if rows and draw(st.integers(0, 5)) == 0:
        text = text.removesuffix(newline)
    encoding = draw(st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "iso-8859-1", "utf-16")))
    told = {"dialect": {"delimiter": delimiter}, "encoding": encoding, "format": "csv"}
    return package(fields, text.encode(encoding), resource=told, **more)


class TestEveryEngineGivesTheVerdictOfFrictionless:
    """Of any package the engines give the same breaches as each other and as frictionless, row by row and field by field."""

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(some_package())
    def test_breaches(self, made: dict[str, bytes]) -> None:
        with on_disk(made) as folder:
            ours, *others = (breaches(folder, engine) for engine in ENGINES)
            theirs = frictionless_breaches(folder)
        assert all(other == ours for other in others)
        assert ours == theirs


# What is odd in one way --------------------------------------------------------------------------------------------------


def _text(name: str, kind: str = "string", **conditions: object) -> dict[str, Any]:
    return {"name": name, "type": kind, **({"constraints": conditions} if conditions else {})}


TWO = [_text("a"), _text("b")]
SELF = {"resource": "", "fields": ["b"]}
ALIKE: Mapping[str, dict[str, bytes]] = {
    "a byte order mark": package(TWO, b"\xef\xbb\xbfa,b\n1,2\n"),
    "a NUL": package(TWO, b"a,b\n1,\x00\n"),
    "carriage returns alone": package(TWO, b"a,b\r1,2\r"),
    "mixed line ends": package(TWO, b"a,b\n1,2\r\n3,4\r5,6\n"),
    "an empty file": package(TWO, b""),
    "a header alone": package(TWO, b"a,b"),
    "blank lines": package(TWO, b"a,b\n\n\n1,2\n\n"),
    "a row of empty cells": package(TWO, b'a,b\n"",""\n'),
    "blanks around quotes": package(TWO, b'a,b\n "x" ,y\n'),
    "extra empty cells": package(TWO, b"a,b\n1,2,,\n3,4\n"),
    "a long cell": package(TWO, b"a,b\n" + b"x" * 200_000 + b",y\n"),
    "a label twice": package(TWO, b"a,a\n1,2\n"),
    "labels in another order": package(TWO, b"b,a\n1,2\n"),
    "labels in another order, which is allowed": package(TWO, b"b,a\n1,2\n", fieldsMatch="equal"),
    "a label too many": package(TWO, b"a,b,c\n1,2,3\n"),
    "a label too many, which is allowed": package(TWO, b"b,a,c\n1,2,3\n", fieldsMatch="subset"),
    "a label too few": package(TWO, b"a\n1\n"),
    "a label too few, which is allowed": package(TWO, b"b\n1\n", fieldsMatch="superset"),
    "a blank label": package(TWO, b"a,\n1,2\n"),
    "a label in capitals": package(TWO, b"A,b\n1,2\n"),
    "integers that are equal as a key": package([_text("a", "integer")], b"a\n1\n01\n+1\n", primaryKey="a"),
    "texts that are equal as numbers": package([_text("a", "any")], b"a\n1\n01\n1.0\n", primaryKey="a"),
    "a field without a type": package([{"name": "a"}], b"a\n1\n01\n1\n", primaryKey="a"),
    "the same wrong cell twice in a unique field": package([_text("a", "integer", unique=True)], b"a\nx\nx\n"),
    "a key that is partly empty": package(
        TWO, b"a,b\n1,2\n1,\n", foreignKeys=[{"fields": ["a", "b"], "reference": {"resource": "", "fields": ["a", "b"]}}]
    ),
    "a list that is too short": package([_text("a", "list", minLength=2)], b'a\nx\n"x,y"\n'),
    "a number that is none": package([_text("a", "number", minimum=0)], b"a\nNaN\n"),
    "a listed value in another way": package([_text("a", "integer", enum=["1", "2"])], b'a\n01\n3\n""\n'),
}
"""What is odd and yet judged alike by all."""


@pytest.mark.parametrize("name", ALIKE)
def test_what_is_odd_is_judged_alike(name: str) -> None:
    with on_disk(ALIKE[name]) as folder:
        verdicts = [breaches(folder, engine) for engine in ENGINES]
        assert all(one == frictionless_breaches(folder) for one in verdicts)


DIFFERENT: Mapping[str, tuple[dict[str, bytes], tuple[tuple[int, str, str], ...], tuple[tuple[int, str, str], ...], str]] = {
    "unique keys": (
        package(TWO, b"a,b\n1,2\n1,2\n", uniqueKeys=[["a", "b"]]),
        ((3, "", UNIQUE_KEYS),),
        (),
        "Data Package 2 has uniqueKeys, and frictionless passes over them",
    ),
    "a pattern with alternatives": (
        package([_text("a", pattern="a|b")], b"a\nax\nb\n"),
        ((2, "a", PATTERN),),
        (),
        "a pattern is for the whole value; frictionless puts ^ before its first alternative and $ behind its last",
    ),
    "a line break at the end of a cell": (
        package([_text("a", pattern="a")], b'a\n"a\n"\n'),
        ((2, "a", PATTERN),),
        (),
        "the $ of Python also stands before a line break at the end",
    ),
    "a quote that is never closed": (
        package(TWO, b'a,b\n1,"2\n3,4\n'),
        ((2, "", CSV),),
        (),
        "RFC 4180 closes every quote; frictionless takes the rest of the file for the cell and says nothing",
    ),
    "text after a closing quote": (
        package(TWO, b'a,b\n1,"2"x\n3,4\n'),
        ((2, "", CSV),),
        (),
        "RFC 4180 has a delimiter or a line end there; frictionless takes both for the cell",
    ),
    "a boolean as the key of an integer": (
        package(
            [_text("a", "boolean"), _text("b", "integer")],
            b"a,b\nfalse,0\n",
            foreignKeys=[{"fields": ["a"], "reference": SELF}],
        ),
        ((2, "", REFERENCES),),
        (),
        "Python takes false for 0",
    ),
    "a byte of no character": (
        package(TWO, b"a,b\n1,\xff\nx,y\n"),
        ((2, "", ENCODING),),
        (),
        "frictionless replaces what it cannot decode and says nothing",
    ),
}
"""Where the engines differ from frictionless: a package, what we say of it, what frictionless says, and the reason."""


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_is_judged_differently_has_its_reason(name: str) -> None:
    made, ours, theirs, reason = DIFFERENT[name]
    with on_disk(made) as folder:
        for engine in ENGINES:
            assert {tuple(one)[1:] for one in breaches(folder, engine)} == set(ours)
        assert {tuple(one)[1:] for one in frictionless_breaches(folder)} == set(theirs)
    assert set(theirs) <= set(ours), "laxer than frictionless"
    assert reason


@pytest.mark.parametrize("kind", ["time", "datetime"])
def test_a_time_with_a_zone_is_out_of_bounds_without_one(kind: str) -> None:
    least, cell = ("10:00:00", "11:00:00Z") if kind == "time" else ("2021-01-01T00:00:00", "2021-01-02T00:00:00Z")
    with on_disk(package([_text("a", kind, minimum=least)], f"a\n{cell}\n".encode())) as folder:
        for engine in ENGINES:
            assert breaches(folder, engine) == {Breach("rows", 2, "a", RANGE)}
        with pytest.raises(TypeError, match="offset-naive"):
            frictionless_breaches(folder)


def test_a_finding_stands_on_its_physical_line() -> None:
    with on_disk(package([_text("a"), _text("b", "integer")], b'a,b\n"two\nlines",1\nx,y\n')) as folder:
        assert {(one.row, one.line) for one in check(folder).problems} == {(3, 4)}
        # Frictionless counts records and calls them rows.
        assert {one.row for one in frictionless_breaches(folder)} == {3}
