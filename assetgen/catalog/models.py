"""The models that are known: what they accept, what they return and what they cost. Data, no I/O.

Facts are the service's own documentation and price list as read on the dates given; a change here re-keys and never
makes an asset stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from assetgen.digest import Json

PRICES_AS_OF = "2026-08-11"
"""Day of the price list that the table below was taken from."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A manifest-level parameter that a model understands, the name it has on the wire, and its allowed values."""

    name: str
    wire: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pictures:
    """The input of a model that takes pictures: its name on the wire, how many it takes, and what each may be at most,
    in bytes and in pixels along the longer edge (None: no limit is documented). Without `many` it is one link, not a
    list; what is `numbered` is called `Image 1`, `Image 2` before the prompt."""

    wire: str
    most: int
    max_bytes: int
    max_edge: int | None = None
    formats: tuple[str, ...] = ("png", "jpeg", "webp")
    many: bool = True
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Model:
    """One model of one provider.

    `sizes` maps (aspect ratio, resolution) to the expected (width, height) in pixels; `prices` maps a resolution to
    US dollars a picture. `fixed` are wire parameters that are always sent. `pictures` is None for a model that makes
    its picture from words alone.
    """

    id: str
    provider: str
    kind: Literal["image", "video"]
    prompt_limit: int
    parameters: tuple[Parameter, ...]
    sizes: Mapping[tuple[str, str], tuple[int, int]]
    prices: Mapping[str, Decimal]
    fixed: Mapping[str, Json]
    pictures: Pictures | None = None

    def parameter(self, name: str) -> Parameter | None:
        return next((p for p in self.parameters if p.name == name), None)

    def price(self, parameters: Mapping[str, Json]) -> Decimal | None:
        """US dollars for one picture, None when unknown."""
        return self.prices.get(str(parameters.get("resolution")))

    def size(self, parameters: Mapping[str, Json]) -> tuple[int, int] | None:
        """Expected (width, height) in pixels, None when unknown. `auto` is planned as square."""
        ratio = parameters.get("aspect_ratio")
        return self.sizes.get(("1:1" if ratio == "auto" else str(ratio), str(parameters.get("resolution"))))


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

NANO_BANANA_PRO = Model(
    id="nano-banana-pro",
    provider="kie",
    kind="image",
    prompt_limit=10_000,
    parameters=(
        Parameter("aspect_ratio", "aspect_ratio", (*_NANO_BANANA_1K, "auto")),
        Parameter("resolution", "resolution", ("1K", "2K", "4K")),
    ),
    sizes={
        (ratio, resolution): (width * factor, height * factor)
        for ratio, (width, height) in _NANO_BANANA_1K.items()
        for resolution, factor in (("1K", 1), ("2K", 2), ("4K", 4))
    },
    prices={"1K": Decimal("0.09"), "2K": Decimal("0.09"), "4K": Decimal("0.12")},
    fixed={"output_format": "png"},
    pictures=Pictures("image_input", most=8, max_bytes=30_000_000),
)

MODELS: Mapping[str, Model] = {model.id: model for model in (NANO_BANANA_PRO,)}
