"""A background removal service that a test has in its hands: cuts out at once, counts, and fails as it is told to."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PIL import Image

from assetgen.removers.base import Cut, Patience, Removal
from assetgen.removers.cutout import write_cutout


class CountingRemover:
    """Stands for the service. Takes everything but the middle of a picture away. `calls` are the digests of what it was
    sent; `failures` are raised by the next calls, one each, after the work was done if that is how they are meant."""

    name = "service"
    version = "1"
    calls_service = True
    patience = Patience(initial=0.01, attempts=3)

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.failures: list[Exception] = []

    async def remove(self, removal: Removal) -> Cut:
        await asyncio.sleep(0)
        self.calls.append(removal.source.name)
        if self.failures:
            raise self.failures.pop(0)
        cut = _middle(removal.source, removal.target)
        await asyncio.sleep(0)
        return cut

    async def close(self) -> None:
        await asyncio.sleep(0)


def _middle(source: Path, target: Path) -> Cut:
    with Image.open(source) as picture:
        cutout = Image.new("RGBA", picture.size)
        box = (picture.width // 4, picture.height // 4, picture.width // 2, picture.height // 2)
        cutout.paste(picture.convert("RGBA").crop(box), box)
    return write_cutout(cutout, target)
