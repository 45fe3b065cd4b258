"""Where a picture lies in its file: whole-number geometry, shared by planning and rendering. Knows no pixels.

Borders are whole pixels, equal on opposite sides; half a pixel goes to the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from assetgen.catalog.presets.model import Fit, Look, PresetOutput


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in the middle of a canvas: pixels left free on the left and right (`x`) and above and below (`y`),
    and what is in between."""

    x: int
    y: int
    width: int
    height: int


def height_of(width: int, height: int | None, picture: tuple[int, int]) -> int:
    """The height of a file whose picture has these pixels: the one that is asked for, or what the shape demands."""
    return height if height is not None else max(1, _half_up(Fraction(width * picture[1], picture[0])))


def plate(width: int, height: int, look: Look) -> Area:
    """The part of the canvas that the platform's transparent margin leaves."""
    return _inside(width, height, look.margin)


def content(plate: Area, look: Look) -> Area:
    """The part of the plate that the picture may fill, measured from the plate's corner."""
    return _inside(plate.width, plate.height, look.inset if look.safe is None else Fraction(0))


def scaled(picture: tuple[int, int], area: Area, fit: Fit) -> tuple[int, int]:
    """The size of the whole picture once it fits the area.

    With `contain`, an edge that leaves a border leaves the same on both sides: it is rounded to the nearest number that
    is even or odd as the area is.
    """
    by_width, by_height = Fraction(area.width, picture[0]), Fraction(area.height, picture[1])
    if fit == "cover":
        factor = max(by_width, by_height)
        return max(area.width, _half_up(factor * picture[0])), max(area.height, _half_up(factor * picture[1]))
    factor = min(by_width, by_height)
    return _paired(factor * picture[0], area.width), _paired(factor * picture[1], area.height)


def too_large(output: PresetOutput, picture: tuple[int, int]) -> tuple[tuple[str, int], ...]:
    """The files for which a picture of these pixels is too small, with the factor that each would enlarge it by, in per
    cent. What is held in a safe circle is never enlarged, and never counts."""
    jobs = [(file.path, file.width, file.height, file.look) for file in output.files]
    jobs += [(box.path, frame.pixels, frame.pixels, box.look) for box in output.containers for frame in box.frames]
    found: dict[str, int] = {}
    for path, width, height, look in jobs:
        factor = _enlargement(picture, width, height_of(width, height, picture), look)
        if factor > 1 and look.role != "ground" and look.safe is None:
            found[path] = max(found.get(path, 0), ceil(factor * 100))
    return tuple(found.items())


def _enlargement(picture: tuple[int, int], width: int, height: int, look: Look) -> Fraction:
    size = scaled(picture, content(plate(width, height, look), look), look.fit)
    return min(Fraction(new, old) for new, old in zip(size, picture, strict=True))


def _inside(width: int, height: int, share: Fraction) -> Area:
    border = _half_down(min(width, height) * share)
    border = min(border, (min(width, height) - 1) // 2)
    return Area(border, border, width - 2 * border, height - 2 * border)


def _paired(edge: Fraction, room: int) -> int:
    """The whole number nearest to `edge` that is even exactly when `room` is, at least 1 and at most `room`."""
    low = int(edge) - (int(edge) - room) % 2
    near = low if edge - low <= 1 else low + 2
    return min(room, max(near, 2 - room % 2))


def _half_up(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def _half_down(value: Fraction) -> int:
    return ceil(value - Fraction(1, 2))
