"""The table of settings is the code's: the README, the config's switches and the verb agree with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from bumper import catalog
from bumper.asides import settings
from bumper.config.images import Settings
from bumper.config.model import Compat
from tests.support import HERE, bumper, write

if TYPE_CHECKING:
    from pathlib import Path

    from bumper.dialects.base import Dialect, Far

MEMBERS: dict[str, Dialect | Far] = {**catalog.DIALECTS, **catalog.FAR_DIALECTS}
OURS = {"directives", "labels"}
MARKS = re.compile(r"(<!-- dialects: [^\n]*-->\n)(.*?)(<!-- end of dialects -->)", re.DOTALL)


def table() -> str:
    """The README's table: one row a system, counted from its rows."""
    lines = ["| system | settings | with a meaning here |", "| --- | --- | --- |"]
    for name, dialect in MEMBERS.items():
        if name not in OURS:
            without = sum(row.means.startswith("Nothing") for row in dialect.ROWS)
            lines.append(f"| `{name}` | {len(dialect.ROWS)} | {len(dialect.ROWS) - without} |")
    return "\n".join(lines) + "\n"


def test_the_readme_has_the_table_of_the_code() -> None:
    text = (HERE.parent / "README.md").read_text(encoding="utf-8")
    found = MARKS.search(text)
    assert found is not None
    assert found[2] == table()


def test_every_system_has_its_switch() -> None:
    names = {*catalog.DIALECTS, *catalog.FAR_DIALECTS} - OURS
    assert {str(field.alias) for field in Compat.model_fields.values()} == names


def test_the_verb_prints_every_row() -> None:
    ran = bumper("config", "dialects")
    assert ran.code == 0
    for dialect in MEMBERS.values():
        for row in dialect.ROWS:
            assert f"| `{row.key}` |" in ran.out
            assert row.means in ran.out


def test_words_in_files_and_in_the_config_take_the_same_values() -> None:
    for key, choices in settings.CHOICES.items():
        literal = Settings.model_fields[key].annotation
        said = {value for part in get_args(literal) for value in get_args(part)}
        assert said == set(choices), key


def test_lint_finds_the_mistakes_in_the_files_too(tmp_path: Path) -> None:
    text = (
        "services:\n  web:\n    image: nginx:1.25.3 # bumper: polcy=minor\n"
        "    labels: [com.centurylinklabs.watchtower.enable=yess]\n"
    )
    write(tmp_path, {"compose.yaml": text})
    ran = bumper("config", "lint", "-C", tmp_path)
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "compose.yaml:3: unknown word 'polcy', did you mean 'policy'?",
        "compose.yaml:4: com.centurylinklabs.watchtower.enable: 'yess' is neither true nor false, did you mean 'true'?",
    ]
    write(tmp_path, {"compose.yaml": "services:\n  web:\n    image: nginx:1.25.3\n"})
    ran = bumper("config", "lint", "-C", tmp_path)
    assert (ran.code, ran.out) == (0, "no config file: no mistakes\n")


def test_lint_asks_why_an_image_is_ignored(tmp_path: Path) -> None:
    text = (
        "services:\n  web:\n    image: nginx:1.25.3 # bumper: ignore\n"
        '  db:\n    image: postgres:16.3 # bumper: ignore reason="frozen"\n'
        "  cache:\n    image: redis:7.2.0\n    labels: {bumper.ignore: 'true'}\n"
    )
    write(tmp_path, {"compose.yaml": text})
    ran = bumper("config", "lint", "-C", tmp_path)
    assert (ran.code, ran.out.splitlines()) == (1, [
        'compose.yaml:3 (comment): ignored without a reason; add reason="…"',
        'compose.yaml:8 (label bumper.ignore): ignored without a reason; add reason="…"',
    ])  # fmt: skip


def test_every_word_is_a_key_of_the_config_or_says_what_it_is() -> None:
    keys = {str(field.alias) for field in Settings.model_fields.values()}
    assert set(settings.KEYS) - keys == set(settings.OWN)


def test_a_wrong_switch_is_an_error_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, {"bumper.yaml": "version: 1\ncompat: {watchtowr: true}\n"})
    ran = bumper("config", "lint", "-C", tmp_path)
    assert ran.code == 1
    assert ran.out.startswith("bumper.yaml:2:")
    assert "did you mean 'watchtower'" in ran.out
