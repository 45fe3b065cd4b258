"""From pixels to the bytes of a file: resample, flatten, pad, encode. Equal pixels and settings give equal bytes.

Pillow's `save` keeps its parameters on the picture while it runs, so two saves of one picture in two threads corrupt
one another: every picture that is saved here was made here, and is saved by one thread, one file after the other.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import Image, PngImagePlugin

from assetgen.errors import ExportError
from assetgen.imaging.metadata import GENERATED, PNG_KEYWORD
from assetgen.imaging.sizes import Geometry
from assetgen.manifest.recipe import Export, Format

QUALITY = {"webp": 80, "avif": 60, "jpg": 85}
"""What is used when nobody says. 0 to 100, each on the scale of its own encoder."""

_CLEAN_BITS = 3.0
"""PNG bits a pixel, at the fastest level, below which a picture counts as clean art; texture needs 8 and more."""

_WORTH_A_SEARCH = 0.98
"""A search for repetitions takes more than twice the time: it has to save at least two in a hundred bytes."""


def refuse_impossible(export: Export, transparent: bool) -> None:
    """Raises ExportError when no file of the export's format can be what `export` asks for."""
    if export.format == "jpg" and transparent and export.background is None:
        raise ExportError(
            "jpg has no transparency, and the picture is transparent in places",
            hint='say what to put behind it with `background: "#FFFFFF"`, or use png, webp or avif',
        )
    if export.format in {"jpg", "avif"} and export.quality == "lossless":
        raise ExportError(
            f"{export.format} files cannot be written without loss",
            hint="use png or webp for lossless files, or give a number as `quality`",
        )


def render(picture: Image.Image, geometry: Geometry, export: Export) -> Image.Image:
    """A new picture, RGB or RGBA (straight), as `export` wants it.

    `picture` is RGB, or RGBA when it is used at its own size, or RGBa (premultiplied: colour is weighed by opacity, so
    that what lies unseen under transparent pixels does not bleed into edges) when it is resampled.
    """
    part = _resampled(picture, geometry)
    if part.mode == "RGBa":
        part = part.convert("RGBA")
    ground = ground_of(export)
    return _padded(part if ground is None else _flattened(part, ground), geometry, ground)


def ground_of(export: Export) -> str | None:
    """What shows through a picture and beside it, None for nothing."""
    return export.background or ("#FFFFFF" if export.format == "jpg" else None)


def encode(picture: Image.Image, export: Export, mark: bool) -> bytes:
    """The bytes of a file in the export's format. `mark` adds the XMP that says that a model made the picture.

    `picture` must belong to the caller alone. Raises ExportError when the encoder refuses it.
    """
    buffer = BytesIO()
    try:
        _ENCODERS[export.format](picture, buffer, export, GENERATED.encode() if mark else b"")
    except (OSError, ValueError) as error:
        raise ExportError(
            f"the {export.format} encoder failed on {picture.width}x{picture.height} pixels: {error}"
        ) from error
    return buffer.getvalue()


def _resampled(picture: Image.Image, geometry: Geometry) -> Image.Image:
    """Lanczos with three lobes. Strong reductions first average whole blocks down to three times the wanted size,
    which is five times as fast and not to be seen."""
    if not geometry.resamples:
        return picture.crop(geometry.crop)
    size = (geometry.scaled.width, geometry.scaled.height)
    return picture.resize(size, Image.Resampling.LANCZOS, geometry.crop, reducing_gap=3.0)


def _flattened(picture: Image.Image, ground: str) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    flat = Image.new("RGB", picture.size, ground)
    flat.paste(picture, mask=picture)
    return flat


def _padded(picture: Image.Image, geometry: Geometry, ground: str | None) -> Image.Image:
    if not geometry.pads:
        return picture
    size = (geometry.canvas.width, geometry.canvas.height)
    canvas = Image.new("RGBA", size, (0, 0, 0, 0)) if ground is None else Image.new("RGB", size, ground)
    canvas.paste(picture, geometry.offset)
    return canvas


def _png(picture: Image.Image, file: BytesIO, _: Export, xmp: bytes) -> None:
    notes = PngImagePlugin.PngInfo()
    if xmp:
        notes.add_itxt(PNG_KEYWORD, xmp.decode())
    level, strategy = _deflation(picture)
    picture.save(file, "PNG", compress_level=level, compress_type=strategy, pnginfo=notes)


def _deflation(picture: Image.Image) -> tuple[int, int]:
    """Level and strategy of zlib, as five bands of the picture tell, together a sixteenth of it or a few rows.

    Level 9 for what is tiny anyway; 6 for clean art, where it saves a tenth to a fifth and costs half as much again.
    Texture comes out smallest in one way or another: natural noise holds no repetitions worth a search, so that run
    lengths are as short as level 4 at 40 % of its time; regular grain comes out shortest at level 1.
    """
    if picture.width * picture.height <= 64 * 64:
        return 9, zlib.Z_FILTERED
    sample = _bands(picture)
    quick = _deflated(sample, 1, zlib.Z_FILTERED)
    if quick * 8 < _CLEAN_BITS * sample.width * sample.height:
        return 6, zlib.Z_FILTERED
    runs = _deflated(sample, 1, zlib.Z_RLE)
    if _deflated(sample, 4, zlib.Z_FILTERED) < _WORTH_A_SEARCH * min(quick, runs):
        return 4, zlib.Z_FILTERED
    return 1, zlib.Z_RLE if runs <= quick else zlib.Z_FILTERED


def _bands(picture: Image.Image) -> Image.Image:
    high = max(1, min(3, picture.height // 5), picture.height // 80)
    sample = Image.new(picture.mode, (picture.width, high * 5))
    for band in range(5):
        top = picture.height * (2 * band + 1) // 10 - high // 2
        sample.paste(picture.crop((0, top, picture.width, top + high)), (0, band * high))
    return sample


def _deflated(sample: Image.Image, level: int, strategy: int) -> int:
    packed = BytesIO()
    sample.save(packed, "PNG", compress_level=level, compress_type=strategy)
    return packed.tell()


def _webp(picture: Image.Image, file: BytesIO, export: Export, xmp: bytes) -> None:
    if export.quality == "lossless":
        picture.save(file, "WEBP", lossless=True, quality=80, method=4, xmp=xmp)
    else:
        picture.save(file, "WEBP", quality=_quality(export), method=4, xmp=xmp)


def _avif(picture: Image.Image, file: BytesIO, export: Export, xmp: bytes) -> None:
    """One thread and no tiling by itself: the encoder's bytes depend on both, and so on the machine's processors."""
    picture.save(
        file,
        "AVIF",
        quality=_quality(export),
        speed=6,
        subsampling="4:2:0",
        max_threads=1,
        autotiling=False,
        xmp=xmp,
    )


def _jpg(picture: Image.Image, file: BytesIO, export: Export, xmp: bytes) -> None:
    """Colour at full resolution from quality 90 on: who asks for that wants clean coloured edges."""
    quality = _quality(export)
    picture.save(
        file,
        "JPEG",
        quality=quality,
        subsampling="4:4:4" if quality >= 90 else "4:2:0",
        progressive=True,
        optimize=True,
        xmp=xmp,
    )


def _quality(export: Export) -> int:
    return export.quality if isinstance(export.quality, int) else QUALITY[export.format]


_ENCODERS: dict[Format, Callable[[Image.Image, BytesIO, Export, bytes], None]] = {
    "png": _png,
    "webp": _webp,
    "avif": _avif,
    "jpg": _jpg,
}
