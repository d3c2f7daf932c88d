"""The commands that read the data: `list`, `cat`, `show`, `coverage`, `diff`, `export`, `cite`.

They parse arguments, call the library and print what it gives. The data are never written to. May import whatever stands
before `cli` in the order of modules.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import store
from ..citing import FORMS as CITATIONS
from ..coverage import read_through
from ..dossier import dossier, lines, named, records_like
from ..export import FORMATS
from ..findings import did_you_mean, escaped, shown
from ..models import Claim, Record, Source
from ..perspectives import PERSPECTIVES
from ..place import UsageError, find_place
from ..records import KINDS
from ..tables import LEDGER, TABLE, TABLES, Cell, cell_text, rows_of
from ..text import fingerprint
from ..validation import read_texts
from ..versions import difference, summary
from .printing import TEXTS, progressing, read_here, say, write

if TYPE_CHECKING:
    from ..dataset import Dataset

SHOWN_WORDS = 200
"""Characters of a run of words that `coverage` shows at most."""


@click.command("list")
def list_tables() -> None:
    """List the tables with their numbers of rows.

    \b
    Example: venezuela-data list
    """
    records = read_here().records
    ledger = store.read_history(find_place().tree)
    counts = {table.name: table.count(records) for table in TABLES}
    if ledger.releases:
        counts["releases"] = sum(len(one.tables) for one in ledger.releases)
        counts["changes"] = sum(len(one.entries) for one in ledger.releases)
    width = max(map(len, counts))
    for table in (one for one in (*TABLES, *LEDGER) if one.name in counts):
        sentence = table.description.partition(". ")[0].rstrip(".")
        say(f"{table.name:<{width}}  {counts[table.name]:>6,}  {sentence}.")


@click.command()
@click.argument("table")
@click.option("--format", "form", type=click.Choice(["csv", "json", "jsonl"]), default="csv", help="How to print the rows.")
@click.option("--version", "wanted", metavar="VERSION", help="As it was in that version of the data, proved by its hash.")
@click.option("--known-on", metavar="DAY", help="As it was in the last version that was released by that day.")
@click.option("--view", metavar="VIEW", help=f"Only what a perspective admits: {', '.join(PERSPECTIVES)}.")
def cat(table: str, form: str, wanted: str | None, known_on: str | None, view: str | None) -> None:
    """Print a table to standard output.

    With --view, the name and the hash of the perspective go to standard error.

    \b
    Example: venezuela-data cat events --view official-record
    """
    from ..syntax import csv_bytes

    rows: Iterable[Mapping[str, Cell]]
    if wanted is None and known_on is None and view is None and table in TABLE:
        rows = rows_of(TABLE[table], read_here().records)
        header = [column.name for column in TABLE[table].columns]
    else:
        dataset = _dataset(wanted, known_on, view)
        if table not in dataset.tables:
            raise UsageError(f"no table {shown(table)}; {did_you_mean(table, dataset.tables, 'tables')}")
        rows = dataset.table(table)
        header = dataset.table(table).columns
    if form == "csv":
        write(csv_bytes([header, *([cell_text(row[name]) for name in header] for row in rows)]).decode("utf-8"))
        return
    lines = [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
    write("".join(line + "\n" for line in lines) if form == "jsonl" else "[\n" + ",\n".join(lines) + "\n]\n", form)


def _dataset(version: str | None = None, known_on: str | None = None, view: str | None = None) -> Dataset:
    """Load the data of the place that one stands in, as they stand or as they were, or what a perspective admits of them."""
    from ..dataset import load

    try:
        dataset = load(find_place().root, version=version, known_on=known_on)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if view is None:
        return dataset
    if view not in PERSPECTIVES:
        raise UsageError(f"no view {shown(view)}; {did_you_mean(view, PERSPECTIVES, 'views')}")
    dataset = dataset.view(view)
    say(f"view {dataset.view_name}: a view hides records, and says nothing of those that it hides", err=True)
    return dataset


@click.command()
@click.argument("record_id", metavar="ID")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the record.")
def show(record_id: str, form: str) -> None:
    """Show a record: its fields, its chain, its evidence, and the errata and assessments that bear on it.

    \b
    Example: venezuela-data show trump-maduro-call
    """
    records = read_here().records
    found = [(kind.name, record_id) for kind in KINDS if record_id in records[kind.name]] or named(records, record_id)
    if not found:
        raise UsageError(f"no record {shown(record_id)}; {records_like(records, record_id)}")
    dossiers = [dossier(records, kind, records[kind][one]) for kind, one in found]
    if form == "json":
        write(json.dumps(dossiers, ensure_ascii=False, indent=2, default=str) + "\n", form)
        return
    for whole in dossiers:
        for line in lines(whole):
            say(escaped(line))


@click.command()
@click.argument("source", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
@click.option("--source-text", type=click.Path(), envvar=TEXTS, help=f"The folder with the texts (or {TEXTS}).")
def coverage(source: str | None, form: str, source_text: str | None) -> None:
    """Show how much of each paragraph of a document its claims carry, and with the text which words they leave.

    SOURCE defaults to every document whose text was read. Phrases that only say who speaks may be left.

    \b
    Example: venezuela-data coverage observer-net-trump-maduro-call --source-text ../texts
    """
    corpus = read_here()
    held = [one for one, _ in corpus.each(Source) if one.access == "held"]
    if source is not None:
        document = corpus.source(source)
        if document is None:
            raise UsageError(f"no document {shown(source)}; {did_you_mean(source, corpus.records['sources'], 'documents')}")
        if document not in held:
            raise UsageError(f"the text of {shown(source)} is not held: no claim has a span into it")
        held = [document]
    texts = read_texts(corpus, Path(source_text))[0] if source_text is not None else {}
    for document in held:
        text = texts.get(document.id)
        if text is None and source_text is not None:
            raise UsageError(f"the text of {shown(document.id)} is not in {shown(source_text)}")
        if text is not None and fingerprint(text.text) != document.text_sha256:
            raise UsageError(f"{shown(text.path)} is not the text of {shown(document.id)} as it was read")
    claims = [claim for claim, _ in corpus.each(Claim)]
    reports = [read_through(one, claims, texts[one.id].text if one.id in texts else None) for one in held]
    if form == "json":
        write(
            json.dumps([asdict(one) for one in reports], indent=2) + "\n", form
        )  # ASCII: the words of a text may hold anything.
        return
    for report in reports:
        say(report.source_id)
        for found in report.paragraphs:
            left = "" if found.left is None else f"  {len(found.left) or 'nothing'} left"
            below = f", below the level of {found.level:,}" if found.level is not None and found.covered < found.level else ""
            say(f"  paragraph {found.n:>3}  {found.covered:>6,} of {found.characters:>6,} characters{left}{below}")
            for words in found.left or ():
                say(f"    {escaped(words, SHOWN_WORDS)}")
        say(f"  {report.summary}")


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", help="How to print it.")
def diff(old: str, new: str, form: str) -> None:
    """Show what differs between two states of the data, record by record and field by field; exit with 1 if anything does.

    OLD and NEW are checkouts, folders of built data, release zips, versions of the data or git revisions. Between versions,
    the cause of each change is said. In Markdown, coverage and standing before and after are added.

    \b
    Example: venezuela-data diff 0.1.0 0.2.0
    """
    from ..dataset import load
    from ..releasing import causes_between
    from ..revisions import UnreadableRecordsError, records_at

    here = find_place()
    ledger = store.read_history(here.tree)

    def of_version(version: str) -> Mapping[str, Mapping[str, Record]] | None:
        return load(here.root, version=version).records if version in ledger.release else None

    try:
        before, after = (records_at(given, here, of_version) for given in (old, new))
    except UnreadableRecordsError as error:
        say(error.report.render("text").rstrip("\n"), err=True)
        raise
    causes = causes_between(ledger, old, new)
    found = difference(before, after, causes)
    write(summary(before, after, causes) if form == "markdown" else found.render(form), form)
    if found:
        sys.exit(1)


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@click.argument("out", type=click.Path())
@click.option("--version", "wanted", metavar="VERSION", help="That version of the data, proved by its hashes.")
@click.option("--view", metavar="VIEW", help=f"Only what a perspective admits: {', '.join(PERSPECTIVES)}.")
@click.option(
    "--losses", type=click.Path(), help="Write the whole loss report to this file: .json, or .jsonl with a line for each."
)
def export(form: str, out: str, wanted: str | None, view: str | None, losses: str | None) -> None:
    """Write the data in another format, and say what the format cannot carry.

    OUT is a file, or a folder for a format of several files: parquet, jsonl, croissant and excel-csv.

    \b
    Example: venezuela-data export sqlite venezuela.sqlite
    """
    from ..export import export as run_export

    suffix = Path(losses).suffix[1:] if losses is not None else "json"
    if suffix not in ("json", "jsonl"):
        raise UsageError(f"a loss report is a .json or .jsonl file, not {shown(losses)}")
    dataset = _dataset(wanted, None, view)
    with progressing("exporting") as progress:
        progress(form)
        report = run_export(dataset, form, out)
    if losses is not None:
        path = Path(os.path.abspath(losses))  # noqa: PTH100  # Path has no way to make a path absolute without its dots
        store.write_files(path.parent, {path.name: report.render(suffix).encode("utf-8")})
    write(report.render("text"))


@click.command()
@click.argument("record_id", metavar="ID", required=False)
@click.option("--format", "form", type=click.Choice(CITATIONS), default="text", help="How to print the citation.")
@click.option("--table", metavar="TABLE", help="The table of the record, where two have one of this id.")
@click.option("--version", "wanted", metavar="VERSION", help="In that version of the data.")
def cite(record_id: str | None, form: str, table: str | None, wanted: str | None) -> None:
    """Print how to cite the data, or one record with its sources and the day as of which it stands.

    \b
    Example: venezuela-data cite trump-maduro-call --format bibtex
    """
    from ..citing import cite as citation

    try:
        write(citation(_dataset(wanted), record_id, form, table=table), "json" if form == "csl-json" else "text")
    except (KeyError, ValueError) as error:
        raise UsageError(str(error.args[0])) from None
