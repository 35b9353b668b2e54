"""Where our own settings may stand: each row is one place, and what the image there hears."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bumper import attach, catalog, discover
from bumper.config import settle
from bumper.config.read import Loaded
from bumper.errors import TextError

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
{object}
spec:
  template:
    metadata:
      annotations: {{{pod}}}
    spec:
      initContainers: [{{name: init, image: 'busybox:1.36.0'}}]
      containers:
        - name: web
          image: nginx:1.25.3
        - name: side
          image: redis:7.2.0
"""


def policies(text: str, path: str = "f.yaml") -> dict[str, tuple[str, str]]:
    """The policy of every image of a text, and who said so."""
    uses = discover.read(path, text, catalog.FORMATS).uses
    settled, problems = attach.attach(path, text, uses, catalog.DIALECTS.values())
    assert problems == ()
    said = [(use, settle.policy(Loaded(), use)) for use in settled]
    return {use.reference.short: (policy.written, policy.rule) for use, policy in said}


@pytest.mark.parametrize(
    ("text", "source"),
    [
        pytest.param("image: nginx:1.25.3 # bumper: policy=patch", "f.yaml:1 (comment)", id="same-line"),
        pytest.param("# bumper: policy=patch\nimage: nginx:1.25.3", "f.yaml:1 (comment)", id="line-above"),
        pytest.param("# bumper: policy=patch\n# why\nimage: nginx:1.25.3", "f.yaml:1 (comment)", id="comment-block-above"),
        pytest.param("a: 1\r\n# bumper: policy=patch\r\nimage: nginx:1.25.3\r\n", "f.yaml:2 (comment)", id="crlf"),
        pytest.param("image: 'nginx:1.25.3'   #bumper:policy=patch", "f.yaml:1 (comment)", id="tight"),
        pytest.param("image:\n  repository: nginx\n  tag: 1.25.3 # bumper: policy=patch", "f.yaml:3 (comment)", id="split-on-the-tag"),
        pytest.param("image:\n  # bumper: policy=patch\n  repository: nginx\n  tag: 1.25.3", "f.yaml:2 (comment)", id="split-above-the-repository"),
        pytest.param("image: # bumper: policy=patch\n  repository: nginx\n  tag: 1.25.3", "f.yaml:1 (comment)", id="split-on-the-key"),
        pytest.param("# bumper: policy=patch\nimage: {repository: nginx, tag: 1.25.3}", "f.yaml:1 (comment)", id="split-in-flow-style"),
        pytest.param("image: {repository: nginx, tag: 1.25.3}\npodAnnotations:\n  bumper.dev/policy: patch", "f.yaml:3 (annotation bumper.dev/policy)", id="values-pod-annotations"),
        pytest.param("services: {w: {image: nginx:1.25.3, labels: {bumper.policy: patch}}}", "f.yaml:1 (label bumper.policy)", id="compose-map"),
        pytest.param("services:\n  w:\n    image: nginx:1.25.3\n    labels:\n      - bumper.policy=patch", "f.yaml:5 (label bumper.policy)", id="compose-list"),
        pytest.param("services:\n  w:\n    image: nginx:1.25.3\n    deploy:\n      labels: [bumper.policy=patch]", "f.yaml:5 (label bumper.policy)", id="swarm-deploy-labels"),
        pytest.param("x-l: &l\n  bumper.policy: patch\nservices:\n  w: {image: nginx:1.25.3, labels: *l}", "f.yaml:2 (label bumper.policy)", id="compose-labels-by-alias"),
        pytest.param("x-l: &l\n  bumper.policy: patch\nservices:\n  w: {image: nginx:1.25.3, labels: {<<: *l, a: b}}", "f.yaml:2 (label bumper.policy)", id="compose-labels-merged"),
        pytest.param("x-s: &s\n  labels: [bumper.policy=patch]\nservices:\n  w: {<<: *s, image: nginx:1.25.3}", "f.yaml:2 (label bumper.policy)", id="compose-service-merged"),
        pytest.param(DEPLOYMENT.format(object="  annotations: {bumper.dev/policy: patch}", pod=""), "f.yaml:5 (annotation bumper.dev/policy)", id="object-annotation"),
        pytest.param(DEPLOYMENT.format(object="  labels: {bumper.dev/policy: patch}", pod=""), "f.yaml:5 (label bumper.dev/policy)", id="object-label"),
        pytest.param(DEPLOYMENT.format(object="", pod="bumper.dev/policy: patch"), "f.yaml:9 (annotation bumper.dev/policy)", id="pod-template"),
        pytest.param(DEPLOYMENT.format(object="  annotations: {bumper.dev/policy: minor}", pod="bumper.dev/policy: patch"), "f.yaml:9 (annotation bumper.dev/policy)", id="pod-template-wins"),
        pytest.param(DEPLOYMENT.format(object="  annotations: {bumper.dev/policy: minor, bumper.dev/policy.web: patch}", pod=""), "f.yaml:5 (annotation bumper.dev/policy.web)", id="one-container-wins"),
        pytest.param("apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {metadata: {annotations: {bumper.dev/policy: patch}}, spec: {containers: [{image: nginx:1.25.3}]}}}}}", "f.yaml:3 (annotation bumper.dev/policy)", id="cron-job"),
        pytest.param("apiVersion: v1\nkind: List\nitems:\n- kind: Pod\n  metadata: {annotations: {bumper.dev/policy: patch}}\n  spec: {containers: [{image: nginx:1.25.3}]}", "f.yaml:5 (annotation bumper.dev/policy)", id="list"),
        pytest.param("a: b\n---\napiVersion: v1\nkind: Pod\nmetadata: {annotations: {bumper.dev/policy: patch}}\nspec: {containers: [{image: nginx:1.25.3}]}", "f.yaml:5 (annotation bumper.dev/policy)", id="second-document"),
        pytest.param("apiVersion: v1\nkind: ConfigMap\ndata:\n  p.yaml: |\n    metadata:\n      annotations: {bumper.dev/policy: patch}\n    spec:\n      containers:\n        - image: nginx:1.25.3\n", "f.yaml:6 (annotation bumper.dev/policy)", id="inside-a-block-scalar"),
        pytest.param("images:\n- name: nginx # bumper: policy=patch\n  newTag: 1.25.3\n", "f.yaml:2 (comment)", id="kustomize-entry"),
    ],
)  # fmt: skip
def test_place(text: str, source: str) -> None:
    path = "kustomization.yaml" if text.startswith("images:") else "f.yaml"
    assert policies(text, path)["nginx"] == ("patch", source.replace("f.yaml", path))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("image: redis:7.2.0 # bumper: policy=patch\nimage2: {image: nginx:1.25.3}", id="the-line-above-belongs-to-another"),
        pytest.param("# bumper: policy=patch\n\nimage: nginx:1.25.3", id="a-blank-line-between"),
        pytest.param("services:\n  a: {image: 'redis:7.2.0', labels: [bumper.policy=patch]}\n  w: {image: 'nginx:1.25.3'}", id="another-service"),
        pytest.param(DEPLOYMENT.format(object="  annotations: {bumper.dev/policy.side: patch}", pod=""), id="another-container"),
        pytest.param("podAnnotations: {bumper.dev/policy: patch}\na: {b: {image: nginx:1.25.3}}", id="values-of-a-parent-chart"),
        pytest.param("image: 'nginx:1.25.3'\nb: '# bumper: policy=patch'", id="a-text-that-looks-like-one"),
    ],
)  # fmt: skip
def test_what_stands_elsewhere_says_nothing(text: str) -> None:
    assert policies(text)["nginx"] == ("major", "defaults")


def test_a_comment_wins_over_a_label_wins_over_a_peer() -> None:
    text = (
        "services:\n  w:\n    image: nginx:1.25.3 # bumper: policy=patch\n"
        "    labels: [com.centurylinklabs.watchtower.enable=true, bumper.digest=keep, bumper.policy=minor]\n"
    )
    uses = discover.read("f.yaml", text, catalog.FORMATS).uses
    settled, _ = attach.attach("f.yaml", text, uses, catalog.DIALECTS.values())
    policy = settle.policy(Loaded(), settled[0])
    assert (policy.written, policy.digest) == ("patch", "keep")


@pytest.mark.parametrize(
    ("comment", "code", "reason"),
    [
        pytest.param("polcy=patch", "bad-directive", "unknown word 'polcy', did you mean 'policy'?", id="word"),
        pytest.param("policy=minro", "bad-directive", "did you mean 'minor'?", id="value"),
        pytest.param("monitor=yess", "bad-directive", "'yess' is neither true nor false, did you mean 'yes'?", id="boolean"),
        pytest.param("policy", "bad-directive", "policy needs a value", id="no-value"),
        pytest.param("=patch", "bad-directive", "cannot read '=patch'", id="no-word"),
        pytest.param("ignore until=soon", "bad-directive", "'soon' is no date; write it as 2026-03-01", id="date"),
    ],
)  # fmt: skip
def test_a_bad_comment_is_a_loud_error(comment: str, code: str, reason: str) -> None:
    text = f"a: 1\nimage: nginx:1.25.3 # bumper: {comment}\n"
    uses = discover.read("f.yaml", text, catalog.FORMATS).uses
    settled, problems = attach.attach("f.yaml", text, uses, catalog.DIALECTS.values())
    (problem,) = problems
    assert (problem.line, problem.code) == (2, code)
    assert reason in problem.reason
    assert settle.policy(Loaded(), settled[0]).level is None


def test_a_container_that_is_not_there_is_a_loud_error() -> None:
    text = DEPLOYMENT.format(object="  annotations: {bumper.dev/policy.wbe: patch}", pod="")
    uses = discover.read("f.yaml", text, catalog.FORMATS).uses
    _, problems = attach.attach("f.yaml", text, uses, catalog.DIALECTS.values())
    (problem,) = problems
    assert "no container 'wbe' here, did you mean 'web'?" in problem.reason


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("Dockerfile", "# bumper: policy=patch\nFROM nginx:1.25.3\n", id="dockerfile"),
        pytest.param(".env", "# bumper: policy=patch\nNGINX_IMAGE=nginx:1.25.3\n", id="dotenv"),
        pytest.param("versions.go", '// bumper: image=nginx policy=patch\nconst v = "1.25.3"\n', id="any-text"),
        pytest.param("x.html", "<!-- bumper: image=nginx policy=patch -->\nversion: 1.25.3\n", id="html"),
        pytest.param("web.container", "[Container]\n# bumper: policy=patch\nImage=nginx:1.25.3\n", id="quadlet"),
        pytest.param("t.yaml", "a:\n  {{- if x }}\n  image: nginx:1.25.3 # bumper: policy=patch\n  {{- end }}\n", id="template"),
    ],
)  # fmt: skip
def test_a_comment_counts_in_every_format(path: str, text: str) -> None:
    uses = discover.read(path, text, catalog.FORMATS, catalog.POINTERS).uses
    settled, problems = attach.attach(path, text, uses, catalog.DIALECTS.values())
    assert problems == ()
    assert [settle.policy(Loaded(), use).written for use in settled] == ["patch"]


MARKUP = st.text(alphabet="#-: \n\t'\"{}[]&*|>=,.$bumperpolicy{{image}}nginx:1.2", max_size=300)


@given(MARKUP)
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_what_reads_beside_an_image(noise: str) -> None:
    text = f"{noise}\nservices:\n  w:\n    image: nginx:1.25.3 # bumper: {noise}\n    labels: [bumper.{noise}]\n"
    try:
        uses = discover.read("f.yaml", text, catalog.FORMATS, catalog.POINTERS).uses
    except TextError:
        return
    settled, _ = attach.attach("f.yaml", text, uses, catalog.DIALECTS.values())
    assert [use.reference for use in settled] == [use.reference for use in uses]
    for use in settled:
        settle.policy(Loaded(), use)
