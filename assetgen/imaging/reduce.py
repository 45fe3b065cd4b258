"""A copy of a picture, fit to be shown to a model that takes none of its kind, or none so large.

Only what is sent: keys and locks know the picture itself. The same picture and limits give the same copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from PIL import Image

from assetgen.errors import PictureError
from assetgen.imaging.decode import PictureFormat, decode, measured
from assetgen.imaging.encode import encode
from assetgen.manifest.recipe import Export, PixelSize

_JPEG_QUALITY = 92
_SHRINK = 0.8
"""Of each edge, for each further try."""

_SMALLEST = 64
"""Pixels: a picture that does not fit with this edge will not fit at all."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a model takes: the most bytes, formats, `png` among them, and in pixels the longest edge, the shortest one,
    and how many in all (None: any)."""

    max_bytes: int
    formats: tuple[str, ...]
    max_edge: int | None = None
    min_edge: int | None = None
    max_pixels: int | None = None

    def longest(self, size: PixelSize) -> int:
        """The longer edge that a picture of this size may have, which it is not made to exceed."""
        edge = max(size.width, size.height)
        allowed = edge if self.max_edge is None else min(edge, self.max_edge)
        if self.max_pixels is not None and size.width * size.height > self.max_pixels:
            allowed = min(allowed, int(edge * sqrt(self.max_pixels / (size.width * size.height))))
        return allowed


@dataclass(frozen=True, slots=True)
class Copy:
    """A picture as it is sent instead; `change` says in words what was done to it."""

    data: bytes
    format: PictureFormat
    change: str


def copy_within(file: Path, limits: Limits) -> tuple[PictureFormat, Copy | None]:
    """The format of a picture, and what to send instead of it, None when it will do as it is. Raises PictureError."""
    found, size = measured(file)
    if limits.min_edge is not None and min(size.width, size.height) < limits.min_edge:
        message = f"the picture is {size}, and the model takes none with an edge of less than {limits.min_edge} pixels"
        raise PictureError(message, hint="use a larger picture")
    if (
        limits.longest(size) == max(size.width, size.height)
        and found in limits.formats
        and file.stat().st_size <= limits.max_bytes
    ):
        return found, None
    picture = decode(file)
    upright = PixelSize(picture.width, picture.height)
    copy, data, form = _copied(picture, limits)
    return found, Copy(data, form, _change(found, form, upright, PixelSize(copy.width, copy.height)))


def _copied(picture: Image.Image, limits: Limits) -> tuple[Image.Image, bytes, PictureFormat]:
    """PNG, which loses nothing; JPEG where that is too large and nothing is transparent; smaller if need be."""
    longest = max(picture.size)
    edge = limits.longest(PixelSize(picture.width, picture.height))
    while edge >= min(_SMALLEST, longest):
        copy = _scaled(picture, edge / longest)
        for form in _forms(copy, limits):
            data = _encoded(copy, form)
            if len(data) <= limits.max_bytes:
                return copy, data, form
        edge = int(edge * _SHRINK)
    raise PictureError(f"a copy of at most {limits.max_bytes} bytes cannot be made of it", hint="use a simpler picture")


def _forms(picture: Image.Image, limits: Limits) -> tuple[PictureFormat, ...]:
    return ("png", "jpeg") if picture.mode == "RGB" and "jpeg" in limits.formats else ("png",)


def _encoded(picture: Image.Image, form: PictureFormat) -> bytes:
    export = Export("jpg", quality=_JPEG_QUALITY) if form == "jpeg" else Export("png")
    return encode(picture.copy(), export, mark=False)


def _scaled(picture: Image.Image, factor: float) -> Image.Image:
    """Colour is weighed by opacity, so that what lies unseen under transparent pixels does not bleed into edges."""
    if factor >= 1:
        return picture
    size = max(1, int(picture.width * factor)), max(1, int(picture.height * factor))
    if picture.mode != "RGBA":
        return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return picture.convert("RGBa").resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0).convert("RGBA")


def _change(found: PictureFormat, form: PictureFormat, was: PixelSize, now: PixelSize) -> str:
    scaled = f"scaled from {was} to {now}" if was != now else ""
    turned = f"turned from {found.upper()} into {form.upper()}" if found != form else ""
    return " and ".join(filter(None, (scaled, turned))) or "saved more tightly"
