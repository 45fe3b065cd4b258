"""Files that must not be larger than a number of bytes: the highest quality that fits, found in few encodes.

The search knows no picture: it is handed a way to encode at a quality.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from math import log

from PIL import Image

from assetgen.errors import ExportError
from assetgen.imaging.encode import QUALITY, encode
from assetgen.manifest.recipe import Export

MOST_ENCODES = 6
LOWEST_QUALITY = 1

_NEAR_ENOUGH = 0.98
"""A file of this share of the limit is not tried to be bettered: a point of quality is about as much."""

_STEEPNESS = 0.025
"""How much the logarithm of a file's size grows with a point of quality, before two sizes of the picture are known."""


def encoded_within(picture: Image.Image, export: Export, mark: bool) -> bytes:
    """`encode` at the export's quality, or where it has `max_bytes`, at a lower one so that no more come out.

    `picture` must belong to the caller alone. Raises ExportError when that cannot be; files without loss are as large
    as they are.
    """
    if export.max_bytes is None:
        return encode(picture, export, mark)
    thing = f"a {export.format} of {picture.width}x{picture.height} pixels"
    quality = QUALITY.get(export.format) if export.quality is None else export.quality
    if isinstance(quality, int) and export.format != "png":
        encoder = partial(_encoded_at, picture, export, mark)
        return best_within(encoder, export.max_bytes, quality, thing)
    data = encode(picture, export, mark)
    if len(data) > export.max_bytes:
        raise too_long(thing, export.max_bytes, len(data), "without loss", "webp or avif, which can lose some")
    return data


def _encoded_at(picture: Image.Image, export: Export, mark: bool, quality: int) -> bytes:
    return encode(picture, replace(export, quality=quality), mark)


def best_within(encoder: Callable[[int], bytes], max_bytes: int, highest: int, thing: str = "the file") -> bytes:
    """The longest bytes found of at most `max_bytes`, at a quality from LOWEST_QUALITY to `highest`.

    At most MOST_ENCODES encodes, each where the sizes so far let the limit be expected, in the range that is still
    open. What is returned fits even if the encoder makes a smaller file at a higher quality, and the lowest quality is
    tried before giving up. Raises ExportError naming the smallest file that came out.
    """
    sizes: dict[int, int] = {}
    best: bytes | None = None
    level: int | None = highest
    while level is not None:
        data = encoder(level)
        sizes[level] = len(data)
        best = data if len(data) <= max_bytes else best
        level = next_quality(sizes, max_bytes)
    if best is None:
        raise too_long(thing, max_bytes, min(sizes.values()), "at the lowest quality", "fewer pixels or another format")
    return best


def next_quality(sizes: Mapping[int, int], max_bytes: int) -> int | None:
    """Which quality to try after those in `sizes`, which maps each to the bytes it made; None to stop.

    It lies above every quality that fits and below those that do not, so that the last one that fits is the best.
    """
    fitting = max((level for level, size in sizes.items() if size <= max_bytes), default=None)
    floor = LOWEST_QUALITY - 1 if fitting is None else fitting
    failing = sorted(level for level in sizes if level > floor)
    left = MOST_ENCODES - len(sizes)
    if not failing or failing[0] - floor <= 1 or left == 0:
        return None
    if fitting is None:
        return LOWEST_QUALITY if left == 1 else _below(failing, sizes, max_bytes)
    if sizes[fitting] >= max_bytes * _NEAR_ENOUGH:
        return None
    return _between(fitting, failing[0], sizes, max_bytes, left)


def _below(failing: list[int], sizes: Mapping[int, int], max_bytes: int) -> int:
    """Nothing fits yet: where the curve through the two lowest, or a usual one, meets the limit. What failed more than
    once is aimed at lower, since a file that fits narrows the search more than one that does not."""
    lowest = failing[0]
    slope = _slope(sizes, lowest, failing[1]) if len(failing) > 1 else _STEEPNESS
    crossing = _crossing(lowest, slope, sizes, max_bytes * (1 - 0.04 * (len(failing) - 1)))
    return max(LOWEST_QUALITY, min(lowest - 1, int(crossing)))


def _between(fitting: int, failing: int, sizes: Mapping[int, int], max_bytes: int, left: int) -> int:
    """Where the curve meets the limit; the middle where that would leave too much open for the tries that are left."""
    if failing - fitting > 6**left:
        return (fitting + failing) // 2
    crossing = _crossing(failing, _slope(sizes, fitting, failing), sizes, max_bytes)
    return max(fitting + 1, min(failing - 1, int(crossing)))


def _slope(sizes: Mapping[int, int], low: int, high: int) -> float:
    return max(log(sizes[high] / max(1, sizes[low])) / (high - low), 1e-6)


def _crossing(level: int, slope: float, sizes: Mapping[int, int], max_bytes: float) -> float:
    return level - log(sizes[level] / max(1.0, max_bytes)) / slope


def too_long(thing: str, max_bytes: int, smallest: int, how: str, instead: str) -> ExportError:
    """The failure of a file that cannot be made small enough; `smallest` is what it came to."""
    return ExportError(
        f"{thing} cannot be made with at most {max_bytes:,} bytes: {how} it has {smallest:,}",
        hint=f"allow `max_bytes: {smallest}`, or use {instead}",
    )
