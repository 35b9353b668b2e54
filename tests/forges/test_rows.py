"""What a forge may do to us, row by row of the fault list, against the fakes of `test_forges`."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

import pytest

from bumper.apis import github
from bumper.errors import ForgeError
from bumper.forges import base
from tests.fakes import http_server
from tests.fakes.forge import Pull
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fakes.http_server import Answer
from tests.forges.test_forges import BRANCH, WISH, ask, fake  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from bumper.forges.base import Forge
    from tests.fakes.forge import FakeForge

JSON = (("Content-Type", "application/json"),)


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "LAGS", (0, 0, 0))


def test_row_165_one_that_is_not_listed_yet_is_looked_for_again(
    fake: FakeForge,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = ask(fake, lambda forge: forge.open(WISH))
    answer, hidden = fake._answer, [2]

    def lagging(call: Any, authorization: str) -> Any:
        if call.method == "GET" and hidden[0] and not isinstance(fake, FakeGitLab):
            hidden[0] -= 1
            kept, fake.pulls = fake.pulls, {}
            try:
                return answer(call, authorization)
            finally:
                fake.pulls = kept
        return answer(call, authorization)

    monkeypatch.setattr(fake, "_answer", lagging)
    assert ask(fake, lambda forge: forge.open(WISH)).number == first.number
    assert len(fake.pulls) == 1


def test_row_166_no_commits_between_is_told(fake: FakeForge) -> None:  # noqa: F811 - the fixture
    fake.scripted.append(
        Answer(422, b'{"message": "No commits between main and bumper/web"}', JSON)
    )
    with pytest.raises(ForgeError, match="No commits between"):
        ask(fake, lambda forge: forge.open(WISH))
    assert fake.pulls == {}


def test_row_167_a_branch_that_is_not_seen_yet_is_tried_again(
    fake: FakeForge,  # noqa: F811 - the fixture
) -> None:
    if not isinstance(fake, FakeGitHub):
        pytest.skip("only GitHub says that a head is invalid")
    unseen = b'{"message": "Validation Failed", "errors": [{"field": "head", "code": "invalid"}]}'
    fake.scripted += [Answer(422, unseen, JSON), Answer(422, unseen, JSON)]
    assert ask(fake, lambda forge: forge.open(WISH)).number == 1
    fake.scripted += [Answer(422, unseen, JSON)] * 9
    with pytest.raises(ForgeError, match="422"):
        ask(fake, lambda forge: forge.open(WISH))
    assert len(fake.scripted) == 5
    fake.exchanges.clear()  # scripted answers are nothing that a vendor describes


def test_row_174_writes_to_github_are_a_second_apart(
    fake: FakeForge,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not isinstance(fake, FakeGitHub):
        pytest.skip("only GitHub asks for a pause between writes")
    slept: list[float] = []
    monkeypatch.setattr(github, "SECONDS_BETWEEN_WRITES", 1.0)
    monkeypatch.setattr(time, "sleep", slept.append)

    async def twice(forge: Forge) -> None:
        await forge.update(await forge.open(WISH), WISH)

    ask(fake, twice)
    assert sum(slept) > 0.5


def test_row_185_a_filter_that_is_ignored_finds_no_strangers(
    fake: FakeForge,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = ask(fake, lambda forge: forge.open(WISH))
    head = fake.tip(BRANCH) or ""
    for number in (2, 3):
        other = f"{BRANCH}-{number}"
        fake.pulls[number] = Pull(number, "t", "b", other, "main", head, fork=True)
    answer = fake._answer

    def careless(call: Any, authorization: str) -> Any:
        for name in ("head", "source_branch"):
            call.query.pop(name, None)
        return answer(call, authorization)

    monkeypatch.setattr(fake, "_answer", careless)
    assert ask(fake, lambda forge: forge.open(WISH)).number == ours.number


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_row_187_a_next_page_on_another_host_gets_nothing(
    fake: FakeForge,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    if isinstance(fake, FakeGitea):
        pytest.skip("Gitea's pages are asked for by number")
    answer = fake._answer
    with http_server.serve(lambda _: Answer(200, b"[]", JSON)) as elsewhere:

        def tempting(call: Any, authorization: str) -> Any:
            status, document, _ = answer(call, authorization)
            there = elsewhere.url.replace("127.0.0.1", name)
            link = f'<{there}/api/v3/repos/{fake.slug}/pulls?page=2>; rel="next"'
            return status, document, (("Link", link),)

        monkeypatch.setattr(fake, "_answer", tempting)
        with contextlib.suppress(ForgeError):
            ask(fake, lambda forge: forge.pull_requests("bumper/"))
        assert elsewhere.asked == []


def test_row_196_one_that_a_person_merged_meanwhile_is_an_error_that_says_so(
    fake: FakeForge,  # noqa: F811 - the fixture
) -> None:
    if not isinstance(fake, FakeGitea):
        pytest.skip("only Gitea answers 412")
    made = ask(fake, lambda forge: forge.open(WISH))
    fake.pulls[1].merged, fake.pulls[1].state = True, "closed"
    with pytest.raises(ForgeError, match="412"):
        ask(fake, lambda forge: forge.close(made, "because"))


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_row_173_gitlab_is_asked_again_for_what_it_could_not_tell(
    fake: FakeForge,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
    status: int,
) -> None:
    if not isinstance(fake, FakeGitLab):
        pytest.skip("GitHub's library waits by itself, Gitea's calls are our own")
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    answer, failing = fake._answer, [2]

    def patchy(call: Any, authorization: str) -> Any:
        if not failing[0]:
            return answer(call, authorization)
        failing[0] -= 1
        return status, {}, (("Retry-After", "9999"),) if status == 429 else ()

    monkeypatch.setattr(fake, "_answer", patchy)
    assert ask(fake, lambda forge: forge.pull_requests("bumper/")) == ()
    assert failing == [0]
    # A limit is waited for, but never without an end.
    assert max(slept) == (60 if status == 429 else pytest.approx(1.0, abs=0.5))
    fake.exchanges.clear()  # such answers are nothing that a vendor describes


@pytest.mark.parametrize(("status", "asked"), [(502, 1), (429, 4)])
def test_row_175_a_write_that_may_have_been_done_is_not_done_again(
    fake: FakeForge,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    asked: int,
) -> None:
    if not isinstance(fake, FakeGitLab):
        pytest.skip("GitHub's library waits by itself, Gitea's calls are our own")
    monkeypatch.setattr(time, "sleep", lambda _: None)
    made = ask(fake, lambda forge: forge.open(WISH))
    fake.scripted += [Answer(status, b"{}", JSON)] * 4
    with pytest.raises(ForgeError, match=str(status)):
        ask(fake, lambda forge: forge.comment(made, "said once"))
    assert 4 - len(fake.scripted) == asked
    fake.scripted.clear()
    fake.exchanges.clear()
