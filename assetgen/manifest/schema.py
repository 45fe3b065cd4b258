"""The JSON Schema of the manifest, generated from the models: what makes an editor's completion teach the format."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from assetgen.manifest.fields import SPELLINGS
from assetgen.manifest.models import Manifest

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _AsWritten(GenerateJsonSchema):
    """Examples keep the order in which people would write their keys: a brand's name comes before its colours."""

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        sorted_: JsonSchemaValue = _sorted(value, parent_key)
        return sorted_


def _sorted(value: Any, holder: str | None) -> Any:
    """`value`, which stands at the key `holder`, with its keys in order where their own order says nothing."""
    if isinstance(value, list):
        return [_sorted(item, holder) for item in value]
    if not isinstance(value, dict) or holder in ("default", "examples"):
        return value
    keys = value if holder == "properties" else sorted(value)
    return {key: _sorted(value[key], key) for key in keys}


def manifest_schema() -> dict[str, Any]:
    """The schema as data. Null is nowhere allowed: a key is left out instead."""
    schema: dict[str, Any] = _tidied(Manifest.model_json_schema(by_alias=True, schema_generator=_AsWritten))
    schema = {"$schema": DIALECT, **schema, "title": "assetgen manifest"}
    definitions = schema["$defs"]
    for name in ("Asset", "Defaults"):
        properties = definitions[name]["properties"]
        properties |= {other: _same_as(usual, properties[usual]) for other, usual in SPELLINGS.items()}
    return schema


def schema_text() -> str:
    """The schema as it is committed."""
    return json.dumps(manifest_schema(), indent=2, ensure_ascii=False) + "\n"


def _same_as(usual: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "description": f"The same as `{usual}`."}


def _tidied(node: Any) -> Any:
    """Without what pydantic adds for our optional fields: null as an alternative, null as a default, made-up titles."""
    if isinstance(node, list):
        return [_tidied(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = _without_null(node)
    if "patternProperties" in node:
        node = {**node, "additionalProperties": False}
    return {key: _tidied(value) for key, value in node.items() if not _is_noise(key, value)}


def _without_null(node: dict[str, Any]) -> dict[str, Any]:
    branches = node.get("anyOf")
    if not branches or {"type": "null"} not in branches:
        return node
    rest = [branch for branch in branches if branch != {"type": "null"}]
    others = {key: value for key, value in node.items() if key != "anyOf"}
    return {**rest[0], **others} if len(rest) == 1 else {"anyOf": rest, **others}


def _is_noise(key: str, value: Any) -> bool:
    return (key == "default" and value is None) or (key == "title" and isinstance(value, str))
