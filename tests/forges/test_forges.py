"""Every forge by its API, against a stateful fake: the same verbs, and each vendor's ways to refuse.

Every exchange is held against what the vendor's own API description says; see `shapes`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from bumper.apis import github
from bumper.errors import ForgeError
from bumper.forges.gitea import Gitea
from bumper.forges.github import GitHub
from bumper.http import Http
from bumper.model import ChangeRequest, PullRequestState
from tests.fakes import git_http, http_server
from tests.fakes.forge import Pull
from tests.fakes.git_http import GitHttp, git
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.http_server import Answer
from tests.forges import shapes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from bumper.forges.base import Forge
    from tests.fakes.forge import FakeForge

Result = TypeVar("Result")
TOKEN = "t0ken-of-the-bot"
BRANCH = "bumper/web-0a1b2c"
WISH = ChangeRequest(
    "web", BRANCH, "main", "Bump web", "the body\n", "", ("bumper", "bumper/major"), (), ()
)


@pytest.fixture(params=["github", "gitea"])
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
    made: FakeForge = FakeGitHub(side) if request.param == "github" else FakeGitea(side)
    with http_server.serve(made.answer) as server:
        made.url = server.url
        yield made
    described = json.loads(shapes.SHAPES.read_text(encoding="utf-8"))[request.param]
    found = []
    for call, status, answer in made.exchanges:
        short = call.path.removeprefix("/repos/acme/gitops")
        name = f"{call.method} {'/'.join('N' if p.isdigit() else p for p in short.split('/'))}"
        if answer is not None and status != 404:
            found += shapes.faults(described, name, call.query, call.body, status, answer)
    assert found == []


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
            else:
                forge = Gitea(http, f"{fake.url}/api/v1", fake.slug, token)
            return await question(forge)

    return asyncio.run(asked())


def test_a_pull_request_is_opened_with_its_labels_and_found_again(fake: FakeForge) -> None:
    made = ask(fake, lambda forge: forge.open(WISH))
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
    assert found.url == made.url
    assert found.created == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert ask(fake, lambda forge: forge.pull_requests("other/")) == ()


def test_row_164_one_that_is_open_already_is_given(fake: FakeForge) -> None:
    first = ask(fake, lambda forge: forge.open(WISH))
    assert ask(fake, lambda forge: forge.open(WISH)).number == first.number
    assert len(fake.pulls) == 1


def test_words_are_replaced_and_closing_says_why(fake: FakeForge) -> None:
    async def everything(forge: Forge) -> None:
        made = await forge.open(WISH)
        newer = ChangeRequest("web", BRANCH, "main", "Newer", "other", "", (), (), ())
        assert (await forge.update(made, newer)).title == "Newer"
        await forge.close(made, "because")

    ask(fake, everything)
    one = fake.pulls[1]
    assert (one.title, one.body, one.state, one.comments) == (
        "Newer",
        "other",
        "closed",
        ["because"],
    )


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


def test_the_list_is_read_to_its_end(fake: FakeForge) -> None:
    """More than 2,000, the oldest of them ours; forks cost the fake no look at Git."""
    for number in range(1, 2102):
        fake.pulls[number] = Pull(
            number, "t", "b", BRANCH if number == 1 else "x", "main", "", "closed", fork=number > 1
        )
    found = ask(fake, lambda forge: forge.pull_requests("bumper/"))
    assert [one.number for one in found] == [1]


def test_a_label_beyond_the_first_page_is_not_made_again(fake: FakeForge) -> None:
    fake.labels.update({f"other-{number}": number for number in range(1, 121)})
    fake.labels["bumper"] = 121
    ask(fake, lambda forge: forge.open(WISH))
    assert fake.pulls[1].labels == ["bumper", "bumper/major"]
    created = [call.body["name"] for call, _, _ in fake.exchanges
               if call.path.endswith("gitops/labels") and call.method == "POST"]  # fmt: skip
    assert created == ([] if isinstance(fake, FakeGitHub) else ["bumper/major"])


def test_row_188_a_pull_request_without_labels_is_one(fake: FakeForge) -> None:
    async def failing(forge: Forge) -> int:
        opened, refused = 0, Answer(500, b"{}")
        answer = fake._answer

        def scripted(call: Any, authorization: str) -> Any:
            if "label" in call.path and call.method == "POST":
                return refused.status, {"message": "broken"}, ()
            return answer(call, authorization)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fake, "_answer", scripted)
            opened = (await forge.open(WISH)).number
        fake.exchanges.clear()
        return opened

    assert ask(fake, failing) == 1


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
    if isinstance(fake, FakeGitHub):
        pytest.skip("GitHub's end of the list is the missing Link")
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
    for described in json.loads(shapes.SHAPES.read_text(encoding="utf-8")).values():
        assert shapes.faults(described, "GET /pulls", query, body, status, answer) != []
        assert set(described) <= set(shapes.CALLS)
