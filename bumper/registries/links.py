"""The next page of a list, as a `Link` header says it. Pure.

A link that cannot be read, or that leads elsewhere, is an error and never the end: a list that was
cut there would look whole. Source: RFC 8288, section 3; OCI distribution-spec 1.1, "Listing Tags".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from bumper.errors import UnreachableError
from bumper.http import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["next_page"]

_SPACE = r"[ \t\r\n]*"
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - a grammar's word, no secret
_VALUE = r"""(?:"(?:[^"\\]|\\.)*"|[^\s",;<>]+)"""
_PARAMETER = rf"{_SPACE};{_SPACE}(?:{_TOKEN}(?:{_SPACE}={_SPACE}{_VALUE})?)?"
_LINK = re.compile(
    rf"{_SPACE}<(?P<url>[^<>\x00-\x20\x7f]*)>(?P<rest>(?:{_PARAMETER})*){_SPACE}(?:,|\Z)"
)
_NOTHING = re.compile(rf"{_SPACE}(?:,|\Z)")
_RELATION = re.compile(rf";{_SPACE}rel{_SPACE}={_SPACE}(?P<value>{_VALUE})", re.IGNORECASE)
_JFROG = ("x-jfrog-version", "x-artifactory-id", "x-artifactory-node-id")


def next_page(links: Iterable[str], url: str, headers: Mapping[str, str]) -> str | None:
    """Give the next page's address as opaque as it came, None at the end.

    Args:
        links: The `Link` headers, one a line.
        url: Where the page with these headers is: what a relative link stands for.
        headers: The page's other headers, by lower-case name; they tell Artifactory apart.

    Raises:
        UnreachableError: The link is broken, or leads to another origin.
    """
    target = _first_next(links)
    if target is None:
        return None
    if any(name in headers for name in _JFROG):
        return _by_cursor_alone(target, url)
    try:
        found = urljoin(url, target)
        same = "\\" not in target and Origin.of(found) == Origin.of(url)
    except (ValueError, UnreachableError):
        same = False
    if not same:
        raise _cut("the link to the next page leads to another host")
    return found


def _first_next(links: Iterable[str]) -> str | None:
    for header in links:
        position = 0
        while position < len(header):
            match = _LINK.match(header, position)
            if match is None:
                empty = _NOTHING.match(header, position)
                if empty is None:
                    raise _cut("a broken link to the next page")
                position = empty.end()
                continue
            position = match.end()
            relation = _RELATION.search(match["rest"])
            told = relation["value"].strip('"').lower().split() if relation else ["next"]
            if match["url"] and "next" in told:
                return match["url"]
    return None


def _by_cursor_alone(target: str, url: str) -> str | None:
    """Keep our own path: Artifactory's link lacks the virtual repository's prefix."""
    given = dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
    if "last" not in given:
        raise _cut("the link to the next page has no cursor")
    here = urlsplit(url)
    asked = dict(parse_qsl(here.query, keep_blank_values=True))
    query = urlencode(
        {**asked, **({"n": given["n"]} if "n" in given else {}), "last": given["last"]}
    )
    return urlunsplit((here.scheme, here.netloc, here.path, query, ""))


def _cut(what: str) -> UnreachableError:
    return UnreachableError(what, code="list-cut", hint="")
