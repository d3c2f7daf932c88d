"""What a path is: a checkout, our built data, another's data package, or one seed file; in a folder or in a zip file.

It looks which files there are and reads nothing but a descriptor and the members of a zip. It never follows a link to see what
lies behind it, and never judges what it finds. May import `findings`, `syntax`, `records`, `store` and `archive`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from . import archive as archives
from . import store
from .findings import shown
from .records import DATA_NAME
from .store import Tree
from .syntax import read_json


class UsageError(Exception):
    """What was asked for cannot be done: a place that cannot be read, or a name that does not exist."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a path is: a checkout, our built data, or another's data package."""

    root: Path
    kind: str
    """`checkout`, `built` or `package`."""
    descriptor: str = ""
    """For a data package: its descriptor, from the root."""
    only: str = ""
    """The one seed file that was asked for, from the root."""
    archive: archives.Archive | None = None
    """The members of the zip file that the root is, in the place of files on disk."""

    @property
    def tree(self) -> Tree:
        """The files of the place."""
        return Tree(self.root, None if self.archive is None else self.archive.members)


def data_root() -> Path:
    """Give the folder that holds `datasets/` and `schema/`: that of the installed package, else the checkout."""
    here = Path(__file__).resolve().parent
    return here / "_data" if (here / "_data").is_dir() else here.parent


def find_place(path: str | os.PathLike[str] | None = None) -> Place:
    """Say what a path is; without one, the checkout that one stands in, else the installed data.

    Raises:
        UsageError: there is nothing there that can be validated.
    """
    if path is None:
        here = Path.cwd()
        for folder in (here, *here.parents):
            # Any folder may be called seeds; above the one that one stands in, only a built checkout counts.
            if _is_checkout(folder) and (folder == here or (folder / "datasets").is_dir()):
                return Place(folder, "checkout")
        found = data_root()
        return Place(found, "checkout" if _is_checkout(found) else "built")
    # Links are not resolved: what lies behind one is not what was named, and reading will say so.
    given = Path(os.path.abspath(path))  # noqa: PTH100  # Path has no way to make a path absolute without its dots
    if given.is_dir():
        if _is_checkout(given):
            return Place(given, "checkout")
        if given.name == "seeds":
            return Place(given.parent, "checkout")
        if (given / "datasets" / "datapackage.json").is_file():
            return Place(given, "built")
        if (given / "datapackage.json").is_file():
            return _package_place(given / "datapackage.json")
        raise UsageError(f"{shown(str(path))} holds no seeds, no datasets and no datapackage.json")
    if given.is_file():
        for parent in given.parents:
            inside = given.relative_to(parent.parent).as_posix()
            if parent.name == "seeds" and (store.kind_of(inside) or given.suffix != ".json"):
                return Place(parent.parent, "checkout", only=inside)
        if given.suffix == ".json":
            return _package_place(given)
        if given.suffix == ".zip":
            return _archive_place(given)
    raise UsageError(f"{shown(str(path))} is no checkout, data package or seed file")


def _is_checkout(folder: Path) -> bool:
    return (folder / "seeds").is_dir()


def _package_place(descriptor: Path) -> Place:
    folder = descriptor.parent
    if folder.name == "datasets":
        try:
            file, _ = read_json(store.read_bytes(folder, descriptor.name), descriptor.name)
        except store.UnreadableError as error:
            raise UsageError(str(error)) from None
        if file is not None and isinstance(file.value, dict) and file.value.get("name") == DATA_NAME:
            root = folder.parent
            return Place(root, "checkout" if _is_checkout(root) else "built")
    return Place(folder, "package", descriptor.name)


def _archive_place(path: Path) -> Place:
    archive = archives.read_archive(path)
    if "datasets/datapackage.json" in archive.members:
        return Place(path, "built", archive=archive)
    if "datapackage.json" in archive.members or archive.findings:
        return Place(path, "package", "datapackage.json", archive=archive)
    raise UsageError(f"{shown(path.name)} holds no datasets and no datapackage.json")
