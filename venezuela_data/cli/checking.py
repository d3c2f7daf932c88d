"""The commands that check: `validate`, and `explain` and `doctor`, which help with what it says.

They parse arguments, call the library and print what it gives. Nothing else is done here. May import whatever stands before
`cli` in the order of modules.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import click

from .. import store
from ..findings import FORMATS, MissingLibraryError, counted, escaped
from ..place import UsageError, find_place
from ..validation import LAYERS, OPTIONAL, check_choices, read_records, read_texts
from ..validation import validate as run_validation
from .printing import TEXTS, listed, print_report, progressing, say, show_report, write

LIBRARIES = {
    "frictionless": "validate",
    "jsonschema": "validate",
    "build": "release",
    "hatchling": "release",
    "duckdb": "scale",
    "pyspark": "spark",
}
"""The libraries that some commands need, with the extra that installs each."""


def _size(_context: click.Context, _option: click.Parameter, value: str | None) -> int | None:
    """Read a number of bytes, written as 400MB or 1.3GB."""
    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*([KMGT])B?", value.strip(), re.IGNORECASE)
    if found is None:
        raise click.BadParameter(f"{value!r} is no size: write 400MB or 2GB")
    return int(float(found[1]) * 1000 ** ("KMGT".index(found[2].upper()) + 1))


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
@click.option(
    "--engine",
    type=click.Choice(["auto", "memory", "duckdb", "spark"]),
    help="Check the tables of a data package, of any size, with this engine; by itself for packages of many rows.",
)
@click.option(
    "--memory", callback=_size, metavar="SIZE", help="Memory for the engine duckdb, as 400MB or 2GB; the rest goes to disk."
)
@click.option(
    "--findings-out", type=click.Path(), metavar="FILE", help="Write all findings of an engine to a .csv or .parquet."
)
@click.option("--remote", metavar="sc://HOST", help="The Spark Connect server for the engine spark.")
@click.option(
    "--shared", type=click.Path(), metavar="DIR", help="A folder that all machines of a Spark cluster see by the same path."
)
@click.option("--fix", is_flag=True, help="First mend what has one right answer: form, hashes of proved places, levels.")
def validate(  # a command has as many options as its users need
    path: str | None,
    form: str | None,
    select: str,
    ignore: str,
    skip: tuple[str, ...],
    source_text: str | None,
    engine: str | None,
    memory: int | None,
    findings_out: str | None,
    remote: str | None,
    shared: str | None,
    fix: bool,
) -> None:
    """Validate a checkout, built data, a data package or one seed file.

    PATH defaults to the checkout that you stand in, else to the installed data. The tables of a data package of many rows are
    checked by an engine, which is told at the end.

    \b
    Example: venezuela-data validate seeds/events/trump-maduro-call.json
    """
    check_choices(listed(select), listed(ignore), listed(",".join(skip)))
    layered = fix or select or ignore or skip or source_text
    large = None if layered else _package_for_engine(path, engine, memory, findings_out, remote, shared)
    if large is not None:
        if engine is None and remote is not None:
            engine = "spark"
        options = {
            "engine": engine or "auto",
            "memory": memory,
            "findings_out": findings_out,
            "remote": remote,
            "shared": shared,
        }
        _check_tables(large, form, options)
        return
    if engine or memory or findings_out or remote or shared:
        raise UsageError("--engine and what goes with it are for data packages, without --select, --ignore, --skip and --fix")
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


def _package_for_engine(path: str | None, *asked: object) -> Path | None:
    """Give the descriptor of a data package if an engine was asked for, or it has more rows than the layers take."""
    place = find_place(path)
    if any(one is not None for one in asked) and path is not None and place.archive is None:
        if place.kind == "package":
            return place.root / place.descriptor
        if place.kind == "built" or (place.kind == "checkout" and not place.only):
            return place.root / "datasets" / "datapackage.json"
    if place.kind != "package" or place.archive is not None:
        return None
    from ..engine import is_large

    descriptor = place.root / place.descriptor
    return descriptor if is_large(descriptor) else None


def _check_tables(descriptor: Path, form: str | None, options: dict[str, Any]) -> None:
    """Check the tables of a data package with an engine, and print what it says."""
    from ..engine import EngineError, PlanError, check
    from ..engine.reporting import report_of

    try:
        with progressing("validating") as progress:

            def tell(path: str, rows: int, found: int, seconds: float) -> None:
                rate = f": {counted(rows, 'row')}, {rows / seconds:,.0f} a second" if rows and seconds else ""
                progress(f"{escaped(path)}{rate}, {counted(found, 'finding')} so far")

            verdict = check(descriptor, progress=tell, **options)
    except PlanError as error:
        raise UsageError(f"{error}: no engine can check this") from None
    except (EngineError, MissingLibraryError) as error:
        raise UsageError(str(error)) from None
    print_report(report_of(verdict, descriptor.parent), form)


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
    from ..explanations import engine_rule, explanation, is_engine_rule, overview

    if rule is not None and is_engine_rule(rule):
        write(engine_rule(rule, form), form)
        return
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
