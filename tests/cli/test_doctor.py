"""`doctor`: one line a check, one fix a fault; what a forge or a registry does not say is not made up."""

from __future__ import annotations

import json
import os
import re
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bumper.cli import checkup, checkup_forge
from bumper.cli.check import BROKEN, GOOD, LOOK, Check
from bumper.http import Response
from tests.canaries import canary
from tests.fakes import real_gitea
from tests.fakes.http_server import Answer, serve
from tests.support import bumper, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.http_server import Asked, Server

DIGEST = f"sha256:{'a' * 64}"
MAY = {"permissions": {"admin": False, "push": True, "pull": True}}


class World:
    """A forge and a registry behind one address; each test bends an answer."""

    server: Server

    def __init__(self) -> None:
        self.repository: tuple[int, Any] = (200, MAY)
        self.user: tuple[int, Any] = (200, {"login": "bumper-bot"})
        self.workflow: tuple[int, Any] = (403, {"message": "Resource not accessible"})
        self.orders: dict[str, tuple[int, Any]] = {}
        self.manifest = 200
        self.headers: tuple[tuple[str, str], ...] = ()
        self.pulls = ""

    def answer(self, asked: Asked) -> Answer:
        path = asked.path
        if path.startswith("/v2/"):
            left = (("ratelimit-remaining", self.pulls),) if self.pulls else ()
            digest = (("docker-content-digest", DIGEST), *left)
            return Answer(self.manifest if "manifests" in path else 200, b"", digest)
        if asked.method == "POST":
            assert asked.body == b"{}", "an order that names what to make could make it"
            told = self.orders.get(path.rpartition("/")[2], (422, {"message": "[Name]: Required"}))
            return Answer(told[0], json.dumps(told[1]).encode())
        told = (
            self.workflow if path.endswith("/permissions/workflow")
            else self.repository if path.endswith("/repos/acme/gitops")
            else self.user
        )  # fmt: skip
        return Answer(told[0], json.dumps(told[1]).encode(), self.headers)


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    with serve(made.answer) as made.server:
        yield made


@pytest.fixture
def root(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    host = world.server.host
    forge = f"forge: {{kind: gitea, url: 'http://{host}', slug: acme/gitops}}\n"
    config = f"version: 1\n{forge}registries:\n  {host}:\n    insecure: true\n"
    compose = f"services:\n  api:\n    image: {host}/acme/api:1.0\n"
    write(tmp_path, {"bumper.yaml": config, "compose.yaml": compose})
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example"]
    for command in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        ["commit", "-qm", "a"],
        ["remote", "add", "origin", "https://git.acme.example/acme/gitops.git"],
    ):
        subprocess.run([*git, *command], check=True)
    monkeypatch.setenv("BUMPER_TOKEN", canary("forge"))
    return tmp_path


def checks(root: Path, *flags: str) -> tuple[int, dict[str, list[Check]]]:
    """The exit code, and the checks by name."""
    ran = bumper("doctor", "-C", root, "-f", "json", *flags)
    found: dict[str, list[Check]] = {}
    for one in json.loads(ran.out)["checks"]:
        found.setdefault(one["name"].split()[0], []).append(Check(**one))
    return ran.code, found


def test_all_is_well(root: Path) -> None:
    code, found = checks(root)
    assert code == 0
    assert {one.state for several in found.values() for one in several} == {GOOD}
    assert found["token"][0].told == "may push, open pull requests"
    assert "bumper-bot" in found["pull"][0].told
    assert "main at" in found["repository"][0].told


LACKS = (403, {"message": "token does not have at least one of required scope(s)"})
FAULTS = [
    pytest.param({"repository": (401, {})}, "forge", BROKEN, "new token", id="401-the-token-is-none"),
    pytest.param({"repository": (404, {})}, "forge", BROKEN, "forge.slug", id="404-hidden-or-misspelled"),
    pytest.param({"repository": (200, {"permissions": {"push": False}})}, "token", BROKEN, "write:repository", id="may-only-read"),
    pytest.param({"repository": (200, {})}, "token", LOOK, "write:repository", id="the-forge-does-not-say"),
    pytest.param({"user": (200, {"login": "gitea-actions"})}, "pull", LOOK, "bot user", id="no-ci-on-the-jobs-own-token"),
    pytest.param({"orders": {"branches": LACKS}}, "token", BROKEN, "write:repository", id="the-user-may-push-and-the-token-not"),
    pytest.param({"orders": {"labels": LACKS}}, "token", BROKEN, "write:issue", id="no-labels-and-no-comments"),
    pytest.param({"user": (403, {})}, "pull", GOOD, "", id="a-token-that-names-nobody"),
    pytest.param({"manifest": 401}, "registry", BROKEN, "registries", id="the-registry-denies"),
    pytest.param({"manifest": 404}, "registry", LOOK, "spelling", id="the-image-is-not-there"),
    pytest.param({"pulls": "7;w=21600"}, "registry", LOOK, "log in", id="few-pulls-are-left"),
]  # fmt: skip


@pytest.mark.parametrize(("bent", "name", "state", "fix"), FAULTS)
def test_a_fault_has_a_fix(
    bent: dict[str, Any], name: str, state: str, fix: str, root: Path, world: World
) -> None:
    for key, value in bent.items():
        setattr(world, key, value)
    code, found = checks(root)
    assert code == (1 if state == BROKEN else 0)
    assert [one.state for one in found[name]] == [state]
    assert fix in found[name][0].fix
    assert [
        one for several in found.values() for one in several if one.state != GOOD and not one.fix
    ] == []


@pytest.mark.parametrize(
    ("told", "words"),
    [
        pytest.param({"archived": True}, "archived", id="archived"),
        pytest.param({"has_pull_requests": False}, "turned off", id="without-pull-requests"),
    ],
)
def test_a_repository_that_takes_none(
    told: dict[str, Any], words: str, root: Path, world: World
) -> None:
    world.repository = (200, {**MAY, **told})
    code, found = checks(root)
    assert code == 1
    assert words in found["forge"][1].told


@pytest.mark.parametrize(
    ("block", "told"),
    [
        pytest.param("notify: [{webhook: $HOOK_NOT_SET}]", [(LOOK, "notify[0].webhook: the environment variable HOOK_NOT_SET is not set")], id="a-variable"),
        pytest.param("notify: [{shoutrrr: 'teams://canary', name: ops}]", [(LOOK, "no service 'teams' to translate")], id="an-address"),
        pytest.param("notify: [{webhook: 'https://a.example'}, {summary: x}]", [(GOOD, "2 channels; `bumper notify test` tries each")], id="all-can-be-told"),
        pytest.param("", [], id="none-is-named"),
    ],
)  # fmt: skip
def test_the_channels_that_cannot_be_told(
    block: str, told: list[tuple[str, str]], root: Path
) -> None:
    text = (root / "bumper.yaml").read_text(encoding="utf-8")
    write(root, {"bumper.yaml": f"{text}{block}\n"})
    code, found = checks(root)
    assert (code, [(one.state, one.told) for one in found.get("notify", [])]) == (0, told)


def test_the_base_is_the_one_of_the_config(root: Path) -> None:
    text = (root / "bumper.yaml").read_text(encoding="utf-8")
    write(root, {"bumper.yaml": text.replace("slug:", "base: release, slug:")})
    code, found = checks(root)
    assert (code, found["repository"][0].told) == (1, "branch release: has no commit here")
    subprocess.run(["git", "-C", root, "branch", "release"], check=True)
    subprocess.run(["git", "-C", root, "checkout", "-q", "--detach"], check=True)
    code, found = checks(root)
    assert (code, found["repository"][0].told[:11]) == (0, "release at ")


NOW = datetime(2026, 11, 23, 5, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "states"),
    [
        pytest.param("Mon, 23 Nov 2026 05:17:20 GMT", [GOOD], id="seconds-off"),
        pytest.param("Mon, 23 Nov 2026 03:17:00 GMT", [LOOK], id="hours-ahead"),
        pytest.param("Mon, 23 Nov 2026 07:17:00 GMT", [LOOK], id="hours-behind"),
        pytest.param("soon", [], id="no-time-says-nothing"),
        pytest.param("", [], id="no-header-says-nothing"),
    ],
)
def test_the_clock(date: str, states: list[str]) -> None:
    answer = Response(200, {"date": date}, b"", "")
    assert [one.state for one in checkup_forge._clock(answer, NOW)] == states


@pytest.mark.parametrize(
    ("bent", "of_job", "state", "words"),
    [
        pytest.param({}, False, GOOD, "CI starts", id="a-token-of-its-own"),
        pytest.param({}, True, LOOK, "wait for an approval", id="the-jobs-own-token"),
        pytest.param({"workflow": (200, {"can_approve_pull_request_reviews": False})}, True, BROKEN, "may open none", id="actions-may-open-none"),
    ],
)  # fmt: skip
def test_github_says_whether_ci_starts(
    bent: dict[str, Any],
    of_job: bool,  # noqa: FBT001 - a column of the table
    state: str,
    words: str,
    root: Path,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = (root / "bumper.yaml").read_text(encoding="utf-8").replace("kind: gitea", "kind: github")
    (root / "bumper.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("GITHUB_API_URL", f"{world.server.url}/api/v3")
    if of_job:
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        monkeypatch.setenv("GITHUB_TOKEN", canary("forge"))
    for key, value in bent.items():
        setattr(world, key, value)
    _, found = checks(root)
    assert found["pull"][0].state == state
    assert words in found["pull"][0].told


def test_no_token_is_told_and_the_registries_are_asked_all_the_same(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BUMPER_TOKEN")
    code, found = checks(root)
    assert code == 1
    assert "no token" in found["forge"][0].told
    assert found["registry"][0].state == GOOD


def test_the_token_is_sent_to_the_forge_alone(root: Path, world: World) -> None:
    checks(root)
    sent = {one.path.split("?")[0] for one in world.server.asked if "authorization" in one.headers}
    repository = "/api/v1/repos/acme/gitops"
    asked = ("", "/branches", "/labels", "/collaborators/acme/permission")
    assert sent == {"/api/v1/user", *(f"{repository}{one}" for one in asked)}


def test_offline_asks_nobody(root: Path, world: World) -> None:
    code, found = checks(root, "--offline")
    assert code == 0
    assert found["network"][0].state == LOOK
    assert world.server.asked == []


def test_a_config_with_mistakes_is_broken(root: Path) -> None:
    (root / "bumper.yaml").write_text("version: 1\nrulez: []\n", encoding="utf-8")
    code, found = checks(root)
    assert code == 1
    assert "bumper.yaml:2" in found["config"][0].told


def test_a_secret_that_is_not_there_is_a_line_of_its_own(root: Path) -> None:
    path = root / "bumper.yaml"
    text = path.read_text(encoding="utf-8").replace("insecure: true", "token: $NOT_SET")
    path.write_text(text, encoding="utf-8")
    assert "$NOT_SET" in text
    code, found = checks(root)
    assert code == 1
    assert any("NOT_SET is not set" in one.told for each in found.values() for one in each)
    assert found["forge"][0].state == GOOD


def test_a_shallow_clone_is_told_and_no_fault(root: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    command = ["git", "clone", "-q", "--depth", "1", root.as_uri(), str(clone)]
    subprocess.run(command, check=True)
    _, found = checks(clone, "--offline")
    assert found["repository"][0].state == GOOD
    assert "shallow" in found["repository"][0].told


def test_no_repository_is_broken(tmp_path: Path) -> None:
    code, found = checks(tmp_path, "--offline")
    assert code == 1
    assert found["repository"][0].fix


@pytest.fixture(scope="module")
def gitea(tmp_path_factory: pytest.TempPathFactory) -> Iterator[real_gitea.Gitea]:
    folder = tmp_path_factory.mktemp("gitea")
    try:
        with real_gitea.serve(folder) as served:
            served.place("gitops")
            yield served
    except FileNotFoundError:
        pytest.skip("set BUMPER_TEST_GITEA_BIN to a Gitea or Forgejo binary to run this")


def turn(
    root: Path, gitea: real_gitea.Gitea, patch: pytest.MonkeyPatch, person: str, scopes: str
) -> None:
    """Turn the folder to the real server, with a new token of a person."""
    command = [
        os.environ["BUMPER_TEST_GITEA_BIN"], "admin", "user", "generate-access-token", "-c", str(gitea.folder / "app.ini"),
        "-u", person, "-t", f"{scopes} {len(list(root.iterdir()))}", "--scopes", scopes, "--raw",
    ]  # fmt: skip
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    patch.setenv("BUMPER_TOKEN", made.stdout.split()[-1])
    text = (root / "bumper.yaml").read_text(encoding="utf-8")
    forge = f"forge: {{kind: gitea, url: '{gitea.url}', slug: acme/gitops}}\n"
    (root / "bumper.yaml").write_text(re.sub("forge: .*\n", forge, text), encoding="utf-8")


@pytest.mark.parametrize(
    ("scopes", "state"),
    [
        pytest.param("write:repository,write:issue", GOOD, id="what-is-needed"),
        pytest.param("all", GOOD, id="everything"),
        pytest.param("write:repository", BROKEN, id="no-issues"),
        pytest.param("read:repository,read:user", BROKEN, id="read-only-though-the-user-may-push"),
    ],
)
def test_what_a_token_may_on_a_real_gitea(
    scopes: str, state: str, root: Path, gitea: real_gitea.Gitea, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(root, gitea, monkeypatch, "acme", scopes)
    before = gitea.call("GET", "/repos/acme/gitops")["updated_at"]
    _, found = checks(root)
    assert found["token"][0].state == state
    assert found["clock"][0].state == GOOD
    assert gitea.call("GET", "/repos/acme/gitops/labels") == []
    assert gitea.call("GET", "/repos/acme/gitops")["updated_at"] == before


def test_who_may_ask_and_what_a_merge_needs_on_a_real_gitea(
    root: Path, gitea: real_gitea.Gitea, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(root, gitea, monkeypatch, "grace", "write:repository,write:issue")
    with (root / "bumper.yaml").open("a", encoding="utf-8") as file:
        file.write("defaults: {automerge: patch}\n")

    def said() -> list[tuple[str, str]]:
        _, found = checks(root)
        assert found["token"][0].state == GOOD
        assert found["comments"][0].state == LOOK
        return [(one.state, one.told) for one in found["merging"]]

    assert said() == [(BROKEN, "there is no branch `main`")]
    path = "/repos/acme/gitops"
    gitea.call("POST", f"{path}/contents/a", {"content": "", "message": "a", "branch": "main"})
    assert said() == [(LOOK, "`main` requires no checks, so nothing is merged by itself")]
    rule = {"rule_name": "main", "enable_status_check": True, "status_check_contexts": ["ci"]}
    gitea.call("POST", f"{path}/branch_protections", rule)
    ((state, told),) = said()
    assert (state, told.startswith("`main` requires no review")) == (LOOK, True)
    gitea.call("PATCH", f"{path}/branch_protections/main", {"required_approvals": 2})
    assert said() == [(GOOD, "by itself once `main` has 2 approvals and green checks")]


CHECKS = [Check("git", GOOD, "2.47"), Check("token", BROKEN, "may \x1b[2Jread", "give it more")]


def test_each_line_is_a_mark_a_word_and_a_fix() -> None:
    text = checkup.told(CHECKS)
    lines = [
        line.replace("\x1b[32m", "").replace("\x1b[31m", "").replace("\x1b[0m", "")
        for line in text.splitlines()
    ]
    assert lines == [
        "✓ good    git    2.47",
        "✗ broken  token  may \ufffd[2Jread",
        "                 fix: give it more",
    ]  # fmt: skip


def test_a_terminal_without_the_marks_gets_plain_ones() -> None:
    checkup.told(CHECKS, encoding="latin-1").replace("\ufffd", "").encode("ascii")
