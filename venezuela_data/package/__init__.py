"""Data packages: what a descriptor promises, what its tables are, and frictionless as a second judge of them.

`read_package` reads one without leaving its folder and within bounds; `check_package` holds what was read against the
schemas. A package of another gets no more trust than that. May import whatever stands before `package` in the order of modules.
"""

from __future__ import annotations

from ..syntax import MAX_COLUMNS
from .bounds import MAX_LISTED, MAX_PACKAGE, MAX_PACKAGE_FILES, MAX_RESOURCES
from .files import PackageFiles
from .judging import check_package
from .reading import read_package

__all__ = ["MAX_RESOURCES", "RULES", "PackageFiles", "check_package", "read_package"]

RULES = {
    "descriptor-stays-in-its-folder": (
        "A descriptor names files below its own folder, and no address outside it.\n\n"
        "A path that leaves the folder, or an address, would make the validator read or fetch what nobody gave it."
    ),
    "descriptor-keeps-its-promises": (
        "Every file has the length and the hash that the descriptor gives for it, and every resource has a name of its own.\n\n"
        "They are how a reader knows that the file at hand is the file that was published."
    ),
    "descriptor-is-bounded": (
        f"A package has at most {MAX_RESOURCES} resources, {MAX_PACKAGE_FILES:,} files and {MAX_PACKAGE:,} bytes, a schema at "
        f"most {MAX_COLUMNS} fields, and a list in one at most {MAX_LISTED:,} items.\n\n"
        "A descriptor of a few lines could else ask for hours of work, and what judges a table could not be kept from it."
    ),
    "patterns-run-in-linear-time": (
        "Every pattern of another's descriptor is one that an engine of linear time can run.\n\n"
        "Python's own engine can need time that doubles with every character of a cell. Such patterns are run by an engine "
        "that cannot, and what it does not know, such as looking around, is refused."
    ),
    "tables-conform-to-their-schemas": (
        "Every table is what its Table Schema says: types, required cells, keys, references, terms, patterns.\n\n"
        "Frictionless, the reference reader of data packages, is the judge."
    ),
    "unique-keys-are-unique": (
        "No two rows agree in all columns that the Table Schema lists together under `uniqueKeys`.\n\n"
        "Frictionless reads this property and does not check it."
    ),
}
"""What holds for a data package, by the code of the rule."""
