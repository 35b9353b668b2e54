"""Commits are signed so that Git itself verifies them, and are known again as ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from bumper import fast_import, signing
from bumper.branches import Remade, Remote
from bumper.cli import committing
from bumper.cli.target import Target
from bumper.config.proposals import CommitSettings
from bumper.errors import EnvironmentFailure, UsageError, WorktreeError
from bumper.fast_import import Branch, Hand
from bumper.worktree import Worktree
from tests.canaries import canary
from tests.fakes import git_http
from tests.fakes.git_http import git
from tests.support import bumper, need, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAIL = "bot@example.org"
AUTHOR = ("Ada Bot", MAIL)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "-q", "--initial-branch=main")
    write(folder, {"a.yaml": "one\n"})
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def ssh_key(folder: Path) -> tuple[str, str]:
    """A new pair: the private key's text, and the line by which Git knows its owner."""
    if shutil.which("ssh-keygen") is None:
        need("ssh-keygen", "not installed (Debian: apt install openssh-client)")
    path = folder / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    public = (folder / "id.pub").read_text(encoding="ascii").split()
    return path.read_text(encoding="ascii"), f"{MAIL} {public[0]} {public[1]}\n"


def made(repository: Path, hand: Hand) -> tuple[str, str, bool]:
    """The same branch made twice, and whether it is known as ours."""
    tree = Worktree(repository, hand=hand)
    base = git(repository, "rev-parse", "HEAD")
    message = "move\n\nBumper-Image: web\n"
    try:
        commits = [tree.make(base, [Branch("b", message, {"a.yaml": b"two\n"})])["b"] for _ in "12"]
        return commits[0], commits[1], tree.is_ours(commits[0])
    finally:
        tree.close()


def test_row_147_git_verifies_a_commit_signed_by_ssh(repository: Path, tmp_path: Path) -> None:
    key, allowed = ssh_key(tmp_path)
    write(tmp_path, {"allowed": allowed})
    # A variable's value often comes without its last line end.
    with signing.signer("ssh", key.rstrip("\n")) as sign:
        first, second, ours = made(repository, Hand(AUTHOR, sign, sign_off=True))
    assert (first == second, ours) == (True, True)
    verify = ("-c", f"gpg.ssh.allowedSignersFile={tmp_path / 'allowed'}", "verify-commit", "--raw")
    done = subprocess.run(
        ["git", "-C", str(repository), *verify, first], capture_output=True, text=True, check=True
    )
    assert f'Good "git" signature for {MAIL}' in done.stdout + done.stderr
    assert git(repository, "show", "-s", "--format=%an <%ae>|%cn <%ce>|%(trailers)", first) == (
        f"Ada Bot <{MAIL}>|Ada Bot <{MAIL}>|Bumper-Image: web\nSigned-off-by: Ada Bot <{MAIL}>"
    )
    assert git(repository, "fsck", "--strict", "--no-dangling") == ""
    assert git(repository, "show", f"{first}:a.yaml") == "two"


def test_git_verifies_a_commit_signed_by_gpg(repository: Path, tmp_path: Path) -> None:
    if shutil.which("gpg") is None:
        need("gpg", "not installed (Debian: apt install gnupg)")
    home = tmp_path / "g"
    home.mkdir(mode=0o700)
    gpg = [
        "gpg",
        "--homedir",
        str(home),
        "--batch",
        "--quiet",
        "--pinentry-mode",
        "loopback",
        "--passphrase",
        "",
    ]
    try:
        subprocess.run(
            [*gpg, "--quick-gen-key", f"Ada Bot <{MAIL}>", "ed25519", "sign"], check=True
        )
        key = subprocess.run(
            [*gpg, "--armor", "--export-secret-keys"], check=True, capture_output=True, text=True
        ).stdout
        with signing.signer("gpg", key) as sign:
            first, _, ours = made(repository, Hand(AUTHOR, sign))
        assert ours
        done = subprocess.run(
            ["git", "-C", str(repository), "verify-commit", "--raw", first],
            env={**os.environ, "GNUPGHOME": str(home)}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert "GOODSIG" in done.stderr
    finally:
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False)


@pytest.mark.parametrize("kind", ["ssh", "gpg"])
def test_a_key_that_is_none_is_told_without_it(kind: str, repository: Path) -> None:
    if shutil.which("gpg" if kind == "gpg" else "ssh-keygen") is None:
        need(kind, "not installed")
    with (
        pytest.raises(EnvironmentFailure) as caught,
        signing.signer(kind, canary("failing")) as sign,
    ):
        made(repository, Hand(AUTHOR, sign))
    assert caught.value.code == "no-signature"
    assert canary("failing") not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    "author", ["Ada", "Ada <ada>", "<a@b.c>", "A\nB <a@b.c>", "A <a@b.c> <x@y.z>"]
)
def test_row_148_an_author_is_a_name_and_a_mail(tmp_path: Path, author: str) -> None:
    write(tmp_path, {"bumper.yaml": f"commit: {{author: {author!r}}}\n".replace("'", '"')})
    ran = bumper("config", "lint", "-C", tmp_path)
    assert (ran.code, "a name and a mail" in ran.out + ran.err) == (1, True), ran.out + ran.err


def test_a_signature_needs_its_key(tmp_path: Path) -> None:
    write(tmp_path, {"bumper.yaml": "commit: {sign: ssh}\n"})
    ran = bumper("config", "lint", "-C", tmp_path)
    assert (ran.code, "needs `key`" in ran.out + ran.err) == (1, True)


BY_GITHUB = """tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904
parent 1111111111111111111111111111111111111111
author bot[bot] <1+bot[bot]@users.noreply.github.com> 1767000000 +0000
committer GitHub <noreply@github.com> 1767000000 +0000
gpgsig -----BEGIN PGP SIGNATURE-----
 none
 -----END PGP SIGNATURE-----

Bump web 1.0 to 1.1

Bumper-Image: docker.io/acme/web
Bumper-To: 1.1"""


@pytest.mark.parametrize(
    ("old", "new", "ours"),
    [
        pytest.param("", "", True, id="made-through-the-api"),
        pytest.param("Bumper-Image: ", "Co-authored-by: ", False, id="committed-on-a-page"),
        pytest.param("GitHub <noreply@github.com>", "Ada <ada@example.org>", False, id="amended-by-a-person"),
        pytest.param("gpgsig", "gpgsick", False, id="unsigned"),
        pytest.param("author", f"parent {'2' * 40}\nauthor", False, id="a-merge"),
    ],
)  # fmt: skip
def test_a_commit_that_github_made_for_us_is_known(old: str, new: str, *, ours: bool) -> None:
    assert fast_import.made_by_github(BY_GITHUB.replace(old, new, 1)) is ours


def test_another_forge_makes_no_commits(tmp_path: Path) -> None:
    settings = CommitSettings(sign="github")
    git(tmp_path, "init", "-q")
    tree = Worktree(tmp_path)
    with pytest.raises(UsageError, match="only GitHub"):
        committing.branches(Target("gitea", "", "a/b", ""), Remote(tree, "bumper/"), settings)
    tree.close()


def test_another_commit_than_was_asked_for_moves_no_branch(
    repository: Path, tmp_path: Path
) -> None:
    bare = git_http.make(tmp_path / "server.git", guarded=False)
    git(repository, "remote", "add", "origin", bare.as_posix())
    git(repository, "push", "-q", "origin", "main")
    tree = Worktree(repository)
    base = git(repository, "rev-parse", "HEAD")
    commit = tree.make(base, [Branch("b", "move\n", {"a.yaml": b"two\n"})])["b"]

    def odd(branch: str, parent: str, message: str, files: Mapping[str, bytes]) -> str:
        assert (message, files) == ("move", {"a.yaml": b"two\n"})
        made = git_http.made_by_github(bare, parent, message, {"a.yaml": b"three\n"})
        git(bare, "update-ref", f"refs/heads/{branch}", made)
        return made

    with pytest.raises(WorktreeError, match="another commit"):
        Remade(Remote(tree, "bumper/"), odd).put("bumper/b", commit, None)
    tree.close()
    assert git(bare, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
