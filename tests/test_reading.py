"""A repository read: on disk and in a commit, the first time and again, all of it found the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bumper import catalog, discover, findings, overwrite, reading, run, sources, worktree
from bumper.cache import NoCache
from bumper.config.read import Loaded
from bumper.finder import search
from bumper.model import ImageUse, Part, Problem, Scan, Setting, Skip, Slot
from bumper.reading import read
from bumper.reference import Reference
from bumper.sqlite_store import NAME, Store
from bumper.text import Span
from tests.support import HERE, bumper, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bumper.cache import Cache
    from bumper.reading import Files

COMPOSE = "services:\n  web:\n    image: nginx:1.25.3\n"
DEPLOYED = (
    "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: redis:7.2.1 # bumper: ignore\n"
)
FILES = {
    "compose.yaml": COMPOSE,
    "k8s/pod.yaml": DEPLOYED,
    "bad.yaml": "image: [\n",
    "readme.md": "x",
}


class Count:
    """How often a text was really read."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.paths: list[str] = []
        inner = discover.read

        def counted(path: str, *others: object) -> object:
            self.paths.append(path)
            return inner(path, *others)  # type: ignore[arg-type] # handed on as they came

        patch.setattr(discover, "read", counted)

    def take(self) -> list[str]:
        taken, self.paths = self.paths, []
        return taken


def repository(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    write(folder, files)
    worktree.found(folder, "all", 1_700_000_000)
    return folder


def tracked(folder: Path) -> Files:
    tree = worktree.Worktree(folder)
    paths = tree.tracked(folder).files
    tree.close()
    return sources.OnDisk(folder, paths)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / NAME)
    yield opened
    opened.close()


def scan(files: Files, kept: Cache | None = None) -> Scan:
    return read(files, Loaded(), (), kept).scan


def test_the_second_time_nothing_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path / "repository", FILES)
    count = Count(monkeypatch)
    found = []
    for expected in (["bad.yaml", "compose.yaml", "k8s/pod.yaml"], []):
        store = Store(tmp_path / NAME)
        found.append(scan(tracked(root), store))
        store.close()
        assert count.take() == expected
    assert found[0] == found[1]
    assert [use.reference.name for use in found[0].uses] == ["nginx", "redis"]
    assert found[0].uses[1].settings != ()
    assert [problem.path for problem in found[0].problems] == ["bad.yaml"]


def test_a_commit_and_the_disk_share_what_was_found(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "repository", FILES)
    count = Count(monkeypatch)
    on_disk = scan(tracked(root), store)
    assert len(count.take()) == 3
    tree = worktree.Worktree(root)
    assert scan(sources.Committed(tree, tree.head(None)[1]), store) == on_disk
    tree.close()
    assert count.take() == []


def edited_text(root: Path) -> None:
    write(root, {"compose.yaml": COMPOSE.replace("1.25.3", "1.25.4")})


def line_ends(root: Path) -> None:
    """The same blob to Git, other bytes on the disk."""
    (root / "compose.yaml").write_bytes(COMPOSE.replace("\n", "\r\n").encode())


@pytest.mark.parametrize("change", [edited_text, line_ends])
def test_a_changed_file_is_read_again_and_no_other(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    root = repository(tmp_path / "repository", FILES)
    settings = (root / ".git/config").read_text()
    (root / ".git/config").write_text(f"{settings}[core]\n\tautocrlf = true\n")
    scan(tracked(root), store)
    change(root)
    count = Count(monkeypatch)
    assert scan(tracked(root), store) == scan(tracked(root), NoCache())
    assert count.take()[0:1] == ["compose.yaml"]


def test_the_same_bytes_elsewhere_are_another_file(tmp_path: Path, store: Store) -> None:
    either = "images:\n  - {name: nginx, newTag: 1.25.3, repository: redis, tag: 7.2.1}\n"
    root = repository(tmp_path / "repository", {"a.yaml": either, "kustomization.yaml": either})
    assert scan(tracked(root), store) == scan(tracked(root), store)
    assert {use.format for use in scan(tracked(root), store).uses} == {"kustomize", "helm-values"}


def test_another_program_reads_all_again(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "repository", FILES)
    scan(tracked(root), store)
    monkeypatch.setattr(reading, "_program", lambda: "another")
    count = Count(monkeypatch)
    scan(tracked(root), store)
    assert len(count.take()) == 3


@pytest.mark.parametrize("forged", [b"{}", b"[[[1]],[],[]]", b"\xff", b"[" * 100_000, b"[1,2,3]"])
def test_row_225_what_was_not_kept_by_us_is_read_again(tmp_path: Path, forged: bytes) -> None:
    class Forged(NoCache):
        def get_many(self, namespace: str, keys: object) -> dict[str, bytes]:  # noqa: ARG002
            return dict.fromkeys(keys, forged)  # type: ignore[call-overload, no-any-return] # keys are given

    root = repository(tmp_path / "repository", FILES)
    assert scan(tracked(root), Forged()) == scan(tracked(root), NoCache())


def test_a_file_is_read_again_only_where_it_is_edited(tmp_path: Path, store: Store) -> None:
    root = repository(tmp_path / "repository", FILES)
    scan(tracked(root), store)
    found = read(tracked(root), Loaded(), (), store)
    (root / "k8s/pod.yaml").unlink()
    outcomes = overwrite.overwrite(found.scan.uses, [overwrite.target("nginx=1.25.5")])
    proved = run.prove(found, outcomes)
    assert [one.status for one in proved] == ["bump"]
    assert sorted(found.texts) == ["compose.yaml", "k8s/pod.yaml"]
    assert found.texts["compose.yaml"] == COMPOSE


def test_what_changed_since_it_was_read_is_a_failure(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository", FILES)
    found = read(tracked(root), Loaded())
    edited_text(root)
    outcomes = overwrite.overwrite(found.scan.uses, [overwrite.target("nginx=1.25.5")])
    assert [getattr(one, "code", "") for one in run.prove(found, outcomes)] == ["edit-moved"]


def test_no_cache_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path / "repository", FILES)
    monkeypatch.setenv("BUMPER_CACHE_DIR", str(tmp_path / "kept"))
    first = bumper("scan", "-C", root, "-f", "json", "--no-cache")
    assert not (tmp_path / "kept").exists()
    assert bumper("scan", "-C", root, "-f", "json") == first
    assert (tmp_path / "kept" / NAME).exists()
    assert bumper("scan", "-C", root, "-f", "json") == first


def test_without_a_place_to_keep_one_note_and_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "repository", {"compose.yaml": COMPOSE})
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BUMPER_CACHE_DIR", str(tmp_path / "file"))
    ran = bumper("scan", "-C", root, "-f", "json")
    assert ran.out == bumper("scan", "-C", root, "-f", "json", "--no-cache").out
    assert ran.err.count("nothing is kept between runs") == 1


def large(root: Path) -> None:
    (root / "compose.yaml").write_bytes(b"image: a:1\n" * 500_000)


def gone(root: Path) -> None:
    (root / "compose.yaml").unlink()


def link(root: Path) -> None:
    gone(root)
    (root / "compose.yaml").symlink_to(root / "pod.yaml")


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        pytest.param(large, "too-large", id="row-102-a-file-of-5-MiB-is-refused"),
        pytest.param(gone, None, id="a-file-deleted-on-disk-is-no-file"),
        pytest.param(link, None, id="a-link-in-its-place-is-not-followed"),
    ],
)
def test_files_that_cannot_be_read(
    tmp_path: Path, store: Store, harm: Callable[[Path], None], code: str | None
) -> None:
    root = repository(tmp_path / "repository", {"compose.yaml": COMPOSE, "pod.yaml": DEPLOYED})
    harm(root)
    found = scan(tracked(root), store)
    assert [use.reference.name for use in found.uses] == ["redis"]
    assert [problem.code for problem in found.problems] == ([code] if code else [])


def test_row_102_a_large_file_of_a_commit_is_refused_too(tmp_path: Path, store: Store) -> None:
    root = repository(tmp_path / "repository", {"compose.yaml": "image: a:1\n" * 500_000})
    tree = worktree.Worktree(root)
    found = scan(sources.Committed(tree, tree.head(None)[1]), store)
    tree.close()
    assert [problem.code for problem in found.problems] == ["too-large"]


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    (tmp_path / "link.yaml").symlink_to(tmp_path / "compose.yaml")
    found = scan(sources.OnDisk(tmp_path))
    assert [use.path for use in found.uses] == ["compose.yaml", "k8s/pod.yaml"]


def every_golden_file() -> list[tuple[str, bytes]]:
    files = (path for path in sorted((HERE / "golden").rglob("*")) if path.is_file())
    return [(path.relative_to(HERE).as_posix(), path.read_bytes()) for path in files]


def test_everything_that_can_be_found_comes_back_as_it_was() -> None:
    finder = reading.Finder(catalog.POINTERS)
    found = [(path, search(path, content, finder)) for path, content in every_golden_file()]
    assert sum(len(scan.uses) for _, scan in found) > 20
    for path, one in found:
        assert findings.load(path, findings.dump(one)) == one


def test_every_field_of_every_record_comes_back() -> None:
    full = Scan(
        (
            ImageUse(
                "a", 1, 2, "test", "x", Reference("n", "t", "d"), (Slot(Part.TAG, Span(3, 4), plain=True),),
                (Setting("policy", "patch", "a:1"),), ("linux/arm64",),
            ),
        ),
        (Skip("a", 1, 2, "test", "x", "w\ud83d", "code", "why"),),
        (Problem("a", None, "code", "why", "hint"),),
    )  # fmt: skip
    assert findings.load("a", findings.dump(full)) == full
