"""Writes names that look like others, and texts that a spreadsheet would run; and names of the world that do neither.

Every text is invented but for the names of scripts and places.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hostile import ACTOR, ACTOR_FILE, CONFUSABLE, FORMULAS, SOURCE, seeds
from hypothesis import given
from hypothesis import strategies as st

from venezuela_data.findings import Finding
from venezuela_data.place import find_place
from venezuela_data.rules.names import LOOK_ALIKES, cells_are_not_formulas, names_are_not_confusable
from venezuela_data.text import runs_as_formula
from venezuela_data.validation import read_records


def confusions(folder: Path, **changes: Any) -> list[Finding]:
    seeds({**ACTOR, **changes})(folder)
    corpus = read_records(find_place(folder))
    assert corpus.findings == []
    return list(names_are_not_confusable(corpus))


@pytest.mark.parametrize("name", CONFUSABLE.values(), ids=CONFUSABLE)
def test_a_name_that_looks_like_another_is_found_where_it_stands(tmp_path: Path, name: str) -> None:
    (finding,) = confusions(tmp_path, name=name)
    assert (finding.path, finding.line, finding.column) == (ACTOR_FILE, 5, 11)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Mayor Ñáñez",
            "Łódź",
            "D’Ambrosio",
            "Ærø 2",
            "1ª Brigada",
            "5 µm",
            "İstanbul",
            "Đặng",
            "ﾅｶﾞﾄ",
            "T恤",
            "観察者网 Observer",
        ),
        *("Мэр города", "Δήμαρχος", "Мэр of Port", "α-radiation", "NATO о мире", "عمدة", "ראש העיר", "시장 Kim", "Քաղաքապետ"),
    ],
)
def test_a_name_in_its_own_letters_is_no_finding(tmp_path: Path, name: str) -> None:
    assert confusions(tmp_path, name=unicodedata.normalize("NFC", name)) == []


def test_two_names_of_two_actors_that_look_the_same_are_found(tmp_path: Path) -> None:
    other = {**ACTOR, "id": "pilot-of-port-example", "name": "Сара"}
    seeds({**ACTOR, "name": "Capa"}, **{"actors/pilot-of-port-example__json": json.dumps(other).encode()})(tmp_path)
    (finding,) = names_are_not_confusable(read_records(find_place(tmp_path)))
    assert "pilot-of-port-example" in finding.path
    assert "'mayor-of-port-example'" in finding.message


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "  ", "\u3000"])
def test_two_names_of_two_actors_that_differ_in_spaces_alone_are_found(tmp_path: Path, space: str) -> None:
    other = {**ACTOR, "id": "pilot-of-port-example", "name": str(ACTOR["name"]).replace(" ", space)}
    seeds(ACTOR, **{"actors/pilot-of-port-example__json": json.dumps(other).encode()})(tmp_path)
    (finding,) = names_are_not_confusable(read_records(find_place(tmp_path)))
    assert "pilot-of-port-example" in finding.path
    assert "with other spaces" in finding.message


def test_namesakes_and_two_names_of_one_actor_are_no_finding(tmp_path: Path) -> None:
    other = {**ACTOR, "id": "pilot-of-port-example", "name": "Capa"}
    seeds({**ACTOR, "name": "Capa"}, **{"actors/pilot-of-port-example__json": json.dumps(other).encode()})(tmp_path)
    assert list(names_are_not_confusable(read_records(find_place(tmp_path)))) == []


def test_the_table_has_letters_alone_and_maps_to_ascii_letters() -> None:
    assert all(len(one) == 1 and one.isalpha() and not one.isascii() for one in LOOK_ALIKES)
    assert all(one.isascii() and one.isalpha() for one in LOOK_ALIKES.values())
    assert all(unicodedata.normalize("NFC", one) == one for one in LOOK_ALIKES)


@given(st.text("аеорсухАВЕКМНОРСТХ", min_size=1), st.text("abcdefgxyz", min_size=1))
def test_look_alikes_beside_latin_letters_are_never_passed_over(odd: str, plain: str) -> None:
    from venezuela_data.rules.names import _confusable

    assert _confusable(odd + plain, bound=False)
    assert _confusable(plain + odd, bound=False)


# Formulas ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", FORMULAS.values(), ids=FORMULAS)
def test_a_spreadsheet_would_run_a_formula(cell: str) -> None:
    assert runs_as_formula(cell)


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "",
            "-",
            "--",
            "-5",
            "-5.25",
            "+1",
            "-1e-3",
            "-12 %",
            "+58 212 555 01 00",
            "-0500",
            "-0500-01-02/..",
            "-2025?",
            "1=1",
        ),
        *(
            "a@b.example",
            "C++",
            "x = y",
            "a; b",
            "a\nb",
            "– 5",
            "'=1",
            " =1",
            "(-1)",
            "[..2025-11-23]",
            "2025-11-21/2025-11-23",
        ),
    ],
)
def test_numbers_dates_and_prose_are_no_formulas(cell: str) -> None:
    assert not runs_as_formula(cell)


def test_a_formula_is_found_in_our_words_and_passed_over_in_those_of_a_document(tmp_path: Path) -> None:
    seeds({**ACTOR, "description": "=1+1"}, {**SOURCE, "title": "@home"})(tmp_path)
    found = list(cells_are_not_formulas(read_records(find_place(tmp_path))))
    assert sorted(finding.message for finding in found) == ["a spreadsheet would run '=1+1'", "a spreadsheet would run '@home'"]


def test_no_text_of_the_data_is_confusable_or_a_formula(root: Path) -> None:
    corpus = read_records(find_place(root))
    assert [*names_are_not_confusable(corpus), *cells_are_not_formulas(corpus)] == []
