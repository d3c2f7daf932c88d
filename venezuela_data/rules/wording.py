"""Rules on wording: quotations are short and stand in statements, and everything else is in our own words.

They compare runs of words and never rewrite one. May import whatever stands before `rules` in the order of modules.
What is a document's own wording, such as a name or a title, is listed and passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pydantic.fields import FieldInfo

from .. import models
from ..findings import Finding, shown
from ..models import Part
from ..records import marks_in
from ..store import Corpus, Entry
from ..syntax import Pointer
from ..text import OWN_WORDS, word_runs, words_of
from ..values import Wording

MAX_QUOTED_WORDS = 60
"""Words of a statement at most: a quotation, not a copy."""
MAX_QUOTED_SHARE = 0.25
"""Share of a document's text, in characters, that its statements may add up to."""
QUOTED_RUN = 7
"""So many consecutive words of a statement in another field count as quoting it there."""


def quotations_are_short(corpus: Corpus) -> Iterator[Finding]:
    """A statement has few words, and the statements of a document are a small part of it.

    Quotations stay their owners'; they are kept so that readers know what was said, not in place of the document.
    """
    code = "quotations-are-short"
    quoted: dict[str, int] = {}
    for statement, entry in corpus.each(models.Statement):
        count = len(words_of(statement.text))
        if count > MAX_QUOTED_WORDS:
            message = f"a quotation of {count} words, more than {MAX_QUOTED_WORDS}"
            yield entry.finding(("text",), code, message, "record the part that matters")
        quoted[statement.source_id] = quoted.get(statement.source_id, 0) + len(statement.text)
    for source, entry in corpus.each(models.Source):
        share = quoted.get(source.id, 0) / source.text_length if source.text_length else 0.0
        if share > MAX_QUOTED_SHARE:
            message = f"the statements of {shown(source.id)} are {share:.0%} of its text, more than {MAX_QUOTED_SHARE:.0%}"
            yield entry.finding(("text_length",), code, message, "record fewer or shorter quotations")


_Fields = frozenset[tuple[type[Part], str]]

_OF_OTHERS: _Fields = frozenset(
    {(models.Statement, "text"), (models.Erratum, "as_written"), (models.ActorName, "name"), (models.Source, "title")}
)
"""The fields whose words are a document's own, as it has them."""


def _prose(entry: Entry, passing: _Fields = _OF_OTHERS) -> Iterator[tuple[Pointer, str]]:
    """Yield every text of a record that is in our own words, with its place; ids, terms and the fields passed over are none."""

    def walk(part: Part, at: Pointer) -> Iterator[tuple[Pointer, str]]:
        model = type(part)
        for name in _fields_with_texts(model):
            value = getattr(part, name)
            if isinstance(value, str):
                if (model, name) not in passing:
                    yield (*at, name), value
            elif isinstance(value, Part):
                yield from walk(value, (*at, name))
            elif isinstance(value, tuple):
                for index, item in enumerate(value):
                    if isinstance(item, Part):
                        yield from walk(item, (*at, name, index))

    yield from walk(entry.record, ())


@cache
def _fields_with_texts(model: type[Part]) -> tuple[str, ...]:
    """Give the fields of a model that hold a text, or parts that hold one at any depth; most fields do not."""
    return tuple(name for name, field in model.model_fields.items() if _has_wording(field))


def _has_wording(field: FieldInfo) -> bool:
    return any(isinstance(mark, Wording) for _, mark in marks_in(field.annotation, field.metadata))


def quotations_stay_in_statements(corpus: Corpus) -> Iterator[Finding]:
    """No text of ours repeats a run of words from a statement.

    What somebody said stands in `statements`, with who said it; anywhere else it would pass for our own words.
    """
    runs: dict[tuple[str, ...], str] = {}
    for statement, _ in corpus.each(models.Statement):
        words = words_of(statement.text)
        runs.update((tuple(words[i : i + QUOTED_RUN]), statement.id) for i in range(len(words) - QUOTED_RUN + 1))
    if not runs:
        return
    firsts = {run[0] for run in runs}
    for _, entry in corpus.all():
        for at, text in _prose(entry):
            words = words_of(text)
            for i in range(len(words) - QUOTED_RUN + 1):
                found = runs.get(tuple(words[i : i + QUOTED_RUN])) if words[i] in firsts else None
                if found is not None:
                    message = f"it repeats words of the statement {shown(found)}"
                    yield entry.finding(at, "quotations-stay-in-statements", message, "say it in other words")
                    break


def words_are_our_own(corpus: Corpus) -> Iterator[Finding]:
    """Where a document's text is at hand, no text of ours repeats a long run of its words outside quotation marks.

    The text belongs to its publisher; everything but short quotations is said in our own words.
    """
    runs = {run for text in corpus.texts.values() for run in word_runs(text.text)}
    if not runs:
        return
    for _, entry in corpus.all():
        for at, text in _prose(entry):
            words = words_of(text)
            if any(tuple(words[i : i + OWN_WORDS]) in runs for i in range(len(words) - OWN_WORDS + 1)):
                message = f"{OWN_WORDS} or more words in a row are those of a document"
                yield entry.finding(at, "words-are-our-own", message, "say it in other words")


LOADED_TERMS = frozenset(
    """
    aggression aggressor aggressors bandit bandits brutal corrupt crony cronies cynical despot despots dictator dictators
    dictatorial dictatorship evil extremist extremists genocide heroic henchman henchmen illegitimate imperialist imperialists
    infamous invader invaders invasion junta mafia mafias murderous narco narcos narcoterrorism narcoterrorist narcoterrorists
    notorious propaganda puppet puppets regime regimes ruthless strongman strongmen terrorism terrorist terrorists thug thugs
    traitor traitors tyrannical tyranny tyrant tyrants usurper usurpers warmonger warmongers
    """.split()
)
"""Words that take a side on this crisis. They may stand in quotation marks, in a text that says whose words they are."""

_ROOTS = sorted(term for term in LOADED_TERMS if not any(other in term for other in LOADED_TERMS - {term}))
"""One of these is in every loaded term."""

_PROPER = re.compile(
    r"Foreign Terrorist Organizations?|Specially Designated Global Terrorists?|Global Terrorism Sanctions Regulations"
    r"|global war on terrorism|[Cc]ounter-terrorism"
)
"""Names of legal acts and of fields of policy that hold such a word."""

_ATTRIBUTING = frozenset(
    """
    according accuse accused accuses allege alleged alleges called calls claim claimed claims denied denies describe described
    describes label labels quote quoted quotes said say says speak speaks spoke stated term termed terms word words writes wrote
    """.split()
)
"""Words by which a text says whose words it quotes."""

_QUOTED = re.compile('"[^"]*"|“[^”]*”|«[^»]*»')

_NAMED_BY_OTHERS: _Fields = frozenset({(models.Instrument, "title"), (models.Program, "title"), (models.Source, "publisher")})
"""Fields that hold the name of something, as whoever issued it has it."""


def wording_is_neutral(corpus: Corpus) -> Iterator[Finding]:
    """No text of ours holds a loaded term, unless quoted and with its speaker.

    The data takes no side. Words that do are for those who use them: in quotation marks, with a word such as says or calls.
    """
    passing = _OF_OTHERS | _NAMED_BY_OTHERS
    for _, entry in corpus.all():
        for at, text in _prose(entry, passing):
            lowered = text.lower()
            if not any(root in lowered for root in _ROOTS):
                continue  # Nearly every text ends here; what follows takes ten times as long.
            bare = _PROPER.sub(" ", text)
            unquoted = _QUOTED.sub(" ", bare)
            if not _ATTRIBUTING.isdisjoint(words_of(unquoted)):
                bare = unquoted
            words = (re.sub("['’]s$", "", word) for word in words_of(bare))
            found = next((word for word in words if word in LOADED_TERMS), None)
            if found is not None:
                advice = "say it neutrally, or quote it and say whose word it is"
                yield entry.finding(at, "wording-is-neutral", f"the loaded term {shown(found)}", advice)
