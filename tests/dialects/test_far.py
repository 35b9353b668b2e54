"""Every setting that stands in another file than the image: what it means there, and what it refuses."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from bumper import run
from bumper.asides.settings import SAME_TAG
from bumper.config.read import Loaded
from bumper.dialects import argocd_image_updater, flux

BAD = None
SAME = {"policy": SAME_TAG}
RANGE = {"policy": "~1.0"}
PREFIX = "argocd-image-updater.argoproj.io/"

# annotation, value -> what the Application's image hears beside its range; None: the value is refused.
ARGO: tuple[tuple[str, str, dict[str, str] | None], ...] = (
    ("api.update-strategy", "semver", RANGE),
    ("api.update-strategy", "digest", SAME),
    ("api.update-strategy", "newest-build", {"scheme": "newest"}),
    ("api.update-strategy", "latest", {"scheme": "newest"}),
    ("api.update-strategy", "alphabetical", {"scheme": "alphabetical"}),
    ("api.update-strategy", "name", {"scheme": "alphabetical"}),
    ("api.update-strategy", "semvr", BAD),
    ("update-strategy", "digest", SAME),
    ("update-strategy", "yess", BAD),
    ("api.allow-tags", "regexp:^1", {"tags": "^1", **RANGE}),
    ("api.allow-tags", "any", RANGE),
    ("api.allow-tags", "^1", BAD),
    ("api.allow-tags", "regexp:(", BAD),
    ("allow-tags", "regexp:^1", {"tags": "^1", **RANGE}),
    ("api.tag-match", "regexp:^1", {"tags": "^1", **RANGE}),
    ("api.match-tag", "regexp:^1", {"tags": "^1", **RANGE}),
    ("api.ignore-tags", "*", {"policy": "ignore"}),
    ("api.ignore-tags", "rc-*, x", {"deny": "^(?s:rc\\-.*)\\Z|^(?s:x)\\Z", **RANGE}),
    ("ignore-tags", "*", {"policy": "ignore"}),
    ("api.platforms", "linux/arm64", {"platforms": "linux/arm64", **RANGE}),
    ("platforms", "linux/arm64", {"platforms": "linux/arm64", **RANGE}),
    ("api.force-update", "true", RANGE),
    ("force-update", "true", RANGE),
    ("api.force-update", "yess", BAD),
    ("api.pull-secret", "pullsecret:argocd/reg", RANGE),
    ("pull-secret", "pullsecret:argocd/reg", RANGE),
    ("api.registry-prefix", "ghcr.io", RANGE),
    ("registry-prefix", "ghcr.io", RANGE),
    ("api.helm.image-name", "image.name", RANGE),
    ("api.helm.image-tag", "image.tag", RANGE),
    ("api.helm.image-spec", "image.spec", RANGE),
    ("api.kustomize.image-name", "old", RANGE),
    ("write-back-method", "argocd", RANGE),
    ("write-back-method", "git:secret:argocd/git", RANGE),
    ("write-back-method", "gti", BAD),
    ("write-back-target", "kustomization", RANGE),
    ("git-branch", "main:updates", RANGE),
    ("git-repository", "https://git.example/acme/other", RANGE),
    ("api.update-stratgy", "digest", BAD),
    ("web.update-strategy", "digest", BAD),
)  # fmt: skip


def heard(files: dict[str, str], image: str) -> tuple[dict[str, str], list[str]]:
    """What the first use of an image hears, the first of each key, and all problems."""
    scan = run.read([(path, text.encode()) for path, text in files.items()], Loaded()).scan
    use = next(
        use for use in scan.uses if use.reference.image == image and use.path.startswith("apps/")
    )
    said: dict[str, str] = {}
    for one in use.settings:
        said.setdefault(one.key, one.value)
    return said, [one.reason for one in scan.problems]


@pytest.mark.parametrize(
    ("key", "value", "expected"), [pytest.param(*row, id=f"{row[0]}={row[1]}") for row in ARGO]
)
def test_argo_annotation(key: str, value: str, expected: dict[str, str] | None) -> None:
    application = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: api\n"
        f"  annotations:\n    {PREFIX}image-list: api=ghcr.io/acme/api:~1.0\n"
        f"    {PREFIX}{key}: '{value}'\n"
        "spec: {source: {repoURL: 'https://git.example/acme/gitops', path: apps/api}}\n"
    )
    kustomization = (
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
        "images: [{name: ghcr.io/acme/api, newTag: 1.0.0}]\n"
    )
    files = {"argo/api.yaml": application, "apps/api/kustomization.yaml": kustomization}
    said, problems = heard(files, "ghcr.io/acme/api")
    if expected is None:
        assert len(problems) == 1, said
        assert key.rpartition(".")[2] in problems[0]
        return
    assert problems == []
    assert {name: said[name] for name in expected} == expected
    assert said.keys() <= {"policy", "deny", *expected}


POLICY = """apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {name: api, namespace: flux-system}
spec: {%s}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: api, namespace: flux-system}
spec:
  imageRepositoryRef: {name: api}
  %s
"""
IMAGE = "image: ghcr.io/acme/api, interval: 1m0s"
SEMVER = "policy: {semver: {range: 1.x}}"
FLUX: tuple[tuple[str, str, str, dict[str, str] | None], ...] = (
    ("range", IMAGE, "policy: {semver: {range: '>=1.0.0 <2.0.0'}}", {"policy": ">=1.0.0 <2.0.0"}),
    ("range-with-pre-releases", IMAGE, "policy: {semver: {range: '>=1.0.0-0'}}", {"policy": ">=1.0.0", "prerelease": "true"}),
    ("range-of-everything", IMAGE, "policy: {semver: {range: '*'}}", {"policy": "major"}),
    ("range-that-is-none", IMAGE, "policy: {semver: {range: newest}}", BAD),
    ("alphabetical", IMAGE, "policy: {alphabetical: {order: asc}}", {"scheme": "alphabetical", "policy": "major"}),
    ("alphabetical-by-itself", IMAGE, "policy: {alphabetical: {}}", {"scheme": "alphabetical", "policy": "major"}),
    ("alphabetical-backwards", IMAGE, "policy: {alphabetical: {order: desc}}", BAD),
    ("numerical", IMAGE, "policy: {numerical: {order: asc}}", {"scheme": "numeric", "policy": "major"}),
    ("numerical-backwards", IMAGE, "policy: {numerical: {order: desc}}", BAD),
    ("an-order-that-is-none", IMAGE, "policy: {numerical: {order: ascending}}", BAD),
    ("no-policy", IMAGE, "policy: {}", BAD),
    ("filter", IMAGE, SEMVER + "\n  filterTags: {pattern: '^v'}", {"policy": "1.x", "tags": "^v"}),
    ("filter-and-extract", IMAGE, SEMVER + "\n  filterTags: {pattern: '^v(?P<n>.+)', extract: '$n'}", {"policy": "1.x", "tags": "^v(?P<order>.+)"}),
    ("extract-of-two", IMAGE, SEMVER + "\n  filterTags: {pattern: '^(a)(b)', extract: '$1.$2'}", BAD),
    ("extract-of-no-group", IMAGE, SEMVER + "\n  filterTags: {pattern: '^a', extract: '$ts'}", BAD),
    ("filter-that-is-none", IMAGE, SEMVER + "\n  filterTags: {pattern: '('}", BAD),
    ("digest-never", IMAGE, SEMVER + "\n  digestReflectionPolicy: Never", {"policy": "1.x"}),
    ("digest-always", IMAGE, SEMVER + "\n  digestReflectionPolicy: Always", {"policy": "1.x", "digest": "pin"}),
    ("digest-if-not-present", IMAGE, SEMVER + "\n  digestReflectionPolicy: IfNotPresent", {"policy": "1.x", "digest": "pin"}),
    ("a-digest-policy-that-is-none", IMAGE, SEMVER + "\n  digestReflectionPolicy: Allways", BAD),
    ("policy-suspended", IMAGE, SEMVER + "\n  suspend: true", {"policy": "ignore"}),
    ("repository-suspended", f"{IMAGE}, suspend: true", SEMVER, {"policy": "ignore"}),
    ("exclusions", f"{IMAGE}, exclusionList: ['^rc', beta]", SEMVER, {"policy": "1.x", "deny": "(?:^rc)|(?:beta)"}),
    ("an-exclusion-that-is-none", f"{IMAGE}, exclusionList: ['(']", SEMVER, BAD),
    ("another-image", "image: ghcr.io/acme/web, interval: 1m0s", SEMVER, BAD),
)  # fmt: skip


@pytest.mark.parametrize(
    ("repository", "policy", "expected"), [pytest.param(*row[1:], id=row[0]) for row in FLUX]
)
def test_flux_object(repository: str, policy: str, expected: dict[str, str] | None) -> None:
    deployment = (
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
        '    - image: ghcr.io/acme/api:1.0.0 # {"$imagepolicy": "flux-system:api"}\n'
        "    - image: nginx:1.25.3\n"
    )
    files = {"apps/api.yaml": deployment, "flux/api.yaml": POLICY % (repository, policy)}
    said, problems = heard(files, "ghcr.io/acme/api")
    if expected is None:
        assert len(problems) == 1, said
        assert "fault" in said
    else:
        assert problems == []
        assert said == expected
    # Whatever one marker says, the image beside it is another matter.
    assert heard(files, "docker.io/library/nginx")[0] == {}


def test_every_row_is_tried() -> None:
    keys = {f"{PREFIX}{key}" for key, _, _ in ARGO} | {f"{PREFIX}image-list", "ImageUpdater spec"}
    keys |= {f"{PREFIX}ImageUpdater spec"}
    untried = [
        row.key
        for row in argocd_image_updater.ROWS
        if not any(fnmatchcase(key.replace("api.", "ALIAS.", 1), row.key) for key in keys)
    ]
    assert untried == []
    # Flux has few: each is named here by the row that tries it.
    named = {
        "range",
        "order",
        "pattern",
        "extract",
        "digestReflectionPolicy",
        "suspend",
        "image",
        "exclusionList",
    }
    assert {
        row.key.rpartition(".")[2] for row in flux.ROWS if row.key.startswith("ImagePolicy")
    } <= named
