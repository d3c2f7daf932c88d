"""Rules on claims and on what other documents say about them: quantities, links, statements, stances, coverage.

They hold records against each other and never weigh whether a claim is so. May import whatever stands before `rules` in the
order of modules.
"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from .. import models
from ..coverage import read_through
from ..findings import Finding, shown
from ..models import Quantity
from ..store import Corpus
from ..syntax import Pointer
from ..tables import cell_text


def quantities_are_whole(corpus: Corpus) -> Iterator[Finding]:
    """A quantity is a number or the words for one, its range runs upwards, and a claim of the kind quantity has one.

    A comparator without a number, or a range that runs backwards, cannot be compared with what another document gives.
    """
    code = "quantities-are-whole"
    for _, entry in corpus.all():
        record = entry.record
        if not isinstance(record, models.Claim | models.Assessment):
            continue
        quantity, at = record.quantity, "quantity"
        if isinstance(record, models.Claim) and record.kind == "quantity" and quantity is None:
            message = "a claim of the kind quantity has none"
            yield entry.finding(("kind",), code, message, "add 'quantity', or give it another kind")
        if quantity is None:
            continue
        if quantity.value is None and quantity.verbal is None:
            yield entry.finding((at,), code, "the quantity has neither a number nor words for one", "add 'value' or 'verbal'")
        for name in ("high", "comparator"):
            if getattr(quantity, name) is not None and quantity.value is None:
                yield entry.finding((at, name), code, f"{name!r} stands without 'value'", f"add 'value', or remove {name!r}")
        if quantity.high is not None and quantity.value is not None and quantity.high <= quantity.value:
            message = f"the range runs from {cell_text(quantity.value)} to {cell_text(quantity.high)}"
            yield entry.finding((at, "high"), code, message, "the higher number is 'high'")


def claims_lie_in_their_statements(corpus: Corpus) -> Iterator[Finding]:
    """A claim that names a statement shares words with it, and the two are of one document.

    The statement is the quotation in whose words the assertion lies; with other words it would be somebody else's.
    """
    for claim, entry in corpus.each(models.Claim):
        found = corpus.entries["statements"].get(claim.statement_id or "")
        if found is None or not isinstance(found.record, models.Statement):
            continue
        other = found.record
        if other.source_id != claim.source_id or not (claim.start < other.end and other.start < claim.end):
            message = f"no word of the claim is one of {shown(other.id)}"
            advice = "name the statement in which its words lie, or none"
            yield entry.finding(("statement_id",), "claims-lie-in-their-statements", message, advice)


def claim_links_are_sound(corpus: Corpus) -> Iterator[Finding]:
    """A claim is linked to others and not to itself, once; what it presupposes does not presuppose it in turn.

    Contradiction and restatement hold both ways and are recorded on one of the two.
    """
    code = "claim-links-are-sound"
    graph: dict[str, list[str]] = {}
    given: set[tuple[str, str, str]] = set()
    for claim, entry in corpus.each(models.Claim):
        for index, link in enumerate(claim.links):
            at: Pointer = ("links", index, "object_id")
            if link.object_id == claim.id:
                yield entry.finding(at, code, "the claim is linked to itself", "name another claim, or remove the link")
                continue
            if link.relation in ("contradicts", "restates") and (link.relation, link.object_id, claim.id) in given:
                message = f"{shown(link.object_id)} has the same link to this claim"
                yield entry.finding(at, code, message, "it holds both ways: keep one of the two")
            given.add((link.relation, claim.id, link.object_id))
            if link.relation == "presupposes":
                graph.setdefault(claim.id, []).append(link.object_id)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
        entry = corpus.entries["claims"][min(circle)]
        yield entry.finding(("links",), code, f"the claim presupposes itself through {len(circle) - 1} links", "remove one")


def presuppositions_are_presupposed(corpus: Corpus) -> Iterator[Finding]:
    """A claim of the kind presupposition is one that another claim of the document presupposes.

    What the wording takes for granted is kept apart from what it asserts, and is of no use without what rests on it.
    """
    relied_on = {
        link.object_id for claim, _ in corpus.each(models.Claim) for link in claim.links if link.relation == "presupposes"
    }
    for claim, entry in corpus.each(models.Claim):
        if claim.kind == "presupposition" and claim.id not in relied_on and corpus.is_whole("claims", claim.source_id):
            message = "no claim presupposes it"
            advice = "link the claim that rests on it by 'presupposes', or give it another kind"
            yield entry.finding(("kind",), "presuppositions-are-presupposed", message, advice)


def assessments_come_from_others(corpus: Corpus) -> Iterator[Finding]:
    """An assessment is what one document says of another, and it says so once and on one side.

    A document does not bear witness for itself, and one that both supported and contradicted a claim on the same word would
    count on both sides.
    """
    code = "assessments-come-from-others"
    stances: dict[tuple[str, str, str | None], set[str]] = {}
    for one, entry in corpus.each(models.Assessment):
        if one.source_id == one.target_id.partition("/")[0]:
            message = f"{shown(one.source_id)} speaks of itself"
            yield entry.finding(("target_id",), code, message, "record it as a claim of the document, with a link")
        if one.status != "active":
            continue  # What was taken back may stand beside what took its place.
        seen = stances.setdefault((one.source_id, one.target_id, one.speaker_id), set())
        opposite = {"supports": "contradicts", "contradicts": "supports"}.get(one.stance, "")
        if one.stance in seen:
            message = f"the document {one.stance} {shown(one.target_id)} a second time"
            yield entry.finding(("stance",), code, message, "join the two, or name the speaker of each")
        elif opposite in seen:
            message = f"the document both supports and contradicts {shown(one.target_id)}"
            yield entry.finding(("stance",), code, message, "decide, bear on another claim, or name the speaker of each")
        seen.add(one.stance)


def values_match_the_claim(corpus: Corpus) -> Iterator[Finding]:
    """What an assessment values matches the kind of the claim: a number only for a number, in the same unit, on its side.

    A number that supports lies within what the claim says, and one that contradicts lies outside. Vessels and strikes are
    different counts; where the unit differs, the value stays in words. What refines or contradicts says what it has instead.
    """
    code = "values-match-the-claim"
    for one, entry in corpus.each(models.Assessment):
        quantity = one.quantity
        if one.stance != "supports" and one.value is None and quantity is None and one.note is None:
            message = f"it {one.stance} its target and does not say what the document has instead"
            yield entry.finding(("stance",), code, message, "add 'value' or 'note'")
        if quantity is None:
            continue
        found = corpus.entries["claims"].get(one.target_id) if one.target_table == "claims" else None
        if found is None or not isinstance(found.record, models.Claim):
            if one.target_table == "errata":
                yield entry.finding(("quantity",), code, "an erratum has no quantity", "say it in 'value'")
            continue
        claimed = found.record.quantity
        if claimed is None:
            message = f"{shown(one.target_id)} has no quantity"
            yield entry.finding(("quantity",), code, message, "say it in 'value', or bear on the claim that has the number")
        elif claimed.unit != quantity.unit:
            message = f"the unit is {shown(quantity.unit)}, and that of {shown(one.target_id)} is {shown(claimed.unit)}"
            yield entry.finding(("quantity",), code, message, "give it in the same unit, or say it in 'value'")
        elif (place := _place(claimed, quantity)) and place != _PLACES.get(one.stance, place):
            message = f"it {one.stance} {shown(one.target_id)}, and its number lies {place} what that says"
            yield entry.finding(("stance",), code, message, "look at the number and at the stance")


_PLACES = {"supports": "within", "contradicts": "outside"}
"""Where a number lies to that of the claim, by stance."""


def _place(claimed: Quantity, given: Quantity) -> str:
    """Say where the numbers of one quantity lie to those of another: within, outside, or partly within them.

    The answer is empty where words or an approximation leave that open.
    """
    if claimed.value is None or given.value is None or "approximate" in (claimed.comparator, given.comparator):
        return ""
    (low, with_low, high, with_high), (other_low, with_other_low, other_high, with_other_high) = map(_range, (claimed, given))
    if other_high < low or high < other_low:
        return "outside"
    if (other_high == low and not (with_other_high and with_low)) or (high == other_low and not (with_high and with_other_low)):
        return "outside"
    above = other_low > low or (other_low == low and (with_low or not with_other_low))
    below = other_high < high or (other_high == high and (with_high or not with_other_high))
    return "within" if above and below else "partly within"


def _range(quantity: Quantity) -> tuple[float, bool, float, bool]:
    """Give the numbers that a quantity admits: lowest, whether it is admitted, highest, whether it is."""
    assert quantity.value is not None
    high = quantity.high if quantity.high is not None else quantity.value
    low_open, high_open = quantity.comparator in ("lt", "le"), quantity.comparator in ("gt", "ge")
    return (
        float("-inf") if low_open else quantity.value,
        quantity.comparator != "gt",
        float("inf") if high_open else high,
        quantity.comparator != "lt",
    )


def coverage_is_kept(corpus: Corpus) -> Iterator[Finding]:
    """Claims carry at least as many characters of each paragraph as the document's record holds.

    A document that was read whole stays so: whoever removes or narrows a claim sees which paragraph loses words.
    """
    claims: dict[str, list[models.Claim]] = {}
    for claim, _ in corpus.each(models.Claim):
        claims.setdefault(claim.source_id, []).append(claim)
    for source, entry in corpus.each(models.Source):
        if not corpus.is_whole("claims", source.id):
            continue  # Claims that could not be read are found once, where they are.
        for index, found in enumerate(read_through(source, claims.get(source.id, ())).paragraphs):
            if found.level is not None and found.covered < found.level:
                message = f"claims carry {found.covered} characters of paragraph {found.n}, fewer than {found.level}"
                advice = "see `venezuela-data coverage`; give the words to a claim, or lower the level on purpose"
                yield entry.finding(("paragraphs", index, "covered"), "coverage-is-kept", message, advice)
