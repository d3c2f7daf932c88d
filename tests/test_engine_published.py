"""Packages shaped after well-known published ones: every engine and frictionless say the same of them, right and broken."""

from __future__ import annotations

import gzip
from importlib.util import find_spec

import pytest
from judges import Breach, breaches, frictionless_breaches, on_disk
from published_packages import PACKAGES

from venezuela_data.engine.codes import (
    BLANK,
    ENUM,
    FILLED,
    LABELS,
    LENGTH,
    LONG,
    PATTERN,
    PRIMARY,
    RANGE,
    REFERENCES,
    REQUIRED,
    SHORT,
    TYPE,
    UNIQUE,
)

ENGINES = ["memory", pytest.param("duckdb", marks=pytest.mark.skipif(find_spec("duckdb") is None, reason="skipped: duckdb"))]

FAULTS: tuple[tuple[str, str, bytes, bytes, tuple[tuple[int, str, str], ...]], ...] = (
    ("country_codes", "data/countries.csv", b"\nAB,", b"\nA1,", ((3, "iso2", PATTERN),)),
    ("country_codes", "data/countries.csv", b"\nAB,", b"\n,", ((3, "iso2", REQUIRED), (3, "", FILLED))),
    ("country_codes", "data/countries.csv", b",ABX,", b",ABXY,", ((3, "iso3", LENGTH),)),
    ("country_codes", "data/countries.csv", b",ABX,", b",AAX,", ((3, "iso3", UNIQUE),)),
    ("country_codes", "data/countries.csv", b",1-2,Yes\n", b",1-2,yes\n", ((3, "independent", TYPE),)),
    (
        "country_codes",
        "data/countries.csv",
        b'"Stadt, Nr. 1"',
        b"Stadt, Nr. 1",
        ((3, "dial", PATTERN), (3, "independent", TYPE), (3, "", LONG)),
    ),
    ("gross_product", "gdp.csv", b"\nC01,1960,", b"\nC00,1960,", ((3, "", PRIMARY),)),
    ("gross_product", "gdp.csv", b"\nC01,1960,", b"\nC77,1960,", ((3, "", REFERENCES),)),
    ("gross_product", "gdp.csv", b"\nC01,1960,", b"\nC01,1959,", ((3, "year", RANGE),)),
    ("gross_product", "gdp.csv", b"\nC01,1960,", b"\nC01,60,", ((3, "year", TYPE),)),
    ("gross_product", "countries.csv", b"\nC19,Land 19\n", b"\n", tuple((21 + 20 * n, "", REFERENCES) for n in range(20))),
    ("airports", "airports.csv", b"heliport,-,", b"helipad,-,", ((3, "type", ENUM),)),
    ("airports", "airports.csv", b"heliport,-,", b"heliport,--,", ((3, "elevation_ft", TYPE),)),
    ("airports", "airports.csv", b'"-60.000000, -20.000000"', b'"-60.000000 -20.000000"', ((2, "coordinates", TYPE),)),
    ("transit", "stops.txt", b"0.1,-0.1,S0\r\n", b"90.1,-0.1,S0\r\n", ((3, "stop_lat", RANGE),)),
    ("transit", "stops.txt", b"0.1,-0.1,S0\r\n", b"0.1,-0.1,S99\r\n", ((3, "", REFERENCES),)),
    ("transit", "trips.txt", b"T1,1\r\n", b"T1,2\r\n", ((3, "direction", ENUM),)),
    ("transit", "stop_times.txt", b"T0,1,", b"T0,00,", ((3, "", PRIMARY),)),
    ("transit", "stop_times.txt", b"05:01:00", b"05:01", ((3, "arrival", TYPE),)),
    ("transit", "trips.txt", b"T1,1\r\n", b"T1,1\r\n\r\n", ((4, "", BLANK), (4, "", FILLED))),
    ("camera_traps", "deployments.csv", b"2020-03-02T10:00:00Z", b"2020-03-02", ((3, "deploymentStart", TYPE),)),
    ("camera_traps", "observations.csv", b"o1,d1,", b"o1,d41,", ((3, "", REFERENCES),)),
    ("budget", "haushalt.csv", b"1.001,01 EUR", b"1.001.01 EUR", ()),
    ("budget", "haushalt.csv", b"02.02.2021", b"02.13.2021", ((3, "Stand", TYPE),)),
    ("budget", "haushalt.csv", b"02.02.2021\r\n", b"02.02.2021;\r\n", ((3, "", LONG),)),
    ("time_series", "parts/2020-02.csv", b"2020-02-01,R0,0", b"2020-01-01,R0,0", ((62, "", PRIMARY),)),
    ("time_series", "parts/2020-03.csv", b"2020-03-01,R1,3\n", b"2020-03-01,R1\n", ((123, "cases", SHORT),)),
    ("time_series", "parts/2020-01.csv", b"date,region,cases", b"date,place,cases", ((0, "", LABELS),)),
    ("words", "forms.tsv", b"\t2001-02\t", b"\t2001-13\t", ((3, "Month", TYPE),)),
    ("words", "forms.tsv", b"\tP2M10D", b"\tP2M10X", ((3, "Span", TYPE),)),
    ("stations", "readings.csv.gz", b"0,1,", b"0,24,", ((31, "hour", RANGE),)),
    ("stations", "readings.csv.gz", b"0,1,", b"0,+0,", ((31, "", PRIMARY),)),
    ("stations", "readings.csv.gz", b",good,1\n", b",fine,1\n", ((1, "quality", ENUM),)),
    ("catalog", "datasets.csv", b"desk1@example.org", b"desk1 at example.org", ((3, "contact", TYPE),)),
    ("catalog", "datasets.csv", b"00000001-1111", b"0000001-1111", ((3, "id", TYPE), (3, "", FILLED))),
    ("catalog", "datasets.csv", b'"{""n"": 1}"', b'"{""n"": 1"', ((3, "extra", TYPE),)),
    ("quoted", "answers.csv", b"\r\n1|", b"\r\n1.5|", ((3, "Key", TYPE), (3, "", FILLED))),
    ("quoted", "answers.csv", b"\r\n1|", b"\r\n00|", ((3, "", PRIMARY),)),
)
"""A package, a file of it, some bytes, what takes their place, and what is wrong then: row, field and rule."""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_that_is_right_has_no_breach(name: str, engine: str) -> None:
    with on_disk(PACKAGES[name]()) as folder:
        assert breaches(folder, engine) == frictionless_breaches(folder) == set()


def broken(name: str, path: str, old: bytes, new: bytes) -> dict[str, bytes]:
    made = dict(PACKAGES[name]())
    is_packed = path.endswith(".gz")
    before = gzip.decompress(made[path]) if is_packed else made[path]
    after = before.replace(old, new, 1)
    assert after != before
    return made | {path: gzip.compress(after, mtime=0) if is_packed else after}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "path", "old", "new", "expected"), FAULTS)
def test_a_broken_cell_is_found_by_all(
    name: str, path: str, old: bytes, new: bytes, expected: tuple[tuple[int, str, str], ...], engine: str
) -> None:
    with on_disk(broken(name, path, old, new)) as folder:
        found = breaches(folder, engine)
        assert {(one.row, one.field, one.rule) for one in found} == set(expected)
        assert found == frictionless_breaches(folder)


def test_every_package_is_broken_somewhere() -> None:
    assert {name for name, *_ in FAULTS} == {*PACKAGES}
    assert len(PACKAGES) >= 10
    assert Breach._fields == ("resource", "row", "field", "rule")
