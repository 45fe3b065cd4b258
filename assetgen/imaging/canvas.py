"""A canvas that paints soft and sharp shapes on a picture, at any size. Knows nothing of what they compose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from random import Random
from typing import Literal, TypeAlias

from PIL import Image, ImageChops, ImageDraw

from assetgen.imaging.palette import Color, Scheme

_FINE = 3
"""Shapes are drawn this many times larger and averaged down: that is what smooths their edges."""

Fade: TypeAlias = Literal["up", "down", "left", "right"]
"""The direction in which a shape vanishes."""

Point: TypeAlias = tuple[float, float]
Place: TypeAlias = Callable[[float, float], Point]
"""Where a pixel of the canvas lies in a mask."""
Draw: TypeAlias = Callable[[ImageDraw.ImageDraw, Place], None]


class Canvas:
    """An RGB picture to paint on. Lengths are shares of the shorter edge, positions shares of each edge; `strength` is
    how much a shape covers, from 0 to 1."""

    def __init__(self, picture: Image.Image, scheme: Scheme, dice: Random) -> None:
        self.picture = picture
        self.scheme = scheme
        self.dice = dice
        self.width, self.height = picture.size
        self.short = min(picture.size)

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.dice.random()

    def disc(self, x: float, y: float, radius: float, color: Color, strength: float, fade: Fade | None = None) -> None:
        """A filled circle."""
        self._round(x, y, radius, 0, color, strength, fade)

    def ring(self, x: float, y: float, radius: float, line: float, color: Color, strength: float) -> None:
        self._round(x, y, radius, line, color, strength, None)

    def glow(self, x: float, y: float, radius: float, color: Color, strength: float) -> None:
        """Light that fades out towards `radius`."""
        edge = int(radius * self.short * 2) + 1
        light = Image.radial_gradient("L").point([max(0, int(strength * (255 - v * 1.42))) for v in range(256)])
        left, top = int(x * self.width) - edge // 2, int(y * self.height) - edge // 2
        box = self._inside((left, top, left + edge, top + edge))
        if box is not None:
            scale = 256 / edge
            part = tuple((value - start) * scale for value, start in zip(box, (left, top, left, top), strict=True))
            size = (box[2] - box[0], box[3] - box[1])
            self._stamp(light.resize(size, Image.Resampling.BICUBIC, (part[0], part[1], part[2], part[3])), box, color)

    def area(self, points: Sequence[Point], color: Color, strength: float) -> None:
        """A filled polygon."""
        xs, ys = [x * self.width for x, _ in points], [y * self.height for _, y in points]

        def draw(pen: ImageDraw.ImageDraw, place: Place) -> None:
            pen.polygon([place(x, y) for x, y in zip(xs, ys, strict=True)], fill=255)

        self._paint((min(xs), min(ys), max(xs), max(ys)), draw, color, strength, None)

    def pill(
        self, start: Point, end: Point, radius: float, color: Color, strength: float, fade: Fade | None = None
    ) -> None:
        """A thick line with round ends."""
        r = radius * self.short
        (x0, y0), (x1, y1) = ((x * self.width, y * self.height) for x, y in (start, end))
        length = sqrt((x1 - x0) ** 2 + (y1 - y0) ** 2) or 1
        dx, dy = (y0 - y1) / length * r, (x1 - x0) / length * r

        def draw(pen: ImageDraw.ImageDraw, place: Place) -> None:
            pen.polygon(
                [place(x0 + dx, y0 + dy), place(x1 + dx, y1 + dy), place(x1 - dx, y1 - dy), place(x0 - dx, y0 - dy)],
                255,
            )
            for x, y in ((x0, y0), (x1, y1)):
                pen.ellipse((*place(x - r, y - r), *place(x + r, y + r)), 255)

        box = (min(x0, x1) - r, min(y0, y1) - r, max(x0, x1) + r, max(y0, y1) + r)
        self._paint(box, draw, color, strength, fade)

    def _round(
        self, x: float, y: float, radius: float, line: float, color: Color, strength: float, fade: Fade | None
    ) -> None:
        cx, cy, r = x * self.width, y * self.height, radius * self.short
        bounds = (cx - r, cy - r, cx + r, cy + r)

        def draw(pen: ImageDraw.ImageDraw, place: Place) -> None:
            box = (*place(*bounds[:2]), *place(*bounds[2:]))
            if line:
                pen.ellipse(box, outline=255, width=max(1, int(line * self.short * _FINE + 0.5)))
            else:
                pen.ellipse(box, 255)

        self._paint(bounds, draw, color, strength, fade)

    def _paint(
        self, bounds: tuple[float, float, float, float], draw: Draw, color: Color, strength: float, fade: Fade | None
    ) -> None:
        """Draws one shape in the part of the canvas that it touches, and lays its colour over it."""
        box = self._inside((int(bounds[0]) - 1, int(bounds[1]) - 1, int(bounds[2]) + 2, int(bounds[3]) + 2))
        if box is None:
            return
        left, top, right, bottom = box
        fine = Image.new("L", ((right - left) * _FINE, (bottom - top) * _FINE))
        draw(ImageDraw.Draw(fine), lambda x, y: ((x - left) * _FINE, (y - top) * _FINE))
        mask = fine.reduce(_FINE)
        if fade:
            mask = ImageChops.multiply(mask, _fading(mask.size, fade))
        self._stamp(mask.point([int(value * strength + 0.5) for value in range(256)]), box, color)

    def _inside(self, box: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
        left, top = max(box[0], 0), max(box[1], 0)
        right, bottom = min(box[2], self.width), min(box[3], self.height)
        return (left, top, right, bottom) if left < right and top < bottom else None

    def _stamp(self, mask: Image.Image, box: tuple[int, int, int, int], color: Color) -> None:
        self.picture.paste(color, box, mask)


_RAMPS: dict[Fade, Image.Transpose | None] = {
    "up": None,
    "down": Image.Transpose.ROTATE_180,
    "left": Image.Transpose.ROTATE_90,
    "right": Image.Transpose.ROTATE_270,
}
"""How to turn a ramp that is dark above."""


def _fading(size: tuple[int, int], fade: Fade) -> Image.Image:
    turn, ramp = _RAMPS[fade], Image.linear_gradient("L")
    return (ramp.transpose(turn) if turn is not None else ramp).resize(size, Image.Resampling.BILINEAR)
