"""Texts made to cost time, memory or the interpreter, each as large as may be; run by `test_hostile`.

    python -m tests.hostile            every text: its seconds of CPU, what was found, what it was refused for

Every one must be refused with a code or be done within a second.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from typing import TYPE_CHECKING

from bumper import catalog, edit
from bumper.__main__ import GARBAGE
from bumper.config.model import Config
from bumper.finder import Finder, search
from bumper.model import Bump, Level, Policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumper.model import Scan

__all__ = ["TEXTS", "main"]

MANY = 4_900  # images: just below what is refused
WHOLE = 4_900_000  # characters: just below what is refused


def nested_blocks(levels: int) -> str:
    heads = "".join(f"{' ' * n}image: a:1\n{' ' * n}d: |\n" for n in range(levels))
    line = " " * levels + "x" * 60 + "\n"
    return heads + line * ((WHOLE - len(heads)) // len(line))


def merge_bomb() -> str:
    merges = (f"a{n + 1}: &a{n + 1}\n  <<: [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(30))
    return "a0: &a0 {image: a:1}\n" + "".join(merges)


def alias_bomb() -> str:
    levels = (f"a{n + 1}: &a{n + 1} [{','.join([f'*a{n}'] * 9)}]\n" for n in range(30))
    return "a0: &a0 {image: a:1}\n" + "".join(levels)


def each(count: int, text: str) -> str:
    return "".join(text.replace("#N", str(number)) for number in range(count))


# Name -> how to make it; the name of the file is `values.yaml` unless the name begins with another.
TEXTS: dict[str, Callable[[], str]] = {
    "open brackets": lambda: "image: " + "[" * 60_000,
    "open braces": lambda: "image: " + "{" * 60_000,
    "closed brackets": lambda: "image: " + "[" * 60_000 + "]" * 60_000,
    "brackets in lines": lambda: "image: a:1\n" + "- [\n" * 60_000,
    "a few open brackets, many times": lambda: ("image: a\n" + "[" * 700 + "\n") * 20,
    "deep dashes": lambda: "image: a:1\nx:\n " + "- " * 60_000 + "a",
    "deep questions": lambda: "image: a:1\n" + "? " * 60_000 + "a",
    "deep mappings": lambda: each(3_000, "").join("image: a\n") + "".join(" " * n + "a:\n" for n in range(3_000)),
    "allowed depth, many times": lambda: ("image: " + "[" * 90 + "a:1" + "]" * 90 + "\n---\n") * 4_000,
    "alias bomb": alias_bomb,
    "merge bomb": merge_bomb,
    "aliases of themselves": lambda: "image: x\na: &a [*a, *a]\nb: &b {b: *b, image: *b, <<: *b}\n",
    "scalar of 10 MB": lambda: "image: " + "a" * 10_000_000,
    "scalar": lambda: "image: " + "a" * WHOLE,
    "escapes": lambda: 'image: "' + "\\x41" * 1_200_000 + '"',
    "defaults in defaults": lambda: "services: {a: {image: '" + "${A:-" * 800_000 + "'}}",
    "block": lambda: "image: |\n" + "  aaaaaaaaa\n" * 400_000,
    "folded": lambda: "image: >\n" + "  aaaaaaaaa\n" * 400_000,
    "images in a block": lambda: "data: |\n" + "  image: a:1\n" * 350_000,
    "many blocks": lambda: each(100_000, "k#N: |\n  image: a:1\n"),
    "blocks in blocks": lambda: nested_blocks(50),
    "blocks in blocks, deep": lambda: nested_blocks(900),
    "documents": lambda: "---\nimage: a:1\n" * 100_000,
    "empty documents": lambda: "---\n" * 100_000 + "image: a:1\n",
    "documents by dots": lambda: "image: a:1\n...\n" * 100_000,
    "allowed documents": lambda: "---\napiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'a:1'}]}\n" * MANY,
    "a few long documents": lambda: ("---\nimage: a:1\n#" + "x" * 1_600 + "\n") * 3_000,
    "huge key": lambda: "? " + "a" * 4_000_000 + "\n: 1\nimage: a:1\n",
    "keys": lambda: each(300_000, "k#N: v\n") + "image: a:1\n",
    "one key": lambda: "image: a:1\n" * 400_000,
    "anchors": lambda: each(200_000, "k#N: &a#N v\n") + "image: a:1\n",
    "aliases": lambda: "a: &a image\nb: [" + "*a, " * 900_000 + "]\n",
    "huge anchor": lambda: "image: &" + "a" * 4_000_000 + " x\n",
    "comments behind an anchor": lambda: "image: &a\n" + "#x\n" * 1_000_000 + "  nginx:1\n",
    "empty lines": lambda: "image: a:1\n" + "\n" * WHOLE,
    "lone carriage returns": lambda: "image: a:1\n" + "\r" * WHOLE,
    "tag handles": lambda: each(100_000, "%TAG !e#N! tag:x,#N:\n") + "---\nimage: a:1\n",
    "versions": lambda: "%YAML 1.1\n" * 400_000 + "---\nimage: a:1\n",
    "open expressions": lambda: "image: a:1\n" + "{{ x\n" * 900_000,
    "expressions": lambda: "image: a:1\n" + "{{x}}\n" * 600_000,
    "expressions in a line": lambda: "{{x}}\n" + "{{x}} " * 600_000 + "y\nimage: a:1\n",
    "blanks behind colons": lambda: "{{x}}\n" + (":" + " " * 2_000) * 2_000 + "\nimage: a:1\n",
    "commas": lambda: "image: [" + "," * 4_000_000 + "]",
    "flow mappings": lambda: "image: [" + "{a: b}," * 400_000 + "]",
    "colons": lambda: "image: " + "a:" * 2_000_000,
    "slashes": lambda: "image: " + "a/" * 2_000_000 + "b:1",
    "dashes": lambda: "image: " + "a-" * 2_000_000 + ":1",
    "open quotes": lambda: "image: 'a:1\n" * 300_000,
    "other line ends": lambda: "image: a:1\n" + "\u2028\u0085\u00a0\ufeff" * 500_000,
    "JSON in JSON": lambda: '{"image": "' + '{\\"image\\": \\"a:1\\"}' * 200_000 + '"}',
    "sealed": lambda: "sops: {mac: x}\n" + "image: a:1\n" * 200_000,
    "allowed images": lambda: each(MANY, "image#N:\n  # bumper: policy=patch\n  repository: a/b\n  tag: 1.2\n"),
    "allowed services": lambda: "services:\n" + each(MANY, "  s#N:\n    image: n:1.#N\n    labels: [bumper.policy=patch]\n"),
    "allowed blocks": lambda: each(MANY, "k#N: |\n  image: a:1 # bumper: policy=patch\n"),
    "allowed lines": lambda: "a: `\n" + "image: a:1 # bumper: policy=patch\n" * MANY,
    "only comments": lambda: "# bumper: policy=patch\n" * 200_000 + "image: a:1\n",
    "Dockerfile: stages": lambda: "ARG A=1\nFROM a:1 AS b\n" * 100_000,
    "Dockerfile: arguments": lambda: each(100_000, "ARG A#N=${A#N}x\n") + "FROM a:${A1}\n",
    "Dockerfile: continued": lambda: "FROM \\\n" * 700_000 + "a:1\n",
    ".env: values": lambda: each(200_000, "A#N_IMAGE=a:1\n"),
    "a.tf: lines": lambda: 'image = "a:1"\n' * 300_000,
    "a.tf: one line": lambda: "image=" * 800_000,
}  # fmt: skip


def found(name: str, text: str) -> Scan:
    head = name.partition(":")[0] if ":" in name else "values.yaml"
    return search(head, text.encode(), Finder(catalog.pointers(Config())))


def moved(text: str) -> int:
    """Move every image of a text and give how many there were."""
    finder = Finder(catalog.pointers(Config()))
    uses = finder.uses_of("values.yaml", text)
    bumps = [Bump(use, Policy(), "9.9", None, Level.MAJOR, "test", "test") for use in uses]
    edit.edit("values.yaml", text, bumps, finder.uses_of)
    return len(bumps)


def main(names: list[str]) -> None:
    gc.set_threshold(*GARBAGE)
    for name in names or TEXTS:
        text = TEXTS[name]()
        start = time.process_time()
        scan = found(name, text)
        seconds = time.process_time() - start
        codes = ",".join(sorted({problem.code for problem in scan.problems})) or "-"
        print(f"{name}\t{seconds:.2f}\t{len(scan.uses)}\t{codes}", flush=True)
    if not names:
        start = time.process_time()
        count = moved(TEXTS["allowed images"]())
        print(
            f"moving all allowed images\t{time.process_time() - start:.2f}\t{count}\t-", flush=True
        )
        print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
