"""Holds searching to what it promises: case, accents and ligatures are passed over, and a wrong name never leads to a person.

Reads the shipped data; the records of odd cases are made here.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import venezuela_data as vd
from venezuela_data import models
from venezuela_data.records import KIND, PUBLISHED, Records
from venezuela_data.search import RANKS, SEARCHED, fold, matches


@pytest.fixture(scope="module")
def data(root: Path) -> vd.Dataset:
    return vd.load(root)


class TestFold:
    """Two texts that differ in case, accents, ligatures, width or spaces alone are folded to one, and others are not."""

    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("Flóres", "flores"),
            ("FLO\u0301RES", "flores"),
            ("Straße", "strasse"),
            ("\ufb01nance", "finance"),
            ("Encyclopædia Œuvre", "encyclopaedia oeuvre"),
            ("Łódź Ørsted", "lodz orsted"),
            ("İstanbul Iğdır", "istanbul igdir"),
            ("Σίσυφος", "σισυφοσ"),
            ("\uff26\uff55\uff4c\uff4c", "full"),
            ("  two\u00a0 words ", "two words"),
            ("观察者网", "观察者网"),
            ("観察者ガイド", "観察者ガイド"),
            ("한국", "한국"),
            ("नेपाल", "नेपाल"),
        ],
    )
    def test_examples(self, text: str, folded: str) -> None:
        assert fold(text) == folded

    @given(st.text())
    def test_what_is_folded_stays_the_same(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)

    @given(st.text(st.characters(codec="utf-8")))
    def test_how_a_letter_is_composed_means_nothing(self, text: str) -> None:
        assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))

    @given(st.text("\u4e00\u5b57\u6c49ab", min_size=1))
    def test_chinese_is_untouched(self, text: str) -> None:
        assert fold(text) == text


@pytest.mark.parametrize("given_name", ["Carvajal", "CARVAJAL", "carvájal"])
def test_an_erroneous_name_leads_to_its_erratum_and_to_no_person(data: vd.Dataset, given_name: str) -> None:
    found = data.actors.search(given_name)
    assert [(one.table, one.id, one.erroneous, one.erratum_id) for one in found] == [
        ("errata", "observer-net-trump-maduro-call/e02", True, "observer-net-trump-maduro-call/e02")
    ]
    assert isinstance(found[0].record, models.Erratum)
    assert found[0].rank == "exact"
    everywhere = data.search(given_name)
    assert everywhere[0] == found[0]
    assert all(one.table != "actors" for one in everywhere)


def test_every_erroneous_name_of_the_data_leads_to_no_actor_that_has_it_by_mistake_alone(data: vd.Dataset) -> None:
    names = [(actor, name) for actor in data.actors for name in actor.names if name.kind == "erroneous"]
    assert names
    for actor, wrong in names:
        rightly = {fold(actor.name), *(fold(one.name) for one in actor.names if one.kind != "erroneous")}
        found = [one for one in data.actors.search(wrong.name) if one.id == wrong.erratum_id]
        assert found
        assert found[0].erroneous
        if not any(fold(wrong.name) in right for right in rightly):
            assert all(one.id != actor.id or one.rank == "inside" for one in data.actors.search(wrong.name))


def test_the_words_at_fault_lead_to_the_erratum_marked_and_what_is_right_to_it_unmarked(data: vd.Dataset) -> None:
    by_fault, by_right = data.errata.search("carvajal"), data.errata.search("cabello rondon")
    assert [(one.id, one.erroneous) for one in by_fault] == [("observer-net-trump-maduro-call/e02", True)]
    assert [(one.id, one.erroneous) for one in by_right] == [("observer-net-trump-maduro-call/e02", False)]


def test_accents_and_case_mean_nothing_and_aliases_are_searched(data: vd.Dataset) -> None:
    for given_name in ("cabello", "CABELLO", "Cabèllo"):
        assert "diosdado-cabello" in [one.id for one in data.actors.search(given_name)]
    assert data.actors.search("observer net") == data.actors.search("Óbserver  NET")
    assert [one.id for one in data.actors.search("观察者网")] == ["observer-net"]
    assert data.actors.search("maduro nicolas")[0].id in {"maduro-son", "nicolas-maduro"}


def test_matches_come_by_rank_and_each_record_once(data: vd.Dataset) -> None:
    found = data.search("maduro")
    ranks = [RANKS.index(one.rank) for one in found]
    assert ranks == sorted(ranks)
    assert len({(one.table, one.id) for one in found}) == len(found)
    assert {one.rank for one in found} >= {"prefix", "word"}


def test_every_match_holds_what_was_asked_for_and_nothing_that_does_is_left_out(data: vd.Dataset) -> None:
    for wanted in ("flores", "call", "cartel de los soles"):
        found = data.search(wanted)
        assert all(set(wanted.split()) <= set(fold(one.text).split()) or wanted.split()[0] in fold(one.text) for one in found)
        ids = {one.id for one in found if one.table == "claims"}
        assert ids >= {claim.id for claim in data.claims if wanted in fold(claim.text)}


@pytest.mark.parametrize("given_text", ["", "   ", "\u0301", "zzzzqq", "\ud800", "(["])
def test_nothing_is_found_by_what_is_nowhere(data: vd.Dataset, given_text: str) -> None:
    assert data.search(given_text) == []


def test_ranks_are_exact_prefix_word_inside() -> None:
    titles = {"a": "Call", "b": "Call to arms", "c": "The call", "d": "Recalled", "e": "Arms for a call", "f": "Nothing"}
    records: Records = {"places": {key: _place(key, title) for key, title in titles.items()}}
    told = [(one.text, one.rank) for one in matches("CALL", records, {})]
    assert told == [
        ("Call", "exact"),
        ("Call to arms", "prefix"),
        ("The call", "word"),
        ("Arms for a call", "word"),
        ("Recalled", "inside"),
    ]
    assert [(one.text, one.rank) for one in matches("call arms", records, {})] == [
        ("Call to arms", "inside"),
        ("Arms for a call", "inside"),
    ]


def test_a_wrong_name_whose_erratum_is_not_there_is_not_found_at_all() -> None:
    name = models.ActorName(
        name="Wrong", language="en", kind="erroneous", source_id="some-document", erratum_id="some-document/e01"
    )
    actor = models.Actor(id="right", kind="person", name="Right", description="Somebody.", names=(name,))
    assert matches("wrong", {"actors": {"right": actor}}, {}) == []


def test_every_field_that_is_searched_is_one_of_its_kind() -> None:
    for kind, fields in SEARCHED.items():
        assert set(fields) <= set(KIND[kind].model.model_fields)
    assert set(SEARCHED) == {kind.name for kind in PUBLISHED} - {"redirects", "tombstones"}


def test_the_repr_of_a_match_is_one_short_line(data: vd.Dataset) -> None:
    assert repr(data.actors.search("carvajal")) == "[<errata observer-net-trump-maduro-call/e02: 'Carvajal', exact, erroneous>]"


def _place(key: str, name: str) -> models.Place:
    return models.Place(id=f"place-{key}", name=name, kind="city")
