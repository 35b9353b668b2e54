"""What a forge is: a handful of verbs over pull requests. No network here.

Which pull request is ours, and what should become of it, is decided in `publish`; a member only
speaks its forge's API. `--dry-run` is a member too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bumper.errors import ForgeError

if TYPE_CHECKING:
    from bumper.model import ChangeRequest, Comment, Issue, PullRequest

__all__ = ["LAGS", "NOTHING_TO_MERGE", "STATUS", "Forge", "NoQueue", "is_listed", "refused"]

# What is seconds old is not shown everywhere yet: it is asked for again after these seconds.
LAGS = (1.0, 2.0, 4.0)
# The code of a refusal to open a pull request: its base has all of it by now.
NOTHING_TO_MERGE = "nothing-to-merge"
_NOTHING = ("no commits between", "no changes")
# The name of our status; a branch protection requires it by this name.
STATUS = "bumper/min-age"


def is_listed(branch: str, body: str | None, prefix: str, mark: str) -> bool:
    """Say whether a branch begins with `prefix`, or whether the body holds `mark` where one is given."""
    return branch.startswith(prefix) or (mark != "" and mark in (body or ""))


def refused(error: ForgeError) -> ForgeError:
    """Give a refusal to open a pull request, with a code of its own where there is nothing to merge."""
    if not any(words in error.message.lower() for words in _NOTHING):
        return error
    hint = "nothing to do: the base has all of it by now"
    return ForgeError(error.message, code=NOTHING_TO_MERGE, hint=hint)


class Forge(Protocol):
    """Where pull requests live."""

    NAME: str

    async def pull_requests(self, prefix: str, mark: str = "") -> tuple[PullRequest, ...]:
        """List the pull requests, of every state, newest first, that `is_listed` takes.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...

    async def reread(self, pull_request: PullRequest) -> PullRequest:
        """Give a pull request as it is now.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...

    async def open(self, request: ChangeRequest) -> PullRequest:
        """Open a pull request from `request.branch`, or give the one that is open for it already.

        A draft where `request` wants one and the forge has drafts.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...

    async def furnish(self, pull_request: PullRequest, request: ChangeRequest) -> tuple[str, ...]:
        """Set labels, reviewers, assignees and milestone; done twice it is done once.

        None of them is worth a failure: each that cannot be set is told in a sentence.
        """
        ...

    async def automerge(self, pull_request: PullRequest, *, on: bool) -> str:
        """Let the forge merge when its checks are green, or no longer; give why it will not.

        Nothing is ever merged here: a forge that would not wait for checks is not asked.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...

    async def is_queued(self, pull_request: PullRequest) -> bool:
        """Say whether a pull request waits in a merge queue; a forge that does not tell has none.

        Raises:
            ForgeError: The forge gave no usable answer.
        """
        ...

    async def status(self, commit: str, state: str, text: str) -> None:
        """Give a commit the status `bumper/min-age`, `pending` or `success`, with a sentence.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...

    async def update(self, pull_request: PullRequest, request: ChangeRequest) -> PullRequest:
        """Give an open pull request the title and body of `request`, and its base where that is another.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...

    async def issue(self, label: str, mark: str) -> Issue | None:
        """Give the newest issue, of every state, that has a label and a hidden mark in its body.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...

    async def open_issue(self, title: str, body: str, label: str) -> Issue:
        """Open an issue with a label.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...

    async def update_issue(self, issue: Issue, body: str) -> None:
        """Give an issue another body.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...

    async def pin(self, issue: Issue) -> None:
        """Put an issue above the others; a forge without pins does nothing.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...

    async def editor(self, issue: Issue) -> str:
        """Give who changed the body of an issue last, "" where the forge does not tell.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...

    async def close(self, pull_request: PullRequest, words: ChangeRequest) -> None:
        """Close a pull request and give it the body of `words`, both by one request: not one without the other.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...

    async def comments(self, pull_request: PullRequest) -> tuple[Comment, ...]:
        """List what was said below a pull request, the oldest first.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...

    async def comment(self, pull_request: PullRequest, text: str) -> None:
        """Say something below a pull request.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...

    async def may_write(self, person: str) -> bool:
        """Say whether a person may push to the repository.

        Raises:
            ForgeError: The forge does not tell us.
        """
        ...

    async def approved(self, pull_request: PullRequest) -> bool:
        """Say whether a person approved a pull request.

        Raises:
            ForgeError: The forge refused, or gave no usable answer.
        """
        ...


class NoQueue:
    """A forge without a merge queue, or one that is not asked about it."""

    __slots__ = ()

    async def is_queued(self, pull_request: PullRequest) -> bool:  # noqa: ARG002 - the Protocol's
        """Say no; see `Forge`."""
        return False
