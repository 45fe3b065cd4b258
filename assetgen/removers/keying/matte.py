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
from assetgen.removers.keying.climb import Noise
from assetgen.removers.keying.field import Bytes, Field, Floats, dot, felt, floats, framed, length, pieces
from assetgen.removers.keying.ground import Ground, from_all, from_border
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
    for part in edge.parts():
        _put_edge(rgba, part)
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


def _put_edge(rgba: Bytes, edge: Edge) -> None:
    """The mixed pixels: the subject's part of each over the veil's, if there is one."""
    backdrop = edge.slope.backdrop
    opacity, color = _unmixed_edge(edge)
    beneath, veil = unmixed(backdrop.at(edge.index), backdrop.bare(edge.index))
    beneath = np.where(backdrop.veiled[edge.index], beneath, 0)
    total = 1 - (1 - opacity) * (1 - beneath)
    share = (opacity / np.maximum(total, np.float32(1e-6)))[:, None]
    rgba[edge.index, :3], rgba[edge.index, 3] = np.rint(color * share + veil * (1 - share)), np.rint(total * 255)


def _unmixed_edge(edge: Edge) -> tuple[Floats, Floats]:
    """Opacity and colour of the mixed pixels. What nothing explains and is faint gets as little opacity as will do."""
    backdrop = edge.slope.backdrop
    back, pure, seen = backdrop.at(edge.index), edge.pure, backdrop.picture.colors(edge.index)
    own, through = _parts(felt(seen), felt(pure), felt(back), edge.noise)
    line = felt(pure - back)
    opacity = _steadied(1 - through, length(line), edge.noise.level)
    share = own / np.maximum(1 - through, np.float32(1e-6))
    rest = seen - own[:, None] * pure - through[:, None] * back
    trust = opacity / (opacity * opacity + np.float32(0.1 + 2 * edge.noise.tint))
    color = np.clip(pure * share[:, None] + rest * trust[:, None], 0, 255)
    faint = edge.alone & (length(felt(seen - back)) < _FAINT * backdrop.ground.tolerance)
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
