"""Trimming a cutout to what is left of it, with padding, and back to the shape that the asset has.

A step of its own on the finished cutout, so that a changed crop asks no remover again. The arithmetic is in whole
pixels and knows no picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from PIL import Image

from assetgen.errors import ExportError
from assetgen.imaging.decode import decode
from assetgen.manifest.recipe import PixelSize
from assetgen.removers.base import Cut
from assetgen.removers.cutout import CLEAR, write_cutout

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are outside."""

_SEEN = 6
"""Alpha below which nothing is seen: the last trace of a shadow does not widen the crop."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The part `box` of the cutout lies at `offset` on a transparent `canvas`."""

    box: Box
    canvas: PixelSize
    offset: tuple[int, int]


def framed(box: Box, padding: float, shape: PixelSize) -> Frame:
    """How the part `box` is framed: with at least `padding`, a share of its longer edge, on every side, and then with
    as much more on two sides as gives the canvas the proportions of `shape`, rounded up to a pixel. An odd pixel goes
    to the right or to the bottom."""
    width, height = box[2] - box[0], box[3] - box[1]
    space = int(max(width, height) * padding + 0.5)
    least = PixelSize(width + 2 * space, height + 2 * space)
    canvas = PixelSize(
        max(least.width, _share(least.height, shape.width, shape.height)),
        max(least.height, _share(least.width, shape.height, shape.width)),
    )
    return Frame(box, canvas, ((canvas.width - width) // 2, (canvas.height - height) // 2))


def seen_in(cutout: Image.Image) -> Box:
    """The smallest box that holds all that can be seen. Raises ExportError when there is nothing."""
    box = cutout.getchannel("A").point([0] * _SEEN + [255] * (256 - _SEEN)).getbbox()
    if box is None:
        raise ExportError(
            "nothing is left of the picture once its background is removed",
            hint="look at the picture: the background may have the colour of the subject",
        )
    return box


def cropped(cutout: Image.Image, padding: float, shape: PixelSize) -> Image.Image:
    """The cutout (RGBA) trimmed to what can be seen of it, and framed."""
    frame = framed(seen_in(cutout), padding, shape)
    canvas = Image.new("RGBA", (frame.canvas.width, frame.canvas.height), CLEAR)
    canvas.paste(cutout.crop(frame.box), frame.offset)
    return canvas


def crop_file(source: Path, target: Path, padding: float, shape: PixelSize) -> Cut:
    """`cropped` for the file of a cutout, on the thread that calls it. Raises PictureError, ExportError, WriteError."""
    return write_cutout(cropped(decode(source).convert("RGBA"), padding, shape), target)


def _share(extent: int, part: int, whole: int) -> int:
    """`extent * part / whole`, rounded up."""
    return -(-extent * part // whole)
