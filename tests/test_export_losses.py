"""The promise of every export: what it does not say that it lost is there.

A cell of each column is changed in turn; if no loss names it, the exported bytes have to change. Losses
themselves are held against the tables.
"""

from __future__ import annotations

import datetime
import random
import re
import sqlite3
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from strategies import SomeTables

import venezuela_data as vd
from venezuela_data.export import FORMATS, LossReport, export
from venezuela_data.export.losses import WHOLE_ROW, Account, Loss
from venezuela_data.tables import Cell, cell_text
from venezuela_data.tabular import Rows

ROOT = Path(__file__).parent.parent
NEEDED = {"parquet": "pyarrow", "gexf": "networkx"}
"""The libraries without which a format cannot be made."""


@cache
def data() -> SomeTables:
    """Give what a few documents carry: enough that every column has a value, and few enough to export hundreds of times."""
    view = vd.load(ROOT).view("official-record")
    return SomeTables({name: view.table(name) for name in view.tables if name not in ("changes", "releases")})


def rendered(form: str, some: SomeTables) -> tuple[Mapping[str, bytes], tuple[Loss, ...]]:
    module = import_module(f"venezuela_data.export.{FORMATS[form].module}")
    account = Account(some)
    return module.render(account, "out" + FORMATS[form].suffix), account.losses(module.REASONS)


def other_value(rows: Rows, column: str, value: Cell) -> Cell:
    """Give another value of the column: one that it has elsewhere, or one that is made of it."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, datetime.date):
        return value + datetime.timedelta(days=1)
    others = sorted({cell_text(row[column]) for row in rows if row[column] not in (None, value)})
    if others:
        return others[0]
    return "2019-05" if re.match("[0-9]{4}-", str(value)) else f"{value}-x"


def cells_to_change(some: SomeTables, lost: tuple[Loss, ...]) -> Iterator[tuple[str, int, str]]:
    """Yield table, number and column of a cell of each column that has a value and is named by no loss."""
    named = {(one.table, one.record_id, one.field) for one in lost}
    chance = random.Random(6)  # noqa: S311 (a choice, not a secret)
    for table in some.tables:
        rows = some.table(table)
        owner = "record_id" if rows.columns[:2] == ["table", "record_id"] else rows.columns[0]
        kept = [at for at, row in enumerate(rows) if (table, row[owner], WHOLE_ROW) not in named]
        for column in rows.columns:
            there = [at for at in kept if rows[at][column] is not None and (table, rows[at][owner], column) not in named]
            yield from ((table, at, column) for at in chance.sample(there, min(1, len(there))))


class TestNothingVanishes:
    """A cell that has a value is in the exported bytes, or a loss names it."""

    @pytest.mark.parametrize("form", FORMATS)
    def test_a_cell_that_no_loss_names_changes_what_is_exported(self, form: str) -> None:
        pytest.importorskip(NEEDED.get(form, "json"), reason=f"skipped: {form} cannot be made without {NEEDED.get(form)}")
        before, lost = rendered(form, data())
        silent = []
        tried = list(cells_to_change(data(), lost))
        assert len(tried) > 20
        for table, at, column in tried:
            rows = data().table(table)
            changed = data().changed(table, at, column, other_value(rows, column, rows[at][column]))
            try:
                after, _ = rendered(form, changed)
            except sqlite3.IntegrityError:  # A database that refuses the changed cell has seen it.
                continue
            if after == before:
                silent.append((table, column, rows[at]))
        assert silent == []

    @pytest.mark.parametrize("form", FORMATS)
    def test_every_loss_is_of_a_cell_that_is_there(self, form: str) -> None:
        pytest.importorskip(NEEDED.get(form, "json"), reason=f"skipped: {form} cannot be made without {NEEDED.get(form)}")
        _, lost = rendered(form, data())
        for one in lost:
            rows = data().table(one.table)
            owner = "record_id" if rows.columns[:2] == ["table", "record_id"] else rows.columns[0]
            own = [row for row in rows if row[owner] == one.record_id]
            assert own
            assert one.field == WHOLE_ROW or one.value in {cell_text(row[one.field]) for row in own}
            assert len(one.reason.split()) > 3

    def test_a_cell_without_a_reason_is_a_fault_of_the_exporter(self) -> None:
        account = Account(data())
        with pytest.raises(AssertionError, match=r"no reason is given for the loss of actors\.\*"):
            account.losses({})


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_data_give_the_same_bytes(form: str, tmp_path: Path) -> None:
    pytest.importorskip(NEEDED.get(form, "json"), reason=f"skipped: {form} cannot be made without {NEEDED.get(form)}")
    view = vd.load(ROOT).view("official-record")
    made = []
    for name in ("one", "other"):
        report = export(view, form, tmp_path / name / ("out" + FORMATS[form].suffix))
        assert isinstance(report, LossReport)
        assert (report.version, report.view) == (view.version, view.view_name)
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        made.append({path.relative_to(tmp_path / name): path.read_bytes() for path in files})
    assert made[0] == made[1]
    assert made[0]


def test_a_format_that_does_not_exist_names_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no format 'xlsx': parquet, sqlite"):
        export(vd.load(ROOT), "xlsx", tmp_path / "x")


def test_what_was_there_stays_whole_when_an_export_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "x.geojson").mkdir()
    with pytest.raises(OSError, match=r"x\.geojson"):
        export(vd.load(ROOT), "geojson", tmp_path / "x.geojson")
    assert [path.name for path in tmp_path.iterdir()] == ["x.geojson"]
