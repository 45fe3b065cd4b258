"""ICO and ICNS files put together from finished PNGs: ten times cheaper than encoding every size again.

ICO: Microsoft, "Icons" (ICONDIR, ICONDIRENTRY) and "The format of icon resources"; PNG frames since Windows Vista.
ICNS: `IconStorage.h` (OSTypes) and the `icns` types as `iconutil` writes them; run-length coding of 24-bit icons as
libicns documents it. Knows nothing of presets beyond what a frame is.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from io import BytesIO

from PIL import Image, PngImagePlugin

from assetgen.catalog.presets.model import Frame

_ICNS_PNG = {
    (16, 2): b"ic11",
    (32, 2): b"ic12",
    (128, 1): b"ic07",
    (128, 2): b"ic13",
    (256, 1): b"ic08",
    (256, 2): b"ic14",
    (512, 1): b"ic09",
    (512, 2): b"ic10",
}
"""Types that hold a PNG, by points and scale."""

_ICNS_PLAIN = {(16, 1): (b"is32", b"s8mk"), (32, 1): (b"il32", b"l8mk")}
"""Types of colour and of opacity. `icp4` and `icp5`, which hold PNGs of these sizes, come out scrambled when they are
the icon of an application."""


def ico(frames: Sequence[tuple[int, bytes]], png_from: int = 0) -> bytes:
    """An ICO of square PNGs, each with its edge in pixels, at most 256. Frames of less than `png_from` pixels become
    plain 32-bit bitmaps. Raises ValueError for a frame that the format cannot hold."""
    images = [png if edge >= png_from else _bitmap(png) for edge, png in frames]
    offset = 6 + 16 * len(images)
    directory = struct.pack("<HHH", 0, 1, len(images))
    for (edge, _), image in zip(frames, images, strict=True):
        if not 1 <= edge <= 256:
            raise ValueError(f"an ICO cannot hold {edge}x{edge} pixels")
        directory += struct.pack("<BBBBHHII", edge % 256, edge % 256, 0, 0, 1, 32, len(image), offset)
        offset += len(image)
    return directory + b"".join(images)


def icns(frames: Sequence[tuple[Frame, bytes]]) -> bytes:
    """An ICNS of square PNGs. Raises ValueError for a frame that the format has no type for."""
    chunks = b"".join(chunk for frame, png in frames for chunk in _icns_chunks(frame, png))
    return b"icns" + struct.pack(">I", len(chunks) + 8) + chunks


def held(data: bytes) -> list[int]:
    """The edges in pixels of the pictures in an ICO or ICNS, as its own directory tells them. Raises ValueError for
    bytes that are neither, or that end too early."""
    try:
        return _icns_edges(data) if data[:4] == b"icns" else _ico_edges(data)
    except struct.error as error:
        raise ValueError("the file ends too early") from error


def _ico_edges(data: bytes) -> list[int]:
    reserved, kind, count = struct.unpack_from("<HHH", data)
    if (reserved, kind) != (0, 1):
        raise ValueError("it is no ICO")
    edges = []
    for at in range(6, 6 + 16 * count, 16):
        width, height, _, _, _, _, length, offset = struct.unpack_from("<BBBBHHII", data, at)
        if width != height or offset + length > len(data):
            raise ValueError("its directory does not fit its pictures")
        edges.append(width or 256)
    return edges


def _icns_edges(data: bytes) -> list[int]:
    points = {kind: edge * scale for (edge, scale), kind in _ICNS_PNG.items()}
    points |= {kind: edge * scale for (edge, scale), (kind, _) in _ICNS_PLAIN.items()}
    edges, at, end = [], 8, struct.unpack_from(">I", data, 4)[0]
    while at < end:
        kind, length = struct.unpack_from(">4sI", data, at)
        if kind in points:
            edges.append(points[kind])
        at += max(8, length)
    if (at, end) != (len(data), len(data)):
        raise ValueError("its pictures do not fill it")
    return edges


def _bitmap(png: bytes) -> bytes:
    """A device-independent bitmap (BITMAPINFOHEADER, twice as high as the picture): blue, green, red and opacity from
    the bottom up, then one bit a pixel that is set where nothing is to be seen."""
    picture = _pixels(png)
    width, height = picture.size
    stride = (width + 31) // 32 * 4
    colors = picture.tobytes("raw", "BGRA", 0, -1)
    clear = picture.getchannel("A").point([255] + [0] * 255, "1").tobytes("raw", "1", stride, -1)
    head = struct.pack("<IiiHHIIiiII", 40, width, 2 * height, 1, 32, 0, len(colors) + len(clear), 0, 0, 0, 0)
    return head + colors + clear


def _icns_chunks(frame: Frame, png: bytes) -> Iterator[bytes]:
    key = (frame.points, frame.scale)
    if key in _ICNS_PNG:
        yield _chunk(_ICNS_PNG[key], png)
    elif key in _ICNS_PLAIN:
        *colors, alpha = _pixels(png).split()
        color_type, alpha_type = _ICNS_PLAIN[key]
        yield _chunk(color_type, b"".join(_run_lengths(color.tobytes()) for color in colors))
        yield _chunk(alpha_type, alpha.tobytes())
    else:
        raise ValueError(f"an ICNS has no place for {frame.points} points at {frame.scale}x")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack(">I", len(data) + 8) + data


def _pixels(png: bytes) -> Image.Image:
    return PngImagePlugin.PngImageFile(BytesIO(png)).convert("RGBA")


def _run_lengths(data: bytes) -> bytes:
    """One channel: a byte n below 128 is followed by n + 1 bytes as they are, one of 128 and more by a byte that stands
    n - 125 times."""
    packed, plain, at = bytearray(), bytearray(), 0
    while at < len(data):
        run = 1
        while run < 130 and at + run < len(data) and data[at + run] == data[at]:
            run += 1
        if run < 3:
            plain += data[at : at + run]
        else:
            packed += _literals(plain) + bytes((run + 125, data[at]))
            plain.clear()
        at += run
    return bytes(packed + _literals(plain))


def _literals(plain: bytearray) -> bytes:
    parts = (plain[at : at + 128] for at in range(0, len(plain), 128))
    return b"".join(bytes((len(part) - 1,)) + part for part in parts)
