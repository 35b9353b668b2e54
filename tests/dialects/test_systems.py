"""A repository per system, written as its documentation shows it, and what `plan` says of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bumper.cache import NoCache
from tests.support import bumper, write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TAGS = {
    "docker.io/library/nginx": ["1.25.3", "1.25.5", "1.27.0", "2.0.0", "latest"],
    "docker.io/library/postgres": ["16.3", "16.4", "17.0"],
    "docker.io/library/redis": ["7.2.0", "7.4.0"],
    "docker.io/library/traefik": ["v3.0", "v3.1", "latest"],
    "docker.io/library/mariadb": ["10.4.5", "10.4.6", "10.5.0-rc", "11.0.0"],
    "docker.io/library/busybox": ["1.36.0", "1.37.0"],
    "docker.io/containrrr/watchtower": ["1.7.0", "1.7.1"],
    "docker.io/containrrr/shepherd": ["v1.8.0", "v1.8.1"],
    "docker.io/crazymax/diun": ["4.28.0", "4.29.0"],
    "ghcr.io/acme/api": ["1.0.0", "1.0.9", "1.2.0", "2.0.0", "1.3.0-rc.1"],
    "ghcr.io/acme/worker": ["main-a1b2c3d-100", "main-ffffff1-99", "main-0000000-101", "dev-9-999"],
    "ghcr.io/acme/build": ["build-9", "build-10"],
}
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


WATCHTOWER = """services:
  watchtower:
    image: containrrr/watchtower:1.7.0
    volumes: [/var/run/docker.sock:/var/run/docker.sock]
    command: --label-enable --interval 30
  web:
    image: nginx:latest
    labels:
      - "com.centurylinklabs.watchtower.enable=true"
  db:
    image: postgres:16.3
    labels:
      com.centurylinklabs.watchtower.enable: "false"
  cache:
    image: redis:7.2.0
    labels:
      - com.centurylinklabs.watchtower.enable=true
      - com.centurylinklabs.watchtower.monitor-only=true
  proxy:
    image: traefik:v3.0@{old}
    labels:
      - com.centurylinklabs.watchtower.enable=true
      - com.centurylinklabs.watchtower.depends-on=web
      - com.centurylinklabs.watchtower.lifecycle.pre-update=/dump.sh
"""
UPDATER = """services:
  web:
    image: traefik:latest
    labels:
      autoupdate: "true"
      autoupdate.docker-compose: /srv/web/docker-compose.yml
  cache:
    image: redis:7.2.0
    labels: [autoupdate=monitor]
"""
SHEPHERD = """version: "3"
services:
  app:
    image: containrrr/shepherd:v1.8.0
    environment:
      TZ: Europe/Berlin
      SLEEP_TIME: 5m
      FILTER_SERVICES: label=shepherd.autodeploy=true
      IGNORELIST_SERVICES: stack_db
    deploy:
      placement: {constraints: [node.role == manager]}
"""
STACK = """services:
  web:
    image: nginx:latest
    deploy: {labels: [shepherd.autodeploy=true, shepherd.auth.config=team-a]}
  db:
    image: postgres:16.3
    deploy: {labels: [shepherd.autodeploy=true]}
  cache:
    image: redis:7.2.0
"""
KEEL = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: wd
  labels: {name: wd}
  annotations:
    keel.sh/policy: %s
    keel.sh/trigger: poll
    keel.sh/pollSchedule: "@every 10m"
    keel.sh/approvals: "2"
spec:
  template:
    spec:
      initContainers: [{name: init, image: "busybox:1.36.0"}]
      containers: [{name: web, image: "ghcr.io/acme/api:1.0.0"}]
"""
KEEL_VALUES = """keel:
  policy: patch
  trigger: poll
  images:
    - repository: image.repository
      tag: image.tag
image:
  repository: ghcr.io/acme/api
  tag: 1.0.0
sidecar:
  image: redis:7.2.0
"""
FLUX_APP = """apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    spec:
      containers:
        - name: api
          image: ghcr.io/acme/api:1.0.0 # {"$imagepolicy": "flux-system:api"}
        - name: worker
          image: ghcr.io/acme/worker:main-a1b2c3d-100 # {"$imagepolicy": "flux-system:worker"}
        - name: lost
          image: ghcr.io/acme/api:1.0.0 # {"$imagepolicy": "flux-system:nowhere"}
        - name: plain
          image: redis:7.2.0
"""
FLUX_POLICIES = """apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImageRepository
metadata: {name: api, namespace: flux-system}
spec: {image: ghcr.io/acme/api, interval: 1m0s}
---
apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImagePolicy
metadata: {name: api, namespace: flux-system}
spec:
  imageRepositoryRef: {name: api}
  policy: {semver: {range: 1.0.x}}
---
apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImagePolicy
metadata: {name: worker, namespace: flux-system}
spec:
  imageRepositoryRef: {name: worker}
  filterTags: {pattern: '^main-[a-f0-9]+-(?P<ts>[0-9]+)', extract: $ts}
  policy: {numerical: {order: asc}}
"""
FLUX_AUTOMATION = """apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImageUpdateAutomation
metadata: {name: all, namespace: flux-system}
spec:
  git:
    checkout: {ref: {branch: main}}
    push: {branch: %s}
  update: {path: ./apps, strategy: Setters}
"""
ARGO = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: api
  annotations:
    argocd-image-updater.argoproj.io/image-list: api=ghcr.io/acme/api:~1.0, cache=redis
    argocd-image-updater.argoproj.io/api.update-strategy: semver
    argocd-image-updater.argoproj.io/cache.ignore-tags: "*"
%s
spec:
  source: {repoURL: 'https://git.example/acme/gitops', path: apps/api, targetRevision: main}
"""
KUSTOMIZATION = """apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
images:
  - {name: ghcr.io/acme/api, newTag: 1.0.0}
  - {name: redis, newTag: 7.2.0}
  - {name: nginx, newTag: 1.25.3}
"""
WUD = r"""services:
  db:
    image: mariadb:10.4.5
    labels:
      - wud.tag.include=^\d+\.\d+\.\d+$$
      - wud.trigger.include=smtp.gmail:patch
  cache:
    image: redis:7.2.0
    labels: [wud.watch=false]
  web:
    image: nginx:1.25.3@{old}
    labels: {wud.watch.digest: "true", wud.tag.exclude: "^2"}
"""
DIUN = """services:
  diun:
    image: crazymax/diun:4.28.0
    labels: [diun.enable=true, diun.watch_repo=true]
  web:
    image: nginx:latest
    labels: [diun.enable=true]
  cache:
    image: redis:7.2.0
    labels: [diun.enable=false]
"""
RENOVATE = """# renovate: datasource=docker versioning=semver
image: ghcr.io/acme/api:1.0.0
worker:
  # renovate: datasource=docker extractVersion=^main-[a-f0-9]+-(?<version>\\d+)$
  image: ghcr.io/acme/worker:main-a1b2c3d-100
"""
APP = "apps/api.yaml spec.template.spec.containers"
DEPLOYMENT = "d.yaml spec.template.spec"


@pytest.mark.parametrize(
    ("files", "expected", "code"),
    [
        pytest.param({"compose.yaml": WATCHTOWER.replace("{old}", DIGESTS["old"])}, {
            "compose.yaml services.watchtower.image": ("ignored", None),
            "compose.yaml services.web.image": ("bump", "digest"),
            "compose.yaml services.db.image": ("ignored", None),
            "compose.yaml services.cache.image": ("hold", "7.4.0"),
            "compose.yaml services.proxy.image": ("bump", "digest"),
        }, 0, id="watchtower"),
        pytest.param({"compose.yaml": UPDATER}, {
            "compose.yaml services.web.image": ("bump", "digest"),
            "compose.yaml services.cache.image": ("hold", "7.4.0"),
        }, 0, id="container-updater"),
        pytest.param({"shepherd.yml": SHEPHERD, "stack.yml": STACK}, {
            "shepherd.yml services.app.image": ("ignored", None),
            "stack.yml services.web.image": ("bump", "digest"),
            "stack.yml services.db.image": ("bump", "digest"),
            "stack.yml services.cache.image": ("ignored", None),
        }, 0, id="shepherd"),
        pytest.param({"d.yaml": KEEL % "minor"}, {
            f"{DEPLOYMENT}.initContainers[0].image": ("ignored", None),
            f"{DEPLOYMENT}.containers[0].image": ("bump", "1.2.0"),
        }, 0, id="keel-minor"),
        pytest.param({"d.yaml": KEEL % "all"}, {
            f"{DEPLOYMENT}.initContainers[0].image": ("ignored", None),
            f"{DEPLOYMENT}.containers[0].image": ("bump", "2.0.0"),
        }, 0, id="keel-all"),
        pytest.param({"d.yaml": KEEL % "force"}, {
            f"{DEPLOYMENT}.initContainers[0].image": ("ignored", None),
            f"{DEPLOYMENT}.containers[0].image": ("bump", "digest"),
        }, 0, id="keel-force"),
        pytest.param({"d.yaml": KEEL % "never"}, {
            f"{DEPLOYMENT}.initContainers[0].image": ("ignored", None),
            f"{DEPLOYMENT}.containers[0].image": ("ignored", None),
        }, 0, id="keel-never"),
        pytest.param({"d.yaml": KEEL % "minro"}, {
            f"{DEPLOYMENT}.initContainers[0].image": ("failed", None),
            f"{DEPLOYMENT}.containers[0].image": ("failed", None),
        }, 3, id="keel-unknown-policy"),
        pytest.param({"values.yaml": KEEL_VALUES}, {
            "values.yaml keel.images[0]": ("ignored", None),
            "values.yaml image": ("bump", "1.0.9"),
            "values.yaml sidecar.image": ("bump", "7.4.0"),
        }, 0, id="keel-in-helm-values"),
        pytest.param({"apps/api.yaml": FLUX_APP, "flux/policies.yaml": FLUX_POLICIES}, {
            f"{APP}[0].image": ("bump", "1.0.9"),
            f"{APP}[1].image": ("bump", "main-0000000-101"),
            f"{APP}[2].image": ("failed", None),
            f"{APP}[3].image": ("bump", "7.4.0"),
            "flux/policies.yaml spec.image": ("ignored", None),
        }, 4, id="flux"),
        pytest.param({"apps/api.yaml": FLUX_APP, "flux/policies.yaml": FLUX_POLICIES, "flux/auto.yaml": FLUX_AUTOMATION % "main"}, {
            f"{APP}[0].image": ("ignored", None),
            f"{APP}[1].image": ("ignored", None),
            f"{APP}[2].image": ("failed", None),
            f"{APP}[3].image": ("bump", "7.4.0"),
            "flux/policies.yaml spec.image": ("ignored", None),
        }, 4, id="flux-writes-itself"),
        pytest.param({"apps/api.yaml": FLUX_APP, "flux/policies.yaml": FLUX_POLICIES, "flux/auto.yaml": FLUX_AUTOMATION % "image-updates"}, {
            f"{APP}[0].image": ("bump", "1.0.9"),
            f"{APP}[1].image": ("bump", "main-0000000-101"),
            f"{APP}[2].image": ("failed", None),
            f"{APP}[3].image": ("bump", "7.4.0"),
            "flux/policies.yaml spec.image": ("ignored", None),
        }, 4, id="flux-writes-elsewhere"),
        pytest.param({"argo/api.yaml": ARGO % "", "apps/api/kustomization.yaml": KUSTOMIZATION, "apps/b/kustomization.yaml": KUSTOMIZATION}, {
            "apps/api/kustomization.yaml images[0]": ("bump", "1.0.9"),
            "apps/api/kustomization.yaml images[1]": ("ignored", None),
            "apps/api/kustomization.yaml images[2]": ("bump", "2.0.0"),
            "apps/b/kustomization.yaml images[0]": ("bump", "2.0.0"),
            "apps/b/kustomization.yaml images[1]": ("bump", "7.4.0"),
            "apps/b/kustomization.yaml images[2]": ("bump", "2.0.0"),
        }, 0, id="argocd-image-updater"),
        pytest.param({
            "argo/api.yaml": ARGO % "    argocd-image-updater.argoproj.io/write-back-method: git\n    argocd-image-updater.argoproj.io/write-back-target: kustomization",
            "apps/api/kustomization.yaml": KUSTOMIZATION,
        }, {
            "apps/api/kustomization.yaml images[0]": ("ignored", None),
            "apps/api/kustomization.yaml images[1]": ("ignored", None),
            "apps/api/kustomization.yaml images[2]": ("bump", "2.0.0"),
        }, 0, id="argocd-image-updater-writes-itself"),
        pytest.param({"compose.yaml": WUD.replace("{old}", DIGESTS["old"])}, {
            "compose.yaml services.db.image": ("bump", "10.4.6"),
            "compose.yaml services.cache.image": ("ignored", None),
            "compose.yaml services.web.image": ("bump", "1.27.0"),
        }, 0, id="wud"),
        pytest.param({"compose.yaml": DIUN}, {
            "compose.yaml services.diun.image": ("bump", "4.29.0"),
            "compose.yaml services.web.image": ("bump", "digest"),
            "compose.yaml services.cache.image": ("ignored", None),
        }, 0, id="diun"),
        pytest.param({"values.yaml": RENOVATE}, {
            "values.yaml image": ("bump", "2.0.0"),
            "values.yaml worker.image": ("bump", "main-0000000-101"),
        }, 0, id="renovate"),
    ],
)  # fmt: skip
def test_system(
    tmp_path: Path,
    files: dict[str, str],
    expected: dict[str, tuple[str, str | None]],
    code: int,
) -> None:
    found, left, talk = outcomes(tmp_path / "repository", files)
    assert {place: verdict(one) for place, one in found.items()} == expected, talk
    assert left == code, talk


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
    files = {
        "argo/updater.yaml": UPDATER_OBJECT + more,
        "argo/one.yaml": PLAIN_APPLICATION % ("api-one", "one"),
        "argo/two.yaml": PLAIN_APPLICATION % ("other", "two"),
        "apps/one/kustomization.yaml": KUSTOMIZATION,
        "apps/two/kustomization.yaml": KUSTOMIZATION,
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
    files = {
        "apps/api.yaml": FLUX_APP,
        "flux/policies.yaml": FLUX_POLICIES,
        "flux/auto.yaml": FLUX_AUTOMATION % "main",
    }
    found, _, _ = outcomes(tmp_path / "repository", files)
    refused = found[f"{APP}[0].image"]
    assert refused["code"] == "two-writers"
    assert "suspend ImageUpdateAutomation all (flux/auto.yaml:1)" in refused["reason"]


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
    from bumper.config.model import PullRequests  # noqa: PLC0415
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

    files = {"apps/api.yaml": FLUX_APP, "flux/policies.yaml": FLUX_POLICIES, "c.yaml": WUD}
    write(tmp_path, files)
    kept = InMemory()
    cold = run.read(OnDisk(tmp_path, files), Loaded(), (), kept)
    warm = run.read(OnDisk(tmp_path, files), Loaded(), (), kept)
    assert kept.values
    assert warm.scan == cold.scan
    assert any(
        one.source.endswith("(ImagePolicy api)") for use in warm.scan.uses for one in use.settings
    )
