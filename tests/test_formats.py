"""Holds each format of a report to its word: readable by what reads it, whole, and harmless whatever strings it holds.

What reads a format is here as a judge: the runner of GitHub in a few lines, the schema of SARIF, an XML parser, a Markdown
parser. The strings that are tried are what data and file names can hold at their worst. Reads no data and writes no file.
"""

from __future__ import annotations

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from venezuela_data.findings import (
    FORMATS,
    LISTED_FINDINGS,
    SHOWN_ANNOTATIONS,
    SHOWN_FINDINGS,
    SHOWN_MESSAGE,
    SUMMARY_BYTES,
    Finding,
    Report,
    escaped,
    github_summary,
    sorted_report,
)

SARIF = Draft202012Validator(json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text("utf-8")))

RULES = {
    "first-rule": "A first thing holds. It is so because of this.\n\nAnd of that.",
    "second-rule": "Another thing holds.",
    "third-rule": "A third.",
}
PLAIN = sorted_report(
    [
        Finding("seeds/b.json", 3, 5, "second-rule", "'x' is 1", "make it 2", '  "x": 1'),
        Finding("seeds/a b.json", 0, 0, "first-rule", "100% wrong", "run `fmt`"),
    ],
    checked={"file": 2, "row": 1},
    layers=("reading", "shape"),
    notes=("nothing was skipped",),
    rules=RULES,
)

HOSTILE = (
    "::error file=a,line=1::injected",
    "  ::stop-commands::x",
    "\n::set-env name=PATH::x",
    "a\r\n##[error]injected",
    "###[[group]",
    "%0A::error::x%250A",
    "a:1,b=2",
    "| a | b |",
    "\\| \\` ``` ` ``",
    "` x `",
    "**bold** _it_ ~~s~~ # h",
    "[link](http://a.example)",
    "![i](javascript:x) <http://a.example> https://a.example www.a.example a@b.example",
    "<script>alert(1)</script> <!-- --> &amp; &#60; ]]> <![CDATA[",
    "@user @org/team #1 GH-2 user/repo@0123456 :smile: $x$",
    "{0} {{1}} [x](2)",
    "\x00\x08\x1b[31m\x9b\ud800\udc80\ufffe\uffff\U0001ffff",
    "\u202e\u2066\u200b\u2028\ufeff\u00ad\u3164\u115f\U000e0041\U000e0100\u2800",
    "../a//b/./c:d?e#f%20",
    "//host/x",
    "",
    " ",
    "  x  ",
    "x" * 700,
)
ODD = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from(HOSTILE), max_size=3).map("".join),
    st.text(st.sampled_from("`|\\:#[]()<>&%*_@!\n\r \x1b\u202e\ud800a1\u6c49{}"), max_size=20),
    st.text(st.characters(), max_size=20),
)
CODES = st.sampled_from(tuple(RULES)) | ODD
FINDINGS = st.builds(Finding, ODD, st.integers(0, 9), st.integers(0, 30), CODES, ODD, ODD, ODD)
REPORTS = st.builds(
    sorted_report,
    st.lists(FINDINGS, max_size=4),
    checked=st.dictionaries(ODD, st.integers(0, 10**6), max_size=2),
    layers=st.lists(ODD, max_size=2).map(tuple),
    notes=st.lists(ODD, max_size=2).map(tuple),
    rules=st.just(RULES) | st.dictionaries(CODES, ODD, max_size=3),
)
EVERY = sorted_report(
    [Finding(text, 1, 1, text, text, text, text) for text in HOSTILE],
    checked=dict.fromkeys(HOSTILE, 1),
    layers=HOSTILE,
    notes=HOSTILE,
    rules={text: text for text in HOSTILE},
)
HIDDEN = re.compile("[\u115f\u1160\u2800\u3164\uffa0\u034f\ufe00-\ufe0d\U000e0000-\U000e0fff]")
COLOR = re.compile(r"\x1b\[(?:0|1|31|32|33)m")


def is_harmless(printed: str) -> bool:
    """Whether a text has nothing but visible characters, spaces and line feeds."""
    return not HIDDEN.search(printed) and all(
        one in "\n " or unicodedata.category(one) not in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs") for one in printed
    )


def said(finding: Finding) -> str:
    """What is wrong and what to do, as every format but `json` says it."""
    return escaped(finding.message + (f"; {finding.advice}" if finding.advice else ""), SHOWN_MESSAGE)


class TestEveryFormat:
    """Whatever strings a report holds, every format is printed, ends in one line feed, and has visible characters alone."""

    @pytest.mark.parametrize("form", FORMATS)
    @given(report=REPORTS)
    @example(report=EVERY)
    @example(report=Report())
    def test_it_is_harmless(self, form: str, report: Report) -> None:
        printed = report.render(form)
        assert is_harmless(printed)
        assert printed.endswith("\n")
        assert not printed.endswith("\n\n")
        printed.encode("utf-8")
        assert report.render(form) == printed

    @given(REPORTS)
    @example(EVERY)
    def test_color_adds_codes_of_ours_around_what_is_printed_without(self, report: Report) -> None:
        colored = report.render(color=True)
        assert COLOR.sub("", colored) == report.render()
        assert "\x1b" not in COLOR.sub("", colored)
        assert all(line.count("\x1b[0m") * 2 == line.count("\x1b") for line in colored.split("\n"))

    @given(REPORTS)
    def test_color_is_for_text_alone(self, report: Report) -> None:
        assert all(report.render(form, color=True) == report.render(form) for form in FORMATS if form != "text")


def test_on_a_terminal_path_rule_and_caret_have_a_color() -> None:
    assert PLAIN.render(color=True) == (
        "\x1b[1mseeds/a b.json\x1b[0m:0:0: \x1b[33mfirst-rule\x1b[0m: 100% wrong; run `fmt`\n"
        "\x1b[1mseeds/b.json\x1b[0m:3:5: \x1b[33msecond-rule\x1b[0m: 'x' is 1; make it 2\n"
        '      "x": 1\n'
        "\x1b[32m        ^\x1b[0m\n"
        "note: nothing was skipped\n"
        "\x1b[31mfailed\x1b[0m: 2 findings; 2 files, 1 row (reading, shape)\n"
    )
    assert Report().render(color=True).startswith("\x1b[32mok\x1b[0m: ")


def test_rules_change_neither_text_nor_json() -> None:
    without = Report(PLAIN.findings, PLAIN.checked, PLAIN.layers, PLAIN.notes)
    assert without.render("text") == PLAIN.render("text")
    assert without.render("json") == PLAIN.render("json")


# Workflow commands -------------------------------------------------------------------------------------------------------

Command = tuple[str, dict[str, str], str]


def unescaped(text: str, *more: tuple[str, str]) -> str:
    """Undo the percent signs in the order in which the runner does."""
    for code, character in (("%0D", "\r"), ("%0A", "\n"), *more, ("%25", "%")):
        text = text.replace(code, character)
    return text


def run_by_github(printed: str) -> tuple[list[Command], list[str]]:
    """Read a log as the runner of GitHub does: the commands that it carries out, and the lines that it prints."""
    commands: list[Command] = []
    lines: list[str] = []
    token = ""
    known = {"error", "warning", "notice", "stop-commands", "set-env", "add-path", "group", "debug", "add-mask"}
    for line in printed.split("\n"):
        found = re.match(r"::(.+?)::(.*)", line.lstrip())
        name, _, stated = found[1].partition(" ") if found else ("", "", "")
        if not found or name.lower() not in known | {token} - {""}:
            # The older form of a command is looked for anywhere in a line.
            assert "##[" not in line
            lines.append(line)
        elif token:
            assert name == token, f"a command within the plain report: {line!r}"
            token = ""
        elif name == "stop-commands":
            token = found[2]
        else:
            pairs = [one.split("=", 1) for one in stated.split(",") if one]
            values = {pair[0]: unescaped(pair[1], ("%3A", ":"), ("%2C", ",")) for pair in pairs if len(pair) == 2}
            commands.append((name, values, unescaped(found[2])))
    assert not token, "commands stay off"
    return commands, lines


class TestGitHub:
    """The runner carries out our commands and no other, and prints the plain report."""

    @given(REPORTS)
    @example(EVERY)
    def test_no_data_becomes_a_command(self, report: Report) -> None:
        printed = report.render("github")
        commands, lines = run_by_github(printed)
        shown = min(len(report.findings), 2 * SHOWN_ANNOTATIONS)
        assert [name for name, *_ in commands] == ["error"] * min(shown, SHOWN_ANNOTATIONS) + ["warning"] * max(
            0, shown - SHOWN_ANNOTATIONS
        ) + ["notice"] * (len(report.findings) > shown)
        assert all(set(values) <= {"file", "line", "col", "title"} for _, values, _ in commands)
        assert not any(line.lstrip().startswith("::") for line in lines)
        ours = [line for line in printed.split("\n") if line.startswith("::")]
        assert len(ours) == len(commands) + 2
        assert "##[" not in printed

    @given(REPORTS)
    @example(EVERY)
    def test_an_annotation_says_place_rule_fault_and_advice(self, report: Report) -> None:
        commands, _ = run_by_github(report.render("github"))

        def quoted(text: str) -> str:
            return re.sub(r"#(?=#\[)", r"\\u{23}", re.sub("^( *):(?=:)", r"\1\\u{3a}", text))

        expected = [
            (
                {
                    "file": quoted(escaped(one.path)),
                    "line": str(one.line) if one.line else "",
                    "col": str(one.column) if one.line and one.column else "",
                    "title": quoted(escaped(one.rule)),
                },
                escaped(one.message, SHOWN_MESSAGE) + "\n" * bool(one.advice) + escaped(one.advice, SHOWN_MESSAGE),
            )
            for one in report.findings
        ]
        found = [({"file": "", "line": "", "col": "", "title": "", **values}, said) for _, values, said in commands]
        for values, message in found[: 2 * SHOWN_ANNOTATIONS]:
            assert (values, message) in [(given, quoted(message)) for given, message in expected]

    @given(REPORTS)
    def test_what_turns_commands_on_again_depends_on_the_report(self, report: Report) -> None:
        other = sorted_report([*report.findings, Finding("new", 1, 1, "r", "m")], rules=report.rules)
        token = report.render("github").rstrip("\n").rpartition("\n")[2]
        assert re.fullmatch("::[0-9a-f]{32}::", token)
        assert token not in other.render("github")


def test_a_log_has_commands_first_and_then_the_report_as_it_is() -> None:
    printed = PLAIN.render("github")
    assert printed.startswith(
        "::error file=seeds/a b.json,title=first-rule::100%25 wrong%0Arun `fmt`\n"
        "::error file=seeds/b.json,line=3,col=5,title=second-rule::'x' is 1%0Amake it 2\n"
        "::stop-commands::"
    )
    assert "\n".join(run_by_github(printed)[1]) == PLAIN.render("text")


def test_a_clean_report_has_no_annotation() -> None:
    assert run_by_github(Report((), {"file": 1}).render("github")) == ([], ["ok: 1 file", ""])


def test_github_is_given_ten_errors_ten_warnings_and_where_the_rest_is() -> None:
    report = sorted_report([Finding(f"{number:02}.json", 1, 1, "r", "m") for number in range(23)])
    commands, lines = run_by_github(report.render("github"))
    assert [name for name, *_ in commands] == ["error"] * 10 + ["warning"] * 10 + ["notice"]
    assert commands[-1][2] == "3 findings more: the whole list is in the summary of this step and in its log"
    assert len([line for line in lines if ": r: m" in line]) == 23
    exactly = sorted_report(report.findings[:20]).render("github")
    assert "notice" not in exactly


def test_findings_of_rules_that_stand_first_are_annotated_first() -> None:
    findings = [Finding("a", 1, 1, code, "m") for code in ("unlisted", "third-rule", "second-rule")]
    findings += [Finding(path, line, 1, "first-rule", "m") for path, line in (("z", 2), ("z", 1), ("b", 9))]
    commands, _ = run_by_github(sorted_report(findings, rules=RULES).render("github"))
    assert [(values["title"], values["file"], values["line"]) for _, values, _ in commands] == [
        ("first-rule", "b", "9"),
        ("first-rule", "z", "1"),
        ("first-rule", "z", "2"),
        ("second-rule", "a", "1"),
        ("third-rule", "a", "1"),
        ("unlisted", "a", "1"),
    ]


# SARIF -------------------------------------------------------------------------------------------------------------------


def sarif_run(report: Report) -> dict[str, Any]:
    """The one run of a report in SARIF, held against the schema."""
    log = json.loads(report.render("sarif"))
    SARIF.validate(log)
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def read_message(message: dict[str, str]) -> str:
    """Give a message of SARIF as a viewer shows it."""
    assert not re.search(r"(?<!\{)(?:\{\{)*\{[0-9]+\}", message["text"]), "a placeholder"
    assert "](" not in message["text"], "a link"
    return message["text"].replace("{{", "{").replace("}}", "}")


class TestSarif:
    """A log of SARIF is valid by the schema of the standard, and holds every finding with its place and rule."""

    @given(REPORTS)
    @example(EVERY)
    @example(Report())
    def test_it_is_valid_and_holds_every_finding(self, report: Report) -> None:
        run = sarif_run(report)
        rules = run["tool"]["driver"]["rules"]
        assert len(run["results"]) == len(report.findings)
        assert len({rule["id"] for rule in rules}) == len(rules)
        for result, finding in zip(run["results"], report.findings, strict=True):
            assert result["ruleId"] == escaped(finding.rule) == rules[result["ruleIndex"]]["id"]
            assert read_message(result["message"]) == (said(finding).replace("](", "]\\u{28}") or "-")
            assert result["level"] == "error"
            (location,) = (one["physicalLocation"] for one in result["locations"])
            region = (
                {"startLine": finding.line, "startColumn": finding.column} if finding.column else {"startLine": finding.line}
            )
            assert location.get("region") == (region if finding.line else None)

    @given(REPORTS)
    @example(EVERY)
    def test_a_path_is_a_relative_reference_that_leads_to_the_file(self, report: Report) -> None:
        for result, finding in zip(sarif_run(report)["results"], report.findings, strict=True):
            file = result["locations"][0]["physicalLocation"]["artifactLocation"]
            assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", file["uri"].removeprefix("file://"))
            assert file["uri"].startswith("file:///") == finding.path.startswith("/") == ("uriBaseId" not in file)
            name = unquote(file["uri"].removeprefix("file://"), errors="surrogateescape")
            if not re.search("[\ud800-\udfff]", finding.path):
                assert name == (finding.path or ".")

    @given(REPORTS)
    def test_a_finding_that_moved_keeps_its_fingerprint(self, report: Report) -> None:
        moved = Report(tuple(Finding(f.path, f.line + 7, 1, f.rule, f.message) for f in report.findings), rules=report.rules)
        prints = [[one["partialFingerprints"] for one in sarif_run(which)["results"]] for which in (report, moved)]
        assert prints[0] == prints[1]


def test_sarif_names_the_tool_the_place_and_what_was_looked_at() -> None:
    run = sarif_run(PLAIN)
    assert (run["tool"]["driver"]["name"], run["tool"]["driver"]["version"]) == ("venezuela-data", version("venezuela-data"))
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["properties"] == {"layers": ["reading", "shape"], "checked": {"file": 2, "row": 1}}
    (invocation,) = run["invocations"]
    assert [(one["level"], one["message"]["text"]) for one in invocation["toolExecutionNotifications"]] == [
        ("note", "nothing was skipped")
    ]
    whole, spot = (result["locations"][0]["physicalLocation"] for result in run["results"])
    assert whole == {"artifactLocation": {"uri": "seeds/a%20b.json", "uriBaseId": "%SRCROOT%"}}
    assert spot["region"] == {"startLine": 3, "startColumn": 5}
    assert set(run["originalUriBaseIds"]) == {"%SRCROOT%"}


def test_sarif_describes_every_rule_that_was_held_against_the_data() -> None:
    rules = sarif_run(PLAIN)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert rules[0]["shortDescription"]["text"] == "A first thing holds."
    assert rules[0]["fullDescription"]["text"] == "A first thing holds. It is so because of this.\n\nAnd of that."
    assert "venezuela-data explain first-rule" in rules[0]["help"]["text"]
    assert [result["ruleIndex"] for result in sarif_run(PLAIN)["results"]] == [0, 1]


def test_fingerprints_tell_findings_apart_by_path_rule_and_message() -> None:
    parts = [("a", "b", "c"), ("ab", "", "c"), ("a", "bc", ""), ("a", "b", "d")]
    report = Report(tuple(Finding(path, 1, 1, rule, message) for path, rule, message in parts))
    prints = [one["partialFingerprints"]["pathRuleMessage/v1"] for one in sarif_run(report)["results"]]
    assert len(set(prints)) == len(parts)


def test_a_path_whose_bytes_are_no_text_keeps_its_bytes() -> None:
    (result,) = sarif_run(Report((Finding("a\udcff/é", 1, 1, "r", "m"),)))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%FF/%C3%A9"


# JUnit -------------------------------------------------------------------------------------------------------------------


def suites_of(report: Report) -> list[ET.Element]:
    """The suites of a report in JUnit's XML, after a look at what viewers count on."""
    root = ET.fromstring(report.render("junit"))  # noqa: S314  # it is our own output
    assert root.tag == "testsuites"
    suites = list(root)
    for suite in suites:
        cases = suite.findall("testcase")
        assert suite.tag == "testsuite"
        assert [one.tag for one in suite if one.tag != "testcase"] in ([], ["system-out"])
        assert cases
        assert all({"name", "classname", "time"} <= set(case.attrib) for case in cases)
        assert all({one.tag for one in case} <= {"failure"} for case in cases)
        assert int(suite.attrib["tests"]) == len(cases)
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
    for count in ("tests", "failures", "errors"):
        assert int(root.attrib[count]) == sum(int(suite.attrib[count]) for suite in suites)
    return suites


class TestJUnit:
    """Whatever the data, the XML is well-formed; each finding is a test that failed, each rule that holds one that passed."""

    @given(REPORTS)
    @example(EVERY)
    @example(Report())
    def test_every_finding_failed_and_every_other_rule_passed(self, report: Report) -> None:
        suites = suites_of(report)
        failed = [
            (failure.attrib["type"], failure.attrib["message"])
            for suite in suites
            for failure in suite.findall("testcase/failure")
        ]
        assert sorted(failed) == sorted((escaped(one.rule), said(one)) for one in report.findings)
        found = {one.rule for one in report.findings}
        passed = [suite.attrib["name"] for suite in suites if suite.attrib["failures"] == "0"]
        nothing = [] if report.findings or report.rules else ["venezuela-data"]
        assert passed == [escaped(code) for code in report.rules if code not in found] + nothing


def test_a_failure_has_its_place_and_the_lines_of_the_text_format() -> None:
    first, second, third = suites_of(PLAIN)
    assert [suite.attrib["name"] for suite in (first, second, third)] == list(RULES)
    (case,) = second.findall("testcase")
    assert case.attrib["name"] == "seeds/b.json:3:5: 'x' is 1"
    assert (case.attrib["classname"], case.attrib["file"], case.attrib["line"]) == ("second-rule", "seeds/b.json", "3")
    assert case.findtext("failure") == "seeds/b.json:3:5: second-rule: 'x' is 1; make it 2\n      \"x\": 1\n        ^"
    assert first.find("testcase").attrib["name"] == "seeds/a b.json: 100% wrong"  # type: ignore[union-attr]
    assert first.findtext("system-out") == "nothing was skipped\n2 files, 1 row"
    assert third.find("testcase/failure") is None


# Markdown ----------------------------------------------------------------------------------------------------------------

MARKDOWN = MarkdownIt("commonmark").enable("table")


def cells_of(printed: str) -> list[list[str]]:
    """Read the rows of a report's table, and see that all that is data is code and all else is ours."""
    cells: list[list[str]] = []
    tokens = MARKDOWN.parse(printed)
    assert len([one for one in tokens if one.type == "table_open"]) <= 1
    assert not [one for one in tokens if one.type in ("html_block", "fence", "code_block", "blockquote_open", "hr")]
    assert [one.tag for one in tokens if one.type == "heading_open"] == ["h2"]
    in_body = in_cell = False
    for token in tokens:
        in_body = token.type == "tbody_open" or (in_body and token.type != "tbody_close")
        in_cell = token.type == "td_open" or (in_cell and token.type != "td_close")
        if in_body and token.type == "tr_open":
            cells.append([])
        for part in token.children or ():
            assert part.type in ("text", "code_inline"), part
            assert not in_cell or part.type == "code_inline"
            if part.type == "text":
                assert re.fullmatch(r"[A-Za-z0-9 ,.:;-]*", part.content), part.content
        if in_cell and token.type == "inline":
            cells[-1].append("".join(part.content for part in token.children or ()))
    return cells


def cell(text: str) -> str:
    return text.replace("|", "\\u{7c}") if text.strip() else ""


class TestMarkdown:
    """A report in Markdown is one table with one row for each finding, and all that is data is code."""

    @pytest.mark.parametrize("printer", [lambda report: report.render("markdown"), github_summary], ids=["markdown", "summary"])
    @given(report=REPORTS)
    @example(report=EVERY)
    @example(report=Report())
    def test_every_finding_is_a_row_and_no_data_is_markup(self, printer: Any, report: Report) -> None:
        expected = [
            [
                cell(f"{escaped(one.path)}:{one.line}:{one.column}" if one.line else escaped(one.path)),
                cell(escaped(one.rule)),
                cell(escaped(one.message, SHOWN_MESSAGE)),
                cell(escaped(one.advice, SHOWN_MESSAGE)),
            ]
            for one in report.findings
        ]
        assert cells_of(printer(report)) == expected


def test_markdown_has_a_heading_counts_notes_and_a_table() -> None:
    assert PLAIN.render("markdown") == (
        "## venezuela-data: 2 findings\n"
        "\n"
        "Looked at `2 files, 1 row` in `reading, shape`.\n"
        "\n"
        "- `nothing was skipped`\n"
        "\n"
        "| place | rule | what is wrong | what to do |\n"
        "| --- | --- | --- | --- |\n"
        "| `seeds/a b.json` | `first-rule` | `100% wrong` | `` run `fmt` `` |\n"
        "| `seeds/b.json:3:5` | `second-rule` | `'x' is 1` | `make it 2` |\n"
    )
    assert Report((), {"file": 1}).render("markdown") == "## venezuela-data: ok\n\nLooked at `1 file`.\n"


def test_markdown_lists_a_thousand_findings_and_counts_the_rest() -> None:
    report = sorted_report([Finding("a.json", line, 1, "r", "m") for line in range(1, SHOWN_FINDINGS + 4)])
    printed = report.render("markdown")
    assert len(cells_of(printed)) == SHOWN_FINDINGS
    assert printed.endswith("\n\n... and 3 findings more; `--format json` lists all.\n")
    assert len(cells_of(github_summary(report))) == SHOWN_FINDINGS + 3


@pytest.mark.parametrize(
    ("message", "count"), [("", 50_000), ("é" * SHOWN_MESSAGE, 5000), ("\U0001f600" * SHOWN_MESSAGE, 5000)]
)
def test_a_summary_is_as_long_as_github_shows_and_counts_the_rest(message: str, count: int) -> None:
    report = sorted_report([Finding("a.json", line, 1, "r", message) for line in range(1, count + 1)])
    printed = github_summary(report)
    row = max(len(line.encode()) for line in printed.split("\n"))
    assert SUMMARY_BYTES - row - 400 < len(printed.encode()) <= SUMMARY_BYTES
    rows = printed.count("| `a.json:")
    listed = "all" if count <= LISTED_FINDINGS else f"{LISTED_FINDINGS:,}"
    assert printed.endswith(f"\n\n... and {count - rows:,} findings more; `--format json` lists {listed}.\n")


def test_a_summary_leaves_out_a_row_that_does_not_fit_and_what_follows() -> None:
    report = sorted_report([Finding(path, 1, 1, "r", "m") for path in ("a", "b" * SUMMARY_BYTES, "c")])
    printed = github_summary(report)
    assert [row[0] for row in cells_of(printed)] == ["a:1:1"]
    assert printed.endswith("... and 2 findings more; `--format json` lists all.\n")


def test_what_formats_for_programs_leave_out_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("venezuela_data.findings.LISTED_FINDINGS", 10)
    report = sorted_report([Finding("a.json", line, 1, f"r{line % 3}", "m") for line in range(1, 26)])
    told = json.loads(report.render("json"))
    assert (len(told["findings"]), told["more"], told["notes"]) == (10, 15, ["15 findings more: mend these first"])
    (run,) = json.loads(report.render("sarif"))["runs"]
    assert len(run["results"]) == 10
    assert "15 findings more" in json.dumps(run["invocations"])
    suites = ET.fromstring(report.render("junit"))  # noqa: S314  # it is our own output
    assert (suites.get("failures"), len(list(suites.iter("failure")))) == ("25", 10)
    assert [int(one.get("failures", 0)) for one in suites.iter("testsuite")] == [9, 8, 8]
    assert "15 findings more" in report.render("junit")
    whole = sorted_report(report.findings[:10])
    assert "more" not in json.loads(whole.render("json"))
