"""Which forge, by what it is known, with which token: from the config, the CI and the remote."""

from __future__ import annotations

import pytest

from bumper.cli import locate
from bumper.config.proposals import ForgeSettings
from bumper.errors import EnvironmentFailure, UsageError

HUB = "https://github.com/acme/gitops.git"
LAN = "https://git.lan/acme/gitops.git"
CI = {"GITHUB_REPOSITORY": "acme/gitops", "BUMPER_TOKEN": "t"}


@pytest.mark.parametrize(
    ("settings", "remote", "variables", "expected"),
    [
        pytest.param({}, HUB, {"GITHUB_TOKEN": "t"}, ("github", "https://api.github.com", "acme/gitops"), id="github"),
        pytest.param({}, "https://codeberg.org/a/b", {"FORGEJO_TOKEN": "t"}, ("gitea", "https://codeberg.org/api/v1", "a/b"), id="codeberg"),
        pytest.param({}, "git@gitea.lan:a/b.git", {"GITEA_TOKEN": "t"}, ("gitea", "https://gitea.lan/api/v1", "a/b"), id="by-its-name"),
        pytest.param({"kind": "gitea"}, "http://git.lan:3000/a/b", {"BUMPER_TOKEN": "t"}, ("gitea", "http://git.lan:3000/api/v1", "a/b"), id="named"),
        pytest.param({"kind": "github"}, LAN, {"BUMPER_TOKEN": "t"}, ("github", "https://git.lan/api/v3", "acme/gitops"), id="enterprise"),
        pytest.param({"kind": "gitea", "url": "https://web.lan/git/", "slug": "x/y"}, LAN, {"BUMPER_TOKEN": "t"},
                     ("gitea", "https://web.lan/git/api/v1", "x/y"), id="row-195-below-a-path"),
        pytest.param({}, LAN, {**CI, "GITHUB_ACTIONS": "true", "GITHUB_API_URL": "https://ghe.lan/api/v3"},
                     ("github", "https://ghe.lan/api/v3", "acme/gitops"), id="githubs-ci"),
        pytest.param({}, LAN, {**CI, "GITHUB_ACTIONS": "true", "GITEA_ACTIONS": "true", "GITHUB_API_URL": "https://g.lan/api/v1"},
                     ("gitea", "https://g.lan/api/v1", "acme/gitops"), id="giteas-ci"),
        pytest.param({}, LAN, {**CI, "GITHUB_ACTIONS": "true", "GITHUB_API_URL": "https://g.lan/api/v1/"},
                     ("gitea", "https://g.lan/api/v1", "acme/gitops"), id="an-old-gitea-by-its-api"),
        pytest.param({}, "git@gitlab.com:acme/infra/gitops.git", {"GITLAB_TOKEN": "t"}, ("gitlab", "https://gitlab.com/api/v4", "acme/infra/gitops"), id="gitlab-with-a-folder"),
        pytest.param({"kind": "gitlab", "url": "https://git.lan/gl"}, "https://git.lan/gl/acme/gitops.git", {"BUMPER_TOKEN": "t"}, ("gitlab", "https://git.lan/gl/api/v4", "acme/gitops"), id="gitlab-below-a-path"),
        pytest.param({}, LAN, {"BUMPER_TOKEN": "t", "GITLAB_CI": "true", "CI_API_V4_URL": "https://git.lan/api/v4", "CI_PROJECT_PATH": "a/b/c"},
                     ("gitlab", "https://git.lan/api/v4", "a/b/c"), id="gitlabs-ci"),
        pytest.param({}, None, {}, ("local", "", ""), id="no-remote"),
        pytest.param({"kind": "local"}, LAN, {"BUMPER_FORGE": "gitea", "BUMPER_FORGE_URL": "https://web.lan", "BUMPER_TOKEN": "t"},
                     ("gitea", "https://web.lan/api/v1", "acme/gitops"), id="the-environment-before-the-config"),
        pytest.param({"kind": "local"}, HUB, {}, ("local", "", ""), id="local-by-choice"),
    ],
)  # fmt: skip
def test_which_forge(
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    remote: str | None,
    variables: dict[str, str],
    expected: tuple[str, str, str],
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    found = locate.find(ForgeSettings.model_validate(settings), remote)
    assert (found.kind, found.api, found.slug) == expected
    assert found.token == ("t" if variables else "")
    assert "t" not in repr(found).split("=")


@pytest.mark.parametrize(
    ("settings", "remote", "error", "words"),
    [
        pytest.param({}, HUB, EnvironmentFailure, "BUMPER_TOKEN", id="no-token"),
        pytest.param({}, LAN, UsageError, "forge: {kind: gitea}", id="which-kind"),
        pytest.param({"kind": "gitea"}, "/srv/git", EnvironmentFailure, "forge.slug", id="which-repository"),
        pytest.param({"kind": "gitea", "slug": "a/b", "token": "$NONE"}, HUB, UsageError, "NONE", id="a-name-not-set"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(
    settings: dict[str, str], remote: str, error: type[EnvironmentFailure | UsageError], words: str
) -> None:
    with pytest.raises(error) as caught:
        locate.find(ForgeSettings.model_validate(settings), remote)
    assert words in caught.value.message + caught.value.hint


def test_the_token_of_the_config_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUMPER_TOKEN", "ambient")
    monkeypatch.setenv("MINE", "mine")
    settings = ForgeSettings(token="$MINE")
    assert locate.find(settings, HUB).token == "mine"


def test_a_forge_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUMPER_FORGE", "bitbucket")
    with pytest.raises(UsageError) as caught:
        locate.find(ForgeSettings(), HUB)
    assert "BUMPER_FORGE=bitbucket" in caught.value.message
    assert "gitlab" in caught.value.hint
