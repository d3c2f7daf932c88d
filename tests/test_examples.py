"""Runs every example as its reader would: in an empty folder, with the installed package; and the notebook, cell by cell.

What an example prints is held against the tables, read by the standard library.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"


def rows_of(table: str) -> list[dict[str, str]]:
    with (ROOT / "datasets" / "csv" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(folder: Path, *command: str) -> str:
    environ = {**os.environ, "MPLBACKEND": "agg", "PYTHONWARNINGS": "error"}
    done = subprocess.run([sys.executable, *command], cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_every_claim_about_the_designated_organization_is_printed_with_its_chain(tmp_path: Path) -> None:
    printed = run(tmp_path, str(EXAMPLES / "designation_voices.py"))
    about = {row["claim_id"] for row in rows_of("about") if row["record_id"] == "cartel-de-los-soles"}
    assert about
    assert all(row["text"] in printed for row in rows_of("claims") if row["id"] in about)
    contradicting = [row for row in rows_of("assessments") if row["target_id"] in about and row["stance"] == "contradicts"]
    assert printed.count(" contradicts this\n") == len(contradicting)


def test_the_timeline_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="skipped: matplotlib, which draws the chart, is not installed")
    run(tmp_path, str(EXAMPLES / "timeline_chart.py"), "chart.svg")
    drawn = (tmp_path / "chart.svg").read_text("utf-8")
    dated = [row for row in rows_of("events") if row["date_earliest"] >= "2025-08" and row["date_latest"] <= "2025-12-31"]
    assert drawn.count("<!-- ") >= len(dated) > 10  # matplotlib writes each label beside its outlines


def test_the_origins_are_counted_as_the_table_has_them(tmp_path: Path) -> None:
    printed = run(tmp_path, str(EXAMPLES / "independent_origins.py"))
    counts = Counter(row["standing"] for row in rows_of("claims"))
    assert {name: int(number) for number, name in re.findall(r"^ *(\d+) (\w+)$", printed, re.MULTILINE)} == counts
    weighed = [row for row in rows_of("claims") if row["standing"] != "uncorroborated"]
    assert len(re.findall(r"^\d+ for, \d+ against: ", printed, re.MULTILINE)) == len(weighed)


def test_every_error_is_printed_with_its_basis(tmp_path: Path) -> None:
    printed = run(tmp_path, str(EXAMPLES / "errors_of_the_article.py"))
    for row in rows_of("errata"):
        assert f"{row['id']}: {row['as_written']!r}" in printed
    bases = [row for row in rows_of("evidence") if row["table"] == "errata" and row["field"] == "should_read"]
    assert len(re.findall("^    ", printed, re.MULTILINE)) == len(bases)


def test_the_notebook_runs_and_keeps_no_output(tmp_path: Path) -> None:
    nbclient = pytest.importorskip("nbclient", reason="skipped: nbclient, which runs the notebook, is not installed")
    nbformat = pytest.importorskip("nbformat")

    notebook = nbformat.read(EXAMPLES / "explore.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert sum("text/html" in output.get("data", {}) for output in shown) >= 2
    assert any("image/png" in output.get("data", {}) for output in shown)


README = (ROOT / "README.md").read_text("utf-8")


def test_the_scripts_of_the_readme_make_a_chart_and_ask_the_parquet_files(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="skipped: matplotlib, which draws the chart, is not installed")
    pytest.importorskip("duckdb", reason="skipped: duckdb, which reads the Parquet files, is not installed")
    chart, query = re.findall(r"```python\n(import (?:matplotlib|duckdb).*?)```", README, re.DOTALL)
    assert len(chart.strip().splitlines()) <= 10
    run(tmp_path, "-c", chart)
    assert (tmp_path / "timeline.png").read_bytes().startswith(b"\x89PNG")
    assert "venezuela-data export parquet tables " in README
    run(tmp_path, "-m", "venezuela_data", "export", "parquet", "tables")
    assert "contradicts" in run(tmp_path, "-c", query)


def test_the_line_for_duckdb_in_the_readme_runs() -> None:
    pytest.importorskip("duckdb", reason="skipped: duckdb is not installed")
    (line,) = re.findall(r"^python -c '(import duckdb.*)'$", README, re.MULTILINE)
    assert "occurred" in run(ROOT, "-c", line)
