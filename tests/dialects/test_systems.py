"""A repository per system, written as its documentation shows it, and what `plan` says of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bumper import catalog
from bumper.cache import NoCache
from tests.support import HERE, bumper, write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SYSTEMS = HERE / "systems"
CASES = sorted(path.parent for path in SYSTEMS.rglob("expected.json"))
TAGS: dict[str, list[str]] = json.loads((SYSTEMS / "answers.json").read_text(encoding="utf-8"))
DIGESTS = {"old": "sha256:" + "1" * 64, "new": "sha256:" + "2" * 64}


class InMemory(NoCache):
    """What is kept, for as long as a test."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}

    def get_many(self, namespace: str, keys: Iterable[str]) -> dict[str, bytes]:
        assert namespace
        return {key: self.values[key] for key in keys if key in self.values}

    def put(self, namespace: str, key: str, value: bytes) -> None:
        assert namespace
        self.values[key] = value


def outcomes(root: Path, files: dict[str, str]) -> tuple[dict[str, dict[str, Any]], int, str]:
    """What `plan` says of every image of a repository, by place; the exit code; the talk."""
    write(root, files)
    manifest = {"digest": DIGESTS["new"], "platforms": ["linux/amd64"]}
    images = {
        name: {"tags": tags, "manifests": dict.fromkeys([*tags, DIGESTS["old"]], manifest)}
        for name, tags in TAGS.items()
    }
    record = root.parent / "answers.json"
    record.write_text(json.dumps({"schema_version": 1, "images": images}), encoding="utf-8")
    ran = bumper("plan", "-C", root, "--replay", record, "-f", "json")
    found = json.loads(ran.out)["outcomes"]
    return {f"{one['path']} {one['where']}": one for one in found}, ran.code, ran.err


def verdict(outcome: dict[str, Any]) -> tuple[str, str | None]:
    """The status, and what it moves to: the tag, else whether there is a new digest."""
    moved = outcome["new_tag"] or ("digest" if outcome["new_digest"] else None)
    return outcome["status"], moved


def repository(system: str) -> dict[str, str]:
    """The files of one system's repository, by path."""
    root = SYSTEMS / system / "repository"
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in files}


APP = "apps/api.yaml spec.template.spec.containers"


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_system(tmp_path: Path, case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    found, code, talk = outcomes(tmp_path / "repository", repository(case.name))
    told = {place: " ".join(filter(None, verdict(one))) for place, one in found.items()}
    assert {"exit": code, "outcomes": told} == expected, talk


def test_every_system_has_a_repository() -> None:
    systems = {*catalog.DIALECTS, *catalog.FAR_DIALECTS} - {"directives", "labels"}
    cases = [case.name for case in CASES]
    assert {name for name in systems if not any(case.startswith(name) for case in cases)} == set()


UPDATER_OBJECT = """apiVersion: argocd-image-updater.argoproj.io/v1alpha1
kind: ImageUpdater
metadata: {name: updater, namespace: argocd}
spec:
  commonUpdateSettings: {updateStrategy: semver}
  applicationRefs:
    - namePattern: api-*
      images:
        - alias: api
          imageName: ghcr.io/acme/api:~1.0
        - alias: cache
          imageName: redis
          commonUpdateSettings: {ignoreTags: ["*"]}
"""
PLAIN_APPLICATION = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: %s}
spec: {source: {repoURL: 'https://git.example/acme/gitops.git', path: apps/%s}}
"""
WRITES = """  writeBackConfig:
    method: git:secret:argocd/git
    gitConfig: {repository: 'https://git.example/acme/gitops', branch: %s, writeBackTarget: kustomization}
"""


@pytest.mark.parametrize(
    ("more", "first", "second"),
    [
        pytest.param("", ("bump", "1.0.9"), ("ignored", None), id="by-the-range"),
        pytest.param(WRITES % "main", ("ignored", None), ("ignored", None), id="writes-itself"),
        pytest.param(WRITES % "main:image-updates", ("bump", "1.0.9"), ("ignored", None), id="writes-elsewhere"),
    ],
)  # fmt: skip
def test_an_image_updater_object_speaks_of_the_applications_it_names(
    tmp_path: Path, more: str, first: tuple[str, str | None], second: tuple[str, str | None]
) -> None:
    kustomization = repository("argocd-image-updater")["apps/api/kustomization.yaml"]
    files = {
        "argo/updater.yaml": UPDATER_OBJECT + more,
        "argo/one.yaml": PLAIN_APPLICATION % ("api-one", "one"),
        "argo/two.yaml": PLAIN_APPLICATION % ("other", "two"),
        "apps/one/kustomization.yaml": kustomization,
        "apps/two/kustomization.yaml": kustomization,
    }
    found, code, talk = outcomes(tmp_path / "repository", files)
    assert code == 0, talk
    assert verdict(found["apps/one/kustomization.yaml images[0]"]) == first
    assert verdict(found["apps/one/kustomization.yaml images[1]"]) == second
    assert verdict(found["apps/two/kustomization.yaml images[0]"]) == ("bump", "2.0.0")


def test_a_file_that_is_no_text_is_not_told_of(tmp_path: Path) -> None:
    files = {
        "argo/updater.yaml": UPDATER_OBJECT,
        "c.yaml": "services: {w: {image: 'redis:7.2.0'}}\n",
    }
    (tmp_path / "repository").mkdir()
    (tmp_path / "repository" / "odd.bin").write_bytes(b"argoproj.io/v1alpha1 \xff\xfe")
    found, code, talk = outcomes(tmp_path / "repository", files)
    told = [name for name, one in found.items() if one["status"] != "ignored"]
    assert (code, told) == (0, ["c.yaml services.w.image"]), talk


def test_an_image_updater_names_images_and_runs_none(tmp_path: Path) -> None:
    text = (
        "apiVersion: argocd-image-updater.argoproj.io/v1alpha1\nkind: ImageUpdater\n"
        "metadata: {name: a}\nspec:\n  applicationRefs:\n    - namePattern: 'api-*'\n"
        "      images: [{alias: api, imageName: 'ghcr.io/acme/api:1.0.0'}]\n"
    )
    found = outcomes(tmp_path / "repository", {"updater.yaml": text})[0]
    assert [(one["status"], one["code"]) for one in found.values()] == [
        ("ignored", "policy-ignore")
    ]


def test_two_writers_on_one_line_are_refused_with_the_reason(tmp_path: Path) -> None:
    found, _, _ = outcomes(tmp_path / "repository", repository("flux-writes-itself"))
    refused = found[f"{APP}[0].image"]
    assert refused["code"] == "two-writers"
    assert "suspend ImageUpdateAutomation all (flux/auto.yaml:1)" in refused["reason"]


def test_a_marker_without_its_policy_is_left_to_flux_with_the_reason(tmp_path: Path) -> None:
    found, _, _ = outcomes(tmp_path / "repository", repository("flux"))
    lost = found[f"{APP}[2].image"]
    assert lost["status"] == "ignored"
    assert "the ImagePolicy flux-system/nowhere is not in this repository" in lost["reason"]


FLAGGED = """services:
  watchtower: {image: 'containrrr/watchtower:1.7.1', %s}
  web: {image: 'nginx:1.25.3'}
  cache: {image: 'redis:7.2.0', labels: [com.centurylinklabs.watchtower.enable=true]}
"""


@pytest.mark.parametrize(
    ("service", "web", "cache", "elsewhere"),
    [
        pytest.param("environment: [WATCHTOWER_LABEL_ENABLE=true]", "ignored", "bump", "bump", id="label-enable"),
        pytest.param("environment: {WATCHTOWER_LABEL_ENABLE: 'false'}", "bump", "bump", "bump", id="label-enable-false"),
        pytest.param("command: [--label-enable, --interval, '30']", "ignored", "bump", "bump", id="flag"),
        pytest.param("command: -e --cleanup", "ignored", "bump", "bump", id="short-flag"),
        pytest.param("environment: {WATCHTOWER_MONITOR_ONLY: 'true'}", "hold", "hold", "bump", id="monitor-only"),
        pytest.param("command: --disable-containers web,db", "ignored", "bump", "bump", id="disable-containers"),
        pytest.param("command: --cooldown-delay=3d", "hold", "hold", "bump", id="cooldown-waits-for-an-age"),
        pytest.param("command: --label-enable --scope prod", "bump", "bump", "bump", id="a-scope-is-not-everyone"),
        pytest.param("command: --cleanup", "bump", "bump", "bump", id="nothing-of-containers"),
        pytest.param("command: --interval 30 web", "bump", "ignored", "bump", id="names"),
        pytest.param("command: [--cleanup, 'w.*|db']", "bump", "ignored", "bump", id="an-expression"),
        pytest.param("command: other", "ignored", "ignored", "bump", id="another-name"),
    ],
)  # fmt: skip
def test_the_flags_of_a_watchtower_count_below_its_folder(
    tmp_path: Path, service: str, web: str, cache: str, elsewhere: str
) -> None:
    files = {
        "one/compose.yaml": FLAGGED % service,
        "two/compose.yaml": "services:\n  web: {image: 'nginx:1.25.3'}\n",
    }
    found, code, talk = outcomes(tmp_path / "repository", files)
    assert code == 0, talk
    assert found["one/compose.yaml services.web.image"]["status"] == web
    assert found["one/compose.yaml services.cache.image"]["status"] == cache
    assert found["two/compose.yaml services.web.image"]["status"] == elsewhere


def test_a_flag_that_cannot_be_read_is_a_loud_error(tmp_path: Path) -> None:
    files = {"compose.yaml": FLAGGED % "environment: {WATCHTOWER_LABEL_ENABLE: yess}"}
    _, code, talk = outcomes(tmp_path / "repository", files)
    assert code == 4
    assert "compose.yaml:2  'yess' is neither true nor false" in talk


@pytest.mark.parametrize("name", ["watchtower", "shepherd"])
def test_a_dialect_that_is_switched_off_says_nothing(tmp_path: Path, name: str) -> None:
    system = {"watchtower": "com.centurylinklabs.watchtower.enable", "shepherd": "shepherd.enable"}
    text = f"services:\n  w:\n    image: redis:7.2.0\n    labels: [{system[name]}=false]\n"
    heard, _, _ = outcomes(tmp_path / "a", {"compose.yaml": text})
    deaf, _, _ = outcomes(
        tmp_path / "b", {"compose.yaml": text, "bumper.yaml": f"compat: {{{name}: false}}"}
    )
    place = "compose.yaml services.w.image"
    assert (heard[place]["status"], deaf[place]["status"]) == ("ignored", "bump")


def test_services_that_depend_on_each_other_share_a_pull_request() -> None:
    from bumper import plan, run  # noqa: PLC0415 - one test wants the line itself
    from bumper.config import settle  # noqa: PLC0415
    from bumper.config.proposals import PullRequests  # noqa: PLC0415
    from bumper.config.read import Loaded  # noqa: PLC0415
    from bumper.model import Bump, Level  # noqa: PLC0415

    label = "com.centurylinklabs.watchtower.depends-on"
    text = (
        f"services:\n  web: {{image: 'nginx:1.25.3', labels: [{label}=cache]}}\n"
        f"  cache: {{image: 'memcached:1.6.0'}}\n  other: {{image: 'traefik:v3.0'}}\n"
    )
    reading = run.read([("compose.yaml", text.encode())], Loaded())
    bumps = [
        Bump(use, settle.policy(Loaded(), use), "9", None, Level.MINOR, "", "")
        for use in reading.scan.uses
    ]
    requests = plan.plan(bumps, PullRequests(), "main")
    assert sorted(len(request.bumps) for request in requests) == [1, 2]


def test_what_is_kept_between_runs_says_the_same(tmp_path: Path) -> None:
    from bumper import run  # noqa: PLC0415 - one test wants the line itself
    from bumper.config.read import Loaded  # noqa: PLC0415
    from bumper.sources import OnDisk  # noqa: PLC0415

    files = {**repository("flux"), **repository("wud")}
    write(tmp_path, files)
    kept = InMemory()
    cold = run.read(OnDisk(tmp_path, files), Loaded(), (), kept)
    warm = run.read(OnDisk(tmp_path, files), Loaded(), (), kept)
    assert kept.values
    assert warm.scan == cold.scan
    assert any(
        one.source.endswith("(ImagePolicy api)") for use in warm.scan.uses for one in use.settings
    )
