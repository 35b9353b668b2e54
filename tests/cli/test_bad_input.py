"""What people get wrong, through the command line: one clear line, the right exit code, the rest is done.

Registry answers are recorded ones, so that an answer is as sure as its absence.
"""

from __future__ import annotations

import json
import tempfile
from typing import TYPE_CHECKING

import pytest

from tests.fakes.docker_registry import free_port
from tests.fakes.git_http import git
from tests.support import bumper, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support import Ran

GOOD = "services:\n  web:\n    image: ghcr.io/acme/web:1.0.0\n"
BROKEN = "services:\n  web:\n    image: [ghcr.io/acme/web:1.0.0\n  b: {\n"
MANIFEST = {"digest": "sha256:" + "a" * 64, "platforms": ["linux/amd64"]}
ANSWERS = {
    "schema_version": 1,
    "images": {
        "ghcr.io/acme/web": {
            "tags": ["1.0.0", "1.0.1"],
            "manifests": {"1.0.0": MANIFEST, "1.0.1": MANIFEST},
        }
    },
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "gitops"
    folder.mkdir()
    git(folder, "init", "-q", "--initial-branch=main")
    write(folder, {"good.yaml": GOOD, "../answers.json": json.dumps(ANSWERS)})
    return folder


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", "all")


def run(root: Path, verb: str, *arguments: str) -> Ran:
    commit(root)
    replay = ("--replay", str(root.parent / "answers.json"))
    return bumper(verb, "-C", root, "-f", "plain", *replay, *arguments)


PLANNED = "1.0.0 -> 1.0.1"
# What stands beside the good image; the exit code; what the one line must say.
BESIDE = [
    pytest.param({"bad.yaml": BROKEN}, 4, ["bad.yaml:3", "[bad-yaml]", "files.exclude"], id="a-broken-yaml-file"),
    pytest.param(
        {"bad.yaml": GOOD.replace("acme/web", "acme/gone")}, 4,
        ["bad.yaml:3", "ghcr.io/acme/gone", "not"], id="an-image-nobody-has",
    ),
    pytest.param(
        {"bad.yaml": GOOD.replace("1.0.0", "1.0.0-nope-")}, 0, [], id="an-unknown-tag-is-no-failure"
    ),
    pytest.param(
        {"bad.yaml": GOOD.replace("1.0.0", "1.0.0  # bumper: polcy=patch")}, 4,
        ["bad.yaml:3", "policy"], id="row-114-a-wrong-word-in-a-comment",
    ),
    pytest.param({"bad.yaml": "image: \0"}, 4, ["bad.yaml", "NUL"], id="not-a-text"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "code", "words"), BESIDE)
def test_row_221_what_is_wrong_beside_it_does_not_stop_an_image(
    root: Path, texts: dict[str, str], code: int, words: list[str]
) -> None:
    write(root, texts)
    ran = run(root, "plan")
    assert PLANNED in ran.out
    assert ran.code == code, ran.err
    lines = [line for line in ran.err.splitlines() if not line.startswith(" hint:")]
    assert len(lines) == (1 if code else 0), ran.err
    assert [word for word in words if word not in ran.err] == []


def test_an_unreachable_registry_costs_its_own_images(root: Path) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    write(root, {"bad.yaml": f"image: {nobody}/acme/web:1.0.0\n", "bumper.yaml": ""})
    write(root, {"values.yaml": "image:\n  repository: other\n"})
    commit(root)
    ran = bumper("plan", "-C", root, "--only", f"{nobody}/acme/web", "--timeout", "2")
    assert ran.code == 3  # nothing that was asked is known
    first, hint = ran.err.splitlines()
    assert first.startswith("bad.yaml:1  ")
    assert nobody in first
    assert first.endswith("[connect]")
    assert hint.startswith(" hint: ")


def wrong_key(root: Path) -> Ran:
    write(root, {"bumper.yaml": "defaults:\n  polcy: patch\nlimit: 3\n"})
    return run(root, "plan")


def two_configs(root: Path) -> Ran:
    write(root, {"bumper.yaml": "version: 1\n", ".github/bumper.yaml": "version: 1\n"})
    return run(root, "plan")


def no_token(root: Path) -> Ran:
    git(root, "remote", "add", "origin", "https://github.com/acme/gitops.git")
    return run(root, "run")


def no_repository(root: Path) -> Ran:
    folder = root.parent / "plain"
    write(folder, {"good.yaml": GOOD})
    return bumper("run", "-C", folder)


def detached(root: Path) -> Ran:
    commit(root)
    git(root, "checkout", "-q", "--detach")
    write(root, {"bumper.yaml": "forge: {kind: local}\n"})
    return bumper("run", "-C", root)


def which_forge(root: Path) -> Ran:
    git(root, "remote", "add", "origin", "https://git.acme.example/acme/gitops.git")
    return run(root, "run")


def on_our_own_branch(root: Path) -> Ran:
    commit(root)
    git(root, "checkout", "-q", "-b", "bumper/web-0a1b2c")
    return bumper("run", "-C", root)


def no_place_for_a_file(root: Path) -> Ran:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "mkstemp", refuse)
        return run(root, "apply")


ENDING = [
    pytest.param(no_place_for_a_file, 3, ["good.yaml: cannot be written (Permission denied) [not-writable]"], id="row-159-a-folder-that-is-read-only"),
    pytest.param(lambda root: bumper("plan", "-C", root, "--only", "b*", "--record", "/proc/no.json"), 3, ["/proc/no.json: cannot be written", "[not-writable]"], id="no-place-for-a-record"),
    pytest.param(wrong_key, 2, ["bumper.yaml:2:3", "polcy", "'policy'", "bumper.yaml:3:1"], id="wrong-config-key"),
    pytest.param(two_configs, 2, ["bumper.yaml and .github/bumper.yaml", "keep one"], id="two-config-files"),
    pytest.param(no_token, 3, ["no token for github", "BUMPER_TOKEN"], id="no-token"),
    pytest.param(no_repository, 3, ["plain", "not a Git repository", "hint: run it inside of a clone, or name one by -C"], id="not-a-repository"),
    pytest.param(detached, 3, ["detached", "forge.base"], id="detached-head"),
    pytest.param(which_forge, 2, ["git.acme.example", "forge: {kind: gitea}"], id="which-forge"),
    pytest.param(on_our_own_branch, 2, ["bumper/web-0a1b2c", "forge.base"], id="on-a-branch-of-ours"),
    pytest.param(lambda _: bumper("plann"), 2, ["No such verb 'plann'", "'plan'"], id="unknown-verb"),
    pytest.param(lambda _: bumper("plan", "--fast"), 2, ["--fast"], id="unknown-flag"),
    pytest.param(lambda root: bumper("plan", "-C", root / "none"), 2, ["none", "no such folder"], id="no-folder"),
    pytest.param(lambda root: bumper("plan", "-C", root, "-c", "no.yaml"), 2, ["no.yaml"], id="no-config-file"),
    pytest.param(lambda root: bumper("plan", "-C", root, "--replay", "no.json"), 2, ["no.json"], id="no-record"),
    pytest.param(lambda root: bumper("set", "-C", root, "web"), 2, ["web"], id="set-without-a-target"),
    pytest.param(lambda root: bumper("set", "-C", root, "ghcr.io/acme/web=2", "ghcr.io/acme/web=3"), 2, ["'ghcr.io/acme/web=3': the same image is set to something else before"], id="set-twice"),
    pytest.param(lambda root: bumper("set", "-C", root, "other=2"), 1, ["no use"], id="set-without-a-match"),
]  # fmt: skip


@pytest.mark.parametrize(("mistake", "code", "words"), ENDING)
def test_a_mistake_that_ends_the_run_says_what_where_and_what_to_do(
    root: Path, mistake: Callable[[Path], Ran], code: int, words: list[str]
) -> None:
    ran = mistake(root)
    assert ran.code == code, ran.err
    assert [word for word in words if word not in ran.err] == [], ran.err
    assert "Traceback" not in ran.err
    assert ran.out == "" or code == 1


@pytest.mark.parametrize(
    ("verb", "arguments", "out", "note"),
    [
        pytest.param("run", ["--dry-run"], "would be created  Bump web", "nothing was written", id="run"),
        pytest.param("run", [], "\ncreated  Bump web", "", id="a-real-one"),
        pytest.param("apply", ["--dry-run"], PLANNED, "no file was changed", id="apply"),
        pytest.param("set", ["web=2", "--dry-run"], "", "no use of these images", id="set-without-a-match"),
        pytest.param("set", ["ghcr.io/acme/web=2", "--dry-run"], "1.0.0 -> 2", "no file was changed", id="set"),
        pytest.param("set", ["ghcr.io/acme/web=2", "ghcr.io/acme/web:1.0.0=3", "ghcr.io/acme/web=2", "--dry-run"], "1.0.0 -> 2", "no file was changed", id="set-by-the-first-that-means-it"),
        pytest.param("plan", ["--only", "b*"], "0 images", "--only b*: no image and no path here matches", id="only-what-is-not-there"),
        pytest.param("run", ["--only", "b*"], "0 images", "--only b*: no image and no path here matches", id="run-only-what-is-not-there"),
    ],
)  # fmt: skip
def test_what_was_not_done_is_said(
    root: Path, verb: str, arguments: list[str], out: str, note: str
) -> None:
    ran = run(root, verb, *arguments)
    assert out in ran.out
    assert note in ran.err
    assert bool(note) is bool(ran.err)


@pytest.mark.parametrize(("arguments", "told"), [((), 1), (("--only", "web"), 0)])
def test_a_rule_that_means_no_image_is_said(
    root: Path, arguments: tuple[str, ...], told: int
) -> None:
    write(root, {"bumper.yaml": "rules:\n- {match: 'ghcr.io/acme/wbe', policy: patch}\n"})
    ran = run(root, "plan", *arguments)
    assert (ran.code, ran.err.count("rules[0] (bumper.yaml:2) means no image here")) == (0, told)
