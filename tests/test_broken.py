"""Every rule finds its fault: one small broken tree for each, with the transcript of the command that judges it.

A folder `tests/broken/<rule>/` holds an invented tree and `expected.txt`: the command, its whole output, and its exit code.
The command runs in a copy of the folder, in this process, and must print the transcript byte for byte. After a change of
wording `python tests/test_broken.py` writes every transcript anew; read the difference before you commit it. A new tree
needs only the first line of its transcript. Nothing here edits a tree, runs in the checkout itself, or fetches.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

import pytest

from venezuela_data.cli import TEXTS, main
from venezuela_data.validation import CODES

BROKEN = Path(__file__).parent / "broken"
TRANSCRIPT = "expected.txt"
FOLDERS = sorted(path.name for path in BROKEN.iterdir())

FINDING = re.compile(r"(?P<path>\S+):(?P<line>[0-9]+):(?P<column>[0-9]+): (?P<rule>[a-z0-9-]+): \S.*")
Place = tuple[str, int, int, str]


def run(command: list[str], folder: Path) -> tuple[bytes, int]:
    """Run a command line of ours in a folder; give all that it prints, and its exit code."""
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    code = 0
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        patch.object(sys, "argv", command),
        patch.dict(os.environ),
    ):
        # Whoever runs the tests may have the folder of real texts in the environment.
        os.environ.pop(TEXTS, None)
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    buffer = printed.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue(), code


def command_of(folder: Path) -> list[str]:
    """Give the command of a folder's transcript."""
    first = (folder / TRANSCRIPT).read_text(encoding="utf-8").partition("\n")[0]
    assert first.startswith("$ venezuela-data validate "), f"{folder.name}: the transcript begins with {first!r}"
    return shlex.split(first.removeprefix("$ "))


def output_of(folder: Path) -> tuple[str, str]:
    """Give what a folder's transcript has between the command and the last line, and that line."""
    _, *output, end = (folder / TRANSCRIPT).read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(output), end


def transcript(folder: Path) -> bytes:
    """Give the transcript of a folder as it should be."""
    command = command_of(folder)
    output, code = run(command, folder)
    return f"$ {shlex.join(command)}\n".encode() + output + f"exit {code}\n".encode()


def copied(name: str, to: Path) -> Path:
    """Copy a broken tree, its links as links, so that no run can change it or find a checkout above it."""
    return Path(shutil.copytree(BROKEN / name, to / name, symlinks=True))


def contents(folder: Path) -> dict[str, bytes | str]:
    """Give the bytes of every file below a folder, and where each link leads."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    links = {name: str(path.readlink()) for name, path in paths.items() if path.is_symlink()}
    return links | {name: path.read_bytes() for name, path in paths.items() if path.is_file() and name not in links}


def places_in_text(output: str) -> list[Place]:
    """Read the findings off the text format: every line that is neither indented nor the last nor a note."""
    *lines, summary = [line for line in output.splitlines() if not line.startswith(("    ", "note: "))]
    assert summary.startswith("failed: ")
    places = []
    for line in lines:
        match = FINDING.fullmatch(line)
        assert match is not None, f"no finding: {line!r}"
        places.append((match["path"], int(match["line"]), int(match["column"]), match["rule"]))
    return places


@pytest.mark.parametrize("name", FOLDERS)
def test_the_command_prints_the_transcript_and_leaves_the_tree_alone(name: str, tmp_path: Path) -> None:
    folder = copied(name, tmp_path)
    assert transcript(folder).decode() == (BROKEN / name / TRANSCRIPT).read_bytes().decode()
    assert contents(folder) == contents(BROKEN / name)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_transcript_has_findings_of_its_own_rule_alone(name: str) -> None:
    output, end = output_of(BROKEN / name)
    assert end == "exit 1\n"
    assert {rule for *_, rule in places_in_text(output)} == {name}


@pytest.mark.parametrize("name", FOLDERS)
def test_json_gives_the_findings_of_the_transcript(name: str, tmp_path: Path) -> None:
    folder = copied(name, tmp_path)
    printed, code = run([*command_of(folder), "--format", "json"], folder)
    report = json.loads(printed)
    places = [(one["path"], one["line"], one["column"], one["rule"]) for one in report["findings"]]
    assert places == places_in_text(output_of(folder)[0])
    assert (report["ok"], code) == (False, 1)


def test_every_rule_has_a_broken_tree_and_every_tree_a_rule() -> None:
    assert sorted(CODES) == FOLDERS


@pytest.mark.parametrize("code", CODES)
def test_the_first_sentence_of_a_rule_says_what_holds_and_the_rest_why(code: str) -> None:
    sentence, end, why = " ".join(CODES[code].split()).partition(". ")
    # A rule is named for a fact: it says how things are, not what somebody ought to do or what the validator does.
    assert re.match(r"[A-Z`]", sentence)
    assert len(sentence.split()) >= 4
    assert not re.search(r"\b(must|shall|ought|checks?|ensures?|validates?|verif(y|ies))\b", sentence, re.IGNORECASE)
    assert end
    assert why.endswith(".")


@pytest.mark.parametrize("name", FOLDERS)
def test_a_broken_tree_is_small_and_ends_its_text_files_with_a_line_feed(name: str) -> None:
    files = contents(BROKEN / name)
    assert all(data.endswith(b"\n") for data in files.values() if isinstance(data, bytes))
    # Only vocabularies come in a full set: a tree that has one has them all.
    assert len([path for path in files if not path.startswith("seeds/vocabularies/")]) <= 6


if __name__ == "__main__":
    for one in FOLDERS:
        with tempfile.TemporaryDirectory() as scratch:
            made = transcript(copied(one, Path(scratch)))
        (BROKEN / one / TRANSCRIPT).write_bytes(made)
