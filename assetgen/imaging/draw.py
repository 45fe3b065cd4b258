"""Placeholders: on-brand pictures drawn from an asset's name, colours and request, for while the real ones are made.

Equal arguments give equal bytes. Knows no manifest and no provider; measures are pixels.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from io import BytesIO
from random import Random

from PIL import Image

from assetgen.imaging import lettering
from assetgen.imaging.badge import draw_badge
from assetgen.imaging.canvas import Canvas
from assetgen.imaging.motifs import MOTIFS, backdrop
from assetgen.imaging.palette import WHITE, Color, Scheme, color_of, contrast, mix, scheme_of, shaded_until, text_on
from assetgen.manifest.cells import cell_area, cells_of
from assetgen.manifest.recipe import Drawing, Grid, PixelSize

_ART = 2048
"""Longest edge at which art is drawn; larger pictures enlarge it, and set their words at full size."""


_GUTTERS = 50
"""Gutters of drafts whose width nobody wrote are this part of the shorter edge."""


def draw_placeholder(size: PixelSize, drawing: Drawing, seed: str, caption: str) -> Image.Image:
    """An RGB picture of `size`. `seed` chooses the composition; `caption` is a short line such as
    `1024 x 1024 · 1:1 · draft`. With `drawing.remove_bg` it is one clear subject on pure white, or on
    `drawing.ground`, with `drawing.grid` a sheet of such pictures, one for each cell, under its name.

    Raises ValueError for a colour that is none, or a size without pixels.
    """
    if size.width < 1 or size.height < 1:
        raise ValueError(f"a picture of {size} pixels cannot be drawn")
    if drawing.grid is not None:
        return _sheet(size, drawing, drawing.grid, seed, caption)
    scheme, dice = scheme_of(drawing.colors), Random(seed)  # noqa: S311 (art, not secrets)
    if drawing.remove_bg:
        return draw_badge(size, drawing.name, scheme, dice, lettering.plain(caption), _ground(drawing))
    art = Canvas(backdrop(_art_size(size), scheme, dice), scheme, dice)
    MOTIFS[int(dice.random() * len(MOTIFS))](art)
    picture = art.picture
    if picture.size != (size.width, size.height):
        picture = picture.resize((size.width, size.height), Image.Resampling.BICUBIC)
    _sign(picture, scheme, lettering.plain(drawing.name), lettering.plain(caption))
    return picture


def placeholder_png(size: PixelSize, drawing: Drawing, seed: str, caption: str) -> bytes:
    """`draw_placeholder` as a PNG, packed for speed: it is looked at, derived from, and replaced."""
    buffer = BytesIO()
    draw_placeholder(size, drawing, seed, caption).save(buffer, "PNG", compress_level=1, compress_type=zlib.Z_RLE)
    return buffer.getvalue()


def _sheet(size: PixelSize, drawing: Drawing, grid: Grid, seed: str, caption: str) -> Image.Image:
    """The cells lie where cutting looks for them; gutters that it has to find are drawn to be found. Of each caption
    only the last word is left, which says what this is."""
    sheet = Image.new("RGB", (size.width, size.height), _ground(drawing))
    gutter = min(size.width, size.height) // _GUTTERS if grid.gutter == "auto" else grid.gutter
    word = caption.rpartition(" · ")[2]
    for name, cell in zip(grid.cells, cells_of(replace(grid, gutter=gutter)), strict=False):
        area = cell_area(size, cell)
        if area is not None:
            left, top, right, bottom = area
            part = PixelSize(right - left, bottom - top)
            own = Drawing(name, drawing.colors, drawing.remove_bg, ground=drawing.ground)
            picture = draw_placeholder(part, own, f"{seed} {name}", f"{part.width} x {part.height} · {word}")
            sheet.paste(picture, (left, top))
    return sheet


def _ground(drawing: Drawing) -> Color:
    return color_of(drawing.ground) if drawing.ground else WHITE


def _art_size(size: PixelSize) -> tuple[int, int]:
    scale = min(1.0, _ART / max(size.width, size.height))
    return max(1, int(size.width * scale + 0.5)), max(1, int(size.height * scale + 0.5))


def _sign(picture: Image.Image, scheme: Scheme, name: str, caption: str) -> None:
    """Sets the name and the caption at the lower left, on as much shade as they need to be read."""
    short = min(picture.size)
    if short < 48:
        return
    margin = short * 7 // 100
    width = picture.width - 2 * margin
    title = lettering.fitted(name, width, short * 36 // 100, short * 14 // 100, 0.022)
    line = lettering.fitted(caption, width, short * 6 // 100, short * 34 // 1000, 0.008)
    top = picture.height - margin - title.height - line.height - short * 2 // 100
    color = text_on(scheme.base)
    _shade(picture, max(top, 0), short * 34 // 100, shaded_until(scheme.deep, color, 10), color)
    picture.paste(color, (margin, top), lettering.written(title, width))
    picture.paste(color, (margin, top + title.height + short * 2 // 100), lettering.written(line, width))


def _shade(picture: Image.Image, top: int, lead: int, shade: Color, text: Color) -> None:
    """Lays `shade` over the picture below `top` until `text` can be read on every part of it; it fades in over the
    `lead` pixels above."""
    tones = _tones(picture.crop((0, top, picture.width, picture.height)))
    strength = next((n / 16 for n in range(16) if all(contrast(text, mix(t, shade, n / 16)) >= 4.5 for t in tones)), 1)
    start = max(top - lead, 0)
    rise = max(1, 255 * (top - start) // (picture.height - start))
    ramp = Image.linear_gradient("L").point([int(_eased(value / rise) * 255 * strength) for value in range(256)])
    size = (picture.width, picture.height - start)
    picture.paste(shade, (0, start), ramp.resize(size, Image.Resampling.BICUBIC))


def _eased(share: float) -> float:
    """From 0 to 1 without a corner at either end."""
    share = min(share, 1.0)
    return share * share * (3 - 2 * share)


def _tones(part: Image.Image) -> list[Color]:
    """The colours of a part of the picture, averaged over the cells of a grid."""
    grid = part.resize((12, 4), Image.Resampling.BOX)
    found = [grid.getpixel((x, y)) for x in range(12) for y in range(4)]
    return [(int(tone[0]), int(tone[1]), int(tone[2])) for tone in found if isinstance(tone, tuple)]
