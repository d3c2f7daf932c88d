"""The command line: parses arguments, calls the library, prints what it gives.

Results go to standard output, complaints about usage and progress to standard error. Exit codes: 0 clean, 1 findings, 2 wrong
usage or a place that cannot be read, 3 a fault of ours. Nothing clever happens here. May import every other module.
"""

from __future__ import annotations

import io
import json
import os
import platform
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from difflib import unified_diff
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TextIO

import click

from . import store
from .authoring import WordsError, anchored, fixed, held_text, new_record, new_source
from .coverage import read_through
from .dossier import dossier, lines, named, records_like
from .explanations import explanation, overview
from .findings import FORMATS, Report, counted, did_you_mean, escaped, github_summary, shown, sorted_report, without_commands
from .history import HistoryError, UnknownReleaseError
from .models import Claim, Record, Source
from .package import MissingLibraryError
from .records import KINDS
from .store import Corpus, Tree
from .tables import LEDGER, TABLE, TABLES, Cell, cell_text, rows_of
from .text import fingerprint
from .validation import (
    LAYERS,
    OPTIONAL,
    UsageError,
    check_choices,
    find_place,
    read_records,
    read_text,
    read_texts,
)
from .validation import validate as run_validation
from .versions import difference, summary

TEXTS = "VENEZUELA_DATA_TEXTS"
"""The environment variable that names the folder with the texts of documents."""

LIBRARIES = {"frictionless": "validate", "jsonschema": "validate", "build": "release", "hatchling": "release"}
"""The libraries that some commands need, with the extra that installs each."""

SHOWN_WORDS = 200
"""Characters of a run of words that `coverage` shows at most."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="venezuela-data", message="%(prog)s %(version)s")
def cli() -> None:
    """Contested events of the U.S.-Venezuela crisis of 2025: the data, and the validator for it.

    \b
    Example: venezuela-data validate
    """


@cli.command()
@click.argument("path", required=False, type=click.Path())
@click.option("--format", "form", type=click.Choice(FORMATS), help="How to print the report; in GitHub Actions, github.")
@click.option("--select", default="", metavar="RULE,RULE", help="Count findings of these rules only.")
@click.option("--ignore", default="", metavar="RULE,RULE", help="Do not count findings of these rules.")
@click.option("--skip", multiple=True, metavar="LAYER,LAYER", help=f"Leave layers out: {', '.join(OPTIONAL)}.")
@click.option(
    "--source-text",
    type=click.Path(),
    envvar=TEXTS,
    help=f"A folder with the texts of documents, to verify every span against (or {TEXTS}).",
)
@click.option("--fix", is_flag=True, help="First mend what has one right answer: form, hashes of proved places, levels.")
def validate(
    path: str | None, form: str | None, select: str, ignore: str, skip: tuple[str, ...], source_text: str | None, fix: bool
) -> None:
    """Validate a checkout, built data, a data package or one seed file.

    PATH defaults to the checkout that you stand in, else to the installed data.

    \b
    Example: venezuela-data validate seeds/events/trump-maduro-call.json
    """
    check_choices(_listed(select), _listed(ignore), _listed(",".join(skip)))
    if fix:
        _fix(path, source_text)
    try:
        with _progress("validating") as progress:
            report = run_validation(
                path,
                select=_listed(select),
                ignore=_listed(ignore),
                skip=_listed(",".join(skip)),
                source_text=source_text,
                progress=progress,
            )
    except MissingLibraryError as error:
        # What the other layers found is not lost.
        _show_report(error.report, form)
        raise UsageError(str(error)) from None
    _print_report(report, form)


@cli.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
def build(check: bool) -> None:
    """Build datasets/ and schema/ from the seeds of the checkout that you stand in.

    \b
    Example: venezuela-data build --check
    """
    if check:
        _print_report(run_validation(_checkout(), skip=["rules", "package"]), "text")
        return
    from .build import artefacts

    root = _checkout()
    store.remove_leftovers(root)
    with _progress("building") as progress:
        progress("reading")
        corpus = read_records(find_place(root))
        if corpus.findings:
            _print_report(sorted_report(corpus.findings, checked={"file": corpus.files}), "text")
        progress("writing")
        if not any(corpus.records.values()):
            raise UsageError("the seeds hold no record: there is nothing to build")
        files = artefacts(corpus.records, store.read_history(Tree(root)))
        changed = store.write_files(root, files)
        for path in _no_longer_built(root, files):
            (root / path).unlink()
            changed.append(path)
    for path in changed:
        _say(path)
    _say(f"built {len(files)} files, {len(changed)} changed")


def _no_longer_built(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """List the files that an earlier build can have made and this one did not; what looks otherwise is not ours to remove."""
    made = re.compile(
        r"datasets/(csv/[a-z_]+\.csv|(changes|redirects|releases|tombstones)\.csv|json/[a-z_]+\.json)"
        r"|schema/((tables|vocabularies)/)?[a-z_.]+\.json"
    )
    there = [one for folder in ("datasets", "schema") for one in store.walk(root, folder) if isinstance(one, str)]
    return sorted(one for one in there if one not in files and made.fullmatch(one))


@cli.command()
@click.argument("path", required=False, type=click.Path())
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
def fmt(path: str | None, check: bool, diff: bool) -> None:
    """Write seed files in the one normal form.

    \b
    Example: venezuela-data fmt --diff
    """
    place = find_place(path if path is not None else _checkout())
    if place.kind != "checkout":
        raise UsageError(f"{shown(str(path))} has no seeds to format")
    if not (check or diff):
        store.remove_leftovers(place.root)
    corpus = read_records(place)
    changed = {one: pair for one, pair in store.not_in_normal_form(corpus).items() if place.only in ("", one)}
    if not (check or diff):
        store.write_files(place.root, {one: new for one, (_, new) in changed.items()})
    for one, (old, new) in changed.items():
        if not diff:
            _say(one)
            continue
        # Split at line feeds alone, so that a carriage return or a missing line end shows as the difference that it is.
        before, after = (data.decode("utf-8").split("\n") for data in (old, new))
        for line in unified_diff(before, after, one, one, lineterm=""):
            _say(escaped(line))
    findings = [one for one in corpus.findings if place.only in ("", one.path)]
    if findings:
        _print_report(sorted_report(findings, checked={"file": corpus.files}), "text")
    would = "would change" if check or diff else "changed"
    _say(f"{counted(corpus.files, 'file')}, {len(changed)} {would}")
    if changed and (check or diff):
        sys.exit(1)


@cli.command("list")
def list_tables() -> None:
    """List the tables with their numbers of rows.

    \b
    Example: venezuela-data list
    """
    records = _records().records
    ledger = store.read_history(find_place().tree)
    counts = {table.name: table.count(records) for table in TABLES}
    if ledger.releases:
        counts["releases"] = sum(len(one.tables) for one in ledger.releases)
        counts["changes"] = sum(len(one.entries) for one in ledger.releases)
    width = max(map(len, counts))
    for table in (one for one in (*TABLES, *LEDGER) if one.name in counts):
        sentence = table.description.partition(". ")[0].rstrip(".")
        _say(f"{table.name:<{width}}  {counts[table.name]:>6,}  {sentence}.")


@cli.command()
@click.argument("table")
@click.option("--format", "form", type=click.Choice(["csv", "json", "jsonl"]), default="csv", help="How to print the rows.")
@click.option("--version", "wanted", metavar="VERSION", help="As it was in that version of the data, proved by its hash.")
@click.option("--known-on", metavar="DAY", help="As it was in the last version that was released by that day.")
def cat(table: str, form: str, wanted: str | None, known_on: str | None) -> None:
    """Print a table to standard output.

    \b
    Example: venezuela-data cat events --version 0.1.0
    """
    from .dataset import load
    from .syntax import csv_bytes

    rows: Iterable[Mapping[str, Cell]]
    if wanted is None and known_on is None and table in TABLE:
        rows = rows_of(TABLE[table], _records().records)
        header = [column.name for column in TABLE[table].columns]
    else:
        dataset = load(find_place().root, version=wanted, known_on=known_on)
        if table not in dataset.tables:
            raise UsageError(f"no table {shown(table)}; {did_you_mean(table, dataset.tables, 'tables')}")
        rows = dataset.table(table)
        header = dataset.table(table).columns
    if form == "csv":
        _write(csv_bytes([header, *([cell_text(row[name]) for name in header] for row in rows)]).decode("utf-8"))
        return
    lines = [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
    _write("".join(line + "\n" for line in lines) if form == "jsonl" else "[\n" + ",\n".join(lines) + "\n]\n", form)


@cli.command()
@click.argument("record_id", metavar="ID")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the record.")
def show(record_id: str, form: str) -> None:
    """Show a record: its fields, its chain, its evidence, and the errata and assessments that bear on it.

    \b
    Example: venezuela-data show trump-maduro-call
    """
    records = _records().records
    found = [(kind.name, record_id) for kind in KINDS if record_id in records[kind.name]] or named(records, record_id)
    if not found:
        raise UsageError(f"no record {shown(record_id)}; {records_like(records, record_id)}")
    dossiers = [dossier(records, kind, records[kind][one]) for kind, one in found]
    if form == "json":
        _write(json.dumps(dossiers, ensure_ascii=False, indent=2, default=str) + "\n", form)
        return
    for whole in dossiers:
        for line in lines(whole):
            _say(escaped(line))


@cli.command()
@click.argument("source", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
@click.option("--source-text", type=click.Path(), envvar=TEXTS, help=f"The folder with the texts (or {TEXTS}).")
def coverage(source: str | None, form: str, source_text: str | None) -> None:
    """Show how much of each paragraph of a document its claims carry, and with the text which words they leave.

    SOURCE defaults to every document whose text was read. Phrases that only say who speaks may be left.

    \b
    Example: venezuela-data coverage observer-net-trump-maduro-call --source-text ../texts
    """
    corpus = _records()
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
        _write(
            json.dumps([asdict(one) for one in reports], indent=2) + "\n", form
        )  # ASCII: the words of a text may hold anything.
        return
    for report in reports:
        _say(report.source_id)
        for found in report.paragraphs:
            left = "" if found.left is None else f"  {len(found.left) or 'nothing'} left"
            below = f", below the level of {found.level:,}" if found.level is not None and found.covered < found.level else ""
            _say(f"  paragraph {found.n:>3}  {found.covered:>6,} of {found.characters:>6,} characters{left}{below}")
            for words in found.left or ():
                _say(f"    {escaped(words, SHOWN_WORDS)}")
        _say(f"  {report.summary}")


@cli.command()
@click.argument("kind")
@click.argument("record_id", metavar="ID")
@click.option(
    "--text", type=click.Path(), help="For a source: the file with its text, of which fingerprint and paragraphs are kept."
)
def new(kind: str, record_id: str, text: str | None) -> None:
    """Write a seed file to fill in: of an actor, place, event, designation, instrument, program or source.

    \b
    Example: venezuela-data new event harbor-opening
    """
    root = _checkout()
    corpus = read_records(find_place(root))
    if kind == "source":
        path, data = new_source(corpus, record_id, _text_of(text) if text is not None else None)
    elif text is not None:
        raise UsageError(f"--text goes with a source, not with {shown(kind)}")
    else:
        path, data = new_record(corpus, kind, record_id)
    store.write_files(root, {path: data})
    _say(path)


@cli.command()
@click.argument("source", required=False)
@click.argument("words", required=False)
@click.option("--nth", type=click.IntRange(1), help="Which occurrence, where the words occur more than once.")
@click.option("--write", "drafts", multiple=True, type=click.Path(), metavar="FILE", help="Fill every span of a seed file.")
@click.option("--source-text", type=click.Path(), envvar=TEXTS, help=f"The folder with the text (or {TEXTS}).")
def anchor(source: str | None, words: str | None, nth: int | None, drafts: tuple[str, ...], source_text: str | None) -> None:
    """Give the span, paragraph and hash of these words of a document, or fill in the spans of a file that gives only words.

    In a draft any object may hold "words", with "nth" or "within" (a longer passage) where they occur more than once.

    \b
    Example: venezuela-data anchor observer-net-trump-maduro-call "Silvia Flores" --source-text ../texts
    """
    if drafts:
        if source is not None or nth is not None:
            raise UsageError("give either a document and words, or files with --write")
        if source_text is None:
            raise UsageError(f"anchor needs the texts: give their folder with --source-text, or in {TEXTS}")
        _anchor_files(drafts, Path(source_text))
        return
    if source is None or words is None:
        raise UsageError("give a document and words, or a file with --write")
    # A draft beside the document may still be unfinished: only the document itself has to be readable.
    corpus = read_records(find_place())
    try:
        texts = read_texts(corpus, Path(source_text))[0] if source_text is not None else {}
        text = held_text(corpus, texts, source)
        found = text.locate(words, nth)
    except WordsError as error:
        for choice in error.choices:
            _say(f"--{choice}", err=True)
        if error.choices:
            raise UsageError(f"{error.message}; say which with --nth") from None
        raise
    _say(f"paragraph {found.paragraph}", err=True)
    _say(",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in text.span(found).items()))


@cli.command()
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
    from .dataset import load
    from .releasing import causes_between
    from .revisions import UnreadableRecordsError, records_at

    here = find_place()
    ledger = store.read_history(here.tree)

    def of_version(version: str) -> Mapping[str, Mapping[str, Record]] | None:
        return load(here.root, version=version).records if version in ledger.release else None

    try:
        before, after = (records_at(given, here, of_version) for given in (old, new))
    except UnreadableRecordsError as error:
        _say(error.report.render("text").rstrip("\n"), err=True)
        raise
    causes = causes_between(ledger, old, new)
    found = difference(before, after, causes)
    _write(summary(before, after, causes) if form == "markdown" else found.render(form), form)
    if found:
        sys.exit(1)


@cli.command()
@click.argument("wanted", metavar="VERSION")
@click.option("--out", type=click.Path(), help="The folder for what is distributed; dist/ without it.")
def release(wanted: str, out: str | None) -> None:
    """Release the data as a version: add it to the history, and write the zip, the wheel, the sdist and SHA256SUMS.

    Everything has to be valid and built, the version the bump that the changes demand, every change named by a cause in
    seeds/causes/, and CHANGELOG.md has to have an entry. If not, all that is missing is said, and nothing is written. Run again
    for a version that is out, it writes the same files again.

    \b
    Example: venezuela-data release 0.2.0
    """
    from .distribution import refuse_strangers, write_distribution
    from .releasing import RULES as RELEASE_RULES
    from .releasing import prepared

    root = _checkout()
    refuse_strangers(root)
    with _progress("releasing") as progress:
        report = run_validation(root, progress=progress)
        if not report.ok:
            _print_report(report, "text")
        progress("history")
        try:
            plan = prepared(root, wanted)
        except ValueError as error:
            raise UsageError(str(error)) from None
        if plan.findings:
            _print_report(sorted_report(plan.findings, layers=("release",), rules=RELEASE_RULES), "text")
        assert plan.day is not None
        progress("writing")
        changed = store.write_files(root, plan.files)
        for path in plan.taken:
            (root / path).unlink()
        progress("packing")
        written = write_distribution(root, Path(out) if out else root / "dist", wanted, plan.day)
    if plan.files:
        because = f", as {plan.level} changes demand: {plan.because}" if plan.because else ""
        _say(escaped(f"released {wanted}{because}"))
        _say(f"{counted(plan.changes, 'change')} added to the history; {counted(len(changed), 'file')} written")
    else:
        _say(escaped(f"version {wanted} is out already, and its files are written again"))
    for one in written:
        _say(escaped(str(one if out else one.relative_to(root))))


@cli.command()
@click.argument("rule", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", help="How to print it.")
def explain(rule: str | None, form: str) -> None:
    """Say what a rule holds and why, with a bad and a good example; without a RULE, list them all.

    \b
    Example: venezuela-data explain dates-are-ordered
    """
    _write(overview(form) if rule is None else explanation(rule).render(form), form)


@cli.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def doctor(form: str) -> None:
    """Say what is installed, which data is found, and which layers can run.

    \b
    Example: venezuela-data doctor
    """
    from .dataset import data_version

    place = find_place()
    corpus = read_records(place)
    libraries = {name: _version_of(name) for name in ("pydantic", "click", "rich", *LIBRARIES)}
    texts = os.environ.get(TEXTS)
    facts = {
        "venezuela-data": _version_of("venezuela-data"),
        "python": platform.python_version(),
        "data": f"version {data_version(place.tree)}, {counted(sum(map(len, corpus.records.values())), 'record')}",
        "place": f"{'installed data' if place.kind == 'built' else place.kind}: {place.root}",
        **{name: found or f"missing; pip install 'venezuela-data[{LIBRARIES[name]}]'" for name, found in libraries.items()},
        "layers": ", ".join(one for one in LAYERS if one != "package" or libraries["frictionless"]),
        TEXTS: texts or "not set: spans are verified where --source-text gives the folder",
    }
    if corpus.findings:
        facts["findings"] = f"{counted(len(corpus.findings), 'finding')} on reading; see venezuela-data validate"
    if form == "json":
        _write(json.dumps(facts, indent=2) + "\n", form)
        return
    width = max(map(len, facts))
    for name, fact in facts.items():
        _say(f"{name:<{width}}  {escaped(str(fact))}")


def main() -> None:
    """Run the command line; whatever fails, no traceback reaches the user."""
    if not (hasattr(os, "O_NOFOLLOW") and hasattr(os, "O_DIRECTORY") and os.open in os.supports_dir_fd):
        _say("error: this system cannot open a file without following links; on Windows, use WSL", err=True)
        sys.exit(2)
    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        told = io.StringIO()
        error.show(told)
        _say(told.getvalue().rstrip("\n"), err=True)
        sys.exit(2)
    except store.UnreadableError as error:
        _say(f"error: {error.finding.place}: {escaped(error.finding.message)}; {error.finding.advice}", err=True)
        sys.exit(2)
    except (HistoryError, UnknownReleaseError) as error:
        _say(f"error: {error}", err=True)
        sys.exit(2)
    except UsageError as error:
        _say(f"error: {escaped(str(error))}", err=True)
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except OSError as error:
        where = f"{shown(str(error.filename))}: " if error.filename is not None else ""
        reason = error.strerror or str(error) or type(error).__name__
        _say(f"error: {where}{escaped(reason[:1].lower() + reason[1:])}", err=True)
        sys.exit(2)
    except Exception as error:  # the last resort: one line, and never a traceback
        _say(f"fault: {type(error).__name__}: {escaped(str(error), 300)}; please report it", err=True)
        sys.exit(3)


def _version_of(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def _listed(given: str) -> list[str]:
    return [one.strip() for one in given.split(",") if one.strip()]


def _checkout() -> Path:
    here = Path.cwd()
    if not (here / "seeds").is_dir():
        raise UsageError("there is no folder seeds here: go to the top of a checkout")
    return here


def _records() -> Corpus:
    """Read the records of the place that one stands in, and stop at findings."""
    corpus = read_records(find_place())
    if corpus.findings:
        _print_report(sorted_report(corpus.findings, checked={"file": corpus.files}), "text")
    return corpus


def _fix(path: str | None, source_text: str | None) -> None:
    """Mend what has one right answer, and say on standard error what was mended."""
    place = find_place(path)
    if place.kind == "checkout":
        store.remove_leftovers(place.root)
    corpus = read_records(place)
    texts = read_texts(corpus, Path(source_text))[0] if source_text is not None else {}
    fixes = fixed(place, corpus, texts)
    store.write_files(place.root, {one: after for one, (_, after) in fixes.files.items()})
    for sentence in fixes.mended:
        _say(f"mended: {sentence}", err=True)


def _anchor_files(drafts: Iterable[str], folder: Path) -> None:
    """Fill in the spans of seed files: of all, or of none if one has a finding."""
    places = [find_place(draft) for draft in drafts]
    if any(place.kind != "checkout" or not place.only for place in places) or len({place.root for place in places}) > 1:
        raise UsageError("give seed files of one checkout")
    root = places[0].root
    corpus = read_records(places[0])
    texts, _ = read_texts(corpus, folder)
    files, findings = {}, []
    for place in places:
        data, found = anchored(corpus, texts, place.only, store.read_bytes(root, place.only))
        findings += found
        if data is not None:
            files[place.only] = data
    if findings:
        _print_report(sorted_report(findings, checked={"file": len(places)}), "text")
    for path in store.write_files(root, files):
        _say(path)


def _text_of(path: str) -> str:
    """Read the text of a document, as it stands."""
    try:
        return read_text(Path(path)).text
    except store.UnreadableError as error:
        raise UsageError(f"{shown(path)} is no text: {error.finding.message}; {error.finding.advice}") from None


def _print_report(report: Report, form: str | None = None) -> None:
    """Print a report, and exit with 1 if it has findings."""
    _show_report(report, form)
    if not report.ok:
        sys.exit(1)


def _show_report(report: Report, form: str | None) -> None:
    """Print a report; inside GitHub Actions in the form github and with a summary, unless told otherwise."""
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    form = form or ("github" if in_actions else "text")
    color = form == "text" and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    # Annotations are looked up from the top of the repository, whichever part of it was validated.
    workspace = os.path.realpath(os.environ.get("GITHUB_WORKSPACE") or ".")
    _write(report.render(form, color=color, workspace=workspace), form)
    summary_file = os.environ.get("GITHUB_STEP_SUMMARY")
    if form == "github" and in_actions and summary_file:
        with Path(summary_file).open("a", encoding="utf-8") as file:
            file.write(github_summary(report))


def _write(text: str, form: str = "text") -> None:
    """Print an output as it stands; in the log of GitHub Actions without what would there be a command of another's."""
    if form != "github" and _in_actions_log(sys.stdout):
        text = without_commands(text, form)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _say(line: str, *, err: bool = False) -> None:
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
def _progress(what: str) -> Iterator[Callable[[str], None]]:
    """Show on a terminal what is being done; say nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what} ...") as status:
        yield lambda stage: status.update(f"{what}: {stage} ...")
