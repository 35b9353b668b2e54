"""A real Gitea on loopback, from the binary that BUMPER_TEST_GITEA_BIN names. A real part, no fake."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.fakes.docker_registry import free_port
from tests.fakes.forge import ticked
from tests.fakes.there import Beside, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Gitea", "serve"]

_SETTINGS = """I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
RUN_MODE = prod
RUN_USER = {user}
WORK_PATH = {folder}
[database]
DB_TYPE = sqlite3
PATH = {folder}/gitea.db
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = {port}
ROOT_URL = http://127.0.0.1:{port}/
DISABLE_SSH = true
OFFLINE_MODE = true
[repository]
ROOT = {folder}/repositories
[security]
INSTALL_LOCK = true
[log]
LEVEL = error
"""


@dataclass
class _Place:
    """One repository of the server; what it holds stands for the writes that came in."""

    server: Gitea
    slug: str
    bare: Path
    settings: str

    @property
    def url(self) -> str:
        return f"{self.server.url}/{self.slug}.git"

    @property
    def push(self) -> tuple[str, ...]:
        return (self.url.replace("://", f"://acme:{self.server.token}@"),)

    def _pulls(self) -> list[dict[str, Any]]:
        listed = self.server.call("GET", f"/repos/{self.slug}/pulls?state=all&limit=50")
        return sorted(listed, key=lambda one: int(one["number"]))

    def pulls(self) -> list[Seen]:
        return [
            Seen(
                one["number"], one["title"], one["body"], one["state"], one["head"]["label"],
                tuple(label["name"] for label in one["labels"]), one["base"]["label"],
            )
            for one in self._pulls()
        ]  # fmt: skip

    def beside(self, number: int) -> Beside:
        one = self.server.call("GET", f"/repos/{self.slug}/pulls/{number}")
        said = self.server.call("GET", f"/repos/{self.slug}/statuses/{one['head']['sha']}")
        return Beside(
            tuple(user["login"] for user in one["requested_reviewers"] or ()),
            tuple(user["login"] for user in one["assignees"] or ()),
            (one["milestone"] or {}).get("title", ""),
            one.get("draft", one["title"].startswith("WIP: ")),  # Gitea 1.21 does not tell
            "".join(entry["status"] for entry in said[:1]),
            self.page(),
        )

    def _issues(self) -> list[dict[str, Any]]:
        return list(self.server.call("GET", f"/repos/{self.slug}/issues?type=issues&state=all"))

    def page(self) -> str:
        return "".join(issue["body"] for issue in self._issues())

    def tick(self, box: str) -> None:
        (issue,) = self._issues()
        body = {"body": ticked(issue["body"], box)}
        self.server.call("PATCH", f"/repos/{self.slug}/issues/{issue['number']}", body)

    def merged_once_green(self, number: int) -> bool:
        """Say whether a pull request waits for its check, and is merged once that is green."""
        path = f"/repos/{self.slug}/pulls/{number}"
        time.sleep(1)
        one = self.server.call("GET", path)
        assert not one["merged"]
        status = {"context": "ci", "state": "success"}
        self.server.call("POST", f"/repos/{self.slug}/statuses/{one['head']['sha']}", status)
        for _ in range(100):
            if self.server.call("GET", path)["merged"]:
                return True
            time.sleep(0.1)
        return False

    def protect(self) -> None:
        rule = {"rule_name": "main", "enable_status_check": True, "status_check_contexts": ["ci"]}
        self.server.call("POST", f"/repos/{self.slug}/branch_protections", rule)

    def close(self, number: int) -> None:
        self.server.call("PATCH", f"/repos/{self.slug}/pulls/{number}", {"state": "closed"})

    def reword(self, number: int, body: str) -> None:
        self.server.call("PATCH", f"/repos/{self.slug}/pulls/{number}", {"body": body})

    def say(self, number: int, text: str) -> None:
        self.server.call("POST", f"/repos/{self.slug}/issues/{number}/comments", {"body": text})

    def said(self, number: int) -> list[str]:
        listed = self.server.call("GET", f"/repos/{self.slug}/issues/{number}/comments")
        return [one["body"] for one in listed]

    def writes(self) -> str:
        told = [(one["updated_at"], one["comments"], one["head"]["sha"]) for one in self._pulls()]
        branches = self.server.call("GET", f"/repos/{self.slug}/branches?limit=50")
        pages = [(one["updated_at"], one["pin_order"]) for one in self._issues()]
        return str([told, [(one["name"], one["commit"]["id"]) for one in branches], pages])

    def settle(self) -> None:
        """Wait until the server has worked off the pushes: it does so after answering them."""
        for _ in range(200):
            if not self.server.call("GET", f"/repos/{self.slug}")["empty"]:
                break
            time.sleep(0.1)
        same, seen = 0, self.writes()
        while same < 6:
            time.sleep(0.4)
            seen, before = self.writes(), seen
            same = same + 1 if seen == before else 0


@dataclass
class Gitea:
    """A running server with one user, `acme`, whose token bumper gets."""

    folder: Path
    url: str
    token: str

    def place(self, name: str) -> _Place:
        """Make an empty repository."""
        self.call("POST", "/user/repos", {"name": name, "default_branch": "main"})
        self.call("POST", f"/repos/acme/{name}/milestones", {"title": "Q1"})
        self.join(name, "grace")
        bare = self.folder / "repositories" / "acme" / f"{name}.git"
        return _Place(self, f"acme/{name}", bare, f"{{kind: gitea, url: '{self.url}'}}")

    def join(self, name: str, person: str) -> None:
        """Let another person write to a repository."""
        with contextlib.suppress(json.JSONDecodeError):  # an answer without a body
            self.call("PUT", f"/repos/acme/{name}/collaborators/{person}", {"permission": "write"})

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.url}/api/v1{path}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"token {self.token}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[Gitea]:
    """Serve with SQLite.

    Raises:
        FileNotFoundError: BUMPER_TEST_GITEA_BIN names no binary.
    """
    binary = os.environ.get("BUMPER_TEST_GITEA_BIN", "")
    if not Path(binary).is_file():
        raise FileNotFoundError(binary)
    port = free_port()
    user = Path.home().owner()
    config = folder / "app.ini"
    config.write_text(_SETTINGS.format(user=user, folder=folder, port=port), encoding="utf-8")
    process = subprocess.Popen(
        [binary, "web", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/api/v1/version")
        for name in ("grace", "acme"):
            _user(binary, config, "create", "--username", name, "--random-password", "--email",
                  f"{name}@example.org", "--must-change-password=false")  # fmt: skip
        token = _user(binary, config, "generate-access-token", "--username", "acme",
                      "--token-name", "test", "--scopes", "all", "--raw")  # fmt: skip
        yield Gitea(folder, url, token.split()[-1])
    finally:
        process.terminate()
        process.wait(timeout=20)


def _user(binary: str, config: Path, verb: str, *more: str) -> str:
    command = [binary, "admin", "user", verb, "-c", str(config), *more]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _wait_for(url: str) -> None:
    for _ in range(300):
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(url, timeout=1).close()
            return
        time.sleep(0.1)
    raise TimeoutError(url)
