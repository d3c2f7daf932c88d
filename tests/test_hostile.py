"""Gives the validator every hostile file of `hostile.py`, one by one, each in a process of its own with little room and time.

The process is forked from one that has loaded everything; what it opens, and every socket or program that it reaches for, is
written down by an audit hook. A process that is killed by its limits is a fault. The limits are guards: no test measures time.
"""

from __future__ import annotations

import gc
import io
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hostile import CANARY, SOUND, Case, cases, write

import venezuela_data

CASES = {case.id: case for case in cases()}
MEMORY = 1 << 30
SECONDS = 10
WORKERS = 4
FORMATS = ("json", "github", "sarif", "junit", "markdown")
TRIED = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork", "urllib.Request", "ctypes.dlopen")
"""Audit events that a validation has no reason for."""
OPENED = ("open", "os.listdir", "os.scandir", "glob.glob")
"""Audit events that name what is opened."""
ALLOWED = (str(Path(venezuela_data.__file__).parent.parent), sys.prefix, sys.base_prefix, "/dev/null")
"""Where Python and this package lie: modules and the installed vocabularies may be read."""

RULES_OF: dict[str, set[str]] = {
    "zip": {"archives-are-plain", "archives-are-bounded", "paths-stay-in-the-tree", "files-are-regular"},
    "deep": {"nesting-is-bounded"},
    "confusable": {"names-are-not-confusable", "values-have-their-form"},
    "hidden": {"values-have-their-form"},
    "formulas": {"cells-are-not-formulas", "values-have-their-form"},
    "dialect": {"tables-conform-to-their-schemas", "csv-is-well-formed"},
    "cells": {"tables-conform-to-their-schemas", "files-are-bounded"},
    "keys": {"unique-keys-are-unique", "tables-conform-to-their-schemas"},
    "pipes": {"files-are-regular"},
    "sparse": {"files-are-regular"},
    "links": {"paths-stay-in-the-tree"},
    "patterns": {"patterns-run-in-linear-time", "tables-conform-to-their-schemas"},
}
"""For categories of one kind: the rules of which one at least is broken."""
OURS = re.compile(
    r"::(error|warning|notice) (file=(?!README)|title=)|::notice::[0-9]|::stop-commands::[0-9a-f]{32}$|::[0-9a-f]{32}::$"
)
"""The workflow commands that a report has by itself."""
PASSING_ON = {"zip-bad-package", "zip-zip-in-zip"}
"""Archives that are sound themselves, with a package in them that is not."""


# The process that is watched --------------------------------------------------------------------------------------------


def watch(case: Case, folder: Path, scratch: Path) -> None:
    """Validate one case in this process, which ends with it, and write down all that it did."""
    from venezuela_data.cli import main

    opened: list[str] = []
    tried: list[str] = []
    record = scratch / f"{case.id}.json"

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event in OPENED and isinstance(given[0], (str, bytes)):
            # A folder that is listed is the one that a link leads to; a file is opened without following one at its end.
            opened.append(os.fsdecode(given[0]) if event == "open" else os.path.realpath(os.fsdecode(given[0])))
        elif event.startswith(TRIED):
            tried.append(f"{event} {given!r}"[:200])

    temporary = scratch / f"{case.id}.tmp"
    temporary.mkdir()
    os.environ.clear()
    os.environ.update({"HOME": str(folder.parent), "TMPDIR": str(temporary), "PATH": ""})
    tempfile.tempdir = None
    os.chdir(folder)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A process that waits uses no time of the processor; one that does so on a busy machine may wait a little longer.
    signal.alarm(3 * SECONDS)
    printed = io.BytesIO()
    sys.stdout = sys.stderr = io.TextIOWrapper(printed, encoding="utf-8", errors="strict", write_through=True)
    sys.addaudithook(hook)
    formats = ["text", FORMATS[sum(case.id.encode()) % len(FORMATS)]]
    ends: list[tuple[int, str]] = []
    for form in formats:
        printed.seek(0)
        printed.truncate()
        sys.argv = ["venezuela-data", "validate", case.argument, "--skip", "freshness", "--format", form]
        code: object = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
        ends.append((int(str(code)), printed.getvalue().decode("utf-8")))
    told = {
        "folder": str(folder),
        "temporary": str(temporary),
        "ends": ends,
        "formats": formats,
        "opened": list(opened),
        "tried": list(tried),
        "left": [one.name for one in temporary.iterdir()],
    }
    opened.clear()
    record.write_text(json.dumps(told), "utf-8")
    os._exit(0)


def work(folder: Path, scratch: Path, share: int) -> None:
    """Fork one process after the other, one for each case of this share, from one that has loaded what a validation loads."""
    import frictionless  # noqa: F401  # loaded here, so that no case loads it

    import venezuela_data.cli  # noqa: F401
    from venezuela_data import validation

    # One sound package and one sound tree load what is only loaded when it is needed.
    validation.validate()
    warm = scratch / f"warm-{share}"
    warm.mkdir()
    (warm / "datapackage.json").write_text('{"name":"a","resources":[{"name":"a","path":"a.csv"}]}', "utf-8")
    (warm / "a.csv").write_text("id\n1\n", "utf-8")
    report = validation.validate(warm)
    with zipfile.ZipFile(warm / "x.zip", "w") as archive:
        archive.write(warm / "a.csv", "datapackage.json")
    validation.validate(warm / "x.zip")
    for form in ("text", *FORMATS):
        report.render(form)
    gc.freeze()
    for case in list(CASES.values())[share::WORKERS]:
        child = os.fork()
        if not child:
            try:
                watch(case, folder / case.id, scratch)
            except BaseException as error:
                os.write(2, f"{case.id}: {type(error).__name__}: {error}\n".encode())
            finally:
                os._exit(99)
        _, status, used = os.wait4(child, 0)
        (scratch / f"{case.id}.end").write_text(json.dumps([os.waitstatus_to_exitcode(status), used.ru_maxrss]), "utf-8")


# What is asked of what it did -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make every case and run it; give the folder with what each did."""
    folder = tmp_path_factory.mktemp("hostile")
    scratch = tmp_path_factory.mktemp("scratch")
    write(folder)
    command = [sys.executable, __file__, str(folder), str(scratch)]
    running = [subprocess.Popen([*command, str(share)], stderr=subprocess.PIPE, text=True) for share in range(WORKERS)]
    for one in running:
        _, errors = one.communicate()
        assert one.returncode == 0, errors
    return scratch


def told(ran: Path, name: str) -> dict[str, Any]:
    end, _ = json.loads((ran / f"{name}.end").read_text("utf-8"))
    assert end == 0, f"the process of {name} ended with {end}"
    found: dict[str, Any] = json.loads((ran / f"{name}.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_is_refused_with_a_finding_or_a_complaint(ran: Path, name: str) -> None:
    for (code, printed), form in zip(told(ran, name)["ends"], told(ran, name)["formats"], strict=True):
        assert code == (2 if CASES[name].unusable else 1), f"{form}: {printed[:2000]}"
        assert "Traceback" not in printed
        assert printed.endswith("\n")
        if form == "json" and code == 1:
            assert json.loads(printed)["findings"]


@pytest.mark.parametrize("name", CASES)
def test_what_is_printed_has_no_control_no_secret_and_no_command_of_anothers(ran: Path, name: str) -> None:
    for (_, printed), form in zip(told(ran, name)["ends"], told(ran, name)["formats"], strict=True):
        assert printed.replace("\n", "").isprintable()
        assert CANARY not in printed
        assert form != "text" or len(printed) < 2_000_000
        if form == "github":
            for line in printed.splitlines():
                assert OURS.match(line) or not re.match(r"\s*::|.*##\[", line), line


@pytest.mark.parametrize("name", CASES)
def test_nothing_outside_is_opened_and_nothing_is_reached_for(ran: Path, name: str) -> None:
    did = told(ran, name)
    assert did["tried"] == []
    assert did["left"] == []
    # What is opened relative to a folder that is open is a plain name, which neither climbs nor follows a link.
    places = [one for one in did["opened"] if one.startswith("/") or ".." in one]
    allowed = (did["folder"], did["temporary"], *ALLOWED)
    assert [one for one in places if not any(one == place or one.startswith(f"{place}/") for place in allowed)] == []


@pytest.mark.parametrize(
    "case", [case for case in CASES.values() if case.category in RULES_OF and not case.unusable], ids=lambda case: case.id
)
def test_the_finding_is_of_a_rule_that_fits(ran: Path, case: Case) -> None:
    (_, printed), _ = told(ran, case.id)["ends"]
    found = set(re.findall(r"^\S+:[0-9]+:[0-9]+: ([a-z0-9-]+): ", printed, re.MULTILINE))
    assert found & RULES_OF[case.category] or case.id in PASSING_ON, printed[:2000]


@pytest.mark.parametrize("case", SOUND, ids=lambda case: case.id)
def test_what_the_hostile_files_are_made_from_is_in_order(case: Case, run: Any, tmp_path: Path) -> None:
    case.make(tmp_path)
    code, printed, _ = run("validate", case.argument, "--skip", "freshness", cwd=tmp_path)
    assert code == 0, printed


def test_there_are_hostile_files_of_every_category() -> None:
    found = [case.category for case in CASES.values()]
    assert len(found) >= 100
    assert {*"json csv jsonl zip paths links pipes sparse deep numbers bidi hidden markup commands".split()} <= set(found)
    assert {*"patterns counts confusable formulas vocabularies seeds built place".split()} <= set(found)


if __name__ == "__main__":
    work(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
