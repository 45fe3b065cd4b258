"""How much of a picture has a colour that people would call the same as one that was asked for.

Colours are compared in CIELAB (CIE 15:2004) by the plain distance of CIE 1976: good enough to tell pink from blue,
which is all that is asked of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from math import dist
from typing import TypeAlias

from PIL import Image

from assetgen.imaging.decode import decode

_SAMPLE = 48
"""Longest edge of the copy whose pixels are counted."""

_CLOSE = 28.0
"""Distance up to which two colours are the same to a viewer who has seen only one of them: shading included."""

_SEEN = 128
"""Opacity from which a pixel counts, of 255."""

_NEUTRAL = 12.0
"""Distance from grey below which a colour says nothing about a brand."""

_Lab: TypeAlias = tuple[float, float, float]


def share_of(source: bytes, colors: Iterable[str]) -> float:
    """The share of what is seen, from 0 to 1, that is close to one of `colors` (`#RRGGBB`). Raises PictureError."""
    wanted = [_lab(*bytes.fromhex(color[1:])) for color in colors]
    cells = _cells(decode(source))
    near = sum(count for cell, count in cells.items() if any(dist(_lab(*cell), color) <= _CLOSE for color in wanted))
    return near / cells.total() if cells else 0.0


def is_neutral(color: str) -> bool:
    """Whether `#RRGGBB` is white, black or a grey."""
    _, a, b = _lab(*bytes.fromhex(color[1:]))
    return dist((a, b), (0, 0)) < _NEUTRAL


def _cells(picture: Image.Image) -> Counter[tuple[int, int, int]]:
    """How many pixels there are of each colour, to 5 bits a channel."""
    small = picture.convert("RGBA")
    small.thumbnail((_SAMPLE, _SAMPLE), Image.Resampling.NEAREST)
    data = small.tobytes()
    pixels = zip(data[0::4], data[1::4], data[2::4], data[3::4], strict=True)
    return Counter((r & 0xF8 | 4, g & 0xF8 | 4, b & 0xF8 | 4) for r, g, b, alpha in pixels if alpha >= _SEEN)


@cache
def _lab(red: int, green: int, blue: int) -> _Lab:
    """sRGB (IEC 61966-2-1) to CIELAB under D65."""
    r, g, b = (_linear(channel / 255) for channel in (red, green, blue))
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883
    fx, fy, fz = (_bent(value) for value in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _bent(value: float) -> float:
    limit = 6 / 29
    return float(value ** (1 / 3)) if value > limit**3 else value / (3 * limit**2) + 4 / 29
