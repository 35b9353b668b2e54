"""Every workflow we run or hand out is safe by `zizmor` and fits its schema: ours, the README's, the templates', the action."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bumper.cli import starting
from tests.support import HERE, need

TOP = HERE.parent
# Users are told to pin ours by a commit; there is none to name before it is released.
CONFIG = """rules:
  unpinned-uses:
    config:
      policies:
        OWNER/bumper: ref-pin
        "*": hash-pin
"""
UNPINNED = "on: push\npermissions: {}\njobs:\n  a:\n    name: a\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"
OURS = sorted((TOP / ".github" / "workflows").glob("*.y*ml"))
README = re.findall(r"```yaml\n(name: bumper\n.*?)```", (TOP / "README.md").read_text("utf-8"), re.DOTALL)  # fmt: skip


def audited(folder: Path) -> subprocess.CompletedProcess[str]:
    beside = Path(sys.executable).parent / "zizmor"
    program = str(beside) if beside.is_file() else shutil.which("zizmor")
    if program is None:
        need("zizmor", "not installed (PyPI: zizmor)")
        raise AssertionError
    (folder / "zizmor.yml").write_text(CONFIG, encoding="utf-8")
    command = [program, "--offline", "--no-progress", "--persona", "pedantic", "--config"]
    return subprocess.run(
        [*command, str(folder / "zizmor.yml"), str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """All of them in one folder, where both programs look."""
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    for path in OURS:
        shutil.copy(path, workflows / f"ours-{path.name}")
    handed_out = {f"readme-{number}": text for number, text in enumerate(README)}
    handed_out |= {name: starting.template(name) for name in ("github", "gitea", "forgejo")}
    for name, text in handed_out.items():
        # A whole address is what Gitea and Forgejo take; zizmor knows GitHub's short ones alone.
        short = text.replace("uses: https://github.com/", "uses: ")
        (workflows / f"{name}.yml").write_text(short, encoding="utf-8")
    shutil.copy(TOP / "action.yml", tmp_path / "action.yml")
    return tmp_path


def test_zizmor_finds_nothing(given: Path) -> None:
    assert len(README) == 2
    ran = audited(given)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_zizmor_would_tell(tmp_path: Path) -> None:
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / "a.yml").write_text(UNPINNED, encoding="utf-8")
    ran = audited(tmp_path)
    assert ran.returncode != 0
    assert "unpinned-uses" in ran.stdout


def test_they_fit_their_schemas(given: Path) -> None:
    files = {"github-actions": [given / "action.yml"]}
    files["github-workflows"] = sorted((given / ".github" / "workflows").iterdir())
    for schema, paths in files.items():
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
        ran = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, check=False)  # fmt: skip
        assert ran.returncode == 0, ran.stdout + ran.stderr
