"""The data in the state that a person names: a path, a version of the data, or a git revision of the checkout.

Git is asked for a commit, the list of its seeds and their bytes, and for nothing else: no hook, filter, pager or other program
that a repository configures is run, and no network reached. How much it prints and how long it takes is bounded. Nothing in the
checkout is written. May import whatever stands before `revisions` in the order of modules.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer

from . import store
from .findings import Finding, Report, counted, escaped, shown, sorted_report
from .place import Place, UsageError, find_place
from .records import Records
from .store import MAX_FILE, MAX_FILES, MAX_PATH, MAX_TREE, UnreadableError
from .validation import read_records

SECONDS = 120
"""How long git may take for one answer."""
MAX_REVISION = 200
"""Characters of the name of a revision at most."""

_NO_PROGRAMS = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never")
_ENVIRONMENT = {
    # A repository may allow itself one protocol that runs a program; only the environment overrules that.
    "GIT_ALLOW_PROTOCOL": "none",
    # An object that is missing is not fetched, and one that is there is not replaced by another.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# The first character keeps a name from being an option, and no character leads from a commit to a file of it, or is a wildcard.
_REVISION = re.compile(rf"[^-\s:?*\[\\][^\s:?*\[\\]{{0,{MAX_REVISION - 1}}}")
_LISTED = re.compile(rb"([0-7]{6}) ([a-z]+) ([0-9a-f]{40,64}) +([0-9]+|-)\t(.+)", re.DOTALL)


class UnreadableRecordsError(UsageError):
    """The records of a state cannot all be read; `report` has every finding."""

    def __init__(self, given: str, report: Report) -> None:
        self.report = report
        first = report.findings[0]
        place = escaped(first.place if first.line else first.path)
        super().__init__(
            f"{shown(given)} cannot be used, as its records cannot all be read: {counted(len(report.findings), 'finding')}, "
            f"the first at {place}: {escaped(first.message)}"
        )


class GitError(Exception):
    """Git gave no answer; the message is what it said, and empty where it said nothing."""


def records_at(given: str, here: Place, records_of_version: Callable[[str], Records | None] | None = None) -> Records:
    """Give the records in the state that is named: by a path, else by a version of the data, else by a git revision.

    Of two things with one name the path wins, then the version. A revision can always be named in another way (`heads/main`,
    `HEAD~1^0`), and so can a path (`./main`).

    Args:
        given: a checkout, a folder of built data, its `datapackage.json` or a release zip; or a version; or a revision.
        here: the place that one stands in; revisions are those of its repository, and only its seeds are read of them.
        records_of_version: gives the records of a version of the data, and None where there is no such version.

    Raises:
        UnreadableRecordsError: there are records of that name, and they cannot all be read.
        UsageError: nothing that is known has that name.
    """
    if os.path.lexists(given):
        return _at_path(given)
    records = records_of_version(given) if records_of_version is not None and _is_nameable(given) else None
    if records is not None:
        return records
    try:
        commit = _commit(given, here)
    except GitError as error:
        missing = f"no file or folder, no version of the data and no git revision is called {shown(given)}"
        raise UsageError(f"{missing}: {error}") from None
    try:
        return _at_commit(given, commit, here.root)
    except GitError as error:
        raise UsageError(f"the revision {shown(given)} cannot be read: {error}") from None


def git(root: Path, *arguments: str, limit: int, given: bytes = b"") -> bytes:
    """Run one command of git that only reads, in a folder of a checkout, and give what it prints.

    Args:
        root: the folder.
        arguments: the command and its arguments.
        limit: bytes that it may print.
        given: what it reads from standard input.

    Raises:
        GitError: git is not installed, is not content, or prints more or takes longer than it may.
    """
    program = shutil.which("git")
    if program is None:
        raise GitError("git, which knows revisions, is not installed")
    # What another git has set for its own children, such as the repository that it works on, is not meant for this one.
    inherited = {name: value for name, value in os.environ.items() if not re.match("GIT_(?!CONFIG_)", name)}
    command = [program, *_NO_PROGRAMS, *arguments]
    with tempfile.TemporaryFile() as words, tempfile.TemporaryFile() as complaints:
        words.write(given)
        words.seek(0)
        with subprocess.Popen(  # noqa: S603  # the program is git, and no shell sees an argument
            command, cwd=root, env=inherited | _ENVIRONMENT, stdin=words, stdout=subprocess.PIPE, stderr=complaints
        ) as process:
            assert process.stdout is not None
            timer = Timer(SECONDS, process.kill)
            timer.start()
            try:
                printed = process.stdout.read(limit + 1)
                if len(printed) <= limit:
                    process.wait()
            finally:
                timer.cancel()
                process.kill()
        complaints.seek(0)
        said = complaints.read(2_000).decode("utf-8", "replace").strip().partition("\n")[0]
    if len(printed) > limit:
        raise GitError(f"git {arguments[0]} prints more than {limit:,} bytes")
    if process.returncode < 0:
        raise GitError(f"git {arguments[0]} was stopped; it may take {SECONDS} seconds")
    if process.returncode:
        raise GitError(f"git says '{escaped(said, 300)}'" if said else "")
    return printed


def _at_path(given: str) -> Records:
    place = find_place(given)
    if place.archive is not None and place.archive.findings:
        raise UnreadableRecordsError(given, sorted_report(place.archive.findings))
    if place.kind == "package":
        raise UsageError(f"{shown(given)} is another's data package: it has no records that could be read")
    if place.only:
        raise UsageError(f"{shown(given)} is one seed file: name the checkout that it is in")
    return _whole(given, place)


def _whole(given: str, place: Place) -> Records:
    corpus = read_records(place)
    if corpus.findings:
        raise UnreadableRecordsError(given, sorted_report(corpus.findings, checked={"file": corpus.files}))
    return corpus.records


def _is_nameable(given: str) -> bool:
    return given.isprintable() and _REVISION.fullmatch(given) is not None


def _commit(given: str, here: Place) -> str:
    """Give the hash of the commit that a revision names.

    Raises:
        GitError: it is none, or there is no repository; the message says which.
    """
    if not _is_nameable(given):
        raise GitError(
            f"a revision has at most {MAX_REVISION} characters, no space and none of : ? * [ \\, and does not begin with -"
        )
    if here.kind != "checkout":
        raise GitError("there is no checkout here, whose revisions could be meant")
    try:
        found = git(here.root, "rev-parse", "--verify", "--quiet", "--end-of-options", given + "^{commit}", limit=1_000)
    except GitError as error:
        raise GitError(str(error) or "git knows no such commit in this repository") from None
    commit = found.decode("utf-8", "replace").strip()
    if not re.fullmatch("[0-9a-f]{40,64}", commit):
        raise GitError("it does not name one commit")
    return commit


def _at_commit(given: str, commit: str, root: Path) -> Records:
    # `git archive` would run the filters of the repository, so files are listed and their bytes asked for as they are stored.
    listing = git(root, "ls-tree", "-r", "-z", "-l", commit, "seeds/", limit=MAX_FILES * (MAX_PATH + 100))
    files: dict[str, tuple[str, int]] = {}
    findings: list[Finding] = []
    for one in _listed(listing):
        if isinstance(one, Finding):
            findings.append(one)
        else:
            files[one[0]] = one[1:]
    if not files and not findings:
        raise UsageError(f"the revision {shown(given)} has no seeds")
    total = sum(size for _, size in files.values())
    if total > MAX_TREE or len(files) > MAX_FILES:
        message = f"{len(files):,} files of {total:,} bytes, more than {MAX_FILES:,} or {MAX_TREE:,}"
        findings.append(Finding("seeds", 0, 0, "files-are-regular", message, "split the tree"))
    if findings:
        raise UnreadableRecordsError(given, sorted_report(findings))
    with tempfile.TemporaryDirectory() as folder:
        for path, data in _contents(root, files):
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return _whole(given, Place(Path(folder), "checkout"))


def _listed(listing: bytes) -> Iterator[tuple[str, str, int] | Finding]:
    """Yield path, object and size of each file of a listing, and a finding for what is no file that may be read."""
    for line in listing.split(b"\0")[:-1]:
        match = _LISTED.fullmatch(line)
        if match is None:
            raise GitError("git lists a file in a form that is not known")
        mode, kind, name, size, raw = match.groups()
        path = raw.decode("utf-8", "replace")
        try:
            store.check_path(path)
        except UnreadableError as error:
            yield error.finding
            continue
        if mode == b"120000":
            yield Finding(path, 0, 0, "paths-stay-in-the-tree", "a link", "put the file itself there")
        elif kind != b"blob":
            yield Finding(path, 0, 0, "files-are-regular", "not a regular file", "replace it with a file")
        elif int(size) > MAX_FILE:
            yield Finding(path, 0, 0, "files-are-regular", f"larger than {MAX_FILE:,} bytes", "split it")
        else:
            yield path, name.decode("ascii"), int(size)


def _contents(root: Path, files: dict[str, tuple[str, int]]) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes of files, as they are stored, by path."""
    names = "".join(f"{name}\n" for name, _ in files.values()).encode()
    limit = sum(size + 100 for _, size in files.values())
    printed = git(root, "cat-file", "--batch", given=names, limit=limit)
    at = 0
    for path, (name, size) in files.items():
        head = f"{name} blob {size}\n".encode()
        if printed[at : at + len(head)] != head:
            raise GitError(f"git does not give {shown(path)}")
        at += len(head)
        yield path, printed[at : at + size]
        at += size + 1
