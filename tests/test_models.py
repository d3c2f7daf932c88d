"""The value types and the models: what each field takes and refuses, and what a record derives from its own fields.

Each value type has a list of what is accepted and one of what is refused, written by hand. Nothing here reads a file of the
checkout, and nothing judges more than one record.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ConfigDict, TypeAdapter, ValidationError
from strategies import DOCUMENTS, TERMS, Document

from venezuela_data import models
from venezuela_data.dates import Edtf
from venezuela_data.models import Actor, Claim, Designation, Event, Part, Record, Source, Statement
from venezuela_data.records import KIND, KINDS
from venezuela_data.values import (
    COUNTRIES,
    FORMS,
    MAX_NUMBER,
    MAX_OFFSET,
    AnyId,
    AssessmentId,
    ClaimId,
    Country,
    Day,
    ErratumId,
    Label,
    Language,
    Name,
    Number,
    Offset,
    Quotation,
    Sha256,
    Slug,
    StatementId,
    TermOf,
    Text,
    UnknownTermError,
    Url,
)

STRICT = ConfigDict(strict=True)  # as the models have it

# What no text field takes, whatever its form.
NO_TEXT: tuple[Any, ...] = (None, True, False, 0, 1, 1.5, b"a", [], ["a"], {}, "")
# What is no ASCII, or looks like it and is not, in a field that takes ASCII alone.
NOT_ASCII = ("é", "\u0430", "\uff41", "\u0661", "\uff11", "a\u0301", "\u200ba", "a\u202e", "\ufeffa", "a\u00ad")
NO_ID = (*NO_TEXT, *NOT_ASCII, " ", "A", "Aa", "a_b", "a b", " a", "a ", "a\n", "\na", "a\t", "a\x00", "a.b", "a:b", "-a", "a-")
NO_SLUG = (*NO_ID, "a--b", "-", "--", "a/b", "a/", "/a", "..", "a/c001", "a" * 101, "a\r\n")


def of_source(letter: str, digits: int) -> tuple[list[Any], list[Any]]:
    """Give the ids that a document's records may have, and some that they may not."""
    least = "1".zfill(digits)
    other = "c" if letter != "c" else "s"
    accepted = [f"a/{letter}{least}", f"some-document-7/{letter}9999", f"0/{letter}{'0' * digits}"]
    accepted.append("a" * (100 - 2 - digits) + f"/{letter}{least}")
    refused = [*NO_ID, "a", f"a/{letter}", f"a/{letter}{least[1:]}", f"a/{letter}00001", f"a/{other}{least}", f"a/{least}"]
    refused += [f"a/{letter.upper()}{least}", f"A/{letter}{least}", f"a/b/{letter}{least}", f"/{letter}{least}"]
    refused += [f"a/{letter}{least}\n", f"a/{letter}{least} ", f"a//{letter}{least}", f"a\\{letter}{least}"]
    refused += [f"a/{letter}" + "\u0661" * digits, f"a/{letter}" + "\uff11" * digits]
    return accepted, [*refused, "a" * (99 - digits) + f"/{letter}{least}"]


NO_LINE = (
    *(
        "\n",
        "a\n",
        "\na",
        "a\nb",
        "a\r",
        "a\r\nb",
        "a\tb",
        "a\x00b",
        "a\x0bb",
        "a\x0cb",
        "a\x1bb",
        "a\x1fb",
        "a\x7fb",
        "a\x80b",
    ),
    *("a\u0085b", "a\u009fb", "a\u2028b", "a\u2029b", "a\u202ab", "a\u202eb", "a\u2066b", "a\u2069b", "a\u061cb", "a\u200eb"),
    *("a\u200bb", "a\u200cb", "a\u200db", "a\u200fb", "a\u2060b", "a\ufeffb", "\ufeffa", "a\u00adb", "a\ud800"),
    *(" ", " a", "a ", "\u00a0a", "a\u00a0", "\u3000a", "a\u3000", "\u2003a", "a\u2009", "a\u202f", "\u1680a", "a\u205f"),
)
LINES = ("a", "7", "a b", "a  b", "a\u00a0b", "a\u3000b", '"', "ñ", "\u6c49", "\u0301", "\U0001f1fb\U0001f1ea", "\u0663\uff15")

FORMED: dict[str, tuple[Any, list[Any], list[Any]]] = {
    # name: type, accepted, refused
    "Slug": (Slug, ["a", "7", "nicolas-maduro", "state-fto-cartel-de-los-soles", "a-1-b", "a" * 100], [*NO_SLUG]),
    "AnyId": (
        AnyId,
        ["a", "nicolas-maduro", "a/c001", "some-document/s01", "a/e9999", "a/z00", "a" * 100],
        [*NO_ID, "a--b", "a/b", "a/", "a/c1", "a/c00001", "a/C001", "a/c001\n", "a/c001/c001", "a/c\u0661\u0661", "a" * 101],
    ),
    "StatementId": (StatementId, *of_source("s", 2)),
    "ClaimId": (ClaimId, *of_source("c", 3)),
    "ErratumId": (ErratumId, *of_source("e", 2)),
    "AssessmentId": (AssessmentId, *of_source("a", 2)),
    "Name": (
        Name,
        ["a", "a1", "event_kind", "a_1", "a" * 60],
        [*NO_TEXT, *NOT_ASCII, "A", "1", "1a", "_a", "a_", "a__b", "a-b", "a b", "a\n", " a", "a ", "a.b", "a" * 61],
    ),
    "Language": (
        Language,
        ["en", "es", "und", "zh-Hant", "pt-BR", "es-419", "zh-Hant-TW"],
        [
            *NO_TEXT,
            *("e", "EN", "En", "english", "en_US", "en-us", "en-US\n", "en ", " en", "en-", "en-USA", "en-41", "en-4190"),
            *("zh-hant", "zh-Han", "zh-Hant-", "zh-TW-Hant", "e\u0301", "\uff45\uff4e", "es-\u0664\u0661\u0669", "i-klingon"),
        ],
    ),
    "Country": (
        Country,
        ["VE", "US", "NI", "CN", "AX"],
        [
            *NO_TEXT,
            "ve",
            "Ve",
            "VEN",
            "V",
            "XX",
            "ZZ",
            "EU",
            "UK",
            "XK",
            "AN",
            "YU",
            "VE\n",
            " VE",
            "VE ",
            "\uff36\uff25",
            "862",
        ],
    ),
    "Url": (
        Url,
        [
            "https://a",
            "http://a.b",
            "https://a.b:8080",
            "https://a/b?c=d&e=%20#f",
            "https://a/" + "b" * 1990,
            "https://a/'\"<>",
        ],
        [
            *NO_TEXT,
            *(
                "a",
                "a.b",
                "//a",
                "ftp://a",
                "file:///etc/passwd",
                "javascript:a",
                "data:,a",
                "HTTPS://a",
                "https:/a",
                "https://",
            ),
            *(
                "https:// a",
                "https://a b",
                "https://a/b c",
                "https://a\n",
                "https://a/\n",
                " https://a",
                "https://a ",
                "https://a\t",
            ),
            *(
                "https://user@a",
                "https://a:b",
                "https://a?b",
                "https://é",
                "https://a/é",
                "https://a/\u202eb",
                "https://a/\x7f",
            ),
            "https://a/" + "b" * 1991,
        ],
    ),
    "Sha256": (
        Sha256,
        ["0" * 64, "a" * 64, "0123456789abcdef" * 4],
        [
            *NO_TEXT,
            "A" * 64,
            "a" * 63,
            "a" * 65,
            "g" * 64,
            "a" * 64 + "\n",
            " " + "a" * 63,
            "\u0661" * 64,
            "\uff10" * 64,
            10**63,
        ],
    ),
    "Day": (
        Day,
        ["2025-11-24", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"],
        [
            *NO_TEXT,
            *("2025", "2025-11", "2025-11-24?", "2025-11-24~", "2025-11-24/..", "[2025-11-24..]", "2025-1-1", "25-11-24"),
            *("2025-02-29", "1900-02-29", "2025-04-31", "2025-13-01", "2025-00-01", "2025-01-00", "2025-01-32", "0000-01-01"),
            *("2025-11-24\n", " 2025-11-24", "2025-11-24 ", "2025-11-24T00:00", "20251124", "2025/11/24", "24-11-2025"),
            *("\u0662\u0660\u0662\u0665-11-24", "\uff12\uff10\uff12\uff15-11-24", "2025\u201111\u201124", "1262304000"),
            *(20251124, date(2025, 11, 24)),
        ],
    ),
    "Label": (Label, [*LINES, "a" * 200, "\U0001f1fb" * 200], [*NO_TEXT, *NO_LINE, "a" * 201, "\U0001f1fb" * 201]),
    "Text": (Text, [*LINES, "a" * 2000], [*NO_TEXT, *NO_LINE, "a" * 2001]),
    "Quotation": (Quotation, [*LINES, "a" * 600], [*NO_TEXT, *NO_LINE, "a" * 601]),
    "Offset": (
        Offset,
        [0, 1, 7180, MAX_OFFSET],
        [
            *(None, True, False, -1, MAX_OFFSET + 1, 2**53, 10**30, 0.0, 1.0, 1.5, float("nan"), float("inf")),
            *("0", "1", "", "\u0661", "1\n", [], [1], {}, 1j),
        ],
    ),
    "Number": (
        Number,
        [0, 20, -1, 0.5, 1e-7, 85.0, MAX_NUMBER, -MAX_NUMBER, float(MAX_NUMBER)],
        [
            *(None, True, False, 2**53, -(2**53), 10**400, 1e300, float("nan"), float("inf"), float("-inf")),
            *("20", "0.5", "", "20\n", "\u0662\u0660", "NaN", [], [1], {}, 1j),
        ],
    ),
}


def cases(index: int) -> list[Any]:
    return [
        pytest.param(made[0], value, id=f"{name}-{value!r:.40}".encode("ascii", "backslashreplace").decode())
        for name, made in FORMED.items()
        for value in made[index]
    ]


@pytest.mark.parametrize(("value_type", "value"), cases(1))
def test_a_value_of_the_form_is_accepted_as_it_stands(value_type: Any, value: Any) -> None:
    made: object = TypeAdapter(value_type, config=STRICT).validate_python(value)
    assert made == value


@pytest.mark.parametrize(("value_type", "value"), cases(2))
def test_a_value_of_another_form_is_refused(value_type: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(value_type, config=STRICT).validate_python(value)


def test_countries_are_those_of_iso_3166() -> None:
    assert {country.alpha_2 for country in pycountry.countries} == COUNTRIES


def patterns_in(node: Any) -> Iterator[str]:
    """Yield every pattern that a schema asks for, those that it refuses left aside."""
    if isinstance(node, dict):
        for key, inner in node.items():
            if key == "pattern" and isinstance(inner, str):
                yield inner
            elif key != "not":
                yield from patterns_in(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from patterns_in(inner)


def test_every_pattern_of_a_field_has_words_for_readers() -> None:
    asked = {pattern for kind in KINDS for pattern in patterns_in(kind.model.model_json_schema())}
    assert asked == FORMS.keys()


# Terms -------------------------------------------------------------------------------------------------------------------

TERM: TypeAdapter[str] = TypeAdapter(Annotated[str, TermOf("colour")], config=STRICT)
COLOURS = {"vocabularies": {"colour": ["red", "dark_red"]}}
NO_TERM = (*NO_TEXT, "Red", "red\n", " red", "red ", "dark-red", "dark red", "_red", "red_", "\uff52ed", "r\u0301ed", "a" * 61)


@pytest.mark.parametrize("context", [None, {}, {"vocabularies": {}}, {"vocabularies": {"other": ["a"]}}, COLOURS])
def test_a_term_of_the_vocabulary_is_accepted(context: dict[str, Any] | None) -> None:
    assert TERM.validate_python("red", context=context) == "red"
    assert TERM.validate_python("dark_red", context=context) == "dark_red"


@pytest.mark.parametrize("context", [None, {}, {"vocabularies": {}}, {"vocabularies": {"other": ["red"]}}])
def test_any_well_formed_term_is_accepted_where_the_vocabulary_is_not_at_hand(context: dict[str, Any] | None) -> None:
    assert TERM.validate_python("blue", context=context) == "blue"


@pytest.mark.parametrize("context", [COLOURS, {"vocabularies": {"colour": []}}, {"vocabularies": {"colour": frozenset()}}])
def test_a_term_that_the_vocabulary_does_not_have_is_refused(context: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        TERM.validate_python("blue", context=context)
    (fault,) = caught.value.errors()
    error = fault["ctx"]["error"]
    assert isinstance(error, UnknownTermError)
    assert error.scheme == "colour"


@pytest.mark.parametrize("context", [None, COLOURS])
@pytest.mark.parametrize("value", NO_TERM)
def test_what_is_no_term_at_all_is_refused(value: Any, context: dict[str, Any] | None) -> None:
    with pytest.raises(ValidationError):
        TERM.validate_python(value, context=context)


# Models ------------------------------------------------------------------------------------------------------------------


def _models(model: type[Part]) -> Iterator[type[Part]]:
    for inner in model.__subclasses__():
        yield inner
        yield from _models(inner)


PARTS = sorted(set(_models(Part)) - {Record, models.OfSource}, key=lambda model: model.__name__)
MINIMAL: dict[str, Document] = {
    "actors": {"id": "a", "kind": "person", "name": "A", "description": "B"},
    "events": {"id": "a", "kind": "b", "actuality": "occurred", "title": "A", "description": "B"},
    "designations": {
        "id": "a",
        "target_id": "b",
        "authority_id": "c",
        "program_id": "d",
        "description": "A",
        "history": [{"stage": "signed", "date": "2025", "source_id": "s"}],
    },
    "statements": {
        "id": "a/s01",
        "text": "A",
        "language": "en",
        "function": "speech",
        "fidelity": "verbatim",
        "attribution": [{"voice": "named", "actor_id": "b", "basis": "explicit"}],
        "start": 0,
        "end": 1,
        "sha256": "0" * 64,
    },
    "claims": {
        "id": "a/c001",
        "text": "A",
        "kind": "b",
        "polarity": "c",
        "certainty": "d",
        "actuality": "e",
        "attribution": [{"voice": "named", "actor_id": "b", "basis": "explicit"}],
        "start": 0,
        "end": 1,
        "sha256": "0" * 64,
    },
    "errata": {
        "id": "a/e01",
        "kind": "b",
        "as_written": "A",
        "decision": "c",
        "confidence": "d",
        "start": 0,
        "end": 1,
        "sha256": "0" * 64,
    },
    "assessments": {"id": "a/a01", "target_table": "claims", "target_id": "b/c001", "stance": "supports"},
    "sources": {"id": "a", "kind": "b", "title": "A", "publisher": "B", "language": "en", "access": "cited", "rights": "C"},
    "programs": {"id": "a", "title": "A", "issuer_id": "b", "legal_basis": "c"},
    "instruments": {"id": "a", "kind": "b", "title": "A"},
    "places": {"id": "a", "name": "A", "kind": "b"},
    "redirects": {"id": "a", "table": "b", "record_id": "c", "kind": "d", "target_id": "e", "note": "A"},
    "tombstones": {"id": "a", "table": "b", "record_id": "c", "cause": "d", "date": "2025-12-01", "note": "A"},
    "causes": {"id": "a", "cause": "b", "note": "A", "records": [{"table": "c"}]},
    "vocabularies": {
        "id": "a",
        "title": "A",
        "description": "B",
        "terms": [
            {
                "term": "b",
                "label": "B",
                "definition": "C",
                "plover_match": "exact",
                "acled_match": "no_match",
                "ftm_match": "no_match",
            }
        ],
    },
}
"""The least that a record of each kind can be."""

_CODE = re.compile(
    r"\b([Pp]ython|[Pp]ydantic|class|object|tuple|dict|None|null|str|int|float|bool|string|function|method|parameter|enum|TODO)\b"
)


@pytest.mark.parametrize("model", PARTS, ids=lambda model: model.__name__)
def test_every_model_and_field_is_described_in_words_for_readers(model: type[Part]) -> None:
    described = {"": inspect.getdoc(model)}
    described |= {name: field.description for name, field in model.model_fields.items()}
    described |= {name: field.description for name, field in model.model_computed_fields.items()}
    for name, text in described.items():
        assert text, name
        assert text == text.strip()
        assert re.search(r"[.!?]$", text), name
        assert not _CODE.search(text), name
        assert text[0].isupper() or text[0] == "`", name


def test_every_kind_of_record_has_its_least_record_here() -> None:
    assert set(MINIMAL) == {kind.name for kind in KINDS}


@pytest.mark.parametrize("name", MINIMAL)
def test_the_least_record_is_accepted_and_each_of_its_fields_is_required(name: str) -> None:
    model = KIND[name].model
    assert model.model_validate(MINIMAL[name]).status == "active"
    for left_out in MINIMAL[name]:
        with pytest.raises(ValidationError) as caught:
            model.model_validate({key: value for key, value in MINIMAL[name].items() if key != left_out})
        assert [(fault["type"], fault["loc"]) for fault in caught.value.errors()] == [("missing", (left_out,))]


@pytest.mark.parametrize("name", MINIMAL)
def test_a_record_does_not_change(name: str) -> None:
    record = KIND[name].model.model_validate(MINIMAL[name])
    with pytest.raises(ValidationError) as caught:
        record.id = "other"  # type: ignore[misc]
    assert [fault["type"] for fault in caught.value.errors()] == ["frozen_instance"]
    assert record.id == MINIMAL[name]["id"]


@pytest.mark.parametrize("model", PARTS, ids=lambda model: model.__name__)
def test_every_part_is_frozen_strict_and_closed(model: type[Part]) -> None:
    assert model.model_config.get("frozen") is True
    assert model.model_config.get("strict") is True
    assert model.model_config.get("extra") == "forbid"


@pytest.mark.parametrize("name", MINIMAL)
def test_an_unknown_or_derived_field_is_refused(name: str) -> None:
    model = KIND[name].model
    for extra in ("", "a", "ID", *model.model_computed_fields):
        with pytest.raises(ValidationError) as caught:
            model.model_validate({**MINIMAL[name], extra: "a"})
        assert [(fault["type"], fault["loc"]) for fault in caught.value.errors()] == [("extra_forbidden", (extra,))]


def test_an_unknown_field_of_a_part_is_refused() -> None:
    hop = {**MINIMAL["claims"]["attribution"][0], "name": "A"}
    with pytest.raises(ValidationError) as caught:
        Claim.model_validate({**MINIMAL["claims"], "attribution": [hop]})
    assert caught.value.errors()[0]["loc"] == ("attribution", 0, "name")


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("statements", "start", "0"),
        ("statements", "start", 0.0),
        ("statements", "start", False),
        ("statements", "text", 1),
        ("statements", "date", 2025),
        ("statements", "date", date(2025, 11, 24)),
        ("statements", "attribution", []),
        ("statements", "attribution", None),
        ("statements", "attribution", "named"),
        ("statements", "attribution", {"voice": "named", "basis": "explicit"}),
        ("claims", "quantity", []),
        ("claims", "quantity", 20),
        ("claims", "attribution", []),
        ("designations", "history", []),
        ("vocabularies", "terms", []),
        ("places", "latitude", "10.5"),
        ("places", "latitude", True),
        ("places", "latitude", 90.1),
        ("places", "latitude", -91),
        ("places", "latitude", float("nan")),
        ("places", "longitude", 180.1),
        ("places", "longitude", float("-inf")),
        ("places", "uncertainty_m", 0),
        ("places", "uncertainty_m", 1.0),
        ("places", "uncertainty_m", 20_000_001),
        ("places", "geonames", 3625428),
        ("places", "geonames", "0"),
        ("places", "geonames", "3625428\n"),
        ("places", "geonames", "\u0663"),
        ("places", "wikidata", "717"),
        ("places", "wikidata", "Q0717"),
        ("places", "wikidata", "q717"),
        ("places", "wikidata", "Q1234567890123"),
        ("actors", "status", None),
        ("actors", "names", None),
        ("actors", "names", {}),
        ("actors", "id", None),
        ("errata", "basis", "a"),
        ("errata", "basis", ["A"]),
        ("errata", "basis", [None]),
        ("sources", "text_length", -1),
        ("sources", "published", "2025-02-30"),
    ],
)
def test_nothing_is_converted_and_bounds_hold(name: str, field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        KIND[name].model.model_validate({**MINIMAL[name], field: value})
    assert {fault["loc"][0] for fault in caught.value.errors()} == {field}


@pytest.mark.parametrize("n", [0, 100_001, -1, "1", 1.0, True])
def test_paragraphs_are_numbered_from_one(n: Any) -> None:
    paragraph = {"n": n, "start": 0, "end": 1, "sha256": "0" * 64}
    with pytest.raises(ValidationError) as caught:
        Source.model_validate({**MINIMAL["sources"], "paragraphs": [paragraph]})
    assert [fault["loc"] for fault in caught.value.errors()] == [("paragraphs", 0, "n")]


@pytest.mark.parametrize("name", MINIMAL)
def test_an_optional_field_that_is_null_is_as_if_left_out(name: str) -> None:
    model = KIND[name].model
    empty = {field: None for field, info in model.model_fields.items() if not info.is_required() and info.default is None}
    assert model.model_validate({**MINIMAL[name], **empty}) == model.model_validate(MINIMAL[name])


class TestGeneratedRecords:
    """A valid record of any kind is accepted, holds what was given as it was given, and no more."""

    @pytest.mark.parametrize("name", MINIMAL)
    @settings(deadline=None, max_examples=30)
    @given(st.data())
    def test_what_is_given_is_held(self, name: str, data: st.DataObject) -> None:
        document = data.draw(DOCUMENTS[name])
        record = KIND[name].model.model_validate(document, context={"vocabularies": TERMS})
        assert _held(record, document) == document


def _held(value: Any, shape: Any) -> Any:
    """Give what a record holds at the places that a document has, as plain values."""
    if isinstance(shape, dict):
        return {key: _held(getattr(value, key), inner) for key, inner in shape.items()}
    if isinstance(shape, list):
        assert len(value) == len(shape)
        return [_held(one, inner) for one, inner in zip(value, shape, strict=True)]
    return value


# Derived fields ----------------------------------------------------------------------------------------------------------


def test_the_document_is_the_first_part_of_the_id() -> None:
    for name, letter in (("statements", "s"), ("claims", "c"), ("errata", "e"), ("assessments", "a")):
        record = KIND[name].model.model_validate({**MINIMAL[name], "id": f"some-document-2/{letter}007"})
        assert getattr(record, "source_id") == "some-document-2"  # noqa: B009 (the kinds have no type in common that has it)


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ([("named", "paper")], "paper"),
        ([("named", "paper"), ("anonymous", "its-source")], "its-source"),
        ([("named", "paper"), ("anonymous", "its-source"), ("named", "speaker")], "speaker"),
        ([("named", "paper"), ("impersonal", None)], None),
        ([("impersonal", None), ("named", "speaker")], "speaker"),
    ],
)
def test_the_speaker_and_the_claimant_end_the_chain(chain: list[tuple[str, str | None]], expected: str | None) -> None:
    hops = [{"voice": voice, "actor_id": actor, "basis": "explicit"} for voice, actor in chain]
    assert Statement.model_validate({**MINIMAL["statements"], "attribution": hops}).speaker_id == expected
    assert Claim.model_validate({**MINIMAL["claims"], "attribution": hops}).claimant_id == expected


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        (None, None, None),
        ("2025-11-24", date(2025, 11, 24), date(2025, 11, 24)),
        ("2025-11~", date(2025, 11, 1), date(2025, 11, 30)),
        ("2025-09-01/2025-11", date(2025, 9, 1), date(2025, 11, 30)),
        ("2025-09/..", date(2025, 9, 1), None),
        ("[..2025-11-30]", None, date(2025, 11, 30)),
        ("[2024-02,2025-03]", date(2024, 2, 1), date(2025, 3, 31)),
    ],
)
def test_the_bounds_of_a_date_are_derived(text: str | None, earliest: date | None, latest: date | None) -> None:
    event = Event.model_validate({**MINIMAL["events"], "date": text})
    statement = Statement.model_validate({**MINIMAL["statements"], "date": text})
    source = Source.model_validate({**MINIMAL["sources"], "published": text})
    assert (event.date_earliest, event.date_latest) == (earliest, latest)
    assert (statement.date_earliest, statement.date_latest) == (earliest, latest)
    assert (source.published_earliest, source.published_latest) == (earliest, latest)
    assert event.date is None or isinstance(event.date, Edtf)


@pytest.mark.parametrize(
    ("identifiers", "expected"),
    [
        ([], None),
        ([("wikidata", "Q1", "exact")], "Q1"),
        ([("wikidata", "Q1", "close")], None),
        ([("ofac_sdn", "Q1", "exact")], None),
        ([("ofac_sdn", "7", "exact"), ("wikidata", "Q1", "broad"), ("wikidata", "Q2", "exact")], "Q2"),
        ([("wikidata", "Q2", "exact"), ("wikidata", "Q1", "exact")], "Q1"),
        ([("wikidata", "Q1", "exact"), ("wikidata", "Q2", "exact")], "Q1"),
    ],
)
def test_wikidata_is_the_exact_match_whatever_the_order(identifiers: list[tuple[str, str, str]], expected: str | None) -> None:
    given_ones = [{"scheme": one, "value": value, "match": match, "basis": "A"} for one, value, match in identifiers]
    assert Actor.model_validate({**MINIMAL["actors"], "identifiers": given_ones}).wikidata == expected


def designation(*stages: tuple[str, str]) -> Designation:
    history = [{"stage": stage, "date": day, "source_id": "s"} for stage, day in stages]
    return Designation.model_validate({**MINIMAL["designations"], "history": history})


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        (("announced",), "announced"),
        (("announced", "signed"), "signed"),
        (("signed", "published"), "published"),
        (("signed", "published", "effective"), "in_force"),
        (("designated",), "in_force"),
        (("designated", "amended"), "in_force"),
        (("effective", "ended"), "ended"),
    ],
)
def test_the_newest_stage_gives_the_legal_status(stages: tuple[str, ...], expected: str) -> None:
    made = designation(*((stage, f"2025-11-{day:02d}") for day, stage in enumerate(stages, 1)))
    assert made.legal_status == expected


def test_every_stage_leads_to_a_legal_status() -> None:
    for stage in TERMS["stage"]:
        assert designation((stage, "2025")).legal_status in TERMS["legal_status"]


def test_each_stage_gives_its_own_date() -> None:
    made = designation(
        ("announced", "2025-11-16"),
        ("signed", "2025-11-16~"),
        ("published", "2025-11-24"),
        ("effective", "2025-11-25"),
        ("ended", "2026"),
    )
    dates = (made.announced, made.signed, made.published, made.effective, made.ended)
    assert dates == ("2025-11-16", "2025-11-16~", "2025-11-24", "2025-11-25", "2026")
    assert all(isinstance(one, Edtf) for one in dates)


def test_a_stage_that_was_not_reached_has_no_date() -> None:
    made = designation(("designated", "2025-07-25"), ("amended", "2025-08"))
    assert (made.announced, made.signed, made.published, made.effective, made.ended) == (None,) * 5


def test_a_stage_that_was_reached_twice_has_its_first_date() -> None:
    made = designation(("published", "2025-01"), ("published", "2025-02"))
    assert made.published == "2025-01"
