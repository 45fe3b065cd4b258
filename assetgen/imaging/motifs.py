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

from assetgen.imaging.palette import WHITE, Color, Scheme, mix, text_on

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
    """A smooth flow of the brand's colours across `size`: sixteen patches, blurred into one another while small.

    It is darkest below, where the words will stand; in pale schemes, whose words are dark, it is lightest there.
    """
    stops = [scheme.deep, scheme.base, mix(scheme.base, scheme.partner, 0.55), mix(scheme.partner, WHITE, 0.18)]
    patches = Image.new("RGB", (4, 4))
    for x in range(4):
        for y in range(4):
            step = min(max((x + (3 - y)) / 2 + (dice.random() - 0.5) * 0.8, 0.0), 2.999)
            patches.putpixel((x, y), mix(stops[int(step)], stops[int(step) + 1], step - int(step)))
    if dice.random() < 0.5:
        patches = patches.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if text_on(scheme.base) != WHITE:
        patches = patches.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    smooth = patches.resize((24, 24), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(2.2))
    return smooth.resize(size, Image.Resampling.BICUBIC)


def _fading(size: tuple[int, int], fade: str) -> Image.Image:
    ramp = Image.linear_gradient("L")
    turns = {"up": None, "down": Image.Transpose.ROTATE_180, "left": Image.Transpose.ROTATE_90}
    turn = turns.get(fade, Image.Transpose.ROTATE_270)
    return (ramp.transpose(turn) if turn is not None else ramp).resize(size, Image.Resampling.BILINEAR)


def _orbits(canvas: Canvas) -> None:
    """Rings around a sun, with a moon on two of them."""
    x, y = canvas.between(0.6, 0.74), canvas.between(0.34, 0.44)
    veil = canvas.scheme.veil
    canvas.glow(x, y, 0.8, canvas.scheme.lift, 0.6)
    for step in range(5):
        canvas.disc(x, y, 0.25 + step * 0.14, veil, 0.055)
        canvas.ring(x, y, 0.25 + step * 0.14, 0.0035, veil, 0.4 - step * 0.07)
    canvas.disc(x, y, 0.15, canvas.scheme.spark, 1)
    canvas.disc(x, y, 0.15, WHITE, 0.4, "down")
    for step in (0, 1):
        across, up = _on_circle(canvas.between(0.1, 0.4))
        reach = (0.25 + step * 0.14) * canvas.short
        place = (x - across * reach / canvas.width, y + up * reach / canvas.height)
        canvas.disc(*place, 0.03 + 0.014 * step, canvas.scheme.spark if step else WHITE, 0.95)


def _bokeh(canvas: Canvas) -> None:
    """Lights out of focus."""
    canvas.glow(canvas.between(0.6, 0.9), canvas.between(0.1, 0.4), 0.8, canvas.scheme.lift, 0.55)
    for number in range(14):
        radius = canvas.between(0.03, 0.1) if number > 4 else canvas.between(0.14, 0.27)
        x, y = canvas.between(0.02, 0.98), canvas.between(0, 0.72)
        color = (canvas.scheme.veil, canvas.scheme.spark, canvas.scheme.lift)[number % 3]
        strength = canvas.between(0.16, 0.34)
        canvas.disc(x, y, radius, color, strength)
        canvas.ring(x, y, radius, 0.003, canvas.scheme.veil, strength)


def _waves(canvas: Canvas) -> None:
    """Hills of light under a low sun."""
    x, y = canvas.between(0.5, 0.76), canvas.between(0.26, 0.36)
    canvas.glow(x, y, 0.75, canvas.scheme.lift, 0.75)
    canvas.disc(x, y, 0.17, canvas.scheme.spark, 0.95, "up")
    canvas.disc(x, y, 0.17, WHITE, 0.45, "down")
    for step in range(4):
        level, swing = 0.44 + step * 0.13, canvas.between(0.035, 0.075)
        phase, beats = canvas.dice.random(), canvas.between(0.7, 1.3)
        points = [(x / 48, level + swing * _wave(phase + beats * x / 48)) for x in range(49)]
        color = (canvas.scheme.lift, canvas.scheme.partner, canvas.scheme.base, canvas.scheme.deep)[step]
        canvas.area([(0, 1), *points, (1, 1)], color, 0.5 + step * 0.1)


def _petals(canvas: Canvas) -> None:
    """Overlapping panes of glass."""
    x, y = canvas.between(0.5, 0.68), canvas.between(0.38, 0.44)
    canvas.glow(x, y, 0.75, canvas.scheme.lift, 0.6)
    reach = 0.19 * canvas.short
    for step, fade in enumerate(("up", "right", "down", "left")):
        across, up = ((0, -1), (1, 0), (0, 1), (-1, 0))[step]
        color = canvas.scheme.spark if step == 1 else canvas.scheme.veil
        canvas.disc(x + across * reach / canvas.width, y + up * reach / canvas.height, 0.26, color, 0.6, fade)
    canvas.disc(x, y, 0.085, WHITE, 0.95)


def _ribbons(canvas: Canvas) -> None:
    """Parallel strokes rising to the right, each in a lane of its own."""
    canvas.glow(0.75, 0.25, 0.9, canvas.scheme.lift, 0.6)
    lanes = max(4, int(4.5 * canvas.width / canvas.short))
    for lane in range(lanes):
        x = (lane + canvas.between(0.1, 0.6)) / lanes
        y = canvas.between(0.3, 0.72)
        length = canvas.between(0.28, 0.55) * canvas.short
        tip = (x + length / canvas.width, y - length / canvas.height)
        color = (canvas.scheme.veil, canvas.scheme.spark, canvas.scheme.lift)[lane % 3]
        canvas.pill((x, y), tip, canvas.between(0.045, 0.085), color, canvas.between(0.55, 0.9), "up")


def _sunrise(canvas: Canvas) -> None:
    """Layers of light that grow out of a corner."""
    x, y = (1.0, canvas.between(0.0, 0.25)) if canvas.dice.random() < 0.5 else (canvas.between(0.62, 0.9), 0.0)
    reach = canvas.between(0.86, 1.0)
    for step in range(5):
        color = (canvas.scheme.lift, canvas.scheme.partner, canvas.scheme.lift, canvas.scheme.spark, WHITE)[step]
        canvas.disc(x, y, reach * (1 - step * 0.19), color, 0.3 + step * 0.12)
        canvas.ring(x, y, reach * (1 - step * 0.19), 0.003, canvas.scheme.veil, 0.3)


MOTIFS: tuple[Callable[[Canvas], None], ...] = (_orbits, _bokeh, _waves, _petals, _ribbons, _sunrise)


def _on_circle(share: float) -> Point:
    """A point of the upper left quarter of the unit circle, without trigonometry (which machines round differently)."""
    square = share * share
    return (1 - square) / (1 + square), -2 * share / (1 + square)


def _wave(turn: float) -> float:
    """One period a turn, between -1 and 1: two parabolas, near enough to a sine."""
    part = turn - int(turn)
    return 16 * part * (0.5 - part) if part < 0.5 else 16 * (part - 0.5) * (part - 1)
