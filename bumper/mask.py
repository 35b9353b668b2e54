"""Template expressions hidden from a YAML parser, every offset kept. Pure.

`{{ … }}`, `{% … %}` and `{# … #}` (Helm, Go templates, Jinja) become as many private characters as
they were long; a line that holds nothing else becomes a comment. A value that holds `MASKED` is not
known: it is never a reference and never edited.
"""

from __future__ import annotations

import re

__all__ = ["MASKED", "mask"]

MASKED = "\ue000"

_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_NO_BREAK = re.compile(r"[^\r\n]+")
# A line of expressions alone: control flow, includes.
_ALONE = re.compile(
    rf"^(?P<indent>[ \t]*)-?[ \t]*{MASKED}[{MASKED} \t]*(?P<end>\r?)$", re.MULTILINE
)
# `key: {{- toYaml . | nindent 4 }}` gives its own lines: for the parser the value is empty.
_BLOCK_VALUE = re.compile(r"(?<=:)[ \t]+(?=\{\{-?[^}]*\b(?:nindent|indent|toYaml)\b)")


def mask(text: str) -> str:
    """Hide the template expressions of a text; give the same text where there are none."""
    if "{{" not in text and "{%" not in text:
        return text
    inserted = [match.end() for match in _BLOCK_VALUE.finditer(text)]
    blanks = set(inserted)

    def hide(match: re.Match[str]) -> str:
        filler = " " if match.start() in blanks else MASKED
        if "\n" not in match[0] and "\r" not in match[0]:
            return filler * len(match[0])
        return _NO_BREAK.sub(lambda run: filler * len(run[0]), match[0])

    return _ALONE.sub(_comment, _EXPRESSION.sub(hide, text))


def _comment(match: re.Match[str]) -> str:
    body = len(match[0]) - len(match["indent"]) - len(match["end"])
    return f"{match['indent']}#{MASKED * (body - 1)}{match['end']}"
