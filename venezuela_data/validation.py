"""The validator: finds what a path is, runs the layers in order, and gives one report of everything that was found.

Five layers: reading, shape, rules, package, freshness. A checkout and our built data get all of them; another's data package
gets reading, its own Table Schemas, and what its descriptor promises. Nothing is written, repaired or fetched. May import
every module above it.
"""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from inspect import cleandoc
from operator import itemgetter
from pathlib import Path
from typing import Any

from . import archive as archives
from . import package as packages
from . import store, syntax
from .build import artefacts, terms_of
from .continuity import RULES as CONTINUITY
from .continuity import breaks, note_history
from .findings import Finding, MissingLibraryError, Report, counted, did_you_mean, shown, sorted_report
from .history import CHANGES, NO_HISTORY, RELEASES, HistoryError, Ledger
from .models import Claim, Erratum, Source, Statement
from .origins import STANDINGS, Origins
from .place import Place, UsageError, data_root, find_place
from .records import KIND, Kind, Records
from .rules import RULES, code_of
from .store import Corpus, Entry, R, Tree
from .syntax import Pointer, TextFile, decode, read_json
from .tables import TABLES
from .text import paragraphs, span_hash

LAYERS = ("reading", "shape", "rules", "package", "freshness")
OPTIONAL = LAYERS[2:]
"""The layers that can be left out; without reading and shape there is nothing to judge."""

FRESHNESS = {
    "datasets-are-current": (
        "`datasets/` and `schema/` are, byte for byte, what the records build.\n\n"
        "They are never edited by hand, so that whoever reads the records knows what is published, and no cell can be "
        "changed without one."
    ),
}

CODES: Mapping[str, str] = {
    **syntax.RULES,
    **store.RULES,
    **archives.RULES,
    **{code_of(rule): cleandoc(rule.__doc__ or "") for rule in RULES},
    **packages.RULES,
    **FRESHNESS,
    **CONTINUITY,
}
"""Every rule by its code, with what holds and why."""


LAYER_OF: Mapping[str, str] = {
    # What judges files, tables and descriptors does so while they are read, whichever module it stands in.
    **dict.fromkeys(CODES, "reading"),
    **dict.fromkeys(
        ("required-fields-are-present", "fields-are-known", "values-have-their-type", "values-have-their-form"), "shape"
    ),
    **dict.fromkeys(("ids-are-unique", "terms-are-defined"), "shape"),
    **dict.fromkeys(map(code_of, RULES), "rules"),
    # The normal form of a file can be asked for only when its records are read.
    "seeds-are-in-normal-form": "rules",
    **dict.fromkeys((*FRESHNESS, *CONTINUITY), "freshness"),
    # Like the hashes of the descriptor, those of the releases are what a package promises.
    **dict.fromkeys(("tables-conform-to-their-schemas", "unique-keys-are-unique", "history-is-whole"), "package"),
}
"""The layer that each rule runs in, by the code of the rule."""


def read_records(place: Place, tree: Tree | None = None) -> Corpus:
    """Read the records of a checkout or of built data, with every finding of the layers reading and shape."""
    if place.kind == "built":
        return store.read_datasets(tree or place.tree)
    terms = None
    listed = store.walk(place.root, "seeds/vocabularies")
    if not any(isinstance(one, str) and one.endswith(".json") for one in listed):
        # A tree without vocabularies of its own uses the terms of the installed data.
        terms = terms_of(store.read_datasets(Tree(data_root()), [KIND["vocabularies"]]).records)
    corpus = store.read_seeds(place.root, vocabularies=terms)
    unknown = {one.path for one in corpus.findings if one.rule in ("fields-are-known", "required-fields-are-present")}
    for path in sorted(unknown):
        corpus.findings = _unanchored(place.root, path, corpus.findings)
    return corpus


SPAN = ("start", "end", "sha256")
ASKED = ("words", "nth", "within")
"""What a draft gives in place of a span."""


def _unanchored(root: Path, path: str, findings: list[Finding]) -> list[Finding]:
    """Tell of a file whose spans are still to be filled in once, and not once for each field that it has and lacks for that.

    Such is an object that holds `words`, or a statement or erratum, whose own words are looked up, without any of a span.
    """
    kind = store.kind_of(path)
    try:
        file = read_json(store.read_bytes(root, path), path)[0]
    except store.UnreadableError:
        file = None
    drafts = list(_drafts(kind, file.value)) if kind is not None and file is not None else []
    if file is None or not drafts:
        return findings
    words = [
        file.at((*at, name), "fields-are-known", f"no field {shown(name)} here", key=True) for at in drafts for name in ASKED
    ]
    spans = [file.at(at, "required-fields-are-present", f"the field {name!r} is missing") for at in drafts for name in SPAN]
    told = {(one.line, one.column, one.rule, one.message) for one in (*words, *spans)}
    left = [one for one in findings if one.path != path or (one.line, one.column, one.rule, one.message) not in told]
    if len(left) == len(findings):
        return findings
    message = f"{counted(len(drafts), 'span')} of the file still to be filled in from the words"
    advice = f"run `venezuela-data anchor --write {path} --source-text FOLDER`"
    return [*left, file.at(drafts[0], "required-fields-are-present", message, advice)]


def _drafts(kind: Kind, value: Any) -> Iterator[Pointer]:
    """Yield the place of every object of a seed file that wants its span."""
    seen: list[tuple[Pointer, Any]] = [((), value)]
    while seen:
        at, one = seen.pop()
        if isinstance(one, dict):
            own = kind.model in (Erratum, Statement) and at[:1] == (kind.name,) and len(at) == 2
            if "words" in one or (own and not set(SPAN) & set(one)):
                yield at
        inner = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        seen += reversed([((*at, name), item) for name, item in inner])


def check_choices(select: Collection[str] = (), ignore: Collection[str] = (), skip: Collection[str] = ()) -> None:
    """See that rules and layers that were asked for exist, and that what was selected was not left out.

    Raises:
        UsageError: one does not, or was.
    """
    for code in (*select, *ignore):
        if code not in CODES:
            raise UsageError(f"no rule {shown(code)}; {did_you_mean(code, CODES, 'rules')}")
    for layer in skip:
        if layer not in OPTIONAL:
            raise UsageError(f"no layer {shown(layer)} that can be left out; {did_you_mean(layer, OPTIONAL, 'layers')}")
    for code in select:
        if LAYER_OF[code] in skip:
            raise UsageError(
                f"the rule {shown(code)} was selected, and its layer {LAYER_OF[code]} left out; choose one of them"
            )


def validate(
    path: str | os.PathLike[str] | None = None,
    *,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    skip: Collection[str] = (),
    source_text: str | os.PathLike[str] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Validate a checkout, built data, a data package or one seed file.

    Args:
        path: what to validate; without it the checkout that one stands in, else the installed data.
        select: codes of the only rules whose findings count; all if empty. What keeps the layer of one from running counts too.
        ignore: codes of rules whose findings do not count.
        skip: layers to leave out.
        source_text: a folder with the texts of documents, to verify every span against.
        progress: called with the name of each layer when it begins.

    Raises:
        UsageError: there is nothing at the path, a rule or layer does not exist, or a selected rule is not held there at all.
        MissingLibraryError: a layer needs a library that is not installed.
    """
    select, ignore, skip = ([one] if isinstance(one, str) else one for one in (select, ignore, skip))
    check_choices(select, ignore, skip)
    place = find_place(path)
    run = _Run(place, skip, progress)
    if place.kind == "package":
        run.other_package()
    else:
        with _uncollected():
            run.records(source_text)
    blocking = {one for code in select if code not in run.settled for one in run.blocked.get(LAYER_OF[code], ())}
    for code in select:
        if LAYER_OF[code] not in (*run.layers, *run.blocked) and run.missing is None and code not in run.settled:
            what = "one seed file" if place.only else "what is at this place"
            raise UsageError(f"the rule {shown(code)} is of the layer {LAYER_OF[code]}, which does not run on {what}")
    findings = (
        finding
        for finding in {*run.findings, *blocking}
        if (not select or finding.rule in select or finding in blocking) and finding.rule not in ignore
        if not place.only or finding.path == place.only
    )
    if path is None and place.kind == "built":
        run.notes.insert(0, "there is no checkout here: the installed data was validated")
    ran = {code: told for code, told in CODES.items() if LAYER_OF[code] in run.layers or code in run.settled}
    held = {code: told for code, told in ran.items() if (not select or code in select) and code not in ignore}
    if "rules" in run.layers:
        run.checked["rule"] = len(held)
    report = replace(
        sorted_report(findings, checked=run.checked, layers=tuple(run.layers), notes=tuple(run.notes), rules=held),
        root="" if place.archive is not None else os.path.realpath(place.root),
        texts=frozenset(run.texts),
    )
    if run.missing is not None:
        run.missing.report = report
        raise run.missing
    return report


@contextmanager
def _uncollected() -> Iterator[None]:
    """Put off the search for garbage: records live to the end, and looking through all of them again and again finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Run:
    """One run of the layers over one place, and what it has found so far."""

    def __init__(self, place: Place, skip: Collection[str], progress: Callable[[str], None]) -> None:
        self.place = place
        self.tree = place.tree
        self.skip = skip
        self.progress = progress
        self.findings: list[Finding] = []
        self.layers: list[str] = []
        self.notes: list[str] = []
        self.checked: dict[str, int] = {}
        self.missing: MissingLibraryError | None = None
        self.texts: set[str] = set()
        self.blocked: dict[str, list[Finding]] = {}
        """The layers that did not run, by what kept each from it."""
        self.settled: set[str] = set()
        """The rules that were held whether or not their layer could run."""

    def _begin(self, layer: str) -> bool:
        if layer in self.skip:
            return False
        self.layers.append(layer)
        self.progress(layer)
        return True

    def other_package(self) -> None:
        self._begin("reading")
        if self.place.archive is not None and self.place.archive.findings:
            self.findings += self.place.archive.findings
            self.blocked["package"] = self.findings
            self.checked = {"file": 1}
            return
        package = packages.read_package(self.tree, self.place.descriptor)
        self.findings += package.findings
        self.checked = {"file": len(package.files), "table": len(package.tables), "row": package.rows}
        self._package_layer(package)

    def _package_layer(self, package: packages.PackageFiles) -> None:
        if "package" in self.skip:
            return
        if package.findings:
            self.notes.append("the layer package did not run: it runs only on files that were read without a finding")
            self.blocked["package"] = package.findings
        elif self._begin("package"):
            try:
                self.findings += packages.check_package(package, own=self.place.kind != "package")
            except MissingLibraryError as error:
                self.layers.remove("package")
                self.missing = error

    def records(self, source_text: str | os.PathLike[str] | None) -> None:
        # Reading and shape are one pass over each file, so that the bytes that are read are those that are judged.
        self.layers += ["reading", "shape"]
        self.progress("reading")
        corpus = read_records(self.place, self.tree)
        self.findings += corpus.findings
        if source_text is not None:
            self._read_texts(corpus, Path(source_text))
        records = corpus.records
        ledger = self._ledger()
        note_history(corpus, ledger)
        self.checked = {
            "file": corpus.files,
            "record": sum(len(found) for found in records.values()),
            "table": len(TABLES),
            "row": sum(table.count(records) for table in TABLES),
        }
        if records["claims"] and not self.place.only:
            self.notes.append(_standings(records))
        if self._begin("rules"):
            judged = _OneFile(corpus, self.place.only) if self.place.only else corpus
            for rule in RULES:
                self.findings += rule(judged)
            if self.place.kind == "checkout":
                self.findings += _normal_form(judged)
        if self.place.only:
            return
        if corpus.findings:
            self.blocked = {layer: corpus.findings for layer in ("package", "freshness") if layer not in self.skip}
            if self.blocked:
                self.notes.append(
                    "the layers package and freshness did not run: they need records that were read without a finding"
                )
            return
        if not {"package", "freshness"} <= set(self.skip):
            self._built_layers(artefacts(records, ledger), ledger)

    def _ledger(self) -> Ledger:
        """Read the ledger; unless the layer package is left out and nothing speaks against it, prove each version."""
        faults: Collection[HistoryError] = ()
        try:
            ledger = store.read_history(self.tree)
            if not self.place.only and ("package" not in self.skip or not ledger.is_as_written):
                self.settled.add("history-is-whole")
                faults = ledger.verify()
        except HistoryError as error:
            ledger, faults = NO_HISTORY, (error,)
        except store.UnreadableError as error:
            self.findings.append(error.finding)
            return NO_HISTORY
        for fault in faults:
            path = f"datasets/{RELEASES if fault.table == RELEASES else CHANGES}.csv"
            advice = "take the file from the last release; only `venezuela-data release` adds to it"
            self.findings.append(Finding(path, 0, 0, "history-is-whole", str(fault), advice))
        return ledger

    def _built_layers(self, built: Mapping[str, bytes], ledger: Ledger) -> None:
        stale = list(_stale(self.tree, built))
        if "package" not in self.skip:
            descriptor = "datasets/datapackage.json"
            if any(finding.path == descriptor for finding in stale):
                self.notes.append("the layer package did not run: datasets/datapackage.json is not what the records build")
                self.blocked["package"] = stale
            else:
                package = packages.read_package(self.tree, descriptor, own=True)
                if not stale:
                    # What is stale is found once, as stale, and not again by its hash or its form.
                    self.findings += package.findings
                self._package_layer(package)
        if self._begin("freshness"):
            self.findings += stale
            # What the last release had can be told only from a history that is whole.
            if not any(finding.rule == "history-is-whole" for finding in self.findings):
                self.findings += breaks(self.tree, ledger, built)

    def _read_texts(self, corpus: Corpus, folder: Path) -> None:
        texts, missing = read_texts(corpus, folder)
        unread = [
            f"{one.path} was not read as a text: {one.message}; {one.advice}"
            for one in (text_files(folder)[1] if missing or not texts else ())
        ]
        if not texts and not corpus.findings:
            why = "".join(f"; {one}" for one in unread)
            raise UsageError(f"{shown(str(folder))} holds the text of no document whose access is held{why}")
        if not texts:
            # The document may be among what could not be read, and then its fault is what has to be told.
            self.notes.append(f"{folder} holds the text of no document that could be read: no span was verified")
        corpus.texts = texts
        self.texts = {one.path for one in texts.values()}
        self.notes += unread
        self.notes += [f"the text of {name} is not in {folder}: its spans were not verified" for name in missing]


class _OneFile(Corpus):
    """All records, of which only those of one file are to be judged: every other one is there to be referred to.

    Rules go through `all` to judge each record by itself, and through `each` and `entries` to look at others.
    """

    def __init__(self, corpus: Corpus, path: str) -> None:
        super().__init__(**{one.name: getattr(corpus, one.name) for one in fields(corpus)})
        self._everything = corpus
        self._judged = [(kind, entry) for kind, entry in corpus.all() if entry.file.path == path]

    def all(self) -> Iterator[tuple[str, Entry]]:
        """Yield the records of the file with their kind."""
        yield from self._judged

    def each(self, model: type[R]) -> Iterator[tuple[R, Entry]]:
        """Yield every record of this model, whichever file it is in."""
        return self._everything.each(model)


def _standings(records: Records) -> str:
    """Count the active claims by standing, every standing named."""
    origins = Origins(records)
    claims = (one for one in records["claims"].values() if isinstance(one, Claim))
    found = Counter(origins.weigh(claim).standing for claim in claims if claim.status == "active")
    return "claims by standing: " + ", ".join(f"{found[one]:,} {one}" for one in STANDINGS)


def read_texts(corpus: Corpus, folder: Path) -> tuple[dict[str, TextFile], list[str]]:
    """Find the texts of held documents in a folder of `.txt` files, whatever their names are.

    The file that shares most paragraphs with a document, and more than half of them, is taken for its text. So a change in
    the text can be shown where it is, and need not be guessed from a fingerprint that does not fit.

    Returns:
        The texts by id of the document, and the held documents whose text is not there.

    Raises:
        UsageError: there is no such folder, or no text in it.
    """
    files, unread = text_files(folder)
    if not files:
        why = "".join(f"; {shown(one.path)}: {one.message}; {one.advice}" for one in unread[:3])
        raise UsageError(f"{shown(str(folder))} holds no .txt file{' that can be read' if unread else ''}{why}")
    texts, missing = {}, []
    for source, _ in corpus.each(Source):
        if source.access != "held":
            continue
        share, best = max(((_shared_paragraphs(source, file.text), file) for file in files), key=itemgetter(0))
        if share > 0.5:
            texts[source.id] = best
        else:
            missing.append(source.id)
    return texts, missing


def text_files(folder: Path) -> tuple[list[TextFile], list[Finding]]:
    """Read the `.txt` files of a folder, and find those that cannot be read as a text: a fingerprint is over UTF-8.

    Raises:
        UsageError: there is no such folder.
    """
    if not folder.is_dir():
        raise UsageError(f"{shown(str(folder))} is no folder")
    files: list[TextFile] = []
    unread: list[Finding] = []
    for path in sorted(folder.glob("*.txt")):
        try:
            text = read_text(path)
        except store.UnreadableError as error:
            unread.append(error.finding)
        else:
            files.append(text)
    return files, unread


def read_text(path: Path) -> TextFile:
    """Read the text of a document as it stands.

    Raises:
        UnreadableError: it is a link or no regular file, too large, or not UTF-8.
    """
    name = str(path)
    try:
        data = store.read_named(path)
    except store.UnreadableError as error:
        raise store.UnreadableError(name, error.finding.rule, error.finding.message, error.finding.advice) from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise store.UnreadableError(name, "text-is-utf-8", "the file is UTF-16", "save it as UTF-8 without BOM")
    text, findings = decode(data, name)
    if findings:
        where = f" at line {findings[0].line}, column {findings[0].column}" if findings[0].column > 1 else ""
        raise store.UnreadableError(name, findings[0].rule, findings[0].message + where, findings[0].advice)
    return TextFile(name, text)


def _shared_paragraphs(source: Source, text: str) -> float:
    """Give the share of a document's paragraphs that stand in a text, wherever they have moved to."""
    if not source.paragraphs or source.text_sha256 is None:
        return 0.0
    lines = [passage.words for passage in paragraphs(text)]
    found = 0
    for index, one in enumerate(source.paragraphs):
        near = lines[max(0, index - 3) : index + 4]
        found += any(span_hash(source.text_sha256, one.start, one.end, line) == one.sha256 for line in near)
    return found / len(source.paragraphs)


def _normal_form(corpus: Corpus) -> Iterator[Finding]:
    for path, (found, data) in store.not_in_normal_form(corpus).items():
        line, column, excerpt = _first_difference(found, data)
        message = "the file is not in the normal form from here on"
        yield Finding(path, line, column, "seeds-are-in-normal-form", message, "run `venezuela-data fmt`", excerpt)


def _stale(tree: Tree, built: Mapping[str, bytes]) -> Iterator[Finding]:
    """Find every published file that is not what the records build."""
    code = "datasets-are-current"
    for path, data in built.items():
        try:
            found = tree.read(path)
        except store.UnreadableError as error:
            missing = not tree.has(path)
            message = "the file is missing" if missing else error.finding.message
            yield Finding(path, 0, 0, code, message, "run `venezuela-data build`")
            continue
        if found != data:
            line, column, excerpt = _first_difference(found, data)
            message = "the file is not what the records build from here on"
            yield Finding(path, line, column, code, message, "edit the seeds, and run `venezuela-data build`", excerpt)
    for folder in ("datasets", "schema"):
        for one in tree.walk(folder):
            if isinstance(one, Finding):
                yield one
            elif one not in built:
                yield Finding(one, 0, 0, code, "the records build no such file", "remove it")


def _first_difference(found: bytes, expected: bytes) -> tuple[int, int, str]:
    """Give line, column and line text of the first place where bytes differ from those that were expected."""
    # Halving is much faster than looking at byte after byte, and a table may have millions of them.
    offset, end = 0, min(len(found), len(expected))
    while offset < end:
        middle = (offset + end + 1) // 2
        if found[offset:middle] == expected[offset:middle]:
            offset = middle
        else:
            end = middle - 1
    before = found[:offset].decode("utf-8", "ignore")
    text = TextFile("", found.decode("utf-8", "replace"))
    finding = text.finding(min(len(before), len(text.text)), "", "")
    return finding.line, finding.column, finding.excerpt
