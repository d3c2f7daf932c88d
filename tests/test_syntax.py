"""Holds the readers of JSON and CSV against any bytes, against other readers, and against the one normal form.

The place of each kind of fault stands in tables; what must hold for all bytes is left to Hypothesis, with orjson and the
standard library as judges. Reads no file and writes none.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import math
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from strategies import CSV_PIECES, csv_rows, edited_files, json_files, json_values

from venezuela_data import syntax
from venezuela_data.findings import Finding
from venezuela_data.package.lines import table_of_lines
from venezuela_data.syntax import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_DEPTH,
    RULES,
    CsvFile,
    JsonFile,
    _read_plain,
    _Scanner,
    csv_bytes,
    decode,
    json_bytes,
    read_csv,
    read_json,
    read_json_lines,
)

WELL_FORMED = "json-is-well-formed"
UNIQUE = "keys-are-unique"
IN_RANGE = "numbers-are-in-range"
UNICODE = "strings-are-unicode"
BOUNDED = "nesting-is-bounded"
UTF_8 = "text-is-utf-8"
CSV = "csv-is-well-formed"
LINES = "lines-are-json"
FILES_BOUNDED = "files-are-bounded"

SMILE = "\U0001f600"

REFUSED_JSON: list[tuple[bytes, list[tuple[int, int, str]]]] = [
    # Bytes that are no UTF-8, or that start with a mark.
    (b"\xff", [(1, 1, UTF_8)]),
    (b'"a\n\xc3\xa9\xe9"', [(2, 2, UTF_8)]),
    (b'["\xc0\xaf"]', [(1, 3, UTF_8)]),
    (b'["\xed\xa0\x80"]', [(1, 3, UTF_8)]),
    (b'["\xf4\x90\x80\x80"]', [(1, 3, UTF_8)]),
    (b'["\xe2\x82', [(1, 3, UTF_8)]),
    (codecs.BOM_UTF8 + b"{}", [(1, 1, UTF_8)]),
    ("{}".encode("utf-16"), [(1, 1, UTF_8)]),
    # Documents that are not JSON.
    (b"", [(1, 1, WELL_FORMED)]),
    (b" \n ", [(2, 2, WELL_FORMED)]),
    (b"{", [(1, 2, WELL_FORMED)]),
    (b"[1", [(1, 3, WELL_FORMED)]),
    (b"[1,]", [(1, 4, WELL_FORMED)]),
    (b'{"a": 1,\n}', [(2, 1, WELL_FORMED)]),
    (b"[1 2]", [(1, 4, WELL_FORMED)]),
    (b"[1}", [(1, 3, WELL_FORMED)]),
    (b"{1: 2}", [(1, 2, WELL_FORMED)]),
    (b"{'a': 2}", [(1, 2, WELL_FORMED)]),
    (b'{"a" 2}', [(1, 6, WELL_FORMED)]),
    (b'{"a": }', [(1, 7, WELL_FORMED)]),
    (b"[,1]", [(1, 2, WELL_FORMED)]),
    (b"1 2", [(1, 3, WELL_FORMED)]),
    (b"{} // a", [(1, 4, WELL_FORMED)]),
    (b"[tru]", [(1, 2, WELL_FORMED)]),
    (b"[True]", [(1, 2, WELL_FORMED)]),
    (b"[truest]", [(1, 2, WELL_FORMED)]),
    (b"[undefined]", [(1, 2, WELL_FORMED)]),
    ("[\u00a01]".encode(), [(1, 2, WELL_FORMED)]),
    ("[1\u00a0]".encode(), [(1, 3, WELL_FORMED)]),
    # Numbers that are not written as JSON writes them.
    (b"[01]", [(1, 2, WELL_FORMED)]),
    (b"[+1]", [(1, 2, WELL_FORMED)]),
    (b"[1.]", [(1, 2, WELL_FORMED)]),
    (b"[.5]", [(1, 2, WELL_FORMED)]),
    (b"[1e]", [(1, 2, WELL_FORMED)]),
    (b"[0x10]", [(1, 2, WELL_FORMED)]),
    (b"[1_000]", [(1, 2, WELL_FORMED)]),
    (b"[-]", [(1, 2, WELL_FORMED)]),
    ("[\u0663]".encode(), [(1, 2, WELL_FORMED)]),
    # Strings that do not end, or hold what must be escaped.
    (b'["a]', [(1, 2, WELL_FORMED)]),
    (b'["a\\"]', [(1, 2, WELL_FORMED)]),
    (b'["a\nb"]', [(1, 4, WELL_FORMED)]),
    (b'["a\tb"]', [(1, 4, WELL_FORMED)]),
    (b'["\\x41"]', [(1, 3, WELL_FORMED)]),
    (b'["\\u12g4"]', [(1, 3, WELL_FORMED)]),
    (b'["\\u12', [(1, 3, WELL_FORMED)]),
    (b'["\\', [(1, 3, WELL_FORMED)]),
    # What other readers pass over.
    (b'{"a": 1, "a": 2}', [(1, 10, UNIQUE)]),
    (b'{"a": 1,\n "\\u0061": 2}', [(2, 2, UNIQUE)]),
    (b'{"a": 1, "a": 2, "a": 3}', [(1, 10, UNIQUE), (1, 18, UNIQUE)]),
    (b'{"a": {"b": 1, "b": [1]}}', [(1, 16, UNIQUE)]),
    (b"[NaN, Infinity, -Infinity]", [(1, 2, IN_RANGE), (1, 7, IN_RANGE), (1, 17, IN_RANGE)]),
    (b"[1e400]", [(1, 2, IN_RANGE)]),
    (b"[-1e400]", [(1, 2, IN_RANGE)]),
    (b"[1, 1e-400]", [(1, 5, IN_RANGE)]),
    (b"[10.123456789012345678901]", [(1, 2, IN_RANGE)]),
    (b"[0." + b"1" * 30 + b"]", [(1, 2, IN_RANGE)]),
    (b"[9007199254740992]", [(1, 2, IN_RANGE)]),
    (b"[-9007199254740992]", [(1, 2, IN_RANGE)]),
    (b"[1e16]", [(1, 2, IN_RANGE)]),
    (b"[0." + b"1" * 31 + b"]", [(1, 2, IN_RANGE)]),
    (b"[" + b"9" * 5000 + b"]", [(1, 2, IN_RANGE)]),
    (b'["\\ud83d"]', [(1, 3, UNICODE)]),
    (b'["\\ude00\\ud83d"]', [(1, 3, UNICODE), (1, 9, UNICODE)]),
    (b'["\\ud83d\\ud83d\\ude00"]', [(1, 3, UNICODE)]),
    (b'{"\\ud83d": 1}', [(1, 3, UNICODE)]),
    (b"[" * MAX_DEPTH + b"[]" + b"]" * MAX_DEPTH, [(1, MAX_DEPTH + 1, BOUNDED)]),
    # Many at once, in order, each in its own line; columns are code points.
    (b'{"a": NaN,\n "a": "\\ud800",\n "b": 1e999}', [(1, 7, IN_RANGE), (2, 2, UNIQUE), (2, 8, UNICODE), (3, 7, IN_RANGE)]),
    (f'["{SMILE}é\u2028", 01]'.encode(), [(1, 9, WELL_FORMED)]),
    (b"[\r\n1,\r2,\n,]", [(3, 1, WELL_FORMED)]),
]

ACCEPTED_JSON: list[tuple[bytes, Any]] = [
    (b"null", None),
    (b" \t\r\n1\n", 1),
    (b"-0", 0),
    (b"-0.0", -0.0),
    (b"1.0", 1.0),
    (b"1E+2", 100.0),
    (b"1.5e-300", 1.5e-300),
    (b"9007199254740991", 9007199254740991),
    (b"-9007199254740991", -9007199254740991),
    (b"0." + b"1" * 16, 0.1111111111111111),
    (b"1.50000000000000000000", 1.5),
    (b"[]", []),
    (b"{ }", {}),
    (b'{"": {"": []}}', {"": {"": []}}),
    (b'{"a": 1, "A": 2, "\xc3\xa9": 3, "e\xcc\x81": 4}', {"a": 1, "A": 2, "é": 3, "e\u0301": 4}),
    (b'"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00E9\\u2028"', '"\\/\b\f\n\r\t\x00é\u2028'),
    (b'"\\ud83d\\ude00"', SMILE),
    (b'"\\uD83D\\uDE00"', SMILE),
    ('"\x7f\u0080\u2028\ufeff\uffff\U0010ffff"'.encode(), "\x7f\u0080\u2028\ufeff\uffff\U0010ffff"),
]


def places(findings: list[Finding]) -> list[tuple[int, int, str]]:
    return [(finding.line, finding.column, finding.rule) for finding in findings]


def value_of(data: bytes) -> Any:
    file, findings = read_json(data, "x.json")
    assert findings == []
    assert file is not None
    return file.value


def table_of(data: bytes) -> CsvFile:
    file, findings = read_csv(data, "x.csv")
    assert findings == []
    assert file is not None
    return file


def same(one: Any, other: Any) -> bool:
    """Whether two values are alike in value, type and sign; `==` takes 1, 1.0 and True for the same."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return math.copysign(1, one) == math.copysign(1, other) and one == other
    return bool(one == other)


# JSON --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("data", "expected"), REFUSED_JSON, ids=[repr(data[:40]) for data, _ in REFUSED_JSON])
def test_each_fault_of_json_is_found_at_its_place(data: bytes, expected: list[tuple[int, int, str]]) -> None:
    file, findings = read_json(data, "x.json")
    assert file is None
    assert places(findings) == expected
    assert {finding.path for finding in findings} == {"x.json"}


@pytest.mark.parametrize(("data", "value"), ACCEPTED_JSON, ids=[repr(data[:40]) for data, _ in ACCEPTED_JSON])
def test_json_is_read_as_its_value(data: bytes, value: Any) -> None:
    assert same(value_of(data), value)


@pytest.mark.parametrize("code", range(0x20))
def test_every_control_character_is_refused_unless_it_is_escaped(code: int) -> None:
    assert places(read_json(f'["{chr(code)}"]'.encode(), "x.json")[1]) == [(1, 3, WELL_FORMED)]
    assert value_of(f'["\\u{code:04x}"]'.encode()) == [chr(code)]


def test_every_rule_is_broken_by_some_text() -> None:
    broken = {rule for _, expected in REFUSED_JSON for _, _, rule in expected}
    assert broken | {CSV, LINES, FILES_BOUNDED} == set(RULES)


def test_sixty_four_levels_are_read() -> None:
    assert value_of(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH) is not None


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'])
def test_a_hundred_thousand_brackets_are_one_finding(opening: bytes) -> None:
    _, findings = read_json(opening * 100_000, "x.json")
    assert [finding.rule for finding in findings] == [BOUNDED]


def test_a_long_file_is_read_to_its_end() -> None:
    data = b'{"a": [' + b", ".join([b'{"b": "word", "c": 1.5}'] * 80_000) + b"]}"
    assert len(data) > 2_000_000 * 0.9
    assert len(value_of(data)["a"]) == 80_000


def test_a_long_string_of_escapes_is_read_to_its_end() -> None:
    assert len(value_of(b'"' + b"\\u0061\\n" * 100_000 + b'"')) == 200_000


def test_a_long_line_of_faults_is_not_held_once_for_each() -> None:
    faults = 999
    _, findings = read_json(b"{" + b",".join([b'"a":1'] * (faults + 1)) + b"}" + b" " * 1_000_000, "x.json")
    assert len(findings) == faults
    assert sum(len(finding.excerpt) for finding in findings) < 1_000_000


def test_an_unclosed_bracket_is_told_with_where_it_opens() -> None:
    _, (finding,) = read_json(b'{"a": [1,\n2}', "x.json")
    assert "to close what opens at line 1, column 7" in finding.message


def test_an_unclosed_file_is_told_as_such() -> None:
    _, (finding,) = read_json(b"[1", "x.json")
    assert "not the end of the file" in finding.message


def test_a_finding_shows_the_line_on_which_it_lies() -> None:
    _, (finding,) = read_json(b'{\n "a": 01\n}', "x.json")
    assert finding.excerpt == ' "a": 01'


SHAPES: list[tuple[tuple[str | int, ...], bool, tuple[int, int]]] = [
    ((), False, (1, 1)),
    (("a",), False, (2, 8)),
    (("a",), True, (2, 3)),
    (("a", 0), False, (2, 9)),
    (("a", 1), False, (2, 12)),
    ((SMILE,), True, (3, 3)),
    ((SMILE,), False, (3, 8)),
    ((SMILE, "b"), True, (3, 9)),
    ((SMILE, "b"), False, (3, 14)),
    (("line\nfeed",), True, (3, 21)),
    (("line\nfeed",), False, (3, 35)),
    # What is missing is found at the nearest node above it.
    (("c",), False, (1, 1)),
    (("c",), True, (1, 1)),
    (("a", 7), False, (2, 8)),
    (("a", 0, "x", 1), True, (2, 9)),
    ((SMILE, "x"), True, (3, 8)),
]


@pytest.mark.parametrize(("pointer", "key", "place"), SHAPES)
def test_at_points_at_a_node_its_key_or_the_nearest_above(
    pointer: tuple[str | int, ...], key: bool, place: tuple[int, int]
) -> None:
    text = f'{{\n  "a": [1, "x"],\n  "{SMILE}": {{"b": "{SMILE}{SMILE}"}}, "line\\nfeed": null}}'
    file, _ = read_json(text.encode("utf-8"), "x.json")
    assert file is not None
    finding = file.at(pointer, "rule", "message", "advice", key=key)
    assert (finding.line, finding.column) == place
    assert (finding.path, finding.rule, finding.message, finding.advice) == ("x.json", "rule", "message", "advice")
    assert finding.excerpt == text.split("\n")[finding.line - 1]


def any_bytes() -> st.SearchStrategy[bytes]:
    """Any bytes, any text, and valid documents with a few bytes changed."""
    texts = st.text(st.characters(codec="utf-8")).map(str.encode)
    of_json = st.text(st.sampled_from('{}[]:,"\\ \n0123456789.eE+-truefalsnNaI'), max_size=40).map(str.encode)
    of_csv = st.lists(st.sampled_from(CSV_PIECES), max_size=40).map("".join).map(str.encode)
    tables = csv_rows().map(csv_bytes)
    return st.one_of(
        st.binary(), texts, of_json, of_csv, json_files(), edited_files(json_files()), tables, edited_files(tables, CSV_PIECES)
    )


class TestAnyBytes:
    """Any bytes at all give a value or findings, and nothing else."""

    @given(any_bytes())
    @example(b"\xef\xbb\xbf")
    @example(b"\x00")
    def test_json(self, data: bytes) -> None:
        file, findings = read_json(data, "x.json")
        assert (file is None) == bool(findings)
        assert {finding.rule for finding in findings} <= set(RULES) - {CSV}
        assert file is None or isinstance(file, JsonFile)

    @given(any_bytes())
    @example(b"\xef\xbb\xbf")
    @example(b"\x00")
    @example(b"\r")
    def test_csv(self, data: bytes) -> None:
        file, findings = read_csv(data, "x.csv")
        assert (file is None) == bool(findings)
        assert {finding.rule for finding in findings} <= {CSV, UTF_8}
        assert file is None or all(len(row) == len(file.header) for row in file.rows)


class TestPlaces:
    """Every finding points into the file, and shows the line that stands there."""

    @given(any_bytes())
    @example(b"[\n")
    @example(b"")
    def test_json(self, data: bytes) -> None:
        self.check(data, read_json(data, "x")[1])

    @given(any_bytes())
    @example(b'a\n"')
    @example(b"")
    def test_csv(self, data: bytes) -> None:
        self.check(data, read_csv(data, "x")[1])

    @given(json_files(), st.data())
    def test_nodes(self, data: bytes, draw: st.DataObject) -> None:
        file, _ = read_json(data, "x")
        assert file is not None
        pointer = draw.draw(st.sampled_from([(), *_pointers(file.value)]))
        finding = file.at(pointer, "rule", "message")
        rest = self.rest_of(data, finding)
        node = file.value
        for step in pointer:
            node = node[step]
        assert same(json.JSONDecoder().raw_decode(rest)[0], node)

    def check(self, data: bytes, findings: list[Finding]) -> None:
        lines = data.decode("utf-8", "replace").split("\n")
        for finding in findings:
            assert 1 <= finding.line <= len(lines)
            assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
            if finding.rule != UTF_8 and finding.excerpt:
                assert lines[finding.line - 1].startswith(finding.excerpt)

    def rest_of(self, data: bytes, finding: Finding) -> str:
        lines = data.decode("utf-8").split("\n")[finding.line - 1 :]
        return "\n".join(lines)[finding.column - 1 :]


def _pointers(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [one for key, inner in children for one in ((*path, key), *_pointers(inner, (*path, key)))]


# What we refuse and orjson reads; each is a promise of ours.
BEYOND_ORJSON = {UNIQUE, IN_RANGE, UNICODE, BOUNDED, UTF_8}


def by_orjson(data: bytes) -> tuple[bool, Any]:
    try:
        return True, orjson.loads(data)
    except orjson.JSONDecodeError:
        return False, None


class TestOtherJsonReaders:
    """What is read without a finding is what orjson and the standard library read.

    What orjson refuses is refused. What it reads and we refuse has one of the reasons that are listed; that it follows RFC
    8259 is never doubted.
    """

    @given(st.one_of(json_files(), edited_files(json_files())))
    @example(b"-0")
    @example(b'{"a":1,"a":2}')
    @example(b'"\x7f"')
    def test_the_two_agree(self, data: bytes) -> None:
        file, findings = read_json(data, "x")
        accepted, value = by_orjson(data)
        if file is not None:
            assert accepted
            assert same(without_zero_sign(file.value), without_zero_sign(value))
        elif accepted:
            assert {finding.rule for finding in findings} <= BEYOND_ORJSON

    @given(st.one_of(json_files(), edited_files(json_files())))
    def test_the_standard_library_reads_the_same_value(self, data: bytes) -> None:
        file, _ = read_json(data, "x")
        if file is not None:
            assert same(file.value, json.loads(data.decode("utf-8")))

    @given(json_values(), st.booleans())
    def test_what_orjson_writes_is_read(self, value: Any, indented: bool) -> None:
        data = orjson.dumps(value, option=orjson.OPT_INDENT_2 if indented else None)
        assert same(value_of(data), value)


def without_zero_sign(value: Any) -> Any:
    """Give a value with every -0 as 0: orjson reads the integer -0 as a number with a fraction."""
    if isinstance(value, dict):
        return {key: without_zero_sign(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_zero_sign(inner) for inner in value]
    return 0 if isinstance(value, int | float) and not isinstance(value, bool) and value == 0 else value


class TestPlainReader:
    """What the quick reader of plain texts reads is what the reader with places reads, and finds nothing wrong with.

    Whatever it leaves, the reader with places judges alone.
    """

    @given(st.one_of(json_files(), edited_files(json_files())))
    @example(b'{"a":1,"a":2}')
    @example(b"[1e400]")
    @example(b"[NaN]")
    @example(b"[0.1, -0, 12345678901234567]")
    @example(b"[" * 64 + b"1" + b"]" * 64)
    @example(b"[" * 65 + b"]" * 65)
    def test_it_reads_nothing_else(self, data: bytes) -> None:
        text, findings = decode(data, "x")
        assume(not findings)
        try:
            value = _read_plain(text)
        except (ValueError, RecursionError):
            return
        scanner = _Scanner(text, None)
        assert same(scanner.scan(), value)
        assert scanner.faults == []

    @pytest.mark.parametrize("text", ['{"a": [1, 0.5, "é", null]}', "[" * 64 + "]" * 64])
    def test_it_reads_what_is_plain(self, text: str) -> None:
        assert _read_plain(text) == json.loads(text)


class TestJsonNormalForm:
    """Writing and reading give the same value, and reading and writing the same bytes."""

    @given(json_values())
    def test_what_is_written_is_read_as_the_same_value(self, value: Any) -> None:
        assert same(value_of(json_bytes(value)), value)

    @given(json_files())
    def test_the_normal_form_of_what_was_read_stays_as_it_is(self, data: bytes) -> None:
        normal = json_bytes(value_of(data))
        assert json_bytes(value_of(normal)) == normal

    @given(json_values())
    def test_it_is_what_the_standard_library_reads(self, value: Any) -> None:
        assert same(json.loads(json_bytes(value)), value)


def test_the_normal_form_of_json_is_indented_unescaped_and_ends_in_a_line_feed() -> None:
    written = json_bytes({"é": [1, "\u2028", 'a"b'], "z": {}, "a": None})
    assert written.decode() == '{\n  "é": [\n    1,\n    "\u2028",\n    "a\\"b"\n  ],\n  "z": {},\n  "a": null\n}\n'


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_of_json_is_not_written(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_bytes(number)


# CSV ---------------------------------------------------------------------------------------------------------------------

REFUSED_CSV: list[tuple[bytes, list[tuple[int, int, str]]]] = [
    (b"", [(1, 1, CSV)]),
    (b"a,b\n1,\xff\n", [(2, 3, UTF_8)]),
    (codecs.BOM_UTF8 + b"a,b\n", [(1, 1, UTF_8)]),
    ("a,b\n".encode("utf-16"), [(1, 1, UTF_8)]),
    # What common readers hide.
    (b'a,b\n1,"2\n3,4\n5,6\n', [(2, 3, CSV)]),
    (b'"', [(1, 1, CSV)]),
    (b'a\n"x""\n', [(2, 1, CSV)]),
    (b"a,b\n1\n", [(2, 1, CSV)]),
    (b"a,b\n1,2,3\n", [(2, 1, CSV)]),
    (b"a,b\n1\n1,2\n3\n", [(2, 1, CSV), (4, 1, CSV)]),
    (b"a,b\n\n", [(2, 1, CSV)]),
    (b"a,b,a\n", [(1, 5, CSV)]),
    (b"a,,c\n", [(1, 3, CSV)]),
    (b"a, ,c\n", [(1, 3, CSV)]),
    (b'a,b\n"1"x,2\n', [(2, 4, CSV)]),
    (b'a,b\n"1" ,2\n', [(2, 4, CSV)]),
    (b'a,b\n1, "2"\n', [(2, 4, CSV)]),
    (b'a,b\n1"2,3\n', [(2, 2, CSV)]),
    (b"a,b\n1,2\x00\n", [(2, 3, CSV)]),
    (b'a,b\n"\x00",2\n', [(2, 1, CSV)]),
    (b"a,b\r1,2\r", [(1, 4, CSV)]),
    (b"a\n1\r\r\n", [(2, 2, CSV)]),
    (b"a\n" + b"x" * (MAX_CELL + 1) + b"\n", [(2, 1, CSV)]),
    (b",".join(b"c%d" % number for number in range(MAX_COLUMNS + 1)), [(1, 1, FILES_BOUNDED)]),
    # The row after a cell of two lines; columns are code points.
    (b'a,b\n"1\n2",3\nx\n', [(4, 1, CSV)]),
    (f'a,b\n"\n{SMILE}é",3"\n'.encode(), [(3, 6, CSV)]),
]

ACCEPTED_CSV: list[tuple[bytes, list[list[str]]]] = [
    (b"a", [["a"]]),
    (b"a\n", [["a"]]),
    (b"a,b\n1,2", [["a", "b"], ["1", "2"]]),
    (b"a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
    (b"a,b\n,\n", [["a", "b"], ["", ""]]),
    (b'a\n""\n', [["a"], [""]]),
    (b"a\n\n\n", [["a"], [""], [""]]),
    (b'a,b\n"1,""2""\n3",\n', [["a", "b"], ['1,"2"\n3', ""]]),
    (b'a\n"x\r\ny\rz"\n', [["a"], ["x\r\ny\rz"]]),
    (b"a\n 1 \n", [["a"], [" 1 "]]),
    (b"a;b\n1;2\n", [["a;b"], ["1;2"]]),
    (b"# a\n'1'\n", [["# a"], ["'1'"]]),
    ("é\n\u2028\x0b\n".encode(), [["é"], ["\u2028\x0b"]]),
    (b"a\n" + b"x" * MAX_CELL, [["a"], ["x" * MAX_CELL]]),
]


@pytest.mark.parametrize(("data", "expected"), REFUSED_CSV, ids=[repr(data[:40]) for data, _ in REFUSED_CSV])
def test_each_fault_of_csv_is_found_at_its_place(data: bytes, expected: list[tuple[int, int, str]]) -> None:
    file, findings = read_csv(data, "x.csv")
    assert file is None
    assert places(findings) == expected


@pytest.mark.parametrize(("data", "rows"), ACCEPTED_CSV, ids=[repr(data[:40]) for data, _ in ACCEPTED_CSV])
def test_csv_is_read_as_its_rows(data: bytes, rows: list[list[str]]) -> None:
    table = table_of(data)
    assert [table.header, *table.rows] == rows


def test_at_points_at_a_cell_behind_quoted_line_feeds_and_wide_characters() -> None:
    table = table_of(f'a,b,c\n"x\n{SMILE}",{SMILE}{SMILE},"q""q,"\n1,2,3\n'.encode())
    found = [table.at(row, column, "rule", "message") for row, column in [(-1, 2), (0, 0), (0, 1), (0, 2), (1, 0), (1, 2)]]
    assert [(one.line, one.column) for one in found] == [(1, 5), (2, 1), (3, 4), (3, 7), (4, 1), (4, 5)]
    assert found[2].excerpt == f'{SMILE}",{SMILE}{SMILE},"q""q,"'


def test_a_long_table_is_read_to_its_end() -> None:
    data = b"a,b\n" + b'1,"two\nlines ""quoted"""\n' * 80_000
    assert len(table_of(data).rows) == 80_000


def test_an_open_quote_before_many_lines_is_one_finding_where_it_opens() -> None:
    _, findings = read_csv(b'a,b\n1,"2\n' + b'3,""4\n' * 300_000, "x.csv")
    assert places(findings) == [(2, 3, CSV)]


@pytest.mark.parametrize(
    "data",
    [b'a,b\n1,"2\n3,4\n', b"a,b\n1\n", b"a,b\n1,2,3\n", b"a,a\n1,2\n", b"a\n1\x00\n", b"a\r1\r", codecs.BOM_UTF8 + b"a\n1\n"],
)
def test_what_the_standard_reader_passes_over_is_found(data: bytes) -> None:
    assert list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
    assert read_csv(data, "x.csv")[1]


class TestOtherCsvReaders:
    """What is read without a finding is what the strict reader of the standard library reads."""

    @given(csv_rows(), st.sampled_from(("\n", "\r\n")), st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
    def test_what_the_standard_library_writes_is_read(self, rows: list[list[str]], end: str, quoting: Any) -> None:
        # Before Python 3.13 it leaves a carriage return without quotes, which then reads as part of a line end.
        assume(quoting == csv.QUOTE_ALL or not any("\r" in cell for row in rows for cell in row))
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator=end, quoting=quoting).writerows(rows)
        table = table_of(buffer.getvalue().encode("utf-8"))
        assert [table.header, *table.rows] == rows

    @given(st.one_of(csv_rows().map(csv_bytes), edited_files(csv_rows().map(csv_bytes), CSV_PIECES)))
    @example(b"a\n\n1\n")
    def test_the_two_agree(self, data: bytes) -> None:
        file, _ = read_csv(data, "x.csv")
        if file is not None:
            strict = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
            # An empty line is an empty cell to us, and nothing to it.
            assert [file.header, *file.rows] == [row or [""] for row in strict]


class TestCsvNormalForm:
    """Writing and reading give the same cells, and reading and writing the same bytes."""

    @given(csv_rows())
    @example([["a"], [""]])
    @example([["a", "b"], ["", "x\ry"]])
    def test_what_is_written_is_read_as_the_same_cells(self, rows: list[list[str]]) -> None:
        table = table_of(csv_bytes(rows))
        assert [table.header, *table.rows] == rows

    @given(csv_rows())
    def test_the_normal_form_of_what_was_read_stays_as_it_is(self, rows: list[list[str]]) -> None:
        data = csv_bytes(rows)
        table = table_of(data)
        assert csv_bytes([table.header, *table.rows]) == data

    @given(csv_rows(), st.data())
    def test_each_cell_stands_where_at_says(self, rows: list[list[str]], draw: st.DataObject) -> None:
        data = csv_bytes(rows)
        row = draw.draw(st.integers(0, len(rows) - 1))
        column = draw.draw(st.integers(0, len(rows[0]) - 1))
        finding = table_of(data).at(row - 1, column, "rule", "message")
        before = "\n".join([*data.decode("utf-8").split("\n")[: finding.line - 1], ""])
        offset = len(before) + finding.column - 1
        cells = csv.reader(io.StringIO(data.decode("utf-8")[offset:], newline=""), strict=True)
        assert (next(cells, []) or [""])[0] == rows[row][column]


def test_the_normal_form_of_csv_quotes_only_what_needs_it() -> None:
    rows = [["a", "b"], ["x y", " z"], ['"', "a,b"], ["a\nb", "a\rb"], ["", "é"]]
    assert csv_bytes(rows).decode() == 'a,b\nx y, z\n"""","a,b"\n"a\nb","a\rb"\n,é\n'


def test_reading_stops_after_a_thousand_faults_of_one_file() -> None:
    _, findings = read_json(b"[" + b"NaN," * 5000 + b"1]", "a.json")
    assert len(findings) == 1000
    _, findings = read_csv(b"a,b\n" + b"1\n" * 5000, "a.csv")
    assert len(findings) == 1000


# JSON Lines --------------------------------------------------------------------------------------------------------------


def test_json_lines_are_read_with_the_place_of_each_value() -> None:
    file, findings = read_json_lines(b'{"a": 1}\r\n{"b": [2],\t"c": "x"}', "x.jsonl")
    assert file is not None
    assert (file.records, findings) == ([{"a": 1}, {"b": [2], "c": "x"}], [])
    finding = file.at(1, "c", LINES, "here")
    assert (finding.line, finding.column, finding.excerpt) == (2, 17, '{"b": [2],\t"c": "x"}')


@pytest.mark.parametrize(
    ("data", "place", "rule"),
    [
        (b"", (1, 1), LINES),
        (b"\n", (1, 1), LINES),
        (b'{"a": 1}\n\n{"a": 2}\n', (2, 1), LINES),
        (b'{"a": 1}\n  \n', (2, 1), LINES),
        (b"[1]\n", (1, 1), LINES),
        (b'{"a": 1}\n"x"\n', (2, 1), LINES),
        (b'{"a": 1} {"a": 2}\n', (1, 10), "json-is-well-formed"),
        (b'{"a":\n1}\n', (1, 6), "json-is-well-formed"),
        (b'{"a": 1}\n{"a": 1, "a": 2}\n', (2, 10), "keys-are-unique"),
        (b'{"a": 1}\n{"a": NaN}\n', (2, 7), "numbers-are-in-range"),
        (b'{"a": 1}\n{"a": "\\ud800"}\n', (2, 8), "strings-are-unicode"),
        (b'{"a": 1}\n{"a": ' + b"[" * 70, (2, 70), "nesting-is-bounded"),
        (b'{"a": 1}\n\xff\n', (2, 1), "text-is-utf-8"),
        (b'{"a": "' + b"x" * 1_000_000 + b'"}\n', (1, 1), FILES_BOUNDED),
    ],
)
def test_a_line_that_is_no_object_is_found_where_it_stands(data: bytes, place: tuple[int, int], rule: str) -> None:
    file, findings = read_json_lines(data, "x.jsonl")
    assert file is None
    assert [(*place, rule)] == [(one.line, one.column, one.rule) for one in findings][:1]


def test_what_does_not_close_is_told_with_its_line_in_the_file() -> None:
    _, (finding,) = read_json_lines(b'{"a": 1}\n{"a": [1}\n', "x.jsonl")
    assert "opens at line 2, column 7" in finding.message


@given(st.lists(st.dictionaries(st.text(max_size=5), json_values(), max_size=3), min_size=1, max_size=5))
def test_json_lines_bring_back_what_was_written(records: list[dict[str, object]]) -> None:
    file, findings = read_json_lines("".join(json.dumps(one) + "\n" for one in records).encode(), "x.jsonl")
    if file is not None:
        assert file.records == records
    else:
        assert {one.rule for one in findings} <= {"numbers-are-in-range", "strings-are-unicode"}


@given(st.binary(max_size=200))
def test_any_bytes_as_json_lines_give_objects_or_findings(data: bytes) -> None:
    file, findings = read_json_lines(data, "x.jsonl")
    assert (file is None) == bool(findings)


def test_a_table_of_lines_has_the_columns_of_its_fields_and_the_text_of_each_value() -> None:
    file, _ = read_json_lines(b'{"n": 1.5, "b": true, "s": "x", "o": {"a": null}}\n{"s": null}\n', "x.jsonl")
    assert file is not None
    fields: list[dict[str, Any]] = [
        {"name": "s", "type": "string"},
        {"name": "n", "type": "number", "decimalChar": ","},
        {"name": "b", "type": "boolean", "trueValues": ["yes"]},
        {"name": "o", "type": "object"},
    ]
    table, findings = table_of_lines(file, fields, "NA")
    assert findings == []
    assert (table.header, table.rows) == (["s", "n", "b", "o"], [["x", "1,5", "yes", '{"a": null}'], ["NA", "NA", "NA", "NA"]])
    assert [table.at(row, 0, LINES, "").column for row in (-1, 0, 1)] == [1, 28, 7]


@pytest.mark.parametrize(
    ("line", "column"), [(b'{"s": 5}', 7), (b'{"s": [1]}', 7), (b'{"n": {}}', 7), (b'{"s": "", "x": 1}', 16)]
)
def test_a_value_that_is_no_cell_of_its_column_is_found(line: bytes, column: int) -> None:
    file, _ = read_json_lines(line, "x.jsonl")
    assert file is not None
    _, (finding,) = table_of_lines(file, [{"name": "s", "type": "string"}, {"name": "n", "type": "number"}])
    assert (finding.line, finding.column, finding.rule) == (1, column, "tables-conform-to-their-schemas")


# Bounds ------------------------------------------------------------------------------------------------------------------


def test_the_values_of_a_json_document_are_bounded_and_commas_in_strings_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "MAX_VALUES", 10)
    assert read_json(b'["' + b"," * 50 + b'", "\\"[[[[[[[[[[[["]', "x.json")[1] == []
    assert read_json(b"[" + b"0," * 8 + b"0]", "x.json")[1] == []
    for data in (b"[" + b"0," * 10 + b"0]", b"[" + b"[]," * 10 + b"[]]", b"[" * 12):
        assert [one.rule for one in read_json(data, "x.json")[1]] == [FILES_BOUNDED]


def test_the_cells_of_a_table_are_bounded_and_commas_in_quotes_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "MAX_CELLS", 10)
    assert read_csv(b'a,b\n"' + b",\n" * 50 + b'",2\n', "x.csv")[1] == []
    assert [one.rule for one in read_csv(b"a,b\n" + b"1,2\n" * 5, "x.csv")[1]] == [FILES_BOUNDED]
    assert [one.rule for one in read_json_lines(b'{"a":1,"b":2}\n' * 6, "x.jsonl")[1]] == [FILES_BOUNDED]


def test_a_record_of_a_table_is_bounded() -> None:
    row = b",".join([b"x" * 200_000] * 6)
    (finding,) = read_csv(b"a,b,c,d,e,f\n" + row + b"\n", "x.csv")[1]
    assert (finding.line, finding.rule) == (2, FILES_BOUNDED)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-(2.0**53) + 1, max_value=2.0**53 - 1))
def test_every_number_that_python_writes_survives(number: float) -> None:
    file, findings = read_json(json.dumps(number).encode(), "x.json")
    assert findings == []
    assert file is not None
    assert file.value == number


@given(st.from_regex(r"\A-?(0|[1-9][0-9]{0,15})\.[0-9]{1,14}(e-?[0-9]{1,3})?\Z"))
def test_a_number_is_read_as_what_stands_there_or_refused(lexeme: str) -> None:
    file, findings = read_json(lexeme.encode(), "x.json")
    if file is not None:
        assert Decimal(repr(file.value)) == Decimal(lexeme)
    else:
        assert {finding.rule for finding in findings} == {IN_RANGE}


@pytest.mark.parametrize("delimiter", ["\t", ";", "|", "^", "]", "-"])
def test_a_table_is_read_by_its_delimiter_alone(delimiter: str) -> None:
    data = f'a{delimiter}b\n"x{delimiter}y"{delimiter}1,5\n2,\n'.encode()
    file, (finding,) = read_csv(data, "x.csv", delimiter)
    assert file is None
    assert (finding.line, "1 cells" in finding.message) == (3, True)
    file, findings = read_csv(data.rpartition(b"2,")[0], "x.csv", delimiter)
    assert findings == []
    assert file is not None
    assert (file.header, file.rows) == (["a", "b"], [[f"x{delimiter}y", "1,5"]])
    assert (file.at(0, 1, "r", "m").line, file.at(0, 1, "r", "m").column) == (2, 7)


def test_of_a_large_document_places_are_given_and_not_all_kept() -> None:
    data = b"[" + b"[]," * 20_000 + b"5]"
    files = [file for file in (read_json(data, f"{number}.json")[0] for number in range(2)) if file is not None]
    for file in (*files, *files):
        assert file.at((20_000,), "r", "m").column == 60_002
        assert file._offsets is None
