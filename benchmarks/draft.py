"""How many placeholders one core draws in a second, as PNG files of the sizes that the real model returns.

    python -m benchmarks.draft

Also as a ratio to decoding such a file again and encoding it at Pillow's default: how much of the work is drawing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from time import process_time

from PIL import Image

from assetgen.catalog.models import NANO_BANANA_PRO
from assetgen.imaging.draw import placeholder_png
from assetgen.manifest.recipe import Drawing, PixelSize
from benchmarks.measure import Spread, print_table
from benchmarks.measure import ratio as ratio_of

COLORS = {"primary": "#EC4899", "ink": "#0F172A", "sparkle": "#F59E0B"}
WANTED_1K = 5.0
"""Masters of 1K a second per core, at least."""


def main() -> None:
    """Measures and prints."""
    rows = [_row(resolution, remove_bg) for resolution in ("1K", "2K", "4K") for remove_bg in (False, True)]
    print_table(
        "Placeholders, one core (median, least-most over ten shapes)",
        ("", "a second", "ms each", "decode + encode", "kB"),
        rows,
        [f"wanted: at least {WANTED_1K:g} of 1K a second"],
    )


def _row(resolution: str, remove_bg: bool) -> tuple[str, ...]:
    drawing = Drawing("feature-analytics", COLORS, remove_bg)
    drawn, again = [], []
    for (ratio, at), size in sorted(NANO_BANANA_PRO.sizes.items()):
        if at == resolution:
            label = f"{size[0]} x {size[1]} · {ratio} · draft"
            drawn.append(_timed(partial(placeholder_png, PixelSize(*size), drawing, label, label)))
            again.append(_timed(partial(_reencoded, drawn[-1].data)))
    each = Spread.of([picture.seconds * 1000 for picture in drawn])
    return (
        f"{resolution} {'cutout' if remove_bg else 'scene'}",
        f"{1000 / each.median:.1f}",
        str(each),
        str(ratio_of([picture.seconds for picture in drawn], [picture.seconds for picture in again])),
        str(Spread.of([len(picture.data) / 1000 for picture in drawn])),
    )


@dataclass(frozen=True, slots=True)
class _Timed:
    """Processor seconds, and what was made in them."""

    seconds: float
    data: bytes


def _reencoded(data: bytes) -> bytes:
    with Image.open(BytesIO(data)) as picture:
        buffer = BytesIO()
        picture.save(buffer, "PNG")
        return buffer.getvalue()


def _timed(work: Callable[[], bytes]) -> _Timed:
    began = process_time()
    data = work()
    return _Timed(process_time() - began, data)


if __name__ == "__main__":
    main()
