"""A fake Gitea: the calls that bumper makes, answered as Gitea does.

Shapes: Gitea's own API description, held by `tests/forges/shapes.py`. Behaviour as seen of a
real Gitea 1.26: pages of 50 at most, 201 for an edit, 409 for a duplicate, `refs/pull/N/head` once
the branch is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.forge import BOT, FakeForge

if TYPE_CHECKING:
    from tests.fakes.forge import Call, Headers, Pull, Topic

__all__ = ["FakeGitea"]

_WIP = ("wip:", "[wip]")
_MOST = 50


# The first part of a path below the repository, and the scope that an order there takes.
_RIGHTS = {"branches": "write:repository", "labels": "write:issue"}


class FakeGitea(FakeForge):
    API = "/api/v1"

    def _answer(self, call: Call, authorization: str) -> tuple[int, Any, Headers]:
        if authorization != f"token {self.git.token}":
            return 401, self._message("user does not exist [uid: 0, name: ]"), ()
        if call.path == "/user":
            return 200, {"id": 1, "login": BOT}, ()
        if status := self._nameless(call, _RIGHTS):
            refused = "token does not have at least one of required scope(s)"
            return status, self._message(refused if status == 403 else "[Name]: Required"), ()
        nowhere = 404, self._message("The target couldn't be found."), ()
        if not call.path.startswith(f"/repos/{self.slug}"):
            return nowhere
        return self._routed(call.path.removeprefix(f"/repos/{self.slug}"), call) or nowhere

    def _pulls(self, call: Call) -> tuple[int, Any]:
        return self._listed(call) if call.method == "GET" else self._made(call.body)

    def _released(self, call: Call) -> tuple[int, Any]:
        return 200, _page(self.releases, call)

    def _listed(self, call: Call) -> tuple[int, Any]:
        state = call.query.get("state", "open")
        found = [
            self._shown(one)
            for one in sorted(self.pulls.values(), key=lambda one: -one.number)
            if state in {"all", one.state}
        ]
        if call.query.get("sort") == "oldest":
            found.reverse()
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
            number = len(self.labels) + 1  # a second one of the same name is another label
            self.labels[number] = call.body["name"]
            return 201, self._shown_label(number)
        return 200, _page([self._shown_label(number) for number in self.labels], call)

    def _dropped(self, call: Call, number: str) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        del self.labels[int(number)]
        return 204, {}

    def _one(self, call: Call, number: str) -> tuple[int, Any]:
        pull = self.pulls.get(int(number))
        if pull is None:
            return 404, self._message("The target couldn't be found.")
        if call.method == "GET":
            return 200, self._shown(pull)
        if pull.merged and "state" in call.body:
            return 412, self._message("cannot change state of this pull request, it was merged")
        for name in {"title", "body", "state", "base"} & set(call.body):
            setattr(pull, name, call.body[name])
        return 201, self._shown(pull)

    def _issue(self, call: Call, number: str, what: str | None) -> tuple[int, Any]:
        if int(number) in self.issues:
            topic = self.issues[int(number)]
            self.write(topic, call.body["body"])
            return 201, self._shown_topic(topic)
        pull, body = self.pulls[int(number)], call.body
        if not what:
            return self._edited(pull, body)
        if what == "comments" and call.method == "GET":
            return 200, self.told(pull)
        if what == "comments":
            pull.comments.append(body["body"])
            return 201, {"id": len(pull.comments), "body": body["body"]}
        names = [self.labels[number] for number in body["labels"]]
        pull.labels += [name for name in names if name not in pull.labels]
        return 200, self._labelled(pull)

    def _repository(self, call: Call) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        return 200, {
            "full_name": self.slug,
            "default_branch": "main",
            "has_issues": self.has_issues,
            "permissions": {"admin": self.admin, "push": self.pushes, "pull": True},
            "default_merge_style": "squash",
        }

    def _topics(self, call: Call) -> tuple[int, Any]:
        if call.method == "POST":
            labels = [self.labels[number] for number in call.body["labels"]]
            topic = self.topic(call.body["title"], call.body["body"], labels)
            return 201, self._shown_topic(topic)
        found = [one for one in self.issues.values() if call.query["labels"] in one.labels]
        return 200, _page([self._shown_topic(one) for one in found], call)

    def _pinned(self, call: Call, number: str) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        if self.pin(self.issues[int(number)]):
            return 204, None
        return 403, self._message("You have reached the max number of pinned issues")

    def _shown_topic(self, topic: Topic) -> dict[str, Any]:
        return {
            "user": {"login": BOT},
            "number": topic.number,
            "state": topic.state,
            "title": topic.title,
            "body": topic.body,
        }

    def _people(self, call: Call) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        return 200, [_user(name) for name in self.users]

    def _planned(self, call: Call) -> tuple[int, Any]:
        named = call.query.get("name", "")
        found = [(n, title) for n, title in self.milestones.items() if named in title]
        return 200, [{"id": number, "title": title, "state": "open"} for number, title in found]

    def _branch(self, call: Call, name: str) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        if self.tip(name) is None:
            return 404, self._message("branch does not exist")
        contexts = ["ci / test (pull_request)"] if self.checks else []
        return 200, {
            "name": name,
            "protected": self.checks,
            "required_approvals": self.reviews,
            "enable_status_check": self.checks,
            "status_check_contexts": contexts,
        }

    def _merge(self, call: Call, number: str) -> tuple[int, Any]:
        pull = self.pulls[int(number)]
        if call.method == "DELETE":
            was, pull.automerge = pull.automerge, False
            return (204, None) if was else (404, self._message("not found"))
        if not call.body["merge_when_checks_succeed"] or not self.checks:
            pull.merged, pull.state = True, "closed"
            return 200, None
        if pull.automerge:
            return 409, self._message("pull request is already scheduled to auto merge")
        pull.automerge = True
        return 200, None

    def _permission(self, call: Call, person: str) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        if not self.admin:
            return 403, self._message("Only admins can query all permissions")
        if person not in {*self.users, *self.writers}:
            return 404, self._message("user does not exist")
        return 200, {"permission": self.permission(person)}

    def _reviews(self, call: Call, number: str) -> tuple[int, Any]:
        found = (
            [{"id": 1, "user": _user("ada"), "state": "APPROVED"}]
            if self.pulls[int(number)].approved
            else []
        )
        return 200, _page(found, call)

    def _asked(self, call: Call, number: str) -> tuple[int, Any]:
        pull, body = self.pulls[int(number)], call.body
        for name in body.get("reviewers", []):
            if name not in self.users:
                return 404, self._message(f"User '{name}' not exist")
        for name in body.get("team_reviewers", []):
            if name not in self.teams:
                return 404, self._message(f"Team '{name}' not exist")
        pull.reviewers += [one for one in body.get("reviewers", []) if one not in pull.reviewers]
        pull.teams += [one for one in body.get("team_reviewers", []) if one not in pull.teams]
        return 201, [{"id": 1, "user": _user(name)} for name in pull.reviewers]

    def _edited(self, pull: Pull, body: dict[str, Any]) -> tuple[int, Any]:
        if unknown := set(body.get("assignees", [])) - set(self.users):
            return 500, self._message(f"{unknown}")
        pull.assignees = body.get("assignees", pull.assignees)
        pull.milestone = body.get("milestone", pull.milestone)
        return 201, {"number": pull.number, "assignees": [_user(one) for one in pull.assignees]}

    def _labelled(self, pull: Pull) -> list[dict[str, Any]]:
        numbers = {name: number for number, name in self.labels.items()}
        return [self._shown_label(numbers[name]) for name in pull.labels]

    def _shown_label(self, number: int) -> dict[str, Any]:
        return {"id": number, "name": self.labels[number], "color": "1f6feb"}

    def _shown(self, pull: Pull) -> dict[str, Any]:
        gone = not pull.fork and self.tip(pull.head) is None
        return {
            "number": pull.number,
            "html_url": f"{self.url}/{self.slug}/pulls/{pull.number}",
            "state": pull.state,
            "merged": pull.merged,
            "title": pull.title,
            "created_at": pull.created,
            "user": {"login": BOT},
            "body": pull.body,
            "draft": pull.title.lower().startswith(_WIP),
            "labels": self._labelled(pull),
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


def _user(name: str) -> dict[str, Any]:
    return {"id": 1, "login": name}


FakeGitea.ROUTES = (
    ("", FakeGitea._repository),
    ("/pulls", FakeGitea._pulls),
    ("/labels", FakeGitea._label),
    (r"/labels/(\d+)", FakeGitea._dropped),
    ("/releases", FakeGitea._released),
    ("/assignees", FakeGitea._people),
    ("/issues", FakeGitea._topics),
    ("/milestones", FakeGitea._planned),
    (r"/branches/(.+)", FakeGitea._branch),
    (r"/statuses/(\w+)", FakeGitea._said),
    (r"/pulls/(\d+)", FakeGitea._one),
    (r"/pulls/(\d+)/merge", FakeGitea._merge),
    (r"/pulls/(\d+)/requested_reviewers", FakeGitea._asked),
    (r"/pulls/(\d+)/reviews", FakeGitea._reviews),
    (r"/collaborators/([^/]+)/permission", FakeGitea._permission),
    (r"/issues/(\d+)(?:/(labels|comments))?", FakeGitea._issue),
    (r"/issues/(\d+)/pin", FakeGitea._pinned),
)
