"""The subject's own colour for every mixed pixel: what would be seen there if nothing of the backdrop shone through.

Knows layers and strengths, and no opacity. From the solid pixels colours are handed down the layers that were climbed,
each pixel taking the mean of what fits among its neighbours further in. Where a soft edge ends a little below its top,
the top's colour is handed down. What fits nothing further in is a colour of its own: a line too thin to show its colour
unmixed, which looks along itself for the strongest, or part of the subject, with all that lies further in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from assetgen.removers.keying.backdrop import Backdrop
from assetgen.removers.keying.climb import (
    ADDED,
    LOOSE,
    OUTSIDE,
    SOLID,
    Noise,
    Slope,
    climbed,
    loosened,
    may_mix,
    noise_across,
    noise_beside,
)
from assetgen.removers.keying.field import Floats, felt, floats, length, pieces
from assetgen.removers.keying.regions import Indices, Mask

_SOFT = 6
"""Layers from which on an edge is soft."""

_STRIDE, _STRIDES = 4, 4
_TALLER = np.float32(1.3)
"""How much stronger than the end of the climb the top of a soft edge may be."""

_TOP = np.float32(0.99)
"""The share of a top's strength from which a pixel is as good as the top."""

_ALONG = 24
"""Pixels along a line, or around noise, that are searched for a stronger colour."""

_WEAKER = np.float32(0.98)
"""The share of a mixed pixel's strength that its subject has at least."""

_OWN = np.float32(0.3)
"""The share of the strength further in from which on a colour that bends off is the subject's own, and not noise."""

_FRINGE, _TAIL = 2, 12
"""Pixels of the backdrop beside the mixed ones that are taken to be mixed, too; and as long as anything is seen."""

_ABOUT = np.float32(0.8)
"""The share of the strongest colour's strength from which on another is as good a guess."""

_ALIKE = 24.0
"""Levels up to which pixels around a source count as the same colour."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The mixed pixels, the subject's colour at each, and which of them nothing around explains."""

    slope: Slope
    noise: Noise
    index: Indices = field(repr=False)
    pure: Floats = field(repr=False)
    alone: Mask = field(repr=False)

    def parts(self) -> Iterator[Edge]:
        """The same edge in parts that are small enough to compute with."""
        for which in pieces(np.arange(len(self.index))):
            yield self.at(which)

    def at(self, which: Indices) -> Edge:
        """The edge with some of its pixels only."""
        return replace(self, index=self.index[which], pure=self.pure[which], alone=self.alone[which])

    def seen(self) -> Floats:
        """The picture's colours."""
        return self.slope.backdrop.picture.colors(self.index)

    def back(self) -> Floats:
        """The backdrop's colours."""
        return self.slope.backdrop.at(self.index)


@dataclass(frozen=True, slots=True)
class _Colors:
    """The subject's colour at some pixels, the nodes: `node` is the number of each pixel's, or -1; a node's `pure` is
    `strength` from the backdrop, or nothing is known of it when that is negative."""

    node: npt.NDArray[np.int32]
    pure: Floats
    strength: Floats

    def put(self, index: Indices, pure: Floats, backdrop: Backdrop) -> None:
        """Some pixels' colours are known from now on."""
        self.pure[self.node[index]] = pure
        self.strength[self.node[index]] = length(felt(pure - backdrop.at(index)))


def edge_of(backdrop: Backdrop, outside: Mask, traces: Mask) -> Edge:
    """The edge between the mask `outside` and the subject. `traces` are pixels outside that may be part of it."""
    slope = Slope.of(backdrop, outside)
    noise = noise_beside(backdrop, outside)
    index = climbed(slope, noise)
    noise = noise_across(slope, index, noise)
    index = loosened(slope, index, noise)
    index, colors = _with_solid(slope, noise, index)
    own = _handed_down(slope, noise, index, colors)
    own = own[~slope.solid(own)]
    _bridged(slope, noise, own, colors)
    index = index[~slope.solid(index)]
    return _with_fringe(slope, noise, index, colors, traces)


# --- solid pixels -------------------------------------------------------------------------------------------------


def _with_solid(slope: Slope, noise: Noise, index: Indices) -> tuple[Indices, _Colors]:
    """The mixed pixels with those on the way to the tops of soft edges; and the colours of the solid ones beside."""
    picture = slope.backdrop.picture
    solid = picture.beside(index)
    solid = solid[slope.solid(solid)]
    deepest = np.zeros(len(solid), np.uint8)
    for step in picture.around():
        layer = slope.layer[solid + step]
        deepest = np.maximum(deepest, np.where(layer < ADDED, layer, 0))
    soft = np.flatnonzero(deepest >= _SOFT)
    tops = solid.copy()
    tops[soft] = _tops(slope, solid[soft], noise)
    moved = tops != solid
    way, ends = _way(slope, noise, solid[moved], tops[moved])
    kept = slope.solid(solid)
    solid, tops = np.concatenate([solid[kept], way]), np.concatenate([tops[kept], ends])
    node = np.full(picture.size, -1, np.int32)
    node[np.concatenate([index, solid])] = np.arange(len(index) + len(solid), dtype=np.int32)
    unknown = np.full(len(index) + len(solid), -1, np.float32)
    colors = _Colors(node, np.zeros((len(unknown), 3), np.float32), unknown)
    colors.put(solid, _seen_around(slope, tops), slope.backdrop)
    return np.sort(np.concatenate([index, way])), colors


def _seen_around(slope: Slope, index: Indices) -> Floats:
    """The mean colour of the solid pixels around each of some solid pixels that are like it."""
    picture = slope.backdrop.picture
    places, which = np.unique(index, return_inverse=True)
    own = picture.colors(places)
    total, count = np.zeros_like(own), np.zeros(len(places), np.float32)
    for step in picture.steps(2):
        color = picture.colors(places + step)
        like = slope.solid(places + step) & (length(felt(color - own)) < _ALIKE)
        total += np.where(like[:, None], color, 0)
        count += like
    mean = total / np.maximum(count, 1)[:, None]
    return np.where((count > 0)[:, None], mean, own)[which]


def _tops(slope: Slope, roots: Indices, noise: Noise) -> Indices:
    """From each root, the strongest solid pixel that can be reached in a few short strides."""
    at, first = roots, slope.measured(roots)
    limit = length(first) * _TALLER
    for _ in range(_STRIDES):
        best, to = slope.strength[at] * np.float32(1.005), at.copy()
        for step in slope.backdrop.picture.steps(_STRIDE):
            which, strength = _stronger_solid(slope, at + step, best, limit)
            fits = may_mix(first[which], slope.backdrop.away(at[which] + step), noise, 0.05)
            best[which[fits]], to[which[fits]] = strength[fits], at[which[fits]] + step
        if np.array_equal(to, at):
            break
        at = to
    return at


def _stronger_solid(slope: Slope, index: Indices, least: Floats, most: Floats) -> tuple[Indices, Floats]:
    """Which of some pixels are solid and of a strength between two others; and their strength."""
    solid = np.flatnonzero(slope.solid(index))
    strength = slope.strength[index[solid]]
    unknown = strength == 0
    slope.measured(index[solid[unknown]])
    strength[unknown] = slope.strength[index[solid[unknown]]]
    fits = (strength > least[solid]) & (strength < most[solid])
    return solid[fits], strength[fits]


def _way(slope: Slope, noise: Noise, roots: Indices, tops: Indices) -> tuple[Indices, Indices]:
    """The solid pixels around some roots that are weaker than the roots' tops, and whose; mixed from now on."""
    pure = slope.backdrop.away(tops)
    more, ends = [roots[:0]], [roots[:0]]
    weakest, weaker = np.zeros(len(roots), np.float32), slope.strength[tops] * _TOP
    for step in slope.backdrop.picture.steps(_STRIDE):
        which, _ = _stronger_solid(slope, roots + step, weakest, weaker)
        which = which[may_mix(slope.backdrop.away(roots[which] + step), pure[which], noise, 0.05)]
        more.append(roots[which] + step)
        ends.append(tops[which])
    index, first = np.unique(np.concatenate(more), return_index=True)
    slope.layer[index] = ADDED
    return index, np.concatenate(ends)[first]


# --- mixed pixels -------------------------------------------------------------------------------------------------


def _handed_down(slope: Slope, noise: Noise, index: Indices, colors: _Colors) -> Indices:
    """Gives colours to the mixed pixels, from the innermost layer to the outermost, and then to the loose ones. Returns
    those that keep their own."""
    layers = slope.layer[index]
    by_layer = [index[layers == depth] for depth in np.unique(layers[layers < LOOSE])]
    own, bent = [], np.zeros(slope.backdrop.picture.size, np.bool_)
    for at in [*reversed(by_layer), index[layers == LOOSE]]:
        at = at[colors.strength[colors.node[at]] < 0]
        offer = _offered(slope, noise, at, colors)
        taken, kept = at[offer.fits], ~offer.fits
        colors.put(taken, offer.pure[offer.fits], slope.backdrop)
        own.append(at[kept])
        share = slope.strength[at] * _WEAKER / np.maximum(offer.strongest, np.float32(1e-6))
        bent[at[kept & (share > _OWN) & (share <= 1)]] = True
    _solidified(slope, by_layer, bent)
    every = np.concatenate(own)
    colors.put(every, slope.backdrop.picture.colors(every), slope.backdrop)
    return every


@dataclass(frozen=True, slots=True)
class _Offer:
    """The mean of the strongest fitting colours that pixels further in have, where any `fits`; and how strong the
    strongest colour of all of them is."""

    pure: Floats
    fits: Mask
    strongest: Floats


def _offered(slope: Slope, noise: Noise, at: Indices, colors: _Colors) -> _Offer:
    """What the neighbours further in offer to some pixels; for loose ones all neighbours are."""
    away, back = slope.backdrop.away(at), slope.backdrop.at(at)
    layer = np.where(slope.layer[at] == LOOSE, np.uint8(OUTSIDE), slope.layer[at])
    total, count = np.zeros((len(at), 3), np.float32), np.zeros(len(at), np.float32)
    strongest, best = np.zeros(len(at), np.float32), np.zeros(len(at), np.float32)
    for step in slope.backdrop.picture.around():
        node = colors.node[at + step]
        which = np.flatnonzero((node >= 0) & (slope.layer[at + step] > layer))
        which = which[colors.strength[node[which]] >= 0]
        pure = colors.pure[node[which]]
        pointed = felt(pure - back[which])
        far = length(pointed)
        strongest[which] = np.maximum(strongest[which], far)
        fits = may_mix(away[which], pointed, noise, 2 * noise.tint) & (far >= slope.strength[at[which]] * _WEAKER)
        fits &= far > best[which] * _ABOUT
        which, pure, far = which[fits], pure[fits], far[fits]
        kept = np.where(far * _ABOUT > best[which], np.float32(0), np.float32(1))
        total[which] = total[which] * kept[:, None] + pure
        count[which] = count[which] * kept + 1
        best[which] = np.maximum(best[which], far)
    return _Offer(floats(total / np.maximum(count, 1)[:, None]), count > 0, strongest)


def _solidified(slope: Slope, by_layer: list[Indices], bent: Mask) -> None:
    """Bent pixels, whose colour is the subject's own, are solid, and so is what they bar the way out for."""
    for at in by_layer:
        barred = np.zeros(len(at), np.int8)
        for step in slope.backdrop.picture.around():
            beside = at + step
            further_out = (slope.layer[beside] < slope.layer[at]) & (slope.layer[beside] > OUTSIDE)
            barred += np.where(further_out, np.where(bent[beside], np.int8(1), np.int8(-1)), np.int8(0))
        bent[at[barred > 0]] = True
    slope.layer[bent] = SOLID


def _bridged(slope: Slope, noise: Noise, own: Indices, colors: _Colors) -> None:
    """Ridges take the strongest fitting colour that neighbours know, and theirs, and so on."""
    away, back = slope.backdrop.away(own), slope.backdrop.at(own)
    weak = noise.weak + slope.backdrop.ground.tolerance
    here = colors.node[own]
    for _ in range(_ALONG):
        best, pure = colors.strength[here], colors.pure[here]
        for step in slope.backdrop.picture.around():
            node = colors.node[own + step]
            which = np.flatnonzero((node >= 0) & (colors.strength[node] > best * np.float32(1.02)))
            offered = colors.pure[node[which]]
            fits = may_mix(away[which], felt(offered - back[which]), noise, 2.5 * noise.tint)
            strong = colors.strength[node[which]]
            fits |= slope.strength[own[which]] < np.minimum(strong * np.float32(0.35), weak)
            best[which[fits]], pure[which[fits]] = strong[fits], offered[fits]
        if np.array_equal(best, colors.strength[here]):
            break
        colors.strength[here], colors.pure[here] = best, pure


# --- the backdrop beside them --------------------------------------------------------------------------------------


def _with_fringe(slope: Slope, noise: Noise, index: Indices, colors: _Colors, traces: Mask) -> Edge:
    """The edge with the backdrop's pixels next to it, and as many traces, and pixels where the edge is still seen, as
    are connected with it; they take the mean of their neighbours' colours."""
    picture = slope.backdrop.picture
    pure = colors.pure[colors.node[index]]
    alone = np.all(pure == picture.colors(index), axis=1)
    for step in picture.around():
        alone &= ~slope.solid(index + step)
    node = np.full(picture.size, -1, np.int32)
    node[index] = np.arange(len(index), dtype=np.int32)
    faint, front = np.float32(0.7 + 2 * noise.level), index
    for far in range(_ALONG):
        front = picture.beside(front)
        front = front[(slope.layer[front] == OUTSIDE) & (node[front] < 0)]
        slope.measured(front)
        seen = (slope.strength[front] > faint) & (far < _TAIL)
        front = front[traces[front] | seen | (far < _FRINGE)]
        if not len(front):
            break
        around = _mean_around(slope, node, pure, front)
        node[front] = np.arange(len(index), len(index) + len(front), dtype=np.int32)
        index, pure = np.concatenate([index, front]), np.concatenate([pure, around])
    return Edge(slope, noise, index, pure, np.concatenate([alone, np.zeros(len(index) - len(alone), np.bool_)]))


def _mean_around(slope: Slope, node: npt.NDArray[np.int32], pure: Floats, front: Indices) -> Floats:
    total, count = np.zeros((len(front), 3), np.float32), np.zeros(len(front), np.float32)
    for step in slope.backdrop.picture.around():
        beside = node[front + step]
        total += np.where((beside >= 0)[:, None], pure[beside], 0)
        count += beside >= 0
    return floats(total / np.maximum(count, 1)[:, None])
