"""The whole line with real parts: Debian's registry, Git over http, every forge by its API.

What a run leaves is looked at as a person would: branches, pull requests, files. Every test ends with
two more runs, of which the second must write nothing (`World.is_settled`).
"""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bumper.apis import github
from tests.fakes import docker_registry, http_server, real_gitea, there
from tests.fakes.git_http import git
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fakes.http_server import Answer
from tests.support import bumper, need, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.docker_registry import Registry
    from tests.fakes.there import Seen, There
    from tests.support import Ran

FILES = {
    "web/compose.yaml": """services:
  web:
    image: "{host}/acme/web:1.25.3"  # the shop
  job:
    image: {host}/acme/job:2.0.0
""",
    "k8s/all.yaml": """apiVersion: apps/v1
kind: Deployment
metadata: {{name: api}}
spec:
  template:
    spec:
      containers:
        - {{name: api, image: '{host}/acme/api:1.0.0'}}
---
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec: {{containers: [{{name: web, image: "{host}/acme/web:1.25.3"}}]}}
""",
    "overlay/kustomization.yaml": """images:
  - name: job
    newName: {host}/acme/job
    newTag: 2.0.0
""",
    "chart/values.yaml": """worker:
  image:
    registry: {host}
    repository: acme/worker
    tag: "0.9.1"
""",
    # Kept by Git LFS: a pointer, whatever stands in it.
    "web/large.yaml": """version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 12345
image: {host}/acme/web:1.25.3
""",
}
# Long before a test amends a commit.
DATE = "2026-01-02T03:04:05Z"
TAGS = {
    "acme/web": ("1.25.3", "1.26.0", "latest"),
    "acme/job": ("2.0.0", "2.0.1"),
    "acme/api": ("1.0.0", "2.0.0"),
    "acme/worker": ("0.9.1", "0.9.2"),
}


@dataclass
class World:
    """A registry, a forge, and a person's clone of the repository."""

    registry: Registry
    there: There
    clone: Path

    def run(self, *arguments: str) -> Ran:
        ran = bumper("run", "-C", self.clone, "-f", "plain", *arguments)
        self.there.settle()
        return ran

    def is_settled(self) -> None:
        """Whatever a test did, one run catches up with it, and one more has nothing to write."""

        def run() -> str:
            ran = self.run()
            assert ran.code == 0, ran.out + ran.err
            return ran.out + ran.err

        there.is_settled(self.there, run)

    def read(self, branch: str, path: str) -> str:
        return git(self.there.bare, "show", f"{branch}:{path}")

    def branches(self) -> dict[str, str]:
        listed = git(self.there.bare, "for-each-ref", "--format=%(refname:short) %(objectname)")
        pairs = (line.split(" ") for line in listed.splitlines())
        return {name: commit for name, commit in pairs if name.startswith("bumper/")}

    def open(self) -> dict[str, Seen]:
        return {one.title: one for one in self.there.pulls() if one.state == "open"}

    def commit(self, branch: str, path: str, text: str) -> str:
        """What a person does: a commit on top of a branch, pushed; it gives the commit."""
        write(self.clone, {path: text})
        git(self.clone, "add", "--all")
        git(self.clone, "commit", "-q", "-m", "by hand", date=DATE)
        return self.put(branch)

    def put(self, branch: str) -> str:
        """Put a branch of the server where the clone is."""
        if self.there.push:
            git(self.clone, "push", "-q", "-f", *self.there.push, f"HEAD:refs/heads/{branch}")
        else:
            git(self.clone, "update-ref", f"refs/heads/{branch}", "HEAD")
        self.there.settle()
        commit = git(self.clone, "rev-parse", "HEAD")
        git(self.clone, "checkout", "-q", "main")
        return commit

    def onto(self, branch: str) -> None:
        git(self.clone, "fetch", "-q", self.there.bare.as_posix(), branch)
        git(self.clone, "checkout", "-q", "--detach", "FETCH_HEAD")

    def move_base(self, path: str, text: str) -> str:
        """A person's commit on the base branch, known here as after a fetch."""
        if git(self.clone, "branch", "--list", "main"):
            git(self.clone, "checkout", "-q", "main")
        commit = self.commit("main", path, text)
        if self.there.url:
            git(self.clone, "update-ref", "refs/remotes/origin/main", commit)
        return commit


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        with docker_registry.serve(tmp_path_factory.mktemp("registry")) as served:
            yield served
    except FileNotFoundError:
        need("docker-registry", "not installed (Debian: apt install docker-registry)")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[real_gitea.Gitea | None]:
    try:
        with real_gitea.serve(tmp_path_factory.mktemp("gitea")) as served:
            yield served
    except FileNotFoundError:
        yield None


@pytest.fixture(params=["github", "gitea", "gitlab", "real-gitea", "local"])
def world(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    host: str,
    real: real_gitea.Gitea | None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """Every test has its own images, so that one test's new tags do not move another's."""
    monkeypatch.setenv("BUMPER_TOKEN", there.TOKEN)
    monkeypatch.setattr(github, "SECONDS_BETWEEN_WRITES", 0)
    monkeypatch.setattr(github, "RETRIES", 0)
    with contextlib.ExitStack() as stack:
        place: There
        if request.param == "local":
            place = there.local(tmp_path / "clone")
        elif request.param == "real-gitea":
            if real is None:
                pytest.skip("set BUMPER_TEST_GITEA_BIN to a Gitea or Forgejo binary to run this")
            monkeypatch.setenv("BUMPER_TOKEN", real.token)
            place = real.place(tmp_path.name)
        else:
            place = stack.enter_context(there.fake(request.param, tmp_path / "server"))
        world = _founded(tmp_path / "clone", docker_registry.Registry(host), place, tmp_path.name)
        yield world
        world.is_settled()


def _founded(clone: Path, registry: Registry, place: There, space: str) -> World:
    for repository, tags in TAGS.items():
        for tag in tags:
            registry.push(f"{space}/{repository}", tag, ("linux/amd64", "linux/arm64"))
    clone.mkdir()
    git(clone, "init", "-q", "--initial-branch=main")
    if place.url:
        git(clone, "remote", "add", "origin", place.url)
    here = f"{registry.host}/{space}"
    files = {path: text.format(host=here) for path, text in FILES.items()}
    settings = f"forge: {place.settings}\nregistries: {{'{registry.host}': {{insecure: true}}}}\n"
    write(clone, {**files, "bumper.yaml": settings})
    world = World(registry, place, clone)
    world.move_base("README.md", "ours\n")
    return world


def test_row_160_row_161_a_run_proposes_and_a_second_one_writes_nothing(world: World) -> None:
    status = git(world.clone, "status", "--porcelain=v2", "--branch")
    first = world.run()
    assert first.code == 0, first.err
    assert sorted(one.split(" in ")[0] for one in world.open()) == [
        "Bump job 2.0.0 to 2.0.1 (patch)",
        "Bump web 1.25.3 to 1.26.0 (minor)",
        "Bump worker 0.9.1 to 0.9.2 (patch)",
        "Major: bump api 1.0.0 to 2.0.0",
    ]
    web = world.open()["Bump web 1.25.3 to 1.26.0 (minor)"]
    for path in ("web/compose.yaml", "k8s/all.yaml"):
        before, after = world.read("main", path), world.read(web.branch, path)
        assert after == before.replace("acme/web:1.25.3", "acme/web:1.26.0")
    assert git(world.there.bare, "diff", "--name-only", "main", web.branch).split() == [
        "k8s/all.yaml", "web/compose.yaml",
    ]  # fmt: skip
    assert "bumper/major" in world.open()["Major: bump api 1.0.0 to 2.0.0 in k8s"].labels
    assert "| Size |" in web.body
    assert re.search(r"\d.B \([+±-]\d+.%\) \|", web.body), web.body
    writes, branches = world.there.writes(), world.branches()
    second = world.run()
    assert (second.code, second.out.count("unchanged  ")) == (0, 4), second.out + second.err
    assert (world.there.writes(), world.branches()) == (writes, branches)
    assert git(world.clone, "status", "--porcelain=v2", "--branch") == status
    assert there.TOKEN not in first.out + first.err + second.out + second.err


BESIDE = """rules:
- {reviewers: [grace, nobody], assignees: [grace], labels: [web]}
pull-requests: {milestone: Q1, status: true, dashboard: true, draft: true}
"""


def test_what_is_beside_the_words_is_set_once(world: World) -> None:
    settings = (world.clone / "bumper.yaml").read_text(encoding="utf-8")
    world.move_base("bumper.yaml", settings + BESIDE)
    ran = world.run()
    assert ran.code == 0, ran.out + ran.err
    job = world.open()[_drafted(world, "Bump job 2.0.0 to 2.0.1 (patch)")]
    beside = world.there.beside(job.number)
    local = world.there.url == ""
    assert beside.reviewers == (("grace", "nobody") if local else ("grace",))
    told = [line for line in ran.out.splitlines() if "nobody" in line]
    assert len(told) == (0 if local else 4), ran.out
    assert (beside.assignees, beside.milestone, beside.draft) == (("grace",), "Q1", True)
    assert (beside.status, job.labels) == ("pending", ("bumper", "web"))
    assert "Bump job 2.0.0 to 2.0.1 (patch)" in beside.dashboard.partition("## Open")[2]
    writes = world.there.writes()
    again = world.run()
    assert (again.code, again.out.count("unchanged  ")) == (0, 4), again.out + again.err
    assert world.there.writes() == writes
    assert world.there.beside(job.number) == beside


def test_the_boxes_of_the_dashboard_are_obeyed_once(world: World) -> None:
    settings = (world.clone / "bumper.yaml").read_text(encoding="utf-8")
    world.move_base("bumper.yaml", settings + "pull-requests: {limit: 3, dashboard: true}\n")
    ran = world.run()
    assert (ran.code, ran.out.count("created  "), ran.out.count("held  ")) == (0, 3, 1), ran.err
    first = world.there.page()
    assert first.count("- [ ] <!-- bumper:open ") == 1
    world.there.tick("open")
    job = world.open()["Bump job 2.0.0 to 2.0.1 (patch)"]
    world.there.close(job.number)
    ran = world.run()
    assert (ran.code, ran.out.count("created  "), ran.out.count("refused  ")) == (0, 1, 1), ran.err
    page = world.there.page()
    assert ("bumper:open" in page, page.count("- [ ] <!-- bumper:unskip ")) == (False, 1)
    world.there.tick("unskip")
    world.there.tick("recheck")
    ran = world.run()
    assert (ran.code, ran.out.count("created  ")) == (0, 1), ran.out + ran.err
    assert world.open()["Bump job 2.0.0 to 2.0.1 (patch)"].number > job.number
    assert "- [x]" not in world.there.page()
    writes = world.there.writes()
    assert world.run().out.count("unchanged  ") == 4
    assert world.there.writes() == writes


def test_what_is_too_young_is_opened_where_a_person_wants_it(world: World) -> None:
    settings = (world.clone / "bumper.yaml").read_text(encoding="utf-8")
    more = "defaults: {min-age: 3d, automerge: minor}\npull-requests: {limit: 1, dashboard: true}\n"
    world.move_base("bumper.yaml", settings + more)
    ran = world.run()
    assert (ran.code, world.open()) == (0, {}), ran.out + ran.err
    page = world.there.page()
    assert page.count("- [ ] <!-- bumper:open ") == 4
    repositories = [_repository(world, name) for name in ("job", "web")]
    for one in repositories:
        world.there.tick(f"open {world.registry.host}/{one}=")
    for _ in range(2):
        ran = world.run()
        assert ran.code == 0, ran.out + ran.err
        assert sorted(one.split(" in ")[0] for one in world.open()) == [
            "Bump job 2.0.0 to 2.0.1 (patch)", "Bump web 1.25.3 to 1.26.0 (minor)",
        ]  # fmt: skip
    web = world.open()["Bump web 1.25.3 to 1.26.0 (minor)"]
    assert "a person wants it now" in web.body
    if world.there.url:
        assert not world.there.merged_once_green(web.number)
    # Other content is not what the person wanted.
    platforms = ("linux/amd64", "linux/arm64", "linux/riscv64")
    world.registry.push(repositories[0], "2.0.1", platforms)
    ran = world.run()
    assert (ran.code, list(world.open())) == (0, ["Bump web 1.25.3 to 1.26.0 (minor)"]), ran.out


def test_the_forge_merges_what_may_once_its_check_is_green(world: World) -> None:
    settings = (world.clone / "bumper.yaml").read_text(encoding="utf-8")
    rule = "rules:\n- {match: '*/*/acme/job', automerge: patch, min-age: 0d}\n"
    world.move_base("bumper.yaml", settings + rule)
    world.there.protect()
    ran = world.run()
    assert ran.code == 0, ran.out + ran.err
    titles = world.open()
    job = titles["Bump job 2.0.0 to 2.0.1 (patch)"]
    writes = world.there.writes()
    assert world.run().code == 0
    assert world.there.writes() == writes
    if world.there.url:
        assert world.there.merged_once_green(job.number)
        assert not world.there.merged_once_green(titles["Bump web 1.25.3 to 1.26.0 (minor)"].number)
    else:
        assert "no checks to wait for" in ran.out


def test_github_makes_the_commits_and_a_killed_run_heals(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    forge = getattr(world.there, "forge", None)
    if not isinstance(forge, FakeGitHub):
        pytest.skip("only GitHub makes commits so")
    settings = (world.clone / "bumper.yaml").read_text(encoding="utf-8")
    world.move_base("bumper.yaml", f"{settings}commit: {{sign: github, sign-off: true}}\n")
    # The first commit is made and put in its place, and nobody is told.
    answer = forge._answer
    with monkeypatch.context() as patch:
        patch.setattr(forge, "_answer", lambda call, who: (
            (502, {}, ()) if (call.method, call.path[-6:]) == ("POST", "/pulls") else answer(call, who)
        ))  # fmt: skip
        ran = world.run()
    assert ran.out.count("failed  ") == 4, ran.out + ran.err
    leftover = git(world.there.bare, "rev-parse", "main")
    git(world.there.bare, "update-ref", "refs/heads/bumper/making/0123456789ab", leftover)
    ran = world.run()
    assert (ran.code, ran.out.count("created  ")) == (0, 4), ran.out + ran.err
    job = world.open()["Bump job 2.0.0 to 2.0.1 (patch)"]
    assert git(world.there.bare, "show", "-s", "--format=%cn <%ce>", job.branch) == (
        "GitHub <noreply@github.com>"
    )
    assert "acme/job:2.0.1" in world.read(job.branch, "web/compose.yaml")
    assert not [name for name in world.branches() if "/making/" in name]
    writes = world.there.writes()
    assert world.run().out.count("unchanged  ") == 4
    assert world.there.writes() == writes
    world.registry.push(_repository(world, "job"), "2.0.2", ("linux/amd64", "linux/arm64"))
    assert world.run().out.count("updated  ") == 1
    assert "acme/job:2.0.2" in world.read(job.branch, "web/compose.yaml")


def _drafted(world: World, title: str) -> str:
    """The title as a person sees it: a draft is known by it on two of the forges."""
    return next(one for one in world.open() if one.endswith(title))


def test_row_162_row_163_row_178_it_follows_the_registry_and_the_person(world: World) -> None:
    only = ("--only", "**/web/**", "--only", f"{world.registry.host}/*/acme/web")
    assert world.run().code == 0
    number = world.open()["Bump web 1.25.3 to 1.26.0 (minor)"].number
    repository = _repository(world, "web")
    world.registry.push(repository, "1.26.1", ("linux/amd64", "linux/arm64"))
    ran = world.run(*only)
    web = world.open()["Bump web 1.25.3 to 1.26.1 (minor)"]
    assert (web.number, ran.out.count("updated  ")) == (number, 1), ran.out + ran.err
    assert "acme/web:1.26.1" in world.read(web.branch, "k8s/all.yaml")
    # Closed by a person: these versions are refused, newer ones are not.
    world.there.close(number)
    writes = world.there.writes()
    ran = world.run()
    assert (ran.code, ran.out.count("refused  ")) == (0, 1), ran.out + ran.err
    assert world.there.writes() == writes
    world.registry.push(repository, "1.26.2", ("linux/amd64", "linux/arm64"))
    assert world.run().code == 0
    again = world.open()["Bump web 1.25.3 to 1.26.2 (minor)"]
    assert again.number > number
    # Done on the base by hand: pointless, so we close it and take the branch away.
    for path in ("web/compose.yaml", "k8s/all.yaml"):
        world.move_base(path, world.read("main", path).replace("1.25.3", "1.26.2") + "\n")
    ran = world.run()
    assert (ran.code, ran.out.count("closed  ")) == (0, 1), ran.out + ran.err
    assert not [title for title in world.open() if " web " in title]
    assert again.branch not in world.branches()


def test_each_event_is_told_once_whatever_machine_runs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = (world.clone / "bumper.yaml").read_text(encoding="utf-8")
    world.move_base("bumper.yaml", settings + "notify: [{webhook: $HOOK}]\n")

    def told() -> list[list[str]]:
        return [[one["kind"] for one in json.loads(asked.body)["events"]] for asked in hook.asked]

    with http_server.serve(lambda _: Answer(204)) as hook:
        monkeypatch.setenv("HOOK", hook.url)
        for _ in range(2):
            # Nothing but the repository remembers.
            ran = world.run("--no-cache")
            assert (ran.code, "notify" in ran.err) == (0, False), ran.err
        first = ["major", "opened", "opened", "opened", "opened"]
        assert told() == [first]
        forge = getattr(world.there, "forge", None)
        if forge is None:
            return
        job = world.open()["Bump job 2.0.0 to 2.0.1 (patch)"]
        forge.pulls[job.number].state, forge.pulls[job.number].merged = "closed", True
        for path in ("web/compose.yaml", "overlay/kustomization.yaml"):
            world.move_base(path, world.read("main", path).replace("2.0.0", "2.0.1") + "\n")
        for _ in range(2):
            assert world.run("--no-cache").code == 0
    # The file of the merged image holds another one, whose branch follows.
    assert told() == [first, ["merged", "updated"]]


def test_row_139_a_commit_of_a_person_stays(world: World) -> None:
    assert world.run().code == 0
    job = world.open()["Bump job 2.0.0 to 2.0.1 (patch)"]
    world.onto(job.branch)
    theirs = world.commit(job.branch, "notes.txt", "checked by Ada\n")
    world.registry.push(_repository(world, "job"), "2.0.2", ("linux/amd64", "linux/arm64"))
    ran = world.run()
    assert (ran.code, ran.out.count("edited  ")) == (0, 1), ran.out + ran.err
    assert world.branches()[job.branch] == theirs
    assert world.open()["Bump job 2.0.0 to 2.0.1 (patch)"] == job
    assert str(world.there.said(job.number)).count("holds commits that bumper did not make") == 1
    writes = world.there.writes()
    assert world.run().out.count("edited  ") == 1
    assert world.there.writes() == writes


def test_what_a_person_commands_is_done_once(world: World) -> None:
    assert world.run().code == 0
    job = world.open()["Bump job 2.0.0 to 2.0.1 (patch)"]
    world.onto(job.branch)
    theirs = world.commit(job.branch, "notes.txt", "checked by Ada\n")
    world.there.say(job.number, "Thanks!\n\nbumper rebase")
    ran = world.run()
    assert (ran.code, ran.out.count("updated  ")) == (0, 1), ran.out + ran.err
    assert world.branches()[job.branch] != theirs
    assert "Made anew on the base branch" in str(world.there.said(job.number))
    writes = world.there.writes()
    assert world.run().out.count("unchanged  ") == 4
    assert world.there.writes() == writes
    # A box does the same: a row is skipped, and its pull request closed, as nothing else is in it.
    worker = next(one for title, one in world.open().items() if " worker " in title)
    world.there.reword(
        worker.number, worker.body.replace("- [ ] <!-- bumper:skip", "- [x] <!-- bumper:skip")
    )
    ran = world.run()
    assert (ran.code, worker.title in world.open()) == (0, False), ran.out + ran.err
    writes = world.there.writes()
    assert world.run().out.count("refused  ") == 1
    assert world.there.writes() == writes
    web = world.open()["Bump web 1.25.3 to 1.26.0 (minor)"]
    world.there.say(web.number, "bumper skip")
    ran = world.run()
    assert (ran.code, ran.out.count("refused  ")) == (0, 2), ran.out + ran.err
    assert web.title not in world.open()
    writes = world.there.writes()
    assert world.run().out.count("refused  ") == 2
    assert world.there.writes() == writes


def test_row_194_another_base_is_followed_where_it_is_meant(world: World) -> None:
    """A config with another base: who asks for it has it made anew; all go along when the old one is gone."""
    assert world.run().code == 0
    settings = (world.clone / "bumper.yaml").read_text(encoding="utf-8")
    world.commit("trunk", "bumper.yaml", settings.replace("forge: {", "forge: {base: trunk, "))
    git(world.clone, "update-ref", "refs/remotes/origin/trunk", "HEAD")
    ran = world.run()
    assert (ran.code, ran.out.count("held  ")) == (0, 4), ran.out + ran.err
    job = world.open()["Bump job 2.0.0 to 2.0.1 (patch)"]
    world.there.say(job.number, "bumper rebase")
    ran = world.run()
    assert (ran.code, ran.out.count("updated  ")) == (0, 1), ran.out + ran.err
    moved = world.open()[job.title]
    assert (moved.number, moved.base) == (job.number, "trunk")
    assert git(world.there.bare, "rev-list", "--count", f"trunk..{job.branch}") == "1"
    writes = world.there.writes()
    assert world.run().out.count("held  ") == 3
    assert world.there.writes() == writes
    if not isinstance(world.there, there.Fake):
        return  # what a server does to those that go into a branch that is deleted is its own business
    git(world.there.bare, "update-ref", "-d", "refs/heads/main")
    ran = world.run()
    assert (ran.code, ran.out.count("updated  ")) == (0, 3), ran.out + ran.err
    assert {one.base for one in world.open().values()} == {"trunk"}


def test_row_140_our_commit_amended_by_a_person_stays(world: World) -> None:
    assert world.run().code == 0
    job = world.open()["Bump job 2.0.0 to 2.0.1 (patch)"]
    world.onto(job.branch)
    # Amending keeps the author; and this one commits under bumper's own name.
    mail = "user.email=bumper@users.noreply.invalid"
    git(world.clone, "-c", "user.name=bumper", "-c", mail, "commit", "-q", "--amend", "-m", "mine")
    theirs = world.put(job.branch)
    world.registry.push(_repository(world, "job"), "2.0.2", ("linux/amd64", "linux/arm64"))
    ran = world.run()
    assert ran.out.count("edited  ") == 1, ran.out + ran.err
    assert world.branches()[job.branch] == theirs


def test_row_132_row_137_a_run_that_died_between_push_and_telling_heals(world: World) -> None:
    forge = getattr(world.there, "forge", None)
    if forge is None:
        pytest.skip("only a fake can be made to break the second of two writes")
    assert world.run().code == 0
    world.registry.push(_repository(world, "job"), "2.0.2", ("linux/amd64", "linux/arm64"))
    forge.scripted.append(Answer(502, b"{}", (("Content-Type", "application/json"),)))
    ran = world.run()
    assert (ran.code, ran.out.count("failed  ")) == (4, 1), ran.out + ran.err
    # The branch has the new tag, the text the old one; and then the file moves on the base.
    for path in ("web/compose.yaml", "overlay/kustomization.yaml"):
        world.move_base(path, world.read("main", path) + "\n# touched\n")
    ran = world.run()
    assert (ran.code, ran.out.count("edited  ")) == (0, 0), ran.out + ran.err
    job = world.open()["Bump job 2.0.0 to 2.0.2 (patch)"]
    assert "# touched" in world.read(job.branch, "web/compose.yaml")
    # What would conflict is one commit on the base again.
    assert git(world.there.bare, "rev-list", "--count", f"main..{job.branch}") == "1"


def test_a_pull_request_tells_what_the_maker_says(world: World) -> None:
    forge = getattr(world.there, "forge", None)
    if forge is None:
        pytest.skip("only a fake has releases to tell of")
    text, when = (
        ("description", "released_at")
        if isinstance(forge, FakeGitLab)
        else ("body", "published_at")
    )
    forge.releases = [
        {"tag_name": f"v2.0.{n}", text: f"- change {n}, BREAKING", when: DATE} for n in (3, 2, 1, 0)
    ]
    label = {"org.opencontainers.image.source": f"{forge.url}/{forge.slug}"}
    platforms = ("linux/amd64", "linux/arm64")
    world.registry.push(_repository(world, "job"), "2.0.2", platforms, labels=label)
    ran = world.run()
    assert ran.code == 0, ran.err
    job = world.open()["Bump job 2.0.0 to 2.0.2 (patch)"].body
    assert "<summary>Release notes: v2.0.2, v2.0.1</summary>" in job
    assert "- change 2, BREAKING" in job
    assert "change 3" not in job
    assert "change 2, BREAKING (v2.0.2)" in job.partition("| Image |")[0]


def _repository(world: World, name: str) -> str:
    first = world.read("main", "web/compose.yaml").split("image: ")[1]
    return f"{first.split('/')[1]}/acme/{name}"
