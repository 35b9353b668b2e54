"""What must never be read anywhere: every secret of the run, masked in every text that leaves it.

Whoever holds a secret (credentials, a header, a token, an environment variable) tells it here when it
is made; whoever prints cleans its text here. One memory for the process, on purpose: a sink that
nobody handed a redactor must still be clean. No network, no files.
"""

from __future__ import annotations

import base64
import html
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["MASK", "clean", "forget", "learn", "learn_environment"]

MASK = "***"
# Shorter ones would turn ordinary words into stars.
_SHORTEST = 6
_MOST = 20_000
# Our own words in texts that we read back (see `messages.marker`).
_OURS = "<!-- bumper targets ended"
# `docker://alpine@sha256:…` is no login.
_USERINFO = re.compile(r"\b((?:https?|ssh|git|ftp|socks5h?)://)[^/\s@\"'<>]+@")
_NAMES = re.compile(
    r"(?:.*_)?(?:TOKEN|PASSWORD|PASSWD|SECRET|SECRET_KEY|ACCESS_KEY|API_KEY|PRIVATE_KEY|CREDENTIALS?)",
    re.IGNORECASE,
)

_known: dict[str, tuple[str, ...]] = {}


def learn(*secrets: str) -> None:
    """Remember secrets; of several lines each long one by itself too."""
    for secret in secrets:
        lines = [line.strip() for line in secret.splitlines()] if "\n" in secret else []
        for text in (secret.strip(), *(line for line in lines if len(line) > 16)):
            if len(text) >= _SHORTEST and text not in _OURS and text not in _known:
                _known[text] = tuple(dict.fromkeys(_forms(text)))
                if len(_known) > _MOST:
                    _known.pop(next(iter(_known)), None)


def learn_environment(variables: Mapping[str, str]) -> None:
    """Remember what the environment holds under a name that says it is a secret."""
    for name, value in variables.items():
        if _NAMES.fullmatch(name) and not value.startswith(("/", "./", "~")):
            learn(value)


def forget() -> None:
    """Forget every secret; for tests."""
    _known.clear()


def clean(text: str) -> str:
    """Give a text with every known secret masked, in any of its forms, and the logins of URLs."""
    # A copy first: threads that ask helpers learn secrets at the same time.
    forms = [form for known in tuple(_known.values()) for form in known]
    # A run may know a thousand tokens that begin alike: one search for the beginning spares the rest.
    seen: dict[str, bool] = {}
    found = []
    for form in forms:
        start = form[:4]
        if start not in seen:
            seen[start] = start in text
        if seen[start] and form in text:
            found.append(form)
    for form in sorted(found, key=len, reverse=True):
        text = text.replace(form, MASK)
    return _USERINFO.sub(rf"\1{MASK}@", text) if "://" in text else text


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as it is, and as URLs, JSON, Python, HTML and base64 write it."""
    yield secret
    for safe in ("", "/"):
        escaped = quote(secret, safe=safe)
        yield escaped
        yield re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), escaped)
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    yield html.escape(secret)
    yield from _base64_forms(secret.encode(errors="surrogatepass"))


def _base64_forms(secret: bytes) -> Iterator[str]:
    """Yield what base64 makes of a secret, alone or inside of anything else (`user:secret`)."""
    yield base64.b64encode(secret).decode()
    for before in range(3):
        # What the neighbours' bits reach into is cut off at both ends.
        whole = base64.b64encode(b"\0" * before + secret)
        start = -(-before * 8 // 6)
        end = (before + len(secret)) * 8 // 6
        core = whole[start:end].decode()
        if len(core) >= _SHORTEST + 2:
            yield core
            yield core.replace("+", "-").replace("/", "_")
