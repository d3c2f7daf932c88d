"""The tables that readers get, and how records become their rows.

`TABLES` is the only list of the tables that exist. A column is described once, in the model; here stands only which columns a
table has, in which order, and what its key is. Nothing here reads or writes a file. May import `values`, `models`, `origins`
and `records`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from operator import attrgetter
from typing import Any

from . import models
from .models import Part
from .origins import Origins
from .records import KIND, KINDS, Records, part_of, schema_of
from .values import ANY_ID_PATTERN, MAX_ID, MAX_TEXT, SHA256_PATTERN, TERM_PATTERN

Cell = str | int | float | bool | datetime.date | None
"""What a cell of a table holds."""


@dataclass(frozen=True)
class Column:
    """A column of a table, as the model describes it."""

    name: str
    type: str
    """The type in Table Schema: string, integer, number, boolean or date."""
    description: str
    required: bool = False
    pattern: str | None = None
    scheme: str | None = None
    """The vocabulary of which the cells hold terms."""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    refers: str | None = None
    """The table whose ids the cells hold."""


@dataclass(frozen=True)
class Table:
    """A table: which columns it has, which of them are its key, and how records fill it."""

    name: str
    title: str
    description: str
    describe: Callable[[], tuple[Column, ...]]
    """Gives its columns. The models are asked for them on first use: many runs need no more than a table or two."""
    rows: Callable[[Records], Iterator[dict[str, Cell]]]
    count: Callable[[Records], int]
    """How many rows it has, without making them."""
    key: tuple[str, ...] = ()
    """The primary key; empty where a column that tells rows apart may be empty."""
    unique: tuple[str, ...] = ()
    """The columns that together tell rows apart, where there is no primary key."""
    kind: str = ""
    """The kind of record that fills it; empty where records of several kinds do, or none."""
    field: str = ""
    """For a table of parts: the list of the record that fills it."""
    apart: tuple[str, ...] = ()
    """For a table of parts: the fields of a part that tell it from the others of its list."""
    folder: str = "datasets/csv"
    """The folder that holds its file."""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the table, in order."""
        return self.describe()

    @property
    def path(self) -> str:
        """The file of the table, from the root of a checkout or of an installed package."""
        return f"{self.folder}/{self.name}.csv"


# Columns from models -----------------------------------------------------------------------------------------------------


@cache
def columns_of(model: type[Part]) -> Mapping[str, Column]:
    """Give the columns that a model's own fields make: scalars as they are, a nested part's with its name before them."""
    schema = schema_of(model)
    return dict(_columns_in(schema, schema))


def _columns_of_parts(kind: str, field: str) -> Mapping[str, Column]:
    """Give the columns that the parts in a list of a record make."""
    schema = schema_of(KIND[kind].model)
    return dict(_columns_in(_resolved(_resolved(schema["properties"][field], schema)["items"], schema), schema))


def _columns_in(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[tuple[str, Column]]:
    for name, given in node["properties"].items():
        found = _resolved(given, schema)
        if found.get("type") == "object":
            for inner, column in _columns_in(found, schema):
                yield f"{name}_{inner}", replace(column, name=f"{name}_{inner}", required=False)
        elif found.get("type") != "array":
            yield name, _column(name, found, given.get("description", ""), "anyOf" not in given)


def _resolved(node: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Follow a reference, and take the one alternative that is not null."""
    if "$ref" in node:
        return _resolved(schema["$defs"][node["$ref"].rpartition("/")[2]], schema)
    if "anyOf" in node:
        (other,) = (one for one in node["anyOf"] if one.get("type") != "null")
        return {**node, **_resolved(other, schema)}
    return dict(node)


def _column(name: str, node: Mapping[str, Any], description: str, required: bool) -> Column:
    return Column(
        name=name,
        type="date" if node.get("format") == "date" else node["type"],
        description=description,
        required=required,
        pattern=node.get("pattern"),
        scheme=node.get("x-vocabulary"),
        choices=tuple(node.get("enum", ())),
        minimum=node.get("minimum"),
        maximum=node.get("maximum"),
        min_length=node.get("minLength"),
        max_length=node.get("maxLength"),
        refers=node.get("x-refers"),
    )


def cell_text(value: Cell) -> str:
    """Write a cell in the normal form of its type; an empty cell is no value."""
    if value is None:
        return ""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value) if value.is_integer() else value)
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def cell_of(kind: str, text: str) -> Cell:
    """Read a cell that `cell_text` wrote, by its type in Table Schema.

    Raises:
        ValueError: the text is no value of the type.
    """
    if not text:
        return None
    if kind == "boolean":
        return {"true": True, "false": False}[text]
    if kind == "date":
        return datetime.date.fromisoformat(text)
    if kind == "number":
        return float(text)
    return int(text) if kind == "integer" else text


# Rows from records -------------------------------------------------------------------------------------------------------


def _values(part: Part, names: tuple[str, ...]) -> dict[str, Cell]:
    """Give the cells of a record or part: its own fields, and those of a nested part by their longer names."""
    return {name: read(part) for name, read in _readers(type(part), names)}


@cache
def _readers(model: type[Part], names: tuple[str, ...]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """Give, for each column, what reads its cell from a record or part."""
    return tuple((name, _reader(model, name)) for name in names)


def _reader(model: type[Part], column: str) -> Callable[[Any], Any]:
    if hasattr(model, column) or column in model.model_fields:
        return attrgetter(column)
    name = next(name for name in model.model_fields if column.startswith(name + "_"))
    inner = _reader(part_of(model, name), column[len(name) + 1 :])
    return lambda part: None if (nested := getattr(part, name)) is None else inner(nested)


@dataclass(frozen=True)
class _Derived:
    """Columns that take more than the record itself."""

    names: tuple[str, ...]
    describe: Callable[[], tuple[Column, ...]]
    prepare: Callable[[Records], Callable[[Any], Mapping[str, Cell]]]
    """Looks over all records once, and gives the function that makes these cells for one record."""


def _main(kind: str, title: str, names: str, derived: _Derived | None = None, *, name: str = "", key: str = "id") -> Table:
    """Make the table of a kind of record: one row for each. `name` and `key` are for one that is not named as the kind is."""
    model = KIND[kind].model
    extra = derived.names if derived is not None else ()
    own = tuple(one for one in names.split() if one not in (key, *extra))

    def describe() -> tuple[Column, ...]:
        more = {column.name: column for column in derived.describe()} if derived is not None else {}
        known = {**columns_of(model), **more, key: replace(columns_of(model)["id"], name=key)}
        return tuple(known[one] for one in names.split())

    def rows(records: Records) -> Iterator[dict[str, Cell]]:
        cells = derived.prepare(records) if derived is not None else lambda _: {}
        for record in records[kind].values():
            yield {key: record.id, **_values(record, own), **cells(record)}

    def count(records: Records) -> int:
        return len(records[kind])

    return Table(name or kind, title, _described(model), describe, rows, count, key=(key,), kind=kind)


def _parts(
    name: str,
    title: str,
    kind: str,
    field: str,
    parent: str,
    names: str,
    *,
    key: str = "",
    unique: str = "",
    position: str = "",
    of: str = "",
) -> Table:
    """Make the table of a record's parts: one row for each item of one of its lists.

    `position` describes the column that keeps their order, where there is one; `of` is the table of the records themselves
    where that is not named as the kind is.
    """
    model = part_of(KIND[kind].model, field)
    own = tuple(names.split())

    def describe() -> tuple[Column, ...]:
        told = f"The record of {kind} to which the row belongs."
        first = replace(columns_of(KIND[kind].model)["id"], name=parent, description=told, refers=of or kind)
        known = _columns_of_parts(kind, field)
        return first, *_place(position), *(known[one] for one in own)

    def rows(records: Records) -> Iterator[dict[str, Cell]]:
        for record in records[kind].values():
            for number, part in enumerate(getattr(record, field)):
                yield {parent: record.id, **({"position": number} if position else {}), **_values(part, own)}

    return Table(
        name=name,
        title=title,
        description=_described(model),
        describe=describe,
        rows=rows,
        count=lambda records: sum(len(getattr(record, field)) for record in records[kind].values()),
        key=tuple(key.split()),
        unique=tuple(unique.split()),
        kind=kind,
        field=field,
        apart=tuple(one for one in (key or unique).split() if one != parent),
    )


def _place(description: str) -> Iterator[Column]:
    if description:
        yield Column("position", "integer", description, True, minimum=0)


def _described(model: type[Part]) -> str:
    return " ".join((model.__doc__ or "").split())


_TABLE_COLUMN = Column("table", "string", "The table in which the record is.", True, TERM_PATTERN, max_length=60)
_RECORD_COLUMN = Column("record_id", "string", "The record.", True, ANY_ID_PATTERN, max_length=MAX_ID)


def _of_any(name: str, title: str, field: str, names: str, *, key: str = "", unique: str = "", position: str = "") -> Table:
    """Make the table of a part that records of several kinds have."""
    kinds = [kind.name for kind in KINDS if field in kind.model.model_fields]
    model = part_of(KIND[kinds[0]].model, field)
    own = tuple(names.split())

    def describe() -> tuple[Column, ...]:
        known = _columns_of_parts(kinds[0], field)
        return _TABLE_COLUMN, _RECORD_COLUMN, *_place(position), *(known[one] for one in own)

    def rows(records: Records) -> Iterator[dict[str, Cell]]:
        for kind in kinds:
            for record in records[kind].values():
                for number, part in enumerate(getattr(record, field)):
                    place = {"position": number} if position else {}
                    yield {"table": kind, "record_id": record.id, **place, **_values(part, own)}

    return Table(
        name=name,
        title=title,
        description=_described(model),
        describe=describe,
        rows=rows,
        count=lambda records: sum(len(getattr(record, field)) for kind in kinds for record in records[kind].values()),
        key=tuple(key.split()),
        unique=tuple(unique.split()),
        field=field,
        apart=tuple(one for one in unique.split() if one not in ("table", "record_id")),
    )


def _plover(records: Records) -> Callable[[models.Event], Mapping[str, Cell]]:
    terms = records["vocabularies"].get("event_kind")
    nearest = {one.term: one.plover for one in terms.terms} if isinstance(terms, models.Vocabulary) else {}
    return lambda event: {"plover_event": nearest.get(event.kind)}


_PLOVER = _Derived(
    ("plover_event",),
    lambda: (
        Column(
            "plover_event",
            "string",
            "The event category of PLOVER that comes nearest to the kind; empty where PLOVER has none.",
            max_length=200,
        ),
    ),
    _plover,
)


def _weighed(records: Records) -> Callable[[models.Claim], Mapping[str, Cell]]:
    origins = Origins(records)

    def cells(claim: models.Claim) -> Mapping[str, Cell]:
        weight = origins.weigh(claim)
        return {
            "origins_supporting": weight.supporting,
            "origins_contradicting": weight.contradicting,
            "standing": weight.standing,
        }

    return cells


_WEIGHED = _Derived(
    ("origins_supporting", "origins_contradicting", "standing"),
    lambda: (
        Column(
            "origins_supporting",
            "integer",
            "How many independent origins support it: the fewest origins that account for all reports in `assessments` that "
            "support it and share no document, publisher, speaker or state with the claim's own chain. Relays add none.",
            required=True,
            minimum=0,
        ),
        Column(
            "origins_contradicting",
            "integer",
            "How many independent origins contradict it: the fewest origins that account for all reports that do.",
            required=True,
            minimum=0,
        ),
        Column(
            "standing",
            "string",
            "What follows from the two counts alone: uncorroborated (0 and 0), corroborated (supported only), contradicted "
            "(contradicted only) or contested (both). It is reckoned, and judges nobody.",
            required=True,
            pattern=TERM_PATTERN,
            scheme="standing",
            max_length=60,
        ),
    ),
    _weighed,
)


def _dated(records: Records) -> Callable[[models.Assessment], Mapping[str, Cell]]:
    published = {one.id: one.published for one in records["sources"].values() if isinstance(one, models.Source)}
    return lambda assessment: {"published": published.get(assessment.source_id)}


_PUBLISHED = "When the document that speaks was published (EDTF)."

_DATED = _Derived(
    ("published",),
    lambda: (replace(columns_of(models.Source)["published"], description=_PUBLISHED),),
    _dated,
)


def _evidence_with_bases(table: Table) -> Table:
    """Add to the evidence the documents on which errata rest."""

    def rows(records: Records) -> Iterator[dict[str, Cell]]:
        yield from table.rows(records)
        empty = dict.fromkeys(column.name for column in table.columns)
        for erratum in records["errata"].values():
            assert isinstance(erratum, models.Erratum)
            for source in erratum.basis:
                own = {"table": "errata", "record_id": erratum.id, "field": "should_read", "source_id": source}
                yield {**empty, **own}

    def count(records: Records) -> int:
        return table.count(records) + sum(len(getattr(one, "basis", ())) for one in records["errata"].values())

    return replace(table, rows=rows, count=count)


SPAN = "start end sha256"
_OPS = ("ADD", "MOD", "DEL")

TABLES = (
    _main("actors", "Actors", "id kind name description country extent existence wikidata status"),
    _main(
        "events",
        "Events",
        "id kind actuality title description date date_earliest date_latest date_basis place_id part_of plover_event status",
        _PLOVER,
    ),
    _main(
        "designations",
        "Designations",
        "id target_id authority_id program_id legal_status announced signed published effective ended description status",
    ),
    _main(
        "statements",
        "Statements",
        "id source_id speaker_id text language function fidelity date date_earliest date_latest addressee_id event_id note "
        f"{SPAN} status",
    ),
    _main(
        "claims",
        "Claims",
        "id source_id text kind polarity certainty actuality claimant_id statement_id quantity_value quantity_high "
        f"quantity_comparator quantity_unit quantity_of quantity_verbal {SPAN} "
        "origins_supporting origins_contradicting standing status",
        _WEIGHED,
    ),
    _main(
        "errata",
        "Errata",
        f"id source_id kind {SPAN} as_written should_read decision confidence note table record_id field status",
    ),
    _main(
        "assessments",
        "Assessments",
        "id source_id published speaker_id target_table target_id stance value quantity_value quantity_high "
        "quantity_comparator quantity_unit quantity_of quantity_verbal note status",
        _DATED,
    ),
    _main(
        "sources",
        "Documents",
        "id kind title publisher publisher_id author published published_earliest published_latest url language "
        "translated_from access rights text_sha256 text_length note status",
    ),
    _parts("source_paragraphs", "Paragraphs", "sources", "paragraphs", "source_id", f"n {SPAN} covered", key="source_id n"),
    _parts("source_citations", "Citations", "sources", "cites", "source_id", "cited_id basis", key="source_id cited_id"),
    _of_any(
        "attributions",
        "Attributions",
        "attribution",
        "voice actor_id document_id basis",
        key="table record_id position",
        position="Place in the chain: 0 is the document.",
    ),
    _evidence_with_bases(
        _of_any(
            "evidence",
            "Evidence",
            "evidence",
            f"field source_id claim_id {SPAN}",
            unique="table record_id field source_id claim_id start end",
        )
    ),
    _parts(
        "about",
        "What claims are about",
        "claims",
        "about",
        "claim_id",
        "table record_id",
        key="claim_id table record_id",
    ),
    _parts(
        "claim_links",
        "Links of claims",
        "claims",
        "links",
        "claim_id",
        "relation object_id",
        key="claim_id relation object_id",
    ),
    _parts(
        "actor_names",
        "Names",
        "actors",
        "names",
        "actor_id",
        f"name language kind source_id erratum_id {SPAN}",
        key="actor_id name language kind source_id",
    ),
    _parts(
        "actor_identifiers",
        "Identifiers",
        "actors",
        "identifiers",
        "actor_id",
        "scheme value match checked_on basis",
        key="actor_id scheme value",
    ),
    _parts(
        "actor_roles",
        "Offices",
        "actors",
        "roles",
        "actor_id",
        "office organization_id since until source_id",
        unique="actor_id office organization_id since source_id",
    ),
    _parts(
        "event_participants",
        "Participants",
        "events",
        "participants",
        "event_id",
        "actor_id role",
        key="event_id actor_id role",
    ),
    _parts(
        "event_links",
        "Links of events",
        "events",
        "links",
        "event_id",
        "relation object_id",
        key="event_id relation object_id",
    ),
    _main("programs", "Programs", "id title issuer_id legal_basis note status"),
    _main("instruments", "Instruments", "id kind title citation issuer_id signed published effective url note status"),
    _parts(
        "designation_history",
        "History of designations",
        "designations",
        "history",
        "designation_id",
        "stage date instrument_id source_id",
        key="designation_id stage date source_id",
        position="Place in the history: 0 is the first stage.",
    ),
    _main("places", "Places", "id name kind country latitude longitude uncertainty_m geonames wikidata basis status"),
    _parts(
        "vocabularies",
        "Controlled terms",
        "vocabularies",
        "terms",
        "scheme",
        "term label definition broader plover plover_match acled acled_match ftm ftm_match",
        key="scheme term",
        position="Place in the vocabulary: 0 is its first term.",
        of="vocabulary_schemes",
    ),
    _main("vocabularies", "Vocabularies", "scheme title description status", name="vocabulary_schemes", key="scheme"),
    replace(_main("redirects", "Redirects", "id table record_id kind target_id note status"), folder="datasets"),
    replace(_main("tombstones", "Tombstones", "id table record_id cause date note status"), folder="datasets"),
)

TABLE = {table.name: table for table in TABLES}


def _of_ledger(
    name: str, title: str, description: str, columns: tuple[Column, ...], *, key: str = "", unique: str = ""
) -> Table:
    """Make a table whose rows are the ledger's own: they are written by releases, and made of no record."""
    return Table(
        name=name,
        title=title,
        description=description,
        describe=lambda: columns,
        rows=lambda _: iter(()),
        count=lambda _: 0,
        key=tuple(key.split()),
        unique=tuple(unique.split()),
        folder="datasets",
    )


_VERSION = r"^[0-9]+\.[0-9]+\.[0-9]+$"

LEDGER = (
    _of_ledger(
        "releases",
        "Releases",
        "What a release says of one of its tables: how many rows it has, and the hash by which it is proved.",
        (
            Column("version", "string", "The version of the data.", True, _VERSION, max_length=32),
            Column("date", "date", "The day of the release.", True),
            Column(
                "schema_version", "string", "The version that last changed a table or field.", True, _VERSION, max_length=32
            ),
            Column("table", "string", "The table.", True, TERM_PATTERN, max_length=60),
            Column("rows", "integer", "How many rows it has, without the header.", True, minimum=0),
            Column("sha256", "string", "SHA-256 of the bytes of its CSV file.", True, SHA256_PATTERN, max_length=64),
        ),
        key="version table",
    ),
    _of_ledger(
        "changes",
        "Changes",
        "What a release changed: a row that is new or gone, or a cell that is another one, and why. The first release adds "
        "every row, so that every version can be made again from this table alone.",
        (
            Column("release", "string", "The version that brought the change.", True, _VERSION, max_length=32),
            Column("table", "string", "The table that changed.", True, TERM_PATTERN, max_length=60),
            Column(
                "id",
                "string",
                "The record that changed, or to which the row belongs; empty where the table itself changed.",
                max_length=MAX_ID,
            ),
            Column("op", "string", "ADD for what is new, DEL for what is gone, MOD for what is another.", True, choices=_OPS),
            Column(
                "field",
                "string",
                "For MOD of a record: the column whose cell changed. Where the table itself changed: empty for its Table "
                "Schema, and `model` for the JSON Schema of its records.",
                max_length=60,
            ),
            Column("old", "string", "What was there: the cell, or the row or schema as a JSON object."),
            Column("new", "string", "What is there now, in the same form."),
            Column("cause", "string", "What kind of reason there was.", True, TERM_PATTERN, "change_cause", max_length=60),
            Column("note", "string", "What was found, and on what basis.", max_length=MAX_TEXT),
        ),
        unique="release table id op field old new",
    ),
)
"""The two tables of the history, which `release` alone adds to (see `history`)."""


def rows_of(table: Table, records: Records) -> list[dict[str, Cell]]:
    """Give the rows of a table in their normal order: by the text of their cells, the key first."""
    first = [column.name for column in table.columns if column.name in (table.key or table.unique)]
    rest = [column.name for column in table.columns if column.name not in first]
    rows = list(table.rows(records))
    told_apart = [tuple(_order(row[name]) for name in first) for row in rows]
    if len(set(told_apart)) == len(rows):  # then the other cells, which are most of the work, decide nothing
        return [rows[at] for at in sorted(range(len(rows)), key=told_apart.__getitem__)]
    return sorted(rows, key=lambda row: [_order(row[name]) for name in (*first, *rest)])


def _order(value: Cell) -> Any:
    # Numbers sort as numbers among themselves, an empty cell comes first, and everything else sorts by its text.
    if value is None:
        return (0, 0, "")
    return (1, value, "") if isinstance(value, int | float) else (2, 0, cell_text(value))
