"""The pictures of the README, made by the program: `python -m tests.pictures` writes them anew.

A pull request is the golden text of `tests/messages/`, a plan that of the sample repository.
"""

from __future__ import annotations

import re
import shlex
from io import StringIO

from rich.console import Console
from rich.text import Text

from bumper.cli import demonstration
from tests.support import HERE, bumper

__all__ = ["PLAN", "README", "WIDTH", "in_readme", "plan", "pull_request"]

README = HERE.parent / "README.md"
PLAN = HERE.parent / ".github" / "plan.svg"
WIDTH = 112
COMMAND = ("plan", "--only", "web/*")
_MARKS = re.compile(r"(<!-- pull request: [^\n]*-->\n).*?(\n?<!-- end of the pull request -->)", re.DOTALL)  # fmt: skip
# As rich has it, but for the font that it would load from elsewhere.
_SVG = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<title>bumper plan: each image of a repository with its change, its level and the reason</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px; line-height: {line_height}px }}
.{unique_id}-title {{ font: bold 18px sans-serif }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def pull_request() -> str:
    """Give the text of a pull request as a quotation; its addresses lead nowhere, so they are left out."""
    text = (HERE / "messages" / "single.md").read_text(encoding="utf-8").strip()
    text = re.sub(r"(?<!\\)\[((?:\\.|[^]\[\\])+)\]\(https?://[^)\s]*\)", r"\1", text)
    text = re.sub(r"<!-- .*? --> ?", "", text)  # what bumper tells itself
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def in_readme(text: str) -> str:
    """Give the README with the pull request put between its marks."""
    return _MARKS.sub(lambda found: f"{found[1]}{pull_request()}{found[2]}", text)


def plan() -> str:
    """Give what `bumper plan` shows of the sample at a terminal of so many columns, as SVG."""
    sample = demonstration.SAMPLE
    ran = bumper(
        *COMMAND, "-C", sample / "repository", "--replay", sample / "answers.json",
        "-f", "table", "--color", "always",
    )  # fmt: skip
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True)
    console.print(Text(f"$ bumper {shlex.join(COMMAND)}\n", style="bold"))
    console.print(Text.from_ansi(ran.out))
    return console.export_svg(title="bumper", code_format=_SVG, unique_id="plan")


if __name__ == "__main__":
    import os

    os.environ["COLUMNS"] = str(WIDTH)
    README.write_text(in_readme(README.read_text(encoding="utf-8")), encoding="utf-8")
    PLAN.write_text(plan(), encoding="utf-8")
