"""The manifest as it is written: every key, what it means, and what it may be.

Descriptions and examples are part of the product: editors show them through the JSON Schema, and the reference page is
made from them. Nothing here knows how a manifest is resolved.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from assetgen.manifest.asset_model import Asset, Defaults
from assetgen.manifest.fields import Colour, Files, Folders, Free, Name, Text, Written, key

Seconds: TypeAlias = Annotated[float, Field(gt=0, le=86_400)]


class Brand(Written):
    """How a brand looks, in words and colours that prompts can use."""

    name: Text | None = key("The brand's name: `{{ brand.name }}`.", "Acme")
    colors: dict[Name, Colour] | None = key(
        "Colours by name, as hex in quotes: `{{ brand.colors.primary }}`. When one changes, only assets whose prompt "
        "mentions it are generated again, and drafts, which show it, are drawn again for free.",
        {"primary": "#EC4899", "ink": "#0F172A"},
    )
    gradients: dict[Name, Annotated[list[Colour], Field(min_length=2)]] | None = key(
        'Lists of colours by name: `{{ brand.gradients.sunrise | join(" to ") }}`.',
        {"sunrise": ["#F472B6", "#EC4899", "#BE185D"]},
    )
    style: list[Text] | None = key(
        'Words for the look of every picture: `{{ brand.style | join(", ") }}`.', ["premium", "minimalist", "clean"]
    )


class Budget(Written):
    """What one run may cost."""

    usd: Annotated[float, Field(ge=0, le=1_000_000)] = Field(
        description="US dollars. A build that would cost more stops before the first paid call.", examples=[5.00]
    )


class Lint(Written):
    """Which warnings this manifest silences. Warnings stop nothing and change no exit code; `validate` tells
    them, `plan` and `build` how many there are."""

    off: list[Text] | None = key("Names of warnings: those in brackets behind what they say.", ["no-hex-colour"])


class ProviderTuning(Written):
    """How patiently and how fast a provider is used. Never a reason to make a picture again."""

    poll_initial: Seconds | None = key("Seconds until the first look at a task.", 3, default=3)
    poll_factor: Annotated[float, Field(ge=1, le=10)] | None = key(
        "How many times longer each further wait is.", 1.2, default=1.2
    )
    poll_max: Seconds | None = key("The longest wait between two looks, in seconds.", 10, default=10)
    image_timeout: Seconds | None = key(
        "Seconds that a build waits for a picture. The task itself lives on, and the next build collects it.",
        600,
        default=600,
    )
    video_timeout: Seconds | None = key("Seconds that a build waits for a video.", 1200, default=1200)
    rate_limit: Annotated[int, Field(ge=1, le=10_000)] | None = key(
        "Submissions allowed in each `rate_period`.", 20, default=20
    )
    rate_period: Seconds | None = key("Seconds that `rate_limit` counts in.", 10, default=10)
    concurrency: Annotated[int, Field(ge=1, le=10_000)] | None = key(
        "Tasks that may be under way at once.", 100, default=100
    )
    usd: Annotated[float, Field(ge=0, le=1_000)] | None = key(
        "US dollars that one call costs; for `service`, the background removal service.", 0.01, default=0
    )


class Head(Written):
    """A manifest without its brands, defaults and assets, which are checked one by one."""

    version: Literal[1] | None = key("Version of this format.", 1, default=1)
    extends: Files | None = key(
        "One manifest or several, relative to this file, that lie underneath this one: their `brand`, `brands`, "
        "`vars`, `templates`, `lint`, `defaults` and `providers` hold where this one says nothing.",
        "brand.yaml",
    )
    vars: Free | None = key("Free values for templates: `{{ vars.currency }}`.", {"currency": "credits"})
    templates: Text | None = key(
        "Folder, relative to this file, whose files templates may include and import: "
        '`{% include "style.txt" %}`. They can read nothing else.',
        "prompts",
    )
    output: Text | None = key(
        "Folder that `build` writes to, relative to the project root. By default `output/` and the manifest's name.",
        "output/app",
    )
    publish: Folders | None = key(
        "Folder, or folders, that `assetgen publish` copies accepted outputs to, relative to the project root. An "
        "output that is missing but stands at its place there counts as present, and `build` copies it back.",
        "mobile/src/assets",
    )
    emit: list[Text] | None = key(
        "Index files to write at the end of a build, typed for the app's own code: `.ts`, `.json`, `.swift`, `.dart`, "
        "`.kt` or `.py`. They name every output of a size with its path, pixels, alt text, colour and placeholder.",
        ["src/assets.ts"],
    )
    lint: Lint | None = key("Warnings to silence.", {"off": ["no-hex-colour"]})
    budget: Budget | None = key("The most that one run may cost.", {"usd": 5.00})
    providers: dict[Text, ProviderTuning] | None = key(
        "Patience and pace for each provider. Addresses and keys come from the environment, never from a manifest.",
        {"kie": {"image_timeout": 900, "rate_limit": 10}},
    )


class Manifest(Head):
    """Brand, defaults and assets: what `assetgen build` makes pictures and files from."""

    brand: Brand | None = key("The brand that assets belong to.", {"name": "Acme", "colors": {"primary": "#EC4899"}})
    brands: dict[Name, Brand] | None = key(
        "Sub-brands by name. Each inherits what it leaves out from `brand`; an asset chooses one with `brand: pro`.",
        {"pro": {"name": "Acme Pro", "colors": {"primary": "#8B5CF6"}}},
    )
    defaults: Defaults | None = key(
        "Values for every asset that does not say otherwise.", {"resolution": "2K", "formats": ["png", "webp"]}
    )
    assets: dict[Name, Asset] | None = key(
        "The pictures, by name. A manifest without assets is a library: it builds nothing.",
        {"coin": {"prompt": "A gold coin, centered on a pure white background.", "sizes": [64, 128]}},
    )
