"""The subject's own colour for every mixed pixel: the pixel that shows it unmixed, found from where its way ends.

Knows layers and strengths, and no opacity. Where a soft edge ends a little below its top, the search goes on to the
top. Where a way ends on a ridge (a line too thin to show its colour unmixed, or noise), the strongest colour around
that fits is taken instead. Pixels just outside that are background to the eye may hold a trace, and are added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from assetgen.removers.keying.backdrop import Backdrop
from assetgen.removers.keying.climb import (
    ADDED,
    OUTSIDE,
    Noise,
    Slope,
    climbed,
    ends,
    loosened,
    may_mix,
    noise_across,
    noise_beside,
)
from assetgen.removers.keying.field import Floats, felt, length, pieces
from assetgen.removers.keying.regions import Indices, Mask

_SOFT = 4
"""Layers from which on an edge is soft."""

_STRIDE, _STRIDES = 4, 4
_TALLER = np.float32(1.3)
"""How much stronger than the end of the climb the top of a soft edge may be."""

_TOP = np.float32(0.99)
"""The share of a top's strength from which a pixel is as good as the top."""

_ALONG = 24
"""Pixels along a line, or around noise, that are searched for a stronger colour."""

_FRINGE = 2
_ALIKE = 24.0
"""Levels up to which pixels around a source count as the same colour."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The mixed pixels, and for each the pixel that shows the subject there."""

    slope: Slope
    noise: Noise
    index: Indices = field(repr=False)
    source: Indices = field(repr=False)

    def parts(self) -> Iterator[Edge]:
        """The same edge in parts that are small enough to compute with."""
        for which in pieces(np.arange(len(self.index))):
            yield replace(self, index=self.index[which], source=self.source[which])

    def alone(self) -> Mask:
        """The pixels that nothing around explains, and that touch nothing solid."""
        beside = np.zeros(len(self.index), np.bool_)
        for step in self.slope.backdrop.picture.around():
            beside |= self.slope.solid(self.index + step)
        return np.asarray((self.source == self.index) & ~beside)


def edge_of(backdrop: Backdrop, outside: Mask, traces: Mask) -> Edge:
    """The edge between the mask `outside` and the subject. `traces` are pixels outside that may be part of it."""
    slope = Slope.of(backdrop, outside)
    noise = noise_beside(backdrop, outside)
    index = climbed(slope, noise)
    noise = noise_across(slope, index, ends(slope, index, noise), noise)
    index = loosened(slope, index, noise)
    edge = Edge(slope, noise, index, ends(slope, index, noise))
    return _with_fringe(_to_the_top(_bridged(edge)), traces)


def subject_colors(edge: Edge) -> Floats:
    """The subject's colour at each mixed pixel: the mean of the solid pixels around its source that are like it."""
    picture = edge.slope.backdrop.picture
    sources, which = np.unique(edge.source, return_inverse=True)
    own = picture.colors(sources)
    total, count = np.zeros_like(own), np.zeros(len(sources), np.float32)
    for step in picture.steps(2):
        color = picture.colors(sources + step)
        like = edge.slope.solid(sources + step) & (length(felt(color - own)) < _ALIKE)
        total += np.where(like[:, None], color, 0)
        count += like
    mean = total / np.maximum(count, 1)[:, None]
    return np.where((count > 0)[:, None], mean, own)[which]


def _to_the_top(edge: Edge) -> Edge:
    """Soft edges with their sources moved to the top, and with the pixels on the way there."""
    slope = edge.slope
    solid = np.flatnonzero(slope.solid(edge.source))
    roots, which = np.unique(edge.source[solid], return_inverse=True)
    layer, deepest = slope.layer[edge.index[solid]], np.zeros(len(roots), np.uint8)
    np.maximum.at(deepest, which, np.where(layer < ADDED, layer, 0))
    soft = np.flatnonzero(deepest >= _SOFT)
    tops = roots.copy()
    tops[soft] = _tops(slope, roots[soft], edge.noise)
    source = edge.source.copy()
    source[solid] = tops[which]
    moved = tops != roots
    return _with_way(replace(edge, source=source), roots[moved], tops[moved])


def _tops(slope: Slope, roots: Indices, noise: Noise) -> Indices:
    """From each root, the strongest solid pixel that can be reached in a few short strides."""
    at, first = roots, slope.measured(roots)
    limit = length(first) * _TALLER
    for _ in range(_STRIDES):
        best, to = slope.strength[at] * np.float32(1.005), at.copy()
        for step in slope.backdrop.picture.steps(_STRIDE):
            which = np.flatnonzero(slope.solid(at + step))
            beside = (at + step)[which]
            fits = may_mix(first[which], slope.measured(beside), noise, 0.05)
            strength = slope.strength[beside]
            fits &= (strength > best[which]) & (strength < limit[which])
            best[which[fits]], to[which[fits]] = strength[fits], beside[fits]
        if np.array_equal(to, at):
            break
        at = to
    return at


def _with_way(edge: Edge, roots: Indices, tops: Indices) -> Edge:
    """The edge with the solid pixels around some roots that are weaker than the roots' tops."""
    slope, pure = edge.slope, edge.slope.backdrop.away(tops)
    more, sources = [edge.index[:0]], [edge.source[:0]]
    for step in slope.backdrop.picture.steps(_STRIDE):
        which = np.flatnonzero(slope.solid(roots + step))
        beside = (roots + step)[which]
        fits = may_mix(slope.measured(beside), pure[which], edge.noise, 0.05)
        fits &= slope.strength[beside] < slope.strength[tops[which]] * _TOP
        more.append(beside[fits])
        sources.append(tops[which[fits]])
    index, first = np.unique(np.concatenate(more), return_index=True)
    slope.layer[index] = ADDED
    index, source = np.concatenate([edge.index, index]), np.concatenate([edge.source, np.concatenate(sources)[first]])
    order = np.argsort(index)
    return replace(edge, index=index[order], source=source[order])


def _bridged(edge: Edge) -> Edge:
    """Ways that end on a ridge lead on to the strongest fitting colour that neighbours know, and theirs, and so on."""
    slope, picture = edge.slope, edge.slope.backdrop.picture
    ridge = np.flatnonzero(~slope.solid(edge.source))
    here, now = edge.index[ridge], edge.source[ridge]
    own, weak = slope.backdrop.away(here), edge.noise.weak + slope.backdrop.ground.tolerance
    known = _known(edge, here)
    for _ in range(_ALONG):
        best = now.copy()
        for step in picture.around():
            offered = known[here + step]
            which = np.flatnonzero((offered >= 0) & (slope.strength[offered] > slope.strength[best] * np.float32(1.02)))
            to = offered[which].astype(np.intp)
            fits = may_mix(own[which], slope.backdrop.away(to), edge.noise, 2.5 * edge.noise.tint)
            faint = slope.strength[here[which]] < np.minimum(slope.strength[to] * np.float32(0.35), weak)
            best[which[fits | faint]] = to[fits | faint]
        if np.array_equal(best, now):
            break
        now = best
        known[here] = now
    source = edge.source.copy()
    source[ridge] = now
    return replace(edge, source=source)


def _known(edge: Edge, ridge: Indices) -> npt.NDArray[np.int32]:
    """For each pixel of the field its source, or -1; solid pixels beside a ridge are their own."""
    slope, picture = edge.slope, edge.slope.backdrop.picture
    known = np.full(picture.size, -1, np.int32)
    if len(ridge):
        beside = picture.beside(ridge)
        beside = beside[slope.solid(beside)]
        slope.measured(beside)
        known[beside] = beside
    known[edge.index] = edge.source
    return known


def _with_fringe(edge: Edge, traces: Mask) -> Edge:
    """The edge with the backdrop's pixels next to it, and as many traces as are connected with it; they take the
    strongest source of their neighbours."""
    slope, picture = edge.slope, edge.slope.backdrop.picture
    known = _known(edge, edge.index[:0])
    index, source, front = [edge.index], [edge.source], edge.index
    for far in range(_ALONG):
        front = picture.beside(front)
        front = front[(slope.layer[front] == OUTSIDE) & (known[front] < 0) & (traces[front] | (far < _FRINGE))]
        if not len(front):
            break
        to = _strongest_offer(slope, known, front)
        known[front] = to
        index.append(front)
        source.append(to)
    return replace(edge, index=np.concatenate(index), source=np.concatenate(source))


def _strongest_offer(slope: Slope, known: npt.NDArray[np.int32], front: Indices) -> Indices:
    """For each pixel the strongest source that a neighbour knows; there is one."""
    best, to = np.full(len(front), -1, np.float32), np.zeros(len(front), np.intp)
    for step in slope.backdrop.picture.around():
        offered = known[front + step]
        better = (offered >= 0) & (slope.strength[offered] > best)
        best[better], to[better] = slope.strength[offered[better]], offered[better]
    return to
