"""What a release consists of: a zip of the data, the wheel, the sdist, and SHA256SUMS over the three.

Wheel and sdist are built in a temporary folder from copies of the files that belong to the checkout, so that nothing which lies
about gets into them. Every file is written under a temporary name and renamed, the sums last. Nothing else in the checkout is
written, and nothing is fetched. May import whatever stands before `distribution` in the order of modules.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import os
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path

from . import store
from .archive import read_archive
from .findings import Finding, escaped, shown
from .place import UsageError
from .records import DATA_NAME
from .revisions import GitError, git
from .store import UnreadableError

SUMS = "SHA256SUMS"
"""The file with the hashes of the others, as `sha256sum` writes and checks it."""
DATA_FOLDERS = ("datasets", "schema")
BESIDE_THE_DATA = ("CITATION.cff", "DATASHEET.md", "LICENSE", "LICENSE-DATA")
"""What the zip holds beside the data, so far as it is there."""
LIBRARIES = ("build", "hatchling")
"""What makes the wheel and the sdist; the extra `release` installs both."""


def write_distribution(root: Path, out: Path, version: str, date: datetime.date) -> list[Path]:
    """Write the files of a release into a folder: zip, wheel, sdist and SHA256SUMS.

    The same files of a checkout give the same bytes of the zip anywhere. Wheel and sdist are deflated by the machine's own
    library, and name the version of hatchling: their bytes are the same where these are.

    Args:
        root: the checkout, whose datasets and schemas are those of the release. It must be one of git, which alone knows
            which files belong to it; they are taken as they are in the folder, whether committed or not.
        out: the folder, which is made if need be.
        version: the version of the data.
        date: the day of the release, which stands for every time of a file.

    Raises:
        UsageError: a library is missing, the folder is no checkout of git, or the package cannot be built from it.
        UnreadableError: a file of the data cannot be read.
    """
    data = dict(_data_files(root))
    files = {f"{DATA_NAME}-{version}.zip": release_zip(data, version, date), **_packages(root, date)}
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    store.write_files(out, files)
    store.write_files(out, {SUMS: sums.encode("ascii")})
    return [out / name for name in sorted([*files, SUMS])]


def refuse_strangers(root: Path) -> None:
    """See that git knows every file of the package: what it does not know would be missing in what is distributed.

    Raises:
        UsageError: there is such a file, or the folder is no checkout of git.
    """
    try:
        found = git(root, "ls-files", "-z", "--others", "--exclude-standard", "--", "venezuela_data", limit=1_000_000)
    except GitError as error:
        raise UsageError(f"a release is made from a checkout of git: {error}") from None
    for path in found.split(b"\0")[:1]:
        if path:
            raise UsageError(
                f"git does not know {shown(os.fsdecode(path))}, which a release would lack: git add it, or move it away"
            )


def release_zip(files: Mapping[str, bytes], version: str, date: datetime.date) -> bytes:
    """Pack the files of the data, by path, below one folder.

    They are stored as they are and not deflated: one program's deflated bytes are not another's, nor those of its next
    version, and these must be the same wherever anyone proves them.

    Raises:
        UnreadableError: a path is not plain, or there is more than `read_archive` reads.
    """
    top = f"{DATA_NAME}-{version}"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path, data in sorted(files.items()):
            store.check_path(f"{top}/{path}")
            member = zipfile.ZipInfo(f"{top}/{path}", (date.year, date.month, date.day, 0, 0, 0))
            member.create_system = 3  # Unix, wherever it is made, so that the mode below is one.
            member.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(member, data)
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, f"{top}.zip")
        written.write_bytes(packed.getvalue())
        found = read_archive(written)
    for one in found.findings:
        raise UnreadableError(one.path, one.rule, one.message, one.advice)
    assert found.members == dict(files)
    return packed.getvalue()


def _data_files(root: Path) -> Iterator[tuple[str, bytes]]:
    for folder in DATA_FOLDERS:
        for one in store.walk(root, folder):
            if isinstance(one, Finding):
                raise UnreadableError(one.path, one.rule, one.message, one.advice)
            yield one, store.read_bytes(root, one)
    for name in BESIDE_THE_DATA:
        if (root / name).exists():
            yield name, store.read_bytes(root, name)


def _packages(root: Path, date: datetime.date) -> dict[str, bytes]:
    """Build the sdist, and from it the wheel, in a process of their own; give both by name."""
    for library in LIBRARIES:
        try:
            installed_version(library)
        except PackageNotFoundError:
            raise UsageError(
                f"a release needs {library}, which is not installed: pip install 'venezuela-data[release]'"
            ) from None
    midnight = datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.UTC)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HATCH_")}
    environment |= {"SOURCE_DATE_EPOCH": str(int(midnight.timestamp())), "PYTHONHASHSEED": "0", "TZ": "UTC", "PYTHONUTF8": "1"}
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, DATA_NAME), Path(folder, "out")
        _copy_checkout(root, source)
        command = [sys.executable, "-P", "-m", "build", "--no-isolation", "--outdir", str(out), str(source)]
        done = subprocess.run(  # noqa: S603  # the program is this Python, and no shell sees an argument
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        if done.returncode:
            said = (done.stdout + done.stderr).decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise UsageError(f"the package cannot be built: {escaped(said, 300)}")
        return {path.name: path.read_bytes() for path in out.iterdir()}


def _copy_checkout(root: Path, to: Path) -> None:
    """Copy the files that belong to a checkout: what git tracks, and all of seeds and data, in which nothing else may lie."""
    try:
        tracked = git(root, "ls-files", "-z", "--stage", limit=store.MAX_FILES * store.MAX_PATH)
    except GitError as error:
        raise UsageError(
            f"a release is made from a checkout of git, which knows the files that belong to it: {error}"
        ) from None
    entries = (line.partition(b"\t") for line in tracked.split(b"\0")[:-1])
    modes = {os.fsdecode(path): 0o755 if told.startswith(b"100755") else 0o644 for told, _, path in entries}
    found = (one for folder in ("seeds", *DATA_FOLDERS) for one in store.walk(root, folder))
    modes = dict.fromkeys((one for one in found if isinstance(one, str)), 0o644) | modes
    for path, mode in modes.items():
        file, target = root / path, to / path
        if file.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(file.readlink())
        elif file.is_file():  # What git tracks and is no longer there is no longer of the checkout.
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
            target.chmod(mode)
