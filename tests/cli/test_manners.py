"""How the program speaks: what was meant, colour only where wanted, no word to whom it is not for."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bumper.cli import demonstration, output, progress
from bumper.cli.completion import SHELLS
from bumper.cli.options import Options
from bumper.http import Http
from tests.support import bumper, write

if TYPE_CHECKING:
    from pathlib import Path

REPLAY = ("-C", demonstration.SAMPLE / "repository", "--replay", demonstration.SAMPLE / "answers.json")  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        pytest.param(["plam"], "Did you mean 'plan'?", id="a-verb"),
        pytest.param(["plan", "--ofline"], "Did you mean '--offline'?", id="a-flag"),
        pytest.param(
            ["plan", "--write", "yaml=x"], "one of table, plain, json", id="a-format-to-write"
        ),
        pytest.param(["plan", "-f", "yaml"], "'jsonl'", id="a-format-lists-what-there-is"),
    ],
)
def test_what_was_meant(arguments: list[str], meant: str) -> None:
    command = [sys.executable, "-m", "bumper", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert meant in " ".join(ran.stderr.split())


def test_a_key_that_was_meant(tmp_path: Path) -> None:
    write(tmp_path, {"bumper.yaml": "version: 1\ndefaults:\n  polcy: minor\n"})
    ran = bumper("config", "lint", "-C", tmp_path)
    assert ran.code == 1
    assert "bumper.yaml:3" in ran.out
    assert "policy" in ran.out


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("variables", "flag", "tty", "expected"),
    [
        pytest.param({}, None, True, True, id="a-terminal"),
        pytest.param({}, None, False, False, id="a-pipe"),
        pytest.param({"NO_COLOR": "1"}, None, True, False, id="no-color"),
        pytest.param({"NO_COLOR": ""}, None, True, True, id="no-color-that-is-empty-says-nothing"),
        pytest.param({"TERM": "dumb"}, None, True, False, id="a-dumb-terminal"),
        pytest.param({"CLICOLOR": "0"}, None, True, False, id="clicolor"),
        pytest.param({"FORCE_COLOR": "1"}, None, False, True, id="forced"),
        pytest.param({"CLICOLOR_FORCE": "1"}, None, False, True, id="forced-the-other-way"),
        pytest.param({"CLICOLOR_FORCE": "0"}, None, False, False, id="forced-by-zero-is-not"),
        pytest.param({"FORCE_COLOR": "1", "NO_COLOR": "1"}, None, True, False, id="no-wins"),
        pytest.param({"NO_COLOR": "1"}, "always", False, True, id="the-flag-wins"),
        pytest.param({"FORCE_COLOR": "1"}, "never", True, False, id="the-flag-wins-again"),
    ],
)
def test_colour(
    variables: dict[str, str],
    flag: str | None,
    tty: bool,  # noqa: FBT001 - a column of the table
    expected: bool,  # noqa: FBT001 - as above
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", Terminal() if tty else io.StringIO())
    assert output.colourful(Options(color=flag)) is expected


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        pytest.param({}, "plain", id="a-pipe"),
        pytest.param({"GITHUB_ACTIONS": "true"}, "github", id="github-actions"),
        pytest.param({"GITHUB_ACTIONS": "true", "GITEA_ACTIONS": "true"}, "plain", id="gitea-actions"),
        pytest.param({"GITHUB_ACTIONS": "true", "FORGEJO_ACTIONS": "true"}, "plain", id="forgejo-actions"),
    ],
)  # fmt: skip
def test_the_report_by_itself(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert output.style(Options()) == expected
    assert output.style(Options(format="json")) == "json"


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        pytest.param("✓ a → b", "utf-8", "✓ a → b", id="utf-8-stays"),
        pytest.param("✓ a → b ─", "ascii", "+ a > b -", id="plain-marks"),
        pytest.param("caf\xe9 ✗", "latin-1", "caf\xe9 x", id="what-it-knows-stays"),
        pytest.param("a\udcffb", "utf-8", "a?b", id="a-path-that-is-no-text"),
    ],
)
def test_row_232_a_stream_gets_what_it_can_write(text: str, encoding: str, expected: str) -> None:
    assert output._writable(text, encoding) == expected


def test_a_table_goes_to_a_terminal_without_utf_8() -> None:
    command = [sys.executable, "-m", "bumper", "plan", *map(str, REPLAY), "-f", "table"]
    environment = {"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert b"nginx" in ran.stdout
    ran.stdout.decode("ascii")


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_gets_its_completion(shell: str) -> None:
    ran = bumper("completion", shell)
    assert ran.code == 0
    assert "_BUMPER_COMPLETE" in ran.out
    found = shutil.which(shell)
    if found:
        subprocess.run([found, "-n"], input=ran.out, text=True, check=True)


def test_verbs_are_completed() -> None:
    variables = {"_BUMPER_COMPLETE": "bash_complete", "COMP_WORDS": "bumper do", "COMP_CWORD": "1"}
    command = [sys.executable, "-c", "from bumper.__main__ import main; main()"]
    environment = {**variables, "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.stdout.split() == ["plain,doctor"]


def test_why_tells_the_setting_and_the_tags() -> None:
    told = bumper("plan", *REPLAY, "-f", "plain", "--why").out
    postgres = told.partition("\n\nweb/compose.yaml:12")[2].partition("\n\n")[0]
    assert "policy minor from rules[1] (bumper.yaml:8)" in postgres
    assert "17.2-alpine: a bigger step than the policy allows" in postgres
    assert "and others:" in postgres


def test_why_leaves_a_programs_format_as_it_is() -> None:
    ran = bumper("plan", *REPLAY, "-f", "json", "--why")
    assert json.loads(ran.out)["schema_version"] == 1
    assert "--why" in ran.err


def test_progress_is_for_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(http: Http, options: Options) -> None:
        async with progress.shown(http, options):
            http.counts["docker.io"] += 12
            await asyncio.sleep(0.05)

    monkeypatch.setattr(progress, "_FIRST_SECONDS", 0.0)
    said = []
    for stream, options in (
        (Terminal(), Options()),
        (Terminal(), Options(quiet=1)),
        (io.StringIO(), Options()),
    ):
        monkeypatch.setattr(sys, "stderr", stream)
        asyncio.run(work(Http(), options))
        said.append(stream.getvalue())
    assert "12 requests: docker.io 12" in said[0]
    assert said[0].endswith("\r\x1b[2K")
    assert said[1:] == ["", ""]


def test_the_line_fits() -> None:
    counts = {f"registry-{n}.example": 10 - n for n in range(6)}
    text = progress.line(counts)
    assert text.startswith("45 requests: registry-0.example 10, ")
    assert len(text) <= 79
