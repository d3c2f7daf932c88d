"""Holds what an analyst types to what it promises: claims about, statements by, chains, evidence, origins, time and network.

Reads the shipped data. Type checkers hold `typed_script.py`, which is a script as a user writes it.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import days, edtf_texts

import venezuela_data as vd
from venezuela_data import models
from venezuela_data.dates import Edtf
from venezuela_data.origins import Weight
from venezuela_data.relations import backing_of, in_time
from venezuela_data.tables import LEDGER, TABLES, cell_text
from venezuela_data.tabular import TableName, kind_of

CALL = "trump-maduro-call"
CONFIRMED = "observer-net-trump-maduro-call/c006"
SCRIPT = Path(__file__).with_name("typed_script.py")


@pytest.fixture(scope="module")
def data(root: Path) -> vd.Dataset:
    return vd.load(root)


def test_the_names_of_tables_for_type_checkers_are_those_of_the_tables() -> None:
    assert get_args(TableName) == tuple(table.name for table in (*TABLES, *LEDGER))


# Claims about, statements by, assessments of --------------------------------------------------------------------------------


def test_claims_about_a_record_are_those_of_the_table_of_what_claims_are_about(data: vd.Dataset) -> None:
    for record_id in ("nicolas-maduro", CALL, "state-fto-cartel-de-los-soles"):
        expected = sorted({row["claim_id"] for row in data.table("about") if row["record_id"] == record_id}, key=str)
        assert data.claims.about(record_id).ids == expected
        assert data.claims.about(data.find(record_id)).ids == expected


def test_statements_by_an_actor_are_those_at_the_end_of_whose_chain_it_stands(data: vd.Dataset) -> None:
    for actor in data.actors:
        expected = [row["id"] for row in data.table("statements") if row["speaker_id"] == actor.id]
        assert data.statements.by(actor.id).ids == data.statements.by(actor).ids == expected


def test_an_unknown_id_names_the_close_matches(data: vd.Dataset) -> None:
    with pytest.raises(KeyError, match="there is no record 'nicolas-madura'; did you mean 'nicolas-maduro'"):
        data.claims.about("nicolas-madura")
    with pytest.raises(KeyError, match="actors has no 'donald-trumb'; did you mean 'donald-trump'"):
        data.statements.by("donald-trumb")
    with pytest.raises(KeyError, match="there is no record"):
        data.assessments("nobody-at-all")
    with pytest.raises(KeyError, match=f"did you mean '{CALL}'"):
        data.chain("trump-maduro-cal")
    with pytest.raises(KeyError, match="claims has no"):
        data.origins("nobody/c001")


def test_some_records_are_a_table_of_their_own(data: vd.Dataset) -> None:
    some = data.claims.about(CALL)
    assert repr(some) == f"<claims: {len(some)} records>"
    assert [row["id"] for row in some.rows] == some.ids
    assert some.path is None
    assert some.about("nicolas-maduro").ids == [one for one in some.ids if one in data.claims.about("nicolas-maduro")]
    assert some.schema == data.claims.schema


def test_assessments_of_a_record_are_those_of_it_or_of_the_claims_and_errata_on_it(data: vd.Dataset) -> None:
    assert {one.target_id for one in data.assessments(CONFIRMED)} == {CONFIRMED}
    assert data.assessments(data.claims[CONFIRMED]).ids == data.assessments(CONFIRMED).ids
    on_call = data.assessments(CALL)
    assert {one.target_id for one in on_call} <= {*data.claims.about(CALL).ids, *data.errata.ids}
    assert set(data.assessments(CONFIRMED).ids) <= set(on_call.ids)


# Chains, passages, origins ------------------------------------------------------------------------------------------------


def test_a_chain_runs_from_the_document_to_the_one_who_speaks(data: vd.Dataset) -> None:
    chain = data.chain("observer-net-trump-maduro-call/s02")
    assert [(one.position, one.voice, one.actor.id if one.actor else None) for one in chain] == [
        (0, "named", "observer-net"),
        (1, "named", "miami-herald"),
        (2, "anonymous", "herald-call-source"),
    ]
    assert chain[0].document is data.sources["observer-net-trump-maduro-call"]
    assert chain == data.chain(data.statements["observer-net-trump-maduro-call/s02"])
    assert data.chain("nicolas-maduro") == ()
    assert [one.name for one in chain][:2] == ["Observer Net", "Miami Herald"]
    names = [(one.name, one.actor) for claim in data.claims for one in data.chain(claim)]
    assert {name for name, actor in names if actor is None} == {"(impersonal)"}
    assert all(name == actor.name for name, actor in names if actor is not None)


def test_every_chain_has_the_hops_of_the_table_of_attributions(data: vd.Dataset) -> None:
    found = [
        (kind, record.id, hop.position, hop.voice, hop.actor and hop.actor.id, hop.document and hop.document.id, hop.basis)
        for kind in ("claims", "statements", "events")
        for record in data.records[kind].values()
        for hop in data.chain(record)
    ]
    assert sorted(found, key=str) == sorted((tuple(row.values()) for row in data.table("attributions")), key=str)


def test_the_evidence_of_every_record_is_what_the_table_of_evidence_has(data: vd.Dataset) -> None:
    found = [
        (kind, record.id, one.field, one.source.id, one.claim and one.claim.id, one.start, one.end, one.sha256)
        for kind, records in data.records.items()
        if kind not in ("claims", "statements", "assessments")
        for record in records.values()
        for one in data.evidence(record)
        if kind != "errata" or one.field == "should_read"
    ]
    assert sorted(found, key=str) == sorted((tuple(row.values()) for row in data.table("evidence")), key=str)


def test_the_evidence_of_what_a_document_says_is_its_own_words(data: vd.Dataset) -> None:
    claim = data.claims[CONFIRMED]
    (own,) = data.evidence(claim)
    assert (own.source.id, own.start, own.end, own.sha256) == (claim.source_id, claim.start, claim.end, claim.sha256)
    (document,) = data.evidence("aa-herald/a01")
    assert (document.source.id, document.start) == ("aa-herald", None)


def test_the_origins_of_a_claim_are_its_weight_with_the_reports_behind_it(data: vd.Dataset) -> None:
    for row in data.table("claims"):
        backed = data.origins(str(row["id"]))
        assert isinstance(backed, Weight)
        told = (backed.supporting, backed.contradicting, backed.standing)
        assert told == (row["origins_supporting"], row["origins_contradicting"], row["standing"])
        reports = [one.assessment.id for one in (*backed.supports, *backed.contradicts, *backed.refines)]
        assert sorted(reports) == [one.id for one in data.assessments(str(row["id"])) if one.status == "active"]
        assert backed.supporting <= sum(not one.shared for one in backed.supports)
        assert (backed.supporting > 0) == any(not one.shared for one in backed.supports)


def test_a_report_that_was_taken_back_stands_behind_nothing(data: vd.Dataset) -> None:
    first = data.origins(CONFIRMED).supports[0].assessment
    taken_back = first.model_copy(update={"status": "retracted"})
    records = {**data.records, "assessments": {**data.records["assessments"], first.id: taken_back}}
    backed = backing_of(records, data.claims[CONFIRMED])
    assert first.id not in [one.assessment.id for one in backed.supports]
    assert backed.supporting == data.origins(CONFIRMED).supporting - 1


def test_what_is_given_is_told_in_short_lines(data: vd.Dataset) -> None:
    assert repr(data.chain(CONFIRMED)[0]) == "<0: observer-net in observer-net-trump-maduro-call, named, explicit>"
    assert repr(data.evidence(CONFIRMED)[0]).startswith("<passage of observer-net-trump-maduro-call ")
    assert repr(data.origins(CONFIRMED).supports[0]) == "<aa-anews-20251201/a01 supports>"


def test_find_gives_a_record_of_any_table_and_a_record_itself(data: vd.Dataset) -> None:
    for kind, records in data.records.items():
        for record_id, record in records.items():
            assert data.find(record) is record
            assert kind_of(record) == kind
            if sum(record_id in others for others in data.records.values()) == 1:
                assert data.find(record_id) is record


def test_an_id_that_two_tables_have_stands_for_neither_alone(data: vd.Dataset) -> None:
    with pytest.raises(KeyError, match="'nicaragua' is in actors and in places: give the record itself"):
        data.evidence("nicaragua")
    as_actor, as_place = (data.claims.about(records["nicaragua"]).ids for records in (data.actors, data.places))
    assert set(data.claims.about("nicaragua").ids) == {*as_actor, *as_place}
    assert as_actor != as_place


# The order in time --------------------------------------------------------------------------------------------------------


def _event(number: int, date: str | None) -> models.Event:
    told = {"id": f"e-{number}", "kind": "call", "actuality": "occurred", "title": "A call", "description": "A call."}
    return models.Event.model_validate({**told, "date": date})


class TestTimeline:
    """Events come in the order in which they can lie, and days that are asked for leave out only what cannot lie there."""

    def test_of_the_shipped_data(self, data: vd.Dataset) -> None:
        timeline = data.timeline()
        assert sorted(timeline.ids) == data.events.ids
        bounds = [(one.date_earliest, one.date_latest) for one in timeline if one.date is not None]
        assert bounds == sorted(bounds, key=lambda one: (one[0] or datetime.date.min, one[1] or datetime.date.max))
        assert all(one.date is None for one in list(timeline)[len(bounds) :])
        assert [row["id"] for row in timeline.rows] == timeline.ids

    @pytest.mark.parametrize(
        ("since", "until", "inside"),
        [
            ("2025-11", "2025-11", {"a", "b", "c", "d", "e", "f"}),
            ("2025-11-24", None, {"a", "c", "d", "e", "f", "g"}),
            (datetime.date(2025, 11, 24), datetime.datetime(2025, 11, 24, 23, 59), {"a", "c", "d", "e", "f"}),  # noqa: DTZ001
            (None, "2025-10", {"a", "d", "e"}),
            (None, "2025-11-19", {"a", "b", "d", "e"}),
            ("2025-11-20/..", "../2025-11-20", {"a", "b", "c", "d", "e"}),
        ],
    )
    def test_by_hand(self, since: str | datetime.date | None, until: str | datetime.date | None, inside: set[str]) -> None:
        dates = {
            "a": "2025",
            "b": "2025-11-01/2025-11-20",
            "c": "[2025-11-20..]",
            "d": "[..2025-11-25]",
            "e": "2025-09/..",
            "f": "2025-11-24?",
            "g": "2025-12-01",
            "h": None,
        }
        events = {name: _event(at, date) for at, (name, date) in enumerate(dates.items())}
        names = {event.id: name for name, event in events.items()}
        found = [names[one.id] for one in in_time(events.values(), since, until)]
        assert set(found) == inside

    @given(
        dates=st.lists(st.one_of(st.none(), edtf_texts()), max_size=6),
        since=st.one_of(st.none(), days()),
        until=st.one_of(st.none(), days()),
    )
    def test_an_event_is_left_out_exactly_if_none_of_its_days_can_be_there(
        self, dates: list[str | None], since: datetime.date | None, until: datetime.date | None
    ) -> None:
        events = [_event(at, date) for at, date in enumerate(dates)]
        if since is not None and until is not None and since > until:
            with pytest.raises(ValueError, match="the first is after the second"):
                in_time(events, since, until)
            return
        found = in_time(events, since, until)
        for event in events:
            if event.date is None:
                assert (event in found) == (since is None and until is None)
            else:
                asked = [Edtf(f"{cell_text(day)}") if day is not None else None for day in (since, until)]
                too_early = asked[0] is not None and event.date.before(asked[0]) is True
                too_late = asked[1] is not None and asked[1].before(event.date) is True
                assert (event in found) == (not too_early and not too_late)
        assert in_time(reversed(events), since, until) == found
        asked_again = in_time((event for event in events), since, until)
        assert asked_again == found

    def test_a_text_that_is_no_date_is_an_error(self, data: vd.Dataset) -> None:
        with pytest.raises(ValueError, match="not a date in the EDTF profile"):
            data.timeline(since="last week")


# The network --------------------------------------------------------------------------------------------------------------


class TestNetwork:
    """The network has every actor and event, an edge for each participation, office, link and part, and no wrong label."""

    def test_nodes_and_edges(self, data: vd.Dataset) -> None:
        networkx = pytest.importorskip("networkx", reason="skipped: the network, as networkx is not installed")
        graph = data.graph()
        assert isinstance(graph, networkx.MultiDiGraph)
        assert set(graph.nodes) == {f"actors:{one.id}" for one in data.actors} | {f"events:{one.id}" for one in data.events}
        told = [edge["relation"] for _, _, edge in graph.edges(data=True)]
        assert told.count("participant") == len(data.table("event_participants"))
        links = [row["relation"] for row in data.table("event_links")]
        parts = sum(event.part_of is not None for event in data.events)
        assert told.count("part_of") == links.count("part_of") + parts
        assert told.count("office") == sum(row["organization_id"] is not None for row in data.table("actor_roles"))
        assert len(told) == told.count("participant") + told.count("office") + len(links) + parts
        roles = graph.get_edge_data("actors:donald-trump", f"events:{CALL}")
        assert list(roles.values()) == [{"relation": "participant", "role": "participant"}]

    def test_attributes_are_texts_and_labels_are_no_wrong_names(self, data: vd.Dataset) -> None:
        pytest.importorskip("networkx", reason="skipped: the network, as networkx is not installed")
        graph = data.graph()
        for attributes in [told for _, told in graph.nodes(data=True)] + [told for _, _, told in graph.edges(data=True)]:
            assert all(type(value) is str and value for value in attributes.values())
        wrong = {row["name"] for row in data.table("actor_names") if row["kind"] == "erroneous"}
        assert wrong
        assert not wrong & {told["label"] for _, told in graph.nodes(data=True)}

    def test_a_missing_library_names_the_extra(self, data: vd.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "networkx", None)
        with pytest.raises(vd.MissingLibraryError, match=r"a network needs networkx.*pip install 'venezuela-data\[graph\]'"):
            data.graph()


# What it costs, and what type checkers say of it ------------------------------------------------------------------------------

HEAVY = {"numpy", "nanoarrow", "pyarrow", "polars", "pandas", "duckdb", "networkx", "frictionless", "jsonschema", "rich"}


def test_loading_searching_and_views_load_no_library_of_others() -> None:
    code = (
        "import sys, venezuela_data as vd; ds = vd.load(); ds.view('corroborated').claims.about('nicolas-maduro');"
        "ds.search('cabello'); repr(ds); ds._repr_html_(); ds.timeline(); print('\\n'.join(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd="/").stdout.split()
    assert "venezuela_data.dataset" in loaded
    assert not set(loaded) & HEAVY


def test_the_script_of_a_user_runs() -> None:
    done = subprocess.run([sys.executable, "-W", "error", SCRIPT], check=True, capture_output=True, text=True, cwd="/")
    assert "Diosdado Cabello" in done.stdout
    assert "official-record@" in done.stdout


def test_mypy_strict_finds_nothing_in_the_script_of_a_user(pytestconfig: pytest.Config, root: Path) -> None:
    pytest.importorskip("mypy", reason="skipped: what mypy says of a user's script, as mypy is not installed")
    assert pytestconfig.cache is not None
    kept = pytestconfig.cache.mkdir("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, "--cache-dir", str(kept)]
    done = subprocess.run(
        [*command, "--follow-imports", "silent", "--ignore-missing-imports", str(SCRIPT)],
        check=False,
        capture_output=True,
        text=True,
        cwd=root,
    )
    assert "Success" in done.stdout, done.stdout


def test_pyright_finds_nothing_in_the_script_of_a_user(tmp_path: Path) -> None:
    pytest.importorskip("basedpyright", reason="skipped: what pyright says of a script, as basedpyright is not installed")
    settings = {"typeCheckingMode": "standard", "include": [str(SCRIPT)]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    command = [sys.executable, "-m", "basedpyright", "--project", str(tmp_path), "--pythonpath", sys.executable]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
    assert "0 errors" in done.stdout, done.stdout
