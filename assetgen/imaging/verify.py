"""A finished file held against what it was made from, before it takes the place of an earlier one.

Opens the file anew and reads its head: what an encoder promised is not believed. Pixels are not compared.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from assetgen.catalog.presets.model import Container
from assetgen.errors import ExportError
from assetgen.imaging.containers import held
from assetgen.imaging.decode import PictureFormat, declared
from assetgen.manifest.recipe import Export, Format

_NAMES: dict[PictureFormat, Format | None] = {"png": "png", "webp": "webp", "avif": "avif", "jpeg": "jpg", "gif": None}


def verify_picture(path: Path, export: Export, pixels: Image.Image) -> None:
    """Format, size, alpha channel and bytes of a picture file. Raises ExportError."""
    found, length = declared(path), path.stat().st_size
    wrong = []
    if _NAMES[found.format] != export.format:
        wrong.append(f"it is a {found.format}, not a {export.format}")
    if (found.width, found.height) != pixels.size:
        wrong.append(f"it has {found.width}x{found.height} pixels, not {pixels.width}x{pixels.height}")
    if found.has_alpha and pixels.mode != "RGBA":
        wrong.append("it has an alpha channel")
    elif not found.has_alpha and not _is_opaque(pixels):
        wrong.append("its transparency was lost")
    if export.max_bytes is not None and length > export.max_bytes:
        wrong.append(f"it has {length:,} bytes, more than {export.max_bytes:,}")
    if wrong:
        raise _unasked(export.format, ", ".join(wrong))


def verify_container(path: Path, container: Container) -> None:
    """The pictures in an ICO or ICNS. Raises ExportError."""
    wanted = [frame.pixels for frame in container.frames]
    try:
        found = held(path.read_bytes())
    except ValueError as error:
        raise _unasked(container.kind, str(error)) from error
    if found != wanted:
        raise _unasked(container.kind, f"it holds pictures of {found} pixels, not {wanted}")


def _is_opaque(pixels: Image.Image) -> bool:
    """Encoders may leave out an alpha channel that says nothing."""
    return pixels.mode != "RGBA" or pixels.getchannel("A").getextrema() == (255, 255)


def _unasked(kind: str, how: str) -> ExportError:
    return ExportError(
        f"the {kind} encoder made another file than was asked for: {how}",
        hint="the file that stood there before is kept; please report this",
    )
