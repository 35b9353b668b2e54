"""Watchtower's options, and those of its fork. Data alone.

Source: containrrr/watchtower 1.7.1 and nicholas-fedor/watchtower 1.21, "Arguments", "Notifications".
"""

from __future__ import annotations

from bumper.flags.base import Option

__all__ = ["IMAGES", "OPTIONS"]

IMAGES = (
    "containrrr/watchtower", "v2tec/watchtower", "nickfedor/watchtower",
    "nicholas-fedor/watchtower", "beatkind/watchtower",
)  # fmt: skip
_B = "true, false"
_LIVE = "Nothing: no container is stopped, started or looked into; what deploys the branch does it."
_API = "Nothing: nothing listens; `bumper run --event` takes a push, `bumper plan -f json` answers."
_TLS = "Nothing: no Docker host is asked."
_LOG = "Nothing: `-q`, `-v` and `-f` say what is printed."
_MAIL = "Nothing by itself: write it as one address, smtp://…, under `notify: shoutrrr`."
_CHAT = "Nothing by itself: write it as one address under `notify: shoutrrr`."
_AGE = "Nothing: an age is of a tag and its content, whatever the platform."
_NAMES = "Nothing by itself: name the images in a rule, with `policy: ignore` for the others."
_SERVICE = "In the service's environment, or --{}: {}."
_WORDS = "Nothing: `template` of a channel says it in your own words."


def _flag(flag: str, *short: str) -> tuple[str, ...]:
    return (f"--{flag}", *short)


_NAMED: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("LABEL_ENABLE", _flag("label-enable", "-e"), _B, _SERVICE.format("label-enable", "services below its folder without the label are ignored")),
    ("MONITOR_ONLY", _flag("monitor-only", "-m"), _B, _SERVICE.format("monitor-only", "services below its folder are reported, never proposed")),
    ("DISABLE_CONTAINERS", _flag("disable-containers", "-x"), "names", _SERVICE.format("disable-containers", "these services are ignored")),
    ("COOLDOWN_DELAY", _flag("cooldown-delay"), "3d", _SERVICE.format("cooldown-delay", "a tag must be this old (`min-age`)")),
    ("SCOPE", _flag("scope"), "a name", _SERVICE.format("scope", "its settings are for that scope, so none of them is read")),
    ("SCHEDULE", _flag("schedule", "-s"), "6 fields, @every 1h, @daily", "Nothing where it stands: the workflow's schedule says when bumper looks; `migrate` makes it the hours in which pull requests may be opened."),
    ("POLL_INTERVAL", _flag("interval", "-i"), "seconds", "Nothing: the workflow's schedule says when bumper looks."),
    ("NOTIFICATION_URL", _flag("notification-url"), "URLs", "Nothing by itself: name it under `notify` as `shoutrrr`, as `migrate` does."),
    ("NOTIFICATIONS_LEVEL", _flag("notifications-level"), "info", "Nothing by itself: `level` of a channel, as `migrate` writes it."),
    ("NOTIFICATIONS", _flag("notifications", "-n"), "email, slack, msteams, gotify", _CHAT),
    ("NOTIFICATIONS_DELAY", _flag("notifications-delay"), "seconds", "Nothing: one message a run is sent at its end."),
    ("NOTIFICATIONS_HOSTNAME", _flag("notifications-hostname"), "a name", "Nothing: a message names the repository."),
    ("NOTIFICATION_TITLE_TAG", _flag("notification-title-tag"), "text", _WORDS),
    ("NOTIFICATION_SKIP_TITLE", _flag("notification-skip-title"), _B, _WORDS),
    ("NOTIFICATION_TEMPLATE", _flag("notification-template"), "a Go template", _WORDS),
    ("NOTIFICATION_TEMPLATE_FILE", _flag("notification-template-file"), "a path", _WORDS),
    ("NOTIFICATION_REPORT", _flag("notification-report"), _B, "Nothing: a channel gets one digest a run."),
    ("NOTIFICATION_SPLIT_BY_CONTAINER", _flag("notification-split-by-container"), _B, "Nothing: a channel gets one digest a run."),
    ("NOTIFICATION_LOG_STDOUT", _flag("notification-log-stdout"), _B, _LOG),
    ("NO_STARTUP_MESSAGE", _flag("no-startup-message"), _B, "Nothing: there is none."),
    *((f"NOTIFICATION_EMAIL_{name}", _flag(f"notification-email-{name.lower().replace('_', '-')}"), "text", _MAIL) for name in ("FROM", "TO", "SERVER", "SERVER_PORT", "SERVER_USER", "SERVER_PASSWORD", "DELAY", "SUBJECTTAG")),
    ("NOTIFICATION_EMAIL_SERVER_TLS_SKIP_VERIFY", _flag("notification-email-server-tls-skip-verify"), _B, _MAIL),
    *((f"NOTIFICATION_SLACK_{name}", _flag(f"notification-slack-{name.lower().replace('_', '-')}"), "text", _CHAT) for name in ("HOOK_URL", "IDENTIFIER", "CHANNEL", "ICON_EMOJI", "ICON_URL")),
    ("NOTIFICATION_MSTEAMS_HOOK_URL", _flag("notification-msteams-hook"), "a URL", _CHAT),
    ("NOTIFICATION_MSTEAMS_USE_LOG_DATA", _flag("notification-msteams-data"), _B, _CHAT),
    ("NOTIFICATION_GOTIFY_URL", _flag("notification-gotify-url"), "a URL", _CHAT),
    ("NOTIFICATION_GOTIFY_TOKEN", _flag("notification-gotify-token"), "a token", _CHAT),
    ("NOTIFICATION_GOTIFY_TLS_SKIP_VERIFY", _flag("notification-gotify-tls-skip-verify"), _B, _CHAT),
    ("RUN_ONCE", _flag("run-once", "-R"), _B, "Nothing: bumper runs once."),
    ("UPDATE_ON_START", _flag("update-on-start"), _B, "Nothing: bumper runs when it is started."),
    ("NO_PULL", _flag("no-pull"), _B, "Nothing: `--offline` asks no registry."),
    ("LABEL_TAKE_PRECEDENCE", _flag("label-take-precedence"), _B, "Nothing: what stands beside an image always wins."),
    ("MONITOR_IMAGE_NAMES", _flag("monitor-image-names"), "names", _NAMES),
    ("SKIP_IMAGE_NAMES", _flag("skip-image-names"), "names", _NAMES),
    ("ENABLE_CONTAINERS_BY_LABEL", _flag("enable-containers-by-label"), "key=value", _NAMES),
    ("DISABLE_CONTAINERS_BY_LABEL", _flag("disable-containers-by-label"), "key=value", _NAMES),
    *((name, _flag(flag, *short), _B, _LIVE) for name, flag, *short in (
        ("CLEANUP", "cleanup", "-c"), ("REMOVE_VOLUMES", "remove-volumes"), ("NO_RESTART", "no-restart"),
        ("ROLLING_RESTART", "rolling-restart"), ("INCLUDE_STOPPED", "include-stopped", "-S"),
        ("INCLUDE_RESTARTING", "include-restarting"), ("REVIVE_STOPPED", "revive-stopped"),
        ("LIFECYCLE_HOOKS", "enable-lifecycle-hooks"), ("EPHEMERAL_SELF_UPDATE", "ephemeral-self-update"),
        ("DISABLE_MEMORY_SWAPPINESS", "disable-memory-swappiness"),
        ("USE_COMPOSE_DEPENDS_ON", "use-compose-depends-on"))),
    ("TIMEOUT", _flag("stop-timeout", "-t"), "10s", _LIVE),
    ("LIFECYCLE_UID", _flag("lifecycle-uid"), "a number", _LIVE),
    ("LIFECYCLE_GID", _flag("lifecycle-gid"), "a number", _LIVE),
    ("CPU_COPY_MODE", _flag("cpu-copy-mode"), "auto", _LIVE),
    *((f"HTTP_API_{name}", _flag(f"http-api-{name.lower().replace('_', '-')}"), _B, _API) for name in ("UPDATE", "METRICS", "PERIODIC_POLLS")),
    *((f"HTTP_API_{name}", _flag(f"http-api-{name.lower().replace('_', '-')}"), "text", _API) for name in ("TOKEN", "ENDPOINTS", "HOST", "PORT", "RATE_LIMIT", "TLS_CERT", "TLS_KEY", "TRUSTED_PROXIES", "CORS", "CHECK_TIMEOUT", "UPDATE_TIMEOUT", "EVENTS_TOKEN")),
    ("WARN_ON_HEAD_FAILURE", _flag("warn-on-head-failure"), "always, auto, never", "Nothing: an image that cannot be looked up is always told as unknown."),
    ("REGISTRY_TLS_SKIP", _flag("registry-tls-skip"), _B, "Nothing by itself: `registries.<host>.insecure`, for one host."),
    ("REGISTRY_TLS_MIN_VERSION", _flag("registry-tls-min-version"), "TLS1.2", "Nothing: 1.2 is the least."),
    *((f"COOLDOWN_PLATFORM_{name}", _flag(f"cooldown-platform-{name.lower()}"), "text", _AGE) for name in ("OS", "ARCH", "VARIANT")),
    ("PORCELAIN", _flag("porcelain", "-P"), "v1, json", "Nothing: `-f plain` and `-f json`."),
    ("LOG_LEVEL", _flag("log-level"), "info", _LOG),
    ("LOG_FORMAT", _flag("log-format", "-l"), "auto", _LOG),
    ("DEBUG", _flag("debug", "-d"), _B, _LOG),
    ("TRACE", _flag("trace"), _B, _LOG),
    ("NO_COLOR", _flag("no-color"), _B, "Nothing: `--color` and NO_COLOR say it."),
)  # fmt: skip
OPTIONS = (
    *(Option(f"WATCHTOWER_{name}", spelled, values, means) for name, spelled, values, means in _NAMED),
    Option("REPO_USER", (), "a name", "Nothing: it went to every registry; name the account of each under `registries`."),
    Option("REPO_PASS", (), "a secret", "Nothing: it went to every registry; name the account of each under `registries`."),
    Option("DOCKER_CONFIG", (), "a folder", "The same: Docker's config there is read for credentials."),
    Option("DOCKER_HOST", ("--host", "-H"), "an address", _TLS),
    Option("DOCKER_TLS_VERIFY", ("--tlsverify",), _B, _TLS),
    Option("DOCKER_API_VERSION", ("--api-version", "-a"), "1.25", _TLS),
    Option("TZ", (), "a time zone", "Nothing by itself: `pull-requests.timezone`, as `migrate` writes it."),
    Option("", ("--health-check",), _B, "Nothing: `bumper doctor` says how things stand."),
)  # fmt: skip
