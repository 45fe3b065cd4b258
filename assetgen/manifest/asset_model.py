"""One asset as it is written, and the `defaults` that assets share. See `models` for the rest of the manifest."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field, Tag, WithJsonSchema

from assetgen.catalog.presets.registry import BUILT_IN
from assetgen.manifest.fields import (
    FLAG,
    MAPPING,
    NUMBER,
    TEXT,
    AspectRatio,
    Colour,
    Edge,
    Folders,
    Free,
    Level,
    Lines,
    Name,
    Resolution,
    Sizes,
    Text,
    Written,
    key,
    one_of,
    or_else,
)
from assetgen.manifest.naming import DEFAULT_FILENAME

Remover: TypeAlias = Literal["key", "service", "rembg", "kie", "difference"]
PresetName: TypeAlias = Annotated[
    Text, WithJsonSchema({"anyOf": [{"type": "string", "enum": list(BUILT_IN)}, {"type": "string"}]})
]
"""Installed packages may offer further ones."""

Factor: TypeAlias = Annotated[float, Field(gt=1, le=8)]
Appearance: TypeAlias = Annotated[
    Annotated[bool, Tag(FLAG)] | Annotated[Text, Tag(TEXT)], one_of("true, false or the name of an asset")
]
Share: TypeAlias = Annotated[float, Field(ge=0, lt=0.5)]


class RemoveBg(Written):
    """How the background is removed."""

    remover: Remover | None = key(
        "Who removes the background: `key` goes by a plain background's colour, here and for free; `rembg` finds the "
        "subject in any picture, here, once installed; `service` asks a service; `kie` orders the cutout from KIE, for "
        "a price; `difference` orders a second picture on another ground, for the price of a picture, and works out "
        "exactly how see-through everything is. Another one never asks for a new picture.",
        "service",
        default="key",
    )
    crop: bool | None = key(
        "Trim to what is left, on a canvas that has the proportions of the whole picture.", True, default=False
    )
    padding: Annotated[float, Field(ge=0, lt=1)] | None = key(
        "Space left around after `crop`, as a share of the longer edge.", 0.05, default=0
    )
    keep: bool | None = key("Also write the uncut picture, with the suffix `-original`.", True, default=False)
    holes: bool | None = key(
        "Also cut out enclosed spots of the background's colour, such as the inside of a ring. For `key`.",
        True,
        default=False,
    )


class Upscale(Written):
    """A paid step of its own that makes the picture larger before anything else is made from it: sizes can then be so
    many times larger. It is ordered once for each picture, and found again like one; its price is in the plan. Drafts
    are drawn as large as the real picture will be, for nothing."""

    model: Text | None = key(
        "The model that enlarges: `assetgen models` lists them under Larger pictures.",
        "topaz/image-upscale",
    )
    factor: Factor | None = key(
        "How many times as wide and high. `topaz/image-upscale` knows 2 and 4; `recraft/crisp-upscale` decides itself, "
        "and this says what is expected of it.",
        4,
        default=2,
    )


class QualityByFormat(Written):
    """Quality for each lossy format, 1 to 100; WebP can be `lossless` too."""

    webp: Level | None = key("Quality of WebP files.", 80)
    avif: Annotated[int, Field(ge=1, le=100)] | None = key("Quality of AVIF files.", 60)
    jpg: Annotated[int, Field(ge=1, le=100)] | None = key("Quality of JPEG files.", 85)


class Reference(Written):
    """A picture that the model is shown. One of `asset`, `path` and `url`."""

    asset: Text | None = key("An asset of this manifest.", "coin")
    path: Text | None = key("A file inside the project.", "brand/moodboard.png")
    url: Text | None = key("A picture on the web, pinned in the lock.", "https://example.com/ref.jpg")
    label: Text | None = key("What the prompt may call it.", "the coin")


class Preset(Written):
    """A named family of outputs, with options."""

    preset: PresetName = Field(description="Which family.", examples=["ios-appicon"])
    output: Text | None = key("Folder to build this preset into, instead of the asset's.", "output/ios")
    publish: Folders | None = key("Folders to publish this preset to.", "ios/App/Assets.xcassets")
    inset: Share | None = key("Empty border on each side, as a share of the edge.", 0.1)
    background: Text | None = key(
        "What lies behind the picture: a colour, or the name of a colour or gradient of the brand. By default the "
        "asset's `background`, if it has one.",
        "#FFFFFF",
    )
    monochrome: Appearance | None = key(
        "Make a monochrome icon too: the silhouette of this asset, or of the one that is named.", True, default=False
    )
    dark: Appearance | None = key(
        "Make a dark icon too, from this asset or from the one that is named, which may be a cell: `sheet/cell`. The "
        "picture of another asset is waited for, and followed for nothing.",
        "app-icon-night",
        default=False,
    )
    tinted: Appearance | None = key(
        "Make a tinted icon too, from this asset or from the one that is named, in grey.", True, default=False
    )
    width: Edge | None = key("Width of the picture at single density, in points, dp or pixels.", 96, default=192)
    widths: Annotated[list[Edge], Field(min_length=1)] | None = key(
        "Widths in pixels that the preset `web` makes. By default those of 320, 640, 960, 1280, 1920 and 2560 that the "
        "picture has.",
        [480, 960],
    )
    formats: Annotated[list[Literal["png", "webp", "avif", "jpg"]], Field(min_length=1)] | None = key(
        "Formats that the preset `web` makes, the one that every browser shows last. By default AVIF, WebP, and JPEG "
        "or, for a transparent picture, PNG.",
        ["webp", "jpg"],
    )
    classic: bool | None = key("Every size of an iOS icon instead of the one that Xcode scales.", True, default=False)


class Grid(Written):
    """One picture that is cut into equal cells, each with the outputs that a picture would have: `sizes`, `formats` and
    the rest count for every cell, and the whole sheet is not written. Cutting is free: cells may be renamed, change
    places or be cut otherwise, and nothing is generated again."""

    rows: Annotated[int, Field(ge=1, le=20)] = Field(description="Rows of cells.", examples=[2])
    columns: Annotated[int, Field(ge=1, le=20)] = Field(description="Columns of cells.", examples=[3])
    cells: Annotated[list[Name], Field(min_length=1)] = Field(
        description="Names of the cells, row by row. The cell `gem` of the asset `badges` is called `badges-gem` in "
        "file names (`{{ name }}`), and `badges/gem` where it is referred to.",
        examples=[["coin", "gem", "star", "bolt", "crown", "heart"]],
    )
    gutter: (
        Annotated[
            Annotated[int, Field(ge=0, le=1000), Tag(NUMBER)]
            | Annotated[Literal["auto"], or_else("a number of pixels, or `auto`"), Tag(TEXT)],
            one_of("a number of pixels, or `auto`"),
        ]
        | None
    ) = key(
        "Pixels between cells, as large as the picture was made; `auto` finds plain bands between them, and cuts off "
        "an empty border too.",
        "auto",
        default=0,
    )


class Poster(Written):
    """A still of a video: its first frame, named like the video with `-poster` behind the name."""

    sizes: Sizes | None = key("Sizes of the still, like `sizes` of an asset.", [640])
    formats: Annotated[list[Literal["png", "webp", "avif", "jpg"]], Field(min_length=1)] | None = key(
        "Formats of the still.", ["webp"], default=["png"]
    )


class AssetFields(Written):
    """What an asset and `defaults` have in common. None where nothing is written."""

    model_config = ConfigDict(populate_by_name=True)

    type: Literal["image", "video"] | None = key(
        "What is made. A video needs the optional part `assetgen-build[video]`; what `defaults` say of sizes, formats, "
        "exclusions and models of pictures does not reach it.",
        "video",
        default="image",
    )
    description: Text | None = key(
        "What the picture is for: read by people and used as alt text. Never sent, so changing it costs nothing. "
        "May be a template.",
        "Shown on the credits screen",
    )
    brand: Name | None = key("Which of `brands` this asset belongs to, instead of `brand`.", "pro")
    prompt: Lines | None = key(
        "What to draw. A template: `brand`, `brands`, `vars` and `asset` can be used in it. A list is joined with one "
        "space.",
        "A stack of coins in rose-gold ({{ brand.colors.primary }}), centered on a pure white background.",
    )
    exclude: list[Text] | None = key(
        "What must not be in the picture; added to the prompt as one sentence, `No text, no logos.`",
        ["text", "typography", "logos", "people", "watermarks"],
    )
    provider: Text | None = key(
        "Who makes the picture: `draft` draws free placeholders here, `kie` is the paid service.",
        "kie",
        default="draft",
    )
    model: Text | None = key(
        "The model that makes the picture. One that assetgen does not know is used as it is named, without a price.",
        "seedream/4.5-text-to-image",
        default="nano-banana-pro",
    )
    aspect_ratio: AspectRatio | None = key("Shape of the picture, width to height.", "16:9", default="1:1")
    resolution: Resolution | None = key(
        "How large the picture is made: `1K`, `2K` or `4K` for images, `480p`, `720p` or `1080p` for videos.",
        "2K",
        default="1K",
    )
    references: (
        Annotated[
            list[
                Annotated[
                    Annotated[Text, Tag(TEXT)] | Annotated[Reference, Tag(MAPPING)],
                    one_of("a path, a URL, `asset:NAME` or a mapping"),
                ]
            ],
            Field(max_length=8),
        ]
        | None
    ) = key(
        "Pictures that the model is shown, at most 8: files of the project, other assets as `asset:NAME`, addresses.",
        ["brand/moodboard.png", "asset:coin", "https://example.com/ref.jpg"],
    )
    input: Free | None = key(
        "Further parameters for the provider, passed on as they are. Where the model is known, each must be what it "
        "takes.",
        {"rendering_speed": "QUALITY"},
    )
    variants: Annotated[int, Field(ge=1, le=8)] | None = key(
        "How many pictures are made to choose from; each is paid for, once. Files are made from the first until "
        "another is picked, with `assetgen pick` or `pick`. The others stay in the store.",
        3,
        default=1,
    )
    pick: Annotated[int, Field(ge=1, le=8)] | None = key(
        "Number of the variant that files are made from. It counts before what `assetgen pick` recorded.", 2
    )
    take: Annotated[int, Field(ge=0, le=1_000_000)] | None = key(
        "A new number asks for a new picture of the same prompt, and going back to an old number brings the old "
        "picture back.",
        1,
        default=0,
    )
    remove_bg: (
        Annotated[
            Annotated[bool, Tag(FLAG)] | Annotated[RemoveBg, Tag(MAPPING)],
            one_of("true, false or a mapping"),
        ]
        | None
    ) = key("Make the background transparent; `remove_bg` means the same.", True, default=False, alias="removeBg")
    sizes: Sizes | None = key(
        "Pixel sizes to make. A number is a width (both edges for a square picture), and the height follows the "
        "picture's own ratio: `16:9` at `2K` is 2752x1536, so a width of 1280 is 714 high. `1280x720` is a box of "
        "exactly that size, filled as `fit` says. A list gives the suffixes `-320`, `-640`; a mapping gives its "
        "labels: `@2x`, or `-hero` for `hero`; `@1x` adds nothing. Without sizes: one output as large as the picture.",
        {"@1x": 24, "@2x": 48, "@3x": 72, "hero": 160},
    )
    fit: Literal["cover", "contain", "inside"] | None = key(
        "How a box is filled: `cover` crops, `contain` pads, `inside` keeps within.", "contain", default="cover"
    )
    background: Colour | None = key("Colour that a transparent picture is put onto.", "#FFFFFF")
    upscale: (
        Annotated[
            Annotated[bool, Tag(FLAG)] | Annotated[Upscale, Tag(MAPPING)],
            one_of("true, false or a mapping"),
        ]
        | None
    ) = key("Let outputs be larger than the picture; a mapping names a paid model that enlarges.", True, default=False)
    formats: (
        Annotated[list[Literal["png", "webp", "avif", "jpg", "mp4", "webm", "gif"]], Field(min_length=1)] | None
    ) = key(
        "File formats, each for every size. A picture can be `png`, `webp`, `avif` and `jpg`; a video `mp4` (the "
        "default, as it was received), `webm`, `gif` and `webp`.",
        ["png", "webp"],
        default=["png"],
    )
    quality: (
        Annotated[
            Annotated[Literal["lossless"], or_else("a mapping of formats to quality, or `lossless`"), Tag(TEXT)]
            | Annotated[QualityByFormat, Tag(MAPPING)],
            one_of("a mapping of formats to quality, or `lossless`"),
        ]
        | None
    ) = key(
        "How well lossy formats keep the picture, 1 to 100 each. `lossless` is for WebP; PNG always is.",
        {"webp": 80, "avif": 60},
    )
    max_bytes: Annotated[int, Field(ge=1)] | None = key(
        "The most bytes that an output may have. Lossy formats are written at the highest quality, up to `quality`, "
        "that fits; a file that cannot be made to fit fails its asset, with the size that it came to.",
        200_000,
    )
    presets: (
        list[
            Annotated[
                Annotated[PresetName, Tag(TEXT)] | Annotated[Preset, Tag(MAPPING)],
                one_of("the name of a preset, or a mapping"),
            ]
        ]
        | None
    ) = key("Families of outputs for a platform.", ["favicon", {"preset": "ios-appicon", "inset": 0.1}])
    filename: Text | None = key(
        "Name of each output below its folder. A template that also knows `name`, `suffix`, `ext`, `size`, `width` "
        "and `height`.",
        "{{ name }}/{{ width }}.{{ ext }}",
        default=DEFAULT_FILENAME,
    )
    output: Text | None = key("Folder that this asset is built into, instead of the manifest's.", "output/icons")
    publish: Folders | None = key(
        "Folder, or folders, that this asset is published to, instead of the manifest's.",
        "mobile/src/assets/images/credits",
    )
    frozen: bool | None = key(
        "Keep a real picture whatever changes, until it is named to be regenerated. What is free follows (sizes, "
        "another pick), what would have to be paid for is noted. A draft is no such picture: it goes on following its "
        "prompt.",
        True,
        default=False,
    )
    provenance: bool | None = key(
        "Mark outputs of generated pictures as such (IPTC digital source type).", False, default=True
    )
    tags: list[Name] | None = key("Words to select assets by: `--tag hero`.", ["hero", "marketing"])
    matrix: (
        dict[
            Name,
            Annotated[
                list[
                    Annotated[
                        Annotated[Name, Tag(TEXT)] | Annotated[int, Tag(NUMBER)], one_of("a name or a whole number")
                    ]
                ],
                Field(min_length=1),
            ],
        ]
        | None
    ) = key(
        "Makes one asset for each combination of these values, `theme-hero-light` and `theme-hero-dark` of "
        "`theme-hero`: the values follow the name in the order in which they are written. Templates know them as "
        "`{{ matrix.theme }}`. `--only theme-hero` means all of them; `moved_from` is the earlier name of the whole.",
        {"theme": ["light", "dark"]},
    )
    grid: Grid | None = key(
        "Cuts one picture into named cells: a set of one style for the price of one picture.",
        {"rows": 1, "columns": 2, "cells": ["coin", "gem"]},
    )
    source: Text | None = key("The still that a video begins with: `asset:NAME`, a path or a URL.", "asset:banner")
    duration: Annotated[int, Field(ge=1, le=60)] | None = key(
        "Seconds of a video; each model knows a few.", 10, default=5
    )
    camera_fixed: bool | None = key("Keep a video's camera still.", True, default=False)
    seed: Annotated[int, Field(ge=-1, le=2_147_483_647)] | None = key(
        "Starting point of a video model's randomness; -1 is a new one each time.", 7
    )
    poster: Poster | None = key("A still of the video.", {"sizes": [640], "formats": ["webp"]})


class Defaults(AssetFields):
    """Values for every asset that does not say otherwise. Mappings merge by key, lists replace."""


class Asset(AssetFields):
    """One named picture or video, and the files that are made from it."""

    moved_from: Name | None = key(
        "An earlier name of this asset, which no asset has any more: its picture, its files and what was decided about "
        "it move along, and nothing is paid. In a `matrix` it is the earlier name of the whole.",
        "coins",
    )
