"""The picture as the steps of keying see it: one long row of pixels in a frame, and how far colours are apart.

With the frame, the neighbours of any pixel are at fixed distances in the row, and always there. Colours are told apart
by lightness first and by hue second: JPEG keeps hue at half the resolution, so that at edges it says little.

Everything in this package computes with whole numbers, or pixel by pixel in steps that IEEE 754 defines to the last bit
(+ - * / and square roots); there are no sums in an order of the machine's choosing, no exponentials and no linear
algebra library. So equal pictures give equal cutouts on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from assetgen.removers.keying.regions import Indices, Mask

Bytes: TypeAlias = npt.NDArray[np.uint8]
Floats: TypeAlias = npt.NDArray[np.float32]

FRAME = 4
"""Pixels around the picture: no step looks further than this from a pixel of the picture."""

_HUE = np.float32(0.5)
"""What a level of hue counts beside a level of lightness."""

_BAND_PIXELS = 1 << 18
_PIECE = 1 << 19


@dataclass(frozen=True, slots=True)
class Field:
    """A picture of `width` x `height` pixels in its frame. `pixels` are RGB, one row after the other."""

    width: int
    height: int
    pixels: Bytes = field(repr=False)

    @property
    def stride(self) -> int:
        """From a pixel to the one below it."""
        return self.width + 2 * FRAME

    @property
    def size(self) -> int:
        return self.stride * (self.height + 2 * FRAME)

    def steps(self, reach: int) -> list[int]:
        """From a pixel to each within `reach` columns and rows of it, itself included."""
        around = range(-reach, reach + 1)
        return [row * self.stride + column for row in around for column in around]

    def around(self) -> list[int]:
        """From a pixel to its eight neighbours."""
        return [step for step in self.steps(1) if step]

    def beside(self, index: Indices) -> Indices:
        """All neighbours of some pixels, each once, in no order."""
        found, parts = np.zeros(self.size, np.bool_), [index[:0]]
        for step in self.around():
            near = index + step
            near = near[~found[near]]
            found[near] = True
            parts.append(near)
        return np.concatenate(parts)

    def places(self, index: Indices) -> tuple[Indices, Indices]:
        """Column and row in the picture; negative or too large in the frame."""
        row, column = np.divmod(index, self.stride)
        return column - FRAME, row - FRAME

    def colors(self, index: Indices) -> Floats:
        return self.pixels[index].astype(np.float32)

    def rows(self, top: int, bottom: int, margin: int = 0) -> Bytes:
        """Rows of the picture as they stand side by side, with `margin` pixels more on every side."""
        whole = self.pixels.reshape((self.height + 2 * FRAME, self.stride, 3))
        return whole[FRAME + top - margin : FRAME + bottom + margin, FRAME - margin : FRAME + self.width + margin]

    def bands(self) -> Iterator[tuple[int, int]]:
        """The picture's rows in bands from top to bottom, small enough to compute with."""
        high = max(1, _BAND_PIXELS // self.width)
        for top in range(0, self.height, high):
            yield top, min(top + high, self.height)

    def mask(self, inner: Mask | None = None) -> Mask:
        """A mask of the whole field: `inner`, or all of the picture, and nothing of the frame."""
        whole = np.zeros((self.height + 2 * FRAME, self.stride), np.bool_)
        whole[FRAME:-FRAME, FRAME:-FRAME] = True if inner is None else inner
        return whole.reshape(-1)

    def inner(self, flat: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What of something as long as the field is the picture, in rows and columns (a view)."""
        rows = flat.reshape((self.height + 2 * FRAME, self.stride, *flat.shape[1:]))
        return rows[FRAME:-FRAME, FRAME:-FRAME]


def framed(rgb: Bytes) -> Field:
    """The field of a picture given as rows, columns and RGB; its frame repeats the picture's edge."""
    height, width, _ = rgb.shape
    wide = np.pad(rgb, ((FRAME, FRAME), (FRAME, FRAME), (0, 0)), "edge")
    return Field(width, height, wide.reshape(-1, 3))


def pieces(index: Indices) -> Iterator[Indices]:
    """Many indices in parts that are small enough to compute with."""
    for start in range(0, len(index), _PIECE):
        yield index[start : start + _PIECE]


def felt(difference: Floats) -> Floats:
    """A difference of colours, RGB along the last axis, as lightness, blueness and redness (the Y, Cb and Cr of
    ITU-R BT.601), hue counting half."""
    red, blue = difference[..., 0], difference[..., 2]
    light = light_of(difference)
    bluer = (blue - light) * (_HUE * np.float32(0.564))
    redder = (red - light) * (_HUE * np.float32(0.713))
    return np.stack((light, bluer, redder), axis=-1)


def light_of(color: Floats) -> Floats:
    """The lightness of colours, or of differences between them: the Y of ITU-R BT.601."""
    red, green, blue = color[..., 0], color[..., 1], color[..., 2]
    return floats(red * np.float32(0.299) + green * np.float32(0.587) + blue * np.float32(0.114))


def floats(values: npt.ArrayLike) -> Floats:
    """Anything numeric as the numbers that are computed with here."""
    return np.asarray(values, np.float32)


def dot(one: Floats, other: Floats) -> Floats:
    """The scalar product along the last axis."""
    return floats(one[..., 0] * other[..., 0] + one[..., 1] * other[..., 1] + one[..., 2] * other[..., 2])


def length(vector: Floats) -> Floats:
    return floats(np.sqrt(dot(vector, vector)))


def largest(vector: Floats) -> Floats:
    """The largest of three values along the last axis."""
    return floats(np.maximum(np.maximum(vector[..., 0], vector[..., 1]), vector[..., 2]))


def grown(mask: Mask, stride: int, reach: int) -> Mask:
    """A flat mask spread by `reach` pixels in all eight directions.

    What leaves a row on one side enters the frame of the next on the other, so up to twice the frame's width no pixel
    of the picture is reached wrongly.
    """
    for step in (1, stride):
        done = 0
        while done < reach:
            far = min(max(done, 1), reach - done)
            spread = mask.copy()
            spread[far * step :] |= mask[: -far * step]
            spread[: -far * step] |= mask[far * step :]
            mask, done = spread, done + far
    return mask
