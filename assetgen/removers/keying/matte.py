"""The cutout: how opaque every pixel is, and which colour it has without its background.

With the backdrop and the subject's colour known, a mixed pixel is so much of the one and so much of the other (the
compositing equation of Porter and Duff, 1984, solved for both), and opaque as far as nothing of the backdrop is seen in
it: what subject or backdrop lack of their light is shade. Its colour is the subject's, corrected by what the pixel
itself tells, the more the more opaque it is, and the less the noisier the picture.
"""

from __future__ import annotations

import numpy as np

from assetgen.removers.base import RemovalError
from assetgen.removers.keying.background import background, connected, likeness, without_dust
from assetgen.removers.keying.checkered import refuse_checkered
from assetgen.removers.keying.climb import SOLID, Noise
from assetgen.removers.keying.field import Bytes, Field, Floats, dot, felt, floats, framed, grown, length, pieces
from assetgen.removers.keying.ground import Ground, from_all, from_border
from assetgen.removers.keying.hue import blurred, by_lightness, is_coarse, restored
from assetgen.removers.keying.regions import Mask
from assetgen.removers.keying.sources import Edge, edge_of
from assetgen.removers.keying.veils import unmixed, veiled

_LEAST_SUBJECT = 0.0002
"""Share of the picture that has to be left."""

_SHADE = 0.2
"""By what share the subject's brightness, or the light that the backdrop gets, usually changes beside an edge."""

_CLEAR = np.float32(200)
"""Levels between subject and backdrop from which on shade is told from mixing as well as it can be."""

_FAINT = 4.0
"""Tolerances up to which a pixel that nothing explains is taken for a trace of something."""


def cut_out(rgb: Bytes, *, holes: bool = False) -> Bytes:
    """Rows and columns of RGB to rows and columns of RGBA with straight alpha; what is invisible is black.

    `holes` also cuts out enclosed spots of the background's colour. Raises RemovalError when the background is not
    plain, is a painted checkerboard, or when nothing stands out from it.
    """
    picture = framed(rgb)
    refuse_checkered(picture)
    ground, near, strong = _grounded(picture)
    outside = background(picture, near, holes=holes)
    backdrop, outside = veiled(picture, ground, outside)
    outside, traces = without_dust(picture, outside, strong)
    _refuse_nothing(picture, outside)
    edge = edge_of(backdrop, outside, traces)
    rgba = np.zeros((picture.size, 4), np.uint8)
    _put_solid(rgba, picture, outside)
    _put_veils(rgba, edge, outside)
    _put_edges(rgba, edge, outside)
    rgba[rgba[:, 3] == 0] = 0
    return np.ascontiguousarray(picture.inner(rgba))


def _grounded(picture: Field) -> tuple[Ground, Mask, Mask]:
    """The ground, fitted to all of the background, with what is near it and strongly unlike it."""
    first = from_border(picture)
    like = likeness(picture, first)
    ground = from_all(picture, first, connected(picture, like.near))
    if ground.tolerance != first.tolerance or not np.array_equal(ground.terms, first.terms):
        like = likeness(picture, ground)
    return ground, like.near, like.strong


def _refuse_nothing(picture: Field, outside: Mask) -> None:
    left = np.count_nonzero(~outside & picture.mask())
    if left < _LEAST_SUBJECT * picture.width * picture.height:
        raise RemovalError(
            "nothing stands out from the background",
            hint="ask for a background in a colour that the subject does not have, or choose another `remover`",
        )


def _put_solid(rgba: Bytes, picture: Field, outside: Mask) -> None:
    inner, seen = picture.inner(rgba), picture.inner(~outside)
    inner[..., :3] = picture.rows(0, picture.height)
    inner[..., 3] = np.where(seen, np.uint8(255), np.uint8(0))


def _put_veils(rgba: Bytes, edge: Edge, outside: Mask) -> None:
    """Veils that can be seen, except for their last trace."""
    backdrop = edge.slope.backdrop
    for index in pieces(np.flatnonzero(outside & backdrop.veiled)):
        opacity, color = unmixed(backdrop.at(index), backdrop.bare(index))
        opacity = np.where(opacity < 2 / 255, 0, opacity)
        rgba[index, :3], rgba[index, 3] = np.rint(color), np.rint(opacity * 255)


def _put_edges(rgba: Bytes, edge: Edge, outside: Mask) -> None:
    """The mixed pixels; and where hue is coarse all that it is mixed at, with the subject's own hue."""
    cover = np.where(outside, np.uint8(0), np.uint8(255))
    for part in edge.parts():
        opacity, color = _unmixed_edge(part)
        cover[part.index] = np.rint(opacity * 255)
        _put_edge(rgba, part, opacity, color)
    if not is_coarse(edge, cover):
        return
    for part in edge.parts():
        opacity = by_lightness(part, floats(cover[part.index]) / np.float32(255))
        cover[part.index] = np.rint(_steadied(opacity, length(felt(part.pure - part.back())), part.noise.level) * 255)
    for part in edge.parts():
        _put_coarse(rgba, part, cover)
    _put_beside(rgba, edge, cover)


def _put_coarse(rgba: Bytes, edge: Edge, cover: Bytes) -> None:
    """Mixed pixels of coarse hue, whose opacity is in `cover`."""
    _, color = _unmixed_edge(edge)
    around = blurred(edge.slope.backdrop.picture, cover, edge.index)
    color = restored(color, edge.seen(), edge.pure, edge.back(), around)
    _put_edge(rgba, edge, floats(cover[edge.index]) / np.float32(255), color)


def _put_beside(rgba: Bytes, edge: Edge, cover: Bytes) -> None:
    """The solid pixels near mixed ones, whose hue is coarse: it has some of the backdrop's."""
    slope, picture = edge.slope, edge.slope.backdrop.picture
    near = np.zeros(picture.size, np.bool_)
    near[edge.index] = True
    for index in pieces(np.flatnonzero(grown(near, picture.stride, 2) & (slope.layer == SOLID))):
        seen = picture.colors(index)
        rgba[index, :3] = np.rint(restored(seen, seen, seen, slope.backdrop.at(index), blurred(picture, cover, index)))


def _put_edge(rgba: Bytes, edge: Edge, opacity: Floats, color: Floats) -> None:
    """Mixed pixels: the subject's part of each over the veil's, if there is one."""
    backdrop = edge.slope.backdrop
    beneath, veil = unmixed(edge.back(), backdrop.bare(edge.index))
    beneath = np.where(backdrop.veiled[edge.index], beneath, 0)
    total = 1 - (1 - opacity) * (1 - beneath)
    share = (opacity / np.maximum(total, np.float32(1e-6)))[:, None]
    rgba[edge.index, :3], rgba[edge.index, 3] = np.rint(color * share + veil * (1 - share)), np.rint(total * 255)


def _unmixed_edge(edge: Edge) -> tuple[Floats, Floats]:
    """Opacity and colour of the mixed pixels. What nothing explains and is faint gets as little opacity as will do."""
    back, pure, seen = edge.back(), edge.pure, edge.seen()
    own, through = _parts(felt(seen), felt(pure), felt(back), edge.noise)
    line = felt(pure - back)
    opacity = _steadied(1 - through, length(line), edge.noise.level)
    share = own / np.maximum(1 - through, np.float32(1e-6))
    rest = seen - own[:, None] * pure - through[:, None] * back
    trust = opacity / (opacity * opacity + np.float32(0.1 + 2 * edge.noise.tint))
    color = np.clip(pure * share[:, None] + rest * trust[:, None], 0, 255)
    faint = edge.alone & (length(felt(seen - back)) < _FAINT * edge.slope.backdrop.ground.tolerance)
    least, trace = unmixed(seen, back)
    return np.where(faint, least, opacity), np.where(faint[:, None], trace, color)


def _parts(seen: Floats, pure: Floats, back: Floats, noise: Noise) -> tuple[Floats, Floats]:
    """How much of the subject and of the backdrop is in what is seen: together 1, or less where it is in shade.

    Least squares of seen = own * pure + through * back, held towards own + through = 1 the more, the noisier the
    picture is and the less the two differ. Without shade it is where the pixel lies on the line from one to the other.
    """
    line = pure - back
    square = np.maximum(dot(line, line), np.float32(1e-6))
    unsure = (1 + 3 * noise.level + 10 * noise.tint * noise.contrast) / _SHADE
    held = np.float32(unsure * unsure) * np.maximum(1, _CLEAR * _CLEAR / square)
    pp, bb, pb = dot(pure, pure) + held, dot(back, back) + held, dot(pure, back) + held
    sp, sb = dot(seen, pure) + held, dot(seen, back) + held
    area = np.maximum(pp * bb - pb * pb, np.float32(1))
    own, through = (sp * bb - sb * pb) / area, (sb * pp - sp * pb) / area
    along = dot(seen - back, line) / square
    shaded = (own + through < 1) & (own > 0)
    through = np.clip(np.where(shaded, through, 1 - along), 0, 1)
    return floats(np.clip(np.where(shaded, own, along), 0, 1 - through)), floats(through)


def _steadied(opacity: Floats, contrast: Floats, level: float) -> Floats:
    """Opacity, with what noise may have added at the clear end, or taken at the opaque one, given back."""
    blur = np.minimum(np.float32(level) / np.maximum(contrast, np.float32(1e-3)), np.float32(0.2))
    return floats(np.clip((opacity - blur) / (1 - 2 * blur), 0, 1))
