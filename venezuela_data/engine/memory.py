"""Judges tables row by row in plain Python: the engine for small tables, and the one that the others are measured against.

It holds the keys of the tables and all problems in memory and imports no library. May import whatever stands before `engine`,
and the modules beside it except `sql` and `spark`; `duck` only where it must read Parquet.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from .codes import BLANK, DENSE, FILLED, LONG, ORDERED, PRIMARY, REFERENCES, SHORT
from .judging import judge_of, keys_of, runs_backwards
from .plan import Plan, Table
from .reading import Columns, Reading, Record, header_faults, reading
from .verdict import Problem, Progress, Verdict, cut

_STEP = 5_000
"""Rows between two reports of progress."""

Key = tuple[str | None, ...]
Spot = tuple[int, int, int]
"""A row: which of the files, its number, its line."""


class _Found:
    """What is wrong with the rows of one table, in the order in which it is found."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.problems: list[tuple[tuple[int, int, int, str], Problem]] = []

    def add(self, spot: Spot, names: Sequence[str], rule: str, value: str | None = "") -> None:
        part, row, line = spot
        position = next((n for n, one in enumerate(self.table.fields) if names and one.name == names[0]), -1)
        problem = Problem(self.table.name, self.table.paths[part], row, line, ",".join(names), cut(value), rule)
        self.problems.append(((part, row, position, rule), problem))


class _Keys:
    """The keys of the tables that were read so far: what is referred to, and what refers."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, tuple[str, ...]], set[Key]] = {}
        self.referring: list[tuple[_Found, Spot, tuple[str, ...], tuple[str, tuple[str, ...]], Key]] = []


def check_in_memory(
    plan: Plan, folder: Path, *, reason: str = "it was asked for", limit: int = 1_000, progress: Progress | None = None
) -> tuple[Verdict, list[Problem]]:
    """Judge the tables of a plan; give the verdict, and all problems in order.

    Args:
        plan: what the tables must be.
        folder: that of the descriptor.
        reason: why this engine was taken.
        limit: how many problems the verdict holds at most.
        progress: called now and then.

    Raises:
        EngineError: a file cannot be read.
    """
    start = time.monotonic()
    keys = _Keys()
    for table in plan.tables:
        for reference in table.references:
            keys.held.setdefault((reference.resource, reference.to), set())
    rows: dict[str, int] = {}
    found = []
    for table in plan.tables:
        one = _Found(table)
        found.append(one)
        rows[table.name] = _check_table(table, folder, one, keys, progress, start)
    for one, spot, names, target, key in keys.referring:
        if key not in keys.held[target]:
            one.add(spot, names, REFERENCES)
    problems = [problem for one in found for _, problem in sorted(one.problems)]
    counts = Counter(problem.rule for problem in problems)
    return Verdict("memory", reason, rows, dict(sorted(counts.items())), tuple(problems[:limit])), problems


def _opened(folder: Path, table: Table, part: int) -> AbstractContextManager[Reading]:
    if table.format == "parquet":
        from .duck import parquet_reading

        return parquet_reading(folder, table, part)
    return reading(folder, table, part)


def _check_table(table: Table, folder: Path, found: _Found, keys: _Keys, progress: Progress | None, start: float) -> int:
    seen: dict[tuple[str, tuple[str, ...]], set[Key]] = {}
    groups: dict[int, dict[Key, list[tuple[int, Spot]]]] = {n: {} for n in range(len(table.dense))}
    count = 0
    for part, path in enumerate(table.paths):
        with _opened(folder, table, part) as file:
            for row, line, name, label, code in header_faults(file.columns, file.header):
                found.add((part, row, line), (name,) if name else (), code, label)
            check = _Rows(table, file.columns, part, found, seen, keys)
            for record in file.records:
                count += 1
                if progress is not None and count % _STEP == 0:
                    progress(path, count, len(found.problems), time.monotonic() - start)
                values = check.row(record)
                if values is not None:
                    spot = (part, record.row, record.line)
                    check.keys(values, spot)
                    if table.dense:
                        _note_positions(table, values, spot, groups)
                    if table.ordered:
                        _check_dates(table, file.columns, record, values, part, found)
    for n, dense in enumerate(table.dense):
        for members in groups[n].values():
            last = -1
            for position, spot in sorted(members):
                if position != last + 1:
                    found.add(spot, (dense.position,), DENSE, str(position))
                last = position
    return count


class _Rows:
    """The rows of one file: what is asked of each is worked out once."""

    def __init__(
        self,
        table: Table,
        columns: Columns,
        part: int,
        found: _Found,
        seen: dict[tuple[str, tuple[str, ...]], set[Key]],
        keys: _Keys,
    ) -> None:
        self._fields, self._part, self._found, self._refer = columns.fields, part, found, keys.referring.append
        self._names = [one.name for one in columns.fields]
        self._judges = [judge_of(one) for one in columns.fields]
        self._keys = [(code, names, seen.setdefault((code, names), set())) for code, names in keys_of(table, columns.known)]
        self._held = [(to, held) for (name, to), held in keys.held.items() if name == table.name]
        self._references = [one for one in table.references if columns.known.issuperset(one.fields)]

    def row(self, record: Record) -> dict[str, str | None] | None:
        """Judge the cells of a row; give the key of each value, or nothing where the row could not be read."""
        spot, fields, found = (self._part, record.row, record.line), self._fields, self._found
        for code in record.faults:
            found.add(spot, (), code)
        cells = record.cells
        if cells is None:
            return None
        width = len(fields)
        padded = cells if len(cells) == width else cells + [None] * (width - len(cells))
        judged = [judge(cell) for judge, cell in zip(self._judges, padded, strict=False)]
        values = {name: key for name, (_, key) in zip(self._names, judged, strict=True)}
        is_filled = any(values.values()) or any(
            cell is not None and cell not in one.missing for one, cell in zip(fields, padded, strict=False)
        )
        if not is_filled:
            found.add(spot, (), BLANK)
            return values
        if len(cells) > width:
            found.add(spot, (), LONG)
        for number, (codes, _) in enumerate(judged):
            for code in codes:
                found.add(spot, (fields[number].name,), code, padded[number])
            if number >= len(cells):
                found.add(spot, (fields[number].name,), SHORT)
        return values

    def keys(self, values: dict[str, str | None], spot: Spot) -> None:
        """Note the keys of a row, and find those that stood in a row before."""
        for code, names, before in self._keys:
            key = tuple([values[name] for name in names])
            if code == PRIMARY and not any(one is not None for one in key):
                self._found.add(spot, names, FILLED)
            elif code == PRIMARY or None not in key:
                # A primary key that lacks some of its values is compared with the values that it has.
                if key in before:
                    self._found.add(spot, names, code)
                before.add(key)
        for to, held in self._held:
            key = tuple([values.get(one) for one in to])
            if any(one is not None for one in key):
                held.add(key)
        for reference in self._references:
            key = tuple([values[name] for name in reference.fields])
            if any(one is not None for one in key):
                # Values of types that are never equal are told apart by what no key begins with.
                asked = key if reference.comparable else ("\x00",)
                self._refer((self._found, spot, reference.fields, (reference.resource, reference.to), asked))


def _note_positions(
    table: Table, values: dict[str, str | None], spot: Spot, groups: dict[int, dict[Key, list[tuple[int, Spot]]]]
) -> None:
    for n, dense in enumerate(table.dense):
        position = values.get(dense.position)
        if position is not None and len(position) <= 18 and all(name in values for name in dense.within):
            group = tuple(values[name] for name in dense.within)
            groups[n].setdefault(group, []).append((int(position), spot))


def _check_dates(
    table: Table, columns: Columns, record: Record, values: dict[str, str | None], part: int, found: _Found
) -> None:
    for earlier, later in table.ordered:
        early, late = values.get(earlier), values.get(later)
        if early is not None and late is not None and {earlier, later} <= columns.known and runs_backwards(early, late):
            found.add((part, record.row, record.line), (later,), ORDERED, late)
