"""Mutations of bytes, shape and references: what a careless editor, a bad copy or a hostile hand does to a file of seeds.

Each draws where, and says where it is found. Nothing here writes a file or runs a rule.
"""

from __future__ import annotations

import json
import re
from typing import Any

from mutations import (
    ANY,
    NORMAL,
    Draw,
    Mutation,
    Seeds,
    Spot,
    a_file,
    at_node,
    below,
    dangling,
    is_marked,
    kind,
    place_at,
    place_in,
)

from venezuela_data.dates import Edtf
from venezuela_data.records import KIND
from venezuela_data.syntax import json_bytes
from venezuela_data.values import TermOf, Wording


def used_terms(spot: Spot) -> list[tuple[str, str]]:
    """Explain that terms are unknown wherever they are used, where it is a vocabulary that was spoiled."""
    return [("terms-are-defined", ANY)] if spot.kind == "vocabularies" else []


# Bytes -------------------------------------------------------------------------------------------------------------------


def _members(seeds: Seeds, draw: Draw) -> tuple[str, list[str], int]:
    """Draw a line that holds a whole member of an object: its file, the lines of that, and its number from 0."""
    path = a_file(seeds, draw)
    lines = seeds.files[path].text.split("\n")
    whole = [n for n, line in enumerate(lines) if re.fullmatch(r' +"[^"]+": ([^\[{]|"[\[{]).*', line)]
    return path, lines, draw.of(whole)


@kind
def a_key_twice(seeds: Seeds, draw: Draw) -> Mutation:
    """A member of an object stands there twice."""
    path, lines, n = _members(seeds, draw)
    twice = [*lines[:n], lines[n].rstrip(",") + ",", *lines[n:]]
    place = (path, n + 2, len(lines[n]) - len(lines[n].lstrip()) + 1, "keys-are-unique")
    return Mutation({path: "\n".join(twice).encode()}, {place})


@kind
def a_comma_dropped(seeds: Seeds, draw: Draw) -> Mutation:
    """The comma between two members is gone."""
    path, lines, n = _members(seeds, draw)
    while not lines[n].endswith(","):
        n -= 1
    lines[n] = lines[n][:-1]
    after = lines[n + 1]
    place = (path, n + 2, len(after) - len(after.lstrip()) + 1, "json-is-well-formed")
    return Mutation({path: "\n".join(lines).encode()}, {place})


@kind
def a_line_with_spaces_at_its_end(seeds: Seeds, draw: Draw) -> Mutation:
    """A line ends in white space."""
    path = a_file(seeds, draw)
    lines = seeds.files[path].text.split("\n")
    n = draw.below(len(lines) - 1)
    place = (path, n + 1, len(lines[n]) + 1, NORMAL)
    lines[n] += draw.of([" ", "  ", "\t"])
    return Mutation({path: "\n".join(lines).encode()}, {place})


@kind
def carriage_returns(seeds: Seeds, draw: Draw) -> Mutation:
    """The lines end as on Windows."""
    path = a_file(seeds, draw)
    return Mutation({path: seeds.files[path].text.replace("\n", "\r\n").encode()}, {(path, 1, 2, NORMAL)})


@kind
def a_byte_order_mark(seeds: Seeds, draw: Draw) -> Mutation:
    """The file begins with a byte-order mark."""
    path = a_file(seeds, draw)
    return Mutation({path: b"\xef\xbb\xbf" + seeds.files[path].text.encode()}, {(path, 1, 1, "text-is-utf-8")})


@kind
def bytes_that_are_no_utf_8(seeds: Seeds, draw: Draw) -> Mutation:
    """Somewhere stand bytes of another encoding."""
    path = a_file(seeds, draw)
    text = seeds.files[path].text
    at = draw.below(len(text))
    before = text[:at].encode()
    bad = draw.of([b"\xff", b"\xe9 ", b"\xc0\xaf", b"\xed\xa0\x80", b"\x80"])
    return Mutation({path: before + bad + text[at:].encode()}, {place_at(path, before, "text-is-utf-8")})


@kind
def half_a_surrogate_pair(seeds: Seeds, draw: Draw) -> Mutation:
    """A string holds an escape that is no character."""
    path, lines, n = _members(seeds, draw)
    while '": "' not in lines[n]:
        n = (n + 1) % len(lines)
    at = lines[n].index('": "') + 4
    lines[n] = lines[n][:at] + draw.of(["\\ud800", "\\uDFFF", "\\ud83d\\u0041"]) + lines[n][at:]
    return Mutation({path: "\n".join(lines).encode()}, {(path, n + 1, at + 1, "strings-are-unicode")})


@kind
def a_number_that_json_does_not_know(seeds: Seeds, draw: Draw) -> Mutation:
    """A number is NaN, infinite, or too large for some readers."""
    path = a_file(seeds, draw, lambda text: re.search(r'": [0-9]+,?\n', text))
    text = seeds.files[path].text
    number = draw.of(list(re.finditer(r'(?<=": )[0-9]+(?=,?\n)', text)))
    bad = draw.of(["NaN", "-Infinity", "1e999", "9007199254740993", "1" * 40])
    data = (text[: number.start()] + bad + text[number.end() :]).encode()
    return Mutation({path: data}, {place_at(path, text[: number.start()].encode(), "numbers-are-in-range")})


@kind
def a_file_where_none_belongs(seeds: Seeds, draw: Draw) -> Mutation:
    """A record lies where no record of any kind does."""
    path = a_file(seeds, draw)
    stray = path.rpartition("/")[0] + "/" + draw.of(["notes.txt", "deeper/one.json", "record.yaml"])
    return Mutation({stray: seeds.files[path].text.encode()}, {(stray, 0, 0, "files-are-expected")})


# Shape -------------------------------------------------------------------------------------------------------------------


@kind
def a_required_field_dropped(seeds: Seeds, draw: Draw) -> Mutation:
    """A record, or a part of one, lacks a field that its kind requires."""
    spot = draw.of(seeds.parts)
    name = draw.of(
        [name for name in spot.value if name in spot.model.model_fields and spot.model.model_fields[name].is_required()]
    )
    files = seeds.edited(spot, lambda node: node.pop(name))
    return at_node(files, spot, "required-fields-are-present", *used_terms(spot))


@kind
def a_value_of_another_type(seeds: Seeds, draw: Draw) -> Mutation:
    """A number, a list or an object stands where a text belongs, or the other way round."""
    spot = draw.of(seeds.fields)
    others: dict[type, list[Any]] = {
        str: [7, True, ["x"], {"x": 1}, 2025.5],
        int: ["7", False, [7]],
        float: ["7.5", True],
        list: ["x", 7, {"x": 1}],
        dict: ["x", 7],
    }
    return at_node(seeds.set(spot, draw.of(others[type(spot.value)])), spot, "values-have-their-type", *used_terms(spot))


@kind
def null_for_a_required_value(seeds: Seeds, draw: Draw) -> Mutation:
    """A field that must have a value has none."""
    spot = draw.of([one for one in seeds.fields if one.model.model_fields[one.name].is_required()])
    return at_node(seeds.set(spot, None), spot, "values-have-their-type", *used_terms(spot))


@kind
def an_unknown_field(seeds: Seeds, draw: Draw) -> Mutation:
    """A record, or a part of one, has a field that its kind does not have."""
    spot = draw.of(seeds.parts)
    name = draw.of(["colour", "Name", "source", "$ref", "__proto__", "ídem"])
    files = seeds.edited(spot, lambda node: node.update({name: "red"}))
    return at_node(files, below(spot, name), "fields-are-known", *used_terms(spot), key=True)


@kind
def an_unknown_term(seeds: Seeds, draw: Draw) -> Mutation:
    """A controlled term is in no vocabulary."""
    spot = draw.of([one for one in seeds.fields if is_marked(one, TermOf)])
    return at_node(seeds.set(spot, draw.of(["no_such_term", spot.value + "s"])), spot, "terms-are-defined", *used_terms(spot))


@kind
def an_impossible_date(seeds: Seeds, draw: Draw) -> Mutation:
    """A date is one that the calendar does not have."""
    spot = draw.of([one for one in seeds.fields if is_marked(one, Edtf)])
    bad = draw.of(["2025-02-29", "2025-11-31", "0000", "2024/2023-02-30", "1900-02-29~"])
    return at_node(seeds.set(spot, bad), spot, "values-have-their-form")


@kind
def an_interval_that_runs_backwards(seeds: Seeds, draw: Draw) -> Mutation:
    """An interval ends before it begins, or a set does not ascend."""
    spot = draw.of([one for one in seeds.fields if is_marked(one, Edtf)])
    bad = draw.of(["2025-12-01/2025-11-30", "2026/2025", "2025-12~/2025-11?", "[2025-02,2025-01]"])
    return at_node(seeds.set(spot, bad), spot, "values-have-their-form")


@kind
def an_invisible_character(seeds: Seeds, draw: Draw) -> Mutation:
    """A text holds a character without width, a control, or one that turns the direction of writing."""
    spot = draw.of([one for one in seeds.fields if is_marked(one, Wording) and isinstance(one.value, str)])
    at = draw.below(len(spot.value) + 1)
    bad = draw.of("\u200b\u200e\u202e\u2066\u00ad\ufeff\u2028\u0085\u001b\u0000")
    return at_node(seeds.set(spot, spot.value[:at] + bad + spot.value[at:]), spot, "values-have-their-form", *used_terms(spot))


@kind
def an_unknown_country(seeds: Seeds, draw: Draw) -> Mutation:
    """A country code is none."""
    spot = draw.of([one for one in seeds.fields if one.name == "country"])
    return at_node(seeds.set(spot, draw.of(["XX", "ve", "VEN", "UK", " VE", ""])), spot, "values-have-their-form")


@kind
def a_malformed_id(seeds: Seeds, draw: Draw) -> Mutation:
    """An id is not written as ids are."""
    spot = draw.of([one for one in seeds.fields if one.name == "id" and one.kind != "vocabularies"])
    bad = draw.of(["Nicolás", "../secret", "a--b", "-a", "a b", "a/b/c", "", "a\u0430"])
    return at_node(seeds.set(spot, bad), spot, "values-have-their-form", *_lost(seeds, spot))


def _lost(seeds: Seeds, spot: Spot) -> list[tuple[str, str]]:
    """Explain what is found where a record is lost from a file of many, as nobody knows which one it was."""
    if not KIND[spot.kind].many:
        return []
    folder = spot.path.rpartition("/")[0]
    return [
        *(("references-resolve", one.path) for one in seeds.leading_to(spot.kind, str(spot.value))),
        ("presuppositions-are-presupposed", spot.path),
        ("coverage-is-kept", f"{folder}/source.json"),
    ]


@kind
def a_foreign_schema(seeds: Seeds, draw: Draw) -> Mutation:
    """The file names another address for its schema."""
    path = a_file(seeds, draw)
    value = json.loads(seeds.files[path].text)
    value["$schema"] = draw.of(["https://example.org/schema.json", "../schema.json", 7, None])
    files = {path: json_bytes(value)}
    return Mutation(files, {place_in(files, path, ("$schema",), "values-have-their-form")})


# Ids and references ------------------------------------------------------------------------------------------------------

SINGLE = [name for name, one in KIND.items() if not one.many]
"""The kinds of record that have a file each."""


@kind
def a_record_twice(seeds: Seeds, draw: Draw) -> Mutation:
    """A record of a document stands in its file twice."""
    spot = draw.of([one for name in KIND if KIND[name].many for one in seeds.records(name)])
    name, index = spot.at
    assert isinstance(index, int)
    holder = Spot(spot.path, spot.kind, (), (name,), spot.model, "", None)
    files = seeds.edited(holder, lambda items: items.insert(index + 1, items[index]))
    second = Spot(spot.path, spot.kind, (), (name, index + 1, "id"), spot.model, "id", None)
    # The same assessment twice is also a document that says a thing twice, and statements add up to a share of the text.
    explained = {"assessments": "assessments-come-from-others", "statements": "quotations-are-short"}.get(spot.kind, "")
    beside = spot.path if spot.kind == "assessments" else spot.path.replace("statements.json", "source.json")
    return at_node(files, second, "ids-are-unique", (explained, beside))


@kind
def a_record_copied_to_another_file(seeds: Seeds, draw: Draw) -> Mutation:
    """A file lies there a second time under another name, with the same id in it."""
    spot = draw.of([one for name in SINGLE if name not in ("sources", "vocabularies") for one in seeds.records(name)])
    path = spot.path.removesuffix(".json") + "2.json"
    files = {path: seeds.files[spot.path].text.encode()}
    places = {place_in(files, path, ("id",), rule) for rule in ("ids-are-unique", "ids-match-their-files")}
    return Mutation(files, places)


@kind
def two_ids_swapped(seeds: Seeds, draw: Draw) -> Mutation:
    """Two records have each other's id; what names the one now means the other, which rules on what is named may see."""
    one = draw.of([one for name in ("actors", "events", "places", "instruments", "programs") for one in seeds.records(name)])
    other = draw.of([other for other in seeds.records(one.kind) if other.path != one.path])
    files = {**seeds.set(below(one, "id"), other.value["id"]), **seeds.set(below(other, "id"), one.value["id"])}
    rules = {
        "actors": ["voices-match-their-actors", "anonymous-sources-stay-anonymous"],
        "events": ["events-lie-within-their-parents", "event-links-have-no-circle"],
    }
    places = {place_in(files, path, ("id",), "ids-match-their-files") for path in files}
    return Mutation(files, places, {(rule, ANY) for rule in rules.get(one.kind, ())})


@kind
def an_id_renamed(seeds: Seeds, draw: Draw) -> Mutation:
    """A record has another id than its file, and all that named it lead nowhere."""
    spot = draw.of([one for name in SINGLE for one in seeds.records(name)])
    record_id = spot.value["id"]
    files = seeds.set(below(spot, "id"), record_id + ("_2" if spot.kind == "vocabularies" else "-2"))
    mutation = at_node(files, below(spot, "id"), "ids-match-their-files")
    mutation.found |= dangling(seeds, files, seeds.leading_to(spot.kind, record_id))
    if spot.kind == "vocabularies":
        mutation.found.add((spot.path, 0, 0, "vocabularies-are-sound"))
    return mutation


@kind
def a_dangling_reference(seeds: Seeds, draw: Draw) -> Mutation:
    """An id leads nowhere: every way to name a record is drawn alike, however often it is used."""
    ways: dict[tuple[str, ...], list[Spot]] = {}
    for one in seeds.references:
        told = tuple(step for step in one.at[len(one.record) :] if isinstance(step, str))
        ways.setdefault((one.kind, *told), []).append(one)
    spot = draw.of(ways[draw.of(sorted(ways))])
    files = seeds.set(spot, spot.value + ("0" if "/" in spot.value else "-nowhere"))
    explained = [(NORMAL, spot.path)]
    field = str(spot.at[-1] if isinstance(spot.at[-1], str) else spot.at[-2])
    if field in ("source_id", "document_id"):
        # The chain no longer begins at a document that carries the record, or nobody describes the source any more.
        explained += [("chains-begin-at-the-document", spot.path), ("anonymous-sources-stay-anonymous", ANY)]
    if spot.at[-3:-1] and spot.at[-3] == "links" and spot.kind == "claims":
        explained.append(("presuppositions-are-presupposed", spot.path))
    return at_node(files, spot, "references-resolve", *explained)


@kind
def an_item_twice(seeds: Seeds, draw: Draw) -> Mutation:
    """A list of a record has the same item twice."""
    names = ("participants", "names", "identifiers", "roles", "evidence", "cites", "about", "links", "basis")
    spot = draw.of([one for one in seeds.fields if one.name in names and isinstance(one.value, list) and one.value])
    index = draw.below(len(spot.value))
    files = seeds.edited(spot, lambda items: items.insert(index + 1, items[index]))
    explained = [("claim-links-are-sound", spot.path)] if spot.kind == "claims" and spot.name == "links" else []
    return at_node(files, below(spot, index + 1), "items-are-told-apart", *explained)


@kind
def evidence_for_a_field_that_is_not(seeds: Seeds, draw: Draw) -> Mutation:
    """Evidence is said to carry a field that the record cannot have."""
    spot = draw.of([one for one in seeds.parts if one.at[-2:-1] == ("evidence",)])
    files = seeds.set(below(spot, "field"), "colour")
    explained = [(NORMAL, spot.path), ("dates-say-where-they-come-from", spot.path)]
    return at_node(files, below(spot, "field"), "fields-of-evidence-exist", *explained)
