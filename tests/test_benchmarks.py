"""Holds the benchmark's invented trees to what they are said to be: sound, as large as asked for, the same every time.

Holds the ways by which a run is made faster against the slow ones, too: they may change no byte and no finding. Nothing here
measures time.
"""

from __future__ import annotations

import json
import shutil
from importlib.util import module_from_spec, spec_from_file_location
from itertools import count
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from venezuela_data.build import _as_written
from venezuela_data.records import KINDS, Records, schema_of
from venezuela_data.rules.evidence import _holds, _reach
from venezuela_data.rules.kinds import _schemes
from venezuela_data.store import read_seeds
from venezuela_data.syntax import _Scanner, json_bytes, read_json
from venezuela_data.tables import TABLES, Table, rows_of
from venezuela_data.validation import _first_difference, validate

ROOT = Path(__file__).parent.parent
VOCABULARIES = ROOT / "seeds" / "vocabularies"
TERMS = len(list(VOCABULARIES.glob("*.json")))
SEEDS = ("package", "freshness")

TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(-1e9, 1e9),
    TEXTS,
)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Put values into lists and objects."""
    return st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4))


@pytest.fixture(scope="module")
def synthetic() -> ModuleType:
    spec = spec_from_file_location("synthetic", ROOT / "benchmarks" / "synthetic.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tree(synthetic: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("invented")
    synthetic.write(folder, 400, VOCABULARIES)
    return folder


def test_an_invented_tree_has_no_findings(tree: Path) -> None:
    report = validate(tree, skip=SEEDS)
    assert report.findings == ()


@pytest.mark.parametrize("size", [31, 160, 161, 190, 320, 400])
def test_an_invented_tree_has_as_many_records_as_were_asked_for(synthetic: ModuleType, tmp_path: Path, size: int) -> None:
    synthetic.write(tmp_path, size, VOCABULARIES)
    report = validate(tmp_path, skip=SEEDS)
    assert (report.findings, report.checked["record"]) == ((), size + TERMS)


def test_fewer_records_than_one_document_needs_are_refused(synthetic: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="30 records are too few"):
        synthetic.write(tmp_path, 30, VOCABULARIES)


def test_the_same_number_gives_the_same_bytes(synthetic: ModuleType, tree: Path, tmp_path: Path) -> None:
    synthetic.write(tmp_path, 400, VOCABULARIES)
    made = [{path.relative_to(root): path.read_bytes() for path in root.rglob("*.json")} for root in (tree, tmp_path)]
    assert made[0] == made[1]


def test_an_invented_tree_has_every_kind_of_record_that_grows_with_documents(tree: Path) -> None:
    records = read_seeds(tree).records
    grown = {kind for kind, found in records.items() if found} - {"vocabularies"}
    assert grown == {"sources", "actors", "places", "events", "statements", "claims", "errata", "assessments"}


# What makes a run faster -------------------------------------------------------------------------------------------------


BROKEN = sorted(path for path in (ROOT / "tests" / "broken").iterdir() if (path / "seeds").is_dir())


@pytest.mark.parametrize("tree", BROKEN, ids=lambda path: path.name)
def test_validating_one_file_finds_what_validating_all_finds_in_it(tree: Path) -> None:
    files = [path for path in sorted((tree / "seeds").rglob("*.json")) if path.is_file() and not path.is_symlink()]
    whole = validate(tree, skip=SEEDS)
    for path in files:
        inside = path.relative_to(tree).as_posix()
        one = validate(path)
        assert one.findings == tuple(finding for finding in whole.findings if finding.path == inside)
        # The history is no part of one file, and the rule that it is whole is not counted there.
        held = whole.checked["rule"] - (tree.name == "history-is-whole") if "rule" in whole.checked else None
        assert one.checked == ({**whole.checked, "rule": held} if held is not None else whole.checked)


def test_a_reference_to_what_another_file_no_longer_has_is_found_in_the_one_file(tree: Path, tmp_path: Path) -> None:
    """Only the file that is asked for is judged, and what it refers to is still looked for among all others."""
    shutil.copytree(tree, tmp_path / "tree")
    (tmp_path / "tree" / "seeds" / "places" / "invented-place-00000-0.json").unlink()
    event = tmp_path / "tree" / "seeds" / "events" / "invented-event-00000-0.json"
    assert [finding.rule for finding in validate(event).findings] == ["references-resolve"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_schema_without_what_is_derived_is_the_one_that_pydantic_makes(kind: Any) -> None:
    assert json.dumps(_as_written(schema_of(kind.model))) == json.dumps(kind.model.model_json_schema(mode="validation"))


def test_the_marks_of_fields_name_the_vocabularies_of_the_columns() -> None:
    assert _schemes() == {column.scheme for table in TABLES for column in table.columns if column.scheme}


@pytest.fixture(scope="module")
def both(tree: Path) -> list[Records]:
    return [read_seeds(root).records for root in (ROOT, tree)]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_rows_are_counted_as_they_are_made(table: Table, both: list[Records]) -> None:
    for records in both:
        assert table.count(records) == len(list(table.rows(records))) == len(rows_of(table, records))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6), st.integers(0, 31), st.integers(0, 31))
def test_a_span_lies_in_a_paragraph_as_looking_at_each_says(ranges: list[tuple[int, int]], start: int, end: int) -> None:
    paragraphs = [SimpleNamespace(start=one, end=other) for one, other in ranges]
    slowly = any(one.start <= start < end <= one.end for one in paragraphs)
    assert _holds(_reach(SimpleNamespace(paragraphs=paragraphs)), start, end) == slowly  # type: ignore[arg-type]


_PIECES = st.sampled_from(
    [
        *'{}[],:" \n\\',
        '"a"',
        '"b":',
        '"\\ud83d\\ude00"',
        '"\\ud800"',
        "\\u00e9",
        "0",
        "-0",
        "01",
        "1.50",
        "1e5",
        "1e999",
        "-",
        "NaN",
        "Infinity",
        "true",
        "null",
        "9007199254740991",
        "9007199254740992",
        "0." + "1" * 40,
        "\t",
        "\x01",
        "é",
        "[" * 63,
        "]" * 63,
    ]
)


@given(st.one_of(st.lists(_PIECES, max_size=14).map("".join), st.recursive(SCALARS, nested).map(json.dumps)))
@example("[" * 64 + "]" * 64)
@example("[" * 65 + "]" * 65)
@example("[" * 5000 + "]" * 5000)
@example('{"a": 1, "a": 1}')
def test_json_is_read_as_the_reader_that_knows_places_reads_it(text: str) -> None:
    """Files without a fault may be read by a faster reader; it accepts nothing that the other one refuses."""
    scanner = _Scanner(text, None)
    value = scanner.scan()
    file, findings = read_json(text.encode("utf-8"), "x.json")
    assert (file is None) == bool(findings) == bool(scanner.faults)
    assert file is None or repr(file.value) == repr(value)


@given(st.recursive(SCALARS, nested))
def test_json_is_written_as_the_standard_writer_writes_it(value: Any) -> None:
    slowly = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
    assert json_bytes(value) == slowly.encode("utf-8")


@given(TEXTS, TEXTS, TEXTS)
def test_the_first_difference_is_where_bytes_differ_first(same: str, one: str, other: str) -> None:
    found, expected = (same + one).encode(), (same + other).encode()
    at = next((i for i, (a, b) in enumerate(zip(found, expected, strict=False)) if a != b), min(len(found), len(expected)))
    text = found[:at].decode("utf-8", "ignore")
    line, column, _ = _first_difference(found, expected)
    assert line == text.count("\n") + 1
    assert column == len(text) - (text.rfind("\n") + 1) + 1


def test_only_so_many_unknown_ids_are_compared_with_all_known_ones(synthetic: ModuleType, tmp_path: Path) -> None:
    """Every unknown id is found; past the first hundred, the nearest known one is no longer looked for."""
    synthetic.write(tmp_path, 480, VOCABULARIES)
    wrong = count()
    for path in (tmp_path / "seeds" / "sources").glob("*/claims.json"):
        value = json.loads(path.read_text("utf-8"))
        for claim in value["claims"]:
            claim["about"][0]["record_id"] = f"invented-evnet-{next(wrong):04d}"
        path.write_text(json.dumps(value), "utf-8")
    found = [finding for finding in validate(tmp_path, skip=SEEDS).findings if finding.rule == "references-resolve"]
    suggested = [finding for finding in found if finding.advice.startswith("did you mean invented-event")]
    assert len(found) > 200
    assert len(suggested) == 100
    assert {finding.advice for finding in found if finding not in suggested} == {"add it, or correct the id"}
