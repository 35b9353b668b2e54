"""What `doctor` says of a token and of the base branch, against the fakes; every exchange fits the vendor's."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bumper.cli import checkup_forge, checkup_wanted
from bumper.cli.check import BROKEN, GOOD, LOOK
from bumper.cli.checkup_wanted import Wanted
from bumper.cli.target import Target
from bumper.config import read
from bumper.http import Http
from bumper.model import Setting
from tests.fakes import git_http, http_server, there
from tests.fakes.git_http import GitHttp, git
from tests.forges import held
from tests.support import use

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bumper.cli.check import Check
    from tests.fakes.forge import FakeForge

NOW = datetime(2026, 11, 25, tzinfo=UTC)
APIS = {"github": "/api/v3", "gitea": "/api/v1", "gitlab": "/api/v4"}
ALL = tuple(APIS)
MERGES = Wanted(automerge=True)


@pytest.fixture
def fakes(tmp_path: Path) -> Iterator[dict[str, FakeForge]]:
    """One of each, over one repository with a `main`."""
    bare = git_http.make(tmp_path / "acme" / "gitops.git", guarded=False)
    tree = git(bare, "hash-object", "-t", "tree", "-w", "/dev/null")
    git(bare, "update-ref", "refs/heads/main", git(bare, "commit-tree", tree, "-m", "base"))
    made = {kind: there.FAKES[kind](GitHttp(tmp_path, there.TOKEN)) for kind in ALL}
    yield made
    assert [wrong for one in made.values() for wrong in held.misfits(one)] == []


def found(
    kind: str, fake: FakeForge, wanted: Wanted, variables: dict[str, str] | None = None
) -> dict[str, list[Check]]:
    """What is said of a forge, by the name of the check."""

    async def asked(url: str) -> list[Check]:
        target = Target(kind, f"{url}{APIS[kind]}", fake.slug, there.TOKEN)
        async with Http(timeout_seconds=5) as http:
            return await checkup_forge.forge(http, target, variables or {}, NOW, wanted)

    with http_server.serve(fake.answer) as server:
        fake.url = server.url
        checks = asyncio.run(asked(server.url))
    named: dict[str, list[Check]] = {}
    for one in checks:
        named.setdefault(one.name, []).append(one)
        assert bool(one.fix) or one.state == GOOD, one
    return named


@pytest.mark.parametrize("kind", ALL)
def test_a_token_that_may_all_of_it(kind: str, fakes: dict[str, FakeForge]) -> None:
    fakes[kind].reviews = 1
    wanted = Wanted(automerge=True, dashboard=True, status=True)
    told = found(kind, fakes[kind], wanted)
    states = {one.state for name, several in told.items() for one in several if name != "clock"}
    assert states == {GOOD}, told
    (token,) = told["token"]
    assert token.told.startswith("may push, open pull requests, keep the dashboard, set the status")
    assert token.told.endswith("valid until 2027-01-31") is (kind == "gitlab")
    assert [one.told for one in told["merging"]] == [
        "by itself once `main` has 1 approval and green checks"
    ]
    assert fakes[kind].git.pushes == 0
    assert (fakes[kind].pulls, fakes[kind].issues, fakes[kind].labels) == ({}, {}, {})
    assert fakes[kind].statuses == []


TOKENS = [
    # forge, what is bent, what is asked for, state, what is told, fix
    pytest.param("github", {"pushes": False}, Wanted(), BROKEN, "may read, and not push", "contents: write", id="github-a-user-who-may-not-push"),
    pytest.param("gitea", {"pushes": False}, Wanted(), BROKEN, "may read, and not push", "who may push", id="gitea-a-user-who-may-not-push"),
    pytest.param("gitlab", {"pushes": False}, Wanted(), BROKEN, "may read, and not push", "a Developer", id="gitlab-a-reporter"),
    pytest.param("github", {"lacks": {"contents: write"}}, Wanted(), BROKEN, "lacks contents: write", "give it contents: write", id="github-contents"),
    pytest.param("github", {"lacks": {"contents: write", "pull-requests: write"}}, Wanted(), BROKEN, "lacks contents: write, pull-requests: write", "and pull-requests", id="github-both"),
    pytest.param("github", {"lacks": {"issues: write"}}, Wanted(), GOOD, "may push, open pull requests", "", id="github-issues-are-not-asked-for"),
    pytest.param("github", {"lacks": {"issues: write"}}, Wanted(dashboard=True), BROKEN, "lacks issues: write", "issues: write", id="github-a-dashboard"),
    pytest.param("github", {"lacks": {"statuses: write"}}, Wanted(dashboard=True), GOOD, "keep the dashboard", "", id="github-statuses-are-not-asked-for"),
    pytest.param("github", {"lacks": {"statuses: write"}}, Wanted(status=True), BROKEN, "lacks statuses: write", "statuses: write", id="github-a-status"),
    pytest.param("github", {"scopes": "gist, read:org"}, Wanted(), BROKEN, "its scopes are gist, read:org", "the scope repo", id="github-a-classic-token-of-another-scope"),
    pytest.param("github", {"scopes": "repo"}, Wanted(), GOOD, "may push", "", id="github-a-classic-token"),
    pytest.param("github", {"scopes": "repo"}, Wanted(workflows=True), BROKEN, ".github/workflows", "the scope workflow", id="row-198-github-images-in-workflows"),
    pytest.param("github", {"scopes": "repo, workflow"}, Wanted(workflows=True), GOOD, "may push", "", id="row-198-github-a-token-for-workflows"),
    pytest.param("gitea", {"lacks": {"write:repository"}}, Wanted(), BROKEN, "required scope", "write:repository", id="gitea-the-user-may-push-and-the-token-not"),
    pytest.param("gitea", {"lacks": {"write:issue"}}, Wanted(), BROKEN, "required scope", "write:issue", id="gitea-no-labels-and-no-comments"),
    pytest.param("gitlab", {"lacks": {"api"}}, Wanted(), BROKEN, "its scopes lack api", "the scope api", id="gitlab-a-token-for-git-alone"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "bent", "wanted", "state", "words", "fix"), TOKENS)
def test_what_a_token_lacks(
    kind: str,
    bent: dict[str, Any],
    wanted: Wanted,
    state: str,
    words: str,
    fix: str,
    fakes: dict[str, FakeForge],
) -> None:
    for name, value in bent.items():
        setattr(fakes[kind], name, value)
    (token,) = found(kind, fakes[kind], wanted)["token"]
    assert (token.state, words in token.told, fix in token.fix) == (state, True, True), token


@pytest.mark.parametrize(("workflows", "state"), [(True, BROKEN), (False, GOOD)])
def test_row_198_the_jobs_own_token_changes_no_workflow(
    workflows: bool,  # noqa: FBT001 - a column of the table
    state: str,
    fakes: dict[str, FakeForge],
) -> None:
    job = {"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": there.TOKEN}
    (token,) = found("github", fakes["github"], Wanted(workflows=workflows), job)["token"]
    assert (token.state, "may never change" in token.told) == (state, workflows)


@pytest.mark.parametrize(
    ("kind", "bent", "state", "fix"),
    [
        pytest.param("gitea", {"admin": False}, LOOK, "an administrator", id="gitea-who-is-no-administrator"),
        pytest.param("gitea", {"admin": True}, GOOD, "", id="gitea-an-administrator"),
        pytest.param("github", {"pushes": False}, LOOK, "may push", id="github-who-may-not-push"),
        pytest.param("github", {"admin": False}, GOOD, "", id="github-who-may-push"),
        pytest.param("gitlab", {"admin": False}, GOOD, "", id="gitlab-any-member"),
    ],
)  # fmt: skip
def test_whether_it_can_be_asked_whose_comments_count(
    kind: str, bent: dict[str, Any], state: str, fix: str, fakes: dict[str, FakeForge]
) -> None:
    for name, value in bent.items():
        setattr(fakes[kind], name, value)
    (comments,) = found(kind, fakes[kind], Wanted())["comments"]
    assert (comments.state, fix in comments.fix) == (state, True), comments


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize(("dashboard", "faults"), [(True, 1), (False, 0)])
def test_a_dashboard_where_issues_are_off(
    kind: str,
    dashboard: bool,  # noqa: FBT001 - a column of the table
    faults: int,
    fakes: dict[str, FakeForge],
) -> None:
    fakes[kind].has_issues = False
    said = found(kind, fakes[kind], Wanted(dashboard=dashboard))["forge"]
    broken = [one for one in said if one.state == BROKEN]
    assert [("issues" in one.told) for one in broken] == [True] * faults


MERGING = [
    # what is bent, what is asked for, the states, what is told
    pytest.param({}, Wanted(), [GOOD], "by a person; `main` requires no review and green checks", id="a-person-merges"),
    pytest.param({"reviews": 2}, Wanted(), [GOOD], "requires 2 approvals", id="a-person-merges-what-two-approved"),
    pytest.param({"checks": False}, Wanted(), [GOOD], "no review and no checks", id="a-person-merges-anything"),
    pytest.param({}, MERGES, [LOOK], "`main` requires no review", id="approval-is-not-needed"),
    pytest.param({"reviews": 1}, MERGES, [GOOD], "by itself once `main` has 1 approval", id="approval-is-needed"),
    pytest.param({"checks": False}, MERGES, [LOOK], "requires no checks, so nothing", id="nothing-to-wait-for"),
    pytest.param({}, replace(MERGES, base="gone"), [BROKEN], "no branch `gone`", id="row-194-the-base-is-not-there"),
]  # fmt: skip


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize(("bent", "wanted", "states", "words"), MERGING)
def test_what_a_merge_needs(
    kind: str,
    bent: dict[str, Any],
    wanted: Wanted,
    states: list[str],
    words: str,
    fakes: dict[str, FakeForge],
) -> None:
    for name, value in bent.items():
        setattr(fakes[kind], name, value)
    merging = found(kind, fakes[kind], wanted)["merging"]
    assert [one.state for one in merging] == states, merging
    assert words in merging[0].told, merging


@pytest.mark.parametrize(
    ("kind", "bent", "states", "words"),
    [
        pytest.param("github", {"by_rulesets": True, "reviews": 1}, [GOOD], "1 approval and green checks", id="github-rulesets"),
        pytest.param("github", {"by_rulesets": True}, [LOOK], "no review", id="github-rulesets-without-reviews"),
        pytest.param("github", {"merges": False, "reviews": 1}, [LOOK], "merges nothing by itself", id="github-auto-merge-is-off"),
        pytest.param("github", {"checks": False, "reviews": 1}, [GOOD], "1 approval and no checks", id="github-waits-for-a-review-alone"),
        pytest.param("gitea", {"checks": False, "reviews": 1}, [LOOK], "requires no checks", id="gitea-waits-for-checks-alone"),
        pytest.param("gitlab", {"reviews": None}, [LOOK], "no review", id="gitlab-free-requires-none"),
    ],
)  # fmt: skip
def test_what_a_merge_needs_on_one_forge(
    kind: str, bent: dict[str, Any], states: list[str], words: str, fakes: dict[str, FakeForge]
) -> None:
    for name, value in bent.items():
        setattr(fakes[kind], name, value)
    merging = found(kind, fakes[kind], MERGES)["merging"]
    assert [one.state for one in merging] == states, merging
    assert words in merging[0].told, merging


@pytest.mark.parametrize(
    ("text", "setting", "wanted"),
    [
        pytest.param("{}", None, Wanted(), id="nothing"),
        pytest.param("{defaults: {automerge: patch}}", None, MERGES, id="the-defaults-merge"),
        pytest.param("{defaults: {automerge: never}}", None, Wanted(), id="never"),
        pytest.param("{rules: [{match: [web], automerge: patch}]}", None, Wanted(), id="a-rule-for-another-image"),
        pytest.param("{rules: [{match: [nginx], automerge: minor}]}", None, MERGES, id="a-rule"),
        pytest.param("{}", ("automerge", "digest"), MERGES, id="beside-the-image"),
        pytest.param("{defaults: {automerge: patch}}", ("automerge", "never"), Wanted(), id="but-not-this-image"),
        pytest.param("{defaults: {automerge: patch}, pull-requests: {draft: true}}", None, Wanted(), id="no-draft-merges"),
        pytest.param("{forge: {base: next}, pull-requests: {dashboard: true, status: true}}", None, Wanted("next", dashboard=True, status=True), id="the-rest"),
    ],
)  # fmt: skip
def test_what_the_config_asks_for(
    text: str, setting: tuple[str, str] | None, wanted: Wanted
) -> None:
    one = use("nginx:1.25.3")
    if setting is not None:
        one = replace(one, settings=(Setting(*setting, "# bumper:"),))
    loaded = read.read("bumper.yaml", f"{{version: 1, {text[1:]}")
    assert checkup_wanted.wanted(loaded, (one,)) == wanted
    inside = replace(one, path=".github/workflows/ci.yaml")
    assert checkup_wanted.wanted(loaded, (inside,)) == replace(wanted, workflows=True)
