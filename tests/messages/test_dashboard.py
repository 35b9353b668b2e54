"""The dashboard: every outcome in its section, the same bytes for the same findings, nothing live in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bumper.messages import dashboard
from bumper.model import (
    Bump,
    ChangeRequest,
    Current,
    Failure,
    Hold,
    Ignored,
    Level,
    Operation,
    Policy,
    Published,
    PullRequest,
    PullRequestState,
)
from tests.support import use

WEB, DB = use("acme/web:1.0", "a/compose.yaml"), use("postgres:16.1", "b/compose.yaml")
POLICY = Policy()
REQUEST = ChangeRequest("web", "bumper/web", "main", "Bump web", "", "", (), (), ())
PULL = PullRequest(
    7, "https://git.example.org/acme/gitops/pulls/7", PullRequestState.OPEN, "bumper/web", "", "main",
    "Bump web 1.0 to 1.1", "",
)  # fmt: skip


def young(told: str) -> Hold:
    reason = f"pushed {told} ago, free at 2026-03-04 05:06 UTC by `min-age` 3 d"
    return Hold(WEB, POLICY, "too-young", reason, "1.1", Level.MINOR)


OUTCOMES = (
    Bump(WEB, POLICY, "1.1", None, Level.MINOR, "newer-tag", "newer"),
    young("1 d"),
    Hold(DB, POLICY, "scheme-jump", "17.0 counts another way", "17.0", Level.MAJOR),
    Current(DB, POLICY, "current", "nothing newer"),
    Failure(DB, POLICY, "network", "no answer"),
    Ignored(WEB, POLICY, "policy-ignore", "until 2026-05-01: moved"),
)
PUBLISHED = (
    Published(Operation.UNCHANGED, REQUEST, PULL),
    Published(Operation.EDITED, REQUEST, PULL, "a person has changed the branch", "edited"),
    Published(Operation.HELD, REQUEST, None, "10 pull requests are open, the limit is 10", "limit"),
    Published(Operation.REFUSED, REQUEST, PULL, "#7 was closed by a person", "refused"),
    Published(Operation.FAILED, REQUEST, None, "403", "forge"),
    Published(Operation.CLOSED, None, PULL, "no longer wanted", "obsolete"),
)
PAGE = """<!-- bumper-dashboard -->

**6 images: 1 to bump, 1 current, 2 held, 1 unknown, 1 ignored**

## Open

- [Bump web 1.0 to 1.1](https://git.example.org/acme/gitops/pulls/7)

## Needs a person

- [Bump web 1.0 to 1.1](https://git.example.org/acme/gitops/pulls/7): a person has changed the branch
- `postgres:16.1`: 17.0 counts another way (`b/compose.yaml`)

## Waiting

- Bump web: 10 pull requests are open, the limit is 10
- `acme/web:1.0`: free at 2026-03-04 05:06 UTC (`a/compose.yaml`)
"""


def test_everything_stands_in_its_section() -> None:
    text = dashboard.body(OUTCOMES, PUBLISHED)
    assert text.startswith(PAGE)
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        f"## {name}"
        for name in ("Open", "Needs a person", "Waiting", "Refused", "Failed", "Unknown", "Ignored")
    ]
    assert "[ ]" not in text


def test_a_day_later_the_page_is_the_same() -> None:
    later = tuple(young("2 d") if one.code == "too-young" else one for one in OUTCOMES)
    assert dashboard.body(later, PUBLISHED) == dashboard.body(OUTCOMES, PUBLISHED)


def test_a_large_repository_fits() -> None:
    many = [
        replace(OUTCOMES[2], use=use(f"acme/a{n}:1", "x" * 300), reason="y" * 3000)
        for n in range(900)
    ]
    text = dashboard.body(many, PUBLISHED * 100)
    assert len(text) < 65_536
    assert "- and 940 more" in text


@pytest.mark.parametrize(
    "reason",
    [
        "<img src=x onerror=y>",
        "@everyone",
        "closes #1",
        "[x](javascript:y)",
        "a\n## b",
        "<!-- c -->",
    ],
)
def test_nothing_that_strangers_wrote_is_live(reason: str) -> None:
    text = dashboard.body([Hold(WEB, POLICY, "x", reason)], ())
    assert reason not in text
