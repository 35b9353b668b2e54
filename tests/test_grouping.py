"""What shares a pull request, in which order, and what binds: tables, and the laws of a key."""

from __future__ import annotations

import asyncio
import itertools
import posixpath
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bumper import plan, publish, windows
from bumper.config.proposals import PullRequests
from bumper.messages import marker, titles
from bumper.model import Bump, ImageUse, Level, Operation, Part, Policy, Setting, Slot
from bumper.publishing.limits import Limits
from bumper.publishing.standing import Standing
from bumper.publishing.wish import Wish
from bumper.reference import Reference, parse
from bumper.text import Span
from tests.publishing.scene import Forge, Git

if TYPE_CHECKING:
    from bumper.model import ChangeRequest

MINOR, MAJOR, PATCH, DIGEST = Level.MINOR, Level.MAJOR, Level.PATCH, Level.DIGEST


def bump(
    image: str,
    path: str = "compose.yaml",
    level: Level = MINOR,
    *,
    line: int = 1,
    form: str = "compose",
    new: str = "9.9",
    span: int | None = None,
    age: int | None = None,
    schedule: str = "",
    **policy: object,
) -> Bump:
    """A bump of an image to 9.9; its tag stands at `span`, else where no other image's does."""
    start = zlib.crc32(f"{image}:{line}".encode()) if span is None else span
    at = Span(start, start + 3)
    use = ImageUse(path, line, 1, form, "image", parse(f"{image}:1.0"), (Slot(Part.TAG, at),))
    said = (Setting("schedule", schedule, "rules[0]"),) if schedule else ()
    settled = replace(Policy(said=said), **policy)  # type: ignore[arg-type] # the row's own names
    return Bump(use, settled, new, None, level, "newer-tag", "newer", age_seconds=age)


def keys(bumps: list[Bump], per: str) -> dict[str, list[str]]:
    """The images and files of each request."""
    wanted = PullRequests.model_validate({"per": per})
    return {
        request.key: [f"{one.use.reference.short} {one.use.path}" for one in request.bumps]
        for request in plan.plan(bumps, wanted, "main")
    }


WEB, API = bump("web", "a/compose.yaml"), bump("api", "a/compose.yaml", line=2)
ELSEWHERE = bump("web", "b/compose.yaml")

GROUPS = [
    pytest.param("image", [WEB, API, ELSEWHERE], ["api", "web"], id="one-image-in-many-files-is-one-change"),
    pytest.param("file", [WEB, API, ELSEWHERE], ["file a/compose.yaml", "file b/compose.yaml"], id="a-file"),
    pytest.param("directory", [WEB, API, bump("x", "a/x.yaml")], ["directory a"], id="a-folder"),
    pytest.param("directory", [bump("x", "compose.yaml")], ["directory ."], id="the-root-is-a-folder"),
    pytest.param("all", [WEB, API, ELSEWHERE], ["all images"], id="all"),
    pytest.param("group", [WEB, bump("api", group="g"), bump("x", group="g")], ["group g", "web"], id="a-group-and-the-rest"),
    pytest.param("all", [WEB, bump("api", group="g")], ["all images", "group g"], id="a-group-wins-over-per"),
    pytest.param("all", [WEB, bump("api", level=MAJOR)], ["all images", "major api"], id="a-major-stands-alone"),
    pytest.param("image", [bump("api", level=MAJOR, group="g")], ["major api"], id="a-major-leaves-its-group"),
    pytest.param("image", [WEB, bump("web", "c.yaml", level=MAJOR)], ["major web", "web"], id="a-major-leaves-its-image"),
    pytest.param("all", [WEB, bump("postgres", level=PATCH)], ["all images", "postgres"], id="data-stands-alone"),
    pytest.param("all", [WEB, bump("postgres", group="g")], ["all images", "postgres"], id="data-leaves-a-group"),
    pytest.param("all", [WEB, bump("postgres", stateful=False)], ["all images"], id="told-to-hold-no-data"),
    pytest.param("all", [WEB, bump("own", stateful=True)], ["all images", "own"], id="told-to-hold-data"),
    pytest.param(
        "image", [bump("postgres", level=MAJOR, group="g", together=True), bump("api", level=MAJOR, group="g", together=True)],
        ["major group g"], id="what-moves-together-is-not-torn-apart",
    ),
    pytest.param(
        "image", [bump("web", ".env", span=5), bump("api", ".env", span=5), bump("web", "b.yaml")],
        ["api"], id="one-place-for-two-images-is-one-change-with-all-their-places",
    ),
    pytest.param(
        "image", [bump("b", ".env", MAJOR, span=5), bump("a", ".env", MINOR, span=5)],
        ["major b"], id="a-shared-place-with-a-major-is-a-major",
    ),
    pytest.param(
        "stack", [bump("web", "s/compose.yaml"), bump("api", "s/docker-compose.override.yml"), bump("x", "s/.env", form="dotenv")],
        ["stack s"], id="the-compose-files-of-a-folder-are-a-stack",
    ),
    pytest.param(
        "stack", [bump("web", "s/shop.yml"), bump("api", "s/blog.yml")],
        ["stack s/blog", "stack s/shop"], id="compose-files-with-names-are-stacks",
    ),
    pytest.param(
        "stack", [bump("web", "c/values.yaml", form="helm-values"), bump("api", "c/templates/x/y.yaml", form="template")],
        ["stack c"], id="a-chart-is-a-stack",
    ),
    pytest.param("stack", [bump("web", "templates/a.yaml", form="template")], ["stack ."], id="a-chart-at-the-root"),
]  # fmt: skip


@pytest.mark.parametrize(("per", "bumps", "expected"), GROUPS)
def test_what_shares_a_pull_request(per: str, bumps: list[Bump], expected: list[str]) -> None:
    found = keys(bumps, per)
    assert sorted(found) == expected
    assert sum(map(len, found.values())) == len(bumps), "nothing is lost"


@pytest.mark.parametrize("per", ["image", "file", "stack", "directory", "group", "all"])
def test_a_key_and_its_branch_are_the_same_for_every_version(per: str) -> None:
    def branches(new: str) -> list[str]:
        bumps = [replace(one, new_tag=new) for one in (WEB, API, ELSEWHERE, bump("x", group="g"))]
        wanted = PullRequests.model_validate({"per": per})
        return [one.branch for one in plan.plan(bumps, wanted, "main")]

    assert branches("2.0") == branches("3.1.4-alpine")


NAMES = st.text(alphabet="ab/-.", min_size=1, max_size=6).map(lambda text: f"x{text}x")


@given(st.lists(st.tuples(NAMES, NAMES, NAMES), min_size=2, max_size=12))
@settings(max_examples=150, deadline=None)
def test_what_differs_has_another_key_and_another_branch(rows: list[tuple[str, str, str]]) -> None:
    """Law: two kinds of things never meet in one key, and every bump is in exactly one request."""
    seen: dict[str, tuple[str, str]] = {}
    for name, path, group in rows:
        policy = Policy()
        use = ImageUse(path, 1, 1, "compose", "image", Reference(f"e.org/{name}", "1"), ())
        one = Bump(use, policy, "2", None, MINOR, "newer-tag", "")
        grouped = replace(one, policy=replace(policy, group=group))
        major = replace(one, level=MAJOR)
        of_use = {
            "image": ("image", use.reference.short),
            "file": ("file", path),
            "directory": ("directory", posixpath.dirname(path) or "."),
        }
        for per, what in of_use.items():
            (request,) = plan.plan([one], PullRequests.model_validate({"per": per}), "main")
            assert seen.setdefault(request.branch, what) == what
        for bumps, what in (
            ([grouped], ("group", group)),
            ([major], ("major", use.reference.short)),
        ):
            (request,) = plan.plan(bumps, PullRequests(), "main")
            assert seen.setdefault(request.branch, what) == what


def test_row_145_a_slash_and_a_dash_give_two_branches() -> None:
    names = ["".join(chars) for chars in itertools.product("a/-.", repeat=5)]
    assert len({titles.branch("bumper/", name) for name in names}) == len(names)


def test_the_order_is_the_step_then_what_waited_longest_then_the_key() -> None:
    bumps = [
        bump("g", level=MAJOR, age=900), bump("f", level=MINOR, age=5), bump("e", level=MINOR, age=50),
        bump("d", level=MINOR), bump("c", level=MINOR), bump("b", level=PATCH), bump("a", level=DIGEST),
    ]  # fmt: skip
    for some in (bumps, bumps[::-1]):
        found = [one.key for one in plan.plan(some, PullRequests(), "main")]
        assert found == ["a", "b", "e", "f", "c", "d", "major g"]


def test_a_request_of_any_size_leaves_room_for_its_words() -> None:
    """1,000 images in one request: parts of at most 100, by their names alone."""
    bumps = [bump(f"e.org/team-{n % 7}/service-number-{n}", line=n + 1) for n in range(1000)]
    wanted = PullRequests.model_validate({"per": "all"})
    requests = plan.plan(bumps, wanted, "main")
    assert sum(len(one.bumps) for one in requests) == 1000
    assert all(len(one.targets) <= 100 for one in requests)
    assert len({one.branch for one in requests}) == len(requests) == 16
    longest = max(
        len(marker.write(marker.Marker(r.key, r.targets, "0" * 40, "0" * 16, "0" * 16)))
        for r in requests
    )
    assert longest < 25_000
    fewer = plan.plan(bumps[:990], wanted, "main")
    where = {one.use.reference.image: r.key for r in requests for one in r.bumps}
    moved = [b for r in fewer for b in r.bumps if where[b.use.reference.image] != r.key]
    assert moved == []


BERLIN = "Europe/Berlin"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "zone", "opened", "closed"),
    [
        pytest.param("0 5 * * 1-5", "UTC", "2026-10-26T05:00", "2026-10-26T06:00", id="an-hour-from-each-time"),
        pytest.param("17 5 * * *", "UTC", "2026-10-26T05:17", "2026-10-26T06:17", id="an-hour-from-any-minute"),
        pytest.param("* 5-6 * * *", "UTC", "2026-10-26T05:00", "2026-10-26T07:00", id="just-the-hours-where-minutes-are-a-star"),
        pytest.param("nights", BERLIN, "2026-10-26T21:00", "2026-10-27T05:00", id="nights"),
        pytest.param("weekends", "UTC", "2026-10-24T00:00", "2026-10-26T00:00", id="weekends"),
        pytest.param("office-hours", BERLIN, "2026-10-26T08:00", "2026-10-26T16:00", id="office-hours"),
        pytest.param("0 5 * * *; 0 9 * * *", "UTC", "2026-10-26T09:00", "2026-10-26T10:00", id="one-of-several"),
        pytest.param("30 2 * * *", BERLIN, "2026-03-29T01:00", "2026-03-29T02:00", id="row-229-a-time-that-is-skipped-comes-next"),
        pytest.param("30 2 * * *", BERLIN, "2026-10-25T00:30", "2026-10-25T01:30", id="row-229-a-time-that-is-repeated-comes-once"),
        pytest.param("nights", BERLIN, "2026-10-24T20:00", "2026-10-25T05:00", id="row-229-a-night-of-nine-hours"),
    ],
)  # fmt: skip
def test_row_229_when_a_schedule_is_open(
    schedule: str, zone: str, opened: str, closed: str
) -> None:
    """Open from the first moment to just before the last, shut on both sides of it."""
    texts, minute = windows.split(schedule), timedelta(minutes=1)
    start, end = at(opened), at(closed)
    moments = [start + n * minute for n in range(int((end - start) / minute))]
    assert [one for one in moments if not windows.is_open(texts, zone, one)] == []
    shut = [start - minute, end, end + 30 * minute]
    assert [one for one in shut if windows.is_open(texts, zone, one)] == []


def test_row_229_what_a_repeated_hour_repeats_is_not_open_again() -> None:
    later = [at("2026-10-25T01:30") + timedelta(minutes=n) for n in range(120)]
    assert [one for one in later if windows.is_open(["30 2 * * *"], BERLIN, one)] == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param("night", "no schedule", id="a-word-that-is-none"),
        pytest.param("0 5 * *", "no schedule", id="four-fields"),
        pytest.param("0 0 5 * * *", "no schedule", id="six-fields"),
        pytest.param("61 5 * * *", "bad minute", id="a-minute-that-is-none"),
        pytest.param("0 0 30 2 *", "bad day-of-month", id="a-day-that-never-comes"),
        pytest.param(" ; ", "no schedule", id="nothing"),
        pytest.param("nights; nigths", "no schedule", id="one-of-several"),
    ],
)
def test_a_schedule_that_cannot_be_read_is_told(written: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        windows.check(written)


@pytest.mark.parametrize("name", ["Europe/Berlino", "", "../etc/passwd", "/etc/localtime"])
def test_row_229_an_unknown_zone_is_told(name: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        windows.check_zone(name)


def wish(requests: tuple[ChangeRequest, ...], limits: Limits) -> Wish:
    commits = {one.branch: f"ours:{one.key}:base" for one in requests}
    files = {one.branch: {"compose.yaml": one.key.encode()} for one in requests}
    return Wish(requests, commits, files, limits)


NOW = at("2026-10-26T12:00")
SMALL = [bump("c", level=MINOR), bump("b", level=PATCH), bump("a", level=DIGEST)]
BINDS = [
    pytest.param(SMALL, Limits(), {}, id="nothing-binds"),
    pytest.param(SMALL, Limits(open=2), {"c": "limit"}, id="row-199-the-largest-step-waits"),
    pytest.param(SMALL, Limits(per_hour=1, now=NOW), {"b": "per-hour", "c": "per-hour"}, id="so-many-an-hour"),
    pytest.param([bump("a", schedule="nights"), bump("b")], Limits(now=NOW), {"a": "schedule"}, id="a-schedule-binds-its-own"),
    pytest.param([bump("a", schedule="nights")], Limits(now=NOW + timedelta(hours=11)), {}, id="an-open-schedule"),
    pytest.param([bump("a", schedule="nights")], Limits(), {}, id="no-clock-no-schedule"),
    pytest.param(
        [bump("a", group="g", schedule="office-hours"), bump("b", group="g", schedule="nights", line=2)], Limits(now=NOW),
        {"group g": "schedule"}, id="every-schedule-of-a-request-must-be-open",
    ),
    pytest.param([bump("a", schedule="nights"), bump("b"), bump("c")], Limits(open=1, now=NOW), {"a": "schedule", "c": "limit"}, id="what-waits-takes-no-place"),
]  # fmt: skip


@pytest.mark.parametrize(("bumps", "limits", "held"), BINDS)
def test_what_binds_is_listed_with_its_reason(
    bumps: list[Bump], limits: Limits, held: dict[str, str]
) -> None:
    requests = plan.plan(bumps, PullRequests(), "main")
    git, forge = Git(), Forge()
    done = asyncio.run(
        publish.publish(wish(requests, limits), Standing("bumper/"), git, git, forge)  # type: ignore[arg-type] # a Worktree in memory
    )
    assert [one.request for one in done] == list(requests), "nothing is lost"
    waiting = {one.request.key: one.code for one in done if one.request and one.reason}
    assert waiting == held
    assert all(one.operation is Operation.HELD for one in done if one.code)
    assert len(forge.found) == len(requests) - len(held)


def test_what_others_opened_within_the_hour_counts() -> None:
    (request,) = plan.plan([bump("a")], PullRequests(), "main")
    limits = Limits(per_hour=2, now=NOW)
    ago = [NOW - timedelta(minutes=n) for n in (5, 59, 61, 600)]
    assert limits.recent([*ago, None]) == 2
    assert limits.against(request, 0, limits.recent(ago)) == (
        "per-hour", "2 pull requests were opened within an hour, the limit is 2",
    )  # fmt: skip


def test_a_schedule_says_when_it_opens_and_who_set_it() -> None:
    (request,) = plan.plan([bump("a", schedule="weekends")], PullRequests(), "main")
    told = Limits(zone=BERLIN, now=NOW).against(request, 0, 0)
    assert told == (
        "schedule",
        "outside of its schedule `weekends` (rules[0]), next on Sat 2026-10-31 00:00 Europe/Berlin",
    )


@pytest.mark.parametrize(
    ("bumps", "style", "expected"),
    [
        pytest.param([bump("web", "prod/db/x.yaml")], "plain", "Bump web 1.0 to 9.9 (minor) in prod/db", id="one"),
        pytest.param([bump("web", level=MAJOR)], "plain", "Major: bump web 1.0 to 9.9", id="a-major"),
        pytest.param([WEB, API], "plain", "Bump 2 images (2 minor) in a", id="some"),
        pytest.param([WEB], "conventional", "chore(deps): bump web 1.0 to 9.9 (minor) in a", id="conventional"),
        pytest.param([bump("web", level=MAJOR)], "conventional", "chore(deps)!: bump web 1.0 to 9.9", id="a-conventional-major"),
        pytest.param([bump("web", "[skip ci] @all #1/x.yaml")], "plain", "Bump web 1.0 to 9.9 (minor) in ?skip ci] ?all ?1", id="rule-m2-a-hostile-folder"),
        pytest.param([bump("web", "\u202e/x.yaml")], "plain", "Bump web 1.0 to 9.9 (minor) in ?", id="row-191-a-folder-that-turns-the-text"),
        pytest.param([bump("web", new="9" * 128)], "plain", f"Bump web 1.0 to {'9' * 56}", id="row-191-a-long-tag"),
    ],
)  # fmt: skip
def test_row_191_a_title_says_it_in_72_characters(
    bumps: list[Bump], style: str, expected: str
) -> None:
    assert titles.title(bumps, style) == expected
    assert len(expected) <= 72


def test_the_trailers_say_what_moved_by_which_rule() -> None:
    one = replace(bump("web", rule="rules[2] (bumper.yaml:9)"), new_digest="sha256:" + "a" * 64)
    last = titles.commit([one]).split("\n\n")[-1]
    assert last.splitlines() == [
        "Bumper-Image: docker.io/library/web",
        "Bumper-From: 1.0",
        f"Bumper-To: 9.9@sha256:{'a' * 64}",
        "Bumper-Rule: rules[2] (bumper.yaml:9)",
    ]
