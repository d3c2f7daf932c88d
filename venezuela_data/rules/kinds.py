"""Rules on one kind of record each: names, errata, events, collectives, places, identifiers, vocabularies.

Each looks at records of its kind and at what they name, never at other kinds for their own sake. May import whatever stands
before `rules` in the order of modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter

from .. import models
from ..findings import Finding, did_you_mean, shown
from ..origins import STANDINGS
from ..records import KIND, KINDS, marks_in
from ..store import Corpus, Entry, home_of
from ..syntax import Pointer
from ..values import TermOf


def erroneous_names_have_an_erratum(corpus: Corpus) -> Iterator[Finding]:
    """An erroneous name is tied to the erratum that says so, and is a name of nobody else.

    A wrong name may be the right name of another person, who has nothing to do with the matter.
    """
    code = "erroneous-names-have-an-erratum"
    bearers: dict[str, list[tuple[str, Entry, int, bool]]] = {}
    for actor, entry in corpus.each(models.Actor):
        bearers.setdefault(actor.name.casefold(), []).append((actor.id, entry, -1, False))
        for index, name in enumerate(actor.names):
            wrong = name.kind == "erroneous"
            bearers.setdefault(name.name.casefold(), []).append((actor.id, entry, index, wrong))
            if wrong and name.erratum_id is None:
                message = f"the erroneous name {shown(name.name)} has no erratum"
                yield entry.finding(("names", index), code, message, "record the erratum, and give its id as erratum_id")
    for found in bearers.values():
        for bearer, entry, index, wrong in found:
            if wrong:
                others = sorted({other for other, _, place, _ in found if other != bearer or place < 0})
                if others:
                    message = f"the erroneous name is also a name of {shown(others[0])}"
                    advice = "an erroneous name is recorded on the one who is meant, and on nobody else"
                    yield entry.finding(("names", index, "name"), code, message, advice)


def errata_have_a_basis(corpus: Corpus) -> Iterator[Finding]:
    """An erratum that is decided as corrected says what the document should read and which documents say so.

    What rests on no listed document is flagged, never corrected.
    """
    for erratum, entry in corpus.each(models.Erratum):
        if erratum.decision == "corrected" and not (erratum.basis and erratum.should_read):
            missing = "basis" if not erratum.basis else "should_read"
            message = f"it is corrected without {missing!r}"
            yield entry.finding(("decision",), "errata-have-a-basis", message, f"add {missing!r}, or decide flagged")


def event_links_have_no_circle(corpus: Corpus) -> Iterator[Finding]:
    """No event is part of itself, follows itself or is a condition of itself, directly or through others.

    Contradiction and identity hold both ways and may circle; every other relation has a direction.
    """
    links: dict[str, dict[str, list[tuple[str, Entry, Pointer]]]] = {}
    for event, entry in corpus.each(models.Event):
        if event.part_of is not None:
            links.setdefault("part_of", {}).setdefault(event.id, []).append((event.part_of, entry, ("part_of",)))
        for index, link in enumerate(event.links):
            at: Pointer = ("links", index, "object_id")
            if link.object_id == event.id:
                yield entry.finding(at, "event-links-have-no-circle", f"the event {link.relation} itself", "remove the link")
            elif link.relation not in ("contradicts", "same_as"):
                links.setdefault(link.relation, {}).setdefault(event.id, []).append((link.object_id, entry, at))
    for relation, graph in links.items():
        try:
            TopologicalSorter({start: [target for target, *_ in graph[start]] for start in graph}).prepare()
            continue
        except CycleError:
            pass  # Only now is it worth the while to look for every link of every circle.
        for start in sorted(graph):
            for target, entry, at in graph[start]:
                if start in _reached(graph, target):
                    message = f"{shown(start)} {relation} {shown(target)}, which {relation} it in turn"
                    yield entry.finding(at, "event-links-have-no-circle", message, "remove one link of the circle")


def _reached(graph: dict[str, list[tuple[str, Entry, Pointer]]], start: str) -> set[str]:
    reached, todo = {start}, [start]
    while todo:
        for target, *_ in graph.get(todo.pop(), ()):
            if target not in reached:
                reached.add(target)
                todo.append(target)
    return reached


def collectives_have_an_extent(corpus: Corpus) -> Iterator[Finding]:
    """A collective says whether its members are listed, open or left undefined; no other actor does.

    "Analysts" and "the five members of a council" are both collectives, and only one of them can be counted.
    """
    for actor, entry in corpus.each(models.Actor):
        if (actor.kind == "collective") != (actor.extent is not None) and actor.kind != "anonymous_source":
            message = f"an actor of the kind {actor.kind} has {'an' if actor.extent else 'no'} extent"
            at = ("extent",) if actor.extent else ("kind",)
            yield entry.finding(at, "collectives-have-an-extent", message, "collectives have one, other actors none")


def coordinates_come_together(corpus: Corpus) -> Iterator[Finding]:
    """A place has latitude, longitude, uncertainty and where they were seen, or none of these.

    A point without its uncertainty passes for exact on a map.
    """
    for place, entry in corpus.each(models.Place):
        names = ("latitude", "longitude", "uncertainty_m")
        given = [name for name in names if getattr(place, name) is not None]
        if given and (len(given) < len(names) or place.basis is None):
            missing = next(name for name in (*names, "basis") if getattr(place, name) is None)
            message = f"{given[0]!r} stands without {missing!r}"
            yield entry.finding((given[0],), "coordinates-come-together", message, f"add {missing!r}, or leave all out")


_IDENTIFIERS = {
    "wikidata": "Q[1-9][0-9]{0,11}",
    "geonames": "[1-9][0-9]{0,9}",
    "iso3166_1_alpha_3": "[A-Z]{3}",
    "ofac_sdn_uid": "[1-9][0-9]{0,7}",
    "federal_register_document": "[0-9]{4}-[0-9]{5}",
}


def identifiers_have_their_form(corpus: Corpus) -> Iterator[Finding]:
    """An identifier has the form that its register gives to identifiers.

    A number copied from the wrong column is found here before it links the actor to somebody else.
    """
    for actor, entry in corpus.each(models.Actor):
        for index, one in enumerate(actor.identifiers):
            pattern = _IDENTIFIERS.get(one.scheme)
            if pattern is not None and not re.fullmatch(pattern, one.value):
                message = f"{shown(one.value)} has not the form of an identifier of {one.scheme}"
                at = ("identifiers", index, "value")
                yield entry.finding(at, "identifiers-have-their-form", message, "see the register")


def vocabularies_are_sound(corpus: Corpus) -> Iterator[Finding]:
    """Every field that takes a term has its vocabulary, a wider term is in the same one, and counterparts are named.

    A field without a vocabulary would take any word.
    """
    code = "vocabularies-are-sound"
    for vocabulary, entry in corpus.each(models.Vocabulary):
        terms = {term.term: term.broader for term in vocabulary.terms}
        if vocabulary.id == "standing" and terms.keys() != set(STANDINGS):
            message = f"its terms are not those that are reckoned: {', '.join(STANDINGS)}"
            yield entry.finding(
                ("terms",), code, message, "the standing of a claim is reckoned: change its terms with the code"
            )
        for index, term in enumerate(vocabulary.terms):
            at: Pointer = ("terms", index)
            if term.broader is not None and term.broader not in terms:
                message = f"the wider term {shown(term.broader)} is not in the vocabulary"
                yield entry.finding((*at, "broader"), code, message, did_you_mean(term.broader, terms, "terms"))
            seen, wider = {term.term}, term.broader
            while wider is not None and wider not in seen:
                seen.add(wider)
                wider = terms.get(wider)
            if wider == term.term:
                yield entry.finding((*at, "broader"), code, f"{shown(term.term)} is wider than itself", "break the circle")
            for scheme in ("plover", "acled", "ftm"):
                if (getattr(term, scheme) is None) != (getattr(term, f"{scheme}_match") == "no_match"):
                    message = f"{scheme!r} and '{scheme}_match' do not go together"
                    advice = "name the counterpart and how near it is, or write no_match and name none"
                    yield entry.finding((*at, f"{scheme}_match"), code, message, advice)
    if corpus.entries["vocabularies"]:
        for scheme in sorted(_schemes() - corpus.entries["vocabularies"].keys() - {name for _, name in corpus.faulty}):
            path = home_of(KIND["vocabularies"], scheme)
            yield Finding(path, 0, 0, code, f"fields take terms of {shown(scheme)}, which is not there", "add it")


@cache
def _schemes() -> frozenset[str]:
    """Give the vocabularies of which some field holds terms; that of the standing is reckoned, and marked in no model."""
    found = {"standing", *(mark.scheme for kind in KINDS for _, mark in marks_in(kind.model) if isinstance(mark, TermOf))}
    for kind in KINDS:
        extras = (field.json_schema_extra for field in kind.model.model_computed_fields.values())
        found.update(str(extra["x-vocabulary"]) for extra in extras if isinstance(extra, dict) and "x-vocabulary" in extra)
    return frozenset(found)
