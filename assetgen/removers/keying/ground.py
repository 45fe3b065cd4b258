"""The plain background of a picture: its colour everywhere, and how noisy it is.

A background is plain when one colour, or one that changes slowly across the picture, explains most of the picture's
border. It is fitted to the border first, and once its pixels are known to all of them. Fits are made of whole-number
sums and solved exactly, so they are the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from assetgen.removers.base import RemovalError
from assetgen.removers.keying.field import Bytes, Field, Floats, felt, length
from assetgen.removers.keying.regions import Indices, Mask

_SCALE = 512
"""Places run from -512 at one side of the picture to 512 at the other."""

_SAMPLES = 20_000
_BORDER = 0.015
"""The border that is looked at, as a share of the shorter edge."""

_STAGES = ((1, 48.0), (3, 24.0), (6, 16.0), (6, 16.0))
"""Terms of each fit (a constant, a slope, a curved surface), and how far in levels a pixel may be from the fit before
it to count."""

_LEAST_TOLERANCE, _MOST_TOLERANCE = 4.0, 16.0
_LEAST_SHARE = 0.65
"""A subject may run off the picture, but not along more than a third of its border."""

_MOST_CHANGE = 96.0
"""Levels that a background may change by from one place to another."""


@dataclass(frozen=True, slots=True)
class Ground:
    """`terms` are the coefficients of 1, x, y, x², y² and xy, for red, green and blue. `tolerance` is the difference,
    in levels, up to which a pixel may be nothing but background."""

    width: int
    height: int
    terms: npt.NDArray[np.float64] = field(repr=False)
    tolerance: float

    def at(self, column: Indices, row: Indices) -> Floats:
        """The background's colour at some places of the picture."""
        return self._over(across(column, self.width), across(row, self.height))

    def rows(self, top: int, bottom: int, margin: int = 0) -> Floats:
        """The background's colour in rows of the picture, with `margin` pixels more on every side; quicker than
        `at` by far, and the same."""
        x = across(np.arange(-margin, self.width + margin), self.width)
        y = across(np.arange(top - margin, bottom + margin), self.height)
        return self._over(x[None, :], y[:, None])

    def _over(self, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> Floats:
        """The surface, to sixteenths of a level, within what a picture can hold."""
        color = np.empty((*np.broadcast_shapes(x.shape, y.shape), 3), np.float32)
        for channel in range(3):
            flat, right, down, right2, down2, both = self.terms[:, channel]
            level = (flat + down * y + down2 * (y * y)) + (right + both * y) * x + right2 * (x * x)
            level *= 16
            color[..., channel] = np.clip(np.rint(level, out=level), 0, 255 * 16, out=level)
        color *= np.float32(1 / 16)
        return color


def across(place: Indices, extent: int) -> npt.NDArray[np.float64]:
    """Where columns or rows lie between the picture's sides."""
    return np.asarray((2.0 * place - (extent - 1)) * (_SCALE / max(extent - 1, 1)))


def from_border(picture: Field) -> Ground:
    """The ground as the border shows it. Raises RemovalError when the border is not plain."""
    index = _thinned(np.flatnonzero(border_of(picture)))
    terms = np.zeros((6, 3))
    terms[0] = np.median(picture.pixels[index], axis=0)
    ground, share = Ground(picture.width, picture.height, terms, _STAGES[0][1]), 0.0
    for count, most in _STAGES:
        ground, share = _refitted(picture, ground, index, count, most)
    if share < _LEAST_SHARE:
        raise not_plain(f"one colour explains only {share:.0%} of the picture's border")
    if _change(ground) > _MOST_CHANGE:
        raise not_plain("its colour changes too much from one side to the other")
    return ground


def from_all(picture: Field, ground: Ground, background: Mask) -> Ground:
    """The ground once more, from all pixels that are known to be background."""
    index = _thinned(np.flatnonzero(background))
    return _refitted(picture, ground, index, 6, _MOST_TOLERANCE)[0]


def border_of(picture: Field) -> Mask:
    """The pixels along the picture's sides."""
    thick = border_width(picture)
    inner = np.ones((picture.height, picture.width), np.bool_)
    inner[thick:-thick, thick:-thick] = False
    return picture.mask(inner)


def border_width(picture: Field) -> int:
    return max(2, int(min(picture.width, picture.height) * _BORDER))


def not_plain(why: str) -> RemovalError:
    return RemovalError(
        f"the background is not plain: {why}",
        hint="the picture is kept: another `remover` may cut it out. A prompt that asks for a plain white background "
        "orders another picture",
    )


def _refitted(picture: Field, ground: Ground, index: Indices, count: int, most: float) -> tuple[Ground, float]:
    """The ground fitted again to those pixels that fit it already, and the share of all that fit it then."""
    colors, places = picture.colors(index), picture.places(index)
    fits = length(felt(colors - ground.at(*places))) < min(ground.tolerance, most)
    if np.count_nonzero(fits) < 4 * count:
        return ground, 0.0
    terms = _fit(ground, places[0][fits], places[1][fits], picture.pixels[index][fits], count)
    better = replace(ground, terms=terms)
    off = length(felt(colors - better.at(*places)))
    near = off[off < most]
    noise = 1.4826 * float(np.median(near)) if len(near) else most
    tolerance = min(max(4 * noise, _LEAST_TOLERANCE), most)
    return replace(better, tolerance=tolerance), float(np.count_nonzero(off < tolerance) / len(off))


def _fit(ground: Ground, column: Indices, row: Indices, colors: Bytes, count: int) -> npt.NDArray[np.float64]:
    """Least squares by normal equations in whole numbers: with places rounded, no sum comes near 2**63."""
    x = np.rint(across(column, ground.width)).astype(np.int64)
    y = np.rint(across(row, ground.height)).astype(np.int64)
    basis = [np.ones_like(x), x, y, x * x, y * y, x * y][:count]
    levels = colors.astype(np.int64)
    matrix = [[int(np.sum(one * other)) for other in basis] for one in basis]
    wanted = [[int(np.sum(one * levels[:, channel])) for channel in range(3)] for one in basis]
    terms = np.zeros((6, 3))
    terms[:count] = _solved(matrix, wanted)
    return terms


def _solved(matrix: list[list[int]], wanted: list[list[int]]) -> list[list[float]]:
    """Gauss-Jordan elimination in fractions. A term that nothing determines (all samples in one row) becomes 0."""
    rows = [[Fraction(value) for value in (*left, *right)] for left, right in zip(matrix, wanted, strict=True)]
    for pivot, row in enumerate(rows):
        if row[pivot] == 0:
            row[:] = [Fraction(0)] * len(row)
            continue
        row[:] = [value / row[pivot] for value in row]
        for other in rows:
            if other is not row and (factor := other[pivot]):
                other[:] = [value - factor * top for value, top in zip(other, row, strict=True)]
    return [[float(value) for value in row[len(rows) :]] for row in rows]


def _thinned(index: Indices) -> Indices:
    """At most _SAMPLES of the indices, evenly taken; the step is odd, so that it does not march with the picture."""
    return index[:: (len(index) // _SAMPLES) | 1]


def _change(ground: Ground) -> float:
    columns = np.array([0, ground.width // 2, ground.width - 1] * 3)
    rows = np.repeat([0, ground.height // 2, ground.height - 1], 3)
    colors = ground.at(columns, rows)
    return float((colors.max(axis=0) - colors.min(axis=0)).max())
