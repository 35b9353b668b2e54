"""Three change requests as real repositories have them: one image, a major, a group of twelve.

python -m tests.messages.samples [FOLDER]     write the golden bodies anew; with FOLDER, HTML to look at
"""

from __future__ import annotations

import sys
from pathlib import Path

from bumper.messages import body
from bumper.messages.body import Around
from bumper.messages.places import Files
from bumper.model import Bump, ImageUse, Level, Manifest, Policy, Refusal, Setting
from bumper.notes import Notes, Release
from bumper.reference import parse

__all__ = ["HERE", "SAMPLES", "render"]

HERE = Path(__file__).parent
FILES = Files("https://github.com/acme/gitops/blob/1f3c9ab52d0e4f7a8b6c5d4e3f2a1b0c9d8e7f6a")
ON_GITEA = Files("https://git.example.org/acme/gitops/src/commit/1f3c9ab52d0e4f7a8b6c5d4e3f2a1b0c")
DAY = 86400


def manifest(letter: str, *platforms: str) -> Manifest:
    return Manifest(f"sha256:{letter * 64}", "application/vnd.oci.image.index.v1+json", platforms)


def use(written: str, path: str, line: int, where: str) -> ImageUse:
    return ImageUse(path, line, 12, "compose", where, parse(written), ())


def refusals(**counts: int) -> tuple[Refusal, ...]:
    return tuple(
        Refusal(f"t{number}", code.replace("_", "-"), "of no interest")
        for code, count in counts.items()
        for number in range(count)
    )


RULE = "rules[1] (bumper.yaml:14)"
NGINX = tuple(
    Bump(
        use(f"nginx:1.25.3-alpine@sha256:{'1' * 64}", path, line, where),
        Policy(
            Level.MINOR, "minor", rule=RULE, min_age_seconds=3 * DAY,
            said=(Setting("policy", "minor", RULE), Setting("min-age", "3d", "defaults")),
        ),
        "1.27.1-alpine", f"sha256:{'2' * 64}", Level.MINOR, "newer-tag",
        "1.27.1-alpine is the newest tag that minor allows (1.27.2-alpine pushed 2 d ago, free at 2026-11-26 05:00 UTC by `min-age` 3 d)",
        (
            Refusal("1.27.2-alpine", "too-young", "pushed 2 d ago, free at 2026-11-26 05:00 UTC by `min-age` 3 d"),
            Refusal("2.0.0-alpine", "above-policy", "a major is above minor"),
            *refusals(other_variant=151, older=22, pre_release=0),
        ),
        manifest("2", "linux/amd64", "linux/arm64", "linux/riscv64"), 12 * DAY, "registry",
        manifest("1", "linux/amd64", "linux/arm64"), sizes=(17_482_113, 20_457_846),
    )
    for path, line, where in (
        ("envs/prod/web/compose.yaml", 9, "services.web.image"),
        ("envs/dev/web/compose.yaml", 31, "services.proxy.image"),
    )
)  # fmt: skip
NGINX_NOTES = Notes(
    "https://github.com/nginx/nginx",
    (
        Release("release-1.27.1", "release-1.27.1", "2026-08-14",
                "*) Security: processing of a specially crafted mp4 file may cause a worker crash.\n\n*) Change: now the stream module handler is not mandatory.",
                "https://github.com/nginx/nginx/releases/tag/release-1.27.1"),
        Release("release-1.27.0", "", "2026-05-28", "- Feature: variables support in `proxy_limit_rate`.\n- Bugfix in QUIC.",
                "https://github.com/nginx/nginx/releases/tag/release-1.27.0"),
    ),
    "https://github.com/nginx/nginx/compare/release-1.25.3...release-1.27.1",
)  # fmt: skip
POSTGRES = (
    Bump(
        use("postgres:17.6", "prod/db/compose.yaml", 9, "services.db.image"), Policy(),
        "18.0", None, Level.MAJOR, "newer-tag", "18.0 is the newest tag that major allows",
        refusals(other_variant=151, pre_release=37, older=22),
        manifest("b", "linux/amd64", "linux/arm64"), 12 * DAY, "first-seen",
        manifest("a", "linux/amd64", "linux/arm/v7", "linux/arm64"), sizes=(153_846_000, 161_210_444),
    ),
)  # fmt: skip
POSTGRES_NOTES = Notes(
    "https://github.com/docker-library/postgres",
    (
        Release("18.0", "PostgreSQL 18", "2026-09-25",
                "## Overview\n\nAsynchronous I/O, by @ada in https://github.com/x/y/pull/7.\n\n## Migration to Version 18\n\n"
                "A dump/restore using `pg_dumpall` is required for those wishing to migrate data.\n\n"
                "- **Change** `initdb` default to enable data checksums\n  - use `--no-data-checksums` to keep it\n- MD5 passwords are deprecated\n",
                "https://github.com/docker-library/postgres/releases/tag/18.0"),
        Release("17.7", "", "2026-08-14", "Fixes.", "https://github.com/docker-library/postgres/releases/tag/17.7"),
    ),
)  # fmt: skip
TWELVE = tuple(
    Bump(
        use(f"ghcr.io/acme/{name}:2.{n}.0", f"envs/prod/{name}/compose.yaml", 6 + n, f"services.{name}.image"),
        Policy(group="acme", rule="rules[0] (bumper.yaml:9)", said=(Setting("group", "acme", "rules[0] (bumper.yaml:9)"),)),
        f"2.{n}.{n + 1}" if n % 4 else f"2.{n + 1}.0", None, Level.PATCH if n % 4 else Level.MINOR, "newer-tag",
        f"{f'2.{n}.{n + 1}' if n % 4 else f'2.{n + 1}.0'} is the newest tag that major allows", refusals(older=n, other_variant=3),
        manifest("c", "linux/amd64", *(() if name == "worker" else ("linux/arm64",))), (n + 1) * DAY, "registry",
        manifest("d", "linux/amd64", "linux/arm64"),
        sizes=(48_000_000 + 10_000 * n, 48_000_000 - 900_000 * (n % 3)) if n != 4 else (0, 0),
    )
    for n, name in enumerate(
        ("api", "auth", "billing", "cron", "docs", "events", "files", "gateway", "mailer", "search", "web", "worker")
    )
)  # fmt: skip
TWELVE_NOTES = Notes(
    "https://git.example.org/acme/api", (Release("v2.1.0", "", "2026-11-20", "- BREAKING: `/v1` is gone\n- faster"),)
)  # fmt: skip

SAMPLES = {
    "single": (NGINX, Around(FILES, {"docker.io/library/nginx": NGINX_NOTES})),
    "major": (POSTGRES, Around(FILES, {"docker.io/library/postgres": POSTGRES_NOTES})),
    "group": (TWELVE, Around(ON_GITEA, {"ghcr.io/acme/api": TWELVE_NOTES})),
}

_STYLE = (
    "body{font:14px/1.5 system-ui,sans-serif;max-width:880px;margin:24px auto;padding:0 16px}"
    "table{border-collapse:collapse}td,th{border:1px solid #d1d9e0;padding:6px 13px}"
    "code{background:#eff1f3;padding:.2em .4em;border-radius:6px;font-size:85%}"
    "blockquote{border-left:4px solid #9a6700;margin:0;padding:0 1em}details{margin:8px 0}"
)


def render(text: str) -> str:
    """Markdown as a forge shows it: tables, HTML that is allowed, links that are made of text."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - what writes the golden files needs none

    return str(MarkdownIt("gfm-like", {"linkify": False}).render(text))


def main(folder: str | None) -> None:
    for name, (bumps, around) in SAMPLES.items():
        text = body.body(bumps, around)
        (HERE / f"{name}.md").write_text(text, encoding="utf-8", newline="\n")
        if folder is not None:
            opened = render(text).replace("<details>", "<details open>")
            page = f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style>{opened}"
            (Path(folder) / f"{name}.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
