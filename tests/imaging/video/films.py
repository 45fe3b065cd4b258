"""Small videos in the forms that a service might send, made when a test asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from av.video.frame import VideoFrame
from PIL import Image

from assetgen.imaging.video.encode import encode_clip
from assetgen.manifest.recipe import ClipExport, ClipFormat, Export, PixelSize

RATE = Fraction(24)
SIZE = PixelSize(64, 48)


def frames(count: int = 12, size: PixelSize = SIZE) -> Iterator[VideoFrame]:
    """A white square that walks over red; the first frame has it at the left edge."""
    for number in range(count):
        picture = Image.new("RGB", (size.width, size.height), (220, 20, 30))
        left = number * (size.width - 16) // max(count - 1, 1)
        picture.paste((255, 255, 255), (left, 8, left + 16, 24))
        yield VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]


@cache
def film(file_format: ClipFormat = "mp4", count: int = 12, size: PixelSize = SIZE, rate: Fraction = RATE) -> bytes:
    with TemporaryDirectory() as folder:
        target = Path(folder) / "film"
        encode_clip(lambda: frames(count, size), rate, size, ClipExport(file_format, Export("png")), target)
        return target.read_bytes()
