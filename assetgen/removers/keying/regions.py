"""Connected regions of a mask, by the horizontal runs that they consist of. Whole numbers only; knows no colours.

Runs are far fewer than pixels, so labelling them takes a fraction of the memory and time of labelling pixels. Runs of
neighbouring rows that overlap belong together; what belongs together is found by hooking each region's root to the
lowest root that it meets and shortening the paths, until nothing changes (Shiloach and Vishkin 1982).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Mask: TypeAlias = npt.NDArray[np.bool_]
Indices: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Regions:
    """The runs of a mask of `size` pixels, `starts` up to but without `ends`, and the region that each belongs to."""

    size: int
    starts: Indices
    ends: Indices
    labels: Indices
    count: int

    def areas(self) -> npt.NDArray[np.int64]:
        """Pixels of each region."""
        return np.bincount(self.labels, self.ends - self.starts, self.count).astype(np.int64)

    def counts(self, mask: Mask) -> npt.NDArray[np.int64]:
        """How many pixels of each region are set in `mask`."""
        upto = np.cumsum(mask, dtype=np.int32)
        inside = upto[self.ends - 1] - upto[self.starts] + mask[self.starts]
        return np.bincount(self.labels, inside, self.count).astype(np.int64)

    def holding(self, mask: Mask) -> Mask:
        """Which regions have any pixel that is set in `mask`."""
        return self.counts(mask) > 0

    def painted(self, wanted: Mask) -> Mask:
        """The mask of the wanted regions."""
        chosen = wanted[self.labels] if self.count else np.zeros(0, np.bool_)
        steps = np.zeros(self.size + 1, np.int8)
        steps[self.starts[chosen]] += 1
        steps[self.ends[chosen]] -= 1
        return np.cumsum(steps[:-1], dtype=np.int8).astype(np.bool_)


def regions(mask: Mask, width: int, *, diagonal: bool = False) -> Regions:
    """The regions of a flat mask whose rows have `width` pixels, the last of them and the first never set.

    Pixels belong together side by side and one above the other, with `diagonal` also corner to corner.
    """
    changes = np.flatnonzero(mask[1:] != mask[:-1]) + 1
    starts, ends = changes[0::2], changes[1::2]
    reach = int(diagonal)
    first = np.searchsorted(ends, starts + (width - reach), "right")
    last = np.searchsorted(starts, ends + (width + reach), "left")
    upper = np.repeat(np.arange(len(starts)), last - first)
    lower = np.arange(len(upper)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
    roots = _united(len(starts), upper, lower + np.repeat(first, last - first))
    kept, labels = np.unique(roots, return_inverse=True)
    return Regions(len(mask), starts, ends, labels, len(kept))


def _united(count: int, one: Indices, other: Indices) -> Indices:
    """The lowest member of each set of runs that pairs connect."""
    roots = np.arange(count)
    while True:
        of_one, of_other = roots[one], roots[other]
        apart = of_one != of_other
        if not apart.any():
            return roots
        one, other = one[apart], other[apart]
        low, high = np.minimum(of_one, of_other)[apart], np.maximum(of_one, of_other)[apart]
        np.minimum.at(roots, high, low)
        while not np.array_equal(shorter := roots[roots], roots):
            roots = shorter
