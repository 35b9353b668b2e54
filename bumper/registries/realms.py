"""Where a registry sends us for a token, and whether our secret may go there. Pure.

A secret goes to the registry itself, and to a token server only if that server is the registry's own:
the same host, its parent domain, a host beside it that is called like a login, one of a short table,
or one that the config names. Anyone else is asked as a stranger.
Source: the distribution project's token specification; the Public Suffix List for what is shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bumper.errors import UnreachableError
from bumper.http import Origin, is_local
from bumper.origins import joined

if TYPE_CHECKING:
    from collections.abc import Container

__all__ = ["Realm", "may_see_the_secret", "resolve"]

# Token servers that stand on another domain than their registry, and are its own.
_KNOWN = {"registry-1.docker.io": "auth.docker.io"}
# `registry.example.org` may send its users to `gitlab.example.org`.
_REGISTRY_NAMES = frozenset({"registry", "docker", "cr", "containers", "hub"})
_LOGIN_NAMES = frozenset({"auth", "login", "gitlab", "git", "sso", "id", "token"})


@dataclass(frozen=True, slots=True)
class Realm:
    """A token server: its address, and whether it may see the registry's secret.

    `named` says that the config vouches for it: then it may be a local address too.
    """

    url: str
    origin: Origin
    ours: bool
    named: bool


def resolve(realm: str, registry: Origin, named: Container[Origin] = ()) -> Realm:
    """Read a Bearer challenge's realm, relative to the registry where it is no whole URL.

    Raises:
        UnreachableError: It is no address, plain http for an https registry, or a local address.
    """
    try:
        url = joined(f"{registry}/", realm)
    except UnreachableError:
        message = f"{registry.netloc}: a malformed realm"
        raise UnreachableError(message, code="realm", hint="ask its operator") from None
    origin = Origin.of(url)
    is_named = origin in named
    if origin.scheme == "http" and registry.scheme == "https":
        message = f"{registry.netloc}: wants its login over plain http"
        raise UnreachableError(message, code="realm", hint="ask its operator for an https realm")
    if is_local(origin.host) and origin != registry and not is_named:
        raise UnreachableError(
            f"{registry.netloc}: wants its login at a local address, {origin}",
            code="realm",
            hint=f"if that is right, set `registries.{registry.netloc}.realm: {origin}`",
        )
    return Realm(url, origin, is_named or may_see_the_secret(registry, origin), is_named)


def may_see_the_secret(registry: Origin, realm: Origin) -> bool:
    """Say whether a token server is the registry's own, so that the secret may go there."""
    if realm == registry:
        return True
    if realm.scheme != "https" or is_local(realm.host) or is_local(registry.host):
        return realm.scheme == "https" and realm.host == registry.host and not _loops(realm.host)
    if realm.host == registry.host or _KNOWN.get(registry.host) == realm.host:
        return True
    name, _, parent = registry.host.partition(".")
    if "." not in parent or _is_shared(parent):
        return False
    beside, _, domain = realm.host.partition(".")
    # A neighbour's domain is not enough: on shared hosting it is a stranger's.
    conventional = name in _REGISTRY_NAMES and beside in _LOGIN_NAMES and domain == parent
    return realm.host == parent or conventional


def _loops(host: str) -> bool:
    """Say whether a host is this machine, whose every port may be somebody else's."""
    return host.startswith("127.") or host.rstrip(".").endswith("localhost") or ":" in host


@lru_cache(maxsize=256)
def _is_shared(domain: str) -> bool:
    """Say whether strangers get names below a domain, as below `co.uk`, `github.io`, `fly.dev`."""
    # Read when a secret meets a foreign realm: the list costs 35 ms.
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - as said

    return bool(PublicSuffixList().publicsuffix(domain) == domain)
