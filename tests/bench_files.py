"""Reading a large repository: 10,000 files on disk and in a commit, cold and warm.

The repository is made here, the same each time: Deployments with their Services, compose files, Helm
values, Kustomizations, Roles and notes, 23 MB in all. `BUMPER_BENCH_REPOSITORY` names another one.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bumper import run, sources, worktree
from bumper.cache import NoCache
from bumper.config.read import Loaded
from bumper.sqlite_store import NAME, Store
from tests.bench_process import watched

__all__ = ["main"]

FILES = 10_000
_WORDS = (
    "api",
    "web",
    "worker",
    "gateway",
    "billing",
    "search",
    "audit",
    "mailer",
    "cache",
    "queue",
)
_TURNS = 3


def container(pick: random.Random) -> str:
    word = pick.choice(_WORDS)
    env = "".join(
        f"            - name: {pick.choice(_WORDS).upper()}_URL\n"
        f'              value: "http://{pick.choice(_WORDS)}.{pick.choice(_WORDS)}.svc:8080/"\n'
        for _ in range(pick.randint(3, 9))
    )
    return (
        f"        - name: {word}\n          image: ghcr.io/acme/{word}:1.{pick.randint(0, 40)}.{pick.randint(0, 9)}\n"
        f"          env:\n{env}          ports:\n            - containerPort: 8080\n              name: http\n"
        "          resources:\n            requests: {cpu: 100m, memory: 128Mi}\n            limits:\n              memory: 1Gi\n"
    )


def deployment(pick: random.Random) -> str:
    word = pick.choice(_WORDS)
    labels = f"app.kubernetes.io/name: {word}"
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {word}\n  labels:\n    {labels}\nspec:\n"
        f"  selector:\n    matchLabels:\n      {labels}\n  template:\n    metadata:\n      labels:\n        {labels}\n"
        f"    spec:\n      containers:\n{''.join(container(pick) for _ in range(pick.randint(1, 3)))}"
        f"---\napiVersion: v1\nkind: Service\nmetadata:\n  name: {word}\nspec:\n  ports:\n    - name: http\n      port: 80\n"
    )


def compose(pick: random.Random) -> str:
    services = "".join(
        f"  {word}{n}:\n    image: acme/{word}:1.{pick.randint(0, 40)}\n    environment:\n"
        + "".join(
            f"      {pick.choice(_WORDS).upper()}: value-{pick.random()}\n" for _ in range(12)
        )
        for n, word in enumerate(pick.sample(_WORDS, 5))
    )
    return f"services:\n{services}"


def values(pick: random.Random) -> str:
    parts = (
        f"{word}:\n  image:\n    repository: quay.io/acme/{word}\n    tag: v1.{pick.randint(0, 40)}.0\n  replicas: 2\n"
        + "".join(f"  option{n}: {pick.getrandbits(60):x}\n" for n in range(20))
        for word in pick.sample(_WORDS, 5)
    )
    return "".join(parts)


def kustomization(pick: random.Random) -> str:
    images = "".join(
        f"  - name: acme/{word}\n    newTag: 1.{pick.randint(0, 40)}\n"
        for word in pick.sample(_WORDS, 3)
    )
    return f"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - ../base\nimages:\n{images}"


def role(pick: random.Random) -> str:
    rules = "".join(
        f'  - apiGroups: [""]\n    resources: ["{pick.choice(_WORDS)}s"]\n' for _ in range(60)
    )
    return f"apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: r\nrules:\n{rules}"


def notes(pick: random.Random) -> str:
    return "# Notes\n\n" + "".join(
        f"Speak to the {pick.choice(_WORDS)} team first.\n" for _ in range(99)
    )


_KINDS = (
    (52, "deployment.yaml", deployment), (13, "compose.yml", compose), (13, "kustomization.yaml", kustomization),
    (12, "values.yaml", values), (8, "role.yaml", role), (2, "README.md", notes),
)  # fmt: skip


def generate(folder: Path) -> None:
    """Write the repository and commit it."""
    pick = random.Random(1)
    weights, kinds = [kind[0] for kind in _KINDS], [kind[1:] for kind in _KINDS]
    for number in range(FILES):
        name, make = pick.choices(kinds, weights)[0]
        place = folder / f"team{number % 40}" / f"app{number}" / name
        place.parent.mkdir(parents=True)
        place.write_text(make(pick), encoding="utf-8", newline="\n")
    # GitPython's own index takes minutes for so many.
    for command in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        ["-c", "user.name=b", "-c", "user.email=b@invalid", "commit", "-qm", "all"],
    ):
        subprocess.run(["git", "-C", str(folder), *command], check=True)


def once(kind: str, folder: str, store: str) -> None:
    """Read it one time in this process, and print the figures."""
    tree = worktree.Worktree(Path(folder))
    kept = Store(Path(store)) if store else NoCache()
    wall, cpu = time.perf_counter(), cpu_seconds()
    root = Path(folder)
    files = (
        sources.OnDisk(root, tree.tracked(root).files)
        if kind == "disk"
        else sources.Committed(tree, tree.head(None)[1])
    )
    found = run.read(files, Loaded(), (), kept)
    kept.close()
    wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    tree.close()
    print(wall, cpu, peak, len(found.scan.uses))


def cpu_seconds() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def measure(what: str, kind: str, folder: Path, store: Path | None, megabytes: float) -> None:
    rows = []
    for _ in range(_TURNS):
        if "cold" in what and store is not None:
            store.unlink(missing_ok=True)
        command = [sys.executable, "-m", "tests.bench_files", kind, str(folder), str(store or "")]
        ran = watched(command)
        rows.append(([float(value) for value in ran.output.split()], ran.together))
    (wall, cpu, peak, uses), together = sorted(rows)[len(rows) // 2]
    print(
        f"{what:45} {wall:7.2f} s   {cpu:6.2f} s CPU   {megabytes / wall:6.1f} MB/s   {peak:5.0f} MB, "
        f"both processes {together} MB   {uses:.0f} uses"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        named = os.environ.get("BUMPER_BENCH_REPOSITORY")
        folder = Path(named) if named else Path(temporary, "repository")
        if not named:
            generate(folder)
        files = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
        megabytes = sum(path.stat().st_size for path in files) / 1e6
        load = os.getloadavg()[0]
        print(
            f"{len(files):,} files, {megabytes:.1f} MB; medians of {_TURNS}, load before {load:.1f}"
        )
        store = Path(temporary, NAME)
        measure("read on disk, cold", "disk", folder, store, megabytes)
        measure("read on disk, warm", "disk", folder, store, megabytes)
        measure("read the commit, cold", "commit", folder, store, megabytes)
        measure("read the commit, warm", "commit", folder, store, megabytes)
        measure("read on disk, --no-cache", "disk", folder, None, megabytes)


if __name__ == "__main__":
    once(*sys.argv[1:4]) if len(sys.argv) > 1 else main()
