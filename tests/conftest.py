"""What all tests share: how hard Hypothesis tries, where the checkout and the texts of documents are, and the command line.

VENEZUELA_DATA_HYPOTHESIS chooses a profile: dev (the default: few examples, the same ones on every run), tests (more, and new
ones on every run) or thorough. Nothing here builds data, and nothing leaves a test with another working folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

PROFILE = "VENEZUELA_DATA_HYPOTHESIS"
TEXTS = "VENEZUELA_DATA_TEXTS"

# A slow machine is no fault of the code: examples have no deadline, and building them may take its time.
settings.register_profile("base", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", settings.get_profile("base"), max_examples=50, derandomize=True)
settings.register_profile("tests", settings.get_profile("base"), max_examples=200, print_blob=True)
settings.register_profile("thorough", settings.get_profile("base"), max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get(PROFILE, "dev"))

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return Path(__file__).parent.parent


@pytest.fixture(scope="session")
def texts(root: Path) -> Path:
    """The folder with the texts of documents, which belong to their publishers and are not in the checkout."""
    given = os.environ.get(TEXTS)
    folder = Path(given) if given else root.parent / "shared" / "seed"
    if not any(folder.glob("*.txt")):
        pytest.skip(
            f"skipped: what is held against the words of the article, as {folder} has no text; {TEXTS} names the folder"
        )
    return folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process, as if it were typed in a folder: its exit code, output and complaints."""

    def run(*arguments: str | Path, cwd: Path | None = None) -> tuple[int, str, str]:
        from venezuela_data.cli import main

        code: object = 0
        with monkeypatch.context() as patch:
            patch.setattr("sys.argv", ["venezuela-data", *map(str, arguments)])
            for name in (TEXTS, "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
                patch.delenv(name, raising=False)
            if cwd is not None:
                patch.chdir(cwd)
            capsys.readouterr()
            try:
                main()
            except SystemExit as stop:
                code = stop.code or 0
        out, err = capsys.readouterr()
        assert isinstance(code, int), code
        return code, out, err

    return run
