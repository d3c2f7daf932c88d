"""Tests citations: what they say of the data and of a record, and that each form is one that its readers take.

The judges are small strict readers written here from the grammar of each form. Works on the shipped data and on copies.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

import venezuela_data as vd
from venezuela_data.citing import FORMS, cite, publication
from venezuela_data.findings import escaped

T = TypeVar("T")

ARTICLE = "observer-net-trump-maduro-call"

LATEX = {
    r"{\textbackslash}": "\\",
    r"{\textbraceleft}": "{",
    r"{\textbraceright}": "}",
    r"{\textasciitilde}": "~",
    r"{\textasciicircum}": "^",
    r"{\textless}": "<",
    r"{\textgreater}": ">",
    r"{\textbar}": "|",
    r"{\textquotedbl}": '"',
    **{f"\\{one}": one for one in "&%$#_"},
}


@pytest.fixture(scope="module")
def data(root: Path) -> vd.Dataset:
    return vd.load(root)


@pytest.fixture
def changed(root: Path, tmp_path: Path) -> vd.Dataset:
    """The data, changed after their release."""
    shutil.copytree(root / "datasets", tmp_path / "datasets")
    path = tmp_path / "datasets" / "datapackage.json"
    told = json.loads(path.read_bytes())
    last = (tmp_path / "datasets" / "releases.csv").read_text().splitlines()[-1].split(",")[0]
    path.write_text(json.dumps({**told, "version": f"{last}+unreleased"}))
    return vd.load(tmp_path)


def some(records: Iterable[T], number: int = 12) -> list[T]:
    """Give a few records from all over a table."""
    every = list(records)
    return every[:: max(1, len(every) // number)]


# Readers of the forms ----------------------------------------------------------------------------------------------------


def read_bibtex(text: str) -> tuple[str, dict[str, str]]:
    """Read one entry as BibTeX does: any brace counts, also one after a backslash."""
    head = re.match(r"@misc\{([A-Za-z0-9.:-]+),\n", text)
    assert head
    at, fields = head.end(), {}
    while True:
        field = re.compile(r"  ([a-z]+) = ").match(text, at)
        assert field, text[at : at + 40]
        start = at = field.end()
        if text[at] == "{":
            depth = 0
            while True:
                depth += {"{": 1, "}": -1}.get(text[at], 0)
                at += 1
                if not depth:
                    break
            fields[field[1]] = text[start + 1 : at - 1]
        else:
            name = re.compile("[a-z]+").match(text, at)
            assert name
            at = name.end()
            fields[field[1]] = name[0]
        if text[at : at + 2] == ",\n":
            at += 2
            continue
        assert text[at:] == "\n}\n"
        return head[1], fields


def from_latex(text: str) -> str:
    """Read text of LaTeX that has nothing but what `LATEX` lists; a special character that stands bare is a fault."""
    text = text.removeprefix("{").removesuffix("}")
    made, at = "", 0
    while at < len(text):
        found = next((one for one in LATEX if text.startswith(one, at)), None)
        assert found or text[at] not in '\\{}~^&%$#_"', text[at:]
        made += LATEX[found] if found else text[at]
        at += len(found or text[at])
    return made


def read_ris(text: str) -> list[tuple[str, str]]:
    """Read one reference of RIS: a tag of two characters, two blanks, a hyphen and a blank, and every line ended by CR LF."""
    assert text.endswith("\r\n")
    lines = text.removesuffix("\r\n").split("\r\n")
    assert not any(one in "".join(lines) for one in "\r\n")
    found = [re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line) for line in lines]
    assert all(found), lines
    tags = [(one[1], one[2]) for one in found if one]
    assert tags[0] == ("TY", "DATA")
    assert tags[-1] == ("ER", "")
    assert all(tag not in ("TY", "ER") for tag, _ in tags[1:-1])
    return tags


def read_csl(text: str) -> dict[str, Any]:
    """Read one item of CSL-JSON, by what csl-data.json asks of the variables that are used here."""
    items = json.loads(text)
    assert isinstance(items, list)
    (item,) = items
    assert {"id", "type"} <= set(item) <= {*"id type title author language container-title version issued note".split()}
    assert item["type"] == "dataset"
    assert all(isinstance(item[name], str) for name in set(item) - {"author", "issued"})
    assert all(set(one) == {"literal"} and isinstance(one["literal"], str) for one in item["author"])
    if "issued" in item:
        ((year, month, day),) = item["issued"]["date-parts"]
        assert all(isinstance(one, int) for one in (year, month, day))
    return dict(item)


# What a citation says ----------------------------------------------------------------------------------------------------


def test_the_data_are_cited_with_their_title_makers_version_license_and_the_day_of_the_release(data: vd.Dataset) -> None:
    told = publication(data)
    assert told.is_released
    assert re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", told.released)
    text = cite(data)
    assert text.count("\n") == 1
    for one in (told.title, *told.creators, f"version {data.version}, released {told.released}", told.license_url):
        assert one in text
    key, fields = read_bibtex(cite(data, form="bibtex"))
    assert (key, fields["version"], fields["year"]) == (f"venezuela-data-{data.version}", data.version, told.released[:4])
    ris = dict(read_ris(cite(data, form="ris")))
    assert (ris["PY"], ris["DA"], ris["ET"]) == (told.released[:4], told.released.replace("-", "/"), data.version)
    csl = read_csl(cite(data, form="csl-json"))
    assert csl["issued"] == {"date-parts": [[int(one) for one in told.released.split("-")]]}
    assert csl["version"] == data.version


def test_an_older_version_is_cited_with_its_own_day(root: Path) -> None:
    releases = {row["version"]: row["date"] for row in vd.load(root).table("releases")}
    for version, date in releases.items():
        assert f"version {version}, released {date}" in cite(vd.load(root, version=str(version)))


def test_data_changed_since_a_release_have_no_year_and_say_which_release_they_follow(changed: vd.Dataset) -> None:
    told = publication(changed)
    release = changed.version.removesuffix("+unreleased")
    for text in (cite(changed), cite(changed, "trump-maduro-call")):
        assert f"unreleased, after version {release} of {told.released}" in text
        assert "released 2" not in text.replace("unreleased", "")
    _, fields = read_bibtex(cite(changed, form="bibtex"))
    assert not {"year", "month"} & set(fields)
    assert fields["version"] == changed.version
    assert not {"PY", "DA"} & set(dict(read_ris(cite(changed, form="ris"))))
    assert "issued" not in read_csl(cite(changed, form="csl-json"))


def test_data_of_which_nothing_is_known_are_cited_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "datasets").mkdir()
    for descriptor in ("{}", "[]", "no json", '{"licenses": 5, "contributors": ["x"], "keywords": {}, "title": 7}'):
        (tmp_path / "datasets" / "datapackage.json").write_text(descriptor)
        odd = vd.load(tmp_path)
        assert "unreleased" in cite(odd)
        read_bibtex(cite(odd, form="bibtex"))
        read_ris(cite(odd, form="ris"))
        read_csl(cite(odd, form="csl-json"))


@pytest.mark.parametrize("form", FORMS)
def test_a_view_is_named_with_its_hash(data: vd.Dataset, form: str) -> None:
    view = data.view("official-record")
    record = view.designations.ids[0]
    for text in (cite(view, form=form), cite(view, record, form)):
        assert view.view_name in text.replace("\\", "")
    assert cite(view, form="bibtex").splitlines()[0] != cite(data, form="bibtex").splitlines()[0]


def documents_of(data: vd.Dataset, kind: str, record_id: str) -> set[str]:
    """Gather the documents of a record from the model, without the tables."""

    def within(value: Any) -> set[str]:
        if isinstance(value, dict):
            found = {str(value[one]) for one in ("source_id", "document_id") if value.get(one)}
            return found.union(*(within(one) for name, one in value.items() if name not in ("cites", "paragraphs")))
        return set().union(*(within(one) for one in value)) if isinstance(value, list | tuple) else set()

    record = data.records[kind][record_id].model_dump()
    return (
        within(record)
        | set(record.get("basis") or () if kind == "errata" else ())
        | ({record_id} if kind == "sources" else set())
    )


@pytest.mark.parametrize("kind", [kind for kind in vd.load().records if kind not in ("redirects", "tombstones")])
def test_a_record_is_cited_with_every_document_on_which_it_rests_and_no_other(data: vd.Dataset, kind: str) -> None:
    for record_id in some(data.records[kind]):
        text = cite(data, record_id, table=kind)
        head, *lines = text.splitlines()
        assert f"Record {record_id} of venezuela-data ({kind})" in head
        named = {found[1] for line in lines if (found := re.search(r" \[([^\[\]]+)\]$", line))}
        assert named == documents_of(data, kind, record_id), record_id


def test_a_document_is_told_with_publisher_date_and_address_as_the_data_have_them(data: vd.Dataset) -> None:
    lines = cite(data, f"{ARTICLE}/c013").splitlines()
    article, herald = data.sources[ARTICLE], data.sources["miami-herald-20251130"]
    assert (
        lines[2]
        == f"[1] {article.publisher}: “{article.title}”, by {article.author}, published {article.published} [{ARTICLE}]"
    )
    assert herald.access == "cited"
    assert lines[3].startswith(f"[2] {herald.publisher}: “{herald.title}”")
    assert "not seen, known only because other documents cite it" in lines[3]


def test_what_a_document_claims_is_cited_as_its_claim(data: vd.Dataset) -> None:
    for claim in some(data.claims):
        head = cite(data, claim.id).splitlines()[0]
        publisher = data.sources[claim.source_id].publisher
        assert f"claim of a document of {publisher}, in other words than its own: “{claim.text}”" in head


def test_an_event_is_cited_with_its_actuality_and_a_disputed_actor_as_disputed(data: vd.Dataset) -> None:
    for event in some(data.events):
        assert f"event that documents give as {event.actuality}: “{event.title}”" in cite(data, event.id, table="events")
    assert "(existence: disputed)" in cite(data, "cartel-de-los-soles")


def test_an_unknown_id_names_the_close_matches(data: vd.Dataset) -> None:
    with pytest.raises(KeyError, match="no record 'trump-maduro-cal'; did you mean 'trump-maduro-call'"):
        cite(data, "trump-maduro-cal")
    with pytest.raises(KeyError, match="actors has no 'trump-maduro-call'"):
        cite(data, "trump-maduro-call", table="actors")
    with pytest.raises(KeyError, match="there is no table of records 'actor'; did you mean 'actors'"):
        cite(data, "trump-maduro-call", table="actor")


def test_an_id_of_several_tables_asks_for_the_table(data: vd.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    one = data.events["trump-maduro-call"]
    places = {**data.records_of("places"), one.id: data.places[data.places.ids[0]].model_copy(update={"id": one.id})}
    monkeypatch.setattr(data, "_read", {**data._read, "places": places})
    monkeypatch.delitem(data.__dict__, "places", raising=False)
    with pytest.raises(KeyError, match="is in events and in places: name the table"):
        cite(data, one.id)
    assert "(events)" in cite(data, one.id, table="events")
    monkeypatch.undo()
    data.__dict__.pop("places", None)


def test_an_unknown_form_names_those_that_there_are(data: vd.Dataset) -> None:
    for record in (None, "trump-maduro-call"):
        with pytest.raises(ValueError, match="'marc' of a citation: text, bibtex, ris, csl-json"):
            cite(data, record, "marc")


def test_every_kind_of_record_can_be_cited_in_every_form(data: vd.Dataset) -> None:
    for kind, records in data.records.items():
        for record_id in some(records, 1):
            read_bibtex(cite(data, record_id, "bibtex", table=kind))
            read_ris(cite(data, record_id, "ris", table=kind))
            read_csl(cite(data, record_id, "csl-json", table=kind))


class TestAnyTextOfADescriptorIsTheSameTextInEveryForm:
    """Whatever the title and the makers of the data are called, each form gives the same back to its reader."""

    @given(title=st.text(min_size=1, max_size=60), maker=st.text(min_size=1, max_size=30))
    def test_it_does(self, title: str, maker: str, tmp_path_factory: pytest.TempPathFactory) -> None:
        folder = tmp_path_factory.getbasetemp() / "odd-descriptor"
        (folder / "datasets").mkdir(parents=True, exist_ok=True)
        told = {"name": "venezuela-data", "title": title, "version": "1.0.0", "contributors": [{"title": maker}]}
        (folder / "datasets" / "datapackage.json").write_text(json.dumps(told))
        odd = vd.load(folder)
        line = escaped(" ".join(title.split())) or ("venezuela-data" if not title else "")
        wanted = f"venezuela-data: {line}"
        made_by = escaped(" ".join(maker.split()))
        assert wanted in cite(odd)
        assert all(one.isprintable() for one in cite(odd).removesuffix("\n"))
        _, fields = read_bibtex(cite(odd, form="bibtex"))
        assert (from_latex(fields["title"]), from_latex(fields["author"])) == (wanted, made_by)
        ris = dict(read_ris(cite(odd, form="ris")))
        assert (ris["TI"], ris["AU"]) == (wanted, made_by)
        csl = read_csl(cite(odd, form="csl-json"))
        assert (csl["title"], csl["author"]) == (wanted, [{"literal": made_by}])
