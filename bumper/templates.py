"""Users' own words: a template and what it may see, under a bound of steps. Pure.

No file, no environment, no code: only what is handed in. Source: github.com/mitsuhiko/minijinja.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from minijinja import Environment

__all__ = ["TemplateFault", "check", "html", "render", "unknown"]

_FUEL = 500_000
# What a template has without us.
_ALWAYS = frozenset({"range", "dict", "namespace", "debug", "loop", "self"})
_MOST_CHARACTERS = 100_000


class TemplateFault(ValueError):  # noqa: N818 - what is wrong with a template, not a class of errors
    """A template that cannot be read or filled in; the message names the line."""


def check(text: str) -> str:
    """Give the template back where it can be read.

    Raises:
        TemplateFault: It cannot.
    """
    from minijinja import TemplateError  # noqa: PLC0415 - only where somebody has a template

    try:
        _environment().add_template("template", text)
    except TemplateError as error:
        raise TemplateFault(f"cannot be read as a template: {error.message}") from error
    return text


def render(text: str, values: Mapping[str, Any]) -> str:
    """Fill a template in, blanks around it gone.

    Raises:
        TemplateFault: It names what is not there, or takes too many steps.
    """
    from minijinja import TemplateError  # noqa: PLC0415 - as above

    try:
        return _environment().render_str(text, **values).strip()[:_MOST_CHARACTERS]
    except TemplateError as error:
        raise TemplateFault(f"the template cannot be filled in: {error.message}") from error


def unknown(text: str, names: Collection[str]) -> tuple[str, ...]:
    """Give the names that a template takes and nothing fills in, sorted, with what was probably meant."""
    found = sorted(set(_environment().undeclared_variables_in_str(text)) - set(names) - _ALWAYS)
    return tuple(f"nothing is named {name!r}{_meant(name, names)}" for name in found)


def _meant(name: str, names: Collection[str]) -> str:
    near = get_close_matches(name, names, n=1)
    return f", did you mean {near[0]!r}?" if near else f"; there are {', '.join(names)}"


def html(text: str, values: Mapping[str, Any]) -> str:
    """Fill in a template of our own for a browser: every value is escaped.

    `soft` is a filter for paths and names, which may be broken behind a slash and before a colon.
    """
    from minijinja import Environment, escape, safe  # noqa: PLC0415 - as above

    def soft(value: object) -> object:
        return safe(str(escape(value)).replace("/", "/<wbr>").replace(":", "<wbr>:"))

    environment = Environment(
        undefined_behavior="strict",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_escape_callback=lambda _: "html",
        filters={"soft": soft},
    )
    return environment.render_str(text, **values)


def _environment() -> Environment:
    from minijinja import Environment  # noqa: PLC0415 - as above

    return Environment(fuel=_FUEL, undefined_behavior="strict", trim_blocks=True)
