"""A fake GitLab: the calls that bumper makes, answered as GitLab does.

Names and types: GitLab's own Go client, held by `tests/forges/structs.py`. Behaviour: GitLab's REST API
documentation, "Merge requests", "Notes", "Labels", "Users", "Milestones", "Projects".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.fakes.forge import BOT, FakeForge

if TYPE_CHECKING:
    from tests.fakes.forge import Call, Headers, Pull, Topic

__all__ = ["FakeGitLab"]

_STATES = {"open": "opened", "closed": "closed", "merged": "merged"}


@dataclass
class FakeGitLab(FakeForge):
    keeps_merges: bool = False
    API = "/api/v4"

    def _answer(self, call: Call, authorization: str) -> tuple[int, Any, Headers]:
        if authorization != f"Bearer {self.git.token}":
            return 401, {"message": "401 Unauthorized"}, ()
        if call.path == "/users":
            number = {name: n for n, name in enumerate((*self.users, BOT), 11)}
            name = call.query["username"]
            found = [{"id": number[name], "username": name}] if name in number else []
            return 200, found, ()
        if call.path == "/user":
            return 200, {"id": 1, "username": BOT}, ()
        if call.path == "/personal_access_tokens/self":
            scopes = [one for one in ("api", "write_repository") if one not in self.lacks]
            return 200, {"id": 1, "scopes": scopes, "expires_at": "2027-01-31"}, ()
        project = f"/projects/{self.slug.replace('/', '%2F')}"
        nowhere = 404, {"message": "404 Project Not Found"}, ()
        if not call.path.startswith(project):
            return nowhere
        path = call.path.removeprefix(project)
        return self._routed(path, call) or nowhere

    def _project(self, call: Call) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        return 200, {
            "id": 1,
            "path_with_namespace": self.slug,
            "default_branch": "main",
            "issues_access_level": "enabled" if self.has_issues else "disabled",
            "permissions": {
                "project_access": {"access_level": 30 if self.pushes else 20},
                "group_access": None,
            },
            "only_allow_merge_if_pipeline_succeeds": self.checks,
        }

    def _members(self, call: Call) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        return 200, [{"id": 11, "username": "ada", "access_level": 30}]

    def _ruled(self, call: Call) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        """The free edition knows no such path."""
        if self.reviews is None:
            return 404, {"error": "404 Not Found"}
        other = {"id": 2, "approvals_required": 9, "protected_branches": [{"name": "release"}]}
        return 200, [
            {"id": 1, "approvals_required": self.reviews, "protected_branches": []},
            other,
        ]

    def _many(self, call: Call) -> tuple[Any, ...]:
        return self._listed(call) if call.method == "GET" else self._made(call.body)

    def _listed(self, call: Call) -> tuple[Any, ...]:
        state, branch = call.query.get("state", "all"), call.query.get("source_branch")
        found = [
            one
            for one in sorted(self.pulls.values(), key=lambda one: -one.number)
            if state in {"all", self._state(one)} and branch in {None, one.head}
        ]
        size, page = int(call.query.get("per_page", "20")), int(call.query.get("page", "1"))
        shown = [self._shown(one) for one in found[(page - 1) * size : page * size]]
        if page * size >= len(found):
            return 200, shown
        rest = "&".join(f"{k}={v}" for k, v in {**call.query, "page": str(page + 1)}.items())
        # As a server behind a proxy tells it: another host, which must not be followed.
        link = f'<http://gitlab.invalid{self.API}{call.path}?{rest}>; rel="next"'
        return 200, shown, (("Link", link), ("X-Next-Page", str(page + 1)))

    def _made(self, body: dict[str, Any]) -> tuple[int, Any]:
        tip = self.tip(body["source_branch"])
        if tip is None or self.tip(body["target_branch"]) is None:
            return 400, {"message": ["Source branch does not exist"]}
        same = self.opened(body["source_branch"], body["target_branch"])
        if same:
            told = (
                f"Another open merge request already exists for this source branch: !{same.number}"
            )
            return 409, {"message": [told]}
        words = {"title": body["title"], "body": body.get("description", "")}
        return 201, self._shown(
            self.open({**words, "head": body["source_branch"], "base": body["target_branch"]}, tip)
        )

    def _one(self, call: Call, number: str) -> tuple[int, Any]:
        pull = self.pulls.get(int(number))
        if pull is None:
            return 404, {"message": "404 Not found"}
        if call.method == "PUT":
            self._edited(pull, call.body)
        return 200, self._shown(pull)

    def _edited(self, pull: Pull, body: dict[str, Any]) -> None:
        pull.title = body.get("title", pull.title)
        pull.body = body.get("description", pull.body)
        pull.base = body.get("target_branch", pull.base)
        if body.get("state_event") == "close":
            pull.state = "closed"
        added = [one for one in body.get("add_labels", "").split(",") if one]
        pull.labels += [one for one in added if one not in pull.labels]
        names = dict(enumerate(self.users, 11))
        pull.reviewers = (
            [names[n] for n in body["reviewer_ids"]] if "reviewer_ids" in body else pull.reviewers
        )
        pull.assignees = (
            [names[n] for n in body["assignee_ids"]] if "assignee_ids" in body else pull.assignees
        )
        pull.milestone = body.get("milestone_id", pull.milestone)

    def _noted(self, call: Call, number: str) -> tuple[int, Any]:
        if call.method == "GET":
            return 200, [
                {
                    "id": one["id"],
                    "body": one["body"],
                    "created_at": one["created_at"],
                    "author": {"username": one["user"]["login"]},
                    "system": False,
                }
                for one in self.told(self.pulls[int(number)])
            ]
        self.pulls[int(number)].comments.append(call.body["body"])
        return 201, {"id": 1, "body": call.body["body"]}

    def _merged(self, call: Call, number: str) -> tuple[int, Any]:
        pull = self.pulls[int(number)]
        if not call.body.get("auto_merge") or not self.checks:
            pull.merged, pull.state = True, "closed"
        else:
            pull.automerge = True
        return 200, self._shown(pull)

    def _member(self, call: Call, number: str) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        name = dict(enumerate((*self.users, BOT), 11)).get(int(number))
        if name is None:
            return 404, {"message": "404 Not found"}
        return 200, {"id": int(number), "access_level": 30 if name in self.writers else 20}

    def _approvals(self, call: Call, number: str) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        by = [{"user": {"username": "ada"}}] if self.pulls[int(number)].approved else []
        return 200, {"approved": True, "approved_by": by}

    def _cancelled(self, call: Call, number: str) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        self.pulls[int(number)].automerge = False
        return 201, self._shown(self.pulls[int(number)])

    def _topics(self, call: Call, number: str | None) -> tuple[int, Any]:
        if number is not None:
            topic = self.issues[int(number)]
            self.write(topic, call.body["description"])
            return 200, self._shown_topic(topic)
        if call.method == "POST":
            body = call.body
            labels = body["labels"].split(",")
            return 201, self._shown_topic(self.topic(body["title"], body["description"], labels))
        found = [one for one in self.issues.values() if call.query["labels"] in one.labels]
        return 200, [self._shown_topic(one) for one in found]

    def _shown_topic(self, topic: Topic) -> dict[str, Any]:
        state = "opened" if topic.state == "open" else "closed"
        return {
            "author": {"username": BOT},
            "iid": topic.number,
            "state": state,
            "title": topic.title,
            "description": topic.body,
        }

    def _changed(self, call: Call, number: str) -> tuple[int, Any]:
        """What GitLab itself notes of an issue, the newest first, among what people say."""
        assert call.query["sort"] == "desc"
        editor = self.issues[int(number)].editor
        ticked = "marked the checklist item **open now** as completed"
        told = [("grace", False, "changed the description?"), ("grace", True, "added a label")]
        told += (
            [(editor, True, ticked if editor != BOT else "changed the description")]
            if editor
            else []
        )
        return 200, [
            {"id": n, "body": text, "author": {"username": who}, "system": system}
            for n, (who, system, text) in enumerate(told)
        ]

    def _car(self, call: Call, number: str) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        if not self.pulls[int(number)].queued:
            return 404, {"message": "404 Not Found"}
        return 200, {"id": 7, "status": "fresh", "merge_request": {"iid": int(number)}}

    def _released(self, call: Call) -> tuple[int, Any]:
        return 200, self.releases if call.query["page"] == "1" else []

    def _branch(self, call: Call, name: str) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        if self.tip(unquote(name)) is None:
            return 404, {"message": "404 Branch Not Found"}
        return 200, {"name": unquote(name), "commit": {"id": self.tip(unquote(name))}}

    def _planned(self, call: Call) -> tuple[int, Any]:
        found = [(n, title) for n, title in self.milestones.items() if title == call.query["title"]]
        return 200, [{"id": number, "title": title, "state": "active"} for number, title in found]

    def _state(self, pull: Pull) -> str:
        return "merged" if pull.merged else _STATES[pull.state]

    def _shown(self, pull: Pull) -> dict[str, Any]:
        return {
            "id": 1000 + pull.number,
            "iid": pull.number,
            "web_url": f"{self.url}/{self.slug}/-/merge_requests/{pull.number}",
            "state": self._state(pull),
            "title": pull.title,
            "draft": pull.title.lower().startswith(("draft:", "[draft]", "(draft)")),
            "description": pull.body,
            "labels": pull.labels,
            "source_branch": pull.head,
            "target_branch": pull.base,
            "sha": pull.sha,
            "source_project_id": 2 if pull.fork else 1,
            "target_project_id": 1,
            "created_at": pull.created,
            "author": {"username": BOT},
            "merge_when_pipeline_succeeds": pull.automerge,
        }


FakeGitLab.ROUTES = (
    ("", FakeGitLab._project),
    ("/milestones", FakeGitLab._planned),
    ("/releases", FakeGitLab._released),
    (r"/merge_trains/merge_requests/(\d+)", FakeGitLab._car),
    (r"/repository/branches/(.+)", FakeGitLab._branch),
    (r"/issues(?:/(\d+))?", FakeGitLab._topics),
    (r"/issues/(\d+)/notes", FakeGitLab._changed),
    (r"/statuses/(\w+)", FakeGitLab._said),
    ("/merge_requests", FakeGitLab._many),
    (r"/merge_requests/(\d+)", FakeGitLab._one),
    (r"/merge_requests/(\d+)/notes", FakeGitLab._noted),
    (r"/merge_requests/(\d+)/approvals", FakeGitLab._approvals),
    ("/members/all", FakeGitLab._members),
    ("/approval_rules", FakeGitLab._ruled),
    (r"/members/all/(\d+)", FakeGitLab._member),
    (r"/merge_requests/(\d+)/merge", FakeGitLab._merged),
    (r"/merge_requests/(\d+)/cancel_merge_when_pipeline_succeeds", FakeGitLab._cancelled),
)
