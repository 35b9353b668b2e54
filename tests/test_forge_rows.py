"""What a forge may do to a whole run, row by row of the fault list, on every dialect: what is said, what is left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bumper.apis import github
from bumper.forges import base
from tests.fakes import disturbed
from tests.fakes.disturbed import TAGS, TOKEN
from tests.fakes.git_http import git
from tests.fakes.http_server import Answer
from tests.support import bumper, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fakes.disturbed import World
    from tests.fakes.http_server import Asked
    from tests.support import Ran

JSON = (("Content-Type", "application/json"),)


@pytest.fixture(params=["github", "gitea", "gitlab"])
def world(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    monkeypatch.setattr(github, "SECONDS_BETWEEN_WRITES", 0)
    monkeypatch.setattr(github, "RETRIES", 0)
    monkeypatch.setattr(base, "LAGS", (0, 0, 0))
    monkeypatch.setenv("BUMPER_TOKEN", TOKEN)
    with disturbed.serve(request.param, tmp_path) as world:
        world.fresh()
        yield world


def run(world: World) -> Ran:
    ran = bumper("run", "-C", world.clone, "-f", "plain", "--no-cache")
    assert TOKEN not in ran.out + ran.err
    return ran


def heals(world: World, pulls: int = 3) -> None:
    """Undisturbed, a run completes what is missing, and the next has nothing to write."""
    world.trap = None
    ran = run(world)
    assert ran.code == 0, ran.out + ran.err
    found = [one for one in world.forge.pulls.values() if one.state == "open"]
    assert len({one.head for one in found}) == len(found) == pulls
    # The branch of one that a person closed stays.
    assert sorted(branches(world)) == sorted({one.head for one in world.forge.pulls.values()})
    writes = world.writes()
    assert run(world).code == 0
    assert world.writes() == writes


def branches(world: World) -> list[str]:
    listed = git(world.forge.bare, "for-each-ref", "--format=%(refname:short)")
    return [one for one in listed.splitlines() if one.startswith("bumper/")]


def refuse(
    world: World, number: int, answer: Answer | None, *, done: bool = False, times: int = 1
) -> list[Asked]:
    """Let the order to open the pull request of a number be answered so; what is asked after it is given."""
    orders, after = [0], []

    def trap(asked: Asked, truly: Callable[[], Answer]) -> Answer | None:
        opens = asked.method == "POST" and asked.path.endswith(("/pulls", "/merge_requests"))
        orders[0] += opens
        if orders[0] >= number and not opens:
            after.append(asked)
        if not opens or not number <= orders[0] < number + times:
            return truly()
        if done:
            truly()
        return answer

    world.trap = trap
    return after


def answer(status: int, message: str, *headers: tuple[str, str]) -> Answer:
    return Answer(status, json.dumps({"message": message}).encode(), (*JSON, *headers))


def test_row_166_what_the_base_has_by_now_is_nothing_to_do(world: World) -> None:
    told = "No commits between main and it" if world.kind == "github" else "There are no changes"
    refuse(world, 2, answer(422, told))
    ran = run(world)
    assert (ran.code, ran.out.count("created  "), ran.out.count("held  ")) == (0, 2, 1), ran.out
    assert "the base has all of it by now" in ran.out
    assert (len(world.forge.pulls), len(branches(world))) == (2, 2)
    heals(world)


def test_row_168_one_that_is_refused_costs_the_others_nothing(world: World) -> None:
    refuse(world, 2, answer(422, "Validation Failed: odd"))
    ran = run(world)
    assert (ran.code, ran.out.count("created  "), ran.out.count("failed  ")) == (4, 2, 1), ran.out
    assert "Validation Failed: odd" in ran.out
    heals(world)


def test_row_169_without_the_right_to_open_any_the_branches_stay(world: World) -> None:
    if world.kind != "github":
        pytest.skip("only GitHub keeps jobs from opening pull requests")
    words = "GitHub Actions is not permitted to create or approve pull requests."
    refuse(world, 1, answer(403, words), times=99)
    ran = run(world)
    assert (ran.code, ran.out.count("failed  "), len(world.forge.pulls)) == (3, 3, 0), ran.out
    assert "Allow GitHub Actions to create and approve" in ran.out
    for branch in branches(world):
        assert f"http://{world.host}/acme/gitops/compare/main...{branch}?expand=1" in ran.out
    stood = branches(world)
    assert len(stood) == 3
    run(world)
    assert branches(world) == stood
    heals(world)


def test_row_170_the_right_that_is_missing_is_named(world: World) -> None:
    needed = ("X-Accepted-GitHub-Permissions", "pull_requests=write")
    refuse(world, 1, answer(403, "Resource not accessible by integration", needed), times=99)
    ran = run(world)
    assert (ran.code, len(world.forge.pulls)) == (3, 0), ran.out
    named = {
        "github": "this call takes pull-requests: write",
        "gitea": "write:repository and write:issue",
        "gitlab": "the scope api",
    }
    assert named[world.kind] in ran.out
    heals(world)


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        pytest.param(401, "the token is not valid here", id="row-171-bad-token"),
        pytest.param(404, "`forge.slug` is wrong", id="row-171-no-right-to-see"),
    ],
)
def test_who_may_not_look_ends_at_once(world: World, status: int, hint: str) -> None:
    world.trap = lambda asked, truly: answer(status, "no") if "/api/" in asked.path else truly()
    ran = run(world)
    assert ran.code == 3, ran.out + ran.err
    assert hint in ran.err
    assert (world.writes(), branches(world)) == (0, [])
    heals(world)


LIMITS = [
    pytest.param(403, "API rate limit exceeded for user ID 1.", id="row-172-the-hour-is-used-up"),
    pytest.param(403, "You have exceeded a secondary rate limit.", id="row-173-too-fast"),
    pytest.param(429, "Too Many Requests", id="row-173-too-many"),
]


@pytest.mark.parametrize(("status", "words"), LIMITS)
def test_a_limit_that_is_too_far_ends_the_writing(world: World, status: int, words: str) -> None:
    if status == 403 and world.kind != "github":
        pytest.skip("only GitHub tells a limit by 403")
    after = refuse(world, 2, answer(status, words, ("Retry-After", "9999")), times=99)
    ran = run(world)
    assert (ran.code, ran.out.count("created  "), ran.out.count("failed  ")) == (4, 1, 2), ran.out
    if world.kind != "gitea":
        assert "what is left is done by the next run" in ran.out
    # The branch of the third is pushed, the forge itself is not even asked.
    assert [one.path for one in after if one.path.startswith("/api/")] == []
    heals(world)


@pytest.mark.parametrize(
    "lost", [Answer(502, b"{}", JSON), Answer(500, b"<html>"), None], ids=["502", "500", "cut"]
)
@pytest.mark.parametrize("done", [True, False])
def test_row_175_row_176_one_whose_answer_is_lost_is_there_once(
    world: World,
    lost: Answer | None,
    done: bool,  # noqa: FBT001 - a column of the table
) -> None:
    refuse(world, 2, lost, done=done)
    ran = run(world)
    assert ran.out.count("created  ") == (3 if done else 2), ran.out + ran.err
    assert ran.code == (0 if done else 4)
    heals(world)
    assert len(world.forge.pulls) == 3


ODD = [
    pytest.param(Answer(200, b"<html>oops</html>", (("Content-Type", "text/html"),)), id="row-177-html"),
    pytest.param(Answer(200, b"", JSON), id="row-177-empty"),
    pytest.param(Answer(200, b'{"message": "odd"}', JSON), id="row-177-an-object"),
    pytest.param(Answer(200, b'[{"number": 1, "iid": 1}]', JSON), id="row-177-of-another-shape"),
    pytest.param(Answer(503, b"busy", JSON), id="row-177-busy"),
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_a_list_that_cannot_be_read_touches_nothing(
    world: World, odd: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken for an empty one, all that a person refused would be offered again."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    assert run(world).code == 0
    for one in world.forge.pulls.values():
        one.state = "closed"
    writes = world.writes()
    world.trap = lambda asked, truly: (
        odd if asked.path.partition("?")[0].endswith(("/pulls", "/merge_requests")) else truly()
    )
    ran = run(world)
    assert ran.code == 3, ran.out + ran.err
    assert world.writes() == writes
    heals(world, 0)


def test_row_192_an_archived_repository_is_said(world: World) -> None:
    status = 403 if world.kind == "github" else 423
    refuse(world, 1, answer(status, "Repository was archived so is read-only."), times=99)
    ran = run(world)
    assert (ran.code, len(world.forge.pulls)) == (3, 0), ran.out
    assert "archived" in ran.out
    if world.kind != "gitlab":
        assert "unarchive it" in ran.out


@pytest.mark.parametrize(
    "state",
    ["draft", "automerge", "locked"],
    ids=["row-193-draft", "row-193-planned", "row-193-locked"],
)
def test_what_is_open_is_kept_current_whatever_its_state(world: World, state: str) -> None:
    """A locked one takes no comment from strangers; its branch and its words it takes from us as ever."""
    assert run(world).code == 0
    job = next(one for one in world.forge.pulls.values() if "job" in one.title)
    if state == "draft":
        job.draft, job.title = (
            True,
            {"gitea": "WIP: ", "gitlab": "Draft: "}.get(world.kind, "") + job.title,
        )
    job.automerge = state == "automerge"
    before = job.sha

    def trap(asked: Asked, truly: Callable[[], Answer]) -> Answer:
        speaks = asked.method == "POST" and asked.path.endswith(("/comments", "/notes"))
        if state == "locked" and speaks:
            return answer(403, "Unable to create comment because issue is locked.")
        return truly()

    world.trap = trap
    world.tags = {**TAGS, "job": ("2.0.0", "2.0.1", "2.0.2")}
    ran = run(world)
    assert (ran.code, ran.out.count("updated  ")) == (0, 1), ran.out + ran.err
    assert "2.0.0 to 2.0.2" in job.title
    assert job.sha != before
    assert world.forge.tip(job.head) == job.sha
    assert run(world).out.count("unchanged  ") == 3


def test_row_193_a_locked_conversation_keeps_nothing_open(world: World) -> None:
    """Who may say nothing closes without a word, and tries no more than that."""
    assert run(world).code == 0
    world.tags = {**TAGS, "web": ("1.25.3",)}
    locked = answer(403, "Unable to create comment because issue is locked.")
    world.trap = lambda asked, truly: (
        locked
        if asked.method == "POST" and asked.path.endswith(("/comments", "/notes"))
        else truly()
    )
    ran = run(world)
    assert (ran.code, ran.out.count("closed  "), ran.out.count("failed  ")) == (0, 1, 0), ran.out
    web = next(one for one in world.forge.pulls.values() if "web" in one.title)
    assert (web.state, web.comments, world.forge.tip(web.head)) == ("closed", [], None)
    assert run(world).out.count("unchanged  ") == 2


def test_row_196_one_that_was_merged_meanwhile_is_no_failure(world: World) -> None:
    """Between the list and the closing a person merged it."""
    assert run(world).code == 0
    web = next(one for one in world.forge.pulls.values() if "web" in one.title)
    world.tags = {**TAGS, "web": ("1.25.3",)}

    def trap(asked: Asked, truly: Callable[[], Answer]) -> Answer:
        if asked.method in {"PATCH", "PUT"} and b"close" in (asked.body or b""):
            web.merged, web.state = True, "closed"
        return truly()

    world.trap = trap
    ran = run(world)
    assert (ran.code, ran.out.count("failed  ")) == (0, 0), ran.out + ran.err
    assert (web.merged, web.state) == (True, "closed")


@pytest.mark.parametrize("jobs", [True, False])
def test_row_197_that_checks_do_not_start_by_themselves_is_said(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    jobs: bool,  # noqa: FBT001 - a column of the table
) -> None:
    if jobs:
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    said = "opened with the job's own token"
    assert (said in run(world).err) is (jobs and world.kind != "gitlab")
    # Nothing was opened, so there is nothing to say.
    assert said not in run(world).err


def test_row_184_a_strangers_pull_request_with_our_branch_is_none_of_ours(world: World) -> None:
    """From a fork, with our branch's name and our marker copied whole; closed by its author or open."""
    assert run(world).code == 0
    job = next(one for one in world.forge.pulls.values() if "job" in one.title)
    theirs = world.forge.open(
        {"title": job.title, "body": job.body, "head": job.head, "base": "main"}, ""
    )
    theirs.fork = True
    for state in ("open", "closed"):
        theirs.state = state
        kept = (theirs.title, theirs.body)
        ran = run(world)
        assert (ran.code, ran.out.count("unchanged  ")) == (0, 3), ran.out + ran.err
        assert (theirs.title, theirs.body, theirs.state, theirs.comments) == (*kept, state, [])


def test_row_164_one_that_somebody_opened_meanwhile_is_gone_on_with(world: World) -> None:
    """Another run, or a person, opened it between our list and our order."""
    made = [False]

    def trap(asked: Asked, truly: Callable[[], Answer]) -> Answer:
        opens = asked.method == "POST" and asked.path.endswith(("/pulls", "/merge_requests"))
        if opens and not made[0]:
            made[0] = True
            body = json.loads(asked.body)
            head, onto = body.get("head", body.get("source_branch")), body.get("base", "main")
            first = {"title": "by hand", "body": "mine", "head": head, "base": onto}
            world.forge.open(first, world.forge.tip(head) or "")
        return truly()

    world.trap = trap
    ran = run(world)
    assert (ran.code, len(world.forge.pulls)) == (0, 3), ran.out + ran.err
    heals(world)
    assert len(world.forge.pulls) == 3


def test_row_199_fifty_at_once_wait_for_the_limit(world: World) -> None:
    names = [f"svc{number:02}" for number in range(50)]
    files = {
        f"{one}/compose.yaml": f"services:\n  s:\n    image: {world.host}/acme/{one}:1.0.0\n"
        for one in names
    }
    write(world.clone, files)
    git(world.clone, "add", "--all")
    git(world.clone, "commit", "-q", "-m", "fifty", date="2026-01-02T03:04:05Z")
    git(world.forge.bare, "fetch", "-q", world.clone.as_posix(), "main:main")
    git(world.clone, "update-ref", "refs/remotes/origin/main", "HEAD")
    world.tags = {**TAGS, **dict.fromkeys(names, ("1.0.0", "1.0.1"))}
    ran = run(world)
    assert (ran.code, ran.out.count("created  "), ran.out.count("held  ")) == (0, 10, 43), ran.err
    for one in names:
        assert one in ran.out
    assert len(branches(world)) == 10
    writes = world.writes()
    assert run(world).code == 0
    assert world.writes() == writes
