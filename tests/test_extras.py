"""Who is asked of a pull request, its labels, and what may merge by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bumper import extras, plan
from bumper.config.proposals import PullRequests
from bumper.model import Level, Setting
from tests.test_grouping import bump

if TYPE_CHECKING:
    from bumper.model import Bump

DAY = 86_400


def said(one: Bump, **settings: str) -> Bump:
    more = tuple(
        Setting(key.replace("_", "-"), value, "rules[0]") for key, value in settings.items()
    )
    return replace(one, policy=replace(one.policy, said=(*one.policy.said, *more)))


def test_a_group_asks_everybody_whom_its_images_name_once() -> None:
    one = said(bump("web", group="g"), reviewers="ada, @acme/web", labels="web", assignees="eve")
    two = said(bump("api", line=2, group="g"), reviewers="ada,grace", labels="bumper,api")
    wanted = PullRequests.model_validate({"milestone": "Q1", "draft": True})
    (request,) = plan.plan([one, two], wanted, "main")
    assert request.reviewers == ("ada", "acme/web", "grace")
    assert (request.assignees, request.labels) == (("eve",), ("bumper", "web", "api"))
    assert (request.milestone, request.draft, request.automerge) == ("Q1", True, False)


def test_the_owners_of_the_files_stand_for_the_word() -> None:
    one = said(bump("web", "a/compose.yaml"), reviewers="grace,codeowners", assignees="codeowners")
    (request,) = plan.plan([one], PullRequests(), "main")
    owned = extras.owned(request, {"a/compose.yaml": ("ada", "acme/web")}.__getitem__)
    assert owned.reviewers == ("grace", "ada", "acme/web")
    assert owned.assignees == ("ada", "acme/web")
    assert extras.owned(request, None).reviewers == ("grace",)


@pytest.mark.parametrize(
    ("bumps", "may"),
    [
        pytest.param([bump("web", level=Level.PATCH, age=9 * DAY)], False, id="never-unasked"),
        pytest.param([said(bump("web", level=Level.PATCH, age=9 * DAY), automerge="patch")], True, id="asked"),
        pytest.param([said(bump("web", level=Level.DIGEST, age=9 * DAY), automerge="patch")], True, id="a-smaller-step"),
        pytest.param([said(bump("web", level=Level.MINOR, age=9 * DAY), automerge="patch")], False, id="a-bolder-step"),
        pytest.param([said(bump("web", level=Level.MAJOR, age=9 * DAY), automerge="minor")], False, id="a-major"),
        pytest.param([said(bump("postgres", level=Level.PATCH, age=9 * DAY), automerge="minor")], False, id="keeps-data"),
        pytest.param([said(bump("web", level=Level.PATCH, age=9 * DAY, stateful=True), automerge="minor")], False, id="keeps-data-by-a-setting"),
        pytest.param([said(bump("web", level=Level.PATCH), automerge="patch")], False, id="age-unknown"),
        pytest.param([said(bump("web", level=Level.PATCH, age=3 * DAY - 1), automerge="patch")], False, id="young"),
        pytest.param([said(bump("web", level=Level.PATCH, age=3 * DAY), automerge="patch")], True, id="just-old-enough"),
        pytest.param([said(bump("web", level=Level.PATCH, age=DAY, min_age_seconds=DAY), automerge="patch", min_age="1d")], True, id="a-shorter-age-said"),
        pytest.param([said(bump("web", level=Level.PATCH, age=4 * DAY, min_age_seconds=7 * DAY), automerge="patch", min_age="7d")], False, id="a-longer-age-said"),
        pytest.param([said(bump("web", level=Level.PATCH, age=9 * DAY), automerge="patch"), bump("api", level=Level.PATCH, age=9 * DAY)], False, id="all-or-nothing"),
        pytest.param([], False, id="nothing"),
    ],
)  # fmt: skip
def test_what_may_merge_by_itself(bumps: list[Bump], *, may: bool) -> None:
    assert extras.may_merge(bumps) is may
