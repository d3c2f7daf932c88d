"""Tries to make the store leave its tree, hang, lose a file or pass a fault over; and to break it with any bytes as seeds.

Everything happens in temporary folders; the checkout's own seeds are copied and never changed. No file is larger than a few
kilobytes: bounds are lowered, not reached.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from strategies import SEED_PATHS, edited_files, edited_json, json_values

from venezuela_data import store
from venezuela_data.findings import Finding, Report
from venezuela_data.store import UnreadableError, kind_of, read_bytes, read_seeds, walk, write_files
from venezuela_data.syntax import MAX_FAULTS, json_bytes
from venezuela_data.validation import CODES, validate

STAY = "paths-stay-in-the-tree"
REGULAR = "files-are-regular"
EXPECTED = "files-are-expected"
TYPE = "values-have-their-type"
FORM = "values-have-their-form"
REQUIRED = "required-fields-are-present"
KNOWN = "fields-are-known"
TERMS = "terms-are-defined"


def refusal(root: Path, path: str) -> Finding:
    with pytest.raises(UnreadableError) as caught:
        read_bytes(root, path)
    return caught.value.finding


# Reading a file ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with a file in a folder, and a secret beside it."""
    (tmp_path / "secret.json").write_text("SECRET", "utf-8")
    root = tmp_path / "tree"
    (root / "folder").mkdir(parents=True)
    (root / "folder" / "file.json").write_bytes(b"\xffbytes\r\n")
    return root


def test_a_file_is_read_as_its_bytes(tree: Path) -> None:
    assert read_bytes(tree, "folder/file.json") == b"\xffbytes\r\n"


@pytest.mark.parametrize(
    "path",
    [
        *("../secret.json", "folder/../folder/file.json", "folder/../../secret.json", "..", ".", "", "/", "folder//file.json"),
        *("folder/", "/etc/passwd", "~/file.json", "./folder/file.json", "folder/.hidden", "-rf", "folder\\file.json"),
        *("C:file.json", "http://localhost/file.json", "folder/file.json\n", "földer/file.json", "folder/file.json\x00"),
        *("folder /file.json", "%2e%2e/secret.json", "$HOME/file.json", "folder/\ud800", "a" * 101),
    ],
)
def test_a_path_of_odd_names_is_refused(tree: Path, path: str) -> None:
    assert refusal(tree, path).rule == STAY


def test_a_long_path_is_refused_and_not_repeated(tree: Path) -> None:
    for path in ("/".join(["folder"] * 100), "x" * 1_000_000):
        finding = refusal(tree, path)
        assert finding.rule == STAY
        assert len(finding.path) <= store.MAX_PATH
        assert len(finding.message) <= 200


def test_a_link_is_refused_wherever_it_leads(tree: Path) -> None:
    (tree / "out.json").symlink_to("../secret.json")
    (tree / "in.json").symlink_to("folder/file.json")
    (tree / "dangling.json").symlink_to("nowhere")
    (tree / "loop.json").symlink_to("loop.json")
    for name in ("out.json", "in.json", "dangling.json", "loop.json"):
        finding = refusal(tree, name)
        assert (finding.rule, finding.message) == (STAY, "a link")


def test_a_linked_folder_is_refused(tree: Path) -> None:
    (tree / "linked").symlink_to("folder", target_is_directory=True)
    (tree / "parent").symlink_to("..", target_is_directory=True)
    assert refusal(tree, "linked/file.json").message == "a link"
    assert refusal(tree, "parent/secret.json").message == "a link"


def test_a_pipe_is_refused_without_waiting_for_it(tree: Path) -> None:
    os.mkfifo(tree / "pipe.json")
    assert refusal(tree, "pipe.json").message == "not a regular file"


def test_a_folder_is_not_read_as_a_file(tree: Path) -> None:
    assert refusal(tree, "folder").message == "not a regular file"


def test_a_file_is_not_entered_as_a_folder(tree: Path) -> None:
    assert refusal(tree, "folder/file.json/x").rule == REGULAR


def test_a_missing_file_is_told(tree: Path) -> None:
    assert refusal(tree, "folder/none.json").message == "no such file or directory"


def test_a_file_larger_than_the_bound_is_refused(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = (tree / "folder" / "file.json").stat().st_size
    monkeypatch.setattr(store, "MAX_FILE", size)
    assert len(read_bytes(tree, "folder/file.json")) == size
    monkeypatch.setattr(store, "MAX_FILE", size - 1)
    assert refusal(tree, "folder/file.json").message == f"larger than {size - 1} bytes"


def test_a_file_that_says_it_is_short_is_not_read_beyond_the_bound(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_FILE", 4)
    real = os.fstat

    def small(handle: int) -> os.stat_result:
        return os.stat_result((*real(handle)[:6], 0, *real(handle)[7:]))

    monkeypatch.setattr(os, "fstat", small)
    assert refusal(tree, "folder/file.json").message == "larger than 4 bytes"


def test_no_descriptor_is_left_open(tree: Path) -> None:
    os.mkfifo(tree / "pipe.json")
    before = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 0
    for path in ("folder/file.json", "folder/none.json", "none/x", "folder", "pipe.json", "../x"):
        try:
            read_bytes(tree, path)
        except UnreadableError:
            continue
    after = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 0
    assert after == before


# Walking a tree ----------------------------------------------------------------------------------------------------------


def test_walk_gives_files_and_finds_links(tree: Path) -> None:
    (tree / "folder" / "inner").mkdir()
    (tree / "folder" / "inner" / "a b.json").touch()
    (tree / "folder" / "link.json").symlink_to("../../secret.json")
    (tree / "folder" / "up").symlink_to("..", target_is_directory=True)
    os.mkfifo(tree / "folder" / "pipe")
    found = list(walk(tree, "folder"))
    assert [one for one in found if isinstance(one, str)] == ["folder/file.json", "folder/pipe", "folder/inner/a b.json"]
    assert [(one.path, one.rule) for one in found if isinstance(one, Finding)] == [
        ("folder/link.json", STAY),
        ("folder/up", STAY),
    ]


def test_walk_does_not_enter_a_linked_root(tree: Path) -> None:
    (tree / "seeds").symlink_to("folder", target_is_directory=True)
    (finding,) = walk(tree, "seeds")
    assert isinstance(finding, Finding)
    assert (finding.path, finding.rule) == ("seeds", STAY)


def test_walk_finds_a_folder_that_is_not_there(tree: Path) -> None:
    (finding,) = walk(tree, "none")
    assert isinstance(finding, Finding)
    assert finding.rule == REGULAR


def test_walk_stops_at_too_many_files(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_FILES", 3)
    for number in range(5):
        (tree / "folder" / f"{number}.json").touch()
    found = list(walk(tree, "folder"))
    assert len(found) == 4
    assert isinstance(found[-1], Finding)
    assert found[-1].message == "more than 3 files"


# Writing -----------------------------------------------------------------------------------------------------------------


def listing(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_write_files_writes_what_changed_and_leaves_the_rest_untouched(tmp_path: Path) -> None:
    files = {"a/b.json": b"1", "c.json": b"2"}
    assert write_files(tmp_path, files) == ["a/b.json", "c.json"]
    os.utime(tmp_path / "c.json", ns=(10**9, 10**9))
    assert write_files(tmp_path, {**files, "a/b.json": b"3"}) == ["a/b.json"]
    assert listing(tmp_path) == {"a/b.json": b"3", "c.json": b"2"}
    assert (tmp_path / "c.json").stat().st_mtime_ns == 10**9
    assert (tmp_path / "a" / "b.json").stat().st_mode & 0o777 == 0o644


def test_write_files_replaces_a_link_and_not_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_bytes(b"old")
    (tmp_path / "a.json").symlink_to("kept.json")
    assert write_files(tmp_path, {"a.json": b"new"}) == ["a.json"]
    assert listing(tmp_path) == {"a.json": b"new", "kept.json": b"old"}
    assert not (tmp_path / "a.json").is_symlink()


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize(("place", "name"), [(os, "fsync"), (Path, "replace"), (Path, "chmod"), (os, "fdopen")])
def test_a_write_that_fails_leaves_the_old_bytes_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, error: BaseException
) -> None:
    (tmp_path / "a.json").write_bytes(b"old")

    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(place, name, fail)
        with pytest.raises(type(error)):
            write_files(tmp_path, {"a.json": b"new"})
    assert listing(tmp_path) == {"a.json": b"old"}


def test_the_new_file_stands_whole_before_it_takes_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.json").write_bytes(b"old")
    seen: list[bytes] = []
    real = os.fsync

    def watch(handle: int) -> None:
        (temporary,) = tmp_path.glob(".a.json.*.tmp")
        seen.extend([temporary.read_bytes(), (tmp_path / "a.json").read_bytes()])
        real(handle)

    monkeypatch.setattr(os, "fsync", watch)
    write_files(tmp_path, {"a.json": b"new" * 10_000})
    assert seen == [b"new" * 10_000, b"old"]


# Reading seeds -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """A copy of the checkout's seeds."""
    shutil.copytree(root / "seeds", tmp_path / "seeds")
    return tmp_path


def test_the_seeds_of_the_checkout_are_read_without_a_finding(copy: Path) -> None:
    corpus = read_seeds(copy)
    assert corpus.findings == []
    assert corpus.files == sum(1 for path in (copy / "seeds").rglob("*") if path.is_file())
    assert all(corpus.entries[kind] for kind in ("actors", "events", "sources", "statements", "vocabularies"))


def test_the_order_of_files_does_not_matter(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    actor, event = copy / "seeds/actors/qatar.json", copy / "seeds/events/trump-maduro-call.json"
    actor.write_text(actor.read_text("utf-8").replace('"state"', '"sate"'), "utf-8")
    event.write_text("{", "utf-8")
    (copy / "seeds/actors/odd name").touch()
    first = read_seeds(copy)
    real = os.scandir

    def backwards(place: Any) -> Iterator[os.DirEntry[str]]:
        return iter(sorted(real(place), key=lambda entry: entry.name, reverse=True))

    monkeypatch.setattr(os, "scandir", backwards)
    second = read_seeds(copy)
    assert first.findings == second.findings
    assert len(first.findings) == 3
    assert first.records == second.records


ACTOR = "seeds/actors/qatar.json"
STATEMENTS = "seeds/sources/observer-net-trump-maduro-call/statements.json"


def check(copy: Path) -> list[tuple[str, int, int, str]]:
    """Read, judge by every rule, and give the places of what was found."""
    report = validate(copy, skip=["package", "freshness"])
    return [(one.path, one.line, one.column, one.rule) for one in report.findings]


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("seeds/readme.md", EXPECTED),
        ("seeds/actors/readme.md", EXPECTED),
        ("seeds/actors/inner/x.json", EXPECTED),
        ("seeds/sources/x.json", EXPECTED),
        ("seeds/sources/observer-net-trump-maduro-call/actors.json", EXPECTED),
        ("seeds/things/x.json", EXPECTED),
        ("seeds/actors/.hidden", STAY),
        ("seeds/actors/a b.json", STAY),
        ("seeds/actors/é.json", STAY),
    ],
)
def test_a_file_where_none_belongs_is_found(copy: Path, path: str, rule: str) -> None:
    (copy / path).parent.mkdir(exist_ok=True)
    (copy / path).write_text("{}", "utf-8")
    assert check(copy) == [(path, 0, 0, rule)]


def test_a_misplaced_file_is_told_where_it_belongs(copy: Path) -> None:
    (copy / "seeds/actors/x.txt").touch()
    (finding,) = read_seeds(copy).findings
    assert finding.advice == "move it to seeds/actors/ID.json"


def test_a_name_that_is_no_unicode_is_found_and_printed_safely(copy: Path) -> None:
    Path(os.fsdecode(os.fsencode(copy / "seeds/actors") + b"/\xff.json")).touch()
    report = validate(copy, skip=["package", "freshness"])
    assert [one.rule for one in report.findings] == [STAY]
    assert "\\u{dcff}.json" in report.render()
    assert json.loads(report.render("json"))["ok"] is False


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


NAME = '"name": "Qatar",\n  "description"'


@pytest.mark.parametrize(
    ("old", "new", "place", "rule"),
    [
        ('"../../schema/actor.schema.json"', '"../schema/actor.schema.json"', (2, 14), FORM),
        ('"../../schema/actor.schema.json"', "7", (2, 14), FORM),
        (NAME, '"name": 7,\n  "description"', (5, 11), TYPE),
        (NAME, '"name": null,\n  "description"', (5, 11), TYPE),
        (NAME, '"name": ["Qatar"],\n  "description"', (5, 11), TYPE),
        (NAME, '"name": "",\n  "description"', (5, 11), FORM),
        (NAME, '"name": " Qatar",\n  "description"', (5, 11), FORM),
        (NAME, '"name": "Qa\\u202etar",\n  "description"', (5, 11), FORM),
        (NAME, '"description"', (1, 1), REQUIRED),
        (NAME, '"name": "Qatar",\n  "nmae": "Qatar",\n  "description"', (6, 3), KNOWN),
        ('"country": "QA"', '"country": "XX"', (7, 14), FORM),
        ('"kind": "state"', '"kind": "sate"', (4, 11), TERMS),
        ('"kind": "state"', '"kind": "State"', (4, 11), FORM),
        ('"start": 2722', '"start": "2722"', (15, 16), TYPE),
        ('"start": 2722', '"start": 2722.5', (15, 16), TYPE),
        ('"start": 2722', '"start": true', (15, 16), TYPE),
        ('"start": 2722', '"start": -1', (15, 16), FORM),
        ('"names": [\n    {', '"names": [\n    7, {', (10, 5), TYPE),
        ('"names": [', '"names": 7, "nammes": [', (9, 12), TYPE),
    ],
)
def test_a_fault_of_shape_is_found_at_its_value(copy: Path, old: str, new: str, place: tuple[int, int], rule: str) -> None:
    edit(copy / ACTOR, old, new)
    found = check(copy)
    assert (ACTOR, *place, rule) in found
    assert len(found) == 1 or "nammes" in new


@pytest.mark.parametrize("data", ["[]", "7", '"qatar"', "null", "{", "", "\ufeff{}", "{}", '{"id": 7}', '{"id": "qatar"}'])
def test_a_faulty_record_is_found_once_and_references_to_it_are_not(copy: Path, data: str) -> None:
    (copy / ACTOR).write_text(data, "utf-8")
    assert {path for path, *_ in check(copy)} == {ACTOR}


def test_a_linked_record_is_found_once_and_references_to_it_are_not(copy: Path) -> None:
    (copy / "qatar.json").write_bytes((copy / ACTOR).read_bytes())
    (copy / ACTOR).unlink()
    (copy / ACTOR).symlink_to("../../qatar.json")
    assert check(copy) == [(ACTOR, 0, 0, STAY)]


def test_a_missing_record_leaves_references_to_it_dangling(copy: Path) -> None:
    (copy / ACTOR).unlink()
    found = check(copy)
    assert found
    assert {rule for *_, rule in found} == {"references-resolve"}


@pytest.mark.parametrize(
    ("data", "place", "rule"),
    [
        ("[]", (1, 1), TYPE),
        ("{}", (1, 1), REQUIRED),
        ('{"statements": {}}', (1, 16), TYPE),
        ('{"statements": null}', (1, 16), TYPE),
        ('{"statements": [7]}', (1, 17), TYPE),
        ('{"statements": [], "claims": []}', (1, 20), KNOWN),
        ("{", (1, 2), "json-is-well-formed"),
    ],
)
def test_a_faulty_file_of_many_records_is_found_once(copy: Path, data: str, place: tuple[int, int], rule: str) -> None:
    (copy / STATEMENTS).write_text(data, "utf-8")
    found = check(copy)
    assert (STATEMENTS, *place, rule) in found
    if rule != KNOWN:
        assert {path for path, *_ in found} == {STATEMENTS}
        assert len(found) == 1


def test_one_faulty_record_among_many_is_found_alone(copy: Path) -> None:
    edit(copy / STATEMENTS, '"language": "en"', '"language": 7')
    (only,) = check(copy)
    assert (only[0], only[3]) == (STATEMENTS, TYPE)


def test_is_faulty_knows_records_by_id_and_files_by_document(copy: Path) -> None:
    (copy / ACTOR).write_text("{", "utf-8")
    (copy / STATEMENTS).write_text("{", "utf-8")
    corpus = read_seeds(copy)
    assert corpus.is_faulty("actors", "qatar")
    assert not corpus.is_faulty("actors", "turkey")
    assert not corpus.is_faulty("events", "qatar")
    assert corpus.is_faulty("statements", "observer-net-trump-maduro-call/s99")
    assert not corpus.is_faulty("statements", "other/s01")
    assert not corpus.is_faulty("claims", "observer-net-trump-maduro-call/c001")


def test_a_vocabulary_that_cannot_be_read_is_one_finding(copy: Path) -> None:
    path = "seeds/vocabularies/actor_kind.json"
    for data in ("{", "[]", '{"id": "actor_kind", "terms": 7}'):
        (copy / path).write_text(data, "utf-8")
        assert {found for found, *_ in check(copy)} == {path}


def test_a_kind_is_known_by_its_path_alone() -> None:
    names = {path: kind.name if (kind := kind_of(path)) is not None else None for path in (ACTOR, STATEMENTS, *SEED_PATHS)}
    assert names == {
        ACTOR: "actors",
        STATEMENTS: "statements",
        "seeds/actors/x.json": "actors",
        "seeds/sources/x/statements.json": "statements",
        "seeds/vocabularies/x.json": "vocabularies",
        "seeds/sources/x/source.json": "sources",
    }
    for path in ("seeds/actors/x", "actors/x.json", "seeds/actors/x/y.json", "xseeds/actors/x.json", "seeds/actors/x.json/"):
        assert kind_of(path) is None


# Any seeds ---------------------------------------------------------------------------------------------------------------


class Seeds(Protocol):
    def __call__(self, path: str, data: bytes) -> Report: ...


@pytest.fixture(scope="module")
def judge() -> Iterator[Seeds]:
    """Validate a tree that holds one file, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)

        def judge(path: str, data: bytes) -> Report:
            shutil.rmtree(root / "seeds", ignore_errors=True)
            (root / path).parent.mkdir(parents=True)
            (root / path).write_bytes(data)
            return validate(root, skip=["package", "freshness"])

        yield judge


def real_seeds() -> list[Any]:
    """A few of the checkout's seed files of every kind, as values: the smallest of each."""
    seeds = Path(__file__).parent.parent / "seeds"
    chosen: dict[str, Path] = {}
    for path in sorted(seeds.rglob("*.json"), key=lambda one: (one.stat().st_size, one)):
        kind = kind_of(path.relative_to(seeds.parent).as_posix())
        assert kind is not None
        chosen.setdefault(kind.name, path)
    return [(path.relative_to(seeds.parent).as_posix(), json.loads(path.read_bytes())) for path in chosen.values()]


REAL = real_seeds()


class TestAnySeeds:
    """Any bytes at all given as a seed give findings or records, and nothing else."""

    @given(st.sampled_from(SEED_PATHS), st.one_of(st.binary(), json_values().map(json_bytes)))
    @example("seeds/actors/x.json", b"[]")
    @example("seeds/vocabularies/x.json", b'{"id": [], "terms": [{"term": []}]}')
    @example("seeds/vocabularies/x.json", b'{"id": "x", "terms": [7, {}, {"term": []}]}')
    @example("seeds/vocabularies/x.json", b'{"id": {}, "terms": {"a": 1}}')
    @example("seeds/sources/x/statements.json", b'{"statements": [[], {}, {"id": []}]}')
    def test_any_bytes(self, judge: Seeds, path: str, data: bytes) -> None:
        self.check(path, data, judge(path, data))

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from(REAL), st.data())
    def test_a_real_seed_with_a_changed_value(self, judge: Seeds, seed: tuple[str, Any], draw: st.DataObject) -> None:
        path, value = seed
        data = json_bytes(draw.draw(edited_json(st.just(value))))
        self.check(path, data, judge(path, data))

    @given(st.sampled_from(REAL), st.data())
    def test_a_real_seed_with_changed_bytes(self, judge: Seeds, seed: tuple[str, Any], draw: st.DataObject) -> None:
        path, value = seed
        data = draw.draw(edited_files(st.just(json_bytes(value))))
        self.check(path, data, judge(path, data))

    def check(self, path: str, data: bytes, report: Report) -> None:
        lines = data.decode("utf-8", "replace").split("\n")
        assert report.findings or report.checked["record"]
        for finding in report.findings:
            # A vocabulary that is not there has no line.
            assert finding.path == path or (finding.path.startswith("seeds/vocabularies/") and finding.line == 0)
            assert finding.rule in CODES
            assert 0 <= finding.line <= len(lines)
            assert finding.line == 0 or 1 <= finding.column <= len(lines[finding.line - 1]) + 1
        assert report.render("text")
        assert json.loads(report.render("json"))["ok"] == report.ok


# Floods ------------------------------------------------------------------------------------------------------------------


def test_after_a_thousand_faults_of_a_file_one_finding_says_that_there_are_more(tmp_path: Path) -> None:
    path = "seeds/sources/harbor-gazette-2031/claims.json"
    write_files(tmp_path, {path: json_bytes({"claims": [{}] * 5_000}), "seeds/actors/a.json": b"{}\n"})
    corpus = read_seeds(tmp_path)
    found = [finding for finding in corpus.findings if finding.path == path]
    assert len(found) == MAX_FAULTS + 2
    assert [finding.message for finding in found if finding.line == 0] == ["from here on not read: more than 1,000 findings"]
    assert any(finding.path == "seeds/actors/a.json" for finding in corpus.findings)


def test_of_a_list_of_no_records_a_thousand_are_found(tmp_path: Path) -> None:
    path = "seeds/sources/harbor-gazette-2031/claims.json"
    write_files(tmp_path, {path: json_bytes({"claims": [5] * 5_000})})
    assert len(read_seeds(tmp_path).findings) == MAX_FAULTS + 1


def test_the_findings_and_the_values_of_a_tree_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {f"seeds/actors/a{number}.json": b"{}\n" for number in range(50)})
    whole = len(read_seeds(tmp_path).findings)
    monkeypatch.setattr(store, "MAX_FINDINGS", 20)
    found = read_seeds(tmp_path).findings
    assert 20 < len(found) < 40 < whole
    assert sum("more than 20 findings" in finding.message for finding in found) == 1
    monkeypatch.setattr(store, "MAX_TREE_VALUES", 9)
    assert sum("more than 9 values of seeds" in finding.message for finding in read_seeds(tmp_path).findings) == 1


@pytest.mark.parametrize("linked", ["seeds", "seeds/vocabularies"])
def test_no_link_is_followed_to_look_for_vocabularies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, linked: str) -> None:
    (tmp_path / "outside" / "vocabularies").mkdir(parents=True)
    (tmp_path / "tree" / linked).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "tree" / linked).symlink_to(tmp_path / "outside")
    listed: list[str] = []
    scandir = os.scandir

    def listing(path: str | Path) -> Any:
        listed.append(os.path.realpath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", listing)
    report = validate(tmp_path / "tree")
    assert {finding.rule for finding in report.findings} == {STAY}
    assert not [one for one in listed if one.startswith(str(tmp_path / "outside"))]
