"""From a master to its outputs: decodes once, makes each file, and looks at each again. What the engine calls.

Knows no final path: callers give temporary ones, rename them, and remove them when this raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import PIL
from PIL import Image

from assetgen import atomic
from assetgen.digest import Digest, digest_of, digest_of_file
from assetgen.errors import ExportError, WriteError
from assetgen.imaging.budget import encoded_within
from assetgen.imaging.decode import PictureFormat, declared, decode
from assetgen.imaging.encode import refuse_impossible, render
from assetgen.imaging.grid import areas_of
from assetgen.imaging.sizes import Box, Geometry, fitted, is_large
from assetgen.manifest.recipe import Export, Format, PixelSize

_NAMES: dict[PictureFormat, Format | None] = {"png": "png", "webp": "webp", "avif": "avif", "jpeg": "jpg", "gif": None}

__all__ = ["Exported", "encoder_version", "export_file", "is_large"]


@dataclass(frozen=True, slots=True)
class Exported:
    """One finished file: digest, pixels, and `length` in bytes."""

    sha256: Digest
    width: int
    height: int
    length: int


def encoder_version() -> str:
    """What makes our files, recorded with each of them: `pillow 12.1.0`."""
    return f"pillow {PIL.__version__}"


def export_file(master: Path, exports: Sequence[tuple[Export, Path]], mark: bool) -> list[Exported]:
    """Makes every export of `master` under the path given with it; the results are in the order of `exports`.

    `mark` says that a generating service made the master; exports that want no provenance stay unmarked. Everything
    that can be refused is refused before the first file is written. Raises PictureError, ExportError, WriteError.

    Memory: one decoded master (4 bytes a pixel, twice while decoding) and one derived picture with its encoder; see
    `is_large` for those that should not run beside others.
    """
    picture = decode(master)
    areas = areas_of(picture, [export.cell for export, _ in exports])
    jobs = [_job(number, picture, areas[export.cell], export, path) for number, (export, path) in enumerate(exports)]
    made: dict[int, Exported] = {}
    for job in sorted(jobs, key=lambda job: job.geometry.resamples):
        if job.geometry.resamples and picture.mode == "RGBA":
            picture = picture.convert("RGBa")
        part = picture if job.export.cell is None else picture.crop(job.area)  # resampling looks beyond the edges
        pixels = render(part, job.geometry, job.export)
        data = encoded_within(pixels, job.export, mark and job.export.provenance)
        made[job.number] = _written(data, job, pixels)
    return [made[job.number] for job in jobs]


@dataclass(frozen=True, slots=True)
class _Job:
    number: int
    export: Export
    path: Path
    area: Box
    geometry: Geometry


def _job(number: int, picture: Image.Image, area: Box, export: Export, path: Path) -> _Job:
    refuse_impossible(export, transparent=picture.mode == "RGBA")
    left, top, right, bottom = area
    return _Job(number, export, path, area, fitted(PixelSize(right - left, bottom - top), export))


def _written(data: bytes, job: _Job, pixels: Image.Image) -> Exported:
    """Writes the file and opens it again: what is on the disk is what was asked for, or the asset fails now, and what
    stood in its place before stays."""
    with atomic.translated(job.path):
        job.path.write_bytes(data)
        digest = digest_of_file(job.path)
    if digest != digest_of(data):
        raise WriteError(
            f"{job.path} does not hold what was written to it", hint="check the disk before trusting it with more"
        )
    verify(job.path, job.export, pixels)
    return Exported(digest, pixels.width, pixels.height, len(data))


def verify(path: Path, export: Export, pixels: Image.Image) -> None:
    """Holds a finished file against what it was made from: format, size, transparency, bytes. Raises ExportError."""
    found, length = declared(path), path.stat().st_size
    wrong = []
    if _NAMES[found.format] != export.format:
        wrong.append(f"it is a {found.format}, not a {export.format}")
    if (found.width, found.height) != pixels.size:
        wrong.append(f"it has {found.width}x{found.height} pixels, not {pixels.width}x{pixels.height}")
    if found.has_alpha != (pixels.mode == "RGBA") and not _is_opaque(pixels):
        wrong.append("its transparency was lost")
    elif found.has_alpha and pixels.mode != "RGBA":
        wrong.append("it has an alpha channel")
    if export.max_bytes is not None and length > export.max_bytes:
        wrong.append(f"it has {length:,} bytes, more than {export.max_bytes:,}")
    if wrong:
        raise ExportError(
            f"the {export.format} encoder made another file than was asked for: {', '.join(wrong)}",
            hint="the file that stood there before is kept; please report this",
        )


def _is_opaque(pixels: Image.Image) -> bool:
    """Encoders may leave out an alpha channel that says nothing."""
    return pixels.mode != "RGBA" or pixels.getchannel("A").getextrema() == (255, 255)
