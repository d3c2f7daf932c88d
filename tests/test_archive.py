"""Reads archives that are sound, odd or made to harm, and validates releases that were never unpacked.

The hostile archives are those of `hostile.py`. No member is ever written to a disk: a test that finds one there fails.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hostile import PACKED, ZIPS, as_json, info, resource, zipped

from venezuela_data import archive as archives
from venezuela_data.archive import read_archive
from venezuela_data.place import UsageError
from venezuela_data.store import Tree, UnreadableError
from venezuela_data.validation import validate

PLAIN = "archives-are-plain"
BOUNDED = "archives-are-bounded"
STAY = "paths-stay-in-the-tree"


def packed(folder: Path, data: bytes) -> Path:
    path = folder / "x.zip"
    path.write_bytes(data)
    return path


def test_a_sound_archive_gives_the_bytes_of_each_member(tmp_path: Path) -> None:
    archive = read_archive(packed(tmp_path, zipped((info("data/b.csv"), b"b\n"))))
    assert archive.findings == []
    assert archive.members == {**dict(PACKED), "data/b.csv": b"b\n"}


def test_a_folder_around_all_members_is_passed_over(tmp_path: Path) -> None:
    members = [(f"release-1.0/{name}", data) for name, data in PACKED]
    archive = read_archive(packed(tmp_path, zipped((info("release-1.0/", 0o40755), b""), *members, whole=False)))
    assert archive.members == dict(PACKED)


@pytest.mark.parametrize("name", [name for name in ZIPS if name not in ("zip-in-zip", "bad-package")])
def test_a_hostile_archive_is_one_finding_and_no_member(tmp_path: Path, name: str) -> None:
    archive = read_archive(packed(tmp_path, ZIPS[name]))
    assert [finding.rule in (PLAIN, BOUNDED, STAY) for finding in archive.findings] == [True]
    assert archive.members == {}


@pytest.mark.parametrize(
    ("name", "rule", "words"),
    [
        ("parent", STAY, "no plain file name"),
        ("equal-but-for-case", PLAIN, "beside 'a.csv'"),
        ("twice", PLAIN, "a second time"),
        ("symbolic-link", PLAIN, "a link"),
        ("encrypted", PLAIN, "encrypted"),
        ("file-as-folder", PLAIN, "a file itself"),
        ("bomb", BOUNDED, "100 times"),
        ("many-members", BOUNDED, "more than 5,000"),
        ("lies-large", BOUNDED, "inflate to more"),
        ("overlap", PLAIN, "overlaps"),
        ("wrong-checksum", PLAIN, "Bad CRC-32"),
    ],
)
def test_the_finding_says_what_is_wrong_with_an_archive(tmp_path: Path, name: str, rule: str, words: str) -> None:
    (finding,) = read_archive(packed(tmp_path, ZIPS[name])).findings
    assert (finding.path, finding.rule) == ("x.zip" if rule != STAY else finding.path, rule)
    assert words in finding.message


def test_what_inflates_is_counted_whatever_the_archive_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path, zipped(("b.csv", bytes(range(256)) * 40)))
    monkeypatch.setattr(archives, "MAX_ARCHIVE", 10_000)
    monkeypatch.setattr(archives, "_check_sizes", lambda *_: None)
    (finding,) = read_archive(path).findings
    assert (finding.rule, "larger than the archive says" in finding.message) == (BOUNDED, True)


@pytest.mark.parametrize("length", range(0, len(zipped()), 7))
def test_an_archive_that_is_cut_short_anywhere_is_a_finding(tmp_path: Path, length: int) -> None:
    assert [finding.rule for finding in read_archive(packed(tmp_path, zipped()[:length])).findings] == [PLAIN]


def test_a_link_to_an_archive_is_not_followed(tmp_path: Path) -> None:
    packed(tmp_path, zipped())
    (tmp_path / "y.zip").symlink_to("x.zip")
    assert [finding.message for finding in read_archive(tmp_path / "y.zip").findings] == ["a link"]


def test_a_tree_of_members_reads_them_alone(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(b"not packed")
    tree = Tree(tmp_path, {"a.csv": b"a", "data/c.csv": b"c"})
    assert tree.read("a.csv") == b"a"
    assert (tree.has("data/c.csv"), tree.has("b.csv")) == (True, False)
    assert list(tree.walk("data")) == ["data/c.csv"]
    for path in ("b.csv", "../a.csv", "data"):
        with pytest.raises(UnreadableError):
            tree.read(path)


def test_a_package_is_validated_in_its_archive(tmp_path: Path) -> None:
    assert validate(packed(tmp_path, zipped())).ok
    report = validate(packed(tmp_path, zipped(("datapackage.json", as_json(resource())), ("a.csv", b"id\n1,2\n"), whole=False)))
    assert [(finding.path, finding.line, finding.rule) for finding in report.findings] == [("a.csv", 2, "csv-is-well-formed")]
    assert [path.name for path in tmp_path.iterdir()] == ["x.zip"]


def test_our_data_is_validated_in_its_archive_with_every_layer(root: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "data.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in ("datasets", "schema"):
            for path in sorted((root / folder).rglob("*.*")):
                archive.write(path, f"venezuela-data-1.0/{path.relative_to(root).as_posix()}")
    report = validate(tmp_path / "data.zip", skip=["freshness"])
    assert report.ok, report.render()
    assert report.layers == ("reading", "shape", "rules", "package")
    assert [path.name for path in tmp_path.iterdir()] == ["data.zip"]


def test_an_archive_of_something_else_is_no_place_to_validate(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no datasets"):
        validate(packed(tmp_path, zipped(("readme.txt", b"x"), whole=False)))
