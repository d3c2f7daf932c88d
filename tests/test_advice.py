"""Tests what a contributor is told whose files, texts or arguments are not as the commands expect them.

Each test does in a copy of the checkout, or in a small tree of its own, what somebody did who then got no answer, a wrong one,
or half of one. Runs the commands as a shell gives them. Nothing outside a temporary folder is written.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from venezuela_data.cli import main
from venezuela_data.findings import MissingLibraryError
from venezuela_data.text import fingerprint, only_differs_in
from venezuela_data.validation import CODES, LAYER_OF

Run = Callable[..., tuple[int, str, str]]

TEXT = "The harbor opens.\n\nThe mayor said that the caf\u00e9 opens in May.\n"


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Path:
    for folder in ("seeds", "datasets", "schema"):
        shutil.copytree(root / folder, tmp_path / "checkout" / folder)
    return tmp_path / "checkout"


@pytest.fixture
def tree(run: Run, tmp_path: Path) -> Path:
    """A small checkout with one held document, and its text in the folder `texts` beside it."""
    (tmp_path / "tree" / "seeds").mkdir(parents=True)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "notice.txt").write_text(TEXT, "utf-8")
    arguments = ("new", "source", "harbor-notice", "--text", "../texts/notice.txt")
    assert run(*arguments, cwd=tmp_path / "tree")[0] == 0
    return tmp_path / "tree"


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def actions(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cwd: Path, *arguments: str) -> str:
    """Run a command as a step of GitHub Actions does; give what it prints."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.chdir(cwd)
    monkeypatch.setattr(sys, "argv", ["venezuela-data", *arguments])
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main()
    return capsys.readouterr().out


# What was not judged is not ok ------------------------------------------------------------------------------------------


def test_a_document_that_cannot_be_read_hides_no_finding(run: Run, tree: Path) -> None:
    source = tree / "seeds" / "sources" / "harbor-notice" / "source.json"
    changed(source, '"language"', '"published": "2025-13-45",\n  "language"')
    code, out, err = run("validate", "--source-text", "../texts", "--skip", "package,freshness", cwd=tree)
    assert (code, err) == (1, "")
    assert "values-have-their-form: 'published' is '2025-13-45'" in out
    assert "note: ../texts holds the text of no document that could be read: no span was verified\n" in out


def test_a_folder_without_the_text_of_any_document_is_wrong_usage(run: Run, tree: Path) -> None:
    (tree.parent / "texts" / "notice.txt").write_text("Another text.\n", "utf-8")
    code, _, err = run("validate", "--source-text", "../texts", cwd=tree)
    assert (code, err) == (2, "error: '../texts' holds the text of no document whose access is held\n")


def test_what_keeps_a_selected_rule_from_running_counts(run: Run, checkout: Path) -> None:
    changed(checkout / "seeds" / "places" / "maracay.json", '"country": "VE"', '"country": "XX"')
    with (checkout / "datasets" / "csv" / "actors.csv").open("a", encoding="utf-8") as file:
        file.write("junk\n")
    code, out, _ = run("validate", "--select", "datasets-are-current", "--format", "json", cwd=checkout)
    report = json.loads(out)
    assert (code, report["ok"]) == (1, False)
    assert [one["path"] for one in report["findings"]] == ["seeds/places/maracay.json"]
    assert "freshness" not in report["layers"]
    assert report["checked"]["rule"] == 0
    code, out, _ = run("validate", "--select", "terms-are-defined", "--skip", "package,freshness", cwd=checkout)
    assert (code, out.count(", 1 rule ")) == (0, 1)


def test_a_stale_descriptor_counts_where_it_keeps_the_selected_layer_from_running(run: Run, checkout: Path) -> None:
    changed(checkout / "datasets" / "datapackage.json", '"name"', '"nome"')
    for more in ((), ("--skip", "freshness")):
        code, out, _ = run("validate", "--select", "tables-conform-to-their-schemas", *more, cwd=checkout)
        assert code == 1
        assert out.startswith("datasets/datapackage.json:3:5: datasets-are-current: ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--skip", "freshness"), "was selected, and its layer freshness left out; choose one of them"),
        (("seeds/places/maracay.json",), "is of the layer freshness, which does not run on one seed file"),
    ],
    ids=["left out", "one file"],
)
def test_a_selected_rule_that_cannot_be_held_is_wrong_usage(
    run: Run, checkout: Path, arguments: tuple[str, ...], told: str
) -> None:
    code, out, err = run("validate", "--select", "datasets-are-current", *arguments, cwd=checkout)
    assert (code, out) == (2, "")
    assert told in err


@pytest.mark.parametrize("skip", ["", "freshness", "package,freshness"])
def test_as_many_rules_are_told_as_were_held(run: Run, checkout: Path, skip: str) -> None:
    code, out, _ = run("validate", "--ignore", "dates-are-ordered", "--skip", skip, cwd=checkout)
    held = [one for one in CODES if LAYER_OF[one] not in skip.split(",") and one != "dates-are-ordered"]
    assert (code, f", {len(held)} rules (" in out) == (0, True)


def test_a_wrong_argument_is_told_before_anything_is_mended(run: Run, checkout: Path) -> None:
    file = checkout / "seeds" / "places" / "maracay.json"
    before = json.dumps(json.loads(file.read_text("utf-8"))).encode()
    file.write_bytes(before)
    for wrong in (("--select", "bogus"), ("--ignore", "bogus"), ("--skip", "bogus")):
        code, _, err = run("validate", "--fix", *wrong, cwd=checkout)
        assert code == 2
        assert err.startswith("error: no ")
        assert file.read_bytes() == before


# Where a finding is shown -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workspace", [True, False])
def test_annotations_begin_at_the_workspace(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], workspace: bool
) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    if workspace:
        monkeypatch.setenv("GITHUB_WORKSPACE", str(tree.parent))
    path = "tree/seeds/sources/harbor-notice/source.json"
    for cwd, place in ((tree.parent, "tree"), (tree.parent, path), (tree, ".")):
        given = ("validate", place, "--skip", "package,freshness")
        expected = path if workspace or cwd == tree.parent else path.removeprefix("tree/")
        out = actions(monkeypatch, capsys, cwd, *given)
        assert f"::error file={expected},line=" in out
        assert f"\n{path.removeprefix('tree/')}:" in out, "the plain report names paths from the place"
        results = json.loads(actions(monkeypatch, capsys, cwd, *given, "--format", "sarif"))["runs"][0]["results"]
        assert {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results} == {expected}


def test_paths_stay_as_they_are_where_the_place_lies_elsewhere(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree.parent / "here").mkdir()
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tree.parent / "here"))
    out = actions(monkeypatch, capsys, tree.parent / "here", "validate", "../tree", "--skip", "package,freshness")
    assert "::error file=seeds/sources/harbor-notice/source.json,line=" in out


def test_a_finding_in_a_text_is_shown_where_the_text_was_given(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    more = "".join(f"\nParagraph {number}.\n" for number in range(4))
    text = tree.parent / "texts" / "notice.txt"
    text.write_text(TEXT + more, "utf-8")
    shutil.rmtree(tree / "seeds" / "sources")
    assert "source.json" not in actions(monkeypatch, capsys, tree, "new", "source", "x", "--text", "nowhere.txt")
    monkeypatch.setattr(sys, "argv", ["venezuela-data", "new", "source", "harbor-notice", "--text", str(text)])
    main()
    text.write_text((TEXT + more).replace("harbor", "harbour"), "utf-8")
    given = ("validate", "tree", "--source-text", "texts", "--skip", "package,freshness")
    assert "::error file=texts/notice.txt,line=1,col=1," in actions(monkeypatch, capsys, tree.parent, *given)


def test_without_frictionless_what_was_found_is_annotated_too(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise MissingLibraryError("the layer package", "frictionless", "validate")

    monkeypatch.setattr("venezuela_data.validation.packages.check_package", missing)
    with (checkout / "datasets" / "csv" / "actors.csv").open("a", encoding="utf-8") as file:
        file.write("junk\n")
    assert actions(monkeypatch, capsys, checkout, "validate").startswith("::error file=datasets/csv/actors.csv,line=")


# Drafts ------------------------------------------------------------------------------------------------------------------

STATEMENT = {"text": "The harbor opens.", "language": "en", "function": "speech", "fidelity": "verbatim"}
HOP = {"voice": "impersonal", "document_id": "harbor-notice", "basis": "explicit"}


def draft(tree: Path, name: str, records: list[dict[str, Any]]) -> str:
    path = f"seeds/sources/harbor-notice/{name}.json"
    (tree / path).write_text(json.dumps({name: records}, ensure_ascii=False, indent=2), "utf-8")
    return path


def test_a_draft_is_told_once_and_with_the_command_that_fills_it_in(run: Run, tree: Path) -> None:
    claim = {"id": "harbor-notice/c001", "words": "The harbor", "nth": 1, "text": "A port is open.", "kind": "fact"}
    whole = {"polarity": "affirmed", "certainty": "certain", "actuality": "occurred", "attribution": [HOP]}
    path = draft(tree, "claims", [claim | whole, claim | whole | {"id": "harbor-notice/c002"}])
    for command in (("validate", path), ("fmt", "--check"), ("validate", path, "--format", "text")):
        code, out, _ = run(*command, cwd=tree)
        assert code == 1
        found = [line for line in out.splitlines() if line.startswith(f"{path}:")]
        advice = f"run `venezuela-data anchor --write {path} --source-text FOLDER`"
        told = f"required-fields-are-present: 2 spans of the file still to be filled in from the words; {advice}"
        assert found == [f"{path}:3:5: {told}"]
    assert run("anchor", "--write", path, "--source-text", "../texts", cwd=tree)[0] == 0
    assert "filled in" not in run("validate", path, cwd=tree)[1]


def test_other_faults_of_a_draft_are_told_beside_it(run: Run, tree: Path) -> None:
    one = STATEMENT | {"id": "harbor-notice/s01", "attribution": [HOP], "speaker": "mayor", "nth": 1}
    path = draft(tree, "statements", [one])
    findings = json.loads(run("validate", path, "--format", "json", cwd=tree)[1])["findings"]
    assert sorted(one["message"] for one in findings) == [
        "1 span of the file still to be filled in from the words",
        "no field 'speaker' here",
    ]


def test_a_field_that_only_looks_like_one_of_a_draft_is_told_as_it_is(run: Run, tree: Path) -> None:
    path = tree / "seeds" / "sources" / "harbor-notice" / "source.json"
    changed(path, '"language"', '"nth": 1,\n  "language"')
    out = run("validate", path, cwd=tree)[1]
    assert "fields-are-known: no field 'nth' here" in out
    assert "anchor" not in out


def test_words_that_stand_twice_are_told_with_what_stands_around_them(run: Run, tree: Path) -> None:
    path = draft(tree, "claims", [{"id": "harbor-notice/c001", "words": "opens"}])
    code, out, _ = run("anchor", "--write", path, "--source-text", "../texts", cwd=tree)
    assert code == 1
    assert "nth 1: paragraph 1: ...The harbor opens.  The mayor said" in out
    assert "nth 2: paragraph 2: ... The mayor said that the caf\u00e9 opens in May" in out
    code, _, err = run("anchor", "harbor-notice", "opens", "--source-text", "../texts", cwd=tree)
    assert code == 2
    assert err.endswith("error: 'opens' occurs 2 times in 'harbor-notice'; say which with --nth\n")
    assert "within" not in err


# Texts -------------------------------------------------------------------------------------------------------------------

OTHERWISE: dict[str, tuple[Callable[[str], str], str]] = {
    "CRLF": (lambda text: text.replace("\n", "\r\n"), "its line ends"),
    "no final line feed": (lambda text: text.rstrip("\n"), "a line feed at its end"),
    "another final line feed": (lambda text: text + "\n", "a line feed at its end"),
    "NFD": (lambda text: unicodedata.normalize("NFD", text), "how its accents are encoded"),
    "CRLF and NFD": (
        lambda text: unicodedata.normalize("NFD", text.replace("\n", "\r\n")),
        "its line ends and how its accents are encoded",
    ),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_what_alone_differs_in_a_text_is_told_both_ways(name: str) -> None:
    change, told = OTHERWISE[name]
    assert only_differs_in(change(TEXT), fingerprint(TEXT)) == told
    assert only_differs_in(TEXT, fingerprint(change(TEXT))) == told


@pytest.mark.parametrize("other", [TEXT, TEXT.replace("May", "June"), TEXT.replace(" ", "  "), "", "x"])
def test_of_a_text_that_is_the_same_or_another_nothing_is_told(other: str) -> None:
    assert only_differs_in(other, fingerprint(TEXT)) == ""


def test_a_text_that_was_saved_otherwise_is_told_by_every_command_that_reads_it(run: Run, tree: Path) -> None:
    (tree.parent / "texts" / "notice.txt").write_bytes(TEXT.replace("\n", "\r\n").encode())
    told = "it differs only in its line ends: save it as it was read"
    arguments = ("--source-text", "../texts")
    assert told in run("validate", *arguments, "--skip", "package,freshness", cwd=tree)[1]
    assert told in run("anchor", "harbor-notice", "harbor", *arguments, cwd=tree)[2]
    path = draft(tree, "claims", [{"id": "harbor-notice/c001", "words": "harbor"}])
    assert told in run("anchor", "--write", path, *arguments, cwd=tree)[1]


UNREADABLE = {
    "a byte-order mark": (b"\xef\xbb\xbfWords.\n", "the file starts with a byte-order mark; save it as UTF-8 without BOM"),
    "UTF-16": ("Words.\n".encode("utf-16"), "the file is UTF-16; save it as UTF-8 without BOM"),
    "Latin-1": (
        "caf\u00e9.\n".encode("latin-1"),
        "byte 0xE9 is not UTF-8 (invalid continuation byte) at line 1, column 4; save the file as UTF-8",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_text_that_cannot_be_read_is_told_with_what_to_do(run: Run, tree: Path, name: str) -> None:
    data, told = UNREADABLE[name]
    file = tree.parent / "texts" / "notice.txt"
    file.write_bytes(data)
    code, _, err = run("new", "source", "another", "--text", "../texts/notice.txt", cwd=tree)
    assert (code, err) == (2, f"error: '../texts/notice.txt' is no text: {told}\n")
    code, _, err = run("validate", "--source-text", "../texts", cwd=tree)
    assert (code, err) == (2, f"error: '../texts' holds no .txt file that can be read; '../texts/notice.txt': {told}\n")
    (tree.parent / "texts" / "other.txt").write_text("Other words.\n", "utf-8")
    code, _, err = run("validate", "--source-text", "../texts", cwd=tree)
    assert code == 2
    assert f"../texts/notice.txt was not read as a text: {told}\n" in err


@pytest.mark.parametrize("path", ["nowhere.txt", "nowhere/notice.txt", "."])
def test_a_text_that_is_not_there_is_told_in_words(run: Run, tree: Path, path: str) -> None:
    code, _, err = run("new", "source", "another", "--text", path, cwd=tree)
    assert code == 2
    assert err.startswith("error: '")
    assert "Errno" not in err


# Other answers -----------------------------------------------------------------------------------------------------------


def test_a_line_break_in_a_text_is_told_with_what_to_write_in_its_place(run: Run, checkout: Path) -> None:
    changed(checkout / "seeds" / "places" / "maracay.json", '"name": "Mar', '"name": "Mar\\n')
    out = run("validate", "seeds/places/maracay.json", cwd=checkout)[1]
    assert "the text holds a line break: write it in one line, with a space where the line breaks" in out


@pytest.mark.parametrize(
    ("asked", "first", "never"),
    [
        ("caracas", "maracay", "nicaragua or nicaragua"),
        ("call", "trump-maduro-call", "afp"),
        ("Nicol\u00e1s Madur", "maduro-son or nicolas-maduro?", "/"),
        ("carvaja", "observer-net-trump-maduro-call/e02?", "hugo-carvajal"),
        ("xyzzy", "venezuela-data cat TABLE shows the ids of a table", "known ids"),
    ],
)
def test_show_suggests_each_record_once_and_only_what_is_like_it(
    run: Run, checkout: Path, asked: str, first: str, never: str
) -> None:
    code, _, err = run("show", asked, cwd=checkout)
    assert code == 2
    assert err.startswith(f"error: no record '{asked}'; ")
    assert first in err
    assert never not in err
    names = err.partition("did you mean ")[2].rstrip("?\n").split(" or ")
    assert len(names) == len(set(names)) <= 11


@pytest.mark.parametrize("lacking", ["O_NOFOLLOW", "O_DIRECTORY", "dir_fd"])
def test_a_system_that_cannot_keep_from_following_links_is_told_so(
    run: Run, checkout: Path, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    if lacking == "dir_fd":
        monkeypatch.setattr(os, "supports_dir_fd", set())
    else:
        monkeypatch.delattr(os, lacking)
    code, out, err = run("validate", cwd=checkout)
    assert (code, out) == (2, "")
    assert err == "error: this system cannot open a file without following links; on Windows, use WSL\n"
