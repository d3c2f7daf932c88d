"""Holds the perspectives to their promises: what is admitted is there, no reference leads nowhere, and nothing is recounted.

Reads the shipped data; policies are generated as well as taken from the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import TERMS

import venezuela_data as vd
from venezuela_data import models
from venezuela_data.models import Record
from venezuela_data.origins import STATE_ORGANS
from venezuela_data.perspectives import FLAGS, OFFICIAL, PERSPECTIVES, Flag, Perspective, Policy, ViewName
from venezuela_data.records import references_of
from venezuela_data.tables import LEDGER, TABLE

ROOT = Path(__file__).parent.parent
DATA = vd.load(ROOT)
NAMES = list(PERSPECTIVES)


@pytest.fixture(scope="module", params=NAMES)
def view(request: pytest.FixtureRequest) -> vd.Dataset:
    return DATA.view(request.param)


def policies() -> st.SearchStrategy[Policy]:
    """Any policy: each of its fields left open, or some terms of its vocabulary."""

    def some(scheme: str) -> st.SearchStrategy[tuple[str, ...]]:
        return st.lists(st.sampled_from(TERMS[scheme]), max_size=3, unique=True).map(tuple)

    return st.builds(
        Policy,
        documents=some("source_kind"),
        voices=some("voice"),
        speaker_country=st.sampled_from(("", "US", "VE", "NI", "AQ")),
        speaker_kinds=some("actor_kind"),
        claim_kinds=some("claim_kind"),
        standings=some("standing"),
        statuses=st.sampled_from((("active",), (), ("retracted",))),
        legal_acts=st.sampled_from(("all", "own", "named")),
    )


def view_of(policy: Policy) -> vd.Dataset:
    from venezuela_data.dataset import View

    return View(DATA, Perspective("generated", "", policy))


def dangling(data: vd.Dataset) -> Iterator[str]:
    """Yield what a view refers to and does not have: in its records, and in its tables by the keys of their schemas."""
    for kind, records in data.records.items():
        for record in records.values():
            for path, other in references_of(type(record)):
                for value in values_at(record, path):
                    if value not in data.records[other]:
                        yield f"{kind} {record.id} {path} {value}"
            for table, record_id in pairs_in(record):
                if kind not in ("redirects", "tombstones") and record_id not in data.records.get(table, {}):
                    yield f"{kind} {record.id} {table} {record_id}"
    for name in data.tables:
        rows = data.table(name)
        for key in rows.schema.get("foreignKeys", []):
            ((column,), (target,)) = key["fields"], key["reference"]["fields"]
            known = {row[target] for row in data.table(key["reference"]["resource"] or name)}
            yield from (f"{name} {row}" for row in rows if row[column] is not None and row[column] not in known)
        if {"table", "record_id"} <= set(rows.columns) and name not in ("redirects", "tombstones"):
            yield from (
                f"{name} {row}" for row in rows if row["table"] and row["record_id"] not in data.records[str(row["table"])]
            )


def values_at(value: object, path: tuple[str, ...]) -> Iterator[object]:
    if value is None:
        return
    if not path:
        yield value
    elif path[0] == "*":
        assert isinstance(value, tuple)
        for item in value:
            yield from values_at(item, path[1:])
    else:
        yield from values_at(getattr(value, path[0]), path[1:])


def pairs_in(record: Record) -> Iterator[tuple[str, str]]:
    if isinstance(record, models.Claim):
        yield from ((one.table, one.record_id) for one in record.about)
    if isinstance(record, models.Erratum) and record.table is not None:
        yield record.table, str(record.record_id)
    if isinstance(record, models.Assessment):
        yield record.target_table, record.target_id
    if isinstance(record, models.OfSource):
        yield "sources", record.source_id


class TestNoReferenceLeadsNowhere:
    """Whatever a view keeps, all that it refers to is in it, in its records as in its tables."""

    def test_of_the_perspectives(self, view: vd.Dataset) -> None:
        assert list(dangling(view)) == []

    @given(policy=policies())
    def test_of_any_policy(self, policy: Policy) -> None:
        assert list(dangling(view_of(policy))) == []


class TestHides:
    """A view hides records and rows: it adds none, changes no cell, and reckons nothing again."""

    def test_each_row_is_one_of_all_data_in_the_same_order(self, view: vd.Dataset) -> None:
        for name in view.tables:
            whole = iter(DATA.table(name))
            assert all(any(row == other for other in whole) for row in view.table(name)), name

    def test_records_and_rows_tell_the_same(self, view: vd.Dataset) -> None:
        for table in TABLE.values():
            if table.kind and not table.field:
                assert [row[table.key[0]] for row in view.table(table.name)] == sorted(view.records[table.kind])
            rows = list(view.table(table.name))
            assert len(rows) == table.count(view.records), table.name

    def test_a_record_is_whole_but_for_parts_that_lead_to_what_is_hidden(self, view: vd.Dataset) -> None:
        for kind, records in view.records.items():
            for record in records.values():
                whole = DATA.records[kind][record.id]
                for name in type(record).model_fields:
                    kept, all_parts = getattr(record, name), getattr(whole, name)
                    if isinstance(all_parts, tuple):
                        assert set(kept) <= set(all_parts)
                    else:
                        assert kept == all_parts

    def test_a_chain_is_never_cut(self, view: vd.Dataset) -> None:
        for kind in ("claims", "statements", "events"):
            for record in view.records[kind].values():
                assert repr(view.chain(record)) == repr(DATA.chain(DATA.records[kind][record.id]))

    def test_the_weight_of_a_claim_is_that_over_all_data(self, view: vd.Dataset) -> None:
        for claim in list(view.claims)[:20]:
            assert view.origins(claim) == DATA.origins(claim.id)

    def test_what_others_say_of_a_claim_that_is_kept_is_never_hidden(self, view: vd.Dataset) -> None:
        for one in DATA.assessments:
            if one.target_table == "claims" and one.target_id in view.claims:
                assert one.id in view.assessments

    def test_errata_on_what_is_kept_are_never_hidden(self, view: vd.Dataset) -> None:
        for one in DATA.errata:
            if one.table in ("actors", "events", "sources") and one.record_id in view.records[one.table]:
                assert one.id in view.errata
            for claim in view.claims:
                if claim.source_id == one.source_id and claim.start < one.end and one.start < claim.end:
                    assert one.id in view.errata or one.table in ("claims", "statements")

    def test_events_and_actors_are_there_only_for_something_that_is_kept(self, view: vd.Dataset) -> None:
        if view.view_name.startswith("everything"):
            return
        named = {
            pair for kind, records in view.records.items() for record in records.values() for pair in pairs_of(kind, record)
        }
        for kind in ("events", "actors"):
            assert {(kind, record_id) for record_id in view.records[kind]} <= named


def pairs_of(kind: str, record: Record) -> Iterator[tuple[str, object]]:
    yield from pairs_in(record)
    for path, other in references_of(type(record)):
        if (kind, path[0]) not in {("events", "links"), ("sources", "cites")}:
            yield from ((other, value) for value in values_at(record, path))


# What each perspective admits ---------------------------------------------------------------------------------------------


def test_official_record_has_what_public_bodies_make_relay_or_support() -> None:
    official = {source.id for source in DATA.sources if source.kind in OFFICIAL}
    supported = {
        one.target_id
        for one in DATA.assessments
        if one.stance == "supports" and one.source_id in official and one.status == "active"
    }
    expected = {
        claim.id
        for claim in DATA.claims
        if claim.id in supported or {claim.source_id, *(hop.document_id for hop in claim.attribution)} & official
    }
    view = DATA.view("official-record")
    assert expected == set(view.claims.ids) != set()
    for kind in ("designations", "programs", "instruments"):
        assert list(view.records[kind]) == list(DATA.records[kind])


def test_named_sources_has_the_chains_in_which_everybody_has_a_name() -> None:
    view = DATA.view("named-sources")
    for kind in ("claims", "statements"):
        for record_id, record in DATA.records[kind].items():
            assert isinstance(record, models.Claim | models.Statement)
            named = all(hop.voice == "named" for hop in record.attribution)
            quoted = record_id in {claim.statement_id for claim in view.claims}
            assert (record_id in view.records[kind]) == (named or quoted), record_id


@pytest.mark.parametrize(
    ("name", "speakers", "others"),
    [
        ("us-government", {"donald-trump", "pete-hegseth", "us-southern-command", "us-government"}, {"maduro-government"}),
        ("venezuelan-government", {"maduro-government", "venezuelan-foreign-ministry"}, {"donald-trump"}),
    ],
)
def test_a_state_speaks_through_its_bodies_and_those_with_an_office(name: str, speakers: set[str], others: set[str]) -> None:
    view = DATA.view(name)
    found = {claim.claimant_id for claim in view.claims} | {one.speaker_id for one in view.statements}
    # A statement that is kept for a claim may have no speaker; every claim has one that speaks for the state.
    assert speakers <= found
    assert not others & found
    assert not {"wsj-us-officials", "us-troops", "miami-herald"} & {claim.claimant_id for claim in view.claims}
    for claim in view.claims:
        actor = DATA.actors[str(claim.claimant_id)]
        bodies = [actor, *(DATA.actors[role.organization_id] for role in actor.roles if role.organization_id)]
        assert any(one.kind in STATE_ORGANS and one.country == {"us": "US", "ve": "VE"}[name[:2]] for one in bodies)


def test_designations_of_a_state_are_those_of_its_own_authorities() -> None:
    view = DATA.view("venezuelan-government")
    assert all(one.id in {about.record_id for claim in view.claims for about in claim.about} for one in view.designations)
    assert view.designations.ids != DATA.designations.ids == DATA.view("us-government").designations.ids


def test_corroborated_has_the_claims_of_that_standing() -> None:
    expected = [row["id"] for row in DATA.table("claims") if row["standing"] == "corroborated"]
    assert DATA.view("corroborated").claims.ids == expected != []


def test_claims_that_were_taken_back_are_admitted_by_no_perspective_but_the_one_of_everything() -> None:
    for one in PERSPECTIVES.values():
        assert one.policy.statuses == ("active",) or one.policy.everything


def test_everything_flagged_has_everything() -> None:
    view = DATA.view("everything-flagged")
    assert view.records == DATA.records
    assert view.tables == DATA.tables
    assert all(list(view.table(name)) == list(DATA.table(name)) for name in view.tables)


# Names and hashes --------------------------------------------------------------------------------------------------------


def test_the_views_are_listed_with_what_they_keep() -> None:
    assert list(DATA.views) == list(get_args(ViewName)) == NAMES
    assert all(one.name == name and one.description.endswith(".") for name, one in DATA.views.items())


def test_a_view_bears_its_name_and_hash(view: vd.Dataset) -> None:
    assert view.perspective is not None
    assert view.view_name == f"{view.perspective.name}@{view.perspective.hash[:12]}"
    assert view.view_name in repr(view)
    assert DATA.view_name == ""
    assert view.version == DATA.version


PINNED = {
    "official-record": "d204b3345608",
    "named-sources": "e380978f77b1",
    "us-government": "fa1514754b40",
    "venezuelan-government": "b75e74b5f88b",
    "corroborated": "a0dd4b1265c7",
    "everything-flagged": "f53c04fe3e20",
}
"""Each perspective as it was published. Whoever changes one here changes what its name has meant: say so in CHANGELOG.md."""


def test_the_hashes_are_those_that_were_published() -> None:
    assert {name: one.hash[:12] for name, one in PERSPECTIVES.items()} == PINNED


@given(policy=policies(), other=policies())
def test_policies_have_one_hash_exactly_if_they_are_equal(policy: Policy, other: Policy) -> None:
    assert (Perspective("a", "", policy).hash == Perspective("b", "told otherwise", other).hash) == (policy == other)


@pytest.mark.parametrize("name", [field.name for field in fields(Policy)])
def test_every_field_of_a_policy_is_in_its_hash(name: str) -> None:
    one = Policy()
    others: dict[str, Any] = {"speaker_country": "US", "legal_acts": "all", "everything": True}
    changed = replace(one, **{name: others.get(name, ("another",))})
    assert Perspective("a", "", one).hash != Perspective("a", "", changed).hash


def test_an_unknown_view_names_the_close_matches() -> None:
    with pytest.raises(KeyError, match="there is no view 'oficial-record'; did you mean 'official-record'"):
        DATA.view("oficial-record")


def test_a_view_of_a_view_is_refused_with_what_to_do() -> None:
    with pytest.raises(
        ValueError, match=r"this is the view corroborated@\w+ already; take the view 'named-sources' of its `whole`"
    ):
        DATA.view("corroborated").view("named-sources")


def test_what_a_view_hides_is_not_there_by_any_way() -> None:
    view = DATA.view("venezuelan-government")
    hidden = next(one for one in DATA.claims if one.id not in view.claims)
    assert view.claims.get(hidden.id) is None
    with pytest.raises(KeyError):
        view.origins(hidden.id)
    with pytest.raises(KeyError, match="there is no table 'changes'"):
        view.table("changes")
    assert not set(view.tables) & {table.name for table in LEDGER}
    assert all(match.id in view.records[match.table] for match in view.search("a"))
    assert {one.split(":", 1)[1] for one in view.graph().nodes} <= {*view.records["actors"], *view.records["events"]}
    assert view.claims.path is None


def test_an_earlier_version_has_views_too() -> None:
    first = vd.load(ROOT, version="0.1.0")
    for name in NAMES:
        view = first.view(name)
        assert list(dangling(view)) == []
        assert view.version == "0.1.0"
        assert view.view_name == DATA.view(name).view_name
    standings = {row["id"]: row["standing"] for row in first.table("claims")}
    assert {standings[one] for one in first.view("corroborated").claims.ids} == {"corroborated"}


# Flags -------------------------------------------------------------------------------------------------------------------


def test_flags_are_told_apart_by_what_they_mean() -> None:
    assert list(FLAGS) == list(get_args(Flag))
    found = {row["flag"] for row in DATA.flags}
    assert found == set(FLAGS) - {"not_active"}


def test_each_flag_rests_on_what_it_says() -> None:
    for row in DATA.flags:
        record, basis = DATA.records[str(row["table"])][str(row["record_id"])], str(row["basis"])
        if row["flag"] == "erratum":
            assert basis in DATA.errata
        elif row["flag"] in ("contested", "contradicted"):
            assert DATA.assessments[basis].stance == "contradicts"
            assert DATA.origins(record.id).standing == row["flag"]
        elif row["flag"] == "anonymous_source":
            assert DATA.actors[basis].kind == "anonymous_source"
        else:
            name, _, value = basis.partition("=")
            assert value in {str(one) for one in values_at(record, tuple(name.replace(".", ".*.").split(".")))}


def test_every_claim_with_a_contradiction_and_every_doubtful_date_is_flagged() -> None:
    flagged = {(row["table"], row["record_id"], row["flag"]) for row in DATA.flags}
    for row in DATA.table("claims"):
        for standing in ("contested", "contradicted"):
            assert (("claims", row["id"], standing) in flagged) == (row["standing"] == standing)
    for event in DATA.events:
        doubtful = event.date is not None and (event.date_earliest != event.date_latest or event.date[-1] in "?~%")
        assert (("events", event.id, "uncertain_date") in flagged) == doubtful
    for one in DATA.statements:
        assert (("statements", one.id, "back_translated") in flagged) == (one.fidelity == "back_translated")
    for actor in DATA.actors:
        assert (("actors", actor.id, "existence_not_established") in flagged) == (actor.existence != "established")


def test_a_record_that_is_out_of_use_is_flagged_and_admitted_no_more() -> None:
    from venezuela_data.perspectives import flags_of, kept_by

    claim = DATA.claims["observer-net-trump-maduro-call/c006"].model_copy(update={"status": "retracted"})
    records = {**DATA.records, "claims": {**DATA.records["claims"], claim.id: claim}}
    standings = {row["id"]: row["standing"] for row in DATA.table("claims")}
    told = {"table": "claims", "record_id": claim.id, "flag": "not_active", "basis": "status=retracted"}
    assert told in flags_of(records, {str(key): value for key, value in standings.items()})
    for one in PERSPECTIVES.values():
        kept = kept_by(one.policy, records, {str(key): value for key, value in standings.items()})
        assert (claim.id in kept["claims"]) == one.policy.everything


def test_flags_of_a_view_are_those_of_what_it_keeps(view: vd.Dataset) -> None:
    assert all(row["record_id"] in view.records[str(row["table"])] for row in view.flags)
    assert {"table", "record_id", "flag", "basis"} == set(view.flags.columns)
    everywhere = DATA.flags.cells
    assert all(row in everywhere for row in view.flags)
