"""No forge: a pull request is a text file beside the repository, its branch is a local one.

For trying out, for the demo, and for people who have neither GitHub nor Gitea. The file's first
lines are facts; a person closes a pull request by writing `state: closed`. What was said stands in a
second file, ours between `--- bumper` and `---`, the person's around it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bumper.errors import ForgeError
from bumper.forges.base import NoQueue, is_listed
from bumper.model import Comment, Issue, PullRequest, PullRequestState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bumper.model import ChangeRequest

__all__ = ["Local"]


@dataclass(frozen=True, slots=True)
class Local(NoQueue):
    """A folder of pull requests, one Markdown file each."""

    folder: Path
    NAME = "local"

    async def pull_requests(self, prefix: str, mark: str = "") -> tuple[PullRequest, ...]:
        """List what the folder holds, newest first; see `forges.base.Forge`."""
        found = [self._read(path) for path in sorted(self.folder.glob("*.md"))]
        ours = [one for one in found if is_listed(one.branch, one.body, prefix, mark)]
        return tuple(sorted(ours, key=_newest))

    async def reread(self, pull_request: PullRequest) -> PullRequest:
        """Read the file again; see `forges.base.Forge`."""
        return self._read(Path(pull_request.url))

    async def open(self, request: ChangeRequest) -> PullRequest:
        """Write a new file; see `forges.base.Forge`."""
        everything = await self.pull_requests("")
        for one in everything:
            if one.branch == request.branch and one.state is PullRequestState.OPEN:
                return one
        number = max((one.number for one in everything), default=0) + 1
        path = self.folder / f"{number:04d}-{request.branch.rpartition('/')[2]}.md"
        made = PullRequest(
            number, path.as_posix(), PullRequestState.OPEN, request.branch, "", request.base,
            request.title, request.body, request.labels, draft=request.draft,
        )  # fmt: skip
        return self._write(made, {
            "reviewers": ", ".join(request.reviewers),
            "assignees": ", ".join(request.assignees),
            "milestone": request.milestone,
        })  # fmt: skip

    async def furnish(self, pull_request: PullRequest, request: ChangeRequest) -> tuple[str, ...]:  # noqa: ARG002 - the Protocol's
        """Do nothing: all of it was written with the file."""
        return ()

    async def automerge(self, pull_request: PullRequest, *, on: bool) -> str:  # noqa: ARG002 - the Protocol's
        """Say that nobody is here to merge; see `forges.base.Forge`."""
        return "a repository without a forge has no checks to wait for" if on else ""

    async def status(self, commit: str, state: str, text: str) -> None:
        """Do nothing: nobody asks for it here."""

    async def update(self, pull_request: PullRequest, request: ChangeRequest) -> PullRequest:
        """Write title and body anew; see `forges.base.Forge`."""
        now = self._read(Path(pull_request.url))
        return self._write(replace(now, title=request.title, body=request.body, base=request.base))

    async def issue(self, label: str, mark: str) -> Issue | None:  # noqa: ARG002 - the Protocol's
        """Give the page that stands beside the folder; see `forges.base.Forge`."""
        try:
            text = self._page.read_text(encoding="utf-8")
        except OSError:
            return None
        return Issue(1, is_open=True, body=text.partition("\n\n")[2], author="bumper")

    async def open_issue(self, title: str, body: str, label: str) -> Issue:  # noqa: ARG002 - the Protocol's
        """Write the page; see `forges.base.Forge`."""
        try:
            self._page.parent.mkdir(parents=True, exist_ok=True)
            self._page.write_text(f"# {title}\n\n{body}", encoding="utf-8", newline="\n")
        except OSError as error:
            raise ForgeError(f"{self._page}: cannot be written") from error
        return Issue(1, is_open=True, body=body, author="bumper")

    async def pin(self, issue: Issue) -> None:
        """Do nothing: there is but one."""

    async def editor(self, issue: Issue) -> str:  # noqa: ARG002 - the Protocol's
        """Give nobody: a file does not say it."""
        return ""

    async def update_issue(self, issue: Issue, body: str) -> None:  # noqa: ARG002 - the Protocol's
        """Write the page anew; see `forges.base.Forge`."""
        title = self._page.read_text(encoding="utf-8").partition("\n\n")[0].removeprefix("# ")
        await self.open_issue(title, body, "")

    @property
    def _page(self) -> Path:
        return self.folder.parent / "dashboard.md"

    async def close(self, pull_request: PullRequest, words: ChangeRequest) -> None:
        """Write the state and the last words; see `forges.base.Forge`."""
        now = self._read(Path(pull_request.url))
        self._write(replace(now, body=words.body, state=PullRequestState.CLOSED))

    async def comments(self, pull_request: PullRequest) -> tuple[Comment, ...]:
        """Read the second file; see `forges.base.Forge`."""
        path = Path(pull_request.url).with_suffix(".comments")
        try:
            return tuple(_comments(path.read_text(encoding="utf-8"))) if path.is_file() else ()
        except (OSError, ValueError) as error:
            raise ForgeError(f"{path}: cannot be read", hint="mend or remove it") from error

    async def comment(self, pull_request: PullRequest, text: str) -> None:
        """Write at the end of the second file; see `forges.base.Forge`."""
        path = Path(pull_request.url).with_suffix(".comments")
        try:
            with path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(f"--- bumper\n{text}\n---\n")
        except OSError as error:
            raise ForgeError(f"{path}: cannot be written") from error

    async def may_write(self, person: str) -> bool:  # noqa: ARG002 - the Protocol's
        """Say yes: who may write the files may write the repository."""
        return True

    async def approved(self, pull_request: PullRequest) -> bool:  # noqa: ARG002 - the Protocol's
        """Say no: there are no reviews here."""
        return False

    def _write(
        self, pull_request: PullRequest, more: Mapping[str, str] | None = None
    ) -> PullRequest:
        """Write a file; the facts in it that are not told here stay."""
        path = Path(pull_request.url)
        facts = {
            **(_facts(path)[0] if path.is_file() else {}),
            "number": str(pull_request.number),
            "state": pull_request.state,
            "branch": pull_request.branch,
            "base": pull_request.base,
            "labels": ", ".join(pull_request.labels),
            **({"draft": "true"} if pull_request.draft else {}),
            **{name: value for name, value in (more or {}).items() if value},
        }
        head = "".join(f"{name}: {value}\n" for name, value in facts.items())
        text = f"---\n{head}---\n# {pull_request.title}\n\n{pull_request.body}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise ForgeError(f"{pull_request.url}: cannot be written") from error
        return pull_request

    def _read(self, path: Path) -> PullRequest:
        try:
            facts, rest = _facts(path)
            title, _, body = rest.partition("\n\n")
            return PullRequest(
                int(facts["number"]), path.as_posix(), PullRequestState(facts["state"].strip()),
                facts["branch"], "", facts["base"], title.removeprefix("# ").strip(), body,
                tuple(filter(None, facts.get("labels", "").split(", "))),
                draft=facts.get("draft") == "true", author="bumper",
            )  # fmt: skip
        except (OSError, ValueError, KeyError) as error:
            raise ForgeError(
                f"{path}: not a pull request of ours", hint="mend or remove it"
            ) from error


def _facts(path: Path) -> tuple[dict[str, str], str]:
    """Give the facts of a file and the text behind them."""
    _, head, rest = path.read_text(encoding="utf-8").split("---\n", 2)
    return dict(line.split(": ", 1) for line in head.splitlines() if ": " in line), rest


def _comments(text: str) -> Iterator[Comment]:
    """Yield what was said; a number stays the same while text is only added at the end."""
    author, lines, number = "person", [], 0
    for line in [*text.splitlines(), "---"]:
        if line not in {"--- bumper", "---"}:
            lines.append(line)
            continue
        if any(one.strip() for one in lines):
            number += 1
            yield Comment(str(number), author, "\n".join(lines))
        author, lines = "bumper" if line == "--- bumper" else "person", []


def _newest(pull_request: PullRequest) -> int:
    return -pull_request.number
