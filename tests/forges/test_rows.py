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


@pytest.mark.parametrize(("lists", "found"), [(2, True), (99, False)])
def test_row_165_one_that_is_not_listed_yet_is_looked_for_again(
    fake: FakeForge,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
    lists: int,
    found: bool,  # noqa: FBT001 - a column of the table
) -> None:
    first = ask(fake, lambda forge: forge.open(WISH))
    answer, hidden = fake._answer, [lists]
    fake.exchanges.clear()

    def lagging(call: Any, authorization: str) -> Any:
        if call.method == "GET" and hidden[0]:
            hidden[0] -= 1
            kept, fake.pulls = fake.pulls, {}
            try:
                return answer(call, authorization)
            finally:
                fake.pulls = kept
        return answer(call, authorization)

    monkeypatch.setattr(fake, "_answer", lagging)
    if found:
        assert ask(fake, lambda forge: forge.open(WISH)).number == first.number
    else:
        with pytest.raises(ForgeError):
            ask(fake, lambda forge: forge.open(WISH))
        # Three times more, after the first.
        assert sum(call.method == "GET" for call, _, _ in fake.exchanges) == 4
    assert len(fake.pulls) == 1


def test_row_166_no_commits_between_is_told(fake: FakeForge) -> None:  # noqa: F811 - the fixture
    fake.scripted.append(
        Answer(422, b'{"message": "No commits between main and bumper/web"}', JSON)
    )
    with pytest.raises(ForgeError, match="No commits between") as caught:
        ask(fake, lambda forge: forge.open(WISH))
    assert caught.value.code == base.NOTHING_TO_MERGE
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
    monkeypatch.setattr(github, "SECONDS_BETWEEN_WRITES", 100.0)
    monkeypatch.setattr(time, "sleep", slept.append)

    async def thrice(forge: Forge) -> None:
        made = await forge.open(WISH)
        await forge.comment(made, "a")
        await forge.update(made, WISH)

    ask(fake, thrice)
    # Before each but the first, what is missing to the full time.
    assert slept == [pytest.approx(100, abs=5)] * 2


def test_row_185_a_filter_that_is_ignored_finds_no_strangers(
    fake: FakeForge,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = ask(fake, lambda forge: forge.open(WISH))
    head = fake.tip(BRANCH) or ""
    for number in (2, 3):
        other = f"{BRANCH}-{number}"
        fake.pulls[number] = Pull(number, "t", "b", other, "main", head, fork=True)
    # A fork of the same owner's passes the filter: its branch may have our name.
    fake.pulls[4] = Pull(4, "t", "b", BRANCH, "main", head, fork=True)
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


def test_row_196_one_that_a_person_merged_meanwhile_is_left_merged(
    fake: FakeForge,  # noqa: F811 - the fixture
) -> None:
    if not isinstance(fake, FakeGitea):
        pytest.skip("only Gitea answers 412")
    made = ask(fake, lambda forge: forge.open(WISH))
    fake.pulls[1].merged, fake.pulls[1].state = True, "closed"
    ask(fake, lambda forge: forge.close(made, WISH))
    assert [status for _, status, _ in fake.exchanges][-1] == 412
    assert (fake.pulls[1].merged, fake.pulls[1].comments) == (True, [])


def lossy(fake: FakeForge, patch: pytest.MonkeyPatch) -> None:  # noqa: F811 - no fixture here
    """Let every write be done, and its answer be lost in a 502."""
    answer = fake._answer

    def lost(call: Any, authorization: str) -> Any:
        told = answer(call, authorization)
        return told if call.method == "GET" else (502, {"message": "bad gateway"}, ())

    patch.setattr(fake, "_answer", lost)


def test_row_175_one_that_was_made_before_a_502_is_found_and_not_made_twice(
    fake: FakeForge,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(github, "RETRIES", 3)
    lossy(fake, monkeypatch)
    assert ask(fake, lambda forge: forge.open(WISH)).number == 1
    assert [call.method for call, _, _ in fake.exchanges].count("POST") == 1
    assert len(fake.pulls) == 1


def test_row_175_one_that_was_not_made_is_an_error(
    fake: FakeForge,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(github, "RETRIES", 3)
    fake.scripted += [Answer(502, b"{}", JSON)] * 4
    with pytest.raises(ForgeError, match="502"):
        ask(fake, lambda forge: forge.open(WISH))
    assert (len(fake.scripted), fake.pulls) == (3, {})


@pytest.mark.parametrize("retries", [0, 3])
def test_row_176_a_comment_whose_answer_is_lost_is_said_once(
    fake: FakeForge,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
    retries: int,
) -> None:
    made = ask(fake, lambda forge: forge.open(WISH))
    monkeypatch.setattr(github, "RETRIES", retries)
    lossy(fake, monkeypatch)
    with pytest.raises(ForgeError, match="502"):
        ask(fake, lambda forge: forge.comment(made, "said once"))
    assert fake.pulls[1].comments == ["said once"]


READS = [
    pytest.param(b"<html>oops</html>", (("Content-Type", "text/html"),), id="row-177-html"),
    pytest.param(b"", JSON, id="row-177-empty"),
    pytest.param(b'{"message": "odd"}', JSON, id="row-177-an-object"),
    pytest.param(b'[{"number": 1, "iid": 1}]', JSON, id="row-177-entries-of-another-shape"),
    pytest.param(b"[null]", JSON, id="row-177-nothing-in-the-list"),
    pytest.param(b"[" * 9999, JSON, id="row-177-too-deep"),
]


@pytest.mark.parametrize(("body", "headers"), READS)
def test_a_list_that_cannot_be_read_is_an_error_and_not_an_empty_one(
    fake: FakeForge,  # noqa: F811 - the fixture
    body: bytes,
    headers: tuple[tuple[str, str], ...],
) -> None:
    with http_server.serve(lambda _: Answer(200, body, headers)) as odd:
        fake.url, kept = odd.url, fake.url
        with pytest.raises(ForgeError) as caught:
            ask(fake, lambda forge: forge.pull_requests("bumper/"), token="n0-secret")
        fake.url = kept
    assert caught.value.message


MOVES = [
    # method of the call, status, where to, whether it is followed to its end
    pytest.param("GET", 301, "here", id="row-192-renamed-read"),
    pytest.param("POST", 301, "here", id="row-192-renamed-written"),
    pytest.param("POST", 307, "here", id="row-192-renamed-written-307"),
    pytest.param("GET", 301, "elsewhere", id="row-192-another-host-read"),
    pytest.param("POST", 301, "elsewhere", id="row-192-another-host-written"),
    pytest.param("POST", 308, "elsewhere", id="row-192-another-host-written-308"),
]


@pytest.mark.parametrize(("method", "status", "place"), MOVES)
def test_a_repository_that_has_moved(
    fake: FakeForge,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    status: int,
    place: str,
) -> None:
    """Reads may be followed on the same host; nothing is written at another name, no token leaves the host."""
    fake.pulls[1] = Pull(1, "t", "b", BRANCH, "main", "", "closed")
    answer, slug = fake._answer, fake.slug
    with http_server.serve(lambda _: Answer(200, b"[]", JSON)) as elsewhere:
        there = elsewhere.url.replace("127.0.0.1", "localhost") if place == "elsewhere" else ""

        def moved(call: Any, authorization: str) -> Any:
            old = slug in call.path or slug.replace("/", "%2F") in call.path
            if call.method != method or not old:
                renamed = call.path.replace("acme/renamed", slug).replace(
                    "acme%2Frenamed", "acme%2Fgitops"
                )
                return answer(
                    type(call)(call.method, renamed, call.query, call.body), authorization
                )
            path = call.path.replace("gitops", "renamed")
            query = "&".join(f"{key}={value}" for key, value in call.query.items())
            where = f"{there or fake.url}{fake.API}{path}?{query}"
            return status, {"message": "Moved Permanently"}, (("Location", where),)

        monkeypatch.setattr(fake, "_answer", moved)
        if method == "GET" and not there and not isinstance(fake, FakeGitHub):
            found = ask(fake, lambda forge: forge.pull_requests("bumper/"))
            # What was closed must not be missing, or it would be offered again.
            assert [one.number for one in found] == [1]
        elif method == "GET":
            with pytest.raises(ForgeError) as caught:
                ask(fake, lambda forge: forge.pull_requests("bumper/"))
            assert "another name" in caught.value.hint
        else:
            with pytest.raises(ForgeError) as caught:
                ask(fake, lambda forge: forge.open(WISH))
            assert "another name" in caught.value.hint
        assert [one for one in elsewhere.asked if "authorization" in one.headers] == []
    assert len(fake.pulls) == 1
    fake.exchanges.clear()  # what was asked of the new name


PRIMARY = "API rate limit exceeded for user ID 1."
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes."
LIMITS = [
    # forge, the answers that refuse, what is slept before each new try; None: it is not tried again
    pytest.param(FakeGitHub, [(403, SECONDARY, {"Retry-After": "7"})], [7], id="row-173-github-says-how-long"),
    pytest.param(FakeGitHub, [(429, SECONDARY, {"Retry-After": "7"})], [7], id="row-173-github-says-how-long-429"),
    pytest.param(FakeGitHub, [(403, SECONDARY, {})] * 3, [60, 120, 240], id="row-173-github-says-nothing"),
    pytest.param(FakeGitHub, [(429, SECONDARY, {})] * 2, [60, 120], id="row-173-github-says-nothing-429"),
    pytest.param(FakeGitHub, [(403, SECONDARY, {})] * 9, None, id="row-173-github-means-it"),
    pytest.param(FakeGitHub, [(403, SECONDARY, {"Retry-After": "9999"})], None, id="row-173-github-too-long"),
    pytest.param(FakeGitHub, [(403, PRIMARY, {"reset": 20})], [21], id="row-172-github-until-the-reset"),
    pytest.param(FakeGitHub, [(429, PRIMARY, {"reset": 20})], [21], id="row-172-github-until-the-reset-429"),
    pytest.param(FakeGitHub, [(403, PRIMARY, {"reset": 3000})], None, id="row-172-github-the-reset-is-far"),
    pytest.param(FakeGitHub, [(429, PRIMARY, {"reset": 3000})], None, id="row-172-github-the-reset-is-far-429"),
    pytest.param(FakeGitLab, [(429, "", {"Retry-After": "7"})] * 2, [7, 7], id="row-173-gitlab-says-how-long"),
    pytest.param(FakeGitLab, [(429, "", {"Retry-After": "9999"})], None, id="row-173-gitlab-too-long"),
    pytest.param(FakeGitLab, [(429, "", {})] * 9, None, id="row-173-gitlab-means-it"),
    pytest.param(FakeGitea, [(429, "", {"Retry-After": "9999"})], None, id="row-173-gitea-too-long"),
]  # fmt: skip


@pytest.mark.parametrize("writes", [False, True], ids=["read", "write"])
@pytest.mark.parametrize(("kind", "refusals", "waits"), LIMITS)
def test_a_limit_is_waited_for_and_ends_the_run_where_it_is_too_long(
    fake: FakeForge,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
    kind: type[FakeForge],
    refusals: list[tuple[int, str, dict[str, Any]]],
    waits: list[int] | None,
    writes: bool,  # noqa: FBT001 - a column of the table
) -> None:
    if not isinstance(fake, kind):
        pytest.skip("another forge's row")
    made = ask(fake, lambda forge: forge.open(WISH))
    monkeypatch.setattr(github, "RETRIES", 3)
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    left, answer, asked = list(refusals), fake._answer, [0]

    def refusing(call: Any, authorization: str) -> Any:
        asked[0] += 1
        if not left:
            return answer(call, authorization)
        status, message, headers = left.pop(0)
        if "reset" in headers:
            reset = str(int(time.time()) + headers["reset"])
            headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
        return status, {"message": message}, tuple(headers.items())

    async def twice(forge: Forge) -> None:
        with pytest.raises(ForgeError):
            await (forge.comment(made, "a") if writes else forge.comments(made))
        before = asked[0]
        # Whatever is tried after it is not even asked.
        with pytest.raises(ForgeError):
            await forge.comment(made, "b")
        assert asked[0] == before

    monkeypatch.setattr(fake, "_answer", refusing)
    if waits is None:
        ask(fake, twice)
        assert fake.pulls[1].comments == []
        assert sum(slept) <= 60 + 120 + 240
    else:
        ask(fake, lambda forge: forge.comment(made, "a") if writes else forge.pull_requests("x"))
        assert slept == [pytest.approx(one, abs=1) for one in waits]
        assert fake.pulls[1].comments == (["a"] if writes else [])
    fake.exchanges.clear()  # a 429 is nothing that a vendor describes


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_row_175_what_only_reads_is_asked_again(
    fake: FakeForge,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
    status: int,
) -> None:
    monkeypatch.setattr(github, "RETRIES", 3)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    answer, failing = fake._answer, [2]

    def patchy(call: Any, authorization: str) -> Any:
        if not failing[0]:
            return answer(call, authorization)
        failing[0] -= 1
        return status, {}, ()

    monkeypatch.setattr(fake, "_answer", patchy)
    assert ask(fake, lambda forge: forge.pull_requests("bumper/")) == ()
    assert failing == [0]
