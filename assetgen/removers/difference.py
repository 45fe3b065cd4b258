"""What is asked of two pictures before they are solved for one cutout, and the files that they come from and go to.

The first is an asset's own picture, the second was ordered to show the same on another ground. Solving is free, and
equal pairs give equal bytes: it may be done again. Knows no service and no prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from assetgen.catalog.grounds import BLACK, WHITE, GroundName
from assetgen.imaging.decode import decode
from assetgen.removers.base import Cut, RemovalError, SpoiledError
from assetgen.removers.cutout import foreground, write_cutout
from assetgen.removers.keying.field import Bytes
from assetgen.removers.keying.ground import Ground
from assetgen.removers.pairs import Pair, disagreement, fitted, ground_in, is_light, solved

_LEAST_CONTRAST = 96.0
"""Levels by which the two grounds have to be apart: with less, noise would be taken for something see-through."""

_MOST_DISAGREEMENT = 0.08
_LEAST_LEFT = 0.0002

_SAME_SHAPE = 0.02
_SCALES = (0.4, 2.5)
"""How many times as large as the first picture the second may be, along its edges."""


@dataclass(frozen=True, slots=True)
class Solving:
    """What `cut_pair` is asked: to write the subject of two pictures without their grounds to `target`."""

    first: Path
    second: Path
    target: Path


def other_ground(first: Path) -> GroundName:
    """The ground that contrasts with a picture's own. Raises PictureError, and RemovalError when its own is not plain
    or is transparent."""
    return BLACK if is_light(ground_in(_opaque(first))) else WHITE


def cut_pair(solving: Solving) -> Cut:
    """Does the work, on the thread that calls it.

    Raises RemovalError for a first picture that cannot be solved with any other, SpoiledError for a second one that
    does not go with it, PictureError and WriteError.
    """
    first = _opaque(solving.first)
    ground, notes = ground_in(first), list[str]()
    second = _second(solving.second, first, notes)
    pair = fitted(Pair(first, second, (ground, _second_ground(second))))
    _check(pair)
    if pair.moved != (0, 0):
        notes.append(f"the second picture was moved by {pair.moved[0]}, {pair.moved[1]} pixels to fit the first")
    cutout = Image.fromarray(solved(pair))
    if foreground(cutout) < _LEAST_LEFT:
        raise SpoiledError("nothing is left: the two pictures differ by their whole ground alone")
    return write_cutout(cutout, solving.target, "; ".join(notes) or None)


def _opaque(file: Path) -> Bytes:
    picture = decode(file)
    if picture.mode == "RGBA":
        raise RemovalError(
            "the picture came transparent already, so there is no ground to tell apart from it",
            hint="use `remover: key`, which takes it as it is",
        )
    return np.asarray(picture)


def _second(file: Path, first: Bytes, notes: list[str]) -> Bytes:
    """The second picture as large as the first one."""
    picture = decode(file).convert("RGB")
    height, width, _ = first.shape
    across, down = picture.width / width, picture.height / height
    if abs(across / down - 1) > _SAME_SHAPE or not _SCALES[0] <= across <= _SCALES[1]:
        raise SpoiledError(
            f"the second picture has {picture.width}x{picture.height} pixels, the first {width}x{height}"
        )
    if picture.size == (width, height):
        return np.asarray(picture)
    notes.append(f"the second picture came with {picture.width}x{picture.height} pixels and was scaled")
    return np.asarray(picture.resize((width, height), Image.Resampling.LANCZOS))


def _second_ground(second: Bytes) -> Ground:
    try:
        return ground_in(second)
    except RemovalError as error:
        why = error.message.partition(": ")[2]
        raise SpoiledError(f"the ground of the second picture is not plain{f': {why}' if why else ''}") from error


def _check(pair: Pair) -> None:
    if pair.contrast < _LEAST_CONTRAST:
        raise SpoiledError("the second picture has nearly the same ground as the first")
    share = disagreement(pair)
    if share > _MOST_DISAGREEMENT:
        raise SpoiledError(f"the second picture shows another subject ({share:.0%} of it differs)")
