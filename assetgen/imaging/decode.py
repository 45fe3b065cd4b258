"""From bytes that somebody sent us to pixels: safely, upright, in sRGB, with straight alpha.

The bytes decide what a picture is, never its name. Nothing is decoded before its size is known to be acceptable.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Literal, TypeAlias

from PIL import AvifImagePlugin, GifImagePlugin, Image, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from assetgen.errors import PictureError
from assetgen.imaging import color, signature
from assetgen.imaging.exif import orientation
from assetgen.imaging.sizes import MAX_PIXELS
from assetgen.manifest.recipe import PixelSize

PictureFormat: TypeAlias = Literal["png", "jpeg", "webp", "avif", "gif"]

_READERS: dict[PictureFormat, type[ImageFile.ImageFile]] = {
    "png": PngImagePlugin.PngImageFile,
    "jpeg": JpegImagePlugin.JpegImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
    "avif": AvifImagePlugin.AvifImageFile,
    "gif": GifImagePlugin.GifImageFile,
}
"""Used directly: `Image.open` guesses among all formats, and warns about sizes in a way that is not thread-safe."""

_SPELLED: dict[PictureFormat, str] = {"png": "PNG", "jpeg": "JPEG", "webp": "WebP", "avif": "AVIF", "gif": "GIF"}

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What a picture is, seen upright: pixels, and whether any of them is not opaque."""

    format: PictureFormat
    width: int
    height: int
    has_alpha: bool


def decode(source: Path | bytes) -> Image.Image:
    """The picture as RGB, or as RGBA with straight alpha when any pixel is not opaque. No metadata is left on it.

    EXIF orientation is applied, an embedded ICC profile converted to sRGB, 16 bits become 8, of an animation the first
    frame is taken. Raises PictureError for anything that is not a whole PNG, JPEG, WebP, AVIF or GIF of at most
    MAX_PIXELS pixels. Peaks at the size of the decoded picture, at 4 bytes a pixel, when it is a PNG or JPEG that needs
    no conversion; at twice that for other AVIF, PNG and JPEG, four times for WebP.
    """
    return _decoded(source)[1]


def inspect(path: Path) -> PictureFacts:
    """Decodes all of the file to see what it is: the check of a download before it becomes a master.

    Raises PictureError.
    """
    found, picture = _decoded(path)
    return PictureFacts(found, picture.width, picture.height, picture.mode == "RGBA")


def measured(path: Path) -> tuple[PictureFormat, PixelSize]:
    """Format and pixel size as the file's head declares them; nothing is decoded. Raises PictureError."""
    facts = declared(path)
    return facts.format, PixelSize(facts.width, facts.height)


def declared(path: Path) -> PictureFacts:
    """What the file's head declares, as it lies there; nothing is decoded. `has_alpha` tells of a channel, whatever is
    in it. Raises PictureError."""
    with _recognised(path) as (found, _, file):
        picture = _READERS[found](file)
        return PictureFacts(found, picture.width, picture.height, picture.has_transparency_data)


def _decoded(source: Path | bytes) -> tuple[PictureFormat, Image.Image]:
    with _recognised(source) as (found, name, file):
        if found == "png":
            _check_sums(file)
        picture = _READERS[found](file)
        _refuse_bomb(picture, name)
        pixels, exif = _loaded(picture)
        return found, _upright(pixels, orientation(exif))


@contextmanager
def _recognised(source: Path | bytes) -> Iterator[tuple[PictureFormat, str, IO[bytes]]]:
    """The format, what messages call the picture, and the bytes from their start.

    Turns whatever a decoder raises inside the block into a PictureError: decoders document no closed list of that.
    """
    with _opened(source) as (name, file):
        found = signature.recognised(file, name)
        try:
            yield found, name, file
        except (PictureError, MemoryError):
            raise
        except Exception as error:
            raise PictureError(
                f"{name} is a damaged or incomplete {_SPELLED[found]}",
                hint="get the file again; if a service made it like that, ask it for another picture",
            ) from error


@contextmanager
def _opened(source: Path | bytes) -> Iterator[tuple[str, IO[bytes]]]:
    if isinstance(source, bytes):
        yield "the picture", BytesIO(source)
        return
    name = f"`{source.name}`"
    try:
        file = source.open("rb")
    except OSError as error:
        raise PictureError(f"{name} cannot be read: {error.strerror or error}") from error
    with file:
        yield name, file


def _check_sums(file: IO[bytes]) -> None:
    """A PNG carries a checksum in every chunk; decoding alone does not look at those of the pixels."""
    PngImagePlugin.PngImageFile(file).verify()
    file.seek(0)


def _refuse_bomb(picture: Image.Image, name: str) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise PictureError(
            f"{name} has {picture.width}x{picture.height} pixels, more than the {MAX_PIXELS // 1_000_000} million that"
            " are accepted",
            hint="use a smaller picture",
        )


def _loaded(picture: ImageFile.ImageFile) -> tuple[Image.Image, bytes]:
    """The pixels, and the EXIF that came with them. Decoders of formats with several frames hold on to as much memory
    as the picture: pixels of theirs are copied, so that they can go."""
    picture.load()
    exif = picture.info.get("exif", b"")
    plain = color.straight(picture)
    has_frames = picture.format in {"WEBP", "AVIF", "GIF"}
    return plain.copy() if plain is picture and has_frames else plain, exif


def _upright(picture: Image.Image, turn: int) -> Image.Image:
    return picture.transpose(_UPRIGHT[turn]) if turn in _UPRIGHT else picture
