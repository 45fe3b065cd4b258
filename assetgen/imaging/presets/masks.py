"""The shapes that icons are cut into. Masks are 8-bit, smooth at the edge and symmetric to the pixel."""

from __future__ import annotations

from PIL import Image, ImageDraw

from assetgen.catalog.presets.model import Mask

_FINE = 4
"""Shapes are drawn this many times larger and averaged down."""

_RADIUS = 0.225
"""Corner radius of Apple's icon shape as a share of its edge: 185.4 of 824 in the macOS template."""

_EDGE_CURVE = ((1.52866483, 0.0), (1.08849299, 0.0), (0.86840694, 0.0), (0.66993427, 0.065496))
_CORNER_CURVE = ((0.63149399, 0.074911), (0.37282392, 0.16905899), (0.16905899, 0.37282392), (0.074911, 0.63149399))
"""Bezier curves of a continuous corner, in radii from the corner of the square: the one that leaves the edge, and the
one in the middle. Measured on `UIBezierPath(roundedRect:cornerRadius:)` of iOS 7 (PaintCode, "Code for iOS 7 Rounded
Rectangles")."""


def mask_of(shape: Mask, edge: int) -> Image.Image:
    """The mask of a square of `edge` pixels: 255 inside the shape, 0 outside."""
    if shape == "none":
        return Image.new("L", (edge, edge), 255)
    half = edge * _FINE // 2
    quarter = Image.new("L", (half, half))
    outline = _circle(half) if shape == "circle" else _squircle(half)
    ImageDraw.Draw(quarter).polygon([(x - 0.5, y - 0.5) for x, y in outline], fill=255)
    return _mirrored(quarter).reduce(_FINE)


def _circle(half: int) -> list[tuple[float, float]]:
    """The upper left quarter of a circle, with the middle of the square."""
    steps = max(16, half)
    arc = [(step / steps, (1 - (step / steps) ** 2) ** 0.5) for step in range(steps + 1)]
    return [*((half - x * half, half - y * half) for x, y in arc), (half, half)]


def _squircle(half: int) -> list[tuple[float, float]]:
    radius = 2 * half * _RADIUS
    first = _curve(_EDGE_CURVE)
    last = [(y, x) for x, y in reversed(first)]
    corner = [(x * radius, y * radius) for x, y in (*first, *_curve(_CORNER_CURVE), *last)]
    return [(half, 0), *corner, (0, half), (half, half)]


def _curve(points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Points on a cubic Bezier curve."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    found = []
    for step in range(65):
        t = step / 64
        a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
        found.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return found


def _mirrored(quarter: Image.Image) -> Image.Image:
    half = quarter.width
    whole = Image.new("L", (2 * half, 2 * half))
    right = quarter.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for top, turn in ((0, None), (half, Image.Transpose.FLIP_TOP_BOTTOM)):
        for left, part in ((0, quarter), (half, right)):
            whole.paste(part if turn is None else part.transpose(turn), (left, top))
    return whole
