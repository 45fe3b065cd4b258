"""OpenAI's models for stills, as KIE offers them. https://docs.kie.ai, as of 2026-08-19."""

from __future__ import annotations

from collections.abc import Mapping

from assetgen.catalog.models.field import choice
from assetgen.catalog.models.model import Model, Parameter, Pictures
from assetgen.catalog.models.prices import AUGUST, usd
from assetgen.catalog.models.writing import GPT_IMAGE_WRITES
from assetgen.digest import Json

_GPT_15_RATIOS = ("1:1", "2:3", "3:2")
_GPT_15_PRICES = (usd("0.02", quality="medium"), usd("0.11", quality="high"))

GPT_IMAGE_15 = Model(
    id="gpt-image/1.5-text-to-image",
    edited_by="gpt-image/1.5-image-to-image",
    parameters=(Parameter("aspect_ratio", "aspect_ratio", _GPT_15_RATIOS, default="1:1", required=True),),
    others=(choice("quality", "medium high", default="medium", required=True),),
    prices=_GPT_15_PRICES,
    priced=AUGUST,
    writes=GPT_IMAGE_WRITES,
)

GPT_IMAGE_15_EDIT = Model(
    id="gpt-image/1.5-image-to-image",
    kind="edit",
    parameters=(Parameter("aspect_ratio", "aspect_ratio", _GPT_15_RATIOS, default="3:2", required=True),),
    pictures=Pictures("input_urls", most=16, required=True),
    others=(choice("quality", "medium high", default="medium", required=True),),
    prices=_GPT_15_PRICES,
    priced=AUGUST,
    writes=GPT_IMAGE_WRITES,
)

_GPT_2_RATIOS = (
    "auto",
    "1:1",
    "3:2",
    "2:3",
    "4:3",
    "3:4",
    "5:4",
    "4:5",
    "16:9",
    "9:16",
    "2:1",
    "1:2",
    "3:1",
    "1:3",
    "21:9",
    "9:21",
)
_GPT_2 = (
    Parameter("aspect_ratio", "aspect_ratio", _GPT_2_RATIOS, default="auto"),
    Parameter("resolution", "resolution", ("1K", "2K", "4K"), default="1K"),
)
_GPT_2_IMPOSSIBLE: tuple[Mapping[str, tuple[Json, ...]], ...] = (
    {"aspect_ratio": ("auto",), "resolution": ("2K", "4K")},
    {"aspect_ratio": ("1:1",), "resolution": ("4K",)},
    {"aspect_ratio": ("5:4", "4:5", "3:1", "1:3", "9:21"), "resolution": ("2K", "4K")},
)
_GPT_2_PRICES = (usd("0.03", resolution="1K"), usd("0.05", resolution="2K"), usd("0.08", resolution="4K"))

GPT_IMAGE_2 = Model(
    id="gpt-image-2-text-to-image",
    edited_by="gpt-image-2-image-to-image",
    prompt_limit=20_000,
    parameters=_GPT_2,
    impossible=_GPT_2_IMPOSSIBLE,
    prices=_GPT_2_PRICES,
    priced=AUGUST,
    writes=GPT_IMAGE_WRITES,
)

GPT_IMAGE_2_EDIT = Model(
    id="gpt-image-2-image-to-image",
    kind="edit",
    prompt_limit=20_000,
    parameters=_GPT_2,
    pictures=Pictures("input_urls", most=16, required=True),
    impossible=_GPT_2_IMPOSSIBLE,
    prices=_GPT_2_PRICES,
    priced=AUGUST,
    writes=GPT_IMAGE_WRITES,
)

OPENAI = (GPT_IMAGE_15, GPT_IMAGE_15_EDIT, GPT_IMAGE_2, GPT_IMAGE_2_EDIT)
