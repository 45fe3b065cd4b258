"""A picture small enough to be carried inside a page, and what can be told from that alone.

Knows no page. What is told is for people to look at, never a reason to refuse a picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal, TypeAlias

from PIL import Image

from assetgen.imaging.decode import decode, measured
from assetgen.imaging.signature import is_video
from assetgen.imaging.video import extra
from assetgen.manifest.recipe import PixelSize

EDGE = 224
"""Longest edge in pixels: sharp enough beside others, and about 4 KB."""

_QUALITY = 68
_SOLID = 200
"""Opacity from which a pixel counts as seen, of 255."""

_CUT = 0.12
"""The share of an edge that a subject must cover before it counts as cut off: a tip may touch it."""

Side: TypeAlias = Literal["left", "top", "right", "bottom"]


@dataclass(frozen=True, slots=True)
class Look:
    """What a thumbnail shows: whether anything is transparent, whether anything is seen at all, and the sides at which
    a cut out subject runs out of the picture."""

    clear: bool
    empty: bool
    cut: tuple[Side, ...]


def thumbnail(source: Path) -> bytes:
    """A WebP of the picture, or of a video's first frame, at most `EDGE` pixels in either direction; a smaller picture
    keeps its size. Raises PictureError."""
    picture = _shown(source)
    if max(picture.size) > EDGE:
        picture = _reduced(picture)
    file = BytesIO()
    picture.save(file, "WEBP", quality=_QUALITY, method=4, lossless=max(picture.size) <= EDGE // 4)
    return file.getvalue()


def dimensions(source: Path) -> PixelSize:
    """The pixels of a picture, or of a video's frames. Raises PictureError."""
    if not is_video(source):
        return measured(source)[1]
    extra.check()
    from assetgen.imaging.video.demux import inspect_video

    return inspect_video(source).size


def look(source: bytes) -> Look:
    """What can be told from a thumbnail. Raises PictureError."""
    picture = decode(source)
    if picture.mode != "RGBA":
        return Look(clear=False, empty=False, cut=())
    alpha = picture.getchannel("A").point([255 if value >= _SOLID else 0 for value in range(256)])
    return Look(clear=True, empty=alpha.getbbox() is None, cut=_cut(alpha))


def _shown(source: Path) -> Image.Image:
    if is_video(source) and extra.is_there():
        from assetgen.imaging.video.demux import first_frame

        return first_frame(source)
    return decode(source)


def _reduced(picture: Image.Image) -> Image.Image:
    """The picture at `EDGE`. Transparent pixels do not bleed into others."""
    scale = EDGE / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    clear = picture.mode == "RGBA"
    small = (picture.convert("RGBa") if clear else picture).resize(size, Image.Resampling.LANCZOS, reducing_gap=2)
    return small.convert("RGBA") if clear else small


def _cut(alpha: Image.Image) -> tuple[Side, ...]:
    """The sides that are covered here and there, but not all along: a picture that fills its frame is cut nowhere."""
    width, height = alpha.size
    lines: dict[Side, tuple[int, int, int, int]] = {
        "left": (0, 0, 1, height),
        "top": (0, 0, width, 1),
        "right": (width - 1, 0, width, height),
        "bottom": (0, height - 1, width, height),
    }
    covered = {side: _covered(alpha.crop(box)) for side, box in lines.items()}
    return tuple(side for side, share in covered.items() if share >= _CUT) if min(covered.values()) < 1 else ()


def _covered(line: Image.Image) -> float:
    return line.histogram()[255] / (line.width * line.height)
