"""The settings inside an image: what its config says, and how that of two images differs. Pure.

A setting is a name and lines of text; ENV, ports, volumes and labels are a setting each. What looks
like a secret is masked. Source: OCI image-spec 1.1, "Image Configuration"; Docker's image
specification 1.3 has `Healthcheck` and `Shell` beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Difference", "differences", "read"]

_SECRET = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|PRIVATE|API_?KEY", re.IGNORECASE)
# Changes with every release and concerns nobody who runs the image.
_NOISE = re.compile(
    r"ENV (PATH|GPG_KEY|GOSU_\w+|\w*(VERSION|SHA256|SHA512|RELEASE|REVISION|CHECKSUM))"
)
_LABELS = (
    "org.opencontainers.image.source",
    "org.opencontainers.image.licenses",
    "org.opencontainers.image.base.name",
)
_LONGEST = 200
_MEANS = {
    "USER": "files that it writes belong to another user; check mounts and `runAsUser`",
    "VOLUME": "a mount below the old path may hold data that the new image does not find",
    "PORT": "check published ports, probes and routes",
    "ENTRYPOINT": "check an own `command` or `args`",
    "CMD": "check an own `command` or `args`",
    "WORKDIR": "check relative paths in commands and mounts",
    "HEALTHCHECK": "check what waits for `service_healthy`",
    "STOPSIGNAL": "check how it is asked to end",
    "SHELL": "check commands that a shell reads",
    "LABEL org.opencontainers.image.source": "another source: look who makes it",
    "LABEL org.opencontainers.image.licenses": "another licence",
    "LABEL org.opencontainers.image.base.name": "another base image",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting that only one of two images has (the other side is ""), or that both say differently.

    `means` is what a person should look at, "" where nothing is known to follow.
    """

    name: str
    before: str
    after: str
    means: str


def read(config: Mapping[str, Any]) -> dict[str, str]:
    """Give the settings of an image's config by name; what has another shape than it should is left out."""
    inner = config.get("config")
    return dict(_settings(inner)) if isinstance(inner, dict) else {}


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Difference, ...]:
    """Give what differs, what means something first, then by name; noise is left out."""
    names = {name for name in (*before, *after) if before.get(name) != after.get(name)}
    found = [
        Difference(name, before.get(name, ""), after.get(name, ""), _meaning(name, after))
        for name in sorted(names)
        if not _NOISE.fullmatch(name)
    ]
    return tuple(sorted(found, key=lambda one: one.means == ""))


def _meaning(name: str, after: Mapping[str, str]) -> str:
    if name.startswith("ENV ") and name not in after:
        return "it may no longer be read"
    return _MEANS.get(name, _MEANS.get(name.partition(" ")[0], ""))


def _settings(inner: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, key in (("USER", "User"), ("WORKDIR", "WorkingDir"), ("STOPSIGNAL", "StopSignal")):
        if isinstance(told := inner.get(key), str) and told:
            yield name, _short(told)
    health = _table(inner, "Healthcheck")
    for name, told in (
        ("ENTRYPOINT", inner.get("Entrypoint")),
        ("CMD", inner.get("Cmd")),
        ("SHELL", inner.get("Shell")),
        ("HEALTHCHECK", health.get("Test")),
    ):
        if text := _short(" ".join(_words(told))):
            yield name, text
    for name, key in (("PORT", "ExposedPorts"), ("VOLUME", "Volumes")):
        yield from ((f"{name} {_short(one)}", "yes") for one in _table(inner, key))
    yield from map(_variable, _words(inner.get("Env")))
    labels = _table(inner, "Labels")
    for name in _LABELS:
        if isinstance(told := labels.get(name), str) and told:
            yield f"LABEL {name}", _short(told)


def _variable(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    hidden = bool(_SECRET.search(name)) and value != ""
    return f"ENV {_short(name)}", "***" if hidden else _short(value) or "(empty)"


def _table(inner: Mapping[str, Any], key: str) -> dict[str, Any]:
    told = inner.get(key)
    return told if isinstance(told, dict) else {}


def _words(told: object) -> list[str]:
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
