"""Version numbers, and what a release demands of its own: by which changes it is major, minor or a patch, and why.

A version number is a promise to whoever wrote a program or a citation against the one before it. Which changes of schemas break
that promise is decided here, field by field, and so is which changes of records are more than a correction. Nothing here
opens a file. May import `findings`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..findings import shown
from .states import ADD, DEL, MOD, MODEL, Change, Schema, State, columns_of, json_text, keyed_by_id

# Version numbers ---------------------------------------------------------------------------------------------------------

LEVELS = ("patch", "minor", "major")
"""By what a version number can rise, least first."""


class Version(NamedTuple):
    """A version number; they compare as numbers do."""

    major: int
    minor: int
    patch: int


_VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})", re.ASCII)


def parsed_version(text: str) -> Version:
    """Read a version number as Semantic Versioning writes it: three numbers. Data has no pre-releases and no build metadata.

    Raises:
        ValueError: it is none.
    """
    match = _VERSION.fullmatch(text)
    if match is None:
        raise ValueError(f"{shown(text)} is no version number of the form 1.2.3")
    return Version(*map(int, match.groups()))


def next_version(old: str, level: str) -> str:
    """Give the version that follows on another one at one of `LEVELS`.

    Raises:
        ValueError: there is no such level, or the text is no version number.
    """
    major, minor, patch = parsed_version(old)
    steps = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}
    if level not in steps:
        raise ValueError(f"{shown(level)} is none of {', '.join(LEVELS)}")
    return ".".join(map(str, steps[level]))


def bump(old: str, new: str) -> str:
    """Say at which of `LEVELS` one version follows on another.

    Raises:
        ValueError: it is not one of the three that can follow, or one of the texts is no version number.
    """
    parsed_version(new)
    for level in LEVELS:
        if next_version(old, level) == new:
            return level
    following = ", ".join(next_version(old, level) for level in LEVELS)
    raise ValueError(f"{new} does not follow on {old}; these do: {following}")


SAYS_WHICH = frozenset(
    "polarity actuality legal_status status existence kind wikidata geonames speaker_id claimant_id target_id".split()
)
"""Columns of which a change is never a mere correction.

They flip what a record says (polarity, actuality, legal status, existence), take it back or bring it back (status, so that a
retraction is never a PATCH), or say that it is about something else (kind, identifiers, and who speaks, claims or is targeted).
Whoever cited the record must be warned by the number.
"""
SAYS_WHO = frozenset(("actor_identifiers", "redirects", "tombstones"))
"""Tables of which every row says which thing in the world a record is, or what became of it: no change there is a PATCH."""


@dataclass(frozen=True)
class Demand:
    """What a change demands of the version number."""

    level: str
    """One of `LEVELS`."""
    change: Change
    field: str
    """What changed: a column, a field of a model, or empty for a whole record or table."""
    reason: str

    def __str__(self) -> str:
        # Only names of ours and ids stand here, never what a record says.
        where = ".".join(shown(one)[1:-1] for one in (self.change.table, self.field) if one)
        return f"{where}{f' of {shown(self.change.id)}' if self.change.id else ''}: {self.reason}"


def demanded(given: Iterable[Change], old: State, new: State) -> Demand | None:
    """Give the highest that changes demand of the version number and the first of them to demand it; None for no change.

    Args:
        given: the changes from the one state to the other.
        old: the last release.
        new: what is to be released.
    """
    return max((_demand(one, old, new) for one in given), key=lambda demand: LEVELS.index(demand.level), default=None)


def _demand(change: Change, old: State, new: State) -> Demand:
    before, after = old.sheets.get(change.table), new.sheets.get(change.table)
    if not change.id:
        what = "model" if change.field == MODEL else "table"
        if change.op == DEL:
            return Demand("major", change, change.field, f"the {what} is gone")
        if change.op == MOD:
            compare = breaks_of_model if change.field == MODEL else breaks_of_table
            for one in compare(json.loads(change.old), json.loads(change.new)):
                return Demand("major", change, one.field, one.reason)
        return Demand("minor", change, change.field, f"the schema of the {what} has an addition")
    if change.table in SAYS_WHO:
        return Demand("minor", change, change.field, "the identity of a record changed, or its end")
    if change.op == MOD and change.field in SAYS_WHICH:
        return Demand("minor", change, change.field, "what the record says, whom it means or where it stands changed")
    if change.op != MOD and any(one is not None and keyed_by_id(one.schema) for one in (before, after)):
        return Demand("minor", change, "", "the record is new" if change.op == ADD else "the record is gone")
    return Demand("patch", change, change.field, "a correction")


# Breaking changes of schemas ---------------------------------------------------------------------------------------------


class Break(NamedTuple):
    """Why a schema breaks whoever relied on the one before it."""

    field: str
    """The field: a column, or the path of a field of records, with `[]` for any item; empty for the whole."""
    reason: str


def breaks_of_table(old: Schema, new: Schema) -> Iterator[Break]:
    """Yield what in a Table Schema breaks those who relied on the one before it.

    Two kinds of people rely on it: readers, to whom it promises what cells can hold, and those who keep tables of that shape of
    their own, which must stay valid. So both a promise that is taken back breaks (a field is gone, has another type or may now
    be empty, another key) and a demand that is new (a field must now be filled, a term is gone, a bound is tighter). What can
    only be said more than before is an addition: a new field, a new term, a wider bound. Terms are added as events demand, and
    a program that meets one that it does not know must bear it.

    Columns are found by the names in the header. Their order is no promise, and a new one may stand anywhere: ours end with
    the status. A program that counts columns, or refuses more of them than it knows, pins a version.
    """
    after = {field["name"]: field for field in new["fields"]}
    known = set(columns_of(old))
    for field_ in old["fields"]:
        name = field_["name"]
        if name not in after:
            yield Break(name, "the field is gone")
            continue
        one, other = (dict(each.get("constraints", {})) for each in (field_, after[name]))
        if one.pop("required", False) != (required := other.pop("required", False)):
            told = "it must now be filled" if required else "it was always filled and may now be empty"
            yield Break(name, told)
        yield from _breaks_of_keywords({**field_, "constraints": None}, {**after[name], "constraints": None}, name)
        yield from _breaks_of_keywords(one, other, name)
    for keyword, of_fields in (("foreignKeys", "foreign key"), ("uniqueKeys", "unique key")):
        # A key that takes a new field is part of the addition.
        keys = [{json_text(key): key for key in schema.get(keyword, ())} for schema in (old, new)]
        for text in sorted(keys[0].keys() ^ keys[1].keys()):
            names = _fields_of(keys[0].get(text, keys[1].get(text)))
            if text in keys[0] or known.issuperset(names):
                yield Break(", ".join(names), f"its {of_fields} is {'gone' if text in keys[0] else 'new'}")
    apart = ("$schema", "fields", "foreignKeys", "uniqueKeys")
    for keyword in sorted(old.keys() | new.keys()):
        if keyword not in apart and old.get(keyword) != new.get(keyword):
            yield Break("", f"its {keyword} is another one")


def _fields_of(key: Any) -> list[str]:
    found = key.get("fields", ()) if isinstance(key, Mapping) else key
    return [found] if isinstance(found, str) else list(found)


_NO_PROMISE = frozenset("title description $schema $id $comment $defs examples".split())
_APART = frozenset("properties required additionalProperties items anyOf oneOf allOf enum".split())
_LEAST = frozenset("minimum exclusiveMinimum minLength minItems minProperties".split())
_MOST = frozenset("maximum exclusiveMaximum maxLength maxItems maxProperties".split())


def _breaks_of_keywords(old: Schema, new: Schema, where: str) -> Iterator[Break]:
    """Compare terms and bounds, which may become wider, and whatever must stay as it is, such as a type or a pattern."""
    terms, others = old.get("enum"), new.get("enum")
    if (terms is None) != (others is None):
        yield Break(where, "it is now limited to some terms" if terms is None else "it is no longer limited to some terms")
    elif terms is not None and others is not None:
        yield from (Break(where, f"the term {shown(term)} is gone") for term in terms if term not in others)
    for keyword in sorted((old.keys() | new.keys()) - _APART - _NO_PROMISE):
        before, after = old.get(keyword), new.get(keyword)
        if keyword in _LEAST or keyword in _MOST:
            if after is None or (before is not None and (after <= before if keyword in _LEAST else after >= before)):
                continue
            yield Break(where, f"its {keyword} is tighter")
        elif before != after:
            yield Break(where, f"its {keyword} is another one")


def breaks_of_model(old: Schema, new: Schema) -> Iterator[Break]:
    """Yield what in the JSON Schema of a kind of record breaks those who relied on the one before it.

    The same two kinds of people rely on it as on a Table Schema: those who read whole records, and those who write them. So a
    property that is gone, is newly required or is no longer always there breaks, as do another type or pattern, a term less,
    a tighter bound, and other fields that are no longer allowed. A new property that may be left out is an addition. What is
    defined in `$defs` counts where it is used, under whatever name.
    """
    yield from _breaks_of_node(old, new, "", (old, new), set())


def _breaks_of_node(old: Any, new: Any, where: str, roots: tuple[Schema, Schema], seen: set[str]) -> Iterator[Break]:
    if any(isinstance(one, Mapping) and "$ref" in one for one in (old, new)):
        if (pair := json_text([old, new])) in seen:
            return  # A definition is compared once, and one that holds itself comes to an end.
        seen.add(pair)
    old, new = _resolved(old, roots[0]), _resolved(new, roots[1])
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        if old != new:
            yield Break(where, "its schema is another one")
        return
    before, after = old.get("properties", {}), new.get("properties", {})
    required = [set(one.get("required", ())) for one in (old, new)]
    for name in sorted(before.keys() | after.keys() | required[0] | required[1]):
        inside = f"{where}.{name}" if where else name
        if name in before and name not in after:
            yield Break(inside, "the field is gone")
            continue
        if (name in required[0]) != (name in required[1]):
            told = "it is newly required" if name in required[1] else "it was always there and may now be missing"
            yield Break(inside, told)
        if name in before:
            yield from _breaks_of_node(before[name], after[name], inside, roots, seen)
    others = [one.get("additionalProperties", True) for one in (old, new)]
    if others[0] is not False and others[1] is not True and others[0] != others[1]:
        yield Break(where, "fields that it does not name are no longer allowed, or not as before")
    if ("items" in old) != ("items" in new):
        yield Break(f"{where}[]", "what its items may be is another thing")
    elif "items" in old:
        yield from _breaks_of_node(old["items"], new["items"], f"{where}[]", roots, seen)
    for keyword in ("anyOf", "oneOf", "allOf"):
        ways = [{json_text(way): way for way in one.get(keyword, ())} for one in (old, new)]
        same = ways[0].keys() & ways[1].keys()
        left = [[way for text, way in one.items() if text not in same] for one in ways]
        if [len(one) for one in left] == [1, 1]:
            yield from _breaks_of_node(left[0][0], left[1][0], where, roots, seen)
        elif left[0] or left[1]:
            yield Break(where, "it may be of other kinds than before")
        for text in sorted(same):  # What it refers to may differ.
            yield from _breaks_of_node(ways[0][text], ways[1][text], where, roots, seen)
    yield from _breaks_of_keywords(old, new, where)


def _resolved(node: Any, root: Schema) -> Any:
    """Put what a reference leads to in its place; one that leads nowhere known stays."""
    for _ in range(len(root.get("$defs", ())) + 1):
        if not isinstance(node, Mapping) or "$ref" not in node:
            return node
        target = root.get("$defs", {}).get(node["$ref"].removeprefix("#/$defs/"))
        if not isinstance(target, Mapping):
            break
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node
