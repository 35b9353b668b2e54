"""Keel's annotations and labels, and `keel:` in Helm values. Pure.

Keel reads annotations first, then labels, of the workload; `keel:` of a chart's values names the
images by their path in the values. Source: keel.sh/docs, "Policies", "Triggers", and keel-hq/keel
0.22. Where Keel would downgrade or change the variant, our guards stand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bumper import windows
from bumper.asides.marks import Mark, marks
from bumper.asides.settings import SAME_TAG, typed, unknown
from bumper.dialects.base import Row, read_rows, says, switch
from bumper.flags.keel import OPTIONS
from bumper.model import Problem, Setting
from bumper.patterns import BadPatternError, compile_pattern
from bumper.yaml_nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bumper.asides.beside import Beside
    from bumper.dialects.base import Said
    from bumper.yaml_nodes import Node

__all__ = ["NAME", "ROWS", "WORDS", "read"]

NAME = "keel"
WORDS = ("keel.sh/", "keel.observer/", "keel:")
_PLACES = ("repository", "tag", "digest")
_POLICIES = ("all", "major", "minor", "patch", "force", "never")


def _policy(value: str) -> Iterable[tuple[str, str]]:
    if value == "force":
        return (("policy", SAME_TAG),)
    if value.startswith(("glob:", "regexp:")):
        # Keel's group of what to compare has another name than ours.
        written = value.replace("(?P<compare>", "(?P<order>")
        typed("policy", written)
        return (("policy", written),)
    if value not in _POLICIES:
        raise ValueError(unknown("policy", value, _POLICIES))
    return (("policy", value),)


def _schedule(value: str) -> Iterable[tuple[str, str]]:
    windows.of_robot(value)
    return ()


def _trigger(value: str) -> Iterable[tuple[str, str]]:
    if value not in {"poll", "default"}:
        raise ValueError(unknown("trigger", value, ("poll", "default")))
    return ()


def _containers(value: str) -> Iterable[tuple[str, str]]:
    try:
        compile_pattern(value)
    except BadPatternError as error:
        raise ValueError(str(error)) from error
    return (("monitor-containers", value),)


def _hours(value: str) -> Iterable[tuple[str, str]]:
    if not value.isdecimal():
        raise ValueError(f"{value!r} is no number of hours")
    return (("stale", f"{value}h"),)


# name, the values, the meaning, the reader; each stands under `keel.sh/`, most under `keel:` too.
_TABLE = (
    ("policy", "all, major, minor, patch, force, never, glob:…, regexp:…",
     "The same words; all is major, force pins the digest of the tag and moves it.", _policy),
    ("matchTag", "true, false", "Nothing more: `force` never leaves the tag here.", switch()),
    ("matchPreRelease", "true, false", "false: a pre-release may be taken; variants never mix.",
     switch(off=[("prerelease", "true")])),
    ("trigger", "poll, default", "Nothing: every run polls.", _trigger),
    ("pollSchedule", "5 or 6 fields, @every 1h, @daily", "Nothing: the workflow's schedule says when bumper looks; `bumper.dev/schedule` says when it may propose.", _schedule),
    ("approvals", "a number", "Required reviews of the base branch: the forge counts them.", says("approvals")),
    ("approvalDeadline", "hours", "How long the pull request waits for a decision: `stale`; a newer version opens another.", _hours),
    ("releaseNotes", "a URL", "The page that the pull request links.", says("release-notes")),
)  # fmt: skip
ROWS = (
    *(Row(f"keel.sh/{key}", values, means, read) for key, values, means, read in _TABLE),
    Row("keel.sh/match-tag", "true, false", "As `keel.sh/matchTag`.", switch()),
    Row("keel.sh/notify", "channels", "The notifiers that are told of this image.", says("notify")),
    Row("keel.sh/monitorContainers", "a regular expression", "Containers of other names are ignored.", _containers),
    Row("keel.sh/initContainers", "true, false", "true: init containers too; without it they are ignored.",
        switch(on=[("initContainers", "true")])),
    Row("keel.sh/imageVolumes", "true, false", "true: image volumes too; without it they are ignored.",
        switch(on=[("volumes", "true")])),
    Row("keel.sh/imagePullSecret", "a secret", "Nothing: a secret of the cluster cannot be read here; name the account in `registries`."),
    Row("keel.sh/digest", "a digest", "Nothing: Keel's own note."),
    Row("keel.sh/update-time", "a time", "Nothing: Keel's own note."),
    Row("keel.observer/policy", "as keel.sh/policy", "As `keel.sh/policy`.", _policy),
    *(Row(f"keel.{key}", values, f"In Helm values: as `keel.sh/{key}`.", read) for key, values, _, read in _TABLE[:-1]),
    Row("keel.notificationChannels", "a list of channels", "In Helm values: as `keel.sh/notify`.", says("notify")),
    Row("keel.images", "a list of paths", "In Helm values: the images that are meant, by their paths; others are left to the rules."),
    Row("keel.images.releaseNotes", "a URL", "In Helm values: as `keel.sh/releaseNotes`, for one image.", says("release-notes")),
    Row("keel.images.imagePullSecret", "a secret", "Nothing: as `keel.sh/imagePullSecret`."),
    *(Row(one.key, one.values, one.means) for one in OPTIONS),
)  # fmt: skip


def read(beside: Beside) -> Iterator[Said]:
    """Yield what the workload's annotations and labels say, or `keel:` of the values."""
    everything = (*beside.annotations, *beside.labels)
    found = [
        *read_rows(everything, "keel.sh/", ROWS),
        *read_rows(everything, "keel.observer/", ROWS),
    ]
    if not found:
        found = list(_of_values(beside))
    settings: dict[str, Setting] = {}
    for said in found:
        if isinstance(said, Problem):
            yield said
        else:
            settings.setdefault(said.key, said)
    policy = settings.pop("policy", None)
    if policy is None:
        return
    left_out = _left_out(beside, settings)
    if left_out is not None:
        yield Setting("policy", "ignore", f"{policy.source}, {left_out}")
        return
    yield policy
    private = {"monitor-containers", "initContainers", "volumes"}
    yield from (said for key, said in settings.items() if key not in private)


def _left_out(beside: Beside, settings: dict[str, Setting]) -> str | None:
    """Say why Keel would not look at this container, None if it would."""
    for role in ("initContainers", "volumes"):
        if beside.role == role and role not in settings:
            return f"which leaves {role} out"
    names = settings.get("monitor-containers")
    named = names is not None and beside.container and beside.role != "volumes"
    if named and names and compile_pattern(names.value).groups(beside.container) is None:
        return f"whose monitorContainers leaves {beside.container} out"
    return None


def _of_values(beside: Beside) -> Iterator[Said]:
    root, path, lines = beside.root, beside.use.path, beside.lines
    keel = root.mapping("keel") if isinstance(root, Mapping) else None
    entry = _entry(keel, beside.use.where) if keel is not None else None
    if keel is None or entry is None or lines is None:
        return
    found = [replace(one, key=f"keel.{one.key}") for one in marks(keel, path, lines, "value")]
    found += [
        replace(one, key=f"keel.images.{one.key}")
        for one in marks(entry, path, lines, "value")
        if one.key not in _PLACES
    ]
    channels = keel.sequence("notificationChannels")
    names = [item.value for item in channels.items if isinstance(item, Scalar)] if channels else []
    if channels is not None and names:
        line = lines.place(channels.span.start)[0]
        found.append(Mark("keel.notificationChannels", ",".join(names), path, line, "value"))
    yield from read_rows(found, "keel.", ROWS)


def _entry(keel: Mapping, where: str) -> Mapping | None:
    """Give what `images` says of this place: the path of its repository or tag, or what holds them."""
    images: Node | None = keel.get("images")
    for entry in images.items if isinstance(images, Sequence) else ():
        if not isinstance(entry, Mapping):
            continue
        for key in _PLACES:
            path = entry.text(key)
            if path and where in {path, path.rpartition(".")[0]}:
                return entry
    return None
