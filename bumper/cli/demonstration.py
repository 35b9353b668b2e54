"""The work of `demo`: a sample repository, recorded registry answers, the local forge."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bumper import branches, worktree
from bumper.cli import files, output, publishing, results, session
from bumper.cli.options import Options

if TYPE_CHECKING:
    from bumper.model import Report

__all__ = ["demonstrate"]

SAMPLE = Path(__file__).parent / "sample"
# Seconds since 1970: the demo's commits are the same on every machine.
_WHEN = 1764547200


def demonstrate() -> int:
    """Run the demo in a temporary folder and print it."""
    with tempfile.TemporaryDirectory(prefix="bumper-demo-") as folder:
        root = Path(folder) / "gitops"
        shutil.copytree(SAMPLE / "repository", root)
        worktree.found(root, "the sample repository", _WHEN)
        options = Options(folder=root, replay=SAMPLE / "answers.json", format="table")
        work = session.Session(options)
        report = publishing.publish(work, dry_run=False)
        results.show("plan", report, options)
        _show_changes(root, report, options)
        again = publishing.publish(session.Session(options), dry_run=False)
        _show_again(again, options)
    return results.exit_code(report)


def _show_changes(root: Path, report: Report, options: Options) -> None:
    tree = worktree.Worktree(root)
    _, base = tree.head(None)
    tips = branches.Local(tree, "bumper/").branches("bumper/")
    for done in report.published:
        if done.request is None:
            continue
        output.result(f"\n── {done.request.title}  ({done.request.branch})\n", options)
        for path in sorted({bump.use.path for bump in done.request.bumps}):
            before = (tree.content(base, path) or b"").decode()
            after = (tree.content(tips[done.request.branch], path) or b"").decode()
            output.result(files.difference(path, before, after), options)
    shown = max(
        (done for done in report.published if done.request and done.pull_request),
        key=lambda done: len(done.request.bumps) if done.request else 0,
    )
    text = Path(shown.pull_request.url).read_text(encoding="utf-8") if shown.pull_request else ""
    output.result(f"\n── the text of one pull request\n{text}", options)
    tree.close()


def _show_again(report: Report, options: Options) -> None:
    words = sorted({str(done.operation) for done in report.published})
    output.result(
        f"\n── a second run: {len(report.published)} pull requests {', '.join(words)}\n", options
    )
