"""The placeholder of an asset whose background will be removed: one glossy badge with a monogram, on pure white."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageChops, ImageDraw

from assetgen.imaging import lettering
from assetgen.imaging.palette import INK, WHITE, Color, Scheme, contrast, deepened, mix
from assetgen.manifest.recipe import PixelSize

_ART = 2048
_FINE = 2


def draw_badge(size: PixelSize, name: str, scheme: Scheme, dice: Random, caption: str) -> Image.Image:
    """The badge fills four fifths of the shorter edge; everything outside it is exactly #FFFFFF."""
    picture = Image.new("RGB", (size.width, size.height), WHITE)
    edge = min(size.width, size.height) * 80 // 100
    if edge < 1:
        return picture
    badge, mask = _badge(min(edge, _ART), scheme, dice)
    if edge > _ART:
        badge, mask = (part.resize((edge, edge), Image.Resampling.BICUBIC) for part in (badge, mask))
    _label(badge, name, caption)
    picture.paste(badge, ((size.width - edge) // 2, (size.height - edge) // 2), mask)
    return picture


def _badge(edge: int, scheme: Scheme, dice: Random) -> tuple[Image.Image, Image.Image]:
    base = deepened(scheme.base, WHITE, 2.6)
    partner = deepened(mix(scheme.partner, base, 0.3), WHITE, 2.0)
    body = _slope(edge, partner, base)
    shape = _SHAPES[int(dice.random() * len(_SHAPES))]
    mask = _mask(edge, shape, 0)
    rim = ImageChops.subtract(_mask(edge, shape, 0.035), _mask(edge, shape, 0.048))
    body.paste(WHITE, mask=rim.point([value * 45 // 100 for value in range(256)]))
    gloss = ImageChops.multiply(
        _mask(edge, "circle", -0.28).transform((edge, edge), Image.Transform.AFFINE, (1, 0, 0, 0, 1, edge * 0.52)), mask
    )
    body.paste(WHITE, mask=gloss.point([value * 16 // 100 for value in range(256)]))
    return body, mask


_SHAPES = ("squircle", "circle", "hexagon", "flower")


def _mask(edge: int, shape: str, inset: float) -> Image.Image:
    fine = Image.new("L", (edge * _FINE, edge * _FINE))
    pen = ImageDraw.Draw(fine)
    low, high = inset * edge * _FINE, (1 - inset) * edge * _FINE - 1
    span = high - low
    if shape == "circle":
        pen.ellipse((low, low, high, high), 255)
    elif shape == "squircle":
        pen.rounded_rectangle((low, low, high, high), span * 0.27, 255)
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
    small = Image.new("RGB", (2, 2))
    middle = mix(top, bottom, 0.5)
    for place, color in {(0, 0): top, (1, 0): middle, (0, 1): middle, (1, 1): bottom}.items():
        small.putpixel(place, color)
    return small.resize((64, 64), Image.Resampling.BILINEAR).resize((edge, edge), Image.Resampling.BICUBIC)


def _label(badge: Image.Image, name: str, caption: str) -> None:
    edge = badge.width
    if edge < 16:
        return
    middle = badge.getpixel((edge // 2, edge // 2))
    tone: Color = (middle[0], middle[1], middle[2]) if isinstance(middle, tuple) else WHITE
    color = max((WHITE, INK), key=lambda text: contrast(text, tone))
    letters = lettering.mark(lettering.initials(name), edge * 40 // 100, 0.03)
    badge.paste(color, ((edge - letters.width) // 2, edge * 44 // 100 - letters.height // 2), letters)
    if edge < 160:
        return
    width = edge * 56 // 100
    title = lettering.fitted(lettering.plain(name), width, edge * 8 // 100, edge * 65 // 1000)
    line = lettering.fitted(caption, width, edge * 4 // 100, edge * 28 // 1000)
    left, top = (edge - width) // 2, edge * 66 // 100
    badge.paste(color, (left, top), lettering.written(title, width, 0.02, centred=True))
    small = lettering.written(line, width, centred=True)
    badge.paste(color, (left, top + title.height + edge // 100), small)
