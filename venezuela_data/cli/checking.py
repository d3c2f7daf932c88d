"""The commands that check: `validate`, and `explain` and `doctor`, which help with what it says.

They parse arguments, call the library and print what it gives. Nothing else is done here. May import whatever stands before
`cli` in the order of modules.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from .. import store
from ..findings import FORMATS, MissingLibraryError, counted, escaped
from ..place import UsageError, find_place
from ..validation import LAYERS, OPTIONAL, check_choices, read_records, read_texts
from ..validation import validate as run_validation
from .printing import TEXTS, listed, print_report, progressing, say, show_report, write

LIBRARIES = {"frictionless": "validate", "jsonschema": "validate", "build": "release", "hatchling": "release"}
"""The libraries that some commands need, with the extra that installs each."""


@click.command()
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
    check_choices(listed(select), listed(ignore), listed(",".join(skip)))
    if fix:
        _fix(path, source_text)
    try:
        with progressing("validating") as progress:
            report = run_validation(
                path,
                select=listed(select),
                ignore=listed(ignore),
                skip=listed(",".join(skip)),
                source_text=source_text,
                progress=progress,
            )
    except MissingLibraryError as error:
        # What the other layers found is not lost.
        show_report(error.report, form)
        raise UsageError(str(error)) from None
    print_report(report, form)


def _fix(path: str | None, source_text: str | None) -> None:
    """Mend what has one right answer, and say on standard error what was mended."""
    from ..authoring import fixed

    place = find_place(path)
    if place.kind == "checkout":
        store.remove_leftovers(place.root)
    corpus = read_records(place)
    texts = read_texts(corpus, Path(source_text))[0] if source_text is not None else {}
    fixes = fixed(place, corpus, texts)
    store.write_files(place.root, {one: after for one, (_, after) in fixes.files.items()})
    for sentence in fixes.mended:
        say(f"mended: {sentence}", err=True)


@click.command()
@click.argument("rule", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", help="How to print it.")
def explain(rule: str | None, form: str) -> None:
    """Say what a rule holds and why, with a bad and a good example; without a RULE, list them all.

    \b
    Example: venezuela-data explain dates-are-ordered
    """
    from ..explanations import explanation, overview

    write(overview(form) if rule is None else explanation(rule).render(form), form)


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
def doctor(form: str) -> None:
    """Say what is installed, which data is found, and which layers can run.

    \b
    Example: venezuela-data doctor
    """
    import platform

    from ..dataset import data_version

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
        write(json.dumps(facts, indent=2) + "\n", form)
        return
    width = max(map(len, facts))
    for name, fact in facts.items():
        say(f"{name:<{width}}  {escaped(str(fact))}")


def _version_of(library: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(library)
    except PackageNotFoundError:
        return None
