"""Two pictures of one subject on two plain grounds, solved for how opaque every pixel is and which colour it has.

A pixel that shows the subject's colour F with opacity a is aF + (1-a)B on a ground B: what two grounds differ by is
seen through it as (1-a)(B1-B2), whatever F is (triangulation matting: Smith and Blinn, "Blue Screen Matting", SIGGRAPH
1996). Pixel by pixel in steps that IEEE 754 defines to the last bit, so equal pairs give equal cutouts everywhere.
Knows no files and nobody who makes pictures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np

from assetgen.removers.keying.field import Bytes, Floats, dot, floats, framed, largest, length
from assetgen.removers.keying.ground import Ground, from_border
from assetgen.removers.keying.regions import Indices

_BAND_PIXELS = 1 << 18
_SAMPLES = 12_000
_REACH, _STRIDE = 8, 2
"""Pixels by which the second picture may be off in any direction, and of them what the first search steps over."""

_GAIN = 0.9
"""What is left of the misfit where moving the second picture is worth it."""

_APART = 48.0
"""Levels that no ground explains, from which on a pixel shows another subject."""

_BEYOND = 0.12
"""How far below nothing or above everything an opacity may come out."""

_BARE = 0.9
"""The share of the ground that shows through from which on a pixel counts as background."""

_ENDS = np.float32(0.1)
"""How much noise is taken off either end of the scale of opacities at most."""

_DENSE = 0.12
"""The share of the ground up to which a pixel may be opaque, and was only not repeated to the level."""


Move: TypeAlias = tuple[int, int]
"""Columns to the right and rows down."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Rows, columns and RGB of two pictures of one size, and the ground of each. `moved` are the columns and rows by
    which the second was moved to fit the first."""

    first: Bytes = field(repr=False)
    second: Bytes = field(repr=False)
    grounds: tuple[Ground, Ground]
    moved: Move = (0, 0)

    @property
    def contrast(self) -> float:
        """How far apart the grounds are at least, in levels of the channel that tells them apart best."""
        one, other = (ground.at(*_corners(ground)) for ground in self.grounds)
        return float(largest(np.abs(one - other)).min())


def ground_in(rgb: Bytes) -> Ground:
    """The plain ground of a picture. Raises RemovalError when there is none."""
    return from_border(framed(rgb))


def is_light(ground: Ground) -> bool:
    """Whether black rather than white is far from it."""
    red, green, blue = (float(level) for level in ground.at(*_corners(ground)).mean(axis=0))
    return red * 0.299 + green * 0.587 + blue * 0.114 >= 128


def fitted(pair: Pair) -> Pair:
    """The pair with its second picture moved by a few whole pixels where it then fits clearly better; what that
    uncovers shows its ground."""
    sample = _sample(pair)
    if sample.reach == 0:
        return pair
    coarse = _best(sample, (0, 0), range(-_REACH, _REACH + 1, _STRIDE))
    best = _best(sample, coarse, range(-_STRIDE + 1, _STRIDE))
    return _moved(pair, best) if _misfit(sample.seen(best)) < _GAIN * _misfit(sample.seen((0, 0))) else pair


def disagreement(pair: Pair) -> float:
    """The share of the subject, from 0 to 1, that one picture cannot show where the other shows what it does."""
    clear, rest = _seen(_sample(pair).seen((0, 0)))
    apart = (rest > _APART) | (clear < -_BEYOND) | (clear > 1 + _BEYOND)
    subject = apart | (clear < _BARE)
    return int(np.count_nonzero(apart)) / max(int(np.count_nonzero(subject)), 1)


def solved(pair: Pair) -> Bytes:
    """Rows and columns of RGBA with straight alpha; what is invisible is black."""
    height, width, _ = pair.first.shape
    rgba, bare, dense = np.zeros((height, width, 4), np.uint8), _bare_noise(pair), _dense_noise(pair)
    for top, bottom in _bands(height, width):
        one, other, under, beneath = _rows(pair, slice(top, bottom), slice(top, bottom))
        clear, _ = _seen((one, other, under, beneath))
        opacity = np.clip((1 - clear - bare) / (1 - bare - dense), 0, 1)
        rgba[top:bottom, :, :3] = np.rint(_color(opacity, one, other, under, beneath))
        rgba[top:bottom, :, 3] = np.rint(opacity * 255)
    rgba[rgba[..., 3] == 0] = 0
    return rgba


_Seen: TypeAlias = tuple[Floats, Floats, Floats, Floats]
"""Some pixels of both pictures, and of both grounds under them."""


def _seen(pixels: _Seen) -> tuple[Floats, Floats]:
    """How much of the grounds shows through each pixel, and how much of what the pictures differ by no ground explains,
    in levels."""
    one, other, under, beneath = pixels
    apart, grounds = one - other, under - beneath
    clear = floats(dot(apart, grounds) / np.maximum(dot(grounds, grounds), np.float32(1)))
    return clear, length(floats(apart - clear[..., None] * grounds))


def _color(opacity: Floats, one: Floats, other: Floats, under: Floats, beneath: Floats) -> Floats:
    """The subject's own colour: as the first picture shows it where it is dense, as both do on average where it is
    thin, which halves their noise."""
    seen, clear = np.maximum(opacity, np.float32(1 / 510))[..., None], 1 - opacity[..., None]
    first, second = (one - clear * under) / seen, (other - clear * beneath) / seen
    return np.asarray(np.clip(first * (1 + seen) / 2 + second * (1 - seen) / 2, 0, 255), np.float32)


def _misfit(pixels: _Seen) -> float:
    """How badly two pictures fit, for comparison alone: what cannot be, and a little of everything that is half seen,
    since a subject beside itself makes much of that."""
    clear, rest = _seen(pixels)
    beyond = np.maximum(np.maximum(-clear, clear - 1), 0)
    within = np.clip(clear, 0, 1)
    bad = np.minimum(rest / np.float32(_APART), 1) + np.minimum(beyond * 4, 1) + within * (1 - within)
    return float(np.asarray(np.rint(bad * 4096), np.int64).sum())


@dataclass(frozen=True, slots=True)
class _Sample:
    """Every `step`th pixel of a pair, none of them within `reach` of a side, and the grounds under them."""

    pair: Pair
    step: int
    reach: int
    one: Floats
    under: Floats
    beneath: Floats

    def seen(self, move: Move) -> _Seen:
        """The pixels as they meet with the second picture moved."""
        (height, width, _), (x, y), far = self.pair.first.shape, move, self.reach
        rows = slice(far - y, height - far - y, self.step)
        columns = slice(far - x, width - far - x, self.step)
        return self.one, self.pair.second[rows, columns].astype(np.float32), self.under, self.beneath


def _sample(pair: Pair) -> _Sample:
    height, width, _ = pair.first.shape
    reach = _REACH if min(height, width) >= 8 * _REACH else 0
    step = max(1, int((height * width / _SAMPLES) ** 0.5))
    rows, columns = (slice(reach, extent - reach, step) for extent in (height, width))
    places = np.meshgrid(np.arange(width)[columns], np.arange(height)[rows])
    under, beneath = (ground.at(*places) for ground in pair.grounds)
    return _Sample(pair, step, reach, pair.first[rows, columns].astype(np.float32), under, beneath)


def _best(sample: _Sample, around: Move, steps: range) -> Move:
    """The move that fits best of those that lead from one by so many columns and rows; of equal ones the least."""
    moves = [(around[0] + x, around[1] + y) for x in steps for y in steps]
    within = [move for move in moves if max(map(abs, move)) <= _REACH]
    return min(within, key=lambda move: (_misfit(sample.seen(move)), abs(move[0]) + abs(move[1]), move))


def _rows(pair: Pair, rows: slice, of: slice) -> _Seen:
    one, other = pair.first[rows].astype(np.float32), pair.second[of].astype(np.float32)
    under, beneath = (ground.rows(rows.start, rows.stop) for ground in pair.grounds)
    return one, other, under, beneath


def _moved(pair: Pair, move: Move) -> Pair:
    height, width, _ = pair.second.shape
    (x, y), second = move, np.empty_like(pair.second)
    for top, bottom in _bands(height, width):
        second[top:bottom] = np.rint(pair.grounds[1].rows(top, bottom))
    to = (slice(max(y, 0), height + min(y, 0)), slice(max(x, 0), width + min(x, 0)))
    of = (slice(max(-y, 0), height + min(-y, 0)), slice(max(-x, 0), width + min(-x, 0)))
    second[to] = pair.second[of]
    return replace(pair, second=second, moved=move)


def _dense_noise(pair: Pair) -> np.float32:
    """By how much opacities are off where there is nothing but subject, since a model repeats no picture to the last
    level: three standard deviations of what is all but opaque, where that is most of the subject."""
    clear, _ = _seen(_sample(pair).seen((0, 0)))
    off = np.abs(clear[clear < _BARE])
    dense = off[off < _DENSE]
    mostly = 2 * len(dense) >= max(len(off), 1)
    return _deviations(dense) if mostly and len(dense) else np.float32(0)


def _bare_noise(pair: Pair) -> np.float32:
    """By how much opacities are off where there is nothing but ground: three standard deviations along the border."""
    height, width, _ = pair.first.shape
    thick = max(1, min(height, width) // 64)
    found = []
    for rows in (slice(0, thick), slice(height - thick, height)):
        clear, _ = _seen(_rows(pair, rows, rows))
        found.append(np.abs(clear - 1).reshape(-1))
    return _deviations(np.concatenate(found))


def _deviations(off: Floats) -> np.float32:
    """Three standard deviations, as far as the median of the distances tells them, but not too much."""
    return min(np.float32(3 * 1.4826 * float(np.median(off))), _ENDS)


def _bands(height: int, width: int) -> Iterator[tuple[int, int]]:
    high = max(1, _BAND_PIXELS // width)
    for top in range(0, height, high):
        yield top, min(top + high, height)


def _corners(ground: Ground) -> tuple[Indices, Indices]:
    """Columns and rows of nine places all over the picture."""
    columns: Indices = np.array([0, ground.width // 2, ground.width - 1] * 3)
    rows: Indices = np.repeat([0, ground.height // 2, ground.height - 1], 3)
    return columns, rows
