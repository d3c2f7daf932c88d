"""Any bytes at all are records or findings, nothing else: what `fuzz/` hands to atheris for hours is tried here for seconds.

`fuzz/targets.py` holds one function for each reader; here Hypothesis feeds them, with the inputs that once broke one. The
command line gets any words besides. Nothing here fetches, or writes outside a temporary folder.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import Run
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from venezuela_data import validate
from venezuela_data.syntax import json_bytes
from venezuela_data.text import fingerprint, paragraphs, span_hash

FUZZ = Path(__file__).parent.parent / "fuzz"
TARGETS = ("json_reader", "csv_reader", "edtf", "anchor", "descriptor", "archive", "seed_file")


@cache
def module() -> ModuleType:
    """Load the targets by their place: the folder is no package, and holds drivers that need atheris."""
    spec = importlib.util.spec_from_file_location("fuzz_targets", FUZZ / "targets.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def target(name: str) -> Callable[[bytes], None]:
    found: Callable[[bytes], None] = getattr(module(), name)
    return found


JSON_PIECES = [*'{}[],:"\\0- \n', "\\u", "\\ud800", "1e9", "0.5", "NaN", "true", "null"]
CSV_PIECES = ["a", ",", '"', '""', "\n", "\r", "\r\n", " ", "\x00", "é", "=1+1"]
DATE_PIECES = ["2025", "-", "11", "02", "30", "/", "..", "[", "]", ",", "?", "~", "%", "|", "0000", "9999", "٢"]
TEXT_PIECES = ["a", "b ", "|", "\n", "\r\n", "\r", "\u200d", "e\u0301", "🇻🇪", "👍🏽", "각", "\u2028", "\x85", "\u3000", "\t"]


def joined(pieces: list[str]) -> st.SearchStrategy[bytes]:
    return st.lists(st.sampled_from(pieces) | st.text(max_size=2), max_size=30).map(lambda parts: "".join(parts).encode())


class TestTargets:
    """Arbitrary bytes give records or findings, and every finding lies in its file."""

    @given(st.binary(max_size=200) | joined(JSON_PIECES))
    @example(b'{"a": 1, "\\u0061": 2}')
    @example(b"[" * 70)
    @example(b'"\xed\xa0\x80"')
    def test_json(self, data: bytes) -> None:
        target("json_reader")(data)

    @given(st.binary(max_size=200) | joined(CSV_PIECES))
    @example(b'a,"b\nc"\n1,"2')
    @example(b"\n\n")
    def test_csv(self, data: bytes) -> None:
        target("csv_reader")(data)

    @given(st.binary(max_size=60) | joined(DATE_PIECES))
    @example(b"2025/2024|2025-12-02/2025-12-01")
    @example(b"2025-02-30|2025-11-31|0000")
    @example(b"[..0001]|9999-12-31/..|[2025,2024]|[2024,2025]")
    def test_dates(self, data: bytes) -> None:
        target("edtf")(data)

    @given(st.binary(max_size=200) | joined(TEXT_PIECES))
    @example(b"\n|a\n\n\nb")
    @example("|\u2028\x85 \x1c".encode())
    def test_words_in_a_text(self, data: bytes) -> None:
        target("anchor")(data)

    @given(st.binary(max_size=200) | st.binary(min_size=40, max_size=200))
    @example(b"\x00[]")
    @example(b'\x00{"resources": {}}')
    @example(b'\x00{"resources": [7, null, [], "boats"]}')
    @example(b'\x00{"resources": [{"name": [], "path": {}}, {"name": "a", "path": ["boats.csv", 3, null]}]}')
    @example(b'\x00{"resources": [{"name": "a", "path": "boats.csv", "schema": 7, "dialect": [], "hash": 7, "bytes": "x"}]}')
    @example(b'\x00{"resources": [{"name": "a", "path": "boats.csv", "schema": {"fields": [1, {}, {"name": 7}]}}]}')
    @example(b'\x00{"resources": [{"name": "a", "path": "boats.csv", "schema": {"fields": {}, "uniqueKeys": [[7], {}]}}]}')
    @example(b'\x00{"resources": [{"name": "a", "path": "../secret.csv"}, {"name": "b", "path": "link.csv"}]}')
    def test_descriptors(self, data: bytes) -> None:
        target("descriptor")(data)

    @given(st.binary(max_size=200) | st.binary(min_size=40, max_size=200))
    def test_archives(self, data: bytes) -> None:
        target("archive")(data)

    @given(st.binary(max_size=200) | st.binary(min_size=40, max_size=200))
    def test_seed_files(self, data: bytes) -> None:
        target("seed_file")(data)


def test_a_target_fails_where_a_finding_lies_outside_its_file() -> None:
    from venezuela_data.findings import Finding

    for line, column in ((3, 1), (1, 5), (1, 0), (0, 1)):
        with pytest.raises(AssertionError):
            module().hold([Finding("a.json", line, column, "rule", "message")], {"a.json": b"abc\n"})
    module().hold(
        [Finding("a.json", 1, 4, "rule", "message"), Finding("a.json", 2, 1, "rule", "message")], {"a.json": b"abc\n"}
    )


def test_every_target_has_a_driver_and_every_driver_a_target() -> None:
    assert {path.stem for path in FUZZ.glob("*.py")} == {*TARGETS, "targets"}


@pytest.mark.parametrize("name", TARGETS)
def test_a_driver_runs_where_atheris_is_installed(name: str, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("skipped: fuzzing by coverage, as atheris is not installed; Hypothesis alone has fed the targets")
    command = [sys.executable, str(FUZZ / f"{name}.py"), "-runs=300", "-seed=1", "-max_len=200"]
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    assert list(tmp_path.iterdir()) == []


class TestPackages:
    """Any small package, read and judged by all layers, gives findings or none, and never an exception."""

    @settings(max_examples=max(5, settings().max_examples // 5), suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(table=st.binary(max_size=80) | joined(CSV_PIECES), types=st.lists(st.text(max_size=8), min_size=1, max_size=3))
    @example(table=b"a\n1\n", types=["integer"])
    @example(table=b"a\n\xc2\xa01\n", types=["no such type"])
    def test_a_table(self, tmp_path: Path, table: bytes, types: list[str]) -> None:
        fields = [{"name": f"a{number or ''}", "type": one} for number, one in enumerate(types)]
        resource: dict[str, Any] = {"name": "boats", "path": "boats.csv", "schema": {"fields": fields}}
        files = {"boats.csv": table, "datapackage.json": json.dumps({"resources": [resource]}).encode("utf-8", "replace")}
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        module().hold(validate(tmp_path).findings, files)


def runs_of(text: str) -> st.SearchStrategy[str]:
    return st.builds(lambda start, end: text[start:end], st.integers(0, len(text)), st.integers(0, len(text)))


TEXT = 'The harbor "opened" on Monday.\n\nThe café 🇻🇪 closed; the harbor opened again.\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A tree of one invented document, whose text is at hand."""
    digest = fingerprint(TEXT)
    numbered = [
        {"n": n, "start": one.start, "end": one.end, "sha256": span_hash(digest, one.start, one.end, one.words)}
        for n, one in enumerate(paragraphs(TEXT), 1)
    ]
    source = {
        "$schema": "../../../schema/source.schema.json",
        "id": "port-example-post",
        "kind": "newspaper",
        "title": "A fictional report",
        "publisher": "Port Example Post",
        "language": "en",
        "access": "held",
        "rights": "Fictional.",
        "text_sha256": digest,
        "text_length": len(TEXT),
        "paragraphs": numbered,
        "status": "active",
    }
    path = tmp_path / "seeds" / "sources" / "port-example-post" / "source.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(json_bytes(source))
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "post.txt").write_bytes(TEXT.encode())
    return tmp_path


@settings(max_examples=max(10, settings().max_examples // 2), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.text(max_size=20)
    | st.sampled_from(TEXT.split())
    | st.builds(lambda a, b: TEXT[a:b], *[st.integers(0, len(TEXT))] * 2)
)
@example(words="")
@example(words="\U0001f1fb")
@example(words="\u202e\x1b[2J")
@example(words="--nth")
def test_any_words_are_anchored_or_refused_in_a_sentence(checkout: Path, run: Run, words: str) -> None:
    code, out, err = run("anchor", "--source-text", "texts", "--", "port-example-post", words, cwd=checkout)
    assert code in (0, 2), err
    assert all(line.isprintable() for line in (out + err).split("\n"))
    if code == 0:
        span = json.loads("{" + out + "}")
        assert TEXT[span["start"] : span["end"]] == words
        assert span["sha256"] == span_hash(fingerprint(TEXT), span["start"], span["end"], words)
