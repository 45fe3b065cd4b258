"""How large an output is and which part of the picture it shows. Whole-number arithmetic; knows no pixels.

Rounding: an edge that follows from a ratio is rounded to the nearest pixel, halves up, and is never below 1. Crops and
margins are whole pixels, taken evenly from both sides, the odd pixel from the right or the bottom.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from assetgen.catalog.presets.layout import height_of
from assetgen.catalog.presets.model import Container
from assetgen.errors import ExportError
from assetgen.manifest.cells import cell_size
from assetgen.manifest.recipe import Export, Fit, PictureExport, PixelSize

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are outside."""

MAX_PIXELS = 100_000_000
"""No picture larger than this is read or written."""

_LONGEST = {"webp": 16_383, "jpg": 65_535}
"""The longest edge that a format can express, where that is less than any picture of MAX_PIXELS needs."""

_LARGE_PIXELS = 4_300_000
"""Above this AVIF and WebP encoders need hundreds of MB: at 4096 x 4096 AVIF some 350, WebP 100, with alpha or lossless
up to 500. 2048 x 2048 needs at most 120, and fits beside others."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """The part `crop` of the source is resampled to `scaled`, which lies at `offset` on a `canvas`."""

    crop: Box
    scaled: PixelSize
    canvas: PixelSize
    offset: tuple[int, int] = (0, 0)

    @property
    def resamples(self) -> bool:
        left, top, right, bottom = self.crop
        return (right - left, bottom - top) != (self.scaled.width, self.scaled.height)

    @property
    def pads(self) -> bool:
        return self.canvas != self.scaled


def fitted(source: PixelSize, export: Export) -> Geometry:
    """How `export` is made from a picture of `source` pixels.

    A width alone scales the whole picture. A box is filled by `fit`: `cover` (the default) fills it and cuts off what
    stands out at two sides, `contain` shows everything on a canvas of the box's size, `inside` is no larger than what
    it shows. Raises ExportError when that needs more pixels than there are and `export.upscale` does not allow it, or
    when the result would be larger than its format or MAX_PIXELS allow.
    """
    geometry = _geometry(source, export)
    if not export.upscale and _enlarges(source, export):
        raise _too_large(source, export)
    _refuse_excess(geometry.canvas, export)
    return geometry


def largest(source: PixelSize, export: Export) -> PixelSize:
    """The largest size (for a box: the largest box of its shape) that `export` could ask for without upscaling."""
    if export.width is None or export.height is None:
        return source
    by_width, by_height = (source.width, export.width), (source.height, export.height)
    by_width_is_less = source.width * export.height <= source.height * export.width
    part, whole = by_width if by_width_is_less == (_fit(export) == "cover") else by_height
    return PixelSize(max(1, export.width * part // whole), max(1, export.height * part // whole))


def is_large(export: PictureExport, source: PixelSize) -> bool:
    """Whether encoding this needs so much memory that it must not run beside another of its kind. `source` is the
    master; of a grid, a cell is no larger than it would be without gutters."""
    cell = export.cell if isinstance(export, Export) else None
    part = cell_size(source, replace(cell, gutter=None)) if cell else source
    canvas = canvas_of(export, part or source)
    return export.format in {"avif", "webp"} and canvas.width * canvas.height > _LARGE_PIXELS


def canvas_of(export: PictureExport, source: PixelSize) -> PixelSize:
    """The pixels of the file that `export` makes of a picture of `source` pixels, or of the largest picture in it;
    whether it can be made is not asked."""
    if isinstance(export, Export):
        return _geometry(source, export).canvas
    if isinstance(export.picture, Container):
        edge = max(frame.pixels for frame in export.picture.frames)
        return PixelSize(edge, edge)
    file = export.picture
    return PixelSize(file.width, height_of(file.width, file.height, (source.width, source.height)))


def even(size: PixelSize) -> PixelSize:
    """The pixels of a video for those of a picture. H.264 and VP9 keep colour at half resolution, so edges are even: an
    odd one loses its last pixel."""
    return PixelSize(*(max(2, edge - edge % 2) for edge in (size.width, size.height)))


def _fit(export: Export) -> Fit:
    return export.fit or "cover"


def _geometry(source: PixelSize, export: Export) -> Geometry:
    whole = (0, 0, source.width, source.height)
    if export.width is None:
        return Geometry(whole, source, source)
    if export.height is None:
        scaled = PixelSize(export.width, _rounded(source.height * export.width, source.width))
        return Geometry(whole, scaled, scaled)
    box = PixelSize(export.width, export.height)
    if _fit(export) == "cover":
        return Geometry(_covering(source, box), box, box)
    scaled = _within(source, box)
    if _fit(export) == "inside":
        return Geometry(whole, scaled, scaled)
    return Geometry(whole, scaled, box, ((box.width - scaled.width) // 2, (box.height - scaled.height) // 2))


def _covering(source: PixelSize, box: PixelSize) -> Box:
    """The largest middle part of `source` that has the shape of `box`."""
    width = min(source.width, _rounded(source.height * box.width, box.height))
    height = min(source.height, _rounded(source.width * box.height, box.width))
    left, top = (source.width - width) // 2, (source.height - height) // 2
    return left, top, left + width, top + height


def _within(source: PixelSize, box: PixelSize) -> PixelSize:
    """`source`, scaled so that it just fits into `box`."""
    width = min(box.width, _rounded(source.width * box.height, source.height))
    height = min(box.height, _rounded(source.height * box.width, source.width))
    return PixelSize(width, height)


def _rounded(dividend: int, divisor: int) -> int:
    return max(1, (2 * dividend + divisor) // (2 * divisor))


def _enlarges(source: PixelSize, export: Export) -> bool:
    if export.width is None:
        return False
    wider = export.width > source.width
    if export.height is None:
        return wider
    higher = export.height > source.height
    return wider or higher if _fit(export) == "cover" else wider and higher


def _too_large(source: PixelSize, export: Export) -> ExportError:
    most = largest(source, export)
    if export.height is None:
        asked, possible = f"a width of {export.width} pixels", f"the largest possible width is {most.width}"
    else:
        asked, possible = f"{export.width}x{export.height} pixels", f"the largest possible size of this shape is {most}"
    return ExportError(
        f"{asked} would enlarge a picture of {source} pixels; {possible}",
        hint="ask for a smaller size, set `upscale: true`, or generate it at a higher `resolution`",
    )


def _refuse_excess(canvas: PixelSize, export: Export) -> None:
    longest = _LONGEST.get(export.format)
    if longest is not None and max(canvas.width, canvas.height) > longest:
        raise ExportError(
            f"{export.format} cannot hold {canvas} pixels: at most {longest} in either direction",
            hint="ask for a smaller size, or choose another format",
        )
    if canvas.width * canvas.height > MAX_PIXELS:
        raise ExportError(
            f"{canvas} are more pixels than the {MAX_PIXELS // 1_000_000} million that a file may have",
            hint="ask for a smaller size",
        )
