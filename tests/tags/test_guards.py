"""The guards, each by its code: what is held, what lifts it, and what no policy can do."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bumper import catalog, decide, patterns, policies
from bumper.judging import together, verdicts
from bumper.model import Complete, Current, Failure, Ignored, Policy, Ranking
from tests.support import HERE, use

IMAGES = sorted((HERE / "tags").glob("*.txt"))
POLICIES = (
    "major",
    "minor",
    "patch",
    "digest",
    ">=1",
    "^2",
    "glob:*",
    "regexp:[0-9]",
    "pin",
    "all",
    "force",
)


def ranked(
    written: str, listed: str | tuple[str, ...], days: dict[str, int] | None = None, **settings: Any
) -> Ranking:
    text = settings.pop("policy", "major")
    policy = policies.parse(text, replace(Policy(), **settings))
    pushed = {tag: datetime(2026, 1, day, tzinfo=UTC) for tag, day in (days or {}).items()}
    listing = Complete(tuple(listed.split()) if isinstance(listed, str) else listed, pushed)
    ranking = decide.rank(use(written), listing, policy, catalog.scheme(policy))
    assert isinstance(ranking, Ranking)
    return ranking


def tags(ranking: Ranking) -> list[str]:
    return [candidate.tag for candidate in ranking.candidates]


def codes(ranking: Ranking) -> dict[str, str]:
    return {refusal.tag: refusal.code for refusal in ranking.refused}


@pytest.mark.parametrize(
    ("written", "listed", "taken", "refused"),
    [
        pytest.param("nginx:1.25-alpine", "1.26-alpine 1.27-alpine 1.27-alpine-perl 1.27.3-alpine 1.27-alpine3.20 stable-alpine", "1.27-alpine", "other-variant other-precision other-variant no-version", id="nginx"),
        pytest.param("python:3.12.1-slim-bookworm", "3.12.8-slim-bookworm 3.13.1-slim-bookworm 3.14.0a2-slim-bookworm 3.13.1-slim-trixie", "3.13.1-slim-bookworm", "pre-release other-variant", id="python"),
        pytest.param("linuxserver/jellyfin:10.11.4", "10.11.5 2021.12.16 10.11.5ubu2404-ls12", "10.11.5", "other-kind other-variant", id="jellyfin"),
        pytest.param("emby/embyserver:4.9.0.9", "4.9.0.12 4.9.0.10 4.9.0.5", "4.9.0.12", "older", id="emby"),
        pytest.param("acme/onprem:3.0.0-rc.0", "3.0.0-rc.1 3.0.0 3.1.0-rc.1", "3.0.0", "pre-release", id="renovate-onprem"),
        pytest.param("acme/my-image:1.20", "1.20.0 v1.20 1.20", None, "other-precision other-prefix current", id="my-image"),
        pytest.param("ubi8/ubi:8.6-990", "8.6-994 8.7-929 8.7-929.1669", "8.7-929", "other-variant", id="ubi"),
        pytest.param("bitnami/x:2.1.3-debian-10-r38", "2.1.3-debian-10-r40 2.1.4-debian-11-r0 2.1.4-debian-10-r1", "2.1.4-debian-10-r1", "other-environment", id="bitnami"),
        pytest.param("grafana/grafana:11.3.0", "11.3.0-security-01 11.3.1 11.4.0-12345 main", "11.3.1", "other-variant no-version", id="grafana"),
        pytest.param("grafana/grafana:11.3.0", "11.3.0-security-01 main", "11.3.0-security-01", "no-version", id="grafana-security-is-newer"),
        pytest.param("minio/minio:RELEASE.2025-07-23T15-54-02Z", "RELEASE.2025-09-07T16-13-09Z RELEASE.2025-09-07T16-13-09Z-cpuv1 latest", "RELEASE.2025-09-07T16-13-09Z", "other-variant no-version", id="minio"),
        pytest.param("alpine:3.20", "3.21 3.22 20260127 edge 3.22.1", "3.22", "other-kind no-version other-precision", id="alpine"),
        pytest.param("devcontainers/javascript-node:4.0.13-24-trixie", "4.0.14-24-trixie 4-22-trixie 4.0-24-trixie", "4.0.14-24-trixie", "other-precision other-precision", id="javascript-node"),
        pytest.param("duplicati/duplicati:2.1.0.3", "2.1.0.107 2.1.0.4 2.1.0.3-beta", "2.1.0.107", "pre-release", id="duplicati-only-latest-can-tell"),
        pytest.param("fmartinou/wud:7.2.0", "8.0.0 feature__502_x latest main", "8.0.0", "no-version no-version no-version", id="wud"),
    ],
)  # fmt: skip
def test_the_regression_corpus(written: str, listed: str, taken: str | None, refused: str) -> None:
    ranking = ranked(written, listed)
    assert next(iter(tags(ranking)), None) == taken
    beside = [one.code for one in ranking.refused]
    if written.startswith("duplicati"):
        beside = [code for code in beside if code != "older"]
        refused = "" if beside == [] else refused
    assert " ".join(beside) == refused


@pytest.mark.parametrize(
    ("written", "listed", "days", "settings", "hold"),
    [
        pytest.param("acme/app:4.6.2", "4.6.7 20.4.1", {}, {}, "scheme-jump", id="a-jump"),
        pytest.param("acme/app:16", "99", {}, {}, "scheme-jump", id="a-jump-of-one-number"),
        pytest.param("acme/app:16", "99", {}, {"lift": ("scheme-jump",)}, None, id="a-jump-lifted"),
        pytest.param("acme/app:16", "20 25 30", {}, {}, None, id="steps-of-five-are-contiguous"),
        pytest.param("acme/app:build-1694132169", "build-1696801785", {}, {}, None, id="builds-skip-numbers"),
        pytest.param("acme/app:1.2", "2.0", {"1.2": 9, "2.0": 8}, {}, "pushed-earlier", id="pushed-earlier"),
        pytest.param("acme/app:1.2", "2.0", {"1.2": 9, "2.0": 8}, {"lift": ("pushed-earlier",)}, None, id="pushed-earlier-lifted"),
        pytest.param("acme/app:1.2", "2.0", {"1.2": 8, "2.0": 9}, {}, None, id="pushed-later"),
        pytest.param("acme/app:1.2", "2.0", {"1.2": 9}, {}, None, id="a-push-that-nobody-dates"),
        pytest.param("acme/app:1.2-alpine3.19", "1.3-alpine3.20", {}, {}, "other-environment", id="a-newer-system"),
        pytest.param("acme/app:1.2-alpine3.19", "1.2-alpine3.20", {}, {}, None, id="the-same-on-a-newer-system-is-no-news"),
        pytest.param("acme/app:1.2-alpine3.19", "1.3-alpine3.18", {}, {}, None, id="an-older-system-is-nothing-to-allow"),
        pytest.param("acme/app:1.2-alpine3.19", "2.0-alpine3.20", {}, {"policy": "minor"}, None, id="nor-what-the-policy-forbids-anyway"),
    ],
)  # fmt: skip
def test_what_only_a_person_may_lift(
    written: str, listed: str, days: dict[str, int], settings: dict[str, Any], hold: str | None
) -> None:
    ranking = ranked(written, listed, days, **settings)
    assert (ranking.hold.code if ranking.hold else None) == hold
    if ranking.hold is not None:
        assert ranking.hold.tag not in tags(ranking)
        assert "would allow it" in ranking.hold.reason


@pytest.mark.parametrize(
    ("listed", "taken"),
    [
        pytest.param("1.2-alpine3.20", "1.2-alpine3.20", id="the-system-alone"),
        pytest.param("1.3-alpine3.20 1.2-alpine3.21", "1.3-alpine3.20", id="the-version-first"),
        pytest.param("1.3-alpine3.18", None, id="never-a-fall"),
        pytest.param("1.2-alpine3.19", None, id="the-same"),
    ],
)
def test_follow_lets_a_system_rise(listed: str, taken: str | None) -> None:
    ranking = ranked("acme/app:1.2-alpine3.19", listed, environment="follow")
    assert next(iter(tags(ranking)), None) == taken


@pytest.mark.parametrize(
    ("written", "listed", "settings", "taken"),
    [
        pytest.param("nextcloud:27.1.4", "27.1.5 28.0.1 28.0.9 30.0.2", {}, "28.0.9", id="the-best-of-the-next-major"),
        pytest.param("nextcloud:27.1.4", "27.1.5 29.0.1 30.0.2", {}, "29.0.1", id="the-next-that-exists"),
        pytest.param("nextcloud:27.1.4", "30.0.2", {"stepwise": False}, "30.0.2", id="switched-off"),
        pytest.param("acme/db:1.0", "2.0 3.0", {"stepwise": True}, "2.0", id="switched-on"),
        pytest.param("nextcloud:27.1.4", "27.1.5 28.0.1", {"policy": "minor"}, "27.1.5", id="below-the-policy"),
    ],
)  # fmt: skip
def test_majors_one_by_one(written: str, listed: str, settings: dict[str, Any], taken: str) -> None:
    assert tags(ranked(written, listed, **settings))[0] == taken


def test_a_tag_that_is_gone_is_reported_and_stops_nothing() -> None:
    assert ranked("acme/app:1.0", "1.1").unlisted
    assert not ranked("acme/app:1.0", "1.0 1.1").unlisted


@pytest.mark.parametrize(
    ("written", "listed", "anchors"),
    [
        pytest.param(
            "acme/app:1.0", "1.0 1.1 1.2 latest", ("1.1", "1.0"), id="the-lower-and-the-current"
        ),
        pytest.param("acme/app:1.0", "1.0 1.1", (), id="no-latest"),
        pytest.param(
            "acme/app:1.0-alpine",
            "1.0-alpine 1.1-alpine 1.1 latest",
            (),
            id="latest-is-another-variant",
        ),
        pytest.param(
            "acme/app:1.0-ls1", "1.0-ls1 1.1-ls2 latest", ("1.0-ls1",), id="there-is-no-plain-one"
        ),
    ],
)
def test_what_latest_may_point_to(written: str, listed: str, anchors: tuple[str, ...]) -> None:
    assert ranked(written, listed).anchors == anchors
    assert ranked(written, listed, lift=("above-latest",)).anchors == ()


@pytest.mark.parametrize(
    ("written", "listed", "days", "settings", "taken"),
    [
        pytest.param("acme/app:main-1a2b3c4", "main-1a2b3c4 main-9f8e7d6 dev-2b3c4d5", {"main-1a2b3c4": 1, "main-9f8e7d6": 2, "dev-2b3c4d5": 3}, {}, ["main-9f8e7d6"], id="of-the-same-shape"),
        pytest.param("acme/app:main-1a2b3c4", "main-1a2b3c4 main-9f8e7d6 dev-2b3c4d5", {"main-1a2b3c4": 1, "main-9f8e7d6": 2, "dev-2b3c4d5": 3}, {"tags": "^(main|dev)-"}, ["dev-2b3c4d5", "main-9f8e7d6"], id="of-the-tags-that-were-named"),
        pytest.param("acme/app:main-1a2b3c4", "main-1a2b3c4 main-9f8e7d6", {"main-1a2b3c4": 2, "main-9f8e7d6": 1}, {}, [], id="never-back"),
        pytest.param("acme/app:main-1a2b3c4", "main-1a2b3c4 main-9f8e7d6", {"main-1a2b3c4": 1, "main-9f8e7d6": 1}, {}, [], id="strictly-later"),
    ],
)  # fmt: skip
def test_newest_goes_by_the_push(
    written: str, listed: str, days: dict[str, int], settings: dict[str, Any], taken: list[str]
) -> None:
    assert tags(ranked(written, listed, days, scheme="newest", **settings)) == taken


@pytest.mark.parametrize(
    ("scheme", "written", "settings", "taken"),
    [
        pytest.param("alphabetical", "acme/os:1-focal", {}, ["1-jammy"], id="a-word-is-no-version"),
        pytest.param("alphabetical", "acme/os:jammy", {"tags": "^(jammy|noble|focal)$"}, ["noble"], id="unless-named"),
        pytest.param("alphabetical", "acme/os:noble", {"tags": "^(jammy|noble|focal)$"}, [], id="and-then-never-back"),
        pytest.param("auto", "acme/os:latest", {"tags": "^1-"}, ["1-jammy", "1-focal"], id="a-word-becomes-what-is-named"),
    ],
)  # fmt: skip
def test_words(scheme: str, written: str, settings: dict[str, Any], taken: list[str]) -> None:
    listed = "1-focal 1-jammy focal jammy noble latest"
    found = tags(ranked(written, listed, scheme=scheme, **settings))
    assert found == taken if scheme != "auto" else found[0] in taken


def test_newest_without_push_times_is_unknown_not_current() -> None:
    policy = Policy(scheme="newest")
    listing = Complete(("main-1a2b3c4", "main-9f8e7d6"))
    outcome = decide.rank(use("acme/app:main-1a2b3c4"), listing, policy, catalog.scheme(policy))
    assert isinstance(outcome, Failure)
    assert outcome.code == "no-push-times"


def test_pin_asks_for_the_most_exact_versions_first() -> None:
    ranking = ranked(
        "nginx:latest", "latest 1.27 1.27.3 1.27.2 1.27.3-alpine 1.28.0-rc1", policy="pin"
    )
    assert ranking.twins[:2] == ("1.27.3", "1.27.3-alpine")
    assert "1.28.0-rc1" not in ranking.twins


def test_a_group_gives_the_order_whatever_it_is_called() -> None:
    for name in ("order", "version", "compare"):
        listed = "a-9-x b-10-y c-1699999999-z"
        found = ranked("acme/app:a-9-x", listed, tags=rf"^.-(?P<{name}>\d+)-.$")
        assert tags(found) == ["c-1699999999-z", "b-10-y"]


# Groups that move together.


def member(image: str, current: str, listed: str, **settings: Any) -> Ranking:
    return ranked(f"{image}:{current}", listed, group="g", together=True, **settings)


@pytest.mark.parametrize(
    ("web", "worker", "wanted"),
    [
        pytest.param("2.2 2.3", "2.2 2.3", (["2.3"], ["2.3"]), id="all-have-it"),
        pytest.param("2.2 2.3 2.4", "2.2 2.3", (["2.3"], ["2.3"]), id="the-newest-that-all-have"),
        pytest.param("2.2 2.3", "2.2", ([], []), id="one-lacks-it"),
    ],
)
def test_a_group_moves_to_what_all_have(
    web: str, worker: str, wanted: tuple[list[str], list[str]]
) -> None:
    both = together.narrowed([member("acme/web", "2.2", web), member("acme/worker", "2.2", worker)])
    assert all(isinstance(one, Ranking) for one in both)
    assert tuple(tags(one) for one in both if isinstance(one, Ranking)) == wanted
    first = both[0]
    assert isinstance(first, Ranking)
    if web != worker:
        assert first.hold is not None
        assert first.hold.code == "waits-for-group"
        assert "acme/worker" in first.hold.reason
    named = [*tags(first), *codes(first)]
    assert sorted(named) == sorted(web.split()), "each tag keeps exactly one verdict"


def test_a_member_that_is_there_already_stays() -> None:
    web, worker = together.narrowed(
        [
            member("acme/web", "v2.3-alpine", "v2.3-alpine"),
            member("acme/worker", "2.2", "2.2 2.3 2.4"),
        ]
    )
    assert isinstance(web, Ranking)
    assert isinstance(worker, Ranking)
    assert (tags(web), tags(worker)) == ([], ["2.3"])


def test_a_group_waits_for_a_member_that_is_unknown() -> None:
    web = member("acme/web", "2.2", "2.3")
    gone = Failure(use("acme/worker:2.2"), web.policy, "denied", "access denied")
    (held, _) = together.narrowed([web, gone])
    assert isinstance(held, Ranking)
    assert not held.candidates
    assert held.hold is not None
    assert "acme/worker, which access denied" in held.hold.reason


def test_uses_without_a_group_are_left_alone() -> None:
    alone = ranked("acme/app:1.0", "1.1")
    assert together.narrowed([alone]) == [alone]
    current = Current(alone.use, alone.policy, "up-to-date", "")
    assert together.agreed([alone], [current]) == [current]


# Users' expressions.


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(r"^(a|a(?R)?a)+b", id="recursion"),
        pytest.param(r"(?b)(?:a{20,}b){e}", id="fuzzy"),
        pytest.param(r"^(?:(a+)(?=\1))+(.+)+x$", id="backtracking"),
    ],
)
def test_an_expression_has_one_second_a_run_in_all(text: str) -> None:
    patterns.renew()
    start = time.perf_counter()
    for number in range(3):
        listed = tuple(f"{'a' * 100}{number}.{n}" for n in range(50))
        policy = replace(Policy(), tags=text, deny=(text,))
        outcome = decide.rank(
            use(f"acme/app{number}:1.0"), Complete(listed), policy, catalog.scheme(policy)
        )
        if isinstance(outcome, Ranking):
            assert len(list(outcome.refused)) + len(outcome.candidates) == 50
    assert time.perf_counter() - start < 3


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(?:a{99999}){99999}", id="repeats-of-repeats"),
        pytest.param("(" * 900 + ")" * 900, id="deep"),
        pytest.param("a|" * 2000, id="long"),
        pytest.param("(", id="broken"),
        pytest.param("[", id="broken-class"),
    ],
)
def test_an_expression_that_cannot_be_compiled_is_refused(text: str) -> None:
    with pytest.raises(patterns.BadPatternError, match="regular expression"):
        patterns.compile_pattern(text)


@pytest.mark.parametrize(
    "text", [r"^[0-9a-f]{64}-[0-9a-f]{40}-\d{8}$", r"^v\d{1,3}\.\d+$", r"[{]3}"]
)
def test_an_expression_that_people_write_is_no_trouble(text: str) -> None:
    assert patterns.compile_pattern(text).text == text


# The laws, over every list and every policy.


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_laws_of_a_ranking(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(IMAGES))
    listed = tuple(dict.fromkeys(path.read_text("utf-8").split()))
    current = data.draw(st.sampled_from(listed))
    scheme = data.draw(
        st.sampled_from(
            ["auto", "auto", "auto", "semver", "calver", "numeric", "newest", "alphabetical"]
        )
    )
    days = {tag: 1 + place % 28 for place, tag in enumerate(listed)}
    pushed = {tag: datetime(2026, 1, day, tzinfo=UTC) for tag, day in days.items()}
    base = Policy(
        scheme=scheme,
        prerelease=data.draw(st.booleans()),
        environment=data.draw(st.sampled_from(["freeze", "follow"])),
        lift=data.draw(st.sampled_from([(), ("scheme-jump", "pushed-earlier")])),
    )
    policy = policies.parse(data.draw(st.sampled_from(POLICIES)), base)
    listing = Complete(listed, pushed)
    ranking = decide.rank(use(f"acme/app:{current}"), listing, policy, catalog.scheme(policy))
    if not isinstance(ranking, Ranking):
        assert isinstance(ranking, Failure | Ignored)
        return
    best = tags(ranking)
    mixed = Complete(tuple(data.draw(st.permutations(listed))), pushed)
    other = decide.rank(use(f"acme/app:{current}"), mixed, policy, catalog.scheme(policy))
    assert isinstance(other, Ranking)
    assert best == tags(other), "the choice never depends on the order of the list"
    named = [*best, *(refusal.tag for refusal in ranking.refused)]
    assert sorted(named) == sorted(listed), "each tag has exactly one verdict"
    if best:
        again = decide.rank(use(f"acme/app:{best[0]}"), listing, policy, catalog.scheme(policy))
        assert isinstance(again, Ranking)
        assert current not in tags(again)
        assert best[0] not in tags(again), "strictly greater, under every policy"


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.stem)
@pytest.mark.parametrize("policy", ["major", "minor", "patch", "all"])
def test_proposing_twice_proposes_nothing(path: Any, policy: str) -> None:
    listed = tuple(dict.fromkeys(path.read_text("utf-8").split()))
    for current in listed[::3]:
        settled = policies.parse(policy)
        one = use(f"acme/app:{current}")
        ranking = decide.rank(one, Complete(listed), settled, catalog.scheme(settled))
        if isinstance(ranking, Ranking) and ranking.candidates:
            moved = use(f"acme/app:{ranking.candidates[0].tag}")
            again = decide.rank(moved, Complete(listed), settled, catalog.scheme(settled))
            assert isinstance(again, Ranking)
            assert not again.candidates, (current, tags(ranking)[0], tags(again)[0])


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.stem)
def test_the_order_within_a_shape(path: Any) -> None:
    scheme = catalog.SCHEMES["auto"]
    groups: dict[tuple[str, str], list[Any]] = {}
    for tag in path.read_text("utf-8").split():
        version = scheme.parse(tag)
        if version is not None:
            groups.setdefault((version.kind, version.shape), []).append(version.order)
    for orders in groups.values():
        some = sorted(orders)[:25]
        for place, low in enumerate(some):
            for high in some[place:]:
                assert not high < low, "antisymmetric and transitive: the sorted list stays sorted"
                assert (low < high) + (low == high) == 1, "total"


def test_every_code_has_a_sentence_without_gaps() -> None:
    version = catalog.SCHEMES["auto"].parse("1.2.3")
    assert version is not None
    for code in verdicts.CODES:
        assert "{" not in verdicts.sentence(code, version, version)


def test_the_readme_names_every_code() -> None:
    readme = (HERE.parent / "README.md").read_text("utf-8")
    table = readme.partition("| code | why a tag is not taken |")[2].partition("\n## ")[0]
    assert set(verdicts.CODES) - set(re.findall(r"`([a-z-]+)`", table)) == set()
