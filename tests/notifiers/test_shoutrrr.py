"""Shoutrrr's addresses, as its documentation writes them, and what Apprise makes of them."""

from __future__ import annotations

import apprise
import pytest

from bumper.errors import NotifyError
from bumper.notifiers import shoutrrr

UUID = "01234567-89ab-cdef-0123-456789abcdef"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("discord://tokentokentoken@1234567890", "discord://1234567890/tokentokentoken/", id="discord"),
        pytest.param("slack://hook:T00000000-B00000000-XXXXXXXXXXXXXXXXXXXXXXXX@webhook", "slack://T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX/", id="slack-hook"),
        pytest.param("slack://xoxb:123456789012-1234567890123-4mt0t4l1YL3g1T5L4cK70k3N@ops", "slack://xoxb-123456789012-1234567890123-4mt0t4l1YL3g1T5L4cK70k3N/%23ops", id="slack-bot"),
        pytest.param("slack://watchtower@T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", "slack://watchtower@T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX/", id="slack-old"),
        pytest.param("smtp://user:pw@mail.example.org:587/?fromAddress=a@example.org&toAddresses=b@example.org,c@example.org", "mailtos://user:pw@mail.example.org:587/?from=a%40example.org&to=b%40example.org%2Cc%40example.org", id="smtp"),
        pytest.param("smtp://mail.example.org:25/?from=a@example.org&to=b@example.org", "mailto://mail.example.org:25/?from=a%40example.org&to=b%40example.org", id="smtp-plain"),
        pytest.param("smtp://user:pw@mail.example.org:465/?from=a@example.org&to=b@example.org", "mailtos://user:pw@mail.example.org:465/?from=a%40example.org&to=b%40example.org&mode=ssl", id="smtp-465-is-tls-from-the-start"),
        pytest.param("smtp://user:pw@mail.example.org:4650/?from=a@example.org&to=b@example.org&encryption=ImplicitTLS&useStartTLS=no", "mailtos://user:pw@mail.example.org:4650/?from=a%40example.org&to=b%40example.org&mode=ssl", id="smtp-implicit-tls-is-never-plain"),
        pytest.param("gotify://gotify.example.org/AzyoeNS.D4iJLVa", "gotifys://gotify.example.org/AzyoeNS.D4iJLVa", id="gotify"),
        pytest.param("gotify://gotify.example.org:8080/AzyoeNS.D4iJLVa?disabletls=yes", "gotify://gotify.example.org:8080/AzyoeNS.D4iJLVa", id="gotify-plain"),
        pytest.param("telegram://123456789:AAAbbbcccDDDeeefffGGGhhhiiiJJJkkkLLL@telegram?chats=@ops,12345", "tgram://123456789:AAAbbbcccDDDeeefffGGGhhhiiiJJJkkkLLL/@ops/12345", id="telegram"),
        pytest.param("generic://hooks.example.org/x", "jsons://hooks.example.org/x", id="generic"),
        pytest.param("generic+http://hooks.example.org:8080/x", "json://hooks.example.org:8080/x", id="generic-http"),
        pytest.param("generic://hooks.example.org/x?token=abc&_title=t&@X-Key=k&$room=ops&template=json&disabletls=no", "jsons://hooks.example.org/x?-token=abc&-title=t&%2BX-Key=k&%3Aroom=ops", id="generic-passes-the-query-on"),
        pytest.param("ntfy://user:pw@ntfy.example.org/ops", "ntfys://user:pw@ntfy.example.org/ops", id="ntfy"),
        pytest.param("pushover://shoutrrr:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu/?devices=phone", "pover://uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/phone", id="pushover"),
        pytest.param("pushbullet://o.abcdefghijklmnopqrstuvwxyz012345", "pbul://o.abcdefghijklmnopqrstuvwxyz012345", id="pushbullet"),
        pytest.param("mattermost://bot@chat.example.org/3ccdd113474722377935511fc85d3dd4/ops", "mmosts://bot@chat.example.org/3ccdd113474722377935511fc85d3dd4/ops", id="mattermost"),
        pytest.param("rocketchat://chat.example.org/aaaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/ops", "rockets://aaaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb@chat.example.org/%23ops", id="rocketchat"),
        pytest.param("matrix://user:pw@matrix.example.org/?rooms=!room:example.org", "matrixs://user:pw@matrix.example.org/%21room%3Aexample.org", id="matrix"),
        pytest.param("bark://devicekey@bark.example.org", "barks://bark.example.org/devicekey/", id="bark"),
        pytest.param("join://shoutrrr:abcdefghijklmnopqrstuvwxyz012345@join/?devices=phone", "join://abcdefghijklmnopqrstuvwxyz012345/phone", id="join"),
        pytest.param("ifttt://webhookid/?events=bumped", "ifttt://webhookid@bumped", id="ifttt"),
        pytest.param(f"opsgenie://api.opsgenie.com/{UUID}", f"opsgenie://{UUID}/", id="opsgenie"),
    ],
)  # fmt: skip
def test_translation(url: str, expected: str) -> None:
    translated = shoutrrr.translate(url)
    assert translated == expected
    assert apprise.Apprise.instantiate(translated) is not None


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("teams://group@tenant/canary/owner?host=x", id="no-such-service-any-more"),
        pytest.param("slack://canary", id="no-token"),
        pytest.param("smtp://user:canary@mail.example.org", id="no-recipient"),
        pytest.param("telegram://canary@telegram", id="no-chat"),
        pytest.param("gotify:///canary", id="no-host"),
        pytest.param("canary", id="no-address"),
        pytest.param("gotify://h:99999/canary", id="no-port"),
    ],
)
def test_what_cannot_be_translated_is_said_without_its_secret(url: str) -> None:
    with pytest.raises(NotifyError) as caught:
        shoutrrr.translate(url)
    assert "canary" not in f"{caught.value.message}" or url == "canary"


def test_a_variable_may_hold_several() -> None:
    assert shoutrrr.split(" gotify://a/b?x=1,2  ntfy://c/d,slack://e/f/g ") == (
        "gotify://a/b?x=1,2", "ntfy://c/d", "slack://e/f/g",
    )  # fmt: skip
