"""The command line: parses arguments, calls the library, prints what it gives.

Results go to standard output, complaints about usage and progress to standard error. Exit codes: 0 clean, 1 findings, 2 wrong
usage or a place that cannot be read, 3 a fault of ours. Nothing clever happens here. May import every other module.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from difflib import SequenceMatcher, unified_diff
from pathlib import Path
from typing import Any

import click

from . import store
from .coverage import read_through
from .dossier import dossier, named
from .findings import Report, counted, escaped, shown, sorted_report
from .models import Claim, Source
from .package import MissingLibraryError
from .store import Corpus, did_you_mean
from .tables import KINDS, TABLE, TABLES, cell_text, rows_of
from .text import Passage, find, fingerprint, paragraphs, span_hash, splits_a_character
from .validation import OPTIONAL, UsageError, find_place, read_records, read_texts
from .validation import validate as run_validation

TEXTS = "VENEZUELA_DATA_TEXTS"
"""The environment variable that names the folder with the texts of documents."""

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
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the report.")
@click.option("--select", default="", metavar="RULE,RULE", help="Count findings of these rules only.")
@click.option("--ignore", default="", metavar="RULE,RULE", help="Do not count findings of these rules.")
@click.option("--skip", multiple=True, metavar="LAYER,LAYER", help=f"Leave layers out: {', '.join(OPTIONAL)}.")
@click.option(
    "--source-text",
    type=click.Path(),
    envvar=TEXTS,
    help=f"A folder with the texts of documents, to verify every span against (or {TEXTS}).",
)
def validate(path: str | None, form: str, select: str, ignore: str, skip: tuple[str, ...], source_text: str | None) -> None:
    """Validate a checkout, built data, a data package or one seed file.

    PATH defaults to the checkout that you stand in, else to the installed data.

    \b
    Example: venezuela-data validate seeds/events/trump-maduro-call.json
    """
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
        _write(error.report.render(form))
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
    with _progress("building") as progress:
        progress("reading")
        corpus = read_records(find_place(root))
        if corpus.findings:
            _print_report(sorted_report(corpus.findings, checked={"file": corpus.files}), "text")
        progress("writing")
        if not any(corpus.records.values()):
            raise UsageError("the seeds hold no record: there is nothing to build")
        files = artefacts(corpus.records)
        changed = store.write_files(root, files)
        for path in _no_longer_built(root, files):
            (root / path).unlink()
            changed.append(path)
    for path in changed:
        click.echo(path)
    click.echo(f"built {len(files)} files, {len(changed)} changed")


def _no_longer_built(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """List the files that an earlier build can have made and this one did not; what looks otherwise is not ours to remove."""
    made = re.compile(r"datasets/(csv/[a-z_]+\.csv|json/[a-z_]+\.json)|schema/((tables|vocabularies)/)?[a-z_.]+\.json")
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
    corpus = read_records(place)
    changed = {one: pair for one, pair in store.not_in_normal_form(corpus).items() if place.only in ("", one)}
    if not (check or diff):
        store.write_files(place.root, {one: new for one, (_, new) in changed.items()})
    for one, (old, new) in changed.items():
        if not diff:
            click.echo(one)
            continue
        # Split at line feeds alone, so that a carriage return or a missing line end shows as the difference that it is.
        before, after = (data.decode("utf-8").split("\n") for data in (old, new))
        for line in unified_diff(before, after, one, one, lineterm=""):
            click.echo(escaped(line))
    findings = [one for one in corpus.findings if place.only in ("", one.path)]
    if findings:
        _print_report(sorted_report(findings, checked={"file": corpus.files}), "text")
    would = "would change" if check or diff else "changed"
    click.echo(f"{counted(corpus.files, 'file')}, {len(changed)} {would}")
    if changed and (check or diff):
        sys.exit(1)


@cli.command("list")
def list_tables() -> None:
    """List the tables with their numbers of rows.

    \b
    Example: venezuela-data list
    """
    records = _records().records
    width = max(len(table.name) for table in TABLES)
    for table in TABLES:
        sentence = table.description.partition(". ")[0].rstrip(".")
        click.echo(f"{table.name:<{width}}  {sum(1 for _ in table.rows(records)):>6,}  {sentence}.")


@cli.command()
@click.argument("table")
@click.option("--format", "form", type=click.Choice(["csv", "json", "jsonl"]), default="csv", help="How to print the rows.")
def cat(table: str, form: str) -> None:
    """Print a table to standard output.

    \b
    Example: venezuela-data cat events --format jsonl
    """
    if table not in TABLE:
        raise UsageError(f"no table {shown(table)}; {did_you_mean(table, TABLE, 'tables')}")
    from .syntax import csv_bytes

    found = TABLE[table]
    rows = rows_of(found, _records().records)
    header = [column.name for column in found.columns]
    if form == "csv":
        _write(csv_bytes([header, *([cell_text(row[name]) for name in header] for row in rows)]).decode("utf-8"))
        return
    lines = [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
    _write("".join(line + "\n" for line in lines) if form == "jsonl" else "[\n" + ",\n".join(lines) + "\n]\n")


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
        known = [one for ids in records.values() for one in ids]
        raise UsageError(f"no record {shown(record_id)}; {did_you_mean(record_id, known, 'ids')}")
    dossiers = [dossier(records, kind, records[kind][one]) for kind, one in found]
    if form == "json":
        _write(json.dumps(dossiers, ensure_ascii=False, indent=2, default=str) + "\n")
        return
    for whole in dossiers:
        for line in _lines(whole, 0):
            click.echo(escaped(line))


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
        _write(json.dumps([asdict(one) for one in reports], indent=2) + "\n")  # ASCII: the words of a text may hold anything.
        return
    for report in reports:
        click.echo(report.source_id)
        for found in report.paragraphs:
            left = "" if found.left is None else f"  {len(found.left) or 'nothing'} left"
            below = f", below the level of {found.level:,}" if found.level is not None and found.covered < found.level else ""
            click.echo(f"  paragraph {found.n:>3}  {found.covered:>6,} of {found.characters:>6,} characters{left}{below}")
            for words in found.left or ():
                click.echo(f"    {escaped(words, SHOWN_WORDS)}")
        click.echo(f"  {report.summary}")


@cli.command()
@click.argument("source")
@click.argument("words")
@click.option("--nth", type=click.IntRange(1), help="Which occurrence, where the words occur more than once.")
@click.option("--source-text", type=click.Path(), envvar=TEXTS, help=f"The folder with the text (or {TEXTS}).")
def anchor(source: str, words: str, nth: int | None, source_text: str | None) -> None:
    """Give the span, paragraph and hash of these words of a document, ready to paste.

    \b
    Example: venezuela-data anchor observer-net-trump-maduro-call "Silvia Flores" --source-text ../texts
    """
    corpus = _records()
    document = corpus.source(source)
    if document is None:
        raise UsageError(f"no document {shown(source)}; {did_you_mean(source, corpus.records['sources'], 'documents')}")
    if document.text_sha256 is None:
        raise UsageError(f"the text of {shown(source)} is not held: records have no span into it")
    if source_text is None:
        raise UsageError(f"anchor needs the text: give its folder with --source-text, or in {TEXTS}")
    text = read_texts(corpus, Path(source_text))[0].get(source)
    if text is None:
        raise UsageError(f"the text of {shown(source)} is not in {shown(source_text)}")
    if fingerprint(text.text) != document.text_sha256:
        raise UsageError(f"{shown(text.path)} is not the text of {shown(source)} as it was read: its fingerprint differs")
    numbered = [(number, paragraph) for number, paragraph in enumerate(paragraphs(text.text), 1)]
    places = [
        (number, passage)
        for passage in find(text.text, words)
        for number, paragraph in numbered
        if paragraph.start <= passage.start and passage.end <= paragraph.end
    ]
    if not places:
        nearest = _nearest(words, [paragraph for _, paragraph in numbered])
        raise UsageError(f"{shown(words)} does not stand in one paragraph of {shown(source)}; nearest: {shown(nearest)}")
    if nth is None and len(places) > 1:
        for count, (number, passage) in enumerate(places, 1):
            around = text.text[max(0, passage.start - 30) : passage.end + 30].replace("\n", " ")
            click.echo(f"--nth {count}: paragraph {number}: ...{escaped(around)}...", err=True)
        raise UsageError(f"{shown(words)} occurs {len(places)} times: say which with --nth")
    if nth is not None and nth > len(places):
        raise UsageError(f"{shown(words)} occurs {len(places)} times")
    number, passage = places[(nth or 1) - 1]
    if splits_a_character(text.text, passage.start) or splits_a_character(text.text, passage.end):
        raise UsageError(f"{shown(words)} begins or ends inside a character of the text")
    digest = span_hash(document.text_sha256, passage.start, passage.end, words)
    click.echo(f"paragraph {number}", err=True)
    click.echo(f'"start": {passage.start},\n"end": {passage.end},\n"sha256": "{digest}"')


def main() -> None:
    """Run the command line; whatever fails, no traceback reaches the user."""
    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except store.UnreadableError as error:
        click.echo(f"error: {error.finding.place}: {escaped(error.finding.message)}; {error.finding.advice}", err=True)
        sys.exit(2)
    except UsageError as error:
        click.echo(f"error: {escaped(str(error))}", err=True)
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except OSError as error:
        click.echo(f"error: {escaped(str(error))}", err=True)
        sys.exit(2)
    except Exception as error:  # the last resort: one line, and never a traceback
        click.echo(f"fault: {type(error).__name__}: {escaped(str(error), 300)}; please report it", err=True)
        sys.exit(3)


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


def _print_report(report: Report, form: str) -> None:
    _write(report.render(form))
    if not report.ok:
        sys.exit(1)


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


@contextmanager
def _progress(what: str) -> Iterator[Callable[[str], None]]:
    """Show on a terminal what is being done; say nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what} ...") as status:
        yield lambda stage: status.update(f"{what}: {stage} ...")


def _lines(value: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Lay nested values out as indented lines."""
    indent = "  " * depth
    for name, one in value.items():
        if isinstance(one, list) and one and isinstance(one[0], dict):
            yield f"{indent}{name}:"
            yield from (f"{indent}  - {_item(name, item)}" for item in one)
        elif isinstance(one, dict):
            yield f"{indent}{name}:"
            yield from _lines(one, depth + 1)
        elif isinstance(one, list):
            yield f"{indent}{name}: {', '.join(map(str, one))}"
        else:
            yield f"{indent}{name}: {one}"


_LEADS = {
    "claims": "{id}: {text} ({kind}; {standing}: {origins_supporting} for, {origins_contradicting} against)",
    "assessments": "{source_id} {stance} {target_id}",
    "errata": "{id} ({decision}): {as_written!r}",
    "attribution": "{name} ({voice}, {basis})",
}
"""How an item of a list begins in text, by the title of the list; what the lead does not say follows."""


def _item(title: str, item: Mapping[str, Any]) -> str:
    lead = _LEADS.get(title, "{name}" if "name" in item else "")
    used = set(re.findall(r"{(\w+)", lead))
    if not used <= item.keys():
        lead, used = "", set()
    rest = {key: one for key, one in item.items() if key not in {*used, "sha256", "target_table"}}
    if rest.get("status") == "active":
        del rest["status"]
    return ", ".join([*([lead.format_map(item)] if lead else []), *(f"{key}={_joined(one)}" for key, one in rest.items())])


def _joined(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key}:{one}" for key, one in value.items())
    return " + ".join(map(str, value)) if isinstance(value, list) else str(value)


def _nearest(words: str, among: list[Passage]) -> str:
    """Give the run of words of a text that is most like these words."""
    length = max(1, len(words.split()))
    best, score = "", 0.0
    for passage in among:
        pieces = passage.words.split()
        for start in range(max(1, len(pieces) - length + 1)):
            run = " ".join(pieces[start : start + length])
            matcher = SequenceMatcher(None, words.lower(), run.lower(), autojunk=False)
            if matcher.real_quick_ratio() > score and matcher.ratio() > score:
                best, score = run, matcher.ratio()
    return best
