"""The embedded remover: for a subject on a plain background, which is what prompts ask for. Free, offline, exact.

Reads and writes the files; how it is done is in `keying`. Needs some 35 bytes of memory a pixel (620 MB for a picture
of 4096 x 4096), so large pictures are done one at a time.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageChops

from assetgen.catalog.removers import KEY, REMOVERS
from assetgen.imaging.decode import decode, measured
from assetgen.removers.base import LARGE_PIXELS, ONCE, Cut, Executor, Removal
from assetgen.removers.cutout import write_cutout


class Key:
    """Cuts out what stands out from the picture's plain background."""

    name = "key"
    version = REMOVERS[KEY].version
    calls_service = False
    patience = ONCE

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def remove(self, removal: Removal) -> Cut:
        _, size = await self._executor.run(measured, removal.source)
        large = size.width * size.height > LARGE_PIXELS
        run = self._executor.run_large if large else self._executor.run
        return await run(cut_file, removal.source, removal.target, removal.holes)

    async def close(self) -> None:
        """Holds nothing."""


def cut_file(source: Path, target: Path, holes: bool) -> Cut:
    """Does the work, on the thread that calls it. Raises PictureError, RemovalError and WriteError.

    A picture whose border is transparent already is taken as it is; transparency elsewhere is kept.
    """
    import numpy as np

    from assetgen.removers.keying.matte import cut_out

    picture = decode(source)
    own = picture.getchannel("A") if picture.mode == "RGBA" else None
    if own is not None and _is_cut(own):
        return write_cutout(picture, target, "it was transparent already")
    rgb = np.asarray(picture if picture.mode == "RGB" else picture.convert("RGB"))
    del picture  # as large as all that follows needs together with it
    cutout = Image.fromarray(cut_out(rgb, holes=holes))
    if own is not None:
        cutout.putalpha(ImageChops.darker(cutout.getchannel("A"), own))
    return write_cutout(cutout, target)


def _is_cut(alpha: Image.Image) -> bool:
    """Whether most of the picture's outermost pixels are invisible."""
    width, height = alpha.size
    sides = [(0, 0, width, 1), (0, height - 1, width, height), (0, 0, 1, height), (width - 1, 0, width, height)]
    clear = sum(sum(alpha.crop(side).histogram()[:8]) for side in sides)
    return 2 * clear > 2 * (width + height)
