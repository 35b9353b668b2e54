"""Where the releases of a repository are listed, and who may be told what is there. Pure.

Asked are only forges whose API is known: GitHub, Gitea, Forgejo and GitLab.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from bumper.origins import Origin

if TYPE_CHECKING:
    from bumper.origins import Bound

__all__ = ["Api", "Place", "find"]

_GITEAS = ("codeberg.org", "gitea.com")


@dataclass(frozen=True, slots=True)
class Api:
    """The forge of this run: its kind, the addresses of its API and for people, the owner there, a token.

    The token goes to the API's own origin and nowhere else.
    """

    kind: str = ""
    address: str = ""
    web: str = ""
    owner: str = ""
    secret: Bound | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the releases of one repository are listed: `address` is its own in the forge's API.

    `led_by` if a stranger named the host. `trusted` if a setting named the repository, or it is its
    owner's own: otherwise what only our token may read is not told to others. `web` is its page where
    that is known.
    """

    kind: str
    address: str
    secret: Bound | None = None
    led_by: Origin | None = None
    trusted: bool = False
    web: str = ""

    def pages(self, source: str) -> str:
        """Give the address below which the pages about a source's repository are."""
        return f"{source}/-" if self.kind == "gitlab" else source


def find(source: str, registry: str, api: Api, *, told: bool) -> Place | None:
    """Give where the releases of a source are listed; None where no API is known.

    Args:
        source: Its page, `https://host/owner/name`; on GitLab with all of its groups.
        registry: The host of the image's registry, whose word the source is.
        api: The forge of this run.
        told: Whether a setting names the source, and no label.
    """
    host, slug = source.removeprefix("https://").split("/", 1)
    led_by, web = None, ""
    if host == api.web.partition("//")[2].rstrip("/"):
        # Our own forge has the address that we were told, whatever a label made of it.
        kind, address, web = api.kind, api.address, f"{api.web.rstrip('/')}/{slug}"
    elif host == "github.com":
        kind, address = "github", "https://api.github.com"
    elif "gitlab" in host:
        kind, address = "gitlab", f"https://{host}/api/v4"
        led_by = None if told or host == "gitlab.com" else Origin.of(f"https://{registry}")
    elif host in _GITEAS or told:
        kind, address = "gitea", f"https://{host}/api/v1"
    elif "gitea" in host or "forgejo" in host:
        kind, address = "gitea", f"https://{host}/api/v1"
        led_by = Origin.of(f"https://{registry}")
    else:
        return None
    below = f"projects/{quote(slug, safe='')}" if kind == "gitlab" else f"repos/{slug}"
    address = f"{address}/{below}"
    secret = api.secret if api.secret is not None and api.secret.allows(address) else None
    trusted = told or slug.partition("/")[0].lower() == api.owner.lower()
    return Place(kind, address, secret, led_by, trusted, web)
