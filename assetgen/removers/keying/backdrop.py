"""What lies behind the subject: the ground, with the veils (shadows and glows) that lie on it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from assetgen.removers.keying.field import Bytes, Field, Floats, felt, pieces
from assetgen.removers.keying.ground import Ground
from assetgen.removers.keying.regions import Indices, Mask


@dataclass(frozen=True, slots=True)
class Backdrop:
    """`veiled` are the pixels behind which there is a veil, seen or hidden by the subject's edge; `veil` is the colour
    that ground and veil have there together."""

    picture: Field
    ground: Ground
    veiled: Mask = field(repr=False)
    veil: Bytes = field(repr=False)

    def bare(self, index: Indices) -> Floats:
        """The ground's colour at some pixels of the field."""
        parts = [self.ground.at(*self.picture.places(part)) for part in pieces(index)]
        return np.concatenate(parts) if parts else np.zeros((0, 3), np.float32)

    def at(self, index: Indices) -> Floats:
        """The backdrop's colour at some pixels of the field."""
        color = self.bare(index)
        covered = np.flatnonzero(self.veiled[index])
        color[covered] = self.veil[index[covered]]
        return color

    def away(self, index: Indices) -> Floats:
        """How the picture differs from the backdrop at some pixels of the field, as `felt`."""
        return felt(self.picture.colors(index) - self.at(index))
