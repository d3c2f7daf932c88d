"""Every format says of a broken tree what its transcript says: the same findings, at the same places, by the same rules.

`test_broken.py` holds text and JSON to every tree; here each other format is read back as its reader would read it, for trees
with one finding, with many, and with findings that are about a file as a whole. Nothing here edits a tree.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from test_broken import BROKEN, FINDING, FOLDERS, Place, command_of, copied, output_of, places_in_text, run

from venezuela_data.findings import FORMATS

ONE, MANY, WHOLE = "dates-are-ordered", "quantities-are-whole", "paths-stay-in-the-tree"


def places_in_json(printed: str) -> list[Place]:
    return [(one["path"], one["line"], one["column"], one["rule"]) for one in json.loads(printed)["findings"]]


def places_in_github(printed: str) -> list[Place]:
    """Read the annotations as the runner does: commands count up to the line that stops them."""
    places: list[Place] = []
    for line in printed.split("\n"):
        if line.startswith("::stop-commands::"):
            return places
        command = re.fullmatch(r"::(?:error|warning) (?P<properties>[^:]*)::.+", line)
        assert command is not None, line
        given = dict(one.split("=", 1) for one in command["properties"].split(","))
        values = {name: unquote(value) for name, value in given.items()}
        places.append((values["file"], int(values.get("line", 0)), int(values.get("col", 0)), values["title"]))
    raise AssertionError("commands are never stopped")


def places_in_sarif(printed: str) -> list[Place]:
    (log,) = json.loads(printed)["runs"]
    places = []
    for one in log["results"]:
        (location,) = one["locations"]
        place = location["physicalLocation"]
        region = place.get("region", {})
        path = unquote(place["artifactLocation"]["uri"])
        assert log["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"]
        places.append((path, region.get("startLine", 0), region.get("startColumn", 0), one["ruleId"]))
    return places


def places_in_junit(printed: str) -> list[Place]:
    suites = ElementTree.fromstring(printed)  # noqa: S314  # our own output is what is tested
    places = []
    for case in suites.iter("testcase"):
        for failure in case.iter("failure"):
            first = FINDING.fullmatch((failure.text or "").split("\n")[0])
            assert first is not None
            assert (case.get("file"), case.get("classname")) == (first["path"], first["rule"])
            assert int(case.get("line", 0)) == int(first["line"])
            places.append((first["path"], int(first["line"]), int(first["column"]), first["rule"]))
    assert suites.get("failures") == str(len(places))
    return places


def places_in_markdown(printed: str) -> list[Place]:
    rows = [re.fullmatch(r"\| `(?P<place>[^`]+)` \| `(?P<rule>[a-z0-9-]+)` \|.*", line) for line in printed.split("\n")]
    places = []
    for row in filter(None, rows):
        path, line, column = re.fullmatch(r"(.+?)(?::([0-9]+):([0-9]+))?", row["place"]).groups()  # type: ignore[union-attr]
        places.append((path, int(line or 0), int(column or 0), row["rule"]))
    return places


READERS: dict[str, Callable[[str], list[Place]]] = {
    "text": places_in_text,
    "json": places_in_json,
    "github": places_in_github,
    "sarif": places_in_sarif,
    "junit": places_in_junit,
    "markdown": places_in_markdown,
}


def test_every_format_is_read_here() -> None:
    assert set(READERS) == set(FORMATS)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", [ONE, MANY, WHOLE])
def test_a_format_gives_the_findings_of_the_transcript(name: str, form: str, tmp_path: Path) -> None:
    folder = copied(name, tmp_path)
    printed, code = run([*command_of(folder), "--format", form], folder)
    expected = places_in_text(output_of(folder)[0])
    assert code == 1
    assert sorted(READERS[form](printed.decode("utf-8"))) == sorted(expected)


def test_the_trees_have_one_finding_and_many_and_some_about_whole_files() -> None:
    counts = {name: places_in_text(output_of(BROKEN / name)[0]) for name in (ONE, MANY, WHOLE)}
    assert len(counts[ONE]) == 1
    assert len(counts[MANY]) > 2
    assert all(line == 0 for _, line, *_ in counts[WHOLE])
    assert set(counts) <= set(FOLDERS)
