"""The words of a change request as they go to the forge, and what a person wrote over them. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.messages import marker
from bumper.messages.marker import Marker
from bumper.model import ChangeRequest

if TYPE_CHECKING:
    from bumper.model import PullRequest

__all__ = ["ended", "kept", "over", "remarked", "worded"]


def worded(request: ChangeRequest, commit: str, before: Marker | None = None) -> ChangeRequest:
    """Give the request with its hidden marker in front of the body; `before` is the last one, if any."""
    facts = Marker(
        request.key,
        request.targets,
        commit,
        marker.digest(request.title),
        marker.digest(request.body),
        places=marker.places(bump.use for bump in request.bumps),
        bare=_has_extras(request) if before is None else before.bare,
        # What the forge would not merge is another thing now: it is asked again.
        auto="" if before is None or before.auto == "no" else before.auto,
    )
    return replace(request, body=f"{marker.write(facts)}\n{request.body}")


def _has_extras(request: ChangeRequest) -> bool:
    more = (request.labels, request.reviewers, request.assignees, request.milestone)
    return any(more)


def remarked(request: ChangeRequest, known: Marker) -> ChangeRequest:
    """Give the same words behind another marker."""
    words = marker.read(request.body)[1]
    return replace(request, body=f"{marker.write(known)}\n{words.lstrip()}")


def kept(pull_request: PullRequest, known: Marker, words: str) -> ChangeRequest:
    """Give the words of a pull request as they are, behind a marker."""
    body = f"{marker.write(known)}\n{words.lstrip()}"
    return ChangeRequest(
        known.key, pull_request.branch, pull_request.base, pull_request.title, body, "", (), (), ()
    )


def over(
    request: ChangeRequest, opened: PullRequest, known: Marker | None, words: str
) -> ChangeRequest:
    """Keep the title and the body that a person wrote over ours; the marker is always ours.

    Where no marker is left nothing tells whose the words are, so they stay.
    """
    if known is None:
        known = Marker("", (), "")
    title = request.title if marker.digest(opened.title) == known.title else opened.title
    if marker.digest(words) == known.body:
        return replace(request, title=title)
    mark = request.body.partition("\n")[0]
    return replace(request, title=title, body=f"{mark}\n{words.lstrip()}")


def ended(pull_request: PullRequest, known: Marker, words: str) -> ChangeRequest:
    """Give the words of a pull request that we close: as they are, the marker says that it was us."""
    return kept(pull_request, replace(known, ended=True), words)
