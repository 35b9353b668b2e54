"""Who sends what when an image was pushed: a shape and a reader for each sender. Pure.

A payload says which image it is, never where to ask: what it calls a URL is read as a name. Sources:
the senders' own webhook documentation, named at each reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bumper.errors import InvalidReferenceError
from bumper.reference import parse, parse_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["READERS", "Pushed", "Table"]

_HUB = "docker.io"
Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pushed:
    """An image that was pushed: its normalised name, or its repository alone where no host is known."""

    repository: str
    registry: str | None = None

    def means(self, registry: str, repository: str) -> bool:
        """Say whether an image of a file is this one."""
        return self.repository == repository and self.registry in {None, registry}


def _named(text: str, registry: str | None = _HUB) -> Pushed:
    """Give an image by its written name; a host in the name wins over the one that is meant."""
    try:
        parsed = parse(text) if ":" in text or "@" in text else parse_name(text)
    except InvalidReferenceError:
        parsed = parse_name(text)
    hosted = parsed.registry != _HUB or text.startswith((f"{_HUB}/", "index.docker.io/"))
    if hosted or registry == _HUB:
        return Pushed(parsed.repository, parsed.registry)
    return _at(registry, text)


def _at(registry: str | None, repository: str) -> Pushed:
    """Give a repository of a registry that was named, or of whichever has it."""
    name = parse_name(f"{registry or 'registry.invalid'}/{repository.strip('/')}")
    return Pushed(name.repository, name.registry if registry else None)


def _plain(document: Table) -> Iterable[Pushed]:
    """Read `{image, tag, digest}`, and Keel's native `{name, tag, host?}`."""
    name, host = document.get("image") or document["name"], document.get("host")
    yield _at(host, name) if host else _named(name)


def _docker_hub(document: Table) -> Iterable[Pushed]:
    """Source: docs.docker.com, "Docker Hub, Webhooks"."""
    repository = document["repository"]
    name = repository.get("repo_name")
    if not name:
        namespace = repository.get("namespace")
        name = f"{namespace}/{repository['name']}" if namespace else repository["name"]
    if document["push_data"]["tag"]:
        yield _at(_HUB, name if "/" in name else f"library/{name}")


def _quay(document: Table) -> Iterable[Pushed]:
    """Source: docs.quay.io, "Repository notifications, repo_push"."""
    url = str(document.get("docker_url") or f"quay.io/{document['repository']}")
    if document["updated_tags"]:
        yield _named(url.partition("://")[2] or url)


def _harbor(document: Table) -> Iterable[Pushed]:
    """Source: goharbor.io/docs, "Configure Webhook Notifications"."""
    kind = str(document.get("type", "")).lower().replace("_", "")
    if document.get("event_data") is not None and kind not in {"pushartifact", "pushimage"}:
        return
    data = document.get("event_data") or document
    for resource in data["resources"]:
        url = resource.get("resource_url")
        if url:
            yield _named(str(url).partition("://")[2] or str(url))
        else:
            names = data["repository"]
            yield _at(None, names.get("repo_full_name") or f"{names['namespace']}/{names['name']}")


def _distribution(document: Table) -> Iterable[Pushed]:
    """Source: distribution.github.io, "Work with notifications"; GitLab's registry sends the same."""
    for event in document["events"]:
        yield from _azure(event)


def _azure(document: Table) -> Iterable[Pushed]:
    """Source: learn.microsoft.com, "Azure Container Registry webhook reference"."""
    target = document["target"]
    if document["action"] == "push" and target.get("tag"):
        yield _at((document.get("request") or {}).get("host"), target["repository"])


def _jfrog(document: Table) -> Iterable[Pushed]:
    """Source: jfrog.com/help, "Webhooks, Docker tag was pushed"."""
    if document.get("event_type", "pushed") == "pushed" and document["data"].get("tag"):
        yield _at(None, document["data"]["image_name"])


def _github(document: Table) -> Iterable[Pushed]:
    """Source: docs.github.com, "Webhook events, package, registry_package"."""
    package = document.get("registry_package") or document["package"]
    kind = package.get("package_type") or package.get("ecosystem") or package.get("type") or ""
    if document.get("action") not in {"published", "updated", "created"}:
        return
    if str(kind).lower() not in {"container", "docker"}:
        return
    if "package_version" not in package:
        # Gitea and Forgejo: the registry is the forge itself, whatever its name is.
        owner = package["owner"]
        yield _at(None, f"{owner.get('login') or owner['username']}/{package['name']}".lower())
        return
    metadata = package["package_version"].get("container_metadata") or {}
    if (metadata.get("tag") or {}).get("name"):
        owner = package.get("namespace") or package["owner"]["login"]
        yield _at("ghcr.io", f"{owner}/{package['name']}".lower())


def _google(document: Table) -> Iterable[Pushed]:
    """Source: cloud.google.com, "Configuring Pub/Sub notifications" of Artifact Registry."""
    if document["action"] == "INSERT" and document.get("tag"):
        yield _named(document["tag"])


def _silent(document: Table) -> Iterator[Pushed]:  # noqa: ARG001 - a ping says nothing
    yield from ()


def _has(*keys: str) -> Callable[[Table], bool]:
    return lambda document: all(key in document for key in keys)


READERS: tuple[tuple[Callable[[Table], bool], Callable[[Table], Iterable[Pushed]]], ...] = (
    (_has("zen", "hook_id"), _silent),
    (_has("registry_package"), _github),
    (_has("package", "action"), _github),
    (_has("push_data", "repository"), _docker_hub),
    (_has("updated_tags"), _quay),
    (_has("event_data"), _harbor),
    (_has("resources", "repository"), _harbor),
    (_has("events"), _distribution),
    (_has("target", "action"), _azure),
    (lambda document: document.get("domain") == "docker" and "data" in document, _jfrog),
    (lambda document: document.get("action") in {"INSERT", "DELETE"}, _google),
    (_has("image"), _plain),
    (_has("name", "tag"), _plain),
)
