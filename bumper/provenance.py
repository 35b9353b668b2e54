"""Where an image says that it was made: the repository of its source, and whether the word is its own. Pure.

Labels are the publisher's, and many are not even that: an image has all labels of the image that it is
built on, unless it sets its own. What is inherited names the wrong repository and is refused.
Source of the labels: OCI image-spec 1.1, "Pre-Defined Annotation Keys"; label-schema.org 1.0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bumper.notes import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BASE", "Claim", "claim", "known", "repository"]

_OCI = "org.opencontainers.image."
BASE = f"{_OCI}base.name"
_SOURCES = (f"{_OCI}source", f"{_OCI}url", "org.label-schema.vcs-url")
_VERSION, _REVISION = f"{_OCI}version", f"{_OCI}revision"
_REVISIONS = (_REVISION, "org.label-schema.vcs-ref")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", re.ASCII)
# As deep as GitLab nests groups, and the project.
_MOST_NAMES = 21
_SCP = re.compile(r"(?:git@|ssh://git@)(?P<host>[\w.-]+)[:/](?P<path>[\w./-]+)", re.ASCII)
# Repositories whose one product is an image to build on.
_BASES = re.compile(
    r"(?i)(?:^|/)(?:docker-)?(?:base(?:-?image)?s?(?:-.*)?|baseimage.*|.*-baseimage.*|.*-base|distroless|s6-overlay"
    r"|docker-node|docker-alpine|docker-(?:debian|ubuntu)[\w-]*|bci|ubi\d*|sclorg[\w-]*|containerbase|images)$"
)
# Where the makers of much-used images tell of their releases: their labels name the repository of the
# Dockerfile, or none. By normalised name without `docker.io/`.
_KNOWN = {
    "library/nginx": "nginx/nginx",
    "nginxinc/nginx-unprivileged": "nginx/nginx",
    "library/traefik": "traefik/traefik",
    "library/caddy": "caddyserver/caddy",
    "library/redis": "redis/redis",
    "valkey/valkey": "valkey-io/valkey",
    "library/rabbitmq": "rabbitmq/rabbitmq-server",
    "library/memcached": "memcached/memcached",
    "library/nextcloud": "nextcloud/server",
    "library/node": "nodejs/node",
    "library/elasticsearch": "elastic/elasticsearch",
    "library/kibana": "elastic/kibana",
    "library/influxdb": "influxdata/influxdb",
    "library/telegraf": "influxdata/telegraf",
    "library/registry": "distribution/distribution",
    "library/ghost": "TryGhost/Ghost",
    "hashicorp/vault": "hashicorp/vault",
    "hashicorp/consul": "hashicorp/consul",
    "grafana/grafana": "grafana/grafana",
    "grafana/loki": "grafana/loki",
    "prom/prometheus": "prometheus/prometheus",
    "prom/alertmanager": "prometheus/alertmanager",
    "prom/node-exporter": "prometheus/node_exporter",
    "gitea/gitea": "go-gitea/gitea",
    "vaultwarden/server": "dani-garcia/vaultwarden",
    "portainer/portainer-ce": "portainer/portainer",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """What may be believed of an image's labels: its source as `https://host/owner/name`, its commit.

    `why` says in words why its source is not believed, "" where it is or where there is none.
    """

    source: str = ""
    revision: str = ""
    why: str = ""


def known(image: str) -> str:
    """Give the repository with the releases of a much-used image; "" if it is none of them."""
    slug = _KNOWN.get(image.removeprefix("docker.io/"))
    return f"https://github.com/{slug}" if slug and image.startswith("docker.io/") else ""


def repository(address: str) -> str:
    """Give the page of a repository, `https://host/owner/name`, from any way of naming it; "" if none.

    On GitLab there may be groups between the two; its own pages begin behind a `-`.
    """
    text = address.strip().removeprefix("git+")
    scp = _SCP.match(text)
    if scp is not None:
        host, path = scp["host"], scp["path"]
    else:
        try:
            parts = urlsplit(re.sub(r"^(?:git|http)://", "https://", text))
            port = f":{parts.port}" if parts.port not in {None, 443} else ""
        except ValueError:
            return ""
        if parts.scheme != "https" or "@" in parts.netloc:
            return ""
        host, path = f"{parts.hostname or ''}{port}", parts.path
    names = [part for part in path.split("/") if part]
    names = list(takewhile(lambda part: part != "-", names)) if "gitlab" in host else names[:2]
    if (
        not 2 <= len(names) <= _MOST_NAMES
        or "." not in host
        or not re.fullmatch(r"[a-z0-9.-]{1,200}(?::[0-9]{1,5})?", host.lower())
    ):
        return ""
    names[-1] = names[-1].removesuffix(".git")
    if not all(_NAME.fullmatch(one) and one not in {".", ".."} for one in names):
        return ""
    return f"https://{host.lower()}/{'/'.join(names)}"


def claim(
    name: str, tags: tuple[str, str], new: Mapping[str, str], old: Mapping[str, str], base: Mapping[str, str]
) -> Claim:  # fmt: skip
    """Judge what an image says of its source.

    Args:
        name: The image's path on its registry, such as `library/nginx`.
        tags: The old and the new tag.
        new: The labels of the new image.
        old: Those of the old one.
        base: Those of the image it says it is built on; empty where unknown.
    """
    found = next((page for key in _SOURCES if (page := repository(new.get(key, "")))), "")
    if not found:
        return Claim()
    if why := _inherited(name, found, tags, new, old, base):
        return Claim(
            why=f"its labels name {found.removeprefix('https://')} as the source, but {why}"
        )
    revision = next((new[key] for key in _REVISIONS if _COMMIT.fullmatch(new.get(key, ""))), "")
    return Claim(found, revision)


def _inherited(
    name: str, found: str, tags: tuple[str, str], new: Mapping[str, str], old: Mapping[str, str], base: Mapping[str, str]
) -> str:  # fmt: skip
    """Say why the labels are another image's; "" if nothing speaks against them."""
    if base and found in {repository(base.get(key, "")) for key in _SOURCES}:
        return "those of the image it is built on say the same"
    slug = urlsplit(found).path.strip("/")
    if _BASES.search(slug) and slug.rpartition("/")[2].lower() not in name.lower():
        return "that is an image to build on"
    told, meant = numbers(new.get(_VERSION, "")), numbers(tags[1])
    if told and meant and not _agree(told, meant):
        return f"they speak of version {new[_VERSION][:60]}"
    moved = numbers(tags[0]) != meant
    version = bool(told) and new[_VERSION] == old.get(_VERSION)
    commit = bool(new.get(_REVISION)) and new[_REVISION] == old.get(_REVISION)
    if moved and (version or commit):
        return "the labels of the version before say the same, down to its commit or version"
    return ""


def _agree(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    short = min(len(one), len(other))
    return one[:short] == other[:short]
