"""What registries answered, kept in a file, so that a run can be repeated without a network.

The file is one JSON document that a person can read, compare and write by hand:

    {"schema_version": 1, "images": {"docker.io/library/nginx": {
        "tags": ["1.27.0", "1.27.1"],
        "pushed": {"1.27.1": "2024-08-14T21:06:00+00:00"},
        "digests": {"1.27.1": "sha256:…"},
        "manifests": {"1.27.1": {"digest": "sha256:…", "platforms": ["linux/amd64"]}},
        "error": {"code": "registry-denied", "message": "…"}}}}

It holds no secret: only what a registry says of an image.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bumper.errors import NotFoundError, RegistryError, UsageError
from bumper.model import Complete, Incomplete, Manifest

if TYPE_CHECKING:
    from bumper.model import Listing

__all__ = ["Replay", "dump", "load"]

Answers = dict[str, dict[str, Any]]
_OCI_INDEX = "application/vnd.oci.image.index.v1+json"


@dataclass(frozen=True, slots=True)
class Replay:
    """A registry that answers from a record alone."""

    host: str
    answers: Answers

    async def tags(self, repository: str) -> Listing:
        """List what was listed then.

        Raises:
            RegistryError: The record has no such list, or an error stands in its place.
        """
        kept = self._kept(repository)
        if "error" in kept:
            error = kept["error"]
            raise RegistryError(error["message"], code=error["code"], hint=error.get("hint", ""))
        if "incomplete" in kept:
            error = kept["incomplete"]
            return Incomplete(error["code"], error["message"], error.get("hint", ""))
        if "tags" not in kept:
            raise self._missing(repository, "tag list")
        return Complete(
            tuple(dict.fromkeys(kept["tags"])),
            {tag: when for tag, told in kept.get("pushed", {}).items() if (when := _time(told))},
            kept.get("digests", {}),
        )

    async def manifest(self, repository: str, reference: str) -> Manifest:
        """Describe what was described then.

        Raises:
            NotFoundError: The record says that it was not there.
            RegistryError: The record says nothing of it.
        """
        kept = self._kept(repository).get("manifests", {}).get(reference)
        if kept is None:
            raise self._missing(repository, f"manifest of {reference}")
        if "error" in kept:
            raise NotFoundError(kept["error"], code=kept.get("code"), hint="")
        return Manifest(
            kept["digest"],
            kept.get("media_type", _OCI_INDEX),
            tuple(kept.get("platforms", ())),
            None,
            kept.get("labels", {}),
            kept.get("contents", {}),
            kept.get("settings", {}),
        )

    def lately(self, repository: str, tag: str) -> Manifest | None:  # noqa: ARG002 - the Protocol's
        """Give nothing: all that is recorded is said now."""
        return None

    async def digest(self, repository: str, reference: str) -> str:
        """Give the digest of then; errors as `manifest`.

        What an index of the record names was there.
        """
        manifests = self._kept(repository).get("manifests", {})
        if ":" in reference and reference not in manifests:
            named = (one.get("contents", {}).values() for one in manifests.values())
            if any(reference in digests for digests in named):
                return reference
        return (await self.manifest(repository, reference)).digest

    def _kept(self, repository: str) -> dict[str, Any]:
        kept = self.answers.get(f"{self.host}/{repository}")
        if kept is None:
            raise self._missing(repository, "answer")
        return kept

    def _missing(self, repository: str, what: str) -> RegistryError:
        return RegistryError(
            f"{self.host}/{repository}: the record has no {what}",
            code="not-recorded",
            hint="record again with --record, without --replay",
        )


def _time(told: object) -> datetime | None:
    """Read a moment; None where it is none, or names no zone."""
    try:
        when = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return when if when.tzinfo else None


def dump(answers: Answers) -> str:
    """Give the file's text: sorted, so that two records can be compared."""
    document = {"schema_version": 1, "images": answers}
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def load(text: str, path: str) -> Answers:
    """Read the file's text.

    Raises:
        UsageError: It is no record of this version.
    """
    try:
        document = json.loads(text)
        images = document["images"] if document.get("schema_version") == 1 else None
    except (ValueError, KeyError, AttributeError, RecursionError):
        images = None
    if not isinstance(images, dict) or not all(isinstance(kept, dict) for kept in images.values()):
        raise UsageError(f"{path}: not a record of registry answers, version 1", code="bad-record")
    return images
