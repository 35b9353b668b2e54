"""Shoutrrr's addresses as Apprise writes them. Pure.

Source: containrrr.dev/shoutrrr, "Services"; github.com/caronc/apprise, "Supported Notifications".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

from bumper.errors import NotifyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from urllib.parse import SplitResult

__all__ = ["split", "translate"]


def split(text: str) -> tuple[str, ...]:
    """Give the addresses of a variable: separated by blanks, or by commas before a new address."""
    return tuple(part for part in re.split(r"\s+|,(?=[a-z][a-z0-9+.-]*:)", text.strip()) if part)


def translate(url: str) -> str:
    """Give an address in Apprise's spelling.

    Raises:
        NotifyError: No address of Shoutrrr's, or Apprise has no such service; only the scheme is named.
    """
    scheme = url.partition(":")[0].lower()
    service = scheme.partition("+")[0]
    known = _SERVICES.get(service)
    if known is None:
        hint = f"Shoutrrr's services here: {', '.join(sorted(_SERVICES))}; others by `apprise:`"
        raise NotifyError(
            f"no service {service[:20]!r} to translate", code="bad-address", hint=hint
        )
    try:
        parts = urlsplit(url)
        return known(parts, _query(parts))
    except (ValueError, IndexError, KeyError):
        raise NotifyError(f"cannot read this {service} address", code="bad-address") from None


# What Shoutrrr's `generic` keeps for itself of a query.
_GENERIC = {
    "contenttype", "disabletls", "messagekey", "method", "requestmethod", "template", "title", "titlekey",
}  # fmt: skip


def _query(parts: SplitResult) -> dict[str, str]:
    return {key.lower(): ",".join(values) for key, values in parse_qs(parts.query).items()}


def _login(parts: SplitResult) -> str:
    if parts.username is None:
        return ""
    password = f":{parts.password}" if parts.password is not None else ""
    return f"{parts.username}{password}@"


def _host(parts: SplitResult) -> str:
    if not parts.hostname:
        raise ValueError("no host")
    return parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"


def _many(text: str, mark: str = "") -> str:
    """Give a list as path segments, each with a mark where it has none."""
    words = (word.strip() for word in text.split(",") if word.strip())
    return "/".join(
        quote(word if word.startswith(mark) else mark + word, safe="@") for word in words
    )


def _discord(parts: SplitResult, query: dict[str, str]) -> str:  # noqa: ARG001 - one shape for all
    token, webhook = parts.username, parts.netloc.rpartition("@")[2]
    if not token or not webhook:
        raise ValueError("no token")
    return f"discord://{webhook}/{token}/"


def _slack(parts: SplitResult, query: dict[str, str]) -> str:  # noqa: ARG001 - one shape for all
    if parts.username in {"xoxb", "xoxp"} and parts.password:
        channel = parts.netloc.rpartition("@")[2]
        return f"slack://{parts.username}-{parts.password}/{_many(channel, '#')}"
    if parts.username == "hook" and parts.password:
        return f"slack://{'/'.join(parts.password.split('-', 2))}/"
    token = "/".join([parts.netloc.rpartition("@")[2], *parts.path.strip("/").split("/")])
    if token.count("/") != 2:
        raise ValueError("no token of three parts")
    name = f"{parts.username}@" if parts.username else ""
    return f"slack://{name}{token}/"


def _smtp(parts: SplitResult, query: dict[str, str]) -> str:
    sender = query.get("fromaddress") or query["from"]
    to = query.get("toaddresses") or query["to"]
    encryption = query.get("encryption", "auto").lower()
    implicit = encryption == "implicittls" or (encryption == "auto" and parts.port == 465)
    plain = encryption in {"none", "auto"} and parts.port in {25, 2525}
    plain = plain or query.get("usestarttls", "yes").lower() in {"no", "false", "0"}
    kind = "mailto" if plain and not implicit else "mailtos"
    mode = "&mode=ssl" if implicit else ""
    return f"{kind}://{_login(parts)}{_host(parts)}/?from={quote(sender)}&to={quote(to)}{mode}"


def _gotify(parts: SplitResult, query: dict[str, str]) -> str:
    plain = query.get("disabletls", "no").lower() in {"yes", "true", "1"}
    return f"{'gotify' if plain else 'gotifys'}://{_host(parts)}{parts.path}"


def _telegram(parts: SplitResult, query: dict[str, str]) -> str:
    token = parts.netloc.rpartition("@")[0]
    chats = query.get("chats") or query["channels"]
    return f"tgram://{token}/{_many(chats)}"


def _generic(parts: SplitResult, query: dict[str, str]) -> str:
    plain = query.get("disabletls", "no").lower() in {"yes", "true", "1"}
    plain = plain or parts.scheme.endswith("+http")
    told = urlencode(list(_passed_on(parts.query)))
    address = f"{'json' if plain else 'jsons'}://{_login(parts)}{_host(parts)}{parts.path}"
    return f"{address}?{told}" if told else address


def _passed_on(query: str) -> Iterator[tuple[str, str]]:
    """Yield what goes on to the receiver: headers by `@`, more values by `$`, all that is no setting."""
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key[:1] in {"@", "$"}:
            yield f"{'+' if key[0] == '@' else ':'}{key[1:]}", value
        elif key.lower() not in _GENERIC:
            yield f"-{key.removeprefix('_')}", value


def _ntfy(parts: SplitResult, query: dict[str, str]) -> str:
    kind = "ntfy" if query.get("scheme") == "http" else "ntfys"
    return f"{kind}://{_login(parts)}{_host(parts)}{parts.path}"


def _pushover(parts: SplitResult, query: dict[str, str]) -> str:
    user = parts.netloc.rpartition("@")[2].rstrip("/")
    return f"pover://{user}@{parts.password or parts.username}/{_many(query.get('devices', ''))}"


def _pushbullet(parts: SplitResult, query: dict[str, str]) -> str:  # noqa: ARG001 - one shape for all
    return f"pbul://{parts.netloc}{parts.path}"


def _mattermost(parts: SplitResult, query: dict[str, str]) -> str:
    kind = "mmost" if query.get("disabletls", "no").lower() in {"yes", "true", "1"} else "mmosts"
    user = f"{parts.username}@" if parts.username else ""
    return f"{kind}://{user}{_host(parts)}{parts.path}"


def _rocketchat(parts: SplitResult, query: dict[str, str]) -> str:
    kind = "rocket" if query.get("disabletls", "no").lower() in {"yes", "true", "1"} else "rockets"
    first, second, *channels = parts.path.strip("/").split("/")
    return f"{kind}://{first}/{second}@{_host(parts)}/{_many(','.join(channels), '#')}"


def _matrix(parts: SplitResult, query: dict[str, str]) -> str:
    kind = "matrix" if query.get("disabletls", "no").lower() in {"yes", "true", "1"} else "matrixs"
    rooms = query.get("rooms") or query.get("room", "")
    return f"{kind}://{_login(parts)}{_host(parts)}/{_many(rooms)}"


def _bark(parts: SplitResult, query: dict[str, str]) -> str:
    plain = query.get("scheme") == "http"
    return f"{'bark' if plain else 'barks'}://{_host(parts)}/{parts.password or parts.username}/"


def _join(parts: SplitResult, query: dict[str, str]) -> str:
    return f"join://{parts.password or parts.username}/{_many(query['devices'])}"


def _ifttt(parts: SplitResult, query: dict[str, str]) -> str:
    return f"ifttt://{parts.netloc}@{query['events']}"


def _opsgenie(parts: SplitResult, query: dict[str, str]) -> str:  # noqa: ARG001 - one shape for all
    return f"opsgenie://{parts.path.strip('/')}/"


_SERVICES: dict[str, Callable[[SplitResult, dict[str, str]], str]] = {
    "bark": _bark,
    "discord": _discord,
    "generic": _generic,
    "gotify": _gotify,
    "ifttt": _ifttt,
    "join": _join,
    "matrix": _matrix,
    "mattermost": _mattermost,
    "ntfy": _ntfy,
    "opsgenie": _opsgenie,
    "pushbullet": _pushbullet,
    "pushover": _pushover,
    "rocketchat": _rocketchat,
    "slack": _slack,
    "smtp": _smtp,
    "telegram": _telegram,
}
