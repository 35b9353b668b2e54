"""The last line of the action: its outputs and its summary, from the JSON report. Standard library only.

Started as a script by `action.sh`, so that outputs are written even where bumper itself failed.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["main"]

CHANGING = {"created", "updated"}
WRITING = CHANGING | {"closed"}
MOST = 900_000
MOST_LINES = 50
SAID = {"failed": "unknown", "hold": "held"}
PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9./:_~%?=&@#-]+")


def main(arguments: list[str]) -> int:
    """Write outputs and summary; give the exit code of the verb, partial success counts as done."""
    report, code = Path(arguments[0]), int(arguments[1])
    try:
        document: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    except ValueError:
        document = {}
    requests = document.get("change_requests", [])
    changed = any(request["operation"] in CHANGING for request in requests)
    compact = json.dumps(document, separators=(",", ":"))
    if len(compact) > MOST:
        # The runner refuses more than a megabyte; the pull requests are what later steps want.
        compact = json.dumps({**document, "outcomes": [], "cut": True}, separators=(",", ":"))
    append("GITHUB_OUTPUT", output("changed", str(changed).lower()))
    append("GITHUB_OUTPUT", output("updates", compact))
    append("GITHUB_OUTPUT", output("outdated", str(document.get("summary", {}).get("bump", 0))))
    append("GITHUB_OUTPUT", "".join(pull_requests(requests)))
    append("GITHUB_OUTPUT", output("exit-code", str(code)))
    text = summary(document, dry=arguments[2:] == ["dry"])
    append("GITHUB_STEP_SUMMARY", text)
    sys.stdout.write(text)
    return 0 if code == 4 else code


def output(name: str, value: str) -> str:
    """Give an output in the heredoc form; the mark is random, so no value can end it early."""
    mark = f"bumper_{token_hex(16)}"
    return f"{name}<<{mark}\n{value}\n{mark}\n"


def pull_requests(requests: list[dict[str, Any]]) -> Iterator[str]:
    """Give what later steps want of the pull requests: all of them, and the first that was changed.

    Source: the names of the single ones are those of peter-evans/create-pull-request.
    """
    told = ("number", "url", "operation", "title", "branch", "images")
    there = [one for one in requests if one["number"] is not None]
    prs = [{name: one[name] for name in told} for one in there]
    yield output("prs", json.dumps(prs, separators=(",", ":")))
    first = next((one for one in there if one["operation"] in CHANGING), None)
    if first is not None:
        yield output("pull-request-number", str(first["number"]))
        yield output("pull-request-url", str(first["url"]))
        yield output("pull-request-operation", str(first["operation"]))


def summary(document: dict[str, Any], *, dry: bool = False) -> str:
    """Give the job summary in Markdown: the count, the pull requests, what is unknown or held.

    Of a `dry` run, what would be done.
    """
    if not document:
        return "bumper gave no report; see the log.\n"
    lines = ["### bumper", "", counted(document.get("summary", {})), ""]
    requests = document.get("change_requests", [])
    if requests:
        lines += ["| what | change |", "| --- | --- |"]
        would = "would be " if dry else ""
        lines += [
            f"| {would if one['operation'] in WRITING else ''}{cell(one['operation'])} | {change(one)} |"
            for one in requests
        ]
        lines.append("")
    told = [
        f"- {SAID[one['status']]}: {cell(one['path'])}:{one['line']} {cell(one['image'])}: {cell(one['reason'])}"
        for one in document.get("outcomes", [])
        if one["status"] in SAID
    ]
    lines += sorted(told, reverse=True)[:MOST_LINES]
    if len(told) > MOST_LINES:
        lines.append(f"- and {len(told) - MOST_LINES} more, see the log")
    return "\n".join(lines) + "\n"


def counted(counts: dict[str, int]) -> str:
    """Give the count in words, as `5 images in 2 files: 3 to bump, 2 current`."""
    words = {"bump": "to bump", "hold": "held", "failed": "unknown"}
    parts = [
        f"{number} {words.get(name, name)}"
        for name, number in counts.items()
        if name not in {"uses", "files"} and number
    ]
    uses, files = counts.get("uses", 0), counts.get("files", 0)
    head = f"{uses} image{'' if uses == 1 else 's'} in {files} file{'' if files == 1 else 's'}"
    return f"**{head}**{': ' if parts else ''}{', '.join(parts)}"


def change(request: dict[str, Any]) -> str:
    """Give what is changed, as a link where there is a plain address."""
    url, title = str(request["url"] or ""), cell(request["title"])
    if PLAIN_ADDRESS.fullmatch(url):
        return f"[{title}]({url})"
    return f"{title} ({cell(request['branch'])})"


def cell(text: object) -> str:
    """Make foreign text safe inside a Markdown table: one line, no markup of its own."""
    flat = "".join(char if char.isprintable() else " " for char in str(text or ""))
    return "".join(f"\\{char}" if char in "\\`*_[]<>|@#" else char for char in flat)


def append(variable: str, text: str) -> None:
    """Append to the file that a variable names; nothing where the runner names none."""
    path = os.environ.get(variable)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
