"""Packages shaped after well-known published ones, with invented rows: their kinds of field, key, dialect and file.

Each is a mapping from path to bytes, `datapackage.json` among them. Nothing here judges a package, and nothing is copied from a
published one but how it is built.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

Package = dict[str, bytes]


def _csv(rows: Sequence[Any], *, delimiter: str = ",", end: str = "\n", quote: str = '"', encoding: str = "utf-8") -> bytes:
    def cell(value: object) -> str:
        text = str(value)
        return f"{quote}{text.replace(quote, quote * 2)}{quote}" if {delimiter, quote, "\n", "\r"} & set(text) else text

    return "".join(delimiter.join(map(cell, row)) + end for row in rows).encode(encoding)


def _package(name: str, resources: Sequence[Mapping[str, Any]], files: Mapping[str, bytes]) -> Package:
    told = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": name, "resources": list(resources)}
    return {"datapackage.json": json.dumps(told, indent=1).encode(), **files}


def _resource(name: str, path: str | list[str], fields: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    schema_keys = ("primaryKey", "uniqueKeys", "foreignKeys", "missingValues", "fieldsMatch")
    schema = {"fields": list(fields), **{key: more.pop(key) for key in schema_keys if key in more}}
    return {"name": name, "type": "table", "path": path, "schema": schema, **more}


def _field(name: str, kind: str = "string", form: str | None = None, /, **more: Any) -> dict[str, Any]:
    on_field = {
        key: more.pop(key)
        for key in list(more)
        if key
        in ("trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber", "delimiter", "itemType", "missingValues")
    }
    return {
        "name": name,
        "type": kind,
        **({"format": form} if form else {}),
        **on_field,
        **({"constraints": more} if more else {}),
    }


def country_codes() -> Package:
    fields = [
        _field("iso2", pattern="[A-Z]{2}", required=True),
        _field("iso3", minLength=3, maxLength=3, unique=True),
        _field("name", required=True),
        _field("capital"),
        _field("dial", pattern="[0-9-]+"),
        _field("independent", "boolean", trueValues=["Yes"], falseValues=["No"]),
    ]
    rows = [["iso2", "iso3", "name", "capital", "dial", "independent"]]
    rows += [
        [
            f"{chr(65 + i // 26)}{chr(65 + i % 26)}",
            f"{chr(65 + i // 26)}{chr(65 + i % 26)}X",
            f"Land {i}",
            "" if i % 7 == 0 else f"Stadt, Nr. {i}",
            f"{i}-{i + 1}",
            "Yes" if i % 3 else "No",
        ]
        for i in range(120)
    ]
    rows[14][0] = "NA"
    rows[14][1] = "NAM"
    return _package(
        "country-codes",
        [_resource("countries", "data/countries.csv", fields, primaryKey="iso2")],
        {"data/countries.csv": _csv(rows)},
    )


def gross_product() -> Package:
    fields = [_field("country"), _field("year", "year", minimum="1960"), _field("value", "number", minimum=0)]
    keys = [{"fields": ["country"], "reference": {"resource": "countries", "fields": ["code"]}}]
    rows = [
        ["country", "year", "value"],
        *([f"C{i % 20:02}", 1960 + i // 20, f"{i * 1000003.5:.1f}" if i % 3 else f"{i}E3"] for i in range(400)),
    ]
    return _package(
        "gdp",
        [
            _resource("gdp", "gdp.csv", fields, primaryKey=["country", "year"], foreignKeys=keys),
            _resource("countries", "countries.csv", [_field("code", required=True), _field("name")], primaryKey="code"),
        ],
        {"gdp.csv": _csv(rows), "countries.csv": _csv([["code", "name"], *([f"C{i:02}", f"Land {i}"] for i in range(20))])},
    )


def airports() -> Package:
    fields = [
        _field("ident", required=True),
        _field("type", enum=["small_airport", "heliport", "closed"]),
        _field("elevation_ft", "integer"),
        _field("coordinates", "geopoint"),
        _field("iata", pattern="[A-Z]{3}"),
    ]
    kinds = ("small_airport", "heliport", "closed")
    rows = [["ident", "type", "elevation_ft", "coordinates", "iata"]]
    rows += [
        [
            f"00{i}",
            kinds[i % 3],
            ("NA", "-", str(i - 50))[i % 3],
            f"{i / 3 - 60:.6f}, {i / 5 - 20:.6f}",
            "" if i % 2 else f"A{chr(65 + i % 26)}{chr(65 + i // 26 % 26)}",
        ]
        for i in range(150)
    ]
    return _package(
        "airport-codes",
        [_resource("airports", "airports.csv", fields, primaryKey=["ident"], missingValues=["", "NA", "-"])],
        {"airports.csv": _csv(rows)},
    )


def transit() -> Package:
    stops = [
        ["stop_id", "stop_name", "stop_lat", "stop_lon", "parent"],
        *([f"S{i}", f'Halt {i} "alt"', f"{i / 10}", f"-{i / 10}", f"S{i // 10 * 10}" if i % 10 else ""] for i in range(60)),
    ]
    trips = [["trip_id", "direction"], *([f"T{i}", i % 2] for i in range(30))]
    times = [
        ["trip_id", "stop_sequence", "stop_id", "arrival"],
        *([f"T{i // 10}", i % 10, f"S{(i * 7) % 60}", f"{i // 20 + 5:02}:{i % 60:02}:00"] for i in range(300)),
    ]
    return _package(
        "gtfs",
        [
            _resource(
                "stops",
                "stops.txt",
                [
                    _field("stop_id"),
                    _field("stop_name", required=True),
                    _field("stop_lat", "number", minimum=-90, maximum=90),
                    _field("stop_lon", "number", minimum=-180, maximum=180),
                    _field("parent"),
                ],
                primaryKey="stop_id",
                foreignKeys=[{"fields": "parent", "reference": {"resource": "", "fields": "stop_id"}}],
                format="csv",
            ),
            _resource(
                "trips",
                "trips.txt",
                [_field("trip_id"), _field("direction", "integer", enum=[0, 1])],
                primaryKey="trip_id",
                format="csv",
            ),
            _resource(
                "stop_times",
                "stop_times.txt",
                [
                    _field("trip_id"),
                    _field("stop_sequence", "integer", minimum=0),
                    _field("stop_id"),
                    _field("arrival", "time"),
                ],
                primaryKey=["trip_id", "stop_sequence"],
                format="csv",
                foreignKeys=[
                    {"fields": ["trip_id"], "reference": {"resource": "trips", "fields": ["trip_id"]}},
                    {"fields": ["stop_id"], "reference": {"resource": "stops", "fields": ["stop_id"]}},
                ],
            ),
        ],
        {"stops.txt": _csv(stops, end="\r\n"), "trips.txt": _csv(trips, end="\r\n"), "stop_times.txt": _csv(times, end="\r\n")},
    )


def camera_traps() -> Package:
    deployments = [
        ["deploymentID", "latitude", "longitude", "deploymentStart", "deploymentEnd", "baitUse"],
        *(
            [
                f"d{i}",
                f"{50 + i / 10}",
                f"{4 + i / 10}",
                f"2020-03-{i % 28 + 1:02}T10:00:00Z",
                f"2020-04-{i % 28 + 1:02}T10:00:00Z",
                ("true", "false", "")[i % 3],
            ]
            for i in range(40)
        ),
    ]
    observations = [
        ["observationID", "deploymentID", "eventStart", "count", "lifeStage", "comment"],
        *(
            [
                f"o{i}",
                f"d{i % 40}",
                f"2020-03-{i % 28 + 1:02}T{i % 24:02}:00:00Z",
                i % 5 + 1,
                ("adult", "juvenile", "")[i % 3],
                'two\nlines, and "quotes"' if i % 11 == 0 else "",
            ]
            for i in range(200)
        ),
    ]
    moment = "%Y-%m-%dT%H:%M:%S%z"
    return _package(
        "camtrap-dp",
        [
            _resource(
                "deployments",
                "deployments.csv",
                [
                    _field("deploymentID", required=True, unique=True),
                    _field("latitude", "number", minimum=-90, maximum=90),
                    _field("longitude", "number", minimum=-180, maximum=180),
                    _field("deploymentStart", "datetime", moment),
                    _field("deploymentEnd", "datetime", moment),
                    _field("baitUse", "boolean"),
                ],
                primaryKey="deploymentID",
            ),
            _resource(
                "observations",
                "observations.csv",
                [
                    _field("observationID", required=True),
                    _field("deploymentID", required=True),
                    _field("eventStart", "datetime", moment),
                    _field("count", "integer", minimum=1),
                    _field("lifeStage", enum=["adult", "juvenile"]),
                    _field("comment"),
                ],
                primaryKey="observationID",
                foreignKeys=[{"fields": "deploymentID", "reference": {"resource": "deployments", "fields": "deploymentID"}}],
            ),
        ],
        {"deployments.csv": _csv(deployments), "observations.csv": _csv(observations)},
    )


def budget() -> Package:
    fields = [
        _field("Haushaltsjahr", "year"),
        _field("Behörde"),
        _field("Betrag", "number", decimalChar=",", groupChar=".", bareNumber=False),
        _field("Stand", "date", "%d.%m.%Y"),
    ]
    rows = [
        ["Haushaltsjahr", "Behörde", "Betrag", "Stand"],
        *(
            [
                2000 + i % 20,
                f"Amt für Straßenbau {i}",
                f"{i}.{i % 1000:03},{i % 100:02} EUR",
                f"{i % 28 + 1:02}.0{i % 9 + 1}.2021",
            ]
            for i in range(100)
        ),
    ]
    return _package(
        "budget",
        [_resource("budget", "haushalt.csv", fields, dialect={"delimiter": ";"}, encoding="iso-8859-1")],
        {"haushalt.csv": _csv(rows, delimiter=";", end="\r\n", encoding="iso-8859-1")},
    )


def time_series() -> Package:
    fields = [_field("date", "date", required=True), _field("region"), _field("cases", "integer", minimum=0)]

    def part(n: int) -> bytes:
        rows = [[f"2020-{n:02}-{i // 3 + 1:02}", f"R{i % 3}", i * n] for i in range(60)]
        return _csv([["date", "region", "cases"], *rows])

    paths = [f"parts/2020-{n:02}.csv" for n in (1, 2, 3)]
    return _package(
        "covid",
        [_resource("cases", paths, fields, primaryKey=["date", "region"])],
        {path: part(n) for n, path in enumerate(paths, 1)},
    )


def words() -> Package:
    fields = [
        _field("ID", required=True),
        _field("Form"),
        _field("Sources", "list", delimiter=";"),
        _field("Month", "yearmonth"),
        _field("Span", "duration"),
    ]
    rows = [
        ["ID", "Form", "Sources", "Month", "Span"],
        *(
            [
                f"w{i}",
                f"ʃ{i}ŋ",
                ";".join(f"s{n}" for n in range(i % 4)),
                f"20{i % 20:02}-{i % 12 + 1:02}",
                ("P1Y", "P2M10D", "PT5H")[i % 3],
            ]
            for i in range(80)
        ),
    ]
    return _package(
        "cldf",
        [_resource("forms", "forms.tsv", fields, primaryKey="ID", dialect={"delimiter": "\t"}, format="tsv")],
        {"forms.tsv": _csv(rows, delimiter="\t")},
    )


def stations() -> Package:
    fields = [
        _field("station", "integer", required=True),
        _field("hour", "integer", minimum=0, exclusiveMaximum=24),
        _field("temperature", "number", missingValues=["-999", "-999.0"]),
        _field("quality", enum=["good", "bad"]),
        _field("ok", "boolean", trueValues=["1", "y"], falseValues=["0", "n"]),
    ]
    rows = [
        [i % 30, i // 30, ("-999", f"{i / 7 - 10:.2f}")[i % 5 > 0], ("good", "bad", "")[i % 3], ("1", "0", "y", "n")[i % 4]]
        for i in range(600)
    ]
    return _package(
        "weather",
        [
            _resource(
                "readings",
                "readings.csv.gz",
                fields,
                primaryKey=["station", "hour"],
                format="csv",
                compression="gz",
                dialect={"header": False},
            )
        ],
        {"readings.csv.gz": gzip.compress(_csv(rows), mtime=0)},
    )


def catalog() -> Package:
    fields = [
        _field("id", "string", "uuid", required=True),
        _field("homepage", "string", "uri"),
        _field("contact", "string", "email"),
        _field("tags", "array"),
        _field("extra", "object"),
        _field("shape", "geojson"),
        _field("released", "datetime"),
    ]
    rows = [["id", "homepage", "contact", "tags", "extra", "shape", "released"]]
    rows += [
        [
            f"{i:08x}-1111-4111-8111-{i:012x}",
            f"https://example.org/{i}?a=b&c=%20",
            f"desk{i}@example.org",
            json.dumps([i, "a"]),
            json.dumps({"n": i}),
            json.dumps({"type": "Point", "coordinates": [i, -i / 2]}),
            f"2021-01-{i % 28 + 1:02}T00:00:{i:02}Z",
        ]
        for i in range(50)
    ]
    return _package("catalog", [_resource("datasets", "datasets.csv", fields, primaryKey="id")], {"datasets.csv": _csv(rows)})


def quoted() -> Package:
    fields = [_field("Key", "integer"), _field("Text", minLength=1), _field("Note")]
    rows = [["Key", "Text", "Note"], *([i, f"it|is '{i}'", "line\r\nbreak" if i % 9 == 0 else "plain"] for i in range(90))]
    dialect = {"delimiter": "|", "quoteChar": "'", "doubleQuote": True, "lineTerminator": "\r\n"}
    return _package(
        "survey",
        [_resource("answers", "answers.csv", fields, primaryKey="Key", dialect=dialect)],
        {"answers.csv": _csv(rows, delimiter="|", quote="'", end="\r\n")},
    )


PACKAGES = {
    one.__name__: one
    for one in (
        country_codes,
        gross_product,
        airports,
        transit,
        camera_traps,
        budget,
        time_series,
        words,
        stations,
        catalog,
        quoted,
    )
}
"""What makes each package, by name."""
