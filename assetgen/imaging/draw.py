"""Placeholders: on-brand pictures drawn from an asset's name, colours and request, for while the real ones are made.

Equal arguments give equal bytes. Knows no manifest and no provider; measures are pixels.
"""

from __future__ import annotations

from io import BytesIO
from random import Random

from PIL import Image

from assetgen.imaging import lettering
from assetgen.imaging.badge import draw_badge
from assetgen.imaging.motifs import MOTIFS, Canvas, backdrop
from assetgen.imaging.palette import INK, WHITE, Color, contrast, mix, scheme_of
from assetgen.manifest.recipe import Drawing, PixelSize

_ART = 2048
"""Longest edge at which art is drawn; larger pictures enlarge it, and set their words at full size."""


def draw_placeholder(size: PixelSize, drawing: Drawing, seed: str, caption: str) -> Image.Image:
    """An RGB picture of `size`. `seed` chooses the composition; `caption` is a short line such as
    `1024 x 1024 · 1:1 · draft`. With `drawing.remove_bg` it is one clear subject on pure white.

    Raises ValueError for a colour that is none, or a size without pixels.
    """
    if size.width < 1 or size.height < 1:
        raise ValueError(f"a picture of {size} pixels cannot be drawn")
    scheme, dice = scheme_of(drawing.colors), Random(seed)  # noqa: S311 (art, not secrets)
    if drawing.remove_bg:
        return draw_badge(size, drawing.name, scheme, dice, lettering.plain(caption))
    art = Canvas(backdrop(_art_size(size), scheme, dice), scheme, dice)
    MOTIFS[int(dice.random() * len(MOTIFS))](art)
    picture = art.picture
    if picture.size != (size.width, size.height):
        picture = picture.resize((size.width, size.height), Image.Resampling.BICUBIC)
    _sign(picture, lettering.plain(drawing.name), lettering.plain(caption))
    return picture


def placeholder_png(size: PixelSize, drawing: Drawing, seed: str, caption: str) -> bytes:
    """`draw_placeholder` as a PNG, packed for speed: it is looked at, derived from, and replaced."""
    buffer = BytesIO()
    draw_placeholder(size, drawing, seed, caption).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _art_size(size: PixelSize) -> tuple[int, int]:
    scale = min(1.0, _ART / max(size.width, size.height))
    return max(1, int(size.width * scale + 0.5)), max(1, int(size.height * scale + 0.5))


def _sign(picture: Image.Image, name: str, caption: str) -> None:
    """Sets the name and the caption at the lower left, on as much shade as they need to be read."""
    short = min(picture.size)
    if short < 48:
        return
    margin = short * 7 // 100
    width = picture.width - 2 * margin
    title = lettering.fitted(name, width, short * 34 // 100, short * 13 // 100)
    line = lettering.fitted(caption, width, short * 6 // 100, short * 34 // 1000)
    top = picture.height - margin - title.height - line.height - short * 2 // 100
    color = _legible(picture, max(top - margin, 0))
    words = lettering.written(title, width, 0.022)
    picture.paste(color, (margin, top), words)
    small = lettering.written(line, width).point([value * 82 // 100 for value in range(256)])
    picture.paste(color, (margin, top + title.height + short * 2 // 100), small)


def _legible(picture: Image.Image, top: int) -> Color:
    """Shades the picture from `top` down until white or ink can be read on every part of it; that colour."""
    band = picture.crop((0, top, picture.width, picture.height)).resize((12, 4), Image.Resampling.BOX)
    patches = [band.getpixel((x, y)) for x in range(12) for y in range(4)]
    tones: list[Color] = [(p[0], p[1], p[2]) for p in patches if isinstance(p, tuple)]
    average = tones[len(tones) // 2]
    text = max((WHITE, INK), key=lambda color: sum(contrast(color, tone) for tone in tones))
    shade = mix(average, INK if text == WHITE else WHITE, 0.85)
    for step in range(11):
        if all(contrast(text, mix(tone, shade, step / 10)) >= 4.5 for tone in tones):
            break
    strength = step / 10
    ramp = Image.linear_gradient("L").point([min(255, int(value * 2.2 * strength)) for value in range(256)])
    limit = int(255 * strength)
    ramp = ramp.point([min(value, limit) for value in range(256)])
    box = (0, top, picture.width, picture.height)
    picture.paste(shade, box, ramp.resize((picture.width, picture.height - top), Image.Resampling.BILINEAR))
    return text
