"""What is right and wrong with one cell and one pair of dates, and which keys a table has: said here once, for every engine.

Engines that work in SQL decide what they surely can and ask here about the rest, over distinct values; so a verdict cannot
differ between them. Opens no file and holds no table. May import `dates`, and `codes`, `lexical` and
`plan` beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from .codes import ENUM, LENGTH, NORMAL, PATTERN, PRIMARY, RANGE, REQUIRED, TYPE, UNIQUE, UNIQUE_KEYS
from .lexical import MARK
from .plan import Field, Table

Judgement = tuple[tuple[str, ...], str | None]
"""The codes that a cell breaks, and the key of its value; `None` where it has none."""


def judge(field: Field, cell: str | None) -> Judgement:
    """Judge one cell by its field.

    A missing cell has no value and breaks at most the rule on required fields. A cell that is not of its type has no value
    either, and no further rule is asked. Whatever else it breaks, it has a value, which counts for keys.
    """
    if cell is None or cell in field.missing:
        return ((REQUIRED,) if field.required else ()), None
    if cell.startswith(MARK):
        return (TYPE,), None
    value = field.read(cell)
    if value is None:
        return (TYPE,), None
    codes = []
    if field.pattern is not None and not field.pattern.matches(cell):
        codes.append(PATTERN)
    if field.enum is not None and value.key not in field.enum:
        codes.append(ENUM)
    if field.bounds and not all(bound.holds(value.order) for bound in field.bounds):
        codes.append(RANGE)
    least, most = field.lengths
    if (
        field.lengths != _NO_LENGTHS
        and value.length is not None
        and not (least or 0) <= value.length <= (most if most is not None else value.length)
    ):
        codes.append(LENGTH)
    if field.normal and not normal_pattern(field.normal).fullmatch(cell):
        codes.append(NORMAL)
    return tuple(codes), value.key


_NO_LENGTHS = (None, None)
_REMEMBERED = 5_000
"""Cells of a field that are remembered with their judgement at most."""
_LONG = 100
"""Characters of a cell that is worth remembering."""


def judge_of(field: Field) -> Callable[[str | None], Judgement]:
    """Give the function that judges the cells of one field as `judge` does, and remembers those that come again."""
    known: dict[str | None, Judgement] = {one: judge(field, one) for one in (None, *field.missing)}
    is_free = field.writing.name == "default" and not (field.pattern or field.enum or field.normal)
    is_free = is_free and field.enum is None and field.lengths == _NO_LENGTHS

    def told(cell: str | None) -> Judgement:
        found = known.get(cell)
        if found is None:
            if is_free and cell is not None and not cell.startswith(MARK):
                return (), cell
            found = judge(field, cell)
            if len(known) < _REMEMBERED and cell is not None and len(cell) <= _LONG:
                known[cell] = found
        return found

    return told


@cache
def normal_pattern(grammar: str) -> re.Pattern[str]:
    """Give the compiled pattern of a normal form."""
    return re.compile(grammar)


def keys_of(table: Table, known: frozenset[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the keys of a table whose fields a file has: the code of the rule, and the fields."""
    for one in table.fields:
        if one.unique and one.name in known:
            yield UNIQUE, (one.name,)
    if table.primary and known.issuperset(table.primary):
        yield PRIMARY, table.primary
    for names in table.unique_keys:
        if known.issuperset(names):
            yield UNIQUE_KEYS, names


def runs_backwards(earlier: str, later: str) -> bool:
    """Say whether two dates rule out that the first is not after the second; what is no date rules out nothing.

    Dates are read as the uncertain dates of this project, and approximate ones are passed over, as by `dates-are-ordered`.
    """
    from ..dates import Edtf

    try:
        early, late = Edtf(earlier), Edtf(later)
    except ValueError:
        return False
    return late.before(early) is True and not (late.is_approximate or early.is_approximate)
