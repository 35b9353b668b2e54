"""Which forge, which repository on it, which token: from the config, the CI and the remote."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bumper import remotes
from bumper.apis.github import installation_token
from bumper.cli.target import Target
from bumper.config.secrets import expand
from bumper.errors import EnvironmentFailure, UsageError
from bumper.http import Trust
from bumper.keychains.variables import Variables

if TYPE_CHECKING:
    from bumper.config.proposals import ForgeSettings

__all__ = ["find"]

_KINDS = ("auto", "github", "gitea", "gitlab", "local")
_TOKENS = {
    "github": ("BUMPER_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"),
    "gitea": ("BUMPER_TOKEN", "GITEA_TOKEN", "FORGEJO_TOKEN", "GITHUB_TOKEN"),
    "gitlab": ("BUMPER_TOKEN", "GITLAB_TOKEN"),
}
_PATHS = {"gitea": "/api/v1", "gitlab": "/api/v4"}


def find(settings: ForgeSettings, remote_url: str | None) -> Target:
    """Find the forge; nothing is asked of it, but GitHub for a token where the config names an App.

    Raises:
        ForgeError: GitHub gives the App no token.
        UsageError: Nothing says what kind of forge the remote's host is.
        EnvironmentFailure: There is no token, or no repository to name.
    """
    remote, settings = remotes.parse(remote_url or ""), _overruled(settings)
    kind = settings.kind if settings.kind != "auto" else _kind(remote)
    if kind == "local":
        return Target("local", "", "", "")
    slug = settings.slug or _slug(kind, settings.url, remote)
    if not slug:
        raise EnvironmentFailure(
            "no repository on the forge", code="no-slug", hint="set `forge.slug`"
        )
    api = _api(kind, settings.url, remote)
    trust = _trust(settings)
    token = _app_token(settings, kind, api, slug, trust) or expand(
        settings.token, os.environ, "forge.token"
    )
    names = _TOKENS[kind]
    token = token or next((os.environ[name] for name in names if os.environ.get(name)), None)
    if token is None:
        hint = f"set {names[0]} or {names[1]}, or try it without a forge: `forge: {{kind: local}}`"
        raise EnvironmentFailure(f"no token for {kind}", code="no-token", hint=hint)
    return Target(kind, api, slug, token, _web(kind, settings.url, remote), trust)


def _overruled(settings: ForgeSettings) -> ForgeSettings:
    """Give the settings with what BUMPER_FORGE and BUMPER_FORGE_URL say in their place."""
    kind, url = os.environ.get("BUMPER_FORGE"), os.environ.get("BUMPER_FORGE_URL")
    if kind and kind not in _KINDS:
        raise UsageError(
            f"BUMPER_FORGE={kind}: no forge", code="which-forge", hint=f"one of {', '.join(_KINDS)}"
        )
    told = {"kind": kind or settings.kind, "url": url or settings.url}
    return settings.model_copy(update=told)


def _trust(settings: ForgeSettings) -> Trust:
    """Give what TLS the forge may have.

    Raises:
        UsageError: The file of its CA cannot be read.
    """
    if settings.ca is None:
        return Trust(insecure=settings.insecure)
    path = Path(settings.ca)
    try:
        path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"`forge.ca`: {settings.ca}: {error.strerror}",
            code="config",
            hint="name a file with the CA's certificate, in PEM",
        ) from error
    # Git runs in another folder.
    return Trust(str(path.absolute()), insecure=settings.insecure)


def _app_token(settings: ForgeSettings, kind: str, api: str, slug: str, trust: Trust) -> str:
    """Give a token of the App that the config names, "" where it names none."""
    variables = Variables(os.environ)
    app = expand(settings.app, variables, "forge.app")
    key = expand(settings.app_key, variables, "forge.app-key")
    if kind != "github" or not app or not key:
        return ""
    return installation_token(api, slug, app, key, trust)


def _slug(kind: str, url: str | None, remote: remotes.RemoteUrl | None) -> str:
    """Give the repository's name; on GitLab its whole path below the server's address."""
    if kind != "gitlab":
        return os.environ.get("GITHUB_REPOSITORY") or (remote.slug if remote else "")
    told = os.environ.get("CI_PROJECT_PATH", "")
    if told or remote is None:
        return told
    folder = (url or "").partition("://")[2].partition("/")[2].strip("/")
    return remote.path.removeprefix(f"{folder}/") if folder else remote.path


def _web(kind: str, url: str | None, remote: remotes.RemoteUrl | None) -> str:
    if kind == "gitlab":
        told = url or os.environ.get("CI_SERVER_URL") or (remote.site if remote else "")
    else:
        told = url or (remote.web if remote else "")
    return told.rstrip("/")


def _kind(remote: remotes.RemoteUrl | None) -> str:
    variables = os.environ
    api = variables.get("GITHUB_API_URL", "").rstrip("/")
    if (
        variables.get("GITEA_ACTIONS")
        or variables.get("FORGEJO_ACTIONS")
        or api.endswith("/api/v1")
    ):
        return "gitea"
    if variables.get("GITHUB_ACTIONS"):
        return "github"
    if variables.get("GITLAB_CI"):
        return "gitlab"
    if remote is None:
        return "local"
    if remote.host == "github.com":
        return "github"
    if remote.host == "codeberg.org" or "gitea" in remote.host or "forgejo" in remote.host:
        return "gitea"
    if "gitlab" in remote.host:
        return "gitlab"
    hint = "set `forge: {kind: gitea}` (Forgejo too), `github`, `gitlab` or `local` in the config"
    raise UsageError(f"{remote.host}: which kind of forge is it?", code="which-forge", hint=hint)


def _api(kind: str, url: str | None, remote: remotes.RemoteUrl | None) -> str:
    name = "CI_API_V4_URL" if kind == "gitlab" else "GITHUB_API_URL"
    told = os.environ.get(name, "").rstrip("/")
    if url is None and told:
        return told
    web = _web(kind, url, remote)
    if not web:
        raise EnvironmentFailure("no address of the forge", code="no-url", hint="set `forge.url`")
    if kind in _PATHS:
        return f"{web}{_PATHS[kind]}"
    return "https://api.github.com" if web.endswith("//github.com") else f"{web}/api/v3"
