"""Rules on characters: no text looks like another that it is not, and none is a formula to a spreadsheet.

Scripts are told by the names that Unicode gives its characters, and look-alikes by a small table of letters that most fonts
draw as Latin ones. Words that a document prints, statements and the wrong words of errata, stay as they are. Look-alikes
within Latin (a dotless i, a digit for a letter) are not looked for. May import whatever stands before `rules`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from .. import models
from ..findings import Finding, shown
from ..store import Corpus, Entry
from ..syntax import JsonFile, Pointer
from ..text import runs_as_formula
from ..values import SPACES

_AS_PRINTED = ((models.Statement, ("text",)), (models.Erratum, ("as_written",)))
"""What is kept exactly as a document prints it, because a hash binds it to its place."""


def _texts(entry: Entry, wanted: Callable[[str], bool]) -> Iterator[tuple[Pointer, str]]:
    """Yield the wanted texts of a record as they stand in its file, each with its place, words as printed excepted."""
    node: Any = entry.file.value
    for step in entry.pointer:
        node = node[step]
    todo: list[tuple[Pointer, Any]] = [((), node)]
    while todo:
        at, one = todo.pop()
        if isinstance(one, str):
            if not any(isinstance(entry.record, model) and at == path for model, path in _AS_PRINTED):
                yield at, one
            continue
        items = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        todo.extend(((*at, step), value) for step, value in items if not isinstance(value, str) or wanted(value))


def in_files(corpus: Corpus, may_hold: Callable[[JsonFile], bool]) -> Iterator[Entry]:
    """Yield the records to be judged that stand in files which may hold what is looked for.

    One look at a file as a whole is much faster than one at each of its texts, and most files hold nothing of the kind.
    """
    known: dict[str, bool] = {}
    for _, entry in corpus.all():
        path = entry.file.path
        if path not in known:
            known[path] = may_hold(entry.file)
        if known[path]:
            yield entry


_MAY_RUN = re.compile('"[=+@\uff1d\uff0b\uff0d\uff20-]|;\\\\?["\']?[=\uff1d]|\\\\[ntru]')
"""What a JSON text has somewhere if one of its strings is a formula: as it stands, or as an escape."""


def cells_are_not_formulas(corpus: Corpus) -> Iterator[Finding]:
    """No text begins as a formula does in a spreadsheet: with an equals sign, a plus, a minus or an at sign.

    Whoever opens a table in a spreadsheet would run it, and a formula can send what the table holds to a stranger. Signed
    numbers and dates are no formulas. What a document prints stays as it is; the tables for spreadsheets make it harmless.
    """
    for entry in in_files(corpus, lambda file: _MAY_RUN.search(file.text) is not None):
        for at, text in _texts(entry, runs_as_formula):
            message = f"a spreadsheet would run {shown(text)}"
            yield entry.finding(at, "cells-are-not-formulas", message, "begin it with a word")


def names_are_not_confusable(corpus: Corpus) -> Iterator[Finding]:
    """No text mixes alphabets within a word or uses letters that only look like others, and no two names look the same.

    A Cyrillic a in a Latin name looks right to every reader, while no search finds it; two actors could pass for one.
    Chinese, Japanese and Korean may stand beside Latin letters, as they do in print.
    """
    code = "names-are-not-confusable"
    for entry in in_files(corpus, lambda file: not file.text.isascii() or "\\u" in file.text):
        for at, text in _texts(entry, lambda text: not text.isascii()):
            if told := _confusable(text, bound=_is_bound(entry, at)):
                yield entry.finding(at, code, *told)
    yield from _same_looks(corpus)


def _is_bound(entry: Entry, at: Pointer) -> bool:
    """Say whether a text is a name with a hash over the very characters of a document."""
    return (
        isinstance(entry.record, models.Actor)
        and len(at) == 3
        and at[0] == "names"
        and at[2] == "name"
        and entry.record.names[int(at[1])].sha256 is not None
    )


def _confusable(text: str, *, bound: bool) -> tuple[str, str] | None:
    """Say what in a text looks like something that it is not, and what to do about it."""
    if not bound and not unicodedata.is_normalized("NFC", text):
        return f"{shown(text)} is not composed: it looks like a text that is other characters", "write it in NFC"
    foreign = []
    latin = False
    for match in _WORD.finditer(text):
        word = match.group()
        styled = next((c for c in word if _is_styled(c)), None)
        if styled is not None:
            message = f"{shown(word)} has U+{ord(styled):04X}, which only looks like {shown(_plain(styled))}"
            return message, "write plain letters"
        scripts = sorted({one for one in map(_script, word) if one})
        if len(scripts) > 1 and not (len(set(scripts) - _EAST_ASIAN) <= 1 and set(scripts) <= _EAST_ASIAN | {"LATIN"}):
            odd = next(c for c in word if _script(c) == min(scripts, key=lambda one: _count(word, one)))
            message = (
                f"{shown(word)} mixes {' and '.join(one.capitalize() for one in scripts)} letters: U+{ord(odd):04X} is one"
            )
            return message, "write the word in one alphabet"
        latin = latin or scripts == ["LATIN"]
        # A letter alone is a symbol, as in alpha decay, or a word of its language.
        if len(word) > 1 and scripts and not set(scripts) <= _EAST_ASIAN | {"LATIN"}:
            foreign.append(word)
    if latin and foreign and all(c in LOOK_ALIKES for word in foreign for c in word if _script(c)):
        message = f"{shown(foreign[0])} looks like {shown(_skeleton(foreign[0]))} and is written in other letters"
        return message, "write it in the letters that it seems to be in"
    return None


def _count(word: str, script: str) -> int:
    return sum(_script(c) == script for c in word)


def _same_looks(corpus: Corpus) -> Iterator[Finding]:
    """Find names of different actors or places that differ in look-alike letters or in spaces alone."""
    for kind in ("actors", "places"):
        seen: dict[str, tuple[str, str]] = {}
        given = [(entry.record.id, at, name, entry) for entry in corpus.entries[kind].values() for at, name in _names(entry)]
        # Names in look-alikes come last, so that they are the ones that are found.
        for record_id, at, text, entry in sorted(given, key=lambda one: (_skeleton(one[2]) != one[2], one[0])):
            other, same = seen.setdefault(_skeleton(text), (record_id, text))
            if other != record_id and same != text:
                if _plainly_spaced(same) == _plainly_spaced(text):
                    told, advice = "with other spaces", "write one plain space between words"
                else:
                    told, advice = "in other letters", "write it in the letters that it seems to be in"
                message = f"{shown(text)} looks like the name of {shown(other)} and is written {told}"
                yield entry.finding(at, "names-are-not-confusable", message, advice)


def _names(entry: Entry) -> Iterator[tuple[Pointer, str]]:
    """Yield every name of an actor or place, with its place."""
    record = entry.record
    if isinstance(record, models.Actor):
        yield from ((("names", index, "name"), one.name) for index, one in reversed(list(enumerate(record.names))))
    if isinstance(record, models.Actor | models.Place):
        yield ("name",), record.name


_WORD = re.compile("[^\\W_](?:[^\\W_]|['’\u0300-\u036f])*")

_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})

_NO_SCRIPT = frozenset(
    "MODIFIER FEMININE MASCULINE MICRO OHM KELVIN ANGSTROM SUPERSCRIPT SUBSCRIPT IDEOGRAPHIC VERTICAL PROLONGED".split()
)
"""First words of the names of letters that belong to no alphabet: signs of units, ordinals, modifiers."""


@cache
def _script(character: str) -> str:
    """Give the script of a letter, by the first word of its name; nothing for what is no letter."""
    if not unicodedata.category(character).startswith("L"):
        return ""
    first = unicodedata.name(character, "").partition(" ")[0].partition("-")[0]
    if first in ("HALFWIDTH", "FULLWIDTH"):
        first = unicodedata.name(character).split(" ")[1]
    return "" if first in _NO_SCRIPT else first


@cache
def _is_styled(character: str) -> bool:
    """Say whether a character is a Latin letter in disguise: mathematical, full-width, a Roman numeral, a ligature."""
    kind = unicodedata.decomposition(character).partition(" ")[0]
    return kind in ("<font>", "<wide>", "<compat>") and _plain(character).isascii() and _plain(character).isalpha()


def _plain(character: str) -> str:
    return unicodedata.normalize("NFKC", character)


def _skeleton(name: str) -> str:
    """Write a name with the Latin letters that it looks like, and with plain spaces."""
    return "".join(LOOK_ALIKES.get(c, c) for c in _plainly_spaced(name))


def _plainly_spaced(name: str) -> str:
    return _SPACES.sub(" ", name)


_SPACES = re.compile(f"{SPACES}+")


LOOK_ALIKES = dict(
    zip(
        # Cyrillic, then Greek, then Armenian, then Cherokee.
        "АВСЕНІЈКМОРЅТХУаԁеһіјӏорԛѕԝхусүΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυՕՏԼոսօᎪᏴᏟᎬᎻᎫᏞᎷᏢᎡᏚᎢᏙᏃ",
        "ABCEHIJKMOPSTXYadehijlopqswxycyABEZHIKMNOPTYXavopuOSLnuoABCEHJLMPRSTVZ",
        strict=True,
    )
)
"""Letters of other alphabets that most fonts draw like a Latin one, with that one.

The table of confusable characters of Unicode (UTS 39) has thousands of pairs, most of them signs that no name holds; these are
the letters with which a whole name can be written.
"""
