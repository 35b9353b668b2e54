"""The places where a run may open pull requests, told alike: what stands there, what a person does.

GitHub, Gitea and GitLab are fakes over a real Git server; `local` is the repository itself.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tests.canaries import canary
from tests.fakes import git_http, http_server
from tests.fakes.forge import ticked
from tests.fakes.git_http import GitHttp, git
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.forges import held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fakes.forge import FakeForge

__all__ = ["FAKES", "Beside", "Fake", "Seen", "There", "fake", "is_settled", "local"]

FAKES: dict[str, Callable[..., FakeForge]] = {
    "github": FakeGitHub,
    "gitea": FakeGitea,
    "gitlab": FakeGitLab,
}
TOKEN = canary("forge")


@dataclass(frozen=True)
class Seen:
    """A pull request as a person sees it."""

    number: int
    title: str
    body: str
    state: str
    branch: str
    labels: tuple[str, ...]
    base: str


@dataclass(frozen=True)
class Beside:
    """What stands beside the words of a pull request, and the dashboard's text."""

    reviewers: tuple[str, ...]
    assignees: tuple[str, ...]
    milestone: str
    draft: bool
    status: str
    dashboard: str


class There(Protocol):
    """A place; `url` is what bumper pushes to, `push` where a person does, `settings` stands below `forge:`."""

    bare: Path
    settings: str

    @property
    def url(self) -> str: ...
    @property
    def push(self) -> tuple[str, ...]: ...
    def pulls(self) -> list[Seen]: ...
    def close(self, number: int) -> None: ...
    def reword(self, number: int, body: str) -> None: ...
    def say(self, number: int, text: str) -> None: ...
    def said(self, number: int) -> list[str]: ...
    def writes(self) -> object: ...
    def page(self) -> str: ...
    def tick(self, box: str) -> None: ...
    def beside(self, number: int) -> Beside: ...
    def protect(self) -> None: ...
    def merged_once_green(self, number: int) -> bool: ...
    def settle(self) -> None: ...


@dataclass
class Fake:
    forge: FakeForge
    bare: Path
    url: str
    settings: str

    @property
    def push(self) -> tuple[str, ...]:
        """Past the guard, which is for bumper."""
        pack = "--receive-pack=git -c core.hooksPath=/dev/null receive-pack"
        return (pack, self.bare.as_posix())

    def pulls(self) -> list[Seen]:
        return [
            Seen(one.number, one.title, one.body, one.state, one.head, tuple(one.labels), one.base)
            for one in self.forge.pulls.values()
        ]

    def close(self, number: int) -> None:
        self.forge.pulls[number].state = "closed"

    def reword(self, number: int, body: str) -> None:
        self.forge.pulls[number].body = body

    def say(self, number: int, text: str) -> None:
        self.forge.tell(number, text)

    def said(self, number: int) -> list[str]:
        return self.forge.pulls[number].comments

    def writes(self) -> int:
        return self.forge.writes

    def page(self) -> str:
        return "".join(topic.body for topic in self.forge.issues.values())

    def tick(self, box: str) -> None:
        self.forge.tick(box)

    def protect(self) -> None:
        assert self.forge.checks

    def merged_once_green(self, number: int) -> bool:
        """A fake has no checks that run: that the merge is planned is all there is to see."""
        return self.forge.pulls[number].automerge and not self.forge.pulls[number].merged

    def beside(self, number: int) -> Beside:
        one = self.forge.pulls[number]
        said = [state for commit, _, state in self.forge.statuses if commit == one.sha]
        draft = one.draft or one.title.startswith(("WIP: ", "Draft: "))
        return Beside(
            tuple(one.reviewers), tuple(one.assignees), self.forge.milestones.get(one.milestone or 0, ""),
            draft, "".join(said[-1:]), self.page(),
        )  # fmt: skip

    def settle(self) -> None:
        """A fake has seen a push when it has answered it."""


@dataclass
class _Local:
    """Branches of the repository itself."""

    bare: Path
    url: str
    settings: str = "{kind: local}"
    push: tuple[str, ...] = ()

    def _texts(self) -> list[Path]:
        return sorted((self.bare / "bumper" / "pull-requests").glob("*.md"))

    def pulls(self) -> list[Seen]:
        found = []
        for path in self._texts():
            _, head, rest = path.read_text(encoding="utf-8").split("---\n", 2)
            facts = dict(line.split(": ", 1) for line in head.splitlines())
            title, _, body = rest.partition("\n\n")
            found.append(
                Seen(
                    int(facts["number"]), title.removeprefix("# "), body, facts["state"],
                    facts["branch"], tuple(facts["labels"].split(", ")), facts["base"],
                )
            )  # fmt: skip
        return found

    def close(self, number: int) -> None:
        path = self._texts()[number - 1]
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("state: open", "state: closed"), encoding="utf-8")

    def reword(self, number: int, body: str) -> None:
        path = self._texts()[number - 1]
        head, _, _ = path.read_text(encoding="utf-8").partition("\n\n")
        path.write_text(f"{head}\n\n{body}", encoding="utf-8")

    def say(self, number: int, text: str) -> None:
        with self._texts()[number - 1].with_suffix(".comments").open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")

    def said(self, number: int) -> list[str]:
        path = self._texts()[number - 1].with_suffix(".comments")
        return path.read_text(encoding="utf-8").split("---\n") if path.is_file() else []

    def writes(self) -> int:
        """Files and references have no counter: the newest change stands for them."""
        texts = (self.bare / "bumper" / "pull-requests").iterdir()
        logs = [*texts, *(self.bare / "refs" / "heads" / "bumper").rglob("*"), self._page]
        return max(path.stat().st_mtime_ns for path in logs if path.exists())

    @property
    def _page(self) -> Path:
        return self.bare / "bumper" / "dashboard.md"

    def page(self) -> str:
        return self._page.read_text(encoding="utf-8") if self._page.exists() else ""

    def tick(self, box: str) -> None:
        self._page.write_text(ticked(self.page(), box), encoding="utf-8")

    def protect(self) -> None:
        """There is nothing to protect a branch with."""

    def merged_once_green(self, number: int) -> bool:
        assert number
        return False

    def beside(self, number: int) -> Beside:
        text = self._texts()[number - 1].read_text(encoding="utf-8")
        facts = dict(line.split(": ", 1) for line in text.split("---\n")[1].splitlines())
        reviewers, assignees = (facts[key].split(", ") for key in ("reviewers", "assignees"))
        return Beside(
            tuple(reviewers),
            tuple(assignees),
            facts["milestone"],
            facts.get("draft") == "true",
            "pending",
            self.page(),
        )

    def settle(self) -> None:
        """Nothing happens behind one's back here."""


def is_settled(place: There, run: Callable[[], object]) -> None:
    """Whatever was done, one run catches up with it; one more pushes, writes and edits nothing at all."""
    run()
    place.settle()
    stood, writes = (place.pulls(), place.page(), references(place.bare)), place.writes()
    ran = run()
    place.settle()
    assert (place.pulls(), place.page(), references(place.bare)) == stood, ran
    assert place.writes() == writes, ran


def references(bare: Path) -> str:
    """Every reference of a repository with what it points to."""
    return git(bare, "for-each-ref", "--format=%(refname) %(objectname)")


@contextlib.contextmanager
def fake(kind: str, folder: Path, slug: str = "acme/gitops") -> Iterator[Fake]:
    """A fake forge of a kind, over an empty bare repository; at the end every exchange must fit the vendor's."""
    bare = git_http.make(folder / f"{slug}.git")
    server_side = GitHttp(folder, TOKEN)
    forge = FAKES[kind](server_side, slug)
    with http_server.serve(forge.answer) as server:
        forge.url = server.url
        settings = f"{{kind: {kind}, url: '{server.url}'}}"
        yield Fake(forge, bare, f"{server.url}/{slug}.git", settings)
    wrong = held.misfits(forge)
    assert wrong == [], wrong


def local(clone: Path) -> _Local:
    """A repository that is its own forge: the person's clone itself."""
    return _Local(clone / ".git", "")
