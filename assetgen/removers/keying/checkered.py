"""Whether a picture's background is a painted checkerboard: what models draw when they are asked for transparency.

Such a board shows along the border as grey tiles of two tones that take turns at about one length. Painted ones are
blurred, crooked and uneven, so nothing more exact is asked of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assetgen.removers.base import RemovalError
from assetgen.removers.keying.field import Field, Floats
from assetgen.removers.keying.ground import border_width
from assetgen.removers.keying.regions import Indices

_LEAST_CONTRAST = 6.0
_MOST_HUE = 14.0
_LEAST_TILES = 6
_LEAST_TILE = 3
"""Pixels of the shortest tile."""

_LIKE, _REGULAR = 0.7, 0.6
"""The share of pixels that have one of the two tones, and of tiles that have about the usual length."""


@dataclass(frozen=True, slots=True)
class _Line:
    """Pixels in a row: lightness, and how far each is from grey, both in levels."""

    light: Floats
    hue: Floats


def refuse_checkered(picture: Field) -> None:
    """Raises RemovalError when the picture is checkered along a horizontal and along a vertical side."""
    if min(picture.width, picture.height) < _LEAST_TILES * _LEAST_TILE:
        return
    across, down = _lines(picture)
    if any(map(_is_checkered, across)) and any(map(_is_checkered, down)):
        raise RemovalError(
            "the background is a painted checkerboard, not transparency",
            hint='do not ask for transparency in the prompt: ask for "on a plain white background" and generate again',
        )


def _lines(picture: Field) -> tuple[list[_Line], list[_Line]]:
    """Lines along the top and the bottom, and along the left and the right, at both edges of the border."""
    rows = picture.rows(0, picture.height).astype(np.float32)
    width = border_width(picture)
    places = (0, width, -1 - width, -1)
    return [_line(rows[place]) for place in places], [_line(rows[:, place]) for place in places]


def _line(colors: Floats) -> _Line:
    light = np.asarray((colors[:, 0] + colors[:, 1] + colors[:, 2]) / 3, np.float32)
    return _Line(light, np.asarray(np.abs(colors - light[:, None]).max(axis=1)))


def _is_checkered(line: _Line) -> bool:
    """Two grey tones in turns: pixels between tones are few, tiles are many and of about one length."""
    order = np.sort(line.light)
    dark, bright = float(order[len(order) // 10]), float(order[-1 - len(order) // 10])
    if bright - dark < _LEAST_CONTRAST or float(np.median(line.hue)) > _MOST_HUE:
        return False
    near = np.minimum(np.abs(line.light - dark), np.abs(line.light - bright)) < 0.25 * (bright - dark)
    tiles = _tiles(line.light > (dark + bright) / 2)
    tiles = tiles[tiles >= _LEAST_TILE]
    if np.mean(near) < _LIKE or len(tiles) < _LEAST_TILES:
        return False
    usual = float(np.median(tiles))
    return bool(np.mean((tiles > 0.55 * usual) & (tiles < 1.6 * usual)) >= _REGULAR)


def _tiles(tones: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Indices:
    """The lengths of the runs of equal tone, without the first and the last, which the border cuts."""
    return np.diff(np.flatnonzero(tones[1:] != tones[:-1]))
