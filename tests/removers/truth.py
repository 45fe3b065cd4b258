"""Ground truth for background removal: subjects whose alpha and colours are known, put on backgrounds, and how far a
cutout is from them.

A subject is drawn several times too large and averaged down, composed over its background in sRGB values, and where
asked squeezed through JPEG as services do. Everything is deterministic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from random import Random
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Color: TypeAlias = tuple[int, int, int]
Floats: TypeAlias = npt.NDArray[np.float64]

WHITE, GREY, BRAND, INK = (255, 255, 255), (128, 130, 134), (236, 72, 153), (15, 23, 42)
AMBER, VIOLET, TEAL = (245, 158, 11), (109, 40, 217), (13, 148, 136)
BLACK = (0, 0, 0)

_FINE = 4
"""Shapes are drawn this many times larger."""


@dataclass(frozen=True, slots=True)
class Noise:
    """What the picture went through: grain (the spread of its noise in levels), then JPEG or WebP of a quality, with
    colour at full or half resolution; or nothing."""

    quality: int | None = None
    subsampling: str = "4:4:4"
    codec: str = "JPEG"
    grain: float = 0.0

    def __str__(self) -> str:
        coded = "lossless" if self.quality is None else f"{self.codec.lower()} {self.quality} {self.subsampling}"
        return f"{coded}, grain {self.grain:g}" if self.grain else coded


CLEAN, FINE_JPEG, USUAL_JPEG = Noise(), Noise(95), Noise(90, "4:2:0")
WEBP, GRAIN = Noise(90, "4:2:0", "WEBP"), Noise(grain=2.55)


# --- subjects: from an edge length and a background to RGBA with straight alpha -----------------------------------


def hard(edge: int, ground: Color) -> Image.Image:
    """Flat and shaded shapes with sharp edges, as icons have them."""
    mask, pen = _sheet(edge)
    _disc(pen, 0.36, 0.40, 0.24, edge)
    ball = _filled(mask, _ramp(edge, _apart((244, 114, 182), ground), _apart((190, 24, 93), ground)))
    mask, pen = _sheet(edge)
    _box(pen, (0.48, 0.46, 0.84, 0.82), 0.07, edge)
    tile = _filled(mask, _flat(edge, _apart(VIOLET, ground)))
    mask, pen = _sheet(edge)
    pen.polygon(_star(0.66, 0.30, 0.17, edge), 255)
    return _stacked(ball, tile, _filled(mask, _flat(edge, _apart(AMBER, ground))))


def soft(edge: int, ground: Color) -> Image.Image:
    """One shape out of focus, and one a little."""
    mask, pen = _sheet(edge)
    _disc(pen, 0.40, 0.42, 0.24, edge)
    blurred = _filled(_blurred(mask, edge / 128), _flat(edge, _apart((190, 24, 93), ground)))
    mask, pen = _sheet(edge)
    _box(pen, (0.50, 0.52, 0.84, 0.82), 0.09, edge)
    return _stacked(blurred, _filled(_blurred(mask, edge / 400), _flat(edge, _apart(VIOLET, ground))))


def hole(edge: int, ground: Color) -> Image.Image:
    """A ring, and a mug by its handle: the background is seen through both."""
    mask, pen = _sheet(edge)
    _disc(pen, 0.33, 0.36, 0.24, edge)
    _disc(pen, 0.33, 0.36, 0.13, edge, 0)
    ring = _filled(mask, _flat(edge, _apart(AMBER, ground)))
    mask, pen = _sheet(edge)
    _disc(pen, 0.76, 0.68, 0.13, edge)
    _disc(pen, 0.76, 0.68, 0.08, edge, 0)
    _box(pen, (0.44, 0.52, 0.72, 0.86), 0.04, edge)
    return _stacked(ring, _filled(mask, _flat(edge, _apart(TEAL, ground))))


def strokes(edge: int, ground: Color) -> Image.Image:
    """Lines of 1, 1.5, 2, 3 and 5 pixels, straight and curved."""
    picture = None
    for number, (width, color) in enumerate([(1.0, INK), (1.5, (190, 24, 93)), (2.0, VIOLET), (3.0, TEAL), (5.0, INK)]):
        mask, pen = _sheet(edge)
        points = [
            (
                (0.08 + 0.0084 * step) * edge * _FINE,
                (0.16 + 0.15 * number + 0.06 * math.sin(step / 9 + number)) * edge * _FINE,
            )
            for step in range(101)
        ]
        pen.line(points, 255, round(width * _FINE), "curve")
        layer = _filled(mask, _flat(edge, _apart(color, ground)))
        picture = layer if picture is None else _stacked(picture, layer)
    assert picture is not None
    return picture


def hair(edge: int, ground: Color) -> Image.Image:
    """A tuft of tapering hairs around a solid disc."""
    mask, pen = _sheet(edge)
    dice, scale = Random(7), edge * _FINE
    _disc(pen, 0.5, 0.5, 0.2, edge)
    for _ in range(160):
        turn = dice.random() * math.tau
        bend, reach = (dice.random() - 0.5) * 0.8, 0.24 + 0.16 * dice.random()
        for step in range(40):
            at, thick = 0.19 + (reach - 0.19) * step / 40, max(1.0, 3.5 * _FINE * (1 - step / 40)) / 2
            x = (0.5 + at * math.cos(turn + bend * step / 40)) * scale
            y = (0.5 + at * math.sin(turn + bend * step / 40)) * scale
            pen.ellipse((x - thick, y - thick, x + thick, y + thick), 255)
    return _filled(mask, _flat(edge, _apart((92, 51, 23), ground)))


def shadow(edge: int, ground: Color) -> Image.Image:
    """The sharp shapes with a soft black shadow below them."""
    subject = hard(edge, ground)
    cast = Image.new("L", (edge, edge))
    cast.paste(subject.getchannel("A"), (0, edge // 16))
    cast = cast.filter(ImageFilter.GaussianBlur(edge / 40)).point([value * 40 // 100 for value in range(256)])
    return _stacked(_filled(cast, _flat(edge, BLACK)), subject)


def contact(edge: int, ground: Color) -> Image.Image:
    """A ball on the floor: the shadow is flat, and darkest where it meets the ball."""
    mask, pen = _sheet(edge)
    _disc(pen, 0.5, 0.42, 0.28, edge)
    ball = _filled(mask, _ramp(edge, _apart((110, 231, 183), ground), _apart((4, 120, 87), ground)))
    cast, pen = _sheet(edge)
    pen.ellipse([value * edge * _FINE for value in (0.26, 0.655, 0.74, 0.745)], 150)
    return _stacked(_filled(_blurred(cast, edge / 50), _flat(edge, BLACK)), ball)


def glass(edge: int, ground: Color) -> Image.Image:
    """A tinted pane, clear above and dense below: colour alone cannot tell how clear it is."""
    mask, pen = _sheet(edge)
    _box(pen, (0.2, 0.2, 0.8, 0.8), 0.1, edge)
    clear = Image.linear_gradient("L").resize((edge, edge)).point([60 + value * 160 // 255 for value in range(256)])
    pane = ImageChops.multiply(clear, mask.reduce(_FINE))
    return _filled(pane, _flat(edge, _apart((14, 165, 233), ground)))


def near(edge: int, ground: Color) -> Image.Image:
    """Sharp shapes whose colours are 14 to 24 levels from the background's."""
    mask, pen = _sheet(edge)
    _disc(pen, 0.38, 0.40, 0.24, edge)
    first = _filled(mask, _flat(edge, _off(ground, 14)))
    mask, pen = _sheet(edge)
    _box(pen, (0.46, 0.48, 0.84, 0.84), 0.07, edge)
    return _stacked(first, _filled(mask, _flat(edge, _off(ground, 24))))


SUBJECTS: Mapping[str, Callable[[int, Color], Image.Image]] = {
    "hard edge": hard,
    "soft edge": soft,
    "hole": hole,
    "thin strokes": strokes,
    "hair": hair,
    "shadow": shadow,
    "contact shadow": contact,
    "near the background": near,
    "glass": glass,
}

BACKGROUNDS: Mapping[str, Color] = {"white": WHITE, "grey": GREY, "brand": BRAND}


def composed(subject: Image.Image, ground: Color | Floats, noise: Noise = CLEAN) -> Image.Image:
    """RGB: the subject over a colour, or over one colour a pixel, as a service would deliver it."""
    alpha, color = alpha_of(subject)[..., None], colors_of(subject)
    flat = color * alpha + np.asarray(ground, np.float64) * (1 - alpha)
    if noise.grain:
        flat = np.clip(flat + np.random.default_rng(3).normal(0, noise.grain, flat.shape), 0, 255)
    picture = Image.fromarray(np.rint(flat).astype(np.uint8))
    if noise.quality is None:
        return picture
    packed = BytesIO()
    picture.save(packed, noise.codec, quality=noise.quality, subsampling=noise.subsampling)
    return Image.open(packed).convert("RGB")


# --- how far a cutout is from the truth ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scores:
    """`alpha` is the mean absolute error, `worst_alpha` its 99th percentile at the edge, `gradient` the mean absolute
    difference of alpha's slopes at the edge, all from 0 to 1. `color` is the mean error of the foreground colour at
    the edge, weighed by true alpha, and `halo` the 99th percentile at the edge of the error on black, white and the
    brand colour, in levels of 255.
    """

    alpha: float
    worst_alpha: float
    gradient: float
    color: float
    halo: Mapping[str, float]


def scores(made: Image.Image, truth: Image.Image) -> Scores:
    """Compares two RGBA pictures of one size."""
    assert made.mode == truth.mode == "RGBA"
    assert made.size == truth.size
    alpha, wanted = alpha_of(made), alpha_of(truth)
    edge = edge_of(wanted)
    weight = np.where(edge & (alpha > 0), wanted, 0)
    away = np.abs(colors_of(made) - colors_of(truth)).mean(axis=2)
    halo = {
        name: float(np.percentile(_difference(made, truth, ground)[edge], 99))
        for name, ground in {"black": BLACK, "white": WHITE, "brand": BRAND}.items()
    }
    return Scores(
        float(np.abs(alpha - wanted).mean()),
        float(np.percentile(np.abs(alpha - wanted)[edge], 99)),
        float(np.abs(_slopes(alpha) - _slopes(wanted))[edge].mean()),
        float((away * weight).sum() / max(weight.sum(), 1e-9)),
        halo,
    )


def edge_of(alpha: Floats) -> npt.NDArray[np.bool_]:
    """Where alpha is neither 0 nor 1, and two pixels around."""
    between = Image.fromarray(np.where((alpha > 0) & (alpha < 1), 255, 0).astype(np.uint8))
    return np.asarray(between.filter(ImageFilter.MaxFilter(5))) > 0


def on(cutout: Image.Image, ground: Color) -> Floats:
    """The cutout over a colour, in levels."""
    alpha = alpha_of(cutout)[..., None]
    return colors_of(cutout) * alpha + np.asarray(ground, np.float64) * (1 - alpha)


def alpha_of(picture: Image.Image) -> Floats:
    return np.asarray(picture.getchannel("A"), np.float64) / 255


def colors_of(picture: Image.Image) -> Floats:
    return np.asarray(picture.convert("RGB") if picture.mode == "RGB" else picture, np.float64)[..., :3]


def _difference(made: Image.Image, truth: Image.Image, ground: Color) -> Floats:
    return np.asarray(np.abs(on(made, ground) - on(truth, ground)).max(axis=2), np.float64)


def _slopes(alpha: Floats) -> Floats:
    down, right = np.gradient(alpha)
    return np.asarray(np.hypot(down, right), np.float64)


# --- drawing ------------------------------------------------------------------------------------------------------


def _sheet(edge: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    mask = Image.new("L", (edge * _FINE, edge * _FINE))
    return mask, ImageDraw.Draw(mask)


def _filled(mask: Image.Image, color: Image.Image) -> Image.Image:
    small = mask if mask.size == color.size else mask.reduce(_FINE)
    picture = color.copy()
    picture.putalpha(small)
    return picture


def _blurred(mask: Image.Image, radius: float) -> Image.Image:
    return mask.reduce(_FINE).filter(ImageFilter.GaussianBlur(radius))


def _stacked(*layers: Image.Image) -> Image.Image:
    """Layers over one another, lowest first, with the lowest colour kept where nothing is."""
    color, alpha = colors_of(layers[0]), alpha_of(layers[0])
    for layer in layers[1:]:
        upper, over = alpha_of(layer), colors_of(layer)
        total = upper + alpha * (1 - upper)
        share = np.divide(upper, total, out=np.zeros_like(upper), where=total > 0)[..., None]
        color, alpha = over * share + color * (1 - share), total
    rgba = np.dstack([color, alpha * 255])
    return Image.fromarray(np.rint(rgba).astype(np.uint8), "RGBA")


def _flat(edge: int, color: Color) -> Image.Image:
    return Image.new("RGB", (edge, edge), color)


def _ramp(edge: int, top: Color, bottom: Color) -> Image.Image:
    mask = Image.linear_gradient("L").resize((edge, edge))
    return Image.composite(_flat(edge, bottom), _flat(edge, top), mask)


def _disc(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, edge: int, level: int = 255) -> None:
    scale = edge * _FINE
    pen.ellipse([value * scale for value in (x - radius, y - radius, x + radius, y + radius)], level)


def _box(pen: ImageDraw.ImageDraw, box: tuple[float, ...], radius: float, edge: int) -> None:
    scale = edge * _FINE
    pen.rounded_rectangle([value * scale for value in box], radius * scale, 255)


def _star(x: float, y: float, radius: float, edge: int) -> list[tuple[float, float]]:
    scale = edge * _FINE
    reach = [radius if point % 2 == 0 else radius * 0.45 for point in range(10)]
    return [
        ((x + far * math.sin(point * math.pi / 5)) * scale, (y - far * math.cos(point * math.pi / 5)) * scale)
        for point, far in enumerate(reach)
    ]


def _apart(color: Color, ground: Color) -> Color:
    """A colour that can be told from the background: itself, or its complement where they are alike."""
    alike = max(abs(one - other) for one, other in zip(color, ground, strict=True)) < 72
    return (255 - color[0], 255 - color[1], 255 - color[2]) if alike else color


def _off(ground: Color, levels: int) -> Color:
    step = -levels if ground[1] > 127 else levels
    return (max(0, min(255, ground[0] - abs(step))), ground[1] + step, max(0, min(255, ground[2] + step // 2)))
