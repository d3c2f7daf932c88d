"""Where bytes live: reading a tree without leaving it, records with the place of each, and writing that is whole or not at all.

Every file is opened once, relative to the folder above it and without following links; the bytes that are checked are the
bytes that are used. A file is written under a temporary name in its folder and renamed, so that it is either old or new.
Nothing here judges what a record says. May import `findings`, `syntax`, `history`, `models`, `records` and `shape`.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from .findings import Finding, shown
from .history import CHANGES, RELEASES, Ledger, read_ledger
from .models import Actor, Record, Source, Vocabulary
from .records import KIND, KINDS, PUBLISHED, Kind, plain
from .shape import shape_findings
from .syntax import MAX_FAULTS, JsonFile, Pointer, TextFile, json_bytes, read_json

MAX_FILE = 50_000_000
"""Bytes of a file at most."""
MAX_FILES = 200_000
"""Files of a tree at most."""
MAX_TREE = 200_000_000
"""Bytes of all seed files together at most."""
MAX_TREE_VALUES = 5_000_000
"""Values of all seed files together at most: so many take most of a gigabyte of memory."""
MAX_FINDINGS = 20_000
"""Findings on the shape of the records of a tree at most: after so many, the rest is not judged."""
MAX_PATH = 200
"""Characters of a path at most."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

RULES = {
    "paths-stay-in-the-tree": (
        "Every path is plain ASCII and leads to a file below the folder that is validated, without following a link.\n\n"
        "A link, an absolute path or `..` could make a validator read, and print, files that nobody meant to publish."
    ),
    "files-are-regular": (
        f"Every file is a regular file of at most {MAX_FILE:,} bytes that can be read.\n\n"
        "A pipe or device would hang the validator, and a file without bound would exhaust its memory."
    ),
    "files-are-expected": (
        "Every file in `seeds/` is where a record of its kind belongs.\n\n"
        "A file elsewhere would be passed over in silence, and its author would believe it to be published."
    ),
    "seeds-are-in-normal-form": (
        "Every seed file is written in the one normal form.\n\n"
        "Two ways to write the same record would show as changes where nothing changed. `venezuela-data fmt` writes it."
    ),
    "required-fields-are-present": (
        "Every record has the fields that its kind requires.\n\nWhat is not known is left out only where a field may be."
    ),
    "fields-are-known": (
        "No record has a field that its kind does not have.\n\nA misspelt field would be lost without a word."
    ),
    "values-have-their-type": (
        "Every value has the type of its field, and none is converted.\n\n"
        "A number in quotation marks reads as text in one program and as a number in another."
    ),
    "values-have-their-form": (
        "Every value has the form of its field: ids, dates, languages, addresses, hashes, lengths and bounds.\n\n"
        "Dates are checked against the calendar, and intervals that run backwards are refused."
    ),
    "ids-are-unique": (
        "No two records of a kind have the same id.\n\n"
        "An id is how others cite a record; with two records under it, nobody knows which is meant."
    ),
    "terms-are-defined": (
        "Every controlled term is in its vocabulary.\n\n"
        "The vocabularies are data in `seeds/vocabularies/`, each term with a definition that two coders can agree on."
    ),
}
"""What holds for files and for the shape of records, by the code of the rule."""


# Reading -----------------------------------------------------------------------------------------------------------------


class UnreadableError(Exception):
    """A file cannot be read; `finding` says which, why and what to do."""

    def __init__(self, path: str, rule: str, message: str, advice: str = "") -> None:
        self.finding = Finding(path[:MAX_PATH], 0, 0, rule, message, advice)
        super().__init__(message)


def read_bytes(root: Path, path: str) -> bytes:
    """Read a regular file below `root`, opening one folder after the other without following a link.

    Raises:
        UnreadableError: the path leaves the tree or meets a link, or there is no regular file of bearable size.
    """
    parts = check_path(path)
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            inner = _open(folder, part, os.O_DIRECTORY, path)
            os.close(folder)
            folder = inner
        return read_entry(folder, parts[-1], path)
    finally:
        os.close(folder)


def check_path(path: str) -> list[str]:
    """Give the parts of a path that is short and made of plain names.

    Raises:
        UnreadableError: it is not, or it leads out of the tree.
    """
    parts = path.split("/")
    for part in parts:
        if not _NAME.fullmatch(part):
            raise UnreadableError(path, "paths-stay-in-the-tree", f"{shown(part)} is no plain file name", "rename it")
    if len(path) > MAX_PATH:
        raise UnreadableError(path, "paths-stay-in-the-tree", f"a path of {len(path)} characters", "shorten it")
    return parts


def read_entry(folder: int, name: str, path: str) -> bytes:
    """Read a regular file of an open folder, which findings call by its path.

    Raises:
        UnreadableError: it is a link, no regular file, or larger than a file may be.
    """
    handle = _open(folder, name, os.O_NONBLOCK, path)
    # A file object refuses a folder with an error of its own, so the kind is asked of the descriptor.
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableError(path, "files-are-regular", "not a regular file", "replace it with a file")
        with os.fdopen(handle, "rb", closefd=False) as file:
            # Room is made for what is asked for, so that is little more than the file; one that grows is read on.
            data = file.read(found.st_size + 1) if found.st_size <= MAX_FILE else b""
            if len(data) > found.st_size:
                data += file.read(MAX_FILE + 1 - len(data))
    finally:
        os.close(handle)
    if found.st_size > MAX_FILE or len(data) > MAX_FILE:
        raise UnreadableError(path, "files-are-regular", f"larger than {MAX_FILE:,} bytes", "split it")
    return data


def read_named(path: Path) -> bytes:
    """Read a regular file that was named by itself, whatever its name is, without following a link at its end.

    Raises:
        UnreadableError: there is no regular file of bearable size.
    """
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        return read_entry(folder, path.name, path.name)
    finally:
        os.close(folder)


@dataclass(frozen=True, slots=True)
class Tree:
    """A folder of which each file is read at most once, so that every layer judges the same bytes; or files in memory."""

    root: Path
    members: Mapping[str, bytes] | None = field(default=None, repr=False)
    """The files by path, where they are those of an archive: then nothing is read from disk."""
    _read: dict[str, bytes | UnreadableError] = field(default_factory=dict, repr=False)

    def read(self, path: str) -> bytes:
        """Read a file as `read_bytes` does, or give again what was read before.

        Raises:
            UnreadableError: as `read_bytes` does.
        """
        if path not in self._read:
            try:
                self._read[path] = read_bytes(self.root, path) if self.members is None else self._member(path)
            except UnreadableError as error:
                self._read[path] = error
        found = self._read[path]
        if isinstance(found, UnreadableError):
            raise found
        return found

    def has(self, path: str) -> bool:
        """Say whether there is anything at a path."""
        return (self.root / path).exists() if self.members is None else path in self.members

    def walk(self, under: str) -> Iterator[str | Finding]:
        """Yield what `walk` does for a folder of this tree; nothing where there is no such folder."""
        if self.members is not None:
            yield from sorted(path for path in self.members if path.startswith(under + "/"))
        elif (self.root / under).is_dir():
            yield from walk(self.root, under)

    def _member(self, path: str) -> bytes:
        assert self.members is not None
        check_path(path)
        if path not in self.members:
            raise UnreadableError(path, "files-are-regular", "no such file or directory", "see whether it was packed")
        return self.members[path]


def _open(folder: int, name: str, flags: int, path: str) -> int:
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=folder)
    except OSError as error:
        try:
            is_link = stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
        except OSError:
            is_link = False
        if is_link:
            raise UnreadableError(path, "paths-stay-in-the-tree", "a link", "put the file itself there") from None
        reason = (error.strerror or "cannot be opened").lower()
        raise UnreadableError(path, "files-are-regular", reason, "see whether it exists and may be read") from None


def walk(root: Path, under: str) -> Iterator[str | Finding]:
    """Yield the path of every file below a folder of the tree, in order, and a finding for all that is not a file."""
    count = 0
    parts = under.split("/")
    folders = [under]
    for end in range(1, len(parts)):
        if (root / "/".join(parts[:end])).is_symlink():
            yield Finding("/".join(parts[:end]), 0, 0, "paths-stay-in-the-tree", "a link", "put the folder itself there")
            return
    while folders:
        folder = folders.pop()
        if (root / folder).is_symlink():
            yield Finding(folder, 0, 0, "paths-stay-in-the-tree", "a link", "put the folder itself there")
            continue
        try:
            entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
        except OSError as error:
            yield Finding(folder, 0, 0, "files-are-regular", (error.strerror or "cannot be opened").lower())
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}"
            count += 1
            if count > MAX_FILES:
                yield Finding(under, 0, 0, "files-are-regular", f"more than {MAX_FILES:,} files", "split the tree")
                return
            if entry.is_symlink():
                yield Finding(path, 0, 0, "paths-stay-in-the-tree", "a link", "put the file itself there")
            elif entry.is_dir(follow_symlinks=False):
                folders.append(path)
            else:
                yield path


R = TypeVar("R", bound=Record)

# Records -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """A record and where it stands."""

    record: Record
    file: JsonFile
    pointer: Pointer

    def finding(self, at: Pointer, rule: str, message: str, advice: str = "", *, key: bool = False) -> Finding:
        """Make a finding at a field of the record."""
        return self.file.at((*self.pointer, *at), rule, message, advice, key=key)


@dataclass(slots=True)
class Corpus:
    """All records of one place, each with where it stands, and what was wrong on the way."""

    entries: dict[str, dict[str, Entry]] = field(default_factory=lambda: {kind.name: {} for kind in KINDS})
    """By kind and id. Of records with the same id the first is here, and the others in `repeated`."""
    repeated: list[tuple[str, Entry]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    files: int = 0
    faulty: set[tuple[str, str]] = field(default_factory=set)
    """Kind and id of what could not be read.

    For a file of a document's records the id is the document's and a slash; for all records of a kind it is empty.
    """
    released: dict[str, frozenset[str]] = field(default_factory=lambda: dict.fromkeys(KIND, frozenset()))
    """The ids that the last release has, by kind."""
    gone: dict[str, frozenset[str]] = field(default_factory=lambda: dict.fromkeys(KIND, frozenset()))
    """The ids that an earlier release had and the last one has no more, by kind."""
    texts: dict[str, TextFile] = field(default_factory=dict)
    """The texts of held documents that are at hand, by the id of the document."""

    @property
    def records(self) -> dict[str, dict[str, Record]]:
        """The records by kind and id, the ids in order."""
        return {kind: {id_: entries[id_].record for id_ in sorted(entries)} for kind, entries in self.entries.items()}

    def all(self) -> Iterator[tuple[str, Entry]]:
        """Yield every record with its kind, those with a repeated id included."""
        for kind, entries in self.entries.items():
            for entry in entries.values():
                yield kind, entry
        yield from self.repeated

    def each(self, model: type[R]) -> Iterator[tuple[R, Entry]]:
        """Yield every record of this model, with its place."""
        for _, entry in self.all():
            if isinstance(entry.record, model):
                yield entry.record, entry

    def source(self, record_id: str | None) -> Source | None:
        """Give a document by its id, if it is here."""
        entry = self.entries["sources"].get(record_id or "")
        return entry.record if entry is not None and isinstance(entry.record, Source) else None

    def actor(self, record_id: str | None) -> Actor | None:
        """Give an actor by its id, if it is here."""
        entry = self.entries["actors"].get(record_id or "")
        return entry.record if entry is not None and isinstance(entry.record, Actor) else None

    def is_faulty(self, kind: str, record_id: str) -> bool:
        """Say whether there is such a record, but in a file or form that could not be read.

        Rules pass over references to it: its fault is found once, where it is.
        """
        if (kind, record_id) in self.faulty or (kind, "") in self.faulty:
            return True
        return KIND[kind].many and (kind, record_id.partition("/")[0] + "/") in self.faulty

    def is_whole(self, kind: str, source_id: str) -> bool:
        """Say whether every record of this kind of a document could be read, so that one that is not there is missing."""
        return not any(one == kind and (not id_ or id_.partition("/")[0] == source_id) for one, id_ in self.faulty)


def read_seeds(root: Path, *, vocabularies: Mapping[str, Iterable[str]] | None = None) -> Corpus:
    """Read every record below `root/seeds`.

    Args:
        root: the checkout.
        vocabularies: the terms to hold records against where the tree has no vocabularies of its own.
    """
    corpus = Corpus()
    found: list[tuple[Kind, JsonFile]] = []
    total = values = 0
    for path in walk(root, "seeds"):
        corpus.files += 1
        if isinstance(path, Finding):
            corpus.findings.append(path)
            _note_faulty(corpus, kind_of(path.path), path.path)
            continue
        kind = kind_of(path)
        try:
            data = read_bytes(root, path)
        except UnreadableError as error:
            corpus.findings.append(error.finding)
            _note_faulty(corpus, kind, path)
            continue
        total += len(data)
        values += data.count(b",") + data.count(b"[") + data.count(b"{")
        if total > MAX_TREE or values > MAX_TREE_VALUES:
            most = f"{MAX_TREE:,} bytes" if total > MAX_TREE else f"{MAX_TREE_VALUES:,} values"
            message = f"from here on more than {most} of seeds"
            corpus.findings.append(Finding(path, 0, 0, "files-are-regular", message, "split the tree"))
            break
        if kind is None:
            corpus.findings.append(
                Finding(path, 0, 0, "files-are-expected", "no kind of record has its file here", _nearest_home(path))
            )
            continue
        file, findings = read_json(data, path)
        corpus.findings += findings
        if file is not None:
            found.append((kind, file))
        else:
            _note_faulty(corpus, kind, path)
    _read_records(corpus, found, vocabularies)
    return corpus


def read_datasets(tree: Tree, kinds: Iterable[Kind] = PUBLISHED) -> Corpus:
    """Read the records of the built data in `datasets/json` of the tree, of these kinds."""
    corpus = Corpus()
    found: list[tuple[Kind, JsonFile]] = []
    for kind in kinds:
        path = f"datasets/json/{kind.name}.json"
        corpus.files += 1
        try:
            file, findings = read_json(tree.read(path), path)
        except UnreadableError as error:
            file, findings = None, [error.finding]
        corpus.findings += findings
        if file is not None:
            found.append((kind, file))
        else:
            corpus.faulty.add((kind.name, ""))
    _read_records(corpus, found, None, built=True)
    return corpus


def read_history(tree: Tree) -> Ledger:
    """Read the ledger of a place; it is empty where nothing was released yet.

    Raises:
        HistoryError: the two files are not what releases write.
        UnreadableError: a file cannot be read.
    """
    releases, changes = (
        tree.read(path) if tree.has(path) else None for path in (f"datasets/{name}.csv" for name in (RELEASES, CHANGES))
    )
    return read_ledger(releases, changes)


def _note_faulty(corpus: Corpus, kind: Kind | None, path: str) -> None:
    """Remember which record, or which document's records, a file that cannot be read would have held."""
    if kind is not None and not path.startswith("seeds/"):
        corpus.faulty.add((kind.name, ""))
    elif kind is not None:
        match = _home_pattern(kind).fullmatch(path)
        assert match is not None
        corpus.faulty.add((kind.name, match.group(1) + "/" * kind.many))


def _read_records(
    corpus: Corpus,
    found: list[tuple[Kind, JsonFile]],
    vocabularies: Mapping[str, Iterable[str]] | None,
    *,
    built: bool = False,
) -> None:
    found.sort(key=lambda one: one[1].path)
    raw = [(kind, file, *one) for kind, file in found for one in _raw_records(corpus, kind, file, built)]
    # Whether a term is one of its vocabulary is part of the shape of every record, that of vocabularies included, so all
    # terms are known before the first record is judged.
    terms: dict[str, Any] = {name: frozenset(known) for name, known in (vocabularies or {}).items()}
    listed = (value for kind, _, _, value in raw if kind.model is Vocabulary and isinstance(value.get("terms"), list))
    terms.update(map(_raw_terms, listed))
    context = {"vocabularies": terms}
    faults = Counter(finding.path for finding in corpus.findings)
    for kind, file, pointer, value in raw:
        if faults[file.path] > MAX_FAULTS:
            continue
        if len(corpus.findings) > MAX_FINDINGS:
            corpus.findings.append(_more(file.path, MAX_FINDINGS))
            break
        try:
            record = kind.model.model_validate(value, context=context)
        except ValidationError as error:
            told = list(islice(shape_findings(error, file, pointer, kind, context), MAX_FAULTS + 1 - faults[file.path]))
            corpus.findings += told
            faults[file.path] += len(told)
            if faults[file.path] > MAX_FAULTS:
                corpus.findings.append(_more(file.path, MAX_FAULTS))
                _note_faulty(corpus, kind, file.path)
            given = value.get("id")
            if isinstance(given, str):
                corpus.faulty.add((kind.name, given))
            if not isinstance(given, str) or not (kind.many or built):
                _note_faulty(corpus, kind, file.path)
            continue
        entry = Entry(record, file, pointer)
        first = corpus.entries[kind.name].get(record.id)
        if first is not None:
            corpus.repeated.append((kind.name, entry))
            place = first.finding(("id",), "", "").place
            message = f"{shown(record.id)} is already at {place}"
            corpus.findings.append(entry.finding(("id",), "ids-are-unique", message, "choose another"))
        else:
            corpus.entries[kind.name][record.id] = entry


def _more(path: str, most: int) -> Finding:
    message = f"from here on not read: more than {most:,} findings"
    return Finding(path, 0, 0, "files-are-bounded", message, "mend the others first")


def _raw_terms(value: Mapping[str, Any]) -> tuple[str, frozenset[str]]:
    """Give the name and the terms of a vocabulary as it stands in its file, whatever else is wrong with it."""
    terms = [one.get("term") for one in value["terms"] if isinstance(one, dict)]
    return str(value.get("id")), frozenset(term for term in terms if isinstance(term, str))


def _raw_records(corpus: Corpus, kind: Kind, file: JsonFile, built: bool) -> Iterator[tuple[Pointer, dict[str, Any]]]:
    """Yield each object of a file that stands for a record, and find what stands where one should."""
    value = file.value
    if not isinstance(value, dict):
        corpus.findings.append(file.at((), "values-have-their-type", f"expected an object, not {shown(value)}"))
        _note_faulty(corpus, kind, file.path)
        return
    rest = {name: one for name, one in value.items() if name != "$schema"}
    if "$schema" in value and value["$schema"] != schema_link(file.path, kind):
        advice = f"write {schema_link(file.path, kind)}"
        corpus.findings.append(file.at(("$schema",), "values-have-their-form", "not the address of this file's schema", advice))
    if not kind.many and not built:
        yield (), rest
        return
    for name in rest:
        if name != kind.name:
            message = f"the file has no field {shown(name)}"
            corpus.findings.append(file.at((name,), "fields-are-known", message, f"records stand in {kind.name}", key=True))
    items = rest.get(kind.name)
    if not isinstance(items, list):
        rule = "values-have-their-type" if kind.name in rest else "required-fields-are-present"
        at: Pointer = (kind.name,) if kind.name in rest else ()
        corpus.findings.append(file.at(at, rule, f"expected a list of records under {kind.name!r}"))
        _note_faulty(corpus, kind, file.path)
        return
    odd = 0
    for index, item in enumerate(items):
        if isinstance(item, dict):
            yield (kind.name, index), item
        elif (odd := odd + 1) > MAX_FAULTS:
            corpus.findings.append(_more(file.path, MAX_FAULTS))
            return
        else:
            message = f"expected an object, not {shown(item)}"
            corpus.findings.append(file.at((kind.name, index), "values-have-their-type", message))
            _note_faulty(corpus, kind, file.path)


def schema_link(path: str, kind: Kind) -> str:
    """Give the relative address of a file's JSON Schema, by which editors complete and check it."""
    return "../" * path.count("/") + f"schema/{kind.schema}.schema.json"


@cache
def _home_pattern(kind: Kind) -> re.Pattern[str]:
    where = re.escape(kind.where).replace(r"\{id\}", "([^/]+)").replace(r"\{source\}", "([^/]+)")
    return re.compile("seeds/" + where)


def kind_of(path: str) -> Kind | None:
    """Say which kind of record a path of the tree holds."""
    return next((kind for kind in KINDS if _home_pattern(kind).fullmatch(path)), None)


def home_of(kind: Kind, record_id: str) -> str:
    """Give the path at which a record belongs."""
    return "seeds/" + kind.where.format(id=record_id, source=record_id.partition("/")[0])


def _nearest_home(path: str) -> str:
    folder = path.split("/")[1] if path.count("/") > 1 else ""
    homes = [home_of(kind, "ID") for kind in KINDS if kind.where.startswith(folder + "/")]
    return "move it to " + " or ".join(homes or ["one of the folders of seeds"])


# Writing -----------------------------------------------------------------------------------------------------------------


def seed_bytes(kind: Kind, path: str, records: Iterable[Record]) -> bytes:
    """Write the records of one seed file in the normal form."""
    link = {"$schema": schema_link(path, kind)}
    if kind.many:
        return json_bytes({**link, kind.name: [plain(record) for record in sorted(records, key=lambda one: one.id)]})
    (record,) = records
    return json_bytes({**link, **plain(record)})


def seed_files(corpus: Corpus) -> dict[str, bytes]:
    """Give the normal form of every seed file whose records could be read, by path."""
    grouped: dict[str, tuple[Kind, list[Record]]] = {}
    for kind, entry in corpus.all():
        grouped.setdefault(entry.file.path, (KIND[kind], []))[1].append(entry.record)
    faulty = {finding.path for finding in corpus.findings}
    return {path: seed_bytes(kind, path, records) for path, (kind, records) in sorted(grouped.items()) if path not in faulty}


def not_in_normal_form(corpus: Corpus) -> dict[str, tuple[bytes, bytes]]:
    """Give the seed files that are not in the normal form, by path: the bytes that were read, and the normal form."""
    files = {entry.file.path: entry.file for _, entry in corpus.all()}
    read = {path: file.text.encode("utf-8") for path, file in files.items()}
    return {path: (read[path], data) for path, data in seed_files(corpus).items() if read[path] != data}


_LEFTOVER = re.compile(r"\.[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.[a-z0-9_]{8}\.tmp")


def remove_leftovers(root: Path) -> None:
    """Remove the temporary files that a run which was killed has left behind, below the folders that are written."""
    for folder in ("seeds", "datasets", "schema"):
        for one in walk(root, folder) if (root / folder).is_dir() else ():
            if isinstance(one, str) and _LEFTOVER.fullmatch(one.rpartition("/")[2]):
                (root / one).unlink(missing_ok=True)


def write_files(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write files below `root`, each whole or not at all, and give the paths of those that changed.

    Each is written under a temporary name in its own folder, flushed to disk and renamed over the old one.

    Raises:
        UnreadableError: a folder on the way is a link, which could lead out of the tree.
    """
    changed = []
    for path, data in sorted(files.items()):
        target = root / path
        for folder in target.relative_to(root).parents:
            if (root / folder).is_symlink() and folder != Path():
                raise UnreadableError(folder.as_posix(), "paths-stay-in-the-tree", "a link", "put the folder itself there")
        if target.is_file() and not target.is_symlink() and target.read_bytes() == data:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        changed.append(path)
    return changed
