"""Tests what helps people to write: new files, spans from words, and mending.

Trees and texts are invented and small, and are written to temporary folders; the real seeds are only copied. Nothing that is
tested writes a file, so the tests write what it gives.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from venezuela_data import store
from venezuela_data.authoring import Fixes, anchored, fixed, new_record, new_source
from venezuela_data.findings import Finding
from venezuela_data.place import Place, UsageError, find_place
from venezuela_data.records import KIND, plain
from venezuela_data.rules import RULES
from venezuela_data.rules.drafts import placeholders_are_replaced
from venezuela_data.store import Corpus
from venezuela_data.syntax import TextFile, json_bytes
from venezuela_data.text import fingerprint, span_hash, splits_a_character
from venezuela_data.validation import read_records, read_texts

GAZETTE = "harbor-gazette-2031"
FOLDER = f"seeds/sources/{GAZETTE}"
TEXT = (
    "New pier opens\n\n"
    'The mayor said that the pier is open. "The pier is ours," the mayor said.\n'
    "  Fish soup was served at the pier by the cafe\u0301 of the habor master.\n"
)
KINDS = ("actor", "place", "event", "designation", "instrument", "program", "source", "redirect", "tombstone", "cause")


def written(folder: Path, files: Mapping[str, Any]) -> Corpus:
    """Write files below a folder, values as JSON in the normal form, and read all records there."""
    for path, value in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(value if isinstance(value, bytes) else json_bytes(value))
    return store.read_seeds(folder)


@contextmanager
def tree(files: Mapping[str, Any]) -> Iterator[tuple[Place, Corpus]]:
    """Give a checkout with these files in a folder of its own, for tests that run many times over."""
    with tempfile.TemporaryDirectory() as name:
        yield Place(Path(name), "checkout"), written(Path(name), files)


def at_hand(text: str = TEXT) -> dict[str, TextFile]:
    return {GAZETTE: TextFile("gazette.txt", text)}


def source_of(text: str = TEXT) -> Any:
    """Give the seed file of the gazette, with nothing left to replace."""
    made = json.loads(new_source(Corpus(), GAZETTE, text)[1])
    return made | {"title": "New pier opens", "publisher": "Harbor Gazette", "rights": "An invented document."}


def span(words: str, nth: int = 1, text: str = TEXT) -> dict[str, Any]:
    """Give the span of words by hand."""
    start = -1
    for _ in range(nth):
        start = text.index(words, start + 1)
    end = start + len(words)
    return {"start": start, "end": end, "sha256": span_hash(fingerprint(text), start, end, words)}


HOP = {"voice": "impersonal", "document_id": GAZETTE, "basis": "explicit"}
STATEMENT = {
    "id": f"{GAZETTE}/s01",
    "text": "The pier is ours,",
    "language": "en",
    "function": "speech",
    "fidelity": "printed",
    "attribution": [HOP],
}
CLAIM = {
    "id": f"{GAZETTE}/c001",
    "text": "The invented pier can be used.",
    "kind": "event",
    "polarity": "affirmed",
    "certainty": "asserted",
    "actuality": "occurred",
    "attribution": [HOP],
}
ERRATUM = {
    "id": f"{GAZETTE}/e01",
    "kind": "typo",
    "as_written": "habor",
    "should_read": "harbor",
    "decision": "flagged",
    "confidence": "high",
}
EVENT = {
    "id": "pier-opening",
    "kind": "other",
    "actuality": "claimed",
    "title": "Opening of the pier",
    "description": "The gazette tells of it.",
    "attribution": [HOP],
}
ACTOR = {
    "id": "mayor",
    "kind": "person",
    "name": "Mayor",
    "description": "The invented mayor of an invented town.",
    "evidence": [{"source_id": GAZETTE, **span("The mayor")}],
}


def name_row(name: str) -> dict[str, Any]:
    return {"name": name, "language": "en", "kind": "as_written", "source_id": GAZETTE}


def invented() -> dict[str, Any]:
    """Give an invented checkout in which all is right and in the normal form."""
    files = {
        f"{FOLDER}/source.json": source_of(),
        f"{FOLDER}/statements.json": {"statements": [STATEMENT | span("The pier is ours,")]},
        f"{FOLDER}/claims.json": {"claims": [CLAIM | span("the pier is open")]},
        f"{FOLDER}/errata.json": {"errata": [ERRATUM | span("habor")]},
        "seeds/events/pier-opening.json": EVENT | {"evidence": [{"source_id": GAZETTE, **span("New pier opens")}]},
        "seeds/actors/mayor.json": ACTOR | {"names": [name_row("The mayor") | span("The mayor")]},
    }
    files[f"{FOLDER}/source.json"]["paragraphs"][1]["covered"] = len("the pier is open")
    with tree(files) as (_, corpus):
        assert not corpus.findings
        return dict(store.seed_files(corpus))


INVENTED = invented()


def rules_broken(corpus: Corpus, texts: Mapping[str, TextFile] | None = None) -> list[Finding]:
    corpus.texts = dict(texts or {})
    return [finding for rule in (*RULES, placeholders_are_replaced) for finding in rule(corpus)]


# New files ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def real(root: Path) -> Corpus:
    return store.read_seeds(root)


@pytest.fixture(scope="session")
def begun(root: Path, tmp_path_factory: pytest.TempPathFactory, real: Corpus) -> tuple[Path, dict[str, bytes]]:
    """A copy of the seeds with a new file of every kind, and these files."""
    folder = tmp_path_factory.mktemp("begun")
    shutil.copytree(root / "seeds", folder / "seeds")
    files = dict(new_record(real, kind, f"new-{kind}") for kind in KINDS)
    path, data = new_source(real, "new-held-source", TEXT)
    files[path] = data
    store.write_files(folder, files)
    return folder, files


def test_a_new_file_of_every_kind_has_its_shape_and_form_and_nothing_wrong_but_examples(
    begun: tuple[Path, dict[str, bytes]],
) -> None:
    folder, files = begun
    corpus = store.read_seeds(folder)
    assert corpus.findings == []
    found = rules_broken(corpus, {"new-held-source": TextFile("gazette.txt", TEXT)})
    expected = {"placeholders-are-replaced", "references-resolve", "redirects-are-one-step"}
    assert {finding.rule for finding in found} == expected
    assert {finding.path for finding in found} == set(files)
    assert store.not_in_normal_form(corpus) == {}


EXAMPLE = re.compile(r'"(Replace this: .*|replace-this|0001-01-01)"')


def test_every_text_date_and_id_of_a_new_file_is_found_until_it_is_replaced(begun: tuple[Path, dict[str, bytes]]) -> None:
    folder, files = begun
    found = rules_broken(store.read_seeds(folder))
    lines = {(path, n) for path in files for n, line in enumerate(files[path].decode().split("\n"), 1) if EXAMPLE.search(line)}
    assert {(finding.path, finding.line) for finding in found} == lines


def test_no_other_date_or_id_of_a_new_file_could_pass_for_data(begun: tuple[Path, dict[str, bytes]], real: Corpus) -> None:
    ids = {record_id for entries in real.entries.values() for record_id in entries}
    for data in begun[1].values():
        strings = re.findall(r'"([^"]+)"(?!:)', data.decode())
        assert not ids & set(strings)
        assert not [one for one in strings if re.fullmatch(r"[0-9]{4}-.*", one) and one != "0001-01-01"]


def test_the_id_that_stands_for_another_is_no_id_of_a_new_file() -> None:
    with pytest.raises(UsageError, match="'replace-this' stands in new files"):
        new_record(Corpus(), "actor", "replace-this")


def test_a_new_file_names_its_schema_and_is_valid_by_it(root: Path, begun: tuple[Path, dict[str, bytes]]) -> None:
    from jsonschema import Draft202012Validator

    for path, data in begun[1].items():
        value = json.loads(data)
        schema = ((root / path).parent / value["$schema"]).resolve()
        assert schema.parent == root / "schema"
        Draft202012Validator(json.loads(schema.read_text("utf-8"))).validate(value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_file_in_an_empty_checkout_has_its_shape(tmp_path: Path, kind: str) -> None:
    (tmp_path / "seeds").mkdir()
    path, data = new_record(read_records(find_place(tmp_path)), kind, "first-one")
    store.write_files(tmp_path, {path: data})
    assert read_records(find_place(tmp_path)).findings == []


@pytest.mark.parametrize(
    ("kind", "record_id", "told"),
    [
        ("actors", "new-one", "no kind 'actors' of record; did you mean actor"),
        ("vocabulary", "new-one", "no kind 'vocabulary' of record"),
        ("claims", "new-one", "no kind 'claims' of record"),
        ("actor", "New One", "'New One' is no id; write lower-case letters and digits"),
        ("actor", "new-one\n", "'new-one\\u{a}' is no id"),
        ("actor", "../new-one", "is no id"),
        ("event", "", "'' is no id"),
        ("source", "a" * 95, "an id of 95 characters; write at most 94"),
        ("actor", "nicolas-maduro", "'nicolas-maduro' is already the id of seeds/actors/nicolas-maduro.json"),
        ("event", "nicolas-maduro", "'nicolas-maduro' is already the id of seeds/actors/nicolas-maduro.json"),
        ("source", "reuters-20251201", "is already the id of seeds/sources/reuters-20251201/source.json"),
    ],
)
def test_what_cannot_be_begun_is_refused_with_the_reason(real: Corpus, kind: str, record_id: str, told: str) -> None:
    with pytest.raises(UsageError, match="; ") as refused:
        new_record(real, kind, record_id)
    assert told in str(refused.value)


def test_an_id_whose_file_cannot_be_read_is_taken(tmp_path: Path) -> None:
    corpus = written(tmp_path, {"seeds/actors/mayor.json": b"{"})
    with pytest.raises(UsageError, match=r"already the id of seeds/actors/mayor\.json"):
        new_record(corpus, "actor", "mayor")


def test_the_longest_new_id_can_be_read_back(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    for kind in KINDS:
        store.write_files(tmp_path, dict([new_record(Corpus(), kind, "a" * 94)]))
    assert store.read_seeds(tmp_path).findings == []


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ud800"])
def test_a_text_without_words_or_encoding_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r": (give|save)"):
        new_source(Corpus(), "new-one", text)


PIECES = (
    "a",
    "b",
    "ab",
    "Pier",
    " ",
    "  ",
    ".",
    '"',
    "\u2019",
    "e\u0301",
    "\u00e9",
    "\u6c49",
    "\U0001f1fb\U0001f1ea",
    "\r",
    "\t",
)


def free_texts() -> st.SearchStrategy[str]:
    """A text of a few paragraphs, in which the same words stand often."""
    lines = st.lists(st.one_of(st.sampled_from(PIECES), st.text("ab \u0301\u200d", max_size=4)), max_size=12).map("".join)
    return st.lists(lines, min_size=1, max_size=5).map("\n".join).filter(lambda text: text.strip() != "")


@given(free_texts())
def test_any_text_gives_a_document_whose_every_paragraph_is_found_in_it(text: str) -> None:
    with tree(dict([new_source(Corpus(), GAZETTE, text)])) as (place, corpus):
        assert corpus.findings == []
        assert {finding.rule for finding in rules_broken(corpus, at_hand(text))} == {"placeholders-are-replaced"}
        source = corpus.source(GAZETTE)
        assert source is not None
        assert [text[one.start : one.end] for one in source.paragraphs] == [
            line.strip() for line in text.split("\n") if line.strip()
        ]
        (place.root / "texts").mkdir()
        (place.root / "texts" / "a.txt").write_bytes(text.encode())
        assert read_texts(corpus, place.root / "texts")[1] == []


# Words in drafts ---------------------------------------------------------------------------------------------------------


def filled(draft: Any, path: str, text: str = TEXT, corpus: Corpus | None = None) -> tuple[Any, list[Finding]]:
    """Anchor a draft in the invented tree; give what the file then holds, and the findings."""
    if corpus is None:
        with tree({f"{FOLDER}/source.json": source_of(text)}) as (_, corpus):
            pass
    data, findings = anchored(corpus, at_hand(text), path, draft if isinstance(draft, bytes) else json_bytes(draft))
    assert (data is None) == bool(findings)
    return (None if data is None else json.loads(data)), findings


def places_by_hand(text: str, words: str) -> list[int]:
    """List where words start in one paragraph of a text, character by character."""
    found, begin = [], 0
    for line in text.split("\n"):
        first = begin + len(line) - len(line.lstrip())
        last = begin + len(line.rstrip())
        found += [at for at in range(first, last - len(words) + 1) if text[at : at + len(words)] == words]
        begin += len(line) + 1
    return found


@given(free_texts(), st.data())
def test_a_draft_with_any_words_of_a_text_gets_exactly_their_span(text: str, data: st.DataObject) -> None:
    source = source_of(text)
    paragraph = data.draw(st.sampled_from(source["paragraphs"]))
    start = data.draw(st.integers(paragraph["start"], paragraph["end"] - 1))
    end = data.draw(st.integers(start + 1, paragraph["end"]))
    words = text[start:end]
    places = places_by_hand(text, words)
    chosen: dict[str, Any] = {"nth": places.index(start) + 1} if len(places) > 1 else {}
    draft = EVENT | {"evidence": [{"source_id": GAZETTE, "words": words, **chosen}]}
    value, findings = filled(draft, "seeds/events/pier-opening.json", text)
    if splits_a_character(text, start) or splits_a_character(text, end):
        (found,) = findings
        assert found.message.endswith(" begins or ends inside a character of the text")
        return
    assert findings == []
    expected = {"source_id": GAZETTE, "start": start, "end": end}
    assert value["evidence"] == [expected | {"sha256": span_hash(fingerprint(text), start, end, words)}]
    assert filled(value, "seeds/events/pier-opening.json", text)[0] == value


@given(
    free_texts(), st.text("ab Pier\u0301", max_size=6), st.none() | st.integers(-1, 4), st.none() | st.text("ab ", max_size=9)
)
def test_any_words_at_all_give_their_span_or_a_finding(text: str, words: str, nth: int | None, within: str | None) -> None:
    asked = {name: given for name, given in (("words", words), ("nth", nth), ("within", within)) if given is not None}
    value, findings = filled(EVENT | {"evidence": [{"source_id": GAZETTE, **asked}]}, "seeds/events/pier-opening.json", text)
    if value is not None:
        (found,) = value["evidence"]
        assert text[found["start"] : found["end"]] == words
    else:
        assert all(finding.line > 1 and finding.column > 1 and finding.advice for finding in findings)


DRAFTS: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("a statement by its text", "statements", STATEMENT, span("The pier is ours,")),
    ("an erratum by what is written", "errata", ERRATUM, span("habor")),
    ("a claim by its words", "claims", CLAIM | {"words": "the pier is open"}, span("the pier is open")),
    ("a claim by number", "claims", CLAIM | {"words": "mayor", "nth": 2}, span("mayor", 2)),
    ("a claim by a longer passage", "claims", CLAIM | {"words": "mayor", "within": 'ours," the mayor'}, span("mayor", 2)),
    ("a claim by both", "claims", CLAIM | {"words": "the", "nth": 2, "within": "the cafe\u0301 of the"}, span("the", 5)),
    ("a claim anew", "claims", CLAIM | span("habor") | {"words": "the pier is open"}, span("the pier is open")),
    ("a claim that has its span", "claims", CLAIM | span("habor"), span("habor")),
]


@pytest.mark.parametrize(("path", "draft", "expected"), [one[1:] for one in DRAFTS], ids=[one[0] for one in DRAFTS])
def test_spans_are_filled_in_and_what_was_asked_is_gone(path: str, draft: Any, expected: dict[str, Any]) -> None:
    value, findings = filled({path: [draft]}, f"{FOLDER}/{path}.json")
    assert findings == []
    rest = {name: item for name, item in draft.items() if name not in ("words", "nth", "within")}
    assert value == {"$schema": f"../../../schema/{path}.schema.json", path: [rest | expected | {"status": "active"}]}


def test_names_are_anchored_where_the_text_is_held_and_else_left(tmp_path: Path) -> None:
    consulted = dict([new_source(Corpus(), "other-paper", None)])
    corpus = written(tmp_path, {f"{FOLDER}/source.json": source_of(), **consulted})
    other = name_row("His Worship") | {"source_id": "other-paper"}
    value, findings = filled(ACTOR | {"names": [other, name_row("The mayor")]}, "seeds/actors/mayor.json", corpus=corpus)
    assert findings == []
    assert value["names"] == [other, name_row("The mayor") | span("The mayor")]


def test_a_whole_draft_comes_out_in_the_normal_form_and_an_unfinished_one_in_its_own_order() -> None:
    whole = {"evidence": [{"words": "habor", "source_id": GAZETTE}], **EVENT}
    value, _ = filled(whole, "seeds/events/pier-opening.json")
    assert list(value)[:2] == ["$schema", "id"]
    assert list(value)[-2:] == ["evidence", "status"]
    unfinished = {name: item for name, item in whole.items() if name != "title"}
    value, _ = filled(unfinished, "seeds/events/pier-opening.json")
    assert list(value) == list(unfinished)
    assert value["evidence"] == [{"source_id": GAZETTE, **span("habor")}]


MAYORS = (
    ': nth 1: paragraph 2: ...New pier opens  The mayor said that the pier is open. "...; '
    'nth 2: paragraph 2: ...open. "The pier is ours," the mayor said.   Fish soup was served ...'
)
MAYORS_SAID = (
    ': nth 1: paragraph 2: ...New pier opens  The mayor said that the pier is open. "The p...; '
    'nth 2: paragraph 2: ...open. "The pier is ours," the mayor said.   Fish soup was served at th...'
)
ASKED: list[tuple[str, dict[str, Any], str, str, str]] = [
    (
        "twice",
        {"words": "mayor"},
        "spans-match-the-text",
        "'mayor' occurs 2 times in 'harbor-gazette-2031'",
        "say which with nth, or give within, a longer passage that occurs once" + MAYORS,
    ),
    (
        "misspelt",
        {"words": "the harbor master"},
        "spans-match-the-text",
        "'the harbor master' does not stand in one paragraph of 'harbor-gazette-2031'",
        "nearest: 'the habor master.'; copy the words as they stand",
    ),
    (
        "two paragraphs",
        {"words": "said.\n  Fish"},
        "spans-lie-in-one-paragraph",
        "'said.\\u{a}  Fish' does not stand in one paragraph of 'harbor-gazette-2031'",
        "it runs over the end of one: give the words of one paragraph, without the space around them",
    ),
    (
        "inside a character",
        {"words": "the cafe"},
        "spans-match-the-text",
        "'the cafe' begins or ends inside a character of the text",
        "take the whole character, with its marks",
    ),
    (
        "too high a number",
        {"words": "mayor", "nth": 3},
        "spans-match-the-text",
        "'mayor' occurs 2 times in 'harbor-gazette-2031', and nth is 3",
        "write 1 to 2" + MAYORS,
    ),
    (
        "a passage that is not unique",
        {"words": "mayor", "within": "mayor said"},
        "spans-match-the-text",
        "the longer passage 'mayor said' occurs 2 times in 'harbor-gazette-2031'",
        "give one that occurs once" + MAYORS_SAID,
    ),
    (
        "two paragraphs joined by a space",
        {"words": "mayor said. Fish soup"},
        "spans-lie-in-one-paragraph",
        "'mayor said. Fish soup' does not stand in one paragraph of 'harbor-gazette-2031'",
        "a paragraph ends between them: give the words of one paragraph",
    ),
    (
        "other spaces",
        {"words": "Fish  soup"},
        "spans-match-the-text",
        "'Fish  soup' does not stand in one paragraph of 'harbor-gazette-2031'",
        "the spaces in them are others there: write 'Fish soup'",
    ),
    (
        "accents in another form",
        {"words": "the caf\u00e9 of"},
        "spans-match-the-text",
        "'the caf\u00e9 of' does not stand in one paragraph of 'harbor-gazette-2031'",
        "its accents are encoded otherwise there: copy the words from the file of the text itself",
    ),
    (
        "a passage without the words",
        {"words": "mayor", "within": "Fish soup"},
        "spans-match-the-text",
        "'mayor' does not stand in 'Fish soup'",
        "give a passage that holds it",
    ),
    ("no words", {"nth": 2}, "required-fields-are-present", "'nth' stands without 'words'", "add them"),
    (
        "a number as text",
        {"words": "mayor", "nth": "2"},
        "values-have-their-type",
        "'nth' is '2'",
        "expected a whole number from 1",
    ),
    (
        "true as a number",
        {"words": "mayor", "nth": True},
        "values-have-their-type",
        "'nth' is true",
        "expected a whole number from 1",
    ),
    (
        "words that are none",
        {"words": ["mayor"]},
        "values-have-their-type",
        "'words' is a list of 1",
        "expected the words as they stand in the document",
    ),
    (
        "an unknown document",
        {"words": "mayor", "source_id": "harbor-gazete-2031"},
        "references-resolve",
        "no document 'harbor-gazete-2031'",
        "did you mean harbor-gazette-2031?",
    ),
    (
        "a document without a text",
        {"words": "mayor", "source_id": "other-paper"},
        "spans-come-from-held-texts",
        "the text of 'other-paper' is not held: records have no span into it",
        "leave the words out",
    ),
    (
        "a text that is elsewhere",
        {"words": "mayor", "source_id": "third-paper"},
        "spans-match-the-text",
        "the text of 'third-paper' is not at hand",
        "give the folder that holds it with --source-text",
    ),
    (
        "no document",
        {"words": "mayor", "source_id": None},
        "required-fields-are-present",
        "the words are of no document: the field 'source_id' is missing",
        "add it",
    ),
]


@pytest.mark.parametrize("case", ASKED, ids=[one[0] for one in ASKED])
def test_words_without_one_place_are_found_where_they_were_given(
    tmp_path: Path, case: tuple[str, dict[str, Any], str, str, str]
) -> None:
    _, asked, rule, message, advice = case
    others = dict([new_source(Corpus(), "other-paper", None), new_source(Corpus(), "third-paper", "Rain.")])
    corpus = written(tmp_path, {f"{FOLDER}/source.json": source_of(), **others})
    evidence = {"source_id": GAZETTE, **asked}
    draft = json_bytes(EVENT | {"evidence": [{"source_id": GAZETTE, "words": "Fish soup"}, evidence]})
    (found,) = filled(draft, "seeds/events/pier-opening.json", corpus=corpus)[1]
    assert (found.rule, found.message, found.advice) == (rule, message, advice)
    line = draft.decode().split("\n")[found.line - 1]
    at_field = next((name for name in ("nth", "words") if f"'{name}' is " in message), "words" if "words" in asked else "nth")
    assert line[: found.column - 1] == f'      "{at_field}": '
    assert found.excerpt == line


def test_every_fault_of_a_draft_is_found_in_one_run_and_nothing_is_given() -> None:
    draft = {"claims": [CLAIM | {"words": "mayor"}, CLAIM | {"id": f"{GAZETTE}/c002"}, CLAIM | {"words": "habor"}]}
    value, findings = filled(draft, f"{FOLDER}/claims.json")
    assert value is None
    assert [(finding.rule, finding.message[:40]) for finding in findings] == [
        ("spans-match-the-text", "'mayor' occurs 2 times in 'harbor-gazett"),
        ("required-fields-are-present", "the claim has neither a span nor the wor"),
    ]


def test_words_that_differ_from_those_of_the_record_are_found() -> None:
    value, (found,) = filled({"errata": [ERRATUM | {"words": "habor master"}]}, f"{FOLDER}/errata.json")
    assert (value, found.rule) == (None, "words-match-their-spans")
    assert found.advice == "leave them out: 'as_written' is looked up"


@pytest.mark.parametrize(
    ("path", "one", "old", "new"),
    [
        ("statements", STATEMENT | {"text": "The pier is ours"}, "The pier is ours,", "The pier is ours"),
        ("statements", STATEMENT, "New pier opens", "The pier is ours,"),
        ("errata", ERRATUM | {"as_written": "habor master"}, "habor", "habor master"),
    ],
    ids=["the text was edited", "the span is of other words", "an erratum was edited"],
)
def test_own_words_are_anchored_anew_where_the_span_is_that_of_others(path: str, one: Any, old: str, new: str) -> None:
    value, findings = filled({path: [one | span(old)]}, f"{FOLDER}/{path}.json")
    assert findings == []
    assert value[path][0] == one | span(new) | {"status": "active"}


def test_own_words_that_stand_nowhere_are_found_although_there_is_a_span() -> None:
    draft = {"statements": [STATEMENT | span("The pier is ours,") | {"text": "The peer is ours,"}]}
    value, (found,) = filled(draft, f"{FOLDER}/statements.json")
    assert value is None
    assert found.advice == "nearest: '\"The pier is ours,\"'; copy the words as they stand"


def test_a_span_of_own_words_that_fits_is_kept_where_they_stand_twice() -> None:
    draft = {"errata": [ERRATUM | {"as_written": "mayor"} | span("mayor", 2)]}
    value, findings = filled(draft, f"{FOLDER}/errata.json")
    assert findings == []
    assert value["errata"][0]["start"] == span("mayor", 2)["start"]


def test_a_statement_of_a_document_without_a_text_is_found(tmp_path: Path) -> None:
    corpus = written(tmp_path, dict([new_source(Corpus(), GAZETTE, None)]))
    value, (found,) = filled({"statements": [STATEMENT]}, f"{FOLDER}/statements.json", corpus=corpus)
    assert (value, found.rule) == (None, "spans-come-from-held-texts")


def test_a_text_that_was_changed_gives_no_span() -> None:
    with tree({f"{FOLDER}/source.json": source_of()}) as (_, corpus):
        draft = json_bytes({"claims": [CLAIM | {"words": "habor"}]})
        data, (found,) = anchored(corpus, at_hand(TEXT + "More.\n"), f"{FOLDER}/claims.json", draft)
    assert data is None
    assert "its fingerprint differs" in found.message


@pytest.mark.parametrize(
    ("path", "data", "rule"),
    [
        ("seeds/notes.json", b"{}", "files-are-expected"),
        ("seeds/events/a.json", b"{", "json-is-well-formed"),
        ("seeds/events/a.json", b'{"a": 1, "a": 2}', "keys-are-unique"),
        ("seeds/events/a.json", b"\xff", "text-is-utf-8"),
        ("seeds/events/a.json", b"[" * 100, "nesting-is-bounded"),
    ],
)
def test_what_is_no_draft_is_a_finding(path: str, data: bytes, rule: str) -> None:
    value, findings = filled(data, path)
    assert (value, {finding.rule for finding in findings}) == (None, {rule})


@pytest.mark.parametrize("data", [b"[]", b"7", b'"words"', b'{"claims": 7}', b'{"claims": [7, null, [{"text": 1}]]}'])
def test_a_draft_of_another_shape_is_left_to_the_validator(data: bytes) -> None:
    value, findings = filled(data, f"{FOLDER}/claims.json")
    assert (value, findings) == (json.loads(data), [])


@given(
    st.recursive(
        st.none() | st.integers() | st.text("ab", max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(("words", "nth", "within", "source_id", "id", "text", "claims", "start", "evidence")),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_at_all_gives_a_file_or_findings(value: Any) -> None:
    for path in (f"{FOLDER}/claims.json", f"{FOLDER}/source.json", "seeds/actors/mayor.json"):
        filled(value, path)
        filled({"claims": [value], "names": [value], "id": value, "evidence": value}, path)


def test_the_article_gives_back_the_spans_that_the_seeds_have(real: Corpus, root: Path, texts: Path) -> None:
    """A file of the seeds without its offsets gets them back, byte for byte, where its words stand once."""
    at_hand = read_texts(real, texts)[0]
    path = "seeds/sources/observer-net-trump-maduro-call/statements.json"
    value = json.loads((root / path).read_bytes())
    for one in value["statements"]:
        text = at_hand["observer-net-trump-maduro-call"].text
        starts = places_by_hand(text, one["text"])
        one.update({"nth": starts.index(one["start"]) + 1} if len(starts) > 1 else {})
        for name in ("start", "end", "sha256"):
            del one[name]
    assert anchored(real, at_hand, path, json_bytes(value)) == ((root / path).read_bytes(), [])


# Mending -----------------------------------------------------------------------------------------------------------------


def bare(corpus: Corpus) -> Any:
    """Give all that records say, but for hashes and levels of coverage."""

    def without(value: Any) -> Any:
        if isinstance(value, list):
            return [without(item) for item in value]
        if isinstance(value, dict):
            return {name: without(item) for name, item in value.items() if name not in ("sha256", "covered")}
        return value

    return sorted((kind, without(plain(entry.record)) | {"at": entry.file.path}) for kind, entry in corpus.all())


def applied(place: Place, fixes: Fixes) -> Corpus:
    for path, (old, _) in fixes.files.items():
        assert (place.root / path).read_bytes() == old
    store.write_files(place.root, {path: new for path, (_, new) in fixes.files.items()})
    return store.read_seeds(place.root)


def test_what_is_right_is_not_mended() -> None:
    with tree(INVENTED) as (place, corpus):
        assert rules_broken(corpus, at_hand()) == []
        assert fixed(place, corpus, at_hand()) == Fixes({}, ())


LAYOUTS: dict[str, Callable[[bytes], bytes]] = {
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "a byte-order mark": lambda data: b"\xef\xbb\xbf" + data,
    "two byte-order marks and CRLF": lambda data: b"\xef\xbb\xbf" * 2 + data.replace(b"\n", b"\r\n"),
    "no final line feed": lambda data: data.rstrip(b"\n"),
    "trailing spaces": lambda data: data.replace(b",\n", b", \t\n") + b"\n\n  ",
    "one line": lambda data: json.dumps(json.loads(data)).encode(),
    "another order": lambda data: json.dumps(dict(reversed(json.loads(data).items())), indent=1).encode(),
    "escapes": lambda data: data.replace(b"pier", b"\\u0070ier"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("path", INVENTED)
def test_another_layout_is_mended_to_the_same_bytes(path: str, layout: str) -> None:
    damaged = LAYOUTS[layout](INVENTED[path])
    is_damaged = damaged != INVENTED[path]
    with tree(INVENTED | {path: damaged}) as (place, corpus):
        fixes = fixed(place, corpus, {})
        assert fixes.files == ({path: (damaged, INVENTED[path])} if is_damaged else {})
        marked = [f"{path}: the byte-order mark was removed"] if "mark" in layout else []
        formed = [f"{path}: written in the normal form"] if layout != "a byte-order mark" and is_damaged else []
        assert list(fixes.mended) == marked + formed


ZEROS = "0" * 64


def damaged_values(change: Callable[[str, Any], None]) -> dict[str, Any]:
    """Give the invented files with every object of them changed."""

    def walk(path: str, value: Any) -> Any:
        if isinstance(value, list):
            return [walk(path, item) for item in value]
        if isinstance(value, dict):
            value = {name: walk(path, item) for name, item in value.items()}
            change(path, value)
        return value

    return {path: json_bytes(walk(path, json.loads(data))) for path, data in INVENTED.items()}


def zeroed(path: str, value: dict[str, Any]) -> None:
    if "sha256" in value:
        value["sha256"] = ZEROS


OWN = (f"{FOLDER}/source.json", f"{FOLDER}/statements.json", f"{FOLDER}/errata.json")


def test_every_wrong_hash_of_a_proved_place_is_mended_where_the_text_is_at_hand() -> None:
    def zeroed_own(path: str, value: dict[str, Any]) -> None:
        if path in OWN or "name" in value:
            zeroed(path, value)

    with tree(damaged_values(zeroed_own)) as (place, corpus):
        fixes = fixed(place, corpus, at_hand())
        assert {path: new for path, (_, new) in fixes.files.items()} == {
            path: INVENTED[path] for path in (*OWN, "seeds/actors/mayor.json")
        }
        assert "seeds/actors/mayor.json: the hash of names 1 of mayor is again that of its words, 16 to 25" in fixes.mended


@pytest.mark.parametrize("texts", [{}, at_hand(TEXT + "More.\n")], ids=["no text", "another text"])
def test_no_hash_is_mended_without_the_text_that_was_read(texts: dict[str, TextFile]) -> None:
    with tree(damaged_values(zeroed)) as (place, corpus):
        assert fixed(place, corpus, texts) == Fixes({}, ())


def test_a_missing_hash_of_right_offsets_is_filled_in() -> None:
    path = "seeds/events/pier-opening.json"
    value = json.loads(INVENTED[path])
    del value["evidence"][0]["sha256"]
    with tree(INVENTED | {path: json_bytes(value)}) as (place, corpus):
        assert {one: new for one, (_, new) in fixed(place, corpus, at_hand()).files.items()} == {path: INVENTED[path]}


@pytest.mark.parametrize("path", [f"{FOLDER}/claims.json", "seeds/events/pier-opening.json"])
@pytest.mark.parametrize("which", ["the offsets", "the hash", "both"])
def test_no_hash_is_made_for_a_record_without_words_of_its_own(path: str, which: str) -> None:
    """Its offsets may be what is wrong, wherever they point: in another paragraph too."""

    def moved(one: str, value: dict[str, Any]) -> None:
        if one == path and "sha256" in value:
            if which != "the hash":
                value.update(start=100, end=109)
            if which != "the offsets":
                value["sha256"] = ZEROS

    with tree(damaged_values(moved)) as (place, corpus):
        assert fixed(place, corpus, at_hand()) == Fixes({}, ())
        assert "spans-match-the-text" in {one.rule for one in rules_broken(corpus, at_hand())}


def test_own_words_that_were_moved_to_another_place_of_them_are_for_a_person() -> None:
    path = f"{FOLDER}/errata.json"
    wrong = {"as_written": "mayor"} | span("mayor", 2) | {"sha256": span("mayor", 1)["sha256"]}
    with tree(INVENTED | {path: {"errata": [ERRATUM | wrong]}}) as (place, corpus):
        assert all("hash" not in one for one in fixed(place, corpus, at_hand()).mended)


@given(
    st.sampled_from(("start", "end", "both")),
    st.integers(-20, 20).filter(bool),
    st.sampled_from(sorted(INVENTED)),
)
def test_a_span_that_was_shifted_is_never_mended(which: str, shift: int, path: str) -> None:
    """Offsets that do not fit the hash are a question for a person: no hash is made to fit them."""

    def shifted(one: str, value: dict[str, Any]) -> None:
        if one == path and "sha256" in value and "n" not in value:
            value["start"] += shift * (which != "end")
            value["end"] += shift * (which != "start")

    files = damaged_values(shifted)
    assume(files[path] != INVENTED[path])
    with tree(files) as (place, corpus):
        assert fixed(place, corpus, at_hand()) == Fixes({}, ())


@pytest.mark.parametrize(
    ("path", "change"),
    [
        (f"{FOLDER}/errata.json", {"as_written": "harbor"}),
        (f"{FOLDER}/statements.json", {"text": "The pier is mine,"}),
        ("seeds/actors/mayor.json", {"name": "A mayor"}),
        ("seeds/events/pier-opening.json", {"end": 0}),
        ("seeds/events/pier-opening.json", {"end": 100}),
        ("seeds/events/pier-opening.json", {"end": 10_000}),
    ],
    ids=str,
)
def test_a_hash_is_not_made_over_other_words_or_none_or_two_paragraphs(path: str, change: dict[str, Any]) -> None:
    def changed(one: str, value: dict[str, Any]) -> None:
        if one == path and "sha256" in value:
            value.update({"sha256": ZEROS} | change)

    with tree(damaged_values(changed)) as (place, corpus):
        assert fixed(place, corpus, at_hand()) == Fixes({}, ())


def test_a_hash_of_another_record_is_not_made_to_fit() -> None:
    path = "seeds/events/pier-opening.json"
    value = json.loads(INVENTED[path])
    value["evidence"][0]["sha256"] = span("habor")["sha256"]
    with tree(INVENTED | {path: json_bytes(value)}) as (place, corpus):
        assert fixed(place, corpus, at_hand()) == Fixes({}, ())


@pytest.mark.parametrize(("level", "mended"), [(0, True), (15, True), (16, False), (17, False), (None, False)])
def test_a_level_of_coverage_is_raised_and_never_lowered(level: int | None, mended: bool) -> None:
    path = f"{FOLDER}/source.json"
    value = json.loads(INVENTED[path])
    value["paragraphs"][1].update(covered=level)
    if level is None:
        del value["paragraphs"][1]["covered"]
    with tree(INVENTED | {path: json_bytes(value)}) as (place, corpus):
        fixes = fixed(place, corpus, {})
        assert {one: new for one, (_, new) in fixes.files.items()} == ({path: INVENTED[path]} if mended else {})
        told = f"{path}: the level of paragraph 2 was raised from {level} to 16"
        assert fixes.mended == ((told,) if mended else ())


def test_a_level_is_raised_to_claims_that_a_byte_order_mark_had_hidden() -> None:
    path, claims = f"{FOLDER}/source.json", f"{FOLDER}/claims.json"
    value = json.loads(INVENTED[path])
    value["paragraphs"][1]["covered"] = 1
    with tree(INVENTED | {path: json_bytes(value), claims: b"\xef\xbb\xbf" + INVENTED[claims]}) as (place, corpus):
        fixes = fixed(place, corpus, {})
        assert {one: new for one, (_, new) in fixes.files.items()} == {one: INVENTED[one] for one in (path, claims)}


def test_a_level_waits_until_every_claim_can_be_read_and_has_its_place() -> None:
    path, claims = f"{FOLDER}/source.json", f"{FOLDER}/claims.json"
    value = json.loads(INVENTED[path])
    value["paragraphs"][1]["covered"] = 1
    wider = json.loads(INVENTED[claims])
    wider["claims"][0]["end"] += 9
    broken = json.loads(INVENTED[claims])
    broken["claims"].append(CLAIM)
    for change in (wider, broken):
        with tree(INVENTED | {path: json_bytes(value), claims: json_bytes(change)}) as (place, corpus):
            assert fixed(place, corpus, at_hand()) == Fixes({}, ())


def test_a_file_with_a_finding_is_left_but_for_its_byte_order_mark() -> None:
    path = "seeds/actors/mayor.json"
    broken = INVENTED[path].replace(b'"kind": "person"', b'"knd":   "person"')
    with tree(INVENTED | {path: broken}) as (place, corpus):
        assert fixed(place, corpus, at_hand()) == Fixes({}, ())
    with tree(INVENTED | {path: b"\xef\xbb\xbf" + broken}) as (place, corpus):
        assert fixed(place, corpus, at_hand()).files == {path: (b"\xef\xbb\xbf" + broken, broken)}


def test_a_byte_order_mark_does_not_let_a_second_record_take_an_id() -> None:
    first, second = "seeds/actors/mayor.json", "seeds/actors/other.json"
    marked = b"\xef\xbb\xbf" + INVENTED[first].replace(b"The invented mayor", b"Another mayor")
    with tree(INVENTED | {second: marked}) as (place, corpus):
        assert fixed(place, corpus, at_hand()).files == {second: (marked, marked[3:])}


def test_one_file_is_mended_alone_if_it_was_asked_for() -> None:
    crlf = {path: data.replace(b"\n", b"\r\n") for path, data in INVENTED.items()}
    with tree(crlf) as (place, corpus):
        only = Place(place.root, "checkout", only="seeds/actors/mayor.json")
        fixes = fixed(only, corpus, at_hand())
    assert list(fixes.files) == ["seeds/actors/mayor.json"]
    assert fixes.mended == ("seeds/actors/mayor.json: written in the normal form",)


def test_a_place_without_seeds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no seeds to mend"):
        fixed(Place(tmp_path, "built"), Corpus(), {})


@st.composite
def damaged_trees(draw: st.DrawFn) -> dict[str, bytes]:
    """The invented tree with faults of many kinds, those that can be mended and others."""
    seed = draw(st.integers(0, 2**32))
    chance = random.Random(seed)  # noqa: S311  # the seed is drawn, so that an example can be repeated

    def change(path: str, value: dict[str, Any]) -> None:
        kind = chance.choice((*["none"] * 6, "zeros", "shift", "level", "order", "drop", "null", "words", "swap"))
        if kind == "zeros":
            zeroed(path, value)
        elif kind == "shift" and "start" in value:
            value[chance.choice(("start", "end"))] += chance.choice((-3, -1, 1, 2, 500))
        elif kind == "level" and "n" in value:
            value["covered"] = chance.choice((0, 3, 16, 90))
        elif kind == "order":
            items = list(value.items())
            chance.shuffle(items)
            value.clear()
            value.update(items)
        elif kind == "drop" and value:
            del value[chance.choice(list(value))]
        elif kind == "null":
            value[chance.choice(list(value))] = None
        elif kind == "words" and "as_written" in value:
            value["as_written"] = "harbor"
        elif kind == "swap" and "sha256" in value:
            value["sha256"] = span(chance.choice(("habor", "The mayor", "Fish soup")))["sha256"]

    files: dict[str, bytes] = damaged_values(change)
    layouts = st.sampled_from([lambda data: data, *LAYOUTS.values()])
    return {path: draw(layouts)(data) for path, data in files.items() if draw(st.integers(0, 15))}


@given(damaged_trees(), st.sampled_from((TEXT, TEXT, "x" + TEXT)))
def test_mending_changes_no_meaning_and_is_done_in_one_run(files: dict[str, bytes], text: str) -> None:
    """After mending, every record says what it said but for hashes and levels, and there is nothing left to mend.

    What was found before and is found no more is of the form, of hashes, or of a byte-order mark; nothing new is found, but
    in files that could not be read for their mark.
    """
    with tree(files) as (place, corpus):
        before, marked = bare(corpus), {path for path in files if files[path].startswith(b"\xef\xbb\xbf")}
        faults = {(one.path, one.rule) for one in rules_broken(corpus, at_hand(text))}
        fixes = fixed(place, corpus, at_hand(text))
        assert bare(corpus) == before, "what was given is not changed"
        after = applied(place, fixes)
        assert [one for one in bare(after) if one[1]["at"] not in marked] == [
            one for one in before if one[1]["at"] not in marked
        ]
        assert fixed(place, after, at_hand(text)) == Fixes({}, ())
        assert not store.not_in_normal_form(after)
        assert {one.path for one in corpus.findings} - marked == {one.path for one in after.findings} - marked
        if not marked:
            assert {(one.path, one.rule) for one in rules_broken(after, at_hand(text))} <= faults
        assert {one.partition(": ")[0] for one in fixes.mended} == set(fixes.files)


@given(damaged_trees())
def test_the_normal_form_of_the_normal_form_is_itself(files: dict[str, bytes]) -> None:
    with tree(files) as (place, corpus):
        store.write_files(place.root, {path: new for path, (_, new) in store.not_in_normal_form(corpus).items()})
        assert store.not_in_normal_form(store.read_seeds(place.root)) == {}


def test_the_real_seeds_need_no_mending(root: Path, real: Corpus, texts: Path) -> None:
    assert fixed(Place(root, "checkout"), real, read_texts(real, texts)[0]) == Fixes({}, ())


def test_kinds_that_can_be_begun_are_those_with_a_file_of_their_own() -> None:
    from venezuela_data.authoring import NEW

    assert sorted(NEW) == sorted(KINDS)
    assert all(KIND[one.name] is one and not one.many for one in NEW.values())
