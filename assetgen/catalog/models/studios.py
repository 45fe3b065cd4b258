"""Models for stills of further makers: FLUX.2, Z-Image, Qwen, Wan, Ideogram and Grok. https://docs.kie.ai, as of
2026-08-19."""

from __future__ import annotations

from collections.abc import Mapping

from assetgen.catalog.models.field import choice, entries, flag, number, text, whole
from assetgen.catalog.models.model import Model, Parameter, Pictures
from assetgen.catalog.models.prices import AUGUST, JUNE, usd
from assetgen.catalog.models.writing import FLUX_2_WRITES, IDEOGRAM_WRITES, QWEN_WRITES, Z_IMAGE_WRITES
from assetgen.digest import Json

_CHECKER = flag("nsfw_checker", False)
_FORMAT = choice("output_format", "png jpeg", default="png")


def _ratios(values: str, default: str = "1:1", *, required: bool = False, wire: str = "aspect_ratio") -> Parameter:
    return Parameter("aspect_ratio", wire, tuple(values.split()), default=default, required=required)


# --- FLUX.2 ----------------------------------------------------------------------------------------------------------

_FLUX_RATIOS = "1:1 4:3 3:4 16:9 9:16 3:2 2:3"
_FLUX_RESOLUTIONS = Parameter("resolution", "resolution", ("1K", "2K"), default="1K", required=True)
_FLUX_IMAGES = Pictures("input_urls", most=8, required=True)
_FLUX_PRO_PRICES = (usd("0.025", resolution="1K"), usd("0.035", resolution="2K"))
_FLUX_FLEX_PRICES = (usd("0.07", resolution="1K"), usd("0.12", resolution="2K"))

FLUX_2_PRO = Model(
    id="flux-2/pro-text-to-image",
    edited_by="flux-2/pro-image-to-image",
    prompt_least=3,
    prompt_limit=5_000,
    parameters=(_ratios(_FLUX_RATIOS, required=True), _FLUX_RESOLUTIONS),
    others=(_CHECKER,),
    prices=_FLUX_PRO_PRICES,
    priced=AUGUST,
    writes=FLUX_2_WRITES,
)

FLUX_2_PRO_EDIT = Model(
    id="flux-2/pro-image-to-image",
    kind="edit",
    prompt_least=3,
    prompt_limit=5_000,
    parameters=(_ratios(f"{_FLUX_RATIOS} auto", required=True), _FLUX_RESOLUTIONS),
    pictures=_FLUX_IMAGES,
    others=(_CHECKER,),
    prices=_FLUX_PRO_PRICES,
    priced=AUGUST,
    writes=FLUX_2_WRITES,
)

FLUX_2_FLEX = Model(
    id="flux-2/flex-text-to-image",
    edited_by="flux-2/flex-image-to-image",
    prompt_least=3,
    prompt_limit=5_000,
    parameters=(_ratios(_FLUX_RATIOS, required=True), _FLUX_RESOLUTIONS),
    others=(_CHECKER,),
    prices=_FLUX_FLEX_PRICES,
    priced=AUGUST,
    writes=FLUX_2_WRITES,
)

FLUX_2_FLEX_EDIT = Model(
    id="flux-2/flex-image-to-image",
    kind="edit",
    prompt_least=3,
    prompt_limit=5_000,
    parameters=(_ratios(f"{_FLUX_RATIOS} auto", required=True), _FLUX_RESOLUTIONS),
    pictures=_FLUX_IMAGES,
    others=(_CHECKER,),
    prices=_FLUX_FLEX_PRICES,
    priced=AUGUST,
    writes=FLUX_2_WRITES,
)

# --- Z-Image and Qwen ------------------------------------------------------------------------------------------------

Z_IMAGE = Model(
    id="z-image",
    prompt_limit=1_000,
    parameters=(_ratios("1:1 4:3 3:4 16:9 9:16", required=True),),
    others=(_CHECKER,),
    prices=(usd("0.004"),),
    priced=AUGUST,
    writes=Z_IMAGE_WRITES,
)

_SIZE_WORDS: Mapping[str | int, Json] = {
    "1:1": "square_hd",
    "3:4": "portrait_4_3",
    "9:16": "portrait_16_9",
    "4:3": "landscape_4_3",
    "16:9": "landscape_16_9",
}
"""What `image_size` calls the ratios. `square`, a smaller square, is not among them."""


def _named_sizes(default: str = "1:1") -> Parameter:
    return Parameter("aspect_ratio", "image_size", tuple(_SIZE_WORDS), _SIZE_WORDS, default=default)


_QWEN_OTHERS = (
    choice("acceleration", "none regular high", default="none"),
    flag("enable_safety_checker"),
    text("negative_prompt", 500),
    _FORMAT,
    whole("seed"),
    _CHECKER,
)

_QWEN_IMAGE = Pictures("image_url", most=1, required=True, many=False, numbered=False)

QWEN = Model(
    id="qwen/text-to-image",
    edited_by="qwen/image-edit",
    prompt_limit=5_000,
    parameters=(_named_sizes(),),
    others=(number("guidance_scale", 0, 20, 2.5), number("num_inference_steps", 2, 250, 30), *_QWEN_OTHERS),
    fixed={"output_format": "png"},
    prices=(usd("0.02", "megapixel"),),
    priced=AUGUST,
    writes=QWEN_WRITES,
)

QWEN_TO_IMAGE = Model(
    id="qwen/image-to-image",
    edited_by="qwen/image-edit",
    kind="edit",
    prompt_limit=5_000,
    pictures=_QWEN_IMAGE,
    others=(
        number("guidance_scale", 0, 20, 2.5),
        number("num_inference_steps", 2, 250, 30),
        number("strength", 0, 1, 0.8),
        *_QWEN_OTHERS,
    ),
    fixed={"output_format": "png"},
    prices=(usd("0.02", "megapixel"),),
    priced=AUGUST,
    writes=QWEN_WRITES,
)

QWEN_EDIT = Model(
    id="qwen/image-edit",
    kind="edit",
    prompt_limit=2_000,
    parameters=(_named_sizes("4:3"),),
    pictures=_QWEN_IMAGE,
    others=(
        number("guidance_scale", 0, 20, 4),
        number("num_inference_steps", 2, 49, 25),
        choice("num_images", "1 2 3 4"),
        flag("sync_mode"),
        *_QWEN_OTHERS,
    ),
    fixed={"output_format": "png", "num_images": "1"},
    prices=(usd("0.03", "megapixel"),),
    priced=AUGUST,
    writes=QWEN_WRITES,
)

QWEN_2 = Model(
    id="qwen2/text-to-image",
    prompt_limit=800,
    parameters=(_ratios("1:1 3:4 4:3 9:16 16:9", "16:9", wire="image_size"),),
    others=(_FORMAT, whole("seed"), _CHECKER),
    fixed={"output_format": "png"},
    prices=(usd("0.028"),),
    priced=AUGUST,
    writes=QWEN_WRITES,
)

# --- Wan -------------------------------------------------------------------------------------------------------------

_WAN = (
    _ratios("1:1 16:9 4:3 21:9 3:4 9:16 8:1 1:8"),
    Parameter("resolution", "resolution", ("1K", "2K", "4K"), default="2K"),
)
_WAN_OTHERS = (
    entries("bbox_list"),
    entries("color_palette", 10, least=3),
    flag("enable_sequential", False),
    flag("thinking_mode", False),
    flag("watermark", False),
    whole("n", 1, 12),
    whole("seed", 0, 2_147_483_647, 0),
)

WAN_27 = Model(
    id="wan/2-7-image",
    prompt_limit=5_000,
    parameters=_WAN,
    others=(*_WAN_OTHERS, _CHECKER),
    pictures=Pictures("input_urls", most=9),
    fixed={"n": 1},
    prices=(usd("0.024", n=1),),
    priced=AUGUST,
    remark="The service makes four pictures when `n` is not said; assetgen asks for one.",
)

WAN_27_PRO = Model(
    id="wan/2-7-image-pro",
    prompt_limit=5_000,
    parameters=_WAN,
    others=_WAN_OTHERS,
    pictures=Pictures("input_urls", most=9),
    fixed={"n": 1},
    prices=(usd("0.06", n=1),),
    priced=AUGUST,
    remark="The service makes four pictures when `n` is not said; assetgen asks for one.",
)

# --- Ideogram and Grok -----------------------------------------------------------------------------------------------

IDEOGRAM_V3 = Model(
    id="ideogram/v3-text-to-image",
    prompt_limit=5_000,
    parameters=(_named_sizes(),),
    others=(
        choice("rendering_speed", "TURBO BALANCED QUALITY"),
        choice("style", "AUTO GENERAL REALISTIC DESIGN"),
        flag("expand_prompt"),
        text("negative_prompt", 5_000),
        whole("seed"),
    ),
    fixed={"rendering_speed": "BALANCED", "expand_prompt": False},
    prices=(
        usd("0.0175", rendering_speed="TURBO"),
        usd("0.035", rendering_speed="BALANCED"),
        usd("0.05", rendering_speed="QUALITY"),
    ),
    priced=AUGUST,
    writes=IDEOGRAM_WRITES,
    remark="Draws the prompt as it is written; `input: {expand_prompt: true}` lets the service rewrite it.",
)

GROK_IMAGINE = Model(
    id="grok-imagine/text-to-image",
    prompt_limit=5_000,
    parameters=(_ratios("2:3 3:2 1:1 16:9 9:16"),),
    others=(flag("enable_pro"), _CHECKER),
    fixed={"enable_pro": False},
    prices=(usd("0.02", enable_pro=False), usd("0.025", enable_pro=True)),
    priced=JUNE,
    remark="One charge makes several pictures; the first is taken.",
)

STUDIOS = (
    FLUX_2_PRO,
    FLUX_2_PRO_EDIT,
    FLUX_2_FLEX,
    FLUX_2_FLEX_EDIT,
    Z_IMAGE,
    QWEN,
    QWEN_TO_IMAGE,
    QWEN_EDIT,
    QWEN_2,
    WAN_27,
    WAN_27_PRO,
    IDEOGRAM_V3,
    GROK_IMAGINE,
)
