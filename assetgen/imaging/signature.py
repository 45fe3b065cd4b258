"""What some bytes are, by how they begin. Reads the first bytes of a file and decodes nothing."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import IO, Literal

from assetgen.errors import PictureError

_HEAD = 512

_PICTURES = "PNG, JPEG, WebP, AVIF and GIF are; bytes decide, not names"

_STRANGERS: tuple[tuple[bytes, str, str | None], ...] = (
    (rb"version https://git-lfs", "a Git LFS pointer", "fetch the file itself with `git lfs pull`"),
    (rb"\s*<svg|\s*<\?xml.*<svg", "an SVG drawing", "export it as PNG at the size that you need"),
    (rb"\s*<!doctype html|\s*<html|\s*<head", "an HTML page", "the address answers with a page: open it in a browser"),
    (rb"\s*<", "an XML document", "an error message of the server, perhaps: look into the file"),
    (rb"\s*[{\[]", "a JSON document", "an error message of the server, perhaps: look into the file"),
    (rb"%PDF-", "a PDF document", "export it as PNG at the size that you need"),
    (rb"PK\x03\x04", "a ZIP archive", "unpack it first"),
    (rb"II\*\0|MM\0\*", "a TIFF picture", "convert it to PNG"),
    (rb"BM.{12}", "a BMP picture", "convert it to PNG"),
    (rb"8BPS", "a Photoshop file", "export it as PNG"),
    (rb"\0\0\x01\0", "an ICO file", "convert it to PNG"),
    (rb"....ftyp(heic|heix|hevc|mif1|msf1)", "a HEIC picture", "convert it to PNG or AVIF"),
    (rb"....ftyp|\x1aE\xdf\xa3", "a video", "an image asset needs a picture"),
)
"""What commonly turns up in a picture's place: how it begins, what it is, and what to do."""


def recognised(file: IO[bytes], name: str) -> Literal["png", "jpeg", "webp", "avif", "gif"]:
    """The format of the picture in `file`, which is left at its start.

    Raises PictureError that says what it is instead, as far as can be told; `name` is how the message calls it.
    """
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if _is_avif(head):
        return "avif"
    raise _stranger(head, name)


def is_video(path: Path) -> bool:
    """Whether a file begins like a video; False for one that cannot be read."""
    try:
        with path.open("rb") as file:
            recognised_video(file, path.name)
    except (OSError, PictureError):
        return False
    return True


def recognised_video(file: IO[bytes], name: str) -> Literal["mp4", "webm"]:
    """The same for a video."""
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "webm"
    if re.match(rb"....ftyp(?!avif|avis|heic|heix|hevc|mif1|msf1)", head, re.DOTALL):
        return "mp4"
    try:
        file_format = recognised(BytesIO(head), name)
    except PictureError:
        raise _stranger(head, name, "a video", "MP4 and WebM are; bytes decide, not names") from None
    raise PictureError(f"{name} is a picture ({file_format}), not a video", hint="a video asset needs a video")


def _is_avif(head: bytes) -> bool:
    """ISO/IEC 14496-12 section 4.3: the brands of the `ftyp` box, the major one first, then a version, then others."""
    if head[4:8] != b"ftyp":
        return False
    brands = head[8 : min(int.from_bytes(head[:4]), _HEAD)]
    return any(brands[at : at + 4] in {b"avif", b"avis"} for at in range(0, len(brands), 4) if at != 4)


def _stranger(head: bytes, name: str, wanted: str = "a picture", known: str = _PICTURES) -> PictureError:
    if not head:
        return PictureError(f"{name} is empty", hint="get the file again")
    if not head.strip(b"\0"):
        return PictureError(f"{name} holds nothing but zeros", hint="get the file again: it was never fully written")
    for pattern, what, hint in _STRANGERS:
        if re.match(pattern, head, re.IGNORECASE | re.DOTALL):
            return PictureError(f"{name} is {what}, not {wanted} that can be used", hint=hint)
    return PictureError(f"{name} is not {wanted} that can be used", hint=known)
