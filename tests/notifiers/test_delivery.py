"""Messages that really arrive: at an SMTP server, an HTTP endpoint, a Zabbix trapper, in files."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import apprise
import pytest

from bumper.errors import NotifyError
from bumper.http import Http
from bumper.notifiers.apprise import Apprise
from bumper.notifiers.base import Event, Message
from bumper.notifiers.prometheus import PushGateway, TextFile
from bumper.notifiers.summary import Summary
from bumper.notifiers.webhook import Webhook
from bumper.notifiers.zabbix import Zabbix
from tests.canaries import canary
from tests.fakes import http_server, mailbox, trapper

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE = Message(
    "bumper: 1 opened in acme/gitops",
    "opened: Bump nginx 1.25.3 to 1.27.0 (minor) https://git.example/pulls/4",
    "info",
    (Event("opened", "Bump nginx 1.25.3 to 1.27.0 (minor)", "https://git.example/pulls/4"),),
    {
        "uses": 3,
        "bump": 2,
        "current": 1,
        "failed": 0,
        "level-minor": 2,
        "updated": 1,
        "requests": 5,
    },
    {
        "waiting": ("redis", "postgres"),
        "done": ("nginx",),
        "statuses": ("c.yaml:services.web.image\tnginx\tbump",),
    },
)


def test_a_mail_arrives() -> None:
    with mailbox.serve() as inbox:
        url = f"mailto://{inbox.host}/?from=bot@example.org&to=ops@example.org"
        asyncio.run(Apprise((url,)).send(MESSAGE))
    (mail,) = inbox.mails
    assert mail["Subject"] == MESSAGE.title
    assert mail["To"] == "ops@example.org"
    assert "Bump nginx 1.25.3 to 1.27.0 (minor)" in mail.as_string().replace("=\n", "")


def test_json_arrives_with_its_token_and_its_events() -> None:
    async def send(url: str) -> None:
        async with Http() as http:
            await Webhook(http, url, "canary-token").send(MESSAGE)

    with http_server.serve(lambda _: http_server.Answer(204)) as server:
        asyncio.run(send(f"{server.url}/hook"))
    (asked,) = server.asked
    told = json.loads(asked.body)
    assert (asked.method, asked.headers["authorization"]) == ("POST", "Bearer canary-token")
    assert (told["schema_version"], told["title"]) == (1, MESSAGE.title)
    assert [event["kind"] for event in told["events"]] == ["opened"]
    assert told["numbers"]["bump"] == 2


def test_zabbix_gets_the_keys_of_the_old_template_and_the_discovery() -> None:
    with trapper.serve() as server:
        asyncio.run(Zabbix(server.host, "gitops").send(MESSAGE))
    keys = [one["key"] for one in server.values]
    assert keys[:5] == [
        "update.paquets", "update.container_to_update_nb", "update.container_to_update_names",
        "update.container_updated_nb", "update.container_updated_names",
    ]  # fmt: skip
    assert {one["host"] for one in server.values} == {"gitops"}
    assert server.value("update.container_to_update_nb") == "2"
    assert server.value("update.container_to_update_names") == "redis\npostgres"
    assert server.value("update.container_updated_names") == "nginx"
    place = "c.yaml:services.web.image"
    assert json.loads(server.value("bumper.images")) == [{"{#PLACE}": place, "{#IMAGE}": "nginx"}]
    assert server.value(f'bumper.status["{place}"]') == "bump"


def test_values_that_zabbix_does_not_know_are_a_failure_with_the_way_out() -> None:
    with trapper.serve(fail=2) as server, pytest.raises(NotifyError) as caught:
        asyncio.run(Zabbix(server.host, "gitops").send(MESSAGE))
    assert "took 6 of 8 values" in caught.value.message
    assert "init --zabbix" in caught.value.hint


def test_numbers_stand_in_a_file_and_reach_a_push_gateway(tmp_path: Path) -> None:
    async def push(url: str) -> None:
        async with Http() as http:
            await PushGateway(http, url).send(MESSAGE)

    with http_server.serve(lambda _: http_server.Answer(200)) as server:
        asyncio.run(push(server.url))
    (asked,) = server.asked
    asyncio.run(TextFile(str(tmp_path / "bumper.prom")).send(MESSAGE))
    written = (tmp_path / "bumper.prom").read_text(encoding="utf-8")
    assert (asked.method, asked.path) == ("PUT", "/metrics/job/bumper")
    for text in (written, asked.body.decode()):
        assert 'bumper_images{status="bump"} 2\n' in text
        assert 'bumper_outdated{level="minor"} 2\n' in text
        assert "bumper_scanned 3\n" in text
    assert [path.name for path in tmp_path.iterdir()] == ["bumper.prom"]


def test_the_job_summary_grows_and_reads_no_markup(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n", encoding="utf-8")
    hostile = Message("t", "", events=(Event("opened", "Bump <script> @all [x](y)"),))
    asyncio.run(Summary(str(path)).send(hostile))
    text = path.read_text(encoding="utf-8")
    assert text.startswith("before\n### t\n")
    assert "\\<script\\> @\u200ball \\[x\\](y)" in text


def test_the_job_summary_takes_the_users_own_words(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    asyncio.run(Summary(str(path), own=True).send(replace(MESSAGE, body="| mine |")))
    assert path.read_text(encoding="utf-8") == "| mine |\n\n"


LONG = replace(
    MESSAGE, body="\n".join(f"opened: Bump image{n} https://git.example/{n}" for n in range(200))
)


@pytest.mark.parametrize(
    ("url", "most", "whole"),
    [
        pytest.param("tgram://123456789:abcdefg_hijklmnop/12315544/", 4096, True, id="telegram"),
        pytest.param("discord://123456789012345678/abcdefghijklmnopqrstuvwxyz0123456789/", 2000, True, id="discord"),
        pytest.param("mmosts://chat.example/3ccdd113474722377935511fc85d3dd4", 4000, True, id="mattermost"),
        pytest.param("discord://123456789012345678/abcdefghijklmnopqrstuvwxyz0123456789/?overflow=truncate", 2000, False, id="as-the-address-says"),
        pytest.param("d7sms://abcdefgh@15551231234", 160, False, id="a-text-message-has-the-beginning"),
    ],
)  # fmt: skip
def test_no_message_is_longer_than_its_service_takes(
    url: str, most: int, *, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def keep(_service: object, body: str, **_more: object) -> bool:
        sent.append(body)
        return True

    monkeypatch.setattr(type(apprise.Apprise.instantiate(url)), "send", keep)
    asyncio.run(Apprise((url,)).send(LONG))
    assert max(map(len, sent)) <= most
    assert ("image199" in "".join(sent)) is whole


def test_a_trial_changes_no_value_of_a_monitoring(tmp_path: Path) -> None:
    async def push(url: str) -> None:
        async with Http() as http:
            await PushGateway(http, url).send(trial)

    trial, values = replace(MESSAGE, trial=True), tmp_path / "bumper.prom"
    asyncio.run(TextFile(str(values)).send(MESSAGE))
    before = values.read_bytes()
    asyncio.run(TextFile(str(values)).send(trial))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"bumper.prom": before}
    with http_server.serve(lambda _: http_server.Answer(200)) as server:
        asyncio.run(push(server.url))
    assert [(one.method, one.body) for one in server.asked] == [("POST", b"")]
    with trapper.serve() as zabbix:
        asyncio.run(Zabbix(zabbix.host, "gitops").send(trial))
    assert [(one["key"], one["value"]) for one in zabbix.values] == [("update.paquets", "0")]


SECRET = canary("other-account")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(f"mailto://user:{SECRET}@127.0.0.1:9/?from=a@b.org&to=c@d.org", id="refused"),
        pytest.param(f"json://127.0.0.1:9/{SECRET}", id="json-refused"),
        pytest.param(f"nosuch://{SECRET}", id="no-such-service"),
        pytest.param(SECRET, id="no-address"),
    ],
)
def test_a_failure_names_no_secret(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NotifyError) as caught:
        asyncio.run(Apprise((url,)).send(MESSAGE))
    told = f"{caught.value.message} {caught.value.hint} {caught.value!r} {Apprise((url,))!r}"
    out, err = capfd.readouterr()
    assert SECRET not in told + out + err


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(http_server.Answer(500), id="500"),
        pytest.param(http_server.Answer(302, headers=(("Location", "/x"),)), id="redirect"),
    ],
)
def test_a_webhook_that_does_not_take_it_is_a_failure_without_its_address(
    answer: http_server.Answer,
) -> None:
    async def send(url: str) -> None:
        async with Http() as http:
            await Webhook(http, url, SECRET).send(MESSAGE)

    with http_server.serve(lambda _: answer) as server:
        with pytest.raises(NotifyError) as caught:
            asyncio.run(send(f"{server.url}/{SECRET}"))
        assert len(server.asked) == 1
    assert SECRET not in str(caught.value)
