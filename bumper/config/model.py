"""The settings as checked records; every key's description is its manual. Pure.

Unknown keys and bad values are errors; where they stand in the file is found by `read`.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from bumper import policies, templates, windows
from bumper.asides.settings import seconds, typed
from bumper.patterns import compile_pattern

__all__ = [
    "Account",
    "CommitSettings",
    "Compat",
    "Config",
    "Files",
    "ForgeSettings",
    "NotifySettings",
    "PullRequests",
    "RegistrySettings",
    "Rule",
    "Settings",
]


def _policy(text: str) -> str:
    policies.parse(text)
    return text


def _pattern(text: str) -> str:
    compile_pattern(text)
    return text


def _page(text: str) -> str:
    return str(typed("release-notes", text))


def _source(text: str) -> str:
    return str(typed("source", text))


def _template(text: str) -> str:
    return templates.check(text)


def _listed(value: object) -> object:
    """Let one value stand where a list may."""
    return [value] if isinstance(value, str) else value


def _schedule(value: object) -> object:
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _duration(text: str) -> str:
    seconds(text)
    return text


def _prefix(text: str) -> str:
    if (
        re.fullmatch(r"[A-Za-z0-9][\w.-]*(/[\w-][\w.-]*)*[/-]", text, re.ASCII) is None
        or ".." in text
    ):
        raise ValueError("must be the beginning of a branch name and end in / or -: bumper/")
    return text


def _author(text: str) -> str:
    if re.fullmatch(r"[^<>\s][^<>\n]* <[^<>@\s]+@[^<>@\s]+>", text) is None:
        raise ValueError("must be a name and a mail: Ada Bot <bot@example.org>")
    return text


DurationText = Annotated[str, AfterValidator(_duration)]
PolicyText = Annotated[str, AfterValidator(_policy)]
PatternText = Annotated[str, AfterValidator(_pattern)]
Guard = Literal["scheme-jump", "pushed-earlier", "above-latest"]
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Patterns = Annotated[tuple[PatternText, ...], BeforeValidator(_listed)]


Event = Literal[
    "opened", "updated", "major", "merged", "stale", "closed", "held", "failed", "recovered"
]
_CHANNELS = ("apprise", "shoutrrr", "webhook", "zabbix", "prometheus", "pushgateway", "summary")


class _Record(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.replace("_", "-"),
        populate_by_name=True,
        use_attribute_docstrings=True,
    )


class Settings(_Record):
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
    platforms: Texts | None = None
    """Platforms a new image must have, such as linux/arm64; without it those of the current image."""
    group: str | None = None
    """Uses of one group share a pull request."""
    monitor: bool | None = None
    """Report and notify what is newer, open no pull request."""
    notify: Texts | None = None
    """The channels that are told, by their names under `notify`; all of them if not given."""
    release_notes: Annotated[str, AfterValidator(_page)] | None = None
    """The page with the image's release notes, as a link in the pull request."""
    source: Annotated[str, AfterValidator(_source)] | None = None
    """The repository the image is made from, on GitHub, Gitea or Forgejo: its releases are the release notes. Without it what is known of much-used images, else the image's own labels."""
    min_age: DurationText | None = None
    """How long ago a tag's content must have been pushed, such as 3d: by the registry's word, else since bumper saw it first. What nobody can date waits."""
    schedule: Annotated[str, BeforeValidator(_schedule), AfterValidator(windows.check)] | None = (
        None
    )
    """When a pull request may be opened: always, nights, weekends, office-hours, or a cron expression, each of whose times opens an hour; several with ; between them. What is open is kept current at any time."""
    stale: DurationText | None = None
    """How long its pull request may wait for a decision; see `pull-requests.stale`."""
    auth: str | None = None
    """The account of the image's registry to look it up with; a name under `accounts`, or a line's id in Shepherd's registries file."""
    together: bool | None = None
    """Whether the group moves only to a version that all of its images have."""
    lift: Annotated[tuple[Guard, ...], BeforeValidator(_listed)] | None = None
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

    match: Texts = ()
    """Images by normalised name, `*` as in file names: postgres, ghcr.io/acme/*; all images if not given."""
    files: Texts = ()
    """Paths in the repository, `*` within a folder and `**` across folders; all files if not given."""


class PatternSettings(_Record):
    """A place of references that no format knows."""

    files: Texts
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


class Files(_Record):
    """Which files are read."""

    include: Texts = ()
    """Only these paths; all if not given."""
    exclude: Texts = (
        "**/node_modules/**", "**/vendor/**", "**/third_party/**", "**/charts/*/charts/**",
        "**/tests/**", "**/testdata/**", "**/fixtures/**", "**/__fixtures__/**", "**/__snapshots__/**",
        "**/golden/**", "**/examples/**", "**/example/**", "**/samples/**",
    )  # fmt: skip
    """Never these paths; [] looks everywhere. The folder `test` is not among the defaults: it often is an environment."""
    patterns: tuple[PatternSettings, ...] = ()
    """Places of references that no format knows."""


class Account(_Record):
    """Who we are at a registry."""

    username: str | None = None
    """The account's name; $NAME takes it from the environment."""
    password: str | None = None
    """The account's password, as $NAME of the environment; NAME_FILE may name a file that holds it."""
    token: str | None = None
    """A token instead of a password, as $NAME of the environment or of the file in NAME_FILE."""


class RegistrySettings(Account):
    """How one registry is reached."""

    accounts: dict[str, Account] = {}
    """More accounts by name; `auth` of a rule, label or comment chooses one."""
    realm: Texts = ()
    """Token servers on other hosts that may see the credentials, such as https://auth.example.org."""
    ca: str | None = None
    """A file with the CA that signed the registry's certificate."""
    cert: str | None = None
    """A file with a client certificate and its key."""
    insecure: bool = False
    """Accept any certificate, or plain http; never without need."""
    mirror: str | None = None
    """Ask this host (and folder) first."""
    jobs: Annotated[int, Field(ge=1, le=256)] | None = None
    """Requests at once to this host."""
    rate: Annotated[float, Field(gt=0)] | None = None
    """New requests to this host a second."""


class Compat(_Record):
    """Which other systems' settings in the files are read."""

    watchtower: bool = True
    """Labels com.centurylinklabs.watchtower.*"""
    container_updater: bool = True
    """Labels autoupdate=true or monitor, and their companions."""
    shepherd: bool = True
    """Labels shepherd.*, and the environment of a Shepherd service."""
    keel: bool = True
    """Annotations and labels keel.sh/*, and keel: in Helm values."""
    flux: bool = True
    """Markers {"$imagepolicy": …} and the ImagePolicy they name."""
    argocd_image_updater: bool = True
    """Annotations argocd-image-updater.argoproj.io/*"""
    wud: bool = True
    """Labels wud.*"""
    diun: bool = True
    """Labels and annotations diun.*"""
    renovate: bool = True
    """Comments # renovate:"""

    def reads(self, name: str) -> bool:
        """Say whether a dialect is read, by its name; ours always are."""
        return bool(getattr(self, name.replace("-", "_"), True))


class ForgeSettings(_Record):
    """Where pull requests are opened."""

    kind: Literal["auto", "github", "gitea", "gitlab", "local"] = "auto"
    """The forge; auto finds out by the CI's environment and the remote. gitea is Forgejo too."""
    url: str | None = None
    """The forge's address, such as https://git.example.org; found by itself in CI."""
    slug: str | None = None
    """The repository on the forge, owner/name (on GitLab its whole path); found by the remote."""
    token: str | None = None
    """A token as $NAME of the environment; without it BUMPER_TOKEN, GITEA_TOKEN, FORGEJO_TOKEN, GITLAB_TOKEN or GITHUB_TOKEN."""
    app: str | None = None
    """The number of a GitHub App, or $NAME of the environment; with `app-key` its installation's token is used."""
    app_key: str | None = None
    """The App's private key, as $NAME of the environment; NAME_FILE may name a file that holds it."""
    base: str | None = None
    """The branch that is kept current; the default branch if not given."""


class PullRequests(_Record):
    """How bumps become pull requests."""

    per: Literal["image", "file", "stack", "directory", "group", "all"] = "image"
    """What shares a pull request: all places of an image, a file, what is deployed as one, a folder, what has the same `group` (the rest by image), everything. A major, and an image that keeps data, always stands alone."""
    limit: Annotated[int, Field(ge=0)] = 10
    """Open pull requests at the most, the rest waits; 0 is no limit."""
    per_hour: Annotated[int, Field(ge=0)] = 0
    """Pull requests opened within an hour at the most, the rest waits; 0 is no limit."""
    stale: DurationText | None = None
    """How long a pull request may wait for a decision, such as 14d: a reminder at half of it, then it is closed, which is no refusal. Not one that is approved, or that a person committed to. Without it they wait for ever."""
    timezone: Annotated[str, AfterValidator(windows.check_zone)] = "UTC"
    """The time zone of every `schedule`, such as Europe/Berlin."""
    template: Annotated[str, AfterValidator(_template)] | None = None
    """The text of a pull request in your own words, as a Jinja template; `bumper config template` prints ours, with every value it may use."""
    commit_style: Literal["plain", "conventional"] = "plain"
    """How titles and commits begin: plain, or as Conventional Commits have it, chore(deps): …"""
    branch_prefix: Annotated[str, AfterValidator(_prefix)] = "bumper/"
    """What every branch of bumper's begins with, and no other."""
    labels: Texts = ("bumper",)
    """Labels of every pull request."""
    milestone: str | None = None
    """The open milestone of every pull request, by its name."""
    dashboard: bool = False
    """Whether one issue tells how all images stand: what is open, waits, needs a person, was refused, failed. Who closes it is left in peace."""
    status: bool = False
    """Whether their commits get the status bumper/min-age, for a branch protection to require: pending until all content is as old as `min-age` (3d where there is none), then success."""
    draft: bool = False
    """Whether pull requests are opened as drafts; a draft never merges by itself."""


class CommitSettings(_Record):
    """Who makes the commits, and how they are signed."""

    author: Annotated[str, AfterValidator(_author)] | None = None
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
        return self


class NotifySettings(_Record):
    """One channel that is told of a run; exactly one address."""

    name: str | None = None
    """What `notify=` beside an image calls it; its kind if not given."""
    apprise: Texts = ()
    """Addresses of Apprise, such as mailto:// or slack://; $NAME takes them from the environment."""
    shoutrrr: Texts = ()
    """Addresses of Shoutrrr, as Watchtower and Keel take them; $NAME takes them from the environment."""
    webhook: str | None = None
    """An address that gets the digest as JSON."""
    token: str | None = None
    """A bearer token for the webhook, as $NAME of the environment."""
    zabbix: str | None = None
    """A Zabbix server or proxy, host or host:port."""
    host: str | None = None
    """The host in Zabbix that has the items."""
    prometheus: str | None = None
    """A file for the node exporter's textfile collector."""
    pushgateway: str | None = None
    """The address of a Prometheus push gateway."""
    summary: str | None = None
    """A file that gets Markdown at its end, such as $GITHUB_STEP_SUMMARY."""
    template: Annotated[str, AfterValidator(_template)] | None = None
    """The message in your own words, as a Jinja template over title, body, level, events, numbers and lists; empty sends nothing."""
    when: Annotated[tuple[Event, ...], BeforeValidator(_listed)] = (
        "failed", "recovered", "major", "merged", "opened", "updated", "stale", "closed", "held",
    )  # fmt: skip
    """What it is told of: opened, updated, major, merged, stale, closed, held, failed, recovered; each event once."""
    level: Literal["info", "success", "warning", "failure"] = "info"
    """The least grave it is told of: failed is a failure, major and stale a warning, merged and recovered a success."""

    @property
    def kind(self) -> str:
        """Which of the addresses it is."""
        return next(key for key in _CHANNELS if getattr(self, key))

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        named = [key for key in _CHANNELS if getattr(self, key)]
        if len(named) != 1:
            raise ValueError(f"needs exactly one of {', '.join(_CHANNELS)}")
        if self.zabbix and not self.host:
            raise ValueError("`zabbix` needs `host`: the name of the host in Zabbix")
        return self


class Config(_Record):
    """The config file; every key is optional."""

    version: Literal[1] = 1
    """The version of this file's format."""
    defaults: Settings = Settings()
    """Settings for every image that no rule, label or comment says otherwise of."""
    rules: tuple[Rule, ...] = ()
    """Settings for some images, read from top to bottom."""
    files: Files = Files()
    """Which files are read."""
    compat: Compat = Compat()
    """Which other systems' settings in the files are read; all of them if not given."""
    registries: dict[str, RegistrySettings] = {}
    """Registries by host, or host:port; host/path gives credentials to the repositories below the path alone."""
    forge: ForgeSettings = ForgeSettings()
    """Where pull requests are opened."""
    pull_requests: PullRequests = PullRequests()
    """How bumps become pull requests."""
    commit: CommitSettings = CommitSettings()
    """Who makes the commits, and how they are signed."""
    notify: tuple[NotifySettings, ...] = ()
    """Who is told of a run."""
