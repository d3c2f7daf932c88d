"""A release: what it refuses, what it writes, and that every version that was released can be loaded and proved.

The trees are small and invented, and live in temporary folders; vocabularies are those of the checkout, which is only read.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import venezuela_data as vd
from venezuela_data import store
from venezuela_data.build import artefacts
from venezuela_data.history import LEVELS, next_version
from venezuela_data.records import KINDS, plain
from venezuela_data.releasing import Prepared, causes_between, prepared
from venezuela_data.store import Tree
from venezuela_data.validation import validate

ROOT = Path(__file__).parent.parent
DAY = "2031-05-02"
SOURCE = {
    "id": "harbor-gazette-2031",
    "kind": "newspaper",
    "title": "New pier opens",
    "publisher": "Harbor Gazette",
    "language": "en",
    "access": "consulted",
    "rights": "An invented document.",
}


def actor(name: str, **more: Any) -> dict[str, Any]:
    """Give an invented actor of this id."""
    made = {
        "id": name,
        "kind": "agency",
        "name": name.title().replace("-", " "),
        "description": "An invented office of an invented town.",
        "existence": "established",
        "evidence": [{"source_id": "harbor-gazette-2031"}],
    }
    return {**made, **more}


class House:
    """A small checkout, edited and released by the tests."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(ROOT / "seeds" / "vocabularies", root / "seeds" / "vocabularies")
        self.write("sources/harbor-gazette-2031/source", SOURCE)
        for name in ("harbor-office", "port-office", "pier-office"):
            self.write(f"actors/{name}", actor(name))

    def write(self, path: str, values: dict[str, Any]) -> None:
        target = self.root / "seeds" / f"{path}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps({"status": "active", **values}), encoding="utf-8")

    def edit(self, name: str, **fields: Any) -> None:
        found = json.loads((self.root / "seeds" / "actors" / f"{name}.json").read_text("utf-8"))
        self.write(f"actors/{name}", {**found, **fields})

    def remove(self, path: str) -> None:
        (self.root / "seeds" / f"{path}.json").unlink()

    def cause(self, name: str, *changed: str | None, table: str = "actors", cause: str = "our_correction") -> None:
        records = [{"table": table, **({"record_id": one} if one else {})} for one in changed]
        self.write(f"causes/{name}", {"id": name, "cause": cause, "note": "It was found on reading again.", "records": records})

    def redirect(self, name: str, target: str, kind: str = "merge") -> None:
        id_ = f"{name}-to-{target}"
        given = {
            "id": id_,
            "table": "actors",
            "record_id": name,
            "kind": kind,
            "target_id": target,
            "note": "They are the same.",
        }
        self.write(f"redirects/{id_}", given)

    def tombstone(self, name: str) -> None:
        given = {"id": name, "table": "actors", "record_id": name, "cause": "privacy", "date": DAY, "note": "Privacy."}
        self.write(f"tombstones/{name}", given)

    def changelog(self, version: str, day: str = DAY) -> None:
        told = f"# Changelog\n\n## {version} - {day}\n\n### Data\n\n- Corrections.\n\n### Code\n\n- None.\n"
        (self.root / "CHANGELOG.md").write_text(told, encoding="utf-8")

    def prepare(self, version: str) -> Prepared:
        return prepared(self.root, version)

    def release(self, version: str | None = None, day: str = DAY) -> str:
        """Release as this version, or as the one that the changes demand."""
        ledger = store.read_history(Tree(self.root))
        tried = [version] if version else [next_version(ledger.versions[-1], level) for level in LEVELS]
        store.write_files(self.root, store.seed_files(store.read_seeds(self.root)))
        for one in tried:
            self.changelog(one, day)
            plan = self.prepare(one)
            if not plan.findings:
                store.write_files(self.root, plan.files)
                for path in plan.taken:
                    (self.root / path).unlink()
                return one
        raise AssertionError(plan.findings)

    def records(self) -> dict[str, dict[str, dict[str, Any]]]:
        found = store.read_seeds(self.root).records
        return {kind.name: {name: plain(one) for name, one in found[kind.name].items()} for kind in KINDS if kind.published}

    def loaded(self, version: str | None = None) -> dict[str, dict[str, dict[str, Any]]]:
        found = vd.load(self.root, version=version).records
        return {kind: {name: plain(one) for name, one in records.items()} for kind, records in found.items()}


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.release("0.1.0")
    return made


def rules_of(plan: Prepared) -> set[str]:
    return {finding.rule for finding in plan.findings}


# What a release refuses --------------------------------------------------------------------------------------------------


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_change_without_a_cause_is_refused_with_the_file_of_its_record(house: House) -> None:
    house.edit("port-office", description="Another invented office.")
    house.changelog("0.1.1")
    before = contents(house.root)
    plan = house.prepare("0.1.1")
    (finding,) = plan.findings
    assert (finding.path, finding.rule) == ("seeds/actors/port-office.json", "changes-have-a-cause")
    assert not plan.files
    assert contents(house.root) == before


def test_a_version_that_is_not_the_bump_that_the_changes_demand_is_refused_with_the_change(house: House) -> None:
    house.write("actors/tower-office", actor("tower-office"))
    house.cause("tower", None, cause="new_evidence")
    house.changelog("0.1.1")
    (finding,) = house.prepare("0.1.1").findings
    assert finding.rule == "releases-follow-on-each-other"
    assert "tower-office" in finding.message
    assert finding.advice == "release it as 0.2.0"
    house.changelog("0.2.0")
    assert house.prepare("0.2.0").level == "minor"


def test_a_retraction_is_never_a_patch(house: House) -> None:
    house.edit("port-office", status="retracted")
    house.cause("port", "port-office", cause="retraction")
    house.changelog("0.1.1")
    assert rules_of(house.prepare("0.1.1")) == {"releases-follow-on-each-other"}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("# Changelog\n", "no entry of the form"),
        ("## 0.1.1 - 2031-05-02\n\n### Data\n\n- A correction.\n", "no part '### Code'"),
        ("## 0.1.1 - 2031-05-02\n\n### Data\n\n### Code\n\n- None.\n", "no part '### Data'"),
        ("## 0.1.1 - 2031-02-30\n\n### Data\n\n- A.\n\n### Code\n\n- None.\n", "no such day"),
    ],
)
def test_a_changelog_without_a_whole_entry_is_refused(house: House, written: str, message: str) -> None:
    house.edit("port-office", description="Another invented office.")
    house.cause("port", "port-office")
    (house.root / "CHANGELOG.md").write_text(written, encoding="utf-8")
    (finding,) = house.prepare("0.1.1").findings
    assert finding.rule == "changelog-has-an-entry"
    assert message in finding.message


def test_a_checkout_that_calls_itself_another_version_is_refused_at_that_line(house: House) -> None:
    house.edit("port-office", description="Another invented office.")
    house.cause("port", "port-office")
    house.changelog("0.1.1")
    (house.root / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "0.1.0"\n', encoding="utf-8")
    (house.root / "CITATION.cff").write_text('cff-version: 1.2.0\nversion: "0.1.1"\n', encoding="utf-8")
    (finding,) = house.prepare("0.1.1").findings
    assert finding.place == "pyproject.toml:3:12"
    assert finding.rule == "versions-agree"


@pytest.mark.parametrize("version", ["0.1.0", "0.1.1", "1", "v0.2.0", "0.2.0+x"])
def test_a_release_of_nothing_or_under_no_version_is_refused(house: House, version: str) -> None:
    house.changelog(version)
    if version == "0.1.0":
        assert house.prepare(version).files == {}
    else:
        with pytest.raises(ValueError, match=r"nothing has changed|no version number"):
            house.prepare(version)


def test_a_version_that_is_out_is_never_another_one(house: House) -> None:
    house.edit("port-office", description="Another invented office.")
    with pytest.raises(ValueError, match=r"0\.1\.0 is out, and the records have changed since"):
        house.prepare("0.1.0")


# What it writes ----------------------------------------------------------------------------------------------------------


def test_a_release_says_why_and_takes_up_the_causes(house: House) -> None:
    house.edit("port-office", description="Another invented office.")
    house.cause("port", "port-office")
    assert house.release() == "0.1.1"
    assert not list((house.root / "seeds" / "causes").iterdir())
    (row,) = [row for row in vd.load(house.root).table("changes") if row["release"] == "0.1.1"]
    assert (row["table"], row["id"], row["op"], row["field"]) == ("actors", "port-office", "MOD", "description")
    assert (row["new"], row["cause"]) == ("Another invented office.", "our_correction")
    ledger = store.read_history(Tree(house.root))
    told = (("our_correction", "It was found on reading again."),)
    assert causes_between(ledger, "0.1.0", "0.1.1") == {("actors", "port-office"): told}


def test_what_was_released_is_valid_and_called_by_its_version_until_a_record_changes(house: House) -> None:
    assert validate(house.root, skip=["package"]).findings == ()
    assert vd.load(house.root).version == "0.1.0"
    house.edit("port-office", description="Another invented office.")
    corpus = store.read_seeds(house.root)
    store.write_files(house.root, artefacts(corpus.records, store.read_history(Tree(house.root))))
    assert vd.load(house.root).version == "0.1.0+unreleased"


def test_a_version_is_found_by_the_day_on_which_it_was_the_last(house: House) -> None:
    house.edit("port-office", description="Another invented office.")
    house.cause("port", "port-office")
    house.release(day="2031-06-01")
    for day, version in (("2031-05-02", "0.1.0"), ("2031-05-31", "0.1.0"), ("2031-06-01", "0.1.1"), ("2040-01-01", "0.1.1")):
        assert vd.load(house.root, known_on=day).version == version
    with pytest.raises(vd.UnknownReleaseError, match="nothing was released by 2031-05-01; the first"):
        vd.load(house.root, known_on="2031-05-01")
    with pytest.raises(vd.UnknownReleaseError, match=r"there is no version '9\.9\.9'"):
        vd.load(house.root, version="9.9.9")
    with pytest.raises(ValueError, match="not both"):
        vd.load(house.root, version="0.1.0", known_on="2031-05-02")


def test_a_changed_byte_of_the_history_keeps_the_older_version_from_loading_and_not_the_data(house: House) -> None:
    house.edit("port-office", description="Another invented office.")
    house.cause("port", "port-office")
    house.release()
    path = house.root / "datasets" / "changes.csv"
    path.write_bytes(path.read_bytes().replace(b"Pier Office", b"Beer Office"))
    with pytest.raises(vd.HistoryError, match=r"the history of the table 'actors' at version '0\.1\.0'"):
        vd.load(house.root, version="0.1.0")
    assert vd.load(house.root).actors["pier-office"].name == "Pier Office"
    assert {one.rule for one in validate(house.root, skip=["package"]).findings} >= {"history-is-whole"}


@pytest.mark.parametrize("broken", ["a schema", "a row", "a cause"])
def test_a_history_that_says_nothing_sensible_is_a_finding_and_an_error_and_no_fault(house: House, broken: str) -> None:
    house.remove("actors/pier-office")
    house.tombstone("pier-office")
    house.release()
    path = house.root / "datasets" / "changes.csv"
    written = path.read_bytes()
    row = written.index(b",actors,pier-office,DEL,")
    cell = {"a schema": written.index(b'"{'), "a row": written.index(b'"{', row), "a cause": written.index(b",privacy,", row)}
    at = cell[broken] + 1
    path.write_bytes(written[:at] + b"{" + written[at + 1 :].replace(b"{", b"{{", 1))
    report = validate(house.root, skip=["package"])
    assert "history-is-whole" in {one.rule for one in report.findings}
    ledger = store.read_history(Tree(house.root))
    for old, new in (("0.1.0", "0.2.0"), ("0.1.0", "."), (".", "0.2.0")):
        with pytest.raises(vd.HistoryError):
            causes_between(ledger, old, new)


# The life of a record ----------------------------------------------------------------------------------------------------


def test_a_merge_is_followed_with_a_warning(house: House) -> None:
    house.remove("actors/pier-office")
    house.redirect("pier-office", "port-office")
    house.release()
    actors = vd.load(house.root).actors
    with pytest.warns(vd.RedirectWarning, match="'port-office' in the place of 'pier-office'"):
        assert actors["pier-office"].id == "port-office"


def test_a_split_names_its_candidates_and_picks_none(house: House) -> None:
    house.remove("actors/pier-office")
    house.redirect("pier-office", "port-office", "split")
    house.redirect("pier-office", "harbor-office", "split")
    house.release()
    actors = vd.load(house.root).actors
    assert actors.get("pier-office") is None
    with pytest.raises(KeyError, match="one of these took its place: harbor-office, port-office"):
        actors["pier-office"]


def test_what_was_withdrawn_says_why_and_stays_in_the_earlier_version(house: House) -> None:
    house.remove("actors/pier-office")
    house.tombstone("pier-office")
    house.release()
    with pytest.raises(KeyError, match=r"was taken out on 2031-05-02 \(privacy\): Privacy."):
        vd.load(house.root).actors["pier-office"]
    assert vd.load(house.root, version="0.1.0").actors["pier-office"].name == "Pier Office"


def test_retracting_a_document_finds_every_record_that_loses_its_last_support(house: House) -> None:
    house.write("sources/harbor-gazette-2031/source", {**SOURCE, "status": "retracted"})
    found = [
        one.path for one in validate(house.root, skip=["package", "freshness"], select="support-is-not-retracted").findings
    ]
    assert found == [f"seeds/actors/{name}.json" for name in ("harbor-office", "pier-office", "port-office")]


def test_taking_a_record_out_gives_what_there_was_before_it(house: House) -> None:
    def tables() -> dict[str, bytes]:
        made = artefacts(store.read_seeds(house.root).records)
        return {path: data for path, data in made.items() if path.startswith("datasets/csv/")}

    before = tables()
    house.write("actors/tower-office", actor("tower-office"))
    assert tables() != before
    house.remove("actors/tower-office")
    house.tombstone("tower-office")
    assert tables() == before


# Promises ----------------------------------------------------------------------------------------------------------------

STEPS = ("edit", "add", "merge", "split", "withdraw", "retract")


def step(house: House, number: int, what: str, pick: int) -> None:
    """Edit the tree in one way, and say why."""
    active = [name for name, one in house.records()["actors"].items() if one["status"] == "active"]
    name = active[pick % len(active)]
    others = [one for one in active if one != name]
    new = f"office-{number}"
    if what == "edit" or not others:
        house.edit(name, description=f"The invented office number {number}.")
    elif what == "add":
        house.write(f"actors/{new}", actor(new))
    elif what == "merge":
        house.edit(name, status="deprecated")
        house.redirect(name, others[0])
    elif what == "split":
        for target in (f"{new}-a", f"{new}-b"):
            house.write(f"actors/{target}", actor(target))
            house.redirect(name, target, "split")
        house.remove(f"actors/{name}")
    elif what == "withdraw":
        house.remove(f"actors/{name}")
        house.tombstone(name)
    else:
        house.edit(name, status="retracted")
    house.cause(f"cause-{number}", name, None)


class TestEveryVersionStays:
    """Any sequence of edits, merges, splits and retractions leaves every earlier version loadable, as it was."""

    @settings(max_examples=6)
    @given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 5)), min_size=1, max_size=4))
    def test_it_does(self, steps: list[tuple[str, int]]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            house = House(Path(folder))
            said = {house.release("0.1.0"): house.records()}
            for number, (what, pick) in enumerate(steps):
                # A record that redirects lead to cannot end in this small world.
                targets = {one["target_id"] for one in house.records()["redirects"].values()}
                kept = [name for name, one in house.records()["actors"].items() if one["status"] == "active"]
                if kept[pick % len(kept)] in targets:
                    what = "edit"
                step(house, number, what, pick)
                said[house.release()] = house.records()
                assert validate(house.root, skip=["package"]).findings == ()
            for version, records in said.items():
                assert house.loaded(version) == records
            assert house.loaded() == records


def test_one_file_is_judged_with_the_ids_of_all_releases(house: House) -> None:
    house.remove("actors/pier-office")
    house.tombstone("pier-office")
    house.release()
    house.write("actors/pier-office", actor("pier-office"))
    house.remove("tombstones/pier-office")
    found = validate(house.root / "seeds" / "actors" / "pier-office.json", select="ids-are-never-reused").findings
    assert [(one.path, one.line, one.rule) for one in found] == [("seeds/actors/pier-office.json", 1, "ids-are-never-reused")]
    whole = validate(house.root, skip=["package", "freshness"], select="ids-are-never-reused").findings
    assert whole == found
