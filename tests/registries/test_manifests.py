"""Manifests: what is an image, its platforms, and what is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bumper.ages import Ages
from bumper.errors import BumperError, RegistryError
from bumper.ledger import Ledger
from bumper.registries import manifests
from bumper.registries.hub_rows import Row

INDEX = "application/vnd.oci.image.index.v1+json"
LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
ONE, TWO = "sha256:" + "1" * 64, "sha256:" + "2" * 64


def entry(digest: str, platform: dict[str, Any] | None, kind: str = MANIFEST) -> dict[str, Any]:
    described = {"mediaType": kind, "digest": digest, "size": 1}
    return described if platform is None else {**described, "platform": platform}


def read(found: dict[str, Any], **headers: str) -> manifests.Document:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return manifests.read(json.dumps(found).encode(), told, "r.example/a/b:1")


def image(config: str | None = CONFIG, layer: str = LAYER, **more: object) -> dict[str, Any]:
    described = {"digest": ONE, **({"mediaType": config} if config else {})}
    return {"mediaType": MANIFEST, "config": described, "layers": [{"mediaType": layer}], **more}


@pytest.mark.parametrize("kind", [INDEX, LIST])
def test_row_85_row_86_an_index_gives_platforms_and_their_contents(kind: str) -> None:
    entries = [
        entry(ONE, {"os": "linux", "architecture": "amd64"}),
        entry(TWO, {"os": "linux", "architecture": "arm", "variant": "v7"}),
        entry(TWO, {"os": "unknown", "architecture": "unknown"}),
    ]
    found = read({"mediaType": kind, "manifests": entries}).manifest
    assert found.platforms == ("linux/amd64", "linux/arm/v7")
    assert found.contents == {"linux/amd64": ONE, "linux/arm/v7": TWO}


def test_row_85_an_index_inside_an_index_is_named() -> None:
    assert read({"mediaType": INDEX, "manifests": [entry(ONE, None, INDEX)]}).nested == (ONE,)


@pytest.mark.parametrize(
    ("found", "headers", "code"),
    [
        pytest.param({"mediaType": INDEX, "manifests": []}, {}, "empty-index", id="row-85-empty"),
        pytest.param({"mediaType": INDEX}, {}, "empty-index", id="row-85-no-entries"),
        pytest.param({"schemaVersion": 1, "fsLayers": []}, {}, "unsupported-manifest", id="row-87-schema-1-by-content"),
        pytest.param({"schemaVersion": 1}, {"content_type": "application/vnd.docker.distribution.manifest.v1+prettyjws"}, "unsupported-manifest", id="row-87-prettyjws"),
        pytest.param(image("application/vnd.cncf.helm.config.v1+json"), {}, "not-an-image", id="row-88-helm-chart"),
        pytest.param(image("application/vnd.wasm.config.v1+json"), {}, "not-an-image", id="row-88-wasm"),
        pytest.param(image(layer="application/vnd.dev.cosign.simplesigning.v1+json"), {}, "not-an-image", id="row-88-cosign"),
        pytest.param(image("application/vnd.oci.empty.v1+json", artifactType="text/x"), {}, "not-an-image", id="row-88-artifact-type"),
        pytest.param({"mediaType": "application/json"}, {}, "not-an-image", id="row-88-another-type"),
        pytest.param(image(), {"content_type": INDEX}, "media-type-mismatch", id="row-89-type-in-header-and-content"),
        pytest.param(image(), {"docker_content_digest": ONE}, "digest-mismatch", id="row-83-digest"),
    ],
)  # fmt: skip
def test_what_is_refused(found: dict[str, Any], headers: dict[str, str], code: str) -> None:
    with pytest.raises(RegistryError) as caught:
        read(found, **headers)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("found", "headers"),
    [
        pytest.param(image(), {}, id="oci"),
        pytest.param({**image("application/vnd.docker.container.image.v1+json", "application/vnd.docker.image.rootfs.diff.tar.gzip"), "mediaType": DOCKER}, {}, id="docker"),
        pytest.param({"config": {"digest": ONE}}, {"content_type": f"{MANIFEST}; charset=utf-8"}, id="row-89-parameters-are-ignored"),
        pytest.param(image(), {"content_type": "text/plain"}, id="row-89-a-type-that-says-nothing"),
    ],
)  # fmt: skip
def test_what_is_an_image(found: dict[str, Any], headers: dict[str, str]) -> None:
    assert read(found, **headers).config == ONE


@pytest.mark.parametrize(
    ("sizes", "whole"),
    [
        pytest.param([5, 0, 1 << 33], {"": (1 << 33) + 5}, id="the-sum"),
        pytest.param([5, None], {}, id="one-does-not-say"),
        pytest.param([5, -1], {}, id="less-than-nothing"),
        pytest.param([5, True], {}, id="no-number"),
        pytest.param([5, 1 << 60], {}, id="no-layer-is-that-large"),
        pytest.param([], {}, id="no-layers"),
    ],
)
def test_the_layers_say_how_much_is_pulled(sizes: list[object], whole: dict[str, int]) -> None:
    layers = [{"mediaType": LAYER, "size": size} for size in sizes]
    found = read(image(layers=layers)).manifest
    assert found.sizes == whole
    known = manifests.with_config(found, {"os": "linux", "architecture": "arm64"})
    assert known.sizes == ({"linux/arm64": whole[""]} if whole else {})


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b'{"size": NaN}', b'{"size": Infinity}', b"[" * 100_000, b'{"a":' * 50_000],
)  # fmt: skip
def test_row_90_odd_json_is_refused_and_breaks_nothing(body: bytes) -> None:
    with pytest.raises(RegistryError):
        manifests.read(body, {}, "r.example/a/b:1")


def test_row_93_a_sha512_digest_is_compared() -> None:
    body = json.dumps(image()).encode()
    with pytest.raises(RegistryError):
        manifests.read(body, {"docker-content-digest": "sha512:" + "0" * 128}, "x")


@pytest.mark.parametrize("created", [None, "", "0001", "yesterday", 7, "2024-01-01T00:00:00"])
def test_row_91_an_odd_creation_is_unknown(created: object) -> None:
    single = read(image()).manifest
    found = manifests.with_config(
        single, {"os": "linux", "architecture": "amd64", "created": created}
    )
    assert (found.platforms, found.created) == (("linux/amd64",), None)
    assert found.contents == {"linux/amd64": single.digest}


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        pytest.param("2024-05-01T12:00:00.123456789Z", "2024-05-01T12:00:00.123456+00:00", id="row-228-nanoseconds"),
        pytest.param("2024-05-01T12:00:00+02:00", "2024-05-01T12:00:00+02:00", id="row-228-an-offset"),
        pytest.param("2024-05-01T12:00:00", None, id="row-228-no-zone"),
        pytest.param("2024-05-01 12:00:00 +0000 UTC", None, id="row-228-go-text"),
        pytest.param("2016-12-31T23:59:60Z", None, id="row-228-a-leap-second"),
        pytest.param("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:00", id="row-228-year-1"),
        pytest.param("9999-12-31T23:59:59Z", "9999-12-31T23:59:59+00:00", id="row-228-year-9999"),
        pytest.param("10000-01-01T00:00:00Z", None, id="row-228-year-10000"),
        pytest.param("2024-13-01T00:00:00Z", None, id="row-228-month-13"),
    ],
)  # fmt: skip
def test_row_228_a_moment_is_read_or_there_is_none(told: str, wanted: str | None) -> None:
    now = datetime(2026, 3, 10, tzinfo=UTC)
    found = manifests.with_config(read(image()).manifest, {"created": told}).created
    row = Row("1.0", told, "", ())
    assert [one and one.isoformat() for one in (found, row.when)] == [wanted, wanted]
    # And an age is counted from it, or there is none; neither is a crash.
    pushed = {} if row.when is None else {"1.0": row.when}
    for moment in (now, datetime(9999, 12, 1, tzinfo=UTC), datetime.min.replace(tzinfo=UTC)):
        age = Ages(moment, Ledger(), pushed).of("r.example/a", "1.0", "sha256:1")
        assert age.told(3 * 86_400)


def test_row_92_labels_that_are_no_texts_are_dropped() -> None:
    config = {"config": {"Labels": {"a": "b", "c": 7, "d": None}}}
    assert manifests.with_config(read(image()).manifest, config).labels == {"a": "b"}


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from([INDEX, MANIFEST, ONE]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["mediaType", "manifests", "config", "layers", "digest", "platform", "os", "architecture", "annotations"]),
        inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_row_90_any_json_is_a_manifest_or_a_refusal(found: object) -> None:
    try:
        document = read(found)  # type: ignore[arg-type] # anything a stranger may send
    except BumperError:
        return
    assert document.manifest.digest.startswith("sha256:")
