"""ByteDance's Seedream models for stills. https://docs.kie.ai, as of 2026-08-19.

They have a `quality` where others have a resolution; the words are mapped to the resolution that they stand for.
"""

from __future__ import annotations

from assetgen.catalog.models.field import choice, flag
from assetgen.catalog.models.model import Model, Parameter, Pictures
from assetgen.catalog.models.prices import AUGUST, usd
from assetgen.catalog.models.writing import SEEDREAM_WRITES
from assetgen.digest import Json

_RATIOS = Parameter(
    "aspect_ratio",
    "aspect_ratio",
    ("1:1", "4:3", "3:4", "16:9", "9:16", "2:3", "3:2", "21:9"),
    default="1:1",
    required=True,
)
_CHECKER = flag("nsfw_checker", False)
_FORMAT = choice("output_format", "png jpeg", default="png")


def _quality(default: str, **words: str) -> Parameter:
    """`quality`, whose words stand for resolutions: basic="2K" and so on."""
    spelled: dict[str | int, Json] = {resolution: word for word, resolution in words.items()}
    return Parameter("resolution", "quality", tuple(spelled), spelled, default=default, required=True)


_QUALITY_45 = _quality("2K", basic="2K", high="4K")
_QUALITY_5_LITE = _quality("2K", basic="2K", high="3K", ultra="4K")
_QUALITY_5_PRO = _quality("1K", basic="1K", high="2K")

SEEDREAM_45 = Model(
    id="seedream/4.5-text-to-image",
    edited_by="seedream/4.5-edit",
    prompt_limit=3_000,
    parameters=(_RATIOS, _QUALITY_45),
    others=(_CHECKER,),
    prices=(usd("0.0325"),),
    priced=AUGUST,
    writes=SEEDREAM_WRITES,
)

SEEDREAM_45_EDIT = Model(
    id="seedream/4.5-edit",
    kind="edit",
    prompt_limit=3_000,
    parameters=(_RATIOS, _QUALITY_45),
    pictures=Pictures("image_urls", most=14, required=True),
    others=(_CHECKER,),
    prices=(usd("0.0325"),),
    priced=AUGUST,
    writes=SEEDREAM_WRITES,
)

SEEDREAM_5_LITE = Model(
    id="seedream/5-lite-text-to-image",
    edited_by="seedream/5-lite-image-to-image",
    prompt_least=3,
    prompt_limit=3_000,
    parameters=(_RATIOS, _QUALITY_5_LITE),
    others=(_FORMAT, _CHECKER),
    fixed={"output_format": "png"},
    prices=(usd("0.0275"),),
    priced=AUGUST,
    writes=SEEDREAM_WRITES,
)

SEEDREAM_5_LITE_EDIT = Model(
    id="seedream/5-lite-image-to-image",
    kind="edit",
    prompt_least=3,
    prompt_limit=3_000,
    parameters=(_RATIOS, _QUALITY_5_LITE),
    pictures=Pictures("image_urls", most=14, required=True),
    others=(_FORMAT, _CHECKER),
    fixed={"output_format": "png"},
    prices=(usd("0.0275"),),
    priced=AUGUST,
    writes=SEEDREAM_WRITES,
)

SEEDREAM_5_PRO = Model(
    id="seedream/5-pro-text-to-image",
    prompt_least=3,
    prompt_limit=5_000,
    parameters=(_RATIOS, _QUALITY_5_PRO),
    others=(_FORMAT, _CHECKER),
    fixed={"output_format": "png"},
    prices=(usd("0.035", quality="basic"), usd("0.07", quality="high")),
    priced=AUGUST,
    writes=SEEDREAM_WRITES,
)

SEEDREAM = (SEEDREAM_45, SEEDREAM_45_EDIT, SEEDREAM_5_LITE, SEEDREAM_5_LITE_EDIT, SEEDREAM_5_PRO)
