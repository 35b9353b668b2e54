"""The dashboard: every outcome in its section, the same bytes for the same findings, nothing live in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bumper import __version__
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
JOB, OTHER = use("acme/job:2.0", "d/compose.yaml"), use("acme/web:1.0", "c/compose.yaml", 3)
POLICY = Policy()
BUMP = Bump(WEB, POLICY, "1.1", None, Level.MINOR, "newer-tag", "newer", lag_seconds=12 * 86_400)
MOVED = replace(BUMP, use=OTHER, lag_seconds=None)
NO_MORE = replace(BUMP, use=JOB, new_tag="2.1", lag_seconds=5 * 86_400)
PATCH = replace(BUMP, use=DB, new_tag="16.2", level=Level.PATCH, lag_seconds=None)
MAJOR = replace(
    BUMP, use=replace(DB, line=7), new_tag="17.0", level=Level.MAJOR, lag_seconds=90 * 86_400
)


def asked(title: str, *bumps: Bump) -> ChangeRequest:
    targets = tuple(one.target for one in bumps)
    return ChangeRequest("web", "bumper/web", "main", title, "", "", (), bumps, targets)


REQUEST = asked("Bump web", BUMP, MOVED)
PULL = PullRequest(
    7, "https://git.example.org/acme/gitops/pulls/7", PullRequestState.OPEN, "bumper/web", "", "main",
    "Bump web 1.0 to 1.1", "",
)  # fmt: skip
BIG = replace(PULL, number=8, url=PULL.url.replace("7", "8"), title="Major: bump db 16.1 to 17.0")


def young(told: str) -> Hold:
    reason = f"pushed {told} ago, free at 2026-03-04 05:06 UTC by `min-age` 3 d"
    return Hold(WEB, POLICY, "too-young", reason, "1.1", Level.MINOR)


OUTCOMES = (
    BUMP,
    MOVED,
    PATCH,
    MAJOR,
    NO_MORE,
    young("1 d"),
    Hold(DB, POLICY, "scheme-jump", "17.0 counts another way, see `lift`", "17.0", Level.MAJOR),
    Current(DB, POLICY, "current", "nothing newer"),
    Failure(DB, POLICY, "network", "too many requests, try again in 37 s"),
    Ignored(WEB, POLICY, "policy-ignore", "until 2026-05-01: moved"),
)
PUBLISHED = (
    Published(Operation.UNCHANGED, asked("Bump web"), PULL, "a reminder", "reminded"),
    Published(Operation.UPDATED, asked("Major", MAJOR), BIG),
    Published(
        Operation.EDITED, asked("Bump web"), PULL, "a person has changed the branch", "edited"
    ),
    Published(Operation.HELD, asked("Bump web"), None, "it has the label bumper/hold", "held"),
    Published(Operation.HELD, REQUEST, None, "10 pull requests are open, the limit is 10", "limit"),
    Published(
        Operation.REFUSED, asked("Bump job", NO_MORE), PULL, "#7 was closed by a person", "refused"
    ),
    Published(Operation.FAILED, asked("Bump web"), None, "the forge said no", "forge"),
    Published(Operation.CLOSED, None, PULL, "no longer wanted", "obsolete"),
)
SEVEN, EIGHT = (f"[\\#\u200b{one.number}]({one.url})" for one in (PULL, BIG))
PAGE = f"""<!-- bumper-dashboard -->

**10 images** · 1 current · 1 patch, 2 minor, 1 major waiting · 2 held · 1 refused · 1 unknown · 1 ignored · median lag 12 d

## Needs a person

- [Major: bump db 16.1 to 17.0](https://git.example.org/acme/gitops/pulls/8)
- Bump web: the forge said no
- [Bump web 1.0 to 1.1](https://git.example.org/acme/gitops/pulls/7): a person has changed the branch
- `postgres:16.1`: 17.0 counts another way, see `lift` (`b/compose.yaml`)

## Open pull requests

- [Bump web 1.0 to 1.1](https://git.example.org/acme/gitops/pulls/7)

## Waiting

- [ ] <!-- bumper:open bumper/web --> open now: Bump web: as many pull requests are open as may be
- Bump web: it has the label bumper/hold
- [ ] <!-- bumper:open docker.io/acme/web=1.1 --> open now: `acme/web:1.0`: 1.1 is free at 2026-03-04 05:06 UTC (`a/compose.yaml`)

## Ignored

- [ ] <!-- bumper:unskip docker.io/acme/job=2.1 --> offer again: `acme/job:2.0` to `2.1`, refused in {SEVEN}
- `acme/web:1.0`: until 2026-05-01: moved (`a/compose.yaml`)

## Unknown

- `postgres:16.1`: too many requests (`b/compose.yaml`)

<details><summary>Everything</summary>

| Image | Now | Newest allowed | State | Where |
| --- | --- | --- | --- | --- |
| acme/job | `2.0` | `2.1` | refused, {SEVEN} | `d/compose.yaml` |
| acme/web | `1.0` |  | ignored | `a/compose.yaml` |
| acme/web | `1.0` | `1.1` | held | `a/compose.yaml` |
| acme/web | `1.0` | `1.1` | minor, waits | `a/compose.yaml` and 1 more |
| postgres | `16.1` |  | current | `b/compose.yaml` |
| postgres | `16.1` |  | unknown | `b/compose.yaml` |
| postgres | `16.1` | `16.2` | patch | `b/compose.yaml` |
| postgres | `16.1` | `17.0` | held | `b/compose.yaml` |
| postgres | `16.1` | `17.0` | major, {EIGHT} | `b/compose.yaml` |

</details>

- [ ] <!-- bumper:recheck --> look everything up anew: nothing is believed that was kept from earlier runs

<sub>A ticked box is obeyed by the next run, once. bumper {__version__}</sub>
"""


def test_the_whole_page() -> None:
    assert dashboard.body(OUTCOMES, PUBLISHED) == PAGE


def test_a_forge_that_speaks_plain_http_is_linked_too() -> None:
    """In a network of one's own; and nothing else is, whatever a server answers."""
    for url, linked in (("http://git.lan:3000/a/b/pulls/7", 4), ("javascript:alert(1)", 0)):
        there = replace(PULL, url=url)
        published = [
            replace(one, pull_request=there) if one.pull_request == PULL else one
            for one in PUBLISHED
        ]
        assert dashboard.body(OUTCOMES, published).count(f"]({url})") == linked


def test_nothing_to_tell_is_told_in_a_line() -> None:
    text = dashboard.body([Current(DB, POLICY, "current", "nothing newer")], ())
    assert text.splitlines()[2] == "**1 image** · 1 current"
    assert "## " not in text


@pytest.mark.parametrize(
    ("lags", "told"),
    [
        pytest.param([None, None], "", id="no-registry-told"),
        pytest.param([0], "median lag 0 d", id="both-on-one-day"),
        pytest.param([10, None, 20, 90], "median lag 20 d", id="those-that-are-known"),
        pytest.param([10, 13], "median lag 12 d", id="between-two"),
    ],
)
def test_the_lag_is_told_where_registries_told_the_moments(
    lags: list[int | None], told: str
) -> None:
    found = [replace(BUMP, lag_seconds=one and one * 86_400) for one in lags]
    line = dashboard.body(found, ()).splitlines()[2]
    assert line.partition(" · median")[1:] == (
        (" · median", told.removeprefix("median")) if told else ("", "")
    )


def test_a_day_later_the_page_is_the_same() -> None:
    later = tuple(
        young("2 d")
        if one.code == "too-young"
        else replace(one, reason=one.reason.replace("37", "9"))
        for one in OUTCOMES
    )
    assert dashboard.body(later, PUBLISHED) == dashboard.body(OUTCOMES, PUBLISHED)


def test_a_large_repository_fits() -> None:
    many = [
        replace(OUTCOMES[6], use=use(f"acme/a{n}:1", "x" * 300), reason="y" * 3000)
        for n in range(900)
    ]
    text = dashboard.body(many, PUBLISHED * 100)
    assert len(text.encode()) <= dashboard.LONGEST
    assert "\n- and " in text
    assert "\n\nand 850 more\n\n</details>" in text
    assert "The table of everything is left out" in dashboard.body(many, PUBLISHED, 5_000)


def test_the_hardest_texts_fit_too() -> None:
    many = [
        replace(one, use=use(f"acme/a{n}:1", "@\N{SNOWMAN}" * 400), reason="@\N{SNOWMAN}*" * 400)
        for n in range(400)
        for one in (OUTCOMES[6], *OUTCOMES[8:])
    ]
    assert len(dashboard.body(many, PUBLISHED * 100).encode()) <= dashboard.LONGEST


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
