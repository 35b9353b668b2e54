"""Every forge by its API, against a stateful fake: the same verbs, and each vendor's ways to refuse.

Every exchange is held against what the vendor's own API description says; see `shapes`.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from bumper.apis import github
from bumper.errors import ForgeError
from bumper.forges import gitea
from bumper.forges.gitea import Gitea
from bumper.forges.github import GitHub
from bumper.forges.gitlab import GitLab
from bumper.http import Http
from bumper.model import ChangeRequest, Comment, Issue, PullRequestState
from bumper.publishing import standing
from tests.fakes import git_http, http_server, there
from tests.fakes.forge import BOT, Pull
from tests.fakes.git_http import GitHttp, git
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fakes.http_server import Answer
from tests.forges import held, questions, shapes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from bumper.forges.base import Forge
    from bumper.model import PullRequest
    from tests.fakes.forge import FakeForge

Result = TypeVar("Result")
TOKEN = there.TOKEN
BRANCH = "bumper/web-0a1b2c"
WISH = ChangeRequest(
    "web", BRANCH, "main", "Bump web", "the body\n", "", ("bumper", "bumper/major"), (), ()
)


@pytest.fixture(params=["github", "gitea", "gitlab"])
def fake(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeForge]:
    """A forge with `main` and a branch of ours; at the end every exchange must fit the vendor's."""
    monkeypatch.setattr(github, "SECONDS_BETWEEN_WRITES", 0)
    monkeypatch.setattr(github, "RETRIES", 0)
    bare = git_http.make(tmp_path / "acme" / "gitops.git", guarded=False)
    git(bare, "update-ref", "refs/heads/main", commit(bare, "base"))
    git(bare, "update-ref", f"refs/heads/{BRANCH}", commit(bare, "ours"))
    side = GitHttp(tmp_path, TOKEN)
    made: FakeForge = there.FAKES[request.param](side)
    with http_server.serve(made.answer) as server:
        made.url = server.url
        yield made
    assert held.misfits(made) == []


def commit(bare: Path, message: str) -> str:
    tree = git(bare, "hash-object", "-t", "tree", "-w", "/dev/null")
    return git(bare, "commit-tree", tree, "-m", message)


def ask(
    fake: FakeForge, question: Callable[[Forge], Awaitable[Result]], token: str = TOKEN
) -> Result:
    async def asked() -> Result:
        async with Http(timeout_seconds=5) as http:
            forge: Forge
            if isinstance(fake, FakeGitHub):
                forge = GitHub(f"{fake.url}/api/v3", fake.slug, token)
            elif isinstance(fake, FakeGitLab):
                forge = GitLab(f"{fake.url}/api/v4", fake.slug, token)
            else:
                forge = Gitea(http, f"{fake.url}/api/v1", fake.slug, token)
            return await question(forge)

    return asyncio.run(asked())


async def whole(forge: Forge, wish: ChangeRequest = WISH) -> tuple[PullRequest, tuple[str, ...]]:
    """Open a pull request and furnish it, as a run does."""
    made = await forge.open(wish)
    return made, await forge.furnish(made, wish)


def test_a_pull_request_is_opened_with_its_labels_and_found_again(fake: FakeForge) -> None:
    made, _ = ask(fake, whole)
    assert fake.pulls[1].labels == ["bumper", "bumper/major"]
    (found,) = ask(fake, lambda forge: forge.pull_requests("bumper/"))
    assert (found.number, found.branch, found.title, found.body) == (
        1,
        BRANCH,
        "Bump web",
        "the body\n",
    )
    assert (found.state, found.base, found.own_head) == (PullRequestState.OPEN, "main", True)
    assert found.head == fake.tip(BRANCH)
    assert ask(fake, lambda forge: forge.reread(found)) == found
    assert found.url == made.url
    assert found.created == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert ask(fake, lambda forge: forge.pull_requests("other/")) == ()
    assert len(ask(fake, lambda forge: forge.pull_requests("other/", "the bo"))) == 1


def test_row_164_one_that_is_open_already_is_given(fake: FakeForge) -> None:
    first = ask(fake, lambda forge: forge.open(WISH))
    assert ask(fake, lambda forge: forge.open(WISH)).number == first.number
    assert len(fake.pulls) == 1


def test_words_are_replaced_and_closing_leaves_the_last(fake: FakeForge) -> None:
    async def everything(forge: Forge) -> None:
        made = await forge.open(WISH)
        newer = ChangeRequest("web", BRANCH, "main", "Newer", "other", "", (), (), ())
        assert (await forge.update(made, newer)).title == "Newer"
        await forge.close(made, replace(newer, title="left alone", body="the last"))

    writes = fake.writes
    ask(fake, everything)
    assert fake.writes == writes + 3
    one = fake.pulls[1]
    assert (one.title, one.body, one.state, one.comments) == (
        "Newer",
        "the last",
        "closed",
        [],
    )


def test_row_194_it_goes_into_another_base(fake: FakeForge) -> None:
    bare = fake.git.root / "acme" / "gitops.git"
    git(bare, "update-ref", "refs/heads/trunk", commit(bare, "trunk"))

    async def moved(forge: Forge) -> PullRequest:
        return await forge.update(await forge.open(WISH), replace(WISH, base="trunk"))

    assert ask(fake, moved).base == fake.pulls[1].base == "trunk"


def test_every_state_is_told_and_a_strangers_fork_is_none_of_ours(fake: FakeForge) -> None:
    head = fake.tip(BRANCH) or ""
    for number, state, merged, fork in (
        (1, "closed", True, False), (2, "closed", False, False), (3, "open", False, True),
    ):  # fmt: skip
        fake.pulls[number] = Pull(number, "t", "b", BRANCH, "main", head, state, merged, fork)
    git(fake.bare, "update-ref", "-d", f"refs/heads/{BRANCH}")
    found = {one.number: one for one in ask(fake, lambda forge: forge.pull_requests("bumper/"))}
    told = [(found[n].state, found[n].branch, found[n].own_head) for n in (1, 2, 3)]
    assert told == [
        (PullRequestState.MERGED, BRANCH, True),
        (PullRequestState.CLOSED, BRANCH, True),
        (PullRequestState.OPEN, BRANCH, False),
    ]


def test_row_186_the_list_is_read_to_its_end(fake: FakeForge) -> None:
    """More than 2,000, the oldest of them ours; forks cost the fake no look at Git."""
    for number in range(1, 2102):
        fake.pulls[number] = Pull(
            number, "t", "b", BRANCH if number == 1 else "x", "main", "", "closed", fork=number > 1
        )
    found = ask(fake, lambda forge: forge.pull_requests("bumper/"))
    assert [one.number for one in found] == [1]


def test_row_186_a_list_that_grows_while_it_is_read_loses_none(
    fake: FakeForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 251):
        fake.pulls[number] = Pull(number, "t", "b", BRANCH, "main", "", "closed")
    answer = fake._answer

    def growing(call: Any, authorization: str) -> Any:
        given = answer(call, authorization)
        if call.path.endswith(("/pulls", "/merge_requests")):
            number = len(fake.pulls) + 1
            fake.pulls[number] = Pull(number, "t", "b", "x", "main", "", fork=True)
        return given

    monkeypatch.setattr(fake, "_answer", growing)
    known = standing.known(ask(fake, lambda forge: forge.pull_requests("bumper/")))
    assert sorted(one.pull_request.number for one in known) == list(range(1, 251))


def test_a_label_beyond_the_first_page_is_not_made_again(fake: FakeForge) -> None:
    fake.labels.update({number: f"other-{number}" for number in range(1, 121)})
    fake.labels[121] = "bumper"
    ask(fake, whole)
    assert fake.pulls[1].labels == ["bumper", "bumper/major"]
    created = [call.body["name"] for call, _, _ in fake.exchanges
               if call.path.endswith("gitops/labels") and call.method == "POST"]  # fmt: skip
    assert created == (["bumper/major"] if isinstance(fake, FakeGitea) else [])


def broken(fake: FakeForge, patch: pytest.MonkeyPatch, part: str) -> None:
    """Let every write whose path or body holds a part fail."""
    answer = fake._answer

    def scripted(call: Any, authorization: str) -> Any:
        if call.method != "GET" and part in f"{call.path} {call.body}":
            return 500, {"message": "broken"}, ()
        return answer(call, authorization)

    patch.setattr(fake, "_answer", scripted)


def test_row_188_a_pull_request_without_labels_is_one(
    fake: FakeForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(fake, monkeypatch, "label")
    made, told = ask(fake, whole)
    assert (made.number, len(told)) == (1, 1)
    assert told[0].startswith("labels not set: ")
    fake.exchanges.clear()  # a 500 is nothing that a vendor describes


FULL = replace(
    WISH, reviewers=("ada", "acme/platform"), assignees=("grace",), milestone="Q2", draft=True
)


def test_who_is_asked_who_is_assigned_and_the_rest(fake: FakeForge) -> None:
    made, told = ask(fake, lambda forge: whole(forge, FULL))
    one = fake.pulls[1]
    if isinstance(fake, FakeGitLab):
        assert (told, one.teams) == (
            ("acme/platform: no member of that name can be asked here",),
            [],
        )
    else:
        assert (told, one.teams) == ((), ["platform"])
    assert (one.reviewers, one.assignees) == (["ada"], ["grace"])
    assert (one.labels, one.milestone) == (["bumper", "bumper/major"], 4)
    assert (made.draft, made.title) == (True, "Bump web")
    writes = [call for call, _, _ in fake.exchanges if call.method != "GET"]
    assert len(writes) == (7 if isinstance(fake, FakeGitea) else 5)


@pytest.mark.parametrize("lost", range(6))
def test_row_176_a_small_thing_whose_answer_is_lost_is_set_all_the_same(
    fake: FakeForge, monkeypatch: pytest.MonkeyPatch, lost: int
) -> None:
    if lost > 3 and not isinstance(fake, FakeGitea):
        pytest.skip("it takes four calls here")
    made = ask(fake, lambda forge: forge.open(FULL))
    truly, seen = fake._answer, iter(range(99))

    def cut(call: Any, authorization: str) -> Any:
        done = truly(call, authorization)
        return (502, None, ()) if call.method != "GET" and next(seen) == lost else done

    monkeypatch.setattr(fake, "_answer", cut)
    told = ask(fake, lambda forge: forge.furnish(made, FULL))
    one, teams = fake.pulls[1], not isinstance(fake, FakeGitLab)
    assert len(told) == (0 if teams else 1), told
    assert (one.reviewers, one.teams, one.assignees) == (["ada"], ["platform"] * teams, ["grace"])
    assert (one.labels, one.milestone) == (["bumper", "bumper/major"], 4)
    fake.exchanges.clear()  # a lost answer is nothing that a vendor describes


def test_a_draft_stays_one_until_a_person_says_otherwise(fake: FakeForge) -> None:
    async def twice(forge: Forge) -> PullRequest:
        (opened,) = await forge.pull_requests("bumper/")
        return await forge.update(opened, replace(FULL, title="Newer"))

    ask(fake, lambda forge: whole(forge, FULL))
    edited = ask(fake, twice)
    assert (edited.title, edited.draft) == ("Newer", True)
    fake.pulls[1].draft, fake.pulls[1].title = False, "Newer"
    edited = ask(fake, twice)
    assert (edited.title, edited.draft, fake.pulls[1].title) == ("Newer", False, "Newer")


def test_row_189_who_is_unknown_is_told_and_the_others_are_asked(fake: FakeForge) -> None:
    wish = replace(
        FULL, reviewers=("nobody", "ada", "acme/none"), assignees=("grace", "nobody"), milestone="Q"
    )
    _, told = ask(fake, lambda forge: whole(forge, wish))
    one = fake.pulls[1]
    assert (one.reviewers, one.teams, one.assignees) == (["ada"], [], ["grace"])
    assert one.milestone is None
    assert len(told) == 4
    for words in ("nobody", "acme/none", "no open milestone Q"):
        assert any(words in text for text in told), told


def test_the_forge_merges_and_only_where_it_waits_for_checks(fake: FakeForge) -> None:
    made, _ = ask(fake, whole)
    planned = []
    for on in (True, False):
        assert ask(fake, lambda forge, on=on: forge.automerge(made, on=on)) == ""  # type: ignore[misc] # the loop's own value
        planned.append(fake.pulls[1].automerge)
    assert planned == [True, False]
    fake.checks = False
    told = ask(fake, lambda forge: forge.automerge(made, on=True))
    assert any(
        one in told for one in ("clean status", "requires no checks", "requires no pipeline")
    )
    assert (fake.pulls[1].merged, fake.pulls[1].automerge) == (False, False)


def test_a_planned_merge_outlasts_a_push_and_a_persons_no_stays(fake: FakeForge) -> None:
    async def moved(forge: Forge, message: str) -> None:
        (opened,) = await forge.pull_requests("bumper/")
        git(fake.bare, "update-ref", f"refs/heads/{BRANCH}", commit(fake.bare, message))
        await forge.update(opened, replace(WISH, title=message))

    made, _ = ask(fake, whole)
    ask(fake, lambda forge: forge.automerge(made, on=True))
    ask(fake, lambda forge: moved(forge, "newer"))
    assert fake.pulls[1].automerge
    fake.pulls[1].automerge = False
    ask(fake, lambda forge: moved(forge, "newest"))
    assert not fake.pulls[1].automerge


def test_row_193_who_is_in_the_merge_queue_is_told(fake: FakeForge) -> None:
    made, _ = ask(fake, whole)
    assert not ask(fake, lambda forge: forge.is_queued(made))
    fake.pulls[1].queued = True
    assert ask(fake, lambda forge: forge.is_queued(made)) is not isinstance(fake, FakeGitea)


def test_a_server_that_still_looks_is_asked_again(
    fake: FakeForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isinstance(fake, FakeGitea):
        pytest.skip("only Gitea says to try again")
    monkeypatch.setattr(gitea, "SECONDS_BETWEEN", 0)
    made, _ = ask(fake, whole)
    busy = Answer(405, b'{"message": "Please try again later"}')
    fake.scripted.extend([busy, busy])
    assert ask(fake, lambda forge: forge.automerge(made, on=True)) == ""
    assert fake.pulls[1].automerge


def test_a_commit_gets_our_status(fake: FakeForge) -> None:
    head = fake.tip(BRANCH) or ""
    ask(fake, lambda forge: forge.status(head, "pending", "waits"))
    ask(fake, lambda forge: forge.status(head, "success", "old enough"))
    told = [("bumper/min-age", "pending"), ("bumper/min-age", "success")]
    assert fake.statuses == [(head, *one) for one in told]


def test_an_issue_is_found_by_its_label_and_its_mark(fake: FakeForge) -> None:
    async def everything(forge: Forge) -> list[Issue | None]:
        seen = [await forge.issue("ours", "<!-- mark -->")]
        opened = await forge.open_issue("How it stands", "<!-- mark -->\nfine", "ours")
        assert opened == Issue(1002, is_open=True, body="<!-- mark -->\nfine", author=BOT)
        seen.append(await forge.issue("ours", "<!-- mark -->"))
        assert seen[-1] is not None
        await forge.update_issue(seen[-1], "<!-- mark -->\nbad")
        return [*seen, await forge.issue("ours", "<!-- mark -->"), await forge.issue("ours", "x")]

    fake.topic("a stranger's", "<!-- mark -->", [])
    none, made, edited, other = ask(fake, everything)
    assert (none, other) == (None, None)
    assert made == Issue(1002, is_open=True, body="<!-- mark -->\nfine", author=BOT)
    assert edited == Issue(1002, is_open=True, body="<!-- mark -->\nbad", author=BOT)
    fake.issues[1002].state = "closed"
    found = ask(fake, lambda forge: forge.issue("ours", "<!-- mark -->"))
    assert found is not None
    assert not found.is_open


def test_an_issue_is_pinned_where_there_are_pins(fake: FakeForge) -> None:
    async def pinned(forge: Forge) -> None:
        await forge.pin(await forge.open_issue("How it stands", "x", "ours"))

    ask(fake, pinned)
    assert fake.issues[1001].pinned is not isinstance(fake, FakeGitLab)
    fake.most_pins = 1
    if isinstance(fake, FakeGitLab):
        ask(fake, pinned)
    else:
        with pytest.raises(ForgeError, match="pinned issues"):
            ask(fake, pinned)


@pytest.mark.parametrize("editor", ["", "ada", BOT, "other[bot]"])
def test_who_edited_an_issue_is_told_by_some(fake: FakeForge, editor: str) -> None:
    issue = ask(fake, lambda forge: forge.open_issue("How it stands", "x", "ours"))
    fake.issues[issue.number].editor = editor
    told = ask(fake, lambda forge: forge.editor(issue))
    assert told == ("" if isinstance(fake, FakeGitea) else editor)


def test_a_plan_without_drafts_takes_a_ready_one(fake: FakeForge) -> None:
    if not isinstance(fake, FakeGitHub):
        pytest.skip("a draft is a title elsewhere")
    refusal = b'{"message": "Draft pull requests are not supported in this repository."}'
    fake.scripted.append(Answer(422, refusal, (("Content-Type", "application/json"),)))
    assert not ask(fake, lambda forge: forge.open(FULL)).draft


@pytest.mark.parametrize("marked", ["{0}: mine", "[{0}] mine", "{1}: mine", "{0}:mine"])
def test_row_182_a_draft_that_a_person_marked_keeps_its_title(fake: FakeForge, marked: str) -> None:
    if isinstance(fake, FakeGitHub):
        pytest.skip("a draft is no title there")
    made = ask(fake, lambda forge: forge.open(WISH))
    word = "WIP" if isinstance(fake, FakeGitea) else "Draft"
    title = fake.pulls[1].title = marked.format(word, word.lower())
    for _ in range(2):
        (made,) = ask(fake, lambda forge: forge.pull_requests("bumper/"))
        assert made.draft
        kept = replace(WISH, title=made.title)
        ask(fake, partial(_updated, made, kept))
        assert fake.pulls[1].title == title


async def _updated(made: PullRequest, wish: ChangeRequest, forge: Forge) -> PullRequest:
    return await forge.update(made, wish)


def test_what_was_said_is_listed_with_who_and_when(fake: FakeForge) -> None:
    async def everything(forge: Forge) -> tuple[Comment, ...]:
        made = await forge.open(WISH)
        assert made.author == BOT
        await forge.comment(made, "ours")
        fake.tell(made.number, "bumper rebase")
        return await forge.comments(made)

    when = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert ask(fake, everything) == (
        Comment("1", BOT, "ours", when), Comment("2", "ada", "bumper rebase", when),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("person", "may"),
    [("ada", True), ("grace", False), ("nobody", False), ("a b?c", False)],
)
def test_who_may_write(fake: FakeForge, person: str, may: bool) -> None:  # noqa: FBT001 - a row
    assert ask(fake, lambda forge: forge.may_write(person)) is may


def test_an_approval_is_seen(fake: FakeForge) -> None:
    made = ask(fake, lambda forge: forge.open(WISH))
    assert ask(fake, lambda forge: forge.approved(made)) is False
    fake.pulls[1].approved = True
    assert ask(fake, lambda forge: forge.approved(made)) is True


def test_gitea_tells_only_administrators_who_may_write(fake: FakeForge) -> None:
    if not isinstance(fake, FakeGitea):
        pytest.skip("the others tell everybody who may read")
    fake.admin = False
    with pytest.raises(ForgeError, match="may not ask who may write") as caught:
        ask(fake, lambda forge: forge.may_write("ada"))
    assert "administrator" in caught.value.hint
    assert ask(fake, lambda forge: forge.may_write("acme")) is True


REFUSALS = [
    pytest.param(Answer(401, b'{"message": "Bad credentials"}'), "token is not valid", id="row-171-bad-token"),
    pytest.param(Answer(403, b'{"message": "Resource not accessible by integration"}'), "token needs", id="row-170-missing-right"),
    pytest.param(Answer(404, b'{"message": "Not Found"}'), "forge.slug", id="row-171-may-not-see"),
    pytest.param(Answer(422, b'{"message": "Validation Failed", "errors": [{"message": "odd"}]}'), "", id="row-168-unknown-422"),
    pytest.param(Answer(500, b"<html>oops</html>"), "", id="row-177-html"),
    pytest.param(Answer(201, b""), "", id="row-177-empty"),
    pytest.param(Answer(201, b"[]"), "", id="row-177-a-list"),
    pytest.param(Answer(201, b'{"number": 1}'), "", id="row-177-of-another-shape"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "hint"), REFUSALS)
def test_a_refusal_is_an_error_that_says_what_and_where(
    fake: FakeForge, answer: Answer, hint: str
) -> None:
    given = Answer(answer.status, answer.body, (("Content-Type", "application/json"),))
    fake.scripted.append(given)
    with pytest.raises(ForgeError) as caught:
        ask(fake, lambda forge: forge.open(WISH))
    assert hint in caught.value.hint
    assert TOKEN not in caught.value.message + caught.value.hint
    assert fake.slug in caught.value.message or "pull request" in caught.value.message


def test_row_192_an_archived_repository_is_said(fake: FakeForge) -> None:
    status = 403 if isinstance(fake, FakeGitHub) else 423
    fake.scripted.append(
        Answer(
            status,
            b'{"message": "Repository was archived"}',
            (("Content-Type", "application/json"),),
        )
    )
    with pytest.raises(ForgeError, match="archived"):
        ask(fake, lambda forge: forge.open(WISH))


def test_a_wrong_token_is_told_without_it(fake: FakeForge) -> None:
    with pytest.raises(ForgeError) as caught:
        ask(fake, lambda forge: forge.pull_requests("bumper/"), token="wr0ng")
    assert "401" in caught.value.message
    assert "wr0ng" not in caught.value.message + caught.value.hint


def test_nobody_there_is_told(fake: FakeForge) -> None:
    fake.url = "http://127.0.0.1:9"
    with pytest.raises(ForgeError):
        ask(fake, lambda forge: forge.pull_requests("bumper/"))


def test_a_server_that_ignores_the_page_does_not_hold_us_for_ever(fake: FakeForge) -> None:
    if not isinstance(fake, FakeGitea):
        pytest.skip("the end of the list is the missing Link elsewhere")
    fake.pulls[1] = Pull(1, "t", "b", BRANCH, "main", "", "closed")
    answer = fake._answer

    def stubborn(call: Any, authorization: str) -> Any:
        call.query.pop("page", None)
        return answer(call, authorization)

    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack():
        patch.setattr(fake, "_answer", stubborn)
        with pytest.raises(ForgeError, match="without an end"):
            ask(fake, lambda forge: forge.pull_requests("bumper/"))


@pytest.mark.parametrize(
    ("query", "body", "status", "answer"),
    [
        pytest.param({"sorted": "x"}, None, 200, [], id="parameter"),
        pytest.param({"state": "opened"}, None, 200, [], id="value"),
        pytest.param({}, None, 302, [], id="status"),
        pytest.param({}, None, 200, [{"numbr": 1}], id="field"),
        pytest.param({}, None, 200, [{"number": "1"}], id="type"),
        pytest.param({}, None, 200, {}, id="no-list"),
    ],
)
def test_the_comparison_bites(query: dict[str, str], body: Any, status: int, answer: Any) -> None:
    for vendor in ("github", "gitea"):
        described, _ = held.described(vendor)
        assert shapes.faults(described, "GET /pulls", query, body, status, answer) != []
        assert set(described) <= set(shapes.CALLS)


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        pytest.param('query($n: Int!) { repository(owner: "a", name: "b") { pullRequest(number: $n) { isInQueue } } }', {"n": 1}, id="field"),
        pytest.param('query($n: Int!) { repository(owner: "a", name: "b") { pullRequest(number: $n) { isInMergeQueue } } }', {"n": "1"}, id="type"),
        pytest.param('query($n: Int!) { repository(owner: "a", name: "b") { pullRequest(number: $n) { isInMergeQueue } } }', {}, id="missing"),
        pytest.param('query { repository(owner: "a", name: "b") { pullRequest(number: 1) { isInMergeQueue } } }', {"n": 1}, id="too-many"),
        pytest.param("mutation M($input: PinIssueInput!) { pinIssue(input: $input) { issue { number } } }", {"input": {"id": "x"}}, id="input"),
    ],
)  # fmt: skip
def test_a_question_that_github_would_refuse_is_found(
    query: str, variables: dict[str, Any]
) -> None:
    assert questions.faults(query, variables) != []


QUEUED = 'query { repository(owner: "a", name: "b") { pullRequest(number: 1) { isInMergeQueue } } }'


@pytest.mark.parametrize(
    ("told", "fits"),
    [
        pytest.param(
            {"repository": {"pullRequest": {"isInMergeQueue": True}}}, True, id="as-asked"
        ),
        pytest.param({"repository": {"pullRequest": None}}, True, id="none-of-that-number"),
        pytest.param({"repository": {"pullRequest": {"isInMergeQueue": None}}}, False, id="null"),
        pytest.param({"repository": {"pullRequest": {"isInMergeQueue": "no"}}}, False, id="type"),
        pytest.param({"repository": {"pullRequest": {}}}, False, id="missing"),
        pytest.param({"repository": {"pullRequest": [True]}}, False, id="no-object"),
        pytest.param({"repository": {"pullRequest": None, "id": 1}}, False, id="not-asked-for"),
    ],
)
def test_an_answer_that_github_would_not_give_is_found(
    told: dict[str, Any],
    fits: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert (questions.unlike(QUEUED, {"data": told}) == []) is fits
