"""A small report of every kind, and the same made of texts that try to be something else.

python -m tests.reports.samples        write the golden texts anew
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bumper import __version__, catalog
from bumper.model import (
    Bump,
    ChangeRequest,
    Current,
    Failure,
    Hold,
    Ignored,
    ImageUse,
    Level,
    Operation,
    Part,
    Policy,
    Problem,
    Published,
    PullRequest,
    PullRequestState,
    Refusal,
    Report,
    Requests,
    Scan,
    Skip,
    Slot,
)
from bumper.reference import parse
from bumper.text import Span

if TYPE_CHECKING:
    from bumper.model import (
        Outcome,
    )

__all__ = ["EVIL", "GOLDEN", "GOLDENS", "HOSTILE", "REPORT", "SCAN", "unversioned"]

GOLDEN = Path(__file__).parent / "golden"
# The page is mostly style and script: what it holds is looked at in `test_page`.
GOLDENS = tuple(name for name in catalog.REPORTS if name != "html")
DIGEST = f"sha256:{'a' * 64}"
RULE = "rules[0] (bumper.yaml:4)"


def use(written: str, path: str, line: int, where: str = "services.web.image") -> ImageUse:
    reference = parse(written)
    tag = reference.tag or ""
    slots = (Slot(Part.TAG, Span(20, 20 + len(tag))),) if tag else ()
    return ImageUse(path, line, 18, "compose", where, reference, slots)


def _outcomes() -> tuple[Outcome, ...]:
    policy = Policy(Level.MINOR, "minor", rule=RULE)
    refused = (
        Refusal("1.25.3", "current", "is the file's own"),
        Refusal("2.0.0", "above-policy", "a major is above minor"),
        *(Refusal(f"1.{n}.0-alpine", "other-variant", "has another variant") for n in range(7)),
    )
    newest = "1.27.0 is the newest tag that minor allows"
    return (
        Bump(use("nginx:1.25.3", "web/compose.yaml", 4), policy, "1.27.0", None, Level.MINOR,
             "newer-tag", newest, refused, None, 12 * 86400, "registry"),
        Bump(use("postgres:16.3", "web/compose.yaml", 9, "services.db.image"), Policy(), "17.0", None,
             Level.MAJOR, "newer-tag", "17.0 is the newest tag that major allows"),
        Bump(use("redis:7.4.1", "web/compose.yaml", 14, "services.cache.image"), policy, "7.4.2", None,
             Level.PATCH, "newer-tag", "7.4.2 is the newest tag that minor allows", (), None, 40 * 86400, "first-seen"),
        Bump(use(f"busybox:1.36@sha256:{'b' * 64}", "web/compose.yaml", 19, "services.job.image"), policy, None, DIGEST,
             Level.DIGEST, "new-digest", "1.36 was pushed again"),
        Hold(use("wordpress:6.4", "k8s/blog.yaml", 12, "spec.image"), policy, "above-latest",
             "6.9 is above the version that latest points to", "6.9", Level.MINOR),
        Current(use("alpine:3.20", "k8s/blog.yaml", 30, "spec.init"), policy, "newest", "3.20 is the newest tag"),
        Ignored(use("ghcr.io/acme/api:main", "k8s/blog.yaml", 41, "spec.api"), policy, "policy-ignore", "a setting says so"),
        Failure(use("harbor.acme.lan/app/api:1.0", "k8s/blog.yaml", 50, "spec.app"), policy, "registry-denied",
                "harbor.acme.lan: access denied (401)", "name the registry under `registries:`"),
    )  # fmt: skip


REPORT = Report(
    _outcomes(),
    (Problem("k8s/broken.yaml", 3, "unreadable", "not YAML: a bracket stays open", "mend the file"),),
    (
        Published(
            Operation.CREATED,
            ChangeRequest(
                "k", "bumper/web", "main", "Bump nginx 1.25.3 to 1.27.0 (minor) in web", "", "", (), (), ()
            ),
            PullRequest(
                7, "https://git.example/acme/gitops/pulls/7", PullRequestState.OPEN, "bumper/web", "h", "main", "t", ""
            ),
        ),
    ),
    Requests(9, 4, {"docker.io": 8, "harbor.acme.lan": 1}),
)  # fmt: skip
SCAN = Scan(
    tuple(one.use for one in REPORT.outcomes),
    (Skip("k8s/blog.yaml", 60, 3, "kubernetes", "spec.x", "{{ .image }}", "template", "made elsewhere"),),
    REPORT.problems,
    {"**/tests/**": 2},
)  # fmt: skip

# One text with everything that is live somewhere: commands, formulas, markup, links, control codes.
EVIL = (
    '=HYPERLINK("https://evil.example")\r\n::error title=x::owned ##[error]owned %0A @everyone fixes #1 '
    "<script>alert(1)</script><img src=//evil.example/x> ]]> --> [a](https://evil.example){0} | `x` "
    "\x1b[31m\x00\u2028\u202e\ud800 \"' & \\"
)  # fmt: skip


def _hostile() -> Report:
    place = f"{EVIL}.yaml"
    one = ImageUse(place, 3, 5, "compose", EVIL, parse("nginx:1.25.3"), ())
    policy = Policy(Level.MINOR, EVIL, rule=EVIL)
    outcomes = (
        Bump(one, policy, "1.27.0", None, Level.MINOR, "newer-tag", EVIL, (Refusal("2.0", "above-policy", EVIL),), age_source=EVIL),
        Hold(one, policy, "above-latest", EVIL, EVIL, Level.MAJOR),
        Failure(one, policy, "registry-denied", EVIL, EVIL),
        Ignored(one, policy, "policy-ignore", EVIL),
    )  # fmt: skip
    pull = PullRequest(7, EVIL, PullRequestState.OPEN, EVIL, "h", "main", EVIL, EVIL)
    published = (Published(Operation.CREATED, None, pull, EVIL, EVIL),)
    return Report(outcomes, (Problem(place, 3, EVIL, EVIL, EVIL),), published)


HOSTILE = _hostile()


def unversioned(text: str) -> str:
    """A text without our own version, so that a release changes none of them."""
    return text.replace(f'"{__version__}"', '"VERSION"')


def write() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for name in GOLDENS:
        member = catalog.REPORTS[name]
        for kind, text in (
            ("plan", member.plan(REPORT, width=100)),
            ("scan", member.scan(SCAN, width=100)),
        ):
            path = GOLDEN / f"{name}.{kind}"
            path.write_text(unversioned(text), encoding="utf-8", newline="")


if __name__ == "__main__":
    write()
