"""A verb loads what it needs and no more: each library here costs tens of milliseconds."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bumper.cli import demonstration
from tests.support import HERE

HEAVY = ("aiohttp", "apprise", "git", "github", "httpx", "minijinja", "pydantic", "regex", "rich", "ruamel.yaml", "yarl")  # fmt: skip
# Runs one command line and says what it has loaded at the end.
SCRIPT = """
import json, sys
from contextlib import redirect_stdout
from io import StringIO
from bumper.cli.app import run
with redirect_stdout(StringIO()):
    code = run(sys.argv[1:])
print(json.dumps([code, sorted(sys.modules)]))
"""
REPLAY = ("-C", str(demonstration.SAMPLE / "repository"), "--replay", str(demonstration.SAMPLE / "answers.json"))  # fmt: skip


def loaded(*arguments: str) -> set[str]:
    command = [sys.executable, "-c", SCRIPT, *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parent)
    code, modules = json.loads(ran.stdout)
    assert code == 0, ran.stderr
    return {name for name in HEAVY if name in modules}


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        pytest.param(["--version"], set(), id="the-version"),
        pytest.param(["--help"], {"rich"}, id="the-help"),
        pytest.param(["completion", "bash"], set(), id="what-a-shell-sources"),
        pytest.param(
            ["plan", *REPLAY, "-f", "plain"],
            {"git", "pydantic", "regex", "ruamel.yaml"},
            id="a-plan-that-asks-nobody",
        ),
        pytest.param(
            ["plan", *REPLAY, "-f", "table"],
            {"git", "pydantic", "regex", "rich", "ruamel.yaml"},
            id="rich-for-a-table",
        ),
    ],
)
def test_a_verb_loads_no_library_that_it_does_not_need(
    arguments: list[str], needed: set[str]
) -> None:
    assert loaded(*arguments) <= needed


def test_the_script_would_tell() -> None:
    assert "git" in loaded("scan", *REPLAY)
