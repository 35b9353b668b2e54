"""Where pull requests are opened, how bumps become them, and who makes the commits, as checked records. Pure.

Every key's description is its manual.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bumper.config.kinds import (
    AuthorText,
    DurationText,
    PrefixText,
    Record,
    SiteText,
    SlugText,
    TemplateText,
    Texts,
    ZoneText,
)

__all__ = [
    "CommitSettings",
    "ForgeSettings",
    "PullRequests",
]


class ForgeSettings(Record):
    """Where pull requests are opened."""

    kind: Literal["auto", "github", "gitea", "gitlab", "local"] = "auto"
    """The forge; auto finds out by the CI's environment and the remote. gitea is Forgejo too."""
    url: SiteText | None = None
    """The forge's address, such as https://git.example.org; found by itself in CI."""
    slug: SlugText | None = None
    """The repository on the forge, owner/name (on GitLab its whole path); found by the remote."""
    token: str | None = None
    """A token as $NAME of the environment; without it BUMPER_TOKEN, GITEA_TOKEN, FORGEJO_TOKEN, GITLAB_TOKEN or GITHUB_TOKEN."""
    app: str | None = None
    """The number of a GitHub App, or $NAME of the environment; with `app-key` its installation's token is used."""
    app_key: str | None = None
    """The App's private key, as $NAME of the environment; NAME_FILE may name a file that holds it."""
    ca: str | None = None
    """A file with the CA that signed the forge's certificate, for its API and for Git."""
    insecure: bool = False
    """Accept any certificate of the forge; never without need."""
    base: str | None = None
    """The branch that is kept current; the default branch if not given."""

    @model_validator(mode="after")
    def _whole_app(self) -> Self:
        if bool(self.app) is not bool(self.app_key):
            raise ValueError("`app` and `app-key` need each other")
        if self.app and self.kind not in {"auto", "github"}:
            raise ValueError(f"`app` means nothing to {self.kind}, only to github")
        return self


class PullRequests(Record):
    """How bumps become pull requests."""

    per: Literal["image", "file", "stack", "directory", "group", "all"] = "image"
    """What shares a pull request: all places of an image, a file, what is deployed as one, a folder, what has the same `group` (the rest by image), everything. A major, and an image that keeps data, always stands alone."""
    limit: Annotated[int, Field(ge=0)] = 10
    """Open pull requests at the most, the rest waits; 0 is no limit."""
    per_hour: Annotated[int, Field(ge=0)] = 0
    """Pull requests opened within an hour at the most, the rest waits; 0 is no limit."""
    stale: DurationText | None = None
    """How long a pull request may wait for a decision, such as 14d: a reminder at half of it, then it is closed, which is no refusal. Not one that is approved, or that a person committed to. Without it they wait for ever."""
    timezone: ZoneText = "UTC"
    """The time zone of every `schedule`, such as Europe/Berlin."""
    template: TemplateText | None = None
    """The text of a pull request in your own words, as a Jinja template; `bumper config template` prints ours, with every value it may use."""
    commit_style: Literal["plain", "conventional"] = "plain"
    """How titles and commits begin: plain, or as Conventional Commits have it, chore(deps): …"""
    branch_prefix: PrefixText = "bumper/"
    """What every branch of bumper's begins with, and no other."""
    labels: Texts = ("bumper",)
    """Labels of every pull request."""
    milestone: str | None = None
    """The open milestone of every pull request, by its name."""
    dashboard: bool = False
    """Whether one issue tells how all images stand: what needs a person, is open, waits, is ignored, is unknown; with boxes that the next run obeys. Who closes it is left in peace."""
    status: bool = False
    """Whether their commits get the status bumper/min-age, for a branch protection to require: pending until all content is as old as `min-age` (3d where there is none), then success."""
    draft: bool = False
    """Whether pull requests are opened as drafts; a draft never merges by itself."""


class CommitSettings(Record):
    """Who makes the commits, and how they are signed."""

    author: AuthorText | None = None
    """Author and committer, as Name <mail>; a signature counts on a forge where this mail is that of the key's owner."""
    sign: Literal["ssh", "gpg", "github"] | None = None
    """Sign every commit: by ssh-keygen, by gpg, or github, where GitHub makes the commits through its API, as the token's own account, and signs them itself."""
    key: str | None = None
    """The private key, whole and without a passphrase, as $NAME of the environment; NAME_FILE may name a file that holds it."""
    sign_off: bool = False
    """End each message in Signed-off-by."""

    @model_validator(mode="after")
    def _has_key(self) -> Self:
        if self.sign in {"ssh", "gpg"} and not self.key:
            raise ValueError("`sign` needs `key`: the private key, as $NAME of the environment")
        if self.key and self.sign not in {"ssh", "gpg"}:
            raise ValueError("`key` signs nothing without `sign: ssh` or `sign: gpg`")
        return self
