"""Holds the printer of reports to its word: one safe line for each finding, a caret in its place, no terminal controls.

The strings that are tried are what data and file names can hold at their worst. Reads no file and writes none.
"""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from venezuela_data.findings import (
    KEPT_COLUMN,
    SHOWN_LINE,
    SHOWN_MESSAGE,
    SHOWN_VALUE,
    DataError,
    Finding,
    Report,
    counted,
    escaped,
    shown,
    sorted_report,
)
from venezuela_data.syntax import TextFile

WIDE = "\u6c49\u5b57"
SMILE = "\U0001f600"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("plain", "plain"),
        ("", ""),
        ("Nicolás, ñ — “q”", "Nicolás, ñ — “q”"),
        (f"{WIDE}{SMILE}e\u0301", f"{WIDE}{SMILE}e\u0301"),
        ("a\nb\r\tc", "a\\u{a}b\\u{d}\\u{9}c"),
        ("\x00\x1f\x7f\x80\x9f", "\\u{0}\\u{1f}\\u{7f}\\u{80}\\u{9f}"),
        ("\x1b[31mred\x1b[0m", "\\u{1b}[31mred\\u{1b}[0m"),
        ("\x1b]0;title\x07\x9b2J", "\\u{1b}]0;title\\u{7}\\u{9b}2J"),
        ("\u202eevil\u202c\u2066\u200f", "\\u{202e}evil\\u{202c}\\u{2066}\\u{200f}"),
        ("\u2028\u2029\x85\x0b\x0c", "\\u{2028}\\u{2029}\\u{85}\\u{b}\\u{c}"),
        ("\ud800\udfff\udc80", "\\u{d800}\\u{dfff}\\u{dc80}"),
        ("\ufeff\u200b\u00ad\u2060", "\\u{feff}\\u{200b}\\u{ad}\\u{2060}"),
        ("\ue000\U000f0000\U0010ffff\u0378", "\\u{e000}\\u{f0000}\\u{10ffff}\\u{378}"),
        ("\u00a0\u3000\u2003", "\\u{a0}\\u{3000}\\u{2003}"),
        ("\U000e0041", "\\u{e0041}"),
    ],
)
def test_what_a_terminal_would_act_on_is_written_as_its_number(text: str, printed: str) -> None:
    assert escaped(text) == printed


def test_a_text_beyond_its_limit_is_cut_and_marked() -> None:
    assert escaped("abcdef", 5) == "abcd…"
    assert escaped("abcde", 5) == "abcde"
    assert escaped("\n" * 6, 12) == "\\u{a}\\u{a}…"
    assert escaped("\n" * 6, 3) == "…"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("a'b\n", "'a'b\\u{a}'"),
        ({"a": 1, "b": "secret"}, "an object with 2 fields"),
        (["secret"], "a list of 1"),
        ((), "a list of 0"),
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (1.5, "1.5"),
        (0, "0"),
    ],
)
def test_a_value_is_shown_short_and_never_a_whole_record(value: object, printed: str) -> None:
    assert shown(value) == printed


def test_a_long_value_is_shown_in_part() -> None:
    assert shown("x" * 1000) == "'" + "x" * (SHOWN_VALUE - 1) + "…'"


@pytest.mark.parametrize(("number", "printed"), [(0, "0 rows"), (1, "1 row"), (2100, "2,100 rows")])
def test_a_count_has_its_noun(number: int, printed: str) -> None:
    assert counted(number, "row") == printed


# Reports -----------------------------------------------------------------------------------------------------------------


def test_a_finding_is_printed_as_place_rule_message_and_advice_with_its_line() -> None:
    finding = Finding("seeds/a.json", 3, 5, "some-rule", "a fault", "mend it", '  "a": 01')
    report = Report((finding,), {"file": 1, "row": 2}, ("reading", "shape"), ("a note",))
    assert report.render("text") == (
        "seeds/a.json:3:5: some-rule: a fault; mend it\n"
        '      "a": 01\n'
        "        ^\n"
        "note: a note\n"
        "failed: 1 finding; 1 file, 2 rows (reading, shape)\n"
    )


def test_a_report_without_findings_says_what_was_looked_at() -> None:
    assert Report((), {"file": 2}, ("reading",)).render() == "ok: 2 files (reading)\n"
    assert Report().ok


def test_a_finding_about_a_whole_file_has_no_caret() -> None:
    assert "^" not in Report((Finding("a", 0, 0, "r", "m", "", "line"),)).render()
    assert "^" not in Report((Finding("a", 1, 1, "r", "m", "", "  "),)).render()


def test_a_long_message_is_cut() -> None:
    first = Report((Finding("a", 0, 0, "r", "m" * 10_000),)).render().split("\n")[0]
    assert len(first) == len("a:0:0: r: ") + SHOWN_MESSAGE


def test_json_holds_the_findings_as_they_are() -> None:
    finding = Finding("a\u202e", 1, 2, "some-rule", "é\x1b\ud800", "advice", "excerpt")
    report = Report((finding,), {"file": 1}, ("reading",), ("note",))
    assert json.loads(report.render("json")) == {
        "ok": False,
        "layers": ["reading"],
        "checked": {"file": 1},
        "notes": ["note"],
        "findings": [
            {"path": "a\u202e", "line": 1, "column": 2, "rule": "some-rule", "message": "é\x1b\ud800", "advice": "advice"}
        ],
    }


def test_a_format_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown format 'xml'; known: github, json, junit, markdown, sarif, text"):
        Report().render("xml")


def test_a_data_error_reads_as_its_report() -> None:
    report = Report((Finding("a", 1, 1, "r", "m"),))
    error = DataError(report)
    assert error.report is report
    assert str(error) == "a:1:1: r: m\nfailed: 1 finding; "


# The caret ---------------------------------------------------------------------------------------------------------------


def columns(text: str) -> int:
    """The columns that a terminal gives a text."""
    return sum(
        0 if unicodedata.category(character)[0] == "M" else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def caret_of(text: str, offset: int) -> tuple[str, str]:
    """The printed line up to the caret, and from it on."""
    report = Report((TextFile("a", text).finding(offset, "r", "m"),))
    _, line, caret = report.render().split("\n")[:3]
    assert set(caret) == {" ", "^"}
    for cut in range(len(line) + 1):
        if columns(line[:cut]) == len(caret) - 1 and (cut == len(line) or columns(line[cut]) > 0):
            return line[:cut], line[cut:]
    pytest.fail(f"the caret stands beside the line: {line!r} {caret!r}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "X"),
        ("abc", "X d"),
        (WIDE, "X"),
        (f"{SMILE}é{WIDE}", "X"),
        ("e\u0301o\u0308", "X"),
        ("\u0e01\u0e31", "X"),
        ("\u2764\ufe0f", "X"),
        ("\uff21", "X"),
    ],
)
def test_the_caret_stands_under_its_column(before: str, after: str) -> None:
    assert caret_of(f"first\n{before}{after}\nlast", len(f"first\n{before}")) == (f"    {before}", after)


def test_the_caret_stands_behind_what_is_escaped() -> None:
    assert caret_of("\t\u202e\x1bX", 3) == ("    \\u{9}\\u{202e}\\u{1b}", "X")


@pytest.mark.parametrize("before", [0, 10, SHOWN_LINE // 2, SHOWN_LINE, 1000, KEPT_COLUMN - 1])
@pytest.mark.parametrize("after", [0, 10, SHOWN_LINE, 100_000])
def test_a_long_line_is_shown_around_its_caret(before: int, after: int) -> None:
    line, rest = caret_of("a" * before + "X" + "b" * after, before)
    assert rest[0] == "X"
    assert len(line + rest) <= 4 + SHOWN_LINE
    assert line.endswith("a" * min(before, 20))
    assert rest[1:].startswith("b" * min(after, 20))


def test_a_column_that_nobody_counts_is_shown_without_its_line() -> None:
    report = Report((TextFile("a", "a" * 1_000_000).finding(900_000, "r", "m"),))
    assert report.render().split("\n")[:2] == ["a:1:900001: r: m", "failed: 1 finding; "]
    assert report.findings[0].excerpt == ""


# Order -------------------------------------------------------------------------------------------------------------------

SMALL = st.builds(
    Finding,
    st.sampled_from(("a", "b/c", "b")),
    st.integers(0, 3),
    st.integers(0, 3),
    st.sampled_from(("x-rule", "y-rule")),
    st.sampled_from(("m", "n")),
    excerpt=st.sampled_from(("", "line")),
)


class TestOrder:
    """Findings stand in order of path, line, column and rule, each once, in whatever order they were found."""

    @given(st.lists(SMALL, max_size=8), st.randoms(use_true_random=False))
    def test_the_order_in_which_they_were_found_does_not_matter(self, findings: list[Finding], random: object) -> None:
        shuffled = sorted(findings, key=lambda _: random.random())  # type: ignore[attr-defined]  # Hypothesis hides the type
        assert sorted_report(findings).findings == sorted_report(shuffled).findings

    @given(st.lists(SMALL, max_size=8))
    def test_they_are_sorted_and_each_is_there_once(self, findings: list[Finding]) -> None:
        keys = [(one.path, one.line, one.column, one.rule, one.message) for one in sorted_report(findings).findings]
        assert keys == sorted({(one.path, one.line, one.column, one.rule, one.message) for one in findings})


# Any strings -------------------------------------------------------------------------------------------------------------

ODD = st.one_of(
    st.text(st.characters(), max_size=30),
    st.text(st.sampled_from("\n\r\x1b\x9b\u202e\u2028\ud800\ufeff\u00a0a[]:#\u0301\u6c49"), max_size=30),
    st.sampled_from(("::error file=a::b", "##[error]", "\x1b[2J", "[/red]", "a" * 700)),
)
REPORTS = st.builds(
    Report,
    st.lists(
        st.builds(Finding, ODD, st.integers(0, 5), st.integers(0, 300), ODD, ODD, ODD, ODD | ODD.map(lambda text: text * 20)),
        max_size=3,
    ).map(tuple),
    st.dictionaries(ODD, st.integers(0, 10**6), max_size=2),
    st.lists(ODD, max_size=2).map(tuple),
    st.lists(ODD, max_size=2).map(tuple),
)
CONTROL = Report((Finding("a\n", 1, 1, "r\x1b", "m\u2028", "a\r", "e\x07"),), {"\x00": 1}, ("\x85",), ("\x1b",))


class TestAnyStrings:
    """Whatever strings a report holds, what is printed is printable characters and line feeds."""

    @given(REPORTS)
    @example(CONTROL)
    def test_text_is_printable(self, report: Report) -> None:
        printed = report.render("text")
        assert printed.endswith("\n")
        assert all(character == "\n" or character.isprintable() for character in printed)
        printed.encode("utf-8")

    @given(REPORTS)
    @example(CONTROL)
    def test_text_has_one_line_for_each_finding_and_two_for_its_place(self, report: Report) -> None:
        lines = report.render("text").split("\n")[:-1]
        ours = [line for line in lines if not line.startswith("    ")]
        assert len(lines) <= 3 * len(report.findings) + len(report.notes) + 1
        assert len(ours) <= len(report.findings) + len(report.notes) + 1

    @given(REPORTS)
    @example(CONTROL)
    def test_json_is_ascii_and_is_read_back(self, report: Report) -> None:
        printed = report.render("json")
        assert all(character == "\n" or " " <= character <= "~" for character in printed)
        assert len(json.loads(printed)["findings"]) == len(report.findings)


def test_text_shows_a_thousand_findings_and_counts_the_rest() -> None:
    report = sorted_report([Finding("a.json", line, 1, "some-rule", "wrong") for line in range(1, 1004)])
    lines = report.render("text").splitlines()
    assert lines[999] == "a.json:1000:1: some-rule: wrong"
    assert lines[1000] == "... and 3 findings more; --format json lists all"
    assert lines[1001].startswith("failed: 1,003 findings;")
    assert len(json.loads(report.render("json"))["findings"]) == 1003


def test_a_limit_is_kept_after_escaping() -> None:
    assert escaped("\x00" * 500, 20) == "\\u{0}" * 3 + "…"
    assert escaped("a" * 20, 20) == "a" * 20
    assert escaped("é\x00" * 3, 20) == "é\\u{0}" * 3
