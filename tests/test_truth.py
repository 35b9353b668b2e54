"""What we say of ourselves is so: README, --help, action.yml, the example and the schema fit the code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import rich_click as click
from ruamel.yaml import YAML

from bumper import catalog
from bumper.cli import app, options
from bumper.config import schema
from bumper.config.model import Config
from bumper.config.read import read
from tests.support import HERE, bumper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

TOP = HERE.parent
README = (TOP / "README.md").read_text(encoding="utf-8")
EXAMPLE = (TOP / "config.example.yaml").read_text(encoding="utf-8")
ACTION = (TOP / "action.yml").read_text(encoding="utf-8")
SHELL = (TOP / "bumper/cli/action.sh").read_text(encoding="utf-8")
# Read by the code without a flag of the same name.
VARIABLES = {"BUMPER_TOKEN", "BUMPER_BASE", "BUMPER_CACHE_DIR"}


def rows(title: str) -> list[str]:
    """The first cells of the table below a title of the README."""
    section = README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    cells = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")]
    return [cell for cell in cells[1:] if not cell.startswith("---")]


def verbs() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(app.app)
    for name in app.VERBS:
        command = app.app.get_command(context, name)
        assert command is not None
        yield name, command
        for below, inner in getattr(command, "commands", {}).items():
            yield f"{name} {below}", inner


def test_the_readme_names_every_verb() -> None:
    told = [re.findall(r"[a-z-]+", cell.replace("\\|", " "))[0] for cell in rows("Verbs")]
    assert sorted(set(told)) == sorted(app.VERBS)
    assert len(told) == len(set(told))


def test_the_readme_names_every_format() -> None:
    assert sorted(cell.strip("`") for cell in rows("Formats")) == sorted(
        [*catalog.FORMATS, *catalog.POINTERS, "pattern"]
    )


def test_the_readme_names_every_report() -> None:
    told = re.findall(r"`(\w+)`", " ".join(rows("Formats of the report")))
    assert sorted(told) == sorted(catalog.REPORTS)


def test_the_readme_and_the_help_tell_the_exit_codes() -> None:
    flat = " ".join(README.split())
    told = ", ".join(f"{code} {meaning}" for code, meaning in app.EXIT_CODES.items())
    assert f"Exit codes: {told}." in flat
    shown = " ".join(bumper("--help").out.split())
    assert [text for text in app.EXIT_CODES.values() if text.split(" (")[0] not in shown] == []


def test_what_the_readme_shows_of_the_demo_is_what_it_prints() -> None:
    block = README.partition("one pull request's text:\n\n```\n")[2].partition("```")[0]
    printed = " ".join(bumper("demo").out.split())
    lines = [" ".join(line.split()) for line in block.splitlines()]
    assert len(lines) > 5
    assert [line for line in lines if line not in printed] == []


def test_the_two_commands_of_the_readme_are_targets() -> None:
    makefile = (TOP / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"^make (\w+)", README, re.MULTILINE)
    assert named == ["demo", "test"]
    assert [name for name in named if f"\n{name}:" not in makefile] == []


@pytest.mark.parametrize(("name", "command"), [pytest.param(*one, id=one[0]) for one in verbs()])
def test_every_flag_says_what_it_does_and_has_its_twin(name: str, command: click.Command) -> None:
    flags = [one for one in command.params if isinstance(one, click.Option)]
    assert [one.opts for one in flags if not one.help] == []
    twins = [one for one in flags if one.envvar]
    assert [one.opts for one in twins if not str(one.envvar).startswith("BUMPER_")] == [], name
    if not isinstance(command, click.Group):
        assert command.help


def test_the_global_flags_are_those_of_the_options() -> None:
    known = {parameter.name for parameter in app.app.params} - {"version", "help"}
    assert known == set(options.Options.__slots__)


def keys(model: type[BaseModel], seen: frozenset[type] = frozenset()) -> Iterator[str]:
    """Every key of the config, at any depth, as it is written."""
    for field in model.model_fields.values():
        yield str(field.alias)
        for inner in records(field.annotation):
            if inner not in seen:
                yield from keys(inner, seen | {inner})


def records(annotation: Any) -> list[type[BaseModel]]:
    found = [annotation] if hasattr(annotation, "model_fields") else []
    for inner in getattr(annotation, "__args__", ()):
        found += records(inner)
    return found


@pytest.mark.parametrize("key", sorted(set(keys(Config))))
def test_the_example_shows_every_key(key: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", EXAMPLE)


def test_the_example_is_a_config_and_the_schema_is_made_from_the_model() -> None:
    read("config.example.yaml", EXAMPLE)
    assert (TOP / "bumper/schema.json").read_text(encoding="utf-8") == schema.text()


def test_every_key_has_a_description_in_the_schema() -> None:
    document: dict[str, Any] = schema.schema()
    parts = [document, *document["$defs"].values()]
    assert [part["title"] for part in parts if not part.get("description")] == []
    bare = [
        key
        for part in parts
        for key, told in part.get("properties", {}).items()
        if not (told.get("description") or told.get("$ref"))
    ]
    assert bare == []


def test_the_readme_names_what_the_action_takes_and_gives() -> None:
    action = YAML(typ="safe", pure=True).load(ACTION)
    section = README.partition("\n## In a workflow\n")[2].partition("\n## ")[0]
    (inputs,) = re.findall(r"^\| inputs \| (.*) \|$", section, re.MULTILINE)
    (outputs,) = re.findall(r"^\| outputs[^|]*\| (.*) \|$", section, re.MULTILINE)
    for line, names in ((inputs, action["inputs"]), (outputs, action["outputs"])):
        told = re.findall(r"`([^`]+)`", re.sub(r"\([^)]*\)", "", line))
        assert sorted(told) == sorted(names)


CONFIGS = re.findall(r"```yaml\n((?:version|rules):.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("text", [pytest.param(one, id=one.split(":")[0]) for one in CONFIGS])
def test_a_config_of_the_readme_is_one(text: str) -> None:
    assert len(CONFIGS) == 2
    read("README.md", text)


def test_the_action_gives_what_its_script_takes() -> None:
    action = YAML(typ="safe", pure=True).load(ACTION)
    (step,) = action["runs"]["steps"]
    taken = set(re.findall(r"BUMPER_[A-Z_]+", SHELL)) - {"BUMPER_PYTHON"}
    twins = {
        str(parameter.envvar)
        for _, command in verbs()
        for parameter in command.params
        if parameter.envvar
    }
    assert set(step["env"]) <= taken | twins | VARIABLES
    assert taken <= set(step["env"]) | {"BUMPER_TOKEN"}
    used = re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", " ".join(step["env"].values()))
    assert sorted(used) == sorted(action["inputs"])
    said = re.findall(r"`(\w+)`", action["inputs"]["command"]["description"])
    assert set(said) <= set(app.VERBS)


def test_the_readme_names_every_variable_that_is_no_flags_twin() -> None:
    code = [path.read_text(encoding="utf-8") for path in (TOP / "bumper").rglob("*.py")]
    read = set(re.findall(r"\"(BUMPER_[A-Z_]+)\"", "".join(code)))
    twins = {str(one.envvar) for _, verb in verbs() for one in verb.params if one.envvar}
    assert read >= VARIABLES
    assert sorted(read - twins - set(re.findall(r"BUMPER_[A-Z_]+", README))) == []


def test_rule_a1_no_expression_stands_in_a_script() -> None:
    (step,) = YAML(typ="safe", pure=True).load(ACTION)["runs"]["steps"]
    assert "${{" not in step["run"]
    assert "${{" not in SHELL


def test_the_outputs_of_the_action_are_written() -> None:
    action = YAML(typ="safe", pure=True).load(ACTION)
    written = (TOP / "bumper/cli/action_outputs.py").read_text(encoding="utf-8")
    assert set(re.findall(r'output\("([\w-]+)"', written)) == set(action["outputs"])
    for name, output in action["outputs"].items():
        assert output["value"] == f"${{{{ steps.bumper.outputs.{name} }}}}"


def test_the_changelog_has_a_place_for_what_is_new() -> None:
    assert "\n## Unreleased\n" in (TOP / "CHANGELOG.md").read_text(encoding="utf-8")
