"""Independent origins: relays, longer chains and repeated reports never raise them, and the standing follows from them.

Small invented worlds of actors, documents and reports are generated and changed in one way at a time; what was counted before
and after is compared. The smallest number of origins is held against two judges that try everything, written in two ways.
Nothing here looks at the records of the checkout, save the terms of the vocabulary `standing`.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import TERMS

from venezuela_data.models import Actor, ActorRole, Assessment, Citation, Claim, Hop, Record, Source
from venezuela_data.origins import STANDINGS, STATE_ORGANS, Origins, Traces, Weight, fewest

OWN = "own-story"
"""The document that makes the claim."""
TARGET = f"{OWN}/c001"
PAPERS = ("harbor-gazette", "harbor-almanac", "bay-herald")
"""Publishers by name; the id of the actor that is such a publisher is the same."""
DOCUMENTS = ("d0", "d1", "d2", "d3")
PEOPLE = ("minister", "mayor", "clerk", "ministry", "navy", "source-at-the-quay")
STANCES = ("supports", "supports", "contradicts", "refines")


# Records -----------------------------------------------------------------------------------------------------------------


def actor(name: str, kind: str = "organization", country: str | None = None, office_in: str | None = None) -> Actor:
    roles = () if office_in is None else (ActorRole(office="Some office", organization_id=office_in, source_id=OWN),)
    return Actor(id=name, kind=kind, name=name, description="Invented.", country=country, roles=roles)


def source(name: str, publisher: str, *cites: str, publisher_id: str | None = None) -> Source:
    return Source(
        id=name,
        kind="newspaper",
        title=name,
        publisher=publisher,
        publisher_id=publisher_id,
        language="en",
        access="consulted",
        rights="An invented document.",
        cites=tuple(Citation(cited_id=one, basis="explicit") for one in cites),
    )


def hop(actor_id: str | None = None, document_id: str | None = None) -> Hop:
    return Hop(voice="named" if actor_id else "impersonal", actor_id=actor_id, document_id=document_id, basis="explicit")


def claim(*chain: Hop) -> Claim:
    return Claim(
        id=TARGET,
        text="A pier was opened.",
        kind="fact",
        polarity="affirmed",
        certainty="certain",
        actuality="occurred",
        attribution=(hop(document_id=OWN), *chain),
        start=0,
        end=1,
        sha256="0" * 64,
    )


def report(document: str, stance: str, speaker: str | None = None, number: int = 1, status: str = "active") -> Assessment:
    return Assessment(
        id=f"{document}/a{number:02d}",
        target_table="claims",
        target_id=TARGET,
        stance=stance,
        speaker_id=speaker,
        status=status,
    )


@dataclass(frozen=True)
class World:
    """Actors and documents by id, the claim, and what is reported about it."""

    actors: dict[str, Actor]
    sources: dict[str, Source]
    reports: tuple[Assessment, ...]
    claim: Claim

    def with_sources(self, *sources: Source) -> World:
        return replace(self, sources={**self.sources, **{one.id: one for one in sources}})

    def with_reports(self, *reports: Assessment) -> World:
        return replace(self, reports=(*self.reports, *reports))

    def weigh(self) -> Weight:
        records: dict[str, dict[str, Record]] = {
            "actors": dict(self.actors),
            "sources": dict(self.sources),
            "assessments": {one.id: one for one in self.reports},
        }
        assert len(records["assessments"]) == len(self.reports)
        return Origins(records).weigh(self.claim)


def world_of(*records: Actor | Source | Assessment, chain: tuple[Hop, ...] = ()) -> World:
    """Give a world of these records, whose claim stands in a document of its own."""
    return World(
        {one.id: one for one in records if isinstance(one, Actor)},
        {OWN: source(OWN, "Own Paper")} | {one.id: one for one in records if isinstance(one, Source)},
        tuple(one for one in records if isinstance(one, Assessment)),
        claim(*chain),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A few documents that cite each other, circles included, a few actors, and reports of all stances."""
    actors = [
        actor("minister", "person", "VE", office_in="ministry"),
        actor("mayor", "person", office_in=draw(st.sampled_from((None, "ministry", "navy")))),
        actor("clerk", "person"),
        actor("ministry", draw(st.sampled_from(STATE_ORGANS)), draw(st.sampled_from((None, "VE", "US")))),
        actor("navy", "military_body", draw(st.sampled_from(("VE", "US")))),
        actor("source-at-the-quay", "anonymous_source"),
        *(actor(name, "medium") for name in PAPERS),
    ]
    known = st.sampled_from((OWN, *DOCUMENTS))
    by_name = dict(zip(PAPERS, draw(st.lists(st.booleans(), min_size=len(PAPERS), max_size=len(PAPERS))), strict=True))
    sources = []
    for name in (OWN, *DOCUMENTS):
        publisher = draw(st.sampled_from((name, *PAPERS)))
        cites = draw(st.lists(known, max_size=2, unique=True))
        sources.append(source(name, publisher, *cites, publisher_id=publisher if by_name.get(publisher) else None))
    speakers = st.none() | st.sampled_from(PEOPLE)
    hops = st.builds(hop, speakers, st.none() | known)
    told = draw(st.lists(st.tuples(known, st.sampled_from(STANCES), speakers), max_size=8))
    reports = [report(document, stance, speaker, number) for number, (document, stance, speaker) in enumerate(told, 1)]
    return world_of(*actors, *sources, *reports, chain=tuple(draw(st.lists(hops, max_size=2))))


@st.composite
def worlds_with_a_report(draw: st.DrawFn) -> tuple[World, Assessment]:
    """A world with at least one report that counts for a side, and such a report."""
    world = draw(worlds())
    stance = draw(st.sampled_from(("supports", "contradicts")))
    speaker = draw(st.none() | st.sampled_from(PEOPLE))
    one = report(draw(st.sampled_from(DOCUMENTS)), stance, speaker, 50)
    return world.with_reports(one), one


def never_rose(before: Weight, after: Weight) -> bool:
    return after.supporting <= before.supporting and after.contradicting <= before.contradicting


# Promises ----------------------------------------------------------------------------------------------------------------


class TestRelays:
    """A relay adds no origin: a document that cites one that already reports, and takes the same side on the same word."""

    @given(worlds_with_a_report(), st.sampled_from((*PAPERS, "relay-press")), st.lists(st.sampled_from(DOCUMENTS), max_size=2))
    def test_a_relay_changes_nothing(self, drawn: tuple[World, Assessment], publisher: str, more: list[str]) -> None:
        world, told = drawn
        relay = source("relay", publisher, told.source_id, *more)
        relayed = world.with_sources(relay).with_reports(report("relay", told.stance, told.speaker_id))
        assert relayed.weigh() == world.weigh()

    @given(worlds_with_a_report(), st.integers(2, 10))
    def test_ten_relays_of_relays_change_nothing(self, drawn: tuple[World, Assessment], length: int) -> None:
        world, told = drawn
        relayed, last = world, told.source_id
        for number in range(length):
            name = f"relay-{number}"
            relayed = relayed.with_sources(source(name, name, last))
            relayed = relayed.with_reports(report(name, told.stance, told.speaker_id))
            last = name
        assert relayed.weigh() == world.weigh()

    @pytest.mark.parametrize("stance", ["supports", "contradicts"])
    def test_ten_relays_of_one_story_are_one_origin(self, stance: str) -> None:
        relays = [source(f"relay-{n}", f"Paper {n}", "story") for n in range(10)]
        world = world_of(source("story", "Agency"), *relays, *(report(one.id, stance) for one in relays))
        assert max(world.weigh().supporting, world.weigh().contradicting) == 1

    def test_a_relay_that_leaves_the_speaker_out_is_no_origin(self) -> None:
        world = world_of(
            *(actor("mayor", "person"), source("story", "Agency"), report("story", "supports", "mayor")),
            chain=(hop("mayor"),),
        )
        assert world.weigh() == Weight(0, 0)
        relayed = world.with_sources(source("relay", "Paper", "story")).with_reports(report("relay", "supports"))
        assert relayed.weigh() == Weight(0, 0)


class TestLongerChains:
    """A chain that is made longer never raises an origin, be it that of the claim or that of a report."""

    @given(worlds(), st.none() | st.sampled_from((*PEOPLE, *PAPERS)), st.none() | st.sampled_from(DOCUMENTS), st.data())
    def test_one_more_hop_of_the_claim(
        self, world: World, speaker: str | None, document: str | None, data: st.DataObject
    ) -> None:
        chain = list(world.claim.attribution[1:])
        chain.insert(data.draw(st.integers(0, len(chain))), hop(speaker, document))
        assert never_rose(world.weigh(), replace(world, claim=claim(*chain)).weigh())

    @given(worlds(), st.sampled_from((OWN, *DOCUMENTS)), st.sampled_from((OWN, *DOCUMENTS, "some-book")))
    def test_one_more_citation_of_a_document(self, world: World, citing: str, cited: str) -> None:
        old = world.sources[citing]
        cites = (*old.cites, Citation(cited_id=cited, basis="inferred"))
        longer = world.with_sources(source("some-book", "Press"), old.model_copy(update={"cites": cites}))
        assert never_rose(world.weigh(), longer.weigh())

    @given(worlds(), st.sampled_from(PEOPLE), st.data())
    def test_a_speaker_of_a_report_without_one(self, world: World, speaker: str, data: st.DataObject) -> None:
        silent = [one for one in world.reports if one.speaker_id is None]
        if silent:
            told = data.draw(st.sampled_from(silent))
            spoken = told.model_copy(update={"speaker_id": speaker})
            others = tuple(one for one in world.reports if one.id != told.id)
            assert never_rose(world.weigh(), replace(world, reports=(*others, spoken)).weigh())

    @given(worlds(), st.sampled_from(DOCUMENTS), st.sampled_from(PAPERS))
    def test_a_publisher_of_a_document_that_shared_its_own_with_none(self, world: World, document: str, paper: str) -> None:
        alone = world.with_sources(world.sources[document].model_copy(update={"publisher": "Lone Press", "publisher_id": None}))
        published = alone.with_sources(alone.sources[document].model_copy(update={"publisher_id": paper}))
        assert never_rose(alone.weigh(), published.weigh())

    def test_a_publisher_of_one_of_two_documents_that_share_its_name(self) -> None:
        copies = source("d0", "Harbor Gazette"), source("d1", "Harbor Gazette")
        world = world_of(actor("harbor-gazette", "medium"), *copies, report("d0", "supports"), report("d1", "supports"))
        assert world.weigh() == Weight(1, 0)
        named = world.with_sources(source("d0", "Harbor Gazette", publisher_id="harbor-gazette"))
        assert named.weigh() == Weight(1, 0)

    def test_a_citation_that_two_documents_share_makes_their_reports_one_origin(self) -> None:
        reports = report("d0", "supports"), report("d1", "supports")
        apart = world_of(source("book", "Press"), source("d0", "A"), source("d1", "B"), *reports)
        assert apart.weigh().supporting == 2
        assert apart.with_sources(source("d0", "A", "book"), source("d1", "B", "d2", "book")).weigh().supporting == 1

    def test_a_document_that_cites_and_quotes_is_traced_to_its_publisher_still(self) -> None:
        documents = source("d0", "A"), source("d1", "A", "book"), source("d2", "A"), source("book", "Press")
        told = report("d0", "supports"), report("d1", "supports"), report("d2", "supports", "clerk")
        assert world_of(actor("clerk", "person"), *documents, *told).weigh().supporting == 1

    def test_a_speaker_whom_two_documents_quote_makes_their_reports_one_origin(self) -> None:
        documents = source("d0", "A"), source("d1", "B")
        assert world_of(*documents, report("d0", "supports"), report("d1", "supports")).weigh().supporting == 2
        spoken = report("d0", "supports", "clerk"), report("d1", "supports", "clerk")
        assert world_of(actor("clerk", "person"), *documents, *spoken).weigh().supporting == 1

    def test_documents_that_cite_each_other_in_a_circle_are_traced_to_an_end(self) -> None:
        circle = source("d0", "A", "d1"), source("d1", "B", "d2"), source("d2", "C", "d0")
        assert world_of(*circle, *(report(one.id, "contradicts") for one in circle)).weigh() == Weight(0, 1)


class TestRepetition:
    """The same report twice counts once: under another id, from a copy of its publisher, or in another order."""

    @given(worlds_with_a_report(), st.integers(51, 99))
    def test_the_same_report_under_another_id_changes_nothing(self, drawn: tuple[World, Assessment], number: int) -> None:
        world, told = drawn
        again = report(told.source_id, told.stance, told.speaker_id, number)
        assert world.with_reports(again).weigh() == world.weigh()

    @given(worlds_with_a_report())
    def test_a_copy_of_the_same_publisher_changes_nothing(self, drawn: tuple[World, Assessment]) -> None:
        world, told = drawn
        copy = world.sources[told.source_id].model_copy(update={"id": "copy"})
        copied = world.with_sources(copy).with_reports(report("copy", told.stance, told.speaker_id))
        assert copied.weigh() == world.weigh()

    @pytest.mark.parametrize("names", [("Harbor Gazette", "Harbor Gazette"), ("Harbor Gazette", "HARBOR GAZETTE")])
    def test_two_documents_of_one_publisher_are_one_origin_whatever_its_case(self, names: tuple[str, str]) -> None:
        documents = source("d0", names[0]), source("d1", names[1])
        assert world_of(*documents, report("d0", "supports"), report("d1", "supports")).weigh() == Weight(1, 0)

    @given(worlds(), st.randoms(use_true_random=False))
    def test_the_order_of_records_changes_nothing(self, world: World, chance: random.Random) -> None:
        def shuffled(records: dict[str, Source]) -> dict[str, Source]:
            return dict(chance.sample(list(records.items()), len(records)))

        reports = tuple(chance.sample(world.reports, len(world.reports)))
        assert replace(world, sources=shuffled(world.sources), reports=reports).weigh() == world.weigh()


# The smallest number -----------------------------------------------------------------------------------------------------

Family = Collection[Traces]


def by_choice(family: Family) -> int:
    """Try every choice of traces, the smallest first."""
    traces = sorted({trace for one in family for trace in one})
    return next(
        size
        for size in range(len(traces) + 1)
        if any(all(set(chosen) & one for one in family) for chosen in combinations(traces, size))
    )


def by_spreading(family: Family) -> int:
    """Spread from no report accounted for, one trace a round, until some round accounts for all."""
    reports = list(family)
    reach = {sum(1 << n for n, one in enumerate(reports) if trace in one) for one in reports for trace in one}
    everything, rounds, reached = (1 << len(reports)) - 1, 0, {0}
    while everything not in reached:
        reached = {done | more for done in reached for more in reach}
        rounds += 1
    return rounds


def by_greed(family: Family) -> int:
    """Take the trace that most reports have, over and over: a number that suffices, and may be too high."""
    left, used = list(family), 0
    while left:
        held = [trace for one in left for trace in sorted(one)]
        most = max(sorted(set(held)), key=held.count)
        left, used = [one for one in left if most not in one], used + 1
    return used


def families() -> st.SearchStrategy[list[Traces]]:
    """Up to nine reports with one to four of eight traces each."""
    return st.lists(st.frozensets(st.sampled_from("abcdefgh"), min_size=1, max_size=4), max_size=9)


def graphs() -> st.SearchStrategy[list[Traces]]:
    """Reports with two traces each, which leave the most to be searched: edges, of which a fewest vertices are wanted."""
    return st.lists(st.frozensets(st.sampled_from("abcdefgh"), min_size=2, max_size=2), max_size=14)


def ring(length: int) -> list[Traces]:
    """Reports of which each shares one trace with the one before and one with the one after."""
    return [frozenset((f"t{n:05d}", f"t{(n + 1) % length:05d}")) for n in range(length)]


def random_family(vertices: int, reports: int, size: int, seed: int) -> list[Traces]:
    chance = random.Random(seed)  # noqa: S311 (a graph, not a secret)
    return [frozenset(f"t{n}" for n in chance.sample(range(vertices), size)) for _ in range(reports)]


class TestFewest:
    """The number of origins is the smallest that accounts for every report, and never above it where that takes too long."""

    @given(families() | graphs())
    def test_it_is_what_two_judges_find_who_try_everything(self, family: list[Traces]) -> None:
        assert fewest(family) == by_choice(family) == by_spreading(family)

    @given(families() | graphs(), st.randoms(use_true_random=False))
    def test_order_repetition_and_names_do_not_matter(self, family: list[Traces], chance: random.Random) -> None:
        names = dict(zip("abcdefgh", chance.sample("abcdefgh", 8), strict=True))
        renamed = [frozenset(names[trace] for trace in one) for one in family]
        other = chance.sample(renamed, len(renamed)) + renamed[:3]
        assert fewest(other) == fewest(iter(family))

    @pytest.mark.parametrize(
        ("family", "expected"),
        [
            ([], 0),
            (["a"], 1),
            (["a", "b"], 2),
            (["ab", "bc", "ca"], 2),
            (["ab", "cd", "ef"], 3),
            (["ab", "bc", "cd", "de", "ea"], 3),
            (["abc", "ade", "bdf", "cef"], 2),
            (["abc", "ade", "afg", "bdf", "beg", "cdg", "cef"], 3),
        ],
    )
    def test_known_families(self, family: list[str], expected: int) -> None:
        assert fewest(map(frozenset, family)) == expected

    @pytest.mark.parametrize("length", [3, 4, 9, 16])
    def test_a_ring_takes_half_of_its_traces(self, length: int) -> None:
        assert fewest(ring(length)) == (length + 1) // 2

    @pytest.mark.parametrize("seed", range(3))
    @pytest.mark.parametrize(("vertices", "size"), [(40, 2), (60, 2), (120, 2), (200, 2), (30, 3), (60, 5), (300, 12)])
    def test_a_hostile_family_has_an_answer_that_is_not_too_high(self, vertices: int, size: int, seed: int) -> None:
        family = random_family(vertices, 300, size, seed)
        found = fewest(family)
        assert type(found) is int
        assert 1 <= found <= by_greed(family) <= len(family)

    def test_a_long_ring_has_an_answer_that_is_not_too_high(self) -> None:
        assert 1 <= fewest(ring(700)) <= 350

    def test_a_very_long_ring_has_an_answer(self) -> None:
        assert 1 <= fewest(ring(2200)) <= 1100

    def test_reports_beyond_the_search_keep_what_shares_nothing_with_them(self) -> None:
        hard = random_family(60, 300, 2, 1)
        assert fewest([*hard, frozenset({"x"}), frozenset({"y", "z"})]) == fewest(hard) + 2


# Standing ----------------------------------------------------------------------------------------------------------------


class TestStanding:
    """The standing follows from the two counts alone, by the table of the vocabulary."""

    @pytest.mark.parametrize(
        ("supporting", "contradicting", "standing"),
        [
            (0, 0, "uncorroborated"),
            (1, 0, "corroborated"),
            (7, 0, "corroborated"),
            (1, 1, "contested"),
            (1, 9, "contested"),
            (9, 1, "contested"),
            (0, 1, "contradicted"),
            (0, 7, "contradicted"),
        ],
    )
    def test_it_is_that_of_the_table(self, supporting: int, contradicting: int, standing: str) -> None:
        assert Weight(supporting, contradicting).standing == standing

    def test_the_vocabulary_has_these_standings_and_no_other(self) -> None:
        assert sorted(STANDINGS) == sorted(TERMS["standing"])

    @given(worlds())
    def test_it_is_a_term_for_every_claim(self, world: World) -> None:
        weight = world.weigh()
        sides = {one.stance for one in world.reports}
        assert weight.standing in TERMS["standing"]
        assert bool(weight.contradicting) == ("contradicts" in sides)
        assert bool(weight.supporting) <= ("supports" in sides)


class TestStates:
    """The organs and office-holders of one state are one origin, and those of two states are two."""

    def weight(self, *actors: Actor) -> Weight:
        speakers = [one for one in actors if not one.id.startswith("organ-")]
        documents = [source(f"d{n}", f"Paper {n}") for n, _ in enumerate(speakers)]
        reports = [report(f"d{n}", "supports", one.id) for n, one in enumerate(speakers)]
        return world_of(*actors, *documents, *reports).weigh()

    @pytest.mark.parametrize("kind", STATE_ORGANS)
    @pytest.mark.parametrize("other", STATE_ORGANS)
    def test_two_organs_of_one_state_are_one_origin(self, kind: str, other: str) -> None:
        assert self.weight(actor("a", kind, "VE"), actor("b", other, "VE")) == Weight(1, 0)
        assert self.weight(actor("a", kind, "VE"), actor("b", other, "US")) == Weight(2, 0)
        assert self.weight(actor("a", kind), actor("b", other)) == Weight(2, 0)

    @pytest.mark.parametrize("kind", STATE_ORGANS)
    def test_office_holders_of_organs_of_one_state_are_one_origin(self, kind: str) -> None:
        organs = actor("organ-x", kind, "VE"), actor("organ-y", "agency", "VE"), actor("organ-z", "agency", "US")
        holders = actor("a", "person", office_in="organ-x"), actor("b", "person", office_in="organ-y")
        assert self.weight(*organs, *holders) == Weight(1, 0)
        assert self.weight(*organs, holders[0], actor("c", kind, "VE")) == Weight(1, 0)
        assert self.weight(*organs, holders[0], actor("c", "person", office_in="organ-z")) == Weight(2, 0)

    @pytest.mark.parametrize("kind", ["person", "medium", "party", "organization", "armed_group", "collective"])
    def test_people_and_media_of_one_country_are_not_one_origin(self, kind: str) -> None:
        assert kind in TERMS["actor_kind"]
        assert self.weight(actor("a", kind, "VE"), actor("b", kind, "VE")) == Weight(2, 0)

    def test_an_office_in_what_is_no_organ_makes_nobody_a_voice_of_the_state(self) -> None:
        papers = actor("organ-x", "medium", "VE"), actor("organ-y", "medium", "VE")
        writers = actor("a", "person", "VE", office_in="organ-x"), actor("b", "person", "VE", office_in="organ-y")
        assert self.weight(*papers, *writers) == Weight(2, 0)

    def test_an_organ_that_publishes_is_the_origin_of_what_its_state_says(self) -> None:
        organs = actor("ministry", "government", "VE"), actor("navy", "military_body", "VE")
        releases = source("d0", "Ministry", publisher_id="ministry"), source("d1", "Navy", publisher_id="navy")
        assert world_of(*organs, *releases, report("d0", "contradicts"), report("d1", "contradicts")).weigh() == Weight(0, 1)


class TestIndependence:
    """A report that shares the claim's own chain does not support it, and one that contradicts always counts."""

    SHARED = (
        (source("d0", "Own Paper"), None),
        (source("d0", "Other Paper", OWN), None),
        (source("d0", "Other Paper", "d1"), None),
        (source("d0", "Agency"), None),
        (source("d0", "Other Paper"), "mayor"),
        (source("d0", "Other Paper"), "ministry"),
        (source("d0", "Other Paper"), "clerk"),
    )

    @pytest.mark.parametrize(("document", "speaker"), SHARED)
    @pytest.mark.parametrize("stance", ["supports", "contradicts"])
    def test_what_shares_the_chain_counts_against_a_claim_alone(
        self, document: Source, speaker: str | None, stance: str
    ) -> None:
        world = world_of(
            *(actor("ministry", "government", "VE"), actor("mayor", "person", office_in="ministry")),
            *(source("agency-story", "Agency"), source("d1", "Third Paper", "agency-story"), document),
            report("d0", stance, speaker),
            chain=(hop(None, "agency-story"), hop("mayor"), hop("clerk")),
        )
        assert world.weigh() == Weight(0, int(stance == "contradicts"))

    def test_what_shares_nothing_counts_on_its_side(self) -> None:
        for stance, expected in (("supports", Weight(1, 0)), ("contradicts", Weight(0, 1))):
            world = world_of(source("d0", "Other Paper"), report("d0", stance, "clerk"), chain=(hop("mayor"),))
            assert world.weigh() == expected

    def test_what_the_own_document_cites_elsewhere_is_not_its_chain(self) -> None:
        own = source(OWN, "Own Paper", "book")
        assert world_of(own, source("book", "Press"), report("book", "supports")).weigh() == Weight(1, 0)

    @given(worlds())
    def test_what_is_shared_is_listed_exactly_where_support_is_not_counted(self, world: World) -> None:
        origins = Origins({"actors": world.actors, "sources": world.sources, "assessments": {}})
        for one in world.reports:
            alone = replace(world, reports=(one.model_copy(update={"stance": "supports"}),))
            shared = origins.shared(world.claim, one)
            assert shared == sorted(shared)
            assert alone.weigh().supporting == int(not shared)

    @given(worlds(), st.sampled_from(DOCUMENTS), st.none() | st.sampled_from(PEOPLE))
    def test_what_refines_counts_for_neither_side(self, world: World, document: str, speaker: str | None) -> None:
        assert world.with_reports(report(document, "refines", speaker, 50)).weigh() == world.weigh()

    @pytest.mark.parametrize("status", [term for term in TERMS["record_status"] if term != "active"])
    @given(worlds(), st.sampled_from(DOCUMENTS), st.sampled_from(STANCES))
    def test_what_was_taken_out_of_use_counts_for_nothing(self, status: str, world: World, document: str, stance: str) -> None:
        assert world.with_reports(report(document, stance, None, 50, status)).weigh() == world.weigh()

    def test_what_bears_on_another_record_counts_for_nothing(self) -> None:
        told = report("d0", "contradicts")
        others = (
            told.model_copy(update={"target_id": f"{OWN}/c002"}),
            told.model_copy(update={"target_table": "errata", "id": "d0/a02"}),
        )
        assert world_of(source("d0", "A"), *others).weigh() == Weight(0, 0)
