"""The emitted JSON Schemas: that they say what the models say, in words on which every engine agrees.

Pydantic and `jsonschema` judge the same documents. Where they cannot agree, because no keyword says what the model checks,
the case is listed in `DISAGREEMENTS` with a document and a reason, and nothing else is excused. Nothing is fetched: the
registry refuses to retrieve.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from pydantic_core import SchemaValidator, core_schema
from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource, Unresolvable
from strategies import DOCUMENTS, TERMS, Document, each_edit, edited_documents, in_the_calendar, places_in

from venezuela_data import store
from venezuela_data.build import json_schema
from venezuela_data.dates import EDTF_PATTERN
from venezuela_data.records import KIND, KINDS, Kind
from venezuela_data.values import DAY_PATTERN

ROOT = Path(__file__).parent.parent
SCHEMAS = sorted((ROOT / "schema").glob("*.schema.json"))
TABLE_SCHEMAS = sorted((ROOT / "schema" / "tables").glob("*.json"))
SEEDS = sorted((ROOT / "seeds").rglob("*.json"))

KEYWORDS = {
    *("$schema", "$id", "$ref", "$defs", "title", "description", "default", "type", "enum", "anyOf", "not"),
    *("properties", "required", "additionalProperties", "items", "minItems"),
    *("pattern", "minLength", "maxLength", "minimum", "maximum"),
}
"""The keywords whose tests in the JSON-Schema-Test-Suite every engine that was tried passes."""


def refuse(uri: str) -> Resource[Any]:
    raise NoSuchResource(uri)


@cache
def judge(kind_name: str, *, with_terms: bool = True) -> Draft202012Validator:
    schema = json_schema(KIND[kind_name], TERMS if with_terms else {})
    return Draft202012Validator(schema, registry=Registry(retrieve=refuse))  # type: ignore[call-arg]


def file_of(kind: Kind, document: Document) -> Document:
    return {kind.name: [document]} if kind.many else document


def json_schema_accepts(kind: Kind, document: Document, *, with_terms: bool = True) -> bool:
    accepted: bool = judge(kind.name, with_terms=with_terms).is_valid(file_of(kind, document))
    return accepted


def pydantic_accepts(kind: Kind, document: Document, *, with_terms: bool = True) -> bool:
    try:
        kind.model.model_validate(document, context={"vocabularies": TERMS} if with_terms else None)
    except ValidationError:
        return False
    return True


# Where the two cannot agree ----------------------------------------------------------------------------------------------

INSTRUMENT: Document = {"id": "a", "kind": TERMS["instrument_kind"][0], "title": "a"}
PLACE: Document = {"id": "a", "name": "a", "kind": TERMS["place_kind"][0]}
ACTOR: Document = {"id": "a", "kind": TERMS["actor_kind"][0], "name": "a", "description": "a"}
IDENTIFIER: Document = {"scheme": TERMS["identifier_scheme"][0], "value": "1", "match": TERMS["match"][0], "basis": "a"}

CALENDAR = "no keyword knows the calendar, and `format` is an annotation"
ORDER = "no keyword compares two parts of one string"
WHOLE = "1.0 and 1 are one number to JSON Schema; the models take what is written as a fraction for one"
UNICODE = "no pattern on which engines agree refuses half of a surrogate pair; the reader refuses it before"
FINITE = "NaN is no JSON; the reader refuses it before, and no keyword speaks of it"

DISAGREEMENTS = [
    # reason, kind, document that JSON Schema accepts and the model refuses
    (CALENDAR, "instruments", {**INSTRUMENT, "signed": "2025-02-30"}),
    (CALENDAR, "instruments", {**INSTRUMENT, "signed": "1900-02-29?"}),
    (CALENDAR, "instruments", {**INSTRUMENT, "signed": "0000"}),
    (CALENDAR, "instruments", {**INSTRUMENT, "signed": "2025-01/2025-04-31"}),
    (CALENDAR, "instruments", {**INSTRUMENT, "signed": "[..2025-11-31]"}),
    (CALENDAR, "actors", {**ACTOR, "identifiers": [{**IDENTIFIER, "checked_on": "2025-02-29"}]}),
    (CALENDAR, "actors", {**ACTOR, "identifiers": [{**IDENTIFIER, "checked_on": "0000-01-01"}]}),
    (ORDER, "instruments", {**INSTRUMENT, "signed": "2025-11/2025-10"}),
    (ORDER, "instruments", {**INSTRUMENT, "signed": "[2025-11,2025-10]"}),
    (ORDER, "instruments", {**INSTRUMENT, "signed": "[2025,2025]"}),
    (WHOLE, "places", {**PLACE, "uncertainty_m": 1.0}),
    (UNICODE, "places", {**PLACE, "name": "\ud800"}),
    (FINITE, "places", {**PLACE, "latitude": float("nan")}),
]

DATES = {"date", "published", "signed", "effective", "since", "until"}
DAYS = {"checked_on"}
INTEGERS = {"start", "end", "n", "uncertainty_m", "text_length"}


def is_listed(value: Any, name: str = "") -> bool:
    """Say whether a document holds what `DISAGREEMENTS` lists, in a field where JSON Schema lets it pass."""
    if isinstance(value, dict):
        return any(is_listed(inner, key) for key, inner in value.items())
    if isinstance(value, list):
        return any(is_listed(inner, name) for inner in value)
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            return True
        pattern = EDTF_PATTERN if name in DATES else DAY_PATTERN if name in DAYS else None
        return pattern is not None and re.search(pattern, value) is not None and not in_the_calendar(value)
    return isinstance(value, float) and (value != value or (name in INTEGERS and value.is_integer()))


@pytest.mark.parametrize(("reason", "kind_name", "document"), DISAGREEMENTS)
def test_a_listed_disagreement_is_one(reason: str, kind_name: str, document: Document) -> None:
    kind = KIND[kind_name]
    assert json_schema_accepts(kind, document)
    assert not pydantic_accepts(kind, document)
    assert is_listed(document)


class TestJudges:
    """Pydantic and the emitted JSON Schema accept and refuse the same documents, outside the listed disagreements."""

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
    @settings(deadline=None)
    @given(st.data())
    def test_both_accept_what_is_valid(self, kind: Kind, data: st.DataObject) -> None:
        document = data.draw(DOCUMENTS[kind.name])
        assert pydantic_accepts(kind, document)
        assert json_schema_accepts(kind, document)
        assert not is_listed(document)

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
    @settings(deadline=None)
    @given(st.data())
    def test_both_say_the_same_after_one_change(self, kind: Kind, data: st.DataObject) -> None:
        document = data.draw(edited_documents(DOCUMENTS[kind.name]))
        expected = json_schema_accepts(kind, document) and not is_listed(document)
        assert pydantic_accepts(kind, document) == expected

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
    @settings(deadline=None, max_examples=2)
    @given(st.data())
    def test_both_say_the_same_after_each_change_at_each_place(self, kind: Kind, data: st.DataObject) -> None:
        drawn = data.draw(st.lists(DOCUMENTS[kind.name], min_size=6, max_size=6))
        fullest = max(drawn, key=lambda document: len(list(places_in(document))))
        for document in each_edit(fullest):
            expected = json_schema_accepts(kind, document) and not is_listed(document)
            assert pydantic_accepts(kind, document) == expected, document

    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
    @settings(deadline=None, max_examples=20)
    @given(st.data())
    def test_both_say_the_same_without_vocabularies(self, kind: Kind, data: st.DataObject) -> None:
        document = data.draw(edited_documents(DOCUMENTS[kind.name]))
        expected = json_schema_accepts(kind, document, with_terms=False) and not is_listed(document)
        assert pydantic_accepts(kind, document, with_terms=False) == expected


def test_both_hold_terms_to_their_form_without_vocabularies() -> None:
    for kind_term in ("a\n", "a" * 61, "A", "", 1):
        document = {**PLACE, "kind": kind_term}
        assert not json_schema_accepts(KIND["places"], document, with_terms=False)
        assert not pydantic_accepts(KIND["places"], document, with_terms=False)


def test_the_address_of_a_schema_is_checked_by_the_reader_alone(tmp_path: Path) -> None:
    document = {"$schema": "https://example.org/other", **PLACE}
    assert json_schema_accepts(KIND["places"], document)
    (tmp_path / "seeds" / "places").mkdir(parents=True)
    (tmp_path / "seeds" / "places" / "a.json").write_text(json.dumps(document), "utf-8")
    (finding,) = store.read_seeds(tmp_path).findings
    assert (finding.rule, finding.line) == ("values-have-their-form", 1)


def test_a_fault_in_the_only_item_of_a_list_is_found_once(tmp_path: Path) -> None:
    stage = {"stage": TERMS["stage"][0], "date": "2025-02-30", "source_id": "a"}
    names = dict.fromkeys(("id", "target_id", "authority_id", "program_id", "description"), "a")
    (tmp_path / "seeds" / "designations").mkdir(parents=True)
    (tmp_path / "seeds" / "designations" / "a.json").write_text(json.dumps({**names, "history": [stage]}), "utf-8")
    (finding,) = store.read_seeds(tmp_path, vocabularies=TERMS).findings
    assert (finding.rule, finding.message) == ("values-have-their-form", "'date' is '2025-02-30'")


# The checkout ------------------------------------------------------------------------------------------------------------


@cache
def shipped_judge(schema: str) -> Draft202012Validator:
    given_schema = json.loads((ROOT / "schema" / f"{schema}.schema.json").read_text("utf-8"))
    return Draft202012Validator(given_schema, registry=Registry(retrieve=refuse))  # type: ignore[call-arg]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_seed_file_is_valid_by_its_shipped_schema(kind: Kind) -> None:
    for path in SEEDS:
        place = path.relative_to(ROOT).as_posix()
        if store.kind_of(place) is not kind:
            continue
        document = json.loads(path.read_text("utf-8"))
        assert [error.message for error in shipped_judge(kind.schema).iter_errors(document)] == [], place
        linked = (path.parent / document["$schema"]).resolve()
        assert linked == ROOT / "schema" / f"{kind.schema}.schema.json"


def test_every_seed_file_has_a_kind() -> None:
    assert SEEDS
    assert all(store.kind_of(path.relative_to(ROOT).as_posix()) for path in SEEDS)


def test_there_is_one_schema_for_each_kind() -> None:
    assert [path.name for path in SCHEMAS] == sorted(f"{kind.schema}.schema.json" for kind in KINDS)


# What engines agree on ---------------------------------------------------------------------------------------------------


def schemas_in(schema: Document) -> Iterator[Document]:
    """Yield a schema and every schema below it."""
    yield schema
    for keyword in ("properties", "$defs"):
        for inner in schema.get(keyword, {}).values():
            yield from schemas_in(inner)
    for keyword in ("items", "not"):
        if keyword in schema:
            yield from schemas_in(schema[keyword])
    for inner in schema.get("anyOf", ()):
        yield from schemas_in(inner)


def loaded(path: Path) -> Document:
    made: Document = json.loads(path.read_text("utf-8"))
    return made


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_valid_itself(path: Path) -> None:
    schema = loaded(path)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_uses_only_listed_keywords(path: Path) -> None:
    schema = loaded(path)
    for number, inner in enumerate(schemas_in(schema)):
        assert set(inner) <= KEYWORDS
        assert inner.get("additionalProperties", False) is False
        assert ("properties" in inner) == ("additionalProperties" in inner)
        assert isinstance(inner.get("type", ""), str)
        assert ("$id" in inner or "$schema" in inner) == (number == 0)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_refers_only_into_itself(path: Path) -> None:
    schema = loaded(path)
    for inner in schemas_in(schema):
        if "$ref" in inner:
            start, _, name = inner["$ref"].rpartition("/")
            assert start == "#/$defs"
            assert name in schema["$defs"]


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_property_of_a_schema_is_described(path: Path) -> None:
    for inner in schemas_in(loaded(path)):
        for name, given_property in inner.get("properties", {}).items():
            whole_list = given_property.get("type") == "array" and f"{name}.schema.json" == path.name
            assert whole_list or given_property.get("description", "").strip(), name


def test_the_registry_refuses_to_retrieve() -> None:
    schema = {"$ref": "https://example.org/schema.json"}
    validator = Draft202012Validator(schema, registry=Registry(retrieve=refuse))  # type: ignore[call-arg]
    with pytest.raises(Exception, match=r"example\.org") as caught:
        validator.is_valid({})
    assert isinstance(caught.value.__cause__ or caught.value, Unresolvable)


def test_no_two_schemas_have_the_same_id() -> None:
    ids = [loaded(path)["$id"] for path in SCHEMAS]
    assert len(set(ids)) == len(ids)
    assert all(id_.startswith("urn:x-venezuela-data:schema:") for id_ in ids)


def patterns() -> set[str]:
    found = {inner["pattern"] for path in SCHEMAS for inner in schemas_in(loaded(path)) if "pattern" in inner}
    for path in TABLE_SCHEMAS:
        for field in loaded(path)["fields"]:
            found |= {field["constraints"]["pattern"]} if "pattern" in field.get("constraints", {}) else set()
    return found


# What a pattern may be made of: literal characters, the escapes on which engines agree, classes without escapes but \n,
# \u and \[ \], groups without extensions, alternatives, and counted repetition.
_PIECES = (
    *(r"[A-Za-z0-9:/,_ ~%@=&;'<>!#-]", r"\\[.\[\]]", r"\[(?:[^\\\[\]^]|\\n|\\u[0-9a-f]{4})+\]"),
    *(r"\((?!\?)", r"\)", r"\|", r"\?", r"\+", r"\*", r"\{[0-9]+(?:,[0-9]*)?\}", r"\^", r"\$"),
)
_PORTABLE = re.compile("(?:" + "|".join(_PIECES) + ")*")


@pytest.mark.parametrize("pattern", sorted(patterns()))
def test_a_pattern_is_one_on_which_engines_agree(pattern: str) -> None:
    assert _PORTABLE.fullmatch(pattern)
    assert not re.search(r"\\[dDwWsSbBpPkx]|\(\?|[*+?}][+?]", pattern)
    re.compile(pattern)
    SchemaValidator(core_schema.str_schema(pattern=pattern))  # The engine of Rust, which refuses what it cannot read.


def test_the_check_of_patterns_refuses_what_engines_read_apart() -> None:
    for pattern in (r"^\d$", r"\w", r"^a.b$", r"\s", r"\p{L}", "(?=a)", "(?i)a", "[^a]", r"[\d]", r"\x41"):
        assert not _PORTABLE.fullmatch(pattern), pattern
