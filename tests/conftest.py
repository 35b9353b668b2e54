"""A test runs as on a bare machine: what CI, Git or a shell set for itself does not count.

And nothing is kept in the cache of whoever runs them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bumper import redact
from tests import canaries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FOREIGN = ("BUMPER_", "CI_", "FORGEJO_", "GIT_", "GITEA_", "GITHUB_", "RUNNER_")
_KEPT = ("BUMPER_CACHE_DIR", "BUMPER_REQUIRE_REAL_PARTS", "BUMPER_SHARED", "BUMPER_TEST_")


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(_KEPT):
            continue
        if name.startswith(_FOREIGN) or name in {"GH_TOKEN", "NO_COLOR", "FORCE_COLOR"}:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _nothing_learned() -> None:
    """What another test told the redactor must mask nothing here."""
    redact.forget()


@pytest.fixture(autouse=True, scope="session")
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        cache = tmp_path_factory.mktemp("cache")
        patch.setenv("BUMPER_CACHE_DIR", str(cache))
        yield
    assert [*canaries.in_files(cache)] == []


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "canaries(hosts): so many servers may be shown one secret")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Fail a test, when it is over, that left a secret where it does not belong."""
    report: pytest.TestReport = yield  # type: ignore[assignment] # what the inner hooks give
    if report.when == "teardown":
        for _, kind, text in item._report_sections:
            canaries.watch.hear(f"what was printed ({kind})", text)
        marker = item.get_closest_marker("canaries")
        folder: Path | None = getattr(item, "funcargs", {}).get("tmp_path")
        found = canaries.watch.look(folder, marker.kwargs["hosts"] if marker else 1)
        if found:
            report.outcome = "failed"
            report.longrepr = "secrets outside their place:\n" + "\n".join(found)
    return report  # type: ignore[return-value] # as above
