"""The cells of a sheet as parts of its pixels; gutters that the manifest leaves to be found are found here.

A gutter is a plain band across the whole sheet, of one colour or transparent, near to where equal cells would meet.
What lies between the bands are the cells, brought to one size: that of the largest, each in the middle of what it
shows. Where they differ by next to nothing, as painted tiles do, it is that of the smallest, so that no gutter shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from PIL import Image, ImageChops

from assetgen.errors import ExportError
from assetgen.imaging.decode import decode
from assetgen.imaging.encode import encode
from assetgen.imaging.sizes import Box
from assetgen.manifest.cells import cell_area
from assetgen.manifest.recipe import Cell, Export, PixelSize

Extents: TypeAlias = tuple[list[tuple[int, int]], list[tuple[int, int]]]
"""Where columns begin and end, and where rows do."""

_NEAR = 24
"""Levels by which a channel may differ from the ground: noise and soft shadows are no content."""

_CLEAR = 6
"""Alpha below which nothing is seen."""

_REACH = 3
"""A gutter lies within a third of a cell of where equal cells would meet."""

_ALIKE = 50
"""Cells whose extents differ by less than this part of them are meant to be equal."""


_BY_HAND = (
    "look at the sheet, and write `gutter` as a number of pixels, 0 if there is none: the sheet is kept, and cutting "
    "it again costs nothing"
)


def areas_of(picture: Image.Image, cells: Iterable[Cell | None]) -> dict[Cell | None, Box]:
    """The part of `picture` (RGB, or RGBA with straight alpha) that each cell is; None is all of it.

    Raises ExportError when gutters leave nothing, or cannot be found.
    """
    found: dict[tuple[int, int], Extents] = {}
    areas: dict[Cell | None, Box] = {}
    for cell in dict.fromkeys(cells):
        if cell is None:
            areas[None] = (0, 0, picture.width, picture.height)
        elif cell.gutter == "auto":
            grid = (cell.columns, cell.rows)
            found[grid] = found.get(grid) or _found(picture, *grid)
            (left, right), (top, bottom) = found[grid][0][cell.column - 1], found[grid][1][cell.row - 1]
            areas[cell] = (left, top, right, bottom)
        else:
            areas[cell] = _equal(picture, cell)
    return areas


def cut(file: Path, cell: Cell) -> bytes:
    """One cell of the sheet in a file, as PNG. Raises ExportError and PictureError."""
    sheet = decode(file)
    return encode(sheet.crop(areas_of(sheet, [cell])[cell]), Export("png"), mark=False)


def _equal(picture: Image.Image, cell: Cell) -> Box:
    area = cell_area(PixelSize(picture.width, picture.height), cell)
    if area is None:
        raise ExportError(
            f"gutters of {cell.gutter} pixels leave nothing of a sheet of {picture.width}x{picture.height} pixels with "
            f"{cell.rows} x {cell.columns} cells",
            hint="write a smaller `gutter`",
        )
    return area


# --- finding gutters -------------------------------------------------------------------------------------------------


def _found(picture: Image.Image, columns: int, rows: int) -> Extents:
    if columns == rows == 1:
        return [(0, picture.width)], [(0, picture.height)]
    content = _content(picture, columns, rows)
    across = content.resize((content.width, 1), Image.Resampling.BOX).tobytes()
    down = content.resize((1, content.height), Image.Resampling.BOX).tobytes()
    return placed(across, columns, "column"), placed(down, rows, "row")


def placed(profile: Sequence[int], count: int, what: str) -> list[tuple[int, int]]:
    """Where `count` cells lie along a profile that is 0 where nothing but ground is; `what` names a cell in messages.

    Raises ExportError.
    """
    bands = [_band(profile, count, number, what) for number in range(1, count)]
    parts = list(zip([0, *(end for _, end in bands)], [*(start for start, _ in bands), len(profile)], strict=True))
    shown = [_trimmed(profile, part, f"{what} {number}") for number, part in enumerate(parts, 1)]
    extents = [end - start for start, end in shown]
    most, least = max(extents), min(extents)
    extent = least if (most - least) * _ALIKE <= most else most
    return [_centred(part, extent, len(profile)) for part in shown]


def _band(profile: Sequence[int], count: int, number: int, what: str) -> tuple[int, int]:
    """The widest plain band near to where the cells `number` and `number + 1` would meet."""
    middle, reach = len(profile) * number / count, len(profile) / count / _REACH
    near = [(start, end) for start, end in _plain(profile) if start <= middle + reach and end >= middle - reach]
    if not near:
        raise ExportError(
            f"no gutter is to be seen between {what} {number} and {what} {number + 1} of the sheet",
            hint=_BY_HAND,
        )
    return max(near, key=lambda band: (band[1] - band[0], -abs(band[0] + band[1] - 2 * middle)))


def _plain(profile: Sequence[int]) -> list[tuple[int, int]]:
    """Every run of nothing but ground, as where it starts and where it ends."""
    runs = [(is_content, len(list(run))) for is_content, run in groupby(profile, bool)]
    ends = [sum(length for _, length in runs[: index + 1]) for index in range(len(runs))]
    return [(end - length, end) for (is_content, length), end in zip(runs, ends, strict=True) if not is_content]


def _trimmed(profile: Sequence[int], part: tuple[int, int], what: str) -> tuple[int, int]:
    seen = [at for at in range(*part) if profile[at]]
    if not seen:
        raise ExportError(f"{what} of the sheet shows nothing but its ground", hint=_BY_HAND)
    return seen[0], seen[-1] + 1


def _centred(part: tuple[int, int], extent: int, whole: int) -> tuple[int, int]:
    start = (part[0] + part[1] - extent) // 2
    start = max(0, min(start, whole - extent))
    return start, start + extent


def _content(picture: Image.Image, columns: int, rows: int) -> Image.Image:
    """A mask of what is not ground."""
    if picture.mode == "RGBA":
        return picture.getchannel("A").point([0] * _CLEAR + [255] * (256 - _CLEAR))
    ground = Image.new("RGB", picture.size, _ground(picture, columns, rows))
    unlike = reduce(ImageChops.lighter, ImageChops.difference(picture, ground).split())
    return unlike.point([0] * _NEAR + [255] * (256 - _NEAR))


def _ground(picture: Image.Image, columns: int, rows: int) -> tuple[int, int, int]:
    """The colour that most of the lines have along which equal cells would meet."""
    wide, high = picture.size
    lines = [(wide * n // columns, 0, wide * n // columns + 1, high) for n in range(1, columns)]
    lines += [(0, high * n // rows, wide, high * n // rows + 1) for n in range(1, rows)]
    colors: Counter[tuple[int, int, int]] = Counter()
    for line in lines:
        pixels = picture.crop(line).tobytes()
        colors.update(zip(pixels[0::3], pixels[1::3], pixels[2::3], strict=True))
    fullest, _ = _families(colors).most_common(1)[0]
    return max((color for color in colors if _family(color) == fullest), key=lambda color: (colors[color], color))


def _families(colors: Counter[tuple[int, int, int]]) -> Counter[tuple[int, ...]]:
    families: Counter[tuple[int, ...]] = Counter()
    for color, count in colors.items():
        families[_family(color)] += count
    return families


def _family(color: tuple[int, int, int]) -> tuple[int, ...]:
    return tuple(channel >> 4 for channel in color)
