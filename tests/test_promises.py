"""The promises that the real records make: every reference is watched, and every character under a span.

Works on records read once and changed in memory, or in a copy of the seeds; never writes the checkout.
"""

from __future__ import annotations

import copy
import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venezuela_data.models import Source
from venezuela_data.records import references_of
from venezuela_data.rules.evidence import spans_match_the_text
from venezuela_data.rules.references import references_resolve
from venezuela_data.store import Corpus, read_seeds
from venezuela_data.syntax import Pointer, TextFile, json_bytes

ROOT = Path(__file__).parent.parent


@cache
def corpus() -> Corpus:
    return read_seeds(ROOT)


@cache
def references() -> list[tuple[str, Pointer]]:
    """Every place of the seeds at which a record gives the id of another, by file."""
    found: list[tuple[str, Pointer]] = []
    for _, entry in corpus().all():
        for path, _kind in references_of(type(entry.record)):
            places: list[Pointer] = [entry.pointer]
            for step in path:
                inner: list[Pointer] = []
                for place in places:
                    node = at(entry.file.value, place)
                    if step == "*":
                        inner.extend((*place, index) for index in range(len(node)))
                    elif step in node:
                        inner.append((*place, step))
                places = inner
            found.extend((entry.file.path, place) for place in places)
    return sorted(found, key=str)


def at(value: Any, pointer: Pointer) -> Any:
    for step in pointer:
        value = value[step]
    return value


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("references")
    shutil.copytree(ROOT / "seeds", made / "seeds")
    return made


class TestReferences:
    """References, once broken in any one place, are found at that place."""

    def test_there_are_many(self) -> None:
        assert len(references()) > 1000

    @given(data=st.data())
    def test_a_broken_one_is_found_where_it_stands(self, tree: Path, data: st.DataObject) -> None:
        path, pointer = data.draw(st.sampled_from(references()))
        file = tree / path
        before = file.read_bytes()
        value = json.loads(before)
        node = at(value, pointer[:-1])
        node[pointer[-1]] += "0" if "/" in node[pointer[-1]] else "-nowhere"
        file.write_bytes(json_bytes(value))
        try:
            changed = read_seeds(tree)
            found = list(references_resolve(changed))
        finally:
            file.write_bytes(before)
        assert changed.findings == []
        (entry,) = [one for _, one in changed.all() if one.file.path == path and pointer[: len(one.pointer)] == one.pointer]
        expected = entry.file.at(pointer, "", "")
        assert [(one.path, one.line, one.column) for one in found] == [(path, expected.line, expected.column)]


def spans() -> list[tuple[str, int, int]]:
    """Every span of the seeds, paragraphs left out: its document, start and end."""
    found: set[tuple[str, int, int]] = set()
    files = {entry.file.path: entry.file.value for kind, entry in corpus().all() if kind != "sources"}
    todo: list[tuple[str, Any]] = [(path.split("/")[2], value) for path, value in files.items()]
    while todo:
        source, node = todo.pop()
        if isinstance(node, dict):
            source = node.get("source_id", source)
            if "sha256" in node and "start" in node:
                found.add((source, node["start"], node["end"]))
            todo.extend((source, one) for one in node.values())
        elif isinstance(node, list):
            todo.extend((source, one) for one in node)
    return sorted(found)


class TestSpans:
    """Any change of one character of the text inside a span is noticed, at the record that has the span."""

    @given(data=st.data())
    def test_a_changed_character_is_found(self, texts: Path, data: st.DataObject) -> None:
        source = next(one for one, _ in corpus().each(Source) if one.access == "held")
        (file,) = texts.glob("*.txt")
        text = file.read_text("utf-8")
        _, start, end = data.draw(st.sampled_from([one for one in spans() if one[0] == source.id]))
        offset = data.draw(st.integers(start, end - 1))
        other = data.draw(st.sampled_from([one for one in "aZ9 é中" if one != text[offset]]))
        kind = data.draw(st.sampled_from(["altered", "added", "gone"]))
        after = {"altered": other + text[offset + 1 :], "added": other + text[offset:], "gone": text[offset + 1 :]}[kind]
        held = copy.copy(corpus())
        held.texts = {source.id: TextFile("article.txt", text[:offset] + after)}
        found = list(spans_match_the_text(held))
        assert found
        line = text[:offset].count("\n")
        if (text.split("\n")[line]).strip() != (text[:offset] + after).split("\n")[line].strip():
            # White space at the end of a line is the fingerprint's to notice; the words of the paragraph stand.
            assert any(one.path == "article.txt" and one.line == line + 1 for one in found)
        if kind == "altered":
            assert any(one.path.startswith("seeds/") and not one.path.endswith("/source.json") for one in found)
