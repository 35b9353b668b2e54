"""A test runs as on a bare machine: what CI, Git or a shell set for itself does not count.

And nothing is kept in the cache of whoever runs them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOREIGN = ("BUMPER_", "CI_", "FORGEJO_", "GIT_", "GITEA_", "GITHUB_", "RUNNER_")
_KEPT = ("BUMPER_CACHE_DIR", "BUMPER_REQUIRE_REAL_PARTS", "BUMPER_SHARED", "BUMPER_TEST_")


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(_KEPT):
            continue
        if name.startswith(_FOREIGN) or name in {"GH_TOKEN", "NO_COLOR", "FORCE_COLOR"}:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BUMPER_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield
