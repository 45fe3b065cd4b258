"""Ground truth that looks like what services return: lit, glossy, pale and textured things with the shadows that they
cast, softened as a lens does; and grounds that are plain only more or less.

Like `truth`, from an edge length and a background to RGBA with straight alpha, the same every time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.removers.truth import BLACK, Color, Floats, alpha_of, colors_of

_FINE = 4


def glossy(edge: int, ground: Color) -> Image.Image:
    """A ball with a limb in shade, a highlight that is nearly white, light along one rim, and a contact shadow."""
    x, y = _places(edge)
    far = np.hypot(x - 0.5, y - 0.44) / 0.3
    light = np.clip(1.1 - 0.55 * far**2 + 0.35 * (0.5 - y), 0, 1.3)
    base = np.array((16, 150, 120) if ground[0] - ground[2] > 60 else (210, 60, 50))
    color = light[..., None] * base
    shine = np.exp(-(((x - 0.40) / 0.06) ** 2 + ((y - 0.32) / 0.045) ** 2))
    rim = 0.55 * np.exp(-(((far - 0.97) / 0.05) ** 2)) * (x > 0.5) * np.clip((x - 0.5) * 6, 0, 1)
    color = _towards(_towards(color, (255, 255, 252), shine), (235, 240, 250), rim)
    return _seen(
        _shadow(edge, (0.24, 0.70, 0.76, 0.79), 170), _solid(color, _mask(edge, "ellipse", (0.2, 0.14, 0.8, 0.74)))
    )


def badge(edge: int, ground: Color) -> Image.Image:
    """A dark badge with a white mark on it and a thin pale border, as app icons have it."""
    body, border = (30, 41, 120), (203, 213, 225)
    color = np.broadcast_to(np.array(border, float), (edge, edge, 3))
    for level, shape, box in (
        (body, "rounded", (0.19, 0.19, 0.81, 0.81)),
        ((255, 255, 255), "ellipse", (0.30, 0.30, 0.70, 0.70)),
        (body, "ellipse", (0.40, 0.40, 0.60, 0.60)),
        ((255, 255, 255), "rounded", (0.46, 0.62, 0.54, 0.78)),
    ):
        color = _towards(color, level, alpha_of(_solid(color, _mask(edge, shape, box))))
    return _seen(_solid(color, _mask(edge, "rounded", (0.18, 0.18, 0.82, 0.82))))


def pale(edge: int, ground: Color) -> Image.Image:
    """A thing nearly of the background's colour, darker towards its rim, on its shadow: white china on white."""
    x, y = _places(edge)
    far = np.clip(np.hypot((x - 0.5) / 0.27, (y - 0.45) / 0.29), 0, 1)
    back = np.array(ground, float)
    shade = 0.975 - 0.17 * far**3 - 0.04 * (y - 0.2)
    color = np.clip(shade, 0, 1)[..., None] * back + (0, 1, 3)
    return _seen(
        _shadow(edge, (0.27, 0.69, 0.73, 0.77), 120), _solid(color, _mask(edge, "ellipse", (0.23, 0.16, 0.77, 0.74)))
    )


def textured(edge: int, ground: Color) -> Image.Image:
    """Something of many colours up to its edge, all of them apart from the background's."""
    dice = np.random.default_rng(5)
    spots = Image.fromarray(dice.integers(0, 256, (24, 24, 3), np.uint8)).resize((edge, edge), Image.Resampling.BICUBIC)
    far = np.asarray(spots, float) / 255
    base = np.array((40, 90, 60) if sum(ground) > 300 else (200, 170, 190), float)
    color = base + (far - 0.5) * 70
    return _seen(
        _shadow(edge, (0.2, 0.76, 0.8, 0.84), 130), _solid(color, _mask(edge, "rounded", (0.22, 0.2, 0.78, 0.8)))
    )


SCENES: Mapping[str, Callable[[int, Color], Image.Image]] = {
    "glossy": glossy,
    "badge": badge,
    "pale": pale,
    "textured": textured,
}


def vignette(edge: int, ground: Color) -> Floats:
    """A ground that is a little darker towards the corners and below, as renderers light it."""
    x, y = _places(edge)
    shade = 1 - 0.05 * ((x - 0.5) ** 2 + (y - 0.5) ** 2) - 0.02 * y
    return np.asarray(shade[..., None] * np.array(ground, float))


def _places(edge: int) -> tuple[Floats, Floats]:
    """How far each pixel's middle is to the right and down, from 0 to 1."""
    down, right = (np.indices((edge, edge)) + 0.5) / edge
    return right, down


def _mask(edge: int, shape: str, box: tuple[float, float, float, float]) -> Image.Image:
    mask = Image.new("L", (edge * _FINE, edge * _FINE))
    pen, corners = ImageDraw.Draw(mask), [value * edge * _FINE for value in box]
    if shape == "ellipse":
        pen.ellipse(corners, 255)
    else:
        pen.rounded_rectangle(corners, (corners[2] - corners[0]) * 0.2, 255)
    return mask.reduce(_FINE)


def _shadow(edge: int, box: tuple[float, float, float, float], dense: int) -> Image.Image:
    mask = _mask(edge, "ellipse", box).filter(ImageFilter.GaussianBlur(edge / 45))
    picture = Image.new("RGB", (edge, edge), BLACK)
    picture.putalpha(mask.point([value * dense // 255 for value in range(256)]))
    return picture


def _solid(color: Floats, mask: Image.Image) -> Image.Image:
    picture = Image.fromarray(np.clip(np.rint(color), 0, 255).astype(np.uint8))
    picture.putalpha(mask)
    return picture


def _towards(color: Floats, other: Color, share: Floats) -> Floats:
    return np.asarray(color + (np.array(other, float) - color) * share[..., None])


def _seen(*layers: Image.Image) -> Image.Image:
    """The layers over one another, lowest first, as a lens sees them: averaged with their opacity."""
    color, alpha = np.zeros((*layers[0].size[::-1], 3)), np.zeros(layers[0].size[::-1])
    for layer in layers:
        over = alpha_of(layer)
        color = colors_of(layer) * over[..., None] + color * (1 - over[..., None])
        alpha = over + alpha * (1 - over)
    planes = [_softened(plane) for plane in (*np.moveaxis(color, 2, 0), alpha * 255)]
    alpha = planes[3] / 255
    color = np.stack([np.divide(plane, alpha, out=np.zeros_like(plane), where=alpha > 0) for plane in planes[:3]], 2)
    return Image.fromarray(np.rint(np.clip(np.dstack([color, planes[3]]), 0, 255)).astype(np.uint8), "RGBA")


def _softened(plane: Floats) -> Floats:
    """Weighed with the neighbours, 1 4 1 each way."""
    wide = np.pad(plane, 1, "edge")
    wide = (wide[:-2] + 4 * wide[1:-1] + wide[2:]) / 6
    return np.asarray((wide[:, :-2] + 4 * wide[:, 1:-1] + wide[:, 2:]) / 6)
