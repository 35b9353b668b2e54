"""What was pushed, read from the payload of a registry, a forge or a pipeline. Pure.

A payload is a hint: it says which images to look up, never where. What it calls a URL is read as a
name and is never asked. A sender is told by the shape of what it sends. Sources: the senders' own
webhook documentation, named at each reader.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bumper.errors import BumperError, InvalidReferenceError, UsageError
from bumper.reference import parse, parse_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["MOST_BYTES", "Pushed", "read"]

MOST_BYTES = 1024 * 1024
_MOST_IMAGES = 100
_HUB = "docker.io"
_Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pushed:
    """An image that was pushed: its normalised name, or its repository alone where no host is known."""

    repository: str
    registry: str | None = None

    def means(self, registry: str, repository: str) -> bool:
        """Say whether an image of a file is this one."""
        return self.repository == repository and self.registry in {None, registry}


def read(content: bytes) -> tuple[Pushed, ...] | None:
    """Give the images of a payload, () where it speaks of none (a ping, a deletion), None if unknown.

    Raises:
        UsageError: It is no JSON object of a sane size, or names no image where it should.
    """
    if len(content) > MOST_BYTES:
        raise UsageError("the event is larger than a mebibyte", code="bad-event")
    try:
        document = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise UsageError("the event is no JSON", code="bad-event") from None
    try:
        found = _images(document, 0)
        return None if found is None else tuple(dict.fromkeys(found))
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, BumperError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError("the event names no image where its kind does", code="bad-event") from None


def _no_number(text: str) -> float:
    raise ValueError(text)


def _images(document: Any, depth: int) -> list[Pushed] | None:  # noqa: ANN401 - whatever was sent
    if isinstance(document, list):
        several = [_images(one, depth + 1) for one in document[:_MOST_IMAGES]] if depth < 3 else []
        known = [found for found in several if found is not None]
        return [one for found in known for one in found] if known else None
    if not isinstance(document, dict):
        raise UsageError("the event is no JSON object", code="bad-event")
    inner = _unwrapped(document)
    if inner is not None:
        return _images(inner, depth + 1) if depth < 3 else None
    for claims, reader in _READERS:
        if claims(document):
            return list(reader(document))[:_MOST_IMAGES]
    return None


def _unwrapped(document: _Table) -> Any:  # noqa: ANN401 - whatever was sent
    """Give what an envelope holds: CloudEvents, a dispatch of Actions, Pub/Sub; None if it is none."""
    if "specversion" in document:
        data = document.get("data")
        if "data_base64" in document:
            data = json.loads(_decoded(document["data_base64"]))
        return data if isinstance(data, dict) else {}
    if isinstance(document.get("client_payload"), dict):
        payload = document["client_payload"]
        return payload.get("images") if isinstance(payload.get("images"), list) else payload
    if isinstance(document.get("inputs"), dict) and document["inputs"].get("image"):
        return document["inputs"]
    message = document.get("message")
    if isinstance(message, dict) and "data" in message:
        return json.loads(_decoded(message["data"]))
    return None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error


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


def _plain(document: _Table) -> Iterable[Pushed]:
    """Read `{image, tag, digest}`, and Keel's native `{name, tag, host?}`."""
    name, host = document.get("image") or document["name"], document.get("host")
    yield _at(host, name) if host else _named(name)


def _docker_hub(document: _Table) -> Iterable[Pushed]:
    """Source: docs.docker.com, "Docker Hub, Webhooks"."""
    repository = document["repository"]
    name = repository.get("repo_name")
    if not name:
        namespace = repository.get("namespace")
        name = f"{namespace}/{repository['name']}" if namespace else repository["name"]
    if document["push_data"]["tag"]:
        yield _at(_HUB, name if "/" in name else f"library/{name}")


def _quay(document: _Table) -> Iterable[Pushed]:
    """Source: docs.quay.io, "Repository notifications, repo_push"."""
    url = str(document.get("docker_url") or f"quay.io/{document['repository']}")
    if document["updated_tags"]:
        yield _named(url.partition("://")[2] or url)


def _harbor(document: _Table) -> Iterable[Pushed]:
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


def _distribution(document: _Table) -> Iterable[Pushed]:
    """Source: distribution.github.io, "Work with notifications"; GitLab's registry sends the same."""
    for event in document["events"]:
        yield from _azure(event)


def _azure(document: _Table) -> Iterable[Pushed]:
    """Source: learn.microsoft.com, "Azure Container Registry webhook reference"."""
    target = document["target"]
    if document["action"] == "push" and target.get("tag"):
        yield _at((document.get("request") or {}).get("host"), target["repository"])


def _jfrog(document: _Table) -> Iterable[Pushed]:
    """Source: jfrog.com/help, "Webhooks, Docker tag was pushed"."""
    if document.get("event_type", "pushed") == "pushed" and document["data"].get("tag"):
        yield _at(None, document["data"]["image_name"])


def _github(document: _Table) -> Iterable[Pushed]:
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


def _google(document: _Table) -> Iterable[Pushed]:
    """Source: cloud.google.com, "Configuring Pub/Sub notifications" of Artifact Registry."""
    if document["action"] == "INSERT" and document.get("tag"):
        yield _named(document["tag"])


def _silent(document: _Table) -> Iterator[Pushed]:  # noqa: ARG001 - a ping says nothing
    yield from ()


def _has(*keys: str) -> Callable[[_Table], bool]:
    return lambda document: all(key in document for key in keys)


_READERS: tuple[tuple[Callable[[_Table], bool], Callable[[_Table], Iterable[Pushed]]], ...] = (
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
