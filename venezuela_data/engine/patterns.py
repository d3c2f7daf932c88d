r"""Patterns of fields: a subset that every engine reads alike, and a way to run the others that cannot run away.

A pattern of the subset goes into SQL as it is. Where it has classes such as `\d` or `.`, of which engines think differently
beyond ASCII, only cells of printable ASCII are judged there. All others run in Python over the distinct values of a column, by
an engine of linear time; what even that does not know is refused by name. May import the room `patterns`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from ..patterns import MAX_STEPS, engine, steps

MAX_REPEATS = 1_000
"""What a repetition may ask for at most, in RE2."""
MAX_STEADY = 1_000
"""Characters of a text up to which an engine that steps back runs a steady pattern."""
MAX_PORTABLE_STEPS = 1_000
"""Steps of a pattern of the subset at most, with its repetitions written out: more would not fit into every engine."""

_TOKEN = re.compile(
    r"\\(?P<escape>.)|(?P<class>\[\^?(?:\\.|[^\]\\\[])(?:\\.|[^\]\\\[])*\])|(?P<group>\((?:\?:)?)|(?P<close>\))"
    r"|(?P<repeat>[*+?]\??|\{(?P<least>[0-9]{1,4})(?:(?P<comma>,)(?P<most>[0-9]{0,4}))?\}\??)|(?P<bar>\|)|(?P<any>\.)|(?P<edge>[\^$])"
    r"|(?P<plain>[^\\\[\](){}*+?|.^$])",
    re.DOTALL,
)
_PUNCTUATION = frozenset("\\.^$*+?()[]{}|/-#&~")
_CLASSES = frozenset("dwsDWS")
_ITEM = re.compile(r"\\(.)|([^\\])", re.DOTALL)


class PatternError(ValueError):
    """A pattern that no engine of linear time runs; the text says which and why."""


class Pattern(NamedTuple):
    """The pattern of a field."""

    text: str
    portable: bool
    """Whether it is of the subset that every engine reads alike."""
    ascii_only: bool
    """Whether that holds for printable ASCII alone."""
    steady: bool
    """Whether an engine that steps back runs it quickly on whatever text of some length."""
    is_plain: bool
    """Whether it surely matches no text with a quote or a line break."""

    def matches(self, text: str) -> bool:
        """Say whether the pattern matches the whole of a text."""
        # On what all engines read alike, and where stepping back is bounded, Python's own needs no other library.
        if self.steady and len(text) <= MAX_STEADY and not (self.ascii_only and not _is_printable_ascii(text)):
            return _compiled(self.text).fullmatch(text) is not None
        run = _linear(self.text)
        assert run is not None
        return bool(run.isinstance_python(text))


def _is_printable_ascii(text: str) -> bool:
    return text.isascii() and text.isprintable()


@cache
def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(text)


@cache
def _linear(text: str) -> Any:
    return engine(text)


@cache
def compile_pattern(text: Any) -> Pattern:
    """Compile a pattern.

    Raises:
        PatternError: it is no pattern, asks for too much work, or needs an engine whose time has no bound.
    """
    if not isinstance(text, str):
        raise PatternError("a pattern is a text")
    taken = steps(text)
    if taken > MAX_STEPS:
        raise PatternError(f"the pattern {text!r:.80} asks for too much work: repeat less, or write a shorter one")
    portable, ascii_only = _portability(text)
    portable = portable and taken <= MAX_PORTABLE_STEPS and _is_pattern(text)
    steady = portable and _is_steady(text)
    if not steady and _linear(text) is None:
        raise PatternError(
            f"the pattern {text!r:.80} cannot be run in linear time: write it without looking around and references back"
        )
    return Pattern(text, portable, ascii_only, steady, portable and _is_plain(text))


def _is_pattern(text: str) -> bool:
    try:
        _compiled(text)
    except re.error:
        return False
    return True


def _is_plain(text: str) -> bool:
    """Say whether a pattern of the subset surely matches no text with a quote or a line break."""
    for token in _TOKEN.finditer(text):
        if token["any"] or token["edge"] or (token["escape"] is not None and token["escape"] in "sDWSnr"):
            return False
        if token["class"] is not None and any(_compiled(token["class"]).fullmatch(one) for one in '"\n\r'):
            return False
        if token["plain"] is not None and token["plain"] in '"\n\r':
            return False
    return True


def _is_steady(text: str) -> bool:
    """Say whether a pattern of the subset leaves an engine that steps back few ways to match the same text."""
    loops, ways, after_group = 0, 1, False
    for token in _TOKEN.finditer(text):
        if token["repeat"] is not None:
            least, most = token["least"], token["most"] if token["comma"] else token["least"]
            if after_group and token["repeat"][0] != "?" and (loops or ways > 1):
                return False
            if token["repeat"][0] == "?":
                ways *= 2
            elif least is None or not most:
                loops += 1
            else:
                ways *= int(most) - int(least) + 1
        ways += token["bar"] is not None
        after_group = token["close"] is not None
    return loops <= 2 and ways <= 100


def _portability(text: str) -> tuple[bool, bool]:
    """Say whether a pattern is of the subset, and whether only for printable ASCII."""
    at, ascii_only, repeatable = 0, False, False
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return False, False
        at = token.end()
        kind = token.lastgroup if token.lastgroup not in ("least", "comma", "most") else "repeat"
        if kind == "repeat":
            bounds = [int(one) for one in (token["least"], token["most"]) if one]
            if not repeatable or any(one > MAX_REPEATS for one in bounds) or bounds != sorted(bounds):
                return False, False
        elif kind == "escape" and token["escape"] in _CLASSES | {"b", "B"}:
            ascii_only = True
        elif kind == "escape" and token["escape"] not in _PUNCTUATION | set("tnr"):
            return False, False
        elif kind == "class":
            inside = token["class"]
            if any(one in inside for one in ("&&", "--", "~~", "||")):
                return False, False
            for item in _ITEM.finditer(inside[1:-1]):
                if item[1] and item[1] in _CLASSES:
                    ascii_only = True
                elif item[1] and item[1] not in _PUNCTUATION | set("tnr"):
                    return False, False
        elif kind in ("any", "edge"):
            ascii_only = True
        repeatable = kind in ("plain", "class", "any", "close") or (kind == "escape" and token["escape"] not in "bB")
    return True, ascii_only
