"""The dossier of a record: all that a careful reader must see beside it.

That is its chain with the names of those who speak, the claims about it with their standing, what other documents report and
whether each counts as an independent origin, and the errata that touch its words. Nothing is judged or changed here. May
import whatever stands before `dossier` in the order of modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from . import models
from .models import Record
from .origins import Origins
from .records import Records, plain

R = TypeVar("R", bound=Record)

SHOWN_IDS = 10
"""Ids that are suggested at most for one that is not there."""


def named(records: Records, name: str) -> list[tuple[str, str]]:
    """Find what goes by a name or by quoted words, whatever their case: kind and id of each.

    An erroneous name leads to the erratum that says so, never to a person.
    """
    wanted = name.casefold()
    found: dict[tuple[str, str], None] = {}
    for actor in _each(records, "actors", models.Actor):
        if actor.name.casefold() == wanted:
            found["actors", actor.id] = None
        for one in actor.names:
            if one.name.casefold() != wanted:
                continue
            if one.kind != "erroneous":
                found["actors", actor.id] = None
            elif one.erratum_id in records["errata"]:
                found["errata", str(one.erratum_id)] = None
    for statement in _each(records, "statements", models.Statement):
        if statement.text.casefold() == wanted:
            found["statements", statement.id] = None
    return list(found)


def records_like(records: Records, given: str) -> str:
    """Advise on a record that is not there: those whose id or name holds what was given, else those most like it."""
    known: dict[str, str] = {record_id.casefold(): record_id for ids in records.values() for record_id in ids}
    for actor in _each(records, "actors", models.Actor):
        known.setdefault(actor.name.casefold(), actor.id)
        for one in actor.names:
            known.setdefault(one.name.casefold(), str(one.erratum_id) if one.kind == "erroneous" else actor.id)
    for place in _each(records, "places", models.Place):
        known.setdefault(place.name.casefold(), place.id)
    wanted = given.casefold().strip()
    # The id of a part of a document begins with that of the document: hundreds would be told in place of one.
    holding = {known[one] for one in known if wanted and wanted in one and ("/" in wanted or "/" not in one)}
    found = sorted(holding, key=lambda one: (len(one), one))
    found = found or list(dict.fromkeys(known[one] for one in get_close_matches(wanted, known, n=3)))
    if not found:
        return "venezuela-data cat TABLE shows the ids of a table"
    more = f" or {len(found) - SHOWN_IDS} more" if len(found) > SHOWN_IDS else ""
    return f"did you mean {' or '.join(found[:SHOWN_IDS])}{more}?"


def dossier(records: Records, kind: str, record: Record) -> dict[str, Any]:
    """Give a record as plain values with what bears on it, each under its title; what there is none of is left out."""
    derived = {name: getattr(record, name) for name in type(record).model_computed_fields}
    whole = {"record_kind": kind, **plain(record), **{name: value for name, value in derived.items() if value is not None}}
    if whole.get("attribution"):
        whole["attribution"] = [_hop(records, hop) for hop in whole["attribution"]]
    whole |= _paragraph(records, record)
    origins = Origins(records)
    errata = [one for one in _each(records, "errata", models.Erratum) if _bears(one, kind, record)]
    claims = [one for one in _each(records, "claims", models.Claim) if _is_of(one, kind, record)]
    if isinstance(record, models.Erratum):
        # Where the erratum says which record has the faulty value, a claim about something else only stands near it.
        claims = [one for one in claims if _is_about(one, record.table, record.record_id)] or claims
    if isinstance(record, models.Claim):
        whole |= _weight(origins, record)
        whole["links"] = [*whole.get("links", ()), *_links_to(records, record)]
    weighed = [record] if isinstance(record, models.Claim) else claims if isinstance(record, models.Erratum) else []
    targets = {("claims", one.id): one for one in weighed}
    wanted = {*targets, (kind, record.id), *(("errata", one.id) for one in errata)}
    bearing = {
        "errata": [plain(one) for one in errata],
        "claims": [
            {"id": one.id, "text": one.text, "kind": one.kind, **_weight(origins, one), "status": one.status} for one in claims
        ],
        "assessments": [
            _report(records, origins, one, targets.get((one.target_table, one.target_id)))
            for one in _each(records, "assessments", models.Assessment)
            if (one.target_table, one.target_id) in wanted
        ],
    }
    whole |= bearing
    return {title: value for title, value in whole.items() if value != []}


def _each(records: Records, kind: str, model: type[R]) -> Iterator[R]:
    return (one for one in records[kind].values() if isinstance(one, model))


def _bears(erratum: models.Erratum, kind: str, record: Record) -> bool:
    """Say whether an erratum bears on a record: it names the record, or its words are among those of the record."""
    if (erratum.table, erratum.record_id) == (kind, record.id):
        return True
    return isinstance(record, models.Statement | models.Claim) and _overlap(erratum, record)


def _is_of(claim: models.Claim, kind: str, record: Record) -> bool:
    """Say whether a claim belongs to a record: it is about it, lies in it, or has words of an erratum."""
    if _is_about(claim, kind, record.id):
        return True
    if isinstance(record, models.Erratum):
        return _overlap(record, claim)
    return isinstance(record, models.Statement) and claim.statement_id == record.id


def _is_about(claim: models.Claim, table: str | None, record_id: str | None) -> bool:
    return any((one.table, one.record_id) == (table, record_id) for one in claim.about)


def _paragraph(records: Records, record: Record) -> dict[str, int]:
    """Give the number of the paragraph in which the words of a record of a document lie."""
    source = records["sources"].get(getattr(record, "source_id", ""))
    start = getattr(record, "start", None)
    if not isinstance(source, models.Source) or start is None:
        return {}
    return next(({"paragraph": one.n} for one in source.paragraphs if one.start <= start < one.end), {})


def _overlap(one: models.Erratum, other: models.Claim | models.Statement) -> bool:
    return one.source_id == other.source_id and one.start < other.end and other.start < one.end


def _hop(records: Records, hop: Mapping[str, Any]) -> dict[str, Any]:
    actor = records["actors"].get(hop.get("actor_id", ""))
    return {**({"name": actor.name} if isinstance(actor, models.Actor) else {}), **hop}


def _weight(origins: Origins, claim: models.Claim) -> dict[str, Any]:
    weight = origins.weigh(claim)
    return {
        "standing": weight.standing,
        "origins_supporting": weight.supporting,
        "origins_contradicting": weight.contradicting,
    }


def _links_to(records: Records, claim: models.Claim) -> Iterator[dict[str, Any]]:
    for other in _each(records, "claims", models.Claim):
        for link in other.links:
            if link.object_id == claim.id:
                yield {"relation": link.relation, "subject_id": other.id}


def _report(records: Records, origins: Origins, report: models.Assessment, claim: models.Claim | None) -> dict[str, Any]:
    """Give an assessment with the date of its document, and with what it shares with the claim's own chain."""
    source = records["sources"].get(report.source_id)
    told = {"source_id": report.source_id, **plain(report)}
    if isinstance(source, models.Source) and source.published is not None:
        told["published"] = source.published
    if claim is not None and report.stance == "supports" and (shared := origins.shared(claim, report)):
        told["not_independent"] = shared
    return told


# As text ------------------------------------------------------------------------------------------------------------------


def lines(value: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """Lay a dossier out as indented lines of text, not yet escaped for printing."""
    indent = "  " * depth
    for name, one in value.items():
        if isinstance(one, list) and one and isinstance(one[0], dict):
            yield f"{indent}{name}:"
            yield from (f"{indent}  - {_item(name, item)}" for item in one)
        elif isinstance(one, dict):
            yield f"{indent}{name}:"
            yield from lines(one, depth + 1)
        elif isinstance(one, list):
            yield f"{indent}{name}: {', '.join(map(str, one))}"
        else:
            yield f"{indent}{name}: {one}"


_LEADS = {
    "claims": "{id}: {text} ({kind}; {standing}: {origins_supporting} for, {origins_contradicting} against)",
    "assessments": "{source_id} {stance} {target_id}",
    "errata": "{id} ({decision}): {as_written!r}",
    "attribution": "{name} ({voice}, {basis})",
}
"""How an item of a list begins in text, by the title of the list; what the lead does not say follows."""


def _item(title: str, item: Mapping[str, Any]) -> str:
    lead = _LEADS.get(title, "{name}" if "name" in item else "")
    used = set(re.findall(r"{(\w+)", lead))
    if not used <= item.keys():
        lead, used = "", set()
    rest = {key: one for key, one in item.items() if key not in {*used, "sha256", "target_table"}}
    if rest.get("status") == "active":
        del rest["status"]
    return ", ".join([*([lead.format_map(item)] if lead else []), *(f"{key}={_joined(one)}" for key, one in rest.items())])


def _joined(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key}:{one}" for key, one in value.items())
    return " + ".join(map(str, value)) if isinstance(value, list) else str(value)
