"""The report as one HTML file that loads nothing: for a browser, an artefact, an archive. Pure.

Complete without JavaScript; with it the table can be searched, filtered and sorted. What strangers
wrote is escaped by the template engine, and nothing but our own style and script may run: the policy
names their hashes. Source: W3C, "Content Security Policy Level 3"; WCAG 2.2.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING

from bumper import __version__, templates
from bumper.reports import page

if TYPE_CHECKING:
    from datetime import datetime

    from bumper.model import Report, Scan

__all__ = ["NAME", "About", "plan", "scan", "text"]

NAME = "html"


@dataclass(frozen=True, slots=True)
class About:
    """What a page says of itself: the repository, the commit that was read, and when (in UTC)."""

    title: str = "container images"
    commit: str = ""
    when: datetime | None = None


def scan(found: Scan, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show what stands in the repository; nothing is known of newer versions."""
    return _filled(page.of_scan(found), About())


def plan(report: Report, *, width: int) -> str:  # noqa: ARG001 - the Protocol's
    """Show a run without a date: what is shown follows from the report alone."""
    return text(report, About())


def text(report: Report, about: About) -> str:
    """Give the whole page."""
    return _filled(page.of_report(report), about)


def _filled(values: dict[str, object], about: About) -> str:
    style, script = _part("page.css"), _part("page.js")
    when = about.when
    told = when and {"iso": f"{when:%Y-%m-%dT%H:%M:%SZ}", "told": f"{when:%Y-%m-%d %H:%M} UTC"}
    return templates.html(
        _part("page.html.jinja"),
        {
            **values,
            "title": about.title,
            "commit": about.commit,
            "when": told,
            "version": __version__,
            "style": style,
            "script": script,
            "style_hash": _hash(style),
            "script_hash": _hash(script),
        },
    )


@cache
def _part(name: str) -> str:
    return (resources.files("bumper.reports") / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
