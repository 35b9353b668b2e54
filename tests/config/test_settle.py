"""Which setting wins, when an `ignore` ends, and what a setting makes of an outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bumper.config import read, settle
from bumper.model import Bump, Failure, Hold, Ignored, Level, Setting
from tests.support import use

if TYPE_CHECKING:
    from bumper.model import Policy

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONFIG = read.read(
    "bumper.yaml", "defaults: {policy: minor, digest: pin}\nrules: [{match: nginx, policy: patch}]"
)


def settled(*pairs: tuple[str, str], config: read.Loaded = CONFIG) -> Policy:
    settings = tuple(Setting(key, value, f"f.yaml:{i}") for i, (key, value) in enumerate(pairs, 1))
    return settle.policy(config, replace(use("nginx:1.25.3"), settings=settings), NOW)


@pytest.mark.parametrize(
    ("pairs", "written", "rule"),
    [
        pytest.param([], "patch", "rules[0] (bumper.yaml:2)", id="the-rule-before-the-defaults"),
        pytest.param([("policy", "major")], "major", "f.yaml:1", id="the-file-before-the-rule"),
        pytest.param([("policy", "major"), ("policy", "minor")], "major", "f.yaml:1", id="the-first"),
        pytest.param([("group", "db")], "patch", "rules[0] (bumper.yaml:2)", id="another-key"),
        pytest.param([("policy", "ignore")], "ignore", "f.yaml:1", id="ignore"),
        pytest.param([("policy", "ignore"), ("until", "2026-03-02")], "ignore", "f.yaml:1", id="not-ended"),
        pytest.param([("policy", "ignore"), ("until", "2026-03-01")], "patch", "rules[0] (bumper.yaml:2)", id="ended-today"),
        pytest.param([("policy", "ignore"), ("until", "2026-01-01"), ("policy", "minor")], "minor", "f.yaml:3", id="ended-the-next-counts"),
        pytest.param([("policy", "same-tag")], "digest", "f.yaml:1", id="same-tag"),
        pytest.param([("policy", "same-tag"), ("monitor", "true")], "patch", "rules[0] (bumper.yaml:2)", id="only-reported-by-the-rules"),
    ],
)  # fmt: skip
def test_who_decides(pairs: list[tuple[str, str]], written: str, rule: str) -> None:
    policy = settled(*pairs)
    assert (policy.written, policy.rule) == (written, rule)


def test_values_are_typed() -> None:
    policy = settled(
        ("prerelease", "true"), ("deny", "rc"), ("platforms", "linux/amd64,linux/arm64"),
        ("min-age", "3d"), ("tags", "^v"), ("environment", "follow"),
    )  # fmt: skip
    assert policy.prerelease is True
    assert policy.deny == ("rc",)
    assert policy.platforms == ("linux/amd64", "linux/arm64")
    assert policy.min_age_seconds == 3 * 86400
    assert (policy.tags, policy.environment, policy.digest) == ("^v", "follow", "pin")


def test_same_tag_pins_unless_another_setting_says_otherwise() -> None:
    plain = read.read("bumper.yaml", "{}")
    assert settled(("policy", "same-tag"), config=plain).digest == "pin"
    assert settled(("policy", "same-tag"), ("digest", "keep"), config=plain).digest == "keep"
    assert settled(("policy", "minor"), ("policy", "same-tag"), config=plain).digest == "keep"


def test_every_setting_that_counts_is_kept_with_its_place() -> None:
    said = {one.key: (one.value, one.source) for one in settled(("notify", "ops")).said}
    assert said["notify"] == ("ops", "f.yaml:1")
    assert said["policy"] == ("patch", "rules[0] (bumper.yaml:2)")


def test_what_the_settings_make_of_an_outcome() -> None:
    one = use("nginx:1.25.3")
    watched = settled(("monitor", "true"))
    bump = Bump(one, watched, "1.25.5", None, Level.PATCH, "newer-tag", "newer")
    held = settle.heeded(bump)
    assert isinstance(held, Hold)
    assert (held.code, held.new_tag, held.level) == ("monitor-only", "1.25.5", Level.PATCH)
    broken = settled(("fault", "enable: 'yess' is neither true nor false"))
    failed = settle.heeded(Ignored(one, broken, "policy-ignore", ""))
    assert isinstance(failed, Failure)
    assert failed.code == "bad-setting"
    refused = settled(("refuse", "Flux writes this line"))
    assert settle.heeded(Ignored(one, refused, "", "")).reason == "Flux writes this line"
    ended = settled(("policy", "ignore"), ("until", "2026-01-01"), ("reason", "pgvector"))
    told = settle.heeded(replace(bump, policy=ended))
    assert told.reason.endswith("the ignore of f.yaml:1 ended on 2026-01-01: pgvector")


@pytest.mark.parametrize(
    ("config", "pairs", "monitored"),
    [
        pytest.param("{}", [("monitor", "true")], "f.yaml:1", id="beside-the-image"),
        pytest.param("defaults: {monitor: true}", [], "defaults (bumper.yaml:1)", id="everything"),
        pytest.param("defaults: {monitor: true}", [("monitor", "false")], None, id="all-but-one"),
        pytest.param("rules: [{match: nginx, monitor: true}]", [("policy", "same-tag")], "rules[0] (bumper.yaml:1)", id="a-rule"),
    ],
)  # fmt: skip
def test_who_asks_for_reports_alone(
    config: str, pairs: list[tuple[str, str]], monitored: str | None
) -> None:
    policy = settled(*pairs, config=read.read("bumper.yaml", config))
    assert policy.monitor == monitored
    assert policy.digest == "keep"


def test_a_rule_chooses_who_is_told() -> None:
    config = read.read(
        "bumper.yaml",
        "rules: [{match: nginx, notify: [ops, dev]}]",
    )
    said = {one.key: one.value for one in settled(config=config).said}
    assert said["notify"] == "ops,dev"


def test_a_rule_that_means_no_image_is_named() -> None:
    text = "rules:\n- {match: '*/web'}\n- {match: '**/web'}\n- {files: ['b/**']}\n- {}\n"
    loaded = read.read("bumper.yaml", text)
    uses = [use("ghcr.io/acme/web:1.0", "a/compose.yaml")]
    assert settle.idle(loaded, uses) == ("rules[0] (bumper.yaml:2)", "rules[2] (bumper.yaml:4)")
    assert settle.idle(loaded, []) == tuple(f"rules[{n}] (bumper.yaml:{n + 2})" for n in range(4))
