"""The placeholder of an asset whose background will be removed: one glossy badge with a monogram, on a plain ground."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from assetgen.imaging import lettering
from assetgen.imaging.canvas import Canvas
from assetgen.imaging.palette import INK, WHITE, Color, Scheme, contrast, mix, shaded_until, text_on
from assetgen.manifest.recipe import PixelSize

_ART = 2048
"""Longest edge at which a badge is drawn; larger ones are enlarged, and get their words at full size."""

_FINE = 3
"""Outlines are drawn this many times larger and averaged down."""

_SHAPES = ("squircle", "circle", "hexagon", "flower")


def draw_badge(
    size: PixelSize, name: str, scheme: Scheme, dice: Random, caption: str, ground: Color = WHITE
) -> Image.Image:
    """The badge fills four fifths of the shorter edge; everything outside it is exactly `ground`, and the badge is the
    same on every one."""
    picture = Image.new("RGB", (size.width, size.height), ground)
    edge = min(size.width, size.height) * 80 // 100
    if edge < 1:
        return picture
    text = text_on(scheme.base)
    badge, mask = _badge(min(edge, _ART), scheme, dice, text)
    if edge > _ART:
        badge, mask = (part.resize((edge, edge), Image.Resampling.BICUBIC) for part in (badge, mask))
    _label(badge, name, caption, text)
    picture.paste(badge, ((size.width - edge) // 2, (size.height - edge) // 2), mask)
    return picture


def _badge(edge: int, scheme: Scheme, dice: Random, text: Color) -> tuple[Image.Image, Image.Image]:
    """The badge without its words, and its outline."""
    base = _apart_from_white(shaded_until(scheme.base, text, 4.6))
    partner = mix(scheme.partner, base, 0.25) if text == WHITE else mix(base, WHITE, 0.25)
    shape = _SHAPES[int(dice.random() * len(_SHAPES))]
    body = _slope(edge, partner, base)
    light = Canvas(body, scheme, dice)
    light.glow(0.25, 0.12, 0.55, mix(partner, WHITE, 0.7), 0.55)
    light.disc(0.36, 0.02, 0.46, WHITE, 0.3, "up")
    _trim(body, shape, text)
    return body, _outline(edge, shape, 0)


def _apart_from_white(color: Color) -> Color:
    """Pale colours, deepened until a subject of theirs can be told from its ground."""
    return next(tone for tone in (mix(color, INK, n / 20) for n in range(21)) if contrast(tone, WHITE) >= 1.45)


def _trim(body: Image.Image, shape: str, text: Color) -> None:
    """A fine line inside the edge, and the edge itself a little deeper, so that pale badges stand out too."""
    edge = body.width
    border = ImageChops.subtract(_outline(edge, shape, 0), _outline(edge, shape, 0.012))
    body.paste(INK, mask=border.point([value * 14 // 100 for value in range(256)]))
    line = ImageChops.subtract(_outline(edge, shape, 0.04), _outline(edge, shape, 0.047))
    body.paste(text, mask=line.point([value * 40 // 100 for value in range(256)]))


def _outline(edge: int, shape: str, inset: float) -> Image.Image:
    """The badge's shape as a mask, smaller by `inset` (share of the edge) on every side."""
    fine = Image.new("L", (edge * _FINE, edge * _FINE))
    pen = ImageDraw.Draw(fine)
    low, span = inset * edge * _FINE, (1 - 2 * inset) * edge * _FINE - 1
    if shape == "circle":
        pen.ellipse((low, low, low + span, low + span), 255)
    elif shape == "squircle":
        pen.rounded_rectangle((low, low, low + span, low + span), span * 0.27, 255)
    elif shape == "hexagon":
        _hexagon(pen, low, span)
    else:
        _flower(pen, low, span)
    return fine.reduce(_FINE)


def _hexagon(pen: ImageDraw.ImageDraw, low: float, span: float) -> None:
    corners = [(0.5, 0.07), (0.872, 0.285), (0.872, 0.715), (0.5, 0.93), (0.128, 0.715), (0.128, 0.285)]
    points = [(low + x * span, low + y * span) for x, y in corners]
    radius = span * 0.07
    pen.polygon(points, 255)
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        pen.line((x0, y0, x1, y1), 255, int(radius * 2))
    for x, y in points:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), 255)


def _flower(pen: ImageDraw.ImageDraw, low: float, span: float) -> None:
    middle, reach, radius = low + span / 2, span * 0.31, span * 0.19
    pen.ellipse((middle - reach * 1.18,) * 2 + (middle + reach * 1.18,) * 2, 255)
    for x, y in ((1, 0), (0.70711, 0.70711), (0, 1), (-0.70711, 0.70711)):
        for way in (1, -1):
            cx, cy = middle + x * reach * way, middle + y * reach * way
            pen.ellipse((cx - radius, cy - radius, cx + radius, cy + radius), 255)


def _slope(edge: int, top: Color, bottom: Color) -> Image.Image:
    """A diagonal gradient. Mixed while small and blurred, so that no line shows where its parts meet."""
    small = Image.new("RGB", (16, 16))
    for x in range(16):
        for y in range(16):
            small.putpixel((x, y), mix(top, bottom, min((x + 2 * y) / 36, 1.0)))
    smooth = small.filter(ImageFilter.GaussianBlur(1))
    return smooth.resize((edge, edge), Image.Resampling.BICUBIC)


def _label(badge: Image.Image, name: str, caption: str, color: Color) -> None:
    """The monogram; on badges large enough also the name and the caption."""
    edge = badge.width
    if edge < 16:
        return
    worded = edge >= 160
    letters = lettering.mark(lettering.initials(name), edge * (40 if worded else 50) // 100, 0.03)
    middle = edge * (44 if worded else 50) // 100
    badge.paste(color, ((edge - letters.width) // 2, middle - letters.height // 2), letters)
    if not worded:
        return
    width = edge * 56 // 100
    title = lettering.fitted(lettering.plain(name), width, edge * 12 // 100, edge * 75 // 1000, 0.02)
    line = lettering.fitted(caption, width, edge * 4 // 100, edge * 3 // 100, 0)
    left, top = (edge - width) // 2, edge * 65 // 100
    badge.paste(color, (left, top), lettering.written(title, width, centred=True))
    badge.paste(color, (left, top + title.height + edge // 80), lettering.written(line, width, centred=True))
