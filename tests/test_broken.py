"""Every rule finds its fault: one small broken tree for each, with the transcript of the command that judges it.

A folder `tests/broken/<rule>/` holds an invented tree; `expected.txt`: the command, its whole output, and its exit code, which
a run in a copy of the folder must print byte for byte; and `mended.json`: what mends the tree (see `mend`). From the three
come the examples of `explain`. After a change of wording `python tests/test_broken.py` writes transcripts and examples anew;
read the difference before you commit it. A new tree needs the first line of its transcript, and `mended.json`.
Nothing here edits a tree, runs in the checkout itself, or fetches.
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
import zipfile
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from venezuela_data.build import artefacts
from venezuela_data.cli import TEXTS, main
from venezuela_data.findings import SHOWN_LINE
from venezuela_data.place import find_place
from venezuela_data.store import Tree, read_history, write_files
from venezuela_data.validation import CODES, read_records

BROKEN = Path(__file__).parent / "broken"
TRANSCRIPT = "expected.txt"
MENDED = "mended.json"
EXAMPLES = Path(__file__).parent.parent / "venezuela_data" / "examples.json"
EXCERPT = 6
"""Lines of a file that an example shows at most."""
ACTIONS = ("from path to", "content path", "path remove", "move path", "encoding path", "pack path", "build", "show")
"""The fields of each action that mends a tree."""
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
        # Whoever runs the tests may have the folder of real texts in the environment, or run them inside GitHub Actions.
        for name in (TEXTS, "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
            os.environ.pop(name, None)
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


def actions_of(folder: Path) -> list[dict[str, Any]]:
    """Read how a tree is mended, each text that is given as a list of lines joined."""
    actions: list[dict[str, Any]] = json.loads((folder / MENDED).read_text(encoding="utf-8"))
    return [{key: "\n".join(one) if isinstance(one, list) else one for key, one in action.items()} for action in actions]


def mend(folder: Path, actions: list[dict[str, Any]]) -> None:
    """Mend a copy of a broken tree. Each action is one of these; a text may be a list of lines.

    - `path`, `from`, `to`: the exact text `from`, which the file has once, becomes `to`;
    - `path`, `content`: the file has these lines;
    - `path`, `remove` (true): the file, link or folder goes;
    - `path`, `move`: the file goes to another place, and replaces what is there;
    - `path`, `encoding`: the file, written in that encoding, is saved as UTF-8;
    - `path`, `pack`: the zip file has these members, each a name and its lines;
    - `build` (true): `datasets/` and `schema/` are built;
    - `show`: nothing is done; the example is the first finding in this file, not the first of all.
    """
    for action in actions:
        assert " ".join(sorted(action)) in ACTIONS, f"{folder.name}: no action that is known: {action}"
        target = folder / action.get("path", "")
        match action:
            case {"path": _, "from": old, "to": new}:
                text = target.read_bytes().decode("utf-8")
                assert text.count(old) == 1, f"{folder.name}: {old!r} stands {text.count(old)} times in {action['path']}"
                target.write_bytes(text.replace(old, new).encode("utf-8"))
            case {"path": _, "content": text}:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(f"{text}\n".encode())
            case {"path": _, "remove": True}:
                if target.is_dir() and not target.is_symlink():
                    shutil.rmtree(target)
                else:
                    target.unlink()
            case {"path": _, "move": to}:
                (folder / to).parent.mkdir(parents=True, exist_ok=True)
                target.replace(folder / to)
            case {"path": _, "encoding": name}:
                target.write_bytes(target.read_bytes().decode(name).encode("utf-8"))
            case {"path": _, "pack": members}:
                with zipfile.ZipFile(target, "w") as archive:
                    for member, lines in members.items():
                        archive.writestr(zipfile.ZipInfo(member), "".join(f"{line}\n" for line in lines))
            case {"build": True}:
                write_files(folder, artefacts(read_records(find_place(folder)).records, read_history(Tree(folder))))
            case {"show": str()}:
                pass
            case _:
                raise AssertionError(f"{folder.name}: an action that cannot be done: {action}")


def lines_at(path: Path) -> list[str]:
    """Give the lines of a file for an example."""
    lines = path.read_bytes().decode("utf-8", "backslashreplace").removesuffix("\n").split("\n")
    return [line if len(line) <= SHOWN_LINE else line[: SHOWN_LINE - 1] + "…" for line in lines]


def instead_of_lines(path: Path) -> list[str]:
    """Say what stands where a file of text should, or nothing if there is one; of an archive, its members."""
    if path.is_symlink():
        return [f"(a link to {path.readlink()})"]
    if path.is_dir():
        return ["(a folder)"]
    if not path.is_file():
        return ["(no such file)"]
    if path.suffix != ".zip":
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            return [f"{one.filename}: {one.file_size:,} bytes, packed {one.compress_size:,}" for one in archive.infolist()]
    except zipfile.BadZipFile:
        return ["(no archive that can be read)"]


def same_place(bad: list[str], good: list[str], line: int) -> tuple[range, range]:
    """Give the lines, as indices, that show a finding, and those that show the same place after mending.

    Both hold the nearest change where it is near enough to be seen with the finding; else the second holds it alone.
    """
    at = max(line, 1) - 1
    changes = [codes[1:] for codes in SequenceMatcher(None, bad, good, autojunk=False).get_opcodes() if codes[0] != "equal"]
    first, last, new_first, new_last = min(changes, key=lambda one: max(one[0] - at, at + 1 - one[1]), default=(at,) * 4)
    low, high, growth = min(at, first), max(at + 1, last), max((new_last - new_first) - (last - first), 0)
    if high - low + growth > EXCERPT:
        return around(range(at, at + 1), len(bad)), around(range(new_first, new_last), len(good))
    seen = around(range(low, high), len(bad), EXCERPT - growth)
    mended = range(new_first - (first - seen.start), new_last + seen.stop - last)
    # Where lines went, what stands around the place shows that they did.
    return seen, mended if len(mended) > 2 else around(mended, len(good))


def around(seen: range, lines: int, most: int = EXCERPT) -> range:
    """Widen a run of lines to as many as an example shows at most, or cut it to as many."""
    low = max(seen.start - max(most - len(seen) + 1, 0) // 2, 0)
    return range(low, min(max(seen.stop, low + most), lines))[:most]


def example(name: str, scratch: Path) -> dict[str, Any]:
    """Give the bad and the good example of a rule, as `explain` shows them: around a finding, and there after mending."""
    folder = copied(name, scratch)
    actions = actions_of(folder)
    output, _ = output_of(folder)
    show = next((action["show"] for action in actions if "show" in action), None)
    found = [match for match in map(FINDING.fullmatch, output.splitlines()) if match and show in (None, match["path"])]
    path, line = found[0]["path"], int(found[0]["line"])
    before = contents(folder)
    no_text = instead_of_lines(folder / path)
    bad = no_text or lines_at(folder / path)
    mend(folder, actions)
    after = contents(folder)
    # What is shown is the file of the finding, where it lies now; if it needed no change, the first that did.
    moved = {action["path"]: action["move"] for action in actions if "move" in action}
    touched = [path, moved.get(path, path), *(action["path"] for action in actions if "path" in action)]
    mended = next(one for one in touched if one in after and after[one] != before.get(one))
    good = instead_of_lines(folder / mended)
    numbered = not good
    good = good or lines_at(folder / mended)
    if no_text or not numbered:
        seen, shown = range(EXCERPT), range(EXCERPT)
    elif mended in (path, moved.get(path)):
        seen, shown = same_place(bad, good, line)
    else:
        old = before.get(mended)
        seen = around(range(max(line, 1) - 1, max(line, 1)), len(bad))
        shown = same_place(old.decode().splitlines() if isinstance(old, bytes) else [], good, 0)[1]
    return {
        "bad": {
            "path": path,
            "line": line,
            "start": 0 if no_text else seen.start + 1,
            "excerpt": bad[seen.start : seen.stop],
            "finding": found[0][0],
        },
        "good": {"path": mended, "start": shown.start + 1 if numbered else 0, "excerpt": good[shown.start : shown.stop]},
    }


def all_examples() -> bytes:
    """Give the examples of every rule, as the package holds them: in ASCII, for some are about characters that are not."""
    examples = {}
    for name in FOLDERS:
        with tempfile.TemporaryDirectory() as scratch:
            examples[name] = example(name, Path(scratch))
    return (json.dumps(examples, indent=2) + "\n").encode("ascii")


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


@pytest.mark.parametrize("name", FOLDERS)
def test_a_mended_tree_has_no_finding_of_any_rule(name: str, tmp_path: Path) -> None:
    folder = copied(name, tmp_path)
    command = command_of(folder)
    mend(folder, actions_of(folder))
    if "--select" in command:
        at = command.index("--select")
        del command[at : at + 2]
    output, code = run([*command, "--format", "json"], folder)
    assert (json.loads(output)["findings"], code) == ([], 0)


@pytest.mark.parametrize("name", FOLDERS)
def test_an_example_shows_the_place_of_a_finding_and_what_became_of_it(name: str, tmp_path: Path) -> None:
    one = example(name, tmp_path)
    bad, good = one["bad"], one["good"]
    assert bad["finding"] in output_of(BROKEN / name)[0].splitlines()
    assert bad["finding"].startswith(f"{bad['path']}:{bad['line']}:")
    if bad["line"]:
        assert bad["start"] <= bad["line"] < bad["start"] + len(bad["excerpt"])
    assert (bad["path"], bad["excerpt"]) != (good["path"], good["excerpt"])
    for excerpt in (bad["excerpt"], good["excerpt"]):
        assert 1 <= len(excerpt) <= EXCERPT
        assert all(len(line) <= SHOWN_LINE for line in excerpt)


def test_the_examples_of_the_package_are_those_of_the_broken_trees() -> None:
    assert EXAMPLES.read_bytes() == all_examples(), "run `python tests/test_broken.py`, and read the difference"


@pytest.mark.parametrize(
    "action",
    [
        {"path": "a.txt", "from": "a", "to": "b"},
        {"path": "a.txt", "from": "x", "to": "b"},
        {"path": "a.txt", "content": "b", "remove": True},
        {"path": "a.txt", "delete": True},
        {"path": "a.txt", "remove": False},
    ],
)
def test_a_mending_that_is_not_plain_is_refused(action: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a a\n")
    with pytest.raises(AssertionError):
        mend(tmp_path, [action])
    assert (tmp_path / "a.txt").read_text() == "a a\n"


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
    assert all(data.endswith(b"\n") for path, data in files.items() if isinstance(data, bytes) and not path.endswith(".zip"))
    # Only vocabularies come in a full set: a tree that has one has them all.
    assert len([path for path in files if path != MENDED and not path.startswith("seeds/vocabularies/")]) <= 6


if __name__ == "__main__":
    for one in FOLDERS:
        with tempfile.TemporaryDirectory() as scratch:
            made = transcript(copied(one, Path(scratch)))
        (BROKEN / one / TRANSCRIPT).write_bytes(made)
    EXAMPLES.write_bytes(all_examples())
