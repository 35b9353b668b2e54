"""What a digest says: tag and digest move together, a rebuild is told from news, `latest` is asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bumper import confirm
from bumper.model import Bump, Candidate, Current, Hold, Level, Policy, Ranking
from bumper.registries.recorded import Replay
from tests.support import use

if TYPE_CHECKING:
    from bumper.model import Outcome

OLD, NEW, ARM, ARM_NEW, AMD = (f"sha256:{digit * 64}" for digit in "12345")
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def index(digest: str, **children: str) -> dict[str, Any]:
    named = {f"linux/{name}": child for name, child in children.items()}
    return {"digest": digest, "platforms": list(named), "contents": named}


def outcome(ranking: Ranking, manifests: dict[str, Any]) -> Outcome:
    registry = Replay("r.example", {"r.example/a/b": {"manifests": manifests}})
    return asyncio.run(confirm.confirm([ranking], lambda _: registry))[0]


def ranking(written: str, *tags: str, policy: Policy | None = None, **more: Any) -> Ranking:
    candidates = tuple(Candidate(tag, Level.MINOR) for tag in tags)
    return Ranking(use(f"r.example/a/b{written}"), policy or Policy(), candidates, (), **more)


@pytest.mark.parametrize(
    ("written", "digest", "wanted"),
    [
        pytest.param(":1.0", "keep", None, id="keep-adds-none"),
        pytest.param(":1.0", "pin", NEW, id="pin-adds-the-index's"),
        pytest.param(f":1.0@{OLD}", "keep", NEW, id="keep-moves-it-with-the-tag"),
        pytest.param(f":1.0@{OLD}", "strip", None, id="strip-takes-it-away"),
        pytest.param(f":1.0@{ARM}", "keep", ARM_NEW, id="a-platform's-own-stays-that-platform's"),
    ],
)
def test_the_digest_beside_a_new_tag(written: str, digest: str, wanted: str | None) -> None:
    manifests = {
        "1.0": index(OLD, amd64=AMD, arm64=ARM),
        OLD: index(OLD, amd64=AMD, arm64=ARM),
        ARM: {"digest": ARM, "media_type": MANIFEST, "platforms": ["linux/arm64"]},
        "1.1": index(NEW, amd64=NEW, arm64=ARM_NEW),
    }
    found = outcome(ranking(written, "1.1", policy=Policy(digest=digest)), manifests)
    assert isinstance(found, Bump)
    assert (found.new_tag, found.new_digest) == ("1.1", wanted)


@pytest.mark.parametrize(
    ("written", "policy", "now", "wanted"),
    [
        pytest.param(f":1.0@{OLD}", Policy(), index(NEW, amd64=NEW), (NEW, "newer-digest"), id="pushed-again"),
        pytest.param(f":1.0@{OLD}", Policy(), index(NEW, amd64=AMD), (None, "same-platforms"), id="a-rebuilt-index-is-no-news"),
        pytest.param(f":1.0@{OLD}", Policy(), index(NEW, amd64=AMD, arm64=NEW), (None, "same-platforms"), id="a-platform-more-is-no-news"),
        pytest.param(f":1.0@{OLD}", Policy(platforms=("linux/arm64",)), index(NEW, amd64=AMD, arm64=NEW), (NEW, "newer-digest"), id="unknown-for-the-platform-in-use"),
        pytest.param(f":1.0@{OLD}", Policy(), index(OLD, amd64=AMD), (None, "up-to-date"), id="the-same"),
        pytest.param(":1.0", Policy(), index(NEW, amd64=AMD), (None, "up-to-date"), id="no-digest-in-the-file"),
        pytest.param(":1.0", Policy(digest="pin"), index(NEW, amd64=AMD), (NEW, "newer-digest"), id="pin"),
        pytest.param(f":1.0@{OLD}", Policy(digest="strip"), index(NEW, amd64=AMD), (None, "digest-stripped"), id="strip"),
        pytest.param(f"@{OLD}", Policy(), index(NEW, amd64=NEW), (None, "up-to-date"), id="no-tag-is-not-latest"),
    ],
)  # fmt: skip
def test_the_same_tag(
    written: str, policy: Policy, now: dict[str, Any], wanted: tuple[str | None, str]
) -> None:
    manifests = {"1.0": now, OLD: index(OLD, amd64=AMD), "latest": index(NEW, amd64=NEW)}
    found = outcome(ranking(written, policy=policy), manifests)
    assert (getattr(found, "new_digest", None), found.code) == wanted


def test_a_platforms_own_digest_follows_that_platform() -> None:
    manifests = {
        "1.0": index(NEW, amd64=AMD, arm64=ARM),
        ARM: {"digest": ARM, "media_type": MANIFEST, "platforms": ["linux/arm64"]},
    }
    assert isinstance(outcome(ranking(f":1.0@{ARM}"), manifests), Current)


@pytest.mark.parametrize(
    ("latest", "new_tag", "code"),
    [
        pytest.param("1.3", "1.3", "newer-tag", id="it-is-the-best"),
        pytest.param("1.2", "1.2", "newer-tag", id="it-is-a-lower-one-which-is-taken"),
        pytest.param("1.0", "1.3", "above-latest", id="it-is-the-current-one-so-all-are-held"),
        pytest.param("2.0", "1.3", "newer-tag", id="it-is-above-what-the-policy-allows"),
        pytest.param("other", "1.3", "newer-tag", id="it-is-no-version-of-this-shape"),
        pytest.param(None, "1.3", "newer-tag", id="there-is-none"),
    ],
)
def test_nothing_above_latest(latest: str | None, new_tag: str, code: str) -> None:
    tags = ("1.0", "1.2", "1.3", "2.0", "other")
    manifests = {tag: index(f"sha256:{n}", amd64=AMD) for n, tag in enumerate(tags)}
    if latest is not None:
        manifests["latest"] = manifests[latest]
    found = outcome(ranking(":1.0", "1.3", "1.2", anchors=("2.0", "1.2", "1.0")), manifests)
    assert (getattr(found, "new_tag", None), found.code) == (new_tag, code)
    assert isinstance(found, Hold) == (code == "above-latest")


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        pytest.param(":latest", ("1.2.3", None), id="what-it-points-to-now"),
        pytest.param(f":latest@{OLD}", ("1.2.2", OLD), id="what-the-file-has-pinned"),
    ],
)
def test_a_word_tag_is_pinned_to_the_version_it_is(
    written: str, wanted: tuple[str, str | None]
) -> None:
    manifests = {
        "latest": index(NEW, amd64=AMD),
        "1.2.4": index(ARM, amd64=AMD),
        "1.2.3": index(NEW, amd64=AMD),
        "1.2.2": index(OLD, amd64=AMD),
        OLD: index(OLD, amd64=AMD),
    }
    found = outcome(ranking(written, twins=("1.2.4", "1.2.3", "1.2.2")), manifests)
    assert isinstance(found, Bump)
    assert (found.new_tag, found.new_digest) == wanted


def test_a_word_tag_that_is_no_version_stays() -> None:
    manifests = {"latest": index(NEW, amd64=AMD), "1.2.4": index(ARM, amd64=AMD)}
    found = outcome(ranking(":latest", twins=("1.2.4",)), manifests)
    assert isinstance(found, Hold)
    assert found.code == "no-version-has-it"
