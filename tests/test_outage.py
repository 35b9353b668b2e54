"""One of fifty registries is down: the others are right, the exit code says it, nobody waits for long."""

from __future__ import annotations

import contextlib
import json
import time
from typing import TYPE_CHECKING

import pytest

from tests.fakes.broken import WAYS, down
from tests.fakes.http_server import Answer, serve
from tests.support import bumper, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.http_server import Asked

GOOD = 49
TIMEOUT_SECONDS = 2.5
# Two probes (https, then http) and three tries with their pauses, each within the timeout.
BUDGET_SECONDS = 6 * TIMEOUT_SECONDS + 4
MANIFEST = b'{"mediaType": "application/vnd.oci.image.manifest.v1+json"}'


def healthy(asked: Asked) -> Answer:
    if "/tags/list" in asked.path:
        return Answer(200, b'{"tags": ["1.0.0", "1.1.0"]}')
    return Answer(200, MANIFEST if asked.method == "GET" else b"")


@pytest.fixture(scope="module")
def hosts() -> Iterator[list[str]]:
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(serve(healthy)).host for _ in range(GOOD)]


@pytest.mark.parametrize("way", WAYS)
def test_row_221_one_of_fifty_registries_is_down(
    way: str, hosts: list[str], tmp_path: Path
) -> None:
    with down(way) as (bad, plain):
        known = [*hosts, *([bad] if plain else [])]
        services = [
            f"  s{n}: {{image: '{host}/a/b:1.0.0'}}\n" for n, host in enumerate([*hosts, bad])
        ]
        settings = "".join(f"  '{host}': {{insecure: true}}\n" for host in known)
        files = {
            "compose.yaml": "services:\n" + "".join(services),
            "bumper.yaml": "registries:\n" + settings,
        }
        write(tmp_path, files)
        start = time.monotonic()
        ran = bumper(
            "plan", "-C", tmp_path, "-f", "json", "--no-cache", "--timeout", str(TIMEOUT_SECONDS)
        )
        took = time.monotonic() - start
    report = json.loads(ran.out)
    assert (report["summary"]["bump"], report["summary"]["failed"]) == (GOOD, 1)
    bumps = [one for one in report["outcomes"] if one["status"] == "bump"]
    assert {(one["image"], one["new_tag"]) for one in bumps} == {
        (f"{host}/a/b", "1.1.0") for host in hosts
    }
    failed = next(one for one in report["outcomes"] if one["status"] == "failed")
    assert failed["image"].startswith(bad)
    assert failed["code"]
    assert bad in ran.err
    assert ran.code == 4
    assert took < BUDGET_SECONDS
