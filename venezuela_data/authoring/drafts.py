"""Drafts: seed files that give the words of a document, whose spans are filled in.

The draft is read as strictly as any seed file. What cannot be filled in is found at its place in the draft, and then nothing
of it is filled in. What a record says is not judged here. May import whatever stands before `authoring` in the order of
modules, and `words` beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from ..build import terms_of
from ..findings import Finding, shown
from ..models import Actor, ActorName, Claim, Erratum, OfSource, Part, Record, Source, Statement
from ..records import Kind
from ..store import Corpus, kind_of, schema_link, seed_bytes
from ..syntax import JsonFile, Pointer, TextFile, json_bytes, read_json
from ..validation import ASKED, SPAN
from .words import HeldText, WordsError, held_text

OWN_WORDS: Mapping[type[Part], str] = {Statement: "text", Erratum: "as_written", ActorName: "name"}
"""The field that holds the words of the span, where a record or part has them."""


def anchored(corpus: Corpus, texts: Mapping[str, TextFile], path: str, data: bytes) -> tuple[bytes | None, list[Finding]]:
    """Fill in the spans of a draft seed file that gives only the words, and give the file in the normal form.

    Any object may hold `words`, and `nth` or `within` beside them; start, end and sha256 take their place. A statement, an
    erratum, and an actor's name from a held document have words of their own, which are looked up where there is no span or
    that of other words.
    Where the records are not yet whole, fields keep the order of the draft: `validate` says what is missing.

    Args:
        corpus: the records that are there; its own findings, such as those on the draft, do not matter.
        texts: the texts at hand, by id of the document.
        path: where the draft stands in the tree.
        data: its bytes.

    Returns:
        The bytes, or None where there is a finding.
    """
    kind = kind_of(path)
    if kind is None:
        return None, [Finding(path, 0, 0, "files-are-expected", "no kind of record has its file here", "see seeds/")]
    file, findings = read_json(data, path)
    if file is None:
        return None, findings
    draft = _Draft(corpus, texts, kind, file)
    value = draft.filled(file.value, ())
    if draft.findings:
        return None, sorted(draft.findings)
    records = records_of(kind, path, value, terms_of(corpus.records))
    return (json_bytes(value) if records is None else seed_bytes(kind, path, [one for _, one in records])), []


class _Draft:
    """One draft: fills in the spans of its objects, and finds where that cannot be done."""

    def __init__(self, corpus: Corpus, texts: Mapping[str, TextFile], kind: Kind, file: JsonFile) -> None:
        self.corpus = corpus
        self.texts = texts
        self.kind = kind
        self.file = file
        self.findings: list[Finding] = []
        self._held: dict[str, HeldText | WordsError] = {}

    def filled(self, value: Any, at: Pointer) -> Any:
        """Give a value of the file with the spans of it and of all that is in it."""
        if isinstance(value, list):
            return [self.filled(item, (*at, index)) for index, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        made = {name: self.filled(item, (*at, name)) for name, item in value.items() if name not in ASKED}
        words_at = self._words_of(value, at)
        if words_at is not None:
            made |= self._span(value, at, words_at)
        return made

    def _words_of(self, value: Mapping[str, Any], at: Pointer) -> str | None:
        """Give the field that holds the words of which an object wants the span, or None where it wants none."""
        model = self._model_at(at)
        own = OWN_WORDS.get(model) if model is not None else None
        if "words" in value:
            if own is not None and isinstance(value.get(own), str) and value["words"] != value[own]:
                message = f"the words are not those of {own!r}"
                self._find((*at, "words"), "words-match-their-spans", message, f"leave them out: {own!r} is looked up")
                return None
            return "words"
        asked = next((name for name in ASKED if name in value), None)
        blank = all(value.get(name) is None for name in SPAN)
        if own is not None and own in value and (blank or asked is not None or self._is_of_other_words(value, at, own)):
            source = self.corpus.source(self._document(value, at))
            # A name may come from a document that was only consulted, and then has no span.
            return None if model is ActorName and source is not None and source.access != "held" else own
        if asked is not None:
            self._find((*at, asked), "required-fields-are-present", f"{asked!r} stands without 'words'", "add them")
        elif blank and model is Claim:
            message = "the claim has neither a span nor the words for one"
            self._find(at, "required-fields-are-present", message, "add 'words', as they stand in the document")
        return None

    def _is_of_other_words(self, value: Mapping[str, Any], at: Pointer, own: str) -> bool:
        """Say whether an object has a span, but not that of the words that it has itself, as after an edit of these."""
        document = self._document(value, at)
        try:
            held = self._text_of(document) if document is not None else None
        except WordsError:
            return False  # Without the text there is nothing to look the words up in.
        start, end, sha256 = (value.get(name) for name in SPAN)
        if held is None or type(start) is not int or type(end) is not int:
            return held is not None
        return held.text[start:end] != value[own] or sha256 != held.hash_of(start, end)

    def _span(self, value: Mapping[str, Any], at: Pointer, name: str) -> dict[str, Any]:
        words, nth, within = value[name], value.get("nth"), value.get("within")
        for one, given, is_right in (
            (name, words, isinstance(words, str) and words != ""),
            ("nth", nth, nth is None or (type(nth) is int and nth >= 1)),
            ("within", within, within is None or (isinstance(within, str) and within != "")),
        ):
            if not is_right:
                expected = "a whole number from 1" if one == "nth" else "the words as they stand in the document"
                self._find((*at, one), "values-have-their-type", f"{one!r} is {shown(given)}", f"expected {expected}")
                return {}
        document = self._document(value, at)
        if document is None:
            message = "the words are of no document: the field 'source_id' is missing"
            self._find((*at, name), "required-fields-are-present", message, "add it")
            return {}
        try:
            held = self._text_of(document)
            return held.span(held.locate(words, nth, within))
        except WordsError as error:
            choices = f": {'; '.join(error.choices)}" if error.choices else ""
            self._find((*at, name), error.rule, error.message, error.advice + choices)
            return {}

    def _text_of(self, document: str) -> HeldText:
        if document not in self._held:
            try:
                self._held[document] = held_text(self.corpus, self.texts, document)
            except WordsError as error:
                self._held[document] = error
        found = self._held[document]
        if isinstance(found, WordsError):
            raise found
        return found

    def _document(self, value: Mapping[str, Any], at: Pointer) -> str | None:
        """Give the document of an object: the one that it names, else the one whose record it is or is part of."""
        given = value.get("source_id")
        if isinstance(given, str):
            return given
        record = self.file.value
        for step in at[: 2 * self.kind.many]:
            record = record[step]
        record_id = record.get("id") if isinstance(record, dict) else None
        of_source = issubclass(self.kind.model, OfSource | Source)
        return record_id.partition("/")[0] if isinstance(record_id, str) and of_source else None

    def _model_at(self, at: Pointer) -> type[Part] | None:
        """Say what an object is, of what can hold words of its own: a record of a document, or a name of an actor."""
        if self.kind.many:
            return self.kind.model if len(at) == 2 and at[0] == self.kind.name else None
        return ActorName if self.kind.model is Actor and len(at) == 2 and at[0] == "names" else None

    def _find(self, at: Pointer, rule: str, message: str, advice: str) -> None:
        self.findings.append(self.file.at(at, rule, message, advice))


def records_of(kind: Kind, path: str, value: Any, terms: Mapping[str, Iterable[str]]) -> list[tuple[Pointer, Record]] | None:
    """Give the records of a file's value with their places, or None if any of it has not its shape."""
    if not isinstance(value, dict) or value.get("$schema", schema_link(path, kind)) != schema_link(path, kind):
        return None
    rest = {name: one for name, one in value.items() if name != "$schema"}
    items: list[tuple[Pointer, Any]] = [((), rest)]
    if kind.many:
        listed = rest.get(kind.name)
        if set(rest) != {kind.name} or not isinstance(listed, list):
            return None
        items = [((kind.name, index), one) for index, one in enumerate(listed)]
    context = {"vocabularies": terms}
    try:
        return [(at, kind.model.model_validate(one, context=context)) for at, one in items]
    except ValidationError:
        return None
