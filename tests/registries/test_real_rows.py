"""The whole program against Debian's docker-registry, bare and behind a proxy that breaks things."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes import docker_registry, fault_proxy, http_server
from tests.fakes.http_server import Answer
from tests.support import bumper, need, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fakes.http_server import Asked

AMD, BOTH = ("linux/amd64",), ("linux/amd64", "linux/arm64")


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[docker_registry.Registry]:
    try:
        with docker_registry.serve(tmp_path_factory.mktemp("registry")) as host:
            yield docker_registry.Registry(host)
    except FileNotFoundError:
        need("docker-registry", "install Debian's package docker-registry")


@dataclass
class Ran:
    """One run of `plan`: its only outcome, its exit code, what it said and the file."""

    outcome: dict[str, Any]
    code: int
    said: str
    text: str = ""
    more: list[dict[str, Any]] = field(default_factory=list)

    @property
    def told(self) -> tuple[str, str | None]:
        return self.outcome["code"], self.outcome["new_tag"]


def plan(
    folder: Path, *images: str, insecure: bool = True, verb: str = "plan", settings: str = ""
) -> Ran:
    hosts = {image.partition("/")[0] for image in images}
    allowed = "".join(f"  '{host}': {{insecure: true}}\n" for host in hosts if insecure)
    services = "".join(f"  s{n}: {{image: '{image}'}}\n" for n, image in enumerate(images))
    files = {
        "compose.yaml": f"services:\n{services}",
        "bumper.yaml": (f"registries:\n{allowed}" if allowed else "") + settings,
    }
    write(folder, files)
    ran = bumper(verb, "-C", folder, "-f", "json", "--no-cache", "--timeout", "5")
    outcomes = json.loads(ran.out)["outcomes"]
    text = (folder / "compose.yaml").read_text()
    return Ran(outcomes[0], ran.code, ran.err, text, outcomes)


def test_row_7_plain_http_is_not_guessed_and_the_key_is_named(
    registry: docker_registry.Registry, tmp_path: Path
) -> None:
    registry.push("acme/plain", "1.0.0")
    ran = plan(tmp_path, f"{registry.host}/acme/plain:1.0.0", insecure=False)
    assert (ran.outcome["status"], ran.outcome["code"]) == ("failed", "tls")
    assert f"registries.{registry.host}.insecure" in ran.said
    assert ran.code == 3


def test_row_29_an_ipv6_registry_is_asked_and_named(tmp_path: Path) -> None:
    try:
        with docker_registry.serve(tmp_path, address="[::1]") as host:
            there = docker_registry.Registry(host)
            for tag in ("1.0.0", "1.1.0"):
                there.push("acme/six", tag)
            ran = plan(tmp_path / "clone", f"{host}/acme/six:1.0.0")
    except FileNotFoundError:
        need("docker-registry", "install Debian's package docker-registry")
    assert ran.told == ("newer-tag", "1.1.0")
    assert ran.outcome["image"] == f"{host}/acme/six"


def test_row_71_case_twins_are_two_tags_in_any_order(
    registry: docker_registry.Registry, tmp_path: Path
) -> None:
    for tag in ("1.2.0", "v1.0.0", "V1.9.0", "1.0.0", "1.1.0", "latest", "Latest"):
        registry.push("acme/twins", tag)
    assert plan(tmp_path, f"{registry.host}/acme/twins:1.0.0").told == ("newer-tag", "1.2.0")


def test_row_72_signatures_and_caches_are_no_candidates(
    registry: docker_registry.Registry, tmp_path: Path
) -> None:
    digest = registry.push("acme/signed", "1.0.0")
    name = digest.replace(":", "-")
    for tag in (f"{name}.sig", f"{name}.att", f"{name}.sbom", name, "buildcache", "1.0.0.sig"):
        registry.push("acme/signed", tag)
    ran = plan(tmp_path, f"{registry.host}/acme/signed:1.0.0")
    assert (ran.outcome["status"], ran.outcome["new_tag"]) == ("current", None)


def test_row_73_a_tag_deleted_after_it_was_listed_gives_way(
    registry: docker_registry.Registry, tmp_path: Path
) -> None:
    digests = {tag: registry.push("acme/brief", tag) for tag in ("1.0.0", "1.1.0", "1.2.0")}

    def deletes(asked: Asked, answer: Answer) -> Answer:
        if "/tags/list" in asked.path:
            registry.delete("acme/brief", digests["1.2.0"])
        return answer

    with fault_proxy.before(registry.host, deletes) as proxy:
        ran = plan(tmp_path, f"{proxy.host}/acme/brief:1.0.0")
    assert ran.told == ("newer-tag", "1.1.0")
    assert "1.2.0" in ran.outcome["reason"]


def test_row_80_a_list_that_shrinks_is_never_a_downgrade(
    registry: docker_registry.Registry, tmp_path: Path
) -> None:
    digests = {tag: registry.push("acme/short", tag) for tag in ("1.0.0", "1.1.0", "1.2.0")}
    image = f"{registry.host}/acme/short"
    assert plan(tmp_path, f"{image}:1.1.0").told == ("newer-tag", "1.2.0")
    for tag in ("1.1.0", "1.2.0"):
        registry.delete("acme/short", digests[tag])
    ran = plan(tmp_path, f"{image}:1.1.0")
    assert (ran.outcome["status"], ran.outcome["new_tag"]) == ("current", None)
    assert "1.1.0 is no longer listed" in ran.outcome["reason"]


def test_row_94_tag_and_digest_are_of_one_answer_and_written_together(
    registry: docker_registry.Registry, tmp_path: Path
) -> None:
    old = registry.push("acme/both", "1.0.0", BOTH)
    new = registry.push("acme/both", "1.1.0", BOTH)
    image = f"{registry.host}/acme/both"
    ran = plan(tmp_path, f"{image}:1.0.0@{old}", verb="apply")
    assert f"image: '{image}:1.1.0@{new}'" in ran.text
    assert (ran.outcome["new_tag"], ran.outcome["new_digest"]) == ("1.1.0", new)


def test_row_95_a_tag_pushed_again_between_two_questions_is_what_was_read_last(
    registry: docker_registry.Registry, tmp_path: Path
) -> None:
    old = registry.push("acme/flips", "1.0.0", BOTH)
    registry.push("acme/flips", "1.1.0", BOTH)
    pushed: list[str] = []

    def pushes(asked: Asked, answer: Answer) -> Answer:
        if asked.path.endswith("/manifests/1.1.0") and not pushed:
            pushed.append(registry.push("acme/flips", "1.1.0", BOTH, words="again"))
        return answer

    with fault_proxy.before(registry.host, pushes) as proxy:
        ran = plan(tmp_path, f"{proxy.host}/acme/flips:1.0.0@{old}")
        read = [one for one in proxy.asked if one.path.endswith("/manifests/1.1.0")]
    # One question: the digest is that of the content it was answered by, whatever came after it.
    assert [one.method for one in read] == ["GET"]
    assert ran.outcome["new_digest"] not in {None, *pushed}


def test_row_96_a_new_index_that_lacks_a_platform_is_held_and_the_platform_named(
    registry: docker_registry.Registry, tmp_path: Path
) -> None:
    registry.push("acme/lacks", "1.0.0", BOTH)
    registry.push("acme/lacks", "1.1.0", AMD)
    ran = plan(tmp_path, f"{registry.host}/acme/lacks:1.0.0")
    assert ran.outcome["status"] == "hold"
    assert "linux/arm64" in ran.outcome["reason"]


def test_row_97_an_index_that_moved_around_the_same_images_is_no_proposal(
    registry: docker_registry.Registry, tmp_path: Path
) -> None:
    old = registry.push("acme/churn", "1.0.0", BOTH)
    assert registry.push("acme/churn", "1.0.0", BOTH, words="built again") != old
    image = f"{registry.host}/acme/churn:1.0.0@{old}"
    ran = plan(tmp_path, image)
    assert (ran.outcome["status"], ran.outcome["code"]) == ("current", "same-platforms")
    # And one whose images did change is.
    registry.push("acme/churn", "1.0.0", BOTH, labels={"changed": "yes"})
    assert plan(tmp_path, image).told == ("newer-digest", None)


def test_row_98_a_pin_that_is_gone_is_said_and_the_tag_still_moves(
    registry: docker_registry.Registry, tmp_path: Path
) -> None:
    old = registry.push("acme/gone", "1.0.0", BOTH)
    registry.push("acme/gone", "1.1.0", BOTH)
    registry.delete("acme/gone", old)
    ran = plan(tmp_path, f"{registry.host}/acme/gone:1.0.0@{old}")
    assert ran.told == ("newer-tag", "1.1.0")
    assert "is gone from the registry" in ran.outcome["reason"]


@pytest.mark.parametrize("kind", ["oci", "v2s2"])
def test_row_81_row_85_what_skopeo_pushed_is_read_by_its_own_type(
    registry: docker_registry.Registry, tmp_path: Path, kind: str
) -> None:
    skopeo = shutil.which("skopeo") or ""
    if not skopeo:
        need("skopeo", "install Debian's package skopeo")
    labels = {"org.opencontainers.image.source": "https://git.example/acme"}
    registry.push("acme/source", "1.0.0", labels=labels)
    for tag in ("1.0.0", "1.1.0"):
        command = [
            skopeo, "--insecure-policy", "copy", "-q", "--src-tls-verify=false", "--dest-tls-verify=false", "-f", kind,
            f"docker://{registry.host}/acme/source:1.0.0", f"docker://{registry.host}/acme/{kind}:{tag}",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stderr
    ran = plan(tmp_path, f"{registry.host}/acme/{kind}:1.0.0", settings="defaults: {digest: pin}\n")
    assert ran.told == ("newer-tag", "1.1.0")
    assert ran.outcome["new_digest"].startswith("sha256:")


def nth(fault: Answer | None, times: int) -> Callable[[Asked, Answer], Answer | None]:
    """Break the first so many lists of tags."""
    left = [times]

    def broken(asked: Asked, answer: Answer) -> Answer | None:
        if "/tags/list" not in asked.path or not left[0]:
            return answer
        left[0] -= 1
        return fault

    return broken


@pytest.mark.parametrize(
    ("fault", "times", "wanted"),
    [
        pytest.param(Answer(503), 2, "newer-tag", id="row-8-passes"),
        pytest.param(Answer(503), 9, "upstream", id="row-8-stays"),
        pytest.param(Answer(429, b"", (("Retry-After", "0"),)), 1, "newer-tag", id="row-10-asked-to-wait"),
        pytest.param(Answer(429, b"", (("Retry-After", "7200"),)), 9, "registry-rate-limited", id="row-10-over-the-cap"),
        pytest.param(None, 1, "newer-tag", id="row-33-hangs-up-once"),
        pytest.param(None, 9, "connection", id="row-33-hangs-up"),
        pytest.param(Answer(200, b'{"tags": ["9.9.9'), 9, "not-a-registry", id="row-5-cut"),
        pytest.param(Answer(200, b"<html>Sign in"), 9, "not-a-registry", id="row-27-a-login-page"),
        pytest.param(Answer(301, b"", (("Location", "/v2/acme/elsewhere/tags/list"),)), 1, "registry-not-found", id="row-75-renamed"),
        pytest.param(Answer(404, b'{"errors":[{"code":"NAME_UNKNOWN"}]}'), 9, "registry-not-found", id="row-61-unknown"),
        pytest.param(Answer(403, b'{"errors":[{"code":"DENIED"}]}'), 9, "registry-denied", id="row-61-denied"),
        pytest.param(Answer(200, b'{"tags":[]}'), 9, "no-tags", id="row-61-empty"),
    ],
)  # fmt: skip
def test_a_list_that_breaks_on_the_way_is_told_by_its_reason(
    registry: docker_registry.Registry,
    tmp_path: Path,
    fault: Answer | None,
    times: int,
    wanted: str,
) -> None:
    for tag in ("1.0.0", "1.1.0"):
        registry.push("acme/way", tag)
    with fault_proxy.before(registry.host, nth(fault, times)) as proxy:
        ran = plan(tmp_path, f"{proxy.host}/acme/way:1.0.0")
    assert ran.outcome["code"] == wanted, ran.outcome
    assert ran.code == (0 if wanted == "newer-tag" else 3)


def test_row_113_one_image_five_times_is_five_decisions(
    registry: docker_registry.Registry, tmp_path: Path
) -> None:
    for tag in ("1.0.0", "1.0.1", "1.1.0", "2.0.0", "2.0.0-alpine", "2.1.0-alpine"):
        registry.push("acme/five", tag)
    image = f"{registry.host}/acme/five"
    tags = ("1.0.0", "1.0.0", "1.1.0", "2.0.0", "2.0.0-alpine")
    words = ("policy=patch", "policy=minor", "policy=major", "policy=major", "policy=minor")
    services = [
        f"  s{n}:\n    image: {image}:{tag} # bumper: {word}\n"
        for n, (tag, word) in enumerate(zip(tags, words, strict=True))
    ]
    write(
        tmp_path,
        {
            "compose.yaml": "services:\n" + "".join(services),
            "bumper.yaml": f"registries: {{'{registry.host}': {{insecure: true}}}}\n",
        },
    )
    assert bumper("apply", "-C", tmp_path, "--no-cache").code == 0
    found = re.findall(r"five:(\S+)", (tmp_path / "compose.yaml").read_text())
    assert found == ["1.0.1", "1.1.0", "2.0.0", "2.0.0", "2.1.0-alpine"]


def test_row_222_where_every_registry_fails_nothing_is_proposed(tmp_path: Path) -> None:
    port = docker_registry.free_port()
    ran = plan(tmp_path, f"127.0.0.1:{port}/a/b:1.0.0", f"127.0.0.1:{port}/a/c:1.0.0")
    assert {one["status"] for one in ran.more} == {"failed"}
    assert ran.code == 3


def test_row_223_a_config_error_ends_the_run_before_any_network(
    registry: docker_registry.Registry, tmp_path: Path
) -> None:
    with fault_proxy.before(registry.host) as proxy:
        text = f"services: {{a: {{image: '{proxy.host}/acme/list:1.0.0'}}}}\n"
        write(tmp_path, {"compose.yaml": text, "bumper.yaml": "polcy: patch\n"})
        ran = bumper("plan", "-C", tmp_path, "--no-cache")
        assert proxy.asked == []
    assert ran.code == 2
    assert "bumper.yaml:1:1" in ran.err


def test_row_231_no_registrys_word_starts_a_workflow_command(tmp_path: Path) -> None:
    told = "\r\n::add-mask::x\n##[error]\x1b[31m\u202eevil"
    body = json.dumps({"errors": [{"code": "X", "message": told}]}).encode()
    with http_server.serve(lambda _: Answer(403, body)) as server:
        for style in ("table", "plain", "github", "markdown"):
            write(
                tmp_path,
                {
                    "compose.yaml": f"services: {{a: {{image: '{server.host}/a/b:1.0'}}}}\n",
                    "bumper.yaml": f"registries: {{'{server.host}': {{insecure: true}}}}\n",
                },
            )
            ran = bumper("plan", "-C", tmp_path, "-f", style, "--no-cache")
            lines = (ran.out + ran.err).splitlines()
            assert "add-mask" in "".join(lines)
            assert not [
                one for one in lines if one.lstrip().startswith("::add-mask") or "##[" in one
            ]
            assert "\x1b[31m" not in ran.out + ran.err
            assert "\u202e" not in ran.out + ran.err


def test_row_244_what_is_withdrawn_after_a_merge_is_said_and_never_downgraded(
    registry: docker_registry.Registry, tmp_path: Path
) -> None:
    registry.push("acme/back", "1.0.0")
    digest = registry.push("acme/back", "1.1.0")
    registry.delete("acme/back", digest)
    ran = plan(tmp_path, f"{registry.host}/acme/back:1.1.0", verb="apply")
    assert (ran.outcome["status"], ran.outcome["new_tag"]) == ("current", None)
    assert "no longer listed" in ran.outcome["reason"]
    assert "acme/back:1.1.0" in ran.text


@pytest.mark.parametrize(
    ("current", "tags", "wanted"),
    [
        pytest.param("1.2.0", ["1.3.0", "20240101"], "1.3.0", id="row-246-a-date-is-another-scheme"),
        pytest.param("1.2.0", ["1.2.1", "1.3.0-rc1", "1.3.0-dev"], "1.2.1", id="row-247-no-prerelease"),
        pytest.param("1.2.0", ["1.3.0-windowsservercore"], None, id="row-247-another-system"),
        pytest.param("1.2.0", ["1.3.0-arm64"], None, id="row-247-one-platform"),
        pytest.param("1.2.0-alpine", ["1.3.0", "1.3.0-alpine", "1.4.0-slim"], "1.3.0-alpine", id="row-247-the-same-suffix"),
    ],
)  # fmt: skip
def test_row_246_row_247_an_odd_shape_is_not_taken(
    registry: docker_registry.Registry,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    current: str,
    tags: list[str],
    wanted: str | None,
) -> None:
    repository = f"acme/{request.node.callspec.id}"
    for tag in (current, *tags):
        registry.push(repository, tag)
    ran = plan(tmp_path, f"{registry.host}/{repository}:{current}")
    proposed = ran.outcome["new_tag"] if ran.outcome["status"] == "bump" else None
    assert proposed == wanted
