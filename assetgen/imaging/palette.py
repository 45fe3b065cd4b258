"""Colours of placeholders: from a brand's palette to a base, companions and legible text. Arithmetic only.

Uses nothing but + - * / and sqrt on the way to a pixel, which IEEE 754 rounds alike everywhere: equal palettes give
equal colours on every machine.
"""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

from PIL import ImageColor

Color: TypeAlias = tuple[int, int, int]
"""Red, green, blue in sRGB, 0-255."""

WHITE: Color = (255, 255, 255)
INK: Color = (15, 20, 32)
_NEUTRAL: Color = (88, 101, 242)
"""The base when a brand has no colours at all."""

_LEADING = ("primary", "brand", "main", "base", "accent", "secondary")
"""Names that designers give to the colour that a brand is known by, strongest first."""


_DARK = 0.4
"""Relative luminance below which white words look right on a colour."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a placeholder is painted with. `deep` and `lift` are darker and lighter relatives of `base`; `partner` is
    the brand's second voice, or a neighbour of `base` on the colour wheel; `spark` is for small accents, and `veil`
    for translucent layers and lines."""

    base: Color
    deep: Color
    lift: Color
    partner: Color
    spark: Color
    veil: Color


def scheme_of(colors: Mapping[str, str]) -> Scheme:
    """The scheme of a palette (name to any CSS colour). The order of the mapping does not matter. Raises ValueError
    for something that is not a colour."""
    palette = _by_importance(colors)
    vivid = [color for color in palette if _is_vivid(color)]
    base = (vivid or palette or [_NEUTRAL])[0]
    pale = luminance(base) > 0.55
    others = [color for color in vivid[1:] if _distance(color, base) >= 60]
    partner = others[0] if others else _neighbour(base)
    return Scheme(
        base=base,
        deep=mix(base, _shade(base), 0.22 if pale else 0.6),
        lift=mix(base, WHITE, 0.5 if pale else 0.38),
        partner=partner,
        spark=max([*others, mix(partner, WHITE, 0.6)], key=lambda color: (contrast(color, base), color)),
        veil=mix(base, _shade(base), 0.3) if luminance(base) > 0.75 else WHITE,
    )


def text_on(tone: Color) -> Color:
    """White or ink, whichever people expect on this colour; it may still need shade to be legible."""
    return WHITE if luminance(tone) < _DARK else INK


def luminance(color: Color) -> float:
    """Relative luminance from 0 to 1 (WCAG 2.2)."""
    red, green, blue = (_linear(channel / 255) for channel in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def shaded_until(color: Color, text: Color, ratio: float) -> Color:
    """`color`, darkened (for white words) or lightened just enough for `text` to stand out by `ratio`."""
    end = _shade(color) if text == WHITE else WHITE
    steps = (mix(color, end, step / 16) for step in range(17))
    return next((step for step in steps if contrast(step, text) >= ratio), end)


def mix(first: Color, second: Color, share: float) -> Color:
    """`share` of `second` in `first`, blended in (roughly) linear light so that the middle does not turn muddy."""
    red, green, blue = (
        int(sqrt(one * one * (1 - share) + two * two * share) + 0.5) for one, two in zip(first, second, strict=True)
    )
    return red, green, blue


def contrast(first: Color, second: Color) -> float:
    """Contrast ratio from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _by_importance(colors: Mapping[str, str]) -> list[Color]:
    def rank(item: tuple[str, str]) -> tuple[int, str]:
        name = item[0].casefold()
        return (_LEADING.index(name) if name in _LEADING else len(_LEADING), name)

    return [color_of(value) for _, value in sorted(colors.items(), key=rank)]


def color_of(text: str) -> Color:
    """A CSS colour. Raises ValueError for something else."""
    red, green, blue = ImageColor.getrgb(text)[:3]
    return red, green, blue


def _is_vivid(color: Color) -> bool:
    """Whether people would call this a colour; pastels are, near-blacks and off-whites are not."""
    return _chroma(color) >= (0.18 if luminance(color) < 0.1 else 0.1)


def _chroma(color: Color) -> float:
    return (max(color) - min(color)) / 255


def _distance(first: Color, second: Color) -> int:
    return sum(abs(one - two) for one, two in zip(first, second, strict=True))


def _shade(color: Color) -> Color:
    """Almost black, with a trace of the colour."""
    red, green, blue = (channel * 34 // 255 for channel in color)
    return red, green, blue + 8


def _neighbour(color: Color) -> Color:
    """The colour a tenth of the wheel away, on the side where it stays warm or cool: yellow goes to orange, not to
    lime. Greys, which have no place on the wheel, get a cool relative."""
    hue, light, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in color))
    if saturation < 0.12 or _chroma(color) < 0.06:
        return mix(color, (120, 136, 164) if light > 0.5 else (96, 108, 136), 0.5)
    turn = -0.085 if 0.06 < hue < 0.3 else 0.095
    red, green, blue = (int(channel * 255 + 0.5) for channel in colorsys.hls_to_rgb(hue + turn, light, saturation))
    return red, green, blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
