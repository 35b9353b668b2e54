"""Kinds of values that settings share, and the record they stand in. Pure.

A validator raises ValueError with a sentence; where the value stands in the file is found by `read`.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from bumper import policies, templates, windows
from bumper.asides.settings import seconds, typed
from bumper.patterns import compile_pattern

__all__ = [
    "AuthorText",
    "DurationText",
    "Guards",
    "HostText",
    "Images",
    "PageText",
    "Paths",
    "PatternText",
    "Patterns",
    "Platforms",
    "PolicyText",
    "PrefixText",
    "Record",
    "ScheduleText",
    "SiteText",
    "Sites",
    "SlugText",
    "SourceText",
    "TemplateText",
    "Texts",
    "ZoneText",
    "listed",
]


class Record(BaseModel):
    """A frozen record whose keys are written with hyphens; an unknown key is an error."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.replace("_", "-"),
        populate_by_name=True,
        use_attribute_docstrings=True,
    )


def _policy(text: str) -> str:
    policies.parse(text)
    return text


def _pattern(text: str) -> str:
    compile_pattern(text)
    return text


def _page(text: str) -> str:
    return str(typed("release-notes", text))


def _source(text: str) -> str:
    return str(typed("source", text))


def listed(value: object) -> object:
    """Let one value stand where a list may."""
    return [value] if isinstance(value, str) else value


def _schedule(value: object) -> object:
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _duration(text: str) -> str:
    seconds(text)
    return text


def _prefix(text: str) -> str:
    if (
        re.fullmatch(r"[A-Za-z0-9][\w.-]*(/[\w-][\w.-]*)*[/-]", text, re.ASCII) is None
        or ".." in text
    ):
        raise ValueError("must be the beginning of a branch name and end in / or -: bumper/")
    return text


def _author(text: str) -> str:
    if re.fullmatch(r"[^<>\s][^<>\n]* <[^<>@\s]+@[^<>@\s]+>", text) is None:
        raise ValueError("must be a name and a mail: Ada Bot <bot@example.org>")
    return text


def _site(text: str) -> str:
    if re.match(r"https?://[^/\s]", text) is None and not text.startswith("$"):
        raise ValueError(f"must be an address with https://: 'https://{text.lstrip('/')}'")
    return text


def _host(text: str) -> str:
    if "://" in text or "*" in text or not text.strip():
        raise ValueError("must be a host, host:port or host/path, without https://")
    return text


def _slug(text: str) -> str:
    if "://" in text or re.fullmatch(r"[^/\s]+(/[^/\s]+)+|\$\w+", text) is None:
        raise ValueError("must be owner/name, without the forge's address")
    return text


def _image(text: str) -> str:
    if "://" in text or "@" in text or ":" in text.rpartition("/")[2]:
        raise ValueError(
            f"{text!r}: an image is matched by its name alone, without https://, tag or digest"
        )
    return text


def _path(text: str) -> str:
    if text.startswith(("/", "./")):
        raise ValueError(f"{text!r}: paths begin at the repository's root, without / or ./")
    return text


def _platform(text: str) -> str:
    return str(typed("platforms", text)[0])


AuthorText = Annotated[str, AfterValidator(_author)]
DurationText = Annotated[str, AfterValidator(_duration)]
PageText = Annotated[str, AfterValidator(_page)]
PatternText = Annotated[str, AfterValidator(_pattern)]
PolicyText = Annotated[str, AfterValidator(_policy)]
PrefixText = Annotated[str, AfterValidator(_prefix)]
ScheduleText = Annotated[str, BeforeValidator(_schedule), AfterValidator(windows.check)]
SourceText = Annotated[str, AfterValidator(_source)]
TemplateText = Annotated[str, AfterValidator(templates.check)]
ZoneText = Annotated[str, AfterValidator(windows.check_zone)]
Guard = Literal["scheme-jump", "pushed-earlier", "above-latest"]
Guards = Annotated[tuple[Guard, ...], BeforeValidator(listed)]
Texts = Annotated[tuple[str, ...], BeforeValidator(listed)]
HostText = Annotated[str, AfterValidator(_host)]
SiteText = Annotated[str, AfterValidator(_site)]
SlugText = Annotated[str, AfterValidator(_slug)]
Sites = Annotated[tuple[SiteText, ...], BeforeValidator(listed)]
Images = Annotated[tuple[Annotated[str, AfterValidator(_image)], ...], BeforeValidator(listed)]
Paths = Annotated[tuple[Annotated[str, AfterValidator(_path)], ...], BeforeValidator(listed)]
Platforms = Annotated[
    tuple[Annotated[str, AfterValidator(_platform)], ...], BeforeValidator(listed)
]
Patterns = Annotated[tuple[PatternText, ...], BeforeValidator(listed)]
