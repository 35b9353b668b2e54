"""Who is told of a run, as a checked record. Pure.

Every key's description is its manual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BeforeValidator, model_validator

from bumper.config.kinds import (
    Record,
    TemplateText,
    Texts,
    listed,
)

__all__ = [
    "NotifySettings",
    "names",
]

if TYPE_CHECKING:
    from collections.abc import Sequence

Event = Literal[
    "opened", "updated", "major", "merged", "stale", "closed", "held", "failed", "recovered"
]
_CHANNELS = ("apprise", "shoutrrr", "webhook", "zabbix", "prometheus", "pushgateway", "summary")
# A monitoring gets the values of every run: there is nothing to word or to choose.
_WORDED = ("apprise", "shoutrrr", "webhook", "summary")
# What a key means something to.
_OWN = {
    "token": ("webhook",), "host": ("zabbix",),
    "template": _WORDED, "when": _WORDED, "level": _WORDED,
}  # fmt: skip


class NotifySettings(Record):
    """One channel that is told of a run; exactly one address."""

    name: str | None = None
    """What `notify=` beside an image calls it; its kind if not given."""
    apprise: Texts = ()
    """Addresses of Apprise, such as mailto:// or slack://; $NAME takes them from the environment."""
    shoutrrr: Texts = ()
    """Addresses of Shoutrrr, as Watchtower and Keel take them; $NAME takes them from the environment."""
    webhook: str | None = None
    """An address that gets the digest as JSON."""
    token: str | None = None
    """A bearer token for the webhook, as $NAME of the environment."""
    zabbix: str | None = None
    """A Zabbix server or proxy, host or host:port."""
    host: str | None = None
    """The host in Zabbix that has the items."""
    prometheus: str | None = None
    """A file for the node exporter's textfile collector."""
    pushgateway: str | None = None
    """The address of a Prometheus push gateway."""
    summary: str | None = None
    """A file that gets Markdown at its end, such as $GITHUB_STEP_SUMMARY."""
    template: TemplateText | None = None
    """The message in your own words, as a Jinja template over title, body, level, events, numbers, lists and trial; empty sends nothing."""
    when: Annotated[tuple[Event, ...], BeforeValidator(listed)] = (
        "failed", "recovered", "major", "merged", "opened", "updated", "stale", "closed", "held",
    )  # fmt: skip
    """What it is told of: opened, updated, major, merged, stale, closed, held, failed, recovered; each event once."""
    level: Literal["info", "success", "warning", "failure"] = "info"
    """The least grave it is told of: failed is a failure, major and stale a warning, merged and recovered a success."""

    @property
    def kind(self) -> str:
        """Which of the addresses it is."""
        return next(key for key in _CHANNELS if getattr(self, key))

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        named = [key for key in _CHANNELS if getattr(self, key)]
        if len(named) != 1:
            raise ValueError(f"needs exactly one of {', '.join(_CHANNELS)}")
        if self.zabbix and not self.host:
            raise ValueError("`zabbix` needs `host`: the name of the host in Zabbix")
        for key, kinds in _OWN.items():
            if key in self.model_fields_set and named[0] not in kinds:
                raise ValueError(f"`{key}` means nothing to {named[0]}, only to {', '.join(kinds)}")
        return self


def names(channels: Sequence[NotifySettings]) -> tuple[str, ...]:
    """Give what each channel is called: its name, else its kind, with a number from the second on."""
    found: list[str] = []
    for index, channel in enumerate(channels, start=1):
        name = channel.name or channel.kind
        found.append(f"{name}-{index}" if name in found else name)
    return tuple(found)
