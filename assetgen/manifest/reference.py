"""The manifest's reference page, generated from the same models as the schema: no key can be missing from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assetgen.manifest.fields import BOX_PATTERN, COLOUR_PATTERN, SPELLINGS
from assetgen.manifest.lint import MEANINGS
from assetgen.manifest.naming import LABEL_PATTERN, NAME_PATTERN
from assetgen.manifest.prompt_jinja import FILTERS
from assetgen.manifest.scalars import plain_value
from assetgen.manifest.schema import manifest_schema

_SECTIONS = (
    ("Brand", "Brands: `brand` and `brands`"),
    ("Budget", "Budget: `budget`"),
    ("Lint", "Warnings: `lint`"),
    ("ProviderTuning", "Providers: `providers`"),
    ("Asset", "Assets: `assets` and `defaults`"),
    ("Reference", "Entries of `references`"),
    ("RemoveBg", "The mapping `removeBg`"),
    ("Upscale", "The mapping `upscale`"),
    ("QualityByFormat", "The mapping `quality`"),
    ("Preset", "Entries of `presets`"),
    ("Grid", "The mapping `grid`"),
    ("Poster", "The mapping `poster`"),
)
"""Models in the order of the page, with their titles."""

_TITLES = {**dict(_SECTIONS), "Defaults": dict(_SECTIONS)["Asset"]}

_TOP = "The top of the manifest"

_INTRODUCTION = """\
# The manifest

A manifest is one YAML file that says which pictures an app needs. This page lists every key of it; it is made from the
code that reads manifests, so it is complete.

Editors with a YAML language server complete and explain every key, once the schema lies beside the manifest,

    assetgen schema > manifests/manifest.schema.json

and this is the manifest's first line:

```yaml
# yaml-language-server: $schema=manifest.schema.json
```

A small one, whole:

```yaml
version: 1

brand:
  name: Acme
  colors: {primary: "#EC4899", ink: "#0F172A"}   # quoted: an unquoted # begins a comment
  style: [premium, minimalist]

defaults:                     # what assets share
  provider: kie               # without it, free drafts
  exclude: [text, logos, watermarks]

assets:
  coin:                       # becomes output/app/coin.png, coin@2x.png and coin.webp, coin@2x.webp
    description: Shown on the credits screen
    prompt: >
      A stack of coins in {{ brand.colors.primary }}, {{ brand.style | join(", ") }},
      centered on a plain pure white background.
    removeBg: true
    sizes: {"@1x": 64, "@2x": 128}
    formats: [png, webp]
  banner:
    prompt: A wide, quiet counter in {{ brand.colors.ink }} with Image 1 standing on it.
    references: ["asset:coin"]          # shown to the model; made first
    aspect_ratio: 16:9
    resolution: 2K
    sizes: [640, 1280]
```

KEYS

## Rules that hold everywhere

**YAML.** One document of plain data, in UTF-8, read by the rules of YAML 1.2: `aspect_ratio: 16:9` is text, so are `no`
and `on`, and only `true` and `false` are true and false. Tags and `<<` are refused; anchors and aliases are fine. Quote
colours, because an unquoted `#` begins a comment, and quote text that begins with `{{`, `@` or `*`.

**Strict.** An unknown key, a key written twice, a value of the wrong type, a name that does not exist: each is an error
that says file, line and column and what to do. All of them are reported together, and nothing is sent or written.

**Names** of assets and brands have letters, digits, `_`, `.` and `-`, and begin with a letter or digit. Case does not
count: `Coin` and `coin` are one name.

**Paths** have forward slashes and are relative to the root of the project: the nearest folder, at the manifest or above
it, that holds `.git` or `.assetgen`; else the current folder when the manifest lies below it; else the manifest's own.
Nothing is ever written outside the root, also not through a symbolic link.

**Defaults.** What an asset does not say, `defaults` says, and else what is built in. Mappings merge key by key; lists
and single values replace. A value in `defaults` that a model does not know is left out for assets of that model;
written on the asset itself it is an error.

**Several files.** `extends: brand.yaml`, or a list of files, puts other manifests underneath this one: their `brand`,
`brands`, `vars`, `templates`, `lint`, `defaults` and `providers`, and nothing else of them. What is nearer wins: this
manifest over the files that it extends, the last of those over the first, each over what it extends in its turn.
Mappings merge key by key at every level; lists and single values replace. Paths in `extends` are relative to the file
that they stand in. A manifest without assets is a library: it is checked, builds nothing and has no lock.

**Changes.** A picture is made again only when what is asked for changes: model, rendered prompt, parameters, `input`,
the pictures shown, or `take`. Comments, layout, the order of keys, descriptions, sizes, formats and folders never do
that. [Edit by edit](../concepts/what-is-made-again.md#edit-by-edit) says what happens and what it costs.

## Templates

`prompt`, `exclude`, `description` and `filename` are Jinja templates. They may use:

| name | what it is |
|---|---|
| `brand` | the asset's brand, with what it inherits: `{{ brand.colors.primary }}` |
| `brands` | all sub-brands by name: `{{ brands.pro.name }}` |
| `vars` | the manifest's `vars` |
| `matrix` | the asset's values of its `matrix`: `{{ matrix.theme }}` |
| `references` | the pictures that the asset shows, by number: `{{ references[0].label }}` |
| `asset` | `name`, `aspect_ratio`, `resolution`, `model` and `tags` of the asset |

In `filename` there are also `name`, `suffix`, `ext`, `size` (the label) and, where known, `width` and `height`.

A name that does not exist is an error. Lists have to be joined: `{{ brand.style | join(", ") }}`. Mappings are in the
order of their keys' letters, so that the order in which they are written never changes a prompt. Templates cannot read
the clock, randomness or the environment, and they have limits: 100,000 characters, ranges of 1,000 numbers. The filters
are FILTERS.

Texts and macros that prompts share can stand in files of their own, in the folder that `templates` names and nowhere
else: `{% include "style.txt" %}`, `{% import "scenes.txt" as scenes %}` and then `{{ scenes.sky("dusk") }}`. They know
the same names as the prompt. The last line end of a file is left out. Extended manifests bring their own folders, which
are looked into after this manifest's.
"""


def reference_text() -> str:
    """The page, as it is committed in `docs/reference/manifest.md`."""
    schema = manifest_schema()
    filters = ", ".join(f"`{name}`" for name in FILTERS)
    introduction = _INTRODUCTION.replace("FILTERS", filters).replace("KEYS", _contents(schema))
    parts = [introduction, f"## {_TOP}", *_keys(schema)]
    for name, title in _SECTIONS:
        definition = schema["$defs"][name]
        parts += (f"## {title}", definition["description"], *_keys(definition))
        if name == "Lint":
            parts.append(_warnings())
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _contents(schema: Mapping[str, Any]) -> str:
    """Every key, by the section that explains it."""
    models = [(_TOP, schema), *((title, schema["$defs"][name]) for name, title in _SECTIONS)]
    rows = (f"| [{title}](#{_anchor(title)}) | {_listed(model['properties'])} |" for title, model in models)
    return "\n".join(("| section | keys |", "|---|---|", *rows))


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys if key not in SPELLINGS)


def _anchor(title: str) -> str:
    """What GitHub calls a heading."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def _warnings() -> str:
    """What can be silenced, as a table."""
    return "\n".join(
        ("| warning | what it says |", "|---|---|", *(f"| `{code}` | {says} |" for code, says in MEANINGS.items()))
    )


def _keys(model: Mapping[str, Any]) -> Iterator[str]:
    required = model.get("required", ())
    for key, schema in model["properties"].items():
        if key not in SPELLINGS:
            yield _key(key, schema, required=key in required)


def _key(key: str, schema: Mapping[str, Any], *, required: bool) -> str:
    facts = [_type(schema)]
    if required:
        facts.append("required")
    if "default" in schema:
        facts.append(f"default `{in_yaml(schema['default'])}`")
    example = f"```yaml\n{key}: {in_yaml(schema['examples'][0])}\n```"
    return f"### `{key}`\n\n*{'; '.join(facts)}*\n\n{schema['description']}\n\n{example}"


def in_yaml(value: Any) -> str:
    """A value as a manifest would have it, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{in_yaml(key)}: {in_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(in_yaml, value)) + "]"
    plain = isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ./_-]*", value)
    return value if plain and plain_value(value) == value else json.dumps(value, ensure_ascii=False)


_PATTERNS = {
    NAME_PATTERN: "name",
    LABEL_PATTERN: "label",
    COLOUR_PATTERN: "colour as `#RRGGBB` or `#RGB`",
    BOX_PATTERN: "`WIDTHxHEIGHT`",
}
_WORDS = {"string": "text", "number": "number", "boolean": "`true` or `false`"}


def _type(schema: Mapping[str, Any]) -> str:
    """The type in words."""
    branches = schema.get("oneOf") or schema.get("anyOf")
    if branches:
        return ", or ".join(map(_type, branches))
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return "anything" if name == "JsonValue" else f"[mapping](#{_anchor(_TITLES[name])})"
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else None)
    if values:
        return ", ".join(f"`{value}`" for value in values)
    if schema["type"] == "array":
        return f"list of {_in_brackets(schema['items'])}"
    if schema["type"] == "object":
        return f"mapping of names to {_in_brackets(_entries(schema))}"
    return _scalar(schema)


def _in_brackets(schema: Mapping[str, Any]) -> str:
    words = _type(schema)
    return f"({words})" if ", or " in words else words


def _entries(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the values of a mapping are."""
    named = schema.get("patternProperties")
    entries: Mapping[str, Any] = next(iter(named.values())) if named else schema["additionalProperties"]
    return entries


def _scalar(schema: Mapping[str, Any]) -> str:
    if "pattern" in schema:
        return _PATTERNS[schema["pattern"]]
    words = "whole number" if schema["type"] == "integer" else _WORDS[schema["type"]]
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None:
        words += f" from {low:,}" if high is not None else f", at least {low:,}"
    if "exclusiveMinimum" in schema:
        words += f" above {schema['exclusiveMinimum']:,}"
    below = schema.get("exclusiveMaximum")
    return words + (f" to {high:,}" if high is not None else f" below {below:,}" if below is not None else "")
