"""What one record cannot know: one function for each rule, named for the fact that holds.

The function's name with hyphens is the rule's code, which is part of the interface: a rule is never renamed without notice.
Its docstring says what holds and why, and is published. A rule finds and never repairs, and it reads nothing but the records
that it is given. To add one: write the function in the module that fits, list it here, and give it a folder in
`tests/broken/`. May import whatever stands before `rules` in the order of modules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..findings import Finding
from ..store import Corpus
from .attribution import (
    anonymous_sources_stay_anonymous,
    chain_ends_in_a_speaker,
    chains_begin_at_the_document,
    legal_tables_cite_official_sources,
    voices_match_their_actors,
)
from .chronology import (
    dates_are_ordered,
    dates_say_where_they_come_from,
    documents_cite_earlier_ones,
    events_lie_within_their_parents,
)
from .claims import (
    assessments_come_from_others,
    claim_links_are_sound,
    claims_lie_in_their_statements,
    coverage_is_kept,
    presuppositions_are_presupposed,
    quantities_are_whole,
    values_match_the_claim,
)
from .drafts import placeholders_are_replaced
from .evidence import (
    paragraphs_follow_each_other,
    records_have_evidence,
    spans_come_from_held_texts,
    spans_lie_in_one_paragraph,
    spans_match_the_text,
    words_match_their_spans,
)
from .kinds import (
    collectives_have_an_extent,
    coordinates_come_together,
    errata_have_a_basis,
    erroneous_names_have_an_erratum,
    event_links_have_no_circle,
    identifiers_have_their_form,
    vocabularies_are_sound,
)
from .lives import (
    ids_are_never_reused,
    nothing_disappears,
    redirects_are_one_step,
    support_is_not_retracted,
)
from .names import cells_are_not_formulas, names_are_not_confusable
from .references import (
    fields_of_evidence_exist,
    ids_match_their_files,
    items_are_told_apart,
    references_resolve,
)
from .wording import quotations_are_short, quotations_stay_in_statements, wording_is_neutral, words_are_our_own

Rule = Callable[[Corpus], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    ids_match_their_files,
    references_resolve,
    items_are_told_apart,
    fields_of_evidence_exist,
    dates_are_ordered,
    documents_cite_earlier_ones,
    events_lie_within_their_parents,
    dates_say_where_they_come_from,
    chains_begin_at_the_document,
    chain_ends_in_a_speaker,
    voices_match_their_actors,
    anonymous_sources_stay_anonymous,
    legal_tables_cite_official_sources,
    records_have_evidence,
    spans_come_from_held_texts,
    paragraphs_follow_each_other,
    spans_lie_in_one_paragraph,
    words_match_their_spans,
    spans_match_the_text,
    quotations_are_short,
    quotations_stay_in_statements,
    words_are_our_own,
    wording_is_neutral,
    placeholders_are_replaced,
    names_are_not_confusable,
    cells_are_not_formulas,
    quantities_are_whole,
    claims_lie_in_their_statements,
    claim_links_are_sound,
    presuppositions_are_presupposed,
    assessments_come_from_others,
    values_match_the_claim,
    coverage_is_kept,
    erroneous_names_have_an_erratum,
    errata_have_a_basis,
    event_links_have_no_circle,
    collectives_have_an_extent,
    coordinates_come_together,
    identifiers_have_their_form,
    vocabularies_are_sound,
    nothing_disappears,
    ids_are_never_reused,
    redirects_are_one_step,
    support_is_not_retracted,
)
"""Every rule, in the order in which they are listed to readers."""


def code_of(rule: Rule) -> str:
    """Give the code of a rule: its name with hyphens."""
    return rule.__name__.replace("_", "-")
