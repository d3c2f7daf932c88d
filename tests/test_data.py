"""Holds the shipped data to what the article and the listed documents say, by facts that were read off them by hand.

The article's text is used where it is at hand, and those tests say that they were skipped elsewhere. No count here was
copied from the output: each was reckoned from the article.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import venezuela_data as vd
from venezuela_data.coverage import read_through, united
from venezuela_data.models import Claim

ARTICLE = "observer-net-trump-maduro-call"
AS_OF = date(2025, 12, 8)
"""The data stands as of this day; what appeared later may only assess."""


@pytest.fixture(scope="module")
def data(root: Path) -> vd.Dataset:
    return vd.load(root)


def test_the_shipped_data_is_valid_through_all_layers(root: Path) -> None:
    report = vd.validate(root)
    assert report.ok
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


def test_later_documents_only_assess_and_say_when(data: vd.Dataset) -> None:
    late = {one.id for one in data.sources if one.published_latest and one.published_latest > AS_OF}
    assert late  # Else this test would hold for nothing.
    for row in data.table("evidence"):
        assert row["source_id"] not in late
    for table in ("actor_names", "actor_roles", "designation_history"):
        assert not [row for row in data.table(table) if row["source_id"] in late]
    assert not [row for row in data.table("attributions") if row["document_id"] in late]
    assert not [row for row in data.table("source_citations") if row["cited_id"] in late]
    for one in data.assessments:
        if one.source_id in late:
            assert re.search("December 2025|2026", one.note or ""), one.id


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


# Claims, and what others say of them ------------------------------------------------------------------------------------


def test_every_word_of_the_article_is_accounted_for(data: vd.Dataset, texts: Path) -> None:
    (file,) = texts.glob("*.txt")
    reading = read_through(data.sources[ARTICLE], data.claims, file.read_text("utf-8"))
    assert [one.left for one in reading.paragraphs] == [()] * 31


def test_the_level_of_coverage_is_that_which_the_claims_reach(data: vd.Dataset) -> None:
    reading = read_through(data.sources[ARTICLE], data.claims)
    assert [one.level for one in reading.paragraphs] == [one.covered for one in reading.paragraphs]


def test_a_claim_without_which_no_word_is_lost_shares_its_words_with_another(data: vd.Dataset) -> None:
    """Removing any one claim lowers coverage, or each of its words lies in other claims, of which one is kept for them."""
    claims = list(data.claims)
    source = data.sources[ARTICLE]
    whole = sum(one.covered for one in read_through(source, claims).paragraphs)
    for claim in claims:
        others = [one for one in claims if one.id != claim.id]
        if sum(one.covered for one in read_through(source, others).paragraphs) < whole:
            continue
        shared = united((max(one.start, claim.start), min(one.end, claim.end)) for one in others if _meet(one, claim))
        assert shared == [(claim.start, claim.end)]


def _meet(one: Claim, other: Claim) -> bool:
    return one.start < other.end and other.start < one.end


# What the dossier on the article lists as its apparent errors: words of the article, and a document that shows it.
ERRORS = [
    ("Silvia Flores", "ofac-sdn-2023"),
    ("Carvajal", "efe-20240827"),
    ("Esper", "southcom-4340031"),
    ("Lopez", "fox-20250729"),
    ("1991", "latimes-19900426"),
    ("Maracaibo", "efe-proceso-20251130"),
    ("October 31", "tehrantimes-20251031"),
    ("same legal list", "fr-2025-20750"),
    ("without additional approval from Congress", "washexaminer-20251124"),
    ("thousands of people", "fox-20251127"),
    ("September 1", "justsecurity-timeline"),
    ("Trump said", "thehill-hegseth"),
    ("announced the closure of all airspace", "reuters-baird-20251129"),
    ("generally seen as a signal of impending attack", "trt-20251130"),
    ("required immediate attention", "reuters-straitstimes-20251130"),
    ("September", "dvids-546973"),
    ("this designation", "reuters-baird-20251120"),
    ("2007", "yris-ortega-2017"),
    ("two conditions", "semana-20251202"),
    ("Cuban model", "divergentes-humberto"),
    ("drug trafficking groups", "herald-reprint-topnews"),
]


@pytest.mark.parametrize("number", range(1, 22))
def test_an_apparent_error_is_an_erratum_with_its_basis(data: vd.Dataset, number: int) -> None:
    as_written, basis = ERRORS[number - 1]
    erratum = data.errata[f"{ARTICLE}/e{number:02d}"]
    assert erratum.as_written == as_written
    assert basis in erratum.basis


# Reckoned by hand from the assessments and from what each document cites: origins for, origins against, standing.
RECKONED = {
    # That the call took place: each president confirmed it, by his own word.
    "c006": (2, 0, "corroborated"),
    # "At once": the relays of the Herald repeat its story. Reuters has a week, and CiberCuba, which cites Reuters, 72 hours:
    # one origin. The Washington Post has no ultimatum: a second.
    "c017": (0, 2, "contradicted"),
    # "Silvia Flores": the Herald itself has another name, and so has the sanctions list. UPI and The Hill report the act of the
    # Treasury that put it there: the same word of the same government.
    "c035": (0, 2, "contradicted"),
    # Chamorro in office in 1991: the Los Angeles Times, the Deseret News and Wikipedia have April 1990.
    "c077": (0, 3, "contradicted"),
    # The mediation: three relays of the Herald add nothing to it; one page relays the Telegraph.
    "c114": (1, 0, "corroborated"),
    # Brazil as mediator: the Telegraph's account for it, Reuters on the Brazilian presidency against it.
    "c115": (1, 1, "contested"),
    # The exhibition in Maracaibo: EFE, Caraota Digital and LaPresse have Maracay.
    "c120": (0, 3, "contradicted"),
    # The unanswered contact: every document that has it relays the Herald.
    "c138": (0, 0, "uncorroborated"),
    # 85 percent: Fox and Xinhua only pass on the words of Trump, whose claim it is.
    "c227": (0, 0, "uncorroborated"),
    # The designation: the notice itself, and a practitioner's note. Reports of 16 November only had it planned.
    "c240": (2, 0, "corroborated"),
    # "Carvajal": a relay of the Herald, EFE, the law of the European Union, and a U.S. notice in Fox have Cabello.
    "c245": (0, 4, "contradicted"),
}


@pytest.mark.parametrize("claim", RECKONED)
def test_origins_and_standing_agree_with_a_reckoning_by_hand(data: vd.Dataset, claim: str) -> None:
    (row,) = (one for one in data.table("claims") if one["id"] == f"{ARTICLE}/{claim}")
    assert (row["origins_supporting"], row["origins_contradicting"], row["standing"]) == RECKONED[claim]


def test_validate_prints_the_claims_by_standing(data: vd.Dataset, root: Path) -> None:
    found = Counter(str(row["standing"]) for row in data.table("claims"))
    (note,) = (one for one in vd.validate(root, skip=["package"]).notes if one.startswith("claims by standing: "))
    assert dict(re.findall(r"(\d+) (\w+)", note)) == {str(count): standing for standing, count in found.items()}


def test_the_article_at_odds_with_itself_stands_on_both_sides(data: vd.Dataset) -> None:
    pairs = {(row["claim_id"], row["object_id"]) for row in data.table("claim_links") if row["relation"] == "contradicts"}
    texts = [{data.claims[str(one)].text for one in pair} for pair in pairs]
    # Two conditions in paragraph 2 and three issues in paragraph 4; immunity and amnesty; one source and several.
    assert any("Maduro put forward two conditions." in pair and any("three in number" in one for one in pair) for pair in texts)
    assert any(any("immunity" in one for one in pair) and any("amnesty" in one for one in pair) for pair in texts)
    assert any(
        any("more than one source" in one for one in pair)
        and any("one source" in one.replace("more than one source", "") for one in pair)
        for pair in texts
    )


def test_an_accusation_and_its_denial_stand_beside_each_other(data: vd.Dataset) -> None:
    exists = next(one for one in data.claims if one.text == 'The "Sun Cartel" exists.')
    made_up = next(one for one in data.claims if one.text == 'The "Sun Cartel" is made up.')
    assert (exists.claimant_id, made_up.claimant_id) == ("us-government", "maduro-government")
    against = {(one.target_id, one.source_id) for one in data.assessments if one.stance == "contradicts"}
    assert (exists.id, "efe-swissinfo-20251124") in against
    assert (made_up.id, "treasury-20250725-copy") in against


def test_the_call_has_the_dates_of_every_account(data: vd.Dataset) -> None:
    dated = {one.source_id: one.value or "" for one in data.assessments if one.target_id == f"{ARTICLE}/c006"}
    assert "21" in dated["reuters-20251201-yahootw"]
    assert "23" in dated["opopular-20251204"]
    assert {"trt-nyt-20251128", "hk01-nyt-20251129", "cibercuba-zh-20251204"} <= dated.keys()


def test_every_listed_document_is_here_and_says_something(data: vd.Dataset) -> None:
    consulted = {one.id for one in data.sources if one.access == "consulted"}
    # The dossier on the article lists 119 documents.
    assert len(consulted) == 119
    assert {one.source_id for one in data.assessments} == consulted
