"""Follows the tutorial as it is written, in a copy of the checkout: every file, every command, every output that it shows.

Works on the blocks of docs/tutorial.md with bash, git and the installed command. Never writes the checkout, and nothing is
fetched: the block that clones and installs is the only one that is left out.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import venezuela_data as vd

PAGE = Path(__file__).parent.parent / "docs" / "tutorial.md"
DOCUMENT = "harbor-gazette-pier"
LAST_HEADING = "## Put it away"
MARKER = re.compile(
    r"\*\*(?P<kind>Once|Run|Write|Change|It prints)\*\*"
    r"(?: `(?P<path>[^`]+)`)?(?: \(leave (?P<kept>`.+`) as they are\))?(?: \(it ends with (?P<code>\d): .+\))?(?:, .+:)?"
)
REPLACE = re.compile(r"\*\*Replace\*\* `(?P<old>[^`]+)` by `(?P<new>[^`]+)` in `(?P<path>[^`]+)`")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the page tells to do, or says that is printed."""

    line: int
    kind: str
    path: str
    text: str
    kept: tuple[str, ...] = ()
    code: int = 0


def steps(page: str) -> Iterator[Step]:
    """Read the steps of a page; a block without its bold word is a fault of the page."""
    lines = page.split("\n")
    number, last, said = 0, "", 0
    while number < len(lines):
        line = lines[number]
        if found := REPLACE.fullmatch(line):
            yield Step(number + 1, "Replace", found["path"], f"{found['old']}\n{found['new']}")
        if line.startswith("```"):
            end = lines.index("```", number + 1)
            mark = MARKER.fullmatch(last)
            assert mark is not None, f"line {number + 1}: the block does not say what to do with it, but {last!r}"
            kept = tuple(re.findall("`([^`]+)`", mark["kept"] or ""))
            text = "\n".join(lines[number + 1 : end]) + "\n"
            yield Step(said, mark["kind"], mark["path"] or "", text, kept, int(mark["code"] or 0))
            number, last = end, ""
        elif line.strip():
            last, said = line, number + 1
        number += 1


def is_as_shown(shown: str, printed: str) -> bool:
    """Say whether an output is what a page shows, where `...` stands for any lines, or for any words within one."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else ".*?".join(map(re.escape, line.split("..."))) + "\n"
        for line in shown.rstrip("\n").split("\n")
    )
    return re.fullmatch(pattern, printed) is not None


class Learner:
    """Somebody who does what the page says, in a folder of their own."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.checkout = folder / "venezuela-data"
        for name in ("seeds", "datasets", "schema"):
            shutil.copytree(root / name, self.checkout / name)
        shutil.copy(root / ".gitattributes", self.checkout)
        self.env = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        self.printed = ""
        who = "-c user.name=Learner -c user.email=learner@example.org"
        done = self.bash(f"git init --quiet -b main && git add --all && git {who} commit --quiet --message Start")
        assert done.returncode == 0, done.stderr

    def bash(self, script: str) -> subprocess.CompletedProcess[str]:
        command = ["bash", "-euo", "pipefail", "-c", script]
        return subprocess.run(
            command, cwd=self.checkout, env=self.env, capture_output=True, encoding="utf-8", check=False, timeout=300
        )

    def do(self, step: Step) -> None:
        place = f"docs/tutorial.md:{step.line}"
        path = self.checkout / step.path
        if step.kind == "Run":
            done = self.bash(step.text)
            assert done.returncode == step.code, f"{place}: {done.returncode}\n{done.stdout}{done.stderr}"
            self.printed = done.stdout
        elif step.kind == "It prints":
            assert is_as_shown(step.text, self.printed), f"{place}: it prints\n{self.printed}"
        elif step.kind == "Write":
            path.write_text(step.text, "utf-8")
        elif step.kind == "Change":
            before = json.loads(path.read_text("utf-8"))
            assert set(step.kept) <= before.keys(), f"{place}: {sorted(before)}"
            path.write_text(json.dumps({name: before[name] for name in step.kept} | json.loads(step.text)), "utf-8")
        elif step.kind == "Replace":
            old, new = step.text.split()
            before_text = path.read_text("utf-8")
            assert old in before_text, place
            path.write_text(before_text.replace(old, new), "utf-8")
        else:
            assert step.kind == "Once"


def lesson_and_end() -> tuple[list[Step], list[Step]]:
    page = PAGE.read_text("utf-8")
    last = page[: page.index(LAST_HEADING)].count("\n") + 1
    found = list(steps(page))
    return [one for one in found if one.line < last], [one for one in found if one.line > last]


@pytest.fixture(scope="module")
def learner(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Learner:
    """Somebody who has followed the page up to its last heading; every step of it held."""
    for tool in ("bash", "git"):
        if shutil.which(tool) is None:
            pytest.skip(f"skipped: the tutorial cannot be followed without {tool}")
    one = Learner(tmp_path_factory.mktemp("tutorial"), root)
    for step in lesson_and_end()[0]:
        one.do(step)
    return one


def test_the_tutorial_has_one_block_that_is_not_run_and_every_other_kind_of_step() -> None:
    lesson, end = lesson_and_end()
    kinds = [one.kind for one in lesson + end]
    assert kinds.count("Once") == 1
    assert set(kinds) == {"Once", "Run", "Write", "Change", "Replace", "It prints"}
    assert [one.kind for one in end] == ["Run", "It prints"]


def test_the_document_of_the_tutorial_ends_in_the_tables(learner: Learner) -> None:
    data = vd.load(learner.checkout)
    assert data.sources[DOCUMENT].publisher_id == "harbor-gazette"
    assert [one.speaker_id for one in data.statements if one.source_id == DOCUMENT] == ["port-example-harbor-office"]
    assert [row["certainty"] for row in data.table("claims") if row["source_id"] == DOCUMENT] == ["certain"] * 4 + ["probable"]
    assert data.events["old-pier-closure"].place_id == "port-example"


def test_every_word_of_the_document_of_the_tutorial_is_covered(learner: Learner) -> None:
    done = learner.bash(f"venezuela-data coverage {DOCUMENT} --source-text ../texts --format json")
    (reading,) = json.loads(done.stdout)
    assert [one["left"] for one in reading["paragraphs"]] == [[], [], []]


def test_the_document_of_the_tutorial_is_put_away_without_a_trace(learner: Learner) -> None:
    for step in lesson_and_end()[1]:
        learner.do(step)
    assert learner.bash("git status --short").stdout == ""
    assert DOCUMENT not in vd.load(learner.checkout).sources.ids


def test_the_invented_document_is_not_in_the_data(root: Path) -> None:
    assert not (root / "seeds" / "sources" / DOCUMENT).exists()


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("one\ntwo\n", "one\ntwo\n", True),
        ("one\ntwo\n", "one\ntwo\nthree\n", False),
        ("...\ntwo\n", "two\n", True),
        ("...\ntwo\n", "one\none\ntwo\n", True),
        ("ok: ... rows\n", "ok: 17 rows\n", True),
        ("ok: ... rows\n", "ok: 17\nrows\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_an_output_is_held_to_what_the_page_shows(shown: str, printed: str, same: bool) -> None:
    assert is_as_shown(shown, printed) is same


def test_a_block_that_does_not_say_what_to_do_with_it_is_a_fault() -> None:
    with pytest.raises(AssertionError, match="line 3: the block does not say"):
        list(steps("Some words.\n\n```sh\ntrue\n```\n"))
