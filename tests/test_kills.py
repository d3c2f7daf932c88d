"""Whoever kills a command that writes, at whatever moment, leaves every file either old or new; the next run makes it good.

A command runs in a process of its own, which kills itself (SIGKILL, so that nothing can be tidied up) at the k-th moment at
which a file of the tree is touched: opened to write, written half, written whole, flushed, renamed, removed. No moment is
chosen by the clock. Works in copies under a temporary folder; never writes the checkout.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from venezuela_data.syntax import json_bytes

ROOT = Path(__file__).parent.parent
Contents = dict[str, bytes]

# The moments are far more than can be tried in the time of a test; the thorough profile tries them all.
MOMENTS = settings().max_examples // 10

LEFTOVER = re.compile(r"\.[A-Za-z0-9][A-Za-z0-9._-]*\.[a-z0-9_]{8}\.tmp")
"""What the temporary file of a write that was killed is called."""

RUNNER = '''
"""Run commands, each in a fork that is killed at its k-th moment; loading the package once makes that fast."""

import contextlib, io, json, os, sys

from venezuela_data import authoring, build, cli, validation  # what a command loads is no moment of it

moments, last, root = 0, 0, ""


def moment():
    global moments
    moments += 1
    if moments == last:
        os.kill(os.getpid(), 9)


def watch(event, given):
    if event in ("os.rename", "os.remove", "os.mkdir"):
        touched = given[0]
    elif event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
        touched = given[0]
    else:
        return
    if isinstance(touched, (str, bytes, os.PathLike)) and os.fsdecode(touched).startswith(root):
        moment()


class Halves:
    """A file that is written in two halves, with a moment after each."""

    def __init__(self, file):
        self.file = file

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.file.close()

    def __getattr__(self, name):
        return getattr(self.file, name)

    def write(self, data):
        half = len(data) // 2
        self.file.write(data[:half])
        self.file.flush()
        moment()
        self.file.write(data[half:])
        self.file.flush()
        moment()
        return len(data)


fdopen = os.fdopen


def opened(handle, mode="r", *given, **named):
    file = fdopen(handle, mode, *given, **named)
    return Halves(file) if "w" in mode else file


for line in sys.stdin:
    last, root, arguments = json.loads(line)
    child = os.fork()
    if not child:
        os.chdir(root)
        os.fdopen = opened
        os.fsync = lambda handle: moment()  # Whether a disk keeps what it was told to is not what is tried here.
        sys.addaudithook(watch)
        sys.argv = ["venezuela-data", *arguments]
        printed, code = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True), 0
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                cli.main()
            except SystemExit as end:
                code = int(end.code or 0)
        os.write(1, json.dumps([moments, printed.buffer.getvalue().decode()]).encode() + b"\\n")
        os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        os.write(1, b"[0, \\"\\"]\\n")
    os.write(1, json.dumps(os.waitstatus_to_exitcode(status)).encode() + b"\\n")
'''


class Commands:
    """Runs commands in a tree, whole or up to a moment."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def run(self, tree: Path, arguments: list[str], moment: int = 0) -> tuple[int, int, str]:
        """Run a command and kill it at a moment, if one is given: its exit code or signal, its moments, and its output."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([moment, str(tree), arguments]) + "\n")
        self.process.stdin.flush()
        moments, printed = json.loads(self.process.stdout.readline())
        return int(json.loads(self.process.stdout.readline())), moments, printed


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    if not hasattr(signal, "SIGKILL") or sys.platform == "win32":
        pytest.skip("skipped: kills, as this system has no SIGKILL and no fork")
    process = subprocess.Popen(
        [sys.executable, "-c", RUNNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    with process:
        yield Commands(process)
        assert process.stdin is not None
        process.stdin.close()


def contents(tree: Path) -> Contents:
    """Give the bytes of every file of a tree, what a killed write has left behind included."""
    return {path.relative_to(tree).as_posix(): path.read_bytes() for path in sorted(tree.rglob("*")) if path.is_file()}


def is_leftover(path: str) -> bool:
    return LEFTOVER.fullmatch(path.rpartition("/")[2]) is not None


def put(tree: Path, files: Contents) -> None:
    """Make a tree hold these files and no others."""
    shutil.rmtree(tree, ignore_errors=True)
    for path, data in files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(data)


def vocabularies() -> Contents:
    """The smallest seeds from which everything can be built: the controlled terms."""
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in (ROOT / "seeds" / "vocabularies").glob("*.json")}


def sample(moments: int) -> list[int]:
    """Choose moments: the first and the last ones, and some in between."""
    step = max(1, moments // MOMENTS)
    return sorted({*range(1, min(6, moments) + 1), *range(1, moments + 1, step), *range(max(1, moments - 2), moments + 1)})


class Killed:
    """A command that writes, with the tree before it and after it."""

    def __init__(self, commands: Commands, tree: Path, arguments: list[str], before: Contents) -> None:
        self.commands, self.tree, self.arguments, self.before = commands, tree, arguments, before
        put(tree, before)
        self.code, self.moments, printed = commands.run(tree, arguments)
        assert self.code == 0, printed
        self.after = contents(tree)
        assert self.after != before
        assert not any(map(is_leftover, self.after))

    def each(self) -> Iterator[Contents]:
        """Kill the command at one moment after the other, and give what the tree holds then."""
        assert self.moments >= 6
        for moment in sample(self.moments):
            put(self.tree, self.before)
            code, *_ = self.commands.run(self.tree, self.arguments, moment)
            assert code == -signal.SIGKILL
            yield contents(self.tree)

    def is_old_or_new(self, found: Contents) -> None:
        for path in self.before.keys() | self.after.keys():
            assert found.get(path) in (self.before.get(path), self.after.get(path)), path
        assert all(map(is_leftover, found.keys() - self.before.keys() - self.after.keys()))


def edited(files: Contents, change: Callable[[str, bytes], bytes], paths: set[str] | None = None) -> Contents:
    return {path: change(path, data) if paths is None or path in paths else data for path, data in files.items()}


def redefined(path: str, data: bytes) -> bytes:
    value = json.loads(data)
    value["description"] += " It was looked at again."
    return json_bytes(value)


def untidy(path: str, data: bytes) -> bytes:
    return (json.dumps(json.loads(data), ensure_ascii=False) + "\n").encode()


@pytest.fixture(params=["a first build", "a build after a change", "fmt", "validate --fix"])
def killed(request: pytest.FixtureRequest, commands: Commands, tmp_path: Path) -> Killed:
    tree = tmp_path / "tree"
    seeds = vocabularies()
    some = set(sorted(seeds)[:4])
    if request.param == "a first build":
        return Killed(commands, tree, ["build"], seeds)
    if request.param == "fmt":
        return Killed(commands, tree, ["fmt"], edited(seeds, untidy, some))
    if request.param == "validate --fix":
        from venezuela_data.cli.checking import validate

        if not any("--fix" in one.opts for one in validate.params):
            pytest.skip("skipped: kills of validate --fix, as there is no such option")
        return Killed(commands, tree, ["validate", "--fix", "--skip", "package,freshness"], edited(seeds, untidy, some))
    put(tree, seeds)
    assert commands.run(tree, ["build"])[0] == 0
    # One vocabulary is gone, so that the build also has a file to remove.
    gone = "seeds/vocabularies/standing.json"
    changed = {path: data for path, data in edited(contents(tree), redefined, set(seeds)).items() if path != gone}
    return Killed(commands, tree, ["build"], changed)


def test_every_file_is_old_or_new(killed: Killed) -> None:
    leftovers = 0
    for found in killed.each():
        killed.is_old_or_new(found)
        leftovers += sum(map(is_leftover, found))
    assert leftovers, "no moment lay between the writing of a file and its renaming: the kills miss what they are for"


def test_the_next_run_makes_the_tree_what_it_would_have_been(killed: Killed) -> None:
    for _ in killed.each():
        code, _, printed = killed.commands.run(killed.tree, killed.arguments)
        assert code == 0, printed
        assert contents(killed.tree) == killed.after
