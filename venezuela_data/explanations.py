"""Explanations: what a rule holds, why, the layer that it runs in, and a bad and a good example of it.

The words are those of the rules themselves. The examples are in `examples.json` of this package, which
`python tests/test_broken.py` writes from the broken trees of the tests, so that none is made up beside what the validator
finds. They are read when one is asked for, never at import. Nothing is validated, written or fetched here. May import every
module above it.
"""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import PurePosixPath

from .engine.codes import RULES
from .engine.reporting import advice_on
from .findings import SHOWN_MESSAGE, did_you_mean, escaped, shown
from .place import UsageError
from .validation import CODES, LAYER_OF, LAYERS

FORMS = ("text", "markdown", "json")
"""The formats of an explanation."""

WIDTH = 100
"""Columns that prose takes in the text format."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A place that breaks a rule, and what the validator says of it."""

    path: str
    """The file, from the top of its tree."""
    line: int
    """The line of the finding; 0 if that is about the file as a whole."""
    start: int
    """The number of the first line of the excerpt; 0 if there is no text, and the excerpt says what there is instead."""
    excerpt: tuple[str, ...]
    """A few lines of the file."""
    finding: str
    """The finding, as the text format prints it."""


@dataclass(frozen=True, slots=True)
class Good:
    """The same place when it is mended; another one where something else had to change."""

    path: str
    start: int
    excerpt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that there is to say about a rule."""

    code: str
    layer: str
    holds: str
    """What holds, in a sentence; backquotes mark names and commands."""
    why: str
    """Why it does, and what else there is to know."""
    bad: Bad
    good: Good

    def render(self, form: str = "text") -> str:
        """Render it as `text` (for a terminal), `markdown` or `json`, with a line feed at the end.

        Raises:
            ValueError: no such format.
        """
        if form == "text":
            return _as_text(self)
        if form == "markdown":
            return _as_markdown(self)
        if form == "json":
            # ASCII alone leaves no control, bidi or surrogate character that a terminal would act on.
            return json.dumps(asdict(self), ensure_ascii=True, indent=2) + "\n"
        raise ValueError(f"unknown format {form!r}; known: {', '.join(sorted(FORMS))}")


def explanation(code: str) -> Explanation:
    """Explain a rule by its code.

    Raises:
        UsageError: there is no such rule.
    """
    if code not in CODES:
        raise UsageError(f"no rule {shown(code)}; {did_you_mean(code, {**CODES, **RULES}, 'rules')}")
    examples = json.loads(resources.files(__package__).joinpath("examples.json").read_text(encoding="utf-8"))
    bad, good = ({**one, "excerpt": tuple(one["excerpt"])} for one in (examples[code]["bad"], examples[code]["good"]))
    holds, why = _said(code)
    return Explanation(code, LAYER_OF[code], holds, why, Bad(**bad), Good(**good))


def is_engine_rule(code: str) -> bool:
    """Say whether a code is that of a rule of the engines alone, which hold for the tables of any data package."""
    return code in RULES and code not in CODES


def engine_rule(code: str, form: str = "text") -> str:
    """Explain a rule of the engines: what holds, and what to do, as `text`, `markdown` or `json`.

    Raises:
        ValueError: no such format.
    """
    holds, advice = RULES[code], advice_on(code)
    if form == "json":
        return json.dumps({"code": code, "layer": "engine", "holds": holds, "advice": advice}, indent=2) + "\n"
    if form == "markdown":
        return f"## `{code}`\n\n{holds}\n\nLayer: engine. Where it does not hold: {advice}.\n"
    if form == "text":
        return f"{code} (engine)\n\n{_prose(holds, 0)}\n\n{_prose(f'Where it does not hold: {advice}.', 0)}\n"
    raise ValueError(f"unknown format {form!r}; known: {', '.join(sorted(FORMS))}")


def codes() -> dict[str, tuple[str, ...]]:
    """Give the codes of all rules by layer, the layers in the order in which they run, the codes by alphabet."""
    return {layer: tuple(sorted(code for code in CODES if LAYER_OF[code] == layer)) for layer in LAYERS}


def overview(form: str = "text") -> str:
    """List all rules by layer, each with what holds, as `text`, `markdown` or `json`, with a line feed at the end.

    Raises:
        ValueError: no such format.
    """
    listed = {layer: {code: _said(code)[0] for code in found} for layer, found in codes().items()}
    if form == "json":
        return json.dumps(listed, ensure_ascii=True, indent=2) + "\n"
    if form == "markdown":
        parts = [
            f"## {layer}\n\n" + "\n".join(f"- `{one}`: {held}" for one, held in found.items())
            for layer, found in listed.items()
        ]
        return "\n\n".join(parts) + "\n"
    if form == "text":
        parts = [
            f"{layer}\n" + "\n".join(f"  {one}\n{_prose(held, 4)}" for one, held in found.items())
            for layer, found in listed.items()
        ]
        return "\n\n".join(parts) + "\n"
    raise ValueError(f"unknown format {form!r}; known: {', '.join(sorted(FORMS))}")


def _said(code: str) -> tuple[str, str]:
    """Split what is said of a rule: its first paragraph, and the rest, each paragraph on one line."""
    holds, *why = (" ".join(paragraph.split()) for paragraph in CODES[code].split("\n\n"))
    return holds, "\n\n".join(why)


def _prose(text: str, indent: int) -> str:
    margin = " " * indent
    # A code or a command is copied whole: it is never broken at a hyphen.
    return "\n\n".join(
        textwrap.fill(
            escaped(paragraph),
            WIDTH,
            initial_indent=margin,
            subsequent_indent=margin,
            break_on_hyphens=False,
            break_long_words=False,
        )
        for paragraph in text.split("\n\n")
    )


def _as_text(one: Explanation) -> str:
    parts = [f"{one.code} (layer {one.layer})", f"Holds:\n{_prose(one.holds, 2)}"]
    if one.why:
        parts.append(f"Why:\n{_prose(one.why, 2)}")
    parts.append(
        f"Bad: {escaped(one.bad.path)}\n{_numbered(one.bad.excerpt, one.bad.start, one.bad.line)}\n\n"
        f"  {escaped(one.bad.finding, SHOWN_MESSAGE)}"
    )
    parts.append(f"Good: {escaped(one.good.path)}\n{_numbered(one.good.excerpt, one.good.start)}")
    return "\n\n".join(parts) + "\n"


def _numbered(excerpt: tuple[str, ...], start: int, marked: int = 0) -> str:
    """Number the lines of an excerpt, with an arrow at the marked one; what stands for a file has no number."""
    if start == 0:
        return "\n".join(f"  {escaped(line)}" for line in excerpt)
    width = len(str(start + len(excerpt) - 1))
    return "\n".join(
        f"{'>' if number == marked else ' '} {number:>{width}} | {escaped(line)}".rstrip()
        for number, line in enumerate(excerpt, start)
    )


def _as_markdown(one: Explanation) -> str:
    parts = [f"# `{one.code}`", one.holds, *([one.why] if one.why else []), f"It runs in the layer {one.layer}."]
    parts += ["## Bad", _code_span(one.bad.path), _fenced(one.bad.excerpt, one.bad.path)]
    parts += ["The validator says:", _fenced((escaped(one.bad.finding, SHOWN_MESSAGE),), "")]
    parts += ["## Good", _code_span(one.good.path), _fenced(one.good.excerpt, one.good.path)]
    return "\n\n".join(parts) + "\n"


def _code_span(text: str) -> str:
    """Put a value between more backquotes than it has in a row, so that no part of it is read as Markdown."""
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{escaped(text)}{pad}{fence}"


def _fenced(excerpt: tuple[str, ...], path: str) -> str:
    fence = "`" * max(3, _longest_run("\n".join(excerpt)) + 1)
    kind = PurePosixPath(path).suffix.removeprefix(".")
    language = kind if kind in ("json", "csv") else "text"
    return "\n".join((f"{fence}{language}", *map(escaped, excerpt), fence))


def _longest_run(text: str) -> int:
    """Count the backquotes of the longest run of them."""
    return max(map(len, "".join(one if one == "`" else " " for one in text).split()), default=0)
