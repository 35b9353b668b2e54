"""The flags of PAPAMICA/container-updater. Data alone. Source: its script at 3dfcdb1c."""

from __future__ import annotations

from bumper.flags.base import Option

__all__ = ["IMAGES", "OPTIONS"]

# It is a script on a host, no image.
IMAGES: tuple[str, ...] = ("container-updater.sh",)
OPTIONS = (
    Option("", ("-d",), "a URL", "Nothing by itself: Discord's address, under `notify` as `apprise`, as `migrate` does."),
    Option("", ("-z",), "a host", "Nothing by itself: `zabbix` of a channel, as `migrate` writes it."),
    Option("", ("-n",), "a host in Zabbix", "Nothing by itself: `host` of the channel, as `migrate` writes it."),
    Option("", ("-g",), "a token", "Nothing: it is a secret of ghcr.io; name it under `registries`."),
    Option("", ("-b",), "packages", "Nothing: a host's own packages are not in Git."),
)  # fmt: skip
