"""A verb that is called in a folder below the top: the config of the repository counts, and no other is missed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.fakes.git_http import git
from tests.support import bumper, write

if TYPE_CHECKING:
    from pathlib import Path

COMPOSE = "services: {web: {image: 'nginx:1.25.3'}}\n"
# The globs of a config begin at the top.
CONFIG = "rules: [{files: web/*, policy: ignore}]\nforge: {kind: local}\n"
IGNORED = "web/compose.yaml:1  nginx 1.25.3  ignored: rules[0] (bumper.yaml:1) says ignore"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "gitops"
    write(root, {"web/compose.yaml": COMPOSE, "other/compose.yaml": COMPOSE, "bumper.yaml": CONFIG})
    git(root, "init", "-q", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", "all")
    answers = {"schema_version": 1, "images": {"docker.io/library/nginx": {"tags": ["1.25.3"]}}}
    write(tmp_path, {"answers.json": json.dumps(answers)})
    return root


@pytest.mark.parametrize(
    ("verb", "said", "others"),
    [
        pytest.param(("plan",), IGNORED, False, id="plan"),
        pytest.param(("apply",), IGNORED, False, id="apply"),
        pytest.param(("run", "--dry-run"), IGNORED, True, id="run-is-of-the-whole-repository"),
        pytest.param(("explain", "nginx:1.25.3"), "policy ignore from rules[0] (bumper.yaml:1)", False, id="explain"),
        pytest.param(("set", "nginx=1.26.0"), "web/compose.yaml:1  nginx 1.25.3 -> 1.26.0", False, id="set"),
        pytest.param(("config", "lint"), "bumper.yaml: no mistakes", False, id="lint"),
        pytest.param(("config", "show"), '"web/*"', False, id="show"),
        pytest.param(("init", "github", "-y"), "written  .github/workflows/bumper.yml", False, id="init"),
    ],
)  # fmt: skip
def test_the_config_at_the_top_counts_below(
    root: Path, verb: tuple[str, ...], said: str, *, others: bool
) -> None:
    replay = ("--replay", root.parent / "answers.json")
    ran = bumper(*verb, "-C", root / "web", *replay, "-f", "plain")
    assert said in ran.out, ran.err
    assert ("other/compose.yaml" in ran.out) is others


def test_set_writes_the_file_below(root: Path) -> None:
    bumper("set", "nginx=1.26.0", "-C", root / "web")
    files = [
        (root / name / "compose.yaml").read_text(encoding="utf-8") for name in ("web", "other")
    ]
    assert files == [COMPOSE.replace("1.25.3", "1.26.0"), COMPOSE]
    assert bumper("init", "github", "-y", "-C", root / "web").code == 0
    assert (root / ".github/workflows/bumper.yml").is_file()


def test_a_folder_with_its_own_config_and_one_without_any_are_as_they_were(root: Path) -> None:
    write(root, {"web/bumper.yaml": "defaults: {policy: patch}\n"})
    assert (
        "compose.yaml:1  nginx 1.25.3  ignored"
        not in bumper("plan", "-C", root / "web", "--offline").out
    )
    (root / "web/bumper.yaml").unlink()
    (root / "bumper.yaml").unlink()
    assert bumper("scan", "-C", root / "web", "-f", "plain").out.startswith("compose.yaml:1:")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("bumper.yml", "bumper.yml: no config is read from this name [no-config]\n hint: name it bumper.yaml\n", id="the-other-ending"),
        pytest.param(".github/bumper.yml", ".github/bumper.yml: no config is read from this name [no-config]\n hint: name it .github/bumper.yaml\n", id="the-other-ending-below"),
        pytest.param("bumper.yaml/x", "bumper.yaml: is no file that can be read [no-config]\n", id="a-folder"),
        pytest.param("", ".bumper.yaml: is no file that can be read [no-config]\n", id="a-link-to-nowhere"),
    ],
)  # fmt: skip
def test_a_config_that_would_count_for_nothing_is_a_mistake(
    tmp_path: Path, name: str, said: str
) -> None:
    if name:
        write(tmp_path, {name: "version: 1\n"})
    else:
        (tmp_path / ".bumper.yaml").symlink_to("nowhere")
    ran = bumper("plan", "-C", tmp_path)
    assert (ran.code, ran.err) == (2, f"error: {said}")
