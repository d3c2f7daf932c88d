"""Tests that the files of a release are the same wherever they are made, hold what belongs in them, and can be read again.

Two clones of this checkout are built once, in processes of their own with other surroundings; the rest looks at what they made.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venezuela_data import archive, distribution, store
from venezuela_data.archive import read_archive
from venezuela_data.distribution import SUMS, release_zip, write_distribution
from venezuela_data.place import UsageError
from venezuela_data.store import UnreadableError
from venezuela_data.validation import validate

VERSION = "9.8.7"
DAY = datetime.date(2031, 2, 3)
FILES = {"datasets/datapackage.json": b"{}\n", "datasets/csv/a.csv": b"id\n1\n", "schema/a.json": b"{}\n", "LICENSE": b"MIT\n"}
CODE = (
    "import datetime, sys; from pathlib import Path; from venezuela_data.distribution import write_distribution; "
    f"[print(path.name) for path in write_distribution(Path(sys.argv[1]), Path(sys.argv[2]), {VERSION!r}, {DAY!r})]"
)


# Two clones --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def distributions(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """What two clones make of the same commit, with other times, masks, zones, locales, seeds and things that lie about."""
    if shutil.which("git") is None or not (root / ".git").exists():
        pytest.skip("skipped: what two clones make, as this is no checkout of git")
    try:
        for library in distribution.LIBRARIES:
            version(library)
    except PackageNotFoundError as error:
        pytest.skip(f"skipped: what two clones make, as {error.name} is not installed")
    made = tmp_path_factory.mktemp("clones")
    surroundings = (
        (0o022, {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"}),
        (
            0o077,
            {"TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2", "SOURCE_DATE_EPOCH": "1", "HATCH_DEBUG": "1"},
        ),
    )
    for name, (mask, environment) in zip(("one", "other"), surroundings, strict=True):
        clone = made / name / "clone"
        clone.parent.mkdir(parents=True)
        subprocess.run(["git", "clone", "--quiet", str(root), str(clone)], check=True, umask=mask)
        if name == "other":
            _leave_things_about(clone)
        command = [sys.executable, "-P", "-c", CODE, str(clone), str(made / f"dist-{name}")]
        inherited = {key: value for key, value in os.environ.items() if key not in ("TZ", "LC_ALL", "LANG", "PYTHONPATH")}
        done = subprocess.run(
            command, cwd=made, env=inherited | environment, umask=mask, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.split()) == 4
    return made / "dist-one", made / "dist-other"


def _leave_things_about(clone: Path) -> None:
    for name in ("secret.txt", "venezuela_data/scratch.py", "tests/notes/x.md", "build/y.txt", "dist/old.zip", ".env"):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text("not of the checkout", "ascii")
    for number, path in enumerate(sorted(clone.rglob("*"))):
        if not path.is_symlink() and ".git" not in path.relative_to(clone).parts:
            os.utime(path, (1_000_000_000 + number, 1_000_000_000 + number))
            path.chmod(0o700 if path.is_dir() else 0o600 | (path.stat().st_mode & 0o100))


class TestTwoClones:
    """The same commit gives the same bytes, whatever surrounds it."""

    def test_every_file_is_the_same(self, distributions: tuple[Path, Path]) -> None:
        one, other = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in distributions)
        assert sorted(one) == sorted(other)
        assert [name for name, data in one.items() if data != other[name]] == []
        kinds = [re.sub("[0-9]+[.][0-9]+[.][0-9]+", "VERSION", name) for name in sorted(one)]
        assert kinds == [
            SUMS,
            "venezuela-data-VERSION.zip",
            "venezuela_data-VERSION-py3-none-any.whl",
            "venezuela_data-VERSION.tar.gz",
        ]

    def test_the_sums_are_those_of_the_three_others_in_order(self, distributions: tuple[Path, Path]) -> None:
        lines = (distributions[0] / SUMS).read_bytes().decode("ascii")
        others = sorted(path for path in distributions[0].iterdir() if path.name != SUMS)
        assert lines == "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in others)
        assert len(others) == 3

    def test_the_usual_program_checks_the_sums(self, distributions: tuple[Path, Path], tmp_path: Path) -> None:
        if shutil.which("sha256sum") is None:
            pytest.skip("skipped: the check of sums by sha256sum, which is not installed")
        shutil.copytree(distributions[0], tmp_path / "dist")
        command = ["sha256sum", "--check", "--strict", SUMS]
        assert subprocess.run(command, cwd=tmp_path / "dist", check=False, capture_output=True).returncode == 0
        with (tmp_path / "dist" / f"venezuela-data-{VERSION}.zip").open("ab") as file:
            file.write(b"x")
        assert subprocess.run(command, cwd=tmp_path / "dist", check=False, capture_output=True).returncode == 1

    def test_modes_are_those_that_git_knows_and_times_the_day_of_the_release(self, distributions: tuple[Path, Path]) -> None:
        assert {path.stat().st_mode & 0o777 for folder in distributions for path in folder.iterdir()} == {0o644}
        for path in (*distributions[0].glob("*.zip"), *distributions[0].glob("*.whl")):
            with zipfile.ZipFile(path) as packed:
                assert {info.date_time for info in packed.infolist()} == {(2031, 2, 3, 0, 0, 0)}
                assert {info.external_attr >> 16 & 0o777 for info in packed.infolist()} == {0o644}
        (sdist,) = distributions[0].glob("*.tar.gz")
        with tarfile.open(sdist) as unpacked:
            assert {one.mode & 0o777 for one in unpacked.getmembers() if one.isfile()} == {0o644, 0o755}
            assert [one.name.partition("/")[2] for one in unpacked.getmembers() if one.isfile() and one.mode & 1] == [".ci/run"]
            times = {datetime.datetime.fromtimestamp(one.mtime, datetime.UTC) for one in unpacked.getmembers()}
            assert times == {datetime.datetime(2031, 2, 3, tzinfo=datetime.UTC)}

    def test_the_sdist_holds_what_git_tracks_and_nothing_that_lies_about(
        self, distributions: tuple[Path, Path], root: Path
    ) -> None:
        (sdist,) = distributions[1].glob("*.tar.gz")
        with tarfile.open(sdist) as unpacked:
            held = {name.partition("/")[2] for name in unpacked.getnames()}
        command = ["git", "ls-tree", "-r", "-z", "--name-only", "HEAD"]
        tracked = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0")[:-1]
        assert held == {*tracked, "PKG-INFO"}

    def test_the_wheel_carries_the_package_and_the_data(self, distributions: tuple[Path, Path]) -> None:
        (wheel,) = distributions[1].glob("*.whl")
        with zipfile.ZipFile(wheel) as packed:
            names = set(packed.namelist())
        assert {"venezuela_data/cli/reading.py", "venezuela_data/_data/datasets/datapackage.json"} <= names
        assert "venezuela_data/scratch.py" not in names

    def test_the_zip_holds_the_data_and_what_tells_of_it(self, distributions: tuple[Path, Path], root: Path) -> None:
        found = read_archive(distributions[0] / f"venezuela-data-{VERSION}.zip")
        assert found.findings == []
        assert {name.partition("/")[0] for name in found.members} == {"datasets", "schema", *distribution.BESIDE_THE_DATA}
        listed = subprocess.run(
            ["git", "ls-tree", "-r", "-z", "--name-only", "HEAD", "datasets", "schema"],
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        )
        assert set(listed.stdout.split("\0")[:-1]) == {name for name in found.members if "/" in name}


# The zip -----------------------------------------------------------------------------------------------------------------


class TestZip:
    """The zip of a release says the same to every program, in the same bytes."""

    def test_its_members_are_sorted_below_one_folder_and_not_deflated(self) -> None:
        with zipfile.ZipFile(io.BytesIO(release_zip(FILES, "0.1.0", DAY))) as packed:
            assert packed.testzip() is None
            assert packed.namelist() == [f"venezuela-data-0.1.0/{path}" for path in sorted(FILES)]
            assert {path: packed.read(f"venezuela-data-0.1.0/{path}") for path in FILES} == FILES
            assert {info.compress_type for info in packed.infolist()} == {zipfile.ZIP_STORED}

    @given(
        st.dictionaries(st.from_regex("[a-z]{1,5}(/[a-z]{6,9})?[.][a-z]", fullmatch=True), st.binary(max_size=50), min_size=1)
    )
    def test_the_order_of_files_makes_no_difference(self, files: dict[str, bytes]) -> None:
        assert release_zip(files, "0.1.0", DAY) == release_zip(dict(reversed(files.items())), "0.1.0", DAY)

    def test_the_same_bytes_come_out_for_ever(self) -> None:
        """Nothing of the machine, its library or its Python gets into the zip: this hash is part of what is promised."""
        expected = "9ff837d797675b7abbc4e9d6e864fbbaeadc47161e1e1fc11b096d1242c48dcc"
        assert hashlib.sha256(release_zip(FILES, "0.1.0", DAY)).hexdigest() == expected

    @pytest.mark.parametrize("path", ["../x", "/x", "a//b", ".hidden", "a b", "ñ", "a\nb", "x" * 300])
    def test_a_path_that_is_not_plain_is_refused(self, path: str) -> None:
        with pytest.raises(UnreadableError):
            release_zip({path: b""}, "0.1.0", DAY)

    @pytest.mark.parametrize("version", ["../0.1.0", "0.1.0/x", "", "x\n"])
    def test_a_version_that_is_no_plain_name_is_refused(self, version: str) -> None:
        with pytest.raises(UnreadableError):
            release_zip(FILES, f"{version}/..", DAY)

    def test_more_than_our_reader_reads_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archive, "MAX_ARCHIVE", 10)
        with pytest.raises(UnreadableError, match="inflate to more than 10 bytes"):
            release_zip(FILES, "0.1.0", DAY)

    def test_the_validator_finds_nothing_in_it(self, root: Path, tmp_path: Path) -> None:
        for name in distribution.DATA_FOLDERS:
            shutil.copytree(root / name, tmp_path / "data" / name)
        packed = release_zip(dict(distribution._data_files(tmp_path / "data")), "0.1.0", DAY)
        (tmp_path / "x.zip").write_bytes(packed)
        report = validate(tmp_path / "x.zip", skip=["package"])
        assert report.ok, report.render()


# What goes wrong ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def small(root: Path, tmp_path: Path) -> Path:
    """The folders of the data alone, which are no checkout."""
    for name in distribution.DATA_FOLDERS:
        (tmp_path / "small" / name).mkdir(parents=True)
        (tmp_path / "small" / name / "a.json").write_bytes(b"{}\n")
    return tmp_path / "small"


@pytest.mark.parametrize("library", distribution.LIBRARIES)
def test_a_missing_library_is_named_with_the_extra_that_has_it(
    small: Path, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def installed(name: str) -> str:
        if name == library:
            raise PackageNotFoundError(name)
        return "1"

    monkeypatch.setattr(distribution, "installed_version", installed)
    with pytest.raises(UsageError, match=rf"needs {library}, .*: pip install 'venezuela-data\[release\]'"):
        write_distribution(small, small / "dist", VERSION, DAY)
    assert not (small / "dist").exists()


def test_a_folder_that_git_does_not_know_is_no_checkout_to_release_from(small: Path) -> None:
    with pytest.raises(UsageError, match="a release is made from a checkout of git"):
        write_distribution(small, small / "dist", VERSION, DAY)
    assert not (small / "dist").exists()


def test_a_module_that_git_does_not_know_stops_the_release_before_anything_is_written(small: Path) -> None:
    with pytest.raises(UsageError, match="a checkout of git"):
        distribution.refuse_strangers(small)
    subprocess.run(["git", "init", "--quiet"], cwd=small, check=True)
    (small / "venezuela_data").mkdir(exist_ok=True)
    (small / "venezuela_data" / "stranger.py").write_text("")
    with pytest.raises(UsageError, match=r"git does not know 'venezuela_data/stranger\.py'"):
        distribution.refuse_strangers(small)
    subprocess.run(["git", "add", "venezuela_data"], cwd=small, check=True)
    distribution.refuse_strangers(small)


@pytest.mark.parametrize("name", [".DS_Store", "link"])
def test_what_is_no_file_of_the_data_stops_the_release(small: Path, name: str) -> None:
    path = small / "datasets" / name
    path.symlink_to("/etc/passwd") if name == "link" else path.write_bytes(b"")
    with pytest.raises(UnreadableError):
        write_distribution(small, small / "dist", VERSION, DAY)
    assert not (small / "dist").exists()


def test_a_package_that_cannot_be_built_is_said_on_one_line(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("git") is None:
        pytest.skip("skipped: a package that cannot be built, as git is not installed")
    subprocess.run(["git", "init", "--quiet"], cwd=small, check=True)
    monkeypatch.setattr(distribution, "installed_version", lambda _: "1")
    with pytest.raises(UsageError, match="the package cannot be built: ") as caught:
        write_distribution(small, small / "dist", VERSION, DAY)
    assert str(caught.value).isprintable()
    assert not (small / "dist").exists()


def test_the_sums_are_written_last(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums that are there say that the files are: a run that is stopped leaves the old sums, or none."""
    written: list[list[str]] = []

    def write_files(_: Path, files: dict[str, bytes]) -> list[str]:
        written.append(sorted(files))
        return []

    monkeypatch.setattr(distribution, "_packages", lambda *_: {"a.whl": b"a", "a.tar.gz": b"b"})
    monkeypatch.setattr(store, "write_files", write_files)
    write_distribution(small, small / "dist", VERSION, DAY)
    assert written == [["a.tar.gz", "a.whl", f"venezuela-data-{VERSION}.zip"], [SUMS]]


def test_a_second_run_writes_nothing_anew(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distribution, "_packages", lambda *_: {"a.whl": b"a", "a.tar.gz": b"b"})
    first = {path: path.stat().st_ino for path in write_distribution(small, small / "dist", VERSION, DAY)}
    second = {path: path.stat().st_ino for path in write_distribution(small, small / "dist", VERSION, DAY)}
    assert first == second
    assert sorted(first) == sorted((small / "dist").iterdir())
