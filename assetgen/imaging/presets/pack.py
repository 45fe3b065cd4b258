"""The bytes of a preset's files: pixels composed, encoded, and for ICO and ICNS put into one container."""

from __future__ import annotations

from PIL import Image

from assetgen.catalog.presets.model import Container, Frame, PresetFile
from assetgen.imaging.budget import encoded_within
from assetgen.imaging.containers import icns, ico
from assetgen.imaging.encode import encode, refuse_impossible
from assetgen.imaging.presets.compose import composed
from assetgen.manifest.recipe import Export


def file_bytes(file: PresetFile, art: Image.Image, export: Export, mark: bool) -> bytes:
    """One picture file of a preset. `art` is made by `art_of`; of `export` count `quality`, `upscale` and `max_bytes`.
    Raises ExportError."""
    picture = composed(art, file.width, file.height, file.look, upscale=export.upscale)
    return encoded_within(picture, file_settings(file, export, picture), mark)


def file_settings(file: PresetFile, export: Export, picture: Image.Image) -> Export:
    """How the `picture` that a preset's file shows is encoded: the platform's own `max_bytes` may be the tighter one.
    Raises ExportError when the format cannot hold it."""
    limits = [limit for limit in (export.max_bytes, file.max_bytes) if limit is not None]
    settings = Export(file.format, quality=export.quality, max_bytes=min(limits, default=None))
    refuse_impossible(settings, transparent=picture.mode == "RGBA")
    return settings


def container_bytes(container: Container, art: Image.Image, *, upscale: bool = False) -> bytes:
    """An ICO or ICNS of a preset. Sizes that occur at two scales are composed once. Raises ExportError."""
    sizes = sorted({frame.pixels for frame in container.frames})
    pngs = {edge: _png(art, edge, container, upscale=upscale) for edge in sizes}
    frames: list[tuple[Frame, bytes]] = [(frame, pngs[frame.pixels]) for frame in container.frames]
    if container.kind == "icns":
        return icns(frames)
    return ico([(frame.pixels, png) for frame, png in frames], container.png_from)


def _png(art: Image.Image, edge: int, container: Container, *, upscale: bool) -> bytes:
    return encode(composed(art, edge, edge, container.look, upscale=upscale), Export("png"), mark=False)
