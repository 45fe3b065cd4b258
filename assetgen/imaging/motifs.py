"""What placeholders are composed of: a canvas that paints soft and sharp shapes, and the compositions made with it.

Positions are shares of the canvas. All chance comes from a seeded `Random`, of which only `random()` is used: the one
method whose sequence Python promises to keep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from random import Random
from typing import TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from assetgen.imaging.palette import WHITE, Color, Scheme, mix

_FINE = 3
"""Shapes are drawn this many times larger and averaged down: that is what smooths their edges."""

Point: TypeAlias = tuple[float, float]
Place: TypeAlias = Callable[[float, float], Point]
"""Where a pixel of the canvas lies in a mask."""
Draw: TypeAlias = Callable[[ImageDraw.ImageDraw, Place], None]


class Canvas:
    """An RGB picture to paint on. Lengths are shares of the shorter edge, positions shares of each edge."""

    def __init__(self, picture: Image.Image, scheme: Scheme, dice: Random) -> None:
        self.picture = picture
        self.scheme = scheme
        self.dice = dice
        self.width, self.height = picture.size
        self.short = min(picture.size)

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.dice.random()

    def disc(self, x: float, y: float, radius: float, color: Color, strength: float, fade: str = "") -> None:
        """A filled circle; `fade` (`up`, `down`, `left`, `right`) lets it vanish in that direction."""
        self._round(x, y, radius, 0, color, strength, fade)

    def ring(self, x: float, y: float, radius: float, line: float, color: Color, strength: float) -> None:
        self._round(x, y, radius, line, color, strength, "")

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

    def area(self, points: Sequence[Point], color: Color, strength: float, fade: str = "") -> None:
        """A filled polygon."""
        xs, ys = [x * self.width for x, _ in points], [y * self.height for _, y in points]

        def draw(pen: ImageDraw.ImageDraw, place: Place) -> None:
            pen.polygon([place(x, y) for x, y in zip(xs, ys, strict=True)], fill=255)

        self._paint((min(xs), min(ys), max(xs), max(ys)), draw, color, strength, fade)

    def pill(self, start: Point, end: Point, radius: float, color: Color, strength: float, fade: str = "") -> None:
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

    def _round(self, x: float, y: float, radius: float, line: float, color: Color, strength: float, fade: str) -> None:
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
        self, bounds: tuple[float, float, float, float], draw: Draw, color: Color, strength: float, fade: str
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


def backdrop(size: tuple[int, int], scheme: Scheme, dice: Random) -> Image.Image:
    """A smooth flow of the brand's colours across `size`: sixteen patches, blurred into one another while small."""
    turned, flipped = dice.random() < 0.5, dice.random() < 0.5
    stops = [scheme.deep, scheme.base, mix(scheme.base, scheme.partner, 0.55), mix(scheme.partner, WHITE, 0.18)]
    patches = Image.new("RGB", (4, 4))
    for x in range(4):
        for y in range(4):
            along = (x + (3 - y)) / 2 + (dice.random() - 0.5) * 0.9
            step = min(max(along, 0.0), 2.999)
            patches.putpixel((x, y), mix(stops[int(step)], stops[int(step) + 1], step - int(step)))
    if turned:
        patches = patches.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if flipped:
        patches = patches.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    smooth = patches.resize((96, 96), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(9))
    return smooth.resize(size, Image.Resampling.BICUBIC)


def _fading(size: tuple[int, int], fade: str) -> Image.Image:
    ramp = Image.linear_gradient("L")
    turns = {"up": None, "down": Image.Transpose.ROTATE_180, "left": Image.Transpose.ROTATE_90}
    turn = turns.get(fade, Image.Transpose.ROTATE_270)
    return (ramp.transpose(turn) if turn is not None else ramp).resize(size, Image.Resampling.BILINEAR)


def _orbits(canvas: Canvas) -> None:
    """Rings around a sun, with a moon or two."""
    x, y = canvas.between(0.58, 0.78), canvas.between(0.26, 0.42)
    canvas.glow(x, y, 0.75, canvas.scheme.lift, 0.55)
    for step in range(4):
        canvas.ring(x, y, 0.24 + step * 0.15, 0.004, WHITE, 0.34 - step * 0.07)
    canvas.disc(x, y, 0.155, canvas.scheme.spark, 1)
    canvas.disc(x, y, 0.155, WHITE, 0.35, "down")
    for step in (1, 2):
        across, up = _on_circle(canvas.between(0.15, 0.85))
        reach = (0.24 + step * 0.15) * canvas.short
        px, py = x - across * reach / canvas.width, y + up * reach / canvas.height
        canvas.disc(px, py, 0.028 + 0.012 * step, WHITE, 0.85)


def _bokeh(canvas: Canvas) -> None:
    """Lights out of focus."""
    for number in range(13):
        radius = canvas.between(0.03, 0.1) if number > 3 else canvas.between(0.13, 0.26)
        x, y = canvas.between(0.02, 0.98), canvas.between(0, 0.78)
        color = (WHITE, canvas.scheme.spark, canvas.scheme.lift)[number % 3]
        strength = canvas.between(0.12, 0.3)
        canvas.disc(x, y, radius, color, strength)
        canvas.ring(x, y, radius, 0.003, WHITE, strength)


def _waves(canvas: Canvas) -> None:
    """Hills of light under a low sun."""
    canvas.glow(canvas.between(0.3, 0.7), 0.3, 0.6, canvas.scheme.lift, 0.6)
    canvas.disc(canvas.between(0.55, 0.75), canvas.between(0.24, 0.34), 0.17, canvas.scheme.spark, 0.95, "up")
    for step in range(4):
        level, swing = 0.42 + step * 0.14, canvas.between(0.05, 0.1)
        phase, beats = canvas.dice.random(), canvas.between(0.7, 1.4)
        points = [(x / 48, level + swing * _wave(phase + beats * x / 48)) for x in range(49)]
        color = (canvas.scheme.lift, canvas.scheme.partner, canvas.scheme.base, canvas.scheme.deep)[step]
        canvas.area([(0, 1), *points, (1, 1)], color, 0.5 + step * 0.1)


def _petals(canvas: Canvas) -> None:
    """Overlapping panes of glass."""
    x, y = canvas.between(0.5, 0.68), canvas.between(0.36, 0.46)
    canvas.glow(x, y, 0.7, canvas.scheme.lift, 0.5)
    reach = 0.2 * canvas.short
    for step, fade in enumerate(("up", "right", "down", "left")):
        across, up = ((0, -1), (1, 0), (0, 1), (-1, 0))[step]
        color = canvas.scheme.spark if step == 1 else WHITE
        canvas.disc(x + across * reach / canvas.width, y + up * reach / canvas.height, 0.27, color, 0.55, fade)
    canvas.disc(x, y, 0.09, WHITE, 0.92)


def _ribbons(canvas: Canvas) -> None:
    """Parallel strokes rising to the right."""
    canvas.glow(0.8, 0.2, 0.8, canvas.scheme.lift, 0.5)
    reach = canvas.short / canvas.width
    for number in range(6):
        x = canvas.between(0.1, 1.0)
        y = canvas.between(0.05, 0.75)
        length = canvas.between(0.2, 0.5)
        tip = (x + length * reach, y - length * canvas.short / canvas.height)
        color = (WHITE, canvas.scheme.spark, canvas.scheme.lift)[number % 3]
        canvas.pill((x, y), tip, canvas.between(0.03, 0.085), color, canvas.between(0.35, 0.75), "down")


MOTIFS: tuple[Callable[[Canvas], None], ...] = (_orbits, _bokeh, _waves, _petals, _ribbons)


def _on_circle(share: float) -> Point:
    """A point of the upper left quarter of the unit circle, without trigonometry (which machines round differently)."""
    square = share * share
    return (1 - square) / (1 + square), -2 * share / (1 + square)


def _wave(turn: float) -> float:
    """One period a turn, between -1 and 1: two parabolas, near enough to a sine."""
    part = turn - int(turn)
    return 16 * part * (0.5 - part) if part < 0.5 else 16 * (part - 0.5) * (part - 1)
