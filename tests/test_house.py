"""Holds the house in order: imports in one direction, names that are kept, documents that are true, clean files.

Reads the project's own files and the installed package; never changes one.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import venezuela_data

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "venezuela_data"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_data" not in path.relative_to(PACKAGE).parts[:-1])

ORDER = (
    *(
        "dates",
        "text",
        "patterns",
        "findings",
        "values",
        "models",
        "lifecycle",
        "coverage",
        "origins",
        "syntax",
        "history",
        "records",
    ),
    *("tables", "unfolding", "dossier", "shape"),
    *(
        "store",
        "archive",
        "place",
        "build",
        "continuity",
        "rules",
        "package",
        "engine",
        "validation",
        "authoring",
        "explanations",
        "versions",
    ),
    *("search", "frames", "relations", "perspectives", "tabular", "dataset", "citing", "export"),
    *("releasing", "revisions", "distribution", "cli", "__main__"),
)
INDEPENDENT = ("dates", "text", "patterns", "findings")


def room_of(path: Path) -> str:
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports_of(path: Path) -> set[str]:
    """Give the rooms of the package that a module imports, at any depth of it, type checking alone excepted."""
    rooms = set()
    depth = len(path.relative_to(PACKAGE).parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            named = [node.module.split(".")[0]] if node.module else [alias.name for alias in node.names]
            rooms.update(named)
        elif isinstance(node, ast.Import):
            rooms.update(alias.name.split(".")[1] for alias in node.names if alias.name.startswith("venezuela_data."))
    return rooms


@pytest.mark.parametrize("path", [path for path in MODULES if path.parent != PACKAGE or path.stem != "__init__"], ids=room_of)
def test_imports_point_up_the_street(path: Path) -> None:
    room = room_of(path)
    allowed = set() if room in INDEPENDENT else set(ORDER[: ORDER.index(room)])
    assert imports_of(path) <= allowed


def test_every_module_has_its_place_in_the_order() -> None:
    assert {room_of(path) for path in MODULES} == {"__init__", *ORDER}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_says_what_it_is_and_stays_short(path: Path) -> None:
    text = path.read_text("utf-8")
    opening = ast.get_docstring(ast.parse(text)) or ""
    assert 3 <= len(opening.splitlines()) <= 8
    assert len(text.splitlines()) <= 660


def test_public_names_are_sorted_complete_and_there() -> None:
    assert venezuela_data.__all__ == sorted(venezuela_data.__all__)
    for name in venezuela_data.__all__:
        assert getattr(venezuela_data, name) is not None
    assert set(venezuela_data.__all__) <= set(dir(venezuela_data))


def test_validate_stays_a_function_whatever_was_imported_before() -> None:
    code = "import venezuela_data as vd; vd.load(); import venezuela_data.cli; assert callable(vd.validate)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd="/")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'laod'"):
        venezuela_data.laod  # noqa: B018  # asking for it is the test


HEAVY = (
    *(
        "frictionless",
        "jsonschema",
        "rich",
        "pandas",
        "polars",
        "pyarrow",
        "nanoarrow",
        "networkx",
        "duckdb",
        "pydantic",
        "click",
    ),
    "venezuela_data.models",
)


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, venezuela_data; print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd="/").stdout
    assert not set(loaded.split()) & set(HEAVY)
    assert "venezuela_data" in loaded.split()


def test_the_installed_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert version("venezuela-data") == project["version"]


def test_project_citation_changelog_and_data_have_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert re.findall('^version: "(.+)"$', (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE) == [project["version"]]
    assert re.findall("^## ([0-9.]+) ", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)[0] == project["version"]
    assert venezuela_data.load(ROOT).version.removesuffix("+unreleased") == project["version"]


RULE_PAGES = ("EDITORIAL.md", "DATASHEET.md", "ARCHITECTURE.md", "README.md")


def test_every_rule_that_a_page_names_exists() -> None:
    from venezuela_data.validation import CODES

    for page in RULE_PAGES:
        named = re.findall(r"`([a-z]+(?:-[a-z]+){2,})`", (ROOT / page).read_text("utf-8"))
        assert {one for one in named if one not in CODES} <= {"trump-maduro-call"}, page


README = (ROOT / "README.md").read_text("utf-8")


def test_ci_runs_the_commands_of_the_readme() -> None:
    assert 'python3 -m venv .venv && .venv/bin/pip install ".[validate]" && .venv/bin/venezuela-data validate\n' in README
    assert "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest\n" in README


def test_the_python_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    code = "\n".join(block for block in blocks if "plt." not in block and "duckdb" not in block)  # test_examples runs these two
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  # the README's own example is what is tested
    printed = capsys.readouterr().out
    assert "Carvajal is wrong for diosdado-cabello" in printed
    assert "2025-11-21 2025-11-23" in printed


def test_every_command_is_in_the_readme_and_ends_its_help_with_an_example() -> None:
    from click import Context

    from venezuela_data.cli import cli

    for name in cli.list_commands(Context(cli)):
        command = cli.get_command(Context(cli), name)
        assert command is not None
        assert f"venezuela-data {name}" in README
        assert f"Example: venezuela-data {name}" in (command.help or "").strip().splitlines()[-1]


def test_the_architecture_names_every_module() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert [name for name in re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) if name in ORDER] == list(ORDER[:-1])


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("skipped: this is no git checkout, so there is no list of the project's files")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def test_no_file_holds_a_machine_path() -> None:
    pattern = re.compile(r"(?<![\w.])/(work|farm|home|root)/[a-z]")
    for path in tracked_files():
        if path.is_file() and path.suffix in (".py", ".md", ".toml", ".json", ".txt", ""):
            assert not pattern.search(path.read_bytes().decode("utf-8", "replace")), path


def test_no_file_repeats_the_text_of_a_document(texts: Path) -> None:
    from venezuela_data.text import OWN_WORDS, word_runs, words_of

    runs = {run for path in texts.glob("*.txt") for run in word_runs(path.read_text("utf-8"))}
    for path in tracked_files():
        if not path.is_file() or path.name in ("statements.json", "statements.csv"):
            continue
        words = words_of(path.read_bytes().decode("utf-8", "replace"))
        repeated = [words[i : i + OWN_WORDS] for i in range(len(words)) if tuple(words[i : i + OWN_WORDS]) in runs]
        assert not repeated, path
