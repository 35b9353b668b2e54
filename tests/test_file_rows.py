"""Files that are none, lead elsewhere or have odd names: rows 112 to 127, by `set` on real repositories."""

from __future__ import annotations

import json
import os
import socket
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bumper import catalog, decide
from bumper.model import Complete, Ignored, Policy, Ranking
from tests.fakes.git_http import git
from tests.support import bumper, use, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = "services: {web: {image: 'nginx:1.25.3'}}\n"
MOVED = TEXT.replace("1.25.3", "1.25.5")


def repository(root: Path, *names: str) -> Path:
    write(root, dict.fromkeys(names, TEXT))
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", "start")
    return root


def moved(root: Path) -> str:
    """Move every nginx of a repository; give what was said."""
    ran = bumper("set", "-C", root, "nginx=1.25.5", "--no-cache")
    return ran.out + ran.err


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        pytest.param("nginx", "no-tag", id="row-112-a-name-alone"),
        pytest.param("nginx:latest", "floating-tag", id="row-112-latest"),
        pytest.param(f"nginx@sha256:{'1' * 64}", "ranking", id="row-112-a-digest-alone"),
        pytest.param(f"nginx:latest@sha256:{'1' * 64}", "ranking", id="row-112-latest-with-a-digest"),
        pytest.param("nginx:1.25", "ranking", id="row-112-a-tag"),
    ],
)  # fmt: skip
def test_row_112_the_policy_decides_what_a_form_means(written: str, wanted: str) -> None:
    one, policy = use(written), Policy()
    listing = Complete(("1.25", "1.26"))
    screened = decide.screen(one, policy)
    found = screened or decide.rank(one, listing, policy, catalog.scheme(policy))
    assert isinstance(found, Ignored | Ranking)
    assert (found.code if isinstance(found, Ignored) else "ranking") == wanted


def file_link(root: Path, outside: Path) -> None:
    (root / "linked.yaml").symlink_to(outside / "compose.yaml")


def folder_link(root: Path, outside: Path) -> None:
    (root / "linked").symlink_to(outside, target_is_directory=True)


def folder_became_a_link(root: Path, outside: Path) -> None:
    """What Git tracks as a folder is a link on disk."""
    write(root, {"deep/compose.yaml": TEXT})
    git(root, "add", "--all")
    (root / "deep/compose.yaml").unlink()
    (root / "deep").rmdir()
    (root / "deep").symlink_to(outside, target_is_directory=True)


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(file_link, id="row-115-a-file"),
        pytest.param(folder_link, id="row-116-a-folder"),
        pytest.param(folder_became_a_link, id="row-116-a-folder-that-was-one"),
    ],
)
def test_row_115_row_116_no_link_leads_out_of_the_repository(
    harm: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    outside = tmp_path / "repository-evil"
    write(outside, {"compose.yaml": TEXT})
    root = repository(tmp_path / "repository", "compose.yaml")
    harm(root, outside)
    git(root, "add", "--all")
    moved(root)
    assert (root / "compose.yaml").read_text() == MOVED
    assert (outside / "compose.yaml").read_text() == TEXT
    assert not (outside / "compose.yaml").is_symlink()


@pytest.mark.parametrize("path", ["../outside.env", "../repository-evil/outside.env", "a/../../outside.env", "{tmp}/outside.env"])  # fmt: skip
def test_row_117_a_path_in_a_file_leads_nowhere_outside(path: str, tmp_path: Path) -> None:
    secret = "TAG=1.25.3\n"
    write(tmp_path, {"outside.env": secret, "repository-evil/outside.env": secret})
    root = repository(tmp_path / "repository", "compose.yaml")
    told = path.format(tmp=tmp_path)
    text = f"services:\n  web:\n    image: nginx:${{TAG}}\n    env_file: ['{told}']\n"
    write(root, {"other/compose.yaml": text, "kustomization.yaml": f"resources: ['{told}']\n"})
    git(root, "add", "--all")
    moved(root)
    assert (tmp_path / "outside.env").read_text() == secret
    assert (tmp_path / "repository-evil/outside.env").read_text() == secret


def test_row_118_what_is_no_regular_file_is_passed_over_and_nobody_waits(tmp_path: Path) -> None:
    root = tmp_path / "plain"
    write(root, {"compose.yaml": TEXT, "folder.yaml/x": TEXT})
    os.mkfifo(root / "pipe.yaml")
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(str(root / "socket.yaml"))
        moved(root)
    assert (root / "compose.yaml").read_text() == MOVED
    assert stat.S_ISFIFO((root / "pipe.yaml").stat().st_mode)


def test_row_119_a_submodule_is_somebody_elses(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner", "compose.yaml")
    root = repository(tmp_path / "outer", "compose.yaml")
    git(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "part")
    git(root, "commit", "-q", "-m", "part")
    moved(root)
    assert (root / "compose.yaml").read_text() == MOVED
    assert (root / "part/compose.yaml").read_text() == TEXT
    commit = git(inner, "rev-parse", "HEAD")
    told = bumper("scan", "-C", root, "-f", "plain", "-v")
    assert told.code == 0, told.err
    assert f"part:1:1  {commit[:12]}  skipped: a submodule is not followed" in told.out
    quiet = bumper("scan", "-C", root, "-f", "plain")
    assert (quiet.code, "submodule" in quiet.out + quiet.err) == (0, False)
    below = bumper("scan", "-C", root, "-f", "json", "--only", "*/nginx")
    assert [one["code"] for one in json.loads(below.out)["skipped"]] == ["submodule"]


POINTER = """version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 12345
image: nginx:1.25.3
"""


def test_row_120_a_pointer_of_git_lfs_is_said_and_never_written(tmp_path: Path) -> None:
    root = repository(tmp_path, "compose.yaml")
    names = ("large.yaml", "Dockerfile", "k8s/large.yml", "large.env")
    plain = POINTER.partition("image:")[0]
    write(root, {**dict.fromkeys(names, POINTER), "plain.yaml": plain})
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", "pointers")
    moved(root)
    applied = bumper("apply", "-C", root, "--offline", "--no-cache")
    assert "large" not in applied.out, applied.out
    assert (root / "compose.yaml").read_text() == MOVED
    assert {(root / name).read_text() for name in names} == {POINTER}
    for _ in range(2):  # the second time by what was kept
        told = bumper("scan", "-C", root, "-f", "plain", "-v")
        assert told.code == 0, told.err
        said = [line.partition(":")[0] for line in told.out.splitlines() if "(lfs)" in line]
        assert sorted(said) == sorted([*names, "plain.yaml"])
    assert "kept by Git LFS: what stands here is a pointer" in told.out
    assert "lfs" not in bumper("scan", "-C", root, "-f", "plain").out


NAMES = [
    pytest.param("a b\nc.yaml", id="row-123-a-line-break"),
    pytest.param("\u00e9.yaml", id="row-123-not-ascii"),
    pytest.param("e\u0301.yaml", id="row-123-another-normal-form"),
    pytest.param("x" * 250 + ".yaml", id="row-123-255-bytes"),
    pytest.param("--force.yaml", id="row-123-an-option"),
    pytest.param('"quoted"\t.yaml', id="row-123-quotes-and-a-tab"),
    pytest.param(os.fsdecode(b"\xff\xfe.yaml"), id="row-123-not-utf-8"),
]


@pytest.mark.parametrize("name", NAMES)
def test_row_123_a_file_of_any_name_is_edited_or_told(name: str, tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", "compose.yaml")
    (root / name).write_text(TEXT)
    git(root, "add", "--all")
    said = moved(root)
    assert (root / "compose.yaml").read_text() == MOVED
    assert (root / name).read_text() in {MOVED, TEXT}
    assert (root / name).read_text() == MOVED or "yaml" in said
    assert all(line.isprintable() for line in said.split("\n"))


def test_row_123_case_twins_are_two_files(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", "compose.yaml", "Compose.yaml")
    moved(root)
    assert {(root / name).read_text() for name in ("compose.yaml", "Compose.yaml")} == {MOVED}


def test_row_121_the_mode_of_a_file_stays(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", "compose.yaml")
    (root / "compose.yaml").chmod(0o755)
    moved(root)
    assert stat.S_IMODE((root / "compose.yaml").stat().st_mode) == 0o755


@pytest.mark.parametrize("is_git", [True, False])
def test_row_127_what_is_gits_or_installed_is_left_alone(is_git: object, tmp_path: Path) -> None:
    root = tmp_path / "repository"
    installed = "node_modules/x/compose.yaml"
    if is_git:
        repository(root, "compose.yaml", installed)
    else:
        write(root, dict.fromkeys(("compose.yaml", installed), TEXT))
    write(root, {".git/compose.yaml": TEXT})
    moved(root)
    assert (root / "compose.yaml").read_text() == MOVED
    assert (root / ".git/compose.yaml").read_text() == TEXT
    assert (root / installed).read_text() == TEXT
