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
    "PageText",
    "PatternText",
    "Patterns",
    "PolicyText",
    "PrefixText",
    "Record",
    "ScheduleText",
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
Patterns = Annotated[tuple[PatternText, ...], BeforeValidator(listed)]
