"""A cutout as a file: written the same way by every remover, with its facts."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from assetgen import atomic
from assetgen.removers.base import Cut

CLEAR = (0, 0, 0, 0)


def write_cutout(picture: Image.Image, target: Path, note: str | None = None) -> Cut:
    """Writes an RGBA picture as PNG, with black where nothing is seen, so that nothing of the background is left
    in the file. Raises WriteError."""
    clean = blackened(picture)
    with atomic.translated(target):
        clean.save(target, "PNG", compress_level=4)
    return Cut(picture.width, picture.height, foreground(picture), note)


def blackened(picture: Image.Image) -> Image.Image:
    """The picture with black where it is invisible."""
    seen = picture.getchannel("A").point([0] + [255] * 255)
    clean = Image.new("RGBA", picture.size, CLEAR)
    clean.paste(picture, mask=seen)
    return clean


def foreground(picture: Image.Image) -> float:
    """The share of the picture's area that is left, counting what is half transparent half."""
    counts = picture.getchannel("A").histogram()
    return sum(level * count for level, count in enumerate(counts)) / (255 * picture.width * picture.height)
