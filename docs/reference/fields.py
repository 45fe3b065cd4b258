"""Writes the sections of manifest.md that describe each key, from the models: `make docs`.

What stands above the line `BEGINS` is written by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assetgen.manifest.schema import manifest_schema

PAGE = Path(__file__).with_name("manifest.md")
BEGINS = "<!-- From here on this page is made from the models: edit those, then run `make docs`. -->"

TOP = "The top of the manifest"
SECTIONS = {
    "Brand": "Brands: `brand` and `brands`",
    "Budget": "Budget: `budget`",
    "Lint": "Warnings: `lint`",
    "ProviderTuning": "Providers: `providers`",
    "Asset": "Assets: `assets` and `defaults`",
    "Reference": "Entries of `references`",
    "RemoveBg": "The mapping `removeBg`",
    "Upscale": "The mapping `upscale`",
    "QualityByFormat": "The mapping `quality`",
    "Preset": "Entries of `presets`",
    "Grid": "The mapping `grid`",
    "Poster": "The mapping `poster`",
}
WITHOUT_SECTION = {"Defaults", "JsonValue"}
"""Defaults are written as assets are; of free values there is nothing to say."""

PATTERNS = {"^#": "colour as `#RRGGBB` or `#RGB`", "^[1-9]": "`WIDTHxHEIGHT`", "^@?": "label", "^[A-Za-z0-9]": "name"}
"""By how they begin, longest first where one begins another."""


def page(written: str) -> str:
    """The whole page: what is written by hand in `written`, and today's sections."""
    by_hand = written.partition(BEGINS)[0].rstrip()
    return "\n\n".join([by_hand, BEGINS, *sections(manifest_schema())]) + "\n"


def sections(schema: dict[str, Any]) -> Iterator[str]:
    """Every section as text. Raises KeyError for a model that has no place on the page yet."""
    definitions = schema["$defs"]
    if missing := definitions.keys() - SECTIONS.keys() - WITHOUT_SECTION:
        raise KeyError(f"give {', '.join(sorted(missing))} a section")
    yield f"## {TOP}"
    yield from fields(schema)
    for name, title in SECTIONS.items():
        yield f"## {title}"
        yield definitions[name]["description"]
        yield from fields(definitions[name])


def fields(model: dict[str, Any]) -> Iterator[str]:
    required = model.get("required", ())
    for name, schema in model["properties"].items():
        if schema["description"].startswith("The same as"):
            continue  # another spelling
        yield f"### `{name}`"
        yield f"*{'; '.join(facts(schema, required=name in required))}*"
        yield schema["description"]
        yield f"```yaml\n{example(name, schema['examples'][0])}```"


def facts(schema: dict[str, Any], *, required: bool) -> Iterator[str]:
    yield kind(schema)
    if required:
        yield "required"
    if "default" in schema:
        yield f"default `{inline(schema['default'])}`"


def example(name: str, value: Any) -> str:
    """As a manifest says it; what is long in several lines."""
    line = f"{name}: {inline(value)}"
    if len(line) > 100 and isinstance(value, dict):
        line = "\n  ".join([f"{name}:", *(f"{key}: {inline(item)}" for key, item in value.items())])
    return f"{line}\n"


def inline(value: Any) -> str:
    match value:
        case dict():
            return f"{{{', '.join(f'{inline(key)}: {inline(item)}' for key, item in value.items())}}}"
        case list():
            return f"[{', '.join(map(inline, value))}]"
        case str() if re.fullmatch(r"\d+K|[A-Za-z][\w./ -]*(:[\w#]+)*", value):
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)


def kind(schema: dict[str, Any]) -> str:
    """What a value may be, in words."""
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "oneOf" in schema or "anyOf" in schema:
        return ", or ".join(kind(branch) for branch in schema.get("oneOf") or schema["anyOf"])
    match schema.get("type"):
        case "array":
            return f"list of {kind(schema['items']) if 'enum' in schema['items'] else within(schema['items'])}"
        case "object" if "patternProperties" in schema:
            return f"mapping of names to {within(*schema['patternProperties'].values())}"
        case "object" if isinstance(schema.get("additionalProperties"), dict):
            return f"mapping of names to {within(schema['additionalProperties'])}"
        case "boolean":
            return "`true` or `false`"
        case "string":
            return text(schema)
        case "integer" | "number":
            return number(schema)
        case _:
            return "mapping" if schema.get("$ref", "") != "#/$defs/JsonValue" else "anything"


def within(schema: dict[str, Any]) -> str:
    inner = kind(schema)
    return f"({inner})" if ", or " in inner or ", `" in inner else inner


def text(schema: dict[str, Any]) -> str:
    pattern = schema.get("pattern", "")
    return next((words for begin, words in PATTERNS.items() if pattern.startswith(begin)), "text")


def number(schema: dict[str, Any]) -> str:
    what = "whole number" if schema["type"] == "integer" else "number"
    for bound, words in (("minimum", "from"), ("exclusiveMinimum", "above")):
        if bound in schema:
            what += f" {words} {schema[bound]:,}"
    for bound, words in (("maximum", "to"), ("exclusiveMaximum", "to below")):
        if bound in schema:
            what += f" {words} {schema[bound]:,}"
    return what


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text()))
