"""Placeholders that move: an on-brand picture that breathes, with a line along its lower edge that tells the time.

Equal arguments give equal bytes. It ends where it begins, so it may be played over and over.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import cos, pi
from pathlib import Path
from tempfile import TemporaryDirectory

from av.video.frame import VideoFrame
from PIL import Image

from assetgen.imaging.draw import draw_placeholder
from assetgen.imaging.palette import scheme_of
from assetgen.imaging.video.encode import encode_clip
from assetgen.manifest.recipe import ClipExport, Drawing, Export, PixelSize

RATE = Fraction(12)
"""Frames a second: enough for something that moves slowly."""

_DEPTH = 0.06
"""How much of the picture is out of sight when it is nearest, as a share of its edges."""

_ANCHOR = 0.07
"""What stays where it is: the point where the words begin, so far from the lower left corner, as a share of the shorter
edge."""


def placeholder_mp4(size: PixelSize, seconds: int, drawing: Drawing, seed: str, caption: str) -> bytes:
    """A silent MP4 of `size`, which is as `draw_placeholder` would draw it."""
    still = draw_placeholder(size, drawing, seed, caption)
    line = scheme_of(drawing.colors).spark
    export = ClipExport("mp4", Export("png"))
    with TemporaryDirectory() as folder:
        target = Path(folder) / "draft.mp4"
        encode_clip(lambda: _frames(still, line, seconds), RATE, size, export, target)
        return target.read_bytes()


def _frames(still: Image.Image, line: tuple[int, int, int], seconds: int) -> Iterator[VideoFrame]:
    count = int(seconds * RATE)
    width, height = still.size
    margin, thick = min(width, height) * _ANCHOR, max(2, min(width, height) // 120)
    for number in range(count):
        nearness = _DEPTH * (1 - cos(2 * pi * number / count)) / 2
        left, top = margin * nearness, (height - margin) * nearness
        box = (left, top, left + width * (1 - nearness), top + height * (1 - nearness))
        picture = still.resize(still.size, Image.Resampling.BILINEAR, box)
        picture.paste(line, (0, height - thick, max(1, width * (number + 1) // count), height))
        yield VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
