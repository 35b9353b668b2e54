"""The releases of a repository as GitHub, Gitea, Forgejo and GitLab list them: asked, bounded, kept.

Source: docs.github.com/rest/releases; Gitea's and Forgejo's swagger, `repoListReleases`; docs.gitlab.com,
"Releases API".
"""

from __future__ import annotations

import json
from dataclasses import astuple, replace
from typing import TYPE_CHECKING, Any

from bumper.errors import BumperError, ForgeError
from bumper.notes import Release, reaches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.http import Http, Response
    from bumper.keep import Keep
    from bumper.release_places import Place

__all__ = ["Lists"]

_TOPIC = "release-notes"
_FRESH_SECONDS = 3600
_PER_PAGE = 50
_PAGES = 4
_MOST_BYTES = 4 * 1024 * 1024
_MOST_CHARACTERS = 20_000
# As the forges call what a release has, in its own order.
_FIELDS = ("tag_name", "name", "published_at", "body", "html_url", "prerelease")


class Lists:
    """The lists of a run."""

    def __init__(self, http: Http, keep: Keep) -> None:
        self._http = http
        self._keep = keep

    async def listed(self, place: Place, old: str) -> tuple[Release, ...]:
        """Give the releases, the newest first, back to the old tag or as far as is reasonable.

        Raises:
            BumperError: Nothing was told, now or before.
        """
        record = self._keep.load(_TOPIC, place.address)
        kept = _kept(record)
        far = record is not None and (bool(record.get("whole")) or reaches(kept, old))
        if record is not None and far and self._keep.age(record) < _FRESH_SECONDS:
            return kept
        # A list that does not go back far enough must be asked for whole.
        known = record if record is not None and far else {}
        try:
            return await self._asked(place, old, kept, known)
        except BumperError:
            if kept:
                return kept
            raise

    async def _asked(
        self, place: Place, old: str, kept: tuple[Release, ...], known: Mapping[str, Any]
    ) -> tuple[Release, ...]:
        place = await self._readable(place)
        found: tuple[Release, ...] = ()
        etag, new_etag, whole = str(known.get("etag") or ""), "", False
        size = "limit" if place.kind == "gitea" else "per_page"
        for page in range(1, _PAGES + 1):
            url = f"{place.address}/releases?{size}={_PER_PAGE}&page={page}"
            answer = await self._get(
                place, url, {"If-None-Match": etag} if etag and page == 1 else {}
            )
            if answer.status == 304 and etag:
                self._save(place, kept, etag, whole=bool(known.get("whole")))
                return kept
            new_etag = new_etag or answer.headers.get("etag", "")
            document = _document(answer, place)
            entries = _read(_of_gitlab(document) if place.kind == "gitlab" else document)
            found += entries
            whole = not entries
            if whole or reaches(found, old):
                break
        self._save(place, found, new_etag, whole=whole)
        return found

    async def _readable(self, place: Place) -> Place:
        """Give the place with the token only where that tells nothing that is not public."""
        if place.secret is None or place.trusted:
            return place
        answer = await self._get(place, place.address, {})
        told = _document(answer, place) if answer.status == 200 else None
        public = isinstance(told, dict) and (
            told.get("private") is False or told.get("visibility") == "public"
        )
        return place if public else replace(place, secret=None)

    async def _get(self, place: Place, url: str, headers: Mapping[str, str]) -> Response:
        return await self._http.request(
            "GET",
            url,
            headers={"Accept": "application/json", **headers},
            secret_headers=place.secret,
            most_bytes=_MOST_BYTES,
            led_by=place.led_by,
        )

    def _save(self, place: Place, releases: tuple[Release, ...], etag: str, *, whole: bool) -> None:
        rows = [dict(zip(_FIELDS, astuple(one), strict=True)) for one in releases]
        self._keep.save(_TOPIC, place.address, {"releases": rows, "etag": etag, "whole": whole})


def _kept(record: Mapping[str, Any] | None) -> tuple[Release, ...]:
    try:
        return _read(record["releases"] if record is not None else [])
    except (KeyError, ForgeError):
        return ()


def _document(answer: Response, place: Place) -> Any:  # noqa: ANN401 - a stranger's JSON
    where = place.address.split("/")[2]
    if answer.status != 200:
        words = {403: "access denied, or too many requests", 404: "no such repository"}
        reason = words.get(answer.status, "no list")
        raise ForgeError(f"{where}: {reason} ({answer.status})", code="no-release-notes", hint="")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise ForgeError(
            f"{where}: not a forge's answer", code="no-release-notes", hint=""
        ) from error


def _of_gitlab(document: Any) -> Any:  # noqa: ANN401 - a stranger's JSON
    """Give GitLab's releases in the others' words; one that is planned only is a draft."""
    if not isinstance(document, list):
        return document
    entries = [one for one in document if isinstance(one, dict)]
    links = [one["_links"] if isinstance(one.get("_links"), dict) else {} for one in entries]
    return [
        {
            "tag_name": one.get("tag_name"), "name": one.get("name"), "published_at": one.get("released_at"),
            "body": one.get("description"), "html_url": there.get("self"), "draft": one.get("upcoming_release"),
        }
        for one, there in zip(entries, links, strict=True)
    ]  # fmt: skip


def _read(document: Any) -> tuple[Release, ...]:  # noqa: ANN401 - a stranger's JSON
    if not isinstance(document, list):
        raise ForgeError(
            "the forge lists its releases in an unknown way", code="no-release-notes", hint=""
        )
    found = []
    for entry in document:
        if not isinstance(entry, dict) or entry.get("draft") is True:
            continue
        tag, name, when, text, url = (
            value if isinstance(value := entry.get(key), str) else "" for key in _FIELDS[:5]
        )
        if len(text) > _MOST_CHARACTERS:
            text = text[:_MOST_CHARACTERS].rpartition("\n")[0] or text[:_MOST_CHARACTERS]
        if tag:
            pre = entry.get("prerelease") is True
            found.append(Release(tag[:200], name[:200], when[:10], text, url[:500], pre))
    return tuple(found)
