"""Which files Renovate's managers read. Pure. No member.

Kubernetes, Flux and Argo CD are read only where the config names their files. Source:
docs.renovatebot.com, "Managers".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bumper.migrations.names import Names
from bumper.migrations.page import listed
from bumper.migrations.renovate_rules import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bumper.model import ImageUse

__all__ = ["Files", "excluded", "ignores"]

_DEFAULTS = {
    "cloudbuild": (r"/(^|/)cloudbuild\.ya?ml/",),
    "docker-compose": (r"/(^|/)(?:docker-)?compose[^/]*\.ya?ml$/",),
    "dockerfile": (
        r"/(^|/|\.)([Dd]ocker|[Cc]ontainer)file$/",
        r"/(^|/)([Dd]ocker|[Cc]ontainer)file[^/]*$/",
    ),
    "flux": (r"/(^|/)gotk-components\.ya?ml$/",),
    "github-actions": (
        r"/(^|/)(workflow-templates|\.(?:github|gitea|forgejo)/(?:workflows|actions))/.+\.ya?ml$/",
        r"/(^|/)action\.ya?ml$/",
    ),
    "gitlabci": (r"/\.gitlab-ci\.ya?ml$/",),
    "helm-values": (r"/(^|/)values\.ya?ml$/",),
    "kustomize": (r"/(^|/)kustomization\.ya?ml$/",),
    "quadlet": (r"/.+\.container$/", r"/.+\.image$/", r"/.+\.volume$/"),
}
_MANAGERS = {format_: manager for manager, format_ in FORMATS.items()}


class Files:
    """The files of a config, and whether Renovate looks at a place in them."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._enabled = listed(config.get("enabledManagers"))
        self._blocks = {
            name: config[name] for name in FORMATS if isinstance(config.get(name), dict)
        }
        self._custom = bool(config.get("customManagers") or config.get("regexManagers")) or any(
            str(one).startswith(("customManagers:", "regexManagers:"))
            for one in listed(config.get("extends"))
        )
        self._ignored = [str(one) for one in listed(config.get("ignorePaths"))]
        self._only = [str(one) for one in listed(config.get("includePaths"))]

    def reads(self, use: ImageUse) -> bool:
        """Say whether a manager reads this use."""
        if any(ignores(one, use.path) for one in self._ignored):
            return False
        if self._only and not any(ignores(one, use.path) for one in self._only):
            return False
        if use.format == "annotated":
            return self._custom
        manager = _MANAGERS.get(use.format)
        if manager is None or (self._enabled and manager not in self._enabled):
            return False
        block = self._blocks.get(manager, {})
        named = [*listed(block.get("fileMatch")), *listed(block.get("managerFilePatterns"))]
        # `fileMatch`, the older one, holds expressions without their slashes.
        old = [f"/{one}/" for one in listed(block.get("fileMatch"))]
        patterns = (*_DEFAULTS.get(manager, ()), *old, *named[len(old) :])
        return (
            block.get("enabled") is not False and bool(patterns) and Names(patterns).mean(use.path)
        )


def ignores(written: str, path: str) -> bool:
    """Say whether an entry of `ignorePaths` means a path: as a part of its text, or as a glob."""
    return written in path or Names((written,)).mean(path)


def excluded(written: str) -> str:
    """Give our glob for an entry of `ignorePaths`."""
    return written if "*" in written else f"**{written}**"
