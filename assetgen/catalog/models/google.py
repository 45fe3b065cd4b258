"""Google's models for stills. https://docs.kie.ai, as of 2026-08-19."""

from __future__ import annotations

from assetgen.catalog.models.field import choice, flag, text, whole
from assetgen.catalog.models.model import Model, Parameter, Pictures
from assetgen.catalog.models.prices import AUGUST, usd
from assetgen.catalog.models.writing import (
    GEMINI_3_FLASH_WRITES,
    GEMINI_25_FLASH_WRITES,
    GEMINI_PRO_WRITES,
    IMAGEN_4_WRITES,
)

_NANO_BANANA_1K = {
    "1:1": (1024, 1024),
    "2:3": (848, 1264),
    "3:2": (1264, 848),
    "3:4": (896, 1200),
    "4:3": (1200, 896),
    "4:5": (928, 1152),
    "5:4": (1152, 928),
    "9:16": (768, 1376),
    "16:9": (1376, 768),
    "21:9": (1584, 672),
}

_RESOLUTIONS = Parameter("resolution", "resolution", ("1K", "2K", "4K"), default="1K")

NANO_BANANA_PRO = Model(
    id="nano-banana-pro",
    prompt_limit=10_000,
    parameters=(Parameter("aspect_ratio", "aspect_ratio", (*_NANO_BANANA_1K, "auto"), default="1:1"), _RESOLUTIONS),
    pictures=Pictures("image_input", most=8, max_bytes=30_000_000),
    others=(choice("output_format", "png jpg", default="png"),),
    sizes={
        (ratio, resolution): (width * factor, height * factor)
        for ratio, (width, height) in _NANO_BANANA_1K.items()
        for resolution, factor in (("1K", 1), ("2K", 2), ("4K", 4))
    },
    prices=(usd("0.09", resolution="1K"), usd("0.09", resolution="2K"), usd("0.12", resolution="4K")),
    priced=AUGUST,
    writes=GEMINI_PRO_WRITES,
    fixed={"output_format": "png"},
)

_LONG_RATIOS = (*_NANO_BANANA_1K, "1:4", "4:1", "1:8", "8:1", "auto")

NANO_BANANA_2 = Model(
    id="nano-banana-2",
    prompt_limit=20_000,
    parameters=(Parameter("aspect_ratio", "aspect_ratio", _LONG_RATIOS, default="auto"), _RESOLUTIONS),
    pictures=Pictures("image_input", most=14, max_bytes=30_000_000),
    others=(choice("output_format", "png jpg", default="jpg"),),
    prices=(usd("0.04", resolution="1K"), usd("0.06", resolution="2K"), usd("0.09", resolution="4K")),
    priced=AUGUST,
    writes=GEMINI_3_FLASH_WRITES,
    fixed={"output_format": "png"},
)

NANO_BANANA_2_LITE = Model(
    id="nano-banana-2-lite",
    prompt_limit=20_000,
    parameters=(Parameter("aspect_ratio", "aspect_ratio", _LONG_RATIOS, default="auto", required=True),),
    pictures=Pictures("image_urls", most=10, max_bytes=30_000_000),
    prices=(usd("0.02"),),
    priced=AUGUST,
)

_NANO_BANANA_RATIOS = Parameter("aspect_ratio", "aspect_ratio", (*_NANO_BANANA_1K, "auto"), default="1:1")

NANO_BANANA = Model(
    id="google/nano-banana",
    edited_by="google/nano-banana-edit",
    prompt_limit=5_000,
    parameters=(_NANO_BANANA_RATIOS,),
    others=(choice("output_format", "png jpeg", default="png"), flag("nsfw_checker", False)),
    prices=(usd("0.02"),),
    priced=AUGUST,
    writes=GEMINI_25_FLASH_WRITES,
    fixed={"output_format": "png"},
)

NANO_BANANA_EDIT = Model(
    id="google/nano-banana-edit",
    kind="edit",
    prompt_limit=5_000,
    parameters=(_NANO_BANANA_RATIOS,),
    pictures=Pictures("image_urls", most=10, required=True),
    others=(choice("output_format", "png jpeg", default="png"),),
    prices=(usd("0.02"),),
    priced=AUGUST,
    writes=GEMINI_25_FLASH_WRITES,
    fixed={"output_format": "png"},
)

_IMAGEN_RATIOS = ("1:1", "16:9", "9:16", "3:4", "4:3", "auto")

IMAGEN_4 = Model(
    id="google/imagen4",
    prompt_limit=5_000,
    parameters=(Parameter("aspect_ratio", "aspect_ratio", _IMAGEN_RATIOS, default="1:1"),),
    others=(text("negative_prompt", 5_000), text("seed", 500)),
    prices=(usd("0.04"),),
    priced=AUGUST,
    writes=IMAGEN_4_WRITES,
)

IMAGEN_4_FAST = Model(
    id="google/imagen4-fast",
    prompt_limit=5_000,
    parameters=(Parameter("aspect_ratio", "aspect_ratio", _IMAGEN_RATIOS, default="16:9"),),
    others=(text("negative_prompt", 5_000), whole("seed")),
    prices=(usd("0.02"),),
    priced=AUGUST,
    writes=IMAGEN_4_WRITES,
)

IMAGEN_4_ULTRA = Model(
    id="google/imagen4-ultra",
    prompt_limit=5_000,
    parameters=(Parameter("aspect_ratio", "aspect_ratio", _IMAGEN_RATIOS, default="1:1"),),
    others=(text("negative_prompt", 5_000), text("seed", 500)),
    prices=(usd("0.06"),),
    priced=AUGUST,
    writes=IMAGEN_4_WRITES,
)

GOOGLE = (
    NANO_BANANA_PRO,
    NANO_BANANA_2,
    NANO_BANANA_2_LITE,
    NANO_BANANA,
    NANO_BANANA_EDIT,
    IMAGEN_4,
    IMAGEN_4_FAST,
    IMAGEN_4_ULTRA,
)
