"""What is told, to whom, and that it is told once; a channel that fails fails no run."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import git
import pytest

from bumper import news, notify, plan, redact
from bumper.config import channels
from bumper.config.proposals import PullRequests
from bumper.errors import NotifyError
from bumper.model import (
    Bump,
    Failure,
    Hold,
    Level,
    Operation,
    Policy,
    Published,
    PullRequest,
    PullRequestState,
    Report,
    Setting,
)
from bumper.notifiers.base import EVENTS
from bumper.notify import Channel
from tests.canaries import canary
from tests.fakes import http_server, mailbox, trapper
from tests.support import bumper, use, write

if TYPE_CHECKING:
    from pathlib import Path

    from bumper.model import (
        Outcome,
    )
    from bumper.notifiers.base import Message
    from bumper.notify import Told


class Box:
    """A notifier that keeps what it is sent."""

    EVERY_RUN = False

    def __init__(self, error: Exception | None = None) -> None:
        self.messages: list[Message] = []
        self.error = error

    async def send(self, message: Message) -> None:
        if self.error is not None:
            raise self.error
        self.messages.append(message)


class Gauge(Box):
    EVERY_RUN = True


def bump(image: str = "nginx:1.25.3", level: Level = Level.MINOR, channel: str = "") -> Bump:
    said = (Setting("notify", channel, "f.yaml:1"),) if channel else ()
    return Bump(use(image), Policy(said=said), "9.9.9", None, level, "newer-tag", "newer")


def published(operation: Operation, one: Bump) -> Published:
    (request,) = plan.plan([one], PullRequests(), "main")
    made = PullRequest(
        4, "https://git.example/4", PullRequestState.OPEN, request.branch, "c", "main", "", ""
    )
    return Published(operation, request, made)


def report(*outcomes: Outcome, done: tuple[Published, ...] = ()) -> Report:
    return Report(outcomes, (), done)


def kinds(told: Report, before: frozenset[str] = frozenset()) -> list[str]:
    return [event.kind for event in news.events(told, before)]


def tell(
    told: Report, *channels: Channel, before: dict[str, frozenset[str]] | None = None
) -> tuple[Told, ...]:
    return asyncio.run(notify.notify(told, channels, "acme/gitops", before or {}))


HELD = Hold(use("redis:7.2.0"), Policy(), "monitor-only", "7.4.0 is there", "7.4.0")
LOST = Failure(use("ghcr.io/acme/api:1"), Policy(), "registry-denied", "access denied")


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        pytest.param(Operation.CREATED, ["opened"], id="created"),
        pytest.param(Operation.UPDATED, ["updated"], id="updated"),
        pytest.param(Operation.CLOSED, ["closed"], id="closed"),
        pytest.param(Operation.FAILED, ["failed"], id="failed"),
        pytest.param(Operation.UNCHANGED, [], id="unchanged-is-no-event"),
        pytest.param(Operation.REFUSED, [], id="refused-is-no-event"),
        pytest.param(Operation.EDITED, [], id="edited-is-no-event"),
        pytest.param(Operation.HELD, [], id="over-the-limit-is-no-event"),
    ],
)
def test_what_a_run_did_is_an_event_of_that_run(operation: Operation, expected: list[str]) -> None:
    known = frozenset() if operation is Operation.CREATED else frozenset({"open 4"})
    assert kinds(report(done=(published(operation, bump()),)), known) == expected


def test_an_open_pull_request_is_news_to_a_channel_that_does_not_know_it() -> None:
    assert kinds(report(done=(published(Operation.UNCHANGED, bump()),))) == ["opened"]


def test_a_major_is_told_as_such_and_the_worst_comes_first() -> None:
    done = (published(Operation.CREATED, bump(level=Level.MAJOR)),)
    told = report(HELD, LOST, done=done)
    assert kinds(told) == ["failed", "major", "opened", "held"]
    message = news.digest(told, news.events(told, frozenset()), "acme/gitops")
    assert message.level == "failure"
    assert message.title == "bumper: 1 failed, 1 major, 1 opened, 1 held in acme/gitops"


def test_what_stands_is_told_when_it_begins_and_when_it_ends() -> None:
    first = report(HELD, LOST)
    known = news.standing(first)
    assert kinds(first) == ["failed", "held"]
    assert kinds(first, known) == []
    assert kinds(report(replace(HELD, new_tag="7.4.1")), known) == ["recovered", "held"]
    assert kinds(report(), known) == ["recovered"]


def seen(number: int, state: PullRequestState) -> PullRequest:
    return PullRequest(number, f"https://git.example/{number}", state, "b", "c", "main", "Bump", "")


def test_a_merge_is_told_once_and_only_of_what_was_open() -> None:
    first = report(done=(published(Operation.CREATED, bump()),))
    known = news.standing(first)
    assert known == {"open 4"}
    assert not news.gone(report(done=(published(Operation.UNCHANGED, bump()),)), known)
    assert news.gone(report(), known)
    merged = replace(
        report(), pull_requests=(seen(4, PullRequestState.MERGED), seen(3, PullRequestState.MERGED))
    )
    assert [(one.kind, one.url) for one in news.events(merged, known)] == [
        ("merged", "https://git.example/4")
    ]
    after = news.standing(merged, known)
    assert (after, kinds(merged, after)) == (frozenset(), [])


def test_a_pull_request_that_a_run_does_not_speak_of_stays_known() -> None:
    known = frozenset({"open 4"})
    assert news.standing(report(), known) == known
    closed = replace(report(), pull_requests=(seen(4, PullRequestState.CLOSED),))
    assert (kinds(closed, known), news.standing(closed, known)) == ([], frozenset())


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        pytest.param(Operation.UNCHANGED, "reminded", id="it-will-be-closed"),
        pytest.param(Operation.CLOSED, "stale", id="it-is-closed"),
    ],
)
def test_a_pull_request_that_nobody_decides_is_told_as_stale(
    operation: Operation, code: str
) -> None:
    done = (replace(published(operation, bump()), code=code, reason="nobody has decided"),)
    assert kinds(report(done=done)) == ["stale"]


def test_what_could_not_be_published_is_told_when_it_begins_and_when_it_ends() -> None:
    failed = report(done=(published(Operation.FAILED, bump()),))
    known = news.standing(failed)
    assert (kinds(failed), kinds(failed, known), kinds(report(), known)) == (
        ["failed"],
        [],
        ["recovered"],
    )


def test_a_channel_is_told_of_nothing_less_grave_than_it_wants() -> None:
    box = Box()
    done = (published(Operation.CREATED, bump(level=Level.MAJOR)),)
    tell(report(HELD, LOST, done=done), Channel("ops", box, level="warning"))
    assert [event.kind for event in box.messages[0].events] == ["failed", "major"]


def test_one_digest_a_run_and_nothing_where_nothing_is_new() -> None:
    box, gauge = Box(), Gauge()
    channels = (Channel("ops", box), Channel("zabbix", gauge))
    told = tell(report(HELD, LOST, done=(published(Operation.CREATED, bump()),)), *channels)
    assert [one.sent for one in told] == [True, True]
    assert len(box.messages) == 1
    known = dict.fromkeys(("ops", "zabbix"), frozenset({"open 4"}))
    again = tell(report(done=(published(Operation.UNCHANGED, bump()),)), *channels, before=known)
    assert [one.sent for one in again] == [False, True]
    assert len(box.messages) == 1


def test_when_and_the_channel_of_an_image_decide_who_is_told() -> None:
    ops, dev, majors = Box(), Box(), Box()
    channels = (Channel("ops", ops), Channel("dev", dev), Channel("majors", majors, ("major",)))
    done = (
        published(Operation.CREATED, bump("nginx:1.25.3", channel="ops")),
        published(Operation.CREATED, bump("redis:7.2.0")),
        published(Operation.CREATED, bump("traefik:3.0.0", channel="nobody")),
    )
    tell(report(done=done), *channels)
    assert [len(event.messages[0].events) for event in (ops, dev)] == [3, 2]
    assert majors.messages == []


def test_a_channel_that_fails_stops_no_other_and_names_no_secret() -> None:
    box = Box()
    broken = Channel("a", Box(NotifyError("not delivered", hint="mend it")))
    odd = Channel("b", Box(RuntimeError("https://user:canary@example.org")))
    told = tell(report(HELD), broken, odd, Channel("c", box))
    assert [one.error for one in told] == ["not delivered", "not delivered (RuntimeError)", ""]
    assert len(box.messages) == 1


@pytest.mark.parametrize(
    ("template", "body", "error"),
    [
        pytest.param("{% for e in events %}{{ e.kind }}!{% endfor %}", "held!", "", id="own-words"),
        pytest.param("{{ numbers.hold }} of {{ numbers.uses }} {{ level }}", "1 of 1 info", "", id="numbers"),
        pytest.param("{{ numbers.current }}, {{ numbers['level-major'] }}", "0, 0", "", id="nought-is-a-number"),
        pytest.param("{% if numbers.failed %}help{% endif %}", None, "", id="empty-sends-nothing"),
        pytest.param("{{ nosuch.x }}", None, "the template cannot be filled in", id="unknown-name"),
        pytest.param("{% for a in range(9999999) %}{% endfor %}", None, "the template cannot be", id="too-many-steps"),
    ],
)  # fmt: skip
def test_a_channel_in_its_own_words(template: str, body: str | None, error: str) -> None:
    box = Box()
    (told,) = tell(report(HELD), Channel("ops", box, template=template))
    assert [message.body for message in box.messages] == ([] if body is None else [body])
    assert told.error.startswith(error)


HOSTILE = Failure(
    use("evil/api:1"), Policy(), "registry-denied", "see [it](https://evil) @here <@&1> a@b.org"
)


@pytest.mark.parametrize("template", [None, "{{ events[0].text }} @ops"])
def test_foreign_words_call_nobody_and_hide_no_link_in_a_chat(template: str | None) -> None:
    box = Box()
    tell(report(HOSTILE), Channel("ops", box, template=template))
    (message,) = box.messages
    assert "see [it]\u200b(https://evil) @\u200bhere <@\u200b&1> a@b.org" in message.body
    # Who wrote the template may call whom they want; a program gets what was said.
    assert ("@ops" in message.body) is (template is not None)
    assert "[it](https://evil) @here" in message.events[0].text


def test_no_part_of_a_message_shows_a_secret() -> None:
    redact.learn(secret := canary("other-account"))
    box = Box()
    tell(report(replace(LOST, reason=f"denied {secret}")), Channel("ops", box))
    assert secret not in repr(box.messages)


@pytest.mark.parametrize(
    ("block", "said"),
    [
        pytest.param("  - {prometheus: PLACE}\n", "prometheus: delivered\n", id="delivered"),
        pytest.param("  - {summary: PLACE, template: '{% if numbers.bump %}some{% endif %}'}\n", "summary: nothing sent: its `template` says nothing of a test\n", id="nothing-to-say"),
    ],
)  # fmt: skip
def test_a_test_of_a_channel_says_what_became_of_it(block: str, said: str, tmp_path: Path) -> None:
    root = tmp_path / "gitops"
    repository(root, block.replace("PLACE", str(tmp_path / "place")))
    assert bumper("notify", "test", "-C", root).out == said
    assert not (tmp_path / "place").exists()


def test_the_config_knows_the_same_events() -> None:
    assert set(get_args(channels.Event)) == set(EVENTS)


ACTOR = git.Actor("a", "a@b.org")
DIGESTS = {"1.25.3": "sha256:" + "1" * 64, "1.25.5": "sha256:" + "2" * 64}
ANSWERS = {
    "docker.io/library/nginx": {
        "tags": ["1.25.3", "1.25.5"],
        "manifests": {tag: {"digest": digest} for tag, digest in DIGESTS.items()},
    },
    "docker.io/library/redis": {"error": {"code": "registry-denied", "message": "access denied"}},
}


def repository(root: Path, notify_block: str) -> Path:
    """A repository with one bump and one image that is unknown; its record beside it."""
    compose = "services:\n  web: {image: 'nginx:1.25.3'}\n  cache: {image: 'redis:7.2.0'}\n"
    config = f"forge: {{kind: local}}\nnotify:\n{notify_block}"
    write(root, {"compose.yaml": compose, "bumper.yaml": config})
    with git.Repo.init(root, initial_branch="main") as made:
        made.index.add(["compose.yaml", "bumper.yaml"])
        made.index.commit("start", author=ACTOR, committer=ACTOR)
    record = root.parent / "answers.json"
    record.write_text(json.dumps({"schema_version": 1, "images": ANSWERS}), encoding="utf-8")
    return record


def told_of(server: http_server.Server) -> list[list[str]]:
    return [[event["kind"] for event in json.loads(one.body)["events"]] for one in server.asked]


def test_twice_the_same_state_no_second_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with http_server.serve(lambda _: http_server.Answer(204)) as server:
        monkeypatch.setenv("HOOK", f"{server.url}/canary-path")
        root = tmp_path / "gitops"
        record = repository(root, "  - {webhook: $HOOK}\n")
        first = bumper("run", "-C", root, "--replay", record)
        # Nothing but the repository remembers: a runner starts with an empty cache.
        second = bumper("run", "-C", root, "--replay", record, "--no-cache")
        assert (first.code, second.code) == (4, 4), first.err
        assert told_of(server) == [["failed", "opened"]]
        text = json.loads(server.asked[0].body)["events"][1]["text"]
        assert text.startswith("Bump nginx 1.25.3 to 1.25.5")
        (page,) = (root / ".git" / "bumper" / "pull-requests").glob("*.md")
        page.write_text(
            page.read_text(encoding="utf-8").replace("state: open", "state: merged"),
            encoding="utf-8",
        )
        write(root, {"compose.yaml": "services:\n  web: {image: 'nginx:1.25.5'}\n"})
        with git.Repo(root) as made:
            made.index.add(["compose.yaml"])
            made.index.commit("merge", author=ACTOR, committer=ACTOR)
        for _ in range(2):
            bumper("run", "-C", root, "--replay", record)
        test = bumper("notify", "test", "-C", root)
    assert told_of(server) == [["failed", "opened"], ["recovered", "merged"], ["opened"]]
    assert (test.code, test.out) == (0, "webhook: delivered\n")


def test_what_fails_on_one_base_does_not_recover_on_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "gitops"
    record = repository(root, "  - {webhook: $HOOK}\n")
    write(root, {"compose.yaml": "services:\n  web: {image: 'nginx:1.25.5'}\n"})
    with git.Repo(root) as made:
        made.create_head("next").checkout()
        made.index.add(["compose.yaml"])
        made.index.commit("no redis", author=ACTOR, committer=ACTOR)
    with http_server.serve(lambda _: http_server.Answer(204)) as server:
        monkeypatch.setenv("HOOK", server.url)
        for base in ("main", "next", "main"):
            monkeypatch.setenv("BUMPER_BASE", base)
            bumper("run", "-C", root, "--replay", record)
        assert [kinds for kinds in told_of(server) if "recovered" in kinds] == []
        assert told_of(server)[0] == ["failed", "opened"]


def test_a_run_of_some_images_says_nothing_of_the_others() -> None:
    known = frozenset({"open 4", "failed ghcr.io/acme/api in f.yaml x"})
    part = replace(report(), whole=False)
    assert (kinds(part, known), news.standing(part, known)) == ([], known)


def test_a_mail_json_and_zabbix_are_told_by_one_run_and_not_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "gitops"
    with (
        http_server.serve(lambda _: http_server.Answer(204)) as hook,
        mailbox.serve() as mail,
        trapper.serve() as zabbix,
    ):
        monkeypatch.setenv("HOOK", hook.url)
        monkeypatch.setenv("MAIL", f"mailto://{mail.host}/?from=bot@example.org&to=ops@example.org")
        block = (
            "  - {webhook: $HOOK}\n  - {apprise: $MAIL, when: [opened]}\n"
            f"  - {{zabbix: '{zabbix.host}', host: gitops}}\n"
        )
        record = repository(root, block)
        for _ in range(2):
            ran = bumper("run", "-C", root, "--replay", record)
            assert "notify" not in ran.err
    assert told_of(hook) == [["failed", "opened"]]
    assert [one["Subject"] for one in mail.mails] == ["bumper: 1 opened in gitops"]
    # A monitoring wants its values each time.
    waiting = [one["value"] for one in zabbix.values if one["key"] == "update.container_updated_nb"]
    assert waiting == ["1", "0"]


def test_a_channel_that_was_down_is_told_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "gitops"
    record = repository(root, "  - {webhook: $HOOK}\n")
    monkeypatch.setenv("HOOK", "http://127.0.0.1:9/x")
    assert "notify webhook" in bumper("run", "-C", root, "--replay", record).err
    with http_server.serve(lambda _: http_server.Answer(204)) as server:
        monkeypatch.setenv("HOOK", server.url)
        for _ in range(2):
            bumper("run", "-C", root, "--replay", record)
    assert told_of(server) == [["failed", "opened"]]


def test_a_channel_that_is_down_changes_nothing_about_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", "http://127.0.0.1:9/canary-path")
    monkeypatch.setenv("MAIL", "mailto://user:canary-word@127.0.0.1:9/?from=a@b.org&to=c@d.org")
    root = tmp_path / "gitops"
    block = "  - {webhook: $HOOK}\n  - {apprise: $MAIL}\n  - {shoutrrr: $UNSET}\n"
    record = repository(root, block)
    ran = bumper("run", "-C", root, "--replay", record)
    assert ran.code == 4
    assert "created" in ran.out
    for line in ("notify webhook", "notify apprise", "notify shoutrrr"):
        assert line in ran.err
    assert "UNSET is not set" in ran.err
    assert "canary" not in ran.err + ran.out
    assert bumper("notify", "test", "-C", root).code == 3


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        pytest.param("{when: [opened]}", "needs exactly one of apprise", id="no-address"),
        pytest.param("{webhook: a, apprise: b}", "needs exactly one of apprise", id="two"),
        pytest.param("{zabbix: z}", "`zabbix` needs `host`", id="zabbix-without-host"),
        pytest.param("{webhook: a, when: [openned]}", "did you mean 'opened'?", id="event"),
        pytest.param(
            "{webhook: a, template: '{% if'}", "cannot be read as a template", id="template"
        ),
        pytest.param("{apprise: a, token: b}", "`token` means nothing to apprise, only to webhook", id="token"),
        pytest.param("{summary: a, host: b}", "`host` means nothing to summary, only to zabbix", id="host"),
        pytest.param("{zabbix: z, host: h, template: t}", "`template` means nothing to zabbix", id="no-words"),
        pytest.param("{prometheus: p, when: [opened]}", "`when` means nothing to prometheus", id="no-choice"),
        pytest.param("{webhok: a}", "unknown key, did you mean 'webhook'?", id="key"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_an_error_with_its_line(tmp_path: Path, entry: str, reason: str) -> None:
    write(tmp_path, {"bumper.yaml": f"version: 1\nnotify:\n  - {entry}\n"})
    ran = bumper("config", "lint", "-C", tmp_path)
    assert ran.code == 1
    assert "bumper.yaml:3:" in ran.out
    assert reason in ran.out


def test_addresses_are_not_shown(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "bumper.yaml": "notify: [{apprise: 'slack://canary'}, {webhook: 'https://x/canary', token: canary}]\n"
        },
    )
    assert "canary" not in bumper("config", "show", "-C", tmp_path).out
