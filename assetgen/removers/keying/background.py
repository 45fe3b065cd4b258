"""Which pixels are background: those like the ground that are connected with the picture's border.

Enclosed spots of the ground's colour stay part of the subject (a highlight, the white of an eye), with two exceptions:
when asked, all of them are background; and small gaps between thin strands (hair, wire) always are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from assetgen.removers.keying.field import Field, felt, grown, length
from assetgen.removers.keying.ground import Ground
from assetgen.removers.keying.regions import Mask, Regions, regions

_STRAND = 5
"""Pixels between a gap and the background beyond its strand, at most."""

_GAP, _LEAST_GAP = 0.0005, 400
"""The largest gap, as a share of the picture and in pixels, whichever is more."""

_GAPS_DEEP = 24
"""Strands behind one another that are looked through."""

_HOLE = 16
"""Pixels that a hole has at least, when holes are asked for."""

_STRONG, _LEAST_STRONG = 3.0, 16.0
"""Tolerances from the ground at which a pixel is surely neither background nor noise; and levels."""

_SPECK = 64
"""Pixels below which a weak spot apart from the subject is dust."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The pixels that may be background (`near` the ground's colour), and those that are `strong`ly unlike it."""

    near: Mask = field(repr=False)
    strong: Mask = field(repr=False)


def likeness(picture: Field, ground: Ground) -> Likeness:
    """Compares every pixel of the picture with the ground."""
    near, strong = picture.mask(), picture.mask()
    for top, bottom in picture.bands():
        off = length(felt(picture.rows(top, bottom).astype(np.float32) - ground.rows(top, bottom)))
        picture.inner(near)[top:bottom] = off < ground.tolerance
        picture.inner(strong)[top:bottom] = off > max(_LEAST_STRONG, _STRONG * ground.tolerance)
    return Likeness(near, strong)


def connected(picture: Field, near: Mask) -> Mask:
    """What is near the ground and connected with the picture's border."""
    spots = regions(near, picture.stride)
    return spots.painted(spots.holding(_sides(picture)))


def background(picture: Field, near: Mask, *, holes: bool) -> Mask:
    """What is `connected`, with the gaps between strands and, when asked, all holes."""
    spots = regions(near, picture.stride)
    wanted = spots.holding(_sides(picture))
    areas = spots.areas()
    if holes:
        wanted |= areas >= _HOLE
    return _with_gaps(picture, spots, wanted, areas <= max(_LEAST_GAP, _GAP * picture.width * picture.height))


def _with_gaps(picture: Field, spots: Regions, wanted: Mask, small: Mask) -> Mask:
    """The wanted spots, and the small ones that thin strands part from them or from one another."""
    found = spots.painted(wanted)
    for _ in range(_GAPS_DEEP):
        more = small & ~wanted & spots.holding(grown(found, picture.stride, _STRAND))
        if not more.any():
            break
        wanted = wanted | more
        found = spots.painted(wanted)
    return found


def without_dust(picture: Field, outside: Mask, strong: Mask) -> tuple[Mask, Mask]:
    """`outside` with what lies in it without being a subject, and of that the traces of something: weak remnants of
    shadows or soft edges beside the subject. All the rest are weak spots that are small and lie alone: dust."""
    inside = picture.mask()
    traces = _remnants(picture, ~outside & inside, outside, strong)
    traces |= grown(traces, picture.stride, 3) & ~outside & inside & ~strong
    outside = outside | traces
    spots = regions(~outside & inside, picture.stride, diagonal=True)
    return outside | spots.painted((spots.areas() < _SPECK) & ~spots.holding(strong)), traces


def _remnants(picture: Field, subject: Mask, outside: Mask, strong: Mask) -> Mask:
    """Small weak spots, two pixels and more from anything strong, that border on the background for the most part."""
    weak = subject & ~grown(strong, picture.stride, 2)
    spots = regions(weak, picture.stride, diagonal=True)
    small = spots.areas() < max(_SPECK, 0.001 * picture.width * picture.height)
    open_ = spots.counts(weak & grown(outside, picture.stride, 1))
    border = spots.counts(weak & grown(~weak, picture.stride, 1))
    return spots.painted(small & (open_ >= 0.3 * border))


def _sides(picture: Field) -> Mask:
    """The outermost pixels of the picture."""
    sides = np.ones((picture.height, picture.width), np.bool_)
    sides[1:-1, 1:-1] = False
    return picture.mask(sides)
