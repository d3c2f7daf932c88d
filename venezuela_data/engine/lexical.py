r"""How the types of Table Schema are written: a grammar for each, and the value that a cell then has.

A value is a key, which is one text for equal values (`01` and `1`, `1.0` and `1`, `10:00Z` and `11:00+01:00`), something to
order it by, and a length. The grammars use only what Python, RE2, Java and Rust read alike: ASCII classes, no `\d`, `$` or
look-around, always held against the whole cell. Nothing here opens a file. Imports nothing of ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

MAX_SIMPLE = 1_000
"""Characters of a number, a date or another simple value at most."""
MAX_DEPTH = 64
"""Levels of a JSON value in a cell at most."""
MARK = "\ufdd0"
"""What begins a cell that its file already gives a kind that its field cannot have, such as a JSON number for a string.

It is a noncharacter, which no text may exchange.
"""


class Value(NamedTuple):
    """What a cell says, once it is read as its type."""

    key: str
    """One text for all ways to write the value."""
    order: Any = None
    """What it is ordered by; `None` where the type has no order."""
    length: int | None = None
    """Its characters or items, where the type counts them."""


Reader = Callable[[str], Value | None]
"""Reads a cell as a type: `None` where it is none."""

_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_DAY = f"{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_SAFE = "A-Za-z0-9._~!$&'()*+,;="
_ESCAPED = "%[0-9A-Fa-f]{2}"
_PATH, _SEGMENT = f"(?:[{_SAFE}:@/-]|{_ESCAPED})*", f"(?:[{_SAFE}:@-]|{_ESCAPED})"
_QUERY = f"(?:[{_SAFE}:@/?-]|{_ESCAPED})*"
_HOST = rf"(?:(?:[{_SAFE}-]|{_ESCAPED})+|\[[0-9A-Fa-f:.]+\])"
_AUTHORITY = f"(?:(?:[{_SAFE}:-]|{_ESCAPED})*@)?{_HOST}(?::[0-9]*)?"
_AXIS = r"[+-]?[0-9]{1,3}(?:\.[0-9]{0,50})?"

GRAMMAR: Mapping[str, str] = {
    "integer": "[+-]?[0-9]+",
    "number": rf"{_NUMBER}|NaN|-?INF",
    "date": _DAY,
    "time": _CLOCK,
    "datetime": f"{_DAY}T{_CLOCK}",
    "year": "[0-9]{4}",
    "yearmonth": "[0-9]{4}-(?:0[1-9]|1[0-2])",
    "duration": r"[+-]?P(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+W)?(?:[0-9]+D)?"
    r"(?:T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?",
    "geopoint": f"{_AXIS}, ?{_AXIS}",
    "email": rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}",
    # RFC 3986: what begins with two slashes has a host.
    "uri": rf"[A-Za-z][A-Za-z0-9+.-]*:(?://{_AUTHORITY}(?:/{_PATH})?|/(?:{_SEGMENT}{_PATH})?|{_SEGMENT}{_PATH})?(?:\?{_QUERY})?(?:#{_QUERY})?",
    "uuid": "[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}",
    "binary": "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
}
"""How the values of a type, or of a format of strings, are written where nothing else is said."""

QUICK: Mapping[str, str] = {
    "uri": f"https?://[A-Za-z0-9.-]+(?:[/?][{_SAFE}:@/?-]*)?",
    "number": r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?",
    "geopoint": r"-?(?:1[0-7][0-9]|[0-9]{1,2})(?:\.[0-9]{1,20})?, ?-?[0-8]?[0-9](?:\.[0-9]{1,20})?",
}
"""Some of what a grammar takes, by a pattern that is quicker to run; whatever it does not match is held against the grammar."""


class Writing(NamedTuple):
    """What a field says about how its values are written."""

    kind: str = "string"
    form: str = "default"
    bare: bool = True
    group: str = ""
    decimal: str = "."
    true: tuple[str, ...] = ("true", "True", "TRUE", "1")
    false: tuple[str, ...] = ("false", "False", "FALSE", "0")
    delimiter: str = ","
    item: str = "string"

    @property
    def is_plain(self) -> bool:
        """Whether numbers are written as their type writes them by itself."""
        return self.bare and not self.group and self.decimal == "."

    @property
    def name(self) -> str:
        """The name of the grammar: the format of a string, else the type."""
        return self.form if self.kind == "string" else self.kind


def reader_of(writing: Writing) -> Reader:
    """Give what reads the cells of a field, missing ones excepted.

    Raises:
        ValueError: there is no such type or format, or none that is the same on every machine; the text names it.
    """
    kind, form = writing.kind, writing.form
    if kind == "string":
        if form == "default":
            return lambda text: Value(text, None, len(text))
        if form not in ("email", "uri", "uuid", "binary"):
            raise ValueError(f"the format {form!r} of strings")
        return _formed_reader(form)
    if kind in ("date", "time", "datetime") and form != "default":
        return _patterned_reader(kind, form)
    if kind == "geopoint" and form in ("default", "array", "object"):
        return lambda text: _bounded(text, lambda one: _point(one, form))
    if form != "default":
        raise ValueError(f"the format {form!r} of the type {kind}")
    if kind == "boolean":
        known = {**dict.fromkeys(writing.true, Value("true")), **dict.fromkeys(writing.false, Value("false"))}
        return known.get
    if kind == "list":
        return _list_reader(writing)
    if kind in ("integer", "number"):
        return _number_reader(writing)
    simple = {"date": _date, "time": _time, "datetime": _datetime, "year": _year, "yearmonth": _month, "duration": _duration}
    if kind in simple:
        grammar, read = re.compile(GRAMMAR[kind]), simple[kind]
        return lambda text: _bounded(text, lambda one: read(one) if grammar.fullmatch(one) else None)
    if kind in ("object", "array", "geojson"):
        return lambda text: _json(text, kind)
    if kind == "any":
        return lambda text: Value(text)
    raise ValueError(f"the type {kind!r}")


def _bounded(text: str, read: Reader) -> Value | None:
    return read(text) if len(text) <= MAX_SIMPLE else None


def _formed_reader(form: str) -> Reader:
    grammar = re.compile(GRAMMAR[form])

    def read(text: str) -> Value | None:
        if form == "email" and (len(text) > 254 or text.find("@") > 64):
            return None
        return Value(text, None, len(text)) if grammar.fullmatch(text) else None

    return read


# Numbers -----------------------------------------------------------------------------------------------------------------

_SPECIAL = {"NaN": Value("NaN"), "INF": Value("INF", Decimal("Infinity")), "-INF": Value("-INF", Decimal("-Infinity"))}


_KEY = re.compile(r"0|-?[1-9][0-9]{0,17}|-?(?:0|[1-9][0-9]{0,17})\.[0-9]{0,17}[1-9]")
"""Some of the numbers that are written as their key is."""


def _number_reader(writing: Writing) -> Reader:
    grammar = number_grammar(writing)
    whole, is_plain = writing.kind == "integer", writing.is_plain
    pattern = re.compile(grammar)

    def read(text: str) -> Value | None:
        if len(text) > MAX_SIMPLE:
            return None
        found = pattern.fullmatch(text)
        if found is None:
            return None
        if is_plain and _KEY.fullmatch(text):
            return Value(text, Decimal(text))
        if text in _SPECIAL:
            return _SPECIAL[text]
        plain = found.group("number") if not writing.bare else text
        if writing.group:
            plain = plain.replace(writing.group, "")
        if writing.decimal != "." and not whole:
            plain = plain.replace(writing.decimal, ".")
        number = Decimal(plain)
        return Value(number_key(number), number)

    return read


def number_grammar(writing: Writing) -> str:
    """Give the grammar of a field of numbers, which may have its own marks and text around them."""
    grammar = GRAMMAR[writing.kind]
    if writing.is_plain:
        return grammar
    digits = "[0-9]+"
    if writing.group:
        digits = f"[0-9]+(?:{re.escape(writing.group)}[0-9]+)*"
    grammar = f"[+-]?{digits}"
    if writing.kind == "number":
        mark = re.escape(writing.decimal)
        grammar = rf"[+-]?(?:{digits}(?:{mark}[0-9]*)?|{mark}[0-9]+)(?:[eE][+-]?[0-9]{{1,6}})?"
        if writing.bare:
            return f"{grammar}|NaN|-?INF"
    # Text around a number has neither digits nor, before it, a sign; so the number is the only one that can be meant.
    return grammar if writing.bare else f"[^0-9+-]*?(?P<number>{grammar})[^0-9]*"


def number_key(number: Decimal) -> str:
    """Write a number in the one way that stands for all: without needless zeros, and plainly unless that is long."""
    if not number:
        return "0"
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits)).lstrip("0")
    bare = text.rstrip("0")
    exponent += len(text) - len(bare)
    mark = "-" if sign else ""
    if exponent >= 0 and len(bare) + exponent <= 40:
        return mark + bare + "0" * exponent
    if -40 <= exponent < 0:
        padded = bare.rjust(1 - exponent, "0")
        return f"{mark}{padded[:exponent]}.{padded[exponent:]}"
    return f"{mark}{bare}e{exponent}"


# Dates and times ---------------------------------------------------------------------------------------------------------


def _date(text: str) -> Value | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return Value(text, (day.toordinal(),))


def _year(text: str) -> Value:
    return Value(number_key(Decimal(text)), (int(text),))


def _month(text: str) -> Value:
    return Value(text, (int(text[:4]), int(text[5:])))


def _time(text: str) -> Value:
    seconds, zoned = _seconds(text)
    if text[8:].endswith("Z") or not zoned:
        return Value(_plain(text), (zoned, seconds))
    # A clock ahead of UTC can show a time of the day before, which is no time of that day.
    return Value(_clock(seconds) if 0 <= seconds < _ONE_DAY else f"{seconds}Z", (zoned, seconds))


def _datetime(text: str) -> Value | None:
    day = _date(text[:10])
    if day is None:
        return None
    seconds, zoned = _seconds(text[11:])
    order = (zoned, seconds + day.order[0] * _ONE_DAY)
    if text.endswith("Z") or not zoned:
        return Value(_plain(text), order)
    days, seconds = divmod(order[1], _ONE_DAY)
    inside = 1 <= days <= date.max.toordinal()
    return Value(f"{date.fromordinal(days)}T{_clock(seconds)}" if inside else f"{order[1]}Z", order)


_ONE_DAY = 86_400


def _plain(text: str) -> str:
    """Leave out the needless zeros at the end of a fraction of a second."""
    whole, point, fraction = text.removesuffix("Z").partition(".")
    fraction = fraction.rstrip("0")
    return whole + (point + fraction if fraction else "") + ("Z" if text.endswith("Z") else "")


def _clock(seconds: Fraction | int) -> str:
    """Write the seconds since midnight in UTC as a clock time."""
    whole, fraction = divmod(seconds, 1)
    # A fraction that was written with decimal digits has a denominator that divides a power of ten.
    places = next(count for count in range(MAX_SIMPLE) if 10**count % fraction.denominator == 0)
    digits = f".{int(fraction * 10**places):0{places}d}" if places else ""
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{digits}Z"


def _seconds(clock: str) -> tuple[Fraction | int, bool]:
    """Give the seconds of a clock time since midnight, in UTC where it has a zone, and whether it has one."""
    rest = clock[8:]
    if rest in ("", "Z"):
        return int(clock[:2]) * 3600 + int(clock[3:5]) * 60 + int(clock[6:8]), bool(rest)
    zone = re.search("Z|[+-]..:..$", rest)
    fraction = rest[: zone.start()] if zone else rest
    seconds = Fraction(int(clock[:2]) * 3600 + int(clock[3:5]) * 60 + int(clock[6:8])) + Fraction(f"0{fraction}")
    if zone and zone.group() != "Z":
        offset = int(zone.group()[1:3]) * 3600 + int(zone.group()[4:]) * 60
        seconds -= offset if zone.group()[0] == "+" else -offset
    return seconds, zone is not None


_UNITS = re.compile(r"([0-9]+(?:\.[0-9]+)?)([YMWDHS])")
_SECONDS = {"W": 604_800, "D": 86_400, "H": 3_600, "M": 60, "S": 1}


def _duration(text: str) -> Value | None:
    days, _, clock = text.partition("T")
    if text[-1] in "PT":
        return None
    months = sum(int(count) * (12 if unit == "Y" else 1) for count, unit in _UNITS.findall(days) if unit in "YM")
    parts = [(count, unit) for count, unit in _UNITS.findall(days) if unit not in "YM"] + _UNITS.findall(clock)
    seconds = sum((Fraction(count) * _SECONDS[unit] for count, unit in parts), Fraction())
    sign = -1 if text[0] == "-" else 1
    return Value(f"{sign * months}M{sign * seconds}S")


_MONTHS = "January February March April May June July August September October November December".split()
_DIRECTIVES = {
    "Y": "(?P<Y>[0-9]{4})",
    "m": "(?P<m>1[0-2]|0?[1-9])",
    "d": "(?P<d>3[01]|[12][0-9]|0?[1-9])",
    "H": "(?P<H>2[0-3]|[01]?[0-9])",
    "M": "(?P<M>[0-5]?[0-9])",
    "S": "(?P<S>[0-5]?[0-9])",
    "f": "(?P<f>[0-9]{1,6})",
    "z": "(?P<z>Z|[+-](?:0[0-9]|1[0-3]):?[0-5][0-9]|[+-]14:?00)",
    "B": f"(?P<B>{'|'.join(_MONTHS)})",
    "b": f"(?P<b>{'|'.join(one[:3] for one in _MONTHS)})",
    "%": "%",
}
"""What each directive of a format stands for, in the same words on every machine."""
_NEEDED = {"date": ("Ymd", "YBd", "Ybd"), "time": ("HM",), "datetime": ("YmdHM", "YBdHM", "YbdHM")}


def _patterned_reader(kind: str, form: str) -> Reader:
    directives = re.findall("%(.?)", form)
    known = all(one in _DIRECTIVES for one in directives) and len(set(directives)) == len(directives)
    if not known or not any(set(needed) <= set(directives) for needed in _NEEDED[kind]):
        raise ValueError(f"the format {form!r} of the type {kind}")
    pieces = re.split("(%.)", form)
    grammar = re.compile("".join(_DIRECTIVES[one[1]] if re.fullmatch("%.", one) else re.escape(one) for one in pieces))

    def read(text: str) -> Value | None:
        found = grammar.fullmatch(text) if len(text) <= MAX_SIMPLE else None
        if found is None:
            return None
        part = {"Y": "1900", "m": "1", "d": "1", "H": "0", "M": "0", "S": "0", "f": "", "z": "", **found.groupdict()}
        month = part["m"]
        for name in ("B", "b"):
            if name in part:
                month = str([one[: len(part[name])] for one in _MONTHS].index(part[name]) + 1)
        zone = part["z"] if len(part["z"]) != 5 else f"{part['z'][:3]}:{part['z'][3:]}"
        fraction = f".{part['f']}" if part["f"] else ""
        day = f"{part['Y']}-{month.zfill(2)}-{part['d'].zfill(2)}"
        clock = f"{part['H'].zfill(2)}:{part['M'].zfill(2)}:{part['S'].zfill(2)}{fraction}{zone}"
        return _date(day) if kind == "date" else _time(clock) if kind == "time" else _datetime(f"{day}T{clock}")

    return read


# Values of several parts -------------------------------------------------------------------------------------------------


def _list_reader(writing: Writing) -> Reader:
    if writing.item not in ("string", "integer", "boolean", "number", "datetime", "date", "time"):
        raise ValueError(f"the item type {writing.item!r}")
    read_item = reader_of(Writing(writing.item))

    def read(text: str) -> Value | None:
        items = [read_item(one) for one in text.split(writing.delimiter)]
        keys = [one.key for one in items if one is not None]
        return Value(json.dumps(keys), None, len(items)) if len(keys) == len(items) else None

    return read


_AXES = re.compile(f"({_AXIS}), ?({_AXIS})")


def _point(text: str, form: str) -> Value | None:
    lon: Any
    lat: Any
    if form == "default":
        found = _AXES.fullmatch(text)
        if found is None:
            return None
        lon, lat = map(Decimal, found.groups())
    else:
        given = _loaded(text)
        if form == "array" and isinstance(given, list) and len(given) == 2:
            lon, lat = given
        elif form == "object" and isinstance(given, dict) and set(given) == {"lon", "lat"}:
            lon, lat = given["lon"], given["lat"]
        else:
            return None
        if not isinstance(lon, Decimal) or not isinstance(lat, Decimal):
            return None
    return Value(f"{number_key(lon)},{number_key(lat)}") if abs(lon) <= 180 and abs(lat) <= 90 else None


def _json(text: str, kind: str) -> Value | None:
    value = _loaded(text)
    wanted = list if kind == "array" else dict
    if not isinstance(value, wanted) or not _is_shallow(value) or (kind == "geojson" and not _is_geojson(value)):
        return None
    return Value(json.dumps(_canonical(value), sort_keys=True), None, None if kind == "geojson" else len(value))


def _refuse(word: str) -> Any:
    raise ValueError(word)


def _integer(text: str) -> Decimal:
    return Decimal(text)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_integer, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError, ArithmeticError):
        return None


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            one
            for whole in level
            if isinstance(whole, (list, dict))
            for one in (whole.values() if isinstance(whole, dict) else whole)
        ]
        if not level:
            return True
    return False


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _canonical(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_canonical(one) for one in value]
    return {"number": number_key(value)} if isinstance(value, Decimal) else value


_DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


def _is_geojson(value: Any) -> bool:
    """Say whether a value is a GeoJSON object by RFC 7946."""
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "FeatureCollection":
        features = value.get("features")
        return isinstance(features, list) and all(
            isinstance(one, dict) and one.get("type") == "Feature" and _is_geojson(one) for one in features
        )
    if kind == "Feature":
        shape, properties = value.get("geometry"), value.get("properties")
        if "geometry" not in value or "properties" not in value or not isinstance(properties, dict | None):
            return False
        return isinstance(value.get("id", ""), (str, Decimal)) and (shape is None or _is_shape(shape))
    return _is_shape(value)


def _is_shape(value: Any) -> bool:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "GeometryCollection":
        shapes = value.get("geometries")
        return isinstance(shapes, list) and all(map(_is_shape, shapes))
    if not isinstance(kind, str) or kind not in _DEPTHS:
        return False
    ring = kind.endswith("Polygon")
    least = 4 if ring else 2 if kind.endswith("LineString") else 0
    return _are_coordinates(value.get("coordinates"), _DEPTHS[kind], least, ring)


def _are_coordinates(value: Any, depth: int, least: int, ring: bool) -> bool:
    if not isinstance(value, list):
        return False
    if depth == 0:
        return len(value) >= 2 and all(isinstance(one, Decimal) for one in value)
    if depth == 1 and (len(value) < least or (ring and value[0] != value[-1])):
        return False
    return all(_are_coordinates(one, depth - 1, least, ring) for one in value)
