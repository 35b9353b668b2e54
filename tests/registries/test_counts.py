"""How many requests a run makes, counted to the last one: cold, warm, and after each kind of change."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bumper.ages import Ages
from bumper.config.read import Loaded
from bumper.http import Http
from bumper.keep import Keep
from bumper.ledger import Ledger
from bumper.lookup import look_up
from bumper.model import Bump
from bumper.registries.mirrored import Recent
from bumper.registries.oci import Oci
from bumper.registries.offline import Offline
from tests.fakes.http_server import serve
from tests.fakes.memory import Memory
from tests.fakes.paged_registry import PagedRegistry
from tests.support import use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bumper.model import Outcome

NOW = datetime(2026, 11, 25, tzinfo=UTC)
A_DAY = 86_400
# Lists of one to three pages of three tags; each use is one version behind.
LISTS = {f"team/app{n}": [f"1.{minor}" for minor in range(n + 2)] for n in range(7)}
REPOSITORIES = len(LISTS)
PAGES = sum(-(-len(tags) // 3) for tags in LISTS.values())
# The current tag and the new one are described, each platform of the new one must be there.
PROPOSED = {"GET tag": 2 * REPOSITORIES, "HEAD digest": 2 * REPOSITORIES}
COLD = {"list": PAGES, **PROPOSED}


class Run:
    """Runs against one registry with one cache; the counts are those of the last run."""

    def __init__(self, host: str, there: PagedRegistry) -> None:
        self.host = host
        self.there = there
        self.clock = 0.0
        self.max_age = 0.0
        self.keep = Keep(Memory(), lambda: self.clock)

    def __call__(self, *more: str, ledger: Ledger | None = None) -> list[Outcome]:
        """Decide one use of each repository, and `more`."""
        self.there.counts.clear()
        written = [f"{name}:{tags[-2]}" for name, tags in LISTS.items()]
        uses = [use(f"r.example/{one}") for one in (*written, *more)]

        async def decided() -> tuple[Outcome, ...]:
            async with Http(timeout_seconds=5) as http:
                oci = Oci(http, "r.example", f"http://{self.host}", None, "", self.keep)
                kept = Offline("r.example", self.keep.shelf("r.example/", ""), "", self.max_age)
                there = Recent(kept, oci) if self.max_age else oci
                return await look_up(uses, Loaded(), lambda _: there, Ages(NOW, ledger))

        return list(asyncio.run(decided()))


def told(outcomes: list[Outcome]) -> list[tuple[object, ...]]:
    return [
        (
            one.status,
            one.reason,
            *((one.new_tag, one.manifest, one.before) if isinstance(one, Bump) else ()),
        )
        for one in outcomes
    ]


@pytest.fixture
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    settings = getattr(request, "param", {})
    there = PagedRegistry({name: list(tags) for name, tags in LISTS.items()}, **settings)
    with serve(there.answer) as server:
        yield Run(server.host, there)


def test_a_cold_run_asks_for_each_page_and_for_what_it_proposes(run: Run) -> None:
    assert {one.status for one in run()} == {"bump"}
    assert run.there.counts == COLD


@pytest.mark.parametrize("run", [{"login": True}], indirect=True)
def test_a_login_is_one_challenge_a_host_and_one_token_a_repository(run: Run) -> None:
    run()
    assert run.there.counts == {**COLD, "challenge": 1, "token": REPOSITORIES}


def test_many_uses_of_an_image_cost_what_one_costs(run: Run) -> None:
    run(*(f"{name}:{tags[-2]}" for name, tags in LISTS.items() for _ in range(5)))
    assert run.there.counts == COLD


@pytest.mark.parametrize("run", [{"size": 100}], indirect=True)
def test_a_warm_run_is_one_condition_a_repository(run: Run) -> None:
    """Where a registry grants a list in one piece: nothing but the list is asked about."""
    cold = told(run())
    assert told(run()) == cold
    assert run.there.counts == {"list": REPOSITORIES, "unchanged": REPOSITORIES}


def test_a_warm_run_asks_about_every_page(run: Run) -> None:
    """A page vouches for itself alone: a tag may have come on any of them.

    Of the seven last pages three are full, and nothing but the page itself says whether the list
    ends there.
    """
    cold = told(run())
    assert told(run()) == cold
    full = sum(len(tags) > 3 and len(tags) % 3 == 0 for tags in LISTS.values())
    assert run.there.counts == {"list": PAGES, "unchanged": PAGES - full}


@pytest.mark.parametrize("run", [{"validators": False, "size": 100}], indirect=True)
def test_without_validators_a_warm_run_reads_the_lists_again(run: Run) -> None:
    cold = told(run())
    assert told(run()) == cold
    assert run.there.counts == {"list": REPOSITORIES}


@pytest.mark.parametrize("run", [{"size": 100}], indirect=True)
def test_a_new_tag_is_proposed_and_costs_its_own_confirmation(run: Run) -> None:
    run()
    run.there.tags["team/app3"].append("1.99")
    found = [one.new_tag for one in run() if isinstance(one, Bump)]
    assert found[3] == "1.99"
    assert run.there.counts == {
        "list": REPOSITORIES, "unchanged": REPOSITORIES - 1, "GET tag": 1, "HEAD digest": 2,
    }  # fmt: skip


@pytest.mark.parametrize("run", [{"size": 100}], indirect=True)
def test_a_withdrawn_tag_is_proposed_no_longer(run: Run) -> None:
    run()
    run.there.tags["team/app3"].pop()
    assert [one.status for one in run()].count("current") == 1


@pytest.mark.parametrize("run", [{"size": 100}], indirect=True)
def test_row_224_what_a_digest_decides_is_asked_for_every_time(run: Run) -> None:
    """A tag that was pushed again is seen at once where its digest is written into the file."""
    [old] = run("team/app0:1.1")[-1:]
    digest = next(one.manifest.digest for one in run() if isinstance(one, Bump) and one.manifest)
    pinned = f"team/app0:1.1@{digest}"
    assert run(pinned)[-1].status == "current"
    run.there.pushed["team/app0:1.1"] = "again"
    [moved] = run(pinned)[-1:]
    assert (old.status, moved.status, moved.code) == ("current", "bump", "newer-digest")


@pytest.mark.parametrize("run", [{"size": 100}], indirect=True)
def test_where_ages_count_each_new_tag_is_asked_about(run: Run) -> None:
    ledger = Ledger()
    run(ledger=ledger)
    run(ledger=ledger)
    asked = {"list": REPOSITORIES, "GET tag": REPOSITORIES, "unchanged": 2 * REPOSITORIES}
    assert run.there.counts == asked


@pytest.mark.parametrize("run", [{"size": 100}], indirect=True)
def test_after_a_day_all_is_asked_again_on_condition(run: Run) -> None:
    run()
    run.clock = A_DAY - 1
    run()
    assert run.there.counts == {"list": REPOSITORIES, "unchanged": REPOSITORIES}
    run.clock = A_DAY
    run()
    unchanged = REPOSITORIES + PROPOSED["GET tag"]
    assert run.there.counts == {"list": REPOSITORIES, "unchanged": unchanged, **PROPOSED}
    run()
    assert run.there.counts == {"list": REPOSITORIES, "unchanged": REPOSITORIES}


@pytest.mark.parametrize("run", [{}, {"validators": False}, {"login": True}], indirect=True)
def test_within_the_age_that_is_allowed_nothing_is_asked(run: Run) -> None:
    """Whatever a list is made of; what was not asked before is asked, and then all of it again."""
    cold = run()
    run.max_age, run.clock = 60.0, 59.0
    warm = run()
    assert run.there.counts == {}
    assert [one.new_tag for one in warm if isinstance(one, Bump)] == [
        one.new_tag for one in cold if isinstance(one, Bump)
    ]
    assert all(one.reason.endswith("; by what was known 59 s ago") for one in warm)
    run("team/app0:1.0@sha256:" + 64 * "0")
    assert "list" not in run.there.counts
    run.there.tags["team/app3"].append("1.99")
    assert [one.new_tag for one in run() if isinstance(one, Bump)][3] == "1.4"
    run.clock = 60.0
    assert [one.new_tag for one in run() if isinstance(one, Bump)][3] == "1.99"
    run()
    assert run.there.counts == {}


def test_an_age_counts_from_the_last_time_that_a_list_was_asked_for(run: Run) -> None:
    """Not from when it changed."""
    for run.clock in (0.0, 500.0, 1000.0):
        run()
    run.max_age, run.clock = 60.0, 1059.0
    run()
    assert "list" not in run.there.counts
