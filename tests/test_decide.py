"""Which tag is taken, which is refused and why: tables over the lists of real images, and the laws."""

from __future__ import annotations

import csv
import time
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bumper import decide, patterns, policies
from bumper.judging import verdicts
from bumper.model import Complete, Failure, Ignored, Incomplete, Ranking
from bumper.reference import TAG
from bumper.schemes import auto
from tests.support import HERE, use

if TYPE_CHECKING:
    from bumper.model import Policy
    from bumper.schemes.base import Version

TAGS = HERE / "tags"
IMAGES = sorted(path.stem.replace("+", "/") for path in TAGS.glob("*.txt"))


def listed(image: str) -> tuple[str, ...]:
    lines = (TAGS / f"{image.replace('/', '+')}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip().replace("+", "/") for line in lines if line.strip())


def ranked(written: str, tags: tuple[str, ...], policy: Policy) -> Ranking | Ignored | Failure:
    one = use(written)
    screened = decide.screen(one, policy)
    return screened or decide.rank(one, Complete(tags), policy, auto)


def picked(written: str, tags: tuple[str, ...], policy: str = "major") -> str | None:
    """The best tag, None if the file stays as it is."""
    ranking = ranked(written, tags, policies.parse(policy))
    return (
        ranking.candidates[0].tag if isinstance(ranking, Ranking) and ranking.candidates else None
    )


def expectations() -> list[tuple[str, str, str, str, str]]:
    with (TAGS / "expect.tsv").open(encoding="utf-8") as file:
        return [
            (row["image"], row["current"], policy, row[policy], row["why"])
            for row in csv.DictReader(file, delimiter="\t")
            for policy in ("all", "minor", "patch")
        ]


@pytest.mark.parametrize(
    ("image", "current", "policy", "wanted", "why"),
    [pytest.param(*row, id=f"{row[0]}-{row[1]}-{row[2]}") for row in expectations()],
)
def test_real_lists(image: str, current: str, policy: str, wanted: str, why: str) -> None:
    got = picked(f"{image}:{current}", listed(image), policy) or current
    assert got == (current if wanted == "-" else wanted), why


@pytest.mark.parametrize(
    ("written", "tags", "wanted"),
    [
        pytest.param("nginx:1.25-alpine", "1.26-alpine 1.27-alpine 1.27-alpine-perl 1.27.3-alpine 1.27-alpine3.20", "1.27-alpine", id="a-variant-is-no-upgrade"),
        pytest.param("python:3.12.1-slim-bookworm", "3.12.8-slim-bookworm 3.13.1-slim-bookworm 3.14.0a2-slim-bookworm 3.13.1-slim-trixie", "3.13.1-slim-bookworm", id="no-alpha-no-other-system"),
        pytest.param("linuxserver/jellyfin:10.11.4", "10.11.5 2021.12.16 10.11.5ubu2404-ls12", "10.11.5", id="a-date-is-no-version"),
        pytest.param("emby/embyserver:4.9.0.9", "4.9.0.12 4.9.0.10 4.9.0.5", "4.9.0.12", id="four-parts-as-numbers"),
        pytest.param("acme/onprem:3.0.0-rc.0", "3.0.0-rc.1 3.0.0 3.1.0-rc.1", "3.0.0", id="a-candidate-reaches-its-release"),
        pytest.param("acme/my-image:1.20", "1.20.0 v1.20 1.20", None, id="another-spelling-is-not-newer"),
        pytest.param("acme/ubi:8.6-990", "8.6-994 8.7-929 8.7-929.1669", "8.7-929", id="a-counter-starts-again"),
        pytest.param("bitnami/x:2.1.3-debian-10-r38", "2.1.3-debian-10-r40 2.1.4-debian-11-r0 2.1.4-debian-10-r1", "2.1.4-debian-10-r1", id="the-system-is-frozen"),
        pytest.param("grafana/grafana:11.3.0", "11.3.1 11.4.0-12345 main", "11.3.1", id="a-build-is-no-release"),
        pytest.param("minio/minio:RELEASE.2025-07-23T15-54-02Z", "RELEASE.2025-09-07T16-13-09Z RELEASE.2025-09-07T16-13-09Z-cpuv1 latest", "RELEASE.2025-09-07T16-13-09Z", id="a-date-with-time"),
        pytest.param("alpine:3.20", "3.21 3.22 20260127 edge 3.22.1", "3.22", id="a-snapshot-is-no-release"),
        pytest.param("devcontainers/node:4.0.13-24-trixie", "4.0.14-24-trixie 4-22-trixie 4.0-24-trixie", "4.0.14-24-trixie", id="precision"),
        pytest.param("acme/wud:7.2.0", "8.0.0 feature__502_x latest main", "8.0.0", id="a-branch-is-no-version"),
        pytest.param("plex:1.43.3.10861-07dfddaeb", "1.43.3.10896-cb3ebc72d", "1.43.3.10896-cb3ebc72d", id="a-hash-is-noise"),
        pytest.param("linuxserver/x:v4.0.3-ls215", "v4.0.3-ls216 v4.0.4-ls1", "v4.0.4-ls1", id="a-counter-is-lower-order"),
        pytest.param("qbittorrent:4.6.2", "4.6.7 5.0.1 20.04.1", "5.0.1", id="a-scheme-jump"),
        pytest.param("acme/app:pr-678", "pr-679", None, id="a-branch-number"),
        pytest.param("acme/app:feature__502", "feature__503", None, id="a-feature-branch"),
        pytest.param("acme/app:1234567", "2345678", None, id="a-hash-of-digits"),
        pytest.param("acme/app:16", "99", None, id="a-jump-of-one-number"),
        pytest.param("qbittorrent:4.6.2", "4.6.7 20.4.1", "4.6.7", id="a-scheme-jump-without-padding"),
        pytest.param("nextcloud:27.1.4", "27.1.5 28.0.1 30.0.2", "28.0.1", id="one-major-at-a-time"),
        pytest.param("temurin:21.0.5_11-jre", "21.0.6_7-jre 21.0.6_7-jdk 23.0.1_1-jre", "23.0.1_1-jre", id="an-underscore-counter"),
        pytest.param("acme/x:1.2.3", "sha256-" + "a" * 64 + ".sig 1.2.3-cache buildcache", None, id="artifacts"),
    ],
)  # fmt: skip
def test_pitfalls_of_other_bots(written: str, tags: str, wanted: str | None) -> None:
    assert picked(written, tuple(tags.split())) == wanted


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        pytest.param("patch", "1.2.9", id="patch"),
        pytest.param("minor", "1.10.0", id="minor"),
        pytest.param("major", "3.1.0", id="major"),
        pytest.param("all", "3.1.0", id="keel-all"),
        pytest.param("ignore", None, id="ignore"),
        pytest.param("never", None, id="keel-never"),
        pytest.param("digest", None, id="digest-never-moves-a-tag"),
        pytest.param("force", None, id="keel-force-never-moves-a-tag"),
        pytest.param("^1.2", "1.10.0", id="caret"),
        pytest.param("~1.2", "1.2.9", id="tilde"),
        pytest.param(">=1.4 <3", "2.0.0", id="between"),
        pytest.param("1.x || 3.x", "3.1.0", id="either"),
        pytest.param("glob:2.*", "2.0.0", id="keel-glob"),
        pytest.param(r"regexp:^1\.4\.", "1.4.0", id="keel-regexp"),
    ],
)
def test_policies(policy: str, wanted: str | None) -> None:
    tags = ("1.0.0", "1.2.3", "1.2.9", "1.4.0", "1.10.0", "2.0.0", "3.1.0", "4.0.0-rc.1")
    assert picked("acme/app:1.2.3", tags, policy) == wanted


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        pytest.param("1.25.3", "current", id="current"),
        pytest.param("1.25.2", "older", id="older"),
        pytest.param("1.26", "other-precision", id="precision"),
        pytest.param("1.26.0-alpine", "other-variant", id="variant"),
        pytest.param("v1.26.0", "other-prefix", id="prefix"),
        pytest.param("20260101", "other-kind", id="kind"),
        pytest.param("latest", "no-version", id="word"),
        pytest.param("1.26.0-rc1", "pre-release", id="pre-release"),
        pytest.param("2.0.0", "above-policy", id="level"),
        pytest.param("sha256-" + "0" * 64 + ".sig", "not-an-image", id="signature"),
    ],
)
def test_every_refusal_has_its_reason(tag: str, code: str) -> None:
    tags = ("1.25.3", "1.25.4", *([tag] if tag != "1.25.3" else []))
    ranking = ranked("nginx:1.25.3", tags, policies.parse("minor"))
    assert isinstance(ranking, Ranking)
    found = next(refusal for refusal in ranking.refused if refusal.tag == tag)
    assert found.code == code
    assert found.reason
    assert "{" not in found.reason


def test_a_newer_system_is_a_hold_that_names_the_way_out() -> None:
    ranking = ranked(
        "redis:7.2.1-alpine3.19", ("7.2.1-alpine3.19", "7.4.0-alpine3.20"), policies.parse("major")
    )
    assert isinstance(ranking, Ranking)
    assert not ranking.candidates
    assert ranking.hold is not None
    assert ranking.hold.code == "other-environment"
    assert "environment: follow" in ranking.hold.reason


def test_a_bump_mentions_a_newer_version_on_a_newer_system() -> None:
    tags = ("1.2.4-alpine3.19", "1.9.0-alpine3.20")
    ranking = ranked("acme/app:1.2.3-alpine3.19", tags, policies.parse("major"))
    assert isinstance(ranking, Ranking)
    assert [candidate.tag for candidate in ranking.candidates] == ["1.2.4-alpine3.19"]
    assert ranking.hold is not None
    assert ranking.hold.tag == "1.9.0-alpine3.20"


def test_an_incomplete_list_decides_nothing() -> None:
    one = use("nginx:1.25.3")
    outcome = decide.rank(
        one, Incomplete("list-cut", "page 2 failed"), policies.parse("major"), auto
    )
    assert isinstance(outcome, Failure)
    assert outcome.code == "list-cut"


@pytest.mark.parametrize("written", ["nginx", "nginx:latest", "acme/app:main", "traefik:mimolette"])
def test_a_tag_without_a_version_is_left_alone(written: str) -> None:
    assert isinstance(ranked(written, ("1.0.0", "latest"), policies.parse("major")), Ignored)


def test_a_slow_expression_fails_its_image_within_a_second() -> None:
    policy = policies.parse("regexp:^(a|aa)+$")
    tags = tuple(f"{'a' * 60}{number}" for number in range(50))
    outcome = ranked("acme/app:latest", tags, policy)
    assert isinstance(outcome, Failure)
    assert outcome.code == "slow-pattern"


@pytest.mark.parametrize("length", [29, 60, 128])
@pytest.mark.parametrize(
    ("expression", "letter", "end"),
    [
        (r"^(a+)+$", "a", "!"),
        (r"^([a-z0-9]+)*\.$", "a", ""),
        (r"(a|aa)+$", "a", "b"),
        (r"(.*a){25}", "a", ""),
        (r"(.*a){25}", "b", ""),
        (r"^(?:v?(\d+\.?)*)+$", "1", "x"),
    ],
)
def test_table_b7_an_expression_is_done_or_its_image_fails(
    expression: str, letter: str, end: str, length: int
) -> None:
    """Whether there is an answer depends on the engine; that the run goes on does not."""
    patterns.renew()
    tags = tuple(f"{letter * (length - 1 - len(end))}{number}{end}" for number in range(9))
    start = time.process_time()
    outcome = ranked("acme/app:1.0", tags, policies.parse(f"regexp:{expression}"))
    if isinstance(outcome, Failure):
        assert outcome.code == "slow-pattern"
        assert expression in outcome.reason
    # A bound, not a speed: without one this takes longer than anybody waits.
    assert time.process_time() - start < 20


ODD_TAGS = (
    "9" * 128, "1." * 64, ("1.2.3-" + "0." * 50)[:-1], "1.\u00b2", "\u0661.0", "1.\u00e9", "1.e\u0301", "1.3\u202e4",
    "1.\u200b3", "1.\u00ad3", "\ufeff1.3", "1.3%0A", "1.3\r::add-mask::x", "1.3]]>", "@everyone", "Fixes #1",
    "closes org/repo#1", "GH-1", "</details>", "<!-- bumper:", "![x](http://cap/x.png)", "[x](javascript:alert(1))",
    "```", "|" * 10_000, "1.2.9" + "9" * 4999,
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD_TAGS, ids=range(len(ODD_TAGS)))
def test_table_b7_an_odd_tag_beside_a_good_one_is_never_taken(odd: str) -> None:
    """What the grammar allows is compared as a version like any other; nothing else gets this far."""
    for scheme in ("major", "regexp:.*"):
        chosen = picked("acme/app:1.2.3", ("1.2.3", "1.2.4", odd), scheme)
        assert chosen in {"1.2.4", *({odd} if TAG.fullmatch(odd) else ())}
    assert picked("acme/app:1.2.3", ("1.2.3", "1.2.4", odd)) == "1.2.4"


def test_a_named_group_gives_the_order() -> None:
    policy = policies.parse(r"regexp:^main-(?P<order>\d+)-[0-9a-f]{7}$")
    tags = ("main-9-aaaaaa1", "main-10-bbbbbb2", "main-11-ccccccc3", "latest")
    assert isinstance(ranked("acme/app:main-9-aaaaaa1", tags, policy), Ranking)
    assert picked("acme/app:main-9-aaaaaa1", tags, policy.written) == "main-10-bbbbbb2"


# The laws, over every list of real tags.


def groups(image: str) -> list[list[Version]]:
    table: dict[tuple[str, str], list[Version]] = {}
    for tag in listed(image):
        version = auto.parse(tag)
        if version is not None and not verdicts.is_artifact(tag):
            table.setdefault((version.kind, version.shape), []).append(version)
    return list(table.values())


@pytest.mark.parametrize("image", IMAGES)
def test_order_is_total_within_a_shape(image: str) -> None:
    for group in groups(image):
        for one, other in combinations(group[:60], 2):
            signs = (one.order < other.order, one.order == other.order, one.order > other.order)
            assert sum(signs) == 1, (one.tag, other.tag)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_choice_obeys_the_laws(data: st.DataObject) -> None:
    image = data.draw(st.sampled_from(IMAGES))
    tags = listed(image)
    current = data.draw(st.sampled_from(tags))
    policy = policies.parse(
        data.draw(st.sampled_from(["major", "minor", "patch", "all", ">=1", "glob:*"]))
    )
    ranking = ranked(f"{image}:{current}", tags, policy)
    if not isinstance(ranking, Ranking):
        return
    shuffled = ranked(f"{image}:{current}", tuple(data.draw(st.permutations(tags))), policy)
    assert isinstance(shuffled, Ranking)
    best = [candidate.tag for candidate in ranking.candidates]
    assert best[:1] == [candidate.tag for candidate in shuffled.candidates][:1]
    named = [*best, *(refusal.tag for refusal in ranking.refused)]
    assert sorted(named) == sorted(tags), "each tag of the list ends with exactly one verdict"
    old = auto.parse(current)
    for tag in best:
        new = auto.parse(tag)
        assert new is not None
        assert old is None or new.order > old.order, "only what is strictly greater"
    if best:
        again = ranked(f"{image}:{best[0]}", tags, policy)
        assert isinstance(again, Ranking)
        assert not again.candidates or again.candidates[0].tag not in {current, best[0]}
