"""How the seeds were started moves: in the repository, in an env file, on a command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import git
import pytest

from bumper import catalog, windows
from bumper.config.read import read
from tests.support import bumper, write

if TYPE_CHECKING:
    from pathlib import Path

LABEL = "com.centurylinklabs.watchtower.enable"
FILES = {
    "compose.yaml": (
        "services:\n  web:\n    image: nginx:1.25.3\n"
        f"  db:\n    image: postgres:16.3\n    labels: ['{LABEL}=true']\n"
    ),
    "stack.yml": (
        "services:\n  api:\n    image: ghcr.io/acme/api:1.0.0\n"
        "    deploy: {labels: [shepherd.autodeploy=true]}\n"
    ),
    "pod.yaml": "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'redis:7.2.0'}]}\n",
}

KEEL = (
    "apiVersion: apps/v1\nkind: Deployment\n"
    "metadata: {name: x, annotations: {keel.sh/policy: minor, keel.sh/notify: chan-a}}\n"
    "spec: {template: {spec: {containers: [{name: a, image: 'nginx:1.0.0'}]}}}\n"
)


def moved(root: Path, *more: str | Path, files: dict[str, str] | None = None) -> dict[str, Any]:
    write(root, {**FILES, **(files or {})})
    ran = bumper("migrate", "-C", root, "-f", "json", "--no-cache", *more)
    assert ran.code in {0, 1}, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    read("bumper.yaml", found["config"])
    return found


ROWS = [
    pytest.param("WATCHTOWER_MONITOR_ONLY=true", "monitor: true", id="monitor-only"),
    pytest.param("WATCHTOWER_COOLDOWN_DELAY=1w", 'min-age: "604800s"', id="cooldown"),
    pytest.param("WATCHTOWER_LABEL_ENABLE=1", "policy: ignore", id="label-enable"),
    pytest.param("WATCHTOWER_DISABLE_CONTAINERS=web", "match: [nginx]\n    policy: ignore", id="disabled"),
    pytest.param("export WATCHTOWER_SCHEDULE='0 30 4 * * *'", 'schedule: "30 4 * * *"', id="six-fields"),
    pytest.param("WATCHTOWER_SCHEDULE=@daily", 'schedule: "0 0 * * *"', id="a-word"),
    pytest.param("WATCHTOWER_POLL_INTERVAL=300\nTZ=Europe/Berlin", "timezone: Europe/Berlin", id="a-zone"),
    pytest.param(
        "WATCHTOWER_NOTIFICATION_URL=discord://canary@1\nWATCHTOWER_NOTIFICATIONS_LEVEL=error",
        'notify:\n  - {shoutrrr: "$WATCHTOWER_NOTIFICATION_URL", level: failure}',
        id="an-address",
    ),
    pytest.param("IGNORELIST_SERVICES=stack_api", "match: [ghcr.io/acme/api]\n    policy: ignore", id="shepherd-names"),
    pytest.param("FILTER_SERVICES=label=shepherd.autodeploy=true", "policy: ignore", id="shepherd-filter"),
    pytest.param("SLEEP_TIME=5m\nAPPRISE_SIDECAR_URL=http://canary/x", 'webhook: "$APPRISE_SIDECAR_URL"', id="shepherd-apprise"),
    pytest.param("POLL_DEFAULTSCHEDULE=@every 1m\nSHOUTRRR_URLS=slack://canary", 'shoutrrr: "$SHOUTRRR_URLS"', id="keel"),
]  # fmt: skip


@pytest.mark.parametrize(("environment", "said"), ROWS)
def test_an_env_file_is_said_and_every_image_is_decided_the_same(
    tmp_path: Path, environment: str, said: str
) -> None:
    env = tmp_path / "started.env"
    env.write_text(f"# how it was started\n{environment}\n", encoding="utf-8")
    found = moved(tmp_path / "gitops", "--env-file", env)
    assert said in found["config"]
    assert (found["differences"], found["lost"]) == ([], [])
    assert "canary" not in json.dumps(found)


COMMANDS = [
    pytest.param("docker run -d --name w -e TZ=UTC -v /a:/b containrrr/watchtower:1.7.1 --cleanup --label-enable", "policy: ignore", id="docker-run"),
    pytest.param("watchtower --schedule '0 0 4 * * *' --monitor-only", 'schedule: "0 4 * * *"', id="the-program"),
    pytest.param("nickfedor/watchtower --cooldown-delay=3d", 'min-age: "259200s"', id="the-fork"),
    pytest.param("/usr/local/bin/container-updater.sh -d https://canary -z zabbix.lan -n docker1 -b vim", "- {zabbix: zabbix.lan, host: docker1}", id="container-updater"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "said"), COMMANDS)
def test_a_command_line_is_said(tmp_path: Path, command: str, said: str) -> None:
    found = moved(tmp_path, "--command", command)
    assert said in found["config"]
    assert (found["differences"], found["lost"]) == ([], [])
    assert "canary" not in json.dumps(found)


LOST = [
    pytest.param("WATCHTOWER_SCOPE=prod\nWATCHTOWER_MONITOR_ONLY=true", "that scope alone", id="a-scope"),
    pytest.param("WATCHTOWER_NOTIFICATION_EMAIL_TO=a@b.org", "smtp://", id="mail-in-parts"),
    pytest.param("WATCHTOWER_MONITOR_ONLY=yess", "'yess' is neither true nor false", id="a-bad-value"),
    pytest.param("WATCHTOWER_SCHEDULE=sometimes", "no schedule", id="a-bad-schedule"),
    pytest.param("WATCHTOWER_CLEANPU=true\nWATCHTOWER_CLEANUP=true", "is not known here", id="a-bad-name"),
    pytest.param("FILTER_SERVICES=name=web", "label=shepherd", id="a-filter-by-name"),
]  # fmt: skip


@pytest.mark.parametrize(("environment", "why"), LOST)
def test_what_cannot_be_said_is_told_with_its_reason(
    tmp_path: Path, environment: str, why: str
) -> None:
    env = tmp_path / "started.env"
    env.write_text(f"{environment}\n", encoding="utf-8")
    (one,) = moved(tmp_path / "gitops", "--env-file", env)["lost"]
    assert why in one["new"]
    assert (one["path"], one["line"]) == (str(env), 1)


def test_a_service_in_the_repository_says_who_is_told_and_when(tmp_path: Path) -> None:
    service = (
        "services:\n  watchtower:\n    image: containrrr/watchtower:1.7.1\n"
        "    command: --schedule '0 0 4 * * *' --cleanup\n"
        "    environment: {WATCHTOWER_NOTIFICATION_URL: 'slack://canary', WATCHTOWER_MONITOR_ONLY: 'true'}\n"
        "  web: {image: 'nginx:1.25.3'}\n"
    )
    found = moved(tmp_path, files={"one/compose.yaml": service})
    assert 'schedule: "0 4 * * *"' in found["config"]
    assert 'shoutrrr: "$WATCHTOWER_NOTIFICATION_URL"' in found["config"]
    assert "monitor: true" in found["config"]
    assert (found["differences"], found["lost"]) == ([], [])
    assert "canary" not in json.dumps(found)


def test_a_file_that_speaks_of_nothing_is_an_error(tmp_path: Path) -> None:
    env = tmp_path / "x.env"
    env.write_text("HELLO=world\n", encoding="utf-8")
    ran = bumper("migrate", "-C", tmp_path, "--env-file", env)
    assert (ran.code, "no option of watchtower" in ran.err) == (2, True)
    ran = bumper("migrate", "-C", tmp_path, "--command", "ls -l")
    assert (ran.code, "names none of watchtower" in ran.err) == (2, True)


def test_a_branch_carries_the_file_and_the_lists(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, ".hidden.yaml": "forge: {kind: local}\n"})
    actor = git.Actor("a", "a@b.org")
    with git.Repo.init(tmp_path, initial_branch="main") as made:
        made.index.add(list(FILES))
        made.index.commit("start", author=actor, committer=actor)
        command = ("migrate", "-C", tmp_path, "-c", tmp_path / ".hidden.yaml", "--branch")
        for _ in range(2):
            ran = bumper(*command)
            assert "proposed: " in ran.err
        text = made.git.show("bumper/migrate:bumper.yaml")
        assert read("bumper.yaml", text).config.compat.watchtower is False
        (page,) = (tmp_path / ".git" / "bumper" / "pull-requests").glob("*.md")
        assert "# Decided the same by both readings: 4 of 4 images" in page.read_text("utf-8")
        # What a person has changed stays.
        made.git.checkout("-q", "bumper/migrate")
        write(tmp_path, {"bumper.yaml": "version: 1\n"})
        made.index.add(["bumper.yaml"])
        made.index.commit("mine", author=actor, committer=actor)
        made.git.checkout("-q", "main")
        assert "a person has changed the branch" in bumper(*command).err


def test_no_option_of_a_system_is_told_twice_and_each_says_what_it_means() -> None:
    for name, options in catalog.STARTED.items():
        keys = [option.key for option in options]
        flags = [flag for option in options for flag in option.flags]
        assert (len(keys), len(flags)) == (len(set(keys)), len(set(flags))), name
        assert all(option.means.endswith(".") for option in options), name


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        pytest.param("0 0 4 * * *", "0 4 * * *", id="seconds-first"),
        pytest.param("*/5 * * * *", "*/5 * * * *", id="five-fields"),
        pytest.param("0 0 2 ? * MON-FRI", "0 2 * * MON-FRI", id="question-mark"),
        pytest.param("@hourly", "0 * * * *", id="hourly"),
        pytest.param("@midnight", "0 0 * * *", id="midnight"),
        pytest.param("@weekly", "0 0 * * 0", id="weekly"),
        pytest.param("@every 1h30m", "always", id="every"),
    ],
)
def test_a_schedule_of_the_seeds(written: str, ours: str) -> None:
    assert windows.of_robot(written) == ours


@pytest.mark.parametrize("written", ["@often", "* * *", "0 0 99 * * *", "@every", "@every 1x", ""])
def test_a_schedule_that_is_none(written: str) -> None:
    with pytest.raises(ValueError, match="write nights, weekends"):
        windows.of_robot(written)


def test_channels_that_only_keel_knows_stay_named(tmp_path: Path) -> None:
    write(tmp_path, {"pod.yaml": KEEL})
    ran = bumper("migrate", "-C", tmp_path, "--from", "keel", "--no-cache")
    assert (ran.code, ran.err) == (0, "")
    assert "notify: [chan-a]" in ran.out
