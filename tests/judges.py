"""Independent judges of data packages on disk, and one form of what each says, so that they can be held against each other.

A breach is a resource, a row, a field and a rule. Rows are counted through all files of a resource, as frictionless counts
them; what concerns a whole row or a key has no field, and what is wrong with a header is one breach. Judges nothing itself.
"""

from __future__ import annotations

import json
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from venezuela_data.engine import Problem, Verdict, check, read_plan
from venezuela_data.engine.codes import (
    CONSTRAINTS,
    FILLED,
    FRICTIONLESS,
    LABELS,
    LONG,
    PRIMARY,
    REFERENCES,
    UNIQUE_KEYS,
)

WHOLE_ROW = frozenset((PRIMARY, FILLED, REFERENCES, UNIQUE_KEYS, LONG))
"""The rules of which frictionless does not name the field as we do."""


class Breach(NamedTuple):
    """One breach of a rule."""

    resource: str
    row: int
    field: str
    rule: str


@contextmanager
def on_disk(package: Mapping[str, bytes]) -> Iterator[Path]:
    """Write a package into a folder for a while."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, data in package.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        yield folder


def breaches(folder: Path, engine: str, **options: str) -> set[Breach]:
    """Ask one of our engines."""
    verdict = check(folder, engine=engine, **options)  # type: ignore[arg-type]  # the options are those of one engine
    assert sum(verdict.counts.values()) == len(verdict.problems)
    before = _rows_before(folder, verdict)
    return {_breach(one, before[one.resource, one.file]) for one in verdict.problems}


def _breach(problem: Problem, before: int) -> Breach:
    if problem.rule == LABELS:
        return Breach(problem.resource, 0, "", LABELS)
    return Breach(problem.resource, problem.row + before, "" if problem.rule in WHOLE_ROW else problem.field, problem.rule)


def _rows_before(folder: Path, verdict: Verdict) -> dict[tuple[str, str], int]:
    """Count the rows in the files of a resource that stand before each."""
    plan, _ = read_plan(folder)
    found = {}
    for table in plan.tables:
        rows = 0
        for path in table.paths:
            found[table.name, path] = rows
            if len(table.paths) > 1:
                rows += (folder / path).read_bytes().count(b"\n") - 1
        assert len(table.paths) == 1 or rows == verdict.rows[table.name]
    return found


def frictionless_breaches(folder: Path) -> set[Breach]:
    """Ask frictionless.

    Raises:
        AssertionError: it finds what has no rule here.
    """
    import frictionless

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert not report.errors, [error.note for error in report.errors]
    found = set()
    for task in report.tasks:
        assert not task.warnings, task.warnings
        for error in task.errors:
            rule = _rule_of(error.type, error.note)
            row = 0 if rule == LABELS else getattr(error, "row_number", 0)
            field = "" if rule in WHOLE_ROW | {LABELS} else getattr(error, "field_name", "")
            found.add(Breach(task.name, row, field, rule))
    return found


def _rule_of(kind: str, note: str) -> str:
    if kind == "constraint-error":
        named = re.match('constraint "([A-Za-z]+)"', note)
        assert named is not None, note
        return CONSTRAINTS[named[1]]
    if kind == "primary-key":
        return FILLED if "all" in note else PRIMARY
    (rule,) = FRICTIONLESS[kind]
    return rule


def package(fields: Sequence[Mapping[str, Any]], *files: bytes, **more: object) -> dict[str, bytes]:
    """Make a package of one table, `rows`, in one file or several.

    Args:
        fields: those of its schema.
        files: what stands in each file.
        more: what else its schema says; `resource` is what its resource says.
    """
    resource = more.pop("resource", {})
    assert isinstance(resource, dict)
    schema = {"fields": fields, **more}
    paths = [f"rows{number or ''}.csv" for number in range(len(files))]
    told = {"name": "rows", "type": "table", "path": paths[0] if len(paths) == 1 else paths, "schema": schema}
    told |= {"dialect": {"delimiter": ","}, **resource}
    descriptor = json.dumps({"name": "made", "resources": [told]}, ensure_ascii=False).encode()
    given = told["path"]
    assert isinstance(given, (str, list))
    return {"datapackage.json": descriptor, **dict(zip([given] if isinstance(given, str) else given, files, strict=True))}
