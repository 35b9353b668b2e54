"""The last line of the action: its outputs and its summary, from the JSON report. Standard library only.

Started as a script by `action.sh`, so that outputs are written even where bumper itself failed.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["main"]

CHANGING = {"created", "updated"}
MOST = 900_000


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
    text = summary(document)
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


def summary(document: dict[str, Any]) -> str:
    """Give the job summary in Markdown: the count, the pull requests, what is unknown."""
    if not document:
        return "bumper gave no report; see the log.\n"
    counts = document.get("summary", {})
    lines = ["### bumper", "", ", ".join(f"{number} {word}" for word, number in counts.items()), ""]
    requests = document.get("change_requests", [])
    if requests:
        lines += ["| what | change | where |", "| --- | --- | --- |"]
        lines += [
            f"| {cell(r['operation'])} | {cell(r['title'])} | {cell(r['url'] or r['branch'])} |"
            for r in requests
        ]
        lines.append("")
    failed = [o for o in document.get("outcomes", []) if o["status"] == "failed"]
    lines += [
        f"- unknown: {cell(o['path'])}:{o['line']} {cell(o['image'])}: {cell(o['reason'])}"
        for o in failed
    ]
    return "\n".join(lines) + "\n"


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
