"""Writes the SQL that holds tables against a plan: one generator, and the differences of the dialects in one place.

SQL decides what it surely can: that a cell is right, or which rules it breaks. Of what it cannot tell it asks the judge in
Python, over distinct values. So the text is made of a few plain functions on which engines agree, each a field of `Dialect`.
Runs nothing and opens no file. May import `codes`, `judging`, `lexical` and `plan` beside it.
"""

# ruff: noqa: S608  # every name in a statement is made here, and every text of a package is a literal of the dialect

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from .codes import (
    BLANK,
    CSV,
    DENSE,
    ENCODING,
    ENUM,
    FILLED,
    JSON,
    LABELS,
    LENGTH,
    LONG,
    NORMAL,
    ORDERED,
    PATTERN,
    PRIMARY,
    RANGE,
    REFERENCES,
    REQUIRED,
    SHORT,
    TYPE,
    UNIQUE,
    UNIQUE_KEYS,
)
from .lexical import GRAMMAR, MARK, MAX_SIMPLE, QUICK, number_grammar
from .patterns import MAX_STEADY
from .plan import Bound, Field, Table
from .reading import Columns
from .verdict import SHOWN_VALUE

CODES = (
    *(TYPE, REQUIRED, PATTERN, ENUM, RANGE, LENGTH, NORMAL, SHORT, BLANK, LONG, CSV, JSON, ENCODING, ORDERED),
    *(UNIQUE, PRIMARY, FILLED, UNIQUE_KEYS, REFERENCES, DENSE, LABELS),
)
"""The codes that SQL finds by, each one bit of a number."""
BIT = {code: 1 << number for number, code in enumerate(CODES)}
ASK = -1
"""What stands for: Python must judge this cell."""
WHOLE_ROW = -1
"""The number of the field of a problem that is the whole row's."""
UNKNOWN = 1_000_000
"""What is added to the number of a column that the schema does not know, to tell it from a field."""
PAIR = 2_000_000
"""What is added to the number of an ordered pair of fields, to tell it from a field."""
BETWEEN = "\x1f"
"""What stands between the two texts of such a pair."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What engines write differently. Each function gets SQL expressions, and gives one."""

    name: str
    text: Callable[[str], str]
    """A literal text."""
    full_match: Callable[[str, str], str]
    """Whether a text matches the whole of a pattern of the portable subset, which is given as it is."""
    starts_with: Callable[[str, str], str]
    contains: Callable[[str, str], str]
    length: Callable[[str], str]
    """The number of code points."""
    size: Callable[[str], str]
    """The number of bytes in UTF-8."""
    double: Callable[[str], str]
    """A plain decimal text of at most fifteen digits as a number; of any other text, anything but an error."""
    is_day: Callable[[str], str]
    """Whether a text of the form YYYY-MM-DD is a day of the calendar; of any other text, anything but an error."""
    listed: Callable[[Sequence[str]], str]
    """A list of values of one type."""
    item: Callable[[str, int], str]
    """The value in a list at a place, counted from 1."""
    struct: Callable[[Sequence[tuple[str, str]]], str]
    some: Callable[[Sequence[str], str], str]
    """The list of those structs whose member `s` is not 0."""
    exploded: Callable[[str, str], str]
    """The query that gives a row for each struct in the list `_bad` of a relation, with the named columns besides."""
    text_type: str = "VARCHAR"
    longest: int = 0
    """Characters up to which patterns are run, where that takes a stack or steps back; 0 where their time is linear."""
    shares_bit: Callable[[str, str], str] = lambda one, other: f"({one} & {other}) <> 0"
    """Whether two whole numbers have a bit in common."""
    replace: Callable[[str, str, str], str] = lambda text, old, new: f"replace({text}, {old}, {new})"
    left: Callable[[str, int], str] = lambda text, count: f"left({text}, {count})"


def _duck_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


DUCKDB = Dialect(
    name="duckdb",
    text=_duck_text,
    full_match=lambda text, pattern: f"regexp_full_match({text}, {_duck_text(pattern)})",
    starts_with=lambda text, start: f"starts_with({text}, {start})",
    contains=lambda text, part: f"contains({text}, {part})",
    length=lambda text: f"length({text})",
    size=lambda text: f"strlen({text})",
    double=lambda text: f"TRY_CAST({text} AS DOUBLE)",
    is_day=lambda text: f"(TRY_CAST({text} AS DATE) IS NOT NULL)",
    listed=lambda values: f"[{', '.join(values)}]",
    item=lambda values, place: f"{values}[{place}]",
    struct=lambda members: "{" + ", ".join(f"'{name}': {value}" for name, value in members) + "}",
    some=lambda structs, _: f"list_filter([{', '.join(structs)}], lambda x: x.s <> 0)",
    exploded=lambda relation, names: (
        f"SELECT {names}, x.f AS f, x.s AS s, x.v AS v "
        f"FROM (SELECT {names}, unnest(_bad) AS x FROM {relation} WHERE _bad IS NOT NULL) AS e"
    ),
)

_SPARK_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'"})


def _spark_text(text: str) -> str:
    return f"'{text.translate(_SPARK_ESCAPES)}'"


def _spark_match(text: str, pattern: str) -> str:
    # Java steps back and takes a stack as deep as a cell is long, so that Python judges what is longer. Its `$` also matches
    # before a line break at the end; its `\z` does not.
    whole = _spark_text(rf"\A(?:{pattern})\z")
    return f"(CASE WHEN length({text}) <= {MAX_STEADY} THEN {text} RLIKE {whole} END)"


def _spark_struct(members: Sequence[tuple[str, str]]) -> str:
    # All structs of a list have members of the same types.
    typed = [(name, value if name == "v" else f"CAST({value} AS BIGINT)") for name, value in members]
    return f"named_struct({', '.join(f'{_spark_text(name)}, {value}' for name, value in typed)})"


SPARK = Dialect(
    name="spark",
    text=_spark_text,
    full_match=_spark_match,
    starts_with=lambda text, start: f"startswith({text}, {start})",
    contains=lambda text, part: f"contains({text}, {part})",
    length=lambda text: f"length({text})",
    size=lambda text: f"octet_length({text})",
    double=lambda text: f"try_cast({text} AS DOUBLE)",
    is_day=lambda text: f"(try_cast({text} AS DATE) IS NOT NULL)",
    # With one item that is empty, an engine never takes an array for one that has none, which some confuse in a CASE.
    listed=lambda values: f"array({', '.join(f'CAST({one} AS BIGINT)' for one in (*values, 'NULL'))})",
    item=lambda values, place: f"element_at({values}, {place})",
    struct=_spark_struct,
    some=lambda structs, _: f"filter(array({', '.join(structs)}), x -> x.s <> 0)",
    exploded=lambda relation, names: (
        f"SELECT {names}, x.f AS f, x.s AS s, x.v AS v "
        f"FROM (SELECT {names}, explode(_bad) AS x FROM {relation} WHERE _bad IS NOT NULL) AS e"
    ),
    text_type="STRING",
    longest=MAX_STEADY,
)


@dataclass(frozen=True, slots=True)
class CellSql:
    """What SQL says of the cells of a field."""

    missing: str
    typed: str
    """Whether a cell that is not missing is of the type, as far as SQL can tell; or nothing: it is."""
    sure: str
    """Whether SQL can judge the cell by itself; or nothing: it can."""
    holds: tuple[tuple[str, str], ...]
    """Each rule that is asked besides: its code, and whether it holds."""
    quick: str
    """Whether a cell is surely of the type, and can be judged here, told more quickly; or nothing: there is no quicker way."""
    plain: bool
    """Whether a cell that is right can hold neither a quote nor a line break."""

    def fine(self, required: bool) -> str:
        """Say that a cell is right, for sure."""
        told = (self.quick,) if self.quick else (self.typed, self.sure)
        parts = [one for one in (*told, *(text for _, text in self.holds)) if one]
        right = " AND ".join(f"({one})" for one in parts)
        if required:
            return f"NOT ({self.missing})" + (f" AND {right}" if right else "")
        return f"({self.missing} OR ({right}))" if right else ""

    def status(self, required: bool, marked: str, short: str) -> str:
        """Give the rules that a cell breaks, as bits, or `ASK`."""
        cases = [f"WHEN {self.missing} THEN {BIT[REQUIRED] if required else 0}{short}"]
        cases += [f"WHEN {marked} THEN {BIT[TYPE]}"] if marked else []
        cases += [f"WHEN NOT ({self.typed}) THEN {BIT[TYPE]}"] if self.typed else []
        cases += [f"WHEN NOT ({self.sure}) THEN {ASK}"] if self.sure else []
        broken = " + ".join(f"CASE WHEN {text} THEN 0 ELSE {BIT[code]} END" for code, text in self.holds)
        return f"CASE {' '.join(cases)} ELSE {broken or 0} END"


# Cells -------------------------------------------------------------------------------------------------------------------

_FIXED = {"integer": 15, "number": 0}
_PLAIN_NUMBER = r"[+-]?(?:[0-9]{1,15}|[0-9]{1,9}\.[0-9]{1,6}|[0-9]{1,5}\.[0-9]{1,10})"
_SHORT_INTEGER = "[+-]?[0-9]{1,15}"
_LIKE_DATE = "[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}"
_EARLY_DATE = "[1-9][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
_LIKE_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z?"
_CANONICAL = {
    "integer": "0|-?[1-9][0-9]{0,38}",
    "number": r"0|-?[1-9][0-9]{0,17}|-?(?:0|[1-9][0-9]{0,17})\.[0-9]{0,17}[1-9]",
    "year": "[1-9][0-9]{3}",
    "time": r"[0-9:]{8}(?:\.[0-9]*[1-9])?Z?",
    "datetime": r"[0-9T:-]{19}(?:\.[0-9]*[1-9])?Z?",
}
"""How a value is written whose key is the cell itself."""
_ASCII = "[ -~]*"


def cell_sql(field: Field, cell: str, dialect: Dialect, *, in_key: bool, absent: bool) -> CellSql:
    """Say in SQL what a cell of a field must be.

    Args:
        field: the field.
        cell: the expression of the cell.
        dialect: the engine.
        in_key: whether the field is part of a key, so that its values must be known.
        absent: whether a cell can be NULL, which is missing.
    """
    missing = [f"{cell} = {dialect.text(one)}" for one in field.missing]
    missing += [f"{cell} IS NULL"] if absent else []
    typed, sure = _typed(field, cell, dialect)
    quick = _quick(field, cell, dialect)
    holds: list[tuple[str, str]] = []
    if (field.enum is not None or in_key) and sure != "FALSE":
        canonical = _canonical(field, cell, dialect)
        sure, quick = _both(sure, canonical), _both(quick, canonical) if quick else ""
    if field.enum is not None:
        holds.append((ENUM, _any_of(cell, field.enum, dialect)))
    if field.pattern is not None:
        if not field.pattern.portable or (dialect.longest and not field.pattern.steady):
            sure = "FALSE"
        elif field.pattern.ascii_only:
            sure = _both(sure, dialect.full_match(cell, _ASCII))
            quick = ""
        holds.append((PATTERN, dialect.full_match(cell, field.pattern.text)))
    if field.bounds:
        order_sure, parts = _bounded(field, cell, dialect)
        sure = _both(sure, order_sure)
        # Of numbers, what is told quickly is what can be compared here.
        quick = _both(quick, order_sure) if quick and field.kind not in ("integer", "number") else quick
        holds.append((RANGE, " AND ".join(f"({one})" for one in parts)))
    least, most = field.lengths
    if least is not None or most is not None:
        length = dialect.length(cell)
        ends = [f"{length} >= {least}"] if least is not None else []
        ends += [f"{length} <= {most}"] if most is not None else []
        holds.append((LENGTH, " AND ".join(ends)))
    if field.normal:
        holds.append((NORMAL, dialect.full_match(cell, field.normal)))
    if dialect.longest and (typed or field.pattern is not None or field.normal):
        sure = _both(sure, f"{dialect.length(cell)} <= {dialect.longest}")
        quick = _both(quick, f"{dialect.length(cell)} <= {dialect.longest}") if quick else ""
    if sure == "FALSE":
        holds, quick = [], ""
    told = (*field.missing, *(field.writing.true + field.writing.false if field.kind == "boolean" else ()))
    if field.enum is not None and field.family == "string":
        told += field.enum
    free = field.writing.name in ("default", "any", "list", "object", "array", "geojson", "boolean", "duration", "geopoint")
    enumerated = field.kind == "boolean" or (field.enum is not None and field.family == "string")
    patterned = field.family == "string" and field.pattern is not None and field.pattern.is_plain
    plain = (not free or enumerated or patterned) and sure != "FALSE" and not any(re.search('["\r\n]', one) for one in told)
    plain = plain and (field.kind not in ("integer", "number") or field.writing.is_plain)
    return CellSql(" OR ".join(missing) or "FALSE", typed, sure, tuple(holds), quick, plain)


def _both(one: str, other: str) -> str:
    if "FALSE" in (one, other):
        return "FALSE"
    return f"({one}) AND ({other})" if one and other else one or other


def _any_of(cell: str, values: Collection[str], dialect: Dialect) -> str:
    return f"{cell} IN ({', '.join(map(dialect.text, values))})" if values else "FALSE"


def _typed(field: Field, cell: str, dialect: Dialect) -> tuple[str, str]:
    """Give whether a cell is of its type, and whether SQL can tell."""
    writing, kind = field.writing, field.kind
    name = writing.name
    short = f"{dialect.length(cell)} <= {MAX_SIMPLE}"
    if kind == "any" or (kind == "string" and writing.form == "default"):
        return "", ""
    if kind == "list" and writing.item == "string" and field.lengths == (None, None):
        return "", ""
    if kind == "boolean":
        return _any_of(cell, (*writing.true, *writing.false), dialect), ""
    if kind in ("integer", "number"):
        return (dialect.full_match(cell, number_grammar(writing)), short) if writing.bare else ("", "FALSE")
    if kind == "string":
        quick = [dialect.full_match(cell, QUICK[name])] if name in QUICK else []
        whole = " OR ".join((*quick, dialect.full_match(cell, GRAMMAR[name])))
        return whole, f"{dialect.length(cell)} <= 64" if name == "email" else ""
    if writing.form != "default":
        return "", "FALSE"
    if kind == "geopoint":
        return "", dialect.full_match(cell, QUICK[kind])
    if kind in ("year", "yearmonth"):
        return dialect.full_match(cell, GRAMMAR[kind]), ""
    if kind in ("date", "time", "datetime"):
        matches = dialect.full_match(cell, GRAMMAR[kind])
        day = cell if kind == "date" else dialect.left(cell, 10)
        return (matches if kind == "time" else f"{matches} AND {dialect.is_day(day)}"), "" if kind == "date" else short
    return "", "FALSE"


def _quick(field: Field, cell: str, dialect: Dialect) -> str:
    """Say more quickly, of most cells, that they are of the type and can be judged in SQL; nothing where there is no way."""
    kind, writing = field.kind, field.writing
    if kind in ("integer", "number") and writing.is_plain:
        return dialect.full_match(cell, _SHORT_INTEGER if kind == "integer" else _PLAIN_NUMBER)
    if writing.form != "default" or kind not in ("date", "datetime"):
        return ""
    clock = "" if kind == "date" else f"T{_LIKE_CLOCK}"
    day = cell if kind == "date" else dialect.left(cell, 10)
    # Every month has 28 days, so that most days need no calendar.
    early, any_day = (dialect.full_match(cell, f"{one}{clock}") for one in (_EARLY_DATE, _LIKE_DATE))
    return f"({early}) OR ({any_day} AND {dialect.is_day(day)})"


def _canonical(field: Field, cell: str, dialect: Dialect) -> str:
    """Say that the key of a value is the cell itself; nothing where it always is."""
    kind = field.kind
    if field.family == "string" or (kind in ("date", "yearmonth") and field.writing.form == "default"):
        return ""
    if kind == "boolean":
        known = [one for one in ("true", "false") if one in getattr(field.writing, one)]
        return _any_of(cell, known, dialect)
    if kind not in _CANONICAL or not field.writing.is_plain:
        return "FALSE"
    return dialect.full_match(cell, _CANONICAL[kind])


def _bounded(field: Field, cell: str, dialect: Dialect) -> tuple[str, list[str]]:
    """Give whether SQL can compare a cell with the bounds of its field, and whether each holds."""
    writing, kind = field.writing, field.kind
    if kind in ("integer", "number"):
        edges = [one.value.order for one in field.bounds]
        if not writing.bare or any(not one.is_finite() or len(one.normalize().as_tuple().digits) > 15 for one in edges):
            return "FALSE", []
        plain = cell
        if writing.group:
            plain = dialect.replace(plain, dialect.text(writing.group), "''")
        if kind == "number" and writing.decimal != ".":
            plain = dialect.replace(plain, dialect.text(writing.decimal), "'.'")
        sure = dialect.full_match(plain, _PLAIN_NUMBER)
        return sure, [f"{dialect.double(plain)} {_sign(one)} {float(one.value.order)!r}" for one in field.bounds]
    if kind in ("time", "datetime") and writing.form == "default":
        # Texts of one form and one zone stand in the order of their times.
        zoned = [one.value.order[0] for one in field.bounds]
        if any(one != zoned[0] for one in zoned) or any(
            not re.fullmatch(_CANONICAL[kind], one.value.key) for one in field.bounds
        ):
            return "FALSE", []
        sure = dialect.full_match(cell, _CANONICAL[kind])
        if zoned[0]:
            zone = f"{cell} LIKE '%Z'"
            bare = dialect.replace(cell, "'Z'", "''")
            return sure, [f"{zone} AND {bare} {_sign(one)} {dialect.text(one.value.key[:-1])}" for one in field.bounds]
        return sure, [f"{cell} NOT LIKE '%Z' AND {cell} {_sign(one)} {dialect.text(one.value.key)}" for one in field.bounds]
    if kind in ("date", "yearmonth", "year") and writing.form == "default":
        edges = [f"{one.value.order[0]:04d}" if kind == "year" else one.value.key for one in field.bounds]
        return "", [f"{cell} {_sign(one)} {dialect.text(edge)}" for one, edge in zip(field.bounds, edges, strict=True)]
    return "FALSE", []


def _sign(bound: Bound) -> str:
    return {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}[bound.name]


# Rows --------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """A file as a relation: what SQL reads it by, and what is known of it."""

    relation: str
    """What stands after FROM; its columns are `c0`, `c1` and so on, texts."""
    exact: bool = False
    """Whether it has besides `_row`, `_line`, `_width` (its cells, or -1 where it could not be read) and `_faults` (bits)."""
    marked: bool = False
    """Whether cells can begin with `lexical.MARK`."""
    absent: bool = False
    """Whether cells can be NULL."""
    accounts: bool = False
    """Whether the bytes of every row are to be counted, so that it can be proved that none was passed over."""
    returns: bool = True
    """Whether cells can hold carriage returns."""


def key_fields(table: Table, wanted: Collection[str]) -> tuple[str, ...]:
    """Give the fields of a table whose values are needed for keys, in the order of the schema.

    Args:
        table: the table.
        wanted: the fields that other tables refer to.
    """
    names = {*table.primary, *wanted, *(one.name for one in table.fields if one.unique)}
    for more in (*table.unique_keys, *(one.fields for one in table.references), *(one.within for one in table.dense)):
        names.update(more)
    names.update(one.position for one in table.dense)
    return tuple(one.name for one in table.fields if one.name in names)


def rows_sql(table: Table, columns: Columns, keys: Collection[str], source: Source, dialect: Dialect) -> str:
    """Write the query that judges the rows of a file: a row for each, with what is wrong and with its keys.

    Its columns: `_bad`, a list of structs of the field's number `f`, the bits `s` and the cell `v`, or NULL; `k_N`, the cell of
    the key field N of the schema, or NULL where it is missing; for exact sources `_row`, `_line` and `_width`; where bytes are
    counted `_bytes`, `_quotes` and `_breaks` of each row.
    """
    cells = [f"c{number}" for number in range(len(columns.fields))]
    numbers = {one.name: number for number, one in enumerate(table.fields)}
    judged = [
        cell_sql(one, cell, dialect, in_key=one.name in keys, absent=source.exact or source.absent)
        for one, cell in zip(columns.fields, cells, strict=True)
    ]
    fine, marks = [], []
    asked: list[tuple[int, str, str]] = []
    for number, (one, cell, sql) in enumerate(zip(columns.fields, cells, judged, strict=True)):
        marked = dialect.starts_with(cell, dialect.text(MARK)) if source.marked else ""
        marks += [f"NOT coalesce({marked}, FALSE)"] if marked else []
        right = sql.fine(one.required)
        fine += [right] if right else []
        short = f" + CASE WHEN _width <= {number} THEN {BIT[SHORT]} ELSE 0 END" if source.exact else ""
        status = sql.status(one.required, marked, short)
        if status != f"CASE WHEN {sql.missing} THEN 0 ELSE 0 END":
            asked.append((numbers.get(one.name, UNKNOWN + number), status, cell))
    for number, (earlier, later) in enumerate(table.ordered):
        if {earlier, later} <= columns.known:
            a, b = (next(n for n, one in enumerate(columns.fields) if one.name == name) for name in (earlier, later))
            plain = f"{dialect.full_match(cells[a], _ISO)} AND {dialect.full_match(cells[b], _ISO)}"
            rest = f"{judged[a].missing} OR {judged[b].missing} OR ({plain} AND {cells[a]} <= {cells[b]})"
            fine.append(f"({rest})")
            both = f"concat({cells[a]}, {dialect.text(BETWEEN)}, {cells[b]})"
            asked.append((PAIR + number, f"CASE WHEN {rest} THEN 0 ELSE {ASK} END", both))
    blank = " AND ".join(f"({sql.missing})" for sql in judged)
    if not any(one.required for one in columns.fields):
        fine.insert(0, f"NOT ({blank})")
    if source.exact:
        fine = [f"_width = {len(cells)}", "_faults = 0", *fine]
        wide = f"CASE WHEN _width > {len(cells)} THEN {BIT[LONG]} ELSE 0 END"
        asked.append((WHOLE_ROW, f"_faults + {wide}", "''"))
    bits = f"CASE WHEN _width < 0 THEN 0 ELSE {BIT[BLANK]} END + _faults" if source.exact else str(BIT[BLANK])
    whole = _struct(WHOLE_ROW, bits, "''", dialect)
    # Engines that write an expression twice run it twice, so what is wrong with a row is worked out before it is told.
    structs = [_struct(f, dialect.item("_told", n), cell, dialect) for n, (f, _, cell) in enumerate(asked, 1)]
    bad = f"CASE WHEN _fine THEN NULL WHEN {blank} THEN {dialect.some([whole], 's')} "
    bad += f"ELSE {dialect.some(structs, 's')} END" if structs else "ELSE NULL END"
    told = f"CASE WHEN _fine THEN NULL ELSE {dialect.listed([status for _, status, _ in asked])} END" if asked else "NULL"
    made = ["_row", "_line", "_width"] if source.exact else []
    made.append(f"{bad} AS _bad")
    for one, cell, sql in zip(columns.fields, cells, judged, strict=True):
        if one.name in keys:
            made.append(f"CASE WHEN {sql.missing} THEN NULL ELSE {cell} END AS k_{numbers[one.name]}")
    if source.accounts:
        free = [cell for cell, sql in zip(cells, judged, strict=True) if not sql.plain]
        made.append(" + ".join(map(dialect.size, cells)) + " AS _bytes")
        for name, count in (("_quotes", _quotes), ("_breaks", _breaks if source.returns else _feeds)):
            few, many = (" + ".join(count(one, dialect) for one in some) or "0" for some in (free, cells))
            made.append(f"{few if few == many else f'CASE WHEN _fine THEN {few} ELSE {many} END'} AS {name}")
    fine += marks
    # Within CASE an engine asks each condition only of the rows that kept those before; elsewhere it may ask all of all rows.
    right = f"CASE WHEN {' AND '.join(fine)} THEN TRUE ELSE FALSE END" if fine else "TRUE"
    inner = f"SELECT *, {told} AS _told FROM (SELECT *, {right} AS _fine FROM {source.relation}) AS read"
    return f"SELECT {', '.join(made)} FROM ({inner}) AS judged"


_ISO = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


def _struct(number: int, status: str, cell: str, dialect: Dialect) -> str:
    kept = f"CASE WHEN ({status}) = {ASK} THEN {cell} ELSE {dialect.left(cell, SHOWN_VALUE + 1)} END"
    value = f"coalesce({kept}, '')" if cell != "''" else "''"
    return dialect.struct((("f", str(number)), ("s", status), ("v", value)))


def _quotes(cell: str, dialect: Dialect) -> str:
    return _occurrences(cell, dialect.text('"'), dialect)


def _feeds(cell: str, dialect: Dialect) -> str:
    return _occurrences(cell, dialect.text("\n"), dialect)


def _occurrences(cell: str, mark: str, dialect: Dialect) -> str:
    """Count a character of one byte in a cell."""
    bare = dialect.replace(cell, mark, "''")
    return f"CASE WHEN {dialect.contains(cell, mark)} THEN {dialect.size(cell)} - {dialect.size(bare)} ELSE 0 END"


def _breaks(cell: str, dialect: Dialect) -> str:
    """Count the line breaks in a cell: line feeds, carriage returns, and both together as one."""
    feed, back, both = dialect.text("\n"), dialect.text("\r"), dialect.text("\r\n")
    one = dialect.replace(cell, both, feed)
    bare = dialect.replace(dialect.replace(one, feed, "''"), back, "''")
    found = f"{dialect.contains(cell, feed)} OR {dialect.contains(cell, back)}"
    return f"CASE WHEN {found} THEN {dialect.size(one)} - {dialect.size(bare)} ELSE 0 END"


def numbered_sql(width: int, relation: str, row: int, line: int, dialect: Dialect) -> str:
    """Write the query that numbers the rows of a plain file and counts their bytes, in the order in which they are read.

    Its columns: `_row`, `_line`, `_width`, `_faults`, the cells `c0` and so on, `_bytes` and `_quotes`.

    Args:
        width: how many columns the file has.
        relation: the file.
        row: the number of its first row.
        line: the line of that.
        dialect: the engine; its windows must keep the order of the file.
    """
    cells = [f"c{number}" for number in range(width)]
    sums = [" + ".join(count(one, dialect) for one in cells) for count in (lambda one, to: to.size(one), _quotes, _breaks)]
    inner = (
        f"SELECT *, {', '.join(f'{text} AS {name}' for text, name in zip(sums, ('_bytes', '_quotes', '_breaks'), strict=True))}"
    )
    here = "row_number() OVER () - 1"
    before = "sum(_breaks) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - _breaks"
    made = [
        f"{here} + {row} AS _row",
        f"CAST({here} + {line} + {before} AS BIGINT) AS _line",
        f"CAST({width} AS BIGINT) AS _width",
    ]
    made += ["CAST(0 AS BIGINT) AS _faults", *cells, "_bytes", "_quotes"]
    return f"SELECT {', '.join(made)} FROM ({inner} FROM {relation}) AS counted"


# Keys --------------------------------------------------------------------------------------------------------------------


def key_sql(columns: Sequence[str], dialect: Dialect) -> str:
    """Write one text for a key of several columns, which is the same only for the same values; NULL where all are."""
    if len(columns) == 1:
        return columns[0]
    parts = [f"CASE WHEN {one} IS NULL THEN 'n' ELSE concat('s', {dialect.length(one)}, ':', {one}) END" for one in columns]
    return f"CASE WHEN {' AND '.join(f'{one} IS NULL' for one in columns)} THEN NULL ELSE concat({', '.join(parts)}) END"


def resolved_sql(relation: str, kept: Sequence[int], doubted: Collection[int], problems: str, judged: str) -> str:
    """Write the query for the values of keys: the cells, but where they have no value or Python gave it.

    Args:
        relation: rows with `part`, `r` and `k_N`.
        kept: the numbers N of the fields.
        doubted: those of which some cell is of another type, or was judged by Python.
        problems: the exploded problems of cells, with `part`, `r`, `f`, `s` and `v`.
        judged: what Python said, with `f`, `v` and `key`.
    """
    made, joins = ["k.part", "k.r"], []
    for number in kept:
        if number not in doubted:
            made.append(f"k.k_{number}")
            continue
        found = (
            f"SELECT b.part, b.r, j.key FROM {problems} AS b "
            f"LEFT JOIN {judged} AS j ON b.s = {ASK} AND j.f = b.f AND j.v = b.v "
            f"WHERE b.f = {number} AND (b.s = {ASK} OR b.s % {2 * BIT[TYPE]} = {BIT[TYPE]})"
        )
        joins.append(f"LEFT JOIN ({found}) AS d{number} ON d{number}.part = k.part AND d{number}.r = k.r")
        made.append(f"CASE WHEN d{number}.r IS NULL THEN k.k_{number} ELSE d{number}.key END AS k_{number}")
    return f"SELECT {', '.join(made)} FROM {relation} AS k {' '.join(joins)}"


def broken_sql(problems: str, judged: str, codes: str, dialect: Dialect) -> str:
    """Write the query for the rules that cells and rows break: `part`, `r`, `f`, `code` and `v`.

    Args:
        problems: the exploded problems, with `part`, `r`, `f`, `s` and `v`.
        judged: what Python said of the cells that it was asked, with `f`, `v` and the bits `s`.
        codes: all codes, with their number `code` and their `bit`.
        dialect: the engine.
    """
    bits = f"CASE WHEN b.s = {ASK} THEN j.s ELSE b.s END"
    told = (
        f"SELECT b.part, b.r, b.f, {bits} AS s, b.v FROM {problems} AS b "
        f"LEFT JOIN {judged} AS j ON b.s = {ASK} AND j.f = b.f AND j.v = b.v"
    )
    return f"SELECT t.part, t.r, t.f, c.code, t.v FROM ({told}) AS t JOIN {codes} AS c ON {dialect.shares_bit('t.s', 'c.bit')}"


def repeated_sql(relation: str, columns: Sequence[str], dialect: Dialect, *, whole: bool) -> str:
    """Write the query for the rows whose key stands in a row before: columns `part` and `r`.

    Args:
        relation: the rows, with `part`, `r` and the columns of the key.
        columns: those columns.
        dialect: the engine.
        whole: whether rows that lack a value in one of the columns are left out.
    """
    key = key_sql(columns, dialect)
    given = " AND ".join(f"{one} IS NOT NULL" for one in columns) if whole else f"{key} IS NOT NULL"
    rows = f"SELECT part, r, {key} AS k FROM {relation} WHERE {given}"
    twice = f"SELECT k FROM ({rows}) AS a GROUP BY k HAVING count(*) > 1"
    numbered = (
        "SELECT part, r, row_number() OVER (PARTITION BY b.k ORDER BY part, r) AS n "
        f"FROM ({rows}) AS b JOIN ({twice}) AS t ON b.k = t.k"
    )
    return f"SELECT part, r FROM ({numbered}) AS n WHERE n > 1"


def dangling_sql(relation: str, columns: Sequence[str], other: str, to: Sequence[str], dialect: Dialect) -> str:
    """Write the query for the rows whose foreign key is no key of the other relation: columns `part` and `r`."""
    here, there = key_sql(columns, dialect), key_sql(to, dialect)
    rows = f"SELECT part, r, {here} AS k FROM {relation}"
    held = f"SELECT DISTINCT {there} AS k FROM {other}"
    return f"SELECT part, r FROM ({rows}) AS a WHERE k IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ({held}) AS b WHERE b.k = a.k)"


def gaps_sql(relation: str, within: Sequence[str], position: str, dialect: Dialect) -> str:
    """Write the query for the rows whose position does not follow the one before in its group: `part`, `r` and the position."""
    number = f"CASE WHEN length({position}) <= 18 THEN CAST({position} AS BIGINT) END"
    rows = f"SELECT part, r, {number} AS p{''.join(f', {one}' for one in within)} FROM {relation}"
    group = f"PARTITION BY {', '.join(within)} " if within else ""
    lagged = f"SELECT part, r, p, lag(p) OVER ({group}ORDER BY p, part, r) AS q FROM ({rows}) AS a WHERE p IS NOT NULL"
    return f"SELECT part, r, CAST(p AS {dialect.text_type}) AS v FROM ({lagged}) AS b WHERE p <> coalesce(q + 1, 0)"
