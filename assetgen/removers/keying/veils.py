"""Veils: shadows and glows, which are neither subject nor background but the background seen through a haze.

A veil begins at the background without an edge and changes gently. It becomes the least opaque colour that explains it
(the unmixing known as "color to alpha"): a shadow black, a glow bright, exactly what was seen when it is put on the
background again. A subject with gentle shading may look the same where its own edge is faint, so each candidate is
judged by how it borders on the background: a veil does so softly all along, a subject has hard edges as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from assetgen.removers.keying.backdrop import Backdrop
from assetgen.removers.keying.field import (
    FRAME,
    Bytes,
    Field,
    Floats,
    dot,
    felt,
    floats,
    grown,
    largest,
    length,
    pieces,
)
from assetgen.removers.keying.ground import Ground
from assetgen.removers.keying.regions import Indices, Mask, regions

_LEAST, _MOST_DARK, _MOST_TINTED = 0.006, 0.85, 0.5
"""Opacity of veils: below is nothing, above is a subject. Shadows may be denser than what has a colour."""

_STEEPEST = 0.03
"""Change a pixel, of the whole range, that a veil may have in a picture of 1024 pixels."""

_MOST_TURN = 1.0
_HUE_ONLY = np.array([0, 1, 1], np.float32)
"""Levels a pixel by which the hue of a shadow may change in a large picture; at a subject it changes at once."""

_DIP, _DIPPED = np.float32(0.15), 4
"""The share of a veil's density, and the levels, by which it may fall on its way to the subject."""

_ROOM = 64.0
"""Levels between the ground and black or white below which a channel tells little: noise would pass for opacity."""

_FADE = 8
"""Half the pixels around a veil over which what is left of it fades into the background."""

_TOWARDS, _BENEATH = 4, 10
"""Pixels by which a veil is continued to the subject's edge, and beneath it."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pixels that could be a shadow by their colour and slope, those that could be a glow or a coloured shadow, and
    those around which nothing changes at all. `density` is the opacity that a veil would have, of 255."""

    dark: Mask = field(repr=False)
    tinted: Mask = field(repr=False)
    flat: Mask = field(repr=False)
    density: Bytes = field(repr=False)


def unmixed(color: Floats, ground: Floats) -> tuple[Floats, Floats]:
    """The least opacity that can make `ground` look like `color`, and the colour which does so."""
    away = color - ground
    room = np.maximum(np.where(away > 0, 255 - ground, ground), np.float32(_ROOM))
    opacity = np.minimum(largest(np.abs(away) / room), 1)
    pure = ground + away / np.maximum(opacity, np.float32(1 / 255))[..., None]
    return opacity, np.clip(pure, 0, 255)


def veiled(picture: Field, ground: Ground, outside: Mask) -> tuple[Backdrop, Mask]:
    """The backdrop with its veils, and `outside` with the pixels where nothing but a veil is seen."""
    backdrop = Backdrop(picture, ground, np.zeros(picture.size, np.bool_), np.zeros_like(picture.pixels))
    found = _candidates(picture, ground)
    dark = _judged(picture, outside, found, tinted=False)
    veils = dark | _judged(picture, outside, found, tinted=True)
    if not veils.any():
        return backdrop, outside
    backdrop.veiled[veils] = True
    backdrop.veil[veils] = picture.pixels[veils]
    _fade(backdrop, veils, outside)
    outside = outside | veils
    edge = _continued(backdrop, veils, outside)
    _hide(backdrop, edge, outside)
    return backdrop, outside


# --- finding candidates ---------------------------------------------------------------------------------------------


def _candidates(picture: Field, ground: Ground) -> Candidates:
    found = Candidates(picture.mask(), picture.mask(), picture.mask(), np.zeros(picture.size, np.uint8))
    finer = 1024 / min(picture.width, picture.height)
    steepest, turn = _STEEPEST * min(2, max(2 / 3, finer)), _MOST_TURN * min(4, max(1, finer))
    for top, bottom in picture.bands():
        color, bare = _smooth(picture.rows(top, bottom, 3)), ground.rows(top, bottom, 1)
        away = felt(color - bare) / np.float32(255)
        light, off = _shade(color, bare)
        turning = _slope(felt(off) * _HUE_ONLY)
        far, light, off = (of[1:-1, 1:-1] for of in (length(away), light, largest(np.abs(off))))
        gentle = _slope(away) <= np.minimum(np.float32(steepest), far * np.float32(0.35) + np.float32(0.006))
        neutral = (light < 1) & (off <= 3 + 31 * (1 - light))
        opacity, _ = unmixed(color[1:-1, 1:-1], bare[1:-1, 1:-1])
        gentle &= opacity > _LEAST
        picture.inner(found.dark)[top:bottom] = gentle & neutral & (light > 1 - _MOST_DARK) & (turning < turn)
        picture.inner(found.tinted)[top:bottom] = gentle & ~neutral & (opacity < _MOST_TINTED)
        picture.inner(found.flat)[top:bottom] = _across(picture.rows(top, bottom, FRAME)) <= far * 255 * 0.06 + 1
        picture.inner(found.density)[top:bottom] = opacity * 255
    return found


def _smooth(rows: Bytes) -> Floats:
    """Weighed means of 5 x 5 pixels (1 4 6 4 1 each way); two rows and columns fewer on every side."""
    wide = rows.astype(np.int32)
    wide = wide[:-4] + 4 * wide[1:-3] + 6 * wide[2:-2] + 4 * wide[3:-1] + wide[4:]
    wide = wide[:, :-4] + 4 * wide[:, 1:-3] + 6 * wide[:, 2:-2] + 4 * wide[:, 3:-1] + wide[:, 4:]
    return wide.astype(np.float32) / np.float32(256)


def _slope(away: Floats) -> Floats:
    """The steepest change a pixel; one row and column fewer on every side."""
    right = largest(np.abs(away[1:-1, 2:] - away[1:-1, :-2]))
    down = largest(np.abs(away[2:, 1:-1] - away[:-2, 1:-1]))
    return floats(np.maximum(right, down) / 2)


def _across(rows: Bytes) -> Floats:
    """How much changes over twice the frame's width, in levels."""
    wide = rows.astype(np.float32)
    middle = slice(FRAME, -FRAME)
    right = length(felt(wide[middle, 2 * FRAME :] - wide[middle, : -2 * FRAME]))
    down = length(felt(wide[2 * FRAME :, middle] - wide[: -2 * FRAME, middle]))
    return floats(np.maximum(right, down))


def _shade(color: Floats, bare: Floats) -> tuple[Floats, Floats]:
    """How much of the ground's light is left, and how the colour differs from the ground's at that light."""
    light = dot(color, bare) / np.maximum(dot(bare, bare), 1)
    return floats(light), floats(color - light[..., None] * bare)


# --- judging them ---------------------------------------------------------------------------------------------------


def _judged(picture: Field, outside: Mask, found: Candidates, *, tinted: bool) -> Mask:
    """The candidates, dark or tinted ones, that are veils.

    They thicken from the background on, and are judged without their outermost two pixels, so that what merely touches
    is told apart. `soft` counts the pixels of a candidate that border on the background; `hard` those that something
    else parts from it, five pixels away; `held` those that border on something else. A tinted veil must be held by a
    subject that it belongs to, must be wide, and must not be flat: else it is a soft subject itself.
    """
    veil = _thickening(picture, outside, found.tinted if tinted else found.dark, found.density)
    stride = picture.stride
    other = picture.mask() & ~veil & ~outside
    core = veil & ~grown(other, stride, 2)
    spots = regions(core, stride, diagonal=True)
    areas = spots.areas()
    rim = other & grown(outside, stride, 1)
    soft = spots.counts(core & grown(outside, stride, 1))
    hard = spots.counts(core & grown(rim, stride, 5) & ~grown(rim, stride, 4))
    held = spots.counts(core & grown(other, stride, 3))
    large = areas >= max(64, 0.003 * picture.width * picture.height)
    good = (areas >= 24) & (large | (soft >= held)) & (hard <= soft) & (areas >= (8 if tinted else 2.5) * soft)
    if tinted:
        good &= (held >= 0.25 * soft) & (spots.counts(found.flat & core) <= 0.4 * areas)
    return grown(spots.painted(good), stride, 3) & veil


def _thickening(picture: Field, outside: Mask, candidates: Mask, density: Bytes) -> Mask:
    """The candidates that can be reached from the background on a way along which the density falls but little below
    its highest: so a veil does not run on into a subject that is as light as it is somewhere."""
    highest = np.where(outside, np.uint8(0), np.uint8(255))
    known = outside.copy()
    front = np.flatnonzero(grown(outside, picture.stride, 1) & candidates & ~outside)
    while len(front):
        before = np.full(len(front), 255, np.uint8)
        for step in picture.around():
            before = np.minimum(before, highest[front + step])
        fits = density[front] >= before * (1 - _DIP) - _DIPPED
        front, before = front[fits], before[fits]
        highest[front] = np.maximum(before, density[front])
        known[front] = True
        front = picture.beside(front)
        front = front[candidates[front] & ~known[front]]
    return known & ~outside


# --- what lies around them ------------------------------------------------------------------------------------------


def _fade(backdrop: Backdrop, veils: Mask, outside: Mask) -> None:
    """Takes what is left of a veil in the background around it into the backdrop, so that it does not end abruptly."""
    picture = backdrop.picture
    around = grown(grown(veils, picture.stride, _FADE), picture.stride, _FADE) & outside & ~veils & picture.mask()
    for index in pieces(np.flatnonzero(around)):
        total = np.zeros((len(index), 3), np.int32)
        for row, high in zip(range(-2, 3), (1, 4, 6, 4, 1), strict=True):
            for column, wide in zip(range(-2, 3), (1, 4, 6, 4, 1), strict=True):
                total += picture.pixels[index + row * picture.stride + column].astype(np.int32) * (high * wide)
        bare = backdrop.bare(index)
        away = total.astype(np.float32) / 256 - bare
        less = np.sign(away) * np.maximum(np.abs(away) - np.float32(1.5), 0)
        backdrop.veil[index] = np.rint(bare + less)
        backdrop.veiled[index] = True


def _continued(backdrop: Backdrop, veils: Mask, outside: Mask) -> Mask:
    """Continues veils towards the subject as long as the picture does what they would do; adds to `outside`."""
    picture = backdrop.picture
    known = veils.copy()
    for _ in range(_TOWARDS):
        front = _front(picture, known, outside)
        if not len(front):
            break
        guess, seen = _guess(backdrop, known, front), picture.colors(front)
        front = front[length(felt(seen - guess)) < 8]
        backdrop.veil[front] = picture.pixels[front]
        backdrop.veiled[front] = known[front] = outside[front] = True
    return known


def _hide(backdrop: Backdrop, known: Mask, outside: Mask) -> None:
    """Continues veils beneath the subject's edge, where they cannot be seen."""
    picture = backdrop.picture
    for _ in range(_BENEATH):
        front = _front(picture, known, outside)
        if not len(front):
            break
        backdrop.veil[front] = np.rint(_guess(backdrop, known, front))
        backdrop.veiled[front] = known[front] = True


def _front(picture: Field, known: Mask, outside: Mask) -> Indices:
    """The pixels of the subject that are next to what is known."""
    return np.flatnonzero(grown(known, picture.stride, 1) & ~known & ~outside & picture.mask())


def _guess(backdrop: Backdrop, known: Mask, front: Indices) -> Floats:
    """The mean colour of the known neighbours."""
    total, count = np.zeros((len(front), 3), np.float32), np.zeros(len(front), np.float32)
    for step in backdrop.picture.around():
        beside = known[front + step]
        total += np.where(beside[:, None], backdrop.veil[front + step], 0)
        count += beside
    return floats(total / np.maximum(count, 1)[:, None])
