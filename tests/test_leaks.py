"""Twenty canary secrets over a whole run: each is seen at its own place, and nowhere else at all.

Every registry is hostile: it repeats what it was shown in tags, labels, errors, redirects and headers.
"""

from __future__ import annotations

import base64
import contextlib
import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from bumper import redact
from bumper.keychains.environment import variable
from tests.canaries import NAMES, canary, forms
from tests.fakes import http_server, there
from tests.fakes.git_http import git
from tests.fakes.http_server import Answer
from tests.support import write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.http_server import Asked, Server

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DIGEST = f"sha256:{'0' * 64}"


@dataclass
class Registry:
    """A registry that wants a login, and repeats it wherever it can."""

    name: str
    bearer: bool = False
    away: str = ""
    fails: bool = False
    shown: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        shown = asked.headers.get("authorization", "")
        secret = shown.partition(" ")[2]
        if asked.path.startswith("/token"):
            form = parse_qs(asked.body.decode()).get("refresh_token", [""])[0]
            self.shown += [form, secret]
            return Answer(200, json.dumps({"token": canary(f"{self.name}-bearer")}).encode())
        if not shown:
            wants = 'Bearer realm="/token",service="s"' if self.bearer else 'Basic realm="x"'
            return Answer(401, headers=(("WWW-Authenticate", wants),))
        self.shown.append(secret)
        said = self._decoded(secret)
        echo = (("Warning", f'299 - "{said}"'), ("X-Echo", shown))
        if asked.path.endswith("/v2/"):
            return Answer(200)
        if self.fails:
            return Answer(
                400, json.dumps({"errors": [{"code": said, "message": shown}]}).encode(), echo
            )
        if "/tags/list" in asked.path:
            tags = ["1.0.0", "1.1.0", f"1.2.0-{said[:90]}", said[:100], secret[:100].rstrip("=")]
            return Answer(200, json.dumps({"name": said, "tags": tags}).encode(), echo)
        if "/blobs/" in asked.path:
            return Answer(307, b"", (("Location", f"{self.away}/blob"),))
        body = {
            "schemaVersion": 2, "mediaType": MANIFEST, "layers": [],
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": DIGEST, "size": 2},
            "annotations": {"org.opencontainers.image.source": f"https://x.example/{said}",
                            "org.opencontainers.image.description": shown, "org.opencontainers.image.revision": said},
        }  # fmt: skip
        return Answer(200, json.dumps(body).encode(), (("Content-Type", MANIFEST), *echo))

    def _decoded(self, secret: str) -> str:
        with contextlib.suppress(ValueError):
            return base64.b64decode(secret, validate=True).decode().partition(":")[2]
        return secret


REGISTRIES = {
    "config": Registry("config"),
    "token": Registry("token", bearer=True),
    "docker": Registry("docker"),
    "identity": Registry("identity", bearer=True),
    "env": Registry("env", bearer=True),
    "file": Registry("file"),
    "account": Registry("account"),
    "shepherd": Registry("shepherd", bearer=True),
    "helper": Registry("helper"),
    "failing": Registry("failing", fails=True),
}


@dataclass
class World:
    root: Path
    servers: dict[str, Server]
    registries: dict[str, Registry]
    elsewhere: Server
    forge: there.Fake
    environment: dict[str, str]
    seen: set[bytes] = field(default_factory=set)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the program as a child, its and its children's arguments sampled."""
        stop = threading.Event()
        watching = threading.Thread(target=self._watch, args=(stop,), daemon=True)
        watching.start()
        command = [sys.executable, "-m", "bumper", *arguments, "-C", str(self.root / "clone")]
        try:
            return subprocess.run(
                command,
                env=self.environment,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            stop.set()
            watching.join()

    def _watch(self, stop: threading.Event) -> None:
        while not stop.wait(0.002):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                with contextlib.suppress(OSError):
                    self.seen.add(path.read_bytes())


def settings(servers: dict[str, Server], forge: str) -> str:
    hosts = {name: server.host for name, server in servers.items()}
    lines = [f"forge: {forge}", "registries:"]
    own = {
        "config": "username: ada, password: $CONFIG_PASSWORD",
        "token": "token: $TOKEN_TOKEN",
        "file": "username: ada, password: $FILE_PASSWORD",
        "failing": "username: ada, password: $FAILING_PASSWORD",
        "account": "accounts: {team: {username: team, password: $ACCOUNT_PASSWORD},"
        " other: {username: other, password: $OTHER_PASSWORD}}",
    }
    for name, host in hosts.items():
        more = f", {own[name]}" if name in own else ""
        lines.append(f"  '{host}': {{insecure: true{more}}}")
    lines += ["rules:", f"  - {{match: '{hosts['account']}/*/*', auth: team}}"]
    lines += [f"  - {{match: '{hosts['shepherd']}/*/*', auth: deploy}}"]
    return "\n".join(lines) + "\n"


def environment(root: Path, servers: dict[str, Server]) -> dict[str, str]:
    hosts = {name: server.host for name, server in servers.items()}
    auths = {
        hosts["docker"]: {"auth": base64.b64encode(f"ada:{canary('docker')}".encode()).decode()},
        hosts["identity"]: {"identitytoken": canary("identity")},
    }
    config = {"auths": auths, "credHelpers": {hosts["helper"]: "canary"}}
    told = json.dumps({"Username": "ada", "Secret": canary("helper")})
    write(
        root,
        {
            "home/.docker/config.json": json.dumps(config),
            "home/.netrc": f"machine 127.0.0.1 login ada password {canary('netrc')}\n",
            "secret": canary("file") + "\n",
            "registries": f"deploy\t{hosts['shepherd']}\tada\t{canary('shepherd')}\n",
            "bin/docker-credential-canary": f"#!/bin/sh\necho '{told}'\n",
        },
    )
    (root / "bin/docker-credential-canary").chmod(0o755)
    (root / "home/.netrc").chmod(0o600)
    return {
        "PATH": f"{root / 'bin'}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "HOME": str(root / "home"),
        "BUMPER_CACHE_DIR": str(root / "cache"),
        "BUMPER_TOKEN": there.TOKEN,
        "CONFIG_PASSWORD": canary("config"),
        "TOKEN_TOKEN": canary("token"),
        "FILE_PASSWORD_FILE": str(root / "secret"),
        "FAILING_PASSWORD": canary("failing"),
        "ACCOUNT_PASSWORD": canary("account"),
        "OTHER_PASSWORD": canary("other-account"),
        f"{variable(hosts['env'])}_TOKEN": canary("env"),
        "REGISTRIES_FILE": str(root / "registries"),
        "GH_TOKEN": canary("GH_TOKEN"),
        "AWS_SECRET_ACCESS_KEY": canary("AWS_SECRET_ACCESS_KEY"),
        "http_proxy": f"http://ada:{canary('proxy')}@127.0.0.1:9",
        "no_proxy": "127.0.0.1",
    }


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    redact.forget()
    with contextlib.ExitStack() as stack:
        elsewhere = stack.enter_context(http_server.serve(lambda _: Answer(200, b"{}")))
        servers = {}
        for name, registry in REGISTRIES.items():
            registry.away = elsewhere.url
            registry.shown.clear()
            servers[name] = stack.enter_context(http_server.serve(registry.answer))
        forge = stack.enter_context(there.fake("gitea", tmp_path / "forge"))
        images = "".join(
            f"  {name}:\n    image: {server.host}/{name}/app:1.0.0\n"
            for name, server in servers.items()
        )
        files = {
            "compose.yaml": f"services:\n{images}",
            "bumper.yaml": settings(servers, forge.settings),
        }
        clone = tmp_path / "clone"
        write(clone, files)
        git(clone, "init", "-q", "-b", "main")
        git(clone, "add", "--all")
        git(clone, "commit", "-q", "-m", "start")
        git(clone, "remote", "add", "origin", forge.url)
        git(clone, "push", "-q", *forge.push, "main")
        git(clone, "fetch", "-q", forge.bare.as_posix(), "main:refs/remotes/origin/main")
        told = environment(tmp_path, servers)
        yield World(tmp_path, servers, REGISTRIES, elsewhere, forge, told)
        redact.forget()


def objects(folder: Path) -> str:
    """Every object of a Git repository, its references and its logs."""
    listed = git(
        folder, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"
    )
    kinds = [line.split() for line in listed.splitlines()]
    texts = [git(folder, "cat-file", "-p", name) for name, kind in kinds if kind != "tree"]
    return "\n".join([*texts, git(folder, "for-each-ref")])


def kept(folder: Path) -> str:
    return "".join(
        path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()
    )


def test_row_235_twenty_canaries_are_seen_at_their_own_places_alone(world: World) -> None:
    record = world.root / "record.json"
    planned = world.run("plan", "-vv", "-f", "json", "--record", str(record))
    ran = world.run("run", "-vv", "-f", "json")
    told = world.run("plan", "-vv", "-f", "plain")

    secrets = {name: canary(name) for name in NAMES}
    assert len(set(secrets.values())) == 20
    # The run did its work: nine registries answered and were bumped, the tenth failed.
    assert ran.returncode == 4, ran.stderr
    assert len(world.forge.pulls()) == 9, ran.stdout

    texts = {
        "stdout": planned.stdout + ran.stdout + told.stdout,
        "stderr": planned.stderr + ran.stderr + told.stderr,
        "pull requests": str(world.forge.pulls()),
        "forge's exchanges": str(
            [(call.path, call.body) for call, _, _ in world.forge.forge.exchanges]
        ),
        "git, here": objects(world.root / "clone"),
        "git, there": objects(world.forge.bare),
        "record": record.read_text(),
        "cache": kept(world.root / "cache"),
        "arguments": b" ".join(world.seen).decode("latin-1"),
        "elsewhere": str(world.elsewhere.asked),
    }
    for name, server in world.servers.items():
        texts[f"registry {name}"] = str(server.asked)
    own = {f"registry {name}": {name, f"{name}-bearer"} for name in REGISTRIES}
    leaks = [
        (name, place)
        for place, text in texts.items()
        for name, secret in secrets.items()
        if name not in own.get(place, ()) and any(form in text for form in forms(secret))
    ]
    assert leaks == []
    # And the test bites: each registry did receive its own, and something went elsewhere without one.
    for name in REGISTRIES:
        assert any(form in texts[f"registry {name}"] for form in forms(secrets[name])), name
    assert world.elsewhere.asked
    assert b"bumper" in b" ".join(world.seen)
    there.is_settled(world.forge, lambda: world.run("run").stderr)
    assert len(world.forge.pulls()) == 9
