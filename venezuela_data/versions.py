"""Versions: what differs between two states of the data, record by record and field by field, and what follows from it.

Parts of a record are matched by what they are, the key of their table, and not by where they stand; only what has no key, such
as the hops of a chain, is matched by position. A difference can be reversed, and applied to what it was taken from. Every
value is escaped where it is shown, and in Markdown it stands in a code span, in which nothing is markup. Nothing here reads or
writes a file, or says which state is right. May import `findings`, `models`, `coverage`, `origins`, `records` and `tables`.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, groupby
from typing import Any

from .coverage import read_through
from .findings import counted, escaped
from .lifecycle import Redirect
from .models import Claim, Source
from .origins import STANDINGS, Origins, Weight
from .records import KIND, KINDS, Records, lists_of, plain
from .tables import TABLES

SHOWN_VALUE = 120
"""Characters of a value that text and Markdown show at most."""
SHOWN_PATH = 160
"""Characters of the path of a field that text and Markdown show at most."""
SHOWN_FIELDS = 20
"""Changed fields of one record that text and Markdown show at most."""
SHOWN_TEXT = 200_000
"""Characters of the text format at most, about."""
SHOWN_MARKDOWN = 60_000
"""Characters of the Markdown at most: GitHub takes 65,536 in a comment."""
SHOWN_NOTE = 300
"""Characters of the reason for a change that text and Markdown show at most."""
LONG = 12
"""Lines of a group in Markdown above which it is folded."""

PlainRecords = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Records as plain JSON values in their normal form: by kind, then by id."""

Causes = Mapping[tuple[str, str], tuple[tuple[str, str], ...]]
"""By kind and id of a record: the causes of its changes, each with its note."""

ORDER = "(order)"
"""The last step of the path of a change in the order of a list, where the order means something."""

_LOOSER_KEYS = {"evidence": ("field", "source_id", "claim_id"), "history": ("stage", "source_id")}
"""By which fields parts are matched where that tells them apart, so that a mended date or span is a change and no new part."""


# Differences -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a list, told from the others by what it is."""

    key: tuple[tuple[str, Any], ...]
    """The fields that tell it apart, with their values; those that it lacks are None."""

    def __str__(self) -> str:
        return "/".join(str(value) for _, value in self.key if value is not None)


Step = str | int | Item
"""One step into a record: a field, the position of an item, or what the item is."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A value that is another one, is no longer there, or is new."""

    path: tuple[Step, ...]
    old: Any
    """What was there before, as plain JSON value; None where nothing was."""
    new: Any
    """What is there now; None where nothing is."""
    places: tuple[int | None, int | None] = (None, None)
    """Where an item that is matched by its key stood and stands, from 0, if its list has an order and it is gone or new."""

    @property
    def where(self) -> str:
        """Write the path for people: `date`, `quantity.value`, `participants[donald-trump/participant]`."""
        return "".join(f".{step}" if isinstance(step, str) else f"[{step}]" for step in self.path).removeprefix(".")

    def reversed(self) -> FieldChange:
        """Give the change back."""
        return FieldChange(self.path, self.new, self.old, self.places[::-1])


@dataclass(frozen=True, slots=True)
class Stated:
    """A record that only one of the two states has."""

    kind: str
    id: str
    values: Mapping[str, Any]
    """The whole record as plain JSON values."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that both states have, and not alike."""

    kind: str
    id: str
    fields: tuple[FieldChange, ...]

    def reversed(self) -> Changed:
        """Give the changes back."""
        return Changed(self.kind, self.id, _sorted(field.reversed() for field in self.fields))


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two states: records in the order of kinds and ids. It is empty, and false, if both say the same."""

    added: tuple[Stated, ...] = ()
    removed: tuple[Stated, ...] = ()
    changed: tuple[Changed, ...] = ()
    causes: Causes = field(default_factory=dict, compare=False)
    """Why records are others, where the history says it."""
    redirected: Mapping[tuple[str, str], str] = field(default_factory=dict, compare=False)
    """By kind and id: what took the place of a record, where the new state has a redirect that the old one has not."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def reversed(self) -> Difference:
        """Give the difference from the new state to the old one."""
        return Difference(self.removed, self.added, tuple(one.reversed() for one in self.changed), self.causes)

    def render(self, form: str = "text") -> str:
        """Render it as `text` or `markdown` (for people: long values are cut, long lists end in a count) or `json` (whole).

        Raises:
            ValueError: no such format.
        """
        forms = {"json": _as_json, "markdown": _as_markdown, "text": _as_text}
        if form not in forms:
            raise ValueError(f"unknown format {form!r}; known: {', '.join(forms)}")
        return forms[form](self)


def difference(old: Records, new: Records, causes: Causes | None = None) -> Difference:
    """Compare two states of the data. The order of records, and of lists whose order means nothing, makes no difference."""
    added: list[Stated] = []
    removed: list[Stated] = []
    changed: list[Changed] = []
    for kind in KINDS:
        before, after = old.get(kind.name, {}), new.get(kind.name, {})
        for record_id in sorted(before.keys() | after.keys()):
            one, other = before.get(record_id), after.get(record_id)
            if other is None:
                removed += [Stated(kind.name, record_id, plain(one))] if one is not None else []
            elif one is None:
                added.append(Stated(kind.name, record_id, plain(other)))
            elif one is not other and one != other and (fields := _sorted(_changes(kind.name, plain(one), plain(other)))):
                changed.append(Changed(kind.name, record_id, fields))
    return Difference(tuple(added), tuple(removed), tuple(changed), causes or {}, _redirected(old, new))


def _redirected(old: Records, new: Records) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], list[str]] = {}
    for redirect in new.get("redirects", {}).values():
        if isinstance(redirect, Redirect) and redirect.id not in old.get("redirects", {}):
            found.setdefault((redirect.table, redirect.record_id), []).append(redirect.target_id)
    return {
        key: ("split" if targets[1:] else "merged") + f" into {', '.join(sorted(targets))}" for key, targets in found.items()
    }


def plain_records(records: Records) -> dict[str, dict[str, dict[str, Any]]]:
    """Give all records as plain JSON values in their normal form."""
    return {kind: {record_id: plain(record) for record_id, record in found.items()} for kind, found in records.items()}


def _sorted(changes: Iterable[FieldChange]) -> tuple[FieldChange, ...]:
    return tuple(sorted(changes, key=_rank))


def _rank(change: FieldChange) -> Any:
    # Positions sort as numbers. Equal paths are those of parts that nothing tells apart but their whole values.
    steps = [
        (0, 0, step) if isinstance(step, str) else (1, step, "") if isinstance(step, int) else (2, 0, _compact(step.key))
        for step in change.path
    ]
    return steps, _compact(change.old), _compact(change.new)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


@cache
def _keys(kind: str, field: str) -> tuple[tuple[str, ...], ...]:
    """Give the keys by which the parts of a list are matched, the one to try first at first; none means by position."""
    apart = [table.apart for table in TABLES if table.field == field and table.kind in (kind, "") and table.apart]
    looser = [_LOOSER_KEYS[field]] if field in _LOOSER_KEYS else []
    return (*looser, *apart)


def _key(item: Any, names: Sequence[str]) -> Item:
    if not isinstance(item, dict):
        return Item((("value", item),))
    return Item(tuple((name, item.get(name)) for name in names or item))


def _changes(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FieldChange]:
    lists = lists_of(KIND[kind].model)
    for name in old.keys() | new.keys():
        if name not in lists:
            yield from _value_changes((name,), old.get(name), new.get(name))
        elif lists[name]:
            yield from _ordered_changes(name, old.get(name, []), new.get(name, []), _keys(kind, name))
        else:
            for key, one, other in _paired(old.get(name, []), new.get(name, []), _keys(kind, name) or ((),)):
                yield from _value_changes((name, key), one, other)


def _value_changes(path: tuple[Step, ...], old: Any, new: Any) -> Iterator[FieldChange]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in old.keys() | new.keys():
            yield from _value_changes((*path, name), old.get(name), new.get(name))
    elif old != new:
        yield FieldChange(path, old, new)


def _paired(old: Iterable[Any], new: Iterable[Any], keys: Sequence[Sequence[str]]) -> Iterator[tuple[Item, Any, Any]]:
    """Match the items of two lists without order. Where a key fits several, the next key decides, and at last equality."""
    groups: dict[Item, tuple[list[Any], list[Any]]] = {}
    for side, items in enumerate((old, new)):
        for item in items:
            groups.setdefault(_key(item, keys[0]), ([], []))[side].append(item)
    for key, (before, after) in groups.items():
        if len(before) == len(after) == 1:
            yield key, before[0], after[0]
        elif before and after and keys[1:]:
            yield from _paired(before, after, keys[1:])
        else:
            had, has = Counter(map(_compact, before)), Counter(map(_compact, after))
            yield from ((key, json.loads(one), None) for one in (had - has).elements())
            yield from ((key, None, json.loads(one)) for one in (has - had).elements())


def _ordered_changes(name: str, old: Sequence[Any], new: Sequence[Any], keys: Iterable[Sequence[str]]) -> Iterator[FieldChange]:
    """Match the items of two lists with order: by the first key that tells all of each apart, else by position."""
    for names in keys:
        before = {_key(item, names): number for number, item in enumerate(old)}
        after = {_key(item, names): number for number, item in enumerate(new)}
        if len(before) == len(old) and len(after) == len(new):
            break
    else:
        for number in range(max(len(old), len(new))):
            one, other = (items[number] if number < len(items) else None for items in (old, new))
            yield from _value_changes((name, number), one, other)
        return
    for key in before.keys() | after.keys():
        was, now = before.get(key), after.get(key)
        if was is None or now is None:
            one, other = (None if was is None else old[was]), (None if now is None else new[now])
            yield FieldChange((name, key), one, other, (was, now))
        else:
            yield from _value_changes((name, key), old[was], new[now])
    kept, kept_now = ([dict(key.key) for key in one if key in other] for one, other in ((before, after), (after, before)))
    if kept != kept_now:
        yield FieldChange((name, ORDER), kept, kept_now)


# Applying ----------------------------------------------------------------------------------------------------------------


def applied(records: PlainRecords, changes: Difference) -> dict[str, dict[str, dict[str, Any]]]:
    """Give the new state from the old one, as plain records; with the reversed difference, the old state from the new one.

    Raises:
        ValueError: the difference was not taken from these records: what it changes or removes is not there as it says.
    """
    made = {kind: {record_id: dict(values) for record_id, values in found.items()} for kind, found in records.items()}
    for gone in changes.removed:
        if made.get(gone.kind, {}).pop(gone.id, None) != gone.values:
            raise _misfit(gone.kind, gone.id)
    for new in changes.added:
        if made.setdefault(new.kind, {}).setdefault(new.id, copy.deepcopy(dict(new.values))) != new.values:
            raise _misfit(new.kind, new.id)
    for one in changes.changed:
        try:
            made[one.kind][one.id] = _record_with(one, made[one.kind][one.id])
        except (LookupError, TypeError) as fault:
            raise _misfit(one.kind, one.id) from fault
    return made


def _misfit(kind: str, record_id: str) -> ValueError:
    return ValueError(f"the difference does not fit the record {escaped(record_id)} of {escaped(kind)}")


def _record_with(changed: Changed, record: Mapping[str, Any]) -> dict[str, Any]:
    made = copy.deepcopy(dict(record))
    lists = lists_of(KIND[changed.kind].model)
    for name, found in groupby(changed.fields, key=lambda change: str(change.path[0])):
        if name in lists:
            made[name] = _items_with(made.get(name, []), list(found))
        else:
            for change in found:
                _put(made, change.path, change)
    # The model brings fields and lists back into the normal form.
    return plain(KIND[changed.kind].model.model_validate(made))


def _put(holder: dict[Any, Any], path: Sequence[Step], change: FieldChange) -> None:
    if len(path) > 1:
        _put(holder[path[0]], path[1:], change)
    elif holder.pop(path[0], None) != change.old:
        raise LookupError(change.where)
    elif change.new is not None:
        holder[path[0]] = change.new


def _items_with(items: list[Any], changes: list[FieldChange]) -> list[Any]:
    """Change a list: items in place, then those that are gone, then the order, then those that are new."""
    order = [change for change in changes if change.path[1] == ORDER]
    rest = [change for change in changes if change.path[1] != ORDER]
    gone: set[int] = set()
    # All places are looked up before anything changes, as they are places of the old list.
    known: _Places = {}
    places = [(change, _place(items, change, known)) for change in rest if change.old is not None or len(change.path) > 2]
    for change, place in places:
        if len(change.path) > 2:
            _put(items[place], change.path[2:], change)
        elif items[place] != change.old:
            raise LookupError(change.where)
        elif change.new is not None:
            items[place] = change.new
        else:
            gone.add(place)
    made = [item for place, item in enumerate(items) if place not in gone]
    for change in order:
        if [dict(_key(item, list(change.old[0])).key) for item in made] != change.old:
            raise LookupError(change.where)
        by_key = {_key(item, list(change.old[0])): item for item in made}
        made = [by_key[Item(tuple(one.items()))] for one in change.new]
    new = [change for change in rest if len(change.path) == 2 and change.old is None]
    for change in sorted(new, key=_new_place):
        made.insert(min(_new_place(change), len(made)), copy.deepcopy(change.new))
    return made


def _new_place(change: FieldChange) -> int:
    step = change.path[1]
    return step if isinstance(step, int) else change.places[1] or 0


_Places = dict[tuple[str, ...], dict[Item, list[int]]]
"""By the fields of a key: where in a list the items with each key are."""


def _place(items: Sequence[Any], change: FieldChange, known: _Places) -> int:
    """Find the item that a change is about; of items that are alike, each is found once."""
    step = change.path[1]
    if not isinstance(step, Item):
        return int(step)
    names = tuple(name for name, _ in step.key)
    if names not in known:
        known[names] = {}
        for place, item in enumerate(items):
            known[names].setdefault(_key(item, names), []).append(place)
    found = known[names][step]
    fits = [place for place in found if len(change.path) > 2 or items[place] == change.old]
    if not fits or (len(change.path) > 2 and len(fits) > 1):
        raise LookupError(change.where)
    if len(change.path) == 2:
        found.remove(fits[0])
    return fits[0]


# For people and programs -------------------------------------------------------------------------------------------------

_LABELS = ("title", "name", "text", "as_written", "value", "description", "target_id")
"""The fields of which the first that a record has says what it is."""


def _safe(text: str, limit: int) -> str:
    # Some runners of workflows take `##[` for a command wherever it stands in a line.
    return _cut(escaped(text, limit).replace("##[", "#\\u{23}["), limit)


def _code(text: str, limit: int) -> str:
    """Put a text in a code span of Markdown: no markup, link, mention or HTML is read there, and no backtick ends it."""
    inner = _cut(_safe(text, limit).replace("`", "\\u{60}"), limit)
    # Two backticks with nothing between them would open a span that ends elsewhere.
    return f"`{inner or ' '}`"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


Shown = Callable[[str, int], str]
"""How a piece of data is made safe for a format: `_safe` or `_code`."""


def _lines_of(found: Difference, one: Stated | Changed, sign: str, shown: Shown, indent: str, arrow: str) -> list[str]:
    """Say what is new of a record: its own line, one for each field, what took its place, and why."""
    key = (one.kind, one.id)
    why = [f"{indent}{shown(found.redirected[key], SHOWN_NOTE)}"] if key in found.redirected else []
    why += [f"{indent}{shown(f'because of {cause}: {note}', SHOWN_NOTE)}" for cause, note in found.causes.get(key, ())]
    if isinstance(one, Stated):
        label = next((str(one.values[name]) for name in _LABELS if name in one.values), "")
        return [f"{sign}{shown(one.id, SHOWN_PATH)}" + (f": {shown(_compact(label), SHOWN_VALUE)}" if label else ""), *why]
    fields = [f"{indent}{_told(field, shown, arrow)}" for field in one.fields[:SHOWN_FIELDS]]
    more = len(one.fields) - SHOWN_FIELDS
    if more > 0:
        fields.append(f"{indent}and {counted(more, 'more field')}")
    return [f"{sign}{shown(one.id, SHOWN_PATH)}", *fields, *why]


def _told(change: FieldChange, shown: Shown, arrow: str) -> str:
    where = shown(change.where, SHOWN_PATH)
    if change.old is None:
        return f"{where}: added {shown(_compact(change.new), SHOWN_VALUE)}"
    if change.new is None:
        return f"{where}: removed {shown(_compact(change.old), SHOWN_VALUE)}"
    old, new = escaped(_compact(change.old)), escaped(_compact(change.new))
    if max(len(old), len(new)) > SHOWN_VALUE:
        # Most of the beginning that two long values share is left out, so that what differs is seen.
        same = (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
        start = max(0, next(same, min(len(old), len(new))) - SHOWN_VALUE // 10)
        old, new = ("…" * (start > 0) + one[start:] for one in (old, new))
    return f"{where}: {shown(old, SHOWN_VALUE)} {arrow} {shown(new, SHOWN_VALUE)}"


def _fitting(entries: Iterable[list[str]], total: int, budget: int) -> list[str]:
    """Take as many lines of entries as fit into a number of characters, and count the entries and fields left out."""
    lines: list[str] = []
    # The lines that count what is left out have their room kept for them.
    room = budget - 100
    for number, (head, *rest) in enumerate(entries):
        room -= len(head) + 1
        if room < 0:
            lines.append(f"{head[: len(head) - len(head.lstrip())]}{'- ' * head.startswith('- ')}and {total - number:,} more")
            break
        lines.append(head)
        for done, line in enumerate(rest):
            room -= len(line) + 1
            if room < 0:
                indent = line[: len(line) - len(line.lstrip(" -"))]
                lines.append(f"{indent}and {counted(len(rest) - done, 'more field')}")
                break
            lines.append(line)
    return lines


@dataclass(frozen=True, slots=True)
class _Group:
    """Entries that stand together under a title, written only as far as they are shown."""

    title: str
    total: int
    entries: Callable[[], Iterable[list[str]]]


def _groups(found: Difference, shown: Shown, signs: tuple[str, str, str], indent: str, arrow: str) -> Iterator[_Group]:
    """Give the differences of each kind that has any: what is new, what is another, what is gone."""
    parts: tuple[tuple[str, str, Sequence[Stated | Changed]], ...] = (
        ("added", signs[0], found.added),
        ("changed", signs[1], found.changed),
        ("removed", signs[2], found.removed),
    )
    for kind in KINDS:
        of_kind = [(word, sign, [one for one in ones if one.kind == kind.name]) for word, sign, ones in parts]
        title = ", ".join(f"{len(ones):,} {word}" for word, _, ones in of_kind if ones)
        if title:
            yield _Group(
                f"{kind.name}: {title}",
                sum(len(ones) for _, _, ones in of_kind),
                lambda of_kind=of_kind: (  # type: ignore[misc]
                    _lines_of(found, one, sign, shown, indent, arrow) for _, sign, ones in of_kind for one in ones
                ),
            )


def _laid_out(groups: Sequence[_Group], budget: int) -> list[list[str]]:
    """Write groups into a number of characters: short ones whole, and long ones with equal shares of the rest."""
    written = [_fitting(group.entries(), group.total, budget) for group in groups]
    sizes = [sum(len(line) + 1 for line in lines) for lines in written]
    if sum(sizes) <= budget:
        return written
    left = budget
    for done, number in enumerate(sorted(range(len(groups)), key=lambda number: (sizes[number], number))):
        share = max(0, left) // (len(groups) - done)
        if sizes[number] > share:
            written[number] = _fitting(groups[number].entries(), groups[number].total, share)
        left -= sum(len(line) + 1 for line in written[number])
    return written


def _head(found: Difference) -> str:
    return f"{counted(len(found.added), 'record')} added, {len(found.changed):,} changed, {len(found.removed):,} removed"


def _as_text(found: Difference) -> str:
    groups = list(_groups(found, _safe, ("  + ", "  ~ ", "  - "), "      ", "->"))
    written = _laid_out(groups, SHOWN_TEXT)
    blocks = chain.from_iterable([group.title, *lines] for group, lines in zip(groups, written, strict=True))
    return "\n".join([_head(found), *blocks]) + "\n"


def _as_json(found: Difference) -> str:
    made = {
        "equal": not found,
        "counts": {"added": len(found.added), "removed": len(found.removed), "changed": len(found.changed)},
        "added": [{"kind": one.kind, "id": one.id, "values": one.values, **_why(found, one)} for one in found.added],
        "removed": [{"kind": one.kind, "id": one.id, "values": one.values, **_why(found, one)} for one in found.removed],
        "changed": [
            {"kind": one.kind, "id": one.id, "fields": [_field_json(field) for field in one.fields], **_why(found, one)}
            for one in found.changed
        ],
    }
    # In ASCII alone, and without what a terminal or a runner of workflows acts on; both can stand in strings only.
    return json.dumps(made, ensure_ascii=True, indent=2).replace("\x7f", "\\u007f").replace("##[", "#\\u0023[") + "\n"


def _why(found: Difference, one: Stated | Changed) -> dict[str, Any]:
    key = (one.kind, one.id)
    causes = [{"cause": cause, "note": note} for cause, note in found.causes.get(key, ())]
    redirected = {"redirected": found.redirected[key]} if key in found.redirected else {}
    return {**redirected, **({"causes": causes} if causes else {})}


def _field_json(change: FieldChange) -> dict[str, Any]:
    steps = [dict(step.key) if isinstance(step, Item) else step for step in change.path]
    made: dict[str, Any] = {"path": change.where, "steps": steps, "old": change.old, "new": change.new}
    if change.places != (None, None):
        made["places"] = list(change.places)
    return made


def _as_markdown(found: Difference) -> str:
    return f"{_head(found)}.\n" + _markdown(_record_groups(found), SHOWN_MARKDOWN - 100)


def _record_groups(found: Difference) -> list[_Group]:
    return list(_groups(found, _code, ("- added ", "- changed ", "- removed "), "  - ", "→"))


def _markdown(groups: Sequence[_Group], budget: int) -> str:
    """Write groups as lists, folded where they are long."""
    # A title is of our own words and counts: it needs no code span, and may stand in HTML.
    folded, plainly = "\n<details><summary>{}</summary>\n\n{}\n\n</details>\n", "\n**{}**\n\n{}\n"
    room = budget - sum(len(group.title) + len(folded) for group in groups)
    written = zip(groups, _laid_out(groups, room), strict=True)
    blocks = ((group.title, lines, folded if len(lines) > LONG else plainly) for group, lines in written)
    return "".join(frame.format(title, "\n".join(lines)) for title, lines, frame in blocks)


# The summary of a pull request ---------------------------------------------------------------------------------------------


def summary(old: Records, new: Records, causes: Causes | None = None) -> str:
    """Write what a pull request changes, as Markdown of at most `SHOWN_MARKDOWN` characters.

    It counts the records, lists those that were added, changed field by field or removed, and compares coverage and standing
    before and after: nothing of this is judged.
    """
    old, new = ({kind.name: records.get(kind.name, {}) for kind in KINDS} for records in (old, new))
    found = difference(old, new, causes)
    weights, weights_now = _weights(old), _weights(new)
    head = "\n".join(
        (
            "## What changes in the data",
            "",
            f"{_head(found)}.",
            *_counts(found, old, new),
            "",
            "### Standing of claims",
            "",
            *_standings(weights.values(), weights_now.values()),
            "",
        )
    )
    below = [_reweighed(weights, weights_now), _coverage(old, new)]
    groups = [group for group in (*_record_groups(found), *below) if group.total]
    return head + _markdown(groups, SHOWN_MARKDOWN - len(head))


def _counts(found: Difference, old: Records, new: Records) -> Iterator[str]:
    if not found:
        return
    yield from ("", "| kind | before | after | added | changed | removed |", "|---|--:|--:|--:|--:|--:|")
    for kind in (kind.name for kind in KINDS):
        counts = [sum(one.kind == kind for one in ones) for ones in (found.added, found.changed, found.removed)]
        if any(counts):
            yield f"| {kind} | {len(old[kind]):,} | {len(new[kind]):,} | " + " | ".join(f"{n:,}" for n in counts) + " |"


def _weights(records: Records) -> dict[str, Weight]:
    origins = Origins(records)
    return {one.id: origins.weigh(one) for one in records["claims"].values() if isinstance(one, Claim)}


def _standings(before: Iterable[Weight], after: Iterable[Weight]) -> Iterator[str]:
    was, now = (Counter(weight.standing for weight in weights) for weights in (before, after))
    yield from ("| standing | before | after |", "|---|--:|--:|")
    for standing in STANDINGS:
        yield f"| {standing} | {was[standing]:,} | {now[standing]:,} |"


def _reweighed(before: Mapping[str, Weight], after: Mapping[str, Weight]) -> _Group:
    """List the claims that are weighed otherwise than before. One that is new or gone counts as one that nobody speaks to."""
    none = Weight(0, 0)
    ids = [one for one in sorted(before.keys() | after.keys()) if before.get(one, none) != after.get(one, none)]

    def entries() -> Iterator[list[str]]:
        for one in ids:
            was, now = (
                f"{weights[one].standing} ({weights[one].supporting} for, {weights[one].contradicting} against)"
                if one in weights
                else "not there"
                for weights in (before, after)
            )
            yield [f"- {_code(one, SHOWN_PATH)}: {was} → {now}"]

    return _Group(f"{counted(len(ids), 'claim')} with other independent origins", len(ids), entries)


def _coverage(old: Records, new: Records) -> _Group:
    """Say how much of each held document claims carry, those with a change first."""
    was, now = _carried(old), _carried(new)
    ids = sorted(was.keys() | now.keys(), key=lambda one: (was.get(one) == now.get(one), one))

    def entries() -> Iterator[list[str]]:
        for one in ids:
            before, after = was.get(one, "not held"), now.get(one, "not held")
            told = f"{after}, as before" if before == after else f"{before} → {after}"
            yield [f"- {_code(one, SHOWN_PATH)}: {told}"]

    return _Group(f"Coverage of {counted(len(ids), 'held document')}", len(ids), entries)


def _carried(records: Records) -> dict[str, str]:
    claims: dict[str, list[Claim]] = {}
    for claim in records["claims"].values():
        if isinstance(claim, Claim):
            claims.setdefault(claim.source_id, []).append(claim)
    made: dict[str, str] = {}
    for source in records["sources"].values():
        if isinstance(source, Source) and source.access == "held":
            paragraphs = read_through(source, claims.get(source.id, ())).paragraphs
            # A paragraph that runs backwards, which a rule finds, has no characters here.
            covered, characters = sum(one.covered for one in paragraphs), sum(max(0, one.characters) for one in paragraphs)
            # Rounded down, so that 100.0% says that nothing is left.
            share = f" ({covered * 1000 // characters / 10}%)" if characters > 0 else ""
            made[source.id] = f"{covered:,} of {characters:,} characters{share}"
    return made
