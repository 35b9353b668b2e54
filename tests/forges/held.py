"""Whether what a fake forge was asked, and answered, fits the vendor's own description."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.fakes.gitea import FakeGitea
from tests.fakes.github import GRAPHQL, FakeGitHub
from tests.forges import shapes, structs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.forge import FakeForge

__all__ = ["described", "misfits"]

# What every call may answer, and no vendor lists with each: a token that is none, or may not, a thing that is
# none, and, to an order that names nothing, that a name is missing.
_EVERYWHERE = (401, 403, 404)
_NAMELESS = 422
_BROKEN = 500


@cache
def described(kind: str) -> tuple[dict[str, Any], Callable[[str, str], str]]:
    """Give what the vendor says of its calls, and what a call is called there."""
    if kind == "gitlab":
        return json.loads(structs.SHAPES.read_text(encoding="utf-8")), structs.name
    return json.loads(shapes.SHAPES.read_text(encoding="utf-8"))[kind], shapes.name


def misfits(fake: FakeForge) -> list[str]:
    """Give what does not fit; what a test scripted has no answer of the fake's, and is left out."""
    kind = (
        "github" if isinstance(fake, FakeGitHub)
        else "gitea" if isinstance(fake, FakeGitea)
        else "gitlab"
    )  # fmt: skip
    facts, named = described(kind)
    project = f"/projects/{fake.slug.replace('/', '%2F')}"
    found = []
    for call, status, answer in fake.exchanges:
        if answer is None or status in _EVERYWHERE or status >= _BROKEN or call.path == GRAPHQL:
            continue
        short = call.path.removeprefix(f"/repos/{fake.slug}").removeprefix(project)
        name = named(call.method, short)
        if name not in facts:
            found.append(f"{name}: not described")
        elif call.body != {} or status != _NAMELESS:
            found += shapes.faults(facts, name, call.query, call.body, status, answer)
    return found
