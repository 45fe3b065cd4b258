"""Models that make videos. https://docs.kie.ai, as of 2026-08-19."""

from __future__ import annotations

from assetgen.catalog.models.field import flag, link, links, number, text
from assetgen.catalog.models.model import Model, Parameter, Pictures
from assetgen.catalog.models.prices import AUGUST, HEARSAY, JUNE, usd
from assetgen.catalog.models.writing import MOVING_WRITES

_CHECKER = flag("nsfw_checker", False)
_CAMERA_FIXED = Parameter("camera_fixed", "camera_fixed", (False, True))
_SEED = Parameter("seed", "seed", least=-1, most=2_147_483_647)
_FIVE_OR_TEN = Parameter("duration", "duration", (5, 10), {5: "5", 10: "10"}, default=5)
_THREE_RESOLUTIONS = Parameter("resolution", "resolution", ("480p", "720p", "1080p"), default="720p")


def _still(wire: str, *, formats: tuple[str, ...] = ("png", "jpeg", "webp"), required: bool = True) -> Pictures:
    """The one picture that a video begins with, as a link of its own."""
    return Pictures(wire, most=1, formats=formats, many=False, numbered=False, required=required)


# --- ByteDance -------------------------------------------------------------------------------------------------------

_V1_PRO_PRICES = (
    usd("0.014", "second", resolution="480p"),
    usd("0.03", "second", resolution="720p"),
    usd("0.07", "second", resolution="1080p"),
)

V1_PRO = Model(
    id="bytedance/v1-pro-image-to-video",
    kind="video",
    prompt_limit=10_000,
    parameters=(_THREE_RESOLUTIONS, _FIVE_OR_TEN, _CAMERA_FIXED, _SEED),
    first_frame=_still("image_url"),
    others=(flag("enable_safety_checker"), _CHECKER),
    prices=_V1_PRO_PRICES,
    priced=HEARSAY,
    writes=MOVING_WRITES,
)

V1_PRO_TEXT = Model(
    id="bytedance/v1-pro-text-to-video",
    kind="video",
    prompt_limit=10_000,
    parameters=(
        Parameter("aspect_ratio", "aspect_ratio", ("21:9", "16:9", "4:3", "1:1", "3:4", "9:16"), default="16:9"),
        _THREE_RESOLUTIONS,
        _FIVE_OR_TEN,
        _CAMERA_FIXED,
        _SEED,
    ),
    others=(flag("enable_safety_checker"), _CHECKER),
    prices=_V1_PRO_PRICES,
    priced=HEARSAY,
    writes=MOVING_WRITES,
)

_SEEDANCE_RATIOS = ("1:1", "4:3", "3:4", "16:9", "9:16", "21:9")

SEEDANCE_15 = Model(
    id="bytedance/seedance-1.5-pro",
    kind="video",
    prompt_least=3,
    prompt_limit=20_000,
    parameters=(
        Parameter("aspect_ratio", "aspect_ratio", _SEEDANCE_RATIOS, default="1:1", required=True),
        _THREE_RESOLUTIONS,
        Parameter("duration", "duration", tuple(range(4, 13)), default=5, required=True),
        Parameter("camera_fixed", "fixed_lens", (False, True)),
    ),
    first_frame=Pictures("input_urls", most=2, numbered=False),
    others=(flag("generate_audio", False), _CHECKER),
    prices=(
        usd("0.00875", "second", resolution="480p", generate_audio=False),
        usd("0.0175", "second", resolution="720p", generate_audio=False),
        usd("0.0375", "second", resolution="1080p", generate_audio=False),
        usd("0.0175", "second", resolution="480p", generate_audio=True),
        usd("0.035", "second", resolution="720p", generate_audio=True),
        usd("0.075", "second", resolution="1080p", generate_audio=True),
    ),
    priced=AUGUST,
    writes=MOVING_WRITES,
)

SEEDANCE_2 = Model(
    id="bytedance/seedance-2",
    kind="video",
    prompt_least=3,
    prompt_limit=20_000,
    parameters=(
        Parameter("aspect_ratio", "aspect_ratio", (*_SEEDANCE_RATIOS, "auto"), {"auto": "adaptive"}, default="16:9"),
        Parameter("resolution", "resolution", ("480p", "720p", "1080p", "4K"), {"4K": "4k"}, default="720p"),
        Parameter("duration", "duration", tuple(range(4, 16)), default=5),
    ),
    others=(
        link("last_frame_url"),
        links("reference_video_urls", 3),
        links("reference_audio_urls", 3),
        flag("generate_audio", True),
        flag("return_last_frame", False),
        flag("web_search"),
    ),
    first_frame=_still("first_frame_url", required=False),
    pictures=Pictures("reference_image_urls", most=9, max_bytes=30_000_000, max_edge=6000),
    prices=(
        usd("0.095", "second", resolution="480p", reference_video_urls=None),
        usd("0.205", "second", resolution="720p", reference_video_urls=None),
        usd("0.51", "second", resolution="1080p", reference_video_urls=None),
    ),
    priced=JUNE,
    writes=MOVING_WRITES,
)

# --- Kling and Hailuo ------------------------------------------------------------------------------------------------

_KLING_26_PRICES = (
    usd("0.275", "video", duration="5", sound=False),
    usd("0.55", "video", duration="10", sound=False),
    usd("0.55", "video", duration="5", sound=True),
    usd("1.10", "video", duration="10", sound=True),
)
_KLING_26_DURATION = Parameter("duration", "duration", (5, 10), {5: "5", 10: "10"}, default=5, required=True)
_KLING_26_SOUND = flag("sound", required=True)

KLING_26 = Model(
    id="kling-2.6/image-to-video",
    kind="video",
    prompt_limit=1_000,
    parameters=(_KLING_26_DURATION,),
    first_frame=Pictures("image_urls", most=1, formats=("png", "jpeg"), numbered=False, required=True),
    others=(_KLING_26_SOUND,),
    fixed={"sound": False},
    prices=_KLING_26_PRICES,
    priced=AUGUST,
    writes=MOVING_WRITES,
)

KLING_26_TEXT = Model(
    id="kling-2.6/text-to-video",
    kind="video",
    prompt_limit=1_000,
    parameters=(
        Parameter("aspect_ratio", "aspect_ratio", ("1:1", "16:9", "9:16"), default="1:1", required=True),
        _KLING_26_DURATION,
    ),
    others=(_KLING_26_SOUND,),
    fixed={"sound": False},
    prices=_KLING_26_PRICES,
    priced=AUGUST,
    writes=MOVING_WRITES,
)

_KLING_25_OTHERS = (text("negative_prompt", 500), number("cfg_scale", 0, 1, 0.5))
_KLING_25_PRICES = (usd("0.21", "video", duration="5"), usd("0.42", "video", duration="10"))

KLING_25_TURBO = Model(
    id="kling/v2-5-turbo-image-to-video-pro",
    kind="video",
    prompt_limit=2_500,
    parameters=(_FIVE_OR_TEN,),
    first_frame=_still("image_url", formats=("png", "jpeg")),
    others=(link("tail_image_url"), *_KLING_25_OTHERS),
    prices=_KLING_25_PRICES,
    priced=AUGUST,
    writes=MOVING_WRITES,
)

HAILUO_23_PRO = Model(
    id="hailuo/2-3-image-to-video-pro",
    kind="video",
    prompt_limit=5_000,
    parameters=(
        Parameter("resolution", "resolution", ("768p", "1080p"), {"768p": "768P", "1080p": "1080P"}, default="768p"),
        Parameter("duration", "duration", (6, 10), {6: "6", 10: "10"}, default=6),
    ),
    first_frame=_still("image_url"),
    others=(_CHECKER,),
    impossible=({"resolution": ("1080p",), "duration": (10,)},),
    prices=(
        usd("0.45", "video", resolution="768P", duration="10"),
        usd("0.40", "video", resolution="1080P", duration="6"),
    ),
    priced=JUNE,
    writes=MOVING_WRITES,
)

VIDEO = (V1_PRO, V1_PRO_TEXT, SEEDANCE_15, SEEDANCE_2, KLING_26, KLING_26_TEXT, KLING_25_TURBO, HAILUO_23_PRO)
