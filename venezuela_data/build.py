"""From records to what people use: tables, JSON files, the data package's descriptor, the data dictionary, and the schemas.

`artefacts` is pure: records go in, `{path: bytes}` comes out, and the same records give the same bytes under any locale,
time zone, hash seed and order of files. Nothing here reads a file or judges a record; `store` reads and writes.
May import `values`, `models`, `syntax`, `history`, `records` and `tables`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .history import CHANGES, NO_HISTORY, Ledger, State, sheet
from .models import Vocabulary
from .records import DATA_NAME, KIND, KINDS, Kind, Records, plain, schema_of
from .syntax import csv_bytes, json_bytes, read_csv
from .tables import LEDGER, TABLE, TABLES, Column, Table, cell_text, rows_of
from .values import TERM_PATTERN

_PACKAGE_SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"
_RESOURCE_SCHEMA = "https://datapackage.org/profiles/2.0/dataresource.json"
_TABLE_SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"
_JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"

_DESCRIPTION = (
    "Who acted, what happened or was threatened, demanded, offered or refused, which legal act applies to whom, and who said "
    "which words, in documents on the crisis between the United States and Venezuela of November 2025. Every cell is tied to "
    "the words of the document that carries it. The data says what the documents say, shows where they are wrong and on "
    "what basis, and takes no side on a contested matter. That a record is here does not say that it is so."
)
_LICENSE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International; quotations stay their owners'",
}


def artefacts(records: Records, ledger: Ledger = NO_HISTORY) -> dict[str, bytes]:
    """Build every published file.

    Args:
        records: all records by kind and id.
        ledger: the history, which is carried through as it is.

    Returns:
        The bytes of each file of `datasets/` and `schema/`, by path from the root of the checkout.
    """
    terms = terms_of(records)
    made: dict[str, bytes] = {}
    counts: dict[str, int] = {}
    schemas = {table.name: table_schema(table, terms) for table in TABLES}
    for table in TABLES:
        header = [column.name for column in table.columns]
        rows = [[cell_text(row[name]) for name in header] for row in rows_of(table, records)]
        counts[table.name] = len(rows)
        made[table.path] = csv_bytes([header, *rows])
        made[f"schema/tables/{table.name}.json"] = json_bytes(schemas[table.name])
    for kind in KINDS:
        if kind.published:
            values = [plain(records[kind.name][id_]) for id_ in sorted(records[kind.name])]
            made[f"datasets/json/{kind.name}.json"] = json_bytes({kind.name: values})
        made[f"schema/{kind.schema}.schema.json"] = json_bytes(json_schema(kind, terms))
    for vocabulary in records["vocabularies"].values():
        if isinstance(vocabulary, Vocabulary):
            made[f"schema/vocabularies/{vocabulary.id}.schema.json"] = json_bytes(vocabulary_schema(vocabulary))
    version = version_of(made, ledger)
    tables: tuple[Table, ...] = TABLES
    if ledger.releases:
        tables += LEDGER
        counts |= {"releases": sum(len(one.tables) for one in ledger.releases)}
        counts |= {"changes": sum(len(one.entries) for one in ledger.releases)}
        for table, data in zip(LEDGER, ledger.written, strict=True):
            schemas[table.name] = table_schema(table, terms)
            made[table.path] = data
            made[f"schema/tables/{table.name}.json"] = json_bytes(schemas[table.name])
    resources = [_table_resource(table, made, schemas[table.name]) for table in tables]
    resources += [_json_resource(kind, made) for kind in KINDS if kind.published]
    made["datasets/datapackage.json"] = json_bytes(_descriptor(resources, records, version))
    dictionary = _dictionary(records, terms, counts, tables, version)
    made["datasets/README.md"] = "".join(line + "\n" for line in dictionary).encode()
    return dict(sorted(made.items()))


def version_of(built: Mapping[str, bytes], ledger: Ledger) -> str:
    """Give the version of built tables: that of the last release, with a mark where they are no longer what it published."""
    if not ledger.releases:
        return "0.0.0+unreleased"
    last = ledger.releases[-1]
    hashes = {table.name: hashlib.sha256(built[table.path]).hexdigest() for table in TABLES}
    stated = {name: one.sha256 for name, one in last.tables.items() if name != CHANGES}
    return last.version if hashes == stated else f"{last.version}+unreleased"


def state_of(built: Mapping[str, bytes]) -> State:
    """Give built tables, with their schemas, as the history keeps them."""
    sheets = {}
    for table in TABLES:
        file, _ = read_csv(built[table.path], table.path)
        assert file is not None
        schema = json.loads(built[f"schema/tables/{table.name}.json"])
        kind = KIND.get(table.name)
        model = json.loads(built[f"schema/{kind.schema}.schema.json"]) if kind is not None else None
        sheets[table.name] = sheet(schema, file.rows, model)
    return State(sheets)


def terms_of(records: Records) -> dict[str, list[str]]:
    """Give the terms of each vocabulary, in the order in which it lists them."""
    return {
        name: [term.term for term in vocabulary.terms]
        for name, vocabulary in records["vocabularies"].items()
        if isinstance(vocabulary, Vocabulary)
    }


# Table Schema and data package -------------------------------------------------------------------------------------------


def table_schema(table: Table, terms: Mapping[str, list[str]]) -> dict[str, Any]:
    """Give the Table Schema (v2) of a table."""
    made: dict[str, Any] = {
        "$schema": _TABLE_SCHEMA,
        "fieldsMatch": "exact",
        "fields": [_field(column, terms) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        made["primaryKey"] = list(table.key)
    if table.unique:
        made["uniqueKeys"] = [list(table.unique)]
    keys = list(_foreign_keys(table))
    if keys:
        made["foreignKeys"] = keys
    return made


def _field(column: Column, terms: Mapping[str, list[str]]) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    enum = terms.get(column.scheme, []) if column.scheme else list(column.choices)
    given = {
        "enum": enum or None,
        "pattern": column.pattern,
        "minimum": column.minimum,
        "maximum": column.maximum,
        "minLength": column.min_length,
        "maxLength": column.max_length,
    }
    constraints.update((name, value) for name, value in given.items() if value is not None)
    field = {"name": column.name, "type": column.type, "description": column.description}
    return {**field, "constraints": constraints} if constraints else field


def _foreign_keys(table: Table) -> Iterator[dict[str, Any]]:
    for column in table.columns:
        if column.refers:
            # An empty name stands for the table itself (Table Schema, "foreignKeys").
            resource = "" if column.refers == table.name else column.refers
            yield {"fields": [column.name], "reference": {"resource": resource, "fields": list(TABLE[column.refers].key)}}


def _descriptor(resources: list[dict[str, Any]], records: Records, version: str) -> dict[str, Any]:
    return {
        "$schema": _PACKAGE_SCHEMA,
        "name": DATA_NAME,
        "title": "Contested events of the U.S.-Venezuela crisis, November 2025",
        "description": _DESCRIPTION,
        "version": version,
        "licenses": [_LICENSE],
        "contributors": [{"title": "The contributors to venezuela-data", "roles": ["creator", "maintainer"]}],
        "sources": list(_sources(records)),
        "keywords": ["Venezuela", "United States", "events", "claims", "provenance", "attribution"],
        "resources": resources,
    }


def _table_resource(table: Table, made: Mapping[str, bytes], schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "$schema": _RESOURCE_SCHEMA,
        "name": table.name,
        "type": "table",
        "title": table.title,
        "description": table.description,
        **_file(made, table.path),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _json_resource(kind: Kind, made: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "$schema": _RESOURCE_SCHEMA,
        "name": f"{kind.name}-json",
        "title": f"{_TITLES[kind.name]}, whole records",
        "description": f"The same records as the table {kind.name}, each whole, with the lists that it holds.",
        **_file(made, f"datasets/json/{kind.name}.json"),
        "format": "json",
        "mediatype": "application/json",
        "encoding": "utf-8",
    }


_TITLES = {table.name: table.title for table in TABLES}


def _file(made: Mapping[str, bytes], path: str) -> dict[str, Any]:
    data = made[path]
    return {"path": path.removeprefix("datasets/"), "bytes": len(data), "hash": "sha256:" + hashlib.sha256(data).hexdigest()}


def _sources(records: Records) -> Iterator[dict[str, str]]:
    for _, source in sorted(records["sources"].items()):
        row: dict[str, Any] = plain(source)
        yield {"title": f"{row['publisher']}: {row['title']}", **({"path": row["url"]} if "url" in row else {})}


# Data dictionary ---------------------------------------------------------------------------------------------------------


def _dictionary(
    records: Records, terms: Mapping[str, list[str]], counts: Mapping[str, int], tables: Iterable[Table], version: str
) -> Iterator[str]:
    """Yield the lines of the data dictionary: every table and field, and every controlled term, for people to read."""
    yield f"# {DATA_NAME} {version}: data dictionary"
    yield ""
    yield _DESCRIPTION
    yield ""
    yield "Made by `venezuela-data build` from the models, and never edited by hand. The tables are in `csv/`, those of the"
    yield "history beside it: UTF-8, comma-separated, one header row, an empty cell for no value. The whole records are in"
    yield "`json/`; `datapackage.json` describes all of it for programs (Data Package v2). Dates whose description says EDTF"
    yield "may be uncertain: `2025-11`, `[..2025-11-30]` (that day or earlier), `[2025-11-21,2025-11-23]` (one of these days)."
    yield ""
    yield "| table | rows | one row is |"
    yield "|---|---:|---|"
    for table in tables:
        row = _markdown(table.description.partition(". ")[0].rstrip("."))
        yield f"| [{table.name}](#{table.name}) | {counts[table.name]:,} | {row}. |"
    for table in tables:
        yield ""
        yield f"## {table.name}"
        yield ""
        yield _markdown(table.description)
        told = "Its key is" if table.key else "Rows are told apart by"
        yield f"{told} {', '.join(f'`{name}`' for name in table.key or table.unique)}."
        yield ""
        yield "| field | type | what it holds |"
        yield "|---|---|---|"
        for column in table.columns:
            yield f"| `{column.name}` | {column.type} | {_markdown(column.description)}{_held(column, terms)} |"
    yield ""
    yield "## Controlled terms"
    for name, vocabulary in sorted(records["vocabularies"].items()):
        if isinstance(vocabulary, Vocabulary):
            yield ""
            yield f"### {name}"
            yield ""
            yield _markdown(vocabulary.description)
            yield ""
            yield from (f"- `{one.term}`: {_markdown(one.definition)}" for one in vocabulary.terms)


def _held(column: Column, terms: Mapping[str, list[str]]) -> str:
    """Say whether a cell may be empty, what it refers to, and of which vocabulary it is a term."""
    said = " Never empty." if column.required else ""
    if column.refers:
        said += f" An id in [{column.refers}](#{column.refers})."
    if column.scheme in terms:
        said += f" A term of [{column.scheme}](#{column.scheme})."
    return said


def _markdown(text: str) -> str:
    """Escape what Markdown would take for markup, so that a text reads as it stands; code in backticks stays code."""
    text = re.sub(r"(`[^`|]+`)|([\\`*_{}\[\]<>#|~&])", lambda found: found[1] or "\\" + found[2], text)
    return re.sub(r"^([0-9]*)([-+=.)])", r"\1\\\2", text)


# JSON Schema -------------------------------------------------------------------------------------------------------------


def json_schema(kind: Kind, terms: Mapping[str, list[str]]) -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a seed file of this kind."""
    schema = _finished(_as_written(schema_of(kind.model)), terms)
    definitions = schema.pop("$defs", {})
    link = {"$schema": {"type": "string", "description": "Address of this schema, for editors."}}
    if kind.many:
        definitions = {**definitions, schema["title"]: schema}
        schema = {
            "title": f"{_TITLES[kind.name]} of one document",
            "description": f"A file of {kind.name}.",
            "type": "object",
            "properties": {
                **link,
                kind.name: {"type": "array", "items": {"$ref": f"#/$defs/{schema['title']}"}},
            },
            "required": [kind.name],
            "additionalProperties": False,
        }
    else:
        schema["properties"] = {**link, **schema["properties"]}
    head = {"$schema": _JSON_SCHEMA, "$id": f"urn:x-venezuela-data:schema:{kind.schema}"}
    return {**head, **schema, **({"$defs": definitions} if definitions else {})}


def vocabulary_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of one term of a vocabulary, with the definition of each."""
    return {
        "$schema": _JSON_SCHEMA,
        "$id": f"urn:x-venezuela-data:vocabulary:{vocabulary.id}",
        "title": vocabulary.title,
        "description": vocabulary.description,
        "oneOf": [{"const": one.term, "title": one.label, "description": one.definition} for one in vocabulary.terms],
    }


def _as_written(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out of a schema what is derived: nobody writes that. Pydantic would take as long again to make this one itself."""
    fields = {name: field for name, field in schema["properties"].items() if not field.get("readOnly")}
    return {**schema, "properties": fields, "required": [name for name in schema["required"] if name in fields]}


def _finished(node: Any, terms: Mapping[str, list[str]], *, names: bool = False) -> Any:
    """Put the terms in the place of our marks, and leave out what no reader of the schema needs.

    `names` says that the keys of this object are names that the schema describes, not keywords of its own.
    """
    if isinstance(node, list):
        return [_finished(one, terms) for one in node]
    if not isinstance(node, dict):
        return node
    made = {}
    for key, value in node.items():
        if names:
            made[key] = _finished(value, terms)
        elif key == "x-vocabulary":
            form = {"pattern": TERM_PATTERN, "maxLength": 60, "not": {"pattern": "[\\n]"}}
            made.update({"enum": terms[value]} if value in terms else form)
        elif key == "title" and "properties" not in node:
            continue  # Pydantic names every field after itself.
        elif not key.startswith("x-") and not (key == "default" and value in (None, [], ())):
            made[key] = _finished(value, terms, names=key in ("properties", "$defs"))
    return made
