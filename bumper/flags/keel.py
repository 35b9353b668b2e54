"""Keel's environment. Data alone. Source: keel.sh/docs, "Configuration", and keel-hq/keel 0.22."""

from __future__ import annotations

from bumper.flags.base import Option

__all__ = ["IMAGES", "OPTIONS"]

IMAGES = ("keelhq/keel", "keel-hq/keel")
_CHAT = "Nothing by itself: write it as one address under `notify: apprise` or `shoutrrr`."
_VOTES = "Nothing: a vote is a review of the pull request."
_PAGE = "Nothing: nothing listens; `bumper report` writes the page."
_CLUSTER = "Nothing: no cluster is asked."
_ROWS = (
    ("POLL", "true, false", "Nothing: every run polls."),
    ("POLL_DEFAULTSCHEDULE", "6 fields, @every 1m", "Nothing where it stands: the workflow's schedule says when bumper looks; `migrate` makes it the hours in which pull requests may be opened."),
    ("NOTIFICATION_LEVEL", "info", "Nothing by itself: `level` of a channel, as `migrate` writes it."),
    ("SHOUTRRR_URLS", "URLs", "Nothing by itself: name it under `notify` as `shoutrrr`, as `migrate` does."),
    ("SHOUTRRR_TIMEOUT", "10s", "Nothing: `--timeout` is for every request."),
    ("WEBHOOK_ENDPOINT", "a URL", "Nothing by itself: name it under `notify` as `webhook`, as `migrate` does."),
    ("DISCORD_WEBHOOK_URL", "a URL", "Nothing by itself: name it under `notify` as `apprise`, as `migrate` does."),
    *((name, "text", _CHAT) for name in (
        "TEAMS_WEBHOOK_URL", "MATTERMOST_ENDPOINT", "MATTERMOST_USERNAME", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN",
        "SLACK_CHANNELS", "SLACK_BOT_NAME", "HIPCHAT_*", "MAIL_TO", "MAIL_FROM", "MAIL_SMTP_SERVER", "MAIL_SMTP_PORT", "MAIL_SMTP_USER",
        "MAIL_SMTP_PASS")),
    ("SLACK_APPROVALS_CHANNEL", "text", _VOTES),
    ("DOCKER_REGISTRY_CFG", "Docker's config", "Nothing by itself: put it where Docker's config is, or name the accounts under `registries`."),
    ("INSECURE_REGISTRY", "true, false", "Nothing by itself: `registries.<host>.insecure`, for one host."),
    *((name, "text", "The same: they are the cloud's own identity (extra `aws`).") for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION")),
    *((name, "text", _PAGE) for name in ("BASIC_AUTH_USER", "BASIC_AUTH_PASSWORD", "AUTH_MODE", "AUTHENTICATED_WEBHOOKS", "TOKEN_SECRET", "PRIVATE_REGISTRY")),
    *((name, "text", "Nothing: a payload is handed to `bumper run --event`.") for name in ("PUBSUB", "PROJECT_ID", "CLUSTER_NAME")),
    *((name, "text", _CLUSTER) for name in ("HELM3_PROVIDER", "HELM_PROVIDER", "RESTRICTED_NAMESPACE", "NAMESPACE", "XDG_DATA_HOME")),
    ("DEBUG", "true, false", "Nothing: `-v` says more."),
)  # fmt: skip
OPTIONS = tuple(Option(name, (), values, means) for name, values, means in _ROWS)
