"""A fake Gitea: the calls that bumper makes, answered as Gitea does.

Shapes: Gitea's own API description, held by `tests/forges/test_shapes.py`. Behaviour as seen of a
real Gitea 1.26: pages of 50 at most, 201 for an edit, 409 for a duplicate, `refs/pull/N/head` once
the branch is gone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.fakes.forge import FakeForge

if TYPE_CHECKING:
    from tests.fakes.forge import Call, Pull

__all__ = ["FakeGitea"]

_PULL = re.compile(r"/pulls/(\d+)")
_ISSUE = re.compile(r"/issues/(\d+)/(labels|comments)")
_MOST = 50


class FakeGitea(FakeForge):
    API = "/api/v1"

    def _answer(
        self, call: Call, authorization: str
    ) -> tuple[int, Any, tuple[tuple[str, str], ...]]:
        if authorization != f"token {self.git.token}":
            return 401, self._message("user does not exist [uid: 0, name: ]"), ()
        if not call.path.startswith(f"/repos/{self.slug}"):
            return 404, self._message("The target couldn't be found."), ()
        path = call.path.removeprefix(f"/repos/{self.slug}")
        if path == "/pulls":
            return *(self._listed(call) if call.method == "GET" else self._made(call.body)), ()
        if path == "/releases":
            return 200, _page(self.releases, call), ()
        if path == "/labels":
            return *self._label(call), ()
        if match := _PULL.fullmatch(path):
            return *self._one(self.pulls.get(int(match[1])), call), ()
        if match := _ISSUE.fullmatch(path):
            return *self._issue(self.pulls[int(match[1])], match[2], call.body), ()
        return 404, self._message("The target couldn't be found."), ()

    def _listed(self, call: Call) -> tuple[int, Any]:
        state = call.query.get("state", "open")
        found = [
            self._shown(one)
            for one in sorted(self.pulls.values(), key=lambda one: -one.number)
            if state in {"all", one.state}
        ]
        return 200, _page(found, call)

    def _made(self, body: dict[str, Any]) -> tuple[int, Any]:
        tip = self.tip(body["head"])
        if tip is None or self.tip(body["base"]) is None:
            return 404, self._message("The target couldn't be found.")
        same = self.opened(body["head"], body["base"])
        if same:
            return 409, self._message(
                "pull request already exists for these targets "
                f"[id: {same.number}, head_branch: {same.head}, base_branch: {same.base}]"
            )
        return 201, self._shown(self.open(body, tip))

    def _label(self, call: Call) -> tuple[int, Any]:
        if call.method == "POST":
            name = call.body["name"]
            self.labels[name] = len(self.labels) + 1
            return 201, self._shown_label(name)
        return 200, _page([self._shown_label(name) for name in self.labels], call)

    def _one(self, pull: Pull | None, call: Call) -> tuple[int, Any]:
        if pull is None:
            return 404, self._message("The target couldn't be found.")
        if call.method == "GET":
            return 200, self._shown(pull)
        if pull.merged and "state" in call.body:
            return 412, self._message("cannot change state of this pull request, it was merged")
        for name in {"title", "body", "state", "base"} & set(call.body):
            setattr(pull, name, call.body[name])
        return 201, self._shown(pull)

    def _issue(self, pull: Pull, what: str, body: Any) -> tuple[int, Any]:
        if what == "comments":
            pull.comments.append(body["body"])
            return 201, {"id": len(pull.comments), "body": body["body"]}
        names = {number: name for name, number in self.labels.items()}
        pull.labels += [names[number] for number in body["labels"]]
        return 200, [self._shown_label(name) for name in pull.labels]

    def _shown_label(self, name: str) -> dict[str, Any]:
        return {"id": self.labels[name], "name": name, "color": "1f6feb"}

    def _shown(self, pull: Pull) -> dict[str, Any]:
        gone = not pull.fork and self.tip(pull.head) is None
        return {
            "number": pull.number,
            "html_url": f"{self.url}/{self.slug}/pulls/{pull.number}",
            "state": pull.state,
            "merged": pull.merged,
            "title": pull.title,
            "created_at": pull.created,
            "body": pull.body,
            "labels": [self._shown_label(name) for name in pull.labels],
            "head": {
                "label": pull.head,
                "ref": f"refs/pull/{pull.number}/head" if gone else pull.head,
                "sha": pull.sha,
                "repo_id": 2 if pull.fork else 1,
            },
            "base": {"label": pull.base, "ref": pull.base, "sha": "", "repo_id": 1},
        }

    def _message(self, text: str) -> dict[str, Any]:
        return {"message": text, "url": f"{self.url}/api/swagger"}


def _page(entries: list[dict[str, Any]], call: Call) -> list[dict[str, Any]]:
    size = min(int(call.query.get("limit", "30")), _MOST)
    page = int(call.query.get("page", "1"))
    return entries[(page - 1) * size : page * size]
