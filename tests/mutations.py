"""Ways to spoil a good tree of seeds, each with the places at which that must be found and the other findings that it explains.

Every function under `@kind` makes one mutation: it draws where, gives the new bytes of the files that it changes, and says at
which line and column of them which rule finds it. What else may be found because of it is listed by rule and file; anything
beyond that is a finding without a reason. Nothing here reads a text of a document, writes a file, or runs a rule.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, get_args

from hypothesis import strategies as st

from venezuela_data.models import OfSource, Part
from venezuela_data.records import KIND, references_of
from venezuela_data.store import Corpus
from venezuela_data.syntax import Pointer, json_bytes

T = TypeVar("T")
Change = Callable[[Any], None]
Place = tuple[str, int, int, str]
"""A path, a line, a column and a rule."""

ANY = ""
"""Stands for every file in a list of what a mutation explains."""
NORMAL = "seeds-are-in-normal-form"


@dataclass(frozen=True)
class Spot:
    """A node of a seed file: where it stands, what stands there, and what holds it."""

    path: str
    kind: str
    record: Pointer
    """Where its record stands in the file."""
    at: Pointer
    """Where the node stands in the file."""
    model: type[Part]
    """The model of the record or part that has it as a field, or that it is itself."""
    name: str
    """The field; empty for a record or part itself."""
    value: Any

    @property
    def record_id(self) -> Pointer:
        """The place of the id of its record."""
        return (*self.record, "id")


@dataclass
class Mutation:
    """What was spoiled, and what must and may be found."""

    files: dict[str, bytes]
    found: set[Place]
    """Each of these is found."""
    explained: set[tuple[str, str]] = field(default_factory=set)
    """Rule and path of what may be found besides."""

    def explains(self, place: Place) -> bool:
        """Say whether a finding is one that the mutation explains."""
        path, *_, rule = place
        return place in self.found or (rule, path) in self.explained or (rule, ANY) in self.explained


class Seeds:
    """The good tree: its files, and every node of them."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.files = {entry.file.path: entry.file for _, entry in corpus.all()}

    @cached_property
    def parts(self) -> list[Spot]:
        """Every record, and every part of one, as a node."""
        found: list[Spot] = []
        for kind, entry in self.corpus.all():
            todo: list[tuple[Pointer, type[Part]]] = [(entry.pointer, type(entry.record))]
            while todo:
                at, model = todo.pop()
                value = at_of(entry.file.value, at)
                found.append(Spot(entry.file.path, kind, entry.pointer, at, model, "", value))
                for name, one in value.items():
                    inner = None if name == "$schema" else part_of(model, name)
                    if inner is not None:
                        places = [(*at, name, i) for i in range(len(one))] if isinstance(one, list) else [(*at, name)]
                        todo.extend((place, inner) for place in places)
        return found

    @cached_property
    def fields(self) -> list[Spot]:
        """Every field of every record and part as a node, its lists and objects included."""
        return [
            Spot(one.path, one.kind, one.record, (*one.at, name), one.model, name, value)
            for one in self.parts
            for name, value in one.value.items()
            if name != "$schema"
        ]

    @cached_property
    def references(self) -> list[Spot]:
        """Every node at which a record gives the id of another, by any way in which it can."""
        free = {("claims", "about", "record_id"), ("assessments", "target_id"), ("errata", "record_id")}
        found = []
        for one in self.fields:
            told = tuple(step for step in one.at[len(one.record) :] if isinstance(step, str))
            paths = [tuple(step for step in path if step != "*") for path, _ in references_of(KIND[one.kind].model)]
            if (told in paths or (one.kind, *told) in free) and isinstance(one.value, str):
                found.append(one)
            elif told in paths:
                found += [
                    Spot(one.path, one.kind, one.record, (*one.at, i), one.model, one.name, v) for i, v in enumerate(one.value)
                ]
        return found

    def kind_of_target(self, spot: Spot) -> str:
        """Say which kind of record a reference leads to."""
        told = tuple("*" if isinstance(step, int) else step for step in spot.at[len(spot.record) :])
        kinds = dict(references_of(KIND[spot.kind].model))
        if told in kinds:
            return kinds[told]
        holder = at_of(self.files[spot.path].value, spot.at[:-1])
        return str(holder["target_table" if spot.kind == "assessments" else "table"])

    def leading_to(self, kind: str, record_id: str) -> list[Spot]:
        """Give every reference to a record, and for a document the ids of the records that it makes."""
        found = [one for one in self.references if one.value == record_id and self.kind_of_target(one) == kind]
        if kind == "sources":
            own = [one for one in self.fields if one.name == "id" and issubclass(one.model, OfSource)]
            found += [one for one in own if one.value.partition("/")[0] == record_id]
        return found

    def records(self, kind: str, holds: Callable[[Any], object] = bool) -> list[Spot]:
        """Give the records of a kind for which something holds."""
        return [one for one in self.parts if one.kind == kind and one.at == one.record and holds(one.value)]

    def by_id(self, kind: str) -> dict[str, Spot]:
        """Give the records of a kind by id."""
        return {one.value["id"]: one for one in self.records(kind)}

    def edited(self, spot: Spot, change: Change) -> dict[str, bytes]:
        """Give the file of a node, with the node changed in a copy."""
        return self.all_edited([(spot, change)])

    def all_edited(self, changes: Sequence[tuple[Spot, Change]]) -> dict[str, bytes]:
        """Give the files of several nodes, with each node changed in a copy."""
        values: dict[str, Any] = {}
        for spot, change in changes:
            if spot.path not in values:
                values[spot.path] = json.loads(self.files[spot.path].text)
            change(at_of(values[spot.path], spot.at))
        return {path: json_bytes(value) for path, value in values.items()}

    def set(self, spot: Spot, value: Any) -> dict[str, bytes]:
        """Give the file of a field, with another value in it."""
        name = spot.at[-1]
        holder = Spot(spot.path, spot.kind, spot.record, spot.at[:-1], spot.model, "", None)

        def change(node: Any) -> None:
            node[name] = value

        return self.edited(holder, change)


def at_of(value: Any, pointer: Pointer) -> Any:
    """Give the node at a place."""
    for step in pointer:
        value = value[step]
    return value


def _annotations(model: type[Part], name: str) -> Iterator[Any]:
    if name not in model.model_fields:
        return
    found = model.model_fields[name]
    yield from found.metadata
    todo: list[Any] = [found.annotation]
    while todo:
        one = todo.pop()
        yield one
        yield from getattr(one, "__metadata__", ())
        todo.extend(get_args(one))


def part_of(model: type[Part], name: str) -> type[Part] | None:
    """Give the model of the parts that a field holds, if it holds parts."""
    return next((one for one in _annotations(model, name) if isinstance(one, type) and issubclass(one, Part)), None)


def is_marked(spot: Spot, mark: type) -> bool:
    """Say whether a field takes values of this kind, such as terms."""
    return any(isinstance(one, mark) or one is mark for one in _annotations(spot.model, spot.name))


def laid_out(value: Any) -> dict[Pointer, tuple[int, int, int]]:
    """Say where the normal form puts every node of a value: its line, the column of its key, and its own.

    The readers work this out from the text; here it follows from how the text is written, so that the one judges the other.
    """
    found: dict[Pointer, tuple[int, int, int]] = {}
    line = 1

    def lay(node: Any, at: Pointer, key_column: int, column: int, indent: int) -> None:
        nonlocal line
        found[at] = (line, key_column, column)
        if isinstance(node, dict | list) and node:
            for name, one in node.items() if isinstance(node, dict) else enumerate(node):
                line += 1
                key = f"{json.dumps(name, ensure_ascii=False)}: " if isinstance(node, dict) else ""
                lay(one, (*at, name), indent + 3, indent + 3 + len(key), indent + 2)
            line += 1

    lay(value, (), 1, 1, 0)
    return found


def place_in(files: Mapping[str, bytes], path: str, pointer: Pointer, rule: str, *, key: bool = False) -> Place:
    """Give the place of a node of a file in the normal form, or of its key; where it is missing, of what should hold it."""
    places = laid_out(json.loads(files[path]))
    while pointer not in places:
        pointer, key = pointer[:-1], False
    line, key_column, column = places[pointer]
    return path, line, key_column if key else column, rule


def place_at(path: str, before: bytes, rule: str) -> Place:
    """Give the place after so many bytes of a file."""
    lines = before.decode("utf-8").split("\n")
    return path, len(lines), len(lines[-1]) + 1, rule


# The kinds ---------------------------------------------------------------------------------------------------------------


class Draw:
    """Draws from what Hypothesis offers."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data

    def of(self, choices: Sequence[T]) -> T:
        """Draw one of these; there must be some."""
        assert choices, "the seeds hold nothing that this mutation could spoil"
        return self.data.draw(st.sampled_from(choices))

    def below(self, number: int) -> int:
        """Draw a whole number from 0 to below this one."""
        return self.data.draw(st.integers(0, number - 1))


Make = Callable[[Seeds, Draw], Mutation]
KINDS: dict[str, Make] = {}
"""Every kind of mutation by its name."""
WITH_TEXT: set[str] = set()
"""Those that only show where the text of the document is at hand."""


def kind(make: Make) -> Make:
    """List a kind of mutation."""
    KINDS[make.__name__] = make
    return make


def with_text(make: Make) -> Make:
    """List a kind of mutation that takes the text of the document."""
    WITH_TEXT.add(make.__name__)
    return kind(make)


def a_file(seeds: Seeds, draw: Draw, holds: Callable[[str], object] = bool) -> str:
    """Draw a file: each kind of record alike, however many files it has."""
    paths: dict[str, set[str]] = {}
    for name, entry in seeds.corpus.all():
        if holds(entry.file.text):
            paths.setdefault(name, set()).add(entry.file.path)
    return draw.of(sorted(paths[draw.of(sorted(paths))]))


def at_node(files: dict[str, bytes], spot: Spot, rule: str, *explained: tuple[str, str], key: bool = False) -> Mutation:
    """Make a mutation that is found at a node of the file that it changes."""
    return Mutation(files, {place_in(files, spot.path, spot.at, rule, key=key)}, set(explained))


def below(spot: Spot, *steps: str | int) -> Spot:
    """Give the place of a node below another, whether or not it is there."""
    return Spot(spot.path, spot.kind, spot.record, (*spot.at, *steps), spot.model, str(steps[-1]), None)


def dangling(seeds: Seeds, files: Mapping[str, bytes], leading: Sequence[Spot]) -> set[Place]:
    """Give the places of references that lead nowhere any more, in the files as they are now."""
    there = {one.path: seeds.files[one.path].text.encode() for one in leading} | dict(files)
    return {place_in(there, one.path, one.at, "references-resolve") for one in leading}
