"""The words of a change request as they go to the forge, and what a person wrote over them. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bumper.messages import boxes, fitting, marker
from bumper.messages.marker import Marker
from bumper.model import ChangeRequest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from bumper.messages.boxes import Asked
    from bumper.model import PullRequest

__all__ = ["is_a_persons", "kept", "over", "remarked", "skipped", "worded"]

# Characters of the hidden line.
_MOST_SKIPPED = 5_000


def worded(
    request: ChangeRequest,
    commit: str,
    before: Marker | None = None,
    now: datetime | None = None,
    taken: Iterable[str] = (),
) -> ChangeRequest:
    """Give the request with its hidden marker in front of the body.

    `before` is the marker it had, None for a new one: what people asked for, and what is set, stays;
    `taken` is what they took out of it since. `now` is told where it counts how long it waits.
    """
    last = before or Marker("", (), "", bare=_has_extras(request))
    changed = last.targets != request.targets or last.ended
    facts = Marker(
        request.key,
        request.targets,
        commit,
        marker.digest(request.title),
        marker.digest(request.body),
        places=marker.places(bump.use for bump in request.bumps),
        bare=last.bare,
        # What the forge would not merge is another thing now: it is asked again.
        auto="" if last.auto == "no" else last.auto,
        skipped=skipped((*last.skipped, *taken), request.targets),
        majors=last.majors,
        held=last.held,
        obeyed=last.obeyed,
        early=tuple(sorted({b.content for b in request.bumps if b.is_early and b.content})),
        since=now.isoformat(timespec="seconds") if changed and now else last.since,
    )
    return replace(request, body=_behind(facts, request.body))


def _behind(known: Marker, words: str) -> str:
    """Give words behind their marker, which may have grown: ours are cut where both are too long together.

    A person's are not: there the marker forgets the places, and a forge that takes more has all of it.
    """
    line = marker.write(known)
    room = fitting.LONGEST - len(line) - 1
    if len(words) > room and marker.digest(words) == known.body:
        words = fitting.cut(words, room)
        line = marker.write(replace(known, body=marker.digest(words)))
    elif len(words) > room:
        line = marker.write(replace(known, places=()))
    return f"{line}\n{words}"


def _has_extras(request: ChangeRequest) -> bool:
    more = (request.labels, request.reviewers, request.assignees, request.milestone)
    return any(more)


def skipped(targets: Iterable[str], offered: Iterable[str]) -> tuple[str, ...]:
    """Give what was taken out, the newest last, as much as a marker takes."""
    wanted, room = frozenset(offered), _MOST_SKIPPED
    found: list[str] = []
    for target in reversed(dict.fromkeys(targets)):
        room -= len(target) + 3
        if target not in wanted and room >= 0:
            found.append(target)
    return tuple(reversed(found))


def remarked(request: ChangeRequest, known: Marker) -> ChangeRequest:
    """Give the same words behind another marker."""
    words = marker.read(request.body)[1]
    return replace(request, body=_behind(known, words.lstrip()))


def kept(pull_request: PullRequest, known: Marker, words: str) -> ChangeRequest:
    """Give the words of a pull request as they are, behind a marker."""
    body = _behind(known, words.lstrip())
    return ChangeRequest(
        known.key, pull_request.branch, pull_request.base, pull_request.title, body, "", (), (), ()
    )


def over(
    request: ChangeRequest,
    opened: PullRequest,
    known: Marker | None,
    words: str,
    ticked: Collection[Asked] = (),
) -> ChangeRequest:
    """Keep the title and the body that a person wrote over ours; the marker is always ours.

    Where no marker is left nothing tells whose the words are, so they stay. Only what is in `ticked` stays
    ticked.
    """
    if known is None:
        known = Marker("", (), "")
    title = request.title if marker.digest(opened.title) == known.title else opened.title
    told, ours = marker.read(request.body)
    text = ours if marker.digest(words) == known.body else words
    body = _behind(told or known, boxes.with_ticks(text.lstrip(), ticked))
    return replace(request, title=title, body=body)


def is_a_persons(opened: PullRequest, known: Marker | None, words: str) -> bool:
    """Say whether a person wrote the title or the text of a pull request; see `over`."""
    if known is None:
        return True
    return marker.digest(opened.title) != known.title or marker.digest(words) != known.body
