"""New seed files, with an example in every field that is needed.

Terms are of the vocabularies, so that a new file has its shape. Texts and dates are marked and ids are of no record, so that a
rule finds each of them that was left. Nothing is guessed from a document's text, and nothing is written. May import whatever
stands before `authoring` in the order of modules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from textwrap import shorten
from typing import Any

from .. import store
from ..build import terms_of
from ..dates import EDTF_PATTERN
from ..findings import did_you_mean, escaped, shown
from ..lifecycle import Changing
from ..models import Evidence, Hop, Part, Stage
from ..place import UsageError, data_root
from ..records import KIND, KINDS, Kind
from ..rules.drafts import PLACEHOLDER, PLACEHOLDER_DATE, PLACEHOLDER_ID
from ..store import Corpus, Tree, home_of, seed_bytes
from ..tables import Column, columns_of
from ..text import fingerprint, paragraphs, span_hash
from ..values import (
    ANY_ID_PATTERN,
    DAY_PATTERN,
    FORMS,
    LANGUAGE_PATTERN,
    MAX_ID,
    MAX_OFFSET,
    SLUG_PATTERN,
    TERM_PATTERN,
)

LONGEST_ID = MAX_ID - len("/c0001")
"""Characters of a new id at most: so that the ids of a document's records, and file names, stay within their bounds."""
MAX_PARAGRAPHS = 100_000
"""Paragraphs of a document at most, as the model has it."""


NEW = {kind.schema: kind for kind in KINDS if not kind.many and kind.name != "vocabularies"}
"""The kinds of which a new file can be made, by the name that `venezuela-data new` takes."""

_USUAL = {"actor_kind": "person", "voice": "named", "attribution_basis": "explicit", "source_kind": "newspaper"}
"""Terms that take no other field along with them; of any other vocabulary the first term is the example."""


def new_record(corpus: Corpus, kind_name: str, record_id: str) -> tuple[str, bytes]:
    """Give the path and the bytes of a new seed file, with an example in every field that it needs.

    Terms are of the vocabularies, so that the file has its shape. Texts begin with `Replace this:`, dates are of the year 1 and
    ids are `replace-this`: none of it passes for data until it is replaced.

    Args:
        corpus: the records that are there; without vocabularies of its own the terms of the installed data are taken.
        kind_name: actor, place, event, designation, instrument, program, source (consulted, without a text), redirect,
            tombstone or cause.
        record_id: the id of the new record.

    Raises:
        UsageError: there is no such kind, the id has not the form of one, or it is taken.
    """
    if kind_name == "source":
        return new_source(corpus, record_id, None)
    if kind_name not in NEW:
        raise UsageError(f"no kind {shown(kind_name)} of record; {did_you_mean(kind_name, NEW, 'kinds')}")
    kind = NEW[kind_name]
    return _new(corpus, kind, record_id, _Examples(corpus).of_kind(kind))


def new_source(corpus: Corpus, source_id: str, text: str | None) -> tuple[str, bytes]:
    """Give the path and the bytes of a new `source.json`; with a text, its fingerprint, length and paragraphs.

    Neither the title nor the language is guessed from the text.

    Raises:
        UsageError: the id has not the form of one or is taken, or the text has no paragraph or more than can be recorded.
    """
    made = {**_Examples(corpus).of_kind(KIND["sources"]), "access": "consulted"}
    if text is not None:
        passages = list(islice(paragraphs(text), MAX_PARAGRAPHS + 1))
        if not passages:
            raise UsageError("the text has no paragraph: give a file that holds the words of the document")
        if len(passages) > MAX_PARAGRAPHS or len(text) > MAX_OFFSET:
            raise UsageError(f"the text has more than {MAX_PARAGRAPHS:,} paragraphs or {MAX_OFFSET:,} characters: give a part")
        try:
            digest = fingerprint(text)
        except UnicodeEncodeError:
            raise UsageError("the text holds half of a surrogate pair: save it as UTF-8") from None
        made.update(access="held", text_sha256=digest, text_length=len(text))
        made["paragraphs"] = [
            {"n": n, "start": one.start, "end": one.end, "sha256": span_hash(digest, one.start, one.end, one.words)}
            for n, one in enumerate(passages, 1)
        ]
    return _new(corpus, KIND["sources"], source_id, made)


def _new(corpus: Corpus, kind: Kind, record_id: str, fields: Mapping[str, Any]) -> tuple[str, bytes]:
    if not re.fullmatch(SLUG_PATTERN, record_id):
        raise UsageError(f"{shown(record_id)} is no id; {FORMS[SLUG_PATTERN]}")
    if len(record_id) > LONGEST_ID:
        raise UsageError(f"an id of {len(record_id)} characters; write at most {LONGEST_ID}")
    for other in KINDS:
        entry = corpus.entries[other.name].get(record_id)
        if entry is not None or (other.name, record_id) in corpus.faulty:
            where = entry.file.path if entry is not None else home_of(other, record_id)
            raise UsageError(f"{shown(record_id)} is already the id of {escaped(where)}; choose another, or edit that file")
    if record_id == PLACEHOLDER_ID:
        raise UsageError(f"{shown(record_id)} stands in new files for ids that are still to be written; choose another")
    path = home_of(kind, record_id)
    return path, seed_bytes(kind, path, [kind.model.model_validate({**fields, "id": record_id})])


class _Examples:
    """Examples for the fields of a new record: the same ones each time."""

    def __init__(self, corpus: Corpus) -> None:
        self.terms = terms_of(corpus.records)
        if not self.terms:
            self.terms = terms_of(store.read_datasets(Tree(data_root()), [KIND["vocabularies"]]).records)

    def of_kind(self, kind: Kind) -> dict[str, Any]:
        """Give an example for every field that a kind of record needs, and the chain and evidence that rules ask for."""
        made = self._required(kind.model)
        fields = kind.model.model_fields
        if "history" in fields:
            made["history"] = [self._required(Stage)]
        if "attribution" in fields:
            made["attribution"] = [{**self._required(Hop), "actor_id": PLACEHOLDER_ID, "document_id": PLACEHOLDER_ID}]
        if "records" in fields:
            made["records"] = [{**self._required(Changing), "record_id": PLACEHOLDER_ID}]
        if "evidence" in fields and kind.name != "sources":
            made["evidence"] = [self._required(Evidence)]
        return made

    def _required(self, model: type[Part]) -> dict[str, Any]:
        names = [name for name, one in model.model_fields.items() if one.is_required() and name != "id"]
        columns = columns_of(model)
        return {name: self._value(columns[name]) for name in names if name in columns}

    def _value(self, column: Column) -> Any:
        if column.scheme is not None:
            return self._term(column.scheme)
        if column.refers is not None or column.pattern == ANY_ID_PATTERN:
            return PLACEHOLDER_ID
        if column.pattern in (EDTF_PATTERN, DAY_PATTERN) or column.type == "date":
            return PLACEHOLDER_DATE
        if column.pattern == TERM_PATTERN:
            return KINDS[0].name  # Of a vocabulary it would be a term of that; this is a table.
        if column.pattern == LANGUAGE_PATTERN:
            return "und"
        assert column.type == "string", column
        assert column.pattern is None, column
        return shorten(f"{PLACEHOLDER} {column.description}", column.max_length or 200, placeholder=" ...")

    def _term(self, scheme: str) -> str:
        terms = self.terms.get(scheme) or ["example"]
        usual = _USUAL.get(scheme, "")
        return usual if usual in terms else terms[0]
