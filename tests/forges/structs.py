"""What GitLab's own Go client says of the calls that bumper makes, in the form of `shapes`.

`gitlab.json` beside this holds those facts alone: names and types, and which version says so. It is made by

    python -m tests.forges.structs FOLDER

from the sources of the Go module `gitlab.com/gitlab-org/api/client-go`, which GitLab keeps itself. It
says nothing of status codes; those that count as good are its methods' own.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

__all__ = ["CALLS", "SHAPES", "made", "name"]

SHAPES = Path(__file__).parent / "gitlab.json"
_PROJECT = "projects/%s"
# Method, path below the project; `/user`, `/users` and tokens are the server's.
CALLS = (
    "GET ", "GET /users", "GET /merge_requests", "POST /merge_requests", "GET /merge_requests/N",
    "PUT /merge_requests/N", "PUT /merge_requests/N/merge",
    "POST /merge_requests/N/cancel_merge_when_pipeline_succeeds", "GET /merge_requests/N/notes",
    "POST /merge_requests/N/notes", "GET /merge_requests/N/approvals", "GET /members/all/N",
    "GET /milestones", "GET /repository/branches/N", "POST /statuses/N", "GET /issues", "POST /issues",
    "PUT /issues/N", "GET /issues/N/notes", "GET /releases", "GET /merge_trains/merge_requests/N",
    "GET /user", "GET /personal_access_tokens/self", "GET /members/all", "GET /approval_rules",
)  # fmt: skip
_STATUSES = {"GET": [200], "POST": [201], "PUT": [200]}
_REFUSED = [400, 401, 403, 404, 405, 409, 422]
_PLAIN = {
    "string": "string", "bool": "boolean", "int": "integer", "int64": "integer", "time.Time": "string",
    "ISOTime": "string", "LabelOptions": "string",
}  # fmt: skip
_STRUCT = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_ALIAS = re.compile(r"^type (\w+) (=? ?)([\w.\[\]*]+)$", re.MULTILINE)
_FIELD = re.compile(
    r'^\s+(?:\w+\s+)?(\S+)\s+`(?:url:"([\w\[\]]*)[^"]*"\s*)?json:"(\w*)[^"]*"`', re.MULTILINE
)
_UNTAGGED = re.compile(r"^\s+(\w+) +(\S+)$", re.MULTILINE)
_INSIDE = re.compile(r"^\s+(\w+)$", re.MULTILINE)
_CALL = re.compile(
    r"^func \(s \*\w+\) \w+\((.*?)\) \(.*?\bdo\[(.*?)\]\(s\.client,\n(.*?)^\t?\)",
    re.MULTILINE | re.DOTALL,
)
# The parts of an answer that the fake gives, at any depth.
_SHOWN = frozenset(
    {
        "access_level", "approvals_required", "approved", "approved_by", "author", "body", "commit", "created_at", "default_branch",
        "description", "draft", "expires_at", "group_access", "id", "iid", "issues_access_level", "labels", "merge_when_pipeline_succeeds", "merge_request", "name",
        "only_allow_merge_if_pipeline_succeeds", "path_with_namespace", "permissions", "project_access",
        "protected_branches", "released_at", "scopes", "sha", "source_branch",
        "source_project_id", "state", "status", "system", "tag_name", "target_branch", "target_project_id", "title",
        "upcoming_release", "user", "username", "web_url",
    }
)  # fmt: skip


class _Sources:
    """Every struct of the client and every call, by name."""

    def __init__(self, folder: Path) -> None:
        texts = [
            one.read_text(encoding="utf-8")
            for one in sorted(folder.glob("*.go"))
            if not one.name.endswith("_test.go")
        ]
        whole = "\n".join(texts)
        self.structs = dict(_STRUCT.findall(whole))
        self.aliases = {name: kind for name, _, kind in _ALIAS.findall(whole)}
        self.calls = [one for text in texts for one in _CALL.findall(text)]

    def fields(self, name: str) -> dict[str, tuple[str, str]]:
        """Give the type and the name in a query of each field, by its name in JSON."""
        body = self.structs.get(name, "")
        found: dict[str, tuple[str, str]] = {}
        for inner in _INSIDE.findall(body):
            found |= self.fields(inner)
        # Go reads a field without a tag whatever its case in JSON.
        found |= {name.lower(): (kind, "") for name, kind in _UNTAGGED.findall(body)}
        return found | {
            told: (kind, asked.removesuffix("[]"))
            for kind, asked, told in _FIELD.findall(body)
            if told
        }

    def shape(self, kind: str, depth: int = 0) -> Any:
        """Give the type of a Go type as `shapes` spells it."""
        kind = kind.lstrip("*")
        if kind.startswith("[]"):
            return [self.shape(kind[2:], depth)]
        if kind in _PLAIN:
            return _PLAIN[kind]
        if kind in self.structs and depth < 4:
            fields = self.fields(kind)
            return {
                name: self.shape(fields[name][0], depth + 1)
                for name in sorted(fields)
                if name in _SHOWN
            }
        return self.shape(self.aliases[kind], depth) if kind in self.aliases else "string"


def made(folder: Path) -> dict[str, Any]:
    """Give the facts of the client's sources."""
    sources, facts = _Sources(folder), {}
    for arguments, answer, steps in sources.calls:
        path = re.search(r'withPath\("([^"]+)"', steps)
        method = re.search(r"http\.Method(\w+)", steps)
        verb = method[1].upper() if method else "GET"
        if path is None:
            continue
        short = re.sub(r"%[sd]", "N", path[1].removeprefix(_PROJECT))
        called = f"{verb} {short if short.startswith('/') or not short else '/' + short}"
        if called not in CALLS:
            continue
        options = re.search(r"\bopts? \*(\w+)", arguments)
        fields = sources.fields(options[1]) if options else {}
        facts[called] = {
            "query": {asked: None for _, asked in fields.values() if asked}
            if verb == "GET"
            else {},
            "body": sorted(fields) if verb != "GET" else None,
            "statuses": [*_STATUSES[verb], *_REFUSED],
            "answer": sources.shape(answer),
        }
    return facts


def name(method: str, path: str) -> str:
    """Give what a call is called here; `path` is what stands behind the project's own."""
    short = re.sub(r"(?<=/branches/)[\w/%.-]+|(?<=/statuses/)\w+|(?<=/)\d+(?=/|$)", "N", path)
    return f"{method} {short}"


if __name__ == "__main__":
    told = made(Path(sys.argv[1]))
    print("not found:", *(one for one in CALLS if one not in told), sep="\n  ")
    told["source"] = f"gitlab.com/gitlab-org/api/{Path(sys.argv[1]).name}"
    SHAPES.write_text(
        json.dumps(told, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8"
    )
