"""A cutout as a file: written the same way by every remover, with its facts."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from PIL import Image

from assetgen import atomic
from assetgen.digest import Digest
from assetgen.removers.base import Cut

CLEAR = (0, 0, 0, 0)

_STRIP = 256
"""Rows that are hashed at once: a large picture is not held in memory twice."""


def write_cutout(picture: Image.Image, target: Path, note: str | None = None) -> Cut:
    """Writes an RGBA picture as PNG, with black where nothing is seen, so that nothing of the background is left
    in the file. Raises WriteError."""
    clean = blackened(picture)
    with atomic.translated(target):
        clean.save(target, "PNG", compress_level=4)
    return Cut(picture.width, picture.height, foreground(picture), note, pixel_digest(clean))


def pixel_digest(picture: Image.Image) -> Digest:
    """The SHA-256 of an RGBA picture's size and pixels: `WIDTHxHEIGHT` and a line feed in ASCII, then the four bytes of
    each pixel, row by row from the top. Equal whatever wrote the file, and how well it was packed."""
    hashed = sha256(f"{picture.width}x{picture.height}\n".encode())
    for top in range(0, picture.height, _STRIP):
        hashed.update(picture.crop((0, top, picture.width, min(top + _STRIP, picture.height))).tobytes())
    return Digest(hashed.hexdigest())


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
