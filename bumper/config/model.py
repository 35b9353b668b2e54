"""The config file as one checked record; every key's description is its manual. Pure.

Unknown keys and bad values are errors; where they stand in the file is found by `read`.
"""

from __future__ import annotations

from typing import Literal

from bumper.config.accounts import RegistrySettings
from bumper.config.channels import NotifySettings
from bumper.config.images import Files, Rule, Settings
from bumper.config.kinds import (
    HostText,
    Record,
)
from bumper.config.proposals import CommitSettings, ForgeSettings, PullRequests

__all__ = [
    "Compat",
    "Config",
]


class Compat(Record):
    """Which other systems' settings in the files are read."""

    watchtower: bool = True
    """Labels com.centurylinklabs.watchtower.*"""
    container_updater: bool = True
    """Labels autoupdate=true or monitor, and their companions."""
    shepherd: bool = True
    """Labels shepherd.*, and the environment of a Shepherd service."""
    keel: bool = True
    """Annotations and labels keel.sh/*, and keel: in Helm values."""
    flux: bool = True
    """Markers {"$imagepolicy": …} and the ImagePolicy they name."""
    argocd_image_updater: bool = True
    """Annotations argocd-image-updater.argoproj.io/*"""
    wud: bool = True
    """Labels wud.*"""
    diun: bool = True
    """Labels and annotations diun.*"""
    renovate: bool = True
    """Comments # renovate:"""

    def reads(self, name: str) -> bool:
        """Say whether a dialect is read, by its name; ours always are."""
        return bool(getattr(self, name.replace("-", "_"), True))


class Config(Record):
    """The config file; every key is optional."""

    version: Literal[1] = 1
    """The version of this file's format."""
    defaults: Settings = Settings()
    """Settings for every image that no rule, label or comment says otherwise of."""
    rules: tuple[Rule, ...] = ()
    """Settings for some images, read from top to bottom."""
    files: Files = Files()
    """Which files are read."""
    compat: Compat = Compat()
    """Which other systems' settings in the files are read; all of them if not given."""
    registries: dict[HostText, RegistrySettings] = {}  # noqa: RUF012 - pydantic copies it
    """Registries by host, or host:port; host/path gives credentials to the repositories below the path alone."""
    forge: ForgeSettings = ForgeSettings()
    """Where pull requests are opened."""
    pull_requests: PullRequests = PullRequests()
    """How bumps become pull requests."""
    commit: CommitSettings = CommitSettings()
    """Who makes the commits, and how they are signed."""
    notify: tuple[NotifySettings, ...] = ()
    """Who is told of a run."""
