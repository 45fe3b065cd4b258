"""Hue that was kept at half the resolution, as JPEG and WebP do: near edges it is a mixture from around.

What is seen of hue at a pixel is then a mean over the pixels around, weighed about 1 4 6 4 1 each way: averaging pairs
and interpolating between them comes to that. So how much of the subject's hue is in it tells not the opacity of the
pixel but the blurred one, and dividing by that gives the subject's hue back. Opacity is left to lightness.
"""

from __future__ import annotations

import numpy as np

from assetgen.removers.keying.field import Bytes, Field, Floats, dot, felt, floats, light_of
from assetgen.removers.keying.regions import Indices
from assetgen.removers.keying.sources import Edge

_WEIGHTS = (1, 4, 6, 4, 1)

_SAMPLES, _LEAST_SAMPLES = 50_000, 200
_TELLING = np.float32(24)
"""Levels of lightness and of hue between subject and backdrop from which on a pixel tells how hue was kept."""

_BETTER = 0.7
"""The share of what opacity leaves unexplained of hue that blurred opacity may leave, for hue to count as coarse."""

_TRUSTED = np.array([1, 0.3, 0.3], np.float32)
"""What hue counts for opacity where it is coarse, beside lightness."""

_LEAST_CONTRAST = np.float32(12)
_LEAST_SHARE = np.float32(0.3)
"""The blurred opacity from which on a pixel's own hue is believed."""


def is_coarse(edge: Edge, cover: Bytes) -> bool:
    """Whether hue follows blurred opacity rather than opacity itself, at mixed pixels where lightness tells opacity.

    `cover` is the opacity of all pixels, of 255.
    """
    by_light = cover.copy()
    for part in edge.parts():
        line = light_of(part.pure - part.back())
        tells = np.abs(line) > _TELLING
        share = light_of(part.seen() - part.back())[tells] / line[tells]
        by_light[part.index[tells]] = np.rint(np.clip(share, 0, 1) * 255)
    sample = edge.at(np.arange(0, len(edge.index), len(edge.index) // _SAMPLES + 1))
    line, seen = sample.pure - sample.back(), _hue(sample.seen() - sample.back())
    tells = (np.abs(light_of(line)) > _TELLING) & (np.abs(_hue(line)).max(axis=1, initial=0) > _TELLING) & ~sample.alone
    if np.count_nonzero(tells) < _LEAST_SAMPLES:
        return False
    at, line, seen = sample.index[tells], _hue(line[tells]), seen[tells]
    own, around = floats(by_light[at]) / np.float32(255), blurred(edge.slope.backdrop.picture, by_light, at)
    return _left(seen - around[:, None] * line) < _BETTER * _left(seen - own[:, None] * line)


def by_lightness(edge: Edge, opacity: Floats) -> Floats:
    """Opacity from lightness for the most part, where subject and backdrop differ enough; else `opacity`."""
    back = edge.back()
    line = felt(edge.pure - back) * _TRUSTED
    square = dot(line, line)
    along = dot(felt(edge.seen() - back) * _TRUSTED, line) / np.maximum(square, np.float32(1e-6))
    told = (square > _LEAST_CONTRAST * _LEAST_CONTRAST) & ~edge.alone
    return np.where(told, np.clip(along, 0, 1), opacity)


def restored(color: Floats, seen: Floats, pure: Floats, back: Floats, around: Floats) -> Floats:
    """Colours with the hue that the subject has where the opacity `around` is known: that which is `seen` without the
    backdrop's share, or the hue of `pure` where too little of it is left."""
    own = _hue(back) + _hue(seen - back) / np.maximum(around, _LEAST_SHARE)[:, None]
    bluer, redder = np.moveaxis(np.where((around >= _LEAST_SHARE)[:, None], own, _hue(pure)), -1, 0)
    light = light_of(color)
    greener = -(redder * np.float32(0.299) + bluer * np.float32(0.114)) / np.float32(0.587)
    return floats(np.clip(np.stack((light + redder, light + greener, light + bluer), axis=-1), 0, 255))


def blurred(picture: Field, cover: Bytes, index: Indices) -> Floats:
    """The opacity around some pixels as hue has it, from 0 to 1."""
    total = np.zeros(len(index), np.int32)
    for row, high in zip(range(-2, 3), _WEIGHTS, strict=True):
        for column, wide in zip(range(-2, 3), _WEIGHTS, strict=True):
            total += cover[index + row * picture.stride + column].astype(np.int32) * (high * wide)
    return total.astype(np.float32) / np.float32(255 * 256)


def _hue(color: Floats) -> Floats:
    """How much bluer and redder than its lightness a colour is, in levels."""
    light = light_of(color)
    return np.stack((color[..., 2] - light, color[..., 0] - light), axis=-1)


def _left(rest: Floats) -> int:
    """The sum of what is left, in sixteenths of a level."""
    return int(np.sum(np.rint(np.abs(rest) * 16).astype(np.int64)))
