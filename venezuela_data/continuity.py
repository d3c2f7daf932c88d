"""What holds between the releases and the records as they stand: which ids were there, and what would break for readers.

It tells the rules which ids releases had, and finds what is gone of the schemas of the last one. It reads the changelog of a
tree and nothing else, and never says what should be released. May import whatever stands before `continuity` in the order of
modules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from . import store
from .findings import Finding, shown
from .history import (
    ADD,
    Ledger,
    breaks_of_model,
    breaks_of_table,
    compact,
    json_text,
    next_version,
    parsed_version,
)
from .records import KIND
from .store import Corpus, Tree
from .syntax import decode

RULES = {
    "history-is-whole": (
        "Every version that was released is rebuilt from the history, and is by hash what was released.\n\n"
        "Whoever cited a version can load it, and nobody can change afterward what it said."
    ),
    "breaking-changes-are-major": (
        "No field of a table or record that the last release had is gone or means something else, unless the next version is "
        "a MAJOR one.\n\n"
        "The next version is the first one in CHANGELOG.md. A program that read the last version can trust that it reads the "
        "next."
    ),
}
"""What holds for the history, by the code of the rule."""


def note_history(corpus: Corpus, ledger: Ledger) -> None:
    """Tell a corpus which ids releases had."""
    there: dict[str, set[str]] = {kind: set() for kind in KIND}
    ever: dict[str, set[str]] = {kind: set() for kind in KIND}
    for release in ledger.releases:
        whole = [change for change, _, _ in release.entries if change.id and not change.field]
        # What is gone comes first: a row that is another one is gone and new.
        for change in (*(one for one in whole if one.op != ADD), *(one for one in whole if one.op == ADD)):
            # The rows of the table of vocabularies are terms; which vocabularies there are, another table says.
            kind = {"vocabularies": "", "vocabulary_schemes": "vocabularies"}.get(change.table, change.table)
            if kind in KIND:
                ever[kind].add(change.id)
                (there[kind].add if change.op == ADD else there[kind].discard)(change.id)
    corpus.released = {kind: frozenset(ids) for kind, ids in there.items()}
    corpus.gone = {kind: frozenset(ever[kind] - ids) for kind, ids in there.items()}


def breaks(tree: Tree, ledger: Ledger, built: Mapping[str, bytes]) -> Iterator[Finding]:
    """Find what breaks the schemas of the last release, unless the changelog announces a MAJOR version."""
    if not ledger.releases:
        return
    announced = re.search(r"^## ([0-9]+)\.", _changelog(tree), re.MULTILINE)
    last = ledger.releases[-1].version
    if announced is not None and int(announced[1]) > parsed_version(last).major:
        return
    schemas = {
        (change.table, change.field): change.new
        for release in ledger.releases
        for change, _, _ in release.entries
        if not change.id
    }
    for (table, which), text in sorted(schemas.items()):
        path = f"schema/{KIND[table].schema}.schema.json" if which and table in KIND else f"schema/tables/{table}.json"
        compare = breaks_of_model if which else breaks_of_table
        if text and path not in built:
            yield _break(path, f"{last} had it, and it is gone", last)
        elif text and json_text(now := compact(json.loads(built[path]))) != text:
            for one in compare(json.loads(text), now):
                yield _break(path, f"{shown(one.field)}: {one.reason}", last)


def _break(path: str, message: str, last: str) -> Finding:
    due = next_version(last, "major")
    advice = f"keep the field as it was in {last}, or begin an entry for {due} in CHANGELOG.md"
    return Finding(path, 0, 0, "breaking-changes-are-major", message, advice)


def _changelog(tree: Tree) -> str:
    try:
        return decode(tree.read("CHANGELOG.md"), "CHANGELOG.md")[0]
    except store.UnreadableError:
        return ""
