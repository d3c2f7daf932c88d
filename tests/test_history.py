"""History: what changed leads from one version to the other and back, and the ledger gives back every version or says why not.

States are generated as tables of odd texts: records with an id, parts of records, and tables whose columns and keys change or
that come and go. What two version numbers and two schemas demand is held against tables written by hand. The tables of the
checkout are only read.
"""

from __future__ import annotations

import copy
import hashlib
import json
import random
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from venezuela_data.history import (
    ADD,
    CHANGES,
    DEL,
    MOD,
    MODEL,
    SAYS_WHICH,
    SAYS_WHO,
    Change,
    HistoryError,
    Ledger,
    Sheet,
    State,
    UnknownReleaseError,
    applied,
    breaks_of_model,
    breaks_of_table,
    bump,
    changes,
    compact,
    demanded,
    next_version,
    parsed_version,
    read_ledger,
    reversed_changes,
    sheet,
)
from venezuela_data.syntax import csv_bytes, read_csv

Made = TypeVar("Made")

ROOT = Path(__file__).parent.parent
TABLES = sorted(path.stem for path in (ROOT / "schema" / "tables").glob("*.json") if path.stem not in ("releases", "changes"))

few = settings(max_examples=max(20, settings().max_examples // 2), suppress_health_check=[HealthCheck.too_slow])
"""For tests that build several states or ledgers."""


# States ------------------------------------------------------------------------------------------------------------------

ODD = st.sampled_from(
    ["", "", "a", "b", "10", "9", "-3", "2.5", "true", ",", '"', "\n", "\r\n", " x ", "é\u0301", "\u202e", "{}", "𝄞"]
)
TEXTS = st.one_of(ODD, st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6))
IDS = st.sampled_from(["a", "b", "c", "d/c001", "e,f", 'g"', "h\n", "é"])
KINDS = st.sampled_from(["string", "integer", "number", "boolean", "date"])
MORE = ("kind", "title", "description", "n", "model")


@st.composite
def schemas(draw: st.DrawFn, keyed: bool | None = None) -> dict[str, Any]:
    """Give a Table Schema of a table of records, or of parts that belong to records."""
    more = draw(st.lists(st.sampled_from(MORE), unique=True, max_size=3))
    keyed = draw(st.booleans()) if keyed is None else keyed
    first = ["id"] if keyed else draw(st.sampled_from([["id"], ["owner"], ["table", "owner"]]))
    fields = [{"name": name, "type": draw(KINDS) if name in more else "string"} for name in (*first, *more)]
    names = [field["name"] for field in fields]
    if keyed:
        return {"fields": fields, "primaryKey": ["id"]}
    key = draw(st.sampled_from(["primaryKey", "uniqueKeys", ""]))
    some = [name for name in names if draw(st.booleans())]
    return {"fields": fields, **({key: some if key == "primaryKey" else [some]} if key and len(names) > 1 else {})}


@st.composite
def sheets(draw: st.DrawFn, schema: dict[str, Any] | None = None) -> Sheet:
    """Give a table with rows that belong to records, no two alike, and no two with an id of their own."""
    schema = draw(schemas()) if schema is None else schema
    names = [field["name"] for field in schema["fields"]]
    keyed = schema.get("primaryKey") == ["id"]
    owner = "id" if keyed else names[1] if names[0] == "table" else names[0]
    rows = draw(
        st.lists(
            st.tuples(*(IDS if name == owner else TEXTS for name in names)),
            unique_by=(lambda row: row[names.index("id")]) if keyed else None,
            unique=not keyed,
            max_size=5,
        )
    )
    model = draw(st.sampled_from([None, {"type": "object"}, {"type": "object", "title": "X", "properties": {"title": {}}}]))
    return sheet(schema, rows, model)


STATES = st.dictionaries(st.sampled_from(["actors", "events", "about"]), sheets(), max_size=3).map(State)


def moved(one: Sheet, order: Sequence[int]) -> Sheet:
    """Give a table with an empty column more, and its columns in another order."""
    fields = [*one.schema["fields"], {"name": f"new{len(one.columns)}", "type": "string"}]
    schema = {**one.schema, "fields": [fields[at] for at in order]}
    return sheet(schema, ([(*row, "")[at] for at in order] for row in one.rows), one.model)


@st.composite
def later(draw: st.DrawFn, state: State) -> State:
    """Give a state that shares tables, rows or schemas with an earlier one."""
    made = dict(draw(STATES).sheets)
    for name, one in state.sheets.items():
        match draw(st.sampled_from(["same", "rows", "columns", "moved", "other", "other"])):
            case "same":
                made[name] = one
            case "rows":
                other = draw(sheets(dict(one.schema)))
                at = one.columns.index("id") if one.schema.get("primaryKey") == ["id"] else slice(None)
                mixed = {row[at]: row for row in (*other.rows, *one.rows) if draw(st.booleans())}
                made[name] = sheet(one.schema, mixed.values(), other.model)
            case "columns":
                made[name] = draw(sheets(draw(schemas(keyed=one.schema.get("primaryKey") == ["id"]))))
            case "moved":
                first = [0, 1] if one.columns[0] == "table" else [0]
                made[name] = moved(one, [*first, *draw(st.permutations(range(len(first), len(one.columns) + 1)))])
    return State(made)


PAIRS = STATES.flatmap(lambda state: st.tuples(st.just(state), later(state)))


@st.composite
def sequences(draw: st.DrawFn) -> list[State]:
    """Give states of which each follows on the one before and is not the same."""
    found = [State()]
    for _ in range(draw(st.integers(1, 4))):
        state = draw(later(found[-1]))
        if state != found[-1]:
            found.append(state)
    assume(len(found) > 1)
    return found[1:]


def tried(do: Callable[..., Made]) -> tuple[Made | None, HistoryError | None]:
    """Give what comes of something, or the error."""
    try:
        return do(), None
    except HistoryError as error:
        return None, error


def why(old: State, new: State) -> dict[Change, tuple[str, str]]:
    return {change: ("our_correction", f"Because of {change.id!r}, said so.") for change in changes(old, new)}


def kept(*states: State) -> Ledger:
    """Give the ledger of some states, released as 0.1.0, 0.2.0 and so on, on days of which two share one."""
    ledger, before = read_ledger(None, None), State()
    for number, state in enumerate(states, 1):
        ledger = read_ledger(*ledger.appended(f"0.{number}.0", f"2026-01-{1 + number // 2:02}", state, why(before, state)))
        before = state
    return ledger


def records(*rows: tuple[str, ...], **more: Any) -> Sheet:
    """Give a small table of records."""
    fields = [{"name": "id", "type": "string"}, {"name": "kind", "type": "string"}, {"name": "n", "type": "integer"}]
    return sheet({"fields": fields, "primaryKey": ["id"], **more}, rows)


def parts(*rows: tuple[str, ...]) -> Sheet:
    """Give a small table of parts."""
    fields = [{"name": name, "type": "string"} for name in ("table", "record_id", "value")]
    return sheet({"fields": fields, "primaryKey": ["table", "record_id", "value"]}, rows)


# Promises ----------------------------------------------------------------------------------------------------------------


class TestChangesLeadFromOneStateToTheOtherAndBack:
    """Applied to the old state they give the new one, and reversed the old one, whatever came, went or became otherwise."""

    @given(PAIRS, st.randoms(use_true_random=False))
    def test_forward_and_back(self, pair: tuple[State, State], chance: random.Random) -> None:
        old, new = pair
        given = list(changes(old, new))
        chance.shuffle(given)
        assert applied(old, given) == new
        assert applied(new, reversed_changes(given)) == old

    @given(PAIRS)
    def test_the_reversed_changes_are_those_of_the_way_back(self, pair: tuple[State, State]) -> None:
        assert reversed_changes(changes(*pair)) == changes(*pair[::-1])

    @given(PAIRS)
    def test_nothing_changes_only_where_both_say_the_same(self, pair: tuple[State, State]) -> None:
        assert changes(pair[0], pair[0]) == ()
        assert (changes(*pair) == ()) == (pair[0] == pair[1])


class TestTheOrderOfRowsMeansNothing:
    """A table is the same table with its rows in any order."""

    @given(sheets(), st.randoms(use_true_random=False))
    def test_any_order_gives_the_same_bytes(self, one: Sheet, chance: random.Random) -> None:
        rows = list(one.rows)
        chance.shuffle(rows)
        other = sheet(one.schema, rows, one.model)
        assert other == one
        assert State({"x": other}).csv("x") == csv_bytes([one.columns, *one.rows])

    @pytest.mark.parametrize("name", TABLES)
    def test_the_normal_order_is_that_of_the_published_tables(self, name: str) -> None:
        schema = json.loads((ROOT / "schema" / "tables" / f"{name}.json").read_text("utf-8"))
        (path,) = (ROOT / "datasets").rglob(f"{name}.csv")
        data = path.read_bytes()
        file, _ = read_csv(data, name)
        assert file is not None
        random.Random(0).shuffle(file.rows)  # noqa: S311  # any order will do
        state = State({name: sheet(schema, file.rows)})
        assert state.csv(name) == data
        assert state.sha256(name) == hashlib.sha256(data).hexdigest()

    def test_no_value_comes_first_then_numbers_by_worth_then_texts(self) -> None:
        fields = [{"name": "owner", "type": "string"}, {"name": "n", "type": "number"}]
        cells = ["", "-2.5", "0", "9", "10", "1e+16", "nan", "ten"]
        rows = [("x", cell) for cell in cells]
        assert [row[1] for row in sheet({"fields": fields, "primaryKey": ["n"]}, reversed(rows)).rows] == cells

    def test_the_columns_that_tell_rows_apart_come_first_in_the_order_of_the_header(self) -> None:
        fields = [{"name": name, "type": "string"} for name in "abc"]
        rows = [("2", "1", "1"), ("1", "2", "1"), ("1", "1", "2")]
        made = sheet({"fields": fields, "uniqueKeys": [["c", "b"]]}, rows)
        assert made.rows == (("2", "1", "1"), ("1", "1", "2"), ("1", "2", "1"))


class TestTheLedgerGivesBackEveryVersion:
    """Each state of any sequence is rebuilt as it was, proved by the hash of each of its tables."""

    @few
    @given(sequences())
    def test_every_state_comes_back(self, states: list[State]) -> None:
        ledger = kept(*states)
        assert len(ledger.versions) == len(states)
        assert ledger.verify() == ()
        for version, state in zip(ledger.versions, states, strict=True):
            assert ledger.state(version) == state
            stated = ledger.release[version].tables
            assert {name: one.sha256 for name, one in stated.items() if name != CHANGES} == {
                name: state.sha256(name) for name in state.sheets
            }

    @few
    @given(sequences())
    def test_what_was_written_is_never_changed(self, states: list[State]) -> None:
        ledger = kept(*states[:-1])
        before = ledger.state(ledger.versions[-1]) if states[:-1] else State()
        made = ledger.appended("1.0.0", "2027-01-01", states[-1], why(before, states[-1]))
        assert all(new.startswith(old) and len(new) > len(old) for old, new in zip(ledger.written, made, strict=True))

    @few
    @given(sequences())
    def test_entries_carry_the_causes_that_were_given(self, states: list[State]) -> None:
        before = State()
        for release, state in zip(kept(*states).releases, states, strict=True):
            assert {one.change: (one.cause, one.note) for one in release.entries} == why(before, state)
            before = state

    def test_a_column_that_comes_or_moves_changes_no_row_and_every_line(self) -> None:
        one = records(("a", "x", "1"), ("b", "y", "2"))
        other = moved(one, (0, 3, 2, 1))
        ledger = kept(State({"events": one}), State({"events": other}))
        assert [(entry.change.id, entry.change.op) for entry in ledger.releases[1].entries] == [("", MOD)]
        assert ledger.verify() == ()
        assert ledger.state("0.2.0").csv("events") == b"id,new3,n,kind\na,,1,x\nb,,2,y\n"


class TestATamperedHistoryIsNeverSilent:
    """A byte that is another one in the ledger gives an error that names a table, or the states as they were released."""

    @few
    @given(sequences(), st.data())
    def test_another_byte_in_the_changes(self, states: list[State], data: st.DataObject) -> None:
        releases, told = kept(*states).written
        at = data.draw(st.integers(0, len(told) - 1))
        byte = data.draw(st.integers(0, 255).filter(lambda one: one != told[at]))
        wrong = told[:at] + bytes([byte]) + told[at + 1 :]
        ledger, fault = tried(lambda: read_ledger(releases, wrong))
        if ledger is None:
            assert fault is not None
            assert fault.table == CHANGES
            return
        assert ledger.verify() != ()
        found = [tried(lambda version=version: ledger.state(version)) for version in ledger.versions]
        assert any(fault for _, fault in found)
        for (state, fault), released in zip(found, states, strict=True):
            assert state == (None if fault else released)
            assert fault is None or fault.version
            assert fault is None or all(name.isprintable() for name in str(fault))

    @few
    @given(sequences(), st.data())
    def test_a_line_that_is_gone_or_there_twice(self, states: list[State], data: st.DataObject) -> None:
        releases, told = kept(*states).written
        file, _ = read_csv(told, "")
        assert file is not None
        at = data.draw(st.integers(0, len(file.rows) - 1))
        times = data.draw(st.sampled_from([0, 2]))
        rows = [file.header, *file.rows[:at], *[file.rows[at]] * times, *file.rows[at + 1 :]]
        with pytest.raises(HistoryError):
            read_ledger(releases, csv_bytes(rows)).state(f"0.{len(states)}.0")

    def test_a_cell_names_its_table_and_its_version(self) -> None:
        ledger = kept(State({"events": records(("a", "x", "1"))}), State({"events": records(("a", "y", "1"))}))
        releases, told = ledger.written
        wrong = read_ledger(releases, told.replace(b'""n"":""1""', b'""n"":""2""'))
        with pytest.raises(HistoryError, match=r"^the history of the table 'events' at version '0.1.0': its hash") as caught:
            wrong.state("0.1.0")
        assert (caught.value.table, caught.value.version) == ("events", "0.1.0")
        assert [error.table for error in wrong.verify()] == ["events", "changes"]

    @pytest.mark.parametrize("cell", ["said so", "our_correction", '""type"":""string""'])
    def test_what_no_table_shows_is_proved_by_the_hash_of_the_changes(self, cell: str) -> None:
        ledger = kept(State({"events": records(("a", "x", "1"))}))
        releases, told = ledger.written
        wrong = read_ledger(releases, told.replace(cell.encode(), cell[:-3].encode() + b"X" + cell[-2:].encode(), 1))
        with pytest.raises(HistoryError, match=r"^the history of the table 'changes' at version '0.1.0'"):
            wrong.state("0.1.0")

    def test_a_fault_in_a_later_release_leaves_the_earlier_ones_loadable(self) -> None:
        first, second = State({"events": records(("a", "x", "1"))}), State({"events": records(("a", "y", "1"))})
        releases, told = kept(first, second).written
        ledger = read_ledger(releases, told.replace(b",x,y,", b",x,z,"))
        assert ledger.state("0.1.0") == first
        with pytest.raises(HistoryError, match=r"'events' at version '0.2.0'"):
            ledger.state("0.2.0")


class TestWhatDoesNotFitIsRefused:
    """A change that contradicts the state to which it is applied is an error that names the table."""

    STATE = State({"events": records(("a", "x", "1"), ("b", "", "2")), "about": parts(("events", "a", "v"))})

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (Change("events", "a", ADD, new='{"id":"a"}'), "ADD of 'a': it is there already"),
            (Change("about", "a", ADD, new='{"record_id":"a","table":"events","value":"v"}'), "it is there already"),
            (Change("events", "c", DEL, old='{"id":"c"}'), "no such row is there"),
            (Change("events", "b", DEL, old='{"id":"b"}'), "no such row is there"),
            (Change("events", "c", MOD, "kind", "", "x"), "no such record is there"),
            (Change("events", "a", MOD, "kind", "z", "y"), "'kind' is not 'z' before it"),
            (Change("events", "b", MOD, "kind", "z", "y"), "'kind' is not 'z' before it"),
            (Change("events", "a", MOD, "kind", "x", "x"), "changes nothing"),
            (Change("events", "a", MOD, "id", "a", "c"), "changes nothing that may change"),
            (Change("events", "a", MOD, "color", "", "red"), "the schema has no column 'color'"),
            (Change("events", "c", ADD, new='{"color":"red","id":"c"}'), "the schema has no column 'color'"),
            (Change("events", "c", ADD, new='{"id":"d"}'), "belongs to another record"),
            (Change("events", "c", ADD, new='{"id": "c"}'), "in its normal form"),
            (Change("events", "c", ADD, new='{"id":"c","id":"c"}'), "in its normal form"),
            (Change("events", "c", ADD, new='{"id":"c","n":1}'), "object of texts"),
            (Change("events", "c", ADD, new='{"id":"c","n":""}'), "object of texts"),
            (Change("events", "c", ADD, new="[" * 9000), "object of texts"),
            (Change("events", "c", ADD, old="x", new='{"id":"c"}'), "and nothing else"),
            (Change("about", "a", MOD, "value", "v", "w"), "no such record is there"),
            (Change("places", "a", ADD, new='{"id":"a"}'), "the table is not there"),
            (Change("places", "a", DEL, old='{"id":"a"}'), "the table is not there"),
            (Change("events", "", MOD, "", "{}", '{"fields":[]}'), "the schema before it is another one"),
            (Change("events", "", ADD, "color", "", "{}"), "'color' is no schema"),
            (Change("places", "", ADD, "", "", "{}"), "a Table Schema has a list of named fields"),
            (Change("places", "", ADD, "", "", '{"fields":[{"name":"a"},{"name":"a"}]}'), "a list of named fields"),
            (Change("places", "", ADD, "", "", '{"fields":[{"name":"a"}],"primaryKey":["b"]}'), "a list of named fields"),
            (Change("places", "", ADD, "", "", '{"fields":[{"name":"a"}],"uniqueKeys":7}'), "a list of named fields"),
            (Change("places", "", ADD, "", "", "[]"), "no JSON object in its normal form"),
            (Change("places", "", ADD, MODEL, "", "{}"), "rows or a model are left"),
            (Change("places", "", MOD, MODEL, "", "{}"), "do not agree"),
            (Change("places", "", DEL, MODEL, "", "{}"), "do not agree"),
        ],
    )
    def test_a_change_that_contradicts_the_state(self, change: Change, message: str) -> None:
        with pytest.raises(HistoryError) as caught:
            applied(self.STATE, [change])
        assert caught.value.table == change.table
        assert message in str(caught.value)

    def test_a_table_goes_only_with_its_rows(self) -> None:
        gone = changes(self.STATE, State({"about": self.STATE.sheets["about"]}))
        with pytest.raises(HistoryError, match="'events': a cell is left of a column or table that is gone"):
            applied(self.STATE, [one for one in gone if not one.id])

    @pytest.mark.parametrize(
        ("one", "message"),
        [
            (records(("a", "x", "1"), ("a", "y", "1")), "share an id"),
            (parts(("x", "a", "v"), ("x", "a", "v")), "alike"),
            (records(("", "x", "1")), "no 'id'"),
            (parts(("x", "", "v")), "no 'record_id'"),
        ],
    )
    def test_rows_that_cannot_be_told_apart_keep_no_history(self, one: Sheet, message: str) -> None:
        with pytest.raises(HistoryError, match=message):
            changes(State(), State({"events": one}))

    def test_a_row_has_as_many_cells_as_the_schema_has_fields(self) -> None:
        with pytest.raises(ValueError, match="a row has not the 3 cells"):
            records(("a", "x"))


def test_what_changed_is_said_cell_by_cell_for_records_and_by_rows_for_parts() -> None:
    old = State({"events": records(("a", "x", ""), ("b", "", "")), "about": parts(("events", "a", "v"))})
    new = State({"events": records(("a", "y", "2"), ("c", "z", "")), "about": parts(("events", "a", "w"))})
    assert changes(old, new) == (
        Change("about", "a", ADD, "", "", '{"record_id":"a","table":"events","value":"w"}'),
        Change("about", "a", DEL, "", '{"record_id":"a","table":"events","value":"v"}', ""),
        Change("events", "a", MOD, "kind", "x", "y"),
        Change("events", "a", MOD, "n", "", "2"),
        Change("events", "b", DEL, "", '{"id":"b"}', ""),
        Change("events", "c", ADD, "", "", '{"id":"c","kind":"z"}'),
    )


# Reading the ledger ------------------------------------------------------------------------------------------------------


def two() -> Ledger:
    return kept(State({"events": records(("a", "x", "1"))}), State({"events": records(("a", "y", "1"), ("b", "x", "2"))}))


SHA = "0" * 64


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["0.1,2026-01-01,0.1,t,1," + SHA], "line 2: '0.1' is no version number"),
        (["0.1.0,2026-1-1,0.1.0,t,1," + SHA], "line 2: '2026-1-1' is no day"),
        (["0.1.0,2026-02-30,0.1.0,t,1," + SHA], "is no day"),
        (["0.1.0,2026-01-01,0.2.0,t,1," + SHA], "no schema version '0.2.0' up to here"),
        (["0.1.0,2026-01-01,0.1.0,t,01," + SHA], "a number of rows and a SHA-256"),
        (["0.1.0,2026-01-01,0.1.0,t,1,abc"], "a number of rows and a SHA-256"),
        (["0.1.0,2026-01-01,0.1.0,,1," + SHA], "a table has a name"),
        (["0.2.0,2026-01-01,0.2.0,t,1," + SHA, "0.1.0,2026-01-01,0.2.0,t,1," + SHA], "line 3: version '0.1.0' is not above"),
        (
            ["0.1.0,2026-01-02,0.1.0,t,1," + SHA, "0.2.0,2026-01-01,0.1.0,t,1," + SHA],
            "line 3: '2026-01-01' is no day",
        ),
        (["0.1.0,2026-01-01,0.1.0,u,1," + SHA, "0.1.0,2026-01-01,0.1.0,t,1," + SHA], "sorted, each once"),
        (["0.1.0,2026-01-01,0.1.0,t,1," + SHA] * 2, "sorted, each once"),
        (["0.1.0,2026-01-01,0.1.0,t,1," + SHA, "0.1.0,2026-01-02,0.1.0,u,1," + SHA], "with one date and schema version"),
        (["0.1.0,2026-01-01,0.1.0,t,1"], "line 2: the row has 5 cells"),
        (['"0.1.0",2026-01-01,0.1.0,t,1,' + SHA], "not in the normal form"),
    ],
)
def test_releases_that_no_release_writes_are_refused(rows: list[str], message: str) -> None:
    written = "\n".join(["version,date,schema_version,table,rows,sha256", *rows, ""]).encode()
    with pytest.raises(HistoryError, match=r"^the history of the table 'releases': ") as caught:
        read_ledger(written, b"release,table,id,op,field,old,new,cause,note\n")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda rows: [[*rows[0][:3], "PUT", *rows[0][4:]]], "line 2: 'PUT' is none of ADD, MOD and DEL"),
        (lambda rows: [["9.0.0", *rows[0][1:]]], "not those of releases.csv"),
        (lambda rows: [*rows[1:], rows[0]], "line 5: the rows of a release stand together"),
        (lambda rows: [rows[1], rows[0], *rows[2:]], "line 3: the changes of a release are sorted"),
        (lambda rows: [rows[0], rows[0]], "line 3: the changes of a release are sorted, each once"),
        (lambda rows: [[*rows[0][:7], "", ""]], "line 2: a change has a table and a cause"),
        (lambda rows: [rows[0][:8]], "line 2: the row has 8 cells"),
    ],
)
def test_changes_that_no_release_writes_are_refused(edit: Callable[[list[list[str]]], list[list[str]]], message: str) -> None:
    releases, told = two().written
    file, _ = read_csv(told, "")
    assert file is not None
    with pytest.raises(HistoryError, match=r"^the history of the table 'changes': ") as caught:
        read_ledger(releases, csv_bytes([file.header, *edit(file.rows)]))
    assert message in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"\xff", b"a,b\n", b'"'])
def test_what_is_no_table_of_the_ledger_is_refused(data: bytes) -> None:
    releases, told = two().written
    for pair in ((data, told), (releases, data)):
        with pytest.raises(HistoryError):
            read_ledger(*pair)


def test_one_file_without_the_other_is_refused() -> None:
    releases, told = two().written
    for pair, missing in (((None, told), "releases"), ((releases, None), "changes")):
        with pytest.raises(HistoryError, match="the file is missing") as caught:
            read_ledger(*pair)
        assert caught.value.table == missing


@pytest.mark.parametrize("field", ["rows", "sha256", "table", "more"])
def test_what_a_release_states_is_held_against_what_is_rebuilt(field: str) -> None:
    releases, told = two().written
    file, _ = read_csv(releases, "")
    assert file is not None
    if field == "more":
        file.rows.append([*file.rows[-1][:3], "places", "0", SHA])
    else:
        file.rows[-1][file.header.index(field)] = {"rows": "7", "sha256": SHA, "table": "places"}[field]
    ledger = read_ledger(csv_bytes([file.header, *file.rows]), told)
    assert ledger.state("0.1.0")
    with pytest.raises(HistoryError, match=r"at version '0.2.0'") as caught:
        ledger.state("0.2.0")
    assert caught.value.table == {"more": "places"}.get(field, "events")
    assert str(caught.value) in map(str, ledger.verify())


def test_the_schema_version_is_that_of_the_last_release_that_changed_a_schema() -> None:
    ledger = two()
    assert [one.schema_version for one in ledger.releases] == ["0.1.0", "0.1.0"]
    wider = ledger.state("0.2.0")
    wider = State({**wider.sheets, "about": parts(("events", "a", "v"))})
    ledger = read_ledger(*ledger.appended("0.3.0", "2026-03-01", wider, why(ledger.state("0.2.0"), wider)))
    assert ledger.releases[-1].schema_version == "0.3.0"
    wrong = read_ledger(ledger.written[0].replace(b"-01,0.3.0,", b"-01,0.1.0,"), ledger.written[1])
    assert [error.table for error in wrong.verify()] == ["releases"]


def test_verifying_stops_at_a_release_that_cannot_be_applied() -> None:
    releases, told = two().written
    faults = read_ledger(releases, told.replace(b",x,y,", b",w,y,")).verify()
    assert [str(one) for one in faults] == [
        "the history of the table 'events' at version '0.2.0': MOD of 'a': 'kind' is not 'w' before it"
    ]


def test_before_the_first_release_there_is_no_version() -> None:
    ledger = read_ledger(None, None)
    assert (ledger.versions, ledger.dates, ledger.verify()) == ((), {}, ())
    with pytest.raises(UnknownReleaseError, match=r"nothing was released by 2026-01-01$"):
        ledger.known_on("2026-01-01")
    headers = b"version,date,schema_version,table,rows,sha256\n", b"release,table,id,op,field,old,new,cause,note\n"
    assert read_ledger(*headers).versions == ()
    state = State({"events": records(("a", "x", "1"))})
    made = read_ledger(*headers).appended("0.1.0", "2026-01-01", state, why(State(), state))
    assert made == ledger.appended("0.1.0", "2026-01-01", state, why(State(), state))


def test_known_on_a_day_is_the_last_release_of_that_day_or_before_it() -> None:
    states = [State({"events": records(("a", "x", str(number)))}) for number in range(3)]
    ledger = kept(*states)
    assert ledger.dates == {"0.1.0": "2026-01-01", "0.2.0": "2026-01-02", "0.3.0": "2026-01-02"}
    assert ledger.known_on("2026-01-01") == "0.1.0"
    assert ledger.known_on(date(2026, 1, 2)) == ledger.known_on("2999-12-31") == "0.3.0"
    with pytest.raises(UnknownReleaseError, match="nothing was released by 2025-12-31; the first release is of 2026-01-01"):
        ledger.known_on("2025-12-31")
    with pytest.raises(ValueError, match="'20260101' is no day"):
        ledger.known_on("20260101")


def test_an_unknown_version_names_those_that_are_known() -> None:
    with pytest.raises(UnknownReleaseError, match=r"no version '0.3.0'; the last ones are: 0.1.0, 0.2.0"):
        two().state("0.3.0")


@pytest.mark.parametrize(
    ("version", "day", "message"),
    [
        ("0.2.0", "2026-02-01", "not above the last one"),
        ("0.3", "2026-02-01", "no version number"),
        ("0.3.0", "2025-02-01", "before the last release"),
        ("0.3.0", "2026-2-1", "is no day"),
    ],
)
def test_a_release_follows_on_the_last_one(version: str, day: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        two().appended(version, day, State(), {})


def test_a_release_without_a_change_or_a_cause_is_refused() -> None:
    ledger = two()
    with pytest.raises(ValueError, match="nothing changed"):
        ledger.appended("0.3.0", "2026-02-01", ledger.state("0.2.0"), {})
    with pytest.raises(ValueError, match="no cause for a change of 'b' in 'events'"):
        ledger.appended("0.3.0", "2026-02-01", State({"events": records(("a", "y", "1"))}), {})
    with pytest.raises(ValueError, match="do not keep a history of themselves"):
        ledger.appended("0.3.0", "2026-02-01", State({"changes": records()}), {})


def test_what_could_not_be_read_again_is_not_released() -> None:
    state = State({"events": records(("a", "\0", "1"))})
    ledger = read_ledger(None, None)
    ledger = read_ledger(*ledger.appended("0.1.0", "2026-01-01", state, why(State(), state)))
    other = State({"events": records(("a", "x", "1"))})
    with pytest.raises(HistoryError, match="NUL"):
        ledger.appended("0.2.0", "2026-01-02", other, why(state, other))


# Version numbers and demands ---------------------------------------------------------------------------------------------

NUMBERS = st.integers(0, 999_999_999)
VERSIONS = st.tuples(NUMBERS, NUMBERS, NUMBERS).map(lambda parts: ".".join(map(str, parts)))


@given(VERSIONS, VERSIONS)
def test_versions_compare_as_numbers_do(one: str, other: str) -> None:
    assert (parsed_version(one) < parsed_version(other)) == (list(map(int, one.split("."))) < list(map(int, other.split("."))))


@pytest.mark.parametrize(
    "text", ["", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3-rc.1", "1.2.3+b", "v1.2.3", "1.2.3\n", "１.2.3", "9" * 999]
)
def test_what_is_no_plain_version_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no version number"):
        parsed_version(text)


@pytest.mark.parametrize(("new", "level"), [("1.2.4", "patch"), ("1.3.0", "minor"), ("2.0.0", "major")])
def test_a_version_follows_at_one_of_three_levels(new: str, level: str) -> None:
    assert bump("1.2.3", new) == level
    assert next_version("1.2.3", level) == new


@pytest.mark.parametrize("new", ["1.2.3", "1.2.5", "1.3.1", "1.4.0", "2.0.1", "3.0.0", "1.2.2"])
def test_no_other_version_follows(new: str) -> None:
    with pytest.raises(ValueError, match=f"{new} does not follow on 1.2.3; these do: 1.2.4, 1.3.0, 2.0.0"):
        bump("1.2.3", new)


def asked(old: State, new: State) -> tuple[str, str, str] | None:
    found = demanded(changes(old, new), old, new)
    return (found.level, found.change.table, found.field) if found else None


def test_no_change_demands_nothing() -> None:
    assert asked(two().state("0.2.0"), two().state("0.2.0")) is None


def test_a_correction_of_a_record_or_part_is_a_patch() -> None:
    old = State({"events": records(("a", "x", "1")), "about": parts(("events", "a", "v"))})
    new = State({"events": records(("a", "x", "2")), "about": parts(("events", "a", "w"))})
    assert asked(old, new) == ("patch", "about", "")


@pytest.mark.parametrize("column", sorted(SAYS_WHICH))
def test_what_a_record_says_or_means_never_changes_in_a_patch(column: str) -> None:
    schema = {"fields": [{"name": name, "type": "string"} for name in ("id", column, "zz")], "primaryKey": ["id"]}
    old, new = (State({"claims": sheet(schema, [("a", cell, cell)])}) for cell in ("x", "y"))
    assert asked(old, new) == ("minor", "claims", column)
    assert str(demanded(changes(old, new), old, new)).startswith(f"claims.{column} of 'a': what the record says")


@pytest.mark.parametrize("table", sorted(SAYS_WHO))
def test_identity_never_changes_in_a_patch(table: str) -> None:
    one, other = (parts(("actors", "a", value)) for value in "xy")
    assert asked(State({table: one}), State({table: other})) == ("minor", table, "")


def test_a_new_record_and_one_that_is_gone_are_minor() -> None:
    one, other = State({"events": records(("a", "x", "1"))}), State({"events": records(("a", "x", "2"), ("b", "x", "2"))})
    assert asked(one, other) == ("minor", "events", "")
    assert asked(other, one) == ("minor", "events", "")
    assert str(demanded(changes(one, other), one, other)) == "events of 'b': the record is new"


def test_additions_to_schemas_are_minor_and_a_table_that_is_gone_is_major() -> None:
    one, other = State({"events": records()}), State({"events": records(), "about": parts()})
    assert asked(one, other) == ("minor", "about", "")
    assert asked(other, one) == ("major", "about", "")
    modelled = State({"events": sheet(records().schema, [], {"type": "object"})})
    assert asked(one, modelled) == ("minor", "events", MODEL)
    assert asked(modelled, one) == ("major", "events", MODEL)


def test_the_highest_demand_counts_and_names_the_field() -> None:
    model = {"properties": {"date": {"type": "string"}, "links": {"type": "array", "items": {"$ref": "#/$defs/Link"}}}}
    defs = {"Link": {"properties": {"to": {"type": "string"}}}}
    old = State({"events": sheet(records().schema, [("a", "x", "1")], {**model, "$defs": defs})})
    defs = {"Link": {"properties": {"to": {"type": "integer"}}}}
    new = State({"events": sheet(records().schema, [("b", "x", "1")], {**model, "$defs": defs})})
    assert asked(old, new) == ("major", "events", "links[].to")
    assert str(demanded(changes(old, new), old, new)) == "events.links[].to: its type is another one"


# Schemas -----------------------------------------------------------------------------------------------------------------

TABLE: dict[str, Any] = {
    "$schema": "a",
    "fields": [
        {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "^[a-z]+$", "maxLength": 9}},
        {"name": "kind", "type": "string", "constraints": {"required": True, "enum": ["x", "y"]}},
        {"name": "n", "type": "integer", "constraints": {"minimum": 0}},
    ],
    "missingValues": [""],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["kind"], "reference": {"resource": "kinds", "fields": ["id"]}}],
}
LINK: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"to": {"type": "string"}},
    "required": ["to"],
}
RECORD: dict[str, Any] = {
    "$id": "a",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z]+$", "not": {"pattern": "b"}},
        "kind": {"type": "string", "enum": ["x", "y"], "default": "x"},
        "place": {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "null"}]},
        "best": {"anyOf": [{"$ref": "#/$defs/Link"}, {"type": "null"}]},
        "links": {"type": "array", "items": {"$ref": "#/$defs/Link"}, "minItems": 1},
    },
    "required": ["id", "links"],
    "$defs": {"Link": LINK},
}


def edited(schema: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Give a schema in which the value at a path is another one, or gone."""
    made = copy.deepcopy(schema)
    node: Any = made
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    for step in steps:
        node = node[step]
    if value is None:
        del node[last]
    elif isinstance(node, list) and last == len(node):
        node.append(value)
    else:
        node[last] = value
    return made


@pytest.mark.parametrize(
    ("path", "value", "field", "reason"),
    [
        ("fields/2", None, "n", "the field is gone"),
        ("fields/2/name", "m", "n", "the field is gone"),
        ("fields/2/type", "number", "n", "its type is another one"),
        ("fields/2/format", "bare", "n", "its format is another one"),
        ("fields/2/constraints/required", True, "n", "it must now be filled"),
        ("fields/1/constraints/required", None, "kind", "it was always filled and may now be empty"),
        ("fields/2/constraints/unique", True, "n", "its unique is another one"),
        ("fields/2/constraints/minimum", 1, "n", "its minimum is tighter"),
        ("fields/2/constraints/maximum", 9, "n", "its maximum is tighter"),
        ("fields/0/constraints/maxLength", 8, "id", "its maxLength is tighter"),
        ("fields/0/constraints/pattern", "^[a-z0-9]+$", "id", "its pattern is another one"),
        ("fields/1/constraints/enum", ["x", "z"], "kind", "the term 'y' is gone"),
        ("fields/1/constraints/enum", None, "kind", "it is no longer limited to some terms"),
        ("fields/2/constraints/enum", [1], "n", "it is now limited to some terms"),
        ("primaryKey", ["id", "kind"], "", "its primaryKey is another one"),
        ("missingValues", ["", "-"], "", "its missingValues is another one"),
        ("uniqueKeys", [["kind"]], "kind", "its unique key is new"),
        ("foreignKeys", None, "kind", "its foreign key is gone"),
    ],
)
def test_what_breaks_a_table_is_named(path: str, value: Any, field: str, reason: str) -> None:
    assert list(breaks_of_table(TABLE, edited(TABLE, path, value))) == [(field, reason)]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$schema", "b"),
        ("fields/3", {"name": "more", "type": "string"}),
        ("fields/0", {**TABLE["fields"][0], "title": "Id", "description": "Id."}),
        ("fields/1/constraints/enum", ["z", "y", "x"]),
        ("fields/2/constraints/minimum", -1),
        ("fields/0/constraints/maxLength", None),
        ("fields", TABLE["fields"][::-1]),
        ("fields", [TABLE["fields"][0], {"name": "more", "type": "date"}, *TABLE["fields"][1:]]),
    ],
)
def test_an_addition_to_a_table_does_not_break_it(path: str, value: Any) -> None:
    assert list(breaks_of_table(TABLE, edited(TABLE, path, value))) == []


def test_a_foreign_key_of_a_new_column_is_part_of_the_addition() -> None:
    key = {"fields": ["more"], "reference": {"resource": "places", "fields": ["id"]}}
    wider = edited(edited(TABLE, "fields/3", {"name": "more", "type": "string"}), "foreignKeys/1", key)
    assert list(breaks_of_table(TABLE, wider)) == []
    assert list(breaks_of_table(edited(wider, "foreignKeys/1", None), wider)) == [("more", "its foreign key is new")]


@pytest.mark.parametrize(
    ("path", "value", "field", "reason"),
    [
        ("properties/place", None, "place", "the field is gone"),
        ("properties/kind/type", ["string", "null"], "kind", "its type is another one"),
        ("required", ["id", "kind", "links"], "kind", "it is newly required"),
        ("required", ["id"], "links", "it was always there and may now be missing"),
        ("required", ["id", "links", "more"], "more", "it is newly required"),
        ("properties/kind/enum", ["x"], "kind", "the term 'y' is gone"),
        ("properties/kind/default", "y", "kind", "its default is another one"),
        ("properties/id/pattern", "^[a-z]*$", "id", "its pattern is another one"),
        ("properties/id/not/pattern", "c", "id", "its not is another one"),
        ("properties/place/anyOf/0/maxLength", 5, "place", "its maxLength is tighter"),
        ("properties/place/anyOf/0/type", "integer", "place", "its type is another one"),
        ("properties/place/anyOf/1", None, "place", "it may be of other kinds than before"),
        ("properties/place/anyOf/2", {"type": "integer"}, "place", "it may be of other kinds than before"),
        ("properties/links/minItems", 2, "links", "its minItems is tighter"),
        ("properties/links/items", None, "links[]", "what its items may be is another thing"),
        ("properties/links/items", {"type": "string"}, "links[]", None),
        ("$defs/Link/properties/to", None, "best.to", "the field is gone"),
        ("$defs/Link/properties/to/type", "integer", "best.to", "its type is another one"),
        ("$defs/Link/required", [], "best.to", "it was always there and may now be missing"),
        ("properties/best", {"$ref": "#/$defs/None"}, "best", None),
    ],
)
def test_what_breaks_a_model_is_named(path: str, value: Any, field: str, reason: str | None) -> None:
    found = list(breaks_of_model(RECORD, edited(RECORD, path, value)))
    assert found[0].field.startswith(field)
    if reason:
        assert found == [(field, reason)]


def test_fields_that_are_no_longer_allowed_break_a_model() -> None:
    for path, field in (("additionalProperties", ""), ("$defs/Link/additionalProperties", "best")):
        looser = edited(RECORD, path, True)
        assert [one.field for one in breaks_of_model(looser, RECORD)] == [field]
        assert list(breaks_of_model(RECORD, looser)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$id", "b"),
        ("properties/title", {"type": "string"}),
        ("properties/kind/enum", ["x", "z", "y"]),
        ("properties/kind/description", "What it is."),
        ("properties/links/minItems", None),
        ("properties/place/anyOf/0/maxLength", 10),
        ("properties/place/anyOf", RECORD["properties"]["place"]["anyOf"][::-1]),
        ("$defs/Link/properties/note", {"type": "string"}),
        ("$defs/More", {"type": "string"}),
        ("properties/links/items", LINK),
    ],
)
def test_an_addition_to_a_model_does_not_break_it(path: str, value: Any) -> None:
    assert list(breaks_of_model(RECORD, edited(RECORD, path, value))) == []


def test_another_name_of_a_definition_breaks_nothing() -> None:
    text = json.dumps(RECORD)
    assert list(breaks_of_model(RECORD, json.loads(text.replace("Link", "Tie")))) == []


def test_a_definition_that_holds_itself_comes_to_an_end() -> None:
    node: dict[str, Any] = {"properties": {"in": {"$ref": "#/$defs/Node"}, "n": {"type": "string"}}}
    old = {"$ref": "#/$defs/Node", "$defs": {"Node": node, "A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}}
    new = edited(old, "$defs/Node/properties/n/type", "integer")
    assert {one.field for one in breaks_of_model(old, new)} == {"n", "in.n"}
    assert list(breaks_of_model({**old, "$ref": "#/$defs/A"}, {**old, "$ref": "#/$defs/A"})) == []


@pytest.mark.parametrize("path", sorted((ROOT / "schema").glob("*.schema.json")), ids=lambda path: path.name)
def test_no_model_of_the_checkout_breaks_itself_and_each_breaks_without_a_field(path: Path) -> None:
    schema = compact(json.loads(path.read_text("utf-8")))
    assert list(breaks_of_model(schema, schema)) == []
    for name in schema["properties"]:
        less = {**schema, "properties": {key: one for key, one in schema["properties"].items() if key != name}}
        assert [one.field for one in breaks_of_model(schema, less)] == [name]


def test_compact_schemas_lose_words_and_keep_names() -> None:
    schema = {
        "title": "T",
        "description": "D",
        "fields": [{"name": "description", "title": "T", "description": "D", "constraints": {"enum": ["title"]}}],
        "properties": {"title": {"title": "T", "type": "string"}, "description": {"description": "D", "default": {"title": 1}}},
        "$defs": {"title": {"description": "D", "properties": {"properties": {"title": "T"}}}},
    }
    assert compact(schema) == {
        "fields": [{"name": "description", "constraints": {"enum": ["title"]}}],
        "properties": {"title": {"type": "string"}, "description": {"default": {"title": 1}}},
        "$defs": {"title": {"properties": {"properties": {}}}},
    }
