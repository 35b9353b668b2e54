"""The records that travel down the line, one frozen class each. Pure.

Nothing here decides anything; a record only says what a stage found out.
Words: *tag* is the string, *version* the parsed tag, *candidate* a ranked tag, *bump* the decision,
*change request* our wish, *pull request* the forge's object.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bumper.reference import Reference
    from bumper.text import Span

__all__ = [
    "Blob",
    "Bump",
    "Candidate",
    "ChangeRequest",
    "Comment",
    "Complete",
    "Current",
    "Failure",
    "Hold",
    "Ignored",
    "ImageUse",
    "Incomplete",
    "Issue",
    "Level",
    "Listing",
    "Manifest",
    "Operation",
    "Outcome",
    "Part",
    "Policy",
    "Problem",
    "Published",
    "PullRequest",
    "PullRequestState",
    "Ranking",
    "Refusal",
    "Report",
    "Requests",
    "Scan",
    "Setting",
    "Skip",
    "Slot",
]


class Part(StrEnum):
    """Which part of a reference a slot holds.

    NAME is the name of a whole reference: a tag may be written behind it. IMAGE is a name apart from
    its tag: only a place to point at.
    """

    NAME = "name"
    IMAGE = "image"
    TAG = "tag"
    DIGEST = "digest"


class Level(StrEnum):
    """How far a bump moves; in rising order of risk."""

    DIGEST = "digest"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"

    @property
    def rank(self) -> int:
        """The place in the rising order: digest 0, patch 1, minor 2, major 3."""
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Blob:
    """A file as it stood when it was read: its path, its Git blob, and its bytes where at hand.

    `id` is what Git would call these bytes; empty where that is not known.
    """

    path: str
    id: str
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one part of a reference stands in its file.

    `plain` is true if the span is a whole unquoted YAML scalar, so that a new value may need quotes.
    """

    part: Part
    span: Span
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting written in the files: `key` in our words, and the place that says so.

    `source` is what `explain` prints, such as `compose.yaml:12 (label bumper.policy)`.
    """

    key: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class ImageUse:
    """An image reference at one place of one file.

    `path` has forward slashes and starts at the root of the worktree; `line` and `column` count from 1
    and name the text that would change (the tag, else the digest, else the reference). `where` is the
    path inside the file, such as `services.web.image`. `platforms` are those the file asks for, such
    as `linux/arm64`; empty if it asks for none.
    """

    path: str
    line: int
    column: int
    format: str
    where: str
    reference: Reference
    slots: tuple[Slot, ...]
    settings: tuple[Setting, ...] = ()
    platforms: tuple[str, ...] = ()

    def slot(self, part: Part) -> Slot | None:
        """Give the slot of a part, None if the file has none."""
        return next((slot for slot in self.slots if slot.part is part), None)


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that looks like an image and is not handled, and why (`scan -v` shows it)."""

    path: str
    line: int
    column: int
    format: str
    where: str
    written: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that could not be read, or a setting in it that says nothing; the others go on.

    `line` counts from 1, None if the whole file is meant.
    """

    path: str
    line: int | None
    code: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """What stands in a repository, in the order of the paths and of the text.

    `excluded` counts the files that were not read, by the pattern of `files.exclude` that says so;
    `speaks` names the dialects whose settings for other files stand in a file.
    """

    uses: tuple[ImageUse, ...] = ()
    skips: tuple[Skip, ...] = ()
    problems: tuple[Problem, ...] = ()
    excluded: Mapping[str, int] = field(default_factory=dict)
    speaks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """What an image use may move to, and who said so.

    `level` is the highest level allowed, None for `ignore`; `range` a range in npm notation on top of
    it; `pin` lets a word tag become the version with the same digest; `written` is the policy as the
    user spelled it; `rule` the setting that decided, with its place; `sources` the place of every
    other key that was set. `tags` and `deny` are regular expressions over the whole tag. `lift` names
    the guards that are set aside, by their code. `stateful` and `stepwise` overrule what is known of
    the image, None does not. `monitor` is the place that asks for reports without pull requests;
    `place` is the tag's place where other images take theirs from it too;
    `note` what was said of an `ignore`, ended or not; `fault` a setting that cannot be read; `refusal`
    why another program's line is left alone; `said` every setting that counts, in the files' words.
    """

    level: Level | None = Level.MAJOR
    written: str = "major"
    range: str | None = None
    scheme: str = "auto"
    tags: str | None = None
    deny: tuple[str, ...] = ()
    prerelease: bool = False
    environment: str = "freeze"
    digest: str = "keep"
    platforms: tuple[str, ...] = ()
    group: str | None = None
    auth: str | None = None
    rule: str = "defaults"
    pin: bool = False
    together: bool = False
    place: str | None = None
    lift: tuple[str, ...] = ()
    stateful: bool | None = None
    stepwise: bool | None = None
    environment_words: tuple[str, ...] = ()
    prerelease_words: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    min_age_seconds: int = 0
    monitor: str | None = None
    note: str = ""
    fault: str = ""
    refusal: str = ""
    said: tuple[Setting, ...] = ()

    def setting(self, key: str) -> Setting | None:
        """Give the setting of a key that counts, None if nobody set it."""
        return next((one for one in self.said if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Complete:
    """All tags of a repository, in the registry's order, without duplicates.

    `pushed` is when a tag was last pushed, as the registry itself keeps it (never what the publisher
    wrote into the image), with a time zone; `digests` what a tag points to. Both hold only the tags
    of which the registry says so in its list: most say nothing. `stale_seconds` is the age of a list
    that was kept and could not be asked for again; None for one of this run. `told_now` is what time
    it is by the registry's clock.
    """

    tags: tuple[str, ...]
    pushed: Mapping[str, datetime] = field(default_factory=dict, hash=False)
    digests: Mapping[str, str] = field(default_factory=dict, hash=False)
    stale_seconds: int | None = None
    told_now: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A tag list that must not decide anything: why, as a code, a sentence and a hint."""

    code: str
    reason: str
    hint: str = ""


Listing = Complete | Incomplete


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a registry says of one tag or digest.

    `digest` is the index's where there is one. `platforms` are `os/arch[/variant]`, attestations left
    out, in the index's order; empty where unknown (a single manifest does not say). `contents` is the
    digest of each platform's own manifest, where the index names it. `created` is the publisher's
    word and proves no age. `settings` are those inside a single image that was asked for just now; they
    are not kept. `sizes` is how many bytes the layers of a platform's image are, as they are pulled, where
    that was told; a single image without a known platform has its own under "".
    """

    digest: str
    media_type: str
    platforms: tuple[str, ...] = ()
    created: datetime | None = None
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    contents: Mapping[str, str] = field(default_factory=dict, hash=False)
    settings: Mapping[str, str] = field(default_factory=dict, hash=False)
    sizes: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def is_index(self) -> bool:
        """Whether it is a list of images by platform."""
        return self.media_type.endswith(("index.v1+json", "list.v2+json"))


@dataclass(frozen=True, slots=True)
class Refusal:
    """One tag that may not be taken, with a stable code and a sentence."""

    tag: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One tag that may be taken, and how far it moves.

    `release` is the version without its prefix, variant, environment and counters: what tags of
    different images have in common when they were released together.
    """

    tag: str
    level: Level
    release: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The tags a use may move to, best first, and every other tag with its reason.

    `hold` is set where something newer exists that only a person may take: then there is no candidate,
    or the reader should know of it beside the candidate. `unlisted` is true if the list lacks the
    current tag. `release` is the current version as `Candidate.release` is. `anchors` are tags that
    `latest` may point to, `twins` versions that a word tag may stand for, in the order to ask for
    them; `digests` what the list said of them.
    """

    use: ImageUse
    policy: Policy
    candidates: Sequence[Candidate]
    refused: Sequence[Refusal]
    hold: Refusal | None = None
    unlisted: bool = False
    release: tuple[object, ...] | None = None
    anchors: tuple[str, ...] = ()
    twins: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bump:
    """The decision: this use moves to `new_tag` (None: keeps its tag) and `new_digest` (None: has none).

    `manifest` is what it moves to, `before` what stands there now, each where the registry was asked.
    `lag_seconds` is how much later it was published than what stands there, where the registry told both.
    `sizes` is how many bytes are pulled for what stands there and for the new, of one platform in use; 0
    where that is not known.
    """

    use: ImageUse
    policy: Policy
    new_tag: str | None
    new_digest: str | None
    level: Level
    code: str
    reason: str
    refused: Sequence[Refusal] = ()
    manifest: Manifest | None = None
    age_seconds: int | None = None
    age_source: str | None = None
    before: Manifest | None = None
    lag_seconds: int | None = None
    sizes: tuple[int, int] = (0, 0)
    status: str = field(default="bump", init=False)

    @property
    def is_early(self) -> bool:
        """Whether it is younger than its `min-age`: a person did not want to wait."""
        least = self.policy.min_age_seconds
        return least > 0 and (self.age_seconds is None or self.age_seconds < least)

    @property
    def content(self) -> str:
        """What it moves to with its content, as `image=tag@digest`, "" where that is not known."""
        tag = self.new_tag or self.use.reference.tag or ""
        return f"{self.use.reference.image}={tag}@{self.manifest.digest}" if self.manifest else ""

    @property
    def target(self) -> str:
        """What it moves to, as `image=tag@digest`."""
        digest = f"@{self.new_digest}" if self.new_digest else ""
        return f"{self.use.reference.image}={self.new_tag or self.use.reference.tag or ''}{digest}"


@dataclass(frozen=True, slots=True)
class Hold:
    """Something newer exists and a person must decide; `new_tag` names it where known.

    `lag_seconds` is as that of `Bump`.
    """

    use: ImageUse
    policy: Policy
    code: str
    reason: str
    new_tag: str | None = None
    level: Level | None = None
    lag_seconds: int | None = None
    status: str = field(default="hold", init=False)


@dataclass(frozen=True, slots=True)
class Current:
    """Nothing newer is allowed and nothing is wrong."""

    use: ImageUse
    policy: Policy
    code: str
    reason: str
    status: str = field(default="current", init=False)


@dataclass(frozen=True, slots=True)
class Ignored:
    """A setting, or what the reference is, keeps this use out of the look-up."""

    use: ImageUse
    policy: Policy
    code: str
    reason: str
    status: str = field(default="ignored", init=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """The use could not be decided: it is unknown, never up to date."""

    use: ImageUse
    policy: Policy
    code: str
    reason: str
    hint: str = ""
    status: str = field(default="failed", init=False)


Outcome = Bump | Hold | Current | Ignored | Failure


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """One pull request that we wish for: its bumps, its branch and its words.

    `key` is stable over versions (the same images in the same place); `branch` follows from it.
    `targets` is the exact set of what it moves to, one `image=tag@digest` each, sorted: closing a pull
    request refuses just this set. `reviewers` and `assignees` are people, or teams as `owner/team`;
    `milestone` is a name, "" for none; `automerge` lets the forge merge when its checks are green;
    `status` is what its commit is to say of its age, `pending` or `success`, "" for nothing.
    """

    key: str
    branch: str
    base: str
    title: str
    body: str
    message: str
    labels: tuple[str, ...]
    bumps: tuple[Bump, ...]
    targets: tuple[str, ...]
    reviewers: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    milestone: str = ""
    draft: bool = False
    automerge: bool = False
    status: str = ""


class PullRequestState(StrEnum):
    """What became of a pull request."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as the forge shows it.

    `own_head` is true if its branch lies in the same repository as its base (a stranger's fork may
    carry the same branch name). `number` counts from 1; `url` is the page for people; `created` is
    when it was opened and `author` who did, where the forge says so. `draft` is true while nobody is
    asked to merge it; the title is without the forge's mark of it. `merging` is true where the forge
    says that it merges it by itself.
    """

    number: int
    url: str
    state: PullRequestState
    branch: str
    head: str
    base: str
    title: str
    body: str
    labels: tuple[str, ...] = ()
    own_head: bool = True
    created: datetime | None = None
    draft: bool = False
    author: str = ""
    merging: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said below a pull request; `id` is the forge's, `created` where it says so."""

    id: str
    author: str
    text: str
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue of the forge; only its body is ours to write. `author` is who opened it."""

    number: int
    is_open: bool
    body: str
    author: str = ""


class Operation(StrEnum):
    """What a run did for one change request."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    REFUSED = "refused"
    EDITED = "edited"
    HELD = "held"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Published:
    """What became of one change request; `reason` is a sentence, empty if the operation says it all.

    `request` is None for a pull request of ours whose bump is no longer wanted.
    """

    operation: Operation
    request: ChangeRequest | None
    pull_request: PullRequest | None
    reason: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Requests:
    """How many registry answers a run used: in all, from the cache, and asked of each host."""

    total: int = 0
    cached: int = 0
    by_registry: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found and did; there is one outcome for every use, in the order of the uses.

    `pull_requests` are ours that were asked for again after the run: some that are no longer open.
    `whole` is false if only some images were looked at: of the others it says nothing. `dry` is true if
    nothing was written: what is told of change requests would be done.
    """

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...] = ()
    published: tuple[Published, ...] = ()
    requests: Requests = field(default_factory=Requests)
    pull_requests: tuple[PullRequest, ...] = ()
    whole: bool = True
    dry: bool = False
