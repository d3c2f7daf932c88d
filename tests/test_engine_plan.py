"""A plan says everything that a package asks for, or names what it cannot say before any row is read."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from judges import on_disk, package

from venezuela_data.engine import ENGINES, MAX_SMALL, PlanError, check, compile_plan, is_large, read_plan
from venezuela_data.engine.codes import CONSTRAINTS, DENSE, FRICTIONLESS, NORMAL, ORDERED, RULES
from venezuela_data.engine.plan import APPLICABLE
from venezuela_data.engine.reporting import _SAID, report_of
from venezuela_data.engine.sql import CODES
from venezuela_data.validation import CODES as CODES_OF_LAYERS


def _table(*fields: dict[str, Any], schema: dict[str, Any] | None = None, **resource: Any) -> dict[str, Any]:
    told = {"fields": list(fields) or [{"name": "a", "type": "string"}], **(schema or {})}
    return {"resources": [{"name": "rows", "path": "rows.csv", "schema": told, **resource}]}


def _field(kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": "a", "type": kind, **more}


REFUSED: dict[str, tuple[Any, str]] = {
    "no resources": ({"name": "x"}, "/resources"),
    "a resource without a name": ({"resources": [{"path": "a.csv"}]}, "/resources/0"),
    "two resources of a name": ({"resources": _table()["resources"] * 2}, "/resources/1/name"),
    "data in the descriptor": (_table(data=[]), "/resources/0/data"),
    "a path out of the folder": (_table(path="../a.csv"), "/resources/0/path"),
    "an address": (_table(path="https://example.org/a.csv"), "/resources/0/path"),
    "a format that is no table": (_table(path="a.xlsx"), "/resources/0/format"),
    "several formats": (_table(path=["a.csv", "a.parquet"]), "/resources/0/path"),
    "a packing": (_table(compression="bz2"), "/resources/0/compression"),
    "an encoding": (_table(encoding="rot13"), "/resources/0/encoding"),
    "fieldsMatch": (_table(schema={"fieldsMatch": "some"}), "/resources/0/schema/fieldsMatch"),
    "two delimiters": (_table(dialect={"delimiter": "||"}), "/resources/0/dialect/delimiter"),
    "a delimiter that quotes": (_table(dialect={"delimiter": '"'}), "/resources/0/dialect/delimiter"),
    "a type": (_table(_field("money")), "/resources/0/schema/fields/0/type"),
    "a format": (_table(_field("date", format="any")), "/resources/0/schema/fields/0"),
    "a pattern without a bound": (
        _table(_field(constraints={"pattern": "(?=a)"})),
        "/resources/0/schema/fields/0/constraints/pattern",
    ),
    "a constraint that is unknown": (
        _table(_field(constraints={"maxmum": 3})),
        "/resources/0/schema/fields/0/constraints/maxmum",
    ),
    "a constraint of another type": (
        _table(_field("boolean", constraints={"minimum": 3})),
        "/resources/0/schema/fields/0/constraints/minimum",
    ),
    "a bound that is no value": (
        _table(_field("date", constraints={"minimum": "yesterday"})),
        "/resources/0/schema/fields/0/constraints/minimum",
    ),
    "a key without its field": (_table(schema={"primaryKey": "b"}), "/resources/0/schema/primaryKey"),
    "a unique key without its field": (_table(schema={"uniqueKeys": [["b"]]}), "/resources/0/schema/uniqueKeys/0"),
    "a reference to no table": (
        _table(schema={"foreignKeys": [{"fields": "a", "reference": {"resource": "b", "fields": "a"}}]}),
        "/resources/0/schema/foreignKeys/0/reference/resource",
    ),
    "two fields of a name": (_table(_field(), _field()), "/resources/0/schema/fields/1"),
    "positions that are no integers": (
        _table(schema={"vd:checks": {"dense": [{"within": [], "position": "a"}]}}),
        "/resources/0/schema/vd:checks/dense/0",
    ),
    "true that is false": (
        _table(_field("boolean", trueValues=["x"], falseValues=["x"])),
        "/resources/0/schema/fields/0/falseValues",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_expressed_is_named_before_any_row_is_read(name: str, run: Run) -> None:
    descriptor, pointer = REFUSED[name]
    with pytest.raises(PlanError) as caught:
        compile_plan(descriptor)
    assert "/" + "/".join(map(str, caught.value.pointer)) == pointer
    # There is no table at all: who read one would say so.
    with on_disk({"datapackage.json": json.dumps(descriptor).encode()}) as folder:
        for engine in ("memory", "duckdb"):
            code, out, error = run("validate", folder / "datapackage.json", "--engine", engine)
            assert (code, out) == (2, "")
            assert error.startswith(f"error: datapackage.json: {pointer}: ")
            assert error.count("\n") == 1


def test_a_table_without_a_schema_is_planned_by_its_header() -> None:
    plan = compile_plan({"resources": [{"name": "rows", "path": "rows.csv"}]})
    assert (plan.tables[0].fields, plan.tables[0].schema) == ((), False)


def test_our_own_package_is_planned_whole(root: Path) -> None:
    plan, folder = read_plan(root / "datasets")
    described = json.loads((root / "datasets" / "datapackage.json").read_text("utf-8"))
    tables = [one for one in described["resources"] if one["path"].endswith(".csv")]
    assert {one.name for one in plan.tables} == {one["name"] for one in tables}
    assert sum(len(one.references) for one in plan.tables) == sum(len(one["schema"].get("foreignKeys", ())) for one in tables)
    verdict = check(folder)
    assert (verdict.ok, verdict.engine) == (True, "memory")


def test_every_rule_can_be_found_and_is_told() -> None:
    assert {*RULES} == {*CODES} == {*_SAID}
    assert {one for several in FRICTIONLESS.values() for one in several} | {*CONSTRAINTS.values()} <= {*RULES}
    assert {one for several in APPLICABLE.values() for one in several} == {*CONSTRAINTS, "unique"}


CHECKED = {
    "normalForm": True,
    "ordered": [["first", "last"]],
    "dense": [{"within": ["group"], "position": "n"}],
}
OWN_FIELDS = [
    {"name": "group", "type": "string"},
    {"name": "n", "type": "integer"},
    {"name": "first", "type": "string"},
    {"name": "last", "type": "string"},
]
OWN = b"""group,n,first,last
a,0,2020,2021-05
a,1,2021-06,2021-05
b,0,,2021
a,3,2020-01/2020-02,2019
b,01,2021~,2020
"""


@pytest.mark.parametrize("engine", ["memory", "duckdb"])
def test_rules_of_ours_that_a_package_asks_for(engine: str) -> None:
    if engine == "duckdb":
        pytest.importorskip("duckdb", reason="skipped: the engine duckdb, as it is not installed")
    with on_disk(package(OWN_FIELDS, OWN, **{"vd:checks": CHECKED})) as folder:
        found = [(one.row, one.field, one.rule) for one in check(folder, engine=engine).problems]
    assert found == [(3, "last", ORDERED), (5, "n", DENSE), (5, "last", ORDERED), (6, "n", NORMAL)]


def test_an_engine_that_there_is_none_of() -> None:
    with on_disk(package(OWN_FIELDS, OWN)) as folder, pytest.raises(ValueError, match="no engine 'polars'"):
        check(folder, engine="polars")
    assert ENGINES == ("auto", "memory", "duckdb", "spark")


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_every_rule_of_the_engines_is_explained(run: Run, form: str) -> None:
    for code, holds in RULES.items():
        ended, out, _ = run("explain", code, "--format", form)
        assert ended == 0
        if code in CODES_OF_LAYERS:
            continue  # The rule of that name for records says the same at more length.
        assert " ".join(holds.split()) in (json.loads(out)["holds"] if form == "json" else " ".join(out.split()))
    assert run("explain", "cells-have-their-typ")[2].startswith(
        "error: no rule 'cells-have-their-typ'; did you mean cells-have-their-type or "
    )


# The command ---------------------------------------------------------------------------------------------------------------


def _events(rows: int) -> dict[str, bytes]:
    fields: list[dict[str, Any]] = [
        {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "E-[0-9]{6}"}},
        {"name": "date", "type": "date"},
        {"name": "title", "type": "string"},
        {"name": "after", "type": "string"},
    ]
    lines = ["id,date,title,after"]
    for n in range(rows):
        title = f'"Event {n},\nin two lines"' if n % 10 == 0 else f"Event {n}"
        lines.append(f"E-{n:06},2025-11-{n % 28 + 1:02},{title},{f'E-{n - 1:06}' if n else ''}")
    text = "\n".join([*lines, ""])
    return package(
        fields,
        text.encode(),
        primaryKey="id",
        foreignKeys=[{"fields": "after", "reference": {"resource": "", "fields": "id"}}],
    )


def _line_of(package_: dict[str, bytes], start: bytes) -> int:
    return package_["rows.csv"].partition(start)[0].count(b"\n") + 2


def test_one_cell_one_key_and_one_reference_among_many_are_named_at_their_lines(run: Run) -> None:
    pytest.importorskip("duckdb", reason="skipped: the engine duckdb, as it is not installed")
    made = _events(40_000)
    broken = [(b"\nE-034567,2025-11-16", b"\nE-034567,2025-11-31"), (b"\nE-030001,", b"\nE-000007,")]
    broken += [(b"\nE-020002,2025-11-11,Event 20002,E-020001", b"\nE-020002,2025-11-11,Event 20002,E-999999")]
    for old, new in broken:
        assert made["rows.csv"].count(old) == 1
        made["rows.csv"] = made["rows.csv"].replace(old, new)
    with on_disk(made) as folder:
        code, out, error = run("validate", folder / "datapackage.json")
        as_json = run("validate", folder / "datapackage.json", "--format", "json")[1]
    lines = [_line_of(made, start) for start in (b"\nE-020002", b"\nE-030002", b"\nE-000007,2025-11-14", b"\nE-034567")]
    expected = {
        (lines[0], "references-resolve"),
        (lines[1], "references-resolve"),  # what referred to the key that is now another
        (lines[2], "primary-keys-are-unique"),
        (lines[3], "cells-have-their-type"),
    }
    assert code == 1
    found = {(int(one.split(":")[1]), one.split(": ")[1]) for one in out.splitlines() if one.startswith("rows.csv:")}
    assert found == expected
    assert "checked by the engine duckdb: about 4" in out
    assert error == ""
    assert {(one["line"], one["rule"]) for one in json.loads(as_json)["findings"]} == expected


def test_a_package_goes_to_an_engine_by_its_size(run: Run) -> None:
    with on_disk(_events(200)) as small, on_disk(_events(MAX_SMALL * 2)) as large:
        assert not is_large(small / "datapackage.json")
        assert is_large(large / "datapackage.json")
        code, out, _ = run("validate", small / "datapackage.json", "--engine", "auto")
    assert (code, "checked by the engine memory: about 2" in out) == (0, True)


def test_what_is_counted_and_not_listed_is_told(run: Run, tmp_path: Path) -> None:
    made = package([{"name": "a", "type": "integer"}], b"a\n" + b"x\n" * 1_500)
    out_path = tmp_path / "findings.csv"
    with on_disk(made) as folder:
        code, out, _ = run("validate", folder, "--engine", "memory", "--findings-out", out_path)
    assert code == 1
    assert sum(line.startswith("rows.csv:") for line in out.splitlines()) == 1_000
    assert "1,500 findings, of which the first 1,000 are listed: cells-have-their-type: 1,500" in out
    assert out_path.read_text("utf-8").count("\n") == 1_501


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--memory", "much"), "'much' is no size: write 400MB or 2GB"),
        (("--engine", "polars"), "'polars' is not one of"),
        (("--engine", "duckdb", "--select", "terms-are-defined"), "without --select"),
        (("--remote", "http://localhost"), "no address of a Spark Connect server"),
        (("--remote", "sc://127.0.0.1:9"), "no Spark Connect server answers"),
    ],
)
def test_a_wrong_option_is_said(run: Run, arguments: tuple[str, ...], said: str) -> None:
    if "--remote" in arguments:
        pytest.importorskip("pyspark", reason="skipped: the engine spark, as pyspark is not installed")
        pytest.importorskip("grpc", reason="skipped: Spark Connect, as grpcio is not installed")
    with on_disk(_events(5)) as folder:
        code, out, error = run("validate", folder / "datapackage.json", *arguments)
    assert (code, out) == (2, "")
    assert said in error


def test_a_small_table_loads_nothing_heavy() -> None:
    code = (
        "import sys; from venezuela_data import engine; verdict = engine.check(sys.argv[1]); "
        "print(verdict.engine, verdict.ok, *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    with on_disk(_events(200)) as folder:
        told = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, check=True, text=True).stdout.split()
    assert told[:2] == ["memory", "True"]
    assert not {"duckdb", "pydantic", "pydantic_core", "click", "rich", "frictionless", "pyarrow", "pandas"} & {*told}


@pytest.mark.parametrize("library", ["duckdb", "pyspark"])
def test_an_engine_that_is_not_installed_names_its_extra(library: str) -> None:
    engine, extra = {"duckdb": ("duckdb", "scale"), "pyspark": ("spark", "spark")}[library]
    if library == "pyspark":
        pytest.importorskip("duckdb", reason="skipped: the engine duckdb, as it is not installed")
    code = (
        f"import sys; sys.modules['{library}'] = None; from venezuela_data.__main__ import main; "
        f"sys.argv = ['venezuela-data', 'validate', sys.argv[1], '--engine', '{engine}']; main()"
    )
    with on_disk(_events(5)) as folder:
        done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, check=False, text=True)
    assert done.returncode == 2
    assert done.stderr == (
        f"error: the engine {engine} needs {library}, which is not installed: pip install 'venezuela-data[{extra}]'\n"
    )


# What is written about it --------------------------------------------------------------------------------------------------


def test_the_page_says_where_every_rule_is_decided(root: Path) -> None:
    page = (root / "docs" / "engines.md").read_text("utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE) == [*RULES]


def test_the_example_of_the_page_runs_as_written(root: Path, tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (root / "docs" / "engines.md").read_text("utf-8"), re.DOTALL)
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True, text=True)
    assert done.stdout == "rows.csv 3 3 n 1e3 cells-have-their-type\n"


def test_the_benchmark_writes_its_own_tables(root: Path, tmp_path: Path) -> None:
    pytest.importorskip("duckdb", reason="skipped: the engine duckdb, as it is not installed")
    for name in ("engine.py", "engine_peers.py", "ENGINE.md"):
        shutil.copy(root / "benchmarks" / name, tmp_path)
    before = (tmp_path / "ENGINE.md").read_text("utf-8")
    command: list[str | Path] = [
        sys.executable,
        tmp_path / "engine.py",
        "--rows",
        "2000",
        "--rounds",
        "1",
        "--no-peers",
        "--write",
    ]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    after = (tmp_path / "ENGINE.md").read_text("utf-8")
    for part in (0, 2):
        assert (
            re.split("<!-- measured: (?:begin|end) -->", after)[part]
            == re.split("<!-- measured: (?:begin|end) -->", before)[part]
        )
    assert after.count("### 2,000 events in ") == 4
    assert "| raw DuckDB scan, which judges nothing | " in after


@pytest.mark.parametrize(
    ("match", "header", "said"),
    [
        ("exact", "x,q,z", ["'q' stands where 'y' must"]),
        ("exact", "x,y", ["the header does not name 'z'"]),
        ("equal", "x,y,z,q", ["'q' is no field, or named twice"]),
        ("equal", "x,y,z,", ["a column has no label"]),
        ("partial", "q,r", ["no label is a field: they begin with 'q'"]),
        ("exact", None, ["there is no header"]),
    ],
)
@pytest.mark.parametrize("engine", ["memory", "duckdb"])
def test_what_is_wrong_with_a_header_is_said(engine: str, match: str, header: str | None, said: list[str]) -> None:
    if engine == "duckdb":
        pytest.importorskip("duckdb", reason="skipped: the engine duckdb, as it is not installed")
    data = b"" if header is None else f"{header}\n".encode()
    with on_disk(package([{"name": name} for name in "xyz"], data, fieldsMatch=match)) as folder:
        findings = report_of(check(folder, engine=engine), folder).findings
        assert [one.message for one in findings] == said
