"""From the backdrop up to the subject: which pixels mix the two, and where each would end on its way to the subject.

From the backdrop inwards a mixed pixel is more unlike the backdrop than the one before it, until the subject alone is
seen and nothing rises any more. So the pixels are climbed in layers from the outside. From each the way goes on to the
neighbour further in that is most unlike the backdrop, as long as that may be the same colour, only less mixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assetgen.removers.keying.backdrop import Backdrop
from assetgen.removers.keying.field import Bytes, Floats, dot, floats, grown, length
from assetgen.removers.keying.regions import Indices, Mask

OUTSIDE, ADDED, LOOSE, BEYOND, SOLID = 0, 60, 61, 254, 255
"""Layers that are none: the backdrop; mixed pixels found later; pixels that belong to no area; the frame around the
picture; the subject itself."""

_DEEPEST = ADDED - 1
"""Layers that are climbed at most: what is softer counts as solid from there on."""

_RISE = np.float32(0.03)
_LEVELLED = np.float32(0.25)
"""The share of an edge's steepest rise below which it has come to its end: what rises on is the subject's shading."""

_DOUBT = np.float32(1.5)
"""What of the noise is held in favour of a rise."""

_SAMPLES = 20_000
_FAR_ENOUGH = np.float32(30)
"""Mixed pixels that noise is measured at, at most, and the strength from which on a subject tells it."""

_NEAR, _FAR = 3, 7
"""From how many to how many pixels beside the subject its noise is measured: JPEG has it within blocks of 8."""


@dataclass(frozen=True, slots=True)
class Noise:
    """`level` is how many levels noise takes pixels beside an edge from the backdrop. `tint` is how far it takes mixed
    pixels off the line between backdrop and subject, as a share of their distance, which is `contrast` as a rule."""

    level: float
    tint: float = 0.0
    contrast: float = 0.0

    @property
    def weak(self) -> float:
        """What noise beside an edge hardly exceeds, in levels above the background's own."""
        return 4 * self.level + 3 * self.tint * self.contrast


@dataclass(frozen=True, slots=True)
class Slope:
    """The picture seen from the backdrop. `layer` is written by who climbs; `strength`, how far a pixel is from the
    backdrop, is known where it has been `measured`."""

    backdrop: Backdrop
    layer: Bytes = field(repr=False)
    strength: Floats = field(repr=False)

    @classmethod
    def of(cls, backdrop: Backdrop, outside: Mask) -> Slope:
        """The slope between the mask `outside` and the rest of the picture, not climbed yet."""
        picture = backdrop.picture
        layer = np.where(outside, np.uint8(OUTSIDE), np.uint8(SOLID))
        layer[~picture.mask()] = BEYOND
        return cls(backdrop, layer, np.zeros(picture.size, np.float32))

    def measured(self, index: Indices) -> Floats:
        """How some pixels differ from the backdrop; their strength is known from now on."""
        away = self.backdrop.away(index)
        self.strength[index] = length(away)
        return away

    def solid(self, index: Indices) -> Mask:
        return np.asarray(self.layer[index] == SOLID)


def may_mix(mixed: Floats, pure: Floats, noise: Noise, share: float) -> Mask:
    """Whether pixels that differ from the backdrop by `mixed` may be mixed from it and a subject that differs by
    `pure`: they point the same way, up to noise, a little for their own strength, and a `share` of the subject's."""
    far = np.maximum(length(pure), np.float32(1e-6))
    along = dot(mixed, pure) / far
    off = np.sqrt(np.maximum(dot(mixed, mixed) - along * along, 0))
    most = 2 * noise.level + 1.5 + np.float32(0.06) * length(mixed) + np.float32(share) * far
    return np.asarray((along > far * np.float32(-0.05)) & (off <= most))


def noise_beside(backdrop: Backdrop, outside: Mask) -> Noise:
    """The noise in the background near the subject: how far pixels are from the mean of those two to either side, which
    no gentle slope contributes to."""
    picture = backdrop.picture
    subject = ~outside & picture.mask()
    ring = grown(subject, picture.stride, _FAR) & ~grown(subject, picture.stride, _NEAR) & picture.mask()
    index = np.flatnonzero(ring & outside)
    index = index[:: len(index) // 50_000 + 1]
    if len(index) < 64:
        return Noise(0.0)
    here, worst = backdrop.away(index), np.zeros(len(index), np.float32)
    for step in (2, 2 * picture.stride):
        beside = floats((backdrop.away(index - step) + backdrop.away(index + step)) / 2)
        worst = np.maximum(worst, length(here - beside))
    return Noise(0.8 * _ranked(worst, 0.9))


def climbed(slope: Slope, noise: Noise) -> Indices:
    """The mixed pixels, in order. Each rises by three hundredths, by more than the noise, and by a share of the
    steepest rise so far, above the mean of its neighbours in the layer before; the first layer lies on the backdrop."""
    picture, layer = slope.backdrop.picture, slope.layer
    front = np.flatnonzero(grown(layer == OUTSIDE, picture.stride, 1) & (layer == SOLID))
    least, found = np.float32(max(0.5, noise.level)), []
    slope.measured(front)
    steepest = np.zeros(picture.size, np.float32)
    steepest[front] = slope.strength[front]
    for depth in range(1, _DEEPEST + 1):
        layer[front] = depth
        found.append(front)
        front = picture.beside(front)
        front = front[slope.solid(front)]
        slope.measured(front)
        below, steep = _below(slope, (slope.strength, steepest), front, depth)
        rise = slope.strength[front] - below
        on = (rise > below * _RISE + least) & (rise > steep * _LEVELLED - least * _DOUBT)
        front = front[on]
        if not len(front):
            break
        steepest[front] = np.maximum(steep, rise)[on]
    return np.sort(np.concatenate(found))


def noise_across(slope: Slope, index: Indices, noise: Noise) -> Noise:
    """The noise again, with what can be seen at mixed pixels near solid ones; the strongest is their subject."""
    index = index[:: len(index) // _SAMPLES + 1]
    far, pure = np.full(len(index), _FAR_ENOUGH), np.zeros((len(index), 3), np.float32)
    for step in slope.backdrop.picture.steps(3):
        which = np.flatnonzero(slope.solid(index + step))
        away = slope.measured((index + step)[which])
        stronger = length(away) > far[which]
        pure[which[stronger]] = away[stronger]
        far[which[stronger]] = length(away[stronger])
    sure = far > _FAR_ENOUGH
    if np.count_nonzero(sure) < 50:
        return Noise(noise.level, 0.02)
    mixed, pure, far = slope.backdrop.away(index[sure]), pure[sure], far[sure]
    along = dot(mixed, pure) / far
    off = floats(np.sqrt(np.maximum(dot(mixed, mixed) - along * along, 0)) / far)
    return Noise(noise.level, min(0.15, _ranked(off, 0.75)), _ranked(far, 0.5))


def loosened(slope: Slope, index: Indices, noise: Noise) -> Indices:
    """`index` with the pixels beside it that are solid to look at but belong to no area: single ones, and weak ones
    with few of their kind around."""
    picture = slope.backdrop.picture
    mixed = np.zeros(picture.size, np.bool_)
    mixed[index] = True
    near = np.flatnonzero(grown(mixed, picture.stride, 6) & (slope.layer == SOLID))
    slope.measured(near)
    count = np.zeros(len(near), np.int32)
    for step in picture.steps(2):
        count += slope.solid(near + step)
    weak = slope.strength[near] < noise.weak + slope.backdrop.ground.tolerance
    loose = near[(count < 4) | (weak & (count < 18))]
    slope.layer[loose] = LOOSE
    return np.sort(np.concatenate([index, loose]))


def _below(slope: Slope, of: Sequence[Floats], front: Indices, depth: int) -> list[Floats]:
    """The means of some values over the neighbours in layer `depth`."""
    totals, count = [np.zeros(len(front), np.float32) for _ in of], np.zeros(len(front), np.float32)
    for step in slope.backdrop.picture.around():
        below = slope.layer[front + step] == depth
        for total, values in zip(totals, of, strict=True):
            total += np.where(below, values[front + step], 0)
        count += below
    return [floats(total / np.maximum(count, 1)) for total in totals]


def _ranked(values: Floats, share: float) -> float:
    """The value that a share of all values is below."""
    return float(np.sort(values)[int(len(values) * share)])
