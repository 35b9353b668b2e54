"""What the vendors' API descriptions say of the calls that bumper makes, and whether an exchange fits.

`shapes.json` beside this holds those facts alone: names, types and status codes, and which versions of the
descriptions say so. It is made by

    python -m tests.forges.shapes GITHUB_OPENAPI.json GITEA_SWAGGER.json

from `api.github.com.json` of the npm package `@octokit/openapi` and from Gitea's `/swagger.v1.json`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

__all__ = ["CALLS", "SHAPES", "faults", "made", "name"]

SHAPES = Path(__file__).parent / "shapes.json"
_REPOSITORY = "/repos/{owner}/{repo}"
# Method, path below the repository, but `/user` is the server's; the vendors name the number differently.
CALLS = (
    "GET /pulls", "POST /pulls", "GET /pulls/N", "PATCH /pulls/N", "GET /labels", "POST /labels",
    "POST /issues/N/labels", "POST /issues/N/comments", "PATCH /issues/N", "POST /issues/N/assignees",
    "POST /pulls/N/requested_reviewers", "POST /pulls/N/merge", "DELETE /pulls/N/merge", "GET /milestones",
    "GET /issues/N/comments", "GET /pulls/N/reviews", "GET /collaborators/N/permission",
    "GET /branches/N", "POST /statuses/N", "GET /issues", "POST /issues", "GET /issues/N", "POST /issues/N/pin", "GET /assignees", "GET ", "GET /releases",
    "POST /git/refs", "POST /branches", "GET /actions/permissions/workflow", "GET /user",
)  # fmt: skip
# The parts of an answer that the fakes give, at any depth.
_SHOWN = frozenset(
    {
        "admin", "allow_merge_commit", "allow_squash_merge", "archived", "assignees", "base", "body",
        "can_approve_pull_request_reviews", "color", "created_at", "default_branch", "default_merge_style", "description",
        "draft", "enable_status_check", "full_name", "has_issues", "has_pull_requests", "head", "html_url", "id", "issue_url",
        "label", "labels", "login", "merged", "merged_at", "name", "node_id", "number", "permission", "permissions",
        "protected", "published_at", "pull", "push", "ref", "repo", "repo_id", "required_approvals", "sha", "state",
        "status_check_contexts", "tag_name", "title", "url", "user",
    }
)  # fmt: skip
_TYPES = {
    "string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "null": type(None),
}  # fmt: skip


def made(description: dict[str, Any]) -> dict[str, Any]:
    """Give the facts of a description, of OpenAPI 3 or Swagger 2."""
    facts = {}
    for path, operations in description["paths"].items():
        if not path.startswith((_REPOSITORY, "/user")):
            continue
        short = re.sub(r"\{\w+\}", "N", path.removeprefix(_REPOSITORY))
        for method, operation in operations.items():
            name = f"{method.upper()} {short}"
            if name in CALLS:
                facts[name] = _operation(description, operation)
    return facts


def name(method: str, path: str) -> str:
    """Give what a call is called here: its numbers, branches and commits are N."""
    short = re.sub(
        r"(?<=/branches/)[\w/%.-]+|(?<=/statuses/)\w+|(?<=/collaborators/)[^/]+|(?<=/)\d+(?=/|$)",
        "N",
        path,
    )
    return f"{method} {short}"


def _operation(description: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    parameters = [_resolved(description, one) for one in operation.get("parameters", ())]
    body = next((one["schema"] for one in parameters if one["in"] == "body"), None)
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    responses = {
        status: _resolved(description, response)
        for status, response in operation["responses"].items()
    }
    good = next(response for status, response in responses.items() if status.startswith("2"))
    described = good.get("content", {}).get("application/json", {})
    # An answer without a body has no schema: any body would be a fault.
    answer = good.get("schema") or described.get("schema") or {"properties": {}}
    return {
        "query": {
            one["name"]: one.get("enum") or one.get("schema", {}).get("enum")
            for one in parameters
            if one["in"] == "query"
        },
        "body": _names(description, body or content.get("schema")),
        "statuses": sorted(int(status) for status in responses),
        "answer": _shape(description, answer, _SHOWN),
    }


def _resolved(description: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        found: Any = description
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def _names(description: dict[str, Any], schema: dict[str, Any] | None) -> list[str] | None:
    if schema is None:
        return None
    node = _resolved(description, schema)
    node = _resolved(description, node.get("oneOf", [node])[0])
    return sorted(node.get("properties", {}))


def _shape(description: dict[str, Any], schema: dict[str, Any], names: frozenset[str]) -> Any:
    """Give the type of a schema as a text, or of its parts as a dict or a list of one."""
    node = _resolved(description, schema)
    options = [one for one in node.get("anyOf", node.get("oneOf", ())) if one.get("type") != "null"]
    if options and "properties" not in node:
        return _shape(description, options[0], names)
    if node.get("allOf"):
        return _shape(description, node["allOf"][0], names)
    if "items" in node:
        return [_shape(description, node["items"], names)]
    if "properties" in node:
        return {
            name: _shape(description, inner, names)
            for name, inner in sorted(node["properties"].items())
            if name in names
        }
    kind = node.get("type", "string")
    return kind if isinstance(kind, str) else next(one for one in kind if one != "null")


def faults(
    shapes: dict[str, Any], call: str, query: dict[str, str], body: Any, status: int, answer: Any
) -> list[str]:
    """Say what of one exchange the vendor does not describe; None as a body or an answer is nothing."""
    facts = shapes[call]
    found = [f"{call}: no parameter {name}" for name in query if name not in facts["query"]]
    for name, allowed in facts["query"].items():
        if allowed and query.get(name, allowed[0]) not in allowed:
            found.append(f"{call}: {name}={query[name]}")
    if isinstance(body, dict):
        found += [f"{call}: no field {name}" for name in body if name not in (facts["body"] or ())]
    # 401 is every call's, and no vendor lists it.
    if status not in {*facts["statuses"], 401}:
        found.append(f"{call}: status {status}")
    if 200 <= status < 300:
        found += _unlike(call, facts["answer"], answer)
    return found


def _unlike(place: str, shape: Any, value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{place}: no list"]
        return [fault for one in value for fault in _unlike(f"{place}[]", shape[0], one)]
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{place}: no object"]
        unknown = [f"{place}.{name}: not described" for name in value if name not in shape]
        known = (n for n in value if n in shape)
        return unknown + [f for n in known for f in _unlike(f"{place}.{n}", shape[n], value[n])]
    return [] if isinstance(value, _TYPES[shape]) else [f"{place}: {value!r} is no {shape}"]


if __name__ == "__main__":
    documents = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    told: dict[str, Any] = dict(zip(("github", "gitea"), map(made, documents), strict=True))
    told["sources"] = [f"{one['info']['title']} {one['info']['version']}" for one in documents]
    SHAPES.write_text(
        json.dumps(told, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8"
    )
