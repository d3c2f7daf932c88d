"""Holds the files that a code host and its tools read: workflow, action, hooks, forms, citation, contributors' pages.

The scripts of the action and the workflow are run here as they stand, with a stand-in for the command. Judges from outside
(zizmor, check-jsonschema, prek) run offline, and a test says which one it misses. Never changes a file of the checkout.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
WORKFLOW = ROOT / ".github" / "workflows" / "validate.yml"
ACTION = ROOT / "action.yml"

SCHEMAS = {
    ".github/workflows/validate.yml": ("vendor.github-workflows", "custom.github-workflows-require-timeout"),
    ".github/dependabot.yml": ("vendor.dependabot",),
    ".github/ISSUE_TEMPLATE/add-a-source.yml": ("vendor.github-issue-forms",),
    ".github/ISSUE_TEMPLATE/config.yml": ("vendor.github-issue-config",),
    ".github/ISSUE_TEMPLATE/person-disputes-a-record.yml": ("vendor.github-issue-forms",),
    ".github/ISSUE_TEMPLATE/record-is-wrong.yml": ("vendor.github-issue-forms",),
    "action.yml": ("vendor.github-actions",),
    "CITATION.cff": ("vendor.citation-file-format",),
}
"""The schemas, carried by check-jsonschema itself, that each file must keep."""

HOOKS: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "array",
    "minItems": 2,
    "maxItems": 2,
    "items": {
        "type": "object",
        "required": ["id", "name", "description", "entry", "language", "files", "pass_filenames", "require_serial"],
        "additionalProperties": False,
        "properties": {
            "id": {"enum": ["venezuela-data-fmt", "venezuela-data-validate"]},
            "name": {"type": "string"},
            "description": {"type": "string"},
            "entry": {"enum": ["venezuela-data fmt", "venezuela-data validate"]},
            "language": {"const": "python"},
            "additional_dependencies": {"type": "array", "items": {"type": "string"}},
            "files": {"type": "string", "format": "regex"},
            "pass_filenames": {"const": False},
            "require_serial": {"const": True},
        },
    },
}
"""What the hooks must be: pre-commit publishes no schema that check-jsonschema carries."""


def judge(name: str) -> str:
    """Give the command of a judge from outside, or skip what needs it."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"skipped: {name} is not installed; the extra test brings it")
    return found


def accepted(command: list[str | Path], cwd: Path = ROOT) -> tuple[bool, str]:
    done = subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False, timeout=120)
    return done.returncode == 0, done.stdout + done.stderr


# Judges from outside -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "schema"), [(path, one) for path, names in SCHEMAS.items() for one in names])
def test_check_jsonschema_accepts_each_file(path: str, schema: str) -> None:
    ok, said = accepted([judge("check-jsonschema"), "--builtin-schema", schema, path])
    assert ok, said


def test_every_file_for_the_code_host_is_held_to_a_schema() -> None:
    there = {str(path.relative_to(ROOT)) for path in (ROOT / ".github").rglob("*.y*ml")}
    assert there == {path for path in SCHEMAS if path.startswith(".github/")}


def test_check_jsonschema_accepts_the_hooks(tmp_path: Path) -> None:
    (tmp_path / "hooks.json").write_text(json.dumps(HOOKS), "utf-8")
    ok, said = accepted([judge("check-jsonschema"), "--schemafile", tmp_path / "hooks.json", ".pre-commit-hooks.yaml"])
    assert ok, said


def test_prek_accepts_the_hooks() -> None:
    ok, said = accepted([judge("prek"), "validate-manifest", ".pre-commit-hooks.yaml"])
    assert ok, said


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("actor", "actors/nicolas-maduro.json"),
        ("event", "events/trump-maduro-call.json"),
        ("claims", "sources/observer-net-trump-maduro-call/claims.json"),
        ("vocabulary", "vocabularies/voice.json"),
    ],
)
def test_check_jsonschema_accepts_a_seed_file_by_the_emitted_schema(schema: str, file: str) -> None:
    ok, said = accepted([judge("check-jsonschema"), "--schemafile", f"schema/{schema}.schema.json", f"seeds/{file}"])
    assert ok, said


def zizmor(folder: Path) -> tuple[bool, str]:
    return accepted([judge("zizmor"), "--offline", "--no-progress", "--pedantic", "--strict-collection", "."], folder)


def copy_for_zizmor(folder: Path) -> Path:
    shutil.copytree(ROOT / ".github", folder / ".github")
    for name in ("action.yml", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder)
    return folder


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    ok, said = zizmor(copy_for_zizmor(tmp_path))
    assert ok, said


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (".github/workflows/validate.yml", "permissions:\n  contents: read\n", "permissions: write-all\n"),
        (".github/workflows/validate.yml", "  pull_request:\n", "  pull_request_target:\n"),
        (".github/workflows/validate.yml", "persist-credentials: false", "fetch-tags: false"),
        ("action.yml", "${DATA_PATH:-.}", "${{ inputs.path }}"),
    ],
)
def test_zizmor_is_awake(tmp_path: Path, path: str, old: str, new: str) -> None:
    file = copy_for_zizmor(tmp_path) / path
    assert old in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    assert not zizmor(tmp_path)[0]


# What they must say ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [WORKFLOW, ACTION], ids=lambda path: path.name)
def test_every_action_is_pinned_by_hash_with_its_version(path: Path) -> None:
    used = re.findall(r"uses: (.+)", path.read_text("utf-8"))
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+", one) for one in used), used


def test_the_workflow_has_no_secret_and_can_only_read() -> None:
    text = WORKFLOW.read_text("utf-8")
    assert "secrets." not in text
    assert "pull_request_target" not in text
    assert "workflow_run" not in text
    assert re.findall(r"permissions:\n((?: +.+\n)+)", text) == ["  contents: read\n"]
    jobs = text.partition("\njobs:\n")[2]
    assert len(re.findall(r"^  \w+:$", jobs, re.MULTILINE)) == jobs.count("timeout-minutes:")
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")
    assert "cache:" not in text


def test_the_workflow_runs_the_checks_that_a_contributor_runs() -> None:
    assert "- run: .ci/run\n" in WORKFLOW.read_text("utf-8")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_form_of_a_person_warns_before_anything_is_asked() -> None:
    text = (ROOT / ".github/ISSUE_TEMPLATE/person-disputes-a-record.yml").read_text("utf-8")
    warning = text.index("Do not post private facts")
    assert warning < text.index("- type: input")
    # The only text field is for what may be public, and nobody must fill it in.
    assert text.count("- type: textarea") == 1
    assert "required" not in text[text.index("- type: textarea") : text.index("- type: checkboxes")]


def test_no_link_and_no_other_repository_is_among_the_files() -> None:
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-s", "-z"], capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("skipped: this is no git checkout, so there is no list of the project's files")
    entries = [entry for entry in listed.stdout.decode().split("\0") if entry]
    # The bad tree of a rule on paths has a link, for that rule to find.
    others = [one for one in entries if not one.startswith(("100644", "100755")) and "\ttests/broken/" not in one]
    assert not others


# The scripts, run as they stand ------------------------------------------------------------------------------------------


def script(path: Path, after: str) -> str:
    """Give the script of the first step of a file at or after some words, as the runner would hand it to bash."""
    lines = path.read_text("utf-8").partition(after)[2].split("\n")
    first = next(n for n, line in enumerate(lines) if line.lstrip().startswith("run: |")) + 1
    depth = len(lines[first]) - len(lines[first].lstrip())
    taken = []
    for line in lines[first:]:
        if line.strip() and len(line) - len(line.lstrip()) < depth:
            break
        taken.append(line[depth:])
    return "\n".join(taken)


def stand_in(path: Path, code: int = 0) -> Path:
    """Write a command that notes its arguments beside itself, prints a line and ends with a code."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nprintf "%s\\0" "$@" >>"$0.arguments"\necho said\nexit {code}\n', "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def arguments(command: Path) -> list[str]:
    return command.with_name(command.name + ".arguments").read_text("utf-8").split("\0")[:-1]


def bash(text: str, cwd: Path, **env: str | Path) -> subprocess.CompletedProcess[str]:
    if shutil.which("bash") is None:
        pytest.skip("skipped: the scripts of the action and the workflow cannot be run without bash")
    # So the runner starts bash for a step that names it.
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
    given = {"PATH": os.environ.get("PATH", os.defpath), **{name: str(value) for name, value in env.items()}}
    return subprocess.run(command, cwd=cwd, env=given, capture_output=True, encoding="utf-8", check=False, timeout=60)


HOSTILE = "$(touch stolen) `touch stolen` '\" ; touch stolen"


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_the_action_hands_on_what_it_is_given_word_by_word(tmp_path: Path, code: int) -> None:
    command = stand_in(tmp_path / "venezuela-data", code)
    done = bash(
        script(ACTION, "- id: validate"),
        tmp_path,
        COMMAND=command,
        PLACE=tmp_path,
        DATA_PATH=f"--help {HOSTILE}",
        FORMAT="sarif",
        SOURCE_TEXT=HOSTILE,
        ARGUMENTS=f"--ignore=coverage-is-kept\n\n--select={HOSTILE}\n",
        GITHUB_OUTPUT=tmp_path / "output",
    )
    assert done.returncode == code
    assert arguments(command) == [
        *("validate", "--format=sarif", f"--source-text={HOSTILE}", "--ignore=coverage-is-kept", f"--select={HOSTILE}"),
        *("--", f"--help {HOSTILE}"),
    ]
    assert not (tmp_path / "stolen").exists()
    assert (tmp_path / "output").read_text("utf-8") == f"exit-code={code}\nreport={tmp_path}/report\n"
    assert (tmp_path / "report").read_text("utf-8") == "said\n"
    assert "said" not in done.stdout  # A report for a program is kept in the file alone.


def test_the_action_shows_annotations_of_the_whole_workspace_if_nothing_is_asked(tmp_path: Path) -> None:
    command = stand_in(tmp_path / "venezuela-data")
    nothing = dict.fromkeys(("DATA_PATH", "FORMAT", "SOURCE_TEXT", "ARGUMENTS"), "")
    done = bash(
        script(ACTION, "- id: validate"),
        tmp_path,
        COMMAND=command,
        PLACE=tmp_path,
        GITHUB_OUTPUT=tmp_path / "output",
        **nothing,
    )
    assert arguments(command) == ["validate", "--format=github", "--", "."]
    assert done.stdout == "said\n"


@pytest.mark.parametrize(
    ("version", "package"),
    [("", "/some where/action[validate]"), ("0.1.0", "venezuela-data[validate]==0.1.0"), (HOSTILE, None)],
)
def test_the_action_installs_its_own_checkout_or_a_version(tmp_path: Path, version: str, package: str | None) -> None:
    """The stand-in for Python makes the environment with a stand-in for its Python."""
    python = stand_in(tmp_path / "python")
    inner = stand_in(tmp_path / "inner")
    with python.open("a", encoding="utf-8") as file:
        file.seek(0)
        file.truncate()
        file.write(f'#!/bin/sh\nfor last; do :; done\nmkdir -p "$last/bin"\ncp "{inner}" "$last/bin/python"\n')
    done = bash(
        script(ACTION, "- id: install"),
        tmp_path,
        PYTHON=python,
        VERSION=version,
        GITHUB_ACTION_PATH="/some where/action",
        RUNNER_TEMP=tmp_path,
        GITHUB_OUTPUT=tmp_path / "output",
    )
    assert not (tmp_path / "stolen").exists()
    if package is None:
        assert done.returncode == 2
        return
    assert done.returncode == 0, done.stderr
    (used,) = tmp_path.glob("venezuela-data.*/env/bin/python")
    assert arguments(used) == ["-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]
    place = used.parent.parent.parent
    assert (tmp_path / "output").read_text("utf-8") == f"place={place}\ncommand={place}/env/bin/venezuela-data\n"


@pytest.mark.parametrize(("code", "warned"), [(0, False), (1, False), (2, True), (3, True)])
def test_the_workflow_says_what_a_pull_request_changes_and_never_fails_for_that(
    tmp_path: Path, code: int, warned: bool
) -> None:
    temp, checkout = tmp_path / "temp", tmp_path / "checkout"
    command = stand_in(temp / "env" / "bin" / "venezuela-data", code)
    checkout.mkdir()
    who = "-c user.name=Tester -c user.email=tester@example.org -c commit.gpgsign=false"
    made = bash(
        f"git init -q .; touch base; git add base; git {who} commit -qm base; git mv base head; git {who} commit -qm head",
        checkout,
        HOME=tmp_path,
    )
    assert made.returncode == 0, made.stderr
    (tmp_path / "summary").write_text("before\n", "utf-8")
    done = bash(
        script(WORKFLOW, "- name: Say what the pull request changes"),
        checkout,
        HOME=tmp_path,
        RUNNER_TEMP=temp,
        GITHUB_STEP_SUMMARY=tmp_path / "summary",
    )
    assert done.returncode == 0, done.stderr
    assert arguments(command) == ["diff", f"{temp}/base", ".", "--format", "markdown"]
    assert [path.name for path in (temp / "base").iterdir() if path.name != ".git"] == ["base"]
    assert (tmp_path / "summary").read_text("utf-8") == ("before\n" if warned else "before\nsaid\n")
    assert ("::warning::" in done.stdout) is warned


# The contributors' pages -------------------------------------------------------------------------------------------------

PAGES = ("CONTRIBUTING.md", "CONTRIBUTING.es.md")


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_both_languages_have_the_same_sections_commands_and_links() -> None:
    english, spanish = (page(name) for name in PAGES)
    for what in (r"^#+ ", r"^```(?:sh|yaml|text)\n.*?^```$", r"^- ", r"^[0-9]\. ", r"^\| "):
        found = [re.findall(what, one, re.MULTILINE | re.DOTALL) for one in (english, spanish)]
        if what.startswith("^```"):
            assert found[0] == found[1]
        assert len(found[0]) == len(found[1]), what
    code = [set(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", one)) for one in (english, spanish)]
    assert code[0] == code[1]
    links = [re.findall(r"\]\(([^)]+)\)", one)[1:] for one in (english, spanish)]  # The first leads to the other language.
    assert links[0] == links[1]


@pytest.mark.parametrize("name", [*PAGES, "docs/tutorial.md", ".github/PULL_REQUEST_TEMPLATE.md"])
def test_links_of_the_contributors_pages_lead_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page(name)):
        if not link.startswith("https://"):
            assert ((ROOT / name).parent / link).exists(), link


@pytest.mark.parametrize("name", [*PAGES, "docs/tutorial.md"])
def test_rules_that_the_contributors_pages_name_exist(name: str) -> None:
    from venezuela_data.validation import CODES

    named = set(re.findall(r"`(?:venezuela-data explain )?([a-z]+(?:-[a-z]+){2,})`", page(name)))
    records = {path.stem for path in (ROOT / "seeds").rglob("*.json")} | {"harbor-gazette-pier"}
    assert named <= set(CODES) | records, named - set(CODES) - records
