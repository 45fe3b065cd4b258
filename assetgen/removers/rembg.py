"""The optional remover: neural networks that find the subject in any picture, through the package `rembg`.

Needs the extra `assetgen-build[rembg]`, which is large, and downloads its model (170 MB) when it is first used. Sees
what `key` cannot (a subject in a photograph), and is less exact at edges. Its arithmetic is not the same on every
machine, so equal pictures may give cutouts that differ in a few bits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import Image

from assetgen.catalog.removers import REMOVERS
from assetgen.imaging.decode import decode
from assetgen.removers.base import ONCE, Cut, Executor, Removal, RemovalError
from assetgen.removers.cutout import foreground, write_cutout

MODEL = "isnet-general-use"
"""The model that is used: IS-Net, whose weights are free for every use (Apache-2.0)."""

_LEAST_LEFT = 0.0005

Cutter = Callable[[Image.Image], Image.Image]
"""From RGB to RGBA."""


class Rembg:
    """Removes backgrounds with a neural network. The model is loaded with the first picture, and kept."""

    name = "rembg"
    version = REMOVERS["rembg"].version
    calls_service = False
    patience = ONCE

    def __init__(self, executor: Executor, load: Callable[[], Cutter] | None = None) -> None:
        """`load` makes what does the work; by default `cutter` for the usual model. It is called once, on a thread."""
        self._executor = executor
        self._load = load or cutter
        self._loaded: Cutter | None = None
        self._loading = threading.Lock()

    async def remove(self, removal: Removal) -> Cut:
        return await self._executor.run_large(self._cut, removal.source, removal.target)

    async def close(self) -> None:
        self._loaded = None

    def _cut(self, source: Path, target: Path) -> Cut:
        picture = decode(source).convert("RGB")
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            cut = self._loaded
        cutout = cut(picture)
        if cutout.mode != "RGBA" or cutout.size != picture.size or foreground(cutout) < _LEAST_LEFT:
            raise RemovalError("the model finds no subject in the picture", hint="try another `remover` for this asset")
        return write_cutout(cutout, target)


def check_installed() -> None:
    """Raises RemovalError when the package is not there, or not what it needs."""
    if find_spec("rembg") is None or find_spec("onnxruntime") is None:  # without the latter the former ends the process
        raise RemovalError(
            "the remover `rembg` is not installed",
            hint="install it with: pip install 'assetgen-build[rembg]'; or choose another `remover`",
        )


def cutter(model: str = MODEL, settings: Mapping[str, Any] | None = None) -> Cutter:
    """Loads a model of `rembg`, downloading it when that was never done. `settings` are those of the model's session.

    Raises RemovalError when the package is not installed, or the model cannot be had.
    """
    check_installed()
    package = import_module("rembg")
    try:
        session = package.new_session(model, **(settings or {}))
    except Exception as error:  # whatever the network, the file system and the runtime raise
        raise RemovalError(
            f"the model `{model}` of rembg cannot be loaded: {type(error).__name__}",
            hint=f"get it once by hand with: rembg d {model}",
        ) from error

    def cut(picture: Image.Image) -> Image.Image:
        cutout: Image.Image = package.remove(picture, session=session, decontaminate=True)
        return cutout

    return cut
