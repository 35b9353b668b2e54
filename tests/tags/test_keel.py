"""Keel's own tables (its tests of policies): where we answer as it does, and which guard says otherwise.

Its `force` is our `digest`: a tag moves only by a policy that says how far, so those rows differ by
`above-policy`; a word tag is left only for a `tags:` rule or `policy: pin` (`floating-tag`).
"""

from __future__ import annotations

import pytest

from bumper import catalog, decide, policies
from bumper.model import Complete, Ranking
from tests.support import use

# current, new, policy, what Keel does, our guard where we do not follow it.
ROWS = [
    ("1.4.5", "1.4.3", "all", "no", ""),
    ("1.4.5", "1.4.6", "all", "yes", ""),
    ("1.4.5", "1.4.5", "all", "no", ""),
    ("1.4", "1.5", "all", "yes", ""),
    ("1.4.5", "1.5.5", "major", "yes", ""),
    ("1.4.5", "2.4.5", "major", "yes", ""),
    ("1.4.5", "1.4.6", "patch", "yes", ""),
    ("1.4", "1.4.6", "patch", "yes", "other-precision"),
    ("1.4", "1.5.6", "patch", "no", ""),
    ("1.4.5", "1.4.4", "patch", "no", ""),
    ("1.4", "1.5", "patch", "no", ""),
    ("1.4.5", "2.4.6", "patch", "no", ""),
    ("1.4.5", "1.4.5", "patch", "no", ""),
    ("1.4.5", "1.5.5", "minor", "yes", ""),
    ("1.4", "1.5", "minor", "yes", ""),
    ("1.4.5", "1.4.6", "minor", "yes", ""),
    ("1.4.5", "1.4.5-xx", "minor", "no", ""),
    ("v1.0.0", "v1.0.1-metadata", "minor", "no", ""),
    ("v1.0.0-metadata", "v1.0.1-metadata", "minor", "yes", ""),
    ("1.4.5-xx", "1.4.6-xx", "minor", "yes", ""),
    ("1.4.5-xx", "1.4.6-yy", "minor", "no", ""),
    ("1.4.5", "3050", "all", "no", ""),  # an error there
    ("1.4.5-xx", "1.4.5-yy", "all", "yes", "other-variant"),
    ("1.4.5-xx", "1.4.5-yy", "patch", "yes", "other-variant"),
    ("latest", "latest", "force", "yes", "floating-tag"),
    ("latest", "main", "force", "yes", "floating-tag"),
    ("latest", "1.2.3", "force", "yes", "floating-tag"),
    ("7.9.1-1-ubi8", "8.0.0", "force", "yes", "other-variant"),
    ("7.9.1-1-ubi8", "3.0.0", "force", "no", ""),
    ("8.1.0", "8.0.0", "force", "no", ""),
    ("8.1.0", "8.1.0", "force", "yes", "current"),
    ("1.4.5", "1.4.6", "force", "yes", "above-policy"),
    ("1.2.3-4", "1.2.3-3", "force", "no", ""),
    ("1.2.3-3", "1.2.3-4", "force", "yes", "above-policy"),
    ("7.9.1-1-ubi8", "7.9.1", "force", "yes", "other-variant"),
    ("latest", "latest", "force", "yes", "floating-tag"),  # with match-tag
    ("latest", "main", "force", "no", ""),  # with match-tag
    ("1.2.3", "1.2.4", "force", "no", ""),  # with match-tag
    ("latest", "latest", "glob:latest", "no", ""),
    ("latest", "earliest", "glob:latest", "no", ""),
    ("latest", "latest", "glob:lat*", "no", ""),
    ("latest.20241321", "latest.20251321", "glob:latest.*", "yes", ""),
    ("latest.20251321", "latest.20241321", "glob:latest.*", "no", ""),
]


@pytest.mark.parametrize(
    ("current", "new", "policy", "keel", "guard"),
    [
        pytest.param(*row, id=f"{number}-{row[2]}-{row[0]}-{row[1]}")
        for number, row in enumerate(ROWS)
    ],
)
def test_a_policy_of_keels(current: str, new: str, policy: str, keel: str, guard: str) -> None:
    verdict = judged(current, (new,), policy)
    assert (verdict == "taken") == (keel == "yes" and not guard)
    if guard:
        assert verdict == guard


def judged(current: str, tags: tuple[str, ...], policy: str) -> str:
    """What became of the first of the tags: taken, or the code that refuses it."""
    one, settled = use(f"acme/app:{current}"), policies.parse(policy)
    listing = Complete(tuple(dict.fromkeys((current, *tags))))
    ranking = decide.screen(one, settled) or decide.rank(
        one, listing, settled, catalog.scheme(settled)
    )
    if not isinstance(ranking, Ranking):
        return ranking.code
    codes = {refusal.tag: refusal.code for refusal in ranking.refused}
    return codes.get(tags[0], "taken")


@pytest.mark.parametrize(
    ("tags", "current", "policy", "chosen"),
    [
        pytest.param("1.3 2.5 2.7 3.8", "1.3", "major", "3.8", id="major"),
        pytest.param("1.3 2.5 2.7 3.8", "2.5", "minor", "2.7", id="minor"),
        pytest.param("1.3.0-dev 1.5.0 1.8.0-alpha", "1.1.0", "major", "1.5.0", id="no-pre-release"),
        pytest.param("1.3.0-dev 1.5.0 1.8.0-alpha", "1.2.0-dev", "major", "1.5.0", id="differs-a-pre-release-graduates"),
        pytest.param("v0.1.2-ls1 v0.1.9-ls2 v0.2.0-ls3", "v0.1.0-ls1", "minor", "v0.2.0-ls3", id="a-counter"),
        pytest.param("1.3 1.5 2.0 1.2.1", "1.2", "patch", None, id="differs-precision-is-kept"),
        pytest.param("1.3 1.5 2.0 1.2.1", "1.2", "minor", "1.5", id="two-parts-minor"),
        pytest.param("1.3 1.5 2.0 1.2.1", "1.2", "major", "2.0", id="two-parts-major"),
        pytest.param("1.3.0 1.5.0 2.0.0 1.2.1", "1.2.0", "patch", "1.2.1", id="three-parts-patch"),
        pytest.param("1.3.0 1.5.0 2.0.0 1.2.1", "1.2.0", "minor", "1.5.0", id="a-major-hides-no-minor"),
        pytest.param("1.3.0-dev build-1694132169 build-1696801785", "1.0.0", "glob:build-*", None, id="differs-never-across-prefixes"),
        pytest.param("build-1696801785 build-1695801785", "build-1694132169", "glob:build-*", "build-1696801785", id="builds"),
        pytest.param("build-1a-1696801785 build-3a-1695801785", "build-2a-1694132169", r"regexp:^build-.*-(?P<compare>.+)$", "build-1a-1696801785", id="compare"),
        pytest.param("build-10", "build-9", "glob:build-*", "build-10", id="differs-numbers-not-text"),
        pytest.param("3.0.0 5.0.0 8.0.0 latest", "7.9.1-1-ubi8", "force", None, id="differs-force-keeps-the-tag"),
    ],
)  # fmt: skip
def test_a_poll_of_keels(tags: str, current: str, policy: str, chosen: str | None) -> None:
    one, settled = use(f"acme/app:{current}"), policies.parse(policy)
    ranking = decide.rank(one, Complete(tuple(tags.split())), settled, catalog.scheme(settled))
    assert isinstance(ranking, Ranking)
    assert (ranking.candidates[0].tag if ranking.candidates else None) == chosen
