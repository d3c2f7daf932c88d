"""Tests the command line from the outside: what it prints, where, and with which exit code.

Runs the commands in this process with arguments as a shell gives them; a few runs start the installed command. Nothing outside
a temporary folder is written.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from venezuela_data.validation import CODES

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Path:
    for folder in ("seeds", "datasets", "schema"):
        shutil.copytree(root / folder, tmp_path / folder)
    return tmp_path


def test_validate_ends_by_saying_what_was_checked(run: Run, checkout: Path) -> None:
    code, out, err = run("validate", cwd=checkout)
    assert (code, err) == (0, "")
    last = out.splitlines()[-1]
    assert last.startswith("ok: ")
    for noun in ("files", "records", "tables", "rows", "rules", "reading, shape, rules, package, freshness"):
        assert noun in last


def test_validate_gives_json_that_programs_can_read(run: Run, checkout: Path) -> None:
    (checkout / "seeds" / "events" / "trump-maduro-call.json").write_text("{", "utf-8")
    code, out, _ = run("validate", "--format", "json", cwd=checkout)
    report = json.loads(out)
    assert (code, report["ok"]) == (1, False)
    assert [finding["rule"] for finding in report["findings"]] == ["json-is-well-formed"]


def test_one_seed_file_gives_the_findings_of_that_file_alone(run: Run, checkout: Path) -> None:
    for name in ("trump-maduro-call", "thanksgiving-call"):
        path = checkout / "seeds" / "events" / f"{name}.json"
        path.write_text(path.read_text("utf-8").replace('"occurred"', '"ocurred"'), "utf-8")
    code, out, _ = run("validate", "seeds/events/trump-maduro-call.json", cwd=checkout)
    assert code == 1
    assert out.count("terms-are-defined") == 1
    assert "did you mean occurred?" in out


def test_select_and_ignore_choose_rules(run: Run, checkout: Path) -> None:
    (checkout / "seeds" / "notes.txt").write_text("x", "utf-8")
    assert run("validate", "--skip", "package", "--select", "files-are-expected", cwd=checkout)[0] == 1
    assert run("validate", "--skip", "package", "--ignore", "files-are-expected", cwd=checkout)[0] == 0
    code, _, err = run("validate", "--select", "files-are-expcted", cwd=checkout)
    assert code == 2
    assert "did you mean files-are-expected" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["validate", "nowhere"], "'nowhere' is no checkout, data package or seed file"),
        (["validate", "--skip", "shapes"], "no layer 'shapes'"),
        (["validate", "--source-text", "nowhere"], "'nowhere' is no folder"),
        (["validate", "--source-text", "empty"], "'empty' holds no .txt file"),
        (["cat", "evnets"], "no table 'evnets'; did you mean events?"),
        (["show", "trump-maduro-cal"], "no record 'trump-maduro-cal'; did you mean trump-maduro-call"),
        (["anchor", "nowhere", "words"], "no document 'nowhere'"),
        (["anchor", "miami-herald-20251130", "words"], "is not held"),
        (["nonsense"], "No such command"),
        (["validate", "--format", "xml"], "Invalid value"),
        (["fmt", "empty"], "has no seeds to format"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_exit_2_and_says_what_was_wrong(run: Run, checkout: Path, arguments: list[str], told: str) -> None:
    (checkout / "empty").mkdir()
    shutil.copytree(checkout / "datasets", checkout / "empty" / "datasets")
    code, out, err = run(*arguments, cwd=checkout)
    assert (code, out) == (2, "")
    assert told in err


def test_build_and_fmt_need_a_checkout(run: Run, tmp_path: Path) -> None:
    for command in ("build", "fmt"):
        code, _, err = run(command, cwd=tmp_path)
        assert code == 2
        assert "go to the top of a checkout" in err


def test_a_fault_of_ours_is_exit_3_and_one_line(run: Run, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("\x1b[31mboom\nand more")

    monkeypatch.setattr("venezuela_data.cli.checking.run_validation", fail)
    code, out, err = run("validate", cwd=checkout)
    assert (code, out) == (3, "")
    assert err == "fault: RuntimeError: \\u{1b}[31mboom\\u{a}and more; please report it\n"


def test_build_makes_what_is_missing_and_takes_away_what_is_not_built(run: Run, checkout: Path) -> None:
    (checkout / "datasets" / "csv" / "events.csv").unlink()
    (checkout / "schema" / "stray.json").write_text("{}", "utf-8")
    assert run("build", "--check", cwd=checkout)[0] == 1
    code, out, _ = run("build", cwd=checkout)
    assert code == 0
    assert "datasets/csv/events.csv" in out
    assert "schema/stray.json" in out
    assert run("build", "--check", cwd=checkout)[0] == 0
    assert run("build", cwd=checkout)[1].endswith(", 0 changed\n")


def test_build_with_a_finding_writes_nothing(run: Run, checkout: Path) -> None:
    path = checkout / "seeds" / "places" / "maracaibo.json"
    path.write_text(path.read_text("utf-8").replace('"name": "Maracaibo"', '"name": 7'), "utf-8")
    (checkout / "datasets" / "csv" / "events.csv").unlink()
    code, out, _ = run("build", cwd=checkout)
    assert code == 1
    assert "seeds/places/maracaibo.json:" in out
    assert not (checkout / "datasets" / "csv" / "events.csv").exists()


def test_fmt_writes_the_normal_form_once(run: Run, checkout: Path) -> None:
    path = checkout / "seeds" / "places" / "maracaibo.json"
    before = path.read_bytes()
    path.write_text(json.dumps(json.loads(before), indent=4, sort_keys=True), "utf-8")
    code, out, _ = run("fmt", "--check", cwd=checkout)
    assert code == 1
    assert out.splitlines()[0] == "seeds/places/maracaibo.json"
    code, out, _ = run("fmt", "--diff", cwd=checkout)
    assert code == 1
    assert '+  "$schema": "../../schema/place.schema.json",' in out
    assert run("fmt", "seeds/places/maracaibo.json", cwd=checkout)[0] == 0
    assert path.read_bytes() == before
    assert run("fmt", "--check", cwd=checkout)[0] == 0


def test_list_names_every_table_with_its_rows(run: Run, checkout: Path) -> None:
    code, out, _ = run("list", cwd=checkout)
    assert code == 0
    rows = {line.split()[0]: int(line.split()[1].replace(",", "")) for line in out.splitlines()}
    with (checkout / "datasets" / "csv" / "events.csv").open(encoding="utf-8", newline="") as file:
        assert rows["events"] == sum(1 for _ in csv.DictReader(file))


def test_cat_prints_the_published_bytes(run: Run, checkout: Path) -> None:
    _, out, _ = run("cat", "events", cwd=checkout)
    assert out.encode("utf-8") == (checkout / "datasets" / "csv" / "events.csv").read_bytes()


def test_cat_gives_the_same_rows_in_every_format(run: Run, checkout: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("cat", "designations", cwd=checkout)[1])))
    as_json = json.loads(run("cat", "designations", "--format", "json", cwd=checkout)[1])
    lines = run("cat", "designations", "--format", "jsonl", cwd=checkout)[1].splitlines()
    assert [json.loads(line) for line in lines] == as_json
    assert [{name: cell or "" for name, cell in row.items()} for row in as_json] == rows


def test_show_gives_chain_evidence_and_errata(run: Run, checkout: Path) -> None:
    code, out, _ = run("show", "aviation-exhibition", cwd=checkout)
    assert code == 0
    assert "Observer Net (named, explicit)" in out
    assert "evidence:" in out
    assert "should_read=Maracay" in out
    (whole,) = json.loads(run("show", "aviation-exhibition", "--format", "json", cwd=checkout)[1])
    assert whole["errata"][0]["decision"] == "corrected"


def test_show_finds_what_goes_by_a_name_and_leads_a_wrong_one_to_its_erratum(run: Run, checkout: Path) -> None:
    code, out, _ = run("show", "carvajal", cwd=checkout)
    assert code == 0
    assert out.startswith("record_kind: errata\n")
    assert "is called Carvajal. (identity; contradicted: 0 for, 4 against)" in out
    assert "efe-20240827 contradicts" in out
    _, out, _ = run("show", "Nicolás Maduro", cwd=checkout)
    assert out.startswith("record_kind: actors\nid: nicolas-maduro\n")
    file = checkout / "seeds" / "actors" / "diosdado-cabello.json"
    file.write_text(file.read_text("utf-8").replace("-call/e02", "-call/e99"), "utf-8")
    code, _, err = run("show", "Carvajal", cwd=checkout)
    assert (code, err.partition(";")[0]) == (2, "error: no record 'Carvajal'")


@pytest.mark.parametrize(
    ("claim", "standing", "said"),
    [
        ("c114", "corroborated", "not_independent=actor:miami-herald"),
        ("c227", "uncorroborated", "not_independent=actor:donald-trump + state:US"),
        ("c240", "corroborated", "fr-2025-20750 supports"),
        ("c245", "contradicted", "'Carvajal'"),
    ],
    ids=["the mediation", "the 85 percent", "the designation", "the name Carvajal"],
)
def test_show_gives_a_claim_with_span_chain_origins_reports_and_errata(
    run: Run, checkout: Path, claim: str, standing: str, said: str
) -> None:
    code, out, _ = run("show", f"observer-net-trump-maduro-call/{claim}", cwd=checkout)
    assert code == 0
    assert f"standing: {standing}\n" in out
    for title in ("start: ", "sha256: ", "paragraph: ", "attribution:", "origins_supporting: ", "assessments:", "errata:"):
        assert f"\n{title}" in out
    assert said in out


def test_anchor_gives_the_span_that_the_data_has(run: Run, checkout: Path, texts: Path) -> None:
    code, out, err = run("anchor", "observer-net-trump-maduro-call", "Silvia Flores", "--source-text", str(texts), cwd=checkout)
    assert (code, err) == (0, "paragraph 3\n")
    span = json.loads("{" + out + "}")
    names = json.loads((checkout / "seeds" / "actors" / "cilia-flores.json").read_text("utf-8"))["names"]
    assert span in [{key: name[key] for key in ("start", "end", "sha256")} for name in names if "start" in name]


def test_anchor_asks_which_of_two_and_names_the_nearest(run: Run, checkout: Path, texts: Path) -> None:
    article = "observer-net-trump-maduro-call"
    code, _, err = run("anchor", article, "Chamorro", "--source-text", str(texts), cwd=checkout)
    assert code == 2
    assert "--nth 2: paragraph 8:" in err
    assert run("anchor", article, "Chamorro", "--nth", "2", "--source-text", str(texts), cwd=checkout)[0] == 0
    code, _, err = run("anchor", article, "Silvio Flores", "--source-text", str(texts), cwd=checkout)
    assert code == 2
    assert "nearest: 'Silvia Flores" in err


def test_ten_faults_in_ten_files_are_ten_findings_at_their_places(run: Run, checkout: Path) -> None:
    seeds = checkout / "seeds"

    def change(path: str, old: str, new: str) -> tuple[str, int, int]:
        file = seeds / path
        text = file.read_text("utf-8")
        assert old in text, (path, old)
        at = text.index(old)
        file.write_text(text.replace(old, new, 1), "utf-8")
        return f"seeds/{path}", text[:at].count("\n") + 1, at - text.rfind("\n", 0, at)

    def moved(place: tuple[str, int, int], columns: int) -> tuple[str, int, int]:
        return place[0], place[1], place[2] + columns

    expected = {
        (*change("actors/liu-bai.json", '"name": "Liu Bai",', '"name": "Liu Bai", "name": "L.",')[:2], 22): "keys-are-unique",
        moved(change("actors/brazil.json", '"kind": "state"', '"kind": "sate"'), 8): "terms-are-defined",
        change("actors/qatar.json", '"description"', '"descripton"'): "fields-are-known",
        moved(change("places/maracaibo.json", '"uncertainty_m": 9000', '"uncertainty_m": NaN'), 17): "numbers-are-in-range",
        moved(change("places/nicaragua.json", '"country": "NI"', '"country": "XX"'), 11): "values-have-their-form",
        moved(change("events/thanksgiving-call.json", '"2025-11-27"', '"2025-02-30"'), 0): "values-have-their-form",
        moved(change("events/aviation-exhibition.json", '"maracaibo"', '"maracaybo"'), 0): "references-resolve",
        moved(change("programs/us-fto.json", '"title": "', '"title": 5, "x": "'), 9): "values-have-their-type",
        moved(change("instruments/aumf-2001.json", '"id": "aumf-2001"', '"id": "aumf-2002"'), 6): "ids-match-their-files",
        moved(change("actors/analysts.json", '"extent": "', '"extent": "\\ud800'), 11): "strings-are-unicode",
    }
    code, out, _ = run("validate", "--format", "json", cwd=checkout)
    found = {(one["path"], one["line"], one["column"]): one["rule"] for one in json.loads(out)["findings"]}
    assert code == 1
    assert set(expected.items()) <= set(found.items())


def test_the_installed_command_works_in_an_empty_folder_without_a_network(tmp_path: Path) -> None:
    command = Path(sys.executable).parent / "venezuela-data"
    blocked = tmp_path / "sitecustomize.py"
    blocked.write_text(
        "import socket\ndef refuse(*_): raise AssertionError('a network was asked for')\nsocket.socket.connect = refuse\n",
        "utf-8",
    )
    empty = tmp_path / "empty"
    empty.mkdir()
    for arguments in (["list"], ["cat", "events"], ["show", "trump-maduro-call"], ["validate"]):
        done = subprocess.run(
            [command, *arguments],
            cwd=empty,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_pipe_is_quiet(checkout: Path) -> None:
    command = Path(sys.executable).parent / "venezuela-data"
    done = subprocess.run(f"{command} cat evidence | head -1", shell=True, cwd=checkout, capture_output=True, check=False)  # noqa: S602
    assert done.stdout.startswith(b"table,record_id,")
    assert done.stderr == b""


def test_build_stops_at_a_repeated_id(run: Run, checkout: Path) -> None:
    shutil.copy(checkout / "seeds" / "places" / "maracay.json", checkout / "seeds" / "places" / "zz.json")
    for arguments in (["build"], ["build", "--check"]):
        code, out, _ = run(*arguments, cwd=checkout)
        assert code == 1
        assert "seeds/places/zz.json:3:9: ids-are-unique: 'maracay' is already at seeds/places/maracay.json:3:9" in out


def test_build_removes_nothing_that_it_cannot_have_made(run: Run, checkout: Path) -> None:
    for name in ("datasets/precious.csv", "datasets/csv/Notes.csv", "schema/db.sql"):
        (checkout / name).write_text("mine", "utf-8")
    assert run("build", cwd=checkout)[0] == 0
    assert (checkout / "datasets" / "precious.csv").read_text("utf-8") == "mine"
    assert (checkout / "schema" / "db.sql").exists()
    code, out, _ = run("build", "--check", cwd=checkout)
    assert code == 1
    assert out.count("the records build no such file") == 3


def test_build_without_a_record_or_through_a_link_writes_nothing(run: Run, checkout: Path, tmp_path: Path) -> None:
    empty = tmp_path / "other"
    (empty / "seeds").mkdir(parents=True)
    code, _, err = run("build", cwd=empty)
    assert (code, err) == (2, "error: the seeds hold no record: there is nothing to build\n")
    outside = tmp_path / "outside"
    outside.mkdir()
    shutil.rmtree(checkout / "datasets")
    (checkout / "datasets").symlink_to(outside)
    code, _, err = run("build", cwd=checkout)
    assert (code, err) == (2, "error: datasets:0:0: a link; put the folder itself there\n")
    assert list(outside.iterdir()) == []


def test_a_linked_descriptor_is_not_followed(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "datapackage.json").write_text('{"resources": [{"name": "a", "path": "a.csv"}]}', "utf-8")
    (secret / "a.csv").write_text("TOPSECRET,TOPSECRET\n", "utf-8")
    package = tmp_path / "package"
    package.mkdir()
    (package / "datapackage.json").symlink_to(secret / "datapackage.json")
    code, out, err = run("validate", str(package), cwd=tmp_path)
    assert code == 1
    assert "datapackage.json:0:0: paths-stay-in-the-tree: a link" in out
    assert "TOPSECRET" not in out + err


def test_a_folder_inside_a_checkout_means_the_checkout(run: Run, checkout: Path) -> None:
    (checkout / "seeds" / "events" / "stray.txt").write_text("x", "utf-8")
    for cwd, arguments in ((checkout / "seeds" / "events", ["validate"]), (checkout, ["validate", "seeds"])):
        code, out, _ = run(*arguments, "--skip", "package,freshness", cwd=cwd)
        assert code == 1
        assert "seeds/events/stray.txt:0:0: files-are-expected" in out


def test_without_a_checkout_the_installed_data_is_validated_and_the_report_says_so(
    run: Run, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(checkout / "seeds")
    monkeypatch.setattr("venezuela_data.place.data_root", lambda: checkout)
    empty = tmp_path / "nothing here"
    empty.mkdir()
    code, out, _ = run("validate", "--skip", "package", cwd=empty)
    assert code == 0
    assert out.splitlines()[0] == "note: there is no checkout here: the installed data was validated"


def test_a_checkout_may_be_called_seeds(run: Run, checkout: Path, tmp_path: Path) -> None:
    named = tmp_path / "named" / "seeds"
    shutil.copytree(checkout, named, ignore=shutil.ignore_patterns("named"))
    code, out, _ = run("validate", str(named), "--skip", "package", cwd=tmp_path)
    assert (code, "0 records" in out) == (0, False)


def test_a_missing_library_loses_no_finding(run: Run, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "frictionless", None)
    assert run("validate", "--skip", "package", cwd=checkout)[0] == 0
    change = checkout / "seeds" / "events" / "aviation-exhibition.json"
    change.write_text(change.read_text("utf-8").replace('"maracaibo"', '"maracaybo"'), "utf-8")
    assert run("build", cwd=checkout)[0] == 0
    code, out, err = run("validate", "--format", "json", cwd=checkout)
    assert code == 2
    assert [one["rule"] for one in json.loads(out)["findings"]] == ["references-resolve"]
    assert "pip install 'venezuela-data[validate]'" in err


def test_a_difference_in_line_ends_alone_is_shown(run: Run, checkout: Path) -> None:
    path = checkout / "seeds" / "places" / "maracay.json"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    code, out, _ = run("fmt", "--diff", cwd=checkout)
    assert code == 1
    assert "-{\\u{d}" in out


def test_anchor_refuses_a_text_that_was_changed(run: Run, checkout: Path, texts: Path, tmp_path: Path) -> None:
    (file,) = texts.glob("*.txt")
    other = tmp_path / "texts"
    other.mkdir()
    (other / "article.txt").write_text("x" + file.read_text("utf-8"), "utf-8")
    words = ("anchor", "observer-net-trump-maduro-call", "Silvia Flores", "--source-text", str(other))
    code, out, err = run(*words, cwd=checkout)
    assert (code, out) == (2, "")
    assert "its fingerprint differs" in err


# Writing, explaining, comparing ------------------------------------------------------------------------------------------


def test_new_writes_a_file_that_only_waits_for_its_examples_to_be_replaced(run: Run, checkout: Path) -> None:
    code, out, _ = run("new", "event", "harbor-opening", cwd=checkout)
    assert (code, out) == (0, "seeds/events/harbor-opening.json\n")
    code, out, _ = run("validate", "seeds/events/harbor-opening.json", "--format", "json", cwd=checkout)
    assert code == 1
    assert {one["rule"] for one in json.loads(out)["findings"]} == {"placeholders-are-replaced", "references-resolve"}
    assert run("new", "event", "harbor-opening", cwd=checkout)[0] == 2
    assert run("new", "evnt", "another", cwd=checkout)[0] == 2


def test_a_new_document_is_anchored_by_its_words_alone(run: Run, checkout: Path, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    text = folder / "notice.txt"
    text.write_text("The harbor opens.\n\nThe mayor said that the harbor opens in May.\n", "utf-8")
    code, out, _ = run("new", "source", "harbor-notice", "--text", text, cwd=checkout)
    assert (code, out) == (0, "seeds/sources/harbor-notice/source.json\n")
    claims = checkout / "seeds" / "sources" / "harbor-notice" / "claims.json"
    claims.write_text('{"claims": [{"id": "harbor-notice/c001", "words": "the harbor opens"}]}', "utf-8")
    code, out, _ = run("anchor", "--write", claims, "--source-text", folder, cwd=checkout)
    assert (code, out) == (0, "seeds/sources/harbor-notice/claims.json\n")
    (claim,) = json.loads(claims.read_text("utf-8"))["claims"]
    assert text.read_text("utf-8")[claim["start"] : claim["end"]] == "the harbor opens"
    claims.write_text('{"claims": [{"id": "harbor-notice/c001", "words": "the harbour opens"}]}', "utf-8")
    before = claims.read_bytes()
    code, out, _ = run("anchor", "--write", claims, "--source-text", folder, cwd=checkout)
    assert code == 1
    assert out.startswith("seeds/sources/harbor-notice/claims.json:1:")
    assert "nearest: 'the harbor opens'" in out
    assert claims.read_bytes() == before


def test_fix_mends_the_form_and_says_so(run: Run, checkout: Path) -> None:
    file = checkout / "seeds" / "events" / "trump-maduro-call.json"
    before = file.read_bytes()
    file.write_bytes(json.dumps(json.loads(before)).encode())
    code, out, err = run("validate", "--fix", "--skip", "package", cwd=checkout)
    assert code == 0
    assert out.splitlines()[-1].startswith("ok: ")
    assert err == "mended: seeds/events/trump-maduro-call.json: written in the normal form\n"
    assert file.read_bytes() == before


def test_diff_names_the_changed_field_and_ends_in_1(run: Run, checkout: Path, root: Path) -> None:
    assert run("diff", root, ".", cwd=checkout)[:2] == (0, "0 records added, 0 changed, 0 removed\n")
    file = checkout / "seeds" / "events" / "aviation-exhibition.json"
    file.write_text(file.read_text("utf-8").replace('"maracaibo"', '"maracay"'), "utf-8")
    code, out, _ = run("diff", root, ".", cwd=checkout)
    assert code == 1
    assert "aviation-exhibition" in out
    assert "place_id" in out
    code, out, _ = run("diff", root, ".", "--format", "markdown", cwd=checkout)
    assert code == 1
    assert "maracay" in out


def test_explain_gives_reason_and_examples_and_lists_all_rules(run: Run, checkout: Path) -> None:
    code, out, _ = run("explain", "dates-are-ordered", cwd=checkout)
    assert code == 0
    for title in ("Holds:", "Why:", "Bad:", "Good:"):
        assert f"\n{title}" in out
    code, out, _ = run("explain", cwd=checkout)
    assert code == 0
    assert all(f"\n  {rule}\n" in out for rule in CODES)
    code, _, err = run("explain", "dates-are-orderd", cwd=checkout)
    assert (code, err.partition(" or ")[0]) == (2, "error: no rule 'dates-are-orderd'; did you mean dates-are-ordered")


def test_doctor_says_which_data_and_layers_there_are(run: Run, checkout: Path) -> None:
    code, out, _ = run("doctor", cwd=checkout)
    assert code == 0
    facts = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert facts["place"] == f"checkout: {checkout}"
    assert facts["layers"] == "reading, shape, rules, package, freshness"
    assert json.loads(run("doctor", "--format", "json", cwd=checkout)[1])["venezuela-data"] == facts["venezuela-data"]


def test_inside_github_actions_findings_become_annotations_and_a_summary(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = checkout / "seeds" / "events" / "trump-maduro-call.json"
    file.write_text(file.read_text("utf-8").replace('"call"', '"cal"'), "utf-8")
    summary = tmp_path / "summary.md"
    command = [sys.executable, "-m", "venezuela_data", "validate"]
    environment = {**os.environ, "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "::error file=seeds/events/trump-maduro-call.json,line=4,col=11,title=terms-are-defined::" in done.stdout
    assert "terms-are-defined" in summary.read_text("utf-8")


@pytest.mark.parametrize(
    "command",
    [
        *(
            "validate",
            "validate --format json",
            "validate --format junit",
            "fmt --check",
            "fmt --diff",
            "build",
            "build --check",
        ),
        *("cat actors", "show x", "diff . .", "validate --fix", "new\n::error::x", "show ##[x"),
    ],
)
def test_no_command_prints_what_a_runner_would_obey(checkout: Path, command: str) -> None:
    (checkout / "seeds" / "events" / "trump-maduro-call.json").write_bytes(
        b"{\n::error file=README.md,line=1::PWNED\n##[error]PWNED\n}\n"
    )
    environment = {**os.environ, "GITHUB_ACTIONS": "true"}
    words = ["new\n::error::x"] if command.startswith("new") else command.split(" ")
    call = [sys.executable, "-m", "venezuela_data", *words]
    done = subprocess.run(call, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2)
    own = re.compile(r"::(error|warning) file=seeds/|::stop-commands::[0-9a-f]{32}$|::[0-9a-f]{32}::$")
    for line in (done.stdout + done.stderr).splitlines():
        assert not re.match(r"\s*::|.*##\[", line) or own.match(line), line


def test_what_is_written_to_a_file_stays_as_it_is_in_actions(checkout: Path, tmp_path: Path) -> None:
    path = checkout / "seeds" / "events" / "trump-maduro-call.json"
    seed = json.loads(path.read_text("utf-8"))
    seed["description"] = "A note ##[error] on the call."
    path.write_text(json.dumps(seed, ensure_ascii=False, indent=2) + "\n", "utf-8")
    environment = {**os.environ, "GITHUB_ACTIONS": "true"}
    for form in ("csv", "json", "jsonl"):
        call = [sys.executable, "-m", "venezuela_data", "cat", "events", "--format", form]
        with (tmp_path / form).open("wb") as file:
            subprocess.run(call, cwd=checkout, env=environment, stdout=file, check=True)
        assert b"##[error]" in (tmp_path / form).read_bytes()
        printed = subprocess.run(call, cwd=checkout, env=environment, capture_output=True, check=True).stdout
        assert b"##[" not in printed
        if form == "json":
            assert json.loads(printed) == json.loads((tmp_path / form).read_bytes())


def test_the_command_line_prints_by_ways_that_take_commands_out() -> None:
    from venezuela_data import cli

    code = "".join(path.read_text("utf-8") for path in Path(cli.__file__).parent.glob("*.py"))
    assert code.count("click.echo(") == 1
    assert code.count("stdout.buffer.write(") == 1
    assert "print(" not in code.replace("_print_report(", "").replace("fingerprint(", "")


@pytest.mark.parametrize("kind", ["pipe", "device", "link", "folder"])
def test_a_text_that_is_no_plain_file_is_a_complaint(run: Run, checkout: Path, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "text.txt"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to(checkout / "seeds")
    elif kind == "folder":
        path.mkdir()
    code, out, err = run("new", "source", "harbor-notice", "--text", "/dev/zero" if kind == "device" else path, cwd=checkout)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
