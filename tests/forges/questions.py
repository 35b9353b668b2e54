"""What GitHub's GraphQL schema says of the questions that bumper asks: whether one fits, and its answer.

`github.graphql` beside this holds that part alone; its first line names the source. It is made by

    python -m tests.forges.questions PACKAGE

from the folder of the npm package `@octokit/graphql-schema`.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    is_leaf_type,
    parse,
    print_type,
    validate,
)
from graphql.execution.values import get_variable_values
from graphql.language import FieldNode, OperationDefinitionNode, visit
from graphql.language.visitor import Visitor
from graphql.utilities import TypeInfo, TypeInfoVisitor

from bumper.apis import github_merging, issues
from bumper.cli import checkup_merging

if TYPE_CHECKING:
    from graphql import GraphQLSchema
    from graphql.language import SelectionSetNode

__all__ = ["PART", "faults", "part", "unlike"]

PART = Path(__file__).parent / "github.graphql"
# What is asked: ours, and what PyGithub asks for when a merge is switched.
_SWITCHED = "actor { avatarUrl login resourcePath url } clientMutationId"
_MUTATIONS = {
    "enablePullRequestAutoMerge": _SWITCHED,
    "disablePullRequestAutoMerge": _SWITCHED,
    "createCommitOnBranch": "commit { oid }",
    "pinIssue": "issue { number }",
}
_QUESTIONS = (
    github_merging._QUEUED,
    issues._EDITOR,
    checkup_merging.RULES,
    *(
        f"mutation M($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {wanted} }} }}"
        for name, wanted in _MUTATIONS.items()
    ),
)


def faults(query: str, variables: dict[str, Any]) -> list[str]:
    """Give what does not fit in a question and its variables."""
    document = parse(query)
    wrong = [error.message for error in validate(_schema(), document)]
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            defined = operation.variable_definitions or ()
            asked = get_variable_values(_schema(), defined, variables)
            wrong += [error.message for error in asked] if isinstance(asked, list) else []
            declared = {one.variable.name.value for one in defined}
            wrong += [f"{name} is not asked for" for name in variables.keys() - declared]
    return wrong


def unlike(query: str, answer: dict[str, Any]) -> list[str]:
    """Give what does not fit in the answer of a question; errors are the server's own business."""
    (operation,) = parse(query).definitions
    assert isinstance(operation, OperationDefinitionNode)
    asked = operation.selection_set
    root = _schema().get_root_type(operation.operation)
    return [] if answer.get("data") is None else _unlike("data", asked, root, answer["data"])


def _unlike(place: str, asked: SelectionSetNode, kind: Any, value: Any) -> list[str]:
    if not isinstance(value, dict):
        return [f"{place}: no object"]
    wrong: list[str] = []
    names: set[str] = set()
    for node in asked.selections:
        if not isinstance(node, FieldNode):
            inner = _schema().type_map[node.type_condition.name.value]  # type: ignore[attr-defined] # the other kinds are not asked
            if value.get("__typename") == inner.name:
                told = {key: one for key, one in value.items() if key != "__typename"}
                names |= told.keys()
                wrong += _unlike(place, node.selection_set, inner, told)  # type: ignore[attr-defined]
            continue
        name = node.name.value
        names.add(name)
        if name not in value:
            wrong.append(f"{place}.{name}: not there")
        elif name != "__typename":
            told = kind.fields[name].type
            wrong += _unfit(f"{place}.{name}", node.selection_set, told, value[name])
    return wrong + [f"{place}.{name}: not asked for" for name in value.keys() - names]


def _unfit(place: str, asked: SelectionSetNode | None, kind: Any, value: Any) -> list[str]:
    if isinstance(kind, GraphQLNonNull):
        return [f"{place}: null"] if value is None else _unfit(place, asked, kind.of_type, value)
    if value is None:
        return []
    if isinstance(kind, GraphQLList):
        if not isinstance(value, list):
            return [f"{place}: no list"]
        return [wrong for one in value for wrong in _unfit(place, asked, kind.of_type, one)]
    if asked is not None:
        return _unlike(place, asked, kind, value)
    try:
        return [] if type(kind.serialize(value)) is type(value) else [f"{place}: {value!r}"]
    except GraphQLError as error:
        return [f"{place}: {error.message}"]


def part(schema: GraphQLSchema, questions: tuple[str, ...] = _QUESTIONS) -> str:
    """Give the part of a schema that the questions touch; an input whole, as all of it may be given."""
    used: dict[str, set[str]] = {}
    whole: set[str] = set()
    unions: set[str] = set()

    class Touched(Visitor):
        def __init__(self, info: TypeInfo) -> None:
            super().__init__()
            self.info = info

        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent, field = self.info.get_parent_type(), self.info.get_field_def()
            assert parent is not None, node.name.value
            assert field is not None, f"{parent.name}.{node.name.value}"
            if node.name.value.startswith("__"):
                return
            used.setdefault(parent.name, set()).add(node.name.value)
            for argument in field.args.values():
                _whole(get_named_type(argument.type), whole)
            kind = get_named_type(field.type)
            if is_leaf_type(kind):
                _whole(kind, whole)
            if isinstance(kind, GraphQLUnionType):
                unions.add(kind.name)

    for question in questions:
        info = TypeInfo(schema)
        visit(parse(question), TypeInfoVisitor(info, Touched(info)))
    texts = [_without_words(print_type(schema.type_map[name])) for name in sorted(whole)]
    for name, fields in sorted(used.items()):
        kind = schema.type_map[name]
        word = "interface" if isinstance(kind, GraphQLInterfaceType) else "type"
        rows = "".join(f"  {one}\n" for one in sorted(_signature(kind, field) for field in fields))
        texts.append(f"{word} {name} {{\n{rows}}}\n")
    for name in sorted(unions):
        members = (one.name for one in schema.type_map[name].types if one.name in used)  # type: ignore[attr-defined] # a union has them
        texts.append(f"union {name} = {' | '.join(members)}\n")
    return "\n".join(texts)


def _whole(kind: Any, found: set[str]) -> None:
    if kind.name in found or kind.name in {"String", "Int", "Boolean", "ID", "Float"}:
        return
    found.add(kind.name)
    if isinstance(kind, GraphQLInputObjectType):
        for field in kind.fields.values():
            _whole(get_named_type(field.type), found)


def _signature(kind: Any, field: str) -> str:
    told = kind.fields[field]
    given = ", ".join(f"{name}: {one.type}" for name, one in told.args.items())
    return f"{field}{f'({given})' if given else ''}: {told.type}"


def _without_words(text: str) -> str:
    """Take the descriptions out: facts carry over, sentences do not."""
    lines, inside = [], False
    for line in text.splitlines():
        quotes = line.count('"""')
        if not inside and not quotes and line.strip() and not line.strip().startswith('"'):
            lines.append(line)
        inside ^= quotes == 1
    return "\n".join(lines) + "\n"


@cache
def _schema() -> GraphQLSchema:
    return build_schema(PART.read_text(encoding="utf-8"))


if __name__ == "__main__":
    package = Path(sys.argv[1])
    told = json.loads((package / "package.json").read_text(encoding="utf-8"))
    text = (package / "schema.graphql").read_text(encoding="utf-8")
    made = part(build_schema(text, assume_valid_sdl=True))
    PART.write_text(f"# {told['name']} {told['version']}\n\n{made}", encoding="utf-8")
