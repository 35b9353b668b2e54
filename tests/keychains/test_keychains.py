"""Where credentials come from: files, variables, helper programs, clouds; one row each."""

from __future__ import annotations

import base64
import json
import os
from typing import TYPE_CHECKING

import pytest

from bumper import catalog
from bumper.config.read import read
from bumper.errors import BumperError, RegistryError, UsageError
from bumper.keychains import environment, shepherd
from bumper.keychains.chain import Chain
from bumper.keychains.docker_config import DockerConfig
from bumper.keychains.environment import Environment
from bumper.keychains.variables import Variables
from tests.canaries import canary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bumper.keychains.base import Credentials

HUB = "https://index.docker.io/v1/"


SECRET = canary("failing")


def pair(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def shown(found: Credentials | None) -> tuple[str, str, bool] | None:
    return None if found is None else (found.username, found.secret, found.identity_token)


@pytest.mark.parametrize(
    ("config", "registry", "repository", "expected"),
    [
        pytest.param({"auths": {"r.example": {"auth": pair("ada:pa:ss")}}}, "r.example", "a",
                     ("ada", "pa:ss", False), id="auth-with-a-colon-in-the-password"),
        pytest.param({"auths": {"r.example": {"username": "ada", "password": "pä"}}}, "r.example", "a",
                     ("ada", "pä", False), id="username-and-password"),
        pytest.param({"auths": {"r.example": {"auth": pair("0000:"), "identitytoken": "idt"}}}, "r.example", "a",
                     ("0000", "idt", True), id="identity-token"),
        pytest.param({"auths": {"r.example": {}}}, "r.example", "a", None, id="empty-entry"),
        pytest.param({}, "r.example", "a", None, id="empty-file"),
        pytest.param([], "r.example", "a", None, id="no-mapping"),
        pytest.param({"auths": {HUB: {"auth": pair("a:b")}}}, "docker.io", "library/nginx", ("a", "b", False), id="docker-hub"),
        pytest.param({"auths": {"docker.io": {"auth": pair("a:b")}}}, "docker.io", "x/y", ("a", "b", False), id="docker-hub-by-name"),
        pytest.param({"auths": {"registry-1.docker.io": {"auth": pair("a:b")}}}, "docker.io", "x/y", ("a", "b", False), id="alias"),
        pytest.param({"auths": {"https://r.example/v2/": {"auth": pair("a:b")}}}, "r.example", "x", ("a", "b", False), id="url"),
        pytest.param({"auths": {"r.example:5000": {"auth": pair("a:b")}}}, "r.example", "x", None, id="other-port"),
        pytest.param({"auths": {"r.example": {"auth": pair("a:b")}}}, "r.example:5000", "x", None, id="port-not-named"),
        pytest.param({"auths": {"r.example/team": {"auth": pair("a:b")}}}, "r.example", "team/app", ("a", "b", False), id="path"),
        pytest.param({"auths": {"r.example/team": {"auth": pair("a:b")}}}, "r.example", "team-evil/app", None, id="path-not-a-prefix"),
        pytest.param({"auths": {"r.example": {"auth": pair("a:b")}, "r.example/team": {"auth": pair("c:d")}}},
                     "r.example", "team/app", ("c", "d", False), id="longest-path"),
        pytest.param({"auths": {"*.r.example": {"auth": pair("a:b")}}}, "x.r.example", "a", ("a", "b", False), id="kubernetes-glob"),
        pytest.param({"auths": {"*.r.example": {"auth": pair("a:b")}}}, "x.y.r.example", "a", None, id="glob-is-one-label"),
        pytest.param({"auths": {"*.r.example": {"auth": pair("a:b")}}}, "x.r.example.evil", "a", None, id="glob-is-anchored"),
        pytest.param({"auths": {"*": {"auth": pair("a:b")}}}, "r.example", "a", None, id="glob-of-all-is-one-label"),
    ],
)  # fmt: skip
def test_row_56_dockers_config(
    config: object, registry: str, repository: str, expected: tuple[str, str, bool] | None
) -> None:
    found = DockerConfig("config", json.dumps(config)).credentials(registry, None, repository)
    assert shown(found) == expected


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param('{"auths": {"r.example": {"auth": "s3cret!!"}}}', "r.example", id="not-base64"),
        pytest.param(json.dumps({"auths": {"r.example": {"auth": pair(SECRET)}}}), "colon", id="no-colon"),
        pytest.param('{"auths": {"r.example": {"auth": "s3cret"', "config", id="not-json"),
        pytest.param("[" * 50_000, "config", id="too-deep"),
    ],
)  # fmt: skip
def test_row_56_a_fault_names_the_key_and_not_the_value(text: str, named: str) -> None:
    with pytest.raises(BumperError) as caught:
        DockerConfig("config", text.replace("s3cret", SECRET)).credentials("r.example")
    assert caught.value.code == "docker-config"
    assert named in caught.value.message
    assert SECRET not in caught.value.message
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("variables", "file"),
    [
        ({"DOCKER_CONFIG": "{tmp}"}, "config.json"),
        ({"DOCKER_CONFIG": "{tmp}"}, ".dockerconfigjson"),
        ({"DOCKER_CONFIG": "{tmp}/mounted"}, "mounted"),
        ({"HOME": "{tmp}"}, ".docker/config.json"),
        ({"HOME": "{tmp}"}, ".config/containers/auth.json"),
        ({"XDG_RUNTIME_DIR": "{tmp}", "HOME": "/none"}, "containers/auth.json"),
        ({"REGISTRY_AUTH_FILE": "{tmp}/a.json", "HOME": "/none"}, "a.json"),
    ],
)
def test_row_56_the_files_of_docker_podman_and_kubernetes(
    tmp_path: Path, variables: Mapping[str, str], file: str
) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"auths": {"r.example": {"auth": pair("a:b")}}}))
    told = {name: value.format(tmp=tmp_path) for name, value in variables.items()}
    chain = Chain(DockerConfig.of(told), {})
    assert shown(chain.find("r.example", "x")) == ("a", "b", False)


def test_dockers_config_may_stand_in_a_variable() -> None:
    text = json.dumps({"auths": {"r.example": {"auth": pair("a:b")}}})
    chain = Chain(DockerConfig.of({"DOCKER_AUTH_CONFIG": text, "HOME": "/none"}), {})
    assert shown(chain.find("r.example", "x")) == ("a", "b", False)


def helper(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = folder / "docker-credential-test"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.mark.parametrize(
    ("config", "registry", "asked_for"),
    [
        ({"credHelpers": {"r.example": "test"}}, "r.example", "r.example"),
        ({"credsStore": "test"}, "docker.io", HUB),
        ({"credsStore": "test"}, "r.example:5000", "r.example:5000"),
    ],
)
def test_row_56_a_helper_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: object, registry: str, asked_for: str
) -> None:
    told = '{"ServerURL":"x","Username":"ada","Secret":"of-the-helper"}'
    helper(tmp_path, monkeypatch, f"cat > {tmp_path}/asked; [ $1 = get ] && echo '{told}'")
    found = DockerConfig("config", json.dumps(config)).credentials(registry)
    assert shown(found) == ("ada", "of-the-helper", False)
    assert (tmp_path / "asked").read_text() == asked_for


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        pytest.param("""echo '{"Username":"<token>","Secret":"idt"}'""", ("", "idt", True), id="identity-token"),
        pytest.param("echo 'credentials not found in native keychain'; exit 1", None, id="knows-nothing"),
        pytest.param("echo s3cret >&2; exit 1", "credential-helper", id="row-57-fails-and-prints-it"),
        pytest.param("echo s3cret", "credential-helper", id="row-57-junk"),
        pytest.param("""echo '{"Username":"a"}'""", "credential-helper", id="row-57-half"),
        pytest.param("""echo '{"Username":"a","Secret":["s3cret"]}'""", "credential-helper", id="row-57-list"),
        pytest.param("sleep 5", "credential-helper", id="row-57-slow"),
    ],
)  # fmt: skip
def test_row_57_a_helpers_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, outcome: object
) -> None:
    monkeypatch.setattr("bumper.keychains.helpers._SECONDS", 0.5)
    helper(tmp_path, monkeypatch, script.replace("s3cret", SECRET))
    keychain = DockerConfig("config", json.dumps({"credsStore": "test"}))
    try:
        found: object = shown(keychain.credentials("r.example"))
    except BumperError as error:
        found = "LEAK" if SECRET in f"{error.message}{error.hint}" else error.code
    assert found == outcome


@pytest.mark.parametrize("name", ["missing-one", "../../bin/sh", "a b", "-x", ""])
def test_row_57_a_helper_that_is_not_there(name: str) -> None:
    keychain = DockerConfig("config", json.dumps({"credHelpers": {"r.example": name}}))
    if name:
        with pytest.raises(BumperError):
            keychain.credentials("r.example")
    else:
        assert keychain.credentials("r.example") is None


@pytest.mark.parametrize(
    ("variables", "registry", "expected"),
    [
        ({"BUMPER_REGISTRY_R_EXAMPLE_TOKEN": "t"}, "r.example", ("token", "t", False)),
        ({"BUMPER_REGISTRY_R_EXAMPLE_USERNAME": "u", "BUMPER_REGISTRY_R_EXAMPLE_PASSWORD": "p"}, "r.example", ("u", "p", False)),
        ({"BUMPER_REGISTRY_MY__REG_EXAMPLE___5000_TOKEN": "t"}, "my-reg.example:5000", ("token", "t", False)),
        ({"BUMPER_REGISTRY_MY__REG_EXAMPLE_TOKEN": "t"}, "my.reg.example", None),
        ({"GITHUB_TOKEN": "g", "GITHUB_ACTOR": "ada"}, "ghcr.io", ("ada", "g", False)),
        ({"GITHUB_TOKEN": "g"}, "r.example", None),
        ({"GITHUB_TOKEN": "g", "GITHUB_SERVER_URL": "https://gitea.example"}, "ghcr.io", None),
        ({"BUMPER_REGISTRY_GHCR_IO_TOKEN": "mine", "GITHUB_TOKEN": "g"}, "ghcr.io", ("token", "mine", False)),
        ({}, "r.example", None),
    ],
)  # fmt: skip
def test_the_environment(
    variables: Mapping[str, str], registry: str, expected: tuple[str, str, bool] | None
) -> None:
    assert shown(Environment(variables).credentials(registry)) == expected


def test_no_two_hosts_share_a_variable() -> None:
    hosts = [
        "a.b",
        "a-b",
        "a--b",
        "ab",
        "a.b:5000",
        "a-b:5000",
        "a.b.5000",
        "a-b-5000",
        "a---b",
        "a.b-c",
        "a-b.c",
    ]
    assert len({environment.variable(host) for host in hosts}) == len(hosts)


def test_a_file_of_a_variable_is_read_when_it_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of the file\r\n")
    told = {"A_FILE": str(tmp_path / "secret"), "B": "itself", "B_FILE": "/none", "C_FILE": "/none"}
    variables = Variables(told)
    assert (variables["A"], variables["B"]) == ("of the file", "itself")
    assert "D" not in variables
    with pytest.raises(UsageError) as caught:
        variables.get("C")
    assert "C_FILE" in caught.value.message


GOOD = "# id\tregistry\tlogin\tpassword\nteam\tr.example\tada\tpass word\nhub\t\tbob\tx\n\nteam\tother.example\tcarl\ty"


def test_shepherds_registries_file(tmp_path: Path) -> None:
    path = tmp_path / "registries"
    path.write_text(GOOD.replace("hub\t\t", "hub\thttps://index.docker.io/v1/\t"))
    keychain = shepherd.Shepherd.of({"REGISTRIES_FILE": str(path)})
    assert shown(keychain.credentials("r.example", "team")) == ("ada", "pass word", False)
    assert shown(keychain.credentials("other.example", "team")) == ("carl", "y", False)
    assert shown(keychain.credentials("docker.io", "hub")) == ("bob", "x", False)
    assert keychain.credentials("docker.io", "team") is None
    assert keychain.credentials("r.example") is None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param("team\tr.example\tada", "four columns", id="three"),
        pytest.param("team\tr.example\tada\ts3cret\tmore", "four columns", id="five"),
        pytest.param("team r.example ada s3cret", "four columns", id="blanks"),
        pytest.param("team\t\tada\ts3cret", "four columns", id="empty"),
        pytest.param("a\tb\tc\td\na\tb\tc\ts3cret", "above already", id="twice"),
    ],
)
def test_shepherds_file_a_bad_line_is_an_error_with_its_number(line: str, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        shepherd.read(f"# a comment\n{line}\n".replace("s3cret", SECRET), "registries")
    number = 2 + line.count("\n")
    assert caught.value.message.startswith(f"registries:{number}:")
    assert why in caught.value.message
    assert SECRET not in caught.value.message


CONFIG = """registries:
  r.example:
    username: usual
    password: $PASSWORD
    accounts:
      team: {username: team, token: $TEAM}
  r.example/shared:
    username: shared
    password: $SHARED
"""


def test_the_config_names_accounts_and_paths(tmp_path: Path) -> None:
    (tmp_path / "team").write_text("of-the-team\n")
    variables = {
        "PASSWORD": "of-the-host",
        "SHARED": "of-the-path",
        "TEAM_FILE": str(tmp_path / "team"),
        "HOME": "/none",
    }
    config = read("bumper.yaml", CONFIG).config
    chain = Chain(
        catalog.keychains(config, variables),
        {"r.example/team/app": "team", "r.example/x": "nobody"},
    )
    assert shown(chain.find("r.example", "app")) == ("usual", "of-the-host", False)
    assert shown(chain.find("r.example", "shared/app")) == ("shared", "of-the-path", False)
    assert shown(chain.find("r.example", "shared-evil/app")) == ("usual", "of-the-host", False)
    assert shown(chain.find("r.example", "team/app")) == ("team", "of-the-team", False)
    with pytest.raises(RegistryError) as caught:
        chain.find("r.example", "x")
    assert caught.value.code == "no-account"
    assert "nobody" in caught.value.message


def test_a_keychain_that_cannot_be_read_costs_its_registry_alone(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"auths": {"r.example": {"auth": "!"}}}')
    chain = Chain(DockerConfig.of({"DOCKER_CONFIG": str(tmp_path)}), {})
    assert chain.find("other.example", "x") is None
    with pytest.raises(RegistryError) as caught:
        chain.find("r.example", "x")
    assert caught.value.code == "docker-config"
