"""Shepherd's environment. Data alone. Source: containrrr/shepherd 1.8.1, README and script."""

from __future__ import annotations

from bumper.flags.base import Option

__all__ = ["IMAGES", "OPTIONS"]

IMAGES = ("containrrr/shepherd", "mazzolino/shepherd", "djmaze/shepherd")
_ROLLOUT = (
    "Nothing: `deploy.update_config` and `rollback_config` of the stack say how it is rolled out."
)
_LOGIN = "Nothing: name the account of the registry under `registries`."
_ROWS = (
    ("FILTER_SERVICES", "label=… or name=…", "In the service's environment: services it does not name are ignored, the others have their digest pinned and moved."),
    ("IGNORELIST_SERVICES", "names", "In the service's environment: these services are ignored."),
    ("BLACKLIST_SERVICES", "names", "As `IGNORELIST_SERVICES`."),
    ("SLEEP_TIME", "5m", "Nothing: the workflow's schedule says when bumper looks."),
    ("RUN_ONCE_AND_EXIT", "true", "Nothing: bumper runs once."),
    ("APPRISE_SIDECAR_URL", "a URL", "Nothing by itself: name it under `notify` as `webhook`, as `migrate` does."),
    ("REGISTRIES_FILE", "a path", "The same: its accounts are read, and chosen by `auth`."),
    ("REGISTRY_USER", "a name", _LOGIN),
    ("REGISTRY_PASSWORD", "a secret", _LOGIN),
    ("REGISTRY_HOST", "a host", _LOGIN),
    ("WITH_REGISTRY_AUTH", "true", "Nothing: no agent of a swarm is told anything."),
    ("WITH_INSECURE_REGISTRY", "true", "Nothing by itself: `registries.<host>.insecure`, for one host."),
    ("WITH_NO_RESOLVE_IMAGE", "true", "Nothing: the digest is resolved and written down."),
    ("TIMEOUT", "300", _ROLLOUT),
    ("UPDATE_OPTIONS", "flags", _ROLLOUT),
    ("ROLLBACK_OPTIONS", "flags", _ROLLOUT),
    ("ROLLBACK_ON_FAILURE", "true", "Nothing: `deploy.update_config.failure_action: rollback` of the stack does it."),
    ("IMAGE_AUTOCLEAN_LIMIT", "a number", "Nothing: no node is cleaned."),
    ("VERBOSE", "true", "Nothing: `-q` and `-v` say what is printed."),
    ("TZ", "a time zone", "Nothing by itself: `pull-requests.timezone`, as `migrate` writes it."),
    ("HOSTNAME", "a name", "Nothing: a message names the repository."),
)  # fmt: skip
OPTIONS = tuple(Option(name, (), values, means) for name, values, means in _ROWS)
