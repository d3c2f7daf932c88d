"""Versions: a difference says all that differs and nothing else, can be reversed and applied, and shows no value as markup.

States are generated from valid records of every kind, and from two versions of one record that share some of its parts. What a
difference says is held against the records by a walk of their own along its paths. Markdown is read by a parser, in which
whatever came from data must be code. The records of the checkout are changed in memory, one thing at a time.
"""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from strategies import DOCUMENTS, ODD_TEXTS, Document

from venezuela_data import store
from venezuela_data.models import Record
from venezuela_data.records import KIND, KINDS, lists_of, plain
from venezuela_data.versions import (
    ORDER,
    SHOWN_MARKDOWN,
    Changed,
    Difference,
    FieldChange,
    Item,
    Stated,
    applied,
    difference,
    plain_records,
    summary,
)

State = dict[str, dict[str, Record]]
FORMS = ("text", "json", "markdown")

few = settings(max_examples=max(20, settings().max_examples // 2))
"""For tests that build whole states, each of which holds records of many kinds."""


# States ------------------------------------------------------------------------------------------------------------------


def state_of(*documents: tuple[str, Document]) -> State:
    """Give the records of some documents, by kind and id; of two with the same id the last one counts."""
    state: State = {kind.name: {} for kind in KINDS}
    for kind, document in documents:
        state[kind][document["id"]] = KIND[kind].model.model_validate(document)
    return state


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, Document, Document]:
    """Two versions of one record: each field of the second is that of the first, another one, or a mixture of two lists."""
    kind = draw(st.sampled_from(sorted(DOCUMENTS)))
    old, other = draw(DOCUMENTS[kind]), draw(DOCUMENTS[kind])
    new = copy.deepcopy(old)
    for name in sorted((old.keys() | other.keys()) - {"id"}):
        choice = draw(st.sampled_from(("old", "old", "other", "mixed")))
        if choice == "other" and name in other:
            new[name] = copy.deepcopy(other[name])
        elif choice == "mixed" and isinstance(new.get(name), list):
            items = [*new[name], *other.get(name, [])]
            new[name] = copy.deepcopy(draw(st.permutations(items)))[: draw(st.integers(1, 4))]
            for item in new[name]:
                if isinstance(item, dict) and draw(st.booleans()):
                    item.update(draw(st.sampled_from([{}, *(one for one in items if isinstance(one, dict))])))
    return kind, old, new


@st.composite
def states(draw: st.DrawFn) -> tuple[State, State]:
    """Two states with records that only one has, that both have alike, and that both have otherwise."""
    old: list[tuple[str, Document]] = []
    new: list[tuple[str, Document]] = []
    for kind, one, other in draw(st.lists(pairs(), max_size=5)):
        where = draw(st.sampled_from(("old", "new", "both", "both")))
        old += [(kind, one)] if where != "new" else []
        new += [(kind, other)] if where != "old" else []
    return state_of(*old), state_of(*new)


def shuffled(record: Record, seed: int) -> Record:
    """Give a record with every list whose order means nothing in another order."""
    order = random.Random(seed)  # noqa: S311  # no secret, and the same for the same seed
    lists = {name: list(getattr(record, name)) for name, ordered in lists_of(type(record)).items() if not ordered}
    for items in lists.values():
        order.shuffle(items)
    return record.model_copy(update={name: tuple(items) for name, items in lists.items()})


def found_at(values: Any, change: FieldChange) -> Iterator[Any]:
    """Yield all that stands at the path of a change, in one version of a record: a walk of the tests' own."""
    found = [values]
    for step in change.path:
        if isinstance(step, str):
            found = [one[step] for one in found if step in one]
        elif isinstance(step, int):
            found = [one[step] for one in found if step < len(one)]
        else:
            key = dict(step.key)
            items = [item for one in found for item in one]
            if "value" in key and len(key) == 1:
                found = [item for item in items if item == key["value"]]
            else:
                found = [item for item in items if all(item.get(name) == value for name, value in key.items())]
    yield from found


# What a difference says --------------------------------------------------------------------------------------------------


@given(states())
@few
def test_a_state_does_not_differ_from_itself(pair: tuple[State, State]) -> None:
    for state in pair:
        assert not difference(state, state)
        assert not difference(state, copy.deepcopy(state))
        assert difference(state, state) == Difference()


@given(states())
@few
def test_states_differ_exactly_if_their_plain_records_do(pair: tuple[State, State]) -> None:
    old, new = pair
    assert bool(difference(old, new)) == (plain_records(old) != plain_records(new))


@given(states())
@few
def test_applying_a_difference_to_the_old_state_gives_the_new_one_and_back(pair: tuple[State, State]) -> None:
    old, new = pair
    found = difference(old, new)
    assert applied(plain_records(old), found) == plain_records(new)
    assert applied(plain_records(new), found.reversed()) == plain_records(old)


@given(pairs())
def test_applying_what_differs_in_one_record_gives_the_other_and_back(pair: tuple[str, Document, Document]) -> None:
    kind, one, other = pair
    old, new = state_of((kind, one)), state_of((kind, other))
    found = difference(old, new)
    assert applied(plain_records(old), found) == plain_records(new)
    assert applied(plain_records(new), found.reversed()) == plain_records(old)


@given(states())
@few
def test_the_reversed_difference_is_that_of_the_states_the_other_way_round(pair: tuple[State, State]) -> None:
    old, new = pair
    assert difference(old, new).reversed() == difference(new, old)
    assert difference(old, new).reversed().reversed() == difference(old, new)


@given(states(), st.integers(0, 1000))
@few
def test_the_order_of_records_and_of_lists_without_order_never_matters(pair: tuple[State, State], seed: int) -> None:
    old, new = pair

    def turned(state: State) -> State:
        around = {kind: dict(reversed(found.items())) for kind, found in reversed(state.items())}
        return {kind: {key: shuffled(one, seed) for key, one in found.items()} for kind, found in around.items()}

    other_old, other_new = turned(old), turned(new)
    assert not difference(old, other_old)
    found, again = difference(old, new), difference(other_old, other_new)
    assert found == again
    assert [again.render(form) for form in FORMS] == [found.render(form) for form in FORMS]
    assert summary(other_old, other_new) == summary(old, new)


@given(pairs())
def test_what_a_change_says_was_there_was_there_and_what_it_says_is_there_is(pair: tuple[str, Document, Document]) -> None:
    kind, one, other = pair
    old, new = state_of((kind, one)), state_of((kind, other))
    values = [plain(record) for state in (old, new) for record in state[kind].values()]
    for changed in difference(old, new).changed:
        for change in changed.fields:
            assert change.old != change.new
            if ORDER in change.path:
                continue
            for side, told in enumerate((change.old, change.new)):
                there = list(found_at(values[side], change))
                if told is not None:
                    assert told in there
                elif isinstance(change.path[-1], str):
                    assert not there


@given(pairs(), st.data())
def test_a_field_that_is_the_same_in_both_is_never_named(pair: tuple[str, Document, Document], data: st.DataObject) -> None:
    kind, one, other = pair
    name = data.draw(st.sampled_from(sorted(one)))
    other = {**other, name: copy.deepcopy(one[name])}
    found = difference(state_of((kind, one)), state_of((kind, other)))
    assert all(change.path[0] != name for changed in found.changed for change in changed.fields)


@given(DOCUMENTS["claims"], st.integers(0, 3))
def test_a_hop_is_told_from_others_by_its_position(document: Document, at: int) -> None:
    at = min(at, len(document["attribution"]) - 1)
    other = copy.deepcopy(document)
    other["attribution"][at]["basis"] = "inferred" if other["attribution"][at]["basis"] == "explicit" else "explicit"
    (changed,) = difference(state_of(("claims", document)), state_of(("claims", other))).changed
    assert [change.where for change in changed.fields] == [f"attribution[{at}].basis"]


def test_a_difference_that_does_not_fit_is_refused() -> None:
    term = {
        "term": "a",
        "label": "A",
        "definition": "a",
        **dict.fromkeys(("plover_match", "acled_match", "ftm_match"), "exact"),
    }
    document = {"id": "a", "title": "A", "description": "a", "terms": [term]}
    old = plain_records(state_of(("vocabularies", document)))
    values = old["vocabularies"]["a"]
    key = Item((("term", "a"),))
    misfits = [
        Difference(added=(Stated("vocabularies", "a", {**values, "title": "B"}),)),
        Difference(removed=(Stated("vocabularies", "a", {**values, "title": "B"}),)),
        Difference(removed=(Stated("vocabularies", "b", values),)),
        Difference(changed=(Changed("vocabularies", "b", (FieldChange(("title",), "A", "B"),)),)),
        Difference(changed=(Changed("vocabularies", "a", (FieldChange(("title",), "C", "B"),)),)),
        Difference(changed=(Changed("vocabularies", "a", (FieldChange(("terms", 7), term, None),)),)),
        Difference(changed=(Changed("vocabularies", "a", (FieldChange(("terms", key), {**term, "label": "B"}, None),)),)),
        Difference(
            changed=(Changed("vocabularies", "a", (FieldChange(("terms", Item((("term", "b"),)), "label"), "A", "B"),)),)
        ),
        Difference(changed=(Changed("vocabularies", "a", (FieldChange(("terms", ORDER), [{"term": "b"}], [{"term": "a"}]),)),)),
        Difference(changed=(Changed("vocabularies", "a", (FieldChange(("terms", key), term, None, (0, None)),)),)),
    ]
    for misfit in misfits:
        with pytest.raises(ValueError, match=r"does not fit the record|should have at least 1 item"):
            applied(old, misfit)
    assert old == plain_records(state_of(("vocabularies", document))), "what was given is never changed"


# Where parts are matched -------------------------------------------------------------------------------------------------


def event(**fields: Any) -> tuple[str, Document]:
    return "events", {"id": "a", "kind": "call", "actuality": "occurred", "title": "A", "description": "A.", **fields}


def changes_between(one: tuple[str, Document], other: tuple[str, Document]) -> list[tuple[str, Any, Any]]:
    (changed,) = difference(state_of(one), state_of(other)).changed
    return [(change.where, change.old, change.new) for change in changed.fields]


def test_participants_are_matched_by_who_and_as_what() -> None:
    caller, called = {"actor_id": "donald-trump", "role": "participant"}, {"actor_id": "b", "role": "target"}
    assert changes_between(event(participants=[caller]), event(participants=[called, caller])) == [
        ("participants[b/target]", None, called)
    ]
    assert changes_between(event(participants=[caller, called]), event(participants=[called])) == [
        ("participants[donald-trump/participant]", caller, None)
    ]


def test_a_mended_span_of_evidence_is_a_change_where_document_and_field_tell_it_apart() -> None:
    span = {"source_id": "s", "field": "date", "start": 3, "end": 9, "sha256": "0" * 64}
    other = {"source_id": "s", "start": 3, "end": 9, "sha256": "0" * 64}
    assert changes_between(event(evidence=[span, other]), event(evidence=[other, {**span, "end": 12}])) == [
        ("evidence[date/s].end", 9, 12)
    ]
    # Where two lie in the same document for the same field, the span tells them apart.
    second = {**span, "start": 20, "end": 30}
    assert changes_between(event(evidence=[span, second]), event(evidence=[second, {**span, "sha256": "1" * 64}])) == [
        ("evidence[date/s/3/9].sha256", "0" * 64, "1" * 64)
    ]
    assert changes_between(event(evidence=[span]), event(evidence=[span, second])) == [("evidence[date/s/20/30]", None, second)]


def test_parts_that_nothing_tells_apart_are_counted() -> None:
    one, other = {"actor_id": "a", "role": "participant"}, {"actor_id": "b", "role": "target"}
    assert changes_between(event(participants=[one, one, other]), event(participants=[one, other, other])) == [
        ("participants[a/participant]", one, None),
        ("participants[b/target]", None, other),
    ]


def test_parts_with_order_that_no_key_tells_apart_are_matched_by_position() -> None:
    old, new = vocabulary("a", "b", "a"), vocabulary("a", "c", "a")
    assert changes_between(old, new) == [
        ("terms[1].definition", "b", "c"),
        ("terms[1].label", "b", "c"),
        ("terms[1].term", "b", "c"),
    ]


def test_a_paragraph_that_runs_backwards_has_no_characters() -> None:
    words = dict.fromkeys(("title", "publisher", "rights"), "A") | {"kind": "newspaper", "language": "en", "access": "held"}
    source = {"id": "a", **words, "paragraphs": [{"n": 1, "start": 5, "end": 2, "sha256": "0" * 64}]}
    assert "- `a`: not held → 0 of 0 characters\n" in summary({}, state_of(("sources", source)))


def test_coverage_names_what_changed_first_and_rounds_down() -> None:
    words = dict.fromkeys(("title", "publisher", "rights"), "A") | {"kind": "newspaper", "language": "en", "access": "held"}
    paragraphs = [{"n": 1, "start": 0, "end": 2000, "sha256": "0" * 64}]
    sources = [("sources", {"id": name, **words, "paragraphs": paragraphs}) for name in ("a", "b")]
    terms = {"kind": "fact", "polarity": "affirmed", "certainty": "certain", "actuality": "occurred", "text": "A."}
    chain = [{"voice": "impersonal", "basis": "explicit"}]
    claim = {"id": "b/c001", **terms, "attribution": chain, "start": 0, "end": 1999, "sha256": "0" * 64}
    assert (
        "**Coverage of 2 held documents**\n\n"
        "- `b`: 0 of 2,000 characters (0.0%) → 1,999 of 2,000 characters (99.9%)\n"
        "- `a`: 0 of 2,000 characters (0.0%), as before\n"
    ) in summary(state_of(*sources), state_of(*sources, ("claims", claim)))


def test_the_parts_of_a_nested_object_are_fields_of_their_own() -> None:
    hop = {"voice": "impersonal", "basis": "explicit"}
    span = {"start": 1, "end": 2, "sha256": "0" * 64}
    terms = {"kind": "fact", "polarity": "affirmed", "certainty": "certain", "actuality": "occurred"}
    claim = {"id": "a/c001", "text": "A.", **terms, "attribution": [hop], **span}
    one, other = {"value": 20, "comparator": "gt"}, {"value": 21, "unit": "vessel"}
    assert changes_between(("claims", {**claim, "quantity": one}), ("claims", {**claim, "quantity": other})) == [
        ("quantity.comparator", "gt", None),
        ("quantity.unit", None, "vessel"),
        ("quantity.value", 20, 21),
    ]
    assert changes_between(("claims", claim), ("claims", {**claim, "quantity": one})) == [("quantity", None, one)]


def test_a_list_of_ids_is_a_set() -> None:
    span = {"start": 1, "end": 2, "sha256": "0" * 64}
    erratum = {"id": "a/e01", "kind": "wrong_name", "as_written": "A", "decision": "flagged", "confidence": "high", **span}
    assert changes_between(("errata", {**erratum, "basis": ["a", "b"]}), ("errata", {**erratum, "basis": ["c", "b"]})) == [
        ("basis[a]", "a", None),
        ("basis[c]", None, "c"),
    ]
    old, new = state_of(("errata", {**erratum, "basis": ["a", "a", "a"]})), state_of(("errata", {**erratum, "basis": ["a"]}))
    assert applied(plain_records(old), difference(old, new)) == plain_records(new)


def stages(*dates: str) -> tuple[str, Document]:
    names = ("announced", "signed", "published", "effective")
    history = [{"stage": stage, "date": day, "source_id": "s"} for stage, day in zip(names, dates, strict=False)]
    ids = dict.fromkeys(("target_id", "authority_id", "program_id"), "b")
    return "designations", {"id": "a", **ids, "description": "A.", "history": history}


def test_a_mended_date_of_a_stage_is_a_change_of_that_stage() -> None:
    assert changes_between(stages("2025-11-16", "2025-11-24"), stages("2025-11-16", "2025-11-23")) == [
        ("history[signed/s].date", "2025-11-24", "2025-11-23")
    ]


def vocabulary(*terms: str) -> tuple[str, Document]:
    matches = dict.fromkeys(("plover_match", "acled_match", "ftm_match"), "no_match")
    made = [{"term": term, "label": term, "definition": term, **matches} for term in terms]
    return "vocabularies", {"id": "a", "title": "A", "description": "A.", "terms": made}


def test_a_term_put_in_between_is_one_change_and_keeps_its_place() -> None:
    old, new = state_of(vocabulary("a", "b", "c")), state_of(vocabulary("a", "x", "b", "c"))
    (changed,) = difference(old, new).changed
    (change,) = changed.fields
    assert (change.where, change.places) == ("terms[x]", (None, 1))
    assert applied(plain_records(old), difference(old, new)) == plain_records(new)


@given(st.permutations("abcdef"), st.permutations("cdefgh"), st.integers(1, 6), st.integers(1, 6))
def test_lists_with_order_come_back_in_their_order(old: list[str], new: list[str], some: int, others: int) -> None:
    pair = state_of(vocabulary(*old[:some])), state_of(vocabulary(*new[:others]))
    found = difference(*pair)
    assert applied(plain_records(pair[0]), found) == plain_records(pair[1])
    assert applied(plain_records(pair[1]), found.reversed()) == plain_records(pair[0])
    named = {change.where for changed in found.changed for change in changed.fields}
    gone_or_new = set(old[:some]) ^ set(new[:others])
    assert named - {f"terms.{ORDER}"} == {f"terms[{one}]" for one in gone_or_new}


# What is shown -----------------------------------------------------------------------------------------------------------

HOSTILE = (
    *("<script>alert(1)</script>", "</details><h1>x", "</summary>", "<!--", "<img src=x onerror=alert(1)>", "&lt;b&gt;"),
    *("[a](https://evil.example)", "![a](https://evil.example/x.png)", "https://evil.example", "www.evil.example"),
    *("@octocat", "@org/team", "#1", "a/b#2", "GH-3", "`", "``", "`` `a", "a`", "```sh", "~~~", "**a**", "| a | b |"),
    *("::error file=a::b", "##[error]b", "::stop-commands::x", "%0A::error::b", "- [ ] a", "1. a", "# a", "> a", "$`a`$"),
    *("\u0301\u0302\u0303", "\ue000", "\U000f0000" * 40, "`" * 200, "<" * 150, "\\", "\\`", "a\\", "{{ a }}", ":smile:"),
    *("\x1b[2J", "\u202eevil", "a\nb", "a\r\n# b", "\u2028# b", "\ud800", "\x00", "\x7f", "\x9b2J", "\ufeff"),
)
"""Texts that a terminal, a runner of workflows, Markdown or HTML would act on; some could never be in a record."""


def hostile_texts() -> st.SearchStrategy[str]:
    pieces = st.one_of(st.sampled_from(HOSTILE), st.sampled_from(ODD_TEXTS), st.text(st.characters(), max_size=5))
    return st.lists(pieces, min_size=1, max_size=4).map("".join)


@st.composite
def hostile_differences(draw: st.DrawFn) -> Difference:
    """A difference with hostile texts wherever data stands, ids included, which no record could have."""
    text = hostile_texts()
    kind = st.sampled_from(sorted(KIND))
    values = st.fixed_dictionaries({"title": text}, optional={"note": text, "names": st.lists(text, max_size=2)})
    item = st.builds(lambda one, other: Item((("name", one), ("kind", other))), text, st.none() | text)
    value = st.one_of(st.none(), text, st.integers(), st.fixed_dictionaries({"a": text}), st.lists(text, max_size=2))
    path = st.one_of(st.just(("title",)), st.tuples(st.just("names"), item), st.tuples(st.just("names"), item, st.just("kind")))
    field = st.builds(FieldChange, path, value, value)
    stated = st.lists(st.builds(Stated, kind, text, values), max_size=3).map(tuple)
    changed = st.lists(st.builds(Changed, kind, text, st.lists(field, min_size=1, max_size=25).map(tuple)), max_size=3)
    return Difference(draw(stated), draw(stated), tuple(draw(changed)))


OWN_HTML = re.compile(
    r"<details><summary>[a-z]+: (?:[0-9,]+ (?:added|changed|removed)(?:, )?)+</summary>|</details>"
    r"|<details><summary>[0-9,]+ claims? with other independent origins</summary>"
    r"|<details><summary>Coverage of [0-9,]+ held documents?</summary>"
)
PARSED = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def assert_inert(markdown: str) -> None:
    """Hold that Markdown has lists, tables, headings and code of ours, and that data stands in code alone."""
    for token in PARSED.parse(markdown):
        if token.type == "html_block":
            assert OWN_HTML.fullmatch(token.content.strip()), token.content
        elif token.type == "inline":
            for inner in token.children or ():
                assert inner.type in ("text", "code_inline", "softbreak", "strong_open", "strong_close"), inner
                if inner.type == "text":
                    assert re.fullmatch(r"[A-Za-z0-9 ,.:%()→]*", inner.content), inner.content
        else:
            assert re.match(r"(bullet_list|list_item|paragraph|heading|table|thead|tbody|tr|th|td)_", token.type), token.type


def assert_printable(text: str) -> None:
    assert text.endswith("\n")
    assert all(one.isprintable() for one in text.replace("\n", "")), ascii(text)
    assert not re.search(r"^\s*::", text, re.MULTILINE), "a runner takes this for a command"
    assert "##[" not in text, "a runner takes this for a command"


@given(hostile_differences())
def test_hostile_texts_stay_inert_in_every_format(found: Difference) -> None:
    for form in FORMS:
        assert_printable(found.render(form))
    assert_inert(found.render("markdown"))
    assert found.render("json").isascii()


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_each_hostile_text_stays_inert_wherever_it_stands(text: str) -> None:
    fields = (FieldChange(("names", Item((("name", text),))), text, None), FieldChange(("title",), text, f"a{text}"))
    stated = (Stated("events", text, {"title": text}),)
    found = Difference(stated, stated, (Changed("events", text, fields),))
    for form in FORMS:
        assert_printable(found.render(form))
    assert_inert(found.render("markdown"))


@given(hostile_differences())
def test_json_says_the_whole_difference(found: Difference) -> None:
    told = json.loads(found.render("json"))
    assert told["equal"] == (not found)
    assert told["counts"] == {name: len(told[name]) for name in ("added", "removed", "changed")}
    for name, ones in (("added", found.added), ("removed", found.removed)):
        assert told[name] == [{"kind": one.kind, "id": one.id, "values": one.values} for one in ones]
    for one, other in zip(told["changed"], found.changed, strict=True):
        assert (one["kind"], one["id"]) == (other.kind, other.id)
        for field, change in zip(one["fields"], other.fields, strict=True):
            assert (field["path"], field["old"], field["new"]) == (change.where, change.old, change.new)
            steps = [dict(step.key) if isinstance(step, Item) else step for step in change.path]
            assert field["steps"] == steps


@given(states())
@few
def test_the_summary_of_generated_states_is_short_and_inert(pair: tuple[State, State]) -> None:
    told = summary(*pair)
    assert len(told) <= SHOWN_MARKDOWN
    assert_printable(told)
    assert_inert(told)


def test_an_unknown_format_is_refused_and_the_known_ones_named() -> None:
    with pytest.raises(ValueError, match=r"^unknown format 'html'; known: json, markdown, text$"):
        Difference().render("html")


def test_long_values_are_cut_where_they_begin_to_differ() -> None:
    one, other = "a" * 1000 + "b" + "c" * 900, "a" * 1000 + "d" + "c" * 900
    found = difference(state_of(event(description=one)), state_of(event(description=other)))
    for form in ("text", "markdown"):
        line = next(line for line in found.render(form).splitlines() if "description" in line)
        assert len(line) < 300
        assert re.search(r"…a+b(c+)….* (->|→) .*…a+d(c+)…", line), line


def test_long_lists_end_in_a_count() -> None:
    many = state_of(*(("events", {**event()[1], "id": f"event-{n}", "description": "x" * 200}) for n in range(20_000)))
    for form, limit in (("text", 210_000), ("markdown", SHOWN_MARKDOWN)):
        told = difference({}, many).render(form)
        assert limit // 2 < len(told) <= limit
        listed = len(re.findall(r"^ *(?:\+|- added) ", told, re.MULTILINE))
        assert f"and {20_000 - listed:,} more" in told
    told = summary(many, {})
    assert len(told) <= SHOWN_MARKDOWN
    assert "| events | 20,000 | 0 | 0 | 0 | 20,000 |" in told


def test_a_short_group_is_shown_whole_beside_a_long_one() -> None:
    many = [("events", {**event()[1], "id": f"event-{n}"}) for n in range(5000)]
    place = ("places", {"id": "pier", "name": "The pier", "kind": "city"})
    told = difference({}, state_of(*many, place)).render("markdown")
    assert '- added `pier`: `"The pier"`' in told
    assert len(told) <= SHOWN_MARKDOWN


def test_many_fields_of_one_record_end_in_a_count() -> None:
    roles = [{"actor_id": f"actor-{n}", "role": "participant"} for n in range(500)]
    found = difference(state_of(event()), state_of(event(participants=roles)))
    for form in ("text", "markdown"):
        assert "and 480 more fields" in found.render(form)
    assert len(json.loads(found.render("json"))["changed"][0]["fields"]) == 500


def test_a_folded_group_opens_and_closes() -> None:
    told = difference({}, state_of(*(("events", {**event()[1], "id": f"event-{n}"}) for n in range(13)))).render("markdown")
    assert told.count("\n<details><summary>events: 13 added</summary>\n\n- added `event-0`") == 1
    assert told.endswith("\n\n</details>\n")


# The records of the checkout ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seeds() -> State:
    return store.read_seeds(Path(__file__).parent.parent).records


def with_one(state: State, kind: str, document: Document) -> State:
    """Give the state with one record in the place of that with its id, or beside the others."""
    record = KIND[kind].model.model_validate(document)
    return {**state, kind: {**state[kind], record.id: record}}


def test_a_changed_date_is_all_that_is_seen(seeds: State) -> None:
    document = plain(seeds["events"]["trump-maduro-call"])
    new = with_one(seeds, "events", {**document, "date": "2025-11-21"})
    found = difference(seeds, new)
    change = FieldChange(("date",), document["date"], "2025-11-21")
    assert found == Difference(changed=(Changed("events", "trump-maduro-call", (change,)),))
    assert found.render() == (
        "0 records added, 1 changed, 0 removed\n"
        "events: 1 changed\n"
        "  ~ trump-maduro-call\n"
        f'      date: "{document["date"]}" -> "2025-11-21"\n'
    )
    told = summary(seeds, new)
    assert f'- changed `trump-maduro-call`\n  - `date`: `"{document["date"]}"` → `"2025-11-21"`\n' in told
    assert "independent origins" not in told
    assert ", as before\n" in told


def test_an_added_claim_is_all_that_is_seen_and_carries_more_of_its_document(seeds: State) -> None:
    source = next(one for one in seeds["sources"].values() if getattr(one, "access", "") == "held")
    spans = [
        (one["start"], one["end"]) for one in map(plain, seeds["claims"].values()) if one["id"].startswith(f"{source.id}/")
    ]
    paragraph = plain(source)["paragraphs"][0]
    document = {**plain(next(iter(seeds["claims"].values()))), "id": f"{source.id}/c9999", "text": "The pier is closed."}
    new = with_one(seeds, "claims", {**document, "start": paragraph["start"], "end": paragraph["end"]})
    found = difference(seeds, new)
    assert [(one.kind, one.id) for one in found.added] == [("claims", f"{source.id}/c9999")]
    assert not found.removed
    assert not found.changed
    told = summary(seeds, new)
    assert f"| claims | {len(spans):,} | {len(spans) + 1:,} | 1 | 0 | 0 |" in told
    assert f'- added `{source.id}/c9999`: `"The pier is closed."`\n' in told
    carried = [int(one.replace(",", "")) for one in re.findall(r"([\d,]+) of [\d,]+ characters", told)]
    free = set(range(paragraph["start"], paragraph["end"])).difference(*(range(start, end) for start, end in spans))
    assert carried[-1] - carried[0] == len(free)


def test_a_removed_name_is_all_that_is_seen(seeds: State) -> None:
    document = plain(seeds["actors"]["diosdado-cabello"])
    name = document["names"][0]
    new = with_one(seeds, "actors", {**document, "names": document["names"][1:]})
    (changed,) = difference(seeds, new).changed
    (change,) = changed.fields
    assert (change.old, change.new) == (name, None)
    assert change.where == f"names[{name['name']}/{name['language']}/{name['kind']}/{name['source_id']}]"


def test_a_removed_assessment_shows_in_the_standing_of_its_claim(seeds: State) -> None:
    stances = {"supports", "contradicts"}
    reports = [one for one in map(plain, seeds["assessments"].values()) if one["target_table"] == "claims"]
    alone = next(
        one
        for one in reports
        if one["stance"] == "contradicts"
        and sum(other["target_id"] == one["target_id"] and other["stance"] in stances for other in reports) == 1
    )
    new = {**seeds, "assessments": {key: one for key, one in seeds["assessments"].items() if key != alone["id"]}}
    told = summary(seeds, new)
    assert f"- removed `{alone['id']}`" in told
    assert "**1 claim with other independent origins**" in told
    before, after = "contradicted (0 for, 1 against)", "uncorroborated (0 for, 0 against)"
    assert f"- `{alone['target_id']}`: {before} → {after}\n" in told
    counts = {name: (int(was), int(now)) for name, was, now in re.findall(r"\| (\w+) \| (\d+) \| (\d+) \|\n", told)}
    assert counts["contradicted"][1] - counts["contradicted"][0] == -1
    assert counts["uncorroborated"][1] - counts["uncorroborated"][0] == 1


def test_all_of_the_data_against_nothing_fits_into_a_comment_and_comes_back(seeds: State) -> None:
    for told in (summary({}, seeds), summary(seeds, {}), difference({}, seeds).render("markdown")):
        assert len(told) <= SHOWN_MARKDOWN
        assert_printable(told)
        assert_inert(told)
    everything = plain_records(seeds)
    nothing: dict[str, dict[str, Any]] = {kind: {} for kind in everything}
    assert applied(nothing, difference({}, seeds)) == everything
    assert applied(everything, difference(seeds, {})) == nothing


def test_nothing_changed_is_said_as_such(seeds: State) -> None:
    told = summary(seeds, seeds)
    assert told.startswith("## What changes in the data\n\n0 records added, 0 changed, 0 removed.\n")
    assert "| kind |" not in told
    assert difference(seeds, seeds).render() == "0 records added, 0 changed, 0 removed\n"
