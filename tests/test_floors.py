"""The house stands: imports go down only, pure modules stay pure. The rule bites on planted faults."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "bumper"

# From the ground up. A folder is one room for each of its files; `cli.app` joins the verbs.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors",),
    (
        "text",
        "redact",
        "nearness",
        "private_file",
        "sqlite_entries",
        "templates",
        "harmless",
        "past",
        "settings_inside",
    ),
    (
        "ci",
        "disk",
        "fast_import",
        "mask",
        "patterns",
        "ranges",
        "reference",
        "origins",
        "signing",
        "sqlite_store",
    ),
    ("wire", "senders", "yaml_nodes"),
    ("yaml_events",),
    ("yaml_text", "gates", "http", "patience", "pushes", "cache"),
    ("ledger", "model", "platforms", "yaml_values"),
    (
        "codeowners",
        "findings",
        "shared",
        "images",
        "keep",
        "notes",
        "overwrite",
        "policies",
        "remotes",
        "windows",
    ),
    (
        "provenance",
        "release_places",
    ),
    ("asides", "finding", "flags"),
    ("git_environment",),
    ("keychains", "apis", "git_process"),
    ("trees",),
    (
        "formats",
        "schemes",
        "dialects",
        "migrations",
        "messages",
        "reports",
        "registries",
        "forges",
        "notifiers",
        "worktree",
        "config",
    ),
    ("claims", "agreement"),
    ("ages", "branches", "extras", "grouping", "sources"),
    ("ledgers", "readers", "release_lists", "words"),
    ("judging", "news", "publishing", "releases", "sizes", "told"),
    ("answers", "vouch"),
    ("discover", "attach", "resolve", "decide", "confirm", "plan", "edit", "publish", "notify"),
    ("catalog",),
    ("choice",),
    ("finder", "neighbours"),
    ("second",),
    ("lookup", "reading"),
    ("markers", "presence", "proof"),
    ("migrate",),
    ("run",),
    ("cli",),
    ("__main__",),
)
FAMILIES = frozenset(
    {
        "formats",
        "schemes",
        "dialects",
        "migrations",
        "registries",
        "keychains",
        "forges",
        "notifiers",
        "reports",
    }
)
STAGES = frozenset(next(floor for floor in FLOORS if "discover" in floor))
# Rooms that may know the world: the network, Git, files, the clock.
WORLD = frozenset(
    {
        "patterns",  # a clock bounds users' expressions
        "answers",
        "told",
        "ci", "disk", "gates", "patience", "signing",
        "wire", "http", "cache", "keep", "sqlite_store", "private_file", "git_environment", "git_process", "trees", "worktree", "branches", "publishing.hearing", "publishing.ours", "sources", "registries", "keychains", "apis", "forges", "notifiers", "config.load",
        "resolve", "confirm", "vouch", "release_lists", "releases", "sizes", "publish", "notify", "run", "lookup", "presence", "reading", "choice", "finder", "neighbours", "second", "catalog", "cli", "__main__",
    }
)  # fmt: skip
WORLDLY = frozenset(
    {
        "aiohttp", "asyncio", "git", "github", "gitlab", "glob", "http", "httpx", "logging", "os", "pathlib",
        "random", "requests", "shutil", "socket", "subprocess", "tempfile", "threading", "time",
        "urllib.request",
    }
)  # fmt: skip
ONE_HOME = {
    "httpx": "wire",
    "aiohttp": "wire",
    "git": "git_process",
    "github": "apis.github",
    "gitlab": "apis.gitlab",
}


def height(module: str) -> int:
    """The floor of a module of ours, counted from the ground."""
    room = module.split(".", maxsplit=1)[0]
    for floor, rooms in enumerate(FLOORS):
        if room in rooms:
            return floor
    raise AssertionError(f"bumper/{room} stands on no floor: add it to the picture and here")


def imports(source: str, module: str, *, package: bool = False) -> set[str]:
    """Every module a source text imports, in every form, ours as `bumper.x.y`."""
    found: set[str] = set()
    own = ["bumper", *module.split(".")] if module else ["bumper"]
    if not package:
        own = own[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = own[: len(own) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                deeper = f"{start}.{alias.name}"
                found |= {deeper} if is_module(deeper) else {start, deeper} - ours({deeper})
                found |= {"importlib renamed"} if is_hiding(alias) else set()
        elif isinstance(node, ast.Call) and is_import_call(node):
            found |= imported_by_call(([*node.args, *(one.value for one in node.keywords)])[0])
    return found


def ours(names: set[str]) -> set[str]:
    return {name for name in names if name.startswith("bumper.")}


def is_hiding(alias: ast.alias) -> bool:
    """Whether an importer gets a name under which this test would not know it."""
    return alias.name in {"import_module", "__import__"} and alias.asname not in {None, alias.name}


def imported_by_call(argument: ast.expr) -> set[str]:
    """The module names an import call may mean; the verbs' table in `cli.app` is such a call."""
    if isinstance(argument, ast.Constant):
        assert not str(argument.value).startswith("."), "a relative import by call hides its target"
        return {str(argument.value)}
    assert ast.unparse(argument) == "VERBS[cmd_name]", "a computed import hides from this test"
    return {"bumper.cli.plan"}


def is_import_call(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in {"import_module", "__import__"}


def is_module(name: str) -> bool:
    """Whether `bumper.x.y` names a module or a package of ours."""
    head, *parts = name.split(".")
    where = PACKAGE.joinpath(*parts)
    return (
        head == "bumper" and bool(parts) and (where.is_dir() or where.with_suffix(".py").is_file())
    )


def faults(module: str, source: str) -> list[str]:
    """What a module with this source would break; one sentence each."""
    found = []
    if any(isinstance(node, ast.Import) and "bumper" in (one.name for one in node.names)
           for node in ast.walk(ast.parse(source))):  # fmt: skip
        found.append(f"{module} imports all of bumper: by its dots everything is within reach")
    for name in sorted(imports(source, module)):
        if name == "importlib renamed":
            found.append(f"{module} imports an importer under another name")
        elif name == "bumper" or not name.startswith("bumper."):
            found += foreign_faults(module, name)
        else:
            found += own_faults(module, name.removeprefix("bumper."))
    return found


def foreign_faults(module: str, name: str) -> list[str]:
    root = name.split(".", maxsplit=1)[0]
    room = module.split(".", maxsplit=1)[0]
    found = []
    if (root in WORLDLY or name in WORLDLY) and room not in WORLD and module not in WORLD:
        found.append(f"{module} is pure and imports {name}")
    home = ONE_HOME.get(root)
    if home is not None and home not in {module, room}:
        found.append(f"{module} imports {root}, whose one home is {home}")
    return found


def own_faults(module: str, target: str) -> list[str]:
    room, other = module.split(".", maxsplit=1)[0], target.split(".", maxsplit=1)[0]
    if room == other:
        if target == room:
            return [f"{module} imports its own package"]
        if room in FAMILIES and target != f"{room}.base" and not module.endswith(".base"):
            return sibling_faults(module, target)
        return []
    found = []
    if height(other) >= height(room):
        found.append(f"{module} imports {target}, which is not below it")
    if room in STAGES and other in FAMILIES and target != f"{other}.base":
        found.append(f"the stage {module} imports the member {target}")
    if room not in {"catalog", "cli"} and height(room) > height(other) and is_member(target):
        found.append(f"{module} imports the member {target}; only catalog does")
    return found


def sibling_faults(module: str, target: str) -> list[str]:
    """A member may import what its folder shares only if no catalog lists it: parts, not members."""
    return [f"{module} imports its sibling {target}"] if is_member(target) else []


def is_member(target: str) -> bool:
    """Whether a module is registered in the catalog; a family's `base` never is."""
    if target.endswith(".base") or target.split(".", 1)[0] not in FAMILIES:
        return False
    catalog = (PACKAGE / "catalog.py").read_text(encoding="utf-8")
    return f"bumper.{target}" in imports(catalog, "catalog")


def modules() -> list[tuple[str, Path]]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[-1] != "__init__":
            found.append((".".join(parts), path))
    return found


@pytest.mark.parametrize(("module", "path"), [pytest.param(*m, id=m[0]) for m in modules()])
def test_imports_go_down_only(module: str, path: Path) -> None:
    assert faults(module, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("family", sorted(FAMILIES & {p.name for p in PACKAGE.iterdir()}))
def test_families_have_an_empty_front_door(family: str) -> None:
    assert (PACKAGE / family / "__init__.py").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(
    ("module", "source"),
    [
        pytest.param("text", "import bumper.model", id="up"),
        pytest.param("text", "from bumper import model", id="up-from-the-package"),
        pytest.param("text", "from . import model", id="up-relative"),
        pytest.param("formats.compose", "from bumper.formats import kubernetes", id="sibling"),
        pytest.param("formats.compose", "from . import kubernetes", id="sibling-relative"),
        pytest.param("formats.compose", "import bumper.formats.kubernetes as k", id="sibling-renamed"),
        pytest.param("formats.compose", "import bumper.formats", id="own-package"),
        pytest.param("formats.compose", "from bumper.registries import oci", id="sideways"),
        pytest.param("decide", "from bumper.schemes import auto", id="stage-to-member"),
        pytest.param("decide", "from bumper.edit import edit", id="stage-to-stage"),
        pytest.param("run", "from bumper.forges.github import GitHub", id="member-without-catalog"),
        pytest.param("decide", "import time", id="clock-in-a-pure-module"),
        pytest.param("edit", "def f():\n    import os", id="world-inside-a-function"),
        pytest.param("plan", "__import__('socket')", id="world-by-call"),
        pytest.param("plan", "from importlib import import_module\nimport_module('os')", id="by-importlib"),
        pytest.param("plan", "from importlib import import_module as get\nget('os')", id="importer-renamed"),
        pytest.param("plan", "from urllib import request", id="world-by-its-package"),
        pytest.param("plan", "import os.path as p", id="world-renamed"),
        pytest.param("plan", "try:\n    import socket\nexcept ImportError:\n    pass", id="world-in-a-try"),
        pytest.param("text", "from bumper.model import *", id="up-with-a-star"),
        pytest.param("text", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from bumper.model import Bump", id="up-for-types-alone"),
        pytest.param("decide", "from bumper.schemes import *", id="stage-to-a-family"),
        pytest.param("formats.compose", "from .kubernetes import find", id="sibling-below-relative"),
        pytest.param("formats.compose", "from ..forges import local", id="sideways-relative"),
        pytest.param("text", "import bumper\nbumper.model", id="everything-by-dots"),
        pytest.param("registries.oci", "import httpx", id="httpx-away-from-home"),
        pytest.param("publish", "from git import Repo", id="git-away-from-home"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(module: str, source: str) -> None:
    assert faults(module, source) != []


@pytest.mark.parametrize("source", ["import_module('.formats.x', 'bumper')", "import_module(name)"])
def test_an_import_that_cannot_be_followed_is_refused(source: str) -> None:
    with pytest.raises(AssertionError):
        faults("decide", f"from importlib import import_module\n{source}")


def test_every_worldly_name_is_real() -> None:
    known = set(sys.stdlib_module_names) | {
        "aiohttp",
        "git",
        "github",
        "gitlab",
        "httpx",
        "requests",
    }
    assert {name.split(".")[0] for name in WORLDLY} <= known
