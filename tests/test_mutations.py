"""Whatever is spoiled in the seeds is found where it was spoiled, and nothing is found that was not.

Every kind of mutation (`mutations_of_form`, `mutations_of_meaning`) is made at places that Hypothesis draws; every rule then
runs over all records. The changed files lie in a folder of their own, and the checkout is never written.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import mutations_of_form
import mutations_of_meaning
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from mutations import KINDS, NORMAL, WITH_TEXT, Draw, Mutation, Place, Seeds

from venezuela_data import validate
from venezuela_data.models import Vocabulary
from venezuela_data.rules import RULES
from venezuela_data.store import Corpus, Entry, not_in_normal_form, read_seeds
from venezuela_data.syntax import TextFile
from venezuela_data.validation import read_texts

ROOT = Path(__file__).parent.parent
MODULES = (mutations_of_form, mutations_of_meaning)

# Each example lays every rule over every record, so a kind gets fewer examples than a property of one value.
# One that fails is told as it was drawn: it is small from the start, and hundreds of smaller ones would take minutes.
sparing = settings(max_examples=max(2, settings().max_examples // 25), phases=(Phase.reuse, Phase.generate))


@cache
def corpus() -> Corpus:
    return read_seeds(ROOT)


@cache
def seeds() -> Seeds:
    return Seeds(corpus())


@cache
def terms() -> dict[str, list[str]]:
    return {one.id: [term.term for term in one.terms] for one, _ in corpus().each(Vocabulary)}


def judged(files: Mapping[str, bytes], texts: Mapping[str, TextFile] | None = None) -> set[Place]:
    """Give all that the layers reading, shape and rules find in the seeds with these files in place of their own."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "seeds").mkdir()
        written(root, files)
        changed = read_seeds(root, vocabularies=terms())
        whole = joined(changed, set(files))
        if whole is None:
            shutil.copytree(ROOT / "seeds", root / "seeds", dirs_exist_ok=True)
            written(root, files)
            whole = read_seeds(root)
        whole.texts = dict(texts or {})
        found = [*whole.findings, *(one for rule in RULES for one in rule(whole))]
        if not_in_normal_form(changed):
            found += validate(root, select=[NORMAL], skip=["package", "freshness"]).findings
    return {(one.path, one.line, one.column, one.rule) for one in found}


def written(root: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


def joined(changed: Corpus, paths: set[str]) -> Corpus | None:
    """Put the records of changed files in place of what stood in them; None where that takes reading everything anew."""
    if any(path.startswith("seeds/vocabularies/") for path in paths):
        return None
    whole = Corpus(repeated=changed.repeated, findings=list(changed.findings), faulty=changed.faulty)
    for kind, entries in corpus().entries.items():
        kept = {name: entry for name, entry in entries.items() if entry.file.path not in paths}
        if not kept.keys().isdisjoint(changed.entries[kind]):
            return None

        def order(one: tuple[str, Entry]) -> tuple[str, int]:
            return one[1].file.path, next((step for step in one[1].pointer if isinstance(step, int)), 0)

        whole.entries[kind] = dict(sorted({**kept, **changed.entries[kind]}.items(), key=order))
    return whole


def held(mutation: Mutation, found: set[Place]) -> None:
    """Hold what was found against what the mutation says of itself."""
    assert mutation.found <= found, "what was spoiled is not found where it was"
    stray = {place for place in found if not mutation.explains(place)}
    assert not stray, "what was not spoiled is found"


def test_the_seeds_as_they_are_have_no_finding() -> None:
    assert judged({}) == set()


def test_there_are_more_than_forty_kinds_and_each_says_what_it_does() -> None:
    assert len(KINDS) > 40
    assert {make.__module__ for make in KINDS.values()} == {module.__name__ for module in MODULES}
    assert all((make.__doc__ or "").strip().endswith(".") for make in KINDS.values())


class TestMutations:
    """Any mutation of a valid tree is found at the mutated place, with no finding elsewhere that it does not explain."""

    @pytest.mark.parametrize("name", [name for name in KINDS if name not in WITH_TEXT])
    @sparing
    @given(data=st.data())
    def test_it_is_found_where_it_is_and_nothing_else_is(self, name: str, data: st.DataObject) -> None:
        mutation = KINDS[name](seeds(), Draw(data))
        assume(mutation.found)  # Words that another claim carries too are not lost with this one.
        held(mutation, judged(mutation.files))

    @pytest.mark.parametrize("name", sorted(WITH_TEXT))
    @sparing
    @given(data=st.data())
    def test_it_is_found_where_the_text_is_at_hand(self, name: str, texts: Path, data: st.DataObject) -> None:
        mutation = KINDS[name](seeds(), Draw(data))
        held(mutation, judged(mutation.files, read_texts(corpus(), texts)[0]))

    @sparing
    @given(data=st.data())
    def test_the_command_finds_what_these_tests_find(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from([name for name in KINDS if name not in WITH_TEXT]))
        mutation = KINDS[name](seeds(), Draw(data))
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "seeds", Path(folder) / "seeds")
            written(Path(folder), mutation.files)
            report = validate(folder, skip=["package", "freshness"])
        assert {(one.path, one.line, one.column, one.rule) for one in report.findings} == judged(mutation.files)
