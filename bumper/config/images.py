"""What an image may move to, and where images are found, as checked records. Pure.

Every key's description is its manual.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from bumper.config.kinds import (
    DurationText,
    Guards,
    Images,
    PageText,
    Paths,
    Patterns,
    PatternText,
    Platforms,
    PolicyText,
    Record,
    ScheduleText,
    SourceText,
    Texts,
)
from bumper.patterns import compile_pattern

__all__ = [
    "Files",
    "PatternSettings",
    "Rule",
    "Settings",
]


class Settings(Record):
    """What an image use may move to."""

    policy: PolicyText | None = None
    """ignore, digest, patch, minor or major (the highest step allowed), pin (latest becomes the version it is), or a range such as "^1.2"; Keel's all, never, force, glob: and regexp: are understood."""
    scheme: Literal["auto", "semver", "calver", "numeric", "alphabetical", "newest"] | None = None
    """How tags are read as versions; auto needs no setting, newest goes by the registry's push times."""
    tags: PatternText | None = None
    """Only tags in which this regular expression is found; a group named `order`, `version` or `compare` gives the value to compare."""
    deny: Patterns | None = None
    """Never a tag in which one of these regular expressions is found."""
    prerelease: bool | None = None
    """Whether a release may move to a pre-release."""
    environment: Literal["freeze", "follow"] | None = None
    """Whether the number of an operating system or runtime in a tag (alpine3.20) stays or may rise."""
    digest: Literal["keep", "pin", "strip"] | None = None
    """keep moves a digest that is there, pin adds one where there is none, strip removes it."""
    platforms: Platforms | None = None
    """Platforms a new image must have, such as linux/arm64; without it those of the current image."""
    group: str | None = None
    """Uses of one group share a pull request."""
    monitor: bool | None = None
    """Report and notify what is newer, open no pull request."""
    notify: Texts | None = None
    """The channels that are told, by their names under `notify`; all of them if not given."""
    release_notes: PageText | None = None
    """The page with the image's release notes, as a link in the pull request."""
    source: SourceText | None = None
    """The repository the image is made from, on GitHub, Gitea or Forgejo: its releases are the release notes. Without it what is known of much-used images, else the image's own labels."""
    min_age: DurationText | None = None
    """How long ago a tag's content must have been pushed, such as 3d: by the registry's word, else since bumper saw it first. What nobody can date waits."""
    schedule: ScheduleText | None = None
    """When a pull request may be opened: always, nights, weekends, office-hours, or a cron expression, each of whose times opens an hour; several with ; between them. What is open is kept current at any time."""
    stale: DurationText | None = None
    """How long its pull request may wait for a decision; see `pull-requests.stale`."""
    auth: str | None = None
    """The account of the image's registry to look it up with; a name under `accounts`, or a line's id in Shepherd's registries file."""
    together: bool | None = None
    """Whether the group moves only to a version that all of its images have."""
    lift: Guards | None = None
    """Guards to set aside: scheme-jump, pushed-earlier, above-latest."""
    stateful: bool | None = None
    """Whether the image keeps data, so that a major stands alone; without it what is known of it."""
    stepwise: bool | None = None
    """Whether majors come one by one; without it what is known of the image."""
    environment_words: Texts | None = None
    """Words whose number is an operating system's or a runtime's, beside those that are known."""
    prerelease_words: Texts | None = None
    """Words that make a tag a pre-release, beside those that are known."""
    reviewers: Texts | None = None
    """Who is asked to review: people, teams as owner/team, or codeowners for those whom the forge's own file names. Asked once; what a person changes later stays."""
    assignees: Texts | None = None
    """Who is assigned, likewise."""
    labels: Texts | None = None
    """Labels of its pull request, beside those of `pull-requests`."""
    automerge: Literal["never", "digest", "patch", "minor"] | None = None
    """The highest step that the forge may merge by itself, once the base branch's required checks are green: never a major, an image that keeps data, or what is younger than `min-age` (3d where there is none)."""


class Rule(Settings):
    """Settings for some images; the first rule that sets a key wins."""

    match: Images = ()
    """Images by normalised name, `*` within a part of it and `**` across parts: postgres, ghcr.io/acme/*, **/web; all images if not given."""
    files: Paths = ()
    """Paths in the repository, `*` within a folder and `**` across folders; all files if not given."""


class PatternSettings(Record):
    """A place of references that no format knows."""

    files: Paths
    """The paths it is for."""
    match: PatternText
    """A regular expression with a group `tag` or `digest`, and `image` where it names the image too."""
    image: str | None = None
    """The image's name, where the expression does not catch it."""

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        groups = compile_pattern(self.match).names
        if not groups & {"tag", "digest"}:
            raise ValueError("`match` needs a group (?P<tag>…) or (?P<digest>…)")
        if self.image is None and "image" not in groups:
            raise ValueError("name the image: by `image`, or by a group (?P<image>…) in `match`")
        return self


class Files(Record):
    """Which files are read."""

    include: Paths = ()
    """Only these paths; all if not given."""
    exclude: Paths = (
        "**/node_modules/**", "**/vendor/**", "**/third_party/**", "**/charts/*/charts/**",
        "**/tests/**", "**/testdata/**", "**/fixtures/**", "**/__fixtures__/**", "**/__snapshots__/**",
        "**/golden/**", "**/examples/**", "**/example/**", "**/samples/**",
    )  # fmt: skip
    """Never these paths; [] looks everywhere. The folder `test` is not among the defaults: it often is an environment."""
    patterns: tuple[PatternSettings, ...] = ()
    """Places of references that no format knows."""
