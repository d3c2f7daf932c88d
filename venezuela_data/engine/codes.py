"""The rules that hold for the tables of a data package, by the code of each, and what frictionless calls a breach of them.

A code is a fact that holds. Every engine finds by these codes and no other; the table of frictionless's names is for comparison
and for readers who know those. Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Mapping

TYPE = "cells-have-their-type"
REQUIRED = "required-cells-are-filled"
PATTERN = "cells-match-their-pattern"
ENUM = "cells-are-listed"
RANGE = "cells-are-in-range"
LENGTH = "cells-have-their-length"
NORMAL = "cells-are-in-normal-form"
UNIQUE = "cells-are-unique"
PRIMARY = "primary-keys-are-unique"
FILLED = "primary-keys-are-filled"
UNIQUE_KEYS = "unique-keys-are-unique"
REFERENCES = "references-resolve"
ORDERED = "dates-are-ordered"
DENSE = "positions-are-dense"
SHORT = "rows-are-not-short"
LONG = "rows-are-not-long"
BLANK = "rows-are-not-blank"
LABELS = "labels-match-their-fields"
CSV = "csv-is-well-formed"
JSON = "json-is-well-formed"
ENCODING = "text-has-its-encoding"

RULES: Mapping[str, str] = {
    TYPE: "Every cell that is not missing is written as its field's type and format say.",
    REQUIRED: "A field that is required has a value in every row.",
    PATTERN: "The whole of every cell matches the pattern of its field.",
    ENUM: "Every value is one of those that the field lists, compared as values of its type: `01` is `1`.",
    RANGE: "Every value lies within the bounds of its field. Times with a zone are not compared with times without one.",
    LENGTH: "Every value has as many characters or items as its field says.",
    NORMAL: "Where a package asks for it, every value is written in the one normal form of its type: `5`, not `+5` or `05`.",
    UNIQUE: "No two rows have the same value in a field that is unique, compared as values of its type.",
    PRIMARY: "No two rows have the same primary key, compared as values.",
    FILLED: "No row leaves every field of the primary key without a value.",
    UNIQUE_KEYS: "No two rows agree in all columns of a unique key; a row that lacks a value in one of them is not compared.",
    REFERENCES: "Every foreign key that has a value is the key of a row in the table that it refers to.",
    ORDERED: "Where a package asks for it, a later stage of a row is not dated before an earlier one.",
    DENSE: "Where a package asks for it, the positions within a group are 0, 1, 2 and so on, without a gap.",
    SHORT: "Every row has a cell for each column of the header.",
    LONG: "No row has more cells than the header has columns.",
    BLANK: "No row is without any value.",
    LABELS: "The header names the fields of the Table Schema, as its `fieldsMatch` asks.",
    CSV: "A quoted cell is closed, and nothing stands between its closing quote and the next delimiter.",
    JSON: "Every line of JSON Lines is one object.",
    ENCODING: "Every byte of a text file belongs to a character of the encoding that is declared.",
}
"""What holds, by the code of the rule."""

FRICTIONLESS: Mapping[str, tuple[str, ...]] = {
    "type-error": (TYPE,),
    "constraint-error": (REQUIRED, PATTERN, ENUM, RANGE, LENGTH),
    "unique-error": (UNIQUE,),
    "primary-key": (PRIMARY, FILLED),
    "foreign-key": (REFERENCES,),
    "missing-cell": (SHORT,),
    "extra-cell": (LONG,),
    "blank-row": (BLANK,),
    "blank-header": (LABELS,),
    "blank-label": (LABELS,),
    "duplicate-label": (LABELS,),
    "extra-label": (LABELS,),
    "incorrect-label": (LABELS,),
    "missing-label": (LABELS,),
    "unmatched-header": (LABELS,),
    "source-error": (LABELS,),
    "encoding-error": (ENCODING,),
}
"""The codes that can stand for an error of frictionless, by its name there."""

CONSTRAINTS: Mapping[str, str] = {
    "required": REQUIRED,
    "pattern": PATTERN,
    "enum": ENUM,
    "minimum": RANGE,
    "maximum": RANGE,
    "exclusiveMinimum": RANGE,
    "exclusiveMaximum": RANGE,
    "minLength": LENGTH,
    "maxLength": LENGTH,
}
"""The code of each constraint of a field."""
