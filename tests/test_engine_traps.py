"""What a quick reader passes over in silence, and what an engine changes when it is clever: none of it changes a verdict."""

# ruff: noqa: S608  # every name in a statement is a path that the test made

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from judges import breaches, on_disk, package

from venezuela_data.engine import Problem, check, proof
from venezuela_data.engine.codes import ENUM, PATTERN, PRIMARY, RANGE, REFERENCES, TYPE, UNIQUE
from venezuela_data.engine.patterns import PatternError, compile_pattern

duckdb = pytest.importorskip("duckdb", reason="skipped: the engine duckdb, as it is not installed")

KINDS = tuple("protest strike statement sanction negotiation movement claim other".split())
FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "E-[0-9]{6}"}},
    {"name": "kind", "type": "string", "constraints": {"enum": list(KINDS)}},
    {"name": "count", "type": "integer", "constraints": {"minimum": 0}},
    {"name": "note", "type": "string"},
]
HEADER = ("id", "kind", "count", "note")


def _rows(count: int, *, breaks: bool = False) -> list[list[str]]:
    return [
        [f"E-{n:06}", KINDS[n % 8], str(n % 100), f'line "{n}"\nand, another' if breaks and n % 7 == 0 else f"note {n}"]
        for n in range(count)
    ]


def _csv(rows: Iterable[Sequence[str]], **form: Any) -> bytes:
    written = io.StringIO()
    csv.writer(written, **{"lineterminator": "\n", **form}).writerows([HEADER, *rows])
    return written.getvalue().encode()


def _found(folder: Path, engine: str = "duckdb") -> list[tuple[int, int, str, str]]:
    return [(one.row, one.line, one.field, one.rule) for one in check(folder, engine=engine).problems]


def test_rows_keep_their_numbers_where_values_are_listed() -> None:
    # A list of five or more literals becomes a join, which gives rows in any order.
    rows = _rows(150_000)
    wrong = (1, 3, 77_777, 122_880, 122_881, 149_999)
    for n in wrong:
        rows[n][1] = f"no kind {n}"
    with on_disk(package(FIELDS, _csv(rows))) as folder:
        for _ in range(3):
            problems = check(folder, engine="duckdb").problems
            assert [(one.row, one.value) for one in problems] == [(n + 2, f"no kind {n}") for n in wrong]


def test_lines_are_right_behind_quoted_line_breaks() -> None:
    rows = _rows(20_000, breaks=True)
    for n in (0, 6, 7, 8, 19_999):
        rows[n][2] = "x"
    with on_disk(package(FIELDS, _csv(rows, quoting=csv.QUOTE_ALL))) as folder:
        found = _found(folder)
        assert found == _found(folder, "memory")
        assert [(row, line) for row, line, *_ in found] == [
            (n + 2, n + 2 + sum(1 for m in range(n) if m % 7 == 0)) for n in (0, 6, 7, 8, 19_999)
        ]


IRREGULAR = {
    "a blank line": (b"\nE-000005,", b"\n\nE-000005,"),
    "a blank before a quote": (b"\nE-000005,", b'\n "E-000005",'),
    "a blank after a quote": (b"\nE-000005,", b'\n"E-000005" ,'),
    "extra empty cells": (b"note 5\n", b"note 5,,,\n"),
    "a missing cell": (b",note 5\n", b"\n"),
    "another line end": (b"note 5\n", b"note 5\r\n"),
    "a byte of no character": (b"note 5\n", b"note \xff5\n"),
    "a quote that is never closed": (b"note 9999\n", b'"note 9999\n'),
    "a noncharacter": (b"note 5\n", "note \ufdd1\n".encode()),
    "text behind a quote": (b"note 5\n", b'"note" 5\n'),
    "two quoted pieces side by side": (b"note 5\n", b'"no" "te 5"\n'),
    "two quoted pieces side by side, one empty": (b"note 5\n", b'"" "note 5"\n'),
}


@pytest.mark.parametrize("name", IRREGULAR)
def test_an_irregular_file_is_read_exactly(name: str) -> None:
    old, new = IRREGULAR[name]
    rows = _rows(10_000)
    rows[9_998][2] = "-1"
    whole = _csv(rows)
    assert whole.count(old) == 1
    with on_disk(package(FIELDS, whole.replace(old, new))) as folder:
        verdict = check(folder, engine="duckdb")
        assert verdict.notes == ("rows.csv: read in the exact way, as it is not plain CSV throughout",)
        assert list(verdict.problems) == list(check(folder, engine="memory").problems)
        assert any(one.rule == RANGE for one in verdict.problems)


def test_a_regular_file_goes_the_quick_way() -> None:
    with on_disk(package(FIELDS, _csv(_rows(100, breaks=True), lineterminator="\r\n"))) as folder:
        verdict = check(folder, engine="duckdb")
        assert (verdict.ok, verdict.notes, verdict.rows) == (True, (), {"rows": 100})


@pytest.mark.parametrize("piece", [1, 2, 3, 5, 7, 64])
def test_it_is_told_across_the_pieces_of_a_file(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Pieces of few bytes stand for long files, of which some end within what is looked for.
    monkeypatch.setattr(proof, "_PIECE", piece)
    whole = _csv(_rows(6))
    for wrong, notes in ((b'"no"   "te 5"\n', 1), (b'"no ""te"" ""5"""\n', 0)):
        with on_disk(package(FIELDS, whole.replace(b"note 5\n", wrong))) as folder:
            assert len(check(folder, engine="duckdb").notes) == notes


def test_what_only_looks_like_two_pieces_goes_the_quick_way() -> None:
    rows = _rows(100)
    rows[7][3], rows[8][3], rows[9][3] = 'both "this" "and that"', " ", 'a," ",b'
    with on_disk(package(FIELDS, _csv(rows, quoting=csv.QUOTE_ALL))) as folder:
        assert check(folder, engine="duckdb").notes == ()


_TOKENS = ("a", "1", " ", '"a"', '1,"a"', ' "b"', '"', '""', ' "', '" ', ",", ",,", "\n", "\r\n", "\r", "\t", "\0", "é", "NA")
_LINES = st.one_of(
    st.sampled_from(["1,x", '"2","y ""z"" ""t"""', '3,"q\nr"', "4,"]),
    st.lists(st.sampled_from(_TOKENS), max_size=9).map("".join),
)


class TestNoFileIsReadInTwoWays:
    """Whatever stands in a small file, the engine reads out of it what the exact reader does."""

    @settings(max_examples=15, deadline=None)
    @given(st.data())
    def test_of_few_characters(self, data: st.DataObject) -> None:
        files = data.draw(st.lists(st.lists(_LINES, min_size=1, max_size=4).map("\n".join), min_size=40, max_size=60))
        fields = [{"name": name, "type": "string"} for name in "pq"]
        missing, dialect = [[""], ["NA"], []], [{}, {"header": False}]
        resources = [
            {
                "name": f"r{n}",
                "path": f"{n}.csv",
                "dialect": dialect[n % 2],
                "schema": {"fields": fields, "missingValues": missing[n % 3]},
            }
            for n in range(len(files))
        ]
        made = {f"{n}.csv": f"p,q\n{text}".encode() for n, text in enumerate(files)}
        made["datapackage.json"] = json.dumps({"name": "made", "resources": resources}).encode()
        with on_disk(made) as folder:
            quick, exact = check(folder, engine="duckdb"), check(folder, engine="memory")
            assert (quick.rows, set(quick.problems)) == (exact.rows, set(exact.problems))


def test_an_empty_key_does_not_hide_a_repeated_one() -> None:
    # Keys are told apart by their hashes first, and what is empty has a hash too.
    rows = _rows(1_000)
    rows[20][0], rows[40][0] = "", rows[30][0]
    with on_disk(package(FIELDS, _csv(rows), primaryKey="id")) as folder:
        found = _found(folder)
        assert found == _found(folder, "memory")
        assert (42, 42, "id", PRIMARY) in {(row, line, "id", rule) for row, line, _, rule in found}


CASTS = {
    "integer": ("1e3", "0x10", "0b1", "12.5", "12.0", "1.", " 12 ", "1_000", "9" * 30),
    "number": ("1d", "1f", "1_000", " 1", "infinity", "nan", "0x1p3"),
    "date": ("2021/01/02", "21-01-02", "infinity", "epoch", "2021-1-2", "2021-02-30", "10000-01-01", " 2021-01-02"),
    "datetime": ("2021-01-02", "12", "epoch", "2021-01-02T24:00:00Z", "2021-01-02 00:00:00"),
    "boolean": ("t", "yes", "on", "TrUe"),
}
"""What some engine's cast takes, by type; right by the lexical form is only what CASTS_TAKEN has."""
CASTS_TAKEN = {("integer", "9" * 30)}


@pytest.mark.parametrize("kind", CASTS)
def test_a_cast_alone_decides_nothing(kind: str) -> None:
    text = "\n".join(["cell", *(f'"{cell}"' for cell in CASTS[kind])]) + "\n"
    with on_disk(package([{"name": "cell", "type": kind}], text.encode())) as folder:
        wrong = [n + 2 for n, cell in enumerate(CASTS[kind]) if (kind, cell) not in CASTS_TAKEN]
        assert [(row, rule) for row, _, _, rule in _found(folder)] == [(row, TYPE) for row in wrong]


# Formats -----------------------------------------------------------------------------------------------------------------


def _faulty() -> list[list[str]]:
    rows = _rows(400)
    rows[3][1], rows[200][2], rows[399][0], rows[398][2] = "none", "-5", "E-000001", "many"
    return rows


KEYED = {"primaryKey": "id", "foreignKeys": [{"fields": ["id"], "reference": {"resource": "", "fields": ["id"]}}]}
EXPECTED = {(5, "kind", ENUM), (202, "count", RANGE), (400, "count", TYPE), (401, "", PRIMARY)}


def _json_lines(rows: Iterable[Sequence[str]]) -> bytes:
    return b"".join(json.dumps(dict(zip(HEADER, row, strict=True))).encode() + b"\n" for row in rows)


def _parquet(rows: Sequence[Sequence[str]], folder: Path) -> bytes:
    path = folder / "made.parquet"
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (id VARCHAR, kind VARCHAR, count VARCHAR, note VARCHAR)")
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?)", rows)
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


def _zstandard(data: bytes) -> bytes:
    pyarrow = pytest.importorskip("pyarrow", reason="skipped: Zstandard, as pyarrow is not installed")
    packed: bytes = pyarrow.compress(data, codec="zstd", asbytes=True)
    return packed


@pytest.mark.parametrize("engine", ["memory", "duckdb"])
@pytest.mark.parametrize("form", ["csv", "csv.gz", "csv.zst", "jsonl", "jsonl.gz", "parquet", "tsv"])
def test_a_table_has_one_verdict_in_every_format(form: str, engine: str, tmp_path: Path) -> None:
    rows = _faulty()
    data = {
        "csv": lambda: _csv(rows),
        "csv.gz": lambda: gzip.compress(_csv(rows)),
        "csv.zst": lambda: _zstandard(_csv(rows)),
        "jsonl": lambda: _json_lines(rows),
        "jsonl.gz": lambda: gzip.compress(_json_lines(rows)),
        "parquet": lambda: _parquet(rows, tmp_path),
        "tsv": lambda: _csv(rows, delimiter="\t"),
    }[form]()
    resource = {"path": f"rows.{form}", "dialect": {"delimiter": "\t" if form == "tsv" else ","}}
    # Files without a header begin to count at their first row.
    header = 0 if form.startswith(("jsonl", "parquet")) else 1
    with on_disk(package(FIELDS, data, resource=resource, **KEYED)) as folder:
        verdict = check(folder, engine=engine)
        found = {(one.row - header, "" if one.rule == PRIMARY else one.field, one.rule) for one in verdict.problems}
        assert found == {(row - 1, field, rule) for row, field, rule in EXPECTED}
        lines = {one.line for one in verdict.problems}
        assert lines == {0} if form == "parquet" else lines == {one.row for one in verdict.problems}


@pytest.mark.parametrize("engine", ["memory", "duckdb"])
def test_keys_go_through_all_files_of_a_resource(engine: str) -> None:
    first, second = _rows(50), _rows(60)[50:]
    second[4][0] = "E-000007"
    with on_disk(package(FIELDS, _csv(first), _csv(second), **KEYED)) as folder:
        (problem,) = check(folder, engine=engine).problems
        assert (problem.file, problem.row, problem.rule) == ("rows1.csv", 6, PRIMARY)


def test_a_name_with_a_star_is_one_file() -> None:
    made = package(FIELDS, _csv(_rows(5)), resource={"path": "a*[1].csv"})
    with on_disk({**made, "ab1.csv": _csv([["x"]])}) as folder:
        assert check(folder, engine="duckdb").rows == {"rows": 5}


def test_types_of_parquet_are_judged_as_what_they_say(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT 7 AS whole, 1.5::DOUBLE AS share, DATE '2021-01-02' AS day, true AS sure, "
            "TIMESTAMP '2021-01-02 03:04:05' AS moment, 'x' AS text, NULL::INTEGER AS none, 9 AS wrong"
        )
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    kinds = {"whole": "integer", "share": "number", "day": "date", "sure": "boolean", "moment": "datetime"}
    kinds |= {"text": "string", "none": "integer", "wrong": "string"}
    fields = [{"name": name, "type": kind} for name, kind in kinds.items()]
    with on_disk(package(fields, path.read_bytes(), resource={"path": "rows.parquet"})) as folder:
        for engine in ("memory", "duckdb"):
            assert [(one.field, one.rule) for one in check(folder, engine=engine).problems] == [("wrong", TYPE)]


# Findings ----------------------------------------------------------------------------------------------------------------


def _of_file(path: Path) -> list[Problem]:
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            return [Problem(*row) for row in connection.execute(f"SELECT * FROM '{path}'").fetchall()]
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [Problem(one[0], one[1], int(one[2]), int(one[3]), *one[4:]) for one in rows]


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("engine", ["memory", "duckdb"])
def test_all_findings_are_written_and_the_first_are_held(engine: str, form: str, tmp_path: Path) -> None:
    rows = [[row[0], row[1], "x" * 200, row[3]] for row in _rows(3_000)]
    out = tmp_path / f"findings.{form}"
    out.write_text("what stood here before")
    with on_disk(package(FIELDS, _csv(rows))) as folder:
        verdict = check(folder, engine=engine, findings_out=out, limit=10)
    assert verdict.counts == {TYPE: 3_000}
    written = _of_file(out)
    assert len(written) == 3_000
    assert tuple(written[:10]) == verdict.problems
    assert {len(one.value) for one in written} == {80}
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_the_engine_reaches_no_other_file(tmp_path: Path) -> None:
    from venezuela_data.engine.duck import connect

    allowed, other = tmp_path / "a.csv", tmp_path / "b.csv"
    for path in (allowed, other):
        path.write_text("x\n1\n")
    connection = connect(tmp_path / "scratch", [allowed], [], None)
    assert connection.execute(f"SELECT * FROM '{allowed}'").fetchall() == [(1,)]
    for text in (f"SELECT * FROM '{other}'", f"COPY (SELECT 1) TO '{tmp_path / 'c.csv'}'", "INSTALL httpfs", "SET threads = 1"):
        with pytest.raises(duckdb.Error):
            connection.execute(text)


# Patterns ----------------------------------------------------------------------------------------------------------------

PIECES = ("a", "b", "[a-c]", "[^a]", "\\d", "\\w", ".", "(?:ab)", "(a|b)", "\\.", "\\s", "[\\w-]", "x{2}", "é", "^", "$")
REPEATS = ("", "", "", "*", "+", "?", "{2}", "{1,3}")
TEXTS = st.text(st.sampled_from("aabbcx.19_ -é\u0663ſ\n\r\u2028\U0001d11e"), max_size=8)


class TestPatternsMeanTheSameEverywhere:
    """A pattern matches the same texts in Python and in DuckDB, whichever way each engine reads its classes."""

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(REPEATS)), min_size=1, max_size=4),
        st.lists(TEXTS.filter(bool), min_size=1, max_size=12),
    )
    @example([("\\d", "+")], ["\u0663", "1", "1\n"])
    @example([("a", ""), ("$", "")], ["a", "a\n"])
    def test_in_memory_and_in_sql(self, pieces: list[tuple[str, str]], texts: list[str]) -> None:
        pattern = "".join(piece + repeat for piece, repeat in pieces)
        try:
            compile_pattern(pattern)
        except PatternError:
            return
        written = io.StringIO()
        csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["cell"], *([one] for one in texts)])
        fields = [{"name": "cell", "type": "string", "constraints": {"pattern": pattern}}]
        with on_disk(package(fields, written.getvalue().encode())) as folder:
            found = breaches(folder, "memory")
            assert breaches(folder, "duckdb") == found
            assert {one.rule for one in found} <= {PATTERN}

    @pytest.mark.parametrize("pattern", ["(?=a)b", "(a)\\1", "(?<=a)b", "[a", "(a", "(?:a{1000}){1000}"])
    def test_what_has_no_bound_is_refused(self, pattern: str) -> None:
        with pytest.raises(PatternError):
            compile_pattern(pattern)

    @pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(a*)*b", "a*a*a*b", "(?:a|a){30}b"])
    def test_what_could_run_away_ends(self, pattern: str) -> None:
        assert not compile_pattern(pattern).steady
        assert not compile_pattern(pattern).matches("a" * 900 + "c")


def test_a_missing_key_is_told_from_a_repeated_one() -> None:
    fields: list[dict[str, Any]] = [
        {"name": "a", "type": "string", "constraints": {"unique": True}},
        {"name": "b", "type": "integer"},
    ]
    keys = [{"fields": ["b"], "reference": {"resource": "", "fields": ["a"]}}]
    with on_disk(package(fields, b"a,b\n1,1\n1,01\n,2\n,\n", foreignKeys=keys)) as folder:
        expected = {(3, UNIQUE), (2, REFERENCES), (3, REFERENCES), (4, REFERENCES)}
        for engine in ("memory", "duckdb"):
            assert {(one.row, one.rule) for one in breaches(folder, engine)} >= expected - {(2, REFERENCES)}
        assert breaches(folder, "memory") == breaches(folder, "duckdb")
