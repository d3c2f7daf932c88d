"""Tests rules on the real seeds with one thing changed: what a rule must find, and what it must let pass.

`tests/broken/` shows each rule once with its whole output; here are the cases that a rule could miss or find too much of. Every
change is made in a copy of the seeds; the checkout is never written.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from venezuela_data import validate
from venezuela_data.syntax import json_bytes
from venezuela_data.text import fingerprint, paragraphs, span_hash

ARTICLE = "seeds/sources/observer-net-trump-maduro-call"
FTO = "seeds/designations/state-fto-cartel-de-los-soles.json"
Change = Callable[[Any], None]


@pytest.fixture
def tree(root: Path, tmp_path: Path) -> Path:
    shutil.copytree(root / "seeds", tmp_path / "seeds")
    return tmp_path


def changed(tree: Path, path: str, change: Change) -> None:
    file = tree / path
    value = json.loads(file.read_text("utf-8")) if file.exists() else {}
    change(value)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(json_bytes(value))


def found(tree: Path, **options: Any) -> list[tuple[str, str]]:
    report = validate(tree, skip=["package", "freshness"], **options)
    return [(finding.path, finding.rule) for finding in report.findings]


def history(*stages: tuple[str, str]) -> Change:
    def change(value: Any) -> None:
        value["history"] = [{"stage": stage, "date": date, "source_id": "fr-2025-20750"} for stage, date in stages]

    return change


@pytest.mark.parametrize(
    "stages",
    [
        [("signed", "2025-11-24"), ("effective", "2025-11-16")],
        [("effective", "2025-11-16"), ("signed", "2025-11-24")],
        [("signed", "2025-11-24"), ("published", "2025"), ("effective", "2025-11-16")],
        [("ended", "2020"), ("signed", "2025-11-16")],
        [("effective", "2025-11-24"), ("signed", "2025-11-16")],
    ],
    ids=str,
)
def test_stages_out_of_order_are_found_however_they_are_listed(tree: Path, stages: list[tuple[str, str]]) -> None:
    changed(tree, FTO, history(*stages))
    assert found(tree) == [(FTO, "dates-are-ordered")]


@pytest.mark.parametrize(
    "stages",
    [
        [("signed", "2025-11-16"), ("announced", "2025-11-16"), ("effective", "2025-11-24")],
        [("signed", "2025-11-24~"), ("effective", "2025-11-16")],
        [("signed", "2025-11"), ("effective", "2025-11-16")],
    ],
    ids=str,
)
def test_stages_that_can_be_in_order_pass(tree: Path, stages: list[tuple[str, str]]) -> None:
    changed(tree, FTO, history(*stages))
    assert found(tree) == []


def test_records_of_a_document_need_the_document(tree: Path) -> None:
    path = "seeds/sources/ghost-document/assessments.json"
    assessment = {"target_table": "errata", "target_id": "observer-net-trump-maduro-call/e01", "stance": "supports"}
    link = {"$schema": "../../../schema/assessments.schema.json"}
    changed(
        tree,
        path,
        lambda value: value.update(**link, assessments=[{"id": "ghost-document/a01", **assessment, "status": "active"}]),
    )
    assert found(tree) == [(path, "references-resolve")]


@pytest.mark.parametrize("table", ["events", "nonsense"])
def test_an_assessment_bears_on_claims_and_errata_alone(tree: Path, table: str) -> None:
    path = "seeds/sources/fr-2025-20750/assessments.json"
    record = {
        "id": "fr-2025-20750/a01",
        "target_table": table,
        "target_id": "trump-maduro-call",
        "stance": "supports",
        "status": "active",
    }
    schema = "../../../schema/assessments.schema.json"
    changed(tree, path, lambda value: value.update({"$schema": schema, "assessments": [record]}))
    assert found(tree) == [(path, "references-resolve")]


@pytest.mark.parametrize("kept", ["table", "record_id", "field"])
def test_an_erratum_names_table_and_record_together(tree: Path, kept: str) -> None:
    def change(value: Any) -> None:
        for name in {"table", "record_id", "field"} - {kept}:
            value["errata"][0].pop(name)

    changed(tree, f"{ARTICLE}/errata.json", change)
    assert found(tree) == [(f"{ARTICLE}/errata.json", "fields-of-evidence-exist")]


def test_a_basis_named_twice_is_found_in_the_seed(tree: Path) -> None:
    changed(tree, f"{ARTICLE}/errata.json", lambda value: value["errata"][0]["basis"].insert(0, "herald-reprint-snd"))
    assert (f"{ARTICLE}/errata.json", "items-are-told-apart") in found(tree)


def test_a_tree_with_an_empty_folder_of_vocabularies_uses_the_installed_terms(tree: Path) -> None:
    for file in (tree / "seeds" / "vocabularies").iterdir():
        file.unlink()
    changed(tree, "seeds/events/trump-maduro-call.json", lambda value: value.update(kind="chat"))
    assert found(tree) == [("seeds/events/trump-maduro-call.json", "terms-are-defined")]


def test_an_anonymous_source_speaks_in_one_document_alone(tree: Path) -> None:
    path = "seeds/events/state-fto-cartel-de-los-soles-designated.json"
    hops = [
        {"voice": "named", "actor_id": "us-department-of-state", "document_id": "fr-2025-20750", "basis": "explicit"},
        {"voice": "anonymous", "actor_id": "herald-sources", "basis": "explicit"},
    ]
    changed(tree, path, lambda value: value.update(attribution=hops))
    assert found(tree) == [(path, "anonymous-sources-stay-anonymous")]


def test_no_actor_is_shown_under_a_wrong_name(tree: Path) -> None:
    changed(tree, "seeds/actors/diosdado-cabello.json", lambda value: value.update(name="Carvajal"))
    assert ("seeds/actors/diosdado-cabello.json", "erroneous-names-have-an-erratum") in found(tree)


def test_an_event_without_evidence_is_one_finding_for_its_evidence_and_one_for_its_date(tree: Path) -> None:
    path = "seeds/events/thanksgiving-call.json"
    changed(tree, path, lambda value: value.pop("evidence"))
    assert sorted(found(tree)) == [(path, "dates-say-where-they-come-from"), (path, "records-have-evidence")]


def test_words_that_are_a_documents_own_may_repeat_it(root: Path, texts: Path) -> None:
    # Statements, as_written, names and titles are checked by their hashes or are titles; nothing here may be called ours.
    report = validate(root, source_text=texts, select=["words-are-our-own", "quotations-stay-in-statements"], skip=["package"])
    assert report.ok


def small_tree(tree: Path, text: str, words: str, length: int | None = None) -> Path:
    """A tree of one fictional document with one actor, whose name stands in its text."""
    digest, at = fingerprint(text), text.index(words)
    numbered = [
        {"n": n, "start": one.start, "end": one.end, "sha256": span_hash(digest, one.start, one.end, one.words)}
        for n, one in enumerate(paragraphs(text), 1)
    ]
    span = {"start": at, "end": at + len(words), "sha256": span_hash(digest, at, at + len(words), words)}
    changed(
        tree,
        "seeds/sources/port-example-post/source.json",
        lambda value: value.update(
            {
                "$schema": "../../../schema/source.schema.json",
                "id": "port-example-post",
                "kind": "newspaper",
                "title": "A fictional report",
                "publisher": "Port Example Post",
                "language": "en",
                "access": "held",
                "rights": "Fictional.",
                "text_sha256": digest,
                "text_length": len(text) if length is None else length,
                "paragraphs": numbered,
                "status": "active",
            }
        ),
    )
    changed(
        tree,
        "seeds/actors/harbor-cafe.json",
        lambda value: value.update(
            {
                "$schema": "../../schema/actor.schema.json",
                "id": "harbor-cafe",
                "kind": "organization",
                "name": "Harbor Cafe",
                "description": "A fictional cafe.",
                "existence": "established",
                "evidence": [{"source_id": "port-example-post", **span}],
                "status": "active",
            }
        ),
    )
    (tree / "texts").mkdir()
    (tree / "texts" / "any name.txt").write_bytes(text.encode("utf-8"))
    return tree / "texts"


def test_a_span_does_not_cut_a_character(tmp_path: Path) -> None:
    texts = small_tree(tmp_path, "The cafe\u0301 opened.\n", "cafe")
    assert found(tmp_path) == []
    assert found(tmp_path, source_text=texts) == [("seeds/actors/harbor-cafe.json", "spans-match-the-text")]


def test_a_wrong_length_is_found_where_the_text_is_at_hand(tmp_path: Path) -> None:
    texts = small_tree(tmp_path, "The cafe opened.\n\nIt closed.\n", "cafe", length=100)
    assert found(tmp_path) == []
    assert found(tmp_path, source_text=texts) == [("seeds/sources/port-example-post/source.json", "spans-match-the-text")]


def test_words_that_a_change_before_them_has_moved_still_stand(tmp_path: Path) -> None:
    texts = small_tree(tmp_path, "It rained.\n\nThe cafe opened.\n\nIt closed.\n", "cafe")
    (texts / "any name.txt").write_text("It rained hard.\n\nThe cafe opened.\n\nIt closed.\n", "utf-8")
    source = "seeds/sources/port-example-post/source.json"
    assert found(tmp_path, source_text=texts) == [
        (str(texts / "any name.txt"), "spans-match-the-text"),
        (source, "spans-match-the-text"),
    ]


def test_a_missing_file_of_built_data_is_one_finding(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "datasets", tmp_path / "datasets")
    (tmp_path / "datasets" / "json" / "sources.json").unlink()
    assert found(tmp_path) == [("datasets/json/sources.json", "files-are-regular")]


# Claims, assessments, wording --------------------------------------------------------------------------------------------

TREASURY = "seeds/sources/treasury-sm1068/assessments.json"
CLAIM = "observer-net-trump-maduro-call"


def assessment(number: int, **fields: Any) -> dict[str, Any]:
    own = {"id": f"treasury-sm1068/a{number:02d}", "target_table": "claims", "target_id": f"{CLAIM}/c038"}
    return {**own, "stance": "supports", "note": "It names one.", "status": "active", **fields}


@pytest.mark.parametrize(
    ("second", "rules"),
    [
        ({"status": "retracted"}, []),
        ({"status": "retracted", "stance": "contradicts"}, []),
        ({}, ["assessments-come-from-others"]),
        ({"stance": "contradicts"}, ["assessments-come-from-others"]),
        ({"stance": "contradicts", "speaker_id": "nicolas-maduro"}, []),
        ({"stance": "refines"}, []),
    ],
)
def test_a_document_takes_one_side_once_unless_it_was_taken_back(tree: Path, second: dict[str, Any], rules: list[str]) -> None:
    changed(tree, TREASURY, lambda value: value.update(assessments=[assessment(1), assessment(2, **second)]))
    assert [rule for _, rule in found(tree, ignore=["seeds-are-in-normal-form"])] == rules


@pytest.mark.parametrize(
    ("claimed", "given", "stance", "holds"),
    [
        ({"value": 10, "high": 20}, {"value": 15}, "supports", True),
        ({"value": 10, "high": 20}, {"value": 15, "high": 3000}, "supports", False),
        ({"value": 10, "high": 20}, {"value": 15, "high": 30}, "contradicts", False),
        ({"value": 10, "high": 20}, {"value": 21}, "contradicts", True),
        ({"value": 20, "comparator": "gt"}, {"value": 20}, "supports", False),
        ({"value": 20, "comparator": "gt"}, {"value": 20}, "contradicts", True),
        ({"value": 20, "comparator": "gt"}, {"value": 21, "comparator": "ge"}, "supports", True),
        ({"value": 20, "comparator": "ge"}, {"value": 20}, "supports", True),
        ({"value": 20, "comparator": "lt"}, {"value": 20, "comparator": "ge"}, "contradicts", True),
        ({"value": 20, "comparator": "approximate"}, {"value": 500}, "supports", True),
        ({"verbal": "thousands"}, {"value": 5}, "contradicts", True),
        ({"value": 20, "comparator": "gt"}, {"value": 5}, "refines", True),
    ],
)
def test_a_number_lies_on_the_side_of_its_stance(
    tree: Path, claimed: dict[str, Any], given: dict[str, Any], stance: str, holds: bool
) -> None:
    unit = {"unit": "boat"}

    def claim(value: Any) -> None:
        (one,) = (one for one in value["claims"] if one["id"].endswith("/c038"))
        one["quantity"] = {**claimed, **unit}

    changed(tree, f"{ARTICLE}/claims.json", claim)
    row = assessment(1, stance=stance, quantity={**given, **unit})
    changed(tree, TREASURY, lambda value: value.update(assessments=[row]))
    assert [rule for _, rule in found(tree, ignore=["seeds-are-in-normal-form"])] == (
        [] if holds else ["values-match-the-claim"]
    )


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("The regime's answer was awaited.", False),
        ("The dictators met.", False),
        ("Terrorists", False),
        ('The minister calls it a "regime" in a letter.', True),
        ('A letter on the "regime" was sent.', False),
        ('The "regime says" fell.', False),
        ("The U.S. listed it as a Foreign Terrorist Organization.", True),
        ("Counter-terrorism was the subject.", True),
    ],
)
def test_a_loaded_term_stands_in_quotation_marks_with_its_speaker(tree: Path, text: str, holds: bool) -> None:
    changed(tree, "seeds/events/trump-maduro-call.json", lambda value: value.update(title=text))
    assert [rule for _, rule in found(tree, ignore=["seeds-are-in-normal-form"])] == ([] if holds else ["wording-is-neutral"])


def test_a_circle_of_presuppositions_is_reported_alike_every_time(tree: Path) -> None:
    def circle(value: Any) -> None:
        for one, other in ((0, 1), (0, 2), (1, 4), (4, 1), (2, 5), (5, 2)):
            link = {"relation": "presupposes", "object_id": value["claims"][other]["id"]}
            value["claims"][one].setdefault("links", []).append(link)

    changed(tree, f"{ARTICLE}/claims.json", circle)
    first = [str(one) for one in validate(tree, skip=["package", "freshness"], select=["claim-links-are-sound"]).findings]
    again = [str(one) for one in validate(tree, skip=["package", "freshness"], select=["claim-links-are-sound"]).findings]
    assert len(first) == 1
    assert first == again
