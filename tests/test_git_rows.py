"""What a Git repository may be like, row by row of the fault list, with real Git over http."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bumper import sources
from bumper.branches import Local, Remote
from bumper.errors import WorktreeError
from bumper.fast_import import Branch
from bumper.worktree import Worktree
from tests.canaries import canary
from tests.fakes import git_http
from tests.fakes.git_http import GitHttp, git
from tests.support import bumper, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fakes.http_server import Answer, Asked

TOKEN = canary("forge")
DATE = "2026-01-02T03:04:05Z"
OLD, NEW = b"image: web:1\n", b"image: web:2\n"


def founded(folder: Path, *options: str) -> Path:
    git(folder.parent, "init", "-q", "--initial-branch=main", *options, folder.name)
    write(folder, {"compose.yaml": OLD.decode()})
    return committed(folder)


def committed(folder: Path, message: str = "by hand") -> Path:
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", message, date=DATE)
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return founded(tmp_path / "clone")


@pytest.fixture
def served(tmp_path: Path, clone: Path) -> Iterator[GitHttp]:
    """A server that the clone's `origin` is; `watch` sees every request before it is answered."""
    with git_http.origin(clone, Watched(tmp_path / "server", TOKEN)) as side:
        yield side


class Watched(GitHttp):
    watch: Callable[[Asked], object] = staticmethod(lambda _: None)

    def answer(self, asked: Asked) -> Answer:
        self.watch(asked)
        return super().answer(asked)


def bare(served: GitHttp) -> Path:
    return served.root / "acme/gitops.git"


def made(tree: Worktree, content: bytes = NEW) -> str:
    base = tree.head(None)[1]
    return tree.make(base, [Branch("bumper/web", "bump\n", {"compose.yaml": content})])[
        "bumper/web"
    ]


def pushed(tree: Worktree, content: bytes = NEW, expected: str | None = None) -> str:
    commit = made(tree, content)
    Remote(tree, "bumper/").put("bumper/web", commit, expected)
    return commit


def snapshot(folder: Path) -> dict[str, str]:
    """Every file below a folder, Git's own included, but the objects."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git/objects" not in path.as_posix()
    }


def test_row_131_the_base_moves_while_we_push(clone: Path, served: GitHttp) -> None:
    read = git(clone, "rev-parse", "HEAD")
    tree = Worktree(clone, token=TOKEN)
    commit = made(tree)
    git(clone, "commit", "-q", "--allow-empty", "-m", "meanwhile", date=DATE)
    git(bare(served), "fetch", "-q", clone.as_posix(), "main:main")
    Remote(tree, "bumper/").put("bumper/web", commit, None)
    assert git(bare(served), "rev-parse", "bumper/web^") == read
    assert git(bare(served), "diff", "--name-only", "main...bumper/web") == "compose.yaml"


def test_row_138_a_push_whose_answer_is_lost_is_done(clone: Path, served: GitHttp) -> None:
    tree = Worktree(clone, token=TOKEN)
    commit = made(tree)

    def lose(asked: Asked) -> None:
        if asked.method == "POST" and asked.path.endswith("receive-pack"):
            GitHttp.answer(served, asked)
            raise ConnectionAbortedError

    assert isinstance(served, Watched)
    served.watch = lose
    Remote(tree, "bumper/").put("bumper/web", commit, None)
    assert git(bare(served), "rev-parse", "bumper/web") == commit


def test_row_142_a_server_that_wants_fast_forwards_is_told_of(clone: Path, served: GitHttp) -> None:
    git(bare(served), "config", "receive.denyNonFastForwards", "true")
    tree = Worktree(clone, token=TOKEN)
    commit = pushed(tree)
    with pytest.raises(WorktreeError, match=r"denying non-fast-forward|non-fast-forward"):
        pushed(tree, b"image: web:3\n", commit)
    assert git(bare(served), "rev-parse", "bumper/web") == commit


def test_row_143_a_branch_in_the_way_is_named(clone: Path, served: GitHttp) -> None:
    git(bare(served), "branch", "bumper", "main")
    with pytest.raises(WorktreeError, match="refs/heads/bumper"):
        pushed(Worktree(clone, token=TOKEN))


def test_row_198_a_missing_right_to_change_workflows_is_named(clone: Path, served: GitHttp) -> None:
    hook = bare(served) / "hooks" / "update"
    words = (
        "refusing to allow a GitHub App to create or update workflow without `workflows` permission"
    )
    hook.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 1\n", encoding="ascii")
    with pytest.raises(WorktreeError, match="without `workflows` permission"):
        pushed(Worktree(clone, token=TOKEN))


def test_row_146_a_branch_deleted_while_we_push(clone: Path, served: GitHttp) -> None:
    tree = Worktree(clone, token=TOKEN)
    first = pushed(tree)
    git(bare(served), "update-ref", "-d", "refs/heads/bumper/web")
    with pytest.raises(WorktreeError, match=r"stale|rejected"):
        pushed(tree, b"image: web:3\n", first)
    Remote(tree, "bumper/").drop("bumper/web", first)  # gone is gone
    assert pushed(tree) == first


def test_row_148_who_has_no_name_here_commits_as_bumper(
    clone: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    git(clone, "config", "user.useConfigOnly", "true")
    tree = Worktree(clone)
    people = git(clone, "show", "-s", "--format=%an <%ae> %cn <%ce>", made(tree))
    assert people == " ".join(["bumper <bumper@users.noreply.invalid>"] * 2)


def test_row_151_a_repository_of_another_user_is_read(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = Worktree(clone)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # Git's own, for its tests
    refused = subprocess.run(
        ["git", "-C", str(clone), "rev-parse", "HEAD"], check=False, capture_output=True, text=True
    )
    assert "dubious ownership" in refused.stderr
    assert made(tree)
    safe = [value for key, value in _settings(tree) if key == "safe.directory"]
    assert safe == [str(clone)]


def _settings(tree: Worktree) -> list[tuple[str, str]]:
    told = tree.git._environment
    return [
        (told[f"GIT_CONFIG_KEY_{number}"], told[f"GIT_CONFIG_VALUE_{number}"])
        for number in range(int(told["GIT_CONFIG_COUNT"]))
    ]


def test_row_152_what_a_person_has_begun_stays_as_it_is(clone: Path, served: GitHttp) -> None:
    git(clone, "checkout", "-q", "-b", "theirs")
    write(clone, {"compose.yaml": "image: web:theirs\n"})
    committed(clone)
    git(clone, "checkout", "-q", "main")
    write(clone, {"compose.yaml": "image: web:ours\n"})
    committed(clone)
    with pytest.raises(subprocess.CalledProcessError):
        git(clone, "rebase", "-q", "theirs")  # stops in the middle, with a conflict
    write(clone, {"staged.yaml": "a: 1\n"})
    git(clone, "add", "staged.yaml")
    write(clone, {"dirty.yaml": "b: 2\n", ".git/index.lock": ""})
    before = snapshot(clone)
    tree = Worktree(clone, token=TOKEN)
    base = tree.head("main")[1]
    commit = tree.make(base, [Branch("bumper/web", "bump\n", {"compose.yaml": NEW})])["bumper/web"]
    place = Remote(tree, "bumper/")
    place.put("bumper/web", commit, None)
    place.bring("bumper/web")
    place.drop("bumper/web", commit)
    assert served.pushes == 2
    assert snapshot(clone) == before


@pytest.mark.parametrize("setting", ["core.autocrlf=true", "core.autocrlf=input", "core.eol=crlf"])
@pytest.mark.parametrize(
    "attributes", ["", "* text=auto\n", "* text eol=crlf\n", "* text eol=lf\n"]
)
def test_row_153_line_ends_are_committed_as_they_are(
    clone: Path, setting: str, attributes: str
) -> None:
    mixed = b"image: web:1\r\nname: x\nlast: y"
    (clone / "compose.yaml").write_bytes(mixed)
    committed(clone)
    write(clone, {".gitattributes": attributes})
    git(clone, "add", ".gitattributes")
    git(clone, "commit", "-q", "--allow-empty", "-m", "attributes", date=DATE)
    git(clone, "config", *setting.split("="))
    tree = Worktree(clone)
    base = tree.head(None)[1]
    assert tree.content(base, "compose.yaml") == mixed
    changed = mixed.replace(b"web:1", b"web:2")
    commit = made(tree, changed)
    assert tree.content(commit, "compose.yaml") == changed
    assert git(clone, "diff", "--numstat", base, commit).split()[:2] == ["1", "1"]


def test_row_154_the_token_is_in_no_process_and_no_url(clone: Path, served: GitHttp) -> None:
    seen: set[str] = set()

    def sample(asked: Asked) -> None:
        seen.add(asked.path)
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen.add(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:  # it has ended meanwhile
                continue

    assert isinstance(served, Watched)
    served.watch = sample
    tree = Worktree(clone, token=TOKEN)
    place = Remote(tree, "bumper/")
    commit = pushed(tree)
    place.bring("bumper/web")
    place.drop("bumper/web", commit)
    told = "\n".join(seen)
    assert "git push" in told
    assert "git-remote-http" in told or "remote-http" in told
    for secret in (TOKEN, b64encode(f"x-access-token:{TOKEN}".encode()).decode()):
        assert secret not in told
        assert secret not in "".join(
            path.read_text(errors="replace") for path in (clone / ".git").rglob("*config*")
        )


def test_row_157_no_git_is_told(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = Worktree(clone)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(WorktreeError, match="Git is not installed") as caught:
        made(tree)
    assert "2.31" in caught.value.hint


@pytest.mark.parametrize(
    ("told", "works"),
    [
        ("git version 2.25.1", False),
        ("git version 2.30.9", False),
        ("git version 2.31.0", True),
        ("git version 2.39.5 (Apple Git-154)", True),
        ("git version 2.51.0.windows.1", True),
    ],
)
def test_row_157_an_old_git_is_refused_before_anything_is_done(
    tmp_path: Path, clone: Path, monkeypatch: pytest.MonkeyPatch, told: str, *, works: bool
) -> None:
    """A Git in front of the real one that says another version, as an old image would."""
    real = shutil.which("git")
    script = f'#!/bin/sh\n[ "$1" = version ] && echo "{told}" && exit\nexec {real} "$@"\n'
    write(tmp_path, {"bin/git": script})
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    ran = bumper("scan", "-C", clone)
    assert (ran.code, "is too old [old-git]" in ran.err) == ((0, False) if works else (3, True))
    if not works:
        assert "install Git 2.31 or newer" in ran.err


def test_row_157_another_language_changes_nothing(
    clone: Path, served: GitHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.setenv(name, "de_DE.UTF-8")
    tree = Worktree(clone, token=TOKEN)
    commit = pushed(tree)
    with pytest.raises(WorktreeError, match="stale info"):
        pushed(tree, b"image: web:3\n", made(tree, b"image: web:4\n"))
    assert served.pushes
    assert tree.is_ours(commit)


def test_row_158_a_repository_of_sha256(tmp_path: Path) -> None:
    folder = founded(tmp_path / "new", "--object-format=sha256")
    tree = Worktree(folder)
    commit = made(tree)
    assert len(commit) == 64
    place = Local(tree, "bumper/")
    place.put("bumper/web", commit, None)
    assert place.branches("bumper/") == {"bumper/web": commit}
    assert tree.content(commit, "compose.yaml") == NEW
    assert [file.blob for file in tree.files(commit)] != []
    assert tree.is_ours(commit)
    alone = tree.make_alone(None, Branch("x", "alone\n", {"a.json": b"{}"}), 1)
    assert tree.content(alone, "a.json") == b"{}"
    place.drop("bumper/web", commit)


def test_row_158_an_empty_repository_is_told(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--initial-branch=main", "empty")
    with pytest.raises(WorktreeError, match="main: has no commit here"):
        Worktree(tmp_path / "empty").head(None)


def test_row_159_objects_that_cannot_be_written_leave_nothing(clone: Path, served: GitHttp) -> None:
    tree = Worktree(clone, token=TOKEN)
    for number in range(256):
        write(clone, {f".git/objects/{number:02x}": ""} if not _has(clone, number) else {})
    (clone / ".git/objects/pack").rmdir()
    write(clone, {".git/objects/pack": ""})
    with pytest.raises(WorktreeError, match="fast-import"):
        pushed(tree)
    assert served.pushes == 0
    assert git(bare(served), "for-each-ref", "refs/heads/bumper/") == ""


def _has(clone: Path, number: int) -> bool:
    return (clone / f".git/objects/{number:02x}").exists()


def test_row_119_a_submodule_is_neither_read_nor_followed(tmp_path: Path, clone: Path) -> None:
    other = founded(tmp_path / "other")
    git(clone, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "lib")
    committed(clone)
    tree = Worktree(clone)
    base = tree.head(None)[1]
    assert [file.path for file in tree.files(base)] == [".gitmodules", "compose.yaml"]
    assert set(tree.tracked(clone).files) == {".gitmodules", "compose.yaml"}
    commit = made(tree)
    assert git(clone, "rev-parse", f"{commit}:lib") == git(other, "rev-parse", "HEAD")


def test_a_sparse_checkout_is_read_whole(clone: Path) -> None:
    write(clone, {"far/away.yaml": "image: web:1\n"})
    committed(clone)
    git(clone, "sparse-checkout", "set", "near")
    assert not (clone / "far").exists()
    tree = Worktree(clone)
    base = tree.head(None)[1]
    read = {blob.path for blob in sources.Committed(tree, base).blobs(lambda _: True)}
    assert read == {"compose.yaml", "far/away.yaml"}
    commit = made(tree)
    assert tree.content(commit, "far/away.yaml") == OLD


def test_a_bare_clone_and_a_linked_worktree_give_the_same_commit(
    tmp_path: Path, clone: Path
) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(clone), "bare.git")
    git(clone, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    trees = [Worktree(tmp_path / "bare.git"), Worktree(tmp_path / "linked"), Worktree(clone)]
    bases = [tree.head("main")[1] for tree in trees]
    branch = Branch("bumper/web", "bump\n", {"compose.yaml": NEW})
    commits = {
        tree.make(base, [branch])["bumper/web"] for tree, base in zip(trees, bases, strict=True)
    }
    assert len(commits) == 1
    Local(trees[1], "bumper/").put("bumper/web", commits.pop(), None)
    assert (tmp_path / "linked/compose.yaml").read_bytes() == OLD
