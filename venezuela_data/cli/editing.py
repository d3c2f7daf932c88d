"""The commands that write: `build`, `fmt`, `new`, `anchor`, `release`.

They parse arguments, call the library, and write what it gives, each file whole or not at all. May import whatever stands
before `cli` in the order of modules.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from difflib import unified_diff
from pathlib import Path

import click

from .. import store
from ..authoring import WordsError, anchored, held_text, new_record, new_source
from ..findings import counted, escaped, shown, sorted_report
from ..place import UsageError, find_place
from ..store import Tree
from ..validation import read_records, read_text, read_texts
from ..validation import validate as run_validation
from .printing import TEXTS, checkout, print_report, progressing, say


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
def build(check: bool) -> None:
    """Build datasets/ and schema/ from the seeds of the checkout that you stand in.

    \b
    Example: venezuela-data build --check
    """
    if check:
        print_report(run_validation(checkout(), skip=["rules", "package"]), "text")
        return
    from ..build import artefacts

    root = checkout()
    store.remove_leftovers(root)
    with progressing("building") as progress:
        progress("reading")
        corpus = read_records(find_place(root))
        if corpus.findings:
            print_report(sorted_report(corpus.findings, checked={"file": corpus.files}), "text")
        progress("writing")
        if not any(corpus.records.values()):
            raise UsageError("the seeds hold no record: there is nothing to build")
        files = artefacts(corpus.records, store.read_history(Tree(root)))
        changed = store.write_files(root, files)
        for path in _no_longer_built(root, files):
            (root / path).unlink()
            changed.append(path)
    for path in changed:
        say(path)
    say(f"built {len(files)} files, {len(changed)} changed")


def _no_longer_built(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """List the files that an earlier build can have made and this one did not; what looks otherwise is not ours to remove."""
    made = re.compile(
        r"datasets/(csv/[a-z_]+\.csv|(changes|redirects|releases|tombstones)\.csv|json/[a-z_]+\.json)"
        r"|schema/((tables|vocabularies)/)?[a-z_.]+\.json"
    )
    there = [one for folder in ("datasets", "schema") for one in store.walk(root, folder) if isinstance(one, str)]
    return sorted(one for one in there if one not in files and made.fullmatch(one))


@click.command()
@click.argument("path", required=False, type=click.Path())
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
def fmt(path: str | None, check: bool, diff: bool) -> None:
    """Write seed files in the one normal form.

    \b
    Example: venezuela-data fmt --diff
    """
    place = find_place(path if path is not None else checkout())
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
            say(one)
            continue
        # Split at line feeds alone, so that a carriage return or a missing line end shows as the difference that it is.
        before, after = (data.decode("utf-8").split("\n") for data in (old, new))
        for line in unified_diff(before, after, one, one, lineterm=""):
            say(escaped(line))
    findings = [one for one in corpus.findings if place.only in ("", one.path)]
    if findings:
        print_report(sorted_report(findings, checked={"file": corpus.files}), "text")
    would = "would change" if check or diff else "changed"
    say(f"{counted(corpus.files, 'file')}, {len(changed)} {would}")
    if changed and (check or diff):
        sys.exit(1)


@click.command()
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
    root = checkout()
    corpus = read_records(find_place(root))
    if kind == "source":
        path, data = new_source(corpus, record_id, _text_of(text) if text is not None else None)
    elif text is not None:
        raise UsageError(f"--text goes with a source, not with {shown(kind)}")
    else:
        path, data = new_record(corpus, kind, record_id)
    store.write_files(root, {path: data})
    say(path)


@click.command()
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
            say(f"--{choice}", err=True)
        if error.choices:
            raise UsageError(f"{error.message}; say which with --nth") from None
        raise
    say(f"paragraph {found.paragraph}", err=True)
    say(",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in text.span(found).items()))


@click.command()
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
    from ..distribution import refuse_strangers, write_distribution
    from ..releasing import RULES as RELEASE_RULES
    from ..releasing import prepared

    root = checkout()
    refuse_strangers(root)
    with progressing("releasing") as progress:
        report = run_validation(root, progress=progress)
        if not report.ok:
            print_report(report, "text")
        progress("history")
        try:
            plan = prepared(root, wanted)
        except ValueError as error:
            raise UsageError(str(error)) from None
        if plan.findings:
            print_report(sorted_report(plan.findings, layers=("release",), rules=RELEASE_RULES), "text")
        assert plan.day is not None
        progress("writing")
        changed = store.write_files(root, plan.files)
        for path in plan.taken:
            (root / path).unlink()
        progress("packing")
        written = write_distribution(root, Path(out) if out else root / "dist", wanted, plan.day)
    if plan.files:
        because = f", as {plan.level} changes demand: {plan.because}" if plan.because else ""
        say(escaped(f"released {wanted}{because}"))
        say(f"{counted(plan.changes, 'change')} added to the history; {counted(len(changed), 'file')} written")
    else:
        say(escaped(f"version {wanted} is out already, and its files are written again"))
    for one in written:
        say(escaped(str(one if out else one.relative_to(root))))


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
        print_report(sorted_report(findings, checked={"file": len(places)}), "text")
    for path in store.write_files(root, files):
        say(path)


def _text_of(path: str) -> str:
    """Read the text of a document, as it stands."""
    try:
        return read_text(Path(path)).text
    except store.UnreadableError as error:
        raise UsageError(f"{shown(path)} is no text: {error.finding.message}; {error.finding.advice}") from None
