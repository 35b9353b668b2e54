"""The page: nothing of a stranger's runs, nothing is loaded, and without JavaScript it is complete."""

from __future__ import annotations

import re
import shutil
import subprocess
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from bumper.model import Bump, Failure, ImageUse, Level, Policy, Refusal, Report
from bumper.reference import parse
from bumper.reports import html, lag
from tests.reports.samples import HOSTILE, REPORT, SCAN

if TYPE_CHECKING:
    from pathlib import Path

    from bumper.model import Outcome

ABOUT = html.About("acme/gitops", "1f3c9ab52d", datetime(2026, 11, 23, 5, 17, tzinfo=UTC))


class Page(HTMLParser):
    """What stands in a page: its tags with their attributes, and the text of style and script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        last = self.tags[-1][0] if self.tags else ""
        if last in {"style", "script"} and last not in self.inside:
            self.inside[last] = data

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)


REPORTS = [pytest.param(REPORT, id="plain"), pytest.param(HOSTILE, id="hostile")]


@pytest.mark.parametrize("report", REPORTS)
def test_only_our_style_and_script_may_run(report: Report) -> None:
    page = Page(html.text(report, ABOUT))
    assert (page.count("style"), page.count("script")) == (1, 1)
    policy = next(a["content"] for _, a in page.tags if a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    for part in ("style", "script"):
        digest = b64encode(sha256(page.inside[part].encode()).digest()).decode()
        assert f"{part}-src 'sha256-{digest}';" in policy
    names = {name for _, attributes in page.tags for name in attributes}
    assert [name for name in names if name.startswith("on") or name == "style"] == []


@pytest.mark.parametrize("report", REPORTS)
def test_nothing_is_loaded(report: Report) -> None:
    text = html.text(report, ABOUT)
    page = Page(text)
    assert {tag for tag, _ in page.tags} & {"img", "iframe", "object", "embed", "base"} == set()
    assert [a["src"] for _, a in page.tags if "src" in a] == []
    links = [(tag, a["href"] or "") for tag, a in page.tags if "href" in a]
    assert [one for tag, one in links if tag == "link"] == ["data:,"]
    assert all(re.match(r"#|https://git\.example/", one) for tag, one in links if tag == "a")
    assert "url(" not in page.inside["style"]
    assert "@import" not in page.inside["style"]


def test_it_is_complete_without_javascript() -> None:
    text = html.text(REPORT, ABOUT).replace("<wbr>", "")
    form = next(attributes for tag, attributes in Page(text).tags if tag == "form")
    assert "hidden" in form
    for outcome in REPORT.outcomes:
        assert f"<td>{outcome.use.path}:{outcome.use.line}" in text
    assert "in the file<li>1.27.0: chosen<li>2.0.0: a major is above minor" in text
    assert "and others: 7 other-variant" in text


def test_a_path_may_be_broken_and_is_still_escaped() -> None:
    (use,) = {one.use for one in REPORT.outcomes[:1]}
    odd = replace(REPORT.outcomes[0], use=replace(use, path="a/<b>&.yaml"))
    assert "<td>a/<wbr>&lt;b&gt;&amp;.yaml<wbr>:" in html.text(Report((odd,)), ABOUT)


def test_a_link_leads_to_the_pull_request_of_what_needs_attention() -> None:
    (done,) = REPORT.published
    major = REPORT.outcomes[1]
    assert isinstance(major, Bump)
    assert done.request is not None
    linked = replace(done, request=replace(done.request, bumps=(major,)))
    text = html.text(replace(REPORT, published=(linked,)), ABOUT)
    item = text.partition("web/<wbr>compose.yaml<wbr>:9</code>")[2].partition("</li>")[0]
    assert "pulls&#x2f;7" in item


def test_one_reason_that_hides_many_images_is_told_once() -> None:
    text = html.text(many(50), ABOUT)
    assert "Needs attention (1)" in text
    assert "10 images: access denied (401)" in text


def test_the_same_findings_are_the_same_bytes() -> None:
    assert html.text(REPORT, ABOUT) == html.text(REPORT, ABOUT)
    assert "2026-11-23 05:17 UTC" in html.text(REPORT, ABOUT)


def test_a_scan_is_a_page_too() -> None:
    page = Page(html.scan(SCAN, width=80))
    assert page.count("tr") == 1 + len(SCAN.uses)


def many(number: int) -> Report:
    """As many images as asked for, most of them with a line-up, as a large repository has them."""
    policy = Policy(Level.MINOR, "minor", rule="rules[3] (bumper.yaml:14)")
    refused = tuple(Refusal(f"2.{n}.0", "above-policy", "a major is above minor") for n in range(9))
    outcomes: list[Outcome] = []
    for index in range(number):
        path = f"envs/production/team-{index // 20}/application-{index}/values.yaml"
        name = parse(f"harbor.acme.lan/platform/service-{index}:1.{index}.3")
        use = ImageUse(path, 10, 11, "helm-values", "image.tag", name, ())
        told = f"1.{index + 3}.1 is the newest tag that minor allows"
        outcomes.append(
            Bump(use, policy, f"1.{index + 3}.1", None, Level.MINOR, "newer-tag", told, refused, None, index * 86400)
            if index % 5
            else Failure(use, policy, "registry-denied", "access denied (401)", "log in")
        )  # fmt: skip
    return Report(tuple(outcomes))


def test_five_hundred_images_are_less_than_300_kilobytes() -> None:
    assert len(html.text(many(500), ABOUT).encode()) < 300_000


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        pytest.param(None, "", id="nobody-knows"),
        pytest.param(0, "0", id="today"),
        pytest.param(86399, "0", id="not-yet-a-day"),
        pytest.param(40 * 86400, "40", id="whole-days"),
    ],
)
def test_days(age: int | None, expected: str) -> None:
    bump = REPORT.outcomes[0]
    assert isinstance(bump, Bump)
    assert lag.days(replace(bump, age_seconds=age)) == expected


def test_every_dated_bump_is_a_dot_and_a_row() -> None:
    values = lag.values(REPORT.outcomes)
    assert [row["days"] for row in values["lag"]] == ["40", "12"]
    assert (len(values["dots"]), values["undated"]) == (2, 2)
    xs = [lag._x(days) for days in (0, 1, 7, 30, 365, 5000)]
    assert xs == sorted(xs)
    assert xs[-1] < 640


def test_in_a_browser_the_script_runs_and_counts(tmp_path: Path) -> None:
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("Debian's chromium is not installed")
    path = tmp_path / "page.html"
    path.write_text(html.text(HOSTILE, ABOUT), encoding="utf-8")
    flags = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={tmp_path}/profile")  # fmt: skip
    command = (browser, *flags, "--dump-dom", path.as_uri())
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert ">4 of 4 shown</output>" in shown
    assert "<script>alert" not in shown
