"""Holds the shipped data to what the article and the listed documents say, by facts that were read off them by hand.

The article's text is used where it is at hand, and those tests say that they were skipped elsewhere. No count here was
copied from the output: each was reckoned from the article.
"""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

import venezuela_data as vd

ARTICLE = "observer-net-trump-maduro-call"


@pytest.fixture(scope="module")
def data(root: Path) -> vd.Dataset:
    return vd.load(root)


def test_the_shipped_data_is_valid_through_all_layers(root: Path) -> None:
    report = vd.validate(root)
    assert report.render("text").startswith("ok: ")
    assert report.layers == ("reading", "shape", "rules", "package", "freshness")


def test_the_article_has_31_paragraphs_and_a_fingerprint(data: vd.Dataset) -> None:
    article = data.sources[ARTICLE]
    assert article.access == "held"
    assert len(article.paragraphs) == 31
    assert article.text_length == 7180


def test_every_span_is_verified_against_the_article(root: Path, texts: Path) -> None:
    assert vd.validate(root, source_text=texts, skip=["package"]).ok


@pytest.mark.parametrize("change", ["one character altered", "one character added", "one character gone"])
def test_a_changed_character_of_the_article_is_found_where_it_is(root: Path, texts: Path, tmp_path: Path, change: str) -> None:
    (file,) = texts.glob("*.txt")
    text = file.read_text("utf-8")
    at = text.index("Silvia Flores") + 2
    pieces = {"one character altered": "x" + text[at + 1 :], "one character added": "x" + text[at:]}
    (tmp_path / "article.txt").write_text(text[:at] + pieces.get(change, text[at + 1 :]), "utf-8")
    report = vd.validate(root, source_text=tmp_path, skip=["package", "freshness"])
    assert {finding.rule for finding in report.findings} == {"spans-match-the-text"}
    in_text = [finding for finding in report.findings if finding.path.endswith("article.txt")]
    assert in_text[0].line == text[:at].count("\n") + 1
    assert any(finding.path == "seeds/actors/cilia-flores.json" for finding in report.findings)


def test_every_passage_in_quotation_marks_is_a_statement_once(data: vd.Dataset, texts: Path) -> None:
    (file,) = texts.glob("*.txt")
    quoted = [match.group(1) for match in re.finditer(r'"([^"\n]*)"', file.read_text("utf-8"))]
    statements = sorted((one for one in data.statements if one.source_id == ARTICLE), key=lambda one: one.start)
    assert [one.text for one in statements] == quoted


def test_every_paragraph_of_reporting_carries_a_record(data: vd.Dataset) -> None:
    article = data.sources[ARTICLE]
    starts = {row["start"] for row in data.table("evidence") if row["source_id"] == ARTICLE}
    # The last paragraph only says whose views the article gives.
    bare = [one.n for one in article.paragraphs if not any(one.start <= int(str(s)) < one.end for s in starts)]
    assert bare == [31]


def test_wrong_names_are_on_the_office_holder_and_tied_to_an_erratum(data: vd.Dataset) -> None:
    wrong = {
        (row["name"], row["actor_id"], row["erratum_id"]) for row in data.table("actor_names") if row["kind"] == "erroneous"
    }
    assert {
        ("Silvia Flores", "cilia-flores", f"{ARTICLE}/e01"),
        ("Carvajal", "diosdado-cabello", f"{ARTICLE}/e02"),
        ("Esper", "pete-hegseth", f"{ARTICLE}/e03"),
    } <= wrong


def test_no_actor_is_a_bearer_of_a_wrong_name(data: vd.Dataset) -> None:
    assert not [id_ for id_ in data.actors.ids if "carvajal" in id_ or "esper" in id_]


def test_events_keep_the_dates_and_places_of_the_article_with_an_erratum_beside(data: vd.Dataset) -> None:
    assert data.events["nicaragua-chamorro-inauguration"].date == "1991"
    assert data.events["aviation-exhibition"].place_id == "maracaibo"
    targets = {(one.table, one.record_id, one.field): one.should_read for one in data.errata}
    assert targets["events", "nicaragua-chamorro-inauguration", "date"] == "25 April 1990"
    assert targets["events", "aviation-exhibition", "place_id"] == "Maracay"


def test_the_call_is_dated_by_the_bounds_of_two_accounts(data: vd.Dataset) -> None:
    call = data.events["trump-maduro-call"]
    assert call.date is not None
    assert (call.date.earliest, call.date.latest) == (date(2025, 11, 21), date(2025, 11, 23))
    assert {one.source_id for one in call.evidence if one.field == "date"} == {
        "opopular-20251204",
        "reuters-20251201-yahootw",
    }


def test_the_designation_has_the_dates_of_the_federal_register(data: vd.Dataset) -> None:
    designation = data.designations["state-fto-cartel-de-los-soles"]
    assert (designation.signed, designation.published, designation.effective) == ("2025-11-16", "2025-11-24", "2025-11-24")
    assert designation.legal_status == "in_force"
    notice = data.instruments["state-fto-notice-20251124"]
    assert notice.citation is not None
    assert "90 FR 53045" in notice.citation


def test_no_legal_row_puts_a_person_on_the_list_of_organizations(data: vd.Dataset) -> None:
    targets = {one.target_id for one in data.designations if one.program_id == "us-fto"}
    assert {data.actors[target].kind for target in targets} <= {"organization", "armed_group"}


def test_threats_offers_and_silence_are_not_recorded_as_having_occurred(data: vd.Dataset) -> None:
    assert data.events["threat-ground-operations"].actuality == "threatened"
    assert data.events["offer-safe-passage"].actuality == "offered"
    assert data.events["washington-response-to-contact-attempt"].actuality == "negated"
    assert data.events["operation-without-congress"].actuality == "hypothetical"


def test_the_mediation_rests_on_the_herald_and_the_contact_on_nobody_named(data: vd.Dataset) -> None:
    mediation = data.events["mediation-brazil-qatar-turkey"]
    assert [hop.actor_id for hop in mediation.attribution][:2] == ["observer-net", "miami-herald"]
    attempt = data.events["contact-attempt-after-airspace-announcement"]
    assert attempt.attribution[-1].voice == "impersonal"


def test_nothing_later_than_the_as_of_date_has_come_in(data: vd.Dataset) -> None:
    late = [one.id for one in data.sources if one.published_latest and one.published_latest > date(2025, 12, 8)]
    assert not late


def test_existence_of_the_cartel_is_disputed(data: vd.Dataset) -> None:
    assert data.actors["cartel-de-los-soles"].existence == "disputed"


def test_anonymous_sources_have_nothing_but_a_description(data: vd.Dataset) -> None:
    sources = [actor for actor in data.actors if actor.kind == "anonymous_source"]
    # "a source with knowledge of the matter", "the sources", "A source", "anonymous U.S. officials", "one official".
    assert len(sources) == 5
    for actor in sources:
        assert (actor.country, actor.identifiers, actor.roles) == (None, (), ())


def test_the_data_loads_from_a_folder_of_built_data(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "datasets", tmp_path / "datasets")
    shutil.copytree(root / "schema", tmp_path / "schema")
    assert vd.load(tmp_path).events.ids == vd.load(root).events.ids
    assert vd.validate(tmp_path, skip=["package"]).ok
