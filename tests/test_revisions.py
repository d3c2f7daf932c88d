"""Tests that a name on the command line leads to the data in that state, and that git is only ever asked to read.

Works on a small repository that it makes; the hostile ones leave a mark in a folder if anything of theirs is run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from venezuela_data import revisions
from venezuela_data.place import Place, UsageError, find_place
from venezuela_data.records import Records
from venezuela_data.revisions import UnreadableRecordsError, records_at
from venezuela_data.versions import Changed, difference

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="skipped: revisions of git, as git is not installed")
ACTOR = "seeds/actors/gazette-quay-source.json"
IDENTITY = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgSign=false")


def run_git(folder: Path, *arguments: str) -> str:
    command = ["git", *IDENTITY, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, message: str = "Change the data") -> None:
    run_git(folder, "add", "--all")
    run_git(folder, "commit", "--quiet", "--message", message)


def rename(folder: Path, name: str) -> None:
    """Give the one actor of the small tree another description, in the normal form."""
    file = folder / ACTOR
    value = json.loads(file.read_text("utf-8"))
    value["description"] = name
    file.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")


def described(records: Records) -> str:
    return str(records["actors"]["gazette-quay-source"].model_dump()["description"])


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the user of this machine has configured out of the tests, and stand where no name is a path."""
    (tmp_path / "nowhere").mkdir()
    monkeypatch.chdir(tmp_path / "nowhere")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def tree(root: Path, tmp_path: Path) -> Path:
    """A checkout of one document and one actor."""
    made = tmp_path / "tree"
    shutil.copytree(root / "tests" / "broken" / "anonymous-sources-stay-anonymous" / "seeds", made / "seeds")
    return made


@pytest.fixture
def repository(tree: Path) -> Path:
    """The small checkout with two commits, of which the second says something else of the actor."""
    run_git(tree, "init", "--quiet", "--initial-branch=main")
    commit(tree)
    rename(tree, "A person who the second commit describes.")
    commit(tree)
    return tree


@pytest.fixture
def here(repository: Path) -> Place:
    return find_place(repository)


# Revisions ---------------------------------------------------------------------------------------------------------------


@needs_git
class TestRevisions:
    """A revision gives the records of its seeds, whatever lies in the folder now."""

    def test_two_revisions_differ_by_what_was_changed_between_them(self, here: Place) -> None:
        found = difference(records_at("HEAD~1", here), records_at("HEAD", here))
        assert (found.added, found.removed) == ((), ())
        assert [type(one) for one in found.changed] == [Changed]
        assert [(one.id, [field.where for field in one.fields]) for one in found.changed] == [
            ("gazette-quay-source", ["description"])
        ]

    def test_what_is_not_committed_is_of_no_revision(self, repository: Path, here: Place) -> None:
        rename(repository, "A person who nobody has committed.")
        assert described(records_at("HEAD", here)) == "A person who the second commit describes."
        assert described(records_at(str(repository), here)) == "A person who nobody has committed."

    def test_a_branch_a_tag_and_a_hash_name_the_same_as_head(self, repository: Path, here: Place) -> None:
        run_git(repository, "tag", "--annotate", "--message", "It is a tag", "v1")
        full = run_git(repository, "rev-parse", "HEAD")
        for name in ("main", "heads/main", "v1", full, full[:10], "HEAD^0", "main@{0}"):
            assert not difference(records_at(name, here), records_at("HEAD", here))

    def test_a_checkout_may_lie_deep_in_its_repository(self, tmp_path: Path, tree: Path) -> None:
        (tmp_path / "outer" / "data").mkdir(parents=True)
        tree.rename(tmp_path / "outer" / "data" / "inner")
        run_git(tmp_path / "outer", "init", "--quiet")
        commit(tmp_path / "outer")
        assert records_at("HEAD", find_place(tmp_path / "outer" / "data" / "inner"))["actors"]

    def test_nothing_in_the_repository_is_written(self, repository: Path, here: Place) -> None:
        before = {path: path.stat().st_mtime_ns for path in repository.rglob("*")}
        records_at("HEAD~1", here)
        assert {path: path.stat().st_mtime_ns for path in repository.rglob("*")} == before

    def test_what_another_git_set_for_its_children_is_not_meant(
        self, here: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
        monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
        assert records_at("HEAD", here)["actors"]

    def test_a_record_that_cannot_be_read_is_named_with_its_finding(self, repository: Path, here: Place) -> None:
        (repository / ACTOR).write_text("{", "utf-8")
        commit(repository)
        with pytest.raises(UnreadableRecordsError, match=f"'HEAD' cannot be used.*1 finding, the first at {ACTOR}") as caught:
            records_at("HEAD", here)
        assert [finding.rule for finding in caught.value.report.findings] == ["json-is-well-formed"]

    def test_a_link_in_a_revision_is_a_finding(self, repository: Path, here: Place) -> None:
        (repository / ACTOR).unlink()
        (repository / ACTOR).symlink_to("/etc/passwd")
        commit(repository)
        with pytest.raises(UnreadableRecordsError, match=f"{ACTOR}: a link"):
            records_at("HEAD", here)

    def test_a_name_that_leads_outside_is_a_finding(self, repository: Path, here: Place, tmp_path: Path) -> None:
        blob = run_git(repository, "hash-object", "-w", ACTOR)
        tree = blob
        for name in ("x.json", "..", "..", "..", "seeds"):
            mode, kind = ("100644", "blob") if tree == blob else ("040000", "tree")
            made = subprocess.run(
                ["git", "mktree"],
                cwd=repository,
                input=f"{mode} {kind} {tree}\t{name}\n",
                text=True,
                check=True,
                capture_output=True,
            )
            tree = made.stdout.strip()
        hostile = run_git(repository, "commit-tree", "-m", "Lead outside", tree)
        with pytest.raises(UnreadableRecordsError, match=r"seeds/\.\./\.\./\.\./x.json: '..' is no plain file name"):
            records_at(hostile, here)
        assert not list(tmp_path.glob("**/x.json"))

    def test_files_that_are_too_large_are_not_asked_for(self, here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(revisions, "MAX_FILE", 100)
        with pytest.raises(UnreadableRecordsError, match="larger than 100 bytes"):
            records_at("HEAD", here)
        monkeypatch.setattr(revisions, "MAX_FILE", 10_000)
        monkeypatch.setattr(revisions, "MAX_TREE", 200)
        with pytest.raises(UnreadableRecordsError, match=r"2 files of .* bytes, more than"):
            records_at("HEAD", here)

    def test_a_listing_without_end_is_cut_off(self, here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(revisions, "MAX_FILES", 0)
        with pytest.raises(UsageError, match="git ls-tree prints more than 0 bytes"):
            records_at("HEAD", here)

    def test_a_git_that_does_not_end_is_stopped(self, here: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "git").write_text("#!/bin/sh\nexec sleep 60\n", "ascii")
        (tmp_path / "bin" / "git").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
        monkeypatch.setattr(revisions, "SECONDS", 0.2)
        with pytest.raises(UsageError, match="git rev-parse was stopped"):
            records_at("HEAD", here)


HOSTILE = (
    *("", "-h", "--help", "--output=x", "-", "--", "--all", "--exec=touch x", "-cx=y"),
    *("a\nb", "HEAD\n--output=x", "HEAD\0", "HEAD ", "HEAD; touch x", "$(touch${IFS}x)", "`touch${IFS}x`", "|touch"),
    *("HEAD:../../etc/passwd", "HEAD:seeds", ":/Change", ":0:seeds", "HEAD^{/Change", "HEAD^{tree}", "^HEAD", "HEAD..HEAD~1"),
    *(
        "HEAD...HEAD~1",
        "HEAD^@",
        "HEAD^!",
        "HEAD^-",
        "@{upstream}",
        "@{-1}",
        "main@{100}",
        "refs/heads/*",
        "~",
        "HEAD~99999999999",
    ),
    *(
        "x" * 201,
        "x" * 100_000,
        "HEAD" + "^0" * 5_000,
        "\udcff",
        "\u202eHEAD",
        "../../../etc/passwd",
        "no-such-branch",
        "0.9.9",
    ),
)


@needs_git
@pytest.mark.parametrize("given", HOSTILE, ids=lambda given: ascii(given)[:40])
def test_a_name_that_is_no_commit_is_wrong_usage_and_runs_nothing(given: str, here: Place, tmp_path: Path) -> None:
    """The message names what was looked for, on one line, shortened and escaped."""
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError) as caught:
        records_at(given, here)
    assert str(caught.value).startswith("no file or folder, no version of the data and no git revision is called '")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 600
    assert sorted(tmp_path.rglob("*")) == before


@needs_git
@pytest.mark.parametrize("given", ["-h", "--output=x", "a\nb", "HEAD:../../etc/passwd", "x" * 201, ""])
def test_git_is_not_started_for_what_cannot_be_a_revision(given: str, here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    with pytest.raises(UsageError, match="a revision has at most 200 characters"):
        records_at(given, here)


@needs_git
class TestHostileRepositories:
    """Reading a revision runs no program that its repository names, in its configuration, hooks or attributes."""

    @pytest.fixture
    def mark(self, tmp_path: Path) -> Path:
        (tmp_path / "marks").mkdir()
        return tmp_path / "marks"

    @pytest.fixture
    def hostile(self, repository: Path, mark: Path) -> Path:
        """The small repository, with a program wherever git can be told to run one; each leaves a mark."""
        (repository / ".gitattributes").write_text("* filter=evil diff=evil export-subst\n", "ascii")
        commit(repository)
        script = repository / ".git" / "evil"
        script.write_text(f"#!/bin/sh\ntouch '{mark}/'$$\n", "ascii")
        script.chmod(0o755)
        for hook in ("post-checkout", "post-index-change", "pre-auto-gc", "reference-transaction", "fsmonitor-watchman"):
            shutil.copy(script, repository / ".git" / "hooks" / hook)
        for name in (
            *("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass", "core.gitProxy"),
            *("diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.smudge", "filter.evil.clean"),
            *("filter.evil.process", "pager.ls-tree", "pager.rev-parse", "gpg.program", "credential.helper"),
            *("remote.origin.uploadpack", "uploadpack.packObjectsHook", "core.alternateRefsCommand"),
        ):
            run_git(repository, "config", name, str(script))
        for name in ("rev-parse", "ls-tree", "cat-file"):
            run_git(repository, "config", f"alias.{name}", f"!{script}")
        return repository

    def test_no_program_of_the_repository_is_run(self, hostile: Path, mark: Path) -> None:
        place = find_place(hostile)
        assert described(records_at("HEAD", place)) == "A person who the second commit describes."
        assert difference(records_at("HEAD~2", place), records_at("main", place))
        assert not list(mark.iterdir())

    def test_the_repository_would_run_them_if_it_were_asked_otherwise(self, hostile: Path, mark: Path) -> None:
        """Without this the test above could hold because nothing in the repository works."""
        subprocess.run(["git", "archive", "--output=/dev/null", "HEAD"], cwd=hostile, check=False, capture_output=True)
        assert list(mark.iterdir())

    @pytest.mark.parametrize("how", ["address", "helper"])
    def test_what_is_missing_is_not_fetched(self, hostile: Path, mark: Path, how: str) -> None:
        """A repository that claims that its objects are elsewhere can name a program to get them with."""
        blob = run_git(hostile, "rev-parse", f"HEAD:{ACTOR}")
        (hostile / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
        for name, value in (
            ("core.repositoryFormatVersion", "1"),
            ("extensions.partialClone", "origin"),
            ("remote.origin.promisor", "true"),
            ("protocol.allow", "always"),
            ("protocol.ext.allow", "always"),
            ("remote.origin.url", f"ext::{hostile}/.git/evil" if how == "address" else f"{hostile}/.git/evil"),
            *([("remote.origin.vcs", "ext")] if how == "helper" else []),
        ):
            run_git(hostile, "config", name, value)
        with pytest.raises(UsageError, match="the revision 'HEAD' cannot be read"):
            records_at("HEAD", find_place(hostile))
        assert not list(mark.iterdir())
        if how == "address":
            subprocess.run(["git", "cat-file", "-p", blob], cwd=hostile, check=False, capture_output=True, timeout=60)
            assert list(mark.iterdir())

    def test_an_object_is_not_replaced_by_another(self, repository: Path, here: Place) -> None:
        run_git(repository, "replace", "HEAD", "HEAD~1")
        assert described(records_at("HEAD", here)) == "A person who the second commit describes."


# Paths and versions ------------------------------------------------------------------------------------------------------


@needs_git
class TestPaths:
    """An existing path gives the records of what it is, before anything else of that name."""

    def test_a_folder_of_built_data_its_descriptor_and_a_zip_of_it_say_the_same(self, root: Path, tmp_path: Path) -> None:
        shutil.copytree(root / "datasets", tmp_path / "built" / "datasets")
        with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
            for path in sorted((root / "datasets").rglob("*.*")):
                archive.write(path, f"venezuela-data-0.1.0/{path.relative_to(root).as_posix()}")
        here = find_place(root)
        folder = records_at(str(tmp_path / "built"), here)
        assert folder["actors"]
        for other in ("x.zip", "built/datasets/datapackage.json", "built/datasets"):
            assert not difference(folder, records_at(str(tmp_path / other), here))

    def test_the_path_wins_over_a_version_and_a_revision(self, here: Place, tree: Path, tmp_path: Path) -> None:
        shutil.copytree(tree / "seeds", tmp_path / "nowhere" / "main" / "seeds")
        rename(tmp_path / "nowhere" / "main", "A person of the folder.")
        assert described(records_at("main", here, lambda _: {})) == "A person of the folder."
        assert described(records_at("heads/main", here)) == "A person who the second commit describes."

    def test_a_path_that_holds_no_records_is_wrong_usage(self, here: Place, tmp_path: Path) -> None:
        (tmp_path / "datapackage.json").write_text('{"resources": []}', "ascii")
        for given, told in (
            ("empty.zip", "no whole zip file"),
            ("datapackage.json", "is another's data package"),
            (f"tree/{ACTOR}", "is one seed file: name the checkout"),
            ("nowhere", "holds no seeds"),
            ("dangling", "is no checkout"),
        ):
            (tmp_path / "empty.zip").write_bytes(b"")
            (tmp_path / "dangling").unlink(missing_ok=True)
            (tmp_path / "dangling").symlink_to("gone")
            with pytest.raises(UsageError, match=told):
                records_at(str(tmp_path / given), here)

    def test_findings_of_a_path_come_with_the_error(self, here: Place, tree: Path) -> None:
        (tree / ACTOR).write_text("{", "utf-8")
        with pytest.raises(UnreadableRecordsError) as caught:
            records_at(str(tree), here)
        assert [finding.path for finding in caught.value.report.findings] == [ACTOR]


@needs_git
class TestVersions:
    """A version of the data is asked for before a revision; what has none goes on to git."""

    def test_the_version_wins_over_the_revision(self, here: Place) -> None:
        wanted = records_at("HEAD~1", here)
        assert records_at("main", here, {"main": wanted}.get) is wanted

    def test_a_name_of_no_version_may_be_a_revision(self, here: Place) -> None:
        assert records_at("HEAD", here, lambda _: None)["actors"]

    def test_no_version_is_asked_for_by_what_cannot_be_one(self, here: Place) -> None:
        asked: list[str] = []
        for given in ("", "-h", "a\nb", "x" * 300):
            with pytest.raises(UsageError):
                records_at(given, here, asked.append)
        assert asked == []


class TestNoGit:
    """Where there is no git, no repository or no checkout, the error says so."""

    def test_git_is_not_installed(self, here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "/nowhere")
        with pytest.raises(UsageError, match="is called 'HEAD': git, which knows revisions, is not installed"):
            records_at("HEAD", here)

    @needs_git
    def test_the_checkout_is_no_repository(self, tree: Path) -> None:
        with pytest.raises(UsageError, match="git says 'fatal: not a git repository"):
            records_at("HEAD", find_place(tree))

    def test_there_is_no_checkout(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="there is no checkout here"):
            records_at("HEAD", Place(tmp_path, "built"))

    def test_a_revision_without_seeds_says_so(self, here: Place, repository: Path) -> None:
        run_git(repository, "rm", "-r", "--quiet", "seeds")
        (repository / "other.txt").write_text("x", "ascii")
        commit(repository)
        with pytest.raises(UsageError, match="the revision 'HEAD' has no seeds"):
            records_at("HEAD", here)
