"""The command line: parses arguments, calls the library, prints what it gives.

Results go to standard output, complaints about usage and progress to standard error. Exit codes: 0 clean, 1 findings, 2 wrong
usage or a place that cannot be read, 3 a fault of ours. Nothing clever happens here, and a command's module is loaded when the
command is asked for. May import every other module.
"""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module

import click

from .. import store
from ..findings import escaped, shown
from ..history import HistoryError, UnknownReleaseError
from ..place import UsageError
from .printing import TEXTS, say

__all__ = ["TEXTS", "cli", "main"]

COMMANDS = {
    "validate": "checking.validate",
    "build": "editing.build",
    "fmt": "editing.fmt",
    "list": "reading.list_tables",
    "cat": "reading.cat",
    "show": "reading.show",
    "coverage": "reading.coverage",
    "new": "editing.new",
    "anchor": "editing.anchor",
    "diff": "reading.diff",
    "export": "reading.export",
    "cite": "reading.cite",
    "release": "editing.release",
    "explain": "checking.explain",
    "doctor": "checking.doctor",
}
"""Every command, and the function that it runs, in the modules of this package."""


class _Commands(click.Group):
    """The group of all commands, each loaded from its module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # the name is that of the method which it replaces
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as above
        if cmd_name not in COMMANDS:
            return None
        module, _, function = COMMANDS[cmd_name].partition(".")
        found = getattr(import_module(f".{module}", __name__), function)
        assert isinstance(found, click.Command)
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="venezuela-data", message="%(prog)s %(version)s")
def cli() -> None:
    """Contested events of the U.S.-Venezuela crisis of 2025: the data, and the validator for it.

    \b
    Example: venezuela-data validate
    """


def main() -> None:
    """Run the command line; whatever fails, no traceback reaches the user."""
    if not (hasattr(os, "O_NOFOLLOW") and hasattr(os, "O_DIRECTORY") and os.open in os.supports_dir_fd):
        say("error: this system cannot open a file without following links; on Windows, use WSL", err=True)
        sys.exit(2)
    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        told = io.StringIO()
        error.show(told)
        say(told.getvalue().rstrip("\n"), err=True)
        sys.exit(2)
    except store.UnreadableError as error:
        say(f"error: {error.finding.place}: {escaped(error.finding.message)}; {error.finding.advice}", err=True)
        sys.exit(2)
    except (HistoryError, UnknownReleaseError) as error:
        say(f"error: {error}", err=True)
        sys.exit(2)
    except UsageError as error:
        say(f"error: {escaped(str(error))}", err=True)
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except OSError as error:
        where = f"{shown(str(error.filename))}: " if error.filename is not None else ""
        reason = error.strerror or str(error) or type(error).__name__
        say(f"error: {where}{escaped(reason[:1].lower() + reason[1:])}", err=True)
        sys.exit(2)
    except Exception as error:  # the last resort: one line, and never a traceback
        say(f"fault: {type(error).__name__}: {escaped(str(error), 300)}; please report it", err=True)
        sys.exit(3)
