"""The compiled form of a data package: what each table must be, in one immutable plan that every engine reads.

Everything is decided here, before any row is read: which files, how they are written, what each cell, row and key must be. What
a plan cannot express is an error that names it and its place in the descriptor; nothing is passed over in silence. Opens no
file. May import `dates` and `text`, and the modules beside it: `codes`, `lexical` and `patterns`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from .lexical import Reader, Value, Writing, number_key, reader_of
from .patterns import Pattern, PatternError, compile_pattern

Pointer = tuple[str | int, ...]

CHECKS = "vd:checks"
"""The property of a Table Schema by which a package asks for what the standard has no word for.

An object: `normalForm` is true or false; `ordered` lists pairs of fields, the earlier first, whose dates must not run
backwards; `dense` lists objects with the fields `within` and the field `position`, which counts from 0 in each group.
"""
FORMATS = ("csv", "tsv", "jsonl", "ndjson", "parquet")
PACKED = ("gz", "zst")
_ENCODINGS = (
    r"utf-?8(?:-sig)?|us-ascii|ascii|utf-?(?:16|32)(?:-?[lb]e)?|(?:iso-?)?8859-[0-9]{1,2}|iso8859-[0-9]{1,2}|latin-?1"
    r"|windows-(?:125[0-8]|874)|cp(?:125[0-8]|437|850|852|866|874)|koi8-[rut]|shift-jis|sjis|euc-(?:jp|kr)|gbk|gb2312|gb18030|big5"
    r"|mac-roman"
)
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_ORDERED = frozenset(_BOUNDS)
_LENGTHS = frozenset(("minLength", "maxLength"))
_COMMON = frozenset(("required", "unique", "enum"))
APPLICABLE: Mapping[str, frozenset[str]] = {
    "string": _COMMON | _LENGTHS | {"pattern"},
    **dict.fromkeys(("integer", "number", "date", "time", "datetime", "year", "yearmonth"), _COMMON | _ORDERED),
    **dict.fromkeys(("boolean", "duration", "geopoint", "geojson", "any"), _COMMON),
    **dict.fromkeys(("object", "array"), _COMMON | _LENGTHS),
    "list": frozenset(("required", "unique")) | _LENGTHS,
}
"""The constraints that a field of each type may have."""


class PlanError(Exception):
    """A descriptor asks for what no plan can express, or contradicts itself; `pointer` says where."""

    def __init__(self, pointer: Pointer, message: str, path: str = "datapackage.json") -> None:
        self.pointer, self.message, self.path = pointer, message, path
        super().__init__(f"{path}: /{'/'.join(map(str, pointer))}: {message}")


class Dialect(NamedTuple):
    """How the cells of a text table are written."""

    delimiter: str = ","
    quote: str = '"'
    """The quote mark, or nothing where quotes mean nothing."""
    escape: str = ""
    skip_initial_space: bool = False
    header: int = 1
    """The record that is the header, counted from 1; 0 where there is none. What stands before it is passed over."""
    comment_char: str = ""
    comment_rows: tuple[int, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the table is RFC 4180 but for its delimiter, with one header row or none."""
        return self == Dialect(self.delimiter, header=self.header) and self.header <= 1


class Bound(NamedTuple):
    """A least or greatest value of a field."""

    name: str
    """`minimum`, `maximum`, `exclusiveMinimum` or `exclusiveMaximum`."""
    value: Value

    def holds(self, order: Any) -> bool:
        """Say whether a value of that order keeps the bound; one that cannot be compared with it does not."""
        edge = self.value.order
        if order is None or (isinstance(edge, tuple) and isinstance(edge[0], bool) and edge[0] != order[0]):
            return False
        if self.name.endswith("inimum"):
            return bool(order > edge if self.name.startswith("e") else order >= edge)
        return bool(order < edge if self.name.startswith("e") else order <= edge)


class Field(NamedTuple):
    """A field: how its cells are written and what their values must be."""

    name: str
    writing: Writing = Writing()
    read: Reader = lambda text: Value(text)  # the default of a field
    missing: tuple[str, ...] = ("",)
    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] | None = None
    """The keys of the values that it lists, in order."""
    bounds: tuple[Bound, ...] = ()
    lengths: tuple[int | None, int | None] = (None, None)
    pattern: Pattern | None = None
    normal: str = ""
    """The grammar of the one normal form of its type, where the package asks for it."""

    @property
    def kind(self) -> str:
        """Its type."""
        return self.writing.kind

    @property
    def family(self) -> str:
        """What its values can be equal to: those of any type of the same family."""
        families = {"integer": "number", "year": "number", "any": "string"}
        return families.get(self.kind, self.kind)


class Reference(NamedTuple):
    """A foreign key: fields whose values are those of other fields, of another resource or of the same."""

    fields: tuple[str, ...]
    resource: str
    to: tuple[str, ...]
    comparable: bool
    """Whether values of these fields can be equal to those of the others at all, by their types."""


class Dense(NamedTuple):
    """Positions that count from 0 within each group of rows."""

    within: tuple[str, ...]
    position: str


class Table(NamedTuple):
    """A resource: its files, how they are written, and what holds for its rows."""

    name: str
    paths: tuple[str, ...]
    format: str
    """`csv`, `jsonl` or `parquet`."""
    packed: tuple[str, ...]
    """How each file is packed: `gz`, `zst` or nothing."""
    encoding: str
    dialect: Dialect
    fields: tuple[Field, ...]
    match: str = "exact"
    """How the header must name the fields: `exact`, `equal`, `subset`, `superset` or `partial`."""
    primary: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()
    ordered: tuple[tuple[str, str], ...] = ()
    dense: tuple[Dense, ...] = ()
    schema: bool = True
    """Whether there is a Table Schema; without one the columns are what the header names."""

    def field(self, name: str) -> Field:
        """Give a field by its name."""
        return next(one for one in self.fields if one.name == name)


class Plan(NamedTuple):
    """What a package promises of its tables."""

    tables: tuple[Table, ...]
    path: str = "datapackage.json"

    def table(self, name: str) -> Table:
        """Give a table by the name of its resource."""
        return next(one for one in self.tables if one.name == name)


# Compiling ---------------------------------------------------------------------------------------------------------------


def compile_plan(
    descriptor: Any,
    *,
    named: Mapping[str, Any] | None = None,
    checks: Mapping[str, Mapping[str, Any]] | None = None,
    path: str = "datapackage.json",
) -> Plan:
    """Compile the descriptor of a data package.

    Args:
        descriptor: the parsed descriptor.
        named: the parsed schemas and dialects that are files of their own, by path from the descriptor's folder.
        checks: what holds besides, by the name of the resource, in the form of the property `vd:checks`.
        path: how errors call the descriptor.

    Raises:
        PlanError: it asks for what cannot be expressed, or contradicts itself.
    """
    try:
        return _compiled(descriptor, named or {}, checks or {}, path)
    except PlanError as error:
        error.path = path
        error.args = (f"{path}: /{'/'.join(map(str, error.pointer))}: {error.message}",)
        raise


def _compiled(descriptor: Any, named: Mapping[str, Any], checks: Mapping[str, Mapping[str, Any]], path: str) -> Plan:
    listed = descriptor.get("resources") if isinstance(descriptor, dict) else None
    if not isinstance(listed, list) or not listed:
        raise PlanError(("resources",), "the descriptor lists no resources")
    tables: dict[str, tuple[int, Table, dict[str, Any]]] = {}
    for index, resource in enumerate(listed):
        at = ("resources", index)
        if not isinstance(resource, dict) or not isinstance(resource.get("name"), str):
            raise PlanError(at, "a resource without a name")
        made = _table(resource, at, named, checks.get(resource["name"], {}))
        if made is None:
            continue
        if made[0].name in tables:
            raise PlanError((*at, "name"), f"a second resource {made[0].name!r}")
        tables[made[0].name] = (index, *made)
    known = {name: table for name, (_, table, _) in tables.items()}
    done = []
    for index, table, schema in tables.values():
        references = tuple(_references(schema, table, known, ("resources", index, "schema", "foreignKeys")))
        done.append(table._replace(references=references))
    return Plan(tuple(done), path)


def _table(
    resource: Mapping[str, Any], at: Pointer, named: Mapping[str, Any], extra: Mapping[str, Any]
) -> tuple[Table, dict[str, Any]] | None:
    schema = _told(resource, "schema", at, named)
    dialect = _told(resource, "dialect", at, named)
    given = resource.get("path")
    paths = tuple(given) if isinstance(given, list) else (given,)
    if "data" in resource:
        if schema or resource.get("type") == "table":
            raise PlanError((*at, "data"), "data inside the descriptor: write it as a file")
        return None
    if not paths or not all(isinstance(one, str) and one and not _leaves(one) for one in paths):
        raise PlanError((*at, "path"), "a path that is none, or that leads out of the folder of the descriptor")
    for name in ("scheme", "innerpath", "extrapaths", "control"):
        if name in resource:
            raise PlanError((*at, name), f"{name!r}, by which only some readers find the data")
    formats = [_format(resource, one, at) for one in paths]
    if formats[0][0] not in FORMATS:
        if schema or resource.get("type") == "table":
            raise PlanError((*at, "format"), f"tables of the format {formats[0][0]!r}: write CSV, JSON Lines or Parquet")
        return None
    form = {"tsv": "csv", "ndjson": "jsonl"}.get(formats[0][0], formats[0][0])
    encoding = resource.get("encoding", "utf-8")
    plain = encoding.lower().replace("_", "-") if isinstance(encoding, str) else ""
    if form != "parquet" and plain != "utf-8" and not re.fullmatch(_ENCODINGS, plain):
        raise PlanError((*at, "encoding"), f"the encoding {encoding!r}")
    match = schema.get("fieldsMatch", "exact")
    match = match[0] if isinstance(match, list) and len(match) == 1 else match
    if match not in ("exact", "equal", "subset", "superset", "partial"):
        raise PlanError((*at, "schema", "fieldsMatch"), f"{match!r}")
    asked = {**_object(schema.get(CHECKS, {}), (*at, "schema", CHECKS)), **extra}
    fields = tuple(_fields(schema, (*at, "schema"), asked.get("normalForm") is True))
    table = Table(
        name=resource["name"],
        paths=tuple(str(one) for one in paths),
        format=form,
        packed=tuple(packed for _, packed in formats),
        encoding="utf-8" if plain in ("utf-8", "utf8", "utf-8-sig") else codecs.lookup(plain).name,
        dialect=_dialect(dialect, formats[0][0], (*at, "dialect")),
        fields=fields,
        match=str(match),
        schema=bool(schema),
    )
    if len({one for one, _ in formats}) > 1:
        raise PlanError((*at, "path"), "files of several formats in one resource")
    names = {one.name for one in fields}
    schema_at = (*at, "schema")
    primary = _names(schema.get("primaryKey", []), names, (*schema_at, "primaryKey"), none=True)
    keys = [_names(one, names, (*schema_at, "uniqueKeys", n)) for n, one in _listed(schema, "uniqueKeys", schema_at)]
    ordered = [_names(one, names, (*schema_at, CHECKS, "ordered", n)) for n, one in _listed(asked, "ordered", schema_at)]
    for pair in ordered:
        if len(pair) != 2 or any(table.field(name).kind not in ("string", "date") for name in pair):
            raise PlanError((*schema_at, CHECKS, "ordered"), f"{list(pair)} are not two fields with dates")
    dense = []
    for n, one in _listed(asked, "dense", schema_at):
        spot = (*schema_at, CHECKS, "dense", n)
        within = _names(_object(one, spot).get("within", []), names, (*spot, "within"), none=True)
        (position,) = _names(one.get("position", ""), names, (*spot, "position"))
        if table.field(position).kind != "integer":
            raise PlanError(spot, f"positions in {position!r}, which is no integer")
        dense.append(Dense(within, position))
    pairs = tuple((pair[0], pair[1]) for pair in ordered)
    return table._replace(primary=primary, unique_keys=tuple(keys), ordered=pairs, dense=tuple(dense)), schema


def _told(resource: Mapping[str, Any], key: str, at: Pointer, named: Mapping[str, Any]) -> dict[str, Any]:
    """Give the schema or the dialect of a resource, wherever it stands."""
    given = resource.get(key, {})
    if isinstance(given, str):
        if given not in named:
            raise PlanError((*at, key), f"{given!r}, which was not read")
        given = named[given]
    return _object(given, (*at, key))


def _object(value: Any, at: Pointer) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PlanError(at, f"an object is needed, not {value!r:.80}")
    return value


def _listed(holder: Mapping[str, Any], key: str, at: Pointer) -> Iterator[tuple[int, Any]]:
    value = holder.get(key, [])
    if not isinstance(value, (list, tuple)):
        raise PlanError((*at, key), f"a list is needed, not {value!r:.80}")
    yield from enumerate(value)


def _leaves(path: str) -> bool:
    return ":" in path or "\\" in path or path.startswith(("/", "~")) or ".." in path.split("/")


def _format(resource: Mapping[str, Any], path: str, at: Pointer) -> tuple[str, str]:
    """Give the format of a file and how it is packed."""
    stem, _, last = path.lower().rpartition(".")
    packed = last if last in PACKED else ""
    told = resource.get("compression", packed)
    if told not in ("", *PACKED):
        raise PlanError((*at, "compression"), f"files that are packed as {told!r}")
    extension = stem.rpartition(".")[2] if packed else last
    form = str(resource.get("format", extension)).lower()
    if form in (f"csv.{told}", told):
        form = extension
    return form, str(told) if form != "parquet" else ""


def _names(value: Any, known: set[str], at: Pointer, *, none: bool = False) -> tuple[str, ...]:
    """Give a list of names of fields, which may be written as one name."""
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, (list, tuple)) or not all(isinstance(one, str) for one in given) or (not given and not none):
        raise PlanError(at, f"names of fields are needed, not {value!r:.80}")
    for one in given:
        if one not in known:
            raise PlanError(at, f"no field {one!r}")
    if len(set(given)) != len(given):
        raise PlanError(at, "a field stands there twice")
    return tuple(given)


_IGNORED = ("$schema", "name", "title", "description", "type", "headerJoin", "csv", "tableType")


def _dialect(given: Mapping[str, Any], form: str, at: Pointer) -> Dialect:
    merged = {**given, **_object(given.get("csv", {}), (*at, "csv"))}
    made: dict[str, Any] = {"delimiter": "\t" if form == "tsv" else ","}

    def refuse(name: str) -> PlanError:
        return PlanError((*at, name), f"{name} {merged[name]!r:.80}")

    for name, value in merged.items():
        if name == "delimiter" and isinstance(value, str) and len(value) == 1 and value not in '"\r\n':
            made["delimiter"] = value
        elif name == "quoteChar" and (value is None or (isinstance(value, str) and len(value) <= 1 and value not in "\r\n")):
            made["quote"] = value or ""
        elif name == "escapeChar" and (value is None or (isinstance(value, str) and len(value) <= 1 and value not in "\r\n")):
            made["escape"] = value or ""
        elif name == "skipInitialSpace" and isinstance(value, bool):
            made["skip_initial_space"] = value
        elif name == "header" and isinstance(value, bool):
            made["header"] = made.get("header", 1) if value else 0
        elif name == "headerRows" and value in ([], False):
            made["header"] = 0
        elif name == "headerRows" and isinstance(value, list) and len(value) == 1 and type(value[0]) is int and value[0] > 0:
            made["header"] = value[0] if merged.get("header", True) else 0
        elif name == "commentChar" and (value is None or (isinstance(value, str) and len(value) <= 1)):
            made["comment_char"] = value or ""
        elif name == "commentRows" and isinstance(value, list) and all(type(one) is int for one in value):
            made["comment_rows"] = tuple(sorted(value))
        elif not (
            name in _IGNORED
            or (name == "doubleQuote" and (value is True or merged.get("escapeChar")))
            or (name == "lineTerminator" and value in ("\n", "\r\n", "\r"))
            or (name == "headerCase" and value is True)
            or (name == "skipBlankRows" and value is False)
            or (name == "nullSequence" and value in (None, ""))
            or (name == "caseSensitiveHeader" and value is True)
            or (name == "csvddfVersion")
        ):
            raise refuse(name)
    if len({made.get("delimiter"), made.get("quote", '"'), made.get("escape") or None}) < 3:
        raise PlanError(at, "one character for two things")
    return Dialect(**made)


def _references(schema: Mapping[str, Any], table: Table, known: Mapping[str, Table], at: Pointer) -> Iterator[Reference]:
    for n, given in _listed(schema, "foreignKeys", at[:-1]):
        one = _object(given, (*at, n))
        here = _names(one.get("fields", []), {each.name for each in table.fields}, (*at, n, "fields"))
        target = _object(one.get("reference", {}), (*at, n, "reference"))
        name = target.get("resource", "")
        other = known.get(name or table.name) if isinstance(name, str) else None
        if other is None:
            raise PlanError((*at, n, "reference", "resource"), f"no table {name!r} in the package")
        there = _names(target.get("fields", []), {each.name for each in other.fields}, (*at, n, "reference", "fields"))
        if len(here) != len(there):
            raise PlanError((*at, n), f"{len(here)} fields that refer to {len(there)}")
        comparable = all(table.field(a).family == other.field(b).family for a, b in zip(here, there, strict=True))
        yield Reference(here, other.name, there, comparable)


# Fields ------------------------------------------------------------------------------------------------------------------

_OF_TYPE = {
    "arrayItem": "the items of arrays",
    "floatNumber": "numbers that are rounded while they are read",
}
"""What a field may say, and no plan can."""


def _fields(schema: Mapping[str, Any], at: Pointer, normal: bool) -> Iterator[Field]:
    missing = _missing(schema, at, ("",))
    seen = set()
    for n, given in _listed(schema, "fields", at):
        spot = (*at, "fields", n)
        one = _object(given, spot)
        name = one.get("name")
        if not isinstance(name, str) or name in seen:
            raise PlanError(spot, f"the name {name!r:.80} of a field: each has one of its own")
        seen.add(name)
        yield _field(one, spot, missing, normal)


def _missing(holder: Mapping[str, Any], at: Pointer, default: tuple[str, ...]) -> tuple[str, ...]:
    if "missingValues" not in holder:
        return default
    values = [one.get("value") if isinstance(one, dict) else one for _, one in _listed(holder, "missingValues", at)]
    if not all(isinstance(one, str) for one in values):
        raise PlanError((*at, "missingValues"), "missing values that are no texts")
    return tuple(dict.fromkeys(str(one) for one in values))


def _field(given: Mapping[str, Any], at: Pointer, missing: tuple[str, ...], normal: bool) -> Field:
    for name, what in _OF_TYPE.items():
        if given.get(name):
            raise PlanError((*at, name), what)
    writing = _writing(given, at)
    try:
        read = reader_of(writing)
    except ValueError as error:
        raise PlanError(at, str(error)) from None
    limits = dict(_object(given.get("constraints", {}), (*at, "constraints")))
    spot = (*at, "constraints")
    for name in limits:
        if name not in APPLICABLE[writing.kind]:
            raise PlanError((*spot, name), f"the constraint {name!r} of a field of the type {writing.kind}")
    if given.get("categories") and "enum" not in limits:
        limits["enum"] = [one.get("value") if isinstance(one, dict) else one for _, one in _listed(given, "categories", at)]
    for name in ("required", "unique"):
        if not isinstance(limits.get(name, False), bool):
            raise PlanError((*spot, name), "true or false is needed")
    enum = None
    if "enum" in limits:
        values = [_constant(one, writing, read, (*spot, "enum", n)) for n, one in _listed(limits, "enum", spot)]
        enum = tuple(dict.fromkeys(one.key for one in values))
    bounds = tuple(Bound(name, _constant(limits[name], writing, read, (*spot, name))) for name in _BOUNDS if name in limits)
    lengths = (limits.get("minLength"), limits.get("maxLength"))
    if not all(one is None or (type(one) is int and one >= 0) for one in lengths):
        raise PlanError(spot, "a length is a whole number")
    pattern = None
    if "pattern" in limits:
        try:
            pattern = compile_pattern(limits["pattern"])
        except PatternError as error:
            raise PlanError((*spot, "pattern"), str(error)) from None
    return Field(
        name=str(given["name"]),
        writing=writing,
        read=read,
        missing=_missing(given, at, missing),
        required=limits.get("required", False),
        unique=limits.get("unique", False),
        enum=enum,
        bounds=bounds,
        lengths=lengths,
        pattern=pattern,
        normal=_normal(writing) if normal else "",
    )


def _writing(given: Mapping[str, Any], at: Pointer) -> Writing:
    kind, form = given.get("type", "string"), given.get("format", "default")
    if not isinstance(kind, str) or kind not in APPLICABLE:
        raise PlanError((*at, "type"), f"the type {kind!r:.80}")
    if not isinstance(form, str):
        raise PlanError((*at, "format"), f"the format {form!r:.80}")
    form = form.removeprefix("fmt:")
    made: dict[str, Any] = {"kind": kind, "form": form if kind != "any" else "default"}

    def text(name: str, key: str, most: int, allowed: Callable[[str], bool]) -> None:
        value = given.get(name)
        if value is None:
            return
        if not isinstance(value, str) or len(value) > most or not allowed(value):
            raise PlanError((*at, name), f"{value!r:.80}")
        made[key] = value

    if kind in ("integer", "number"):
        made["bare"] = given.get("bareNumber", True)
        if not isinstance(made["bare"], bool):
            raise PlanError((*at, "bareNumber"), "true or false is needed")
        text("groupChar", "group", 1, lambda one: not re.fullmatch("[0-9eE+-]", one))
        text("decimalChar", "decimal", 1, lambda one: one != "" and not re.fullmatch("[0-9eE+-]", one))
        if made.get("group", "") == made.get("decimal", "."):
            raise PlanError((*at, "groupChar"), "one character for two things")
    if kind == "boolean":
        for name, key in (("trueValues", "true"), ("falseValues", "false")):
            if name in given:
                values = [one for _, one in _listed(given, name, at)]
                if not all(isinstance(one, str) for one in values):
                    raise PlanError((*at, name), "texts are needed")
                made[key] = tuple(dict.fromkeys(values))
        both = set(made.get("true", ())) & set(made.get("false", ()))
        if both:
            raise PlanError((*at, "falseValues"), f"{min(both)!r} is true and false")
    if kind == "list":
        text("delimiter", "delimiter", 100, bool)
        text("itemType", "item", 20, bool)
    return Writing(**made)


def _constant(given: Any, writing: Writing, read: Reader, at: Pointer) -> Value:
    """Give the value of a constraint, which may be written as a cell or as a JSON value."""
    value = None
    if isinstance(given, str):
        value = read(given)
    elif isinstance(given, bool):
        value = Value("true" if given else "false") if writing.kind == "boolean" else None
    elif isinstance(given, (int, float, Decimal)) and writing.kind in ("integer", "number", "year"):
        number = Decimal(str(given))
        if number.is_finite() and (writing.kind == "number" or number == number.to_integral_value()):
            order: Any = (int(number),) if writing.kind == "year" else number
            value = Value(number_key(number), order)
    elif isinstance(given, (list, dict)) and writing.kind in ("object", "array", "geojson"):
        import json

        value = read(json.dumps(given, default=str))
    elif writing.kind == "any" and given is not None:
        value = read(str(given))
    if value is None:
        raise PlanError(at, f"{given!r:.80} is no value of the type {writing.kind}")
    return value


def _normal(writing: Writing) -> str:
    """Give the grammar of the normal form of a type, as the package layer has it; nothing where there is none."""
    from ..package.cells import NORMAL

    plain = writing.form == "default" and writing.is_plain
    return NORMAL[writing.kind].pattern if plain and writing.kind in NORMAL else ""


def fields_by_name(fields: Sequence[Field]) -> dict[str, Field]:
    """Give fields by their names."""
    return {one.name: one for one in fields}
