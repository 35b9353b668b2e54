"""The Git side, with real Git: what it reads, what it makes, what it never does."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from bumper import disk, sources
from bumper.branches import Local, Remote
from bumper.cli import files
from bumper.errors import EditError, WorktreeError
from bumper.fast_import import Branch
from bumper.worktree import Worktree
from tests.canaries import canary
from tests.fakes import git_http
from tests.fakes.git_http import GitHttp, git
from tests.support import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = canary("forge")
DATE = "2026-01-02T03:04:05Z"


def founded(folder: Path, texts: dict[str, str] | None = None) -> Path:
    folder.mkdir()
    git(folder, "init", "-q", "--initial-branch=main")
    write(folder, texts or {"compose.yaml": "image: web:1\n"})
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", "first", date=DATE)
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return founded(tmp_path / "clone")


@pytest.fixture
def served(tmp_path: Path, clone: Path) -> Iterator[GitHttp]:
    """A server that the clone's `origin` is: it takes branches of ours alone."""
    with git_http.origin(clone, GitHttp(tmp_path / "server", TOKEN)) as side:
        yield side


def made(tree: Worktree, name: str = "bumper/web", text: str = "image: web:2\n") -> str:
    base = tree.head(None, local=True)[1]
    return tree.make(base, [Branch(name, "bump\n", {"compose.yaml": text.encode()})])[name]


def test_commits_are_the_same_on_every_machine_and_touch_nothing_here(clone: Path) -> None:
    write(clone, {"compose.yaml": "dirty: true\n", "new.yaml": "a: 1\n"})
    git(clone, "add", "new.yaml")
    before = git(clone, "status", "--porcelain=v2"), git(clone, "for-each-ref")
    index = (clone / ".git/index").read_bytes()
    first, second = made(Worktree(clone)), made(Worktree(clone))
    assert first == second
    assert git(clone, "show", f"{first}:compose.yaml") == "image: web:2"
    assert git(clone, "show", "-s", "--format=%cI %ae", first).startswith("2026-01-02T03:04:05")
    assert (git(clone, "status", "--porcelain=v2"), git(clone, "for-each-ref")) == before
    assert (clone / ".git/index").read_bytes() == index


def test_row_121_modes_stay_and_names_are_quoted(tmp_path: Path) -> None:
    names = ('with "quote".yaml', "back\\slash.yaml", "tab\t.yaml", "ümlaut.yaml", "new\nline.yaml")
    folder = founded(tmp_path / "odd", dict.fromkeys(names, "image: web:1\n"))
    (folder / "ümlaut.yaml").chmod(0o755)
    git(folder, "commit", "-qam", "mode", date=DATE)
    tree = Worktree(folder)
    assert set(tree.tracked(folder).files) == set(names)
    base = tree.head(None)[1]
    changed = Branch("b", "all\n", dict.fromkeys(names, b"image: web:2\n"))
    commit = tree.make(base, [changed])["b"]
    assert [tree.content(commit, name) for name in names] == [b"image: web:2\n"] * len(names)
    modes = {file.path: file.mode for file in tree.files(commit)}
    assert modes == {**dict.fromkeys(names, "100644"), "ümlaut.yaml": "100755"}


def test_a_commit_of_ours_is_known_by_its_form_and_a_persons_is_not(clone: Path) -> None:
    tree = Worktree(clone)
    commit = made(tree)
    assert tree.is_ours(commit)
    assert not tree.is_ours(tree.head(None)[1])
    assert not tree.is_ours("--help")
    git(clone, "checkout", "-q", "--detach", commit)
    git(clone, "-c", "user.name=bumper", "-c", "user.email=bumper@users.noreply.invalid",
        "commit", "-q", "--amend", "-m", "mine")  # fmt: skip
    assert not tree.is_ours(git(clone, "rev-parse", "HEAD"))
    git(clone, "checkout", "-q", "--detach", commit)
    git(clone, "commit", "-q", "--allow-empty", "-m", "on top", date=DATE)
    assert not tree.is_ours(git(clone, "rev-parse", "HEAD"))


@pytest.mark.parametrize("branch", ["main", "bumper/", "feature/bumper/x", "refs/heads/bumper/x"])
def test_rule_g5_only_branches_of_ours_are_written(
    clone: Path, served: GitHttp, branch: str
) -> None:
    tree = Worktree(clone, token=TOKEN)
    commit = made(tree)
    for place in (Remote(tree, "bumper/"), Local(tree, "bumper/")):
        with pytest.raises(WorktreeError, match="not ours to write"):
            place.put(branch, commit, None)
        with pytest.raises(WorktreeError, match="not ours to write"):
            place.drop(branch, commit)
    assert served.pushes == 0


def test_a_push_is_leased_to_the_commit_that_was_seen(clone: Path, served: GitHttp) -> None:
    tree = Worktree(clone, token=TOKEN)
    place = Remote(tree, "bumper/")
    first, second = made(tree), made(tree, text="image: web:3\n")
    place.put("bumper/web", first, None)
    assert place.branches("bumper/") == {"bumper/web": first}
    with pytest.raises(WorktreeError, match="stale"):
        place.put("bumper/web", second, None)
    with pytest.raises(WorktreeError, match="stale"):
        place.drop("bumper/web", second)
    place.put("bumper/web", second, first)
    place.drop("bumper/web", second)
    assert place.branches("bumper/") == {}
    assert served.pushes > 0


def test_row_155_the_header_of_a_checkout_action_is_not_sent_beside_ours(
    clone: Path, served: GitHttp
) -> None:
    url = git(clone, "config", "remote.origin.url").partition("/acme")[0]
    git(clone, "config", f"http.{url}/.extraheader", "AUTHORIZATION: basic b2xkOm9sZA==")
    tree = Worktree(clone, token=TOKEN)
    Remote(tree, "bumper/").put("bumper/web", made(tree), None)
    assert [given for given in served.authorizations if "," in given or "b2xk" in given] == []


def test_row_154_the_token_is_in_no_message_and_no_argument(
    clone: Path, served: GitHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.token = "another"
    url = git(clone, "config", "remote.origin.url")
    git(clone, "config", "remote.origin.url", url.replace("://", "://bot:s3cret@"))
    seen: list[str] = []
    started = subprocess.Popen.__init__

    def noted(self: object, arguments: list[str], *rest: object, **more: object) -> None:
        seen.extend(map(str, arguments))
        started(self, arguments, *rest, **more)  # type: ignore[call-overload] # handed through

    monkeypatch.setattr(subprocess.Popen, "__init__", noted)
    tree = Worktree(clone, token=TOKEN)
    with pytest.raises(WorktreeError) as caught:
        Remote(tree, "bumper/").branches("bumper/")
    assert seen
    for secret in ("s3cret", TOKEN):
        assert secret not in caught.value.message
        assert secret not in " ".join(seen)


def test_row_156_of_gits_variables_only_a_private_ca_stays(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SSL_CAINFO", "/etc/ssl/acme.pem")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_CONFIG_PARAMETERS"):
        monkeypatch.setenv(name, "/elsewhere")
    tree = Worktree(clone)
    assert tree.root == clone
    assert os.environ["GIT_SSL_CAINFO"] == "/etc/ssl/acme.pem"
    assert not {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_CONFIG_PARAMETERS"} & {
        *os.environ
    }


def test_row_149_nothing_of_a_hostile_config_runs(clone: Path, served: GitHttp) -> None:
    canary = clone.parent / "canary"
    run = f"touch {canary}"
    for key, value in {
        "core.fsmonitor": run,
        "core.sshCommand": run,
        "credential.helper": f"!{run}",
        "diff.external": run,
        "filter.x.clean": run,
        "filter.x.smudge": run,
        "gpg.program": run,
        "commit.gpgsign": "true",
    }.items():
        git(clone, "config", key, value)
    write(clone, {".git/hooks/pre-push": f"#!/bin/sh\n{run}\n", ".gitattributes": "* filter=x\n"})
    (clone / ".git/hooks/pre-push").chmod(0o755)
    tree = Worktree(clone, token=TOKEN)
    place = Remote(tree, "bumper/")
    commit = made(tree)
    place.put("bumper/web", commit, None)
    place.bring("bumper/web")
    tuple(sources.OnDisk(clone, tree.tracked(clone).files).blobs(lambda _: True))
    place.drop("bumper/web", commit)
    assert served.pushes
    assert not canary.exists()


def test_fetching_a_branch_does_not_cut_the_history_that_is_here(
    clone: Path, served: GitHttp
) -> None:
    git(clone, "commit", "-q", "--allow-empty", "-m", "second", date=DATE)
    git(clone, "commit", "-q", "--allow-empty", "-m", "third", date=DATE)
    tree = Worktree(clone, token=TOKEN)
    place = Remote(tree, "bumper/")
    place.put("bumper/web", made(tree), None)
    place.bring("bumper/web")
    assert git(clone, "rev-list", "--count", "HEAD") == "3"
    assert not (clone / ".git/FETCH_HEAD").exists()
    assert served.pushes


def test_row_129_a_shallow_clone_works(tmp_path: Path, clone: Path, served: GitHttp) -> None:
    place = Remote(Worktree(clone, token=TOKEN), "bumper/")
    commit = made(place.worktree)
    place.put("bumper/web", commit, None)
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{served.root}/acme/gitops.git", "shallow")
    url = git(clone, "config", "remote.origin.url")
    git(shallow, "config", "remote.origin.url", url)
    tree = Worktree(shallow, token=TOKEN)
    there = Remote(tree, "bumper/")
    assert made(tree) == commit
    there.bring("bumper/web")
    assert tree.is_ours(commit)
    there.put("bumper/web", made(tree, text="image: web:3\n"), commit)


BASES = [
    pytest.param({}, {}, "main", id="the-current-branch"),
    pytest.param({"BUMPER_BASE": "named"}, {}, "named", id="named-by-the-environment"),
    pytest.param({}, {"origin": "default"}, "default", id="the-remotes-default"),
    pytest.param({"GITHUB_REF": "refs/heads/built"}, {}, "built", id="the-branch-ci-builds"),
    pytest.param(
        {"GITHUB_REF": "refs/heads/built"}, {"event": "default"}, "default",
        id="the-default-of-the-event-before-the-branch-ci-builds",
    ),
    pytest.param({"GITHUB_REF": "refs/pull/7/merge"}, {}, "main", id="a-pull-request-is-no-base"),
]  # fmt: skip


@pytest.mark.parametrize(("variables", "told", "expected"), BASES)
def test_row_130_which_branch_is_kept_current(
    clone: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    told: dict[str, str],
    expected: str,
) -> None:
    for name in ("named", "default", "built"):
        git(clone, "branch", name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if "origin" in told:
        git(clone, "update-ref", "refs/remotes/origin/default", "HEAD")
        git(clone, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/default")
    if "event" in told:
        write(clone.parent, {"event.json": '{"repository": {"default_branch": "default"}}'})
        monkeypatch.setenv("GITHUB_EVENT_PATH", str(clone.parent / "event.json"))
    assert Worktree(clone).head(None)[0] == expected


def test_the_remotes_commit_wins_unless_branches_are_here(clone: Path) -> None:
    old = git(clone, "rev-parse", "HEAD")
    git(clone, "update-ref", "refs/remotes/origin/main", old)
    git(clone, "commit", "-q", "--allow-empty", "-m", "newer here")
    tree = Worktree(clone)
    assert tree.head("main") == ("main", old)
    assert tree.head("main", local=True) == ("main", git(clone, "rev-parse", "HEAD"))


def test_a_detached_head_without_a_name_is_told(clone: Path) -> None:
    git(clone, "checkout", "-q", "--detach")
    with pytest.raises(WorktreeError) as caught:
        Worktree(clone).head(None)
    assert "forge.base" in caught.value.hint


def test_links_are_neither_read_nor_written_through(clone: Path) -> None:
    outside = clone.parent / "outside"
    write(outside, {"secret.yaml": "image: secret:1\n"})
    (clone / "link.yaml").symlink_to(outside / "secret.yaml")
    (clone / "folder").symlink_to(outside)
    (clone / "compose.yaml").unlink()
    (clone / "compose.yaml").symlink_to(outside / "secret.yaml")
    git(clone, "add", "link.yaml", "folder")
    git(clone, "commit", "-qm", "links")
    tree = Worktree(clone)
    # compose.yaml is tracked as a file, and somebody put a link in its place.
    read = sources.OnDisk(clone, tree.tracked(clone).files).blobs(lambda _: True)
    assert [blob.path for blob in read if blob.content] == []
    assert [file.path for file in tree.files(tree.head(None)[1])] == ["compose.yaml"]
    for path in ("compose.yaml", "folder/secret.yaml"):
        with pytest.raises(EditError, match="link"):
            files.write(clone, {path: "image: secret:1\n"}, {path: "image: secret:2\n"})
        assert not disk.is_plain(clone, path)
    assert (outside / "secret.yaml").read_text(encoding="utf-8") == "image: secret:1\n"


@pytest.mark.parametrize(
    "name", ["\t-x", "a..b", "a//b", "x.lock", "x.", "a b", "a\nb", "ext::sh", "a/", "@{1}", "ä"]
)
def test_row_150_a_harmful_name_is_refused_before_git_sees_it(clone: Path, name: str) -> None:
    tree = Worktree(clone)
    with pytest.raises(WorktreeError, match="not a branch name"):
        Local(tree, "b").put(f"bumper/{name}", made(tree), None)
