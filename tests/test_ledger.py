"""Ages that nobody outside can forge: the ledger's text, its branch, and what waits by it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bumper import branches, confirm, ledgers
from bumper.ages import Ages
from bumper.errors import WorktreeError
from bumper.ledger import Ledger
from bumper.model import Bump, Candidate, Hold, Level, Policy, Ranking
from bumper.registries import recorded
from bumper.registries.recorded import Replay
from bumper.worktree import Worktree
from tests.fakes.git_http import git, make
from tests.support import bumper, use, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bumper.model import Outcome

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
OLD, NEW, OTHER = (f"sha256:{digit * 64}" for digit in "123")
DAY = 86400
IMAGE = "r.example/a/b"


def ago(**span: int) -> datetime:
    return NOW - timedelta(**span)


def outcome(
    ledger: Ledger | None = None,
    pushed: dict[str, datetime] | None = None,
    *,
    least: int = 3 * DAY,
    tags: tuple[str, ...] = ("1.2", "1.1"),
    now: datetime = NOW,
    written: str = ":1.0",
    created: str = "",
    early: frozenset[str] = frozenset(),
) -> Outcome:
    manifests: dict[str, Any] = {tag: {"digest": NEW, "platforms": []} for tag in tags}
    manifests["1.0"] = {"digest": OTHER, "platforms": [], "created": created}
    manifests[OLD] = {"digest": OLD, "platforms": []}
    candidates = tuple(Candidate(tag, Level.MINOR) for tag in tags)
    ranking = Ranking(use(f"{IMAGE}{written}"), Policy(min_age_seconds=least), candidates, ())
    registry = Replay("r.example", {IMAGE: {"manifests": manifests}})
    ages = Ages(now, ledger, pushed or {}, early=early)
    return asyncio.run(confirm.confirm([ranking], lambda _: registry, ages))[0]


def seen(tag: str, when: datetime, digest: str = NEW) -> Ledger:
    return Ledger({(IMAGE, tag, digest): when})


@pytest.mark.parametrize(
    ("ledger", "pushed", "tag", "age", "source"),
    [
        pytest.param(None, {"1.2": ago(days=3)}, "1.2", 3 * DAY, "registry", id="row-227-exactly-the-limit"),
        pytest.param(None, {"1.2": ago(days=2), "1.1": ago(days=9)}, "1.1", 9 * DAY, "registry", id="the-older-candidate"),
        pytest.param(seen("1.2", ago(days=4)), {}, "1.2", 4 * DAY, "first-seen", id="row-240-first-seen"),
        pytest.param(seen("1.2", ago(days=1)), {"1.2": ago(days=5)}, "1.2", 5 * DAY, "registry", id="the-registry-before-the-ledger"),
    ],
)  # fmt: skip
def test_what_is_old_enough(
    ledger: Ledger | None, pushed: dict[str, datetime], tag: str, age: int, source: str
) -> None:
    found = outcome(ledger, pushed)
    assert isinstance(found, Bump)
    assert (found.new_tag, found.age_seconds, found.age_source) == (tag, age, source)


@pytest.mark.parametrize(
    ("ledger", "pushed", "says"),
    [
        pytest.param(None, {}, "its age is not known", id="unknown-waits"),
        pytest.param(Ledger(), {}, "first seen 0 s ago, free at 2026-03-13 12:00 UTC", id="row-240-seen-now"),
        pytest.param(None, {"1.2": ago(hours=2), "1.1": ago(hours=3)}, "pushed 2 h ago, free at 2026-03-13 10:00 UTC", id="row-237-fresh"),
        pytest.param(None, {"1.2": ago(days=-2), "1.1": ago(days=-1)}, "its age is not known", id="row-227-future"),
        pytest.param(seen("1.2", ago(days=9), OLD), {}, "first seen 0 s ago (its content was replaced)", id="row-236-pushed-again-restarts"),
    ],
)  # fmt: skip
def test_what_waits_says_until_when(
    ledger: Ledger | None, pushed: dict[str, datetime], says: str
) -> None:
    found = outcome(ledger, pushed)
    assert isinstance(found, Hold)
    assert found.code == "too-young"
    assert says in found.reason


@pytest.mark.parametrize(
    ("early", "pushed", "tag"),
    [
        pytest.param(f"{IMAGE}=1.2", {}, "1.2", id="of-unknown-age"),
        pytest.param(f"{IMAGE}=1.2", {"1.2": ago(hours=2), "1.1": ago(days=9)}, "1.2", id="though-its-list-dates-it"),
        pytest.param(f"{IMAGE}=1.2@{NEW}", {"1.2": ago(hours=2)}, "1.2", id="with-this-content"),
        pytest.param(f"{IMAGE}=1.2@{OTHER}", {"1.2": ago(hours=2)}, None, id="row-236-not-with-another"),
        pytest.param(f"{IMAGE}=1.3", {"1.2": ago(hours=2)}, None, id="not-another-tag"),
        pytest.param("r.example/other=1.2", {"1.2": ago(hours=2)}, None, id="not-of-another-image"),
    ],
)  # fmt: skip
def test_what_a_person_wants_early_does_not_wait(
    early: str, pushed: dict[str, datetime], tag: str | None
) -> None:
    found = outcome(None, pushed, early=frozenset({early}))
    assert getattr(found, "new_tag", None) == (tag or "1.2")
    assert isinstance(found, Bump) is (tag is not None)
    if isinstance(found, Bump):
        assert "younger than `min-age`, and a person wants it now" in found.reason
        assert (found.is_early, found.content) == (True, f"{IMAGE}=1.2@{NEW}")


@pytest.mark.parametrize(
    ("off", "source"),
    [
        pytest.param(timedelta(hours=-20), "first-seen", id="row-226-a-day-is-borne"),
        pytest.param(timedelta(hours=20), "first-seen", id="row-226-either-way"),
        pytest.param(timedelta(days=2), None, id="row-226-ours-is-behind"),
        pytest.param(timedelta(days=-2), None, id="row-226-ours-is-ahead"),
        pytest.param(timedelta(days=3650), None, id="row-226-ten-years"),
    ],
)
def test_row_226_a_clock_that_is_far_off_dates_nothing(off: timedelta, source: str | None) -> None:
    ledger = seen("1.2", ago(days=9))
    ages = Ages(NOW, ledger, {"1.1": ago(days=9)}, NOW + off)
    age = ages.of(IMAGE, "1.2", NEW)
    assert age.source == source
    assert age.is_under(3 * DAY) is (source is None)
    # The later of the two clocks counts, and a clock that is off notes nothing.
    assert age.since == (None if source is None else ago(days=9))
    ages.of(IMAGE, "2.0", OTHER)
    assert bool(ledger.grown) is (source is not None)
    assert source is not None or "days apart" in age.told(3 * DAY) or "apart, and" in age.told(DAY)


def test_row_241_what_the_publisher_wrote_is_no_age() -> None:
    assert outcome(created="2019-01-01T00:00:00Z").code == "too-young"


def test_without_min_age_nothing_waits_and_the_age_is_told() -> None:
    found = outcome(pushed={"1.2": ago(hours=1)}, least=0)
    assert isinstance(found, Bump)
    assert (found.age_seconds, found.age_source) == (3600, "registry")
    unknown = outcome(least=0)
    assert isinstance(unknown, Bump)
    assert (unknown.age_seconds, unknown.age_source) == (None, None)


def test_row_242_a_moved_digest_is_as_old_as_its_content() -> None:
    pinned = f":1.0@{OLD}"
    ledger = seen("1.0", ago(days=30), OLD)
    waits = outcome(ledger, tags=(), written=pinned)
    assert isinstance(waits, Hold)
    assert "first seen 0 s ago (its content was replaced)" in waits.reason
    later = outcome(ledger, tags=(), written=pinned, now=NOW + timedelta(days=4))
    assert isinstance(later, Bump)
    assert (later.new_digest, later.age_source) == (OTHER, "first-seen")


def test_row_238_trivys_bad_week_is_never_proposed() -> None:
    """0.69.4 to 0.69.6 were bad and gone after four days; with seven days nobody is offered one."""
    ledger = Ledger({(IMAGE, "0.69.3", NEW): ago(days=20)})
    for day, tags in enumerate(
        [("0.69.4", "0.69.3"), ("0.69.6", "0.69.5", "0.69.4", "0.69.3")] * 2
    ):
        found = outcome(ledger, least=7 * DAY, tags=tags, now=NOW + timedelta(days=day))
        assert getattr(found, "new_tag", None) == "0.69.3"


TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - given one
    lambda when: when.replace(microsecond=0)
)
CONTENTS = st.tuples(
    st.sampled_from([IMAGE, "[::1]:5000/x"]), st.sampled_from(["1.0", "latest"]), st.sampled_from([OLD, NEW])
)  # fmt: skip
LEDGERS = st.dictionaries(CONTENTS, TIMES).map(Ledger)


@given(LEDGERS)
def test_a_ledger_reads_what_it_wrote(ledger: Ledger) -> None:
    assert Ledger.read(ledger.text()).text() == ledger.text()


@given(LEDGERS, LEDGERS)
def test_two_ledgers_join_the_same_both_ways_and_lose_nothing(one: Ledger, two: Ledger) -> None:
    joined = one.joined(two)
    assert joined.text() == two.joined(one).text()
    both = Ledger.read(one.text() + two.text())  # a merge by lines, as Git's `union` makes it
    assert both.text() == joined.text()
    for ledger in (one, two):
        assert ledger.joined(joined).text() == joined.text()


@given(st.text())
def test_row_225_any_text_is_a_ledger_that_says_what_is_sound(text: str) -> None:
    assert Ledger.read(text).text().startswith("#")


@pytest.fixture
def clones(tmp_path: Path) -> tuple[Path, Path]:
    bare = make(tmp_path / "server.git")
    found = []
    for name in ("one", "two"):
        git(tmp_path, "init", "-q", "--initial-branch=main", name)
        git(tmp_path / name, "remote", "add", "origin", str(bare))
        found.append(tmp_path / name)
    return found[0], found[1]


def shared(clone: Path, place: Callable[[Worktree, str], Any] = branches.Remote) -> ledgers.Shared:
    tree = Worktree(clone)
    return ledgers.Shared(tree, place(tree, "bumper/"), "bumper/")


@pytest.mark.parametrize("place", [branches.Remote, branches.Local])
def test_the_branch_is_an_orphan_that_only_grows(
    clones: tuple[Path, Path], place: Callable[[Worktree, str], Any]
) -> None:
    for day, tag in enumerate(("1.0", "1.1")):
        one = shared(clones[0], place)
        ledger, tip = one.read()
        ledger.note(IMAGE, tag, NEW, NOW)
        one.write(ledger, tip, NOW + timedelta(days=day))
    ledger, tip = shared(clones[0], place).read()
    assert len(ledger) == 2
    assert tip is not None
    assert git(clones[0], "rev-list", "--count", tip) == "2"
    assert git(clones[0], "ls-tree", "--name-only", tip) == "first-seen.tsv"
    unchanged = shared(clones[0], place)
    unchanged.write(ledger, tip, NOW)
    assert unchanged.read()[1] == tip


def test_row_134_two_runs_at_once_lose_nothing(clones: tuple[Path, Path]) -> None:
    one, two = (shared(clone) for clone in clones)
    (first, tip), (second, other) = one.read(), two.read()
    first.note(IMAGE, "1.0", NEW, NOW)
    second.note(IMAGE, "1.0", NEW, ago(days=1))
    second.note(IMAGE, "1.1", NEW, NOW)
    one.write(first, tip, NOW)
    two.write(second, other, NOW)
    ledger = one.read()[0]
    assert len(ledger) == 2
    assert ledger.first_seen(IMAGE, "1.0", NEW) == ago(days=1)


def test_row_129_a_shallow_clone_reads_and_grows_the_ledger(tmp_path: Path) -> None:
    """As an action checks it out: the last commit of one branch, and nothing of ours."""
    bare, full = make(tmp_path / "server.git"), tmp_path / "full"
    git(tmp_path, "init", "-q", "--initial-branch=main", "full")
    for number in range(3):
        write(full, {"a": str(number)})
        git(full, "add", "a")
        git(full, "commit", "-q", "-m", "more")
    git(full, "remote", "add", "origin", str(bare))
    unguarded = "--receive-pack=git -c core.hooksPath=/dev/null receive-pack"
    git(full, "push", "-q", unguarded, "origin", "main")
    for day, tag in enumerate(("1.0", "1.1", "1.2")):
        shallow = tmp_path / f"shallow-{day}"
        git(tmp_path, "clone", "-q", "--depth", "1", "--single-branch", bare.as_uri(), shallow.name)
        one = shared(shallow)
        ledger, tip = one.read()
        assert len(ledger) == day
        ledger.note(IMAGE, tag, NEW, NOW)
        one.write(ledger, tip, NOW + timedelta(days=day))
        assert git(shallow, "rev-list", "--count", "HEAD") == "1"
        assert git(shallow, "status", "--porcelain") == ""
    assert git(bare, "rev-list", "--count", shared(full).branch) == "3"


def test_row_236_a_tag_pushed_again_starts_anew_and_is_flagged() -> None:
    ledger = seen("1.2", ago(days=9), OLD)
    waits = outcome(ledger, tags=("1.2",))
    assert isinstance(waits, Hold)
    assert "its content was replaced" in waits.reason
    later = outcome(ledger, tags=("1.2",), now=NOW + timedelta(days=3))
    assert isinstance(later, Bump)
    assert (later.age_seconds, later.age_source) == (3 * DAY, "first-seen")
    assert "its content was replaced since it was first seen" in later.reason


def test_a_server_that_refuses_the_branch_is_said(
    clones: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "server.git" / "hooks" / "update").write_text(
        "#!/bin/sh\nexit 1\n", encoding="ascii"
    )
    one = shared(clones[0])
    ledger, tip = one.read()
    ledger.note(IMAGE, "1.0", NEW, NOW)
    with pytest.raises(WorktreeError):
        one.write(ledger, tip, NOW)


def test_a_run_notes_waits_and_proposes_when_the_time_has_come(tmp_path: Path) -> None:
    manifests = {tag: {"digest": NEW, "platforms": []} for tag in ("1.0", "1.1")}
    record = tmp_path / "record.json"
    record.write_text(
        recorded.dump({IMAGE: {"tags": ["1.0", "1.1"], "manifests": manifests}}), encoding="utf-8"
    )
    clone = tmp_path / "clone"
    clone.mkdir()
    git(clone, "init", "-q", "--initial-branch=main")
    files = {
        "compose.yaml": f"services: {{a: {{image: '{IMAGE}:1.0'}}}}\n",
        "bumper.yaml": "forge: {kind: local}\ndefaults: {min-age: 3d}\n",
    }
    write(clone, files)
    git(clone, "add", "--all")
    git(clone, "commit", "-q", "-m", "ours")
    dry = bumper("run", "-C", clone, "-f", "plain", "--replay", record, "--dry-run")
    assert (dry.code, git(clone, "branch", "--list", "bumper/*")) == (0, ""), dry.err
    first = bumper("run", "-C", clone, "-f", "plain", "--replay", record)
    assert git(clone, "branch", "--list", "bumper/*").split() == ["bumper/first-seen-ledger"]
    assert "free at" in first.out
    assert "free at" in bumper("plan", "-C", clone, "-f", "plain", "--replay", record).out
    earlier = shared(clone, branches.Local)
    long_ago = Ledger()
    long_ago.note(IMAGE, "1.1", NEW, datetime.now(UTC) - timedelta(days=4))
    earlier.write(long_ago, earlier.read()[1], NOW)
    assert bumper("run", "-C", clone, "-f", "plain", "--replay", record).code == 0
    assert len(git(clone, "branch", "--list", "bumper/*").split()) == 2
    plan = json.loads(bumper("plan", "-C", clone, "-f", "json", "--replay", record).out)
    assert plan["outcomes"][0]["age_source"] == "first-seen"
    assert plan["outcomes"][0]["age_seconds"] >= 4 * DAY
