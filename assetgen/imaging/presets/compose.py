"""From a picture to the pixels of one preset file: role, size, border, ground, mask, alpha.

Pure: every call makes a new picture and leaves its arguments alone, so that several threads may share one art.
The arithmetic of borders is `catalog/presets/layout`; resampling is premultiplied, with Lanczos, as in `encode`.
"""

from __future__ import annotations

from fractions import Fraction
from math import hypot

from PIL import Image, ImageColor

from assetgen.catalog.presets.layout import Area, content, height_of, plate, scaled
from assetgen.catalog.presets.model import Alpha, Ground, Look, Mask, Role
from assetgen.errors import ExportError
from assetgen.imaging.presets.masks import mask_of

_VISIBLE = 16
"""Opacity, of 255, from which a pixel counts as part of what is shown."""


def art_of(picture: Image.Image, role: Role) -> Image.Image:
    """What `composed` works with: `picture` (RGB, or RGBA with straight alpha) as its role shows it, premultiplied when
    it is transparent. Worth keeping for all files of one role.

    Raises ExportError for the silhouette of a picture without transparency.
    """
    if role == "monochrome":
        picture = _silhouette(picture)
    elif role == "tinted":
        picture = _grey(picture)
    return picture.convert("RGBa") if picture.mode == "RGBA" else picture


def composed(art: Image.Image, width: int, height: int | None, look: Look, *, upscale: bool = False) -> Image.Image:
    """The pixels of one file, RGB or RGBA as `look.alpha` says. A `height` of None follows the shape of the art.

    Raises ExportError when that would enlarge the art and `upscale` does not allow it.
    """
    size = (width, height_of(width, height, art.size))
    board = plate(*size, look)
    face = _face(art, board, look, upscale=upscale)
    if look.mask != "none":
        face = _cut(face, look.mask)
    if (board.width, board.height) != size:
        canvas = Image.new("RGBA", size)
        canvas.paste(face.convert("RGBA"), (board.x, board.y))
        face = canvas
    return _with_alpha(face, look.alpha)


def painted(ground: Ground, size: tuple[int, int]) -> Image.Image:
    """An RGB picture of the ground; a gradient runs from the top to the bottom, mixed in sRGB as browsers do."""
    colors = [ImageColor.getrgb(color)[:3] for color in ground.colors]
    if ground.is_flat:
        return Image.new("RGB", size, colors[0])
    column = Image.new("RGB", (1, size[1]))
    for y in range(size[1]):
        place = (y + 0.5) / size[1] * (len(colors) - 1)
        first = min(int(place), len(colors) - 2)
        mixed = [int(a + (b - a) * (place - first) + 0.5) for a, b in zip(*colors[first : first + 2], strict=True)]
        column.putpixel((0, y), (mixed[0], mixed[1], mixed[2]))
    return column.resize(size, Image.Resampling.NEAREST)


def reach(art: Image.Image) -> float:
    """How far, in pixels, the farthest visible part is from the middle."""
    width, height = art.size
    whole = hypot(width, height) / 2
    if art.mode != "RGBa":
        return whole
    seen = art.getchannel("a").point([255 if value >= _VISIBLE else 0 for value in range(256)])
    far = 0.0
    for y in range(height):
        row = seen.crop((0, y, width, y + 1)).getbbox()
        if row is not None:
            far = max(far, hypot(max(width / 2 - row[0], row[2] - width / 2), abs(y + 0.5 - height / 2) + 0.5))
    return far or whole


def _silhouette(picture: Image.Image) -> Image.Image:
    """Black where the picture is: systems look at its opacity only."""
    if picture.mode != "RGBA":
        raise ExportError(
            "a monochrome icon is made of what is not transparent, and this picture has no transparent pixel",
            hint="set `removeBg: true` for it, or name an asset that has a transparent background",
        )
    shape = Image.new("RGBA", picture.size)
    shape.putalpha(picture.getchannel("A"))
    return shape


def _grey(picture: Image.Image) -> Image.Image:
    """Brightness only (ITU-R BT.601), transparency as it was: the system lays its own colour over it."""
    tone = picture.convert("L")
    if picture.mode != "RGBA":
        return tone.convert("RGB")
    grey = tone.convert("RGBA")
    grey.putalpha(picture.getchannel("A"))
    return grey


def _face(art: Image.Image, board: Area, look: Look, *, upscale: bool) -> Image.Image:
    """What the plate shows: the ground, and the art on it."""
    size = (board.width, board.height)
    face = Image.new("RGBA", size) if look.ground is None else painted(look.ground, size)
    if look.role == "ground":
        return face
    area = content(board, look)
    figure = _resampled(art, area, look, upscale=upscale)
    place = (area.x + (area.width - figure.width) // 2, area.y + (area.height - figure.height) // 2)
    face.paste(figure, place, figure if figure.mode == "RGBA" and look.ground else None)
    return face


def _resampled(art: Image.Image, area: Area, look: Look, *, upscale: bool) -> Image.Image:
    """The part of the art that is shown, at the size at which it is shown: RGB or RGBA."""
    size, part = (area.width, area.height), _covering(art.size, area)
    if look.safe is not None:
        size, part = _in_circle(art, area, look.safe), (0, 0, *art.size)
    elif look.fit == "contain":
        size, part = scaled(art.size, area, "contain"), (0, 0, *art.size)
    if not upscale and size[0] > part[2] - part[0] and size[1] > part[3] - part[1]:
        raise ExportError(
            f"{size[0]}x{size[1]} pixels would enlarge a picture of {art.width}x{art.height} pixels",
            hint="generate it at a higher `resolution`, or set `upscale: true`",
        )
    figure = art.resize(size, Image.Resampling.LANCZOS, part, reducing_gap=3.0)
    return figure.convert("RGBA") if figure.mode == "RGBa" else figure


def _covering(picture: tuple[int, int], area: Area) -> tuple[float, float, float, float]:
    """The largest middle part of the picture that has the area's shape; it may begin and end within a pixel."""
    factor = max(Fraction(area.width, picture[0]), Fraction(area.height, picture[1]))
    x = float(picture[0] - area.width / factor) / 2
    y = float(picture[1] - area.height / factor) / 2
    return x, y, picture[0] - x, picture[1] - y


def _in_circle(art: Image.Image, area: Area, safe: Fraction) -> tuple[int, int]:
    """The size at which all that is visible lies in a circle of the share `safe` of the area, two pixels inside its
    edge: resampling softens what is there by as much. Never larger than the area, nor than the art itself."""
    edge = min(area.width, area.height)
    radius = float(edge * safe) / 2 - 2
    factor = min(radius / reach(art), area.width / art.width, area.height / art.height, 1.0)
    return _even(art.width * factor, area.width), _even(art.height * factor, area.height)


def _even(edge: float, room: int) -> int:
    """The largest whole number up to `edge` that leaves the same border on both sides of `room`."""
    whole = int(edge)
    return max(2 - room % 2, whole - (room - whole) % 2)


def _cut(face: Image.Image, mask: Mask) -> Image.Image:
    """Premultiplied, so that what was cut away leaves no colour behind."""
    cut = Image.new("RGBa", face.size)
    cut.paste(face.convert("RGBA").convert("RGBa"), mask=mask_of(mask, face.width))
    return cut.convert("RGBA")


def _with_alpha(face: Image.Image, alpha: Alpha) -> Image.Image:
    if alpha == "always":
        return face.convert("RGBA")
    if face.mode == "RGBA" and face.getchannel("A").getextrema() == (255, 255):
        face = face.convert("RGB")
    if alpha == "never" and face.mode != "RGB":
        raise ExportError(
            "the platform allows no transparency here, and the picture is transparent in places",
            hint='say what to put behind it with `background: "#FFFFFF"`',
        )
    return face
