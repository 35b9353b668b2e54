"""What GitHub's GraphQL schema says of the questions that bumper asks, and whether a question fits.

`github.graphql` beside this holds that part alone. It is made by

    python -m tests.forges.questions SCHEMA.graphql

from `schema.graphql` of the npm package `@octokit/graphql-schema`.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    build_schema,
    get_named_type,
    is_leaf_type,
    parse,
    print_type,
    validate,
)
from graphql.execution.values import get_variable_values
from graphql.language import OperationDefinitionNode, visit
from graphql.language.visitor import Visitor
from graphql.utilities import TypeInfo, TypeInfoVisitor

from bumper.apis import github_merging, issues

if TYPE_CHECKING:
    from graphql import (
        GraphQLSchema,
    )
    from graphql.language import FieldNode

__all__ = ["PART", "faults", "part"]

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


def part(schema: GraphQLSchema, questions: tuple[str, ...] = _QUESTIONS) -> str:
    """Give the part of a schema that the questions touch; an input whole, as all of it may be given."""
    used: dict[str, set[str]] = {}
    whole: set[str] = set()

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
            if is_leaf_type(get_named_type(field.type)):
                _whole(get_named_type(field.type), whole)

    for question in questions:
        info = TypeInfo(schema)
        visit(parse(question), TypeInfoVisitor(info, Touched(info)))
    texts = [_without_words(print_type(schema.type_map[name])) for name in sorted(whole)]
    for name, fields in sorted(used.items()):
        kind = schema.type_map[name]
        word = "interface" if isinstance(kind, GraphQLInterfaceType) else "type"
        rows = "".join(f"  {one}\n" for one in sorted(_signature(kind, field) for field in fields))
        texts.append(f"{word} {name} {{\n{rows}}}\n")
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
    whole_schema = build_schema(
        Path(sys.argv[1]).read_text(encoding="utf-8"), assume_valid_sdl=True
    )
    PART.write_text(part(whole_schema), encoding="utf-8")
