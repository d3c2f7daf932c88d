"""Croissant 1.1: the CSV files as they are published, with a description that machine-learning tools load them by.

A folder with `croissant.json` and `csv/<table>.csv`: whoever opens the description has each table as a record set, with the
type and meaning of each field and the column to which it refers. The tables have all cells, so that nothing is lost. One
reader, mlcroissant, guesses types before it looks at the description: it gives the text `NA` as no value, and digits in a text
column with gaps as `3625428.0`. Nothing is fetched. May import `syntax`, `citing` and whatever stands before them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ..citing import cite_publication, publication
from ..syntax import csv_bytes, json_bytes
from .losses import Account, Rows

REASONS: Mapping[str, str] = {}
"""Croissant carries every cell: it describes the tables, and the tables lie beside it."""

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"

_CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the standard gives; readers warn of any other."""

_RESPONSIBLE_USE = {
    "rai:dataCollection": "Public documents were read, and each assertion, quotation, actor and event was recorded with its "
    "place in the text where the text was held. Other documents were then sought for what the first one asserts.",
    "rai:dataAnnotationProtocol": "Each record is coded by the terms of the table vocabularies, which has the definition of "
    "each. Certainty is that of the one who speaks, not a probability that something is so.",
    "rai:dataBiases": "The documents are neither a census nor a random sample of what was published: they were found in a "
    "search on what the first document asserts. Most are in English.",
    "rai:dataLimitations": "That a record is here does not say that it is so. An empty cell means that no listed document "
    "tells, or that it was not seen, never none. Nothing was coded twice independently. Quotations may have gone through two "
    "translations, which the field fidelity tells.",
    "rai:personalSensitiveInformation": "Living people are named only as holders of public office or as authors with a byline. "
    "Anonymous sources are not meant to be identified. A wrong name that a document gives is kept as wrong, and never tied to "
    "whoever bears it.",
}
"""What the standard's vocabulary of responsible use asks, in short from the datasheet of the data."""

_TYPES = {"integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean", "date": "sc:Date"}
"""The types of Table Schema that are no texts, as Croissant calls them. A date that may be uncertain (EDTF) is a text."""


def render(account: Account, name: str) -> dict[str, bytes]:  # noqa: ARG001
    """Make the files: the description, and the tables as CSV.

    Args:
        account: all cells, which are all taken.
        name: nothing; a folder of files is made.
    """
    data = account.dataset
    files = {}
    for table in data.tables:
        columns = data.table(table).columns
        rows = ([row.text(column) for column in columns] for row in account.rows(table))
        files[f"csv/{table}.csv"] = csv_bytes([columns, *rows])
    return {"croissant.json": json_bytes(_description(account, files)), **files}


def _description(account: Account, files: Mapping[str, bytes]) -> dict[str, Any]:
    data = publication(account.dataset)
    made = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": data.name,
        "alternateName": data.title,
        "description": f"{data.description} This is {data.standing}.".strip(),
        "version": data.version,
        "datePublished": data.released,
        "license": data.license_url,
        "creator": [{"@type": "sc:Organization", "name": one} for one in data.creators],
        "keywords": list(data.keywords),
        "citeAs": cite_publication(data, "bibtex").strip(),
        "isLiveDataset": False,
        **_RESPONSIBLE_USE,
        "distribution": [_file(path, content) for path, content in files.items()],
        "recordSet": [_record_set(account.dataset.table(one), one, account.dataset.tables) for one in account.dataset.tables],
    }
    return {name: value for name, value in made.items() if value not in ("", [])}


def _file(path: str, content: bytes) -> dict[str, Any]:
    name = path.rpartition("/")[2]
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": path,
        "contentSize": f"{len(content)} B",
        "encodingFormat": "text/csv",
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _record_set(rows: Rows, table: str, tables: list[str]) -> dict[str, Any]:
    schema = rows.schema
    types = {str(field["name"]): field for field in schema["fields"]}
    refers = {
        key["fields"][0]: (key["reference"]["resource"] or table, key["reference"]["fields"][0])
        for key in schema.get("foreignKeys", ())
        if len(key["fields"]) == 1
    }
    made: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": rows.description,
        "key": [{"@id": f"{table}/{column}"} for column in schema.get("primaryKey", ())],
        "field": [],
    }
    for column in rows.columns:
        field: dict[str, Any] = {
            "@type": "cr:Field",
            "@id": f"{table}/{column}",
            "name": column,
            "description": types[column].get("description", ""),
            "dataType": _TYPES.get(types[column].get("type", ""), "sc:Text"),
            "source": {"fileObject": {"@id": f"{table}.csv"}, "extract": {"column": column}},
        }
        if column in refers and refers[column][0] in tables:
            # The column of the file, not the field of the record set: mlcroissant joins the two, and loses rows over fields.
            other, key = refers[column]
            field["references"] = {"fileObject": {"@id": f"{other}.csv"}, "extract": {"column": key}}
        made["field"].append({name: value for name, value in field.items() if value != ""})
    return {name: value for name, value in made.items() if value not in ("", [])}
