"""Hypothesis strategies shared by the tests.

They build what is valid from plain Python values, over the patterns and bounds that the models name and the terms of the
checkout's vocabularies. They never call the code that the tests judge.
"""

from __future__ import annotations

import copy
import json
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st

from venezuela_data.dates import Edtf
from venezuela_data.tables import Cell
from venezuela_data.tabular import Rows
from venezuela_data.values import (
    ANY_ID_PATTERN,
    GEONAMES_PATTERN,
    LANGUAGE_PATTERN,
    MAX_ID,
    MAX_NUMBER,
    MAX_OFFSET,
    SLUG_PATTERN,
    SPACES,
    TERM_PATTERN,
    UNSAFE_CHARACTERS,
    URL_PATTERN,
    WIKIDATA_PATTERN,
)

QUALIFIERS = ("", "", "?", "~", "%")
MOST_MEMBERS = 6

# Characters of the profile, the blanks that some readers skip, and digits that are not ASCII.
DATE_CHARACTERS = "0123456789-/.,[]?~% \n\r\t\u00a0\u0663\uff15XYTZ{}+"


class Dated(NamedTuple):
    """A text of the date profile, and the first and last day of which it was built."""

    text: str
    earliest: date | None
    latest: date | None


class Stretch(NamedTuple):
    first: date
    last: date
    text: str


def _stretch(day: date, precision: int) -> Stretch:
    text = day.isoformat()[:precision]
    if precision == 4:
        return Stretch(date(day.year, 1, 1), date(day.year, 12, 31), text)
    if precision == 7:
        return Stretch(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]), text)
    return Stretch(day, day, text)


def days() -> st.SearchStrategy[date]:
    """Any day of the calendar, those of the story and those at the ends of months more often."""
    recent = st.dates(date(1990, 1, 1), date(2026, 12, 31))
    month_ends = st.builds(lambda day: _stretch(day, 7).last, recent)
    return st.one_of(recent, month_ends, st.dates())


def stretches() -> st.SearchStrategy[Stretch]:
    """A year, a month or a day."""
    return st.builds(_stretch, days(), st.sampled_from((4, 7, 10)))


@st.composite
def dated_texts(draw: st.DrawFn) -> Dated:
    """A valid date of any form of the profile, with its bounds."""
    form = draw(st.sampled_from(("single", "interval", "until", "since", "before", "after", "set")))
    mark, other_mark = draw(st.sampled_from(QUALIFIERS)), draw(st.sampled_from(QUALIFIERS))
    one = draw(stretches())
    if form == "single":
        return Dated(one.text + mark, one.first, one.last)
    if form == "until":
        return Dated(f"../{one.text}{mark}", None, one.last)
    if form == "since":
        return Dated(f"{one.text}{mark}/..", one.first, None)
    if form == "before":
        return Dated(f"[..{one.text}]", None, one.last)
    if form == "after":
        return Dated(f"[{one.text}..]", one.first, None)
    if form == "interval":
        start, end = one, draw(stretches())
        if start.first > end.last:
            start, end = end, start
        return Dated(f"{start.text}{mark}/{end.text}{other_mark}", start.first, end.last)
    members = sorted(draw(st.lists(stretches(), min_size=2, max_size=MOST_MEMBERS, unique_by=lambda s: (s.first, s.last))))
    return Dated(
        "[" + ",".join(member.text for member in members) + "]", members[0].first, max(member.last for member in members)
    )


def edtf_texts() -> st.SearchStrategy[str]:
    """A valid date of any form of the profile."""
    return dated_texts().map(lambda dated: dated.text)


@st.composite
def edited_edtf_texts(draw: st.DrawFn) -> str:
    """A valid date with one character replaced, put in or left out: most often no date any more."""
    text = draw(edtf_texts())
    at = draw(st.integers(0, len(text)))
    width = draw(st.integers(0, 1))
    return text[:at] + draw(st.one_of(st.just(""), st.sampled_from(DATE_CHARACTERS))) + text[at + width :]


def any_texts() -> st.SearchStrategy[str]:
    """Any text at all, lone surrogates included, those that look like dates more often."""
    return st.one_of(st.text(st.characters()), st.text(DATE_CHARACTERS), edited_edtf_texts())


# Records -----------------------------------------------------------------------------------------------------------------

Document = dict[str, Any]
"""A record as its file holds it: plain JSON values."""

TERMS: dict[str, list[str]] = {
    path.stem: [term["term"] for term in json.loads(path.read_text("utf-8"))["terms"]]
    for path in sorted((Path(__file__).parent.parent / "seeds" / "vocabularies").glob("*.json"))
}
"""The terms of each vocabulary of the checkout."""

# Texts that some reader takes for something else, or that some writer does not bring back.
ODD_TEXTS = (
    *('"', '""', ",", "a,b", 'say "a, b"', "'", "\\", "\\n", "\\u0041", "/", "#", "$ref", "{}", "[]", "null", "NULL"),
    *("true", "NaN", "-", "=1+1", "@x", "007", "1_000", "1e3", "1.0", "+5", "2025-02-30", "1262304000", "::error::a"),
    *("<b>&amp;</b>", "]]>", "%s {0}", "$ a; b `c`", "e\u0301", "\u0301", "é", "\U0001f1fb\U0001f1ea", "\U000323af"),
    *("\u0663\uff15", "a  b", "a\u00a0b", "a\u3000b", "\u6c49\u5b57", "\u0627\u0644", "-0"),
)
_UNSAFE = re.compile(UNSAFE_CHARACTERS)
# A list of all of them would be thousands of characters long, most of them tags, so what lies beyond U+FFFF is filtered.
_LETTERS = st.characters(
    codec="utf-8",
    max_codepoint=0xDFFFF,
    exclude_categories=("Cs", "Co"),
    exclude_characters="".join(chr(code) for code in (*range(0xE000), *range(0xF900, 0x10000)) if _UNSAFE.match(chr(code))),
).filter(lambda letter: not _UNSAFE.match(letter))
_EDGES = re.compile(f"^{SPACES}|{SPACES}$")


def wordings(longest: int) -> st.SearchStrategy[str]:
    """A text of our own or a quotation, odd ones and the longest more often."""
    free = st.text(_LETTERS, min_size=1, max_size=min(longest, 40)).filter(lambda text: not _EDGES.search(text))
    return st.one_of(st.sampled_from(ODD_TEXTS), free, st.sampled_from(("a" * longest, "\U0001f1fb" * longest)))


def matching(pattern: str, longest: int) -> st.SearchStrategy[str]:
    """A text that a pattern matches from end to end."""
    return st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True).filter(lambda text: len(text) <= longest)


def slugs() -> st.SearchStrategy[str]:
    known = st.sampled_from(("a", "7", "nicolas-maduro", "some-document", "a" * MAX_ID))
    return st.one_of(known, known, matching(SLUG_PATTERN, MAX_ID))


def names_of_terms() -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(("a", "other_term", "a" * 60)), matching(TERM_PATTERN, 60))


def any_ids() -> st.SearchStrategy[str]:
    known = st.sampled_from(("a", "trump-maduro-call", "some-document/c001", "a/e01"))
    return st.one_of(known, matching(ANY_ID_PATTERN, MAX_ID))


def ids_of_sources(letter: str, digits: int) -> st.SearchStrategy[str]:
    """The id of a record that one document makes."""
    sources = st.one_of(st.sampled_from(("a", "some-document", "a" * (MAX_ID - 6))), matching(SLUG_PATTERN, MAX_ID - 6))
    return st.builds(lambda source, number: f"{source}/{letter}{number:0{digits}d}", sources, st.integers(0, 9999))


def languages() -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(("en", "es", "zh-Hant", "pt-BR", "es-419", "und")), matching(LANGUAGE_PATTERN, 20))


def countries() -> st.SearchStrategy[str]:
    return st.sampled_from(("VE", "US", "NI", "CN", "AX", "ZW"))


def urls() -> st.SearchStrategy[str]:
    known = st.sampled_from(("https://a", "http://a.b:8080/c?d=e&f#g", "https://a/" + "b" * 1990))
    return st.one_of(known, matching(URL_PATTERN, 2000))


def hashes() -> st.SearchStrategy[str]:
    return st.binary(min_size=32, max_size=32).map(bytes.hex)


def offsets() -> st.SearchStrategy[int]:
    return st.one_of(st.integers(0, 10_000), st.integers(0, MAX_OFFSET), st.sampled_from((0, MAX_OFFSET)))


def numbers() -> st.SearchStrategy[float]:
    return st.one_of(
        st.integers(-MAX_NUMBER, MAX_NUMBER), st.floats(-MAX_NUMBER, MAX_NUMBER), st.sampled_from((20, 0.1, -0.0, 5e-324, 1e-7))
    )


def terms(scheme: str) -> st.SearchStrategy[str]:
    return st.sampled_from(TERMS[scheme])


def _object(required: dict[str, st.SearchStrategy[Any]], **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Document]:
    """An object with all of the required fields and some of the others, which may be null as well as left out."""
    return st.fixed_dictionaries(required, optional={name: st.none() | value for name, value in optional.items()})


def _record(
    required: dict[str, st.SearchStrategy[Any]],
    lists: dict[str, st.SearchStrategy[Any]],
    **optional: st.SearchStrategy[Any],
) -> st.SearchStrategy[Document]:
    """A record: its fields, lists of its parts, which may be left out but not be null, and perhaps a status."""
    own: dict[str, st.SearchStrategy[Any]] = {name: st.lists(part, max_size=2) for name, part in lists.items()}
    own["status"] = terms("record_status")
    return st.builds(
        lambda one, other: {**one, **other}, _object(required, **optional), st.fixed_dictionaries({}, optional=own)
    )


def _span() -> dict[str, st.SearchStrategy[Any]]:
    return {"start": offsets(), "end": offsets(), "sha256": hashes()}


def evidence() -> st.SearchStrategy[Document]:
    return _object({"source_id": slugs()}, field=names_of_terms(), claim_id=ids_of_sources("c", 3), **_span())


def hops() -> st.SearchStrategy[Document]:
    required = {"voice": terms("voice"), "basis": terms("attribution_basis")}
    return _object(required, actor_id=slugs(), document_id=slugs())


def actor_documents() -> st.SearchStrategy[Document]:
    name = _object(
        {"name": wordings(200), "language": languages(), "kind": terms("name_kind"), "source_id": slugs()},
        erratum_id=ids_of_sources("e", 2),
        **_span(),
    )
    identifier = _object(
        {"scheme": terms("identifier_scheme"), "value": wordings(200), "match": terms("match"), "basis": wordings(2000)},
        checked_on=days().map(date.isoformat),
    )
    role = _object(
        {"office": wordings(200), "source_id": slugs()}, organization_id=slugs(), since=edtf_texts(), until=edtf_texts()
    )
    return _record(
        {"id": slugs(), "kind": terms("actor_kind"), "name": wordings(200), "description": wordings(2000)},
        {"names": name, "identifiers": identifier, "roles": role, "evidence": evidence()},
        country=countries(),
        extent=terms("extent"),
    ).flatmap(lambda made: st.sampled_from((made, {**made, "existence": TERMS["existence"][-1]})))


def event_documents() -> st.SearchStrategy[Document]:
    return _record(
        {
            "id": slugs(),
            "kind": terms("event_kind"),
            "actuality": terms("actuality"),
            "title": wordings(200),
            "description": wordings(2000),
        },
        {
            "participants": _object({"actor_id": slugs(), "role": terms("role")}),
            "links": _object({"relation": terms("event_relation"), "object_id": slugs()}),
            "attribution": hops(),
            "evidence": evidence(),
        },
        date=edtf_texts(),
        date_basis=terms("date_basis"),
        place_id=slugs(),
        part_of=slugs(),
    )


def designation_documents() -> st.SearchStrategy[Document]:
    stage = _object({"stage": terms("stage"), "date": edtf_texts(), "source_id": slugs()}, instrument_id=slugs())
    return _record(
        {
            "id": slugs(),
            "target_id": slugs(),
            "authority_id": slugs(),
            "program_id": slugs(),
            "description": wordings(2000),
            "history": st.lists(stage, min_size=1, max_size=3),
        },
        {"evidence": evidence()},
    )


def statement_documents() -> st.SearchStrategy[Document]:
    return _record(
        {
            "id": ids_of_sources("s", 2),
            "text": wordings(600),
            "language": languages(),
            "function": terms("statement_function"),
            "fidelity": terms("fidelity"),
            "attribution": st.lists(hops(), min_size=1, max_size=3),
            **_span(),
        },
        {},
        date=edtf_texts(),
        addressee_id=slugs(),
        event_id=slugs(),
        note=wordings(2000),
    )


def quantities() -> st.SearchStrategy[Document]:
    return _object(
        {},
        value=numbers(),
        high=numbers(),
        comparator=terms("comparator"),
        unit=wordings(200),
        of=wordings(200),
        verbal=wordings(200),
    )


def claim_documents() -> st.SearchStrategy[Document]:
    return _record(
        {
            "id": ids_of_sources("c", 3),
            "text": wordings(2000),
            "kind": terms("claim_kind"),
            "polarity": terms("polarity"),
            "certainty": terms("certainty"),
            "actuality": terms("actuality"),
            "attribution": st.lists(hops(), min_size=1, max_size=3),
            **_span(),
        },
        {
            "about": _object({"table": names_of_terms(), "record_id": any_ids()}),
            "links": _object({"relation": terms("claim_relation"), "object_id": ids_of_sources("c", 3)}),
        },
        statement_id=ids_of_sources("s", 2),
        quantity=quantities(),
    )


def erratum_documents() -> st.SearchStrategy[Document]:
    return _record(
        {
            "id": ids_of_sources("e", 2),
            "kind": terms("erratum_kind"),
            "as_written": wordings(600),
            "decision": terms("decision"),
            "confidence": terms("confidence"),
            **_span(),
        },
        {"basis": slugs()},
        should_read=wordings(2000),
        note=wordings(2000),
        table=names_of_terms(),
        record_id=any_ids(),
        field=names_of_terms(),
    )


def assessment_documents() -> st.SearchStrategy[Document]:
    required = {
        "id": ids_of_sources("a", 2),
        "target_table": names_of_terms(),
        "target_id": any_ids(),
        "stance": terms("stance"),
    }
    return _record(required, {}, speaker_id=slugs(), value=wordings(2000), quantity=quantities(), note=wordings(2000))


def source_documents() -> st.SearchStrategy[Document]:
    return _record(
        {
            "id": slugs(),
            "kind": terms("source_kind"),
            "title": wordings(200),
            "publisher": wordings(200),
            "language": languages(),
            "access": terms("access"),
            "rights": wordings(200),
        },
        {
            "cites": _object({"cited_id": slugs(), "basis": terms("attribution_basis")}),
            "paragraphs": _object({"n": st.integers(1, 100_000), **_span()}, covered=offsets()),
            "evidence": evidence(),
        },
        publisher_id=slugs(),
        author=wordings(200),
        published=edtf_texts(),
        url=urls(),
        translated_from=languages(),
        text_sha256=hashes(),
        text_length=offsets(),
        note=wordings(2000),
    )


def program_documents() -> st.SearchStrategy[Document]:
    required = {"id": slugs(), "title": wordings(200), "issuer_id": slugs(), "legal_basis": slugs()}
    return _record(required, {"evidence": evidence()}, note=wordings(2000))


def instrument_documents() -> st.SearchStrategy[Document]:
    return _record(
        {"id": slugs(), "kind": terms("instrument_kind"), "title": wordings(200)},
        {"evidence": evidence()},
        citation=wordings(200),
        issuer_id=slugs(),
        signed=edtf_texts(),
        published=edtf_texts(),
        effective=edtf_texts(),
        url=urls(),
        note=wordings(2000),
    )


def place_documents() -> st.SearchStrategy[Document]:
    return _record(
        {"id": slugs(), "name": wordings(200), "kind": terms("place_kind")},
        {"evidence": evidence()},
        country=countries(),
        latitude=st.one_of(st.integers(-90, 90), st.floats(-90, 90)),
        longitude=st.one_of(st.integers(-180, 180), st.floats(-180, 180)),
        uncertainty_m=st.integers(1, 20_000_000),
        geonames=matching(GEONAMES_PATTERN, 10),
        wikidata=matching(WIKIDATA_PATTERN, 13),
        basis=wordings(2000),
    )


def vocabulary_documents() -> st.SearchStrategy[Document]:
    term = _object(
        {
            "term": names_of_terms(),
            "label": wordings(200),
            "definition": wordings(2000),
            **{f"{name}_match": terms("match") for name in ("plover", "acled", "ftm")},
        },
        broader=names_of_terms(),
        plover=wordings(200),
        acled=wordings(200),
        ftm=wordings(200),
    )
    return _record(
        {
            "id": names_of_terms(),
            "title": wordings(200),
            "description": wordings(2000),
            "terms": st.lists(term, min_size=1, max_size=3),
        },
        {},
    )


def redirect_documents() -> st.SearchStrategy[Document]:
    kind = terms("redirect_kind")
    return _record(
        {
            "id": slugs(),
            "table": names_of_terms(),
            "record_id": any_ids(),
            "kind": kind,
            "target_id": any_ids(),
            "note": wordings(2000),
        },
        {},
    )


def tombstone_documents() -> st.SearchStrategy[Document]:
    cause, day = terms("change_cause"), days().map(date.isoformat)
    return _record(
        {"id": slugs(), "table": names_of_terms(), "record_id": any_ids(), "cause": cause, "date": day, "note": wordings(2000)},
        {},
    )


def cause_documents() -> st.SearchStrategy[Document]:
    records = st.lists(_object({"table": names_of_terms()}, record_id=any_ids()), min_size=1, max_size=3)
    return _record({"id": slugs(), "cause": terms("change_cause"), "note": wordings(2000), "records": records}, {})


DOCUMENTS = {
    "actors": actor_documents(),
    "events": event_documents(),
    "designations": designation_documents(),
    "statements": statement_documents(),
    "claims": claim_documents(),
    "errata": erratum_documents(),
    "assessments": assessment_documents(),
    "sources": source_documents(),
    "programs": program_documents(),
    "instruments": instrument_documents(),
    "places": place_documents(),
    "vocabularies": vocabulary_documents(),
    "redirects": redirect_documents(),
    "tombstones": tombstone_documents(),
    "causes": cause_documents(),
}
"""A valid record of each kind, as its file holds it."""


# A change of one place ---------------------------------------------------------------------------------------------------

OTHER_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 1.5, -0.5, 91, 180.5, 100_001, 20_000_001, MAX_OFFSET + 1, 2**53, 10**30, 1e300),
    *("", " ", "a", " a", "a ", "a\u00a0", "\u2003a", "a\n", "a\tb", "\u202ea", "a\u061cb", "a\u200bb", "A", "Ñ", "a_b", "a-b"),
    *("a--b", "a/c001", "a/c01", "a/s01", "a/e01", "a/a01", "A/c001", "a/c00001", "a/c\u0660\u0661\u0662", "active", "en-us"),
    *("VE", "ve", "XX", "\uff36\uff25", "https://a", "ftp://a", "https://a b", "Q1", "Q0", "q1", "0", "1", "12345678901"),
    *(
        "2025",
        "2025-13",
        "2025-11-24",
        "2025-1-1",
        "\uff12\uff10\uff12\uff15",
        "2025/..",
        "[2025,2026]",
        "none",
        "no_such_term",
    ),
    *("0" * 64, "A" * 64, "a" * 61, "a" * 101, "a" * 201, "a" * 601, "a" * 2001, "\U0001f1fb" * 201, ODD_TEXTS[0]),
    *([], [None], ["a"], [[]], [{}], {}, {"a": 1}, {"id": "a"}),
)
"""Values of every type, form and length that some field takes and others do not."""

OTHER_NAMES = ("", "a", "ID", "id ", "source_id", "wikidata", "date_earliest", "legal_status", "speaker_id", "é", "a" * 300)
"""Names of fields that no record has: odd ones, and those of cells that are derived."""


def places_in(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every node below the root."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places_in(inner, (*path, key))


@st.composite
def edited_documents(draw: st.DrawFn, documents: st.SearchStrategy[Document]) -> Document:
    """A valid record with one change at one place: dropped, added, retyped, cut, stretched, or of another form."""
    made: Document = copy.deepcopy(draw(documents))
    path = draw(st.sampled_from(list(places_in(made))))
    parent: Any = made
    for key in path[:-1]:
        parent = parent[key]
    key, value = path[-1], parent[path[-1]]
    change = draw(st.sampled_from(("drop", "add", "replace", "replace", "edit", "edit")))
    if change == "drop":
        del parent[key]
    elif change == "add" and isinstance(parent, dict):
        parent[draw(st.sampled_from(OTHER_NAMES))] = draw(st.sampled_from(OTHER_VALUES))
    elif change == "edit":
        parent[key] = draw(_edited(value))
    else:
        parent[key] = copy.deepcopy(draw(st.sampled_from(OTHER_VALUES)))
    return made


def each_edit(document: Document) -> Iterator[Document]:
    """Yield a record after each of a few changes at each of its places: one of every type, and one off every form."""
    for path in places_in(document):
        made: Document = copy.deepcopy(document)
        parent: Any = made
        for key in path[:-1]:
            parent = parent[key]
        key, value = path[-1], parent[path[-1]]
        others: list[Any] = [None, True, 1, 1.0, 1.5, -1, 2**53, "", "a", "active", "2025-02-30", [], [None], {}]
        if isinstance(value, str):
            others += [value + "\n", "\u2003" + value, value + "\u061c", value.upper(), value + "a" * 2000, value[:-1]]
        for other in others:
            parent[key] = other
            yield copy.deepcopy(made)
        if isinstance(parent, dict):
            del parent[key]
            yield made


def _edited(value: Any) -> st.SearchStrategy[Any]:
    if isinstance(value, str):
        at = st.integers(0, len(value))
        edges = st.sampled_from(
            (value + "\n", " " + value, value + "\u3000", value.upper(), value * 30, f"[{value}]", value[:-1])
        )
        inner = st.builds(
            lambda at, new, width: value[:at] + new + value[at + width :],
            at,
            st.one_of(st.sampled_from("\n\t \u200b\u0663\uff15-_/.0aZ\u2028\u061c"), _LETTERS),
            st.integers(0, 1),
        )
        return st.one_of(edges, inner)
    if isinstance(value, bool) or value is None:
        return st.just([value])
    if isinstance(value, int | float):
        return st.sampled_from((-value, value + 1, value * 10, str(value), float(value), [value], value + 0.5))
    if isinstance(value, list):
        return st.sampled_from(([], value + value, [*value, None], {"0": value}, value[:1] * 3, [value]))
    return st.sampled_from(([value], {}, {**value, "a": 1}, list(value)))


# Files -------------------------------------------------------------------------------------------------------------------

JSON_PIECES = (
    *('"', '""', "\\", "\\u", "\\ud83d", "\\ude00", "\\u0000", "{", "}", "[", "]", ":", ",", " ", "\n", "\r", "\t"),
    *("0", "-", "-0", "01", "1.", ".5", "1e400", "1e-400", "1E+2", "9007199254740991", "9007199254740992", "1" * 33),
    *("NaN", "Infinity", "-Infinity", "true", "null", "nul", "//", "'", "\u00a0", "\u2028", "\ufeff", "\x00", "\x1f", "\x7f"),
    *('"a":1,', ',"a":1', '{"a":1,"a":2}', "\U0001f600", "é"),
)
"""Pieces of JSON, and of what some readers take for JSON."""

CSV_PIECES = (
    *('"', '""', ",", "\n", "\r", "\r\n", " ", "\x00", ";", "\t", "\ufeff", "\u2028", "\x0b", "'", "#", "é"),
    *("\U0001f600", "a"),
)
"""What means something in CSV, or to some readers of it."""


def json_strings() -> st.SearchStrategy[str]:
    """Any Unicode text that a JSON string can hold."""
    return st.text(st.characters(codec="utf-8"), max_size=20)


def json_values() -> st.SearchStrategy[Any]:
    """Any value that every JSON reader reads alike."""
    scalars = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-MAX_NUMBER, MAX_NUMBER),
        st.floats(-MAX_NUMBER, MAX_NUMBER),
        json_strings(),
        st.sampled_from(("\u2028", "\x00\x1f\x7f", '"\\/', "\U0001f600")),
    )
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(json_strings(), inner, max_size=4),
        max_leaves=12,
    )


def json_files() -> st.SearchStrategy[bytes]:
    """A JSON document as some writer writes it: with escapes or without, on one line or on many."""
    return st.builds(
        lambda value, ascii_only, indent, separators, end: (
            json.dumps(value, ensure_ascii=ascii_only, indent=indent, separators=separators) + end
        ).encode("utf-8"),
        json_values(),
        st.booleans(),
        st.sampled_from((None, 0, 2, "\t", "\r\n ")),
        st.sampled_from(((",", ":"), (" , ", " : "), (",\n", "\t:\r\n"))),
        st.sampled_from(("", "\n", " \r\n\t")),
    )


@st.composite
def edited_files(draw: st.DrawFn, files: st.SearchStrategy[bytes], pieces: tuple[str, ...] = JSON_PIECES) -> bytes:
    """A file with a few bytes replaced, put in or left out: most often no longer what it was."""
    data = draw(files)
    piece = st.one_of(st.sampled_from(pieces).map(str.encode), st.binary(max_size=3), st.just(b""))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(piece) + data[at + draw(st.integers(0, 3)) :]
    return data


def csv_cells() -> st.SearchStrategy[str]:
    """Any text that a cell can hold, what CSV quotes more often; a NUL no cell can hold."""
    odd = st.lists(st.sampled_from([piece for piece in CSV_PIECES if piece != "\x00"]), max_size=6).map("".join)
    return st.one_of(odd, st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12))


@st.composite
def csv_rows(draw: st.DrawFn) -> list[list[str]]:
    """A table as rows of cells: a header of names that differ, and rows of its width."""
    # A file that begins with this character begins with a byte-order mark.
    names = csv_cells().filter(lambda name: name.strip() and not name.startswith("\ufeff"))
    header = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    row = st.lists(csv_cells(), min_size=len(header), max_size=len(header))
    return [header, *draw(st.lists(row, max_size=4))]


SEED_PATHS = (
    *("seeds/actors/x.json", "seeds/vocabularies/x.json"),
    *("seeds/sources/x/source.json", "seeds/sources/x/statements.json"),
)
"""Where a seed may stand: alone in its file, among others, and a vocabulary that the others are held against."""


@st.composite
def edited_json(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> Any:
    """A JSON value with one node anywhere replaced, dropped, or given another key."""
    made = copy.deepcopy(draw(values))
    places = list(places_in(made))
    if not places:
        return made
    path = draw(st.sampled_from(places))
    parent: Any = made
    for key in path[:-1]:
        parent = parent[key]
    change = draw(st.sampled_from(("replace", "replace", "drop", "rename")))
    if change == "replace":
        parent[path[-1]] = draw(st.one_of(json_values(), st.sampled_from(OTHER_VALUES).map(copy.deepcopy)))
    elif change == "drop" or isinstance(parent, list):
        del parent[path[-1]]
    else:
        parent[draw(json_strings())] = parent.pop(path[-1])
    return made


def in_the_calendar(text: str) -> bool:
    """Say whether a date of the right form is also one that the calendar has, and runs forwards."""
    try:
        Edtf(text)
    except ValueError:
        return False
    return True


# Tables in the place of a dataset ----------------------------------------------------------------------------------------


class SomeTables:
    """A few tables in the place of a dataset, some cells of which may be changed."""

    version = "0.0.0"
    view_name = ""

    def __init__(self, tables: Mapping[str, Rows]) -> None:
        self._tables = dict(tables)

    @property
    def tables(self) -> list[str]:
        return list(self._tables)

    def table(self, name: str) -> Rows:
        return self._tables[name]

    def changed(self, table: str, number: int, column: str, value: Cell) -> SomeTables:
        old = self._tables[table]
        cells = [{**row, column: value} if at == number else row for at, row in enumerate(old.cells)]
        return SomeTables({**self._tables, table: Rows(old.name, old.description, old.types, cells, old._schema)})
