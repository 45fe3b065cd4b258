"""A picture in a few bytes: its ThumbHash, to be shown while it loads, and the colour that it is mostly made of.

ThumbHash is by Evan Wallace (https://evanw.github.io/thumbhash/, "details"): a cosine transform of brightness, of two
colour differences and of opacity, of which the lowest frequencies are kept in four bits each.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, pi
from operator import mul

from PIL import Image

_LONGEST = 100
"""A ThumbHash is made of at most so many pixels in either direction; more would not show."""

_SILENCE = 1e-6
"""Waves weaker than this are rounding errors of a flat channel, and would be other ones on another machine."""

_SAMPLE = 64
"""Longest edge of the copy whose colours are counted."""


@dataclass(frozen=True, slots=True)
class Summary:
    """`color` is `#RRGGBB`; `thumbhash` is in base64, at most 36 characters."""

    color: str
    thumbhash: str


def summary_of(picture: Image.Image) -> Summary:
    """The summary of a picture, RGB or RGBA with straight alpha."""
    return Summary(dominant_color(picture), b64encode(thumbhash(picture)).decode("ascii"))


# --- dominant colour -------------------------------------------------------------------------------------------------


def dominant_color(picture: Image.Image) -> str:
    """The colour that most of what is seen has: the mean of the fullest of 4,096 cells of the colour cube and of those
    around it. Pixels count by their opacity; a picture of which nothing is seen is `#000000`."""
    cells: Counter[tuple[int, int, int]] = Counter()
    pixels = _rgba(picture, _SAMPLE)
    for red, green, blue, alpha in pixels:
        cells[red >> 4, green >> 4, blue >> 4] += alpha
    if not any(cells.values()):
        return "#000000"
    heart = max(cells, key=lambda cell: (_around(cell, cells), cells[cell], cell))
    near = [pixel for pixel in pixels if all(abs((pixel[axis] >> 4) - heart[axis]) <= 1 for axis in range(3))]
    weight = sum(pixel[3] for pixel in near)
    mean = [(2 * sum(pixel[axis] * pixel[3] for pixel in near) + weight) // (2 * weight) for axis in range(3)]
    return "#" + "".join(f"{channel:02X}" for channel in mean)


def _around(cell: tuple[int, int, int], cells: Counter[tuple[int, int, int]]) -> int:
    red, green, blue = cell
    steps = (-1, 0, 1)
    return sum(cells.get((red + r, green + g, blue + b), 0) for r in steps for g in steps for b in steps)


def _rgba(picture: Image.Image, longest: int) -> list[tuple[int, int, int, int]]:
    """The pixels of a small copy, row by row; transparent ones do not bleed into others."""
    small = _small(picture, longest).tobytes()
    return list(zip(small[0::4], small[1::4], small[2::4], small[3::4], strict=True))


def _small(picture: Image.Image, longest: int) -> Image.Image:
    scale = min(1.0, longest / max(picture.size))
    width, height = (max(1, round(edge * scale)) for edge in picture.size)
    if (width, height) != picture.size:
        premultiplied = picture.convert("RGBA").convert("RGBa")
        picture = premultiplied.resize((width, height), Image.Resampling.BOX)
    return picture.convert("RGBA")


# --- ThumbHash -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Waves:
    """One channel as waves: its mean, the others as shares of the strongest (0 to 1, the middle being none), and that
    strongest."""

    mean: float
    others: tuple[float, ...]
    scale: float


def thumbhash(picture: Image.Image) -> bytes:
    """The ThumbHash of a picture, at most 25 bytes."""
    small = _small(picture, _LONGEST)
    (width, height), data = small.size, small.tobytes()
    alpha = [value / 255 for value in data[3::4]]
    clear = sum(alpha) < width * height
    red, green, blue = (_over_mean(data[axis::4], alpha) for axis in range(3))
    limit, longest = 5 if clear else 7, max(width, height)
    across, down = (max(1, _rounded(limit * edge / longest)) for edge in (width, height))
    light = _waves(
        [(r + g + b) / 3 for r, g, b in zip(red, green, blue, strict=True)], width, max(3, across), max(3, down)
    )
    yellow = _waves([(r + g) / 2 - b for r, g, b in zip(red, green, blue, strict=True)], width, 3, 3)
    reddish = _waves([r - g for r, g in zip(red, green, strict=True)], width, 3, 3)
    opacity = _waves(alpha, width, 5, 5) if clear else None
    return _packed(light, yellow, reddish, opacity, down if width > height else across, landscape=width > height)


def _over_mean(channel: bytes, alpha: Sequence[float]) -> list[float]:
    """A channel from 0 to 1, with its own mean behind what is transparent."""
    seen = sum(alpha)
    mean = sum(map(mul, channel, alpha)) / 255 / seen if seen else 0.0
    return [mean * (1 - share) + share / 255 * value for value, share in zip(channel, alpha, strict=True)]


def _waves(channel: Sequence[float], width: int, across: int, down: int) -> _Waves:
    """The cosine transform of a channel: the waves whose frequencies, as shares of `across` and `down`, add up to less
    than one. Row by row first, since the waves of rows and of columns are independent."""
    rows = [channel[at : at + width] for at in range(0, len(channel), width)]
    horizontal = _cosines(width, across)
    vertical = _cosines(len(rows), down)
    folded = [[sum(map(mul, row, wave)) for row in rows] for wave in horizontal]
    found = [
        sum(map(mul, folded[x], vertical[y])) / len(channel)
        for y in range(down)
        for x in range(across)
        if x * down < across * (down - y)
    ]
    mean, others = found[0], found[1:]
    scale = max(map(abs, others))
    if scale < _SILENCE:
        return _Waves(mean, (0.0,) * len(others), 0.0)
    return _Waves(mean, tuple(0.5 + 0.5 / scale * wave for wave in others), scale)


def _cosines(length: int, count: int) -> list[list[float]]:
    return [[cos(pi / length * number * (place + 0.5)) for place in range(length)] for number in range(count)]


def _packed(
    light: _Waves, yellow: _Waves, reddish: _Waves, opacity: _Waves | None, components: int, *, landscape: bool
) -> bytes:
    first = _bits(
        (_rounded(63 * light.mean), 6),
        (_rounded(31.5 + 31.5 * yellow.mean), 6),
        (_rounded(31.5 + 31.5 * reddish.mean), 6),
        (_rounded(31 * light.scale), 5),
        (opacity is not None, 1),
    )
    second = _bits((components, 3), (_rounded(63 * yellow.scale), 6), (_rounded(63 * reddish.scale), 6), (landscape, 1))
    head = first.to_bytes(3, "little") + second.to_bytes(2, "little")
    channels = [light, yellow, reddish]
    if opacity is not None:
        head += bytes([_bits((_rounded(15 * opacity.mean), 4), (_rounded(15 * opacity.scale), 4))])
        channels.append(opacity)
    return head + _nibbles(_rounded(15 * wave) for channel in channels for wave in channel.others)


def _bits(*fields: tuple[int, int]) -> int:
    """Numbers of so many bits each in one, the first lowest."""
    total = place = 0
    for value, width in fields:
        total |= value << place
        place += width
    return total


def _nibbles(values: Iterable[int]) -> bytes:
    every = [*values]
    every += [0] * (len(every) % 2)
    return bytes(low | high << 4 for low, high in zip(every[0::2], every[1::2], strict=True))


def _rounded(value: float) -> int:
    """Halves up, as the format's reference does, and so what rounding errors made a little less than a half: a wave of
    no strength at all is one, and would come out differently on another machine."""
    return int(value + 0.5 + _SILENCE)
