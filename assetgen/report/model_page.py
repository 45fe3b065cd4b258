"""The models' reference page, made from the table: no model and no limit can be missing from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assetgen.catalog.models import DOCUMENTED, Model
from assetgen.report.model_facts import HEADINGS, facts, price_span, resolutions

_INTRODUCTION = f"""\
# Models

What assetgen knows of the models of [KIE](https://kie.ai): as the service documented them on {DOCUMENTED}, with the
prices of the dates that each model names. `assetgen models` says the same on the terminal, and with `--json` to
programs. This page is made from the table that manifests are checked against.

Under a model's heading, the names are those of the manifest; where the service calls a thing otherwise, its own name is
in brackets. What has no field in the manifest is set with `input`:

```yaml
assets:
  poster:
    prompt: A poster of a coin
    model: ideogram/v3-text-to-image
    aspect_ratio: "3:4"
    input: {{rendering_speed: QUALITY, style: DESIGN}}
```

A value that a model does not take is an error, with those that it does take. `defaults` that do not apply to a model
are left out of its requests.

**A model that is not here** can be used all the same: `model` is sent as it is written, with `aspect_ratio`,
`resolution` and `input` as they are written. `plan` says so. Its price is unknown, so a build under a `budget` or
`--max-cost` refuses it unless `--allow-unpriced` is given. Its drafts are 1024x1024, or as large in the ratio that is
asked for.

**Prices** are in US dollars and for planning. What the service says that it took is recorded in the lock beside them.
Services change their prices; where a price is not known, `plan` says so instead of guessing.
"""


def page_text(models: Mapping[str, Model]) -> str:
    """The whole page as Markdown."""
    kinds = [(heading, [m for m in models.values() if m.kind == kind]) for kind, heading in HEADINGS.items()]
    parts = [_INTRODUCTION]
    for heading, members in kinds:
        if members:
            parts += [f"## {heading}", "\n".join(_overview(members)), *map(_section, members)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _overview(models: list[Model]) -> Iterator[str]:
    yield "| model | price | resolutions |"
    yield "|---|---|---|"
    for model in models:
        yield f"| [`{model.id}`](#{_anchor(model.id)}) | {price_span(model)} | {resolutions(model)} |"


def _section(model: Model) -> str:
    rows = "\n".join(f"| {_name(name)} | {words.replace('|', '/')} |" for name, words in facts(model))
    return f"### {model.id}\n\n| | |\n|---|---|\n{rows}"


def _name(name: str) -> str:
    """Names of the manifest as code, ours as words."""
    return name if name in _OURS else f"`{name}`"


_OURS = frozenset(("price", "priced", "not together", "pixel sizes", "longest edge", "waiting", "note", "picture"))


def _anchor(id_: str) -> str:
    """As Markdown hosts make links from headings."""
    return "".join(character for character in id_.lower() if character.isalnum() or character in "-_")
