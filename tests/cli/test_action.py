"""The action as a runner starts it: variables in, outputs and summary out, on GitHub and on Gitea.

Only the installation is not here, as it wants a package index: the tool cache holds this one.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bumper.cli import action_key, action_outputs
from tests.cli.test_bad_input import ANSWERS, GOOD
from tests.fakes import there
from tests.fakes.git_http import git
from tests.support import HERE, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes.there import There

TOP = HERE.parent
GONE = "services:\n  other:\n    image: ghcr.io/acme/gone:1.0.0\n"


@pytest.fixture(params=["github", "gitea"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[There]:
    with there.fake(request.param, tmp_path / "server") as made:
        yield made


def workspace(tmp_path: Path, place: There, texts: dict[str, str]) -> Path:
    """What actions/checkout leaves: one commit, a detached reference, a header with its token."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    git(folder, "init", "-q", "--initial-branch=main")
    write(folder, texts)
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", "all")
    git(folder, "push", "-q", *place.push, "HEAD:refs/heads/main")
    git(folder, "remote", "add", "origin", place.url)
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    server = place.url.rpartition("/acme/")[0]
    git(folder, "config", f"http.{server}/.extraheader", "AUTHORIZATION: basic b2xkOm9sZA==")
    # A file that must not be imported, and one that must not be run.
    write(
        folder, {"json.py": "raise SystemExit(7)\n", "bumper/__init__.py": "raise SystemExit(8)\n"}
    )
    return folder


def runner(tmp_path: Path, place: There, kind: str) -> dict[str, str]:
    """The variables that a runner sets. Source: GitHub's documentation, "Variables reference"."""
    server = place.url.rpartition("/acme/")[0]
    write(
        tmp_path,
        {
            "event.json": '{"repository": {"default_branch": "main"}}',
            "answers.json": json.dumps(ANSWERS),
        },
    )
    tool_cache = tmp_path / "tools"
    (tool_cache / "bumper").mkdir(parents=True)
    (tool_cache / "bumper" / action_key.key(TOP)).symlink_to(sys.prefix)
    return {
        **{name: os.environ[name] for name in ("PATH", "BUMPER_CACHE_DIR")},
        "HOME": str(tmp_path / "home"),
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": f"{server}/api/{'v3' if kind == 'github' else 'v1'}",
        "GITHUB_EVENT_NAME": "schedule",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_REPOSITORY": "acme/gitops",
        "GITHUB_SERVER_URL": server,
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "RUNNER_TOOL_CACHE": str(tool_cache),
        **({"GITEA_ACTIONS": "true"} if kind == "gitea" else {}),
        "BUMPER_TOKEN": there.TOKEN,
        "BUMPER_ACTION_COMMAND": "run",
        "BUMPER_CONFIG": "",
        "BUMPER_ONLY": "",
        "BUMPER_DRY_RUN": "false",
        "BUMPER_ACTION_ARGS": "",
        "BUMPER_ACTION_PATH": f"{TOP}/",
        "BUMPER_PYTHON": sys.executable,
        "BUMPER_REPLAY": str(tmp_path / "answers.json"),
    }


def started(folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        Path(variables[name]).write_text("", encoding="utf-8")
    return subprocess.run(
        ["bash", str(TOP / "bumper/cli/action.sh")],
        cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def outputs(variables: dict[str, str]) -> dict[str, str]:
    """Read the file as the runner does: `name<<mark`, lines, `mark`."""
    found, lines = (
        {},
        iter(Path(variables["GITHUB_OUTPUT"]).read_text(encoding="utf-8").split("\n")),
    )
    with contextlib.suppress(StopIteration):
        while head := next(lines):
            name, _, mark = head.partition("<<")
            found[name] = "\n".join(iter(lambda: next(lines), mark))
    return found


def kind_of(place: There) -> str:
    return "github" if "github" in place.settings else "gitea"


def test_a_run_gives_outputs_and_a_summary_and_the_next_one_changes_nothing(
    tmp_path: Path, place: There
) -> None:
    folder = workspace(tmp_path, place, {"compose.yaml": GOOD})
    variables = runner(tmp_path, place, kind_of(place))
    ran = started(folder, variables)
    assert ran.returncode == 0, ran.stderr
    given = outputs(variables)
    assert (given["changed"], given["exit-code"]) == ("true", "0")
    report: dict[str, Any] = json.loads(given["updates"])
    assert [one["operation"] for one in report["change_requests"]] == ["created"]
    (pull,) = place.pulls()
    assert report["change_requests"][0]["number"] == pull.number
    told = Path(variables["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")
    assert "| created | [Bump web 1.0.0 to 1.0.1 (patch)](http" in told
    assert ("::notice file=compose.yaml,line=3" in ran.stdout) == (kind_of(place) == "github")
    assert there.TOKEN not in ran.stdout + ran.stderr + told
    writes = place.writes()
    assert started(folder, variables).returncode == 0
    assert outputs(variables)["changed"] == "false"
    assert place.writes() == writes


def test_without_a_checkout_the_repository_is_cloned(tmp_path: Path, place: There) -> None:
    workspace(tmp_path, place, {"compose.yaml": GOOD})
    empty = tmp_path / "empty"
    empty.mkdir()
    variables = runner(tmp_path, place, kind_of(place))
    ran = started(empty, {**variables, "BUMPER_ACTION_REPORT": "page.html"})
    assert ran.returncode == 0, ran.stderr
    assert len(place.pulls()) == 1
    assert [path.name for path in empty.iterdir()] == ["page.html"]
    wrong = started(empty, {**variables, "BUMPER_TOKEN": "another"})
    assert wrong.returncode == 3
    assert "put actions/checkout before this step" in wrong.stdout
    assert "exit-code=3\n" in Path(variables["GITHUB_OUTPUT"]).read_text(encoding="utf-8")


def test_an_unknown_image_is_partial_and_the_outputs_are_there(
    tmp_path: Path, place: There
) -> None:
    folder = workspace(tmp_path, place, {"compose.yaml": GOOD, "other.yaml": GONE})
    variables = runner(tmp_path, place, kind_of(place))
    ran = started(folder, variables)
    assert ran.returncode == 0, ran.stderr
    given = outputs(variables)
    assert (given["changed"], given["exit-code"]) == ("true", "4")
    told = Path(variables["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")
    assert "- unknown: other.yaml:3 ghcr.io/acme/gone" in told
    assert len(place.pulls()) == 1


def test_a_failure_still_gives_outputs(tmp_path: Path, place: There) -> None:
    folder = workspace(tmp_path, place, {"compose.yaml": GOOD, "bumper.yaml": "polcy: a\n"})
    variables = runner(tmp_path, place, kind_of(place))
    ran = started(folder, variables)
    assert ran.returncode == 2
    assert "bumper.yaml:1:1: polcy" in ran.stderr
    given = outputs(variables)
    assert (given["changed"], given["exit-code"], given["updates"]) == ("false", "2", "{}")


@pytest.mark.parametrize("word", ["true", "True"])
def test_a_dry_run_writes_nothing(tmp_path: Path, place: There, word: str) -> None:
    folder = workspace(tmp_path, place, {"compose.yaml": GOOD})
    variables = {**runner(tmp_path, place, kind_of(place)), "BUMPER_DRY_RUN": word}
    writes = place.writes()
    ran = started(folder, variables)
    assert ran.returncode == 0, ran.stderr
    assert outputs(variables)["changed"] == "true"
    assert "| would be created | Bump web" in ran.stdout
    assert (place.pulls(), place.writes()) == ([], writes)


@pytest.mark.parametrize(
    ("command", "word", "code", "said"),
    [
        pytest.param("apply", "yes", 0, "1 to bump", id="apply"),
        pytest.param("set", "on", 0, "1 to bump", id="set"),
        pytest.param("run", "treu", 3, "dry-run: true or false", id="a-word-that-is-neither"),
    ],
)
def test_a_dry_run_of_any_verb_changes_no_file(
    tmp_path: Path, command: str, word: str, code: int, said: str
) -> None:
    with there.fake("gitea", tmp_path / "server") as place:
        folder = workspace(tmp_path, place, {"compose.yaml": GOOD})
        arguments = "ghcr.io/acme/web=2" if command == "set" else ""
        asked = {"BUMPER_ACTION_COMMAND": command, "BUMPER_ACTION_ARGS": arguments}
        ran = started(folder, {**runner(tmp_path, place, "gitea"), **asked, "BUMPER_DRY_RUN": word})
        assert place.pulls() == []
    assert (ran.returncode, said in ran.stdout) == (code, True), ran.stderr
    assert (folder / "compose.yaml").read_text(encoding="utf-8") == GOOD


def test_a_report_in_a_file_is_the_page(tmp_path: Path) -> None:
    with there.fake("gitea", tmp_path / "server") as place:
        folder = workspace(tmp_path, place, {"compose.yaml": GOOD})
        page = tmp_path / "page.html"
        asked = {"BUMPER_ACTION_COMMAND": "report", "BUMPER_ACTION_ARGS": f"-o {page}"}
        ran = started(folder, {**runner(tmp_path, place, "gitea"), **asked})
    assert ran.returncode == 0, ran.stderr
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_another_verb_is_called_with_its_arguments(tmp_path: Path) -> None:
    with there.fake("gitea", tmp_path / "server") as place:
        folder = workspace(tmp_path, place, {"compose.yaml": GOOD})
        variables = runner(tmp_path, place, "gitea")
        asked = {"BUMPER_ACTION_COMMAND": "plan", "BUMPER_ACTION_ARGS": "--fail-on outdated"}
        ran = started(folder, {**variables, **asked, "BUMPER_DRY_RUN": "true"})
    assert ran.returncode == 1, ran.stderr
    assert outputs(variables)["exit-code"] == "1"


def test_the_page_and_a_failing_step_are_asked_for_by_inputs(tmp_path: Path) -> None:
    with there.fake("github", tmp_path / "server") as place:
        folder = workspace(tmp_path, place, {"compose.yaml": GOOD})
        variables = runner(tmp_path, place, "github")
        page, sarif = tmp_path / "site" / "index.html", tmp_path / "bumper.sarif"
        asked = {"BUMPER_FAIL_ON": "outdated", "BUMPER_ACTION_REPORT": str(page)}
        ran = started(folder, {**variables, **asked, "BUMPER_ACTION_SARIF": str(sarif)})
        assert (ran.returncode, len(place.pulls())) == (1, 1), ran.stderr
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert json.loads(sarif.read_text(encoding="utf-8"))["version"] == "2.1.0"
    given = outputs(variables)
    assert given["pull-request-operation"] == "created"
    assert json.loads(given["prs"])[0]["url"] == given["pull-request-url"]


def test_what_gives_no_report_is_read_in_the_log(tmp_path: Path) -> None:
    with there.fake("github", tmp_path / "server") as place:
        folder = workspace(tmp_path, place, {"compose.yaml": GOOD})
        variables = runner(tmp_path, place, "github")
        asked = {"BUMPER_ACTION_COMMAND": "doctor", "BUMPER_OFFLINE": "1"}
        ran = started(folder, {**variables, **asked})
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "good    repository" in ran.stdout
    assert outputs(variables)["exit-code"] == "0"


def test_extras_are_names_and_nothing_else(tmp_path: Path) -> None:
    with there.fake("gitea", tmp_path / "server") as place:
        variables = runner(tmp_path, place, "gitea")
        ran = started(tmp_path, {**variables, "BUMPER_ACTION_EXTRAS": "aws];x"})
    assert ran.returncode == 3
    assert "extras: names with commas between" in ran.stdout


def test_every_file_that_is_installed_counts(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "", "bumper/a.py": "", "bumper/page.css": "a"})
    first = action_key.key(tmp_path)
    write(tmp_path, {"bumper/__pycache__/a.pyc": "x"})
    assert action_key.key(tmp_path) == first
    write(tmp_path, {"bumper/page.css": "b"})
    assert action_key.key(tmp_path) != first


def test_row_230_a_value_cannot_end_its_output_and_a_cell_is_text() -> None:
    first, second = (action_outputs.output("updates", "a\nEOF\nchanged=true") for _ in range(2))
    assert first != second
    assert action_outputs.cell("a|b\n<img> @ada #1 `x`") == r"a\|b \<img\> \@ada \#1 \`x\`"


def test_the_summary_counts_in_words_and_links_only_plain_addresses() -> None:
    counts = {"uses": 2, "files": 1, "bump": 1, "hold": 0, "current": 0, "ignored": 0, "failed": 1}
    assert action_outputs.counted(counts) == "**2 images in 1 file**: 1 to bump, 1 unknown"
    request = {"title": "Bump a", "url": "https://git.example/a/b/pulls/7", "branch": "bumper/a"}
    assert action_outputs.change(request) == "[Bump a](https://git.example/a/b/pulls/7)"
    odd = {**request, "url": "javascript:alert(1)"}
    assert action_outputs.change(odd) == "Bump a (bumper/a)"


def test_what_is_held_or_unknown_is_told_but_not_without_end() -> None:
    one = {"status": "failed", "path": "a.yaml", "line": 1, "image": "x", "reason": "gone"}
    text = action_outputs.summary({"outcomes": [one] * 60, "change_requests": []})
    assert text.count("- unknown: a.yaml:1 x: gone") == action_outputs.MOST_LINES
    assert "- and 10 more, see the log" in text


def test_an_output_that_the_runner_would_refuse_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [{"status": "current", "reason": "x" * 1000} for _ in range(1000)]
    report = tmp_path / "report"
    report.write_text(json.dumps({"outcomes": many, "change_requests": []}), encoding="utf-8")
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    assert action_outputs.main([str(report), "0"]) == 0
    given = outputs({"GITHUB_OUTPUT": str(tmp_path / "output")})
    assert json.loads(given["updates"]) == {"outcomes": [], "change_requests": [], "cut": True}
