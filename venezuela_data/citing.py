"""How to cite the data, or one record of it: as text, BibTeX, RIS or CSL-JSON.

A citation names the version and the day of its release, and of a view its name and hash; that of a record names the documents
on which the record rests. What a document claims is given as its claim, never in our own voice. Nothing here writes a file or
fetches anything. May import whatever stands before `citing` in the order of modules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .dataset import Dataset
from .findings import escaped, shown
from .models import Record
from .records import DATA_NAME
from .store import UnreadableError
from .tables import TABLES, Table, cell_text
from .tabular import kind_of, no_such

MOST_OF_A_TITLE = 300
"""Characters of a record's words that the title of its citation has at most."""

_UNRELEASED = "+unreleased"
"""What the version of data ends with that have changed since their release (see `build`)."""

Cells = Mapping[str, str]
"""A row of a table, as text."""


@dataclass(frozen=True)
class Publication:
    """What is known of the data as a publication: how they call themselves, and where they stand."""

    name: str
    title: str
    description: str
    creators: tuple[str, ...]
    license: str
    """The SPDX id of the license; empty where the data name none."""
    license_title: str
    license_url: str
    keywords: tuple[str, ...]
    version: str
    """The version; `+unreleased` marks data that have changed since that release."""
    view: str
    """The perspective and its hash; empty for all data."""
    released: str
    """The day of the release of the version, as `YYYY-MM-DD`; empty where the history has none."""
    is_released: bool
    """Whether the data are what was released as that version."""

    @property
    def standing(self) -> str:
        """Say in words at which version the data stand: `version 0.2.0, released 2026-11-23`."""
        after = f", after version {self.version.removesuffix(_UNRELEASED)} of {self.released}" if self.released else ""
        told = f"version {self.version}, released {self.released}" if self.is_released else f"unreleased{after}"
        return f"{told}; view {self.view}" if self.view else told

    @property
    def terms(self) -> str:
        """Say in words under which license the data are."""
        named = " ".join(
            one for one in (self.license_title or self.license, f"({self.license_url})" * bool(self.license_url)) if one
        )
        return f"License: {named}" if named else ""


def publication(dataset: object) -> Publication:
    """Say what the data are as a publication, from their descriptor (`datapackage.json`) and the list of their releases.

    Args:
        dataset: the data, or a view of them. What they do not tell of themselves is left empty.

    Raises:
        DataError: the list of releases is not what releases write.
    """
    given = _descriptor(dataset)
    dates: dict[str, str] = {}
    if (tree := getattr(dataset, "_tree", None)) is not None and "releases" in (whole := Dataset(tree)).tables:
        dates = {cell_text(row["version"]): cell_text(row["date"]) for row in whole.table("releases")}
    version = str(getattr(dataset, "version", "unknown"))
    name = _line(given.get("name") or DATA_NAME)
    licenses = _listed(given, "licenses")
    return Publication(
        name=name,
        title=_line(given.get("title") or name),
        description=_line(given.get("description") or ""),
        creators=tuple(_line(one.get("title")) for one in _listed(given, "contributors"))
        or (f"The contributors to {DATA_NAME}",),
        license=_line(licenses[0].get("name") or "") if licenses else "",
        license_title=_line(licenses[0].get("title") or "") if licenses else "",
        license_url=_line(licenses[0].get("path") or "") if licenses else "",
        keywords=tuple(map(_line, given["keywords"])) if isinstance(given.get("keywords"), list) else (),
        version=_line(version),
        view=_line(getattr(dataset, "view_name", "")),
        released=_line(dates.get(version.removesuffix(_UNRELEASED), "")),
        is_released=version in dates,
    )


def _descriptor(dataset: object) -> Mapping[str, Any]:
    """Read the descriptor; whatever is none says nothing, as it is for `validate` to judge it."""
    try:
        found = json.loads(dataset._tree.read("datasets/datapackage.json"))  # type: ignore[attr-defined]
    except (AttributeError, UnreadableError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _listed(given: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = given.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _line(text: object) -> str:
    """Make one line of a text, with whatever cannot be seen escaped: no format has a place for it."""
    return escaped(" ".join(str(text).split()))


# What is cited -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Citation:
    """What a citation says, before it takes a form."""

    key: str
    title: str
    container: str
    """The title of the data, where one record of them is cited."""
    data: Publication
    notes: tuple[str, ...]
    sources: tuple[str, ...]


def cite_publication(data: Publication, form: str = "text") -> str:
    """Cite data as a whole by what is known of them as a publication; see `cite`.

    Raises:
        ValueError: there is no such form.
    """
    if form not in FORMS:
        raise ValueError(f"there is no form {shown(form)} of a citation: {', '.join(FORMS)}")
    return FORMS[form](_whole(data))


def _whole(data: Publication) -> _Citation:
    key = f"{data.name}-{data.version}" + (f"-{data.view}" if data.view else "")
    return _Citation(key, f"{data.name}: {data.title}", "", data, (), ())


def cite(dataset: Dataset, record_id: str | None = None, form: str = "text", *, table: str | None = None) -> str:
    """Cite the data, or one record of them with its sources and the date at which it stands.

    Args:
        dataset: the data, or a view of them, which the citation then names.
        record_id: the record; without it, the data as a whole.
        form: `text`, `bibtex`, `ris` or `csl-json`.
        table: the table of the record, which is needed where several have a record with this id.

    Returns:
        The citation, each line ended: by CR LF in RIS, as its readers expect, and by LF elsewhere.

    Raises:
        ValueError: there is no such form.
        KeyError: there is no such record or table, and the message names the close matches; or several tables have the id,
            and it names them.
    """
    data = publication(dataset)
    if record_id is None or form not in FORMS:
        return cite_publication(data, form)
    record = _found(dataset, record_id, table)
    kind = kind_of(record)
    by_id = {cell_text(row["id"]): {name: cell_text(cell) for name, cell in row.items()} for row in dataset.table("sources")}
    told = f"Record {record.id} of {data.name} ({kind})"
    about = _line(_subject(dataset, kind, record, by_id))
    return FORMS[form](
        _Citation(
            key=f"{_whole(data).key}-{kind}-{record.id}",
            title=f"{told}: {about}" if about else told,
            container=_whole(data).title,
            data=data,
            notes=() if record.status == "active" else (f"The record is {record.status}",),
            sources=tuple(_told(one, by_id.get(one, {})) for one in _sources_of(dataset, kind, record.id)),
        )
    )


def _found(dataset: Dataset, record_id: str, table: str | None) -> Record:
    if table is None:
        ended = [one.table for one in (*dataset.redirects, *dataset.tombstones) if one.record_id == record_id]
        if any(record_id in found for found in dataset.records.values()) or not ended:
            holders = [kind for kind, found in dataset.records.items() if record_id in found]
            if len(holders) > 1:
                raise KeyError(f"{shown(record_id)} is in {' and in '.join(holders)}: name the table")
            return dataset.find(record_id)
        table = ended[0]
    if table not in dataset.records:
        raise KeyError(no_such(escaped(table), dataset.records, "there is no table of records"))
    found: Record = getattr(dataset, table)[record_id]
    return found


def _subject(dataset: Dataset, kind: str, record: Record, sources: Mapping[str, Cells]) -> str:
    """Say what a record is about; what its document says is said to be the document's."""
    cells = record.model_dump(include={"name", "title", "text", "as_written", "stance", "target_id", "existence", "actuality"})
    source = sources.get(getattr(record, "source_id", ""), {})
    document = f"a document of {source.get('publisher') or 'an unknown publisher'}"
    name = next((str(cells[one]) for one in ("name", "title", "text", "as_written") if cells.get(one)), "")
    quoted = f"“{name if len(name) <= MOST_OF_A_TITLE else name[: MOST_OF_A_TITLE - 1] + '…'}”"
    if kind == "claims":
        return f"claim of {document}, in other words than its own: {quoted}"
    if kind == "statements":
        return f"words in quotation marks in {document}: {quoted}"
    if kind == "errata":
        return f"erratum on {document}, which has {quoted}"
    if kind == "assessments":
        return f"{document} {cells['stance']} {cells['target_id']}"
    if kind == "events":
        return f"event that documents give as {cells['actuality']}: {quoted}"
    if kind == "actors":
        existence = str(cells["existence"])
        return f"actor {quoted}" + ("" if existence == "established" else f" (existence: {existence.replace('_', ' ')})")
    if kind == "designations":
        actors = dataset.records_of("actors")
        target, authority = (
            getattr(actors.get(getattr(record, one)), "name", getattr(record, one)) for one in ("target_id", "authority_id")
        )
        return f"designation of “{target}” by “{authority}”"
    if kind == "sources":
        return f"document {quoted}"
    return quoted if name else ""


def _sources_of(dataset: Dataset, kind: str, record_id: str) -> list[str]:
    """List the documents on which a record rests: its own, those of its chain, its evidence. What a document cites is none."""
    found = {record_id: None} if kind == "sources" else {}
    for table in TABLES:
        columns = [column.name for column in table.columns if column.refers == "sources"]
        if not columns or table.name not in dataset.tables or table.name in ("source_citations", "source_paragraphs"):
            continue
        for row in dataset.table(table.name):
            if _belongs(table, row, kind, record_id):
                found.update((cell_text(row[one]), None) for one in columns if row.get(one) is not None)
    return list(found)


def _belongs(table: Table, row: Mapping[str, Any], kind: str, record_id: str) -> bool:
    if table.kind:
        return table.kind == kind and row[table.columns[0].name] == record_id
    return bool(row["table"] == kind and row["record_id"] == record_id)


def _told(source_id: str, cells: Cells) -> str:
    """Say which document it is, with what the data have of it."""
    if not cells:
        return f"Document {_line(source_id)}"
    parts = [f"{cells['publisher']}: “{cells['title']}”"]
    parts += [f"by {cells['author']}"] if cells.get("author") else []
    parts += [f"published {cells['published']}" if cells.get("published") else "no date seen"]
    parts += [cells["url"]] if cells.get("url") else []
    parts += ["not seen, known only because other documents cite it"] if cells.get("access") == "cited" else []
    return f"{_line(', '.join(parts))} [{_line(source_id)}]"


# Forms -------------------------------------------------------------------------------------------------------------------


def _text(given: _Citation) -> str:
    data = given.data
    year = f" ({data.released[:4]})" if data.is_released else ""
    within = f" In: {given.container}." if given.container else ""
    notes = "".join(f" {one}." for one in (*given.notes, data.terms) if one)
    lines = [f"{', '.join(data.creators)}{year}. {given.title}.{within} Data set, {data.standing}.{notes}"]
    if given.sources:
        lines += ["Sources of the record:", *(f"[{number}] {one}" for number, one in enumerate(given.sources, 1))]
    elif given.container:
        lines.append("The record names no source.")
    return "".join(f"{line}\n" for line in lines)


def _notes(given: _Citation) -> Iterator[str]:
    """Give what no format has a field for, each a sentence."""
    data = given.data
    yield data.standing[0].upper() + data.standing[1:]
    yield from given.notes
    if data.terms:
        yield data.terms
    yield from (f"Source {number} of the record: {one}" for number, one in enumerate(given.sources, 1))


_LATEX = str.maketrans(
    {
        **{one: f"\\{one}" for one in "&%$#_"},
        "\\": r"{\textbackslash}",
        # A brace with a backslash still counts as a brace for BibTeX, which would look for its partner.
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        "<": r"{\textless}",
        ">": r"{\textgreater}",
        "|": r"{\textbar}",
        '"': r"{\textquotedbl}",
    }
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def _bibtex(given: _Citation) -> str:
    data = given.data
    # A second pair of braces keeps a name in one piece, and the capitals of a title as they are.
    fields = {
        "author": " and ".join(f"{{{one.translate(_LATEX)}}}" for one in data.creators),
        "title": f"{{{given.title.translate(_LATEX)}}}",
        "howpublished": f"In: {given.container.translate(_LATEX)}" if given.container else "",
        "version": data.version.translate(_LATEX),
        "year": data.released[:4] if data.is_released else "",
        "note": ". ".join(_notes(given)).translate(_LATEX),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    if data.is_released:
        lines.append(f"  month = {_MONTHS[int(data.released[5:7]) - 1]}")
    key = re.sub(r"[^A-Za-z0-9.-]+", "-", given.key)
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _ris(given: _Citation) -> str:
    data = given.data
    lines = [("TY", "DATA"), ("TI", given.title), *(("AU", one) for one in data.creators)]
    if given.container:
        lines.append(("T2", given.container))
    if data.is_released:
        lines += [("PY", data.released[:4]), ("DA", data.released.replace("-", "/"))]
    lines += [("ET", data.version), ("LA", "en"), *(("N1", one) for one in _notes(given)), ("ER", "")]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)


def _csl_json(given: _Citation) -> str:
    data = given.data
    item: dict[str, Any] = {
        "id": given.key,
        "type": "dataset",
        "title": given.title,
        "author": [{"literal": one} for one in data.creators],
        "version": data.version,
        "language": "en",
    }
    if given.container:
        item["container-title"] = given.container
    if data.is_released:
        item["issued"] = {"date-parts": [[int(one) for one in data.released.split("-")]]}
    item["note"] = "\n".join(_notes(given))
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


FORMS: Mapping[str, Callable[[_Citation], str]] = {
    "text": _text,
    "bibtex": _bibtex,
    "ris": _ris,
    "csl-json": _csl_json,
}
"""The forms of a citation, by name."""
