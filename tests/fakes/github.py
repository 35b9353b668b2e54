"""A fake GitHub: the calls that bumper makes, answered as GitHub does.

Shapes: GitHub's OpenAPI description and its GraphQL schema, held by `tests/forges`. Behaviour: GitHub's
documentation, "REST API endpoints for pull requests"; the wording of the 422s as GitHub sends them.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from tests.fakes.forge import BOT, FakeForge
from tests.fakes.git_http import git, made_by_github
from tests.forges import questions

if TYPE_CHECKING:
    from tests.fakes.forge import Call, Headers, Pull, Topic

__all__ = ["GRAPHQL", "FakeGitHub"]

GRAPHQL = "/api/graphql"


# The first part of a path below the repository, and the right that an order there takes.
_RIGHTS = {
    "git": "contents: write", "pulls": "pull-requests: write", "issues": "issues: write",
    "statuses": "statuses: write",
}  # fmt: skip


class FakeGitHub(FakeForge):
    """GitHub Enterprise's paths: the API is below `/api/v3`; `scopes` are told of a classic token alone."""

    API = "/api/v3"
    scopes = ""

    def _answer(self, call: Call, authorization: str) -> tuple[int, Any, Headers]:
        if authorization not in {f"token {self.git.token}", f"Bearer {self.git.token}"}:
            return 401, _message("Bad credentials"), ()
        if call.path == GRAPHQL:
            return 200, self._asked_of_graphql(call.body), ()
        if call.path == "/user":
            return 200, {"login": BOT}, ()
        if status := self._nameless(call, _RIGHTS):
            refused = "Resource not accessible by personal access token"
            return status, _message(refused if status == 403 else "Invalid request."), ()
        nowhere = 404, _message("Not Found"), ()
        if not call.path.startswith(f"/repos/{self.slug}"):
            return nowhere
        return self._routed(call.path.removeprefix(f"/repos/{self.slug}"), call) or nowhere

    def _repository(self, call: Call) -> tuple[Any, ...]:  # noqa: ARG002 - one of many
        described = {
            "full_name": self.slug,
            "default_branch": "main",
            "has_issues": self.has_issues,
            "permissions": {"admin": False, "push": self.pushes, "pull": True},
            "allow_merge_commit": False,
            "allow_squash_merge": True,
        }
        return 200, described, (("X-OAuth-Scopes", self.scopes),) if self.scopes else ()

    def _workflows(self, call: Call) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        return 200, {"can_approve_pull_request_reviews": True}

    def _released(self, call: Call) -> tuple[int, Any]:
        return 200, self.releases if call.query["page"] == "1" else []

    def _pulls(self, call: Call) -> tuple[Any, ...]:
        return self._listed(call) if call.method == "GET" else self._made(call.body)

    def _listed(self, call: Call) -> tuple[int, Any, tuple[tuple[str, str], ...]]:
        state, head = call.query.get("state", "open"), call.query.get("head", "")
        found = [
            one
            for one in sorted(self.pulls.values(), key=lambda one: -one.number)
            if state in {"all", one.state}
            # Without an owner the filter is ignored.
            and (":" not in head or head.partition(":")[2] == one.head)
        ]
        size, page = int(call.query.get("per_page", "30")), int(call.query.get("page", "1"))
        shown = [self._shown(one) for one in found[(page - 1) * size : page * size]]
        if page * size >= len(found):
            return 200, shown, ()
        rest = {**call.query, "page": str(page + 1)}
        query = "&".join(f"{name}={value}" for name, value in rest.items())
        link = f'<{self.url}{self.API}{call.path}?{query}>; rel="next"'
        return 200, shown, (("Link", link),)

    def _made(self, body: dict[str, Any]) -> tuple[int, Any]:
        tip, base = self.tip(body["head"]), self.tip(body["base"])
        if tip is None or base is None:
            field = "head" if tip is None else "base"
            return 422, _invalid({"resource": "PullRequest", "field": field, "code": "invalid"})
        owner = self.slug.partition("/")[0]
        if self.opened(body["head"], body["base"]):
            return 422, _custom(f"A pull request already exists for {owner}:{body['head']}.")
        if tip == base:
            return 422, _custom(f"No commits between {body['base']} and {body['head']}")
        return 201, self._shown(self.open(body, tip))

    def _one(self, call: Call, number: str) -> tuple[int, Any]:
        pull = self.pulls.get(int(number))
        if pull is None:
            return 404, _message("Not Found")
        if call.method == "PATCH":
            for name in {"title", "body", "state", "base"} & set(call.body):
                setattr(pull, name, call.body[name])
        return 200, self._shown(pull)

    def _issue(self, call: Call, number: str, what: str | None) -> tuple[int, Any]:
        if int(number) in self.issues:
            topic = self.issues[int(number)]
            if call.body:
                self.write(topic, call.body["body"])
            return 200, self._shown_topic(topic)
        pull, body = self.pulls[int(number)], call.body
        if what in {None, "assignees"}:
            return self._edited(pull, what or "", body)
        if what == "comments" and call.method == "GET":
            return 200, self.told(pull)
        if what == "comments":
            pull.comments.append(body["body"])
            return 201, {"id": len(pull.comments), "body": body["body"]}
        names = body["labels"] if isinstance(body, dict) else body
        pull.labels += [name for name in names if name not in pull.labels]
        return 200, self._labels(pull)

    def _is_api(self, path: str) -> bool:
        return path.startswith(self.API) or path == GRAPHQL

    def _edited(self, pull: Pull, what: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Those who may not be assigned are left out without a word."""
        pull.milestone = body.get("milestone", pull.milestone)
        known = [one for one in body.get("assignees", []) if one in self.users]
        pull.assignees = list(dict.fromkeys((*pull.assignees, *known)))
        status = 201 if what == "assignees" else 200
        people = [{"login": one} for one in pull.assignees]
        return status, {"number": pull.number, "assignees": people}

    def _committed(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Source: GitHub's GraphQL reference, `createCommitOnBranch`; GitHub itself is the committer."""
        branch, parent = wanted["branch"]["branchName"], wanted["expectedHeadOid"]
        if self.tip(branch) != parent:
            told = f'Expected branch to point to "{parent}" but it did not. Pull and try again.'
            return {
                "data": {"createCommitOnBranch": None},
                "errors": [{"type": "STALE_DATA", "message": told}],
            }
        words = wanted["message"]
        files = {
            one["path"]: base64.b64decode(one["contents"])
            for one in wanted["fileChanges"]["additions"]
        }
        made = made_by_github(self.bare, parent, f"{words['headline']}\n\n{words['body']}", files)
        git(self.bare, "update-ref", f"refs/heads/{branch}", made, parent)
        return {"data": {"createCommitOnBranch": {"commit": {"oid": made}}}}

    def _topics(self, call: Call) -> tuple[int, Any]:
        if call.method == "POST":
            body = call.body
            return 201, self._shown_topic(self.topic(body["title"], body["body"], body["labels"]))
        found = [one for one in self.issues.values() if call.query["labels"] in one.labels]
        return 200, [self._shown_topic(one) for one in found]

    def _shown_topic(self, topic: Topic) -> dict[str, Any]:
        url = f"{self.url}{self.API}/repos/{self.slug}/issues/{topic.number}"
        return {
            "url": url,
            "node_id": f"I_{topic.number}",
            "user": {"login": BOT},
            "number": topic.number,
            "state": topic.state,
            "title": topic.title,
            "body": topic.body,
        }

    def _planned(self, call: Call) -> tuple[int, Any]:
        api = f"{self.url}{self.API}{call.path}"
        return 200, [
            {"number": number, "title": title, "state": "open", "url": f"{api}/{number}"}
            for number, title in self.milestones.items()
        ]

    def _permission(self, call: Call, person: str) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        if not self.pushes:
            return 403, _message("Must have push access to view collaborator permission.")
        if person not in {*self.users, *self.writers}:
            return 404, _message("Not Found")
        return 200, {"permission": self.permission(person)}

    def _reviews(self, call: Call, number: str) -> tuple[int, Any]:  # noqa: ARG002 - one of many
        found = (
            [{"id": 1, "user": {"login": "ada"}, "state": "APPROVED"}]
            if self.pulls[int(number)].approved
            else []
        )
        return 200, found

    def _asked(self, call: Call, number: str) -> tuple[int, Any]:
        pull, body = self.pulls[int(number)], call.body
        people, teams = body.get("reviewers", []), body.get("team_reviewers", [])
        if not set(people) <= set(self.users) or not set(teams) <= set(self.teams):
            told = "Reviews may only be requested from collaborators."
            return 422, {
                **_message(
                    f"{told} One or more of the users or teams you specified is not a collaborator"
                ),
                "errors": [],
            }
        pull.reviewers += [one for one in people if one not in pull.reviewers]
        pull.teams += [one for one in teams if one not in pull.teams]
        return 201, self._shown(pull)

    def _asked_of_graphql(self, body: dict[str, Any]) -> dict[str, Any]:
        """A question, or an answer of ours, that the schema does not know has only errors."""
        query = body["query"]
        wrong = questions.faults(query, body.get("variables") or {})
        answer: dict[str, Any] = {} if wrong else self._mutated(body)
        wrong += questions.unlike(query, answer)
        return {"errors": [{"message": text} for text in wrong]} if wrong else answer

    def _mutated(self, body: dict[str, Any]) -> dict[str, Any]:
        """Source: GitHub's GraphQL reference, `enablePullRequestAutoMerge` and its opposite."""
        if "createCommitOnBranch" in body["query"]:
            return self._committed(body["variables"]["input"])
        if "isInMergeQueue" in body["query"]:
            number = body["variables"]["number"]
            queued = {"isInMergeQueue": self.pulls[number].queued}
            return {"data": {"repository": {"pullRequest": queued}}}
        if "refUpdateRule" in body["query"]:
            return self._ruled(body["variables"]["ref"])
        if "editor" in body["query"]:
            return self._edited_by(self.issues[body["variables"]["number"]])
        if "pinIssue" in body["query"]:
            return self._pinned(body["variables"]["input"]["issueId"])
        pull = self.pulls[int(body["variables"]["input"]["pullRequestId"].removeprefix("PR_"))]
        on = "enablePullRequestAutoMerge" in body["query"]
        if on and not self.checks:
            error = {
                "type": "UNPROCESSABLE",
                "message": "Pull request Pull request is in clean status",
            }
            return {"data": {"enablePullRequestAutoMerge": None}, "errors": [error]}
        pull.automerge = on
        name = "enablePullRequestAutoMerge" if on else "disablePullRequestAutoMerge"
        page = f"{self.url}/{BOT}"
        actor = {"login": BOT, "url": page, "avatarUrl": f"{page}.png", "resourcePath": f"/{BOT}"}
        return {"data": {name: {"actor": actor, "clientMutationId": None}}}

    def _ruled(self, ref: str) -> dict[str, Any]:
        """Source: GitHub's GraphQL reference, `RefUpdateRule` (branch protection), `RepositoryRule` (rulesets)."""
        checks = ["ci / test"] if self.checks else []
        old = {"requiredApprovingReviewCount": self.reviews, "requiredStatusCheckContexts": checks}
        new = [
            {"__typename": "PullRequestParameters", "requiredApprovingReviewCount": self.reviews},
            {"__typename": "RequiredStatusChecksParameters",
             "requiredStatusChecks": [{"context": one} for one in checks]},
            None,
        ]  # fmt: skip
        told = {
            "refUpdateRule": None if self.by_rulesets else old,
            "rules": {"nodes": [{"parameters": one} for one in new] if self.by_rulesets else []},
        }
        there = told if self.tip(ref.removeprefix("refs/heads/")) else None
        return {"data": {"repository": {"autoMergeAllowed": self.merges, "ref": there}}}

    def _edited_by(self, topic: Topic) -> dict[str, Any]:
        """Source: GitHub's GraphQL reference, `Comment.editor`."""
        kind = "Bot" if topic.editor.endswith("[bot]") else "User"
        editor = {"__typename": kind, "login": topic.editor.removesuffix("[bot]")}
        return {"data": {"repository": {"issue": {"editor": editor if topic.editor else None}}}}

    def _pinned(self, node: str) -> dict[str, Any]:
        topic = self.issues[int(node.removeprefix("I_"))]
        if self.pin(topic):
            return {"data": {"pinIssue": {"issue": {"number": topic.number}}}}
        error = {"type": "UNPROCESSABLE", "message": "Maximum 3 pinned issues per repository"}
        return {"data": {"pinIssue": None}, "errors": [error]}

    def _labels(self, pull: Pull) -> list[dict[str, Any]]:
        return [
            {"id": number, "name": name, "color": "ededed"}
            for number, name in enumerate(pull.labels)
        ]

    def _shown(self, pull: Pull) -> dict[str, Any]:
        owner = self.slug.partition("/")[0]
        api = f"{self.url}{self.API}/repos/{self.slug}"
        when = "2026-01-02T03:04:05Z"
        return {
            "url": f"{api}/pulls/{pull.number}",
            "issue_url": f"{api}/issues/{pull.number}",
            "html_url": f"{self.url}/{self.slug}/pull/{pull.number}",
            "number": pull.number,
            "node_id": f"PR_{pull.number}",
            "draft": pull.draft,
            "state": pull.state,
            "title": pull.title,
            "created_at": pull.created,
            "user": {"login": BOT},
            "body": pull.body,
            "labels": self._labels(pull),
            "merged_at": when if pull.merged else None,
            "head": {
                "label": f"{owner}:{pull.head}",
                "ref": pull.head,
                "sha": pull.sha,
                "repo": {"full_name": f"stranger/{self.slug}" if pull.fork else self.slug},
            },
            "base": {
                "label": f"{owner}:{pull.base}",
                "ref": pull.base,
                "repo": {"full_name": self.slug},
            },
        }


def _message(text: str) -> dict[str, Any]:
    return {"message": text, "documentation_url": "https://docs.github.com/rest"}


def _invalid(error: dict[str, str]) -> dict[str, Any]:
    return {**_message("Validation Failed"), "errors": [error]}


def _custom(text: str) -> dict[str, Any]:
    return _invalid({"resource": "PullRequest", "code": "custom", "message": text})


FakeGitHub.ROUTES = (
    ("", FakeGitHub._repository),
    ("/actions/permissions/workflow", FakeGitHub._workflows),
    ("/pulls", FakeGitHub._pulls),
    ("/releases", FakeGitHub._released),
    ("/milestones", FakeGitHub._planned),
    ("/issues", FakeGitHub._topics),
    (r"/statuses/(\w+)", FakeGitHub._said),
    (r"/pulls/(\d+)", FakeGitHub._one),
    (r"/pulls/(\d+)/requested_reviewers", FakeGitHub._asked),
    (r"/pulls/(\d+)/reviews", FakeGitHub._reviews),
    (r"/collaborators/([^/]+)/permission", FakeGitHub._permission),
    (r"/issues/(\d+)(?:/(labels|comments|assignees))?", FakeGitHub._issue),
)
