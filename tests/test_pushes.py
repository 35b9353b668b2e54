"""Every payload shape that says what was pushed, and what hostile ones do: nothing."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import git
import pytest

from bumper import pushes
from bumper.errors import UsageError
from bumper.pushes import Pushed
from tests.fakes import http_server
from tests.support import bumper, write

if TYPE_CHECKING:
    from pathlib import Path

API = "ghcr.io/acme/api"
D = "sha256:" + "1" * 64


def ghcr(kind: str = "CONTAINER", action: str = "published", tag: str = "1.2") -> dict[str, Any]:
    version = {"version": D, "container_metadata": {"tag": {"name": tag, "digest": D}}}
    package = {"name": "API", "namespace": "Acme", "package_type": kind, "package_version": version}
    return {"action": action, "registry_package": package, "repository": {"full_name": "Acme/api"}}


def harbor(kind: str = "PUSH_ARTIFACT", *resources: dict[str, str]) -> dict[str, Any]:
    repository = {"repo_full_name": "acme/api", "namespace": "acme", "name": "api"}
    return {"type": kind, "event_data": {"resources": list(resources), "repository": repository}}


def gitea(kind: str = "container") -> dict[str, Any]:
    owner = {"login": "Acme", "username": "Acme"}
    return {
        "action": "created",
        "package": {"name": "api", "version": "1.2", "type": kind, "owner": owner},
    }


HUB = {"push_data": {"tag": "1.2"}, "callback_url": "http://127.0.0.1:9/x"}
ACR: dict[str, Any] = {
    "action": "push",
    "target": {"repository": "acme/api", "tag": "1.2", "digest": D},
    "request": {"host": "acme.azurecr.io"},
}
RESOURCE = {"tag": "1.2", "digest": D, "resource_url": "harbor.lan:8443/acme/api:1.2"}
QUAY: dict[str, Any] = {
    "repository": "acme/api",
    "docker_url": "quay.io/acme/api",
    "updated_tags": ["1.2", "latest"],
}
JFROG: dict[str, Any] = {
    "domain": "docker",
    "event_type": "pushed",
    "data": {"image_name": "acme/api", "tag": "1.2"},
}
PLAIN = {"image": API, "tag": "1.2", "digest": D}


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        pytest.param(PLAIN, ["ghcr.io/acme/api"], id="plain"),
        pytest.param({"image": f"{API}:1.2"}, ["ghcr.io/acme/api"], id="plain-with-its-tag"),
        pytest.param({"image": "nginx"}, ["docker.io/library/nginx"], id="plain-short"),
        pytest.param([PLAIN, {"image": "nginx"}], ["ghcr.io/acme/api", "docker.io/library/nginx"], id="plain-list"),
        pytest.param({"name": "acme/api", "tag": "1.2", "host": "reg.lan:5000"}, ["reg.lan:5000/acme/api"], id="keel-native"),
        pytest.param({"action": "image-pushed", "client_payload": PLAIN, "repository": {}}, ["ghcr.io/acme/api"], id="repository-dispatch"),
        pytest.param({"client_payload": {"images": [PLAIN]}}, ["ghcr.io/acme/api"], id="repository-dispatch-list"),
        pytest.param({"client_payload": {}}, None, id="repository-dispatch-without"),
        pytest.param({"inputs": {"image": API}, "ref": "refs/heads/main"}, ["ghcr.io/acme/api"], id="workflow-dispatch"),
        pytest.param({"inputs": None, "ref": "refs/heads/main"}, None, id="workflow-dispatch-without"),
        pytest.param(ghcr(), ["ghcr.io/acme/api"], id="ghcr-lower-cased"),
        pytest.param(ghcr("container"), ["ghcr.io/acme/api"], id="ghcr-kind-lower"),
        pytest.param(ghcr("Container", "updated"), ["ghcr.io/acme/api"], id="ghcr-updated"),
        pytest.param(ghcr(action="deleted"), [], id="ghcr-another-action"),
        pytest.param(ghcr("npm"), [], id="ghcr-npm"),
        pytest.param(ghcr(tag=""), [], id="ghcr-without-a-tag"),
        pytest.param({**ghcr(), "registry_package": None, "package": ghcr()["registry_package"]}, ["ghcr.io/acme/api"], id="ghcr-package"),
        pytest.param({"zen": "Keep it logically awesome.", "hook_id": 1, "package": {}, "action": "x"}, [], id="github-ping"),
        pytest.param(gitea(), ["acme/api"], id="gitea"),
        pytest.param(gitea("npm"), [], id="gitea-npm"),
        pytest.param({**HUB, "repository": {"repo_name": "acme/api"}}, ["docker.io/acme/api"], id="hub-repo-name"),
        pytest.param({**HUB, "repository": {"namespace": "acme", "name": "api"}}, ["docker.io/acme/api"], id="hub-namespace"),
        pytest.param({**HUB, "repository": {"name": "nginx"}}, ["docker.io/library/nginx"], id="hub-name-only"),
        pytest.param({"push_data": {"tag": ""}, "repository": {"name": "nginx"}}, [], id="hub-without-a-tag"),
        pytest.param(QUAY, ["quay.io/acme/api"], id="quay"),
        pytest.param({**QUAY, "docker_url": "https://quay.lan:8443/acme/api"}, ["quay.lan:8443/acme/api"], id="quay-port-and-scheme"),
        pytest.param({**QUAY, "docker_url": ""}, ["quay.io/acme/api"], id="quay-without-a-host"),
        pytest.param({**QUAY, "updated_tags": []}, [], id="quay-without-tags"),
        pytest.param(harbor("PUSH_ARTIFACT", RESOURCE), ["harbor.lan:8443/acme/api"], id="harbor"),
        pytest.param(harbor("pushImage", RESOURCE), ["harbor.lan:8443/acme/api"], id="harbor-old"),
        pytest.param(harbor("PUSH_ARTIFACT", RESOURCE, {**RESOURCE, "resource_url": "harbor.lan:8443/acme/web@" + D}), ["harbor.lan:8443/acme/api", "harbor.lan:8443/acme/web"], id="harbor-several"),
        pytest.param(harbor("PUSH_ARTIFACT", {"tag": "1.2", "digest": D}), ["acme/api"], id="harbor-full-name"),
        pytest.param(harbor("PUSH_ARTIFACT"), [], id="harbor-nothing"),
        pytest.param(harbor("DELETE_ARTIFACT", RESOURCE), [], id="harbor-deleted"),
        pytest.param(ACR, ["acme.azurecr.io/acme/api"], id="acr"),
        pytest.param({**ACR, "action": "delete"}, [], id="acr-deleted"),
        pytest.param({**ACR, "target": {"repository": "acme/api", "digest": D}}, [], id="acr-digest-only"),
        pytest.param({"events": [ACR, {**ACR, "action": "pull"}]}, ["acme.azurecr.io/acme/api"], id="distribution-and-gitlab"),
        pytest.param(JFROG, ["acme/api"], id="jfrog"),
        pytest.param({**JFROG, "event_type": "deleted"}, [], id="jfrog-deleted"),
        pytest.param({"specversion": "1.0", "type": "image.pushed", "source": "x", "data": PLAIN}, ["ghcr.io/acme/api"], id="cloud-event"),
        pytest.param({"specversion": "1.0", "type": "harbor.artifact.pushed", "data": harbor("", RESOURCE)["event_data"]}, ["harbor.lan:8443/acme/api"], id="cloud-event-of-harbor"),
        pytest.param({"specversion": "1.0", "data_base64": base64.b64encode(json.dumps(PLAIN).encode()).decode()}, ["ghcr.io/acme/api"], id="cloud-event-base64"),
        pytest.param({"action": "INSERT", "tag": "eu.gcr.io/acme/api:1.2", "digest": f"eu.gcr.io/acme/api@{D}"}, ["eu.gcr.io/acme/api"], id="google"),
        pytest.param({"action": "DELETE", "tag": "eu.gcr.io/acme/api:1.2"}, [], id="google-deleted"),
        pytest.param({"message": {"data": base64.b64encode(b'{"action":"INSERT","tag":"eu.gcr.io/acme/api:1.2"}').decode()}}, ["eu.gcr.io/acme/api"], id="google-pub-sub"),
        pytest.param({"hello": "world"}, None, id="unknown"),
        pytest.param({}, None, id="empty"),
    ],
)  # fmt: skip
def test_row_212_row_213_payload(payload: object, expected: list[str] | None) -> None:
    found = pushes.read(json.dumps(payload).encode())
    names = None if found is None else [
        f"{one.registry}/{one.repository}" if one.registry else one.repository for one in found
    ]  # fmt: skip
    assert names == expected


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"image=nginx&tag=1", id="form"),
        pytest.param(b"null", id="null"),
        pytest.param(b'{"image": NaN}', id="nan"),
        pytest.param(b'{"image": ' + b"9" * 5000 + b"}", id="5000-digits"),
        pytest.param(b"[" * 100_000, id="json-bomb"),
        pytest.param(b'{"a":' * 50_000, id="deep-objects"),
        pytest.param(b" " * (pushes.MOST_BYTES + 1), id="a-mebibyte-and-one"),
        pytest.param(b"\xff\xfe", id="not-utf-8"),
        pytest.param(b'{"image": ["nginx"]}', id="image-is-a-list"),
        pytest.param(b'{"image": "-C /etc"}', id="image-is-an-option"),
        pytest.param(b'{"image": "*"}', id="image-is-a-pattern"),
        pytest.param(b'{"image": "http://169.254.169.254/latest"}', id="image-is-a-url"),
        pytest.param(b'{"push_data": {}, "repository": {}}', id="hub-without-names"),
        pytest.param(b'{"registry_package": {"package_type": "container"}, "action": "published"}', id="ghcr-without-names"),
        pytest.param(b'{"specversion": "1.0", "data_base64": "%%%"}', id="no-base64"),
        pytest.param(b'{"events": [1]}', id="events-of-numbers"),
    ],
)  # fmt: skip
def test_row_211_hostile_payloads_are_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        pushes.read(content)
    assert caught.value.code == "bad-event"


def test_a_name_without_a_host_means_every_registry_that_has_it() -> None:
    assert Pushed("acme/api").means("git.example", "acme/api")
    assert not Pushed("acme/api").means("git.example", "acme/web")
    assert not Pushed("acme/api", "ghcr.io").means("git.example", "acme/api")


MANIFEST = {"digest": D, "platforms": ["linux/amd64"]}


def repository(root: Path) -> Path:
    """Two images that could move, and a record of their registries."""
    write(root, {
        "compose.yaml": "services:\n  a: {image: 'ghcr.io/acme/api:1.0'}\n  b: {image: 'nginx:1.25.3'}\n",
        "bumper.yaml": "forge: {kind: local}\n",
    })  # fmt: skip
    with git.Repo.init(root, initial_branch="main") as made:
        made.index.add(["compose.yaml", "bumper.yaml"])
        made.index.commit(
            "start", author=git.Actor("a", "a@b.org"), committer=git.Actor("a", "a@b.org")
        )
    images = {
        API: {"tags": ["1.0", "1.2"], "manifests": {"1.0": MANIFEST, "1.2": MANIFEST}},
        "docker.io/library/nginx": {
            "tags": ["1.25.3", "1.25.5"],
            "manifests": {"1.25.3": MANIFEST, "1.25.5": MANIFEST},
        },
    }
    record = root.parent / "answers.json"
    record.write_text(json.dumps({"schema_version": 1, "images": images}), encoding="utf-8")
    return record


def run(root: Path, record: Path, *more: str | Path) -> tuple[int, list[str]]:
    ran = bumper("run", "-C", root, "--replay", record, "-f", "json", *more)
    return ran.code, [one["image"] for one in json.loads(ran.out)["outcomes"]] if ran.out else []


def test_an_event_looks_up_its_image_alone_and_closes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = repository(tmp_path / "gitops")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"image": API, "tag": "9.9"}), encoding="utf-8")
    everything = [API, "docker.io/library/nginx"]
    assert run(tmp_path / "gitops", record) == (0, everything)
    assert run(tmp_path / "gitops", record, "--event", event) == (0, [API])
    shown = bumper("run", "-C", tmp_path / "gitops", "--replay", record)
    assert shown.out.count("unchanged") == 2
    # The policy decides: the tag that the payload names does not exist.
    assert "9.9" not in shown.out
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    monkeypatch.setenv("GITHUB_EVENT_NAME", "push")
    assert run(tmp_path / "gitops", record) == (0, everything)
    monkeypatch.setenv("GITHUB_EVENT_NAME", "repository_dispatch")
    assert run(tmp_path / "gitops", record) == (0, [API])


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        pytest.param("repository_dispatch", {"action": "image-pushed", "client_payload": PLAIN}, id="repository-dispatch"),
        pytest.param("workflow_dispatch", {"inputs": {"image": API, "tag": "1.2"}}, id="workflow-dispatch"),
        pytest.param("registry_package", ghcr(), id="github-package"),
        pytest.param("registry_package", gitea(), id="gitea-package"),
        pytest.param("package", gitea(), id="forgejo-package"),
    ],
)  # fmt: skip
def test_a_workflow_that_a_push_started_looks_up_its_image_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, payload: dict[str, Any]
) -> None:
    record = repository(tmp_path / "gitops")
    event = tmp_path / "event.json"
    event.write_text(json.dumps(payload), encoding="utf-8")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    monkeypatch.setenv("GITHUB_EVENT_NAME", name)
    assert run(tmp_path / "gitops", record) == (0, [API])


def hostile(url: str, host: str) -> list[dict[str, Any]]:
    """Every shape with the addresses it knows pointing at one host."""
    image, tag = f"{host}/acme/api", {"tag": "1"}
    return [
        {"image": image, **tag},
        {"name": "acme/api", "host": host, **tag},
        {"client_payload": {"image": image, "callback_url": url}},
        {"inputs": {"image": image}},
        {
            "repository": {"repo_name": "acme/other", "repo_url": url},
            "push_data": tag,
            "callback_url": url,
        },
        {**QUAY, "docker_url": image, "homepage": url},
        harbor("PUSH_ARTIFACT", {"tag": "1", "resource_url": f"{image}:1"}),
        {**ACR, "request": {"host": host, "useragent": url}},
        {"events": [{**ACR, "request": {"host": host}, "target": {**ACR["target"], "url": url}}]},
        {**JFROG, "data": {"image_name": "acme/other", "tag": "1", "path": url}},
        {**ghcr(), "sender": {"url": url}, "repository": {"clone_url": url}},
        {**gitea(), "package": {**gitea()["package"], "html_url": url, "name": "other"}},
        {"specversion": "1.0", "source": url, "dataschema": url, "data": {"image": image}},
        {"action": "INSERT", "tag": f"{image}:1", "digest": f"{image}@{D}"},
    ]


def test_row_207_row_208_no_payload_opens_a_connection(tmp_path: Path) -> None:
    write(tmp_path / "gitops", {"bumper.yaml": "forge: {kind: local}\n"})
    record = repository(tmp_path / "gitops")
    event = tmp_path / "event.json"
    with http_server.serve(lambda _: http_server.Answer(200)) as server:
        for payload in hostile(server.url, server.host):
            event.write_text(json.dumps(payload), encoding="utf-8")
            known = payload.get("registry_package") is not None
            more = ("--replay", record) if known else ("--no-cache",)
            ran = bumper("run", "-C", tmp_path / "gitops", "--event", event, *more)
            assert ran.code == 0, (payload, ran.err)
    assert server.asked == []


def test_an_unknown_event_is_an_error_with_the_plain_form(tmp_path: Path) -> None:
    record = repository(tmp_path / "gitops")
    event = tmp_path / "event.json"
    event.write_text("{}", encoding="utf-8")
    ran = bumper("run", "-C", tmp_path / "gitops", "--replay", record, "--event", event)
    assert ran.code == 2
    assert "no event that is known [bad-event]" in ran.err
