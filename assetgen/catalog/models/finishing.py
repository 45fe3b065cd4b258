"""Models that work on a finished picture: larger, or without its background. https://docs.kie.ai, as of 2026-08-19."""

from __future__ import annotations

from decimal import Decimal

from assetgen.catalog.models.field import choice
from assetgen.catalog.models.model import Model, Pictures, Tier
from assetgen.catalog.models.prices import AUGUST, usd

REMOVE_BACKGROUND = Model(
    id="recraft/remove-background",
    kind="remove-background",
    pictures=Pictures(
        "image",
        most=1,
        max_bytes=5_000_000,
        max_edge=4096,
        min_edge=256,
        max_pixels=16_000_000,
        many=False,
        numbered=False,
        required=True,
    ),
    prices=(usd("0.005"),),
    priced=AUGUST,
)

CRISP_UPSCALE = Model(
    id="recraft/crisp-upscale",
    kind="upscale",
    pictures=Pictures("image", most=1, many=False, numbered=False, required=True),
    prices=(usd("0.0025"),),
    priced=AUGUST,
    remark="The service does not say how many times larger the result is.",
)

TOPAZ_UPSCALE = Model(
    id="topaz/image-upscale",
    kind="upscale",
    pictures=Pictures("image_url", most=1, many=False, numbered=False, required=True),
    others=(choice("upscale_factor", "1 2 4", default="2", required=True),),
    factors={2: "2", 4: "4"},
    longest_edge=20_000,
    tiers=(Tier(2048, Decimal("0.05")), Tier(4096, Decimal("0.10")), Tier(8192, Decimal("0.20"))),
    priced=AUGUST,
    remark="Paid by the size of the result: up to 2K, 4K and 8K.",
)

FINISHING = (REMOVE_BACKGROUND, CRISP_UPSCALE, TOPAZ_UPSCALE)
