"""What placeholders show: a backdrop of the brand's colours, and six compositions to lay over it.

Positions are shares of the canvas. All chance comes from a seeded `Random`, of which only `random()` is used: the one
method whose sequence Python promises to keep.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from PIL import Image, ImageFilter

from assetgen.imaging.canvas import Canvas, Fade, Point
from assetgen.imaging.palette import WHITE, Scheme, mix, text_on


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
    panes: dict[Fade, Point] = {"up": (0, -1), "right": (1, 0), "down": (0, 1), "left": (-1, 0)}
    for fade, (across, up) in panes.items():
        color = canvas.scheme.spark if fade == "right" else canvas.scheme.veil
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
