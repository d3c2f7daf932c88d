"""Other formats: the data as files of the tools that people have, each with a report of what the format cannot carry.

An exporter is a pure function from an account of all cells to bytes; here is the only list of them. Files are written under
a temporary name and renamed. Nothing is fetched. May import whatever stands before `export` in the order of modules.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ..store import write_files
from .losses import Account, Loss, LossReport

if TYPE_CHECKING:
    from ..dataset import Dataset

__all__ = ["FORMATS", "Format", "Loss", "LossReport", "export"]


@dataclass(frozen=True)
class Format:
    """A format: how it is called, what it makes, and who reads it."""

    name: str
    description: str
    """What is written, and for which tools."""
    module: str
    """The module of this package whose `render` makes it, loaded when it is asked for."""
    suffix: str
    """How the one file ends; empty where a folder of files is written."""
    extra: str = ""
    """The extra of the package that installs the library it needs; empty where it needs none."""


FORMATS = {
    one.name: one
    for one in (
        Format(
            "parquet",
            "A folder of Parquet files, one for each table, for DuckDB, polars, pandas, R.",
            "columnar",
            "",
            "parquet",
        ),
        Format("sqlite", "A SQLite database with keys and full-text search, and metadata for Datasette.", "sqlite", ".sqlite"),
        Format("jsonl", "A folder of JSON Lines files, one for each table, with typed values.", "lines", ""),
        Format(
            "ftm", "FollowTheMoney entities, one on each line, for Aleph and OpenSanctions' tools.", "followthemoney", ".jsonl"
        ),
        Format("geojson", "Places, and the events and actors at them, for QGIS and web maps.", "geojson", ".geojson"),
        Format(
            "jsonld", "Linked data: PROV-O, Web Annotation and schema.org, for rdflib and triple stores.", "jsonld", ".jsonld"
        ),
        Format("croissant", "The CSV files with a Croissant 1.1 description, for machine-learning tools.", "croissant", ""),
        Format("gexf", "The network of actors and events, for Gephi.", "gexf", ".gexf", "graph"),
        Format(
            "excel-csv",
            "A folder of CSV files for spreadsheets: with a byte order mark, and no cell runs as a formula.",
            "excel",
            "",
        ),
    )
}
"""The formats, by name."""

Render = Callable[[Account, str], Mapping[str, bytes]]
"""Makes the files of a format: relative path to bytes. The text is the name of the one file, or empty for a folder."""


def export(dataset: Dataset, form: str, out: str | os.PathLike[str]) -> LossReport:
    """Write a dataset, or a view of one, in another format, and say what the format cannot carry.

    Args:
        dataset: what `load()` gives, or a view of it.
        form: a name in `FORMATS`.
        out: the file to write, or the folder for a format of several files; files that are there already are replaced.

    Raises:
        ValueError: there is no such format.
        MissingLibraryError: the format needs a library that is not installed; the message names the extra.
        OSError: the files cannot be written; no file is left half-written.
    """
    if form not in FORMATS:
        raise ValueError(f"there is no format {form!r}: {', '.join(FORMATS)}")
    module = import_module(f".{FORMATS[form].module}", __name__)
    account = Account(dataset)
    path = Path(out)
    single = bool(FORMATS[form].suffix)
    files: Mapping[str, bytes] = module.render(account, path.name if single else "")
    folder = path.parent if single else path
    folder.mkdir(parents=True, exist_ok=True)
    write_files(folder, dict(files))
    rows = sum(len(account.rows(name)) for name in dataset.tables)
    view = getattr(dataset, "view_name", "")
    return LossReport(form, dataset.version, view, rows, account.losses(module.REASONS))
