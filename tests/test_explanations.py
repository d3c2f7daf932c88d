"""Explanations say what the rules say, put each rule in the layer that finds its fault, and print no data as it came.

The layers are measured on the broken trees; that the examples are those of the trees is held in `test_broken.py`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_broken import BROKEN, command_of

from venezuela_data.explanations import FORMS, Bad, Explanation, Good, codes, explanation, overview
from venezuela_data.place import UsageError
from venezuela_data.validation import CODES, LAYERS, OPTIONAL, validate


def found(code: str, skip: tuple[str, ...]) -> bool:
    """Say whether a rule finds the fault of its broken tree when layers are left out."""
    *options, path = command_of(BROKEN / code)[2:]
    texts = BROKEN / code / options[options.index("--source-text") + 1] if "--source-text" in options else None
    return any(one.rule == code for one in validate(BROKEN / code / path, skip=skip, source_text=texts).findings)


@pytest.mark.parametrize("code", CODES)
def test_a_rule_is_explained_in_the_layer_that_finds_its_fault_and_in_no_other(code: str) -> None:
    layer = explanation(code).layer
    assert found(code, tuple(one for one in OPTIONAL if one != layer))
    # A history that is not even written as one is told of whichever layers run, as nothing can be said of it.
    if layer in OPTIONAL and code != "history-is-whole":
        assert not found(code, (layer,))


@pytest.mark.parametrize("code", CODES)
def test_an_explanation_says_all_that_the_rule_says_and_no_more(code: str) -> None:
    one = explanation(code)
    assert f"{one.holds} {one.why}".split() == CODES[code].split()
    assert CODES[code].startswith(one.holds.partition(" ")[0])
    assert "\n\n" not in one.holds
    assert f": {code}: " in one.bad.finding


@pytest.mark.parametrize("code", CODES)
def test_every_format_has_rule_reason_and_both_examples(code: str) -> None:
    one = explanation(code)
    assert json.loads(one.render("json")) == json.loads(json.dumps(asdict(one)))
    for form in ("text", "markdown"):
        printed = one.render(form)
        words = " ".join(printed.split())
        for part in (code, one.layer, one.holds, one.why, one.bad.path, one.good.path, one.bad.finding):
            assert " ".join(part.split()) in words
        for line in (*one.bad.excerpt, *one.good.excerpt):
            assert line.rstrip() in printed
        assert printed.endswith("\n")
        assert not printed.endswith("\n\n")


def test_the_text_marks_the_line_of_the_finding_and_numbers_the_others() -> None:
    bad = Bad("a.json", 10, 9, ("{", '  "b": 1', "}"), "a.json:10:3: a-rule: 'b' is 1")
    one = Explanation("a-rule", "rules", "It holds.", "It does so.", bad, Good("a.json", 9, ("{", "}")))
    assert one.render() == (
        "a-rule (layer rules)\n\nHolds:\n  It holds.\n\nWhy:\n  It does so.\n\n"
        "Bad: a.json\n   9 | {\n> 10 |   \"b\": 1\n  11 | }\n\n  a.json:10:3: a-rule: 'b' is 1\n\n"
        "Good: a.json\n   9 | {\n  10 | }\n"
    )


def test_what_stands_in_the_place_of_a_file_has_no_number() -> None:
    one = replace(explanation("dates-are-ordered"), bad=Bad("a.json", 0, 0, ("(a link to b.json)",), "a.json:0:0: x: a link"))
    assert "Bad: a.json\n  (a link to b.json)\n\n  a.json:0:0" in one.render()


PIECES = [
    "a",
    " ",
    "```",
    "````",
    "`",
    "~~~",
    "<b>",
    "&lt;",
    "](x)",
    "|",
    "\n",
    "\r",
    "\x00",
    "\x1b[31m",
    "\x9b",
    "\u202e",
    "\u200b",
    "\ud800",
    "é",
]
HOSTILE = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)


@given(HOSTILE, st.lists(HOSTILE, min_size=1, max_size=4).map(tuple), HOSTILE)
def test_no_value_reaches_a_terminal_or_markdown_as_it_came(path: str, excerpt: tuple[str, ...], finding: str) -> None:
    one = replace(explanation("dates-are-ordered"), bad=Bad(path, 1, 1, excerpt, finding), good=Good(path, 1, excerpt))
    plain = replace(one, bad=Bad("a", 1, 1, ("b",) * len(excerpt), "c"), good=Good("a", 1, ("b",) * len(excerpt)))
    for form in FORMS:
        printed, expected = one.render(form), plain.render(form)
        assert all(character == "\n" or character.isprintable() for character in printed)
        if form != "json":  # There a list may be empty, or not.
            # No value begins a line of its own, so the lines are as many as those of harmless values.
            assert printed.count("\n") == expected.count("\n")
    assert one.render("json").isascii()
    lines = one.render("markdown").split("\n")
    fences = [(number, line) for number, line in enumerate(lines) if re.fullmatch(r"(`{3,})(json|csv|text)", line)]
    (span,) = {lines[lines.index(heading) + 2] for heading in ("## Bad", "## Good")}
    ticks = span[: len(span) - len(span.lstrip("`"))]
    assert span.endswith(ticks)
    assert ticks not in span[len(ticks) : -len(ticks)]
    # A fence is longer than any run of backquotes inside it, so what lies inside cannot close it.
    for (number, fence), inside in zip(fences[:3], (len(excerpt), 1, len(excerpt)), strict=True):
        ticks = fence.rstrip("jsoncvtex")
        assert lines[number + inside + 1] == ticks
        assert not any(ticks in line for line in lines[number + 1 : number + inside + 1])


def test_an_unknown_rule_is_a_complaint_that_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"^no rule 'dates-are-orderd'; did you mean dates-are-ordered\b"):
        explanation("dates-are-orderd")
    with pytest.raises(UsageError, match=r"^no rule '\\u\{1b\}\[31m'; known rules: "):
        explanation("\x1b[31m")


@pytest.mark.parametrize("render", [lambda form: explanation("dates-are-ordered").render(form), overview])
def test_an_unknown_format_is_a_complaint_that_names_the_known(render: object) -> None:
    assert callable(render)
    with pytest.raises(ValueError, match=r"^unknown format 'yaml'; known: json, markdown, text$"):
        render("yaml")


def test_the_codes_are_all_rules_each_once_by_layer() -> None:
    assert tuple(codes()) == LAYERS
    assert sorted(code for found in codes().values() for code in found) == sorted(CODES)
    assert all(codes().values())
    assert "datasets-are-current" in codes()["freshness"]


def test_the_overview_has_every_rule_with_what_holds() -> None:
    assert {code for listed in json.loads(overview("json")).values() for code in listed} == set(CODES)
    for code in CODES:
        assert f"- `{code}`: " in overview("markdown")
        assert f"\n  {code}\n    " in overview("text")
    assert all(len(line) <= 100 for line in overview().splitlines())


def test_the_examples_are_read_when_one_is_asked_for_and_not_before(tmp_path: Path) -> None:
    watch = (
        "import sys; opened = []\n"
        "sys.addaudithook(lambda event, given: event == 'open' and opened.append(str(given[0])))\n"
        "from venezuela_data.explanations import explanation, overview; overview()\n"
        "before = [one for one in opened if one.endswith('examples.json')]\n"
        "explanation('dates-are-ordered')\n"
        "print(len(before), len([one for one in opened if one.endswith('examples.json')]))"
    )
    done = subprocess.run([sys.executable, "-c", watch], check=True, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.split() == ["0", "1"]
