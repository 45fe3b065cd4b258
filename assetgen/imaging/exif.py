"""The one thing we want of EXIF: which way up a picture is.

Read here rather than by Pillow, whose full reader warns, and may fail, about tags that do not concern us.
"""

from __future__ import annotations

from typing import Literal

_ORIENTATION = 0x0112
_SHORT = 3


def orientation(exif: bytes) -> int:
    """The `Orientation` tag (EXIF 2.32 section 4.6.4, in the first directory of TIFF 6.0): 1-8, 1 when unreadable."""
    tiff = exif.removeprefix(b"Exif\0\0")
    order = _byte_order(tiff)
    if order is None:
        return 1
    start = int.from_bytes(tiff[4:8], order)
    count = int.from_bytes(tiff[start : start + 2], order)
    for number in range(min(count, 512)):
        entry = tiff[start + 2 + number * 12 :][:12]
        if len(entry) == 12 and int.from_bytes(entry[:2], order) == _ORIENTATION:
            value = int.from_bytes(entry[8:10], order)
            is_short = int.from_bytes(entry[2:4], order) == _SHORT
            return value if is_short and 1 <= value <= 8 else 1
    return 1


def _byte_order(tiff: bytes) -> Literal["little", "big"] | None:
    if tiff[:4] == b"II*\0":
        return "little"
    return "big" if tiff[:4] == b"MM\0*" else None
