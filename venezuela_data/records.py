"""What people write: the kinds of record, where each stands, and its one normal form.

`KINDS` is the only list of the kinds that exist. What more there is to know of a kind, its model says: its JSON Schema, its
lists, its references. The tables that readers get are in `tables`. Nothing here reads or writes a file. May import `values`,
`models` and `lifecycle`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from . import lifecycle, models
from .models import Part, Record
from .values import Listing, Refers

Records = Mapping[str, Mapping[str, Record]]
"""All records: by kind, then by id."""


DATA_NAME = "venezuela-data"
"""The name of the data package, by which its descriptor is known."""


@dataclass(frozen=True)
class Kind:
    """A kind of record that people write."""

    name: str
    """The plural, which is also the name of its table."""
    model: type[Record]
    where: str
    """The file in `seeds/` that holds it, with `{id}` for its own id or `{source}` for the document's."""
    schema: str
    """The name of its JSON Schema."""
    many: bool = False
    """Whether the file holds a list of records, under the name of the kind."""
    published: bool = True
    """Whether readers get its records, as a table and as JSON; a kind that is not published has a JSON Schema alone."""


KINDS = (
    Kind("actors", models.Actor, "actors/{id}.json", "actor"),
    Kind("events", models.Event, "events/{id}.json", "event"),
    Kind("designations", models.Designation, "designations/{id}.json", "designation"),
    Kind("statements", models.Statement, "sources/{source}/statements.json", "statements", many=True),
    Kind("claims", models.Claim, "sources/{source}/claims.json", "claims", many=True),
    Kind("errata", models.Erratum, "sources/{source}/errata.json", "errata", many=True),
    Kind("assessments", models.Assessment, "sources/{source}/assessments.json", "assessments", many=True),
    Kind("sources", models.Source, "sources/{id}/source.json", "source"),
    Kind("programs", models.Program, "programs/{id}.json", "program"),
    Kind("instruments", models.Instrument, "instruments/{id}.json", "instrument"),
    Kind("places", models.Place, "places/{id}.json", "place"),
    Kind("vocabularies", models.Vocabulary, "vocabularies/{id}.json", "vocabulary"),
    Kind("redirects", lifecycle.Redirect, "redirects/{id}.json", "redirect"),
    Kind("tombstones", lifecycle.Tombstone, "tombstones/{id}.json", "tombstone"),
    Kind("causes", lifecycle.Cause, "causes/{id}.json", "cause", published=False),
)

KIND = {kind.name: kind for kind in KINDS}
PUBLISHED = tuple(kind for kind in KINDS if kind.published)
"""The kinds whose records readers get."""


# What a model says of itself ---------------------------------------------------------------------------------------------


@cache
def schema_of(model: type[Part]) -> Mapping[str, Any]:
    """Give the JSON Schema of a model, derived fields included. It takes a while and so is made once; nobody changes it."""
    return model.model_json_schema(mode="serialization")


def part_of(model: type[Part], name: str) -> type[Part]:
    """Give the model of the parts that a field holds."""
    seen: list[Any] = [model.model_fields[name].annotation]
    while seen:
        one = seen.pop()
        if isinstance(one, type) and issubclass(one, Part):
            return one
        seen.extend(getattr(one, "__args__", ()))
    raise TypeError(f"{model.__name__}.{name} holds no parts")


@cache
def lists_of(model: type[Part]) -> Mapping[str, bool]:
    """Give the fields of a model that hold lists, and whether the order of each list means something."""
    found: dict[str, bool] = {}
    for name, field in model.model_fields.items():
        for mark in field.metadata:
            if isinstance(mark, Listing):
                found[name] = mark.ordered
    return found


@cache
def references_of(model: type[Part]) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Give every field that holds an id of another record: its path, with `*` for any item of a list, and the kind."""
    return tuple((path, mark.kind) for path, mark in marks_in(model) if isinstance(mark, Refers))


def marks_in(annotation: Any, marks: Iterable[Any] = (), path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield what marks a type and whatever it holds, with the path of each."""
    for mark in marks:
        yield path, mark
    if isinstance(annotation, type) and issubclass(annotation, Part):
        for name, field in annotation.model_fields.items():
            yield from marks_in(field.annotation, field.metadata, (*path, name))
    elif get_origin(annotation) is Annotated:
        yield from marks_in(annotation.__origin__, annotation.__metadata__, path)
    elif get_origin(annotation) is tuple:
        yield from marks_in(get_args(annotation)[0], (), (*path, "*"))
    else:
        for one in get_args(annotation):
            yield from marks_in(one, (), path)


# Canonical values --------------------------------------------------------------------------------------------------------


def plain(part: Part) -> dict[str, Any]:
    """Give a record or part as plain JSON values in its normal form.

    The id stands first and the status last, empty fields are left out, and a list whose order means nothing is sorted.
    """
    made: dict[str, Any] = {}
    for name, is_ordered in fields_in_order(type(part)):
        value = getattr(part, name)
        if value is None or value == ():
            continue
        if isinstance(value, tuple):
            items = [plain(item) if isinstance(item, Part) else scalar(item) for item in value]
            made[name] = items if is_ordered or len(items) == 1 else sorted(items, key=sort_key)
        else:
            made[name] = plain(value) if isinstance(value, Part) else scalar(value)
    return made


@cache
def fields_in_order(model: type[Part]) -> tuple[tuple[str, bool], ...]:
    """Give the fields of a model in their normal order, and whether the order of the list that one holds means something."""
    names = sorted(model.model_fields, key=lambda name: (name != "id", name == "status"))
    return tuple((name, lists_of(model).get(name, False)) for name in names)


def scalar(value: Any) -> Any:
    """Give a value that is no list and no part as a plain JSON value: a number without a fraction as an integer."""
    if type(value) is str:
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return str(value) if isinstance(value, str) else value


def sort_key(item: Any) -> Any:
    """Give what the plain items of a list whose order means nothing are sorted by."""
    if isinstance(item, dict):
        return [(name, isinstance(value, str), value) for name, value in item.items() if not isinstance(value, list | dict)]
    return item
