"""From a master to its outputs: decodes once, makes each file, and looks at each again. What the engine calls.

Knows no final path: callers give temporary ones, rename them, and remove them when this raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import PIL
from PIL import Image

from assetgen import atomic
from assetgen.catalog.presets.model import Container, PresetFile, Role
from assetgen.digest import Digest, digest_of, digest_of_file
from assetgen.errors import ExportError, WriteError
from assetgen.imaging.budget import encoded_within, too_long
from assetgen.imaging.decode import decode
from assetgen.imaging.encode import ground_of, refuse_impossible, render
from assetgen.imaging.grid import areas_of
from assetgen.imaging.presets.compose import art_of, composed
from assetgen.imaging.presets.pack import container_bytes, file_settings
from assetgen.imaging.sizes import Box, canvas_of, fitted, is_large
from assetgen.imaging.verify import verify_container, verify_picture
from assetgen.manifest.recipe import Cell, Export, PictureExport, PixelSize, PresetExport

__all__ = ["Exported", "encoder_version", "export_file", "is_large"]


@dataclass(frozen=True, slots=True)
class Exported:
    """One finished file: digest, pixels (of a container those of its largest picture), and `length` in bytes."""

    sha256: Digest
    width: int
    height: int
    length: int


def encoder_version() -> str:
    """What makes our files, recorded with each of them: `pillow 12.1.0`."""
    return f"pillow {PIL.__version__}"


def export_file(master: Path, exports: Sequence[tuple[PictureExport, Path]], mark: bool) -> list[Exported]:
    """Makes every export of `master` under the path given with it; the results are in the order of `exports`.

    `mark` says that a generating service made the master; exports that want no provenance stay unmarked. What can be
    refused without looking at pixels is refused before the first file is written. Raises PictureError, ExportError,
    WriteError.

    Memory: two pictures of the master's size (4 bytes a pixel each) and one derived picture with its encoder; see
    `is_large` for those that should not run beside others.
    """
    return export_picture(decode(master), exports, mark)


def export_picture(picture: Image.Image, exports: Sequence[tuple[PictureExport, Path]], mark: bool) -> list[Exported]:
    """The same for a picture, RGB or RGBA with straight alpha, that is decoded already."""
    arts = _Arts(picture)
    areas = areas_of(arts.picture, [None, *(_cell(export) for export, _ in exports)])
    jobs = [_job(number, arts.picture, areas, export, path) for number, (export, path) in enumerate(exports)]
    made = {job.number: _made(job, arts, mark) for job in sorted(jobs, key=lambda job: job.stage)}
    return [made[job.number] for job in jobs]


class _Arts:
    """The picture as jobs want it: as it is, premultiplied for resampling, or as a role shows it. Premultiplying takes
    the place of the picture, so whoever wants it straight has to come first. The pixels of the last file are kept for
    the next one: formats of one size show the same."""

    def __init__(self, picture: Image.Image) -> None:
        self.picture = picture
        self.transparent = picture.mode == "RGBA"
        self._shown: tuple[Role, Image.Image] | None = None
        self._last: tuple[object, Image.Image] | None = None

    def pixels(self, sight: object, make: Callable[[], Image.Image]) -> Image.Image:
        """What `make` makes, once for all files in a row that are to show the same `sight`."""
        if self._last is None or self._last[0] != sight:
            self._last = None  # memory: before the next are made
            self._last = (sight, make())
        return self._last[1]

    def of(self, role: Role) -> Image.Image:
        if role not in _OWN_PIXELS:
            self._shown = None
            if self.picture.mode == "RGBA":
                self.picture = self.picture.convert("RGBa")
            return self.picture
        if self._shown is None or self._shown[0] != role:
            self._shown = (role, art_of(self.picture, role))
        return self._shown[1]


_OWN_PIXELS: tuple[Role, ...] = ("monochrome", "tinted")
"""Roles whose art is not the picture itself."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One file to be made. `stage` is when it is its turn: who wants straight alpha first, then role after role."""

    number: int
    export: PictureExport
    path: Path
    area: Box
    stage: int


def _job(
    number: int, picture: Image.Image, areas: Mapping[Cell | None, Box], export: PictureExport, path: Path
) -> _Job:
    if isinstance(export, Export):
        refuse_impossible(export, transparent=picture.mode == "RGBA")
        area = areas[export.cell]
        return _Job(number, export, path, area, 3 if fitted(_size(area), export).resamples else 0)
    role = export.picture.look.role
    stage = 1 + _OWN_PIXELS.index(role) if role in _OWN_PIXELS else 3
    return _Job(number, export, path, areas[_cell(export)], stage)


def _cell(export: PictureExport) -> Cell | None:
    """The part of the picture that a file shows, None for all of it."""
    if isinstance(export, Export):
        return export.cell
    return export.borrowed.cell if export.borrowed else None


def _size(area: Box) -> PixelSize:
    left, top, right, bottom = area
    return PixelSize(right - left, bottom - top)


def _made(job: _Job, arts: _Arts, mark: bool) -> Exported:
    """Raises ExportError, which says whose picture it was where that is another asset's."""
    borrowed = job.export.borrowed if isinstance(job.export, PresetExport) else None
    try:
        return _filed(job, arts, mark)
    except ExportError as error:
        if borrowed is None:
            raise
        raise ExportError(f"the file that shows `{borrowed}`: {error.message}", hint=error.hint) from error


def _filed(job: _Job, arts: _Arts, mark: bool) -> Exported:
    if isinstance(job.export, PresetExport) and isinstance(job.export.picture, Container):
        return _contained(job.path, job.export.picture, job.export, arts)
    pixels, settings = _pixels(job, arts)
    written = job.export if isinstance(job.export, Export) else job.export.settings
    data = encoded_within(pixels, settings, mark and written.provenance)
    digest = _write(job.path, data)
    verify_picture(job.path, settings, pixels)
    return Exported(digest, pixels.width, pixels.height, len(data))


def _pixels(job: _Job, arts: _Arts) -> tuple[Image.Image, Export]:
    """What a file shows, and how it is encoded. A cell is cut out first: resampling looks beyond edges."""
    export = job.export
    if isinstance(export, PresetExport) and isinstance(export.picture, PresetFile):
        return _preset_pixels(job, export.picture, export.settings, arts)
    if not isinstance(export, Export):
        raise AssertionError(f"{export.picture.path} is no picture file")
    geometry = fitted(_size(job.area), export)

    def make() -> Image.Image:
        picture = arts.of("main") if geometry.resamples else arts.picture
        return render(picture if export.cell is None else picture.crop(job.area), geometry, export)

    ground = ground_of(export) if arts.transparent or geometry.pads else None
    return arts.pixels((job.area, geometry, ground), make), export


def _preset_pixels(job: _Job, file: PresetFile, export: Export, arts: _Arts) -> tuple[Image.Image, Export]:
    def make() -> Image.Image:
        art = arts.of(file.look.role)
        part = art if _cell(job.export) is None else art.crop(job.area)
        return composed(part, file.width, file.height, file.look, upscale=export.upscale)

    pixels = arts.pixels((job.area, file.width, file.height, file.look, export.upscale), make)
    return pixels, file_settings(file, export, pixels)


def _contained(path: Path, container: Container, export: PresetExport, arts: _Arts) -> Exported:
    data = container_bytes(container, arts.of(container.look.role), upscale=export.settings.upscale)
    limit = export.settings.max_bytes
    if limit is not None and len(data) > limit:
        raise too_long(container.path, limit, len(data), "with its pictures", "no `max_bytes` for this asset")
    digest = _write(path, data)
    verify_container(path, container)
    size = canvas_of(export, PixelSize(*arts.picture.size))
    return Exported(digest, size.width, size.height, len(data))


def _write(path: Path, data: bytes) -> Digest:
    """Writes the file and reads it again: what is on the disk is what was meant, or the asset fails now."""
    with atomic.translated(path):
        path.write_bytes(data)
        digest = digest_of_file(path)
    if digest != digest_of(data):
        raise WriteError(
            f"{path} does not hold what was written to it", hint="check the disk before trusting it with more"
        )
    return digest
