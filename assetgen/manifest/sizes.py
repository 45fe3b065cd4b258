"""Sizes as they are written, in pixels: labels, suffixes, boxes, and what a picture is large enough for. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from assetgen.manifest.naming import suffix_of
from assetgen.manifest.recipe import Fit, PixelSize


@dataclass(frozen=True, slots=True)
class Size:
    """One entry of `sizes`. `key` finds it in the manifest; without a height it is a width; without either it is the
    size of the master."""

    key: str | int | None
    label: str
    width: int | None = None
    height: int | None = None

    @property
    def suffix(self) -> str:
        return suffix_of(self.label)


MASTER = Size(None, "")


def sizes_of(written: list[int | str] | dict[str, int | str] | None, *, square: bool) -> tuple[Size, ...]:
    """The sizes to make; one as large as the master when none is written. In a square asset a number is both edges."""
    if not written:
        return (MASTER,)
    return tuple(Size(key, label, *_pixels(value, square)) for key, label, value in _entries(written))


def needs_upscaling(size: Size, fit: Fit, master: PixelSize) -> bool:
    """Whether `size` cannot be made from `master` without inventing pixels."""
    if size.width is None:
        return False
    wider, higher = size.width > master.width, (size.height or 0) > master.height
    return wider and higher if fit != "cover" and size.height is not None else wider or higher


def largest(size: Size, fit: Fit, master: PixelSize) -> str:
    """The largest size of the same shape that `master` is large enough for, as a manifest would say it."""
    if size.width is None or size.height is None:
        return str(master.width)
    across, down = Fraction(size.width, master.width), Fraction(size.height, master.height)
    scale = max(across, down) if fit == "cover" else min(across, down)
    width, height = int(size.width / scale), int(size.height / scale)
    return str(width) if width == height else f"{width}x{height}"


def _entries(written: list[int | str] | dict[str, int | str]) -> Iterator[tuple[str | int, str, int | str]]:
    if isinstance(written, dict):
        yield from ((label, label, value) for label, value in written.items())
    else:
        yield from ((index, str(value), value) for index, value in enumerate(written))


def _pixels(value: int | str, square: bool) -> tuple[int, int | None]:
    if isinstance(value, int):
        return value, value if square else None
    width, height = value.split("x")
    return int(width), int(height)
