"""The JSON Schema of the config file, for editors. Pure; made from the model."""

from __future__ import annotations

import json

from bumper.config.model import Config

__all__ = ["schema", "text"]


def schema() -> dict[str, object]:
    """Give the schema (draft 2020-12)."""
    document = Config.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **document,
        "title": "bumper's config file",
    }


def text() -> str:
    """Give the schema as the text that the package ships."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"
