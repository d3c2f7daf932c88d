"""How the command line prints: reports, lines and outputs, each without what its reader would take for a command.

Results go to standard output, complaints and progress to standard error. What is printed is never judged here. May import
whatever stands before `cli` in the order of modules.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from ..findings import Report, github_summary, sorted_report, without_commands
from ..place import UsageError, find_place
from ..store import Corpus
from ..validation import read_records

TEXTS = "VENEZUELA_DATA_TEXTS"
"""The environment variable that names the folder with the texts of documents."""


def listed(given: str) -> list[str]:
    return [one.strip() for one in given.split(",") if one.strip()]


def checkout() -> Path:
    here = Path.cwd()
    if not (here / "seeds").is_dir():
        raise UsageError("there is no folder seeds here: go to the top of a checkout")
    return here


def read_here() -> Corpus:
    """Read the records of the place that one stands in, and stop at findings."""
    corpus = read_records(find_place())
    if corpus.findings:
        print_report(sorted_report(corpus.findings, checked={"file": corpus.files}), "text")
    return corpus


def print_report(report: Report, form: str | None = None) -> None:
    """Print a report, and exit with 1 if it has findings."""
    show_report(report, form)
    if not report.ok:
        sys.exit(1)


def show_report(report: Report, form: str | None) -> None:
    """Print a report; inside GitHub Actions in the form github and with a summary, unless told otherwise."""
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    form = form or ("github" if in_actions else "text")
    color = form == "text" and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    # Annotations are looked up from the top of the repository, whichever part of it was validated.
    workspace = os.path.realpath(os.environ.get("GITHUB_WORKSPACE") or ".")
    write(report.render(form, color=color, workspace=workspace), form)
    summary_file = os.environ.get("GITHUB_STEP_SUMMARY")
    if form == "github" and in_actions and summary_file:
        with Path(summary_file).open("a", encoding="utf-8") as file:
            file.write(github_summary(report))


def write(text: str, form: str = "text") -> None:
    """Print an output as it stands; in the log of GitHub Actions without what would there be a command of another's."""
    if form != "github" and _in_actions_log(sys.stdout):
        text = without_commands(text, form)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def say(line: str, *, err: bool = False) -> None:
    """Print a line that people read, with the same care."""
    click.echo(without_commands(line) if _in_actions_log(sys.stderr if err else sys.stdout) else line, err=err)


def _in_actions_log(stream: TextIO) -> bool:
    """Say whether a runner may read along, to which some lines are commands; a file that is written to is no log."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return False
    try:
        return not stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return True


@contextmanager
def progressing(what: str) -> Iterator[Callable[[str], None]]:
    """Show on a terminal what is being done; say nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what} ...") as status:
        yield lambda stage: status.update(f"{what}: {stage} ...")
